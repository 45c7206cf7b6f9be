"""The law of entries: worked out one by one, they are those of the formula worked out as a whole."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.formula.expr import Call, Expr, Name, Num, number, walk
from hwcheck.formula.names import key
from hwcheck.formula.parse import Scope, readings
from hwcheck.formula.show import plain, unicode
from hwcheck.graph.entries import entry, indices, relaid
from hwcheck.graph.evaluate import solve_table
from hwcheck.graph.functions import arities
from hwcheck.graph.putin import put_in
from hwcheck.graph.shapes import Shape, shape_of
from hwcheck.graph.table import Table
from hwcheck.library.functions import FUNCTIONS

GIVEN: dict[str, Shape] = {
    "A": (2, 3), "B": (3, 2), "C": (2, 3), "S": (2, 2), "u": (3,), "v": (2,), "w": (2,), "row": (1, 3), "col": (2, 1),
    "k": (), "m": (), "one": (1,), "cell": (1, 1),
}  # fmt: skip
FORMULAS = [
    "A u + v",
    "A B",
    "A @ B + S",
    "v w^T",
    "v^T w",
    "B^T u[1]",
    "k A",
    "A .* C",
    "k m",
    "one * A",
    "cell v",
    "1/2 (v - w)^2",
    "A + col",
    "A + row",
    "A + v",
    "-A",
    "-(v^2)/(1 + w^2)",
    "sigmoid(A u + v)",
    "relu(v - w)",
    "leaky_relu(v, 0.1)",
    "tanh(A)^2",
    "max(v, w)",
    "min(v, 0)",
    "max(v)",
    "min(A)",
    "if(v > w, v, 0)",
    "v >= w",
    "sum(A)",
    "mean(v)",
    "var(v)",
    "norm(v)",
    "count(A) k",
    "diag(v)",
    "diag(S)",
    "diag(v) w",
    "I(2) S",
    "A ones(3)",
    "ones(2) + v",
    "zeros(2, 3) + A",
    "linspace(0, 1, 3) .* u",
    "reshape(A, 3, 2)",
    "reshape(u, 1, 3)",
    "pi k",
    "e^k",
    "[v; w]",
    "[v, w]",
    "[v, S]",
    "[A; row]",
    "[k; v]",
    "A[1,2]",
    "A[1,:]",
    "A[:,2]",
    "A[1..2,2..3]",
    "row[2] + col[1]",
    "(A B)[2,1]",
    "place(k, v, 2)",
    "place(v, A, :, 2)",
    "place(S, A, 1..2, 2..3)",
    "place(k, row, 2)",
    "sum(j = 1..3, A[1,j] u[j])",
    "max(j = 1..3, u[j])",
    "sum(i = 1..2, j = 1..3, A[i,j]^2)",
    "softmax(u)",
    "at_max(u)",
    "|v|",
    "||u||^2",
    "bce(sigmoid(v), v >= w)",
    "cross_entropy(softmax(u), u >= 0)",
    "mse(v, w)",
    "half_squared_error(A, C)",
    "absolute_error(v, w)",
    "bce(sigmoid(one), 1)",
    "v .* ln(sigmoid(w))",
    "0 ln(1 - sigmoid(k))",
    "A^T v",
    "(A u)^T v",
    "one^T k",
    "v one",
    "cell @ cell",
    "step(v)",
    "exp(A) / sum(exp(A))",
]


def table_of(values: dict[str, np.ndarray]) -> Table:
    table = Table(FUNCTIONS)
    for name, value in values.items():
        table.give(name, value.shape, value)
    return table


def read(text: str, table: Table) -> Expr:
    arrays = frozenset(row.name for row in table if row.shape)
    found = readings(text, Scope({key(name): name for name in table.rows}, arities(FUNCTIONS), arrays))
    assert len(found) == 1, found
    return found[0]


def check(tree: Expr, table: Table) -> None:
    """Work a formula out as a whole and entry by entry."""
    table = table.copy()
    table.define("whole", tree)
    shape = table.shape("whole")
    for at, index in enumerate(indices(shape)):
        one = entry(tree, index, table.shapes)
        assert shape_of(one, table.shapes) == ()
        table.define(f"entry{at}", one)
    values = solve_table(table)
    found = [values[f"entry{at}"] for at in range(values["whole"].size)]
    np.testing.assert_allclose(found, values["whole"].ravel(), rtol=1e-9, atol=1e-9, err_msg=unicode(tree))


EXAMPLE = {name: np.arange(1.0, 1 + int(np.prod(shape))).reshape(shape) / 4 - 0.6 for name, shape in GIVEN.items()}


@pytest.mark.parametrize("text", FORMULAS)
def test_the_entries_of_a_formula_are_those_of_its_value(text: str) -> None:
    table = table_of(EXAMPLE)
    check(read(text, table), table)


def each(name: str) -> Callable[..., Expr]:
    return lambda *args: Call(name, args)


@cache
def trees(shape: Shape, depth: int) -> st.SearchStrategy[Expr]:
    """Give formulas whose value has a shape, made of the quantities in `GIVEN`."""
    leaves: list[st.SearchStrategy[Expr]] = [
        st.sampled_from([Name(name) for name, own in GIVEN.items() if own == shape])
    ]
    if depth == 0:
        return leaves[0]
    below = trees(shape, depth - 1)
    scalar = trees((), depth - 1)
    options = [
        *leaves,
        *(st.builds(each(op), below, below) for op in ("+", "-", "⊙", "max", ">=")),
        *(st.builds(each(op), below) for op in ("neg", "sigmoid", "tanh", "relu", "softmax")),
        st.builds(each("@"), scalar, below),
        st.builds(lambda x: Call("/", (x, Call("+", (number(1), Call("^", (x, number(2))))))), below),
    ]
    if shape == (2, 3):
        options.append(st.builds(lambda x: Call("ᵀ", (x,)), trees((3, 2), depth - 1)))
        options += [
            st.builds(each("@"), trees((2, 2), depth - 1), below),
            st.builds(each("+"), below, trees((2,), depth - 1)),
        ]
    if shape == (2,):
        options.append(st.builds(each("@"), trees((2, 3), depth - 1), trees((3,), depth - 1)))
    if shape == (2, 2):
        options.append(
            st.builds(lambda x, y: Call("@", (x, Call("ᵀ", (y,)))), trees((2,), depth - 1), trees((2,), depth - 1))
        )
    if shape == ():
        options += [st.builds(each(op), trees((2,), depth - 1)) for op in ("sum", "mean", "max")]
    return st.one_of(options)


@settings(max_examples=60)
@given(st.sampled_from([(), (2,), (2, 2), (2, 3)]).flatmap(lambda shape: trees(shape, 3)), st.integers(0, 2**32 - 1))
def test_the_entries_of_any_formula_are_those_of_its_value(tree: Expr, seed: int) -> None:
    random = np.random.default_rng(seed)
    check(tree, table_of({name: random.uniform(-1, 1, shape) for name, shape in GIVEN.items()}))


def exact(value: float) -> Expr:
    return number(value)


@pytest.mark.parametrize("text", FORMULAS)
def test_numbers_put_in_leave_no_name_of_a_quantity_and_the_same_value(text: str) -> None:
    table = table_of(EXAMPLE)
    tree = read(text, table)
    table.define("whole", tree)
    whole = solve_table(table)["whole"]
    for index, value in zip(indices(whole.shape), whole.ravel(), strict=True):
        filled = put_in(entry(tree, index, table.shapes), EXAMPLE, exact)
        assert not [part for part in walk(filled) if isinstance(part, Name)]
        other = table_of({})
        other.define("filled", filled)
        np.testing.assert_allclose(solve_table(other)["filled"], value, rtol=1e-9, atol=1e-9)
        again = table_of({})
        again.define("filled", read(plain(filled), again))
        np.testing.assert_allclose(solve_table(again)["filled"], value, rtol=1e-9, atol=1e-9)


def test_entries_read_as_written_by_hand() -> None:
    table = table_of(EXAMPLE)
    for text, index, wanted in (
        ("A u + v", (1,), "A[1,1] · u[1] + A[1,2] · u[2] + A[1,3] · u[3] + v[1]"),
        ("sigmoid(v)", (2,), "sigmoid(v[2])"),
        ("softmax(v)", (1,), "exp(v[1])/(exp(v[1]) + exp(v[2]))"),
        ("bce(one, m)", (), "−(m · ln(one[1]) + (1 − m) · ln(1 − one[1]))"),
        ("mse(v, w)", (), "((v[1] − w[1])² + (v[2] − w[2])²)/2"),
    ):
        assert unicode(entry(read(text, table), index, table.shapes)) == wanted


def test_signs_are_drawn_out_of_products_and_sums() -> None:
    table = table_of({"a": np.array([[-0.2, -0.1]]), "b": np.array([3.0, -2.0])})
    assert unicode(put_in(entry(read("a b", table), (1,), table.shapes), table.values, exact)) == "−0.2·3 − 0.1·(−2)"


@given(st.sampled_from([(), (1,), (6,), (2, 3), (3, 2), (1, 6), (3, 2, 1)]), st.sampled_from([(6,), (2, 3), (6, 1)]))
def test_another_layout_has_the_same_entries_in_the_same_order(shape: Shape, wanted: Shape) -> None:
    size = int(np.prod([int(one) for one in shape]))
    if size == int(np.prod([int(one) for one in wanted])):
        assert [relaid(index, shape, wanted) for index in indices(shape)] == indices(wanted)


def test_a_fraction_of_two_literals_is_one_number() -> None:
    table = table_of({"a": np.array(3.0), "b": np.array(4.0)})
    assert put_in(read("a/b", table), table.values, exact) == Num(0.75, "3/4")
