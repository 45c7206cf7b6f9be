"""Where a formula, its parts and its errors were typed: the same characters whatever stands around them."""

from __future__ import annotations

import pytest

from hwcheck.formula.expr import Call, Expr, Name, Num, walk
from hwcheck.formula.lex import FormulaError
from hwcheck.formula.parse import Scope, readings
from tests.formula.test_arrays import ARRAYS, DERIVATIVES
from tests.formula.test_forms import FUNCTIONS, PRINT
from tests.formula.test_language import SHEET, STUDENT, form
from tests.formula.test_names import NAMES

TEXTS = [row[0] for row in (*PRINT, *FUNCTIONS, *ARRAYS, *DERIVATIVES, *NAMES)]


def read(text: str, scope: Scope) -> list[Expr] | FormulaError:
    try:
        return readings(text, scope)
    except FormulaError as error:
        return error


@pytest.mark.parametrize("scope", [SHEET, STUDENT], ids=["sheet", "student"])
@pytest.mark.parametrize("text", TEXTS)
def test_an_error_marks_the_same_characters_whatever_follows(text: str, scope: Scope) -> None:
    error = read(text, scope)
    if not isinstance(error, FormulaError) or "never closed" in error.reason:
        return
    for tail in (" + c", " ⊙ c"):
        again = read(text + tail, scope)
        if isinstance(again, FormulaError) and again.reason == error.reason:
            assert (again.start, again.end) == (error.start, error.end)
    again = read("c + " + text, scope)
    if isinstance(again, FormulaError) and again.reason == error.reason:
        assert (again.start, again.end) == (error.start + 4, error.end + 4)


@pytest.mark.parametrize("scope", [SHEET, STUDENT], ids=["sheet", "student"])
@pytest.mark.parametrize("text", [text for text in TEXTS if text[0] not in "([|"])
def test_a_formula_marks_all_that_it_was_read_from(text: str, scope: Scope) -> None:
    found, inside = read(text, scope), read(f"c + {text} + c", scope)
    if isinstance(found, FormulaError) or isinstance(inside, FormulaError):
        return
    texts = {form(tree) for tree in found}
    for tree in inside:
        left = tree.args[0] if isinstance(tree, Call) and tree.op == "+" else tree
        if isinstance(left, Call) and left.op == "+" and form(left.args[1]) in texts and form(left.args[0]) == "c":
            assert (left.args[1].at.start, left.args[1].at.end) == (4, 4 + len(text))


@pytest.mark.parametrize("text", [text for text in TEXTS if not any(word in text for word in ("for", "=", "sum", "²"))])
def test_a_name_or_a_number_marks_what_spells_it(text: str) -> None:
    found = read(text, STUDENT)
    parts = [part for tree in found for part in walk(tree)] if isinstance(found, list) else []
    for part in parts:
        if isinstance(part, Name | Num) and "/" not in form(part) and part.at.end > part.at.start:
            again = read(text[part.at.start : part.at.end], STUDENT)
            assert isinstance(again, list)
            assert form(part) in [form(each) for tree in again for each in walk(tree)]
