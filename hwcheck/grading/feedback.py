"""What each student is given, made from the journal: a file for each submission in each format."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial

from ..files import refuse_writing, write_result
from ..marking.feedback import lower, shown
from ..marking.report import Report
from .folder import FEEDBACK
from .journal import Entry, Header, line_in, report_in
from .pool import Died, Work, worked
from .records import report_of
from .submissions import file_names

#: The ending of a file, and what writes a report in its format; both are handed to other processes.
Writers = Mapping[str, Callable[[Report], str]]


def write_feedback(
    folder: str,
    header: Header,
    journal: str,
    entries: Mapping[str, Entry],
    writers: Writers,
    level: str | None,
    workers: int,
    tell: Callable[[int], None] = lambda done: None,
) -> None:
    """Write a file for each submission in each format, showing no more than `level`, nor than the sheet allows.

    Raises:
        Invalid: a file cannot be written.
    """
    place = os.path.join(folder, FEEDBACK)
    try:
        os.makedirs(place, exist_ok=True)
    except OSError as error:
        refuse_writing(place, error)
    names = file_names(sorted(entries))
    tasks = ((entries[file], os.path.join(place, name)) for file, name in names.items())
    make = partial(writer, journal, lower(header.feedback, level or header.feedback), writers)
    for done, ((_, path), answer) in enumerate(worked(make, tasks, workers), 1):
        if isinstance(answer, Died):
            refuse_writing(path, ValueError(answer.reason))
        tell(done)


def writer(journal: str, level: str, writers: Writers) -> Work:
    """Give what writes the files about one submission, told where its line stands and the path without ending."""

    def write(task: tuple[Entry, str]) -> None:
        entry, path = task
        report = shown(report_of(report_in(line_in(journal, entry))), level)
        for ending, text_of in writers.items():
            write_result(f"{path}.{ending}", text_of(report))

    return write
