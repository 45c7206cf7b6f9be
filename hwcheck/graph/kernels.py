"""Values that NumPy does not give by itself: the conventions at 0, and functions of all entries along the last axis.

Complex numbers may come in, with a derivative in their imaginary part: what branches goes by the real part.
"""

from __future__ import annotations

import math

import numpy as np

from .functions import Array, Value


def xlogy(x: Array, y: Array) -> Array:
    """Give x ln y, which is 0 where x is 0."""
    return _zero_where_zero(x, x * np.log(y))


def ratio(x: Array, y: Array) -> Array:
    """Give x/y, which is 0 where x is 0."""
    return _zero_where_zero(x, x / y)


def _zero_where_zero(x: Array, value: Array) -> Array:
    none = x == 0
    return np.where(none, 0.0, value) if np.count_nonzero(none) else value


def absolute(x: Array) -> Array:
    """Give |x|."""
    return np.abs(x) if x.dtype.kind != "c" else np.where(x.real < 0, -x, x)


def sign(x: Array) -> Array:
    """Give -1, 0 or 1."""
    return np.sign(x.real)


def floor(x: Array) -> Array:
    """Give the largest whole number that is not above x."""
    return np.floor(x.real)


_ERF = np.frompyfunc(math.erf, 1, 1)


def erf(x: Array) -> Array:
    """Give the error function; NumPy has none."""
    value = np.asarray(_ERF(x.real), dtype=float)
    return value if x.dtype.kind != "c" else value + 1j * x.imag * (2 / math.sqrt(math.pi)) * np.exp(-(x.real**2))


def compared(compare: Value) -> Value:
    """Give a comparison whose value is 0 or 1."""
    return lambda x, y: np.asarray(compare(x.real, y.real), dtype=float)[()]


def over_all(pair: np.ufunc) -> Value:
    """Give the function of all entries along the last axis that takes them two at a time."""
    return lambda x: pair.reduce(x, axis=-1)


def at(find: Value, ties: str = "first") -> Value:
    """Give the function that marks the entry which `find` finds among all entries along the last axis.

    Of several that are equal, by the convention the first counts, or each an equal share, or each as if it were alone.
    """

    def mark(x: Array) -> Array:
        place = find(x.real, axis=-1, keepdims=True)
        if ties == "first":
            return (np.arange(x.shape[-1]) == place).astype(float)
        tied = (x.real == np.take_along_axis(x.real, place, axis=-1)).astype(float)
        return tied if ties == "all" else tied / tied.sum(axis=-1, keepdims=True)

    return mark
