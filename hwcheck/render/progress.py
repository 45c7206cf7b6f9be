"""A bar on the terminal while training goes on; nothing where messages go to a file or a pipe, or for short runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from ..graph.repeat import PROGRESS

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

WAIT = 0.4  # seconds before a bar is shown: most runs are over by then


@contextmanager
def training_bar() -> Iterator[None]:
    """Show how far training has come, on stderr if that is a terminal; the bar goes when what is inside is done."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
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


def _bar(steps: int) -> tuple[Progress, TaskID]:
    from rich.console import Console  # a run without a terminal, or a short one, does not load Rich
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("training"), BarColumn(), MofNCompleteColumn(), TextColumn("steps"), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.start()
    return bar, bar.add_task("training", total=steps)
