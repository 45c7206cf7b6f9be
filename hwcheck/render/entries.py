"""The entries of a finding as rows of a table: what was written, computed and carried, and the verdicts below.

A table has a row of the places for a quantity of several entries. Of a large quantity only the wrong ones are listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ..formula.expr import Expr
from ..marking.report import DerivedLine, Finding
from ..record import NamedTuple
from .cells import Cell, cells_of
from .derivations import squeezed
from .report import MOST_CELLS, MOST_LISTED
from .words import MARKS

YOURS, COMPUTED, CARRIED, VERDICT = "yours", "computed", "carried", "verdict"
OWN_NAME = "a name of your own"


class Line(NamedTuple):
    """A line of a table: what it holds, which part of the quantity ("" for all of it), and the text of each entry."""

    label: str
    place: str
    texts: list[str]


class Entries(NamedTuple):
    """Entries in columns: the heads of these ([] for a number), and lines with a label, a place in it, and texts."""

    heads: list[str]
    lines: list[Line]


def entries_of(finding: Finding, digits: int) -> tuple[list[Entries], str]:
    """Give the tables of a finding, and words about what they leave out; none where no numbers were compared."""
    if finding.values is None or finding.verdict in ("unreadable", "manual"):
        return [], ""
    cells = cells_of(finding, digits)
    if not cells:
        return [], ""
    if len(cells) <= MOST_CELLS:
        rows = [list(row) for _, row in groupby(cells, lambda cell: cell.place[:-1])]
        return [_table(rows)], ""
    wrong = [cell for cell in cells if cell.verdict not in ("correct", "blank", "")]
    said = f"{len(cells)} entries"
    if wrong:
        said += f", {min(len(wrong), MOST_LISTED)} of the {len(wrong)} to look at are listed"
    return [_table([[cell]]) for cell in wrong[:MOST_LISTED]], said


def _table(rows: list[list[Cell]]) -> Entries:
    """Give the table of some rows of a quantity; one row, or one entry, is named in the heads of its columns."""
    several = len(rows) > 1
    heads = [_place(cell.place, rows=several) for cell in max(rows, key=len) if cell.place]
    lines = [
        Line(label, _place(row[0].place, columns=True) if several else "", texts)
        for row in rows
        for label, texts in _row(row)
    ]
    return Entries(heads, lines)


def _place(place: tuple[int, ...], rows: bool = False, columns: bool = False) -> str:
    """Write a place, with `:` for all rows or all columns: `[1,2]`, `[:,2]`, `[1,:]`."""
    parts = [":" if rows and at < len(place) - 1 else str(index) for at, index in enumerate(place)]
    return f"[{','.join([*parts[:-1], ':'] if columns else parts)}]"


def _row(cells: list[Cell]) -> Iterator[tuple[str, list[str]]]:
    yield YOURS, [cell.yours for cell in cells]
    if any(cell.computed for cell in cells):
        yield COMPUTED, [cell.computed for cell in cells]
    if any(cell.carried for cell in cells):
        yield CARRIED, [cell.carried for cell in cells]
    if cells[0].place and any(cell.verdict not in ("correct", "") for cell in cells):
        yield VERDICT, [cell.verdict for cell in cells]


def derivation_of(finding: Finding) -> tuple[DerivedLine, ...]:
    """Give the lines of a derivation that has several; a single one is an answer like others."""
    return finding.lines if len(finding.lines) > 1 and finding.kind != "construct" else ()


def read_as(finding: Finding) -> Expr | str | None:
    """Give how a single formula was read, where that differs from how it was typed: as a formula, else in words."""
    if derivation_of(finding) or finding.values is not None or not finding.read_as:
        return None
    if squeezed(finding.read_as) == squeezed(finding.answer):
        return None
    tree = finding.lines[0].tree if finding.lines else None
    return tree if tree is not None else finding.read_as


def line_words(line: DerivedLine) -> str:
    """Give the verdict of a line of a derivation, and why."""
    verdict = OWN_NAME if line.verdict == "named" else f"{MARKS.get(line.verdict, '')} {line.verdict}".strip()
    return f"{verdict}: {line.about}" if line.about else verdict
