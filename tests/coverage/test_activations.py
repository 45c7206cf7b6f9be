"""Rows 54 to 57: activations with their slopes, conventions at 0, and outputs within bounds."""

from __future__ import annotations

import numpy as np
import pytest

from hwcheck import solve
from tests.coverage.judging import STUDENT, Case, Values, agree, answered, check
from tests.marking.students import sheet_of

ANSWERS = (
    # activations
    Case(54, "sheet5-derivations", "6 ReLU", "value", STUDENT, "", "correct"),
    Case(54, "sheet5-derivations", "6 ReLU", "slope", STUDENT, "", "correct"),
    Case(54, "sheet5-derivations", "6 leaky ReLU", "value", STUDENT, "", "correct"),
    Case(54, "sheet5-derivations", "6 leaky ReLU", "slope", {"x > 0": "1", "x < 0": "a"}, "", "correct"),
    Case(54, "sheet5-derivations", "6 linear", "value", STUDENT, "", "correct"),
    Case(54, "sheet5-derivations", "6 linear", "slope", STUDENT, "", "correct"),
    Case(54, "sheet5-derivations", "6 sigmoid", "value", STUDENT, "", "correct"),
    Case(54, "sheet5-derivations", "6 sigmoid", "slope", STUDENT, "", "correct"),
    Case(54, "sheet5-derivations", "6 tanh", "value", STUDENT, "", "correct"),
    Case(54, "sheet5-derivations", "6 tanh", "slope", STUDENT, "", "correct"),
    Case(54, "sheet5-derivations", "6 tanh", "sigmoid", STUDENT, "", "correct"),
    Case(54, "sheet5-derivations", "6 tanh", "sigmoid", "2σ(x) - 1", "", "wrong"),
    Case(54, "sheet5-derivations", "6 softmax", "value", STUDENT, "", "correct"),
    # an activation between two ends
    Case(57, "homework4", "4c", "s", STUDENT, "", "correct"),
    Case(57, "homework4", "4c", "y", STUDENT, "", "correct"),
    Case(57, "homework4", "4c", "y", "tanh(z)", "", "wrong"),
    Case(57, "homework4", "4c", "slope", "(b - a) s (1 - s)", "", "correct"),
)  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_an_answer_gets_the_verdict_that_its_row_names(case: Case) -> None:
    check(case)


VALUES = (
    Values(54, "sheet5-derivations", "6 with numbers",
     {"leaky_out": -0.2, "drelu_out/dx": 0, "dleaky_out/dx": 0.1, "dsigmoid_out/dx": 0.1049935854035065,
      "dtanh_out/dx": 0.07065082485316443, "drelu_out/dx when x = 0.5": 1,
      "dsigmoid_out/dx when x = 0.5": 0.2350037122015945, "dtanh_out/dx when x = 0.5": 0.7864477329659274}),
    Values(56, "homework4", "4 with numbers", {"above(-2)": 0, "above(3)": 3, "below(-2)": -2, "below(3)": 0}),
    Values(57, "homework4", "4 with numbers", {"between(0)": 3.5, "between(1)": 4.193175735890015, "dy/dz": 0.75}),
)  # fmt: skip


@pytest.mark.parametrize("values", VALUES, ids=str)
def test_the_numbers_of_a_row_are_those_worked_out_elsewhere(values: Values) -> None:
    agree(values)


@pytest.mark.parametrize(("convention", "slope"), [("0", 0), ("1", 1), ("1/2", 0.5)])
def test_row_55_the_slope_of_relu_at_zero_is_a_convention(convention: str, slope: float) -> None:
    """The list calls it relu_grad_at_zero; the design's name for it is relu_slope_at_zero."""
    text = "hwcheck: 1\nproblems:\n  a:\n    given: {x: 0}\n    network: P = relu(x)\n"
    text += f"    conventions: {{relu_slope_at_zero: {convention}}}\n    questions: {{a: dP/dx}}\n"
    of = sheet_of(text)
    (value,) = (each.value for each in solve(of).problems[0].parts[0].quantities if each.role == "asked")
    assert value is not None
    assert float(value) == slope
    assert [each.verdict for each in answered(of, "a", "a", str(slope))] == ["correct"]


def test_row_55_a_slope_that_a_sheet_leaves_undefined_has_no_value() -> None:
    text = "hwcheck: 1\nproblems:\n  a:\n    given: {x: 0}\n    network: P = relu(x)\n"
    of = sheet_of(f"{text}    conventions: {{relu_slope_at_zero: undefined}}\n    questions: {{a: dP/dx}}\n")
    (value,) = (each.value for each in solve(of).problems[0].parts[0].quantities if each.role == "asked")
    assert value is not None
    assert np.isnan(value)
    for slope in ("0", "1"):
        assert [each.verdict for each in answered(of, "a", "a", slope)] == ["wrong"]
