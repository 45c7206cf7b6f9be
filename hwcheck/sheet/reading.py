"""Formulas of a sheet: texts with a place in a file, read in the names that a problem declares.

In a sheet a formula has one reading. Readings whose shapes do not fit are no readings; where two are left, the diagnostic shows both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from ..diagnostics import Diagnostic
from ..formula.expr import Expr
from ..formula.names import key
from ..formula.parse import FormulaError, Scope, readings
from ..formula.show import plain
from ..graph.functions import Functions, arities
from ..graph.shapes import shape_of
from ..graph.table import Table
from ..yamltree import Scalar, locate


class Page(NamedTuple):
    """Where diagnostics of one problem go: the file's name, the place for a reader, and the list that collects them."""

    file: str
    place: str
    found: list[Diagnostic]

    def report(self, code: str, message: str, scalar: Scalar, start: int = 0, end: int | None = None, fix: str = "", place: str = "") -> None:
        """Add a diagnostic about some characters of a text."""
        span = locate(scalar, start, max(len(scalar.text), 1) if end is None else end)
        self.found.append(Diagnostic(code, message, self.file, span, place or self.place, fix))

    def refuse(self, error: FormulaError, scalar: Scalar, offset: int = 0) -> None:
        """Add the diagnostic of a formula that is none."""
        start, end = (min(offset + at, len(scalar.text)) for at in (error.start, error.end))
        self.report(error.code, error.reason, scalar, start, max(end, start + 1), error.fix)

    def at(self, place: str) -> Page:
        return self._replace(place=f"{self.place}, {place}" if self.place else place)


def scope_of(names: Iterable[str], functions: Functions, arrays: Iterable[str], student: bool = False, also: Mapping[str, str] | None = None) -> Scope:
    """Give a parser's scope: declared names (and further names for them), functions, and which quantities have entries."""
    return Scope({**{key(name): name for name in names}, **(also or {})}, arities(functions), frozenset(arrays), student)


def one_reading(text: str, scope: Scope, settle: Callable[[Expr], Expr] | None, table: Table) -> Expr:
    """Read a formula of a sheet; `settle` gives names their place in the table before shapes are inferred.

    Raises:
        FormulaError: no reading, no reading whose shapes fit, or more than one.
    """
    fitting: list[Expr] = []
    failure: FormulaError | None = None
    for tree in readings(text, scope):
        try:
            settled = settle(tree) if settle else tree
            shape_of(settled, table.shapes)
        except FormulaError as error:
            failure = failure or error
        else:
            fitting.append(settled)
    if not fitting:
        assert failure is not None
        raise failure
    if len(fitting) > 1:
        raise FormulaError("this can be read in two ways", 0, len(text), f"write `{plain(fitting[0])}` or `{plain(fitting[1])}`", "HW302")
    return fitting[0]
