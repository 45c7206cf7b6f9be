"""Formulas of arrays whose layout is known, and texts of rows with trees in the places of their parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..formula.expr import Call, Expr, Num, names, number, substitute
from .algebra import (
    ONE,
    ZERO,
    divide,
    is_zero,
    minus,
    multiply,
    negative,
    plus,
    raised,
    ratio,
    times,
    transpose,
)
from .functions import Functions, template
from .shapes import Shape, Shapes, entries, is_number, sample_axis, sample_count, shape_of, together
from .sizes import size_tree

if TYPE_CHECKING:
    from .arrays import Nested


def count(shape: Shape) -> Expr:
    """Give the number of entries as a formula; sizes that are names stay names."""
    total: Expr = ONE
    fixed = 1
    for size in shape:
        if isinstance(size, int):
            fixed *= size
        else:
            total = size_tree(size) if total is ONE else Call("*", (total, size_tree(size)))
    return number(fixed) if total is ONE else total if fixed == 1 else Call("*", (number(fixed), total))


def ones(shape: Shape) -> Call:
    """Give an array of ones as a formula."""
    return Call("ones", tuple(map(size_tree, shape)))


def zero_like(shape: Shape) -> Expr:
    """Give the formula 0, in the shape of an array where one is needed."""
    return ZERO if is_number(shape) else Call("zeros", ones(shape).args)


def full(tree: Expr, shape: Shape, shapes: Shapes) -> Expr:
    """Give the same number for every entry where a formula is a number and an array is needed."""
    if is_number(shape) or not is_number(shape_of(tree, shapes)) or is_zero(tree):
        return tree
    return times(tree, ones(shape), shapes)


def fit(tree: Expr, wanted: Shape, shapes: Shapes) -> Expr:
    """Bring the adjoint of an operation's value to the shape of an operand that went over every entry, or over a
    batch."""
    shape = shape_of(tree, shapes)
    if shape == wanted or is_zero(tree):
        return tree
    if is_number(wanted):
        if is_number(shape):
            return tree
        return (
            negative(fit(tree.args[0], wanted, shapes))
            if isinstance(tree, Call) and tree.op == "neg"
            else Call("sum", (tree,))
        )
    if is_number(shape):
        return full(tree, wanted, shapes)
    if together(shape, wanted) is not None:
        return tree
    rows, columns = shape
    if len(wanted) == 1:
        over_columns = wanted[0] == rows and (wanted[0] != columns or shapes.samples == "columns")
        return (
            Call("@", (tree, ones((columns,)))) if over_columns else Call("@", (transpose(tree, shapes), ones((rows,))))
        )
    return Call("@", (tree, ones((columns, 1)))) if wanted[1] == 1 else Call("@", (ones((1, rows)), tree))


def _blocks(parts: list[Expr], shape: Shape) -> Expr | None:
    """Write slices of a vector, or blocks of rows of a matrix, that make the whole of it as one stack; None for
    anything else. What lies at one place is added up."""
    found: dict[int, tuple[int, Expr]] = {}
    behind = (Call(":", ()),) * (len(shape) - 1)
    for part in parts:
        sign = isinstance(part, Call) and part.op == "neg"
        placed = part.args[0] if sign and isinstance(part, Call) else part
        whole = isinstance(placed, Call) and placed.op == "place" and placed.args[3:] == behind
        item = placed.args[2] if isinstance(placed, Call) and whole else None
        ends = [end.value for end in item.args if isinstance(end, Num)] if isinstance(item, Call) else []
        if len(ends) < 2 or not isinstance(item, Call) or item.op != ".." or not isinstance(placed, Call):
            return None
        first, last = map(int, ends)
        before = found.get(first, (last, ZERO))
        if before[0] != last:
            return None
        found[first] = (last, (minus if sign else plus)(before[1], placed.args[0]))
    place = 1
    blocks: list[Expr] = []
    while place in found:
        last, block = found[place]
        blocks.append(block)
        place = last + 1
    return Call("[;]", tuple(blocks)) if len(blocks) == len(found) and place == int(shape[0]) + 1 else None


def gathered(parts: list[Expr], shape: Shape) -> Expr | None:
    """Write numbers placed at single entries, or slices of a vector, as one array; None where anything else is among
    the parts, or the array is large."""
    if 1 <= len(shape) <= 2 and len(parts) > 1 and isinstance(shape[0], int) and (blocks := _blocks(parts, shape)):
        return blocks
    if (
        not 1 <= len(shape) <= 2
        or len(parts) < 2
        or not all(isinstance(size, int) for size in shape)
        or entries(shape) > 36
    ):
        return None
    cells: dict[tuple[float, ...], Expr] = {}
    for part in parts:
        sign = isinstance(part, Call) and part.op == "neg"
        placed = part.args[0] if sign and isinstance(part, Call) else part
        if not isinstance(placed, Call) or placed.op != "place" or len(placed.args) != len(shape) + 2:
            return None
        at = tuple(item.value for item in placed.args[2:] if isinstance(item, Num))
        if len(at) < len(shape):
            return None
        cells[at] = (minus if sign else plus)(cells.get(at, ZERO), placed.args[0])
    columns = int(shape[1]) if len(shape) == 2 else 1
    rows: list[Expr] = []
    for i in range(int(shape[0])):
        row = tuple(cells.get((i + 1, j + 1)[: len(shape)], ZERO) for j in range(columns))
        rows.append(row[0] if columns == 1 else Call("[,]", row))
    return rows[0] if len(rows) == 1 else Call("[;]", tuple(rows))


#: The constructors of the operations, those that ask for the shapes apart.
PLAIN: dict[str, Callable[..., Expr]] = {
    "neg": negative,
    "+": plus,
    "-": minus,
    "/": divide,
    "ratio": ratio,
    "^": raised,
}
SHAPED: dict[str, Callable[..., Expr]] = {"*": times, "⊙": times, "@": multiply, "ᵀ": transpose}


def simplest(tree: Expr, shapes: Shapes) -> Expr:
    """Put a formula together again with these constructors, from its parts upwards."""
    if not isinstance(tree, Call):
        return tree
    if tree.op == "count":
        return count(shape_of(tree.args[0], shapes))
    if tree.op == "samples":
        return size_tree(sample_count(shape_of(tree.args[0], shapes), shapes.samples))
    return combined(tree.op, tuple(simplest(arg, shapes) for arg in tree.args), shapes)


def combined(op: str, args: tuple[Expr, ...], shapes: Shapes) -> Expr:
    """Put an operation together with these constructors from its arguments."""
    if op in PLAIN:
        return PLAIN[op](*args)
    if op in SHAPED:
        return SHAPED[op](*args, shapes)
    if op == "sample_sum" and sample_axis(shape_of(args[0], shapes), shapes.samples) is None:
        op = "sum"
    if op == "sum" and len(args) == 1 and is_number(shape_of(args[0], shapes)):
        return args[0]
    if op == "ln" and args[0] == Call("e", ()):
        return ONE
    if op == "if" and is_zero(args[1]) and is_zero(args[2]):
        return ZERO
    return Call(op, args)


def tidied(tree: Expr, shapes: Shapes) -> Expr:
    """Put a formula together again as `simplest` does, but for numbers that are typed: 1 - 0.9 stays as it is."""
    if not isinstance(tree, Call) or not names(tree):
        return tree
    if tree.op in ("count", "samples", "[]", "for"):
        return simplest(tree, shapes)
    return combined(tree.op, tuple(tidied(arg, shapes) for arg in tree.args), shapes)


def literal_array(value: Nested) -> Expr:
    """Give the formula of an array of at most two axes that is known by its entries."""
    if not isinstance(value, list):
        return number(value)
    rows = tuple(
        Call("[,]", tuple(literal_array(entry) for entry in row)) if isinstance(row, list) else number(row)
        for row in value
    )
    return rows[0] if len(rows) == 1 and isinstance(value[0], list) else Call("[;]", rows)


def filled(text: str, params: tuple[str, ...], given: dict[str, Expr], shapes: Shapes, functions: Functions) -> Expr:
    """Give a row's text with trees in the places of its parameters, simplified."""
    return simplest(substitute(template(text, params, functions), given), shapes)
