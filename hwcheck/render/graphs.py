"""What every drawing of a graph says of a quantity: its formula or its shape, and the numbers beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..formula.show import plain, unicode
from ..graph.shapes import is_number, show_shape
from ..record import NamedTuple
from ..sheet.drawing import Drawing, Drawn
from ..text import Safe, safe_text
from .layout import Page
from .values import value_text

Array = Any  # one of NumPy's, which are not imported here

SIDE, CORNER = 4, 2  # rows or columns of an array that are shown whole; of a larger one so many, and the last
#: What the kinds of quantities are called.
KINDS = {"given": "given", "computed": "computed", "result": "result"}


class Label(NamedTuple):
    """The lines about a quantity: `h = 2 x + 1` or a given's name, its shape, its value, the derivative by it."""

    head: Safe
    shape: str
    value: tuple[str, ...]
    slope: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines, the head first."""
        return (self.head, *([self.shape] if self.shape else ()), *self.value, *self.slope)


def label_of(drawn: Drawn, page: Page) -> Label:
    """Give the lines about a quantity."""
    shape = "" if is_number(drawn.shape) and not drawn.shape else shape_words(drawn)
    value = valued("", drawn.value, page)
    slope = valued(drawn.gradient, drawn.slope, page) if drawn.gradient else ()
    return Label(head_of(drawn, page.ascii), shape, value, slope)


def head_of(drawn: Drawn, ascii: bool = False) -> Safe:
    """Give `h = 2 x + 1`, or the name of what is given."""
    if drawn.formula is None:
        return safe_text(drawn.name)
    return safe_text(f"{drawn.name} = {(plain if ascii else unicode)(drawn.formula)}")


def shape_words(drawn: Drawn) -> str:
    """Give the shape as `vector of 3`, `2 x 3 matrix`."""
    return safe_text(show_shape(drawn.shape)).removeprefix("a ")


def valued(name: str, value: Array | None, page: Page) -> tuple[str, ...]:
    """Give the lines `name = 0.31`, a line for each row of a matrix; a larger array is shown by its corners."""
    if value is None:
        return (safe_text(name),) if name else ()
    head = f"{safe_text(name)} = " if name else "= "
    if is_number(value.shape):
        return (head + value_text(value, value.shape, page),)
    if value.ndim > 2:
        return (f"{head}{value.size} entries",)
    rows = [value] if value.ndim < 2 else value
    lines = ["…" if at is None else _row(rows[at], page) for at in _kept(len(rows))]
    lines[:-1] = [f"{line};" for line in lines[:-1]]
    return (f"{head}[{lines[0]}", *lines[1:-1], f"{lines[-1]}]") if len(lines) > 1 else (f"{head}[{lines[0]}]",)


def _row(row: Array, page: Page) -> str:
    return ", ".join("…" if at is None else value_text(row[at], (), page) for at in _kept(len(row)))


def _kept(size: int) -> list[int | None]:
    return list(range(size)) if size <= SIDE else [*range(CORNER), None, size - 1]


def in_words(drawing: Drawing) -> Safe:
    """Say the graph in words, a sentence for each quantity."""
    reads: dict[str, list[str]] = {}
    for source, name in drawing.edges:
        reads.setdefault(name, []).append(source)
    given = [each.name for each in drawing.quantities if each.name not in reads]
    sentences = [f"Given: {', '.join(given)}."] if given else []
    for each in drawing.quantities:
        if each.name in reads:
            last = ", a result" if each.kind == "result" else ""
            sentences.append(f"{each.name} is computed from {enumerated(reads[each.name])}{last}.")
    return safe_text(" ".join(sentences))


def enumerated(names: Iterable[str]) -> str:
    """Give `a`, `a and b`, `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def title_of(sheet: str, drawing: Drawing) -> Safe:
    """Give the title of a drawing: those of the sheet and of the problem."""
    parts = (sheet, f"problem {drawing.problem}", drawing.title)
    return safe_text(" · ".join(part for part in parts if part))
