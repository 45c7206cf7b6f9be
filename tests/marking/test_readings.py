"""Conventions as readings: who works by another textbook loses nothing; who makes a mistake is not excused by one."""

from __future__ import annotations

import random
from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import pytest

from hwcheck.library.conventions import CHANGES
from hwcheck.marking import Report
from hwcheck.marking.judge import Judged
from hwcheck.marking.readings import by_reading
from hwcheck.marking.variants import READINGS, Variant, variants
from hwcheck.sheet import Sheet, solve
from hwcheck.sheet.problem import Problem
from tests.marking.students import (
    HABITS,
    TRACES,
    Slip,
    cells,
    marked,
    marked_page,
    net_text,
    sheet_of,
    verdicts,
    work,
)

ONE = """
hwcheck: 1
problems:
  "1":
    given: %s
    conventions: %s
    network: |
%s
    train: {loss: J, parameters: [%s], learning_rate: 0.5%s}
    questions:
      all: {find: [%s], points: 12}
"""


def one_sheet(given: str, network: str, parameters: str, find: str, more: str = "") -> Sheet:
    lines = "\n".join(f"      {line}" for line in network.split("; "))
    return sheet_of(ONE % (given, "{}", lines, parameters, more, find))


def layered_sheet(given: str, layers: str, parameters: str, find: str) -> Sheet:
    network = f"{{input: x, layers: {layers}, loss: {{half_squared_error: {{target: y}}}}}}"
    text = (ONE % (given, "{}", "NETWORK", parameters, "", find)).replace("network: |\nNETWORK", f"network: {network}")
    return sheet_of(text.replace("loss: J", "loss: L"))


