"""What a printed solution says of each quantity, as formulas: for every format that sets them as print does.

A step is a name and what it equals, one after the other: the formula, the numbers put in, the value; of a symbolic
answer, the chain and what that is with everything put in. Numbers are put in only where a reader would follow them.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from ..formula.expr import Call, Expr, Name, Num, number, walk
from ..formula.show import plain
from ..graph.derivation import derivation
from ..graph.entries import entry, indices
from ..graph.primes import applications, bare
from ..graph.shapes import Shape, is_number, show_shape
from ..graph.table import Table
from ..record import NamedTuple
from ..sheet.options import key_lines
from ..sheet.problem import Worth
from ..sheet.solution import Part, Quantity, SolvedProblem, SolvedQuestion
from ..text import safe_text
from .derivations import squeezed
from .layout import Page
from .numbers import in_words, literal
from .putting import Put, worked_out
from .values import SIDE, Array, kept

WIDE = 110  # letters of a row of numbers put in; longer ones run out of a page
LEFT_OUT = Num(0.0, "…")


class Step(NamedTuple):
    """A name, what it equals, and what is to be said beside it: its shape, why it is 0, why it is no number."""

    name: Expr
    sides: list[Expr]
    note: str = ""


def steps_of(quantity: Quantity, part: Part, page: Page) -> Iterator[Step]:
    """Give the step of a quantity; an array of more than two axes has one more for each of its matrices."""
    name = Name(quantity.name)
    sides = sides_of(quantity, part, page)
    if quantity.value is None or len(quantity.shape) <= 2:
        yield Step(name, sides, note_of(quantity))
        return
    yield Step(name, sides, show_shape(quantity.shape))
    slices = list(indices(quantity.value.shape[:-2]))
    for at in kept(len(slices)):
        if at is not None:
            index = slices[at]
            part_of = Call("[]", (name, *(number(place) for place in index), Call(":", ()), Call(":", ())))
            matrix = quantity.value[tuple(place - 1 for place in index)]
            yield Step(part_of, [tree for tree in [value_tree(matrix, matrix.shape, page.digits)] if tree is not None])


def sides_of(quantity: Quantity, part: Part, page: Page) -> list[Expr]:
    """Give what a quantity equals, from its formula to its value; none of them twice, nor its own name."""
    sides = list(_forms(quantity, part))
    if quantity.value is not None:
        zero = quantity.reason and is_number(quantity.shape)  # which needs no working
        rows = (
            worked_out(quantity.formula, quantity.shape, Put(part.table, part.values, page))
            if quantity.formula is not None and not zero
            else []
        )
        if rows and max(sum(len(plain(tree)) for tree in row) for row in rows) <= WIDE:
            sides.append(rows[0][0] if is_number(quantity.shape) else array_of(rows, len(quantity.shape)))
        value = value_tree(quantity.value, quantity.shape, page.digits, quantity.role == "given")
        sides += [] if value is None else [value]
    seen = {squeezed(quantity.name)}
    out = []
    for tree in sides:
        letters = squeezed(plain(tree))
        out += [] if letters in seen else [tree]
        seen.add(letters)
    return out


def _forms(quantity: Quantity, part: Part) -> Iterator[Expr]:
    """Give the formula of a quantity, f' bare where it can be; for a symbolic answer the chain and all put in."""
    formula = quantity.formula
    if formula is None:
        return
    if quantity.value is None and any(isinstance(each, Call) and each.op.endswith("'") for each in walk(formula)):
        formula = bare(formula, part.table, applications(part.table, quantity.step))
    if quantity.value is not None or quantity.role != "asked":
        yield formula
        return
    yield quantity.chain if quantity.chain is not None else written_out(formula, part.table)
    if quantity.expanded is not None:
        yield quantity.expanded


def written_out(formula: Expr, table: Table) -> Expr:
    """Give for an entry of a quantity (`X1[1]`) that entry of its formula; any other formula as it is."""
    if not isinstance(formula, Call) or formula.op != "[]" or not isinstance(formula.args[0], Name):
        return formula
    name, index = formula.args[0].id, [int(arg.value) for arg in formula.args[1:] if isinstance(arg, Num)]
    whole = table[name].formula if name in table else None
    if whole is None or not len(index) == len(formula.args) - 1 == len(table.shape(name)):
        return formula
    try:
        return entry(whole, tuple(index), table.shapes)
    except ValueError:  # a size that matters is a name
        return formula


def note_of(quantity: Quantity) -> str:
    """Give the words beside a quantity; "" where there are none."""
    if quantity.reason:
        return quantity.reason
    if quantity.value is None:
        return (quantity.kind or show_shape(quantity.shape)) if quantity.shape or quantity.formula is None else ""
    if is_number(quantity.shape):
        value = float(quantity.value.item())
        return "" if isfinite(value) else in_words(value)
    return show_shape(quantity.shape) if max(quantity.value.shape) > SIDE else ""


