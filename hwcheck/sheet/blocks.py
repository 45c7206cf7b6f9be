"""The lines of a network's text, and the loops around them.

A loop stands at the end of a line, `a[i] = sigmoid(z[i]) for i = 1..4`, or before indented lines, `for t = 1..3:`.
Lines one after the other with the same loop are one loop.
"""

from __future__ import annotations

from ..formula.names import key
from ..record import NamedTuple
from ..text import safe_text
from ..yamltree import Scalar
from .reading import Page

OTHER_SIGNS = (":=", "==", "<-", "←", ":")  # which people write for =
OPENS, CLOSES = "([{", ")]}"


class Line(NamedTuple):
    """One definition as text: its name, its formula, and the scalar it stands in, from which character on."""

    name: str
    formula: str
    at: Scalar
    name_at: int
    formula_at: int

    @property
    def base(self) -> str:
        """The name without an index."""
        return self.name.partition("[")[0].strip()


class Block(NamedTuple):
    """Lines in a loop, some perhaps in loops inside; `loops` is what stands behind `for`, from `loops_at` on."""

    loops: str
    at: Scalar
    loops_at: int
    items: tuple[Line | Block, ...]


class Open(NamedTuple):
    """A block whose end has not been read: how far its `for` is indented."""

    indent: int
    loops: str
    loops_at: int
    items: list[Line | Block]


def lines_of(network: Scalar, page: Page) -> list[Line | Block]:
    """Give the definitions of a network's text in order; report lines that are none."""
    todo = [Open(-1, "", 0, [])]

    def close(indent: int) -> None:
        while indent <= todo[-1].indent:
            block = todo.pop()
            begin = block.loops_at
            if not block.items:
                page.report(
                    "HW210", "this loop has no lines", network, begin, begin + len(block.loops), "indent its lines"
                )
            todo[-1].items.append(Block(block.loops, network, begin, tuple(block.items)))

    start = 0
    for text in network.text.split("\n"):
        begin, start = start, start + len(text) + 1
        code = text.partition("#")[0].rstrip()
        if not code:
            continue
        left = len(code) - len(code.lstrip())
        close(left)
        loop = loop_in(code)
        if loop == left and code.endswith(":"):
            loops = code[loop + 3 : -1]
            todo.append(Open(left, loops.strip(), begin + loop + 3 + len(loops) - len(loops.lstrip()), []))
            continue
        line = _line(code if loop is None else code[:loop].rstrip(), network, begin, left, page)
        items = todo[-1].items
        if line is None:
            continue
        if loop is None:
            items.append(line)
            continue
        loops = code[loop + 3 :]
        at = begin + loop + 3 + len(loops) - len(loops.lstrip())
        before = items[-1] if items else None
        if isinstance(before, Block) and "".join(before.loops.split()) == "".join(loops.split()):
            items[-1] = before._replace(items=(*before.items, line))
        else:
            items.append(Block(loops.strip(), network, at, (line,)))
    close(0)
    return todo[0].items


def loop_in(code: str) -> int | None:
    """Give where the `for` of a line stands that is in no brackets."""
    depth = 0
    for at, char in enumerate(code):
        depth += (char in OPENS) - (char in CLOSES)
        if depth == 0 and code.startswith("for", at) and not f"{code} "[at + 3].strip() and not code[:at][-1:].strip():
            return at
    return None


def _line(code: str, network: Scalar, begin: int, left: int, page: Page) -> Line | None:
    """Read `name = formula`; report anything else."""
    name, equals, formula = code.partition("=")
    if equals and not formula.startswith("=") and not name.endswith(":"):
        return Line(name.strip(), formula, network, begin + left, begin + len(name) + 1)
    parts = (code.partition(sign) for sign in OTHER_SIGNS)
    name, sign, formula = next((each for each in parts if each[1] and is_name(each[0].strip())), ("z1", "", ""))
    page.report(
        "HW210",
        "a line of a network is `name = formula`",
        network,
        begin + left,
        begin + len(code),
        f"write {name.strip()} = {safe_text(formula.strip(), 60) if sign else 'W1 x + b1'}",
    )
    if not sign:
        return None
    # go on with what is meant: other lines read it
    return Line(name.strip(), formula, network, begin + left, begin + len(name) + len(sign))


def is_name(text: str) -> bool:
    """Tell whether a text can be the name of a quantity."""
    plain = key(text)
    return (
        bool(plain) and (plain[0].isalpha() or plain[0] == "_") and all(char.isalnum() or char == "_" for char in plain)
    )
