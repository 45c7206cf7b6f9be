"""Conditions tried at many inputs at once: which hold, where one fails first, and how near the thresholds come to 0.

Numbers that differ in their last bits alone are equal, as they are by hand. A formula that has no value near 0 fails
there; far out, where double precision ends, that says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ..formula.expr import COMPARISONS, names
from ..graph.evaluate import compile_table
from ..graph.functions import Array
from ..record import NamedTuple
from ..sheet.constructs import RANGE, Condition, thresholds
from ..sheet.problem import Problem, expand
from .inputs import REACH, Inputs
from .lastbits import worked_out
from .work import comparing

#: Two sides are equal up to this part of them: numbers that students find have few digits.
EQUAL = 1e-9
#: What differs by less than this on a scale of 1 may be reached far out.
NEARLY = 1e-9
#: Where rounding may move a side by more than this, beside a scale of 1, nothing can be said.
VAGUE = 1e-6


#: By the reach of the inputs: values, and the inputs that they belong to.
Values = tuple[tuple[float, Array, Array], ...]


class Failure(NamedTuple):
    """Where a condition does not hold first: the input, what stands on both sides, at how many inputs of how many.

    A side is None where it has no value; `vague` tells that rounding alone decides there.
    """

    at: dict[str, Array]
    left: Array | None
    right: Array | None
    vague: bool = False
    fails: int = 0
    of: int = 0


class Side(NamedTuple):
    """What stands on one side of a condition at each input, and how far rounding may have moved it."""

    value: Array
    blur: Array


class Tried(NamedTuple):
    """What was found about one condition: where it fails, None where it holds.

    `values` are, by the reach of the inputs, those of a function that is to fill a range, or by how much an ordered
    comparison holds, each beside the inputs.
    """

    failure: Failure | None
    values: Values = ()


class Margin(NamedTuple):
    """The threshold that comes nearest to 0: in which quantity, how near, and at which input."""

    where: str
    size: float
    at: dict[str, Array]


class Trial(NamedTuple):
    """What was found about all conditions, and the margin where the inputs are bits alone."""

    conditions: tuple[Tried, ...]
    margin: Margin | None

    @property
    def holds(self) -> bool:
        """Tell whether every condition that compares holds; a range is left to another look."""
        return all(each.failure is None for each in self.conditions)


def tried(
    problem: Problem, conditions: tuple[Condition, ...], inputs: list[Inputs], values: Mapping[str, Array]
) -> Trial:
    """Try conditions at all inputs; `values` are those of the other givens.

    Raises:
        FormulaError: shapes that do not fit, or more than can be worked out.
    """
    return trying(problem, conditions, values, inputs[0].reach == 1.0)(inputs)


def trying(
    problem: Problem, conditions: tuple[Condition, ...], values: Mapping[str, Array], on_bits: bool = False
) -> Callable[[list[Inputs]], Trial]:
    """Make conditions ready to be tried at any inputs; thresholds are looked at where these are bits alone.

    Raises:
        FormulaError: shapes that do not fit, or more than can be worked out.
    """
    sides = [side for each in conditions for side in each.sides]
    table = expand(problem, [name for side in sides for name in names(side)]).copy()
    sites = list(thresholds(table, conditions)) if on_bits else []
    rows = [[table.define(f" {at} {place}", side).name for place, side in enumerate(each.sides)]
            for at, each in enumerate(conditions)]  # fmt: skip
    edges = [table.define(f" threshold {at}", site.formula).name for at, site in enumerate(sites)]
    wanted = [*(name for some in rows for name in some), *edges]
    needed = [name for name in table.needed(wanted) if table[name].formula is None]
    shapes = {name: tuple(int(size) for size in table.shape(name)) for name in wanted}
    program, compares = compile_table(table, wanted, batched=True), comparing(table)
    slots = {program.slots[name] for name in wanted}

    def worked(group: Inputs) -> dict[str, Side]:
        given = {
            name: group.values[name]
            if name in group.values
            else _spread(values.get(name, table.values.get(name)), group)
            for name in needed
        }
        out = worked_out(program, given, slots, compares)
        return {
            name: Side(*(_at_each(part, shape, group) for part in out[program.slots[name]]))
            for name, shape in shapes.items()
        }

    def at(inputs: list[Inputs]) -> Trial:
        each_group = [worked(group) for group in inputs]
        found = tuple(
            _tried(each, [[group[name] for name in some] for group in each_group], inputs)
            for each, some in zip(conditions, rows, strict=True)
        )
        margins = [_margin(site.where, each_group[0][name], inputs[0]) for site, name in zip(sites, edges, strict=True)]
        return Trial(found, min(margins, key=lambda margin: margin.size, default=None))

    return at


def _at_each(value: Array, shape: tuple[int, ...], group: Inputs) -> Array:
    """Give a row of entries for each input."""
    spread = np.broadcast_to(value if value.ndim > len(shape) else value[None], (group.many, *shape))
    return spread.reshape(group.many, -1)


def _spread(value: Array | None, group: Inputs) -> Array:
    array = np.asarray(value, dtype=float)
    return np.broadcast_to(array, (group.many, *array.shape))


def _tried(condition: Condition, sides: list[list[Side]], inputs: list[Inputs]) -> Tried:
    """Compare the sides of a condition, group by group."""
    if condition.op == RANGE:
        pairs = zip(inputs, sides, strict=True)
        return Tried(None, tuple((group.reach, side[0].value[:, 0], _inputs(group)) for group, side in pairs))
    failure: Failure | None = None
    count = 0
    held: list[tuple[float, Array, Array]] = []
    for group, some in zip(inputs, sides, strict=True):
        left = some[0]
        right = some[1] if len(some) == 2 else Side(np.asarray(condition.truth, dtype=float)[:, None], np.zeros((1, 1)))
        blur = left.blur + right.blur
        vague = _vague(left.value, right.value, blur, group.reach)
        wrong = _wrong(condition.op, left.value, right.value, blur, group.reach) | vague
        if condition.op in ORDERED:
            held.append((group.reach, _held(condition.op, left.value, right.value, blur), _inputs(group)))
        places = np.flatnonzero(wrong)
        count += len(places)
        if len(places) and failure is None:
            at = int(places[0])
            failure = Failure(
                {name: value[at] for name, value in group.values.items()},
                _shown(left.value[at]),
                _shown(right.value[at]),
                bool(vague[at]),
            )
    total = sum(group.many for group in inputs)
    return Tried(None if failure is None else failure._replace(fails=count, of=total), tuple(held))


def _inputs(group: Inputs) -> Array:
    """Give the first open given of a group, flat: what a range is looked at over."""
    return next(iter(group.values.values())) if group.values else np.zeros(group.many)


def _shown(value: Array) -> Array | None:
    return value if bool(np.isfinite(value).all()) else None


#: For each comparison, by how much it holds: above 0 it does, below it does not.
ORDERED: dict[str, Callable[[Array, Array], Array]] = {
    "<": lambda left, right: right - left,
    "<=": lambda left, right: right - left,
    ">": lambda left, right: left - right,
    ">=": lambda left, right: left - right,
}
assert set(ORDERED) < set(COMPARISONS)


def _vague(left: Array, right: Array, blur: Array, reach: float) -> Array:
    """Tell at which inputs rounding hides what a side is: -1 + 1e30 - 1e30 is no 0. Far out, numbers are large."""
    if reach > REACH[0]:
        return np.zeros(len(left), dtype=bool)
    with np.errstate(all="ignore"):
        scale = np.maximum(1.0, np.maximum(np.abs(left), np.abs(right)))
        vague = np.isfinite(left) & np.isfinite(right) & (blur > VAGUE * scale)
    return np.asarray(vague.any(axis=1))


def _wrong(op: str, left: Array, right: Array, blur: Array, reach: float) -> Array:
    """Tell at which inputs a comparison does not hold, or a side has no value.

    Far out, a strict comparison fails by more than rounding only: there sigmoid(z) is 1 in double precision.
    """
    near = reach <= REACH[0]
    with np.errstate(all="ignore"):
        finite = np.isfinite(left) & np.isfinite(right)
        if op in ORDERED:
            by = ORDERED[op](left, right)
            strict = op in ("<", ">") and near
            wrong = np.where(np.isnan(by), False, by <= blur if strict else by < -blur)
        else:
            same = np.abs(left - right) <= blur + EQUAL * np.maximum(np.abs(left), np.abs(right))
            wrong = same if op == "!=" else ~same & ~np.isnan(left) & ~np.isnan(right)
        wrong = wrong | ~finite if near else wrong & finite
    return np.asarray(wrong.reshape(len(wrong), -1).any(axis=1))


def _held(op: str, left: Array, right: Array, blur: Array) -> Array:
    """Give by how much an ordered comparison holds at each input, beside a scale of 1; 0 where that is rounding."""
    with np.errstate(all="ignore"):
        by = ORDERED[op](left, right) / (1.0 + np.abs(right))
        by = np.where(by <= np.maximum(blur, NEARLY), 0.0, by)
    return np.asarray(np.where(np.isfinite(by), by, np.inf).min(axis=1))


def _margin(where: str, side: Side, group: Inputs) -> Margin:
    """Give how near a threshold comes to 0."""
    sizes = np.where(np.abs(side.value) <= side.blur, 0.0, np.abs(side.value)).min(axis=1)
    at = int(np.argmin(sizes))
    return Margin(where, float(sizes[at]), {name: each[at] for name, each in group.values.items()})
