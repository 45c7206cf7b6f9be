"""Random graphs: definitions of any shape over givens of any shape, smooth but for a few kinks that no drawn number
lies on."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from hwcheck.formula.expr import Call, Expr, Name, number
from hwcheck.formula.show import unicode
from hwcheck.graph.shapes import Shape
from hwcheck.graph.table import Table
from hwcheck.library.functions import FUNCTIONS

SHAPES: tuple[Shape, ...] = ((), (), (1,), (2,), (3,), (2, 3), (3, 2), (2, 2), (1, 3), (3, 1), (2, 2, 3))
EACH = ("sigmoid", "tanh", "sin", "cos", "relu", "leaky_relu", "arctan", "abs")
PAIRS = ("+", "-", "⊙", "⊙", "max", "min", "/")


class Graph(NamedTuple):
    table: Table
    givens: list[str]

    def __repr__(self) -> str:
        """Show the definitions, which a failure prints."""
        return "; ".join(
            f"{row.name} {row.shape}" + (f" = {unicode(row.formula)}" if row.formula else "") for row in self.table
        )


def _leaf(draw: st.DrawFn, table: Table, shape: Shape) -> Expr:
    """Give a name of that shape, if need be a new given."""
    fits = [row.name for row in table if row.shape == shape]
    if fits and draw(st.integers(0, 4)):
        return Name(draw(st.sampled_from(fits[-6:])))
    name = f"g{len(table.rows)}"
    values = np.random.default_rng(len(table.rows) * 7919 + draw(st.integers(0, 99))).uniform(
        -1.5, 1.5, tuple(map(int, shape))
    )
    table.give(name, shape, np.array(values))
    return Name(name)


def formula(draw: st.DrawFn, table: Table, shape: Shape, depth: int) -> Expr:
    """Give a formula whose value has a shape."""

    def part(shape: Shape) -> Expr:
        return formula(draw, table, shape, depth - 1)

    if depth == 0:
        return _leaf(draw, table, shape)
    kinds = ["leaf", "each", "each", "pair", "pair", "scale", "power", "if"]
    kinds += {
        0: ["dot", "sum", "index", "mean"],
        1: ["product", "index", "stack", "softmax", "bias"],
        2: ["product", "product", "transpose", "bias" if shape[-1:] != (1,) else "leaf"],
    }.get(len(shape), [])
    kind = draw(st.sampled_from(kinds))
    if kind == "each":
        return Call(draw(st.sampled_from(EACH)), (part(shape),))
    if kind == "pair":
        op = draw(st.sampled_from(PAIRS))
        left, right = draw(
            st.sampled_from([(shape, shape), (shape, ()), ((), shape), (shape, (1,)) if shape else (shape, shape)])
        )
        other = part(right)
        return Call(op, (part(left), Call("+", (number(1.5), Call("^", (other, number(2))))) if op == "/" else other))
    if kind == "scale":
        return Call("@", (number(draw(st.sampled_from([0.5, 2, -3]))), part(shape)))
    if kind == "power":
        return Call("^", (Call("sigmoid", (part(shape),)), number(draw(st.sampled_from([0.5, 2, 3, -1])))))
    if kind == "if":
        return Call("if", (Call(">", (part(shape), number(0.125))), part(shape), part(shape)))
    if kind == "dot":
        return Call("[]", (Call("@", (Call("ᵀ", (part((3,)),)), part((3,)))), number(1)))
    if kind in ("sum", "mean"):
        inside = draw(st.sampled_from(SHAPES[3:]))
        return Call(draw(st.sampled_from(["sum", "mean", "max", "var"])), (part(inside),))
    if kind == "index":
        if shape:
            return Call("[]", (part((3, int(shape[0]))), number(draw(st.integers(1, 3))), Call(":", ())))
        return Call("[]", (part((2, 3)), number(draw(st.integers(1, 2))), number(draw(st.integers(1, 3)))))
    if kind == "product":
        inner = draw(st.integers(1, 3))
        return Call("@", (part((shape[0], inner)), part((inner, *shape[1:]))))
    if kind == "stack":
        size = int(shape[0])
        return part(shape) if size == 1 else Call("[;]", (part((size - 1,)), part(())))
    if kind == "softmax":
        return Call("softmax", (part(shape),))
    if kind == "transpose":
        return Call("ᵀ", (part(shape[::-1]),))
    if kind == "bias":
        return Call("+", (part(shape), part(shape[:1])))
    return _leaf(draw, table, shape)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Give a table with a loss `J` of one entry."""
    table = Table(FUNCTIONS, draw(st.sampled_from(["columns", "rows"])))
    for at in range(draw(st.integers(1, 6))):
        table.define(f"q{at}", formula(draw, table, draw(st.sampled_from(SHAPES)), draw(st.integers(1, 3))))
    last = [row.name for row in table if row.role == "forward"]
    ends = draw(st.lists(st.sampled_from(last), min_size=1, max_size=3))
    total: Expr = number(0)
    for name in ends:
        total = Call("+", (total, Call("sum", (Call("sin", (Name(name),)),))))
    table.define("J", total)
    return Graph(table, [row.name for row in table if row.role == "given"])
