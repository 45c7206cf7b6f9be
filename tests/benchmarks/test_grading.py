"""The class whose marking is measured is one of which four of five get all points, whatever digits they write."""

from pathlib import Path

from hwcheck import load_answers, load_sheet, verify
from tests.benchmarks.grading import WRONG, handed_in


def test_all_but_one_of_five_are_right(tmp_path: Path) -> None:
    sheet = load_sheet("sheet5")
    reports = [verify(sheet, load_answers(str(path))) for path in sorted(handed_in(tmp_path / "in", 40).iterdir())]
    for at, report in enumerate(reports):
        assert (report.score < report.max_score) == (at % WRONG == 0), report.student
    assert len({report.findings[1].answer for report in reports}) > 10
