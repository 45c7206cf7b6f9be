"""How the operands of each operation must fit together, and the shape that they make: a rule for each operation whose
kind does not say it.

Every misfit is an error that names both operands with their shapes.
"""

from __future__ import annotations

from math import prod

from ..formula.expr import Call, Expr, Name, walk
from ..formula.lex import FormulaError
from ..formula.show import unicode
from .functions import row_of
from .meaning import binds, is_even
from .shapes import (
    MAX_TERMS,
    Shape,
    Shapes,
    all_together,
    axis_range,
    entries,
    index_axes,
    is_number,
    of_jacobian,
    over_batch,
    product,
    refused,
    shape_of,
    show_shape,
    times,
    together,
    whole_number,
)
from .sizes import Size, plus

MAX_SIZE = 100_000
MOST_TURNS = 20_000  # of loops that are worked out all at once
#: So many loops inside each other, and variables of all: each is looked at twice, at its first turn and at its last.
MOST_NESTED, MOST_BOUND = 8, 16


def pair(tree: Call, shapes: Shapes) -> tuple[Shape, Shape]:
    """Give the shapes of two operands."""
    return shape_of(tree.args[0], shapes), shape_of(tree.args[1], shapes)


def misfit(tree: Call, shapes: Shapes, fix: str = "") -> FormulaError:
    """Give the error for two operands that do not fit."""
    parts = [f"`{unicode(arg)}` is {show_shape(shape_of(arg, shapes))}" for arg in tree.args]
    return refused(f"the shapes do not fit {row_of(tree.op, shapes.functions).about}: {' and '.join(parts)}", tree, fix)


