"""The values that a student wrote, read and brought to the places of the quantities that they are about."""

import numpy as np

from ..diagnostics import Span
from ..formula.expr import COMPARISONS, Call, Expr, Name
from ..formula.names import key
from ..formula.parse import FormulaError
from ..graph.functions import Array
from ..graph.shapes import Shape, Shapes, axis_range, entries, index_axes, is_number, show_shape, whole_number
from ..graph.table import Table
from ..record import NamedTuple
from ..yamltree import Scalar, Tree, as_typed
from .typed import EXACT, Entry, Typed, is_blank, read_typed
from .wanted import Wanted, quantity_of

#: The remark on a matrix whose rows are the columns that are asked.
TRANSPOSED = "transposed"
DECISIONS = {"yes": "1", "true": "1", "no": "0", "false": "0"}


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
        question, wanted.title, target.name, quantity, wanted.asked, as_typed(tree), None, "", "", (), False, tree.span
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
