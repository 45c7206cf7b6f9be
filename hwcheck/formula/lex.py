"""Text to tokens, in one pass over the characters: no regular expression, so no text can make it slow.

Many spellings become one token here: the minus sign U+2212, primes, full-width characters, superscripts, and the
small set of LaTeX that a pasted solution holds. Every token knows where it stood in the text as typed, and whether
it touches the one before.
"""

from __future__ import annotations

from typing import NoReturn

from ..text import safe_text
from .lexnames import FormulaError, Token, after_blanks, in_name, is_digit, latex_name, plain, read_name, starts_name
from .names import SUBSCRIPTS
from .spellings import ELSEWHERE, FRACTIONS, LONG, MEANS, SINGLE, SUPERSCRIPT

MAX_TEXT = 2000
MAX_TOKENS = 500
MAX_DIGITS = 60
MAX_EXPONENT = 400
#: What stands around a formula in a text; the signs alone mean nothing.
AROUND = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"))


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
    within: list[str] = []
    at = 0
    latex = "\\" in text
    if latex:
        from .lexlatex import read_sign
    if latex or "$" in text:
        at, stop = _inside(text)
        text = text[:stop]
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        at = (latex and read_sign(text, at, out)) or _token(text, at, out, within)
        if len(out) > MAX_TOKENS:
            raise FormulaError(
                f"a formula of more than {MAX_TOKENS} parts", 0, len(text), "write it in several shorter lines"
            )
    if within:
        raise FormulaError(f"`\\begin{{{within[-1]}}}` is never closed", 0, len(text), f"add \\end{{{within[-1]}}}")
    out.append(Token("end", "", len(text), len(text), False))
    if not text.isascii() or ("_" in text and "^" in text):
        out = _powers_last(out)
    return out if text.isascii() and "'" not in text and "\\" not in text else _primes_last(out)


def _inside(text: str) -> tuple[int, int]:
    """Give where the formula in `$$ ... $$` or `\\( ... \\)` begins and ends: that of all the text without them."""
    typed = text.strip()
    for opens, closes in AROUND:
        if typed.startswith(opens) and typed.endswith(closes) and len(typed) > len(opens) + len(closes):
            start = text.index(opens) + len(opens)
            stop = text.rindex(closes)
            if closes not in text[start:stop]:
                return start, stop
    return 0, len(text)


def _primes_last(pieces: list[Token]) -> list[Token]:
    """Read `f'_1`, `f'_{1}` and `f'1` as `f_1'`, and `f^{\\prime}` as `f'`: the number belongs to the name, and the
    prime stands behind."""
    out: list[Token] = []
    at = 0
    while at < len(pieces):
        token = pieces[at]
        if token.text == "^":
            inner = at + 1 + (pieces[at + 1].text == "{")
            if pieces[inner].text == "'" and (inner == at + 1 or pieces[inner + 1].text == "}"):
                out.append(pieces[inner]._replace(touching=True))
                at = inner + 1 + (inner > at + 1)
                continue
        below = _below(pieces, at) if out and out[-1].text == "'" else None
        if below is not None:
            first = len(out) - 1
            while first and out[first].text == "'":
                first -= 1
            name = out[first]
            if name.kind == "name":
                number, at = below
                out[first] = name._replace(text=name.text + "_" + number.text, end=number.end)
                continue
        out.append(token)
        at += 1
    return out


def _powers_last(pieces: list[Token]) -> list[Token]:
    """Read `w^2_1` as `w_1^2`: in print they stand above each other."""
    out: list[Token] = []
    at = 0
    while at < len(pieces):
        out.append(pieces[at])
        at += 1
        if len(out) < 3 or out[-1].kind != "num" or out[-2].text != "^" or out[-3].kind != "name":
            continue
        below = _below(pieces, at) if pieces[at].text == "_" else None
        if below is not None:
            out[-3] = out[-3]._replace(text=f"{out[-3].text}_{below[0].text}")
            at = below[1]
    return out


def _below(pieces: list[Token], at: int) -> tuple[Token, int] | None:
    """Give the name or number that stands below a prime or a power, and where the next token is."""
    token = pieces[at]
    if token.touching and token.text.isdigit():
        return token, at + 1
    if token.text != "_" or token.kind != "op":
        return None
    braced = pieces[at + 1].text == "{"
    inner = pieces[at + 1 + braced]
    if inner.kind not in ("name", "num") or (braced and pieces[at + 3].text != "}"):
        return None
    return inner, at + 2 + 2 * braced


