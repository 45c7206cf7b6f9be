"""Every form and every ambiguity of the formula language: what a text means, and what is refused with which fix."""

from __future__ import annotations

import pytest

from hwcheck.formula.expr import Expr, Name, Num
from hwcheck.formula.lex import FormulaError
from hwcheck.formula.names import key
from hwcheck.formula.parse import Scope, readings

DECLARED = "a b c d e i n p v x y E J L Y h U W1 W2 X1 X2 Y1 Y2 b1 w1 w3 w4 z1 dw1 dx yhat delta1"
ONE = "abs cos diag exp f f1 f3 I log10 log2 mean norm sigmoid sin sqrt tanh var"
FUNCTIONS = {key(name): (name, 1, 1) for name in ONE.split()}
FUNCTIONS |= {"ln": ("ln", 1, 1), "log": ("ln", 1, 1), "sum": ("sum", 1, 99), "max": ("max", 1, 99), "if": ("if", 3, 3)}
FUNCTIONS |= {"pi": ("pi", 0, 0), "place": ("place", 2, 99)}
SHEET = Scope(
    {key(name): name for name in DECLARED.split()}, FUNCTIONS, frozenset(["Y", "h", "x", "U", "W1", "W2", "X1"])
)
STUDENT = SHEET._replace(student=True)


def form(tree: Expr) -> str:
    """Give a tree as an s-expression."""
    if isinstance(tree, Num):
        return tree.text
    return tree.id if isinstance(tree, Name) else f"({' '.join([tree.op, *map(form, tree.args)])})"


