"""Reports as CSV, a row for each quantity, for spreadsheets and for programs.

A spreadsheet takes a text that begins with `=` and its like for a formula and works it out. What comes from a file
reaches a cell through `field` alone, which sets an apostrophe before such a text, numbers aside.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import NewType

from ..marking.report import Finding, Report
from ..text import safe_text
from .data import valued
from .words import assigned, places_text, wrong_places

Field = NewType("Field", str)

COLUMNS = (
    "sheet", "sheet_hash", "student", "track", "problem", "question", "quantity", "where", "verdict", "marks",
    "max_marks", "bonus", "answer", "computed", "wrong_entries", "slips", "remarks", "file", "line", "column",
)  # fmt: skip
LONGEST = 32_000  # letters; a cell of a spreadsheet holds 32,767
#: Numbers alone, which are no formula whatever their sign: `-0.28`, `[0.1; -2e-3]`.
NUMBERS = re.compile(r"(?:[0-9\s.,;+\-\[\]]|(?<=[0-9])[eE])*")
STARTS = "=+@\uff1d\uff0b\uff0d\uff20-"  # of a formula; those in the middle are wide forms, which some take as well
#: Where a reader may see a cell begin: at the start, and where it splits at another sign than the comma.
FORMULA = re.compile(rf"(^|[;|])(?=[\s\"']*[{STARTS}])")


def field(text: str) -> Field:
    """Make text a cell that is no formula, in one line."""
    shown = safe_text(text, LONGEST)
    return Field(shown if NUMBERS.fullmatch(shown) else FORMULA.sub(r"\1'", shown))


def report_csv(report: Report) -> str:
    """Write a report as CSV: a line of titles, then a row for each quantity; texts in quotes, numbers without."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    rows.writerow(COLUMNS)
    about = [field(text) for text in (report.sheet, report.sheet_hash, report.student, report.track)]
    rows.writerows([*about, *_row(finding)] for finding in report.findings)
    return out.getvalue()


def _row(finding: Finding) -> list[Field | float]:
    where = [*(finding.when or {}).items(), *finding.row]
    computed = finding.reference
    if computed is not None and not isinstance(computed, str):
        computed = json.dumps(valued("value", computed)["value"])
    return [
        *(field(text) for text in (finding.problem, finding.question, finding.quantity, assigned(where))),
        field(finding.verdict),
        finding.marks,
        finding.max_marks,
        int(finding.bonus),
        field(finding.answer),
        field(computed or ""),
        field(places_text(wrong_places(finding))),
        field(" ".join(slip.code for slip in finding.slips)),
        field(" ".join(finding.remarks)),
        field(finding.file),
        *(Field("") if number is None else number for number in (finding.line, finding.column)),
    ]
