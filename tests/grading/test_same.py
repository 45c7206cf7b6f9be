"""Whatever the order of the files, the processes, the shards and the interruptions: the results are the same bytes."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from tests.grading.classes import handed_in, page, ran, results
from tests.grading.killing import kill_and_go_on

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and signals are those of POSIX")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return handed_in(tmp_path_factory.mktemp("class") / "in")


@pytest.fixture(scope="module")
def clean(folder: Path) -> dict[str, bytes]:
    out = folder.parent / "clean"
    code, _, err = ran("grade", "sheet5", folder, "-o", out, "--workers", "1", "--format", "json")
    assert code == 1, err  # some files cannot be read
    assert "Traceback" not in err
    return results(out)


def test_workers_order_shards_and_a_resumed_run_change_no_byte(folder: Path, clean: dict[str, bytes]) -> None:
    out = folder.parent
    files = [path for path in folder.rglob("*.y*ml") if path.name[0] != "."]
    random.Random(1).shuffle(files)
    end = ("--format", "json")
    for line in (
        ["grade", "sheet5", folder, "-o", out / "two", "--workers", "2", *end],
        ["grade", "sheet5", *files, "-o", out / "eight", "--workers", "8", *end],
        ["grade", "sheet5", *files[:7], "-o", out / "resumed", *end],
        ["grade", "sheet5", folder, "-o", out / "resumed", *end],
        *(
            ["grade", "sheet5", folder, "-o", out / f"shard{at}", "--shard", f"{at}/3", "--workers", "1"]
            for at in (1, 2, 3)
        ),
        ["merge", out / "shard3", out / "shard1", out / "shard2", "-o", out / "merged", *end],
    ):
        code, _, err = ran(*line)
        assert code in (0, 1), err
    for name in ("two", "eight", "merged", "resumed"):
        assert results(out / name) == clean, name
    rows = [(out / f"shard{at}" / "results.jsonl").read_bytes().count(b"\n") for at in (1, 2, 3)]
    assert sum(rows) == clean["results.jsonl"].count(b"\n")
    assert all(rows)


def test_a_merge_says_what_is_missing_or_does_not_fit(folder: Path, clean: dict[str, bytes], tmp_path: Path) -> None:
    ran("grade", "sheet5", folder, "-o", tmp_path / "part", "--shard", "2/3", "--workers", "1")
    code, _, err = ran("merge", tmp_path / "part", "-o", tmp_path / "out")
    assert "missing: 1/3, 3/3" in err
    code, _, err = ran("merge", folder.parent / "clean", tmp_path / "none", "-o", tmp_path / "out")
    assert (code, "HW001" in err) == (2, True)
    (tmp_path / "a.yaml").write_text(page("a"), encoding="utf-8")
    ran("grade", "exercise3", tmp_path / "a.yaml", "-o", tmp_path / "else")
    code, _, err = ran("merge", folder.parent / "clean", tmp_path / "else", "-o", tmp_path / "out")
    assert code == 2
    assert "another sheet" in err


def test_runs_that_are_killed_go_on_where_they_were(folder: Path, clean: dict[str, bytes], tmp_path: Path) -> None:
    kill_and_go_on(folder, tmp_path / "out", clean, random.Random(7), times=4)


def test_what_a_killed_run_left_half_written_is_not_taken_for_more(
    folder: Path, clean: dict[str, bytes], tmp_path: Path
) -> None:
    shutil.copytree(folder.parent / "clean", tmp_path / "out")
    journal = tmp_path / "out" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    random.Random(3).shuffle(rest := lines[1:])
    torn = [lines[0], *rest[:5], b"\0" * 100 + b"\n", *rest[5:9], rest[9][:300]]
    journal.write_bytes(b"".join(torn))
    (tmp_path / "out" / ".results.csv.123.tmp").write_text("half")
    code, _, err = ran("grade", "sheet5", folder, "-o", tmp_path / "out", "--workers", "1", "--format", "json")
    assert code == 1
    assert "going on: 9 of" in err
    assert results(tmp_path / "out") == clean
    assert not list((tmp_path / "out").glob(".*.tmp"))


def test_a_file_that_has_changed_is_marked_again(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.yaml").write_text(page(name), encoding="utf-8")
    line: list[str | Path] = ["grade", "sheet5", tmp_path / "in", "-o", tmp_path / "out", "--workers", "1"]
    ran(*line)
    before = (tmp_path / "out" / "results.csv").read_text(encoding="utf-8")
    (tmp_path / "in" / "b.yaml").write_text(page("b", f="0.9"), encoding="utf-8")
    ran(*line)
    after = (tmp_path / "out" / "results.csv").read_text(encoding="utf-8")
    assert before.splitlines()[:2] == after.splitlines()[:2]
    assert before.splitlines()[2] != after.splitlines()[2]
    (tmp_path / "in" / "b.yaml").write_text(page("b"), encoding="utf-8")
    ran(*line)
    assert (tmp_path / "out" / "results.csv").read_text(encoding="utf-8") == before
