"""A blank answers file: it says nothing, it names everything, and filled in with the solution it is all right."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck import load_sheet, solve, verify
from hwcheck.authoring import template
from hwcheck.authoring.template import as_key
from hwcheck.graph.shapes import is_number
from hwcheck.sheet import Sheet
from hwcheck.sheet.load import bundled
from hwcheck.sheet.solution import Quantity, SolvedQuestion
from tests.marking.students import answers_of, deep_net, laid, sheet_of, small_net

OPTIONS = """\
hwcheck: 1
problems:
  "1":
    questions:
      one: {choose: ["sigmoid: from 0 to 1", "a, b", "# c", "'d'"], key: "a, b", text: "Which one? # 1"}
      some: {choose: {p: W x, q: w x, r: "f(x, y)"}, key: [W x, r]}
      order: {order: ["b < c", "x = 1", "(a)", "then", z], key: [z, ["x = 1", "(a)"], then, "b < c"]}
      match: {match: {left: ["no", "# 2", "a: b", LONG], right: ["0 -> 1", "y, z", ":"]},
              key: {"no": a, "# 2": "y, z", "a: b": ":", 4: b}}
      words: {write: Say why., text: "What # is it?"}
""".replace("LONG", json.dumps("long " * 30))
SHEETS = [
    *(load_sheet(name) for name in bundled()),
    small_net(random.Random(1)),
    deep_net(random.Random(2)),
    sheet_of(OPTIONS),
]
IDS = [*bundled(), "3-2-1", "5 layers", "options"]

ODD = """\
hwcheck: 1
title: "Odd # names: all"
problems:
  "a: b":
    title: "x # y: z"
    given: {x: [1, 2], W1: [[1, 2], [3, 4]], y: vector d1, u: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]}
    network: |
      z = W1 x
      J = sum(z^2)
      v = u u.T
      q = sum(y)
    questions:
      "- c": {find: ["|x|", "x[1]", "W1[1, :]", "W1[: , 1]", "-z", "(x + z)", "[x; z]", dJ/dx, v]}
      "no": {find: y}
      "1": {find: {new: W1 x - 2 x}, when: {x: [2, 3]}, text: "What is it # now?"}
      "it's": {find: [J, {big: J > 3}]}
