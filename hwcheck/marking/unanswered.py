"""Problems that a student left out: what is said of them is the same for everybody, and is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from weakref import WeakKeyDictionary

from ..graph.table import Table
from ..sheet.problem import Question
from .report import Finding, Reading
from .wanted import Page

Judged = tuple[list[Finding], tuple[Reading, ...]]

NOBODY = "\0"  # the name of no file
#: What is said, by the problem's base table, with the questions that it is said of.
_KEPT: WeakKeyDictionary[Table, tuple[Mapping[str, Question], Judged]] = WeakKeyDictionary()


def unanswered(page: Page, judge: Callable[[Page], Judged]) -> Judged:
    """Give what is found on a page without any answer; `judge` works it out."""
    of, (findings, readings) = _KEPT.get(page.problem.base, (None, ([], ())))
    if of is not page.problem.questions:
        findings, readings = judge(page._replace(file=NOBODY, found=[]))
        _KEPT[page.problem.base] = page.problem.questions, (findings, readings)
    return [each._replace(file=page.file) if each.file == NOBODY else each for each in findings], readings
