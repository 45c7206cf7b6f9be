"""Blocks of text: rectangles of lines that are set side by side at their baselines, or below each other.

A line is a list of segments, a text with the name of a style, so that one layout serves plain text and colour. Nothing
here breaks a word: what is too wide is folded at blanks, at a sign if there is one, and a number holds no blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..record import NamedTuple
from ..text import inert, width
from .numbers import aligned

Segment = tuple[str, str]
Line = list[Segment]


class Page(NamedTuple):
    """What a text is laid out for: the cells of a line, the significant digits, and whether only ASCII can be shown."""

    width: int
    digits: int
    ascii: bool = False


class Block(NamedTuple):
    """Lines with the number of the one that neighbours are aligned at, and the cells of the widest."""

    lines: list[Line]
    base: int
    width: int


EMPTY = Block([], 0, 0)
#: What stands for a sign where only ASCII can be shown; one cell for one, so that columns stay.
ASCII = str.maketrans("⎡⎢⎣⎤⎥⎦−–─·×…✓✗", "[[[]]]---*x~+x")
TERMS = frozenset(("+", "−", "-", "="))
BREAKS = TERMS | {"·", "*", "⊙", ".*"}


def cells(line: Line) -> int:
    """Give the width of a line."""
    return sum(width(text) for text, _ in line)


def text(content: str, style: str = "") -> Block:
    """Give one line."""
    return Block([[(content, style)]], 0, width(content))


def lines_of(contents: Iterable[str], style: str = "") -> Block:
    """Give lines of one style below each other."""
    return below(*(text(content, style) for content in contents))


def beside(*blocks: Block, gap: int = 1) -> Block:
    """Set blocks side by side, their baselines on one line."""
    blocks = tuple(block for block in blocks if block.lines)
    base = max((block.base for block in blocks), default=0)
    height = base + max((len(block.lines) - block.base for block in blocks), default=0)
    rows: list[Line] = [[] for _ in range(height)]
    at = 0
    for block in blocks:
        for number, line in enumerate(block.lines, base - block.base):
            missing = at - cells(rows[number])
            rows[number] += [(" " * missing, ""), *line] if missing else line
        at += block.width + gap
    return Block(rows, base, max(at - gap, 0))


def below(*blocks: Block) -> Block:
    """Set blocks below each other; the baseline is that of the first."""
    rows = [line for block in blocks for line in block.lines]
    return Block(rows, blocks[0].base if blocks else 0, max((block.width for block in blocks), default=0))


def indented(block: Block, by: int) -> Block:
    """Move a block to the right."""
    return Block([[(" " * by, ""), *line] if line else line for line in block.lines], block.base, block.width + by)


def filled(block: Block, to: int) -> Block:
    """Make a block at least so wide."""
    return block._replace(width=max(block.width, to))


def bracketed(rows: Sequence[str], style: str = "") -> Block:
    """Set brackets around rows of one width: `[0.2  −0.2]`, and tall ones around several."""
    if len(rows) == 1:
        return text(f"[{rows[0]}]", style)
    last = len(rows) - 1
    sides = [("⎡", "⎤") if at == 0 else ("⎣", "⎦") if at == last else ("⎢", "⎥") for at in range(len(rows))]
    return lines_of([f"{left} {row} {right}" for (left, right), row in zip(sides, rows, strict=True)], style)._replace(
        base=last // 2
    )


def matrix(cells_of: Sequence[Sequence[str]], style: str = "", numbers: bool = True) -> Block:
    """Give rows of entries in brackets: numbers with their decimal points under each other, formulas from the left."""
    columns = []
    for column in zip(*cells_of, strict=True):
        widest = max(map(width, column))
        columns.append(aligned(column) if numbers else [entry + " " * (widest - width(entry)) for entry in column])
    gap = "  " if numbers else "   "
    return bracketed([gap.join(row) for row in zip(*columns, strict=True)], style)


def folded(content: str, first: int, rest: int | None = None) -> list[str]:
    """Break a text at blanks into lines of at most `first` cells, then `rest`.

    Where a sign stands in the second part of a line, the break is before the one in the fewest brackets.
    """
    rest = first if rest is None else rest
    words = content.split()
    out: list[str] = []
    room = first
    while words:
        count = _fitting(words, room)
        if count < len(words):
            depth, best = 0, (len(content), False, 0)
            for at, word in enumerate(words[: count + 1]):
                if at and word in BREAKS and 3 * width(" ".join(words[:at])) > room:
                    best = min(best, (depth, word not in TERMS, -at))
                depth += sum(word.count(opened) for opened in "([") - sum(word.count(closed) for closed in ")]")
            count = -best[2] or count
        out.append(" ".join(words[:count]))
        words, room = words[count:], rest
    return out


def _fitting(words: Sequence[str], room: int) -> int:
    """Give how many words fit on a line, at least one."""
    used = -1
    for at, word in enumerate(words):
        used += 1 + width(word)
        if used > room and at:
            return at
    return len(words)


def prose(content: str, room: int, style: str = "") -> Block:
    """Fold running text, paragraph by paragraph."""
    rows: list[str] = []
    for paragraph in content.split("\n"):
        words = paragraph.split()
        if not words:
            rows.append("")
        start = 0
        while start < len(words):
            stop = start + _fitting(words[start : start + room + 1], room)
            rows.append(" ".join(words[start:stop]))
            start = stop
    while rows and not rows[-1]:
        rows.pop()
    return lines_of(rows, style)


def flow(blocks: Iterable[Block], room: int, gap: int = 4) -> Block:
    """Set blocks side by side as far as they fit, then go on below."""
    rows: list[list[Block]] = []
    used = 0
    for block in blocks:
        if rows and used + gap + block.width <= room:
            rows[-1].append(block)
            used += gap + block.width
        else:
            rows.append([block])
            used = block.width
    return below(*(beside(*row, gap=gap) for row in rows))


def finished(rows: Iterable[Line], page: Page) -> list[Line]:
    """Take blanks off the ends of lines, and put ASCII for other signs where nothing else can be shown."""
    out: list[Line] = []
    for line in rows:
        line = [(content.translate(ASCII), style) for content, style in line] if page.ascii else list(line)
        while line and not line[-1][0].strip():
            line.pop()
        if line:
            line[-1] = (line[-1][0].rstrip(), line[-1][1])
        out.append(line)
    return out


def printed(rows: Iterable[Line], page: Page, color: bool = False) -> str:
    """Give laid-out lines as text, with colour if asked; only then is Rich loaded."""
    lines = finished(rows, page)
    if not color:
        return inert(plain_text(lines))
    from .color import colored

    return inert(colored(lines))


def plain_text(rows: Iterable[Line]) -> str:
    """Join lines without their styles."""
    return "\n".join("".join(content for content, _ in line) for line in rows) + "\n"
