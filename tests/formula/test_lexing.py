"""Text to tokens: each spelling is the token that it stands for, wherever it stands, and knows where it was typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.formula.lex import MAX_DIGITS, MAX_EXPONENT, MAX_TEXT, MAX_TOKENS, FormulaError, Token, tokens
from hwcheck.formula.spellings import ACCENTS, COMMANDS, ENVIRONMENTS, FONTS, FRACTIONS, LONG, SAME, SIZES

#: Spellings that are one token, by kind: what is typed and what it is.
NUMBERS = {
    "12": "12", "1.5": "1.5", ".5": ".5", "5.": "5.", "1e-3": "1e-3", "1e−3": "1e-3", "1E+3": "1E+3",
    "2.5e10": "2.5e10", "１．５": "1.5", "１０": "10", "１e３": "1e3", **FRACTIONS,
}  # fmt: skip
NAMES = {
    "w1": "w1", "w₁₂": "w₁₂", "w₁2": "w₁2", "w₁_2": "w₁_2", "x９": "x9",
    "ŷ": "ŷ", "y\u0302": "y\u0302", "wᵢⱼ": "w_ij", "w₁ⱼ": "w_1j", "xᵢ": "x_i", "w_1": "w_1",
    "x_{12}": "x_12", "x_{ 1 }": "x_1",
    "x_(2)": "x_2", "x_(new)": "x_new", "x_(old)": "x_old", "x_{(2)}": "x_2", "x_{ ( 2 ) }": "x_2",
    r"W_{\text{new}}": "W_new", r"W_{ \mathrm{ new } }": "W_new", r"x_{\alpha}": "x_alpha", "x_": "x_", "_": "_",
    r"\hat{y}": "yhat", r"\hat y": "yhat", r"\hat{y}_1": "yhat_1", r"\hat{ y_1 }": "yhat_1", r"\hat{y1}": "yhat1",
    r"\bar{x}": "xbar", r"\dot{f}": "fdot", r"\hat{\mathbf{y}}": "yhat", r"\hat{\delta}": "deltahat",
    r"\delta": "delta", r"\delta_1": "delta_1", r"\delta_{12}": "delta_12", r"\delta₁": "delta₁", r"\ell": "l",
    r"\hat{y_a_b}": "yhat_a_b", "\\mathbf{" * 4 + "y" + "}" * 4: "y",
    r"\mathbf{W}_{12}": "W_12", r"\mathbf W": "W", r"\text{new}": "new", r"\ln": "ln", r"\varphi": "phi",
    "√": "sqrt", r"\sqrt": "sqrt", "∑": "sum", r"\sum": "sum", r"\top": "T", "δ": "δ", "Ｗ1": "W1",
}  # fmt: skip
PARTIALS = {
    "∂J": "dJ", "∂ J": "dJ", "∂ŷ": "dŷ", r"∂\hat{y}": "dyhat", "∂W_{12}": "dW_12", r"\partial J": "dJ",
    r"\partial{J}": "dJ", r"\partial \hat{y}": "dyhat", r"\partial W_1": "dW_1",
}  # fmt: skip
SIGNS = {
    **{sign: sign for sign in "+-*/^@()[],;:=<>|⊙{}∇…"}, **{sign: sign for sign in LONG},
    **{sign: means for sign, means in SAME.items() if means not in ("'", "sqrt", "sum")},
    "**": "^", ".T": "ᵀ", ".*": "⊙", "(.)": "⊙", "...": "…", "×": "×", "＋": "+", "（": "(", ".＊": "⊙", "＜=": "<=",
    "！=": "!=",
    r"\cdot": "×", r"\odot": "⊙", r"\le": "<=", r"\|": "||", r"\{": "{", r"\left|": "l|", r"\right|": "r|",
    r"\left\|": "l||", r"\left\vert": "l|", r"\right\vert": "r|", r"\left\Vert": "l||", r"\right\Vert": "r||",
    r"\left\lvert": "l|", r"\right\rvert": "r|", r"\left\lVert": "l||", r"\right\rVert": "r||", r"\middle|": "|",
    r"\big\Vert": "||", r"\lvert": "l|", r"\rVert": "r||", r"\Vert": "||",
    r"\bigl|": "l|", r"\Bigr \rvert": "r|", r"\mathbb{1}": "𝟙", r"\mathbf 1": "𝟙",
}  # fmt: skip
NOTHING = (r"\left.", r"\right.", r"\big.", r"\displaystyle", r"\,", r"\;", r"\!", r"\ ", r"\left", r"\middle")
PIECES = [
    *((typed, Token("num", text, 0, len(typed), False)) for typed, text in NUMBERS.items()),
    *((typed, Token("name", text, 0, len(typed), False)) for typed, text in NAMES.items()),
    *((typed, Token("name", text, 0, len(typed), False, True)) for typed, text in PARTIALS.items()),
    *((typed, Token("op", text, 0, len(typed), False)) for typed, text in SIGNS.items()),
]


@pytest.mark.parametrize(("typed", "token"), PIECES)
def test_a_spelling_is_one_token_whatever_stands_around_it(typed: str, token: Token) -> None:
    end = Token("end", "", len(typed), len(typed), False)
    assert tokens(typed) == [token, end]
    assert tokens(f" {typed} ") == [
        token._replace(start=1, end=1 + len(typed)), end._replace(start=len(typed) + 2, end=len(typed) + 2)
    ]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), min_size=2, max_size=6), st.sampled_from([" ", "  ", "\n", "\t"]))
def test_spellings_with_blanks_between_are_their_tokens(pieces: list[tuple[str, Token]], blank: str) -> None:
    expected, text = [], ""
    for typed, token in pieces:
        text += blank
        expected.append(token._replace(start=len(text), end=len(text) + len(typed)))
        text += typed
    assert tokens(text) == [*expected, Token("end", "", len(text), len(text), False)]


@pytest.mark.parametrize("typed", NOTHING)
def test_sizes_and_blanks_of_latex_are_no_tokens(typed: str) -> None:
    assert [token.text for token in tokens(f"x {typed} [ y")] == ["x", "[", "y", ""]


def shown(text: str) -> str:
    """Give the tokens of a text with a blank where they do not touch."""
    return "".join(
        (" " if at and not token.touching else "~" * bool(at)) + token.text
        for at, token in enumerate(tokens(text)[:-1])
    )


TOUCHING = [
    (r"\alphaβ", "alpha~β"),
    (r"\partial{x+1}", "dx~+~1~}"),
    (r"x_{\text ab}}", "x~_~{~a~b~}~}"),
    ("2x", "2~x"),
    ("2e", "2~e"),
    ("2ex", "2~ex"),
    ("2e3x", "2~e3x"),
    ("2e+x", "2~e~+~x"),
    ("1e", "1~e"),
    ("w₁x", "w₁~x"),
    ("1..3", "1~..~3"),
    ("1...3", "1~…~3"),
    ("x...y", "x~…~y"),
    ("2.*x", "2~⊙~x"),
    ("x.*y", "x~⊙~y"),
    ("x<=y", "x~<=~y"),
    ("x<y", "x~<~y"),
    ("x≤y", "x~<=~y"),
    ("x≤", "x~<="),
    ("x**2", "x~^~2"),
    # the transpose, unless a longer word stands behind the point
    ("W.T", "W~ᵀ"),
    ("W.T x", "W~ᵀ x"),
    ("2.T x", "2~ᵀ x"),
    ("W.T@x", "W~ᵀ~@~x"),
    ("Wᵀx", "W~ᵀ~x"),
    # a step touches its name
    ("X1@2", "X1~@2"),
    ("X1@12", "X1~@12"),
    ("X1@2@3", "X1~@2~@3"),
    ("X1 @2", "X1 @~2"),
    ("X1 @ 2", "X1 @ 2"),
    ("X1@x", "X1~@~x"),
    ("2@3", "2~@~3"),
    ("(x)@2", "(~x~)~@~2"),
    # powers
    ("x²", "x~^~2"),
    ("x¹²", "x~^~12"),
    ("x⁻¹", "x~^~-~1"),
    ("x⁺¹", "x~^~+~1"),
    ("x⁺", "x~^~+"),
    ("xⁿ", "x~^~n"),
    ("W⁽²⁾", "W~^~(~2~)"),
    ("W⁽ⁱ⁾", "W~^~(~i~)"),
    ("2 ²", "2 ^~2"),
    # what stands below
    ("(x)₁", "(~x~)~_~1"),
    ("(x)₁₂", "(~x~)~_~12"),
    ("2₁", "2~_~1"),
    ("x _1", "x _1"),
    ("x _{1}", "x _~{~1~}"),
    ("x_{i+1}", "x~_~{~i~+~1~}"),
    ("x_(i)", "x~_~(~i~)"),
    ("x_(i+1)", "x~_~(~i~+~1~)"),
    ("x_{(i+1)}", "x~_~{~(~i~+~1~)~}"),
    ("x_{+2)}", "x~_~{~+~2~)~}"),
    ("x_{a", "x~_~{~a"),
    ("x_{(2}", "x~_~{~(~2~}"),
    (r"x_\alpha", "x~_~alpha"),
    ("x_+", "x~_~+"),
    (r"\delta_\alpha", "delta~_~alpha"),
    (r"\delta_{i+1}", "delta~_~{~i~+~1~}"),
    (r"x_{\alpha+1}", "x~_~{~alpha~+~1~}"),
    (r"x_{\sqrt{a}}", "x~_~{~sqrt~{~a~}~}"),
    (r"x_{\mathbf a}", "x~_~{~a~}"),
    (r"x_{\text{a} b}", "x~_~{~a b~}"),
    ("]_1", "]~_~1"),
    ("]_{1}", "]~_~{~1~}"),
    # the prime stands behind the number of its name
    ("f'", "f~'"),
    ("f'_1", "f_1~'"),
    ("f'_{1}", "f_1~'"),
    ("f'_{x}", "f_x~'"),
    ("f'1", "f_1~'"),
    ("f''_1", "f_1~'~'"),
    ("f' 1", "f~' 1"),
    ("f'_{x", "f~'~_~{~x"),
    ("f'_{x y}", "f~'~_~{~x y~}"),
    ("f' _ 1", "f~' _ 1"),
    ("f'_+", "f~'~_~+"),
    ("f^'", "f~'"),
    ("f^{'}", "f~'"),
    (r"f^{\prime}(x)", "f~'~(~x~)"),
    (r"f^{\prime x}", "f~^~{~' x~}"),
    ("x^{2}", "x~^~{~2~}"),
    ("'_1", "'~_~1"),
    ("''_1", "'~'~_~1"),
    ("(f')_1", "(~f~'~)~_~1"),
    ("2'_1", "2~'~_~1"),
    # what stands below stands before a power
    ("w^2_1", "w_1~^~2"),
    ("w²_1", "w_1~^~2"),
    ("w²₁", "w_1~^~2"),
    ("w^2_{1}", "w_1~^~2"),
    ("w^2_{i} x", "w_i~^~2 x"),
    ("a w^2_1 x", "a w_1~^~2 x"),
    ("w^2_{i+1}", "w~^~2~_~{~i~+~1~}"),
    ("w^2 _1", "w~^~2 _1"),
    ("2^2_1", "2~^~2~_~1"),
    ("w+2_1 x^2", "w~+~2~_~1 x~^~2"),
    ("w^n_1", "w~^~n_1"),
    ("w^n _{1}", "w~^~n _~{~1~}"),
    ("^2_1", "^~2~_~1"),
    ("w²3", "w~^~2~3"),
    ("w^+_1", "w~^~+~_~1"),
    # LaTeX
    (r"a + x\left|y\right|", "a + x~l|~y~r|"),
    ("a + x²", "a + x~^~2"),
    (r"\frac½2", "frac~1/2~2"),
    (r"\begin{aligned} x &= y \end{aligned}", "x = y"),
    (r"[a; \quad b]", "[~a~; b~]"),
    (r"[\quad a]", "[ a~]"),
    (r"a = \quad b", "a = b"),
    (r"\sigma(x)", "sigma~(~x~)"),
    (r"\sigma\left(x\right)", "sigma~(~x )"),  # nothing but \left stands between
    (r"\sigma \left(x\right)", "sigma (~x )"),
    (r"x + f\left(x\right)", "x + f~(~x )"),
    (r"\left(x\right)", "(~x )"),
    (r"x\le y", "x~<= y"),
    (r"x\cdot y", "x~× y"),
    (r"x\frac12", "x~frac { 1 } { 2 }"),
    (r"\frac1x", "frac { 1 } { x }"),
    (r"\frac{a}2", "frac~{~a~} { 2 }"),
    (r"\frac{a} b", "frac~{~a~} { b }"),
    (r"\frac{a}23", "frac~{~a~} { 2 }~3"),
    (r"\frac{1}2e3", "frac~{~1~} { 2 }~e3"),
    (r"\frac{a^{2}}b_1", "frac~{~a~^~{~2~}~} { b }~_~1"),
    (r"\frac{\frac{a}b}2", "frac~{~frac~{~a~} { b }~} { 2 }"),
    (r"\frac{\frac{a}{b}}2", "frac~{~frac~{~a~}~{~b~}~} { 2 }"),
    (r"\frac{a b}{2}", "frac~{~a b~}~{~2~}"),
    (r"\frac{a}{b}2", "frac~{~a~}~{~b~}~2"),
    (r"\frac1{2}3", "frac { 1 }~{~2~}~3"),
    (r"\frac1\sigma", "frac { 1 } { sigma }"),
    (r"\frac\alpha\beta_1", "frac { alpha } { beta }~_~1"),
    (r"\frac{a}\sigma(x)", "frac~{~a~} { sigma }~(~x~)"),
    (r"\frac{a}\exp x", "frac~{~a~}~exp x"),
    (r"\frac{a}ä", "frac~{~a~}~ä"),
    (r"\frac{a}+2", "frac~{~a~}~+~2"),
    (r"\sqrt{a}2", "sqrt~{~a~}~2"),
    (r"\sqrt2", "sqrt~2"),
    (r"x^{2}2 \frac{a}{b}", "x~^~{~2~}~2 frac~{~a~}~{~b~}"),
    (r"}2 \frac{a}{b}", "}~2 frac~{~a~}~{~b~}"),
    (r"{2}2 \cdot", "{~2~}~2 ×"),
    (r"a}}2 \frac", "a~}~}~2 frac"),
    (r"frac x \cdot y", "frac x × y"),
    (r"\frac1{2}", "frac { 1 }~{~2~}"),
    (r"\frac 1 2 3", "frac { 1 } { 2 } 3"),
    (r"\frac+2", "frac~+~2"),
    (r"x^\top_1", "x~^~T~_~1"),
    (r"x^\top y", "x~^~T y"),
    (r"\mathbb{1}_{x}", "𝟙~_~{~x~}"),
    (r"\mathbf 12", "1~2"),
    (r"\mathbf 19x", "1~9~x"),
    (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "[ a , b ; c , d ]"),
    (r"\begin{bmatrix} a \\ b \\ \end{bmatrix} x", "[ a ; b ] x"),
    (r"\begin{array}{cc} a & b \end{array}", "[ a , b ]"),
    (r"\begin{array} a & b \end{array}", "[ a , b ]"),
    (r"\begin{aligned} &= x \end{aligned}", "= x"),
    (r"\begin{aligned} \begin{matrix} a \\ b \end{matrix} \end{aligned}", "[ a ; b ]"),
    (r"\begin{matrix}{a} & b \end{matrix}", "[~{~a~} , b ]"),
    (r"\\ x", "x"),
    (r"\begin{align*} x \\ \end{align*}", "x"),
    (r"\begin{cases} a & x \\ b & y \end{cases}", "cases a , x ; b , y ]"),
    (r"&= x \\", "= x"),
    (r"= x \quad", "= x"),
    (r"[a, \quad b]", "[~a~, b~]"),
    (r"\begin{matrix} a \quad & b \end{matrix}", "[ a , b ]"),
    # what stands around a formula
    ("$x$", "x"),
    ("$$x$$", "x"),
    (r"\(x\)", "x"),
    (r"\[ x \]", "x"),
    ("  $ x + y $ ", "x + y"),
]


@pytest.mark.parametrize(("text", "found"), TOUCHING)
def test_what_touches_is_told_from_what_does_not(text: str, found: str) -> None:
    assert shown(text) == found


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        (r"\begin{matrix} a & b \\ c & d \end{matrix}", "[a, b; c, d]"),
        (r"\frac12", r"\frac{1}{2}"),
        (r"\frac ab", r"\frac{a}{b}"),
        (r"\frac\delta2", r"\frac{\delta}{2}"),
        ("xᵀ", "x.T"),
        ("x²", "x^2"),
        ("x⁺", "x^+"),
        ("x⁻ⁿ", "x^-n"),
        ("W⁽ⁱ⁾", "W^(i)"),
    ],
)
def test_what_is_printed_is_the_same_as_what_is_typed(printed: str, typed: str) -> None:
    one, other = ([(token.kind, token.text) for token in tokens(text)] for text in (printed, typed))
    assert one == other


def test_the_signs_of_a_matrix_stand_where_they_were_typed() -> None:
    text = r"\begin{matrix} a & b \\ c \end{matrix}"
    typed = [text[token.start : token.end] for token in tokens(text)]
    assert typed == [r"\begin{matrix}", "a", "&", "b", r"\\", "c", r"\end{matrix}", ""]


def read(text: str) -> list[Token] | FormulaError:
    """Give the tokens of a text, or why there are none."""
    try:
        return tokens(text)
    except FormulaError as error:
        return error


@given(st.text(alphabet="xf12.'^_{}()[]@ ²₁ᵀ+-*≤…eE½", max_size=14))
def test_tokens_stand_in_the_text_in_their_order(text: str) -> None:
    found = read(text)
    if isinstance(found, FormulaError):
        assert 0 <= found.start <= found.end <= len(text)
        return
    assert found[-1] == Token("end", "", len(text), len(text), False)
    assert all(0 <= token.start <= token.end <= len(text) for token in found)
    assert [token.start for token in found] == sorted(token.start for token in found)


REFUSED = [
    ("∂ /2", "∂ without a name", 0, 1),
    ("x + ∂", "∂ without a name", 4, 5),
    (r"x \partial /", r"\partial without a name", 2, 10),
    (r"\textbf{a b}", r"\textbf around more than a name", 0, 7),
    (r"\hat{+}", r"\hat around more than a name", 0, 4),
    (r"\hat{y", r"\hat without its closing brace", 0, 4),
    ("\\mathbf{" * 5 + "y" + "}" * 5, "more accents and fonts than one name can have", 32, 39),
    (r"\begin pmatrix} a", r"`\begin` is not read here", 0, 15),
    ("x⁻⁻¹", "neither a power nor a transpose", 1, 4),
    ("xᵀ²", "neither a power nor a transpose", 1, 3),
    ("xⁿᵀ", "neither a power nor a transpose", 1, 3),
    ("W⁽²", "neither a power nor a transpose", 1, 3),
    ("W⁻", "neither a power nor a transpose", 1, 2),
    ("x¹ⁿ", "neither a power nor a transpose", 1, 3),
    ("W.Tx", "`.` has no meaning", 1, 2),
    ("W.Tx + y", "`.` has no meaning", 1, 2),
    ("W.T2", "`.` has no meaning", 1, 2),
    ("x & y", "`&` has no meaning", 2, 3),
    (" ₁", "`₁` has no meaning", 1, 2),
    ("x ₁", "`₁` has no meaning", 2, 3),
    ("$", "`$` has no meaning", 0, 1),
    ("$$", "`$` has no meaning", 0, 1),
    ("$$$", "`$` has no meaning", 0, 1),
    ("$x", "`$` has no meaning", 0, 1),
    ("a $b$", "`$` has no meaning", 2, 3),
    ("$a$ b", "`$` has no meaning", 0, 1),
    ("$x$ + $y$", "`$` has no meaning", 0, 1),
    ("x\u200b", "an invisible character, U+200B", 1, 2),
    ("x\u0378", "an invisible character, U+0378", 1, 2),
    ("x \u034f", "an invisible character, U+034F", 2, 3),
    ("х", "U+0445 looks like `x`", 0, 1),
    ("а1 + b", "U+0430 looks like `a`", 0, 1),
    ("aх", "U+0445 looks like `x`", 1, 2),
    ("zх", "U+0445 looks like `x`", 1, 2),
    (r"x_{\foo}", r"`\foo` is not read here", 3, 7),
    ("bа", "U+0430 looks like `a`", 1, 2),
    (r"x \foo y", r"`\foo` is not read here", 2, 6),
    (r"x \\ y", "a line break within a formula", 2, 4),
    (r"x \quad y", r"`\quad` sets two things apart", 2, 7),
    (r"\hat{x+y}", r"\hat around more than a name", 0, 4),
    (r"\text{if x}", r"\text around more than a name", 0, 5),
    (r"\hat{x", r"\hat without its closing brace", 0, 4),
    (r"\hat{}", r"\hat without a name", 0, 4),
    (r"\hat +", r"\hat without a name", 0, 5),
    (r"\begin{foo} x", r"`\begin{foo}` is not read here", 0, 11),
    (r"\begin{matrix?} x", r"`\begin{matrix?}` is not read here", 0, 15),
    (r"\hat{\foo}", r"`\foo` is not read here", 5, 9),
    (r"∂\foo", r"`\foo` is not read here", 1, 5),
    (r"\begin{pmatrix ", r"`\begin` is not read here", 0, 6),
    (r"\begin{array}{cc %", r"`\begin{array}` is never closed", 0, 18),
    (r"\begin x", r"`\begin` is not read here", 0, 6),
    (r"\begin{matrix} x", r"`\begin{matrix}` is never closed", 0, 16),
    (r"x \end{matrix}", r"`\end{matrix}` closes nothing", 2, 14),
    (r"\begin{matrix} x \end{pmatrix}", r"`\end{pmatrix}` closes \begin{matrix}", 17, 30),
]


@pytest.mark.parametrize(("text", "reason", "start", "end"), REFUSED)
def test_what_is_no_token_is_refused_where_it_stands(text: str, reason: str, start: int, end: int) -> None:
    with pytest.raises(FormulaError) as caught:
        tokens(text)
    assert reason in caught.value.reason
    assert (caught.value.start, caught.value.end) == (start, end)


def test_the_bounds_of_a_text_are_what_they_say() -> None:
    bounds = [
        (MAX_TEXT, "(" + "x" * (MAX_TEXT - 1), "(" + "x" * MAX_TEXT),
        (MAX_TOKENS, "+" * MAX_TOKENS, "+" * (MAX_TOKENS + 1)),
        (MAX_DIGITS, "1" * (MAX_DIGITS - 1) + ".5e300", "1" * MAX_DIGITS + ".5"),
        (MAX_EXPONENT, f"0e{MAX_EXPONENT}", f"0e-{MAX_EXPONENT + 1}"),
        (2000, "(" + "x" * 1999, "(" + "x" * 2000),
        (500, "+" * 500, "+" * 501),
        (400, "1e-400", "1e401"),
        (400, "   1e400", "   1e401"),
        (60, "1" * 60, "1" * 61),
        (60, " " + "1" * 60 + "e1", " " + "1" * 61 + "e1"),
        (6, "1e000001", "1e0000001"),
    ]
    for _, read, refused in bounds:
        tokens(read)
        with pytest.raises(FormulaError, match=r"a formula of|a number too long"):
            tokens(refused)


@pytest.mark.parametrize(("text", "start", "end"), [("x" * 2001, 0, 1), ("+" * 600, 0, 600)])
def test_a_text_that_is_too_long_is_blamed_as_a_whole(text: str, start: int, end: int) -> None:
    with pytest.raises(FormulaError) as caught:
        tokens(text)
    assert (caught.value.start, caught.value.end) == (start, end)


@pytest.mark.parametrize(
    ("sign", "fix"),
    [
        ("$", "leave the $ signs out"),
        ('"', "leave the quotation marks out"),
        ("~", "leave ~ out"),
        ("≈", "leave ≈ out"),
        *((arrow, "write each step on a line of its own") for arrow in "→⇒⟹←↦⟶"),
        ("?", "delete it"),
        (".", "delete it"),
    ],
)
def test_a_sign_that_means_nothing_is_refused_with_a_fix(sign: str, fix: str) -> None:
    for text in (f"x {sign} y", f"x {sign}"):
        with pytest.raises(FormulaError, match="has no meaning in a formula") as caught:
            tokens(text)
        assert caught.value.fix.startswith(fix)


def test_words_in_a_font_are_left_out_and_an_accent_stands_on_a_name() -> None:
    for text, fix in ((r"\textbf{a b}", "leave words out of a formula"), (r"\hat{a b}", r"write \hat{y}")):
        with pytest.raises(FormulaError, match="around more than a name") as caught:
            tokens(text)
        assert caught.value.fix == fix


def test_a_name_behind_a_point_is_written_alone_and_behind_another_sign_is_not_looked_at() -> None:
    for text, fix in (("np.t(x)", "write `t` alone"), ("np.tanh(x)", "write `tanh` alone"), ("x ?t", "delete it")):
        with pytest.raises(FormulaError) as caught:
            tokens(text)
        assert caught.value.fix.startswith(fix)


def test_a_name_in_another_script_is_one_though_some_of_its_letters_look_latin() -> None:
    assert shown("хи") == "хи"  # Cyrillic, and the second letter looks like none


def test_lines_of_nothing_are_nothing() -> None:
    assert [token.kind for token in tokens(r"\begin{aligned} \end{aligned}")] == ["end"]


def test_a_reason_alone_is_an_error_without_a_fix() -> None:
    error = FormulaError("why", 2, 3)
    assert (error.reason, error.start, error.end, error.fix, error.code) == ("why", 2, 3, "", "HW301")


def test_every_command_of_the_tables_is_read_or_refused_by_its_name() -> None:
    for word in [*COMMANDS, *ACCENTS, *FONTS, *SIZES]:
        for text in (rf"\{word}", rf"\{word} x", rf"\{word}{{x}}", rf"x \{word}(y)"):
            found = read(text)
            if isinstance(found, FormulaError):
                assert word.strip("\\") in found.reason or "line break" in found.reason
    for name, opens in ENVIRONMENTS.items():
        texts = [token.text for token in tokens(rf"\begin{{{name}}} x \end{{{name}}}")]
        assert texts == ([opens, "x", "]", ""] if opens else ["x", ""])
