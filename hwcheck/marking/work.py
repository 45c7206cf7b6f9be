"""A table made ready for marking: its schedules, one for each choice of equivalent forms, and the key.

What is made here depends on the sheet and on which quantities are written, not on what stands there, and so it is kept
from one student to the next.
"""

import math
from collections.abc import Container, Iterable, Mapping
from itertools import accumulate
from itertools import product as combinations
from typing import Any

import numpy as np

from ..formula.expr import COMPARISONS, Call, Expr, names
from ..formula.names import split
from ..graph.algebra import ZERO
from ..graph.evaluate import Pin, Program, compile_table, run, run_by_hand
from ..graph.functions import Array, is_trained
from ..graph.kernels import floor
from ..graph.lower import Kernel
from ..graph.table import Table
from ..record import NamedTuple
from ..remember import remembered
from .bands import Bands, measure

NOISE = 1e-14
#: So many layouts of what was written are kept: students differ in what they write.
MOST_KEPT = 64


class Spots(NamedTuple):
    """The entries of some quantities in one row: where each quantity begins and its part of the row, and the key.

    `keys` are the same numbers, `marks` the quantity and the flat place of each entry. `noise` is that of each entry's
    quantity; `decided` tells which entries are decisions.
    """

    starts: dict[str, int]
    parts: dict[str, slice]
    shapes: dict[str, tuple[int, ...]]
    key: Array
    keys: list[float]
    marks: list[tuple[str, int]]
    noise: Array
    decided: Array


#: The nearest written quantities that a definition leads to, and the definitions down from these.
Way = tuple[frozenset[str], frozenset[str]]


class Sheetwork(NamedTuple):
    """A table made ready for marking the `wanted` quantities: a program for each choice of forms.

    `replaced` are the definitions whose formulas each choice replaces, none for the first. `slots` and `key` are the
    values by the first, by slot and by quantity.

    `noise` is what the last bits of a computation may make of each quantity: terms that cancel leave 5e-17, not 0.
    `shapes` are those of the slots, by the choice of forms. `bands` keeps the bands around the key, by the decimals of
    a sheet of fixed decimals; `trials` what was compiled to
    recognise slips; `spots` the layouts of written quantities; `ways` what leads where, by the quantities that are
    written and by those of them that are written whole; `above` what each quantity stands on. `runs` are the
    quantities that many steps of training make.
    """

    table: Table
    wanted: tuple[str, ...]
    programs: list[Program]
    replaced: list[frozenset[str]]
    slots: list[Array]
    key: dict[str, Array]
    decisions: frozenset[str]
    noise: dict[str, float]
    shapes: dict[int, list[tuple[int, ...]]]
    bands: dict[int | None, Bands]
    trials: dict[str, Any]
    spots: dict[tuple[str, ...], Spots]
    ways: dict[tuple[tuple[str, ...], frozenset[str]], dict[str, Way]]
    parts: dict[Any, Any]
    above: dict[str, frozenset[str]]
    runs: frozenset[str]


def prepare(table: Table, wanted: Iterable[str]) -> Sheetwork:
    """Compile what is needed to mark the wanted quantities."""
    wanted = tuple(wanted)
    rows = table.needed([*wanted, *_read_by_forms(table, wanted), *_ends_of_zeros(table, wanted)])
    choices = _choices_of_forms(table, rows)
    programs = [compile_table(table, rows, batched=True, forms=forms) for forms in choices]
    compares, runs = comparing(table), frozenset(row.name for row in table if is_trained(row.formula))
    noises = [noise_of(program, run(program, table.values), compares | {floor}, runs) for program in programs]
    programs = [steadied(program, noise, compares) for program, noise in zip(programs, noises, strict=True)]
    first = programs[0]
    noise = {name: noises[0].get(first.slots[name], 0.0) for name in rows}
    slots = run_by_hand(first, table.values)
    key = {name: np.asarray(slots[first.slots[name]], dtype=float) for name in rows}
    decisions = frozenset(
        name
        for name in rows
        if isinstance(formula := table[name].formula, Call) and formula.op in (*COMPARISONS, "step")
    )
    replaced = [frozenset(forms) for forms in choices]
    return Sheetwork(table, wanted, programs, replaced, slots, key, decisions, noise, {}, {}, {}, {}, {}, {}, {}, runs)


def spots_of(work: Sheetwork, names: tuple[str, ...]) -> Spots:
    """Lay the entries of some quantities out in one row."""
    return remembered(work.spots, names, MOST_KEPT, lambda: _spots(work, names))


def _spots(work: Sheetwork, names: tuple[str, ...]) -> Spots:
    shapes = {name: work.key[name].shape for name in names}
    sizes = [math.prod(shape) for shape in shapes.values()]
    starts = dict(zip(names, accumulate(sizes, initial=0), strict=False))
    key = np.concatenate([np.zeros(0), *(work.key[name].ravel() for name in names)])
    return Spots(
        starts,
        {name: slice(starts[name], starts[name] + size) for name, size in zip(names, sizes, strict=True)},
        shapes,
        key,
        key.tolist(),
        [(name, at) for name, size in zip(names, sizes, strict=True) for at in range(size)],
        np.repeat([work.noise.get(name, 0.0) for name in names], sizes),
        np.repeat([name in work.decisions for name in names], sizes).astype(bool),
    )


def shapes_of(work: Sheetwork, choice: int) -> list[tuple[int, ...]]:
    """Give the shapes of all slots, for one page."""
    if choice not in work.shapes:
        slots = run(work.programs[choice], work.table.values)
        work.shapes[choice] = [np.shape(value) for value in slots]
    return work.shapes[choice]


