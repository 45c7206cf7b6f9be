"""The pieces of a tree: scalars, sequences and mappings, and how a scalar's text is cut out of the file.

A scalar's text differs from its source (indentation, escapes, comments), so each keeps a row per stretch that was
copied unchanged: where the stretch begins in the text, and its line and column in the file. `locate` reads these
rows.
"""

import re
from bisect import bisect_right

from hwcheck.diagnostics import Span
from hwcheck.record import NamedTuple

Piece = tuple[int, int, int]  # offset in the text, line and column in the file


class Scalar(NamedTuple):
    """Text as typed; style is plain, single, double, literal, folded, or raw: what YAML would split or refuse."""

    text: str
    style: str
    span: Span
    raw: str
    pieces: tuple[Piece, ...]


class Seq(NamedTuple):
    """Items in order; `flow` if written in brackets; `raw` is the whole text with its comments blanked out."""

    items: "tuple[Tree, ...]"
    span: Span
    raw: str
    flow: bool


class Map(NamedTuple):
    """Keys and values in order, each key once; `flow` and `raw` as for sequences."""

    items: "tuple[tuple[Scalar, Tree], ...]"
    span: Span
    raw: str
    flow: bool


Tree = Scalar | Seq | Map


def as_typed(tree: Tree) -> str:
    """Give a value as it was typed, as one text."""
    return tree.text if isinstance(tree, Scalar) else tree.raw


class Limits(NamedTuple):
    """How long and deep a file may be, and whether `&name`, `*name` and `<<` are followed."""

    bytes: int
    depth: int
    events: int
    anchors: bool


ANSWERS = Limits(bytes=256_000, depth=32, events=20_000, anchors=False)
SHEET = Limits(bytes=1_000_000, depth=64, events=200_000, anchors=True)


class Page(NamedTuple):
    """A file's text with its comments blanked out, and the offset at which each line starts."""

    text: str
    starts: list[int]


def page_of(text: str) -> Page:
    """Find the line starts of a text."""
    return Page(text, [0, *(each.end() for each in re.finditer("\n", text))])


def span_of(page: Page, start: int, end: int) -> Span:
    """Return the place of text[start:end]; over several lines, of its part on the first."""
    line = bisect_right(page.starts, start) - 1
    column = start - page.starts[line]
    stop = page.text.find("\n", start, end)
    return Span(line + 1, column + 1, (end if stop < 0 else stop) - page.starts[line] + 1)


def offset_of(page: Page, scalar: Scalar) -> int:
    """Return where a scalar begins in its page."""
    return page.starts[scalar.span.line - 1] + scalar.span.column - 1


def locate(scalar: Scalar, start: int, end: int) -> Span:
    """Return where the characters start..end of a scalar's text stand in its file."""
    line, column = _place(scalar, start)
    if end <= start:
        return Span(line, column, column)
    newline = scalar.text.find("\n", start, end)
    last = end - 1 if newline < 0 else max(newline - 1, start)
    while last > start and _place(scalar, last)[0] != line:  # folded lines have no newline in the text
        last -= 1
    return Span(line, column, max(_place(scalar, last)[1], column) + 1)


def folded(scalar: Scalar) -> str:
    """Return a scalar as prose: lines joined by blanks, except in literal blocks; empty lines end paragraphs."""
    if scalar.style == "literal":
        return scalar.text
    paragraphs = re.split(r"\n[ \t]*\n\s*", scalar.text) if "\n" in scalar.text else [scalar.text]
    return "\n".join(" ".join(part.split()) for part in paragraphs)


def plain(page: Page, start: int, end: int, style: str = "plain") -> Scalar:
    """Cut out a value as typed: its lines without the blanks around them, joined by newlines."""
    return _lines(page, start, end, start, end, style)


def quoted(page: Page, start: int, end: int) -> Scalar:
    """Cut out a quoted value; text[start] and text[end - 1] are its quotes."""
    inner = page.text[start + 1 : end - 1]
    if page.text[start] == "'":
        return _lines(page, start, end, start + 1, end - 1, "single", "''")
    # a backslash is LaTeX unless every one belongs to \" \\ or a letter's number
    known = "\\" in inner and re.fullmatch(r'(?:[^\\]|\\["\\/]|\\u[0-9a-fA-F]{4})*', inner, re.DOTALL)
    escape = _ESCAPE if known and _unescaped(inner).isprintable() else ""
    return _lines(page, start, end, start + 1, end - 1, "double", escape)


