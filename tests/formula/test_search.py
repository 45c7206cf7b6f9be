"""The search for readings: how many tries it makes, and whose error is told where none of them reads the text."""

from __future__ import annotations

import pytest

from hwcheck.formula import parse
from hwcheck.formula.lex import FormulaError
from hwcheck.formula.parse import readings
from tests.formula.test_forms import found
from tests.formula.test_language import SHEET, STUDENT, form

#: 2^12 choices, and none of them is a reading.
HOPELESS = " + ".join(["a/b c"] * 12) + " + ∂J"


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the tries of a search, by the tokens that each reads."""
    made: list[int] = []
    real = parse.Parser

    def counted(pieces: list[object], *others: object) -> object:
        made.append(len(pieces))
        return real(pieces, *others)  # type: ignore[arg-type]  # what the search hands on

    monkeypatch.setattr(parse, "Parser", counted)
    return made


def test_a_hopeless_text_is_given_up_after_some_tries(tries: list[int]) -> None:
    with pytest.raises(FormulaError, match="∂ outside of a derivative"):
        readings(HOPELESS, SHEET)
    assert len(tries) == 64


def test_a_long_text_is_tried_less_often_so_that_all_tries_read_no_more_than_some_tokens(tries: list[int]) -> None:
    long = HOPELESS.replace("∂J", " + ".join(["a"] * 100) + " + ∂J")
    with pytest.raises(FormulaError):
        readings(long, SHEET)
    assert sum(tries) > 5000 >= sum(tries) - tries[0]


def test_of_many_readings_the_first_sixteen_are_kept(tries: list[int]) -> None:
    for many, kept in ((3, 8), (4, 16), (5, 16)):
        assert len(readings(" + ".join(["a/b c"] * many), STUDENT)) == kept
    tries.clear()
    assert len(readings(" + ".join(["a/b c"] * 5), STUDENT)) == len(tries) == 16


def test_the_readings_come_in_the_order_of_their_choices_the_last_one_turning_first() -> None:
    short, tight = "(@ (/ a b) c)", "(/ a (@ b c))"
    pairs = [(tight, tight), (tight, short), (short, tight), (short, short)]
    found = [form(tree) for tree in readings("a/b c + a/b c", STUDENT)]
    assert sorted(found) == sorted(f"(+ {one} {other})" for one, other in pairs)
    assert found[0] == f"(+ {tight} {tight})"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("f1' (x, q", "! `q` is not defined @ q"),  # the first try comes further
        ("f1' (x,", "! something is missing behind `,` @ ,"),  # two come as far: the first is told
        (r"\sum_{k=1}^2 x_k + h_k q", "! `q` is not defined @ q"),  # the second comes further
    ],
)
def test_the_error_is_that_of_the_try_that_came_furthest(text: str, error: str) -> None:
    assert found(text, STUDENT) == error
