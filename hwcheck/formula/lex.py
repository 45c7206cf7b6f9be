"""Text to tokens, in one pass over the characters: no regular expression, so no text can make it slow.

Many spellings become one token here: the minus sign U+2212, primes, full-width characters, superscripts, and the
small set of LaTeX that a pasted solution holds. Every token knows where it stood in the text as typed, and whether
it touches the one before.
"""

from typing import NamedTuple, NoReturn

from ..text import safe_text
from .names import LATIN, MARKS, SUBSCRIPTS
from .spellings import ACCENTS, COMMANDS, ELSEWHERE, FONTS, LONG, LOOKALIKES, MEANS, SAME, SINGLE, SUPERSCRIPT

MAX_TEXT = 2000
MAX_TOKENS = 500
MAX_DIGITS = 60
MAX_EXPONENT = 400


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


def tokens(text: str) -> list[Token]:
    """Cut a text into tokens, the last of kind "end".

    Raises:
        FormulaError: a character, number or LaTeX command that no formula has, or more text than a formula needs.
    """
    if len(text) > MAX_TEXT:
        raise FormulaError(
            f"a formula of {len(text)} characters; at most {MAX_TEXT} are read",
            0,
            1,
            "write it in several shorter lines",
        )
    out: list[Token] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
            continue
        at = _token(text, at, out)
        if len(out) > MAX_TOKENS:
            raise FormulaError(
                f"a formula of more than {MAX_TOKENS} parts", 0, len(text), "write it in several shorter lines"
            )
    out.append(Token("end", "", len(text), len(text), False))
    return _subscripts_before_primes(out)


def _subscripts_before_primes(pieces: list[Token]) -> list[Token]:
    """Read `f'_1` as `f_1'`: the subscript belongs to the name, wherever the prime stands."""
    for at in range(2, len(pieces)):
        subscript, first = pieces[at], at
        if subscript.kind != "name" or subscript.text[0] != "_" or not subscript.touching:
            continue
        while pieces[first - 1].text == "'" and first > 1:
            first -= 1
        name = pieces[first - 1]
        if first < at and name.kind == "name":
            whole = Token("name", name.text + subscript.text, name.start, subscript.end, name.touching, name.partial)
            return _subscripts_before_primes([*pieces[: first - 1], whole, *pieces[first:at], *pieces[at + 1 :]])
    return pieces


def _token(text: str, at: int, out: list[Token]) -> int:
    """Add the token (or two) that starts at a character; give where the next may start."""
    char = plain(text[at])

    def put(kind: str, what: str, end: int, partial: bool = False) -> int:
        touching = bool(out) and out[-1].end == at
        out.append(Token(kind, what, at, end, touching, partial))
        return end

    if _digit(char) or (char == "." and _digit(text[at + 1 : at + 2])):
        what, end = _number(text, at)
        return put("num", what, end)
    if char in SUPERSCRIPT:
        return _superscript(text, at, out)
    if char == "sqrt":
        return put("name", char, at + 1)
    if char == "∂" or _starts_name(char):
        partial = char == "∂"
        start = at
        if partial:
            start = _skip_blanks(text, at + 1)
            if text[start : start + 1] == "\\":
                name, end = _latex_name(text, start)
            elif not _starts_name(text[start : start + 1]):
                raise FormulaError("∂ without a name behind it", at, at + 1, "write a derivative as dJ/dW1 or ∂J/∂W1")
            else:
                name, end = _name(text, start)
            return put("name", "d" + name, end, True)
        name, end = _name(text, start)
        return put("name", name, end)
    if char == "\\":
        return _latex(text, at, out)
    if char == "." and text[at + 1 : at + 2] == "T" and not _in_name(text[at + 2 : at + 3]):
        return put("op", "ᵀ", at + 2)
    if char == "@":
        digits = _while_digits(text, at + 1)
        if out and out[-1].end == at and (out[-1].kind == "name" or is_step(out[-1])) and digits > at + 1:
            return put("op", text[at:digits], digits)
    pair = char + plain(text[at + 1 : at + 2])
    if pair in LONG:
        return put("op", MEANS.get(pair, pair), at + 2)
    if char in LONG or (len(char) == 1 and char in SINGLE):
        return put("op", char, at + 1)
    _refuse(text, at)


def is_step(token: Token) -> bool:
    """Tell whether a token is the `@2` of `X1@2`."""
    return token.kind == "op" and token.text[0] == "@" and len(token.text) > 1


