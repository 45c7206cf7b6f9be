"""Reports as JUnit XML: a suite for each problem, a case for each quantity.

Consumers show the class name, the name and the text inside of a failure, and drop the second of two cases of one name.
JUnit knows no part of a point: points stand in properties. Text reaches the file through `escaped` alone, as in pages
of HTML, and none of it can name a file to attach.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from ..diagnostics import show_diagnostic
from ..formula.showmathml import Html, escaped
from ..marking.report import Finding, Report
from ..record import NamedTuple
from ..text import Safe, safe_text
from .html import tag
from .questions import LONGEST_NAME, headed, said_of, unique
from .words import assigned, slips_said, verdict_words

ATTACHMENT = "[[ATTACHMENT"  # begins the name of a file to attach, wherever it stands in an output
BETWEEN = "\0"  # stands in no name
HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
LONGEST_MESSAGE = 500
FILE = "the answers file"
#: What a verdict is in JUnit, where points depend on it.
RESULTS = {"wrong": "failure", "unreadable": "failure", "blank": "skipped", "manual": "skipped"}


class Case(NamedTuple):
    """A case: its class and name, where it stands, its result ("" where it passes), why, and further properties."""

    suite: str
    name: str
    file: str
    result: str
    message: str
    type: str
    output: str
    properties: dict[str, str]


def report_junit(report: Report) -> str:
    """Write a report as JUnit XML.

    What is wrong or unreadable is a failure if there are points for it, else it is skipped, as is what is blank or for
    a person to read. The first suite holds the file as such: an error if it could not be used.
    """
    cases = [(FILE, [_file(report)])]
    for problem, group in groupby(report.findings, lambda finding: finding.problem):
        cases.append((f"problem {problem}", [_case(report, finding) for finding in group]))
    every = [case for _, some in cases for case in some]
    names = (full.partition(BETWEEN)[2] for full in unique(f"{case.suite}{BETWEEN}{case.name}" for case in every))
    suites = []
    for title, some in cases:
        elements = Html("".join(f"\n{_element(case, next(names))}" for case in some))
        suites.append(tag("testsuite", elements, name=_named(title), **_counts(some)))
    title = report.title or report.sheet or FILE
    return HEADER + tag("testsuites", *suites, name=_named(title), **_counts(every)) + "\n"


def _counts(cases: Iterable[Case]) -> dict[str, str]:
    results = [case.result for case in cases]
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    return {"tests": str(len(results)), **{key: str(results.count(kind)) for key, kind in kinds.items()}, "time": "0"}


def _file(report: Report) -> Case:
    """Give the case of the answers file: what was odd about it, and the score."""
    errors = [each for each in report.diagnostics if each.severity == "error"]
    names = [each.file for each in report.findings] + [each.file for each in report.diagnostics]
    properties = {
        "score": repr(report.score),
        "max_score": repr(report.max_score),
        "student": report.student,
        "sheet": report.sheet,
        "sheet_hash": report.sheet_hash,
        "feedback": report.feedback,
    }
    said = Safe("\n\n".join(show_diagnostic(each, None) for each in errors))
    message = errors[0].message if errors else ""
    kind = errors[0].code if errors else ""
    # A failure shows its text, and other cases what they put out.
    output = said if errors else headed(report)
    result = "error" if errors else ""
    file = next(filter(None, names), "")
    return Case(_named(report.sheet or FILE), FILE, file, result, message, kind, output, properties)


def _case(report: Report, finding: Finding) -> Case:
    result = RESULTS.get(finding.verdict, "")
    if result == "failure" and not finding.max_marks:
        result = "skipped"
    where = assigned([*(finding.when or {}).items(), *finding.row])
    suite = ".".join(part for part in (report.sheet, finding.problem, finding.question) if part)
    slips = list(slips_said(finding))
    codes = [code for said in slips for code in said.codes]
    message = "; ".join([verdict_words(finding), *(said.words for said in slips)])
    properties = {
        "verdict": finding.verdict,
        "score": repr(finding.marks),
        "max_score": repr(finding.max_marks),
        **({"bonus": "true"} if finding.bonus else {}),
        **({"line": str(finding.line), "column": str(finding.column)} if finding.line else {}),
    }
    at = f"{finding.file}:{finding.line}:{finding.column}\n" if finding.line else ""
    return Case(
        _named(suite),
        _named(f"{finding.quantity} where {where}" if where else finding.quantity),
        finding.file,
        result,
        message,
        codes[0] if codes else finding.verdict,
        at + said_of([finding]),
        properties,
    )


def _element(case: Case, name: str) -> Html:
    properties = tag("properties", *(tag("property", name=key, value=value) for key, value in case.properties.items()))
    attributes = {"classname": case.suite, "name": name, "file": case.file, "time": "0"}
    inside = Html("\n".join(map(escaped, _harmless(case.output).split("\n"))))
    if not case.result:
        return tag("testcase", properties, tag("system-out", inside), **attributes)
    kind = {"type": case.type} if case.result in ("failure", "error") else {}
    why = tag(case.result, inside, message=safe_text(_harmless(case.message), LONGEST_MESSAGE), **kind)
    return tag("testcase", properties, why, **attributes)


def _named(text: str) -> Safe:
    """Give a name as it is shown, never an empty one; it is cut before equal ones are numbered."""
    return safe_text(_harmless(text), LONGEST_NAME) or Safe("–")


def _harmless(text: str) -> str:
    return text.replace(ATTACHMENT, ATTACHMENT.replace("[[", "[ ["))
