"""What names mean where declarations compete, and what is advised where they mean nothing."""

from __future__ import annotations

import pytest

from hwcheck.formula.cursor import shown
from hwcheck.formula.lex import FormulaError, Token
from hwcheck.formula.names import key
from hwcheck.formula.parse import Scope, readings
from tests.formula.test_forms import found
from tests.formula.test_language import FUNCTIONS, SHEET, STUDENT

GG = {"Gg": ("Gg", 1, 1), "gg": ("gg", 1, 1)}


def with_names(
    scope: Scope, names: str, arrays: str = "", functions: dict[str, tuple[str, int, int]] | None = None
) -> Scope:
    """Declare more names, arrays and functions."""
    more = {key(name): name for name in f"{names} {arrays}".split()}
    return scope._replace(
        names={**scope.names, **more},
        arrays=frozenset([*scope.arrays, *arrays.split()]),  # type: ignore[misc]  # a set in these tests
        functions={**scope.functions, **(functions or {})},
    )


@pytest.mark.parametrize(
    ("scope", "text", "tree"),
    [
        # a declared whole is not cut
        (with_names(SHEET, "w1x"), "w_1x", "w1x"),
        (with_names(STUDENT, "w1x"), "w_1x", "w1x"),
        (SHEET._replace(functions={**FUNCTIONS, "w1x": ("w1x", 1, 1)}), "w_1x(y)", "(w1x y)"),
        (with_names(STUDENT, "J_m"), "J_mx", "! `J_mx` is not defined @ J_mx"),
        (with_names(STUDENT, "J_m"), "J_m x", "(@ J_m x)"),
        (with_names(STUDENT, "_a1"), "_a_1x", "(@ _a1 x)"),
        (with_names(SHEET, "W"), "W^(1)", "(^ W 1)"),
        (with_names(STUDENT, "W9"), r"\omega_9", r"! `omega_9` is not defined @ \omega_9"),
        (with_names(STUDENT, "W1_old"), "W1_old", "W1_old"),
        # a layer and what stands below
        (with_names(SHEET, "W_m W_m1"), "W_m^(1)", "(^ W_m 1)"),
        (with_names(STUDENT, "", "h2"), "h_1^{2}", "(^ ([] h 1) 2)"),
        (with_names(STUDENT, "", "W"), "W_i^(1)", "([] W1 i)"),
        (with_names(STUDENT, "", "Q Q1"), "q^(1)", "Q1"),
        (with_names(STUDENT, "", "Q"), "q^(2)", "(^ Q 2)"),
        (SHEET, r"\frac{W^-1}{b}", "! `W` is not defined @ W"),
        (SHEET, "(W^(1 + a) x)", "! `W` is not defined @ W"),
        (SHEET, "W^(1 2)", "! `W` is not defined @ W"),
        # digits below a name
        (with_names(SHEET, "W12", "W"), "W_12", "W12 | ([] W 12)"),
        (STUDENT, "W1_123", "([] W1 123)"),
        (STUDENT, "W1_{10,2}", "([] W1 10 2)"),
        (STUDENT, "sum(i = 1..2, ij = 1..2, W1_ij1)", "(sum (= i (.. 1 2)) (= ij (.. 1 2)) ([] W1 ij 1))"),
        # a function's own spelling comes before that in small letters, and before an entry
        (SHEET._replace(functions={**FUNCTIONS, **GG}), "Gg(x) + gg(x)", "(+ (Gg x) (gg x))"),
        (with_names(STUDENT, "", "f"), "f1(x)", "(f1 x)"),
        (with_names(STUDENT, "", "f"), "f4 x", "(@ ([] f 4) x)"),
        (SHEET._replace(functions={**FUNCTIONS, "p1": ("p1", 1, 1)}), "p1p x", "! `p1p` is not defined @ p1p"),
        (STUDENT._replace(functions={**FUNCTIONS, "p1": ("p1", 1, 1)}), "p1p x", "(@ (p1') x)"),
        (STUDENT._replace(functions={**FUNCTIONS, "p1": ("p1", 1, 1)}), "pp1 x", "(@ (p1') x)"),
        (STUDENT, "dmax(x, y)", "! `dmax` is not defined @ dmax"),
        (SHEET._replace(functions={"g": ("g", 1, 1)}), "G(x)", "! `G` is not defined @ G"),
        # I is the identity where it is no quantity
        (with_names(SHEET, "", "I"), "I_2", "! `I_2` is not defined @ I_2"),
        (with_names(SHEET, "", "I"), "I_q", "! `I_q` is not defined @ I_q"),
        (with_names(STUDENT, "", "I"), "I_2", "([] I 2)"),
        (SHEET._replace(functions=GG), "I_2", "! `I_2` is not defined @ I_2"),
        (with_names(SHEET, "nx1"), "I_nx1", "(I nx1)"),
        # a side that is declared with its d
        (with_names(SHEET, "dq"), "∂J/dq", "! `q` is not defined @ q"),
        (with_names(SHEET, "dq"), "dJ/∂q", "! `q` is not defined @ q"),
        (with_names(SHEET, "dq"), "dJ/dq", "! `dJ` is not defined @ dJ"),
        (with_names(STUDENT, "dq"), "dJ/dq", "(/ (@ d J) dq)"),
        # a derivative keeps its d beside names that are written together
        (STUDENT, "dJ/dW1 xy", "(@ (@ dJ/dW1 x) y)"),
        (STUDENT, "dJ xy", "(@ (@ (@ d J) x) y)"),
        (STUDENT, "dJ/dW1 + dxy", "(+ dJ/dW1 (@ (@ d x) y))"),
        (STUDENT, "∂J/∂xy", "! `xy` is not defined @ xy"),
        (with_names(SHEET, "Y_new"), "dY_new/dW1@2", "dY_new/dW1@2"),
        # nor is a function or a sign cut into letters
        (STUDENT, "exp(xy)", "(exp (@ x y))"),
        (with_names(SHEET, "frac"), r"x_\frac{a}{b}", r"! what stands below this is no index @ _\frac"),
        (with_names(STUDENT, "f r"), r"\frac{xy}{2}", "(/ (@ x y) 2)"),
        # an array whose name goes on in its index
        (with_names(STUDENT, "", "y_m"), "y_{m,i}", "([] y_m i)"),
        (with_names(STUDENT, "", "y_m"), "y^{m,i}", "! `m` is not defined @ m"),
        (with_names(STUDENT, "y_i", "y"), "y_{i+1}", "([] y (+ i 1))"),
        (with_names(STUDENT, "", "y_m"), "y_{m,i+1}", "([] y_m (+ i 1))"),
        (with_names(STUDENT, "", "y_m"), "y_m", "y_m"),
        (with_names(STUDENT, "", "y_m"), "y_(m,i)", "! `m` is not defined @ m"),
        (with_names(STUDENT, "x_0"), "x_0", "x_0"),
        (with_names(SHEET, "", "q_new"), "q_new_{i+1}", "([] q_new (+ i 1))"),
    ],
)  # fmt: skip
def test_the_likelier_of_two_declarations_is_meant(scope: Scope, text: str, tree: str) -> None:
    assert found(text, scope) == tree


