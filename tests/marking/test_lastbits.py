"""What rounding may have moved: never less than what it did move, and nothing where numbers are exact."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hwcheck.graph.evaluate import compile_table
from hwcheck.marking.lastbits import worked_out
from hwcheck.marking.work import comparing
from tests.marking.students import sheet_of

SHEET = """
hwcheck: 1
problems:
  "1":
    given: {x: scalar, y: scalar}
    network: |
      LINES
    questions: {a: q}
"""
Array = NDArray[np.float64]


def worked(lines: str, x: Array, y: Array | None = None) -> tuple[Array, Array]:
    """Give q and how far rounding may have moved it, at some inputs."""
    table = sheet_of(SHEET.replace("LINES", lines.replace("; ", "\n      "))).problems["1"].base
    program = compile_table(table, ["q"], batched=True)
    values = {"x": x, "y": np.zeros(len(x)) if y is None else y}
    slot = program.slots["q"]
    found = worked_out(program, {name: values[name] for name in program.inputs}, {slot}, comparing(table))
    assert list(found) == [slot]
    return found[slot]


def at(lines: str, x: float, y: float = 0.0) -> tuple[float, float]:
    value, blur = worked(lines, np.array([x]), np.array([y]))
    return float(value[0]), float(blur[0])


@pytest.mark.parametrize(
    ("lines", "x", "y", "value"),
    [
        ("q = x + y", 1, 2, 3),
        ("q = x y - 5", 3, 4, 7),
        ("q = x^2/2", 8, 0, 32),
        ("q = max(x, y) - 2^40", 3, 2**41, 2**40),
        ("q = if(x > y, x, y)", 3, 2, 3),
        ("q = 2^52 + x - 2^52", 1, 0, 1),  # whole numbers to 2^53
        ("q = 1 - x", 2, 0, -1),
    ],
)
def test_whole_numbers_are_exact(lines: str, x: float, y: float, value: float) -> None:
    assert at(lines, x, y) == (value, 0)


@pytest.mark.parametrize(
    ("lines", "x", "scale"),
    [
        ("q = x + 0.2", 0.1, 0.3),
        ("q = exp(x)", 3.7, 40),
        ("q = 1/(1 + exp(-x))", 3.3, 1),
        ("q = (x + 0.2) - 0.3", 0.1, 0.3),  # 5.6e-17 is what is left of 0.3
        ("q = (x + 1e6) - 1e6", 0.1, 1e6),
        ("q = x + 2^53 - 2^53", 1.0, 2**53),  # 2^53 + 1 is no number of double precision
        ("q = -1 + x - 1e30", 1e30, 1e30),
        ("q = (x + 0.1) (1e-9)", 0.2, 3e-10),
        ("q = (x + 0.125) - (0.375 + y)", 0.25, 0.375),  # what is equal has been rounded twice
    ],
)
def test_the_noise_is_some_last_bits_of_the_largest_number_on_the_way(lines: str, x: float, scale: float) -> None:
    _, blur = at(lines, x)
    assert 1e-17 * scale < blur < 1e-12 * scale


NUMBERS = st.integers(1, 999).map(lambda number: number / 100)


@given(NUMBERS, NUMBERS, st.sampled_from(["+", "-"]), st.sampled_from(["x", "y", "(x + y)"]))
def test_the_true_value_lies_within_the_noise(x: float, y: float, sign: str, last: str) -> None:
    value, blur = at(f"q = ((x + 0.1 y) x {sign} y/3) - {last}", x, y)
    p, r = Fraction(round(x * 100), 100), Fraction(round(y * 100), 100)
    rest = {"x": p, "y": r, "(x + y)": p + r}[last]
    exact = (p + r / 10) * p + (r / 3 if sign == "+" else -r / 3) - rest
    assert abs(value - float(exact)) <= blur + 1e-16


def test_the_runs_are_the_same_every_time_and_each_entry_has_its_own_noise() -> None:
    x = np.array([0.1, 1e6 + 0.1, 1e12 + 0.1])
    first, again = worked("q = (x + 0.3) - x", x), worked("q = (x + 0.3) - x", x)
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    small, middle, large = first[1]
    assert 0 < small < 1e-13 < middle < 1e-7 < large < 0.1
    alone = at("q = (x + 0.3) - x", float(x[1]))
    assert alone[0] == first[0][1]


def test_a_value_that_some_runs_do_not_have_is_known_by_nothing() -> None:
    assert at("q = ln(x - 0.3)", 0.3)[1] == 0  # without a value in any run
    value, blur = at("q = sqrt(x + 0.2 - 0.3)", 0.1)
    assert math.isinf(blur) or blur > 1e-9
    value, blur = at("q = 1/(x - x)", 0.1)
    assert math.isinf(value)


@pytest.mark.parametrize(
    ("lines", "x", "value"),
    [
        ("q = (x + 0.2 > 0.3)", 0.1, 0),  # 0.30000000000000004
        ("q = (x + 0.2 == 0.3)", 0.1, 1),
        ("q = (x + 0.2 <= 0.3)", 0.1, 1),
        ("q = (x + 0.2 != 0.3)", 0.1, 0),
        ("q = (x + 0.2 > 0.3)", 0.1001, 1),
        ("q = (0.3 < x + 0.2)", 0.1, 0),
        ("q = (0.3 >= x + 0.2)", 0.1, 1),
        ("q = step(x + 0.2 - 0.3)", 0.1, 1),
        ("q = step(0.3 - 0.2 - x)", 0.1, 1),
        ("q = step(-(x + 0.2 - 0.3))", 0.1, 1),
        ("q = step(0.3 - 0.2 - x - 0.001)", 0.1, 0),
        ("q = sign(x + 0.2 - 0.3)", 0.1, 0),
        ("q = sign(x + 0.2)", 0.1, 1),
        ("q = sign(0.3 - x)", 0.1, 1),
        ("q = sign(x + 1e17 - 1e17)", 20, 0),  # 16 is left, of which nothing is known
        ("q = floor(x/0.1)", 0.3, 3),  # 2.9999999999999996
        ("q = floor(3 x)", 0.1, 0),
        ("q = floor(10 x + 0.1)", 0.29, 3),
        ("q = floor(-x/0.1)", 0.3, -3),
        ("q = floor(x)", 2.5, 2),
        ("q = floor(x)", 2.999999, 2),
    ],
)
def test_what_differs_by_noise_alone_is_equal_and_all_runs_go_on_alike(lines: str, x: float, value: float) -> None:
    found, blur = at(lines, x)
    assert found == value
    assert blur == 0


def test_a_number_that_is_none_is_on_no_side() -> None:
    for lines in ("q = (ln(x) > 0)", "q = (0 < ln(x))", "q = step(ln(x))", "q = floor(ln(x))"):
        value, _ = at(lines, -1.0)
        assert math.isnan(value), lines


def test_a_value_that_is_read_again_later_is_kept() -> None:
    value, blur = at("p = x + 0.2; r = p p; s = p + r; q = s - p - r", 0.1)
    assert abs(value) <= blur < 1e-12
    assert at("p = x + 1; q = p p p - p", 2)[0] == 24
