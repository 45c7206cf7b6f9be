"""The lines of a network, defined one after the other."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ..formula.expr import Call, Expr, names, walk
from ..formula.names import key
from ..formula.parse import FormulaError, Scope
from ..graph.families import members_in
from ..graph.functions import arities
from ..graph.table import Table
from ..record import NamedTuple
from ..text import safe_text
from .blocks import Block, Line, is_name
from .reading import Broken, Page, one_reading


class Draft(NamedTuple):
    """A table to which the lines of a network are added, one after the other.

    `known` has the quantities by the keys of their names, `arrays` those that have entries; `broken` are quantities
    whose own lines are wrong.
    """

    table: Table
    page: Page
    broken: set[str]
    known: dict[str, str]
    arrays: set[str]

    def scope(self, indices: Iterable[str] = ()) -> Scope:
        """Give the scope of a formula; it grows with the lines."""
        return Scope(self.known, arities(self.table.functions), self.arrays, False, frozenset(indices))

    def settle(self, tree: Expr) -> Expr:
        """Give a formula with the definitions of loops in it.

        Raises:
            Broken: it reads a quantity whose own line is wrong.
            FormulaError: it reads what no line of a network reads.
        """
        if any(name in self.broken for name in names(tree)):
            raise Broken
        table = self.table
        found = members_in(tree, table.families, table.shapes, table.__contains__)
        inside = next((name for name in names(found) if "/d" in name and name not in table), None)
        if inside is not None:
            fix = "ask for it in a question, or write its formula out"
            raise FormulaError(f"`{inside}` is a derivative, which no line of a network reads", 0, 1, fix, "HW313")
        return found

    def add(self, name: str, formula: Expr) -> None:
        """Add a definition.

        Raises:
            FormulaError: it does not fit.
        """
        if self.table.define(name, formula).shape:
            self.arrays.add(name)
        self.known[key(name)] = name
        if "one_hot" in {part.op for part in walk(formula) if isinstance(part, Call)}:
            from .labels import check_labels

            check_labels(self.table, formula)


def begun(table: Table, page: Page, broken: set[str]) -> Draft:
    """Give a draft of a network on a table of givens, some of which may be broken."""
    known = {key(name): name for name in [*(row.name for row in table), *broken]}
    return Draft(table, page, broken, known, {row.name for row in table if row.shape})


def extend(draft: Draft, lines: Iterable[Line | Block]) -> None:
    """Add the lines of a network to the table; report what is wrong with one, and add its name to the broken ones.

    A line that reads a broken name is broken too, without a word: the first one says it all.
    """
    for line in lines:
        if isinstance(line, Block):
            from .loops import define_block  # few networks have loops

            define_block(draft, line)
        elif "[" in line.name:
            from .loops import define_start

            define_start(draft, line)
        elif is_free(draft, line, line.name):
            with reported(draft, line, line.name):
                draft.add(line.name, one_reading(line.formula, draft.scope(), draft.settle, draft.table))


@contextmanager
def reported(draft: Draft, line: Line, name: str) -> Iterator[None]:
    """Report the error of a line, and add its name to the broken ones."""
    try:
        yield
    except Broken:
        draft.broken.add(name)
    except FormulaError as error:
        draft.broken.add(name)
        if _is_own(line):
            draft.page.refuse(error, line.at, line.formula_at)
        else:
            draft.page.report(error.code, f"{error.reason} in `{line.name} = {line.formula}`", line.at, fix=error.fix)
    draft.known.setdefault(key(name), name)


def _is_own(line: Line) -> bool:
    """Tell a line of the teacher's from one of an expanded layer."""
    return line.name_at != line.formula_at


def is_free(draft: Draft, line: Line, name: str) -> bool:
    """Tell whether a name can be given to the quantity of a line; report why not."""
    end = line.name_at + len(line.name) if _is_own(line) else None
    if not is_name(name):
        fix = "names are letters, digits and _"
        draft.page.report("HW211", f"`{safe_text(line.name)}` cannot be a name", line.at, line.name_at, end, fix)
        return False
    if key(name) in draft.known:
        draft.page.report(
            "HW212", f"`{line.name}` is defined twice", line.at, line.name_at, end, "give it another name"
        )
        return False
    return True
