"""The numbers put into a formula: entry by entry where the arrays are small, as matrices where they are wider.

Where nobody could read them, they are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from ..formula.expr import COMPARISONS, Call, Expr, Name, names, rewrite, walk
from ..formula.parse import FormulaError
from ..formula.show import plain, unicode
from ..graph.entries import entry, indices, part_of, relaid
from ..graph.evaluate import value_of
from ..graph.meaning import binds
from ..graph.putin import is_literal, put_in, tidy
from ..graph.shapes import Shape, fixed_number, is_number, shape_of
from ..graph.table import Table
from ..record import NamedTuple
from ..text import safe_text
from .layout import Block, Page, below, beside, matrix, text
from .numbers import literal
from .slices import MOST, TooLong, is_window, matrix_at, windows_worked_out
from .values import SIDE, UNLIMITED, Array, value_block

MOST_ENTRIES = 12  # of a value whose entries are worked out one by one
MOST_LISTED = 16  # of a convolution, which are listed where they do not fit as a matrix
MOST_TERMS = 32  # entries of an array that are written out one by one
PLACEHOLDER = 0xE000  # private letters that stand for matrices in a formula's text


def formula_text(tree: Expr, page: Page) -> str:
    """Write a formula for people."""
    return safe_text(plain(tree) if page.ascii else unicode(tree))


class Put(NamedTuple):
    """What a formula's names stand for: its table, the values, and the page."""

    table: Table
    values: Mapping[str, Array]
    page: Page

    def numbers(self, tree: Expr) -> Expr:
        """Put numbers in for all names: givens as they were typed, others as shown; of cases the one that holds."""
        tree = rewrite(tree, self._case)
        exact: dict[str, Array] = {}
        rounded: dict[str, Array] = {}
        for name, value in self.values.items():
            given = name in self.table and self.table[name].role == "given"
            (exact if given else rounded)[name] = value
        tree = put_in(
            tree,
            {**exact, **self.table.sizes},
            lambda value: literal(value, self.page.digits, self.page.ascii, typed=True),
        )
        return put_in(tree, rounded, lambda value: literal(value, self.page.digits, self.page.ascii))

    def _case(self, part: Expr) -> Expr | None:
        """Give the case that holds of `if(c, a, b)`; None for anything else."""
        if not isinstance(part, Call) or part.op != "if":
            return None
        condition, first, second = part.args
        known = all(name in self.values for name in names(condition))
        if not known or not is_number(shape_of(condition, self.table.shapes)):
            return None
        holds = bool(value_of(condition, self.table, self.values).item())
        return rewrite(first if holds else second, self._case)


def numbers_put_in(formula: Expr, shape: Shape, put: Put) -> Iterator[Block | str]:
    """Give the ways to show a formula with its numbers, the most telling first; a text is a line that may be folded."""
    if is_selection(formula):
        return  # the same numbers over again
    rows = worked_out(formula, shape, put)
    if rows and all(is_literal(tree) and "/" not in plain(tree) for row in rows for tree in row):
        return  # they are the value
    texts = [[formula_text(tree, put.page) for tree in row] for row in rows]
    if is_number(shape) and rows:
        if texts[0][0] != formula_text(formula, put.page):
            yield f"({texts[0][0]})" if isinstance(formula, Call) and formula.op in COMPARISONS else texts[0][0]
    elif rows:
        yield matrix(texts, "numbers", numbers=False)
        if any(map(is_window, walk(formula))):  # which matrices would not explain
            heads = [f"[{','.join(map(str, index))}] = " for index in indices(shape)]
            lines = [line for row in texts for line in row]
            yield below(*(text(head + line, "numbers") for head, line in zip(heads, lines, strict=True)))
    if not rows:
        yield from by_matrices(formula, shape, put)
    block = _as_matrices(formula, put) if _small(formula, put) and not isinstance(formula, Name) else None
    if block is not None:
        yield block


def is_selection(formula: Expr) -> bool:
    """Tell whether a formula only takes entries of quantities, or lays them out otherwise."""
    if not isinstance(formula, Call):
        return isinstance(formula, Name)
    if formula.op in ("[]", "reshape"):
        return is_selection(formula.args[0])
    return formula.op in ("stack", "[;]", "[,]") and all(map(is_selection, formula.args))


