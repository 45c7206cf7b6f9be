"""A disk that fails: `python -m tests.grading.faults [MOST]` lets each write of a run fail in turn and says what came.

The n-th time that a file is made, written, put on the disk or renamed, by the program or one of its workers, there is
no space left: once, or from then on. A write that fails has written half of what it should.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from hwcheck.grading.folder import LEFT
from tests.grading.classes import ROOT, page, results

MANY = 4  # submissions
MANY_WRITES = 10**6  # more than there are
FORMATS = ("--format", "json", "--format", "plain")
SCRIPT = """
import contextlib, errno, io, json, multiprocessing.connection, os, sys  # pipes are no disks: they keep their own write
from hwcheck.cli import main
left, lasting = [0], [False]
def failing(name):
    real = getattr(os, name)
    def call(*given, **more):
        if name == "open" and not (given[1] & (os.O_WRONLY | os.O_RDWR)):
            return real(*given, **more)
        left[0] -= 1
        if left[0] == 0 or (lasting[0] and left[0] < 0):
            if name == "write":
                real(given[0], given[1][: len(given[1]) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*given, **more)
    return call
for name in ("open", "write", "fsync", "replace", "ftruncate", "mkdir"):
    setattr(os, name, failing(name))
for line in sys.stdin:
    *settings, arguments = json.loads(line)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        left[0], lasting[0] = settings
        code = main(arguments)
        calls, lasting[0] = left[0], False
        left[0] = 0
    sys.stdout.write(json.dumps([code, out.getvalue(), err.getvalue(), calls]) + "\\n")
    sys.stdout.flush()
"""


class Faulty:
    """The command line in a process in which writes fail when they are told to."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, *arguments: str | Path, at: int = 0, lasting: bool = False) -> tuple[int, str, str, int]:
        """Run a command whose `at`-th write fails, and with `lasting` all after it; 0 is none.

        Gives the exit code, what it printed and said, and how many calls more (below 0) or fewer than `at` it made.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([at, lasting, [*map(str, arguments)]]) + "\n")
        self.process.stdin.flush()
        code, out, err, calls = json.loads(self.process.stdout.readline())
        return code, out, err, calls

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


def said_once(code: int, out: str, err: str, place: Path) -> None:
    """Check what a run says that could not write: one error with the file, the reason and a fix, no result."""
    assert (code, out) == (2, ""), err
    assert err.count("error") == 1, err
    assert "error[HW007]: cannot write this file: No space left on device" in err, err
    assert re.search(rf"^ --> {re.escape(str(place))}", err, re.MULTILINE), err
    assert "= help: check the folder, its permissions and the space left" in err, err
    assert "Traceback" not in err


class Class(NamedTuple):
    """A folder with submissions `in` it, some changed since they were marked `before`; the results then and now.

    `writes` is how many of them the program makes for it, those of its workers aside.
    """

    folder: Path
    old: dict[str, bytes]
    new: dict[str, bytes]
    writes: int

    def line(self, out: Path, workers: int = 1) -> list[str | Path]:
        """Give the command that marks it."""
        return ["grade", "sheet5", self.folder / "in", "-o", out, "--workers", str(workers), *FORMATS]


def prepared(faulty: Faulty, folder: Path) -> Class:
    """Make a class that has been marked before."""
    found = Class(folder, {}, {}, 0)
    (folder / "in").mkdir()
    for number in range(MANY):
        (folder / "in" / f"s{number}.yaml").write_text(page(f"s{number}"), encoding="utf-8")
    assert faulty.run(*found.line(folder / "before"))[0] == 0
    (folder / "in" / "s1.yaml").write_text(page("s1", X2="0.0317"), encoding="utf-8")
    (folder / "in" / "t.yaml").write_text(page("t"), encoding="utf-8")
    shutil.copytree(folder / "before", folder / "after")
    code, _, _, left = faulty.run(*found.line(folder / "after"), at=MANY_WRITES)
    assert code == 0
    return found._replace(old=results(folder / "before"), new=results(folder / "after"), writes=MANY_WRITES - left)


def fail_and_go_on(faulty: Faulty, some: Class, at: int, lasting: bool, workers: int = 1) -> str:
    """Let one write of a run fail, where there are results of an older run; check all files, and the run after it.

    Gives "failed", or "finished" where what failed does not matter, or where the run has no so many writes.
    """
    out = some.folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(some.folder / "before", out)
    code, said, err, _ = faulty.run(*some.line(out, workers), at=at, lasting=lasting)
    for name, data in results(out).items():
        if LEFT.match(name.rpartition("/")[2]):  # of a worker that was at it when another failed
            continue
        assert data in (some.old.get(name), some.new.get(name)), f"{name} is neither the old one nor the new one"
    if code != 0:
        said_once(code, said, err, out)
        assert faulty.run(*some.line(out))[0] == 0  # the next one finds space again
    assert results(out) == some.new
    assert not [*out.rglob(".*.tmp")]
    return "failed" if code else "finished"


def verify_and_fail(faulty: Faulty, folder: Path, at: int, lasting: bool) -> str:
    """Let one write of a report in a file fail: the file is the old one."""
    answers, target = folder / "a.yaml", folder / "report.json"
    answers.write_text(page("a"), encoding="utf-8")
    target.write_text("old")
    code, out, err, _ = faulty.run("verify", answers, "--format", f"json={target}", at=at, lasting=lasting)
    assert not [*folder.glob(".*.tmp")]
    if code == 2:
        said_once(code, out, err, target)
        assert target.read_text(encoding="utf-8") == "old"
        return "failed"
    json.loads(target.read_text(encoding="utf-8"))
    return "finished"


def main(most: int) -> None:
    """Let each of so many writes fail, once and for good, with one worker and with two."""
    faulty = Faulty()
    with tempfile.TemporaryDirectory() as place:
        some = prepared(faulty, Path(place))
        ended: Counter[str] = Counter()
        for at in range(1, most + 1):
            for lasting in (False, True):
                for workers in (1, 2):
                    ended[fail_and_go_on(faulty, some, at, lasting, workers)] += 1
                ended["verify " + verify_and_fail(faulty, Path(place), at, lasting)] += 1
            print(f"write {at}: {dict(ended)}, no file half-written", flush=True)
    faulty.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 50)
