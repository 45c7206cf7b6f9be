"""What the tests of the graph share: tables from text, and two independent references for derivatives."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from hwcheck.formula.expr import Call, Expr, Name, number
from hwcheck.formula.names import key
from hwcheck.formula.parse import Scope, readings
from hwcheck.formula.show import unicode
from hwcheck.graph.evaluate import compile_table, run
from hwcheck.graph.functions import Function, arities
from hwcheck.graph.grad import derivative_name, differentiate
from hwcheck.graph.table import Table
from hwcheck.library.functions import FUNCTIONS

Array = Any  # one of NumPy's
Functions = Mapping[str, Function]


def table_of(
    givens: Mapping[str, Array], lines: Iterable[str] = (), samples: str = "columns", functions: Functions = FUNCTIONS
) -> Table:
    """Make a table from values and lines of text; every line must have one reading."""
    table = Table(functions, samples)
    for name, value in givens.items():
        table.give(name, np.shape(value), np.array(value, float))
    for line in lines:
        define(table, line)
    return table


def define(table: Table, line: str) -> None:
    name, _, formula = line.partition("=")
    scope = Scope(
        {key(row): row for row in table.rows},
        arities(table.functions),
        frozenset(row.name for row in table if row.shape),
    )
    found = readings(formula, scope)
    assert len(found) == 1, [unicode(tree) for tree in found]
    table.define(name.strip(), found[0])


def shown(table: Table, name: str) -> str:
    """Give a definition's formula as people see it."""
    formula = table[name].formula
    assert formula is not None
    return unicode(formula)


def value(table: Table, name: str, changed: Mapping[str, Array] | None = None, batched: bool = False) -> Array:
    """Give one quantity's value, with some givens changed."""
    program = compile_table(table, [name], batched)
    return np.asarray(run(program, {**table.values, **(changed or {})})[program.slots[name]])


def nudged(table: Table, of: str, by: str, step: complex, orders: tuple[int, ...]) -> list[Array]:
    """Give the values of `of` with each entry of the given `by` changed by multiples of a step, the entry's axes
    last."""
    program = compile_table(table, [of])
    if by not in program.slots:
        return [
            np.broadcast_to(value(table, of)[(..., *[None] * table.values[by].ndim)], table.shape(of) + table.shape(by))
        ] * len(orders)
    given = np.asarray(table.values[by])
    out = []
    for order in orders:
        found = np.zeros(table.shape(of) + given.shape, dtype=complex)
        for at in np.ndindex(*given.shape):
            moved = given.astype(complex if isinstance(step, complex) else float)
            moved[at] += order * step
            found[(..., *at)] = run(program, {**table.values, by: moved})[program.slots[of]]
        out.append(found)
    return out


def complex_step(table: Table, of: str, by: str) -> Array:
    """Give the derivative by a step along the imaginary axis: exact to rounding, as no difference is taken."""
    return nudged(table, of, by, 1e-30j, (1,))[0].imag / 1e-30


def central(table: Table, of: str, by: str, step: float = 2e-4) -> Array:
    """Give the derivative by central differences of sixth order."""
    weights = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
    orders = (-3, -2, -1, 1, 2, 3)
    found = nudged(table, of, by, step, orders)
    total = sum(np.sign(order) * weights[abs(order)] * part.real for order, part in zip(orders, found, strict=True))
    return total / step


def near(found: Array, wanted: Array, tolerance: float = 1e-9) -> bool:
    """Tell whether two arrays have one shape and agree entry by entry."""
    found, wanted = np.asarray(found), np.asarray(wanted)
    return found.shape == wanted.shape and bool(np.all(np.abs(found - wanted) <= tolerance * (1 + np.abs(wanted))))


def prove_derivatives(table: Table, of: str, names: Iterable[str]) -> None:
    """Check the derivatives of a number by givens against both references, and those of a sum of the derivatives
    again."""
    names = list(names)
    total: Expr = number(0)
    differentiate(table, of, names)
    for at, by in enumerate(names):
        title = derivative_name(of, by)
        assert table.shape(title) == table.shape(by), title
        assert near(value(table, title), complex_step(table, of, by), 1e-11), title
        assert near(value(table, title), central(table, of, by), 1e-6), title
        weights = np.cos(np.arange(table.values[by].size) + at).reshape(table.shape(by))
        table.give(f"weights{at}", weights.shape, weights)
        total = Call("+", (total, Call("sum", (Call("⊙", (Name(f"weights{at}"), Name(title))),))))
    table.define("S", total)
    differentiate(table, "S", names)
    for by in names:
        title = derivative_name("S", by)
        assert near(value(table, title), complex_step(table, "S", by), 1e-10), title
        assert near(value(table, title), central(table, "S", by), 1e-5), title
