"""Constructors that keep derived formulas as a textbook writes them.

All simplification happens here, where a formula is put together: 0 and 1, numbers times numbers, double negation and
double transposition. The shapes choose the sign of a product: `·` between numbers, juxtaposition for a number times an
array, `⊙` entry by entry.
"""

from __future__ import annotations

from collections.abc import Callable
from math import gcd

from ..formula.expr import Call, Expr, Num, number
from .shapes import Shapes, is_number, shape_of

ZERO = number(0)
ONE = number(1)


def value_of(tree: Expr) -> float | None:
    """Give the number that a literal, perhaps negated, stands for."""
    if isinstance(tree, Num):
        return tree.value
    if isinstance(tree, Call) and tree.op == "neg" and isinstance(tree.args[0], Num):
        return -tree.args[0].value
    return None


def is_zero(tree: Expr) -> bool:
    """Tell whether a formula is the literal 0."""
    return value_of(tree) == 0


def _folded(value: float, *given: float) -> Expr | None:
    """Give a number as a tree where arithmetic on literals leaves nothing to hide: no long fractions."""
    return (
        number(value)
        if len(repr(value)) <= max(6, *(size for one in given if (size := len(repr(one))) < 12), 0)
        else None
    )


def negative(tree: Expr) -> Expr:
    """Give the negative, without double signs: −(a − b) is b − a."""
    if is_zero(tree):
        return tree
    if isinstance(tree, Call):
        if tree.op == "neg":
            return tree.args[0]
        if tree.op == "-":
            return Call("-", (tree.args[1], tree.args[0]))
        if tree.op in ("*", "@", "⊙", "/") and isinstance(tree.args[0], Call) and tree.args[0].op == "neg":
            return Call(tree.op, (tree.args[0].args[0], *tree.args[1:]))
    return Call("neg", (tree,))


def plus(left: Expr, right: Expr) -> Expr:
    """Add; 0 is left out, and equal terms are counted."""
    if is_zero(left):
        return right
    if is_zero(right):
        return left
    if isinstance(right, Call) and right.op == "neg":
        return minus(left, right.args[0])
    if _same_loops(left, right):
        return _in_loops(plus, left, right)
    if left == right and value_of(left) is None:
        return _twice(left)
    if isinstance(left, Call) and left.op == "+" and left.args[1] == right and value_of(right) is None:
        return Call("+", (left.args[0], _twice(right)))
    return _sum_of_literals(left, right, 1) or Call("+", (left, right))


def _same_loops(left: Expr, right: Expr) -> bool:
    """Tell whether two formulas are arrays by the same loops."""
    if not isinstance(left, Call) or not isinstance(right, Call):
        return False
    return left.op == right.op == "[for]" and left.args[1:] == right.args[1:]


def _in_loops(join: Callable[[Expr, Expr], Expr], left: Expr, right: Expr) -> Expr:
    """Join what two arrays by the same loops have in each turn."""
    assert isinstance(left, Call)
    assert isinstance(right, Call)
    return Call("[for]", (join(left.args[0], right.args[0]), *left.args[1:]))


def _twice(tree: Expr) -> Expr:
    if isinstance(tree, Call) and tree.op in ("@", "*"):
        factor = value_of(tree.args[0])
        folded = None if factor is None else _folded(2 * factor, 2, factor)
        if folded is not None:
            return tree.args[1] if value_of(folded) == 1 else Call("@", (folded, tree.args[1]))
    return Call("@", (number(2), tree))


def _sum_of_literals(left: Expr, right: Expr, sign: int) -> Expr | None:
    first, second = value_of(left), value_of(right)
    return None if first is None or second is None else _folded(first + sign * second, first, second)


def minus(left: Expr, right: Expr) -> Expr:
    """Subtract; 0 is left out."""
    if is_zero(right):
        return left
    if is_zero(left):
        return negative(right)
    if isinstance(right, Call) and right.op == "neg":
        return plus(left, right.args[0])
    if _same_loops(left, right):
        return _in_loops(minus, left, right)
    return _sum_of_literals(left, right, -1) or Call("-", (left, right))


