"""Whatever is typed, the parser answers with trees or with a FormulaError, and both within its limits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.formula import parse
from hwcheck.formula.expr import Call, Expr, Name, walk
from hwcheck.formula.lex import MAX_TEXT, MAX_TOKENS, FormulaError, Token
from hwcheck.formula.parse import MAX_READINGS, MAX_TRIES, MAX_WORK, Scope, readings
from hwcheck.formula.show import plain, unicode
from hwcheck.formula.showlatex import latex
from hwcheck.text import safe_text

NAMES = {name: name for name in ("a", "b", "x", "y", "W1", "Y", "Y1", "yhat")}
ONE = {name: (name, 1, 1) for name in ("f", "f1", "ln", "sin", "abs", "norm", "sqrt", "sigmoid")}
FUNCTIONS = {**ONE, "sum": ("sum", 1, 99), "max": ("max", 1, 99), "if": ("if", 3, 3), "pi": ("pi", 0, 0)}
SHEET = Scope(NAMES, FUNCTIONS, frozenset(["x", "Y"]))
STUDENT = SHEET._replace(student=True)


def read(text: str) -> list[Expr]:
    """Read a text as a sheet's and as a student's; an empty list where a student's is refused."""
    found: list[Expr] = []
    for scope in (SHEET, STUDENT):
        found, error = attempt(text, scope)
        assert error is None or (0 <= error.start <= error.end and len(error.reason) < 300)
        assert error is None or safe_text(error.reason + error.fix) == error.reason + error.fix
        assert all(write(tree) for tree in found for write in (plain, unicode, latex))
    return found


def attempt(text: str, scope: Scope) -> tuple[list[Expr], FormulaError | None]:
    try:
        return readings(text, scope), None
    except FormulaError as error:
        return [], error


CODE = [
    "__import__('os').system('x')",
    "a.__class__",
    "().__class__.__bases__[0]",
    "eval(x)",
    "exec('1')",
    "lambda: 0",
    'f"{x}"',
    "answer",
    "[a for a in x]",
    "{x: y}",
    "a if b else x",
    "open('/etc/passwd')",
    "x; import os",
    "%s %n",
    "{0.__class__}",
    "$(id)",
    "`id`",
]
BOMBS = [
    "(" * 1000,
    "(" * 60 + "a" + ")" * 60,
    "[" * 60 + "a" + "]" * 60,
    "{" * 60 + "a" + "}" * 60,
    "-" * 400 + "a",
    "^".join(["9"] * 100),
    "a" + "^1" * 200,
    "a" + "ᵀ " * 200,
    "a" + ".T" * 200,
    "x" + "[1]" * 150,
    "f" + "'" * 300 + "(x)",
    "sin " * 200 + "x",
    "|" * 400,
    "| |" * 120,
    "a+" * 300 + "a",
    "1" * 100,
    "1e999999999",
    "1e401",
    "1e-401",
    "9" * 60 + "e400",
    "1/" * 200 + "1e-400",
    "a" * (MAX_TEXT + 1),
    "f'_1q" * 120,
    "\\hat{" * 300 + "y" + "}" * 300,
    "\\bm" * 600 + "y",
    "\\frac{" * 100 + "a" + "}{b}" * 100,
    "\\partial" * 200,
    "_{" * 400,
    "x^{" * 100 + "2" + "}" * 100,
    "a" + "\u0302" * 500,
    "if(" * 100,
    "sum(u=1..2," * 100 + "u" + ")" * 100,
    "[" + "," * 400 + "]",
    "[" + ";" * 400 + "]",
    "=" * 400,
    "for " * 100,
    "a for j = 1..2 for k = 1..2",
    "!" * 1000,
    "-" * 5000 + "a",
    "a+" * 3000 + "a",
    "\\frac{" * 300,
    "\\frac{\\frac{" * 100,
    "\\frac" * 300,
    "\\sqrt" * 300,
    "\\sum" * 400,
    "\\sum_{i=1}^" * 150,
    "\\sum_{" * 250,
    "\\nabla_" * 250,
    "\\mathbb{1}" * 150,
    "\\mathbb{1}_{" * 100,
    "1_{" * 400,
    "1_" * 900,
    "I_{" * 400,
    "_" * 1999,
    "a_" * 900,
    "a_b" * 600,
    "a_{" * 600,
    "x_{\\text{" * 200,
    "x_" + "{" * 1900,
    "^{(1)}" * 100,
    "(" * 60 + ")^+" * 60,
    "\\left|" * 200,
    "\\left(" * 200,
    "\\begin{pmatrix}" * 100,
    "\\begin{cases} a & b \\\\ " * 60,
    "\\begin{" * 200,
    "\\end{cases}" * 100,
    "\\" * 999,
    "&" * 1999,
    "$" * 1999,
    "..." * 500,
    "[x_1; ...; " * 100,
    "(.)" * 500,
    "½" * 400,
    "ˣ" * 1000,
    "₁" * 1000,
    "y_{m," * 200,
    "if(a=b," * 100,
    "sum(i=" * 200,
    ", i = 1..2" * 150,
    "d " * 900,
    "∇_" * 600,
    "∂" * 600,
    "x\u0332" * 500,
    "\U0001d7d9" * 300,
    "\u2028" * 300 + "!",
]


