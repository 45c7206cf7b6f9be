"""Reports as a page of HTML: the score, where to look first, and for each quantity numbers, verdict and words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, zip_longest

from ..diagnostics import Diagnostic
from ..formula.showmathml import Html, escaped
from ..marking.report import DerivedLine, Finding, Report
from .cells import together
from .entries import COMPUTED, VERDICT, YOURS, Entries, derivation_of, entries_of, line_words, read_as
from .html import caption, code, document, equation, joined, said_text, tag, text, values_table
from .htmlsolution import assignments
from .numbers import DIGITS
from .report import words_of
from .tables import is_table, questions_of, report_table_of, table_said
from .words import LINES, MARKS, RIGHT, STYLES, WORDS, first_said, reading_said, score_of, to_look_at, total, whose

DIGIT, POINT = "\u2007", "\u2008"  # blanks as wide as these


def report_html(report: Report, digits: int | None = None) -> str:
    """Write a report as a page of HTML."""
    title = report.title or report.sheet
    header = [text("h1", title)]
    if whose(report):
        header.append(tag("p", escaped("Answers of "), code(whose(report))))
    header.append(text("p", " · ".join([*total(report), *to_look_at(report)]), class_="score"))
    first = first_said(report)
    if first is not None:
        header.append(said_text(first._replace(style=""), class_="first"))
    blocks = [
        _problem(problem, list(findings), report, digits or DIGITS)
        for problem, findings in groupby(report.findings, lambda finding: finding.problem)
    ]
    blocks += [_diagnostics(report.diagnostics)] if report.diagnostics else []
    footer = tag("p", escaped("Sheet "), code(report.sheet), escaped(" · "), code(report.sheet_hash[:12]))
    heading = f"{whose(report)}: {title}" if whose(report) else title
    return document(f"{heading}: report", joined(header), joined(blocks), footer)


def _problem(problem: str, findings: list[Finding], report: Report, digits: int) -> Html:
    score = score_of(findings)
    blocks = [text("h2", f"Problem {problem}" + (f" · {score}" if score else ""))]
    blocks += [said_text(reading_said(reading)) for reading in report.readings if reading.problem == problem]
    if all(finding.verdict == "blank" for finding in findings):
        return tag("section", *blocks, text("p", f"{WORDS['blank'].capitalize()}.", class_="note"))
    for question, answers in questions_of(findings):
        blocks += _question(question, answers, digits)
    return tag("section", *blocks)


def _question(question: str, findings: list[Finding], digits: int) -> Iterator[Html]:
    score = score_of(findings)
    head = [escaped(f"Question {question}" if question else "Further working"), escaped(f" · {score}" * bool(score))]
    when = None if is_table(findings) else findings[0].when
    yield tag("h3", *head, *([escaped(" · where "), assignments(when)] if when else []))
    if is_table(findings):
        yield values_table(report_table_of(findings, digits), escaped(f"The cells of question {question}"))
        yield from map(said_text, table_said(findings))
        return
    yield from (_finding(finding, digits) for finding in findings if finding.verdict != "blank")
    blank = [code(finding.quantity) for finding in findings if finding.verdict == "blank"]
    if blank:
        yield tag("p", escaped(f"{MARKS['blank']} {WORDS['blank']}: "), joined(blank, ", "), class_="note")


def _finding(finding: Finding, digits: int) -> Html:
    """Give one quantity: its name, the numbers or the formulas, and the words about them beside."""
    tables, more = entries_of(finding, digits)
    numbers = [_entries(each, finding.quantity) for each in tables] if tables or more else [_formulas(finding)]
    numbers += [text("p", more, class_="note")] if more else []
    words = [said_text(said, class_="" if at else "verdict") for at, said in enumerate(words_of(finding))]
    several = derivation_of(finding)
    lines = [_lines(several, finding)] if several else []
    parts = [tag("h4", code(finding.quantity)), tag("div", *numbers), tag("div", *words, class_="words")]
    return tag("div", *parts, *lines, class_="finding")


def _formulas(finding: Finding) -> Html:
    """Give an answer as it was typed, and how it was read; the right formula where it may be shown."""
    rows = [] if derivation_of(finding) else [_said(YOURS, code(finding.answer))]
    read = read_as(finding)
    if read is not None:
        rows.append(_said("read as", code(read) if isinstance(read, str) else equation(None, [read])))
    if isinstance(finding.reference, str):
        right = equation(None, [finding.key]) if finding.key is not None else code(finding.reference)
        rows.append(_said(RIGHT.get(finding.kind, COMPUTED), right))
    return tag("table", caption(code(finding.quantity)), tag("tbody", *rows), class_="entries formulas")


def _said(label: str, content: Html) -> Html:
    return tag("tr", text("th", label, scope="row"), tag("td", content, class_="typed"))


def _entries(entries: Entries, quantity: str) -> Html:
    """Give a table of entries, their decimal points under each other; it scrolls where it is wide."""
    numbers = [line.texts for line in entries.lines if line.label != VERDICT]
    columns = [together(list(column)) for column in zip_longest(*numbers, fillvalue="")]
    padded = zip(*columns, strict=True)
    bodies: list[Html] = []
    for _, lines in groupby(entries.lines, lambda line: line.place):
        rows = []
        for line in lines:
            cells = map(_verdict, line.texts) if line.label == VERDICT else map(_padded, next(padded))
            label = f"{line.label} {line.place}" if line.place else line.label
            rows.append(tag("tr", text("th", label, scope="row"), *cells))
        bodies.append(tag("tbody", *rows))
    heads = [text("th", each, scope="col") for each in entries.heads]
    head = [tag("thead", tag("tr", tag("td"), *heads))] if heads else []
    return tag("div", tag("table", caption(code(quantity)), *head, *bodies, class_="entries"), class_="scroll")


def _padded(content: str) -> Html:
    """Give a number with blanks as wide as digits behind it, so that the points of a column meet at its right edge."""
    shown = content.rstrip()
    blanks = DIGIT * (len(content) - len(shown))
    if blanks and "." not in shown and any(char.isdigit() for char in shown):
        blanks = POINT + blanks[1:]
    return tag("td", escaped(shown.lstrip()), Html(blanks))


def _verdict(verdict: str) -> Html:
    """Give the verdict of an entry: its mark for the eye, and the word for whoever hears the page."""
    mark = text("span", MARKS.get(verdict, ""), aria_hidden="true", class_=STYLES.get(verdict, ""))
    return tag("td", mark, text("span", verdict, class_="hidden"))


def _lines(lines: tuple[DerivedLine, ...], finding: Finding) -> Html:
    """Give the lines of a derivation: as typed, how each was read, its verdict and why."""
    yours = "Yours, and as it was read" if any(line.tree is not None for line in lines) else "Yours"
    heads = [text("th", each, scope="col") for each in ("Line", yours, "Verdict")]
    rows = []
    for number, line in enumerate(lines, 1):
        read = [tag("div", equation(None, [line.tree]))] if line.tree is not None else []
        verdict = text("td", line_words(line), class_=STYLES.get(line.verdict, ""))
        rows.append(tag("tr", text("th", str(number), scope="row"), tag("td", code(line.text), *read), verdict))
    title = LINES.get(finding.kind)
    name = caption(escaped(f"{title}: " if title else "The lines of the derivation of "), code(finding.quantity))
    return tag("table", name, tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="lines wide")


def _diagnostics(diagnostics: tuple[Diagnostic, ...]) -> Html:
    """Give what was odd about the file."""
    rows = []
    for each in diagnostics:
        line = f", line {each.span.line}" if each.span else ""
        said = [escaped(f"{each.severity} "), code(each.code), escaped(f"{line}: {each.message}")]
        rows.append(tag("li", *said, escaped(f"; {each.help}" if each.help else "")))
    return tag("section", text("h2", "About the file"), tag("ul", *rows, class_="steps"))
