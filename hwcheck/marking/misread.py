"""A value of the task that was read wrongly: one other number in its place makes several wrong values right.

The number is found from the wrong value that tells most about it, and has to be as short as the one of the task.
"""

import math
from collections.abc import Iterable

import numpy as np

from ..formula.expr import Num
from ..graph.evaluate import sweep
from ..graph.functions import Array
from ..record import NamedTuple
from .judge import Judge
from .matching import Place
from .precision import inside, place_of
from .slips.forms import step_in
from .slips.make_update import rates
from .trials import scene_for

#: Of more entries of givens than these nothing is tried.
MOST_GIVENS = 400
#: By this part of itself a given is moved to see what depends on it.
LITTLE = 1e-6
#: So often a number is found again from what the last one gave, as what depends on it may be curved.
ROUNDS = 3
#: Numbers of the task have no more decimals.
MOST_DECIMALS = 6


class Misread(NamedTuple):
    """A given that was read as another number: its name and flat place, and the wrong entries that this explains."""

    name: str
    at: int
    places: tuple[Place, ...]


class Moves(NamedTuple):
    """What is read instead, one column each: the given, its flat place in it, and the number."""

    givens: list[Place]
    numbers: Array


def misread(judge: Judge, failing: Iterable[Place]) -> Misread | None:
    """Find the given that, read as another number, explains most wrong entries, at least two and none by halves.

    Every value of the page has to agree with it, those that are right as well.
    """
    failing = list(failing)
    givens = [
        (name, at)
        for name in judge.work.programs[0].inputs
        if name not in judge.pins and name in judge.work.table.values
        for at in range(np.size(judge.work.table.values[name]))
    ]
    if len(failing) < 2 or not 0 < len(givens) <= MOST_GIVENS:
        return None
    typed = np.array([judge.pins[name].value.ravel()[at] for name, at in failing])
    start = np.array([np.ravel(judge.work.table.values[name])[at] for name, at in givens])
    little = LITTLE * np.maximum(np.abs(start), 1.0)
    base = np.array([judge.own(name, at, 0) for name, at in failing])
    with np.errstate(all="ignore"):
        slope = (read_as(judge, Moves(givens, start + little), failing) - base) / little[:, None]
    slope[~np.isfinite(slope) | (np.abs(slope) < 1e-9)] = 0.0
    several = np.count_nonzero(slope, axis=1) > 1
    if not several.any():
        return None
    units = np.array([_unit(judge, place) for place in failing])
    best = np.argmax(np.abs(slope) / units, axis=1)  # the entry that tells most about each given
    rows = np.arange(len(givens))
    number = start.copy()
    steep = np.where(slope[rows, best] == 0, 1.0, slope[rows, best])
    for _ in range(ROUNDS):
        now = read_as(judge, Moves(givens, number), failing)
        with np.errstate(all="ignore"):
            number = np.where(several, number + (typed[best] - now[rows, best]) / steep, start)
        number[~np.isfinite(number)] = 0.0
    slack = units[best] / np.abs(steep)
    found: list[Misread] = []
    for row in np.flatnonzero(several).tolist():
        short = _short(float(number[row]), float(start[row]), float(slack[row]))
        if short is not None:
            found += explains(judge, givens[row], short, [failing[each] for each in np.flatnonzero(slope[row])])
    with np.errstate(all="ignore"):
        turned = np.abs(read_as(judge, Moves(givens, -start), failing) - base) > units
    for row in np.flatnonzero(np.count_nonzero(turned, axis=1) > 1).tolist():  # a lost sign, also behind |x| or relu
        found += explains(
            judge, givens[row], -float(start[row]), [failing[each] for each in np.flatnonzero(turned[row])]
        )
    return max(found, key=lambda each: len(each.places), default=None)


