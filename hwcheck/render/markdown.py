"""Solutions as GitHub-flavoured Markdown, and what all Markdown needs: escaped text, code spans and tables.

Formulas stand in `math` blocks, which Markdown leaves alone, and what was typed in code spans, where it means nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..formula.expr import Expr
from ..formula.showlatex import latex
from ..sheet.problem import Worth
from ..sheet.solution import SECTIONS, Part, Solution, SolvedProblem
from ..text import safe_text
from .layout import Page
from .numbers import DIGITS
from .rows import by_step, givens
from .steps import WIDE, Asked, Step, answers_of, asked_in, steps_of, told, worth
from .tables import Table, solved_table
from .values import value_text

LONGEST = 4000  # letters of a block of maths; GitHub leaves very long ones unset
DOLLAR = "&#36;"
MARKUP = frozenset("\\`*_{}[]<>#|~$!&@")


def escaped(content: str, lines: bool = False) -> str:
    """Make text mean nothing but itself in Markdown; `lines` keeps its lines."""
    rows = []
    for line in safe_text(content, keep_newlines=lines).split("\n"):
        line = "".join(f"&#{ord(char)};" if char in MARKUP else char for char in line.strip())
        line = line.replace(DOLLAR, f"<span>{DOLLAR}</span>")  # GitHub looks for maths when it has read the entities
        head = line.lstrip("0123456789")
        if line[:1] in ("-", "+", "=") or (head != line and head[:2] in (".", ")", ". ", ") ")):
            at = len(line) - len(head)
            line = f"{line[:at]}&#{ord(line[at])};{line[at + 1 :]}"
        rows.append(line)
    return "\n".join(rows)


def code(content: str) -> str:
    """Set text as it is typed, on one line, safe in a table."""
    content = safe_text(content).replace("|", "\\|")
    longest = max((len(run) for run in "".join(char if char == "`" else " " for char in content).split()), default=0)
    fence = "`" * (longest + 1)
    blank = " " if longest or not content.strip() else ""
    return f"{fence}{blank}{content}{blank}{fence}"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Give a table; the cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def maths(*trees: Expr) -> str:
    """Set formulas in a line of text, signs of equality between them; they hold no `|`, which would end a cell."""
    return f"$`{' = '.join(map(latex, trees))}`$" if trees else ""


def solution_markdown(solution: Solution, digits: int | None = None) -> str:
    """Write a solution as Markdown."""
    page = Page(WIDE, digits or DIGITS, ascii=True)
    blocks = [f"# {escaped(solution.title or solution.sheet)}"]
    for problem in solution.problems:
        title = f": {escaped(problem.title)}" if problem.title else ""
        blocks.append(f"## Problem {escaped(problem.id)}{title}")
        if problem.text:
            blocks.append(escaped(problem.text, lines=True))
        for part in problem.parts:
            blocks += _part(part, page)
        blocks += _answers(problem, page)
    return "\n\n".join(blocks) + "\n"


def _part(part: Part, page: Page) -> list[str]:
    blocks = []
    if part.when:
        blocks.append(f"### Where {assignments(part.when)}")
    given = [_given(step) for quantity in givens(part) for step in steps_of(quantity, part, page)]
    if given:
        blocks += ["### Given", *_aligned(given)]
    for title, quantities in by_step(part.quantities):
        if title:
            blocks.append(f"### {title}")
        for section in SECTIONS[1:-1]:
            steps = [
                _step(step)
                for quantity in quantities
                if quantity.section == section
                for step in steps_of(quantity, part, page)
            ]
            if steps:
                blocks += [f"{'####' if title else '###'} {section}", *_aligned(steps)]
    return blocks


def assignments(when: Mapping[str, str]) -> str:
    """Give other givens as `y = 1`, `x = -2`."""
    return ", ".join(f"{code(name)} = {code(value)}" for name, value in when.items())


def _aligned(rows: list[str]) -> list[str]:
    """Set rows in blocks of maths, their signs of equality under each other."""
    blocks: list[list[str]] = [[]]
    for row in rows:
        if blocks[-1] and sum(map(len, blocks[-1])) + len(row) > LONGEST:
            blocks.append([])
        blocks[-1].append(row)
    return ["```math\n\\begin{aligned}\n" + " \\\\[1ex]\n".join(block) + "\n\\end{aligned}\n```" for block in blocks]


def _given(step: Step) -> str:
    return f"{latex(step.name)} " + " ".join([*(f"&= {latex(side)}" for side in step.sides), *_note(step, "&:")])


def _step(step: Step) -> str:
    """Give the lines of one step: the formula, the numbers put in, the value."""
    sides = [f"&= {latex(side)}" for side in step.sides]
    return " ".join([latex(step.name), " \\\\ ".join(sides), *_note(step, r"\quad" if sides else "&:")])


def _note(step: Step, sign: str) -> list[str]:
    """Give the words beside a step, which hold letters, digits and signs of sentences only."""
    words = "".join(char for char in safe_text(step.note) if char.isalnum() or char in " .,:;()'")
    return [rf"{sign}\ \text{{{words}}}"] if words else []


def _answers(problem: SolvedProblem, page: Page) -> list[str]:
    rows: list[list[str]] = []
    for question, asked in asked_in(problem):
        where = assignments(question.when) if question.when else ""
        points = f"{question.points:g}" if set(question.worth.values()) <= {Worth(question.points)} else worth(question)
        right = told(question)
        if right is not None:
            lines = "<br>".join(map(code, right.lines))
            rows.append([escaped(question.id), where, right.label, lines, escaped(points)])
        if question.table is not None:
            rows.append([escaped(question.id), where, "table", "stands below", escaped(points)])
        for at, each in enumerate(asked):
            own = "" if at else escaped(points)
            rows.append([escaped(question.id), where, code(each.quantity.name), _answer(each, page), own])
    if not rows:
        return []
    head = ["Question", "Where", "Quantity", "Value", "Points"]
    if not any(row[1] for row in rows):
        head, rows = [head[0], *head[2:]], [[row[0], *row[2:]] for row in rows]
    return ["### Answers", table(head, rows), *_tables(problem, page)]


def _tables(problem: SolvedProblem, page: Page) -> Iterator[str]:
    """Give the tables of values, each under the id of its question."""
    for question in problem.questions:
        if question.table is not None:
            yield f"#### {escaped(question.id)}"
            yield values_table(solved_table(question.table, page))


def values_table(values: Table) -> str:
    """Give a table of values; a mark stands behind what has a verdict."""
    rows = []
    for lead, line in zip(values.leads, values.lines, strict=True):
        pairs = zip(line.texts, line.marks, strict=True)
        cells = [f"{code(content)} {mark}".strip() if content else "" for content, mark in pairs]
        rows.append([*(code(content) if content else "" for content in lead), *cells])
    return table([code(title) if title else "" for title in values.titles], rows)


def _answer(asked: Asked, page: Page) -> str:
    """Give what a question asks on one line: a value as it can be typed, or the formulas of a symbolic quantity."""
    if asked.quantity.value is not None:
        return code(value_text(asked.quantity.value, asked.quantity.shape, page))
    steps = list(answers_of(asked, page))
    said = [escaped(step.note) for step in steps if step.note]
    return ", ".join([*(maths(*step.sides) for step in steps if step.sides), *said])
