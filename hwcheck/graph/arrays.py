"""Arrays at the border of the graph: from Python's numbers to float64 and back, for the parts that do not use NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]
    #: An array as nested lists; a number for an array without axes.
    Nested = float | list["Nested"]


def array_of(value: ArrayLike) -> Array:
    """Give float64 of a number, of nested lists, or of arrays of one shape."""
    return np.asarray(value, dtype=float)


def is_finite(value: Array) -> bool:
    """Tell whether all entries are finite."""
    return bool(np.isfinite(value).all())


def nested(value: ArrayLike) -> Nested:
    """Give an array as nested lists of Python numbers."""
    found: Nested = np.asarray(value, dtype=float).tolist()
    return found


def spread(value: float, shape: tuple[int | str, ...]) -> Array:
    """Give an array of a shape whose sizes are numbers, with the same number for every entry."""
    return np.full([int(size) for size in shape], value, dtype=float)


def chosen(value: Array, numbers: tuple[int, ...], axis: int) -> Array:
    """Give some of the places along an axis, counted from 1."""
    return np.take(value, [each - 1 for each in numbers], axis=axis)
