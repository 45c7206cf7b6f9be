"""Names inside formulas: quantities with their steps and indices, derivatives, functions with their arguments.

These are the rules of the grammar that ask the scope what a name means; `parse` holds the others, and the cursor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from ..text import closest, safe_text
from .expr import APPLY, JUXTAPOSE, Call, Expr, Name, Num, Where
from .lex import FormulaError, Token, is_step
from .names import Parts, indexed, join, key, split
from .spellings import ELSEWHERE

if TYPE_CHECKING:
    from .parse import Parser

MAX_PRIMES = 3
LONG_NAME = 40


def known(parser: Parser, text: str) -> str | None:
    """Give the declared spelling of a quantity's name, with its step; None where it is not declared."""
    if text in parser.bound:
        return text
    found = parser.scope.names.get(key(text))
    if found is None and text.endswith("new" if parser.scope.student else "_new"):
        base = parser.scope.names.get(key(text[:-3].rstrip("_")))
        found = base and f"{base}_new"
    return found


def named(parser: Parser) -> Expr:
    """Read a name: a quantity, a derivative, a function with its argument, or a constant."""
    token = parser.take()
    start = token.start
    found = None if token.partial else known(parser, token.text)
    if found is None:
        total = derivative(parser, token)
        if total is not None:
            return behind_name(parser, total, start)
    place = entry(parser, token.text)
    if found is not None and place is not None:
        # `Y_1` may be the quantity Y1 or the first entry of Y; a declared `Y1` is open in a student's text only.
        if ("_" in token.text or parser.scope.student) and token.text not in parser.bound and parser.choose(2) == 1:
            return behind_name(parser, place, start)
    elif found is None and place is not None and parser.scope.student and not is_function(parser, token.text):
        return behind_name(parser, place, start)
    if found is None:
        numbered = layer(parser, token.text)
        if numbered is not None:
            return behind_name(parser, Name(numbered, parser.where(start)), start)
        if is_function(parser, token.text):
            return application(parser, token)
        undefined(parser, token.text, start, token.end)
    return behind_name(parser, Name(found or "", parser.where(start)), start)


def entry(parser: Parser, text: str) -> Expr | None:
    """Read `Y_1` as `Y[1]` where Y is declared and has entries."""
    parts = indexed(text)
    if parts is None:
        return None
    base = parser.scope.names.get(parts[0].rstrip("_"))
    if base is None or base not in parser.scope.arrays:
        return None
    return Call("[]", (Name(base), Num(float(parts[1]), str(parts[1]))))


def layer(parser: Parser, text: str) -> str | None:
    """Take the layer of `W^(1)` where `W1` is declared and `W` is not."""
    if parser.sees("^") and parser.look(1).text in ("(", "{"):
        inner = 2 if parser.look(2).text != "(" else 3
        digits = parser.look(inner)
        found = parser.scope.names.get(key(text + digits.text)) if digits.kind == "num" else None
        if found is not None and parser.look(inner + 1).text in (")", "}"):
            parser.at += inner + 2
            if inner == 3:
                parser.take()
            return found
    return None


def behind_name(parser: Parser, tree: Expr, start: int) -> Expr:
    """Read what belongs to a name: the step of `X1@2`, a touching index."""
    while is_step(parser.next):
        token = parser.take()
        base = tree.args[0] if isinstance(tree, Call) else tree
        if not isinstance(base, Name) or split(base.id).step:
            raise FormulaError("two steps on one name", token.start, token.end, "write one @k")
        name = Name(base.id + "@" + str(int(token.text[1:])), parser.where(start))
        tree = Call(tree.op, (name, *tree.args[1:]), parser.where(start)) if isinstance(tree, Call) else name
    if parser.sees("[") and parser.next.touching:
        tree = parser.index(tree, start)
    if isinstance(tree, Call):
        return Call(tree.op, tree.args, parser.where(start))
    return tree


