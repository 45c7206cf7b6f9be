"""Texts that lead where few others do: what is almost an index, a size, a derivative or a loop.

A row is as in `test_forms`: what a sheet reads, and a student's text where that is something else.
"""

from __future__ import annotations

import pytest

from hwcheck.formula.expr import Call, Name, Num, Where
from tests.formula.test_forms import found
from tests.formula.test_language import SHEET, STUDENT

CORNERS = [
    # loops around what is no formula
    ("2 3 for j = 1..2", "! the number `3` follows without a sign between @ 3"),
    ("x ; y for j = 1..2", "! `;` is not expected here @ ;"),
    ("max(a = b", "! a loop needs its first and its last number @ ", "! `(` is never closed @ ("),
    ("max(a = b)", "! a loop needs its first and its last number @ )", "(max (== a b))"),
    (r"\sum_{i} x", r"! the sum over `i` does not say from where to where @ \sum_{i"),
    (r"\sum_3 x", r"! a sum without its variable @ \sum"),
    ("sum_ x", "! a sum without its variable @ sum_"),
    (r"\sum_{3} x", r"! a sum without its variable @ \sum"),
    ("sum(u = 1..2, u) u", "! `u` is not defined @ u", "(@ (sum (= u (.. 1 2)) u) U)"),
    ("f1() = 2", "! something is missing between `(` and `)` @ )"),
    ("max(u = {1}..{2}, u)", "(max (= u (.. 1 2)) u)"),
    (
        "max(a = b) x[1..2]",
        "! a loop needs its first and its last number @ )",
        "(@ (max (== a b)) ([] x (.. 1 2)))",
    ),
    (
        "max(a = 1, u = 1..2, u)",
        "! a loop needs its first and its last number @ ,",
        "(max (== a 1) (= u (.. 1 2)) u)",
    ),
    (r"\sum_{i=1}^2 i == b", "(== (sum (= i (.. 1 2)) i) b)"),
    ("max(u = W1[1,1]..2, u)", "(max (= u (.. ([] W1 1 1) 2)) u)"),
    (
        "max(a = x[1..2], b)",
        "! a loop needs its first and its last number @ ,",
        "(max (== a ([] x (.. 1 2))) b)",
    ),
    (r"\sum_{i=1...3} i", "(sum (= i (.. 1 3)) i)"),
    (r"\sum_i^( x", "! a sum without its last number @ ("),
    # arguments of functions
    ("f1'123", "! `f1_123` is not defined @ f1'123"),
    ("f1'abs(x)", "(@ (f1') (abs x))"),
    ("f1'x*)", "! something is missing between `*` and `)` @ )"),
    ("f1'(*x", "! `*` is not expected here @ *"),
    ("f1'(·)(x)", "(@ (f1') x)"),
    ("sin 2(x)", "(@ (sin 2) x)"),
    (r"\begin{aligned} \begin{pmatrix} a & b \end{pmatrix} \end{aligned}", "([,] a b)"),
    # powers behind a bracket
    ("(a)^(+}", "! something is missing between `+` and `}` @ }"),
    ("(a)^{+2}", "(^ a 2)"),
    ("(a)^+2", "(^ a 2)"),
    (r"(a)^+\left\|x\right\|", "(^ a (norm x))", "(^ a (norm x)) | (@ (max 0 a) (norm x))"),
    ("(dJ/dW1)^{(n)}", "(^ dJ/dW1 n)"),
    # powers of functions
    ("f1'(.)(x)", "(@ (f1') x)"),
    ("f1'^{2 + a}", "(^ (f1') (+ 2 a))"),
    (r"\sin^2 \left|x\right|", "(^ (sin (abs x)) 2)"),
    # entries by a digit, and names that touch
    ("Y1 + 1", "(+ Y1 1)", "(+ Y1 1) | (+ ([] Y 1) 1)"),
    ("w_3x x", "(@ (@ w3 x) x)"),
    ("sum(k1 = 1..2, W1_k1k1)", "! `W1_k1k1` is not defined @ W1_k1k1", "(sum (= k1 (.. 1 2)) ([] W1 k1 k1))"),
    ("Y^{1 + a}", "(^ Y (+ 1 a))"),
    ("sum(j = 1..2, U_1j2)", "! `U_1j2` is not defined @ U_1j2", "(sum (= j (.. 1 2)) ([] U 1 j 2))"),
    # what stands below
    ("(x)^2_1", "(^ ([] x 1) 2)"),
    (r"\hat{y_i}", r"! `yhat_i` is not defined @ \hat{y_i}"),
    (
        "sum(k = 1..2, sum(j = 1..2, W1_{k_j}))",
        "! `W1_k_j` is not defined @ W1_{k_j}",
        "(sum (= k (.. 1 2)) (sum (= j (.. 1 2)) ([] W1 k j)))",
    ),
    ("sum(k = 1..2, k_1)", "! `k_1` is not defined @ k_1"),
    ("sum(k1 = 1..2, k1 x)", "(sum (= k1 (.. 1 2)) (@ k1 x))"),
    ("dY/dx_{1}_{2}", "! `x_1` is not defined @ {1}", "([] ([] dY/dx 1) 2) | ([] dY/dX1 2)"),
    # a quotient of names that look like a derivative
    ("dx/dw1", "(/ dx dw1)"),
    ("dx/delta1", "(/ dx delta1)"),
    ("dJ/delta1", "! `dJ` is not defined @ dJ", "(/ (@ d J) delta1)"),
    ("d/delta1", "(/ d delta1)"),
    (r"\frac{dx}{\delta_1}", "(/ dx delta1)"),
    (r"\frac{\partial J + a}{b}", r"! ∂ outside of a derivative @ \partial J"),
    ("∂w1", "! ∂ outside of a derivative @ ∂w1"),
    ("dY_1@2/dw1", "dY1/dw1@2", "dY1/dw1@2 | ([] dY/dw1@2 1)"),
    # points of numbers and of products entry by entry
    ("8.**2", "(^ 8. 2)"),
    ("2.**x + 1.5**2", "(+ (^ 2. x) (^ 1.5 2))"),
    ("8.*2", "(⊙ 8 2)"),
    ("1.*.2", "(⊙ 1 .2)"),
    ("8.***2", "! `*` is not expected here @ *"),
    # the identity
    (r"\mathbf{I}_n", "(I n)"),
    (r"\mathbb{I}_3", "(I 3)"),
    (r"\mathbf{I}_n x", "(@ (I n) x)"),
    ("I_²", "! an identity matrix without its size @ I_"),
    (r"I_\pi", "(I (pi))"),
    (r"I_\pi x", "(@ (I (pi)) x)"),
    (r"I_\theta", r"! `theta` is not defined @ \theta"),
    ("I_{n} x", "(@ (I n) x)"),
    ("I_{2 x 3}", "! an identity matrix is square @ I_{2 x 3}"),
    (r"I_{2 \times 3}", r"! an identity matrix is square @ I_{2 \times 3}"),
    ("I_{2 x 2}", "(I 2)"),
    ("I_2x3", "! an identity matrix is square @ I_2x3"),
    ("I_2x2", "(I 2)"),
    ("I_ 3", "! an identity matrix without its size @ I_"),
    ("I_{q}", "! `q` is not defined @ I_{q}"),
]


@pytest.mark.parametrize("row", CORNERS, ids=lambda row: row[0])
def test_what_a_text_is_read_as(row: tuple[str, ...]) -> None:
    text, sheet, *student = row
    assert found(text, SHEET) == sheet
    assert found(text, STUDENT) == (student[0] if student else sheet)


def test_trees_are_equal_wherever_they_stood_and_never_unequal_then() -> None:
    here, there = Where(0, 3), Where(7, 9)
    assert here == there
    assert (here != there) is False
    assert here != (0, 3)
    assert hash(here) == hash(there)
    first, second = (Call("+", (Name("a", at), Num(1.0, "1", at)), at) for at in (here, there))
    assert first == second
    assert (first != second) is False
    assert len({first, second}) == 1
