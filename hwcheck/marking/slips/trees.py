"""Formulas taken apart as a student sees them: terms of a sum, factors of a product, parts anywhere."""

from collections.abc import Callable, Iterator

from hwcheck.record import NamedTuple

from ...formula.expr import Call, Expr, Name, rewrite
from ...graph.algebra import ZERO, minus, negative, plus

PRODUCTS = ("@", "⊙", "*")

#: Gives a formula with another part in one place.
Put = Callable[[Expr], Expr]


class Term(NamedTuple):
    """One term of a sum, and whether it is taken off."""

    tree: Expr
    off: bool


def terms(tree: Expr, off: bool = False) -> list[Term]:
    """Give the terms of a sum, from left to right; a formula that is no sum is its only term.

    >>> from hwcheck.formula.expr import Name
    >>> [(term.tree.id, term.off) for term in terms(Call("-", (Call("+", (Name("a"), Name("b"))), Name("c"))))]
    [('a', False), ('b', False), ('c', True)]
    """
    if isinstance(tree, Call):
        if tree.op == "+":
            return [term for arg in tree.args for term in terms(arg, off)]
        if tree.op == "-":
            return terms(tree.args[0], off) + terms(tree.args[1], not off)
        if tree.op == "neg":
            return terms(tree.args[0], not off)
    return [Term(tree, off)]


def total(parts: list[Term]) -> Expr:
    """Put a sum together from its terms."""
    out: Expr = ZERO
    for part in parts:
        out = minus(out, part.tree) if part.off else plus(out, part.tree)
    return out


def omissions(tree: Expr) -> Iterator[tuple[Expr, Expr]]:
    """Give each factor of a product with the product that is left without it; factors of a numerator too."""
    if not isinstance(tree, Call):
        return
    if tree.op == "neg":
        for factor, rest in omissions(tree.args[0]):
            yield factor, negative(rest)
    elif tree.op == "/":
        over, under = tree.args
        for factor, rest in omissions(over):
            yield factor, Call("/", (rest, under))
    elif tree.op in PRODUCTS:
        left, right = tree.args
        yield left, right
        yield right, left
        for factor, rest in omissions(left):
            yield factor, Call(tree.op, (rest, right))
        for factor, rest in omissions(right):
            yield factor, Call(tree.op, (left, rest))


def sites(tree: Expr) -> Iterator[tuple[Expr, Put]]:
    """Give every part of a formula, itself first, with the function that puts another in its place."""
    yield tree, lambda new: new
    if isinstance(tree, Call):
        for place, arg in enumerate(tree.args):
            for part, put in sites(arg):
                yield part, _within(tree, place, put)


def parts(tree: Expr | None, *ops: str) -> Iterator[tuple[Call, Put]]:
    """Give the operations of some kinds in a formula, each with the function that puts another in its place."""
    for part, put in sites(tree) if tree is not None else ():
        if isinstance(part, Call) and part.op in ops:
            yield part, put


def _within(tree: Call, place: int, put: Put) -> Put:
    return lambda new: _with(tree, place, put(new))


def _with(tree: Call, place: int, new: Expr) -> Expr:
    if tree.op == "neg":
        return negative(new)
    return Call(tree.op, (*tree.args[:place], new, *tree.args[place + 1 :]), tree.at)


def renamed(tree: Expr, old: str, new: Expr) -> Expr:
    """Give a formula with another in the place of a name."""
    return rewrite(tree, lambda part: new if isinstance(part, Name) and part.id == old else None)


def bare(tree: Expr) -> str:
    """Give the name that a formula is, transposed or not; "" for anything else."""
    if isinstance(tree, Call) and tree.op == "ᵀ":
        tree = tree.args[0]
    return tree.id if isinstance(tree, Name) else ""
