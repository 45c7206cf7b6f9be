"""Values that YAML would split at the wrong comma, or could not read at all.

They are found by their first character, their brackets and their indentation. Each function reads the value that begins
at the column `at` of a line, below a key or dash in `column`, and returns the line after it.
"""

from __future__ import annotations

import re

from hwcheck.text import cut
from hwcheck.yamltree.blocks import TooMuch
from hwcheck.yamltree.draft import Draft
from hwcheck.yamltree.flow import CLOSES, closing, marks
from hwcheck.yamltree.looks import (
    ALIAS,
    ANCHOR,
    BLOCK,
    COLON,
    TAG,
    beginning,
    content,
    is_marker,
    is_odd,
    matched,
)


def value(draft: Draft, number: int, at: int, column: int) -> int:
    """Read the value that begins at `at`, under a key or dash in `column`; return the line after it."""
    draft.blocks.opener = None
    draft.count(number, at)
    line = draft.lines[number]
    first = line[at]
    if first in "&!" and (found := matched(ANCHOR if first == "&" else TAG, line, at)):
        after = beginning(line, found.end())
        rest = after < len(line) and line[after] != "#"
        allowed = first == "&" and draft.limits.anchors
        below = draft.follower(number + 1)
        if rest and allowed and not matched(ANCHOR, line, after):
            return value(draft, number, after, column)
        if not rest and (allowed or (below is not None and draft.indent(below) > column)):
            if not allowed:  # the block below can be read without it
                draft.copied[number] = draft.copied[number][: at - draft.moved.get(number, 0)]
                draft.reference(number, at, found.end())
            draft.blocks.opener = column
            return number + 1
    if first in "[{":
        return flow(draft, number, at, column)
    if first in "|>" and (header := matched(BLOCK, line, at)):
        return block(draft, number, at, column, header)
    if first in "\"'" and (whole := quoted(draft, number, at, column)):
        return whole
    if first == "*" and draft.limits.anchors and matched(ALIAS, line, at):
        return number + 1
    return typed(draft, number, at, column)


def flow(draft: Draft, number: int, at: int, column: int) -> int:
    """Set aside a value that begins with a bracket: to its partner, and over the deeper lines below."""
    start = draft.starts[number] + at
    depth = nested = 0
    end = len(draft.text)
    for mark in marks(draft.text, start, end, lambda newline: draft.stops(draft.line_of(newline) + 1, column)):
        if mark.char in "[({":
            depth += 1
            nested += mark.char != "("
            if nested + len(draft.blocks.levels) > draft.limits.depth:
                raise TooMuch(mark.at, f"brackets are nested more than {draft.limits.depth} deep")
        elif mark.char in CLOSES:
            depth -= 1
            nested -= mark.char != ")"
        elif mark.char == "#":
            draft.comments.append((mark.at, mark.end))
        elif mark.char == "\n":
            follower = draft.follower(draft.line_of(mark.at) + 1)
            if follower is None or (
                draft.stops(follower, column) if depth > 0 else not draft.goes_on(follower, column)
            ):
                end = mark.at
                break
        else:
            draft.count(number, at)
    draft.hide(number, at, end, "flow")
    return draft.line_of(end) + 1


def block(draft: Draft, number: int, at: int, column: int, header: re.Match[str]) -> int:
    """Set aside a block scalar, which reaches over all deeper lines."""
    last = number
    deep = 0
    for each in range(number + 1, len(draft.lines)):
        line = draft.lines[each]
        at_text = beginning(line)
        if at_text < len(line):
            if (
                is_marker(line)
                or (at_text <= column and "\t" not in line[:at_text])
                or (at_text < deep and line[at_text] == "#")
            ):
                break
            last = each
            deep = deep or at_text
    drop = max(column, 0) + int(header.group(1)) if header.group(1) else 0
    draft.hide(number, at, draft.starts[last] + len(draft.lines[last]), "block", drop=drop)
    return last + 1


def quoted(draft: Draft, number: int, at: int, column: int) -> int | None:
    """Read a quoted value; None if the quote is no YAML quote."""
    start = draft.starts[number] + at
    end = closing(draft.text, start, len(draft.text), lambda newline: draft.stops(draft.line_of(newline) + 1, column))
    last = draft.line_of(end)
    line = draft.lines[last]
    after = end - draft.starts[last]
    if end == start + 1 or content(line, after) > after:
        return None
    follower = draft.follower(last + 1)
    if follower is not None and draft.goes_on(follower, column):
        return None
    if last > number or "\\" in draft.text[start:end]:
        draft.hide(number, at, end, "quoted")
    return last + 1


def typed(draft: Draft, number: int, at: int, column: int) -> int:
    """Read a value without quotes: the rest of the line, and the deeper lines below it."""
    rows = [(number, at, content(draft.lines[number], at))]
    follower = draft.follower(number + 1)
    while follower is not None and draft.goes_on(follower, column):
        rows.append((follower, beginning(draft.lines[follower]), content(draft.lines[follower], 0)))
        follower = draft.follower(follower + 1)
    last, _, end = rows[-1]
    found = unreadable(draft, rows)
    if found is None and len(rows) == 1:
        return number + 1
    for each in range(number, last):
        stop = content(draft.lines[each], 0 if each > number else at)
        draft.comments.append((draft.starts[each] + stop, draft.starts[each] + len(draft.lines[each])))
    draft.hide(number, at, draft.starts[last] + end, "raw" if found else "plain")
    if found:
        reason, (line, start, stop) = found
        if reason == "reference":
            draft.reference(line, start, stop)
            return last + 1
        shown = cut(draft.lines[line][start:stop], 60)
        fix = "put the value in single quotes" if "'" not in shown else "put the value in double quotes"
        draft.trouble("HW104", line, start, stop, f"YAML cannot read `{shown}`: {reason}", fix)
    return last + 1


def unreadable(draft: Draft, rows: list[tuple[int, int, int]]) -> tuple[str, tuple[int, int, int]] | None:
    """Say why YAML cannot read a value without quotes, and in which of its rows (line, start, end); or None."""
    number, at, _ = rows[0]
    line = draft.lines[number]
    first = line[at]
    if first in "\"'":
        return "its quote is not closed, or something follows the closing one", rows[0]
    reference = {"&": ANCHOR, "!": TAG, "*": ALIAS}.get(first)
    if reference and matched(reference, line, at) and line[at + 1 :].strip():
        return "reference", rows[0]
    if is_odd(line, at):
        return f"it begins with `{first}`", rows[0]
    for row in rows:
        if COLON.search(draft.lines[row[0]], row[1], row[2]):
            return "a colon in it is followed by a blank", row
    return None
