"""One entry of a formula's value, as a formula of numbers: what a person writes down who works it out by hand.

The entry [1] of `W1 U + b1` is `W1[1,1] · U[1] + W1[1,2] · U[2] + b1[1]`. The rules follow those of the evaluator, one
for each operation, so that a formula worked out entry by entry gives what it gives as a whole. An elementwise function
stays a call, `sigmoid(X1[1])`; a function of all entries, such as a loss or softmax, is written out by its body.

    >>> from hwcheck.formula.show import plain
    >>> shapes = Shapes({"W": (2, 2), "x": (2,)}.__getitem__, {})
    >>> plain(entry(Call("@", (Name("W"), Name("x"))), (2,), shapes))
    'W[2,1] * x[1] + W[2,2] * x[2]'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from itertools import product as every_pair
from typing import Any

from ..formula.expr import COMPARISONS, Call, Expr, Name, Num, number, rewrite
from .shapes import (
    Shape,
    Shapes,
    axis_range,
    body_of,
    entries,
    fixed_number,
    is_number,
    over_batch,
    product,
    shape_of,
    times,
    unrolled,
    whole_number,
)

Index = tuple[int, ...]
Array = Any  # one of NumPy's, which are not imported here


def indices(shape: Shape) -> list[Index]:
    """Give the indices of all entries of an array, counted from 1, the last one running fastest."""
    return list(every_pair(*(range(1, int(size) + 1) for size in shape)))


def relaid(index: Index, shape: Shape, wanted: Shape) -> Index:
    """Give the index, in another layout of the same entries, of the entry that has this index in `shape`."""
    if shape == wanted or not wanted:
        return index if wanted else ()
    at = 0
    for place, size in zip(index, shape, strict=True):
        at = at * int(size) + place - 1
    out: list[int] = []
    for size in reversed(wanted):
        at, place = divmod(at, int(size))
        out.append(place + 1)
    return tuple(reversed(out))


def entry(tree: Expr, index: Index, shapes: Shapes) -> Expr:
    """Give the formula of one entry of a formula's value; the index counts from 1 and has a place for each axis.

    Raises:
        ValueError: a size that matters is a name.
    """
    if isinstance(tree, Num):
        return tree
    if isinstance(tree, Name):
        return Call("[]", (tree, *(number(place) for place in index))) if index else tree
    rule = RULES.get(tree.op)
    if rule is not None:
        return rule(tree, index, shapes)
    return _function(tree, index, shapes)


def put_in(tree: Expr, values: Mapping[str, Array], number: Callable[[float], Expr]) -> Expr:
    """Give the formula with numbers for names and their entries; `number` gives the literal that is shown for a value.

    Signs are drawn out of products and sums as a person writes them: `−0.2·3`, and `a − 0.2·3` for `a + (−0.2)·3`.
    Names without a value stay.
    """

    def change(part: Expr) -> Expr | None:
        if isinstance(part, Name):
            return _literal(values[part.id], number) if part.id in values else None
        if isinstance(part, Num):
            return None
        if part.op == "[]":
            base, *items = part.args
            places = tuple(int(item.value) - 1 for item in items if isinstance(item, Num))
            if isinstance(base, Name) and base.id in values and len(places) == len(items):
                return number(float(values[base.id][places]))
        return tidy(Call(part.op, tuple(put_in(arg, values, number) for arg in part.args)))

    return rewrite(tree, change)


def tidy(tree: Call) -> Expr:
    """Draw the sign out of a product or a sum, and make a fraction of two literals one number."""
    op, (first, *rest) = tree.op, tree.args or (tree,)
    if len(rest) != 1:
        return tree
    second = rest[0]
    if op in ("@", "⊙") and (_is_literal(first) or _is_literal(second)):
        op = "*"
    opposite = _opposite(first)
    if op in ("*", "@", "/") and opposite is not None:
        return Call("neg", (tidy(Call(op, (opposite, second))),))
    opposite = _opposite(second)
    if op == "+" and opposite is not None:
        return Call("-", (first, opposite))
    if op == "/" and isinstance(first, Num) and isinstance(second, Num) and second.value:
        text = f"{first.text}/{second.text}"
        if text.count("/") == 1:
            return Num(first.value / second.value, text)
    return Call(op, (first, second))


def _opposite(tree: Expr) -> Expr | None:
    """Give what a minus sign stands before."""
    return tree.args[0] if isinstance(tree, Call) and tree.op == "neg" else None


def _is_literal(tree: Expr) -> bool:
    return isinstance(_opposite(tree) or tree, Num)


def _literal(value: Array, number: Callable[[float], Expr]) -> Expr:
    """Give a value as a literal: a number, `[1; 2]`, `[1, 2; 3, 4]`."""
    if is_number(value.shape):
        return number(float(value.item()))
    parts = tuple(_literal(part, number) for part in value)
    if value.ndim == 1:
        return Call("[;]", parts)
    rows = tuple(Call("[,]", part.args) if isinstance(part, Call) and part.op == "[;]" else part for part in parts)
    return Call("[;]", rows) if len(rows) > 1 else rows[0]


# --- rules: one for each operation

ZERO = number(0)
ONE = number(1)
Rule = Callable[[Call, Index, Shapes], Expr]


def total(terms: list[Expr]) -> Expr:
    """Give the sum of some terms."""
    return reduce(lambda left, right: Call("+", (left, right)), terms) if terms else ZERO


def _operand(arg: Expr, index: Index, whole: Shape, shapes: Shapes) -> Expr:
    """Give the entry of an operand that meets an entry of an operation's value: a number and a bias meet several."""
    shape = shape_of(arg, shapes)
    if shape == whole:
        return entry(arg, index, shapes)
    if is_number(shape):
        return entry(arg, (1,) * len(shape), shapes)
    if shape == (*whole, 1):
        return entry(arg, (*index, 1), shapes)
    if whole == (*shape, 1):
        return entry(arg, index[:-1], shapes)
    along = over_batch(whole, shape, shapes.samples)
    kept = index[1 - (along or 0)]
    return entry(arg, (kept,) if len(shape) == 1 else (kept, 1) if along == 1 else (1, kept), shapes)


