"""What each student is given, made from the journal: a file for each submission in each format."""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial

from ..files import refuse_writing, source_of, write_result
from ..marking.feedback import lower, shown
from ..marking.report import Report
from ..sheet.load import Sheet, sheet_of
from .folder import FEEDBACK
from .journal import Entry, Header, file_in, kept_in, line_in
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
    make = partial(writer, journal, header, lower(header.feedback, level or header.feedback), writers)
    make()  # what it needs is loaded once, and is in all processes that are copies of this one
    for done, ((_, path), answer) in enumerate(worked(make, tasks, workers), 1):
        if isinstance(answer, Died):
            refuse_writing(path, ValueError(answer.reason))
        tell(done)


def writer(journal: str, header: Header, level: str, writers: Writers) -> Work:
    """Give what writes the files about submissions, told of each where its line stands and the path without ending."""
    sheet = _sheet(header.sheet, header.data)

    def write(tasks: Sequence[tuple[Entry, str]]) -> list[None]:
        for entry, path in tasks:
            line = line_in(journal, entry)
            report = shown(report_of(sheet, file_in(line), kept_in(line)), level)
            for ending, text_of in writers.items():
                write_result(f"{path}.{ending}", text_of(report))
        return [None] * len(tasks)

    return write


@cache
def _sheet(name: str, data: str) -> Sheet:
    return sheet_of(source_of(name, b64decode(data)))
