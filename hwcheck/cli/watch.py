"""Doing something again whenever a file changes, until Ctrl-C: the files are looked at a few times a second."""

import os
from collections.abc import Callable
from time import sleep
from typing import NoReturn

import click

from hwcheck.cli.streams import complain

PAUSE = 0.25  # seconds between two looks; an editor that writes a file in parts is done after one

Stamp = tuple[int, int, int] | None


def repeat(files: set[str], once: Callable[[], int]) -> NoReturn:
    """Do something now and whenever one of the files changes; it may add files that it has read.

    What is wrong with a file while somebody works on it is said, and waited for.
    """
    from hwcheck.diagnostics import Invalid, show_diagnostics
    from hwcheck.text import safe_text

    while True:
        click.clear()  # on a terminal
        seen = {name: stamp(name) for name in files}
        try:
            once()
        except Invalid as error:
            complain(show_diagnostics(error.diagnostics, error.sources))
        except click.UsageError as error:
            complain(f"error: {error.format_message()}")
        for name in files:
            seen.setdefault(name, stamp(name))
        complain(f"watching {safe_text(' and '.join(sorted(files)))}; Ctrl-C ends")
        while all(stamp(name) == before for name, before in seen.items()):
            sleep(PAUSE)
        sleep(PAUSE)


def stamp(name: str) -> Stamp:
    """Give what changes when a file is written or replaced; None while there is no such file."""
    try:
        found = os.stat(name)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
