"""Problems that start as a copy of another: `like: "1"`.

Each problem keeps what is written in it; the rest comes from the problem it is like, which may be like a third. The
mappings of `MERGED` are taken over name by name, so that one given can be changed; every other key is replaced as a
whole.
"""

from __future__ import annotations

from collections.abc import Container

from ..diagnostics import Diagnostic
from ..yamltree import Map, Scalar, Tree
from .check import Entries, Where, keyed, part, suggestion

MERGED = ("given", "functions", "names", "conventions", "marking", "slips")


def parts_of(id: str, written: Entries, sound: Container[str], where: Where) -> tuple[Entries | None, list[Diagnostic]]:
    """Give the parts of a problem, those of what it is like put in; None where that cannot be used."""
    if id not in sound:
        return None, []
    chain = [id]
    own = part(keyed(written[id][1]), "like")
    while like := part(keyed(written[chain[-1]][1]), "like"):
        other = like.text if isinstance(like, Scalar) else ""
        if other in chain:
            ring = chain[chain.index(other) :]
            if id != next(each for each in written if each in ring):
                return None, []  # reported once, at the first of the ring
            message = f"the problems {' -> '.join([*ring, id])} are copies of each other"
            return None, [where.says("HW242", message, (own or like).span, "write one of them out")]
        if other not in written:
            others = [each for each in written if each not in chain]
            fix = suggestion(other, others, "the problems are")
            missing = where.says("HW242", f"there is no problem `{other}` to start from", like.span, fix)
            return None, [missing] if len(chain) == 1 else []
        if other not in sound:  # its own diagnostics say why
            return None, []
        chain.append(other)
    parts: Entries = {}
    for each in reversed(chain):
        for name, (key, value) in keyed(written[each][1]).items():
            before = part(parts, name) if name in MERGED else None
            parts[name] = (key, value if before is None else united(before, value))
    return parts, []


def united(first: Tree, second: Tree | None) -> Tree:
    """Put two mappings together; where both have a name, the second's value takes the place of the first's."""
    if second is None or not isinstance(second, Map):
        return first
    return second._replace(items=tuple({**keyed(first), **keyed(second)}.values()))
