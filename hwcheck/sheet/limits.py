"""Settings of layers and of optimizers that lie in a range: what a formula is worth, held against what its row says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..formula.expr import Expr
from ..graph.evaluate import solve_table
from ..graph.table import Table
from ..library.ranges import Range
from ..yamltree import Scalar
from .reading import Page

if TYPE_CHECKING:
    from ..graph.arrays import Array


def known_value(tree: Expr, table: Table) -> Array | None:
    """Give the value of a formula; None where it reads a given of which only the shape is known."""
    work = table.copy()
    work.define(" value", tree)
    if work.symbols or any(work[name].formula is None and name not in work.values for name in work.needed([" value"])):
        return None
    value: Array = solve_table(work, [" value"])[" value"]
    return value


def beyond(value: Array | None, within: Range | None) -> float | None:
    """Give the first entry of a value that lies outside of a range; None where all lie in it, or none is known."""
    entries = [] if value is None or within is None else value.ravel().tolist()
    return next((entry for entry in entries if within is not None and not within.has(entry)), None)


def is_beyond(value: Array | None, within: Range | None, key: str, example: str, at: Scalar, page: Page) -> bool:
    """Tell whether a setting lies outside of its range, and report it."""
    entry = beyond(value, within)
    if entry is None or within is None:
        return False
    message = f"`{key}` cannot be {entry:.15g}: it is {within.words}"
    page.report("HW204", message, at, fix=f"for example `{key}: {example}`")
    return True
