"""Shapes, inferred once from the formulas: what fits, and what a formula's value looks like.

A shape is a tuple of sizes, each a whole number or a name that stands for one. A number has the shape (), a vector (n,)
is a column, a matrix (n, m). An array of one entry goes wherever a number goes. Nothing broadcasts but a number over
every entry and a bias over a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..formula.expr import COMPARISONS, Call, Expr, Name, Num, number, substitute
from ..formula.lex import FormulaError
from ..formula.show import unicode
from .functions import Functions, template

Size = int | str
Shape = tuple[Size, ...]
MAX_TERMS = 1000


class Shapes(NamedTuple):
    """What shape inference reads: the shape of each name, the rows of functions, whole numbers that names stand for,
    and the side samples lie on."""

    of: Callable[[str], Shape]
    functions: Functions
    numbers: Mapping[str, float] = {}
    samples: str = "columns"


def is_number(shape: Shape) -> bool:
    """Tell whether an array of this shape goes wherever a number goes: it has one entry."""
    return all(size == 1 for size in shape)


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


def _misfit(tree: Call, left: Shape, right: Shape, verb: str, fix: str = "") -> FormulaError:
    parts = [f"`{unicode(arg)}` is {show_shape(shape)}" for arg, shape in zip(tree.args, (left, right), strict=False)]
    return FormulaError(
        f"the shapes do not fit {verb}: {' and '.join(parts)}", tree.at.start, tree.at.end, fix, "HW310"
    )


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


def shape_of(tree: Expr, shapes: Shapes) -> Shape:
    """Infer the shape of a formula's value.

    Raises:
        FormulaError: operands whose shapes do not fit, both named with their shapes.
    """
    if isinstance(tree, Num):
        return ()
    if isinstance(tree, Name):
        return () if tree.id in shapes.numbers else shapes.of(tree.id)
    rule = RULES.get(tree.op)
    if rule is not None:
        return rule(tree, shapes)
    return _function(tree, shapes)


def whole_number(tree: Expr, shapes: Shapes) -> Size:
    """Give the whole number or the size's name that an index, a range end or a size stands for.

    Raises:
        FormulaError: it is no whole number that the sheet fixes.
    """
    if isinstance(tree, Name) and tree.id not in shapes.numbers and not _is_quantity(tree.id, shapes):
        return tree.id
    value = fixed_number(tree, shapes)
    if value is None or value != int(value):
        raise FormulaError(
            f"`{unicode(tree)}` is no whole number here", tree.at.start, tree.at.end, "write a whole number", "HW311"
        )
    return int(value)


def _is_quantity(name: str, shapes: Shapes) -> bool:
    try:
        shapes.of(name)
    except KeyError:
        return False
    return True


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


# --- rules ------------------------------------------------------------------------------------------------------------
# ---------------------


def _pair(tree: Call, shapes: Shapes) -> tuple[Shape, Shape]:
    return shape_of(tree.args[0], shapes), shape_of(tree.args[1], shapes)


def _add(tree: Call, shapes: Shapes) -> Shape:
    left, right = _pair(tree, shapes)
    found = together(left, right)
    if found is None:
        if over_batch(left, right, shapes.samples) is not None:
            return left
        if over_batch(right, left, shapes.samples) is not None:
            return right
        verb = "an addition" if tree.op == "+" else "a subtraction"
        raise _misfit(tree, left, right, verb)
    return found


def _each(tree: Call, shapes: Shapes) -> Shape:
    left, right = _pair(tree, shapes)
    found = together(left, right)
    if found is None:
        verb = {"⊙": "an entry-by-entry product", "/": "a division entry by entry", "^": "a power"}.get(
            tree.op, "a comparison"
        )
        raise _misfit(tree, left, right, verb)
    return found


def _product(tree: Call, shapes: Shapes) -> Shape:
    left, right = _pair(tree, shapes)
    found = product(left, right)
    if found is None:
        fix = "only arrays of at most two axes are multiplied"
        if len(left) <= 2 and len(right) <= 2:
            fix = (
                "transpose one of them, or write ⊙ for the product entry by entry"
                if together(left, right)
                else "the columns of the first must be the rows of the second"
            )
        raise _misfit(tree, left, right, "a product", fix)
    return found[1]


def times(left: Shape, right: Shape) -> str | None:
    """Give what `*` means between these shapes: "each", "product", "both" where either would fit, None where none
    does."""
    if is_number(left) or is_number(right):
        return "each"
    each, linear = together(left, right), product(left, right)
    if each is not None and linear is not None:
        return "both"
    return "each" if each is not None else "product" if linear is not None else None


def _times(tree: Call, shapes: Shapes) -> Shape:
    left, right = _pair(tree, shapes)
    meaning = times(left, right)
    if meaning == "both":
        raise FormulaError(
            "`*` between two arrays can mean two things",
            tree.at.start,
            tree.at.end,
            "write ⊙ (or .*) entry by entry, @ for the matrix product",
            "HW312",
        )
    if meaning is None:
        raise _misfit(tree, left, right, "a product")
    return _each(tree, shapes) if meaning == "each" else _product(tree, shapes)


def _transpose(tree: Call, shapes: Shapes) -> Shape:
    shape = shape_of(tree.args[0], shapes)
    if len(shape) > 2:
        raise FormulaError(
            f"only arrays of at most two axes are transposed; this is {show_shape(shape)}",
            tree.at.start,
            tree.at.end,
            "",
            "HW310",
        )
    return (1, *shape) if len(shape) == 1 else shape[::-1]


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
            raise FormulaError(
                f"there is no place {place}: this axis has {size}",
                item.at.start,
                item.at.end,
                "indices count from 1",
                "HW311",
            )
    return (places[0], places[1]) if len(places) == 2 else None


def _index(tree: Call, shapes: Shapes) -> Shape:
    shape = shape_of(tree.args[0], shapes)
    items = tree.args[1:]
    if len(items) == 1 and len(shape) == 2 and 1 in shape:
        shape = (shape[0],) if shape[1] == 1 else (shape[1],)
    if len(items) != len(shape):
        base = unicode(tree.args[0])
        raise FormulaError(
            f"`{base}` is {show_shape(shape)}, and here are {len(items)} indices",
            tree.at.start,
            tree.at.end,
            "write one index for each axis, : for a whole one",
            "HW311",
        )
    out: list[Size] = []
    for item, size in zip(items, shape, strict=True):
        ends = axis_range(item, size, shapes)
        if ends is None:
            continue
        low, high = ends
        if low == 1:
            out.append(high)
        elif isinstance(low, int) and isinstance(high, int):
            out.append(high - low + 1)
        else:
            out.append(f"{high} - {low} + 1")
    return tuple(out)


def _joined(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of `[a, b]` (side by side) and `[a; b]` (stacked): a vector counts as a column, a number as one
    entry."""
    side = tree.op == "[,]"
    parts = [shape_of(arg, shapes) for arg in tree.args]
    if any(len(shape) > 2 for shape in parts):
        raise FormulaError(
            "only arrays of at most two axes are set side by side", tree.at.start, tree.at.end, "", "HW310"
        )
    full = [(*shape, 1, 1)[:2] if shape else (1, 1) for shape in parts]
    kept, grown = (0, 1) if side else (1, 0)
    if len({shape[kept] for shape in full}) > 1:
        first, other = full[0], next(shape for shape in full if shape[kept] != full[0][kept])
        what = "rows" if side else "columns"
        raise FormulaError(
            f"these have unlike numbers of {what}: {first[kept]} and {other[kept]}",
            tree.at.start,
            tree.at.end,
            "",
            "HW310",
        )
    sizes = [shape[grown] for shape in full]
    total: Size = (
        sum(int(size) for size in sizes)
        if all(isinstance(size, int) for size in sizes)
        else " + ".join(str(size) for size in sizes)
    )
    if side:
        return (full[0][0], total)
    return (total,) if all(len(shape) < 2 for shape in parts) else (total, full[0][1])