def _token(text: str, at: int, out: list[Token], within: list[str]) -> int:
    """Add the tokens that start at a character; give where the next may start."""
    char = plain(text[at])

    def put(kind: str, what: str, end: int, partial: bool = False) -> int:
        touching = bool(out) and out[-1].end == at
        out.append(Token(kind, what, at, end, touching, partial))
        return end

    if is_digit(char) or (char == "." and is_digit(text[at + 1 : at + 2])):
        what, end = _number(text, at)
        return put("num", what, end)
    if char in SUPERSCRIPT:
        from .lexlatex import read_superscript

        return read_superscript(text, at, out)
    if char in ("sqrt", "sum"):
        return put("name", char, at + 1)
    if char == "_" and out and (not text[at - 1].isspace() or text[at + 1 : at + 2] == "{"):
        return put("op", "_", at + 1)
    if char == "∂" or starts_name(char):
        partial = char == "∂"
        start = at
        if partial:
            start = after_blanks(text, at + 1)
            if text[start : start + 1] == "\\":
                name, end = latex_name(text, start)
            elif not starts_name(text[start : start + 1]):
                raise FormulaError("∂ without a name behind it", at, at + 1, "write a derivative as dJ/dW1 or ∂J/∂W1")
            else:
                name, end = read_name(text, start)
            return put("name", "d" + name, end, True)
        name, end = read_name(text, start)
        return put("name", name, end)
    if char == "\\":
        from .lexlatex import read_latex  # pasted from a solution; few formulas are

        return read_latex(text, at, out, within)
    if char == "." and text[at + 1 : at + 2] == "T" and not in_name(text[at + 2 : at + 3]):
        return put("op", "ᵀ", at + 2)
    if char == "@":
        digits = _while_digits(text, at + 1)
        if out and out[-1].end == at and (out[-1].kind == "name" or is_step(out[-1])):
            return put("op", text[at:digits], digits)
    if text.startswith("(.)", at):
        return put("op", "⊙", at + 3)
    if text.startswith("...", at):
        return put("op", "…", at + 3)
    pair = char + plain(text[at + 1 : at + 2])
    if pair in LONG and len(char) == 1:
        return put("op", MEANS.get(pair, pair), at + 2)
    if text[at] == "×":  # with a power of ten behind it, part of a number
        return put("op", "×", at + 1)
    if char in LONG or char in SINGLE:
        return put("op", char, at + 1)
    if char in FRACTIONS:
        return put("num", FRACTIONS[char], at + 1)
    if char in SUBSCRIPTS and out and out[-1].end == at:
        put("op", "_", at)
        end = at
        while end < len(text) and text[end] in SUBSCRIPTS:
            end += 1
        return put("num", "".join(SUBSCRIPTS[digit] for digit in text[at:end]), end)
    if char == "&":
        from .lexlatex import column_sign

        if column_sign(at, out, within):
            return at + 1
    _refuse(text, at)


def is_step(token: Token) -> bool:
    """Tell whether a token is the `@2` of `X1@2`."""
    return token.kind == "op" and token.text[0] == "@" and len(token.text) > 1


def _refuse(text: str, at: int) -> NoReturn:
    char = text[at]
    point = f"U+{ord(char):04X}"
    fix = {
        "%": "write a number: 0.5 for 50%",
        "‰": "write a number: 0.003 for 3‰",
        "∞": "write a number",
        "$": "leave the $ signs out",
        '"': "leave the quotation marks out",
        "≈": "leave ≈ out: every number is taken as rounded",
        "~": "leave ~ out: every number is taken as rounded",
        **dict.fromkeys("→⇒⟹←↦⟶", "write each step on a line of its own"),
        "!": "there are no factorials here",
        "&": "write the entries as [a, b; c, d]",
        "⅐": "write 1/7",
    }.get(char, "delete it")
    if char == "." and starts_name(text[at + 1 : at + 2]):  # np.tanh
        name = read_name(text, at + 1)[0]
        fix = f"write {ELSEWHERE.get(name) or f'`{name}` alone, without what stands before the point'}"
    if char.isprintable() and safe_text(char) == char:
        raise FormulaError(f"`{char}` has no meaning in a formula", at, at + 1, fix)
    raise FormulaError(
        f"an invisible character, {point}, is no part of a formula", at, at + 1, "type the formula again without it"
    )


# --- numbers ------------------------------------------------------------------------------------------------


def _while_digits(text: str, at: int) -> int:
    while at < len(text) and is_digit(text[at]):
        at += 1
    return at


def _number(text: str, at: int) -> tuple[str, int]:
    """Read `12`, `1.5`, `.5`, `1e-3`; the point of `1..3` and of `2.*x` is none of the number's, that of `2.**x` is."""
    end = _while_digits(text, at)
    after = text[end + 1 : end + 3]
    if plain(text[end : end + 1]) == "." and (after[:1] not in (".", "*", "T") or after == "**"):
        end = _while_digits(text, end + 1)
    mantissa = end
    if text[end : end + 1] in ("e", "E"):
        sign = end + 1
        if plain(text[sign : sign + 1]) in ("+", "-"):
            sign += 1
        stop = _while_digits(text, sign)
        if stop > sign and not (stop < len(text) and starts_name(text[stop])):
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


__all__ = ["FormulaError", "Token", "is_step", "plain", "tokens"]
