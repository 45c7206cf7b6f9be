"""Verdicts: one sweep through the table on the numbers that the student wrote.

Each written entry is compared with its recomputation from the nearest written values (`near own`), by every
equivalent form of the formulas, and with the key (`near key`). Near its own recomputation with nothing wrong above,
or near the key, it is correct; near its own recomputation with something wrong above, it is carried; else it is
wrong. What is wrong or carried may make what is below it carried; what is right by the key does not.
"""

from collections.abc import Container, Mapping
from typing import NamedTuple

import numpy as np

from ..graph.evaluate import Pin, sweep
from ..graph.functions import Array
from .bands import Bands, Swept, hidden, measure
from .precision import (
    HIDDEN_DIGITS,
    SAME,
    Place,
    fewest,
    inside,
    is_cut,
    may_be_short,
    place_of,
    precision_of,
)
from .typed import Entry
from .work import Sheetwork, key_bands

#: So many equal numbers, and none else, are no work.
ENOUGH = 3
NOT_RIGHT = ("wrong", "carried")


class Judged(NamedTuple):
    """What was found about one written entry: its verdict, the key, its own recomputation, the band that was used."""

    verdict: str
    reference: float
    carried: float
    tolerance: float
    remarks: tuple[str, ...] = ()
    earns: bool = True