#: For every reading a sheet that leaves it open; its numbers tell the readings apart.
SQUARE = "{x: [1, 0.5], W1: [[0.1, 0.4], [-0.3, 0.2]], W2: [[0.5, -0.2], [0.7, 0.3]], y: [1, 0]}"
DEEP = "Z = W1 x; A = sigmoid(Z); P = W2 A; J = %s"
ALL = "J, dJ/dP, dJ/dA, dJ/dZ, dJ/dW2, dJ/dW1, W1_new, W2_new"
KINK = "{x: [1, 2], W: [[2, -1], [0.3, 0.4]], v: [0.5, -0.3], y: 0.25}"
WIDE = "{x: [1, 0.5], W1: [[0.1, 0.4], [-0.3, 0.2]], W2: [[0.5, -0.2], [0.7, 0.3], [1, 2]], y: [1, 0, 1]}"
SHEETS = {
    "mse": one_sheet(WIDE, DEEP % "mse(P, y)", "W1, W2", f"Z, A, P, {ALL}"),
    "batch": one_sheet(
        SQUARE, "Z = W1 x; A = sigmoid(Z); P = sigmoid(W2 A); J = bce(P, y)", "W1, W2", "A, P, J, dJ/dW2"
    ),
    "variance": one_sheet(
        "{x: [1, 0.5, 3], W: [[0.1, 0.4, 2], [-0.3, 0.2, 1], [0.3, 1, -1]], y: [1, 0, 1]}",
        "Z = W x; v = var(Z); A = (Z - mean(Z))/sqrt(v); J = 1/2 sum((A - y)^2)",
        "W",
        "Z, v, A, J, dJ/dA, dJ/dZ, dJ/dW, W_new",
    ),
    "first_class": one_sheet(
        "{x: [1, 0.5], W: [[0.1, 0.4], [-0.3, 0.2], [0.3, 1]], c: 1}",
        "Z = W x; P = softmax(Z); J = cross_entropy(P, one_hot(c, 3))",
        "W",
        "Z, P, J, dJ/dZ, dJ/dW, W_new",
    ),
    "max_ties": one_sheet(
        "{x: [[1, 2, 1], [2, 1, 2], [3, 0, 1]], K: [[0.5, 1], [1, 0.5]], y: [[1]]}",
        "Z = conv(x, K); A = maxpool(Z, 2); J = 1/2 sum((A - y)^2)",
        "K",
        "Z, A, J, dJ/dA, dJ/dZ, dJ/dK, K_new",
    ),
    "convolution": one_sheet(
        "{x: [[1, 2, 1], [2, 0.5, 2], [3, 0, 1]], K: [[0.5, 1], [-1, 0.3]], y: [[1, 0], [0.5, 1]]}",
        "Z = conv(x, K); A = relu(Z); J = 1/2 sum((A - y)^2)",
        "K",
        "Z, A, J, dJ/dZ, dJ/dK, K_new",
    ),
    "dropout_rate": layered_sheet(
        "{x: [1, 0.5], W: [[0.1, 0.4], [-0.3, 0.2], [1, 2]], M: [1, 0, 1], y: [1, 0, 1]}",
        "[{dense: {weights: W, activation: tanh}}, {dropout: {mask: M, rate: 0.2}}]",
        "W",
        "a1, a2, L, dL/da2, dL/da1, dL/dz1, dL/dW, W_new",
    ),
    "epsilon outside": layered_sheet(
        "{x: [1, 0.5, 3], W: [[0.1, 0.4, 2], [-0.3, 0.2, 1], [0.3, 1, -1]], g: [1, 2, 1], y: [1, 0, 1]}",
        "[{dense: {weights: W}}, {layer_norm: {gamma: g, epsilon: 0.4}}]",
        "W",
        "z1, a2, L, dL/da2, dL/da1, dL/dW, W_new",
    ),
    "relu_slope_at_zero": one_sheet(
        KINK,
        "Z = W x; A = relu(Z); P = v^T A; J = 1/2 (P - y)^2",
        "W, v",
        "Z, A, P, J, dJ/dA, dA/dZ, dJ/dZ, dJ/dW, W_new",
    ),
    "step_at_zero": one_sheet(KINK, "Z = W x; A = step(Z); P = v^T A; J = 1/2 (P - y)^2", "W, v", "Z, A, P, J, dJ/dv"),
    "abs_slope_at_zero": one_sheet(
        KINK,
        "Z = W x; A = abs(Z); P = v^T A; J = 1/2 (P - y)^2",
        "W, v",
        "Z, A, P, J, dJ/dA, dA/dZ, dJ/dZ, dJ/dW, W_new",
    ),
    **{
        convention: one_sheet(
            SQUARE,
            DEEP % "1/2 sum((P - y)^2)",
            "W1, W2",
            f"J@1, dJ/dP@1, dJ/dW2@1, dJ/dW1@1, {asked}, W1@2, dJ/dW1@2, W2@2, W1_new, W2_new",
            f", steps: 2, optimizer: {optimizer}",
        )
        for convention, optimizer, asked in (
            ("momentum", "momentum", "m_W1@1, m_W2@2"),
            ("momentum_rate", "momentum", "m_W1@1, m_W2@2"),
            ("epsilon", "{adagrad: {epsilon: 0.1}}", "v_W1@1, v_W2@2"),
            ("bias_correction", "adam", "m_W1@1, v_W2@2"),
        )
    },
    "rows": one_sheet(SQUARE, DEEP % "1/2 sum((P - y)^2)", "W1, W2", f"Z, A, P, {ALL}"),
    "columns": one_sheet(
        "{x: [[1, 0.5]], W1: [[0.1, 0.4], [-0.3, 0.2]], W2: [[0.5], [-0.2]], y: [[1]]}",
        "Z = x W1; A = sigmoid(Z); P = A W2; J = 1/2 sum((P - y)^2)",
        "W1, W2",
        f"Z, A, P, {ALL}",
    ),
}


def sheet_for(convention: str, value: str) -> Sheet:
    named = value if convention == "samples" else f"{convention} {value}"
    return SHEETS.get(named) or SHEETS[convention]


def read_as(sheet: Sheet, convention: str, value: str) -> Sheet:
    """Give a sheet as another textbook reads it."""
    (found,) = [each for each in variants(sheet.problems["1"]) if (each.convention, each.value) == (convention, value)]
    return sheet._replace(problems={"1": found.problem})


def taken(report: Report) -> list[tuple[str, str, str]]:
    return [(each.problem, each.convention, each.value) for each in report.readings]


