"""Rows 15 to 20: tables of layers, gradients as products of matrices, shapes and Jacobians."""

from __future__ import annotations

import pytest

from tests.coverage.judging import STUDENT, Case, Screen, Shown, Values, agree, answered, check, shows
from tests.marking.students import sheet_of

ANSWERS = (
    # a table of layers
    *(Case(15, "layers", "1.2", "b", STUDENT, f"{row}, {column}", "correct")
      for row in ("Linear 1", "f", "Linear 2", "g", "Loss") for column in ("Input", "Output")),
    Case(15, "layers", "1.2", "b", {"Linear 2": {"Output": "W2 max(0, W1 x + b1) + b2"}}, "Linear 2, Output",
         "correct"),
    Case(15, "layers", "1.2", "b", {"Linear 2": {"Output": "W2 max(0, W1 x + b1)"}}, "Linear 2, Output", "wrong",
     ("BIAS_FWD",)),
    # gradients as products of matrices
    *(Case(16, "layers", "1.2", "c", STUDENT, f"dl/d{name}", "correct")
      for name in ("z3", "W2", "b2", "z2", "z1", "W1", "b1")),
    *(Case(16, "layers", "1.2", "all", STUDENT, f"dl/d{name}", "correct") for name in ("b2", "W1", "b1")),
    Case(16, "layers", "1.2", "all", STUDENT, "dl/dW2", "correct", ("order",)),
    # shapes
    Case(17, "layers", "1.2", "c", {"dl/dW2": "z2 (dl/dyhat)^T"}, "dl/dW2", "wrong",
     ("DW_TRANSPOSED", "d3 x d2", "d2 x d3")),
    Case(17, "layers", "1.2", "c", {"dl/dz2": "W2 dl/dyhat"}, "dl/dz2", "wrong", ("d3 x d2", "d3")),
    Case(17, "sheet5-derivations", "3", "back", STUDENT, "", "wrong", ("PRODUCT_ORDER", "K x 2")),
    Case(17, "sheet5-derivations", "2", "hidden", STUDENT, "", "wrong", ("PRODUCT_ORDER", "vector of 3")),
    # Jacobians
    Case(18, "layers", "1.2", "d", STUDENT, "dyhat/dz3", "correct"),
    Case(18, "layers", "1.2", "d", STUDENT, "diag(dz2/dz1)", "correct", ("diagonal",)),
    Case(18, "layers", "1.2", "d", {"diag(dz2/dz1)": "diag(z1 > 0)"}, "diag(dz2/dz1)", "correct"),
    Case(18, "layers", "1.2", "hadamard", STUDENT, "", "correct"),
    Case(18, "layers", "1.2 with numbers", "slopes", {"dz2/dz1": "[1, 0, 1]"}, "dz2/dz1", "correct"),
    Case(18, "layers", "1.2 with numbers", "slopes", {"diag(dz2/dz1)": "[[1, 0, 0], [0, 0, 0], [0, 0, 1]]"},
     "diag(dz2/dz1)", "correct"),
    Case(18, "layers", "1.2 with numbers", "slopes", {"diag(dz2/dz1)": "[1, 0, 1]"}, "diag(dz2/dz1)", "correct",
     ("diagonal",)),
    # the elements of dl/dyhat
    Case(19, "layers", "1.2", "d", STUDENT, "dl/dyhat", "undecided", ("unexpanded", "dl/dyhat")),
    Case(19, "layers", "1.2", "d", {"dl/dyhat": "2 (yhat - y)"}, "dl/dyhat", "correct"),
    Case(19, "layers", "1.2", "d", {"dl/dyhat": "[2 (yhat_1 - y_1); ...; 2 (yhat_d3 - y_d3)]"}, "dl/dyhat", "correct"),
)  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_an_answer_gets_the_verdict_that_its_row_names(case: Case) -> None:
    check(case)


VALUES = (
    Values(16, "layers", "1.2 with numbers",
     {"z1": [1.1, -0.8, 1.4], "z2": [1.1, 0, 1.4], "dl/dW1": [[1.792, -3.584], [0, 0], [0.224, -0.448]],
      "dl/dW2": [[1.76, 0, 2.24], [1.056, 0, 1.344]], "dl/dz2": [1.792, -1.312, 0.224], "dl/dz1": [1.792, 0, 0.224]}),
    Values(18, "layers", "1.2 with numbers",
     {"dyhat/dz3": [[1, 0], [0, 1]], "diag(dz2/dz1)": [[1, 0, 0], [0, 0, 0], [0, 0, 1]], "dz2/dz1": [1, 0, 1]}),
    Values(19, "layers", "1.2 with numbers", {"dl/dyhat": [1.6, 0.96]}),
)  # fmt: skip


@pytest.mark.parametrize("values", VALUES, ids=str)
def test_the_numbers_of_a_row_are_those_worked_out_elsewhere(values: Values) -> None:
    agree(values)


SHOWN = (
    Shown(16, "layers", "1.2", "dl/dW1 = ((W2ᵀ dl/dyhat) ⊙ (z1 > 0)) xᵀ"),
    Shown(18, "layers", "1.2", "diag(z1 > 0)"),
)


@pytest.mark.parametrize("shown", SHOWN, ids=str)
def test_a_solution_shows_the_formula_of_its_row(shown: Shown, capsys: Screen) -> None:
    shows(shown, capsys)


def test_row_18_entries_of_a_jacobian_are_asked_where_its_diagonal_alone_is_listed() -> None:
    text = "hwcheck: 1\nproblems:\n  a:\n    given: {x: [1, -2, 3]}\n    network: z = relu(x)\n"
    text += "    questions: {on: {find: ['dz/dx[3,3]', 'dz/dx[2]']}, beside: {find: 'dz/dx[1,3]'}}\n"
    of = sheet_of(text)
    both = answered(of, "a", "on", {"dz/dx[3,3]": "1", "dz/dx[2]": "0"})
    assert [each.verdict for each in both] == ["correct", "correct"]
    assert [each.verdict for each in answered(of, "a", "beside", "0")] == ["correct"]
    assert [each.verdict for each in answered(of, "a", "beside", "1")] == ["wrong"]
    assert {each.verdict for each in answered(of, "a", "on", {"dz/dx[1,2]": "0"})} == {"blank"}  # not asked


def test_row_20_sizes_that_do_not_fit_are_refused_with_both() -> None:
    text = "hwcheck: 1\nproblems:\n  a:\n    given: {x: vector d_in, W1: matrix d2 x d1, b1: vector d2}\n"
    text += "    network: z1 = W1 x + b1\n    questions: {a: z1}\n"
    with pytest.raises(AssertionError, match=r"W1.*d2 x d1.*x.*d_in"):
        sheet_of(text)
