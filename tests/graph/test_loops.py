"""Loops: arrays by loops and sums over loop variables, worked out all at once, are what writing them out gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.formula.expr import Call, Expr, rewrite
from hwcheck.formula.parse import FormulaError
from hwcheck.graph.entries import entry, indices
from hwcheck.graph.evaluate import compile_table, run
from hwcheck.graph.grad import differentiate
from hwcheck.graph.meaning import unrolled
from hwcheck.graph.table import Table
from tests.graph.tables import Array, define, near, prove_derivatives, shown, table_of, value

X = np.random.default_rng(1).normal(size=(4, 5))
GIVENS: dict[str, Array] = {
    "X": X,
    "K": X[:2, :3] + 0.3,
    "B": np.random.default_rng(2).normal(size=(3, 2, 4)),
    "W": X[:3, :4] - 0.2,
    "c": np.array([0.4, -1.1, 0.7]),
}
#: Formulas with loops, and NumPy's word for each.
LOOPS = {
    "[sum(u = 1..2, v = 1..3, K[u,v] X[i+u-1,j+v-1]) for i = 1..3, j = 1..3]": lambda g: np.array(
        [[(g["K"] * g["X"][i : i + 2, j : j + 3]).sum() for j in range(3)] for i in range(3)]
    ),
    "[W B[n,m] + c for n = 1..3, m = 1..2]": lambda g: np.einsum("ij,nmj->nmi", g["W"], g["B"]) + g["c"],
    "[[c[i] c[j] for j = 1..3] for i = 1..3]": lambda g: np.outer(g["c"], g["c"]),
    "[sum(j = 1..i, c[j]) for i = 1..3]": lambda g: np.cumsum(g["c"]),
    "[tanh(B[n,:,2..3]) for n = 2..3]": lambda g: np.tanh(g["B"][1:, :, 1:3]),
    "[if(j <= i, c[i] - c[j], 0) for i = 1..3, j = 1..3]": lambda g: np.tril(g["c"][:, None] - g["c"]),
    "[max(u = 0..1, v = 0..1, X[2 i - 1 + u,2 j - 1 + v]) for i = 1..2, j = 1..2]": lambda g: (
        g["X"][:, :4].reshape(2, 2, 2, 2).max(axis=(1, 3))
    ),
    "[(B[n] ⊙ n)[m,n + 1] for n = 1..3, m = 1..2]": lambda g: np.array(
        [[g["B"][n, m, n + 1] * (n + 1) for m in range(2)] for n in range(3)]
    ),
    "[(reshape(B[n], 8, 1) + n)[n] for n = 1..3]": lambda g: np.array([g["B"][n].ravel()[n] + n + 1 for n in range(3)]),
    "[mean(B[n,m]) for n = 1..3, m = 1..2]": lambda g: g["B"].mean(axis=2),
    "[sum(i = 1..2, X[i,n]) + sum(i = 3..4, X[i,n]) for n = 1..5]": lambda g: g["X"].sum(axis=0),
    "[i for i = 1..4]": lambda g: np.arange(1.0, 5),
    "[2 for i = 1..2, j = 1..3]": lambda g: np.full((2, 3), 2.0),
    "stack(c, 2 c)": lambda g: np.stack([g["c"], 2 * g["c"]]),
    "mean(j = 1..3, c[j]^2)": lambda g: (g["c"] ** 2).mean(),
    "sum(i = 1..20, j = 1..3, cos(i c[j]))": lambda g: np.cos(np.arange(1, 21)[:, None] * g["c"]).sum(),
    "[sum(i = 1..30, sin(i c[j])) for j = 1..3]": lambda g: np.sin(np.arange(1, 31)[:, None] * g["c"]).sum(axis=0),
    "[softmax(X[i]) for i = 1..4]": lambda g: np.exp(g["X"]) / np.exp(g["X"]).sum(axis=1, keepdims=True),
    "[[c, X[1..3,j]]ᵀ for j = 1..2]": lambda g: np.stack([np.stack([g["c"], g["X"][:3, j]]) for j in range(2)]),
}


def looped(formula: str) -> Table:
    """Give a table with a formula as `out`, and a number `J` that depends on all of its entries."""
    table = table_of(GIVENS, [f"out = {formula}"])
    define(table, "J = sum(sin(out + 1/3))")
    return table


@pytest.mark.parametrize("formula", LOOPS)
def test_a_loop_is_what_numpy_gives(formula: str) -> None:
    table = looped(formula)
    assert near(value(table, "out"), LOOPS[formula](GIVENS), 1e-14)
    assert table.shape("out") == value(table, "out").shape


@pytest.mark.parametrize("formula", LOOPS)
def test_derivatives_go_through_loops_to_second_order(formula: str) -> None:
    table = looped(formula)
    read = [name for name in GIVENS if name in table.needed(["J"])]
    prove_derivatives(table, "J", read or ["c"])


@pytest.mark.parametrize("formula", LOOPS)
def test_points_on_a_leading_axis_change_no_bit(formula: str) -> None:
    table = looped(formula)
    names = [name for name in GIVENS if name in table.needed(["J"])]
    differentiate(table, "J", names)
    wanted = ["out", "J", *(f"dJ/d{name}" for name in names)]
    several = {name: np.stack([given, given * 1.1, -given]) for name, given in GIVENS.items()}
    together, alone = compile_table(table, wanted, batched=True), compile_table(table, wanted)
    slots = run(together, several)
    for at in range(3):
        one = run(alone, {name: given[at] for name, given in several.items()})
        for name in wanted:
            found = np.broadcast_to(slots[together.slots[name]], (3, *table.shape(name)))[at]
            assert np.array_equal(found, one[alone.slots[name]]), name


@pytest.mark.parametrize("formula", LOOPS)
def test_each_entry_written_out_has_the_value_of_the_whole(formula: str) -> None:
    table = looped(formula)
    whole = value(table, "out")
    for index in indices(table.shape("out"))[:12]:
        formula_of = table["out"].formula
        assert formula_of is not None
        table.define("one", entry(formula_of, index, table.shapes))
        assert near(value(table, "one"), whole[tuple(place - 1 for place in index)], 1e-13)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=3),
    st.sampled_from(["a[i] b[j]", "a[i] + j", "sin(a[j] i)", "max(a[i], b[j])", "sum(k = 1..i, a[k] b[j])", "a b[i]"]),
    st.integers(0, 2**32 - 1),
)
def test_all_turns_at_once_are_one_turn_after_the_other(sizes: list[int], body: str, seed: int) -> None:
    rows, columns = (*sizes, 2)[:2]
    drawn = np.random.default_rng(seed).normal(size=(2, 4))
    table = table_of({"a": drawn[0], "b": drawn[1]}, [f"out = [{body} for i = 1..{rows}, j = 1..{columns}]"])
    formula = table["out"].formula
    assert formula is not None

    def change(part: Expr) -> Expr | None:
        if isinstance(part, Call) and part.op == "[for]":
            return rewrite(unrolled(part, table.shapes), change)
        return None

    table.define("written", rewrite(formula, change))
    assert near(value(table, "written"), value(table, "out"), 1e-15)


def test_what_a_loop_says_entry_by_entry_is_said_with_arrays() -> None:
    table = table_of({"X": X, "W": GIVENS["W"]}, ["Z = [W X[:,n] for n = 1..5]", "L = sum(Z)"])
    differentiate(table, "L", ["W", "X"])
    assert shown(table, "dL/dW") == "sum(n = 1..5, dL/dZ[n,:] X[:,n]ᵀ)"
    table = table_of({"X": X, "K": X[:2, :2]}, ["Y = [sum(u = 1..2, v = 1..2, K[u,v] X[i+u-1,j+v-1]) for i = 1..3, "
                                                "j = 1..4]", "L = sum(Y)"])  # fmt: skip
    differentiate(table, "L", ["X"])
    assert shown(table, "dL/dX").startswith("place(K[1,1] dL/dY, X, 1..3, 1..4) + place(K[1,2] dL/dY, X, 1..3, 2..5)")


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("[c[i + 1] for i = 1..3]", ("no place 4", "a vector of 3")),
        ("[X[1..i,1] for i = 1..3]", ("unlike shapes", "a vector of 3")),
        ("[c[j] for i = 1..3, j = 1..i]", ("unlike", "turn")),
        ("[c for i = 3..1]", ("without a turn",)),
        ("[W c for i = 1..2]", ("3 x 4", "vector of 3")),
        ("[1 for i = 1..1000000]", ("too long",)),
        ("[c[i/2] for i = 1..2]", ("whole number",)),
        ("[B[n,m,1,1] for n = 1..3, m = 1..2]", ("4 indices", "3 x 2 x 4")),
        ("stack(c, W)", ("unlike shapes",)),
    ],
)
def test_loops_that_do_not_fit_are_refused_with_the_reason(formula: str, words: tuple[str, ...]) -> None:
    with pytest.raises(FormulaError) as caught:
        value(looped(formula), "out")
    assert all(word in str(caught.value) for word in words), str(caught.value)
