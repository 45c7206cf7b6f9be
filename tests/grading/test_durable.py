"""Whatever happens to a run: what cannot be written is said, nothing is left half-written, and the next run goes on."""

from __future__ import annotations

import os
import resource
import signal
import stat
from pathlib import Path

import pytest

from hwcheck.grading.folder import held
from tests.grading.classes import alone, page, ran, started

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and signals are those of POSIX")


def test_a_folder_has_one_run_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(page("a"), encoding="utf-8")
    with held(str(tmp_path / "out")):
        code, out, err = ran("grade", "sheet5", tmp_path / "a.yaml", "-o", tmp_path / "out")
    assert (code, out) == (2, "")
    assert f"another run (process {os.getpid()})" in err
    code, _, err = ran("grade", "sheet5", tmp_path / "a.yaml", "-o", tmp_path / "out")  # the lock file is still there
    assert code == 0, err


def full_disk() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (25_000, 25_000))


def test_a_full_disk_is_said_and_the_next_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for at in range(20):
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
