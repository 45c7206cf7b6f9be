"""Rows 51 to 53: several classes, the Jacobian of the softmax, and large numbers."""

from __future__ import annotations

import pytest

from tests.coverage.judging import STUDENT, Case, Screen, Shown, Values, agree, check, shows

ANSWERS = (
    # several classes
    Case(51, "sheet5-derivations", "3", "factor 2", "diag(Y2) - Y2 Y2^T", "", "correct"),
    Case(51, "sheet5-derivations", "3", "factor 2 index", STUDENT, "", "correct"),
    Case(51, "sheet5-derivations", "6 softmax", "slope", STUDENT, "", "wrong"),
    Case(52, "sheet5-derivations", "3", "delta", STUDENT, "", "correct", ("recovered", "Line 1")),
    Case(52, "sheet5-derivations", "3", "delta", "y[i] - Y2[i]", "", "wrong", ("SIGN_ERR",)),
    Case(52, "sheet5-derivations", "3", "factor 1", STUDENT, "", "correct"),
    Case(52, "sheet5-derivations", "3", "softmax", STUDENT, "", "correct"),
    Case(52, "sheet5-derivations", "3", "loss", STUDENT, "", "correct"),
    Case(52, "sheet5-derivations", "3", "output", STUDENT, "", "correct"),
    Case(52, "sheet5-derivations", "3", "hidden", STUDENT, "", "correct", ("each",)),
)  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_an_answer_gets_the_verdict_that_its_row_names(case: Case) -> None:
    check(case)


VALUES = (
    Values(51, "sheet5-derivations", "3 with numbers",
     {"Y2": [0.32197778651812975, 0.4348783325674725, 0.24314388091439768], "J": 0.8326889822626533,
      "dY2/dX2": [[0.2183080915070154, -0.14002116292476988, -0.0782869285822455],
                  [-0.14002116292476988, 0.24575916843080728, -0.10573800550603736],
                  [-0.0782869285822455, -0.10573800550603736, 0.18402493408828288]]}),
    Values(52, "sheet5-derivations", "3 with numbers",
     {"dJ/dX2": [0.32197778651812975, -0.5651216674325275, 0.24314388091439768]}),
    Values(53, "sheet5-derivations", "6 softmax of large numbers",
     {"P": [0.2689414213699951, 0.7310585786300049], "logarithms": [-1.3132616875182228, -0.3132616875182228]}),
)  # fmt: skip


@pytest.mark.parametrize("values", VALUES, ids=str)
def test_the_numbers_of_a_row_are_those_worked_out_elsewhere(values: Values) -> None:
    agree(values)


def test_row_51_a_solution_shows_the_jacobian_of_a_softmax(capsys: Screen) -> None:
    shows(Shown(51, "sheet5-derivations", "3", "dY2/dX2 = diag(Y2) − Y2 Y2ᵀ"), capsys)
