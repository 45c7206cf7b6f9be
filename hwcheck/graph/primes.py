"""Bare derivatives of unknown functions: `f1'` for `f1'(w1 x + b1)`, where the network applies f1 once.

Textbooks leave the argument out, as it is the one that the function has there.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..formula.expr import Call, Expr, rewrite, walk
from .build import simplest
from .functions import is_unknown
from .table import Table

#: The arguments of each function: by what they are with the constructors of derived formulas, as they are written.
Applications = Mapping[str, Mapping[Expr, Expr]]


def applications(table: Table, step: int | None = None) -> Applications:
    """Give the arguments that one pass of the network applies each unknown function to, each once."""
    found: dict[str, dict[Expr, Expr]] = {}
    for row in table:
        if row.role != "forward" or row.formula is None or row.step not in (None, step):
            continue
        for part in walk(row.formula):
            if isinstance(part, Call) and len(part.args) == 1:
                function = table.functions.get(part.op)
                if function is not None and is_unknown(function):
                    arg = part.args[0]
                    found.setdefault(part.op, {}).setdefault(simplest(arg, table.shapes), arg)
    return found


def bare(tree: Expr, table: Table, known: Applications) -> Expr:
    """Write `f'` where it is taken at the one argument that f has in the network; of several, that as it is written
    there. `known` are its applications."""

    def change(part: Expr) -> Expr | None:
        if not isinstance(part, Call) or not part.op.endswith("'") or len(part.args) != 1:
            return None
        args = known.get(part.op.rstrip("'"), {})
        arg = args.get(simplest(part.args[0], table.shapes))
        return None if arg is None else Call(part.op, (arg,) if len(args) > 1 else ())

    return rewrite(tree, change) if known else tree


def applied(tree: Expr, known: Applications) -> Expr:
    """Write every bare `f'` with the argument that f has in the network; `known` are the applications."""

    def change(part: Expr) -> Expr | None:
        if not isinstance(part, Call) or part.args or not part.op.endswith("'"):
            return None
        args = known.get(part.op.rstrip("'"), {})
        return Call(part.op, tuple(args.values())) if len(args) == 1 else None

    return rewrite(tree, change) if known else tree
