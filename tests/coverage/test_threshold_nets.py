"""Rows 56 to 62: threshold nets against their truth tables, and activations designed for a range of outputs."""

from __future__ import annotations

from itertools import product

import pytest

from hwcheck import solve
from tests.coverage.judging import STUDENT, Case, answered, check, report, said, sheet
from tests.marking.students import sheet_of

XNOR_PRINTED = {"w": "[1, 1]", "b": "-2", "v": "[-1, -1]", "c": "0"}
XNOR_WIDE = {"w": "[2, 2]", "b": "-3", "v": "[-2, -2]", "c": "1"}
AT_ZERO = "margin 0: works only because U(0) = 1"
ANSWERS = (
    # the function of a net, and its truth table with the hidden units
    Case(58, "sheet5-logic", "10", "name", STUDENT, "", "correct"),
    Case(58, "sheet5-logic", "10", "name", "XNOR", "", "wrong"),
    Case(58, "sheet5-logic", "10", "units", STUDENT, "", "correct"),
    # XNOR: right as printed if a unit is active at 0, and right with a margin
    Case(60, "sheet5-logic", "11", "z1", STUDENT, "", "correct", (AT_ZERO,)),
    Case(60, "sheet5-logic", "11", "z2", STUDENT, "", "correct", (AT_ZERO,)),
    Case(60, "sheet5-logic", "11", "net", XNOR_PRINTED, "", "correct", (AT_ZERO,)),
    Case(60, "sheet5-logic", "11", "net", XNOR_WIDE, "", "correct", ("margin 0.5",)),
    Case(60, "sheet5-logic", "11", "net", {**XNOR_PRINTED, "b": "2"}, "", "wrong"),
    # a unit for one line of five bits
    Case(61, "sheet5-logic", "11 one line", "bias", STUDENT, "", "wrong", ("31 of 32",)),
    Case(61, "sheet5-logic", "11 one line", "bias", "-3", "", "correct", (AT_ZERO,)),
    Case(61, "sheet5-logic", "11 one line", "bias", "-2.5", "", "correct", ("margin 0.5",)),
    # one hidden layer is enough
    Case(62, "sheet5-questions", "15", "10", STUDENT, "", "correct"),
    # outputs within bounds
    *(Case(56, "homework4", "4", question, STUDENT, "", "correct") for question in ("a", "b")),
    Case(56, "homework4", "4", "a", "max(.1z, z)", "", "wrong"),
    Case(56, "homework3", "5", "1", "max(.1z, z)", "", "wrong"),
    Case(56, "homework3", "5", "1", "ln(1 + e^z)", "", "correct"),
    Case(56, "homework3", "5", "2", "-max(0, z)", "", "correct"),
    Case(57, "homework4", "4", "c", STUDENT, "", "correct", ("open at 2 and at 5",)),
    Case(57, "homework3", "5", "3", "a + (b-a) sigmoid(z)", "", "correct", ("open at 2 and at 5",)),
    Case(57, "homework3", "5", "3", "min(b, max(a, z))", "", "correct"),
    Case(57, "homework3", "5", "3", "tanh(z)", "", "wrong"),
)  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_an_answer_gets_the_verdict_that_its_row_names(case: Case) -> None:
    check(case)


def truth(problem: str) -> list[list[float]]:
    """Give the values of a table of the sheet, row by row."""
    solved = next(each for each in solve(sheet("sheet5-logic")).problems if each.id == problem)
    (table,) = (each.table for each in solved.questions if each.table is not None)
    assert [tuple(map(int, head)) for head, _ in table.rows] == list(product((0, 1), repeat=2))
    return [[float(each.value) for each in row if each.value is not None] for _, row in table.rows]


def test_rows_58_and_59_the_table_of_xor_with_its_hidden_units() -> None:
    assert truth("10") == [[0, 0, 0], [0, 1, 1], [1, 0, 1], [0, 0, 0]]
    found = [each for each in report("sheet5-logic").findings if (each.problem, each.question) == ("10", "table")]
    assert len(found) == 12
    assert {each.verdict for each in found} == {"correct"}


def test_row_59_a_wrong_cell_is_found_alone() -> None:
    rows = ("x1 x2 z1 z2 y", "0 0 0 0 0", "0 1 0 1 1", "1 0 1 1 1", "1 1 0 0 0")
    typed = "\n".join(f"| {' | '.join(row.split())} |" for row in rows)
    found = answered(sheet("sheet5-logic"), "10", "table", typed)
    assert [(each.quantity, each.row) for each in found if each.verdict == "wrong"] == [("z2", found[7].row)]


def test_row_60_the_table_of_xnor() -> None:
    assert [row[-1] for row in truth("11 as a table")] == [1, 0, 0, 1]


def test_row_60_as_printed_the_net_is_never_active_where_a_unit_is_not_at_0() -> None:
    text = sheet("sheet5-logic").source.text
    start = text.index('  "11":')
    closed = text[:start] + text[start:].replace(
        "    questions:\n", "    conventions: {step_at_zero: 0}\n    questions:\n", 1
    )
    (found,) = answered(sheet_of(closed), "11", "net", XNOR_PRINTED)
    assert found.verdict == "wrong"
    assert "2 of 4 inputs" in said(found)
    assert [each.verdict for each in answered(sheet_of(closed), "11", "net", XNOR_WIDE)] == ["correct"]
