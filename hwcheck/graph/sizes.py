"""Sizes: whole numbers, names that stand for one, and what is made of them: `n - 1`, `d1 + d2`, `2 h w`.

A size is a number, or a text in one form, so that equal sizes are equal texts: a sum of products of names, the longest
products first, then by name, the number last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from ..formula.expr import Call, Expr, Name, Num, number

Size: TypeAlias = int | str
#: How often each product of names occurs; the empty product is the number.
Terms = dict[tuple[str, ...], int]

MOST_PRODUCTS = 64


def terms_of(size: Size) -> Terms:
    """Take a size apart."""
    if isinstance(size, int):
        return {(): size} if size else {}
    found: Terms = {}
    for part in size.replace(" - ", " + -").split(" + "):
        words = part.lstrip("-").split(" ")
        factor = -1 if part[0] == "-" else 1
        if words[0].isdigit():
            factor *= int(words.pop(0))
        found[tuple(words)] = factor
    return found


def size_of(terms: Terms) -> Size:
    """Put a size together, in its one form."""
    out = ""
    for product in sorted((product for product, count in terms.items() if count), key=lambda each: (-len(each), each)):
        count = terms[product]
        words = [*([str(abs(count))] if abs(count) != 1 or not product else []), *product]
        sign = ("-" if count < 0 else "") if not out else " - " if count < 0 else " + "
        out += sign + " ".join(words)
    if not any(product for product, count in terms.items() if count):
        return int(out or "0")
    return out


def plus(left: Size, right: Size, sign: int = 1) -> Size:
    """Add two sizes, or subtract the second."""
    if isinstance(left, int) and isinstance(right, int):
        return left + sign * right
    total = terms_of(left)
    for product, count in terms_of(right).items():
        total[product] = total.get(product, 0) + sign * count
    return size_of(total)


def multiplied(left: Size, right: Size) -> Size:
    """Multiply two sizes."""
    if isinstance(left, int) and isinstance(right, int):
        return left * right
    total: Terms = {}
    for first, count in terms_of(left).items():
        for second, other in terms_of(right).items():
            product = tuple(sorted(first + second))
            total[product] = total.get(product, 0) + count * other
    return size_of(total)


def size_tree(size: Size) -> Expr:
    """Give a size as a formula."""
    if isinstance(size, int):
        return number(size)
    if " " not in size and size[0] != "-":
        return Name(size)
    total: Expr | None = None
    for product, count in terms_of(size).items():
        tree: Expr | None = None if abs(count) == 1 and product else number(abs(count))
        for name in product:
            tree = Name(name) if tree is None else Call("*", (tree, Name(name)))
        assert tree is not None
        if total is None:
            total = Call("neg", (tree,)) if count < 0 else tree
        else:
            total = Call("-" if count < 0 else "+", (total, tree))
    return total or number(0)


def size_at(size: Size, numbers: Mapping[str, float]) -> int:
    """Give the whole number that a size is where its names have these values."""
    total = 0
    for product, count in terms_of(size).items():
        for name in product:
            count *= int(numbers[name])
        total += count
    return total


def size_in(tree: Expr, named: Callable[[Name], Size | None]) -> Size | None:
    """Read a formula of whole numbers and the names of sizes; None where it holds anything else."""
    if isinstance(tree, Num):
        return int(tree.value) if tree.value == int(tree.value) else None
    if isinstance(tree, Name):
        return named(tree)
    if tree.op not in ("neg", "+", "-", "*", "@"):
        return None
    found = [size_in(arg, named) for arg in tree.args]
    parts = [each for each in found if each is not None]
    if len(parts) < len(found):
        return None
    if tree.op == "neg":
        return plus(0, parts[0], -1)
    if tree.op in ("+", "-"):
        return plus(parts[0], parts[1], 1 if tree.op == "+" else -1)
    if len(terms_of(parts[0])) * len(terms_of(parts[1])) > MOST_PRODUCTS:
        return None
    return multiplied(parts[0], parts[1])
