"""What rounding may make of values: a schedule is worked out several times, each time with other last bits.

The runs go side by side, instruction by instruction. What they differ by is noise, entry by entry: of 1 + 1e30 - 1e30
nothing is known, of 1/(1 + exp(-40)) all but the last digit (Vignes, A stochastic arithmetic for reliable scientific
computation, 1993). Comparisons take numbers for equal that differ by noise alone, and all runs go on with one outcome.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from itertools import count

import numpy as np

from ..graph.evaluate import Program
from ..graph.functions import Array
from ..graph.kernels import floor
from ..graph.lower import Kernel
from .work import NOISE

#: So many runs besides the one that counts; the noise is so many times what they differ by.
RUNS = 2
SAFE = 4.0
#: Whole numbers up to this one are exact, as they are by hand.
EXACT = 2.0**53
#: So many factors are drawn once; each instruction of each run begins with another one.
MANY, STRIDE = 4099, 137


def worked_out(
    program: Program, values: Mapping[str, Array], wanted: Collection[int], compares: Collection[Kernel]
) -> dict[int, tuple[Array, Array]]:
    """Give what stands in some slots, and how far rounding may have moved each entry.

    Args:
        program: the schedule.
        values: the givens that it reads.
        wanted: the slots.
        compares: the instructions whose value jumps where two numbers meet.
    """
    starts = count(0, STRIDE)
    last = {at: number for number, (_, reads, _) in enumerate(program.code) for at in reads if at not in wanted}
    runs: list[dict[int, Array]] = [dict(program.constants) for _ in range(RUNS + 1)]
    for run in runs:
        run.update({at: values[name] for name, at in program.inputs.items()})
    with np.errstate(all="ignore"):
        for number, (kernel, reads, out) in enumerate(program.code):
            if kernel in compares or kernel is floor:
                one = _steady(kernel, [runs[0][at] for at in reads], [_blur(runs, at) for at in reads])
                found = [one] * len(runs)
            else:
                found = [np.asarray(kernel(*[run[at] for at in reads])) for run in runs]
                found[1:] = [_moved(each, next(starts)) for each in found[1:]]
            for run, value in zip(runs, found, strict=True):
                run[out] = value
                for at in {at for at in reads if last.get(at) == number}:
                    del run[at]
        return {at: (np.asarray(runs[0][at], dtype=float), _blur(runs, at)) for at in wanted}


def _moved(value: Array, start: int) -> Array:
    """Move the last bits of what is not exact."""
    whole = (value == np.rint(value)) & (np.abs(value) < EXACT)
    begin = start % MANY
    return np.where(whole, value, value * np.resize(_factors()[begin : begin + MANY], value.shape))


@cache
def _factors() -> Array:
    """Give factors beside 1, the same in every run of the program."""
    return np.tile(1.0 + NOISE * np.random.default_rng(5).uniform(-1.0, 1.0, MANY), 2)


def _blur(runs: list[dict[int, Array]], at: int) -> Array:
    """Give by how much the runs differ in a slot; without end where one has a value and another has none."""
    first = np.asarray(runs[0][at], dtype=float)
    apart = [np.where((run[at] == first) | np.isnan(first), 0.0, np.abs(run[at] - first)) for run in runs[1:]]
    return np.asarray(SAFE * np.nan_to_num(np.max(apart, axis=0), nan=np.inf))


def _steady(kernel: Kernel, args: list[Array], blurs: list[Array]) -> Array:
    """Work out an instruction whose value jumps, where what differs by noise alone is equal; nan is no side at all."""
    first = np.asarray(args[0], dtype=float)
    second = np.asarray(args[1], dtype=float) if len(args) == 2 else np.rint(first) if kernel is floor else np.zeros(())
    same = np.abs(first - second) <= sum(blurs)
    value = np.asarray(kernel(np.where(same, second, first), *args[1:]), dtype=float)
    return np.where(np.isnan(first) | np.isnan(second), np.nan, value)
