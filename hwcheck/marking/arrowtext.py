"""The text of a graph as students type it: its statements, and where the arrows stand in them.

A statement is a line, an item of a list, or what a semicolon ends; a mapping's entry is one as `x -> h, z`. Brackets
keep together what stands in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..yamltree import Map, Scalar, Seq, Tree, as_typed

MOST_DEEP = 8  # levels of `x: {h: y}`

DASH = "[-\u2010-\u2015\u2212]"
SIGN = rf"{DASH}{{1,8}}"
ARROW = re.compile(
    rf"(?P<both><(?:{SIGN}|={{1,8}})>|[↔⟷⇔⟺]|\\(?:long|Long)?(?:left|Left)rightarrow(?![a-zA-Z]))"
    rf"|(?P<left><{SIGN}|[←⟵⇐⟸]|\\(?:long|Long)?(?:left|Left)arrow(?![a-zA-Z])|\\gets(?![a-zA-Z]))"
    rf"|{SIGN}[ ]?>|-\.{{1,8}}->|={{1,8}}>|[→⟶⇒⟹↦⟼➔➙➛➜➝➞➡]\ufe0f?"
    r"|\\(?:long|Long)?(?:right|Right)arrow(?![a-zA-Z])|\\(?:to|mapsto|implies)(?![a-zA-Z])"
)
OPENS, CLOSES = "([{", ")]}"
BULLET = re.compile(r"^(?:[-*•]|[0-9]{1,3}[.)])\s+")


def statements_of(tree: Tree) -> list[str]:
    """Give the statements of what was typed; commas in them separate arrows, or names."""
    return [statement for line in _lines(tree, 0) for statement in split_at(line, ";")]


def _lines(tree: Tree, depth: int) -> Iterator[str]:
    """Give what was typed as lines of text in which commas separate arrows."""
    flow = not isinstance(tree, Scalar) and tree.flow
    if isinstance(tree, Scalar) or (flow and (isinstance(tree, Seq) or ARROW.search(tree.raw)) and not depth):
        yield from _text_lines(_bare(as_typed(tree)))
    elif isinstance(tree, Seq):
        for item in tree.items:
            own = isinstance(item, Seq) and item.flow and not ARROW.search(item.raw)  # `- [x, h]` is a pair
            yield from [item.raw] if own and isinstance(item, Seq) else _lines(item, depth)
    else:
        for name, value in tree.items:
            ends = list(_ends(value))
            yield f"{name.text} -> {', '.join(ends)}" if ends else name.text
            if isinstance(value, Map) and depth < MOST_DEEP:
                yield from _lines(value, depth + 1)


def _ends(value: Tree) -> Iterator[str]:
    """Give the ends of the arrows from a key: a text, a list, or the keys of a mapping."""
    if isinstance(value, Map):
        yield from (name.text for name, _ in value.items)
    elif isinstance(value, Seq) and not value.flow:
        yield from (as_typed(item) for item in value.items)
    else:
        yield from (part for part in [_bare(as_typed(value)).strip()] if part)


def _bare(text: str) -> str:
    """Take the brackets off that stand around a whole list."""
    text = text.strip()
    return text[1:-1] if text[:1] in ("[", "{") and closing(text) == len(text) - 1 else text


def closing(text: str) -> int:
    """Give the place of the bracket that closes the first one; -1 where none does."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char in OPENS) - (char in CLOSES)
        if depth == 0:
            return at
    return -1


def _text_lines(text: str) -> list[str]:
    """Give the lines of a text; one that ends with an arrow, or begins with one, goes on."""
    lines: list[str] = []
    open_end = False
    for line in text.replace("\\\\", "\n").split("\n"):
        line = line.strip()
        begins = ARROW.match(line)
        if line and lines and (begins or open_end):
            lines[-1] += f" {line}"
        elif line:
            lines.append(BULLET.sub("", line))
        open_end = any(found.end() == len(line) for found in ARROW.finditer(line)) if line else open_end
    return lines


def split_at(text: str, sign: str) -> list[str]:
    """Split a text at a sign that stands in no brackets."""
    if sign not in text:
        return [text]
    parts: list[str] = []
    depth = start = 0
    for at, char in enumerate(text):
        if char in OPENS:
            depth += 1
        elif char in CLOSES:
            depth = max(depth - 1, 0)
        elif char == sign and not depth:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]
