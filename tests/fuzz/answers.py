"""What the kinds of inputs have in common: right answers, and putting something into them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeAlias

from hwcheck.marking.report import Finding
from tests.bundled import answers_file
from tests.fuzz.laws import Outcome

#: Sheets whose answers are marked in a few milliseconds.
SHEETS = ("sheet5", "sheet5-logic", "sheet5-questions", "exercise3", "exercise3-questions", "two-two-two")
#: Holds what is known about one input alone.
Known: TypeAlias = Callable[[Outcome, Path], None]
#: The sheet, the file, a text in it that is a formula, and what is known.
Parts: TypeAlias = tuple[str, "str | bytes", "str | None", Known]


@cache
def right(sheet: str) -> str:
    return answers_file(sheet).read_text(encoding="utf-8")


def nothing(found: Outcome, path: Path) -> None:
    """Nothing is known but what holds for every file."""


def put(name: str, value: str, text: str) -> str:
    """Put a value behind a key, in the place of the one that is there and the lines below it."""
    pattern = rf"(?m)^(\s*){re.escape(name)}:.*(?:\n\1 .*)*$"
    assert re.search(pattern, text), name
    return re.sub(pattern, lambda found: f"{found[1]}{name}: {value}", text, count=1)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def one(found: Outcome, quantity: str) -> Finding:
    """Give what was found about a quantity that is asked."""
    (finding,) = [each for each in found.report.findings if each.quantity == quantity and each.max_marks]
    return finding
