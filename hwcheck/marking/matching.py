"""Whether the value that a mistake leads to is what was written, and whether it can be told from the right one."""

import numpy as np

from ..graph.functions import Array
from .judge import Judge
from .precision import SAME, inside, place_of
from .trials import Candidate, one_of, shaken, trial_of, tried

#: A value so many bands away may still lie in the band of the rewritten formula itself.
WIDER = 10
#: Of one page so many candidates are looked at so closely: with more, nearly everything is wrong.
MOST_SHAKEN = 60

#: Of so many wrong entries on one page a cause, or another reading, is looked for; nobody who works by hand has more.
MOST_EXPLAINED = 400

Place = tuple[str, int]


def visible(judge: Judge, name: str, at: int, value: float) -> bool:
    """Tell whether a value differs from the right recomputation by more than twice the band: else it is not seen."""
    judged = judge.verdicts[name, at]
    return bool(np.isfinite(value)) and abs(value - judged.carried) > 2 * judged.tolerance


def matches(judge: Judge, name: str, at: int, value: float) -> tuple[bool, float] | None:
    """Tell whether a value is what was written: within the band, and whether to the last written digit."""
    judged, cell = judge.verdicts[name, at], judge.written[name][at]
    assert cell is not None
    gap = abs(cell.value - value) - judge.work.noise.get(name, 0.0)
    unit = place_of(cell, judge.precision).unit
    if not inside(gap, max(judged.tolerance, unit), value):
        return None
    return inside(gap, unit, value), max(gap, 0.0)


def reach(judge: Judge, name: str, at: int) -> float:
    """Give how far from what was written a value may lie that matches it, or nearly does."""
    cell = judge.written[name][at]
    assert cell is not None
    band = max(judge.verdicts[name, at].tolerance, place_of(cell, judge.precision).unit)
    return WIDER * band + judge.work.noise.get(name, 0.0) + 2 * SAME * abs(cell.value)


def nearly(
    judge: Judge, name: str, at: int, candidate: Candidate, value: float, known: dict[int, Array | None]
) -> tuple[bool, float] | None:
    """Tell whether a value that narrowly misses the band lies in the candidate's own: its formula may make more of the
    last places of what it reads than the right one does.

    `known` keeps how far each candidate may be moved; of more than MOST_SHAKEN candidates that is not asked.
    """
    cell = judge.written[name][at]
    assert cell is not None
    gap = abs(cell.value - value)
    band = max(judge.verdicts[name, at].tolerance, place_of(cell, judge.precision).unit)
    if not gap < WIDER * band:
        return None

    def unit_of(other: str) -> Array:
        return judge.units[other] if other in judge.units else np.zeros(np.shape(judge.used(other)))

    trial, used, shape = trial_of(judge.work, candidate.site), judge.used, judge.pins[name].mask.shape
    if candidate.site != name and np.shape(used(candidate.site)) != shape:
        return None
    if id(candidate) not in known:
        known[id(candidate)] = shaken(trial, candidate, used, unit_of) if len(known) < MOST_SHAKEN else None
    own_moves = known[id(candidate)]
    if own_moves is None:
        return None
    moved = float(np.broadcast_to(own_moves, shape).ravel()[at])
    if candidate.site != name:  # carried on, entry by entry, as far as the mistake itself is
        made = tried(one_of(trial, candidate), used)[0][1]
        change = float(np.broadcast_to(made - used(candidate.site), shape).ravel()[at])
        moved *= abs((value - judge.verdicts[name, at].carried) / change) if change else 0.0
    own = place_of(cell, judge.precision).unit + moved
    return (False, gap) if inside(gap, own, value) else None
