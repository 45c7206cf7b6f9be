"""The instructions of each operation that is more than one NumPy call on its operands."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..formula.expr import Call, Expr, Num
from .functions import Array
from .kernels import xlogy
from .lower import Lowering
from .shapes import Shape, axis_range, entries, fixed_number, index_axes, shape_of, whole_number


def linear(low: Lowering, tree: Call) -> int:
    """Lower a product of linear algebra; never to `einsum`, so that the row of a batch is that of a single run, bit for
    bit."""
    left, right = (len(shape_of(arg, low.shapes)) for arg in tree.args)
    first, second = tree.args
    if left == 1 and isinstance(second, Call) and second.op == "ᵀ" and len(shape_of(second.args[0], low.shapes)) == 1:
        led = low.batched or low.loops
        outer = (lambda x, y: x[..., None] * y[..., None, :]) if led else lambda x, y: x[:, None] * y
        return low.emit(outer, low.lower(first), low.lower(second.args[0]))
    a, b = low.lower(first), low.lower(second)
    if left == 1:
        a = low.emit(lambda x: x[..., None], a)
    return low.emit(np.matvec if right == 1 else np.matmul, a, b, adds=True)


def scaled(low: Lowering, tree: Call) -> int:
    """Lower a product entry by entry, or with a number; in x ln y, 0 ln 0 is 0."""
    left, right = tree.args
    for factor, logarithm in ((left, right), (right, left)):
        if isinstance(logarithm, Call) and logarithm.op == "ln" and not isinstance(factor, Num):
            return low.emit(xlogy, *low.operands(Call("⊙", (factor, *logarithm.args))))
    return low.emit(np.multiply, *low.operands(tree))


def power(low: Lowering, tree: Call) -> int:
    """Lower a power; a square is a product, and e to a power is exp."""
    base, exponent = tree.args
    if isinstance(base, Call) and base.op == "e" and not base.args:
        return low.emit(np.exp, low.lower(exponent))
    if isinstance(exponent, Num) and exponent.value == 2:
        at = low.lower(base)
        return low.emit(np.multiply, at, at)
    return low.emit(np.power, *low.operands(tree))


def transposed(low: Lowering, tree: Call) -> int:
    """Lower a transpose; a vector becomes a row."""
    at = low.lower(tree.args[0])
    rank = len(shape_of(tree.args[0], low.shapes))
    if rank == 0:
        return at
    return low.emit((lambda x: x[..., None, :]) if rank == 1 else (lambda x: x.swapaxes(-1, -2)), at)


def indexed(low: Lowering, tree: Call) -> int:
    """Lower an entry or a slice."""
    shape = shape_of(tree.args[0], low.shapes)
    flat, items = index_axes(shape, tree.args[1:])
    if any(low.turning(item) for item in items):
        from .turns import gathered  # few indices read a loop

        return gathered(low, tree.args[0], flat, items)
    at = low.reshaped(low.lower(tree.args[0]), shape, flat)
    where = (..., *_places(low, items, flat))
    return low.emit(lambda x: x[where], at)


def _places(low: Lowering, items: tuple[Expr, ...], shape: Shape) -> list[Array]:
    """Give NumPy's index of `[1, 2..3, :]`."""
    out: list[Array] = []
    for item, size in zip(items, shape, strict=True):
        ends = axis_range(item, size, low.shapes)
        out.append(int(whole_number(item, low.shapes)) - 1 if ends is None else slice(int(ends[0]) - 1, int(ends[1])))
    return out


def placed(low: Lowering, tree: Call) -> int:
    """Lower an array of zeros with the first argument at an index."""
    part, like = tree.args[:2]
    shape = shape_of(like, low.shapes)
    flat, items = index_axes(shape, tree.args[2:])
    taken = shape_of(Call("[]", (like, *tree.args[2:])), low.shapes)
    if any(low.turning(item) for item in items):
        at = low.reshaped(low.lower(part), shape_of(part, low.shapes), taken)
        from .turns import scattered

        return low.reshaped(scattered(low, at, flat, items), flat, shape)
    where = (..., *_places(low, items, flat))
    sizes = tuple(int(size) for size in flat)
    rank = len(taken)

    def place(x: Array) -> Array:
        x = np.asarray(x)
        out = np.zeros((*x.shape[: x.ndim - rank], *sizes), dtype=x.dtype)
        out[where] = x
        return out

    at = low.reshaped(low.lower(part), shape_of(part, low.shapes), taken)
    return low.reshaped(low.emit(place, at), flat, shape)


def joined(low: Lowering, tree: Call) -> int:
    """Lower arrays stacked or set side by side."""
    whole = shape_of(tree, low.shapes)
    axis = 1 if tree.op == "[,]" else 0
    parts: list[int] = []
    for arg in tree.args:
        shape = shape_of(arg, low.shapes)
        full = (*shape, 1, 1)[: max(len(whole), len(shape))]
        parts.append(low.reshaped(low.lower(arg), shape, full))
    rank = len(whole)

    def join(*arrays: Array) -> Array:
        arrays = tuple(np.asarray(array) for array in arrays)
        lead = np.broadcast_shapes(*(array.shape[: array.ndim - rank] for array in arrays))
        return np.concatenate(
            [np.broadcast_to(array, lead + array.shape[array.ndim - rank :]) for array in arrays], axis=axis - rank
        )

    return low.emit(join, *parts)


def stacked(low: Lowering, tree: Call) -> int:
    """Lower arrays along a new leading axis."""
    shape = shape_of(tree, low.shapes)[1:]
    parts = [low.reshaped(low.lower(arg), shape_of(arg, low.shapes), shape) for arg in tree.args]
    rank = len(shape)

    def stack(*arrays: Array) -> Array:
        return np.stack(np.broadcast_arrays(*arrays), axis=-1 - rank)

    return low.emit(stack, *parts)


def diagonal(low: Lowering, tree: Call) -> int:
    """Lower the diagonal matrix of a vector, or the diagonal of a matrix."""
    shape = shape_of(tree.args[0], low.shapes)
    at = low.lower(tree.args[0])
    if len(shape) == 2 and shape[1] != 1:
        return low.emit(lambda x: np.diagonal(x, axis1=-2, axis2=-1), at)
    at = low.reshaped(at, shape, (entries(shape),))
    identity = np.eye(entries(shape))
    return low.emit(lambda x: x[..., None] * identity, at)


def marked(low: Lowering, tree: Call) -> int:
    """Lower at_max and at_min, which look at all entries together."""
    shape = shape_of(tree, low.shapes)
    value = low.shapes.functions[tree.op].value
    assert value is not None
    return low.reshaped(low.emit(value, low.flat(tree.args[0])), (entries(shape),), shape)


def relaid(low: Lowering, tree: Call) -> int:
    """Lower the same entries in another layout."""
    return low.reshaped(low.lower(tree.args[0]), shape_of(tree.args[0], low.shapes), shape_of(tree, low.shapes))


def of_shape(make: Callable[[tuple[int, ...]], Array]) -> Callable[[Lowering, Call], int]:
    """Give the rule for an array that its shape determines."""
    return lambda low, tree: low.constant(make(tuple(int(size) for size in shape_of(tree, low.shapes))))


def spaced(low: Lowering, tree: Call) -> int:
    """Lower linspace."""
    first, last = (fixed_number(arg, low.shapes) for arg in tree.args[:2])
    return low.constant(np.linspace(first or 0.0, last or 0.0, entries(shape_of(tree, low.shapes))))


def counted(low: Lowering, tree: Call) -> int:
    """Lower the number of entries."""
    return low.constant(entries(shape_of(tree.args[0], low.shapes)))
