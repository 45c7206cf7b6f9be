"""Verdicts, one row each: what is written, under which name, and what is said about it."""

from __future__ import annotations

import math
import random
import re

import pytest

from hwcheck import load_sheet, solve, verify
from tests.marking.students import answers_of, cells, marked, sheet_of, verdicts

SHEET = load_sheet("sheet5")
THIRD = load_sheet("exercise3")

STEPS = """\
hwcheck: 1
problems:
  "1":
    given: {x: 1.5, w: 0.5, y: 2, v: [0.2, 0.4]}
    network: |
      z = w x
      L = (z - y)^2
      h = 2 v
    train: {loss: L, parameters: [w], learning_rate: 0.1, steps: 2}
    names: {out: z, delta: dL/dz}
    questions:
      first: {find: [z, L, dL/dw]}
      steps: {find: [w@2, z@2, w_new, L_new]}
      class: {find: {class: z >= 0.7}}
      other: {find: [z, L], when: {x: 2}}
      slope: {find: dh/dv}
      short: {find: z, digits: 3}
"""
STEPPED = sheet_of(STEPS)


def one(sheet: object, question: str, values: dict[str, str], problem: str = "1") -> dict[str, str]:
    return verdicts(marked(sheet, {question: values}, problem))  # type: ignore[arg-type]  # a sheet


@pytest.mark.parametrize(
    ("question", "values", "found"),
    [
        # one name in many spellings, entries of it, and other names for it
        ("d", {"X1": "[0.31, -0.28]"}, {"X1": "correct"}),
        ("d", {"X_1": "[0.31, -0.28]"}, {"X1": "correct"}),
        ("d", {"X₁": "[0.31, -0.28]"}, {"X1": "correct"}),
        ("d", {"X1[1]": "0.31", "X1[2]": "-0.28"}, {"X1": "correct"}),
        ("d", {"X1[1]": "0.31"}, {"X1": "blank"}),
        ("d", {"X1[1]": "0.41", "X1[2]": "-0.28"}, {"X1": "wrong"}),
        ("d", {"X1": "[0.31, ]"}, {"X1": "blank"}),
        ("d", {"X1": "[ , -0.28]"}, {"X1": "blank"}),
        ("g", {"∂J/∂W1": "[[0.0743, 4.953e-3, -2.4766e-3], [-0.07463, -4.975e-3, 2.4875e-3]]"}, {"dJ/dW1": "correct"}),
        ("g", {"dJ/dW_1": "[[0.0743, 4.953e-3, -2.4766e-3], [-0.07463, -4.975e-3, 2.4875e-3]]"}, {"dJ/dW1": "correct"}),
        ("g", {"dJ/dW1[1,:]": "[0.0743, 4.953e-3, -2.4766e-3]"}, {"dJ/dW1": "blank"}),
        ("g", {"dJ/dX1": "[0.024766, -0.024875]"}, {"dJ/db1": "correct"}),
        ("g", {"dJ/dX2": "0.50732"}, {"dJ/db2": "correct"}),
        # rows and columns, slopes and Jacobians
        ("d", {"X1": "[[0.31, -0.28]]"}, {"X1": "correct"}),
        ("d", {"X1": "[0.31; -0.28]"}, {"X1": "correct"}),
        ("d", {"Y2": "[0.5073]"}, {"Y2": "correct"}),
        ("g", {"dJ/dW2": "[0.2927, 0.2184]"}, {"dJ/dW2": "correct"}),
        ("g", {"dJ/dW2": "[0.2927; 0.2184]"}, {"dJ/dW2": "correct"}),
        ("d", {"dY1/dX1": "[0.2441, 0.2452]"}, {"dY1/dX1": "correct"}),
        ("d", {"dY1/dX1": "[[0.2441, 0], [0, 0.2452]]"}, {"dY1/dX1": "correct"}),
        ("d", {"dY1/dX1": "[[0.2441, 0.1], [0, 0.2452]]"}, {"dY1/dX1": "unreadable"}),
        ("d", {"X1": "[0.31, -0.28, 0]"}, {"X1": "unreadable"}),
        ("d", {"X1": "0.31"}, {"X1": "unreadable"}),
        ("g", {"dJ/dW1": "[[0.07, -0.07], [5e-3, -5e-3], [-2e-3, 2e-3]]"}, {"dJ/dW1": "wrong"}),
        # a decision stands on the student's own number
        ("e", {"": "0"}, {"class": "correct"}),
        ("e", {"": "1"}, {"class": "wrong"}),
        ("e", {"class": "0"}, {"class": "correct"}),
        ("e", {"": "0.5"}, {"class": "wrong"}),
    ],
)  # fmt: skip
def test_on_sheet_5(question: str, values: dict[str, str], found: dict[str, str]) -> None:
    report = marked(SHEET, {question: values})
    asked = {
        each.quantity: each.verdict
        for each in report.findings
        if each.problem == "1" and each.question == question and each.quantity in found
    }
    assert asked == found
    assert not [each for each in report.diagnostics if "unreadable" not in found.values()]


