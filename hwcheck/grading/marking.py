"""Marking the submissions of a class: what is marked already is not marked again, and a broken file is a row too."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import NamedTuple

from ..diagnostics import Diagnostic, Invalid
from ..files import ANSWERS_LIMIT, read_source
from ..marking.answers import answers_of
from ..marking.report import Report
from ..marking.unread import too_deep, unread
from ..marking.verifying import verify
from ..sheet.load import Sheet, load_sheet
from .journal import Column, Header, Journal, kept, line_of
from .pool import Died, worked
from .records import dumped, report_kept
from .rows import FAILED, MARKED, UNREADABLE, row_of

FIX = "please report this with the file; the other files are not touched by it"


class Submission(NamedTuple):
    """A file to be marked, and the hash that it had when it was marked before, "" if it was not."""

    file: str
    marked: str


class Marked(NamedTuple):
    """A line for the journal with the hash of the file; without a line, None, it is the one that is there."""

    digest: str
    line: bytes | None


def header_of(sheet: Sheet, shard: tuple[int, int] = (1, 1)) -> Header:
    """Give what a journal about this sheet says of it."""
    columns = tuple(
        Column(problem.id, question.id, most)
        for problem in sheet.problems.values()
        for question in problem.questions.values()
        if (most := max([question.points, *(worth.points for worth in question.worth.values())])) > 0
    )
    return Header(sheet.name, sheet.title, sheet.digest, sheet.feedback, sheet.tracks, columns, shard)


def mark(
    sheet: str, files: Sequence[str], journal: Journal, workers: int, tell: Callable[[int], None] = lambda done: None
) -> None:
    """Mark files by a sheet, given as `load_sheet` takes it, into a journal; `tell` is told how many are done.

    Raises:
        Invalid: the sheet cannot be used, or the journal cannot be written.
    """
    make = partial(marker, sheet)
    made = make()  # what it needs is loaded once, and is in all processes that are copies of this one
    gc.freeze()  # so that they go on sharing it
    before = (Submission(file, entry.digest if (entry := journal.entries.get(file)) else "") for file in files)
    for done, (task, answer) in enumerate(worked(make, before, workers), 1):
        found = made(task._replace(marked=""), answer.reason) if isinstance(answer, Died) else answer
        if found.line is not None:
            kept(journal, task.file, found.digest, found.line)
        tell(done)
    gc.unfreeze()


@cache
def marker(sheet: str) -> Callable[..., Marked]:
    """Give what marks one submission by a sheet."""
    loaded = load_sheet(sheet)
    unread(loaded, (), "")  # compiles what all answers need
    return partial(marked, loaded)


def marked(sheet: Sheet, submission: Submission, reason: str = "") -> Marked:
    """Mark one submission; one that could not be marked for a `reason`, or cannot be, gets a row that says why."""
    file = submission.file
    digest, status, student = "", FAILED, ""
    wrong: Iterable[Diagnostic]
    try:
        source = read_source(file, ANSWERS_LIMIT, follow=False)
        if source.digest == submission.marked:
            return Marked(source.digest, None)
        if reason:
            raise Invalid([Diagnostic("HW008", f"marking this file fails: {reason}", file, help=FIX)])
        digest, status = source.digest, UNREADABLE
        answers = answers_of(source)
        student = answers.student
        other = answers.sheet not in ("", sheet.name)
        note = f"the answers name another sheet, `{answers.sheet}`" if other else ""
        return _line(file, digest, MARKED, verify(sheet, answers), note)
    except Invalid as error:
        wrong = error.diagnostics
        if not digest and not reason:
            status = UNREADABLE
    except (RecursionError, MemoryError):
        wrong = [too_deep(file)]
    except Exception as error:  # a bug of ours must not cost the other students their marks
        digest, status = "", FAILED
        message = f"marking this file fails: this is a bug of hwcheck: {type(error).__name__}: {error}"
        wrong = [Diagnostic("HW008", message, file, help=FIX)]
    return _line(file, digest, status, unread(sheet, wrong, file)._replace(student=student))


def _line(file: str, digest: str, status: str, report: Report, note: str = "") -> Marked:
    row = row_of(file, digest, status, report, note)
    return Marked(digest, line_of(file, digest, dumped(row), report_kept(report)))