def page_of(sheet: Sheet, digits: int = 5, habit: int = 0, slip: Slip | None = None) -> dict[str, list[str]]:
    return work(sheet, HABITS[habit], digits, random.Random(1), slip=slip)


@pytest.mark.parametrize(("convention", "value"), [(row.convention, row.value) for row in READINGS])
@pytest.mark.parametrize("digits", [3, 5])
def test_who_learned_it_another_way_loses_nothing(convention: str, value: str, digits: int) -> None:
    sheet = sheet_for(convention, value)
    report = marked_page(sheet, page_of(read_as(sheet, convention, value), digits))
    assert report.score == report.max_score == 12
    assert taken(report) == [("1", convention, value)]


@pytest.mark.parametrize("convention", [*SHEETS])
def test_by_the_sheets_own_reading_nothing_is_said(convention: str) -> None:
    report = marked_page(SHEETS[convention], page_of(SHEETS[convention]))
    assert (report.score, report.readings) == (12, ())


@pytest.mark.parametrize(("convention", "value"), [(row.convention, row.value) for row in READINGS])
def test_what_the_sheet_fixes_is_binding(convention: str, value: str) -> None:
    sheet = sheet_for(convention, value)
    default = next(each for each in CHANGES[convention] if each != value)
    fixed = sheet_of(sheet.source.text.replace("conventions: {}", f"conventions: {{{convention}: {default}}}"))
    assert not [each for each in variants(fixed.problems["1"]) if each.convention == convention]
    report = marked_page(fixed, page_of(read_as(sheet, convention, value)))
    assert report.score < 12
    assert convention not in {each.convention for each in report.readings}


def test_a_formula_that_is_written_out_is_binding() -> None:
    given = "{x: [1, 2], W1: [[0.1, 0.4], [-0.3, 0.2], [0.3, 0.1]], W2: [[0.5, -0.2, 1], [0.7, 0.3, 1]], y: [1, 0]}"
    assert variants(one_sheet(given, DEEP % "1/2 sum((P - y)^2)", "W1, W2", ALL).problems["1"]) == ()
    assert variants(one_sheet(given, DEEP % "mse(P, y)", "W1, W2", ALL).problems["1"]) != ()


def test_what_changes_nothing_is_no_reading() -> None:
    one = "{x: [1, 0.5], W1: [[0.1, 0.4]], y: 1}"
    single = one_sheet(one, "P = sigmoid(W1 x); J = bce(P, y) + 0 mse(P, y)", "W1", "P, J, dJ/dW1")
    assert variants(single.problems["1"]) == ()  # one output: the sum is the mean
    given = SQUARE.replace("-0.3", "0.4").replace("0.7", "-0.2")
    symmetric = one_sheet(given, DEEP % "1/2 sum((P - y)^2)", "W1, W2", "Z, A, P, J, dJ/dZ")
    assert variants(symmetric.problems["1"]) == ()
    forward = one_sheet(KINK, "Z = W x; A = relu(Z); J = sum(A)", "W", "Z, A")
    assert {each.convention for each in variants(forward.problems["1"])} <= {"samples"}


def test_a_matrix_that_can_be_read_in_one_way_shows_how_all_are_read() -> None:
    sheet = one_sheet(WIDE, DEEP % "1/2 sum((P - y)^2)", "W1, W2", ALL)
    assert variants(sheet.problems["1"]) == ()


# --- what is a mistake ------------------------------------------------------------------------------------------------


def changed(page: dict[str, list[str]], by: float, *names: str) -> dict[str, list[str]]:
    return {name: [str(by * float(each)) for each in some] if name in names else some for name, some in page.items()}


def test_a_loss_with_the_half_and_gradients_without_is_a_mistake() -> None:
    sheet = SHEETS["mse"]
    mean, half = page_of(sheet), page_of(read_as(sheet, "mse", "half"))
    for page, wrong in (({**mean, "J": half["J"]}, "J"), ({**half, "J": mean["J"]}, "dJ/dP")):
        report = marked_page(sheet, page)
        assert taken(report) == []
        assert [name for name, verdict in verdicts(report).items() if verdict == "wrong"] == [wrong]


