"""Formulas that students write: what is right, what is wrong with others, and which of several lines breaks first."""

from __future__ import annotations

import pytest

from hwcheck import verify
from hwcheck.marking.feedback import shown
from hwcheck.marking.report import Finding, Report
from hwcheck.sheet import Sheet
from tests.marking.students import answers_of, sheet_of

PATHS = sheet_of("""\
hwcheck: 1
problems:
  "1":
    functions: {f1: unknown, f2: unknown, f3: unknown}
    given:
      x: scalar
      w1: scalar
      w2: scalar
      w3: scalar
      w4: scalar
      b1: scalar
      b2: scalar
      b3: scalar
      y: scalar
    network: |
      h1 = f1(w1 x + b1)
      h2 = f2(w2 x + b2)
      yhat = f3(w3 h1 + w4 h2 + b3)
      L = (yhat - y)^2
    names: {h3: yhat}
    questions:
      w1: {derive: dL/dw1}
      x: {derive: dL/dx, points: 2}
      all: {derive: [dL/dyhat, dL/dw3, dL/db1], points: 3}
      given: {derive: dL/dw1, in: [dL/dyhat, w3, x]}
""")

LAYERS = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given:
      x: vector d1
      W1: matrix d2 x d1
      b1: vector d2
      W2: matrix d3 x d2
      b2: vector d3
      y: vector d3
    network: |
      z1 = W1 x + b1
      z2 = relu(z1)
      z3 = W2 z2 + b2
      yhat = identity(z3)
      l = ||yhat - y||^2
    questions:
      W2: {derive: dl/dW2}
      W1: {derive: dl/dW1}
      z2: {derive: dl/dz2}
      z1: {derive: dl/dz1}
      yhat: {derive: dl/dyhat}
      slopes: {derive: dz2/dz1}
      jacobian: {derive: {J: diag(dz2/dz1)}}
      identity: {derive: dyhat/dz3}
      entry: {derive: "dl/dyhat[i] for i = 1..2"}
      table:
        table: [Input, Output]
        in: [x, W1, b1, W2, b2, y]
        points: 8
        rows:
          Linear 1: [x, z1]
          f: [z1, z2]
          Linear 2: [z2, z3]
          Loss: [z3, l]
""")

CURVES = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: scalar, y: bit, Y: probability, beta: probability, m: scalar, g: scalar}
    network: |
      P = 1/(1 + exp(-x))
      h = 2 x + 1
      z = x^2
      o = 1/(1 + exp(-h))
      J = -y ln Y - (1 - y) ln(1 - Y)
      r = relu(x)
    questions:
      P: {derive: dP/dx}
      z: {derive: do/dz}
      h: {derive: do/dh}
      Y: {derive: dJ/dY}
      r: {derive: dr/dx}
      m: {derive: {m_next: beta m + (1 - beta) g}}
""")


def report_of(sheet: Sheet, question: str, answer: str) -> Report:
    """Judge what was written to one question, as a block of text."""
    lines = "".join(f"\n        {line}" for line in answer.split("\n"))
    return verify(sheet, answers_of(f"answers:\n  '1':\n    '{question}': |{lines}\n"))


def found(sheet: Sheet, question: str, answer: str) -> Finding:
    """Give the one finding about what was written to one question."""
    findings = [each for each in report_of(sheet, question, answer).findings if each.question == question]
    assert len(findings) == 1
    return findings[0]


def codes(finding: Finding) -> list[str]:
    return [slip.code for slip in finding.slips]


