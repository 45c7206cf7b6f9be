"""Formulas and problems made into others: about a later step, or with other functions and changed formulas."""

from collections.abc import Callable

from ..formula.expr import Expr, Name, bound_names, rewrite
from ..graph.functions import Functions
from .problem import Problem, at_step, place_of
from .stepping import LONG, WORKED


def later(problem: Problem, tree: Expr, steps: int) -> Expr:
    """Give a formula about the quantities of so many steps later."""

    def change(part: Expr) -> Expr | None:
        if not isinstance(part, Name) or part.id in bound or part.id in problem.base.sizes:
            return None
        place = place_of(problem, part.id)
        return Name(at_step(problem, place.base, place.step + steps), part.at)

    bound = bound_names(tree)
    return rewrite(tree, change) if steps else tree


def worked(problem: Problem, tree: Expr) -> Expr:
    """Give a formula about the quantities of a long run in a step that is always written out: the same shapes."""
    training = problem.training
    if training is None or training.steps <= LONG:
        return tree

    def change(part: Expr) -> Expr | None:
        if not isinstance(part, Name) or part.id in bound or part.id in problem.base.sizes:
            return None
        place = place_of(problem, part.id)
        step = place.step if place.step > training.steps else min(place.step, WORKED)
        return Name(at_step(problem, place.base, step), part.at)

    bound = bound_names(tree)
    return rewrite(tree, change)


def remade(problem: Problem, functions: Functions, change: Callable[[Expr], Expr]) -> Problem:
    """Give the same problem with other functions and changed formulas; nothing is derived yet.

    Raises:
        FormulaError: a changed formula whose shapes do not fit.
    """
    base = problem.base.without_rows(functions)
    for row in problem.base:
        if row.formula is None:
            base.give(row.name, row.shape, problem.base.values.get(row.name), row.step)
        else:
            forms = tuple(change(form) for form in row.forms)
            base.define(row.name, change(row.formula), row.role, row.step, forms, row.shape)
    return problem._replace(base=base, tables={})
