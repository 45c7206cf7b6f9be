"""A class of hostile students: every file is a row, nothing else is touched, and every output is read as it is meant.

The files are marked by `grade`, and those with hostile texts one by one by `verify` too, for the formats that a class
does without. All of it goes on in a process that is watched.
"""

from __future__ import annotations

import csv
import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hwcheck.text import safe_text
from tests.hostile.files import FILES, RIGHT, trapped
from tests.hostile.pages import MEAN, SECRETS, SHEET, harmless, page
from tests.hostile.values import TEXTS, VALUES
from tests.hostile.watched import OWN, ROOT, Watched, watched
from tests.render import readers, test_html, test_latex

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and signals are those of POSIX")

TEXTUAL = [value for value in VALUES if value.threat in TEXTS and value.outcome != "refused"]
ALONE = range(0, len(TEXTUAL), 3)  # those that are marked one by one too
#: What reads each format of feedback back, by the ending of its file.
READERS: dict[str, Callable[[str], object]] = {
    "gradescope.json": readers.gradescope,
    "json": readers.strict_json,
    "jsonl": readers.strict_json,
    "csv": readers.spreadsheet,
    "xml": readers.junit_cases,
    "html": test_html.check,
    "tex": test_latex.check,
    "md": readers.markdown,
    "txt": harmless,
}
GRADED = ("plain", "html", "markdown", "latex", "json", "jsonl", "csv", "junit", "gradescope")
TIMES = "\u2062"  # ours, between the factors of a formula: a browser does not show it
COLOR = re.compile(r"\x1b\[[0-9;]*m")  # ours, in a table on a terminal