@pytest.mark.parametrize(
    ("sheet", "question", "answer"),
    [
        (PATHS, "w1", "dL/dyhat f3' w3 f1' x"),
        (PATHS, "w1", "dL/dh3 * f3' * w3 * f1' * x"),
        (PATHS, "w1", "dL/dw1 = dL/dh3 · dh3/dh1 · dh1/dw1 = dL/dh3 · f'_3 w_3 · f'_1 x"),
        (PATHS, "w1", r"\frac{dL}{dh_3} \cdot f'_3 w_3 \cdot f'_1 x"),
        (PATHS, "w1", "2 (yhat - y) f3'(w3 h1 + w4 h2 + b3) w3 f1'(w1 x + b1) x"),
        (PATHS, "w1", "k = f3' w3\ndL/dyhat k f1' x"),
        (PATHS, "x", "dL/dh3 f3' (w3 f1' w1 + w4 f2' w2)"),
        (PATHS, "x", "dL/dh1 dh1/dx + dL/dh2 dh2/dx"),
        (PATHS, "given", "dL/dyhat f3' w3 f1' x"),
        (LAYERS, "W2", "dl/dz3 · dz3/dW2 = dl/dyhat z2^T"),
        (LAYERS, "W2", "2 (yhat - y) [(W1 x + b1)^+]^T"),
        (LAYERS, "W1", "[W2^T dl/dyhat ⊙ (W1 x + b1 > 0)] * x^T"),
        (LAYERS, "W1", "dl/dz1 x^T"),
        (LAYERS, "z1", r"\left(w_2^T \cdot \frac{dl}{d\hat{y}} \right) \odot (z_1 > 0)"),
        (LAYERS, "z1", "diag(z1 > 0) W2ᵀ dl/dyhat"),
        (LAYERS, "slopes", "(z1 > 0)"),
        (LAYERS, "identity", "I"),
        (LAYERS, "identity", "I_{d3 x d3}"),
        (LAYERS, "entry", "2 (yhat_i - y_i)"),
        (CURVES, "P", "e^-x/(1+e^-x)^2"),
        (LAYERS, "W2", "2(yhat - y)(W1x + b1)^+.T"),
        (LAYERS, "z2", "W2^T(2z3 - 2y)"),
        (CURVES, "P", "P (1 - P)"),
        (CURVES, "z", "0"),
        (CURVES, "Y", "-y/Y + (1-y)/(1-Y)"),
        (CURVES, "Y", "(Y - y)/(Y (1 - Y))"),
        (CURVES, "r", "x > 0"),
        (CURVES, "m", "beta*m + (1-beta)*g"),
        (CURVES, "m", "g + beta (m - g)"),
    ],
)
def test_what_is_the_same_function_is_right(sheet: Sheet, question: str, answer: str) -> None:
    finding = found(sheet, question, answer)
    assert (finding.verdict, finding.marks) == ("correct", finding.max_marks), finding
    assert not finding.slips


@pytest.mark.parametrize(
    ("sheet", "question", "answer", "code"),
    [
        (PATHS, "x", "dL/dh3 f3' w3 f1' w1", "SUM_ONE_PATH"),
        (PATHS, "x", "dL/dh3 f3' w4 f2' w2", "SUM_ONE_PATH"),
        (PATHS, "x", "dL/dh3 f3' w3 f1' w1 or dL/dh3 f3' w4 f2' w2", "PATHS_OR"),
        (PATHS, "x", "dL/dh3 f3' w3 f1' w1\nor dL/dh3 f3' w4 f2' w2", "PATHS_OR"),
        (PATHS, "x", "dL/dh3 dh3/dh1 dh1/dx = dL/dh3 f3' w3 f1' w1", "SUM_ONE_PATH"),
        (PATHS, "w1", "-dL/dyhat f3' w3 f1' x", "FORMULA_SIGN"),
        (PATHS, "w1", "dL/dyhat f3' w3 x", "FACTOR_MISSING"),
        (PATHS, "w1", "dL/dyhat f3' f1' x", "WEIGHT_MISSING"),
        (PATHS, "w1", "dL/dyhat f3' w4 f1' x", "OTHER_NAME"),
        (PATHS, "w1", "dL/dyhat w3 f1' x", "FACTOR_MISSING"),
        (PATHS, "x", "dL/dyhat f3' (w3 f1' w1 - w4 f2' w2)", "FORMULA_SIGN"),
        (LAYERS, "z2", "W2^T yhat - y", "SHAPE_MISFIT"),
        (LAYERS, "W2", "z2 (dl/dyhat)^T", "DW_TRANSPOSED"),
        (LAYERS, "z2", "W2 dl/dyhat", "PRODUCT_ORDER"),
        (LAYERS, "z2", "(dl/dyhat W2)^T", "PRODUCT_ORDER"),
        (LAYERS, "W1", "(W2^T dl/dyhat) x^T", "HID_DERIV_MISSING"),
        (LAYERS, "yhat", "yhat - y", "CONSTANT_FACTOR"),
        (LAYERS, "z1", "W2^T dl/dyhat ⊙ (x > 0)", "OTHER_NAME"),
        (LAYERS, "yhat", "2 (z2 - y)", "OTHER_NAME"),
        (CURVES, "P", "-(1+e^-x)^-2 e^-x", "FORMULA_SIGN"),
        (CURVES, "h", "-e^-h/(1+e^-h)^2", "FORMULA_SIGN"),
        (CURVES, "z", "do/dx / (dz/dx)", "NO_PATH"),
        (CURVES, "Y", "-y/Y - (1-y)/(1-Y)", "INNER_SIGN_BCE"),
        (CURVES, "m", "beta m + g", "FACTOR_MISSING"),
    ],
)
def test_what_is_wrong_is_named(sheet: Sheet, question: str, answer: str, code: str) -> None:
    finding = found(sheet, question, answer)
    assert (finding.verdict, finding.marks) == ("wrong", 0), finding
    assert codes(finding)[:1] == [code], finding.slips


