"""One step of a solution as blocks: the quantity with its formula, the numbers put in, and the value.

The numbers are put in entry by entry where the arrays are small, as matrices where they are larger, and not at all where nobody could read them. What
is wider than the page is folded at its signs, and a matrix is shown some columns at a time; no number is ever broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any, NamedTuple

from ..formula.expr import COMPARISONS, Call, Expr, Name, rewrite, walk
from ..formula.show import plain, unicode
from ..graph.entries import entry, indices, put_in, relaid, tidy
from ..graph.shapes import Shape, fixed_number, is_number, shape_of, show_shape
from ..graph.table import Table
from ..text import safe_text, width
from .layout import Block, Page, below, beside, folded, indented, lines_of, matrix, text
from .numbers import TYPED, in_words, literal, shown

MOST_ENTRIES = 12  # of a value whose entries are worked out one by one
MOST_TERMS = 32  # entries of an array that are written out one by one
SIDE = 8  # rows or columns of an array that is shown whole
CORNER = 3  # rows or columns shown of a larger one, before the last
UNLIMITED = 10**6  # cells, where a block's own width is asked
PLACEHOLDER = 0xE000  # private letters that stand for matrices in a formula's text


def formula_text(tree: Expr, page: Page) -> str:
    """Write a formula for people."""
    return safe_text(plain(tree) if page.ascii else unicode(tree))


# --- values -----------------------------------------------------------------------------------------------------------------------------


def value_block(value: Any | None, shape: Shape, page: Page, room: int, style: str = "", exact: bool = False) -> Block:
    """Lay a value out: a number (an array of one entry too), a vector as a column, a matrix; in words where there is none.

    Larger arrays are cut to their corners with their shape said; a matrix wider than `room` is shown some columns at a time.
    """
    if value is None:
        return text(show_shape(shape), style)
    digits = TYPED if exact else page.digits
    if is_number(shape):
        number = float(value.item())
        return text(shown(number, digits, page.ascii) if abs(number) < float("inf") else in_words(number), style)
    if len(shape) > 2:
        slices = [(index, value[index]) for index in _leading(value.shape)]
        kept = slices if len(slices) <= SIDE else [*slices[:CORNER], slices[-1]]
        rest = ",:" * 2
        blocks = [
            beside(text(f"[{','.join(str(at + 1) for at in index)}{rest}] ="), value_block(part, part.shape, page, room - 12, style, exact)) for index, part in kept
        ]
        if len(kept) < len(slices):
            blocks.insert(CORNER, text("…"))
        return below(*blocks)
    table = [[value]] if value.ndim == 0 else value.reshape(value.shape[0], -1)
    rows, columns = (_kept(size) for size in table.shape)
    texts = [["…" if i is None or j is None else shown(float(table[i, j]), digits, page.ascii) for j in columns] for i in rows]
    whole = None not in rows + columns
    block = matrix(texts, style)
    if not whole:
        size = " × ".join(str(size) for size in shape) if len(shape) == 2 else f"{shape[0]} entries"
        said = text(size, "note")
        block = beside(block, said) if block.width + 1 + said.width <= room else below(block, said)._replace(base=block.base)
    if block.width > room and len(columns) > 1:
        return _some_columns(texts, [None if at is None else at + 1 for at in columns], room, style)
    return block


def _leading(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [tuple(place - 1 for place in index) for index in indices(shape[:-2])]


def _kept(size: int) -> list[int | None]:
    """Give the rows or columns that are shown, None for those left out."""
    return list(range(size)) if size <= SIDE else [*range(CORNER), None, size - 1]


def _some_columns(texts: list[list[str]], numbers: list[int | None], room: int, style: str) -> Block:
    """Show as many columns of a matrix at a time as fit."""
    blocks: list[Block] = []
    start = 0
    while start < len(numbers):
        stop = start + 1
        while stop < len(numbers) and matrix([row[start : stop + 1] for row in texts], style).width <= room:
            stop += 1
        known = [number for number in numbers[start:stop] if number is not None]
        said = "…" if not known else f"column {known[0]}" if len(known) == 1 else f"columns {known[0]} to {known[-1]}"
        blocks += [lines_of(folded(said, room), "note"), matrix([row[start:stop] for row in texts], style)]
        start = stop
    return below(*blocks)


def value_text(value: Any | None, shape: Shape, page: Page) -> str:
    """Write a value on one line, as an answers file takes it: `0.5073`, `[0.31, −0.28]`, `[[1, 2], [3, 4]]`."""
    if value is None:
        return show_shape(shape)
    if is_number(shape):
        number = float(value.item())
        return shown(number, page.digits, page.ascii) if abs(number) < float("inf") else in_words(number)
    return _nested(value, page)


def _nested(value: Any, page: Page) -> str:
    if value.ndim == 0:
        return shown(float(value), page.digits, page.ascii)
    return "[" + ", ".join("…" if at is None else _nested(value[at], page) for at in _kept(len(value))) + "]"


# --- numbers put in ---------------------------------------------------------------------------------------------------------------------


class Put(NamedTuple):
    """What a formula's names stand for: its table, the values, and the page."""

    table: Table
    values: Mapping[str, Any]
    page: Page

    def numbers(self, tree: Expr) -> Expr:
        """Put numbers in for all names: givens as they were typed, the rest rounded as they are shown."""
        exact, rounded = {}, {}
        for name, value in self.values.items():
            given = name in self.table and self.table[name].role == "given"
            (exact if given else rounded)[name] = value
        tree = put_in(tree, {**exact, **self.table.sizes}, lambda value: literal(value, TYPED, self.page.ascii))
        return put_in(tree, rounded, lambda value: literal(value, self.page.digits, self.page.ascii))


