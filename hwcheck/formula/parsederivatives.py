"""Derivatives in formulas: `dJ/dW1`, `\\frac{\\partial J}{\\partial W_1}` and `∇_W1 J` are one name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from .expr import Call, Expr, Name, Where
from .lex import FormulaError, Token, is_step
from .names import Parts, join, split
from .parseforms import below
from .parsemeanings import behind_name, chosen, known, meanings, undefined

if TYPE_CHECKING:
    from .grammar import Parser


def derivative(parser: Parser, token: Token) -> Expr | None:
    """Read the rest of `dJ/dW1` once its first name is taken; None where it is no derivative."""
    if not token.text.startswith("d"):
        return None
    mark = parser.at
    above = _quantity_behind(parser, token)
    if above is not None and parser.sees("/"):
        parser.take()
        below = parser.next
        if below.text.startswith("d") and (len(below.text) > 1 or _apart(parser, 1)):
            parser.take()
            under = _quantity_behind(parser, below)
            if under is not None:
                return joined(parser, above, under)
            if below.partial or token.partial or known(parser, below.text) is None:
                _unknown(parser, below)
    parser.at = mark
    if token.partial:
        if above is None:
            undefined(token.text[1:], token.start, token.end)
        raise FormulaError("∂ outside of a derivative", token.start, token.end, "write ∂J/∂W1")
    return None


def _apart(parser: Parser, ahead: int) -> bool:
    """Tell whether a d is that of `d\\hat{y}` or `\\mathrm{d} x`, with the name behind it."""
    return parser.look(ahead).kind == "name" and known(parser, "d") is None


def _unknown(parser: Parser, token: Token) -> NoReturn:
    """Refuse the name behind a d: it stands in the same token, or is the last one that was taken."""
    named = token._replace(text=token.text[1:]) if token.text[1:] else parser.look(-1)
    undefined(named.text, named.end - len(named.text), named.end)


def _quantity_behind(parser: Parser, token: Token) -> Expr | None:
    """Give the quantity behind the d of one side of a derivative, with an index where it has one."""
    text, start = token.text[1:], token.start
    if not text:
        following = parser.take()
        text = following.text
    options = meanings(parser, text, known(parser, text))
    if not options:
        return None
    tree = chosen(parser, options if parser.scope.student else options[:1], start)
    if isinstance(tree, Name) or is_step(parser.next):
        tree = behind_name(parser, tree, start)
    while parser.sees("_") and isinstance(tree, Name) and parser.look(1).text != "+":
        tree = below(parser, tree, start)
    return tree


def derivative_of_groups(parser: Parser) -> Expr | None:
    """Read `{\\partial J}{\\partial W_1}` or `{dJ}{dW_1}` behind \\frac."""
    mark = parser.at
    found: list[Expr] = []
    for _ in range(2):
        token = parser.look(1)
        if not parser.sees("{") or not token.text.startswith("d"):
            break
        if len(token.text) == 1 and not _apart(parser, 2):
            break
        parser.take()
        parser.take()
        part = _quantity_behind(parser, token)
        if part is None or not parser.sees("}"):
            if part is None and (token.partial or (found and known(parser, token.text) is None)):
                _unknown(parser, token)
            break
        parser.take()
        found.append(part)
    if len(found) == 2:
        return joined(parser, found[0], found[1])
    parser.at = mark
    return None


def gradient(parser: Parser) -> Expr:
    """Read `∇_W1 J` as dJ/dW1."""
    sign = parser.take()
    fix = "write ∇_W1 J or dJ/dW1"
    if not parser.sees("_"):
        raise FormulaError("∇ does not say by what", sign.start, sign.end, fix)
    parser.take()
    sides: list[Expr] = []
    for opens, close in (("{", "}"), ("(", ")")):
        opened = parser.next
        braced = parser.sees(opens)
        if braced:
            parser.take()
        name = parser.next
        if name.kind != "name":
            parser.refuse("∇ without a name behind it", fix)
        part = _quantity_behind(parser, parser.take()._replace(text="d" + name.text))
        if part is None:
            undefined(name.text, name.start, name.end)
        sides.append(part)
        if braced:
            parser.expect(close, opened)
    return joined(parser, sides[1], sides[0])._replace(at=parser.where(sign.start))


def joined(parser: Parser, above: Expr, below: Expr) -> Name | Call:
    """Make one derivative of its two sides; indices and steps belong to the whole."""
    indices: list[Expr] = []
    parts: list[Parts] = []
    for side in (above, below):
        if isinstance(side, Call):
            indices.extend(side.args[1:])
            side = side.args[0]
        assert isinstance(side, Name)
        parts.append(split(side.id) if side.id not in parser.scope.names.values() else Parts(side.id))
    steps = {part.step for part in parts if part.step}
    if len(steps) > 1:
        raise FormulaError(
            "the two sides of a derivative belong to different steps",
            above.at.start,
            below.at.end,
            "write one step, at the end: dJ/dW1@2",
        )
    name = Name(
        join(Parts(parts[0].of, parts[1].of, steps.pop() if steps else "")), Where(above.at.start, below.at.end)
    )
    return Call("[]", (name, *indices), name.at) if indices else name
