"""Tables of values as texts in rows and columns, for every format: of a solution, and of a report with its verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from ..marking.report import REMARKS, Finding
from ..record import NamedTuple
from ..sheet.solution import SolvedTable
from ..text import cut, safe_text, width
from .cells import LONGEST, Nested, is_decimal, number, shown_digits, together
from .layout import Block, Line, Page, below, lines_of
from .numbers import people
from .values import value_text
from .words import (
    MARKS,
    STYLES,
    Said,
    assigned,
    remarks_said,
    slips_said,
    verdict_said,
    wrong_places,
)

COMPUTED, CARRIED = "computed", "carried"


class TableLine(NamedTuple):
    """A line: what heads it, what it holds ("" for what the table is about), and a text and a verdict for each cell."""

    head: tuple[str, ...]
    label: str
    texts: list[str]
    verdicts: list[str]

    @property
    def marks(self) -> list[str]:
        """Give the mark of each cell, "" where nothing was written or judged."""
        shown = {verdict: "" if verdict == "blank" else mark for verdict, mark in MARKS.items()}
        return [shown.get(verdict, "") for verdict in self.verdicts] or [""] * len(self.texts)


class Table(NamedTuple):
    """A table as texts: what heads the rows, the columns, and the lines."""

    heads: tuple[str, ...]
    columns: tuple[str, ...]
    lines: list[TableLine]

    @property
    def titles(self) -> list[str]:
        """Give the titles of all columns; one without a title holds what the lines are about, where one says it."""
        return [safe_text(title) for title in (*self.heads, *([""] if self._labelled else []), *self.columns)]

    @property
    def leads(self) -> list[list[str]]:
        """Give what stands before the cells of each line."""
        return [[*map(_typed, line.head), *([line.label] if self._labelled else [])] for line in self.lines]

    @property
    def _labelled(self) -> bool:
        return any(line.label for line in self.lines)


def solved_table(table: SolvedTable, page: Page) -> Table:
    """Give a table of a solution."""
    lines = [
        TableLine(head, "", [value_text(each.value, each.shape, page) for each in quantities], [])
        for head, quantities in table.rows
    ]
    return Table(table.heads, table.columns, lines)


def report_table_of(findings: list[Finding], digits: int) -> Table:
    """Give the table of the cells that were marked; below a row that is not all right, what was computed there."""
    lines: list[TableLine] = []
    for row, group in groupby(findings, lambda finding: finding.row):
        cells = list(group)
        head = tuple(value for _, value in row)
        lines.append(TableLine(head, "", [_yours(each) for each in cells], [each.verdict for each in cells]))
        odd = [each.verdict not in ("correct", "blank") for each in cells]
        for label in (COMPUTED, CARRIED):
            texts = [_number(each, label, digits) if is_odd else "" for each, is_odd in zip(cells, odd, strict=True)]
            if any(texts):
                lines.append(TableLine(("",) * len(head), label, texts, []))
    first = [each for each in findings if each.row == findings[0].row]
    heads = tuple(name for name, _ in findings[0].row)
    return Table(heads, tuple(safe_text(each.title) for each in first), lines)


def questions_of(findings: Iterable[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """Group findings by question and givens; the cells of a table stand together, whatever their givens."""
    for (question, _, _), group in groupby(findings, _mark):
        yield question, list(group)


def _mark(finding: Finding) -> tuple[str, bool, object]:
    cell = finding.kind == "cell"
    return finding.question, cell, None if cell else finding.when


def is_table(findings: list[Finding]) -> bool:
    """Tell whether findings are the cells of a table of values."""
    return findings[0].kind == "cell"


def table_said(findings: list[Finding]) -> Iterator[Said]:
    """Say what there is to say below a table: of every cell that is not right, and what is remarked on the others."""
    remarks: dict[str, list[str]] = {}
    for finding in findings:
        if finding.verdict == "blank":
            continue
        slips = list(slips_said(finding))
        if finding.verdict == "correct" and not slips and not finding.about:
            for remark in finding.remarks:
                remarks.setdefault(remark, []).append(finding.title)
            continue
        wrong = [place for place in wrong_places(finding) if place]
        at = f"[{','.join(map(str, wrong[0]))}]" if wrong else ""
        verdict = verdict_said(finding)
        yield verdict._replace(words=f"{finding.title}{at} where {assigned(finding.row)}: {verdict.words}")
        yield from slips
        yield from remarks_said(finding)
    for remark, titles in remarks.items():
        named = ", ".join(dict.fromkeys(titles))
        yield Said(f"{named}: {REMARKS.get(remark, remark)}", "note")
    blank = sum(finding.verdict == "blank" for finding in findings)
    if blank:
        yield Said(f"{MARKS['blank']} nothing written in {blank} cell{'' if blank == 1 else 's'}", "note")


def _yours(finding: Finding) -> str:
    if finding.verdict == "blank" or not finding.answer.strip():
        return MARKS["blank"]
    return _typed(finding.answer)


def _typed(content: str) -> str:
    """Give what was typed on one line, as far as there is room."""
    typed = " ".join(safe_text(content).split())
    return cut(people(typed) if is_decimal(typed) else typed, LONGEST)


def _number(finding: Finding, label: str, digits: int) -> str:
    """Give what was computed, or carried where that is another number; "" where it is not shown."""
    value = finding.reference if label == COMPUTED else finding.carried
    if value is None or (label == CARRIED and value == finding.reference):
        return ""
    typed = finding.answer.strip()
    return _nested(value, shown_digits(typed, digits), typed)


def _nested(value: Nested, digits: int, typed: str) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_nested(each, digits, typed) for each in value) + "]"
    return number(value, digits, typed)


# --- as text ----------------------------------------------------------------------------------------------------------

GAP = "  "


def table_block(table: Table, room: int) -> Block:
    """Set a table in columns, decimal points under each other; what is wider than the page, some columns at a time."""
    heads = table.titles[: -len(table.columns)]
    left = [
        _padded([title, *together(list(column))])
        for title, column in zip(heads, zip(*table.leads, strict=True), strict=True)
    ]
    columns = [_column(table, at) for at in range(len(table.columns))]
    used = sum(width(column[0][0]) + len(GAP) for column in left)
    blocks: list[Block] = []
    start = 0
    while start < len(columns):
        stop, taken = start, used
        while stop < len(columns) and (stop == start or taken + width(columns[stop][0][0]) + len(GAP) <= room):
            taken += width(columns[stop][0][0]) + len(GAP)
            stop += 1
        blocks.append(_set(left, columns[start:stop]))
        start = stop
    return below(*(part for block in blocks for part in (block, lines_of([""])))) if blocks[1:] else blocks[0]


def _set(left: list[list[tuple[str, str]]], columns: list[list[tuple[str, str]]]) -> Block:
    """Set columns of texts with their styles side by side; a rule stands below the titles."""
    rows: list[Line] = []
    for at, cells in enumerate(zip(*left, *columns, strict=True)):
        line: Line = []
        for content, style in cells:
            line += [(content + GAP, "name" if at == 0 else style)]
        rows.append(line)
        if at == 0:
            rows.append([("─" * (sum(width(content) + len(GAP) for content, _ in cells) - len(GAP)), "note")])
    return Block(rows, 0, max(sum(width(content) for content, _ in line) for line in rows))


def _column(table: Table, at: int) -> list[tuple[str, str]]:
    """Give a column with its title: texts of one width, each with its style."""
    numbers = together([line.texts[at] for line in table.lines])
    marks = [line.marks[at] for line in table.lines]
    styles = [STYLES.get(line.verdicts[at], "") if line.verdicts else "" for line in table.lines]
    texts = [f"{content} {mark:1}" if any(marks) else content for content, mark in zip(numbers, marks, strict=True)]
    padded = _padded([safe_text(table.columns[at]), *texts])
    return [padded[0], *((content, style) for (content, _), style in zip(padded[1:], styles, strict=True))]


def _padded(texts: list[str]) -> list[tuple[str, str]]:
    widest = max(map(width, texts))
    return [(content + " " * (widest - width(content)), "") for content in texts]
