"""Products as students write them, where textbooks read them as products of matrices: by slopes, of two columns, and
the links of a chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np

from ...formula.expr import Call, Expr, Name, names, walk
from ...formula.lex import FormulaError
from ...formula.names import split
from ...graph.shapes import is_number, shape_of
from ...graph.table import Table
from ...sheet.problem import Problem, expand
from .points import Points, draw
from .values import worth

#: Makes of a product what else may be meant by it; the same object where nothing is.
Change = Callable[[Call, Points, Table], Expr]


def other_products(tree: Expr, problem: Problem) -> Iterator[tuple[str, Expr]]:
    """Give a formula with its products read in other ways, each with the code of what is remarked of it ("" for
    nothing)."""
    points = draw(problem, 0, {})
    table = table_of(tree, points)
    if table is None:
        return
    for remark, change in CHANGES:
        other = _changed(tree, change, points, table)
        if other != tree:
            yield remark, other


def _changed(tree: Expr, change: Change, points: Points, table: Table) -> Expr:
    if not isinstance(tree, Call):
        return tree
    part = Call(tree.op, tuple(_changed(arg, change, points, table) for arg in tree.args), tree.at)
    return change(part, points, table)


def _by_slopes(part: Call, points: Points, table: Table) -> Expr:
    """Take a product by slopes entry by entry."""
    if part.op not in ("*", "@") or not _is_jacobian(part.args[1], points, table):
        return part
    left, right = part.args
    matrix = len(table.shape(names(right)[0])) == 2
    return Call("@", (right, left), part.at) if matrix else Call("⊙", part.args, part.at)


def _each(part: Call, points: Points, table: Table) -> Expr:
    """Take a product of two columns side by side entry by entry."""
    return Call("⊙", part.args, part.at) if part.op in ("*", "@") and _are_columns(part, table) else part


def _dot(part: Call, points: Points, table: Table) -> Expr:
    """Take a product of two columns as the number that their dot product is."""
    if part.op not in ("*", "@") or not _are_columns(part, table):
        return part
    left, right = part.args
    return Call("@", (Call("ᵀ", (left,)), right), part.at)


def _regrouped(part: Call, points: Points, table: Table) -> Expr:
    """Take `a ⊙ b c` from left to right: (a ⊙ b) c."""
    if part.op != "⊙" or not isinstance(part.args[1], Call) or part.args[1].op != "@":
        return part
    left, (inner, last) = part.args[0], part.args[1].args
    return Call("@", (Call("⊙", (left, inner)), last), part.at)


#: What else products may mean, with the remark that says so.
CHANGES: tuple[tuple[str, Change], ...] = (
    ("order", _by_slopes),
    ("each", _each),
    ("dot", _dot),
    ("", _regrouped),
)


def _is_jacobian(tree: Expr, points: Points, table: Table) -> bool:
    """Tell whether a formula is the derivative of an elementwise definition: slopes, or a diagonal matrix."""
    if not isinstance(tree, Name) or not split(tree.id).by or tree.id not in table:
        return False
    parts, shape = split(tree.id), table.shape(tree.id)
    if parts.of not in table or len(table.shape(parts.of)) != 1:
        return False
    if len(shape) == 2 and shape[0] == shape[1] and shape[0] != 1:
        return not worth(points, tree)[:, ~np.eye(int(shape[0]), dtype=bool)].any()
    return shape == table.shape(parts.of)


def behind_columns(tree: Expr, points: Points) -> Iterator[Call]:
    """Give the products of a column with such a derivative on its right: with a matrix there, they do not fit."""
    table = table_of(tree, points)
    if table is None:
        return
    for part in walk(tree):
        if isinstance(part, Call) and part.op in ("*", "@") and _is_jacobian(part.args[1], points, table):
            with suppress(FormulaError, KeyError):
                left, right = (shape_of(arg, table.shapes) for arg in part.args)
                if len(left) == 1 and not is_number(left) and left == right[:1]:
                    yield part


def _are_columns(part: Call, table: Table) -> bool:
    with suppress(FormulaError, KeyError):  # a loop variable is known inside its loop alone
        left, right = (shape_of(arg, table.shapes) for arg in part.args)
        return len(left) == 1 and left == right and not is_number(left)
    return False


def table_of(tree: Expr, points: Points) -> Table | None:
    """Give a table of one draw with what a formula reads; None where that cannot be."""
    try:
        return expand(points.problem, names(tree)).copy()
    except FormulaError:
        return None


def is_chain(tree: Expr, key: Expr, base: Table) -> bool:
    """Tell whether a product of derivatives is the chain rule: each is by what the next one is of, from the one end
    to the other, and no path goes round a link.

    As matrices such a product fits in no fixed order; as links of a chain it is what textbooks write.
    """
    if not isinstance(key, Name):
        return False
    links = list(_factors(tree))
    ends = split(key.id)
    parts = [split(link.id) for link in links if isinstance(link, Name)]
    if len(parts) < len(links) or not ends.by or any(not part.by for part in parts):
        return False
    by_of = {part.of: part for part in parts}
    at, taken = ends.of, 0
    while at != ends.by and at in by_of and taken < len(parts):
        at, taken = by_of[at].by, taken + 1
        if at != ends.by and not _all_through(base, ends.of, at, ends.by):
            return False
    return at == ends.by and taken == len(parts)


def _factors(tree: Expr) -> Iterator[Expr]:
    if isinstance(tree, Call) and tree.op in ("*", "@", "⊙"):
        for arg in tree.args:
            yield from _factors(arg)
    else:
        yield tree


def _all_through(base: Table, top: str, middle: str, bottom: str) -> bool:
    """Tell whether every path from a quantity down to another goes through a third."""
    seen = {middle}
    # of a loss that is known by given derivatives alone, the paths begin with what these are by
    todo = [top] if top in base else [split(row.name).by for row in base if split(row.name).of == top]
    while todo:
        name = todo.pop()
        if name == bottom:
            return False
        if name not in seen and name in base:
            seen.add(name)
            todo += base.reads(name)
    return True
