"""Whatever happens to a run: what cannot be written is said, nothing is left half-written, and the next run goes on.

The same at many more moments: `python -m tests.grading.faults`, `stopping` and `killing`.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hwcheck.grading.folder import held
from tests.grading.classes import ROOT, SCRIPT, alone, page, ran, results
from tests.grading.faults import Class, Faulty, fail_and_go_on, prepared, verify_and_fail
from tests.grading.stopping import CODES, class_of, stop, two_at_once

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and signals are those of POSIX")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with one submission `a.yaml` in it, and its results in `clean`."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "a.yaml").write_text(page("a"), encoding="utf-8")
    assert ran("grade", "sheet5", folder / "a.yaml", "-o", folder / "clean", "--format", "plain")[0] == 0
    return folder


# --- disks --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def faulty() -> Iterator[Faulty]:
    process = Faulty()
    yield process
    process.close()


@pytest.fixture(scope="module")
def changed(faulty: Faulty, tmp_path_factory: pytest.TempPathFactory) -> Class:
    return prepared(faulty, tmp_path_factory.mktemp("faults"))


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("share", [0.02, 0.2, 0.4, 0.6, 0.8, 1.2])
def test_a_write_that_fails_is_said_once_and_leaves_every_file_whole(
    share: float, lasting: bool, faulty: Faulty, changed: Class
) -> None:
    """Beyond all writes of the program itself is one of its workers."""
    ended = fail_and_go_on(faulty, changed, 1 + int(share * changed.writes), lasting)
    assert ended == "failed" or not lasting  # the entry of a folder need not be on the disk


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_report_that_cannot_be_written_leaves_the_old_one(at: int, faulty: Faulty, tmp_path: Path) -> None:
    assert verify_and_fail(faulty, tmp_path, at, lasting=False) == "failed"


def full_disk() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (25_000, 25_000))


def test_a_full_disk_is_said_and_the_next_run_goes_on(tmp_path: Path) -> None:
    inside = class_of(tmp_path / "in", 20)
    line = ["grade", "sheet5", inside, "-o", tmp_path / "out", "--workers", "1"]
    with small_disk(tmp_path / "out") as limit:
        code, out, err = alone(*line, preexec_fn=limit)
        assert (code, out) == (2, "")
        assert "HW007" in err
        assert err.count("error") == 1
        assert "Traceback" not in err
        assert not (tmp_path / "out" / "results.csv").exists()
        if limit is None:
            (tmp_path / "out" / "filling").unlink()
        code, _, err = ran(*line)
        assert code == 0
        assert "going on: " in err


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[], None] | None]:
    """Make a folder on a full disk of its own, where that can be had; else give what makes files end early."""
    folder.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(line, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        yield full_disk
        return
    try:
        (folder / "filling").write_bytes(bytes(230_000))
        yield None
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def no_more_than_others() -> None:
    """Take from root what lets it read and write everything."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def test_a_folder_that_is_a_file_is_said(small: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    for out in (tmp_path / "out", tmp_path / "out" / "within"):
        code, said, err = ran("grade", "sheet5", small / "a.yaml", "-o", out)
        assert (code, said) == (2, "")
        assert "HW007" in err
        assert str(out) in err


