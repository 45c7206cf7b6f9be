"""The report about an answers file that cannot be used: nothing is written in it, and the diagnostics say why."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Diagnostic
from ..files import Source
from ..sheet import Sheet
from ..sheet.raw import RawAnswers
from .answers import Answers
from .report import Report
from .verifying import verify


def too_deep(file: str) -> Diagnostic:
    """Say that working out what a file holds takes more room than there is."""
    message = "this is nested too deeply, or too large, to be worked out here"
    return Diagnostic("HW109", message, file, help="use smaller arrays and shorter formulas")


def unread(
    sheet: Sheet | None,
    found: Iterable[Diagnostic],
    file: str,
    problem: str | None = None,
    question: str | None = None,
) -> Report:
    """Report every question as blank, with what is wrong with the file; no question where the sheet is not known."""
    diagnostics = tuple(found)
    if sheet is None:
        return Report("", "", "", "", 0.0, 0.0, (), diagnostics)
    source = Source(file, "", b"")
    raw = RawAnswers(None, "", sheet.tracks[0] if sheet.tracks else "", (), source)
    return verify(sheet, Answers(sheet.name, "", raw, source, diagnostics), problem, question)
