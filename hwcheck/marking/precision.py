"""How precisely numbers are written, and a student works: last places, digits, and what rounding to them may move.

Nothing is known of a student's rounding but the numbers on the page. How many digits most of them have, and whether all
of them end at the same decimal, tells what a number means that has fewer.
"""

from collections.abc import Iterable, Sequence
from math import floor, log10

import numpy as np

from ..graph.functions import Array
from ..record import NamedTuple
from .typed import EXACT, Entry

#: The fewest digits that are taken for how precisely somebody works, and the most for what was not written.
LEAST_DIGITS, HIDDEN_DIGITS = 2, 4
#: Of numbers that stand beside others of at least so many digits, one with fewer may have lost zeros at its end.
FULL_DIGITS = 3
#: So many numbers, and this share of them, have to end at one decimal before a sheet is one of fixed decimals.
FEWEST_FIXED, SHARE_FIXED = 4, 0.7
#: So many rounded numbers, and this share of them, have to have as many digits before a sheet is one of fixed digits.
FEWEST_FULL, SHARE_FULL = 8, 0.8
#: What a computation in double precision may leave of a relative difference.
SAME = 1e-12


class Place(NamedTuple):
    """How a written number is read: one unit of its last place, and its significant digits."""

    unit: float
    digits: int


class Precision(NamedTuple):
    """How precisely a student works: digits of most rounded numbers, decimals where all have as many; None: unknown.

    `full` are the digits that a number has which lost no zeros: where all have as many, or all end at one decimal.
    """

    digits: int | None
    decimals: int | None
    full: int | None = None


def last_place(value: Array, digits: Array) -> Array:
    """Give one unit of the last of so many significant digits of each value; 0 for 0."""
    size = np.abs(np.asarray(value, dtype=float))
    safe = np.where((size > 0) & np.isfinite(size), size, 1.0)
    return np.where(size > 0, 10.0 ** (np.floor(np.log10(safe) + SAME) + 1 - digits), 0.0)


def rounding(value: Array, digits: Array) -> Array:
    """Give how far rounding to so many digits may move each value; 0 where it is as short as that already."""
    unit = last_place(value, digits)
    with np.errstate(all="ignore"):
        rest = np.abs(value - np.round(value / unit) * unit)
    return np.where((unit == 0) | (rest <= SAME * np.abs(value)), 0.0, unit)


def precision_of(cells: Sequence[Entry]) -> Precision:
    """Tell how precisely a student works from the numbers that were rounded.

    The digits are their median, at most four; one digit says nothing. The decimals are those of a sheet on which nearly
    everything ends at the same place; zeros say nothing about it.
    """
    digits = sorted(cell.digits for cell in cells if cell.digits >= LEAST_DIGITS)
    median = digits[len(digits) // 2] if digits else None
    typical = min(HIDDEN_DIGITS, median) if median else None
    most = max(set(digits), key=digits.count, default=0)
    as_many = len(digits) >= FEWEST_FULL and digits.count(most) >= SHARE_FULL * len(digits)
    full = most if as_many else None
    decimals = [cell.decimals for cell in cells if cell.value != 0]
    known = [each for each in decimals if each is not None]
    if len(decimals) < FEWEST_FIXED or len(known) < len(decimals):
        return Precision(typical, None, full)
    usual = max(known, key=known.count)
    fixed = usual >= LEAST_DIGITS and known.count(usual) >= SHARE_FIXED * len(known)
    return Precision(typical, usual, median) if fixed else Precision(typical, None, full)


def place_of(cell: Entry, precision: Precision) -> Place:
    """Read a number with the zeros that its writer may have left out.

    Among numbers of four digits "0.5" is 0.5000, and a zero is nothing but zero. On a sheet of fixed decimals every
    number says by itself where it was rounded.
    """
    decimals = precision.decimals
    if cell.unit == 0 or (decimals is not None and cell.decimals == decimals):
        return Place(cell.unit, cell.digits)
    if cell.value == 0:
        return Place(0.0, EXACT)
    typical = precision.digits or HIDDEN_DIGITS
    if cell.digits < min(typical, FULL_DIGITS):
        return Place(_unit(cell.value, typical), typical)
    if precision.full is not None and cell.digits < precision.full:
        if decimals is None:
            return Place(_unit(cell.value, precision.full), precision.full)
        if cell.decimals is not None and cell.decimals < decimals:
            return Place(10.0**-decimals, cell.digits + decimals - cell.decimals)
    return Place(cell.unit, cell.digits)


def _unit(value: float, digits: int) -> float:
    """Give one unit of the last of so many significant digits of a number that is not 0."""
    return float(10.0 ** (floor(log10(abs(value)) + SAME) + 1 - digits))


def shortest(precision: Precision) -> int:
    """Give the digits from which on a rounded number that is not 0 is read as it stands: `place_of` changes nothing."""
    return max(min(precision.digits or HIDDEN_DIGITS, FULL_DIGITS), precision.full or 0)


def may_be_short(cell: Entry, precision: Precision) -> bool:
    """Tell whether a number may also be one of few digits: where the others show that the student has more."""
    if precision.digits is None or not cell.unit > place_of(cell, precision).unit:
        return False
    if cell.value == 0:
        return cell.decimals is not None and cell.decimals >= LEAST_DIGITS
    return cell.unit < 1 or abs(cell.value) >= 10  # nobody rounds 0.5 to 1 who writes three digits elsewhere


def is_cut(cell: Entry, value: float, band: float) -> bool:
    """Tell whether a number is another one, known to within a band, rounded or cut off to its last place."""
    rest = abs(value) - abs(cell.value)
    return cell.value * value >= 0 and -(0.5 + 1e-9) * cell.unit - band <= rest < (1 - 1e-9) * cell.unit + band


def inside(gap: float, band: float, value: float) -> bool:
    """Tell whether a gap lies inside a band, or is nothing but the last bits of a computation.

    A whole unit away is outside: rounding moves a value by half a unit at most, cutting off by less than one.
    """
    return gap < band * (1 - 1e-9) or gap <= SAME * abs(value)


def fewest(digits: Iterable[int]) -> int:
    """Give the fewest digits that can be meant."""
    return max(LEAST_DIGITS, min(digits))
