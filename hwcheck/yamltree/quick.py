"""The tree of a simple file, read a line at a time without YAML.

Most files are keys by indentation with words, brackets on one line or nothing behind each colon. Of these the lines
alone tell the tree, the one that `events` makes, in every field. Whatever could be read otherwise or deserves a remark
is left to `events`: a line that is no key, item, comment or blank line, an indentation that fits no open block, a key
that stands twice, a quote with an escape, what refers to something.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate

from hwcheck.diagnostics import Span
from hwcheck.yamltree.flow import split
from hwcheck.yamltree.values import Limits, Map, Page, Scalar, Seq, Tree, block, page_of

LONGEST = 16_000  # characters; every entry takes one, and none takes more than four bytes
DEEPEST = 12  # blocks, and brackets inside them
LONGEST_LINE = 120  # of those that are remembered

_ODD = r"\x00-\x1f\x7f-\xa0"
_TEXT = rf"[^{_ODD}#:]*"
#: Up to a colon before a blank, or a `#` behind one.
_REST = rf"{_TEXT}(?:(?:(?<! )#|:(?! |\Z)){_TEXT})*"
_FIRST = rf"{_ODD} \-?:,\[\]{{}})#&*!|>'\"%@`"  # no text without quotes begins with these
_QUOTED = rf'"[^{_ODD}"\\]*"|' rf"'[^{_ODD}']*'"
_WORD = "[-+./0-9A-Za-z_^][-+./0-9A-Za-z_^*]*"
_ROW = rf"{_WORD}(?:, {_WORD})*"
_FLOW = rf"\[[^{_ODD}#]*\]|{{[^{_ODD}#]*}}"  # any other value in brackets
_KEY = re.compile(rf"{_QUOTED}|[^{_FIRST}.]{_REST}")
#: The inside of a row or of a matrix, or another value; a comment.
_VALUE = re.compile(
    rf" *(?:(?:\[({_ROW})\]|\[\[({_ROW}(?:\], \[{_ROW})*)\]\]|({_FLOW}|{_QUOTED}|[|>][-+]?))(?= |\Z) *"
    rf"|((?:-(?! |\Z)|[^{_FIRST}]){_REST}))?(?:(?<= )#.*)?"
)
_MARKER = r"(?: *(?:#.*)?\n)*---(?= *\n)"
#: What may end on another line, or refer to another value.
_OPEN = re.compile(r"""[\[{(,;:] *(?:"[^"]*$|'[^']*$|[*&])|\\""")

_new = tuple.__new__  # faster than the constructor of a record

#: A line up to its value: its column, -1 if it says nothing; its key, None for an item; the column behind.
_Head = tuple[int, Scalar | None, int]
#: The same with its value, None where nothing is, and the column behind; where a comment behind brackets begins, or the
#: sign for a text on lines of its own; 0 for neither, -1 for an item that is read again without its dash.
_Read = tuple[int, Scalar | None, Tree | None, int, int]
#: A line in its file: its column, key and value, the offsets at which it begins and ends, and its number.
_Line = tuple[int, Scalar | None, Tree | None, int, int, int]


class _Odd(Exception):
    """This file is for `events`."""


def quick_tree(text: str, limits: Limits) -> Map | None:
    """Read the text of a simple file, whose keys are all filled; None where `events` must say what it is."""
    if len(text) > LONGEST or "\t" in text or "<<" in text:
        return None
    if len(text) > min(limits.bytes // 4, limits.events) or limits.depth <= 2 * DEEPEST:
        return None
    if "---" in text and (marker := re.compile(_MARKER).match(text)):
        text = f"{text[: marker.end() - 3]}   {text[marker.end() :]}"
    try:
        lines, page = _lines(text)
        if not lines or lines[0][0] or not lines[0][1]:
            return None
        lines.append((-1, None, None, 0, 0, 0))
        tree, _, _ = _block(lines, 0, page, 0)
    except _Odd:
        return None
    return tree if isinstance(tree, Map) else None


def _lines(text: str) -> tuple[list[_Line], str]:
    """Give the lines with a key or an item, and the text with the comments behind lists blanked out."""
    page = text
    lines: list[_Line] = []
    starts: list[int] = []
    start = below = 0
    for number, line in enumerate(text.split("\n"), 1):
        begin = start
        start += len(line) + 1
        if begin < below or not line or line[0] == "#":
            continue
        column, key, tree, end, sign = (_known if len(line) < LONGEST_LINE else _line)(line, number)
        if column < 0:
            continue
        if sign < 0:  # an item that begins a mapping
            lines.append((column, None, None, begin + column, begin + end, number))
            line = f"{line[:column]} {line[end:]}"
            column, key, tree, end, sign = (_known if len(line) < LONGEST_LINE else _line)(line, number)
            if key is None:
                raise _Odd
        if sign and tree:
            page = f"{page[: begin + sign]}{' ' * (end - sign)}{page[begin + end :]}"
        elif sign:
            starts = starts or page_of(text).starts
            below = _below(text, start, column)
            end = below - begin
            tree = block(Page(text, starts), begin + sign, below, start, None)
        lines.append((column, key, tree, begin + column, begin + end, number))
    return lines, page


def _line(line: str, number: int) -> _Read:
    """Read a line."""
    head, colon, _ = line.partition(": ")
    column, key, behind = (_head if len(head) < LONGEST_LINE else _beginning)(head, colon, number)
    if column < 0:
        return -1, None, None, 0, 0
    found = _VALUE.fullmatch(line, behind)
    if found is None and key is None:
        return column, None, None, behind, -1
    if found is None:
        raise _Odd
    row, matrix, other, plain = found.groups()
    tree: Tree
    if row:
        at, end = found.span(1)
        tree = _row(row, number, at)
        end += 1
    elif matrix:
        at, end = found.span(2)
        tree = _matrix(matrix, number, at - 1)
        end += 2
    elif plain:
        at = found.start(4)
        tree = _scalar(plain, number, at + 1)
        end = at + len(tree.raw)
    elif other is None:
        return column, key, None, behind, 0
    elif other[0] in "|>":
        return column, key, None, behind, found.start(3)
    else:
        at, end = found.span(3)
        tree = _flow(line, number, at, end) if other[0] in "[{" else _scalar(other, number, at + 1)
    comment = line.find("#", end) if line[at] in "[{" or row or matrix else -1
    if comment >= 0:
        return column, key, tree, len(line.rstrip(" ")), comment
    return column, key, tree, end, 0


_known = lru_cache(1024)(_line)  # in the files of a class, right answers stand on the same lines


def _below(text: str, start: int, column: int) -> int:
    """Return where a text on lines of its own ends, the first at an offset, below a key or dash in a column."""
    end = deep = 0
    while start < len(text):
        stop = text.find("\n", start)
        line = text[start : stop if stop >= 0 else len(text)]
        words = line.lstrip(" ")
        indent = len(line) - len(words)
        if words and (indent <= column or (words[0] == "#" and indent < deep)):
            break
        if words and indent < deep:
            raise _Odd
        if words:
            end = start + len(line.rstrip(" "))
            deep = deep or indent
        start += len(line) + 1
    if not end:
        raise _Odd
    return end


def _beginning(head: str, colon: str, number: int) -> _Head:
    """Read a line up to the value; its column is -1 if it says nothing."""
    name = head.lstrip(" ")
    column = len(head) - len(name)
    if name[:1] == "#" or not (name or colon):
        return -1, None, 0
    if name[:1] == "-" and name[1:2] in " ":
        return column, None, column + 1
    if not colon:
        name = name.rstrip(" ")
        if name[-1:] != ":":
            raise _Odd
        name = name[:-1]
    if not _KEY.fullmatch(name):
        raise _Odd
    key = _scalar(name, number, column + 1)
    if not key.text.strip():
        raise _Odd
    return column, key, column + len(name) + 1


_head = lru_cache(1024)(_beginning)  # keys even where the answers differ


def _block(lines: list[_Line], at: int, page: str, depth: int) -> tuple[Map | Seq, int, int]:
    """Make a tree of the block that begins with a line; give also the line behind, and the offset of the end."""
    column, first, _, begin, end, number = lines[at]
    pairs: dict[str, tuple[Scalar, Tree]] = {}
    items: list[Tree] = []
    if depth > DEEPEST:
        raise _Odd
    while True:
        here, key, tree, start, stop, line = lines[at]
        if here < column or (here == column and first is None and key is not None):
            break
        if here > column or (key is None and first is not None):
            raise _Odd
        at += 1
        end = stop
        if tree is None:
            below = lines[at]
            if below[0] > here or (below[0] == here and key is not None and below[1] is None):
                tree, at, end = _block(lines, at, page, depth + 1)
            else:
                tree = _blank(line, stop - start + column + 1)
        if key is None:
            items.append(tree)
        else:
            if key.text in pairs:
                raise _Odd
            pairs[key.text] = (key, tree)
    raw = page[begin:end]
    stop = raw.find("\n")
    span = _new(Span, (number, column + 1, column + 1 + (len(raw) if stop < 0 else stop)))
    if first is None:
        return _new(Seq, (tuple(items), span, raw, False)), at, end
    return _new(Map, (tuple(pairs.values()), span, raw, False)), at, end


def _blank(line: int, column: int) -> Scalar:
    """Give the value of a key or an item with nothing behind it."""
    return _new(Scalar, ("", "plain", _new(Span, (line, column, column)), "", ((0, line, column),)))


def _scalar(text: str, line: int, column: int) -> Scalar:
    """Give a text with or without quotes."""
    if text[0] in "\"'":
        style = "double" if text[0] == '"' else "single"
        span = _new(Span, (line, column, column + len(text)))
        return _new(Scalar, (text[1:-1], style, span, text, ((0, line, column + 1),)))
    if text[-1] == " ":
        text = text.rstrip(" ")
    return _new(Scalar, (text, "plain", _new(Span, (line, column, column + len(text))), text, ((0, line, column),)))


def _row(words: str, line: int, column: int) -> Seq:
    """Give a list whose bracket stands in a column, of words with a comma and a blank between them."""
    items = []
    at = column
    stop = at - 1
    for word in words.split(", "):
        at = stop + 2
        stop = at + len(word)
        items.append(_new(Scalar, (word, "plain", _new(Span, (line, at, stop)), word, ((0, line, at),))))
    return _new(Seq, (tuple(items), _new(Span, (line, column, stop + 1)), f"[{words}]", True))


def _matrix(rows: str, line: int, column: int) -> Seq:
    """Give a list of such rows, with a comma and a blank between them."""
    items = []
    at = column + 1
    for row in rows.split("], ["):
        items.append(_row(row, line, at))
        at += len(row) + 4
    return _new(Seq, (tuple(items), _new(Span, (line, column, at - 1)), f"[[{rows}]]", True))


def _flow(line: str, number: int, start: int, end: int) -> Tree:
    """Give a value in brackets, line[start:end]."""
    deep = accumulate((char in "[{") - (char in "]}") for char in line[start:end])
    if max(deep) > DEEPEST or _OPEN.search(line, start, end):
        raise _Odd
    tree, troubles, _ = split(_new(Page, (line, [0] * number)), start, end, None)  # all lines before it are empty
    if troubles or not _filled(tree):
        raise _Odd
    return tree


def _filled(tree: Tree) -> bool:
    if isinstance(tree, Scalar):
        return True
    if isinstance(tree, Seq):
        return all(map(_filled, tree.items))
    return all(key.text.strip() and key.text != "<<" and _filled(value) for key, value in tree.items)
