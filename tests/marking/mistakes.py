"""Students who make one mistake of the catalogue: the sheet, what is worked out wrongly, and numbers that hide it.

A case says in plain Python what the student works out at one quantity, from his own values above it; what follows is
worked out rightly from that. With the givens of `same` the mistake leads to the right value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hwcheck.formula.expr import Expr, Name
from hwcheck.graph.build import literal_array
from hwcheck.graph.evaluate import compile_table, run
from hwcheck.graph.table import Table
from hwcheck.marking import Report
from hwcheck.sheet import Sheet
from hwcheck.sheet.problem import expand
from tests.marking.students import is_exact, laid, marked, on_paper, sheet_of, to_digits

Array = NDArray[np.float64]
Values = Mapping[str, Any]
Wrong = Callable[[Values], Any]
DIGITS = 6


class Case(NamedTuple):
    """A mistake: on which sheet, and what is worked out instead, first where it is made, then what goes with it.

    `find` are the quantities asked; all of them are written. `named` is `name: formula` for one
    that the table lacks; `tied` another code that these numbers cannot tell from it; `more` further
    lines of the problem.
    """

    code: str
    given: Mapping[str, Any]
    network: str
    find: str
    wrong: Mapping[str, Wrong]
    same: Mapping[str, Any] | None = None
    train: str = ""
    named: str = ""
    tied: str = ""
    more: str = ""


def sheet_for(case: Case, given: Mapping[str, Any] | None = None, more: str = "") -> Sheet:
    """Give the sheet of a case, with other givens if asked."""
    given = {**case.given, **(given or {})}
    rate = given.pop("rate", 0.3)
    names = [name.strip() for name in case.find.split(",") if name.strip()]
    lines = ["hwcheck: 1", "problems:", '  "1":', "    given:"]
    lines += [f"      {name}: {value}" for name, value in given.items()]
    lines += ["    network: |", *(f"      {line.strip()}" for line in case.network.split(";"))]
    if case.train:
        lines.append(f"    train: {{{case.train}, learning_rate: {rate}}}")
    lines += [f"    {line}" for line in (more or case.more).split("\n") if line]
    lines += ["    questions:", "      all:", f"        points: {len(names) + bool(case.named)}", "        find:"]
    lines += [f"          - {name}" for name in names]
    if case.named:
        lines.append(f"          - {{{case.named}}}")
    return sheet_of("\n".join(lines))


def table_of(sheet: Sheet) -> Table:
    """Give the table with everything that is asked and is no formula of its own."""
    problem = sheet.problems["1"]
    return expand(problem, [ask.tree.id for ask in problem.questions["all"].asks if isinstance(ask.tree, Name)])


def worked(sheet: Sheet, wrong: Mapping[str, Wrong]) -> dict[str, Array]:
    """Work a sheet with other values at some quantities; what follows from them follows."""
    table = table_of(sheet)
    forms: dict[str, Expr] = {}

    def values() -> dict[str, Array]:
        program = compile_table(table, forms=forms)
        slots = run(program, table.values)
        return {name: np.asarray(slots[at], dtype=float) for name, at in program.slots.items()}

    named: dict[str, Array] = {}
    for name, how in wrong.items():
        if name not in table:
            named[name] = np.asarray(how(values()), dtype=float)
            continue
        shape = tuple(int(size) for size in table.shape(name))
        value = np.asarray(how(values()), dtype=float)
        forms[name] = literal_array(
            (value.reshape(shape) if np.prod(shape) == 1 else np.broadcast_to(value, shape)).tolist()
        )
    return {**values(), **named}


def page_of(sheet: Sheet, values: Mapping[str, Array], digits: int = DIGITS) -> dict[str, str]:
    """Write what a sheet asks, rounded."""
    table = table_of(sheet)
    out: dict[str, str] = {}
    for ask in sheet.problems["1"].questions["all"].asks:
        name = ask.tree.id if isinstance(ask.tree, Name) else ask.name
        shape = tuple(int(size) for size in table.shape(name)) if name in table else ()
        out[ask.name] = laid([written(each, digits) for each in np.ravel(values[name]).tolist()], shape)
    return out


def written(value: float, digits: int = DIGITS) -> str:
    """Write one number."""
    shown = on_paper(value) if is_exact(value, digits) else to_digits(value, digits)
    return f"{shown:f}"


def judged(sheet: Sheet, wrong: Mapping[str, Wrong], digits: int = DIGITS) -> Report:
    """Judge a student who works a sheet with other values at some quantities."""
    return marked(sheet, {"all": page_of(sheet, worked(sheet, wrong), digits)})


def edited(name: str, at: int, how: Callable[[str], str]) -> dict[str, Wrong]:
    """Give the mistake that changes the text of one entry, after it was worked out rightly."""

    def wrong(values: Values) -> Array:
        flat = np.array(values[name], dtype=float)
        flat.flat[at] = float(Decimal(how(written(float(flat.flat[at])))))
        return flat

    return {name: wrong}


def changed(array: ArrayLike, at: int | tuple[int, ...], value: float) -> Array:
    """Give an array with another entry."""
    out = np.array(array, dtype=float)
    out[at] = value
    return out


def sigmoid(z: ArrayLike) -> Array:
    """Give the logistic function."""
    return np.asarray(1 / (1 + np.exp(-np.asarray(z, dtype=float))))
