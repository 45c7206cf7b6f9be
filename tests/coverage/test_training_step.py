"""Rows 28 to 43 and 68 to 73: forward pass, gradients and update with the numbers that students wrote."""

from __future__ import annotations

import pytest

from hwcheck import solve
from hwcheck.marking.report import Finding
from tests.coverage.judging import STUDENT, Case, Values, agree, answered, check, report, sheet, written
from tests.marking.students import sheet_of

ANSWERS = (
    # names with their layer above, and a bias as a column of its own
    Case(28, "sheet5", "1", "d", {"X^(1)": "[0.31, -0.28]"}, "X1", "correct"),
    Case(28, "sheet5-derivations", "1a", "index", {"X1[1]": "sum(j = 1..3, w_1j^(1) U_j) + W0_1[1]"}, "X1[1]",
         "correct"),
    # the forward pass, digits as written
    *(Case(29, "sheet5", "1", "d", STUDENT, name, "correct") for name in ("X1", "Y1", "X2", "Y2")),
    # index notation
    *(Case(30, "sheet5-derivations", "1a", "index", STUDENT, name, "correct")
      for name in ("X1[1]", "Y1[1]", "X1[2]", "Y1[2]", "Y2[1]")),
    Case(30, "sheet5-derivations", "1a", "index", STUDENT, "X2[1]", "wrong", ("there is no place 2",)),
    Case(30, "sheet5-derivations", "1a", "index", {"X2[1]": "sum(j = 1..2, w_1j^(2) Y_j^(1)) + W0_2[1]"}, "X2[1]",
         "correct"),
    Case(30, "sheet5-derivations", "1a", "vector", STUDENT, "X1", "correct"),
    Case(30, "sheet5-derivations", "1a", "vector", STUDENT, "X2", "wrong", ("1 x 2",)),
    # the loss, from a rounded output
    Case(31, "sheet5", "1", "f", STUDENT, "", "correct"),
    Case(31, "sheet5", "1", "f", "0.3074", "", "wrong", ("LOG_BASE",)),
    # a decision
    Case(32, "sheet5", "1", "e", STUDENT, "", "correct"),
    Case(32, "sheet5", "1", "e", "1", "", "wrong"),
    # gradients of all layers, and the slopes between them
    *(Case(33, "sheet5", "1", "g", STUDENT, f"dJ/d{name}", "correct") for name in ("W2", "W1")),
    *(Case(34, "sheet5", "1", "g", STUDENT, name, "correct") for name in ("dJ/db2", "dJ/dX1", "dJ/db1", "dY1/dX1")),
    # the update
    *(Case(35, "sheet5", "1", "h", STUDENT, name, "correct") for name in ("W2_new", "b2_new")),
    # a gradient takes the weights of its own step
    Case(36, "sheet5", "1", "g", {"dJ/dX1": "[0.02295, -0.02623]"}, "dJ/dX1", "wrong", ("UPDATED_W",)),
    # rounding that was carried on is right, a slip of the same size is not
    Case(37, "sheet5", "1", "g", STUDENT, "dJ/dW2", "correct"),
    Case(37, "sheet5", "1", "h", STUDENT, "W1_new", "wrong"),
    # hints name the place and never the value
    Case(38, "sheet5", "1", "h", STUDENT, "W1_new", "wrong", ("DROP_ZERO",)),
    Case(39, "sheet5", "1", "h", STUDENT, "b1_new", "wrong", ("UPD_SIGN_ONE",)),
    Case(40, "exercise3", "2.3", "forward", STUDENT, "z2", "wrong", ("ARITH_SUM",)),
    # different numbers of digits and powers of ten in one matrix
    Case(42, "sheet5", "1", "g", {"dJ/dW1": "[[0.0743, 4.953e-3, -2.4767e-3], [-0.0746, -4.974e-3, 2.48749e-3]]"},
         "dJ/dW1", "correct"),
    # a printed row vector is no difference
    Case(43, "sheet5", "1", "d", {"X1": "(0.31 - 0.28)"}, "X1", "unreadable"),
    Case(43, "sheet5", "1", "d", {"X1": "[0.31 -0.28]"}, "X1", "correct"),
    # two paths meet in h0
    Case(68, "exercise3", "2.3", "backward", {"dL/dh0": "0.75"}, "dL/dh0", "correct"),
    Case(68, "exercise3", "2.3", "backward", {"dL/dh0": "0.5"}, "dL/dh0", "wrong", ("SUM_ONE_PATH",)),
    Case(68, "exercise3-questions", "2.1", "paths", "w3 dL/dz2 + w1 dL/dz1", "", "correct"),
    Case(68, "exercise3-questions", "2.1", "paths", "w3 dL/dz2", "", "wrong", ("SUM_ONE_PATH",)),
    *(Case(68, "exercise3-questions", "2.1", "forward", STUDENT, name, "correct")
      for name in ("z0", "h0", "z1", "h1", "z2", "yhat")),
    Case(68, "exercise3-questions", "2.1", "output", STUDENT, "dL/dz2", "correct"),
    # the second forward pass, after the update
    *(Case(69, "exercise3", "2.3", "second", STUDENT, f"{name}@2", "correct")
      for name in ("z0", "h0", "z1", "h1", "z2", "yhat", "L")),
    # what stands in a line, and what was made of it
    Case(72, "exercise3", "2.3", "forward", STUDENT, "z2", "wrong", ("ARITH_SUM", "Add it up once more", "working")),
    Case(72, "exercise3", "2.3", "forward", {"z2": "0.5 × 0.25 + 0.5 × 0.5 = 0.375"}, "z2", "correct"),
    # a number that is well known
    Case(73, "exercise3-questions", "4.3 with numbers", "loss", STUDENT, "L", "correct", ("ln2",)),
    Case(73, "exercise3-questions", "4.3 with numbers", "constant", STUDENT, "", "correct"),
    Case(73, "exercise3-questions", "4.3 with numbers", "constant", "ln 2", "", "correct"),
    Case(73, "exercise3-questions", "4.3 with numbers", "constant", "-ln(2)/2", "", "wrong"),
)  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_an_answer_gets_the_verdict_that_its_row_names(case: Case) -> None:
    check(case)


