"""Convolution and pooling: against loops in plain Python, as adjoints of one another, with every derivative."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hwcheck.formula.expr import Call, Name, number
from hwcheck.formula.lex import FormulaError
from hwcheck.graph.entries import entry, indices
from hwcheck.graph.grad import differentiate
from hwcheck.library.conventions import functions_for
from tests.graph.tables import Array, define, near, prove_derivatives, shown, table_of, value

Pair = tuple[int, int]
DRAWN = np.random.default_rng(3)


def listed(numbers: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, numbers))}]"


def padded(x: Array, ends: tuple[int, ...], filler: float = 0.0) -> Array:
    top, bottom, left, right = ends
    return np.pad(x, ((top, bottom), (left, right)), constant_values=filler)


def steps(sizes: Pair, spans: Pair, strides: Pair) -> Pair | None:
    """Give in how many places a window stands; None where its steps do not fit."""
    room = [size - span for size, span in zip(sizes, spans, strict=True)]
    if any(left < 0 or left % stride for left, stride in zip(room, strides, strict=True)):
        return None
    return room[0] // strides[0] + 1, room[1] // strides[1] + 1


def naive(x: Array, k: Array, strides: Pair, ends: tuple[int, ...], gaps: Pair) -> Array | None:
    """Convolve with four loops."""
    x = padded(x, ends)
    spans = ((k.shape[0] - 1) * gaps[0] + 1, (k.shape[1] - 1) * gaps[1] + 1)
    count = steps(x.shape, spans, strides)
    if count is None:
        return None
    out = np.zeros(count)
    for i, j in np.ndindex(count):
        for a, b in np.ndindex(k.shape):
            out[i, j] += k[a, b] * x[i * strides[0] + a * gaps[0], j * strides[1] + b * gaps[1]]
    return out


pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
ends = st.tuples(*[st.integers(0, 2)] * 4)


@settings(max_examples=60, deadline=None)
@given(st.tuples(st.integers(1, 7), st.integers(1, 7)), pairs, pairs, ends, pairs, st.integers(0, 99))
def test_a_convolution_is_its_loops_and_its_adjoint_is_one(
    sizes: Pair, kernel: Pair, strides: Pair, around: tuple[int, ...], gaps: Pair, seed: int
) -> None:
    drawn = np.random.default_rng(seed)
    x, k = drawn.normal(size=sizes), drawn.normal(size=kernel)
    wanted = naive(x, k, strides, around, gaps)
    assume(wanted is not None)
    assert wanted is not None
    y = drawn.normal(size=wanted.shape)
    window = f"{listed(strides)}, {listed(around)}, {listed(gaps)}"
    lines = [f"z = conv(x, k, {window})", f"w = conv_transpose(y, k, {window})", "J = sum(z ⊙ y)", "K = sum(x ⊙ w)"]
    table = table_of({"x": x, "k": k, "y": y}, lines)
    assert near(value(table, "z"), wanted, 1e-13)
    assert table.shape("w") == x.shape
    assert near(value(table, "J"), value(table, "K"), 1e-12)  # <conv(x), y> = <x, conv_transpose(y)>
    differentiate(table, "J", ["x", "k"])
    assert near(value(table, "dJ/dx"), value(table, "w"), 1e-13)
    for at in np.ndindex(k.shape):  # linear in the kernel: the derivative is the value at a unit kernel
        unit = np.zeros(k.shape)
        unit[at] = 1
        assert near(value(table, "dJ/dk")[at], value(table, "J", {"k": unit}), 1e-12)


FORMULAS = {
    "conv": "conv(x, k)",
    "conv, strided and padded": "conv(x, k, 2, [1, 0, 0, 1])",
    "conv, a large kernel": "conv(k, x, 1, 4)",
    "conv, gaps": "conv(x, k, [1, 2], [1, 1, 1, 0], [2, 1])",
    "transposed": "conv_transpose(k, x, [2, 1], 1)",
    "pooled": "maxpool(x, 2, 1)",
    "pooled, overlapping and padded": "maxpool(x, [3, 2], [2, 1], [1, 0, 1, 0])",
    "averaged": "avgpool(x, [3, 2], [2, 1], [1, 0, 1, 0])",
    "averaged, whole": "avgpool(x, [4, 5])",
    "spread": "spread(k, [2, 3], [2, 1])",
    "picked": "pick(x + 1, x, 2, 1)",
    "unpooled": "unpool(conv(x, k, [1, 1]), x, [2, 2], [1, 1])",
    "flipped": "flip(x) ⊙ x",
    "a signal": "conv(x[1,:], k[1,:], 2, [1, 0])",
    "a signal, pooled": "maxpool(x[1,:], 2, 1) + avgpool(x[2,:], 2, 1)",
}


def arrays(formula: str) -> dict[str, Array]:
    """Give values for the arrays of a formula."""
    return {"x": DRAWN.normal(size=(4, 5)), "k": DRAWN.normal(size=(2, 2) if "unpool" in formula else (3, 2))}


@pytest.mark.parametrize("convention", ["cross_correlation", "flipped"])
@pytest.mark.parametrize("formula", FORMULAS.values(), ids=list(FORMULAS))
def test_derivatives_to_second_order(formula: str, convention: str) -> None:
    functions = functions_for({"convolution": convention})
    table = table_of(arrays(formula), [f"z = {formula}", "J = sum(z^3)"], functions=functions)
    prove_derivatives(table, "J", ["x", "k"] if "k" in formula else ["x"])


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=list(FORMULAS))
def test_an_entry_written_out_has_the_entrys_value(formula: str) -> None:
    table = table_of(arrays(formula), [f"z = {formula}"])
    tree = table["z"].formula
    assert tree is not None
    for index in indices(table.shape("z")):
        table.define("one", entry(tree, index, table.shapes))
        assert near(value(table, "one"), value(table, "z")[tuple(place - 1 for place in index)], 1e-13)


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=list(FORMULAS))
def test_axes_in_front_are_a_loop(formula: str) -> None:
    given = [arrays(formula) for _ in range(3)]
    table = table_of(given[0], [f"z = {formula}"])
    together = value(table, "z", {name: np.stack([each[name] for each in given]) for name in "xk"}, batched=True)
    for at in range(3):
        alone = value(table, "z", given[at])
        assert np.array_equal(together[at], alone)  # bit for bit


@pytest.mark.parametrize(
    ("ties", "windows", "entries"),
    [
        ("first", [[1, 0, 0], [0, 1, 0]], [0, 1, 0]),
        ("share", [[1 / 3, 0, 0], [1 / 3, 1 / 3 + 1 / 2, 1 / 2]], [0, 1 / 2, 1 / 2]),
        ("all", [[1, 0, 0], [1, 2, 1]], [0, 1, 1]),
    ],
)
def test_ties_go_by_the_convention(ties: str, windows: Array, entries: Array) -> None:
    functions = functions_for({"max_ties": ties})
    given = {
        "x": [[2.0, 1, 0], [2, 2, 2]],
        "u": [1.0, 3, 3],
    }  # three equal entries in the first window, two in the other
    table = table_of(given, ["z = maxpool(x, 2, 1)", "J = sum(z)", "K = max(u)"], functions=functions)
    differentiate(table, "J", ["x"])
    differentiate(table, "K", ["u"])
    assert near(value(table, "dJ/dx"), windows)
    assert near(value(table, "dK/du"), entries)


def test_a_flipped_convolution_turns_the_kernel_round() -> None:
    given = {"x": DRAWN.normal(size=(4, 5)), "k": DRAWN.normal(size=(3, 2))}
    lines = ["a = conv(x, k)", "b = correlate(x, flip(k))"]
    table = table_of(given, lines, functions=functions_for({"convolution": "flipped"}))
    assert np.array_equal(value(table, "a"), value(table, "b"))
    wanted = naive(given["x"], given["k"][::-1, ::-1], (1, 1), (0, 0, 0, 0), (1, 1))
    assert wanted is not None
    assert near(value(table, "a"), wanted, 1e-14)
    plain = table_of(given, lines)
    assert not near(value(plain, "a"), value(table, "a"))


def test_pooling_against_loops() -> None:
    x = DRAWN.normal(size=(5, 6))
    table = table_of({"x": x}, ["m = maxpool(x, [3, 2], 2, [1, 1, 0, 0])", "a = avgpool(x, [3, 2], 2, [1, 1, 0, 0])"])
    low, zero = padded(x, (1, 1, 0, 0), -np.inf), padded(x, (1, 1, 0, 0))
    for i, j in product(range(3), range(3)):
        assert value(table, "m")[i, j] == low[2 * i : 2 * i + 3, 2 * j : 2 * j + 2].max()
        assert near(value(table, "a")[i, j], zero[2 * i : 2 * i + 3, 2 * j : 2 * j + 2].sum() / 6, 1e-15)


@pytest.mark.parametrize(
    ("formula", "gradients"),
    [
        ("conv(x, k)", ("conv_transpose(dJ/dz, k)", "conv(x, dJ/dz)")),
        ("conv(x, k, 2, 1)", ("conv_transpose(dJ/dz, k, 2, 1)", "conv(x, dJ/dz, 1, 1, 2)")),
        ("conv_transpose(x, k, 2)", ("conv(dJ/dz, k, 2)", "conv(dJ/dz, x, 1, 0, 2)")),
        ("maxpool(x, 2, 1)", ("unpool(dJ/dz, x, 2, 1)",)),
        ("avgpool(x, 3, 1)", ("spread(dJ/dz, 3, 1)",)),
    ],
)
def test_gradients_read_as_what_they_are(formula: str, gradients: tuple[str, ...]) -> None:
    lines = [f"z = {formula}", "J = sum(z^2)"]
    table = table_of({"x": DRAWN.normal(size=(5, 5)), "k": DRAWN.normal(size=(3, 3))}, lines)
    differentiate(table, "J", ["x", "k"][: len(gradients)])
    assert tuple(shown(table, f"dJ/d{by}") for by in ("x", "k")[: len(gradients)]) == gradients


def test_sizes_may_be_names_where_the_step_is_one() -> None:
    table = table_of({"k": np.zeros((3, 3))})
    table.give("x", ("h", "w"), None)
    define(table, "z = conv(x, k, 1, [1, 1, 0, 0])")
    assert table.shape("z") == ("h", "w - 2")
    with pytest.raises(FormulaError, match="need a size that is a number"):
        define(table, "y = conv(x, k, 2)")


@pytest.mark.parametrize(
    ("formula", "reason", "fix"),
    [
        ("conv(x, k, 3)", "a window of 2 on 6 columns leaves 1 over", "pad 2 more at the right, [0, 0, 0, 2]"),
        ("conv(x, k, 2)", "a window of 3 on 6 rows leaves 1 over", "pad 1 more at the bottom, [0, 1, 0, 0]"),
        ("maxpool(x, 4)", "a window of 4 on 6 rows leaves 2 over", "pad 2 more at the bottom"),
        ("conv(k, x)", "a window of 6 does not fit on 3 rows", "take a smaller one, or pad"),
        ("conv(X, k)", "`X` is a 2 x 3 x 4 array", "loop variables"),
        ("conv(x, v)", "`v` is a vector of 7", ""),
        ("conv(v, [1; 0; 2], 3)", "a window of 3 on 7 entries leaves 1 over", "at the right, [0, 2]"),
        ("maxpool(x, 2, 2, 2)", "windows with nothing in them", "pad by less"),
        ("conv(x, k, 0)", "cannot stand here", "from 1 on"),
        ("conv(x, k, [1, 1, 1])", "2 numbers at most", "[2, 1]"),
        ("conv(x, k, 1, [1, 1, 1])", "cannot be 3 numbers", "[top, bottom, left, right]"),
        ("conv_transpose(k, k, 1, 3)", "takes everything away", "pad by less"),
        ("unpool(k, x, 2)", "a 3 x 3 matrix is wanted here; this is a 3 x 2 matrix", ""),
    ],
)
def test_what_does_not_fit_is_said_with_the_sizes_and_a_fix(formula: str, reason: str, fix: str) -> None:
    table = table_of({"x": np.zeros((6, 6)), "k": np.zeros((3, 2)), "v": np.zeros(7), "X": np.zeros((2, 3, 4))})
    with pytest.raises(FormulaError) as caught:
        define(table, f"z = {formula}")
    assert reason in caught.value.reason
    assert fix in caught.value.fix


def test_a_number_is_a_window_of_one_entry() -> None:
    table = table_of({"x": [[1.0, 2], [3, 4]]}, ["z = conv(x, 2)", "J = sum(conv(x, x))"])
    assert np.array_equal(value(table, "z"), [[2, 4], [6, 8]])
    prove_derivatives(table, "J", ["x"])
    assert Call("conv", (Name("x"), number(2))) == table["z"].formula