@pytest.mark.parametrize(
    ("question", "values", "found"),
    [
        ("first", {"z": "0.75", "L": "1.5625", "dL/dw": "-3.75"}, {"z": "correct", "L": "correct", "dL/dw": "correct"}),
        ("first", {"out": "0.75", "delta": "-2.5"}, {"z": "correct", "dL/dz@1": "correct"}),
        ("first", {"z@1": "0.75"}, {"z": "correct"}),
        ("steps", {"w@2": "0.875", "z@2": "1.3125"}, {"w@2": "correct", "z@2": "correct"}),
        ("steps", {"w@3": "1.08125", "L@3": "0.1429"}, {"w_new": "correct", "L_new": "correct"}),
        ("steps", {"w@2": "0.975", "z@2": "1.4625"}, {"w@2": "wrong", "z@2": "carried"}),
        ("steps", {"w@2": "0.975", "z@2": "1.3125"}, {"w@2": "wrong", "z@2": "correct"}),
        ("class", {"": "1"}, {"class": "correct"}),
        ("class", {"": "0"}, {"class": "wrong"}),
        ("other", {"z": "1", "L": "1"}, {"z": "correct", "L": "correct"}),
        ("other", {"z": "0.75", "L": "1.5625"}, {"z": "wrong", "L": "carried"}),
        ("slope", {"": "[[2, 0], [0, 2]]"}, {"dh/dv": "correct"}),
    ],
)
def test_with_steps_other_givens_and_further_names(
    question: str, values: dict[str, str], found: dict[str, str]
) -> None:
    report = marked(STEPPED, {question: values})
    here = {each.quantity: each.verdict for each in report.findings if each.question == question}
    assert {name: verdict for name, verdict in here.items() if verdict != "blank"} == found
    assert not report.diagnostics


def test_a_decision_is_judged_on_the_students_own_number() -> None:
    followed = marked(STEPPED, {"first": {"z": "0.65"}, "class": {"": "0"}})
    assert verdicts(followed)["class"] == "carried"
    assert cells(marked(STEPPED, {"first": {"z": "0.65"}, "class": {"": "1"}}), "wrong") == ["z", "class"]


def test_one_quantity_under_two_names_and_with_two_roundings_is_one() -> None:
    fine = {"dJ/dX1": "[0.02476626, -0.0248753]", "dJ/db1": "[0.0248, -0.0249]"}
    report = marked(SHEET, {"g": fine})
    assert set(verdicts(report).values()) == {"correct"}
    assert not any("again" in each.remarks for each in report.findings)
    other = marked(SHEET, {"g": fine | {"dJ/db1": "[0.0348, -0.0249]"}})
    assert cells(other, "wrong") == ["dJ/db1[1]"]
    assert any("again" in each.remarks for each in other.findings)


@pytest.mark.parametrize(
    ("typed", "remark"),
    [
        ({"d": {"X1": "[[0.31, -0.28]]"}}, "row"),
        ({"g": {"dJ/dW2": "[0.2927; 0.2184]"}}, "column"),
        ({"d": {"dY1/dX1": "[[0.2441, 0], [0, 0.2452]]"}}, "jacobian"),
        ({"d": {"Y1": "[0.5768, 0.4304]"}}, "truncated"),
        ({"d": {"X1": "[0.31, -0.28]", "Y1": "[0.5769, 0.4305]", "X2": "0.0293", "Y2": "0.5"}}, "short"),
    ],
)
def test_remarks(typed: dict[str, dict[str, str]], remark: str) -> None:
    report = marked(SHEET, typed)
    assert any(each.remarks == (remark,) for each in report.findings)
    assert report.score == sum(each.max_marks for each in report.findings if each.verdict not in ("blank", "manual"))