@pytest.mark.parametrize("text", CODE, ids=range(len(CODE)))
def test_code_is_no_formula(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("text", BOMBS, ids=range(len(BOMBS)))
def test_a_bomb_is_refused(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("text", ["a/b " * 60, "f1' (a) " * 60, "Y1 + " * 60 + "Y1", "sin 2x + " * 40 + "1"])
def test_a_text_with_countless_meanings_is_tried_a_few_times_only(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    class Counted(parse.Parser):
        def whole(self) -> Expr:
            tries.append(1)
            return super().whole()

    monkeypatch.setattr(parse, "Parser", Counted)
    assert 1 < len(readings(text, STUDENT)) <= MAX_READINGS
    assert len(tries) <= MAX_TRIES


AMBIGUOUS = [
    "a/b " * 166,
    "Y1 + " * 249 + "Y1",
    "x_12 " * 240,
    "x_12 " * 120 + "qq",
    "Y_1^{(2)} " * 60 + "qq",
    "(a)^+ b " * 60,
    "f1' (a) " * 80,
    "\\sum_{i=1}^3 a + " * 30 + "b",
    "\\sum_{i=1}^3 " * 40 + "Y_i",
    "\\frac{df}{dx}" * 50,
    "\\frac{dY1}{dx_1} " * 45,
    "dY_1/dx_1 " * 120,
    "max(a = b, " * 40,
    "w_1 w_1x" * 200,
    "a(" * 49 + "a/b c" + ")" * 49,
]


@pytest.mark.parametrize("text", [*AMBIGUOUS, *BOMBS], ids=range(len(AMBIGUOUS) + len(BOMBS)))
@pytest.mark.parametrize("scope", [SHEET, STUDENT], ids=["sheet", "student"])
def test_the_work_for_any_text_is_bounded(text: str, scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0

    class Counted(parse.Parser):
        def take(self) -> Token:
            nonlocal taken
            taken += 1
            return super().take()

    monkeypatch.setattr(parse, "Parser", Counted)
    attempt(text, scope)
    assert taken <= 3 * (MAX_WORK + MAX_TOKENS)  # a derivative that is none is read again, and no more than once


@pytest.mark.parametrize("sign", ["+", "-", "*", " ⊙ ", " @ ", "/", " "])
def test_the_longest_chain_is_read_and_printed(sign: str) -> None:
    text = sign.join(["a"] * 200)
    tree = readings(text, SHEET)[0]
    assert sum(1 for _ in walk(tree)) == 399
    assert readings(plain(tree), SHEET)[0] == tree
    assert "a" in latex(tree)


def test_a_sum_of_thousands_of_terms_prints() -> None:
    tree = readings("a", SHEET)[0]
    for _ in range(5000):
        tree = Call("+", (tree, Name("b")))
    assert plain(tree) == "a" + " + b" * 5000


LOOKALIKES = [
    ("а", "U+0430 looks like `a`"),
    ("х + 1", "U+0445 looks like `x`"),
    ("yhаt", "U+0430 looks like `a`"),
    ("x\u200by", "U+200B"),
    ("\u202ex", "U+202E"),
    ("x\u2066y", "U+2066"),
    ("a\x00b", "U+0000"),
    ("a\x1b[2Jb", "U+001B"),
    ("a\ufeffb", "U+FEFF"),
    ("\ud800", "U+D800"),
    ("\U000e0041", "U+E0041"),
]


@pytest.mark.parametrize(("text", "named"), LOOKALIKES, ids=[named for _, named in LOOKALIKES])
def test_characters_that_deceive_are_named_by_their_code_point(text: str, named: str) -> None:
    with pytest.raises(FormulaError) as caught:
        readings(text, STUDENT)
    assert named in caught.value.reason


LOCALE = [
    ("0,5", "0.5"),
    ("(0,5)", "0.5"),
    ("0,5 * 3", "0.5"),
    ("50%", "0.5"),
    ("3‰", "0.003"),
    ("1'000", "1000"),
    ("1 000", "*"),
    ("⅐", "1/7"),
    ("≈0.5", "≈"),
    ("∞", "number"),
]


@pytest.mark.parametrize(("text", "fix"), LOCALE)
def test_numbers_of_other_habits_are_refused_with_what_to_write(text: str, fix: str) -> None:
    with pytest.raises(FormulaError) as caught:
        readings(text, STUDENT)
    assert fix in caught.value.fix


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "NaN", "Infinity", "True", "None", "1e309", "1e-350", "٣", "①"])
def test_nothing_but_a_finite_number_is_a_number(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a − b – 1", "a - b - 1"),
        ("a × b ⋅ x ∗ y", "a * b * x * y"),
        ("f1’(x) f1′(x)", "f1'(x) f1'(x)"),
        ("（ａ＋１．５）＊ｂ", "(a + 1.5) * b"),
        ("a ÷ b ≤ x", "a/b <= x"),
        ("a\u00a0+\tb\n", "a + b"),
        (r"\sum_i^2 i a", "sum(i = 1..2, i a)"),
    ],
)
def test_signs_that_mean_the_same_are_the_same(text: str, same: str) -> None:
    assert readings(text, SHEET) == readings(same, SHEET)


PIECES = [*"()[]{}|,;:=<>'^*/@+-.!%_∂ᵀ²⁻√⊙·", "..", "||", "@2", "1", "0.5", "1e", "e9", " ", "a", "x", "Y1", "dJ/dW1"]
PIECES += [
    "f1'",
    "sin ",
    "sum(",
    "if(",
    "u = 1..2",
    " for ",
    "\\frac",
    "\\hat{",
    "\\partial ",
    "\\top",
    "\\",
    "\\sum_{i=1}^",
    "_{",
    "_1",
    "^+",
    "\\left",
    "\\right",
    "\\begin{pmatrix}",
    "\\end{pmatrix}",
    "\\begin{cases}",
    "\\end{cases}",
    "&",
    "\\\\",
    "...",
    "(.)",
    "∇",
    "½",
    "\\mathbb{1}",
    "I_",
    "^{(1)}",
    "W_",
    "\u0302",
    "\n",
]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_sequence_of_signs_is_read_or_refused(text: str) -> None:
    read(text)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    read(text)
