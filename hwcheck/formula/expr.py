"""Trees of formulas: a number, a name, or an operation on trees.

There is one kind of operation, `Call`; its `op` is a symbol for an operator ("+", "@", "⊙", ...) and a name for a
function ("sigmoid", "f1'"). Trees are tuples: equal when they mean the same text, wherever it stood.

    >>> Call("+", (Name("a"), Num(1.0, "1"))) == Call("+", (Name("a"), Num(1.0, "1"), ), Where(3, 8))
    True
"""

from collections.abc import Callable, Iterator, Mapping
from operator import is_

from ..record import NamedTuple


class Where(NamedTuple):
    """Characters start..end of the text that a tree was read from; no part of what it means, so all are equal."""

    start: int
    end: int

    def __eq__(self, other: object) -> bool:
        """Tell whether the other is a place too."""
        return isinstance(other, Where)

    def __ne__(self, other: object) -> bool:
        """Tell whether the other is no place."""
        return not isinstance(other, Where)

    def __hash__(self) -> int:
        """Give the same for every place."""
        return 0


NOWHERE = Where(0, 0)


class Num(NamedTuple):
    """A number literal, or a fraction of two; `text` keeps the digits as typed."""

    value: float
    text: str
    at: Where = NOWHERE


class Name(NamedTuple):
    """A quantity: `W1`, `dJ/dW1`, `W1_new`, `X1@2`."""

    id: str
    at: Where = NOWHERE


class Call(NamedTuple):
    """An operation: an operator by its symbol, or a function by its name."""

    op: str
    args: "tuple[Expr, ...]"
    at: Where = NOWHERE


Expr = Num | Name | Call

#: Operators that are no functions; every other op of a `Call` is a function's name.
OPERATORS = frozenset(
    ["+", "-", "neg", "*", "⊙", "@", "/", "^", "ᵀ", "[]", "[,]", "[;]", ":", "..", "=", "for", "[for]"]
)
#: Binding powers, weakest first. Juxtaposition binds tighter than the signs of multiplication and division.
COMPARE, ADD, NEGATE, MULTIPLY, JUXTAPOSE, APPLY, POWER = 10, 20, 25, 30, 40, 50, 60
COMPARISONS = ("<=", ">=", "==", "!=", "<", ">")


def number(value: float) -> Expr:
    """Give the tree of a number: its shortest exact text; a negative one is a negation, as typed text would give."""
    if value < 0 or (value == 0 and str(value)[0] == "-"):
        return Call("neg", (number(-value),))
    text = repr(float(value))
    return Num(float(value), text[:-2] if text.endswith(".0") else text)


def walk(tree: Expr) -> Iterator[Expr]:
    """Give every part of a tree, itself first, from left to right."""
    todo = [tree]
    while todo:
        part = todo.pop()
        yield part
        if isinstance(part, Call):
            todo.extend(reversed(part.args))


def bound_names(tree: Expr) -> set[str]:
    """Give the loop variables of a tree."""
    return _names(tree, {})


def names(tree: Expr) -> list[str]:
    """Give the names that a tree reads, each once, in order; loop variables are left out."""
    found: dict[str, None] = {}
    bound = _names(tree, found)
    return [name for name in found if name not in bound] if bound else list(found)


def _names(tree: Expr, found: dict[str, None]) -> set[str]:
    """Add the names of a tree to those found; give the ones that are loop variables."""
    bound: set[str] = set()
    todo = [tree]
    while todo:
        part = todo.pop()
        if type(part) is Name:
            found[part.id] = None
        elif type(part) is Call:
            todo.extend(reversed(part.args))
            if part.op == "=" and type(part.args[0]) is Name:
                bound.add(part.args[0].id)
    return bound


def rewrite(tree: Expr, change: Callable[[Expr], Expr | None]) -> Expr:
    """Give the tree with every part replaced for which `change` gives another; a replaced part is not entered."""
    new = change(tree)
    if new is not None:
        return new
    if type(tree) is not Call:
        return tree
    args = tuple([rewrite(arg, change) for arg in tree.args])
    # a tree in which nothing changes stays the object that it is: what is known of it is kept by its identity
    return tree if all(map(is_, args, tree.args)) else Call(tree.op, args, tree.at)


def substitute(tree: Expr, values: Mapping[str, Expr]) -> Expr:
    """Give the tree with names replaced by trees."""
    return rewrite(tree, lambda part: values.get(part.id) if isinstance(part, Name) else None) if values else tree
