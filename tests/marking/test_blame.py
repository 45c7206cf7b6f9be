"""Blame and marks: one root cause costs once, its neighbours tell a slip from a rule, and the sheet has its say."""

from __future__ import annotations

import pytest

from hwcheck.graph.evaluate import compile_table, run
from hwcheck.marking import Report
from hwcheck.marking.report import Finding
from hwcheck.sheet import Sheet, solve
from hwcheck.sheet.problem import expand
from tests.marking.students import cells, formula_of, marked, sheet_of

NET = """
hwcheck: 1
{marking}
problems:
  "1":
    given: {{U: [3, 0.2, -0.1], W1: [[0.1, 0.2, 0.3], [-0.1, 0.4, -0.2]], b1: [0.3, -0.2], W2: [[0.2, -0.7]], b2: [0.4], y: 0}}
    network: |
      X1 = W1 U + b1
      Y1 = sigmoid(X1)
      X2 = W2 Y1 + b2
      Y2 = sigmoid(X2)
      J  = bce(Y2, y)
    train: {{loss: J, parameters: [W1, b1, W2, b2], learning_rate: 0.5}}
    {own}
    questions:
      forward: {{find: [X1, Y1, X2, Y2, J], points: 5}}
      back: {{find: [dJ/dX2, dJ/dW2, dJ/db2, dJ/dX1, dJ/dW1, dJ/db1], points: 6}}
      step: {{find: [W2_new, b2_new, W1_new, b1_new], points: 4}}
"""  # noqa: E501  # one line of a sheet


def net(marking: str = "", own: str = "") -> Sheet:
    return sheet_of(NET.format(marking=marking, own=own))


def table(sheet: Sheet, wrong: str = "", digits: int = 6) -> dict[str, dict[str, str]]:
    """Work the sheet out, with other formulas for some quantities (`name = formula; ...`) and all that follows."""
    problem = sheet.problems["1"]
    names = [ask.name for question in problem.questions.values() for ask in question.asks]
    worked = expand(problem, names)
    lines = [line.partition("=") for line in wrong.split(";") if line.strip()]
    forms = {name.strip(): formula_of(problem, formula) for name, _, formula in lines}
    program = compile_table(worked, names, forms=forms)
    slots = run(program, worked.values)
    return {
        question.id: {ask.name: typed(slots[program.slots[ask.name]], digits) for ask in question.asks}
        for question in problem.questions.values()
    }


def written(sheet: Sheet, digits: int = 6) -> dict[str, dict[str, str]]:
    """Give every asked value of a sheet as it is typed."""
    solved = solve(sheet).problems[0]
    values = {each.name: each.value for part in solved.parts for each in part.quantities}
    return {question.id: {name: typed(values[name], digits) for name in question.asks} for question in solved.questions}


def typed(value: object, digits: int) -> str:
    """Write a value with so many digits."""
    entries = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(entries, list):
        return "[" + ", ".join(typed(each, digits) for each in entries) + "]"
    assert isinstance(entries, float)
    return f"{entries:.{digits}g}"


def finding(report: Report, quantity: str) -> Finding:
    return next(each for each in report.findings if each.quantity == quantity)


def codes(report: Report, quantity: str) -> list[str]:
    return [slip.code for slip in finding(report, quantity).slips]


def test_the_sheets_own_solution_has_nothing_to_explain() -> None:
    sheet = net()
    report = marked(sheet, table(sheet))
    assert report.score == report.max_score == report.without
    assert not [each for each in report.findings if each.slips]


def test_plus_in_every_update_is_one_mistake_and_costs_one_quantity() -> None:
    sheet = net()
    answers = table(sheet)
    plus = {name: f"{name}_new" for name in ("W2", "b2", "W1", "b1")}
    solved = {each.name: each.value for each in solve(sheet).problems[0].parts[0].quantities}
    for name, new in plus.items():
        answers["step"][new] = typed(2 * solved[name] - solved[new], 6)
    report = marked(sheet, answers)
    assert codes(report, "W2_new") == ["UPD_PLUS"]
    assert finding(report, "W2_new").slips[0].certainty == "is"
    assert finding(report, "W2_new").verdict == "wrong"
    for later in ("b2_new", "W1_new", "b1_new"):
        assert (finding(report, later).verdict, finding(report, later).remarks) == ("carried", ("same",))
    assert report.score == report.max_score - 1
    assert report.without == report.max_score - 4


