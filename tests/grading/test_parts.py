"""The parts of grading, each by itself: the pool, what is kept of a report, names of files, statistics."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck import load_answers, load_sheet, render, verify
from hwcheck.diagnostics import Diagnostic, Span
from hwcheck.grading import marking
from hwcheck.grading.journal import Column, Header, row_in
from hwcheck.grading.records import reasons_kept, report_of, text_kept
from hwcheck.grading.rows import FAILED, UNREADABLE, row_of
from hwcheck.grading.statistics import add, counted, statistics_of, tally
from hwcheck.grading.submissions import file_names, in_shard, submissions
from hwcheck.text import csv_field
from tests.bundled import PROBLEMS
from tests.grading.classes import RIGHT, ROOT

ANSWERS = sorted(PROBLEMS.rglob("*.answers.yaml"))
POOL = """
import os, sys, time
from hwcheck.grading import pool

pool.PATIENCE = 0.5

def make():
    def work(tasks):
        for task in tasks:
            if task == "dies":
                os._exit(7)
            if task == "killed":
                os.kill(os.getpid(), 11)
            if task == "hangs":
                time.sleep(60)
            if task == "fails":
                raise KeyError(task)
        return [task * 2 for task in tasks]
    return work

tasks = sys.argv[2].split()
try:
    for task, answer in sorted(pool.worked(make, tasks, int(sys.argv[1])), key=lambda pair: tasks.index(pair[0])):
        print(task, answer.reason if isinstance(answer, pool.Died) else answer)
except KeyError as error:
    print("failed", error)
