"""How an answer to a sheet of `problems/` is judged, and what a sheet gives, for the tests of the list.

The list has everything that five real homework documents ask for, row by row, with what was answered and the verdict
that it deserves. The tests of this folder say which rows they show: in their tables, or in their names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pytest

from hwcheck import load_answers, load_sheet, solve, verify
from hwcheck.cli import main
from hwcheck.marking import Report
from hwcheck.marking.report import Finding
from hwcheck.sheet import Sheet
from tests.bundled import answers_file
from tests.marking.students import answers_of

Screen = pytest.CaptureFixture[str]
STUDENT = "what the student wrote"

#: A formula, or answers by name, by row and column, or by case.
Answer: TypeAlias = "str | Mapping[str, Answer]"


class Case(NamedTuple):
    """An answer to a question of a sheet, the verdict that it deserves, and words that are said of it.

    STUDENT stands for what is in the student's file. `quantity` is named where the question asks several.
    """

    row: int
    sheet: str
    problem: str
    question: str
    answer: Answer
    quantity: str
    verdict: str
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"row {self.row}-{self.sheet}-{self.problem}-{self.question}-{self.quantity or self.answer}"


class Values(NamedTuple):
    """What a problem of a sheet asks, with its values; `when x = 2` stands behind a name that has other givens."""

    row: int
    sheet: str
    problem: str
    expected: Mapping[str, Any]

    def __str__(self) -> str:
        return f"row {self.row}-{self.sheet}-{self.problem}"


class Shown(NamedTuple):
    """What the solution of a problem shows, blanks aside."""

    row: int
    sheet: str
    problem: str
    text: str

    def __str__(self) -> str:
        return f"row {self.row}-{self.sheet}-{self.problem}"


@cache
def sheet(name: str) -> Sheet:
    return load_sheet(name)


def typed(answer: Answer, indent: str) -> str:
    """Write an answer as YAML: a text in quotes or as a block, the items of a list, or cases."""
    if not isinstance(answer, str):
        rows = (f"\n{indent}  {json.dumps(key)}:{typed(value, indent + '  ')}" for key, value in answer.items())
        return "".join(rows)
    if "\n" in answer:
        return " |" + "".join(f"\n{indent}  {line}" for line in answer.split("\n"))
    return " " + json.dumps(answer, ensure_ascii=False)


def answered(of: Sheet, problem: str, question: str, answer: Answer) -> list[Finding]:
    """Judge one answer to one question."""
    text = f"answers:\n  {json.dumps(problem)}:\n    {json.dumps(question)}:{typed(answer, '    ')}\n"
    return [each for each in verify(of, answers_of(text), problem, question).findings if each.question == question]


def report(name: str) -> Report:
    """Judge what the student of a document wrote on a sheet."""
    return verify(sheet(name), load_answers(str(answers_file(name))))


@cache
def written(name: str) -> dict[tuple[str, str, str], Finding]:
    """Judge what the student of a document wrote, by problem, question and quantity."""
    return {(each.problem, each.question, each.quantity): each for each in report(name).findings}


def said(finding: Finding) -> str:
    """Give all that is said of an answer: remarks, slips, lines and reasons."""
    slips = chain.from_iterable((slip.code, slip.message) for slip in finding.slips)
    lines = chain.from_iterable((line.verdict, line.about) for line in finding.lines)
    return "\n".join((*finding.remarks, finding.about, *slips, *lines))


def check(case: Case) -> None:
    """Hold an answer against the verdict that its row names, and what is said of it against the words."""
    of = sheet(case.sheet)
    asks = of.problems[case.problem].questions[case.question].asks
    quantity = case.quantity or next((ask.name for ask in asks), "")
    if case.answer == STUDENT:
        found = [each for key, each in written(case.sheet).items() if key[:2] == (case.problem, case.question)]
    else:
        found = answered(of, case.problem, case.question, case.answer)
    finding = next(each for each in found if each.quantity == quantity or not quantity)
    assert (finding.verdict, finding.answer != "") == (case.verdict, True), said(finding)
    missing = [word for word in case.words if word not in said(finding).replace("→", "->")]
    assert not missing, said(finding)


@cache
def solved(name: str) -> dict[str, dict[str, Any]]:
    """Give what a sheet asks with its values, by problem; other givens are named behind `when`."""
    found: dict[str, dict[str, Any]] = {}
    for problem in solve(sheet(name)).problems:
        values = found.setdefault(problem.id, {})
        for part in problem.parts:
            other = " and ".join(f"{given} = {value}" for given, value in (part.when or {}).items())
            values.update({f"{each.name} when {other}" if other else each.name: each.value for each in part.quantities})
    return found


def agree(values: Values) -> None:
    """Hold the numbers of a solution against those worked out elsewhere."""
    found = solved(values.sheet)[values.problem]
    for quantity, value in values.expected.items():
        np.testing.assert_allclose(
            np.asarray(found[quantity]).squeeze(), np.squeeze(value), rtol=1e-12, atol=1e-12, err_msg=quantity
        )


def shows(shown: Shown, capsys: Screen) -> None:
    """Look for a text in what `hwcheck solve` prints."""
    assert main(["solve", shown.sheet, "--problem", shown.problem]) == 0
    assert shown.text in " ".join(capsys.readouterr().out.split())