def test_one_plus_among_right_updates_is_a_slip_of_the_hand() -> None:
    sheet = net()
    answers = table(sheet)
    solved = {each.name: each.value for each in solve(sheet).problems[0].parts[0].quantities}
    new = solved["b1_new"].copy()
    new[1] = 2 * solved["b1"][1] - new[1]
    answers["step"]["b1_new"] = typed(new, 6)
    report = marked(sheet, answers)
    slip = finding(report, "b1_new").slips[0]
    assert (slip.code, slip.certainty, slip.cells) == ("UPD_SIGN_ONE", "looks like", ((2,),))
    assert report.score == report.max_score - 0.5


@pytest.mark.parametrize("other", ["0.7", "0.9", "-0.2", "2", "0"])
def test_a_misread_given_costs_once_and_the_rest_is_carried(other: str) -> None:
    sheet = net()
    misread = sheet_of(sheet.source.text.replace("U: [3, 0.2, -0.1]", f"U: [3, {other}, -0.1]"))
    report = marked(sheet, written(misread))
    assert codes(report, "X1") == ["MISCOPY"]
    assert cells(report, "wrong") == ["X1[1]", "X1[2]"]
    assert finding(report, "dJ/dW1").verdict == "carried"
    assert "misread" in finding(report, "dJ/dW1").remarks
    assert report.score == report.max_score - 1


def test_strict_marking_follows_nothing_through() -> None:
    for marking in ("marking: strict", "marking: {strict: yes}"):
        sheet = net(marking)
        answers = table(sheet, "Y2 = sigmoid(-X2)")
        report = marked(sheet, answers)
        assert report.score == report.without < report.max_score - 5
    fair = marked(net(), table(net(), "Y2 = sigmoid(-X2)"))
    assert fair.score == fair.max_score - 1
    assert fair.without == report.score


@pytest.mark.parametrize(("marking", "lost"), [("", 0.5), ("marking: {slip: 0.5}", 0.25), ("marking: {slip: 1}", 0)])
def test_a_slip_of_the_hand_earns_what_the_sheet_says(marking: str, lost: float) -> None:
    sheet = net(marking)
    answers = table(sheet)
    one, two = answers["step"]["b1_new"].strip("[]").split(", ")
    answers["step"]["b1_new"] = f"[{one[:3]}0{one[3:]}, {two}]"
    report = marked(sheet, answers)
    assert codes(report, "b1_new") == ["DROP_ZERO"]
    assert report.score == report.max_score - lost


def test_carried_values_earn_what_the_sheet_says() -> None:
    sheet = net("marking: {carried: 0.5}")
    report = marked(sheet, table(sheet, "X1 = W1 U"))
    carried = [each for each in report.findings if each.verdict == "carried"]
    assert carried
    assert all(each.marks == each.max_marks / 2 for each in carried)


def test_a_slip_of_the_teacher_is_named_in_their_words() -> None:
    own = "slips: {TWICE: {in: X2, formula: 2 W2 Y1 + b2, message: One weight too often?, credit: 0.25}}"
    sheet = net(own=own)
    report = marked(sheet, table(sheet, "X2 = 2 W2 Y1 + b2"))
    slip = finding(report, "X2").slips[0]
    assert (slip.code, slip.message) == ("TWICE", "One weight too often?")
    assert finding(report, "X2").marks == 0.25
    assert report.score == report.max_score - 0.75


def test_the_same_wrong_rule_in_two_layers_costs_once() -> None:
    deep = """
hwcheck: 1
problems:
  "1":
    given: {x: [0.5, -1], W1: [[0.3, -0.7], [0.6, 0.2]], W2: [[0.4, 0.9], [-0.5, 0.3]], W3: [[0.7, -0.4]], y: [1]}
    network: |
      Z1 = W1 x
      A1 = tanh(Z1)
      Z2 = W2 A1
      A2 = tanh(Z2)
      P = W3 A2
      L = half_squared_error(P, y)
    train: {loss: L, parameters: [W1, W2, W3], learning_rate: 0.5}
    questions:
      back: {find: [dL/dP, dL/dA2, dL/dZ2, dL/dA1, dL/dZ1], points: 5}
"""
    sheet = sheet_of(deep)
    right = {each.name: each.value for each in solve(sheet).problems[0].parts[0].quantities}
    a2 = right["dL/dA2"]
    a1 = right["W2"].T @ a2
    answers = {
        "back": {name: typed(value, 6) for name, value in
                 {"dL/dP": right["dL/dP"], "dL/dA2": a2, "dL/dZ2": a2, "dL/dA1": a1, "dL/dZ1": a1}.items()}
    }  # fmt: skip
    report = marked(sheet, answers)
    assert codes(report, "dL/dZ2") == codes(report, "dL/dZ1") == ["HID_DERIV_MISSING"]
    assert finding(report, "dL/dZ2").slips[0].certainty == "is"
    assert (finding(report, "dL/dZ1").verdict, finding(report, "dL/dZ1").remarks) == ("carried", ("same",))
    assert finding(report, "dL/dA1").verdict == "carried"
    assert report.score == 4


