"""A table made ready for marking: its schedules, one for each choice of equivalent forms, and the key.

What is made here depends on the sheet and on which quantities are written, not on what stands there, and so it is kept
from one student to the next.
"""

import math
from collections.abc import Iterable
from itertools import product as combinations
from typing import Any, NamedTuple

import numpy as np

from ..formula.expr import COMPARISONS, Call, Expr, names
from ..graph.evaluate import Pin, Program, compile_table, run
from ..graph.functions import Array
from ..graph.table import Table
from .bands import Bands, Swept, measure

NOISE = 1e-14


class Sheetwork(NamedTuple):
    """A table made ready for marking the `wanted` quantities: a program for each choice of forms.

    `replaced` are the definitions whose formulas each choice replaces, none for the first. `slots` and `key` are the
    values by the first, by slot and by quantity.

    `noise` is what the last bits of a computation may make of each quantity: terms that cancel leave 5e-17, not 0.
    `bands` keeps the bands around the key, by the decimals of a sheet of fixed decimals; `trials` what was compiled to
    recognise slips.
    """

    table: Table
    wanted: tuple[str, ...]
    programs: list[Program]
    replaced: list[frozenset[str]]
    slots: list[Array]
    key: dict[str, Array]
    decisions: frozenset[str]
    noise: dict[str, float]
    bands: dict[int | None, Bands]
    trials: dict[str, Any]


def prepare(table: Table, wanted: Iterable[str]) -> Sheetwork:
    """Compile what is needed to mark the wanted quantities."""
    wanted = tuple(wanted)
    rows = table.needed([*wanted, *_read_by_forms(table, wanted)])
    choices = _choices_of_forms(table, rows)
    programs = [compile_table(table, rows, batched=True, forms=forms) for forms in choices]
    first = programs[0]
    slots = run(first, table.values)
    key = {name: np.asarray(slots[first.slots[name]], dtype=float) for name in rows}
    decisions = frozenset(
        name
        for name in rows
        if isinstance(formula := table[name].formula, Call) and formula.op in (*COMPARISONS, "step")
    )
    replaced = [frozenset(forms) for forms in choices]
    return Sheetwork(table, wanted, programs, replaced, slots, key, decisions, _noise(first, slots), {}, {})


def key_bands(work: Sheetwork, decimals: int | None) -> Bands:
    """Give the bands around the key, with everything on the way unwritten."""
    if decimals not in work.bands:
        nothing = {
            name: Pin(np.zeros(work.key[name].shape, dtype=bool), work.key[name]) for name in dict.fromkeys(work.wanted)
        }
        base = Swept(work.slots, work.key)
        work.bands[decimals] = measure(work.programs[0], work.table.values, nothing, {}, base, decimals)
    return work.bands[decimals]


def _noise(program: Program, slots: list[Array]) -> dict[str, float]:
    """Give for each quantity the last bits of the largest term that goes into it."""
    sizes: dict[str, float] = {}
    for kernel, reads, out in program.code:
        name = program.ends.get(out) or program.owner.get(out, "")
        parts = [float(np.abs(slots[at]).max(initial=0.0)) for at in reads]
        size = math.prod(parts) if kernel in (np.matvec, np.matmul) else max(parts, default=0.0)
        if math.isfinite(size):
            sizes[name] = max(size, sizes.get(name, 0.0))
    return {name: NOISE * size for name, size in sizes.items()}


def _read_by_forms(table: Table, wanted: Iterable[str]) -> list[str]:
    """Give what the equivalent forms read."""
    forms = [form for name in table.needed(wanted) for form in table[name].forms]
    return [name for form in forms for name in names(form) if name in table]


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
