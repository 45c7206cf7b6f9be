"""How far an honest value may lie from its recomputation: one unit in the last written place, everywhere.

A student's value is compared with the recomputation from the nearest values that the student wrote. Rounding enters
in three places: the value's own last place, the last places of the values it was made from, and what was rounded on
the way without being written. The first is read from the text; the others are measured, by working the table out
again with each of them moved a little, all at once on a leading axis.
"""

from collections.abc import Container, Mapping, Sequence
from itertools import accumulate
from math import prod

import numpy as np

from ..graph.evaluate import Pin, Program, sweep
from ..graph.functions import Array
from ..graph.lower import Kernel
from ..record import NamedTuple
from .precision import HIDDEN_DIGITS, LEAST_DIGITS, last_place, rounding

#: How many numbers a sweep may hold for the moves of one page: 32 MB of them; and for those of several together.
MOST_NUMBERS = 4_000_000
MOST_TOGETHER = 500_000
#: How far an exact value is moved, relative to itself.
LITTLE = 1e-4
#: Values below this have no fourth digit in double precision.
SMALLEST = 1e-300


class Swept(NamedTuple):
    """A run of a schedule on what was written: the values used, by slot, and what was computed of each quantity."""

    slots: list[Array]
    computed: dict[str, Array]


class Bands(NamedTuple):
    """What rounding may do to each entry of the pinned quantities: one row an entry, `rows` the first of each quantity.

    `spots` are the places of the written entries on the page, and `reach` (rows, written) tells which of them an entry
    depends on, exact ones as well. `last` (rows,) is what their last places may move. `hidden` (digits, rows) is
    what rounding on the way may move, for LEAST_DIGITS to HIDDEN_DIGITS digits, and `any_hidden` (rows,) whether there
    is anything on the way. `terms` (entries, terms) are those of the sums of products that quantities end with.
    """

    rows: dict[str, int]
    spots: Array
    reach: Array
    last: Array
    hidden: Array
    any_hidden: Array
    terms: dict[str, Array]


class Moves(NamedTuple):
    """What is moved, one column each: flat places in the values of all slots in a row, and how far each is moved.

    `sizes` (pages, columns) are 0 where nothing is to be moved. `weights` (pages, 1 + digits, columns) tell what an
    effect counts: as it is for a written entry (0 for an exact one), and for a hidden one in proportion to what
    rounding it to so many digits may move.
    """

    places: Array
    sizes: Array
    weights: Array


class Layout(NamedTuple):
    """All values that can be moved in one row: the slots, their shapes, where each begins, and how many there are."""

    slots: list[int]
    shapes: list[tuple[int, ...]]
    starts: list[int]
    length: int

    def spans(self) -> dict[int, slice]:
        """Give the part of the row that each slot has."""
        return {
            at: slice(start, start + prod(shape))
            for at, shape, start in zip(self.slots, self.shapes, self.starts, strict=True)
        }


