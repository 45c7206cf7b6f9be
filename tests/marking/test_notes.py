"""What takes no marks, or is told from how values stand to each other; and the slips of real answers."""

from __future__ import annotations

import numpy as np
import pytest

from hwcheck import load_answers, load_sheet, verify
from hwcheck.marking import Report
from hwcheck.marking.report import Finding
from tests.bundled import answers_file
from tests.marking.mistakes import Case, Wrong, judged, page_of, sheet_for, table_of, worked
from tests.marking.mistakes_nets import NEURON, RELU, UNIT, UNITFIND
from tests.marking.mistakes_rules import MOMENTUM
from tests.marking.students import marked


def found(report: Report, name: str, problem: str = "1") -> Finding:
    (finding,) = [each for each in report.findings if (each.problem, each.quantity) == (problem, name)]
    return finding


def codes(finding: Finding) -> list[str]:
    return [slip.code for slip in finding.slips]


#: z is exactly 0.
KINK = Case("RELU_ZERO", {**NEURON, "w": 0.5, "x": 0.6}, RELU, UNITFIND, {})
SCALED = Case("EPS_PLACE", {"w": 0.5, "g": 0.8, "v": 0.3, "a": 0.1, "eps": 0.04}, "", "w_1", {})
OUTSIDE = "w_1 = w - a g / (sqrt(v) + eps)"
INSIDE = "w_1 = w - a g / sqrt(v + eps)"
VELOCITY = Case("MOM_LR", {**MOMENTUM, "v0": 0}, "v = b v0 + g; w_1 = w - r v", "v, w_1", {})


@pytest.mark.parametrize(
    ("case", "name", "how", "fixed"),
    [
        (KINK, "dJ/dz", lambda v: v["dJ/da"], "relu_slope_at_zero: 0"),
        (KINK, "dJ/dz", lambda v: v["dJ/da"] / 2, "relu_slope_at_zero: 0"),
        (
            SCALED._replace(network=OUTSIDE),
            "w_1",
            lambda v: v["w"] - v["a"] * v["g"] / np.sqrt(v["v"] + v["eps"]),
            "",
        ),
        (
            SCALED._replace(network=INSIDE),
            "w_1",
            lambda v: v["w"] - v["a"] * v["g"] / (np.sqrt(v["v"]) + v["eps"]),
            "",
        ),
    ],
)
def test_a_convention_is_accepted_unless_the_sheet_fixes_it(case: Case, name: str, how: Wrong, fixed: str) -> None:
    report = judged(sheet_for(case), {name: how})
    assert report.score == pytest.approx(report.max_score)
    finding = found(report, name)
    assert finding.verdict == "correct"
    assert codes(finding) == [case.code] or fixed.startswith(tuple(each.convention for each in report.readings))
    if not fixed:
        return
    strict = judged(sheet_for(case, more=f"conventions: {{{fixed}}}"), {name: how})
    assert found(strict, name).verdict == "wrong"
    (slip,) = found(strict, name).slips
    assert case.code in (slip.code, *slip.also)
    assert strict.score < strict.max_score


def test_a_velocity_with_the_learning_rate_inside_is_accepted() -> None:
    sheet = sheet_for(VELOCITY)
    right = worked(sheet, {})
    report = judged(sheet, {"v": lambda v: -v["r"] * v["g"], "w_1": lambda v: right["w_1"]})
    assert report.score == pytest.approx(report.max_score)
    assert (found(report, "v").verdict, codes(found(report, "v"))) == ("correct", ["MOM_LR"])
    assert found(report, "w_1").verdict == "correct"


def test_a_value_under_the_name_of_another_is_told() -> None:
    case = Case("LABEL_WRONG", {"x": 1.37, "w": 0.82}, "z = w x; a = tanh(z); s = exp(-z)", "z, a, s", {})
    sheet = sheet_for(case)
    right = page_of(sheet, worked(sheet, {}))
    report = marked(sheet, {"all": {"z": right["z"], "s": right["a"]}})
    assert codes(found(report, "s")) == ["LABEL_WRONG"]
    assert report.score == pytest.approx(2)
    both = marked(sheet, {"all": {"z": right["z"], "a": right["a"], "s": right["a"]}})
    assert "LABEL_WRONG" not in codes(found(both, "s"))
    assert found(both, "s").verdict == "wrong"


