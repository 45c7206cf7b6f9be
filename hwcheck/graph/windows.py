"""Convolution and pooling, a row each: what moves a window over a matrix, or over a vector.

Samples, channels and filters are loop variables. The adjoints are again such operations, so that derivatives of any
order are; stride and gaps change places there: by the kernel, a convolution with stride s is one with gaps s.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..formula.expr import Call, Expr, number
from . import entries, windowentries
from . import windowkernels as kernels
from . import windowshapes as shaped
from .functions import Array, Function, Pullback, Value
from .lower import Lowering
from .shapes import Shape, Shapes, shape_of
from .windowkernels import Window

Read = Callable[[Call, Shapes], Window]

# --- instructions -----------------------------------------------------------------------------------------------------


def _pool(tree: Call, shapes: Shapes) -> Window:
    """Read the window of a pooling of one array."""
    return shaped.of_pool(tree, 1, shapes)


def _over(kernel: Callable[..., Array], read: Read, arrays: int, *fixed: str) -> Callable[[Lowering, Call], int]:
    """Give the rule for a value that a kernel works out of some arrays and the window."""

    def lower(low: Lowering, tree: Call) -> int:
        window = read(tree, low.shapes)
        rank = len(window.size)
        slots: list[int] = []
        for arg in tree.args[:arrays]:
            shape = shape_of(arg, low.shapes)
            slots.append(low.reshaped(low.lower(arg), shape, shape if len(shape) == rank else (1,) * rank))
        adds = kernel in (kernels.correlated, kernels.transposed)
        return low.emit(lambda *parts: kernel(*parts, window, *fixed), *slots, adds=adds)

    return lower


def _averaged(kernel: Value) -> Value:
    """Give a kernel for windows whose entries count alike."""
    return lambda x, window: kernel(x, np.full(window.size, 1 / np.prod(window.size)), window)


def _flip_shape(tree: Call, shapes: Shapes) -> Shape:
    shaped.arrays_of(tree, 1, shapes)
    return shape_of(tree.args[0], shapes)


def _flip(low: Lowering, tree: Call) -> int:
    """Lower an array with its entries in the opposite order."""
    rank = len(shape_of(tree.args[0], low.shapes))
    return low.emit(lambda x: kernels.flipped(x, rank), low.lower(tree.args[0]))


# --- adjoints ---------------------------------------------------------------------------------------------------------


def _same_window(op: str) -> Pullback:
    """Give the adjoint of the first array: another operation with the same window."""
    return lambda tree, arg, g, shapes: Call(op, (g, *tree.args[1:]))


def _behind(op: str) -> Pullback:
    """Give the adjoint of a pooled array: another operation on it with the same window."""
    return lambda tree, arg, g, shapes: Call(op, (g, *tree.args))


def _by_kernel(op: str, turned: bool) -> Pullback:
    """Give the adjoint of the kernel: stride and gaps change places. Of the transposed, the adjoint is the array."""

    def pull(tree: Call, arg: Expr, g: Expr, shapes: Shapes) -> Expr:
        stride, padding, gaps = (shaped.argument(tree, at) for at in (2, 3, 4))
        pair = (g, tree.args[0]) if turned else (tree.args[0], g)
        further = [gaps, padding, stride]
        while further and further[-1] == number(len(further) != 2):
            further.pop()
        return Call(op, (*pair, *further))

    return pull


# --- the rows ---------------------------------------------------------------------------------------------------------


def _convolution(name: str, transpose: str, about: tuple[str, str]) -> tuple[Function, Function]:
    """Give a cross-correlation and its adjoint under some names."""
    forward = Function(
        name,
        ("x", "k", "s", "p", "d"),
        "own",
        vjp=(_same_window(transpose), _by_kernel(name, turned=False), "0", "0", "0"),
        defaults=("1", "0", "1"),
        about=about[0],
        shape=shaped.correlated,
        lower=_over(kernels.correlated, shaped.of_kernel, 2),
        entry=windowentries.products(windowentries.covered),
    )
    back = forward._replace(
        name=transpose,
        vjp=(_same_window(name), _by_kernel(name, turned=True), "0", "0", "0"),
        about=about[1],
        shape=shaped.transposed,
        lower=_over(kernels.transposed, shaped.of_kernel, 2),
        entry=windowentries.products(windowentries.laid),
    )
    return forward, back


def _flipped(name: str, of: str, about: str) -> Function:
    """Give a convolution whose kernel is turned round."""
    return Function(
        name,
        ("x", "k", "s", "p", "d"),
        "body",
        body=f"{of}(x, flip(k), s, p, d)",
        defaults=("1", "0", "1"),
        about=about,
    )


def _placing(ties: str, suffix: str) -> tuple[Function, Function]:
    """Give the adjoint of the largest entries, and its own: which of several entries that are the largest counts is a
    convention."""

    def pool(tree: Call, shapes: Shapes) -> Window:
        return shaped.of_pool(tree, 2, shapes)

    unpool = Function(
        f"unpool{suffix}",
        ("g", "x", "size", "stride", "padding"),
        "own",
        vjp=(_same_window("pick"), "0", "0", "0", "0"),
        defaults=("", "0"),
        about="each entry of g at the place of the largest entry of x in its window, among zeros",
        shape=shaped.unpooled,
        lower=_over(kernels.unpooled, pool, 2, ties),
        entry=entries.marked,
    )
    pick = unpool._replace(
        name=f"pick{suffix}",
        params=("h", *unpool.params[1:]),
        vjp=(_same_window("unpool"), "0", "0", "0", "0"),
        about="the entries of h at the places of the largest entries of x in each window",
        shape=shaped.picked,
        lower=_over(kernels.picked, pool, 2, ties),
    )
    return unpool, pick


_WINDOW = (
    "s is the step, p what is added at the ends, d the distance of the entries that meet; one number for both axes, "
)
_WINDOW += "or [rows, columns], for p also [top, bottom, left, right]"
_POOL = "the step is the size unless given; numbers as for conv"

ROWS = (
    *_convolution(
        "conv",
        "conv_transpose",
        (
            f"the cross-correlation of x with the kernel k; {_WINDOW}",
            "the adjoint of conv: each entry of x lays the kernel down, times itself; arguments as for conv",
        ),
    ),
    *_convolution(
        "correlate",
        "correlate_transpose",
        ("conv, whatever the convention `convolution`", "conv_transpose, whatever the convention `convolution`"),
    ),
    _flipped("conv flipped", "correlate", "the convolution of x with the kernel k turned round"),
    _flipped("conv_transpose flipped", "correlate_transpose", "the adjoint of such a convolution"),
    Function(
        "flip",
        kind="own",
        vjp=("flip(g)",),
        about="the entries in the opposite order, along both axes of a matrix",
        shape=_flip_shape,
        lower=_flip,
        entry=windowentries.flipped,
    ),
    Function(
        "maxpool",
        ("x", "size", "stride", "padding"),
        "own",
        vjp=(_behind("unpool"), "0", "0", "0"),
        defaults=("", "0"),
        aliases=("max_pool",),
        about=f"the largest entry of each window; {_POOL}; what is added at the ends is never the largest",
        shape=shaped.pooled,
        lower=_over(kernels.largest, _pool, 1),
        entry=windowentries.largest,
    ),
    *_placing("first", ""),
    *_placing("share", " sharing"),
    *_placing("all", " to all"),
    Function(
        "avgpool",
        ("x", "size", "stride", "padding"),
        "own",
        vjp=(_same_window("spread"), "0", "0", "0"),
        defaults=("", "0"),
        aliases=("avg_pool",),
        about=f"the mean of each window; {_POOL}; zeros added at the ends count",
        shape=shaped.pooled,
        lower=_over(_averaged(kernels.correlated), _pool, 1),
        entry=windowentries.mean(windowentries.covered),
    ),
    Function(
        "spread",
        ("x", "size", "stride", "padding"),
        "own",
        vjp=(_same_window("avgpool"), "0", "0", "0"),
        defaults=("", "0"),
        about="the adjoint of avgpool: each entry shared out equally over its window",
        shape=shaped.spread,
        lower=_over(_averaged(kernels.transposed), _pool, 1),
        entry=windowentries.mean(windowentries.laid),
    ),
)
