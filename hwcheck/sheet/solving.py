"""`solve`: a sheet's tables, evaluated from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from ..formula.expr import Call, Expr, Name, Num, names, walk
from ..formula.names import split
from ..graph.evaluate import solve_table
from ..graph.functions import is_trained, is_unknown
from ..graph.places import place_of as entry_at
from ..graph.table import Definition, Table
from ..record import NamedTuple
from .load import Sheet
from .problem import Ask, Problem, Question, at_step, expand, place_of
from .solution import BETWEEN, CURVE, LOOK_AHEAD, Part, Quantity, Solution, SolvedProblem, SolvedQuestion, SolvedTable
from .training import without_ahead

if TYPE_CHECKING:
    from ..graph.arrays import Array
    from ..graph.derivation import Derivation


def solve(sheet: Sheet, problem: str | None = None, round_to: int | None = None) -> Solution:
    """Solve a sheet, or one problem of it.

    Args:
        sheet: the sheet.
        problem: the id of a problem; default: all.
        round_to: round every value to so many significant digits before it is used further, as a computation by hand
            does.
    """
    chosen = [sheet.problems[problem]] if problem is not None else list(sheet.problems.values())
    return Solution(sheet.name, sheet.title, tuple(solve_problem(each, round_to) for each in chosen))


def solve_problem(problem: Problem, round_to: int | None = None) -> SolvedProblem:
    """Solve one problem: once for its givens, and once more for each other set of givens that a question names."""
    groups: dict[str, list[Question]] = {"": []}
    for question in [each for each in problem.questions.values() if not each.parts]:
        groups.setdefault(repr(question.when) if question.when else "", []).append(question)
    parts = tuple(_part(problem, group, round_to) for group in groups.values())
    questions = tuple(
        SolvedQuestion(
            each.id,
            each.kind,
            each.text,
            each.points,
            _asks(each),
            each.when,
            _edges(problem, each),
            _worked_table(problem, each, round_to),
            each.choices,
            each.rubric,
            each.worth,
            _notes(each),
        )
        for each in problem.questions.values()
    )
    return SolvedProblem(problem.id, problem.title, problem.text, parts, questions)


def _kind(table: Table, row: Definition) -> str:
    """Say what a given without a value is where its shape does not: a bit, a probability, a one-hot vector."""
    domain = table.domains.get(row.name)
    if domain is None or row.name in table.values:
        return ""
    if domain.kind == "one-hot":
        return f"a one-hot vector of {row.shape[0]}"
    if domain.kind == "bit":
        return "a bit" if not row.shape else ""
    return "" if row.shape else f"a number from {domain.low:g} to {domain.high:g}"


def _edges(problem: Problem, question: Question) -> tuple[tuple[str, str], ...]:
    """Give the arrows of the graph that a question asks for."""
    if question.kind != "graph":
        return ()
    from ..graph.edges import edges_of  # few questions ask for a graph

    return question.edges if question.edges is not None else tuple(edges_of(problem.base))


def _asks(question: Question) -> tuple[str, ...]:
    """Give the names of what a question asks."""
    if question.construct is not None:
        return question.construct.names or (question.construct.title,)
    return question.columns if question.parts else tuple(ask.name for ask in question.asks)


def _notes(question: Question) -> tuple[tuple[str, str], ...]:
    """Give the conditions of a construction, and its model answer."""
    asked = question.construct
    if asked is None:
        return ()
    return (*(("such that", each.text) for each in asked.conditions), *asked.key)


def _worked_table(problem: Problem, question: Question, round_to: int | None) -> SolvedTable | None:
    """Give the table of a question: its own, or what the model answer of a construction makes of its inputs."""
    if question.parts:
        return _table(problem, question, round_to)
    if question.construct is None:
        return None
    from .checking import checked  # few sheets ask for constructions

    return checked(question.construct, question)


def _table(problem: Problem, question: Question, round_to: int | None) -> SolvedTable:
    """Work a table of values out, row by row: each is about its own givens, or its own step."""
    rows: list[tuple[tuple[str, ...], tuple[Quantity, ...]]] = []
    for part in question.parts:
        table, sources = asked_table(problem, part.asks, part.values)
        worked = solve_table(table, sources.values(), round_to)
        quantities = tuple(
            Quantity(name, source, "asked", "Asked", row.step, part.when, row.formula, row.shape, worked[source], True)
            for (name, _), source in sources.items()
            for row in [table[source]]
        )
        rows.append((tuple(value for _, value in part.head), quantities))
    return SolvedTable(tuple(name for name, _ in question.parts[0].head), question.columns, tuple(rows))


def _part(problem: Problem, questions: list[Question], round_to: int | None) -> Part:
    """Evaluate the table for one set of givens."""
    when = questions[0].when if questions else None
    values = questions[0].values if questions else {}
    asks = [ask for question in questions for ask in question.asks]
    table, rows = asked_table(problem, asks, values)
    worked = solve_table(table, known(table), round_to)
    derived = _derived(table, worked)
    shown = shown_rows(problem, table, rows.values(), main=when is None)
    quantities = [
        Quantity(
            row.name,
            row.name,
            row.role,
            section(problem, table, row.name, row.role),
            row.step,
            when,
            None if is_trained(row.formula) else row.formula,
            row.shape,
            worked.get(row.name),
            row.name in shown,
            *derived(row.name, False),
            _kind(table, row),
        )
        for row in table
        if row.role not in ("asked", "curve") and (when is None or row.name in shown)
    ]
    quantities += _curve(problem, table, worked, when)
    formal: dict[tuple[str, Expr], tuple[Question, Ask]] = {}
    for question in questions:
        for ask in question.asks if question.kind != "find" else ():
            formal.setdefault((ask.name, ask.tree), (question, ask))
    for mark, source in rows.items():
        row = table[source]
        made = Asked(_asked_formula(row, table, mark[0]), *derived(source, mark in formal))
        if mark in formal and formal[mark][0].allowed is not None:
            made = _in_allowed(problem, *formal[mark], made)
        quantities.append(
            Quantity(
                mark[0],
                source,
                "asked",
                "Asked",
                row.step,
                when,
                made.formula,
                row.shape,
                worked.get(source),
                True,
                *made[1:],
            )
        )
    return Part(when, table, worked, tuple(quantities))


def _curve(
    problem: Problem, table: Table, worked: Mapping[str, Array], when: Mapping[str, str] | None
) -> list[Quantity]:
    """Give the loss of a long run in some of the steps that are not written out: 5, 10, 20, 50 and so on."""
    found: list[Quantity] = []
    for row in table:
        if row.role != "curve" or row.name not in worked or row.step is None or problem.training is None:
            continue
        last, losses = row.step, worked[row.name]
        first = last - len(losses) + 1
        powers = (size * 10**power for power in range(7) for size in (1, 2, 5))
        for step in dict.fromkeys([*(each for each in powers if first <= each < last), last]):
            name = at_step(problem, problem.training.loss, step)
            if name not in table:
                value = losses[step - first : step - first + 1].reshape(())
                found.append(Quantity(name, name, "forward", CURVE, step, when, None, (), value, True))
    return found


class Asked(NamedTuple):
    """What is asked, as formulas: that of the table, the chain along the paths, the same expanded, and why it is 0."""

    formula: Expr | None
    chain: Expr | None
    expanded: Expr | None
    reason: str


def _in_allowed(problem: Problem, question: Question, ask: Ask, made: Asked) -> Asked:
    """Give what is asked in the names that a question allows."""
    from .expanding import not_allowed, right_formula  # few sheets say in which names

    chain, expanded = (
        None if tree is None or not_allowed(tree, problem, question, ask) else tree
        for tree in (made.chain, made.expanded)
    )
    formula = made.formula if chain is not None else right_formula(problem, question, ask)
    return made._replace(formula=formula, chain=chain, expanded=expanded)


def _asked_formula(row: Definition, table: Table, asked: str) -> Expr | None:
    """Give the formula of what is asked: of a given under another name its own, of an entry for several places that
    entry's."""
    if row.formula is None or is_trained(row.formula):
        return Name(row.name) if asked != row.name else None
    if not (isinstance(row.formula, Call) and row.formula.op == "for"):
        return row.formula
    body, *binds = row.formula.args
    base = body.args[0] if isinstance(body, Call) and body.op == "[]" else body
    inner = table[base.id].formula if isinstance(base, Name) and base.id in table else None
    if inner is None or not isinstance(body, Call):
        return row.formula
    return Call("for", (entry_at(inner, body.args[1:], table.shapes), *binds))