def plain(char: str) -> str:
    """Give the character that is meant: full-width ones as ASCII, look-alike operators as the operator."""
    if char and "\uff01" <= char <= "\uff5e":
        char = chr(ord(char) - 0xFEE0)
    return SAME.get(char, char)


def _refuse(text: str, at: int) -> NoReturn:
    char = text[at]
    point = f"U+{ord(char):04X}"
    fix = {
        "%": "write a number: 0.5 for 50%",
        "‰": "write a number: 0.003 for 3‰",
        "½": "write 1/2",
        "∞": "write a number",
        "$": "leave the $ signs out",
        '"': "leave the quotation marks out",
        "≈": "leave ≈ out: every number is taken as rounded",
        "~": "leave ~ out: every number is taken as rounded",
        "!": "there are no factorials here",
        "&": "write the entries as [a, b; c, d]",
        "√": "write sqrt(...)",
        "∑": "write sum(i = 1..n, ...)",
    }.get(char, "delete it")
    if char == "." and _starts_name(text[at + 1 : at + 2]):  # np.tanh
        name = _name(text, at + 1)[0]
        fix = f"write {ELSEWHERE.get(name) or f'`{name}` alone, without what stands before the point'}"
    if char.isprintable() and safe_text(char) == char:
        raise FormulaError(f"`{char}` has no meaning in a formula", at, at + 1, fix)
    raise FormulaError(
        f"an invisible character, {point}, is no part of a formula", at, at + 1, "type the formula again without it"
    )


# --- numbers ------------------------------------------------------------------------------------------------


def _digit(char: str) -> bool:
    return "0" <= char <= "9" if char.isascii() else "0" <= plain(char) <= "9" and len(plain(char)) == 1


def _while_digits(text: str, at: int) -> int:
    while at < len(text) and _digit(text[at]):
        at += 1
    return at


def _number(text: str, at: int) -> tuple[str, int]:
    """Read `12`, `1.5`, `.5`, `1e-3`; the point of `1..3` and of `2.*x` is none of the number's."""
    end = _while_digits(text, at)
    if plain(text[end : end + 1]) == "." and text[end + 1 : end + 2] not in (".", "*", "T"):
        end = _while_digits(text, end + 1)
    mantissa = end
    if text[end : end + 1] in ("e", "E"):
        sign = end + 1
        if plain(text[sign : sign + 1]) in ("+", "-"):
            sign += 1
        stop = _while_digits(text, sign)
        if stop > sign and not (stop < len(text) and _starts_name(text[stop])):
            end = stop
    literal = "".join(plain(char) for char in text[at:end])
    digits = sum(char.isdigit() for char in literal[: mantissa - at])
    exponent = literal[mantissa - at + 1 :].lstrip("+-")
    if digits > MAX_DIGITS or len(exponent) > 6 or (exponent and int(exponent) > MAX_EXPONENT):
        raise FormulaError(
            "a number too long to be meant",
            at,
            end,
            f"at most {MAX_DIGITS} digits and exponents to {MAX_EXPONENT} are read",
        )
    return literal, end


# --- names --------------------------------------------------------------------------------------------------


def _starts_name(char: str) -> bool:
    return char != "" and (char.isalpha() or char == "_") and char not in SUPERSCRIPT


