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
from collections.abc import Collection
from itertools import count, pairwise, product

from ..formula.expr import Name
from ..formula.names import key
from ..formula.parse import FormulaError, readings
from ..graph.edges import Edge
from ..record import NamedTuple
from ..sheet.problem import Problem, problem_scope
from ..text import closest, safe_text
from ..yamltree import Tree, as_typed
from .arrowtext import ARROW, DASH, closing, split_at, statements_of

MOST_ARROWS = 1000  # of one answer; more cannot be meant
MOST_TEXT = 20 * MOST_ARROWS  # characters
MOST_PARSED = 20  # names that only the parser of formulas can read, such as \hat{y}
LONGEST_NAME = 100
SHOWN = 40  # cells of a text that a message repeats

EQUALS = re.compile(r"(?<![<>=!:])=(?![=>])")
LINE = re.compile(rf"{DASH}+")
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
        if len(as_typed(tree)) > MOST_TEXT:
            raise TooManyError
        statements = statements_of(tree)
        if sum(1 for statement in statements for _ in ARROW.finditer(statement)) > MOST_ARROWS:
            raise TooManyError
        for statement in statements:
            reader.statement(statement)
    except TooManyError:
        return ReadGraph((), (Trouble("", "more arrows are written than can be meant", "write each arrow once"),))
    return ReadGraph(tuple(reader.edges), tuple(reader.trouble))


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
        for item in split_at(text, ","):
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
    return split_at(text[1:-1], ",") if text[:1] in ("(", "[", "{") and closing(text) == len(text) - 1 else []
