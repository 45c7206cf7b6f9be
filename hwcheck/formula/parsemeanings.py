"""What a name means where it stands: a quantity with its layer, its step or its entry, or nothing.

A name may mean several things (`Y_1` is the quantity Y1 or the first entry of Y); a sheet has to tell them apart, in a
student's text all are kept. Nothing here reads further than the name and what stands above and below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from ..record import NamedTuple
from ..text import closest, safe_text
from .expr import Call, Expr, Name, Num
from .lex import FormulaError, Token, is_step
from .names import digits_below, indexed, key, layered, split, subscripts
from .parsearrays import index, items_of
from .spellings import ELSEWHERE

if TYPE_CHECKING:
    from .cursor import Scope
    from .grammar import Parser

LONG_NAME = 40
UNDEFINED = "undefined"  # the code of an error whose fix is still to be found: that of a reading given up is not needed


class Meaning(NamedTuple):
    """One thing that a name may mean: the tree, and the token behind it; `inside` a subscript that goes on there."""

    tree: Expr
    behind: int
    inside: bool = False


class Raised(NamedTuple):
    """The one token above a name, the token behind all of it, and whether it stands in round brackets."""

    token: Token
    behind: int
    bracketed: bool


def known(parser: Parser, text: str) -> str | None:
    """Give the declared spelling of a quantity's name, with its step; None where it is not declared."""
    if parser.bound and key(text) in parser.bound:
        return key(text)
    found = parser.scope.names.get(key(text))
    if found is None and text.endswith("new" if parser.scope.student else "_new"):
        base = parser.scope.names.get(key(text[:-3].rstrip("_")))
        found = base and f"{base}_new"
    if found is None and parser.scope.student and text.endswith("_old"):
        found = parser.scope.names.get(key(text[:-4]))
    return found


def function(parser: Parser, text: str) -> tuple[str, int, int] | None:
    """Give a function's own name and the numbers of its arguments; `ReLU`, `Sigmoid` and `MSE` mean the small ones."""
    found = parser.scope.functions.get(key(text))
    if found is None and len(text) > 1 and text.isalpha():  # E and F1 are other names than e and f1
        found = parser.scope.functions.get(key(text).lower())
    return found


def chosen(parser: Parser, options: list[Meaning], start: int) -> Expr:
    """Take one of the things that a name may mean."""
    tree, parser.at, inside = options[parser.choose(len(options)) if len(options) > 1 else 0]
    if inside:
        items = items_of(parser)
        parser.expect("}", parser.next)
        tree = Call("[]", (tree, *items))
    return tree._replace(at=parser.where(start))


def meanings(parser: Parser, text: str, found: str | None) -> list[Meaning]:
    """Give all that a name may mean but functions, the likeliest first; `found` is its declared spelling."""
    if not parser.scope.student or text.isalpha():
        return _meanings(parser, text, found)
    mark = (parser.at, text, *parser.bound)
    if mark not in parser.seen:
        parser.seen[mark] = _meanings(parser, text, found)
    options: list[Meaning] = parser.seen[mark]
    return options


def _meanings(parser: Parser, text: str, found: str | None) -> list[Meaning]:
    student = parser.scope.student
    out = [Meaning(Name(found), parser.at)] if found is not None else []
    if parser.bound and key(text) in parser.bound:
        return out
    above = layer(parser)
    if above is not None:
        digits, behind, bracketed = above
        if student and bracketed and "_" in text:
            out[:0] = [Meaning(place, behind) for place in entries(parser, text, digits)]
        numbered = declared(parser, layered(text, digits))
        if numbered is not None and (found is None or (student and bracketed)):
            out.append(Meaning(Name(numbered), behind))
        if student and bracketed and found is not None and not split(found).step:
            out.append(Meaning(Name(f"{found}@{digits}"), behind))
    if found is None and (not student or function(parser, text) is not None):
        return out
    if not student:
        place = entry(parser, text)
        return [*out, Meaning(place, parser.at)] if place is not None else out
    placed = bool(out) and isinstance(out[0].tree, Call)
    if not out or (text[-1:].isdigit() and not placed):  # a declared `y_m` is no entry of y
        out.extend(Meaning(place, parser.at) for place in entries(parser, text, ""))
    if found is None and not (above and out):
        other = instead(parser, text)
        if other is not None:
            out.append(Meaning(Name(other), parser.at))
    return comma_apart(parser, text) or out


