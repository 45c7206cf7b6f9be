"""The lines of text in a picture: names as in a textbook, and how wide a text may be in a font that is not known."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from html import escape

from ..formula.names import LATIN, MARKS
from ..formula.symbols import Symbol, symbol
from ..record import NamedTuple
from ..text import width

SUBSCRIPT, DROP = 0.72, 0.22  # the size of a subscript, and how far below the line it stands, in that of the letters
NARROW = re.compile(r"[ijltfrI.,;:'|!()\[\]{}/ ⋅·]")
WIDE = re.compile(r"[mwMWΩΣ⊙ᵀ%@→…]")
WORD = re.compile(r"[^\W⁰¹²³⁴-⁹]+")
ACCENTS = {word: mark for mark, word in reversed(MARKS.items())}


class Run(NamedTuple):
    """A piece of a line: its text, whether it is slanted, and whether it stands below the line."""

    text: str
    slanted: bool = False
    below: bool = False


def runs_of(text: str, names: Collection[str]) -> list[Run]:
    """Take a line apart: letters that name quantities are slanted, and what stands at a name's end is a subscript."""
    out: list[Run] = []
    at = 0
    for found in WORD.finditer(text):
        name = found.group()
        lead = "d" if name not in names and name[1:] in names and name[0] == "d" else ""  # of a derivative
        name = name[len(lead) :]
        if name in names:
            letters, below = spelled(name)
            out += [Run(text[at : found.start()] + lead), Run(letters, _is_letter(letters))]
            out += [Run(below, _is_letter(below), True)]
            at = found.end()
    return [run for run in [*out, Run(text[at:])] if run.text]


def spelled(name: str) -> tuple[str, str]:
    """Give the letters of a name as they are printed, and its subscript: W and 1, ŷ, σ, net and h."""
    parts = symbol(name)
    return _letters(parts), ",".join(map(_flat, parts.below))


def _letters(parts: Symbol) -> str:
    return LATIN.get(parts.word, parts.word) + (ACCENTS[parts.accent] if parts.accent else "")


def _flat(parts: Symbol) -> str:
    """Give a subscript that may have one of its own on one line: `k1`."""
    return _letters(parts) + "".join(map(_flat, parts.below))


def _is_letter(text: str) -> bool:
    """Tell whether this is one letter, with or without an accent: words and digits stand upright."""
    return text[:1].isalpha() and width(text) == 1


def text_line(x: float, y: float, size: float, style: str, runs: Iterable[Run]) -> str:
    """Write a line around its middle `x`, in letters of a size, as SVG."""
    drop = f"{DROP * size:.1f}"
    parts: list[str] = []
    back = ""
    for run in runs:
        shown, slanted = escape(run.text), ' class="name"' if run.slanted else ""
        if run.below:
            parts.append(f'<tspan{slanted} dy="{drop}" font-size="{SUBSCRIPT * size:.1f}">{shown}</tspan>')
        else:
            parts.append(f"<tspan{slanted}{back}>{shown}</tspan>" if slanted or back else shown)
        back = f' dy="-{drop}"' if run.below else ""
    called = f' class="{style}"' if style else ""
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="middle" xml:space="preserve"'
    return f"<text{called} {where}>{''.join(parts)}</text>"


def text_width(text: str, size: float) -> float:
    """Give the pixels that a text takes at most in letters of a size, as wide fonts have them."""
    return size * sum(map(_em, text))


def _em(char: str) -> float:
    if NARROW.match(char):
        return 0.42
    if WIDE.match(char) or width(char) > 1:
        return 1.02
    return 0.0 if width(char) == 0 else 0.76 if char.isupper() else 0.66
