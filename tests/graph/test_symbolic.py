"""Laws of symbolic networks: what is derived for sizes, arrays and functions without values is right for all of them.

Sizes, arrays and functions are drawn afterwards, put into the same formulas, and the derivative, its chain and its
expanded form are held against differences.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.formula.expr import Call, Expr, Name, number, walk
from hwcheck.formula.lex import FormulaError
from hwcheck.formula.show import unicode
from hwcheck.graph.chain import length
from hwcheck.graph.derivation import MOST_EXPANDED, Derivation, derivation
from hwcheck.graph.functions import Function
from hwcheck.graph.grad import derivative_name, differentiate
from hwcheck.graph.jacobian import derivative
from hwcheck.graph.paths import paths
from hwcheck.graph.primes import applications, applied
from hwcheck.graph.shapes import Shape, is_number, shape_of
from hwcheck.graph.sizes import multiplied, plus, size_at, size_in, size_tree
from hwcheck.graph.table import Table
from hwcheck.library.functions import FUNCTIONS
from tests.graph.tables import complex_step, define, near, value

Array = Any  # one of NumPy's
UNKNOWN = {name: Function(name) for name in ("f", "g", "h")}
SIZES = ("n", "m", "k")


def drawn_functions(seed: int) -> dict[str, Function]:
    """Give functions for f, g and h, each with its derivative: a sine wave on a slope, without symmetry."""
    rows = dict(FUNCTIONS)
    for name in UNKNOWN:
        a, b, c, d = np.random.default_rng([seed, ord(name)]).uniform(0.4, 1.4, 4)
        rows[name] = Function(
            name, value=lambda v, a=a, b=b, c=c, d=d: a * np.sin(b * v + c) + d * v, slope=f"{name}'(x)"
        )
        rows[name + "'"] = Function(name + "'", value=lambda v, a=a, b=b, c=c, d=d: a * b * np.cos(b * v + c) + d)
    return rows


def concrete(table: Table, sizes: Mapping[str, int], seed: int) -> Table:
    """Give the same formulas with numbers for sizes, arrays and functions."""
    random = np.random.default_rng(seed)
    found = Table(drawn_functions(seed), table.samples)
    found.sizes.update(sizes)
    for row in table:
        shape = tuple(size_at(size, sizes) for size in row.shape)
        if row.formula is not None:
            found.define(row.name, row.formula, row.role, row.step, row.forms, shape)
        elif row.name in sizes:
            found.give(row.name, (), np.array(float(sizes[row.name])))
        else:
            found.give(row.name, shape, random.uniform(-1.5, 1.5, shape))
    return found


def symbolic(lines: Iterable[str], givens: Mapping[str, Shape], samples: str = "columns") -> Table:
    """Make a table of givens whose shape alone is known."""
    table = Table({**FUNCTIONS, **UNKNOWN}, samples)
    for name, shape in givens.items():
        give(table, name, shape)
    for line in lines:
        define(table, line)
    return table


def give(table: Table, name: str, shape: Shape) -> None:
    for size in shape:
        if isinstance(size, str) and size not in table:
            table.give(size, (), None)
    table.give(name, shape, None)


# --- random networks ----------------------------------------------------------------------------------------

SHAPES: tuple[Shape, ...] = (
    (), (), ("n",), ("n",), ("m",), ("k",), (3,), ("n", "m"), ("m", "n"), ("n", "n"), ("m", "k"), ("k", "n"), (1, "m"),
    ("n", 1), (2, "k"),
)  # fmt: skip
EACH = ("sigmoid", "tanh", "sin", "relu", "leaky_relu", "abs", "identity", "f", "f", "g", "h")
PAIRS = ("+", "-", "⊙", "⊙", "max", "/")


class Network(NamedTuple):
    table: Table

    def __repr__(self) -> str:
        """Show the definitions, which a failure prints."""
        return "; ".join(
            f"{row.name} {row.shape}" + (f" = {unicode(row.formula)}" if row.formula else "") for row in self.table
        )


def leaf(draw: st.DrawFn, table: Table, shape: Shape) -> Expr:
    fits = [row.name for row in table if row.shape == shape and row.name not in SIZES]
    if fits and draw(st.integers(0, 4)):
        return Name(draw(st.sampled_from(fits[-6:])))
    name = f"x{len(table.rows)}"
    give(table, name, shape)
    return Name(name)


def formula(draw: st.DrawFn, table: Table, shape: Shape, depth: int) -> Expr:
    """Give a formula whose value has a shape."""

    def part(shape: Shape) -> Expr:
        return formula(draw, table, shape, depth - 1)

    if depth == 0:
        return leaf(draw, table, shape)
    kinds = ["leaf", "each", "each", "each", "pair", "pair", "scale", "power"]
    kinds += {
        0: ["dot", "sum", "mean", "norm", "loss", "index", "loop"],
        1: ["product", "product", "softmax", "slice", "column", "row"],
        2: ["product", "product", "outer", "transpose", "bias"],
    }[len(shape)]
    kind = draw(st.sampled_from(kinds))
    if kind == "each":
        return Call(draw(st.sampled_from(EACH)), (part(shape),))
    if kind == "pair":
        op = draw(st.sampled_from(PAIRS))
        left, right = draw(st.sampled_from([(shape, shape), (shape, ()), ((), shape)]))
        other = part(right)
        below = Call("+", (number(1.5), Call("^", (other, number(2)))))
        return Call(op, (part(left), below if op == "/" else other))
    if kind == "scale":
        size = number(2) if not draw(st.booleans()) else Call("/", (number(1), Name("n")))
        give(table, "n", ()) if "n" not in table else None
        table.symbols.add("n")
        return Call("@", (size, part(shape)))
    if kind == "power":
        return Call("^", (Call("sigmoid", (part(shape),)), number(draw(st.sampled_from([0.5, 2, 3, -1])))))
    vector = draw(st.sampled_from([("n",), ("m",), (3,)]))
    if kind == "dot":
        return Call("[]", (Call("@", (Call("ᵀ", (part(vector),)), part(vector))), number(1)))
    if kind in ("sum", "mean", "norm"):
        inside = part(draw(st.sampled_from(SHAPES[2:])))
        return Call("norm", (Call("+", (inside, number(4))),)) if kind == "norm" else Call(kind, (inside,))
    if kind == "loss":
        inside = draw(st.sampled_from(SHAPES[2:]))
        loss, activation = draw(
            st.sampled_from([("mse", "tanh"), ("squared_error", "f"), ("bce", "sigmoid"), ("ce", "softmax")])
        )
        inside = vector if loss == "ce" else inside
        target = Call("sigmoid", (leaf(draw, table, inside),))
        return Call("cross_entropy" if loss == "ce" else loss, (Call(activation, (part(inside),)), target))
    if kind == "index":
        return Call("[]", (part(vector), number(draw(st.integers(1, 2)))))
    if kind == "loop":
        size = draw(st.sampled_from(["n", "m"]))
        inside = leaf(draw, table, (size,))
        at = Call("[]", (inside, Name(f"j{depth}")))
        term = Call("*", (Call(draw(st.sampled_from(["sin", "f"])), (at,)), draw(st.sampled_from([at, part(())]))))
        return Call("sum", (Call("=", (Name(f"j{depth}"), Call("..", (number(1), Name(size))))), term))
    if kind == "product":
        inner = draw(st.sampled_from(["n", "m", "k", 2, 1]))
        if len(shape) == 1:
            return Call("@", (part((shape[0], inner)), part((inner,))))
        return Call("@", (part((shape[0], inner)), part((inner, shape[1]))))
    if kind == "outer":
        return Call("@", (part(shape[:1]), Call("ᵀ", (part(shape[1:]),))))
    if kind == "softmax":
        return Call("softmax", (part(shape),))
    if kind == "slice":
        other = draw(st.sampled_from([("m",), ("k",), ()]))
        whole = Call("[;]", (part(other), part(shape)))
        low = plus(other[0] if other else 1, 1)
        ends = (size_tree(low), size_tree(plus(plus(low, shape[0]), 1, -1)))
        return Call("[]", (whole, Call("..", ends)))
    if kind in ("column", "row"):
        items: list[Expr] = [Call(":", ()), number(2)]
        whole = (shape[0], draw(st.sampled_from(["m", 3])))
        if kind == "row":
            items, whole = items[::-1], whole[::-1]
        return Call("[]", (part(whole), *items))
    if kind == "transpose":
        return Call("ᵀ", (part(shape[::-1]),))
    if kind == "bias" and shape[0] != shape[1] and 1 not in shape:
        return Call("+", (part(shape), part(shape[:1])))
    return leaf(draw, table, shape)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Give a table with a loss `J` of one entry, nothing of which has a value."""
    table = Table({**FUNCTIONS, **UNKNOWN}, draw(st.sampled_from(["columns", "rows"])))
    for at in range(draw(st.integers(1, 5))):
        table.define(f"q{at}", formula(draw, table, draw(st.sampled_from(SHAPES)), draw(st.integers(1, 3))))
    last = [row.name for row in table if row.role == "forward"]
    total: Expr = number(0)
    for name in draw(st.lists(st.sampled_from(last), min_size=1, max_size=3)):
        total = Call("+", (total, Call("sum", (Call("sin", (Name(name),)),))))
    table.define("J", total)
    return Network(table)


