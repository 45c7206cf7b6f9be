"""Formulas that stand beside a quantity's own: further ones that count as right, and the mistakes a teacher expects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..formula.expr import Expr, Name, names
from ..formula.names import key, split
from ..formula.parse import FormulaError
from ..graph.arrays import nested
from ..graph.build import literal_array
from ..graph.shapes import is_number, shape_of, show_shape, together
from ..yamltree import Scalar, Tree
from .blocks import is_name
from .givens import value_of
from .problem import OwnSlip, Problem, Question, expand, place_of, settled
from .reading import Page, only_reading
from .records import RawProblem, RawQuestion, RawSlip

if TYPE_CHECKING:
    from ..graph.arrays import Array

Parse = Callable[[str], list[Expr]]  # the readings of a text in the names of a problem; each text is parsed once


def asked_formula(
    problem: Problem, parse: Parse, scalar: Scalar, values: Mapping[str, Array], page: Page
) -> Expr | None:
    """Read a quantity or formula of a question in the names of the table; report what is wrong."""
    text = scalar.text.strip()
    offset = len(scalar.text) - len(scalar.text.lstrip())
    try:
        return only_reading(
            text,
            parse,
            lambda reading: settled(problem, reading),
            lambda tree: expand(problem, names(tree), values).shapes,
        )
    except FormulaError as error:
        page.refuse(error, scalar, offset)
        return None


def alternatives(
    question: RawQuestion,
    name: str,
    tree: Expr,
    values: Mapping[str, Array],
    problem: Problem,
    parse: Parse,
    page: Page,
) -> tuple[Expr, ...]:
    """Read the further formulas and values that count as right for one quantity."""
    found: list[Expr] = []
    for quantity, further in question.also:
        if quantity is not None and quantity.text.strip() != name:
            continue
        for each in further:
            if isinstance(each, Scalar):
                other = asked_formula(problem, parse, each, values, page)
            else:
                array = value_of(problem.base, each, page)
                other = None if array is None else literal_array(nested(array))
            if other is not None and _fits(problem, name, tree, other, each, values, page):
                found.append(other)
    return tuple(found)


def _fits(
    problem: Problem, name: str, tree: Expr, other: Expr, at: Tree, values: Mapping[str, Array], page: Page
) -> bool:
    """Tell whether a formula can take the place of a quantity's own, which is called `name`; report why not."""
    table = expand(problem, [*names(tree), *names(other)], values)
    wanted, given = shape_of(tree, table.shapes), shape_of(other, table.shapes)
    order = {row.name: at for at, row in enumerate(table)}
    if isinstance(tree, Name) and any(order[read] >= order[table.root(tree.id)] for read in names(other)):
        message = f"this reads what is worked out from `{name}`, or later"
        page.report("HW314", message, at, fix="write it with quantities that come before")
    elif together(wanted, given) in (wanted, given) and (given == wanted or is_number(given)):
        return True
    else:
        message = f"`{name}` is {show_shape(wanted)}, and this is {show_shape(given)}"
        page.report("HW207", message, at, fix="give it the same shape")
    return False


def own_slips(
    raw: RawProblem, problem: Problem, questions: Mapping[str, Question], parse: Parse, page: Page
) -> tuple[OwnSlip, ...]:
    """Read the mistakes that the teacher expects in a problem.

    One that the sheet has for all problems is left out where its quantity or its formula cannot be read.
    """
    found: list[OwnSlip] = []
    for each in raw.slips:
        here = page.at(f"slip {each.code.text}")
        found += _own_slip(each, problem, questions, parse, here._replace(found=[]) if each.shared else here)
    return tuple(found)


def _own_slip(
    raw: RawSlip, problem: Problem, questions: Mapping[str, Question], parse: Parse, page: Page
) -> list[OwnSlip]:
    """Read one mistake; give it for every step in which it can be made, if the sheet names none."""
    text = raw.quantity.text.strip()
    asks = [ask for each in questions.values() for ask in each.asks if is_name(ask.name)]
    new = next((ask for ask in asks if key(ask.name) == key(text)), None)
    where = new.tree if new is not None else asked_formula(problem, parse, raw.quantity, {}, page)
    formula = asked_formula(problem, parse, raw.formula, {}, page)
    if where is None or formula is None or not _fits(problem, text, where, formula, raw.formula, {}, page):
        return []
    if not isinstance(where, Name):
        if new is not None:  # a formula that is asked under a name of its own
            return [OwnSlip(raw.code.text, new.name, formula, raw.message, raw.credit)]
        page.report("HW301", "a slip is made in one quantity", raw.quantity, fix="write its name, `in: J`")
        return []
    if where.id in problem.base and problem.base[where.id].formula is None:
        fix = "name a quantity that is worked out"
        page.report("HW103", f"`{text}` is given, and nothing is worked out there", raw.quantity, fix=fix)
        return []
    from .remaking import later  # few sheets have slips of their own

    # derivatives end with the last step, the forward pass with the one after it
    steps = (problem.steps or 0) - (place_of(problem, where.id).base not in problem.base)
    last = 0 if split(text).step else max(steps, 0)
    made = [(names(later(problem, where, steps))[0], later(problem, formula, steps)) for steps in range(last + 1)]
    return [OwnSlip(raw.code.text, name, tree, raw.message, raw.credit) for name, tree in made]
