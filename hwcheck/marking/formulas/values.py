"""What formulas are worth at random points, and whether two are the same.

Beside each value stands how far rounding may have moved it: the formula is worked out once more with every step of it
changed by some units of the eleventh digit (Vignes, A stochastic arithmetic for reliable scientific computation, 1993).
Where that blurs a value it decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from ...formula.expr import Call, Expr, Name, names, number, substitute
from ...formula.lex import FormulaError
from ...graph.evaluate import Program, compile_table, run, sweep
from ...graph.functions import Array
from ...graph.shapes import Shape, is_number, shape_of, show_shape, whole_number
from ...graph.table import Table
from ...sheet.problem import Problem, expand
from .points import LEAST_POINTS, MOST_DRAWS, POINTS, Points, draw

#: What each step of a formula is changed by, and how much more than that may have come of rounding.
NUDGE = 1e-11
TIMES = 4.0
#: Values that are no further apart, beside what rounding makes of them, are the same.
CLOSE = 1e-9
#: A value that rounding may have moved by more than this part of it decides nothing.
BLURRED = 1e-5
#: Of the entries that a loop variable picks, so many are compared.
MOST_ENTRIES = 12
ROW = " formula"


class Likeness(NamedTuple):
    """What a comparison found: "same", "unlike", "undefined" on one side only, "shape", or "few" points to tell.

    `reason` and `fix` say more of shapes that do not fit; `remark` is about the layout of what is the same.
    """

    found: str
    reason: str = ""
    remark: str = ""


def table_with(points: Points, trees: Sequence[Expr]) -> Table:
    """Give the table of a draw with everything that some formulas read.

    Raises:
        FormulaError: a derivative that cannot be formed.
    """
    return expand(points.problem, [name for tree in trees for name in names(tree)])


def shape_at(points: Points, tree: Expr) -> Shape:
    """Give the shape of a formula at the sizes of a draw.

    Raises:
        FormulaError: shapes that do not fit.
    """
    return shape_of(tree, table_with(points, [tree]).shapes)


def values_of(points: Points, tree: Expr, forms: Mapping[str, Expr] | None = None) -> tuple[Array, Array]:
    """Give what a formula is worth at each point, and how far rounding may have moved it; arrays with the points first.

    Args:
        points: the draw.
        tree: the formula, in the names of the table.
        forms: formulas in the place of those of definitions.

    Raises:
        FormulaError: shapes that do not fit, or more than can be worked out.
    """
    if not forms and tree in points.known:
        return points.known[tree]
    program, slots, at, sizes = _worked_out(points, tree, forms)
    signs = NUDGE * np.random.default_rng(7).choice((-1.0, 1.0), (len(program.code), POINTS))
    nudges = {
        out: slots[out] * (sign.reshape(-1, *[1] * (np.ndim(slots[out]) - 1)) if _has_points(slots[out]) else sign[0])
        for (_, _, out), sign in zip(program.code, signs, strict=True)
        if np.asarray(slots[out]).dtype != bool
    }
    with np.errstate(all="ignore"):
        moved, _ = sweep(program, points.problem.base.values, {}, nudges)
        value, other = (np.broadcast_to(_leading(each[at], len(sizes)), (POINTS, *sizes)) for each in (slots, moved))
        found = np.asarray(value, dtype=float), TIMES * np.abs(other - value)
    if not forms:
        points.known[tree] = found
    return found


def _worked_out(
    points: Points, tree: Expr, forms: Mapping[str, Expr] | None
) -> tuple[Program, list[Array], int, tuple[int, ...]]:
    """Give the schedule of a formula, its slots at the points, the slot of its value, and the sizes of that."""
    table = table_with(points, [tree, *(forms or {}).values()]).copy()
    row = table.define(ROW, tree)
    program = compile_table(table, [ROW], batched=True, forms=forms)
    return program, run(program, table.values), program.slots[ROW], tuple(int(size) for size in row.shape)


def worth(points: Points, tree: Expr, forms: Mapping[str, Expr] | None = None) -> Array:
    """Give what a formula is worth at each point, without looking at what rounding made of it.

    Raises:
        FormulaError, ValueError: shapes that do not fit.
    """
    _, slots, at, sizes = _worked_out(points, tree, forms)
    return np.broadcast_to(_leading(slots[at], len(sizes)), (POINTS, *sizes))


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
    found: list[Array | None] = []
    for name in rows:
        sizes = () if name is None else tuple(int(size) for size in table.shape(name))
        value = None if name is None else _leading(slots[program.slots[name]], len(sizes))
        found.append(None if value is None else np.broadcast_to(value, (POINTS, *sizes)))
    return found


def _has_points(value: Array) -> bool:
    """Tell whether a value has an axis of points."""
    return np.ndim(value) > 0 and np.shape(value)[0] == POINTS


def _leading(value: Array, axes: int) -> Array:
    """Give a value with an axis of points, which a formula without givens has not."""
    array = np.asarray(value, dtype=float)
    return array[None] if array.ndim == axes else array


def compare(
    problem: Problem,
    key: Expr,
    answer: Expr,
    pinned: Mapping[str, Array] | None = None,
    where: Expr | None = None,
    also: Sequence[Expr] = (),
) -> Likeness:
    """Tell whether a formula is the same as the right one, wherever both can be worked out.

    Args:
        problem: the problem, whose names both use.
        key: the right formula; one `for` several values of a variable is compared for each of them.
        answer: the other formula, which may read the key's loop variables.
        pinned: givens that have one value.
        where: a condition; where it does not hold, nothing is compared.
        also: formulas that must be finite for a point to count: what the key is the derivative of.
    """
    total = 0
    remark = ""
    for at in range(MOST_DRAWS):
        points = draw(problem, at, pinned or {})
        try:
            counted, found = _compare_at(points, key, answer, where, also)
        except FormulaError as error:
            return Likeness("unread" if error.code == "HW315" else "shape", error.reason)
        if found is not None and found.found != "same":
            return found
        remark = found.remark if found is not None else remark
        total += counted
        if at >= 2 and total >= LEAST_POINTS:
            return Likeness("same", remark=remark)
    return Likeness("few")


def _compare_at(
    points: Points, key: Expr, answer: Expr, where: Expr | None, also: Sequence[Expr]
) -> tuple[int, Likeness | None]:
    """Compare at the points of one draw: give how many count, and what was found there."""
    counts = _holds(points, [Call("==", (each, each)) for each in also])
    least, total, found = POINTS, 0, None
    for pair in pairs_of(points, key):
        here = counts & _holds(points, [] if where is None else [substitute(where, pair)])
        if not here.any():
            continue
        right, blur = values_of(points, substitute(body_of(key), pair))
        written, smear, remark = brought(*values_of(points, substitute(answer, pair)), right.shape[1:])
        clear = here & _clear(right, blur) & _clear(written, smear)
        defined, given = (np.isfinite(each.reshape(POINTS, -1)).all(axis=1) for each in (right, written))
        if (here & (defined != given)).any():
            return 0, Likeness("undefined")
        both = clear & defined & given
        with np.errstate(all="ignore"):
            apart = np.abs(written - right) > CLOSE * np.maximum(np.abs(right), np.abs(written)) + blur + smear
        if (apart.reshape(POINTS, -1).any(axis=1) & both).any():
            return 0, Likeness("unlike")
        least, total = min(least, int(both.sum())), total + int(both.sum())
        found = Likeness("same", remark=remark)
    return (least if where is None and found is not None else total), found  # where nothing counts, nothing agrees


def _holds(points: Points, conditions: Sequence[Expr]) -> Array:
    """Tell at which points some conditions hold."""
    found = np.ones(POINTS, dtype=bool)
    for condition in conditions:
        value, _ = values_of(points, condition)
        found &= (value.reshape(POINTS, -1) != 0).all(axis=1)
    return found


def _clear(value: Array, blur: Array) -> Array:
    """Tell at which points rounding has left the value as it is; one that is not finite is clear."""
    with np.errstate(all="ignore"):
        size = np.abs(value).reshape(POINTS, -1).max(axis=1, initial=0)
        found: Array = ~(blur.reshape(POINTS, -1).max(axis=1, initial=0) > BLURRED * np.maximum(size, NUDGE / BLURRED))
    return found


def brought(value: Array, blur: Array, shape: Shape) -> tuple[Array, Array, str]:
    """Bring values to the layout of the right ones: a row for a column, a diagonal Jacobian for slopes, one number
    for an array of it.

    Raises:
        FormulaError: another shape.
    """
    have = value.shape[1:]
    if have == shape:
        return value, blur, ""
    sizes = tuple(int(size) for size in shape)
    points = value.shape[0]
    if is_number(have):
        laid = [np.broadcast_to(each.reshape(points, *([1] * len(sizes))), (points, *sizes)) for each in (value, blur)]
        return laid[0], laid[1], "" if is_number(sizes) or not value.any() else "one"
    if [size for size in have if size != 1] == [size for size in sizes if size != 1]:
        remark = "row" if len(have) == 2 and have[0] == 1 else "column" if len(sizes) == 2 and sizes[0] == 1 else ""
        return value.reshape(points, *sizes), blur.reshape(points, *sizes), remark
    if len(sizes) == 1 and have == (sizes[0], sizes[0]):
        diagonal = np.eye(sizes[0], dtype=bool)
        if not value[:, ~diagonal].any():
            return value[:, diagonal], blur[:, diagonal], "jacobian"
    if len(have) == 1 and sizes == (have[0], have[0]):
        eye = np.eye(have[0])
        return value[:, :, None] * eye, blur[:, :, None] * eye, "diagonal"
    raise FormulaError(f"{show_shape(sizes)} is wanted, and this is {show_shape(have)}", 0, 1)


def body_of(tree: Expr) -> Expr:
    """Give a formula without the loop that it is asked for."""
    return tree.args[0] if isinstance(tree, Call) and tree.op == "for" else tree


def loops_of(tree: Expr) -> list[str]:
    """Give the loop variables of what is asked for several values of them."""
    binds = tree.args[1:] if isinstance(tree, Call) and tree.op == "for" else ()
    return [bind.args[0].id for bind in binds if isinstance(bind, Call) and isinstance(bind.args[0], Name)]


def pairs_of(points: Points, key: Expr) -> list[dict[str, Expr]]:
    """Give the values of the loop variables that a formula is asked for: some of them where there are many."""
    pairs: list[dict[str, Expr]] = [{}]
    shapes = points.problem.base.shapes
    for bind in key.args[1:] if isinstance(key, Call) and key.op == "for" else ():
        assert isinstance(bind, Call)
        variable, ends = bind.args
        assert isinstance(variable, Name)
        assert isinstance(ends, Call)
        low, high = (int(whole_number(end, shapes)) for end in ends.args)
        pairs = [{**pair, variable.id: number(at)} for pair in pairs for at in range(low, high + 1)]
    return pairs[:: max(1, len(pairs) // MOST_ENTRIES)]