def _derived(table: Table, worked: Mapping[str, Array]) -> Callable[[str, bool], tuple[Expr | None, Expr | None, str]]:
    """Give what tells of a derivative that is symbolic, or asked as a formula, its chain and the same expanded, and of
    any why it is 0."""
    made: list[Callable[[str], Derivation]] = []

    def of(name: str, formal: bool) -> tuple[Expr | None, Expr | None, str]:
        row = table[name]
        zero = isinstance(row.formula, Num) or (isinstance(row.formula, Call) and row.formula.op == "zeros")
        if row.role not in ("adjoint", "asked") or (name in worked and not zero and not formal):
            return None, None, ""
        if not made:
            from ..graph.derivation import derivations  # few sheets are symbolic

            made.append(derivations(table))
        found = made[0](name)
        return found.chain, found.expanded, found.reason

    return of


def asked_table(
    problem: Problem, asks: Iterable[Ask], values: Mapping[str, Array], also: Iterable[str] = ()
) -> tuple[Table, dict[tuple[str, Expr], str]]:
    """Give a problem's table with the rows that questions ask, and for each asked name and formula the row that it is.

    Args:
        problem: the problem.
        asks: what is asked; further formulas that count as right become equivalent forms of the row.
        values: givens with other values.
        also: further quantities of the table that are wanted.
    """
    asks = list(asks)
    formulas = [tree for ask in asks for tree in (ask.tree, *ask.also)]
    table = expand(problem, [*(name for tree in formulas for name in names(tree)), *also], values).copy()
    rows: dict[tuple[str, Expr], str] = {}
    for ask in asks:
        mark = ask.name, ask.tree  # two questions may give one name to different formulas
        if mark not in rows:
            rows[mark] = ask.tree.id if isinstance(ask.tree, Name) else ask.name
            if not isinstance(ask.tree, Name):
                while rows[mark] in table:  # it may not take the place of a quantity, or of what another one asks
                    rows[mark] += " "
                steps = [step for name in names(ask.tree) if (step := table[name].step) is not None]
                table.define(rows[mark], ask.tree, "asked", max(steps, default=None))
        if ask.also:
            row = table[rows[mark]]
            table.rows[row.name] = row._replace(forms=(*row.forms, *ask.also))
    return table, rows


