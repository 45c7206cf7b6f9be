"""Loops gone through turn by turn: one definition for each, as many as a problem may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..formula.expr import Call, Expr, Name, names, number
from ..formula.names import key, member
from ..formula.parse import FormulaError
from ..formula.show import unicode
from ..graph.families import Family
from ..graph.meaning import at_value, tidy
from ..graph.shapes import fixed_number, is_number, refused, show_shape
from ..record import NamedTuple
from .blocks import Block, Line
from .network import Draft, reported
from .reading import Broken, only_reading

MOST_DEFINED = 2000  # definitions that loops of one problem make
MOST_TURNS = 20_000  # of one block, also of turns that define nothing
HEAD = "0 for "  # in front of the loops of a line, so that they can be read as those of a formula


class Turned(NamedTuple):
    """A line in loops: what it defines, at which indices, its readings, and its loops from the outside in."""

    line: Line
    base: str
    places: tuple[Expr, ...]
    trees: list[Expr]
    loops: tuple[Call, ...]


class Round(NamedTuple):
    """A loop that was read: where it stands, its variables with their ends, and what is gone through in each turn."""

    block: Block
    loops: tuple[Call, ...]
    items: tuple[Turned | Round, ...]


def one_by_one(draft: Draft, whole: Round, values: Mapping[str, int], left: Iterator[int]) -> None:
    """Add the definitions of a loop turn by turn; report the first error of each line.

    Args:
        draft: the network.
        whole: the loop.
        values: the values of the variables of the loops around.
        left: as many items as there may still be turns.

    Raises:
        Broken: the loop itself cannot be gone through, which has been reported.
    """
    bases = {line.base for line in lines_in(whole.block)}
    try:
        for inside in _turns(draft, whole.loops, values, left):
            if draft.broken.issuperset(bases):
                return
            for item in whole.items:
                if isinstance(item, Round):
                    one_by_one(draft, item, inside, left)
                elif item.base not in draft.broken:
                    with reported(draft, item.line, item.base):
                        _turn(draft, item, inside)
    except FormulaError as error:
        draft.page.refuse(without_head(error), whole.block.at, whole.block.loops_at)
        raise Broken from None


def _turns(
    draft: Draft, loops: tuple[Call, ...], values: Mapping[str, int], left: Iterator[int]
) -> Iterator[Mapping[str, int]]:
    """Give the values of the variables in each turn; a loop such as `3..1` counts down."""
    if not loops:
        yield values
        return
    variable, ends = loops[0].args
    assert isinstance(ends, Call)
    low, high = (place_of(_at(end, values), draft) for end in ends.args)
    down = low > high and not names(ends)
    for place in range(low, high - 1, -1) if down else range(low, high + 1):
        if next(left, None) is None:
            raise refused(f"these loops take more than {MOST_TURNS} turns", ends, "let them take fewer", "HW311")
        yield from _turns(draft, loops[1:], {**values, variable_of(variable): place}, left)


def _at(tree: Expr, values: Mapping[str, int]) -> Expr:
    """Give a formula with numbers for loop variables."""
    for variable, value in values.items():
        tree = at_value(tree, variable, number(value))
    return tidy(tree)


def _turn(draft: Draft, each: Turned, values: Mapping[str, int]) -> None:
    """Add the definition of one turn.

    Raises:
        Broken: it reads a quantity whose own line is wrong.
        FormulaError: it does not fit, or is defined already.
    """
    places = tuple(place_of(_at(item, values), draft) for item in each.places)
    tree = only_reading(
        each.line.formula,
        lambda text: each.trees,
        lambda tree: draft.settle(_at(tree, values)),
        lambda tree: draft.table.shapes,
    )
    add_member(draft, each.base, places, tree, True)


def place_of(item: Expr, draft: Draft) -> int:
    """Give the whole number that an index or an end of a loop is.

    Raises:
        FormulaError: it is none.
    """
    value = fixed_number(item, draft.table.shapes)
    if value is None or value != int(value):
        fix = "a loop that reads its own entries needs numbers: for t = 1..3"
        raise refused(f"`{unicode(item)}` is no whole number here", item, fix, "HW311")
    return int(value)


def add_member(draft: Draft, base: str, places: tuple[int, ...], tree: Expr, whole: bool) -> None:
    """Add one definition of a loop, or a starting value, which is no part of the whole.

    Raises:
        FormulaError: it has been defined, other ones have another shape or another number of indices, or they are too
            many.
    """
    table = draft.table
    name = member(base, places)
    family = table.families.get(base, Family({}, ()))
    if places in family.members or base in table:
        raise FormulaError(f"`{name}` is defined twice", 0, 1, "each turn defines another entry", "HW212")
    if len(family.members) >= MOST_DEFINED:
        raise FormulaError("this loop makes too many definitions", 0, 1, f"at most {MOST_DEFINED} are made", "HW311")
    if family.members and len(next(iter(family.members))) != len(places):
        raise FormulaError(f"`{base}` has another number of indices above", 0, 1, "give all the same", "HW311")
    table.define(name, tree)
    known = next(reversed(list(family.members.values())), name)
    before, now = table.shape(known), table.shape(name)
    starts = not family.ends  # a number may start what is an array of one entry from then on
    if before != now and not (starts and is_number(before) and is_number(now)):
        shown = f"`{known}` is {show_shape(before)}, and `{name}` is {show_shape(now)}"
        del table.rows[name]
        fix = f"start with the shape of the others: {known} = zeros({now[0]}), say" if starts and not before else ""
        raise FormulaError(f"all turns of a loop have one shape: {shown}", 0, 1, fix, "HW310")
    ends = family.ends
    if whole:
        ends = tuple((min(low, at), max(high, at)) for (low, high), at in zip(ends, places, strict=False))
        ends = ends or tuple((at, at) for at in places)
    table.families[base] = Family({**family.members, places: name}, ends)
    draft.known[key(base)] = base
    draft.arrays.add(base)


def lines_in(block: Block) -> Iterator[Line]:
    """Give the lines of a loop and of the loops inside it."""
    for item in block.items:
        if isinstance(item, Block):
            yield from lines_in(item)
        else:
            yield item


def without_head(error: FormulaError) -> FormulaError:
    """Give an error in what was read behind the head at its place without the head."""
    start, end = (max(at - len(HEAD), 0) for at in (error.start, error.end))
    return FormulaError(error.reason, start, max(end, start + 1), error.fix, error.code)


def variable_of(name: Expr) -> str:
    """Give the variable of a loop by its name in a formula."""
    assert isinstance(name, Name)
    return name.id
