"""A report for people: for each quantity what was written and what was computed, marks for the entries, and words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ..marking.report import Finding, Report
from ..text import safe_text, width
from .cells import Cell, cells_of, together
from .derivations import formula_block
from .layout import EMPTY, Block, Line, Page, below, beside, filled, indented, printed, prose, text
from .numbers import DIGITS
from .rows import NARROW
from .solution import BLANK, INDENT, assignments, spaced
from .tables import is_table, questions_of, report_table_of, table_block, table_said
from .words import (
    MARKS,
    STYLES,
    Said,
    codes_text,
    entry_name,
    first_said,
    reading_said,
    remarks_said,
    score_of,
    slips_said,
    to_look_at,
    total,
    verdict_said,
    whose,
    wrong_places,
)

MOST_CELLS = 64  # of a quantity whose entries are all shown
MOST_LISTED = 10  # entries listed of a larger one
BESIDE = 28  # cells that words need to stand beside numbers


def report_text(report: Report, width: int, digits: int | None = None, ascii: bool = False) -> str:
    """Write a report as plain text in lines of `width` cells."""
    page = Page(width, digits or DIGITS, ascii)
    return printed(report_lines(report, page), page)


def report_table(report: Report, width: int, color: bool, digits: int | None = None, ascii: bool = False) -> str:
    """Write a report as `report_text` does, with colour if asked."""
    page = Page(width, digits or DIGITS, ascii)
    return printed(report_lines(report, page), page, color)


def report_lines(report: Report, page: Page) -> list[Line]:
    """Lay out the score, then the findings by problem and question, then which sheet it was."""
    rows = head_lines(report, page)
    first = first_said(report)
    if first is not None:
        rows += [BLANK, *said_block(first, page.width).lines]
    for problem, group in groupby(report.findings, lambda finding: finding.problem):
        findings = list(group)
        rows += [BLANK, *problem_head(problem, findings, page)]
        for reading in report.readings:
            if reading.problem == problem:
                rows += indented(said_block(reading_said(reading), page.width - INDENT), INDENT).lines
        if any(finding.verdict != "blank" for finding in findings):
            for question, answers in questions_of(findings):
                rows += [BLANK, *question_lines(question, answers, page)]
    said = f"sheet {safe_text(report.sheet)} · {safe_text(report.sheet_hash[:12])}"
    return [*rows, BLANK, *prose(said, page.width, "note").lines]


def head_lines(report: Report, page: Page) -> list[Line]:
    """Give whose report it is and the score, on one line where it fits."""
    title = prose(" · ".join(safe_text(part) for part in (whose(report), report.title) if part), page.width, "title")
    parts = [*total(report), *to_look_at(report)]
    result = " · ".join(parts)
    if len(title.lines) == 1 and title.width + 3 + width(result) <= page.width:
        return beside(filled(title, page.width - width(result) - 1), text(result, "title")).lines
    lines: list[str] = []
    for part in parts:  # none is broken that can stand on a line of its own
        longer = f"{lines[-1]} · {part}" if lines else part
        if lines and width(longer) <= page.width:
            lines[-1] = longer
        else:
            lines.append(part)
    return below(title, *(prose(line, page.width, "title") for line in lines)).lines


def problem_head(problem: str, findings: list[Finding], page: Page) -> list[Line]:
    """Give the heading of a problem; one without any answer is done with that."""
    score = f" · {score_of(findings)}" if score_of(findings) else ""
    blank = " · nothing written" if all(finding.verdict == "blank" for finding in findings) else ""
    return prose(f"Problem {safe_text(problem)}{score}{blank}", page.width, "section").lines


def question_lines(question: str, findings: list[Finding], page: Page) -> list[Line]:
    """Lay out the findings of one question under its id and points; what is blank is named on one line."""
    head: list[str] = [safe_text(question) if question else "further working"]
    if score_of(findings):
        head.append(score_of(findings))
    if findings[0].when and not is_table(findings):
        head.append(f"where {assignments(findings[0].when)}")
    rows = indented(prose(" · ".join(head), page.width - INDENT, "name"), INDENT).lines
    if is_table(findings) and any(finding.verdict != "blank" for finding in findings):
        room = page.width - 2 * INDENT
        words = (said_block(said, room) for said in table_said(findings))
        table = table_block(report_table_of(findings, page.digits), room)
        return rows + indented(below(table, *words), 2 * INDENT).lines
    written = [finding for finding in findings if finding.verdict != "blank"]
    blank = [safe_text(finding.quantity) for finding in findings if finding.verdict == "blank"]
    inner = 2 * INDENT
    room = page.width - inner
    name = max((width(safe_text(finding.quantity)) for finding in written), default=0)
    wide = page.width >= NARROW and name <= room // 4
    left = room - (name + 2 if wide else INDENT)
    numbers = [numbers_block(finding, page, left) for finding in written]
    column = max((block.width for block in numbers if left - block.width - 3 >= BESIDE), default=0)
    blocks: list[Block] = []
    for finding, block in zip(written, numbers, strict=True):
        title = text(safe_text(finding.quantity), "name")
        body = with_words(finding, filled(block, column), left)
        body = beside(filled(title, name), body, gap=2) if wide else below(title, indented(body, INDENT))
        blocks.append(indented(body, inner))
    if blank:
        blocks.append(indented(prose(f"– nothing written: {', '.join(blank)}", room, "note"), inner))
    return rows + spaced(blocks)


def with_words(finding: Finding, numbers: Block, room: int) -> Block:
    """Set the words about a finding beside its numbers, or below them."""
    words = list(words_of(finding))
    left = room - numbers.width - 3
    if left < BESIDE:
        return below(numbers, *(said_block(said, room) for said in words))
    return beside(numbers, below(*(said_block(said, left) for said in words))._replace(base=0), gap=3)


def words_of(finding: Finding) -> Iterator[Said]:
    """Give what there is to say: the verdict with the points, the first entry to look at, slips and remarks."""
    yield verdict_said(finding)
    wrong = wrong_places(finding)
    if wrong and wrong[0]:
        yield Said(f"first entry to look at: {entry_name(finding, wrong[0])}")
    yield from slips_said(finding)
    yield from remarks_said(finding)


def said_block(said: Said, room: int) -> Block:
    """Fold words into lines; the codes behind them stand at the end of the last one, or on a line of their own."""
    block = prose(safe_text(said.words), room, said.style)
    if not said.codes:
        return block
    codes = text(safe_text(codes_text(said.codes)), "note")
    last = sum(width(content) for content, _ in block.lines[-1]) if block.lines else room
    if last + 2 + codes.width > room:
        return below(block, prose(safe_text(codes_text(said.codes)), room, "note"))
    lines = [*block.lines[:-1], [*block.lines[-1], ("  ", ""), *codes.lines[0]]]
    return block._replace(lines=lines, width=max(block.width, last + 2 + codes.width))


# --- numbers ----------------------------------------------------------------------------------------------------------


def numbers_block(finding: Finding, page: Page, room: int) -> Block:
    """Set what was written above what was computed, entry by entry, with marks below where not all are right."""
    if finding.kind != "find":
        return formula_block(finding, page, room)
    cells = cells_of(finding, page.digits)
    if not cells or finding.verdict in ("unreadable", "manual"):
        return typed_block(finding, room)
    if len(cells) > MOST_CELLS:
        wrong = [cell for cell in cells if cell.verdict not in ("correct", "blank", "")]
        size = text(f"{len(cells)} entries, {len(wrong)} of them listed" if wrong else f"{len(cells)} entries", "note")
        listed = [grid([cell], f" [{','.join(map(str, cell.place))}]", room) for cell in wrong[:MOST_LISTED]]
        more = text(f"and {len(wrong) - MOST_LISTED} more", "note") if len(wrong) > MOST_LISTED else EMPTY
        return below(size, *listed, more)
    if len(cells) == 1 and cells[0].verdict in ("correct", ""):
        computed = f"  computed  {cells[0].computed}" if cells[0].computed else ""
        line = text(f"yours     {cells[0].yours:10}{computed}")
        if line.width <= room:
            return line
    rows = [list(group) for _, group in groupby(cells, lambda cell: cell.place[:-1])]
    columns = [[content for cell in column for content in texts_of(cell)] for column in zip(*rows, strict=True)]
    groups: list[tuple[str, list[Cell], list[list[str]]]] = []
    for row in rows:
        start = 0
        while start < len(row):
            stop = start + 1
            while stop < len(row) and fits(row, start, stop + 1, rows, columns, room):
                stop += 1
            groups.append((label(row, start, stop, rows), row[start:stop], columns[start:stop]))
            start = stop
    lead = max(len("yours" + said) for said, _, _ in groups)
    return below(*(grid(group, said, room, lead, beneath) for said, group, beneath in groups))


def fits(row: list[Cell], start: int, stop: int, rows: list[list[Cell]], columns: list[list[str]], room: int) -> bool:
    """Tell whether some entries of a row fit on one line."""
    return grid(row[start:stop], label(row, start, stop, rows), room, 0, columns[start:stop]).width <= room


def texts_of(cell: Cell) -> list[str]:
    """Give the texts of an entry, one for each line."""
    return [cell.yours, *(said for said in (cell.computed, cell.carried) if said)]


def typed_block(finding: Finding, room: int) -> Block:
    """Show an answer as it was typed, where it has no entries to compare."""
    said = prose(safe_text(finding.answer or "–", keep_newlines=True), max(room - 9, 12))
    return beside(text("yours   ", "note"), said) if said.width + 9 <= room else below(text("yours", "note"), said)


def label(row: list[Cell], start: int, stop: int, rows: list[list[Cell]]) -> str:
    """Say which entries a line holds, where it is not all of them: ` [1,:]`, ` [1,2..3]`."""
    whole = start == 0 and stop == len(row)
    if whole and len(rows) == 1:
        return ""
    last = ":" if whole else str(start + 1) if stop == start + 1 else f"{start + 1}..{stop}"
    return f" [{','.join([*map(str, row[0].place[:-1]), last])}]"


def grid(cells: list[Cell], which: str, room: int, lead: int = 0, beneath: list[list[str]] | None = None) -> Block:
    """Set the lines of some entries below each other, their decimal points under each other.

    `lead` is the least width of the labels; `beneath` holds for each entry all texts of its column.
    """
    follows = any(cell.carried for cell in cells)
    marked = any(cell.verdict not in ("correct", "") and cell.place for cell in cells)
    computed = any(cell.computed for cell in cells)
    labels = [f"yours{which}", *(["computed"] if computed else []), *(["carried"] if follows else [])]
    columns: list[Block] = []
    for place, cell in enumerate(cells):
        texts = texts_of(cell)
        padded = together([*texts, *(beneath[place] if beneath else [])])[: len(texts)]
        blank = " " * min(len(content) - len(content.lstrip()) for content in padded)
        lines = [text(content) for content in padded] + [text("")] * (len(labels) - len(texts))
        if marked:
            lines.append(text(blank + MARKS[cell.verdict], STYLES.get(cell.verdict, "")))
        columns.append(below(*lines)._replace(base=0))
    heads = below(*(text(content, "note") for content in labels))._replace(base=0)
    block = beside(filled(heads, max(lead, len("computed"))), beside(*columns, gap=2), gap=2)
    if block.width <= room or len(cells) > 1:
        return block
    parts = [
        part
        for said, own in zip(labels, texts_of(cells[0]), strict=False)
        for part in (text(said, "note"), indented(text(own), 2))
    ]
    return below(*parts, *([text(MARKS[cells[0].verdict], STYLES.get(cells[0].verdict, ""))] if marked else []))
