"""What every format says of values that are too many to be shown, or that no number stands for."""

from __future__ import annotations

import pytest

from hwcheck import solve, verify
from hwcheck.diagnostics import Diagnostic
from hwcheck.marking.report import Report
from hwcheck.marking.unread import too_deep, unread
from hwcheck.render.data import report_json, solution_json
from hwcheck.render.entries import MOST_LISTED
from hwcheck.render.gradescope import report_gradescope
from hwcheck.render.htmlreport import report_html
from hwcheck.render.latexreport import report_latex
from hwcheck.render.report import report_text
from tests.marking.students import answers_of, sheet_of
from tests.render.readers import strict_json

LONG = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: 'linspace(1, 70, 70)', y: [0, 1]}
    network: |
      z = 2 x
      l = ln(y)
    questions: {a: {find: z}, b: {find: l}}
""")
FORMATS = {
    "text": lambda report: report_text(report, 100),
    "html": report_html,
    "latex": report_latex,
}


def written(*wrong: int) -> Report:
    """Mark the seventy entries, of which some are wrong."""
    entries = [str(2 * at + (0.5 if at in wrong else 0)) for at in range(1, 71)]
    return verify(LONG, answers_of(f'answers:\n  "1":\n    a: [{", ".join(entries)}]\n'))


@pytest.mark.parametrize("form", FORMATS)
def test_of_many_entries_the_wrong_ones_are_shown_and_all_are_counted(form: str) -> None:
    assert "70 entries" in FORMATS[form](written())
    shown = FORMATS[form](written(3, 41))
    assert "70 entries" in shown
    assert "6.5" in shown
    assert "82.5" in shown
    assert "16.5" not in shown
    many = FORMATS[form](written(*range(2, 71)))
    assert sum(f"{2 * at + 0.5:g}" in many for at in range(2, 71)) < 2 * MOST_LISTED


def test_numbers_without_end_inside_arrays_are_null_with_a_note() -> None:
    problem = strict_json(solution_json(solve(LONG)))["problems"][0]
    (found,) = [each for each in problem["quantities"] if each["name"] == "l"]
    assert found["value"] == [None, 0.0]
    assert "infinity" in found["note"]


def test_a_file_that_is_too_much_is_reported_with_its_reason_and_every_question_blank() -> None:
    report = unread(LONG, [too_deep("a.yaml")], "a.yaml")
    assert {each.verdict for each in report.findings} == {"blank"}
    assert (report.score, report.max_score) == (0.0, 2.0)
    assert "nested too deeply" in strict_json(report_json(report))["diagnostics"][0]["message"]
    assert "nested too deeply" in report_gradescope(report)
    nothing = unread(None, [Diagnostic("HW001", "there is no such file", "s.yaml")], "a.yaml")
    assert (nothing.findings, nothing.max_score, len(nothing.diagnostics)) == ((), 0.0, 1)