def comma_apart(parser: Parser, text: str) -> list[Meaning]:
    """Read the declared `y_m` in `y_{m,i}`."""
    if parser.sees("_") and parser.look(1).text == "{" and parser.look(3).text == ",":
        found = known(parser, f"{text}_{parser.look(2).text}")
        if found is not None:
            return [Meaning(Name(found), parser.at + 4, True)]
    return []


def entry(parser: Parser, text: str) -> Expr | None:
    """Read `Y_1` as `Y[1]` where Y is declared and has entries."""
    parts = indexed(text)
    if parts is None:
        return None
    base = parser.scope.names.get(parts[0].rstrip("_"))
    if base is None or base not in parser.scope.arrays:
        return None
    return Call("[]", (Name(base), Num(float(parts[1]), str(parts[1]))))


def entries(parser: Parser, text: str, digits: str) -> list[Expr]:
    """Give the entries that a student may mean by `w_ij`, `w_1j`, `yhat_i` or `h1`, in a layer if there are digits."""
    found: list[Expr] = []
    failure: FormulaError | None = None
    for base, below in subscripts(text):
        array = declared(parser, layered(base, digits) if digits else base)
        if array is None or array not in parser.scope.arrays:
            continue
        for items in indices(parser, below):
            try:
                refuse_bias(parser, array, items)
            except FormulaError as error:
                failure = error
            else:
                found.append(Call("[]", (Name(array), *items)))
    if failure and not found and declared(parser, text) is None:
        raise failure
    return list(dict.fromkeys(found))


def indices(parser: Parser, text: str) -> list[tuple[Expr, ...]]:
    """Give what a text below a name may stand for as indices: `ij`, `1j`, `12` (one or two), a size."""
    text = digits_below(text)
    if text.isdigit():
        one: tuple[Expr, ...] = (_place(text),)
        return [one, tuple(map(_place, text))] if len(text) == 2 else [one]
    found = known(parser, text)
    if found is not None:
        return [(Name(found),)]
    places: list[Expr] = []
    at = 0
    while at < len(text):
        name = max((name for name in parser.bound if text.startswith(name, at)), key=len, default="")
        if name:
            places.append(Name(name))
        elif text[at].isdigit():
            places.append(_place(text[at]))
        elif text[at] != "_":
            return []
        at += len(name) or 1
    return [tuple(places)] if places else []


def _place(digits: str) -> Num:
    return Num(float(digits), digits)


def refuse_bias(parser: Parser, array: str, items: Sequence[Expr]) -> None:
    """Refuse an entry 0, which is how textbooks write a bias."""
    first = items[0]
    bias = isinstance(first, Num) and len(items) == 1 and array[0] == "W" and first.text.endswith("0")
    if bias or any(isinstance(item, Num) and item.value == 0 for item in items):
        token = parser.look(-1)
        digits = array[len(array.rstrip("0123456789")) :]
        name = parser.scope.names.get("b" + digits, "b1")
        fix = f"if the bias is meant, write its name: {name}[i]"
        raise FormulaError(f"`{array}` has no entry 0: places count from 1", token.start, token.end, fix, "HW311")


def declared(parser: Parser, text: str) -> str | None:
    """Give a quantity's declared spelling; from a student also the array that another letter stands for."""
    return known(parser, text) or (instead(parser, text) if parser.scope.student else None)


def instead(parser: Parser, text: str) -> str | None:
    """Give the declared array W1 for `w1`, and w or W for the ω of handwriting, where those are not declared."""
    spelled = key(text)
    names = parser.scope.names
    if spelled.startswith("omega"):
        found = names.get("w" + spelled[5:]) or names.get("W" + spelled[5:])
        return found if found is None or found[0] == "w" or found in parser.scope.arrays else None
    found = names.get(spelled[:1].upper() + spelled[1:])
    return found if found in parser.scope.arrays else None


