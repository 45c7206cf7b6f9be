"""The parts of a page: written quantities that have something in common which was not written.

Behind a quantity that is written whole nobody has to look: what follows from it is worked out from what stands there.
So the schedule falls apart into pieces from one line of the page to the next, and how rounding moves a value has to be
measured in its own piece alone.
"""

from collections.abc import Mapping

from ..graph.evaluate import Program
from ..graph.functions import Array
from ..record import NamedTuple
from ..remember import remembered
from .work import MOST_KEPT, Sheetwork


class Split(NamedTuple):
    """How a page falls apart: for each written quantity those of its part, and the instructions that work it out."""

    parts: dict[str, tuple[str, ...]]
    behind: dict[str, set[int]]


class Part(NamedTuple):
    """One or several parts of a page: the written quantities with those right above them, the schedule from the one to
    the other, what is put in for what is given or written whole, and all slots that have to do with it."""

    names: tuple[str, ...]
    program: Program
    values: Mapping[str, Array]
    slots: frozenset[int]


def split_of(work: Sheetwork, choice: int, written: tuple[str, ...], whole: frozenset[str]) -> Split:
    """Tell how a page falls apart, by one choice of forms; of the `written` quantities some are written `whole`."""
    mark = choice, written, whole
    split: Split = remembered(work.parts, mark, MOST_KEPT, lambda: _split(work, choice, written, whole))
    return split


def part_of(
    work: Sheetwork, choice: int, written: tuple[str, ...], whole: frozenset[str], names: tuple[str, ...]
) -> Part:
    """Give the parts of a page that some of its quantities are, together."""
    split = split_of(work, choice, written, whole)
    mark = choice, written, whole, names
    part: Part = remembered(work.parts, mark, MOST_KEPT, lambda: _part(work, choice, split, written, names))
    return part


def _split(work: Sheetwork, choice: int, written: tuple[str, ...], whole: frozenset[str]) -> Split:
    program = work.programs[choice]
    by_slot = {out: at for at, (_, _, out) in enumerate(program.code)}
    ends = {program.slots[name]: name for name in whole}
    behind: dict[str, set[int]] = {}
    joined: dict[int, list[str]] = {}  # the quantities of the part that an instruction belongs to
    for name in written:
        behind[name] = _behind(program, by_slot, program.slots[name], ends)
        some = [name]
        for at in behind[name]:
            if at in joined and joined[at] is not some:
                some = _united(joined[at], some)
        for other in some:
            joined.update(dict.fromkeys(behind[other], some))
    parts: dict[str, tuple[str, ...]] = {}
    for name in written:
        if name not in parts:
            some = next((joined[at] for at in behind[name]), [name])
            parts.update(dict.fromkeys(some, tuple(other for other in written if other in some)))
    return Split(parts, behind)


def _united(first: list[str], second: list[str]) -> list[str]:
    first += [name for name in second if name not in first]
    return first


def _behind(program: Program, by_slot: Mapping[int, int], slot: int, ends: Mapping[int, str]) -> set[int]:
    """Give the instructions by which a slot is worked out, up to what is written whole."""
    found: set[int] = set()
    todo = [slot]
    while todo:
        at = by_slot.get(todo.pop())
        if at is not None and at not in found:
            found.add(at)
            todo += [read for read in program.code[at][1] if read not in ends]
    return found


def _part(work: Sheetwork, choice: int, split: Split, written: tuple[str, ...], names: tuple[str, ...]) -> Part:
    program = work.programs[choice]
    code = [program.code[at] for at in sorted(set().union(*(split.behind[name] for name in names)))]
    outs = {out for _, _, out in code}
    read = {at for _, reads, _ in code for at in reads} | {program.slots[name] for name in names}
    slots = {name: at for name, at in program.slots.items() if at in outs | read}
    inputs = {name: at for name, at in program.inputs.items() if at in read}
    above = {name: program.slots[name] for name in written if program.slots[name] in read - outs and name not in inputs}
    values = {**work.table.values, **{name: work.key[name] for name in above}}
    pinned = tuple(name for name in written if name in names or name in above or name in inputs)
    made = program._replace(slots=slots, inputs={**inputs, **above}, code=code)
    return Part(pinned, made, values, frozenset(outs | read))
