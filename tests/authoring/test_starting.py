"""The files that a course starts from: a proved sheet, blank answers, scripts with the names filled in."""

import re
import stat
import zipfile
from pathlib import Path

import pytest

from hwcheck import __version__, load_answers, load_sheet, verify
from hwcheck.authoring.lint import lint
from hwcheck.authoring.platforms import PLATFORMS
from hwcheck.authoring.starting import first_sheet, is_course
from hwcheck.cli import init, main
from tests.bundled import sheet_file

Screen = pytest.CaptureFixture[str]
COURSE = "university/nets"


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def asked(platform: str) -> list[str]:
    return ["--ci", platform, *(["--course", COURSE] if PLATFORMS[platform].course else [])]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_first_sheet_is_proved_and_its_numbers_show_the_slips() -> None:
    found = lint(first_sheet())
    assert found.holds
    (problem,) = found.problems
    assert not [check for check in problem.checks if check.result == "unseen"]


def test_a_course_starts_with_a_sheet_and_blank_answers(capsys: Screen, tmp_path: Path) -> None:
    assert main(["init"]) == 0
    assert capsys.readouterr().out == "wrote homework1.yaml\nwrote homework1.answers.yaml\n"
    report = verify(load_sheet("homework1.yaml"), load_answers("homework1.answers.yaml"))
    assert {finding.verdict for finding in report.findings} == {"blank"}
    assert not report.diagnostics
    assert main(["verify", "homework1.answers.yaml"]) == 1  # which finds the sheet beside it


def test_a_sheet_of_ones_own_gets_its_answers_beside_it(capsys: Screen, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(sheet_file("sheet5").read_bytes())
    assert main(["init", "mine.yaml"]) == 0
    assert sorted(tree(tmp_path)) == ["mine.answers.yaml", "mine.yaml"]
    assert main(["init", "sheet5", "--folder", "a/b"]) == 0
    assert (tmp_path / "a/b/sheet5.yaml").read_bytes() == sheet_file("sheet5").read_bytes()
    assert "sheet: sheet5\n" in (tmp_path / "a/b/sheet5.answers.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_nothing_is_replaced_unless_that_is_asked(platform: str, capsys: Screen, tmp_path: Path) -> None:
    assert main(["init", *asked(platform)]) == 0
    files = sorted(tree(tmp_path))
    for file in files:
        for other in files:
            (tmp_path / other).unlink(missing_ok=True)
        (tmp_path / file).write_text("mine", encoding="utf-8")
        assert main(["init", *asked(platform)]) == 2
        assert f"{file} exists; --force" in capsys.readouterr().err
        assert tree(tmp_path) == {file: b"mine"}
        assert main(["init", *asked(platform), "--force"]) == 0
        assert sorted(tree(tmp_path)) == files
        assert (tmp_path / file).read_bytes() != b"mine"


def test_names_that_scripts_could_not_hold_are_refused(capsys: Screen, tmp_path: Path) -> None:
    for name in ("a b.yaml", "a$(x).yaml", "ä.yaml", "a'b.yaml", "-.yaml"):
        (tmp_path / name).write_bytes(sheet_file("sheet5").read_bytes())
        assert main(["init", "--ci", "gradescope", "--", name]) == 2
    for course in ("nets", "a/b;c", "a/$(x)", "a/b\nc", "../x", "a//b", "-a/b", "", "a/b/"):
        assert not is_course(course)
        assert main(["init", "--ci", "github", "--course", course]) == 2
    assert is_course("group/sub.group/nets-1")
    assert main(["init", "--ci", "gitlab"]) == 2
    assert main(["init", "--ci", "gradescope", "--course", COURSE]) == 2
    assert main(["init", "--course", COURSE]) == 2
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_the_platforms_are_those_of_the_command() -> None:
    assert list(PLATFORMS) == init.PLATFORMS


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_name_is_filled_in_and_no_registry_is_named(platform: str, tmp_path: Path) -> None:
    (tmp_path / "hw7.yaml").write_bytes(sheet_file("sheet5").read_bytes())
    assert main(["init", "hw7.yaml", *asked(platform), "--folder", "out"]) == 0
    scripts = [file for file, _ in PLATFORMS[platform].files]
    for file in scripts:
        text = (tmp_path / "out" / file).read_text(encoding="utf-8")
        assert not re.search(r"@[A-Z]+@|homework1", text)
        assert not re.search(r"index-url|pypi|\.org\b", text)
    written = " ".join((tmp_path / "out" / file).read_text(encoding="utf-8") for file in scripts)
    assert "hw7.answers.yaml" in written
    assert f"hwcheck=={__version__}" in written


def test_the_archive_for_gradescope_has_its_scripts_at_the_root(tmp_path: Path) -> None:
    assert main(["init", *asked("gradescope")]) == 0
    first = (tmp_path / "autograder.zip").read_bytes()
    with zipfile.ZipFile("autograder.zip") as archive:
        modes = {each.filename: each.external_attr >> 16 for each in archive.infolist()}
        for name in modes:
            assert archive.read(name) == (tmp_path / "autograder" / name).read_bytes()
    assert modes == {"setup.sh": 0o100755, "run_autograder": 0o100755, "homework1.yaml": 0o100644}
    for name, mode in modes.items():
        assert stat.S_IMODE((tmp_path / "autograder" / name).stat().st_mode) & 0o111 == mode & 0o111
    assert main(["init", *asked("gradescope"), "--force"]) == 0
    assert (tmp_path / "autograder.zip").read_bytes() == first


def test_names_of_courses_are_plain() -> None:
    for char in map(chr, range(33, 127)):
        assert is_course(f"a/b{char}c") == bool(re.match(r"[\w./-]", char)), char
