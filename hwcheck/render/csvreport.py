"""Reports as CSV, a row for each quantity, for spreadsheets and for programs.

A spreadsheet takes a text that begins with `=` and its like for a formula and works it out. What comes from a file
reaches a cell through `csv_field` alone, which sets an apostrophe before such a text, numbers aside.
"""

from __future__ import annotations

import csv
import io
import json

from ..marking.report import Finding, Report
from ..text import Field, csv_field
from .data import valued
from .words import assigned, places_text, wrong_places

COLUMNS = (
    "sheet", "sheet_hash", "student", "track", "problem", "question", "quantity", "where", "verdict", "marks",
    "max_marks", "bonus", "answer", "computed", "wrong_entries", "slips", "remarks", "file", "line", "column",
)  # fmt: skip


def report_csv(report: Report) -> str:
    """Write a report as CSV: a line of titles, then a row for each quantity; texts in quotes, numbers without."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    rows.writerow(COLUMNS)
    about = [csv_field(text) for text in (report.sheet, report.sheet_hash, report.student, report.track)]
    rows.writerows([*about, *_row(finding)] for finding in report.findings)
    return out.getvalue()


def _row(finding: Finding) -> list[Field | float]:
    where = [*(finding.when or {}).items(), *finding.row]
    computed = finding.reference
    if computed is not None and not isinstance(computed, str):
        computed = json.dumps(valued("value", computed)["value"])
    return [
        *(csv_field(text) for text in (finding.problem, finding.question, finding.quantity, assigned(where))),
        csv_field(finding.verdict),
        finding.marks,
        finding.max_marks,
        int(finding.bonus),
        csv_field(finding.answer),
        csv_field(computed or ""),
        csv_field(places_text(wrong_places(finding))),
        csv_field(" ".join(slip.code for slip in finding.slips)),
        csv_field(" ".join(finding.remarks)),
        csv_field(finding.file),
        *(Field("") if number is None else number for number in (finding.line, finding.column)),
    ]
