"""A schedule run again and again, each time on what came out of it: training over many steps.

A turn is made ready once: what is a view of another value stays as it is from turn to turn, what NumPy can write into
an array has a buffer, and anything else is made anew. A buffer goes to the next value of its shape when nothing reads
it any more, and what is carried over is written where it was read, so that memory stays the same over all turns.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from contextvars import ContextVar

import numpy as np

from ..record import NamedTuple
from .evaluate import Program
from .functions import Array
from .lower import Kernel

#: Is told how many turns of how many are done; set by who shows it.
PROGRESS: ContextVar[Callable[[int, int], None] | None] = ContextVar("progress", default=None)


#: The shape of an array and how its entries lie in memory: of two that are alike, the same operations are views.
Layout = tuple[tuple[int, ...], tuple[int, ...]]


class Do(NamedTuple):
    """An instruction of every turn: the call, the slots that it reads, that of its value, and the buffer for it."""

    kernel: Kernel
    reads: tuple[int, ...]
    out: int
    buffer: Array | None


class Turn(NamedTuple):
    """A turn made ready.

    `slots` hold the values; `feeds` are the arrays of the inputs, into which others can be written; `copies` are those
    of them that get the value of a slot after a turn, as it was not written there.
    """

    slots: list[Array]
    code: list[Do]
    feeds: dict[str, Array]
    copies: list[tuple[Array, int]]
    places: dict[str, int]

    def value(self, name: str) -> Array:
        """Give the value of a quantity after a turn, which the next one overwrites."""
        return self.slots[self.places[name]]


def ready(
    program: Program,
    values: Mapping[str, Array],
    carry: Mapping[str, str],
    kept: frozenset[str],
    loose: Container[str] = (),
) -> Turn:
    """Make a schedule ready to be run again and again.

    Args:
        program: the schedule.
        values: its inputs; those that are carried over have the shape of what they become.
        carry: the inputs that take the value of a quantity for the next turn.
        kept: further quantities that are read after a turn.
        loose: inputs that are other arrays in every turn, put into their slots and not copied.
    """
    feeds = {name: np.array(values[name], dtype=float) for name in program.inputs}
    slots: list[Array] = [None] * program.size
    slots_of_inputs = {at: feeds[name] for name, at in program.inputs.items()}
    for at, value in {**program.constants, **slots_of_inputs}.items():
        slots[at] = value
    first = list(slots)
    owners = _owners(program, first, {at for name, at in program.inputs.items() if name in loose})
    outputs = {program.slots[new]: program.inputs[old] for old, new in carry.items()}
    last = {at: len(program.code) for at in (owners[program.slots[name]] for name in (*carry.values(), *kept))}
    for number, (_, reads, _) in enumerate(program.code):
        for at in reads:
            last[owners[at]] = max(number, last.get(owners[at], 0))
    code: list[Do] = []
    written: set[int] = set()
    free: dict[Layout, list[Array]] = {}
    buffers: dict[int, Array] = {}  # those in use, by the slots whose values they hold
    for number, (kernel, reads, out) in enumerate(program.code):
        value = first[out]
        if owners[out] != out:  # a view, from now on of what the buffers hold
            slots[out] = kernel(*[slots[at] for at in reads])
            continue
        buffer: Array | None = None
        dying = [at for at in dict.fromkeys(owners[at] for at in reads) if last[at] == number]
        if isinstance(kernel, np.ufunc) and isinstance(value, np.ndarray) and value.dtype == float:
            plain = kernel.signature is None
            target = outputs.get(out, -1)
            over = last.get(target, -1) < number or (last.get(target) == number and plain)
            like = layout(value)
            same = [at for at in dying if at in buffers and layout(buffers[at]) == like] if plain else []
            if target >= 0 and over and slots[target].shape == value.shape:
                buffer = slots[target]
                written.add(target)
            elif same:
                buffer = buffers[out] = buffers.pop(same[0])
            else:
                pool = free.get(like)
                buffer = buffers[out] = pool.pop() if pool else value
        for at in dying:
            if at in buffers and at != out:
                free.setdefault(layout(buffers[at]), []).append(buffers.pop(at))
        slots[out] = value if buffer is None else buffer
        code.append(Do(kernel, reads, out, buffer))
    copies = [(feeds[old], program.slots[new]) for old, new in carry.items() if program.inputs[old] not in written]
    return Turn(slots, code, feeds, copies, program.slots)


def layout(value: Array) -> Layout:
    """Give the layout of an array."""
    return value.shape, value.strides


def _owners(program: Program, slots: list[Array], loose: Container[int]) -> list[int]:
    """Give for each slot the one whose memory its value lies in: another where it is a view, and stays one.

    What is a view of a value that is made anew in each turn has to be made anew too, and so is its own.
    """
    owners = list(range(program.size))
    stays = [value is not None and at not in loose for at, value in enumerate(slots)]
    with np.errstate(all="ignore"):
        for kernel, reads, out in program.code:
            value = slots[out] = kernel(*[slots[at] for at in reads])
            if isinstance(kernel, np.ufunc):
                stays[out] = isinstance(value, np.ndarray) and value.dtype == float
                continue
            source = next((at for at in reads if _memory(slots[at]) is _memory(value)), None)
            if source is not None and stays[source] and isinstance(value, np.ndarray):
                owners[out], stays[out] = owners[source], True
    return owners


def _memory(value: Array) -> Array:
    """Give the array whose memory a value lies in."""
    while isinstance(value, np.ndarray) and isinstance(value.base, np.ndarray):
        value = value.base
    return value


def turn(made: Turn) -> None:
    """Do one turn, and carry its results over."""
    slots = made.slots
    for kernel, reads, out, buffer in made.code:
        if buffer is not None:
            if len(reads) == 2:
                kernel(slots[reads[0]], slots[reads[1]], out=buffer)
            else:
                kernel(*[slots[at] for at in reads], out=buffer)
        elif len(reads) == 2:
            slots[out] = kernel(slots[reads[0]], slots[reads[1]])
        else:
            slots[out] = kernel(*[slots[at] for at in reads])
    for feed, at in made.copies:
        feed[...] = slots[at]