ONE_READING = [
    # names: one in many spellings, and declared ones first
    ("w₁", "w1"),
    ("w_1", "w1"),
    ("ŷ", "yhat"),
    ("y\u0302", "yhat"),
    ("δ_1", "delta1"),
    ("δ₁", "delta1"),
    ("W^(1)", "W1"),
    ("W^{(1)} U", "(@ W1 U)"),
    ("W⁽²⁾", "W2"),
    ("e", "e"),
    ("e^x", "(^ e x)"),
    ("d i", "(@ d i)"),
    ("dw1", "dw1"),
    ("dx/dw1", "(/ dx dw1)"),
    ("pi", "(pi)"),
    ("π", "(pi)"),
    ("log(x)", "(ln x)"),
    ("ln(x)", "(ln x)"),
    ("log10(x)", "(log10 x)"),
    ("log2(x)", "(log2 x)"),
    # quantities: derivatives, entries, slices, steps
    ("dJ/dW1", "dJ/dW1"),
    ("∂J/∂W1", "dJ/dW1"),
    ("dY1/dX1", "dY1/dX1"),
    ("dJ/dŷ", "dJ/dyhat"),
    ("W1[1,2]", "([] W1 1 2)"),
    ("x[1,:]", "([] x 1 (:))"),
    ("h[1..2]", "([] h (.. 1 2))"),
    ("W1[1][2]", "([] ([] W1 1) 2)"),
    ("X1@2", "X1@2"),
    ("X1@2[1]", "([] X1@2 1)"),
    ("X1 @ 2", "(@ X1 2)"),
    ("(X1)@2", "(@ X1 2)"),
    ("W1@U", "(@ W1 U)"),
    ("W1_new[1,2]", "([] W1_new 1 2)"),
    ("dJ/dW1@2", "dJ/dW1@2"),
    ("dJ/dW1_new", "dJ/dW1_new"),
    ("dJ/dW1@2[1,2]", "([] dJ/dW1@2 1 2)"),
    ("dJ/dW2[1,k] for k = 1..2", "(for ([] dJ/dW2 1 k) (= k (.. 1 2)))"),
    ("W1[i,k] for i = 1..n, k = 1..2", "(for ([] W1 i k) (= i (.. 1 n)) (= k (.. 1 2)))"),
    # products
    ("W1 U + b1", "(+ (@ W1 U) b1)"),
    ("W1 @ U", "(@ W1 U)"),
    ("a b c", "(@ (@ a b) c)"),
    ("x ⊙ y", "(⊙ x y)"),
    ("x ∘ y", "(⊙ x y)"),
    ("x .* y", "(⊙ x y)"),
    ("2.*y", "(⊙ 2 y)"),
    ("x * y", "(* x y)"),
    ("x · y", "(* x y)"),
    ("a b ⊙ c", "(⊙ (@ a b) c)"),
    ("a ⊙ b c", "(⊙ a (@ b c))"),
    ("a b * c", "(* (@ a b) c)"),
    ("a b/c", "(/ (@ a b) c)"),
    ("a/b * c", "(* (/ a b) c)"),
    ("a/(b c)", "(/ a (@ b c))"),
    ("(a/b) c", "(@ (/ a b) c)"),
    ("2x", "(@ 2 x)"),
    ("a(b + c)", "(@ a (+ b c))"),
    ("1/2 E", "(@ 1/2 E)"),
    ("1/2 (y - Y)^2", "(@ 1/2 (^ (- y Y) 2))"),
    ("a + 1/2 E", "(+ a (@ 1/2 E))"),
    ("-1/2 E", "(neg (@ 1/2 E))"),
    ("1/2/3", "(/ 1/2 3)"),
    ("a*1/2", "(/ (* a 1) 2)"),
    ("1/2^2", "(/ 1 (^ 2 2))"),
    ("W1 [1,2]", "(@ W1 ([,] 1 2))"),
    ("W1 @ [1;2]", "(@ W1 ([;] 1 2))"),
    # signs and powers
    ("-a b", "(neg (@ a b))"),
    ("-a^2", "(neg (^ a 2))"),
    ("a - -b", "(- a (neg b))"),
    ("a − b", "(- a b)"),
    ("a*-b", "(* a (neg b))"),
    ("+a", "a"),
    ("x²", "(^ x 2)"),
    ("x⁻¹", "(^ x (neg 1))"),
    ("x^-1", "(^ x (neg 1))"),
    ("x**2", "(^ x 2)"),
    ("x^2^3", "(^ x (^ 2 3))"),
    ("a - b - c", "(- (- a b) c)"),
    # transposes: no part of a name
    ("W2ᵀ", "(ᵀ W2)"),
    ("W2^T", "(ᵀ W2)"),
    ("W2.T", "(ᵀ W2)"),
    ("(a + b)^T", "(ᵀ (+ a b))"),
    ("x[1,:]ᵀ", "(ᵀ ([] x 1 (:)))"),
    # arrays
    ("[x; h]", "([;] x h)"),
    ("[a, b]", "([,] a b)"),
    ("[a, b; c, d]", "([;] ([,] a b) ([,] c d))"),
    ("[v]", "v"),
    ("1 - Y", "(- 1 Y)"),
    ("x - mean(x)", "(- x (mean x))"),
    ("sum(x)", "(sum x)"),
    ("sum(u = 1..2, k = 1..n, W1[u,k])", "(sum (= u (.. 1 2)) (= k (.. 1 n)) ([] W1 u k))"),
    ("max(0, z1)", "(max 0 z1)"),
    ("if(a > 0, a, 0)", "(if (> a 0) a 0)"),
    ("a ≤ b", "(<= a b)"),
    ("a ≠ b", "(!= a b)"),
    ("(a < b) == 1", "(== (< a b) 1)"),
    ("|x|", "(abs x)"),
    ("|y - yhat|", "(abs (- y yhat))"),
    ("|a| |b|", "(@ (abs a) (abs b))"),
    ("||v||^2", "(^ (norm v) 2)"),
    ("‖v‖", "(norm v)"),
    ("I(2)", "(I 2)"),
    ("place(x, W1, 1, :, 1..2)", "(place x W1 1 (:) (.. 1 2))"),
    # derivatives of functions, and functions without brackets
    ("f'(v)", "(f' v)"),
    ("f''(v)", "(f'' v)"),
    ("f'_1(v)", "(f1' v)"),
    ("f_1'(v)", "(f1' v)"),
    ("f1′(v)", "(f1' v)"),
    ("f3'", "(f3')"),
    ("f3' w3 f1' x", "(@ (@ (@ (f3') w3) (f1')) x)"),
    ("f3'(w3 + w4)", "(f3' (+ w3 w4))"),
    ("ln p", "(ln p)"),
    ("ln p + 1", "(+ (ln p) 1)"),
    ("a ln p", "(@ a (ln p))"),
    ("ln p y", "(@ (ln p) y)"),
    ("sin x^2", "(sin (^ x 2))"),
    ("sin² x", "(^ (sin x) 2)"),
    ("tanh^2(x)", "(^ (tanh x) 2)"),
    ("√(x)", "(sqrt x)"),
    # LaTeX, as pasted from a solution
    (r"\frac{\partial J}{\partial W_1}", "dJ/dW1"),
    (r"\frac{dJ}{dW_{1}}", "dJ/dW1"),
    (r"\frac{a}{b}", "(/ a b)"),
    (r"\frac{a}{b} c", "(@ (/ a b) c)"),
    (r"\frac{1}{2} (y - \hat{y})^2", "(@ 1/2 (^ (- y yhat) 2))"),
    (r"\hat y", "yhat"),
    (r"\delta_1 \odot \hat{y}", "(⊙ delta1 yhat)"),
    (r"a \cdot b", "(* a b)"),
    (r"W_2^\top \frac{\partial J}{\partial X_2}", "(@ (ᵀ W2) dJ/dX2)"),
    (r"W^{(1)} U", "(@ W1 U)"),
    (r"\left( a + b \right)^{2}", "(^ (+ a b) 2)"),
    (r"\|v\|", "(norm v)"),
    (r"\mathbf{W}_1 U", "(@ W1 U)"),
    (r"\sqrt{a} \ln(p)", "(@ (sqrt a) (ln p))"),
    # numbers, as people write them
    (".5", ".5"),
    ("-.5", "(neg .5)"),
    ("1e-3", "1e-3"),
    ("3/8", "3/8"),
    ("1/2 + 0.00732", "(+ 1/2 0.00732)"),
    ("0.2 - 0.05*0.29267", "(- 0.2 (* 0.05 0.29267))"),
    ("１．５ × ２", "(* 1.5 2)"),
]


