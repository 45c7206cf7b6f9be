"""Texts to trees: every reading of a text that has several.

Where a text can be read in more than one way the parser asks for a choice; `readings` parses again for each further
choice, so the grammar itself is written once, as if every text had one reading. Which readings survive is for the
shapes to say; a student's text may keep several, a sheet's must not.

    >>> [tree.op for tree in readings("a/b c", Scope({"a": "a", "b": "b", "c": "c"}, {}))]
    ['/', '@']
"""

from __future__ import annotations

from typing import Any

from .cursor import Scope
from .expr import Expr, Name, Where
from .grammar import Parser
from .lex import FormulaError, Token, tokens
from .parsemeanings import UNDEFINED, with_fix
from .parsenames import parted, unglued

MAX_READINGS = 16
MAX_TRIES = 64
MAX_WORK = 5000  # tokens that all tries together may read: a long text is tried a few times less


def readings(text: str, scope: Scope) -> list[Expr]:
    """Give every reading of a formula, the one that the grammar prefers first.

    Raises:
        FormulaError: no reading; the error is that of the reading which came furthest.
    """
    if text.isascii() and text.isalnum() and not scope.student and text in scope.names:
        return [Name(scope.names[text], Where(0, len(text)))]  # a declared name alone has no other reading
    pieces = tokens(text)
    if "_" in text:
        pieces = parted(pieces, scope)
    if scope.student and pieces[0].text == "=":  # a line that goes on with the one above
        del pieces[0]
    found, failure = _tried(pieces, scope)
    if found:
        return found
    assert failure is not None, "a try that finds nothing has failed"
    if scope.student and failure.code == UNDEFINED:
        for derivatives in (True, False):  # W1x, where nothing of that name is declared, is W1 x
            apart = unglued(pieces, scope, derivatives)
            if len(apart) > len(pieces) and not found:
                found = _tried(apart, scope)[0]
    if not found:
        raise with_fix(scope, failure)
    return found


def _tried(pieces: list[Token], scope: Scope) -> tuple[list[Expr], FormulaError | None]:
    """Give every reading of some tokens, and the error of the try that came furthest."""
    found: dict[Expr, None] = {}
    failure: FormulaError | None = None
    todo: list[tuple[dict[int, int], int]] = [({}, 0)]  # the choices to take, and the first that is still open
    tries, most = 0, min(MAX_TRIES, 1 + MAX_WORK // len(pieces))
    seen: dict[object, Any] = {}
    while todo and tries < most and len(found) < MAX_READINGS:
        taken, first = todo.pop()
        tries += 1
        parser = Parser(pieces, scope, taken, seen)
        try:
            found[parser.whole()] = None
        except FormulaError as error:
            if failure is None or error.start > failure.start:
                failure = error
        if len(parser.options) > first:
            room = most - tries
            open_ones = range(first, min(first + room, len(parser.options)))
            further = [({**taken, at: other}, at + 1) for at in open_ones for other in range(1, parser.options[at])]
            todo.extend(reversed(further[:room]))
    return list(found), failure


__all__ = ["FormulaError", "Scope", "readings"]
