"""What a report says in words, in every format alike: the score, where to look first, verdicts, slips and remarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import fsum

from ..marking.report import REMARKS, DerivedLine, Finding, Reading, Report, is_put_aside, is_regular
from ..record import NamedTuple
from ..sheet.kinds import FEEDBACK
from ..text import safe_text
from .cells import walked

MARKS = {"correct": "✓", "carried": "✓", "undecided": "?", "manual": "…", "blank": "–", "unreadable": "!", "wrong": "✗"}
WORDS = {
    "correct": "correct",
    "carried": "carried: it follows from your own earlier numbers",
    "undecided": "what is written cannot show whether this is right",
    "manual": "for a person to read",
    "blank": "nothing written",
    "unreadable": "this could not be read",
    "wrong": "wrong",
}
AGAIN = frozenset(["same", "misread"])
STYLES = {"correct": "right", "carried": "carried", "undecided": "carried", "wrong": "wrong", "unreadable": "wrong"}
COUNTED = "counted before"
UNEXPANDED = "not expanded yet"
AGAIN_BY_HAND = "It does not follow from your own numbers: work this line out once more."
UNNAMED = {
    "find": AGAIN_BY_HAND,
    "cell": AGAIN_BY_HAND,
    "graph": "The edges are not the same.",
    "choose": "Look at these options again.",
    "order": "Look again at what comes before what.",
    "match": "Look at these pairs again.",
    "construct": "A condition does not hold: try your answer at other inputs.",
}
OTHER = "It is not the same as the right formula: derive this line once more."
#: What is called computed where nothing is.
RIGHT = {"construct": "model", "choose": "key", "order": "key", "match": "key", "write": "rubric"}
#: What stands above the lines of an answer that has several.
LINES = {"choose": "What was chosen", "order": "The order that was written", "match": "The pairs that were written"}
MOST_PLACES = 6  # entries that are named one by one

Index = tuple[int, ...]  # the place of an entry, counted from 1


class Said(NamedTuple):
    """Something to say about a finding: words, the style they are shown in, and the codes that stand behind them."""

    words: str
    style: str = ""
    codes: tuple[str, ...] = ()


def earned(marks: float, most: float) -> str:
    """Write `18.75 of 20 points`, to two decimals at most."""
    return f"{round(marks, 2):g} of {points(most)}"


def points(number: float, bonus: bool = False) -> str:
    """Write `20 points`, to two decimals at most."""
    return f"{round(number, 2):g} {'bonus ' if bonus else ''}point{'' if round(number, 2) == 1 else 's'}"


def score_of(findings: Iterable[Finding]) -> str:
    """Write what some findings earn, and what a person is to give; "" where there are no points."""
    findings = list(findings)
    marks = fsum(finding.marks for finding in findings)
    return " · ".join(scores(findings, marks, fsum(finding.max_marks for finding in findings if is_regular(finding))))


def scores(findings: Sequence[Finding], marks: float, most: float) -> list[str]:
    """Write marks of the most that can be had, how many of them are a bonus, and what a person is to give."""
    own = [finding for finding in findings if finding.bonus and not is_put_aside(finding)]
    extra, most_extra = fsum(finding.marks for finding in own), fsum(finding.max_marks for finding in own)
    said = [earned(marks, most)] if most else []
    if most_extra and not most:
        said.append(f"{round(extra, 2):g} of {points(most_extra, bonus=True)}")
    elif extra:
        said.append(f"{round(extra, 2):g} of them bonus")
    return [*said, *by_a_person(findings)]


def by_a_person(findings: Iterable[Finding]) -> list[str]:
    """Say how many points a person gives, if there are any."""
    aside = [finding for finding in findings if is_put_aside(finding)]
    said = []
    for bonus in (False, True):
        number = fsum(finding.max_marks for finding in aside if finding.bonus == bonus)
        said += [f"{points(number, bonus)} to be given by a person"] if number else []
    return said


def verdict_said(finding: Finding) -> Said:
    """Give the verdict with the points."""
    return Said(
        f"{verdict_words(finding)} · {points_of(finding) or 'without points'}", STYLES.get(finding.verdict, "note")
    )


def points_of(finding: Finding) -> str:
    """Write the points of one quantity, "" where it has none."""
    if finding.verdict == "manual" and finding.max_marks:
        return points(finding.max_marks, finding.bonus)
    return score_of([finding])


def verdict_words(finding: Finding) -> str:
    """Write the verdict with its mark."""
    again = finding.verdict == "carried" and not AGAIN.isdisjoint(finding.remarks)
    if "unexpanded" in finding.remarks:
        return f"{MARKS[finding.verdict]} {UNEXPANDED}"
    return f"{MARKS[finding.verdict]} {COUNTED if again else WORDS[finding.verdict]}"


def total(report: Report) -> list[str]:
    """Give the score of a report, and what it would be without follow-through where that differs."""
    said = scores(report.findings, report.score, report.max_score)
    if report.without is not None and round(report.without, 2) != round(report.score, 2):
        said.append(f"without follow-through {round(report.without, 2):g}")
    return said


def whose(report: Report) -> str:
    """Say whose report it is, and for which track: `s1234567 (graduate)`."""
    return f"{report.student} ({report.track})" if report.student and report.track else report.student or report.track


def to_look_at(report: Report) -> list[str]:
    """Count the entries that are wrong, what could not be read as one; nothing where the report does not show where."""
    count = sum(
        len(wrong_places(finding)) or int(finding.verdict in ("wrong", "unreadable")) for finding in report.findings
    )
    shown = any(finding.cells is not None for finding in report.findings)
    return [f"{count} {'entry' if count == 1 else 'entries'} to look at"] if count and shown else []


def wrong_places(finding: Finding) -> list[Index]:
    """Give the entries that are wrong; an only entry has an empty place."""
    every = list(walked(finding.cells))
    return [tuple(at + 1 for at in index) if every[1:] else () for index, verdict in every if verdict == "wrong"]


def first_said(report: Report) -> Said | None:
    """Say where to look first, in the order of the sheet, and which slip that is; None where it is not shown."""
    for finding in report.findings:
        places = wrong_places(finding)
        where = f"Look first at {entry_name(finding, (places or [()])[0])} ({place_of(report, finding)})"
        for slip in finding.slips:
            if places and (not places[0] or places[0] in slip.cells):
                return Said(f"{where}. {slip.message}", "wrong", (slip.code, *slip.also))
        if places:
            told = FEEDBACK.index(report.feedback) >= FEEDBACK.index("hint")
            return Said(f"{where}. {UNNAMED.get(finding.kind, OTHER)}" if told else f"{where}.", "wrong")
        if finding.cells is not None and finding.verdict == "unreadable":
            return Said(f"{where}: it could not be read.", "wrong")
    return None


def place_of(report: Report, finding: Finding) -> str:
    """Say where on the sheet a finding stands."""
    several = len({each.problem for each in report.findings}) > 1
    said = [f"problem {finding.problem}"] if several or not finding.question else []
    said += [f"question {finding.question}"] if finding.question else []
    return ", ".join([*said, *([f"where {assigned(finding.row)}"] if finding.row else [])])


def assigned(pairs: Iterable[tuple[str, str]]) -> str:
    """Write givens with their values: `y = 1, x = −2`."""
    return ", ".join(f"{safe_text(name)} = {safe_text(value)}" for name, value in pairs).replace("-", "−")


def entry_name(finding: Finding, place: Index) -> str:
    """Give the name of an entry: `W1_new[1,3]`."""
    return finding.quantity + places_text([place])


def places_text(places: Iterable[Index]) -> str:
    """Write places of a quantity: `[1,3], [2,3]`; "" for a number."""
    every = [f"[{','.join(map(str, place))}]" for place in places if place]
    more = f" and {len(every) - MOST_PLACES} more" if len(every) > MOST_PLACES else ""
    return ", ".join(every[:MOST_PLACES]) + more


def slips_said(finding: Finding) -> Iterator[Said]:
    """Give the slips that were recognised, each with the entries it is about where these are not all or the first."""
    count = sum(1 for _ in walked(finding.cells))
    wrong = wrong_places(finding)
    for slip in finding.slips:
        evident = count == 1 or (
            len(finding.slips) == 1 and (slip.cells == tuple(wrong[:1]) or len(slip.cells) == count)
        )
        where = "" if evident else places_text(slip.cells)
        words = f"{where}: {slip.message}" if where else slip.message
        yield Said(words, "wrong" if wrong else "note", (slip.code, *slip.also))


def remarks_said(finding: Finding) -> Iterator[Said]:
    """Give what else there is to say: why a value could not be read, and the remarks."""
    for line in finding.lines if finding.kind == "construct" else ():
        yield Said(condition_words(line), STYLES.get(line.verdict, ""))
    if finding.about:
        yield Said(finding.about)
    for remark in finding.remarks:
        if remark in AGAIN and finding.verdict == "carried":
            continue  # the verdict has said it
        yield Said(REMARKS.get(remark, remark), "note")


def condition_words(line: DerivedLine) -> str:
    """Give one condition of a construction: whether it holds, and where it fails."""
    said = "; ".join(part for part in (line.about, line.detail) if part)
    return f"{MARKS.get(line.verdict, '')} {line.text}" + (f": {said}" if said else "")


def reading_said(reading: Reading) -> Said:
    """Say by which convention a problem was read."""
    return Said(reading.message, "note", (f"{reading.convention}: {reading.value}",))


def codes_text(codes: Iterable[str]) -> str:
    """Write codes that cannot be told apart: `FACTOR_2 or MEAN_SUM`."""
    return " or ".join(codes)
