"""One entry of a formula's value, as a formula of numbers: what a person writes down who works it out by hand.

The entry [1] of `W1 U + b1` is `W1[1,1] · U[1] + W1[1,2] · U[2] + b1[1]`. The rules follow those of the evaluator, one
for each operation, so that a formula worked out entry by entry gives what it gives as a whole. An elementwise function
stays a call, `sigmoid(X1[1])`; a function of all entries, such as a loss or softmax, is written out by its body.

    >>> from hwcheck.formula.show import plain
    >>> from hwcheck.graph.ops import OPERATIONS
    >>> shapes = Shapes({"W": (2, 2), "x": (2,)}.__getitem__, OPERATIONS, {}, "columns", {})
    >>> plain(entry(Call("@", (Name("W"), Name("x"))), (2,), shapes))
    'W[2,1] * x[1] + W[2,2] * x[2]'
"""

from __future__ import annotations

from functools import reduce
from itertools import product as every_pair

from ..formula.expr import Call, Expr, Name, Num, number
from .algebra import ONE, ZERO
from .functions import Array, body_of, row_of
from .meaning import OF_ALL, meant, terms_of
from .shapes import (
    Shape,
    Shapes,
    axis_range,
    entries,
    fixed_number,
    index_axes,
    is_number,
    over_batch,
    shape_of,
    whole_number,
)

Index = tuple[int, ...]


def indices(shape: Shape) -> list[Index]:
    """Give the indices of all entries of an array, counted from 1, the last one running fastest."""
    return list(every_pair(*(range(1, int(size) + 1) for size in shape)))


def relaid(index: Index, shape: Shape, wanted: Shape) -> Index:
    """Give the index, in another layout of the same entries, of the entry that has this index in `shape`."""
    if shape == wanted or not wanted:
        return index if wanted else ()
    at = 0
    for place, size in zip(index, shape, strict=True):
        at = at * int(size) + place - 1
    out: list[int] = []
    for size in reversed(wanted):
        at, place = divmod(at, int(size))
        out.append(place + 1)
    return tuple(reversed(out))


def entry(tree: Expr, index: Index, shapes: Shapes) -> Expr:
    """Give the formula of one entry of a formula's value; the index counts from 1 and has a place for each axis.

    Raises:
        ValueError: a size that matters is a name.
    """
    if isinstance(tree, Num):
        return tree
    if isinstance(tree, Name):
        return Call("[]", (tree, *(number(place) for place in index))) if index else tree
    plain = meant(tree, shapes)
    if plain is not tree or not isinstance(plain, Call):
        return entry(plain, index, shapes)
    row = row_of(tree.op, shapes.functions)
    if row.entry is not None:
        return row.entry(tree, index, shapes)
    if not tree.args:
        return tree
    if row.kind == "each":
        return each(tree, index, shapes)
    return entry(body_of(tree, shapes.functions), index, shapes)


def total(terms: list[Expr]) -> Expr:
    """Give the sum of some terms."""
    return reduce(lambda left, right: Call("+", (left, right)), terms) if terms else ZERO


def _operand(arg: Expr, index: Index, whole: Shape, shapes: Shapes) -> Expr:
    """Give the entry of an operand that meets an entry of an operation's value: a number and a bias meet several."""
    shape = shape_of(arg, shapes)
    if shape == whole:
        return entry(arg, index, shapes)
    if is_number(shape):
        return entry(arg, (1,) * len(shape), shapes)
    if shape == (*whole, 1):
        return entry(arg, (*index, 1), shapes)
    if whole == (*shape, 1):
        return entry(arg, index[:-1], shapes)
    along = over_batch(whole, shape, shapes.samples)
    kept = index[1 - (along or 0)]
    return entry(arg, (kept,) if len(shape) == 1 else (kept, 1) if along == 1 else (1, kept), shapes)


def _operands(tree: Call, index: Index, shapes: Shapes) -> tuple[Expr, ...]:
    whole = shape_of(tree, shapes)
    return tuple(_operand(arg, index, whole, shapes) for arg in tree.args)