def _reduce(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of a sum, maximum or minimum: over loop variables, of all entries, or of several arguments entry
    by entry."""
    binds = [arg for arg in tree.args if isinstance(arg, Call) and arg.op == "="]
    if binds:
        numbers = dict(shapes.numbers)
        for bind in binds:
            variable, ends = bind.args
            assert isinstance(variable, Name)
            assert isinstance(ends, Call)
            low = whole_number(ends.args[0], shapes._replace(numbers=numbers))
            whole_number(ends.args[1], shapes._replace(numbers=numbers))
            numbers[variable.id] = low if isinstance(low, int) else 1
        return shape_of(tree.args[-1], shapes._replace(numbers=numbers))
    if len(tree.args) == 1:
        shape_of(tree.args[0], shapes)
        return ()
    if tree.op == "sum":
        raise FormulaError(
            "`sum` takes one array, or loop variables and a formula",
            tree.at.start,
            tree.at.end,
            "write sum(j = 1..3, x[j])",
        )
    return _all_together(tree, shapes)


def _all_together(tree: Call, shapes: Shapes) -> Shape:
    found: Shape = ()
    for arg in tree.args:
        shape = shape_of(arg, shapes)
        both = together(found, shape)
        if both is None:
            raise FormulaError(
                f"the arguments of `{tree.op}` have unlike shapes: {show_shape(found)} and {show_shape(shape)}",
                tree.at.start,
                tree.at.end,
                "",
                "HW310",
            )
        found = both
    return found


def _sized(tree: Call, shapes: Shapes) -> Shape:
    skip = {"reshape": 1}.get(tree.op, 0)
    sizes = tuple(whole_number(arg, shapes) for arg in tree.args[skip:])
    for size, arg in zip(sizes, tree.args[skip:], strict=True):
        if isinstance(size, int) and not 1 <= size <= 100_000:
            raise FormulaError(
                f"an array cannot have {size} places along an axis",
                arg.at.start,
                arg.at.end,
                "sizes run from 1 to 100000",
                "HW311",
            )
    if tree.op == "reshape":
        given = shape_of(tree.args[0], shapes)
        if all(isinstance(size, int) for size in (*given, *sizes)) and entries(given) != entries(sizes):
            raise FormulaError(
                f"{entries(given)} entries cannot be laid out as {' x '.join(map(str, sizes))}",
                tree.at.start,
                tree.at.end,
                "",
                "HW310",
            )
    return (sizes[0], sizes[0]) if tree.op == "I" else sizes


def _linspace(tree: Call, shapes: Shapes) -> Shape:
    return _sized(Call("ones", tree.args[2:], tree.at), shapes)


def _count(tree: Call, shapes: Shapes) -> Shape:
    shape_of(tree.args[0], shapes)
    return ()


def _diag(tree: Call, shapes: Shapes) -> Shape:
    shape = shape_of(tree.args[0], shapes)
    if len(shape) == 2 and shape[1] == 1:
        shape = shape[:1]
    if len(shape) == 2 and shape[0] == shape[1]:
        return shape[:1]
    if len(shape) > 1:
        raise FormulaError(
            f"`diag` takes a vector; this is {show_shape(shape)}", tree.at.start, tree.at.end, "", "HW310"
        )
    return (shape[0], shape[0]) if shape else (1, 1)


def _function(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of a function's value from its row."""
    name = tree.op.rstrip("'")
    row = shapes.functions.get(name)
    assert row is not None, f"no function {tree.op}"
    if not tree.args:
        return ()
    if row.kind == "each":
        return _all_together(tree, shapes) if tree.op == name else shape_of(tree.args[0], shapes)
    if row.kind == "all":
        for arg in tree.args:
            shape_of(arg, shapes)
        if row.body and len(row.params) > 1:
            return shape_of(body_of(tree, shapes.functions), shapes)
        return ()
    return shape_of(body_of(tree, shapes.functions), shapes)


def unrolled(tree: Call, shapes: Shapes) -> Expr:
    """Write a sum, maximum or minimum over loop variables out, term by term.

    Raises:
        FormulaError: ends of a loop that are no whole numbers, or more terms than can be meant.
    """
    terms: list[Expr] = [tree]
    for _ in range(sum(isinstance(arg, Call) and arg.op == "=" for arg in tree.args)):
        terms = [part for term in terms for part in _one_loop_less(term, shapes)]
        if len(terms) > MAX_TERMS:
            raise _too_long(tree)
    terms = [term.args[0] for term in terms if isinstance(term, Call)]
    if not terms:
        return Num(0.0, "0")
    if tree.op != "sum":
        return Call(tree.op, tuple(terms), tree.at) if len(terms) > 1 else terms[0]
    total = terms[0]
    for term in terms[1:]:
        total = Call("+", (total, term), tree.at)
    return total


def _one_loop_less(tree: Expr, shapes: Shapes) -> list[Expr]:
    """Write the outermost loop out; the ends of the loops inside may read its variable."""
    assert isinstance(tree, Call)
    bind, *rest = tree.args
    assert isinstance(bind, Call)
    variable, ends = bind.args
    assert isinstance(variable, Name)
    assert isinstance(ends, Call)
    low, high = (whole_number(end, shapes) for end in ends.args)
    if not isinstance(low, int) or not isinstance(high, int) or high - low >= MAX_TERMS:
        raise _too_long(bind)
    inside = Call(tree.op, tuple(rest), tree.at)
    return [substitute(inside, {variable.id: number(at)}) for at in range(low, high + 1)]


def _too_long(tree: Call) -> FormulaError:
    return FormulaError(
        "this loop cannot be written out", tree.at.start, tree.at.end, f"at most {MAX_TERMS} terms", "HW311"
    )


def body_of(tree: Call, functions: Functions) -> Expr:
    """Give the body of a function with the arguments in the places of the parameters."""
    row = functions[tree.op]
    return _placed(substitute(template(row.body, row.params, functions), arguments_of(tree, functions)), tree)


def arguments_of(tree: Call, functions: Functions) -> dict[str, Expr]:
    """Give the arguments of a function by its parameters, defaults included; an operator's are x and y."""
    row = functions.get(tree.op)
    if row is None:
        return dict(zip(("x", "y"), tree.args, strict=False))
    given = dict(zip(row.params, tree.args, strict=False))
    for name, text in zip(reversed(row.params), reversed(row.defaults), strict=False):
        if name not in given and text:
            given[name] = template(text, (), functions)
    return given


def _placed(body: Expr, tree: Call) -> Expr:
    """Let errors inside a body point at the call."""
    if isinstance(body, Call):
        return Call(body.op, tuple(_placed(arg, tree) for arg in body.args), tree.at)
    return body


RULES: dict[str, Callable[[Call, Shapes], Shape]] = {
    "+": _add,
    "-": _add,
    "⊙": _each,
    "/": _each,
    "^": _each,
    **dict.fromkeys(COMPARISONS, _each),
    "neg": lambda tree, shapes: shape_of(tree.args[0], shapes),
    "*": _times,
    "@": _product,
    "ᵀ": _transpose,
    "[]": _index,
    "[,]": _joined,
    "[;]": _joined,
    "sum": _reduce,
    "max": _reduce,
    "min": _reduce,
    "if": _all_together,
    "diag": _diag,
    "I": _sized,
    "ones": _sized,
    "zeros": _sized,
    "reshape": _sized,
    "linspace": _linspace,
    "count": _count,
    "pi": lambda tree, shapes: (),
    "e": lambda tree, shapes: (),
    "place": lambda tree, shapes: shape_of(tree.args[1], shapes),
    "for": lambda tree, shapes: shape_of(tree.args[0], shapes),
}
