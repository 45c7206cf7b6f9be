"""Differentiation of the table: gradients are more definitions, with formulas that read as a textbook writes them.

Reverse mode over named definitions: the adjoint of a quantity is the sum over the definitions that read it, each pulled
back through that one formula. An elementwise function of one quantity gives its slope a name, so that `dJ/dX1 = dJ/dY1
⊙ dY1/dX1`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..formula.expr import OPERATORS, Call, Expr, Name, names
from ..formula.names import Parts, join, split
from .algebra import ONE, ZERO, plus, times
from .build import filled, full, gathered, zero_like
from .functions import arguments_of, body_of, is_unknown
from .meaning import smooth, within
from .pull import Pull
from .shapes import Shape
from .table import Table


def derivative_name(of: str, by: str) -> str:
    """Give the name of the derivative of one quantity by another, which may both belong to one step: dJ/dW1@2;
    d(dJ/dx)/dx."""
    above, below = split(of), split(by)
    upper, lower = (f"({join(part._replace(step=''))})" if part.by else part.of for part in (above, below))
    return join(Parts(upper, lower, below.step or above.step))


def differentiate(table: Table, of: str, wanted: Iterable[str]) -> list[str]:
    """Add the derivatives of a quantity of one entry by the wanted quantities, and by all between; give the new names
    in order.

    Where `of` is no definition, the derivatives `d of/d q` that are given start the chain. A quantity that no path
    leads to gets 0.
    """
    wanted = [name for name in wanted if name in table]
    starts = [of] if of in table else [row.name[len(of) + 3 :] for row in table if row.name.startswith(f"d{of}/d")]
    reached = set(table.needed(starts))
    matters: set[str] = set()
    for row in list(table):
        if row.name in reached and (row.name in wanted or any(name in matters for name in table.reads(row.name))):
            matters.add(row.name)
    readers = {name: 0 for name in matters}
    for name in matters:
        for other in table.reads(name):
            if other in matters:
                readers[other] += 1
    pull = Pull(table, matters)
    new: list[str] = []

    def settle(name: str) -> Expr:
        """Define the derivative by one quantity from what its readers gave."""
        title = derivative_name(of, name)
        if name == of:
            return ONE
        if title not in table:
            parts = pull.parts.get(name, [])
            shown, chain = (_total([part[at] for part in parts], table.shape(name)) for at in (0, 1))
            forms = (chain,) if chain != shown else ()
            table.define(title, shown, "adjoint", table[name].step, forms, table.shape(name))
            new.append(title)
        return Name(title)

    for name in [name for name in reversed(list(table.rows)) if name in matters and table[name].formula is not None]:
        row = table[name]
        assert row.formula is not None
        g = settle(name)
        inner = elementwise_argument(name, table)
        fused = pull.whole_fused(name, row.formula)
        if inner is not None and inner in matters:
            slope = Name(define_slope(table, name, inner, new))
            chain = times(g, slope, table.shapes)
            pull.add(inner, chain if fused is None else fused, chain)
        elif fused is not None and isinstance(row.formula, Call):
            pull.past(row.formula, fused, g, Name(name))
        else:
            pull.through(row.formula, g, Name(name))
        for other in table.reads(name):
            if other in matters:
                readers[other] -= 1
                if readers[other] == 0 and table[other].formula is None:
                    settle(other)
    for name in wanted:
        if name not in matters and derivative_name(of, name) not in table:
            table.define(
                derivative_name(of, name),
                zero_like(table.shape(name)),
                "adjoint",
                table[name].step,
                (),
                table.shape(name),
            )
            new.append(derivative_name(of, name))
        elif derivative_name(of, name) not in table and name != of:
            settle(name)
    return new


def _total(parts: list[Expr], shape: Shape) -> Expr:
    """Add up what the paths give."""
    total = gathered(parts, shape)
    if total is None:
        total = ZERO
        for part in parts:
            total = plus(total, part)
    return total


def elementwise(name: str, table: Table) -> Call | None:
    """Give the application of an elementwise function to one quantity that a definition is; None where it is anything
    else."""
    formula = table[name].formula
    if not isinstance(formula, Call) or formula.op in OPERATORS or within(formula, table.shapes) is not None:
        return None
    found = smooth(formula, table.shapes)
    if not isinstance(found, Call) or not found.args or not isinstance(found.args[0], Name):
        return None
    row = table.functions.get(found.op)
    if row is None or row.kind != "each" or not (row.slope or row.body or is_unknown(row)):
        return None
    return found if found.args[0].id in table and not any(names(arg) for arg in found.args[1:]) else None


def elementwise_argument(name: str, table: Table) -> str | None:
    """Give the quantity that a definition applies an elementwise function to; None where its formula is anything
    else."""
    found = elementwise(name, table)
    return None if found is None else names(found.args[0])[0]


def define_slope(table: Table, name: str, inner: str, new: list[str]) -> str:
    """Add the slope of an elementwise definition, dY1/dX1, with its equivalent forms; give its name."""
    title = derivative_name(name, inner)
    if title not in table:
        formula = elementwise(name, table)
        assert formula is not None
        row = table.functions[formula.op]
        given = {**arguments_of(formula, table.functions), "out": Name(name)}
        texts = [row.slope, *row.forms] if row.slope else []
        trees = [filled(text, row.params, given, table.shapes, table.functions) for text in texts]
        if is_unknown(row):
            trees = [Call(f"{row.name}'", formula.args)]
        if not trees:
            inside = Pull(table, {inner})
            inside.through(body_of(formula, table.functions), ONE, Name(name))
            trees = [ZERO]
            for part in inside.parts.get(inner, []):
                trees = [plus(trees[0], part.shown)]
        shape = table.shape(inner)
        shaped = [full(tree, shape, table.shapes) for tree in trees]
        table.define(title, shaped[0], "adjoint", table[name].step, tuple(shaped[1:]), shape)
        new.append(title)
    return title