class Marked(NamedTuple):
    """The folder that all stands in, the traps that were laid, and what was seen of the runs."""

    folder: Path
    traps: dict[str, str]
    seen: Watched


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Marked:
    """Mark a folder of all values and files, and one of hostile texts in all formats; and these one by one."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "probe.yaml").write_text(SHEET, encoding="utf-8")
    (folder / "mean.yaml").write_text(MEAN, encoding="utf-8")
    (folder / "outside.yaml").write_text(RIGHT, encoding="utf-8")
    for part in ("all", "texts", "one"):
        (folder / part).mkdir()
    for at, value in enumerate(VALUES):
        (folder / "all" / f"value{at:03}.yaml").write_bytes(page(value).encode("utf-8", "surrogatepass"))
    for file in FILES:
        (folder / "all" / f"{file.name}.yaml").write_bytes(file.data)
    traps = trapped(folder / "all", folder / "outside.yaml")
    for at, value in enumerate(TEXTUAL):
        (folder / "texts" / f"text{at:03}.yaml").write_text(page(value, brief=at % 4 > 0), encoding="utf-8")
    sheet = str(folder / "probe.yaml")
    graded = [part for name in GRADED for part in ("--format", name)]
    commands = [
        ["grade", sheet, str(folder / "all"), "-o", str(folder / "out"), "--feedback", "mark", "--format", "json"],
        ["grade", sheet, str(folder / "texts"), "-o", str(folder / "out-texts"), *graded],
        *one_by_one(folder, sheet),
        *(["solve", str(folder / "mean.yaml"), "--format", each] for each in ("plain", "json", "html")),
    ]
    variables = {"CLASSROOM": "nn", "ASSIGNMENT": "hw", "OWNER": "me", "SUBMISSION_TAG": "submit/1"}
    urls = {f"{name}_URL": "https://x.example" for name in ("COMMIT", "RELEASE", "REVIEW")}
    summary = {"GITHUB_STEP_SUMMARY": str(folder / "one" / "summary.md")}
    return Marked(folder, traps, watched(folder / "log", commands, {**variables, **urls, **summary}))


def one_by_one(folder: Path, sheet: str) -> Iterator[list[str]]:
    """Give a command for each hostile text of some, in the formats of platforms and as a table in colour."""
    for at in ALONE:
        formats = [f"{name}={folder / 'one' / name}{at:03}" for name in ("classroom50", "table", "json")]
        targets = [part for each in (*formats, "github") for part in ("--format", each)]
        answers = str(folder / "texts" / f"text{at:03}.yaml")
        yield ["verify", answers, "--sheet", sheet, "--color", "always", *targets]


def rows(out: Path) -> dict[str, Any]:
    lines = (out / "results.jsonl").read_text(encoding="ascii").splitlines()
    return {os.path.basename(row["file"]): row for row in map(readers.strict_json, lines)}


def feedback(out: Path, ending: str) -> dict[str, str]:
    """Give the feedback of one format by the name of its file."""
    files = [path for path in sorted((out / "feedback").iterdir()) if path.name.partition(".")[2] == ending]
    assert files
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def test_every_file_is_a_row_with_its_reason_or_its_marks(marked: Marked) -> None:
    found = rows(marked.folder / "out")
    for file in FILES:
        row = found.pop(f"{file.name}.yaml")
        if file.outcome.startswith("HW"):
            assert (row["status"], row["score"], row["questions"]) == ("unreadable", 0, {}), ascii(file.name)
            assert file.outcome in row["reason"], (ascii(file.name), row["reason"])
        else:
            assert (row["status"], row["score"]) == ("marked", {"right": 4, "good": 2, "nothing": 0}[file.outcome])
    for name, reason in marked.traps.items():
        row = found.pop(name, None)
        assert (row is None) == (not reason), name
        assert row is None or (row["status"] == "unreadable" and reason in row["reason"]), (name, row)
    assert found.keys() == {f"value{at:03}.yaml" for at in range(len(VALUES))}
    for name, value in zip(sorted(found), VALUES, strict=True):
        status = found[name]["status"]
        assert status == "unreadable" if value.outcome == "refused" else status == "marked" or value.threat == "T3"


def test_grade_and_verify_say_the_same(marked: Marked) -> None:
    reports = [*feedback(marked.folder / "out-texts", "json").values()]
    assert all((marked.folder / "one" / f"json{at:03}").read_text() == reports[at] for at in ALONE)
    for out in ("out", "out-texts"):
        found = rows(marked.folder / out)
        for name, text in feedback(marked.folder / out, "json").items():
            report = json.loads(text)
            row = found.get(f"{name.removesuffix('.json')}.yaml")  # of names that were changed there is a part only
            assert row is None or (row["score"], row["student"]) == (report["score"], report["student"])


@pytest.mark.parametrize("ending", READERS)
def test_every_format_is_read_back_whatever_was_typed(ending: str, marked: Marked) -> None:
    found = feedback(marked.folder / "out-texts", ending)
    assert len(found) == len(TEXTUAL)
    for name, text in found.items():
        shown = text if ending not in ("json", "jsonl", "gradescope.json") else text.encode().decode("ascii")
        assert harmless(shown.replace(TIMES, "") if ending == "html" else shown), name
        assert READERS[ending](text), name


def test_names_and_answers_are_shown_as_they_are_as_far_as_they_may_be(marked: Marked) -> None:
    texts = feedback(marked.folder / "out-texts", "txt")
    reports = feedback(marked.folder / "out-texts", "json")
    for (name, text), report, value in zip(texts.items(), reports.values(), TEXTUAL, strict=True):
        assert json.loads(report)["student"].strip() == value.said.strip(), name
        shown = "".join(safe_text(value.said).split())
        assert shown in "".join(text.split()), (name, shown)


def test_annotations_results_and_tables_of_platforms_are_read_back(marked: Marked) -> None:
    for at, (code, out, err) in zip(ALONE, marked.seen.ended[2:-3], strict=True):
        assert code == 0, err
        assert err == ""
        assert harmless(out)
        notes = readers.annotations(out)
        assert [note.level for note in notes].count("notice") == 1
        assert all(harmless(note.message.replace("\r", "\\r")) for note in notes)
        readers.classroom50((marked.folder / "one" / f"classroom50{at:03}").read_text(encoding="utf-8"))
        table = (marked.folder / "one" / f"table{at:03}").read_text(encoding="utf-8")
        assert COLOR.search(table)
        assert harmless(COLOR.sub("", table))
    summary = (marked.folder / "one" / "summary.md").read_text(encoding="utf-8")
    assert harmless(summary)
    readers.markdown(summary)


def test_a_line_of_a_log_is_no_command_of_a_student(marked: Marked) -> None:
    for _, out, err in marked.seen.ended:
        assert harmless(out + err)
        if not out.startswith("::"):  # annotations, which are ours
            assert not re.search(r"^\s*::|##\w*\[", out, re.MULTILINE), out
        assert not re.search(r"^\s*::|##\w*\[", err, re.MULTILINE), err
    for ending in ("txt", "md", "xml", "csv"):
        for text in feedback(marked.folder / "out-texts", ending).values():
            assert not re.search(r"^\s*::|##\w*\[", text, re.MULTILINE), text


def test_results_of_the_class_are_read_back(marked: Marked) -> None:
    for out in ("out", "out-texts"):
        text = (marked.folder / out / "results.csv").read_text(encoding="utf-8")
        assert harmless(text)
        table = readers.spreadsheet(text)
        assert len(table) == 1 + len(rows(marked.folder / out))
        assert [row for row in csv.reader(text.splitlines(), strict=True)] == table
        for line in (marked.folder / out / "journal.jsonl").read_text(encoding="ascii").splitlines():
            readers.strict_json(line)
        statistics = readers.strict_json((marked.folder / out / "statistics.json").read_text(encoding="utf-8"))
        assert statistics["submissions"] == len(table) - 1


def test_files_of_feedback_have_names_that_mean_nothing(marked: Marked) -> None:
    for out in ("out", "out-texts"):
        names = os.listdir(marked.folder / out / "feedback")
        assert len({unicodedata.normalize("NFC", name).lower() for name in names}) == len(names)
        for name in names:
            assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", name)
    assert len(os.listdir(marked.folder / "out" / "feedback")) == len(rows(marked.folder / "out"))


def test_nobody_is_shown_what_the_sheet_does_not_show(marked: Marked) -> None:
    """The run over all files showed the marks and no more."""
    for text in [*feedback(marked.folder / "out", "json").values(), marked.seen.ended[0][1], marked.seen.ended[0][2]]:
        assert not any(secret in text for secret in SECRETS)
    assert any(SECRETS[0] in text for text in feedback(marked.folder / "out-texts", "json").values())


def test_nothing_is_executed_and_nothing_but_the_inputs_is_opened(marked: Marked) -> None:
    folder, events = marked.folder, marked.seen.events
    opened = {os.path.abspath(ROOT / what) for name, what in events if name == "open" and not what.isdecimal()}
    assert str(folder / "all" / "value001.yaml") in opened  # it sees what the workers do
    for trap, reason in marked.traps.items():
        assert "link" not in reason or str(folder / "all" / trap) not in opened
    places = tuple(os.path.realpath(place) for place in (folder, *OWN))
    assert {path for path in opened if not os.path.realpath(path).startswith(places)} <= {os.devnull}
    assert not [
        path for path in opened if path.startswith((str(folder / "all" / "loop"), str(folder / "all" / "away")))
    ]
    assert str(folder / "outside.yaml") not in opened

    def mine(what: str) -> bool:  # files of results, those that are open already, records in the pipes of workers
        return what.startswith((str(folder / "out"), str(folder / "one"), "hwcheck.")) or what.isdecimal()

    others = {(name, what) for name, what in events if name != "open" and not mine(what)}
    compiled = {what for name, what in others if name == "compile"}
    code = [value.plain for value in VALUES if value.threat == "T1"]
    assert not [what for what in compiled if what.strip() in code]
    # by NumPy, as it is loaded; counters in the pipes of workers
    allowed = {("ctypes.dlopen", "None"), ("pickle.find_class", "collections")}
    assert {each for each in others if each[0] != "compile"} <= allowed
    assert [code for code, _, _ in marked.seen.ended[-3:]] == [2, 2, 2]
    assert not list(Path.cwd().glob("hacked*"))


def test_memory_stays_small_whatever_is_read(marked: Marked) -> None:
    assert marked.seen.memory < 300_000, "kB"


def test_no_word_of_an_error_is_python_s_own(marked: Marked) -> None:
    texts = [text for _, out, err in marked.seen.ended for text in (out, err)]
    texts += [row["reason"] for out in ("out", "out-texts") for row in rows(marked.folder / out).values()]
    for text in texts:
        assert not re.search(r"Traceback|Error:|<class '|object at 0x|bug of hwcheck", text), text
