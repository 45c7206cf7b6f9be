"""The LaTeX that a pasted solution holds, as the tokens that it stands for.

Sizes, blanks and alignment mean nothing and are left out; a matrix becomes the brackets, commas and semicolons that a
student would type. A command that is not known is refused by its name: none is left out because it is not understood.
"""

from __future__ import annotations

from typing import NoReturn

from ..text import safe_text
from .lexnames import FormulaError, Token, after_blanks, command, is_digit, latex_name, read_name, starts_name
from .names import LATIN
from .spellings import ACCENTS, COMMANDS, ENVIRONMENTS, FONTS, NOT_READ, SIZES, SUPERSCRIPT

BARS = {"|": "|", "\\|": "||", "\\vert": "|", "\\Vert": "||", "\\lvert": "|", "\\rvert": "|", "\\lVert": "||"}
BARS["\\rVert"] = "||"


def read_latex(text: str, at: int, out: list[Token], within: list[str]) -> int:
    """Read one LaTeX command as the tokens that it stands for; `within` are the environments that are open."""
    word, end = command(text, at)
    touching = bool(out) and out[-1].end == at
    if word in SIZES:
        return _sized(text, at, word, end, out)
    if word in ("begin", "end"):
        return _environment(text, at, word, end, out, within)
    one = _after_one(text, end) if word in FONTS else 0
    if one:
        out.append(Token("op", "𝟙", at, one, touching))
        return one
    if word in ACCENTS or word in FONTS or word in LATIN:
        name, end = latex_name(text, at)
        out.append(Token("name", name, at, end, touching))
        return end
    if word not in COMMANDS:
        refuse_command(word, at, end)
    what = COMMANDS[word]
    if what == "∂":
        return _partial(text, at, end, out, touching)
    if what == "\\":
        _line_end(text, at, end, out, within)
    elif what == "apart":
        if out and out[-1].text not in (",", ";", "=", "[") and text[end:].strip(" \n\t$") and not within:
            fix = "write one formula a line, and entries as [a, b]"
            raise FormulaError(f"`\\{word}` sets two things apart", at, end, fix)
    elif what in ("T", "sum"):
        out.append(Token("name", what, at, end, touching))
    elif what == "frac":
        out.append(Token("op", what, at, end, touching))
    elif what.isalpha():
        name, end = latex_name(text, at)
        out.append(Token("name", name, at, end, touching))
    elif what:
        out.append(Token("op", what, at, end, touching))
    return end


def refuse_command(word: str, at: int, end: int) -> NoReturn:
    """Refuse a command by its name, with what to write in its place."""
    known = "\\frac \\partial \\hat \\odot \\cdot \\top \\sum \\begin{pmatrix} and Greek letters"
    fix = NOT_READ.get(word, f"of LaTeX these are read: {known}")
    raise FormulaError(f"`\\{safe_text(word, 40)}` is not read here", at, end, fix)


def _sized(text: str, at: int, word: str, end: int, out: list[Token]) -> int:
    """Read what a `\\left` stands before: a bar is one that opens or closes, a point is none."""
    start = after_blanks(text, end)
    sign = text[start : start + 1]
    if sign == "\\":
        inner, stop = command(text, start)
        sign = "\\" + inner
    else:
        stop = start + 1
    side = "l" if word == "left" or word[-1] == "l" else "r" if word == "right" or word[-1] == "r" else ""
    if sign in BARS:
        out.append(Token("op", side + BARS[sign], at, stop, bool(out) and out[-1].end == at))
        return stop
    if sign == ".":
        return stop
    if sign == "(" and out and out[-1].end == at:  # nothing but `\left` is between a function and its bracket
        out.append(Token("op", "(", at, stop, True))
        return stop
    return end


def _partial(text: str, at: int, end: int, out: list[Token], touching: bool) -> int:
    """Read `\\partial W_1` as one name."""
    start = after_blanks(text, end)
    braced = text[start : start + 1] == "{"
    start += braced
    if text[start : start + 1] == "\\":
        name, stop = latex_name(text, start)
    elif starts_name(text[start : start + 1]):
        name, stop = read_name(text, start)
    else:
        raise FormulaError("\\partial without a name behind it", at, end, "write \\frac{\\partial J}{\\partial W_1}")
    stop += braced and text[stop : stop + 1] == "}"
    out.append(Token("name", "d" + name, at, stop, touching, True))
    return stop


def _after_one(text: str, at: int) -> int:
    """Give where the 1 of an indicator ends, `\\mathbb{1}` or `\\mathbf 1`; 0 where a font holds something else."""
    at = after_blanks(text, at)
    if text[at : at + 3] == "{1}":
        return at + 3
    return at + 1 if text[at : at + 1] == "1" and not is_digit(text[at + 1 : at + 2]) else 0


