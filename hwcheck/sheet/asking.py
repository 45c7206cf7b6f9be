"""The questions of a problem: what each asks, read in the names of the problem's table."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

from ..formula.expr import Name, names
from ..formula.parse import FormulaError
from ..yamltree import Scalar, as_typed
from .alternatives import Parse, alternatives, asked_formula
from .blocks import is_name
from .givens import other_givens
from .problem import Ask, Problem, Question, expand, settled
from .reading import Page
from .records import RawProblem, RawQuestion
from .tracks import worth_of

ARROWS = ("->", "→", "-->", "=>")


def questions_of(raw: RawProblem, problem: Problem, parse: Parse, page: Page) -> dict[str, Question]:
    """Read the questions of a problem; report what is wrong with them."""
    _expand_at_once(raw, problem, parse)
    return {
        each.id.text: _question(each, problem, parse, page.at(f"question {each.id.text}")) for each in raw.questions
    }


def _question(raw: RawQuestion, problem: Problem, parse: Parse, page: Page) -> Question:
    """Read one question: what it asks, in the names of the table."""
    values = other_givens(raw.when, problem.base, page)
    when = {name.text: as_typed(tree) for name, tree in raw.when} or None
    asks: list[Ask] = []
    for new, scalar in (*raw.asked, *_cells(raw)) if raw.over is None else ():
        if new is not None and raw.kind != "table" and not is_name(new.text):
            page.report("HW211", f"`{new.text}` cannot be a name", new, fix="names are letters, digits and _")
            continue
        tree = asked_formula(problem, parse, scalar, values, page)
        if tree is not None:
            name = new.text if new is not None else scalar.text.strip()
            asks.append(Ask(name, tree, scalar, alternatives(raw, name, tree, values, problem, parse, page)))
    worth = worth_of(raw)
    points, bonus = next(iter(worth.values()))
    made = Question(raw.id.text, raw.kind, raw.text, points, tuple(asks), when, values, raw.digits)
    made = made._replace(worth=worth, bonus=bonus)
    if raw.kind == "construct":
        from .constructing import construct_of  # these, like options and tables of values, stand in few sheets

        return construct_of(raw, made, problem, page)
    if raw.over is not None:
        from .tables import table_of_values

        return table_of_values(raw, made, problem, parse, page)
    if raw.options:
        from .keys import choices_of

        return made._replace(choices=choices_of(raw, page))
    return made._replace(
        allowed=_allowed(raw, problem, parse, page),
        edges=_edges(raw, problem, parse, page) if raw.kind == "graph" else None,
        columns=tuple(each.text.strip() for each in raw.columns),
        rows=tuple(title.text.strip() for title, _ in raw.rows),
        rubric=raw.rubric,
    )


def _cells(raw: RawQuestion) -> list[tuple[Scalar, Scalar]]:
    """Give the cells of a table, row by row, each under the titles of its row and its column."""
    return [
        (title._replace(text=f"{title.text.strip()}, {column.text.strip()}"), cell)
        for title, cells in raw.rows
        for column, cell in zip(raw.columns, cells, strict=True)
    ]


def _allowed(raw: RawQuestion, problem: Problem, parse: Parse, page: Page) -> frozenset[str] | None:
    """Read the names in which a formula is to be written."""
    if raw.allowed is None:
        return None
    found = [
        _quantity(each, problem, parse, page)
        for each in raw.allowed
        if each.text.strip().rstrip("'") not in problem.functions
    ]
    return frozenset(name for name in found if name is not None)


def _quantity(scalar: Scalar, problem: Problem, parse: Parse, page: Page) -> str | None:
    """Read the name of one quantity; report anything else."""
    tree = asked_formula(problem, parse, scalar, {}, page)
    if isinstance(tree, Name):
        return tree.id
    if tree is not None:
        page.report("HW301", "the name of a quantity is wanted here", scalar, fix="write one name: `x`")
    return None


def _edges(raw: RawQuestion, problem: Problem, parse: Parse, page: Page) -> tuple[tuple[str, str], ...] | None:
    """Read the graph that is asked: None for that of the whole network."""
    if [each.text.strip() for each in raw.graph] == ["network"]:
        return None
    edges: list[tuple[str, str]] = []
    chosen: list[str] = []
    for each in raw.graph:
        text = each.text
        for arrow in sorted(ARROWS, key=len, reverse=True):
            text = text.replace(arrow, "→")
        chain = [_quantity(each._replace(text=part), problem, parse, page) for part in text.split("→")]
        known = [name for name in chain if name is not None]
        chosen += known
        edges += pairwise(known)
    if edges and not all(any(arrow in each.text for arrow in ARROWS) for each in raw.graph):
        fix = "write edges alone: `x -> h`"
        page.report("HW204", "edges and quantities stand side by side here", raw.graph[0], fix=fix)
    if edges:
        return tuple(dict.fromkeys(edges))
    return tuple(
        (source, row.name)
        for row in problem.base
        if row.name in chosen
        for source in problem.base.reads(row.name)
        if source in chosen
    )


def _expand_at_once(raw: RawProblem, problem: Problem, parse: Parse) -> None:
    """Derive what all questions ask in one go; what cannot be is left for its own question to report."""
    wanted: dict[str, None] = {}
    for question in raw.questions:
        for _, scalar in question.asked:
            if "/" not in scalar.text and "∂" not in scalar.text:
                continue
            try:
                for tree in parse(scalar.text.strip()):
                    wanted.update(dict.fromkeys(names(settled(problem, tree))))
            except FormulaError:
                continue
    with suppress(FormulaError):
        expand(problem, wanted)
