"""Solutions as a LaTeX document: the givens, the steps of each section aligned at their signs, and the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..sheet.solution import SECTIONS, Part, Solution, SolvedProblem, SolvedQuestion
from .latex import Tex, code, command, document, escaped, formula, joined, maths, prose, row, values_table
from .layout import Page
from .numbers import DIGITS
from .rows import by_step, givens
from .steps import WIDE, Asked, Step, answers_of, asked_in, steps_of, told, worth
from .tables import solved_table

SHORT = 60  # letters of a formula and of a note that fit side by side


def solution_latex(solution: Solution, digits: int | None = None) -> str:
    """Write a solution as a LaTeX document."""
    page = Page(WIDE, digits or DIGITS, ascii=True)
    blocks = [block for problem in solution.problems for block in _problem(problem, page)]
    return document(solution.title or solution.sheet, blocks)


def _problem(problem: SolvedProblem, page: Page) -> Iterator[Tex]:
    title = f"Problem {problem.id}" + (f": {problem.title}" if problem.title else "")
    yield command("section*", escaped(title))
    yield prose(problem.text)
    for part in problem.parts:
        yield from _part(part, page)
    if problem.questions:
        yield command("subsection*", escaped("Answers"))
        yield _table([line for question, asked in asked_in(problem) for line in _question(question, asked, page)])


def _part(part: Part, page: Page) -> Iterator[Tex]:
    if part.when:
        yield command("subsection*", joined([escaped("Where "), assignments(part.when)]))
    given = [step for quantity in givens(part) for step in steps_of(quantity, part, page)]
    if given:
        yield command("subsection*", escaped("Given"))
        yield joined(map(_given, given), "")
    for title, quantities in by_step(part.quantities):
        if title:
            yield command("subsection*", escaped(title))
        for section in SECTIONS[1:-1]:
            steps = [
                step
                for quantity in quantities
                if quantity.section == section
                for step in steps_of(quantity, part, page)
            ]
            if steps:
                yield command("subsubsection*" if title else "subsection*", escaped(section))
                yield _aligned(steps)


def _given(step: Step) -> Tex:
    words = f"~{escaped(step.note)}" if step.note else ""
    return Tex(f"{maths(step.name, *step.sides)}{words}\\hspace{{2em plus 1em}} ")


def _aligned(steps: list[Step]) -> Tex:
    """Give steps with their signs of equality under each other; a long note stands on a line of its own."""
    rows = []
    for step in steps:
        sides = [f"&= {maths(side)}" for side in step.sides] or ["&"]
        note = escaped(step.note)
        if note and len(note) <= SHORT and len(sides[-1]) <= SHORT:
            sides[-1] += rf" \quad \text{{{note}}}"
        elif note:
            sides.append(rf"&\parbox[t]{{.72\linewidth}}{{{note}}}")
        rows.append(f"{formula(step.name)} " + "\\\\*[0pt]\n  ".join(sides))
    return Tex("\\begin{align*}\n" + " \\\\[1.2ex]\n".join(rows) + "\n\\end{align*}")


def assignments(when: Mapping[str, str]) -> Tex:
    """Give other givens as `y = 1, x = -2`."""
    return joined((code(f"{name} = {value}") for name, value in when.items()), ", ")


def _question(question: SolvedQuestion, asked: list[Asked], page: Page) -> Iterator[Tex]:
    """Give the rows of a question: its id, points and text, then what it asks."""
    points = worth(question)
    head = [command("textbf", escaped(question.id)), *([escaped(f" · {points}")] if points else [])]
    head += [escaped(" · where "), assignments(question.when)] if question.when else []
    words = prose(question.text)
    cell = Tex(joined(head) + (f"\\newline{{}}\n{words.replace(chr(10) * 2, chr(92) + 'par ')}" if words else ""))
    yield row(Tex(rf"\multicolumn{{2}}{{@{{}}p{{.95\linewidth}}}}{{{cell}}}"), gap=".6ex")
    right = told(question)
    for at, line in enumerate(right.lines if right is not None else ()):
        yield row(escaped("" if at or right is None else right.label), escaped(line), gap="1ex")
    if question.table is not None:
        values = values_table(solved_table(question.table, page))
        yield row(Tex(rf"\multicolumn{{2}}{{@{{}}l}}{{{values}}}"), gap="1ex")
    for each in asked:
        for at, step in enumerate(answers_of(each, page)):
            trees = [step.name, *step.sides] if at else step.sides
            note = [Tex(" "), escaped(step.note)] if step.note else []
            name = Tex("") if at else code(each.quantity.name)
            yield row(name, joined([maths(*trees), *note]), gap="1ex")


def _table(rows: list[Tex]) -> Tex:
    columns = r"@{}>{\raggedright\arraybackslash}p{.22\linewidth}p{.74\linewidth}@{}"
    return Tex(f"\\begin{{longtable}}{{{columns}}}\n" + "\n".join(rows) + "\n\\end{longtable}")