def fix_of(text: str, scope: Scope) -> str:
    with pytest.raises(FormulaError) as caught:
        readings(text, scope)
    return caught.value.fix


DEFINED = " Defined here: "


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("h1", "for entry 1 write `h[1]`"),
        ("h_2", "for entry 2 write `h[2]`"),
        ("x_{12}", "for entry 12 write `x[12]`"),
        ("W1_j", "for an entry write `W1[1]`, or `W1[j]` where `j` runs, as in sum(j = 1..n, ...)"),
        ("x_j", "for an entry write `x[1]`, or `x[j]` where `j` runs, as in sum(j = 1..n, ...)"),
        ("d q", "Defined here: "),
        ("dz", "did you mean `d`?" + DEFINED),
        ("w1x", "write a blank between factors: `w1 x`." + DEFINED),
        ("w1w3w4x", "write a blank between factors: `w1 w3 w4 x`." + DEFINED),
        ("w1w3w4yhatx", "write a blank between factors: `w1 w3 w4 yhat x`." + DEFINED),
        ("w1w3w4yhatw1", "Defined here: "),  # one so long is cut in two at most
        ("sigmoig(x)", "did you mean `sigmoid`?" + DEFINED),
        ("square(x)", "write `x^2`." + DEFINED),
        ("W1_12", "Defined here: "),
        ("x_1j2", "for entry 1 write `x[1]`"),
        ("q" * 39, "Defined here: "),
        ("q" * 45, "Defined here: "),
        ("w1" * 22, "Defined here: "),  # a text that long is not looked through
    ],
)
def test_a_name_that_means_nothing_is_answered_with_what_may_have_been_meant(text: str, fix: str) -> None:
    assert fix_of(text, SHEET).startswith(fix)