def test_one_gradient_with_a_factor_of_two_is_a_mistake() -> None:
    sheet = SHEETS["mse"]
    for name in ("dJ/dP", "dJ/dW2", "dJ/dZ"):
        slip = Slip("FACTOR_2", {}, {(name, at): lambda value: value * 2 for at in range(4)})
        report = marked_page(sheet, page_of(sheet, slip=slip))
        assert taken(report) == []
        assert verdicts(report)[name] == "wrong"
        assert verdicts(report)["J"] == "correct"


def test_a_matrix_read_by_columns_going_forward_alone_is_a_mistake() -> None:
    sheet = SHEETS["rows"]
    slip = Slip("ROWCOL_FWD", {"Z": "W1^T x"})
    report = marked_page(sheet, page_of(sheet, slip=slip))
    assert taken(report) == []
    assert [name for name, verdict in verdicts(report).items() if verdict == "wrong"] == ["Z"]


def test_a_matrix_read_by_columns_where_only_going_forward_is_asked_is_a_mistake() -> None:
    sheet = sheet_of(SHEETS["rows"].source.text.replace(f"Z, A, P, {ALL}", "Z, A, P"))
    report = marked_page(sheet, work(read_as(SHEETS["rows"], "samples", "rows"), HABITS[0], 5, random.Random(1),
                                     lambda name: name in "ZAP"))  # fmt: skip
    assert taken(report) == []
    assert verdicts(report)["Z"] == "wrong"


# --- more than one thing at once --------------------------------------------------------------------------------------


def test_a_slip_beside_a_convention_costs_only_itself() -> None:
    sheet = SHEETS["mse"]
    slip = Slip("DIGITS", {}, {("dJ/dW1", 1): lambda value: value * Decimal("1.3")})
    for value in ("sum", "half", "half_mean"):
        report = marked_page(sheet, page_of(read_as(sheet, "mse", value), slip=slip))
        assert taken(report) == [("1", "mse", value)]
        assert cells(report, "wrong") == ["dJ/dW1[1,2]"]


def results(page: dict[str, list[str]]) -> dict[str, list[str]]:
    """Give what is left of a page without the lines in between."""
    return {name: some for name, some in page.items() if name in ("P", "J", "W1_new", "W2_new")}


def test_a_slip_among_results_costs_only_itself() -> None:
    sheet = SHEETS["mse"]
    page = results(page_of(read_as(sheet, "mse", "sum")))
    page["W1_new"][1] = "0.4321"
    report = marked_page(sheet, page)
    assert taken(report) == [("1", "mse", "sum")]
    assert cells(report, "wrong") == ["W1_new[1,2]"]


def test_results_that_no_reading_explains_are_not_excused_by_the_one_that_explains_the_loss() -> None:
    sheet = SHEETS["mse"]
    page = results(page_of(sheet))
    page["J"] = page_of(read_as(sheet, "mse", "sum"))["J"]
    for name in ("W1_new", "W2_new"):
        page[name] = [f"{float(each) + 0.0777:.5g}" for each in page[name]]
    report = marked_page(sheet, page)
    assert taken(report) == []
    assert verdicts(report)["J"] == "wrong"


def test_two_conventions_at_once() -> None:
    sheet = one_sheet(SQUARE, DEEP % "mse(P, y)", "W1, W2", f"Z, A, P, {ALL}")
    once = read_as(sheet, "mse", "sum")
    twice = read_as(once, "samples", "rows")
    report = marked_page(sheet, page_of(twice))
    assert report.score == 12
    assert sorted(taken(report)) == [("1", "mse", "sum"), ("1", "samples", "rows")]


def test_every_problem_of_a_sheet_has_a_reading_of_its_own() -> None:
    text = SHEETS["mse"].source.text
    head, body = text.split('  "1":')
    sheet = sheet_of(f'{head}  "1":{body}\n  "2":{body}')
    page = page_of(read_as(SHEETS["mse"], "mse", "sum"))
    report = marked(sheet, {"all": {"J": page["J"][0], "dJ/dP": str(page["dJ/dP"]).replace("'", "")}}, problem="2")
    assert taken(report) == [("2", "mse", "sum")]


