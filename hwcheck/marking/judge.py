"""Verdicts: one sweep through the table on the numbers that the student wrote.

Each written entry is compared with its recomputation from the nearest written values (`near own`), by every
equivalent form of the formulas, and with the key (`near key`). Near its own recomputation with nothing wrong above,
or near the key, it is correct; near its own recomputation with something wrong above, it is carried; else it is
wrong. What is wrong or carried may make what is below it carried; what is right by the key does not.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping
from itertools import product as combinations
from typing import NamedTuple

import numpy as np

from ..formula.expr import COMPARISONS, Call, Expr, names
from ..graph.evaluate import Pin, Program, compile_table, run, sweep
from ..graph.functions import Array
from ..graph.table import Table
from .bands import Bands, last_place, measure
from .typed import EXACT, Entry

LEAST_DIGITS = 2
HIDDEN_DIGITS = 4
LONGEST = 4
SAME = 1e-12
NOISE = 1e-14
ENOUGH = 3  # equal numbers, and none else, are no work


class Judged(NamedTuple):
    """What was found about one written entry.

    Its verdict, the key, its own recomputation, and the band that was used.
    """

    verdict: str
    reference: float
    carried: float
    tolerance: float
    remarks: tuple[str, ...]


class Sheetwork(NamedTuple):
    """A table compiled for marking: its schedules, one for each choice of equivalent forms, and the key.

    `noise` is what the last bits of a computation may make of each quantity: terms that cancel leave 5e-17, not 0.
    """

    table: Table
    programs: list[Program]
    key: dict[str, Array]
    decisions: frozenset[str]
    noise: dict[str, float]


def prepare(table: Table, wanted: Iterable[str]) -> Sheetwork:
    """Compile what is needed to mark the wanted quantities."""
    rows = table.needed([*wanted, *_read_by_forms(table, wanted)])
    programs = [compile_table(table, rows, batched=True, forms=forms) for forms in choices_of_forms(table, rows)]
    slots = run(programs[0], table.values)
    key = {name: np.asarray(slots[programs[0].slots[name]], dtype=float) for name in rows}
    decisions = frozenset(
        name
        for name in rows
        if isinstance(formula := table[name].formula, Call) and formula.op in (*COMPARISONS, "step")
    )
    return Sheetwork(table, programs, key, decisions, noise_of(programs[0], slots))


def noise_of(program: Program, slots: list[Array]) -> dict[str, float]:
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


def choices_of_forms(table: Table, rows: Iterable[str]) -> list[dict[str, Expr]]:
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


class Place(NamedTuple):
    """How a written number is read: one unit of its last place, and its significant digits."""

    unit: float
    digits: int


class Judge:
    """Judges the entries that one student wrote about one table."""

    def __init__(self, work: Sheetwork, written: Mapping[str, list[Entry | None]]) -> None:
        """Take in what was written, by quantity; how precisely the student works shows in all of it."""
        self.work, self.table = work, work.table
        self.written = {name: written[name] for name in work.programs[0].slots if name in written}
        self.pins: dict[str, Pin] = {}
        self.own: dict[int, dict[str, Array]] = {}
        self.bands: dict[int, Bands] = {}
        for name, cells in self.written.items():
            shape = tuple(int(size) for size in self.table.shape(name))
            mask = np.array([cell is not None for cell in cells]).reshape(shape)
            self.pins[name] = Pin(mask, np.array([cell.value if cell else 0.0 for cell in cells]).reshape(shape))
        self.exact: dict[str, Array] = {}
        for name in self.written:
            self.exact[name] = self.is_exact(name)
        rounded = [
            cell
            for name, cells in self.written.items()
            if name not in work.decisions
            for cell, exact in zip(cells, self.exact[name].ravel(), strict=True)
            if cell is not None and not exact and cell.unit > 0
        ]
        self.decimals = fixed_decimals(rounded)
        self.typical = typical_digits(rounded)
        self.units = {
            name: np.array([self.place(cell).unit if cell else 0.0 for cell in cells]).reshape(
                self.pins[name].mask.shape
            )
            for name, cells in self.written.items()
        }
        sizes = [abs(cell.value) for name, cells in self.written.items() for cell in cells if cell is not None]
        self.constant = len(sizes) >= ENOUGH and len(set(sizes)) == 1
        self.key_bands: Bands | None = None
        self.verdicts: dict[tuple[str, int], Judged] = {}

    def computed(self, choice: int) -> dict[str, Array]:
        """Give what follows from the student's own numbers, by one choice of forms."""
        if choice not in self.own:
            _, self.own[choice] = sweep(self.work.programs[choice], self.table.values, self.pins, {})
        return self.own[choice]

    def band(self, choice: int) -> Bands:
        """Give the bands around the student's own numbers, by one choice of forms."""
        if choice not in self.bands:
            units = {name: np.where(self.exact[name], 0.0, unit) for name, unit in self.units.items()}
            self.bands[choice] = Bands(measure(self.table, self.work.programs[choice], self.pins, units), self.decimals)
        return self.bands[choice]

    def is_exact(self, name: str) -> Array:
        """Tell which entries equal their recomputation from nothing but exact values: these carry no uncertainty.

        What is copied from a rounded value is as uncertain as that.
        """
        if any(not np.all(self.exact[other] | ~self.pins[other].mask) for other in self.nearest(name)):
            return np.zeros_like(self.pins[name].mask)
        own = np.asarray(self.computed(0)[name], dtype=float)
        return np.abs(self.pins[name].value - own) <= SAME * np.abs(own) + self.work.noise.get(name, 0.0)

    def nearest(self, name: str) -> set[str]:
        """Give the nearest written quantities that a definition leads to."""
        found: set[str] = set()
        seen: set[str] = set()
        todo = self.table.reads(name)
        while todo:
            other = todo.pop()
            if other in seen:
                continue
            seen.add(other)
            if other in self.exact:
                found.add(other)
                if self.pins[other].mask.all():
                    continue
            todo += self.table.reads(other)
        return found

    def place(self, cell: Entry) -> Place:
        """Read a number with the zeros that its writer may have left out.

        Among numbers of four digits "0.5" is 0.5000, and a zero is nothing but zero. On a sheet of fixed decimals every
        number says by itself where it was rounded.
        """
        if cell.unit == 0 or (self.decimals is not None and cell.decimals == self.decimals):
            return Place(cell.unit, cell.digits)
        if cell.value == 0:
            return Place(0.0, EXACT)
        typical = self.typical or LONGEST
        if cell.digits < min(typical, 3):
            return Place(float(last_place(cell.value, typical)), typical)
        return Place(cell.unit, cell.digits)

    def may_be_short(self, cell: Entry, place: Place) -> bool:
        """Tell whether a number may also be one of few digits: where the others show that the student has more."""
        decimals = cell.decimals if cell.value == 0 else LEAST_DIGITS
        return self.typical is not None and cell.unit > place.unit and decimals is not None and decimals >= LEAST_DIGITS

    def judge(self) -> dict[tuple[str, int], Judged]:
        """Judge every written entry, in the order of the table."""
        for name, cells in self.written.items():
            for at, cell in enumerate(cells):
                if cell is not None:
                    self.verdicts[name, at] = self.entry(name, at, cell)
        return self.verdicts

    def entry(self, name: str, at: int, cell: Entry) -> Judged:
        """Judge one entry."""
        reference = float(self.work.key[name].ravel()[at])
        if name in self.work.decisions:
            return self.decision(name, at, cell, reference)
        place = self.place(cell)
        found = self.by_place(name, at, cell, place, reference)
        if (
            found.verdict == "wrong"
            and self.may_be_short(cell, place)
            and any(is_cut(cell, right, found.tolerance) for right in (found.carried, reference))
        ):
            found = found._replace(verdict="undecided", remarks=("short",))
        if found.verdict in ("correct", "carried") and self.is_trivial(name, cell, found):
            found = found._replace(verdict="wrong", remarks=("trivial",))
        if found.verdict in ("correct", "carried"):
            found = found._replace(remarks=(*found.remarks, *self.remarks(cell, found)))
        return found

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
        return any(
            judged.verdict in ("wrong", "carried") for (other, _), judged in self.verdicts.items() if other in ways
        )

    def decision(self, name: str, at: int, cell: Entry, reference: float) -> Judged:
        """Judge a decision: on the student's own number; where nothing is wrong above, an unrounded one may decide."""
        own = float(np.asarray(self.computed(0)[name], dtype=float).ravel()[at])
        above = self.wrong_above(name)
        if cell.value == own or (cell.value == reference and not above):
            verdict = "carried" if above and own != reference else "correct"
        else:
            verdict = "wrong"
        return Judged(verdict, reference, own, 0.0, ())

    def by_place(self, name: str, at: int, cell: Entry, place: Place, reference: float) -> Judged:
        """Judge an entry by its last place: by every choice of forms, then against the key."""
        found: Judged | None = None
        for choice in range(len(self.work.programs)):
            own = float(np.asarray(self.computed(choice)[name], dtype=float).ravel()[at])
            near, tolerance = self.near_own(name, at, cell, own, place, choice)
            if found is None or near:
                above = near and self.above(name, at, choice)
                found = Judged("carried" if above else "correct" if near else "wrong", reference, own, tolerance, ())
            if near:
                break
        assert found is not None
        if found.verdict != "correct":
            near, tolerance = self.near_key(name, cell, at, reference, place)
            if near:
                remarks = ("recovered",) if found.verdict == "wrong" else ()
                found = Judged("correct", reference, found.carried, tolerance, remarks)
        return found

    def near_own(self, name: str, at: int, cell: Entry, own: float, place: Place, choice: int) -> tuple[bool, float]:
        """Tell whether an entry lies in the band around its own recomputation, and how wide that band is."""
        if not np.isfinite(own):
            return False, 0.0
        gap = abs(cell.value - own) - self.work.noise.get(name, 0.0)
        if inside(gap, place.unit, own):
            return True, place.unit
        bands = self.band(choice)
        digits = self.digits(name, at, place, bands)
        tolerance = place.unit + float(bands.written_part(name, at).sum()) + bands.hidden(name, at, digits)
        return inside(gap, tolerance, own), tolerance

    def near_key(self, name: str, cell: Entry, at: int, reference: float, place: Place) -> tuple[bool, float]:
        """Tell whether an entry lies in the band around the key, with everything on the way unwritten."""
        if not np.isfinite(reference):
            return False, 0.0
        gap = abs(cell.value - reference) - self.work.noise.get(name, 0.0)
        if inside(gap, place.unit, reference):
            return True, place.unit
        if not self.above(name, at, 0, ("wrong", "carried", "undecided")):
            return False, place.unit  # what was used is right: only its recomputation counts
        if self.key_bands is None:
            nothing = {each: Pin(np.zeros_like(pin.mask), pin.value) for each, pin in self.pins.items()}
            self.key_bands = Bands(measure(self.table, self.work.programs[0], nothing, self.units), self.decimals)
        digits = fewest([place.digits, HIDDEN_DIGITS, *self.siblings(name, at)])
        tolerance = place.unit + self.key_bands.hidden(name, at, digits)
        return inside(gap, tolerance, reference), tolerance

    def parents(self, name: str, at: int, bands: Bands) -> list[tuple[str, int]]:
        """Give the nearest written entries that an entry depends on."""
        return [
            source for source, moved in zip(bands.sources.written, bands.sources.reach[name][at], strict=True) if moved
        ]

    def above(self, name: str, at: int, choice: int, kinds: Container[str] = ("wrong", "carried")) -> bool:
        """Tell whether something of these verdicts was used: by default, something that is not right."""
        bad = [source for source, judged in self.verdicts.items() if judged.verdict in kinds]
        return bool(bad) and not set(bad).isdisjoint(self.parents(name, at, self.band(choice)))

    def digits(self, name: str, at: int, place: Place, bands: Bands) -> int:
        """Give K, the digits to which unwritten values count as rounded.

        The fewest of the values that the entry depends on and, across unwritten ones, of its siblings.
        """
        above = [digits for source in self.parents(name, at, bands) for digits in self.digits_of(*source)]
        if not bands.hidden_part(name, at).any():
            return fewest([place.digits, *above])
        return fewest([place.digits, HIDDEN_DIGITS, *above, *self.siblings(name, at)])

    def siblings(self, name: str, at: int) -> list[int]:
        """Give the digits of the other entries of a quantity."""
        return [
            digits for other in range(len(self.written[name])) if other != at for digits in self.digits_of(name, other)
        ]

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
        return [self.place(cell).digits]

    def remarks(self, cell: Entry, found: Judged) -> tuple[str, ...]:
        """Remark digits that were cut instead of rounded, and digits that the numbers behind them do not carry."""
        if cell.unit == 0:
            return ()
        gap = abs(found.carried) - abs(cell.value)
        if 0.5 * cell.unit < gap < cell.unit and abs(cell.value - found.carried) < cell.unit:
            return ("truncated",)
        if abs(cell.value - found.reference) > 1.5 * cell.unit and cell.digits > HIDDEN_DIGITS:
            return ("digits",)
        return ()


