"""What holds for whatever is handed in: the program from the bytes of a file to its reports, and laws about these."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from hwcheck.diagnostics import Diagnostic, Invalid, show_diagnostics
from hwcheck.files import ANSWERS_LIMIT, Source, read_source
from hwcheck.formula.cursor import MAX_DEPTH
from hwcheck.formula.expr import Expr
from hwcheck.formula.parse import FormulaError, Scope, readings
from hwcheck.formula.show import plain, unicode
from hwcheck.formula.showlatex import latex
from hwcheck.grading.journal import row_in
from hwcheck.grading.marking import Submission, alone, marker
from hwcheck.grading.rows import FAILED
from hwcheck.graph.functions import arities
from hwcheck.library.functions import FUNCTIONS
from hwcheck.marking import verifying
from hwcheck.marking.answers import answers_of
from hwcheck.marking.report import VERDICTS, Finding, Report
from hwcheck.marking.unread import unread
from hwcheck.render.classroom50 import report_classroom50
from hwcheck.render.csvreport import report_csv
from hwcheck.render.data import report_json
from hwcheck.render.github import report_github
from hwcheck.render.gradescope import report_gradescope
from hwcheck.render.htmlreport import report_html
from hwcheck.render.junit import report_junit
from hwcheck.render.latexreport import report_latex
from hwcheck.render.markdownreport import report_markdown
from hwcheck.render.report import report_table, report_text
from hwcheck.sheet import Sheet, load_sheet
from hwcheck.yamltree import ANSWERS, quick_tree
from hwcheck.yamltree.events import tree_of
from tests.fuzz import arithmetic
from tests.fuzz.arithmetic import Refused, Unsure, numbers, unit_of
from tests.render.readers import strict_json

NAMES = ("x", "y", "w0", "w1", "w2", "w3", "z0", "h0", "z1", "h1", "z2", "yhat", "L", "W1", "b1", "J", "e", "T")
SCOPE = Scope({name: name for name in NAMES}, arities(FUNCTIONS), frozenset(["x", "W1", "b1"]))
SUBMISSION = dict.fromkeys(
    ("classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release", "review"), "a"
)
OTHERS: tuple[tuple[str, Callable[[Report, str], str]], ...] = (
    ("text", lambda report, source: report_text(report, 80)),
    ("ASCII", lambda report, source: report_text(report, 60, ascii=True)),
    ("table", lambda report, source: report_table(report, 100, color=False)),
    ("markdown", lambda report, source: report_markdown(report)),
    ("html", lambda report, source: report_html(report)),
    ("latex", lambda report, source: report_latex(report)),
    ("junit", lambda report, source: report_junit(report)),
    ("github", lambda report, source: report_github(report, source)),
    ("gradescope", lambda report, source: report_gradescope(report)),
    ("classroom50", lambda report, source: report_classroom50(report, SUBMISSION, "2026-01-01T00:00:00Z")),
    ("csv", lambda report, source: report_csv(report)),
)


class Outcome(NamedTuple):
    """What came of a file: whether it could be used, what was found, and every text that somebody may look at."""

    used: bool
    report: Report
    outputs: dict[str, str]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.report.diagnostics

    def codes(self) -> set[str]:
        return {each.code for each in self.report.diagnostics}


sheet_of: Callable[[str], Sheet] = cache(load_sheet)


def outcome(path: Path, data: bytes, sheet: str, other: int) -> Outcome:
    """Hand a file in: read it, mark it, and write the reports, of those that are for programs the `other` one."""
    path.write_bytes(data)
    source = ""
    used = True
    try:
        read = read_source(str(path), ANSWERS_LIMIT)
        source = read.text
        check_tree(read)
        report = verifying.verify(sheet_of(sheet), answers_of(read))
    except Invalid as error:
        used = False
        source = source or next(iter(error.sources.values()), "")
        report = unread(sheet_of(sheet), error.diagnostics, str(path))
    name, writer = OTHERS[other % len(OTHERS)]
    outputs = {
        "json": report_json(report),
        "stderr": show_diagnostics(report.diagnostics, {str(path): source}),
        name: writer(report, source),
    }
    return Outcome(used, report, outputs)


def check(path: Path, data: bytes, sheet: str, other: int) -> Outcome:
    """Hold every law that needs to know nothing about the file."""
    found = outcome(path, data, sheet, other)
    if other % 2:  # for half of all files, since it takes as long again
        assert found.outputs == outcome(path, data, sheet, other).outputs, "the same file gives another report"
    else:
        check_class([path], sheet)
    check_outputs(found)
    report = found.report
    assert all(0 <= each.marks <= each.max_marks for each in report.findings), "marks out of range"
    assert math.isclose(report.score, math.fsum(each.marks for each in report.findings), abs_tol=1e-6), "the score"
    assert all(each.verdict in VERDICTS for each in report.findings)
    if not found.used:
        assert any(each.severity == "error" for each in report.diagnostics), "refused without a reason"
        assert {each.verdict for each in report.findings} <= {"blank", "manual"}, "refused and judged"
    if not is_text(data):
        assert not found.used, "bytes that are no text were read"
        assert found.codes() & {"HW004", "HW005", "HW006"}
    for each in report.findings:
        check_right(each)
    for said in report.diagnostics:
        assert re.fullmatch(r"HW\d{3}", said.code)
        assert said.message
        assert said.span is None or (said.span.line >= 1 and 0 < said.span.column <= said.span.end_column), said
    return found


def is_text(data: bytes) -> bool:
    """Tell whether Python can read the bytes, and finds no control character in them."""
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
    except UnicodeDecodeError:
        return False
    return all(char in "\t\r\n" or unicodedata.category(char) != "Cc" for char in text)


def check_class(paths: Sequence[Path], sheet: str) -> None:
    """Hold that files get the same rows together as each of them alone, and that none of them is a bug."""
    found = marker(sheet)([Submission(str(path), "") for path in paths])
    for path, made in zip(paths, found, strict=True):
        assert made == alone(sheet_of(sheet), str(path)), "another row in a class"
        assert made.line is not None
        row = strict_json(row_in(made.line).decode("ascii"))
        assert row["status"] != FAILED, f"marking fails: {row['reason']}"


def check_tree(read: Source) -> None:
    """Hold that the reader of simple files gives the tree that YAML gives, and of no file that YAML remarks on."""
    quick = quick_tree(read.text, ANSWERS)
    assert quick is None or (quick, []) == tree_of(read, ANSWERS, recover=True), "two readers, two trees"


def check_outputs(found: Outcome) -> None:
    """Read every report back, and look for what a screen would act upon."""
    for name, text in found.outputs.items():
        allowed = "\n\u2061\u2062" if name == "html" else "\n"  # what MathML writes between a function and its brackets
        odd = {f"U+{ord(char):04X}" for char in set(text) if char not in allowed and is_hostile(char)}
        assert not odd, f"{name} has {sorted(odd)}"
        assert not re.search(r"(?m)^\s*::|##\w*\[", text) or name == "github", f"{name} has a command of a runner"
        if name in ("json", "gradescope", "classroom50"):
            strict_json(text)
        elif name == "junit":
            ElementTree.fromstring(text.encode())
        elif name == "csv":
            rows = list(csv.reader(io.StringIO(text)))
            assert {len(row) for row in rows} == {len(rows[0])}
        elif name == "html":
            assert not re.search(r"(?i)<(?:script|img|iframe|a|input|b)\b", text), "markup of a student"
    assert json.loads(found.outputs["json"])["score"] == found.report.score


def is_hostile(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def check_right(finding: Finding) -> None:
    """Hold that no value counts as correct that a second reader refuses, or finds far from the key."""
    if finding.verdict != "correct" or finding.kind not in ("find", "cell") or "convention" in finding.remarks:
        return
    if finding.reference is None or finding.tolerance is None:
        return
    key, band = flat(finding.reference), flat(finding.tolerance)
    try:
        written = numbers(finding.answer)
        values, units = [float(each) for each in written], [unit_of(each) for each in written]
    except Unsure:
        try:
            values = [arithmetic.value(finding.answer, {})]
            units = [1e-3 * abs(values[0])]
        except Unsure:
            return
        except Refused:
            raise AssertionError(f"no number, and correct: {finding.answer!r}") from None
    except Refused:
        raise AssertionError(f"no array of numbers, and correct: {finding.answer!r}") from None
    assert len(values) == len(key), f"{len(values)} numbers for {len(key)}, and correct: {finding.answer!r}"
    scale = max(map(abs, key))
    for value, right, unit, tolerance in zip(values, key, units, band, strict=True):
        near = abs(value - right) <= unit + tolerance + 0.02 * scale + 1e-12
        assert near, f"{value} is not {right}, and correct: {finding.answer!r}"


def flat(nested: object) -> list[float]:
    if hasattr(nested, "tolist"):
        nested = nested.tolist()
    if isinstance(nested, Iterable):
        return [number for part in nested for number in flat(part)]
    assert isinstance(nested, int | float)
    return [float(nested)]


def check_formula(text: str) -> None:
    """Hold that a text is refused or read, and that what is printed is read as the same tree."""
    for scope in (SCOPE, SCOPE._replace(student=True)):
        found, error = attempt(text, scope)
        assert error is None or (0 <= error.start <= error.end and error.reason)
        assert error is None or not any(map(is_hostile, error.reason + error.fix)), "a screen acts upon the error"
        for tree in found:
            for shown in (plain(tree), unicode(tree)):
                back, error = attempt(shown, scope)
                # what is nested as deeply as can be has more brackets when it is printed
                deep = error is not None and error.reason.startswith(f"more than {MAX_DEPTH} levels")
                assert deep or tree in back, f"{text!r} is printed as {shown!r}, which is another formula"
            assert latex(tree)


def attempt(text: str, scope: Scope) -> tuple[list[Expr], FormulaError | None]:
    try:
        return readings(text, scope), None
    except FormulaError as error:
        return [], error
