"""Graphs to draw: random ones, and what a reader makes of a drawing in text."""

import re
from collections.abc import Iterable

from hypothesis import strategies as st

from hwcheck.formula.expr import Call, Name
from hwcheck.sheet.drawing import Drawing, Drawn
from hwcheck.text import width

#: The signs of a drawing, by the sides to which each is open.
OPEN = {
    "─": "LR", "│": "UD", "┐": "LD", "┘": "LU", "┌": "RD", "└": "RU", "┬": "LRD", "┴": "LRU", "├": "UDR", "┤": "UDL",
    "┼": "LRUD",
}  # fmt: skip
STEP = {"R": (0, 1), "U": (-1, 0), "D": (1, 0)}
BACK = {"R": "L", "U": "D", "D": "U"}


def drawing(names: Iterable[str], edges: Iterable[tuple[str, str]], title: str = "a title") -> Drawing:
    """Give a drawing in which every quantity is the sum of what it reads."""
    names, edges = list(names), list(edges)
    quantities = []
    for name in names:
        reads = [source for source, target in edges if target == name]
        read = any(source == name for source, _ in edges)
        formula = Call("sum", tuple(map(Name, reads))) if reads else None
        quantities.append(Drawn(name, "computed" if reads and read else "result" if reads else "given", formula, ()))
    return Drawing("1", title, tuple(quantities), tuple(edges))


@st.composite
def drawings(draw: st.DrawFn, most: int = 9) -> Drawing:
    """Draw a graph in which each quantity reads some of those before it, and all are in some arrow."""
    count = draw(st.integers(2, most))
    lengths = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    names = [f"q{number}" + "w" * size for number, size in enumerate(lengths)]
    edges: list[tuple[str, str]] = []
    for at in range(1, count):
        sources = draw(st.sets(st.integers(0, at - 1), max_size=3))
        edges += [(names[source], names[at]) for source in sorted(sources)]
    linked = {name for edge in edges for name in edge}
    if not linked:
        return drawing(names[:2], [(names[0], names[1])])
    return drawing([name for name in names if name in linked], edges)


def followed(lines: Iterable[str]) -> set[tuple[str, str]]:
    """Follow the lines of a drawing from every name to the arrows that they reach, as a reader does."""
    grid = [_cells(line) for line in lines]
    names = {
        (row, found.start()): found.group() for row, line in enumerate(lines) for found in re.finditer(r"\w+", line)
    }
    edges: set[tuple[str, str]] = set()
    for (row, start), name in names.items():
        todo = [(row, start + len(name) + 1, "R")]
        seen = set()
        while todo:
            row, column, way = todo.pop()
            sign = grid[row][column] if 0 <= row < len(grid) and column < len(grid[row]) else " "
            if (row, column, way) in seen:
                continue
            seen.add((row, column, way))
            if sign == "▶":
                edges.add((name, names[row, column + 2]))
            elif sign == "│" and way == "R":  # another line, which breaks this one
                todo.append((row, column + 1, way))
            elif BACK[way] in OPEN.get(sign, ""):
                for on in OPEN[sign]:
                    if on != "L" and on != BACK[way]:
                        todo.append((row + STEP[on][0], column + STEP[on][1], on))
            else:
                assert sign == " ", f"a line ends at {sign!r} in row {row}, column {column}"
                assert way == "R", "an upright line ends in nothing"
                assert (row, start + len(name) + 1) == (row, column), "a line ends in nothing"
    return edges


def _cells(line: str) -> list[str]:
    assert width(line) == len(line)
    return list(line)
