"""What a loop that reads its own earlier entries defines: one definition for each value of its variables.

Such a loop over `h[t]` makes the definitions `h[1]`, `h[2]`, `h[3]`, each a quantity of its own. The name `h` stands
for all of them stacked, wherever it is read; `h[2]` for one, `h[1..2]` for some, `dL/dh[2]` for the derivative by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import prod

from ..formula.expr import Call, Expr, Name, number, rewrite
from ..formula.names import Parts, join, member, split
from ..record import NamedTuple
from .algebra import minus
from .shapes import Shapes, fixed_number, refused


class Family(NamedTuple):
    """The definitions of a loop by their places, and the first and last place on each axis that belong to the whole: a
    starting value such as `h[0]` does not."""

    members: Mapping[tuple[int, ...], str]
    ends: tuple[tuple[int, int], ...]


Families = Mapping[str, Family]


def members_in(tree: Expr, families: Families, shapes: Shapes, is_name: Callable[[str], bool]) -> Expr:
    """Give a formula with the definitions of loops in the place of what their names and indices stand for.

    Args:
        tree: the formula.
        families: what loops define, by the name without an index.
        shapes: what the numbers in indices are worked out from.
        is_name: tells whether a name is that of another quantity, whatever it looks like.

    Raises:
        FormulaError: a place that no definition has, or a derivative that is no stack of derivatives.
    """
    if not families:
        return tree

    def change(part: Expr) -> Expr | None:
        named = part.args[0] if isinstance(part, Call) and part.op == "[]" else part
        if not isinstance(named, Name) or is_name(named.id):
            return None
        parts = split(named.id)
        if parts.of not in families and parts.by not in families:
            return None
        items = tuple(rewrite(item, change) for item in part.args[1:]) if isinstance(part, Call) else ()
        return _member(part, parts, items, families, shapes)

    return rewrite(tree, change)


def _member(tree: Expr, parts: Parts, items: tuple[Expr, ...], families: Families, shapes: Shapes) -> Expr:
    """Give what a name with an index stands for; the numerator's places come first."""
    for side in ("of", "by"):
        base: str = getattr(parts, side)
        if base not in families:
            continue
        family = families[base]
        many = len(next(iter(family.members), items))
        places = [fixed_number(item, shapes) for item in items[:many]]
        if len(places) < many or any(place is None for place in places):
            return _stacked(tree, parts, side, items, families, shapes)
        at = tuple(int(place or 0) for place in places)
        if at not in family.members:
            there = [member(base, place) for place in sorted(family.members)]
            shown = f"there are {there[0]} to {there[-1]}" if len(there) > 1 else f"there is {''.join(there)}"
            shown = shown if there else "no line above defines it"
            fix = f"give it before the loop, as a starting value: {member(base, at)} = ..."
            raise refused(f"there is no `{member(base, at)}` here: {shown}", tree, fix, "HW311")
        parts = parts._replace(**{side: member(base, at)})
        items = items[many:]
    name = Name(join(parts), tree.at)
    whole = all(item == Call(":", ()) for item in items)
    return name if whole else Call("[]", (name, *items), tree.at)


def _stacked(tree: Expr, parts: Parts, side: str, items: tuple[Expr, ...], families: Families, shapes: Shapes) -> Expr:
    """Give the definitions of a loop as one array, with what is left of an index."""
    base: str = getattr(parts, side)
    ends = list(families[base].ends)
    if not ends:
        raise refused(
            f"`{base}` has a starting value alone", tree, "the loop that goes on from it stands below", "HW311"
        )
    if parts.by and (side == "of" or not _is_number(parts.of, shapes)):
        fix = f"write which one, `{member(join(parts), (ends[0][0],) * len(ends))}`"
        raise refused(f"`{base}` has a definition for each turn of its loop", tree, fix, "HW311")
    gap = _gap(families[base])
    if gap is not None:
        fix = "write the entries that there are one by one, or let the loop fill all places"
        raise refused(f"`{base}` has gaps: there is no `{member(base, gap)}`", tree, fix, "HW311")
    if len(ends) == 1 and items and isinstance(items[0], Call) and items[0].op == "..":
        low, high = (fixed_number(end, shapes) for end in items[0].args)
        if low is not None and high is not None and ends[0][0] <= low <= high <= ends[0][1]:
            ends = [(int(low), int(high))]
            items = (Call(":", ()), *items[1:]) if len(items) > 1 else ()

    def stack(at: tuple[int, ...]) -> Expr:
        if len(at) == len(ends):
            return Name(join(parts._replace(**{side: member(base, at)})), tree.at)
        low, high = ends[len(at)]
        return Call("stack", tuple(stack((*at, place)) for place in range(low, high + 1)), tree.at)

    if not items:
        return stack(())
    moved = [_from(item, ends[at][0]) if at < len(ends) else item for at, item in enumerate(items)]
    rank = len(ends) + len(shapes.of(member(base, tuple(low for low, _ in ends))))
    return Call("[]", (stack(()), *moved, *[Call(":", ())] * (rank - len(moved))), tree.at)


def _gap(family: Family) -> tuple[int, ...] | None:
    """Give a place between the ends that no definition has."""
    inside = [
        at for at in family.members if all(low <= i <= high for i, (low, high) in zip(at, family.ends, strict=True))
    ]
    if len(inside) == prod(high - low + 1 for low, high in family.ends):
        return None
    there = set(inside)
    return next(at for at in _places(family.ends) if at not in there)


def _places(ends: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, ...]]:
    """Give the places between ends one after the other: there may be more than fit into memory."""
    if not ends:
        yield ()
        return
    for at in range(ends[0][0], ends[0][1] + 1):
        yield from ((at, *rest) for rest in _places(ends[1:]))


def _from(item: Expr, low: int) -> Expr:
    """Give an index that counts from 1 where the loop counts from another number."""
    if low == 1 or (isinstance(item, Call) and item.op == ":"):
        return item
    if isinstance(item, Call) and item.op == "..":
        return Call("..", tuple(_from(end, low) for end in item.args), item.at)
    return minus(item, number(low - 1))


def _is_number(name: str, shapes: Shapes) -> bool:
    try:
        return shapes.of(name).count(1) == len(shapes.of(name))
    except KeyError:
        return True  # a loss that stands only above a given derivative
