"""Shapes, inferred once from the formulas: what fits, and what a formula's value looks like.

A shape is a tuple of sizes, each a whole number or a name that stands for one. A number has the shape (), a vector (n,)
is a column, a matrix (n, m). An array of one entry goes wherever a number goes. Nothing broadcasts but a number over
every entry and a bias over a batch.
"""

from collections.abc import Callable, Mapping, Set

from ..formula.expr import Call, Expr, Name, Num, names
from ..formula.lex import FormulaError
from ..formula.names import Parts, join, split
from ..formula.show import unicode
from ..record import NamedTuple
from .functions import Functions, body_of, row_of
from .sizes import Size, size_in

Shape = tuple[Size, ...]


MAX_ENTRIES = 4_000_000
MAX_AXES = 12  # NumPy has 64, and 32 for some functions; those of students, points and loops stand before them
MOST_AT_ONCE = 1_000_000  # entries of an array in all turns of the loops around it
MAX_TERMS = 250  # of a loop that is written out: its sum is as deep as it is long


class Shapes(NamedTuple):
    """What shape inference reads: the shape of each name, the rows of functions, whole numbers that names stand for,
    the side samples lie on, the shapes it has found, by the tree itself: formulas share their parts, and the quantities
    that are sizes without a value."""

    of: Callable[[str], Shape]
    functions: Functions
    numbers: Mapping[str, float]
    samples: str
    found: dict[int, tuple[Expr, Shape]]
    symbols: Set[str] = frozenset()
    turns: int = 1

    def with_numbers(self, numbers: Mapping[str, float]) -> "Shapes":
        """Give the same with other numbers for names, loop variables for example."""
        return self._replace(numbers=numbers, found={})


def is_number(shape: Shape) -> bool:
    """Tell whether an array of this shape goes wherever a number goes: it has one entry."""
    return shape.count(1) == len(shape)


def entries(shape: Shape) -> int:
    """Give the number of entries.

    Raises:
        ValueError: a size is a name.
    """
    total = 1
    for size in shape:
        total *= int(size)
    return total


def show_shape(shape: Shape) -> str:
    """Give a shape in words: "a number", "a vector of 3", "a 2 x 3 matrix"."""
    if not shape:
        return "a number"
    if len(shape) == 1:
        return f"a vector of {shape[0]}"
    return f"a {' x '.join(str(size) for size in shape)} " + ("matrix" if len(shape) == 2 else "array")


def refused(what: str, tree: Expr, fix: str = "", code: str = "HW310") -> FormulaError:
    """Give the error that refuses a part of a formula."""
    return FormulaError(what, tree.at.start, tree.at.end, fix, code)


def together(left: Shape, right: Shape) -> Shape | None:
    """Give the shape of an entry-by-entry operation; None where the shapes do not fit."""
    if left == right:
        return left
    if is_number(left) and is_number(right):
        return max(left, right, key=len)
    if is_number(left):
        return right
    if is_number(right):
        return left
    if left == (*right, 1):
        return right
    if right == (*left, 1):
        return left
    return None


def over_batch(whole: Shape, bias: Shape, samples: str) -> int | None:
    """Give the axis of `whole` along which a bias repeats; None where it is no bias of it."""
    if len(whole) != 2 or is_number(bias):
        return None
    if len(bias) == 2:
        if bias == (whole[0], 1):
            return 1
        return 0 if bias == (1, whole[1]) else None
    if len(bias) != 1:
        return None
    fits = [axis for axis in (1, 0) if bias[0] == whole[1 - axis]]
    if len(fits) == 2:
        return 1 if samples == "columns" else 0
    return fits[0] if fits else None


def sample_axis(shape: Shape, samples: str) -> int | None:
    """Give the axis of a batch along which the samples lie; None for one sample."""
    if len(shape) != 2 or 1 in shape:
        return None
    return 1 if samples == "columns" else 0