def each(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of an entry-by-entry operation."""
    args = _operands(tree, index, shapes)
    return args[0] if tree.op == "/" and args[1] == ONE else Call(tree.op, args)


def linear(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of a product of linear algebra: row times column."""
    left, right = tree.args
    shape = shape_of(left, shapes)
    terms: list[Expr] = []
    for k in range(1, int((*shape, 1)[1]) + 1):
        row = entry(left, (index[0], k)[: len(shape)], shapes)
        terms.append(Call("*", (row, entry(right, (k, *index[1:]), shapes))))
    return total(terms)


def scaled(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of a product entry by entry: of two numbers."""
    return Call("*", _operands(tree, index, shapes))


def transposed(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of a transpose."""
    arg = tree.args[0]
    return entry(arg, index[1:] if len(shape_of(arg, shapes)) == 1 else index[::-1], shapes)


def _places(items: tuple[Expr, ...], shape: Shape, shapes: Shapes) -> list[tuple[int, int] | int]:
    """Give for each item of an index the one place, or the first and last place, that it takes."""
    out: list[tuple[int, int] | int] = []
    for item, size in zip(items, shape, strict=True):
        ends = axis_range(item, size, shapes)
        out.append(int(whole_number(item, shapes)) if ends is None else (int(ends[0]), int(ends[1])))
    return out


def indexed(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of an entry or a slice."""
    base = tree.args[0]
    shape = shape_of(base, shapes)
    flat, items = index_axes(shape, tree.args[1:])
    rest = iter(index)
    taken = _places(items, flat, shapes)
    places = tuple(place if isinstance(place, int) else place[0] + next(rest) - 1 for place in taken)
    return entry(base, relaid(places, flat, shape), shapes)


def part_of(value: Array, items: tuple[Expr, ...], shapes: Shapes) -> Array:
    """Give the part of an array that an index takes; its items count from 1 and read no loop."""
    flat, items = index_axes(value.shape, items)
    places = _places(items, flat, shapes)
    where = tuple(place - 1 if isinstance(place, int) else slice(place[0] - 1, place[1]) for place in places)
    return value.reshape(tuple(map(int, flat)))[where]


def placed(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Give the entry of an array of zeros with another array at an index."""
    part, like = tree.args[:2]
    shape = shape_of(like, shapes)
    flat, items = index_axes(shape, tree.args[2:])
    inside: list[int] = []
    block: list[int] = []
    for place, taken in zip(relaid(index, shape, flat), _places(items, flat, shapes), strict=True):
        low, high = (taken, taken) if isinstance(taken, int) else taken
        if not low <= place <= high:
            return ZERO
        if not isinstance(taken, int):
            inside.append(place - low + 1)
            block.append(high - low + 1)
    return entry(part, relaid(tuple(inside), tuple(block), shape_of(part, shapes)), shapes)


def looped(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of an array by loops: that of the formula at the values of its variables."""
    body, *loops = tree.args
    for place in index[: len(loops)]:
        bind, *rest = loops
        loops = rest
        body = terms_of(Call("[for]", (body, *loops), tree.at) if loops else body, bind, shapes)[place - 1]
        if isinstance(body, Call) and loops:
            body, *loops = body.args
    return entry(body, index[len(tree.args) - 1 :], shapes)


def stacked(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Give an entry of one array of a stack."""
    return entry(tree.args[index[0] - 1], index[1:], shapes)


def joined(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of arrays stacked or set side by side."""
    axis = 1 if tree.op == "[,]" else 0
    full = (*index, 1)[:2]
    place = full[axis]
    for arg in tree.args:
        shape = shape_of(arg, shapes)
        length = int((*shape, 1, 1)[axis])
        if place <= length:
            inside = (full[0], place) if axis else (place, full[1])
            return entry(arg, inside[: len(shape)], shapes)
        place -= length
    raise IndexError(f"no entry {index}")


def reduced(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write out the largest or smallest of all entries."""
    op = next(op for op, of_all in OF_ALL.items() if of_all == tree.op)
    terms = all_entries(tree.args[0], shapes)
    return terms[0] if len(terms) == 1 else Call(op, tuple(terms))


def summed(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write out the sum of all entries."""
    return total(all_entries(tree.args[0], shapes))


def all_entries(tree: Expr, shapes: Shapes) -> list[Expr]:
    """Give the formulas of all entries of a formula's value."""
    return [entry(tree, index, shapes) for index in indices(shape_of(tree, shapes))]


def marked(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of what depends on where the largest or smallest entries are, which no formula of numbers says."""
    return Call("[]", (tree, *(number(place) for place in index))) if index else tree


def diagonal(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of a diagonal matrix, or of the diagonal of a matrix."""
    arg = tree.args[0]
    shape = shape_of(arg, shapes)
    if len(shape) == 2 and shape[1] != 1:
        return entry(arg, (index[0], index[0]), shapes)
    return entry(arg, (index[0], 1)[: len(shape)], shapes) if index[0] == index[1] else ZERO


def spaced(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of linspace."""
    first, last, count = (fixed_number(arg, shapes) or 0.0 for arg in tree.args)
    return number(first + (last - first) * (index[0] - 1) / max(count - 1, 1))


def counted(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write the number of entries."""
    return number(entries(shape_of(tree.args[0], shapes)))


def laid_out(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of the same entries in another layout."""
    arg = tree.args[0]
    return entry(arg, relaid(index, shape_of(tree, shapes), shape_of(arg, shapes)), shapes)


def unit(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of the identity matrix."""
    return ONE if index[0] == index[1] else ZERO


def one(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of an array of ones."""
    return ONE


def zero(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of an array of zeros."""
    return ZERO
