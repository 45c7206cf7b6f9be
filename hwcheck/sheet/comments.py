"""Answers that stand behind a `#`, where YAML reads nothing.

The brackets in the comments of a blank answers file invite to fill them in there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from ..diagnostics import Diagnostic, Span
from ..yamltree import Map, Scalar, Tree
from .check import Entry, Where

#: A value alone, or brackets behind the words of a template that hold a number: `a vector of 2: [0.31, -0.28]`.
_VALUE = r"\s*(?:[-+−.\[\s]*[0-9][-+−.,;\s0-9eE\[\]]*|.*: *\[[-+−.\[\s]*[0-9].*)"


def hidden(answers: Iterable[Entry], source: str, where: Where) -> Iterator[Diagnostic]:
    """Report empty answers with a value behind a `#` on their line."""
    lines: list[str] = []
    for key, value in chain.from_iterable(map(_leaves, answers)):
        if value.text.strip() or value.style != "plain":
            continue
        lines = lines or source.split("\n")
        line = lines[key.span.line - 1]
        at = line.find(" #", key.span.end_column - 1) + 1
        if at and re.fullmatch(_VALUE, line[at + 1 :].rstrip()):
            span = Span(key.span.line, at + 1, len(line.rstrip()) + 1)
            yield where.says(
                "HW414", "behind a `#` nothing is read", span, "if this is the answer, write it in front of the `#`"
            )._replace(severity="warning")


def _leaves(entry: Entry) -> Iterator[tuple[Scalar, Scalar]]:
    key, tree = entry
    pending: list[tuple[Scalar, Tree]] = [(key, tree)]
    while pending:
        key, tree = pending.pop()
        if isinstance(tree, Map):
            pending.extend(reversed(tree.items))
        elif isinstance(tree, Scalar):
            yield key, tree
