"""Whatever is typed as a formula is one finding: no exception, nothing right, and no work beyond bounds."""

from __future__ import annotations

import sys

import pytest

from hwcheck.marking import verify
from tests.marking.students import answers_of, sheet_of

SHEET = """hwcheck: 1
problems:
  "1":
    functions: {f1: unknown, f2: unknown}
    given: {x: scalar, w1: scalar, b1: scalar, v: vector d1, W: matrix d2 x d1, y: scalar}
    network: |
      z = w1 x + b1
      h = f1(z)
      L = (h - y)^2
      u = W v
    questions:
      a: {derive: dL/dw1}
      c: {derive: u}
"""
RIGHT = "2 (h - y) f1'(z) x"
#: Calls of functions of Python that one answer may cost: about a tenth of a second.
CALLS = 400_000


def nested(function: str, inside: str, times: int) -> str:
    return f"{function}(" * times + inside + ")" * times


def own_names(times: int, sign: str) -> str:
    return "\n".join(["k0 = x", *(f"k{at} = k{at - 1} {sign} k{at - 1}" for at in range(1, times)), f"k{times - 1}"])


def looped(times: int, ends: str, inside: str = "x", form: str = "sum(i{0} = {1}, {2})") -> str:
    for at in range(times):
        inside = form.format(at, ends, inside)
    return inside


HOSTILE = {
    "a": {
        "loops": looped(13, "1..2"), "loops of one turn": looped(40, "1..1"),
        "stacks": "sum(" + nested("stack", "x", 33) + ")",
        "lists of lists": looped(12, "1..1", form="[{2} for i{0} = {1}]"),
        "loops that meet": "sum(i = 1..3, i = 1..3, x)",
        "variables": f"sum({', '.join(f'i{at} = 1..1' for at in range(60))}, x)", "long loops": looped(2, "1..20000"),
        "long sum": " + ".join(["x"] * 1000), "long product": " ".join(["x"] * 1500), "signs": "-" * 2990 + "x",
        "numbers": " + ".join(f"{at} x" for at in range(400)), "quotients": "x" + "/x" * 1400, "digits": "1" * 3000,
        "brackets": nested("", "x", 50), "sigmoids": nested("sigmoid", "x", 50), "tanhs": nested("tanh", "x", 50),
        "powers": "(" * 50 + "x" + " + 1)^2" * 50, "unknown": nested("f1", "x", 50), "slopes": nested("f1'", "x", 50),
        "exps": nested("exp", "x", 20), "norms": nested("norm", "v", 50), "bars": "|" * 50 + "x" + "|" * 50,
        "towers": "2^2^2^2^2^2", "more towers": "9^9^9^9", "towers of names": "x^x^x^x^x^x^x", "0/0": "0/0",
        "no value": "(x - x)/(x - x)", "large": "1e308 * 1e308", "too large": "1e999", "nan": "nan", "inf": "inf x",
        "loop": "sum(i = 1..1000000, i)", "largest": "max(i = 1..100000, i)", "short loop": "sum(i = 1..3, i x)",
        "ones": "sum(ones(30000, 30000))", "unit": "sum(I(30000))", "outer": "sum(ones(100000) ones(100000).T)",
        "array": "ones(1000000000)", "lines": "\n".join(["= x"] * 1000), "equations": "dL/dw1" + " = x" * 300,
        "or": "x" + " or x" * 300, "compared": "x" + " < x" * 300, "if": "if(x > 0, " * 40 + "x" + ", w1)" * 40,
        "signs of all kinds": "∂L/∂w₁ ≠ ♥ ∑∏√ 𝓧 \u202e x", "hidden": "\u202ex\u202d + \u200b1",
        "accents": "x" + "\u0301" * 500,
        "pictures": "🤷" * 500, "words": "變數" * 300, "subscripts": "₁" * 1000, "primes": "f1" + "'" * 1000 + "(x)",
        "higher slopes": "f1''''(z)", "fractions": "1/2/3/4/5/6/7/8/9/x" * 20, "readings": "1/x w1 " * 60,
        "more readings": " ".join(["f1' (x)"] * 60), "bare": "f1' f2' f1' f2' x",
        "latex": "\\frac{" * 200 + "x" + "}{2}" * 200,
        "derivatives": "dL/dw1 dL/dx dL/db1 dL/dy dh/dz dz/dw1", "of derivatives": "dL/dw1" + "/dx" * 100,
        "itself": "dL/dw1", "no names": "q1 + q2 + q3", "lists": "[" * 50 + "x" + "]" * 50, "a list": "x, y, w1",
        "a map": "x: y: w1", "quoted": "'x'", "percent": "50% x", "long name": "x" * 3000, "dots": "." * 300,
        "Python": "__import__('os').system('id')", "losses": " + ".join(["bce(sigmoid(x), y)"] * 60),
        "own names": own_names(6, "+"), "and so on": "x + ... + x", "right 40 times": "\n".join([f"= {RIGHT}"] * 40),
    },
    "c": {
        "index": "W[" + "1," * 200 + "1]", "far index": "v[10^9]", "stacked": "[v; " * 40 + "v" + "]" * 40,
        "diagonals": nested("diag", "v", 30), "transposed": "W" + ".T" * 500 + " v", "twice": "W v" + " + W v" * 200,
        "Jacobian": "du/dW v", "whole Jacobian": "du/dW", "matrix": "[" + "; ".join(["1, 2, 3"] * 200) + "]",
    },
}  # fmt: skip
ALLOWED = {"itself": ("undecided",), "of derivatives": ("undecided", "wrong"), "right 40 times": ("correct",)}
REPEATED = {
    ("a", "own names, added"): own_names(20, "+"),
    ("a", "own names, multiplied"): own_names(20, "*"),
    ("a", "own names, ten"): own_names(10, "+"),
    ("c", "softmax"): nested("softmax", "v", 12),
    ("a", "silu"): nested("silu", "x", 12),
    ("c", "softmax added"): " + ".join(["softmax(v)"] * 100),
    ("a", "long loop"): "sum(i = 1..300, i x)",
    ("a", "loop of rows"): "sum(i = 1..3, i W[i,1])",
    ("a", "loop of products"): "sum(i = 1..3, i W v)",
}