def ways_of(work: Sheetwork, names: tuple[str, ...], whole: frozenset[str]) -> dict[str, Way]:
    """Give for each written quantity what it leads to; what is written whole is not looked behind."""
    written = frozenset(names)
    return remembered(
        work.ways,
        (names, whole),
        MOST_KEPT,
        lambda: {name: _way(work.table, name, written, whole) for name in names},
    )


def _way(table: Table, name: str, written: frozenset[str], whole: frozenset[str]) -> Way:
    found: set[str] = set()
    between = {name}
    todo = table.reads(name)
    while todo:
        other = todo.pop()
        if other in between:
            continue
        if other in written:
            found.add(other)
            if other in whole:
                continue
        between.add(other)
        todo += table.reads(other)
    return frozenset(found), frozenset(between)


def above_of(work: Sheetwork, name: str) -> frozenset[str]:
    """Give everything that a quantity stands on, by its formula or by an equivalent form of one."""
    if name not in work.above:
        needed = work.table.needed([name])
        work.above[name] = frozenset(work.table.needed([*needed, *_read_by_forms(work.table, needed)])) - {name}
    return work.above[name]


def key_bands(work: Sheetwork, decimals: int | None) -> Bands:
    """Give the bands around the key, with everything on the way unwritten."""
    if decimals not in work.bands:
        nothing = {
            name: Pin(np.zeros(work.key[name].shape, dtype=bool), work.key[name][None])
            for name in dict.fromkeys(work.wanted)
        }
        program, shapes, values = work.programs[0], shapes_of(work, 0), work.table.values
        (work.bands[decimals],) = measure(program, shapes, values, nothing, {}, work.slots, [decimals], {})
    return work.bands[decimals]


def noise_of(program: Program, slots: list[Array], jumps: Container[Kernel], runs: Container[str]) -> dict[int, float]:
    """Give for each slot what rounding may have made of it: its last bits, or those of the terms that it adds up, and
    what is made of it by the noise of what it reads.

    Args:
        program: the schedule.
        slots: its values.
        jumps: instructions that have no noise, as their value jumps.
        runs: quantities whose instruction is a whole training, which is not worked out again.
    """
    noise: dict[int, float] = {}
    for kernel, reads, out in program.code:
        parts = [slots[at] for at in reads]
        whole = (program.ends.get(out) or program.owner.get(out, "")) in runs
        with np.errstate(all="ignore"):
            if kernel in jumps:
                continue
            if whole:
                found = max(map(_largest, parts), default=0.0)
            elif kernel in program.adding:
                found = _largest((np.add if kernel is np.subtract else kernel)(*map(np.abs, parts)))
            else:
                found = _largest(slots[out])
            found *= NOISE
            for place, at in enumerate(reads):
                if noise.get(at) and not whole:
                    moved = kernel(*parts[:place], parts[place] + noise[at], *parts[place + 1 :])
                    found += _largest(moved - slots[out])
        noise[out] = found
    return noise


def _largest(value: Array) -> float:
    """Give the size of the largest entry that has one."""
    size = np.abs(np.asarray(value, dtype=float))
    return float(size.max(initial=0.0, where=np.isfinite(size)))


def comparing(table: Table) -> set[Kernel]:
    """Give the instructions whose value jumps: comparisons, and the sign."""
    rows = (table.functions[op] for op in (*COMPARISONS, "sign") if op in table.functions)
    return {row.value for row in rows if row.value is not None}


def steadied(program: Program, noise: Mapping[int, float], compares: set[Kernel]) -> Program:
    """Let comparisons take numbers for equal that differ in their last bits alone.

    What is 0 by hand may be 5e-17 in double precision, and relu would have its slope from the wrong side.
    """

    def steady(kernel: Kernel, reads: tuple[int, ...]) -> Kernel:
        least = max(noise.get(at, 0.0) for at in reads)

        def compare(first: Array, second: Array | None = None) -> Array:
            if second is None:
                return kernel(np.where(np.abs(first) <= least, 0.0, first))
            return kernel(np.where(np.abs(first - second) <= least, second, first), np.asarray(second))

        return compare

    code = [
        (steady(kernel, reads) if kernel in compares else kernel, reads, out) for kernel, reads, out in program.code
    ]
    return program._replace(code=code)


def _read_by_forms(table: Table, wanted: Iterable[str]) -> list[str]:
    """Give what the equivalent forms read."""
    forms = [form for name in table.needed(wanted) for form in table[name].forms]
    return [name for form in forms for name in names(form) if name in table]


def _ends_of_zeros(table: Table, wanted: Iterable[str]) -> list[str]:
    """Give the quantities between which no path leads and a derivative is wanted: only mistakes read them."""
    zeros = (name for name in wanted if table[name].formula == ZERO)
    return [end for name in zeros for end in (split(name).of, split(name).by) if end in table]


def _choices_of_forms(table: Table, rows: Iterable[str]) -> list[dict[str, Expr]]:
    """Give the ways to work a table out.

    A student takes every slope from the same side, and every fused adjoint by its fused or its chained form.
    """
    slopes: dict[str, tuple[Expr, ...]] = {}
    chains: dict[str, tuple[Expr, ...]] = {}
    for name in rows:
        forms = table[name].forms
        chained = any(other in table and table[other].role == "adjoint" for form in forms for other in names(form))
        if forms:
            (chains if chained else slopes)[name] = forms
    out: list[dict[str, Expr]] = []
    for picks in combinations(
        *(range(1 + max((len(forms) for forms in kind.values()), default=0)) for kind in (slopes, chains))
    ):
        chosen: dict[str, Expr] = {}
        for pick, kind in zip(picks, (slopes, chains), strict=True):
            chosen.update({name: forms[min(pick, len(forms)) - 1] for name, forms in kind.items() if pick})
        out.append(chosen)
    return out
