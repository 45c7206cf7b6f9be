"""Lines of a file made fit for YAML, without moving a line.

A value that YAML would split at the wrong comma, or could not read at all, is found by its first character, its
brackets and its indentation, before YAML sees the file; in a copy of the text one letter stands in its place, and the
tree gets the text as it was typed. Lines that stand crooked are put under their neighbours in the same copy. One
pass, in time proportional to the length of the file.
"""

from hwcheck.record import NamedTuple
from hwcheck.text import cut
from hwcheck.yamltree.aside import value
from hwcheck.yamltree.blocks import Blocks
from hwcheck.yamltree.draft import LONGEST_KEY, Draft, Value
from hwcheck.yamltree.flow import Trouble
from hwcheck.yamltree.looks import (
    DIRECTIVE,
    TIGHT,
    beginning,
    colon_of,
    content,
    is_dash,
    is_marker,
    is_odd,
    matched,
)
from hwcheck.yamltree.values import Limits, Page


class Copy(NamedTuple):
    """What YAML gets: the text, the values behind its stand-ins by line and column, and how far each line was moved."""

    text: str
    page: Page
    values: dict[tuple[int, int], Value]
    moved: dict[int, int]
    troubles: list[Trouble]


def copy_of(text: str, limits: Limits) -> Copy:
    """Set aside what YAML cannot read; raise `TooMuch` past the limits."""
    draft = Draft(text, limits)
    number = 0
    begun = False
    while number < len(draft.lines):
        line = draft.lines[number]
        if draft.following[number] != number:  # blank, or a comment
            number += 1
        elif not begun and line[0] == "%" and matched(DIRECTIVE, line, 0):
            draft.copied[number] = ""  # nothing here depends on the version of YAML
            number += 1
        elif is_marker(line):
            begun = True
            draft.blocks = Blocks(limits.depth)
            number += 1
        else:
            begun = True
            number = element(draft, number)
    parts = []
    done = 0
    for start, end in draft.comments:
        parts += [text[done:start], " " * (end - start)]
        done = end
    page = Page("".join([*parts, text[done:]]), draft.starts)
    # what YAML takes for a tab, a line end or a binary file would only stop it: texts are cut from the page
    copied = "\n".join(draft.copied).replace("\t", " ")
    copied = copied.translate({ord(char): "_" for char in set(copied) if not _is_printed(char)})
    return Copy(copied, page, draft.values, draft.moved, draft.troubles)


def element(draft: Draft, number: int) -> int:
    """Read a line, with the lines that its value goes on over; return the next line."""
    line = draft.lines[number]
    at = beginning(line)
    dash = is_dash(line, at)
    colon = -1 if dash else colon_of(line, at)
    tight = None if dash or colon >= 0 or draft.blocks.opener is not None else matched(TIGHT, line, at)
    if tight:
        colon = tight.end() - 1
    column = draft.column(number, at)
    if not dash and colon < 0:
        return bare(draft, number, at, column)
    copied = draft.place(number, at, column, dash)
    if copied is None:
        return no_pair(draft, number, at, number + 1)
    draft.move(number, at, copied)
    while dash:
        draft.count(number, at)
        draft.blocks.opener = column
        after = beginning(line, at + 1)
        if after == len(line) or line[after] == "#":
            return number + 1
        column, copied, at = column + after - at, copied + after - at, after
        dash = is_dash(line, at)
        colon = -1 if dash else colon_of(line, at)
        if dash or colon >= 0:
            draft.blocks.open(column, copied, dash, draft.starts[number] + at)
    if colon < 0:
        return value(draft, number, at, draft.blocks.opener if draft.blocks.opener is not None else -1)
    draft.count(number, at)
    draft.blocks.opener = column
    key(draft, number, at, colon)
    after = beginning(line, colon + 1)
    if after == len(line) or (line[after] == "#" and after > colon + 1):
        return number + 1
    return touching(draft, number, at, after, column) if tight else value(draft, number, after, column)


def key(draft: Draft, number: int, at: int, colon: int) -> None:
    """Set a key aside that YAML could not read."""
    line = draft.lines[number]
    if line[at] in "\"'":
        if "\\" in line[at:colon]:
            draft.hide(number, at, draft.starts[number] + colon, "quoted", colon)
    elif is_odd(line, at) or colon - at > LONGEST_KEY:
        draft.hide(number, at, draft.starts[number] + colon, "plain", colon)


def touching(draft: Draft, number: int, at: int, after: int, column: int) -> int:
    """Read the value that touches the colon of its key, and set them apart."""
    line = draft.lines[number]
    follower = value(draft, number, after, column)
    place = after - draft.moved.get(number, 0)
    if (number, place) not in draft.values:
        kind = "quoted" if line[after] in "\"'" else "plain"
        draft.hide(number, after, draft.starts[number] + content(line, after), kind)
    draft.values[number, place + 1] = draft.values.pop((number, place))
    draft.copied[number] = f"{draft.copied[number][:place]} {draft.copied[number][place:]}"
    draft.trouble(
        "HW108",
        number,
        at,
        after,
        f"no blank follows the colon of `{line[at:after]}`",
        "write a blank after the colon",
    )
    return follower


def bare(draft: Draft, number: int, at: int, column: int) -> int:
    """Read a value that stands on a line of its own."""
    opener = draft.blocks.opener
    if opener is None or column <= opener:
        return no_pair(draft, number, at, number + 1)
    before = len(draft.troubles)
    draft.move(number, at, draft.blocks.inside(column))
    after = value(draft, number, at, opener)
    follower = draft.follower(after)
    if follower is None or draft.indent(follower) <= opener:
        return after
    # a key stands below at a place inside the same value, so this line should have been one as well
    draft.blocks.opener = opener
    draft.values.pop((number, at - draft.moved.get(number, 0)), None)
    del draft.troubles[before:]
    return no_pair(draft, number, at, after)


def no_pair(draft: Draft, number: int, at: int, after: int) -> int:
    """Leave out lines that are no part of the structure."""
    for each in range(number, after):
        draft.copied[each] = ""
    text = draft.lines[number][at : content(draft.lines[number], at)]
    name, equals, value = text.partition("=")
    fix = "write `name: value`, or indent the line if it belongs to the value above"
    if equals and value.strip() and name.strip() and len(text) < 60:
        fix = f"write `{name.strip()}: {value.strip()}`"
    draft.trouble(
        "HW108", number, at, at + len(text), f"`{cut(text, 60)}` has no `name: value` form and was left out", fix
    )
    return after


def _is_printed(char: str) -> bool:
    """Hold for what YAML takes for part of a text."""
    code = ord(char)
    return (
        char == "\n"
        or 0x20 <= code < 0x7F
        or (0xA0 <= code < 0xD800 and code not in (0x2028, 0x2029))
        or (0xE000 <= code < 0xFFFE and code != 0xFEFF)
        or code > 0xFFFF
    )
