"""What follows from a student's own wrong numbers in other ways than by carrying them on.

A line may take one wrong value as it was written and put the right one in the place of another: a mixture. And a wrong
number may leave nothing to work out: behind a unit that it has switched off, all is zero whatever was understood.
"""

from collections.abc import Mapping
from itertools import product as combinations
from typing import TYPE_CHECKING

import numpy as np

from ..graph.evaluate import Pin, sweep
from ..graph.functions import Array
from .bands import Swept, moved_by, terms_of
from .precision import SAME, inside

if TYPE_CHECKING:
    from .judge import Judge

#: So many wrong quantities are mixed with right ones; of more, those that stand nearest.
MOST_MIXED = 4


def mixed(judge: "Judge", name: str, at: int, choice: int, value: float, band: float) -> float | None:
    """Give what follows from some of the wrong values above an entry and the right ones for the others.

    Each quantity with wrong entries is taken either as it was written or from the key. None where no such mixture
    comes near the value.
    """
    faulty = [other for other in judge.written if other in judge.ways[name][0] and judge.bad[judge.spots.parts[other]].any()]
    faulty = faulty[-MOST_MIXED:]
    if not faulty:
        return None
    picks = np.array(list(combinations((False, True), repeat=len(faulty)))[1:])
    pins = dict(judge.pins)
    for column, other in enumerate(faulty):
        pin, part = judge.pins[other], judge.spots.parts[other]
        shape = pin.mask.shape
        right = (judge.bad[part] & picks[:, column, None]).reshape(-1, *shape)
        pins[other] = Pin(pin.mask, np.where(right, judge.work.key[other], pin.value))
    _, computed = sweep(judge.work.programs[choice], judge.table.values, pins, {})
    lead = np.asarray(computed[name], dtype=float).reshape(-1, judge.pins[name].mask.size)[:, at]
    noise = judge.work.noise.get(name, 0.0)
    near = [float(each) for each in lead if np.isfinite(each) and inside(abs(value - each) - noise, band, each)]
    return min(near, key=lambda each: abs(value - each), default=None)


def leaves_nothing(judge: "Judge", name: str, at: int, choice: int) -> bool:
    """Tell whether there is nothing to work out for an entry on the student's own numbers, while there is on the key's.

    Nothing that is not zero moves it, or it is a zero that is no sum of other numbers.
    """
    spot = judge.spots.starts[name] + at
    noise = judge.work.noise.get(name, 0.0)
    base = judge.run(choice)
    if alive(judge, choice, judge.pins, base)[spot] and (
        abs(judge.own(name, at, choice)) > noise or _adds_up(judge, name, at, choice, base)
    ):
        return False
    right = {
        other: Pin(pin.mask, np.where(pin.mask, judge.work.key[other], pin.value)) for other, pin in judge.pins.items()
    }
    program = judge.work.programs[choice]
    key = Swept(*sweep(program, judge.table.values, right, {}))
    return bool(alive(judge, choice, right, key)[spot])


def alive(judge: "Judge", choice: int, pins: Mapping[str, Pin], base: Swept) -> Array:
    """Tell for each entry of the written quantities whether something that is not zero moves it.

    Only values of definitions are moved, written or not. What moves an entry by its last bits alone does not: a
    saturated unit.
    """
    program = judge.work.programs[choice]
    noise = {program.slots[name]: size for name, size in judge.work.noise.items() if name in program.slots}
    defined = {at for at in program.ends} | {program.slots[name] for name in pins}
    change = moved_by(program, judge.table.values, pins, base, defined, noise)
    own = np.concatenate([np.ravel(base.computed[name]) for name in pins]).astype(float)
    return change > SAME * np.abs(own)


def _adds_up(judge: "Judge", name: str, at: int, choice: int, base: Swept) -> bool:
    """Tell whether the last step of an entry adds numbers up that are not all zero."""
    program = judge.work.programs[choice]
    steps = {out: (kernel, reads) for kernel, reads, out in program.code}
    out = program.slots[name]
    noise = judge.work.noise.get(name, 0.0)
    while out in steps:
        kernel, reads = steps[out]
        terms = terms_of(kernel, reads, base)
        if terms is not None:
            return bool((np.abs(terms[at]) > noise).any())
        parts = [np.asarray(base.slots[read], dtype=float) for read in reads]
        if kernel in (np.add, np.subtract):
            shape = judge.pins[name].mask.shape
            return any(abs(float(np.broadcast_to(part, shape).ravel()[at])) > noise for part in parts)
        if len(reads) != 1:
            return False
        if parts[0].size != judge.pins[name].mask.size:
            return bool((np.abs(parts[0]) > noise).any())
        out = reads[0]
    return False