def written(table: Table, found: Derivation) -> list[Expr]:
    """Give the chain and the expanded form with the arguments of bare derivatives."""
    known = applications(table)
    return [applied(tree, known) for tree in (found.chain, found.expanded) if tree is not None]


def check(table: Table, title: str, of: str, by: str, sizes: Mapping[str, int], seed: int) -> None:
    """Check that a derivative, its chain and its expanded form are what a difference gives."""
    found, numbers = derivation(table, title), concrete(table, sizes, seed)
    trees = written(table, found)
    for at, tree in enumerate(trees):
        numbers.define(f" {at}", tree, "asked", None, (), numbers.shape(title))
    wanted = (complex_step if numbers[by].formula is None else lambda *a: value(numbers, title))(numbers, of, by)
    if of in numbers and len(numbers.shape(title)) < len(numbers.shape(of)) + len(numbers.shape(by)):
        if is_number(numbers.shape(of)):
            wanted = wanted.reshape(numbers.shape(title))
        else:  # the slopes of an elementwise definition stand for a diagonal matrix
            wanted = wanted.reshape((np.prod(numbers.shape(of)),) * 2).diagonal().reshape(numbers.shape(title))
    for name in [title, *(f" {at}" for at in range(len(trees)))]:
        shown = unicode(numbers[name].formula)
        assert near(value(numbers, name), wanted, 1e-8), (title, name, shown)