def numbers_put_in(formula: Expr, shape: Shape, put: Put) -> Iterator[Block | str]:
    """Give the ways to show a formula with its numbers, the most telling first; a text is one line that may be folded."""
    rows = worked_out(formula, shape, put)
    texts = [[formula_text(tree, put.page) for tree in row] for row in rows]
    if is_number(shape) and rows:
        if texts[0][0] != formula_text(formula, put.page):
            yield f"({texts[0][0]})" if isinstance(formula, Call) and formula.op in COMPARISONS else texts[0][0]
    elif rows:
        yield matrix(texts, "numbers", numbers=False)
    block = _as_matrices(formula, put) if _small(formula, put) and not isinstance(formula, Name) else None
    if block is not None:
        yield block


def worked_out(formula: Expr, shape: Shape, put: Put) -> list[list[Expr]]:
    """Give the entries of a formula's value with the numbers put in, row by row; none where they are too many or too long to be read."""
    sizes = [int(size) for size in shape] if not any(isinstance(size, str) for size in shape) else [UNLIMITED]
    if isinstance(formula, Name) or len(shape) > 2 or prod(sizes) > MOST_ENTRIES or not _small(formula, put):
        return []
    inner = shape_of(formula, put.table.shapes)
    trees = [put.numbers(entry(formula, relaid(index, shape, inner), put.table.shapes)) for index in indices(shape)]
    columns = sizes[1] if len(sizes) > 1 else 1
    return [trees[at : at + columns] for at in range(0, len(trees), columns)]


def _small(formula: Expr, put: Put) -> bool:
    """Tell whether all that a formula reads is known and small enough to be written down, loops included."""
    for part in walk(formula):
        if isinstance(part, Name) and part.id in put.table and (part.id not in put.values or put.values[part.id].size > MOST_TERMS):
            return False
        if isinstance(part, Call) and part.op == "..":
            low, high = (fixed_number(end, put.table.shapes) for end in part.args)
            if high is not None and high - (low or 0.0) > SIDE:
                return False
    return True


def _as_matrices(formula: Expr, put: Put) -> Block | None:
    """Write a formula with matrices in the places of its names; None where one is too large, or is read entry by entry in a loop."""
    blocks: list[Block] = []

    def change(part: Expr) -> Expr | None:
        if not isinstance(part, Name) or part.id not in put.values or is_number(put.values[part.id].shape):
            return None
        value = put.values[part.id]
        exact = put.table[part.id].role == "given"
        blocks.append(value_block(value, value.shape, put.page, UNLIMITED, "numbers", exact))
        return Name(chr(PLACEHOLDER + len(blocks) - 1))

    if any(isinstance(part, Call) and part.op in ("=", "place") for part in walk(formula)):
        return None
    tree = rewrite(formula, change)
    if not blocks or len(blocks) > 99 or any(put.values[part.id].ndim > 2 for part in walk(formula) if isinstance(part, Name) and part.id in put.values):
        return None
    line = plain(tidied(put.numbers(tree))) if put.page.ascii else unicode(tidied(put.numbers(tree)))
    pieces: list[Block] = []
    start = 0
    for at, char in enumerate(line):
        if PLACEHOLDER <= ord(char) < PLACEHOLDER + len(blocks):
            pieces += [text(safe_text(line[start:at]), "numbers"), blocks[ord(char) - PLACEHOLDER]]
            start = at + 1
    pieces.append(text(safe_text(line[start:]), "numbers"))
    return beside(*(piece for piece in pieces if piece.width), gap=0)


