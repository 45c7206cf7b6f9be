"""Verdicts: one sweep through the table on the numbers that the student wrote.

Each written entry is compared with its recomputation from the nearest written values (`near own`), by every
equivalent form of the formulas, and with the key (`near key`). Near its own recomputation with nothing wrong above,
or near the key, it is correct; near its own recomputation with something wrong above, it is carried; else it is
wrong. What is wrong or carried may make what is below it carried; what is right by the key does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product as combinations
from typing import Any, NamedTuple

import numpy as np

from ..formula.expr import COMPARISONS, Call, Expr, names
from ..graph.evaluate import Pin, Program, compile_table, run, sweep
from ..graph.table import Table
from .bands import Bands, last_place, measure
from .typed import EXACT, Entry

LEAST_DIGITS = 2
HIDDEN_DIGITS = 4
LONGEST = 4
SAME = 1e-12


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
    """A table compiled for marking: its schedules, one for each choice of equivalent forms, and the key."""

    table: Table
    programs: list[Program]
    key: dict[str, Any]
    decisions: frozenset[str]


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
    return Sheetwork(table, programs, key, decisions)


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


class Judge:
    """Judges the entries that one student wrote about one table."""

    def __init__(self, work: Sheetwork, written: Mapping[str, list[Entry | None]]) -> None:
        self.work, self.table = work, work.table
        self.written = {name: written[name] for name in work.programs[0].slots if name in written}
        self.pins: dict[str, Pin] = {}
        self.units: dict[str, Any] = {}
        self.own: dict[int, dict[str, Any]] = {}
        self.bands: dict[int, Bands] = {}
        everything = [cell for cells in self.written.values() for cell in cells if cell is not None]
        self.decimals = fixed_decimals(everything)
        for name, cells in self.written.items():
            shape = tuple(int(size) for size in self.table.shape(name))
            mask = np.array([cell is not None for cell in cells]).reshape(shape)
            self.pins[name] = Pin(mask, np.array([cell.value if cell else 0.0 for cell in cells]).reshape(shape))
        self.typical = LONGEST
        self.typical = self.typical_digits()
        for name, cells in self.written.items():
            shape = self.pins[name].mask.shape
            self.units[name] = np.array([self.places(cell)[0] if cell else 0.0 for cell in cells]).reshape(shape)
        self.key_bands: Bands | None = None
        self.verdicts: dict[tuple[str, int], Judged] = {}
        self.tainted: dict[tuple[str, int], bool] = {}
        self.exact: dict[tuple[str, int], bool] = {}

    def computed(self, choice: int) -> dict[str, Any]:
        """Give what follows from the student's own numbers, by one choice of forms."""
        if choice not in self.own:
            _, self.own[choice] = sweep(self.work.programs[choice], self.table.values, self.pins, {})
        return self.own[choice]

    def band(self, choice: int) -> Bands:
        if choice not in self.bands:
            units = {name: np.where(self.is_exact(name), 0.0, unit) for name, unit in self.units.items()}
            self.bands[choice] = Bands(measure(self.table, self.work.programs[choice], self.pins, units), self.decimals)
        return self.bands[choice]

    def is_exact(self, name: str) -> Any:
        """Tell which entries equal their recomputation: these carry no uncertainty."""
        own = np.asarray(self.computed(0)[name], dtype=float)
        return np.abs(self.pins[name].value - own) <= SAME * np.maximum(np.abs(own), 1e-300)

    def typical_digits(self) -> int:
        """Give the digits to which the student works.

        The median over what was written and is not exact, at most four.
        """
        digits = sorted(
            cell.digits
            for name, cells in self.written.items()
            for cell, exact in zip(cells, self.is_exact(name).ravel(), strict=True)
            if cell is not None and not exact and 0 < cell.digits < EXACT and name not in self.work.decisions
        )
        return max(LEAST_DIGITS, min(LONGEST, digits[len(digits) // 2])) if digits else LONGEST

    def places(self, cell: Entry) -> tuple[float, float]:
        """Give one unit of an entry's last place, with the zeros that may have been left out and without.

        "0.5" among numbers of four digits is first 0.5000; a zero without decimals is nothing but zero.
        """
        if cell.unit == 0 or (self.decimals is not None and cell.decimals == self.decimals):
            return cell.unit, cell.unit
        if cell.value == 0:
            return 0.0, cell.unit if cell.unit < 1 else 0.0
        if cell.digits < min(self.typical, 3):
            return min(cell.unit, float(last_place(cell.value, self.typical))), cell.unit
        return cell.unit, cell.unit

    def judge(self) -> dict[tuple[str, int], Judged]:
        """Judge every written entry, in the order of the table."""
        for name, cells in self.written.items():
            exact = self.is_exact(name).ravel()
            for at, cell in enumerate(cells):
                if cell is not None:
                    self.exact[name, at] = bool(exact[at])
                    self.verdicts[name, at] = self.entry(name, at, cell)
        return self.verdicts

    def entry(self, name: str, at: int, cell: Entry) -> Judged:
        """Judge one entry."""
        reference = float(self.work.key[name].ravel()[at])
        own = float(np.asarray(self.computed(0)[name], dtype=float).ravel()[at])
        if name in self.work.decisions:
            above = self.taint_above(name, at, 0)
            near = cell.value == own
            verdict = ("carried" if above and own != reference else "correct") if near else "wrong"
            self.tainted[name, at] = verdict != "correct"
            return Judged(verdict, reference, own, 0.0, ())
        strict, coarse = self.places(cell)
        found = self.by_units(name, at, cell, strict, reference)
        if found.verdict == "wrong" and coarse > strict:
            found = self.by_units(name, at, cell, coarse, reference)
            if found.verdict != "wrong":
                found = found._replace(verdict="undecided", remarks=(*found.remarks, "short"))
        self.tainted[name, at] = found.verdict in ("wrong", "carried")
        if found.verdict in ("correct", "carried"):
            found = found._replace(remarks=(*found.remarks, *self.remarks(cell, found)))
        return found

    def by_units(self, name: str, at: int, cell: Entry, unit: float, reference: float) -> Judged:
        """Judge an entry whose last place is worth so much: by every choice of forms, then against the key."""
        found: Judged | None = None
        for choice in range(len(self.work.programs)):
            own = float(np.asarray(self.computed(choice)[name], dtype=float).ravel()[at])
            near, tolerance = self.near_own(name, at, cell, own, unit, choice)
            if found is None or near:
                above = near and self.taint_above(name, at, choice)
                found = Judged("carried" if above else "correct" if near else "wrong", reference, own, tolerance, ())
            if near:
                break
        assert found is not None
        if found.verdict != "correct":
            near, tolerance = self.near_key(name, at, cell, reference, unit)
            if near:
                remarks = ("recovered",) if found.verdict == "wrong" else ()
                found = Judged("correct", reference, found.carried, tolerance, remarks)
        return found

    def near_own(self, name: str, at: int, cell: Entry, own: float, unit: float, choice: int) -> tuple[bool, float]:
        """Tell whether an entry lies in the band around its own recomputation, and how wide that band is."""
        if not np.isfinite(own):
            return False, 0.0
        gap = abs(cell.value - own)
        if inside(gap, unit, own):
            return True, unit
        bands = self.band(choice)
        tolerance = (
            unit
            + float(bands.written_part(name, at).sum())
            + bands.hidden(name, at, self.digits(name, at, cell, bands))
        )
        return inside(gap, tolerance, own), tolerance

    def near_key(self, name: str, at: int, cell: Entry, reference: float, unit: float) -> tuple[bool, float]:
        """Tell whether an entry lies in the band around the key, with everything on the way unwritten."""
        if not np.isfinite(reference):
            return False, 0.0
        gap = abs(cell.value - reference)
        if inside(gap, unit, reference):
            return True, unit
        if self.key_bands is None:
            nothing = {each: Pin(np.zeros_like(pin.mask), pin.value) for each, pin in self.pins.items()}
            self.key_bands = Bands(measure(self.table, self.work.programs[0], nothing, self.units), self.decimals)
        digits = self.digits_of(cell, [other for other in self.written[name] if other is not None], hidden=True)
        tolerance = unit + self.key_bands.hidden(name, at, digits)
        return inside(gap, tolerance, reference), tolerance

    def parents(self, name: str, at: int, bands: Bands) -> list[tuple[str, int]]:
        """Give the nearest written entries that an entry depends on."""
        return [
            source for source, moved in zip(bands.sources.written, bands.sources.reach[name][at], strict=True) if moved
        ]

    def taint_above(self, name: str, at: int, choice: int) -> bool:
        """Tell whether something wrong was used."""
        return any(self.tainted.values()) and any(
            self.tainted.get(source, False) for source in self.parents(name, at, self.band(choice))
        )

    def digits(self, name: str, at: int, cell: Entry, bands: Bands) -> int:
        """Give K, the digits to which unwritten values count as rounded: the fewest of the values that the entry
        depends on and, across
        unwritten ones, of its siblings; exact values, decisions and wrong values do not count."""
        others = [
            self.written[source][place] for source, place in self.parents(name, at, bands) if self.counts(source, place)
        ]
        hidden = bool(bands.hidden_part(name, at).any())
        if hidden:
            others += [
                sibling for place, sibling in enumerate(self.written[name]) if place != at and self.counts(name, place)
            ]
        return self.digits_of(cell, [other for other in others if other is not None], hidden)

    def counts(self, name: str, place: int) -> bool:
        """Tell whether the digits of a written entry say how precisely the student worked."""
        judged = self.verdicts.get((name, place))
        return (
            name not in self.work.decisions
            and not self.exact.get((name, place), False)
            and (judged is None or judged.verdict != "wrong")
        )

    def digits_of(self, cell: Entry, others: list[Entry], hidden: bool) -> int:
        digits = min([cell.digits, *(other.digits for other in others), *([HIDDEN_DIGITS] if hidden else [])])
        return max(LEAST_DIGITS, min(digits, EXACT))

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


def fixed_decimals(cells: Iterable[Entry]) -> int | None:
    """Give the number of decimals of a sheet on which everything is rounded to the same place.

    None for any other sheet.
    """
    decimals = [cell.decimals for cell in cells if cell.unit > 0]
    if len(decimals) < 4 or any(each is None for each in decimals):
        return None
    known = [each for each in decimals if each is not None]
    most = max(known)
    return most if most > 0 and sum(each == most for each in known) >= 0.7 * len(known) else None
