"""Forms of print: cases, indicators, norms, and what stands below or above a bracket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..text import safe_text
from .expr import COMPARISONS, Call, Expr, Name, Num
from .lex import FormulaError
from .names import key, split
from .parsearrays import items_of
from .parsemeanings import indices, known, raised, refuse_bias

if TYPE_CHECKING:
    from .grammar import Parser

WORDS = ("if", "for", "when")
OTHERWISE = ("otherwise", "else")


# --- cases and indicators -----------------------------------------------------------------------------------


def cases(parser: Parser) -> Expr:
    """Read `\\begin{cases} a & if c \\\\ b & otherwise \\end{cases}`; where no case holds there is no value, 0/0."""
    opened = parser.take()
    bars = parser.enter()
    rows: list[tuple[Expr, Expr]] = []
    other: Expr | None = None
    while True:
        value = parser.formula()
        if parser.sees("]", ";"):
            parser.refuse(
                "a case without its condition", "write \\begin{cases} a & \\text{if } c \\\\ b & \\text{otherwise}"
            )
        while parser.sees(",") or parser.next.text in WORDS:
            parser.take()
        if parser.next.text in OTHERWISE:
            parser.take()
            other = value
            break
        rows.append((value, parser.formula()))
        if not parser.sees(";"):
            break
        parser.take()
    parser.leave(bars)
    parser.expect("]", opened)
    nothing = Num(0.0, "0")
    tree = other if other is not None else Call("/", (nothing, nothing))
    for value, condition in reversed(rows):
        tree = Call("if", (condition, value, tree), parser.where(opened.start))
    return tree


def indicator(parser: Parser, start: int) -> Expr:
    """Read the condition of `1_{z > 0}` or `\\mathbb{1}[z > 0]`, which is worth 1 where it holds and else 0."""
    if parser.sees("_"):
        parser.take()
    opened = parser.next
    close = {"(": ")", "[": "]", "{": "}"}.get(opened.text)
    if close is None:
        raise FormulaError(
            "a 1 without its condition", start, parser.look(-1).end, "write (z > 0); a vector is ones(n)"
        )
    parser.take()
    bars = parser.enter()
    tree = parser.formula()
    parser.leave(bars)
    parser.expect(close, opened)
    if not isinstance(tree, Call) or tree.op not in COMPARISONS:
        raise FormulaError("a 1 without a condition below it", start, parser.look(-1).end, "write (z > 0)")
    return tree._replace(at=parser.where(start))


# --- below and above ----------------------------------------------------------------------------------------


def norm(parser: Parser, tree: Expr, start: int) -> Expr:
    """Read which norm `||v||_2` is: 2 and F are the one with the root, 1 the sum of the absolute values."""
    if not parser.sees("_"):
        return Call("norm", (tree,), parser.where(start))
    parser.take()
    opened = parser.next
    kind = parser.take()
    if opened.text == "{":
        kind = parser.take()
        parser.expect("}", opened)
    if kind.text == "1":
        return Call("sum", (Call("abs", (tree,)),), parser.where(start))
    if kind.text not in ("2", "F"):
        raise FormulaError("a norm that is not known here", start, kind.end, "write ||v|| or sum(|v|)")
    return Call("norm", (tree,), parser.where(start))


def below(parser: Parser, tree: Expr, start: int) -> Expr:
    """Read what stands below a bracket or a name: an index, or the + of the positive part."""
    sign = parser.take()
    if parser.sees("+"):
        parser.take()
        return positive(parser, tree, start)
    opened = parser.next
    close = {"{": "}", "(": ")"}.get(opened.text) if opened.kind == "op" else None
    last = parser.at + 1
    while close and parser.pieces[last].kind in ("name", "num"):
        last += 1
    if not close or parser.pieces[last].text == close:
        words = parser.pieces[parser.at + 1 : last] if close else [opened]
        text = "".join(word.text for word in words)
        options = indices(parser, text) if opened.kind != "op" or close else []
        if options:
            parser.at = last + 1 if close else parser.at + 1
            size = close and not isinstance(tree, Name) and key(text) not in parser.bound and known(parser, text)
            at = parser.choose(len(options) + bool(size))
            if at == len(options):  # `(z > 0)_{d2}` says how long the vector is
                return tree
            return _entry(parser, tree, options[at], start)
    if not close:
        raise FormulaError("what stands below this is no index", sign.start, max(opened.end, sign.end), "write x[1]")
    parser.take()
    bars = parser.enter()
    items = items_of(parser)
    parser.leave(bars)
    parser.expect(close, opened)
    return _entry(parser, tree, items, start)


def _entry(parser: Parser, tree: Expr, items: Sequence[Expr], start: int) -> Expr:
    if isinstance(tree, Name):
        refuse_bias(parser, tree.id, items)
        parts = split(tree.id)
        if not parts.by and parts.of not in parser.scope.arrays and tree.id not in parser.scope.arrays:
            reason = f"`{safe_text(tree.id, 40)}` is one number and has no entries"
            raise FormulaError(reason, start, parser.look(-1).end, "leave the index out")
    return Call("[]", (tree, *items), parser.where(start))


def positive(parser: Parser, tree: Expr, start: int) -> Expr:
    """Give the positive part, `(v)^+` or `[v]_+`."""
    return Call("max", (Num(0.0, "0"), tree), parser.where(start))


def sees_positive(parser: Parser) -> int:
    """Give how many tokens the `^+` of a positive part takes; 0 where the power is another."""
    if parser.look(1).text == "{" and parser.look(2).text == "+" and parser.look(3).text == "}":
        return 4
    if parser.look(1).text != "+" or not parser.scope.student:
        return 0
    after = parser.look(2)
    operand = after.kind in ("name", "num") or after.text in ("(", "[", "{", "frac", "-", "|", "||", "l|", "l||")
    return 0 if operand and not parser.other() else 2


def later(parser: Parser, tree: Expr) -> Expr | None:
    """Read the step of `W_1^{new}` and, behind a bracket around a derivative, of `^{(2)}`."""
    if not isinstance(tree, Name) or split(tree.id).step:
        return None
    inside = raised(parser)
    if inside is None:
        return None
    word, behind = inside.token, inside.behind
    if word.text in ("new", "old") and known(parser, word.text) is None:
        parser.at = behind
        return Name(tree.id if word.text == "old" else f"{tree.id}_new", parser.where(tree.at.start))
    digits = inside.bracketed and word.text.isdigit()
    if digits and "/" in tree.id and parser.scope.student and parser.other():
        parser.at = behind
        return Name(f"{tree.id}@{int(word.text)}", parser.where(tree.at.start))
    return None
