"""What the results say about one submission: its marks by question, and each answer with its verdict and its slips."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from ..diagnostics import Diagnostic
from ..marking.report import Finding, Report, is_put_aside, is_regular, total
from ..record import NamedTuple
from ..text import cut
from .records import dumped

SCHEMA = "hwcheck/result/v1"
#: What became of a submission. Those that could not be marked have no marks, and the reason is said.
MARKED, UNREADABLE, FAILED = "marked", "unreadable", "failed"
LONGEST = 200  # letters of an answer or a reason that are kept here; the report has all of it
MOST_ENTRIES = 64  # wrong entries of one quantity that are compared with those of others
DIGITS = 4  # significant ones, to which two wrong numbers are the same

Row = dict[str, Any]
Nested = Any


class Marks(NamedTuple):
    """The marks for one answer: its question, what it earned and would without follow-through, and what could be had.

    `regular` marks are among those that can be had automatically, `aside` is what a person is to give.
    """

    question: str
    earned: float
    without: float
    most: float
    regular: float
    aside: float


def shortened(text: str) -> str:
    """Give as much of a text as the results keep; the report has all of it."""
    return cut(text, LONGEST)


def row_of(file: str, digest: str, status: str, report: Report, note: str = "") -> str:
    """Give the row of a submission as JSON; of one that could not be read, the report is that of an empty page.

    The `reason` says why it could not be; of one that could, it is a `note`, and what was left out.
    """
    marks = [marks_of(each) for each in report.findings]
    shown = [each for each in report.findings if is_shown(each)] if status == MARKED else []
    readings = [[each.problem, each.convention, each.value] for each in report.readings]
    head = (file, digest, report.student, report.track, status, reason_of(report.diagnostics, note))
    questions = marks if status == MARKED else ()
    return row_text(*head, marks, questions, readings, map(dumped, map(answer_of, shown)))


def reason_of(found: Sequence[Diagnostic], note: str = "") -> str:
    """Say what was found about a submission: the errors, without any a note and the warnings."""
    errors = [each for each in found if each.severity == "error"]
    said = [f"{each.code}: {each.message}" for each in errors or found]
    return "; ".join(said if errors or not note else [note, *said])


def row_text(
    file: str,
    digest: str,
    student: str,
    track: str,
    status: str,
    reason: str,
    marks: Sequence[Marks],
    questions: Sequence[Marks],
    readings: Sequence[Sequence[str]],
    answers: Iterable[str],
) -> str:
    """Write a row: who it is about, the marks and by question, and the JSON of each answer."""
    earned: dict[str, list[float]] = {}
    for each in questions:
        if each.most:
            earned.setdefault(each.question, []).append(each.earned)
    head: Row = {
        "schema": SCHEMA,
        "file": file,
        "file_hash": digest,
        "student": student,
        "track": track or None,
        "status": status,
        "reason": shortened(reason),
        "score": total([each.earned for each in marks]),
        "max_score": total([each.regular for each in marks]),
        "without_follow_through": total([each.without for each in marks]),
        "to_read": total([each.aside for each in marks]),
        "questions": {name: total(some) for name, some in earned.items()},
        "readings": readings,
    }
    return f'{dumped(head)[:-1]},"answers":[{",".join(answers)}]}}'


def is_shown(finding: Finding) -> bool:
    """Tell whether the results name an answer: one that has points, or that was given."""
    return bool(finding.max_marks) or finding.verdict != "blank"


def marks_of(finding: Finding) -> Marks:
    """Give the marks for one answer."""
    most = finding.max_marks
    regular, aside = most if is_regular(finding) else 0.0, most if is_put_aside(finding) else 0.0
    return Marks(f"{finding.problem}.{finding.question}", finding.marks, finding.without, most, regular, aside)


def answer_of(finding: Finding) -> Row:
    """Say about one answer what the results say."""
    out: Row = {
        "problem": finding.problem,
        "question": finding.question,
        "quantity": finding.quantity,
        "verdict": finding.verdict,
        "answer": shortened(finding.answer),
        "marks": round(finding.marks, 9),
        "max_marks": round(finding.max_marks, 9),
    }
    if finding.row:
        out["row"] = dict(finding.row)
    if finding.when:
        out["when"] = dict(finding.when)
    if finding.remarks:
        out["remarks"] = finding.remarks
    if finding.slips:
        out["slips"] = [slip.code for slip in finding.slips]
    if finding.verdict == "wrong" and finding.max_marks:
        unexplained = list(_unexplained(finding))
        if unexplained:
            out["unexplained"] = unexplained
    return out


def _unexplained(finding: Finding) -> Iterator[tuple[str, str]]:
    """Give the wrong entries that no slip explains: their places, such as `[1,3]`, and values as far as they count."""
    explained = {place for slip in finding.slips for place in slip.cells}
    if finding.values is not None:
        numbers = json.loads(finding.read_as.replace("?", "null"))
        for place in islice(_wrong(finding.cells), MOST_ENTRIES):
            if place not in explained:
                yield _bracketed(place), f"{_at(numbers, place):.{DIGITS}g}"
    elif not finding.slips:
        yield "", cut("".join((finding.read_as or finding.answer).split()), LONGEST)


def _wrong(cells: Nested, place: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    if isinstance(cells, list | tuple):
        for at, part in enumerate(cells, 1):
            yield from _wrong(part, (*place, at))
    elif cells == "wrong":
        yield place


def _at(numbers: Nested, place: tuple[int, ...]) -> float:
    for at in place:
        numbers = numbers[at - 1]
    return float(numbers)


def _bracketed(place: tuple[int, ...]) -> str:
    return f"[{','.join(map(str, place))}]" if place else ""
