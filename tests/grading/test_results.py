"""The results of a class: a broken file is a row, and costs no one else a mark; what cannot be done is said."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from hwcheck.cli.grade import ENDINGS
from hwcheck.grading import results
from hwcheck.grading.journal import NAME, opened, read
from tests.grading.classes import RESULTS, handed_in, page, ran
from tests.hostile.pages import harmless

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and signals are those of POSIX")

FORMATS = [name for name in ENDINGS if name != "plain"]  # which is as wide as the terminal
REASONS = {
    "binary.yaml": "HW006",
    "bomb.yaml": "HW1",
    "bytes.yaml": "HW005",
    "deep.yaml": "HW109",
    "empty.yaml": "HW100",
    "large.yaml": "HW004",
    "link.yaml": "this is a link",
    "missing.yaml": "HW001",
    "pipe.yaml": "this is a pipe",
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = handed_in(tmp_path_factory.mktemp("class") / "in")
    missing, pattern = folder / "missing.yaml", folder / "**" / "s?.yaml"
    formats = [part for each in FORMATS for part in ("--format", each)]
    code, said, err = ran("grade", "sheet5", folder, missing, pattern, "-o", folder.parent / "out", *formats)
    assert code == 1
    assert harmless(said)
    assert harmless(err)
    return folder.parent / "out"


def rows(out: Path) -> list[dict[str, Any]]:
    def constant(name: str) -> float:
        raise ValueError(name)

    lines = (out / "results.jsonl").read_text(encoding="ascii").splitlines()
    return [json.loads(line, parse_constant=constant) for line in lines]


def test_a_broken_file_is_a_row_with_its_reason(out: Path) -> None:
    found = {os.path.basename(row["file"]): row for row in rows(out)}
    for name, reason in REASONS.items():
        assert found[name]["status"] == "unreadable", name
        assert reason in found[name]["reason"], (name, found[name]["reason"])
        assert (found[name]["score"], found[name]["max_score"], found[name]["questions"]) == (0, 20, {})
    assert {name for name, row in found.items() if row["status"] != "marked"} == REASONS.keys()
    assert ".hidden.yaml" not in found
    assert "notes.txt" not in found


def test_other_students_lose_nothing_and_bad_values_earn_nothing(out: Path) -> None:
    found = {os.path.basename(row["file"]): row for row in rows(out)}
    assert {found[f"s{at}.yaml"]["score"] for at in range(4)} == {found["s0.yaml"]["score"]}
    assert found["other.yaml"]["score"] == found["s0.yaml"]["score"]
    assert "another sheet, `sheet4`" in found["other.yaml"]["reason"]
    assert found["=1+1.yaml"]["questions"]["1.f"] == 0
    assert found["nan.yaml"]["questions"]["1.f"] == 0
    assert found["s0.yaml"]["questions"]["1.f"] == 1


def test_what_was_left_out_is_the_reason_of_a_marked_row(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    pages = {
        "five.yaml": "sheet: sheet4\nstudent: s\nanswers: 5\n",
        "twice.yaml": page("t").replace("answers:", "student: u\nanswers:"),
        "unknown.yaml": page("v").replace('  "1":', '  "9": {a: 1}\n  "1":', 1),
        "whole.yaml": page("w"),
    }
    for name, text in pages.items():
        (tmp_path / "in" / name).write_text(text, encoding="utf-8")
    code, _, err = ran("grade", "sheet5", tmp_path / "in", "-o", tmp_path / "out")
    assert code == 0, err
    five, twice, unknown, whole = (row["reason"] for row in rows(tmp_path / "out"))
    assert five.startswith("the answers name another sheet, `sheet4`; HW403: a mapping of problems to answers")
    assert "`student` stands twice" in twice
    assert "HW410: the sheet has no problem `9`" in unknown
    assert whole == ""


@pytest.mark.parametrize("name", FORMATS)
def test_feedback_is_what_verify_says(name: str, out: Path) -> None:
    row = next(row for row in rows(out) if row["file"].endswith("Wrong 1.yml"))
    ending = ENDINGS[name]
    (file,) = [each for each in os.listdir(out / "feedback") if re.fullmatch(rf"group0\.Wrong_1-\w+\.{ending}", each)]
    _, said, _ = ran("verify", row["file"], "--sheet", "sheet5", "--format", name)
    assert (out / "feedback" / file).read_text(encoding="utf-8") == said


@pytest.mark.parametrize("together", [1, 3, 7])
def test_results_are_the_same_in_parts_of_any_size(
    together: int, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "TOGETHER", together)
    shutil.copy(out / NAME, tmp_path)
    header, entries, whole = read(str(tmp_path / NAME))
    assert header is not None
    assert whole
    with opened(str(tmp_path), header, entries) as journal:
        results.write_results(str(tmp_path), header, journal, 2)
    for name in RESULTS:
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes()


def test_what_many_have_in_common_is_counted(out: Path) -> None:
    found = json.loads((out / "statistics.json").read_text(encoding="ascii"))
    assert (found["marked"], found["unreadable"]) == (len(rows(out)) - len(REASONS), len(REASONS))
    slips = {each["code"]: each["submissions"] for each in found["slips"]}
    assert slips["UPD_SIGN_ONE"] == found["marked"]  # all have it in b1_new or b2_new
    (cluster,) = [each for each in found["clusters"] if each["quantity"].startswith("X2")]
    assert (cluster["value"], cluster["submissions"]) == ("0.0317", 4)
    assert all("Wrong" in file for file in cluster["files"])
    assert [len(files) for files in found["same_student"]] == []


def test_results_of_another_sheet_are_not_mixed_in(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(page("a"), encoding="utf-8")
    line = ["sheet5", tmp_path / "a.yaml", "-o", tmp_path / "out", "--workers", "1"]
    ran("grade", *line)
    before = (tmp_path / "out" / "results.csv").read_bytes()
    line[0] = "exercise3"
    code, _, err = ran("grade", *line)
    assert code == 2
    assert "another sheet, `sheet5`" in err
    assert "--restart" in err
    assert (tmp_path / "out" / "results.csv").read_bytes() == before
    code, _, err = ran("grade", *line, "--restart")
    assert code == 0, err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sheet5", "none/*.yaml", "-o", "OUT"], "nothing matches this pattern"),
        (["sheet5", "EMPTY", "-o", "OUT"], "the folder holds no answers"),
        (["sheet5", "-", "-o", "OUT"], "must have names"),
        (["sheet5", "x", "-o", "OUT", "--shard", "3/2"], "no part such as 2/3"),
        (["sheet5", "x"], "Missing option"),
        (["shet5", "x", "-o", "OUT"], "did you mean `sheet5`"),
    ],
)
def test_what_cannot_be_done_is_said_and_writes_nothing(arguments: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "EMPTY").mkdir()
    places = {"EMPTY": str(tmp_path / "EMPTY"), "OUT": str(tmp_path / "out")}
    start = time.perf_counter()
    code, out, err = ran("grade", *(places.get(each, each) for each in arguments))
    assert (code, out) == (2, "")
    assert said in err
    assert time.perf_counter() - start < 30
    assert not (tmp_path / "out").exists()
