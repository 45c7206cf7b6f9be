"""Tracks: the points of a course, questions that are not for it, and bonus points on top of the most."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hwcheck import solve, verify
from hwcheck.authoring.lint import lint
from hwcheck.authoring.template import template
from hwcheck.cli import main
from hwcheck.files import Source
from hwcheck.marking.report import Report
from hwcheck.render.data import report_json, solution_json
from hwcheck.render.report import report_text
from hwcheck.render.solution import solution_text
from hwcheck.sheet.raw import read_sheet
from tests.marking.students import answers_of, sheet_of

FIVE = "[p1, p2, p3, p4, p5]"
#: The grading table of a real assignment: two tracks, a question that is a bonus in one of them, and five points for a
#: second framework.
TABLE = f"""
hwcheck: 1
problems:
  a:
    questions:
      "1": {{choose: [yes, no], key: yes, points: 10}}
      "2": {{choose: [yes, no], key: yes, points: {{undergraduate: 10, graduate: 10}}}}
      "3": {{choose: {FIVE}, key: {FIVE}, points: 10}}
      "4": {{choose: [yes, no], key: yes, points: 10}}
      "5": {{choose: [p, q, r], key: [p, q], points: {{graduate: 10}}, bonus: {{undergraduate: 5}}}}
      H3P2T1: {{choose: [yes, no], key: yes, points: {{undergraduate: 30, graduate: 25}}}}
      H3P2T2: {{choose: [yes, no], key: yes, points: {{undergraduate: 30, graduate: 25}}}}
      both: {{choose: [yes, no], key: yes, points: 5, bonus: yes}}
"""
SHEET = sheet_of(TABLE)
ANSWERS = {**dict.fromkeys(("1", "2", "4", "H3P2T1", "H3P2T2", "both"), "yes"), "3": "[p1, p2, p3, p4]"}
#: What two students of the assignment got, in the order of its table, and in all.
UNDERGRADUATE = (10, 10, 8, 10, 5, 30, 30, 5), 108
GRADUATE = (10, 10, 8, 10, 5, 25, 25, 5), 98
NUMBERS = """
hwcheck: 1
problems:
  a:
    given: {x: 2}
    network: |
      z = 3 x
      J = z^2
    questions:
      z: {find: z, points: {ug: 2}}
      J: {find: J, points: {ug: 2, grad: 4}}
      why: {write: Say why., points: {ug: 3}, bonus: {grad: 1}}
"""


def marked(answers: dict[str, str], track: str | None, text: str = TABLE) -> Report:
    sheet = SHEET if text is TABLE else sheet_of(text)
    lines = [f"    {json.dumps(name)}: {typed}" for name, typed in answers.items()]
    head = [f"track: {track}"] if track is not None else []
    return verify(sheet, answers_of("\n".join([*head, "answers:", "  a:", *lines, ""])))


def test_a_report_says_whose_track_it_is_and_what_is_a_bonus() -> None:
    for track in ("graduate", " Graduate"):
        report = marked({**ANSWERS, "5": "p"}, track)
        said = report_text(report, 100)
        assert "graduate" in said
        assert "5 of 5 bonus points" in said
        assert json.loads(report_json(report))["track"] == report.track == "graduate"


def test_one_sheet_marks_students_of_several_tracks_one_after_the_other() -> None:
    for _ in range(2):
        for track, fifth, got in (("undergraduate", "p, q", UNDERGRADUATE), ("graduate", "p", GRADUATE)):
            assert marked({**ANSWERS, "5": fifth}, track).score == got[1]
    sheet = sheet_of(NUMBERS)
    for track, most in (("ug", 4), ("grad", 4), ("ug", 4)):
        report = verify(sheet, answers_of(f"track: {track}\nanswers: {{a: {{z: 6, J: 36}}}}\n"))
        assert (report.score, report.max_score) == (most, 4)
        assert [finding.max_marks for finding in report.findings if finding.quantity == "J"] == [
            2 if track == "ug" else 4
        ]


def test_a_question_for_others_is_left_out_and_its_answer_is_working() -> None:
    blank = marked({"J": "36"}, "grad", NUMBERS)
    assert [finding.question for finding in blank.findings] == ["J", "why"]
    written = marked({"z": "5", "J": "25"}, "grad", NUMBERS)
    z, j, _ = written.findings
    assert (z.verdict, z.max_marks, z.remarks) == ("wrong", 0, ("track",))
    assert (j.verdict, j.marks) == ("carried", 4)
    assert "not for this track" in report_text(written, 100)


def test_the_points_of_a_table_are_those_of_the_track() -> None:
    sheet = sheet_of(
        """
hwcheck: 1
problems:
  a:
    given: {x1: bit, x2: bit}
    network: z = x1 x2
    questions:
      t: {table: [z], rows: bits, points: {ug: 4, grad: 2}, bonus: {phd: 1}}
