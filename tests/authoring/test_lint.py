"""The proof of a sheet, and what its numbers hide: told by working the slips on paper, without the marker's engine."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from hwcheck import load_sheet
from hwcheck.authoring.hidden import Check
from hwcheck.authoring.lint import Lint, lint
from hwcheck.cli import main
from hwcheck.formula.show import plain
from hwcheck.marking.questions import group_of, work_of
from hwcheck.marking.separability import separability
from hwcheck.marking.slips import SLIPS
from hwcheck.marking.trials import trial_of
from hwcheck.render.lint import lint_json, lint_text
from hwcheck.sheet import Sheet
from hwcheck.sheet.load import bundled
from tests.marking.students import HABITS, Slip, asked, sheet_of, work

Compare = Callable[[str, str], None]
Screen = pytest.CaptureFixture[str]
GIVEN = {
    "x": "[1.5, 0.6]",
    "W1": "[[0.1, 0.4], [-0.3, 0.2]]",
    "b1": "[0.2, -0.1]",
    "W2": "[[0.5, -0.2], [0.7, 0.3], [0.6, 0.9]]",
    "y": "[0.9, 0.2, 0.4]",
}
FIND = "Z, A, P, J, dJ/dP, dJ/dA, dJ/dZ, dJ/dW2, dJ/dW1, dJ/db1, W1_new, W2_new, b1_new"
SHEET = """
hwcheck: 1
title: A net
problems:
  "1":
    given: {%s}
    network: |
      Z = W1 x + b1
      A = %s(Z)
      P = W2 A
      J = mse(P, y)
    train: {loss: J, parameters: [W1, b1, W2], learning_rate: %s}
    questions:
      all: {find: [%s], points: 13}
"""


@cache
def net(rate: str = "0.7", unit: str = "sigmoid", find: str = FIND, **given: str) -> Sheet:
    values = ", ".join(f"{name}: {value}" for name, value in {**GIVEN, **given}.items())
    return sheet_of(SHEET % (values, unit, rate, find))


PROVED: dict[int, tuple[Sheet, Lint]] = {}


def proved(sheet: Sheet) -> Lint:
    """Prove a sheet once; it is kept with it, so that no other can take its identity."""
    if id(sheet) not in PROVED:
        PROVED[id(sheet)] = (sheet, lint(sheet))
    return PROVED[id(sheet)][1]


def checks(sheet: Sheet, result: str) -> dict[tuple[str, str], Check]:
    """Give what has one result by each code and place."""
    found = proved(sheet).problems[0].checks
    return {(code, check.where): check for check in found if check.result == result for code in check.codes}


def test_the_numbers_of_a_good_sheet_hide_little() -> None:
    found = proved(net())
    assert found.holds
    hidden = [each for each in found.problems[0].checks if each.result != "seen" and each.because != "shape"]
    assert hidden == []
    assert len(checks(net(), "seen")) > 30


@pytest.mark.parametrize(
    ("sheet", "code", "where", "because", "given"),
    [
        (net(b1="[0, 0]"), "BIAS_FWD", "Z", "zero", "b1"),
        (net(W1="[[0.1, 0.4], [0.4, 0.2]]"), "ROWCOL_FWD", "Z", "symmetric", "W1"),
        (net(x="[1, 1]"), "DW_INPUT_MISSING", "dJ/dW1", "one", "x"),
        (net(rate="1"), "NO_LR", "W1_new", "rate", ""),
        (net(rate="1"), "LR_TWICE", "b1_new", "rate", ""),
        (net(rate="0.00001"), "UPD_PLUS", "W1_new", "digits", ""),
        (net(unit="relu", W1="[[0.1, 0.4], [0.3, 0.2]]", b1="[0.2, 0.1]"), "HID_DERIV_MISSING", "dJ/dZ", "sign", "W1"),
    ],
)
def test_what_a_number_hides_is_named_by_it(sheet: Sheet, code: str, where: str, because: str, given: str) -> None:
    found = checks(sheet, "unseen")[code, where]
    assert found.because == because
    assert found.given == given or because == "sign"
    assert (code, where) not in checks(net(), "unseen")


@pytest.mark.parametrize(
    ("sheet", "codes", "where", "because"),
    [
        (net(b1="[0, 0]"), {"STEP_ONLY", "UPD_PLUS"}, "b1_new", "zero"),
        (net(W2="[[0.5, -0.2], [0.7, 0.3]]", y="[0.9, 0.2]"), {"FACTOR_2", "MEAN_SUM"}, "dJ/dP", "shape"),
    ],
)
def test_what_comes_to_the_same_is_one_group(sheet: Sheet, codes: set[str], where: str, because: str) -> None:
    (found,) = {check for (code, place), check in checks(sheet, "alike").items() if place == where and code in codes}
    assert codes <= set(found.codes)
    assert found.because == because
    assert not {(code, where) for code in codes} & set(checks(net(), "alike"))


@pytest.mark.parametrize("sheet", [net(), net(b1="[0, 0]", rate="1"), net(unit="tanh", x="[1, 0]")], ids=range(3))
def test_a_slip_is_seen_exactly_where_it_changes_the_page(sheet: Sheet) -> None:
    problem = sheet.problems["1"]
    group = group_of(problem, problem.questions.values(), ())
    ready = work_of(group, asked(sheet))
    keeps = next(habit for habit in HABITS if habit.name == "keeps all digits in the memory")

    def page(slip: Slip | None = None) -> dict[str, list[str]]:
        return work(sheet, keeps, 4, random.Random(0), slip=slip)

    right, told = page(), 0
    for shown in separability(problem, problem.questions.values(), 4):
        formulas = [each.formula for each in trial_of(ready, shown.where).candidates if each.code == shown.code]
        if "_new" in shown.where:
            continue
        try:
            pages = [page(Slip(shown.code, {shown.where: plain(formula)})) for formula in formulas]
        except AssertionError:
            continue  # a number for every entry: its text has another shape
        changed = [other != right for other in pages]
        if shown.hidden is None:
            assert any(changed), shown
        elif shown.hidden.what != "digits":
            assert not any(changed), shown
        told += 1
    assert told > 15


def test_the_solution_is_proved_to_the_digits_that_are_asked_and_to_few() -> None:
    (problem,) = lint(net()).problems
    assert [proof.digits for proof in problem.proofs] == [None, 3]
    for proof in problem.proofs:
        assert (proof.score, proof.max_score, proof.wrong, proof.holds) == (13, 13, (), True)


def test_a_solution_that_nobody_can_write_is_no_proof() -> None:
    sheet = sheet_of(
        """
