"""The sheets that come along: their values agree with values worked out elsewhere; real students are judged fairly."""

import json
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from hwcheck import load_answers, load_sheet, verify
from hwcheck.cli import main
from hwcheck.cli.options import FORMATS
from hwcheck.marking import Report
from hwcheck.render.classroom50 import VARIABLES
from tests.bundled import PROBLEMS, SHEETS, answers_file, sheet_file

ROOT = Path(__file__).parent.parent

# Worked out with plain NumPy and checked against automatic differentiation in float64: by sheet, problem and name.
EXPECTED = json.loads((ROOT / "tests" / "expected.json").read_text(encoding="utf-8"))
ROWS = [(sheet, problem) for sheet, problems in EXPECTED.items() for problem in problems]


@cache
def solved(sheet: str) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "solution.json"
        assert main(["solve", sheet, "--format", f"json={file}"]) == 0
        return {problem["id"]: problem for problem in json.loads(file.read_text(encoding="utf-8"))["problems"]}


@cache
def marked(sheet: str) -> Report:
    return verify(load_sheet(sheet), load_answers(str(answers_file(sheet))))


def test_every_sheet_has_a_name_of_its_own() -> None:
    files = [path for path in PROBLEMS.rglob("*.yaml") if not path.name.endswith(".answers.yaml")]
    assert sorted(path.stem for path in files) == sorted(SHEETS)


@pytest.mark.parametrize(("sheet", "problem"), ROWS)
def test_solve_agrees_with_the_expected_values(sheet: str, problem: str) -> None:
    solution = solved(sheet)[problem]
    values = {quantity["name"]: quantity["value"] for quantity in solution["quantities"]}
    for name, expected in EXPECTED[sheet][problem].items():
        if name not in values:
            pytest.fail(f"{name} is not in the solution")
        got, wanted = np.asarray(values[name], dtype=float), np.asarray(expected, dtype=float)
        assert got.size == wanted.size
        np.testing.assert_allclose(got.reshape(wanted.shape), wanted, rtol=1e-12, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("sheet", SHEETS)
def test_everything_that_is_asked_is_solved(sheet: str) -> None:
    for problem in solved(sheet).values():
        names = {quantity["name"] for quantity in problem["quantities"] if quantity["role"] == "asked"}
        models = {name for question in problem["questions"] for name, _ in question.get("notes", ())}  # constructions
        assert {name for question in problem["questions"] for name in question["asks"]} <= names | models


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_sheet_has_answers_that_can_be_read(sheet: str) -> None:
    report = marked(sheet)
    assert report.diagnostics == ()
    assert report.max_score > 0


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_sheet_and_its_answers_are_written_in_every_format(
    sheet: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in (variables[0] for variables in VARIABLES.values()):
        monkeypatch.setenv(variable, "x")  # what the runner of a platform says of a submission

    def into(what: str, formats: list[str]) -> list[str]:
        return [word for name in formats for word in ("--format", f"{name}={tmp_path / what}.{name}")]

    solutions = [name for name, row in FORMATS.items() if row.solution]
    assert main(["solve", sheet, *into("solution", solutions)]) == 0
    assert main(["verify", str(answers_file(sheet)), "--exit-zero", *into("report", list(FORMATS))]) == 0
    assert capsys.readouterr().err == ""
    files = list(tmp_path.iterdir())
    assert len(files) == len(solutions) + len(FORMATS)
    assert all(file.read_text(encoding="utf-8").strip() for file in files)


def test_the_page_about_the_sheets_names_each_of_them_and_every_problem() -> None:
    page = (PROBLEMS / "README.md").read_text(encoding="utf-8")
    for name in (name for name in SHEETS if sheet_file(name).parent.name != "examples"):
        assert f"`{name}`" in page
        for problem in load_sheet(name).problems:
            assert problem.split()[0] in page, (name, problem)
    named = {name for name in re.findall(r"`([a-z]+[0-9a-z-]*)`", page) if "-" in name or name[-1].isdigit()}
    assert named <= set(SHEETS)


def wrong_entries(sheet: str) -> dict[str, list[str]]:
    """Give the entries judged wrong, as they were typed, by quantity."""
    report = marked(sheet)
    found: dict[str, list[str]] = {}
    for finding in report.findings:
        words = np.array(finding.cells, dtype=object).ravel()
        texts = np.array(finding.values, dtype=object).ravel()
        for word, text in zip(words, np.resize(texts, words.shape), strict=True):
            if word == "wrong":
                found.setdefault(finding.quantity, []).append(text)
    return found


def test_three_entries_of_the_real_answers_to_sheet_5_are_wrong() -> None:
    assert wrong_entries("sheet5") == {"W1_new": ["0.30124", "-0.8"], "b1_new": ["-1.243745e-3"]}
    report = marked("sheet5")
    assert report.score == pytest.approx(18.75)
    assert report.max_score == 20


def test_an_addition_slip_in_exercise_3_costs_nothing_further_down() -> None:
    assert wrong_entries("exercise3") == {"z2": ["0.275"]}
    report = marked("exercise3")
    second = [finding for finding in report.findings if finding.question == "second"]
    assert {finding.verdict for finding in second} == {"correct"}


def test_the_published_numbers_of_the_2_2_2_network_are_right() -> None:
    report = marked("two-two-two")
    assert report.score == report.max_score


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_name_stands_once_in_a_solution(sheet: str) -> None:
    for problem in solved(sheet).values():
        names = [(quantity["name"], str(quantity["when"])) for quantity in problem["quantities"]]
        assert len(names) == len(set(names))
