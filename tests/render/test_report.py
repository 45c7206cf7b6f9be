"""Laws of a printed report: it keeps the width, shows every answer, names what is wrong, and its JSON is exact."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hwcheck.marking.report import REMARKS, Finding, Reading, Recognised, Report
from hwcheck.render import report_json, report_markdown, report_table, report_text
from hwcheck.render.cells import cells_of, is_decimal, together
from hwcheck.render.markdown import code
from hwcheck.text import width
from tests.render.sheets import ANSWERS, report
from tests.render.test_solution import WIDTHS, broken, check_tables, refuse

NAMES = [*ANSWERS, "sheet5", "exercise3", "two-two-two"]


@pytest.mark.parametrize("cells", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_wider_than_the_page(name: str, cells: int) -> None:
    text = report_text(report(name), cells)
    assert not [line for line in text.split("\n") if broken(line, cells)]
    assert not [line for line in text.split("\n") if line != line.rstrip()]


@pytest.mark.parametrize("cells", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_every_answer_and_what_was_computed_for_it_is_there_unbroken(name: str, cells: int) -> None:
    words = set(report_text(report(name), cells).split())
    for finding in report(name).findings:
        if finding.verdict not in ("blank", "unreadable"):
            for cell in cells_of(finding, 4):
                shown = {cell.yours, cell.computed, cell.carried} - {""}
                assert {text for text in shown if " " not in text} <= words, finding.quantity


@pytest.mark.parametrize("name", NAMES)
def test_the_score_and_every_verdict_are_said(name: str) -> None:
    found = report(name)
    text = report_text(found, 200)
    assert f"{round(found.score, 2):g} of {round(found.max_score, 2):g} point" in text
    for finding in found.findings:
        if finding.verdict == "wrong":
            wrong = next(cell for cell in cells_of(finding, 4) if cell.verdict == "wrong")
            place = f"[{','.join(map(str, wrong.place))}]" if wrong.place else ""
            assert not place or f"first entry to look at: {finding.quantity}{place}" in text
    assert text.count("✗ wrong") == sum(finding.verdict == "wrong" for finding in found.findings)


@pytest.mark.parametrize("name", NAMES)
def test_plain_text_has_no_escape_codes_and_colour_changes_nothing_else(name: str) -> None:
    text = report_text(report(name), 90)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert report_table(report(name), 90, False) == text
    assert re.sub(r"\x1b\[[0-9;]*m", "", report_table(report(name), 90, True)) == text


@pytest.mark.parametrize("name", [name for name in NAMES if name != "odd"])
def test_a_console_without_the_signs_of_mathematics_gets_ascii(name: str) -> None:
    assert report_text(report(name), 80, ascii=True).isascii()


@pytest.mark.parametrize("name", NAMES)
def test_json_is_strict_and_says_the_same(name: str) -> None:
    found = report(name)
    read = json.loads(report_json(found), parse_constant=refuse)
    assert read["schema"] == "hwcheck/report/v1"
    assert (read["score"], read["max_score"]) == (found.score, found.max_score)
    for finding, record in zip(found.findings, read["findings"], strict=True):
        same = (
            "problem",
            "question",
            "quantity",
            "verdict",
            "answer",
            "read_as",
            "marks",
            "max_marks",
            "line",
            "column",
        )
        assert all(record[key] == getattr(finding, key) for key in same)
        assert record["cells"] == finding.cells
        if "note" not in record:
            assert record["reference"] == finding.reference
    assert len(read["diagnostics"]) == len(found.diagnostics)


@pytest.mark.parametrize("name", NAMES)
def test_markdown_tables_have_equal_columns_and_hold_no_markup_of_students(name: str) -> None:
    text = report_markdown(report(name))
    check_tables(text)
    for finding in report(name).findings:
        if finding.verdict != "blank":
            assert finding.quantity.replace("|", "\\|") in text
            assert not finding.answer or code(finding.answer) in text or "\n" in finding.answer


@pytest.mark.parametrize("write", [lambda report: report_text(report, 90), report_markdown])
def test_what_is_blank_is_not_worked_out_for_the_student(write: Callable[[Report], str]) -> None:
    blank = BLANK._replace(reference=0.123456)
    other = BLANK._replace(quantity="z", verdict="correct", reference=5.0, values="5", answer="5", cells="correct")
    for findings in ((blank,), (blank, other)):
        text = write(Report("s", "S", "0", "me", 0, 1, findings, ()))
        assert "0.123" not in text
        assert "othing written" in text


BLANK = Finding("1", "a", "x", "blank", "", "", None, 1.0, None, None, "blank", (), 0.0, 1.0, None, "f", 1, 1)
HOSTILE = [
    "`",
    "``",
    "|",
    "a`|`b",
    "<script>",
    "\x1b[31m",
    "\u202e",
    "# head",
    "@everyone",
    "[x](http://y)",
    "\n\n- a",
    "é" * 50,
]


@pytest.mark.parametrize("cells", [20, 40, 80, 200])
@pytest.mark.parametrize("typed", HOSTILE)
def test_what_a_student_typed_cannot_break_out(typed: str, cells: int) -> None:
    finding = BLANK._replace(
        question=typed,
        quantity=typed,
        verdict="unreadable",
        answer=typed,
        cells="unreadable",
        remarks=(typed,),
        when={typed: typed},
        about=typed,
    )
    hostile = Report(typed, typed, typed, typed, 0, 1, (finding,), ())
    text = report_text(hostile, cells)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert "\u202e" not in text
    markdown = report_markdown(hostile)
    check_tables(markdown)
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown)
    for wrong in ("<script>", "\x1b", "\u202e", "@everyone", "](", "\n- a"):
        assert wrong not in outside
    assert json.loads(report_json(hostile))["student"] == typed


def test_numbers_set_below_each_other_have_their_points_below_each_other() -> None:
    texts = together(["0.3", "−12.25", "1/2 + 1", "7"])
    assert len({width(text) for text in texts}) == 1
    assert texts[0].index(".") == texts[1].index(".")
    assert not is_decimal("1/2 + 1")


def test_a_large_answer_lists_what_is_wrong_only() -> None:
    values = [[str(row * 10 + column) for column in range(10)] for row in range(10)]
    right = [[float(text) for text in row] for row in values]
    cells = [["correct"] * 10 for _ in range(10)]
    right[3][4], cells[3][4] = -1.5, "wrong"
    finding = BLANK._replace(quantity="W", verdict="wrong", values=values, reference=right, cells=cells)
    text = report_text(Report("s", "S", "0", "me", 0, 1, (finding,), ()), 80)
    assert "100 entries" in text
    assert "yours [4,5]" in text
    assert "−1.5" in text
    assert "yours [1,1]" not in text


def test_what_is_carried_is_shown_beside_what_is_right() -> None:
    finding = BLANK._replace(
        quantity="z",
        verdict="carried",
        answer="[2.0, 3]",
        values=["2.0", "3"],
        reference=[1.0, 3.0],
        carried=[2.0, 3.0],
        cells=["carried", "correct"],
        remarks=("truncated",),
        marks=1.0,
    )
    text = report_text(Report("s", "S", "0", "me", 1, 1, (finding,), ()), 80)
    assert re.search(r"yours +2\.0 +3", text)
    assert re.search(r"computed +1 +3", text)
    assert re.search(r"carried +2\b", text)
    assert "follows from your own earlier numbers" in text
    assert "cut off, not rounded" in text


WRONG = BLANK._replace(
    quantity="W", verdict="wrong", answer="[5, 6, 7]", values=["5", "6", "7"], reference=[1.0, 2.0, 3.0],
    cells=["wrong", "wrong", "wrong"],
)  # fmt: skip
SIGN = Recognised("SIGN", "looks like", "This looks like a lost sign. Which way does it go?", ((1,),))
HALF = Recognised("HALF", "is", "This is a lost half.", ((2,), (3,)), ("TWICE",))


def said(text: str) -> str:
    """Give a text on one line."""
    return " ".join(text.split())


def plainly(markdown: str) -> str:
    """Give escaped brackets as they are read."""
    return markdown.replace("&#91;", "[").replace("&#93;", "]")


@pytest.mark.parametrize("cells", [24, 40, 60])  # on wider pages the words stand beside the numbers
def test_every_slip_is_told_with_its_entries_and_its_codes(cells: int) -> None:
    finding = WRONG._replace(slips=(SIGN, HALF))
    found = Report("s", "S", "0", "me", 0, 1, (finding,), ())
    text, markdown = said(report_text(found, cells)), said(report_markdown(found))
    assert "[1]: This looks like a lost sign. Which way does it go? SIGN" in text
    assert "[2], [3]: This is a lost half. HALF or TWICE" in text
    assert "&#91;1&#93;: This looks like a lost sign. Which way does it go? `SIGN`" in markdown
    assert "&#91;2&#93;, &#91;3&#93;: This is a lost half. `HALF or TWICE`" in markdown


def test_a_slip_that_explains_everything_needs_no_entries() -> None:
    every, many = (SIGN._replace(cells=tuple((at,) for at in range(*ends))) for ends in ((1, 4), (2, 30)))
    for slip, told in ((every, False), (SIGN, False), (many, True)):
        text = report_text(Report("s", "S", "0", "", 0, 1, (WRONG._replace(slips=(slip,)),), ()), 200)
        assert ("]: This looks" in text or "more: This looks" in text) == told
    assert "[7] and 22 more: This" in text


def test_a_slip_that_takes_no_marks_is_told_of_a_right_value() -> None:
    right = WRONG._replace(verdict="correct", cells=["correct"] * 3, slips=(SIGN,))
    text = report_text(Report("s", "S", "0", "", 1, 1, (right,), ()), 60)
    assert "[1]: This looks like a lost sign." in said(text)
    assert "Look first" not in text


@pytest.mark.parametrize("write", [lambda report: report_text(report, 120), report_markdown])
def test_the_headline_is_the_first_place_on_the_sheet_that_is_wrong(write: Callable[[Report], str]) -> None:
    def printed(*findings: Finding) -> str:
        return plainly(write(Report("s", "S", "0", "", 0, 1, findings, ())))

    carried = WRONG._replace(quantity="a", verdict="carried", cells=["carried"] * 3)
    later = WRONG._replace(quantity="Z", question="b", slips=(HALF._replace(cells=((1,),)),))
    first = WRONG._replace(cells=["correct", "wrong", "wrong"], slips=(SIGN, HALF))
    unread = WRONG._replace(verdict="unreadable", cells=["unreadable"] * 3, values=None)
    head, _, rest = printed(carried, first, later).partition("Problem 1")
    assert "Look first at W[2] (question a). This is a lost half." in said(head)
    assert "SIGN" not in head
    assert "Look first" not in rest
    text = said(printed(carried, later._replace(problem="2")))
    assert "Look first at Z[1] (problem 2, question b). This is a lost half." in text
    assert "Look first at W (question a): it could not be read." in printed(unread)
    assert "Look first" not in printed(carried)


@pytest.mark.parametrize("write", [lambda report: report_text(report, 120), report_markdown])
def test_the_score_without_follow_through_is_told_where_it_differs(write: Callable[[Report], str]) -> None:
    report = Report("s", "S", "0", "", 18.75, 20, (WRONG,), (), 12.5)
    assert "18.75 of 20 points · without follow-through 12.5 ·" in write(report)
    for same in (18.75, 18.7500001, None):
        assert "without follow-through" not in write(report._replace(without=same))


@pytest.mark.parametrize("write", [lambda report: report_text(report, 120), report_markdown])
def test_a_reading_is_told_once_at_the_top_of_its_problem(write: Callable[[Report], str]) -> None:
    reading = Reading("2", "mse", "half", "All of it was read with a half.")
    other = WRONG._replace(problem="2")
    text = write(Report("s", "S", "0", "", 0, 1, (WRONG, other), (), None, (reading,)))
    assert text.count(reading.message) == 1
    before, _, after = text.partition(reading.message)
    assert "Problem 2" in before
    assert before.count("W") < text.count("W")
    assert after.split("\n")[0].strip(" `") == "mse: half"


@pytest.mark.parametrize("write", [lambda report: report_text(report, 120), report_markdown])
def test_what_a_person_reads_is_no_lost_point(write: Callable[[Report], str]) -> None:
    manual = BLANK._replace(verdict="manual", cells="manual", max_marks=4.0, answer="because", reference=None)
    text = write(Report("s", "S", "0", "", 0.0, 0.0, (manual,), ()))
    assert "0 of" not in text
    assert "4 points to be given by a person" in text
    both = write(Report("s", "S", "0", "", 0.0, 1.0, (manual, WRONG), ()))
    assert "0 of 1 point · 4 points to be given by a person" in both
    assert "0 of 5" not in both
    nothing = WRONG._replace(max_marks=0.0)
    assert "0 of" not in write(Report("s", "S", "0", "", 0.0, 0.0, (nothing,), ()))


@pytest.mark.parametrize("remark", ["trivial", "short"])
def test_what_is_undecided_promises_no_points(remark: str) -> None:
    finding = WRONG._replace(verdict="undecided", cells=["undecided"] * 3, remarks=(remark,))
    text = said(report_text(Report("s", "S", "0", "", 0, 1, (finding,), ()), 40))
    assert "what is written cannot show whether this is right · 0 of 1 point" in text
    assert REMARKS[remark] in text


def test_json_has_slips_readings_and_the_score_without_follow_through() -> None:
    reading = Reading("1", "mse", "half", "Read so.")
    found = Report("s", "S", "0", "", 0, 1, (WRONG._replace(slips=(HALF,)),), (), 0.5, (reading,), "hint")
    read = json.loads(report_json(found))
    assert (read["without_follow_through"], read["feedback"]) == (0.5, "hint")
    assert read["readings"] == [{"problem": "1", "convention": "mse", "value": "half", "message": "Read so."}]
    assert read["findings"][0]["slips"] == [
        {"code": "HALF", "certainty": "is", "message": "This is a lost half.", "cells": [[2], [3]], "also": ["TWICE"]}
    ]


@pytest.mark.parametrize("cells", [100, 48])
def test_a_report_looks_like_this(golden: Callable[[str, str], None], cells: int) -> None:
    text = report_text(report("sheet5"), cells)
    golden(f"report-sheet5-{cells}", re.sub(r"(sheet sheet5 · )\w+", r"\1...", text))


def test_a_report_in_markdown_looks_like_this(golden: Callable[[str, str], None]) -> None:
    text = report_markdown(report("exercise3"))
    golden("report-exercise3-markdown", re.sub(r"`\w{12}`\n$", "`...`\n", text))


def test_a_report_names_its_sheet_by_hash() -> None:
    found = report("sheet5")
    assert found.sheet_hash[:12] in report_text(found, 80)
    assert found.sheet_hash in report_json(found)
    assert Path(found.sheet).name == found.sheet
