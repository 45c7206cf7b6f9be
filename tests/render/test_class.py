"""The statistics of a class for its teacher: readable at any width, and a student's text is never more than text."""

from __future__ import annotations

import pytest

from hwcheck.grading.journal import Column, Header
from hwcheck.grading.statistics import counted, statistics_of, tally
from hwcheck.render.statistics import statistics_text
from hwcheck.text import width
from tests.hostile.pages import harmless

HEADER = Header("s", "A \x1b[31m title", "0" * 64, "", "full", (), (Column("1", "d", 4.0), Column("2", "e", 2.0)))


def row(file: str, score: float, **more: object) -> dict[str, object]:
    answer = {"problem": "1", "question": "d", "quantity": "W1", "verdict": "wrong", "slips": ["DROP_ZERO"]}
    answer |= {"unexplained": [["[1,2]", "0.123"]]}
    return {
        "file": file,
        "student": "x",
        "status": "marked",
        "file_hash": file,
        "score": score,
        "max_score": 6.0,
        "questions": {"1.d": score},
        "answers": [answer],
        **more,
    }


def text(rows: list[dict[str, object]], cells: int) -> str:
    counts = tally()
    for each in rows:
        counted(counts, each["file"], each)
    return statistics_text(statistics_of(counts, HEADER, lambda code: "a zero dropped"), cells)


@pytest.mark.parametrize("cells", [20, 48, 80, 120])
def test_everything_is_said_at_every_width(cells: int) -> None:
    said = text([row(f"in/{at}\x1b\u202e.yaml", at + 1) for at in range(4)] + [row("b", 0, status="unreadable")], cells)
    assert max(map(width, said.splitlines())) <= max(cells, 26)  # a name of a file is not broken
    assert harmless(said)
    words = " ".join(said.split())
    for part in ("5 submissions", "1 unreadable", "mean 2.5", "of 6 points", "DROP_ZERO", "W1[1,2] = 0.123", "1 full"):
        assert part in words, part
    assert "More than one file of a student" in words or cells < 48


def test_a_class_without_anybody_has_statistics_too() -> None:
    assert "0 submissions" in text([], 80)
    assert "1 failed" in text([row("a", 0, status="failed")], 80)
