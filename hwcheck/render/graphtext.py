"""A graph for a terminal: drawn with lines where that fits, and a list of what each quantity reads and is read by."""

from __future__ import annotations

from collections.abc import Iterable

from ..graph.edges import readers_in
from ..record import NamedTuple
from ..sheet.drawing import Drawing
from ..text import Safe, safe_text, width
from .graphlines import ASCII, drawn
from .graphs import label_of, title_of
from .layout import Block, Page, below, beside, filled, finished, folded, indented, lines_of, plain_text, prose, text
from .numbers import DIGITS

INDENT, GUTTER = 2, 3
LEAST = 16  # cells of a column of names, below which they stand beneath the quantity
HEADS = ("quantity", "reads", "read by")
NOTHING = "–"


def graph_text(drawings: Iterable[Drawing], sheet: str, width: int, digits: int = DIGITS, ascii: bool = False) -> str:
    """Write graphs in lines of `width` cells, one below the other."""
    page = Page(width, digits, ascii)
    blocks: list[Block] = []
    for drawing in drawings:
        picture = drawn(drawing, page.width - INDENT, ascii)
        blocks += [text("")] * 2 if blocks else []
        blocks += [prose(title_of(sheet, drawing), page.width), text("")]
        blocks += [indented(picture, INDENT), text("")] if picture is not None else []
        blocks.append(indented(listed(drawing, page), INDENT))
    out = plain_text(finished(below(*blocks).lines, page))
    return out.translate(ASCII) if ascii else out


# --- the list -----------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A line of the list: the quantity with its numbers, the names of what it reads, and of what reads it."""

    own: Block
    reads: str
    read_by: str


def listed(drawing: Drawing, page: Page) -> Block:
    """List the quantities with what they read and what reads them: in columns, or below each other."""
    room = page.width - INDENT
    rows = _rows(drawing, page, room)
    columns = [
        max(width(head), *map(width, names))
        for head, names in zip(HEADS[1:], list(zip(*rows, strict=True))[1:], strict=True)
    ]
    first = max(width(HEADS[0]), *(row.own.width for row in rows))
    left = room - first - 2 * GUTTER
    if sum(columns) > left >= 2 * LEAST:
        columns[1] = min(columns[1], left // 2)
        columns[0] = left - columns[1]
    if sum(columns) <= left:
        table = [Row(text(HEADS[0]), *HEADS[1:]), *rows]
        return below(*(_in_columns(row, first, columns[0], columns[1]) for row in table))
    return below(*(below(row.own, indented(_wrapped(_said(row), room - INDENT), INDENT)) for row in rows))


def _rows(drawing: Drawing, page: Page, room: int) -> list[Row]:
    sources: dict[str, list[str]] = {}
    for source, name in drawing.edges:
        sources.setdefault(name, []).append(source)
    readers = readers_in((each.name for each in drawing.quantities), drawing.edges)
    rows: list[Row] = []
    for each in drawing.quantities:
        label = label_of(each, page)
        head = label.head if each.formula is not None or not label.shape else f"{label.head}: {label.shape}"
        numbers = [
            indented(_wrapped(line, room - 2 * INDENT), INDENT if at == 0 else 2 * INDENT)
            for lines in (label.value, label.slope)
            for at, line in enumerate(lines)
        ]
        reads = "given" if each.kind == "given" else _names(sources.get(each.name, ()))
        rows.append(Row(below(_wrapped(head, room), *numbers), reads, _names(readers[each.name])))
    return rows


def _in_columns(row: Row, first: int, second: int, third: int) -> Block:
    reads, read_by = (lines_of(folded(names, room)) for names, room in ((row.reads, second), (row.read_by, third)))
    return beside(filled(row.own, first), filled(reads, second), read_by, gap=GUTTER)


def _said(row: Row) -> str:
    """Say in one line what a quantity reads and what reads it."""
    said = row.reads if row.reads == "given" else f"reads {row.reads}"
    return f"{said}; a result" if row.read_by == NOTHING else f"{said}; read by {row.read_by}"


def _names(names: Iterable[str]) -> Safe:
    return safe_text(", ".join(names)) or Safe(NOTHING)


def _wrapped(content: str, room: int) -> Block:
    first, *rest = folded(content, room, room - INDENT) or [""]
    return below(text(first), indented(lines_of(rest), INDENT)) if rest else text(first)
