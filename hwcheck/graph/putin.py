"""Numbers put in for names, with the signs where a person writes them: `0.1·3 − 0.2·0.2`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..formula.expr import Call, Expr, Name, Num, rewrite
from ..formula.expr import number as exact
from .functions import Array
from .shapes import is_number


def put_in(tree: Expr, values: Mapping[str, Array], number: Callable[[float], Expr]) -> Expr:
    """Give the formula with numbers for names and their entries; `number` gives the literal that is shown for a value.

    Signs are drawn out of products and sums as a person writes them: `−0.2·3`, and `a − 0.2·3` for `a + (−0.2)·3`.
    Names without a value stay.
    """

    def change(part: Expr) -> Expr | None:
        if isinstance(part, Name):
            return _literal(values[part.id], number) if part.id in values else None
        if isinstance(part, Num):
            return None
        if part.op == "[]":
            base, *items = part.args
            places = tuple(int(item.value) - 1 for item in items if isinstance(item, Num))
            if isinstance(base, Name) and base.id in values and len(places) == len(items):
                return number(float(values[base.id][places]))
        return tidy(Call(part.op, tuple(_decided(put_in(arg, values, number)) for arg in part.args)))

    return rewrite(tree, change)


def _decided(tree: Expr) -> Expr:
    """Give 0 or 1 for an equation of two numbers inside of a formula: an entry of a one-hot vector is one of them."""
    if isinstance(tree, Call) and tree.op == "==":
        first, second = tree.args
        if isinstance(first, Num) and isinstance(second, Num):
            return exact(first.value == second.value)
    return tree


def tidy(tree: Call) -> Expr:
    """Draw the sign out of a product or a sum, and make a fraction of two literals one number."""
    op, (first, *rest) = tree.op, tree.args or (tree,)
    if len(rest) != 1:
        return tree
    second = rest[0]
    if op in ("@", "⊙") and (is_literal(first) or is_literal(second)):
        op = "*"
    opposite = _opposite(first)
    if op in ("*", "@", "/", "ratio") and opposite is not None:
        return Call("neg", (tidy(Call(op, (opposite, second))),))
    opposite = _opposite(second)
    if op == "+" and opposite is not None:
        return Call("-", (first, opposite))
    if op in ("/", "ratio") and isinstance(first, Num) and isinstance(second, Num) and second.value:
        text = f"{first.text}/{second.text}"
        if text.count("/") == 1:
            return Num(first.value / second.value, text)
    return Call(op, (first, second))


def _opposite(tree: Expr) -> Expr | None:
    """Give what a minus sign stands before."""
    return tree.args[0] if isinstance(tree, Call) and tree.op == "neg" else None


def is_literal(tree: Expr) -> bool:
    """Tell whether a formula is a number literal, perhaps with a sign."""
    return isinstance(_opposite(tree) or tree, Num)


def _literal(value: Array, number: Callable[[float], Expr]) -> Expr:
    """Give a value as a literal: a number, `[1; 2]`, `[1, 2; 3, 4]`."""
    if is_number(value.shape):
        return number(float(value.item()))
    parts = tuple(_literal(part, number) for part in value)
    if value.ndim == 1:
        return Call("[;]", parts)
    rows = tuple(Call("[,]", part.args) if isinstance(part, Call) and part.op == "[;]" else part for part in parts)
    return Call("[;]", rows) if len(rows) > 1 else rows[0]