def test_the_first_line_that_breaks_is_named_and_a_right_end_is_right() -> None:
    text = "dP/dx = -(1+e^-x)^-2 e^-x\n= e^-x/(1+e^-x) · 1/(1+e^-x)\n= P (1 - P)"
    finding = found(CURVES, "P", text)
    assert finding.verdict == "correct"
    assert "recovered" in finding.remarks
    assert [line.verdict for line in finding.lines] == ["wrong", "correct", "correct"]
    assert codes(finding) == ["FORMULA_SIGN"]
    assert finding.slips[0].message.startswith("Line 1 ")
    finding = found(CURVES, "P", "e^-x/(1+e^-x)^2 = P (1 + P)")
    assert [line.verdict for line in finding.lines] == ["correct", "wrong"]
    assert finding.verdict == "wrong"


def test_a_line_about_another_quantity_is_held_against_that_one() -> None:
    finding = found(LAYERS, "W1", "dl/dz3 = dl/dyhat\ndl/dz2 = W2^T dl/dz3\ndl/dW1 = (dl/dz2 ⊙ (z1 > 0)) x^T")
    assert finding.verdict == "correct"
    assert {line.verdict for line in finding.lines} == {"correct"}
    finding = found(LAYERS, "W1", "dl/dz2 = W2^T (y - yhat)\ndl/dW1 = (W2^T dl/dyhat ⊙ (z1 > 0)) x^T")
    assert [line.verdict for line in finding.lines] == ["wrong", "correct"]
    assert (finding.verdict, "recovered" in finding.remarks) == ("correct", True)


def test_a_right_value_for_the_wrong_reason_is_remarked() -> None:
    finding = found(CURVES, "z", "do/dh * dh/dx * dx/dz = e^-h/(1+e^-h)^2 * 2 * 0 = 0")
    assert finding.verdict == "correct"
    assert {"reason", "nopath"} <= set(finding.remarks)
    assert "reason" not in found(CURVES, "z", "0").remarks


def test_products_that_fit_entry_by_entry_alone_are_remarked() -> None:
    finding = found(LAYERS, "W2", "dl/dyhat * dyhat/dz3 * z2^T")
    assert (finding.verdict, finding.remarks, codes(finding)) == ("correct", ("order",), ["PRODUCT_ORDER"])
    assert found(LAYERS, "W2", "dl/dyhat dyhat/dz3 z2^T").remarks == ("order",)
    assert found(LAYERS, "W2", "(dl/dyhat ⊙ dyhat/dz3) z2^T").remarks == ()


def test_a_vector_for_a_jacobian_is_remarked_and_the_other_way_round() -> None:
    assert found(LAYERS, "jacobian", "z1 > 0").remarks == ("diagonal",)
    assert found(LAYERS, "slopes", "diag(z1 > 0)").remarks == ("jacobian",)