def times(left: Expr, right: Expr, shapes: Shapes) -> Expr:
    """Multiply entry by entry, or a number with every entry."""
    if is_zero(left) or is_zero(right):
        return ZERO
    if value_of(left) == 1:
        return right
    if value_of(right) == 1:
        return left
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Call) and one.op == "neg":
            return negative(times(one.args[0], other, shapes) if one is left else times(other, one.args[0], shapes))
    first, second = value_of(left), value_of(right)
    if first is not None and second is not None:
        folded = _folded(first * second, first, second)
        if folded is not None:
            return folded
    if second is not None and first is None:
        return times(right, left, shapes)
    if isinstance(right, Call) and right.op in ("*", "@") and value_of(right.args[0]) is not None:
        inner = value_of(right.args[0]) or 0.0
        if first is None:
            return times(right.args[0], times(left, right.args[1], shapes), shapes)
        folded = _folded(first * inner, first, inner)
        if folded is not None:
            return times(folded, right.args[1], shapes)
    if isinstance(right, Call) and right.op == "/" and value_of(right.args[0]) == 1:
        return divide(left, right.args[1])
    shortened = None if first is None else _shortened(first, right, shapes)
    if shortened is not None:
        return shortened
    a, b = shape_of(left, shapes), shape_of(right, shapes)
    for one, other, shape in ((left, right, b), (right, left, a)):
        if isinstance(one, Call) and one.op == "ones" and a == b == shape:
            return other
    if not a and not b:
        # a product of numbers is one chain, read from left to right
        if isinstance(right, Call) and right.op == "*":
            return Call("*", (times(left, right.args[0], shapes), right.args[1]))
        return Call("@" if first is not None else "*", (left, right))
    if not a:
        return Call("@", (left, right))
    if not b:
        return Call("@", (right, left))
    if isinstance(right, Call) and right.op == "⊙":
        return Call("⊙", (times(left, right.args[0], shapes), right.args[1]))
    return Call("⊙", (left, right))


def _shortened(factor: float, tree: Expr, shapes: Shapes) -> Expr | None:
    """Give a whole number times a quotient by another, where they have a factor in common: 2 (lambda/2) is lambda."""
    if not isinstance(tree, Call) or tree.op != "/":
        return None
    over, under = tree.args
    rest: Expr = ONE
    if isinstance(under, Call) and under.op in ("*", "@") and not shape_of(under, shapes):
        under, rest = under.args
    below = value_of(under)
    if below is None or not (factor.is_integer() and below.is_integer()) or gcd(int(factor), int(below)) == 1:
        return None
    common = gcd(int(factor), int(below))
    above = times(number(factor // common), over, shapes)
    return divide(above, times(number(below // common), rest, shapes))


def divide(left: Expr, right: Expr) -> Expr:
    """Divide entry by entry; two whole literals make a fraction."""
    if is_zero(left) or value_of(right) == 1:
        return left
    if isinstance(left, Call) and left.op == "neg":
        return negative(divide(left.args[0], right))
    if isinstance(left, Num) and isinstance(right, Num) and right.value != 0:
        quotient = left.value / right.value
        if quotient == int(quotient):
            return number(quotient)
        if "/" not in left.text + right.text:
            return Num(quotient, f"{left.text}/{right.text}")
    return Call("/", (left, right))


def ratio(left: Expr, right: Expr) -> Expr:
    """Divide entry by entry where 0/0 counts as 0; a literal above leaves nothing to say."""
    if isinstance(left, Call) and left.op == "neg":
        return negative(ratio(left.args[0], right))
    found, plain = divide(left, right), Call("/", (left, right))
    return Call("ratio", plain.args) if found == plain and value_of(left) is None else found


def multiply(left: Expr, right: Expr, shapes: Shapes) -> Expr:
    """Multiply as linear algebra does; a number scales."""
    if is_zero(left) or is_zero(right):
        return ZERO
    a, b = shape_of(left, shapes), shape_of(right, shapes)
    if not a or not b:
        return times(left, right, shapes)
    if isinstance(left, Call) and left.op == "neg":
        return negative(multiply(left.args[0], right, shapes))
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Call) and one.op == "I" and len(shape_of(other, shapes)) == 2:
            return other
    if isinstance(right, Call) and right.op == "@" and value_of(right.args[0]) is not None:
        return times(right.args[0], multiply(left, right.args[1], shapes), shapes)
    if len(a) == 1 and is_number(b) and not is_number(a):
        return Call("@", (right, left))
    return Call("@", (left, right))


def transpose(tree: Expr, shapes: Shapes) -> Expr:
    """Transpose; numbers have no transpose, and (a bᵀ)ᵀ is b aᵀ."""
    if not shape_of(tree, shapes):
        return tree
    if isinstance(tree, Call) and tree.op == "ᵀ":
        return tree.args[0]
    if isinstance(tree, Call) and tree.op == "neg":
        return negative(transpose(tree.args[0], shapes))
    if isinstance(tree, Call) and tree.op == "@" and value_of(tree.args[0]) is not None:
        return Call("@", (tree.args[0], transpose(tree.args[1], shapes)))
    if isinstance(tree, Call) and tree.op == "@" and isinstance(tree.args[1], Call) and tree.args[1].op == "ᵀ":
        left, right = tree.args[0], tree.args[1].args[0]
        return (
            Call("@", (left, right))
            if is_number(shape_of(left, shapes))
            else multiply(right, transpose(left, shapes), shapes)
        )
    return Call("ᵀ", (tree,))


def raised(base: Expr, power: Expr) -> Expr:
    """Raise to a power; 0 and 1 leave nothing to write."""
    exponent = value_of(power)
    if exponent == 1:
        return base
    if exponent == 0:
        return ONE
    return Call("^", (base, power))
