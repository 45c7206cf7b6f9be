"""What formulas are worth at random points, and how far rounding may have moved that.

A formula is worked out again with every inexact step of it changed by some units of the eleventh digit, up and down
(Vignes, A stochastic arithmetic for reliable scientific computation, 1993). Where that blurs a value it decides
nothing, and where it takes the value away, there may be one or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

import numpy as np

from ...formula.expr import COMPARISONS, Call, Expr, names, walk
from ...formula.lex import FormulaError
from ...graph.evaluate import Program, compile_table, run, sweep
from ...graph.functions import Array, written_out
from ...graph.ops import OPERATIONS
from ...graph.table import Table
from ...record import NamedTuple
from ...remember import remembered
from ...sheet.problem import expand
from .points import POINTS, Points

#: What each step of a formula is changed by, and how much more than that may have come of rounding.
NUDGE = 1e-11
TIMES = 16.0
#: The steps are changed in a second way where the first moves more than this part of a value: changes may cancel.
SEEDS = (7, 8)
STEADY = 1e-8
#: Whole numbers up to here are exact, and so are their sums and products.
EXACT = 2.0**53
#: A formula is worked out up to so many parts with its functions written out, and arrays of so many entries.
MOST_PARTS = 4000
MOST_ENTRIES = 20_000
#: So many formulas are kept with what they are worth at the points of one draw.
MOST_KNOWN = 500
ROW = " formula"
#: What has no value in the middle of its domain, or where a divisor or a base is 0; all else that grows is too large.
POLES = (np.true_divide, np.log, np.log2, np.log10, np.power)


COMPARING = frozenset(OPERATIONS[op].value for op in COMPARISONS)


class Worth(NamedTuple):
    """What a formula is worth at the points: the values, how far rounding may have moved each (without end where it
    decides whether there is one), and at which points double precision was too small; the points come first."""

    value: Array
    blur: Array
    over: Array


def table_with(points: Points, trees: Sequence[Expr]) -> Table:
    """Give the table of a draw with everything that some formulas read.

    Raises:
        FormulaError: a derivative that cannot be formed.
    """
    return expand(points.problem, [name for tree in trees for name in names(tree)])


def worth_of(points: Points, tree: Expr) -> Worth:
    """Give what a formula, in the names of the table, is worth at each point.

    Raises:
        FormulaError: shapes that do not fit, or more than can be worked out.
    """
    found: Worth = remembered(points.known, tree, MOST_KNOWN, lambda: _worth_of(points, tree))
    return found


def _worth_of(points: Points, tree: Expr) -> Worth:
    program, slots, at, sizes = _worked_out(points, tree, None)
    values = table_with(points, [tree]).values  # those of states before the first step too
    with np.errstate(all="ignore"):
        value = _laid_out(slots[at], sizes)
        fine = np.isfinite(value)
        sure, apart = np.ones_like(fine), np.zeros_like(value)
        rounded = _rounded(program, slots, values)
        for seed in SEEDS:
            random = np.random.default_rng(seed)
            drawn = NUDGE * random.choice((-1.0, 1.0), (len(rounded), POINTS))
            drawn *= random.uniform(0.5, 1.5, (len(rounded), POINTS))
            nudges = {
                out: each * size.reshape(-1, *[1] * (each.ndim - 1))
                for (out, each), size in zip(rounded.items(), drawn, strict=True)
            }
            for sign in (1.0, -1.0):
                changed = {out: sign * size for out, size in nudges.items()}
                moved = _laid_out(sweep(program, values, {}, changed)[0][at], sizes)
                sure = sure & (np.isfinite(moved) == fine)
                apart = np.fmax(apart, np.abs(moved - value))
            if sure.all() and not (apart > STEADY * np.abs(value)).any():
                break
        blur = np.where(sure, np.where(fine, TIMES * apart, 0.0), np.inf)
    over, lost = _troubles(program, slots) if any(not _is_finite(each) for each in slots) else (NOWHERE, NOWHERE)
    if lost.any():
        value = np.where(lost.reshape(-1, *[1] * len(sizes)), np.nan, value)
    return Worth(value, blur, over)


NOWHERE = np.zeros(POINTS, dtype=bool)


def _rounded(program: Program, slots: list[Array], values: Mapping[str, Array]) -> dict[int, Array]:
    """Give the finite values of those steps that are rounded: not of what is exact, as whole numbers made of whole
    numbers are."""
    exact = {at for at, value in program.constants.items() if _is_whole(value)}
    exact.update(at for name, at in program.inputs.items() if _is_whole(values[name]))
    found: dict[int, Array] = {}
    for _, reads, out in program.code:
        value = np.asarray(slots[out])
        if exact.issuperset(reads) and _is_whole(value):
            exact.add(out)
        elif value.dtype != bool and _has_points(value):
            found[out] = np.where(np.isfinite(value), value, 0.0)
    return found


def _is_whole(value: Array) -> bool:
    array = np.asarray(value)
    return array.dtype == bool or bool(((array == np.rint(array)) & (np.abs(array) < EXACT)).all())


def _is_finite(value: Array) -> bool:
    return value is None or bool(np.isfinite(value).all())


def _troubles(program: Program, slots: list[Array]) -> tuple[Array, Array]:
    """Tell at which points a step grew beyond double precision, and at which one compares what has no value."""
    over, lost = NOWHERE.copy(), NOWHERE.copy()
    for kernel, reads, out in program.code:
        value = np.asarray(slots[out])
        with np.errstate(all="ignore"):
            if kernel in COMPARING:
                for at in reads:
                    lost |= _at_points(np.isnan(slots[at]))
            elif kernel is np.exp:
                known = _at_points(~np.isfinite(slots[reads[0]]))
                over |= _at_points(np.isinf(value) | (value == 0)) & ~known
            elif kernel not in POLES and np.isinf(value).any():
                known = [_at_points(~np.isfinite(slots[at])) for at in reads]
                over |= _at_points(np.isinf(value)) & ~np.logical_or.reduce([NOWHERE, *known])
            elif kernel is np.power and np.isinf(value).any():
                base, exponent = (np.asarray(slots[at]) for at in reads)
                over |= _at_points(np.isinf(value) & np.isfinite(base) & np.isfinite(exponent) & (base != 0))
    return over, lost


def _at_points(mask: Array) -> Array:
    """Tell at which points any entry of a mask holds; one without points holds everywhere."""
    found = np.asarray(mask)
    if not _has_points(found):
        return np.full(POINTS, bool(found.any()))
    hit: Array = found.reshape(POINTS, -1).any(axis=1)
    return hit


def _worked_out(
    points: Points, tree: Expr, forms: Mapping[str, Expr] | None
) -> tuple[Program, list[Array], int, tuple[int, ...]]:
    """Give the schedule of a formula, its slots at the points, the slot of its value, and the sizes of that."""
    table = table_with(points, [tree, *(forms or {}).values()]).copy()
    row = table.define(ROW, tree)
    _refuse_too_much(tree, table)
    program = compile_table(table, [ROW], batched=True, forms=forms)
    return program, run(program, table.values), program.slots[ROW], tuple(int(size) for size in row.shape)


def _refuse_too_much(tree: Expr, table: Table) -> None:
    """Refuse what would take longer than an answer is worth.

    Raises:
        FormulaError: too many parts, or too large an array.
    """
    if written_out(tree, table.functions, table.written) > MOST_PARTS:
        raise FormulaError("this is longer than can be worked out", 0, 1, "give inner values names", "HW315")
    for part in walk(tree):
        known = table.shapes.found.get(id(part))
        if isinstance(part, Call) and known is not None:
            count = 1
            for size in known[1]:
                count *= size if isinstance(size, int) else 1
            if count > MOST_ENTRIES:
                raise FormulaError(f"an array of {count} entries is too large here", 0, 1, "", "HW315")


def worth(points: Points, tree: Expr, forms: Mapping[str, Expr] | None = None) -> Array:
    """Give what a formula is worth at each point, without looking at what rounding made of it.

    Args:
        points: the draw.
        tree: the formula, in the names of the table.
        forms: formulas in the place of those of definitions.

    Raises:
        FormulaError, ValueError: shapes that do not fit, or more than can be worked out.
    """
    _, slots, at, sizes = _worked_out(points, tree, forms)
    return _laid_out(slots[at], sizes)


def worths(points: Points, trees: Sequence[Expr]) -> list[Array | None]:
    """Give what many formulas are worth; None for one whose shapes do not fit."""
    with suppress(FormulaError, ValueError):  # together is several times as fast, and one that cannot be spoils it
        return _together(points, trees)
    found: list[Array | None] = []
    for tree in trees:
        try:
            found.append(worth(points, tree))
        except (FormulaError, ValueError):
            found.append(None)
    return found


def _together(points: Points, trees: Sequence[Expr]) -> list[Array | None]:
    """Give what many formulas are worth, worked out by one schedule.

    Raises:
        FormulaError, ValueError: one of them cannot be worked out, for another reason than its shapes.
    """
    table = table_with(points, trees).copy()
    rows: list[str | None] = []
    for at, tree in enumerate(trees):
        try:
            rows.append(table.define(f"{ROW} {at}", tree).name)
        except (FormulaError, ValueError):
            rows.append(None)
    program = compile_table(table, [name for name in rows if name is not None], batched=True)
    slots = run(program, table.values)
    sizes = [() if name is None else tuple(int(size) for size in table.shape(name)) for name in rows]
    return [
        None if name is None else _laid_out(slots[program.slots[name]], size)
        for name, size in zip(rows, sizes, strict=True)
    ]


def _has_points(value: Array) -> bool:
    """Tell whether a value has an axis of points."""
    return np.ndim(value) > 0 and np.shape(value)[0] == POINTS


def _laid_out(value: Array, sizes: tuple[int, ...]) -> Array:
    """Give a value with an axis of points, which a formula without givens has not."""
    array = np.asarray(value, dtype=float)
    return np.broadcast_to(array[None] if array.ndim == len(sizes) else array, (POINTS, *sizes))
