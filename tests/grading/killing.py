"""Killing a run at random moments: `python -m tests.grading.killing [TIMES] [SEED]` does it so often and says so."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.grading.classes import alone, handed_in, results, started

LONGEST = 0.8  # seconds, in which a small class is marked on an idle machine


def kill_and_go_on(folder: Path, out: Path, clean: dict[str, bytes], random: random.Random, times: int) -> int:
    """Kill runs over a class, check after each that no file is half-written, then let one end; give its killed runs."""
    killed = 0
    for _ in range(times):
        process = started("grade", "sheet5", folder, "-o", out, "--workers", "2", "--format", "json")
        while process.poll() is None and holder(out) != str(process.pid):  # half of the time is that of starting
            time.sleep(0.005)  # the lock that the killed one left is in nobody's way
        time.sleep(random.uniform(0.0, LONGEST))
        killed += process.poll() is None
        process.kill()
        process.communicate()
        check(out, clean)
    code, _, err = alone("grade", "sheet5", folder, "-o", out, "--workers", "2", "--format", "json")
    assert code == 1, err
    assert results(out) == clean
    return killed


def holder(out: Path) -> str:
    """Give the number of the process that wrote last that it holds a folder."""
    lock = out / ".lock"
    return lock.read_text(encoding="ascii").strip() if lock.exists() else ""


def check(out: Path, clean: dict[str, bytes]) -> None:
    """Check that every file with a name of its own is whole, and every line of the journal but the last."""
    for name, data in clean.items():
        path = out / name
        assert not path.exists() or path.read_bytes() == data, name
    journal = out / "journal.jsonl"
    if journal.exists():
        lines = journal.read_bytes().splitlines(keepends=True)
        assert lines
        for line in lines[:-1]:
            json.loads(line)


def main(times: int, seed: int) -> None:
    """Kill as often as asked, each few times in a new folder."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = handed_in(Path(place) / "in", 6)
        alone("grade", "sheet5", folder, "-o", Path(place) / "clean", "--format", "json")
        clean = results(Path(place) / "clean")
        done = killed = 0
        while done < times:
            killed += kill_and_go_on(folder, Path(place) / f"out{done}", clean, draw, 10)
            done += 10
            print(f"{done} runs, {killed} killed before their end, all results the same", flush=True)


if __name__ == "__main__":
    main(*(int(each) for each in (sys.argv[1:] + ["200", "1"][len(sys.argv) - 1 :])))