def test_what_is_defined_is_listed_up_to_twenty_names() -> None:
    for many in (0, 1, 20, 21):
        names = {f"aa{at}": f"aa{at}" for at in range(many)}
        fix = fix_of("q", Scope(names, {}))
        listed = ", ".join(list(names)[:20]) + (", ..." if many > 20 else "")
        assert fix == (f"Defined here: {listed}" if many else "")
    doubled = {"a": "a", "b": "a", "c": "c"}  # further names of one quantity
    assert fix_of("q", Scope(doubled, {})) == "Defined here: a, c"


def test_d_alone_is_told_how_derivatives_are_written() -> None:
    assert fix_of("d q", Scope({"aa": "aa"}, {})).startswith("write a derivative by the names of quantities")


def test_an_entry_zero_has_a_code_of_its_own_and_names_the_bias() -> None:
    for text, name in (("W1_0", "b1"), ("W1_{10}", "b1"), ("x_0", "b"), ("W2_0", "b1")):
        with pytest.raises(FormulaError, match="places count from 1") as caught:
            readings(text, STUDENT)
        assert caught.value.code == "HW311"
        assert caught.value.fix == f"if the bias is meant, write its name: {name}[i]"


# --- the cursor -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("opens", "closes"), [("(", ")"), ("[", "]"), ("f1(", ")"), ("a^", ""), ("-", "")])
def test_what_is_in_each_other_is_read_some_fifty_deep(opens: str, closes: str) -> None:
    assert readings(opens * 48 + "a" + closes * 48, SHEET)  # the formula and its last part are two more
    with pytest.raises(FormulaError, match="more than 50 levels") as caught:
        readings(opens * 49 + "a" + closes * 49, SHEET)
    assert caught.value.fix == "write it in several lines"


@pytest.mark.parametrize("sign", [*"([{,;+-*/^@⊙=<>", "..", "...", r"\cdot", "==", "<=", ">="])
def test_a_sign_that_goes_on_asks_for_what_is_missing_behind_it(sign: str) -> None:
    before = "W1[a" if sign in ("..", "...") else r"\frac{a}{b" if sign == "{" else "[a" if sign == ";" else "f1(a"
    close = "]" if before[-2] == "[" else "}" if sign == "{" else ")"
    shown = "*" if sign == r"\cdot" else sign
    for typed in (f"{before} {sign} {close}", f"{before}{sign}{close}"):
        reason = found(typed, STUDENT)
        assert reason.startswith(f"! something is missing between `{shown}` and `{close}`"), typed


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("a ; b", "rows go into brackets"),
        ("a, b", "write a decimal number with a point"),
        ("a : b", "write a slice as x[1..3]"),
        ("a)", "one closing bracket too many"),
        ("a]", "one closing bracket too many"),
        ("a .. b", "a range stands in an index or in a loop"),
        ("a = b", "leave the left side out"),
        ("(a ; b)", "rows go into brackets"),
    ],
)
def test_a_sign_where_it_cannot_stand_is_answered_with_where_it_can(text: str, fix: str) -> None:
    assert fix in fix_of(text, SHEET)


@pytest.mark.parametrize("text", ["a }", "(a 2"])
def test_what_is_plain_from_the_error_has_no_fix(text: str) -> None:
    assert fix_of(text, SHEET) == ""


@pytest.mark.parametrize(
    ("sign", "typed"),
    [
        *((sign, sign) for sign in "+-()[]{}⊙"), ("×", "*"), ("…", "..."), ("l|", "|"), ("r|", "|"), ("l||", "||"),
        ("r||", "||"), ("frac", r"\frac"), ("cases", r"\begin{cases}"), ("𝟙", "1"),
    ],
)  # fmt: skip
def test_an_error_shows_a_sign_as_people_type_it(sign: str, typed: str) -> None:
    assert shown(Token("op", sign, 0, 1, False)) == typed


TORN = [
    r"\sum_",
    r"\sum_{",
    r"\sum_{k",
    r"\sum_{k=1}^",
    r"\sum_{k=1}^{",
    "||v||_",
    "||v||_{",
    "∇_",
    "∇_{",
    "(x)_",
    "(x)_{",
    "x^{",
]
TORN += [
    r"\frac{",
    r"\mathbb{1}_",
    r"\mathbb{1}_{",
    "f1'^",
    "f1(",
    "W1[",
    "a for",
    "a for k",
    "a for k =",
    "d/",
    "∂J/",
    "[",
]


@pytest.mark.parametrize("text", TORN)
def test_a_text_that_is_torn_off_is_refused(text: str) -> None:
    for scope in (SHEET, STUDENT):
        assert found(text, scope).startswith("! ")
