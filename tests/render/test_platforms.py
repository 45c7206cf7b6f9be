"""What other programs read of a report is what stands in it, whatever a student typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import fsum
from pathlib import Path

import pytest

from hwcheck import load_sheet, verify
from hwcheck.diagnostics import Diagnostic, Span
from hwcheck.files import Source
from hwcheck.marking.answers import answers_of
from hwcheck.marking.report import Report
from hwcheck.marking.unread import unread
from hwcheck.render import (
    report_classroom50,
    report_csv,
    report_github,
    report_gradescope,
    report_json,
    report_jsonl,
    report_junit,
)
from hwcheck.render.classroom50 import SCALE
from hwcheck.render.github import CUT, MOST, step_summary
from hwcheck.text import safe_text
from tests.render.readers import (
    SUBMISSION,
    Case,
    Json,
    annotations,
    classroom50,
    csv_rows,
    gradescope,
    junit_cases,
    spreadsheet,
    strict_json,
)
from tests.render.sheets import BUNDLED, answers_text, report
from tests.render.test_html import HOSTILE, hostile
from tests.render.test_report import BLANK

NOW = "2026-06-01T14:32:01Z"
FORMULAS = ["=cmd()", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1+1", " =1", '"=1', "a;=cmd()",
            'a;"=cmd()', "a|=cmd()", "＝cmd()", "x\n=cmd()", "[1; 2];@x"]  # fmt: skip
NASTY = [
    *HOSTILE, *FORMULAS, "::error::mine", "x\n::error::mine", "a,line=1::b", "%0A::error::mine",
    "##[error]mine", "\r::x",
    "[[ATTACHMENT|/etc/passwd]]", "\x00", "\ud800", "\ufffe", "\U0001f600", "x" * 60_000, "\u202etxt", "a\x85b",
    "", " ",
    "NaN", "\\", "'; DROP",
]  # fmt: skip
WRITERS: dict[str, Callable[[Report], str]] = {
    "junit": report_junit,
    "gradescope": report_gradescope,
    "classroom50": lambda found: report_classroom50(found, SUBMISSION, NOW),
    "github": report_github,
    "csv": report_csv,
    "jsonl": report_jsonl,
}


def check_classroom50(found: Report) -> Json:
    return classroom50(report_classroom50(found, SUBMISSION, NOW))


def check_gradescope(found: Report) -> Json:
    return gradescope(report_gradescope(found))


def nasty(typed: str) -> Report:
    """Give a report in which a text stands wherever one can."""
    found = hostile(typed)
    *others, key = found.findings
    return found._replace(findings=(*others, key._replace(kind="derive")), track=typed)


@pytest.mark.parametrize("name", [*BUNDLED, "odd", "large", "steps"])
def test_every_reader_finds_the_score_and_the_verdicts(name: str) -> None:
    found = report(name)
    cases = junit_cases(report_junit(found))
    assert [float(case.properties["score"]) for case in cases] == [
        found.score,
        *(each.marks for each in found.findings),
    ]
    results = {"correct": "passed", "carried": "passed", "undecided": "passed", "blank": "skipped", "manual": "skipped"}
    for case, finding in zip(cases[1:], found.findings, strict=True):
        expected = results.get(finding.verdict, "failed" if finding.max_marks else "skipped")
        assert case.result == expected
        assert case.properties["verdict"] == finding.verdict

    result = check_gradescope(found)
    assert result["score"] == pytest.approx(found.score, abs=1e-6)
    assert sum(each.get("max_score", 0) for each in result["tests"]) == pytest.approx(found.max_score, abs=1e-4)

    result = check_classroom50(found)
    questions = len({(each.problem, each.question) for each in found.findings})
    assert result["max-score"] == pytest.approx(found.max_score * SCALE, abs=questions / 2)
    assert result["score"] == pytest.approx(min(found.score, found.max_score) * SCALE, abs=questions)

    assert strict_json(report_jsonl(found)) == strict_json(report_json(found))
    assert report_jsonl(found).count("\n") == 1

    head, *rows = csv_rows(report_csv(found))
    records = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(each["verdict"], float(each["marks"])) for each in records] == [
        (each.verdict, each.marks) for each in found.findings
    ]
    assert fsum(float(each["marks"]) for each in records) == pytest.approx(found.score)

    notes = annotations(report_github(found, answers_text(name)))
    assert len(notes) <= MOST + 1
    assert notes[-1].level == "notice"
    assert f"{round(found.score, 2):g} of" in notes[-1].message
    wrong = [each for each in found.findings if each.verdict in ("wrong", "unreadable")]
    assert bool(wrong) <= (len(notes) > 1)


@pytest.mark.parametrize("typed", NASTY, ids=lambda typed: ascii(typed)[:30])
def test_what_a_student_typed_is_text_in_every_format(typed: str) -> None:
    found, harmless = nasty(typed), nasty("x")
    for name, writer in WRITERS.items():
        text = writer(found)
        shown = text.replace("\n", "")
        assert shown.isascii() or shown.lstrip(":") == safe_text(shown.lstrip(":")), (
            f"{name} holds what a screen acts upon or hides"
        )
        assert name == "jsonl" or len(text) < 2_000_000, f"{name} says too much of a long text"
    assert results(junit_cases(report_junit(found))) == results(junit_cases(report_junit(harmless)))
    check_gradescope(found)
    check_classroom50(found)
    assert report_jsonl(found).count("\n") == 1
    assert strict_json(report_jsonl(found))["student"] == typed
    notes = annotations(report_github(found))
    assert [note.level for note in notes] == [note.level for note in annotations(report_github(harmless))]
    assert not any("line" in note.properties and note.properties["line"] != "1" for note in notes)
    assert len(spreadsheet(report_csv(found))) == 1 + len(found.findings)


def results(cases: list[Case]) -> list[str]:
    return [case.result for case in cases]


def sheet5(answers: str) -> tuple[Report, str]:
    text = f"sheet: sheet5\nanswers:\n  '1':\n{answers}"
    return verify(load_sheet("sheet5"), answers_of(Source("a.yaml", text, text.encode())), "1"), text


@pytest.mark.parametrize(
    ("answers", "spots"),
    [
        ("    h:\n      W1_new: [[1, 0.199752, 0.300124], [-0.09627, 2.4875e-4, 2]]\n", {"W1_new[1,1]": "1"}),
        ("    h:\n      W1_new:\n        - [0.096285, 0.199752, 7]\n        - [-0.09627, 8, 9]\n",
         {"W1_new[1,3]": "7", "W1_new[2,2]": "8"}),
        ("    h:\n      b1_new: |\n        [0.1,\n         0.3]\n", {"b1_new[1]": "0.1", "b1_new[2]": "0.3"}),
        ("    h:\n      b1_new: [-1.2383e-3,\n         # 0.5 is for later\n         0.5]\n", {"b1_new[2]": "["}),
        ("    f: 3\n", {"J": "3"}),
        ("    d: {X1: [0.31, zz]}\n", {"X1": "["}),
    ],
)  # fmt: skip
def test_an_annotation_stands_on_the_value_that_is_wrong(answers: str, spots: dict[str, str]) -> None:
    found, text = sheet5(answers)
    notes = annotations(report_github(found, text))[:-1]
    lines = text.split("\n")
    seen = {
        note.properties["title"].partition(" ")[0]: lines[int(note.properties["line"]) - 1][
            int(note.properties["col"]) - 1 :
        ]
        for note in notes
    }
    assert list(seen) == list(spots)
    assert all(seen[name].startswith(start) for name, start in spots.items()), seen


@pytest.mark.parametrize("text", ["", "one line", "answers:\n  '1': {h: {W1_new: 3}}\n" * 2, "\n" * 40])
def test_an_annotation_stands_where_the_answer_begins_if_the_text_is_another(text: str) -> None:
    found, _ = sheet5("    h:\n      W1_new:\n        - [7, 8, 9]\n        - [7, 8, 9]\n")
    (note, _) = annotations(report_github(found, text))
    assert (note.properties["line"], note.properties["col"]) == ("6", "9")


def test_an_annotation_of_a_derivation_stands_on_its_first_line_that_does_not_hold(tmp_path: Path) -> None:
    sheet = tmp_path / "s.yaml"
    sheet.write_text(
        "hwcheck: 1\nproblems:\n  a:\n    functions: {f: unknown}\n    given: {x: scalar, w: scalar}\n"
        "    network: |\n      y = f(w x)\n      L = y^2\n    questions: {q: {derive: dL/dw}}\n",
        encoding="utf-8",
    )
    for lines, wrong in ((["2 y f'(w x) x", "= 2 f(w x) f'(w x) w"], 1), (["2 y x", "= 2 f(w x) x"], 0)):
        text = "answers:\n  a:\n    q: |\n" + "".join(f"      {line}\n" for line in lines)
        found = verify(load_sheet(str(sheet)), answers_of(Source("a.yaml", text, text.encode())))
        note, _ = annotations(report_github(found, text))
        assert (note.properties["line"], note.properties["col"]) == (str(4 + wrong), "79"[wrong])


def test_the_worst_nine_are_annotated_and_the_others_counted() -> None:
    odd = Diagnostic("HW410", "unknown", "a.yaml", Span(1, 1, 2), severity="warning")
    wrong = BLANK._replace(verdict="wrong", cells="wrong", values="5", answer="5")
    found = Report("s", "S", "0", "", 0, 12, (*[wrong] * 8, BLANK), (odd,) * 4)
    notes = annotations(report_github(found))
    assert [note.level for note in notes] == ["error"] * 8 + ["warning", "notice"]
    assert notes[-1].message.endswith("8 entries to look at · 1 without an answer · 3 more notes are not shown here")


def test_the_summary_of_a_step_keeps_within_its_room() -> None:
    found = report("sheet5")
    whole = step_summary(found, 10**6)
    for room in (len(whole.encode()), len(whole.encode()) - 1, 300, 100, 10, 0, -5):
        part = step_summary(found, room)
        assert len(part.encode()) <= max(room, 0)
        assert part == whole or not part or whole.startswith(part.removesuffix(f"\n\n{CUT}\n"))


def test_two_quantities_of_one_name_are_two_cases() -> None:
    for found in (nasty("x"), nasty("y" * 200)):
        names = [case.name for case in junit_cases(report_junit(found))[1:]]
        assert len(set(names)) == 4


def test_points_that_are_fractions_are_whole_numbers_at_the_stated_scale() -> None:
    third = BLANK._replace(verdict="correct", cells="correct", marks=1 / 3, max_marks=1 / 3)
    findings = tuple(third._replace(question=name, quantity=name) for name in "abc")
    result = check_classroom50(Report("s", "S", "0", "", 1.0, 1.0, findings, ()))
    assert result["score"] == result["max-score"] == 99
    assert all(each["scale"] == SCALE for each in result["tests"])


@pytest.mark.parametrize(
    ("marks", "bonus", "score"), [(1.0, 0.5, 150), (2.0, 0.5, 200), (0.0, 0.5, 50), (1.0, 0.0, 100)]
)
def test_a_bonus_adds_as_far_as_the_platform_takes_it(marks: float, bonus: float, score: int) -> None:
    own = BLANK._replace(verdict="wrong", cells="wrong", marks=marks, max_marks=2.0)
    extra = own._replace(question="b", marks=bonus, max_marks=2.0, bonus=True)
    found = Report("s", "S", "0", "", marks + bonus, 2.0, (own, extra), ())
    result = check_classroom50(found)
    assert result["max-score"] == 200
    assert result["score"] == score
    assert check_gradescope(found)["score"] == marks + bonus


def test_working_without_points_fails_nothing() -> None:
    working = BLANK._replace(verdict="wrong", cells="wrong", max_marks=0.0)
    found = Report("s", "S", "0", "", 0.0, 0.0, (working,), ())
    assert results(junit_cases(report_junit(found))) == ["passed", "skipped"]
    assert [note.level for note in annotations(report_github(found))] == ["warning", "notice"]
    assert "score" not in check_gradescope(found)["tests"][0]


def test_what_a_person_reads_is_no_test_with_a_score() -> None:
    words = BLANK._replace(kind="write", verdict="manual", cells="manual", max_marks=5.0, answer="words")
    found = Report("s", "S", "0", "", 0.0, 0.0, (words,), ())
    (test,) = check_gradescope(found)["tests"]
    assert "score" not in test
    assert "5 points" in test["output"]
    assert len(check_classroom50(found)["tests"]) == 1
    assert results(junit_cases(report_junit(found))) == ["passed", "skipped"]


@pytest.mark.parametrize("known", [True, False])
def test_answers_that_cannot_be_read_are_a_result_with_the_reason(known: bool) -> None:
    odd = Diagnostic("HW101", "mind the ]]> gap", "a.yaml", Span(3, 2, 5), help="close it")
    found = unread(load_sheet("sheet5") if known else None, [odd], "a.yaml", "1" if known else None)
    assert (found.score, found.max_score) == (0, 20 if known else 0)
    for result in (check_gradescope(found), check_classroom50(found)):
        assert result["score"] == 0
        assert "mind the ]]> gap" in json.dumps(result)
    assert check_classroom50(found)["tests"][0]["passed"] is False
    first, *others = junit_cases(report_junit(found))
    assert first.result == "error"
    assert "mind the ]]> gap" in first.text
    assert {case.result for case in others} <= {"skipped"}
    error, summary = annotations(report_github(found))
    assert (error.level, error.properties["line"]) == ("error", "3")
    assert error.message == "mind the ]]> gap; close it"
    assert summary.level == "notice"


def test_a_number_is_a_number_in_a_spreadsheet_and_a_formula_is_none() -> None:
    for typed, cell in (
        ("-0.28", "-0.28"), ("+1e-3", "+1e-3"), ("[0.1;-0.2]", "[0.1;-0.2]"), ("-0.1, -.2", "-0.1, -.2"),
        ("=1+1", "'=1+1"), ("-w1", "'-w1"), ("a;=b", "a;'=b"), ("", ""),
    ):  # fmt: skip
        found = Report("s", "S", "0", "", 0, 1, (BLANK._replace(answer=typed),), ())
        head, row = csv_rows(report_csv(found))
        assert row[head.index("answer")] == cell
