"""What the results say about one submission: its marks by question, and each answer with its verdict and its slips."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import fsum
from typing import Any

from ..marking.report import Finding, Report, is_put_aside
from ..text import cut

SCHEMA = "hwcheck/result/v1"
#: What became of a submission. Those that could not be marked have no marks, and the reason is said.
MARKED, UNREADABLE, FAILED = "marked", "unreadable", "failed"
LONGEST = 200  # letters of an answer or a reason that are kept here; the report has all of it
MOST_ENTRIES = 64  # wrong entries of one quantity that are compared with those of others
DIGITS = 4  # significant ones, to which two wrong numbers are the same

Row = dict[str, Any]
Nested = Any


def row_of(file: str, digest: str, status: str, report: Report, note: str = "") -> Row:
    """Give the row of a submission; of one that could not be read, the report is that of an empty page.

    The `reason` says why it could not be, or is a `note` about one that could.
    """
    errors = [each for each in report.diagnostics if each.severity == "error"]
    shown = [each for each in report.findings if each.max_marks or each.verdict != "blank"] if status == MARKED else []
    return {
        "schema": SCHEMA,
        "file": file,
        "file_hash": digest,
        "student": report.student,
        "track": report.track or None,
        "status": status,
        "reason": cut("; ".join(f"{each.code}: {each.message}" for each in errors) or note, LONGEST),
        "score": report.score,
        "max_score": report.max_score,
        "without_follow_through": report.without,
        "to_read": round(fsum(each.max_marks for each in report.findings if is_put_aside(each)), 9),
        "questions": _by_question(shown),
        "answers": [_answer(each) for each in shown],
        "readings": [[each.problem, each.convention, each.value] for each in report.readings],
    }


def _by_question(findings: Sequence[Finding]) -> Mapping[str, float]:
    marks: dict[str, list[float]] = {}
    for each in findings:
        if each.max_marks:
            marks.setdefault(f"{each.problem}.{each.question}", []).append(each.marks)
    return {name: round(fsum(some), 9) for name, some in marks.items()}


def _answer(finding: Finding) -> Row:
    out: Row = {
        "problem": finding.problem,
        "question": finding.question,
        "quantity": finding.quantity,
        "verdict": finding.verdict,
        "answer": cut(finding.answer, LONGEST),
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