@pytest.mark.parametrize(("used", "remarks"), [("0.6", ("recovered",)), ("0.5", ())])
def test_recovered_is_what_is_right_below_something_wrong(used: str, remarks: tuple[str, ...]) -> None:
    typed = {"d": {"X1": "[0.31, -0.28]", "Y1": "[0.5769, 0.4305]", "X2": "0.0293", "Y2": used}, "f": {"": "0.7079"}}
    report = marked(SHEET, typed)
    (above,) = [each for each in report.findings if each.quantity == "Y2" and each.answer]
    assert above.verdict == ("wrong" if remarks else "undecided")
    (loss,) = [each for each in report.findings if each.question == "f"]
    assert (loss.verdict, loss.remarks) == ("correct", remarks)


TWICE = """\
hwcheck: 1
problems:
  "1":
    given: {x: 1.5, w: 0.5}
    network: z = w x
    questions:
      a: {find: {class: z >= 0.7}}
      b: {find: {class: z >= 0.8}}
      c: {find: {class: z >= 0.7}}
      d: {find: {step: z + 1}}
      e: {find: {step: z + 2}}
"""


def test_one_name_for_two_formulas_is_two_quantities() -> None:
    sheet = sheet_of(TWICE)
    right = {"a": "1", "b": "0", "c": "1", "d": "1.75", "e": "2.75"}
    for wrong in ("", *right):
        values = right | ({wrong: "0" if right[wrong] == "1" else "1"} if wrong else {})
        report = marked(sheet, {question: {"": text} for question, text in values.items()})
        found = {each.question: each.verdict for each in report.findings}
        assert {question for question, verdict in found.items() if verdict != "correct"} == {wrong} - {""}
        assert len(report.findings) == len(right)
    asked = [each.value for part in solve(sheet).problems[0].parts for each in part.quantities if each.role == "asked"]
    assert [float(value) for value in asked] == [1, 0, 1.75, 2.75]


def test_digits_that_are_asked_for_are_a_remark_of_their_own() -> None:
    report = marked(STEPPED, {"short": {"": "0.75"}})
    (finding,) = [each for each in report.findings if each.question == "short"]
    assert (finding.verdict, finding.remarks) == ("correct", ("precision",))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("answers: {'1': {d: {X3: 1}}}", "X"),
        ("answers: {'1': {d: {Xl: 1}}}", "did you mean `X"),
        ("answers: {'1': {dd: {X1: 1}}}", "did you mean `d`"),
        ("answers: {'7': {d: {X1: 1}}}", "there are 1, 2, 3"),
        ("answers: {'1': {d: 0.31}}", "each on its own line"),
        ("answers: {'1': {d: {X1 + Y1: 1}}}", "name: value"),
        ("score: 20\nanswers: {'1': {f: 0.7}}", "score"),
    ],
)
def test_what_belongs_to_nothing_is_said_and_has_no_effect(text: str, word: str) -> None:
    report = verify(SHEET, answers_of(text))
    (found,) = report.diagnostics
    assert found.severity == "warning"
    assert word in found.message + found.help
    assert found.span is not None
    assert report.score == 0
    assert not cells(report, "wrong") or "f" in text


@pytest.mark.parametrize("bad", ["NaN", "true", "0,5", "[1, 2, 3]", "0.5 or 0.6"])
def test_what_cannot_be_read_is_not_used_further(bad: str) -> None:
    right = {"X1": "[0.31, -0.28]", "Y1": "[0.5769, 0.4305]", "X2": bad, "Y2": "0.5073"}
    report = marked(SHEET, {"d": right})
    assert verdicts(report) == {"X1": "correct", "Y1": "correct", "X2": "unreadable", "Y2": "correct"}
    assert [each.code for each in report.diagnostics] == ["HW413"]


def test_working_of_another_question_is_used_when_one_question_is_judged() -> None:
    typed = {"d": {"Y2": "0.5173"}, "f": {"": "0.7284"}}
    text = "answers: {'1': {d: {Y2: 0.5173}, f: 0.7284}}"
    report = verify(SHEET, answers_of(text), problem="1", question="f")
    assert [(each.quantity, each.verdict) for each in report.findings] == [("J", "carried")]
    assert report.max_score == 1
    whole = marked(SHEET, typed)
    assert [each for each in whole.findings if each.question == "f"] == list(report.findings) or whole.score == 1


