"""Constructions: threshold nets against all their bits, functions against their ranges, and what is said of both."""

from __future__ import annotations

import json
import random
from itertools import product

import numpy as np
import pytest

from hwcheck import solve, verify
from hwcheck.authoring import template
from hwcheck.authoring.lint import lint
from hwcheck.marking.feedback import shown
from hwcheck.marking.report import Finding
from hwcheck.render.data import report_json, solution_json
from hwcheck.render.markdown import solution_markdown
from hwcheck.render.report import report_text
from hwcheck.render.solution import solution_text
from hwcheck.sheet import Sheet
from tests.marking.students import answers_of, sheet_of

NET = """
hwcheck: 1
problems:
  "1":
    given: {x1: bit, x2: bit, w: vector 2, v: vector 2, b: scalar, c: scalar}
    network: |
      z1 = step(w[1] x1 + w[2] x2 + b)
      z2 = step(v[1] x1 + v[2] x2 + c)
      y = step(z1 + z2 - 1/2)
    questions:
      a: {construct: [w, b, v, c], such that: CONDITION, key: {w: [2, 2], b: -3, v: [-2, -2], c: 1}, points: 4}
"""
XNOR = NET.replace("CONDITION", "{y: 1001}")
NEURON = """
hwcheck: 1
problems:
  "1":
    given: {x1: bit, x2: bit, x3: bit, x4: bit, x5: bit, C: scalar}
    network: y = step(x1 - x2 + x3 + x4 - x5 + C)
    questions:
      a: {construct: C, such that: y == x1 (1 - x2) x3 x4 (1 - x5), key: -2.5}
"""
ALONE = """
hwcheck: 1
problems:
  "1":
    given: {x1: bit, x2: bit, w1: scalar, w2: scalar, C: scalar}
    questions:
      a: {construct: [w1, w2, C], such that: step(w1 x1 + w2 x2 + C) == (x1 != x2)}
"""
FUNCTION = """
hwcheck: 1
problems:
  "1":
    given: {a: 2, b: 5}
    questions:
      a:
        construct: f(z)
        such that: CONDITION
"""


def judged(sheet: Sheet, answer: str) -> Finding:
    (finding,) = verify(sheet, answers_of(f"answers:\n  '1':\n    a: {answer}\n")).findings
    return finding


def function(condition: str, answer: str) -> Finding:
    return judged(sheet_of(FUNCTION.replace("CONDITION", condition)), answer)


# --- rounding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        "[1e17, 1e17, -0.5]",
        "[1e16, -1e16, 0.5]",
        "[1e308, 1e308, 1e308]",
        "[1e308, -1e308, 1e-300]",
        "[1e17, -1e17, 0]",
    ],
)
def test_no_neuron_does_what_none_can_however_large_its_weights(answer: str) -> None:
    assert judged(sheet_of(ALONE), answer).verdict == "wrong"


@pytest.mark.parametrize("answer", ["[1, 1, -0.5]", "[1e17, 1e17, -0.5]", "[1e308, 1e308, -0.5]", "[0.3, 0.3, -0.1]"])
def test_large_weights_that_do_the_job_are_right(answer: str) -> None:
    assert judged(sheet_of(ALONE.replace("(x1 != x2)", "max(x1, x2)")), answer).verdict == "correct"


@pytest.mark.parametrize(
    ("condition", "answer", "verdict"),
    [
        ("f(z) >= 0", "-1 + 1e30 - 1e30", "wrong"),
        ("f(z) == z^2", "1e30 - 1e30", "wrong"),
        ("f(z) != 0", "1e30 + 1 - 1e30", "wrong"),
        ("f(z) > 0", "1/(1 + exp(-10 z))", "correct"),  # one term is 2e17, and the value is safe
        ("f(z) > 0", "sqrt(z^2 + 1) - z", "correct"),
        ("f(z) == 3 z", "z + z + z + 0.1 + 0.2 - 0.3", "correct"),
        ("f(z) == floor(3 z)", "floor(0.3 z/0.1)", "correct"),
        ("f(z) <= 1", "step(0.1 z + 0.2 z - 0.3 z - 1e-300)", "correct"),
    ],
)
def test_what_rounding_hides_is_not_right_and_what_it_does_not_touch_is(
    condition: str, answer: str, verdict: str
) -> None:
    finding = function(condition, answer)
    assert finding.verdict == verdict, finding.lines