def read_sign(text: str, at: int, out: list[Token]) -> int:
    """Read an argument of `\\frac12` or `\\frac{1}2` without braces, as if it had some; 0 where none stands."""
    sign, end = command(text, at) if text[at] == "\\" else (text[at], at + 1)
    if not (out and (sign in LATIN or (sign == text[at] and sign.isascii() and sign.isalnum())) and _waits(out)):
        return 0
    kind = "num" if sign.isdigit() else "name"
    for piece, what in (("op", "{"), (kind, sign), ("op", "}")):
        out.append(Token(piece, what, at, end, False))
    return end


def _waits(out: list[Token]) -> bool:
    """Tell whether the last token is a `\\frac`, or closes the first of its two groups."""
    before = len(out) - 1
    if out[before].text == "}":
        depth = 1
        while depth and before:
            before -= 1
            depth += (out[before].text == "}") - (out[before].text == "{")
        before -= 1
    return out[before].text == "frac" and out[before].kind == "op"


# --- environments -------------------------------------------------------------------------------------------


def _environment(text: str, at: int, word: str, end: int, out: list[Token], within: list[str]) -> int:
    """Read `\\begin{pmatrix}` and the like: a matrix is brackets, cases are a sign of their own."""
    close = text.find("}", end)
    name = text[end + 1 : close].strip() if text[end : end + 1] == "{" and close > 0 else ""
    kind = ENVIRONMENTS.get(name.rstrip("*"))
    if kind is None:
        shown = f"\\{word}{{{safe_text(name, 40)}}}" if name else f"\\{word}"
        fix = "write a matrix as \\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}, or as [a, b; c, d]"
        raise FormulaError(f"`{shown}` is not read here", at, max(close + 1, end), fix)
    stop = close + 1
    if word == "begin":
        within.append(name)
        if name == "array" and text[stop : stop + 1] == "{":
            stop = text.find("}", stop) + 1 or len(text)
        if kind:
            out.append(Token("op", kind, at, stop, False))
        return stop
    if not within or within[-1] != name:
        opened = f"\\begin{{{within[-1]}}}" if within else "nothing"
        raise FormulaError(f"`\\end{{{name}}}` closes {opened}", at, stop, f"begin with \\begin{{{name}}}")
    within.pop()
    if kind and out[-1].text == ";":
        out.pop()
    if kind:
        out.append(Token("op", "]", at, stop, False))
    return stop


def _line_end(text: str, at: int, end: int, out: list[Token], within: list[str]) -> None:
    """Read `\\\\`: the next row of a matrix, or the end of a line that is the last."""
    if within and ENVIRONMENTS[within[-1].rstrip("*")]:
        out.append(Token("op", ";", at, end, False))
    elif out and not text[end:].lstrip(" \n\t$").startswith("\\end") and text[end:].strip(" \n\t$"):
        raise FormulaError("a line break within a formula", at, end, "write one formula a line")


def column_sign(at: int, out: list[Token], within: list[str]) -> bool:
    """Read `&`: the next column of a matrix, or a place to align; False where it is neither."""
    if within and ENVIRONMENTS[within[-1].rstrip("*")]:
        out.append(Token("op", ",", at, at + 1, False))
        return True
    return bool(within) or not out


# --- superscripts -------------------------------------------------------------------------------------------


def read_superscript(text: str, at: int, out: list[Token]) -> int:
    """Read `²`, `⁻ˣ` as a power, `ᵀ` as a transpose, `⁽¹⁾` as the layer of `W^(1)`."""
    end = at
    while end < len(text) and text[end] in SUPERSCRIPT:
        end += 1
    what = "".join(SUPERSCRIPT[char] for char in text[at:end])
    touching = bool(out) and out[-1].end == at
    if what == "T":
        out.append(Token("op", "ᵀ", at, end, touching))
        return end
    out.append(Token("op", "^", at, at, touching))
    inner = what.strip("()")
    signs = len(inner) - len(inner.lstrip("+-"))
    bracketed = what != inner
    if what == "+":
        out.append(Token("op", "+", at, end, True))
        return end
    word = inner[signs:]
    if not (word.isdigit() or (word.isalpha() and "T" not in word)) or signs > 1 or what not in (inner, f"({inner})"):
        raise FormulaError("a superscript that is neither a power nor a transpose", at, end, "write ^ and the power")
    for piece in [*(["("] if bracketed else []), *inner[:signs], word, *([")"] if bracketed else [])]:
        kind = "num" if piece.isdigit() else "name" if piece.isalpha() else "op"
        out.append(Token(kind, piece, at, end, True))
    return end