"""
    )
    for track, score, most in (("ug", 3, 4), ("grad", 1.5, 2), ("phd", 0.75, 0), ("ug", 3, 4)):
        report = verify(sheet, answers_of(f"track: {track}\nanswers: {{a: {{t: [[0], [0], [0], [0]]}}}}\n"))
        assert (report.score, report.max_score) == (score, most)


def test_a_bonus_that_a_person_gives_is_told_apart() -> None:
    assert "3 points to be given by a person" in report_text(marked({"why": "so"}, "ug", NUMBERS), 100)
    assert "1 bonus point to be given by a person" in report_text(marked({"why": "so"}, "grad", NUMBERS), 100)


@pytest.mark.parametrize(
    ("track", "said", "fix"),
    [
        (None, "the answers do not say which track it is", "write `track: undergraduate` or `track: graduate`"),
        ("", "the answers do not say which track it is", "write `track: undergraduate` or `track: graduate`"),
        ("gradute", "the sheet has no track `gradute`", "did you mean `track: graduate`? There are"),
    ],
)
def test_a_track_that_is_missing_or_unknown_is_reported_with_the_known_ones(
    track: str | None, said: str, fix: str
) -> None:
    report = marked(ANSWERS, track)
    (warning,) = report.diagnostics
    assert (warning.code, warning.severity) == ("HW416", "warning")
    assert warning.message == f"{said}; the points are those of `undergraduate`"
    assert fix in warning.help
    assert (warning.span is not None and warning.span.line == 1) == (track is not None)
    assert report.track == "undergraduate"


def test_without_tracks_a_track_changes_nothing() -> None:
    text = "hwcheck: 1\nproblems: {a: {questions: {q: {choose: [yes, no], key: yes, points: 3}}}}\n"
    for track in (None, "graduate"):
        report = marked({"q": "yes"}, track, text)
        assert (report.score, report.max_score, report.track, report.diagnostics) == (3, 3, "", ())


def test_the_exit_code_asks_for_the_regular_points(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, answers = tmp_path / "s.yaml", tmp_path / "a.yaml"
    sheet.write_text(TABLE, encoding="utf-8")
    right = {**ANSWERS, "3": FIVE, "5": "p, q"}
    for track, wrong, code in (
        ("undergraduate", "both", 0),
        ("undergraduate", "5", 0),
        ("undergraduate", "1", 0),  # what a bonus makes up for
        ("undergraduate", "H3P2T1", 1),
        ("graduate", "both", 0),
        ("graduate", "5", 1),
    ):
        own = {name: typed for name, typed in right.items() if name != wrong}
        lines = [f"    {json.dumps(name)}: {typed}\n" for name, typed in own.items()]
        answers.write_text(f"track: {track}\nanswers:\n  a:\n{''.join(lines)}", encoding="utf-8")
        assert main(["verify", str(answers), "--sheet", str(sheet)]) == code, (track, wrong)
    capsys.readouterr()


def test_solutions_templates_and_lint_know_of_tracks() -> None:
    solution = solve(SHEET)
    said = solution_text(solution, 100)
    assert "10 points (graduate), 5 bonus points (undergraduate)" in said
    assert "5 bonus points" in said
    questions = {each["id"]: each for each in json.loads(solution_json(solution))["problems"][0]["questions"]}
    assert questions["5"]["tracks"] == {
        "graduate": {"points": 10, "bonus": False}, "undergraduate": {"points": 5, "bonus": True}
    }  # fmt: skip
    assert questions["both"]["bonus"] is True
    assert "track:  # undergraduate or graduate\n" in template(SHEET)
    assert "# for ug only" in template(sheet_of(NUMBERS))
    assert lint(SHEET).holds
    assert lint(sheet_of(NUMBERS)).holds


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("{find: z, points: {a1: 3}, bonus: {a1: 2}}", "the track `a1` has points and a bonus"),
        ("{find: z, points: 3, bonus: {a1: 2}}", "the bonus is by track, and the points are not"),
        ("{find: z, points: {a1: -3}}", "a number from 0 to 10000"),
        ("{find: z, points: [3]}", "a number from 0 to 10000, or a mapping of tracks to such"),
        ("{find: z, bonus: maybe}", "yes or no, or a mapping of tracks to points"),
    ],
)
def test_points_that_do_not_fit_are_reported(question: str, said: str) -> None:
    text = f"hwcheck: 1\nproblems:\n  p:\n    network: z = 1\n    questions:\n      q: {question}\n"
    (found,) = read_sheet(Source("sheet.yaml", text, text.encode()))[1]
    assert said in found.message
    assert found.span is not None
    assert found.span.line == 6
