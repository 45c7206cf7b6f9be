"""Sums over loop variables whose ends have no value: they are not written out, but brought back to arrays.

The derivative of `sum(j = 1..K, y[j] ln(p[j]))` by `p` has `y[j]/p[j]` at each place j: that is `y / p`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from ..formula.expr import OPERATORS, Call, Expr, Name, bound_names, names, substitute, walk
from .algebra import ZERO, is_zero, minus, negative, plus, times
from .build import PLAIN
from .functions import row_of
from .meaning import binds
from .shapes import Shape, Shapes, is_number, refused, shape_of, whole_number
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
    for part in walk(tree.args[-1]):
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
    read = set(names(term))
    for loop in reversed(loops):
        if not read & _variables((loop,)).keys():
            break
    else:
        return _as_array(loops, term, shapes) or Call("sum", (*loops, term))
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


def _as_array(loops: tuple[Call, ...], term: Expr, shapes: Shapes) -> Expr | None:
    """Give the array that has a term at the place of the loop variables; None where the term is anything else."""
    if (
        not isinstance(term, Call)
        or term.op != "place"
        or tuple(term.args[2:]) != tuple(loop.args[0] for loop in loops)
    ):
        return None
    shape = shape_of(term.args[1], shapes)
    ranges = [loop.args[1].args for loop in loops if isinstance(loop.args[1], Call)]
    if any(_variables(loops).keys() & set(names(end)) for ends in ranges for end in ends):
        return None
    sizes = [tuple(whole_number(end, shapes) for end in ends) for ends in ranges]
    if sizes != [(1, size) for size in shape]:
        return None
    return _entrywise(term.args[0], term.args[2:], shape, shapes)


def _entrywise(tree: Expr, places: tuple[Expr, ...], shape: Shape, shapes: Shapes) -> Expr | None:
    """Give the array whose entry at the places is a formula; None where it is not worked out entry by entry."""
    if not isinstance(tree, Call):
        return None if tree in places else tree
    bound = {place.id for place in places if isinstance(place, Name)}
    if not bound & set(names(tree)):
        return tree
    if tree.op == "[]":
        base = tree.args[0]
        fits = tree.args[1:] == places and not bound & set(names(base)) and shape_of(base, shapes) == shape
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