def test_two_sides_that_differ_far_behind_are_shown_with_their_digits() -> None:
    assert "1.00000001 == 1" in function("f(z) == z^2", "z^2 (1 + 1e-8)").lines[0].detail


# --- threshold nets ---------------------------------------------------------------------------------------------------


def fires(weights: list[float], bits: tuple[int, ...], at_zero: bool = True) -> int:
    total = sum(w * x for w, x in zip(weights, (*bits, 1), strict=True))
    return int(total > 0 or (at_zero and total == 0))


@pytest.mark.parametrize("number", range(8))
def test_random_nets_are_right_when_brute_force_says_so(number: int) -> None:
    draw = random.Random(number)
    units = [[draw.choice((-2.0, -1.0, -0.5, 0.5, 1.0, 2.0)) for _ in range(3)] for _ in range(2)]
    outputs = []
    for bits in product((0, 1), repeat=2):
        hidden = [fires(unit, bits) for unit in units]
        outputs.append(int(sum(hidden) - 0.5 >= 0))
    answer = f"{{w: {units[0][:2]}, b: {units[0][2]}, v: {units[1][:2]}, c: {units[1][2]}}}"
    for wanted in {"0110", "1001", "".join(map(str, outputs))}:
        found = judged(sheet_of(NET.replace("CONDITION", f"{{y: {wanted}}}")), answer)
        if wanted == "".join(map(str, outputs)):
            assert found.verdict == "correct"
        elif "which the sheet leaves open" not in found.about:
            assert found.verdict == "wrong"
            wrong = sum(int(each) != output for each, output in zip(wanted, outputs, strict=True))
            assert f"fails at {wrong} of 4 inputs" in found.lines[0].about


@pytest.mark.parametrize("scale", [1e-6, 0.1, 0.3, 7, 1e8])
def test_a_right_net_stays_right_when_its_units_are_scaled(scale: float) -> None:
    sheet = sheet_of(XNOR)
    for w, b, v, c in (((2, 2), -3, (-2, -2), 1), ((1, 1), -1.5, (-1, -1), 0.5)):
        scaled = [[scale * each for each in row] for row in (w, (b,), v, (c,))]
        found = judged(sheet, f"{{w: {scaled[0]}, b: {scaled[1][0]}, v: {scaled[2]}, c: {scaled[3][0]}}}")
        assert found.verdict == "correct"
        assert found.about.startswith("margin ")


def test_row_58_a_net_is_recognised_by_what_it_computes() -> None:
    table = NET.replace("such that: CONDITION", "such that: {y: 0110}").replace(
        "key: {w: [2, 2], b: -3, ", "key: {w: [2, -2], b: -1, "
    )
    sheet = sheet_of(table.replace("v: [-2, -2], c: 1}", "v: [-2, 2], c: -1}"))
    assert lint(sheet).holds
    (question,) = solve(sheet).problems[0].questions
    assert question.table is not None
    outputs = [float(row[2].value) for _, row in question.table.rows if row[2].value is not None]
    assert outputs == [0, 1, 1, 0]


def test_row_60_margins_and_the_convention_at_zero() -> None:
    edge, wide = "{w: [1, 1], b: -2, v: [-1, -1], c: 0}", "{w: [2, 2], b: -3, v: [-2, -2], c: 1}"
    assert judged(sheet_of(XNOR), wide).about == "margin 0.5"
    found = judged(sheet_of(XNOR), edge)
    assert found.verdict == "correct"
    assert found.about.startswith("margin 0: works only because U(0) = 1")
    closed = XNOR.replace("    questions:", "    conventions: {step_at_zero: 0}\n    questions:")
    found = judged(sheet_of(closed), edge)
    assert found.verdict == "wrong"
    assert "2 of 4 inputs" in found.lines[0].about
    assert judged(sheet_of(closed), wide).verdict == "correct"


def test_a_default_at_zero_is_only_a_reading() -> None:
    xor = NET.replace("CONDITION", "{y: 0110}")
    found = judged(sheet_of(xor), "{w: [1, -1], b: 0, v: [-1, 1], c: 0}")
    assert found.verdict == "correct"
    assert found.about == "margin 0: right where U(0) = 0, which the sheet leaves open"


