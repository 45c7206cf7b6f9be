"""Slips that are seen in the digits, in the order of entries or under the wrong name, where no formula explains them.

The rules are tried one after the other, from what is told by most digits to what is told by fewest; a number of few
digits is never explained by them, as one of them fits it too easily.
"""

import math
from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np

from ..formula.expr import Call, walk
from ..graph.shapes import shape_of
from ..record import NamedTuple
from .judge import Judge
from .precision import place_of
from .slips.trees import terms
from .typed import Entry

#: The fewest digits of a number in which a slip of the hand is looked for; of one that is no sum.
FEWEST, FEWEST_COPIED = 3, 4
#: What is as short as it was typed is exact but for the last bits of a computation.
EXACTLY = 1e-9
#: What a value is off by, in one digit, is at least so many times what that may be off by itself.
ROUND = 10


class Case(NamedTuple):
    """A wrong entry: where it is, how it was typed, one unit of its last place, the right recomputation, its band."""

    judge: Judge
    name: str
    at: int
    cell: Entry
    unit: float
    right: float
    band: float


def digit_codes(judge: Judge, name: str, at: int) -> tuple[str, ...]:
    """Name the slips in the digits that explain a wrong entry, the likeliest first."""
    cell, judged = judge.written[name][at], judge.verdicts[name, at]
    assert cell is not None
    if not np.isfinite(judged.carried) or judged.carried == 0 or cell.value == 0 or cell.unit == 0:
        return ()
    unit = place_of(cell, judge.precision).unit
    case = Case(judge, name, at, cell, unit, judged.carried, judged.tolerance)
    found = tuple(code for code, holds in RULES.items() if holds(case))
    return found if set(found) <= ALIKE else found[:1]


def sign_turned(case: Case) -> bool:
    """Tell whether a value has the other sign."""
    band = max(case.band, case.unit)
    return abs(case.cell.value + case.right) <= band and abs(case.right) > 2 * band


def made_up_for(case: Case) -> bool:
    """Tell whether a value has the other sign and a later line is right again, without using it."""
    later = (
        other
        for (other, _), judged in case.judge.verdicts.items()
        if "recovered" in judged.remarks and other != case.name
    )
    return sign_turned(case) and any(case.name in case.judge.table.needed([other]) for other in later)


def point_moved(case: Case) -> bool:
    """Tell whether a value is the right one times a power of ten."""
    for power in (1, -1, 2, -2):
        value = case.right * 10.0**power
        if seen(case, value, case.band * 10.0**power):
            return case.cell.digits >= FEWEST
    return False


def zero_lost(case: Case) -> bool:
    """Tell whether a zero was left out between the digits, or put in: undone, that gives the right value."""
    whole, fraction = typed(case)
    for place in range(len(fraction)):
        edits = [fraction[:place] + "0" + fraction[place:]]
        if fraction[place] == "0":
            edits.append(fraction[:place] + fraction[place + 1 :])
        if any(case.cell.digits >= FEWEST and undone(case, f"{whole}.{edit}") for edit in edits):
            return True
    return False


def neighbours_swapped(case: Case) -> bool:
    """Tell whether two neighbouring digits changed their places: swapped back, they give the right value."""
    whole, fraction = typed(case)
    digits = whole + fraction
    for place, (one, other) in enumerate(pairwise(digits)):
        edit = digits[:place] + other + one + digits[place + 2 :]
        if one != other and case.cell.digits >= FEWEST and undone(case, f"{edit[: len(whole)]}.{edit[len(whole) :]}"):
            return True
    return False


def one_digit_off(case: Case) -> bool:
    """Tell whether a value is off by one digit in one place."""
    gap = abs(case.cell.value - case.right)
    slack = EXACTLY if is_short(case) else max(case.unit, case.band)
    if gap == 0:
        return False
    power = 10.0 ** math.floor(math.log10(gap))
    power *= 10 if round(gap / power) == 10 else 1  # 0.0993 is nearly 0.1
    return abs(gap - round(gap / power) * power) < slack and power > ROUND * slack


def sum_off(case: Case) -> bool:
    """Tell whether a sum of products is off by one digit in one place."""
    return is_sum(case.judge, case.name) and (case.cell.digits >= FEWEST or is_short(case)) and one_digit_off(case)


