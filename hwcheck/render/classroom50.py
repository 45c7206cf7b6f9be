"""Reports for Classroom 50: its `result.json`, a test for each question, with whole numbers for scores.

Points are fractions and its scores are not: a score is the points times SCALE, rounded, and every test says so. The
JSON is strict and ASCII.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..marking.report import Report
from .data import strict
from .questions import Test, headed, said_of, tests_of, unique

SCALE = 100
SCHEMA = "classroom50/result/v1"
#: What the platform says of a submission: the field of the result, and the variables of its environment that hold it.
VARIABLES = {
    "classroom": ("CLASSROOM",),
    "assignment": ("ASSIGNMENT",),
    "owner": ("OWNER", "USERNAME"),
    "submission": ("SUBMISSION_TAG",),
    "commit": ("COMMIT_URL",),
    "release": ("RELEASE_URL",),
    "review": ("REVIEW_URL", "COMMIT_URL"),
}
#: The only one that may be missing; the platform writes its own over it.
TYPE = ("ASSIGNMENT_TYPE", "individual")
FILE = "the answers file"


def report_classroom50(report: Report, submission: Mapping[str, str], now: str) -> str:
    """Write a report as the `result.json` of Classroom 50.

    Args:
        report: what was found.
        submission: the fields of VARIABLES and `assignment_type`, as the platform says them.
        now: the time of this run, such as 2026-06-01T14:32:01Z.

    What a person gives the points of is no test. A bonus adds to the score as far as the most that can be had.
    """
    tests = [test for test in tests_of(report) if test.automatic]
    names = unique([FILE, *(test.name for test in tests)])
    about = {"test-name": next(names), "passed": not _unread(report), "score": 0, "max-score": 0}
    scored = [_test(test, name) for test, name in zip(tests, names, strict=True)]
    most = sum(each["max-score"] for each in scored)
    bonus = sum(_whole(test.marks) for test in tests if test.bonus)
    record = {
        "schema": SCHEMA,
        **submission,
        "datetime": now,
        "graded_at": now,
        "score": min(sum(each["score"] for each in scored) + bonus, most),
        "max-score": most,
        "tests": [{**about, "output": headed(report), "sheet": report.sheet_hash, "scale": SCALE}, *scored],
    }
    return strict(record, indent=1) + "\n"


def _unread(report: Report) -> bool:
    return any(each.severity == "error" for each in report.diagnostics)


def _test(test: Test, name: str) -> dict[str, Any]:
    most = _whole(test.most)
    return {
        "test-name": name,
        "passed": test.passed,
        "score": min(_whole(test.marks), most),
        "max-score": most,
        "points": test.marks,
        "max-points": test.most,
        **({"bonus-points": test.bonus} if test.bonus else {}),
        "scale": SCALE,
        "output": said_of(test.findings),
    }


def _whole(points: float) -> int:
    return max(0, round(points * SCALE))
