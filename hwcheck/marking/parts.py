"""The parts of a page: written quantities that have something in common which was not written.

Behind a quantity that is written whole nobody has to look: what follows from it is worked out from what stands there.
So the schedule falls apart into pieces from one line of the page to the next, and how rounding moves a value has to be
measured in its own piece alone.
"""

from collections.abc import Mapping

from ..graph.evaluate import Program
from ..graph.functions import Array
from ..record import NamedTuple
from .work import MOST_KEPT, Sheetwork


class Part(NamedTuple):
    """The written quantities of a part with those right above them, the schedule from the one to the other, what is put
    in for what is given or written whole, and all slots that have to do with it."""

    names: tuple[str, ...]
    program: Program
    values: Mapping[str, Array]
    slots: frozenset[int]


def parts_of(work: Sheetwork, choice: int, written: tuple[str, ...], whole: frozenset[str]) -> dict[str, Part]:
    """Give for each written quantity the part of the page that it belongs to, by one choice of forms."""
    mark = choice, written, whole
    if mark not in work.parts:
        if len(work.parts) >= MOST_KEPT:
            work.parts.clear()
        work.parts[mark] = _parts(work, choice, written, whole)
    found: dict[str, Part] = work.parts[mark]
    return found


def _parts(work: Sheetwork, choice: int, written: tuple[str, ...], whole: frozenset[str]) -> dict[str, Part]:
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
    out: dict[str, Part] = {}
    for name in written:
        if name not in out:
            some = next((joined[at] for at in behind[name]), [name])
            part = _part(work, program, [other for other in written if other in some], behind, written)
            out.update(dict.fromkeys(some, part))
    return out


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


def _part(
    work: Sheetwork, program: Program, names: list[str], behind: Mapping[str, set[int]], written: tuple[str, ...]
) -> Part:
    code = [program.code[at] for at in sorted(set().union(*(behind[name] for name in names)))]
    outs = {out for _, _, out in code}
    read = {at for _, reads, _ in code for at in reads} | {program.slots[name] for name in names}
    slots = {name: at for name, at in program.slots.items() if at in outs | read}
    inputs = {name: at for name, at in program.inputs.items() if at in read}
    above = {name: program.slots[name] for name in written if program.slots[name] in read - outs and name not in inputs}
    values = {**work.table.values, **{name: work.key[name] for name in above}}
    pinned = tuple(name for name in written if name in names or name in above or name in inputs)
    return Part(
        pinned, program._replace(slots=slots, inputs={**inputs, **above}, code=code), values, frozenset(outs | read)
    )
