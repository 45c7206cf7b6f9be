"""Ranges of functions: where they end, whether their ends are reached, and what is missing between."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from hwcheck.marking.conditions import Values
from hwcheck.marking.inputs import REACH, _line
from hwcheck.marking.ranges import (
    FINE,
    GROWS,
    LOOKED_AT,
    TO_END,
    Range,
    _crossing,
    gap_in,
    inside,
    least_near,
    meets,
    range_of,
    reaches,
)

Array = NDArray[np.float64]
Function = Callable[[Array], Array]
INF, NAN = np.inf, np.nan


def quiet(function: Function) -> Function:
    def value(x: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.asarray(function(x), dtype=float) + 0 * np.where(np.isfinite(x), 0.0, 0.0)

    return value


def values(function: Function, reaches: int = len(REACH)) -> Values:
    """Work a function out at the inputs that conditions are tried at, group by group."""
    value = quiet(function)
    return tuple((REACH[at], value(_line(at)), _line(at)) for at in range(reaches))


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def beside(distance: Array) -> Array:
    """Make a gap that closes where a distance is 0, is narrow a little further off, and wide again from there on."""
    return np.where(distance < 1, distance, np.where(distance < 3, 1e-4, 1.0))


# --- the least and the largest value ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "least", "largest"),
    [
        (lambda x: 2 + 0 * x, 2, 2),
        (np.sin, -1, 1),
        (sigmoid, 0, 1),
        (np.tanh, -1, 1),
        (lambda x: x, -INF, INF),
        (lambda x: -x, -INF, INF),
        (lambda x: x**2, 0, INF),
        (lambda x: -(x**2) + 3, -INF, 3),
        (np.exp, 0, INF),
        (lambda x: np.sqrt(np.abs(x)), 0, INF),
        (lambda x: np.log1p(np.abs(x)), 0, INF),
        (lambda x: np.where(np.abs(x) < 5, x, 0), -5, 5),
        (lambda x: np.where(x > 0, x, NAN), 0, INF),
        (lambda x: 100 * sigmoid(x), 0, 100),
        (lambda x: -5 - x**2, -INF, -5),
    ],
)
def test_the_range_of_a_function_is_found(function: Function, least: float, largest: float) -> None:
    found = range_of(values(function))
    assert found.least == pytest.approx(least, abs=0.2)
    assert found.largest == pytest.approx(largest, abs=0.2)


def groups(*highs: float) -> Values:
    """Give groups with these largest values, each with a 0 beside it."""
    return tuple((reach, np.array([0.0, high]), np.zeros(2)) for reach, high in zip(REACH, highs, strict=False))


def test_values_grow_without_end_where_the_last_are_larger_by_a_factor_and_a_distance() -> None:
    assert range_of(groups(1, 2, 3, 4, 40)).largest == INF
    assert range_of(groups(100, 100, 100, 100, 151)).largest == INF
    assert range_of(groups(100, 100, 100, 100, 100 * GROWS)).largest == 150  # not more than the factor
    assert range_of(groups(1, 1, 1, 1, 1 + LOOKED_AT)).largest == 11  # not more than the distance
    assert range_of(groups(1, 1, 1, 1, 1.1 + LOOKED_AT)).largest == INF
    assert range_of(groups(1, 200, 1, 1, 151)).largest == 200  # no larger than some group before
    assert range_of(groups(1, 1, 1, 200, 151)).largest == 200
    assert range_of(groups(1, 2, 3, 400)).largest == 400  # of bounded inputs nothing is said
    assert range_of(groups(-1, -2, -3, -4, -40)).least == -INF
    assert range_of(groups(1, 2, INF, 4, 5)).largest == INF
    assert range_of(groups(1, 2, -INF, 4, 5)) == Range(-INF, 5)
    assert range_of(groups(1, NAN, 3, 4, 5)) == Range(0, 5)


def test_values_below_zero_that_come_nearer_to_it_do_not_grow() -> None:
    def rising(last: float) -> Values:
        highs = (-900, -800, -700, -600, last)
        return tuple((reach, np.array([-1000.0, high]), np.zeros(2)) for reach, high in zip(REACH, highs, strict=True))

    assert range_of(rising(-1)) == Range(-1000, -1)
    assert range_of(rising(1)) == Range(-1000, INF)


# --- ends -------------------------------------------------------------------------------------------------------------


def test_values_stay_inside_up_to_rounding() -> None:
    assert inside(Range(0, 1), 0, 1)
    assert inside(Range(-1e-9, 1 + 1e-9), 0, 1)
    assert not inside(Range(-1e-8, 1), 0, 1)
    assert not inside(Range(0, 1 + 1e-8), 0, 1)
    assert inside(Range(-1e-4, 1e6 + 1e-4), 0, 1e6)
    assert inside(Range(-1e6 - 1e-4, 0), -1e6, 0)
    assert inside(Range(-INF, INF), -INF, INF)
    assert inside(Range(5, 7), -INF, INF)
    assert not inside(Range(-INF, 0), -1, INF)
    assert not inside(Range(0, INF), -INF, 5)
    assert inside(Range(-1e-9, 5), 0, INF)
    assert not inside(Range(-1e-8, 5), 0, INF)


@pytest.mark.parametrize(
    ("found", "low", "high", "both"),
    [
        (Range(0, 1), 0, 1, (True, True)),
        (Range(TO_END / 2, 1 - TO_END / 2), 0, 1, (True, True)),
        (Range(2 * TO_END, 1), 0, 1, (False, True)),
        (Range(0, 1 - 2 * TO_END), 0, 1, (True, False)),
        (Range(0.5 * TO_END * 100, 100 - 0.5 * TO_END * 100), 0, 100, (True, True)),  # in parts of the width
        (Range(50 + 2 * TO_END, 51), 50, 51, (False, True)),
        (Range(0, INF), 0, INF, (True, True)),
        (Range(0, 1e300), 0, INF, (True, False)),
        (Range(TO_END / 2, INF), 0, INF, (True, True)),
        (Range(2 * TO_END, INF), 0, INF, (False, True)),
        (Range(-INF, 3), -INF, 3, (True, True)),
        (Range(-1e300, 3), -INF, 3, (False, True)),
        (Range(-INF, 3 - 2 * TO_END), -INF, 3, (True, False)),
        (Range(-INF, INF), -INF, INF, (True, True)),
    ],
)  # fmt: skip
def test_an_end_is_reached_up_to_a_part_of_the_width(
    found: Range, low: float, high: float, both: tuple[bool, bool]
) -> None:
    assert reaches(found, low, high) == both


# --- gaps -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "low", "high", "gap"),
    [
        (sigmoid, 0, 1, None),
        (np.sin, -1, 1, None),
        (lambda x: x, -INF, INF, None),
        (lambda x: x**2, 0, INF, None),
        (lambda x: -(x**2), -INF, 0, None),
        (lambda x: 1e4 * x, 0, 1, None),  # steep, and there all the same
        (lambda x: np.tanh(1e6 * x), -1, 1, None),
        (lambda x: np.where(x > 0.123, 1.0, 0.0), 0, 1, (0, 1)),
        (lambda x: np.where(x < 0.123, 1.0, 0.0), 0, 1, (0, 1)),
        (np.floor, -INF, INF, (-5, -4)),
        (lambda x: np.where(x > 0.123, sigmoid(x) - 0.4, sigmoid(x)), 0, 0.6, None),  # values on both sides overlap
        (lambda x: np.where(x > 0.123, sigmoid(x), sigmoid(x) / 2), 0, 1, (0.265, 0.532)),
        (lambda x: np.where(x > 0.123, 0.9 + 0.1 * np.tanh(x), 0.1 * np.tanh(x)), 0, 1, (0.012, 0.912)),
        (lambda x: np.where(x > 0, x + 1, x), -INF, INF, (0, 1)),
        (lambda x: np.where(x > 3, x + 1, x), -INF, INF, (3, 4)),
        (lambda x: np.where(x > 0, x + 0.01, x), -INF, INF, None),  # less than is looked at
        (lambda x: np.where(x > 0.123, 1.0, -1.0) * np.where(np.abs(x) > 0.2, 1, NAN), -1, 1, (-1, 1)),
        (lambda x: np.where(x > 0.123, 3.0, 0.0), 0, 1, None),  # what lies outside is no gap
        (lambda x: np.where(x > 0, np.where(x > 1.23, 1.0, 0.0), NAN), 0, 1, (0, 1)),  # has values on one side alone
        (lambda x: np.where(np.abs(x - 42.24) < 0.05, 1.0, 0.0), 0, 1, (0, 1)),  # jumps beside one input alone
        (lambda x: np.where(x > 2, -1.0, np.tanh(1e6 * (x - 0.00123))), -1, 1, None),  # jumps back over what is filled
        (lambda x: np.where(x > 0.123, 0.1, 0.0), 0, 0.1, (0, 0.1)),
    ],
)
def test_a_gap_is_where_a_function_jumps(
    function: Function, low: float, high: float, gap: tuple[float, float] | None
) -> None:
    found = gap_in(values(function), low, high, quiet(function))
    assert found == (None if gap is None else pytest.approx(gap, abs=0.06))


def test_a_gap_is_looked_for_a_little_way_along_a_range_without_end() -> None:
    def jump(at: float) -> Function:
        return lambda x: np.where(x > at, x + 2, x)

    for at, seen in ((5.0, True), (LOOKED_AT - 3, True), (LOOKED_AT + 3, False)):
        assert (gap_in(values(jump(at)), 0, INF, quiet(jump(at))) is not None) is seen
    for at, seen in ((3 - LOOKED_AT, True), (-LOOKED_AT - 5, False)):
        assert (gap_in(values(jump(at)), -INF, 0, quiet(jump(at))) is not None) is seen
    for at, seen in ((-4.5, True), (2.5, True), (-8.0, False), (6.0, False)):
        assert (gap_in(values(jump(at)), -INF, INF, quiet(jump(at))) is not None) is seen


@pytest.mark.parametrize(("size", "counts"), [(0.04, False), (0.06, True)])
def test_a_jump_counts_from_a_part_of_the_width(size: float, counts: bool) -> None:
    for width in (1.0, 8.0):
        step = size * width

        def function(x: Array, width: float = width, step: float = step) -> Array:
            return np.where(x > 0.3, np.minimum(x + step, width), np.maximum(x, 0))

        assert (gap_in(values(function, 2), 0, width, function) is not None) is counts


# --- the least value, and where a gap closes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "least"),
    [
        (lambda x: (x - 0.1234567) ** 2, 0),
        (lambda x: (x + 3.1234567) ** 2 + 1, 1),
        (lambda x: np.abs(x - 0.00251), 0),
        (lambda x: x**2 - 1e-6, -1e-6),
        (lambda x: np.where(np.abs(x - 1.5) < 0.1, NAN, (x - 1.4) ** 2), 0),
        (lambda x: 1 + 0 * x, 1),
        (lambda x: np.cosh(3 * (x - 0.7777)), 1),
    ],
)
def test_the_least_value_is_found_more_closely_than_the_inputs_lie(function: Function, least: float) -> None:
    assert least_near(values(function), quiet(function)) == pytest.approx(least, abs=1e-10)


def test_the_least_value_is_looked_for_beside_the_least_one_that_was_found() -> None:
    step = 2 * REACH[0] / (FINE - 1)
    for offset in (-0.9, -0.5, 0.2, 0.4, 0.9):
        at = 2.0 + offset * step

        def function(x: Array, at: float = at) -> Array:
            return np.maximum(10 * (at - x), x - at)  # steep on one side: the least is not at the nearest input

        assert least_near(values(function), function) < 1e-10


def test_the_least_value_is_never_above_one_that_was_found() -> None:
    for at in _line(0)[::20]:
        assert least_near(values(lambda x, at=at: np.abs(x - at), 1), lambda x, at=at: np.abs(x - at)) == 0


def test_a_gap_becomes_small_where_its_function_says() -> None:
    for least in (0.25, 0.0625, 1e-6):
        assert _crossing(3.0, 0.0, least, lambda x: x**2) == pytest.approx(np.sqrt(least))


@pytest.mark.parametrize(
    ("gap", "closes"),
    [
        (lambda x: (x - 1.25) ** 2, True),
        (lambda x: np.abs(x - 1.25), True),
        (lambda x: np.abs(x + 2), True),
        (lambda x: np.maximum(x, 0), True),
        (lambda x: np.where(x > 7, 0, 1.0), True),
        (lambda x: np.maximum(1 - x, 0), True),
        (lambda x: (x - 1.25) ** 4, True),
        (lambda x: np.abs(np.sin(x)), True),
        (lambda x: np.abs(x - 1.25) * np.exp(-np.abs(x)), True),  # becomes small further out as well
        (lambda x: beside(np.abs(x - 1.25)), True),
        (lambda x: x**2 + 1e-8, False),
        (lambda x: x**2 + 1e-10, True),  # rounding
        (np.exp, False),
        (lambda x: np.exp(100 - x), False),
        (lambda x: np.exp(-np.exp(x)), False),
        (lambda x: np.exp(-x), False),
        (lambda x: 1 - np.tanh(x), False),
        (lambda x: 1 - np.tanh(-x), False),
        (sigmoid, False),
        (lambda x: 0 * x, True),
        (lambda x: 1 + 0 * x, False),
    ],
)
@pytest.mark.parametrize("width", [1.0, 0.1])
def test_a_gap_closes_at_a_number_or_shrinks_on_and_on(gap: Function, closes: bool, width: float) -> None:
    def wide(x: Array) -> Array:
        return width * quiet(gap)(x)

    assert meets(values(wide, 3), width, wide) is closes