class Judge:
    """Judges the entries that one student wrote about one table; `verdicts` by quantity and flat place."""

    def __init__(self, work: Sheetwork, written: Mapping[str, list[Entry | None]]) -> None:
        """Take in what was written, by quantity, and judge it in the order of the table."""
        self.work, self.table = work, work.table
        self.written = {name: written[name] for name in work.programs[0].slots if name in written}
        self.pins: dict[str, Pin] = {}
        self.swept: dict[int, Swept] = {}
        self.bands: dict[int, Bands] = {}
        for name, cells in self.written.items():
            shape = work.key[name].shape
            mask = np.array([cell is not None for cell in cells]).reshape(shape)
            self.pins[name] = Pin(mask, np.array([cell.value if cell else 0.0 for cell in cells]).reshape(shape))
        self.ways = {name: self.nearest(name) for name in self.written}
        self.exact: dict[str, Array] = {}
        for name in self.written:
            self.exact[name] = self.is_exact(name)
        self.precision = precision_of(
            cell
            for name, cells in self.written.items()
            if name not in work.decisions
            for cell, exact in zip(cells, self.exact[name].ravel(), strict=True)
            if cell is not None and not exact and cell.unit > 0
        )
        self.units: dict[str, Array] = {}
        for name, cells in self.written.items():
            unit = np.array([place_of(cell, self.precision).unit if cell else 0.0 for cell in cells])
            self.units[name] = np.where(self.exact[name].ravel(), 0.0, unit).reshape(self.pins[name].mask.shape)
        sizes = [abs(cell.value) for cells in self.written.values() for cell in cells if cell is not None]
        self.constant = len(sizes) >= ENOUGH and len(set(sizes)) == 1
        self.verdicts: dict[tuple[str, int], Judged] = {}
        for name, cells in self.written.items():
            for at, cell in enumerate(cells):
                if cell is not None:
                    self.verdicts[name, at] = self.entry(name, at, cell)

    # --- the sweep, and what it is measured by ------------------------------------------------------------------------

    def run(self, choice: int) -> Swept:
        """Work out what follows from the student's own numbers, by one choice of forms."""
        if choice not in self.swept:
            self.swept[choice] = Swept(*sweep(self.work.programs[choice], self.table.values, self.pins, {}))
        return self.swept[choice]

    def own(self, name: str, at: int, choice: int) -> float:
        """Give an entry's recomputation from the nearest written values."""
        return float(np.ravel(self.run(choice).computed[name])[at])

    def band(self, choice: int) -> Bands:
        """Give the bands around the student's own numbers, by one choice of forms."""
        if choice not in self.bands:
            program, base = self.work.programs[choice], self.run(choice)
            decimals = self.precision.decimals
            self.bands[choice] = measure(program, self.table.values, self.pins, self.units, base, decimals)
        return self.bands[choice]

    def is_exact(self, name: str) -> Array:
        """Tell which entries equal their recomputation from nothing but exact values: these carry no uncertainty.

        What is copied from a rounded value is as uncertain as that.
        """
        if any(not np.all(self.exact[other] | ~self.pins[other].mask) for other in self.ways[name][0]):
            return np.zeros_like(self.pins[name].mask)
        own = np.asarray(self.run(0).computed[name], dtype=float)
        return np.abs(self.pins[name].value - own) <= SAME * np.abs(own) + self.work.noise.get(name, 0.0)

    def nearest(self, name: str) -> tuple[set[str], set[str]]:
        """Give the nearest written quantities that a definition leads to, and the definitions down from these."""
        found: set[str] = set()
        between = {name}
        todo = self.table.reads(name)
        while todo:
            other = todo.pop()
            if other in between:
                continue
            if other in self.written:
                found.add(other)
                if self.pins[other].mask.all():
                    continue
            between.add(other)
            todo += self.table.reads(other)
        return found, between

    # --- verdicts -----------------------------------------------------------------------------------------------------

    def entry(self, name: str, at: int, cell: Entry) -> Judged:
        """Judge one entry."""
        if name in self.work.decisions:
            return self.decision(name, at, cell)
        found = self.by_place(name, at, cell)
        if (
            found.verdict == "wrong"
            and may_be_short(cell, self.precision)
            and any(is_cut(cell, right, found.tolerance) for right in (found.carried, found.reference))
        ):
            return found._replace(verdict="undecided", remarks=("short",))
        if found.verdict == "wrong":
            return found
        if self.is_trivial(name, cell, found):
            return found._replace(verdict="wrong", remarks=("trivial",))
        return found._replace(remarks=(*found.remarks, *_remarks(cell, found)))

    def is_trivial(self, name: str, cell: Entry, found: Judged) -> bool:
        """Tell whether a value follows from a wrong one without any work: all zeros, or one number everywhere."""
        if self.constant and found.verdict == "carried":
            return True
        noise = self.work.noise.get(name, 0.0)
        zero = abs(found.carried) <= noise and abs(cell.value - found.reference) > max(noise, found.tolerance)
        return zero and self.wrong_above(name)

    def wrong_above(self, name: str) -> bool:
        """Tell whether the definitions lead to something that is not right, whatever the numbers show of it.

        A product of zeros does not show what it was made from, and a decision seldom does.
        """
        ways = set(self.table.needed([name])) - {name}
        return any(judged.verdict in NOT_RIGHT for (other, _), judged in self.verdicts.items() if other in ways)

    def decision(self, name: str, at: int, cell: Entry) -> Judged:
        """Judge a decision: on the student's own number; where nothing is wrong above, an unrounded one may decide."""
        reference, own = float(self.work.key[name].ravel()[at]), self.own(name, at, 0)
        above = self.wrong_above(name)
        if cell.value == own or (cell.value == reference and not above):
            verdict = "carried" if above and own != reference else "correct"
        else:
            verdict = "wrong"
        return Judged(verdict, reference, own, 0.0)

    def by_place(self, name: str, at: int, cell: Entry) -> Judged:
        """Judge an entry by its last place: by every choice of forms, then against the key."""
        place = place_of(cell, self.precision)
        reference = float(self.work.key[name].ravel()[at])
        for choice, replaced in enumerate(self.work.replaced):
            if choice and replaced.isdisjoint(self.ways[name][1]):
                continue  # it comes out as by the first
            own = self.own(name, at, choice)
            near, tolerance = self.near_own(name, at, cell.value, place, choice)
            if near:
                verdict = "carried" if self.above(name, at, choice) else "correct"
                found = Judged(verdict, reference, own, tolerance)
                break
            if choice == 0:
                found = Judged("wrong", reference, own, tolerance)
        if found.verdict != "correct":
            near, tolerance = self.near_key(name, at, cell.value, place)
            if near:
                recovered = found.verdict == "wrong" and self.above(name, at, 0)
                remarks = ("recovered",) if recovered else ()
                found = Judged("correct", reference, found.carried, tolerance, remarks)
        return found

    def near_own(self, name: str, at: int, value: float, place: Place, choice: int) -> tuple[bool, float]:
        """Tell whether an entry lies in the band around its own recomputation, and how wide that band is."""
        own = self.own(name, at, choice)
        if not np.isfinite(own):
            return False, 0.0
        gap = abs(value - own) - self.work.noise.get(name, 0.0)
        if inside(gap, place.unit, own):
            return True, place.unit
        bands = self.band(choice)
        row = bands.rows[name] + at
        above = [digits for source in self.parents(name, at, bands) for digits in self.digits_of(*source)]
        # K, the digits to which what was not written counts as rounded: the fewest of the values that the entry
        # depends on and, across unwritten ones, of its siblings
        known = [place.digits, *above]
        if bands.any_hidden[row]:
            known += [HIDDEN_DIGITS, *self.siblings(name, at)]
        tolerance = place.unit + float(bands.last[row]) + hidden(bands, name, at, fewest(known))
        return inside(gap, tolerance, own), tolerance

    def near_key(self, name: str, at: int, value: float, place: Place) -> tuple[bool, float]:
        """Tell whether an entry lies in the band around the key, with everything on the way unwritten."""
        reference = float(self.work.key[name].ravel()[at])
        if not np.isfinite(reference):
            return False, 0.0
        gap = abs(value - reference) - self.work.noise.get(name, 0.0)
        if inside(gap, place.unit, reference):
            return True, place.unit
        if not self.above(name, at, 0, (*NOT_RIGHT, "undecided")):
            return False, place.unit  # what was used is right: only its recomputation counts
        digits = fewest([place.digits, HIDDEN_DIGITS, *self.siblings(name, at)])
        tolerance = place.unit + hidden(key_bands(self.work, self.precision.decimals), name, at, digits)
        return inside(gap, tolerance, reference), tolerance

    def parents(self, name: str, at: int, bands: Bands) -> list[tuple[str, int]]:
        """Give the nearest written entries that an entry depends on."""
        return [bands.written[source] for source in np.flatnonzero(bands.reach[bands.rows[name] + at])]

    def above(self, name: str, at: int, choice: int, kinds: Container[str] = NOT_RIGHT) -> bool:
        """Tell whether something of these verdicts was used: by default, something that is not right."""
        bad = {source for source, judged in self.verdicts.items() if judged.verdict in kinds}
        return bool(bad) and not bad.isdisjoint(self.parents(name, at, self.band(choice)))

    def siblings(self, name: str, at: int) -> list[int]:
        """Give the digits of the other entries of a quantity."""
        others = (other for other in range(len(self.written[name])) if other != at)
        return [digits for other in others for digits in self.digits_of(name, other)]

    def digits_of(self, name: str, at: int) -> list[int]:
        """Give the digits of a written entry if they say how precisely the student worked.

        Exact values, decisions and wrong values do not.
        """
        cell = self.written[name][at]
        judged = self.verdicts.get((name, at))
        if cell is None or name in self.work.decisions or self.exact[name].ravel()[at]:
            return []
        if judged is not None and judged.verdict in ("wrong", "undecided"):
            return []
        return [place_of(cell, self.precision).digits]


def _remarks(cell: Entry, found: Judged) -> tuple[str, ...]:
    """Remark digits that were cut instead of rounded, and digits that the numbers behind them do not carry."""
    if cell.unit == 0:
        return ()
    gap = abs(found.carried) - abs(cell.value)
    if 0.5 * cell.unit < gap < cell.unit and abs(cell.value - found.carried) < cell.unit:
        return ("truncated",)
    if abs(cell.value - found.reference) > 1.5 * cell.unit and cell.digits > HIDDEN_DIGITS:
        return ("digits",)
    return ()
