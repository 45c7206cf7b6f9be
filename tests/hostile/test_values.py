"""Nothing malformed counts as an answer, nothing that is meant well is lost, and nothing costs more than a moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwcheck import load_answers, load_sheet, verify
from hwcheck.cli import run
from hwcheck.diagnostics import Diagnostic, Invalid
from hwcheck.marking.report import Finding, Report
from hwcheck.render.data import report_json
from hwcheck.sheet import Sheet
from tests.hostile.files import FILES
from tests.hostile.pages import GOOD, GUESSED, SECRETS, SHEET, harmless, page
from tests.hostile.values import VALUES, Value
from tests.timing import at_most

GROUPS: dict[tuple[str, str], list[Value]] = {}
for each in VALUES:
    GROUPS.setdefault((each.threat, each.outcome), []).append(each)
#: Threats that are no value and no file; here, and in the tests of classes, they have a law of their own.
LAWS = ["T22", "T23"]
#: Where the outcome of a group is looked for, and the verdicts that it may be.
VERDICTS = {
    "wrong": ("number", ["wrong"]),
    "fair": ("number", ["correct"]),
    "fair formula": ("formula", ["correct"]),
    "told": ("number", ["correct", "unreadable"]),
    "blank": ("number", ["blank"]),
}
SECONDS = 1.0  # of the processor; a hundredth is usual


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    path = tmp_path_factory.mktemp("sheet") / "probe.yaml"
    path.write_text(SHEET, encoding="utf-8")
    return load_sheet(str(path))


def marked(sheet: Sheet, folder: Path, page: str | bytes) -> Report | list[Diagnostic]:
    """Mark a page; or give what is said of one that cannot be read."""
    path = folder / "a.yaml"
    path.write_bytes(page if isinstance(page, bytes) else page.encode("utf-8", "surrogatepass"))
    try:
        return verify(sheet, load_answers(str(path)))
    except Invalid as error:
        return error.diagnostics


def test_every_threat_has_values_or_files_or_a_law() -> None:
    covered = {value.threat for value in VALUES} | {file.threat for file in FILES} | {*LAWS}
    assert covered == {f"T{at}" for at in range(1, 24)}
    assert len({value.text for value in VALUES}) > 500


@pytest.mark.parametrize(("threat", "outcome"), GROUPS)
def test_every_value_gets_what_it_is_worth_in_a_moment(threat: str, outcome: str, sheet: Sheet, tmp_path: Path) -> None:
    other = page(Value("", "", "0", "0"))
    before = marked(sheet, tmp_path, other)
    for value in GROUPS[threat, outcome]:
        with at_most(SECONDS, value.text[:80]):
            found = marked(sheet, tmp_path, page(value))
        if isinstance(found, Report):
            assert outcome != "refused", ascii(value.text)
            check(value, found)
        else:
            codes = {each.code for each in found if each.severity == "error"}
            assert codes <= ({"HW005", "HW006"} if outcome == "refused" else {"HW109"}), ascii(value.text[:80])
            assert outcome in ("never", "refused")
    assert marked(sheet, tmp_path, other) == before  # nothing is left behind that another student would feel


def test_every_file_is_read_or_refused_in_a_moment(sheet: Sheet, tmp_path: Path) -> None:
    for file in FILES:
        with at_most(SECONDS, file.name):
            found = marked(sheet, tmp_path, file.data)
        assert isinstance(found, Report) != file.outcome.startswith("HW"), file.name


def check(value: Value, report: Report) -> None:
    """Check what must come of a value in all places of a page."""
    named = ascii(value.text[:80])
    by_question: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_question.setdefault(finding.question, []).append(finding)
    assert [each.verdict for name in GOOD for each in by_question[name]] == ["correct", "correct"], named
    if value.outcome == "never":
        counted = [each for each in report.findings if each.question not in (*GOOD, *GUESSED)]
        assert not [each for each in counted if each.marks or each.verdict in ("correct", "carried")], named
    else:
        question, verdicts = VERDICTS[value.outcome]
        assert by_question[question][0].verdict in verdicts, (named, by_question[question][0])
    for each in report.findings:
        said = [found for found in report.diagnostics if found.code.startswith("HW4") or found.span]
        assert each.verdict != "unreadable" or said, named
    report_json(report)


@pytest.mark.parametrize("file", [file for file in FILES if file.threat == "T18"], ids=lambda file: file.name)
def test_answers_cannot_name_a_file(
    file: tuple[str, str, str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_bytes(file[3])
    code = run(["verify", str(tmp_path / "a.yaml")])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert ("HW001" if file[1] == "other" else "HW230") in err
    assert harmless(err)


def test_what_is_said_of_a_page_does_not_hang_on_the_key(sheet: Sheet, tmp_path: Path) -> None:
    (tmp_path / "probe.yaml").write_text(SHEET.replace("7/3 s", "11/3 s").replace("0.02928", "1.02928"))
    other = load_sheet(str(tmp_path / "probe.yaml"))
    for value in VALUES[::12]:
        said = [
            report.diagnostics if isinstance(report, Report) else report
            for report in (marked(which, tmp_path, page(value)) for which in (sheet, other))
        ]
        assert list(said[0]) == list(said[1])
        assert not any(secret in str(said[0]) for secret in SECRETS)
