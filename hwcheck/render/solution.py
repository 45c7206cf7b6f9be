"""A solution for people, in plain text or with colour: the givens, the steps under their headings, and the answers to the questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..sheet.solution import SECTIONS, Part, Quantity, Solution, SolvedProblem, SolvedQuestion
from ..text import safe_text, width
from .layout import Block, Line, Page, below, beside, filled, finished, flow, indented, plain_text, prose, text
from .numbers import DIGITS
from .steps import UNLIMITED, Put, Row, formula_text, laid_out, numbers_put_in, value_block

INDENT = 2
NARROW = 60  # cells below which nothing stands in columns
BLANK: Line = []


def solution_text(solution: Solution, width: int, digits: int | None = None, ascii: bool = False) -> str:
    """Write a solution as plain text in lines of `width` cells."""
    page = Page(width, digits or DIGITS, ascii)
    return plain_text(finished(solution_lines(solution, page), page))


def solution_table(solution: Solution, width: int, color: bool, digits: int | None = None, ascii: bool = False) -> str:
    """Write a solution as `solution_text` does, with colour if asked."""
    page = Page(width, digits or DIGITS, ascii)
    rows = finished(solution_lines(solution, page), page)
    if not color:
        return plain_text(rows)
    from .color import colored

    return colored(rows)


def solution_lines(solution: Solution, page: Page) -> list[Line]:
    """Lay out all problems of a solution."""
    rows: list[Line] = []
    for problem in solution.problems:
        if rows:
            rows += [BLANK, BLANK]
        heading = " · ".join(safe_text(part) for part in (solution.title or solution.sheet, f"problem {problem.id}", problem.title) if part)
        rows += prose(heading, page.width, "title").lines
        if problem.text:
            rows += [BLANK, *_prose(problem.text, page, INDENT)]
        for part in problem.parts:
            rows += part_lines(part, page)
        rows += question_lines(problem, page)
    return rows


def _prose(content: str, page: Page, indent: int) -> list[Line]:
    return indented(prose(safe_text(content, keep_newlines=True), page.width - indent), indent).lines


def part_lines(part: Part, page: Page) -> list[Line]:
    """Lay out the steps of one table, under a heading for each section, and for each training step where there are several."""
    rows: list[Line] = []
    if part.when:
        rows += [BLANK, *indented(prose(f"Where {assignments(part.when)}", page.width - INDENT, "title"), INDENT).lines]
    given = [quantity for quantity in part.quantities if quantity.shown and quantity.section == "Given"]
    if given:
        rows += [BLANK, *heading("Given", INDENT), *given_block(given, page).lines]
    groups = by_step(part.quantities)
    for title, quantities in groups:
        if title and len(groups) > 1:
            rows += [BLANK, *heading(title, INDENT, "title")]
        for section in SECTIONS[1:-1]:
            steps = [quantity for quantity in quantities if quantity.section == section]
            if steps:
                rows += [BLANK, *heading(section, INDENT)]
                blocks = laid_out([row_of(quantity, part, page) for quantity in steps], page, INDENT)
                rows += spaced(blocks)
    return rows


def spaced(blocks: list[Block]) -> list[Line]:
    """Give the lines of blocks below each other, with a blank line beside a block of several lines."""
    rows: list[Line] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        if before is not None and (len(before.lines) > 1 or len(block.lines) > 1):
            rows.append(BLANK)
        rows += block.lines
    return rows


def heading(title: str, indent: int, style: str = "section") -> list[Line]:
    """Give the line of a heading."""
    return indented(text(title, style), indent).lines


def by_step(quantities: Iterable[Quantity]) -> list[tuple[str, list[Quantity]]]:
    """Group the steps of a solution by the training step they belong to: an update belongs to the step that it ends."""
    groups: list[tuple[str, list[Quantity]]] = []
    current: int | None = None
    trained = 0
    for quantity in quantities:
        if not quantity.shown or quantity.section in ("Given", "Asked"):
            continue
        if quantity.section == "Update":
            trained = max(trained, current or 1)
        elif quantity.step is not None and (current is None or quantity.step > current):
            current = quantity.step
            groups.append((f"Step {current}" if current > trained else "", []))
        if not groups:
            groups.append(("", []))
        groups[-1][1].append(quantity)
    last = groups[-1] if groups else ("", [])
    if len(groups) > 1 and trained and current is not None and current > trained and not any(quantity.section == "Update" for quantity in last[1]):
        groups[-1] = (f"After step {trained}" if trained > 1 else "After the step", last[1])
        if len(groups) == 2:
            groups[0] = ("", groups[0][1])
    return groups


def given_block(quantities: list[Quantity], page: Page) -> Block:
    """Set the givens side by side."""
    room = page.width - INDENT
    blocks = [named_value(quantity, page, room, exact=True) for quantity in quantities]
    return indented(flow(blocks, room), INDENT)


def named_value(quantity: Quantity, page: Page, room: int, exact: bool = False) -> Block:
    """Give `name = value`."""
    name = safe_text(quantity.name)
    sign = ":" if quantity.value is None else " ="
    head = Block([[(name, "name"), (sign, "")]], 0, text(name + sign).width)
    style = "" if exact else "value"
    value = value_block(quantity.value, quantity.shape, page, UNLIMITED, style, exact)
    if head.width + 1 + value.width <= room:
        return beside(head, value)
    value = value_block(quantity.value, quantity.shape, page, room - 2, style, exact)
    return below(head, indented(value, 2))


def row_of(quantity: Quantity, part: Part, page: Page) -> Row:
    """Give the row of a quantity: its formula, the ways to show the numbers, its value."""
    name = safe_text(quantity.name)
    if quantity.formula is None:
        return Row(name, "", [], quantity.value, quantity.shape)
    numbers = list(numbers_put_in(quantity.formula, quantity.shape, Put(part.table, part.values, page))) if quantity.value is not None else []
    return Row(name, formula_text(quantity.formula, page), numbers, quantity.value, quantity.shape)


def question_lines(problem: SolvedProblem, page: Page) -> list[Line]:
    """Lay out the questions with the values that they ask."""
    if not problem.questions:
        return []
    rows: list[Line] = [BLANK, *heading("Answers", INDENT)]
    labels = [safe_text(question.id) for question in problem.questions]
    points = [amount(question.points) for question in problem.questions]
    first, second = max(map(width, labels)), max(map(width, points))
    beneath = page.width < NARROW  # no room for a column of points
    inner = INDENT + first + 2 + (0 if beneath else second + 2)
    blocks: list[Block] = []
    for question, label, said in zip(problem.questions, labels, points, strict=True):
        room = page.width - inner
        asked = asked_blocks(question, problem, page, room)
        if question.when:
            asked.insert(0, prose(f"where {assignments(question.when)}", room, "note"))
        if question.text:
            asked.insert(0, prose(safe_text(question.text, keep_newlines=True), room))
        if beneath:
            asked.insert(0, text(said, "note"))
        columns = [filled(text(label, "name"), first), *([] if beneath else [filled(text(said, "note"), second)])]
        blocks.append(indented(beside(*columns, below(*asked)._replace(base=0), gap=2), INDENT))
    return rows + spaced(blocks)


def amount(points: float) -> str:
    """Give points in words; a question without points has none to say."""
    return f"{points:g} point{'' if points == 1 else 's'}" if points else ""


def assignments(when: Mapping[str, str]) -> str:
    """Give other givens as `y = 1, x = 2`."""
    return ", ".join(f"{safe_text(name)} = {safe_text(value)}" for name, value in when.items())


def asked_blocks(question: SolvedQuestion, problem: SolvedProblem, page: Page, room: int) -> list[Block]:
    """Give the blocks of what a question asks: rows with formulas for what only the question defines, values for the rest."""
    blocks: list[Block] = []
    for part in problem.parts:
        if part.when != question.when:
            continue
        asked = {quantity.name: quantity for quantity in part.quantities if quantity.role == "asked"}
        plain_ones: list[Quantity] = []
        for name in question.asks:
            quantity = asked[name]
            if quantity.source in part.table and part.table[quantity.source].role == "asked":
                blocks += laid_out([row_of(quantity, part, page)], page._replace(width=room), 0)
            else:
                plain_ones.append(quantity)
        if plain_ones:
            blocks.insert(0, flow([named_value(quantity, page, room) for quantity in plain_ones], room, 3))
        break
    return blocks
