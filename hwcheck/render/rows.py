"""Steps in rows: the quantity with its formula, the numbers put in, and the value, side by side or below each other."""

from __future__ import annotations

from collections.abc import Iterable

from ..graph.shapes import Shape
from ..record import NamedTuple
from ..sheet.solution import BETWEEN, CURVE, Part, Quantity
from ..text import width
from .layout import EMPTY, Block, Page, below, beside, cells, filled, folded, indented, prose, text
from .values import Array, value_block

FOLDED = 4  # lines that the numbers of a step may take rather than stand in it as matrices
NARROW = 60  # cells below which nothing stands in columns


def givens(part: Part) -> list[Quantity]:
    """Give the givens that are shown; a size without a value says nothing beside the shapes that it stands in."""
    shown = [quantity for quantity in part.quantities if quantity.shown and quantity.section == "Given"]
    sizes = {size for quantity in shown for size in quantity.shape}
    return [quantity for quantity in shown if quantity.value is not None or quantity.name not in sizes]


def by_step(quantities: Iterable[Quantity]) -> list[tuple[str, list[Quantity]]]:
    """Group a solution by training step, each with its heading; an update belongs to the step that it ends."""
    groups: dict[int, list[Quantity]] = {}
    current = 1
    waiting: list[Quantity] = []
    for quantity in quantities:
        if not quantity.shown or quantity.section in ("Given", "Asked"):
            continue
        if quantity.section == BETWEEN:
            waiting.append(quantity)
            continue
        if quantity.section not in ("Update", CURVE) and quantity.step is not None:
            current = quantity.step
        groups.setdefault(current, []).extend([*waiting, quantity])
        waiting = []
    updated = [step for step, group in groups.items() if any(quantity.section == "Update" for quantity in group)]
    last = max(updated, default=0)
    out: list[tuple[str, list[Quantity]]] = []
    for step, group in sorted(groups.items()):
        after = f"After step {step - 1}" if step > 2 else "After the step"
        out.append((after if last < step and last else "" if last <= 1 else f"Step {step}", group))
    return out


class Row(NamedTuple):
    """A step to be laid out: the name, the formula's text ("" for none), the ways to show its numbers, the value.

    `more` are further forms of the formula, and `notes` what is said of it: its shape, why it is 0.
    """

    name: str
    formula: str
    numbers: list[Block | str]
    value: Array | None
    shape: Shape
    more: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """Give the quantity with its formula."""
        return f"{self.name} = {self.formula}" if self.formula else self.name


def laid_out(rows: list[Row], page: Page, indent: int) -> list[Block]:
    """Lay rows out: formula, numbers and value in three columns where they fit, else below each other."""
    room = page.width - indent
    most = max((width(row.head) for row in rows if width(row.head) <= 2 * room // 5), default=0)
    wide = [None if page.width < NARROW or row.more or row.notes else _wide(row, most, room, page) for row in rows]
    columns = [numbers.width for found in wide if found is not None for numbers in [found[0]]]
    noted = [width(row.head) for row in rows if row.notes and width(row.head) + 3 + width(row.notes[0]) <= room]
    out: list[Block] = []
    for row, found in zip(rows, wide, strict=True):
        if found is None:
            block = _stacked(row, page, room)
            out.append(indented(_with_notes(row, block, max(noted, default=0), room) if row.notes else block, indent))
            continue
        numbers, value = found
        fitting = [column for column in columns if most + 2 + column + 3 + value.width <= room]
        middle = max(fitting, default=numbers.width)
        parts = [_head(row)._replace(width=most)]
        if row.value is not None:
            parts += [filled(numbers if numbers.lines else text(""), middle)] if middle else []
            parts.append(beside(text("="), value))
        out.append(indented(beside(parts[0], beside(*parts[1:]), gap=2), indent))
    return out


def _head(row: Row) -> Block:
    line = [(row.name, "name"), (f" = {row.formula}", "")] if row.formula else [(row.name, "name")]
    return Block([line], 0, width(row.head))


def _wide(row: Row, most: int, room: int, page: Page) -> tuple[Block, Block] | None:
    """Give the numbers and the value of a row that fits on one row of blocks; None where none does."""
    if width(row.head) > most:
        return None
    if row.value is None:
        return EMPTY, EMPTY
    value = value_block(row.value, row.shape, page, room - 6, "value")
    left = room - most - 5 - value.width
    if not row.numbers:
        return (EMPTY, value) if left >= 0 else None
    first = row.numbers[0]
    block = text(first, "numbers") if isinstance(first, str) else first
    if block.width <= left:
        return block, value
    if block.width + 6 <= (FOLDED * room if isinstance(first, str) else room):
        return None  # entry by entry on lines of its own tells more than matrices here
    others = [other for other in row.numbers[1:] if isinstance(other, Block) and other.width <= left]
    return (others[0], value) if others else None


def _stacked(row: Row, page: Page, room: int) -> Block:
    """Set the formula, the numbers and the value below each other, their signs of equality too."""
    inner = width(row.name) + 1 if row.formula and 4 * width(row.name) < room else 2
    first, *rest = folded(row.head, room, room - inner - 2)
    name = row.name if first.startswith(row.name) else ""
    head = Block([[(name, "name"), (first[len(name) :], "")]], 0, width(first))
    blocks = [head, *(indented(text(line), inner + 2) for line in rest)]
    left = room - inner - 2
    for other in row.more:
        start, *rest = folded(other, left)
        blocks += [indented(text(f"= {start}"), inner), *(indented(text(line), inner + 2) for line in rest)]
    if row.value is None:
        return below(*blocks)
    value = value_block(row.value, row.shape, page, left, "value")
    numbers = next((found for option in row.numbers if (found := _fitted(option, left)) is not None), None)
    sign = text("=")
    if numbers is not None and len(numbers.lines) == len(value.lines) == 1 and numbers.width + 3 + value.width <= left:
        return below(*blocks, indented(beside(sign, numbers, sign, value), inner))
    return below(*blocks, *(indented(beside(sign, part), inner) for part in (numbers, value) if part is not None))


def _with_notes(row: Row, block: Block, most: int, room: int) -> Block:
    """Add what is said of a step: short notes behind its first line where they fit, `most` cells from the left or
    further; others below."""
    inner = width(row.name) + 1 if 4 * width(row.name) < room else 2
    for note in row.notes:
        first, *rest = block.lines
        used = max(cells(first), most)
        if used + 3 + width(note) <= room and width(row.head) == cells(first[:2]):
            line = [*first, (" " * (used + 3 - cells(first)), ""), (note, "note")]
            block = block._replace(lines=[line, *rest], width=max(block.width, cells(line)))
        else:
            block = below(block, indented(prose(note, room - inner - 2, "note"), inner + 2))
    return block


def _fitted(numbers: Block | str, room: int) -> Block | None:
    """Give the numbers put in where they fit: a matrix as it is, one line folded."""
    if isinstance(numbers, Block):
        return numbers if numbers.width <= room else None
    first, *rest = folded(numbers, room, room - 2)
    return below(text(first, "numbers"), *(indented(text(line, "numbers"), 2) for line in rest))