def undefined(parser: Parser, text: str, start: int, end: int) -> NoReturn:
    """Refuse a name that means nothing here, with what may have been meant."""
    declared = list(dict.fromkeys(parser.scope.names.values()))
    entry = indexed(text)
    base = parser.scope.names.get(entry[0].rstrip("_")) if entry else None
    fix = ""
    if base is not None and base in parser.scope.arrays and entry is not None:
        fix = f"for entry {entry[1]} write `{base}[{entry[1]}]`"
    else:
        pieces = pieces_of(parser, text) if len(text) < LONG_NAME else ""
        near = closest(text, [*declared, *(name for name, _, _ in parser.scope.functions.values())])
        if text in ELSEWHERE:
            fix = f"write {ELSEWHERE[text]}."
        elif pieces:
            fix = f"write a blank between factors: `{pieces}`."
        elif near:
            fix = f"did you mean `{near[0]}`?"
        if declared:
            listed = ", ".join(declared[:20]) + (", ..." if len(declared) > 20 else "")
            fix = f"{fix} Defined here: {listed}".strip()
    raise FormulaError(f"`{safe_text(text, LONG_NAME)}` is not defined", start, end, fix, "HW103")


def pieces_of(parser: Parser, text: str) -> str:
    """Cut `w1x` into the declared names `w1 x`, if it is made of two or three."""
    for cut in range(1, len(text)):
        head, tail = text[:cut], text[cut:]
        if key(head) in parser.scope.names:
            if key(tail) in parser.scope.names:
                return f"{head} {tail}"
            rest = pieces_of(parser, tail) if len(tail) < len(text) and len(text) < 12 else ""
            if rest:
                return f"{head} {rest}"
    return ""


def derivative(parser: Parser, token: Token) -> Expr | None:
    """Read the rest of `dJ/dW1` once its first name is taken; None where it is no derivative."""
    if not token.text.startswith("d") or len(token.text) < 2:
        return None
    mark = parser.at
    above = part_of_derivative(parser, token)
    if above is not None and parser.sees("/"):
        parser.take()
        below = parser.next
        if below.kind == "name" and below.text.startswith("d") and len(below.text) > 1:
            parser.take()
            under = part_of_derivative(parser, below)
            if under is not None:
                return joined(parser, above, under)
            if below.partial or token.partial or known(parser, below.text) is None:
                undefined(parser, below.text[1:], below.start + len(below.text) - len(below.text[1:]), below.end)
    parser.at = mark
    if token.partial:
        if above is None:
            undefined(parser, token.text[1:], token.start, token.end)
        raise FormulaError("∂ outside of a derivative", token.start, token.end, "write ∂J/∂W1")
    return None


def derivative_of_groups(parser: Parser) -> Expr | None:
    """Read `{\\partial J}{\\partial W_1}` or `{dJ}{dW_1}` behind \\frac."""
    mark = parser.at
    found: list[Expr] = []
    for _ in range(2):
        if not parser.sees("{") or parser.look(1).kind != "name" or not parser.look(1).text.startswith("d"):
            break
        parser.take()
        token = parser.take()
        part = part_of_derivative(parser, token) if len(token.text) > 1 else None
        if part is None or not parser.sees("}"):
            if token.partial and part is None:
                undefined(parser, token.text[1:], token.start, token.end)
            break
        parser.take()
        found.append(part)
    if len(found) == 2:
        return joined(parser, found[0], found[1])
    parser.at = mark
    return None


def part_of_derivative(parser: Parser, token: Token) -> Expr | None:
    """Give the quantity behind the d of one side of a derivative, with an index where it has one."""
    start = token.start
    text = token.text[1:]
    name = known(parser, text)
    tree: Expr | None = Name(name, parser.where(start)) if name is not None else None
    if tree is None:
        numbered = layer(parser, text)
        tree = Name(numbered, parser.where(start)) if numbered is not None else entry(parser, text)
    if tree is None:
        return None
    if is_step(parser.next) or (parser.sees("[") and parser.next.touching and isinstance(tree, Name)):
        tree = behind_name(parser, tree, start)
    return tree


def joined(parser: Parser, above: Expr, below: Expr) -> Expr:
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