def test_names_that_are_not_allowed_are_not_expanded_yet() -> None:
    for sheet, question, answer in [
        (PATHS, "given", "dL/dh1 f1' x"),
        (PATHS, "w1", "dL/dw1"),
        (LAYERS, "yhat", "dl/dyhat"),
        (LAYERS, "yhat", "[dl/dyhat_1; ...; dl/dyhat_d3]"),
    ]:
        finding = found(sheet, question, answer)
        assert (finding.verdict, finding.marks) == ("undecided", 0), answer
        assert "unexpanded" in finding.remarks
        assert finding.about.startswith("not expanded yet: `")
    assert found(PATHS, "given", "dL/dh1 f2' x").verdict == "wrong"


def test_cases_are_held_against_what_holds_there() -> None:
    def by_cases(question: str, *cases: str) -> Finding:
        text = "".join(f"\n        {case}" for case in cases)
        report = verify(CURVES, answers_of(f"answers:\n  '1':\n    '{question}':{text}\n"))
        return next(each for each in report.findings if each.question == question)

    assert by_cases("Y", "y = 0: 1/(1-Y)", "y = 1: -1/Y").verdict == "correct"
    assert by_cases("Y", "y = 0: 1/(1-Y)", "y = 1: 1/Y").verdict == "wrong"
    refused = by_cases("Y", "y = 0: 1/(1-Y)", "y = -1: -1/Y")
    assert (refused.verdict, codes(refused), refused.marks) == ("wrong", ["CASE_WRONG"], 0.5)
    assert "y = 1" in by_cases("Y", "y = 0: 1/(1-Y)").about
    assert by_cases("Y", "y = 0: 1/(1-Y)", "else: -1/Y").verdict == "correct"
    assert by_cases("r", "x > 0: 1", "x < 0: 0").verdict == "correct"
    assert by_cases("r", "x > 0: 1", "x < 0: 1").verdict == "wrong"
    assert codes(by_cases("r", "x > 0: 1")) == ["CASE_WRONG"]


def test_the_cells_of_a_table_may_use_what_stands_in_earlier_ones() -> None:
    text = """\
answers:
  '1':
    table:
      Linear 1: [x, W1 x + b1 = z1]
      f: [W1 x + b1, "max(0, W1 x + b1) = yhat_1 = z2"]
      Linear 2: {Input: yhat_1, Output: W2 yhat_1 + b2 = z3}
      Loss: [z3, "||z3 - y||_2^2"]
"""
    findings = [each for each in verify(LAYERS, answers_of(text)).findings if each.question == "table"]
    assert [each.verdict for each in findings] == ["correct"] * 8
    assert sum(each.marks for each in findings) == pytest.approx(8)
    lines = ["Linear 1: x, W1 x + b1", "| f | W1 x + b1 | max(0, W1 x + b1) |", "|---|---|---|"]
    text = "answers:\n  '1':\n    table: |\n" + "".join(f"      {line}\n" for line in lines)
    findings = [each for each in verify(LAYERS, answers_of(text)).findings if each.question == "table"]
    assert [each.verdict for each in findings] == ["correct"] * 4 + ["blank"] * 4
    text = "answers:\n  '1':\n    table:\n      Linear 2: [z2, W2 z2]\n      Lineal 1: [x, z1]\n"
    report = verify(LAYERS, answers_of(text))
    verdicts = {each.quantity: each.verdict for each in report.findings if each.question == "table"}
    assert verdicts["Linear 2, Input"] == "undecided"  # z2 is no name that is allowed
    assert verdicts["Linear 2, Output"] == "wrong"
    assert verdicts["Linear 1, Input"] == "blank"
    assert any("did you mean `Linear 1`?" in each.help for each in report.diagnostics)