VALUES = (
    Values(28, "sheet5", "1", {"X1": [0.31, -0.28]}),
    Values(29, "sheet5", "1", {"Y1": [0.5768852611320463, 0.43045377606077095], "X2": 0.02928629701425506,
                               "Y2": 0.5073210509967371}),
    Values(31, "sheet5", "1", {"J": 0.7078975361350005}),
    Values(32, "sheet5", "1", {"class": 0}),
    Values(33, "sheet5", "1", {"dJ/dW2": [[0.29266603698203686, 0.21837826207666441]],
                               "dJ/dW1": [[0.07429878828790404, 0.0049532525525269365, -0.0024766262762634683],
                                          [-0.07462590873370534, -0.004975060582247023, 0.0024875302911235115]]}),
    Values(34, "sheet5", "1", {"dJ/db1": [0.024766262762634682, -0.024875302911235114],
                               "dJ/dX1": [0.024766262762634682, -0.024875302911235114],
                               "dJ/db2": 0.5073210509967371}),
    Values(35, "sheet5", "1", {"W1_new": [[0.0962850605856048, 0.19975233737237366, 0.30012383131381315],
                                          [-0.09626870456331474, 0.00024875302911235114, -0.2001243765145562]],
                               "b1_new": [-0.0012383131381317341, 0.0012437651455617558],
                               "W2_new": [[0.18536669815089818, -0.21091891310383323]],
                               "b2_new": -0.025366052549836857}),
    Values(68, "exercise3", "2.3", {"z2": 0.375, "L": 3.375, "dL/dh0": 0.75, "dL/dw0": 0.75, "dL/dw1": 0.25,
                                    "dL/dw2": 0.25, "dL/dw3": 0.5}),
    Values(69, "exercise3", "2.3", {"w0_new": -0.25, "w1_new": 0.25, "w2_new": 0.25, "w3_new": 0, "z0@2": -0.25,
                                    "yhat@2": 0, "L@2": 3}),
    Values(70, "exercise3-questions", "4.1 with numbers",
           {"dL/dw0@2": 0, "dL/dw1@2": 0, "dL/dw2@2": 0, "dL/dw3@2": 0, "L@2": 3, "L@3": 3, "L_new": 3}),
    Values(73, "exercise3-questions", "4.3 with numbers",
           {"logits": [0, 0, 0, 0], "L": 0.6931471805599453, "dL/dlogits": [0.125, -0.125, -0.125, 0.125],
            "dL/dW2": [0, 0], "dL/db2": 0, "dL/dW1": [[0, 0], [0, 0]], "dL/db1": [0, 0]}),
)  # fmt: skip