@pytest.mark.parametrize(("text", "tree"), ONE_READING)
@pytest.mark.parametrize("scope", [SHEET, STUDENT], ids=["sheet", "student"])
def test_a_text_with_one_meaning(text: str, tree: str, scope: Scope) -> None:
    found = [form(reading) for reading in readings(text, scope._replace(arrays=scope.arrays - {"Y", "x", "h"}))]
    assert found == [tree]


SEVERAL_READINGS = [
    ("f3' (w3 + w4)", ["(f3' (+ w3 w4))", "(@ (f3') (+ w3 w4))"]),
    ("a/b c", ["(/ a (@ b c))", "(@ (/ a b) c)"]),
    ("a/(b + c) d", ["(/ a (@ (+ b c) d))", "(@ (/ a (+ b c)) d)"]),
    ("a/-b c", ["(/ a (@ (neg b) c))", "(@ (/ a (neg b)) c)"]),
    ("1/n (a + b)", ["(/ 1 (@ n (+ a b)))", "(@ (/ 1 n) (+ a b))"]),
    ("Y_1", ["Y1", "([] Y 1)"]),
    ("sin 2x", ["(sin (@ 2 x))", "(@ (sin 2) x)"]),
]


@pytest.mark.parametrize(("text", "trees"), SEVERAL_READINGS)
@pytest.mark.parametrize("scope", [SHEET, STUDENT], ids=["sheet", "student"])
def test_a_text_with_several_meanings_keeps_them_all(text: str, trees: list[str], scope: Scope) -> None:
    assert [form(tree) for tree in readings(text, scope)] == trees


@pytest.mark.parametrize(
    ("text", "tree", "other"),
    [
        ("a/2 b", "(@ (/ a 2) b)", "(/ a (@ 2 b))"),
        ("a/(2 b) c", "(@ (/ a (@ 2 b)) c)", "(/ a (@ (@ 2 b) c))"),
    ],
)
def test_a_sheets_fraction_over_a_number_ends_at_the_blank(text: str, tree: str, other: str) -> None:
    assert [form(reading) for reading in readings(text, SHEET)] == [tree]
    assert {form(reading) for reading in readings(text, STUDENT)} == {tree, other}
    assert len(readings(text.replace("/", "/ "), SHEET)) == 2