@settings(max_examples=150)
@given(networks(), st.permutations([4, 5, 6]), st.integers(0, 10**6))
def test_chain_and_expanded_are_the_derivative_at_all_sizes(net: Network, order: list[int], seed: int) -> None:
    table, sizes = net.table, dict(zip(SIZES, order, strict=True))
    wanted = [row.name for row in table if row.role == "given" and row.name not in table.symbols]
    reached = set(table.needed(["J"]))
    differentiate(table, "J", [*wanted, *(row.name for row in table if row.role == "forward" and row.name != "J")])
    for by in wanted:
        title = derivative_name("J", by)
        check(table, title, "J", by, sizes, seed)
        assert (by in reached) == (not derivation(table, title).reason.startswith("no path")), title
        assert (by in reached) == bool(paths(table, "J", by, 1)[1])


@settings(max_examples=100)
@given(networks(), st.permutations([4, 5, 6]), st.integers(0, 10**6))
def test_jacobians_at_all_sizes(net: Network, order: list[int], seed: int) -> None:
    table, sizes = net.table, dict(zip(SIZES, order, strict=True))
    for of in [row.name for row in table if row.role == "forward" and len(row.shape) == 1]:
        for by in [row.name for row in table if row.role == "given" and row.name not in table.symbols]:
            try:
                title = derivative(table, of, by)
            except FormulaError as error:
                refused = (error.code, bool(error.fix))
            else:
                refused = ("HW311", True)
                check(table, title, of, by, sizes, seed)
            assert refused == ("HW311", True)


