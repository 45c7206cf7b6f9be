"""What students type and paste is read: lines of worked homework, as they were written down or recognised from paper.

A line has to be read as it was meant, alone or among its readings; and whatever is read is echoed, plain, in Unicode
and in LaTeX, in a form that reads back as the same.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hwcheck.formula.expr import Call, Expr, Name, Num, number, substitute, walk
from hwcheck.formula.lex import FormulaError
from hwcheck.formula.names import key
from hwcheck.formula.parse import Scope, readings
from hwcheck.formula.show import plain, unicode
from hwcheck.formula.showlatex import latex
from hwcheck.graph.functions import arities
from hwcheck.library.functions import FUNCTIONS
from tests.formula.test_show import NAMES as SHOWN
from tests.formula.test_show import SHEET as SHOWN_SHEET
from tests.formula.test_show import trees

OWN = {name: (name, 1, 1) for name in ("f", "f1", "f2", "f3", "P", "F")}


def scope(names: str, arrays: str = "", indices: str = "") -> Scope:
    """Give a student's scope with the library's functions and those of the documents."""
    declared = {key(name): name for name in f"{names} {arrays}".split()}
    return Scope(declared, {**arities(FUNCTIONS), **OWN}, frozenset(arrays.split()), True, frozenset(indices.split()))


#: A chain of units with unknown functions; scalars all.
CHAIN = scope("x w1 w2 w3 w4 b1 b2 b3 h1 h2 h3 yhat y L h z u a b")
#: Two linear layers in matrices, the sizes with names.
LAYERS = scope("l d1 d2 d3 n", "x y yhat W1 W2 b1 b2 z1 z2 z3")
ENTRIES = LAYERS._replace(indices=frozenset(["i", "j"]))
#: A network in index notation: a sample m, units i and j, and the I and J that are fixed.
UNITS = scope("J J_m K M gamma", "U W1 W2 b1 b2 X1 X2 Y1 Y2 y y_m", "i j m k I J")
BINARY = scope("J_m K M gamma y y_m", "U W1 W2 b1 b2 X1 X2 Y1 Y2", "i j m k I")
#: Formulas by themselves.
ALONE = scope("a b c d h z w p y K t", "x v r W", "i")

CHAINS = [
    (r"\frac{dL}{dh_3} \cdot f'_3 w_3 \cdot f'_1 x", "dL/dh3 * f3' w3 * f1' x"),
    (r"\frac{dL}{dh_3} \cdot f'_3 w_4 \cdot f'_2 w_2", "dL/dh3 * f3' w4 * f2' w2"),
    ("dL/dh3 * f3' * w3 * f1' * x", "dL/dh3 * f3' * w3 * f1' * x"),
    (r"$$\frac{dL}{d\hat{y}}$$", "dL/dyhat"),
    (r"\frac{dL}{dh_3} \cdot \frac{dh_3}{dh_1} \cdot \frac{dh_1}{dw_1}", "dL/dh3 * dh3/dh1 * dh1/dw1"),
    (r"\frac{\mathrm{d}L}{\mathrm{d}\hat{y}}", "dL/dyhat"),
    (r"f_1(w_1 x + b_1)", "f1(w1 x + b1)"),
    (r"f_2(w_2x + b_2)", "f2(w2 x + b2)"),
    (r"f_3(w_3h_1 + w_4h_2 + b_3)", "f3(w3 h1 + w4 h2 + b3)"),
    (r"(\hat{y} - y)^2", "(yhat - y)^2"),
    (r"2(\hat{y} - y)", "2 (yhat - y)"),
    (r"\frac{e^{-h}}{(1+e^{-h})^2} \cdot 2 \cdot 0", "(e^(-h)/(1 + e^(-h))^2) * 2 * 0"),
    ("dy/dh * dh/dx * dx/dz", "dy/dh * dh/dx * dx/dz"),
    (r"(1+e^{-h})^{-1}", "(1 + e^(-h))^(-1)"),
    (r"\frac{-(-e^{-h})}{(1+e^{-h})^2}", "(-(-e^(-h)))/(1 + e^(-h))^2"),
    ("e^-h/(1+e^-h)^2", "e^(-h)/(1 + e^(-h))^2"),
    (r"\frac{1}{1 + e^{-h}}", "1/(1 + e^(-h))"),
    (r"\max(0, z)", "max(0, z)"),
    (r"a + (b-a) * \text{sigmoid}(z)", "a + (b - a) * sigmoid(z)"),
    (r"\frac{1}{(1 + \exp(-z))}", "1/(1 + exp(-z))"),
    (r"\omega_2 h_1 + \omega_3 h_2", "w2 h1 + w3 h2"),
    ("|y - \\hat{y}|", "|y - yhat|"),
    # the prime, in all its spellings
    ("f_1' x", "f1' x"),
    ("f'1 x", "f1' x"),
    ("fp1 x", "f1' x"),
    ("df1 x", "f1' x"),
    ("f1′ x", "f1' x"),
    (r"f^{\prime}_1 x", "f1' x"),
    (r"f_1^\prime x", "f1' x"),
    ("f1'(.) x", "f1' x"),
    ("f1'(·) x", "f1' x"),
    (r"f_1'(\cdot) x", "f1' x"),
    ("f′₁(w₁x + b₁)", "f1'(w1 x + b1)"),
    (r"f'_3w_3f'_1x", "f3' w3 f1' x"),
    (r"\dot{P}(x)", "P'(x)"),
    ("P'(x)", "P'(x)"),
    # Unicode
    ("dL/dŷ · f₃′ · w₃", "dL/dyhat * f3' * w3"),
    ("∂L/∂ŷ", "dL/dyhat"),
    ("½ (y − ŷ)²", "1/2 (y - yhat)^2"),
    ("eˣ + e⁻ʰ", "e^x + e^(-h)"),
    ("√x × w1 ∗ 2", "sqrt(x) * w1 * 2"),
    ("w1 x² + b1", "w1 x^2 + b1"),
    ("∇_w1 L", "dL/dw1"),
    (r"\nabla_{\hat{y}} L", "dL/dyhat"),
    # lines of a derivation
    (r"&= \frac{dL}{dh_3} \cdot f'_3 \\", "dL/dh3 * f3'"),
    ("= dL/dh3 f3'", "dL/dh3 f3'"),
    (r"\begin{aligned} &= a + b \end{aligned}", "a + b"),
    (r"\( x^2 + h \)", "x^2 + h"),
    (r"\[ x^2 \]", "x^2"),
    (r"\frac12 (y - \hat y)^2", "1/2 (y - yhat)^2"),
    (r"4.953 \times 10^{-3} x", "4.953e-3 x"),
    (r"2 \cdot 10^4", "2e4"),
    (r"\left(\frac{\partial L}{\partial w_1}\right)^2", "(dL/dw1)^2"),
    (r"w^2_1 x", "w1^2 x"),
    ("w²₁ x", "w1^2 x"),
]
MATRICES = [
    (r"w^{(1)}x + b^{(1)}", "W1 x + b1"),
    (r"\max(0, w^{(1)}x + b^{(1)})", "max(0, W1 x + b1)"),
    (r"\max\{0, w^{(1)}x + b^{(1)}\}", "max(0, W1 x + b1)"),
    (r"w^{(2)}\hat{y}_1 + b^{(2)}", "W2 yhat[1] + b2"),
    (r"\|\hat{y} - y\|_2^2", "||yhat - y||^2"),
    ("||yhat - y||_2^2", "||yhat - y||^2"),
    (r"\left\| \hat{y} - y \right\|^2_2", "||yhat - y||^2"),
    (r"\left\lVert y \right\rVert_1", "sum(|y|)"),
    (r"\frac{dl}{dz_3} \cdot \frac{dz_3}{dw^{(2)}}", "dl/dz3 * dz3/dW2"),
    (r"\frac{dl}{d\hat{y}} \cdot (z_2)^T", "dl/dyhat * z2.T"),
    (r"w_2^T \cdot \frac{dl}{d\hat{y}}", "W2.T * dl/dyhat"),
    (r"\left(w_2^T \cdot \frac{dl}{d\hat{y}} \right) \odot (z_1 > 0)", "(W2.T * dl/dyhat) .* (z1 > 0)"),
    (r"\frac{dl}{d\hat{y}} \cdot \frac{d\hat{y}}{dz_3} \cdot z_2^T", "dl/dyhat * dyhat/dz3 * z2.T"),
    (r"[(w^{(1)}x + b^{(1)})^+]^T", "max(0, W1 x + b1).T"),
    (
        r"[w_2^T \frac{dl}{d\hat{y}} \odot (w^{(1)}x + b^{(1)} > 0)] \cdot x^T",
        "((W2.T dl/dyhat) .* (W1 x + b1 > 0)) * x.T",
    ),
    (
        r"\left[w_2^T \frac{dl}{d\hat{y}} \odot (w^{(1)}x + b^{(1)} > 0) \right]",
        "(W2.T dl/dyhat) .* (W1 x + b1 > 0)",
    ),
    ("(W2^T * dl/dyhat) (.) (z1 > 0)", "(W2.T * dl/dyhat) .* (z1 > 0)"),
    ("[W2^T dl/dyhat (.) (W1 x + b1 > 0)] * x^T", "((W2.T dl/dyhat) .* (W1 x + b1 > 0)) * x.T"),
    ("dl/dyhat * dyhat/dz3 * [(W1 x + b1)^+]^T", "dl/dyhat * dyhat/dz3 * max(0, W1 x + b1).T"),
    (r"\begin{bmatrix} dl/d\hat{y}_1 \\ \vdots \\ dl/d\hat{y}_{d_3} \end{bmatrix}", "dl/dyhat[1..d3]"),
    ("[dl/dyhat_1; ...; dl/dyhat_d3]", "dl/dyhat[1..d3]"),
    ("[2(yhat_1 - y_1); …; 2(yhat_d3 - y_d3)]", "2 (yhat[1..d3] - y[1..d3])"),
    ("[yhat_1 y_1, yhat_2 y_2, ..., yhat_d3 y_d3]", "(yhat[1..d3] .* y[1..d3]).T"),
    ("I_{d3 x d3}", "I(d3)"),
    (r"I_{d_3 \times d_3}", "I(d3)"),
    ("I_3", "I(3)"),
    (r"(w^{(1)}x + b^{(1)} > 0)_{d_2}", "W1 x + b1 > 0"),
    (r"\sigma'(z_1)", "sigmoid'(z1)"),
    (r"\sigma(z_1) (1 - \sigma(z_1))", "sigmoid(z1) (1 - sigmoid(z1))"),
    (
        r"-\frac{1}{n} \sum_{i=1}^n y_i \log(\hat{y}_i) + (1 - y_i) \log(1 - \hat{y}_i)",
        "-(1/n) sum(i = 1..n, y[i] ln(yhat[i]) + (1 - y[i]) ln(1 - yhat[i]))",
    ),
    ("diag(z_1 > 0)", "diag(z1 > 0)"),
    (r"\operatorname{diag}(z_1 > 0)", "diag(z1 > 0)"),
    ("1_{z1 > 0}", "z1 > 0"),
    (r"\mathbb{1}[z_1>0]", "z1 > 0"),
    (r"\mathbf 1\{z_1>0\}", "z1 > 0"),
    (r"\mathbb{1}_{\{z_1>0\}}", "z1 > 0"),
    ("I(z1 > 0)", "z1 > 0"),
    ("z1_+", "max(0, z1)"),
    ("[W1 x + b1]_+", "max(0, W1 x + b1)"),
    (r"(W_1 x)^{+}", "max(0, W1 x)"),
    ("∇_{W_1} l", "dl/dW1"),
    (r"\nabla_{W^{(1)}} l", "dl/dW1"),
    ("diag(y) - y y^T", "diag(y) - y y.T"),
    (r"\frac{dl}{db^{(1)}}", "dl/db1"),
]
PLACES = [
    (
        r"-\frac{1}{n} \left[\frac{y_i}{\hat{y}_i} - \frac{(1 - y_i)}{(1 - \hat{y}_i)} \right]",
        "-(1/n) (y[i]/yhat[i] - (1 - y[i])/(1 - yhat[i]))",
    ),
    ("-(1/n) * [ y_i/yhat_i - (1-y_i)/(1-yhat_i) ]", "-(1/n) * (y[i]/yhat[i] - (1 - y[i])/(1 - yhat[i]))"),
    (r"\frac{dl}{d\hat{y}_i}", "dl/dyhat[i]"),
    ("2 (yhat_i - y_i)", "2 (yhat[i] - y[i])"),
    ("∂l/∂ŷᵢ", "dl/dyhat[i]"),
    (r"\hat{y}_{(1)} - y_{(1)}", "yhat[1] - y[1]"),
    ("yhat_(1) - y_(1)", "yhat[1] - y[1]"),
    (r"(W_1 x)_i", "(W1 x)[i]"),
    (r"y_i^2 - y^2_j", "y[i]^2 - y[j]^2"),
]
INDEXED = [
    (r"\sum_{j=1}^{3} (\omega_{1j}^{(1)} \cdot U_j)", "sum(j = 1..3, W1[1,j] * U[j])"),
    (r"\sum_{j=1}^3 (w_{ij}^{(1)} \cdot U_j)", "sum(j = 1..3, W1[i,j] * U[j])"),
    ("sum_{j=1..3} w_1j^(1) U_j", "sum(j = 1..3, W1[1,j] U[j])"),
    ("sum(j = 1..2, w_ij^(2) Y_j^(1))", "sum(j = 1..2, W2[i,j] Y1[j])"),
    (r"W^{(1)}_{ij}", "W1[i,j]"),
    ("W^(1)_ij", "W1[i,j]"),
    ("wᵢⱼ⁽²⁾ Yⱼ⁽¹⁾", "W2[i,j] Y1[j]"),
    ("w₁ⱼ⁽²⁾", "W2[1,j]"),
    (r"P(X_1^{(1)})", "P(X1[1])"),
    (r"Y_1^{(2)}", "Y2[1]"),
    (r"Y_i^{(2)}(1-Y_i^{(2)})", "Y2[i] (1 - Y2[i])"),
    (r"Y_j^{(1)}(Y_i^{(2)} - y_m)", "Y1[j] (Y2[i] - y_m)"),
    (r"(\underline{Y}^{(2)} - \underline{y}_m) (\underline{Y}^{(1)})^t", "(Y2 - y_m) Y1.T"),
    (
        r"Y_i^{(2)} \cdot ((w^{(2)})^t \odot Y^{(1)} \odot (1 - Y^{(1)})) \underline{U}^t",
        "Y2[i] * (W2.T .* Y1 .* (1 - Y1)) U.T",
    ),
    (
        r"((W^{(2)})^T (\underline{Y}^{(2)} - \underline{y}_m) \odot \underline{Y}^{(1)} (1 - \underline{Y}^{(1)}))"
        r" \cdot \underline{u}^t",
        "((W2.T (Y2 - y_m)) .* (Y1 (1 - Y1))) * U.T",
    ),
    (r"\frac{\partial J_m}{\partial w_{ij}^{(2)}}", "dJ_m/dW2[i,j]"),
    (r"\frac{\partial Y_i^{(2)}}{\partial X_i^{(2)}}", "dY2/dX2[i,i]"),
    (r"Y_I^{(2)} - y_{m,I}", "Y2[I] - y_m[I]"),
    (r"-\frac{y_{m,I}}{Y_I^{(2)}}", "-y_m[I]/Y2[I]"),
    (r"Y_I^{(2)} \sum_{i=1}^k y_{m,i} - y_{m,I}", "Y2[I] sum(i = 1..k, y_m[i]) - y_m[I]"),
    (r"Y_I^{(2)} \sum_{i=1}^k y_{m,i} - y_{m,I}", "Y2[I] sum(i = 1..k, y_m[i] - y_m[I])"),
    (
        r"\frac{e^{X_I^{(2)}}}{\sum_{i=1}^k e^{X_i^{(2)}}}",
        "e^(X2[I])/sum(i = 1..k, e^(X2[i]))",
    ),
    (r"W_{(\text{old})}^{(2)} - \gamma \frac{\partial J_m}{\partial W^{(2)}}", "W2 - gamma dJ_m/dW2"),
    (r"W_{(\text{new})}^{(2)}", "W2_new"),
    (r"W_2^{\text{new}}", "W2_new"),
]
CASES = [
    (
        r"(-y_m(1-Y_i^{(2)}) + (1-y_m)Y_i^{(2)}) \cdot Y_j^{(1)}",
        "(-y_m (1 - Y2[i]) + (1 - y_m) Y2[i]) * Y1[j]",
    ),
    (
        r"-y_m \cdot \frac{1}{Y_i^{(2)}} - (1-y_m) \cdot \frac{-1}{1-Y_i^{(2)}}",
        "-y_m * (1/Y2[i]) - (1 - y_m) * ((-1)/(1 - Y2[i]))",
    ),
    (r"-y_m \ln Y^{(2)} - (1-y_m) \ln (1-Y^{(2)})", "-y_m ln(Y2) - (1 - y_m) ln(1 - Y2)"),
    (
        r"\begin{cases} \frac{1}{1-Y_i^{(2)}} & y_m=0 \\ \frac{-1}{Y_i^{(2)}} & y_m=1 \end{cases}",
        "if(y_m == 0, 1/(1 - Y2[i]), if(y_m == 1, (-1)/Y2[i], 0/(0)))",
    ),
    ("if(y = 1, gamma, 0)", "if(y == 1, gamma, 0)"),
]
FORMS = [
    (r"e^{x_i}/\sum_{j=1}^K e^{x_j}", "e^(x[i])/sum(j = 1..K, e^(x[j]))"),
    (r"\frac{e^{x_i}}{\sum_{j=1}^{K} e^{x_j}}", "e^(x[i])/sum(j = 1..K, e^(x[j]))"),
    (r"-(1+e^{-z})^{-2} \cdot e^{-z}", "-(1 + e^(-z))^(-2) * e^(-z)"),
    (
        r"\frac{1}{1+e^{-z}} \cdot \left(\frac{1+e^{-z}}{1+e^{-z}} - \frac{1}{1+e^{-z}} \right)",
        "(1/(1 + e^(-z))) * ((1 + e^(-z))/(1 + e^(-z)) - 1/(1 + e^(-z)))",
    ),
    ("exp(-z)", "exp(-z)"),
    ("sech(z)^2", "sech(z)^2"),
    ("sech^2 z", "sech(z)^2"),
    (r"\operatorname{sech}^2 z", "sech(z)^2"),
    (r"\text{Sech}^2(z)", "sech(z)^2"),
    (r"\tanh^{2}(z)", "tanh(z)^2"),
    (r"2\sigma(2z) - 1", "2 sigmoid(2 z) - 1"),
    ("σ'(r)", "sigmoid'(r)"),
    ("σ(z)(1-σ(z))", "sigmoid(z) (1 - sigmoid(z))"),
    (r"P(x_i)(1 - P(x_i))", "P(x[i]) (1 - P(x[i]))"),
    (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "[a, b; c, d]"),
    (r"\begin{bmatrix} a \\ b \\ \end{bmatrix}", "[a; b]"),
    (r"\left( \begin{array}{cc} a & b \end{array} \right)", "[a, b]"),
    (r"\begin{cases} 1 & z > 0 \\ 0 & z < 0 \end{cases}", "if(z > 0, 1, if(z < 0, 0, 0/(0)))"),
    (r"\begin{cases} z & \text{if } z > 0 \\ a z & \text{otherwise} \end{cases}", "if(z > 0, z, a z)"),
    (r"\begin{cases} 0, z < 0 \\ z, \text{else} \end{cases}", "if(z < 0, 0, z)"),
    (r"\sqrt{a}^2 + \sqrt a", "sqrt(a)^2 + sqrt(a)"),
    (r"\ln{p} y", "ln(p) y"),
    (r"\left|a\right| |b|", "|a| |b|"),
    (r"\left|a + \left|b\right|\right|", "abs(a + |b|)"),
    (r"\Sigma_{i=1}^{3} x_i", "sum(i = 1..3, x[i])"),
    ("Σ_{i=1}^{3} x_i", "sum(i = 1..3, x[i])"),
    ("∑_{i=1}^K x_i", "sum(i = 1..K, x[i])"),
    (r"\sum\limits_{i=1}^{K-1} x_i", "sum(i = 1..K - 1, x[i])"),
    (r"\frac{1}{K}\sum_{i=1}^K (x_i - v_i)^2", "(1/K) sum(i = 1..K, (x[i] - v[i])^2)"),
    (r"x_i, \quad i = 1 \dots 3", "x[i] for i = 1..3"),
    ("W_12", "W[1,2]"),
    ("W_{1,2}", "W[1,2]"),
    (r"\boxed{a + b}", "a + b"),
]
LINES = [
    (where, text, echo)
    for where, rows in (
        (CHAIN, CHAINS),
        (LAYERS, MATRICES),
        (ENTRIES, PLACES),
        (UNITS, INDEXED),
        (BINARY, CASES),
        (ALONE, FORMS),
    )
    for text, echo in rows
]


@pytest.mark.parametrize(("where", "text", "echo"), LINES, ids=[text for _, text, _ in LINES])
def test_a_line_of_homework_is_read_as_it_was_meant(where: Scope, text: str, echo: str) -> None:
    assert echo in [plain(tree) for tree in readings(text, where)]


@pytest.mark.parametrize(("where", "text", "echo"), LINES, ids=[text for _, text, _ in LINES])
def test_every_echo_of_a_line_reads_back_as_the_same(where: Scope, text: str, echo: str) -> None:
    for tree in readings(text, where):
        assert tree in readings(plain(tree), where)
        assert tree in readings(unicode(tree), where)
        assert meant(tree) in [meant(other) for other in readings(latex(tree), where)]


def meant(tree: Expr) -> Expr:
    """Give a tree without what print does not show: the digits of a number, and which sign a product has; a power of
    ten behind a number is part of it."""
    if isinstance(tree, Num):
        return number(tree.value)
    if isinstance(tree, Name):
        return tree
    args = tuple(meant(arg) for arg in tree.args)
    if tree.op in ("*", "@") and isinstance(args[0], Num) and isinstance(args[1], Call) and args[1].op == "^":
        ten, power = args[1].args
        sign = isinstance(power, Call) and power.op == "neg"
        digits = power.args[0] if isinstance(power, Call) and sign else power
        if ten == number(10) and isinstance(digits, Num) and digits.value.is_integer() and digits.value < 300:
            return number(float(f"{args[0].value}e{'-' * sign}{int(digits.value)}"))
    above, below = args if tree.op == "/" else (None, None)
    if isinstance(above, Num) and isinstance(below, Num) and "/" not in "".join(plain(arg) for arg in tree.args):
        return number(above.value / below.value) if below.value else Call("/", args)
    return Call("*" if tree.op == "@" else tree.op, args)


def shown_by_latex(tree: Expr) -> bool:
    """Tell whether LaTeX says all of a tree: its `=` compares within brackets alone, n/0 is no number, and what has an
    index 0 is a bias."""
    parts = [part for part in walk(tree) if isinstance(part, Call)]
    divided = [part.args for part in parts if part.op == "/" and all(isinstance(arg, Num) for arg in part.args)]
    by_zero = any(isinstance(below, Num) and below.value == 0 for _, below in divided)
    zeroth = any(isinstance(arg, Num) and arg.value == 0 for part in parts if part.op == "[]" for arg in part.args)
    return not by_zero and not zeroth and not (isinstance(tree, Call) and tree.op == "==")


EVERYTHING = SHOWN_SHEET._replace(student=True, arrays=frozenset(SHOWN.values()))


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_latex_reads_back_as_the_tree(tree: Expr) -> None:
    assume(shown_by_latex(tree))
    assert meant(tree) in [meant(other) for other in readings(latex(tree), EVERYTHING)]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees, trees)
def test_latex_of_a_loop_reads_back(body: Expr, last: Expr) -> None:
    assume(shown_by_latex(body) and shown_by_latex(last))
    loop = Call("=", (Name("j"), Call("..", (number(1), last))))
    tree = Call("for", (substitute(body, {"x": Name("j")}), loop))
    assert meant(tree) in [meant(other) for other in readings(latex(tree), EVERYTHING)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_what_is_printed_is_among_a_students_readings_whatever_has_entries(tree: Expr) -> None:
    assert tree in readings(plain(tree), EVERYTHING)
    assert tree in readings(unicode(tree), EVERYTHING)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["x_1", "y_2", "f_1'", "w_{12}", "W^{(1)}", r"\hat{y}", "e^x", r"\frac12"]), min_size=1)
)
def test_blanks_and_sizes_and_dollars_mean_nothing(pieces: list[str]) -> None:
    where = scope("x y w1 f", "W1 w x_1")
    found = tried(" + ".join(pieces), where)
    for text in (
        r" \, + \; ".join(pieces),
        "$" + " + ".join(pieces) + "$",
        r"\left( " + r" + ".join(pieces) + r"\right)",
        r"\begin{aligned} &= " + " + ".join(pieces) + r" \\ \end{aligned}",
    ):
        assert tried(text, where) == found


def tried(text: str, where: Scope) -> list[Expr] | str:
    try:
        return readings(text, where)
    except FormulaError as error:
        return error.reason


SEVERAL = [
    (
        LAYERS,
        r"\sum_{i=1}^3 y_i + n",
        ["sum(i = 1..3, y[i]) + n", "sum(i = 1..3, y[i] + n)"],
    ),
    (
        ALONE,
        r"\sum_{j=1}^3 a + b - c",
        ["sum(j = 1..3, a) + b - c", "sum(j = 1..3, a + b) - c", "sum(j = 1..3, a + b - c)"],
    ),
    (ALONE, "(a)^+ b", ["a^b", "max(0, a) b"]),
    (scope("W1", "Y Y1 Y2 x"), "Y_1^{(2)}", ["Y2[1]", "Y1^2", "Y1@2"]),
    (scope("yhat1", "yhat"), r"\hat{y}_1", ["yhat1", "yhat[1]"]),
    (scope("yhat1", "yhat"), r"\hat{y}_{(1)}", ["yhat1", "yhat[1]"]),
    (scope("", "W"), "W_12", ["W[12]", "W[1,2]"]),
    (LAYERS, "(z1 > 0)_{d2}", ["(z1 > 0)[d2]", "z1 > 0"]),
]


@pytest.mark.parametrize(("where", "text", "echoes"), SEVERAL, ids=[text for _, text, _ in SEVERAL])
def test_a_student_keeps_every_reading(where: Scope, text: str, echoes: list[str]) -> None:
    assert [plain(tree) for tree in readings(text, where)] == echoes


DECLARED_WINS = [
    (scope("e x"), "e^x", "e^x", Name("e")),
    (scope("d x", "y"), "d x", "d x", Name("d")),
    (scope("y_m", "y")._replace(indices=frozenset("m")), "y_m", "y_m", Name("y_m")),
    (scope("fp1 x"), "fp1 x", "fp1 x", Name("fp1")),
    (scope("u", "U"), "u", "u", Name("u")),
    (scope("omega1 w1", ""), r"\omega_1", "omega1", Name("omega1")),
    (scope("w_1x", ""), "w_1x", "w_1x", Name("w_1x")),
]


@pytest.mark.parametrize(("where", "text", "echo", "part"), DECLARED_WINS, ids=[row[1] for row in DECLARED_WINS])
def test_a_declared_name_wins_over_every_spelling(where: Scope, text: str, echo: str, part: Expr) -> None:
    (tree,) = readings(text, where)
    assert plain(tree) == echo
    assert part in list(walk(tree))


#: What only a student may leave to be guessed.
LOOSE = [
    (CHAIN, "fp1 x"),
    (CHAIN, "df1 x"),
    (CHAIN, "(y - yhat)^+"),
    (CHAIN, "= 2 x"),
    (CHAIN, "(x = 1)"),
    (CHAIN, r"\omega_1"),
    (LAYERS, "w_1"),
    (LAYERS, "w^{(1)} x"),
    (ENTRIES, "y_i"),
    (ENTRIES, "yhat_i - y_i"),
    (UNITS, "w_ij^(2)"),
    (UNITS, "U_1"),
    (UNITS, "W_{(old)}^{(2)}"),
]


@pytest.mark.parametrize(("where", "text"), LOOSE, ids=[text for _, text in LOOSE])
def test_a_sheet_has_to_say_what_a_student_may_leave_open(where: Scope, text: str) -> None:
    assert readings(text, where)
    with pytest.raises(FormulaError):
        readings(text, where._replace(student=False))


#: What print says in one way only is read in sheets too.
STRICT = [
    (CHAIN, r"\frac{\partial L}{\partial w_1} = ", None),
    (CHAIN, r"\begin{pmatrix} a & b \\ x & y \end{pmatrix}", "[a, b; x, y]"),
    (CHAIN, r"w_3h_1 + w_4h_2", "w3 h1 + w4 h2"),
    (CHAIN, "½ (y − ŷ)²", "1/2 (y - yhat)^2"),
    (LAYERS, "∇_W1 l", "dl/dW1"),
    (LAYERS, r"\sum_{i=1}^{3} y[i]", "sum(i = 1..3, y[i])"),
    (LAYERS, r"\left\| y \right\|_2^2", "||y||^2"),
    (LAYERS, r"1_{z_1 > 0}", "z1 > 0"),
    (LAYERS, r"W^{(1)}_{1,2}", "W1[1,2]"),
    (LAYERS, r"\begin{cases} 1 & n > 0 \\ 0 & \text{otherwise} \end{cases}", "if(n > 0, 1, 0)"),
]


@pytest.mark.parametrize(("where", "text", "echo"), STRICT, ids=[text for _, text, _ in STRICT])
def test_print_that_says_one_thing_is_read_in_sheets(where: Scope, text: str, echo: str | None) -> None:
    if echo is not None:
        assert [plain(tree) for tree in readings(text, where._replace(student=False))] == [echo]


REFUSED = [
    (CHAIN, r"\foo x", r"\foo", "`\\foo` is not read", r"\frac"),
    (CHAIN, r"a \to b", r"\to", "is not read", "line of its own"),
    (CHAIN, "x → y", "→", "no meaning", "line of its own"),
    (CHAIN, r"\prod_{i=1}^3 x", r"\prod", "is not read", "*"),
    (CHAIN, r"a \quad b", r"\quad", "sets two things apart", "one formula a line"),
    (CHAIN, r"(0.2 \quad -0.2)", r"\quad", "sets two things apart", "[a, b]"),
    (CHAIN, r"a \\ b", r"\\", "a line break", "one formula a line"),
    (CHAIN, "a & b", "&", "no meaning", "[a, b; c, d]"),
    (CHAIN, r"\frac{d}{dx} x", "d", "`d` is not defined", "dJ/dW1"),
    (CHAIN, r"\frac{\partial}{\partial x} x", r"\partial", "without a name", r"\frac{\partial J}"),
    (CHAIN, r"\frac{dL}{dq}", "q", "`q` is not defined", "Defined here"),
    (CHAIN, "∇L", "∇", "by what", "∇_W1 J"),
    (CHAIN, r"\mathbb{1}", r"\mathbb{1}", "without its condition", "ones(n)"),
    (CHAIN, "1_{x}", "1_{x}", "without a condition", "z > 0"),
    (CHAIN, "||x||_3", "||x||_3", "a norm", "sum(|v|)"),
    (CHAIN, r"\begin{tikzcd} a \end{tikzcd}", r"\begin{tikzcd}", "is not read", "pmatrix"),
    (CHAIN, r"\begin{pmatrix} a \end{bmatrix}", r"\end{bmatrix}", "closes", r"\begin{bmatrix}"),
    (CHAIN, r"\begin{cases} a \end{cases}", r"\end{cases}", "without its condition", "otherwise"),
    (CHAIN, r"\mathbf{a + b}", r"\mathbf", "around more than a name", r"\mathbf{y}"),
    (LAYERS, "I_{d3 x d2}", "I_{d3 x d2}", "square", "I(n)"),
    (LAYERS, "y_i", "y_i", "`y_i` is not defined", "sum(i = 1..n"),
    (LAYERS, r"\sum_i y_i", r"\sum_i", "from where to where", "sum(i = 1..n, ...)"),
    (LAYERS, "sum_i y_i", "sum_i", "from where to where", "sum(i = 1..n, ...)"),
    (LAYERS, "Σᵢ yᵢ", "Σᵢ", "from where to where", "sum(i = 1..n, ...)"),
    (LAYERS, r"\sum_{i=1}^q y_i", "q", "`q` is not defined", "Defined here"),
    (LAYERS, "[1; ...; 3]", "[1; ...; 3]", "`...`", "a[1]"),
    (LAYERS, "[y_1; y_3; ...; y_9]", "[y_1; y_3; ...; y_9]", "`...`", "a[1]"),
    (LAYERS, "[y_1; ...]", "[y_1; ...]", "`...`", "a[1]"),
    (LAYERS, "[norm(y_1); ...; norm(y_3)]", "[norm(y_1); ...; norm(y_3)]", "`...`", "a[1]"),
    (CHAIN, r"\cdot x", r"\cdot", "`*` is not expected here", ""),
    (CHAIN, r"\left| x", r"\left|", "`|` is never closed", "`|`"),
    (CHAIN, r"\text{identity act.}", r"\text", "around more than a name", "words"),
    (CHAIN, "{x}_1", "{x}_1", "has no entries", "index"),
    (CHAIN, r"\sum_^3 x", r"\sum", "without its variable", "sum(i = 1..n"),
    (LAYERS, "sum(i = 1..3)", "sum(i = 1..3)", "`sum` of nothing", "sum(i = 1..3, x[i])"),
    (LAYERS, "[...]", "[...]", "nothing but `...`", "entries"),
    (UNITS, r"w_{i0}^{(1)}", "w_{i0}^{(1)}", "no entry 0", "b1[i]"),
    (UNITS, r"\sum_{j=1}^3 w_{1j}^{(1)} U_j + w_{10}^{(1)}", "w_{10}", "no entry 0", "b1[i]"),
    (UNITS, r"W^{(2)}_{i,0}", "}", "no entry 0", "b2[i]"),
    (UNITS, "U_{+x}", "x", "`x` is not defined", "Defined here"),
]


@pytest.mark.parametrize(("where", "text", "marked", "reason", "fix"), REFUSED, ids=[row[1] for row in REFUSED])
def test_what_is_not_read_is_refused_with_its_place_and_a_fix(
    where: Scope, text: str, marked: str, reason: str, fix: str
) -> None:
    with pytest.raises(FormulaError) as caught:
        readings(text, where)
    assert reason in caught.value.reason
    assert fix in caught.value.fix
    assert (
        marked.startswith(text[caught.value.start : caught.value.end])
        or marked in text[caught.value.start : caught.value.end]
    )
    assert caught.value.start < caught.value.end