@pytest.mark.parametrize(
    ("text", "trees"),
    [("Y1", ["Y1", "([] Y 1)"]), ("h1", ["([] h 1)"]), ("h_2", ["([] h 2)"]), ("dJ/dh1", ["([] dJ/dh 1)"])],
)
def test_only_a_student_may_mean_an_entry_by_a_digit(text: str, trees: list[str]) -> None:
    assert [form(tree) for tree in readings(text, STUDENT)] == trees


def test_a_sheet_is_told_how_an_entry_is_written() -> None:
    with pytest.raises(FormulaError) as caught:
        readings("h1", SHEET)
    assert caught.value.code == "HW103"
    assert "`h[1]`" in caught.value.fix


@pytest.mark.parametrize("name", ["T", "t"])
def test_a_declared_or_a_loop_variable_may_stand_as_a_power(name: str) -> None:
    declared = SHEET._replace(names={**SHEET.names, name: name})
    expected = {"T": ["(ᵀ x)", "(^ x T)"], "t": ["(^ x t)"]}[name]
    assert [form(tree) for tree in readings(f"x^{name}", declared)] == expected
    looped = readings(f"sum({name} = 1..2, x^{name})", SHEET)
    assert [form(tree) for tree in looped] == [f"(sum (= {name} (.. 1 2)) {tree})" for tree in expected]


def test_capitals_of_a_function_do_not_matter_unless_they_make_another_name() -> None:
    for scope in (SHEET, STUDENT):
        assert readings("Sigmoid(x) + TANH x + LN(x)", scope) == readings("sigmoid(x) + tanh x + ln(x)", scope)
        with pytest.raises(FormulaError, match="`F1` is not defined"):
            readings("F1(x)", scope)
    declared = SHEET._replace(names={**SHEET.names, "Max": "Max"})
    assert [form(tree) for tree in readings("Max (x)", declared)] == ["(@ Max x)"]


def test_new_may_touch_the_name_it_belongs_to_in_answers_alone() -> None:
    assert [form(tree) for tree in readings("W1new", STUDENT)] == ["W1_new"]
    with pytest.raises(FormulaError, match="`W1new` is not defined"):
        readings("W1new", SHEET)


def test_a_layer_is_read_only_where_the_bare_name_is_not_declared() -> None:
    declared = SHEET._replace(names={**SHEET.names, "W": "W"})
    assert [form(tree) for tree in readings("W^(1)", declared)] == ["(^ W 1)"]