def layer(parser: Parser) -> tuple[str, int, bool] | None:
    """Look for the layer of `W^(1)`, `W^{(1)}` or `W^{1}`: its digits, the token behind, and whether in brackets."""
    if not parser.sees("^"):
        return None
    inside = raised(parser)
    if inside is None or not inside.token.text.isdigit():
        return None
    return inside.token.text, inside.behind, inside.bracketed


def raised(parser: Parser) -> Raised | None:
    """Look for the one token above a name in `^{2}`, `^(2)` or `^{(2)}`."""
    opens = [parser.look(1).text, parser.look(2).text]
    for brackets, closing in ((["{", "("], [")", "}"]), (["{"], ["}"]), (["("], [")"])):
        depth = len(brackets)
        if opens[:depth] == brackets and [parser.look(depth + 2 + at).text for at in range(depth)] == closing:
            return Raised(parser.look(depth + 1), parser.at + 2 + 2 * depth, "(" in brackets)
    return None


def behind_name(parser: Parser, tree: Expr, start: int) -> Expr:
    """Read what belongs to a name: the step of `X1@2`, a touching index."""
    if parser.next.kind != "op":
        return tree
    while is_step(parser.next):
        token = parser.take()
        base = tree.args[0] if isinstance(tree, Call) else tree
        assert isinstance(base, Name), "only names have steps and entries"
        if split(base.id).step:
            raise FormulaError("two steps on one name", token.start, token.end, "write one @k")
        name = Name(base.id + "@" + str(int(token.text[1:])), parser.where(start))
        tree = Call(tree.op, (name, *tree.args[1:]), parser.where(start)) if isinstance(tree, Call) else name
    return index(parser, tree, start) if parser.sees("[") and parser.next.touching else tree


# --- names that mean nothing --------------------------------------------------------------------------------


def undefined(text: str, start: int, end: int) -> NoReturn:
    """Refuse a name that means nothing here; what may have been meant is looked up when all readings have failed."""
    raise FormulaError(f"`{safe_text(text, LONG_NAME)}` is not defined", start, end, text, UNDEFINED)


def with_fix(scope: Scope, error: FormulaError) -> FormulaError:
    """Give the error with its fix: what may have been meant by a name that means nothing."""
    if error.code != UNDEFINED:
        return error
    text = error.fix
    declared = list(dict.fromkeys(scope.names.values()))
    entry = indexed(text)
    base = scope.names.get(entry[0].rstrip("_")) if entry else None
    before, _, letter = text.rpartition("_")
    array = scope.names.get(key(before))
    if base in scope.arrays and entry is not None:
        fix = f"for entry {entry[1]} write `{base}[{entry[1]}]`"
    elif array in scope.arrays and letter.isalpha():
        letter = safe_text(letter, LONG_NAME)
        runs = f"`{array}[{letter}]` where `{letter}` runs, as in sum({letter} = 1..n, ...)"
        fix = f"for an entry write `{array}[1]`, or {runs}"
    else:
        pieces = pieces_of(scope, text) if len(text) < LONG_NAME else ""
        near = closest(text, [*declared, *(name for name, _, _ in scope.functions.values())])
        fix = ""
        if text == "d":
            fix = "write a derivative by the names of quantities, dJ/dW1, and that of a function as f'(v)."
        elif text in ELSEWHERE:
            fix = f"write {ELSEWHERE[text]}."
        elif pieces:
            fix = f"write a blank between factors: `{pieces}`."
        elif near:
            fix = f"did you mean `{near[0]}`?"
        if declared:
            listed = ", ".join(declared[:20]) + (", ..." if len(declared) > 20 else "")
            fix = f"{fix} Defined here: {listed}".strip()
    return FormulaError(error.reason, error.start, error.end, fix, "HW103")


def pieces_of(scope: Scope, text: str) -> str:
    """Cut `w1x` into the declared names `w1 x`, if it is made of two, or is short and made of more."""
    for cut in range(1, len(text)):
        head, tail = text[:cut], text[cut:]
        if key(head) in scope.names:
            if key(tail) in scope.names:
                return f"{head} {tail}"
            rest = pieces_of(scope, tail) if len(text) < 12 else ""
            if rest:
                return f"{head} {rest}"
    return ""
