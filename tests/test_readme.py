"""The README tells the truth: its commands print what it shows, its examples work."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUNS = [
    (command, shown.rstrip("\n"))
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]
SHEET, ANSWERS, FIELD = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def run(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "100", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "hwcheck", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def matches(shown: list[str], printed: list[str]) -> bool:
    """Tell whether lines are those printed; a line of three dots stands for any lines."""
    if not shown:
        return not printed
    if shown[0].strip() == "...":
        return any(matches(shown[1:], printed[at:]) for at in range(len(printed) + 1))
    return bool(printed) and shown[0] == printed[0] and matches(shown[1:], printed[1:])


@pytest.mark.parametrize(("command", "shown"), RUNS, ids=[command for command, _ in RUNS])
def test_a_command_prints_what_the_readme_shows(command: str, shown: str) -> None:
    program, *arguments = shlex.split(command)
    assert program == "hwcheck"
    result = run(*arguments)
    assert result.returncode in (0, 1), result.stderr
    printed = [line.rstrip() for line in result.stdout.rstrip("\n").split("\n")]
    assert matches([line.rstrip() for line in shown.split("\n")], printed), result.stdout


def test_there_are_runs_to_check() -> None:
    assert {shlex.split(command)[1] for command, _ in RUNS} >= {"solve", "verify"}


def test_the_quick_start_has_two_lines() -> None:
    block = re.search(r"^## Quick start\n.*?```\n(.*?)```", README, re.DOTALL | re.MULTILINE)
    assert block is not None
    assert len(block[1].strip().split("\n")) == 2


def test_the_example_sheet_and_its_answers_work_together(tmp_path: Path) -> None:
    (tmp_path / "xor.yaml").write_text(SHEET, encoding="utf-8")
    (tmp_path / "s1.yaml").write_text(ANSWERS, encoding="utf-8")
    assert run("solve", "xor.yaml", folder=tmp_path).returncode == 0
    result = run("verify", "s1.yaml", folder=tmp_path)
    assert result.stderr == ""
    assert "9 of 12 points" in result.stdout
    assert result.returncode == 1


@pytest.mark.parametrize("option", ["--problem", "--question", "--digits", "--round-steps", "--fail-under"])
def test_every_option_that_is_named_exists(option: str) -> None:
    command = "verify" if option in ("--question", "--fail-under") else "solve"
    assert option in README
    assert option in run(command, "--help").stdout


def test_the_sheet_about_the_whole_field_proves_itself(tmp_path: Path) -> None:
    (tmp_path / "field.yaml").write_text(FIELD, encoding="utf-8")
    for command in ("lint", "solve", "template"):
        result = run(command, "field.yaml", folder=tmp_path)
        assert result.returncode == 0, result.stderr
        assert result.stderr == ""
