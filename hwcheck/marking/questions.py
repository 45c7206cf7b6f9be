"""Questions about one set of givens: the table with what they ask, and where in it a name stands."""

from collections.abc import Iterable, Mapping, Sequence
from weakref import WeakKeyDictionary

from ..formula.expr import Expr, Name
from ..graph.functions import is_unknown
from ..graph.shapes import shape_of
from ..graph.table import Table
from ..record import NamedTuple
from ..remember import remembered
from ..sheet.problem import Problem, Question
from ..sheet.solving import asked_table, known
from .report import Finding
from .store import Target, is_symbolic, places_of
from .wanted import quantity_of, turns_of
from .work import Sheetwork, prepare

#: How many tables are kept for a problem, and of each how many choices of quantities: students differ in what they
#: write, and seldom in more ways than these.
MOST_KEPT = 128
#: So many names are kept with the places where they stand: of entries there are more than of quantities.
MOST_TARGETS = 10_000
#: The kinds of questions whose answers are formulas, where they are not numbers.
FORMAL = ("find", "derive", "table")


class Sought(NamedTuple):
    """What a finding is about: a quantity by its title in a question, what that is in the table, and its points.

    `quantity` is the name that it is asked by, None for a formula.
    """

    question: Question
    title: str
    target: Target
    points: float = 0.0
    quantity: str | None = None


class Group(NamedTuple):
    """Questions about the same givens: the table, and in it the row of each asked name and formula.

    `known` are the quantities whose values can be worked out; `works` keeps what was compiled, by what was wanted,
    `targets` where names stand, `asked` what the questions ask, `blanks` the findings of what was not written.
    """

    table: Table
    rows: Mapping[tuple[str, Expr], str]
    known: frozenset[str]
    works: dict[tuple[str, ...], Sheetwork]
    targets: dict[tuple[str, Expr], Target]
    asked: list[Sought]
    blanks: dict[tuple[str, str], Finding]


#: The groups of the problems that are in use, by their base tables; then by the givens and further names.
_KEPT: WeakKeyDictionary[Table, dict[tuple[str, ...], Group]] = WeakKeyDictionary()


#: Which questions are about numbers, by the base tables of problems.
_NUMBERS: WeakKeyDictionary[Table, dict[str, bool]] = WeakKeyDictionary()


def is_about_numbers(problem: Problem, question: Question) -> bool:
    """Tell whether the answers to a question are numbers; what has no value is asked for as a formula."""
    found = _NUMBERS.setdefault(problem.base, {})
    if question.id not in found:
        found[question.id] = bool(question.parts) or (question.kind == "find" and _has_values(problem, question))
    return found[question.id]


def _has_values(problem: Problem, question: Question) -> bool:
    if all(row.formula is not None or row.name in problem.base.values for row in problem.base) and not any(
        is_unknown(row) for row in problem.functions.values()
    ):
        return True
    table, rows = asked_table(problem, question.asks, question.values)
    worked_out = set(known(table))
    return not rows or any(name in worked_out for name in rows.values())


def group_of(problem: Problem, questions: Iterable[Question], also: Iterable[str]) -> Group:
    """Make the table of questions with the same givens, or take the one that was made for another student.

    Args:
        problem: the problem.
        questions: all its questions about these givens.
        also: further quantities that were written.
    """
    questions, also = list(questions), sorted(set(also))
    mark = repr(questions[0].when), *also
    return remembered(_KEPT.setdefault(problem.base, {}), mark, MOST_KEPT, lambda: _group(problem, questions, also))


def _group(problem: Problem, questions: Sequence[Question], also: Sequence[str]) -> Group:
    asks = [ask for question in questions for ask in question.asks]
    table, rows = asked_table(problem, asks, questions[0].values, also)
    group = Group(table, rows, frozenset(known(table)), {}, {}, [], {})
    group.asked.extend(_sought(group, questions))
    return group


def work_of(group: Group, wanted: Iterable[str]) -> Sheetwork:
    """Compile what is needed to mark the wanted quantities, or take what was compiled before."""
    wanted = tuple(dict.fromkeys(name for name in wanted if name in group.known))
    return remembered(group.works, wanted, MOST_KEPT, lambda: prepare(group.table, wanted))


def _sought(group: Group, questions: Iterable[Question]) -> list[Sought]:
    """Give everything that questions ask."""
    return [
        Sought(
            question,
            ask.name,
            locate(group, ask.name, ask.tree),
            question.points / len(question.asks) / len(turns_of(whole)),
            quantity_of(ask.tree, group.table.shapes),
        )
        for question in questions
        for whole in question.asks
        for ask in turns_of(whole)
    ]


def locate(group: Group, title: str, tree: Expr) -> Target:
    """Find what a name or an asked formula is about: a quantity, or some of its entries."""
    return remembered(group.targets, (title, tree), MOST_TARGETS, lambda: _located(group, title, tree))


def _located(group: Group, title: str, tree: Expr) -> Target:
    table = group.table
    quantity = quantity_of(tree, table.shapes)
    name = table.root(quantity if quantity is not None else group.rows[title, tree])
    about = tree if quantity is not None else Name(name)
    places = [] if is_symbolic(table.shape(name)) else places_of(about, table.shapes, table.shape(name))
    return Target(name, shape_of(about, table.shapes), places)