def block(page: Page, start: int, end: int, first: int, indent: int | None) -> Scalar:
    """Cut out a block scalar with its content in text[first:end], dropping `indent` blanks, None to find out."""
    style = "folded" if page.text[start] == ">" else "literal"
    rows = []
    at = first
    for line in page.text[first:end].split("\n"):
        rows.append((at, line))
        at += len(line) + 1
    blanks = [len(line) - len(line.lstrip(" ")) for _, line in rows if line.strip()]
    drop = (min(blanks) if indent is None else min(indent, *blanks)) if blanks else 0
    pieces: list[Piece] = []
    parts: list[str] = []
    size = 0
    before = ""
    for at, line in rows:
        content = line[drop:].rstrip() if line.strip() else ""
        joint = "\n" if parts else ""
        if style == "folded" and parts and content and before and content[0] not in " \t" and before[0] not in " \t":
            joint = " "
        size += len(joint)
        span = span_of(page, min(at + drop, at + len(line)), at + len(line))
        pieces.append((size, span.line, span.column))
        parts.append(joint + content)
        size += len(content)
        before = content
    text = "".join(parts).rstrip()
    kept = tuple(piece for piece in pieces if piece[0] <= len(text))
    here = span_of(page, start, end)
    return Scalar(text, style, here, page.text[start:end].rstrip(), kept or ((0, here.line, here.column),))


_ESCAPE = r'\\(?:["\\/]|u[dD][89abAB]..\\u[dD][c-fC-F]..|u....)'


def _unescaped(text: str) -> str:
    return re.sub(_ESCAPE, lambda found: _meaning(found.group()), text)


def _meaning(escape: str) -> str:
    if escape == "''":
        return "'"
    if escape[1] != "u":
        return escape[1]
    units = [int(each, 16) for each in escape[2:].split("\\u")]
    if len(units) == 2:
        return chr(0x10000 + ((units[0] - 0xD800) << 10) + units[1] - 0xDC00)
    return chr(units[0])


def _lines(page: Page, start: int, end: int, first: int, last: int, style: str, escape: str = "") -> Scalar:
    """Make a scalar of text[first:last], replacing escapes; text[start:end] is the whole of it, quotes included."""
    number = bisect_right(page.starts, first)
    rows = page.text[first:last].split("\n")
    if len(rows) == 1 and not escape:  # most values
        text = rows[0] if style in ("single", "double") else rows[0].rstrip(" \t")
        column = first - page.starts[number - 1] + 1
        return Scalar(text, style, span_of(page, start, end), page.text[start:end], ((0, number, column),))
    parts: list[str] = []
    pieces: list[Piece] = []
    size = 0
    at = first
    for index, line in enumerate(rows):
        content = line
        column = at - page.starts[number - 1] + 1
        if len(rows) > 1 or style not in ("single", "double"):
            content = line.rstrip(" \t") if index == 0 else line.strip(" \t")
            column += line.index(content) if content else 0
        if index:
            parts.append("\n")
            size += 1
        done = 0
        pieces.append((size, number, column))
        for found in re.finditer(escape, content) if escape else ():
            meaning = _meaning(found.group())
            parts += [content[done : found.start()], meaning]
            size += found.start() - done + len(meaning)
            done = found.end()
            pieces.append((size, number, column + done))
        parts.append(content[done:])
        size += len(content) - done
        at += len(line) + 1
        number += 1
    text = "".join(parts)
    return Scalar(text, style, span_of(page, start, end), page.text[start:end], tuple(pieces))


def _place(scalar: Scalar, at: int) -> tuple[int, int]:
    index = bisect_right(scalar.pieces, (at, 1 << 60, 0)) - 1
    offset, line, column = scalar.pieces[max(index, 0)]
    return line, column + max(at - offset, 0)
