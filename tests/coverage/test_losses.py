"""Rows 21 to 27 and 44 to 50: the sigmoid and the losses, derived and with numbers, also by cases."""

from __future__ import annotations

import pytest

from hwcheck import solve
from tests.coverage.judging import STUDENT, Case, Values, agree, answered, check
from tests.marking.students import sheet_of

ANSWERS = (
    # the sigmoid
    Case(21, "layers", "1.3a", "a", STUDENT, "", "correct"),
    Case(22, "sheet5-derivations", "1c sigmoid", "a", STUDENT, "", "correct", ("recovered", "FORMULA_SIGN", "Line 1")),
    Case(22, "sheet5-derivations", "1c sigmoid", "a", "-(1+e^-x)^-2 e^-x", "", "wrong", ("FORMULA_SIGN",)),
    Case(22, "sheet5-derivations", "1c sigmoid", "a", "e^-x/(1+e^-x)^2", "", "correct"),
    # binary cross-entropy
    Case(23, "layers", "1.3", "loss", STUDENT, "", "correct"),
    Case(23, "layers", "1.3", "b", STUDENT, "", "correct"),
    Case(23, "layers", "1.3", "b", "-(1/n) (y_i/yhat_i - (1 - y_i)/(1 - yhat_i)) for i = 1..n", "", "correct"),
    Case(23, "layers", "1.3", "b", {"dl/dyhat[i] for i = 1..n": "(-y_i/yhat_i + (1 - y_i)/(1 - yhat_i))/n"}, "",
         "correct"),
    Case(23, "layers", "1.3", "b", "dl/dyhat_i = -(1/n) (y_i/yhat_i - (1 - y_i)/(1 - yhat_i))", "", "correct"),
    Case(23, "layers", "1.3", "b", "-(y_i/yhat_i - (1 - y_i)/(1 - yhat_i))", "", "wrong", ("MEAN_SUM",)),
    Case(24, "layers", "1.3", "delta", "(yhat - y)/n", "", "correct"),
    Case(24, "layers", "1.3", "delta", "yhat - y", "", "wrong", ("MEAN_SUM",)),
    # squares
    Case(25, "layers", "1.2", "b", {"Loss": {"Output": "1/2 ||yhat - y||^2"}}, "Loss, Output", "wrong",
     ("CONSTANT_FACTOR",)),
    Case(26, "sheet5-derivations", "2", "forward", STUDENT, "J", "correct"),
    # cases
    Case(44, "sheet5-derivations", "1c", "factor 1", STUDENT, "", "correct"),
    Case(44, "sheet5-derivations", "1c", "factor 1", "-y · 1/Y2 - (1 - y) · (-1)/(1 - Y2)", "", "correct"),
    Case(44, "sheet5-derivations", "1c", "output index", {"y = 0": "Y2 Y1[j]", "y = 1": "-Y1[j] (1 - Y2)"}, "",
         "correct"),
    Case(44, "sheet5-derivations", "1c", "output", STUDENT, "", "correct"),
    Case(44, "sheet5-derivations", "1c", "hidden", STUDENT, "", "correct"),
    Case(44, "sheet5-derivations", "1c", "hidden index", STUDENT, "", "wrong", ("CASE_WRONG", "y = -1")),
    Case(45, "sheet5-derivations", "1c", "delta", "-y (1 - Y2) + (1 - y) Y2", "", "correct"),
    Case(45, "sheet5-derivations", "1c", "delta", "(-y + (1 - y)) Y2 (1 - Y2)", "", "wrong"),
    Case(45, "sheet5-derivations", "1c", "output index", STUDENT, "", "correct", ("recovered", "wrong")),
    # losses derived
    Case(46, "sheet5-derivations", "1b", "loss", STUDENT, "", "correct"),
    Case(46, "sheet5-derivations", "1b", "bernoulli", STUDENT, "", "wrong", ("FACTOR_EXTRA",)),
    Case(46, "sheet5-derivations", "1b", "bernoulli", "p^y (1 - p)^(1 - y)", "", "correct"),
    Case(46, "sheet5-derivations", "1b for M examples", "loss", STUDENT, "", "correct"),
    Case(47, "sheet5-derivations", "1b cross-entropy", "cross", STUDENT, "", "correct"),
    Case(47, "sheet5-derivations", "1b cross-entropy", "cross", "sum(x = 1..n, p[x] log(q[x]))", "", "wrong"),
    Case(48, "sheet5-derivations", "2", "delta", STUDENT, "", "correct"),
    Case(48, "sheet5-derivations", "1c", "delta", "Y2 - y", "", "correct"),
    Case(48, "sheet5-derivations", "2", "output", STUDENT, "", "correct"),
)  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_an_answer_gets_the_verdict_that_its_row_names(case: Case) -> None:
    check(case)


