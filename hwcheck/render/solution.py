"""A solution for people, in plain text or with colour: the givens, the steps, and the answers to the questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..formula.expr import Call, walk
from ..formula.show import plain
from ..graph.derivation import derivation
from ..graph.primes import applications, bare
from ..graph.shapes import is_number, show_shape
from ..sheet.solution import SECTIONS, Part, Quantity, Solution, SolvedProblem, SolvedQuestion
from ..text import safe_text, width
from .derivations import squeezed
from .layout import Block, Line, Page, below, beside, filled, flow, indented, printed, prose, text
from .numbers import DIGITS
from .putting import Put, formula_text, is_selection, numbers_put_in
from .rows import NARROW, Row, by_step, givens, laid_out
from .steps import asked_quantity, told, worth
from .tables import solved_table, table_block
from .values import UNLIMITED, value_block
from .words import assigned

INDENT = 2
BLANK: Line = []


def solution_text(solution: Solution, width: int, digits: int | None = None, ascii: bool = False) -> str:
    """Write a solution as plain text in lines of `width` cells."""
    page = Page(width, digits or DIGITS, ascii)
    return printed(solution_lines(solution, page), page)


def solution_table(solution: Solution, width: int, color: bool, digits: int | None = None, ascii: bool = False) -> str:
    """Write a solution as `solution_text` does, with colour if asked."""
    page = Page(width, digits or DIGITS, ascii)
    return printed(solution_lines(solution, page), page, color)


def solution_lines(solution: Solution, page: Page) -> list[Line]:
    """Lay out all problems of a solution."""
    rows: list[Line] = []
    for problem in solution.problems:
        if rows:
            rows += [BLANK, BLANK]
        heading = " · ".join(
            safe_text(part)
            for part in (solution.title or solution.sheet, f"problem {problem.id}", problem.title)
            if part
        )
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
    """Lay out the steps of one table, under a heading for each section, and for each of several training steps."""
    rows: list[Line] = []
    if part.when:
        rows += [BLANK, *indented(prose(f"Where {assignments(part.when)}", page.width - INDENT, "title"), INDENT).lines]
    given = givens(part)
    if given:
        rows += [BLANK, *heading("Given", INDENT), *given_block(given, page).lines]
    groups = by_step(part.quantities)
    for title, quantities in groups:
        if title:
            rows += [BLANK, *heading(title, 0, "title")]
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


def given_block(quantities: list[Quantity], page: Page) -> Block:
    """Set the givens side by side."""
    room = page.width - INDENT
    blocks = [named_value(quantity, page, room, typed=True) for quantity in quantities]
    return indented(flow(blocks, room), INDENT)


def named_value(quantity: Quantity, page: Page, room: int, typed: bool = False) -> Block:
    """Give `name = value`."""
    name = safe_text(quantity.name)
    sign = ":" if quantity.value is None else " ="
    head = Block([[(name, "name"), (sign, "")]], 0, text(name + sign).width)
    style = "" if typed else "value"
    if quantity.kind:
        return beside(head, text(quantity.kind, style))
    value = value_block(quantity.value, quantity.shape, page, UNLIMITED, style, typed)
    if head.width + 1 + value.width <= room:
        return beside(head, value)
    value = value_block(quantity.value, quantity.shape, page, room - 2, style, typed)
    return below(head, indented(value, 2))


def row_of(quantity: Quantity, part: Part, page: Page) -> Row:
    """Give the row of a quantity: its formula unless that is its name, the ways to show the numbers, its value."""
    name = safe_text(quantity.name)
    if quantity.formula is None:  # a given, perhaps under another name
        return Row(
            name,
            "" if quantity.name == quantity.source else safe_text(quantity.source),
            [],
            quantity.value,
            quantity.shape,
        )
    numbers = (
        list(numbers_put_in(quantity.formula, quantity.shape, Put(part.table, part.values, page)))
        if quantity.value is not None
        else []
    )
    itself = plain(quantity.formula).replace(" ", "") == quantity.name.replace(" ", "")
    formula = quantity.formula
    if quantity.value is None and any(isinstance(each, Call) and each.op.endswith("'") for each in walk(formula)):
        formula = bare(formula, part.table, applications(part.table, quantity.step))
    forms = [] if itself else [formula_text(formula, page)]
    value = quantity.value
    if quantity.reason and value is None:
        forms = ["0"]
    if quantity.reason and is_number(quantity.shape):  # 0 needs no working
        value, numbers = None, []
    if value is None and quantity.role == "asked":
        forms = [formula_text(quantity.chain, page)] if quantity.chain is not None else forms
        forms += [formula_text(quantity.expanded, page)] if quantity.expanded is not None else []
    first, *more = forms or [""]
    return Row(name, first, numbers, value, quantity.shape, tuple(more), tuple(notes(quantity, part, page)))


def notes(quantity: Quantity, part: Part, page: Page) -> Iterator[str]:
    """Give what is said beside a symbolic formula: the shape of an array, a Jacobian, why a derivative is 0."""
    if quantity.value is None and quantity.shape and quantity.role != "given":
        yield f"({show_shape(quantity.shape)})"
    if quantity.value is None and quantity.role == "asked" and "/d" in quantity.source:
        matrix = derivation(part.table, quantity.source).matrix
        if matrix is not None:
            yield f"as a matrix: {formula_text(matrix, page)}"
    if quantity.reason:
        yield safe_text(quantity.reason)


def question_lines(problem: SolvedProblem, page: Page) -> list[Line]:
    """Lay out the questions with the values that they ask: id, points and values in columns, or below each other."""
    if not problem.questions:
        return []
    labels = [safe_text(question.id) for question in problem.questions]
    points = [worth(question) for question in problem.questions]
    columns = [max(map(width, labels)), max(map(width, points))]
    inner = INDENT + sum(column + 2 for column in columns if column)
    beneath = page.width < NARROW or inner > page.width // 3
    if beneath:
        inner = 2 * INDENT
    room = page.width - inner
    blocks: list[Block] = []
    for question, label, said in zip(problem.questions, labels, points, strict=True):
        body = below(*asked_blocks(question, problem, page, room))._replace(base=0)
        if beneath:
            head = prose(" · ".join(part for part in (label, said) if part), page.width - INDENT, "name")
            blocks.append(indented(below(head, indented(body, INDENT)), INDENT))
        else:
            heads = [filled(text(label, "name"), columns[0]), filled(text(said, "note"), columns[1])]
            blocks.append(indented(beside(*heads[: 1 + any(points)], body, gap=2), INDENT))
    return [BLANK, *heading("Answers", INDENT), *spaced(blocks)]


def assignments(when: Mapping[str, str]) -> str:
    """Give other givens as `y = 1, x = −2`."""
    return assigned(when.items())


def _says_nothing(quantity: Quantity) -> bool:
    """Tell whether the formula of what is asked is only its name over again: `h` all of `h[1..3]`, `x[2]` itself."""
    formula = quantity.formula
    if formula is None or not is_selection(formula):
        return False
    written, name = (re.sub(r"@[0-9]+", "", squeezed(each)) for each in (plain(formula), quantity.name))
    return written == name or written.startswith(f"{name}[")


def asked_blocks(question: SolvedQuestion, problem: SolvedProblem, page: Page, room: int) -> list[Block]:
    """Give what a question asks: its text, rows with formulas for what only it defines or is symbolic, else values."""
    blocks: list[Block] = []
    if question.text:
        blocks.append(prose(safe_text(question.text, keep_newlines=True), room))
    if question.when:
        blocks.append(prose(f"where {assignments(question.when)}", room, "note"))
    part = next((part for part in problem.parts if part.when == question.when), problem.parts[0])
    asked = {quantity.name: quantity for quantity in part.quantities if quantity.role == "asked"}
    right = told(question, "->" if page.ascii else "→")
    blocks += [prose(safe_text(line), room) for line in right.lines] if right is not None else []
    if question.table is not None:
        return [*blocks, table_block(solved_table(question.table, page), room)]
    values: list[Block] = []
    for name in question.asks if not question.notes else ():
        quantity = asked_quantity(question, asked[name])
        own = quantity.source in part.table and part.table[quantity.source].role == "asked"
        if (own and not _says_nothing(quantity)) or quantity.value is None or quantity.reason:
            blocks += [flow(values, room, 3)] if values else []
            blocks += laid_out([row_of(quantity, part, page)], page._replace(width=room), 0)
            values = []
        else:
            values.append(named_value(quantity, page, room))
    return [*blocks, flow(values, room, 3)] if values else blocks
