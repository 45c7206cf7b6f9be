"""Derivatives between any two quantities: slopes, gradients and Jacobians, as more definitions.

A quantity of one entry is differentiated backwards, as a loss is. A vector is differentiated forwards: the Jacobian of
each definition by what it reads is a matrix with a formula of its own (`dX2/dY1 = W2`), and Jacobians multiply along a
path and add over paths (Goodfellow, Bengio and Courville, Deep Learning, section 6.5.2). The slopes of an elementwise
definition are a vector and enter a product as a diagonal: `dX2/dX1 = dX2/dY1 diag(dY1/dX1)`. Where an array of more
axes lies on the way, the gradients of the single entries are set below each other.
"""

from __future__ import annotations

from itertools import product as grid

from ..formula.expr import Call, Expr, Name, names, number
from ..formula.lex import FormulaError
from ..formula.names import join, split
from .algebra import ONE, is_zero, transpose
from .build import count, full, ones, zero_like
from .forward import Forward, Local, NoMatrixError
from .grad import define_slope, derivative_name, differentiate, elementwise_argument
from .shapes import MAX_TERMS, Shape, entries, is_number, shape_of, together
from .table import Table


def derivative(table: Table, of: str, by: str) -> str:
    """Add the derivative of one quantity by another, with what it stands on; give its name.

    A quantity of one entry has a gradient of the shape of `by`; an elementwise definition of `by` has the vector of its
    slopes; everything else has a Jacobian, whose axes are those of `of`, then those of `by`. It is 0 where no path
    leads.

    Raises:
        FormulaError: more axes than matrices have, in sizes that are names or too many.
    """
    title = derivative_name(of, by)
    if title in table:
        return title
    if of not in table or (is_number(table.shape(of)) and of != by):
        differentiate(table, of, [by])
    elif of != by and elementwise_argument(of, table) == by:
        define_slope(table, of, by, [])
    else:
        jacobian(table, of, by)
    return title


def jacobian(table: Table, of: str, by: str) -> str:
    """Add the Jacobian of one quantity by another, with what it stands on; give its name.

    Raises:
        FormulaError: more axes than matrices have, in sizes that are names or too many.
    """
    title = derivative_name(of, by)
    if title in table:
        return title
    varies = {by}
    for name in table.needed([of]):
        if any(other in varies for other in table.reads(name)):
            varies.add(name)
    shape = (*table.shape(of), *table.shape(by))
    if of == by:
        one = ONE if is_number(shape) else Call("I", (count(shape[: len(shape) // 2]),))
        if len(shape) == 2:
            one = ONE if is_number(shape) else Call("I", ones(shape[:1]).args)
        _define(table, title, one, of, table.shape(of) if is_number(shape) else shape)
    elif of not in varies:
        _define(table, title, zero_like(shape), of, shape)
    else:
        before = set(table.rows)
        try:
            for name in table.needed([of]):
                if name in varies and name != by:
                    _along(table, name, by, varies)
        except NoMatrixError:
            for name in set(table.rows) - before:
                del table.rows[name]
            _entry_by_entry(table, of, by)
    return title


def _define(table: Table, title: str, tree: Expr, of: str, shape: Shape) -> None:
    """Add a derivative; the same entries may be wanted in another layout."""
    if is_zero(tree):
        tree = zero_like(shape)
    found = shape_of(tree, table.shapes)
    if together(found, shape) is None or (is_number(found) and not is_number(shape)):
        tree = Call("reshape", (tree, *ones(shape).args))
    table.define(title, tree, "adjoint", table[of].step, (), shape)


def _along(table: Table, of: str, by: str, varies: set[str]) -> None:
    """Add the derivative of a definition by a quantity, from those of the quantities that it reads."""
    title, shape = derivative_name(of, by), table.shape(of)
    if title in table:
        return
    if is_number(shape) or elementwise_argument(of, table) == by:
        derivative(table, of, by)
        return
    if len(shape) > 1 or len(table.shape(by)) > 1:
        raise NoMatrixError
    formula = table[of].formula
    assert formula is not None
    if isinstance(formula, Name) and formula.id != by:
        same = Name(derivative_name(formula.id, by))
        table.define(title, same, "adjoint", table[of].step, (), table.shape(same.id))
        return
    ahead = Forward(table, by)
    total: Local | None = None
    read = [other for other in table.reads(of) if other in varies]
    for other in read:
        if len(table.shape(other)) > 1:
            raise NoMatrixError
        if other == by:
            total = ahead.add(total, ahead.of(formula, Name(of)))
            continue
        step = _step(table, of, other, [rest for rest in read if rest != other])
        if step is not None:
            inner, varied = _named(table, other, by), table.shape(other)
            total = ahead.add(
                total,
                ahead.each(step.tree, inner, varied, shape) if step.diagonal else ahead.after(step.tree, inner, varied),
            )
    wanted = (*shape, *table.shape(by))
    if total is None:
        _define(table, title, zero_like(wanted), of, wanted)
    elif total.diagonal and read == [by] and {of, by} & set(names(total.tree)):
        _define(table, title, full(total.tree, shape, table.shapes), of, shape)
    elif ahead.vector:
        _define(table, title, ahead.whole(total), of, wanted)
    else:
        _define(table, title, full(total.tree, shape, table.shapes), of, wanted)


def _step(table: Table, of: str, by: str, others: list[str]) -> Local | None:
    """Give the derivative of one formula by one quantity that it reads, by its name where no second path leads from
    there."""
    formula = table[of].formula
    assert formula is not None
    if by in table.needed(others):
        return Forward(table, by).of(formula, Name(of))
    _along(table, of, by, {of, by})
    return _named(table, of, by)


def _named(table: Table, of: str, by: str) -> Local | None:
    """Give a derivative of the table by its name, as it stands in products."""
    title = derivative_name(of, by)
    row, numerator, denominator = table[title], table.shape(of), table.shape(by)
    if isinstance(row.formula, Call) and row.formula.op == "zeros":
        return None
    if isinstance(row.formula, Call) and row.formula.op == "I":
        return Local(ONE, True)
    if is_number(denominator) or not is_number(numerator):
        return Local(Name(title), not is_number(denominator) and len(row.shape) == 1)
    return Local(transpose(Name(title), table.shapes))


def _entry_by_entry(table: Table, of: str, by: str) -> None:
    """Add a Jacobian as the gradients of the single entries, below each other."""
    sizes, below = table.shape(of), table.shape(by)
    if not all(isinstance(size, int) for size in (*sizes, *below)) or entries(sizes) > MAX_TERMS:
        raise FormulaError(
            f"`{derivative_name(of, by)}` has {len(sizes) + len(below)} axes, and no product of matrices gives it",
            0,
            1,
            "ask for the derivative of one entry, or of the loss",
            "HW311",
        )
    parts = split(of)
    rows: list[Expr] = []
    for places in grid(*(range(1, int(size) + 1) for size in sizes)):
        entry = join(parts._replace(of=f"{parts.of}[{','.join(map(str, places))}]"))
        if entry not in table:
            table.define(entry, Call("[]", (Name(of), *(number(place) for place in places))), "adjoint", table[of].step)
        row: Expr = Name(derivative(table, entry, by))
        if len(below) > 1 and not is_number(below):
            row = Call("reshape", (row, number(entries(below))))
        rows.append(transpose(row, table.shapes) if len(sizes) == len(below) == 1 else row)
    _define(
        table, derivative_name(of, by), rows[0] if len(rows) == 1 else Call("[;]", tuple(rows)), of, (*sizes, *below)
    )
