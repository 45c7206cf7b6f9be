"""The derivative of a function that is known by its body alone: `sigma'` of `sigma(v): 1/(1 + exp(-v))`."""

from __future__ import annotations

from ..formula.expr import Expr
from ..formula.lex import FormulaError
from ..formula.show import plain
from .algebra import ONE, ZERO, plus
from .functions import Function, Functions, template, written_out
from .pull import Pull
from .table import Table

#: A body with its functions written out has so many parts at most.
MOST_PARTS = 2000


def slope_text(row: Function, functions: Functions) -> str:
    """Give the derivative of a function's body by its first parameter, as text in its parameters.

    Raises:
        FormulaError: a body too large to be differentiated.
    """
    tree: Expr = template(row.body, row.params, functions)
    if written_out(tree, functions, {}) > MOST_PARTS:
        reason = f"`{row.name}` is too large to be differentiated"
        raise FormulaError(reason, 0, 1, "give inner values names of their own", "HW315")
    table = Table(functions)
    for name in row.params:
        table.give(name, (), None)
    pull = Pull(table, {row.params[0]})
    pull.through(tree, ONE, tree)
    total: Expr = ZERO
    for part in pull.parts.get(row.params[0], []):
        total = plus(total, part.shown)
    return plain(total)
