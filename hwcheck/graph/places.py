"""One entry of a formula's value where sizes and places may be names: a product of matrices is a sum over a variable.

The entry [i,j] of `(W2ᵀ g) xᵀ` is `sum(k = 1..d3, W2[k,i] · g[k]) · x[j]`.
"""

from __future__ import annotations

from ..formula.expr import OPERATORS, Call, Expr, Name, Num, bound_names, names, number
from .algebra import minus, negative, plus, times
from .functions import row_of
from .meaning import meant, within
from .shapes import Shape, Shapes, index_axes, is_number, shape_of
from .sizes import Size, size_tree

VARIABLES = ("k", "m", "r", "q", "u", "v", *(f"k{at}" for at in range(1, 20)))

Places = tuple[Expr, ...]


def place_of(tree: Expr, places: Places, shapes: Shapes, taken: frozenset[str] = frozenset()) -> Expr:
    """Give the formula of the entry at some places; `taken` are names that no variable may have."""
    shape = shape_of(tree, shapes)
    if isinstance(tree, Num) or not shape:
        return tree
    if len(places) != len(shape):  # a column may have one axis or two
        places = (*places, *[number(1)] * len(shape))[: len(shape)]
    if isinstance(tree, Name):
        return Call("[]", (tree, *places))
    if within(tree, shapes) is not None:  # the sum stays one, and its entry is taken
        return Call("[]", (tree, *places))
    plain = meant(tree, shapes)
    if plain is not tree or not isinstance(plain, Call):
        return place_of(plain, places, shapes, taken)
    if tree.op == "neg":
        return negative(place_of(tree.args[0], places, shapes, taken))
    if tree.op == "ᵀ":
        inner = shape_of(tree.args[0], shapes)
        return place_of(tree.args[0], places[1:] if len(inner) == 1 else places[::-1], shapes, taken)
    if tree.op == "@":
        return _product(tree, places, shapes, taken)
    if tree.op in ("ones", "zeros"):
        return number(tree.op == "ones")
    if tree.op in ("[;]", "[,]"):
        return _joined(tree, places, shapes, taken)
    of_base = _within_slice(tree, places, shapes) if tree.op == "[]" else None
    if of_base is not None:
        return of_base
    row = row_of(tree.op, shapes.functions)
    if tree.op in ("+", "-", "⊙", "/", "^") or (row.kind == "each" and tree.op not in OPERATORS):
        args = [_operand(arg, places, shape, shapes, taken) for arg in tree.args]
        found = [arg for arg in args if arg is not None]
        if len(found) == len(args):
            if tree.op == "⊙":
                return times(found[0], found[1], shapes)
            if tree.op in ("+", "-"):
                return (plus if tree.op == "+" else minus)(found[0], found[1])
            return Call(tree.op, tuple(found))
    return Call("[]", (tree, *places))


def _within_slice(tree: Call, places: Places, shapes: Shapes) -> Expr | None:
    """Give the entry of a slice as one of the array: `x[:,c]` at n is `x[n,c]`; None where the axes are others."""
    base, *items = tree.args
    whole = shape_of(base, shapes)
    flat, full = index_axes(whole, tuple(items))
    if flat != whole:
        return None
    rest = list(places)
    out: list[Expr] = []
    for item in full:
        if not isinstance(item, Call) or item.op not in (":", ".."):
            out.append(item)
            continue
        place = rest.pop(0)
        shifted = item.op == ".." and item.args[0] != number(1)
        out.append(minus(plus(place, item.args[0]), number(1)) if shifted else place)
    return None if rest else Call("[]", (base, *out))


def _joined(tree: Call, places: Places, shapes: Shapes, taken: frozenset[str]) -> Expr:
    """Give an entry of arrays stacked or side by side, where it is known in which of them it lies."""
    axis = 1 if tree.op == "[,]" else 0
    if axis < len(places) and isinstance(at := places[axis], Num):
        place = int(at.value)
        for part in tree.args:
            shape = shape_of(part, shapes)
            size = (*shape, 1, 1)[axis]
            if isinstance(size, str):
                break
            if place <= size:
                inside = (*places[:axis], number(place), *places[axis + 1 :])
                return place_of(part, inside[: len(shape)], shapes, taken)
            place -= size
    return Call("[]", (tree, *places))


def _operand(arg: Expr, places: Places, whole: Shape, shapes: Shapes, taken: frozenset[str]) -> Expr | None:
    """Give the entry of an operand that meets an entry of the value; None where that is not the one at its places."""
    shape = shape_of(arg, shapes)
    if shape == whole:
        return place_of(arg, places, shapes, taken)
    return place_of(arg, (number(1),) * len(shape), shapes, taken) if is_number(shape) else None


def _product(tree: Call, places: Places, shapes: Shapes, taken: frozenset[str]) -> Expr:
    """Give an entry of a product of matrices: row times column."""
    left, right = tree.args
    first, second = shape_of(left, shapes), shape_of(right, shapes)
    inner: Size = first[1] if len(first) == 2 else 1
    used = {*taken, *names(tree), *bound_names(tree), *(name for place in places for name in names(place))}
    free = next((name for name in VARIABLES if name not in used and name not in shapes.functions), None)
    if free is None:
        return Call("[]", (tree, *places))
    at: Expr = number(1) if inner == 1 else Name(free)
    below = taken if inner == 1 else taken | {free}
    row = place_of(left, (places[0], at)[: len(first)], shapes, below)
    column = place_of(right, (at, *places[1:])[: len(second)], shapes, below)
    found = times(row, column, shapes)
    return found if inner == 1 else Call("sum", (Call("=", (at, Call("..", (number(1), size_tree(inner))))), found))
