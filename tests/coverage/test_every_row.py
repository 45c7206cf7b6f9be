"""The list is complete: each of its rows is shown by a test, in a table of cases or by its name."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from tests.bundled import SHEETS
from tests.coverage.judging import report

ROWS = range(1, 85)
MODULES = sorted(path.stem for path in Path(__file__).parent.glob("test_*.py") if path.stem != Path(__file__).stem)
NAMED = re.compile(r"^test_rows?_(\d+(?:_and_\d+)*)_")


def shown(module: str) -> set[int]:
    """Give the rows that a module shows."""
    parts = vars(importlib.import_module(f"tests.coverage.{module}"))
    tables = {case.row for name in ("ANSWERS", "VALUES", "SHOWN") for case in parts.get(name, ())}
    names = {int(row) for name in parts if (found := NAMED.match(name)) for row in found[1].split("_and_")}
    return tables | names


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_which_rows_it_shows(module: str) -> None:
    assert shown(module) <= set(ROWS)
    assert shown(module)


def test_every_row_of_the_list_is_shown() -> None:
    assert set().union(*map(shown, MODULES)) == set(ROWS)


@pytest.mark.parametrize("name", SHEETS)
def test_what_people_wrote_is_read_without_a_complaint(name: str) -> None:
    found = report(name)
    assert found.diagnostics == ()
    assert {each.verdict for each in found.findings} <= {"correct", "carried", "wrong", "undecided", "blank", "manual"}
