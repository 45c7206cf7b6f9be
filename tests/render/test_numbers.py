"""How numbers are shown: close to the value, short, never as zero, and in a form that is read back."""

from math import inf, isclose, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.formula.parse import Scope, readings
from hwcheck.formula.show import plain, unicode
from hwcheck.render.numbers import aligned, decimal, literal, people, scientific

NUMBERS = st.one_of(st.just(0.0), st.floats(1e-300, 1e300), st.floats(-1e300, -1e-300))
DIGITS = st.integers(1, 17)


@given(NUMBERS, DIGITS)
def test_a_shown_number_is_within_half_a_unit_of_its_last_digit(value: float, digits: int) -> None:
    for text in (decimal(value, digits), scientific(value, digits)):
        assert isclose(float(text), value, rel_tol=0.51 * 10.0 ** (1 - digits) + 1e-16)


@given(NUMBERS, DIGITS)
def test_no_number_but_zero_is_shown_as_zero(value: float, digits: int) -> None:
    assert (float(decimal(value, digits)) == 0) == (value == 0)


@given(st.integers(-(10**6), 10**6), DIGITS)
def test_a_whole_number_is_shown_whole(value: int, digits: int) -> None:
    assert decimal(float(value), digits) == str(value)


@given(st.integers(-999, 999), st.integers(0, 4))
def test_a_short_number_is_shown_as_it_is_typed(value: int, places: int) -> None:
    typed = value / 10**places
    shown = decimal(typed, 4)
    assert float(shown) == typed
    assert not shown.partition("e")[0].endswith("0") or "." not in shown


@given(NUMBERS, st.integers(1, 12), st.booleans())
def test_a_number_put_into_a_formula_is_read_back_as_it_is_shown(value: float, digits: int, ascii_only: bool) -> None:
    tree = literal(value, digits, ascii_only)
    for text in (plain(tree), unicode(tree)):
        (read,) = readings(text, Scope({}, {}))
        assert float(plain(read).replace("−", "-")) == float(decimal(value, digits))


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.5073210509967371, 4, "0.5073"),
        (0.31000000000000005, 4, "0.31"),
        (2.0300001, 4, "2.030"),
        (0.99999, 4, "1.000"),
        (0.0012384, 4, "0.001238"),
        (1.2384e-6, 4, "1.238e-6"),
        (0.0002, 4, "2e-4"),
        (12345.678, 4, "12346"),
        (9999999.6, 4, "1.000e7"),
        (1e20, 4, "1e20"),
        (-0.0, 4, "0"),
        (inf, 4, "inf"),
        (nan, 4, "nan"),
    ],
)
def test_numbers_read_well(value: float, digits: int, text: str) -> None:
    assert decimal(value, digits) == text


def test_a_given_is_shown_as_typed_unless_it_is_long() -> None:
    assert decimal(0.123456, 4, typed=True) == "0.123456"
    assert decimal(1 / 3, 4, typed=True) == "0.3333"


@given(st.lists(NUMBERS.map(lambda value: people(decimal(value, 4))), min_size=1))
def test_decimal_points_stand_under_each_other(texts: list[str]) -> None:
    padded = aligned(texts)
    assert len({len(text) for text in padded}) == 1
    assert [text.strip() for text in padded] == texts
    assert len({text.index(".") for text in padded if "." in text}) <= 1
