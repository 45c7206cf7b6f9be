"""What one line of a file looks like: blank, an item, a key; and which values YAML reads in ways of its own."""

from __future__ import annotations

import re

COLON = re.compile(r":(?=[ \t]|$)")
# compiled where a line begins like one, which few files have
BLOCK = r"[|>](?:[-+]?([1-9])?|[1-9][-+])[ \t]*(?:[ \t]#.*)?$"
ANCHOR = r"&[^\s\[\]{},]+(?=\s|$)"
TAG = r"![^\s\[\]{},]*(?=\s|$)"
ALIAS = r"\*[^\s\[\]{},]+[ \t]*(?:$|[ \t]#)"
TIGHT = r"[^\s:\"'#\[\]{}|>&*!%@`,-][^\s:\"'#{}]*:(?=\S)"  # `X1:0.5`
DIRECTIVE = r"%(?:YAML|TAG)[ \t]"
ODD = "`@%!*&|>,]})"  # no plain scalar of YAML begins with these

_COMMENT = re.compile(r"(?:^|[ \t])#")
_QUOTED_KEY = r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')[ \t]*:(?=[ \t]|$)"""


def matched(pattern: str, line: str, at: int) -> re.Match[str] | None:
    """Match one of these patterns at a place of a line."""
    return re.compile(pattern).match(line, at)


def is_odd(line: str, at: int) -> bool:
    """Hold for a beginning at which YAML expects something of its own."""
    return line[at] in ODD or (line[at] in "?-:" and (at + 1 == len(line) or line[at + 1] in " \t"))


def following(lines: list[str]) -> list[int]:
    """Give for each line the first from it on that is neither blank nor a comment."""
    found = [len(lines)] * len(lines)
    after = len(lines)
    for number in range(len(lines) - 1, -1, -1):
        body = lines[number].lstrip(" \t")
        after = number if body and body[0] != "#" else after
        found[number] = after
    return found


def beginning(line: str, at: int = 0) -> int:
    """Return where the text from `at` on begins, after blanks."""
    while at < len(line) and line[at] in " \t":
        at += 1
    return at


def content(line: str, at: int) -> int:
    """Return where the text after `at` ends, before blanks and a comment."""
    comment = _COMMENT.search(line, at)
    end = comment.start() if comment else len(line)
    while end > at and line[end - 1] in " \t":
        end -= 1
    return end


def is_dash(line: str, at: int) -> bool:
    """Hold for a `-` that begins an item."""
    return line[at] == "-" and (at + 1 == len(line) or line[at + 1] in " \t")


def is_marker(line: str) -> bool:
    """Hold for a line that begins or ends a document."""
    return line.startswith(("---", "...")) and (len(line) == 3 or line[3] in " \t")


def colon_of(line: str, at: int) -> int:
    """Return where the colon stands after the key that begins at `at`, -1 if it begins none."""
    if line[at] in "\"'":
        key = matched(_QUOTED_KEY, line, at)
        return line.index(":", key.end(1)) if key else -1
    found = None if line[at] in "[{" else COLON.search(line, at + 1)
    if not found or _COMMENT.search(line, at, found.start()):
        return -1
    return found.start()
