"""An evaluator of formulas that shares nothing with the one under test: one point at a time, every array a matrix,
derivatives by the complex step (Squire and Trapp, Using complex variables to estimate derivatives of real functions,
1998). It says whether a near miss of a random formula is one: whether the two can be told apart at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple

import numpy as np

from hwcheck.formula.expr import COMPARISONS, Expr, Name, Num
from hwcheck.formula.names import split
from hwcheck.graph.functions import is_unknown
from hwcheck.graph.table import Domain
from hwcheck.sheet.problem import Problem

Array = Any  # one of NumPy's

STEP = 1e-30
SIZES = (2, 3, 4, 5)
#: How far apart two values are that differ, as a part of the larger one, and at how many of the points.
APART = 2e-7
LEAST = 3
#: Smaller and larger values than these say little, and where the key is none of these at most points it is no key.
TINY, HUGE = 1e-4, 1e7


class World(NamedTuple):
    """One point: what the problem's givens, sizes and unknown functions are; `known` keeps what names are worth."""

    problem: Problem
    sizes: Mapping[str, int]
    functions: Mapping[str, Callable[[Array], Array]]
    known: dict[str, Array]


def world(problem: Problem, random: Random) -> World:
    """Draw a point."""
    base = problem.base
    names = list(dict.fromkeys(size for row in base for size in row.shape if isinstance(size, str)))
    sizes = dict(zip(names, random.sample(SIZES, len(names)), strict=True))
    functions: dict[str, Callable[[Array], Array]] = {}
    for name, function in base.functions.items():
        if is_unknown(function) and name.isidentifier():
            functions |= _bend(name, random)
    known: dict[str, Array] = {name: np.full((1, 1), float(size)) for name, size in sizes.items()}
    scale = random.choice((0.5, 1.0, 2.0))
    for row in base:
        if row.formula is None and row.name not in known:
            shape = [*(size if isinstance(size, int) else sizes[size] for size in row.shape), 1, 1][:2]
            known[row.name] = _drawn(base.domains.get(row.name, Domain()), shape, scale, random)
    return World(problem, sizes, functions, known)


def _drawn(domain: Domain, shape: list[int], scale: float, random: Random) -> Array:
    full = np.zeros(shape)
    if domain.kind == "one-hot":
        full[random.randrange(len(full))] = 1.0
        return full
    for at in np.ndindex(*shape):
        if domain.kind == "bit":
            full[at] = random.randrange(2)
        elif np.isfinite(domain.low):
            full[at] = random.uniform(domain.low, domain.high)
        else:
            full[at] = scale * random.choice((-1, 1)) * random.uniform(0.1, 1.9)
    return full


def _bend(name: str, random: Random) -> dict[str, Callable[[Array], Array]]:
    """Draw v -> a arctan(b v + c) + d v^2, with its slope and the slope of that."""
    a, b, c, d = (random.choice((-1, 1)) * random.uniform(0.4, 1.4) for _ in range(4))
    return {
        name: lambda v: a * np.arctan(b * v + c) + d * v * v,
        name + "'": lambda v: a * b / (1 + (b * v + c) ** 2) + 2 * d * v,
        name + "''": lambda v: -2 * a * b * b * (b * v + c) / (1 + (b * v + c) ** 2) ** 2 + 2 * d,
    }


def worth(tree: Expr, at: World) -> Array:
    """Give what a formula is worth at a point, as a matrix.

    Raises:
        ValueError: shapes that do not fit.
    """
    if isinstance(tree, Num):
        return np.full((1, 1), tree.value)
    if isinstance(tree, Name):
        return _named(tree.id, at)
    if tree.op in ("ones", "I"):
        sizes = [round(float(worth(arg, at).real[0, 0])) for arg in tree.args]
        return np.eye(sizes[0]) if tree.op == "I" else np.ones([*sizes, 1][:2])
    args = [worth(arg, at) for arg in tree.args]
    if tree.op in at.functions:
        return at.functions[tree.op](args[0])
    return OPERATIONS[tree.op](*args)


def _named(name: str, at: World) -> Array:
    if name not in at.known:
        row = at.problem.base.rows.get(name)
        parts = split(name)
        if row is not None and row.formula is not None:
            at.known[name] = worth(row.formula, at)
        else:
            at.known[name] = _gradient(parts.of, parts.by, at)
    return at.known[name]


