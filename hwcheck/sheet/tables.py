"""Tables of values: a row for every value of the bits, for each training step, or for each list of givens.

A row is a question of its own, about its own givens or its own step, and so it is worked out and marked as any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from ..formula.expr import Call, Expr, Name, names, walk
from ..formula.names import Parts, join, split
from ..formula.parse import FormulaError
from ..graph.arrays import array_of
from ..graph.functions import is_unknown
from ..record import NamedTuple
from ..yamltree import Map, Scalar, Seq, as_typed
from .alternatives import Parse, asked_formula
from .givens import other_givens
from .kinds import MOST_ROWS
from .problem import Ask, Problem, Question, expand, place_of
from .reading import Page
from .records import RawQuestion
from .remaking import later

if TYPE_CHECKING:
    from ..graph.arrays import Array

#: Of so many bits every value is a row.
MOST_BITS = 6


class Row(NamedTuple):
    """A row: what heads it, its givens with their values, as typed and as arrays, and how many steps it goes on."""

    head: tuple[tuple[str, str], ...]
    when: dict[str, str]
    values: dict[str, Array]
    steps: int | None = None


def table_of_values(raw: RawQuestion, made: Question, problem: Problem, parse: Parse, page: Page) -> Question:
    """Read the columns and the rows of a table of values; report what is wrong with them."""
    rows = list(_rows(raw, made, problem, page))
    columns: list[tuple[str, Expr, Scalar]] = []
    for new, scalar in raw.asked:
        tree = asked_formula(problem, parse, scalar, rows[0].values if rows else made.values, page)
        if tree is not None:
            columns.append(((new or scalar).text.strip(), tree, scalar))
    titles = tuple(title for title, _, _ in columns)
    parts: list[Question] = []
    for row in rows:
        asks = _asks(columns, row, problem, page)
        if asks is None:
            break
        part = made._replace(
            points=made.points / len(rows),
            asks=tuple(asks),
            when={**(made.when or {}), **row.when} or None,
            values={**made.values, **row.values},
            columns=titles,
            head=row.head,
        )
        parts.append(part)
    heads = tuple(", ".join(value for _, value in row.head) for row in rows)
    return made._replace(columns=titles, rows=heads, parts=tuple(parts))


def _asks(columns: list[tuple[str, Expr, Scalar]], row: Row, problem: Problem, page: Page) -> list[Ask] | None:
    """Give what a row asks, one for each column; None where a column has no value, which is reported."""
    asks: list[Ask] = []
    for title, tree, scalar in columns:
        try:
            ask = _at(title, tree, scalar, row, problem)
            lacking = _lacking(problem, ask.tree, row)
        except FormulaError as error:
            page.report(error.code, error.reason, scalar, fix=error.fix)
            return None
        if lacking:
            page.report("HW206", f"`{title}` has no value in the rows of this table: {lacking}", scalar)
            return None
        asks.append(ask)
    return asks


def _at(title: str, tree: Expr, scalar: Scalar, row: Row, problem: Problem) -> Ask:
    """Give what a column asks in a row; in a table of steps its name says in which one.

    Raises:
        FormulaError: the column names a step itself.
    """
    if row.steps is None:
        return Ask(title, tree, scalar)
    if any(place_of(problem, name).step != 1 for name in names(tree)):
        fix = "write it without a step: `J`"
        raise FormulaError(f"`{title}` names a step, and the rows are the steps", 0, len(title), fix, "HW313")
    moved = later(problem, tree, row.steps)
    step = row.head[0][1]
    if not isinstance(tree, Name):
        return Ask(f"{title} in step {step}", moved, scalar)
    base = split(title)._replace(step=step) if "/" in title else Parts(title, step=step)
    return Ask(join(base), moved, scalar)


def _lacking(problem: Problem, tree: Expr, row: Row) -> str:
    """Say why a formula has no value; "" where it has one."""
    table = expand(problem, names(tree), row.values)
    formulas = [tree]
    for name in table.needed(names(tree)):
        formula = table[name].formula
        if formula is not None:
            formulas.append(formula)
        elif name not in table.values:
            return f"`{name}` has only a shape; give it a value, or name it in every row"
    called = {part.op.rstrip("'") for formula in formulas for part in walk(formula) if isinstance(part, Call)}
    unknown = sorted(name for name in called if name in table.functions and is_unknown(table.functions[name]))
    return f"`{unknown[0]}` is an unknown function" if unknown else ""


# --- the rows ---------------------------------------------------------------------------------------------------------

STEP = "step"


def _rows(raw: RawQuestion, made: Question, problem: Problem, page: Page) -> Iterator[Row]:
    """Read the rows of a table."""
    assert raw.over is not None
    if isinstance(raw.over, Seq):
        yield from _listed(raw.over, problem, page)
    elif raw.over.text.strip() == "bits":
        yield from bit_rows(problem, made, raw.over, page)
    else:
        yield from _steps(raw.over, problem, page)


def bit_rows(problem: Problem, question: Question, at: Scalar, page: Page) -> Iterator[Row]:
    """Give a row for all values of the bits, in the usual order: 00, 01, 10, 11."""
    bits = bits_of(problem, question)
    if not bits:
        fix = "declare them in `given`: `x1: bit`"
        page.report("HW243", "this problem has no givens that are bits", at, fix=fix)
    elif len(bits) > MOST_BITS:
        message = f"{len(bits)} bits have {2 ** len(bits)} values; at most {MOST_BITS} bits make a table"
        page.report("HW208", message, at, fix="fix some of them with `when`")
    else:
        for values in product("01", repeat=len(bits)):
            head = tuple(zip(bits, values, strict=True))
            yield Row(head, dict(head), {name: array_of(float(value)) for name, value in head})


def bits_of(problem: Problem, question: Question) -> list[str]:
    """Give the bits of a problem that a question leaves open, in the order of the sheet."""
    table = problem.base
    open_ones = (row.name for row in table if row.name not in question.values)
    return [name for name in open_ones if name in table.domains and table.domains[name].kind == "bit"]


def _steps(at: Scalar, problem: Problem, page: Page) -> Iterator[Row]:
    first, last = (int(number) for number in at.text.split(None, 1)[1].split(".."))
    if problem.steps is None:
        page.report("HW243", "this problem has no training steps", at, fix="give it `train:`")
    elif not 1 <= first <= last <= problem.steps + 1:
        most = problem.steps + 1
        message = f"the steps are 1 to {problem.steps}, and {most} for what comes after the last"
        page.report("HW313", message, at, fix=f"write `rows: steps 1..{most}`, or fewer")
    elif last - first >= MOST_ROWS:
        page.report("HW208", f"a table has at most {MOST_ROWS} rows", at, fix="ask for fewer steps")
    else:
        for step in range(first, last + 1):
            yield Row(((STEP, str(step)),), {}, {}, step - 1)


def _listed(over: Seq, problem: Problem, page: Page) -> Iterator[Row]:
    seen: set[tuple[tuple[str, str], ...]] = set()
    order: tuple[str, ...] | None = None
    for each in over.items:
        assert isinstance(each, Map), "the kind of this field takes mappings only"
        typed = {name.text.strip(): as_typed(tree).strip() for name, tree in each.items}
        order = order or tuple(typed)
        if set(order) != set(typed):
            fix = f"give {', '.join(f'`{name}`' for name in order)} in every row"
            page.report("HW243", "the rows of a table have values for the same givens", each, fix=fix)
            continue
        head = tuple((name, typed[name]) for name in order)
        if head in seen:
            page.report("HW243", "this row stands twice", each, fix="remove one")
            continue
        seen.add(head)
        before = len(page.found)
        values = other_givens(each.items, problem.base, page)
        if len(page.found) == before:
            yield Row(head, dict(head), values)
