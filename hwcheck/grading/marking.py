"""Marking the submissions of a class: what is marked already is not marked again, and a broken file is a row too."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import cache, partial

from ..diagnostics import Diagnostic, Invalid
from ..files import ANSWERS_LIMIT, read_source
from ..marking.answers import Answers, answers_of
from ..marking.unread import too_deep, unread
from ..marking.verifying import verify, verify_all
from ..record import NamedTuple
from ..sheet.load import Sheet, load_sheet
from .forms import Forms
from .journal import Column, Header, Journal, kept, line_of
from .pool import Died, Work, worked
from .records import reasons_kept, text_kept
from .rows import FAILED, MARKED, UNREADABLE, reason_of, row_of, row_text

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
    data = b64encode(sheet.source.data).decode("ascii")
    return Header(sheet.name, sheet.title, sheet.digest, data, sheet.feedback, sheet.tracks, columns, shard)


def mark(
    sheet: str, files: Sequence[str], journal: Journal, workers: int, tell: Callable[[int], None] = lambda done: None
) -> None:
    """Mark files by a sheet, given as `load_sheet` takes it, into a journal; `tell` is told how many are done.

    Raises:
        Invalid: the sheet cannot be used, or the journal cannot be written.
    """
    make = partial(marker, sheet)
    forms = _forms(sheet)  # what is loaded once is in all processes that are copies of this one
    before = (Submission(file, entry.digest if (entry := journal.entries.get(file)) else "") for file in files)
    with closing(worked(make, before, workers)) as answers:
        for done, (task, answer) in enumerate(answers, 1):
            found = alone(forms.sheet, task.file, answer.reason) if isinstance(answer, Died) else answer
            if found.line is not None:
                kept(journal, task.file, found.digest, found.line)
            tell(done)


def marker(sheet: str) -> Work:
    """Give what marks submissions by a sheet."""
    return partial(marked, _forms(sheet))


@cache
def _forms(sheet: str) -> Forms:
    loaded = load_sheet(sheet)
    unread(loaded, (), "")  # compiles what all answers need
    return Forms(loaded)


def marked(forms: Forms, submissions: Sequence[Submission]) -> list[Marked]:
    """Mark submissions, together what can be: the same is found of each as if it were marked alone."""
    sheet = forms.sheet
    out: dict[str, Marked] = {}
    pages: dict[str, tuple[str, Answers]] = {}
    for file, before in submissions:
        try:
            source = read_source(file, ANSWERS_LIMIT, follow=False)
            digest = source.digest
            if digest == before:
                out[file] = Marked(digest, None)
            else:
                pages[file] = digest, answers_of(source)
        except Exception:
            out[file] = alone(sheet, file)
    try:
        answers = [answers for _, answers in pages.values()]
        briefs = dict(zip(pages, forms.briefs(answers), strict=True))
        others = [file for file in pages if briefs[file] is None]
        reports = dict(zip(others, verify_all(sheet, [pages[file][1] for file in others]), strict=True))
    except Exception:  # one of them costs nobody else anything
        return [out[file] if file in out else alone(sheet, file) for file, _ in submissions]
    for file, (digest, page) in pages.items():
        brief = briefs[file]
        note = _note(sheet, page)
        if brief is None:
            row = row_of(file, digest, MARKED, reports[file], note)
        else:
            head = file, digest, page.student, brief.track, MARKED, reason_of(brief.found, note)
            row = row_text(*head, brief.marks, brief.marks, (), brief.answers)
        out[file] = Marked(digest, line_of(file, digest, row, text_kept(page.source.text)))
    return [out[file] for file, _ in submissions]


def alone(sheet: Sheet, file: str, reason: str = "") -> Marked:
    """Mark one submission; one that could not be marked for a `reason`, or cannot be, gets a row that says why."""
    digest, status, student = "", FAILED, ""
    wrong: Iterable[Diagnostic]
    try:
        source = read_source(file, ANSWERS_LIMIT, follow=False)
        if reason:
            raise Invalid([Diagnostic("HW008", f"marking this file fails: {reason}", file, help=FIX)])
        digest, status = source.digest, UNREADABLE
        answers = answers_of(source)
        student = answers.student
        row = row_of(file, digest, MARKED, verify(sheet, answers), _note(sheet, answers))
        return Marked(digest, line_of(file, digest, row, text_kept(source.text)))
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
    row = row_of(file, digest, status, unread(sheet, wrong, file)._replace(student=student))
    return Marked(digest, line_of(file, digest, row, reasons_kept(student, wrong)))


def _note(sheet: Sheet, answers: Answers) -> str:
    other = answers.sheet not in ("", sheet.name)
    return f"the answers name another sheet, `{answers.sheet}`" if other else ""