def test_one_mistake_counts_once_in_what_follows_from_it() -> None:
    text = """\
answers:
  '1':
    z1: W2^T dl/dyhat
    W1: (W2^T dl/dyhat) x^T
"""
    findings = {each.question: each for each in verify(LAYERS, answers_of(text)).findings}
    wrong = [name for name in ("W1", "z1") if findings[name].verdict == "wrong"]
    assert len(wrong) == 1
    other = findings["z1" if wrong == ["W1"] else "W1"]
    assert (other.verdict, other.remarks, other.marks) == ("carried", ("same",), other.max_marks)


def test_gradients_laid_out_the_other_way_throughout_are_right() -> None:
    text = "answers:\n  '1':\n    W2: z2 (dl/dyhat)^T\n    W1: x (W2^T dl/dyhat ⊙ (z1 > 0))^T\n"
    findings = {each.question: each for each in verify(LAYERS, answers_of(text)).findings}
    for name in ("W1", "W2"):
        assert (findings[name].verdict, findings[name].remarks) == ("correct", ("transposed",))
    text = "answers:\n  '1':\n    W2: dl/dyhat z2^T\n    W1: x (W2^T dl/dyhat ⊙ (z1 > 0))^T\n"
    findings = {each.question: each for each in verify(LAYERS, answers_of(text)).findings}
    assert [findings[name].verdict for name in ("W2", "W1")] == ["correct", "wrong"]


def test_several_formulas_of_one_question_each_have_their_points() -> None:
    text = "answers:\n  '1':\n    all:\n      dL/dyhat: 2(yhat - y)\n      dL/dw3: dL/dh3 f3' h2\n"
    findings = [each for each in verify(PATHS, answers_of(text)).findings if each.question == "all"]
    assert [(each.verdict, each.marks) for each in findings] == [("correct", 1), ("wrong", 0), ("blank", 0)]


def test_what_students_are_shown_keeps_the_formula_below_full() -> None:
    report = report_of(PATHS, "x", "dL/dh3 f3' w3 f1' w1")
    for level, said in (("mark", "nothing"), ("where", "lines"), ("hint", "slips"), ("full", "key")):
        finding = next(each for each in shown(report, level).findings if each.question == "x")
        assert bool(finding.key) == (said == "key")
        assert bool(finding.reference) == (said == "key")
        assert bool(finding.slips) == (said in ("slips", "key"))
        assert bool(finding.lines) == (said != "nothing")


def test_what_cannot_be_read_says_why() -> None:
    finding = found(PATHS, "w1", "dL/dyhat f3' w3 (f1' x")
    assert (finding.verdict, finding.marks) == ("unreadable", 0)
    assert "never closed" in finding.about
    finding = found(PATHS, "w1", "dL/dyhat f3' w9")
    assert (finding.verdict, "w9" in finding.about) == ("unreadable", True)


PROBE = sheet_of("""\
hwcheck: 1
problems:
  "1":
    functions: {f1(v): v^2, f2(v): v, f3(v): v^2}
    given: {x: 1, w1: 1, w2: 3, w3: 1, w4: 1, b1: 0, b2: 0, b3: 0, y: 15}
    network: |
      h1 = f1(w1 x + b1)
      h2 = f2(w2 x + b2)
      yhat = f3(w3 h1 + w4 h2 + b3)
      L = (yhat - y)^2
      z = x^2 + 1
    questions:
      x: {find: dL/dx}
      z: {find: dL/dz}
""")


@pytest.mark.parametrize(
    ("question", "typed", "verdict", "code"),
    [("x", "80", "correct", ""), ("x", "32", "wrong", "SUM_ONE_PATH"), ("x", "48", "wrong", "SUM_ONE_PATH"),
     ("z", "0", "correct", ""), ("z", "40", "wrong", "NO_PATH")],
)  # fmt: skip
def test_a_probe_in_whole_numbers_shows_a_lost_path(question: str, typed: str, verdict: str, code: str) -> None:
    finding = found(PROBE, question, typed)
    assert (finding.verdict, "".join(codes(finding))) == (verdict, code)
    assert ("nopath" in finding.remarks) == (typed == "0")


