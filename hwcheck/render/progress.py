"""A bar on the terminal while training or a class goes on; for short runs nothing.

Where messages go to a file or a pipe, a class is told of in a line now and then, and training not at all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

WAIT = 0.4  # seconds before a bar is shown: most runs are over by then
OFTEN = 0.1  # seconds between two looks of a bar that has no thread of its own
SELDOM = 5.0  # seconds between two lines


@contextmanager
def training_bar() -> Iterator[None]:
    """Show how far training has come, on stderr if that is a terminal; the bar goes when what is inside is done."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    from ..graph.repeat import PROGRESS  # nobody else is told how long runs go on

    started = monotonic()
    shown: list[tuple[Progress, TaskID]] = []

    def tell(done: int, steps: int) -> None:
        if not shown:
            if monotonic() - started < WAIT:
                return
            shown.append(_bar(steps))
        bar, task = shown[0]
        bar.update(task, completed=done, total=steps)

    token = PROGRESS.set(tell)
    try:
        yield
    finally:
        PROGRESS.reset(token)
        for bar, _ in shown:
            bar.stop()


@contextmanager
def class_progress(doing: str, total: int, say: Callable[[str], None]) -> Iterator[Callable[[int], None]]:
    """Give what is told how many submissions are done: a bar on a terminal, else lines that are handed to `say`."""
    terminal = sys.stderr is not None and sys.stderr.isatty()
    started = monotonic()
    last = [started]
    shown: list[tuple[Progress, TaskID]] = []

    def tell(done: int) -> None:
        now = monotonic()
        if now - last[0] < (OFTEN if terminal else SELDOM) or (terminal and now - started < WAIT):
            return
        last[0] = now
        if not terminal:
            say(f"{doing}: {done} of {total}")
            return
        if not shown:
            shown.append(_bar(total, doing, "submissions", thread=False))
        bar, task = shown[0]
        bar.update(task, completed=done)
        bar.refresh()

    try:
        yield tell
    finally:
        for bar, _ in shown:
            bar.stop()


def _bar(total: int, doing: str = "training", what: str = "steps", thread: bool = True) -> tuple[Progress, TaskID]:
    """Show a bar; without a `thread`, which copies of this process would lack, it is drawn when that is asked."""
    from rich.console import Console  # a run without a terminal, or a short one, does not load Rich
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=thread)
    bar.start()
    return bar, bar.add_task(doing, total=total)
