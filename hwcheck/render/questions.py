"""The findings of a report by question, as platforms that count tests take them: a test for each question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from math import fsum

from ..diagnostics import show_diagnostic
from ..marking.report import Finding, Report, is_put_aside, is_regular
from ..record import NamedTuple
from ..text import Safe, safe_text
from .layout import Page, printed
from .numbers import DIGITS
from .report import question_lines
from .tables import questions_of
from .words import first_said, reading_said, to_look_at, total

PAGE = Page(80, DIGITS, False)
ROUNDING = 1e-9  # points are sums of fractions such as 8/12
LONGEST = 20_000  # letters of what is said of one question
LONGEST_NAME = 80


class Test(NamedTuple):
    """A question: what it earns of the most that can be had automatically, and by how many points of a bonus.

    `most` is 0 for a bonus, for what a person gives the points of, and for working that was not asked.
    """

    problem: str
    question: str
    findings: tuple[Finding, ...]
    marks: float
    most: float
    bonus: float

    @property
    def automatic(self) -> bool:
        """Tell whether there is a point that can be had without a person."""
        return self.most > 0 or self.bonus > 0

    @property
    def passed(self) -> bool:
        """Tell whether it earns all that can be had."""
        return self.automatic and self.marks >= (self.most or self.bonus) - ROUNDING

    @property
    def name(self) -> Safe:
        """Give what it is called: `problem 1, question d`."""
        parts = [f"problem {self.problem}", *([f"question {self.question}"] if self.question else [])]
        return safe_text(", ".join([*parts, *([] if self.question else ["further working"])]), LONGEST_NAME)


def tests_of(report: Report) -> Iterator[Test]:
    """Give the questions of a report in the order of the sheet."""
    for (problem, question), group in groupby(report.findings, lambda each: (each.problem, each.question)):
        findings = tuple(group)
        own = [each for each in findings if each.bonus and not is_put_aside(each)]
        yield Test(
            problem,
            question,
            findings,
            fsum(each.marks for each in findings),
            fsum(each.max_marks for each in findings if is_regular(each)),
            fsum(each.max_marks for each in own),
        )


def said_of(findings: Iterable[Finding], most: int = LONGEST) -> Safe:
    """Say in plain lines what was found about the answers to one question."""
    lines = [line for question, some in questions_of(findings) for line in question_lines(question, some, PAGE)]
    return capped(Safe(printed(lines, PAGE).rstrip("\n")), most)


def headed(report: Report) -> Safe:
    """Say in plain lines the score, where to look first, how the sheet was read, and what is odd about the file."""
    first = first_said(report)
    parts = [
        safe_text(" · ".join([*total(report), *to_look_at(report)])),
        *([safe_text(first.words)] if first is not None else []),
        *(safe_text(f"Problem {each.problem}: {reading_said(each).words}") for each in report.readings),
        *(show_diagnostic(each, None) for each in report.diagnostics),
        safe_text(f"sheet {report.sheet} · {report.sheet_hash[:12]}" if report.sheet else ""),
    ]
    return capped(Safe("\n\n".join(filter(None, parts))), LONGEST)


def capped(text: Safe, most: int) -> Safe:
    """Cut a text of several lines to so many letters."""
    return text if len(text) <= most else Safe(text[: most - 1] + "…")


def unique(names: Iterable[str]) -> Iterator[str]:
    """Number names that come again, as consumers drop the second of two: `W1`, `W1 (2)`."""
    given: set[str] = set()
    for name in names:
        number, own = 2, name
        while own in given:
            own = f"{name} ({number})"
            number += 1
        given.add(own)
        yield own
