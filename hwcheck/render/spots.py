"""Where the entries of an answer, or the lines of a derivation, stand in the file: found again in its text."""

from __future__ import annotations

from collections.abc import Iterator

from ..marking.report import Finding
from .cells import walked
from .entries import derivation_of
from .words import Index

Spot = tuple[int, int]  # line and column, from 1


def spots_of(finding: Finding, source: str) -> dict[Index, Spot]:
    """Give the place in `source` of each entry by its index, or of each line of a derivation by its number.

    Entries are looked for one behind the other, and between two of them there are only signs. Nothing is given where
    one is not found so: the report's own line and column, the beginning of the answer, are then the place.
    """
    start = _offset(source, finding.line, finding.column)
    if start is None:
        return {}
    found: dict[Index, Spot] = {}
    for index, text in _texts(finding):
        at = source.find(text, start) if text else -1
        if at < 0 or any(char.isalnum() or char in ":#" for char in source[start:at]):
            return {}
        found[index] = source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at)
        start = at + len(text)
    return found


def _texts(finding: Finding) -> Iterator[tuple[Index, str]]:
    lines = derivation_of(finding)
    if lines:
        yield from (((number,), line.text.strip()) for number, line in enumerate(lines, 1))
    else:
        for index, typed in walked(finding.values):
            yield tuple(at + 1 for at in index), str(typed).strip()


def _offset(source: str, line: int | None, column: int | None) -> int | None:
    """Give the offset of a place in a text; None where there is none."""
    at = 0
    for _ in range((line or 0) - 1):
        at = source.find("\n", at) + 1
        if not at:
            return None
    return at + column - 1 if line and column and at + column <= len(source) else None
