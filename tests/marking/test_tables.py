"""Tables of values: truth tables, training steps and lists of givens, in every way that they are written."""

from __future__ import annotations

import json
import random
from itertools import product

import pytest

from hwcheck import solve, verify
from hwcheck.authoring import template
from hwcheck.authoring.lint import lint
from hwcheck.marking import Report
from hwcheck.render.data import report_json, solution_json
from hwcheck.render.htmlreport import report_html
from hwcheck.render.latexreport import report_latex
from hwcheck.render.markdownreport import report_markdown
from hwcheck.render.report import report_text
from hwcheck.sheet import Sheet
from tests.marking.students import answers_of, sheet_of

XOR = """
hwcheck: 1
problems:
  "1":
    given: {x1: bit, x2: bit}
    network: |
      z1 = step(2 x1 - 2 x2 - 1)
      z2 = step(-2 x1 + 2 x2 - 1)
      y = step(z1 + z2 - 1/2)
    questions:
      a: {table: [z1, z2, y], rows: bits, points: 12}
"""
STEPS = """
hwcheck: 1
problems:
  "1":
    given: {w: 2, x: 3, y: 1}
    network: |
      z = w x
      J = (z - y)^2
    train: {loss: J, parameters: [w], learning_rate: 0.01, steps: 3}
    questions:
      a: {table: [w, dJ/dw, {half: J/2}], rows: steps 1..4, points: 12}
"""
GIVENS = """
hwcheck: 1
problems:
  "1":
    given: {w: [2, -1], x: 3}
    network: |
      z = w x
      a = tanh(x/4)
    questions:
      a: {table: [z, a], rows: [{x: 1}, {x: -2.5}], points: 4}
"""
#: The right cells of the table of XOR, row by row.
RIGHT = ["0 0 0", "0 1 1", "1 0 1", "0 0 0"]
WRITTEN = {
    "rows by their bits": '{"0 0": [0, 0, 0], "0 1": [0, 1, 1], "1 0": [1, 0, 1], "1 1": [0, 0, 0]}',
    "rows named together": '{"00": [0, 0, 0], 01: [0, 1, 1], 10: [1, 0, 1], 11: [0, 0, 0]}',
    "rows by givens": "{'x1=1, x2=0': [1, 0, 1], 'x1=0, x2=0': [0, 0, 0], '(0, 1)': [0, 1, 1], '1,1': [0, 0, 0]}",
    "cells by columns": "{'0 0': {z1: 0, y: 0, z2: 0}, '0 1': {z2: 1, z1: 0, y: 1}, '1 0': 1 0 1, '1 1': '0, 0, 0'}",
    "columns": "{z1: [0, 0, 1, 0], z2: 0 1 0 0, y: [0, 1, 1, 0]}",
    "lists": "[[0, 0, 0], [0, 1, 1], [1, 0, 1], [0, 0, 0]]",
    "lists with the bits": "[[0, 0, 0, 0, 0], [1, 0, 1, 0, 1], [0, 1, 0, 1, 1], [1, 1, 0, 0, 0]]",
    "texts": "[0 0 0, 0 1 1, 1 0 1, 0 0 0]",
    "block": "\n        - 0 0 0\n        - 0 1 1\n        - [1, 0, 1]\n        - 0 0 0",
    "blanks": "|\n        0 0  0 0 0\n        0 1  0 1 1\n        1 0  1 0 1\n        1 1  0 0 0",
    "bars": "|\n        0 | 0 | 0\n        0 | 1 | 1\n        1 | 0 | 1\n        0 | 0 | 0",
    "titles": "|\n        | x2 | x1 | y | z1 | z2 |\n        |---|:-:|---|---|---|\n        | 0 | 0 | 0 | 0 | 0 |\n"
    "        | 1 | 0 | 1 | 0 | 1 |\n        | 0 | 1 | 1 | 1 | 0 |\n        | 1 | 1 | 0 | 0 | 0 |",
    "named lines": "|\n        1 1: 0 0 0\n        0 1: 0, 1, 1\n        10: 1 0 1\n        x1 = 0 x2 = 0: 0 0 0",
    "one line": "0 0 0; 0 1 1; 1 0 1; 0 0 0",
    "bits as one": "|\n        00 | 0 | 0 | 0\n        01 | 0 | 1 | 1\n        10 | 1 | 0 | 1\n        11 | 0 | 0 | 0",
}


