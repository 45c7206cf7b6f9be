"""Paths through a table: from a quantity to a loss that is made from it, or why there is none."""

from __future__ import annotations

from ..formula.names import Parts, join, split
from .table import Table

MOST_READS = 6  # lines of a network in the reason for a 0


def ends_of(table: Table, name: str) -> tuple[str, str] | None:
    """Give what a derivative is of and by, as the table calls them; None where the name is no derivative.

    A loss that only stands above given derivatives is called by its name.
    """
    parts = split(name)
    if not parts.by:
        return None
    of, by = (
        next((each for each in (join(Parts(part, "", parts.step)), part) if each in table), part)
        for part in (parts.of, parts.by)
    )
    return of, by


def starts(table: Table, of: str) -> list[str]:
    """Give the quantities that a loss is known by: itself, or those by which its derivatives are given."""
    if of in table:
        return [of]
    found = [(row.name, ends_of(table, row.name)) for row in table if row.formula is None]
    return [ends[1] for _, ends in found if ends is not None and ends[0] == of]


def no_path(table: Table, of: str, by: str) -> bool:
    """Tell whether no path leads from a quantity to another."""
    return by not in table.needed(starts(table, of))


def quantities_read(table: Table, name: str) -> list[str]:
    """Give the quantities that a definition reads; the sizes of arrays are none."""
    return [other for other in table.reads(name) if other not in table.symbols and other not in table.sizes]


def why_zero(table: Table, of: str, by: str) -> str:
    """Say why a derivative is 0: what the quantity above is made of."""
    said: list[str] = []
    todo, seen = starts(table, of), {of}
    if of not in table:
        said.append(f"{of} reads {_listed(todo)}" if todo else f"nothing says what {of} reads")
    more = False
    while todo:
        name = todo.pop(0)
        reads = quantities_read(table, name)
        if reads and len(said) == MOST_READS:
            more = True
            break
        if reads:
            said.append(f"{name} reads {_listed(reads)}")
        todo += [other for other in reads if other not in seen]
        seen.update(reads)
    if not said:
        return f"no path leads from {by} to {of}: {of} is given"
    if more:
        said.append("so on")
    text = said[0] if len(said) == 1 else ", ".join(said[:-1]) + (", and " if len(said) > 1 else "") + said[-1]
    return f"no path leads from {by} to {of}: {text}"


def _listed(found: list[str]) -> str:
    """Name some quantities."""
    shown = found[:4] + ["others"] * (len(found) > 4)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def paths(table: Table, of: str, by: str, most: int) -> tuple[list[list[str]], int]:
    """Give the paths from a quantity to another, at most so many, and how many there are."""
    ending = starts(table, of)
    count: dict[str, int] = {}
    between = table.needed(ending)
    for name in between:
        count[name] = 1 if name == by else sum(count.get(other, 0) for other in quantities_read(table, name))
    found: list[list[str]] = []

    def back(path: list[str]) -> None:
        """Go from the end of a path to what it reads, until the quantity is reached."""
        if len(found) >= most:
            return
        if path[0] == by:
            found.append(path)
            return
        for other in quantities_read(table, path[0]):
            if count.get(other, 0):
                back([other, *path])

    for end in ending:
        if count.get(end, 0):
            back([end] if of in table else [end, of])
    return found, sum(count.get(end, 0) for end in ending)
