"""The first look at what students wrote: what one evaluation finds of many pages at once.

Pages on which the same entries are written stand on a leading axis: their recomputation from the nearest written
values, how precisely each student works, which entries lie by the recomputation or by the key to their last place, and,
where that does not decide, the bands around the recomputation. A page by itself goes through the same evaluation, and
to the last bit the same is seen of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from ..graph.evaluate import Pin, sweep
from ..graph.functions import Array
from ..record import NamedTuple
from .bands import MOST_TOGETHER, Bands, Swept, measure, paged
from .near import near_each
from .parts import Part, part_of, split_of
from .precision import SAME, Precision, place_of, precision_of, shortest
from .typed import EXACT, Entry
from .work import Sheetwork, Spots, Way, shapes_of, spots_of, ways_of

Cells = list[Entry | None]
#: What stands for an entry that is not written.
NOTHING = Entry("", 0.0, 0.0, EXACT, None)


class Look(NamedTuple):
    """What is seen of one page; its entries stand in one row, quantity by quantity (`spots`).

    `value`, `unit` (of the last place, as the page says it is to be read), `own` (the recomputation) and `digits` are
    numbers; `exact` entries equal a recomputation from nothing but exact values. `near_one` are those that lie by their
    recomputation or the key to the last place, `near_both` those that lie by both, `remarked` those whose digits there
    may be something to say of. Of the quantities in `right` all entries are near one and there is nothing to say, of
    those in `surely` all are near both. `bands` are those around the student's numbers of the quantities in
    whose parts something is not right; `pages` the evaluation, of which this is the one with the number `page`.
    """

    written: dict[str, Cells]
    cells: Cells
    spots: Spots
    ways: dict[str, Way]
    whole: frozenset[str]
    mask: Array
    value: Array
    unit: Array
    digits: Array
    exact: Array
    own: Array
    near_one: Array
    near_both: Array
    remarked: Array
    right: set[str]
    surely: set[str]
    precision: Precision
    bands: dict[str, Bands]
    pages: "Pages"
    page: int


class Pages(NamedTuple):
    """What was evaluated for several pages: the values of all slots and what was computed, with the shapes for one."""

    swept: Swept
    shapes: list[tuple[int, ...]]


def swept_of(look: Look) -> Swept:
    """Give the run on the numbers of one page."""
    slots = [slot_of(look, at) for at in range(len(look.pages.shapes))]
    computed = look.pages.swept.computed.items()
    return Swept(slots, {name: _own(look, value, look.spots.shapes[name]) for name, value in computed})


def slot_of(look: Look, at: int) -> Array:
    """Give the value of one slot on the numbers of one page."""
    return _own(look, look.pages.swept.slots[at], look.pages.shapes[at])


def _own(look: Look, value: Array, shape: tuple[int, ...]) -> Array:
    return value[look.page] if np.ndim(value) > len(shape) else value


def looks(work: Sheetwork, pages: Sequence[Mapping[str, Cells]]) -> list[Look]:
    """Look at what was written on each of some pages, by quantity, one entry or None for each place."""
    alike: dict[tuple[tuple[str, ...], tuple[bool, ...]], list[int]] = {}
    rows: list[Cells] = []
    for number, written in enumerate(pages):
        names = tuple(name for name in work.programs[0].slots if name in written)
        rows.append([cell for name in names for cell in written[name]])
        alike.setdefault((names, tuple(cell is not None for cell in rows[-1])), []).append(number)
    out: dict[int, Look] = {}
    together = max(1, MOST_TOGETHER // max(1, sum(np.size(value) for value in work.slots)))
    for (names, mask), numbers in alike.items():
        for first in range(0, len(numbers), together):
            some = numbers[first : first + together]
            found = _seen(work, names, np.array(mask, dtype=bool), [rows[number] for number in some])
            out.update(zip(some, found, strict=True))
    return [out[number] for number in range(len(pages))]


def _seen(work: Sheetwork, names: tuple[str, ...], mask: Array, pages: list[Cells]) -> list[Look]:
    """Look at pages on which the same entries are written."""
    spots, many = spots_of(work, names), len(pages)
    whole = frozenset(name for name, part in spots.parts.items() if mask[part].all())
    ways = ways_of(work, names, whole)
    entries = [[cell or NOTHING for cell in cells] for cells in pages]
    value, unit, digits, typed = _columns(entries)
    pins = {
        name: Pin(mask[part].reshape(spots.shapes[name]), value[:, part].reshape(many, *spots.shapes[name]))
        for name, part in spots.parts.items()
    }
    shapes = shapes_of(work, 0)
    swept = Swept(*sweep(work.programs[0], work.table.values, pins, {}))
    own = own_rows(swept, spots, many)
    exact = _exact(mask, value, own, spots, ways)
    short = exact | spots.decided
    rounded = (mask & ~short & (typed > 0)).tolist()
    precisions = [
        precision_of([cell for cell, counts in zip(cells, some, strict=True) if counts])
        for cells, some in zip(entries, rounded, strict=True)
    ]
    # what has few digits, and a zero has none, may be meant otherwise than it stands there
    least = np.array([shortest(each) for each in precisions])[:, None]
    for page, spot in np.argwhere(mask & (digits < least)).tolist():
        unit[page, spot], digits[page, spot] = place_of(entries[page][spot], precisions[page])
    digits[short] = EXACT
    near_own = near_each(value, own, unit, spots.noise)
    near_key = near_each(value, spots.key, unit, spots.noise)
    near_one = (near_own | near_key) & ~spots.decided
    near_both = near_own & near_key & ~spots.decided
    remarked = _remarked(value, typed, own, spots.key)
    seen = Pages(swept, shapes)
    right = _wholly(near_one & ~remarked | ~mask, spots)
    surely = _wholly(near_both & ~remarked | ~mask, spots)
    found = [
        Look(
            {name: cells[part] for name, part in spots.parts.items()},
            cells,
            spots,
            ways,
            whole,
            mask,
            value[page],
            unit[page],
            digits[page],
            exact[page],
            own[page],
            near_one[page],
            near_both[page],
            remarked[page],
            right[page],
            surely[page],
            precisions[page],
            {},
            seen,
            page,
        )
        for page, cells in enumerate(pages)
    ]
    unclear = mask & ~near_one & ~spots.decided
    # what has few digits is seldom wrong; below what is wrong it counts by which of the two a value is right
    suspect = (unclear & (unit >= typed)).any(axis=1).tolist()
    clear = _wholly(~unclear, spots)
    alike: dict[tuple[str, ...], list[Look]] = {}
    for look in found:
        for names in _to_measure(work, look, clear[look.page], suspect[look.page]):
            alike.setdefault(names, []).append(look)
    for names, some in alike.items():
        _measure(work, names, some)
    return found


def _to_measure(work: Sheetwork, page: Look, clear: set[str], suspect: bool) -> Iterator[tuple[str, ...]]:
    """Give the quantities of a page whose bands are wanted, those together that are measured together.

    It depends on nothing but the page: where something may be wrong on it all of them, else each part in which
    something is not clear.
    """
    written = tuple(page.written)
    if suspect:
        yield written
    elif len(clear) < len(written):
        parts = split_of(work, 0, written, page.whole).parts
        yield from dict.fromkeys(parts[name] for name in written if name not in clear)


def _measure(work: Sheetwork, names: tuple[str, ...], pages: list[Look]) -> None:
    """Measure the bands of some quantities on pages on which the same entries are written."""
    part, shapes = part_of(work, 0, tuple(pages[0].written), pages[0].whole, names), shapes_of(work, 0)
    swept, rows = pages[0].pages.swept, [page.page for page in pages]
    base: list[Array] = [None] * len(shapes)
    for at in part.slots:
        value = swept.slots[at]
        base[at] = value[rows] if np.ndim(value) > len(shapes[at]) else value
    for page, bands in zip(pages, measured(work, 0, part, pages, base), strict=True):
        page.bands.update(dict.fromkeys(names, bands))


def measured(work: Sheetwork, choice: int, part: Part, pages: Sequence[Look], base: Sequence[Array]) -> list[Bands]:
    """Measure the bands in one part of pages on which the same entries are written.

    Args:
        work: the table, made ready for marking.
        choice: the choice of forms.
        part: the part of the page.
        pages: what was seen of the pages.
        base: the values of the slots that have to do with it, with the pages on the first axis.
    """
    spots, mask = pages[0].spots, pages[0].mask
    value = np.stack([page.value for page in pages])
    unit = np.where([page.exact for page in pages], 0.0, [page.unit for page in pages])
    shapes = {name: spots.shapes[name] for name in part.names}
    columns = {name: spots.parts[name] for name in part.names}
    pins = {
        name: Pin(mask[columns[name]].reshape(shape), value[:, columns[name]].reshape(-1, *shape))
        for name, shape in shapes.items()
    }
    return measure(
        part.program,
        shapes_of(work, choice),
        part.values,
        pins,
        {name: unit[:, columns[name]].reshape(-1, *shape) for name, shape in shapes.items()},
        base,
        [page.precision.decimals for page in pages],
        spots.starts,
    )


def _columns(pages: Iterable[list[Entry]]) -> tuple[Array, Array, Array, Array]:
    """Give the values, units and digits of entries, (pages, entries) each; the units twice, as they are to be read
    anew."""
    rows = [[cell[1:4] for cell in cells] for cells in pages]
    table = np.array(rows, dtype=float).reshape(len(rows), -1, 3)
    value, unit, digits = (np.ascontiguousarray(table[..., at]) for at in range(3))
    return value, unit, digits.astype(int), unit.copy()


def own_rows(swept: Swept, spots: Spots, many: int) -> Array:
    """Give the recomputations of all entries from the nearest written values: (pages, entries)."""
    parts = [paged(swept.computed[name], many, shape) for name, shape in spots.shapes.items()]
    return np.concatenate([np.zeros((many, 0)), *parts], axis=1)


def _exact(mask: Array, value: Array, own: Array, spots: Spots, ways: Mapping[str, Way]) -> Array:
    """Tell which entries equal their recomputation from nothing but exact values: these carry no uncertainty.

    What is copied from a rounded value is as uncertain as that.
    """
    with np.errstate(invalid="ignore"):
        exact: Array = np.abs(value - own) <= SAME * np.abs(own) + spots.noise
    rounded: dict[str, Array] = {}  # of each quantity the pages on which it is
    for name, part in spots.parts.items():
        above = [rounded[other] for other in ways[name][0] if other in rounded]
        if above:
            exact[:, part] &= ~np.any(above, axis=0)[:, None]
        some = (mask[part] & ~exact[:, part]).any(axis=1)
        if some.any():
            rounded[name] = some
    return exact


def _wholly(holds: Array, spots: Spots) -> list[set[str]]:
    """Give for each page the quantities of which something holds for all entries, (pages, entries)."""
    names, starts = [*spots.starts], [*spots.starts.values()]
    whole = np.logical_and.reduceat(holds, starts, axis=1).tolist()
    return [{name for name, every in zip(names, row, strict=True) if every} for row in whole]


def _remarked(value: Array, unit: Array, own: Array, key: Array) -> Array:
    """Tell of which entries there may be a remark on the digits: whether they are cut off, or moved from the key."""
    with np.errstate(invalid="ignore"):
        gap = np.abs(own) - np.abs(value)
        cut = (gap > 0.5 * unit) & (gap < unit)
        return (unit > 0) & (cut | (np.abs(value - key) > 1.5 * unit))
