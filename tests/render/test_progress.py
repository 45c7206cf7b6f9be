"""The bar that shows how far training has come: on a terminal only, and nothing of it is left."""

from __future__ import annotations

import io

import pytest

from hwcheck.graph.repeat import PROGRESS
from hwcheck.render import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _able(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the terminal be one that moves its cursor, whatever the tests run in."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


def told(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, wait: float) -> str:
    """Tell of some steps; give what is written."""
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(progress, "WAIT", wait)
    with progress.training_bar():
        tell = PROGRESS.get()
        for done in (50, 100, 150):
            if tell is not None:
                tell(done, 150)
    assert PROGRESS.get() is None
    return stream.getvalue()


def test_a_long_run_shows_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    written = told(Terminal(), monkeypatch, 0.0)
    assert "training" in written
    assert "150/150" in written


def test_a_short_run_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(Terminal(), monkeypatch, 1000.0) == ""


def test_without_a_terminal_nothing_is_shown_and_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(io.StringIO(), monkeypatch, 0.0) == ""


@pytest.mark.parametrize("terminal", [True, False])
def test_a_class_shows_a_bar_on_a_terminal_and_says_lines_elsewhere(
    terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Terminal() if terminal else io.StringIO()
    said: list[str] = []
    monkeypatch.setattr("sys.stderr", stream)
    for name in ("WAIT", "OFTEN", "SELDOM"):
        monkeypatch.setattr(progress, name, 0.0)
    with progress.class_progress("marking", 3, said.append) as tell:
        for done in (1, 2, 3):
            tell(done)
    assert said == ([] if terminal else ["marking: 1 of 3", "marking: 2 of 3", "marking: 3 of 3"])
    assert ("3/3" in stream.getvalue()) == terminal
    said.clear()
    monkeypatch.setattr(progress, "SELDOM", 1000.0)
    with progress.class_progress("marking", 3, said.append) as tell:
        tell(1)
    assert said == []