def page(answer: str) -> str:
    return f"answers:\n  '1':\n    a: {answer}\n"


def judged(sheet: Sheet, answer: str) -> Report:
    return verify(sheet, answers_of(page(answer)))


@pytest.mark.parametrize("answer", WRITTEN.values(), ids=WRITTEN)
def test_a_truth_table_is_read_in_every_way_that_it_is_written(answer: str) -> None:
    report = judged(sheet_of(XOR), answer)
    assert not report.diagnostics
    assert (report.score, report.max_score) == (12, 12)
    cells = [(dict(each.row), each.title, each.quantity) for each in report.findings]
    rows = [dict(zip(("x1", "x2"), bits, strict=True)) for bits in product("01", repeat=2)]
    assert cells == [(row, name, name) for row in rows for name in ("z1", "z2", "y")]
    assert all(each.kind == "cell" and each.when == dict(each.row) for each in report.findings)


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        ("|\n        0 0: 1 1 1\n        0 1: 0 1 1\n        00: 0 0 0\n        1 0: 1 0 1\n"
         "        1 1: 0 0 0", (4, 6)),
        ("\n        '0 0': [1, 1, 1]\n        '1 0': 1 0 1\n        '0 1': 0 1 1\n        '(0, 0)': 0 0 0\n"
         "        '11': 0 0 0", (4, 7)),
        ("'0 0: 1 1 1; 0 1: 0 1 1; 1 0: 1 0 1; 1 1: 0 0 0; 0 0: 0 0 0'", (3, 3)),
    ],
)  # fmt: skip
def test_a_row_that_stands_twice_is_said_with_both_places(answer: str, lines: tuple[int, int]) -> None:
    report = judged(sheet_of(XOR), answer)
    assert report.score == 12  # the second one counts
    (found,) = report.diagnostics
    assert (found.code, found.severity) == ("HW417", "warning")
    assert found.span is not None
    assert found.span.line == lines[1]
    both = f"lines {lines[0]} and {lines[1]}" if lines[0] != lines[1] else f"line {lines[0]}"
    assert found.message == f"the row 0, 0 stands twice, in {both}"


def test_a_blank_row_takes_nothing_away() -> None:
    rows = "\n        ".join(["0 0: 0 0 0", "0 1: 0 1 1", "1 0: 1 0 1", "1 1: 0 0 0", "0 0: ", "0 1: - - -"])
    report = judged(sheet_of(XOR), f"|\n        {rows}")
    assert (report.score, report.diagnostics) == (12, ())


def test_a_cell_follows_from_the_students_own_cells_of_its_row() -> None:
    report = judged(sheet_of(XOR), "[[0, 0, 0], [0, 1, 1], [0, 0, 0], [0, 0, 1]]")
    found = {(each.row[0][1] + each.row[1][1], each.title): each.verdict for each in report.findings}
    assert {cell: verdict for cell, verdict in found.items() if verdict != "correct"} == {
        ("10", "z1"): "wrong",
        ("10", "y"): "carried",
        ("11", "y"): "wrong",
    }
    assert report.score == 10


def test_steps_go_from_the_students_own_weights_to_the_next() -> None:
    report = judged(sheet_of(STEPS), "|\n        2 30 12.5\n        1.9 28.2 11.045\n        2.63 - -\n        - - -")
    found = {each.quantity: each.verdict for each in report.findings if each.verdict != "blank"}
    assert found["w@2"] == "wrong"
    assert (found["dJ/dw@2"], found["half in step 2"]) == ("carried", "carried")
    assert found["w@3"] == "wrong"
    assert [dict(each.row)["step"] for each in report.findings[::3]] == ["1", "2", "3", "4"]
    right = judged(
        sheet_of(STEPS), "{2: [1.7, 24.6, 8.405], step 1: [2, 30, 12.5], new: [1.25228, , ], 3: [1.454, , ]}"
    )
    assert {each.verdict for each in right.findings} == {"correct", "blank"}