def tidied(tree: Expr) -> Expr:
    """Draw the signs out of products and sums everywhere in a formula."""
    return tidy(Call(tree.op, tuple(tidied(arg) for arg in tree.args))) if isinstance(tree, Call) else tree


# --- a row ------------------------------------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A step to be laid out: the name, the formula's text ("" for none), the ways to show its numbers, the value (None where it is symbolic) and its shape."""

    name: str
    formula: str
    numbers: list[Block | str]
    value: Any | None
    shape: Shape

    @property
    def head(self) -> str:
        """Give the quantity with its formula."""
        return f"{self.name} = {self.formula}" if self.formula else self.name


def laid_out(rows: list[Row], page: Page, indent: int) -> list[Block]:
    """Lay rows out: formula, numbers and value in three columns where they fit, else below each other."""
    room = page.width - indent
    most = max((width(row.head) for row in rows if width(row.head) <= 2 * room // 5), default=0)
    wide = [None if room < 60 else _wide(row, most, room, page) for row in rows]
    columns = [numbers.width for found in wide if found is not None for numbers in [found[0]]]
    out: list[Block] = []
    for row, found in zip(rows, wide, strict=True):
        if found is None:
            out.append(indented(_stacked(row, page, room), indent))
            continue
        numbers, value = found
        fitting = [column for column in columns if most + 2 + column + 3 + value.width <= room]
        middle = max(fitting, default=numbers.width)
        parts = [_head(row)._replace(width=most)]
        if row.value is not None:
            blank = Block([[("", "")]], 0, middle)
            parts += [numbers._replace(width=middle) if numbers.lines else blank, beside(text("="), value)]
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
        return Block([], 0, 0), Block([], 0, 0)
    value = value_block(row.value, row.shape, page, room - 6, "value")
    left = room - most - 5 - value.width
    if not row.numbers:
        return (Block([], 0, 0), value) if left >= 0 else None
    first = row.numbers[0]
    block = text(first, "numbers") if isinstance(first, str) else first
    if block.width <= left:
        return block, value
    for other in row.numbers[1:]:
        if isinstance(other, Block) and other.width <= left and not (isinstance(first, Block) and first.width + 6 <= room):
            return other, value
    return None


def _stacked(row: Row, page: Page, room: int) -> Block:
    """Set the formula, the numbers and the value below each other, the signs of equality too where the name is short."""
    inner = width(row.name) + 1 if row.formula and 4 * width(row.name) < room else 2
    first, *rest = folded(row.head, room, room - inner - 2)
    name = row.name if first.startswith(row.name) else ""
    head = Block([[(name, "name"), (first[len(name) :], "")]], 0, width(first))
    blocks = [head, *(indented(text(line), inner + 2) for line in rest)]
    if row.value is None:
        return below(*blocks)
    left = room - inner - 2
    value = value_block(row.value, row.shape, page, left, "value")
    numbers = next((found for option in row.numbers if (found := _fitted(option, left)) is not None), None)
    sign = text("=")
    if numbers is not None and len(numbers.lines) == len(value.lines) == 1 and numbers.width + 3 + value.width <= left:
        return below(*blocks, indented(beside(sign, numbers, sign, value), inner))
    return below(*blocks, *(indented(beside(sign, part), inner) for part in (numbers, value) if part is not None))


def _fitted(numbers: Block | str, room: int) -> Block | None:
    """Give the numbers put in where they fit: a matrix as it is, one line folded."""
    if isinstance(numbers, Block):
        return numbers if numbers.width <= room else None
    first, *rest = folded(numbers, room, room - 2)
    return below(text(first, "numbers"), *(indented(text(line, "numbers"), 2) for line in rest))
