"""What a window over a matrix or a vector is told by its arguments, and the shapes that it makes.

The arithmetic is that of Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016); a window whose
steps do not end with the axis is refused, as what is left over would be lost in silence.
"""

from __future__ import annotations

from ..formula.expr import Call, Expr
from ..formula.show import unicode
from .algebra import ONE, ZERO
from .shapes import Shape, Shapes, is_number, refused, shape_of, show_shape, whole_number
from .sizes import Size, multiplied, plus
from .windowkernels import Window

#: What the places along an axis are called, and its last end; by the number of axes.
AXES = {1: (("entries", "right"),), 2: (("rows", "bottom"), ("columns", "right"))}

# --- what the arguments say -------------------------------------------------------------------------------------------


def arrays_of(tree: Call, count: int, shapes: Shapes) -> list[Shape]:
    """Give the shapes of the arrays that a window goes over, of one or two axes each; a number has one entry."""
    found = [shape_of(arg, shapes) for arg in tree.args[:count]]
    rank = max(1, *(len(shape) for shape in found))
    for arg, shape in zip(tree.args, found, strict=False):
        if rank > 2 or (len(shape) != rank and not is_number(shape)):
            parts = " and ".join(
                f"`{unicode(one)}` is {show_shape(shape_of(one, shapes))}" for one in tree.args[:count]
            )
            fix = "samples, channels and filters are loop variables: `sum(c = 1..2, conv(X[n,c], K[f,c])) for n = 1..3`"
            raise refused(f"`{tree.op}` takes matrices, or vectors: {parts}", arg, fix if rank > 2 else "")
    return [shape if len(shape) == rank else (1,) * rank for shape in found]


def _numbers(tree: Expr, least: int, shapes: Shapes) -> list[int]:
    """Read a whole number or a list of such."""
    items = tree.args if isinstance(tree, Call) and tree.op in ("[,]", "[;]") else (tree,)
    found: list[int] = []
    for item in items:
        size = whole_number(item, shapes)
        if not isinstance(size, int) or size < least:
            raise refused(
                f"`{unicode(item)}` cannot stand here", item, f"write a whole number from {least} on", "HW311"
            )
        found.append(size)
    return found


def _for_axes(tree: Expr, rank: int, what: str, shapes: Shapes) -> tuple[int, ...]:
    """Read one number for both axes, or one for each."""
    found = _numbers(tree, 1, shapes)
    if len(found) not in (1, rank):
        fix = "write one number, or one for each axis, as in [2, 1]"
        raise refused(f"{what} has {rank} numbers at most; these are {len(found)}", tree, fix, "HW311")
    return tuple(found * rank)[:rank]


def _around(tree: Expr, rank: int, shapes: Shapes) -> tuple[tuple[int, int], ...]:
    """Read the padding: one number, one for each axis, or one for each end."""
    found = _numbers(tree, 0, shapes)
    if len(found) not in (1, rank, 2 * rank):
        fix = "write one number, [rows, columns] or [top, bottom, left, right]"
        raise refused(f"the padding cannot be {len(found)} numbers", tree, fix, "HW311")
    if len(found) == 2 * rank:
        return tuple((found[2 * axis], found[2 * axis + 1]) for axis in range(rank))
    each = (found * rank)[:rank]
    return tuple((size, size) for size in each)


def argument(tree: Call, at: int) -> Expr:
    """Give an argument that may be left out: 0 as the padding, 1 otherwise."""
    return tree.args[at] if at < len(tree.args) else ZERO if at == 3 else ONE


def _sizes(shape: Shape) -> tuple[int, ...]:
    return tuple(int(size) for size in shape)


def of_kernel(tree: Call, shapes: Shapes) -> Window:
    """Read the window of a convolution: x, k, stride, padding, dilation."""
    kernel = arrays_of(tree, 2, shapes)[1]
    rank = len(kernel)
    stride, gaps = (_for_axes(argument(tree, at), rank, what, shapes) for at, what in ((2, "a stride"), (4, "a gap")))
    return Window(_sizes(kernel), stride, _around(argument(tree, 3), rank, shapes), gaps)


