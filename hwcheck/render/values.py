"""Values as blocks and as lines: vectors stand as columns, matrices as matrices, large arrays as their corners.

What is wider than the page is shown some columns at a time; no number is ever broken.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from ..graph.entries import indices
from ..graph.shapes import Shape, is_number, show_shape
from .layout import Block, Page, below, beside, folded, lines_of, matrix, text
from .numbers import in_words, shown

Array = Any  # one of NumPy's, which are not imported here

SIDE = 8  # rows or columns of an array that is shown whole
CORNER = 3  # rows or columns shown of a larger one, before the last
UNLIMITED = 10**6  # cells, where a block's own width is asked


def value_block(
    value: Array | None, shape: Shape, page: Page, room: int, style: str = "", typed: bool = False
) -> Block:
    """Lay a value out: a number (an array of one entry too), a vector as a column, a matrix; else its shape in words.

    Larger arrays are cut to their corners with their shape said; a matrix wider than `room` is shown some columns at a
    time. A value that was `typed` is shown so.
    """
    if value is None:
        return text(show_shape(shape), style)
    if is_number(shape):
        number = float(value.item())
        if not isfinite(number):
            return lines_of(folded(in_words(number), room), style)
        return text(shown(number, page.digits, page.ascii, typed), style)
    if len(shape) > 2:
        slices = [(index, value[index]) for index in _leading(value.shape)]
        blocks: list[Block] = []
        for at in kept(len(slices)):
            if at is None:
                blocks.append(text("…"))
                continue
            index, part = slices[at]
            head = text(f"[{','.join(str(place + 1) for place in index)},:,:] =")
            blocks.append(beside(head, value_block(part, part.shape, page, room - head.width - 1, style, typed)))
        return below(*blocks)
    table = value.reshape(value.shape[0], -1)
    rows, columns = (kept(size) for size in table.shape)
    texts = [
        ["…" if i is None or j is None else shown(float(table[i, j]), page.digits, page.ascii, typed) for j in columns]
        for i in rows
    ]
    block = matrix(texts, style)
    if None in rows + columns:
        size = " × ".join(str(size) for size in shape) if len(shape) == 2 else f"{shape[0]} entries"
        said = text(size, "note")
        fits = block.width + 1 + said.width <= room
        block = beside(block, said) if fits else below(block, said)._replace(base=block.base)
    if block.width > room and len(columns) > 1:
        return _some_columns(texts, [None if at is None else at + 1 for at in columns], room, style)
    return block


def _leading(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [tuple(place - 1 for place in index) for index in indices(shape[:-2])]


def kept(size: int) -> list[int | None]:
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


def value_text(value: Array | None, shape: Shape, page: Page) -> str:
    """Write a value on one line, as an answers file takes it: `0.5073`, `[0.31, −0.28]`, `[[1, 2], [3, 4]]`."""
    if value is None:
        return show_shape(shape)
    if is_number(shape):
        number = float(value.item())
        return shown(number, page.digits, page.ascii) if isfinite(number) else in_words(number)
    return _nested(value, page)


def _nested(value: Array, page: Page) -> str:
    if value.ndim == 0:
        return shown(float(value), page.digits, page.ascii)
    return "[" + ", ".join("…" if at is None else _nested(value[at], page) for at in kept(len(value))) + "]"
