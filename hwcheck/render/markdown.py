"""Solutions as GitHub-flavoured Markdown, and what all Markdown needs: escaped text, code spans and tables.

Formulas stand in `math` blocks, which Markdown leaves alone, and what was typed in code spans, where it means nothing.
"""

from __future__ import annotations

from ..formula.expr import Name
from ..formula.show import plain
from ..formula.showlatex import latex
from ..graph.shapes import Shape, is_number, show_shape
from ..sheet.solution import SECTIONS, Part, Quantity, Solution, SolvedProblem
from ..text import safe_text
from .layout import Page
from .numbers import DIGITS, decimal
from .putting import Put, worked_out
from .rows import by_step, givens
from .values import Array, kept, value_text

WIDE = 200  # letters of a row of numbers put in; longer ones run out of a page
MARKUP = frozenset("\\`*_{}[]<>#|~$!&@")


def escaped(content: str, lines: bool = False) -> str:
    """Make text mean nothing but itself in Markdown; `lines` keeps its lines."""
    rows = []
    for line in safe_text(content, keep_newlines=lines).split("\n"):
        line = "".join(f"&#{ord(char)};" if char in MARKUP else char for char in line.strip())
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
        blocks += _questions(problem, page)
    return "\n\n".join(blocks) + "\n"


def _part(part: Part, page: Page) -> list[str]:
    blocks = []
    if part.when:
        blocks.append("### Where " + ", ".join(f"{code(name)} = {code(value)}" for name, value in part.when.items()))
    given = givens(part)
    if given:
        blocks += ["### Given", _maths([_given(quantity) for quantity in given])]
    groups = by_step(part.quantities)
    for title, quantities in groups:
        if title:
            blocks.append(f"### {title}")
        for section in SECTIONS[1:-1]:
            steps = [quantity for quantity in quantities if quantity.section == section]
            if steps:
                blocks += [
                    f"{'####' if title else '###'} {section}",
                    _maths([_step(quantity, part, page) for quantity in steps]),
                ]
    return blocks


def _maths(rows: list[str]) -> str:
    return "```math\n\\begin{aligned}\n" + " \\\\[1ex]\n".join(rows) + "\n\\end{aligned}\n```"


def _given(quantity: Quantity) -> str:
    sign = r"&:\ " if quantity.value is None else "&= "
    return latex(Name(quantity.name)) + sign + value_latex(quantity.value, quantity.shape, DIGITS, typed=True)


def _step(quantity: Quantity, part: Part, page: Page) -> str:
    """Give the lines of one step: the formula, the numbers put in, the value."""
    parts = [] if quantity.formula is None else [latex(quantity.formula)]
    if quantity.value is not None:
        rows = (
            worked_out(quantity.formula, quantity.shape, Put(part.table, part.values, page))
            if quantity.formula is not None
            else []
        )
        texts = [[latex(tree) for tree in row] for row in rows]
        if texts and sum(map(len, max(texts, key=lambda row: sum(map(len, row))))) <= WIDE and texts != [parts]:
            parts.append(texts[0][0] if is_number(quantity.shape) else _matrix(texts))
        parts.append(value_latex(quantity.value, quantity.shape, page.digits))
    return latex(Name(quantity.name)) + " " + r" \\ ".join(f"&= {each}" for each in parts)


def _matrix(rows: list[list[str]]) -> str:
    return r"\begin{bmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{bmatrix}"


def value_latex(value: Array | None, shape: Shape, digits: int, typed: bool = False) -> str:
    """Write a value in LaTeX; larger arrays are cut to their corners, of more than two axes only the shape is said."""
    if value is None or len(shape) > 2:
        return rf"\text{{{show_shape(shape)}}}"
    if is_number(shape):
        return number_latex(float(value.item()), digits, typed)
    grid = value.reshape(value.shape[0], -1)
    rows, columns = (kept(size) for size in grid.shape)
    return _matrix(
        [
            [r"\cdots" if i is None or j is None else number_latex(float(grid[i, j]), digits, typed) for j in columns]
            for i in rows
        ]
    )


def number_latex(value: float, digits: int, typed: bool = False) -> str:
    """Write a number in LaTeX."""
    text = decimal(value, digits, typed)
    text = {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\text{undefined}"}.get(text, text)
    mantissa, mark, power = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{power}}}" if mark and power.lstrip("-").isdigit() else text


def _questions(problem: SolvedProblem, page: Page) -> list[str]:
    rows: list[list[str]] = []
    for question in problem.questions:
        asked = next(
            (
                {each.name: each for each in part.quantities if each.role == "asked"}
                for part in problem.parts
                if part.when == question.when
            ),
            {},
        )
        for name in question.asks:
            quantity = asked[name]
            where = (
                ""
                if not question.when
                else ", ".join(f"{code(key)} = {code(value)}" for key, value in question.when.items())
            )
            rows.append(
                [
                    escaped(question.id),
                    where,
                    code(name),
                    code(asked_text(quantity, page)),
                    f"{question.points:g}" if name == question.asks[0] else "",
                ]
            )
    if not rows:
        return []
    head = ["Question", "Where", "Quantity", "Value", "Points"]
    if not any(row[1] for row in rows):
        head, rows = [head[0], *head[2:]], [[row[0], *row[2:]] for row in rows]
    return ["### Answers", table(head, rows)]


def asked_text(quantity: Quantity, page: Page) -> str:
    """Give what a question asks on one line: the value, or the formula of a symbolic quantity."""
    if quantity.value is None and quantity.formula is not None:
        return plain(quantity.formula)
    return value_text(quantity.value, quantity.shape, page)