@pytest.mark.skipif(sys.platform != "linux", reason="root may write everywhere")
def test_what_may_not_be_written_or_read_is_said(small: Path, tmp_path: Path) -> None:
    shut, secret = tmp_path / "shut", tmp_path / "secret.yaml"
    secret.write_text(page("b"), encoding="utf-8")
    secret.chmod(0)
    shut.mkdir()
    shut.chmod(0o500)
    options = {"preexec_fn": no_more_than_others}
    for out in (shut, shut / "out"):
        code, said, err = alone("grade", "sheet5", small / "a.yaml", "-o", out, **options)
        assert (code, said) == (2, "")
        assert "HW007" in err
        assert "Permission denied" in err
        assert str(out) in err
    code, said, err = alone("verify", small / "a.yaml", "--format", f"json={shut / 'report.json'}", **options)
    assert (code, said, "HW007" in err) == (2, "", True)
    code, _, err = alone("grade", "sheet5", small / "a.yaml", secret, "-o", tmp_path / "out", **options)
    assert code == 1, err
    row = json.loads((tmp_path / "out" / "results.jsonl").read_text(encoding="ascii").splitlines()[1])
    assert (row["status"], "Permission denied" in row["reason"]) == ("unreadable", True)
    shut.chmod(0o700)  # what is read there needs no write
    (shut / "a.yaml").write_text(page("a"), encoding="utf-8")
    shut.chmod(0o500)
    line = "import os, sys; os.chdir(sys.argv.pop(1)); sys.path.insert(0, sys.argv.pop(1)); " + SCRIPT
    command = [sys.executable, "-c", line, str(shut), str(ROOT), "grade", "sheet5", "a.yaml", "-o", str(tmp_path / "o")]
    done = subprocess.run(command, capture_output=True, text=True, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr


# --- pipes and surroundings ---------------------------------------------------------------------------------


PLACES = {"| head -1": 141, "| true": 141, ">&-": 2, ">/dev/full": 2, "2>&-": 0, "2>/dev/full": 0, "</dev/null": 0}


@pytest.mark.parametrize("place", PLACES)
def test_streams_that_are_closed_or_full_cost_no_file(place: str, small: Path, tmp_path: Path) -> None:
    line = f'set -o pipefail; "$0" -c "$@" {place}'
    graded = ["grade", "sheet5", small / "a.yaml", "-o", tmp_path / "out", "--format", "plain"]
    done = subprocess.run(
        ["bash", "-c", line, sys.executable, SCRIPT, *graded], cwd=ROOT, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.returncode in (PLACES[place], 0 if "|" in place else PLACES[place])  # all of it may fit in the pipe
    assert results(tmp_path / "out") == results(small / "clean")


SURROUNDINGS = [
    {"LC_ALL": "C", "TERM": "dumb", "COLUMNS": "1", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
    {"LANG": "tr_TR.UTF-8", "COLUMNS": "3000", "TZ": "America/Adak", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0"},
]


@pytest.mark.parametrize("surroundings", SURROUNDINGS, ids=["narrow", "wide"])
def test_no_result_hangs_on_what_surrounds_a_run(surroundings: dict[str, str], small: Path, tmp_path: Path) -> None:
    """There is no HOME either, nor anything else."""
    environment = {"PATH": os.environ["PATH"], **surroundings}
    line = ["grade", "sheet5", small / "a.yaml", "-o", tmp_path / "out", "--format", "plain"]
    code, out, err = alone(*line, env=environment)
    assert (code, "Traceback" in err) == (0, False)
    assert max(map(len, out.splitlines())) <= max(20, int(surroundings["COLUMNS"]))
    assert results(tmp_path / "out") == results(small / "clean")
    formats = [f"{name}={tmp_path / name}" for name in ("json", "html", "csv", "junit", "latex", "markdown")]
    line = ["verify", small / "a.yaml", *(part for each in formats for part in ("--format", each))]
    alone(*line, env=environment)
    written = {each.name: each.read_bytes() for each in tmp_path.iterdir() if each.is_file()}
    ran(*line)
    assert written == {each.name: each.read_bytes() for each in tmp_path.iterdir() if each.is_file()}


# --- signals and others -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "twice"), [*((number, False) for number in CODES), (signal.SIGINT, True)])
def test_a_signal_ends_the_run_and_its_workers(number: signal.Signals, twice: bool, tmp_path: Path) -> None:
    inside = class_of(tmp_path / "in", 600)
    ended = stop(inside, tmp_path / "out", number, lines=9, twice=twice)
    assert ended == "stopped elsewhere" or (ended == "stopped" and not (tmp_path / "out" / "results.csv").exists())


def test_of_two_runs_at_once_one_is_refused(tmp_path: Path) -> None:
    inside = class_of(tmp_path / "in", 20)
    ran("grade", "sheet5", inside, "-o", tmp_path / "clean", "--format", "json")
    assert two_at_once(inside, tmp_path / "out", results(tmp_path / "clean")) in ("refused", "in turn")


def test_a_folder_has_one_run_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(page("a"), encoding="utf-8")
    with held(str(tmp_path / "out")):
        code, out, err = ran("grade", "sheet5", tmp_path / "a.yaml", "-o", tmp_path / "out")
    assert (code, out) == (2, "")
    assert f"another run (process {os.getpid()})" in err
    code, _, err = ran("grade", "sheet5", tmp_path / "a.yaml", "-o", tmp_path / "out")  # the lock file is still there
    assert code == 0, err


# --- feedback from before -----------------------------------------------------------------------------------


def given(out: Path) -> set[str]:
    return set(os.listdir(out / "feedback"))


def test_feedback_that_no_longer_holds_is_removed_and_nothing_else_is(tmp_path: Path) -> None:
    inside, out = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    for name in "abc":
        (inside / f"{name}.yaml").write_text(page(name), encoding="utf-8")
    line = ["grade", "sheet5", inside, "-o", out, "--workers", "1"]
    ran(*line, "--format", "html", "--format", "markdown")
    (out / "feedback" / "notes.md").write_text("the teacher's own")
    own = {"notes.md"}
    every = {f"{name}.{ending}" for name in "abc" for ending in ("html", "md")}
    assert given(out) == every | own
    _, _, err = ran(*line)  # nothing has changed
    assert "removed" not in err
    assert given(out) == every | own
    (inside / "b.yaml").unlink()
    (inside / "c.yaml").write_text(page("c", X2="0.0317"), encoding="utf-8")
    _, _, err = ran(*line)
    assert "removed: 4 files of feedback" in err
    assert given(out) == {"a.html", "a.md"} | own
    _, _, err = ran(*line, "--format", "html")  # of a the other one still holds
    assert given(out) == {"a.html", "a.md", "c.html"} | own
    _, _, err = ran(*line, "--format", "markdown", "--feedback", "mark")  # less is to be seen now
    assert "removed: 2 files of feedback" in err
    assert given(out) == {"a.md", "c.md"} | own
    (out / ".feedback").write_text("x y mark\nx ../../in/a yaml\nx ../in/a yaml\n", encoding="ascii")
    ran(*line)
    assert (inside / "a.yaml").exists()


def test_a_format_that_is_none_for_a_class_is_refused_with_where_it_is_one(small: Path, tmp_path: Path) -> None:
    for name, said in (
        ("github", "verify ANSWERS --format github"),
        ("table", "plain, markdown"),
        ("x", "no format 'x'"),
    ):
        code, out, err = ran("grade", "sheet5", small / "a.yaml", "-o", tmp_path / "out", "--format", name)
        assert (code, out) == (2, "")
        assert said in " ".join(err.split())
    assert not (tmp_path / "out").exists()
