"""Arrays at the border of the graph: from Python's numbers to float64 and back, for the parts that do not use NumPy themselves."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Array(NamedTuple):
    """An array and whether all its entries are finite."""

    value: Any
    is_finite: bool


def array_of(value: Any) -> Array:
    """Give float64 of nested lists or arrays of one shape."""
    array = np.asarray(value, dtype=float)
    return Array(array, bool(np.isfinite(array).all()))


def number_array(value: float) -> Any:
    """Give a number as an array without axes."""
    return np.float64(value).reshape(())


def nested(value: Any) -> Any:
    """Give an array as nested lists of Python numbers; a number for an array without axes."""
    return np.asarray(value, dtype=float).tolist()