@settings(max_examples=100)
@given(networks(), st.permutations([4, 5, 6]), st.integers(0, 10**6), st.data())
def test_an_entry_is_that_of_the_whole(net: Network, order: list[int], seed: int, data: st.DataObject) -> None:
    table, sizes = net.table, dict(zip(SIZES, order, strict=True))
    wanted = [row.name for row in table if row.role == "given" and row.shape]
    differentiate(table, "J", wanted)
    for by in wanted:
        title = derivative_name("J", by)
        places = tuple(number(data.draw(st.integers(1, min(size, 4)))) for size in concrete(table, sizes, 0).shape(by))
        tree = Call("[]", (Name(title), *places))
        table.define(" entry", tree, "asked")
        found = derivation(table, " entry")
        numbers = concrete(table, sizes, seed)
        for at, part in enumerate(written(table, found)):
            try:
                numbers.define(f" {at}", part, "asked")
            except FormulaError as error:  # sums within sums grow with their sizes
                if "too long" in error.reason:
                    continue
                raise
            assert near(value(numbers, f" {at}"), value(numbers, " entry").reshape(()), 1e-9), unicode(part)
        if not found.reason:
            assert found.chain is not None


def test_formulas_that_a_question_asks_are_expanded() -> None:
    table = LAYERS.copy()
    derivative(table, "z2", "z1")
    for name, tree, shown in (
        ("a", Call("diag", (Name("dz2/dz1"),)), "diag(z1 > 0)"),
        ("b", Call("[]", (Name("z1"), number(2))), "sum(k = 1..d1, W1[2,k] · x[k]) + b1[2]"),
        ("c", Call("[]", (Name("z2"), number(2))), "relu(z1[2])"),
        ("d", Call("[]", (Name("x"), number(2))), None),
        ("e", Call("+", (Name("z1"), Name("z2"))), None),
    ):
        table.define(name, tree, "asked")
        found = derivation(table, name).expanded
        assert (None if found is None else unicode(found)) == shown


# --- textbook forms -----------------------------------------------------------------------------------------

CHAIN = symbolic(
    ["h1 = f(w1 x + b1)", "h2 = g(w2 x + b2)", "yhat = h(w3 h1 + w4 h2 + b3)"],
    dict.fromkeys(["x", "w1", "w2", "w3", "w4", "b1", "b2", "b3", "dL/dyhat"], ()),
)
LAYERS = symbolic(
    ["z1 = W1 x + b1", "z2 = relu(z1)", "z3 = W2 z2 + b2", "yhat = identity(z3)", "l = ||yhat - y||^2"],
    {"x": ("d1",), "W1": ("d2", "d1"), "b1": ("d2",), "W2": ("d3", "d2"), "b2": ("d3",), "y": ("d3",)},
)
GRAPH = symbolic(["h = 2 x + 1", "z = x^2", "y = 1/(1 + exp(-h))"], {"x": ()})
CLASSES = symbolic(
    ["z = W x", "yhat = softmax(z)", "l = cross_entropy(yhat, y)"], {"x": (3,), "W": ("K", 3), "y": ("K",)}
)
CLASSES.distributions.add("y")