def test_steps_have_further_columns_too() -> None:
    sheet = sheet_of(STEPS.replace("[w, dJ/dw, {half: J/2}]", "[J]"))
    report = judged(sheet, "|\n        step | w | J\n        1 | 2 | 25\n        2 | 1.9 | 22.09\n        3 | 1.7 | 4")
    found = {each.quantity: each.verdict for each in report.findings if each.verdict != "blank"}
    assert (found["w"], found["J@2"], found["J@3"]) == ("correct", "carried", "wrong")
    assert found["w@2"] != "correct"


def test_of_many_rows_too_many_a_few_are_named() -> None:
    report = judged(sheet_of(XOR), "|\n" + "\n".join(f"        {at} {at}: 0 0 0" for at in range(2, 500)))
    assert len(report.diagnostics) == 4
    assert "495 more rows" in report.diagnostics[-1].message


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [("a = " * 20_000 + "1", "unreadable"), ("0 0 0; " * 30_000, "correct"), ("1 - " * 50_000, "wrong"),
     ("|1" * 100_000, "wrong"), ("1 (2 3", "unreadable")],
)  # fmt: skip
def test_long_lines_and_open_brackets_are_no_hard_work(answer: str, verdict: str) -> None:
    report = judged(sheet_of(XOR), json.dumps(answer))
    assert verdict in {each.verdict for each in report.findings}
    assert 1 <= len(report.diagnostics) <= 4


def test_a_cell_may_be_an_array() -> None:
    report = judged(sheet_of(GIVENS), "|\n        [2, -1] | 0.2449\n        [-5 2.9] | -0.555")
    assert [each.verdict for each in report.findings] == ["correct", "correct", "wrong", "correct"]
    assert report.findings[2].cells == ["correct", "wrong"]
    assert report.score == 3.5


def test_further_columns_are_working() -> None:
    sheet = sheet_of(XOR.replace("table: [z1, z2, y]", "table: [y]"))
    report = judged(sheet, "|\n        x1 | x2 | z1 | y\n        1 | 0 | 0 | 0\n        0 | 1 | 0 | 1")
    written = [each for each in report.findings if each.verdict != "blank"]
    found = {(dict(each.when or {})["x1"], each.quantity, each.max_marks): each.verdict for each in written}
    assert found["1", "z1", 0.0] == "wrong"
    assert found["1", "y", 3.0] == "carried"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("{'0 2': [0, 0, 0]}", "HW411"),
        ("[[0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0], [1, 0, 0]]", "HW411"),
        ("[[0, 0, 0, 1, 1, 1]]", "HW412"),
        ("[[q, 0, 0]]", "HW413"),
        ("{'0 0': {v: 1}}", "HW411"),
        ("|\n        z1 | z2 | v | y\n        0|0|1|0\n        0|1|1|1\n        1|0|1|1", "HW411"),
    ],
)
def test_what_belongs_to_no_cell_is_said_once(answer: str, code: str) -> None:
    report = judged(sheet_of(XOR), answer)
    assert [each.code for each in report.diagnostics] == [code]


@pytest.mark.parametrize("text", [XOR, STEPS, GIVENS])
def test_the_template_is_blank_and_the_solution_is_right(text: str) -> None:
    sheet = sheet_of(text)
    blank = verify(sheet, answers_of(template(sheet)))
    assert {each.verdict for each in blank.findings} == {"blank"}
    assert not blank.diagnostics
    assert lint(sheet).holds


