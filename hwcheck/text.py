"""Text from files: made harmless for screens and logs, measured in terminal cells, matched against known words.

Whatever a student or a teacher typed may hold escape sequences, direction overrides or invisible letters. It is
printed only as ``Safe``: every character that a terminal would act on, or a reader would not see, is replaced by its
visible name (``\\x1b``, ``<U+202E>``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NewType

Safe = NewType("Safe", str)
Field = NewType("Field", str)  # of a table for spreadsheets

MOST_MARKS = 8  # combining marks on one letter; more of them climb over the neighbouring lines
LONGEST_WORD = 80  # longer words are no typing mistakes of a known one, and comparing them is slow
LONGEST_FIELD = 32_000  # letters; a cell of a spreadsheet holds 32,767
# patterns are compiled where they are used first: most runs meet none
#: Numbers alone, which are no formula whatever their sign: `-0.28`, `[0.1; -2e-3]`.
NUMBERS = r"[\s,;\[\]]*(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?:[\s,;\[\]]+|$))*"
STARTS = "=+@\uff1d\uff0b\uff0d\uff20-"  # of a formula; those in the middle are wide forms, which some take as well
#: Where a reader may see a cell begin: at the start, and where it splits at another sign than the comma.
FORMULA = rf"(^|[;|])(?=[\s\"']*[{STARTS}])"
#: What the runners of CI take for commands in a log: `::error::` where a line begins, `##[error]` anywhere.
COMMAND = r"(?m)^([^\S\n]*):(?=:)|##(?=\w*\[)"
INVISIBLE = (
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # blank or joining, though Unicode calls them letters and marks
)


def safe_text(text: str, limit: int | None = None, *, keep_newlines: bool = False) -> Safe:
    """Make text harmless in a terminal or a log; `limit` cuts the result to that many cells."""
    if not (text.isascii() and text.isprintable()):
        kept = "\n" if keep_newlines else ""
        text = "".join(char if char in kept else shown for char, shown, _ in cells(text))
    if "##" in text or "::" in text:
        text = inert(text)
    return Safe(text if limit is None else cut(text, limit))


def inert(text: str) -> str:
    """Make lines mean nothing to a runner of CI that reads them in its log; one sign of a command is named instead."""
    return re.sub(COMMAND, lambda found: "#\\x23" if found[1] is None else f"{found[1]}\\x3a", text)


def commands(text: str) -> set[int]:
    """Tell which characters are the signs of commands that `inert` names."""
    return {found.end() - 1 for found in re.finditer(COMMAND, text)}


def csv_field(text: str) -> Field:
    """Make text a field of a table that no spreadsheet takes for a formula, in one line."""
    shown = safe_text(text, LONGEST_FIELD)
    if (shown[:1].isalnum() or shown[:1] in "/") and ";" not in shown and "|" not in shown:
        return Field(shown)  # what most are: a cell begins nowhere but with a letter
    return Field(shown if re.fullmatch(NUMBERS, shown) else re.sub(FORMULA, r"\1'", shown))


def width(text: str) -> int:
    """Return the number of terminal cells: combining marks take 0, wide characters 2."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def cut(text: str, most: int) -> str:
    """Cut text to at most `most` cells, ending in an ellipsis if something was left out."""
    if len(text) <= most and text.isascii():
        return text
    used = 0
    fits = 0  # so many characters leave room for the ellipsis
    for index, char in enumerate(text):
        used += 1 if char.isascii() else _width(char)
        if used > most:
            return text[:fits] + "…" if most > 0 else ""
        if used < most:
            fits = index + 1
    return text


def cells(text: str) -> Iterator[tuple[str, str, int]]:
    """Give each character, the harmless text that stands for it, and its width in cells."""
    marks = 0
    for char in text:
        if char.isascii():
            marks = 0
            shown = char if char.isprintable() else _NAMED.get(char) or f"\\x{ord(char):02x}"
            yield char, shown, len(shown)
            continue
        size = _width(char)
        marks = marks + 1 if size == 0 else 0
        if _harmless(char) and marks <= MOST_MARKS:
            yield char, char, size
        else:
            code = ord(char)
            shown = f"\\x{code:02x}" if code < 0xA0 else f"<U+{code:04X}>"
            yield char, shown, len(shown)


def closest(word: str, known: Iterable[str], most: int = 1) -> list[str]:
    """Return the known words most like `word`, best first: those equal but for case, then similar ones."""
    words = list(dict.fromkeys(known))
    if len(word) > LONGEST_WORD:
        return []
    folded = word.casefold()
    found = [other for other in words if other.casefold() == folded][:most]
    if len(found) < most:
        from difflib import get_close_matches

        rest = [other for other in words if other not in found and len(other) <= LONGEST_WORD]
        found += get_close_matches(word, rest, most - len(found))
        if not found and len(word) <= 3:  # `a3` is half of `a1`
            found = get_close_matches(word, [other for other in rest if other[:1] == word[:1]], most, 0.5)
    return found


_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _harmless(char: str) -> bool:
    from unicodedata import category

    code = ord(char)
    if char in INVISIBLE or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return False
    return category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


@lru_cache(4096)  # a table is measured more often than it has characters
def _width(char: str) -> int:
    from unicodedata import category, east_asian_width

    if category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if east_asian_width(char) in "WF" else 1
