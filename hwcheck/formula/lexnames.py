"""Tokens, and the words among them: names in the letters of any script, with marks, subscripts and LaTeX commands.

A name is one token however it is spelled: `ŷ`, `\\hat{y}`, `W_{12}`, `\\mathbf{W}_1`, `x_{(2)}`. What else may stand
below a name (`x_{i+1}`) is left to the parser.
"""

from __future__ import annotations

from ..record import NamedTuple
from ..text import safe_text
from .names import LATIN, LETTERS_BELOW, MARKS, SUBSCRIPTS, letters_below
from .spellings import ACCENTS, COMMANDS, FONTS, LOOKALIKES, SAME, SUPERSCRIPT

MOST_ACCENTS = 3


class FormulaError(Exception):
    """A text that is no formula: the reason, the characters it is about, and a fix."""

    def __init__(self, reason: str, start: int, end: int, fix: str = "", code: str = "HW301") -> None:
        """Keep the reason, the characters start..end it is about, a fix, and the code of the diagnostic."""
        super().__init__(reason)
        self.reason, self.start, self.end, self.fix, self.code = reason, start, end, fix, code


class Token(NamedTuple):
    """A piece of text; kind is "num", "name", "op" or "end"; a name written with ∂ in front is `partial`."""

    kind: str
    text: str
    start: int
    end: int
    touching: bool
    partial: bool = False


def plain(char: str) -> str:
    """Give the character that is meant: full-width ones as ASCII, look-alike operators as the operator."""
    if "\uff01" <= char <= "\uff5e":
        char = chr(ord(char) - 0xFEE0)
    return SAME.get(char, char)


def is_digit(char: str) -> bool:
    """Tell whether a character is a digit, full-width ones included."""
    return "0" <= char <= "9" if char.isascii() else "0" <= plain(char) <= "9"


def starts_name(char: str) -> bool:
    """Tell whether a name may begin with a character."""
    return (char.isalpha() or char == "_") and char not in SUPERSCRIPT


def in_name(char: str) -> bool:
    """Tell whether a character may stand within a name."""
    if char.isascii():
        return char.isalnum() or char == "_"
    return starts_name(char) or is_digit(char) or char in MARKS or char in SUBSCRIPTS