@pytest.mark.parametrize(
    ("table", "of", "by", "chain", "expanded"),
    [
        (CHAIN, "L", "w1", "dL/dyhat · h' · w3 · f' · x", "dL/dyhat · h'(w3 h1 + w4 h2 + b3) · w3 · f'(w1 x + b1) · x"),
        (CHAIN, "L", "b3", "dL/dyhat · h'", "dL/dyhat · h'(w3 h1 + w4 h2 + b3)"),
        (CHAIN, "L", "w4", "dL/dyhat · h' · h2", "dL/dyhat · h'(w3 h1 + w4 h2 + b3) · h2"),
        (
            CHAIN,
            "L",
            "x",
            "dL/dyhat · h' · (w3 · f' · w1 + w4 · g' · w2)",
            "dL/dyhat · h'(w3 h1 + w4 h2 + b3) · (w3 · f'(w1 x + b1) · w1 + w4 · g'(w2 x + b2) · w2)",
        ),
        (GRAPH, "y", "x", None, "(2/(1 + exp(−h))²) · exp(−h)"),
        (LAYERS, "l", "W2", "dl/dyhat z2ᵀ", "2 (yhat − y) z2ᵀ"),
        (LAYERS, "l", "b2", "dl/dyhat", "2 (yhat − y)"),
        (
            LAYERS,
            "l",
            "W1",
            "((W2ᵀ dl/dyhat) ⊙ (z1 > 0)) xᵀ",
            "((2 (W2ᵀ (yhat − y))) ⊙ (z1 > 0)) xᵀ",
        ),
        (LAYERS, "l", "yhat", None, None),
        (LAYERS, "yhat", "x", "W2 diag(z1 > 0) W1", None),
        (CLASSES, "l", "W", None, "(yhat − y) xᵀ"),
        (CLASSES, "yhat", "x", "dyhat/dz W", "(diag(yhat) − yhat yhatᵀ) W"),
    ],
)
def test_chains_are_written_as_a_textbook_does(
    table: Table, of: str, by: str, chain: str | None, expanded: str | None
) -> None:
    table = table.copy()
    found = derivation(table, derivative(table, of, by))
    shown = [None if tree is None else unicode(tree) for tree in (found.chain, found.expanded)]
    assert shown == [chain, expanded]


@pytest.mark.parametrize(
    ("table", "of", "by", "slopes", "matrix"),
    [(LAYERS, "yhat", "z3", "ones(d3)", "I(d3)"), (LAYERS, "z2", "z1", "z1 > 0", "diag(z1 > 0)")],
)
def test_slopes_are_also_given_as_a_matrix(table: Table, of: str, by: str, slopes: str, matrix: str) -> None:
    table = table.copy()
    title = derivative(table, of, by)
    found = derivation(table, title).matrix
    assert found is not None
    assert (unicode(table[title].formula), unicode(found)) == (slopes, matrix)
    entry = Call("[]", (Name(title), number(1), number(2)))
    assert shape_of(entry, table.shapes) == ()
    numbers = concrete(table, {"d1": 2, "d2": 3, "d3": 4}, 1)
    numbers.define("off", entry, "asked")
    numbers.define("on", Call("[]", (Name(title), number(2), number(2))), "asked")
    assert value(numbers, "off") == 0
    assert value(numbers, "on") == value(numbers, title)[1]


@pytest.mark.parametrize(
    ("table", "of", "by", "reason"),
    [
        (GRAPH, "y", "z", "no path leads from z to y: y reads h, and h reads x"),
        (GRAPH, "z", "h", "no path leads from h to z: z reads x"),
        (GRAPH, "x", "h", "no path leads from h to x: x is given"),
        (
            CHAIN,
            "h1",
            "w2",
            "no path leads from w2 to h1: h1 reads w1, x and b1",
        ),
        (LAYERS, "z1", "W2", "no path leads from W2 to z1: z1 reads W1, x and b1"),
        (LAYERS, "z1", "z3", "no path leads from z3 to z1: z1 reads W1, x and b1"),
    ],
)
def test_a_derivative_without_a_path_says_why_it_is_0(table: Table, of: str, by: str, reason: str) -> None:
    table = table.copy()
    assert derivation(table, derivative(table, of, by)).reason == reason


def test_a_flat_function_is_another_reason() -> None:
    table = symbolic(["s = step(x)", "y = s^2"], {"x": ()})
    title = derivative(table, "y", "x")
    found = derivation(table, title)
    assert value(concrete(table, {}, 0), title) == 0
    assert not found.reason.startswith("no path")


