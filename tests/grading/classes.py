"""A small class with all that a class hands in, and ways to mark it in processes of their own."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.bundled import answers_file

ROOT = Path(__file__).parent.parent.parent
RESULTS = ("results.csv", "results.jsonl", "statistics.json")
RIGHT = answers_file("sheet5").read_text(encoding="utf-8")
SCRIPT = "from hwcheck.cli import main; main()"
#: The command line again and again in one process, which loads NumPy only once: arguments in, what it ended with out.
AGAIN = """
import contextlib, io, json, sys
from hwcheck.cli import main
for line in sys.stdin:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(json.loads(line))
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""


def page(student: str, **changed: str) -> str:
    """Write the answers of a student, some values changed: `X2="0.03"`."""
    text = RIGHT.replace('student: "003"', f"student: {student}")
    for name, value in changed.items():
        line = next(line for line in text.splitlines() if line.strip().startswith(f"{name}:"))
        text = text.replace(line, f"{line.partition(':')[0]}: {value}")
    return text


def handed_in(folder: Path, many: int = 1) -> Path:
    """Make a class with right and wrong answers, and with files of every kind that cannot be read."""
    for at in range(many):
        sub = folder / f"group{at}"
        sub.mkdir(parents=True)
        for number in range(4):
            (sub / f"s{number}.yaml").write_text(page(f"s{at}{number}"), encoding="utf-8")
            wrong = page(f"w{at}{number}", X2="0.0317", b2_new="0.025366")
            (sub / f"Wrong {number}.yml").write_text(wrong, encoding="utf-8")
    (folder / "=1+1.yaml").write_text(page('"=HYPERLINK(1)"', f="1e999"), encoding="utf-8")
    (folder / "nan.yaml").write_text(page("'[/x] <b> \\x1b'", f=".nan", X2="[[]]"), encoding="utf-8")
    (folder / "other.yaml").write_text(page("s9").replace("sheet: sheet5", "sheet: sheet4"), encoding="utf-8")
    (folder / "empty.yaml").write_text("", encoding="utf-8")
    (folder / "bytes.yaml").write_bytes(b"answers: m\xfcde\n")
    (folder / "binary.yaml").write_bytes(b"\x7fELF\0\0")
    (folder / "deep.yaml").write_text("[" * 60_000, encoding="utf-8")
    (folder / "bomb.yaml").write_text("a1: &a1 {<<: [*a1, *a1]}\n" + "x: " * 3000, encoding="utf-8")
    (folder / "large.yaml").write_text("# " + "x" * 300_000, encoding="utf-8")
    (folder / ".hidden.yaml").write_text(RIGHT, encoding="utf-8")
    (folder / "notes.txt").write_text("no answers", encoding="utf-8")
    (folder / "link.yaml").symlink_to(answers_file("sheet5"))
    os.mkfifo(folder / "pipe.yaml")
    return folder


def started(*arguments: str | Path, **options: object) -> subprocess.Popen[str]:
    """Start the command line in a process of its own."""
    return _opened([SCRIPT, *map(str, arguments)], **options)


def alone(*arguments: str | Path, **options: object) -> tuple[int, str, str]:
    """Run the command line in a process of its own; give its exit code, what it printed and what it said."""
    process = started(*arguments, **options)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def ran(*arguments: str | Path) -> tuple[int, str, str]:
    """Run the command line in a process that does so for all tests; give the same."""
    process = _again()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps([*map(str, arguments)]) + "\n")
    process.stdin.flush()
    code, out, err = json.loads(process.stdout.readline())
    return code, out, err


@cache
def _again() -> subprocess.Popen[str]:
    process = _opened([AGAIN], stdin=subprocess.PIPE)
    atexit.register(process.kill)
    return process


def _opened(arguments: list[str], **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # options are passed on
        [sys.executable, "-c", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def results(folder: Path) -> dict[str, bytes]:
    """Give the bytes of all results and all feedback."""
    paths = [folder / name for name in RESULTS] + sorted((folder / "feedback").glob("*"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}