def after_blanks(text: str, at: int) -> int:
    """Give the place of the next character that is no blank."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def read_name(text: str, at: int) -> tuple[str, int]:
    """Read a name and what stands below it; a letter behind the digits of `w₁x` begins another."""
    end = at
    while end < len(text) and in_name(text[end]):
        if end > at and _is_below(text[end - 1]) and text[end].isalpha() and not _is_below(text[end]):
            return _spelled(text, at, end), end
        end += 1
    return with_subscript(text, end, text[at:end] if text[at:end].isascii() else _spelled(text, at, end))


def _spelled(text: str, at: int, end: int) -> str:
    """Give the letters that are meant.

    Raises:
        FormulaError: a letter of another script that looks like a Latin one.
    """
    name = "".join(plain(char) for char in text[at:end])
    latin = sum("a" <= char.lower() <= "z" for char in name)
    for offset, char in enumerate(name):
        if char in LOOKALIKES and (latin or all(other in LOOKALIKES or not other.isalpha() for other in name)):
            reason = f"U+{ord(char):04X} looks like `{LOOKALIKES[char]}` but is another letter"
            raise FormulaError(reason, at + offset, at + offset + 1, f"type `{LOOKALIKES[char]}` on a Latin keyboard")
    return letters_below(name)


def _is_below(char: str) -> bool:
    return char in SUBSCRIPTS or char in LETTERS_BELOW


def with_subscript(text: str, end: int, name: str) -> tuple[str, int]:
    """Add the group of `W_{12}`, `x_{(2)}`, `x_(2)` or `W_{\\text{new}}` to a name; without its `_` where the group
    is no word and no number."""
    if not name.endswith("_"):
        return name, end
    if text[end : end + 1] == "{":
        inner, stop = _word_in(text, end + 1, "}")
        if not inner:
            start = after_blanks(text, end + 1)
            if text[start : start + 1] == "(":
                inner, stop = _word_in(text, start + 1, ")")
                stop = after_blanks(text, stop)
                if text[stop : stop + 1] != "}":
                    inner = ""
                stop += 1
        return (name + inner, stop) if inner else (name[:-1], end - 1)
    if text[end : end + 1] == "(":
        inner, stop = _word_in(text, end + 1, ")")
        return (name + inner, stop) if inner.isdigit() or inner in ("new", "old") else (name[:-1], end - 1)
    apart = text[end : end + 1] in ("+", "\\")
    return (name[:-1], end - 1) if apart else (name, end)


def _word_in(text: str, at: int, close: str) -> tuple[str, int]:
    """Read a word or number up to a closing bracket; empty where anything else stands there."""
    at = after_blanks(text, at)
    if text[at : at + 1] == "\\":
        word, end = command(text, at)
        if word in LATIN and text[end : end + 1] == close:
            return word, end + 1
        if word not in FONTS:
            return "", at
        at = after_blanks(text, end)
        if text[at : at + 1] != "{":
            return "", at
        inner, end = _word_in(text, at + 1, "}")
        end = after_blanks(text, end)
        return (inner, end + 1) if text[end : end + 1] == close else ("", end)
    end = at
    while end < len(text) and (in_name(text[end]) or text[end].isspace()):
        end += 1
    inner = "".join(plain(char) for char in text[at:end] if not char.isspace())
    return (inner, end + 1) if text[end : end + 1] == close else ("", end)


def command(text: str, at: int) -> tuple[str, int]:
    """Read `\\word` or `\\,`: the word and where it ends."""
    end = at + 1
    while end < len(text) and text[end].isascii() and text[end].isalpha():
        end += 1
    if end == at + 1:
        end = min(end + 1, len(text))
    return text[at + 1 : end], end


def latex_name(text: str, at: int, within: int = 0) -> tuple[str, int]:
    """Read a name that LaTeX spells with a command: `\\hat{y}`, `\\delta_1`, `\\mathbf{W}_{12}`."""
    word, end = command(text, at)
    if word in ACCENTS or word in FONTS:
        name, end = _dressed(text, at, word, end, within)
    elif word in LATIN:
        name = word
    else:
        name = COMMANDS.get(word, "")
        if not name.isalpha():
            raise FormulaError(f"`\\{safe_text(word)}` is not read here", at, end, "write the formula in plain text")
    if end < len(text) and (text[end] == "_" or text[end] in SUBSCRIPTS):
        more, end = read_name(text, end)
        return with_subscript(text, end, name + more)
    return name, end


def _dressed(text: str, at: int, word: str, end: int, within: int) -> tuple[str, int]:
    """Read the name under an accent or in a font."""
    if within > MOST_ACCENTS:
        raise FormulaError("more accents and fonts than one name can have", at, end, f"write \\{word}{{y}}")
    end = after_blanks(text, end)
    braced = text[end : end + 1] == "{"
    inner = after_blanks(text, end + 1) if braced else end
    if text[inner : inner + 1] == "\\":
        name, stop = latex_name(text, inner, within + 1)
    elif braced:
        name, stop = read_name(text, inner)
    else:
        name, stop = text[inner : inner + 1], inner + 1
    if braced:
        stop = after_blanks(text, stop)
        if text[stop : stop + 1] != "}":
            if stop < len(text):
                fix = "leave words out of a formula" if word.startswith("text") else f"write \\{word}{{y}}"
                raise FormulaError(f"\\{word} around more than a name", at, end, fix)
            raise FormulaError(f"\\{word} without its closing brace", at, end, f"write \\{word}{{y}}")
        stop += 1
    if not name or not in_name(name[0]):
        raise FormulaError(f"\\{word} without a name", at, end, f"write \\{word}{{y}}")
    base, mark = name.rstrip("_0123456789"), ACCENTS.get(word, "")
    if "_" in base:
        base = base[: base.index("_")]
    return base + mark + name[len(base) :], stop