def test_a_slip_in_an_unwritten_step_is_named_where_it_shows() -> None:
    sheet = net()
    solved = {each.name: each.value for each in solve(sheet).problems[0].parts[0].quantities}
    hidden = solved["W2"].T @ solved["dJ/dX2"]  # no slope
    gradient = hidden[:, None] * solved["U"][None, :]
    answers = table(sheet)
    del answers["back"]["dJ/dX1"], answers["back"]["dJ/db1"], answers["step"]
    answers["back"]["dJ/dW1"] = typed(gradient, 6)
    report = marked(sheet, answers)
    assert codes(report, "dJ/dW1") == ["HID_DERIV_MISSING"]
    assert finding(report, "dJ/dW1").slips[0].certainty == "is"


def test_the_gradient_of_a_bias_may_contradict_the_one_it_equals() -> None:
    sheet = net()
    solved = {each.name: each.value for each in solve(sheet).problems[0].parts[0].quantities}
    answers = table(sheet)
    answers["back"]["dJ/db1"] = typed(3 * solved["dJ/dX1"], 6)
    del answers["step"]
    report = marked(sheet, answers)
    assert finding(report, "dJ/dX1").verdict == "correct"
    assert finding(report, "dJ/dW1").verdict == "correct"
    assert codes(report, "dJ/db1") == ["BIAS_GRAD_INPUT"]


def test_what_no_mistake_explains_is_wrong_without_a_name() -> None:
    sheet = net()
    answers = table(sheet)
    answers["forward"]["X2"] = "17.3391"
    report = marked(sheet, {"forward": answers["forward"]})
    assert finding(report, "X2").verdict == "wrong"
    assert not finding(report, "X2").slips


def transposed(text: str) -> str:
    """Exchange rows and columns of a typed matrix."""
    rows = [row.split(", ") for row in text.strip("[]").split("], [")]
    return "[" + ", ".join("[" + ", ".join(column) + "]" for column in zip(*rows, strict=True)) + "]"


def test_a_matrix_with_rows_and_columns_exchanged_is_read_and_counted_once() -> None:
    sheet = net()
    answers = table(sheet)
    answers["back"]["dJ/dW1"] = transposed(answers["back"]["dJ/dW1"])
    report = marked(sheet, answers)
    slip = finding(report, "dJ/dW1").slips[0]
    assert (finding(report, "dJ/dW1").verdict, slip.code, slip.certainty) == ("wrong", "DW_TRANSPOSED", "is")
    assert len(slip.cells) == 6
    assert finding(report, "W1_new").verdict == "correct"
    assert report.score == report.max_score - 1


def test_who_writes_every_matrix_the_other_way_round_loses_nothing() -> None:
    sheet = net()
    answers = table(sheet)
    answers["back"]["dJ/dW1"] = transposed(answers["back"]["dJ/dW1"])
    answers["step"]["W1_new"] = transposed(answers["step"]["W1_new"])
    report = marked(sheet, answers)
    assert report.score == report.max_score
    assert finding(report, "W1_new").remarks == ("transposed",)


@pytest.mark.parametrize(("quantity", "value"), [("Y2", "1.2718"), ("J", "-0.31173"), ("Y1", "[-0.24411, 1.7331]")])
def test_a_value_that_its_function_cannot_have_is_remarked(quantity: str, value: str) -> None:
    sheet = net()
    answers = table(sheet)
    answers["forward"][quantity] = value
    report = marked(sheet, {"forward": answers["forward"]})
    assert finding(report, quantity).verdict == "wrong"
    assert "impossible" in finding(report, quantity).remarks


@pytest.mark.parametrize("rate", ["0.05", "0.2", "1.5"])
def test_a_misread_learning_rate_costs_once(rate: str) -> None:
    sheet = net()
    other = sheet_of(sheet.source.text.replace("learning_rate: 0.5", f"learning_rate: {rate}"))
    report = marked(sheet, table(other))
    assert codes(report, "W2_new") == ["MISCOPY"]
    assert [each.quantity for each in report.findings if each.verdict == "wrong"] == ["W2_new"]
    assert report.score == report.max_score - 1


SKIP = """
hwcheck: 1
problems:
  "1":
    given: {x: 1, w0: 0.5, w1: 0.7, w2: 0.4, w3: 0.6, y: -3}
    network: |
      z0 = w0 x
      h0 = relu(z0)
      z1 = w1 h0
      h1 = relu(z1)
      yhat = w2 h1 + w3 h0
      L = |y - yhat|
    train: {loss: L, parameters: [w0, w1, w2, w3], learning_rate: 0.3}
    questions:
      forward: {find: [z0, h0, z1, h1, yhat, L], points: 6}
      back: {find: [dL/dyhat, dL/dw2, dL/dw3, dL/dh1, dL/dh0, dL/dw1, dL/dw0], points: 7}
      step: {find: [w0_new, w1_new, w2_new, w3_new], points: 4}
      again: {find: [z0_new, h0_new, z1_new, yhat_new, L_new], points: 5}
"""


