"""The solution of a problem, written as the answers of a student."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..formula.expr import Call
from ..formula.show import plain
from ..sheet.constructs import Construct
from ..sheet.options import Choices, one_line
from ..sheet.problem import Problem, Question
from ..sheet.solution import SolvedProblem
from .hidden import DIGITS
from .template import as_key, bars, quoted

Values = Mapping[tuple[str, str], object]  # by question and quantity: a number or nested lists


def asked_values(problem: Problem, solved: SolvedProblem) -> dict[tuple[str, str], object]:
    """Give the values of everything that a problem asks for as such; what is symbolic has none."""
    found: dict[tuple[str, str], object] = {}
    for question in solved.questions:
        rows = question.table.rows if question.table is not None and question.kind == "table" else ()
        for head, quantities in rows:
            for title, each in zip(question.asks, quantities, strict=True):
                found[question.id, ", ".join((*head, title))] = [] if each.value is None else each.value.tolist()
        if problem.questions[question.id].kind != "find":
            continue
        for part in solved.parts:
            if part.when == question.when:
                for each in part.quantities:
                    if each.role == "asked" and each.name in question.asks and each.value is not None:
                        found[question.id, each.name] = each.value.tolist()
    return found


def solution_of(problem: Problem, values: Values, digits: int | None) -> str:
    """Write the solution of a problem as an answers file.

    Args:
        problem: the problem.
        values: what is asked for as such, with its values.
        digits: how many significant digits numbers have; default: those that each question asks.
    """
    lines = ["answers:", f"  {as_key(problem.id)}:"]
    for question in problem.questions.values():
        if question.kind == "find" or question.parts:
            some = {name: value for (id, name), value in values.items() if id == question.id}
            answers = {name: _typed(value, digits or question.digits or DIGITS) for name, value in some.items()}
        else:
            answers = _formulas(problem, question)
        lines += _lines(problem, question, answers)
    return "\n".join(lines) + "\n"


def _typed(value: object, digits: int) -> str:
    """Write a value as a student does, to so many significant digits."""
    if isinstance(value, list):
        return "[" + ", ".join(_typed(each, digits) for each in value) + "]"
    assert isinstance(value, float)
    return f"{value:#.{digits}g}".rstrip(".")


def _lines(problem: Problem, question: Question, answers: Mapping[str, str]) -> Iterable[str]:
    """Write the solution of one question as a template has it, each answer on a line of its own."""
    head = f"    {as_key(question.id)}:"
    if question.kind == "graph":
        return [head, *(f"      - {source} -> {name}" for source, name in _edges(problem, question))]
    if question.parts:
        left, width = list(answers.values()), len(question.columns)
        titles = [*(name for name, _ in question.parts[0].head), *question.columns]
        rows = [[value for _, value in part.head] for part in question.parts]
        filled = [[*row, *left[at * width : (at + 1) * width]] for at, row in enumerate(rows)]
        return [f"{head} |", *(f"      {line}" for line in bars([titles, *filled]))]
    if question.kind == "write":
        return [f"{head} in words"]
    if question.construct is not None:
        return _model(question.construct, head)
    if question.choices is not None:
        return [f"{head} {_chosen(question.kind, question.choices)}"]
    if question.kind == "table":
        cells = iter(answers.values())
        lines = [head]
        for row in question.rows:
            lines.append(f"      {as_key(row)}:")
            lines += [f"        {as_key(column)}: {next(cells)}" for column in question.columns]
        return lines
    if len(question.asks) == 1:
        return [f"{head} {answer}" for answer in answers.values()]
    return [head, *(f"      {as_key(one_line(name))}: {answer}" for name, answer in answers.items())] if answers else []


def _model(asked: Construct, head: str) -> list[str]:
    """Write the model answer of a construction; without one nothing is written, and nothing is proved."""
    if asked.function or len(asked.names) == 1:
        return [f"{head} {quoted(value)}" for _, value in asked.key]
    return [head, *(f"      {as_key(name)}: {quoted(value)}" for name, value in asked.key)]


def _chosen(kind: str, choices: Choices) -> str:
    """Write the key of a question with options, in brackets."""
    if kind == "match":
        pairs = (f"{quoted(choices.options[at].text)}: {quoted(choices.others[to].text)}" for at, to in choices.key)
        return f"{{{', '.join(pairs)}}}"
    groups = [f"[{', '.join(quoted(choices.options[at].text) for at in group)}]" for group in choices.key]
    return f"[{', '.join(groups)}]" if kind == "order" else groups[0]


def _formulas(problem: Problem, question: Question) -> dict[str, str]:
    """Write the formulas that a question asks for, in quotes; of entries one by one, that of each."""
    from ..sheet.expanding import right_formula  # where a sheet asks for formulas

    found: dict[str, str] = {}
    for ask in question.asks:
        tree = right_formula(problem, question, ask)
        each = tree.args[0] if isinstance(tree, Call) and tree.op == "for" else tree
        found[ask.name] = f'"{plain(each)}"'
    return found


def _edges(problem: Problem, question: Question) -> Iterable[tuple[str, str]]:
    """Give the edges of the graph that is asked."""
    from ..graph.edges import edges_of

    return edges_of(problem.base) if question.edges is None else question.edges
