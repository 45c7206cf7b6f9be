"""What a report remarks on a value, beside its verdict: how it is written, and what is worth knowing of it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from ..formula.expr import Call, Expr
from ..graph.algebra import ZERO
from ..graph.functions import Array
from ..graph.table import Definition
from .judge import Judge, Judged
from .questions import Sought
from .store import Written
from .typed import Entry

FEW = 3  # digits from which a number such as ln 2 is known
LEAST_GUESS, MOST_GUESS = math.log(1.5), math.log(1000.5)
SAME = 1e-9


def remarks_of(
    judge: Judge,
    doubled: Collection[tuple[str, int]],
    sought: Sought,
    written: Written,
    judged: Sequence[Judged | None],
) -> tuple[str, ...]:
    """Give the remarks on how a value is written, on its entries, and on the digits that the question asks for."""
    remarks = dict.fromkeys(written.remarks)
    name, _, places = sought.target
    for place, each in zip(places, judged, strict=True):
        if each is not None:
            if each.remarks:
                remarks.update(dict.fromkeys(each.remarks))
            if each.verdict == "wrong" and _is_impossible(judge, name, written, place):
                remarks["impossible"] = None
            if doubled and (name, place) in doubled:
                remarks["again"] = None
    row = judge.table[name]
    if _has_no_path(row) and all(each and each.verdict == "correct" for each in judged):
        remarks["nopath"] = None
    typed = [written.typed[place] for place in places] if written.typed is not None else []
    if any([entry is not None and entry.contradicted for entry in typed]):
        remarks["working"] = None
    if len(judged) == 1 and (guess := _guess(row.formula, judged[0], judge.work.key[row.name], typed[0])):
        remarks[guess] = None
    if sought.question.digits is not None:
        digits = [entry.digits for entry in (written.typed or ()) if entry is not None and entry.unit > 0]
        if digits and min(digits) < sought.question.digits:
            remarks["precision"] = None
    return tuple(remarks)


def is_told_by_verdicts(row: Definition, key: Array, sought: Sought) -> bool:
    """Tell whether on a value with right entries alone nothing is remarked but what is remarked on these."""
    may_guess = _is_cross_entropy(row.formula) and key.size == 1 and bool(_classes(float(key.ravel()[0])))
    return sought.question.digits is None and not _has_no_path(row) and not may_guess


def _has_no_path(row: Definition) -> bool:
    return row.formula == ZERO and row.role == "adjoint"


def _is_cross_entropy(formula: Expr | None) -> bool:
    return isinstance(formula, Call) and formula.op.startswith(("bce", "cross_entropy"))


def _guess(formula: Expr | None, judged: Judged | None, key: Array, typed: Entry | None) -> str:
    """Give the remark on a cross-entropy that is ln 2 or the logarithm of another whole number, "" for any other.

    It is what a model that knows nothing costs. Too few digits do not show it.
    """
    if not _is_cross_entropy(formula) or judged is None or typed is None or typed.digits < FEW:
        return ""
    if judged.verdict not in ("correct", "carried"):
        return ""
    classes = _classes(judged.carried if judged.verdict == "carried" else float(key.ravel()[0]))
    return ("ln2" if classes == 2 else "lnk") if classes else ""


def _classes(value: float) -> int:
    """Give the number of classes of which a value is the logarithm; 0 for any other value."""
    if not LEAST_GUESS < value < MOST_GUESS:
        return 0
    classes = round(math.exp(value))
    return classes if abs(value - math.log(classes)) < SAME * value else 0


def _is_impossible(judge: Judge, name: str, written: Written, place: int) -> bool:
    """Tell whether a value lies where the function that gives it has none: a probability above 1, a loss below 0."""
    formula, cell = judge.table[name].formula, written.typed[place] if written.typed is not None else None
    if cell is None or not isinstance(formula, Call) or formula.op not in judge.table.functions:
        return False
    least, most = judge.table.functions[formula.op].range
    return not least - cell.unit <= cell.value <= most + cell.unit