def test_an_answer_in_the_wrong_question_counts_if_it_is_right() -> None:
    right = marked(SHEET, {"d": {"J": "0.7079"}})
    assert [each.verdict for each in right.findings if each.question == "f"] == ["correct"]
    wrong = marked(SHEET, {"d": {"J": "0.9079"}})
    assert [each.verdict for each in wrong.findings if each.question == "f"] == ["blank"]
    assert right.score == 1
    assert wrong.score == 0


FILLS = ["0", "1", "-1", "0.5", ".5", "0.50", "0.0", "0.00", "0.000", "[]", "NaN", "inf", "true", "1e9", "0.1", "0.51"]


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("arrays", [True, False], ids=["in every entry", "as it is"])
def test_the_same_answer_everywhere_earns_nothing(fill: str, arrays: bool) -> None:
    from hwcheck.graph.shapes import entries, shape_of
    from hwcheck.sheet.problem import expand
    from tests.marking.students import laid

    problem = SHEET.problems["1"]
    typed: dict[str, dict[str, str]] = {}
    for question in problem.questions.values():
        for ask in question.asks:
            shape = shape_of(ask.tree, expand(problem, [ask.name] if ask.name != "class" else [], {}).shapes)
            sizes = tuple(int(size) for size in shape)
            text = laid([fill] * entries(shape), sizes) if arrays else fill
            if ask.name != "class":
                typed.setdefault(question.id, {})[ask.name] = text
    report = marked(SHEET, typed)
    right = [each.quantity for each in report.findings if each.marks > 0]
    honest = {"0.50": ["Y2", "dJ/db2"], "0.51": ["Y2", "dJ/db2"]}  # to two digits, Y2 is 0.51
    assert right == honest.get(fill, []) or (fill in ("0.1",) and report.score < 1)


@pytest.mark.parametrize("seed", range(5))
def test_random_numbers_earn_next_to_nothing(seed: int) -> None:
    dice = random.Random(seed)
    names = {"d": ["X2", "Y2"], "f": ["J"], "g": ["dJ/db2"], "h": ["b2_new"]}
    typed = {question: {name: f"{dice.uniform(-2, 2):.4f}" for name in some} for question, some in names.items()}
    assert marked(SHEET, typed).score <= 1.5


def test_a_zero_that_terms_leave_is_zero() -> None:
    text = (
        "hwcheck: 1\nproblems: {'1': {given: {x: [0.1, 0.2, -0.3], w: [1, 1, 1]}, "
        "network: 'z = w.T x', questions: {q: z}}}"
    )
    for typed in ("0", "0.0", "5.55e-17", "2.8e-17"):
        assert set(verdicts(marked(sheet_of(text), {"q": {"": typed}})).values()) == {"correct"}
    assert set(verdicts(marked(sheet_of(text), {"q": {"": "1e-9"}})).values()) == {"wrong"}


def test_a_quantity_without_a_value_is_answered_by_a_formula() -> None:
    text = (
        "hwcheck: 1\nproblems: {'1': {given: {x: vector d1}, network: 'z = 2 x', questions: {q: z, r: {find: [z, x]}}}}"
    )
    for typed, verdict in (("x + x", "correct"), ("x", "wrong"), ("[1, 2]", "wrong")):
        report = marked(sheet_of(text), {"q": {"": typed}})
        assert [each.verdict for each in report.findings] == [verdict, "blank", "blank"]
        assert report.max_score == 2


MIXTURE = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: 2}
    network: |
      p = 1.5 x
      q = x^2
      r = x + 1.3
      s = p q + r
      t = s^2
    questions:
      all: {find: [p, q, r, s, t], points: 5}