def test_a_long_derivation_stays_short_and_right() -> None:
    """2^24 paths lead through 24 splits: the chain factors them, and what is too long keeps names."""
    lines = [
        line
        for at in range(24)
        for line in (f"p{at} = f(a q{at})", f"r{at} = g(b q{at})", f"q{at + 1} = p{at} + r{at}")
    ]
    table = symbolic([*lines, "J = q24^2"], {"q0": (), "a": (), "b": ()})
    differentiate(table, "J", ["q0", "a"])
    for by in ("q0", "a"):
        title = derivative_name("J", by)
        found = derivation(table, title)
        assert all(length(tree) <= 3 * MOST_EXPANDED for tree in (found.chain, found.expanded) if tree is not None)
        check(table, title, "J", by, {}, 3)
    assert paths(table, "J", "q0", 3)[1] == 2**24
    assert len(paths(table, "J", "q0", 3)[0]) == 3


# --- functions with the names of parameters -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["g", "x", "y", "p", "out"])
def test_an_unknown_function_may_be_called_as_a_parameter_is(name: str) -> None:
    table = Table({**FUNCTIONS, name: Function(name)})
    give(table, "v", ("n",))
    define(table, f"u = {name}(v)")
    define(table, f"J = sum({name}(2 u)^2)")
    differentiate(table, "J", ["v"])
    numbers = Table(
        {
            **FUNCTIONS,
            name: Function(name, value=np.sin, slope=f"{name}'(x)"),
            name + "'": Function(name + "'", value=np.cos),
        }
    )
    numbers.sizes["n"] = 3
    for row in table:
        shape = tuple(size_at(size, {"n": 3}) for size in row.shape)
        if row.formula is None:
            numbers.give(row.name, shape, np.full(shape, 0.3))
        else:
            numbers.define(row.name, row.formula, row.role, None, (), shape)
    assert near(value(numbers, "dJ/dv"), complex_step(numbers, "J", "v"))


def test_a_declared_function_may_use_another_one_called_g() -> None:
    functions = {**FUNCTIONS, "g": Function("g", ("v",), body="v^2"), "h": Function("h", ("v",), body="g(v) + 1")}
    table = Table(functions)
    table.give("a", (), np.array(3.0))
    define(table, "b = h(a)")
    differentiate(table, "b", ["a"])
    assert (float(value(table, "b")), float(value(table, "db/da"))) == (10.0, 6.0)


# --- loops without a fixed number of terms ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "by", "shown"),
    [
        ("J = sum(j = 1..n, (w x[j] - y[j])^2)", "w", "sum(j = 1..n, 2 (w · x[j] − y[j]) · x[j])"),
        ("J = -sum(j = 1..n, y[j] ln(x[j]^2 + 1))", "y", "−ln(x² + 1)"),
        ("J = sum(j = 1..n, exp(x[j]))", "x", "exp(x)"),
        ("J = sum(j = 1..n, w)", "w", "n"),
        ("J = sum(j = 1..n, w x[1])", "x", None),
        ("J = sum(i = 1..n, j = 1..m, A[i,j] x[i])", "A", None),
        ("J = sum(i = 1..n, j = 1..m, A[i,j]^2)", "A", "2 A"),
        ("J = sum(i = 1..n, j = 1..m, A[i,j] x[i])", "x", None),
        ("J = sum(i = 1..n, sin(sum(j = 1..m, A[i,j] x[i]) + w))", "x", None),
        ("J = sum(i = 1..n, sin(sum(j = 1..m, A[i,j] x[i]) + w))", "w", None),
        ("J = sum(j = 2..n, x[j] w)", "x", None),
        ("J = sum(i = 1..n, sin(x[i]) sum(j = 1..m, sin(A[1,j]) A[2,j]))^2", "A", None),
        ("J = sin(sum(i = 1..m, A[1,i] sum(j = 1..n, sin(x[j]) x[j])))", "x", None),
    ],
)
def test_sums_over_a_size_without_a_value(line: str, by: str, shown: str | None) -> None:
    table = symbolic([line], {"x": ("n",), "y": ("n",), "w": (), "A": ("n", "m")})
    differentiate(table, "J", [by])
    title = derivative_name("J", by)
    if shown is not None:
        assert unicode(table[title].formula) == shown
    check(table, title, "J", by, {"n": 3, "m": 4}, 7)