def function(parser: Parser, text: str) -> tuple[str, int, int] | None:
    """Give a function's own name and the numbers of its arguments; `ReLU`, `Sigmoid` and `MSE` mean the small ones."""
    found = parser.scope.functions.get(key(text))
    if found is None and len(text) > 1 and text.isalpha():  # E and F1 are other names than e and f1
        found = parser.scope.functions.get(key(text).lower())
    return found


def is_function(parser: Parser, text: str) -> bool:
    """Tell whether a name is that of a function."""
    return function(parser, text) is not None


def application(parser: Parser, token: Token) -> Expr:
    """Read a function with its argument; a bare derivative f' is that at f's argument in the network."""
    found = function(parser, token.text)
    assert found is not None, "the caller has looked"
    name, least, most = found
    start = token.start
    if most == 0:
        return Call(name, (), parser.where(start))
    primes = 0
    while parser.sees("'"):
        parser.take()
        primes += 1
    if (
        primes
        and parser.next.kind == "name"
        and parser.next.touching
        and parser.next.text[0] == "_"
        and key(token.text + parser.next.text) in parser.scope.functions
    ):
        name, least, most = parser.scope.functions[key(token.text + parser.take().text)]
    op = name + "'" * primes
    if primes > MAX_PRIMES:
        raise FormulaError(f"a derivative higher than the {MAX_PRIMES}rd", start, parser.look(-1).end, f"write {name}'")
    if primes and most != 1:
        raise FormulaError(
            f"`{name}` has more than one argument, so {op} says not by which",
            start,
            parser.look(-1).end,
            "write a derivative as dJ/dW1",
        )
    power = power_of_function(parser)
    if parser.sees("("):
        touching = parser.next.touching
        if primes and not touching and parser.choose(2) == 1:
            return Call(op, (), parser.where(start))
        args = arguments(parser, slices=name == "place")
        if not least <= len(args) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise FormulaError(
                f"`{name}` takes {wanted} argument{'s' * (most > 1)}, not {len(args)}", start, parser.look(-1).end
            )
        tree: Expr = Call(op, args, parser.where(start))
    elif primes and power is None:
        return Call(op, (), parser.where(start))
    elif least <= 1 <= most and starts_factor(parser):
        tree = Call(op, (factor(parser),), parser.where(start))
    else:
        raise FormulaError(f"the argument of `{op}` is missing", token.start, token.end, f"write {op}(...)")
    return Call("^", (tree, power), parser.where(start)) if power is not None else tree


def power_of_function(parser: Parser) -> Expr | None:
    """Take the power of `tanh^2(x)`, `sin² x`."""
    if (
        parser.sees("^")
        and parser.look(1).kind == "num"
        and (parser.look(2).text == "(" or parser.look(2).kind == "name")
    ):
        parser.take()
        return parser.digits(parser.take())
    return None


def starts_factor(parser: Parser) -> bool:
    """Tell whether the next token can begin the factor that a function without brackets takes."""
    return parser.next.kind == "num" or parser.starts_operand()


def factor(parser: Parser) -> Expr:
    """Read the factor that `ln p` takes; in `sin 2x` the touching name may belong to it."""
    number_first = parser.next.kind == "num"
    factor = parser.formula(APPLY)
    if number_first and parser.next.kind == "name" and parser.next.touching and parser.choose(2) == 0:
        factor = Call("@", (factor, parser.formula(JUXTAPOSE)), parser.where(factor.at.start))
    return factor


def arguments(parser: Parser, slices: bool = False) -> tuple[Expr, ...]:
    """Read `(a, b)`; loop variables are known inside; with `slices`, arguments may be like items of an index."""
    opened = parser.take()
    bars, parser.bars = parser.bars, []
    known = len(parser.bound)
    args: list[Expr] = []
    while True:
        if parser.next.kind == "name" and parser.look(1).kind == "op" and parser.look(1).text == "=":
            args.append(parser.bind())
        else:
            args.append(parser.item() if slices and args else parser.formula(0))
        if not parser.sees(","):
            break
        parser.take()
    parser.expect(")", opened)
    del parser.bound[known:]
    parser.bars = bars
    return tuple(args)