@pytest.mark.parametrize("network", [UNIT, UNIT.replace("sigmoid", "tanh")])
def test_a_sign_that_is_put_right_further_down_is_told(network: str) -> None:
    case = Case("COMPENSATING", NEURON, network, UNITFIND + ", da/dz", {})
    sheet = sheet_for(case)
    right = worked(sheet, {})
    report = judged(sheet, {"da/dz": lambda v: -v["da/dz"], "dJ/dz": lambda v: right["dJ/dz"]})
    assert found(report, "da/dz").verdict == "wrong"
    assert codes(found(report, "da/dz")) == ["COMPENSATING"]
    assert found(report, "dJ/dz").verdict == "correct"
    assert "recovered" in found(report, "dJ/dz").remarks
    onward = judged(sheet, {"da/dz": lambda v: -v["da/dz"]})
    assert "COMPENSATING" not in codes(found(onward, "da/dz"))
    assert table_of(sheet)["dJ/dz"].formula is not None


def test_rounding_and_cutting_off_cost_nothing() -> None:
    sheet = load_sheet("sheet5")
    report = marked(
        sheet,
        {
            "d": {"X1": "[0.31, -0.28]", "Y1": "[0.5769, 0.43045]", "X2": "0.02929", "Y2": "0.50732"},
            "f": {"J": "0.7078954"},
            "g": {"dJ/dW2": "[[0.29267, 0.218376]]", "dJ/db2": "0.50732", "dJ/dX1": "[0.02476, -0.02487]"},
        },
    )
    assert {each.verdict for each in report.findings if each.answer} == {"correct"}
    assert not any(each.slips for each in report.findings)
    assert "digits" in found(report, "dJ/dW2").remarks  # SPURIOUS_DIGITS
    assert "truncated" in [remark for each in report.findings for remark in each.remarks]


def test_the_slips_of_the_answers_to_sheet_5() -> None:
    report = verify(load_sheet("sheet5"), load_answers(str(answers_file("sheet5"))))
    weights, biases = found(report, "W1_new"), found(report, "b1_new")
    assert [(slip.code, slip.cells) for slip in weights.slips] == [("DROP_ZERO", ((1, 3),))]
    assert [(slip.code, slip.cells) for slip in biases.slips] == [("UPD_SIGN_ONE", ((2,),))]
    assert not any(each.slips for each in report.findings if each not in (weights, biases))
    assert report.score == pytest.approx(18.75)
    gradient = found(report, "dJ/dW1")
    assert gradient.verdict == "correct"
    assert "truncated" in gradient.remarks  # -4.974e-3, cut off


def test_the_slip_of_the_answers_to_exercise_3() -> None:
    report = verify(load_sheet("exercise3"), load_answers(str(answers_file("exercise3"))))
    wrong = [each for each in report.findings if each.verdict == "wrong"]
    assert [(each.quantity, codes(each)) for each in wrong] == [("z2", ["ARITH_SUM"])]
    asked = {"yhat", "L", "dL/dh0", "dL/dw0"}
    assert all(each.verdict in ("correct", "carried", "blank") for each in report.findings if each not in wrong)
    assert not any(each.slips for each in report.findings if each.quantity in asked)


def test_a_gradient_in_the_shape_of_its_transpose_is_told() -> None:
    sheet = load_sheet("sheet5")
    turned = "[[0.0743, -0.07463], [4.953e-3, -4.975e-3], [-2.4766e-3, 2.4875e-3]]"
    report = marked(sheet, {"g": {"dJ/dX1": "[0.024766, -0.024875]", "dJ/dW1": turned}})
    gradient = found(report, "dJ/dW1")
    assert gradient.verdict == "wrong"
    assert codes(gradient) == ["DW_TRANSPOSED"]
    updated = marked(
        sheet,
        {"g": {"dJ/dW1": turned}, "h": {"W1_new": "[[0.096285, 0.19975, 0.30012], [-0.096269, 0.00024875, -0.20012]]"}},
    )
    assert found(updated, "W1_new").verdict == "correct"