"""


def pool(tasks: str, workers: int) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", POOL, str(workers), tasks], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_a_task_that_kills_its_worker_costs_no_other_task() -> None:
    names = [f"t{at}" for at in range(40)]
    bad = {
        "dies": "dies it ends the program (exit code 7)",
        "killed": "killed it ends the program (SIGSEGV)",
        "hangs": "hangs it takes longer than 0.5 seconds",
    }
    tasks = [*names[:3], "dies", *names[3:20], "killed", *names[20:21], "hangs", *names[21:]]
    for workers in (1, 3):
        assert pool(" ".join(tasks), workers) == [bad.get(task, f"{task} {task * 2}") for task in tasks]
    assert pool("t1 fails t2", 2) == ["failed 'fails'"]


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.name)
def test_a_report_is_the_same_when_it_was_kept(path: Path) -> None:
    answers = load_answers(str(path))
    sheet = load_sheet(answers.sheet, beside=str(path))
    report = verify(sheet, answers)
    again = report_of(sheet, str(path), json.loads(text_kept(answers.source.text)))
    assert again == report
    for name in ("report_html", "report_json", "report_latex", "report_markdown"):
        assert getattr(render, name)(again) == getattr(render, name)(report)


def test_why_a_file_could_not_be_marked_is_kept() -> None:
    sheet = load_sheet("sheet5")
    found = [Diagnostic("HW008", "no, \x1b[1m", "a.yaml", Span(1, 2, 3), help="do this"), Diagnostic("HW001", "x", "a")]
    report = report_of(sheet, "a.yaml", json.loads(reasons_kept("s1", found)))
    assert report.diagnostics == tuple(found)
    assert (report.student, report.score) == ("s1", 0.0)


@settings(max_examples=40)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=12), max_size=9))
def test_names_of_files_are_safe_and_unlike_and_of_no_order(names: list[str]) -> None:
    paths = sorted(
        {
            f"in/{name}.yaml"
            for name in [*names, "a", "A", "con", "é", "e\u0301", "-rf", "a-123456789abc", "a.gradescope"]
        }
    )
    found = file_names(paths)
    assert len({name.lower() for name in found.values()}) == len(paths)
    for name in found.values():
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
        assert name[0] not in ".-"
        assert name.lower() != "con"
    files = [f"{name}.{ending}".lower() for name in found.values() for ending in ("json", "gradescope.json")]
    assert len(set(files)) == len(files)
    assert file_names(paths[::-1]) == found


def test_names_of_files_are_the_students_own_where_they_can_be() -> None:
    paths = ["in/s1/answers.yaml", "in/s2/answers.yaml", "in/Mia.yml", "in/a b.yaml"]
    names = [*file_names(paths).values()]
    assert names[:3] == ["s1.answers", "s2.answers", "Mia"]
    assert names[3].startswith("a_b-")
    assert file_names(["answers.yaml"]) == {"answers.yaml": "answers"}
    assert file_names(["/x/a.yaml", "b.yaml"])["b.yaml"] == "b"


def test_a_folder_may_hold_the_sheet_and_odd_names(tmp_path: Path) -> None:
    for name in ("sheet.yaml", "b.yml", "a/x.yaml", ".git/y.yaml", "a\nb.yaml", "notes.txt", "\udce9.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    found = submissions(
        [str(tmp_path), f"{tmp_path}/./a", f"{tmp_path}/*.yml", "-rf", "none"], f"{tmp_path}/a/../sheet.yaml"
    )
    names = ["a\nb.yaml", "a/x.yaml", "b.yml", "\udce9.yaml"]
    assert found == sorted(["-rf", "none", *(f"{tmp_path}/{name}" for name in names)])
    assert len({*file_names(found).values()}) == len(found)


@given(st.lists(st.text(max_size=9)), st.integers(1, 7))
def test_every_file_is_in_one_shard(paths: list[str], parts: int) -> None:
    found = [path for part in range(1, parts + 1) for path in in_shard(paths, part, parts)]
    assert sorted(found) == sorted(paths)


@pytest.mark.parametrize("text", ["=1", "+x", "-x1", "@x", "\t=1", "\r=1", "'=1", "a=1", "\x1b[1m", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert not csv_field(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\x1b", "＝"))


def test_statistics_count_what_was_written() -> None:
    path = next(path for path in ANSWERS if path.name == "sheet5.answers.yaml")
    report = verify(load_sheet("sheet5"), load_answers(str(path)))
    columns = (Column("1", "d", 4.0), Column("1", "h", 6.0))
    header = Header("sheet5", "NN Sheet 5", report.sheet_hash, "", "full", (), columns)
    counts = tally()
    for at in range(3):
        counted(counts, f"{at}.yaml", json.loads(row_of(f"{at}.yaml", "x", "marked", report)))
    counted(counts, "3.yaml", json.loads(row_of("3.yaml", "", "failed", report)))
    found = statistics_of(counts, header, lambda code: code.lower())
    assert (found["submissions"], found["marked"], found["failed"]) == (4, 3, 1)
    assert found["score"]["mean"] == found["score"]["least"] == found["score"]["most"] == report.score
    (h,) = [each for each in found["questions"] if each["question"] == "h"]
    marks = sum(finding.marks for finding in report.findings if finding.question == "h")
    assert h["marks"]["median"] == pytest.approx(marks)
    assert (h["full"], h["none"]) == (0, 0)
    assert {each["quantity"]: each.get("wrong", 0) for each in h["quantities"]}["W1_new"] == 3
    codes = {slip.code for finding in report.findings for slip in finding.slips}
    assert {each["code"] for each in found["slips"]} == codes
    assert {each["submissions"] for each in found["slips"]} == {3}
    assert found["same_content"] == [["0.yaml", "1.yaml", "2.yaml"]]
    assert found["same_student"] == [["0.yaml", "1.yaml", "2.yaml", "3.yaml"]]
    explained = {(slip.code, cell) for finding in report.findings for slip in finding.slips for cell in slip.cells}
    assert explained
    assert all(each["submissions"] == 3 for each in found["clusters"])


VALUES = st.sampled_from(["0.1", "0.2"])
ANSWERED = st.fixed_dictionaries(
    {
        "problem": st.just("1"),
        "question": st.sampled_from("ab"),
        "quantity": st.sampled_from("xyz"),
        "verdict": st.sampled_from(["correct", "wrong", "blank"]),
    },
    optional={
        "slips": st.lists(st.sampled_from(["SIGN_SLIP", "ARITH_SUM"]), max_size=2),
        "unexplained": st.lists(st.tuples(st.sampled_from(["", "[1]"]), VALUES), max_size=3),
    },
)
ROWS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["marked", "marked", "failed"]),
        "student": st.sampled_from(["", "s", "t", "u", "v"]),
        "file_hash": st.sampled_from("xyz"),
        "score": st.sampled_from([0.0, 0.5, 1.0]),
        "max_score": st.sampled_from([1.0, 2.0]),
        "questions": st.dictionaries(st.sampled_from(["1.a", "1.b"]), st.sampled_from([0.0, 0.25, 1.0])),
        "answers": st.lists(ANSWERED, max_size=4),
    }
)


@given(st.lists(ROWS, max_size=40), st.data())
def test_counting_in_parts_is_counting_all(found: list[dict[str, object]], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(found)), max_size=5)))
    files = [(f"{at:02}.yaml", row) for at, row in enumerate(found)]
    parts = [files[start:end] for start, end in zip([0, *cuts], [*cuts, len(files)], strict=True)]
    columns = (Column("1", "a", 1.0), Column("1", "b", 1.0))
    header = Header("sheet5", "NN Sheet 5", "", "", "full", (), columns)
    whole = tally()
    for file, row in files:
        counted(whole, file, row)
    joined = tally()
    for part in parts:
        counts = tally()
        for file, row in part:
            counted(counts, file, row)
        add(joined, pickle.loads(pickle.dumps(counts)))
    assert statistics_of(joined, header, str) == statistics_of(whole, header, str)


@pytest.mark.parametrize(
    ("error", "status"), [(RecursionError, UNREADABLE), (MemoryError, UNREADABLE), (KeyError, FAILED)]
)
def test_what_goes_wrong_with_one_file_is_its_row(
    error: type[Exception], status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error("here")

    path = tmp_path / "a.yaml"
    path.write_text(RIGHT, encoding="utf-8")
    monkeypatch.setattr(marking, "verify", fail)
    made = marking.alone(load_sheet("sheet5"), str(path))
    assert made.line is not None
    row = json.loads(row_in(made.line))
    assert (row["status"], row["score"]) == (status, 0.0)
    assert ("HW109" if status == UNREADABLE else "HW008") in row["reason"]
