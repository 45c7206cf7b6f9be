"""What is allowed in a sheet, and seldom meant: a teacher may have overlooked it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..formula.expr import COMPARISONS, Call, Expr
from ..graph.evaluate import solve_table
from ..marking.separability import UNITS
from ..sheet.problem import Ask, Problem, Question
from ..sheet.solving import asked_table, known
from .hidden import DIGITS


def overlooked(problem: Problem) -> Iterable[str]:
    """Say what is allowed, and seldom meant."""
    if not any(worth.points for question in problem.questions.values() for worth in question.worth.values()):
        yield "No question of this problem gives points: it is for practice."
    for question in problem.questions.values():
        if question.construct is not None and not question.construct.key:
            yield f"Question {question.id} has no `key`: nothing shows that its conditions can be fulfilled."
    seen: dict[tuple[str, str], str] = {}
    for question in problem.questions.values():
        yield from (f"Question {question.id}: {said}" for said in _on_options(question))
        for ask in question.asks if question.kind != "table" else ():  # a table may say one thing in several cells
            mark = repr((question.when, question.kind, sorted(question.allowed or ()))), ask.name
            if mark in seen and question.points:
                yield f"`{ask.name}` is asked in {seen[mark]} and again in {question.id}: it earns points twice."
            seen.setdefault(mark, question.id)
            yield from _on_value(problem, question, ask) if question.kind == "find" else ()


def _on_value(problem: Problem, question: Question, ask: Ask) -> Iterable[str]:
    """Say what a teacher may not have meant of a decision, and of other values that count as right."""
    if _is_close(problem, question, ask):
        yield f"`{ask.name}` is decided by less than rounding leaves open: choose another threshold."
    value = _value(problem, question, ask.tree, ask)
    for other in ask.also:
        also = _value(problem, question, other, ask)
        if also is not None and value is not None and _is_same(also, value):
            yield f"What `also` says of `{ask.name}` has the value that is right anyway."
        if also is not None and not all(map(math.isfinite, also)):
            yield f"What `also` says of `{ask.name}` is no finite number: no student can write it."


def _on_options(question: Question) -> Iterable[str]:
    """Say what a teacher may not have meant of options, and of words without a rubric."""
    choices = question.choices
    if choices is None:
        if question.kind == "write" and not question.rubric:
            yield "there is no `rubric` that tells the person who reads it what to look for."
        return
    for options in (choices.options, choices.others):
        names = {name for at, option in enumerate(options, 1) for name in (option.label, str(at))}
        for option in options:
            if option.text in names - {option.label}:
                yield f"`{option.text}` is an option, and the letter or number of another: it is taken for the option."
    flat = [at for group in choices.key for at in group]
    if question.kind == "choose" and len(flat) == len(choices.options):
        yield "every option is right."
    if question.kind == "order" and flat == sorted(flat):
        yield "the options stand in the right order already: students see them so."
    if question.kind == "match" and all(at == to for at, to in choices.key):
        yield "the right side stands in the order of the left side: students see them so."


def _is_close(problem: Problem, question: Question, ask: Ask) -> bool:
    """Tell whether a decision compares numbers so close that honest rounding may turn it."""
    if not (isinstance(ask.tree, Call) and ask.tree.op in COMPARISONS):
        return False
    one, other = (_value(problem, question, side, ask) for side in ask.tree.args)
    if one is None or other is None:
        return False
    pairs = [(a, b) for a in one for b in other] if 1 in (len(one), len(other)) else list(zip(one, other, strict=True))
    digits = question.digits or DIGITS
    size = [max(abs(a), abs(b)) for a, b in pairs]
    units = [10.0 ** (math.floor(math.log10(each)) + 1 - digits) if each > 0 else 1.0 for each in size]
    return any(0 < abs(a - b) < UNITS * unit for (a, b), unit in zip(pairs, units, strict=True))


def _value(problem: Problem, question: Question, tree: Expr, ask: Ask) -> list[float] | None:
    """Give the entries of a formula about a question's givens; None where it is symbolic."""
    table, rows = asked_table(problem, [Ask(" ", tree, ask.at)], question.values)
    (name,) = rows.values()
    if name not in known(table):
        return None
    found: list[float] = solve_table(table, [name])[name].ravel().tolist()
    return found


def _is_same(one: list[float], other: list[float]) -> bool:
    return len(one) == len(other) and all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(one, other, strict=True))
