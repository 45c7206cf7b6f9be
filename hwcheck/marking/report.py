"""The report: what was found about each answer, and the score."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..diagnostics import Diagnostic

#: The verdicts of an entry, from best to worst; a quantity's verdict is that of its worst entry.
VERDICTS = ("correct", "carried", "undecided", "manual", "blank", "unreadable", "wrong")

#: The share of an entry's points that a verdict earns.
EARNS = {"correct": 1.0, "carried": 1.0, "undecided": 1.0, "manual": 0.0, "blank": 0.0, "unreadable": 0.0, "wrong": 0.0}

#: Remarks by code, as the report words them.
REMARKS = {
    "truncated": "cut off, not rounded",
    "digits": "more digits than the numbers it was made from carry",
    "recovered": "right, although the wrong line above leads elsewhere: it was not used",
    "row": "a row, where a column is asked",
    "column": "a column, where a row is asked",
    "jacobian": "the diagonal of the Jacobian was taken",
    "short": "too few digits to tell a right value from a wrong one",
    "precision": "fewer digits than the task asks for",
    "trivial": "follows from the wrong value above, which leaves nothing to work out here",
    "again": "written more than once, and not the same",
}


class Finding(NamedTuple):
    """What was found about one quantity in one question.

    `answer` is what was typed, `read_as` how it was read, "" where nothing was. `reference` is the right value and
    `carried` the one that follows from what the student used (None where it is the same or nothing was used),
    `tolerance` the band: arrays of the quantity's `shape`; `cells` the verdicts of its entries in the same nesting,
    one word for a number. `max_marks` is 0 for working that was not asked. `line` and `column` count from 1.
    """

    problem: str
    question: str
    quantity: str
    verdict: str
    answer: str
    read_as: str
    values: Any | None
    reference: Any | None
    carried: Any | None
    tolerance: Any | None
    cells: Any
    remarks: tuple[str, ...]
    marks: float
    max_marks: float
    when: Mapping[str, str] | None
    file: str
    line: int | None
    column: int | None
    about: str = ""


class Report(NamedTuple):
    """What was found about one student's answers."""

    sheet: str
    title: str
    sheet_hash: str
    student: str
    score: float
    max_score: float
    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]


def worst(verdicts: Iterable[str]) -> str:
    """Give the worst of some verdicts."""
    return max(verdicts, key=VERDICTS.index, default="blank")
