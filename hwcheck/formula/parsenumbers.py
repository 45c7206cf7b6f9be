"""Numbers and fractions in formulas: a fraction of two literals is one number."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from .expr import NEGATE, Call, Expr, Num, Where
from .lex import FormulaError, Token
from .parsederivatives import derivative_of_groups
from .parseforms import indicator
from .parsemeanings import behind_name

if TYPE_CHECKING:
    from .grammar import Parser


def literal(parser: Parser, power: int) -> Expr:
    """Read a number; a fraction of two literals at the start of a term is one number, unless a power follows."""
    token = parser.take()
    if token.text == "1" and parser.sees("_") and parser.look(1).text == "{":
        return indicator(parser, token.start)
    found = times_ten(parser, digits(token)) if power <= NEGATE else digits(token)
    if power <= NEGATE and parser.sees("/") and parser.look(1).kind == "num" and parser.look(2).text != "^":
        parser.take()
        found = ratio(parser, found, digits(parser.take()), token.start)
    if found.value == inf or (found.value == 0 and token.text.lower().partition("e")[0].strip("0.")):
        raise FormulaError("a number too large or too small to be meant", token.start, token.end)
    return found


def digits(token: Token) -> Num:
    """Give the number that a token is; `½` is a fraction."""
    above, _, below = token.text.partition("/")
    return Num(float(above) / float(below or 1), token.text, Where(token.start, token.end))


def times_ten(parser: Parser, found: Num) -> Num:
    """Read the power of ten of `4.953 \\times 10^{-3}`, as one number."""
    if not parser.sees("×") or parser.look(1).text != "10" or parser.look(2).text != "^":
        return found
    braced = parser.look(3).text == "{"
    negative = parser.look(3 + braced).text == "-"
    power = parser.look(3 + braced + negative)
    last = 4 + braced + negative
    if not power.text.isdigit() or len(power.text) > 3 or set(found.text) & set("eE/"):
        return found
    if (braced and parser.look(last).text != "}") or parser.look(last + braced).text == "^":
        return found
    parser.at += last + braced
    text = f"{found.text}e{'-' * negative}{power.text}"
    return Num(float(text), text, parser.where(found.at.start))


def fraction(parser: Parser) -> Expr:
    """Read `\\frac{a}{b}`, which may be a derivative: `\\frac{\\partial J}{\\partial W_1}`."""
    start = parser.take().start
    derivative = derivative_of_groups(parser)
    if derivative is not None:
        return behind_name(parser, derivative._replace(at=parser.where(start)), start)
    parts: list[Expr] = []
    for _ in range(2):
        if not parser.sees("{"):
            reason = "\\frac needs two groups in braces"
            raise FormulaError(reason, start, parser.look(-1).end, "write \\frac{a}{b}")
        parts.append(parser.group())
    above, below = parts
    nothing = isinstance(below, Num) and below.value == 0 and above == below  # what cases are where none holds
    if isinstance(above, Num) and isinstance(below, Num) and "/" not in above.text + below.text and not nothing:
        return ratio(parser, above, below, start)
    return Call("/", (above, below), parser.where(start))


def ratio(parser: Parser, above: Num, below: Num, start: int) -> Num:
    """Give the one number that a fraction of two literals is."""
    if below.value == 0:
        raise FormulaError("a division by zero", start, parser.look(-1).end)
    return Num(above.value / below.value, f"{above.text}/{below.text}", parser.where(start))
