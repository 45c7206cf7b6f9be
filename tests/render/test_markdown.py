"""Markdown that GitHub sets as it is meant: maths in forms that it accepts, whole tables, and no student's markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hwcheck.formula.expr import Name
from hwcheck.marking.report import Report
from hwcheck.render import report_markdown, solution_markdown
from hwcheck.render.markdown import LONGEST, maths
from tests.formula.test_show import REFUSED
from tests.render.sheets import report, solution
from tests.render.test_html import HOSTILE, REPORTS, SOLUTIONS, formula_report, hostile
from tests.render.test_report import BLANK
from tests.render.test_solution import check_tables

INLINE = re.compile(r"\$`(.*?)`\$")
BLOCK = re.compile(r"^```math\n(.*?)\n```$", re.DOTALL | re.MULTILINE)


def check(text: str) -> None:
    """Check what holds of all Markdown, whatever was typed."""
    check_tables(text)
    assert "\x1b" not in text
    assert "\u202e" not in text
    for block in BLOCK.findall(text):
        assert block.startswith("\\begin{aligned}\n")
        assert block.endswith("\n\\end{aligned}")
        assert len(block) < 2 * LONGEST
        assert not REFUSED.search(block.replace("\n", " "))
    rest = BLOCK.sub("", text)
    assert "```" not in re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", rest)
    for found in INLINE.finditer(rest):
        assert rest[found.start() - 1] in " \n", "a letter before it would keep GitHub from setting it"
        assert rest[found.end()] in " ,;\n", "so would one behind it"
        assert not REFUSED.search(found[1])


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_maths_of_a_solution_are_set(name: str) -> None:
    text = solution_markdown(solution(name))
    check(text)
    assert BLOCK.search(text)


@pytest.mark.parametrize("name", REPORTS)
def test_the_maths_of_a_report_are_set(name: str) -> None:
    check(report_markdown(report(name)))


def test_a_symbolic_answer_is_set_as_a_formula() -> None:
    text = solution_markdown(solution("symbolic"))
    answers = text.partition("### Answers")[2]
    assert len(INLINE.findall(answers)) >= 3
    assert r"\frac{\partial L}{\partial" in answers


def test_a_derivation_is_shown_line_by_line_as_typed_and_as_read() -> None:
    text = report_markdown(formula_report())
    check(text)
    assert "| 1 | `w1 w3 + w4` | $`w_1 \\cdot w_3 + w_4`$ | ✓ correct |" in text
    assert "| 2 | `= w1 w3` | $`w_1 \\cdot w_3`$ | ✗ wrong: here it breaks |" in text


def test_all_of_what_is_right_is_shown_beside_an_array_that_cannot_be_read() -> None:
    answer = BLANK._replace(verdict="unreadable", cells=["unreadable"] * 2, answer="zz", reference=[0.31, [-0.28]])
    text = report_markdown(Report("s", "S", "0", "", 0, 1, (answer,), ()))
    assert "`[0.31, [-0.28]]`" in text
    assert "`0.31`" in report_markdown(Report("s", "S", "0", "", 0, 1, (answer._replace(reference=[[0.31]]),), ()))


def test_a_long_section_stands_in_several_blocks(tmp_path: Path) -> None:
    lines = "\n".join(f"      z{at} = {' + '.join(f'w x^{power}' for power in range(2, 12))}" for at in range(60))
    (tmp_path / "long.yaml").write_text(
        f"hwcheck: 1\nproblems:\n  a:\n    given: {{w: 1, x: 2}}\n    network: |\n{lines}\n"
        "    questions: {q: {find: [z59]}}\n",
        encoding="utf-8",
    )
    from hwcheck import load_sheet, solve

    text = solution_markdown(solve(load_sheet(str(tmp_path / "long.yaml"))))
    check(text)
    assert len(BLOCK.findall(text)) > 3
    assert all(f"z_{{{at}}} &=" in text for at in range(10, 60))


@pytest.mark.parametrize("typed", [*HOSTILE, "$`x`$", "$$", "|", "\\|", "@everyone", "[x](http://y)", "![x](y)"])
def test_what_a_student_typed_is_text_and_nothing_else(typed: str) -> None:
    text = report_markdown(hostile(typed))
    check_tables(text)
    outside = re.sub(r"\$?(`+)(?!`).*?(?<!`)\1(?!`)\$?", "", text)
    for wrong in ("<script", "<img", "<b>", "<!--", "\x1b", "\u202e", "@everyone", "](", "$"):
        assert wrong not in outside
    assert not REFUSED.search(maths(Name(typed)).removeprefix("$`").removesuffix("`$"))