hwcheck: 1
problems:
  "1":
    given: {p: [1, 0], y: [0, 1]}
    network: J = bce(p, y)
    questions: {a: J}
"""
    )
    found = lint(sheet)
    assert not found.holds
    assert found.problems[0].proofs[0].wrong == ("J in a",)
    assert "no finite number" in lint_text(found, 100)


def test_a_proof_that_fails_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = net()
    monkeypatch.setattr("hwcheck.authoring.worked._typed", lambda value, digits: "0.123" if digits == 3 else str(value))
    found = lint(sheet)
    assert not found.holds
    assert found.problems[0].proofs[0].holds
    assert "J in all" in found.problems[0].proofs[1].wrong
    assert "written to 3 digits" in lint_text(found, 200)


def test_a_problem_without_numbers_has_nothing_to_prove() -> None:
    sheet = sheet_of('hwcheck: 1\nproblems: {"1": {given: {x: vector 2}, network: z = 2 x, questions: {a: z}}}\n')
    found = lint(sheet)
    assert found.holds
    assert found.problems[0].proofs == ()
    assert "no numbers" in lint_text(found, 80)


def changed(before: str, after: str) -> Lint:
    text = net().source.text
    assert before in text
    return lint(sheet_of(text.replace(before, after)))


def test_an_own_slip_may_not_take_a_code_of_the_catalogue() -> None:
    own = "    slips: {%s: {in: J, formula: 5 mse(P, y), message: Is there a five?}}\n    questions:"
    code = next(iter(SLIPS))
    (fault,) = changed("    questions:", own % code).problems[0].faults
    assert code in fault
    fine = changed("    questions:", own % "MY_FIVE")
    assert fine.problems[0].faults == ()
    assert ("MY_FIVE",) in [check.codes for check in fine.problems[0].checks if check.where == "J"]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("points: 13", "points: 0", "for practice"),
        ("points: 13}", "points: 13}\n      more: J", "`J` is asked in all and again in more"),
        ("points: 13}", 'points: 13}\n      more: {find: J, also: {J: "mse(y, P)"}}', "right anyway"),
        ("points: 13}", 'points: 13}\n      more: {find: {c: "Z[1] > 0.58995"}}', "`c` is decided by less"),
    ],
)
def test_what_is_seldom_meant_is_said(before: str, after: str, says: str) -> None:
    found = changed(before, after)
    assert any(says in advice for advice in found.problems[0].advice)
    assert found.holds
    assert not any(says in advice for advice in lint(net()).problems[0].advice)


def test_conventions_that_are_left_open_are_named() -> None:
    assert ("mse", "half") in lint(net()).problems[0].open
    fixed = changed("    questions:", "    conventions: {mse: mean}\n    questions:")
    assert "mse" not in [convention for convention, _ in fixed.problems[0].open]
    assert "Left open: mse (half or sum or half_mean)" in " ".join(lint_text(lint(net()), 100).split())


@pytest.mark.parametrize("columns", [100, 48])
def test_the_page_for_the_sheet_of_the_lecture(columns: int, golden: Compare) -> None:
    text = lint_text(lint(load_sheet("sheet5")), columns)
    assert max(map(len, text.splitlines())) <= columns
    golden(f"lint-sheet5-{columns}", re.sub(r"\b\d+(?= slips| would)", "NN", text))  # it grows with the catalogue


def test_the_same_sheet_gives_the_same_text() -> None:
    assert lint_json(lint(load_sheet("exercise3"))) == lint_json(lint(load_sheet("exercise3")))


@pytest.mark.parametrize("sheet", bundled())
def test_the_sheets_that_come_along_are_proved(sheet: str, capsys: Screen) -> None:
    assert main(["lint", sheet, "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["schema"] == "hwcheck/lint/v1"
    assert record["holds"]
    assert all(proof["holds"] for problem in record["problems"] for proof in problem["proofs"])
    assert not any(problem["faults"] for problem in record["problems"])


def test_lint_exits_by_the_proof(tmp_path: Path, capsys: Screen) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text('hwcheck: 1\nproblems: {"1": {given: {p: 1, y: 0}, network: "J = bce(p, y)", questions: {a: J}}}\n')
    assert main(["lint", str(bad)]) == 1
    bad.write_text("hwcheck: 1\nproblems: {")
    assert main(["lint", str(bad)]) == 2
    assert main(["lint", "sheet5"]) == 0
    assert "Its own solution earns all 20 points" in capsys.readouterr().out


# --- formulas, tables and graphs --------------------------------------------------------------------------------------

FORMULAS = """
hwcheck: 1
problems:
  a:
    functions: {f: unknown}
    given: {x: vector n, w: scalar, W1: matrix m x n, y: vector m}
    network: |
      h = W1 x
      L = sum((h - y)^2)
      v = f(w) + sqrt(%s)
    questions:
      gradient: {derive: [dL/dW1, dL/dx], in: [W1, x, y], points: 4}
      entry: {derive: "dL/dW1[i,j] for i = 1..m, j = 1..n"}
      slope: {derive: dv/dw, points: 3}
      arrows: {graph: network, points: 2}
      cells: {table: [In, Out], rows: {one: [x, h], "no: two": [w, v]}, points: 2}
