"""How a number was written, and what that says: places, digits and what a student's numbers have in common.

The laws hold the arithmetic in double precision against that of decimal numbers.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.marking.near import near_each
from hwcheck.marking.precision import (
    Place,
    Precision,
    fewest,
    inside,
    is_cut,
    last_place,
    may_be_short,
    place_of,
    precision_of,
    rounding,
    shortest,
)
from hwcheck.marking.typed import EXACT, Entry, read_number

SIGNIFICANT = st.integers(1, 10**6 - 1).filter(lambda number: number % 10)
DECIMALS = st.builds(
    lambda digits, power, sign: sign * Decimal(digits).scaleb(power),
    SIGNIFICANT,
    st.integers(-12, 8),
    st.sampled_from([1, -1]),
)
UNKNOWN = Precision(None, None)
FOUR = Precision(4, None, 4)


def entries(*texts: str) -> list[Entry]:
    return [read_number(text) for text in texts]


def unit_of(value: Decimal, digits: int) -> Decimal:
    """Give one unit of the last of so many significant digits."""
    return Decimal(1).scaleb(value.adjusted() + 1 - digits)


# --- places -----------------------------------------------------------------------------------------------------------


@given(DECIMALS, st.integers(1, 7))
def test_the_last_place_is_that_of_a_decimal_number(value: Decimal, digits: int) -> None:
    assert float(last_place(np.array(float(value)), np.array(digits))) == pytest.approx(float(unit_of(value, digits)))


@pytest.mark.parametrize("power", [*range(-12, 13), 22, -22])
def test_a_power_of_ten_has_a_digit_more_than_what_is_just_below_it(power: int) -> None:
    value = float(Decimal(1).scaleb(power))
    assert float(last_place(np.array(value), np.array(3))) == pytest.approx(10.0 ** (power - 2))
    assert float(last_place(np.array(value * (1 - 1e-9)), np.array(3))) == pytest.approx(10.0 ** (power - 3))


def test_zero_has_no_last_place_and_what_is_infinite_one_that_moves_nothing() -> None:
    with np.errstate(all="raise"):
        found = last_place(np.array([0.0, -0.0, np.inf, np.nan, -2.5]), np.array(2))
    assert found[[0, 1]].tolist() == [0, 0]
    assert found[4] == pytest.approx(0.1)
    assert np.isfinite(found).all()


@given(DECIMALS, st.integers(1, 7))
def test_rounding_moves_what_has_more_digits(value: Decimal, digits: int) -> None:
    moved = float(rounding(np.array(float(value)), np.array(digits)))
    exact = len(value.as_tuple().digits) <= digits
    assert moved == (0 if exact else pytest.approx(float(unit_of(value, digits))))
    rounded = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(value)
    cut = Context(prec=digits, rounding=ROUND_DOWN).plus(value)
    assert exact or max(abs(rounded - value), abs(cut - value)) <= Decimal(moved)


def test_rounding_leaves_zero_and_the_last_bits_alone() -> None:
    assert rounding(np.array([0.0, 0.1 + 0.2, 1 / 3]), np.array(3)).tolist() == [0, 0, pytest.approx(1e-3)]


# --- what numbers have in common --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ([], Precision(None, None)),
        (["0.5", "3"], Precision(None, None)),  # one digit says nothing
        (["0.51"], Precision(2, None)),
        (["0.512", "0.5", "7"], Precision(3, None)),
        (["0.51", "0.512", "0.5123"], Precision(3, None)),
        (["0.51", "0.5123"], Precision(4, None)),  # the upper one of two in the middle
        (["0.51234", "0.512345"], Precision(4, None)),  # at most four
        # eight numbers, and four of five of them, have as many digits
        (["0.512"] * 8, Precision(3, 3, 3)),
        ([f"{power}e{-power}" for power in (1.23, 1.24, 1.25)], None),
        (["1.23", "12.3", "0.123", "123", "1.24", "12.4", "0.124"], Precision(3, None)),
        (["1.23", "12.3", "0.123", "123", "1.24", "12.4", "0.124", "124"], Precision(3, None, 3)),
        (["1.23", "12.3", "0.123", "123", "1.24", "12.4", "0.124", "124", "0.5123", "4.1245"], Precision(3, None, 3)),
        (["1.23", "12.3", "0.123", "123", "1.24", "12.4", "0.1241", "124.5"], Precision(3, None)),
        (["1.2345", "12.345", "0.12345", "123.45", "1.2346", "12.346", "0.12346", "123.46"], Precision(4, None, 5)),
        # four numbers, and seven of ten of them, end at one decimal
        (["1.23", "0.04", "12.34"], Precision(4, None)),
        (["1.23", "0.04", "12.34", "0.51"], Precision(3, 2, 3)),
        (["1.23", "0.04", "12.34", "0.5"], Precision(4, 2, 4)),
        (["1.23", "0.04", "12.3", "0.5"], Precision(3, None)),
        (["1.23", "0.04", "12.34", "0.51", "1.11", "2.22", "3.33", "1.234", "2.345", "3.456"], Precision(3, 2, 3)),
        (["1.23", "0.04", "12.34", "0.51", "1.11", "2.22", "1.235", "1.234", "2.345", "3.456"], Precision(4, None)),
        (["1.2", "0.4", "12.3", "0.5"], Precision(3, None)),  # one decimal is none
        (["1.23", "0.04", "12.34", "0"], Precision(4, None)),  # zeros say nothing
        (["1.23", "0.04", "12.34", "0.51", "0", "0", "0"], Precision(3, 2, 3)),
    ],
)  # fmt: skip
def test_what_numbers_say_about_how_precisely_a_student_works(texts: list[str], found: Precision | None) -> None:
    if found is not None:
        assert precision_of(entries(*texts)) == found
        assert precision_of(entries(*texts[::-1])) == found


def test_a_number_without_decimals_of_its_own_leaves_them_unknown() -> None:
    cells = entries("1.23", "0.04", "12.34", "0.51")
    assert precision_of([*cells, cells[0]._replace(decimals=None)]) == Precision(3, None)


# --- how one number is read among others ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "precision", "unit", "digits"),
    [
        # nothing is known of the others: four digits are
        ("0.5", UNKNOWN, 1e-4, 4),
        ("0.51", UNKNOWN, 1e-4, 4),
        ("0.512", UNKNOWN, 1e-3, 3),
        ("0.5123", UNKNOWN, 1e-4, 4),
        ("25", UNKNOWN, 1e-2, 4),
        # among numbers of two digits or three
        ("0.5", Precision(2, None), 1e-2, 2),
        ("0.51", Precision(2, None), 1e-2, 2),
        ("0.51", Precision(3, None), 1e-3, 3),
        ("0.512", Precision(3, None), 1e-3, 3),
        ("-0.05", Precision(3, None), 1e-4, 3),
        # zeros at the end are missing where nearly all have as many digits
        ("0.512", Precision(4, None, 4), 1e-4, 4),
        ("0.512", Precision(4, None), 1e-3, 3),
        ("0.51234", Precision(4, None, 4), 1e-5, 5),
        ("0.512", Precision(4, None, 5), 1e-5, 5),
        # or where all end at one decimal
        ("0.05", Precision(3, 2, 3), 1e-2, 1),
        ("0.012", Precision(3, 4, 4), 1e-4, 3),
        ("12.3", Precision(3, 2, 4), 1e-2, 4),
        ("123", Precision(3, 2, 4), 1e-2, 5),
        ("123.4", Precision(3, 2, 4), 1e-1, 4),
        ("1.234", Precision(3, 2, 4), 1e-3, 4),
        ("0.123", Precision(3, 2, 4), 1e-3, 3),
    ],
)
def test_a_number_is_read_with_the_zeros_that_it_lost(
    text: str, precision: Precision, unit: float, digits: int
) -> None:
    (cell,) = entries(text)
    assert place_of(cell, precision) == (pytest.approx(unit), digits)


@pytest.mark.parametrize("precision", [UNKNOWN, FOUR, Precision(3, 2, 3), Precision(2, 3, 3)])
def test_zero_is_zero_and_what_is_exact_stays_so(precision: Precision) -> None:
    (zero, third) = entries("0.0", "1/3")
    if precision.decimals != 1:
        assert place_of(zero, precision) == Place(0.0, EXACT)
    assert place_of(third, precision) == Place(third.unit, third.digits)
    assert third.unit == 0


def test_a_zero_of_fixed_decimals_was_rounded_there() -> None:
    (zero,) = entries("0.00")
    assert place_of(zero, Precision(3, 2, 3)) == Place(zero.unit, zero.digits)
    assert zero.unit == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("text", "precision", "short"),
    [
        ("0.5", FOUR, True),
        ("0.51", FOUR, True),
        ("0.5123", FOUR, False),
        ("0.5", UNKNOWN, False),  # nothing else shows that there are more digits
        ("0.5", Precision(3, 1, 3), False),
        ("1", FOUR, False),  # nobody rounds 0.5 to 1 who writes more digits elsewhere
        ("9", FOUR, False),
        ("10", FOUR, True),
        ("25", FOUR, True),
        ("-25", FOUR, True),
        ("0", FOUR, False),
        ("0.0", FOUR, False),
        ("0.00", FOUR, True),
        ("0.000", FOUR, True),
        ("1/2", FOUR, False),
    ],
)
def test_a_number_may_be_short_where_others_have_more_digits(text: str, precision: Precision, short: bool) -> None:
    (cell,) = entries(text)
    assert may_be_short(cell, precision) is short


@given(
    DECIMALS,
    st.integers(2, 4) | st.none(),
    st.integers(2, 5) | st.none(),
    st.integers(2, 6) | st.none(),
)
def test_a_number_of_many_digits_is_read_as_it_stands(
    value: Decimal, digits: int | None, decimals: int | None, full: int | None
) -> None:
    precision = Precision(digits, decimals, full)
    (cell,) = entries(f"{value:f}")
    if cell.digits >= shortest(precision):
        assert place_of(cell, precision) == Place(cell.unit, cell.digits)


def test_a_zero_of_unknown_decimals_is_not_short() -> None:
    assert not may_be_short(Entry("0", 0.0, 0.01, 0, None), FOUR)


# --- near -------------------------------------------------------------------------------------------------------------


@given(DECIMALS, st.integers(1, 6))
def test_a_number_cut_or_rounded_is_told_and_no_other(value: Decimal, digits: int) -> None:
    unit = unit_of(value, digits)
    for mode in (ROUND_DOWN, ROUND_HALF_EVEN):
        short = Context(prec=digits, rounding=mode).plus(value)
        cell = Entry(str(short), float(short), float(unit), digits, None)
        assert is_cut(cell, float(value), 0.0)
        assert is_cut(cell, float(short), 0.0)
        assert not is_cut(cell, float(-value), 0.0)
        away = 1 if value > 0 else -1
        assert not is_cut(cell, float(short + away * unit), 0.0)
        assert is_cut(cell, float(short + away * unit), 0.1 * float(unit))
        assert is_cut(cell, float(short - away * unit * Decimal("0.5")), 1e-6 * float(unit))
        assert not is_cut(cell, float(short - away * unit * Decimal("0.51")), 0.0)
        assert is_cut(cell, float(short - away * unit * Decimal("0.55")), 0.1 * float(unit))
        assert not is_cut(cell, float(short - away * unit * Decimal("0.65")), 0.1 * float(unit))


def test_a_zero_may_be_cut_from_either_side() -> None:
    (zero,) = entries("0.00")
    assert is_cut(zero, 0.004, 0.0)
    assert is_cut(zero, -0.004, 0.0)
    assert not is_cut(zero, 0.011, 0.0)


def test_a_whole_unit_away_is_outside_and_the_last_bits_are_inside() -> None:
    for unit in (1e-4, 0.01, 1.0, 1e-30):
        assert inside(0.999 * unit, unit, 1e-40)
        assert not inside(unit, unit, 1e-40)
        assert not inside(unit * (1 - 1e-12), unit, 1e-40)  # what is 0.3 - 0.2 in double precision
        assert not inside(1.001 * unit, unit, 1e-40)
        gaps = np.array([0.999, 1 - 1e-8, 1 - 1e-10, 1.0, 1.001]) * unit
        assert near_each(gaps, np.zeros(5), np.full(5, unit), np.zeros(5)).tolist() == [True, True, False, False, False]
    assert inside(0.0, 0.0, 0.0)
    for value in (1.0, -1.0):
        assert inside(1e-12, 0.0, value)
        assert not inside(1e-11, 0.0, value)


@given(st.floats(-10, 10), st.floats(-10, 10), st.sampled_from([0.0, 0.01, 1.0]), st.sampled_from([0.0, 0.1]))
def test_many_values_are_near_as_one_is(value: float, right: float, unit: float, noise: float) -> None:
    many = near_each(np.array([value, right]), np.array([right, right]), np.array(unit), np.array(noise))
    assert many.tolist() == [inside(abs(value - right) - noise, unit, right), True]


def test_nothing_is_near_what_has_no_value() -> None:
    for nothing in (np.nan, np.inf, -np.inf):
        assert not near_each(np.array(nothing), np.array(nothing), np.array(1.0), np.array(0.0))
        assert not near_each(np.array(1.0), np.array(nothing), np.array(np.inf), np.array(0.0))


def test_the_fewest_digits_are_two() -> None:
    assert [fewest([4, 3]), fewest([2, 5]), fewest([1, 5]), fewest([EXACT])] == [3, 2, 2, EXACT]
