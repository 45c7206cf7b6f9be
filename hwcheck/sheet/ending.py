"""What ends a training before its last step: a condition, read in the names of the network."""

from __future__ import annotations

from ..formula.expr import COMPARISONS, Call, Expr, Name, rewrite, walk
from ..formula.names import split
from ..formula.parse import FormulaError, readings
from ..graph.shapes import is_number, shape_of, show_shape
from ..yamltree import Scalar
from .longruns import steps_until
from .problem import Problem, passes_of, place_of, problem_scope
from .reading import Page
from .training import Training


def ended(until: Scalar, problem: Problem, page: Page) -> Training | None:
    """Read what ends a training, and find after how many steps that is.

    Args:
        until: the condition as it was typed.
        problem: the problem with the most steps.
        page: the page of the training.
    """
    training = problem.training
    if training is None:
        return training
    text = until.text
    try:
        found = readings(text, problem_scope(problem))
        if len(found) > 1:
            raise FormulaError("this can be read in two ways", 0, len(text), "add the brackets you mean", "HW302")
        tree = rewrite(found[0], lambda part: _base_of(part, problem))
        if not any(isinstance(part, Call) and part.op in COMPARISONS for part in walk(tree)):
            fix = "compare something: `J < 0.01`"
            raise FormulaError("`until` is a condition, which is true or not", 0, len(text), fix, "HW227")
        training = training._replace(until=tree)
        passes = passes_of(problem._replace(training=training), (), {})
        shape = shape_of(tree, passes(0).shapes)
        if not is_number(shape):
            reason = f"this is {show_shape(shape)}, and `until` is one condition"
            raise FormulaError(reason, 0, len(text), "add the entries up, or take the largest", "HW227")
        return training._replace(steps=steps_until(training, problem.base, passes, {}))
    except FormulaError as error:
        page.refuse(error, until)
        return None


def _base_of(part: Expr, problem: Problem) -> Expr | None:
    """Give the quantity that a name in a condition stands for; it is about every step, so that none can be named."""
    if not isinstance(part, Name):
        return None
    if split(part.id).step and part.id not in problem.base:
        reason = f"`{part.id}` names a step, and `until` is about every step"
        raise FormulaError(reason, part.at.start, part.at.end, "leave the step out", "HW313")
    return part if part.id in problem.base.sizes else Name(place_of(problem, part.id).base, part.at)
