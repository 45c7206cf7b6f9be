"""Questions about one set of givens: the table with what they ask, and where in it a name stands."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from weakref import WeakKeyDictionary

from ..formula.expr import Expr, Name
from ..graph.shapes import shape_of
from ..graph.table import Table
from ..sheet.problem import Problem, Question
from ..sheet.solving import asked_table, known
from .store import Target, is_symbolic, places_of, quantity_of
from .work import Sheetwork, prepare

#: How many tables are kept for a problem, and of each how many choices of quantities: students differ in what they
#: write, and seldom in more ways than these.
MOST_KEPT = 32


class Group(NamedTuple):
    """Questions about the same givens: the table, and in it the row of each asked name and formula.

    `known` are the quantities whose values can be worked out; `works` keeps what was compiled, by what was wanted.
    """

    table: Table
    rows: Mapping[tuple[str, Expr], str]
    known: frozenset[str]
    works: dict[tuple[str, ...], Sheetwork]


#: The groups of the problems that are in use, by their base tables; then by the givens and further names.
_KEPT: WeakKeyDictionary[Table, dict[tuple[str, ...], Group]] = WeakKeyDictionary()


def group_of(problem: Problem, questions: Iterable[Question], also: Iterable[str]) -> Group:
    """Make the table of questions with the same givens, or take the one that was made for another student.

    Args:
        problem: the problem.
        questions: all its questions about these givens.
        also: further quantities that were written.
    """
    questions, also = list(questions), sorted(set(also))
    kept = _KEPT.setdefault(problem.base, {})
    mark = repr(questions[0].when), *also
    if mark not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        asks = [ask for question in questions for ask in question.asks]
        table, rows = asked_table(problem, asks, questions[0].values, also)
        kept[mark] = Group(table, rows, frozenset(known(table)), {})
    return kept[mark]


def work_of(group: Group, wanted: Iterable[str]) -> Sheetwork:
    """Compile what is needed to mark the wanted quantities, or take what was compiled before."""
    wanted = tuple(dict.fromkeys(name for name in wanted if name in group.known))
    if wanted not in group.works:
        if len(group.works) >= MOST_KEPT:
            group.works.clear()
        group.works[wanted] = prepare(group.table, wanted)
    return group.works[wanted]


def locate(group: Group, title: str, tree: Expr) -> Target:
    """Find what a name or an asked formula is about: a quantity, or some of its entries."""
    table = group.table
    quantity = quantity_of(tree)
    name = table.root(quantity if quantity is not None else group.rows[title, tree])
    about = tree if quantity is not None else Name(name)
    places = [] if is_symbolic(table.shape(name)) else places_of(about, table.shapes, table.shape(name))
    return Target(name, shape_of(about, table.shapes), places)