def inside(gap: float, band: float, value: float) -> bool:
    """Tell whether a gap lies inside a band, or is nothing but the last bits of a computation.

    A whole unit away is outside: rounding moves a value by half a unit at most, cutting off by less than one.
    """
    return gap < band * (1 - 1e-9) or gap <= SAME * abs(value)


def is_cut(cell: Entry, value: float, band: float) -> bool:
    """Tell whether a number is another one, known to within a band, rounded or cut off to its last place."""
    rest = abs(value) - abs(cell.value)
    return cell.value * value >= 0 and -0.5 * cell.unit - band <= rest * (1 + 1e-9) < cell.unit + band


def fewest(digits: Iterable[int]) -> int:
    """Give the fewest digits that can be meant."""
    return max(LEAST_DIGITS, min(digits))


def typical_digits(cells: Iterable[Entry]) -> int | None:
    """Give the digits to which a student works: the median over rounded numbers, at most four.

    One digit says nothing about that; None where there is nothing else.
    """
    digits = sorted(cell.digits for cell in cells if cell.digits >= LEAST_DIGITS)
    return min(LONGEST, digits[len(digits) // 2]) if digits else None


def fixed_decimals(cells: Iterable[Entry]) -> int | None:
    """Give the number of decimals of a sheet on which everything is rounded to the same place, at least two.

    None for any other sheet. Zeros say nothing about it.
    """
    decimals = [cell.decimals for cell in cells if cell.value != 0]
    known = [each for each in decimals if each is not None]
    if len(decimals) < 4 or len(known) < len(decimals):
        return None
    usual = max(known, key=known.count)
    return usual if usual >= LEAST_DIGITS and known.count(usual) >= 0.7 * len(known) else None