def measure(
    program: Program,
    shapes: Sequence[tuple[int, ...]],
    values: Mapping[str, Array],
    pins: Mapping[str, Pin],
    units: Mapping[str, Array],
    base: Sequence[Array],
    decimals: Sequence[int | None],
    starts: Mapping[str, int],
) -> list[Bands]:
    """Move every written entry by its unit and every other entry by one unit of its fourth digit, both ways.

    The pages of several students, on which the same entries are written, are measured together; that of one by itself
    has the same bands to the last bit. Where all moves of a page do not fit into MOST_NUMBERS, they are made in several
    sweeps, and pages that do not fit together one after the other.

    Args:
        program: the schedule, batched.
        shapes: those of its slots, for one page.
        values: the givens.
        pins: what was written: masks of the quantities' shapes, values with the pages on the first axis; an empty mask
            asks for the bands of a quantity that was not used.
        units: one unit of the last place of each written entry, 0 where it is exact; with the pages on the first axis.
        base: the values of the slots without moves, with the pages on the first axis.
        decimals: for each page those of a sheet of fixed decimals, on which a hidden value is moved by half of the last
            at least.
    """
    many = len(decimals)
    layout = _layout(program, shapes, pins)
    spans = layout.spans()
    written = [starts[name] + np.flatnonzero(pin.mask) for name, pin in pins.items() if pin.mask.any()]
    spots = np.concatenate([np.zeros(0, dtype=int), *written])
    terms = {
        out: found
        for kernel, reads, out in program.code
        if (found := terms_of(kernel, reads, base, (many, prod(shapes[out])))) is not None
    }
    moves = _joined(
        _written_moves(program, spans, pins, units, many),
        _hidden_moves(program, layout, spans, pins, base, terms, decimals),
    )
    *rows, count = accumulate((pin.mask.size for pin in pins.values()), initial=0)
    own = len(spots)
    effects = np.zeros((many, moves.weights.shape[1], count))
    any_hidden = np.zeros((many, count), dtype=bool)
    reach = np.zeros((many, count, own), dtype=bool)
    step = max(1, MOST_NUMBERS // (2 * max(1, layout.length)))
    together = max(1, MOST_TOGETHER // max(1, 2 * (len(moves.places) + 1) * layout.length))
    for page in range(0, many, together):
        here = slice(page, page + together)
        own_pins = {name: Pin(pin.mask, pin.value[here]) for name, pin in pins.items()}
        for first in range(0, len(moves.places), step):
            some = slice(first, first + step)
            change = _moved(program, values, own_pins, layout, moves.places[some], moves.sizes[here, some])
            effects[here] += moves.weights[here, :, some] @ change
            reach[here, :, some] = (change[:, : max(0, own - first)] > 0).swapaxes(1, 2)
            any_hidden[here] |= change[:, max(0, own - first) :].any(axis=1)
    ended = {program.ends[out]: found for out, found in terms.items() if program.ends.get(out) in pins}
    first_rows = dict(zip(pins, rows, strict=True))
    return [
        Bands(
            first_rows,
            spots,
            reach[page],
            effects[page, 0],
            effects[page, 1:],
            any_hidden[page],
            {name: found[page] for name, found in ended.items()},
        )
        for page in range(many)
    ]


def hidden(bands: Bands, name: str, at: int, digits: int) -> float:
    """Give what rounding on the way to so many digits may move an entry: values in between, and products in a sum."""
    row = bands.rows[name] + at
    own = bands.terms.get(name)
    terms = float(rounding(own[at], digits).sum()) if own is not None and own.shape[1] > 1 else 0.0
    if not bands.any_hidden[row]:
        return terms
    return terms + float(bands.hidden[min(digits, HIDDEN_DIGITS) - LEAST_DIGITS, row])


def moved_by(
    program: Program,
    shapes: Sequence[tuple[int, ...]],
    values: Mapping[str, Array],
    pins: Mapping[str, Pin],
    base: Sequence[Array],
    slots: Container[int],
    noise: Mapping[int, float],
) -> tuple[Array, Array]:
    """Give how far the values of some slots, each moved a little for itself, move every entry of the pinned quantities.

    Of one page: give the largest change of each entry by what is zero, all but its last bits, and by what is not:
    (rows,) each.
    """
    layout = _layout(program, shapes, pins)
    value = np.abs(_row_of(base, layout, 1)[0])
    lengths = [prod(shape) for shape in layout.shapes]
    zero = value <= np.repeat([noise.get(at, 0.0) for at in layout.slots], lengths)
    places = np.flatnonzero(np.repeat([at in slots for at in layout.slots], lengths).astype(bool) & np.isfinite(value))
    size = LITTLE * np.where(zero, 1.0, value)
    by_zeros, by_some = np.zeros((2, sum(pin.mask.size for pin in pins.values())))
    paged = {name: Pin(pin.mask, pin.value[None]) for name, pin in pins.items()}
    step = max(1, MOST_NUMBERS // (2 * max(1, layout.length)))
    for first in range(0, len(places), step):
        some = places[first : first + step]
        change = _moved(program, values, paged, layout, some, size[None, some])[0]
        by_zeros = np.maximum(by_zeros, change[zero[some]].max(axis=0, initial=0.0))
        by_some = np.maximum(by_some, change[~zero[some]].max(axis=0, initial=0.0))
    return by_zeros, by_some


def paged(value: Array, many: int, shape: tuple[int, ...]) -> Array:
    """Give a value with the pages on its first axis and its entries in a row; one that is the same on all pages has no
    such axis by itself."""
    array = np.asarray(value, dtype=float)
    row = array.reshape(many if array.ndim > len(shape) else 1, -1)
    return row if len(row) == many else np.broadcast_to(row, (many, row.shape[1]))


def _row_of(slots: Sequence[Array], layout: Layout, many: int) -> Array:
    """Put the values of all slots in a row: (pages, values)."""
    parts = [paged(slots[at], many, shape) for at, shape in zip(layout.slots, layout.shapes, strict=True)]
    return np.concatenate([np.zeros((many, 0)), *parts], axis=1)


def _layout(program: Program, shapes: Sequence[tuple[int, ...]], pins: Mapping[str, Pin]) -> Layout:
    """Find the place of each slot in a row of all: what is worked out, and the givens that were written."""
    slots = [at for name, at in program.inputs.items() if name in pins] + [out for _, _, out in program.code]
    some = [shapes[at] for at in slots]
    *starts, length = accumulate(map(prod, some), initial=0)
    return Layout(slots, some, starts, length)


def _written_moves(
    program: Program, spans: Mapping[int, slice], pins: Mapping[str, Pin], units: Mapping[str, Array], many: int
) -> Moves:
    """Move each written entry by its unit.

    An exact value has no last place that could move what is below; it is moved a little to see what depends on it.
    """
    places: list[Array] = [np.zeros(0, dtype=int)]
    written: list[Array] = [np.zeros((many, 0))]
    last: list[Array] = [np.zeros((many, 0))]
    for name, pin in pins.items():
        at = np.flatnonzero(pin.mask)
        if at.size:
            places.append(at + spans[program.slots[name]].start)
            written.append(pin.value.reshape(many, -1)[:, at])
            last.append(units[name].reshape(many, -1)[:, at])
    value, unit = np.abs(np.concatenate(written, axis=1)), np.concatenate(last, axis=1)
    size = np.where(unit > 0, unit, LITTLE * np.where(value > 0, value, 1.0))
    weights = np.zeros((many, 1 + HIDDEN_DIGITS - LEAST_DIGITS + 1, size.shape[1]))
    weights[:, 0] = unit > 0
    return Moves(np.concatenate(places), size, weights)


def _hidden_moves(
    program: Program,
    layout: Layout,
    spans: Mapping[int, slice],
    pins: Mapping[str, Pin],
    base: Sequence[Array],
    terms: Mapping[int, Array],
    decimals: Sequence[int | None],
) -> Moves:
    """Move each entry that was not written by one unit of its fourth digit, or of that of its largest term.

    Which entries these are does not depend on their values: of one that has no such digit the move is none.
    """
    many = len(decimals)
    value = _row_of(base, layout, many)
    digits = np.arange(LEAST_DIGITS, HIDDEN_DIGITS + 1)
    more = np.zeros((len(digits), *value.shape))  # what rounding the terms of a sum may move
    size = np.abs(value)
    for at, some in terms.items():
        size[:, spans[at]] = np.fmax(size[:, spans[at]], np.abs(some).max(axis=-1, initial=0.0))
        if some.shape[-1] > 1:
            more[:, :, spans[at]] = rounding(some, digits[:, None, None, None]).sum(axis=-1)
    hidden = np.ones(layout.length, dtype=bool)
    for name, pin in pins.items():  # what is written is no hidden value, and what is given is exact
        hidden[spans[program.slots[name]]] &= ~pin.mask.ravel() & (name not in program.inputs)
    places = np.flatnonzero(hidden)
    size, value = size[:, places], value[:, places]
    moving = (size > SMALLEST) & np.isfinite(size)
    sizes = np.where(moving, last_place(size, np.asarray(HIDDEN_DIGITS)), 0.0)
    total = rounding(np.where(moving, value, 0.0), digits[:, None, None]) + np.where(moving, more[:, :, places], 0.0)
    least = np.array([0.0 if each is None else 0.5 * 10.0**-each for each in decimals])[:, None]
    weights = np.zeros((many, 1 + len(digits), len(places)))
    np.divide(np.maximum(total, least), sizes, out=weights[:, 1:].swapaxes(0, 1), where=sizes > 0)
    return Moves(places, sizes, weights)


def _joined(first: Moves, second: Moves) -> Moves:
    """Put the columns of two moves side by side."""
    return Moves(
        np.concatenate([first.places, second.places]),
        np.concatenate([first.sizes, second.sizes], axis=1),
        np.concatenate([first.weights, second.weights], axis=2),
    )


def _moved(
    program: Program,
    values: Mapping[str, Array],
    pins: Mapping[str, Pin],
    layout: Layout,
    places: Array,
    sizes: Array,
) -> Array:
    """Give how far each move takes each entry: (pages, moves, rows), the larger of both directions; 0 where it is
    infinite.

    The last column of the sweep is not moved. The others are compared with that and not with a run by itself, which
    may differ in the last bits: what is not reached has to come out the same.
    """
    many, count = sizes.shape
    block = np.zeros((many, 2, count + 1, layout.length))
    block[:, 0, np.arange(count), places] = sizes
    block[:, 1, np.arange(count), places] = -sizes
    touched = np.flatnonzero(np.bincount(np.searchsorted(layout.starts, places, side="right") - 1))
    nudges: dict[int, Array] = {}
    for which in touched.tolist():
        shape, first = layout.shapes[which], layout.starts[which]
        part = block[..., first : first + prod(shape)]
        nudges[layout.slots[which]] = part.reshape(many, 2, count + 1, *shape)
    moved = {name: Pin(pin.mask, pin.value[:, None, None]) for name, pin in pins.items()}
    _, computed = sweep(program, values, moved, nudges)
    out = np.empty((many, 2, count + 1, sum(pin.mask.size for pin in pins.values())))
    row = 0
    for name, pin in pins.items():
        value = np.asarray(computed[name])  # without leading axes where no move reaches it
        entries = value.reshape(*value.shape[: value.ndim - pin.mask.ndim], pin.mask.size)
        out[..., row : row + pin.mask.size] = entries
        row += pin.mask.size
    with np.errstate(all="ignore"):
        change = np.abs(out[:, :, :-1] - out[:, :, -1:])
    largest: Array = np.maximum(change[:, 0], change[:, 1])
    largest[~np.isfinite(largest)] = 0.0
    return largest


def terms_of(kernel: Kernel, reads: tuple[int, ...], slots: Sequence[Array], size: tuple[int, int]) -> Array | None:
    """Give the terms that a product of matrices adds up: (pages, entries, terms). A computation by hand rounds each.

    `size` is how many pages and entries there are.
    """
    if kernel is np.matvec:
        matrix, vector = (np.asarray(slots[at], dtype=float) for at in reads)
        with np.errstate(all="ignore"):
            products = matrix * vector[..., None, :]
    elif kernel is np.matmul:
        left, right = (np.asarray(slots[at], dtype=float) for at in reads)
        with np.errstate(all="ignore"):
            products = left[..., :, None, :] * np.swapaxes(right, -1, -2)[..., None, :, :]
    else:
        return None
    terms = products.shape[-1]
    return np.broadcast_to(products.reshape(-1, size[1], terms), (*size, terms))