@pytest.mark.parametrize(
    ("bias", "verdict", "about"),
    [
        ("-3", "correct", "margin 0: works only because U(0) = 1"),
        ("-2.5", "correct", "margin 0.5"),
        ("-2.999", "correct", "margin 0.001"),
        ("3", "wrong", ""),
        ("-2", "correct", "margin 0: right where U(0) = 0, which the sheet leaves open"),
        ("-1.99", "wrong", ""),
        ("-3.01", "wrong", ""),
    ],
)
def test_row_61_a_universal_and(bias: str, verdict: str, about: str) -> None:
    found = judged(sheet_of(NEURON), bias)
    assert found.verdict == verdict
    assert found.about.startswith(about)
    if bias == "3":
        assert found.lines[0].about == "it fails at 31 of 32 inputs"


def test_row_62_no_single_neuron_does_xor() -> None:
    sheet = sheet_of(ALONE)
    for weights in product((-2, -0.5, 0.5, 1, 2), repeat=3):
        assert judged(sheet, str(list(weights))).verdict == "wrong"
    assert not [each for each in lint(sheet).problems[0].proofs if each.wrong]
    assert any("has no `key`" in each for each in lint(sheet).problems[0].advice)


def test_row_62_one_hidden_layer_does_every_function_of_three_inputs() -> None:
    every = list(product((0, 1), repeat=3))
    rows = [[2 * bit - 1 for bit in bits] for bits in every]
    biases = [0.5 - sum(bits) for bits in every]
    questions, answers = [], []
    for number in range(256):
        truth = f"{number:08b}"
        questions.append(f"      q{number}: {{construct: [W, b, v], such that: {{y: '{truth}'}}}}")
        given = [int(each) for each in truth]
        answers.append(f"    q{number}: {{W: {rows}, b: {biases}, v: {given}}}")
    text = (
        "hwcheck: 1\nproblems:\n  '1':\n"
        "    given: {x1: bit, x2: bit, x3: bit, W: matrix 8 x 3, b: vector 8, v: vector 8}\n"
        "    network: |\n      h = step(W [x1; x2; x3] + b)\n      y = step(v^T h - 1/2)\n    questions:\n"
    )
    sheet = sheet_of(text + "\n".join(questions) + "\n")
    report = verify(sheet, answers_of("answers:\n  '1':\n" + "\n".join(answers) + "\n"))
    assert [each.verdict for each in report.findings] == ["correct"] * 256


# --- functions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "answer", "verdict"),
    [
        ("f(z) >= 0", "max(0, z)", "correct"),
        ("f(z) >= 0", "max(.1z, z)", "wrong"),
        ("f(z) >= 0", "exp(z)", "correct"),
        ("f(z) >= 0", "|z|", "correct"),
        ("f(z) >= 0", "z^2 - 1e-4", "wrong"),
        ("f(z) >= 0", "ln(z)", "wrong"),
        ("f(z) >= 0", "z + 1000", "wrong"),
        ("f(z) > 0", "sigmoid(z)", "correct"),
        ("f(z) > 0", "relu(z)", "wrong"),
        ("f(z) <= 0", "min(0, z)", "correct"),
        ("f(z) <= 0", "-max(0, z)", "correct"),
        ("f(z) <= 0", "z", "wrong"),
    ],
)
def test_row_56_ranges_with_one_end(condition: str, answer: str, verdict: str) -> None:
    assert function(condition, answer).verdict == verdict


BOTH = "[a <= f(z), f(z) <= b]"


@pytest.mark.parametrize(
    ("answer", "verdict", "is_open"),
    [
        ("a + (b-a) sigmoid(z)", "correct", True),
        ("2 + 3 sigmoid(z)", "correct", True),
        ("(a+b)/2 + (b-a)/2 tanh(z)", "correct", True),
        ("min(b, max(a, z))", "correct", False),
        ("a + (b-a) (1 + sin(z))/2", "correct", False),
        ("3", "correct", False),
        ("tanh(z)", "wrong", False),
        ("a + (b-a) relu(z)", "wrong", False),
        ("1.999 + 3 sigmoid(z)", "wrong", False),
    ],
)
def test_row_57_ranges_with_two_ends(answer: str, verdict: str, is_open: bool) -> None:
    found = function(BOTH, answer)
    assert found.verdict == verdict
    assert found.about.startswith("open at the ends") == ("open at the end" in found.about) == is_open
    filled = function("{range: [a, b]}", answer)
    assert filled.verdict == ("wrong" if answer == "3" else verdict)
    assert filled.lines[0].about.startswith("open at 2 and at 5") == ("open" in filled.lines[0].about) == is_open