@pytest.mark.parametrize("number", range(6))
def test_random_threshold_nets_against_brute_force(number: int) -> None:
    draw = random.Random(number)
    bits = draw.randint(1, 4)
    names = [f"x{at}" for at in range(1, bits + 1)]
    weights = [[draw.randint(-4, 4) / 2 for _ in range(bits + 1)] for _ in range(3)]
    last = [draw.randint(-4, 4) / 2 for _ in range(4)]
    lines = [
        f"u{at} = step({' + '.join(f'({w}) {x}' for w, x in zip(row, names, strict=False))} + ({row[-1]}))"
        for at, row in enumerate(weights)
    ]
    out = " + ".join(f"({w}) u{at}" for at, w in enumerate(last[:3]))
    network = "\n      ".join([*lines, f"y = step({out} + ({last[3]}))"])
    given = ", ".join(f"{name}: bit" for name in names)
    text = XOR.replace("x1: bit, x2: bit", given).replace("[z1, z2, y]", "[u0, u1, u2, y]")
    head, _, rest = text.partition("network: |\n")
    sheet = sheet_of(f"{head}network: |\n      {network}\n    questions:{rest.partition('questions:')[2]}")
    (problem,) = solve(sheet).problems
    (question,) = problem.questions
    assert question.table is not None
    for row, (head_of, quantities) in zip(product((0, 1), repeat=bits), question.table.rows, strict=True):
        hidden = [sum(w * x for w, x in zip(w_row, (*row, 1), strict=True)) >= 0 for w_row in weights]
        y = sum(w * u for w, u in zip(last, (*hidden, 1), strict=True)) >= 0
        assert head_of == tuple(map(str, row))
        assert [float(each.value) for each in quantities if each.value is not None] == [*map(float, hidden), float(y)]


def test_every_format_has_the_table_with_its_marks() -> None:
    sheet = sheet_of(XOR)
    report = judged(sheet, "[[0, 0, 0], [0, 1, 1], [0, 0, 0], [0, 0, 1]]")
    text = report_text(report, 80)
    assert "    1   0             0 ✗  0 ✓  0 ✓\n            computed  1         1\n" in text
    assert "y where x1 = 1, x2 = 1: ✗ wrong" in text
    assert "| `1` | `0` |  | `0` ✗ | `0` ✓ | `0` ✓ |" in report_markdown(report)
    assert report_html(report).count("<tr>") >= 7
    assert r"1 & 0 &  & 0 \ensuremath{\times} & 0 \ensuremath{\checkmark}" in report_latex(report)
    cell = json.loads(report_json(report))["findings"][6]
    assert (cell["row"], cell["title"], cell["when"]) == ({"x1": "1", "x2": "0"}, "z1", {"x1": "1", "x2": "0"})
    solved = json.loads(solution_json(solve(sheet)))["problems"][0]
    asked = [(each["name"], each["when"], each["value"]) for each in solved["quantities"] if each["role"] == "asked"]
    assert ("y", {"x1": "1", "x2": "0"}, 1.0) in asked
    assert len(asked) == 12
    assert solved["questions"][0]["asks"] == ["z1", "z2", "y"]


REFUSED = [
    (XOR.replace("x1: bit, x2: bit", "x1: 0, x2: 1"), "HW243", "no givens that are bits"),
    (XOR.replace("x2: bit", "x2: bit, w: scalar").replace("2 x1 -", "w x1 -"), "HW206", "`w` has only a shape"),
    (XOR.replace("rows: bits", "rows: steps 1..2"), "HW243", "no training steps"),
    (STEPS.replace("1..4", "1..5"), "HW313", "the steps are 1 to 3"),
    (STEPS.replace("[w, ", "[w_new, "), "HW313", "names a step"),
    (STEPS.replace("[w, ", "[q, "), "HW103", "`q` is not defined"),
    (GIVENS.replace("{x: -2.5}", "{w: [1, 2]}"), "HW243", "the same givens"),
    (GIVENS.replace("{x: -2.5}", "{x: 1}"), "HW243", "stands twice"),
    (GIVENS.replace("{x: -2.5}", "{x: [1, 2]}"), "HW207", "`x` is a number"),
    (GIVENS.replace("[{x: 1}, {x: -2.5}]", "some"), "HW204", "`steps 1..4`"),
]


@pytest.mark.parametrize(("text", "code", "message"), REFUSED)
def test_rows_that_make_no_table_are_refused(text: str, code: str, message: str, tmp_path: object) -> None:
    from tests.sheet.test_build import errors  # one problem without its heading

    (found,) = errors("\n".join(line[4:] for line in text.split("\n")[4:]), tmp_path)
    assert found.code == code
    assert message in found.message
