"""The report: what was found about each answer, and the score."""

from collections.abc import Iterable, Mapping, Sequence
from math import fsum
from typing import Any

from ..diagnostics import Diagnostic
from ..formula.expr import Expr
from ..record import NamedTuple
from ..sheet.problem import Question

#: The verdicts of an entry, from best to worst; a quantity's verdict is that of its worst entry.
VERDICTS = ("correct", "carried", "undecided", "manual", "blank", "unreadable", "wrong")

#: The share of an entry's points that a verdict earns.
EARNS = {"correct": 1.0, "carried": 1.0, "undecided": 1.0, "manual": 0.0, "blank": 0.0, "unreadable": 0.0, "wrong": 0.0}

#: Remarks by code, as the report words them.
REMARKS = {
    "truncated": "cut off, not rounded",
    "rounded": "its last digits come from rounding earlier",
    "digits": "more digits than its inputs carry",
    "recovered": "right, though a line above is wrong: that line was not used for it",
    "row": "a row, where a column is asked",
    "column": "a column, where a row is asked",
    "jacobian": "the diagonal of the Jacobian was taken",
    "short": "too few digits to tell a right value from a wrong one",
    "precision": "fewer digits than the task asks for",
    "trivial": "your earlier number leaves nothing to work out here",
    "mixed": "follows partly from your own earlier number and partly from the computed one",
    "same": "the same mistake as above, counted once",
    "misread": "follows from a value of the task that was read wrongly, counted once",
    "transposed": "rows and columns are exchanged",
    "impossible": "no value that this function can have",
    "again": "written more than once, and not the same",
    "unexpanded": "right as far as it goes; write it in the names that are asked for",
    "order": "right entry by entry; as a product of matrices this order does not fit",
    "each": "two columns side by side were multiplied entry by entry; ⊙ says so",
    "dot": "two columns side by side were taken as their dot product; wᵀ x says so",
    "entry": "the formula of one entry, for all of them",
    "chain": "the chain rule as links; as a product of matrices the order would not fit",
    "reason": "the value is right, and the reason is to be looked at: a derivative goes against an arrow",
    "diagonal": "a vector, where the whole Jacobian is asked: as a matrix it is diagonal",
    "one": "one number for every entry",
    "given": "right with the given values put in",
    "convention": "right by another convention, which the sheet leaves open",
    "working": "your own working comes to another number than the one behind it",
    "ln2": "ln 2, what a guess between two outcomes costs: nothing is learned yet",
    "lnk": "the logarithm of the number of classes, what a guess among them costs: nothing is learned yet",
    "track": "not for this track, and without points in it",
    "nopath": "0, because no path leads there",
}


class Recognised(NamedTuple):
    """A mistake that explains entries: its code in the catalogue, how sure that is, and what the student is told.

    `certainty` is "is" or "looks like"; `cells` are the entries by their indices from 1, one empty tuple for a number.
    `also` are the codes that explain the same entries as well and cannot be told apart by these numbers.
    """

    code: str
    certainty: str
    message: str
    cells: tuple[tuple[int, ...], ...]
    also: tuple[str, ...] = ()


class DerivedLine(NamedTuple):
    """One line of a derivation: as it was typed, how it was read (None where it was not), its verdict, and why.

    Of a construction, one condition: why it fails, and in `detail` where and with which values.
    """

    text: str
    tree: Expr | None
    verdict: str
    about: str = ""
    detail: str = ""


class Finding(NamedTuple):
    """What was found about one quantity in one question.

    `answer` is what was typed, `read_as` how it was read, "" where nothing was. `reference` is the right value and
    `carried` the one that follows from what the student used (None where it is the same or nothing was used),
    `tolerance` the band: arrays of the quantity's `shape`; `cells` the verdicts of its entries in the same nesting,
    one word for a number. `max_marks` is 0 for working that was not asked. `line` and `column` count from 1.
    Of a formula, `reference` is its text and `key` its tree, and `lines` are those of the student's derivation; of
    options they are those that the student chose. `kind` is that of the question, and "cell" for a cell of a table of
    values: of which `row` has what heads the row, and `title` that of the column. Marks that are a `bonus` add to the
    score and not to the most that can be had.
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
    slips: tuple[Recognised, ...] = ()
    without: float = 0.0
    lines: tuple[DerivedLine, ...] = ()
    key: Expr | None = None
    kind: str = "find"
    row: tuple[tuple[str, str], ...] = ()
    title: str = ""
    bonus: bool = False


class Reading(NamedTuple):
    """A convention by which a whole problem was read, as the answers fit it and the sheet leaves it open."""

    problem: str
    convention: str
    value: str
    message: str


class Report(NamedTuple):
    """What was found about one student's answers.

    `without` is the score that it would be without follow-through, None where that has not been worked out; `feedback`
    says how much of it is here, one of FEEDBACK (see `feedback`); `track` is the student's, if there are any.
    """

    sheet: str
    title: str
    sheet_hash: str
    student: str
    score: float
    max_score: float
    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]
    without: float | None = None
    readings: tuple[Reading, ...] = ()
    feedback: str = "full"
    track: str = ""


def blank_finding(
    problem: str, question: Question, quantity: str, points: float, reference: object = None, file: str = ""
) -> Finding:
    """Give the finding of something that nothing was written about, in a problem of that id."""
    return Finding(
        problem=problem,
        question=question.id,
        quantity=quantity,
        verdict="blank",
        answer="",
        read_as="",
        values=None,
        reference=reference,
        carried=None,
        tolerance=None,
        cells="blank",
        remarks=(),
        marks=0.0,
        max_marks=points,
        when=question.when,
        file=file,
        line=None,
        column=None,
        kind=question.kind,
    )


def is_put_aside(finding: Finding) -> bool:
    """Tell whether a person gives the points of a finding: words are read by one, whether any are written or not."""
    return finding.verdict == "manual" or finding.kind == "write"


def is_regular(finding: Finding) -> bool:
    """Tell whether the points of a finding are among those that can be had automatically, bonuses aside."""
    return not finding.bonus and not is_put_aside(finding)


def total(points: Sequence[float]) -> float:
    """Add points up; thirds of them add up to whole ones."""
    return round(fsum(points), 9)


def worst(verdicts: Iterable[str]) -> str:
    """Give the worst of some verdicts."""
    return max(verdicts, key=VERDICTS.index, default="blank")