def test_questions_about_other_givens_are_read_the_same_way() -> None:
    text = SHEETS["mse"].source.text + "      other: {find: [P, J, dJ/dP], when: {y: [0, 1, 1]}, points: 3}\n"
    sheet = sheet_of(text)
    text_as = sheet_of(text.replace("conventions: {}", "conventions: {mse: sum}"))
    first, other = (_solved(text_as, question) for question in ("all", "other"))
    report = marked(sheet, {"all": first, "other": other})
    assert (report.score, taken(report)) == (15, [("1", "mse", "sum")])
    own = _solved(sheet, "other")
    assert taken(marked(sheet, {"all": first, "other": own})) == []  # not throughout


def _solved(sheet: Sheet, question: str) -> dict[str, str]:
    (problem,) = solve(sheet).problems
    asked = next(each for each in problem.questions if each.id == question)
    return {
        each.name: str(np.asarray(each.value).tolist())
        for part in problem.parts
        if part.when == asked.when
        for each in part.quantities
        if each.name in asked.asks and each.role == "asked"
    }


# --- nets -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("trace", [*TRACES])
def test_nets_worked_by_another_reading(seed: int, trace: str) -> None:
    draw = random.Random(seed)
    sheet = sheet_of(net_text(draw, (2, 2, 2), ("tanh", "sigmoid"), "mse"))
    for variant in variants(sheet.problems["1"]):
        if variant.convention == "samples" and trace in ("results only",):
            continue
        read = sheet._replace(problems={"1": variant.problem})
        report = marked_page(sheet, work(read, draw.choice(HABITS), 5, draw, TRACES[trace]))
        lost = [each.quantity for each in report.findings if each.verdict == "wrong"]
        assert not lost, (variant.convention, variant.value, lost)


def test_a_class_pays_once() -> None:
    problem = SHEETS["mse"].problems["1"]
    assert variants(problem) is variants(problem)


def test_nothing_is_tried_where_nothing_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(problem: Problem) -> Iterable[Variant]:
        raise AssertionError("nothing is wrong")

    page = page_of(SHEETS["mse"])
    monkeypatch.setattr("hwcheck.marking.readings.variants", refuse)
    assert marked_page(SHEETS["mse"], page).score == 12
    with pytest.raises(AssertionError, match="nothing is wrong"):
        marked_page(SHEETS["mse"], changed(page, 2, "J"))


@pytest.mark.parametrize("hope", [False, True])
@pytest.mark.parametrize("lost", [Judged("wrong", 1.0, 1.0, 0.1), Judged("undecided", 1.0, 1.0, 0.1, earns=False)])
def test_what_earns_nothing_is_judged_anew_where_that_may_fit(hope: bool, lost: Judged) -> None:
    problem = SHEETS["mse"].problems["1"]
    wrong = {("None", "J", 0): lost}
    right = {("None", "J", 0): Judged("correct", 2.0, 2.0, 0.1)}
    tried: list[Problem] = []

    def judge(other: Problem) -> dict[tuple[str, str, int], Judged]:
        tried.append(other)
        return right

    found, said = by_reading(problem, wrong, judge, lambda verdicts: verdicts, lambda own, other: hope)
    assert (found is right, bool(said), bool(tried)) == (hope, hope, hope)


def test_working_on_the_turns_of_a_loop_does_not_stand_in_the_way_of_a_reading() -> None:
    sheet = one_sheet(
        "{x: [1, 2, 3], w: 0.5, y: 1}",
        "h[0] = 0; h[t] = w h[t-1] + x[t] for t = 1..3; J = mse(h[3], y)",
        "w",
        "J, dJ/dw",
    )
    report = marked_page(sheet, {"h[2]": ["2.5"], "J": ["5.28125"], "dJ/dw": ["9.75"]})
    assert verdicts(report) == {"J": "correct", "dJ/dw": "correct", "h[2]": "correct"}
    assert [reading.value for reading in report.readings] == ["half"]
