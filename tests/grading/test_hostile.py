"""What students hand in costs no one else a mark; what cannot be written is said, and nothing is left half-written."""

from __future__ import annotations

import csv
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from hwcheck.grading.folder import held
from tests.grading.classes import ROOT, alone, handed_in, page, ran, started
from tests.hostile.test_answers import harmless

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and signals are those of POSIX")

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
    formats = [
        part
        for each in ("plain", "html", "markdown", "latex", "json", "junit", "gradescope")
        for part in ("--format", each)
    ]
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


def test_a_spreadsheet_finds_no_formula_and_all_cells(out: Path) -> None:
    text = (out / "results.csv").read_text(encoding="utf-8")
    table = list(csv.reader(text.splitlines(), strict=True))
    assert {len(row) for row in table} == {len(table[0])}
    assert len(table) == len(rows(out)) + 1
    students = [row[1] for row in table]
    assert "'=HYPERLINK(1)" in students
    assert harmless(text)
    for row in table[1:]:
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_every_student_gets_feedback_under_a_safe_name(out: Path) -> None:
    files = os.listdir(out / "feedback")
    assert len(files) == 7 * len(rows(out))
    assert len({name.lower() for name in files}) == len(files)
    for name in files:
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
        assert name[0] not in ".-"
        assert harmless((out / "feedback" / name).read_text(encoding="utf-8"))
    assert "group0.s0.html" in files
    broken = (out / "feedback" / "bytes.txt").read_text(encoding="utf-8")
    assert "HW005" in broken
    assert "0 of 20" in broken


def test_feedback_is_what_verify_says(out: Path) -> None:
    row = next(row for row in rows(out) if row["file"].endswith("Wrong 1.yml"))
    name = next(
        name
        for name in os.listdir(out / "feedback")
        if "Wrong_1" in name and name.count(".") == 2 and name.endswith(".json")
    )
    _, said, _ = ran("verify", row["file"], "--sheet", "sheet5", "--format", "json")
    assert (out / "feedback" / name).read_text(encoding="utf-8") == said


def test_what_many_have_in_common_is_counted(out: Path) -> None:
    found = json.loads((out / "statistics.json").read_text(encoding="ascii"))
    assert (found["marked"], found["unreadable"]) == (len(rows(out)) - len(REASONS), len(REASONS))
    slips = {each["code"]: each["submissions"] for each in found["slips"]}
    assert slips["UPD_SIGN_ONE"] == found["marked"]  # all have it in b1_new or b2_new
    (cluster,) = [each for each in found["clusters"] if each["quantity"].startswith("X2")]
    assert (cluster["value"], cluster["submissions"]) == ("0.0317", 4)
    assert all("Wrong" in file for file in cluster["files"])
    assert [len(files) for files in found["same_student"]] == []


def test_a_folder_has_one_run_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(page("a"), encoding="utf-8")
    with held(str(tmp_path / "out")):
        code, out, err = ran("grade", "sheet5", tmp_path / "a.yaml", "-o", tmp_path / "out")
    assert (code, out) == (2, "")
    assert f"another run (process {os.getpid()})" in err
    code, _, err = ran("grade", "sheet5", tmp_path / "a.yaml", "-o", tmp_path / "out")  # the lock file is still there
    assert code == 0, err


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


def full_disk() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (25_000, 25_000))


def test_a_full_disk_is_said_and_the_next_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for at in range(6):
        (tmp_path / "in" / f"{at}.yaml").write_text(page(f"s{at}"), encoding="utf-8")
    line = ["grade", "sheet5", tmp_path / "in", "-o", tmp_path / "out", "--workers", "1"]
    code, out, err = alone(*line, preexec_fn=full_disk)
    assert (code, out) == (2, "")
    assert "HW007" in err
    assert "Traceback" not in err
    assert not (tmp_path / "out" / "results.csv").exists()
    code, _, err = ran(*line)
    assert code == 0
    assert "going on: " in err


@pytest.mark.parametrize("way", ["file", "read-only"])
def test_a_folder_that_cannot_be_written_is_said(way: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(page("a"), encoding="utf-8")
    out = tmp_path / "out"
    if way == "file":
        out.write_text("")
        out = out / "within"
    else:
        out.mkdir()
        out.chmod(stat.S_IRUSR | stat.S_IXUSR)
        if os.access(out, os.W_OK):
            pytest.skip("this user may write everywhere")
    code, said, err = ran("grade", "sheet5", tmp_path / "a.yaml", "-o", out)
    assert (code, said) == (2, "")
    assert "HW007" in err
    assert str(out) in err


def test_a_closed_pipe_ends_quietly_after_all_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(page("a"), encoding="utf-8")
    process = started("grade", "sheet5", tmp_path / "a.yaml", "-o", tmp_path / "out")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert "Error" not in process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 141
    assert (tmp_path / "out" / "statistics.json").exists()


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


WATCH = """
import os, sys
log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
NAMES = ("open", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "ctypes.dlopen", "pickle.find_class",
         "socket.connect", "socket.getaddrinfo", "urllib.Request", "os.remove", "os.rename", "os.rmdir", "os.symlink")
from hwcheck.cli import main
sys.addaudithook(lambda name, args: os.write(log, f"{name} {args[0]}\\n".encode()) if name in NAMES else None)
sys.exit(main(sys.argv[2:]))
"""


def test_nothing_is_executed_and_nothing_else_is_read_or_written_by_any_process(out: Path, tmp_path: Path) -> None:
    """The hook is in the workers too, which are copies of the process that has it."""
    folder, log = out.parent / "in", tmp_path / "log"
    line = ["grade", "sheet5", folder, "-o", tmp_path / "out", "--format", "html", "--workers", "2"]
    command = [sys.executable, "-c", WATCH, *map(str, [log, *line])]
    subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60)
    seen = [line.split(" ", 1) for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    opened = {path for name, path in seen if name == "open"}
    assert str(folder / "group0" / "s1.yaml") in opened  # it sees what the workers do
    assert str(folder / "link.yaml") not in opened
    own = (folder, tmp_path / "out", ROOT / "hwcheck", ROOT / "problems", sys.prefix, sys.base_prefix)
    places = tuple(os.path.realpath(place) for place in own)
    foreign = {path for path in opened if not os.path.realpath(path).startswith(places) and not path.isdecimal()}
    assert foreign <= {os.devnull}
    ours = str(tmp_path / "out"), "hwcheck."  # files in the folder of results, records in the pipes of the workers
    others = {(name, path) for name, path in seen if name != "open" and not path.startswith(ours)}
    assert others <= {("ctypes.dlopen", "None")}  # by NumPy, as it is loaded