def sample_count(shape: Shape, samples: str) -> Size:
    """Give the number of samples of a batch."""
    axis = sample_axis(shape, samples)
    return 1 if axis is None else shape[axis]


def product(left: Shape, right: Shape) -> tuple[str, Shape] | None:
    """Give the kind of a product of linear algebra ("scale", "matrix") and its shape; None where the shapes do not fit.
    A vector is a column."""
    if not left or not right:
        return "scale", left or right
    if len(left) <= 2 and len(right) <= 2:
        rows, inner = left if len(left) == 2 else (left[0], 1)
        other, columns = right if len(right) == 2 else (right[0], 1)
        if inner == other:
            return "matrix", (rows,) if len(right) == 1 else (rows, columns)
    if is_number(left):
        return "scale", right
    if is_number(right):
        return "scale", left
    return None


def times(left: Shape, right: Shape) -> str | None:
    """Give what `*` means between these shapes: "each", "product", "both" where either would fit, None where none
    does."""
    if is_number(left) or is_number(right):
        return "each"
    each, linear = together(left, right), product(left, right)
    if each is not None and linear is not None:
        return "both"
    return "each" if each is not None else "product" if linear is not None else None


def shape_of(tree: Expr, shapes: Shapes) -> Shape:
    """Infer the shape of a formula's value.

    Raises:
        FormulaError: operands whose shapes do not fit, both named with their shapes.
    """
    if isinstance(tree, Num):
        return ()
    if isinstance(tree, Name):
        return () if tree.id in shapes.numbers else shapes.of(tree.id)
    known = shapes.found.get(id(tree))
    if known is not None:
        return known[1]
    shape = _inferred(tree, shapes)
    if (
        shapes.turns > 1
        and all(isinstance(size, int) for size in shape)
        and shapes.turns * entries(shape) > MOST_AT_ONCE
    ):
        raise refused("these loops take too many turns at once", tree, "write them with arrays", "HW311")
    shapes.found[id(tree)] = (tree, shape)  # kept with the tree, so that no other can take its identity
    return shape


