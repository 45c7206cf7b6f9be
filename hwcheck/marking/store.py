"""What a student wrote about a problem: answers and working by quantity, under whichever of its names."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from ..diagnostics import Diagnostic, Span
from ..formula.expr import COMPARISONS, Call, Expr, Name, names
from ..formula.names import key
from ..formula.parse import FormulaError, readings
from ..formula.show import unicode
from ..graph.functions import Array
from ..graph.shapes import (
    Shape,
    Shapes,
    axis_range,
    entries,
    index_axes,
    is_number,
    of_jacobian,
    shape_of,
    show_shape,
    whole_number,
)
from ..graph.table import Table
from ..sheet.problem import Ask, Problem, Question, expand, problem_scope, settled
from ..sheet.remaking import worked
from ..text import closest, safe_text
from ..yamltree import Map, Scalar, Seq, Tree
from .typed import EXACT, Entry, Typed, is_blank, read_typed

#: The remark on a matrix whose rows are the columns that are asked.
TRANSPOSED = "transposed"
DECISIONS = {"yes": "1", "true": "1", "no": "0", "false": "0"}


class Page(NamedTuple):
    """The page on which a student answers one problem: the file, the problem, and what there is to report of it."""

    file: str
    problem: Problem
    found: list[Diagnostic]

    def warn(self, code: str, message: str, span: Span | None, question: str, fix: str) -> None:
        """Report something that was written about a question and cannot be used."""
        place = f"problem {self.problem.id}, question {question}"
        self.found.append(Diagnostic(code, message, self.file, span, place, fix, "warning"))


class Target(NamedTuple):
    """What a name is about: a quantity of the table, the shape that is wanted, and its flat places in the quantity."""

    name: str
    shape: Shape
    places: list[int]


class Written(NamedTuple):
    """One value that was written: for which question and quantity, under which name, and how it was read.

    `name` is the quantity of the table, `quantity` the name it was given under (a bare name such as dJ/db1 stands for
    another one; "" for a formula), `title` what the report calls it. `typed` holds an entry for every place of
    the quantity, None where that place was left out; it is None itself where nothing could be read, and `trouble`
    says why. `asked` tells whether the question asks for it.
    """

    question: str
    title: str
    name: str
    quantity: str
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

    Its title, its formula in the names of the table, and whether it is asked. `part` says which part of a value that
    was written as one it is: the place and their number, from the outside in.
    """

    title: str
    tree: Expr
    asked: bool
    part: tuple[tuple[int, int], ...] = ()


def quantity_of(tree: Expr, shapes: Shapes) -> str | None:
    """Give the quantity that a name, or entries of one, is about; None for any other formula.

    An entry of a Jacobian whose diagonal alone is listed, as a vector of slopes, is a formula of that.
    """
    if isinstance(tree, Call) and tree.op == "[]" and of_jacobian(tree, shapes) is not None:
        return None
    base = tree.args[0] if isinstance(tree, Call) and tree.op == "[]" else tree
    return base.id if isinstance(base, Name) else None


def text_of(tree: Tree) -> str:
    """Give what was typed, as one text."""
    return tree.text if isinstance(tree, Scalar) else tree.raw


#: What names in answers stand for, by the base tables of problems: students use few of them, over and over.
_KNOWN: WeakKeyDictionary[Table, dict[tuple[str, str], Wanted]] = WeakKeyDictionary()
MOST_KNOWN = 10_000


def asks_of(question: Question) -> list[Ask]:
    """Give what a question asks one by one: of what a loop defines, one ask for each turn."""
    return [part for ask in question.asks for part in turns_of(ask)]


def turns_of(ask: Ask) -> list[Ask]:
    """Give an ask for each turn of what a loop defines; the ask itself for anything else."""
    if not isinstance(ask.tree, Call) or ask.tree.op != "stack":
        return [ask]
    found = [part for arg in ask.tree.args for part in turns_of(ask._replace(tree=arg, also=()))]
    if not all(isinstance(part.tree, Name) for part in found):
        return [ask]
    return [part._replace(name=_turn_of(ask.name, part.tree)) for part in found]


def _turn_of(title: str, tree: Expr) -> str:
    """Give the title of one turn: `h[2]` where `h` or `h[1..3]` is asked."""
    assert isinstance(tree, Name)
    return f"{title.partition('[')[0].strip()}[{tree.id.rpartition('[')[2]}"


def _parted(wanted: Wanted, tree: Tree) -> list[tuple[Wanted, Tree]]:
    """Take the value of what a loop defines apart, turn by turn."""
    if not isinstance(wanted.tree, Call) or wanted.tree.op != "stack":
        return [(wanted, tree)]
    args = wanted.tree.args
    found: list[tuple[Wanted, Tree]] = []
    for at, arg in enumerate(args):
        part = wanted._replace(tree=arg, title=_turn_of(wanted.title, arg) if isinstance(arg, Name) else wanted.title)
        if isinstance(tree, Seq) and not wanted.part and len(tree.items) == len(args):
            found += _parted(part, tree.items[at])
        else:
            found += _parted(part._replace(part=(*wanted.part, (at, len(args)))), tree)
    return found


