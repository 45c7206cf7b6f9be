"""Functions in formulas: their arguments with brackets and without, their primes and powers, sums and the identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .expr import ADD, APPLY, COMPARISONS, JUXTAPOSE, Call, Expr, Name, Num, Where
from .lex import FormulaError, Token
from .names import digits_below, key
from .parsearrays import item
from .parsemeanings import function, known, undefined
from .parsenumbers import digits

if TYPE_CHECKING:
    from .grammar import Parser

MAX_PRIMES = 3
#: How students write the prime of a function without one: `fp1`, `df1`, `f1prime`, and the dot over it.
PRIMES = ("prime", "dot", "p")


def primed(parser: Parser, text: str) -> str:
    """Give the function whose derivative is meant by `fp1` or `df1`; empty where there is none."""
    spelled = key(text)
    places = {mark: spelled.rfind(mark) for mark in PRIMES}
    bases = [spelled[:at] + spelled[at + len(mark) :] for mark, at in places.items() if at > 0]
    if spelled.startswith("d"):
        bases.append(spelled[1:])
    functions = parser.scope.functions
    return next((base for base in bases if base in functions and functions[base][1:] == (1, 1)), "")


def application(parser: Parser, token: Token, primes: int = 0) -> Expr:
    """Read a function with its argument; a bare derivative f' is that at f's argument in the network."""
    found = function(parser, token.text)
    assert found is not None, "the caller has looked"
    name, least, most = found
    start = token.start
    if most == 0:
        return Call(name, (), parser.where(start))
    while parser.sees("'"):
        parser.take()
        primes += 1
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
    if primes and _any_argument(parser):
        return Call(op, (), parser.where(start))
    power = power_of_function(parser)
    if parser.sees("(", "{"):
        touching = parser.next.touching
        if primes and not touching and parser.other():
            return Call(op, (), parser.where(start))
        args = arguments(parser, name)
        if not least <= len(args) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise FormulaError(
                f"`{name}` takes {wanted} argument{'s' * (most > 1)}, not {len(args)}", start, parser.look(-1).end
            )
        if isinstance(args[-1], Call) and args[-1].op == "=":
            raise FormulaError(f"`{op}` of nothing", start, parser.look(-1).end, f"write {op}(i = 1..3, x[i])")
        tree: Expr = Call(op, args, parser.where(start))
        if op == "I" and isinstance(args[0], Call) and args[0].op in COMPARISONS and parser.scope.student:
            tree = args[0]._replace(at=parser.where(start))  # an indicator
    elif primes and power is None:
        return Call(op, (), parser.where(start))
    elif least <= 1 <= most and starts_factor(parser):
        tree = Call(op, (factor(parser),), parser.where(start))
    else:
        raise FormulaError(f"the argument of `{op}` is missing", token.start, token.end, f"write {op}(...)")
    return Call("^", (tree, power), parser.where(start)) if power is not None else tree


def _any_argument(parser: Parser) -> bool:
    """Take the `(.)` or `(·)` of f'(.), which stands for the argument that f has."""
    if not parser.next.touching:
        return False
    if parser.sees("⊙") and parser.next.end - parser.next.start == 3:
        parser.take()
        return True
    if parser.sees("(") and parser.look(1).text in ("*", "×") and parser.look(2).text == ")":
        parser.at += 3
        return True
    return False


def power_of_function(parser: Parser) -> Expr | None:
    """Take the power of `tanh^2(x)`, `tanh^{2} x`, `sin² x`."""
    if not parser.sees("^"):
        return None
    braced = parser.look(1).text == "{" and parser.look(3).text == "}"
    number, behind = parser.look(1 + braced), parser.look(2 + 2 * braced)
    if number.kind != "num" or not (behind.text in ("(", "l|", "frac", "{") or behind.kind == "name"):
        return None
    parser.at += 2 + 2 * braced
    return digits(number)


def starts_factor(parser: Parser) -> bool:
    """Tell whether the next token can begin the factor that a function without brackets takes."""
    return parser.next.kind == "num" or parser.starts_operand()


def factor(parser: Parser) -> Expr:
    """Read the factor that `ln p` takes; in `sin 2x` the touching name may belong to it."""
    number_first = parser.next.kind == "num"
    factor = parser.formula(APPLY)
    if number_first and parser.next.kind == "name" and parser.next.touching and not parser.other():
        factor = Call("@", (factor, parser.formula(JUXTAPOSE)), parser.where(factor.at.start))
    return factor


def arguments(parser: Parser, name: str) -> tuple[Expr, ...]:
    """Read `(a, b)`; loop variables are known inside; the arguments of `place` may be like items of an index."""
    opened = parser.take()
    bars = parser.enter()
    bound = len(parser.bound)
    args: list[Expr] = []
    while True:
        if _is_loop(parser, name):
            args.append(parser.bind(bound))
        else:
            args.append(item(parser) if name == "place" and args else parser.formula())
        if not parser.sees(","):
            break
        parser.take()
    parser.leave(bars)
    parser.expect(")" if opened.text == "(" else "}", opened)
    del parser.bound[bound:]
    return tuple(args)


