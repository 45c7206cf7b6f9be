"""What marking costs: a page that is right throughout, what naming slips adds to it, and a page of formulas."""

from typing import Any

import yaml

from hwcheck import load_answers, load_sheet, solve, verify
from hwcheck.files import Source
from hwcheck.marking import Answers
from hwcheck.marking.answers import answers_of
from hwcheck.marking.typed import read_typed
from hwcheck.yamltree import Map, Tree
from tests.benchmarks.measure import Row
from tests.benchmarks.sheet import parsed
from tests.bundled import answers_file, sheet_file

SHEET = load_sheet(str(sheet_file("sheet5")))
WRITTEN = str(answers_file("sheet5"))
#: Three values of the first problem, each wrong in its own way.
WRONG = {"W1_new": (2, "0.30124"), "b1_new": (1, "-1.243745e-3"), "dJ/dW2": (0, "0.5073")}


def typed(value: list[Any] | float, digits: int) -> str:
    """Write a value as students do, an array in brackets."""
    if isinstance(value, list):
        return "[" + ", ".join(typed(each, digits) for each in value) + "]"
    return f"{value:.{digits}g}"


def page(wrong: bool) -> Answers:
    """Give the answers to the first problem of sheet 5, right to five digits, or three of them wrong."""
    solved = next(problem for problem in solve(SHEET).problems if problem.id == "1")
    values = {each.name: each.value for part in solved.parts for each in part.quantities}
    lines = ["sheet: sheet5", "answers:", "  '1':"]
    for question in solved.questions:
        lines.append(f"    {question.id}:")
        for name in question.asks:
            value = values[name]
            assert value is not None
            text = typed(value.tolist(), 5)
            if wrong and name in WRONG:
                place, other = WRONG[name]
                old = typed(value.ravel()[place].item(), 5)
                text = text.replace(old, other, 1)
            lines.append(f"      {name}: {text}")
    text = "\n".join(lines)
    return answers_of(Source("answers.yaml", text, text.encode()))


RIGHT, FAULTY = page(False), page(True)
LAYERS = load_sheet(str(sheet_file("layers")))
DERIVATIONS = str(answers_file("layers"))
DERIVED = load_answers(DERIVATIONS)


def numbers() -> list[Tree]:
    """Give the values of the right page, as its tree has them."""
    return [
        value
        for _, questions in RIGHT.raw.answers
        for _, answer in questions
        for value in ([value for _, value in answer.items] if isinstance(answer, Map) else [answer])
    ]


NUMBERS = numbers()

ROWS = [
    Row(
        "read a page of sheet5, right throughout",
        "parse it with CSafeLoader",
        lambda: answers_of(RIGHT.source),
        lambda: yaml.load(RIGHT.source.data, Loader=yaml.CSafeLoader),
        0.45,
        rounds=60,
        subject_repeats=20,
        floor_repeats=20,
    ),
    Row(
        "read the numbers of its values",
        "parse it with CSafeLoader",
        lambda: [read_typed(value) for value in NUMBERS],
        lambda: yaml.load(RIGHT.source.data, Loader=yaml.CSafeLoader),
        0.2,
        rounds=60,
        subject_repeats=20,
        floor_repeats=20,
    ),
    Row("mark a page of sheet5, right throughout", "PyYAML alone", lambda: verify(SHEET, RIGHT), parsed(WRITTEN), None),
    Row(
        "the same with three wrong values, named",
        "right throughout",
        lambda: verify(SHEET, FAULTY),
        lambda: verify(SHEET, RIGHT),
        2.4,
        rounds=60,
    ),
    Row("mark the formulas of layers", "PyYAML alone", lambda: verify(LAYERS, DERIVED), parsed(DERIVATIONS), None),
]