def test_a_mistake_that_the_sheet_names_is_told_in_its_words_and_leaves_its_credit() -> None:
    sheet = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {yhat: vector n, y: vector n, x: vector m}
    network: |
      J = 1/2 ||yhat - y||^2
    slips: {TWICE: {in: dJ/dyhat, formula: 2 (yhat - y), message: Look at the half in front., credit: 0.5}}
    questions:
      a: {derive: dJ/dyhat, points: 2}
""")
    finding = found(sheet, "a", "2 (yhat - y)")
    assert (finding.verdict, finding.marks) == ("wrong", 1)
    assert [(slip.code, slip.message) for slip in finding.slips] == [("TWICE", "Look at the half in front.")]
    assert found(sheet, "a", "yhat - y").verdict == "correct"


RIDGE = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {X: matrix m x d, w: vector d, y: vector m, u: vector d, theta: scalar, eta: scalar}
    network: |
      r = X w - y
      L = 1/2 ||r||^2
      p = uᵀ w + theta
    questions:
      a: {derive: dL/dw, in: [X, w, y]}
      p: {derive: p}
      s: {derive: {w_new: w - eta dL/dw}}
""")


@pytest.mark.parametrize(
    ("question", "answer", "remarks"),
    [
        ("a", "e = X w - y\nX^T e", ()),  # a name that is a number elsewhere
        ("a", "d = X w - y\nX^T d", ()),  # or a size
        ("a", "X^T q\nwhere q = X w - y", ()),
        ("a", "X^T q, q = X w - y.", ()),
        ("a", "r = X w - y\nX^T r", ()),  # r is not allowed, but what it stands for was written
        ("a", "grad = X^T (X w - y)", ()),
        ("a", "X^T (X w - y)  (chain rule)", ()),
        ("a", r"\delta = X w - y \\ X^\top \delta", ()),
        ("p", "u·w + theta", ("dot",)),
        ("p", "w u + theta", ("dot",)),
        ("s", "w_new = w - eta X^T (X w - y)", ()),
        ("s", "w = w - eta X^T (X w - y)", ()),
        ("s", "w := w - eta dL/dw", ()),
    ],
)
def test_ways_of_writing_it_down(question: str, answer: str, remarks: tuple[str, ...]) -> None:
    finding = found(RIDGE, question, answer)
    assert (finding.verdict, finding.remarks) == ("correct", remarks), finding


@pytest.mark.parametrize(
    ("question", "answer"),
    [("r", "x > 0: 1\nx < 0: 0"), ("r", "if x > 0: 1\notherwise: 0"), ("Y", "y = 0: 1/(1-Y); y = 1: -1/Y"),
     ("r", r"\begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}"), ("z", "0, because no path leads from z to o")],
)  # fmt: skip
def test_cases_and_reasons_in_a_text(question: str, answer: str) -> None:
    assert found(CURVES, question, answer).verdict == "correct"
    assert found(CURVES, question, answer.replace("1", "3").replace("0,", "1,")).verdict != "correct"


def test_an_unknown_function_may_have_any_name() -> None:
    for name in "fghxyp":
        sheet = sheet_of(f"""\
hwcheck: 1
problems:
  "1":
    functions: {{{name}: unknown, phi: unknown}}
    given: {{a: scalar}}
    network: |
      z = a + {name}(phi(a))
    questions:
      q: {{derive: dz/da}}
""")
        assert found(sheet, "q", f"1 + {name}' phi'").verdict == "correct"
        assert found(sheet, "q", f"1 + {name}' phi").verdict != "correct"


PRODUCT = sheet_of("""\
hwcheck: 1
problems:
  "1":
    functions: {f: unknown, q: unknown}
    given: {x: scalar}
    network: |
      p = f(x) q(x)
      r = f(x)/q(x)
    questions:
      p: {derive: dp/dx}
      r: {derive: dr/dx}
""")


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [("p", "f' q + f q'", "correct"), ("p", "q f'(x) + f(x) q'", "correct"), ("p", "f' q'", "wrong"),
     ("r", "(f' q - f q')/q^2", "correct"), ("r", r"\frac{f' q - f q'}{q^2}", "correct"), ("r", "f'/q'", "wrong")],
)  # fmt: skip
def test_a_function_that_stands_alone_has_its_argument_of_the_network(question: str, answer: str, verdict: str) -> None:
    assert found(PRODUCT, question, answer).verdict == verdict