def _gradient(of: str, by: str, at: World) -> Array:
    """Give the derivative of a number by a quantity, entry by entry."""
    point = _named(by, at)
    found = np.zeros(point.shape)
    givens = {row.name: at.known[row.name] for row in at.problem.base if row.formula is None}
    for place in np.ndindex(*point.shape):
        moved = point.astype(complex)
        moved[place] += STEP * 1j
        found[place] = _named(of, at._replace(known={**givens, by: moved})).imag.sum() / STEP
    return found


def _product(x: Array, y: Array) -> Array:
    return x * y if x.size == 1 or y.size == 1 else x @ y


def _larger(x: Array, *others: Array) -> Array:
    if not others:
        return x.flat[np.argmax(x.real)].reshape(1, 1)
    for other in others:
        x = np.where(x.real >= other.real, x, other)
    return x


def _absolute(x: Array) -> Array:
    return np.where(x.real < 0, -x, x)


def _softmax(x: Array) -> Array:
    parts = np.exp(x - x.real.max())
    return parts / parts.sum()


def _total(x: Array) -> Array:
    return x.sum().reshape(1, 1)


def _divided(x: Array, y: Array) -> Array:
    return x / y


def _compared(compare: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    return lambda x, y: compare(x.real, y.real).astype(float)


OPERATIONS: dict[str, Callable[..., Array]] = {
    "+": np.add, "-": np.subtract, "neg": np.negative, "@": _product, "⊙": np.multiply, "*": _product, "/": _divided,
    "^": lambda x, y: x ** (round(float(y.real[0, 0])) if float(y.real[0, 0]).is_integer() else y), "ᵀ": np.transpose,
    "exp": np.exp, "ln": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "abs": _absolute,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "tanh": np.tanh, "relu": lambda x: np.where(x.real > 0, x, 0),
    "softmax": _softmax, "max": _larger, "min": lambda *args: -_larger(*(-arg for arg in args)),
    "if": lambda c, x, y: np.where(c.real != 0, x, y), "pi": lambda: np.full((1, 1), np.pi),
    "e": lambda: np.full((1, 1), np.e),
    "sum": _total, "mean": lambda x: _total(x) / x.size, "norm": lambda x: np.sqrt(_total(x * x)),
    "[]": lambda x, *at: x[tuple(round(float(each.real[0, 0])) - 1 for each in at)].reshape(1, 1),
    "diag": lambda x: np.diag(x.ravel()), "cross_entropy": lambda p, y: -_total(y * np.log(p)),
}  # fmt: skip
OPERATIONS |= dict(
    zip(COMPARISONS, map(_compared, (np.less_equal, np.greater_equal, np.equal, np.not_equal, np.less, np.greater)),
        strict=True)
)  # fmt: skip


def worlds(problem: Problem, random: Random, count: int = 14) -> list[World]:
    """Draw points; each is one of the sizes, functions and givens."""
    return [world(problem, random) for _ in range(count)]


def is_key(tree: Expr, points: list[World]) -> bool:
    """Tell whether a formula has values that say something at most of the points."""
    with np.errstate(all="ignore"):
        found = [np.abs(worth(tree, at)).max() for at in points]
    return len([size for size in found if TINY < size < HUGE]) > 0.8 * len(points)


def tells_apart(key: Expr, other: Expr, points: list[World]) -> bool:
    """Tell whether two formulas are clearly unlike at several of the points."""
    found = 0
    for left, at in zip(range(len(points), 0, -1), points, strict=True):
        found += _unlike(key, other, at)
        if found >= LEAST or found + left <= LEAST:
            break
    return found >= LEAST


def _unlike(key: Expr, other: Expr, at: World) -> bool:
    with np.errstate(all="ignore"):
        one, two = worth(key, at), worth(other, at)
        if one.shape != two.shape and one.size > 1 and two.size > 1 and one.shape != two.T.shape:
            return True
        if np.isfinite(one).all() != np.isfinite(two).all():
            return True
        two = two.reshape(one.shape) if one.size == two.size else two
        largest = np.maximum(np.abs(one), np.abs(two))
        clear = (largest < HUGE) & (largest > TINY * np.nanmax(largest, initial=TINY))
        return bool(((np.abs(one - two) > APART * largest) & clear).any())
