"""Options, words and tracks in every format: shown where they belong, and harmless whatever is in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hwcheck import solve, verify
from hwcheck.authoring.template import template
from hwcheck.marking import Report
from hwcheck.render.data import report_json, solution_json
from hwcheck.render.htmlreport import report_html
from hwcheck.render.htmlsolution import solution_html
from hwcheck.render.latexreport import report_latex
from hwcheck.render.latexsolution import solution_latex
from hwcheck.render.markdown import solution_markdown
from hwcheck.render.markdownreport import report_markdown
from hwcheck.render.report import report_text
from hwcheck.render.solution import solution_text
from hwcheck.sheet import Sheet
from hwcheck.sheet.options import Option
from hwcheck.text import safe_text
from tests.marking.students import answers_of, sheet_of
from tests.render.test_html import check
from tests.render.test_markdown import check_tables

Compare = Callable[[str, str], None]
TEXT = """
hwcheck: 1
title: Ideas
problems:
  "15":
    title: Short questions
    questions:
      "1":
        text: In which order would you tune these? Put first what matters most.
        order: [Adam parameters, hidden layers, hidden nodes, learning rate, decay, mini-batch size, momentum]
        key: [learning rate, [momentum, hidden nodes, mini-batch size], [hidden layers, decay], Adam parameters]
        points: 3
      "2": {text: Where does softmax stand?, choose: [in every layer, only in the output layer], key: b, points: 2}
      "8":
        text: What helps against overfitting?
        choose: [more data, more layers, L2 regularisation, dropout]
        key: [more data, L2 regularisation, dropout]
        points: 3
      "9":
        text: What are these?
        match: {left: [training set, validation set, test set], right: [chooses, judges, fits]}
        key: {training set: c, validation set: a, test set: b}
        points: {undergraduate: 3, graduate: 2}
      "13":
        write: What does momentum do?
        rubric: [it averages gradients, it damps oscillation]
        points: {graduate: 4}
        bonus: {undergraduate: 2}
"""
ANSWERS = """
sheet: ideas
student: s1234567
track: undergraduate
answers:
  "15":
    "1": momentum < learning rate < mini-batch size = hidden nodes < decay < Adams parameters
    "2": B
    "8": [more data, more layers, dropout]
    "9":
      training set: fits
      validation set: judges
    "13": it goes on rolling
"""
SHEET = sheet_of(TEXT)
REPORTS = {
    "plain": lambda report: report_text(report, 100),
    "markdown": report_markdown,
    "html": report_html,
    "latex": report_latex,
    "json": report_json,
}
SOLUTIONS = {
    "plain": lambda solution: solution_text(solution, 100),
    "markdown": solution_markdown,
    "html": solution_html,
    "latex": solution_latex,
    "json": solution_json,
}
HOSTILE = [
    "<script>x</script>",
    "\x1b[31m",
    "\u202eabc",
    "`|`",
    "$x$ \\input{y}",
    "]](http://z)",
    "a | b",
    "é" * 90,
    "@all",
]


def marked(sheet: Sheet) -> Report:
    return verify(sheet, answers_of(ANSWERS))


@pytest.mark.parametrize("cells", [48, 100])
def test_a_report_on_options(golden: Compare, cells: int) -> None:
    golden(f"report-options-{cells}", report_text(marked(SHEET), cells))


def test_a_solution_with_options(golden: Compare) -> None:
    golden("solution-options-100", solution_text(solve(SHEET), 100))


def test_a_template_with_options(golden: Compare) -> None:
    golden("template-options", template(SHEET))


@pytest.mark.parametrize("name", REPORTS)
def test_every_format_shows_what_was_chosen_what_is_right_and_who_reads_words(name: str) -> None:
    text = REPORTS[name](marked(SHEET))
    text = text.replace("\\allowbreak{}", "").replace("\\textgreater{}", ">").replace("&gt;", ">")
    for shown in ("more layers", "L2 regularisation", "training set -> c) fits", "it averages gradients"):
        assert shown in text, shown
    if name != "json":
        assert "2 bonus points to be given by a person" in text
        assert "s1234567 (undergraduate)" in text


@pytest.mark.parametrize("name", SOLUTIONS)
def test_every_format_of_a_solution_shows_the_key_and_the_rubric(name: str) -> None:
    text = SOLUTIONS[name](solve(SHEET))
    for shown in ("only in the output layer", "more layers", "fits", "it averages gradients"):
        assert shown in text, shown
    if name != "json":
        assert "3 points (undergraduate), 2 points (graduate)" in text


@pytest.mark.parametrize("typed", HOSTILE)
def test_the_text_of_an_option_is_text_and_nothing_else(typed: str) -> None:
    """Options, letters, rubrics and tracks come from a sheet, and the same goes for what a student makes of them."""
    problem = SHEET.problems["15"]
    questions = dict(problem.questions)
    for id, question in questions.items():
        if question.choices is not None:
            options = (Option(typed, typed), *question.choices.options[1:])
            others = tuple(option._replace(text=typed) for option in question.choices.others)
            choices = question.choices._replace(options=options, others=others)
            questions[id] = question._replace(choices=choices, text=typed)
    questions["13"] = questions["13"]._replace(rubric=(typed,))
    sheet = SHEET._replace(problems={"15": problem._replace(questions=questions)})
    report, solution = marked(sheet), solve(sheet)
    for text in (report_text(report, 60), solution_text(solution, 60), template(sheet)):
        assert all(char.isprintable() or char == "\n" for char in text)
        assert "\u202e" not in text
    for page in (report_html(report), solution_html(solution)):
        root = check(page)
        assert not list(root.iter("script"))
        assert safe_text(typed) in "".join(root.itertext())
    for markdown in (report_markdown(report), solution_markdown(solution)):
        check_tables(markdown)
        outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown)
        assert not any(wrong in outside for wrong in ("<script>", "\x1b", "\u202e", "](", "@all"))
    for latex in (report_latex(report), solution_latex(solution)):
        assert "\\input" not in latex
        assert "$x$" not in latex
        assert all(char.isprintable() or char == "\n" for char in latex)
    for data in (report_json(report), solution_json(solution)):
        assert data.isascii()
        json.loads(data)
    assert not verify(sheet, answers_of(template(sheet) + "track: graduate\n")).score


def test_what_is_shown_does_not_depend_on_where_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(report_json(marked(SHEET)), encoding="utf-8")
    read = json.loads(file.read_text(encoding="utf-8"))
    by_question = {each["question"]: each for each in read["findings"]}
    lines = by_question["8"]["lines"]
    assert [(each["text"], each["verdict"]) for each in lines] == [
        ("a) more data", "correct"), ("b) more layers", "wrong"), ("d) dropout", "correct")
    ]  # fmt: skip
    assert by_question["13"]["bonus"] is True
    assert "bonus" not in by_question["8"]
    assert (read["track"], read["max_score"]) == ("undergraduate", 11)
