"""Shapes: what does not fit is said with both operands and their shapes, and nothing crashes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.formula.expr import Call, Expr, Name, number
from hwcheck.formula.lex import FormulaError
from hwcheck.graph.evaluate import solve_table
from hwcheck.graph.functions import arities
from hwcheck.graph.shapes import show_shape
from hwcheck.graph.table import Table
from hwcheck.library.functions import FUNCTIONS
from tests.graph.tables import define, table_of

GIVENS = {
    "s": 2.0,
    "o": [3.0],
    "v": [1.0, 2.0, 3.0],
    "u": [1.0, 2.0],
    "M": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
    "Q": [[1.0, 2.0], [3.0, 4.0]],
    "A": [[[1.0, 2.0]], [[3.0, 4.0]]],
}

MISFITS = {
    "u + v": ("`u` is a vector of 2", "`v` is a vector of 3"),
    "M - s M^T": ("`M` is a 2 x 3 matrix", "`s Mᵀ` is a 3 x 2 matrix"),
    "M u": ("`M` is a 2 x 3 matrix", "`u` is a vector of 2"),
    "u .* v": ("`u` is a vector of 2", "`v` is a vector of 3"),
    "u / v": ("`u` is a vector of 2", "`v` is a vector of 3"),
    "u ^ v": ("`u` is a vector of 2", "`v` is a vector of 3"),
    "u > v": ("`u` is a vector of 2", "`v` is a vector of 3"),
    "A M": ("`A` is a 2 x 1 x 2 array", "`M` is a 2 x 3 matrix"),
    "A + u": ("`A` is a 2 x 1 x 2 array", "`u` is a vector of 2"),
    "max(u, v)": ("a vector of 2", "a vector of 3"),
    "if(s > 1, u, v)": ("a vector of 2", "a vector of 3"),
    "mse(u, v)": ("a vector of 2", "a vector of 3"),
    "bce(u, v)": ("a vector of 2", "a vector of 3"),
    "A^T": ("a 2 x 1 x 2 array",),
    "diag(M)": ("a 2 x 3 matrix",),
    "[u, v]": ("rows", "2", "3"),
    "[M; u]": ("columns", "3", "1"),
    "[A, A]": ("two axes",),
    "v[4]": ("no place 4", "has 3"),
    "v[0]": ("no place 0",),
    "v[1,1]": ("a vector of 3", "2 indices"),
    "M[3]": ("there is no place 3", "a 2 x 3 matrix"),
    "M[1..3,1]": ("no place 3", "has 2"),
    "v[s]": ("`s`", "whole number"),
    "reshape(M, 4)": ("6 entries", "4"),
    "zeros(1/2)": ("whole number",),
    "zeros(200000)": ("200000",),
    "Q * Q": ("two things",),
}


@pytest.mark.parametrize("formula", MISFITS)
def test_a_misfit_names_the_operands_and_their_shapes(formula: str) -> None:
    with pytest.raises(FormulaError) as caught:
        define(table_of(GIVENS), f"out = {formula}")
    message = str(caught.value)
    for part in MISFITS[formula]:
        assert part in message


def test_shapes_in_words() -> None:
    assert [show_shape(shape) for shape in ((), (3,), (2, 3), ("n", "k"), (2, 3, 4))] == [
        "a number",
        "a vector of 3",
        "a 2 x 3 matrix",
        "a n x k matrix",
        "a 2 x 3 x 4 array",
    ]


def test_sizes_may_be_names() -> None:
    table = Table(FUNCTIONS)
    for name, shape in (("x", ("d1",)), ("W", ("d2", "d1")), ("b", ("d2",)), ("X", ("d1", "n")), ("w", ("d1",))):
        table.give(name, shape, None)
    for line in ("z = W x + b", "Z = W X + b", "s = w^T x", "k = [x; w]", "m = mean(X)"):
        define(table, line)
    assert [table.shape(name) for name in "zZsm"] == [("d2",), ("d2", "n"), (1,), ()]
    with pytest.raises(FormulaError, match="`W` is a d2 x d1 matrix"):
        define(table, "bad = W b")


OPERATIONS = [
    ("+", 2),
    ("-", 2),
    ("⊙", 2),
    ("*", 2),
    ("@", 2),
    ("/", 2),
    ("^", 2),
    ("neg", 1),
    ("ᵀ", 1),
    (">", 2),
    ("[,]", 2),
    ("[;]", 3),
]
CALLS = [
    (name, least)
    for name, least, _ in arities(FUNCTIONS).values()
    if name not in ("place", "linspace", "I", "ones", "zeros", "reshape")
]
LEAVES: list[Expr] = [*(Name(name) for name in GIVENS), number(2), number(-0.5)]
TREES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.sampled_from(OPERATIONS + CALLS)
        .flatmap(lambda row: st.tuples(st.just(row[0]), st.tuples(*[inner] * row[1])))
        .map(lambda made: Call(made[0], made[1])),
        st.tuples(
            inner, st.sampled_from([number(1), number(3), Call(":", ()), Call("..", (number(1), number(2)))])
        ).map(lambda made: Call("[]", made)),
        st.tuples(st.sampled_from(["reshape", "diag"]), inner).map(
            lambda made: (
                Call("reshape", (made[1], number(3), number(2))) if made[0] == "reshape" else Call("diag", (made[1],))
            )
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=300)
@given(TREES)
def test_a_formula_has_the_shape_inferred_or_is_refused(tree: Expr) -> None:
    table = table_of(GIVENS)
    try:
        table.define("out", tree)
    except FormulaError:
        return
    assert solve_table(table, ["out"])["out"].shape == table.shape("out")
