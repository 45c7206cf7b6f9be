"""No level of feedback tells what it keeps to itself: no format can, as the record itself no longer knows."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

import pytest

from hwcheck.marking import Report
from hwcheck.marking.feedback import lower, shown
from hwcheck.marking.report import Finding, Reading, Recognised
from hwcheck.render import (
    report_csv,
    report_github,
    report_gradescope,
    report_html,
    report_json,
    report_jsonl,
    report_junit,
    report_latex,
    report_markdown,
    report_table,
    report_text,
)
from hwcheck.render.cells import walked
from hwcheck.sheet.kinds import FEEDBACK
from tests.marking.students import HABITS, deep_net, laid, marked, small_net, work, worked_table
from tests.render.test_solution import broken, check_tables

FEATURES = r'<property [^>]*>|" time="0"|(?:tests|failures|skipped)="\d+"| f:\d+:\d+'  # numbers of JUnit
ESCAPED = r"\\u[0-9a-f]{4}"  # a letter in JSON
PHANTOM = r"\\phantom\{[0.]*\}"  # room as wide as some digits
FORMATS: dict[str, Callable[[Report], str]] = {
    "plain": lambda report: report_text(report, 90),
    "narrow": lambda report: report_text(report, 40),
    "table": lambda report: report_table(report, 120, True),
    "json": report_json,
    "markdown": report_markdown,
    "html": lambda report: report_html(report).partition("</head>")[2],
    "junit": lambda report: re.sub(FEATURES, "", report_junit(report)),
    "github": report_github,
    "gradescope": lambda report: re.sub(ESCAPED, " ", report_gradescope(report)),
    "csv": report_csv,
    "jsonl": report_jsonl,
    "latex": lambda report: re.sub(PHANTOM, "", report_latex(report).partition("\\begin{document}")[2]),
}
BELOW_FULL = FEEDBACK[:-1]
#: Numbers of a report that are no values.
PLACES_AND_POINTS = r'"(?:(?:max_)?marks|(?:end_)?column|line)": [\d.e-]+|[\d.]+ of [\d.]+ points?|HW\d+'
WRONG = ("", "?", "1e999", "[1, 2, 3]", "[[0.1], [0.2]]", "0.5 +", "-0.123456", "[[1, 2], [3]]", "{a: 1}")


FIRST = random.SystemRandom().randrange(10**6) if "HWCHECK_FUZZ" in os.environ else 0
STUDENTS = range(FIRST, FIRST + 10)


@pytest.fixture(scope="module", params=STUDENTS)
def student(request: pytest.FixtureRequest) -> int:
    """Give students in turn, all tests of one before the next: what is marked and shown is kept."""
    return int(request.param)


@cache
def marked_work(student: int) -> tuple[Report, str]:
    """Mark a student who makes mistakes of all kinds; give the report, with a slip named, and what was typed."""
    chance = random.Random(student)
    sheet = [small_net, deep_net][student % 2](chance)
    page = work(sheet, chance.choice(HABITS), chance.randint(2, 6), chance)
    table = worked_table(sheet)
    answers: dict[str, str] = {}
    for name, entries in page.items():
        kind = chance.random()
        if kind < 0.1:
            continue  # blank
        if kind < 0.3:
            at = chance.randrange(len(entries))
            entries[at] = f"{float(entries[at]) * chance.choice([-1, 2, 10]) + chance.choice([0, 0.1]):.4g}"
        shape = tuple(int(size) for size in table.shape(name))
        answers[name] = laid(entries, shape) if kind > 0.05 else chance.choice(WRONG)
    answers["dJ/dY9"] = "1.5"  # no quantity of the sheet: a diagnostic
    report = marked(sheet, {"all": answers})
    reading = Reading("1", "mse", "half", "Read by the half.")
    findings = tuple(slipped(finding) for finding in report.findings)
    whole = report._replace(findings=findings, readings=(reading,))
    # points and the sheet's hash have digits too, which are no values
    return whole._replace(sheet_hash="", score=0.0, max_score=0.0, without=0.0), " ".join(answers.values())


@cache
def texts(student: int, level: str) -> dict[str, str]:
    """Give the report of a student at a level in every format."""
    report = shown(marked_work(student)[0], level)
    return {name: form(report) for name, form in FORMATS.items()}


def slipped(finding: Finding) -> Finding:
    """Give a finding in which a slip is named, if something is wrong with it."""
    places = tuple(tuple(at + 1 for at in place) for place, verdict in walked(finding.cells) if verdict == "wrong")
    named = Recognised("SIGN_SLIP", "looks like", "This looks like a lost sign.", places)
    return finding._replace(slips=(named,)) if places else finding


def numbers(nested: object) -> Iterator[float]:
    for _, leaf in walked(nested):
        if isinstance(leaf, (int, float)):
            yield float(leaf)


def digits_of(text: str) -> str:
    """Give the digits of a number that say something: without sign, point, power of ten, zeros at either end."""
    return re.split("[eE]", text)[0].replace(".", "").lstrip("-−0").rstrip("0")


def written(text: str) -> set[str]:
    return {digits_of(number) for number in re.findall(r"\d*\.?\d+(?:[eE][-+]?\d+)?", text)}


def other(nested: object, chance: random.Random) -> object:
    """Give the same lists with other numbers."""
    if isinstance(nested, list):
        return [other(part, chance) for part in nested]
    return chance.uniform(-9, 9) if isinstance(nested, (int, float)) else nested


@pytest.mark.parametrize("level", BELOW_FULL)
def test_what_is_shown_below_full_does_not_depend_on_the_key(student: int, level: str) -> None:
    report, _ = marked_work(student)
    chance = random.Random(student)
    findings = [
        finding._replace(
            reference=other(finding.reference, chance),
            carried=other(finding.carried, chance),
            tolerance=other(finding.tolerance, chance),
        )
        for finding in report.findings
    ]
    changed = report._replace(findings=tuple(findings))
    for name, form in FORMATS.items():
        assert texts(student, level)[name] == form(shown(changed, level)), name
    assert report_json(report) != report_json(changed)


def test_no_digits_of_the_key_are_shown_below_full(student: int) -> None:
    report, typed = marked_work(student)
    own = written(typed) | {digits_of(repr(float(at))) for at in re.findall(r"\d*\.?\d+(?:[eE][-+]?\d+)?", typed)}
    key: set[str] = set()
    for finding in report.findings:
        for value in (*numbers(finding.reference), *numbers(finding.carried)):
            key.update(digits_of(f"{value:.{places}e}") for places in range(2, 16))
    secret = {each for each in key - own if len(each) > 2}
    assert secret
    for level in BELOW_FULL:
        for name, text in texts(student, level).items():
            told = written(re.sub(PLACES_AND_POINTS, "", text)) & secret
            assert not told, (level, name)
    assert written(texts(student, FEEDBACK[-1])["plain"]) & secret


def test_each_level_shows_no_more_than_the_next(student: int) -> None:
    for less, more in pairwise(FEEDBACK):
        few, many = (json.loads(texts(student, level)["json"]) for level in (less, more))
        assert (few.pop("feedback"), many.pop("feedback")) == (less, more)
        for part in (few, *few["findings"]):
            whole = many if part is few else many["findings"][few["findings"].index(part)]
            assert part.keys() <= whole.keys()
            for key, value in part.items():
                assert key == "findings" or value in (whole[key], None, []), (less, key)
        assert few != many
        for name in FORMATS:
            runs = [set(re.findall(r"\d+", texts(student, level)[name])) for level in (less, more)]
            assert name == "table" or runs[0] <= runs[1], (less, name)


@pytest.mark.parametrize("level", FEEDBACK)
def test_every_level_keeps_the_width_and_the_tables(student: int, level: str) -> None:
    report, cells = shown(marked_work(student)[0], level), random.Random(student).randint(20, 130)
    assert not [line for line in report_text(report, cells).split("\n") if broken(line, cells)]
    check_tables(texts(student, level)["markdown"])


@pytest.mark.parametrize(("first", "second"), [(first, second) for first in FEEDBACK for second in FEEDBACK])
def test_a_report_never_shows_more_again(first: str, second: str, student: int) -> None:
    report = marked_work(student)[0]._replace(score=1.5, max_score=2.0, without=0.5)
    twice = shown(shown(report, first), second)
    assert twice == shown(report, lower(first, second))
    assert twice.feedback == lower(first, second)
    assert (twice.score, twice.max_score, twice.without) == (1.5, 2.0, 0.5)
    assert [(each.verdict, each.marks) for each in twice.findings] == [
        (each.verdict, each.marks) for each in report.findings
    ]


def test_what_each_level_adds() -> None:
    finding = Finding(
        "1", "a", "x", "wrong", "[5, 2]", "[5.0, 2.0]", ["5", "2"], [1.0, 2.0], None, [0.1, 0.1], ["wrong", "correct"],
        ("truncated",), 0.5, 1.0, None, "f", 1, 1, "", (Recognised("SIGN", "is", "This is a sign slip.", ((1,),)),),
    )  # fmt: skip
    report = Report("s", "S", "0", "me", 0.5, 1, (finding,), (), None, (Reading("1", "mse", "half", "Read so."),))
    marks = {
        "0.5 of 1 point": "mark", "✗ wrong": "mark", "look at: x[1]": "where", "1 entry to look at": "where",
        "cut off": "where", "This is a sign slip.": "hint", "SIGN": "hint", "mse: half": "hint", "computed": "full",
    }  # fmt: skip
    for level in FEEDBACK:
        text = report_text(shown(report, level), 80)
        assert {said for said in marks if said in text} == {
            said for said, least in marks.items() if lower(least, level) == least
        }
        markdown = report_markdown(shown(report, level))
        assert ("This is a sign slip." in markdown) == (level in ("hint", "full"))
        assert ("Computed" in markdown) == (level == "full")


def test_why_a_value_could_not_be_read_is_told_where_it_is() -> None:
    finding = Finding(
        "1", "a", "x", "unreadable", "?", "", None, [1.0, 2.0], None, None, ["unreadable"] * 2, (), 0.0, 1.0, None, "f",
        1, 1, "a number is wanted here",
    )  # fmt: skip
    report = Report("s", "S", "0", "me", 0.0, 1, (finding,), ())
    for level in FEEDBACK:
        for text in (report_text(shown(report, level), 80), report_markdown(shown(report, level))):
            assert ("a number is wanted" in text) == (level != "mark")
            assert "this could not be read" in text