def _each(tree: Call, index: Index, shapes: Shapes) -> Expr:
    whole = shape_of(tree, shapes)
    args = tuple(_operand(arg, index, whole, shapes) for arg in tree.args)
    if tree.op == "/" and args[1] == ONE:
        return args[0]
    return Call(tree.op, args)


def _product(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write a product entry by entry, or row times column."""
    left, right = tree.args
    first, second = shape_of(left, shapes), shape_of(right, shapes)
    found = None if tree.op == "⊙" or (tree.op == "*" and times(first, second) == "each") else product(first, second)
    if found is None or found[0] == "scale":
        whole = shape_of(tree, shapes)
        return Call("*", tuple(_operand(arg, index, whole, shapes) for arg in tree.args))
    terms: list[Expr] = []
    for k in range(1, int((*first, 1)[1]) + 1):
        row = entry(left, (index[0], k)[: len(first)], shapes)
        terms.append(Call("*", (row, entry(right, (k, *index[1:]), shapes))))
    return total(terms)


def _transposed(tree: Call, index: Index, shapes: Shapes) -> Expr:
    arg = tree.args[0]
    return entry(arg, index[1:] if len(shape_of(arg, shapes)) == 1 else index[::-1], shapes)


def _places(items: tuple[Expr, ...], shape: Shape, shapes: Shapes) -> list[tuple[int, int] | int]:
    """Give for each item of an index the one place, or the first and last place, that it takes."""
    out: list[tuple[int, int] | int] = []
    for item, size in zip(items, shape, strict=True):
        ends = axis_range(item, size, shapes)
        out.append(int(whole_number(item, shapes)) if ends is None else (int(ends[0]), int(ends[1])))
    return out


def _indexed(tree: Call, index: Index, shapes: Shapes) -> Expr:
    base, *items = tree.args
    shape = shape_of(base, shapes)
    flat: Shape = (entries(shape),) if len(items) == 1 and len(shape) == 2 else shape
    rest = iter(index)
    taken = _places(tuple(items), flat, shapes)
    places = tuple(place if isinstance(place, int) else place[0] + next(rest) - 1 for place in taken)
    return entry(base, relaid(places, flat, shape), shapes)


def _placed(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Give the entry of an array of zeros with another array at an index."""
    part, like, *items = tree.args
    shape = shape_of(like, shapes)
    flat: Shape = (entries(shape),) if len(items) == 1 and len(shape) == 2 else shape
    inside: list[int] = []
    block: list[int] = []
    for place, taken in zip(relaid(index, shape, flat), _places(tuple(items), flat, shapes), strict=True):
        low, high = (taken, taken) if isinstance(taken, int) else taken
        if not low <= place <= high:
            return ZERO
        if not isinstance(taken, int):
            inside.append(place - low + 1)
            block.append(high - low + 1)
    return entry(part, relaid(tuple(inside), tuple(block), shape_of(part, shapes)), shapes)


def _joined(tree: Call, index: Index, shapes: Shapes) -> Expr:
    axis = 1 if tree.op == "[,]" else 0
    full = (*index, 1)[:2]
    place = full[axis]
    for arg in tree.args:
        shape = shape_of(arg, shapes)
        length = int((*shape, 1, 1)[axis])
        if place <= length:
            inside = (full[0], place) if axis else (place, full[1])
            return entry(arg, inside[: len(shape)], shapes)
        place -= length
    raise IndexError(f"no entry {index}")


def _reduced(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Write a sum, maximum or minimum out: over loop variables, of all entries, or of several arguments."""
    if any(isinstance(arg, Call) and arg.op == "=" for arg in tree.args):
        return entry(unrolled(tree, shapes), index, shapes)
    if len(tree.args) > 1:
        return _each(tree, index, shapes)
    terms = all_entries(tree.args[0], shapes)
    return total(terms) if tree.op == "sum" else terms[0] if len(terms) == 1 else Call(tree.op, tuple(terms))


def all_entries(tree: Expr, shapes: Shapes) -> list[Expr]:
    """Give the formulas of all entries of a formula's value."""
    return [entry(tree, index, shapes) for index in indices(shape_of(tree, shapes))]


def _marked(tree: Call, index: Index, shapes: Shapes) -> Expr:
    return Call("[]", (tree, *(number(place) for place in index))) if index else tree


def _diagonal(tree: Call, index: Index, shapes: Shapes) -> Expr:
    arg = tree.args[0]
    shape = shape_of(arg, shapes)
    if len(shape) == 2 and shape[1] != 1:
        return entry(arg, (index[0], index[0]), shapes)
    return entry(arg, (index[0], 1)[: len(shape)], shapes) if index[0] == index[1] else ZERO


def _spaced(tree: Call, index: Index, shapes: Shapes) -> Expr:
    first, last, count = (fixed_number(arg, shapes) or 0.0 for arg in tree.args)
    return number(first + (last - first) * (index[0] - 1) / max(count - 1, 1))


def _counted(tree: Call, index: Index, shapes: Shapes) -> Expr:
    return number(entries(shape_of(tree.args[0], shapes)))


def _relaid(tree: Call, index: Index, shapes: Shapes) -> Expr:
    arg = tree.args[0]
    return entry(arg, relaid(index, shape_of(tree, shapes), shape_of(arg, shapes)), shapes)


def _function(tree: Call, index: Index, shapes: Shapes) -> Expr:
    """Keep an elementwise function as a call, and write a function of all entries out by its body."""
    if not tree.args:
        return tree
    row = shapes.functions.get(tree.op.rstrip("'"))
    if row is None or row.kind == "each":
        return _each(tree, index, shapes)
    return entry(_uncentred(body_of(tree, shapes.functions)), index, shapes)


def _uncentred(body: Expr) -> Expr:
    """Take the shift out of exp(x - max(x)) / sum(exp(x - max(x))): it cancels, and nobody writes it by hand."""
    if isinstance(body, Call) and body.op == "/" and body.args[1] == Call("sum", (body.args[0],)):
        above = body.args[0]
        shift = above.args[0] if isinstance(above, Call) and above.op == "exp" else above
        if isinstance(shift, Call) and shift.op == "-" and shift.args[1] == Call("max", (shift.args[0],)):
            bare = Call("exp", (shift.args[0],))
            return Call("/", (bare, Call("sum", (bare,))))
    return body


RULES: dict[str, Rule] = {
    **dict.fromkeys(("+", "-", "/", "^", "if", *COMPARISONS), _each),
    **dict.fromkeys(("*", "⊙", "@"), _product),
    **dict.fromkeys(("[,]", "[;]"), _joined),
    **dict.fromkeys(("sum", "max", "min"), _reduced),
    **dict.fromkeys(("at_max", "at_min"), _marked),
    "neg": _each,
    "ᵀ": _transposed,
    "[]": _indexed,
    "place": _placed,
    "diag": _diagonal,
    "linspace": _spaced,
    "count": _counted,
    "reshape": _relaid,
    "I": lambda tree, index, shapes: ONE if index[0] == index[1] else ZERO,
    "ones": lambda tree, index, shapes: ONE,
    "zeros": lambda tree, index, shapes: ZERO,
}