""")


@pytest.mark.parametrize(
    ("s", "verdict", "remarks"),
    [
        ("23.3", "carried", ()),  # 4 * 5 + 3.3
        ("15.3", "correct", ("recovered",)),  # 3 * 4 + 3.3
        ("19.3", "carried", ("mixed",)),  # 4 * 4 + 3.3
        ("18.3", "carried", ("mixed",)),  # 3 * 5 + 3.3
        ("19.6", "wrong", ()),
        ("20.3", "wrong", ()),
    ],
)
def test_some_own_and_some_right_values_are_a_mixture(s: str, verdict: str, remarks: tuple[str, ...]) -> None:
    report = marked(MIXTURE, {"all": {"p": "4", "q": "5", "r": "3.3", "s": s}})
    (found,) = [each for each in report.findings if each.quantity == "s"]
    assert (found.verdict, found.remarks) == (verdict, remarks)
    assert found.marks == (0 if verdict == "wrong" else 1)
    if remarks == ("mixed",):
        assert found.carried == pytest.approx(float(s))


def test_what_follows_from_a_mixture_is_carried_and_what_is_right_is_no_part_of_one() -> None:
    followed = marked(MIXTURE, {"all": {"p": "4", "q": "5", "r": "3.3", "s": "19.3", "t": "372.49"}})
    assert verdicts(followed) == {"p": "wrong", "q": "wrong", "r": "correct", "s": "carried", "t": "carried"}
    # r is right in its last place as it stands: 3.31 is no other value that could have been used
    assert verdicts(marked(MIXTURE, {"all": {"p": "4", "q": "4", "r": "3.3", "s": "17.3"}}))["s"] == "wrong"


DEAD = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: [1, 2], W: [[0.6, 0.2], [0.3, 0.4]], v: [0.5, -0.4], b: 0.7, y: 0.9}
    network: |
      z = W x
      h = relu(z)
      p = v.T h + b
      o = sigmoid(p)
      J = (o - y)^2
    train: {loss: J, parameters: [W, v], learning_rate: 0.5}
    questions:
      all: {find: [z, h, p, o, J, dJ/dp, dJ/dv, dJ/dh, dJ/dz, dJ/dW, W_new, v_new], points: 12}
""")


def worked(z: list[float]) -> dict[str, str]:
    """Work the sheet with units that may be switched off from one set of pre-activations."""
    h = [max(0.0, each) for each in z]
    p = 0.5 * h[0] - 0.4 * h[1] + 0.7
    o = 1 / (1 + math.exp(-p))
    dp = 2 * (o - 0.9) * o * (1 - o)
    dh = [0.5 * dp, -0.4 * dp]
    dz = [each if value > 0 else 0.0 for each, value in zip(dh, z, strict=True)]
    rows = [[each, 2 * each] for each in dz]
    new = [
        [old - 0.5 * each for old, each in zip(*pair, strict=True)]
        for pair in zip([[0.6, 0.2], [0.3, 0.4]], rows, strict=True)
    ]
    values = {"z": z, "h": h, "p": p, "o": o, "J": (o - 0.9) ** 2, "dJ/dp": dp, "dJ/dv": [dp * each for each in h]}
    values |= {"dJ/dh": dh, "dJ/dz": dz, "dJ/dW": rows, "W_new": new}
    values["v_new"] = [0.5 - 0.5 * dp * h[0], -0.4 - 0.5 * dp * h[1]]
    return {
        name: re.sub(r"-?\d+\.\d+(e-\d+)?", lambda found: f"{float(found[0]):.6g}", str(value))
        for name, value in values.items()
    }


def test_behind_a_unit_switched_off_by_mistake_there_is_nothing_to_show() -> None:
    assert {*verdicts(marked(DEAD, {"all": worked([1.0, 1.1])})).values()} == {"correct"}
    report = marked(DEAD, {"all": worked([-1.0, -1.1])})
    found = {each.quantity: each for each in report.findings}
    hollow = {"h", "p", "dJ/dv", "dJ/dz", "dJ/dW", "W_new", "v_new"}
    assert {name for name, each in found.items() if "trivial" in each.remarks} == hollow
    for name in hollow:
        assert found[name].verdict == "undecided"
        assert found[name].marks == 0
    assert {name: found[name].verdict for name in ("o", "J", "dJ/dp", "dJ/dh")} == dict.fromkeys(
        ("o", "J", "dJ/dp", "dJ/dh"), "carried"
    )


def test_a_unit_switched_off_is_carried_where_the_same_step_is_shown_for_another() -> None:
    report = marked(DEAD, {"all": worked([-1.0, 1.1])})
    assert cells(report, "wrong") == ["z[1]"]
    assert not cells(report, "undecided")
    assert not any("trivial" in each.remarks for each in report.findings)
    assert report.score == 11.5
    assert {"h[1]", "dJ/dz[1]", "dJ/dW[1,1]", "W_new[1,2]"} <= set(cells(report, "carried"))


