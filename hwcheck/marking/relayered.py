"""The lines of layers as other textbooks have them: what a convention changes in them.

A formula that a teacher writes is binding; the lines of a layer are written by the layer, which leaves them open.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..formula.expr import Call, Expr, Name, Num
from ..graph.algebra import ONE
from ..graph.table import Table

#: No epsilon is larger.
LARGEST = 0.5

Change = Callable[[Expr], Expr | None]


def share_kept(base: Table) -> Change:
    """Give what turns a dropout's rate from the share that is dropped into the share that is kept."""

    def is_mask(tree: Expr) -> bool:
        value = base.values.get(tree.id) if isinstance(tree, Name) else None
        return value is not None and bool(np.isin(value, (0, 1)).all())

    def change(part: Expr) -> Expr | None:
        if not isinstance(part, Call) or part.op != "/":
            return None
        masked, kept = part.args
        if not isinstance(masked, Call) or masked.op != "⊙" or not is_mask(masked.args[0]):
            return None
        if not isinstance(kept, Call) or kept.op != "-" or kept.args[0] != ONE:
            return None
        return Call("/", (masked, kept.args[1]), part.at)

    return change


def outside_the_root(base: Table) -> Change:
    """Give what takes a normalisation's epsilon from under the root."""

    def change(part: Expr) -> Expr | None:
        if not isinstance(part, Call) or part.op != "sqrt":
            return None
        (inside,) = part.args
        if not isinstance(inside, Call) or inside.op != "+" or not _is_small(inside.args[1], base):
            return None
        variance, epsilon = inside.args
        return Call("+", (Call("sqrt", (variance,), part.at), epsilon), part.at)

    return change


def _is_small(tree: Expr, base: Table) -> bool:
    if isinstance(tree, Num):
        return tree.value <= LARGEST
    value = base.values.get(tree.id) if isinstance(tree, Name) else None
    return value is not None and np.size(value) == 1 and bool(np.all(np.abs(value) <= LARGEST))
