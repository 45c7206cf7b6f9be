"""Reports for Gradescope: its `results.json`, a test for each question.

All texts are of the format `text`, which is shown as it is; the JSON is strict and ASCII.
"""

from __future__ import annotations

from typing import Any

from ..marking.report import Report
from .data import strict
from .questions import Test, headed, said_of, tests_of, unique

DECIMALS = 6


def report_gradescope(report: Report) -> str:
    """Write a report as the `results.json` of a Gradescope autograder.

    What a person gives the points of, and working that was not asked, are tests without a score. A bonus is a score
    above a most of 0.
    """
    tests = list(tests_of(report))
    names = unique(test.name for test in tests)
    record = {
        "score": round(report.score, DECIMALS),
        "output": headed(report),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "tests": [_test(test, name) for test, name in zip(tests, names, strict=True)],
        "extra_data": {
            "sheet": report.sheet,
            "sheet_hash": report.sheet_hash,
            "student": report.student,
            "max_score": report.max_score,
            "feedback": report.feedback,
        },
    }
    return strict(record, indent=1) + "\n"


def _test(test: Test, name: str) -> dict[str, Any]:
    scored: dict[str, Any] = {
        "score": round(test.marks, DECIMALS),
        "max_score": round(test.most, DECIMALS),
        "status": "passed" if test.passed else "failed",
    }
    return {"name": name, **(scored if test.automatic else {}), "output": said_of(test.findings)}
