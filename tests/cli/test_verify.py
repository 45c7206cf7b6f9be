"""What `verify` does beside showing a report: formats of platforms, their exit codes, and watching."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import hwcheck
from hwcheck.cli import main
from hwcheck.cli.options import FORMATS
from hwcheck.marking import Answers, Report
from hwcheck.sheet import Sheet
from tests.bundled import answers_file
from tests.render.readers import (
    annotations,
    classroom50,
    gradescope,
    junit_cases,
    markdown,
    spreadsheet,
    strict_json,
)

ROOT = Path(__file__).parent.parent.parent
ANSWERS = str(answers_file("sheet5"))
Screen = pytest.CaptureFixture[str]
RUNNER = {
    "CLASSROOM": "nn", "ASSIGNMENT": "hw1", "OWNER": "me", "SUBMISSION_TAG": "submit/1", "COMMIT_URL": "c",
    "RELEASE_URL": "r",
}  # fmt: skip
SCORED = [name for name, row in FORMATS.items() if row.scored]
ALWAYS = [name for name, row in FORMATS.items() if row.always]
READ = {
    "junit": junit_cases, "github": annotations, "gradescope": gradescope, "classroom50": classroom50,
    "csv": spreadsheet, "json": strict_json, "jsonl": strict_json, "markdown": markdown,
}  # fmt: skip
BROKEN = {
    "missing.yaml": None,
    "empty.yaml": "",
    "binary.yaml": "a\x00b",
    "list.yaml": "- a\n- b\n",
    "deep.yaml": "answers: " + "[" * 50_000,
}


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    for name in ("USERNAME", "REVIEW_URL", "ASSIGNMENT_TYPE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("format", READ)
def test_every_format_is_read_back_from_the_screen_and_from_a_file(format: str, capsys: Screen, tmp_path: Path) -> None:
    code = 0 if format in SCORED else 1
    assert main(["verify", ANSWERS, "--format", format]) == code
    shown = capsys.readouterr()
    assert READ[format](shown.out)
    assert not shown.err
    assert main(["verify", ANSWERS, "--format", f"{format}=out"]) == code
    written = (tmp_path / "out").read_text(encoding="utf-8")
    assert format == "classroom50" or written == shown.out  # where the time may be another


@pytest.mark.parametrize("format", sorted({*FORMATS} - {"table", "plain", "json", "markdown", "latex", "html"}))
def test_a_solution_has_no_format_of_a_report(format: str, capsys: Screen) -> None:
    assert main(["solve", "sheet5", "--format", format]) == 2
    assert f"no format '{format}'" in capsys.readouterr().err


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("sheet", [["--sheet", "sheet5"], []])
def test_platforms_get_a_result_for_answers_that_cannot_be_read(
    name: str, sheet: list[str], capsys: Screen, tmp_path: Path
) -> None:
    text = BROKEN[name]
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    formats = [each for format in ALWAYS for each in ("--format", f"{format}={format}")]
    assert main(["verify", name, *sheet, *formats, "--format", "plain"]) == 0
    shown = capsys.readouterr()
    assert not shown.out
    assert "error[HW" in shown.err
    for format in ALWAYS:
        result = READ[format]((tmp_path / format).read_text(encoding="utf-8"))
        assert format not in SCORED or (result["score"] == 0 and "HW" in str(result))
    for format in ALWAYS:
        assert main(["verify", name, *sheet, "--format", format]) == (0 if format in SCORED else 2)
    assert main(["verify", name, *sheet, "--format", "json", "--exit-zero"]) == 2


@pytest.mark.parametrize("error", [RecursionError, MemoryError])
def test_platforms_get_a_result_for_answers_that_are_too_much(
    error: type[Exception], capsys: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = hwcheck.verify

    def fail(sheet: Sheet, answers: Answers, problem: str | None, question: str | None) -> Report:
        if answers.raw.answers:
            raise error
        return real(sheet, answers, problem, question)

    monkeypatch.setattr(hwcheck, "verify", fail)
    assert main(["verify", ANSWERS, "--format", "gradescope"]) == 0
    result = strict_json(capsys.readouterr().out)
    assert result["score"] == 0
    assert "nested too deeply" in result["output"]
    assert main(["verify", ANSWERS, "--format", "json"]) == 2
    assert "nested too deeply" in capsys.readouterr().err


def test_a_sheet_that_the_answers_only_name_is_the_students_mistake(capsys: Screen, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("sheet: nowhere\nanswers: {}\n", encoding="utf-8")
    assert main(["verify", "a.yaml", "--format", "gradescope"]) == 0
    result = strict_json(capsys.readouterr().out)
    assert result["score"] == 0
    assert "nowhere" in result["output"]


@pytest.mark.parametrize("format", ALWAYS)
def test_what_the_teacher_got_wrong_is_no_result(format: str, capsys: Screen, tmp_path: Path) -> None:
    for options in (["--sheet", "nowhere.yaml"], ["--problem", "nope"], ["--sheet", "sheet5", "--question", "nope"]):
        for answers in (ANSWERS, "missing.yaml")[: 1 + ("sheet5" in options)]:
            assert main(["verify", answers, *options, "--format", f"{format}=out"]) == 2
    assert not (tmp_path / "out").exists()


def test_without_its_environment_there_is_no_result_for_classroom50(
    capsys: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMMIT_URL")
    assert main(["verify", ANSWERS, "--format", "classroom50"]) == 2
    assert "COMMIT_URL is not set" in capsys.readouterr().err
    monkeypatch.setenv("COMMIT_URL", "c")
    monkeypatch.setenv("ASSIGNMENT_TYPE", "group")
    assert main(["verify", ANSWERS, "--format", "classroom50"]) == 0
    result = strict_json(capsys.readouterr().out)
    assert (result["review"], result["assignment_type"], result["owner"]) == ("c", "group", "me")


def test_a_step_has_a_summary_where_github_says_so(
    capsys: Screen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "summary.md").write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    assert main(["verify", ANSWERS, "--problem", "1", "--format", "json"]) == 1
    assert (tmp_path / "summary.md").read_text(encoding="utf-8") == "before\n"
    for times in (1, 2):
        assert main(["verify", ANSWERS, "--problem", "1", "--format", "github", "--feedback", "mark"]) == 1
        text = (tmp_path / "summary.md").read_text(encoding="utf-8")
        assert text.startswith("before\n# NN Sheet 5\n")
        assert text.count("# NN Sheet 5") == times
        assert "DROP_ZERO" not in text
    (tmp_path / "summary.md").write_text("x" * (1024 * 1024 - 100), encoding="utf-8")
    assert main(["verify", ANSWERS, "--problem", "1", "--format", "github"]) == 1
    assert (tmp_path / "summary.md").stat().st_size <= 1024 * 1024
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "nowhere/summary.md")
    assert main(["verify", ANSWERS, "--problem", "1", "--format", "github"]) == 2
    assert "HW007" in capsys.readouterr().err


def test_no_line_of_a_log_is_a_command_of_its_runner(capsys: Screen, tmp_path: Path) -> None:
    typed = "::error file=a::x ##[error]y ##vso[task.complete]"
    (tmp_path / "a.yaml").write_text(
        f"sheet: sheet5\nstudent: '{typed}'\nanswers:\n  '1':\n    d:\n      X1: '{typed}'\n      '{typed}': 1\n"
        f"    e: |\n      {typed}\n      {typed}\n    '{typed}': 1\n",
        encoding="utf-8",
    )
    for options in [["--format", format] for format in FORMATS] + [["--color", "always", "--format", "table"]]:
        assert main(["verify", "a.yaml", *options]) in (0, 1)
        shown = capsys.readouterr()
        assert "task.complete" in shown.out
        for line in (shown.out + shown.err).split("\n"):
            command = line.strip().startswith("::")
            assert command == (options[1] == "github" and line != "")
            if not command:  # else it is read as that and as nothing else
                assert "##[" not in line
                assert "##vso[" not in line


def test_the_least_score_is_of_what_can_be_had(capsys: Screen) -> None:
    assert main(["verify", ANSWERS, "--problem", "1", "--fail-under", "20"]) == 1
    assert not capsys.readouterr().err
    assert main(["verify", ANSWERS, "--problem", "1", "--fail-under", "60"]) == 1
    assert "60 points are more than the 20" in capsys.readouterr().err
    assert main(["verify", ANSWERS, "--problem", "1", "--fail-under", "100%", "--exit-zero"]) == 0
    assert main(["verify", ANSWERS, "--problem", "1", "--fail-under", "100%", "--format", "gradescope"]) == 0


def test_only_files_are_watched(capsys: Screen) -> None:
    for arguments in (["-"], [ANSWERS, "--sheet", "-"]):
        assert main(["verify", *arguments, "--watch"]) == 2
        assert "--watch needs files" in capsys.readouterr().err


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [
        sys.executable,
        "-m",
        "hwcheck",
        "verify",
        "a.yaml",
        "--sheet",
        "mine.yaml",
        "--watch",
        "--format",
        "jsonl",
    ]
    (tmp_path / "mine.yaml").write_text(SHEET.format(points=2), encoding="utf-8")
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


SHEET = (
    "hwcheck: 1\nproblems:\n  a:\n    given: {{x: 2}}\n    network: 'y = 3 x'\n"
    "    questions: {{q: {{find: y, points: {points}}}}}\n"
)


def test_watching_checks_again_after_every_change_until_it_is_interrupted(
    watching: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert watching.stdout is not None
    assert watching.stderr is not None

    def wait() -> list[str]:
        lines = []
        for line in watching.stderr or ():
            if "Ctrl-C" in line:
                return lines
            lines.append(line)
        raise AssertionError("".join(lines))

    assert any("HW001" in line for line in wait())  # there are no answers yet
    for answer, score in (("5", 0), ("6", 2)):
        (tmp_path / "new").write_text(f"answers: {{a: {{q: {answer}}}}}\n", encoding="utf-8")
        (tmp_path / "new").replace(tmp_path / "a.yaml")  # as editors do
        assert not wait()
        assert strict_json(watching.stdout.readline())["score"] == score
    (tmp_path / "mine.yaml").write_text("hwcheck: 1\nproblems: [\n", encoding="utf-8")
    assert any("error[HW" in line for line in wait())
    (tmp_path / "mine.yaml").write_text(SHEET.format(points=3), encoding="utf-8")
    assert not wait()
    assert strict_json(watching.stdout.readline())["score"] == 3
    time.sleep(0.1)
    watching.send_signal(signal.SIGINT)
    assert watching.wait(20) == 130
    assert not watching.stdout.read()
    assert "Traceback" not in watching.stderr.read()