def of_pool(tree: Call, arrays: int, shapes: Shapes) -> Window:
    """Read the window of a pooling: arrays, size, stride (that of the window), padding."""
    rank = len(arrays_of(tree, arrays, shapes)[0])
    size = _for_axes(tree.args[arrays], rank, "a window", shapes)
    further = tree.args[arrays + 1 :]
    stride = _for_axes(further[0], rank, "a stride", shapes) if further else size
    around = _around(further[1], rank, shapes) if len(further) > 1 else ((0, 0),) * rank
    if any(max(ends) >= length for ends, length in zip(around, size, strict=True)):
        raise refused("a padding this wide leaves windows with nothing in them", further[1], "pad by less", "HW311")
    return Window(size, stride, around, (1,) * rank)


# --- sizes ------------------------------------------------------------------------------------------------------------


def _steps(tree: Call, sizes: Shape, window: Window) -> Shape:
    """Give in how many places a window stands.

    Raises:
        FormulaError: the window is too large, or its steps do not end with the axis.
    """
    found: list[Size] = []
    for axis, size in enumerate(sizes):
        name = AXES[len(sizes)][axis][0]
        padded, span, stride = plus(size, sum(window.padding[axis])), window.span(axis), window.stride[axis]
        room = plus(padded, span, -1)
        if not isinstance(room, int):
            if stride != 1:
                what = (
                    f"steps of {stride} need a size that is a number, and `{unicode(tree.args[0])}` has {size} {name}"
                )
                raise refused(what, tree, "give the size a number", "HW311")
            found.append(plus(room, 1))
            continue
        beside = f" with {sum(window.padding[axis])} of padding" if sum(window.padding[axis]) else ""
        if room < 0:
            what = f"a window of {span} does not fit on {size} {name}{beside}"
            raise refused(what, tree, "take a smaller one, or pad", "HW311")
        if room % stride:
            on = f"a window of {span} on {size} {name}{beside}"
            what = f"steps of {stride} do not fit: {on} leaves {room % stride} over"
            raise refused(what, tree, _mended(window, axis, stride - room % stride), "HW311")
        found.append(room // stride + 1)
    return tuple(found)


def _mended(window: Window, axis: int, missing: int) -> str:
    """Say which padding or stride would fit."""
    ends = [[*around] for around in window.padding]
    ends[axis][1] += missing
    whole = ", ".join(str(end) for around in ends for end in around)
    return f"pad {missing} more at the {AXES[len(ends)][axis][1]}, [{whole}], or take another stride"


def correlated(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of a convolution."""
    return _steps(tree, arrays_of(tree, 2, shapes)[0], of_kernel(tree, shapes))


def transposed(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of a transposed convolution: that of what a convolution makes this shape of."""
    window = of_kernel(tree, shapes)
    found: list[Size] = []
    for axis, count in enumerate(arrays_of(tree, 2, shapes)[0]):
        steps = multiplied(plus(count, 1, -1), window.stride[axis])
        size = plus(steps, window.span(axis) - sum(window.padding[axis]))
        if isinstance(size, int) and size < 1:
            raise refused("this padding takes everything away", tree, "pad by less", "HW311")
        found.append(size)
    return tuple(found)


def pooled(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of a pooling."""
    return _steps(tree, arrays_of(tree, 1, shapes)[0], of_pool(tree, 1, shapes))


def spread(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of what an average was taken of."""
    window = of_pool(tree, 1, shapes)
    counts = _sizes(arrays_of(tree, 1, shapes)[0])
    return tuple(
        (count - 1) * window.stride[axis] + window.size[axis] - sum(window.padding[axis])
        for axis, count in enumerate(counts)
    )


def unpooled(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of entries laid at the places of the largest ones."""
    pooled, whole = arrays_of(tree, 2, shapes)
    return _both(tree, pooled, _steps(tree, whole, of_pool(tree, 2, shapes)), whole)


def picked(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of entries picked at the places of the largest ones."""
    first, whole = arrays_of(tree, 2, shapes)
    return _both(tree, first, whole, _steps(tree, whole, of_pool(tree, 2, shapes)))


def _both(tree: Call, given: Shape, wanted: Shape, found: Shape) -> Shape:
    if given != wanted:
        raise refused(f"{show_shape(wanted)} is wanted here; this is {show_shape(given)}", tree.args[0])
    return found