def test_a_lost_sign_of_a_given_is_found_behind_an_absolute_value() -> None:
    sheet = sheet_of(SKIP)
    report = marked(sheet, table(sheet_of(SKIP.replace("y: -3", "y: 3"))))
    assert codes(report, "L") == ["MISCOPY"]
    assert [each.quantity for each in report.findings if each.verdict == "wrong"] == ["L"]


@pytest.mark.parametrize(
    ("wrong", "first", "code"),
    [
        ("z0_new = w0 x; z1_new = w1 h0_new; yhat_new = w2 h1_new + w3 h0_new", "z0_new", "GRAD_W_UPDATE_OLD"),
        ("dL/dh1 = dL/dyhat w2_new; dL/dh0 = dL/dyhat w3_new + dL/dh1 (z1 > 0) w1", "dL/dh1", "UPDATED_W"),
        ("w1_new = 1 w1", "w1_new", "WEIGHT_NOT_UPD"),
        ("L = 1/2 (y - yhat)^2; dL/dyhat = yhat - y; L_new = 1/2 (y - yhat_new)^2", "L", "OTHER_LOSS"),
    ],
)
def test_one_mistake_in_several_places_costs_once(wrong: str, first: str, code: str) -> None:
    sheet = sheet_of(SKIP)
    report = marked(sheet, table(sheet, wrong))
    assert codes(report, first)[:1] == [code]
    assert [each.quantity for each in report.findings if each.verdict == "wrong"] == [first]


STEPS = (
    NET.replace("learning_rate: 0.5", "learning_rate: 0.5, steps: 2")
    .replace("X1, Y1, X2, Y2, J], points: 5", "X1@1, Y1@1, X2@1, Y2@1, J@1], points: 5")
    .replace("[dJ/dX2, dJ/dW2, dJ/db2, dJ/dX1, dJ/dW1, dJ/db1]", "[dJ/dX2@1, dJ/dW2@1, dJ/dX1@1, dJ/dW1@1]")
    .replace(
        "[W2_new, b2_new, W1_new, b1_new], points: 4",
        "[W2@2, b2@2, W1@2, b1@2, X1@2, Y1@2, X2@2, Y2@2, dJ/dX2@2, dJ/dW2@2, dJ/dX1@2, dJ/dW1@2, W1_new, W2_new, "
        "J_new], points: 15",
    )
    .format(marking="", own="")
)


@pytest.mark.parametrize(
    ("wrong", "first", "code"),
    [
        ("W1_new = W1@2 - 0.5 dJ/dW1@1; W2_new = W2@2 - 0.5 dJ/dW2@1", "W1_new", "GRAD_W_UPDATE_OLD"),
        ("X1@2 = W1 U + b1@2", "X1@2", "GRAD_W_UPDATE_OLD"),
        ("dJ/dX1@2 = W2@2.T dJ/dX2@2", "dJ/dX1@2", "HID_DERIV_MISSING"),
        ("dJ/dX1@1 = (W2@2.T dJ/dX2@1) .* Y1@1 .* (1 - Y1@1)", "dJ/dX1@1", "UPDATED_W"),
        ("W2@2 = W2 + 0.5 dJ/dW2@1; W2_new = W2@2 + 0.5 dJ/dW2@2", "W2@2", "UPD_SIGN_ONE"),
    ],
)
def test_several_steps_are_marked_as_one_chain(wrong: str, first: str, code: str) -> None:
    sheet = sheet_of(STEPS)
    report = marked(sheet, table(sheet, wrong))
    assert codes(report, first)[:1] == [code]
    assert [each.quantity for each in report.findings if each.verdict == "wrong"] == [first]
    assert report.score == report.max_score - finding(report, first).max_marks


def test_a_slope_with_a_setting_is_rewritten_with_its_default() -> None:
    text = NET.replace("Y1 = sigmoid(X1)", "Y1 = elu(X1)").format(marking="", own="")
    sheet = sheet_of(text.replace("dJ/dX2, dJ/dW2", "dJ/dX2, dY1/dX1, dJ/dW2"))
    report = marked(sheet, table(sheet, "dY1/dX1 = if(Y1 > 0, 1, exp(min(0, Y1)))"))
    assert codes(report, "dY1/dX1") == ["DERIV_AT_A"]