def _in_name(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char == "_"
    return char != "" and (_starts_name(char) or _digit(char) or char in MARKS or char in SUBSCRIPTS)


def _name(text: str, at: int) -> tuple[str, int]:
    end = at
    while end < len(text) and _in_name(text[end]):
        end += 1
    if text[at:end].isascii():
        return _subscript(text, end, text[at:end])
    name = "".join(plain(char) for char in text[at:end])
    latin = sum("a" <= char.lower() <= "z" for char in name)
    for offset, char in enumerate(name):
        if char in LOOKALIKES and (latin or all(other in LOOKALIKES or not other.isalpha() for other in name)):
            reason = f"U+{ord(char):04X} looks like `{LOOKALIKES[char]}` but is another letter"
            raise FormulaError(reason, at + offset, at + offset + 1, f"type `{LOOKALIKES[char]}` on a Latin keyboard")
    return _subscript(text, end, name)


def _subscript(text: str, end: int, name: str) -> tuple[str, int]:
    """Add the group of `W_{12}`, as LaTeX writes it, to a name."""
    if name.endswith("_") and text[end : end + 1] == "{":
        close = text.find("}", end)
        inner = "".join(plain(char) for char in text[end + 1 : close] if not char.isspace())
        if close < 0 or not inner or not all(_in_name(char) for char in inner):
            raise FormulaError(
                "a subscript that is no name or number", end, end + 1, "write an index in brackets: W1[1,2]"
            )
        return name + inner, close + 1
    return name, end


# --- superscripts and LaTeX ---------------------------------------------------------------------------------


def _superscript(text: str, at: int, out: list[Token]) -> int:
    """Read `²`, `⁻¹` as a power, `ᵀ` as a transpose, `⁽¹⁾` as the layer of `W^(1)`."""
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
    if not inner[signs:].isdigit() or signs > 1 or (what != inner and what != f"({inner})"):
        raise FormulaError("a superscript that is neither a power nor a transpose", at, end, "write ^ and the power")
    pieces = (["("] if what != inner else []) + list(inner[:signs]) + [inner[signs:]] + ([")"] if what != inner else [])
    for piece in pieces:
        out.append(Token("num" if piece.isdigit() else "op", piece, at, end, True))
    return end


def _skip_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _command(text: str, at: int) -> tuple[str, int]:
    """Read `\\word` or `\\,`: the word and where it ends."""
    end = at + 1
    while end < len(text) and text[end].isascii() and text[end].isalpha():
        end += 1
    if end == at + 1:
        end = min(end + 1, len(text))
    return text[at + 1 : end], end


def _latex_name(text: str, at: int, within: int = 0) -> tuple[str, int]:
    """Read a name that LaTeX spells with a command: `\\hat{y}`, `\\delta_1`, `\\mathbf{W}_{12}`."""
    word, end = _command(text, at)
    if word in ACCENTS or word in FONTS:
        if within > 3:
            raise FormulaError("more accents and fonts than one name can have", at, end, f"write \\{word}{{y}}")
        end = _skip_blanks(text, end)
        braced = text[end : end + 1] == "{"
        inner = _skip_blanks(text, end + 1) if braced else end
        if text[inner : inner + 1] == "\\":
            name, stop = _latex_name(text, inner, within + 1)
        elif braced:
            name, stop = _name(text, inner)
        else:
            name, stop = text[inner : inner + 1], inner + 1
        if braced:
            stop = _skip_blanks(text, stop)
            if text[stop : stop + 1] != "}":
                raise FormulaError(f"\\{word} without its closing brace", at, end, f"write \\{word}{{y}}")
            stop += 1
        if not name or not all(_in_name(char) for char in name):
            raise FormulaError(f"\\{word} without a name", at, end, f"write \\{word}{{y}}")
        base, mark = (name.rstrip("_0123456789"), ACCENTS.get(word, ""))
        name, end = base + mark + name[len(base) :], stop
    elif word in LATIN:
        name = word
    else:
        name = COMMANDS.get(word, "")
        if not name.isalpha():
            raise FormulaError(f"`\\{safe_text(word)}` is not read here", at, end, "write the formula in plain text")
    while end < len(text) and _in_name(text[end]) and (name[-1:] == "_" or text[end] == "_" or text[end] in SUBSCRIPTS):
        more, end = _name(text, end)
        name += more
    return _subscript(text, end, name)


def _latex(text: str, at: int, out: list[Token]) -> int:
    """Read one LaTeX command as the token that it stands for."""
    word, end = _command(text, at)
    touching = bool(out) and out[-1].end == at
    if word in ACCENTS or word in FONTS or word in LATIN:
        name, end = _latex_name(text, at)
        out.append(Token("name", name, at, end, touching))
        return end
    if word not in COMMANDS:
        known = "\\frac \\partial \\hat \\odot \\cdot \\top and Greek letters"
        raise FormulaError(f"`\\{safe_text(word)}` is not read here", at, end, f"of LaTeX these are read: {known}")
    what = COMMANDS[word]
    if what == "∂":
        start = _skip_blanks(text, end)
        braced = text[start : start + 1] == "{"
        start += braced
        if text[start : start + 1] == "\\":
            name, stop = _latex_name(text, start)
        elif _starts_name(text[start : start + 1]):
            name, stop = _name(text, start)
        else:
            raise FormulaError(
                "\\partial without a name behind it", at, end, "write \\frac{\\partial J}{\\partial W_1}"
            )
        stop += braced and text[stop : stop + 1] == "}"
        out.append(Token("name", "d" + name, at, stop, touching, True))
        return stop
    if what == "sqrt":
        out.append(Token("name", what, at, end, touching))
    elif what == "T":
        out.append(Token("name", "T", at, end, touching))
    elif what.isalpha() and what != "frac":
        name, end = _latex_name(text, at)
        out.append(Token("name", name, at, end, touching))
    elif what:
        out.append(Token("op", what, at, end, touching))
    return end


__all__ = ["FormulaError", "Token", "is_step", "plain", "tokens"]