class TooMuchError(BaseException):
    """More work than an answer may cost; nothing that is meant for errors may catch it."""


def verdict_of(question: str, text: str) -> str:
    """Give the verdict of the one finding about what was typed, if no more is done than an answer may cost."""
    lines = "".join(f"        {line}\n" for line in text.split("\n"))
    answers = answers_of(f'sheet: sheet\nanswers:\n  "1":\n    {question}: |\n{lines}')
    sheet, calls = sheet_of(SHEET), 0

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal calls
        calls += event == "call"
        if calls > CALLS:
            raise TooMuchError

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        report = verify(sheet, answers)
    finally:
        sys.setprofile(before)
    (finding,) = (each for each in report.findings if each.question == question)
    return finding.verdict


def test_a_right_answer_is_right() -> None:
    assert verdict_of("a", RIGHT) == "correct"
    assert verdict_of("c", "W v") == "correct"


@pytest.mark.parametrize(
    ("question", "name"), [(question, name) for question, some in HOSTILE.items() for name in some]
)
def test_no_hostile_formula_stops_marking_or_costs_much(question: str, name: str) -> None:
    assert verdict_of(question, HOSTILE[question][name]) in ALLOWED.get(name, ("wrong", "unreadable"))


@pytest.mark.parametrize(
    ("question", "text"),
    [pytest.param(at[0], text, id=at[1]) for at, text in REPEATED.items()],
)
def test_nothing_that_repeats_grows_beyond_bounds(question: str, text: str) -> None:
    assert verdict_of(question, text) in ("wrong", "unreadable")


def deeper(question: str, text: str, calls: int) -> str:
    return deeper(question, text, calls - 1) if calls else verdict_of(question, text)


def test_a_verdict_does_not_hang_on_who_asks() -> None:
    text = RIGHT + " + x - x" * 70
    assert [deeper("a", text, calls) for calls in (0, 200, 400)] == ["correct"] * 3


def test_the_last_line_is_the_answer_however_many_there_are() -> None:
    assert verdict_of("a", "\n".join([*[f"= {RIGHT}"] * 65, "= x"])) != "correct"
