"""The range of a function, found at many numbers: does it stay inside its ends, come to them, and fill what is between?

A continuous function takes every value between two that it takes. So what is missing between its values is looked at
where they jump: there the inputs on both sides are brought together, and a jump that stays is a gap.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..graph.functions import Array
from ..record import NamedTuple
from .conditions import Values
from .inputs import FINE, REACH

#: An end is reached, or come near to, up to this part of the width of the range.
TO_END = 1e-4
#: Without end: far out the values go on growing by this factor.
GROWS = 1.5
#: Between the ends so much of the width may stay open; the halvings that bring two inputs together.
GAP = 0.05
HALVINGS = 60
#: Of a range without end, so much is looked at for gaps.
LOOKED_AT = 10.0


#: Where a least value is looked for more closely: the numbers of a look, and the looks.
GRID = 101
CLOSER = 6

#: Parts of the width that mark the way to an end. A gap that closes at a number comes from the second to the last in
#: less than this share of its way from the first to the second; one like e^-x takes as long for each digit.
WAY = (1e-1, 1e-3, 1e-9)
CLOSES = 0.6

#: Works a function out at other inputs.
Again = Callable[[Array], Array]


class Range(NamedTuple):
    """The least and the largest value that were found; infinite where they go on growing."""

    least: float
    largest: float


def range_of(values: Values) -> Range:
    """Give the range of values that were found at inputs of some reach each."""
    finite = [(reach, value[np.isfinite(value)]) for reach, value, _ in values]
    lows = [float(value.min(initial=np.inf)) for _, value in finite]
    highs = [float(value.max(initial=-np.inf)) for _, value in finite]
    least = -np.inf if _grows([-each for each in lows]) or _takes(values, -np.inf) else min(lows)
    largest = np.inf if _grows(highs) or _takes(values, np.inf) else max(highs)
    return Range(least, largest)


def _takes(values: Values, end: float) -> bool:
    return any(bool((value == end).any()) for _, value, _ in values)


def _grows(highs: list[float]) -> bool:
    """Tell whether the largest values go on growing with the reach of the inputs."""
    if len(highs) < len(REACH):
        return False
    before = max(highs[:-1])
    return bool(highs[-1] > max(before, 0.0) * GROWS and highs[-1] - before > LOOKED_AT)


def inside(found: Range, low: float, high: float) -> bool:
    """Tell whether values stay inside two ends, up to rounding."""
    slack = 1e-9 * (1 + max(abs(end) for end in (low, high, 0.0) if np.isfinite(end)))
    return found.least >= low - slack and found.largest <= high + slack


def reaches(found: Range, low: float, high: float) -> tuple[bool, bool]:
    """Tell for both ends whether values come to them, or as near as can be told."""
    width = high - low if np.isfinite(high - low) else 1.0
    return found.least <= low + TO_END * width, found.largest >= high - TO_END * width


def gap_in(
    values: Values,
    low: float,
    high: float,
    again: Again,
) -> tuple[float, float] | None:
    """Give values between which a function jumps, None where it fills the range.

    Args:
        values: by the reach of the inputs, the values and the inputs.
        low: the least value that is wanted.
        high: the largest.
        again: works the function out at other inputs.
    """
    low = low if np.isfinite(low) else high - LOOKED_AT if np.isfinite(high) else -LOOKED_AT / 2
    high = high if np.isfinite(high) else low + LOOKED_AT
    inputs = np.concatenate([x for _, _, x in values])
    found = np.concatenate([value for _, value, _ in values])
    order = np.argsort(inputs)
    inputs, found = inputs[order], found[order]
    kept = np.isfinite(found)
    inputs, found = inputs[kept], found[kept]
    taken = np.sort(found[(found >= low) & (found <= high)])
    steps = np.diff(taken)
    for at in np.flatnonzero(steps > GAP * (high - low)):
        bottom, top = float(taken[at]), float(taken[at + 1])
        middle = 0.5 * (bottom + top)
        crossing = np.flatnonzero((found[:-1] <= middle) != (found[1:] <= middle))
        if all(_jumps(inputs[place], inputs[place + 1], middle, again, GAP * (high - low)) for place in crossing):
            return bottom, top
    return None


def _jumps(left: float, right: float, middle: float, again: Again, gap: float) -> bool:
    """Tell whether a function jumps between two inputs on both sides of a value."""
    ends = again(np.array([left, right]))
    for _ in range(HALVINGS):
        half = 0.5 * (left + right)
        value = float(again(np.array([half]))[0])
        if not np.isfinite(value):
            return True
        if (value <= middle) == (float(ends[0]) <= middle):
            left, ends = half, np.array([value, ends[1]])
        else:
            right, ends = half, np.array([ends[0], value])
    return bool(abs(float(ends[1] - ends[0])) > gap)


def least_near(values: Values, again: Again) -> float:
    """Give the least value near 0, looked at ever more closely where it was found."""
    _, found, inputs = values[0]
    at = int(np.argmin(np.where(np.isnan(found), np.inf, found)))
    x, least, width = float(inputs[at]), float(found[at]), 2 * REACH[0] / (FINE - 1)
    for _ in range(CLOSER):
        grid = np.linspace(x - width, x + width, GRID)
        value = again(grid)
        best = int(np.argmin(np.where(np.isnan(value), np.inf, value)))
        if value[best] < least:
            x, least = float(grid[best]), float(value[best])
        width *= 4 / GRID
    return least


def meets(gaps: Values, width: float, again: Again) -> bool:
    """Tell whether a gap closes at some number, rather than shrinking on and on until it is rounded to 0.

    Args:
        gaps: by the reach of the inputs, how far the values are from an end, and the inputs.
        width: the width of the range, or 1.
        again: works the gap out at other inputs.
    """
    inputs = np.concatenate([x for _, _, x in gaps])
    found = np.concatenate([gap for _, gap, _ in gaps]) / width
    closed, wide = inputs[found <= WAY[-1]], inputs[found > WAY[0]]
    if not closed.size or not wide.size:
        return bool(closed.size)
    to = float(closed[np.argmin(np.abs(closed))])
    since = float(wide[np.argmin(np.abs(wide - to))])
    first, second, last = (_crossing(since, to, part * width, again) for part in WAY)
    return abs(last - second) <= CLOSES * abs(second - first)


def _crossing(wide: float, closed: float, gap: float, again: Again) -> float:
    """Give where a gap becomes as small as this, between an input where it is larger and one where it is not."""
    for _ in range(HALVINGS):
        half = 0.5 * (wide + closed)
        wide, closed = (wide, half) if float(again(np.array([half]))[0]) <= gap else (half, closed)
    return closed
