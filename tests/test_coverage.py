"""Homework that people wrote, row by row: what a sheet asks, what was answered, and the verdict that it deserves.

The numbers of the rows are those of a list of everything that five real homework documents ask for. Formulas, graphs
and cases are judged through the sheets of `problems/`; values agree with values worked out elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import pytest

from hwcheck import load_answers, load_sheet, solve, verify
from hwcheck.cli import main
from hwcheck.marking.report import Finding
from hwcheck.sheet import Sheet
from tests.bundled import answers_file
from tests.marking.students import answers_of, sheet_of

SHEETS = ("homework3", "homework4", "layers", "sheet5-derivations")
Screen = pytest.CaptureFixture[str]
STUDENT = "what the student wrote"

#: A formula, or answers by name, by row and column, or by case.
Answer: TypeAlias = "str | Mapping[str, Answer]"


@cache
def sheet(name: str) -> Sheet:
    return load_sheet(name)


def typed(answer: Answer, indent: str) -> str:
    """Write an answer as YAML: a text in quotes or as a block, the items of a list, or cases."""
    if not isinstance(answer, str):
        rows = (f"\n{indent}  {json.dumps(key)}:{typed(value, indent + '  ')}" for key, value in answer.items())
        return "".join(rows)
    if "\n" in answer:
        return " |" + "".join(f"\n{indent}  {line}" for line in answer.split("\n"))
    return " " + json.dumps(answer, ensure_ascii=False)


def answered(of: Sheet, problem: str, question: str, answer: Answer) -> list[Finding]:
    """Judge one answer to one question."""
    text = f"answers:\n  {json.dumps(problem)}:\n    {json.dumps(question)}:{typed(answer, '    ')}\n"
    return [each for each in verify(of, answers_of(text), problem, question).findings if each.question == question]


@cache
def written(name: str) -> dict[tuple[str, str, str], Finding]:
    """Judge what the student of a document wrote, by problem, question and quantity."""
    report = verify(sheet(name), load_answers(str(answers_file(name))))
    return {(each.problem, each.question, each.quantity): each for each in report.findings}


def said(finding: Finding) -> str:
    """Give all that is said of an answer: remarks, slips, lines and reasons."""
    slips = chain.from_iterable((slip.code, slip.message) for slip in finding.slips)
    lines = chain.from_iterable((line.verdict, line.about) for line in finding.lines)
    return "\n".join((*finding.remarks, finding.about, *slips, *lines))


# Row, sheet, problem, question, what is answered (STUDENT: what stands in the student's file), the quantity where the
# question asks several, the verdict, and words that are said of it.
ANSWERS: tuple[tuple[int, str, str, str, Answer, str, str, tuple[str, ...]], ...] = (
    # a scalar network with abstract activations
    (1, "homework4", "1", "loss", STUDENT, "", "correct", ()),
    *((1, "homework4", "1", "weights", STUDENT, f"dL/dw{at}", "correct", ()) for at in (1, 2, 3, 4)),
    *((1, "homework4", "1", "biases", STUDENT, f"dL/db{at}", "correct", ()) for at in (1, 2, 3)),
    (1, "homework3", "1", "weights", {"dL/dw1": "dL/dyhat*f3'*w3*f1'*x"}, "dL/dw1", "correct", ()),
    (1, "homework3", "1", "weights", {"dL/dw4": "dL/dyhat*f3'*h2"}, "dL/dw4", "correct", ()),
    (1, "homework3", "1", "weights", {"dL/dw4": "dL/dyhat*f3'*h1"}, "dL/dw4", "wrong", ("OTHER_NAME",)),
    # the loss is left undefined
    (2, "homework3", "1", "biases", {"dL/db3": "dL/dyhat*f3'"}, "dL/db3", "correct", ()),
    (2, "homework3", "1", "biases", {"dL/db3": "2 dL/dyhat*f3'"}, "dL/db3", "wrong", ("CONSTANT_FACTOR",)),
    # the sum over all paths
    (3, "homework3", "1", "input", "dL/dyhat*f3'*(w3*f1'*w1+w4*f2'*w2)", "", "correct", ()),
    (3, "homework4", "1", "input", "dL/dyhat f3' w3 f1' w1 + dL/dyhat f3' w4 f2' w2", "", "correct", ()),
    # one path alone
    (4, "homework4", "1", "input", "dL/dh3 f3' w3 f1' w1", "", "wrong", ("SUM_ONE_PATH",)),
    (4, "homework4", "1", "input", "dL/dh3 f3' w4 f2' w2", "", "wrong", ("SUM_ONE_PATH",)),
    (4, "homework4", "1", "input", "dL/dh3 f3' w4 f2' w2 + dL/dh3 f3' w3 f1' w1", "", "correct", ()),
    # two paths joined by `or`
    (5, "homework4", "1", "input", STUDENT, "", "wrong", ("PATHS_OR",)),
    # spellings of a prime
    (6, "homework3", "1", "weights", {"dL/dw1": "dL/dyhat f'_3 w3 f'_1 x"}, "dL/dw1", "correct", ()),
    (6, "homework3", "1", "weights", {"dL/dw1": "dL/dyhat f_3'(w3 h1 + w4 h2 + b3) w3 f1'(w1 x + b1) x"}, "dL/dw1",
     "correct", ()),
    (6, "homework3", "1", "weights", {"dL/dw1": "dL/dyhat fp3 w3 fp1 x"}, "dL/dw1", "correct", ()),
    # aliases
    (7, "homework3", "1", "biases", {"dL/db3": "dL/dh3 f3'"}, "dL/db3", "correct", ()),
    # the computational graph, arrow by arrow
    (9, "homework3", "2", "1", "x -> h, h -> y, x -> z", "", "correct", ()),
    (9, "homework3", "2", "1", "x -> h -> y\nx -> z", "", "correct", ()),
    (10, "homework3", "2", "1", "h -> z, z -> y", "", "wrong",
     ("EDGE_EXTRA", "EDGE_MISSING", "h -> z", "z -> y", "x -> h", "x -> z", "h -> y")),
    (10, "homework3", "2", "1", "h -> x, h -> y, x -> z", "", "wrong", ("EDGE_REVERSED",)),
    # no path leads from z to y
    (11, "homework3", "2", "2", "0", "", "correct", ("nopath",)),
    (11, "homework4", "2", "b", "0", "", "correct", ("nopath",)),
    (12, "homework4", "2", "b", "(dy/dx)/(dz/dx)", "", "wrong", ("NO_PATH",)),
    (12, "homework3", "2", "2", "dy/dx / (dz/dx)", "", "wrong", ("NO_PATH",)),
    (12, "homework3", "2 with numbers", "slopes", {"dy/dz": "0.0451767"}, "dy/dz", "wrong", ("NO_PATH",)),
    (13, "homework4", "2", "b", STUDENT, "", "correct", ("reason",)),
    # an elementary derivative
    (14, "homework4", "2", "c", STUDENT, "", "correct", ()),
    (14, "homework4", "2", "c", "e^-h/(1 + e^-h)^2", "", "correct", ()),
    (14, "homework4", "2", "c", "-e^-h/(1 + e^-h)^2", "", "wrong", ("FORMULA_SIGN",)),
    # a table of layers
    *((15, "layers", "1.2", "b", STUDENT, f"{row}, {column}", "correct", ())
      for row in ("Linear 1", "f", "Linear 2", "g", "Loss") for column in ("Input", "Output")),
    (15, "layers", "1.2", "b", {"Linear 2": {"Output": "W2 max(0, W1 x + b1) + b2"}}, "Linear 2, Output", "correct",
     ()),
    (15, "layers", "1.2", "b", {"Linear 2": {"Output": "W2 max(0, W1 x + b1)"}}, "Linear 2, Output", "wrong",
     ("BIAS_FWD",)),
    # gradients as products of matrices
    *((16, "layers", "1.2", "c", STUDENT, f"dl/d{name}", "correct", ())
      for name in ("z3", "W2", "b2", "z2", "z1", "W1", "b1")),
    *((16, "layers", "1.2", "all", STUDENT, f"dl/d{name}", "correct", ()) for name in ("b2", "W1", "b1")),
    (16, "layers", "1.2", "all", STUDENT, "dl/dW2", "correct", ("order",)),
    # shapes
    (17, "layers", "1.2", "c", {"dl/dW2": "z2 (dl/dyhat)^T"}, "dl/dW2", "wrong",
     ("DW_TRANSPOSED", "d3 x d2", "d2 x d3")),
    (17, "layers", "1.2", "c", {"dl/dz2": "W2 dl/dyhat"}, "dl/dz2", "wrong", ("d3 x d2", "d3")),
    (17, "sheet5-derivations", "3", "back", STUDENT, "", "wrong", ("PRODUCT_ORDER", "K x 2")),
    (17, "sheet5-derivations", "2", "hidden", STUDENT, "", "wrong", ("PRODUCT_ORDER", "vector of 3")),
    # Jacobians
    (18, "layers", "1.2", "d", STUDENT, "dyhat/dz3", "correct", ()),
    (18, "layers", "1.2", "d", STUDENT, "diag(dz2/dz1)", "correct", ("diagonal",)),
    (18, "layers", "1.2", "d", {"diag(dz2/dz1)": "diag(z1 > 0)"}, "diag(dz2/dz1)", "correct", ()),
    (18, "layers", "1.2", "hadamard", STUDENT, "", "correct", ()),
    (18, "layers", "1.2 with numbers", "slopes", {"dz2/dz1": "[1, 0, 1]"}, "dz2/dz1", "correct", ()),
    (18, "layers", "1.2 with numbers", "slopes", {"diag(dz2/dz1)": "[[1, 0, 0], [0, 0, 0], [0, 0, 1]]"},
     "diag(dz2/dz1)", "correct", ()),
    (18, "layers", "1.2 with numbers", "slopes", {"diag(dz2/dz1)": "[1, 0, 1]"}, "diag(dz2/dz1)", "correct",
     ("diagonal",)),
    # the elements of dl/dyhat
    (19, "layers", "1.2", "d", STUDENT, "dl/dyhat", "undecided", ("unexpanded", "dl/dyhat")),
    (19, "layers", "1.2", "d", {"dl/dyhat": "2 (yhat - y)"}, "dl/dyhat", "correct", ()),
    (19, "layers", "1.2", "d", {"dl/dyhat": "[2 (yhat_1 - y_1); ...; 2 (yhat_d3 - y_d3)]"}, "dl/dyhat", "correct",
     ()),
    # the sigmoid
    (21, "layers", "1.3a", "a", STUDENT, "", "correct", ()),
    (22, "sheet5-derivations", "1c sigmoid", "a", STUDENT, "", "correct", ("recovered", "FORMULA_SIGN", "Line 1")),
    (22, "sheet5-derivations", "1c sigmoid", "a", "-(1+e^-x)^-2 e^-x", "", "wrong", ("FORMULA_SIGN",)),
    (22, "sheet5-derivations", "1c sigmoid", "a", "e^-x/(1+e^-x)^2", "", "correct", ()),
    # binary cross-entropy
    (23, "layers", "1.3", "loss", STUDENT, "", "correct", ()),
    (23, "layers", "1.3", "b", STUDENT, "", "correct", ()),
    (23, "layers", "1.3", "b", "-(1/n) (y_i/yhat_i - (1 - y_i)/(1 - yhat_i)) for i = 1..n", "", "correct", ()),
    (23, "layers", "1.3", "b", {"dl/dyhat[i] for i = 1..n": "(-y_i/yhat_i + (1 - y_i)/(1 - yhat_i))/n"}, "", "correct",
     ()),
    (23, "layers", "1.3", "b", "dl/dyhat_i = -(1/n) (y_i/yhat_i - (1 - y_i)/(1 - yhat_i))", "", "correct", ()),
    (23, "layers", "1.3", "b", "-(y_i/yhat_i - (1 - y_i)/(1 - yhat_i))", "", "wrong", ("MEAN_SUM",)),
    (24, "layers", "1.3", "delta", "(yhat - y)/n", "", "correct", ()),
    (24, "layers", "1.3", "delta", "yhat - y", "", "wrong", ("MEAN_SUM",)),
    # squares
    (25, "layers", "1.2", "b", {"Loss": {"Output": "1/2 ||yhat - y||^2"}}, "Loss, Output", "wrong",
     ("CONSTANT_FACTOR",)),
    (26, "sheet5-derivations", "2", "forward", STUDENT, "J", "correct", ()),
    # index notation
    *((30, "sheet5-derivations", "1a", "index", STUDENT, name, "correct", ())
      for name in ("X1[1]", "Y1[1]", "X1[2]", "Y1[2]", "Y2[1]")),
    (30, "sheet5-derivations", "1a", "index", STUDENT, "X2[1]", "wrong", ("there is no place 2",)),
    (30, "sheet5-derivations", "1a", "index", {"X2[1]": "sum(j = 1..2, w_1j^(2) Y_j^(1)) + W0_2[1]"}, "X2[1]",
     "correct", ()),
    (30, "sheet5-derivations", "1a", "vector", STUDENT, "X1", "correct", ()),
    (30, "sheet5-derivations", "1a", "vector", STUDENT, "X2", "wrong", ("1 x 2",)),
    # a printed row vector is no difference
    (43, "sheet5", "1", "d", {"X1": "(0.31 - 0.28)"}, "X1", "unreadable", ()),
    # cases
    (44, "sheet5-derivations", "1c", "factor 1", STUDENT, "", "correct", ()),
    (44, "sheet5-derivations", "1c", "factor 1", "-y · 1/Y2 - (1 - y) · (-1)/(1 - Y2)", "", "correct", ()),
    (44, "sheet5-derivations", "1c", "output index", {"y = 0": "Y2 Y1[j]", "y = 1": "-Y1[j] (1 - Y2)"}, "", "correct",
     ()),
    (44, "sheet5-derivations", "1c", "output", STUDENT, "", "correct", ()),
    (44, "sheet5-derivations", "1c", "hidden", STUDENT, "", "correct", ()),
    (44, "sheet5-derivations", "1c", "hidden index", STUDENT, "", "wrong", ("CASE_WRONG", "y = -1")),
    (45, "sheet5-derivations", "1c", "delta", "-y (1 - Y2) + (1 - y) Y2", "", "correct", ()),
    (45, "sheet5-derivations", "1c", "delta", "(-y + (1 - y)) Y2 (1 - Y2)", "", "wrong", ()),
    (45, "sheet5-derivations", "1c", "output index", STUDENT, "", "correct", ("recovered", "wrong")),
    # losses derived
    (46, "sheet5-derivations", "1b", "loss", STUDENT, "", "correct", ()),
    (46, "sheet5-derivations", "1b", "bernoulli", STUDENT, "", "wrong", ("FACTOR_EXTRA",)),
    (46, "sheet5-derivations", "1b", "bernoulli", "p^y (1 - p)^(1 - y)", "", "correct", ()),
    (46, "sheet5-derivations", "1b for M examples", "loss", STUDENT, "", "correct", ()),
    (48, "sheet5-derivations", "2", "delta", STUDENT, "", "correct", ()),
    (48, "sheet5-derivations", "1c", "delta", "Y2 - y", "", "correct", ()),
    (48, "sheet5-derivations", "2", "output", STUDENT, "", "correct", ()),
    # several classes
    (51, "sheet5-derivations", "3", "factor 2", "diag(Y2) - Y2 Y2^T", "", "correct", ()),
    (51, "sheet5-derivations", "3", "factor 2 index", STUDENT, "", "correct", ()),
    (51, "sheet5-derivations", "6 softmax", "slope", STUDENT, "", "wrong", ()),
    (52, "sheet5-derivations", "3", "delta", STUDENT, "", "correct", ("recovered", "Line 1")),
    (52, "sheet5-derivations", "3", "delta", "y[i] - Y2[i]", "", "wrong", ("SIGN_ERR",)),
    (52, "sheet5-derivations", "3", "factor 1", STUDENT, "", "correct", ()),
    (52, "sheet5-derivations", "3", "softmax", STUDENT, "", "correct", ()),
    (52, "sheet5-derivations", "3", "loss", STUDENT, "", "correct", ()),
    (52, "sheet5-derivations", "3", "output", STUDENT, "", "correct", ()),
    (52, "sheet5-derivations", "3", "hidden", STUDENT, "", "correct", ("each",)),
    # activations
    (54, "sheet5-derivations", "6 ReLU", "value", STUDENT, "", "correct", ()),
    (54, "sheet5-derivations", "6 ReLU", "slope", STUDENT, "", "correct", ()),
    (54, "sheet5-derivations", "6 leaky ReLU", "value", STUDENT, "", "correct", ()),
    (54, "sheet5-derivations", "6 leaky ReLU", "slope", {"x > 0": "1", "x < 0": "a"}, "", "correct", ()),
    (54, "sheet5-derivations", "6 linear", "value", STUDENT, "", "correct", ()),
    (54, "sheet5-derivations", "6 linear", "slope", STUDENT, "", "correct", ()),
    (54, "sheet5-derivations", "6 sigmoid", "value", STUDENT, "", "correct", ()),
    (54, "sheet5-derivations", "6 sigmoid", "slope", STUDENT, "", "correct", ()),
    (54, "sheet5-derivations", "6 tanh", "value", STUDENT, "", "correct", ()),
    (54, "sheet5-derivations", "6 tanh", "slope", STUDENT, "", "correct", ()),
    (54, "sheet5-derivations", "6 tanh", "sigmoid", STUDENT, "", "correct", ()),
    (54, "sheet5-derivations", "6 tanh", "sigmoid", "2σ(x) - 1", "", "wrong", ()),
    (54, "sheet5-derivations", "6 softmax", "value", STUDENT, "", "correct", ()),
    # an activation between two ends
    (57, "homework4", "4", "s", STUDENT, "", "correct", ()),
    (57, "homework4", "4", "y", STUDENT, "", "correct", ()),
    (57, "homework4", "4", "y", "tanh(z)", "", "wrong", ()),
    (57, "homework4", "4", "slope", "(b - a) s (1 - s)", "", "correct", ()),
    # optimizers
    (63, "sheet5-derivations", "12 gradient descent", "rule", STUDENT, "", "correct", ()),
    (64, "sheet5-derivations", "12 momentum", "rule", STUDENT, "m_new", "correct", ()),
    (64, "sheet5-derivations", "12 momentum", "rule", STUDENT, "w_new", "correct", ()),
    (65, "sheet5-derivations", "12 rmsprop", "rule", STUDENT, "v_new", "correct", ()),
    (65, "sheet5-derivations", "12 rmsprop", "rule", STUDENT, "w_new", "correct", ()),
    (65, "sheet5-derivations", "12 rmsprop", "rule", {"w_new": "w - gamma g/(sqrt(v_new) + eps)"}, "w_new", "wrong",
     ()),
    (66, "sheet5-derivations", "12 adam", "rule", STUDENT, "m_new", "correct", ()),
    (66, "sheet5-derivations", "12 adam", "rule", STUDENT, "v_new", "correct", ()),
    (66, "sheet5-derivations", "12 adam", "rule", STUDENT, "w_new", "correct", ()),
    (67, "sheet5-derivations", "12 momentum", "rule", {"m_new": "beta*m + g"}, "m_new", "wrong", ("MOM_FORM",)),
    (67, "sheet5-derivations", "12 momentum", "rule", {"m_new": "beta*m + g", "w_new": "w - gamma*m_new"}, "w_new",
     "correct", ()),
)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "name", "problem", "question", "answer", "quantity", "verdict", "words"),
    ANSWERS,
    ids=[f"row {row[0]}-{row[1]}-{row[2]}-{row[3]}-{row[5] or row[4]}" for row in ANSWERS],
)
def test_an_answer_gets_the_verdict_that_its_row_names(
    row: int,
    name: str,
    problem: str,
    question: str,
    answer: Answer,
    quantity: str,
    verdict: str,
    words: tuple[str, ...],
) -> None:
    of = sheet(name)
    quantity = quantity or next((ask.name for ask in of.problems[problem].questions[question].asks), "")
    if answer == STUDENT:
        finding = written(name)[problem, question, quantity]
    else:
        found = answered(of, problem, question, answer)
        finding = next(each for each in found if each.quantity == quantity or not quantity)
    assert (finding.verdict, finding.answer != "") == (verdict, True), said(finding)
    missing = [word for word in words if word not in said(finding).replace("→", "->")]
    assert not missing, said(finding)


# What `solve` gives: row, sheet, problem, and values by name, worked out with NumPy and automatic differentiation.
VALUES: tuple[tuple[int, str, str, dict[str, Any]], ...] = (
    (8, "homework3", "1 with numbers",
     {"dL/dw1": 32, "dL/dw2": 16, "dL/dw3": 16, "dL/dw4": 48, "dL/db1": 32, "dL/db2": 16, "dL/db3": 16, "dL/dx": 80}),
    (8, "homework4", "1 with numbers",
     {"dL/dyhat": 2, "dL/dw1": 32, "dL/dw2": 16, "dL/dw3": 16, "dL/dw4": 48, "dL/db1": 32, "dL/db2": 16, "dL/db3": 16,
      "dL/dx": 80, "L": 1}),
    (8, "homework4", "1 with common activations",
     {"h1": 0.6910694698329306, "h2": 0.3429895373265012, "yhat": 1.3238408426929635, "L": 0.38917739701186693,
      "dL/dyhat": 1.2476816853859272, "dL/dw1": 0.5740339229077325, "dL/dw2": 0.37141521996906535,
      "dL/dw3": 0.6327843656460655, "dL/dw4": 0.3140616483214888, "dL/db1": 0.38268928193848833,
      "dL/db2": 0.24761014664604358, "dL/db3": 0.9156595585087042, "dL/dx": 0.1170615969754311}),
    (11, "homework3", "2 with numbers",
     {"y": 0.9525741268224334, "dy/dh": 0.045176659730912144, "dy/dx": 0.09035331946182429, "dy/dz": 0}),
    (14, "homework4", "2 with numbers", {"dy/dh": 0.045176659730912144, "dy/dz": 0, "dz/dx": 4}),
    (16, "layers", "1.2 with numbers",
     {"z1": [1.1, -0.8, 1.4], "z2": [1.1, 0, 1.4], "dl/dW1": [[1.792, -3.584], [0, 0], [0.224, -0.448]],
      "dl/dW2": [[1.76, 0, 2.24], [1.056, 0, 1.344]], "dl/dz2": [1.792, -1.312, 0.224], "dl/dz1": [1.792, 0, 0.224]}),
    (18, "layers", "1.2 with numbers",
     {"dyhat/dz3": [[1, 0], [0, 1]], "diag(dz2/dz1)": [[1, 0, 0], [0, 0, 0], [0, 0, 1]], "dz2/dz1": [1, 0, 1]}),
    (19, "layers", "1.2 with numbers", {"dl/dyhat": [1.6, 0.96]}),
    (21, "layers", "1.3a with numbers", {"ds/dr": 0.25, "ds/dr when r = 0.31": 0.24408865662065704}),
    (23, "layers", "1.3 with numbers",
     {"l": 0.492439598653525, "dl/dyhat": [-0.7155691128525554, 0.9354401863430336]}),
    (24, "layers", "1.3 with numbers",
     {"dl/dz3": [-0.15062773740555085, 0.23274614064065563],
      "dl/dW1": [[-0.019501177746795634, 0.03900235549359127], [0.0471567304891737, -0.0943134609783474],
                 [-0.0341111520171355, 0.068222304034271]]}),
    (25, "layers", "1.2 with numbers", {"l": 0.8704}),
    (26, "sheet5-derivations", "2 with numbers", {"J": 0.4711425465821485, "dJ/dX2": -0.9707137029857449}),
    (47, "sheet5-derivations", "1b entropy", {"H": 1.203972804325936, "H when q = [0.5, 0.5]": 0.6931471805599453}),
    (48, "sheet5-derivations", "2 with numbers",
     {"dJ/dW1": [[-0.1421641222350324, -0.00947760814900216, 0.00473880407450108],
                 [0.14279003810949148, 0.009519335873966098, -0.004759667936983049]]}),
    (48, "sheet5-derivations", "1c with numbers",
     {"J": 0.6786112391207455, "dJ/dW2": [[-0.28421922415000944, -0.21207551398410654]]}),
    (51, "sheet5-derivations", "3 with numbers",
     {"Y2": [0.32197778651812975, 0.4348783325674725, 0.24314388091439768], "J": 0.8326889822626533,
      "dY2/dX2": [[0.2183080915070154, -0.14002116292476988, -0.0782869285822455],
                  [-0.14002116292476988, 0.24575916843080728, -0.10573800550603736],
                  [-0.0782869285822455, -0.10573800550603736, 0.18402493408828288]]}),
    (52, "sheet5-derivations", "3 with numbers",
     {"dJ/dX2": [0.32197778651812975, -0.5651216674325275, 0.24314388091439768]}),
    (53, "sheet5-derivations", "6 softmax of large numbers",
     {"P": [0.2689414213699951, 0.7310585786300049], "logarithms": [-1.3132616875182228, -0.3132616875182228]}),
    (54, "sheet5-derivations", "6 with numbers",
     {"leaky_out": -0.2, "drelu_out/dx": 0, "dleaky_out/dx": 0.1, "dsigmoid_out/dx": 0.1049935854035065,
      "dtanh_out/dx": 0.07065082485316443, "drelu_out/dx when x = 0.5": 1,
      "dsigmoid_out/dx when x = 0.5": 0.2350037122015945, "dtanh_out/dx when x = 0.5": 0.7864477329659274}),
    (56, "homework4", "4 with numbers", {"above(-2)": 0, "above(3)": 3, "below(-2)": -2, "below(3)": 0}),
    (57, "homework4", "4 with numbers", {"between(0)": 3.5, "between(1)": 4.193175735890015, "dy/dz": 0.75}),
    (63, "sheet5-derivations", "12 with numbers", {"w1": 0.995, "w2": 1.005, "w3": 0.99}),
    (64, "sheet5-derivations", "12 with numbers", {"p1": 0.9995, "p2": 1.00005, "p3": 0.999045}),
    (65, "sheet5-derivations", "12 with numbers",
     {"r1": 0.8418869075550668, "r2": 0.9847439046398381, "r3": 0.8552120128988722}),
    (66, "sheet5-derivations", "12 with numbers",
     {"a1": 0.84188661699, "a2": 0.9196760322401851, "a3": 0.8347198976388783}),
)  # fmt: skip


@cache
def solved(name: str) -> dict[str, dict[str, Any]]:
    """Give what a sheet asks with its values, by problem; other givens are named behind `when`."""
    found: dict[str, dict[str, Any]] = {}
    for problem in solve(sheet(name)).problems:
        values = found.setdefault(problem.id, {})
        for part in problem.parts:
            other = " and ".join(f"{given} = {value}" for given, value in (part.when or {}).items())
            values.update({f"{each.name} when {other}" if other else each.name: each.value for each in part.quantities})
    return found


@pytest.mark.parametrize(
    ("row", "name", "problem", "expected"), VALUES, ids=[f"row {row[0]}-{row[1]}-{row[2]}" for row in VALUES]
)
def test_the_numbers_of_a_row_are_those_worked_out_elsewhere(
    row: int, name: str, problem: str, expected: dict[str, Any]
) -> None:
    values = solved(name)[problem]
    for quantity, value in expected.items():
        np.testing.assert_allclose(np.asarray(values[quantity]).squeeze(), np.squeeze(value), rtol=1e-12, atol=1e-12)


def test_row_2_a_loss_that_is_not_defined_stays_a_symbol() -> None:
    problem = next(each for each in solve(sheet("homework3")).problems if each.id == "1")
    (found,) = (each for each in problem.parts[0].quantities if each.name == "dL/db3" and each.role != "asked")
    assert found.value is None
    assert "dL/dyhat" in problem.parts[0].table.reads("dL/db3")


@pytest.mark.parametrize(
    ("row", "name", "problem", "shown"),
    [
        (1, "homework3", "1", "dL/dw1 = dL/dyhat · f3' · w3 · f1' · x"),
        (3, "homework3", "1", "dL/dx = dL/dyhat · f3' · (w3 · f1' · w1 + w4 · f2' · w2)"),
        (11, "homework3", "2", "no path leads from z to y"),
        (11, "homework4", "2", "no path leads from z to y"),
        (16, "layers", "1.2", "dl/dW1 = ((W2ᵀ dl/dyhat) ⊙ (z1 > 0)) xᵀ"),
        (18, "layers", "1.2", "diag(z1 > 0)"),
        (51, "sheet5-derivations", "3", "dY2/dX2 = diag(Y2) − Y2 Y2ᵀ"),
    ],
)
def test_a_solution_shows_the_formula_of_its_row(row: int, name: str, problem: str, shown: str, capsys: Screen) -> None:
    assert main(["solve", name, "--problem", problem]) == 0
    assert shown in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("format", "arrows"),
    [("dot", ['"x" -> "h"', '"h" -> "y"', '"x" -> "z"']), ("mermaid", [" --> "]), ("text", ["x"]), ("svg", ["<svg"])],
)
def test_row_9_the_graph_is_drawn(format: str, arrows: list[str], capsys: Screen) -> None:
    assert main(["graph", "homework3", "--problem", "2", "--format", format]) == 0
    out = capsys.readouterr().out
    assert all(arrow in out for arrow in arrows)
    assert out.count(" -> ") == (3 if format == "dot" else 0)
    assert out.count(" --> ") == (3 if format == "mermaid" else 0)


def test_rows_4_and_8_a_path_alone_is_named_in_the_integer_probe_too() -> None:
    for one in ("32", "48"):
        (found,) = answered(sheet("homework4"), "1 with numbers", "input", one)
        assert found.verdict == "wrong"
        assert [slip.code for slip in found.slips] == ["SUM_ONE_PATH"]
    (found,) = answered(sheet("homework4"), "1 with numbers", "input", "80")
    assert found.verdict == "correct"


def test_row_13_a_right_value_and_a_wrong_reason_are_kept_apart() -> None:
    of = sheet("homework4")
    (bare,) = answered(of, "2", "b", "0")
    (reasoned,) = answered(of, "2", "b", "dy/dh dh/dx dx/dz = 0")
    assert bare.verdict == reasoned.verdict == "correct"
    assert "reason" not in bare.remarks
    assert "reason" in reasoned.remarks


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


@pytest.mark.parametrize(("convention", "slope"), [("0", 0), ("1", 1), ("1/2", 0.5)])
def test_row_55_the_slope_of_relu_at_zero_is_a_convention(convention: str, slope: float) -> None:
    text = "hwcheck: 1\nproblems:\n  a:\n    given: {x: 0}\n    network: P = relu(x)\n"
    text += f"    conventions: {{relu_slope_at_zero: {convention}}}\n    questions: {{a: dP/dx}}\n"
    of = sheet_of(text)
    (value,) = (each.value for each in solve(of).problems[0].parts[0].quantities if each.role == "asked")
    assert value is not None
    assert float(value) == slope
    assert [each.verdict for each in answered(of, "a", "a", str(slope))] == ["correct"]


def test_every_row_of_the_list_is_here() -> None:
    """Rows 43 and 55 have no sheet of their own, and row 20 is about a sheet that is wrong."""
    rows = {row[0] for row in ANSWERS} | {row[0] for row in VALUES} | {20, 55}
    wanted = {*range(1, 26), 30, *range(43, 49), *range(51, 58), *range(63, 68)}
    assert wanted <= rows


@pytest.mark.parametrize("name", SHEETS)
def test_what_people_wrote_is_read_without_a_complaint(name: str) -> None:
    report = verify(sheet(name), load_answers(str(answers_file(name))))
    assert report.diagnostics == ()
    assert {each.verdict for each in report.findings} <= {"correct", "wrong", "undecided", "blank"}