def is_short(case: Case) -> bool:
    """Tell whether the right value is exact and as short as the typed one: what it is off by is exact too."""
    short = round(case.right, max(0, -math.floor(math.log10(case.cell.unit) + 0.5)))
    return abs(short - case.right) < EXACTLY * max(1.0, abs(case.right))


def digit_copied(case: Case) -> bool:
    """Tell whether one digit of a value that is no sum is another."""
    return case.cell.digits >= FEWEST_COPIED and one_digit_off(case)


#: The codes in the order in which they are tried.
RULES: dict[str, Callable[[Case], bool]] = {
    "COMPENSATING": made_up_for,
    "SIGN_SLIP": sign_turned,
    "DECIMAL_SLIP": point_moved,
    "DROP_ZERO": zero_lost,
    "DIGIT_SWAP": neighbours_swapped,
    "ARITH_SUM": sum_off,
    "MISCOPY": digit_copied,
}


#: A zero in front of all digits that is lost, or added, moves the point.
ALIKE = frozenset(["DROP_ZERO", "DECIMAL_SLIP"])


def is_sum(judge: Judge, name: str) -> bool:
    """Tell whether a definition adds up: terms, or the products of a product of matrices."""
    formula = judge.table[name].formula
    if formula is None:
        return False
    inner = (
        shape_of(part.args[1], judge.table.shapes)
        for part in walk(formula)
        if isinstance(part, Call) and part.op == "@" and len(shape_of(part.args[0], judge.table.shapes)) == 2
    )
    return len(terms(formula)) > 1 or any(shape and shape[0] != 1 for shape in inner)


def typed(case: Case) -> tuple[str, str]:
    """Give the typed digits before the point and behind it."""
    decimals = max(0, -math.floor(math.log10(case.cell.unit) + 0.5))
    whole, _, fraction = f"{abs(case.cell.value):.{decimals}f}".partition(".")
    return whole, fraction


def undone(case: Case, text: str) -> bool:
    """Tell whether typed digits, edited, give the right value to within its band, and did not before."""
    band = max(case.band, 10.0 ** -len(text.partition(".")[2]))  # the edited text has a last place of its own
    value = math.copysign(float(text), case.cell.value)
    return abs(value - case.right) < band and abs(case.cell.value - case.right) > 2 * band


def seen(case: Case, value: float, band: float = 0.0) -> bool:
    """Tell whether a value is what was typed, and not the right one too."""
    off = abs(case.cell.value - value)
    return off < max(case.unit, band) and abs(value - case.right) > 2 * max(case.band, case.unit)


# --- whole quantities -------------------------------------------------------------------------------------------------


def exchanged(judge: Judge, name: str, places: Iterable[int]) -> bool:
    """Tell whether the wrong entries of a quantity are its right ones in another order."""
    places = list(places)
    left = set(places)
    for at in places:
        cell = judge.written[name][at]
        assert cell is not None
        other = next(
            (
                other
                for other in sorted(left)
                if other != at
                and abs(cell.value - judge.verdicts[name, other].carried)
                <= max(cell.unit, judge.verdicts[name, other].tolerance)
            ),
            None,
        )
        if other is None or cell.digits < 2:
            return False
        left.discard(other)
    return bool(places) and not left  # one alone has no other to be exchanged with


def belongs_to(judge: Judge, name: str, places: Iterable[int], asked: Iterable[str]) -> str:
    """Find the quantity whose value stands under this name; "" where there is none, or more than one.

    It is one that is asked and was left out, or one under whose name the value of this one stands.
    """
    work, cells = judge.work, judge.written[name]
    if len(list(places)) < len(cells):
        return ""
    found = [
        other
        for other in dict.fromkeys(asked)
        if other != name
        and other in work.key
        and work.key[other].shape == work.key[name].shape
        and is_value(judge, cells, other)
        and (other not in judge.written or is_value(judge, judge.written[other], name))
    ]
    return found[0] if len(found) == 1 else ""


def is_value(judge: Judge, cells: Iterable[Entry | None], name: str) -> bool:
    """Tell whether typed entries are the right value of a quantity, to the last digit."""
    key = np.ravel(judge.work.key[name])
    return all(
        cell is not None and cell.digits >= FEWEST_COPIED and abs(cell.value - key[at]) < cell.unit
        for at, cell in enumerate(cells)
    )
