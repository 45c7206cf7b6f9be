"""The entries of a finding as texts to be set below each other: what was written, computed and carried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..marking.report import Finding
from ..record import NamedTuple
from ..text import cut, safe_text, width
from .numbers import EXACT, aligned, decimal, people, scientific

Nested = Any  # a number or a word, or lists of these nested like the quantity

LONGEST = 24  # cells of an entry as typed


class Cell(NamedTuple):
    """One entry: its place, counted from 1, and as texts what was written, computed and carried; and the verdict.

    What is not shown is empty, and so is the place of an only entry.
    """

    place: tuple[int, ...]
    yours: str
    computed: str
    carried: str
    verdict: str


def cells_of(finding: Finding, digits: int) -> list[Cell]:
    """Give the entries of a finding: numbers computed have a digit more than was written, at least `digits`."""
    out: list[Cell] = []
    verdicts = finding.cells
    if verdicts is None and finding.values is not None:  # they are not shown
        verdicts = without_verdicts(finding.values)
    for index, verdict in walked(verdicts):
        yours = at(finding.values, index)
        typed = safe_text(str(yours).strip()) if yours is not None else "–"
        shown = shown_digits(typed, digits)
        computed = at(finding.reference, index)
        carried = at(finding.carried, index)
        out.append(
            Cell(
                tuple(place + 1 for place in index),
                cut(people(typed) if is_decimal(typed) else typed, LONGEST),
                number(computed, shown, typed) if computed is not None else "",
                number(carried, shown, typed) if carried is not None and carried != computed else "",
                str(verdict),
            )
        )
    return out if len(out) > 1 else [cell._replace(place=()) for cell in out]


def number(value: float, digits: int, like: str) -> str:
    """Write a computed number, with a power of ten where the number typed has one."""
    power = is_decimal(like) and "e" in like.lower()
    return people(scientific(float(value), digits) if power else decimal(float(value), digits))


def shown_digits(typed: str, least: int) -> int:
    """Give the digits with which a number is set beside one that was typed: a digit more, at least `least`."""
    mantissa = typed.lower().partition("e")[0]
    written = len("".join(char for char in mantissa if char.isdigit()).lstrip("0"))
    return max(least, min(written + 1, EXACT))


def without_verdicts(nested: Nested) -> Nested:
    """Give nested lists like those of values, with no verdict on any."""
    return [without_verdicts(part) for part in nested] if isinstance(nested, list | tuple) else ""


def walked(nested: Nested, index: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Nested]]:
    """Give the leaves of nested lists with their indices, counted from 0."""
    if isinstance(nested, list | tuple):
        for place, part in enumerate(nested):
            yield from walked(part, (*index, place))
    elif nested is not None:
        yield index, nested


def at(nested: Nested, index: Iterable[int]) -> Nested:
    """Give one leaf of nested lists; None where there is none."""
    for place in index:
        if not isinstance(nested, list | tuple) or place >= len(nested):
            return None
        nested = nested[place]
    return None if isinstance(nested, list | tuple) else nested


def together(texts: list[str]) -> list[str]:
    """Pad numbers so that their points stand under each other; anything else is set from the left."""
    numbers = [content for content in texts if is_decimal(content)]
    padded = dict(zip(numbers, aligned(numbers), strict=True))
    shown = [padded.get(content, content) for content in texts]
    widest = max(map(width, shown))
    return [content + " " * (widest - width(content)) for content in shown]


def is_decimal(content: str) -> bool:
    """Tell whether a text is a plain number, such as has a decimal point to align."""
    return bool(content) and not content.strip("0123456789.eE+-−")
