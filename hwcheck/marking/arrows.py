"""Reading the arrows of a graph as students write them.

    x -> h, h -> y      a list of arrows, separated by commas, semicolons or lines
    x -> h -> y         a chain: two arrows; `h = 2 x + 1` in it stands for h
    x -> h, z           a name alone behind an arrow is a further end of it: x -> z
    x, w -> h           a name alone before the first arrow is a further beginning: x -> h
    x -> {h, z}         several ends in brackets; also `h and z`
    h <- x              read from the right
    (x, h)              a pair is an arrow
    x: [h, z]           arrows from the key

A name alone between two arrows, `x -> h, z, w -> y`, can be either: it is taken for the arrow that is in the graph, if
one of the two is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import count, pairwise, product
from typing import NamedTuple

from ..formula.expr import Name
from ..formula.names import key
from ..formula.parse import FormulaError, readings
from ..graph.edges import Edge
from ..sheet.problem import Problem, problem_scope
from ..text import closest, safe_text
from ..yamltree import Map, Scalar, Seq, Tree
from .store import text_of

MOST_ARROWS = 1000  # of one answer; more cannot be meant
MOST_TEXT = 20 * MOST_ARROWS  # characters
MOST_PARSED = 20  # names that only the parser of formulas can read, such as \hat{y}
MOST_DEEP = 8  # levels of `x: {h: y}`
LONGEST_NAME = 100
SHOWN = 40  # cells of a text that a message repeats

DASH = "[-\u2010-\u2015\u2212]"
SIGN = rf"{DASH}{{1,8}}"
ARROW = re.compile(
    rf"(?P<both><(?:{SIGN}|={{1,8}})>|[↔⟷⇔⟺]|\\(?:long|Long)?(?:left|Left)rightarrow(?![a-zA-Z]))"
    rf"|(?P<left><{SIGN}|[←⟵⇐⟸]|\\(?:long|Long)?(?:left|Left)arrow(?![a-zA-Z])|\\gets(?![a-zA-Z]))"
    rf"|{SIGN}[ ]?>|-\.{{1,8}}->|={{1,8}}>|[→⟶⇒⟹↦⟼➔➙➛➜➝➞➡]\ufe0f?"
    r"|\\(?:long|Long)?(?:right|Right)arrow(?![a-zA-Z])|\\(?:to|mapsto|implies)(?![a-zA-Z])"
)
OPENS, CLOSES = "([{", ")]}"
EQUALS = re.compile(r"(?<![<>=!:])=(?![=>])")
LINE = re.compile(rf"{DASH}+")
BULLET = re.compile(r"^(?:[-*•]|[0-9]{1,3}[.)])\s+")
AND = re.compile(r"&|\band\b")
#: What may stand around a name and is no part of it.
AROUND = " \t\r$`'\"*.:\u00a0"


class Trouble(NamedTuple):
    """An arrow that could not be read: as it was typed, why, and how to mend it."""

    text: str
    reason: str
    fix: str

    @property
    def said(self) -> str:
        """The arrow and the reason in one line."""
        return f"`{safe_text(self.text.strip()[:LONGEST_NAME], SHOWN)}`: {self.reason}" if self.text else self.reason


class ReadGraph(NamedTuple):
    """The arrows that were read, each once, and those that could not be."""

    edges: tuple[Edge, ...]
    trouble: tuple[Trouble, ...]


class TooManyError(Exception):
    """More arrows than can be meant."""


class Chain(NamedTuple):
    """Ends in a row, each with its names, and the signs between them: "right", "left" or "both"."""

    ends: list[list[str]]
    signs: list[str]


def read_graph(problem: Problem, tree: Tree, graph: Collection[Edge]) -> ReadGraph:
    """Read the arrows that were typed; `graph` are those that tell which of two readings is meant."""
    reader = Reader(Known(problem), graph, {}, [], count(1))
    try:
        if len(text_of(tree)) > MOST_TEXT:
            raise TooManyError
        statements = [statement for line in _lines(tree, 0) for statement in _split(line, ";")]
        if sum(1 for statement in statements for _ in ARROW.finditer(statement)) > MOST_ARROWS:
            raise TooManyError
        for statement in statements:
            reader.statement(statement)
    except TooManyError:
        return ReadGraph((), (Trouble("", "more arrows are written than can be meant", "write each arrow once"),))
    return ReadGraph(tuple(reader.edges), tuple(reader.trouble))


# --- from the file to statements ----------------------------------------------------------------------------


def _lines(tree: Tree, depth: int) -> Iterator[str]:
    """Give what was typed as lines of text in which commas separate arrows."""
    flow = not isinstance(tree, Scalar) and tree.flow
    if isinstance(tree, Scalar) or (flow and (isinstance(tree, Seq) or ARROW.search(tree.raw)) and not depth):
        yield from _text_lines(_bare(text_of(tree)))
    elif isinstance(tree, Seq):
        for item in tree.items:
            own = isinstance(item, Seq) and item.flow and not ARROW.search(item.raw)  # `- [x, h]` is a pair
            yield from [item.raw] if own and isinstance(item, Seq) else _lines(item, depth)
    else:
        for name, value in tree.items:
            ends = list(_ends(value, depth))
            yield f"{name.text} -> {', '.join(ends)}" if ends else name.text
            if isinstance(value, Map) and depth < MOST_DEEP:
                yield from _lines(value, depth + 1)


def _ends(value: Tree, depth: int) -> Iterator[str]:
    """Give the ends of the arrows from a key: a text, a list, or the keys of a mapping."""
    if isinstance(value, Map):
        yield from (name.text for name, _ in value.items)
    elif isinstance(value, Seq) and not value.flow:
        yield from (text_of(item) for item in value.items)
    else:
        yield from (part for part in [_bare(text_of(value)).strip()] if part)


def _bare(text: str) -> str:
    """Take the brackets off that stand around a whole list."""
    text = text.strip()
    return text[1:-1] if text[:1] in ("[", "{") and _closing(text) == len(text) - 1 else text


def _closing(text: str) -> int:
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


def _split(text: str, sign: str) -> list[str]:
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


# --- from statements to arrows ------------------------------------------------------------------------------


class Known:
    """The quantities of a problem under all their names."""

    def __init__(self, problem: Problem) -> None:
        """Take the names of a problem."""
        self.problem = problem
        self.names = {**problem.aliases, **{key(row.name): row.name for row in problem.base}}
        self.found: dict[str, str | None] = {}
        self.parsed = 0

    def quantity(self, text: str) -> str | None:
        """Find the quantity that a text names, or a definition in a chain defines."""
        text = text.strip(AROUND)
        if text not in self.found:
            left, *right = EQUALS.split(text, maxsplit=1)
            self.found[text] = self._named(left) or (self._named(right[0]) if right else None)
        return self.found[text]

    def _named(self, text: str) -> str | None:
        text = text.strip(AROUND)
        if len(text) > LONGEST_NAME:
            return None
        found = self.names.get(key("".join(text.split())))
        if (
            found is not None
            or not text
            or self.parsed >= MOST_PARSED
            or not ("\\" in text or "_" in text or "^" in text)
        ):
            return found
        self.parsed += 1
        try:
            trees = readings(text, problem_scope(self.problem, student=True))
        except FormulaError:
            return None
        known = (self.names.get(key(tree.id)) for tree in trees if isinstance(tree, Name))
        return next((name for name in known if name is not None), None)


class Reader(NamedTuple):
    """What has been read: the known names, the graph's arrows, those found so far, the trouble, and how many there
    were."""

    known: Known
    graph: Collection[Edge]
    edges: dict[Edge, None]
    trouble: list[Trouble]
    counted: count[int]

    def statement(self, text: str) -> None:
        """Read arrows that are separated by commas, and the names alone between them."""
        before: Chain | None = None
        loose: list[str] = []
        for item in _split(text, ","):
            chain = _chain(item)
            if chain.signs:
                self.alone(loose, before, chain)
                self.chain(chain)
                before, loose = chain, []
            elif len(pair := _group(item)) == 2:
                self.arrow(*pair)
            elif len(ends := LINE.split(item)) == 2 and all(map(self.known.quantity, ends)):
                self.trouble.append(Trouble(item, "an arrow needs a direction", f"write {ends[0].strip()} -> ..."))
            elif item.strip(AROUND):
                loose += chain.ends[0]
        self.alone(loose, before, None)

    def chain(self, chain: Chain) -> None:
        """Take the arrows of a chain."""
        for sign, (lefts, rights) in zip(chain.signs, pairwise(chain.ends), strict=True):
            for left, right in product(lefts, rights):
                if sign == "both":
                    where = f"{left.strip()} <-> {right.strip()}"
                    self.trouble.append(Trouble(where, "an arrow has one direction", "write it once: x -> h"))
                else:
                    self.arrow(*_directed(sign, left, right))

    def alone(self, names: list[str], before: Chain | None, after: Chain | None) -> None:
        """Take names without arrows for further ends of the arrow before, or further beginnings of that after."""
        for name in names:
            choices: list[list[tuple[str, str]]] = []
            if before is not None:
                choices.append([_directed(before.signs[-1], end, name) for end in before.ends[-2]])
            if after is not None:
                choices.append([_directed(after.signs[0], name, end) for end in after.ends[1]])
            meant = [pairs for pairs in choices if any(self.edge(*pair) in self.graph for pair in pairs)]
            for pair in (meant or choices or [[]])[0]:  # with no arrow before or behind, it is only named
                source, target = self.edge(*pair)
                if source != target or not source:
                    self.arrow(*pair)

    def edge(self, source: str, target: str) -> Edge:
        """Give an arrow in the names of the table, "" for what is no quantity."""
        return self.known.quantity(source) or "", self.known.quantity(target) or ""

    def arrow(self, source: str, target: str) -> None:
        """Take one arrow."""
        if next(self.counted) > MOST_ARROWS:
            raise TooManyError
        edge = self.edge(source, target)
        unknown = [end.strip(AROUND) for end, name in zip((source, target), edge, strict=True) if not name]
        if not unknown:
            if edge[0] != edge[1] or key(source.strip(AROUND)) == key(target.strip(AROUND)):  # else two names for one
                self.edges[edge] = None
            return
        name = unknown[0]
        reason = (
            f"`{safe_text(name[:LONGEST_NAME], SHOWN)}` is no quantity of the problem"
            if name
            else "an end of the arrow is missing"
        )
        few = len(self.trouble) < MOST_PARSED  # comparing names takes time
        near = closest(name, [row.name for row in self.known.problem.base]) if name and few else []
        fix = f"did you mean `{near[0]}`?" if near else ""
        self.trouble.append(Trouble(f"{source.strip()} -> {target.strip()}", reason, fix))


def _directed(sign: str, left: str, right: str) -> tuple[str, str]:
    return (right, left) if sign == "left" else (left, right)


def _chain(text: str) -> Chain:
    """Take a text apart at its arrows."""
    ends: list[list[str]] = []
    signs: list[str] = []
    at = 0
    for found in ARROW.finditer(text):
        ends.append(_ends_of(text[at : found.start()]))
        signs.append(found.lastgroup or "right")
        at = found.end()
    return Chain([*ends, _ends_of(text[at:])], signs)


def _ends_of(text: str) -> list[str]:
    """Give the names at one end of an arrow: one, or several in brackets or with `and` between them."""
    names = _group(text) or [text]
    return [part for name in names for part in ([name] if "=" in name else AND.split(name))]


def _group(text: str) -> list[str]:
    """Give what stands in the brackets around a whole text; nothing where there are none."""
    text = text.strip(AROUND)
    return _split(text[1:-1], ",") if text[:1] in ("(", "[", "{") and _closing(text) == len(text) - 1 else []
