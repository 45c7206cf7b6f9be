"""What the journal keeps of a submission, and the report that is made of it again.

Of answers that could be marked it keeps their text: a report is the same whenever it is made from the same sheet and
the same text. Of others it keeps why they could not be.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..diagnostics import Diagnostic, Span
from ..files import Source
from ..marking.answers import answers_of
from ..marking.report import Report
from ..marking.unread import unread
from ..marking.verifying import verify
from ..sheet import Sheet

Plain = Any  # what JSON can say

_COMPACT = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


def dumped(value: Plain) -> str:
    """Write strict JSON in ASCII, on one line and without blanks."""
    return _COMPACT.encode(value)


def reasons_kept(student: str, found: Iterable[Diagnostic]) -> str:
    """Keep why answers could not be marked, as JSON; records are arrays in the order of their fields."""
    return dumped({"student": student, "diagnostics": [*found]})


def text_kept(text: str) -> str:
    """Keep the text of answers that were marked, as JSON."""
    return dumped(text)


def report_of(sheet: Sheet, file: str, kept: Plain) -> Report:
    """Make the report about a file again from what was kept of it, read as JSON."""
    if isinstance(kept, str):
        return verify(sheet, answers_of(Source(file, kept, b"")))
    found = map(_diagnostic_of, kept["diagnostics"])
    return unread(sheet, found, file)._replace(student=kept["student"])


def _diagnostic_of(kept: Plain) -> Diagnostic:
    diagnostic = Diagnostic(*kept)
    return diagnostic._replace(span=diagnostic.span and Span(*diagnostic.span))