@pytest.mark.parametrize(
    ("answer", "open_at"),
    [
        ("min(b, max(a, z/100))", ""),
        ("min(b, max(a, z - 30))", ""),
        ("min(b, a + 3 exp(z))", "2"),
        ("max(a, b - 3 exp(-z/7))", "5"),
        ("a + (b-a) (1/2 + z/(1 + |z|)/2)", "2 and at 5"),
        ("a + (b-a) sigmoid(z/5)", "2 and at 5"),
    ],
)
def test_an_end_that_is_met_far_out_is_no_open_end(answer: str, open_at: str) -> None:
    (line,) = function("{range: [a, b]}", answer).lines
    assert (line.verdict, line.about) == ("correct", f"open at {open_at}: never reached" if open_at else "")
    about = function(BOTH, answer).about
    assert ("a <= f(z)" in about, "f(z) <= b" in about) == ("2" in open_at, "5" in open_at)


@pytest.mark.parametrize(
    ("ends", "answer", "verdict"),
    [
        ("[0, inf]", "max(0, z)", "correct"),
        ("[0, inf]", "exp(z)", "correct"),
        ("[0, inf]", "z^2 + 1", "wrong"),
        ("[0, inf]", "ln(1 + |z|)", "correct"),
        ("[0, inf]", "sigmoid(z)", "wrong"),
        ("[-inf, 0]", "min(0, z)", "correct"),
        ("[-inf, 0]", "-ln(1 + exp(z))", "correct"),
        ("[-inf, inf]", "z^3", "correct"),
        ("[-inf, inf]", "z^2", "wrong"),
        ("[0, 1]", "step(z)", "wrong"),
        ("[0, 1]", "sigmoid(1000 z)", "correct"),
        ("[0, 1]", "if(z > 0, 0.6 + 0.4 tanh(z), 0.4 + 0.4 tanh(z))", "wrong"),
        ("[0, 1]", "1/z", "wrong"),
    ],
)
def test_a_range_is_filled_up_to_its_ends(ends: str, answer: str, verdict: str) -> None:
    assert function(f"{{range: {ends}}}", f"'{answer}'").verdict == verdict


#: Functions as text around `Z`, and in NumPy.
SHAPES = {
    "sigmoid(Z)": lambda x: 1 / (1 + np.exp(-np.clip(x, -700, 700))),
    "tanh(Z)": np.tanh,
    "max(0, Z)": lambda x: np.maximum(0, x),
    "min(1, max(-1, Z))": lambda x: np.clip(x, -1, 1),
    "sin(Z)": np.sin,
    "exp(-(Z)^2)": lambda x: np.exp(-np.minimum(x**2, 700)),
    "|Z|": np.abs,
    "(Z)": lambda x: x,
}


@pytest.mark.parametrize("number", range(24))
def test_random_compositions_against_dense_sampling(number: int) -> None:
    draw = random.Random(number)
    text, values = "z", np.concatenate([np.linspace(-50, 50, 40_001), [-1e5, 1e5, -1e3, 1e3]])
    for _ in range(draw.randint(1, 3)):
        shape, scale, shift = draw.choice(list(SHAPES)), draw.choice((-2, -1, 0.5, 1, 3)), draw.choice((-1, 0, 0.5, 2))
        text, values = f"({scale}) {shape.replace('Z', text)} + ({shift})", scale * SHAPES[shape](values) + shift
    low, high = float(values.min()), float(values.max())
    if high - low < 0.6:
        return
    for sign, end, inner in ((">=", low, 0.3), ("<=", high, -0.3)):
        if abs(end) < 1e4:
            assert function(f"f(z) {sign} {end - inner:.6f}", f"'{text}'").verdict == "correct", (text, end)
            assert function(f"f(z) {sign} {end + inner:.6f}", f"'{text}'").verdict == "wrong", (text, end)


