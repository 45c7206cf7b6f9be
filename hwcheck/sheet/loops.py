"""Loops over the lines of a network.

A loop that reads its own earlier entries, `h[t] = tanh(W h[t-1] + U x[t])`, stands for one definition for each turn,
`h[1]`, `h[2]`, ...; all lines for t = 1 come first, then all for t = 2. So does a loop over what such a loop defines.
Any other loop is one definition with its variables as leading axes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..formula.expr import Call, Expr, Name, names, number, substitute, walk
from ..formula.names import key, member
from ..formula.parse import FormulaError, readings
from ..formula.show import unicode
from ..graph.families import Family
from ..graph.loops import by_loops
from ..graph.meaning import at_value, tidy
from ..graph.shapes import fixed_number, is_number, refused, show_shape
from .blocks import Block, Line, is_name
from .network import Draft, is_free, reported
from .reading import only_reading

MOST_DEFINED = 2000  # definitions that loops of one problem make


class Turned(NamedTuple):
    """A line in loops: what it defines, at which indices, its readings, and its loops from the outside in."""

    line: Line
    base: str
    places: tuple[Expr, ...]
    trees: list[Expr]
    loops: tuple[Call, ...]


class Round(NamedTuple):
    """A loop that was read: its variables with their ends, and what is gone through in each turn."""

    loops: tuple[Call, ...]
    items: tuple[Turned | Round, ...]


def define_start(draft: Draft, line: Line) -> None:
    """Add a starting value, `h[0] = h0`; report what is wrong with it."""
    base = line.name.partition("[")[0].strip()
    family = draft.table.families.get(base)
    if family is None and not is_free(draft, line, base):
        return
    with reported(draft, line, base):
        index = _index(draft, line, base, ())
        places = tuple(_place(item, draft) for item in index)
        tree = only_reading(
            line.formula, lambda text: readings(text, draft.scope()), draft.settle, lambda tree: draft.table.shapes
        )
        _member(draft, base, places, tree, False)


def define_block(draft: Draft, block: Block) -> None:
    """Add what a loop defines; report what is wrong with it."""
    before = len(draft.page.found)
    whole = _read(draft, block, ())
    if whole is None or len(draft.page.found) > before:
        draft.broken.update(line.name.partition("[")[0].strip() for line in _lines(block))
        draft.known.update({key(name): name for name in draft.broken})
        return
    lines = list(_flat(whole))
    if _is_recurrent(draft, lines):
        for each in lines:
            draft.table.families.setdefault(each.base, Family({}, ()))
        _one_by_one(draft, whole, {})
        return
    for each in lines:
        if is_free(draft, each.line, each.base):
            with reported(draft, each.line, each.base):
                draft.add(each.base, _whole(draft, each))


def _flat(whole: Round) -> Iterator[Turned]:
    for item in whole.items:
        if isinstance(item, Round):
            yield from _flat(item)
        else:
            yield item


# --- reading --------------------------------------------------------------------------------------------------------


def _read(draft: Draft, block: Block, around: tuple[Call, ...]) -> Round | None:
    """Read a loop, those inside it too; report what cannot be read."""
    try:
        own = _loops(draft, block, around)
    except FormulaError as error:
        draft.page.refuse(error, block.at, block.loops_at)
        return None
    loops = (*around, *own)
    bases = [base for line in _lines(block) if is_name(base := line.name.partition("[")[0].strip())]
    inside = draft._replace(
        known={**draft.known, **{key(base): base for base in bases}}, arrays={*draft.arrays, *bases}
    )
    variables = [_id(loop.args[0]) for loop in loops]
    items: list[Turned | Round] = []
    for item in block.items:
        if isinstance(item, Block):
            found = _read(inside, item, loops)
            items += [found] if found is not None else []
            continue
        base = item.name.partition("[")[0].strip()
        if not is_name(base):
            is_free(draft, item, base)
            continue
        try:
            index = _index(inside, item, base, variables)
        except FormulaError as error:
            draft.page.report(error.code, error.reason, item.at, item.name_at, item.name_at + len(item.name), error.fix)
            continue
        try:
            items.append(Turned(item, base, index, readings(item.formula, inside.scope(variables)), loops))
        except FormulaError as error:
            draft.page.refuse(error, item.at, item.formula_at)
    return Round(own, tuple(items))


def _lines(block: Block) -> Iterator[Line]:
    for item in block.items:
        if isinstance(item, Block):
            yield from _lines(item)
        else:
            yield item


def _loops(draft: Draft, block: Block, around: tuple[Call, ...]) -> tuple[Call, ...]:
    """Read the variables of a loop with their ends; a given number stands for its value.

    Raises:
        FormulaError: what stands behind `for` is no loop.
    """
    head = "0 for "
    outer = [_id(loop.args[0]) for loop in around]
    try:
        (tree,) = readings(head + block.loops, draft.scope(outer))[:1]
    except FormulaError as error:
        start, end = (max(at - len(head), 0) for at in (error.start, error.end))
        raise FormulaError(error.reason, start, max(end, start + 1), error.fix, error.code) from None
    assert isinstance(tree, Call)
    values = {
        name: number(float(value.item()))
        for name, value in draft.table.values.items()
        if value.size == 1 and name not in outer
    }
    found = []
    for loop in tree.args[1:]:
        assert isinstance(loop, Call)
        assert isinstance(loop.args[0], Name)
        ends = substitute(loop.args[1], dict(values))
        found.append(Call("=", (loop.args[0], ends), loop.at))
    return tuple(found)


def _index(draft: Draft, line: Line, base: str, variables: list[str] | tuple[str, ...]) -> tuple[Expr, ...]:
    """Read the indices of what a line defines.

    Raises:
        FormulaError: the name has none.
    """
    fix = f"write {base}[{', '.join(variables) or '0'}] = ..."
    scope = draft.scope(variables)._replace(names={**draft.known, key(base): base}, arrays={*draft.arrays, base})
    if "[" not in line.name:
        raise FormulaError(f"`{line.name}` is defined anew in each turn", 0, len(line.name), fix, "HW210")
    try:
        (tree,) = readings(line.name, scope)[:1]
    except FormulaError as error:
        raise FormulaError(error.reason, error.start, error.end, error.fix or fix, "HW210") from None
    if not isinstance(tree, Call) or tree.op != "[]" or any(_is_slice(item) for item in tree.args[1:]):
        raise FormulaError("a line of a loop defines one entry in each turn", 0, len(line.name), fix, "HW210")
    return tree.args[1:]


def _is_slice(item: Expr) -> bool:
    return isinstance(item, Call) and item.op in (":", "..")


def _is_recurrent(draft: Draft, lines: list[Turned]) -> bool:
    """Tell whether a loop makes a definition for each turn: it reads its own entries other than those of the same
    turn that stand above, or what another such loop defines; or it fills in other places than those of its
    variables."""
    own = {each.base: each for each in lines}
    above: set[str] = set()
    for each in lines:
        variables = [_id(loop.args[0]) for loop in each.loops]
        filled = [item.id if isinstance(item, Name) else "" for item in each.places]
        if sorted(filled) != sorted(variables) or each.base in draft.table.families:
            return True
        for part in (part for tree in each.trees for part in walk(tree)):
            if isinstance(part, Call) and part.op == "[]" and isinstance(part.args[0], Name):
                base, items = part.args[0].id, part.args[1:]
                if base in draft.table.families and any(set(names(item)) & {*variables} for item in items):
                    return True
                if base in own and (items[: len(own[base].places)] != own[base].places or base not in above):
                    return True
        above.add(each.base)
    return False


def _id(name: Expr) -> str:
    assert isinstance(name, Name)
    return name.id


# --- one definition -------------------------------------------------------------------------------------------------


def _whole(draft: Draft, each: Turned) -> Expr:
    """Give the formula of an array by loops, the axes in the order of the indices.

    Raises:
        Broken: it reads a quantity whose own line is wrong.
        FormulaError: it does not fit.
    """
    order = {_id(loop.args[0]): loop for loop in each.loops}
    loops = tuple(order[_id(item)] for item in each.places)

    def settle(tree: Expr) -> Expr:
        return draft.settle(Call("[for]", (tree, *loops), tree.at))

    tree = only_reading(each.line.formula, lambda text: each.trees, settle, lambda tree: draft.table.shapes)
    assert isinstance(tree, Call)
    return by_loops(loops, tree.args[0], draft.table.shapes)


# --- one definition for each turn -----------------------------------------------------------------------------------


def _one_by_one(draft: Draft, whole: Round, values: Mapping[str, int]) -> None:
    """Add the definitions of a loop turn by turn; report the first error of each line."""
    for inside in _turns(draft, whole.loops, values):
        for item in whole.items:
            if isinstance(item, Round):
                _one_by_one(draft, item, inside)
            elif item.base not in draft.broken:
                with reported(draft, item.line, item.base):
                    _turn(draft, item, inside)


def _turns(draft: Draft, loops: tuple[Call, ...], values: Mapping[str, int]) -> Iterator[Mapping[str, int]]:
    """Give the values of the variables in each turn; a loop such as `3..1` counts down."""
    if not loops:
        yield values
        return
    variable, ends = loops[0].args
    assert isinstance(ends, Call)
    low, high = (_place(_at(end, values), draft) for end in ends.args)
    down = low > high and not names(ends)
    for place in range(low, high - 1, -1) if down else range(low, high + 1):
        yield from _turns(draft, loops[1:], {**values, _id(variable): place})


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
    places = tuple(_place(_at(item, values), draft) for item in each.places)
    tree = only_reading(
        each.line.formula,
        lambda text: each.trees,
        lambda tree: draft.settle(_at(tree, values)),
        lambda tree: draft.table.shapes,
    )
    _member(draft, each.base, places, tree, True)


def _place(item: Expr, draft: Draft) -> int:
    """Give the whole number that an index or an end of a loop is.

    Raises:
        FormulaError: it is none.
    """
    value = fixed_number(item, draft.table.shapes)
    if value is None or value != int(value):
        fix = "a loop that reads its own entries needs numbers: for t = 1..3"
        raise refused(f"`{unicode(item)}` is no whole number here", item, fix, "HW311")
    return int(value)


def _member(draft: Draft, base: str, places: tuple[int, ...], tree: Expr, whole: bool) -> None:
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