"""


def test_the_solution_of_a_sheet_of_formulas_is_proved_once() -> None:
    found = lint(sheet_of(FORMULAS % "1 + w^2"))
    (proof,) = found.problems[0].proofs
    assert proof == (None, 12, 12, (), ())
    assert found.holds
    assert "Its own solution earns all 12 points." in lint_text(found, 100)


def test_a_formula_that_cannot_be_worked_out_anywhere_is_no_proof() -> None:
    found = lint(sheet_of(FORMULAS % "-1 - w^2"))
    (proof,) = found.problems[0].proofs
    assert not found.holds
    assert proof.wrong == ("dv/dw in slope", "no: two, Out in cells")


def test_a_formula_asked_in_the_same_names_twice_earns_points_twice() -> None:
    text = FORMULAS % "1 + w^2"
    twice = text + "      again: {derive: dv/dw}\n      other: {derive: dv/dw, in: [w, f]}\n"
    said = [each for each in lint(sheet_of(twice)).problems[0].advice if "twice" in each]
    assert said == ["`dv/dw` is asked in slope and again in again: it earns points twice."]
    assert not [each for each in lint(sheet_of(text)).problems[0].advice if "twice" in each]


# --- questions with options, and words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("{choose: [2, 1], key: 1}", "`2` is an option, and the letter or number of another"),
        ("{choose: [b, c, d], key: b}", "`b` is an option, and the letter or number of another"),
        ("{choose: [one, two], key: [one, two]}", "every option is right"),
        ("{order: [one, two, three], key: [one, [two, three]]}", "stand in the right order already"),
        ("{match: {left: [one, two], right: [x1, x2]}, key: {one: x1, two: x2}}", "in the order of the left side"),
        ("{write: Why?}", "there is no `rubric`"),
    ],
)
def test_what_students_see_too_much_of_is_told(question: str, said: str) -> None:
    found = lint(sheet_of(f"hwcheck: 1\nproblems: {{p: {{questions: {{q: {question}}}}}}}\n"))
    assert found.holds
    advice = found.problems[0].advice[0]
    assert advice.startswith("Question q: ")
    assert said in advice


def test_a_key_is_proved_by_marking_it() -> None:
    sheet = sheet_of(
        """
hwcheck: 1
problems:
  p:
    questions:
      a: {choose: ["it's", "a, b", "x: y"], key: ["it's", "x: y"], points: 2}
      b: {order: ["a < b", "c = d", e], key: [e, ["c = d", "a < b"]], points: 3}
      c: {match: {left: ["# 1", "{"], right: ["[", "]"]}, key: {"# 1": "]", "{": "["}, points: 4}
      d: {write: Why?, rubric: Because., points: 5}
      e: {choose: [one, two], key: two, points: 1, bonus: yes}
"""
    )
    (problem,) = lint(sheet).problems
    (proof,) = problem.proofs
    assert (proof.holds, proof.score, proof.max_score, proof.wrong) == (True, 10, 9, ())
    assert problem.advice == problem.faults == ()
