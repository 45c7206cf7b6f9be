"""Graphs: the arrows that a student wrote, compared with those of the network one by one.

An arrow stands from what is read to what is computed from it. Each counts once. The share of the points is the number
of right arrows less the number of wrong ones, over the number of arrows of the graph, and never below 0: an arrow that
points the other way, or to something that is no quantity, is a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..graph.edges import Edge, edges_of
from ..record import NamedTuple
from ..sheet.problem import Question
from ..text import safe_text
from ..yamltree import Tree, as_typed
from .arrows import ReadGraph, read_graph
from .arrowtext import ARROW
from .report import Finding, Recognised, blank_finding
from .slips import SLIPS
from .typed import is_blank
from .wanted import Page

TITLE = "graph"
MOST_NAMED = 12  # arrows that a message names
MOST_WARNED = 3  # arrows that could not be read and are reported one by one
LONGEST_ECHO = 1000


class Compared(NamedTuple):
    """A student's arrows beside those of the graph: the right ones, the missing, the wrong and the reversed ones."""

    right: list[Edge]
    missing: list[Edge]
    extra: list[Edge]
    reversed: list[Edge]


def compared(edges: Iterable[Edge], key: Iterable[Edge]) -> Compared:
    """Compare arrows with those of a graph; of a reversed one neither the missing nor the extra arrow is listed."""
    own, wanted = dict.fromkeys(edges), dict.fromkeys(key)
    turned = [(a, b) for a, b in own if (a, b) not in wanted and (b, a) in wanted and (b, a) not in own]
    back = {(b, a) for a, b in turned}
    return Compared(
        [edge for edge in own if edge in wanted],
        [edge for edge in wanted if edge not in own and edge not in back],
        [edge for edge in own if edge not in wanted and edge not in turned],
        turned,
    )


def graph_finding(page: Page, question: Question, tree: Tree | None) -> Finding:
    """Judge the graph that a student wrote; None where nothing was written."""
    key = question.edges if question.edges is not None else tuple(edges_of(page.problem.base))
    made = blank_finding(page.problem.id, question, TITLE, question.points, arrows_text(key), page.file)
    if tree is None:
        return made
    made = made._replace(answer=as_typed(tree), line=tree.span.line, column=tree.span.column)
    if is_blank(tree) and not ARROW.search(as_typed(tree)):  # `{x -> h}` is a mapping without values
        return made
    read = read_graph(page.problem, tree, frozenset(key))
    _warn(page, question, tree, read)
    if not read.edges:
        about = read.trouble[0].reason if read.trouble else "no arrow is written here"
        return made._replace(verdict="unreadable", cells="unreadable", about=about)
    found = compared(read.edges, key)
    wrong = len(found.extra) + len(found.reversed) + len(read.trouble)
    share = max(0, len(found.right) - wrong) / len(key) if key else 0.0
    verdict = "wrong" if wrong or found.missing else "correct"
    return made._replace(
        verdict=verdict,
        cells=verdict,
        read_as=safe_text(arrows_text(read.edges, len(read.edges)), LONGEST_ECHO),
        about="" if verdict == "correct" else _about(found, read, len(key)),
        slips=tuple(_slips(found)),
        marks=question.points * share,
        without=question.points * share,
    )


def arrows_text(edges: Iterable[Edge], most: int | None = None) -> str:
    """Write arrows as `x -> h, h -> y`, at most so many of them."""
    every = list(edges)
    shown = [f"{source} -> {name}" for source, name in every[:most]]
    return ", ".join(shown) + (f" and {len(every) - len(shown)} more" if len(shown) < len(every) else "")


def _about(found: Compared, read: ReadGraph, total: int) -> str:
    """Say how many arrows are right, and which of the student's own are not; what is missing is left to the slips."""
    said = [f"{len(found.right)} of {total} arrows {'is' if len(found.right) == 1 else 'are'} right"]
    if wrong := found.extra + found.reversed:
        said.append(f"look at {arrows_text(wrong, MOST_NAMED)}")
    return "; ".join([*said, *(f"not read: {each.said}" for each in read.trouble[:MOST_WARNED])])


def _slips(found: Compared) -> Iterable[Recognised]:
    """Name the arrows of each mistake, and say what to look at."""
    for code, edges, words in (
        ("EDGE_EXTRA", found.extra, "not in the graph"),
        ("EDGE_REVERSED", found.reversed, "the other way round"),
        ("EDGE_MISSING", found.missing, "missing"),
    ):
        if edges:
            message = f"{words[0].upper()}{words[1:]}: {arrows_text(edges, MOST_NAMED)}. {SLIPS[code].hint}"
            yield Recognised(code, "is", message, ((),))


def _warn(page: Page, question: Question, tree: Tree, read: ReadGraph) -> None:
    """Report the arrows that could not be read."""
    for each in read.trouble[:MOST_WARNED]:
        page.warn("HW413", f"an arrow of the graph is not read: {each.said}", tree.span, question.id, each.fix)
    if len(read.trouble) > MOST_WARNED:
        more = len(read.trouble) - MOST_WARNED
        page.warn("HW413", f"{more} more arrows of the graph are not read", tree.span, question.id, "")