REFUSED = [
    ("", "nothing is written", "number or a formula"),
    ("q", "`q` is not defined", "Defined here: a, b, c, d"),
    ("sigmod(x)", "`sigmod` is not defined", "did you mean `sigmoid`?"),
    ("∂J/∂q", "`q` is not defined", "Defined here"),
    ("∂ /2", "∂ without a name", "∂J/∂W1"),
    ("∂J", "∂ outside of a derivative", "∂J/∂W1"),
    ("dJ@1/dW1@2", "different steps", "dJ/dW1@2"),
    ("X1@2@3", "two steps on one name", "one @k"),
    ("x 2", "the number `2` follows without a sign", "*"),
    ("2 3", "the number `3` follows without a sign", "*"),
    ("a +", "something is missing behind `+`", ""),
    ("(a + b", "`(` is never closed", "add `)`"),
    ("[a, b", "`[` is never closed", "add `]`"),
    ("a[]", "something is missing between `[` and `]`", "write what belongs there"),
    ("a[1..]", "something is missing between `..` and `]`", "write what belongs there"),
    ("1..3", "`..` is not expected here", "a range stands in an index or in a loop"),
    ("sum(i = 1..3, i = 1..3, i)", "two loops have the variable `i`", "a variable of its own"),
    ("[i j for i = 1..3, i = 1..3]", "two loops have the variable `i`", "a variable of its own"),
    ("|a|)", "`)` is not expected here", "one closing bracket too many"),
    ("a + b)", "`)` is not expected here", "one closing bracket too many"),
    ("|x", "`|` is never closed", "add `|`"),
    ("a = b", "`=` is not expected here", "=="),
    ("a < b < c", "two comparisons in a row", "two things at a time"),
    ("x[0:1]", "`]` is missing before this", "x[1..3]"),
    ("sigmoid", "the argument of `sigmoid` is missing", "sigmoid(...)"),
    ("sigmoid(x, y)", "`sigmoid` takes 1 argument, not 2", ""),
    ("if(a, b)", "`if` takes 3 arguments, not 2", ""),
    ("max'(x)", "more than one argument", "dJ/dW1"),
    ("f''''(x)", "higher than", "f'"),
    ("x'", "a prime means a derivative", "transpose"),
    ("x'", "a prime means a derivative", "x_new"),
    ("a b;", "`;` is not expected here", "leave it out"),
    ("np.tanh(x)", "`.` has no meaning", "write `tanh` alone"),
    ("np.maximum(0, x)", "`.` has no meaning", "write `max(0, z)`"),
    ("dot(x, y)", "`dot` is not defined", "write `W1 x` or `W1 @ x`. Defined here: "),
    ("xᵀ²", "neither a power nor a transpose", "^"),
    ("1/0", "a division by zero", ""),
    (r"\frac{1}{0}", "a division by zero", ""),
    (r"\frac{a}", "two groups in braces", r"\frac{a}{b}"),
    (r"\hat", r"\hat without a name", r"\hat{y}"),
    (r"\begin{pmatrix}", r"`\begin{pmatrix}` is never closed", r"\end{pmatrix}"),
    (r"\begin{tikzpicture}", r"`\begin{tikzpicture}` is not read", r"\begin{pmatrix}"),
    ("V_{1,2}", "`V` is not defined", "Defined here"),
    ("sum(k = 1, a)", "its first and its last number", "1..3"),
    ("a for k", "`=` is missing", "1..3"),
    ("a for", "a loop variable is missing", "1..3"),
    ("x!", "`!` has no meaning", "factorials"),
    ("≈ 0.5", "`≈` has no meaning", "leave ≈ out"),
]


@pytest.mark.parametrize(("text", "product"), [("w1x", "(@ w1 x)"), ("w3w4", "(@ w3 w4)"), ("w1x^2", "(@ w1 (^ x 2))")])
def test_names_written_together_are_a_product_in_a_students_text_alone(text: str, product: str) -> None:
    assert [form(tree) for tree in readings(text, STUDENT)] == [product]
    with pytest.raises(FormulaError) as caught:
        readings(text, Scope(SHEET.names, SHEET.functions))  # a sheet's, where nothing else is said
    assert "is not defined" in caught.value.reason
    assert "write a blank between factors: `w" in caught.value.fix


@pytest.mark.parametrize(("text", "reason", "fix"), REFUSED)
def test_what_is_refused_says_why_where_and_what_to_write(text: str, reason: str, fix: str) -> None:
    for scope in (SHEET, STUDENT):
        with pytest.raises(FormulaError) as caught:
            readings(text, scope)
        assert reason in caught.value.reason
        assert fix in caught.value.fix
        assert 0 <= caught.value.start <= len(text)
        assert caught.value.start < caught.value.end


@pytest.mark.parametrize(
    ("text", "piece"), [("a + q b", "q"), ("a + (b - 1/0)", "1/0"), ("a +", "+"), ("x y - 2 3", "3"), ("[a, !", "!")]
)
def test_an_error_marks_the_characters_that_it_is_about(text: str, piece: str) -> None:
    with pytest.raises(FormulaError) as caught:
        readings(text, SHEET)
    assert text[caught.value.start : caught.value.end] == piece


def test_a_tree_knows_where_it_was_written() -> None:
    text = "a + 2 sigmoid(b c)"
    tree = readings(text, SHEET)[0]
    assert not isinstance(tree, Name | Num)
    product = tree.args[1]
    assert text[product.at.start : product.at.end] == "2 sigmoid(b c)"
