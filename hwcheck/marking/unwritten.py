"""Mistakes in steps that were not written: what they make of the values that were."""

from collections.abc import Container

import numpy as np

from ..graph.evaluate import sweep
from ..graph.functions import Array
from .judge import Judge
from .slips import is_rule
from .trials import Candidate, everywhere, trial_of, tried
from .work import Sheetwork


def _before_runs(work: Sheetwork, name: str) -> set[str]:
    """Give what a quantity is worked out from, going back to the last steps that are not written out, if there are any.

    A mistake in front of hundreds of steps can make nearly anything of what comes behind them, and is not looked for.
    """
    found: set[str] = set()
    todo = [name]
    while todo:
        each = todo.pop()
        if each not in found:
            found.add(each)
            todo += [] if each in work.runs else work.table.reads(each)
    return found


def foreseen_by_hidden(
    judge: Judge, names: list[str], only: Container[str] | None = None
) -> dict[str, list[tuple[Candidate, Array]]]:
    """Foresee values by mistakes in the definitions above them that were not written, or not wholly.

    Args:
        judge: what was judged.
        names: the quantities that are foreseen.
        only: the codes of the mistakes; default: all.
    """
    work, used = judge.work, judge.used
    program = work.programs[0]
    sites: dict[str, None] = {}
    for name in names:
        between = judge.ways[name][1]
        near = between & _before_runs(work, name) if work.runs else between
        for other in program.slots:  # in one order, that of the table
            if other in near and other != name and other not in judge.look.whole and work.table.root(other) == other:
                sites[other] = None
    moved: list[tuple[Candidate, int, Array]] = []
    for site in sites:
        at, base = program.slots[site], used(site)
        for candidate, value in tried(trial_of(work, site), used, only):
            with np.errstate(all="ignore"):
                change = np.broadcast_to(np.asarray(value, dtype=float), np.shape(base)) - base
            if site in judge.pins:
                change = np.where(judge.pins[site].mask, 0.0, change)
            if np.all(np.isfinite(change)) and np.any(change):
                moved.append((candidate, at, change))
    out: dict[str, list[tuple[Candidate, Array]]] = {name: [] for name in names}
    if moved:
        nudges: dict[int, Array] = {}
        for row, (_, at, change) in enumerate(moved):
            nudges.setdefault(at, np.zeros((len(moved), *np.shape(change))))[row] = change
        _, computed = sweep(program, work.table.values, judge.pins, nudges)
        for name in names:
            values = np.broadcast_to(computed[name], (len(moved), *judge.pins[name].mask.shape))
            out[name] += [(each, values[row]) for row, (each, _, _) in enumerate(moved)]
    several: dict[tuple[str, int], int] = {}
    for candidate, _, _ in moved:
        if is_rule(candidate.code) and not work.runs:  # the many steps themselves are gone through as they are
            several[candidate.code, candidate.variant] = several.get((candidate.code, candidate.variant), 0) + 1
    for (code, variant), count in several.items():
        together = everywhere(work, code, variant) if count > 1 else None
        if together is not None and all(name in together.slots for name in judge.pins):
            _, computed = sweep(together, work.table.values, judge.pins, {})
            if not computed.keys() >= judge.pins.keys():
                continue  # by this mistake a written quantity is a constant, and nothing takes what was written
            for name in names:
                first = next(each for each, _, _ in moved if (each.code, each.variant) == (code, variant))
                out[name].append((first, computed[name]))
    return out
