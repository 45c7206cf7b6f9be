"""The adjoints of the operations that lay arrays out: where an operand's entries went, from there its adjoint comes."""

from __future__ import annotations

from ..formula.expr import Call, Expr, Num, number
from .algebra import ONE, ZERO, times
from .build import fit, ones
from .shapes import Shapes, is_number, shape_of
from .sizes import Size, plus, size_tree


def indexed(tree: Call, arg: Expr, g: Expr, shapes: Shapes) -> Expr:
    """Give the adjoint of an array of which an entry or a slice was taken."""
    if arg is not tree.args[0]:
        return ZERO
    if shape_of(g, shapes) and not shape_of(tree, shapes):  # an array of one entry for a number: in a loop, its axes
        g = Call("sum", (g,))  # would be those of what the loop makes
    fixed = all(isinstance(item, Num) for item in tree.args[1:])
    if fixed and is_number(shape_of(arg, shapes)) and not shape_of(g, shapes):
        return g  # an array of one entry is that entry
    return Call("place", (g, arg, *tree.args[1:]))


def joined(tree: Call, arg: Expr, g: Expr, shapes: Shapes) -> Expr:
    """Give the slice of an adjoint that belongs to one part of `[a; b]` or `[a, b]`."""
    axis = 1 if tree.op == "[,]" else 0
    low: Size = 1
    for part in tree.args:
        shape = (*shape_of(part, shapes), 1, 1)[:2]
        size = shape[axis]
        if part is arg:
            break
        low = plus(low, size)
    rank = len(shape_of(tree, shapes))
    whole: Expr = Call(":", ())
    first, last = size_tree(low), size_tree(plus(plus(low, size), 1, -1))
    item = first if not shape_of(arg, shapes) else Call("..", (first, last))
    items = [item] if rank == 1 else [whole, item] if axis == 1 else [item, whole]
    if axis == 1 and len(shape_of(arg, shapes)) == 1:
        items[1] = first
    if axis == 1 and not shape_of(arg, shapes):
        items[0] = number(1)
    return Call("[]", (g, *items))


def stacked(tree: Call, arg: Expr, g: Expr, shapes: Shapes) -> Expr:
    """Give the part of an adjoint that belongs to one array of a stack."""
    if isinstance(g, Call) and g.op == "ones":
        shape = shape_of(arg, shapes)
        return ones(shape) if shape else ONE
    place = next(at for at, part in enumerate(tree.args, start=1) if part is arg)
    return Call("[]", (g, number(place), *[Call(":", ())] * len(shape_of(arg, shapes))))


def shared(tree: Call, arg: Expr, g: Expr, shapes: Shapes) -> Expr:
    """Give the share of an adjoint that belongs to one of several arguments of which the largest, or the smallest, is
    taken: an equal one for all that are it."""
    return fit(times(g, share_of(tree, arg), shapes), shape_of(arg, shapes), shapes)


def share_of(tree: Call, arg: Expr) -> Expr:
    """Give the derivative of the largest, or the smallest, of several arguments by one: 1 over how many are it."""
    taken = [Call("==", (each, tree)) for each in tree.args]
    total: Expr = taken[0]
    for each in taken[1:]:
        total = Call("+", (total, each))
    return Call("/", (Call("==", (arg, tree)), total))


def reshaped(tree: Call, arg: Expr, g: Expr, shapes: Shapes) -> Expr:
    """Give the adjoint of an array laid out in another shape."""
    return Call("reshape", (g, *ones(shape_of(arg, shapes)).args)) if arg is tree.args[0] else ZERO


def placed(tree: Call, arg: Expr, g: Expr, shapes: Shapes) -> Expr:
    """Give the adjoint of an array placed among zeros."""
    return Call("[]", (g, *tree.args[2:])) if arg is tree.args[0] else ZERO
