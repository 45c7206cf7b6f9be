"""Formulas of a sheet: texts with a place in a file, read in the names that a problem declares.

In a sheet a formula has one reading. Readings whose shapes do not fit are no readings; where two are left, the
diagnostic shows both.
"""

from collections.abc import Callable, Iterable

from ..diagnostics import Diagnostic, Span
from ..formula.expr import Expr
from ..formula.names import key
from ..formula.parse import FormulaError, Scope, readings
from ..formula.show import plain
from ..graph.functions import Functions, arities
from ..graph.shapes import Shapes, shape_of
from ..graph.table import Table
from ..record import NamedTuple
from ..yamltree import Scalar, Tree, locate


class Page(NamedTuple):
    """Where diagnostics of one problem go: the file's name, the place for a reader, and the list that collects them."""

    file: str
    place: str
    found: list[Diagnostic]

    def report(
        self, code: str, message: str, at: Tree | Span, start: int = 0, end: int | None = None, fix: str = ""
    ) -> None:
        """Add a diagnostic about a value, or about some characters of a text."""
        span = at if isinstance(at, Span) else at.span
        if isinstance(at, Scalar):
            span = locate(at, start, max(len(at.text), 1) if end is None else end)
        self.found.append(Diagnostic(code, message, self.file, span, self.place, fix))

    def refuse(self, error: FormulaError, scalar: Scalar, offset: int = 0) -> None:
        """Add the diagnostic of a formula that is none."""
        start, end = (min(offset + at, len(scalar.text)) for at in (error.start, error.end))
        self.report(error.code, error.reason, scalar, start, max(end, start + 1), error.fix)

    def at(self, place: str) -> "Page":
        """Give the page of a part of the problem."""
        return Page(self.file, f"{self.place}, {place}" if self.place else place, self.found)


class Broken(Exception):
    """A formula reads a quantity whose own line is wrong, which is reported there and only there."""


def scope_of(names: Iterable[str], functions: Functions, arrays: Iterable[str]) -> Scope:
    """Give the scope of a teacher's formula: declared names, functions, and which quantities have entries."""
    return Scope({key(name): name for name in names}, arities(functions), frozenset(arrays))


def one_reading(text: str, scope: Scope, settle: Callable[[Expr], Expr] | None, table: Table) -> Expr:
    """Read a formula of a sheet in the names of a table; `settle` may refuse a tree, or give names another form.

    Raises:
        FormulaError: no reading, no reading whose shapes fit, or more than one.
    """
    return only_reading(text, lambda text: readings(text, scope), settle, lambda tree: table.shapes)


def only_reading(
    text: str,
    parse: Callable[[str], list[Expr]],
    settle: Callable[[Expr], Expr] | None,
    shapes: Callable[[Expr], Shapes],
) -> Expr:
    """Read a formula of a sheet; `parse` gives its readings, `shapes` what a tree's shape is inferred from.

    Raises:
        FormulaError: no reading, no reading whose shapes fit, or more than one.
    """
    fitting: list[Expr] = []
    failure: FormulaError | None = None
    for reading in parse(text):
        try:
            tree = settle(reading) if settle else reading
            shape_of(tree, shapes(tree))
        except FormulaError as error:
            failure = failure or error
        else:
            fitting.append(tree)
    if len(fitting) > 1:
        fix = f"write `{plain(fitting[0])}` or `{plain(fitting[1])}`"
        raise FormulaError("this can be read in two ways", 0, len(text), fix, "HW302")
    if not fitting:
        raise failure or FormulaError("no formula", 0, len(text))
    return fitting[0]
