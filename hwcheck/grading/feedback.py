"""What each student is given, made from the journal: a file for each submission in each format."""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cache, partial

from ..files import refuse_writing, source_of, write_result
from ..marking.feedback import lower, shown
from ..marking.report import Report
from ..sheet.load import Sheet, sheet_of
from .folder import FEEDBACK, GIVEN
from .journal import Entry, Header, file_in, kept_in, line_in
from .pool import Died, Work, worked
from .records import report_of
from .submissions import file_names

#: The ending of a file, and what writes a report in its format; both are handed to other processes.
Writers = Mapping[str, Callable[[Report], str]]
#: Files of feedback, by name and ending, with the hash of the submission that they are about.
Files = dict[tuple[str, str], str]


def write_feedback(
    folder: str,
    header: Header,
    journal: str,
    entries: Mapping[str, Entry],
    writers: Writers,
    level: str | None,
    workers: int,
    tell: Callable[[int], None] = lambda done: None,
) -> int:
    """Write a file for each submission in each format, showing no more than `level`, nor than the sheet allows.

    What earlier runs wrote and does not hold any more is removed: about submissions that are gone or have changed, by
    another edition of the sheet, or with more or less shown. Gives how many files that were.

    Raises:
        Invalid: a file cannot be written.
    """
    place = os.path.join(folder, FEEDBACK)
    about, before = _given(folder)
    if not writers and not before:
        return 0
    names = file_names(sorted(entries))
    digests = {name: entries[file].digest for file, name in names.items()}
    least = lower(header.feedback, level or header.feedback) if writers else about.rpartition(" ")[2]
    now = f"{header.sheet_hash} {header.version} {least}"
    new = {(name, ending): digest for name, digest in digests.items() for ending in writers}
    same = {
        each: digest for each, digest in before.items() if now == about and digest == digests.get(each[0], "") != ""
    }
    if writers:
        try:
            os.makedirs(place, exist_ok=True)
        except OSError as error:
            refuse_writing(place, error)
        _note(folder, "", before | new)  # if this run is killed, the next one knows of all, and trusts none of it
        tasks = ((entries[file], os.path.join(place, name)) for file, name in names.items())
        make = partial(writer, journal, header, least, writers)
        make()  # what it needs is loaded once, and is in all processes that are copies of this one
        with closing(worked(make, tasks, workers)) as answers:
            for done, ((_, path), answer) in enumerate(answers, 1):
                if isinstance(answer, Died):
                    refuse_writing(path, ValueError(answer.reason))
                tell(done)
    removed = sum(_removed(os.path.join(place, ".".join(each))) for each in before if each not in new | same)
    _note(folder, now, same | new)
    return removed


def _given(folder: str) -> tuple[str, Files]:
    """Read which files of feedback there are: what they are about, and the hash of each one's submission."""
    try:
        with open(os.path.join(folder, GIVEN), encoding="ascii") as stream:
            about, *rows = stream.read().splitlines()
        files = [row.split(" ") for row in rows]
        return about, {(name, ending): digest for digest, name, ending in files if os.path.basename(name) == name}
    except (OSError, ValueError):
        return "", {}


def _note(folder: str, about: str, files: Files) -> None:
    rows = "".join(f"{digest} {name} {ending}\n" for (name, ending), digest in sorted(files.items()))
    write_result(os.path.join(folder, GIVEN), f"{about}\n{rows}")


def _removed(path: str) -> bool:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        refuse_writing(path, error)
    return True


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
