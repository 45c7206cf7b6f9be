"""Loops to instructions: all turns are worked out at once, each loop on an axis of its own.

Inside of loops a value has the axes of students and points first, then one for each loop, then those of its shape. What
does not read a loop's variable has one place on its axis, or is worked out outside. An array by loops keeps these axes
as its first ones, and a sum adds them up.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ..formula.expr import Call, Expr, Name
from .functions import Array, Value
from .meaning import at_value, binds
from .shapes import Shape, axis_range, fixed_number, refused, shape_of, whole_number

if TYPE_CHECKING:
    from types import EllipsisType

    from .lower import Lowering

Index: TypeAlias = "tuple[int | slice | EllipsisType, ...]"
REDUCED = {"sum": np.add, "max": np.maximum, "min": np.minimum}


def lowered(low: Lowering, tree: Call) -> int:
    """Lower an array by loops, or a sum, maximum or minimum over loop variables."""
    from .lower import Loop

    body = tree.args[0] if tree.op == "[for]" else tree.args[-1]
    shapes, around, done = low.shapes, low.loops, low.done
    sizes: list[int] = []
    numbers = dict(shapes.numbers)
    loops = list(around)
    for bind in binds(tree):
        variable, ends = bind.args
        assert isinstance(variable, Name)
        assert isinstance(ends, Call)
        first, last = (int(whole_number(end, shapes.with_numbers(numbers))) for end in ends.args)
        if any(loop.variable == variable.id for loop in loops):
            return lowered(low, _renamed(tree, variable.id))
        sizes.append(max(last - first + 1, 0))
        numbers[variable.id] = float(first)
        loops.append(Loop(variable.id, np.arange(first, last + 1, dtype=float)))
    if not prod(sizes):
        return low.constant(0.0)
    low.shapes, low.loops = shapes.with_numbers(numbers), loops
    low.done = [*done, *({} for _ in sizes)]
    rank = len(shape_of(body, low.shapes))
    at = _filled(low, low.lower(body), rank, tuple(sizes))
    low.shapes, low.loops, low.done = shapes, around, done
    if tree.op == "[for]":
        return at
    pair = REDUCED[tree.op]

    def reduce(x: Array) -> Array:
        # one row of numbers that lie side by side for each entry, so that rounding does not depend on what lies before
        lead, inner = x.shape[: x.ndim - rank - len(sizes)], x.shape[x.ndim - rank :]
        rows = np.moveaxis(x.reshape(*lead, prod(sizes), *inner), -1 - rank, -1)
        return pair.reduce(np.ascontiguousarray(rows), axis=-1)

    return low.emit(reduce, at, adds=tree.op == "sum")


def _renamed(tree: Call, variable: str) -> Call:
    """Give a loop another name for a variable that one around it has too."""
    inner = Name(variable + "'")
    args: list[Expr] = []
    for arg in tree.args:
        if isinstance(arg, Call) and arg.op == "=":
            args.append(Call("=", (inner if arg.args[0] == Name(variable) else arg.args[0], arg.args[1]), arg.at))
        else:
            args.append(at_value(arg, variable, inner))
    return Call(tree.op, tuple(args), tree.at)


def _filled(low: Lowering, at: int, rank: int, sizes: tuple[int, ...]) -> int:
    """Give a value with all turns of the innermost loops on their axes."""

    def fill(x: Array) -> Array:
        x = np.asarray(x)
        lead = x.shape[: max(x.ndim - rank - len(sizes), 0)]
        return np.broadcast_to(x, (*lead, *sizes, *x.shape[x.ndim - rank :]))

    return low.emit(fill, at)


def _values(low: Lowering, tree: Expr) -> Array:
    """Give the whole number that an index is at each turn: an array with an axis for each loop around."""
    grid: dict[str, Array] = {}
    for at, loop in enumerate(low.loops):
        grid[loop.variable] = loop.values.reshape(-1, *[1] * (len(low.loops) - at - 1))

    def value(part: Expr) -> Array:
        if isinstance(part, Name) and part.id in grid:
            return grid[part.id]
        if isinstance(part, Call) and low.turning(part):
            args = [value(arg) for arg in part.args]
            if part.op == "neg":
                return -args[0]
            if part.op in ("+", "-", "*", "@") and len(args) == 2:
                return {"+": np.add, "-": np.subtract}.get(part.op, np.multiply)(*args)
        found = fixed_number(part, low.shapes)
        if found is None:
            raise refused("an index is made of whole numbers and loop variables", part, "write x[i + 1]", "HW311")
        return np.asarray(found)

    found = value(tree)
    if np.any(found != np.rint(found)):
        raise refused("an index is a whole number", tree, "write x[i + 1]", "HW311")
    return found.astype(int) - 1


def _checked(places: Array, size: int, item: Expr) -> Array:
    if places.min() < 0 or places.max() >= size:
        wrong = int(places.min() if places.min() < 0 else places.max()) + 1
        raise refused(f"there is no place {wrong}: this axis has {size}", item, "indices count from 1", "HW311")
    return places


def gathered(low: Lowering, base: Expr, shape: Shape, items: tuple[Expr, ...]) -> int:
    """Lower an index that loop variables are in: at each turn another part of an array.

    Raises:
        FormulaError: an index that leaves the array, or is no whole number.
    """
    depth = low.turning(base)
    moving = [at for at, item in enumerate(items) if low.turning(item)]
    rank, count = len(shape), len(moving)
    sizes = [int(shape[axis]) for axis in moving]
    places = [_checked(_values(low, items[axis]), size, items[axis]) for axis, size in zip(moving, sizes, strict=True)]
    rest = (..., *(_rest(low, items[axis], int(shape[axis])) for axis in range(rank) if axis not in moving))
    if any(place.shape[at] > 1 for place in places for at in range(depth - len(low.loops) + place.ndim)):
        at = low.reshaped(low.lower(base), shape_of(base, low.shapes), shape)
        return low.emit(_masked(shape, moving, places, rest), at)
    around, low.loops = low.loops, low.loops[:depth]
    at = low.reshaped(low.lower(base), shape_of(base, low.shapes), shape)
    low.loops = around
    flat = np.zeros((1,) * (len(around) - depth), dtype=int)  # with an axis for each loop that the array does not read
    for place, size in zip(places, sizes, strict=True):
        flat = flat * size + place.reshape(place.shape[max(place.ndim - len(around) + depth, 0) :])
    axes = tuple(axis - rank for axis in moving)

    def gather(x: Array) -> Array:
        x = np.moveaxis(np.asarray(x), axes, range(-rank, count - rank))
        before = x.ndim - rank
        x = x.reshape(*x.shape[:before], prod(sizes), *x.shape[before + count :])
        return np.take(x, flat, axis=before)[rest]

    return low.emit(gather, at)


def _masked(shape: Shape, moving: list[int], places: list[Array], rest: Index) -> Value:
    """Give the instruction for an index and an array that read the same loop: what is not there counts 0 in a sum."""
    rank = len(shape)
    mask = np.ones((), dtype=bool)
    for axis, place in zip(moving, places, strict=True):
        line = np.arange(int(shape[axis])).reshape(-1, *[1] * (rank - axis - 1))
        mask = mask & (line == place.reshape(*place.shape, *[1] * rank))
    axes = tuple(axis - rank for axis in moving)
    return lambda x: np.where(mask, x, 0.0).sum(axis=axes)[rest]


def _rest(low: Lowering, item: Expr, size: int) -> int | slice:
    ends = axis_range(item, size, low.shapes)
    if ends is None:
        return int(whole_number(item, low.shapes)) - 1
    return slice(int(ends[0]) - 1, int(ends[1]))


def scattered(low: Lowering, at: int, shape: Shape, items: tuple[Expr, ...]) -> int:
    """Lower an array of zeros with a value at an index that loop variables are in.

    Raises:
        FormulaError: an index that leaves the array, or is no whole number.
    """
    rank = len(shape)
    masks: list[Array] = []
    kept: list[int] = []  # axes that the value has
    for axis, (item, size) in enumerate(zip(items, map(int, shape), strict=True)):
        line = np.arange(size).reshape(-1, *[1] * (rank - axis - 1))
        if low.turning(item):
            places = _checked(_values(low, item), size, item)
            masks.append(line == places.reshape(*places.shape, *[1] * rank))
            continue
        part = _rest(low, item, size)
        if isinstance(part, slice):
            kept.append(axis)
        first, last = (part, part + 1) if isinstance(part, int) else (part.start, part.stop)
        if (first, last) != (0, size):
            masks.append((line >= first) & (line < last))
    sizes = tuple(int(size) for size in shape)
    spans = [_rest(low, items[axis], sizes[axis]) for axis in kept]
    widened = (..., *[slice(None) if axis in kept else None for axis in range(rank)])

    def scatter(x: Array) -> Array:
        x = np.asarray(x)[widened]
        for axis, span in zip(kept, spans, strict=True):
            assert isinstance(span, slice)
            if span.stop - span.start < sizes[axis]:
                room = [(0, 0)] * x.ndim
                room[axis - rank] = (span.start, sizes[axis] - span.stop)
                x = np.pad(x, room)
        mask = masks[0]
        for other in masks[1:]:
            mask = mask & other
        return np.where(mask, x, 0.0)

    return low.emit(scatter, at)