def wanted_of(page: Page, question: Question, title: Scalar) -> Wanted | None:
    """Find the quantity that a name in the answers stands for; report a name that stands for none."""
    known = _KNOWN.setdefault(page.problem.base, {})
    wanted = known.get((question.id, title.text))
    if wanted is None:
        wanted = _looked_up(page, question, title)
        if wanted is not None and len(known) < MOST_KNOWN:
            known[question.id, title.text] = wanted
    return wanted


def _looked_up(page: Page, question: Question, title: Scalar) -> Wanted | None:
    for ask in [*question.asks, *asks_of(question)]:
        if key("".join(ask.name.split())) == key("".join(title.text.split())):
            return Wanted(ask.name, ask.tree, True)
    problem = page.problem
    failure: FormulaError | None = None
    try:
        for reading in readings(title.text, problem_scope(problem, student=True)):
            try:
                tree = settled(problem, reading)
                early = worked(problem, tree)  # a page may name a thousand steps of a long run
                shapes = expand(problem, names(early), question.values).shapes
                shape_of(early, shapes)
            except FormulaError as error:
                failure = failure or error
                continue
            asked = [ask for ask in [*question.asks, *asks_of(question)] if ask.tree == tree]
            if asked or quantity_of(early, shapes) is not None or _is_by_turns(tree):
                return Wanted(asked[0].name if asked else unicode(tree), tree, bool(asked))
            failure = FormulaError(
                "this is a formula, not the name of a quantity", 0, len(title.text), "write `name: value`"
            )
    except FormulaError as error:
        failure = error
    near = closest(title.text, [ask.name for ask in question.asks] + [row.name for row in problem.base])
    fix = f"did you mean `{near[0]}`?" if near else ""
    if failure and failure.fix and (failure.code != "HW103" or not near):  # what is no name at all has a better one
        fix = failure.fix
    reason = failure.reason if failure else "this is no quantity of the problem"
    message = f"the answer to `{safe_text(title.text, 60)}` is left out: {reason}"
    page.warn("HW411", message, title.span, question.id, fix)
    return None


def _is_by_turns(tree: Expr) -> bool:
    """Tell whether a formula is what a loop defines, or a part of it."""
    return isinstance(tree, Call) and tree.op == "stack" and all(isinstance(arg, Name) for arg in tree.args)


def answers_to(page: Page, question: Question, tree: Tree) -> list[tuple[Wanted, Tree]]:
    """Take the answer to one question apart: names with values, or the bare value of the one quantity that is asked."""
    if isinstance(tree, Map):
        pairs = ((wanted_of(page, question, title), value) for title, value in tree.items)
        return [part for wanted, value in pairs if wanted is not None for part in _parted(wanted, value)]
    if is_blank(tree):
        return []
    if len(question.asks) == 1:
        ask = question.asks[0]
        return _parted(Wanted(ask.name, ask.tree, True), tree)
    message = "this question asks for several quantities, and one value stands here"
    asked = ", ".join(ask.name for ask in question.asks)
    page.warn("HW412", message, tree.span, question.id, f"write each on its own line: {asked}")
    return []


def written_of(wanted: Wanted, tree: Tree, question: str, table: Table, target: Target) -> Written:
    """Read one value and bring its entries to the places of the quantity that it is about.

    Args:
        wanted: what the value is about.
        tree: what was typed.
        question: the id of the question it was written to.
        table: the table that has the quantity.
        target: the quantity, and the shape and the places of what the name picks of it.
    """
    quantity = quantity_of(wanted.tree, table.shapes) or ""
    made = Written(
        question, wanted.title, target.name, quantity, wanted.asked, text_of(tree), None, "", "", (), False, tree.span
    )
    if is_blank(tree):
        return made._replace(blank=True)
    whole = table.shape(target.name)
    if is_symbolic(whole):
        return made
    try:
        typed = _part_of(read_typed(_value_alone(wanted, tree)), wanted.part, target.shape)
        values, remarks = laid_out(typed, target.shape, wanted)
    except FormulaError as error:
        return made._replace(trouble=error.reason, fix=error.fix)
    cells: list[Entry | None] = [None] * entries(whole)
    for place, entry in zip(target.places, values, strict=True):
        cells[place] = entry
    return made._replace(typed=tuple(cells), remarks=remarks)


def _part_of(typed: Typed, part: tuple[tuple[int, int], ...], shape: Shape) -> Typed:
    """Give the part of a value that is about one turn of a loop.

    Raises:
        FormulaError: the value has not a part for each turn.
    """
    for at, many in part:
        if not typed.shape or typed.shape[0] != many:
            inner = show_shape(tuple(shape)).removeprefix("a ")
            fix = f"write a list with {many} entries, one for each turn" + (f", each a {inner}" if shape else "")
            raise FormulaError(f"{many} turns of a loop are wanted, and this is {show_shape(typed.shape)}", 0, 1, fix)
        size = len(typed.entries) // many
        typed = Typed(typed.entries[at * size : (at + 1) * size], typed.shape[1:])
    return typed


