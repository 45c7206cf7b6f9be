"""What follows from a student's own wrong numbers in other ways than by carrying them on.

A line may take one wrong value as it was written and put the right one in the place of another: a mixture. And a wrong
number may leave nothing to work out: behind a unit that it has switched off, all is zero whatever was understood.
"""

from itertools import product as combinations
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from ..graph.evaluate import Pin, sweep
from ..graph.functions import Array
from ..graph.lower import Kernel
from ..record import NamedTuple
from .bands import Swept, moved_by, terms_of
from .precision import SAME, inside
from .work import shapes_of

if TYPE_CHECKING:
    from .judge import Judge

#: So many wrong quantities are mixed with right ones; of more, those that stand nearest.
MOST_MIXED = 4


def mixed(judge: "Judge", name: str, at: int, choice: int, value: float, band: float) -> float | None:
    """Give what follows from some of the wrong values above an entry and the right ones for the others.

    None where no such mixture comes near the value.
    """
    if (name, choice) not in judge.mixtures:
        judge.mixtures[name, choice] = _mixtures(judge, name, choice)
    noise = judge.work.noise.get(name, 0.0)
    found = judge.mixtures[name, choice][:, at].tolist()
    near = [each for each in found if np.isfinite(each) and inside(abs(value - each) - noise, band, each)]
    return min(near, key=lambda each: abs(value - each), default=None)


def _mixtures(judge: "Judge", name: str, choice: int) -> Array:
    """Give the entries of a quantity by every mixture: (mixtures, entries).

    Each quantity with wrong entries right above is taken either as it was written or from the key, but not all of them
    as they were written.
    """
    above = judge.ways[name][0] & judge.bad_names
    faulty = [other for other in judge.written if other in above][-MOST_MIXED:]
    size = judge.pins[name].mask.size
    if not faulty:
        return np.zeros((0, size))
    picks = np.array(list(combinations((False, True), repeat=len(faulty)))[1:])
    pins = dict(judge.pins)
    for column, other in enumerate(faulty):
        pin, part = judge.pins[other], judge.spots.parts[other]
        right = (judge.bad[part] & picks[:, column, None]).reshape(-1, *pin.mask.shape)
        pins[other] = Pin(pin.mask, np.where(right, judge.work.key[other], pin.value))
    _, computed = sweep(judge.work.programs[choice], judge.table.values, pins, {})
    return np.asarray(computed[name], dtype=float).reshape(-1, size)


def leaves_nothing(judge: "Judge", name: str, at: int, choice: int) -> bool:
    """Tell whether there is nothing to work out for an entry on the student's numbers, while there is on the key's."""
    return hollow(judge, name, at, choice) and not hollow(judge, name, at, choice, right=True)


def hollow(judge: "Judge", name: str, at: int, choice: int, right: bool = False) -> bool:
    """Tell whether there is nothing to work out for an entry on the student's numbers, or on the `right` ones.

    Nothing moves it, or it is a zero that nothing but zeros moves, or every product in it has a zero.
    """
    known = _moved(judge, choice, right)
    spot = judge.spots.starts[name] + at
    own = float(np.ravel(known.base.computed[name])[at])
    noise = judge.work.noise.get(name, 0.0)
    if not known.by_any[spot] or (abs(own) <= noise and not known.by_some[spot]):
        return True
    program, shapes = judge.work.programs[choice], shapes_of(judge.work, choice)
    size = judge.pins[name].mask.size
    products = [
        found
        for kernel, reads, out in program.code
        if (program.ends.get(out) or program.owner.get(out)) == name
        and (found := _products(kernel, reads, known.base, prod(shapes[out]))) is not None
    ]
    return bool(products) and all(
        bool((np.abs(found[at] if len(found) == size else found) <= noise).all()) for found in products
    )


class Moved(NamedTuple):
    """Which entries anything moves, and which are moved by something that is not zero; `base` are the numbers used."""

    base: Swept
    by_any: Array
    by_some: Array


def _moved(judge: "Judge", choice: int, right: bool) -> Moved:
    """Tell what moves each entry. Only values of definitions are moved, written or not.

    What moves an entry by its last bits alone does not: a saturated unit.
    """
    if (choice, right) not in judge.moved:
        work, pins, base = judge.work, judge.pins, judge.run(choice)
        program = work.programs[choice]
        if right:
            pins = {name: Pin(pin.mask, np.where(pin.mask, work.key[name], pin.value)) for name, pin in pins.items()}
            base = Swept(*sweep(program, judge.table.values, pins, {}))
        noise = {at: work.noise.get(name, 0.0) for name, at in program.slots.items()}
        defined = set(program.ends) | {program.slots[name] for name in pins}
        own = np.concatenate([np.zeros(0), *(np.ravel(base.computed[name]) for name in pins)])
        least = SAME * np.abs(own)
        by_zeros, by_some = moved_by(
            program, shapes_of(work, choice), judge.table.values, pins, base.slots, defined, noise
        )
        judge.moved[choice, right] = Moved(base, np.maximum(by_zeros, by_some) > least, by_some > least)
    return judge.moved[choice, right]


def _products(kernel: Kernel, reads: tuple[int, ...], base: Swept, size: int) -> Array | None:
    """Give the products of an instruction, one row for each of `size` entries; None for one that does not multiply."""
    if kernel is np.multiply:
        first, second = (np.asarray(base.slots[at], dtype=float) for at in reads)
        return np.reshape(first * second, (-1, 1))
    terms = terms_of(kernel, reads, base.slots, (1, size))
    return None if terms is None else terms[0]
