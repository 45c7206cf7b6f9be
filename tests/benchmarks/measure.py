"""How a ratio is measured: floor and subject in turn, many rounds, so that a busy moment of the machine meets both.

Absolute times don't carry from one machine to another; the ratio of the fastest rounds and the median of the rounds'
own ratios do. Where the two differ much, the machine was busy: measure again.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import NamedTuple


class Row(NamedTuple):
    """One comparison; the goal is the largest ratio wanted, or with `at_least` the smallest speed-up (1 / ratio).

    Without a goal the ratio is only reported.
    """

    name: str
    floor_name: str
    subject: Callable[[], object]
    floor: Callable[[], object]
    goal: float | None
    at_least: bool = False
    rounds: int = 15
    subject_repeats: int = 1  # calls a round; times are per call
    floor_repeats: int = 1


class Measured(NamedTuple):
    """The fastest floor in seconds, the ratio of the fastest rounds, and the median of the rounds' ratios."""

    floor: float
    fastest: float
    middle: float


def timed(call: Callable[[], object], repeats: int) -> float:
    """Return the seconds of one call."""
    start = perf_counter()
    for _ in range(repeats):
        call()
    return (perf_counter() - start) / repeats


def measure(row: Row) -> Measured:
    """Run a row's rounds after one that warms up."""
    row.floor()
    row.subject()
    pairs = [(timed(row.floor, row.floor_repeats), timed(row.subject, row.subject_repeats)) for _ in range(row.rounds)]
    floors, subjects = zip(*pairs, strict=True)
    return Measured(min(floors), min(subjects) / min(floors), median(subject / floor for floor, subject in pairs))


def shown(seconds: float) -> str:
    """Write a time in the unit that suits it."""
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.2f} µs"


HEAD = f"{'what':44} {'against':44} {'floor':>10} {'time':>10} {'fastest':>9} {'median':>9} {'goal':>9}"


def line(row: Row, measured: Measured) -> str:
    """Write one line of the table."""
    ratios = [measured.fastest, measured.middle]
    if row.at_least:
        ratios = [1 / ratio for ratio in ratios]
    met, goal = True, ""
    if row.goal is not None:
        met = ratios[0] >= row.goal if row.at_least else ratios[0] <= row.goal
        goal = f"{'>=' if row.at_least else '<='} {row.goal:g}"
    numbers = " ".join(f"{ratio:8.3g}x" for ratio in ratios)
    return (
        f"{row.name:44} {row.floor_name:44} {shown(measured.floor):>10} "
        f"{shown(measured.floor * measured.fastest):>10} {numbers} {goal:>9}{'' if met else '  MISSED'}"
    )
