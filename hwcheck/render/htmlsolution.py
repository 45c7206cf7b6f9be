"""Solutions as a page of HTML: the givens, the steps of each section, and a table of the answers."""

from __future__ import annotations

from collections.abc import Mapping

from ..formula.showmathml import Html, escaped
from ..sheet.solution import SECTIONS, Part, Solution, SolvedProblem, SolvedQuestion
from .html import caption, code, document, equation, joined, lines, tag, text, values_table
from .layout import Page
from .numbers import DIGITS
from .rows import by_step, givens
from .steps import WIDE, Asked, Step, answers_of, asked_in, steps_of, told, worth
from .tables import solved_table


def solution_html(solution: Solution, digits: int | None = None) -> str:
    """Write a solution as a page of HTML."""
    page = Page(WIDE, digits or DIGITS, ascii=True)
    title = solution.title or solution.sheet
    problems = [_problem(problem, page) for problem in solution.problems]
    footer = tag("p", escaped("Sheet "), code(solution.sheet))
    return document(f"{title}: solution", text("h1", title), joined(problems), footer)


def _problem(problem: SolvedProblem, page: Page) -> Html:
    title = f"Problem {problem.id}" + (f": {problem.title}" if problem.title else "")
    parts = [text("h2", title), lines(problem.text), *(_part(part, page) for part in problem.parts)]
    return tag("section", *parts, _answers(problem, page))


def _part(part: Part, page: Page) -> Html:
    blocks: list[Html] = []
    level = 3
    if part.when:
        blocks.append(tag("h3", escaped("Where "), assignments(part.when)))
        level += 1
    given = [_step(step) for quantity in givens(part) for step in steps_of(quantity, part, page)]
    if given:
        blocks += [text(f"h{level}", "Given"), tag("ul", *given, class_="givens")]
    for title, quantities in by_step(part.quantities):
        inner = level + bool(title)
        blocks += [text(f"h{level}", title)] if title else []
        for section in SECTIONS[1:-1]:
            steps = [
                _step(step)
                for quantity in quantities
                if quantity.section == section
                for step in steps_of(quantity, part, page)
            ]
            if steps:
                blocks += [text(f"h{inner}", section), tag("ul", *steps, class_="steps")]
    return joined(blocks)


def _step(step: Step) -> Html:
    return tag("li", equation(step.name, step.sides), *_note(step.note))


def _note(words: str) -> list[Html]:
    return [text("span", words, class_="note")] if words else []


def assignments(when: Mapping[str, str]) -> Html:
    """Give other givens as `y = 1, x = -2`."""
    return joined((code(f"{name} = {value}") for name, value in when.items()), ", ")


def _answers(problem: SolvedProblem, page: Page) -> Html:
    """Give a table of what the questions ask: a group of rows for each question, under its id, points and text."""
    if not problem.questions:
        return Html("")
    head = tag("tr", text("th", "Quantity", scope="col"), text("th", "Answer", scope="col"))
    groups = [_question(question, asked, page) for question, asked in asked_in(problem)]
    name = caption(escaped(f"What the questions of problem {problem.id} ask"))
    return joined([text("h3", "Answers"), tag("table", name, tag("thead", head), *groups, class_="answers")])


def _question(question: SolvedQuestion, asked: list[Asked], page: Page) -> Html:
    points = worth(question)
    title = [text("b", question.id), *([escaped(f" · {points}")] if points else [])]
    title += [escaped(" · where "), assignments(question.when)] if question.when else []
    rows = [tag("tr", tag("th", *title, lines(question.text), colspan="2", scope="rowgroup", class_="question"))]
    right = told(question)
    if right is not None:
        cell = tag("td", *(text("div", line) for line in right.lines))
        rows.append(tag("tr", text("th", right.label, scope="row"), cell))
    if question.table is not None:
        values = values_table(solved_table(question.table, page), escaped(f"The table of question {question.id}"))
        rows.append(tag("tr", tag("td", values, colspan="2")))
    for each in asked:
        steps = answers_of(each, page)
        cells = [
            joined([equation(step.name if at else None, step.sides), *_note(step.note)])
            for at, step in enumerate(steps)
        ]
        rows.append(tag("tr", tag("th", code(each.quantity.name), scope="row"), tag("td", *cells)))
    return tag("tbody", *rows)
