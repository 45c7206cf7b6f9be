"""Sums over loop variables whose ends have no value: they are not written out, but brought back to arrays.

The derivative of `sum(j = 1..K, y[j] ln(p[j]))` by `p` has `y[j]/p[j]` at each place j: that is `y / p`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from ..formula.expr import OPERATORS, Call, Expr, Name, bound_names, names, substitute, walk
from .algebra import ONE, ZERO, is_zero, minus, negative, plus, times
from .build import PLAIN
from .functions import row_of
from .meaning import binds, tidy
from .places import place_of
from .shapes import Shape, Shapes, index_axes, is_number, is_slice, refused, shape_of, whole_number
from .sizes import Size, size_tree
from .sizes import plus as added

if TYPE_CHECKING:
    from .table import Table


def refuse_ranges(tree: Call) -> None:
    """Refuse a slice inside of a loop whose ends depend on the loop: its size differs from term to term.

    Raises:
        FormulaError: there is one.
    """
    variables = _variables(tuple(binds(tree)))
    for part in walk(tree.args[0] if tree.op == "[for]" else tree.args[-1]):
        if isinstance(part, Call) and part.op == ".." and variables.keys() & set(names(part)):
            what = "a slice that grows with a loop is not differentiated where the loop has no fixed end"
            raise refused(what, part, "give the size a number, or write the sum as two loops", "HW311")


def apart(tree: Call, used: set[str], table: Table) -> Call:
    """Give other names to the variables of loops that are used in what the sum is multiplied with."""
    values: dict[str, Name] = {}
    known = used | bound_names(tree) | set(names(tree))
    for loop in binds(tree):
        variable = loop.args[0]
        if isinstance(variable, Name) and variable.id in used:
            values[variable.id] = Name(fresh(known, table))
            known.add(values[variable.id].id)
    if not values:
        return tree
    found = substitute(tree, dict(values))
    assert isinstance(found, Call)
    return found


def turn_of(g: Expr, loops: tuple[Call, ...], shape: Shape) -> Expr:
    """Give the part of an adjoint that belongs to one turn of an array by loops; a number goes for all of them."""
    if not isinstance(g, Name | Call) or g == ZERO:
        return g
    places: list[Expr] = []
    for loop in loops:
        variable, ends = loop.args
        assert isinstance(ends, Call)
        low = ends.args[0]
        places.append(variable if low == ONE else plus(minus(variable, low), ONE))
    return Call("[]", (g, *places, *[Call(":", ())] * (len(shape) - len(places))))


def fresh(taken: Collection[str], table: Table) -> str:
    """Give the name of a variable that stands for nothing else."""
    names = (letter + number for number in ("", *map(str, range(1, 100))) for letter in "kmrquv")
    return next(name for name in names if name not in taken and name not in table and name not in table.functions)


def collected(loops: tuple[Call, ...], term: Expr, shapes: Shapes) -> Expr:
    """Give the sum of a term over loops: as an array where the term is one entry of it for each value of the loops."""
    if is_zero(term):
        return ZERO
    if isinstance(term, Call) and term.op == "neg":
        return negative(collected(loops, term.args[0], shapes))
    if isinstance(term, Call) and term.op in ("+", "-"):
        left, right = (collected(loops, arg, shapes) for arg in term.args)
        return plus(left, right) if term.op == "+" else minus(left, right)
    if isinstance(term, Call) and term.op == "place":
        return _placed(loops, term, shapes)
    read = set(names(term))
    for loop in reversed(loops):
        if not read & _variables((loop,)).keys():
            break
    else:
        return Call("sum", (*loops, term))
    # a term that does not read the innermost loops is counted
    turns = _turns(loop, shapes)
    rest = tuple(other for other in loops if other is not loop)
    if turns is None or any(_variables((loop,)).keys() & set(names(other.args[1])) for other in rest):
        return Call("sum", (*loops, term))
    counted = times(size_tree(turns), term, shapes.with_numbers({**shapes.numbers, **_variables(loops)}))
    return collected(rest, counted, shapes) if rest else counted


def _variables(loops: tuple[Call, ...]) -> dict[str, float]:
    """Give the variables of loops, each with a number that stands for all of its own."""
    return {loop.args[0].id: 1.0 for loop in loops if isinstance(loop.args[0], Name)}


def _turns(loop: Call, shapes: Shapes) -> Size | None:
    """Give how often a loop is gone through; None where that depends on another loop."""
    ends = loop.args[1]
    assert isinstance(ends, Call)
    if any(name not in shapes.numbers and name not in shapes.symbols for name in names(ends)):
        return None
    low, high = (whole_number(end, shapes) for end in ends.args)
    return added(added(high, low, -1), 1)


def _placed(loops: tuple[Call, ...], term: Call, shapes: Shapes) -> Expr:
    """Give the sum of what is placed among zeros: loops that the places do not read are summed before, and places that
    run along axes are one block."""
    part, like, *items = term.args
    read = {name for item in items for name in names(item)}
    inner = tuple(loop for loop in loops if not _variables((loop,)).keys() & read)
    if inner:
        outer = tuple(loop for loop in loops if loop not in inner)
        inside = shapes.with_numbers({**shapes.numbers, **_lows(outer, shapes)})
        found = Call("place", (collected(inner, part, inside), like, *items))
        return collected(outer, found, shapes) if outer else found
    return _block(loops, term, shapes) or _spread(loops, term, shapes) or Call("sum", (*loops, term))


def _lows(loops: tuple[Call, ...], shapes: Shapes) -> dict[str, float]:
    """Give the first number of each loop, 1 where that has no value."""
    found: dict[str, float] = {}
    for variable, loop in zip(_variables(loops), loops, strict=True):
        ends = loop.args[1]
        assert isinstance(ends, Call)
        low = whole_number(ends.args[0], shapes)
        found[variable] = low if isinstance(low, int) else 1
    return found


def _block(loops: tuple[Call, ...], term: Call, shapes: Shapes) -> Expr | None:
    """Give the array that has a term at places that run along its axes, one loop an axis; None where they do not."""
    part, like, *items = term.args
    shape, whole = index_axes(shape_of(like, shapes), tuple(items))
    by_name = dict(zip(_variables(loops), loops, strict=True))
    order: list[Call] = []
    block: list[Expr] = []
    sliced = False
    for item, size in zip(whole, shape, strict=True):
        read = [name for name in names(item) if name in by_name]
        if not read:
            sliced = sliced or is_slice(item)
            block.append(item)
            continue
        shift = _shift(item, read[0])
        if shift is None or sliced or by_name[read[0]] in order:
            return None
        loop = by_name[read[0]]
        ends = loop.args[1]
        assert isinstance(ends, Call)
        if any(set(names(end)) & by_name.keys() for end in ends.args):
            return None
        low, high = (whole_number(plus(end, shift), shapes) for end in ends.args)
        order.append(loop)
        block.append(Call(":", ()) if (low, high) == (1, size) else Call("..", (size_tree(low), size_tree(high))))
    if len(order) < len(loops):
        return None
    found = by_loops(tuple(order), part, shapes)
    return found if all(item == Call(":", ()) for item in block) else Call("place", (found, like, *block))


def _spread(loops: tuple[Call, ...], term: Call, shapes: Shapes) -> Expr | None:
    """Give the array of columns, one a turn, entry by entry: its rows get a loop too; None where it has no such."""
    part, like, *items = term.args
    shape, whole = index_axes(shape_of(like, shapes), tuple(items))
    used = {*names(term), *bound_names(term), *_variables(loops)}
    free = (letter for letter in "nijkmqruv" if letter not in used and letter not in shapes.functions)
    inner: list[Call] = []
    places: list[Expr] = []
    for item, size in zip(whole, shape, strict=True):
        letter = next(free, None) if item == Call(":", ()) else None
        if letter is not None:
            inner.append(Call("=", (Name(letter), Call("..", (ONE, size_tree(size))))))
        places.append(item if letter is None else Name(letter))
    if not inner or Call(":", ()) in places:
        return None
    inside = shapes.with_numbers({**shapes.numbers, **_lows((*loops, *inner), shapes)})
    if len(shape_of(part, inside)) != len(inner):
        return None
    found = tidy(place_of(part, tuple(loop.args[0] for loop in inner), inside, frozenset(used)))
    return _block((*loops, *inner), Call("place", (found, like, *places)), shapes)


def _shift(item: Expr, variable: str) -> Expr | None:
    """Give what is added to a loop variable in an index; None where it is anything else."""
    if item == Name(variable):
        return ZERO
    if isinstance(item, Call) and item.op in ("+", "-") and not {variable} & set(names(item.args[1])):
        left = _shift(item.args[0], variable)
        return None if left is None else (plus if item.op == "+" else minus)(left, item.args[1])
    if isinstance(item, Call) and item.op == "+" and not {variable} & set(names(item.args[0])):
        right = _shift(item.args[1], variable)
        return None if right is None else plus(item.args[0], right)
    return None


def by_loops(loops: tuple[Call, ...], part: Expr, shapes: Shapes) -> Expr:
    """Give the array that has a part for each turn of some loops: without loops where it is worked out entry by
    entry."""
    variables = tuple(loop.args[0] for loop in loops)
    ends = [loop.args[1] for loop in loops]
    sizes = tuple(_turns(loop, shapes) for loop in loops)
    inside = shapes.with_numbers({**shapes.numbers, **_lows(loops, shapes)})
    from_one = all(isinstance(end, Call) and whole_number(end.args[0], shapes) == 1 for end in ends)
    shape: Shape = (*(size if size is not None else "" for size in sizes), *shape_of(part, inside))
    if from_one and all(size is not None for size in sizes):
        found = _entrywise(part, variables, shape, inside)
        if found is not None and shape_of(found, shapes) == shape:
            return found
    if isinstance(part, Call) and part.op == "[for]":  # loops in loops are one array
        return Call("[for]", (part.args[0], *loops, *part.args[1:]))
    return Call("[for]", (part, *loops))


def _entrywise(tree: Expr, places: tuple[Expr, ...], shape: Shape, shapes: Shapes) -> Expr | None:
    """Give the array whose entry at the places is a formula; None where it is not worked out entry by entry."""
    if not isinstance(tree, Call):
        return None if tree in places else tree
    bound = {place.id for place in places if isinstance(place, Name)}
    if not bound & set(names(tree)):
        return tree
    if tree.op == "[]":
        base, items = tree.args[0], tree.args[1:]
        whole = items[: len(places)] == places and all(item == Call(":", ()) for item in items[len(places) :])
        fits = whole and not bound & set(names(base)) and shape_of(base, shapes) == shape
        return base if fits else None
    if tree.op not in OPERATORS and row_of(tree.op, shapes.functions).kind != "each":
        return None
    args: list[Expr] = []
    for arg in tree.args:
        found = _entrywise(arg, places, shape, shapes)
        if found is None or not (is_number(found_shape := shape_of(found, shapes)) or found_shape == shape):
            return None
        args.append(found)
    if tree.op in ("*", "@", "⊙"):
        return times(args[0], args[1], shapes)
    if tree.op in PLAIN:
        return PLAIN[tree.op](*args)
    return None if tree.op in OPERATORS else Call(tree.op, tuple(args))