def _is_loop(parser: Parser, name: str) -> bool:
    """Tell whether `u = 1..3` stands next; in `if(y = 1, a, b)` a student compares."""
    if parser.next.kind != "name" or parser.look(1).text != "=":
        return False
    if name == "sum" or not parser.scope.student:
        return True
    depth = 0
    for at in range(parser.at, len(parser.pieces)):
        text = parser.pieces[at].text
        depth += (text in ("(", "[", "{")) - (text in (")", "]", "}"))
        if depth < 0 or (depth == 0 and text == ","):
            return False
        if depth == 0 and text in ("..", "…"):
            return True
    return False


# --- sums and the identity ----------------------------------------------------------------------------------


def summation(parser: Parser, token: Token) -> Expr:
    """Read `\\sum_{i=1}^n`, `sum_{i=1..n}`: the sum of the term that follows, or of further ones too."""
    bound = len(parser.bound)
    variable, low, high = _range(parser, token)
    parser.bound.append(variable.id)
    body = parser.formula(ADD)
    while parser.sees("+", "-") and parser.other():
        sign = parser.take()
        body = Call(sign.text, (body, parser.formula(ADD)), parser.where(body.at.start))
    del parser.bound[bound:]
    loop = Call("=", (variable, Call("..", (low, high), variable.at)), variable.at)
    return Call("sum", (loop, body), parser.where(token.start))


def _range(parser: Parser, token: Token) -> tuple[Name, Expr, Expr]:
    """Read what stands below and above a sum: its variable, the first and the last number."""
    low: Expr = Num(1.0, "1")
    high: Expr | None = None
    variable = token
    if parser.sees("_"):
        parser.take()
        opened = parser.next
        braced = parser.sees("{", "(")
        if braced:
            parser.take()
        variable = parser.take()
        if variable.kind != "name":
            raise FormulaError("a sum without its variable", token.start, token.end, "write sum(i = 1..n, ...)")
        if braced:
            if parser.sees("="):
                parser.take()
                low = parser.formula()
                if parser.sees("..", "…"):
                    parser.take()
                    high = parser.formula()
            parser.expect("}" if opened.text == "{" else ")", opened)
    name = variable.text.partition("_")[2] if variable is token else variable.text
    if not name:
        raise FormulaError("a sum without its variable", token.start, token.end, "write sum(i = 1..n, ...)")
    if parser.sees("^"):
        parser.take()
        high = parser.group() if parser.sees("{") else _single(parser)
    if high is None:
        raise FormulaError(
            f"the sum over `{name}` does not say from where to where",
            token.start,
            variable.end,
            f"write sum({name} = 1..n, ...)",
        )
    return Name(key(name), Where(variable.start, variable.end)), low, high


def _single(parser: Parser) -> Expr:
    """Read the one number or name above a sum that LaTeX takes without braces."""
    token = parser.take()
    if token.kind == "num":
        return digits(token)
    if token.kind != "name":
        raise FormulaError("a sum without its last number", token.start, token.end, "write sum(i = 1..n, ...)")
    found = known(parser, token.text)
    if found is None:
        undefined(token.text, token.start, token.end)
    return Name(found, Where(token.start, token.end))


def identity(parser: Parser, token: Token) -> Expr:
    """Read the identity matrix `I_3`, `I_{d3 x d3}`, `I_{d_3 \\times d_3}`."""
    start = token.start
    if parser.sees("_"):
        parser.take()
        opened = parser.next
        braced = parser.sees("{")
        if braced:
            parser.take()
        sizes = [parser.operand(JUXTAPOSE)]
        if braced and (parser.sees("*", "×") or parser.next.text == "x"):
            parser.take()
            sizes.append(parser.operand(JUXTAPOSE))
        if braced:
            parser.expect("}", opened)
        if sizes[0] != sizes[-1]:
            raise FormulaError("an identity matrix is square", start, parser.look(-1).end, "write one size: I(n)")
        return Call("I", (sizes[0],), parser.where(start))
    size = digits_below(token.text.partition("_")[2])
    if not size:
        raise FormulaError("an identity matrix without its size", start, token.end, "write I(n)")
    rows, _, columns = size.partition("x")
    if columns and known(parser, size) is None:
        if rows != columns:
            raise FormulaError("an identity matrix is square", start, token.end, "write one size: I(n)")
        size = rows
    found = known(parser, size)
    if found is None and not size.isdigit():
        undefined(size, start, token.end)
    return Call("I", (Name(found) if found else Num(float(size), size),), parser.where(start))