def test_a_hint_about_a_graph_names_no_missing_arrow() -> None:
    sheet = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: 1}
    network: |
      h = 2 x
      y = h^2
    questions:
      a: {graph: network}
""")
    report = report_of(sheet, "a", "x -> h")
    (finding,) = report.findings
    assert "h -> y" in finding.slips[0].message
    (hinted,) = shown(report, "hint").findings
    assert codes(hinted) == ["EDGE_MISSING"]
    assert "y" not in f"{hinted.slips[0].message} {hinted.about} {hinted.reference}".replace("every", "").split()


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        ("yhat", "2 (yhat_i - y_i)", "correct"),
        ("yhat", "dl/dyhat_i = 2 (yhat_i - y_i)", "correct"),
        ("yhat", r"\frac{\partial l}{\partial \hat{y}_i} = 2 (\hat{y}_i - y_i)", "correct"),
        ("yhat", "2 (yhat[i] - y[i])", "correct"),
        ("yhat", "yhat_i - y_i", "wrong"),
        ("yhat", "dl/dyhat_i", "undecided"),
        ("W2", "dl/dW2_ij = 2 (yhat_i - y_i) z2_j", "correct"),
        ("W2", "dl/dW2_ij = 2 (yhat_j - y_j) z2_i", "wrong"),
        ("z2", "dl/dz2_j = 2 sum_i W2_ij (yhat_i - y_i)", "correct"),
        ("z2", r"2 \sum_{i} W2_{ij} (\hat{y}_i - y_i)", "correct"),
        ("z2", "dl/dz2_j = 2 sum_i W2_ji (yhat_i - y_i)", "wrong"),
    ],
)
def test_index_notation_for_the_whole_of_a_quantity(question: str, answer: str, verdict: str) -> None:
    finding = found(LAYERS, question, answer)
    assert finding.verdict == verdict, finding
    assert "entry" in finding.remarks


def test_the_jacobian_of_a_softmax_in_indices() -> None:
    sheet = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {a: vector k}
    network: s = softmax(a)
    questions:
      j: {derive: "ds/da[i,j] for i = 1..k, j = 1..k"}
""")
    for right in (r"s_i (\delta_{ij} - s_j)", "s_i ((i == j) - s_j)", "i = j: s_i (1 - s_i)\ni != j: -s_i s_j"):
        assert found(sheet, "j", right).verdict == "correct"
    for wrong in (r"s_i (\delta_{ij} + s_j)", r"s_i (\delta_{ij} - s_i)", "i = j: s_i (1 - s_i)\ni != j: s_i s_j"):
        assert found(sheet, "j", wrong).verdict == "wrong"


RULE = """
hwcheck: 1
problems:
  "1":
    given: {w: 1, x: 2, y: 1, beta: 0.9}
    network: J = (w x - y)^2
    train: {loss: J, parameters: [w], optimizer: {momentum: {momentum: beta}}, learning_rate: 0.01}
    conventions: {momentum: ema}
    questions:
      a: {derive: [m_w, w_new]}
"""


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("beta m_w@0 + (1 - beta) dJ/dw", "correct"),
        ("m_w@0 - (1 - beta) (m_w@0 - dJ/dw)", "correct"),
        ("beta m_w@0 + dJ/dw", "wrong"),
        ("(1 - beta) dJ/dw", "correct"),  # the state that is 0 need not be written
        ("(1 - beta) m_w@0 + beta dJ/dw", "wrong"),
    ],
)
def test_a_rule_that_reads_the_state_is_judged_for_any_though_the_sheet_begins_with_zero(
    rule: str, verdict: str
) -> None:
    report = verify(
        sheet_of(RULE), answers_of(f"answers:\n  '1':\n    a:\n      m_w: {rule}\n      w_new: w - 0.01 m_w\n")
    )
    assert [each.verdict for each in report.findings] == [verdict, "correct"]
