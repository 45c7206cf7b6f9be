"""The commands themselves, on the sheets that come along, as a user calls them."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from hwcheck.cli import main
from hwcheck.cli.verify import LEVELS
from hwcheck.marking.feedback import lower
from hwcheck.sheet.kinds import FEEDBACK
from tests.bundled import SHEETS, answers_file, sheet_file

ROOT = Path(__file__).parent.parent.parent
ANSWERS = str(answers_file("sheet5"))
Screen = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def test_list_names_sheets_that_solve_takes(capsys: Screen) -> None:
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in lines if line.startswith("  ")]
    assert names == SHEETS
    folders = [line for line in lines if not line.startswith("  ")]
    assert folders == sorted({f"{sheet_file(name).parent.name}/" for name in names})
    assert lines[lines.index("sheet5/") + 1].split() == ["sheet5", "NN", "Sheet", "5"]
    for name in names:
        assert main(["solve", name]) == 0
        assert capsys.readouterr().out.strip()


def test_a_sheet_is_a_name_a_file_or_the_standard_input(capsys: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    file = sheet_file("sheet5")
    problems = []
    for sheet in ("sheet5", str(file), "-"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
        assert main(["solve", sheet, "--format", "json"]) == 0
        problems.append(json.loads(capsys.readouterr().out)["problems"])
    assert problems[0] == problems[1] == problems[2]


def test_solve_shows_one_problem(capsys: Screen) -> None:
    assert main(["solve", "sheet5", "--problem", "1", "--format", "json"]) == 0
    assert [problem["id"] for problem in json.loads(capsys.readouterr().out)["problems"]] == ["1"]
    assert main(["solve", "sheet5", "--problem", "l"]) == 2
    assert "no problem 'l'" in capsys.readouterr().err


def test_digits_are_shown_and_rounded_steps_change_the_numbers(capsys: Screen) -> None:
    shown = {}
    for options in ((), ("--digits", "9"), ("--digits", "3", "--round-steps")):
        assert main(["solve", "sheet5", "--problem", "1", *options]) == 0
        shown[options] = capsys.readouterr().out
    assert "0.707897536" in shown["--digits", "9"]
    assert "0.707897536" not in shown[()]
    values = []
    for options in ((), ("--digits", "3", "--round-steps")):
        assert main(["solve", "sheet5", "--problem", "1", "--format", "json", *options]) == 0
        quantities = json.loads(capsys.readouterr().out)["problems"][0]["quantities"]
        values.append(next(each["value"] for each in quantities if each["name"] == "J"))
    assert values[0] == pytest.approx(0.707897536135, abs=1e-12)
    assert values[1] == pytest.approx(0.708, abs=5e-3)
    assert values[1] == float(f"{values[1]:.3g}") != values[0]


def test_verify_exits_by_the_score(capsys: Screen) -> None:
    for options, code in (
        ((), 1),
        (("--exit-zero",), 0),
        (("--fail-under", "18.75"), 0),
        (("--fail-under", "18.76"), 1),
        (("--fail-under", "90%"), 0),
        (("--fail-under", "94%"), 1),
        (("--sheet", "sheet5"), 1),
    ):
        assert main(["verify", ANSWERS, "--problem", "1", *options]) == code, options
    assert main(["verify", ANSWERS, "--problem", "1", "--question", "e"]) == 0
    assert main(["verify", "-", "--sheet", "-"]) == 2
    capsys.readouterr()
    assert main(["verify", ANSWERS, "--question", "nope"]) == 2
    assert "no question 'nope'" in capsys.readouterr().err


@pytest.mark.parametrize("allowed", FEEDBACK)
@pytest.mark.parametrize("asked", [None, *FEEDBACK])
def test_feedback_never_shows_more_than_the_sheet(
    capsys: Screen, tmp_path: Path, asked: str | None, allowed: str
) -> None:
    text = sheet_file("sheet5").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(f"{text}\nfeedback: {allowed}\n", encoding="utf-8")
    options = ["--feedback", asked] if asked else []
    assert main(["verify", ANSWERS, "--sheet", "mine.yaml", "--format", "json", *options]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["feedback"] == lower(allowed, asked or allowed)
    assert (report["findings"][0]["reference"] is None) == (report["feedback"] != "full")
    assert report["score"] == 18.75


def test_the_levels_of_feedback_are_those_of_a_sheet() -> None:
    assert tuple(LEVELS) == FEEDBACK


def test_the_sheet_that_the_answers_name_is_never_a_path(capsys: Screen, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    easy = tmp_path / "mine" / "easy.yaml"
    easy.write_bytes(sheet_file("sheet5").read_bytes())
    for path in ("mine/easy.yaml", "./mine/easy", str(easy)):
        (tmp_path / "a.yaml").write_text(f"sheet: {path}\nanswers: {{}}\n", encoding="utf-8")
        assert main(["verify", "a.yaml"]) == 2, path
        assert main(["verify", "a.yaml", "--sheet", str(easy)]) == 1, path


def test_every_format_goes_to_its_file_and_the_rest_to_the_screen(capsys: Screen, tmp_path: Path) -> None:
    assert main(["verify", ANSWERS, "--format", "plain", "--format", "json=r.json", "--format", "markdown=r.md"]) == 1
    screen = capsys.readouterr().out
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["schema"] == "hwcheck/report/v1"
    assert (tmp_path / "r.md").read_text(encoding="utf-8").strip()
    assert "W1_new" in screen
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.json", "r.md"]


def test_a_file_that_cannot_be_written_is_2(capsys: Screen) -> None:
    assert main(["solve", "sheet5", "--format", "json=nowhere/r.json"]) == 2
    assert "HW007" in capsys.readouterr().err


def test_a_template_is_blank_fits_its_sheet_and_replaces_nothing(capsys: Screen, tmp_path: Path) -> None:
    assert main(["template", "sheet5"]) == 0
    printed = capsys.readouterr().out
    assert main(["template", "sheet5", "-o", "a.yaml"]) == 0
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == printed
    assert main(["verify", "a.yaml", "--format", "json"]) == 1
    verdicts = {finding["verdict"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert verdicts == {"blank"}
    (tmp_path / "a.yaml").write_text("precious", encoding="utf-8")
    assert main(["template", "sheet5", "-o", "a.yaml"]) == 2
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == "precious"
    assert main(["template", "sheet5", "-o", "a.yaml", "--force"]) == 0
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == printed


@pytest.mark.parametrize("which", ["sheet", "answers"])
def test_a_schema_is_a_json_schema(which: str, capsys: Screen) -> None:
    assert main(["schema", which]) == 0
    Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize("command", ["solve", "template", "verify"])
@pytest.mark.parametrize("file", ["missing.yaml", "."])
def test_a_file_that_cannot_be_used_is_2_with_one_message(command: str, file: str, capsys: Screen) -> None:
    assert main([command, file]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("error[") == 1


def test_the_first_line_may_be_all_that_is_read() -> None:
    command = [sys.executable, "-m", "hwcheck", "solve", "sheet5"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode in (0, 141)


def test_the_reference_has_every_field(capsys: Screen) -> None:
    from hwcheck.sheet.owners import fields, owners

    assert main(["schema", "reference"]) == 0
    page = capsys.readouterr().out
    assert all(f"| `{row.key}` |" in page for owner in owners() for row in fields(owner).values())
