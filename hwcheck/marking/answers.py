"""Answers files, read within limits and with recovery."""

from ..diagnostics import Diagnostic, Invalid
from ..files import ANSWERS_LIMIT, Source, read_source
from ..record import NamedTuple
from ..sheet.raw import RawAnswers, read_answers


class Answers(NamedTuple):
    """One student's answers: the sheet they name, who wrote them, what was written, and what could not be read."""

    sheet: str
    student: str
    raw: RawAnswers
    source: Source
    diagnostics: tuple[Diagnostic, ...]


def load_answers(path: str) -> Answers:
    """Read an answers file; `-` is the standard input.

    Raises:
        Invalid: the file cannot be used at all.
    """
    return answers_of(read_source(path, ANSWERS_LIMIT))


def answers_of(source: Source) -> Answers:
    """Read answers from their text.

    Raises:
        Invalid: it cannot be used at all.
    """
    raw, found = read_answers(source)
    if raw is None or any(each.severity == "error" for each in found):
        raise Invalid(found, {source.name: source.text})
    return Answers(raw.sheet.text if raw.sheet else "", raw.student, raw, source, tuple(found))