def test_givens_with_a_domain_are_tried_where_they_lie() -> None:
    text = FUNCTION.replace("{a: 2, b: 5}", "{z: {shape: scalar, in: [-1, 1]}}")
    assert judged(sheet_of(text.replace("CONDITION", "f(z) >= -1")), "z^3").verdict == "correct"
    found = judged(sheet_of(text.replace("CONDITION", "f(z) >= -0.99")), "z")
    assert found.lines[0].detail == "at z = -1 it says -1 >= -0.99"


def test_a_function_of_bits_in_a_network() -> None:
    text = FUNCTION.replace("{a: 2, b: 5}", "{x1: bit, x2: bit}").replace("f(z)", "f(x1, x2)")
    text = text.replace("    questions:", "    network: y = x1 x2\n    questions:")
    sheet = sheet_of(text.replace("CONDITION", "{f(x1, x2): [0, 1, 1, 0]}"))
    assert judged(sheet, "x1 + x2 - 2 x1 x2").verdict == "correct"
    assert judged(sheet, "(x1 - x2)^2").verdict == "correct"
    found = judged(sheet, "x1 + x2")
    assert (found.verdict, found.lines[0].detail) == ("wrong", "at x1 = 1, x2 = 1 `f(x1, x2)` is 2, and 0 is wanted")
    assert judged(sheet, "x1 + y").verdict == "unreadable"


# --- what is typed, and what is said ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        "[0.6, 0.6, 1]",
        "{w1: 3/5, w2: .6, C: 1}",
        "w1 = 0.6, w2 = 0.6, C = 1",
        "|\n      w1 = 0.6\n      w2: 0.6\n      C = 1",
        "0.6; 0.6; 1",
        "{C: 1, w_1: 0.6, w₂: 0.6}",
    ],
)
def test_numbers_are_read_in_every_way_that_they_are_written(answer: str) -> None:
    sheet = sheet_of(ALONE.replace("(x1 != x2)", "1"))
    found = judged(sheet, answer)
    assert (found.verdict, found.read_as) == ("correct", "w1 = 0.6, w2 = 0.6, C = 1")


@pytest.mark.parametrize(
    "answer", ["relu(z)", "f(z) = max(0, z)", "f(z) = max(0,z) = relu(z)", "z -> relu(z)", "{f(z): relu(z)}"]
)
def test_a_function_is_read_in_every_way_that_it_is_written(answer: str) -> None:
    assert function("f(z) >= 0", f"'{answer}'" if "{" not in answer else answer).verdict == "correct"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("q + z", "`q` is not defined"),
        ("g(z)", "`g` is not defined"),
        ("f(z) + 1", "cannot stand in its own formula"),
        ("[z; z]", "a number is wanted"),
        ("(" * 5000 + "z", ""),
        ("max(0 z", ""),
        ("__import__('os')", ""),
        ("z^z^z^z^z^z" + "^9" * 200, ""),
        ("sum(i = 1..1000000000, z)", "too long"),
        (" + ".join(["sum(i = 1..20000, exp(z/i))"] * 20), "too long"),
        ("1/0 +", ""),
    ],
)
def test_hostile_and_broken_formulas_are_unreadable(answer: str, reason: str) -> None:
    text = answer.replace("'", "''")
    found = function("f(z) >= 0", f"'{text}'")
    assert found.verdict in ("unreadable", "wrong")
    assert reason in found.about
    assert found.marks == 0


@pytest.mark.parametrize(
    "answer", ["[1, 2]", "{w1: 1}", "{w1: 1, w2: 2, q: 3}", "q", "[1, q, 2]", "[1, [1, 2], 3]", "1"]
)
def test_numbers_that_are_not_all_there_are_unreadable(answer: str) -> None:
    report = verify(sheet_of(ALONE), answers_of(f"answers:\n  '1':\n    a: {answer}\n"))
    assert [each.verdict for each in report.findings] == ["unreadable"]
    assert [each.code for each in report.diagnostics] == ["HW413"]


@pytest.mark.parametrize("text", [XNOR, NEURON, FUNCTION.replace("CONDITION", "f(z) >= 0\n        key: max(0, z)")])
def test_the_template_is_blank_and_the_model_is_right(text: str) -> None:
    sheet = sheet_of(text)
    blank = verify(sheet, answers_of(template(sheet)))
    assert [each.verdict for each in blank.findings] == ["blank"]
    assert not blank.diagnostics
    assert lint(sheet).holds
    assert not lint(sheet_of(text.replace("-2.5", "-3.5").replace("b: -3,", "b: -1,").replace("max(0", "max(-1"))).holds


