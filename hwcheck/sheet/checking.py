"""The model answer of a construction, worked out: a table of what it makes of its inputs, with the margins."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from ..formula.expr import Expr, Name, names
from ..graph.arrays import array_of
from ..graph.evaluate import solve_table
from ..graph.table import Table
from .constructs import Condition, Construct, answered, columns_of, put_in, thresholds
from .problem import Question, expand
from .solution import Quantity, SolvedTable
from .tables import MOST_BITS, bits_of

if TYPE_CHECKING:
    from ..graph.arrays import Array

MARGIN = "margin"
#: Where a function of one number is shown.
PLACES = ("-10", "-1", "0", "1", "10")


def opens(asked: Construct, question: Question, table: Table) -> list[str]:
    """Give the givens that conditions read and that take all their values: bits and numbers."""
    sides = [side for each in asked.conditions for side in each.sides]
    rows = table.needed([*(name for side in sides for name in names(side)), *asked.params])
    fixed = {*asked.names, *question.values, *table.values}
    return [name for name in rows if table[name].formula is None and name not in fixed]


def with_model(asked: Construct) -> tuple[Table, tuple[Condition, ...]]:
    """Give the table of a construction with its model answer in it, and the conditions about that."""
    problem, conditions = asked.problem, asked.conditions
    if asked.model is not None:
        problem, conditions = answered(asked, asked.model)
    table = expand(problem, [name for each in conditions for side in each.sides for name in names(side)])
    return table.copy(), conditions


def checked(asked: Construct, question: Question) -> SolvedTable | None:
    """Work the model answer of a question's construction out, for all bits, or for some numbers where it is a function
    of one; None without one."""
    if not asked.key:
        return None
    table, conditions = with_model(asked)
    free = opens(asked, question, table)
    bits = [name for name in bits_of(asked.problem, question) if name in free]
    if free == bits and 0 < len(bits) <= MOST_BITS:
        rows = list(product("01", repeat=len(bits)))
    elif len(free) == 1 and not table.shape(free[0]):
        domain = table.domains.get(free[0])
        rows = [(text,) for text in PLACES if domain is None or domain.low <= float(text) <= domain.high]
    else:
        return None
    columns = columns_of(asked)
    sources: list[str] = []
    for title, tree in columns:
        formula = tree if asked.model is None else put_in(tree, asked, asked.model)
        sources.append(_row(table, title, formula))
    sites = [_row(table, " threshold", each.formula) for each in thresholds(table, conditions)] if bits else []
    found: list[tuple[tuple[str, ...], tuple[Quantity, ...]]] = []
    for row in rows:
        given = {name: array_of(float(text)) for name, text in zip(free, row, strict=True)}
        table.values.update({**question.values, **asked.values, **given})
        worked = solve_table(table, [*sources, *sites])
        quantities = [
            _quantity(title, table, source, worked[source]) for (title, _), source in zip(columns, sources, strict=True)
        ]
        if sites:
            least = array_of(min(float(abs(worked[site]).min()) for site in sites))
            quantities.append(Quantity(MARGIN, MARGIN, "asked", "Asked", None, None, None, (), least, True))
        found.append((row, tuple(quantities)))
    titles = [title for title, _ in columns] + ([MARGIN] if sites else [])
    return SolvedTable(tuple(free), tuple(titles), tuple(found))


def _row(table: Table, title: str, formula: Expr) -> str:
    """Add a row for a formula, under a name that is free; give its name."""
    if isinstance(formula, Name):
        return formula.id
    while title in table:
        title += " "
    return table.define(title, formula, "asked").name


def _quantity(title: str, table: Table, source: str, value: Array) -> Quantity:
    row = table[source]
    return Quantity(title, source, "asked", "Asked", row.step, None, row.formula, row.shape, value, True)
