"""Constructors that keep derived formulas as a textbook writes them.

All simplification happens here, where a formula is put together: 0 and 1, numbers times numbers, double negation and
double transposition. The shapes choose the sign of a product: `·` between numbers, juxtaposition for a number times an
array, `⊙` entry by entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..formula.expr import Call, Expr, Name, Num, number, substitute
from .functions import Functions, template
from .shapes import Shape, Shapes, entries, is_number, shape_of, together

if TYPE_CHECKING:
    from .arrays import Nested

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
    if left == right and value_of(left) is None:
        return _twice(left)
    if isinstance(left, Call) and left.op == "+" and left.args[1] == right and value_of(right) is None:
        return Call("+", (left.args[0], _twice(right)))
    return _sum_of_literals(left, right, 1) or Call("+", (left, right))


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
    a, b = shape_of(left, shapes), shape_of(right, shapes)
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


def multiply(left: Expr, right: Expr, shapes: Shapes) -> Expr:
    """Multiply as linear algebra does; a number scales."""
    if is_zero(left) or is_zero(right):
        return ZERO
    a, b = shape_of(left, shapes), shape_of(right, shapes)
    if not a or not b:
        return times(left, right, shapes)
    if isinstance(left, Call) and left.op == "neg":
        return negative(multiply(left.args[0], right, shapes))
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


def count(shape: Shape) -> Expr:
    """Give the number of entries as a formula; sizes that are names stay names."""
    total: Expr = ONE
    fixed = 1
    for size in shape:
        if isinstance(size, int):
            fixed *= size
        else:
            total = Name(size) if total is ONE else Call("*", (total, Name(size)))
    return number(fixed) if total is ONE else total if fixed == 1 else Call("*", (number(fixed), total))


def ones(shape: Shape) -> Call:
    """Give an array of ones as a formula."""
    return Call("ones", tuple(number(size) if isinstance(size, int) else Name(size) for size in shape))


def full(tree: Expr, shape: Shape, shapes: Shapes) -> Expr:
    """Give the same number for every entry where a formula is a number and an array is needed."""
    if is_number(shape) or not is_number(shape_of(tree, shapes)) or is_zero(tree):
        return tree
    return times(tree, ones(shape), shapes)


def fit(tree: Expr, wanted: Shape, shapes: Shapes) -> Expr:
    """Bring the adjoint of an operation's value to the shape of an operand that went over every entry, or over a
    batch."""
    shape = shape_of(tree, shapes)
    if shape == wanted or is_zero(tree):
        return tree
    if is_number(wanted):
        if is_number(shape):
            return tree
        return (
            negative(fit(tree.args[0], wanted, shapes))
            if isinstance(tree, Call) and tree.op == "neg"
            else Call("sum", (tree,))
        )
    if is_number(shape):
        return full(tree, wanted, shapes)
    if together(shape, wanted) is not None:
        return tree
    rows, columns = shape
    if len(wanted) == 1:
        over_columns = wanted[0] == rows and (wanted[0] != columns or shapes.samples == "columns")
        return (
            Call("@", (tree, ones((columns,)))) if over_columns else Call("@", (transpose(tree, shapes), ones((rows,))))
        )
    return Call("@", (tree, ones((columns, 1)))) if wanted[1] == 1 else Call("@", (ones((1, rows)), tree))


def gathered(parts: list[Expr], shape: Shape) -> Expr | None:
    """Write numbers placed at single entries as one array; None where anything else is among the parts, or the array is
    large."""
    if (
        not 1 <= len(shape) <= 2
        or len(parts) < 2
        or not all(isinstance(size, int) for size in shape)
        or entries(shape) > 36
    ):
        return None
    cells: dict[tuple[float, ...], Expr] = {}
    for part in parts:
        sign = isinstance(part, Call) and part.op == "neg"
        placed = part.args[0] if sign and isinstance(part, Call) else part
        if not isinstance(placed, Call) or placed.op != "place" or len(placed.args) != len(shape) + 2:
            return None
        at = tuple(item.value for item in placed.args[2:] if isinstance(item, Num))
        if len(at) < len(shape):
            return None
        cells[at] = (minus if sign else plus)(cells.get(at, ZERO), placed.args[0])
    columns = int(shape[1]) if len(shape) == 2 else 1
    rows: list[Expr] = []
    for i in range(int(shape[0])):
        row = tuple(cells.get((i + 1, j + 1)[: len(shape)], ZERO) for j in range(columns))
        rows.append(row[0] if columns == 1 else Call("[,]", row))
    return rows[0] if len(rows) == 1 else Call("[;]", tuple(rows))


def simplest(tree: Expr, shapes: Shapes) -> Expr:
    """Put a formula together again with these constructors, from its parts upwards."""
    if not isinstance(tree, Call):
        return tree
    if tree.op == "count":
        return count(shape_of(tree.args[0], shapes))
    args = tuple(simplest(arg, shapes) for arg in tree.args)
    if tree.op == "neg":
        return negative(args[0])
    if tree.op == "+":
        return plus(*args)
    if tree.op == "-":
        return minus(*args)
    if tree.op in ("*", "⊙"):
        return times(args[0], args[1], shapes)
    if tree.op == "@":
        return multiply(args[0], args[1], shapes)
    if tree.op == "/":
        return divide(*args)
    if tree.op == "^":
        return raised(*args)
    if tree.op == "ᵀ":
        return transpose(args[0], shapes)
    if tree.op == "sum" and len(args) == 1 and is_number(shape_of(args[0], shapes)):
        return args[0]
    if tree.op == "ln" and args[0] == Call("e", ()):
        return ONE
    if tree.op == "if" and is_zero(args[1]) and is_zero(args[2]):
        return ZERO
    return Call(tree.op, args)


def literal_array(value: Nested) -> Expr:
    """Give the formula of an array of at most two axes that is known by its entries."""
    if not isinstance(value, list):
        return number(value)
    rows = tuple(
        Call("[,]", tuple(literal_array(entry) for entry in row)) if isinstance(row, list) else number(row)
        for row in value
    )
    return rows[0] if len(rows) == 1 and isinstance(value[0], list) else Call("[;]", rows)


def filled(text: str, params: tuple[str, ...], given: dict[str, Expr], shapes: Shapes, functions: Functions) -> Expr:
    """Give a row's text with trees in the places of its parameters, simplified."""
    return simplest(substitute(template(text, params, functions), given), shapes)


__all__ = [
    "ONE",
    "ZERO",
    "count",
    "divide",
    "entries",
    "filled",
    "fit",
    "full",
    "gathered",
    "minus",
    "multiply",
    "negative",
    "plus",
    "raised",
    "simplest",
    "times",
    "transpose",
]