VALUES = (
    Values(21, "layers", "1.3a with numbers", {"ds/dr": 0.25, "ds/dr when r = 0.31": 0.24408865662065704}),
    Values(23, "layers", "1.3 with numbers",
     {"l": 0.492439598653525, "dl/dyhat": [-0.7155691128525554, 0.9354401863430336]}),
    Values(24, "layers", "1.3 with numbers",
     {"dl/dz3": [-0.15062773740555085, 0.23274614064065563],
      "dl/dW1": [[-0.019501177746795634, 0.03900235549359127], [0.0471567304891737, -0.0943134609783474],
                 [-0.0341111520171355, 0.068222304034271]]}),
    Values(25, "layers", "1.2 with numbers", {"l": 0.8704}),
    Values(26, "sheet5-derivations", "2 with numbers", {"J": 0.4711425465821485, "dJ/dX2": -0.9707137029857449}),
    Values(47, "sheet5-derivations", "1b entropy", {"H": 1.203972804325936,
            "H when q = [0.5, 0.5]": 0.6931471805599453}),
    Values(48, "sheet5-derivations", "2 with numbers",
     {"dJ/dW1": [[-0.1421641222350324, -0.00947760814900216, 0.00473880407450108],
                 [0.14279003810949148, 0.009519335873966098, -0.004759667936983049]]}),
    Values(48, "sheet5-derivations", "1c with numbers",
     {"J": 0.6786112391207455, "dJ/dW2": [[-0.28421922415000944, -0.21207551398410654]]}),
    Values(49, "sheet5", "3", {"Y2": [0.32197778651812975, 0.4348783325674725, 0.24314388091439768]}),
    Values(50, "sheet5", "3", {"J": 0.8326889822626533}),
)  # fmt: skip


@pytest.mark.parametrize("values", VALUES, ids=str)
def test_the_numbers_of_a_row_are_those_worked_out_elsewhere(values: Values) -> None:
    agree(values)


ABSOLUTE = """hwcheck: 1
problems:
  a:
    given: {y: -3, yhat: 0.375}
    network: L = |y - yhat|
    questions: {above: {find: [L, dL/dyhat]}, equal: {find: dL/dyhat, when: {yhat: -3}}}
"""


def test_row_27_the_slope_of_the_absolute_error() -> None:
    """Where both are equal the list has 0; the design makes that a convention, which a sheet may leave open."""
    of = sheet_of(ABSOLUTE)
    above = answered(of, "a", "above", {"L": "3.375", "dL/dyhat": "1"})
    assert [each.verdict for each in above] == ["correct", "correct"]
    assert [each.verdict for each in answered(of, "a", "above", {"dL/dyhat": "-1"})] == ["blank", "wrong"]
    fixed = sheet_of(f"{ABSOLUTE}    conventions: {{abs_slope_at_zero: 0}}\n")
    for answer, verdict in (("0", "correct"), ("1", "wrong")):
        assert [each.verdict for each in answered(fixed, "a", "equal", answer)] == [verdict]
    asked = {each.name: each.value for part in solve(fixed).problems[0].parts for each in part.quantities}
    assert asked["dL/dyhat"] == 0