def test_zeros_that_are_right_earn_their_points() -> None:
    off = sheet_of(DEAD.source.text.replace("[0.6, 0.2]", "[-0.6, 0.2]"))
    right = worked([-0.2, 1.1]) | {"W_new": "[[-0.6, 0.2], [0.264834, 0.329668]]"}
    report = marked(off, {"all": right})
    assert cells(report, "correct").count("dJ/dz[1]") == 1
    assert "dJ/dW" not in {each.quantity for each in report.findings if each.verdict != "correct"}


def test_zeros_that_the_task_has_show_no_step_for_others() -> None:
    off = sheet_of(DEAD.source.text.replace("[0.6, 0.2]", "[-0.6, 0.2]"))
    page = worked([-0.2, -1.1]) | {"W_new": "[[-0.6, 0.2], [0.3, 0.4]]"}
    found = {each.quantity: each for each in marked(off, {"all": page}).findings}
    assert found["dJ/dz"].cells == ["correct", "undecided"]
    assert found["dJ/dz"].marks == 0.5
    assert found["dJ/dW"].marks == 0.5


ROUNDED_OFF = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: 5, z: 0, c: 1.5}
    network: |
      p = c x
      o = tanh(x)
      d = 1 - o^2
      q = p d
      r = p + x z
    questions:
      all: {find: [p, o, d, q, r], points: 5}
""")


def test_a_zero_that_honest_rounding_leaves_is_no_slip_and_what_the_task_makes_easy_is_carried() -> None:
    assert {
        *verdicts(marked(ROUNDED_OFF, {"all": {"p": "7.5", "o": "1.00", "d": "0", "q": "0", "r": "7.5"}})).values()
    } == {"correct"}
    report = marked(ROUNDED_OFF, {"all": {"p": "8.52", "o": "1.00", "d": "0", "q": "0", "r": "8.52"}})
    assert verdicts(report) == {"p": "wrong", "o": "correct", "d": "correct", "q": "correct", "r": "carried"}
    assert report.score == 4


SATURATED = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: 2, w: 0.3}
    network: |
      z = w x
      o = sigmoid(z)
    questions:
      q: {find: [z, o], points: 2}
""")


@pytest.mark.parametrize(
    ("z", "o", "verdict", "marks"),
    [("60", "1", "undecided", 0), ("1.2", "0.7685", "carried", 1), ("0", "0.5", "carried", 1)],
)
def test_a_saturated_unit_shows_nothing(z: str, o: str, verdict: str, marks: float) -> None:
    _, found = marked(SATURATED, {"q": {"z": z, "o": o}}).findings
    assert (found.verdict, found.marks) == (verdict, marks)


def test_a_page_of_zeros_earns_nothing() -> None:
    zeros = {name: re.sub(r"[-\d.e]+", "0", text) for name, text in worked([1.0, 1.1]).items()}
    assert marked(DEAD, {"all": zeros}).score == 0


def test_a_unit_at_its_kink_has_the_slope_that_it_has_by_hand() -> None:
    """0.1 + 0.2 - 0.3 is 0 by hand and 5.6e-17 in double precision, where relu would have the slope 1."""
    text = (
        "hwcheck: 1\nproblems:\n  '1':\n    conventions: {relu_slope_at_zero: 0}\n"
        "    given: {x: [0.1, 0.2, -0.3], w: [1, 1, 1], y: 0.5}\n    network: |\n"
        "      z = w.T x\n      h = relu(z)\n      J = (h - y)^2\n    questions: {q: {find: [h, J, dJ/dz, dJ/dw]}}"
    )
    sheet = sheet_of(text)
    for above in ({}, {"h": "0"}, {"z": "0"}, {"z": "5.6e-17"}):
        assert verdicts(marked(sheet, {"q": {**above, "dJ/dz": "0"}}))["dJ/dz"] == "correct"
    assert verdicts(marked(sheet, {"q": {"dJ/dw": "[0, 0, 0]"}}))["dJ/dw"] == "correct"
    assert verdicts(marked(sheet, {"q": {"dJ/dz": "-1"}}))["dJ/dz"] == "wrong"