def each(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of an operation between two operands entry by entry."""
    found = together(*pair(tree, shapes))
    if found is None:
        raise misfit(tree, shapes)
    return found


def added(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of a sum or difference; a bias goes over a batch."""
    left, right = pair(tree, shapes)
    found = together(left, right)
    if found is not None:
        return found
    if over_batch(left, right, shapes.samples) is not None:
        return left
    if over_batch(right, left, shapes.samples) is not None:
        return right
    raise misfit(tree, shapes)


def linear(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of a product of linear algebra."""
    left, right = pair(tree, shapes)
    found = product(left, right)
    if found is None:
        fix = "only arrays of at most two axes are multiplied"
        if len(left) <= 2 and len(right) <= 2:
            fix = (
                "transpose one of them, or write ⊙ for the product entry by entry"
                if together(left, right)
                else "the columns of the first must be the rows of the second"
            )
        raise misfit(tree, shapes, fix)
    return found[1]


def starred(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of a product written with `*`, which has the one reading that fits."""
    left, right = pair(tree, shapes)
    meaning = times(left, right)
    if meaning == "both":
        fix = "write ⊙ (or .*) entry by entry, @ for the matrix product"
        raise refused("`*` between two arrays can mean two things", tree, fix, "HW312")
    multiplied = product(left, right)
    found = together(left, right) if meaning == "each" or multiplied is None else multiplied[1]
    if meaning is None or found is None:
        raise misfit(tree, shapes)
    return found


def transposed(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of a transpose; that of a vector is a row."""
    shape = shape_of(tree.args[0], shapes)
    if len(shape) > 2:
        raise refused(f"only arrays of at most two axes are transposed; this is {show_shape(shape)}", tree)
    return (1, *shape) if len(shape) == 1 else shape[::-1]


def placed(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of zeros with something at an index: that of the second argument, which the rest must index."""
    part, like, *items = tree.args
    taken = indexed(Call("[]", (like, *items), tree.at), shapes)
    given = shape_of(part, shapes)
    same = given == taken or is_number(given) == is_number(taken)  # a column may have one axis or two
    if not same or together(given, taken) is None:
        raise refused(f"{show_shape(taken)} is wanted at this index, and this is {show_shape(given)}", part)
    return shape_of(like, shapes)


def indexed(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of an entry or a slice."""
    whole = of_jacobian(tree, shapes)
    if whole is not None:
        return indexed(whole, shapes)
    shape, items = index_axes(shape_of(tree.args[0], shapes), tree.args[1:])
    if len(items) > len(shape):
        base = unicode(tree.args[0])
        several = "indices" if len(items) > 1 else "index"
        what = f"`{base}` is {show_shape(shape)}, and here are {len(items)} {several}"
        raise refused(what, tree, "write one index for each axis, : for a whole one", "HW311")
    out: list[Size] = []
    for item, size in zip(items, shape, strict=True):
        try:
            ends = axis_range(item, size, shapes)
        except FormulaError as error:
            what = f"{error.reason}; `{unicode(tree.args[0])}` is {show_shape(shape)}"
            raise FormulaError(what, error.start, error.end, error.fix, error.code) from None
        if ends is None:
            continue
        low, high = ends
        out.append(plus(plus(high, low, -1), 1))
    return tuple(out)


def joined(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of `[a, b]` (side by side) and `[a; b]` (stacked): a vector counts as a column, a number as one
    entry."""
    side = tree.op == "[,]"
    parts = [shape_of(arg, shapes) for arg in tree.args]
    if any(len(shape) > 2 for shape in parts):
        raise refused("only arrays of at most two axes are set side by side", tree)
    full = [(*shape, 1, 1)[:2] if shape else (1, 1) for shape in parts]
    kept, grown = (0, 1) if side else (1, 0)
    if len({shape[kept] for shape in full}) > 1:
        first, other = full[0], next(shape for shape in full if shape[kept] != full[0][kept])
        what = "rows" if side else "columns"
        raise refused(f"these have unlike numbers of {what}: {first[kept]} and {other[kept]}", tree)
    total: Size = 0
    for shape in full:
        total = plus(total, shape[grown])
    if side:
        return (full[0][0], total)
    return (total,) if all(len(shape) < 2 for shape in parts) else (total, full[0][1])


def turns_of(tree: Expr, shapes: Shapes) -> int:
    """Give how many turns the loops of a formula take in all, those inside of others counted at the others' ends."""
    if not isinstance(tree, Call):
        return 1
    count = 1
    parts: list[Expr] = []
    for arg in sorted(tree.args, key=lambda arg: not (isinstance(arg, Call) and arg.op == "=")):
        if isinstance(arg, Call) and arg.op == "=":
            variable, ends = arg.args
            assert isinstance(variable, Name)
            assert isinstance(ends, Call)
            low, high = (whole_number(end, shapes) for end in ends.args)
            if isinstance(low, int) and isinstance(high, int):
                count *= max(high - low + 1, 0)
                shapes = shapes._replace(numbers={**shapes.numbers, variable.id: high})
        else:
            parts.append(arg)
    return count * max((turns_of(part, shapes) for part in parts), default=1)


def _nested(tree: Expr) -> tuple[int, int]:
    """Give how deep the loops of a formula are nested, and how many variables are bound where most are."""
    if not isinstance(tree, Call):
        return 0, 0
    inside = [_nested(arg) for arg in tree.args]
    loops = sum(isinstance(arg, Call) and arg.op == "=" for arg in tree.args)
    return (
        max((deep for deep, _ in inside), default=0) + (loops > 0),
        max((many for _, many in inside), default=0) + loops,
    )


def _looped(tree: Call, body: Expr, shapes: Shapes) -> tuple[Shape, Shape]:
    """Infer the number of turns of each loop of a formula, and the shape of what is inside: at the first turn and at
    the last, so that an index that leaves its array on the way is found.

    Raises:
        FormulaError: loops that are too long or too deep, or an inside that does not fit.
    """
    deep, many = _nested(tree)
    if deep > MOST_NESTED or many > MOST_BOUND:
        fix = f"write at most {MOST_NESTED} loops inside each other, of {MOST_BOUND} variables"
        raise refused("too many loops are nested here", binds(tree)[0], fix, "HW311")
    sizes: list[Size] = []
    first, last = dict(shapes.numbers), dict(shapes.numbers)
    for bind in binds(tree):
        variable, ends = bind.args
        assert isinstance(variable, Name)
        assert isinstance(ends, Call)
        low, high = (whole_number(end, shapes.with_numbers(first)) for end in ends.args)
        sizes.append(plus(plus(high, low, -1), 1))
        first[variable.id] = low if isinstance(low, int) else 1
        end = whole_number(ends.args[1], shapes.with_numbers(last))
        last[variable.id] = end if isinstance(end, int) else first[variable.id]
    if is_even(tree):
        turns = prod(size for size in sizes if isinstance(size, int) and size > 0)
        shapes = shapes._replace(turns=shapes.turns * turns)
    found = shape_of(body, shapes.with_numbers(first))
    if last != first and all(isinstance(size, int) and size > 0 for size in sizes):
        other = shape_of(body, shapes.with_numbers(last))
        if other != found:
            shown = f"{show_shape(found)} first and {show_shape(other)} at last"
            raise refused(f"the turns of a loop have unlike shapes: {shown}", body, "give every turn the same size")
    turns = turns_of(tree, shapes)
    most = MOST_TURNS if is_even(tree) else MAX_TERMS
    if turns > most:
        fix = f"loops take at most {most} turns" + ("" if is_even(tree) else ", where sizes change from turn to turn")
        raise refused(f"these loops are too long: {turns} turns", binds(tree)[0], fix, "HW311")
    return tuple(sizes), found


def arrayed(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of an array by loops: an axis for each loop, then those of what is inside."""
    variables = {bind.args[0] for bind in binds(tree)}
    for bind in binds(tree):
        if any(part in variables for part in walk(bind.args[1])):
            fix = "give every loop an end that does not depend on another; what is left over may be 0"
            raise refused("the turns of a loop have unlike shapes: another variable is in its end", bind, fix)
    sizes, inside = _looped(tree, tree.args[0], shapes)
    if any(isinstance(size, int) and size < 1 for size in sizes):
        raise refused("a loop without a turn makes no array", binds(tree)[0], "write for t = 1..3")
    return (*sizes, *inside)


def stacked(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of arrays of one shape along a new leading axis."""
    return (len(tree.args), *all_together(tree, shapes))


def reduced(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of a sum, maximum or minimum: over loop variables, of all entries, or of several arguments entry
    by entry."""
    if binds(tree):
        return _looped(tree, tree.args[-1], shapes)[1]
    if len(tree.args) == 1:
        shape_of(tree.args[0], shapes)
        return ()
    if tree.op in ("sum", "mean"):
        raise refused(
            f"`{tree.op}` takes one array, or loop variables and a formula",
            tree,
            f"write {tree.op}(j = 1..3, x[j])",
        )
    return all_together(tree, shapes)


def sizes_of(args: tuple[Expr, ...], shapes: Shapes) -> Shape:
    """Give the shape that arguments name."""
    sizes = tuple(whole_number(arg, shapes) for arg in args)
    for size, arg in zip(sizes, args, strict=True):
        if isinstance(size, int) and not 1 <= size <= MAX_SIZE:
            what = f"an array cannot have {size} places along an axis"
            raise refused(what, arg, f"sizes run from 1 to {MAX_SIZE}", "HW311")
    return sizes


def sized(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of an array whose arguments are its sizes."""
    return sizes_of(tree.args, shapes)


def square(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of the identity matrix."""
    return sizes_of(tree.args * 2, shapes)


def spaced(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of linspace."""
    return sizes_of(tree.args[2:], shapes)


def reshaped(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of the same entries in another layout."""
    sizes = sizes_of(tree.args[1:], shapes)
    given = shape_of(tree.args[0], shapes)
    if all(isinstance(size, int) for size in (*given, *sizes)) and entries(given) != entries(sizes):
        raise refused(f"{entries(given)} entries cannot be laid out as {' x '.join(map(str, sizes))}", tree)
    return sizes


def like_first(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of what stands before `for`."""
    return shape_of(tree.args[0], shapes)


def diagonal(tree: Call, shapes: Shapes) -> Shape:
    """Infer the shape of the diagonal matrix of a vector, or of the diagonal of a square matrix."""
    shape = shape_of(tree.args[0], shapes)
    if len(shape) == 2 and shape[1] == 1:
        shape = shape[:1]
    if len(shape) == 2 and shape[0] == shape[1]:
        return shape[:1]
    if len(shape) > 1:
        raise refused(f"`diag` takes a vector; this is {show_shape(shape)}", tree)
    return (shape[0], shape[0]) if shape else (1, 1)
