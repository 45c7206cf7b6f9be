"""What is to be constructed, numbers or a function, and the conditions that it has to fulfil.

A function that is asked is an unknown one until there is an answer: then its formula takes its place everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..formula.expr import Call, Expr, Name, bound_names, names, rewrite, substitute, walk
from ..formula.show import plain
from ..record import NamedTuple
from .problem import Problem, expand
from .remaking import remade

if TYPE_CHECKING:
    from ..graph.arrays import Array
    from ..graph.table import Table

#: Conditions that are no comparison: a truth table, and the range that a function fills.
TABLE, RANGE = "table", "range"
#: Comparisons whose outcome turns where two numbers meet, as that of a threshold does.
ORDERED = ("<", "<=", ">", ">=")


class Condition(NamedTuple):
    """One condition: its text, and what stands on both sides of the comparison.

    For a truth table, `op` is "table" and `truth` what the left side is for all bits in order; for a range, `op` is
    "range" and `ends` the least and the largest value, None without end.
    """

    text: str
    left: Expr
    op: str
    right: Expr | None = None
    truth: tuple[float, ...] = ()
    ends: tuple[Expr | None, Expr | None] = (None, None)

    @property
    def sides(self) -> tuple[Expr, ...]:
        """Give the formulas that the condition reads."""
        return tuple(side for side in (self.left, self.right, *self.ends) if side is not None)


class Construct(NamedTuple):
    """What is to be constructed: givens by their `names`, or a `function` of `params`.

    `problem` is the problem in which that is open; `key` a model answer as it was typed, by names, and `model` the
    formula of a function, `values` those of givens.
    """

    names: tuple[str, ...]
    function: str
    params: tuple[str, ...]
    conditions: tuple[Condition, ...]
    problem: Problem
    key: tuple[tuple[str, str], ...] = ()
    model: Expr | None = None
    values: Mapping[str, Array] = {}

    @property
    def title(self) -> str:
        """Give what is asked, as it is called."""
        return f"{self.function}({', '.join(self.params)})" if self.function else ", ".join(self.names)


def put_in(tree: Expr, asked: Construct, formula: Expr) -> Expr:
    """Give a formula with that of a function in the place of each of its calls."""

    def change(part: Expr) -> Expr | None:
        if not (isinstance(part, Call) and part.op == asked.function):
            return None
        args = [put_in(arg, asked, formula) for arg in part.args]
        return substitute(formula, dict(zip(asked.params, args, strict=True)))

    return rewrite(tree, change)


def answered(asked: Construct, formula: Expr) -> tuple[Problem, tuple[Condition, ...]]:
    """Give the problem and the conditions with a function's formula put in.

    Raises:
        FormulaError: its shape does not fit where the function stands.
    """
    problem = remade(asked.problem, asked.problem.functions, lambda tree: put_in(tree, asked, formula))
    return problem, tuple(
        each._replace(
            left=put_in(each.left, asked, formula),
            right=None if each.right is None else put_in(each.right, asked, formula),
        )
        for each in asked.conditions
    )


class Threshold(NamedTuple):
    """A place where the value jumps: the quantity in whose formula it stands ("" for a condition), and the formula
    whose sign decides."""

    where: str
    formula: Expr


def thresholds(table: Table, conditions: tuple[Condition, ...]) -> Iterator[Threshold]:
    """Give the thresholds that conditions lead to: arguments of step, and both sides of a comparison."""
    sides = [side for each in conditions for side in each.sides]
    rows = table.needed([name for side in sides for name in names(side)])
    found: dict[Expr, None] = {}
    formulas = [(name, table[name].formula) for name in rows] + [("", side) for side in sides]
    for name, tree in formulas:
        bound = bound_names(tree) if tree is not None else set()
        for part in walk(tree) if tree is not None else ():
            site = _site(part)
            if site is not None and site not in found and bound.isdisjoint(names(site)):
                found[site] = None
                yield Threshold(name, site)


def _site(part: Expr) -> Expr | None:
    if not isinstance(part, Call):
        return None
    if part.op == "step":
        return part.args[0]
    return Call("-", part.args) if part.op in ORDERED else None


def reads(asked: Construct, table: Table, name: str) -> bool:
    """Tell whether a quantity depends on what is constructed."""
    rows = table.needed([name])
    if not asked.function:
        return not set(rows).isdisjoint(asked.names)
    formulas = [formula for row in rows if (formula := table[row].formula) is not None]
    return any(isinstance(part, Call) and part.op == asked.function for formula in formulas for part in walk(formula))


def columns_of(asked: Construct) -> list[tuple[str, Expr]]:
    """Give the columns of a table that checks a construction: the quantities on the way, then what is compared."""
    sides = [side for each in asked.conditions for side in (each.left, each.right) if side is not None]
    read = [name for side in sides for name in names(side)]
    table = expand(asked.problem, read)
    found: dict[Expr, str] = {}
    for name in table.needed(read):
        if table[name].formula is not None and reads(asked, table, name):
            found[Name(name)] = name
    for side in sides:
        if names(side) and side not in found and not (isinstance(side, Name) and table[side.id].formula is None):
            found[side] = plain(side)
    return [(title, tree) for tree, title in found.items()]
