"""Reports as GitHub-flavoured Markdown: a table for each problem; whatever a student typed stands in code spans."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from ..marking.report import REMARKS, Finding, Report
from .cells import Nested, cells_of, shown_digits
from .markdown import code, escaped, table
from .numbers import DIGITS, decimal
from .report import MARKS, WORDS, earned, entry_name


def report_markdown(report: Report, digits: int | None = None) -> str:
    """Write a report as Markdown: the score, a table for each problem, and what was odd about the file."""
    title = escaped(report.title or report.sheet)
    blocks = [
        f"# {title}",
        f"{code(report.student)}: " * bool(report.student) + f"**{earned(report.score, report.max_score)}**",
    ]
    for problem, group in groupby(report.findings, lambda finding: finding.problem):
        rows = [_finding_row(finding, digits or DIGITS) for finding in group]
        head = ["Question", "Quantity", "Yours", "Computed", "Verdict", "Points"]
        blocks += [f"## Problem {escaped(problem)}", table(head, rows)]
    for diagnostic in report.diagnostics:
        line = f", line {diagnostic.span.line}" if diagnostic.span else ""
        said = f"{diagnostic.message}; {diagnostic.help}" if diagnostic.help else diagnostic.message
        blocks.append(f"{escaped(diagnostic.severity)} {code(diagnostic.code)}{line}: {code(said)}")
    blocks.append(f"Sheet {code(report.sheet)}, {code(report.sheet_hash[:12])}")
    return "\n\n".join(blocks) + "\n"


def _finding_row(finding: Finding, digits: int) -> list[str]:
    question = escaped(finding.question)
    if finding.when:
        question += " where " + ", ".join(f"{code(name)} = {code(value)}" for name, value in finding.when.items())
    cells = cells_of(finding, digits)
    shown = {cell.place: shown_digits(cell.yours, digits) for cell in cells}
    computed = code(nested_text(finding.reference, shown)) if finding.reference is not None else ""
    if finding.carried is not None:
        computed += f"; carried: {code(nested_text(finding.carried, shown))}"
    verdict = [f"{MARKS[finding.verdict]} {WORDS[finding.verdict]}"]
    if finding.verdict == "wrong":
        wrong = next((cell for cell in cells if cell.verdict == "wrong" and cell.place), None)
        verdict += [f"first entry to look at: {code(entry_name(finding, wrong))}"] if wrong else []
    verdict += [code(finding.about)] if finding.about else []
    verdict += [REMARKS.get(remark, code(remark)) for remark in finding.remarks]
    score = f"{round(finding.marks, 2):g} of {round(finding.max_marks, 2):g}" if finding.max_marks else ""
    return [
        question,
        code(finding.quantity),
        code(finding.answer) if finding.answer else "",
        computed,
        "; ".join(verdict),
        score,
    ]


def nested_text(nested: Nested, digits: Mapping[tuple[int, ...], int], place: tuple[int, ...] = ()) -> str:
    """Write nested lists of numbers on one line, each number with the digits of its place; one entry as a number."""
    if isinstance(nested, list | tuple) and len(digits) > 1:
        parts = (nested_text(part, digits, (*place, at)) for at, part in enumerate(nested, 1))
        return "[" + ", ".join(parts) + "]"
    while isinstance(nested, list | tuple):
        nested, place = nested[0], (*place, 1)
    return decimal(float(nested), digits.get(place, DIGITS))
