"""What is printed is read back as the same tree, and as nothing else; and it looks as textbooks print it."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hwcheck.formula.expr import COMPARISONS, Call, Expr, Name, Num, number, substitute
from hwcheck.formula.names import LATIN, key
from hwcheck.formula.parse import Scope, readings
from hwcheck.formula.show import plain, unicode
from hwcheck.formula.showlatex import latex
from hwcheck.formula.symbols import ACCENTS, Symbol, symbol

DECLARED = "a b c x y w1 v U X1 X2 Y1 Y2 W1 W2 b1 J L T t e beta1 m_W1 W1_new yhat ŷ2 δ1 σ_x Größe dw1 λ z12"
NAMES = {key(name): name for name in DECLARED.split()}
QUANTITIES = [*NAMES.values(), "dJ/dW1", "dX2/dX1", "dJ/dW1@2", "dJ/dW1_new", "X1@12", "Y1_new", "dL/dŷ2", "dJ/dδ1"]
ONE = ["sigmoid", "ln", "exp", "tanh", "abs", "norm", "sqrt", "diag", "mean", "f1", "f_2", "g"]
FUNCTIONS = {key(name): (name, 1, 1) for name in ONE}
FUNCTIONS |= {
    "sum": ("sum", 1, 99),
    "max": ("max", 1, 99),
    "if": ("if", 3, 3),
    "pi": ("pi", 0, 0),
    "place": ("place", 2, 99),
}
SHEET = Scope(NAMES, FUNCTIONS, frozenset(["U", "W2", "X1"]))
SCOPES = (SHEET, SHEET._replace(student=True))

numbers = st.sampled_from(["0", "1", "2", "10", "0.5", ".5", "1.", "1e-3", "2.5e+20", "007"])


def fraction(above: str, below: str) -> Num:
    return Num(float(above) / float(below), f"{above}/{below}")


literals = st.one_of(
    numbers.map(lambda text: Num(float(text), text)), st.builds(fraction, numbers, st.sampled_from(["2", "3.5", "8"]))
)
leaves = st.one_of(
    literals,
    st.sampled_from(QUANTITIES).map(Name),
    st.sampled_from(["pi", "f1'", "f_2'", "g''", "sigmoid'"]).map(lambda op: Call(op, ())),
)


def calls(ops: list[str], *args: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.builds(Call, st.sampled_from(ops), st.tuples(*args))


def above(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    """Every operation on parts."""
    items = st.one_of(parts, calls([".."], parts, parts), st.just(Call(":", ())))
    indices = st.lists(items, min_size=1, max_size=2)
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    loops = st.builds(lambda low, high: Call("=", (Name("u"), Call("..", (low, high)))), parts, parts)
    inside = parts.map(lambda tree: substitute(tree, {"x": Name("u")}))
    return st.one_of(
        calls(["neg", "ᵀ", *ONE, "f1'", "g''", "sum", "sigmoid'"], parts),
        calls(["+", "-", "*", "⊙", "@", "/", "^", "max", *COMPARISONS], parts, parts),
        calls(["if"], parts, parts, parts),
        st.builds(lambda base, index: Call("[]", (base, *index)), parts, indices),
        st.builds(lambda x, like, index: Call("place", (x, like, *index)), parts, parts, indices),
        st.builds(Call, st.sampled_from(["[,]", "[;]"]), several),
        st.builds(lambda loop, body: Call("sum", (loop, body)), loops, inside),
    )


trees = st.recursive(leaves, above, max_leaves=9)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_printed_text_has_one_reading_which_is_the_tree(tree: Expr) -> None:
    for scope in SCOPES:
        for text in (plain(tree), unicode(tree)):
            first, *others = readings(text, scope)
            assert first == tree
            assert not others or (scope.student and "[[" in text)  # a list of lists may be a matrix by rows


@settings(max_examples=50, deadline=None)
@given(trees, trees)
def test_a_loop_over_entries_is_read_back(body: Expr, last: Expr) -> None:
    loop = Call("=", (Name("j"), Call("..", (number(1), last))))
    tree = Call("for", (substitute(body, {"x": Name("j")}), loop))
    for write in (plain, unicode):
        assert readings(write(tree), SHEET) == [tree]


TEXTBOOK = [
    ("W1 U + b1", "W1 U + b1", r"W_1 \, U + b_1"),
    (
        "dJ/dX1 .* dY1/dX1",
        "dJ/dX1 ⊙ dY1/dX1",
        r"\frac{\partial J}{\partial X_1} \odot \frac{\partial Y_1}{\partial X_1}",
    ),
    ("W2.T dJ/dX2", "W2ᵀ dJ/dX2", r"W_2^\top \, \frac{\partial J}{\partial X_2}"),
    (
        "(W2.T dL/dŷ2) .* (v > 0)",
        "(W2ᵀ dL/dŷ2) ⊙ (v > 0)",
        r"\left(W_2^\top \, \frac{\partial L}{\partial \hat{y}_2}\right) \odot \left(v > 0\right)",
    ),
    ("((a b) .* x) x.T", "((a b) ⊙ x) xᵀ", r"\left(\left(a \, b\right) \odot x\right) \, x^\top"),
    ("1/2 (y - yhat)^2", "1/2 (y − yhat)²", r"\frac{1}{2} \, \left(y - \hat{y}\right)^{2}"),
    (
        "-(y ln(Y2) + (1 - y) ln(1 - Y2))",
        "−(y ln(Y2) + (1 − y) ln(1 − Y2))",
        r"-\left(y \, \ln\left(Y_2\right) + \left(1 - y\right) \, \ln\left(1 - Y_2\right)\right)",
    ),
    ("w1 * x", "w1 · x", r"w_1 \cdot x"),
    (
        "0.1*3 + 0.2*0.2 + 0.3*(-0.1)",
        "0.1·3 + 0.2·0.2 + 0.3·(−0.1)",
        r"0.1 \cdot 3 + 0.2 \cdot 0.2 + 0.3 \cdot \left(-0.1\right)",
    ),
    ("(a/b) c", "(a/b) c", r"\frac{a}{b} \, c"),
    ("a/(b c)", "a/(b c)", r"\frac{a}{b \, c}"),
    ("2 @ 3", "2 @ 3", r"2 \cdot 3"),
    ("f1' @ (a + b)", "f1' @ (a + b)", r"f_1' \cdot \left(a + b\right)"),
    ("f1'(v)", "f1'(v)", r"f_1'\left(v\right)"),
    ("sqrt(m_W1) + beta1^t", "√(m_W1) + beta1^t", r"\sqrt{m_{W_1}} + \beta_1^{t}"),
    ("x^(-1)", "x⁻¹", "x^{-1}"),
    ("|a| + ||v||^2", "|a| + ‖v‖²", r"\left\lvert a\right\rvert + \left\lVert v\right\rVert^{2}"),
    (
        "if(a <= b, 1, 0)",
        "if(a ≤ b, 1, 0)",
        r"\begin{cases} 1 & \text{if } a \le b \\ 0 & \text{otherwise} \end{cases}",
    ),
    ("[a, b; c, 1]", "[a, b; c, 1]", r"\begin{bmatrix} a & b \\ c & 1 \end{bmatrix}"),
    ("W1[1,:]", "W1[1,:]", r"\left(W_1\right)_{1,:}"),
    ("x[1..2]", "x[1..2]", r"x_{1 \dots 2}"),
    ("sum(u = 1..3, U[u] x)", "sum(u = 1..3, U[u] x)", r"\sum_{u=1}^{3} U_{u} \, x"),
    ("W1_new - X1@2", "W1_new − X1@2", r"W_1^{\mathrm{new}} - X_1^{(2)}"),
    ("σ_x pi", "σ_x π", r"\sigma_x \, \pi"),
    ("1e-3 δ1", "1e-3 δ1", r"\left(1 \cdot 10^{-3}\right) \, \delta_1"),
    ("sigmoid(a) Größe", "sigmoid(a) Größe", r"\mathrm{sigmoid}\left(a\right) \, \text{Größe}"),
    ("a x[k] for k = 1..3", "a x[k] for k = 1..3", r"a \, x_{k}, \quad k = 1 \dots 3"),
]


@pytest.mark.parametrize(("text", "seen", "typeset"), TEXTBOOK)
def test_formulas_look_as_in_a_textbook(text: str, seen: str, typeset: str) -> None:
    (tree,) = readings(text, SHEET)
    assert plain(tree) == text
    assert unicode(tree) == seen
    assert latex(tree) == typeset


def test_numbers_put_in_for_names_read_as_a_calculation() -> None:
    (tree,) = readings("w1 * x + a * b - c", SHEET)
    values = {"w1": 0.1, "x": 3.0, "a": -0.3, "b": -0.1, "c": -2.0}
    put_in = substitute(tree, {name: number(value) for name, value in values.items()})
    assert unicode(put_in) == "0.1·3 + (−0.3)·(−0.1) − (−2)"


@settings(max_examples=300, deadline=None)
@given(trees)
def test_latex_is_balanced(tree: Expr) -> None:
    text = latex(tree)
    assert text.count("{") == text.count("}")
    assert text.count(r"\left") == text.count(r"\right")
    assert "^\\top^" not in text


#: What GitHub and the readers of other pages refuse, or what would end a code span or a cell of a table in Markdown.
REFUSED = re.compile(r"\\(operatorname|phantom|hphantom|mbox|newcommand|def|href|unicode|require)\b|[|`$\n]")


@settings(max_examples=300, deadline=None)
@given(trees)
def test_latex_has_nothing_that_a_page_would_refuse(tree: Expr) -> None:
    assert not REFUSED.search(latex(tree))


@given(st.text(max_size=12))
def test_a_name_brings_no_command_into_latex(name: str) -> None:
    commands = set(re.findall(r"\\([A-Za-z]+|.)", latex(Name(name))))
    assert commands <= {*LATIN, *ACCENTS, "_", "text", "mathrm", "frac", "partial", "left", "right"}


@given(st.text(st.sampled_from("abWxyhat_12ŷδσéß"), min_size=1, max_size=8))
def test_a_symbol_has_all_letters_of_its_name(name: str) -> None:
    def letters(part: Symbol) -> str:
        return part.word + part.accent + "".join(map(letters, part.below))

    known = Counter(letters(symbol(name)).replace("_", ""))
    assert known in (Counter(key(name).replace("_", "")), Counter(name.replace("_", "")))
