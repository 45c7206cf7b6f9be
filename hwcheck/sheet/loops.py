"""Loops over the lines of a network.

A loop that reads its own earlier entries, `h[t] = tanh(W h[t-1] + U x[t])`, stands for one definition for each turn,
`h[1]`, `h[2]`, ...; all lines for t = 1 come first, then all for t = 2. So does a loop over what such a loop defines.
Any other loop is one definition with its variables as leading axes.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..formula.expr import Call, Expr, Name, names, number, substitute, walk
from ..formula.names import key
from ..formula.parse import FormulaError, readings
from ..graph.families import Family
from ..graph.loops import by_loops
from ..graph.shapes import is_slice
from .blocks import Block, Line, is_name
from .network import Draft, is_free, reported
from .reading import Broken, only_reading
from .unrolling import (
    HEAD,
    MOST_TURNS,
    Round,
    Turned,
    add_member,
    lines_in,
    one_by_one,
    place_of,
    variable_of,
    without_head,
)


def define_start(draft: Draft, line: Line) -> None:
    """Add a starting value, `h[0] = h0`; report what is wrong with it."""
    base = line.base
    family = draft.table.families.get(base)
    if family is None and not is_free(draft, line, base):
        return
    with reported(draft, line, base):
        index = _index(draft, line, base, ())
        places = tuple(place_of(item, draft) for item in index)
        tree = only_reading(
            line.formula, lambda text: readings(text, draft.scope()), draft.settle, lambda tree: draft.table.shapes
        )
        add_member(draft, base, places, tree, False)


def define_block(draft: Draft, block: Block) -> None:
    """Add what a loop defines; report what is wrong with it."""
    before = len(draft.page.found)
    whole = _read(draft, block, ())
    if whole is None or len(draft.page.found) > before:
        _give_up(draft, block)
        return
    lines = list(_flat(whole))
    if _is_recurrent(draft, lines):
        for each in lines:
            draft.table.families.setdefault(each.base, Family({}, ()))
        try:
            one_by_one(draft, whole, {}, iter(range(MOST_TURNS)))
        except Broken:
            _give_up(draft, block)
        return
    for each in lines:
        if is_free(draft, each.line, each.base):
            with reported(draft, each.line, each.base):
                draft.add(each.base, _whole(draft, each))


def _give_up(draft: Draft, block: Block) -> None:
    """Take what a loop should define for known and broken, so that nothing is said of what reads it."""
    draft.broken.update(line.base for line in lines_in(block))
    draft.known.update({key(name): name for name in draft.broken})


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
    bases = [base for line in lines_in(block) if is_name(base := line.base)]
    inside = draft._replace(
        known={**draft.known, **{key(base): base for base in bases}}, arrays={*draft.arrays, *bases}
    )
    variables = [variable_of(loop.args[0]) for loop in loops]
    items: list[Turned | Round] = []
    for item in block.items:
        if isinstance(item, Block):
            found = _read(inside, item, loops)
            items += [found] if found is not None else []
            continue
        base = item.base
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
    return Round(block, own, tuple(items))


def _loops(draft: Draft, block: Block, around: tuple[Call, ...]) -> tuple[Call, ...]:
    """Read the variables of a loop with their ends; a given number stands for its value.

    Raises:
        FormulaError: what stands behind `for` is no loop.
    """
    outer = [variable_of(loop.args[0]) for loop in around]
    try:
        (tree,) = readings(HEAD + block.loops, draft.scope(outer))[:1]
    except FormulaError as error:
        raise without_head(error) from None
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
        ends = substitute(loop.args[1], values)
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
    if not isinstance(tree, Call) or tree.op != "[]" or any(is_slice(item) for item in tree.args[1:]):
        raise FormulaError("a line of a loop defines one entry in each turn", 0, len(line.name), fix, "HW210")
    return tree.args[1:]


def _is_recurrent(draft: Draft, lines: list[Turned]) -> bool:
    """Tell whether a loop makes a definition for each turn: it reads its own entries other than those of the same
    turn that stand above, or what another such loop defines; or it fills in other places than those of its
    variables."""
    own = {each.base: each for each in lines}
    above: set[str] = set()
    for each in lines:
        variables = [variable_of(loop.args[0]) for loop in each.loops]
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


# --- one definition -------------------------------------------------------------------------------------------------


def _whole(draft: Draft, each: Turned) -> Expr:
    """Give the formula of an array by loops, the axes in the order of the indices.

    Raises:
        Broken: it reads a quantity whose own line is wrong.
        FormulaError: it does not fit.
    """
    order = {variable_of(loop.args[0]): loop for loop in each.loops}
    loops = tuple(order[variable_of(item)] for item in each.places)

    def settle(tree: Expr) -> Expr:
        return draft.settle(Call("[for]", (tree, *loops), tree.at))

    tree = only_reading(each.line.formula, lambda text: each.trees, settle, lambda tree: draft.table.shapes)
    assert isinstance(tree, Call)
    return by_loops(loops, tree.args[0], draft.table.shapes)