def _inferred(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of an operation's value by its row."""
    if tree.op in ("=", "..", ":"):
        raise refused("a loop or a range is no quantity", tree)
    row = row_of(tree.op, shapes.functions)
    if row.shape is not None:
        return _within(row.shape(tree, shapes), tree)
    if not tree.args:
        return ()
    if row.kind == "each":
        return all_together(tree, shapes)
    if row.kind == "all":
        for arg in tree.args:
            shape_of(arg, shapes)
        if len(row.params) == 1:
            return ()
    return shape_of(body_of(tree, shapes.functions), shapes)


def _within(shape: Shape, tree: Expr) -> Shape:
    """Give the shape back if the memory of a small machine holds such an array; raise FormulaError otherwise."""
    if len(shape) > MAX_AXES:
        what = f"an array of {len(shape)} axes is too much to be worked out"
        raise refused(what, tree, f"arrays have at most {MAX_AXES} axes", "HW311")
    count = 1
    for size in shape:
        if not isinstance(size, int):
            return shape
        count *= size
    if count > MAX_ENTRIES:
        what = f"an array of {count} entries is too large to be worked out"
        raise refused(what, tree, f"arrays have at most {MAX_ENTRIES} entries", "HW311")
    return shape


def all_together(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of arguments that are brought together entry by entry.

    Raises:
        FormulaError: shapes that do not fit.
    """
    found: Shape = ()
    for arg in tree.args:
        shape = shape_of(arg, shapes)
        both = together(found, shape)
        if both is None:
            raise refused(
                f"the arguments of `{tree.op}` have unlike shapes: {show_shape(found)} and {show_shape(shape)}", tree
            )
        found = both
    return found


def whole_number(tree: Expr, shapes: Shapes) -> Size:
    """Give the whole number, or the formula of sizes' names, that an index, a range end or a size stands for.

    Raises:
        FormulaError: it is no whole number that the sheet fixes.
    """
    if isinstance(tree, Name) and tree.id not in shapes.numbers and not _is_quantity(tree.id, shapes):
        return tree.id
    value = fixed_number(tree, shapes)
    if value is None:
        made = size_in(tree, lambda name: _size_named(name, shapes))
        if made is not None:
            return made
    if value is None or value != int(value):
        read = any(_is_quantity(name, shapes) for name in names(tree))
        fix = "a value picks nothing: of classes, write sum(one_hot(k, K) ⊙ p)" if read else "write a whole number"
        raise refused(f"`{unicode(tree)}` is no whole number here", tree, fix, "HW311")
    return int(value)


def _size_named(tree: Name, shapes: Shapes) -> Size | None:
    """Give the size that a name stands for; None where it is another quantity, or no whole number."""
    if tree.id in shapes.numbers:
        value = shapes.numbers[tree.id]
        return int(value) if value == int(value) else None
    return None if _is_quantity(tree.id, shapes) else tree.id


def _is_quantity(name: str, shapes: Shapes) -> bool:
    if name in shapes.symbols:
        return False
    try:
        shapes.of(name)
    except KeyError:
        return False
    return True


def of_jacobian(tree: Call, shapes: Shapes) -> Call | None:
    """Give the entry `dY1/dX1[i,j]` of the Jacobian of an elementwise definition, whose slopes are listed as a vector:
    that of their diagonal matrix; None for any other index."""
    base, *items = tree.args
    if len(items) != 2 or not isinstance(base, Name) or "/d" not in base.id or len(shape_of(base, shapes)) != 1:
        return None
    parts = split(base.id)
    for above in (join(Parts(parts.of, "", parts.step)), parts.of):
        try:
            shape = shapes.of(above)
        except KeyError:
            continue
        return Call("[]", (Call("diag", (base,)), *items), tree.at) if len(shape) == 1 else None
    return None


def fixed_number(tree: Expr, shapes: Shapes) -> float | None:
    """Give the number that a formula of literals, sizes and loop variables stands for; None where it is none."""
    if isinstance(tree, Num):
        return tree.value
    if isinstance(tree, Name):
        return shapes.numbers.get(tree.id)
    values = [fixed_number(arg, shapes) for arg in tree.args]
    if any(value is None for value in values):
        return None
    known = [value for value in values if value is not None]
    if tree.op == "neg":
        return -known[0]
    if tree.op in ("+", "-", "*", "@"):
        left, right = known
        return left + right if tree.op == "+" else left - right if tree.op == "-" else left * right
    if tree.op == "/" and known[1] != 0:
        return known[0] / known[1]
    return None


def index_axes(shape: Shape, items: tuple[Expr, ...]) -> tuple[Shape, tuple[Expr, ...]]:
    """Give the axes that an index runs over, and an item for each: one index of a row or a column counts its entries,
    and axes that are left out are taken whole."""
    if len(items) == 1 and len(shape) == 2 and 1 in shape:
        shape = (shape[0],) if shape[1] == 1 else (shape[1],)
    return shape, (*items, *[Call(":", ())] * (len(shape) - len(items)))


def is_slice(item: Expr) -> bool:
    """Tell whether an index takes several places of its axis: `:`, or `1..3`."""
    return isinstance(item, Call) and item.op in (":", "..")


def axis_range(item: Expr, size: Size, shapes: Shapes) -> tuple[Size, Size] | None:
    """Give the first and last place that a slice takes of an axis; None where the item is one index.

    Raises:
        FormulaError: a place that the axis does not have.
    """
    if isinstance(item, Call) and item.op == ":":
        return 1, size
    ends = item.args if isinstance(item, Call) and item.op == ".." else (item,)
    places = [whole_number(end, shapes) for end in ends]
    for place in places:
        if isinstance(place, int) and (place < 1 or (isinstance(size, int) and place > size)):
            raise refused(
                f"there is no place {place}: this axis has {size}",
                item,
                "indices count from 1",
                "HW311",
            )
    return (places[0], places[1]) if len(places) == 2 else None
