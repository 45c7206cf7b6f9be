"""Reports for GitHub Actions: annotations on the lines of what is wrong, and a page for the summary of a step.

An annotation is a command of the runner on a line of its own. Text reaches one through `data` and `attribute` alone,
which let it end neither the line nor the property it stands in. The runner shows ten annotations of a step and drops
the others without a word: the worst MOST are given, and a last one says the score and what was left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, groupby
from typing import NewType

from ..diagnostics import Diagnostic
from ..files import STDIN
from ..marking.report import Finding, Report
from ..record import NamedTuple
from ..text import safe_text
from .cells import cells_of
from .entries import derivation_of
from .markdownreport import report_markdown
from .numbers import DIGITS
from .spots import spots_of
from .words import (
    MARKS,
    entry_name,
    place_of,
    places_text,
    remarks_said,
    slips_said,
    to_look_at,
    total,
    verdict_words,
    wrong_places,
)

Command = NewType("Command", str)

MOST = 9
LEVELS = ("error", "warning")  # the worst first
LONGEST = 1000  # letters of a message
LONGEST_TITLE = 120
CUT = "The rest is left out here, as it is longer than a summary can be."


class Note(NamedTuple):
    """What is said about a place of the file; no `line` where it has none."""

    level: str
    title: str
    message: str
    file: str
    line: int | None
    column: int | None


def data(text: str) -> Command:
    """Make text mean nothing but itself in the message of a command."""
    shown = safe_text(text, LONGEST)
    return Command(shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def attribute(text: str) -> Command:
    """Make text mean nothing but itself in a property of a command."""
    return Command(data(text).replace(":", "%3A").replace(",", "%2C"))


def report_github(report: Report, source: str = "") -> str:
    """Write a report as annotations; with `source`, the text of the answers file, on the lines of the entries."""
    notes = sorted(_notes(report, source), key=lambda note: LEVELS.index(note.level))
    left = len(notes) - MOST
    blank = sum(finding.verdict == "blank" for finding in report.findings)
    said = [
        *total(report),
        *to_look_at(report),
        *([f"{blank} without an answer"] if blank else []),
        *([f"{left} more {'note is' if left == 1 else 'notes are'} not shown here"] if left > 0 else []),
    ]
    lines = [_command(note) for note in notes[:MOST]]
    title = attribute(report.title or report.sheet or "hwcheck")
    lines.append(Command(f"::notice title={title}::{data(' · '.join(said))}"))
    return "\n".join(lines) + "\n"


def step_summary(report: Report, room: int) -> str:
    """Write a report as Markdown of at most `room` bytes, cut between two blocks."""
    text = report_markdown(report)
    if len(text.encode()) <= room:
        return text
    blocks = text.split("\n\n")
    sizes = accumulate((len(block.encode()) + 2 for block in blocks), initial=len(CUT.encode()) + 1)
    kept = [block for block, size in zip(blocks, list(sizes)[1:], strict=True) if size <= room]
    return "\n\n".join([*kept, CUT]) + "\n" if kept else ""


def _command(note: Note) -> Command:
    named = note.file and note.file != STDIN
    properties = {
        "file": note.file if named else "",
        "line": str(note.line) if named and note.line else "",
        "col": str(note.column) if named and note.line and note.column else "",
        "title": safe_text(note.title, LONGEST_TITLE),
    }
    said = ",".join(f"{key}={attribute(value)}" for key, value in properties.items() if value)
    return Command(f"::{note.level} {said}::{data(note.message)}")


def _notes(report: Report, source: str) -> Iterator[Note]:
    """Give what is to be looked at, in the order of the sheet, then what is odd about the file."""
    about = {(each.span.line, each.span.column): each for each in report.diagnostics if each.span}
    for finding in report.findings:
        if finding.verdict == "wrong":
            yield from _wrong(report, finding, source)
        elif finding.verdict == "unreadable":
            odd = about.pop((finding.line or 0, finding.column or 0), None)
            said = [odd.message, odd.help] if odd else [each.words for each in remarks_said(finding)]
            message = "; ".join(filter(None, said)) or verdict_words(finding)
            yield _note(report, finding, finding.quantity, message, finding.line, finding.column)
    kept = {id(each) for each in about.values()}
    for each in report.diagnostics:
        if each.span is None or id(each) in kept:
            yield _odd(each)


def _odd(each: Diagnostic) -> Note:
    message = f"{each.message}; {each.help}" if each.help else each.message
    level = each.severity if each.severity in LEVELS else LEVELS[-1]
    title = " · ".join(filter(None, (each.code, each.place)))
    return Note(level, title, message, each.file, *((each.span.line, each.span.column) if each.span else (None, None)))


def _note(report: Report, finding: Finding, name: str, message: str, line: int | None, column: int | None) -> Note:
    level = LEVELS[0] if finding.max_marks else LEVELS[1]
    return Note(level, f"{name} ({place_of(report, finding)})", message, finding.file, line, column)


def _wrong(report: Report, finding: Finding, source: str) -> Iterator[Note]:
    """Give a note for each line of the file that holds wrong entries, or for the first line that does not hold."""
    spots = spots_of(finding, source)
    first = finding.line, finding.column
    wrong = wrong_places(finding)
    if not wrong or not wrong[0]:
        broken = next((at for at, line in enumerate(derivation_of(finding), 1) if line.verdict == "wrong"), 0)
        said = [each.words for each in (*slips_said(finding), *remarks_said(finding))]
        message = "; ".join([_numbers(finding, ()), *said])
        spot = next((spots[place] for place in ((broken,), (), (1,)) if place in spots), first)
        yield _note(report, finding, finding.quantity, message, *spot)
        return
    for _, group in groupby(wrong, lambda place: spots.get(place, first)[0]):
        places = list(group)
        others = [f"also {places_text(places[1:])}"] if places[1:] else []
        said = [slip.message for slip in finding.slips if not set(places).isdisjoint(slip.cells)]
        message = "; ".join([_numbers(finding, places[0]), *others, *said])
        yield _note(report, finding, entry_name(finding, places[0]), message, *spots.get(places[0], first))


def _numbers(finding: Finding, place: tuple[int, ...]) -> str:
    """Give the verdict with what was written and, where it is shown, computed."""
    for cell in cells_of(finding, DIGITS) if finding.values is not None else ():
        if cell.place == place:
            computed = f", computed {cell.computed}" if cell.computed else ""
            return f"{MARKS['wrong']} yours {cell.yours}{computed}"
    return verdict_words(finding)
