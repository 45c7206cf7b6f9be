"""One entry of what a window makes, as a formula of numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ..formula.expr import Call, Expr, number
from . import windowshapes as shaped
from .entries import Index, entry, total
from .functions import Value
from .shapes import Shape, Shapes, shape_of
from .windowkernels import Places, Window

#: Gives the places of a window from which one place is reached, each with the index of the entry there.
Reach = Callable[[Index, Window, Shape], Iterator[tuple[Places, Index]]]


def _inside(place: Places, sizes: Shape) -> bool:
    return all(1 <= at <= int(size) for at, size in zip(place, sizes, strict=True))


def covered(index: Index, window: Window, sizes: Shape) -> Iterator[tuple[Places, Index]]:
    """Give the window's places that lie on the array in one step, each with the index of the entry there."""
    for within in window.entries():
        place = tuple(
            (step - 1) * stride + at * gap - around[0] + 1
            for step, stride, at, gap, around in zip(
                index, window.stride, within, window.dilation, window.padding, strict=True
            )
        )
        if _inside(place, sizes):
            yield within, place


def _kernel_entry(tree: Call, within: Places, shapes: Shapes) -> Expr:
    rank = len(shape_of(tree.args[1], shapes))
    return entry(tree.args[1], tuple(at + 1 for at in within)[:rank], shapes)


def _array_entry(tree: Call, place: Index, shapes: Shapes) -> Expr:
    return entry(tree.args[0], place[: len(shape_of(tree.args[0], shapes))], shapes)


def laid(index: Index, window: Window, sizes: Shape) -> Iterator[tuple[Places, Index]]:
    """Give the window's places that the entries of an array lay at one place, each with the index of its entry."""
    for within in window.entries():
        ways = [
            divmod(place - 1 + around[0] - at * gap, stride)
            for place, around, at, gap, stride in zip(
                index, window.padding, within, window.dilation, window.stride, strict=True
            )
        ]
        place = tuple(step + 1 for step, _ in ways)
        if not any(rest for _, rest in ways) and _inside(place, sizes):
            yield within, place


def products(reach: Reach) -> Value:
    """Give the rule for the sum of products of the entries that a place is reached from with those of the kernel; what
    is padded with 0 is left out."""

    def write(tree: Call, index: Index, shapes: Shapes) -> Expr:
        sizes, _ = shaped.arrays_of(tree, 2, shapes)
        return total(
            [
                Call("*", (_array_entry(tree, place, shapes), _kernel_entry(tree, within, shapes)))
                for within, place in reach(index, shaped.of_kernel(tree, shapes), sizes)
            ]
        )

    return write


def largest(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write the largest of the entries in a window."""
    (sizes,) = shaped.arrays_of(tree, 1, shapes)
    terms = [_array_entry(tree, place, shapes) for _, place in covered(index, shaped.of_pool(tree, 1, shapes), sizes)]
    return terms[0] if len(terms) == 1 else Call("max", tuple(terms))


def mean(reach: Reach) -> Value:
    """Give the rule for the entries that a place is reached from, over the number of entries in a window; the zeros of
    the padding count."""

    def write(tree: Call, index: Index, shapes: Shapes) -> Expr:
        (sizes,) = shaped.arrays_of(tree, 1, shapes)
        window = shaped.of_pool(tree, 1, shapes)
        terms = [_array_entry(tree, place, shapes) for _, place in reach(index, window, sizes)]
        return Call("/", (total(terms), number(float(np.prod(window.size)))))

    return write


def flipped(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write an entry of an array with its entries in the opposite order."""
    sizes = shape_of(tree.args[0], shapes)
    return entry(tree.args[0], tuple(int(size) + 1 - at for at, size in zip(index, sizes, strict=True)), shapes)
