"""The measuring itself, on calls that count instead of taking time."""

import pytest

from tests.benchmarks import measure as measuring
from tests.benchmarks.measure import Measured, Row, line, measure


def test_rounds_are_interleaved_and_repeats_counted() -> None:
    calls: list[str] = []
    row = Row("a", "b", lambda: calls.append("a"), lambda: calls.append("b"), 1.0, rounds=2, subject_repeats=3)
    measured = measure(row)
    assert "".join(calls) == "ba" + "baaa" * 2  # one pair to warm up, then the rounds
    assert measured.floor > 0


def test_ratios_are_per_call(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0, 2, 10, 16, 20, 24, 30, 36])  # floor 2, subject 6 in two calls, floor 4, subject 6 in two calls
    monkeypatch.setattr(measuring, "perf_counter", lambda: next(clock))
    row = Row("a", "b", lambda: None, lambda: None, 1.0, rounds=2, subject_repeats=2)
    assert measure(row) == Measured(2, 1.5, (1.5 + 0.75) / 2)


def test_a_missed_goal_is_said() -> None:
    most = Row("a", "b", lambda: None, lambda: None, 1.2)
    least = most._replace(goal=200, at_least=True)
    assert "MISSED" not in line(most, Measured(1.0, 1.19, 9.0))
    assert "MISSED" in line(most, Measured(1.0, 1.21, 1.0))
    assert "MISSED" not in line(least, Measured(1.0, 1 / 201, 1.0))
    assert "MISSED" in line(least, Measured(1.0, 1 / 199, 1 / 300))