def _matrix(quantity: Quantity, part: Part) -> list[Step]:
    """Give a step more for a symbolic Jacobian that is listed as the vector of its diagonal."""
    if quantity.value is not None or quantity.role != "asked" or "/d" not in quantity.source:
        return []
    matrix = derivation(part.table, quantity.source).matrix
    return [] if matrix is None else [Step(Name(quantity.name), [matrix], "as a matrix")]


def value_tree(value: Array, shape: Shape, digits: int, typed: bool = False) -> Expr | None:
    """Give the formula of a value as it is shown, of larger arrays the corners; None for more than two axes."""
    if is_number(shape):
        return literal(float(value.item()), digits, True, typed)
    if len(shape) > 2:
        return None
    grid = value.reshape(value.shape[0], -1)
    rows, columns = (kept(size) for size in grid.shape)
    entries = [
        [LEFT_OUT if at is None or to is None else literal(float(grid[at, to]), digits, True, typed) for to in columns]
        for at in rows
    ]
    return array_of(entries, len(shape))


def array_of(rows: list[list[Expr]], axes: int = 2) -> Expr:
    """Give the formula of an array with these entries: a column, a row, or a matrix."""
    if axes < 2 or all(len(row) == 1 for row in rows):
        return Call("[;]", tuple(entry for row in rows for entry in row))
    lines = tuple(Call("[,]", tuple(row)) for row in rows)
    return lines[0] if len(lines) == 1 else Call("[;]", lines)


class Asked(NamedTuple):
    """One thing that a question asks: under the name it used, what the solution has for it, and in which part."""

    question: SolvedQuestion
    quantity: Quantity
    part: Part


def asked_in(problem: SolvedProblem) -> list[tuple[SolvedQuestion, list[Asked]]]:
    """Give the questions of a problem, each with what it asks."""
    out = []
    for question in problem.questions:
        part = next((part for part in problem.parts if part.when == question.when), problem.parts[0])
        known = {quantity.name: quantity for quantity in part.quantities if quantity.role == "asked"}
        asks = () if question.table is not None or question.notes else question.asks  # a table is set as one
        asked = [asked_quantity(question, known[name]) for name in asks]
        out.append((question, [Asked(question, quantity, part) for quantity in asked]))
    return out


def asked_quantity(question: SolvedQuestion, quantity: Quantity) -> Quantity:
    """Give what a question asks for as it asks for it: a formula has no value beside it."""
    return quantity if question.kind == "find" else quantity._replace(value=None)


class Told(NamedTuple):
    """What is right where no quantity is asked: what it is called, and its lines."""

    label: str
    lines: list[str]


SUCH = "such that"


def told(question: SolvedQuestion, arrow: str = "→") -> Told | None:
    """Give the arrows of a graph, the options with the right ones ticked, an order, pairs, what words should say, the
    conditions of a construction with a model answer; None for any other question."""
    choices = question.choices
    if question.notes:
        return Told(
            "construct", [f"{name}: {text}" if name == SUCH else f"{name} = {text}" for name, text in question.notes]
        )
    if question.edges:
        return Told("graph", [", ".join(f"{source} {arrow} {name}" for source, name in question.edges)])
    if choices is None:
        return Told("rubric", [f"– {line}" for line in question.rubric]) if question.rubric else None
    lines = key_lines(question.kind, choices)
    if question.kind == "choose":
        return Told("options", [f"{'✓' if each.said in lines else '–'} {each.said}" for each in choices.options])
    if question.kind == "order":
        return Told("order", [f"{place}. {line}" for place, line in enumerate(lines, 1)])
    return Told("match", lines)


def worth(question: SolvedQuestion) -> str:
    """Give the points in words, by track where these differ; a question without points has none to say."""
    said = []
    for track, (points, bonus) in (question.worth or {"": Worth(question.points)}).items():
        words = f"{points:g} {'bonus ' if bonus else ''}point{'' if points == 1 else 's'}" if points else ""
        said.append(f"{words or 'no points'} ({track})" if track else words)
    return safe_text(", ".join(said))


def answers_of(asked: Asked, page: Page) -> list[Step]:
    """Give the steps of what is asked; how it comes about is said only where no step above shows it."""
    quantity, table = asked.quantity, asked.part.table
    steps = [*steps_of(quantity, asked.part, page), *_matrix(quantity, asked.part)]
    own = quantity.source in table and table[quantity.source].role == "asked"
    if own or quantity.value is None:
        return steps
    return [step._replace(sides=step.sides[-1:]) for step in steps]