def known(table: Table) -> list[str]:
    """Give the quantities whose values can be worked out.

    All but those that stand on a given without a value, or on an unknown function.
    """
    found: dict[str, None] = {}
    for row in table:
        if row.formula is None:
            if row.name in table.values:
                found[row.name] = None
            continue
        if all(name in found or name not in table for name in names(row.formula)) and not any(
            isinstance(part, Call) and (part.op == "for" or unknown_function(part.op, table))
            for part in walk(row.formula)
        ):
            found[row.name] = None
    return list(found)


def unknown_function(op: str, table: Table) -> bool:
    """Tell whether an operation is a function that was declared unknown, or its derivative."""
    row = table.functions.get(op.rstrip("'"))
    return row is not None and is_unknown(row)


def shown_rows(problem: Problem, table: Table, asked: Iterable[str], main: bool) -> set[str]:
    """Give the rows that a printed solution needs.

    The network, what was asked, what training needs, and what these stand on.
    """
    wanted = list(asked)
    if main:
        wanted += [row.name for row in table if row.role in ("given", "update")]
        last = (problem.steps or 0) + 1
        wanted += [row.name for row in table if row.role == "forward" and (row.step is None or row.step < last)]
    return set(table.needed(wanted))


def section(problem: Problem, table: Table, name: str, role: str) -> str:
    """Give the heading under which a printed solution shows a quantity.

    The loss is what is differentiated and nothing further is made of.
    """
    if is_trained(table[name].formula):
        return BETWEEN
    of = split(name).of
    if problem.training is not None and without_ahead(problem.training, problem.base, of) != of:
        return LOOK_AHEAD
    if role != "forward":
        return {"given": "Given", "adjoint": "Backward pass", "update": "Update"}[role]
    base = place_of(problem, name).base
    if problem.training is not None:
        return "Loss" if base == problem.training.loss else "Forward pass"
    if problem.losses:
        return "Forward pass"
    differentiated = any(row.role == "adjoint" and split(row.name).of == base for row in table)
    read = any(row.role == "forward" and base in table.reads(row.name) for row in table)
    formula = table[name].formula
    several = formula is not None and len(names(formula)) > 1  # a prediction and its target, say
    return "Loss" if differentiated and not read and several else "Forward pass"
