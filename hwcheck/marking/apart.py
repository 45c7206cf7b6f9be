"""Several values for one quantity: which of them a student went on with, and what is judged of the others.

A bare name such as dJ/db1 is the same quantity as dJ/dX1; whoever writes unlike values under the two contradicts
himself. What follows may have been worked out from either.
"""

from collections.abc import Iterable

from ..record import NamedTuple
from .judge import Judge, judges
from .store import Written
from .typed import Entry

#: So many entries are judged again at the most, a page at a time; what contradicts others beyond that is judged beside
#: the ones gone on with.
MOST_AGAIN = 1000


class Apart(NamedTuple):
    """A judge of a page on which another value of a quantity, of those that were written, is the one gone on with."""

    name: str
    judge: Judge


def used_of(written: Iterable[Written]) -> tuple[dict[str, list[Entry | None]], set[tuple[str, int]]]:
    """Give for each quantity the entries to go on with: of several ways of writing one value the one with most
    digits, as uncertain as the coarsest.

    Of values that do not agree, the one under the quantity's own name is gone on with. Also give the entries that were
    written more than once with values that do not agree.
    """
    used: dict[str, list[Entry | None]] = {}
    doubled: set[tuple[str, int]] = set()
    for each in written:
        if each.typed is None:
            continue
        cells = used.setdefault(each.name, [None] * len(each.typed))
        for at, entry in enumerate(each.typed):
            old = cells[at]
            if entry is None or old is None:
                cells[at] = entry or old
                continue
            if abs(entry.value - old.value) > entry.unit + old.unit:
                doubled.add((each.name, at))
                cells[at] = entry if each.quantity == each.name else old
            else:
                finer = entry if entry.digits > old.digits else old
                cells[at] = finer._replace(unit=max(entry.unit, old.unit))
    return used, doubled


def judged_apart(
    judge: Judge, used: dict[str, list[Entry | None]], doubled: set[tuple[str, int]], written: Iterable[Written]
) -> dict[int, Apart]:
    """Judge each value apart that contradicts the one gone on with, by the identity of what was written.

    What follows from it, and not from the other, is carried: the verdicts of the judge are changed.
    """
    out: dict[int, Apart] = {}
    pages = max(1, MOST_AGAIN // max(1, len(judge.verdicts)))
    for each in written:
        cells = each.typed
        if cells is None or each.name not in used or len(out) >= pages:
            continue
        other = [
            cell if cell is not None and (each.name, at) in doubled else old
            for at, (cell, old) in enumerate(zip(cells, used[each.name], strict=True))
        ]
        if other != used[each.name]:
            out[id(each)] = Apart(each.name, judges(judge.work, [{**used, each.name: other}])[0])
    for name, another in out.values():
        for place, judged in another.verdicts.items():
            if judge.verdicts[place].verdict == "wrong" and place[0] != name and judged.verdict != "wrong":
                judge.verdicts[place] = judged._replace(verdict="carried")
    return out
