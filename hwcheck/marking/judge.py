"""Verdicts: one sweep through the table on the numbers that the student wrote.

Each written entry is compared with its recomputation from the nearest written values (`near own`), by every
equivalent form of the formulas, and with the key (`near key`). Near its own recomputation with nothing wrong above,
or near the key, it is correct; near its own recomputation with something wrong above, it is carried, as it is near a
mixture of wrong values and right ones; else it is wrong. What is wrong or carried may make what is below it carried;
what is right by the key does not.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from ..graph.evaluate import Pin, sweep
from ..graph.functions import Array
from ..record import NamedTuple
from .bands import Bands, Swept
from .following import Moved, hollow, leaves_nothing, mixed
from .look import Cells, Look, looks, measured, own_rows, slot_of, swept_of
from .near import above, in_key_band, near_each, near_key, near_own
from .parts import part_of
from .precision import (
    HIDDEN_DIGITS,
    Place,
    is_cut,
    may_be_short,
    place_of,
)
from .typed import EXACT, Entry
from .work import Sheetwork, above_of

#: So many equal numbers, and none else, are no work.
ENOUGH = 3
#: Or where nearly so many of all numbers are the same, and not 0.
MOST_ALIKE = 0.8
NOT_RIGHT = ("wrong", "carried")


class Judged(NamedTuple):
    """What was found about one written entry: its verdict, the key, its own recomputation, the band that was used.

    `earns` is False where a value follows from a wrong one without any work to show.
    """

    verdict: str
    reference: float
    carried: float
    tolerance: float
    remarks: tuple[str, ...] = ()
    earns: bool = True


class Judge:
    """Judges the entries that one student wrote about one table; `verdicts` by quantity and flat place.

    All entries stand in one row, quantity by quantity (`spots`): what is `bad` (wrong, carried, or without work to
    show), what is `unsure`, and the `digits` that say how precisely the student worked. `bad_names` are the quantities
    with something bad, `notable` those with anything but right entries that there is nothing to say of.
    """

    def __init__(self, work: Sheetwork, look: Look) -> None:
        """Take in what was seen of a page, and judge it in the order of the table."""
        self.work, self.table, self.look = work, work.table, look
        self.written, self.spots, self.ways = look.written, look.spots, look.ways
        self.precision, self.digits = look.precision, look.digits
        self.swept: dict[int, Swept] = {}
        self.owns: dict[int, Array] = {0: look.own}
        self.bands: dict[tuple[int, str], Bands] = {(0, name): some for name, some in look.bands.items()}
        self.moved: dict[tuple[int, bool], Moved] = {}
        self.mixtures: dict[tuple[str, int], Array] = {}
        self.bad = np.zeros(len(look.cells), dtype=bool)
        self.unsure = np.zeros(len(look.cells), dtype=bool)
        self.bad_names: set[str] = set()
        self.notable: set[str] = set()
        if not look.right.issuperset(self.written):
            self._judge()

    @cached_property
    def verdicts(self) -> dict[tuple[str, int], Judged]:
        """What was found of each entry; it begins as what is right by the last place alone."""
        look = self.look
        new, facts = tuple.__new__, zip(self.spots.keys, look.own.tolist(), look.unit.tolist(), strict=True)
        plain: list[Judged] = [new(Judged, ("correct", key, own, unit, (), True)) for key, own, unit in facts]
        found = dict(zip(self.spots.marks, plain, strict=True))
        for spot in np.flatnonzero(~look.mask).tolist():
            del found[self.spots.marks[spot]]
        return found

    @cached_property
    def constant(self) -> bool:
        """Whether one number stands nearly everywhere on the page, whatever its sign."""
        return _is_constant([abs(cell.value) for cell in self.look.cells if cell is not None])

    @cached_property
    def pins(self) -> dict[str, Pin]:
        """What was written, by quantity, in its shape."""
        mask, value, shapes = self.look.mask, self.look.value, self.spots.shapes
        return {
            name: Pin(mask[part].reshape(shapes[name]), value[part].reshape(shapes[name]))
            for name, part in self.spots.parts.items()
        }

    @cached_property
    def units(self) -> dict[str, Array]:
        """One unit of the last place of what was written, 0 where it is exact; by quantity, in its shape."""
        unit = np.where(self.look.exact, 0.0, self.look.unit)
        return {name: unit[part].reshape(self.spots.shapes[name]) for name, part in self.spots.parts.items()}

    def _judge(self) -> None:
        """Judge every entry; by the last place alone where that is enough."""
        look = self.look
        for name, cells in self.written.items():
            start, below = self.spots.starts[name], self.wrong_above(name)
            if name in (look.surely if below else look.right):
                continue
            easy = (look.near_both if below else look.near_one).tolist()
            idle: list[int] = []
            for at, (spot, cell) in enumerate(enumerate(cells, start)):
                if cell is None:
                    continue
                if easy[spot]:
                    judged = self.verdicts[name, at]
                    if look.remarked[spot]:
                        judged = judged._replace(remarks=_remarks(cell, judged))
                else:
                    judged = self._entry(name, at, cell)
                self.verdicts[name, at] = judged
                if judged.remarks or judged.verdict != "correct":
                    self._note(name, spot, judged)
                if not judged.earns:
                    idle.append(at)
            for at in idle:
                self.verdicts[name, at] = self._shown(name, self.verdicts[name, at])

    def _note(self, name: str, spot: int, judged: Judged) -> None:
        """Note what is not right, for what is below it, and what there is to say of."""
        self.notable.add(name)
        if judged.verdict in NOT_RIGHT or not judged.earns:
            self.bad[spot] = True
            self.bad_names.add(name)
        if judged.verdict == "undecided":
            self.unsure[spot] = True
        if judged.verdict in ("wrong", "undecided"):
            self.digits[spot] = EXACT

    # --- the sweep, and what it is measured by ------------------------------------------------------------------------

    def run(self, choice: int) -> Swept:
        """Work out what follows from the student's own numbers, by one choice of forms."""
        if choice not in self.swept:
            program, values = self.work.programs[choice], self.table.values
            self.swept[choice] = Swept(*sweep(program, values, self.pins, {})) if choice else swept_of(self.look)
        return self.swept[choice]

    def used(self, name: str) -> Array:
        """Give the value of a quantity that the student used: what is written, else what follows from that."""
        return slot_of(self.look, self.work.programs[0].slots[name])

    def own_row(self, choice: int) -> Array:
        """Give the recomputations of all entries from the nearest written values."""
        if choice not in self.owns:
            self.owns[choice] = own_rows(self.run(choice), self.spots, 1)[0]
        return self.owns[choice]

    def own(self, name: str, at: int, choice: int) -> float:
        """Give an entry's recomputation from the nearest written values."""
        return float(self.own_row(choice)[self.spots.starts[name] + at])

    def band(self, choice: int, name: str) -> Bands:
        """Give the bands around the student's own numbers by one choice of forms, with those of a quantity."""
        if (choice, name) not in self.bands:
            written = tuple(self.written)
            part = part_of(self.work, choice, written, self.look.whole, written)
            (found,) = measured(self.work, choice, part, [self.look], self.run(choice).slots)
            for each in written:
                self.bands.setdefault((choice, each), found)
        return self.bands[choice, name]

    def choices(self, name: str) -> Iterator[int]:
        """Give the choices of forms by which an entry may come out differently."""
        for choice, replaced in enumerate(self.work.replaced):
            if not choice or not replaced.isdisjoint(self.ways[name][1]):
                yield choice

    # --- verdicts -----------------------------------------------------------------------------------------------------

    def entry(self, name: str, at: int, cell: Entry) -> Judged:
        """Judge one entry, whichever of its values was used for what is below it."""
        judged = self._entry(name, at, cell)
        return judged if judged.earns else self._shown(name, judged)

    def _entry(self, name: str, at: int, cell: Entry) -> Judged:
        if name in self.work.decisions:
            return self.decision(name, at, cell)
        place = place_of(cell, self.precision)
        found, choice = self.by_place(name, at, cell.value, place)
        if (
            found.verdict == "wrong"
            and may_be_short(cell, self.precision)
            and any(is_cut(cell, right, found.tolerance) for right in (found.carried, found.reference))
        ):
            moved = self.table[name].role != "update" or self.moves_weights
            return found._replace(verdict="undecided", remarks=("short",), earns=moved)
        if found.verdict == "wrong":
            return self.by_mixture(name, at, cell.value, found)
        if self.constant and found.verdict == "carried":
            return found._replace(verdict="undecided", remarks=("trivial",), earns=False)
        if (
            self.wrong_above(name)
            and leaves_nothing(self, name, at, choice)
            and in_key_band(self, name, at, cell.value, place) is None
        ):
            return found._replace(verdict="undecided", remarks=("trivial",), earns=False)
        return found._replace(remarks=(*found.remarks, *_remarks(cell, found)))

    @cached_property
    def moves_weights(self) -> bool:
        """Whether any value after a step differs from the one before it: else nothing is shown of the step."""
        look = self.look
        for name, part in self.spots.parts.items():
            if self.table[name].role == "update":
                old = np.ravel(self.used(self.table.reads(name)[0]))
                if bool(np.any((look.value[part] != old) & look.mask[part])):
                    return True
        return False

    def _shown(self, name: str, judged: Judged) -> Judged:
        """Let a value that took no work be carried where the same step is shown for another entry of the quantity."""
        if self.constant:
            return judged
        for other in range(len(self.written[name])):
            seen = self.verdicts.get((name, other))
            if seen is None or seen.verdict not in ("correct", "carried"):
                continue
            spot = self.spots.starts[name] + other
            value = self.pins[name].value.ravel()[other]
            copied = near_each(value, self.look.own[spot], seen.tolerance, self.spots.noise[spot])
            if not copied or not hollow(self, name, other, 0):
                return judged._replace(verdict="carried", remarks=(), earns=True)
        return judged

    def wrong_above(self, name: str) -> bool:
        """Tell whether the definitions lead to something that is not right, whatever the numbers show of it.

        A product of zeros does not show what it was made from, and a decision seldom does.
        """
        return not self.bad_names.isdisjoint(above_of(self.work, name))

    def decision(self, name: str, at: int, cell: Entry) -> Judged:
        """Judge a decision: on the student's own number; where nothing is wrong above, an unrounded one may decide."""
        spot = self.spots.starts[name] + at
        reference, own = float(self.spots.key[spot]), float(self.look.own[spot])
        above = self.wrong_above(name)
        if cell.value == own or (cell.value == reference and not above):
            verdict = "carried" if above and own != reference else "correct"
        else:
            verdict = "wrong"
        return Judged(verdict, reference, own, 0.0)

    def by_place(self, name: str, at: int, value: float, place: Place) -> tuple[Judged, int]:
        """Judge an entry by its last place: by every choice of forms, then against the key; give the choice too."""
        spot = self.spots.starts[name] + at
        reference, own = float(self.spots.key[spot]), float(self.look.own[spot])
        found, by = Judged("wrong", reference, own, 0.0), 0
        for choice in self.choices(name):
            near, tolerance = near_own(self, name, at, value, place, choice)
            if near:
                verdict = "carried" if above(self, name, at, choice) else "correct"
                found, by = Judged(verdict, reference, self.own(name, at, choice), tolerance), choice
                break
            if choice == 0:
                found = found._replace(tolerance=tolerance)
        if found.verdict == "correct":
            return found, by
        band = near_key(self, name, at, value, place)
        if band is None:
            return found, by
        gap = abs(value - reference)
        if found.verdict == "carried" and gap > place.unit and abs(value - found.carried) < gap:
            return found, by  # the band around the key is wide, and what was used explains the value better
        recovered = found.verdict == "wrong" and above(self, name, at, 0)
        return Judged("correct", reference, found.carried, band, ("recovered",) if recovered else ()), by

    def by_mixture(self, name: str, at: int, value: float, found: Judged) -> Judged:
        """Judge an entry that is near neither its own recomputation nor the key: it may follow from some of both."""
        if not self.constant and self.wrong_above(name):
            for choice in self.choices(name):
                follows = mixed(self, name, at, choice, value, found.tolerance)
                if follows is not None:
                    return found._replace(verdict="carried", carried=follows, remarks=("mixed",))
        return found


def judges(work: Sheetwork, pages: Sequence[Mapping[str, Cells]]) -> list[Judge]:
    """Judge what was written on each of some pages, by quantity, one entry or None for each place."""
    return [Judge(work, look) for look in looks(work, pages)]


def _is_constant(sizes: list[float]) -> bool:
    """Tell whether one number stands nearly everywhere on a page, which shows no work."""
    usual, count = max(Counter(sizes).items(), key=lambda each: each[1], default=(0.0, 0))
    nearly = usual != 0 and count >= max(ENOUGH, MOST_ALIKE * len(sizes))
    return nearly or len(sizes) == count >= ENOUGH


def _remarks(cell: Entry, found: Judged) -> tuple[str, ...]:
    """Remark digits that were cut instead of rounded, and last digits that rounded numbers behind them have moved."""
    if cell.unit == 0:
        return ()
    gap = abs(found.carried) - abs(cell.value)
    if 0.5 * cell.unit < gap < cell.unit and abs(cell.value - found.carried) < cell.unit:
        return ("truncated",)
    if found.verdict == "correct" and abs(cell.value - found.reference) > 1.5 * cell.unit:
        return ("digits",) if cell.digits > HIDDEN_DIGITS else ("rounded",)
    return ()
