"""An answer by cases: `y = 0: ...`, `y = 1: ...`, or `x > 0: ...`, `x < 0: ...`.

Each case is compared where it holds, and together they must cover what can be. Single points do not count: at the
corner of a relu nothing is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ...formula.expr import Call, Expr, Name, names, substitute
from ...formula.lex import FormulaError
from ...graph.shapes import is_number
from ...graph.table import Domain
from ...sheet.problem import Ask, Problem, Question
from ...text import safe_text
from ...yamltree import Tree
from ..report import DerivedLine
from .deriving import Derived, derive, said_of
from .likeness import loops_of, pairs_of
from .lines import ELSE, text_of
from .points import draw
from .reading import Notes, Words, read
from .values import worth
from .wrong import Cause

if TYPE_CHECKING:
    from ...graph.functions import Array

WORST = ("correct", "undecided", "manual", "unreadable", "wrong")


def by_cases(cases: list[tuple[str, Tree]], problem: Problem, question: Question, ask: Ask, notes: Notes) -> Derived:
    """Judge an answer by cases: the worst case is the answer's verdict, and the right ones earn their share."""
    found: list[Derived] = []
    covered: list[Expr] = []
    pins: dict[str, list[float]] = {}
    for title, tree in cases:
        where: Expr | None = None
        pinned: dict[str, Array] = {}
        try:
            condition = _none_of(covered) if title.lower() in ELSE else _condition(title, problem, ask, notes)
        except FormulaError as error:
            found.append(Derived("unreadable", f"the case `{safe_text(title, 60)}` is not read: {error.reason}"))
            continue
        pin = None if condition is None else _pin(condition, problem)
        if pin is None:
            where = condition
        elif _can_be(*pin, problem):
            pins.setdefault(pin[0], []).append(pin[1])
            pinned[pin[0]] = np.asarray(pin[1])
        else:
            found.append(_refused(f"the case `{safe_text(title, 60)}` does not occur"))
            continue
        covered += [] if condition is None or title.lower() in ELSE else [condition]
        found.append(derive(text_of(tree), problem, question, ask, notes, pinned, where))
    otherwise = any(title.lower() in ELSE for title, _ in cases)
    left = "" if otherwise else _left(covered, pins, problem, question, ask)
    worst = max(found, key=lambda derived: WORST.index(derived.verdict))
    if left and worst.verdict != "wrong":
        worst = _refused(left)
    lines = tuple(_shown(title, derived) for (title, _), derived in zip(cases, found, strict=True))
    right = sum(derived.verdict == "correct" for derived in found)
    refused = any(derived.causes == (Cause("CASE_WRONG"),) for derived in found)
    return worst._replace(lines=lines, share=right / (len(cases) + (bool(left) and not refused)))


def _shown(title: str, derived: Derived) -> DerivedLine:
    """Give the record of one case."""
    tree = None if derived.answer is None else derived.answer.typed
    text = f"{safe_text(title, 60)}: {derived.text}" if derived.text else safe_text(title, 60)
    return DerivedLine(text, tree, derived.verdict, derived.about)


def _refused(about: str) -> Derived:
    return Derived("wrong", about, slips=(said_of(Cause("CASE_WRONG"), 0),), causes=(Cause("CASE_WRONG"),))


def _condition(title: str, problem: Problem, ask: Ask, notes: Notes) -> Expr:
    """Read the condition of a case; a single `=` compares here."""
    text = title
    if "==" not in text and not any(sign in text for sign in ("<", ">", "≤", "≥", "\\le", "\\ge", "!=")):
        text = text.replace("=", "==")
    return read(text, Words(problem, notes, frozenset(loops_of(ask.tree))))[0].tree


def _pin(condition: Expr, problem: Problem) -> tuple[str, float] | None:
    """Give the given and the number that a condition says it is; None for any other condition."""
    if not isinstance(condition, Call) or condition.op != "==":
        return None
    for name, value in (condition.args, condition.args[::-1]):
        row = problem.base.rows.get(name.id) if isinstance(name, Name) else None
        if row is not None and row.formula is None and is_number(row.shape) and not names(value):
            return row.name, float(worth(draw(problem, 0, {}), value).flat[0])
    return None


def _can_be(name: str, value: float, problem: Problem) -> bool:
    """Tell whether a given can have a value."""
    domain = problem.base.domains.get(name, Domain())
    if domain.kind in ("bit", "one-hot") or _is_label(name, problem):
        return value in (0.0, 1.0)
    return domain.low <= value <= domain.high


def _is_label(name: str, problem: Problem) -> bool:
    """Tell whether a given is the label of a binary classifier: its value is 0 or 1."""
    value = problem.base.values.get(name)
    return value is not None and bool(np.isin(value, (0.0, 1.0)).all())


def _left(covered: list[Expr], pins: Mapping[str, list[float]], problem: Problem, question: Question, ask: Ask) -> str:
    """Say which case is left out; "" where they cover everything."""
    for name, values in pins.items():
        domain = problem.base.domains.get(name, Domain())
        bits = domain.kind == "bit" or _is_label(name, problem)
        missing = [value for value in (0.0, 1.0) if value not in values] if bits else []
        if missing and name not in question.values:
            return f"the case {name} = {missing[0]:g} is left out"
    if pins:
        return ""
    points = draw(problem, 0, {})
    for pair in pairs_of(points, ask.tree):
        holds = [worth(points, substitute(each, pair)).reshape(-1) != 0 for each in covered]
        if not np.logical_or.reduce(holds).all():
            return "a case is left out: there are values for which none of these holds"
    return ""


def _none_of(covered: list[Expr]) -> Expr | None:
    """Give the condition that none of some others holds."""
    found: Expr | None = None
    for each in covered:
        other = Call("==", (each, Call("-", (each, each))))
        found = other if found is None else Call("⊙", (found, other))
    return found
