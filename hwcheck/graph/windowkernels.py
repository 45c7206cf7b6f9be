"""Values of what moves a window over the last one or two axes; any axes may stand in front of them.

A window's entries are taken in the order of a page, row by row. What is added up is added in a fixed order, entry by
entry, so that the row of a batch is that of a single run, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import numpy as np

from ..record import NamedTuple
from .functions import Array

Places = tuple[int, ...]
OnAxes = tuple[Any, ...]  # NumPy's index of some last axes


class Window(NamedTuple):
    """How a window of some size goes over axes: by which steps, beyond the ends by how much, with which gaps.

    `padding` has the number of places before the first and behind the last entry of each axis; with a `dilation` of 2
    the window takes every second entry.
    """

    size: Places
    stride: Places
    padding: tuple[tuple[int, int], ...]
    dilation: Places

    def span(self, axis: int) -> int:
        """Give how many places of an axis the window spans."""
        return (self.size[axis] - 1) * self.dilation[axis] + 1

    def steps(self, sizes: Places) -> Places:
        """Give in how many places the window stands, for each axis."""
        padded = [size + sum(around) for size, around in zip(sizes, self.padding, strict=True)]
        return tuple((size - self.span(axis)) // self.stride[axis] + 1 for axis, size in enumerate(padded))

    def entries(self) -> Iterator[Places]:
        """Give the places inside of the window."""
        return product(*map(range, self.size))

    def met(self, entry: Places, steps: Places) -> OnAxes:
        """Give NumPy's index of what an entry of the window meets on the padded axes, one place for each step."""
        starts = [place * gap for place, gap in zip(entry, self.dilation, strict=True)]
        return _of_last(
            slice(start, start + (count - 1) * stride + 1, stride)
            for start, count, stride in zip(starts, steps, self.stride, strict=True)
        )

    def at(self, step: Places) -> OnAxes:
        """Give NumPy's index of what the window covers of the padded axes in one step."""
        starts = [place * stride for place, stride in zip(step, self.stride, strict=True)]
        return _of_last(slice(start, start + self.span(axis), self.dilation[axis]) for axis, start in enumerate(starts))


def _of_last(places: Iterable[Any]) -> OnAxes:
    return (..., *places)


def _rank(window: Window) -> int:
    return len(window.size)


def _padded(x: Array, window: Window, value: float = 0.0) -> Array:
    if not any(map(sum, window.padding)):
        return x
    return np.pad(x, [(0, 0)] * (x.ndim - _rank(window)) + list(window.padding), constant_values=value)


def _cropped(x: Array, window: Window) -> Array:
    ends = [
        slice(before, size - behind)
        for (before, behind), size in zip(window.padding, x.shape[-_rank(window) :], strict=True)
    ]
    return x[_of_last(ends)]


def _sizes(x: Array, window: Window) -> Places:
    return tuple(x.shape[x.ndim - _rank(window) :])


def _spread(x: Array, entry: Places) -> Array:
    """Give one entry of the last axes, with axes of one place in their stead."""
    return x[_of_last(entry)][_of_last([None] * len(entry))]


def correlated(x: Array, k: Array, window: Window) -> Array:
    """Give the cross-correlation: at each step the sum of the products of kernel and entries."""
    steps = window.steps(_sizes(x, window))
    x = _padded(x, window)
    if np.prod(window.size) <= np.prod(steps):
        parts = (x[window.met(entry, steps)] * _spread(k, entry) for entry in window.entries())
        total = next(parts)
        for part in parts:
            total = total + part
        return total
    sums = []
    for step in product(*map(range, steps)):
        both = np.ascontiguousarray(x[window.at(step)] * k)
        sums.append(both.reshape(*both.shape[: both.ndim - _rank(window)], -1).sum(axis=-1))
    found = np.stack(sums, axis=-1)
    return found.reshape(*found.shape[:-1], *steps)


def transposed(y: Array, k: Array, window: Window) -> Array:
    """Give the adjoint of the cross-correlation: each entry lays the kernel down, times itself."""
    rank, steps = _rank(window), _sizes(y, window)
    sizes = [(count - 1) * window.stride[axis] + window.span(axis) for axis, count in enumerate(steps)]
    lead = np.broadcast_shapes(y.shape[: y.ndim - rank], k.shape[: k.ndim - rank])
    out: Array = np.zeros((*lead, *sizes), dtype=np.result_type(y, k, float))
    if np.prod(window.size) <= np.prod(steps):
        for entry in window.entries():
            out[window.met(entry, steps)] += y * _spread(k, entry)
    else:
        for step in product(*map(range, steps)):
            out[window.at(step)] += _spread(y, step) * k
    return _cropped(out, window)


def _windows(x: Array, window: Window, value: float = 0.0) -> Array:
    """Give the entries of the window at each step, on a last axis."""
    steps = window.steps(_sizes(x, window))
    x = _padded(x, window, value)
    return np.stack([x[window.met(entry, steps)] for entry in window.entries()], axis=-1)


def largest(x: Array, window: Window) -> Array:
    """Give the largest entry of the window at each step; what lies beyond the ends is never the largest."""
    found = _windows(x, window, -np.inf)
    return np.take_along_axis(found, found.real.argmax(axis=-1)[..., None], axis=-1)[..., 0]


def shares(x: Array, window: Window, ties: str) -> Array:
    """Give the share of each entry of the window, at each step, in the largest: of several that are, by the convention
    the first has it all, or each an equal share, or each has it all."""
    found = _windows(x.real, window, -np.inf)
    if ties == "first":
        return (np.arange(found.shape[-1]) == found.argmax(axis=-1)[..., None]).astype(float)
    tied = (found == found.max(axis=-1, keepdims=True)).astype(float)
    return tied if ties == "all" else tied / tied.sum(axis=-1, keepdims=True)


def picked(h: Array, x: Array, window: Window, ties: str) -> Array:
    """Give the entries of `h` at the places of the largest entries of `x`."""
    found = _windows(h, window) * shares(x, window, ties)
    return np.ascontiguousarray(found).sum(axis=-1)


def unpooled(g: Array, x: Array, window: Window, ties: str) -> Array:
    """Lay each entry of `g` at the place of the largest entry of `x` in its window, among zeros."""
    rank = _rank(window)
    share = shares(x, window, ties)
    sizes = [size + sum(around) for size, around in zip(_sizes(x, window), window.padding, strict=True)]
    lead = np.broadcast_shapes(g.shape[: g.ndim - rank], x.shape[: x.ndim - rank])
    out: Array = np.zeros((*lead, *sizes), dtype=np.result_type(g, float))
    steps = window.steps(_sizes(x, window))
    for at, entry in enumerate(window.entries()):
        out[window.met(entry, steps)] += g * share[..., at]
    return _cropped(out, window)


def flipped(x: Array, rank: int) -> Array:
    """Give the entries of the last axes in the opposite order."""
    return x[_of_last([slice(None, None, -1)] * rank)]
