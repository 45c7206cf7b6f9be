"""Random points: a problem with numbers for everything that it leaves open.

Two formulas are the same if they agree wherever both can be worked out, whatever the givens, the sizes and the unknown
functions are (Schwartz, Fast probabilistic algorithms for verification of polynomial identities, 1980, for polynomials;
a smooth function that is 0 at randomly drawn points is 0). So all of these are drawn: sizes unlike each other, so that
a transposition shows; numbers of both signs that are no whole ones, small and large; unknown functions that are neither
even nor odd and have no simple relation to each other. The draws are the same in every run.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from ...formula.expr import Call, Expr, Num, names, walk
from ...graph.algebra import times
from ...graph.functions import Array, Function, Functions, is_unknown
from ...graph.shapes import Shape, Shapes
from ...graph.table import Definition, Domain, Table
from ...record import NamedTuple
from ...remember import remembered
from ...sheet.problem import Problem
from ...sheet.steps import constant, state_shape
from ...sheet.training import name_at

#: Points of one draw of sizes and functions, and the most draws that are made to find enough of them.
POINTS = 29
LEAST_DRAWS = 3
MOST_DRAWS = 12
#: A formula is compared at no fewer points at which it can be worked out.
LEAST_POINTS = 40
#: The sizes that are drawn; 1 is none of them, because an array of one entry goes wherever a number goes.
SIZES = (2, 3, 4, 5, 6, 7)
#: Derivatives of an unknown function that formulas may read.
PRIMES = 4
#: Of every four draws, two have numbers of both signs; where these make no sense, as in a logarithm, positive ones
#: below 1, or those near the values that the sheet gives, may.
KINDS = ("any", "any", "positive", "near")
#: How large the numbers of a point are, about.
SCALES = (0.03, 0.4, 1.0, 1.0, 1.0, 2.5, 2.5, 8.0, 30.0)


class Points(NamedTuple):
    """One draw: the problem with sizes and functions, and with values that have the points on their first axis.

    `known` keeps what formulas are worth at these points.
    """

    problem: Problem
    values: dict[str, Array]
    known: dict[Expr, Any]


#: So many draws of one problem are kept.
MOST_KEPT = 100
_DRAWN: WeakKeyDictionary[Table, dict[tuple[str, int], Points]] = WeakKeyDictionary()


def draw(problem: Problem, number: int, pinned: Mapping[str, Array]) -> Points:
    """Give the points of one draw, the same each time; givens that are pinned have that value at all of them."""
    mark = repr(sorted((name, np.asarray(value).tolist()) for name, value in pinned.items())), number
    return remembered(_DRAWN.setdefault(problem.base, {}), mark, MOST_KEPT, lambda: _drawn(problem, number, pinned))


def _drawn(problem: Problem, number: int, pinned: Mapping[str, Array]) -> Points:
    random = np.random.default_rng([20, number])
    old = problem.base
    base = old.without_rows(_functions(old.functions, random))
    base.sizes.update(_sizes(old, random))
    kind = KINDS[number % len(KINDS)]
    values: dict[str, Array] = {}
    for row in old:
        shape = tuple(size if isinstance(size, int) else int(base.sizes[size]) for size in row.shape)
        if row.formula is not None:
            base.define(row.name, row.formula, row.role, row.step, row.forms, shape)
            continue
        base.give(row.name, shape, None, row.step)
        if row.name in pinned:
            value = np.broadcast_to(np.asarray(pinned[row.name], dtype=float), (POINTS, *shape))
        elif row.name in base.sizes:
            value = np.full(POINTS, base.sizes[row.name])
        else:
            value = _numbers(row, shape, old, random, kind)
            if _is_distribution(row, old):
                base.distributions.add(row.name)
        values[row.name] = base.values[row.name] = value
    training = problem.training
    if training is not None:  # a state may be anything before the first step, and what is squared is not negative
        shapes = {title: state_shape(training, base, title, name) for title, name in training.states.items()}
        state: dict[str, Array] = {}
        for title, named in shapes.items():
            start, full = name_at(training, base, title, 0), (POINTS, *map(int, named))
            known = np.asarray(pinned.get(start, 0.0))
            state[title] = np.broadcast_to(known, full) if start in pinned else random.uniform(0.05, 1.6, full)
            values[start] = state[title]
        training = training._replace(state=state)
    return Points(problem._replace(base=base, training=training, tables={}), values, {})


def at_rest(problem: Problem, read: Container[str]) -> dict[str, Array]:
    """Give the states before the first step, but for those that are read: what is 0 by the rule need not be written."""
    training = problem.training
    if training is None:
        return {}
    out: dict[str, Array] = {}
    for title, name in training.states.items():
        start = name_at(training, problem.base, title, 0)
        known = isinstance(training.rule.starts[name], Num) or title in training.state
        if start not in read and known:
            number = constant(training.rule.starts[name], problem.base)
            out[start] = training.state.get(title, np.asarray(number))
    return out


def _sizes(table: Table, random: np.random.Generator) -> dict[str, float]:
    """Draw a number for each size that is a name, no two alike, and none of those that are numbers."""
    names = dict.fromkeys(size for row in table for size in row.shape if isinstance(size, str))
    fixed = {size for row in table for size in row.shape}
    free = [size for size in SIZES if size not in fixed] or list(SIZES)
    order = random.permutation(len(free))
    return {name: float(free[order[at % len(free)]] + at // len(free)) for at, name in enumerate(names)}


def _numbers(row: Definition, shape: Shape, table: Table, random: np.random.Generator, kind: str) -> Array:
    """Draw the values of a given where it may lie."""
    full = (POINTS, *(int(size) for size in shape))
    domain = table.domains.get(row.name, Domain())
    if domain.kind == "bit":
        return random.integers(0, 2, full).astype(float)
    if domain.kind == "one-hot":
        return np.eye(full[-1])[random.integers(0, full[-1], full[:-1])]
    if np.isfinite(domain.low) and np.isfinite(domain.high):
        return domain.low + (domain.high - domain.low) * random.uniform(0.02, 0.98, full)
    if _is_distribution(row, table):
        parts = random.uniform(0.05, 1.0, full)
        total: Array = parts / parts.sum(axis=tuple(range(1, parts.ndim)), keepdims=True)
        return total
    if kind == "near" and row.name in table.values:
        return np.asarray(table.values[row.name] * random.uniform(0.8, 1.25, full))
    if kind == "positive":
        return random.uniform(0.05, 0.95, full)
    signs = random.choice((-1.0, 1.0), full)
    scale = random.choice(SCALES, POINTS).reshape(POINTS, *([1] * len(shape)))
    numbers: Array = signs * random.uniform(0.15, 1.6, full) * scale
    return numbers


def _is_distribution(row: Definition, table: Table) -> bool:
    """Tell whether a given is the target of a cross-entropy: its entries add up to 1, and logarithms alone read it."""
    value = table.values.get(row.name)
    if value is None or not row.shape or (value < 0).any() or abs(float(value.sum()) - 1) > 1e-9:
        return False
    readers = [other.formula for other in table if other.formula is not None and row.name in names(other.formula)]
    ops = [{part.op for part in walk(formula) if isinstance(part, Call)} for formula in readers]
    return bool(ops) and all(some & {"ln", "cross_entropy"} for some in ops)


def _functions(functions: Functions, random: np.random.Generator) -> Functions:
    """Put a drawn function, with its derivatives, in the place of each unknown one."""
    found = dict(functions)
    for name, row in functions.items():
        if is_unknown(row) and "'" not in name and name.isidentifier():
            found.update(_wave(name, random))
    return found


def _wave(name: str, random: np.random.Generator) -> dict[str, Function]:
    """Draw v -> a sin(b v + c) + d v + e, another one at each point: it and its slope take both signs, and it has no
    symmetry."""
    a, b = random.uniform(0.5, 1.5, (2, POINTS))
    c = random.uniform(0.3, 2.8, POINTS)
    d, e = random.choice((-1.0, 1.0), (2, POINTS)) * random.uniform(0.25, 0.9, (2, POINTS))
    rows: dict[str, Function] = {}
    for order in range(PRIMES + 1):
        # the derivative of sin(b v + c) is b sin(b v + c + pi/2)
        size, shift = a * b**order, c + order * np.pi / 2
        slope, level = (d, e) if order == 0 else (0.0 * d, d if order == 1 else 0.0 * d)
        title = name + "'" * order
        value = partial(_wave_at, (size, b, shift, slope, level))
        rows[title] = Function(title, value=value, slope=f"{title}'(x)", vjp=(_pulled,))
    return rows


def _pulled(tree: Call, arg: Expr, g: Expr, shapes: Shapes) -> Expr:
    """Give the adjoint of a drawn function's argument."""
    return times(g, Call(tree.op + "'", (arg,)), shapes)


def _wave_at(parts: tuple[Array, ...], v: Array) -> Array:
    """Give the value of a drawn function; what is the same at all points gets their axis, as the functions differ."""
    array = np.asarray(v, dtype=float)
    array = array if array.ndim and array.shape[0] == POINTS else array[None]
    size, b, shift, slope, level = (part.reshape(-1, *[1] * (array.ndim - 1)) for part in parts)
    value: Array = size * np.sin(b * array + shift) + slope * array + level
    return value
