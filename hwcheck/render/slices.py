"""The numbers put into an array of more than two axes, matrix by matrix, as a person works a convolution out.

The channel [1] of `z = [sum(c = 1..2, conv(x[c], K[f,c])) + b[f] for f = 1..2]` is `conv(x[1], K[1,1]) + conv(x[2],
K[1,2]) + b[1]`, and each of these convolutions is a matrix.
"""

from __future__ import annotations

from ..formula.expr import Call, Expr, Name, number, rewrite
from ..graph.algebra import ZERO
from ..graph.entries import Index, total
from ..graph.evaluate import value_of
from ..graph.functions import row_of
from ..graph.meaning import binds, terms_of
from ..graph.shapes import is_number, shape_of
from ..graph.table import Table
from .values import Array

MOST = 6  # matrices that are worked out
MOST_TERMS = 8  # of a sum over a loop that is written out
WINDOWS = ("conv", "conv_transpose", "correlate", "correlate_transpose")
WHOLE = Call(":", ())


class TooLong(Exception):
    """A sum has too many terms to be written out."""


def matrix_at(tree: Expr, index: Index, table: Table) -> Expr | None:
    """Give the formula of the matrix at the first axes of an array; None where a formula of matrices does not say it.

    What is added up over a loop is written out.

    Raises:
        TooLong: a sum has too many terms for a page.
        FormulaError: an end of a loop has no value.
    """
    shapes = table.shapes
    shape = shape_of(tree, shapes)
    if not index or not shape:
        return written_out(tree, table) if len(shape) <= 2 else None
    if isinstance(tree, Name):
        return Call("[]", (tree, *map(number, index), *[WHOLE] * (len(shape) - len(index))))
    if not isinstance(tree, Call):
        return tree
    if tree.op == "[for]":
        body, bind, *loops = tree.args
        inner = terms_of(Call("[for]", (body, *loops), tree.at) if loops else body, bind, shapes)[index[0] - 1]
        return matrix_at(inner, index[1:], table)
    if binds(tree):
        if tree.op != "sum":
            return None
        parts = [matrix_at(term, index, table) for term in _terms(tree, table)]
        known = [part for part in parts if part is not None]
        return total(known) if len(known) == len(parts) else None
    row = row_of(tree.op, shapes.functions)
    if tree.op not in ("+", "-", "neg", "⊙", "*", "@", "/", "^") and row.kind != "each":
        return None
    args: list[Expr] = []
    for arg in tree.args:
        same = shape_of(arg, shapes)
        part = matrix_at(arg, index, table) if same == shape else arg if is_number(same) else None
        if part is None:
            return None
        args.append(part)
    return Call(tree.op, tuple(args))


def written_out(tree: Expr, table: Table) -> Expr:
    """Give a formula with its sums over loops written out."""

    def change(part: Expr) -> Expr | None:
        if isinstance(part, Call) and part.op == "sum" and binds(part):
            return total([written_out(term, table) for term in _terms(part, table)])
        return None

    return rewrite(tree, change)


def _terms(tree: Call, table: Table) -> list[Expr]:
    """Give the terms of a sum over loop variables.

    Raises:
        TooLong: they are too many.
    """
    *loops, body = tree.args
    found = [body]
    for bind in reversed(loops):
        found = [term for part in found for term in terms_of(part, bind, table.shapes)]
        if len(found) > MOST_TERMS:
            raise TooLong
    return found


def is_window(tree: Expr) -> bool:
    """Tell whether a formula is a convolution, or its transpose."""
    return isinstance(tree, Call) and tree.op in WINDOWS


def windows_worked_out(tree: Expr, table: Table, known: dict[str, Array]) -> Expr:
    """Put names for the convolutions and the like in a formula of several, and their values beside the known ones."""

    def change(part: Expr) -> Expr | None:
        if part is tree or not is_window(part):
            return None
        name = f" {len(known)}"
        known[name] = value_of(part, table, known)
        return Name(name)

    return tree if tree == ZERO else rewrite(tree, change)