def test_loops_put_into_loops_keep_their_own_variables() -> None:
    lines = ["q = sum(j = 1..n, sin(x[j]) w)", "r = q sum(j = 1..n, cos(w x[j]))", "J = r^2 + sum(j = 1..n, r x[j])"]
    table = symbolic(lines, {"x": ("n",), "w": ()})
    differentiate(table, "J", ["x", "w"])
    for by in ("x", "w"):
        check(table, derivative_name("J", by), "J", by, {"n": 3}, 5)


def test_a_loop_may_use_the_name_of_the_loop_around_it() -> None:
    """Inside, the variable is that of the inner loop, but for its own ends."""
    table = symbolic(["J = sum(j = 1..n, x[j] sum(j = j..n, x[j]^2))"], {"x": ("n",)})
    x = np.array([1.0, 2.0, 3.0])
    numbers = concrete(table, {"n": 3}, 0)
    numbers.values["x"] = x
    assert value(numbers, "J") == 1 * 14 + 2 * 13 + 3 * 9
    differentiate(numbers, "J", ["x"])
    assert near(value(numbers, "dJ/dx"), complex_step(numbers, "J", "x"))


def test_what_cannot_be_written_out_is_said_once_and_clearly() -> None:
    table = symbolic(["J = max(j = 1..n, x[j])"], {"x": ("n",)})
    with pytest.raises(FormulaError, match="as `n` has no value") as error:
        differentiate(table, "J", ["x"])
    assert error.value.code == "HW311"
    table = symbolic(["J = sum(j = 1..n, sum(x[1..j]))"], {"x": ("n",)})
    with pytest.raises(FormulaError, match="grows with a loop"):
        differentiate(table, "J", ["x"])
    table = symbolic(["Z = W X"], {"W": ("k", "d"), "X": ("d", "n")})
    with pytest.raises(FormulaError, match="4 axes"):
        derivative(table, "Z", "W")


# --- sizes --------------------------------------------------------------------------------------------------

size_trees = st.recursive(
    st.one_of(st.integers(0, 9).map(number), st.sampled_from(["n", "m", "d1"]).map(Name)),
    lambda inner: st.builds(
        lambda op, pair: Call(op, pair), st.sampled_from(["+", "-", "*", "@"]), st.tuples(inner, inner)
    ),
    max_leaves=8,
)


def worked_out(tree: Expr, numbers: Mapping[str, int]) -> int:
    if isinstance(tree, Name):
        return numbers[tree.id]
    if not isinstance(tree, Call):
        return int(tree.value)
    left, right = (worked_out(arg, numbers) for arg in tree.args)
    return left + right if tree.op == "+" else left - right if tree.op == "-" else left * right


@given(size_trees, st.fixed_dictionaries({name: st.integers(1, 50) for name in ("n", "m", "d1")}))
def test_sizes_are_what_their_formulas_are(tree: Expr, numbers: dict[str, int]) -> None:
    size = size_in(tree, lambda name: name.id)
    if size is not None:
        assert size_at(size, numbers) == worked_out(tree, numbers)
        again = size_in(size_tree(size), lambda name: name.id)
        if not any(isinstance(part, Call) and part.op == "neg" for part in walk(size_tree(size))):
            assert again == size


@given(size_trees, size_trees)
def test_equal_sizes_are_equal_texts(left: Expr, right: Expr) -> None:
    a, b = (size_in(tree, lambda name: name.id) for tree in (left, right))
    if a is not None and b is not None:
        assert plus(a, b) == plus(b, a)
        assert plus(plus(a, b), b, -1) == a
        assert multiplied(a, b) == multiplied(b, a)
        assert multiplied(a, plus(b, 1)) == plus(multiplied(a, b), a)