"""


def blank(sheet: Sheet) -> str:
    """Give the template of a sheet, with its first track where it has tracks."""
    text = template(sheet)
    return text.replace("\ntrack:", f"\ntrack: {sheet.tracks[0]}", 1) if sheet.tracks else text


def written(values: list[Quantity], digits: int) -> list[str]:
    arrays = [np.asarray(each.value, dtype=float) for each in values]
    return [laid([f"{one:.{digits}g}" for one in array.ravel().tolist()], array.shape) for array in arrays]


def options(question: SolvedQuestion) -> list[str]:
    """Give the key of a question that offers options, by their letters: a line for each pair of a match."""
    choices = question.choices
    assert choices is not None
    if question.kind == "match":
        return [choices.others[to].label for _, to in sorted(choices.key)]
    groups = [[choices.options[at].label for at in group] for group in choices.key]
    return [" < ".join(" = ".join(group) for group in groups) if question.kind == "order" else ", ".join(groups[0])]


def slots(sheet: Sheet, digits: int) -> Iterator[tuple[int, str]]:
    """Give how far each line of a template that waits for an answer is indented, and the solution that belongs there.

    Values have so many significant digits; formulas and arrows are those that a report names as right. The rows of a
    table of values are whole lines.
    """
    right = {
        (each.problem, each.question, each.quantity): each.reference
        for each in verify(sheet, answers_of(blank(sheet))).findings
    }
    for solved, asked in ((problem, question) for problem in solve(sheet).problems for question in problem.questions):
        question = sheet.problems[solved.id].questions[asked.id]
        asks = [ask.name for ask in question.asks]
        indent = 8 if question.kind == "table" else 6 if len(asks) > 1 or question.kind == "match" else 4
        if question.construct is not None:
            texts = [text for name, text in asked.notes if name != "such that"]
            indent = 6 if len(texts) > 1 else 4
        elif asked.table is not None:
            indent = 6
            texts = [f"| {' | '.join([*head, *written(list(values), digits)])} |" for head, values in asked.table.rows]
        elif asked.choices is not None:
            texts = options(asked)
        elif question.kind == "write":
            texts = ["because of that"]
        elif question.kind == "find":
            part = next(part for part in solved.parts if part.when == question.when)
            found = {each.name: each for each in part.quantities if each.name in asks}
            texts = written([found[name] for name in asks], digits)
        else:
            names = asks or ["graph"]
            texts = [str(right[solved.id, question.id, name]).partition(" for ")[0] for name in names]
            texts = [f'"{text}"' for text in texts]
        yield from ((indent, text) for text in texts)


def filled(sheet: Sheet, digits: int) -> str:
    """Fill a template in with the solution."""
    waiting = list(slots(sheet, digits))
    lines: list[str] = []
    above = 0  # the lines of a table of values that stand above
    for line in blank(sheet).split("\n"):
        indent = len(line) - len(line.lstrip())
        above = above + 1 if line.strip().startswith("|") else 0
        if waiting and not line.strip().startswith("#") and indent == waiting[0][0] and above not in (1, 2):
            answer = waiting.pop(0)[1]
            line = " " * indent + answer if above else f"{line.partition('  #')[0].rstrip()} {answer}"
        lines.append(line)
    assert not waiting
    return "\n".join(lines)


@pytest.mark.parametrize("sheet", SHEETS, ids=IDS)
def test_a_template_is_read_without_a_complaint_and_is_blank(sheet: Sheet) -> None:
    answers = answers_of(blank(sheet))
    report = verify(sheet, answers)
    assert not report.diagnostics
    assert answers.sheet == sheet.name
    assert {each.verdict for each in report.findings} == {"blank"}
    assert report.score == 0


@pytest.mark.parametrize("sheet", SHEETS, ids=IDS)
@pytest.mark.parametrize("digits", [4, 6, 12])
def test_filled_in_with_the_solution_it_scores_full_marks(sheet: Sheet, digits: int) -> None:
    report = verify(sheet, answers_of(filled(sheet, digits)))
    assert not report.diagnostics
    assert {each.verdict for each in report.findings if each.kind != "write"} == {"correct"}
    assert {each.verdict for each in report.findings if each.kind == "write"} <= {"manual"}
    assert report.score == pytest.approx(report.max_score + sum(each.marks for each in report.findings if each.bonus))


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.sampled_from([4, 6, 12]))
def test_so_it_does_for_any_net(seed: int, digits: int) -> None:
    sheet = small_net(random.Random(seed))
    report = verify(sheet, answers_of(filled(sheet, digits)))
    assert {each.verdict for each in report.findings} == {"correct"}


def test_names_that_yaml_would_split_are_quoted() -> None:
    sheet = sheet_of(ODD)
    text = template(sheet)
    report = verify(sheet, answers_of(text))
    assert not report.diagnostics
    asked = [ask.name for question in sheet.problems["a: b"].questions.values() for ask in question.asks]
    assert [each.quantity for each in report.findings] == asked
    assert {each.verdict for each in report.findings} <= {"blank", "manual"}
    for shown in ("# a vector of 2: [ , ]", "# a 16 x 16 matrix\n", "with x = [2, 3]", "What is it # now?", "# 0 or 1"):
        assert shown in text


def test_every_asked_name_and_every_shape_is_shown() -> None:
    for sheet in SHEETS:
        text = template(sheet)
        for problem in sheet.problems.values():
            for question in problem.questions.values():
                rows = () if question.parts else question.rows  # values have their givens in front
                named = (*rows, *question.columns) if question.kind == "table" else ()
                for name in named or [ask.name for ask in question.asks]:
                    assert name in text
    assert "      dJ/dW1:  # a 2 x 3 matrix: [[ , , ], [ , , ]]\n" in template(SHEETS[IDS.index("sheet5")])
    assert is_number((1,))
    assert "      X2:\n" in template(SHEETS[IDS.index("sheet5")])


FORMULAS = """\
hwcheck: 1
problems:
  a:
    functions: {f: unknown}
    given: {x: vector n, w: scalar, W1: matrix m x n}
    network: |
      h = W1 x
      y = f(w)
    questions:
      names: {derive: [dh/dx, dy/dw], in: [W1, w, h]}
      free: {derive: dy/dw, text: By hand.}
      key: {derive: {secret: f(w) + 1}}
      arrows: {graph: network}
      cells: {table: [In, Out], rows: {one: [x, h], two: [w, y]}, in: [x, w, W1]}
"""


def test_what_a_formula_may_be_made_of_is_said_and_the_answer_is_not() -> None:
    lines = template(sheet_of(FORMULAS)).split("\n")
    assert "    names:  # formulas in w, W1, h, f'" in lines
    assert "      dh/dx:  # a m x n matrix" in lines
    assert "    free:  # dy/dw, a formula" in lines
    assert "    key:  # secret, a formula" in lines
    (arrows,) = (line for line in lines if line.startswith("    arrows:"))
    assert "->" in arrows
    assert not {"x", "h", "w", "y"} & set(arrows.partition("#")[2].replace(",", " ").split())
    at = lines.index("    cells:  # formulas in x, w, W1, f'")
    assert lines[at + 1 : at + 7] == [
        "      one:",
        "        In:",
        "        Out:",
        "      two:",
        "        In:",
        "        Out:",
    ]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12))
def test_any_id_reads_back(id: str) -> None:
    raw = answers_of(f"answers:\n  {as_key(id)}:\n    {as_key(id)}:\n").raw
    ((problem, ((question, _),)),) = raw.answers
    assert (problem.text, question.text) == (id, id)


def test_a_sheet_without_a_plain_name_leaves_the_name_open() -> None:
    sheet = small_net(random.Random(1))._replace(name="my sheet")
    assert "sheet:  #" in template(sheet)
    assert answers_of(template(sheet)).sheet == ""
