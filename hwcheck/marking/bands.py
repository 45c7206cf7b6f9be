"""How far an honest value may lie from its recomputation: one unit in the last written place, everywhere.

A student's value is compared with the recomputation from the nearest values that the student wrote. Rounding enters
in three places: the value's own last place, the last places of the values it was made from, and what was rounded on
the way without being written. The first is read from the text; the others are measured, by working the table out
again with each of them moved a little, all at once on a leading axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..graph.evaluate import Pin, Program, sweep
from ..graph.functions import Array
from ..graph.lower import Kernel
from ..graph.table import Table

REFERENCE_DIGITS = 4
MAX_MOVES = 4000


class Sources(NamedTuple):
    """What was moved, one column each: written entries first (quantity and flat index), then entries of slots that
    were not written.

    `moved` gives for each quantity how far its entries went: an array (entries, columns), the larger of both
    directions. `unit` is the size of each hidden move, `values` and `terms` what a rounding to fewer digits would
    round: the value itself, and the terms of a sum of products. `own` holds the terms of the quantities whose last
    operation is such a sum. `reach` tells which written entries an entry depends on, exact ones as well.
    """

    written: list[tuple[str, int]]
    moved: dict[str, Array]
    own: dict[str, list[Array]]
    unit: Array
    values: Array
    terms: list[Array]
    reach: dict[str, Array]


def last_place(value: Array, digits: int) -> Array:
    """Give one unit of the last of so many significant digits of each value; 0 for 0."""
    size = np.abs(np.asarray(value, dtype=float))
    safe = np.where((size > 0) & np.isfinite(size), size, 1.0)
    return np.where(size > 0, 10.0 ** (np.floor(np.log10(safe) + 1e-12) + 1 - digits), 0.0)


def is_short(value: Array, digits: int) -> Array:
    """Tell where so many significant digits already say a value exactly."""
    unit = last_place(value, digits)
    safe = np.where(unit > 0, unit, 1.0)
    ratio = np.asarray(value) / safe
    return (unit == 0) | (np.abs(ratio - np.round(ratio)) * safe <= 1e-12 * np.abs(value))


def flat_pins(pins: Mapping[str, Pin]) -> dict[str, Array]:
    """Give the mask of each pinned quantity."""
    return {name: np.asarray(pin.mask, dtype=bool) for name, pin in pins.items()}


def measure(table: Table, program: Program, pins: Mapping[str, Pin], units: Mapping[str, Array]) -> Sources:
    """Move every written entry by its unit, both ways, and every entry of what is not written by one unit of its
    fourth digit.

    Args:
        table: the definitions.
        program: their schedule, batched.
        pins: what the student wrote.
        units: one unit of the last place of each written entry, 0 where it is exact; shapes as the quantities'.
    """
    base, start = sweep(program, table.values, pins, {})
    masks = flat_pins(pins)
    written: list[tuple[str, int]] = []
    moves: list[tuple[int, int, float]] = []  # slot, flat entry, size
    slot_of = program.slots
    values_of = {
        name: np.broadcast_to(np.asarray(pin.value, dtype=float), masks[name].shape) for name, pin in pins.items()
    }
    scale: list[float] = []
    for name in pins:
        unit = np.broadcast_to(np.asarray(units[name], dtype=float), masks[name].shape)
        for entry in np.flatnonzero(masks[name].ravel()):
            written.append((name, int(entry)))
            size = float(unit.ravel()[entry])
            # an exact value has no last place that could move what is below; it is moved a little to see what depends
            # on it
            scale.append(1.0 if size else 0.0)
            moves.append(
                (slot_of[name], int(entry), size or 1e-4 * (abs(float(values_of[name].ravel()[entry])) or 1.0))
            )
    values: list[float] = []
    terms: list[Array] = []
    sizes: list[float] = []
    own: dict[str, list[Array]] = {}
    for kernel, reads, out in program.code:
        ended = program.ends.get(out, "")
        value = np.asarray(base[out], dtype=float)
        free = ~masks[ended] if ended in masks else np.ones(value.shape, dtype=bool)
        inside = _terms(kernel, [base[at] for at in reads])
        if ended in masks and inside is not None:
            own[ended] = inside
        for entry in np.flatnonzero(free.ravel()):
            one = float(value.ravel()[entry])
            term = inside[entry] if inside is not None else None
            largest = max(abs(one), float(np.abs(term).max(initial=0.0)) if term is not None else 0.0)
            if largest == 0 or not np.isfinite(largest):
                continue
            moves.append((out, int(entry), float(last_place(largest, REFERENCE_DIGITS))))
            values.append(one)
            terms.append(term)
            sizes.append(moves[-1][2])
    moves = moves[:MAX_MOVES]
    count = len(moves)
    nudges: dict[int, Array] = {}
    for column, (slot, place, size) in enumerate(moves):
        if slot not in nudges:
            nudges[slot] = np.zeros((2, count, *np.asarray(base[slot]).shape))
        flat = nudges[slot].reshape(2, count, -1)
        flat[0, column, place] = size
        flat[1, column, place] = -size
    _, computed = sweep(program, table.values, pins, nudges)
    moved: dict[str, Array] = {}
    reach: dict[str, Array] = {}
    for name, value in computed.items():
        rank = len(table.shape(name))
        value = np.asarray(value, dtype=float)
        value = np.broadcast_to(value, (2, count, *value.shape[value.ndim - rank :])) if value.ndim == rank else value
        with np.errstate(all="ignore"):
            change = np.abs(value - np.asarray(start[name], dtype=float)).max(axis=0)
        change = np.nan_to_num(change.reshape(count, -1).T, nan=0.0, posinf=0.0)
        reach[name] = change[:, : len(written)] > 0
        change[:, : len(written)] *= np.array(scale)
        moved[name] = change
    return Sources(written, moved, own, np.array(sizes), np.array(values), terms, reach)


def _terms(kernel: Kernel, reads: list[Array]) -> list[Array] | None:
    """Give for each entry of a matrix product, or of a sum, the terms that are added up.

    A computation by hand rounds each.
    """
    if kernel is np.matvec:
        matrix, vector = (np.asarray(each, dtype=float) for each in reads)
        products = matrix * vector[..., None, :]
        return list(products.reshape(-1, products.shape[-1]))
    if kernel is np.matmul:
        left, right = (np.asarray(each, dtype=float) for each in reads)
        products = left[..., :, None, :] * np.swapaxes(right, -1, -2)[..., None, :, :]
        return list(products.reshape(-1, products.shape[-1]))
    return None


def rounding(value: Array, digits: int) -> Array:
    """Give how far rounding to so many digits may move values; 0 where they are as short as that."""
    return np.where(is_short(value, digits), 0.0, last_place(value, digits))


def hidden_units(sources: Sources, digits: int, decimals: int | None) -> Array:
    """Give how far rounding to so many digits moves each entry that was not written.

    On a sheet of fixed decimals at least half of the last.
    """
    total = rounding(sources.values, digits)
    for at, term in enumerate(sources.terms):
        if term is not None and len(term) > 1:
            total[at] += rounding(term, digits).sum()
    if decimals is not None:
        total = np.maximum(total, 0.5 * 10.0**-decimals)
    return total


class Bands:
    """The bands of all written entries, from one measurement; the digits that a band uses are told entry by entry."""

    def __init__(self, sources: Sources, decimals: int | None) -> None:
        """Keep what was measured; `decimals` are those of a sheet of fixed decimals."""
        self.sources, self.decimals = sources, decimals
        self.units: dict[int, Array] = {}

    def written_part(self, name: str, entry: int) -> Array:
        """Give what each written entry's last place moves."""
        return self.sources.moved[name][entry][: len(self.sources.written)]

    def hidden_part(self, name: str, entry: int) -> Array:
        """Give what each hidden entry's reference move moves."""
        return self.sources.moved[name][entry][len(self.sources.written) :]

    def hidden(self, name: str, entry: int, digits: int) -> float:
        """Give what rounding on the way to so many digits may move."""
        effect = self.hidden_part(name, entry)
        own = self.sources.own.get(name)
        terms = float(rounding(own[entry], digits).sum()) if own is not None and len(own[entry]) > 1 else 0.0
        if not effect.size:
            return terms
        if digits not in self.units:
            self.units[digits] = hidden_units(self.sources, digits, self.decimals) / self.sources.unit
        return terms + float(effect @ self.units[digits][: effect.size])
