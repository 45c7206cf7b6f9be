"""Stopping runs by signals, and starting two at once: `python -m tests.grading.stopping [TIMES]` does both so often."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.grading.classes import alone, page, results, started
from tests.grading.killing import holder

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
PATIENCE = 20.0  # seconds of a loaded machine for what takes a tenth of one


def class_of(folder: Path, many: int) -> Path:
    """Make a class of so many submissions; one in twenty has a slip of its own, which takes a while to explain."""
    folder.mkdir()
    for at in range(many):
        changed = {"X2": f"0.0{300 + at}"} if at % 20 == 0 else {}
        (folder / f"{at}.yaml").write_text(page(f"s{at}", **changed), encoding="utf-8")
    return folder


def stop(folder: Path, out: Path, number: signal.Signals, lines: int, pause: float = 0.0, twice: bool = False) -> str:
    """Send a run a signal when its journal has so many lines; check how it ends, and that nobody is left.

    Gives "stopped" where it was marking; "finished" where the run was over before; else "stopped elsewhere".
    """
    line = ("grade", "sheet5", folder, "-o", out, "--workers", "2", "--format", "json")
    process = started(*line, start_new_session=True)
    journal = out / "journal.jsonl"
    while process.poll() is None and holder(out) != str(process.pid):
        time.sleep(0.002)
    while process.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < lines):
        time.sleep(0.002)
    time.sleep(pause)
    for _ in range(1 + twice):
        process.send_signal(number)
        time.sleep(0.01)
    said, err = process.communicate(timeout=PATIENCE)
    end = time.monotonic() + 2.0
    while alive(process.pid) and time.monotonic() < end:
        time.sleep(0.01)
    assert not alive(process.pid), "a worker is left"
    assert "Traceback" not in err, err
    assert "Exception ignored" not in err, err
    if process.returncode == 0:
        return "finished"
    assert process.returncode == CODES[number], (process.returncode, err)
    assert said == ""
    if "the same command goes on" in err and not twice:
        summary = json.loads((out / "statistics.json").read_text(encoding="ascii"))
        assert summary["complete"] is False
        assert summary["submissions"] == journal.read_bytes().count(b"\n") - 1
        assert f"stopped: {summary['submissions']} of " in err
    assert not [*out.rglob(".*.tmp")] or twice
    return "stopped" if "the same command goes on" in err else "stopped elsewhere"


def alive(group: int) -> bool:
    """Tell whether a process of this group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def two_at_once(folder: Path, out: Path, clean: dict[str, bytes]) -> str:
    """Start two runs over one folder at the same time: one of them marks, the other says who does.

    Gives "refused"; or "in turn" where the first was over before the second began.
    """
    line = ("grade", "sheet5", folder, "-o", out, "--workers", "1", "--format", "json")
    runs = [started(*line) for _ in range(2)]
    ends = [(process.communicate(timeout=PATIENCE * 3), process) for process in runs]
    assert results(out) == clean
    refused = [(said, err) for (said, err), process in ends if process.returncode == 2]
    assert sum(process.returncode == 0 for _, process in ends) == 2 - len(refused)
    for said, err in refused:
        assert said == ""
        assert any(f"another run (process {process.pid}) writes to this folder" in err for process in runs), err
    return "refused" if refused else "in turn"


def main(times: int) -> None:
    """Stop runs at so many moments by each signal, once or twice; then start two at once so often."""
    draw = random.Random(3)
    ended: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place:
        folder = class_of(Path(place) / "in", 300)
        alone("grade", "sheet5", folder, "-o", Path(place) / "clean", "--format", "json")
        clean = results(Path(place) / "clean")
        for at in range(times):
            for number in CODES:
                out = Path(place) / f"out{number}"
                pause = draw.uniform(0.0, 0.3)
                ended[f"{number.name} {stop(folder, out, number, draw.randint(0, 40), pause, at % 5 == 4)}"] += 1
            if at % 10 == 9:
                for number in CODES:
                    out = Path(place) / f"out{number}"
                    code, _, err = alone("grade", "sheet5", folder, "-o", out, "--format", "json")
                    assert code == 0, err
                    assert results(out) == clean
                    (out / "journal.jsonl").unlink()
                print(dict(ended), "resumed runs are the clean one", flush=True)
        folder = class_of(Path(place) / "few", 20)
        alone("grade", "sheet5", folder, "-o", Path(place) / "clean few", "--format", "json")
        clean = results(Path(place) / "clean few")
        for at in range(times):
            ended[f"two at once, {two_at_once(folder, Path(place) / f'two{at}', clean)}"] += 1
        print(dict(ended), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 50)
