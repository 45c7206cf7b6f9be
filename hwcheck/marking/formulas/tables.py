"""The cells of a table of formulas: rows by their titles or in order, as mappings, lists, or lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...diagnostics import Span
from ...formula.names import key
from ...sheet.problem import Ask, Question
from ...text import closest, safe_text
from ...yamltree import Map, Scalar, Seq, Tree
from ..brackets import pieces_of
from ..typed import is_blank
from ..wanted import Page
from .lines import text_of


def cells_of(page: Page, question: Question, tree: Tree | None) -> Iterator[tuple[Ask, Tree | None]]:
    """Give the cells of a table, row by row, each with what was written there; report rows that it does not have."""
    found = dict(zip(question.rows, tree.items, strict=False)) if isinstance(tree, Seq) else {}
    known = {plain_title(title): title for title in question.rows}
    before: dict[str, Span] = {}
    for title, value in _rows(tree):
        row = known.get(plain_title(title.text))
        if row is None:
            warn_of_row(page, question, title)
        elif not all(is_blank(each) for each in cells_in(value)):
            if row in before:
                warn_of_second(page, question, row, before[row], title.span)
            found[row], before[row] = value, title.span
    width = len(question.columns)
    for at, row in enumerate(question.rows):
        cells = _row(found.get(row), question.columns)
        yield from zip(question.asks[at * width : (at + 1) * width], cells, strict=True)


def warn_of_row(page: Page, question: Question, title: Scalar) -> None:
    """Report a row that a table does not have."""
    near = closest(title.text, question.rows)
    fix = f"did you mean `{near[0]}`?" if near else f"there are {'; '.join(question.rows)}"
    message = f"the table has no row `{safe_text(title.text, 40)}`"
    page.warn("HW411", message, title.span, question.id, fix)


def warn_of_second(page: Page, question: Question, row: str, first: Span, second: Span) -> None:
    """Report a row that was written twice, where the second one counts."""
    lines = f"lines {first.line} and {second.line}" if first.line != second.line else f"line {first.line}"
    fix = "the second one counts: take the other out"
    page.warn("HW417", f"the row {safe_text(row, 40)} stands twice, in {lines}", second, question.id, fix)


def cells_in(row: Tree | Sequence[Tree]) -> list[Tree]:
    """Give the values of a row."""
    if isinstance(row, Map):
        return [value for _, value in row.items]
    if isinstance(row, Seq):
        return list(row.items)
    return [row] if isinstance(row, Scalar) else list(row)


def _rows(tree: Tree | None) -> list[tuple[Scalar, Tree]]:
    """Give the rows that were written under titles: `Linear 1: x, W1 x + b1`, or between bars as Markdown has them."""
    if isinstance(tree, Map):
        return list(tree.items)
    if not isinstance(tree, Scalar) or is_blank(tree):
        return []
    rows: list[tuple[Scalar, Tree]] = []
    for line in text_of(tree).split("\n"):
        cells = [cell.strip() for cell in pieces_of(line.strip().strip("|"), "|")]
        if len(cells) == 1:
            title, colon, rest = line.partition(":")
            cells = [title.strip(), *(cell.strip() for cell in pieces_of(rest, ","))] if colon else []
        if cells and set("".join(cells)) - set("-: "):
            title_at, *others = (tree._replace(text=cell, style="raw") for cell in cells)
            rows.append((title_at, Seq(tuple(others), tree.span, line, False)))
    return rows


def plain_title(title: str) -> str:
    """Give a title as it is looked up: without blanks, in one spelling, whatever its case."""
    return "".join(key(title).split()).lower()


def _row(tree: Tree | None, columns: tuple[str, ...]) -> list[Tree | None]:
    """Give the cells of one row, by their columns or in order."""
    if isinstance(tree, Map):
        by_title = {plain_title(title.text): value for title, value in tree.items}
        return [by_title.get(plain_title(column)) for column in columns]
    cells: list[Tree | None] = list(tree.items) if isinstance(tree, Seq) else [] if tree is None else [tree]
    return [cells[at] if at < len(cells) else None for at in range(len(columns))]
