"""What marking a class costs, start to end, beside only parsing the same files with PyYAML in one process.

`python -m tests.benchmarks.grading [MANY]` marks so many once, then writes feedback, and says how long each takes and
how much memory a process holds.
"""

from __future__ import annotations

import atexit
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from hwcheck import load_sheet, solve
from tests.benchmarks.measure import Row
from tests.benchmarks.startup import ENVIRONMENT, ROOT
from tests.bundled import sheet_file

Nested = Any  # a number, or lists of these

MANY = 10_000
WRONG = 5  # one submission of so many has a slip
DIGITS = (3, 6)  # significant ones, which differ from student to student and from value to value
PARSE = """
import sys, yaml
from pathlib import Path
for path in sorted(Path(sys.argv[1]).iterdir()):
    yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
"""
#: What is done to the first number of a quantity: a sign lost, a step too far, the point moved, a term too much.
SLIPS: dict[str, Callable[[float], float]] = {
    "b1_new": lambda value: -value,
    "W2_new": lambda value: value + 0.05,
    "dJ/dW1": lambda value: value / 10,
    "X2": lambda value: value + 0.1,
}


def handed_in(folder: Path, many: int, seed: int = 1) -> Path:
    """Write the answers of a class to all of problem 1 of sheet 5, one of five with a slip."""
    draw = random.Random(seed)
    asked = list(_asked())
    folder.mkdir(parents=True)
    for at in range(many):
        slip = draw.choice(list(SLIPS)) if at % WRONG == 0 else ""
        lines = ["sheet: sheet5", f"student: s{at:06}", "answers:", '  "1":']
        for question, values in asked:
            lines.append(f"    {question}:")
            for name, value in values.items():
                made = _slipped(value, SLIPS[name]) if name == slip else value
                lines.append(f"      {name}: {_typed(made, draw)}")
        (folder / f"s{at:06}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _asked() -> Iterator[tuple[str, dict[str, Any]]]:
    solved = solve(load_sheet(str(sheet_file("sheet5")))).problems[0]
    values: dict[str, Any] = {each.name: each.value for part in solved.parts for each in part.quantities}
    for question in solved.questions:
        yield question.id, {name: values[name].tolist() for name in question.asks}


def _slipped(value: Nested, slip: Callable[[float], float]) -> Nested:
    """Do something to the first number of a value."""
    if isinstance(value, list):
        return [_slipped(value[0], slip), *value[1:]]
    return slip(value)


def _typed(value: Nested, draw: random.Random) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_typed(part, draw) for part in value)}]"
    return f"{value:.{draw.randint(*DIGITS)}g}"


def marking(folder: Path, out: str, *more: str) -> None:
    """Mark a class into a folder."""
    command = [sys.executable, "-m", "hwcheck", "grade", "sheet5", str(folder), "-o", out, *more]
    subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, check=True)


def graded(many: int, *more: str) -> Callable[[], object]:
    """Give a call that marks a class from the start, into a new folder."""

    def grade() -> None:
        with tempfile.TemporaryDirectory() as out:
            marking(_class(many), out, *more)

    return grade


def parsed(many: int) -> Callable[[], object]:
    """Give a call that only parses the files of a class."""
    return lambda: subprocess.run(
        [sys.executable, "-c", PARSE, str(_class(many))], cwd=ROOT, env=ENVIRONMENT, capture_output=True, check=True
    )


@cache
def _class(many: int) -> Path:
    """Give the folder of a class, written when it is asked for first."""
    place = tempfile.TemporaryDirectory()
    atexit.register(place.cleanup)
    return handed_in(Path(place.name) / "in", many)


FLOOR = f"parse them with CSafeLoader, {MANY} files"
ROWS = [
    Row("grade a class with 1 worker", FLOOR, graded(MANY, "--workers", "1"), parsed(MANY), 3.0, rounds=3),
    Row("grade a class with 2 workers", FLOOR, graded(MANY, "--workers", "2"), parsed(MANY), 1.8, rounds=3),
]


def main(many: int) -> None:
    """Mark a class once with a worker for each core, then write feedback; print seconds and the most memory held."""
    folder = _class(many)
    with tempfile.TemporaryDirectory() as out:
        for name, call in (
            ("parse", parsed(many)),
            ("grade", partial(marking, folder, out)),
            ("feedback in Markdown", partial(marking, folder, out, "--format", "markdown")),
        ):
            start = time.perf_counter()
            call()
            held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(f"{name:22} {many} files {time.perf_counter() - start:8.1f} s, at most {held:.0f} MB a process")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)