def _value_alone(wanted: Wanted, tree: Tree) -> Tree:
    """Give a value without its own name before it (`J = 0.708`); a decision's `yes` or `no` as the number."""
    if not isinstance(tree, Scalar):
        return tree
    head, equals, rest = tree.text.partition("=")
    text = rest if equals and key("".join(head.split())) == key("".join(wanted.title.split())) else tree.text
    if isinstance(wanted.tree, Call) and wanted.tree.op in COMPARISONS:
        text = DECISIONS.get(text.strip().lower(), text)
    return tree if text == tree.text else tree._replace(text=text)


def is_symbolic(shape: Shape) -> bool:
    """Tell whether a size of a shape is a name, so that there are no values."""
    return any(not isinstance(size, int) for size in shape)


def laid_out(typed: Typed, shape: Shape, wanted: Wanted) -> tuple[tuple[Entry | None, ...], tuple[str, ...]]:
    """Bring what was typed to the wanted shape.

    A row for a column is accepted and remarked, and the other way round, as is a diagonal Jacobian for a vector of
    slopes, and the slopes alone for that. A matrix with rows and columns exchanged is read, and left to the marking.

    Raises:
        FormulaError: another shape.
    """
    typed = _unended(typed, shape)
    if typed.shape == shape or (is_number(shape) and is_number(typed.shape)):
        return typed.entries, ()
    bare = tuple(size for size in shape if size != 1)
    if len(bare) == 1 and bare == tuple(size for size in typed.shape if size != 1):
        if len(shape) == 2 and len(typed.shape) == 2:
            return typed.entries, ("row",) if shape[1] == 1 else ("column",)
        return typed.entries, ("row",) if len(shape) == 1 and typed.shape[0] == 1 else ()
    if bare == tuple(size for size in typed.shape if size != 1):  # an axis of one place more or less
        return typed.entries, ()
    if _is_slope(wanted) and len(shape) == 1 and typed.shape == (shape[0], shape[0]):
        size = int(shape[0])
        aside = [entry for at, entry in enumerate(typed.entries) if at // size != at % size]
        if all(entry is None or entry.value == 0 for entry in aside):
            return typed.entries[:: size + 1], ("jacobian",)
    if _is_diagonal(wanted) and len(shape) == 2 and typed.shape == shape[:1]:
        size = len(typed.entries)
        zero = Entry("0", 0.0, 0.0, EXACT, None)
        return tuple(typed.entries[at // size] if at // size == at % size else zero for at in range(size**2)), (
            "diagonal",
        )
    if len(shape) == 2 and typed.shape[::-1] == shape:
        rows, columns = typed.shape
        turned = [typed.entries[row * columns + column] for column in range(columns) for row in range(rows)]
        return tuple(turned), (TRANSPOSED,)
    raise FormulaError(f"{show_shape(shape)} is wanted, and this is {show_shape(typed.shape)}", 0, 1)


def _is_slope(wanted: Wanted) -> bool:
    """Tell whether a derivative is wanted: only of these a Jacobian can be written."""
    return isinstance(wanted.tree, Name) and "/d" in wanted.tree.id


def _is_diagonal(wanted: Wanted) -> bool:
    """Tell whether the diagonal Jacobian of an elementwise definition is wanted."""
    tree = wanted.tree
    return isinstance(tree, Call) and tree.op == "diag" and isinstance(tree.args[0], Name) and "/d" in tree.args[0].id


def _unended(typed: Typed, shape: Shape) -> Typed:
    """Take the commas at the ends of rows off, where nothing is wanted behind them."""
    if not typed.shape or len(typed.shape) != len(shape) or typed.shape[-1] - 1 != shape[-1]:
        return typed
    size = typed.shape[-1]
    if any(entry is not None for entry in typed.entries[size - 1 :: size]):
        return typed
    kept = tuple(entry for at, entry in enumerate(typed.entries) if at % size != size - 1)
    return Typed(kept, (*typed.shape[:-1], size - 1))


def places_of(tree: Expr, shapes: Shapes, shape: Shape) -> list[int]:
    """Give the flat places of a quantity that a name such as W1[1,2] picks: all of them for the plain name."""
    sizes = tuple(int(size) for size in shape)
    flat: Array = np.arange(entries(shape))
    if not (isinstance(tree, Call) and tree.op == "[]"):
        return [int(place) for place in flat]
    axes, items = index_axes(sizes, tree.args[1:])
    flat = flat.reshape(tuple(map(int, axes)))
    index: list[int | slice] = []
    for item, size in zip(items, flat.shape, strict=True):
        ends = axis_range(item, size, shapes)
        index.append(int(whole_number(item, shapes)) - 1 if ends is None else slice(int(ends[0]) - 1, int(ends[1])))
    return [int(place) for place in np.ravel(flat[tuple(index)])]
