"""Reports as a LaTeX document: the score, where to look first, and for each quantity numbers, verdict and words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, zip_longest

from ..marking.report import DerivedLine, Finding, Report
from .cells import together
from .entries import COMPUTED, VERDICT, YOURS, Entries, derivation_of, entries_of, line_words, read_as
from .latex import Tex, code, command, document, escaped, joined, maths, row, said_text, values_table
from .latexsolution import assignments
from .numbers import DIGITS
from .report import words_of
from .tables import is_table, questions_of, report_table_of, table_said
from .words import MARKS, RIGHT, WORDS, first_said, reading_said, score_of, to_look_at, total, whose


def report_latex(report: Report, digits: int | None = None) -> str:
    """Write a report as a LaTeX document."""
    return document(report.title or report.sheet, _blocks(report, digits or DIGITS))


def _blocks(report: Report, digits: int) -> Iterator[Tex]:
    if whose(report):
        yield joined([escaped("Answers of "), code(whose(report))])
    yield command("textbf", escaped(" · ".join([*total(report), *to_look_at(report)])))
    first = first_said(report)
    if first is not None:
        yield said_text(first)
    for problem, group in groupby(report.findings, lambda finding: finding.problem):
        findings = list(group)
        score = f" · {score_of(findings)}" if score_of(findings) else ""
        yield command("section*", escaped(f"Problem {problem}{score}"))
        yield from (said_text(reading_said(reading)) for reading in report.readings if reading.problem == problem)
        if all(finding.verdict == "blank" for finding in findings):
            yield escaped(f"{WORDS['blank'].capitalize()}.")
            continue
        for question, answers in questions_of(findings):
            yield from _question(question, answers, digits)
    if report.diagnostics:
        yield command("section*", escaped("About the file"))
    for each in report.diagnostics:
        line = f", line {each.span.line}" if each.span else ""
        words = f"{line}: {each.message}" + (f"; {each.help}" if each.help else "")
        yield joined([escaped(f"{each.severity} "), code(each.code), escaped(words)])
    yield joined(
        [Tex(r"\medskip\small "), escaped("Sheet "), code(report.sheet), escaped(f" · {report.sheet_hash[:12]}")]
    )


def _question(question: str, findings: list[Finding], digits: int) -> Iterator[Tex]:
    score = score_of(findings)
    head = [escaped(f"Question {question}" if question else "Further working"), escaped(f" · {score}" * bool(score))]
    when = None if is_table(findings) else findings[0].when
    yield command("subsection*", joined([*head, *([escaped(" · where "), assignments(when)] if when else [])]))
    if is_table(findings):
        yield values_table(report_table_of(findings, digits))
        yield from map(said_text, table_said(findings))
        return
    for finding in findings:
        if finding.verdict != "blank":
            yield from _finding(finding, digits)
    blank = [code(finding.quantity) for finding in findings if finding.verdict == "blank"]
    if blank:
        yield joined([escaped(f"{MARKS['blank']} {WORDS['blank']}: "), joined(blank, ", ")])


def _finding(finding: Finding, digits: int) -> Iterator[Tex]:
    """Give one quantity: its name with the verdict, the numbers or the formulas, and the words about them."""
    verdict, *words = words_of(finding)
    yield Tex(f"\\medskip {command('textbf', code(finding.quantity))}\\quad {said_text(verdict)}\\nopagebreak")
    tables, more = entries_of(finding, digits)
    yield from (_entries(each) for each in tables)
    if not tables and not more:
        yield from _formulas(finding)
    if more:
        yield escaped(more)
    yield from (_line(number, line) for number, line in enumerate(derivation_of(finding), 1))
    yield from map(said_text, words)


def _formulas(finding: Finding) -> Iterator[Tex]:
    """Give an answer as it was typed, and how it was read; the right formula where it may be shown."""
    if not derivation_of(finding):
        yield joined([escaped(f"{YOURS}: "), code(finding.answer)])
    read = read_as(finding)
    if read is not None:
        yield joined([escaped("read as: "), code(read) if isinstance(read, str) else maths(read)])
    if isinstance(finding.reference, str):
        right = maths(finding.key) if finding.key is not None else code(finding.reference)
        yield joined([escaped(f"{RIGHT.get(finding.kind, COMPUTED)}: "), right])


def _line(number: int, line: DerivedLine) -> Tex:
    """Give a line of a derivation: as typed, how it was read, its verdict and why."""
    parts = [escaped(f"Line {number}: "), code(line.text)]
    parts += [escaped(", read as "), maths(line.tree)] if line.tree is not None else []
    return joined([*parts, escaped(f": {line_words(line)}")])


def _entries(entries: Entries) -> Tex:
    """Give a table of entries, their decimal points under each other; it is made smaller where it is wide."""
    numbers = [line.texts for line in entries.lines if line.label != VERDICT]
    columns = [together(list(column)) for column in zip_longest(*numbers, fillvalue="")]
    padded = zip(*columns, strict=True)
    rows = [row(Tex(""), *map(escaped, entries.heads))] if entries.heads else []
    for line in entries.lines:
        label = escaped(f"{line.label} {line.place}".strip())
        shown = (escaped(MARKS.get(said, "")) for said in line.texts)
        rows.append(row(label, *(shown if line.label == VERDICT else map(_padded, next(padded)))))
    body = "\n".join(rows)
    return Tex(rf"\fitto{{\linewidth}}{{\begin{{tabular}}{{@{{}}l{'r' * len(columns)}@{{}}}} {body} \end{{tabular}}}}")


def _padded(content: str) -> Tex:
    """Give a number with so much room behind it that the points of a column meet at its right edge."""
    shown = content.rstrip()
    missing = "0" * (len(content) - len(shown))
    if missing and "." not in shown and any(char.isdigit() for char in shown):
        missing = "." + missing[1:]
    return joined([escaped(shown.lstrip()), *([command("phantom", Tex(missing))] if missing else [])])
