"""Reports as GitHub-flavoured Markdown: a table for each problem; whatever a student typed stands in code spans."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from ..marking.report import Finding, Report
from .cells import Nested, cells_of, shown_digits, walked
from .entries import derivation_of, line_words, read_as
from .markdown import assignments, code, escaped, maths, table, values_table
from .numbers import DIGITS, decimal
from .tables import is_table, questions_of, report_table_of, table_said
from .words import (
    LINES,
    Said,
    codes_text,
    first_said,
    places_text,
    points_of,
    reading_said,
    remarks_said,
    score_of,
    slips_said,
    to_look_at,
    total,
    verdict_words,
    whose,
    wrong_places,
)


def report_markdown(report: Report, digits: int | None = None) -> str:
    """Write a report as Markdown: the score, a table for each problem, and what was odd about the file."""
    title = escaped(report.title or report.sheet)
    blocks = [
        f"# {title}",
        f"{code(whose(report))}: " * bool(whose(report)) + f"**{' · '.join([*total(report), *to_look_at(report)])}**",
    ]
    first = first_said(report)
    blocks += [said_text(first)] if first is not None else []
    for problem, group in groupby(report.findings, lambda finding: finding.problem):
        findings = list(group)
        score = f" · {score_of(findings)}" if score_of(findings) else ""
        blocks.append(f"## Problem {escaped(problem)}{score}")
        blocks += [said_text(reading_said(reading)) for reading in report.readings if reading.problem == problem]
        if all(finding.verdict == "blank" for finding in findings):
            blocks.append("Nothing written.")
            continue
        others = [finding for finding in findings if finding.kind != "cell"]
        computed = any(finding.reference is not None for finding in others)
        rows = [_finding_row(finding, digits or DIGITS, computed) for finding in others]
        head = ["Question", "Quantity", "Yours", *(["Computed"] if computed else []), "Verdict", "Points"]
        blocks += [table(head, rows)] if rows else []
        for question, cells in questions_of(findings):
            blocks += _table(question, cells, digits or DIGITS) if is_table(cells) else []
        blocks += [part for finding in findings if derivation_of(finding) for part in _derivation(finding)]
    for diagnostic in report.diagnostics:
        line = f", line {diagnostic.span.line}" if diagnostic.span else ""
        said = f"{diagnostic.message}; {diagnostic.help}" if diagnostic.help else diagnostic.message
        blocks.append(f"{escaped(diagnostic.severity)} {code(diagnostic.code)}{line}: {code(said)}")
    blocks.append(f"Sheet {code(report.sheet)}, {code(report.sheet_hash[:12])}")
    return "\n\n".join(blocks) + "\n"


def _table(question: str, cells: list[Finding], digits: int) -> list[str]:
    """Give the cells of a table of values under the id of the question, and what is said of them."""
    said = [f"* {said_text(each)}" for each in table_said(cells)]
    score = f" · {score_of(cells)}" if score_of(cells) else ""
    shown = [values_table(report_table_of(cells, digits)), *(["\n".join(said)] if said else [])]
    return [f"### Question {escaped(question)}{score}", *shown]


def said_text(said: Said) -> str:
    """Write words with the codes behind them; what they quote of a file means nothing in Markdown."""
    return escaped(said.words) + (f" {code(codes_text(said.codes))}" if said.codes else "")


def _finding_row(finding: Finding, digits: int, with_computed: bool) -> list[str]:
    question = escaped(finding.question)
    if finding.when:
        question += f" where {assignments(finding.when)}"
    cells = cells_of(finding, digits) if finding.values is not None else []
    shown = {cell.place: shown_digits(cell.yours, digits) for cell in cells}
    computed = ""
    if finding.reference is not None and finding.verdict != "blank":  # what is blank is still to be worked out
        computed = _right(finding, shown)
    if finding.carried is not None:
        computed += f"; carried: {code(nested_text(finding.carried, shown))}"
    wrong = places_text(wrong_places(finding))
    verdict = [verdict_words(finding), *([f"to look at: {code(finding.quantity + wrong)}"] if wrong else [])]
    verdict += [said_text(said) for said in (*slips_said(finding), *remarks_said(finding))]
    return [
        question,
        code(finding.quantity),
        _yours(finding),
        *([computed] if with_computed else []),
        "; ".join(verdict),
        points_of(finding),
    ]


def _yours(finding: Finding) -> str:
    """Give what was typed, what stood on several lines on one; and how it was read where that is a formula."""
    if not finding.answer:
        return ""
    if derivation_of(finding):
        return "its lines stand below"
    typed = finding.answer
    if "\n" in typed:
        typed = _bracketed(finding.values) if finding.values is not None else "; ".join(typed.split("\n"))
    read = read_as(finding)
    shown = "" if read is None else code(read) if isinstance(read, str) else maths(read)
    return code(typed) + (f", read as {shown}" if shown else "")


def _right(finding: Finding, digits: Mapping[tuple[int, ...], int]) -> str:
    """Give what is right: a formula, or the numbers on one line."""
    if isinstance(finding.reference, str):
        return maths(finding.key) if finding.key is not None else code(finding.reference)
    return code(nested_text(finding.reference, digits))


def _derivation(finding: Finding) -> list[str]:
    """Give the lines of an answer in a table: as typed, how each was read if that is a formula, its verdict and why."""
    formal = any(line.tree is not None for line in finding.lines)
    rows = []
    for number, line in enumerate(finding.lines, 1):
        read = [maths(line.tree) if line.tree is not None else ""] if formal else []
        rows.append([str(number), code(line.text), *read, escaped(line_words(line))])
    head = ["Line", "Yours", *(["Read as"] if formal else []), "Verdict"]
    title = LINES.get(finding.kind)
    return [f"{title}:" if title else f"The lines of {code(finding.quantity)}:", table(head, rows)]


def _bracketed(nested: Nested) -> str:
    if isinstance(nested, list | tuple):
        return "[" + ", ".join(map(_bracketed, nested)) + "]"
    return "" if nested is None else str(nested)


def nested_text(nested: Nested, digits: Mapping[tuple[int, ...], int], place: tuple[int, ...] = ()) -> str:
    """Write nested lists of numbers on one line, each number with the digits of its place; one entry as a number."""
    if isinstance(nested, list | tuple) and (place or len([*walked(nested)]) > 1):
        parts = (nested_text(part, digits, (*place, at)) for at, part in enumerate(nested, 1))
        return "[" + ", ".join(parts) + "]"
    while isinstance(nested, list | tuple):  # an only entry has no place
        nested = nested[0]
    return decimal(float(nested), digits.get(place, DIGITS))