def worked_out(formula: Expr, shape: Shape, put: Put) -> list[list[Expr]]:
    """Give the entries of a formula's value with the numbers put in, row by row; none where they are too many."""
    if isinstance(formula, Name) or len(shape) > 2 or not _small(formula, put):
        return []
    sizes = [int(size) for size in shape]
    if prod(sizes) > (MOST_LISTED if any(map(is_window, walk(formula))) else MOST_ENTRIES):
        return []
    inner = shape_of(formula, put.table.shapes)
    trees = [put.numbers(entry(formula, relaid(index, shape, inner), put.table.shapes)) for index in indices(shape)]
    columns = sizes[1] if len(sizes) > 1 else 1
    return [trees[at : at + columns] for at in range(0, len(trees), columns)]


def _small(formula: Expr, put: Put) -> bool:
    """Tell whether all that a formula reads is known and small enough to be written down, loops included."""
    for part in walk(formula):
        if isinstance(part, Name) and part.id in put.table:
            value = put.values.get(part.id)
            if value is None or value.size > MOST_TERMS:
                return False
        if isinstance(part, Call) and part.op == "..":
            low, high = (fixed_number(end, put.table.shapes) for end in part.args)
            if high is not None and high - (low or 0.0) > SIDE:
                return False
    return True


def _as_matrices(formula: Expr, put: Put) -> Block | None:
    """Write a formula with matrices in the places of its names and slices; None where it has none, or reads a loop."""
    blocks: list[Block] = []
    cut: list[str] = []

    def change(part: Expr) -> Expr | None:
        base, *items = part.args if isinstance(part, Call) and part.op == "[]" else (part,)
        if not isinstance(base, Name) or base.id not in put.values or is_number(put.values[base.id].shape):
            return None
        value = put.values[base.id]
        if items:
            value = part_of(value, tuple(items), put.table.shapes)
            if is_number(value.shape):
                return put.numbers(part)
        if max(value.shape) > SIDE or value.ndim > 2:
            cut.append(base.id)
        typed = base.id in put.table and put.table[base.id].role == "given"
        blocks.append(value_block(value, value.shape, put.page, UNLIMITED, "numbers", typed))
        return Name(chr(PLACEHOLDER + len(blocks) - 1))

    if any(isinstance(part, Call) and part.op in ("=", "place") for part in walk(formula)):
        return None
    tree = rewrite(formula, change)
    if cut or not blocks:
        return None
    tree = tidied(put.numbers(tree))
    line = plain(tree) if put.page.ascii else unicode(tree)
    pieces: list[Block] = []
    start = 0
    for at, char in enumerate(line):
        if PLACEHOLDER <= ord(char) < PLACEHOLDER + len(blocks):
            pieces += [text(safe_text(line[start:at]), "numbers"), blocks[ord(char) - PLACEHOLDER]]
            start = at + 1
    pieces.append(text(safe_text(line[start:]), "numbers"))
    return beside(*(piece for piece in pieces if piece.width), gap=0)


def by_matrices(formula: Expr, shape: Shape, put: Put) -> Iterator[Block]:
    """Give the working of an array of more than two axes, or of what reads one: matrix by matrix.

    What a function makes of each entry of one array needs none.
    """
    if not isinstance(formula, Call) or (len(set(names(formula))) == 1 and not binds(formula)):
        return
    leading = indices(shape[:-2]) if all(isinstance(size, int) for size in shape) else []
    deep = any(put.values[name].ndim > 2 for name in names(formula) if name in put.values)
    if not 0 < len(leading) <= MOST or not (deep or len(shape) > 2) or max(map(int, shape[-2:]), default=1) > SIDE:
        return
    blocks: list[Block] = []
    for index in leading:
        try:
            tree = matrix_at(formula, index, put.table)
        except (TooLong, FormulaError):
            return
        if tree is None or any(isinstance(part, Name) and part.id not in put.values for part in walk(tree)):
            return
        known = dict(put.values)
        tree = windows_worked_out(tree, put.table, known)
        block = _as_matrices(tree, put._replace(values=known))
        if block is None:
            return
        head = text(f"[{','.join(map(str, index))},:,:] =")
        blocks.append(beside(head, block) if index else block)
    yield below(*blocks)


def tidied(tree: Expr) -> Expr:
    """Draw the signs out of products and sums everywhere in a formula."""
    return tidy(Call(tree.op, tuple(tidied(arg) for arg in tree.args))) if isinstance(tree, Call) else tree