@pytest.mark.parametrize("values", VALUES, ids=str)
def test_the_numbers_of_a_row_are_those_worked_out_elsewhere(values: Values) -> None:
    agree(values)


@pytest.mark.parametrize(("threshold", "decision"), [("0.6", "0"), ("0.5", "1")])
def test_row_32_a_decision_goes_by_any_threshold(threshold: str, decision: str) -> None:
    text = "hwcheck: 1\nproblems:\n  a:\n    given: {z: 0.0292863}\n    network: Y = sigmoid(z)\n"
    of = sheet_of(f"{text}    questions: {{a: Y, e: {{find: {{class: Y >= {threshold}}}}}}}\n")
    (value,) = (each.value for each in solve(of).problems[0].parts[0].quantities if each.name == "class")
    assert value == float(decision)
    assert [each.verdict for each in answered(of, "a", "e", decision)] == ["correct"]
    assert [each.verdict for each in answered(of, "a", "e", str(1 - int(decision)))] == ["wrong"]


def entry(finding: Finding, row: int, column: int) -> str:
    """Give the verdict of an entry of a matrix, counted from 1."""
    cell = finding.cells[row - 1][column - 1]
    assert isinstance(cell, str)
    return cell


def test_rows_37_and_38_and_40_entry_by_entry() -> None:
    """The list takes a flat tolerance of 1e-3; design and marking go by the digits, and come to the same here."""
    weights = written("sheet5")["1", "h", "W1_new"]
    wrong = [(row, column) for row in (1, 2) for column in (1, 2, 3) if entry(weights, row, column) == "wrong"]
    assert wrong == [(1, 3), (2, 3)]
    assert [(slip.code, slip.cells) for slip in weights.slips] == [("DROP_ZERO", ((1, 3),))]  # -0.8 has no named cause


def test_rows_38_and_39_and_40_a_hint_names_the_place_and_never_the_value() -> None:
    found = [*written("sheet5").values(), *written("exercise3").values()]
    slips = [(each, slip) for each in found for slip in each.slips]
    assert {slip.code for _, slip in slips} == {"DROP_ZERO", "UPD_SIGN_ONE", "ARITH_SUM"}
    for _, slip in slips:
        assert slip.cells
        assert not any(character.isdigit() for character in slip.message)


def test_row_41_follow_through_from_the_students_own_numbers() -> None:
    """0.43045 is the student's; a page with 0.45 instead is right, or carried, where it goes on from that."""
    of = sheet("sheet5")
    (fair, *_) = answered(of, "1", "g", {"dJ/dW2": "[0.29267, 0.218376]"})
    assert fair.verdict == "correct"
    page = {"X1": "[0.31, -0.28]", "Y1": "[0.5769, 0.45]", "X2": "0.02538", "Y2": "0.50634"}
    found = {each.quantity: each for each in answered(of, "1", "d", page)}
    assert [found[name].verdict for name in page] == ["correct", "wrong", "carried", "carried"]


def test_row_71_what_is_not_there_is_blank_and_never_wrong() -> None:
    found = written("exercise3")
    for name in ("yhat", "L"):
        assert found["2.3", "forward", name].verdict == "blank"
    for question, names in (("gradients", "dL/dw0 dL/dw1 dL/dw2 dL/dw3"), ("update", "w0_new w1_new w2_new w3_new")):
        for name in names.split():
            assert found["2.3", question, name].verdict == "blank"
            assert not found["2.3", question, name].slips
    assert report("exercise3").diagnostics == ()
