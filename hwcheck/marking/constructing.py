"""What a student constructed, numbers or a function, held against every condition of the question.

All or nothing: an answer is right when every condition holds. Which one fails is said, and at which input first; of a
right one, how near its thresholds come to 0, and which ends of a range it never reaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from weakref import WeakKeyDictionary

import numpy as np

from ..formula.expr import Expr, names
from ..formula.lex import FormulaError
from ..formula.show import plain
from ..graph.functions import Array
from ..graph.table import Table
from ..library.conventions import functions_for
from ..record import NamedTuple
from ..sheet.checking import opens
from ..sheet.constructs import RANGE, TABLE, Condition, Construct, answered
from ..sheet.problem import Problem, Question, expand
from ..sheet.remaking import remade
from ..text import safe_text
from ..yamltree import Tree, as_typed
from .conditions import Failure, Margin, Trial, Tried, Values, tried, trying
from .constructed import Answer, formulas_in, number_text, numbers_in, value_text
from .formulas.findings import deep_stack
from .inputs import REACH, Inputs, inputs_of
from .ranges import Again, gap_in, inside, least_near, meets, range_of, reaches
from .report import DerivedLine, Finding, blank_finding
from .typed import is_blank
from .wanted import Page

STEP = "step_at_zero"
LADDER = 28  # inputs of each sign at which two sides may become equal


class Look(NamedTuple):
    """The inputs at which conditions are tried, and the values of the other givens."""

    inputs: list[Inputs]
    values: Mapping[str, Array]


class Outcome(NamedTuple):
    """What an answer comes to: what was found about each condition, and what is said of the whole."""

    holds: bool
    lines: tuple[DerivedLine, ...]
    about: str


def construct_finding(page: Page, question: Question, tree: Tree | None) -> Finding:
    """Judge what was constructed; `tree` is None where nothing was written."""
    asked = question.construct
    assert asked is not None, "a question of this kind says what is to be constructed"
    right = "; ".join(f"{name} = {value}" for name, value in asked.key) or None
    made = blank_finding(page.problem.id, question, asked.title, question.points, right, page.file)
    if tree is None:
        return made
    made = made._replace(answer=as_typed(tree), line=tree.span.line, column=tree.span.column)
    if is_blank(tree):
        return made
    with deep_stack():
        try:
            answers = list(formulas_in(tree, asked) if asked.function else [numbers_in(tree, asked)])
            outcomes = [(answer, _outcome(page.problem, question, asked, answer)) for answer in answers]
        except FormulaError as error:
            about = error.reason + (f"; {error.fix}" if error.fix else "")
            page.warn("HW413", f"the answer is not read: {error.reason}", tree.span, question.id, error.fix)
            return made._replace(verdict="unreadable", cells="unreadable", about=about)
        except (RecursionError, MemoryError):
            return made._replace(verdict="unreadable", cells="unreadable", about="this is too much to be worked out")
    answer, outcome = next((each for each in outcomes if each[1].holds), outcomes[0])
    verdict = "correct" if outcome.holds else "wrong"
    marks = question.points if outcome.holds else 0.0
    return made._replace(
        verdict=verdict,
        cells=verdict,
        read_as=answer.read_as,
        remarks=answer.remarks,
        lines=outcome.lines,
        about=outcome.about,
        marks=marks,
        without=marks,
    )


# --- what it comes to -------------------------------------------------------------------------------------------------

#: The inputs of constructions, by the tables of their problems and the questions.
_KEPT: WeakKeyDictionary[Table, dict[str, list[Inputs]]] = WeakKeyDictionary()


def _inputs(question: Question, asked: Construct) -> list[Inputs]:
    kept = _KEPT.setdefault(asked.problem.base, {})
    mark = f"{question.id} {question.when!r}"
    if mark not in kept:
        sides = [side for each in asked.conditions for side in each.sides]
        table = expand(asked.problem, [name for side in sides for name in names(side)])
        kept[mark] = inputs_of(table, opens(asked, question, table))
    return kept[mark]


def _outcome(problem: Problem, question: Question, asked: Construct, answer: Answer) -> Outcome:
    """Try an answer; by the other convention at 0 too, where the sheet leaves it open."""
    values = {**question.values, **answer.values}
    look = Look(_inputs(question, asked), values)
    ready, conditions = asked.problem, asked.conditions
    if answer.formula is not None:
        ready, conditions = answered(asked, answer.formula)
    trial = tried(ready, conditions, *look)
    at_zero = problem.conventions.get(STEP, "1")
    on_edge = trial.margin is not None and trial.margin.size == 0.0
    turned = tried(_other(problem, ready, at_zero), conditions, *look) if on_edge else None
    if not trial.holds and turned is not None and turned.holds and STEP not in problem.conventions:
        lines = tuple(_line(*each, ready, look) for each in _zipped(asked, conditions, turned))
        about = f"margin 0: right where U(0) = {_flipped(at_zero)}, which the sheet leaves open"
        return Outcome(True, lines, about)
    lines = tuple(_line(*each, ready, look) for each in _zipped(asked, conditions, trial))
    holds = all(line.verdict == "correct" for line in lines)
    said = [*_margin_said(trial.margin, turned, at_zero), *_ends_said(asked, conditions, trial, ready, look)]
    return Outcome(holds, lines, "; ".join(said) if holds else "")


def _zipped(
    asked: Construct, conditions: tuple[Condition, ...], trial: Trial
) -> Iterator[tuple[Condition, Condition, Tried]]:
    """Give each condition as it is asked, the same with the answer in it, and what was found about it."""
    return zip(asked.conditions, conditions, trial.conditions, strict=True)


def _other(problem: Problem, ready: Problem, at_zero: str) -> Problem:
    """Give the problem by the other convention at 0."""
    step = functions_for({**problem.conventions, STEP: _flipped(at_zero)})["step"]
    return remade(ready, {**ready.functions, "step": step}, lambda tree: tree)


def _flipped(at_zero: str) -> str:
    return "0" if at_zero == "1" else "1"


def _margin_said(margin: Margin | None, turned: Trial | None, at_zero: str) -> Iterator[str]:
    """Say how near the thresholds come to 0, and what hangs on it."""
    if margin is None:
        return
    if margin.size > 0:
        yield f"margin {margin.size:.4g}"
    elif turned is not None and not turned.holds:
        where = f"{margin.where}, " if margin.where else ""
        yield f"margin 0: works only because U(0) = {at_zero} ({where}{_input_text(margin.at)})"
    else:
        yield "margin 0, whatever U(0) is"


def _ends_said(
    asked: Construct, conditions: tuple[Condition, ...], trial: Trial, ready: Problem, look: Look
) -> Iterator[str]:
    """Say which bounds are never reached, though there are values as near as one likes."""
    found = []
    for condition, same, each in _zipped(asked, conditions, trial):
        if condition.op == RANGE or not each.values or not asked.function:
            continue
        near, anywhere = float(each.values[0][1].min()), min(float(value.min()) for _, value, _ in each.values)
        again = _again(same, ready, look)
        if near == 0 or anywhere > 0:
            continue
        if again is None or not (least_near(each.values, again) <= 0 or _closes(again)):
            found.append(f"`{condition.text}`")
    if found:
        are = "an equality" if len(found) == 1 else "equalities"
        yield f"open at the end{'s' * (len(found) > 1)}: {' and '.join(found)} as near as one likes, and never {are}"


def _closes(again: Again) -> bool:
    """Tell whether sides that differ near 0 are equal at some number further out.

    One input after the other: beside a large one, what is small counts as rounding.
    """
    far = np.geomspace(REACH[0] / 64, REACH[2], LADDER)
    inputs = np.concatenate([-far, [0.0], far])
    return meets(((REACH[2], np.array([again(x[None])[0] for x in inputs]), inputs),), 1.0, again)


def _again(condition: Condition, ready: Problem, look: Look) -> Again | None:
    """Give what works a condition out at other inputs; None where these are not single numbers."""
    names = list(look.inputs[0].values)
    if len(names) != 1 or look.inputs[0].values[names[0]].ndim != 1:
        return None

    at = trying(ready, (condition,), look.values)

    def again(x: Array) -> Array:
        return at([Inputs({names[0]: x}, len(x), REACH[0])]).conditions[0].values[0][1]

    return again


def _line(asked: Condition, condition: Condition, found: Tried, ready: Problem, look: Look) -> DerivedLine:
    """Give one condition with what was found about it."""
    text = safe_text(condition.text, 200)
    if condition.op == RANGE:
        return _range_line(text, condition, found, ready, look)
    if found.failure is None:
        return DerivedLine(text, None, "correct")
    failure = found.failure
    only_bits = look.inputs[0].reach == 1.0
    counted = f"it fails at {failure.fails} of {failure.of} inputs" if only_bits else "it fails somewhere"
    return DerivedLine(text, None, "wrong", counted if failure.at else "it does not hold", _detail(asked, failure))


def _detail(asked: Condition, failure: Failure) -> str:
    """Say at which input a condition fails first, and what it is there."""
    at = f"at {_input_text(failure.at)} " if failure.at else ""
    for side, value in ((asked.left, failure.left), (asked.right, failure.right)):
        if value is None and side is not None:
            return f"{at}`{plain(side)}` has no value"
    if failure.vague:
        return f"{at}the numbers are so large that rounding hides the outcome"
    sides = [value for value in (failure.left, failure.right) if value is not None]
    left, right = (value_text(value) for value in sides)
    if left == right:  # they differ further behind
        left, right = (value_text(value, 15) for value in sides)
    if asked.op == TABLE:
        return f"{at}`{plain(asked.left)}` is {left}, and {right} is wanted"
    return f"{at}it says {left} {asked.op} {right}"


def _range_line(text: str, condition: Condition, found: Tried, ready: Problem, look: Look) -> DerivedLine:
    """Judge whether a function fills a range, up to its ends."""
    low, high = (_end(end, ready, look, sign) for end, sign in zip(condition.ends, (-1, 1), strict=True))
    near = [(reach, value, x) for reach, value, x in found.values if reach <= REACH[2]]
    if not np.isfinite(found.values[0][1]).all():
        return DerivedLine(text, None, "wrong", "it has no value at some inputs")
    image = range_of(found.values)
    shown = f"its values go from {number_text(image.least)} to {number_text(image.largest)}"
    if not inside(image, low, high):
        return DerivedLine(text, None, "wrong", "it leaves the range", shown)
    below, above = reaches(image, low, high)
    if not (below and above):
        return DerivedLine(text, None, "wrong", "it does not come to both ends of the range", shown)
    again = _again(condition, ready, look)
    if again is None:
        return DerivedLine(text, None, "correct")
    gap = gap_in(tuple(near), low, high, again)
    if gap is not None:
        jump = f"nothing lies between {number_text(gap[0])} and {number_text(gap[1])}"
        return DerivedLine(text, None, "wrong", "it jumps, and leaves a part of the range out", jump)
    ends = [
        end
        for end, sign in ((low, 1), (high, -1))
        if np.isfinite(end) and _is_open(tuple(near), low, high, sign, again)
    ]
    about = f"open at {' and at '.join(map(number_text, ends))}: never reached" if ends else ""
    return DerivedLine(text, None, "correct", about)


def _is_open(near: Values, low: float, high: float, sign: int, again: Again) -> bool:
    """Tell whether the lower end of a range (sign 1) or its upper one (-1) is never reached."""
    width = high - low if np.isfinite(high - low) else 1.0
    end = low if sign > 0 else high
    gaps = tuple((reach, sign * (value - end), x) for reach, value, x in near)

    def gap(x: Array) -> Array:
        return sign * (again(x) - end)

    return least_near(gaps, gap) > 1e-9 * (1 + width) and not meets(gaps, width, gap)


def _end(end: Expr | None, ready: Problem, look: Look, sign: int) -> float:
    """Give an end of a range as a number."""
    if end is None:
        return sign * np.inf
    condition = Condition("", end, RANGE)
    (found,) = tried(ready, (condition,), [Inputs({}, 1, REACH[0])], look.values).conditions
    return float(found.values[0][1].ravel()[0])


def _input_text(at: Mapping[str, Array]) -> str:
    return ", ".join(f"{name} = {value_text(value)}" for name, value in at.items())