def test_each_level_of_feedback_shows_more() -> None:
    sheet = sheet_of(XNOR)
    report = verify(sheet, answers_of("answers:\n  '1':\n    a: {w: [1, 1], b: 0, v: [1, 1], c: 0}\n"))
    lines = {level: shown(report, level).findings[0].lines for level in ("mark", "where", "hint", "full")}
    assert lines["mark"] == ()
    assert (lines["where"][0].verdict, lines["where"][0].about, lines["where"][0].detail) == ("wrong", "", "")
    assert (lines["hint"][0].about, lines["hint"][0].detail) == ("it fails at 2 of 4 inputs", "")
    assert lines["full"][0].detail == "at x1 = 0, x2 = 1 `y` is 1, and 0 is wanted"
    assert shown(report, "hint").findings[0].reference is None


def test_solutions_and_reports_have_the_conditions_and_the_check() -> None:
    sheet = sheet_of(XNOR)
    text = solution_text(solve(sheet), 80)
    assert "w = [2, 2]" in text
    assert "x1  x2  z1  z2  y  margin\n" in text
    assert "| `0` | `1` | `0` | `0` | `0` | `0.5` |" in solution_markdown(solve(sheet))
    (question,) = json.loads(solution_json(solve(sheet)))["problems"][0]["questions"]
    assert question["asks"] == ["w", "b", "v", "c"]
    assert question["check"][3] == {"x1": "1", "x2": "1", "z1": 1.0, "z2": 0.0, "y": 1.0, "margin": 0.5}
    report = verify(sheet, answers_of("answers:\n  '1':\n    a: {w: [1, 1], b: 0, v: [1, 1], c: 0}\n"))
    assert "✗ y: 1 0 0 1: it fails at 2 of 4 inputs" in report_text(report, 120)
    (finding,) = json.loads(report_json(report))["findings"]
    assert (finding["kind"], finding["quantity"]) == ("construct", "w, b, v, c")
    assert finding["lines"][0]["verdict"] == "wrong"


REFUSED = [
    (ALONE.replace("[w1, w2, C]", "[w1, w2, D]"), "`D` is not a given"),
    (ALONE.replace("C: scalar", "C: 1"), "`C` has a value"),
    (ALONE.replace("[w1, w2, C]", "[w1, w1, C]"), "`w1` stands twice"),
    (ALONE.replace(" == (x1 != x2)", ""), "a condition compares two formulas"),
    (ALONE.replace("w2 x2", "w1 x2"), "no condition has to do with `w2`"),
    (ALONE.replace("step(w1 x1 + w2 x2 + C) == (x1 != x2)", "{w1 x1 + w2 + C: 011}"), "all values of the 2 bits"),
    (ALONE.replace("(x1 != x2)}", "(x1 != x2), key: [1, 2]}"), "a value for each"),
    (ALONE.replace("(x1 != x2)}", "(x1 != x2), key: {w1: 1, w2: [1, 2], C: 0}}"), "`w2` is a number"),
    (FUNCTION.replace("f(z)", "a(z)").replace("CONDITION", "a(z) >= 0"), "`a` is known already"),
    (FUNCTION.replace("f(z)", "tanh(z)").replace("CONDITION", "tanh(z) >= 0"), "`tanh` is known already"),
    (FUNCTION.replace("CONDITION", "z >= 0"), "no condition has to do with `f(z)`"),
    (FUNCTION.replace("CONDITION", "f'(z) >= 0"), "the derivative of `f`"),
    (FUNCTION.replace("CONDITION", "{range: [0, q]}"), "`q` is not defined"),
    (FUNCTION.replace("CONDITION", "{range: 3}"), "two ends"),
    (FUNCTION.replace("CONDITION", "f(z) >= 0\n        key: f(z) + 1"), "cannot stand in its own formula"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_cannot_be_constructed_is_said(text: str, message: str, tmp_path: object) -> None:
    from tests.sheet.test_build import errors  # one problem without its heading

    found = errors("\n".join(line[4:] for line in text.split("\n")[4:]), tmp_path)
    assert any(message in each.message for each in found), found
