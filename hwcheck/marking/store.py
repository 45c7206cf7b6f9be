"""What a student wrote about a problem: answers and working by quantity, under whichever of its names."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..diagnostics import Diagnostic, Span
from ..formula.expr import Call, Expr, Name, names
from ..formula.names import key
from ..formula.parse import FormulaError, readings
from ..formula.show import unicode
from ..graph.shapes import Shape, Shapes, axis_range, entries, is_number, shape_of, show_shape, whole_number
from ..sheet.problem import Problem, Question, expand, problem_scope, settled
from ..text import closest, safe_text
from ..yamltree import Map, Scalar, Tree
from .typed import Entry, Typed, is_blank, read_typed


class Written(NamedTuple):
    """One value that was written: for which question and quantity, under which name, and how it was read.

    `name` is the quantity of the table, `title` what the report calls it. `typed` holds an entry for every place of
    the quantity, None where that place was left out; it is None itself where nothing could be read, and `trouble`
    says why. `asked` tells whether the question asks for it.
    """

    question: str
    title: str
    name: str
    asked: bool
    answer: str
    typed: tuple[Entry | None, ...] | None
    trouble: str
    fix: str
    remarks: tuple[str, ...]
    blank: bool
    span: Span | None


class Wanted(NamedTuple):
    """Something that an answer may be about.

    Its title, its formula in the names of the table, and whether it is asked.
    """

    title: str
    tree: Expr
    asked: bool


def quantity_of(tree: Expr) -> str | None:
    """Give the quantity that a name, or entries of one, is about; None for any other formula."""
    base = tree.args[0] if isinstance(tree, Call) and tree.op == "[]" else tree
    return base.id if isinstance(base, Name) else None


def text_of(tree: Tree) -> str:
    """Give what was typed, as one text."""
    return tree.text if isinstance(tree, Scalar) else tree.raw


def wanted_of(problem: Problem, question: Question, title: Scalar, found: list[Diagnostic], file: str) -> Wanted | None:
    """Find the quantity that a name in the answers stands for; report a name that stands for none."""
    for ask in question.asks:
        if key(ask.name.replace(" ", "")) == key(title.text.replace(" ", "")):
            return Wanted(ask.name, ask.tree, True)
    failure: FormulaError | None = None
    try:
        for reading in readings(title.text, problem_scope(problem, student=True)):
            try:
                tree = settled(problem, reading)
                shape_of(tree, expand(problem, names(tree), question.values).shapes)
            except FormulaError as error:
                failure = failure or error
                continue
            asked = [ask for ask in question.asks if ask.tree == tree]
            if asked or quantity_of(tree) is not None:
                return Wanted(asked[0].name if asked else unicode(tree), tree, bool(asked))
            failure = FormulaError(
                "this is a formula, not the name of a quantity", 0, len(title.text), "write `name: value`"
            )
    except FormulaError as error:
        failure = error
    near = closest(title.text, [ask.name for ask in question.asks] + [row.name for row in problem.base])
    fix = f"did you mean `{near[0]}`?" if near else (failure.fix if failure else "")
    reason = failure.reason if failure else "this is no quantity of the problem"
    place = f"problem {problem.id}, question {question.id}"
    found.append(
        Diagnostic(
            "HW411",
            f"the answer to `{safe_text(title.text, 60)}` is left out: {reason}",
            file,
            title.span,
            place,
            fix,
            "warning",
        )
    )
    return None


def answers_to(
    problem: Problem, question: Question, tree: Tree, found: list[Diagnostic], file: str
) -> list[tuple[Wanted, Tree]]:
    """Take the answer to one question apart: names with values, or the bare value of the one quantity that is asked."""
    if isinstance(tree, Map):
        pairs = []
        for title, value in tree.items:
            wanted = wanted_of(problem, question, title, found, file)
            if wanted is not None:
                pairs.append((wanted, value))
        return pairs
    if is_blank(tree):
        return []
    if len(question.asks) == 1:
        ask = question.asks[0]
        return [(Wanted(ask.name, ask.tree, True), tree)]
    asked = ", ".join(ask.name for ask in question.asks)
    place = f"problem {problem.id}, question {question.id}"
    span = tree.span
    found.append(
        Diagnostic(
            "HW412",
            "this question asks for several quantities, and one value stands here",
            file,
            span,
            place,
            f"write each on its own line: {asked}",
            "warning",
        )
    )
    return []


def written_of(
    wanted: Wanted, tree: Tree, question: str, row_shape: Shape, shape: Shape, places: list[int], name: str
) -> Written:
    """Read one value and bring its entries to the places of the quantity that it is about.

    Args:
        wanted: what the value is about.
        tree: what was typed.
        question: the question it was written in.
        row_shape: the shape of the quantity in the table.
        shape: the shape that is wanted here: the quantity's, or that of the entries that the name picks.
        places: the flat places of those entries in the quantity.
        name: the quantity.
    """
    answer = text_of(tree)
    made = Written(question, wanted.title, name, wanted.asked, answer, None, "", "", (), False, tree.span)
    if is_blank(tree):
        return made._replace(blank=True)
    try:
        typed = read_typed(tree)
        values, remarks = laid_out(typed, shape, wanted)
    except FormulaError as error:
        return made._replace(trouble=error.reason, fix=error.fix)
    cells: list[Entry | None] = [None] * entries(row_shape)
    for place, entry in zip(places, values, strict=True):
        cells[place] = entry
    return made._replace(typed=tuple(cells), remarks=remarks)


def laid_out(typed: Typed, shape: Shape, wanted: Wanted) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Bring what was typed to the wanted shape: a row for a column is accepted and remarked, as is a diagonal
    Jacobian for a vector of slopes.

    Raises:
        FormulaError: another shape.
    """
    if typed.shape == shape or (is_number(shape) and is_number(typed.shape)):
        return typed.entries, ()
    if len(typed.entries) == entries(shape) and len(shape) <= 2 and len(typed.shape) <= 2:
        bare = tuple(size for size in shape if size != 1)
        if bare == tuple(size for size in typed.shape if size != 1) and len(bare) == 1:
            return typed.entries, ("row",) if len(typed.shape) == 2 and typed.shape[0] == 1 else ()
    if (
        isinstance(wanted.tree, Name)
        and len(shape) == 1
        and typed.shape == (shape[0], shape[0])
        and "/d" in wanted.tree.id
    ):
        size = int(shape[0])
        if all(entry.value == 0 for at, entry in enumerate(typed.entries) if at // size != at % size):
            return typed.entries[:: size + 1], ("jacobian",)
    fix = "transpose it" if typed.shape[::-1] == shape else ""
    raise FormulaError(f"{show_shape(shape)} is wanted, and this is {show_shape(typed.shape)}", 0, 1, fix)


def places_of(tree: Expr, shapes: Shapes, shape: Shape) -> list[int]:
    """Give the flat places of a quantity that a name such as W1[1,2] picks: all of them for the plain name."""
    flat = np.arange(entries(shape)).reshape(tuple(int(size) for size in shape))
    if isinstance(tree, Call) and tree.op == "[]":
        items = tree.args[1:]
        index: list[Any] = []
        if len(items) == 1 and flat.ndim == 2:
            flat = flat.reshape(-1)
        for item, size in zip(items, flat.shape, strict=True):
            ends = axis_range(item, size, shapes)
            index.append(int(whole_number(item, shapes)) - 1 if ends is None else slice(int(ends[0]) - 1, int(ends[1])))
        return [int(place) for place in np.atleast_1d(flat[tuple(index)]).ravel()]
    return [int(place) for place in flat.ravel()]
