"""Numbers in formulas: what is one number, and what is a calculation with several."""

from __future__ import annotations

import pytest

from hwcheck.formula.lex import FormulaError
from hwcheck.formula.parse import readings
from tests.formula.test_language import SHEET, STUDENT, form

POWERS_OF_TEN = [
    # one number: a literal, the sign × (or ·, which LaTeX writes for it), 10, and a whole power of at most three digits
    ("2 × 10^3", "2e3"),
    ("2 × 10^-3", "2e-3"),
    (r"4.953 \cdot 10^{-3} x", "(@ 4.953e-3 x)"),
    ("2 × 10^3 x", "(@ 2e3 x)"),
    ("2 × 10^{100}", "2e100"),
    ("-2 × 10^3", "(neg 2e3)"),
    ("a + 2 × 10^3", "(+ a 2e3)"),
    # a calculation
    ("2 × 10^{1000}", "(* 2 (^ 10 1000))"),
    ("2 × 10^{1001}", "(* 2 (^ 10 1001))"),
    ("2 × 5^2", "(* 2 (^ 5 2))"),
    ("2 + 10^3", "(+ 2 (^ 10 3))"),
    ("2 * 10^3", "(* 2 (^ 10 3))"),
    ("2 × 10 - 3", "(- (* 2 10) 3)"),
    ("2 × 10^n", "(* 2 (^ 10 n))"),
    ("2 × 10^1.5", "(* 2 (^ 10 1.5))"),
    ("2 × 10^{3 n}", "(* 2 (^ 10 (@ 3 n)))"),
    ("2 × 10^{3 + 2}", "(* 2 (^ 10 (+ 3 2)))"),
    ("2 × 10^3^2", "(* 2 (^ 10 (^ 3 2)))"),
    ("2 × 10^{3}^2", "(* 2 (^ (^ 10 3) 2))"),
    ("1e3 × 10^2", "(* 1e3 (^ 10 2))"),
    ("1E3 × 10^2", "(* 1E3 (^ 10 2))"),
    ("½ × 10^2", "(* 1/2 (^ 10 2))"),
    ("3/8 × 10^2", "(* 3/8 (^ 10 2))"),
    # the power of what stands before is no number that goes on
    ("x^2 × 10^3", "(* (^ x 2) (^ 10 3))"),
    ("2^-3 × 10^2", "(* (^ 2 (neg 3)) (^ 10 2))"),
]
FRACTIONS = [
    ("3/8/2", "(/ 3/8 2)"),
    ("-3/8", "(neg 3/8)"),
    ("2^3/8", "(/ (^ 2 3) 8)"),
    (r"\frac{2}{2}", "2/2"),
    (r"\frac{0}{2}", "0/2"),
    *((text, "1/2") for text in (r"\frac{1}2", r"\frac1{2}", r"\frac12", r"\frac 1 2", r"\dfrac{1} 2")),
    (r"\frac{a}b", "(/ a b)"),
    (r"\frac12\tanh(x)", "(@ 1/2 (tanh x))"),
    (r"\frac{a}b x", "(@ (/ a b) x)"),
    (r"\frac{a}2x", "(@ (/ a 2) x)"),
    (r"\frac{\sqrt{a}}2", "(/ (sqrt a) 2)"),
    (r"\frac{\sqrt2}2", "(/ (sqrt 2) 2)"),
    (r"\frac{1/2}{3}", "(/ 1/2 3)"),
    (r"\frac{3}{1/2}", "(/ 3 1/2)"),
    (r"\frac{-1}{2}", "(/ (neg 1) 2)"),
    (r"\frac{1}{x}", "(/ 1 x)"),
    (r"\frac{x}{2}", "(/ x 2)"),
    (r"\frac{0}{0}", "(/ 0 0)"),  # where none of several cases holds
]


@pytest.mark.parametrize(("text", "tree"), POWERS_OF_TEN + FRACTIONS)
def test_what_is_one_number_and_what_is_a_calculation(text: str, tree: str) -> None:
    for scope in (SHEET, STUDENT):
        assert form(readings(text, scope)[0]) == tree


@pytest.mark.parametrize("text", ["0", "0.000", "0e5", "0.0e-3", "0e400", "0e-400", "00.0E-400"])
def test_a_zero_has_any_exponent(text: str) -> None:
    (tree,) = readings(text, SHEET)
    assert form(tree) == text
    assert tree.value == 0


@pytest.mark.parametrize("text", ["1e400", "1e-400", "0.001e-400", "0.1E-400", "10e-400"])
def test_a_number_that_floats_do_not_hold_is_refused(text: str) -> None:
    with pytest.raises(FormulaError, match="too large or too small") as caught:
        readings(f"x + {text}", SHEET)
    assert (caught.value.start, caught.value.end) == (4, 4 + len(text))


@pytest.mark.parametrize("text", ["2_{z1 > 0}", "1_z1", "10_{z1 > 0}"])
def test_only_a_one_with_braces_below_it_is_an_indicator(text: str) -> None:
    for scope in (SHEET, STUDENT):
        assert form(readings("1_{z1 > 0}", scope)[0]) == "(> z1 0)"
        with pytest.raises(FormulaError, match="a number has no entries"):
            readings(text, scope)


@pytest.mark.parametrize("text", ["2", "2 × 10^3", "2 × 10^{-3}", "3/8", r"\frac{3}{8}", "½"])
def test_a_number_stands_from_its_first_sign_to_its_last(text: str) -> None:
    whole = f"x + {text} + y"
    number = readings(whole, STUDENT)[0].args[0].args[1]
    assert whole[number.at.start : number.at.end] == text