def misread_rate(judge: Judge, failing: Iterable[Place]) -> Misread | None:
    """Find out whether all updates are made with one other learning rate, where it is a number in their formulas.

    What was taken off is then the same multiple of the right step everywhere.
    """
    scene = scene_for(judge.work)
    places = [place for place in judge.verdicts if judge.table[place[0]].role == "update"]
    wrong = [place for place in failing if judge.table[place[0]].role == "update"]
    if len(wrong) < max(2, len(places) / 2):
        return None  # the others would be wrong as well
    updates = {name for name, _ in places}
    factors = {
        name: factor.value
        for name in updates
        for _, factor, _ in rates(scene, judge.table[name])
        if isinstance(factor, Num)
    }
    if len(set(factors.values())) != 1 or len(factors) < len(updates):
        return None
    slots, program = judge.run(0).slots, judge.work.programs[0]
    old: dict[Place, float] = {}
    for name, at in places:
        step = step_in(scene, judge.table[name])
        if step is None:
            return None
        old[name, at] = float(np.ravel(slots[program.slots[step.old.id]])[at])
    steps = {place: old[place] - judge.verdicts[place].carried for place in places}
    surest = max(wrong, key=lambda place: abs(steps[place]) / _unit(judge, place))
    cell, rate = judge.written[surest[0]][surest[1]], next(iter(factors.values()))
    assert cell is not None
    if steps[surest] == 0:
        return None
    short = float(f"{rate * (old[surest] - cell.value) / steps[surest]:.1e}")  # two digits, as learning rates have
    met = all(_met(judge, place, old[place] - short / rate * steps[place]) for place in places)
    return Misread("", 0, tuple(wrong)) if met and short > 0 and abs(short - rate) > LITTLE * rate else None


def read_as(judge: Judge, moves: Moves, places: list[Place]) -> Array:
    """Give what some entries are, (columns, places), where each column reads one given as another number."""
    nudges: dict[int, Array] = {}
    program, values = judge.work.programs[0], judge.work.table.values
    for column, (name, at) in enumerate(moves.givens):
        shape = np.shape(values[name])
        block = nudges.setdefault(program.slots[name], np.zeros((len(moves.givens), *shape)))
        block.reshape(len(moves.givens), -1)[column, at] = moves.numbers[column] - np.ravel(values[name])[at]
    _, computed = sweep(program, values, judge.pins, nudges)
    columns = []
    for name, at in places:
        shape = judge.pins[name].mask.shape
        value = np.broadcast_to(computed[name], (len(moves.givens), *shape))
        columns.append(value.reshape(len(moves.givens), -1)[:, at])
    return np.stack(columns, axis=1)


def explains(judge: Judge, given: Place, number: float, failing: list[Place]) -> list[Misread]:
    """Tell whether wrong entries follow from a given read as another number, and nothing on the page contradicts it."""
    right = [place for place, judged in judge.verdicts.items() if judged.verdict in ("correct", "carried")]
    every = [*failing, *right]
    value = read_as(judge, Moves([given], np.array([number])), every)[0]
    met = [_met(judge, place, float(each)) for place, each in zip(every, value, strict=True)]
    return [Misread(*given, tuple(failing))] if all(met) else []


def _met(judge: Judge, place: Place, value: float) -> bool:
    cell = judge.written[place[0]][place[1]]
    assert cell is not None
    judged = judge.verdicts[place]
    band = 2 * max(judged.tolerance, _unit(judge, place))  # twice, as the last place may have been enough before
    # what is right by the key alone was not worked out from what is written
    return inside(abs(cell.value - value), band, value) or "recovered" in judged.remarks


def _unit(judge: Judge, place: Place) -> float:
    cell = judge.written[place[0]][place[1]]
    assert cell is not None
    return max(place_of(cell, judge.precision).unit, 1e-12)


def _short(number: float, given: float, slack: float) -> float | None:
    """Give the number, as short as the one of the task, that somebody may have read; None where there is none."""
    text = f"{abs(given):.{MOST_DECIMALS}f}".rstrip("0")
    decimals = len(text.partition(".")[2]) or 1
    for places in (decimals, decimals + 1):  # 0.05 may be read as 0.005, which has no more digits
        short = round(number, places)
        near = math.isfinite(slack) and slack <= 0.5 * 10.0**-places and abs(number - short) <= 2 * slack
        longer = places > decimals and float(f"{short:.1e}") != short
        if near and not longer and abs(short - given) >= 0.5 * 10.0**-places:
            return short
    return None
