"""Names in formulas, and what may stand in their place: a quantity, a derivative, a function with its argument."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from .expr import Expr, Name
from .lex import Token
from .names import key
from .parsederivatives import derivative
from .parsefunctions import application, identity, primed, summation
from .parsemeanings import behind_name, chosen, function, known, meanings, pieces_of, undefined

if TYPE_CHECKING:
    from .cursor import Scope
    from .grammar import Parser

SUMS = ("sum", "Sigma")


def named(parser: Parser) -> Expr:
    """Read a name: a quantity, a derivative, a function with its argument, or a constant."""
    token = parser.take()
    start, text = token.start, token.text
    found = None if token.partial else known(parser, text)
    if found is None:
        total = derivative(parser, token)
        if total is not None:
            return behind_name(parser, total, start)
    elif not parser.scope.student and "_" not in text:
        return behind_name(parser, Name(found, parser.where(start)), start)
    options = meanings(parser, text, found)
    if options:
        return behind_name(parser, chosen(parser, options, start), start)
    if text.partition("_")[0] == "I" and (parser.sees("_") or "_" in text) and is_identity(parser):
        return identity(parser, token)
    if key(text).partition("_")[0] in SUMS and (parser.sees("_") or "_" in text):
        return summation(parser, token)
    if function(parser, text) is not None:
        return application(parser, token)
    if parser.scope.student:
        slope = primed(parser, text)
        if slope:
            return application(parser, token._replace(text=slope), primes=1)
    undefined(text, start, token.end)


def is_identity(parser: Parser) -> bool:
    """Tell whether I is the identity matrix, and no quantity or index."""
    return known(parser, "I") is None and function(parser, "I") is not None


def parted(pieces: list[Token], scope: Scope) -> list[Token]:
    """Cut `w_3h_1` as LaTeX does, one digit below a name and then the next name, unless it is an entry `w_3j`."""
    out: list[Token] = []
    loops = {*scope.indices, *(token.text for token, sign in pairwise(pieces) if sign.text == "=")}
    for token in pieces:
        while "_" in token.text:
            cut = _cut(token.text, scope, loops)
            if not cut:
                break
            middle = token.end - len(token.text) + cut
            out.append(token._replace(text=token.text[:cut], end=middle))
            token = Token("name", token.text[cut:], middle, token.end, True)
        out.append(token)
    return out


def unglued(pieces: list[Token], scope: Scope, derivatives: bool) -> list[Token]:
    """Cut `W1x` into `W1 x` where nothing has the whole name, and both parts are declared; `derivatives` stay whole,
    `dJ` where d and J are declared."""
    out: list[Token] = []
    for token in pieces:
        text = key(token.text)
        whole = token.partial or text in scope.names or text in scope.functions
        whole = whole or (derivatives and text[:1] == "d" and text[1:] in scope.names)
        cut = token.kind == "name" and not whole and token.text.isalnum()
        words = pieces_of(scope, token.text).split() if cut else []
        start = token.start
        for word in words:
            out.append(Token("name", word, start, start + len(word), start > token.start or token.touching))
            start += len(word)
        out += [] if words else [token]
    return out


def _cut(text: str, scope: Scope, loops: set[str]) -> int:
    """Give where the second name of a text begins; 0 where it is one name."""
    cut = text.find("_", 1) + 2
    if text.endswith("new") or not text[cut - 1 : cut].isdigit() or not text[cut : cut + 1].isalpha():
        return 0
    spelled, head = key(text), text[: cut - 2]
    if spelled in scope.names or spelled in scope.functions:
        return 0
    if all(char.isdigit() or char in loops for char in text[cut:]):
        return 0
    first = key(text[:cut])
    if first in scope.names or first in scope.functions or scope.names.get(key(head)) in scope.arrays:
        return cut
    return 0