SINES = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {v: [0.21, 0.28, 0.35, 0.49, 0.56, 0.63, 0.7, 0.77, 0.84, 2.24]}
    network: h = sin(v)
    questions:
      q: h
""")


@pytest.mark.parametrize(
    ("digits", "last", "verdict"),
    [
        ("5" * 9, "0.78432", "correct"),
        ("5" * 9, "0.7843", "undecided"),  # on a page of five digits that is 0.78430
        ("5" * 9, "0.7844", "wrong"),
        ("6" * 9, "0.7843", "undecided"),
        ("456456456", "0.7843", "correct"),  # a page of many precisions
        ("456456456", "0.7844", "correct"),
    ],
)
def test_zeros_at_the_end_are_left_out_only_where_all_others_have_as_many_digits(
    digits: str, last: str, verdict: str
) -> None:
    values = SINES.problems["1"].base.values["v"].tolist()
    texts = [f"{math.sin(value):.{int(count)}f}" for value, count in zip(values, digits, strict=False)]
    (found,) = marked(SINES, {"q": {"": f"[{', '.join([*texts, last])}]"}}).findings
    assert found.cells == ["correct"] * 9 + [verdict]


def test_last_digits_that_rounding_has_moved_are_remarked_and_cost_nothing() -> None:
    report = marked(SHEET, {"d": {"Y2": "0.507"}, "f": {"": "0.7072"}})
    assert verdicts(report) == {"Y2": "correct", "J": "correct"}
    assert next(each for each in report.findings if each.quantity == "J").remarks == ("rounded",)


def test_what_follows_from_a_wrong_value_is_not_said_to_be_rounded() -> None:
    report = marked(SHEET, {"d": {"Y2": "0.51732"}, "f": {"": "0.728401"}})
    found = next(each for each in report.findings if each.quantity == "J")
    assert (found.verdict, found.remarks) == ("carried", ())


# --- working in front of a result, and the loss of a guess ------------------------------------------------------------

CHAIN = sheet_of(
    """
hwcheck: 1
problems:
  "1":
    given: {w: 0.5, h: [0.25, 0.5], t: [0, 0, 0], y: [0, 1, 0], s: 0}
    network: |
      z = w sum(h)
      p = softmax(t)
      q = sigmoid(s)
      J = cross_entropy(p, y)
      L = bce(q, 1)
      M = bce(sigmoid(s + 1), 1)
    questions: {q: {find: [z, p, J, L, M]}}
"""
)


@pytest.mark.parametrize(
    ("typed", "verdict", "contradicted"),
    [
        ("0.5*0.25 + 0.5*0.5 = 0.375", "correct", False),
        ("0.5*0.25 + 0.5*0.5 = 0.125 + 0.25 = 0.375", "correct", False),
        ("w*0.75 = 0.5*0.75 = 0.375", "correct", False),
        ("z = 0.375", "correct", False),
        ("3/8 ≈ 0.38", "correct", False),
        ("0.5*0.25 + 0.5*0.5 = 0.275", "wrong", True),
        ("0.5*0.25 + 0.5*0.6 = 0.375", "correct", True),
        ("0.375 = 0.5*0.25", "wrong", True),
        ("0.375 == 0.375", "wrong", False),
        ("= 0.375", "unreadable", False),
        ("0.375 =", "unreadable", False),
        ("0.375 = w", "unreadable", False),
    ],
)
def test_a_result_stands_behind_its_working(typed: str, verdict: str, contradicted: bool) -> None:
    finding = marked(CHAIN, {"q": {"z": typed}}).findings[0]
    assert (finding.verdict, "working" in finding.remarks) == (verdict, contradicted), finding


@pytest.mark.parametrize(
    ("name", "typed", "remark"),
    [
        ("L", "0.693", "ln2"),
        ("L", "ln 2", "ln2"),
        ("L", "0.69", ""),
        ("L", "0.683", ""),
        ("J", "1.0986", "lnk"),
        ("M", "0.3133", ""),
        ("z", "0.375", ""),
    ],
)
def test_the_loss_of_a_guess_is_recognised(name: str, typed: str, remark: str) -> None:
    finding = next(each for each in marked(CHAIN, {"q": {name: typed}}).findings if each.quantity == name)
    assert [each for each in finding.remarks if each in ("ln2", "lnk")] == ([remark] if remark else [])
