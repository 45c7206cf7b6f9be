"""Arrays and indices in formulas: `[a, b; c, d]`, `[a_1; ...; a_n]`, `W1[1,:]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from .expr import Call, Expr, Num, walk
from .lex import FormulaError

if TYPE_CHECKING:
    from .grammar import Parser

#: What makes something else of all entries together than of each, so that it cannot be taken entry by entry.
OF_ALL = frozenset([
    "[,]", "[;]", "ᵀ", "sum", "mean", "var", "norm", "count", "samples", "sample_sum", "softmax", "log_softmax",
    "l1", "l2", "elastic_net", "entropy", "entropy_sum", "mae", "absolute_error", "mse", "half_mse",
    "squared_error", "half_squared_error", "huber", "huber_sum", "hinge", "hinge_sum", "squared_hinge",
    "squared_hinge_sum", "multi_hinge", "multi_hinge_sum", "bce", "bce_sum", "bce_logits", "bce_logits_sum",
    "cross_entropy", "cross_entropy_sum", "cross_entropy_logits", "cross_entropy_logits_sum", "kl", "kl_sum",
    "stack", "diag", "reshape", "place", "flip", "I", "ones", "zeros", "linspace", "one_hot", "conv",
    "conv_transpose", "correlate", "correlate_transpose", "maxpool", "avgpool", "spread", "unpool", "pick",
])  # fmt: skip
#: Of a single argument the largest entry, of several one for each entry.
OF_ONE = ("max", "min")
SLOT = Call("…", ())


def array(parser: Parser) -> Expr:
    """Read `[a, b; c, d]`: commas set side by side, semicolons stack; and `[x[i]^2 for i = 1..3]`."""
    opened = parser.take()
    bars = parser.enter()
    loop = parser.loop()
    if loop is not None:
        tree = parser.looped(loop, "[for]")
        parser.leave(bars)
        parser.expect("]", opened)
        return tree
    rows: list[Expr] = []
    while True:
        start = parser.next.start
        listed = parser.sees("[")
        row = [entry(parser)]
        while parser.sees(","):
            parser.take()
            listed = listed and parser.sees("[")
            row.append(entry(parser))
        # rows in a list, as NumPy prints a matrix, where a formula sets two arrays side by side
        stacked = listed and parser.scope.student and parser.other()
        rows.append(row[0] if len(row) == 1 else joined(parser, "[;]" if stacked else "[,]", row, start))
        if not parser.sees(";"):
            break
        parser.take()
    parser.leave(bars)
    parser.expect("]", opened)
    if rows == [SLOT]:
        raise FormulaError("an array of nothing but `...`", opened.start, parser.look(-1).end, "write its entries")
    return rows[0] if len(rows) == 1 else joined(parser, "[;]", rows, opened.start)


def entry(parser: Parser) -> Expr:
    """Read one entry of an array: a formula, or the `...` that stands for several."""
    if parser.sees("…"):
        parser.take()
        return SLOT
    return parser.formula()


def joined(parser: Parser, op: str, parts: list[Expr], start: int) -> Expr:
    """Give the array of its parts; `...` stands for those between."""
    return filled(parser, op, parts, start) if SLOT in parts else Call(op, tuple(parts), parser.where(start))


def index(parser: Parser, tree: Expr, start: int) -> Expr:
    """Read `[1,2]`, `[1,:]`, `[1..2]` behind a name."""
    opened = parser.take()
    bars = parser.enter()
    items = items_of(parser)
    parser.leave(bars)
    parser.expect("]", opened)
    return Call("[]", (tree, *items), parser.where(start))


def items_of(parser: Parser) -> list[Expr]:
    """Read the items of an index."""
    items = [item(parser)]
    while parser.sees(","):
        parser.take()
        items.append(item(parser))
    return items


def item(parser: Parser) -> Expr:
    """Read one item of an index: a formula, `1..2` or `:`."""
    start = parser.next.start
    if parser.sees(":"):
        parser.take()
        return Call(":", (), parser.where(start))
    low = parser.formula()
    if not parser.sees("..", "…"):
        return low
    parser.take()
    return Call("..", (low, parser.formula()), parser.where(start))


# --- arrays with an ellipsis --------------------------------------------------------------------------------


def filled(parser: Parser, op: str, items: list[Expr], start: int) -> Expr:
    """Give the array that `[a_1; ...; a_n]` stands for: the pattern of its entries, from the first to the last."""
    place = items.index(SLOT)
    first, last = items[0], items[-1]
    if place != len(items) - 2:
        _unfilled(parser, start)
    pattern = _between(first, last) if first != last else None
    if pattern is None or any(_entry_of(pattern, at + 1) != item for at, item in enumerate(items[:place])):
        _unfilled(parser, start)
    whole, at = _by_entries(pattern), parser.where(start)
    return Call("ᵀ", (whole,), at) if op == "[,]" else whole._replace(at=at)


def _unfilled(parser: Parser, start: int) -> NoReturn:
    fix = "write [a[1]; ...; a[n]], or the array by its name"
    raise FormulaError("it is not plain what `...` stands for", start, parser.look(-1).end, fix)


def _between(first: Expr, last: Expr) -> Expr | None:
    """Give the formula of which two are the first and the last entry."""
    if first == last:
        return first
    if not isinstance(first, Call) or not isinstance(last, Call) or first.op != last.op:
        return None
    if len(first.args) != len(last.args) or first.op in OF_ALL or (first.op in OF_ONE and len(first.args) == 1):
        return None
    if first.op == "[]":
        return _slice(first, last)
    parts = [_between(one, other) for one, other in zip(first.args, last.args, strict=True)]
    found = tuple(part for part in parts if part is not None)
    return Call(first.op, found, first.at) if len(found) == len(parts) else None


def _slice(first: Call, last: Call) -> Expr | None:
    """Give `a[1..n]` for the entries a[1] and a[n]; whether it begins at 1 is seen when its entries are compared."""
    unlike = [at for at, (one, other) in enumerate(zip(first.args, last.args, strict=True)) if one != other]
    if len(unlike) != 1:
        return None
    (place,) = unlike
    items = list(first.args)
    items[place] = Call("..", (first.args[place], last.args[place]), first.at)
    return Call("[]", tuple(items), first.at)


def _by_entries(tree: Expr) -> Expr:
    """Make the products of entries in a pattern products entry by entry."""
    if not isinstance(tree, Call):
        return tree
    args = tuple(_by_entries(arg) for arg in tree.args)
    op = "⊙" if tree.op in ("*", "@") and all(_runs(arg) for arg in args) else tree.op
    return Call(op, args, tree.at)


def _runs(tree: Expr) -> bool:
    """Tell whether a pattern has a slice in it."""
    return any(isinstance(part, Call) and part.op == ".." for part in walk(tree))


def _entry_of(tree: Expr, at: int) -> Expr:
    """Give one entry of a pattern, to compare it with the one typed."""
    if not isinstance(tree, Call):
        return tree
    if tree.op == "..":
        return Num(float(at), str(at))
    return Call(tree.op, tuple(_entry_of(arg, at) for arg in tree.args), tree.at)
