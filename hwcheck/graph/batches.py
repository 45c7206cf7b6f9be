"""Operations on batches: each column of a matrix is a sample, or each row, as the sheet's `samples` says.

A vector, and a matrix of one row or one column, is one sample.
"""

from __future__ import annotations

import numpy as np

from ..formula.expr import Call, Expr, number
from .entries import Index, entry, total
from .fitting import MAX_SIZE
from .functions import Array, Function, Value
from .lower import Lowering
from .shapes import Shape, Shapes, is_number, refused, sample_axis, sample_count, shape_of, show_shape, whole_number

# --- the sum over each sample, at each of its entries -----------------------------------------------------------------


def _sum_shape(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of the sum of each sample, at each of its entries; that of one sample is a number."""
    shape = shape_of(tree.args[0], shapes)
    if len(shape) > 2:
        fix = "write it for each of them, such as `a[n] = softmax(z[n]) for n = 1..2`"
        raise refused(f"a vector or a matrix of samples is wanted here; this is {show_shape(shape)}", tree, fix)
    return () if sample_axis(shape, shapes.samples) is None else shape


def _by_sample(along: Value) -> Value:
    """Give the instructions of a function of all entries of a sample, which lie along the last axis."""

    def lower(low: Lowering, tree: Call) -> int:
        shape = shape_of(tree.args[0], low.shapes)
        at = low.lower(tree.args[0])
        axis = sample_axis(shape, low.shapes.samples)
        if axis is not None:
            return low.emit(along if axis == 0 else lambda x: along(x.swapaxes(-1, -2)).swapaxes(-1, -2), at)
        size = 1
        for length in shape:
            size *= int(length)
        return low.reshaped(low.emit(along, low.reshaped(at, shape, (size,))), (size,), shape)

    return lower


def _summed(x: Array) -> Array:
    return np.broadcast_to(np.add.reduce(x, axis=-1, keepdims=True), x.shape)


def _softmax(x: Array) -> Array:
    """Give exp(x) over its sum; the largest entry is taken off first, so that nothing overflows."""
    raised = np.exp(x - np.max(x.real, axis=-1, keepdims=True))
    return raised / np.add.reduce(raised, axis=-1, keepdims=True)


def _log_softmax(x: Array) -> Array:
    shifted = x - np.max(x.real, axis=-1, keepdims=True)
    return shifted - np.log(np.add.reduce(np.exp(shifted), axis=-1, keepdims=True))


softmax = _by_sample(_softmax)
log_softmax = _by_sample(_log_softmax)


def _sum_entry(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write out the sum over the sample that an entry belongs to."""
    rows, columns = (int(size) for size in shape_of(tree, shapes))
    if sample_axis((rows, columns), shapes.samples) == 0:
        places = [(index[0], k) for k in range(1, columns + 1)]
    else:
        places = [(k, index[1]) for k in range(1, rows + 1)]
    return total([entry(tree.args[0], place, shapes) for place in places])


# --- classes ----------------------------------------------------------------------------------------------------------


def _classes_shape(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of one-hot vectors: a vector for one label, a matrix of samples for several."""
    labels = shape_of(tree.args[0], shapes)
    count = whole_number(tree.args[1], shapes)
    if isinstance(count, int) and not 1 <= count <= MAX_SIZE:
        raise refused(
            f"there cannot be {count} classes", tree.args[1], f"their number is from 1 to {MAX_SIZE}", "HW311"
        )
    if is_number(labels):
        return (count,)
    several = [size for size in labels if size != 1]
    if len(several) > 1:
        raise refused(f"labels are a number or a vector; this is {show_shape(labels)}", tree.args[0])
    return (count, several[0]) if shapes.samples == "columns" else (several[0], count)


def _classes(first: int) -> tuple[Value, Value]:
    """Give the instructions of one-hot vectors, and the formula of one entry; the classes count from `first`."""

    def lower(low: Lowering, tree: Call) -> int:
        shape, labels = shape_of(tree, low.shapes), shape_of(tree.args[0], low.shapes)
        number_of = int(whole_number(tree.args[1], low.shapes))
        classes = np.arange(first, first + number_of, dtype=float)
        by_columns = len(shape) == 2 and low.shapes.samples == "columns"

        def mark(label: Array) -> Array:
            """Give 1 at the label's class; a label of no class has no value."""
            label = np.asarray(label).real[..., None]
            found = np.where((classes == label).any(axis=-1, keepdims=True), classes == label, np.nan)
            return found.swapaxes(-1, -2) if by_columns else found

        wanted: Shape = () if len(shape) == 1 else (max(int(size) for size in labels),)
        return low.emit(mark, low.reshaped(low.lower(tree.args[0]), labels, wanted))

    def write(tree: Call, index: Index, shapes: Shapes) -> Expr:
        labels = shape_of(tree.args[0], shapes)
        one, sample = (index[0], 1) if len(index) == 1 else index if shapes.samples == "columns" else index[::-1]
        place = tuple(1 if size == 1 else sample for size in labels)
        return Call("==", (entry(tree.args[0], place, shapes), number(one - 1 + first)))

    return lower, write


def _one_hot(name: str, first: int) -> Function:
    lower, write = _classes(first)
    return Function(
        name,
        ("y", "K"),
        "own",
        vjp=("0", "0"),
        about=f"the vector of K entries with 1 at class y and 0 elsewhere; classes count from {first}",
        range=(0, 1),
        shape=_classes_shape,
        lower=lower,
        entry=write,
    )


ROWS = (
    Function(
        "sample_sum",
        kind="own",
        vjp=("sample_sum(g)",),
        about="the sum of the entries of each sample, at each of them",
        shape=_sum_shape,
        lower=_by_sample(_summed),
        entry=_sum_entry,
    ),
    Function(
        "samples",
        kind="all",
        vjp=("0",),
        about="the number of samples: of columns or rows of a matrix as `samples` says, 1 for a vector",
        lower=lambda low, tree: low.constant(sample_count(shape_of(tree.args[0], low.shapes), low.shapes.samples)),
        entry=lambda tree, index, shapes: number(int(sample_count(shape_of(tree.args[0], shapes), shapes.samples))),
    ),
    _one_hot("one_hot", 0),
    _one_hot("one_hot from 1", 1),
)
