"""Laws of an explanation: every step of a derivation is there, in order, with its rule, its numbers and its shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hwcheck import load_sheet, solve
from hwcheck.formula.expr import names
from hwcheck.formula.lex import FormulaError
from hwcheck.formula.show import plain, unicode
from hwcheck.render.explain import explanation_json, explanation_markdown, explanation_text
from hwcheck.render.numbers import shown
from hwcheck.sheet.explanation import Explanation, explain
from hwcheck.sheet.load import Sheet
from hwcheck.text import width
from tests.render.sheets import NAMES, sheet

BRACKETS = re.compile(r"[⎡⎢⎣\[]\s*(\S+)\s*[⎤⎥⎦\]]")


def explained(name: str, problem: str, quantity: str) -> Explanation:
    return explain(sheet(name).problems[problem], quantity)


def quantities(loaded: Sheet) -> list[tuple[str, str]]:
    """Give what the printed solution of a sheet shows: the ids of problems with the names."""
    return [
        (problem.id, quantity.name)
        for problem in solve(loaded).problems
        for quantity in problem.parts[0].quantities
        if quantity.shown
    ]


@pytest.mark.parametrize("name", NAMES)
def test_whatever_a_solution_shows_can_be_explained_on_every_width(name: str) -> None:
    loaded = sheet(name)
    for problem, quantity in quantities(loaded):
        found = explain(loaded.problems[problem], quantity)
        assert found.about
        for cells in (20, 48, 100):
            for line in explanation_text(found, loaded.title, cells).splitlines():
                assert line == line.rstrip()
                assert width(line) <= cells or len(BRACKETS.sub(r"\1", line).lstrip(" =").split()) <= 1, (
                    quantity,
                    line,
                )
        typed = explain(loaded.problems[problem], quantity, plain)
        assert explanation_text(typed, "", 60, ascii=True).isascii() or name == "odd"
        read = json.loads(explanation_json(found, name))
        assert (read["schema"], read["quantity"]) == ("hwcheck/explanation/v1", quantity)
        assert [step["name"] for step in read["steps"]] == [step.quantity.name for step in found.steps]
        text = explanation_markdown(found, loaded.title)
        assert text.count("```math\n") * 2 == text.count("```")


@pytest.mark.parametrize("name", ["derived", "sheet5", "symbolic", "two-two-two"])
def test_a_step_stands_below_what_it_reads_and_every_one_has_a_rule(name: str) -> None:
    loaded = sheet(name)
    for problem, quantity in quantities(loaded):
        found = explain(loaded.problems[problem], quantity)
        seen: set[str] = set()
        known = {step.quantity.source for step in found.steps}
        for step in found.steps:
            if step.quantity.formula is not None:
                assert {each for each in names(step.quantity.formula) if each in known} <= seen, quantity
            seen.add(step.quantity.source)
            assert step.rules or "/d" not in step.quantity.name, (quantity, step.quantity.name)
        if found.steps and not found.why:
            assert found.steps[-1].quantity.name == quantity


def test_the_numbers_are_those_of_the_solution() -> None:
    loaded = sheet("sheet5")
    for problem in solve(loaded).problems:
        for quantity in problem.parts[0].quantities:
            if quantity.shown and quantity.value is not None and quantity.role != "given":
                found = explain(loaded.problems[problem.id], quantity.name)
                assert np.array_equal(found.quantity.value, quantity.value)
                text = explanation_text(found, "", 100, 5)
                for entry in quantity.value.ravel():
                    assert shown(float(entry), 5) in text


def test_a_gradient_is_explained_from_the_loss_on() -> None:
    found = explained("sheet5", "1", "dJ/dW1")
    assert found.paths == (("W1", "X1", "Y1", "X2", "Y2", "J"),)
    assert [step.quantity.name for step in found.steps] == ["dJ/dX2", "dJ/dY1", "dY1/dX1", "dJ/dX1", "dJ/dW1"]
    rules = [" ".join(step.rules) for step in found.steps]
    assert "goes straight into bce" in rules[0]
    assert "the same: dJ/dY2 ⊙ dY2/dX2, where dJ/dY2 = −y/Y2 + (1 − y)/(1 − Y2)." in rules[0]
    assert "transposed, on the left: `W2ᵀ`" in rules[1]
    assert "sigmoid gives its derivative, Y1 ⊙ (1 − Y1)" in rules[2]
    assert "multiplies with its slopes, dY1/dX1" in rules[3]
    assert "transposed, on the right: `Uᵀ`" in rules[4]
    assert found.check.endswith("(1 x 3) = 2 x 3, like W1")
    assert {quantity.name for quantity in found.uses} == {"U", "W2", "y", "Y1", "Y2"}
    assert unicode(found.derivation.expanded) == "((W2ᵀ (Y2 − y)) ⊙ Y1 ⊙ (1 − Y1)) Uᵀ"


def test_two_paths_are_added() -> None:
    found = explained("derived", "chain", "dL/dx")
    assert found.paths == (("x", "h1", "yhat", "L"), ("x", "h2", "yhat", "L"))
    assert found.steps[0].rules == ("dL/dyhat is given.",)
    assert found.steps[-1].rules[0] == "x is read by h1 and h2: what comes from each is added up."
    assert plain(found.derivation.chain) == "dL/dyhat * f3' * (w3 * f1' * w1 + w4 * f2' * w2)"


def test_a_zero_is_explained_by_what_is_read() -> None:
    found = explained("derived", "graph", "dy/dz")
    assert found.why[0] == "No path leads from z to y: y reads h, and h reads x."
    assert "Both z and y are made from x" in found.why[1]
    assert not found.paths
    text = " ".join(explanation_text(found, "", 100).split())
    assert "Why it is 0 No path leads from z to y" in text
    assert "Step by step" not in text


def test_an_entry_a_slope_and_a_jacobian() -> None:
    entry = explained("derived", "layers", "dl/dW1[1,2]")
    assert entry.about[0] == "dl/dW1[1,2] is an entry of dl/dW1."
    assert unicode(entry.derivation.chain) == "sum(k = 1..d3, W2[k,1] · dl/dyhat[k]) · (z1[1] > 0) · x[2]"
    slope = explained("derived", "layers", "dz2/dz1")
    assert "slopes of z2" in slope.about[0]
    assert unicode(slope.derivation.matrix) == "diag(z1 > 0)"
    jacobian = explained("derived", "layers", "dyhat/dx")
    assert "the Jacobian of yhat by x" in jacobian.about[0]
    assert jacobian.check == "(d3 x d2)(d2 x d2)(d2 x d1) = d3 x d1"


def test_values_parameters_and_givens() -> None:
    assert explained("sheet5", "1", "J").about == ("J is the loss: a number that training makes smaller.",)
    assert "forward pass" in explained("sheet5", "1", "Y1").about[0]
    assert explained("sheet5", "1", "U").about == ("U is given: a vector of 3.",)
    new = explained("sheet5", "1", "W1_new")
    assert "the parameter W1 after a step of sgd" in new.about[0]
    assert [step.quantity.name for step in new.steps] == ["dJ/dW1", "W1_new"]
    assert explained("steps", "a", "w@3").steps[-1].quantity.name == "w@3"
    assert explained("steps", "a", "dE/dw@2").paths == (("w@2", "o@2", "E@2"),)


def test_a_name_of_a_question_is_explained_too() -> None:
    assert explained("odd", "x|y", "decision").quantity.name == "decision"


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        ("diag(dz2/dz1)", "is a formula that a question asks"),
        ("e", "stands for 2 y"),
        ("f", "stands for f(3)"),
        ("part", "is a part of x"),
    ],
)
def test_formulas_of_questions_are_explained(tmp_path: Path, quantity: str, said: str) -> None:
    (tmp_path / "own.yaml").write_text(
        "hwcheck: 1\nproblems:\n  a:\n    functions: {f(v): v^2}\n    given: {z1: [1, -2], x: [1, 2, 3]}\n"
        "    network: |\n      z2 = relu(z1)\n      y = sum(z2)\n"
        "    questions: {a: {find: [diag(dz2/dz1), {e: 2 y}, {f: f(3)}, {part: 'x[1..2]'}]}}\n",
        encoding="utf-8",
    )
    found = explain(load_sheet(str(tmp_path / "own.yaml")).problems["a"], quantity)
    assert said in found.about[0]
    assert found.quantity.value is not None
    assert quantity in explanation_text(found, "", 80)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("dJ/dW7", "`W7` is not defined"),
        ("W1 + b1", "is a formula"),
        ("", "nothing"),
        ("J@7", "there is no step 7"),
        ("((", "something is missing"),
    ],
)
def test_what_is_no_quantity_is_refused(typed: str, said: str) -> None:
    with pytest.raises(FormulaError, match=re.escape(said)):
        explained("sheet5", "1", typed)


@pytest.mark.parametrize(
    ("name", "problem", "quantity"),
    [("sheet5", "1", "dJ/dW1"), ("derived", "chain", "dL/dx"), ("derived", "graph", "dy/dz")],
)
def test_an_explanation_looks_like_this(
    golden: Callable[[str, str], None], name: str, problem: str, quantity: str
) -> None:
    found = explained(name, problem, quantity)
    golden(f"explain-{quantity.replace('/', '-')}-{problem}", explanation_text(found, "A sheet", 80))


def test_an_explanation_in_markdown_looks_like_this(golden: Callable[[str, str], None]) -> None:
    golden("explain-markdown", explanation_markdown(explained("derived", "layers", "dl/dW1"), "Derivations"))


def test_text_of_a_sheet_is_harmless(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(
        'hwcheck: 1\ntitle: "a \\x1b[31m <b>"\nproblems:\n  "p\\x1b":\n    given: {x: 2}\n    network: y = x^2\n'
        "    questions: {a: [dy/dx]}\n",
        encoding="utf-8",
    )
    loaded = load_sheet(str(tmp_path / "bad.yaml"))
    found = explain(next(iter(loaded.problems.values())), "dy/dx")
    for text in (explanation_text(found, loaded.title, 80), explanation_markdown(found, loaded.title)):
        assert "\x1b" not in text
    assert "<b>" not in explanation_markdown(found, loaded.title)
