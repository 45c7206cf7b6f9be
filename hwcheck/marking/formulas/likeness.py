"""Whether two formulas are the same: at random points, wherever both can be worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...formula.expr import Call, Expr, Name, Num, number, substitute
from ...formula.lex import FormulaError
from ...graph.functions import Array
from ...graph.shapes import Shape, is_number, show_shape, whole_number
from ...record import NamedTuple
from ...sheet.problem import Problem
from .points import LEAST_DRAWS, LEAST_POINTS, MOST_DRAWS, POINTS, Points, draw
from .values import Worth, worth_of

#: Values that are no further apart, beside what rounding makes of them, are the same.
CLOSE = 1e-9
#: Below this, what is squared is 0 in double precision.
TINY = 1e-150
#: A value that rounding may have moved by more than this part of it decides nothing; nor does one that is 0 by less.
BLURRED = 1e-5
SMALL = 1e-3
#: Of the points that a right formula leaves, an answer may blur so many.
MOST_BLURRED = 1 / 2
#: At so many of the points that count one of two formulas is not 0, if they are anywhere.
LEAST_TELLING = 10
OUTSIDE = "an index or a size lies outside of its array"
#: Of the entries that a loop variable picks, so many are compared.
MOST_ENTRIES = 12


class Likeness(NamedTuple):
    """What a comparison found: "same", "unlike", "undefined" on one side only, "shape", "unread" for what cannot be
    worked out, or "few" points to tell.

    `reason` says more of shapes that do not fit; `remark` is about the layout of what is the same.
    """

    found: str
    reason: str = ""
    remark: str = ""


class Counted(NamedTuple):
    """How many points of a draw count, at how many of these a formula is not 0, and whether one was too large for
    double precision wherever the other has a value."""

    points: int = 0
    telling: int = 0
    over: bool = False
    remark: str = ""


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
    total = telling = 0
    over = True
    remark = ""
    for at in range(MOST_DRAWS):
        points = draw(problem, at, pinned or {})
        try:
            found = _compare_at(points, key, answer, where, also)
        except FormulaError as error:
            drawn = error.code == "HW311" and points.problem.base.sizes  # numbers that the sheet does not have
            return Likeness("unread" if error.code == "HW315" else "shape", OUTSIDE if drawn else error.reason)
        if isinstance(found, Likeness):
            return found
        total, telling, over = total + found.points, telling + found.telling, over and found.over
        remark = found.remark or remark
        enough = telling >= LEAST_TELLING or _is_nothing(key)
        if at + 1 >= LEAST_DRAWS and total >= LEAST_POINTS and enough:
            return Likeness("same", remark=remark)
    if over and not total:
        return Likeness("undefined")
    return Likeness("same", remark=remark) if total >= LEAST_POINTS and not telling else Likeness("few")


def _is_nothing(key: Expr) -> bool:
    """Tell whether a formula is written as 0."""
    return (isinstance(key, Num) and key.value == 0) or (isinstance(key, Call) and key.op == "zeros")


def _compare_at(
    points: Points, key: Expr, answer: Expr, where: Expr | None, also: Sequence[Expr]
) -> Counted | Likeness:
    """Compare at the points of one draw."""
    counts = _holds(points, [Call("==", (each, each)) for each in also])
    made: list[Counted] = []
    for pair in pairs_of(points, key):
        here = counts & _holds(points, [] if where is None else [substitute(where, pair)])
        if here.any():
            right = worth_of(points, substitute(body_of(key), pair))
            written = worth_of(points, substitute(answer, pair))
            found = _compare_values(right, written, here, _has_diagonal(key))
            if isinstance(found, Likeness):
                return found
            made.append(found)
    if not made:
        return Counted()
    # where a condition picks some of the entries, all of them together are what is compared
    count = sum if where is not None else min
    remark = next((each.remark for each in made if each.remark), "")
    telling = sum(each.telling for each in made)
    return Counted(count(each.points for each in made), telling, all(each.over for each in made), remark)


def _compare_values(right: Worth, written: Worth, here: Array, diagonal: bool) -> Counted | Likeness:
    """Compare values at those points that are `here`."""
    written, remark = brought(written, right.value.shape[1:], diagonal)
    with np.errstate(all="ignore"):
        size = np.fmax(np.abs(right.value), np.abs(written.value))
        blur = right.blur + written.blur
        apart = np.abs(written.value - right.value) > CLOSE * size + blur + TINY
    small = ~(right.over | written.over)
    clear = here & small & _clear(size, right.blur) & _clear(size, written.blur)
    defined, given = (np.isfinite(each.value).reshape(POINTS, -1).all(axis=1) for each in (right, written))
    if (clear & (defined != given)).any():
        return Likeness("undefined")
    both = here & small & defined & given
    if (apart & np.isfinite(blur)).reshape(POINTS, -1).any(axis=1)[both].any():
        return Likeness("unlike")
    if (here & small & _clear(size, right.blur) & ~clear).sum() > MOST_BLURRED * here.sum():
        return Likeness("few")
    both &= clear
    telling = both & (size.reshape(POINTS, -1) > 0).any(axis=1)
    too_large = (right.over & given) | (written.over & defined)
    over = bool((here & too_large).any() and not (here & small).any())
    return Counted(int(both.sum()), int(telling.sum()), over, remark)


def _holds(points: Points, conditions: Sequence[Expr]) -> Array:
    """Tell at which points some conditions hold."""
    found = np.ones(POINTS, dtype=bool)
    for condition in conditions:
        value = worth_of(points, condition).value.reshape(POINTS, -1)
        found &= (np.isfinite(value) & (value != 0)).all(axis=1)
    return found


def _clear(size: Array, blur: Array) -> Array:
    """Tell at which points rounding leaves values of that size as they are."""
    with np.errstate(all="ignore"):
        largest = np.fmax.reduce(np.where(np.isfinite(size), size, 0.0).reshape(POINTS, -1), axis=1, initial=SMALL)
        found: Array = blur.reshape(POINTS, -1).max(axis=1, initial=0) <= BLURRED * largest
    return found


# --- layouts ----------------------------------------------------------------------------------------------------------


def _has_diagonal(key: Expr) -> bool:
    """Tell whether a formula is a derivative, whose slopes and whose diagonal Jacobian say the same."""
    about = key.args[0] if isinstance(key, Call) and key.op == "diag" else key
    return isinstance(about, Name) and "/d" in about.id


def brought(worth: Worth, shape: Shape, diagonal: bool) -> tuple[Worth, str]:
    """Bring values to the layout of the right ones: a row for a column, one number for an array of it, and, of a
    derivative, a diagonal Jacobian for slopes or the other way round.

    Raises:
        FormulaError: another shape.
    """
    have = worth.value.shape[1:]
    if have == shape:
        return worth, ""
    sizes = tuple(int(size) for size in shape)
    points = worth.value.shape[0]
    if is_number(have):
        laid = [
            np.broadcast_to(each.reshape(points, *([1] * len(sizes))), (points, *sizes))
            for each in (worth.value, worth.blur)
        ]
        made = worth._replace(value=laid[0], blur=laid[1])
        return made, "" if is_number(sizes) or not worth.value.any() else "one"
    if [size for size in have if size != 1] == [size for size in sizes if size != 1]:
        remark = "row" if len(have) == 2 and have[0] == 1 else "column" if len(sizes) == 2 and sizes[0] == 1 else ""
        made = worth._replace(value=worth.value.reshape(points, *sizes), blur=worth.blur.reshape(points, *sizes))
        return made, remark
    if diagonal and len(sizes) == 1 and have == (sizes[0], sizes[0]):
        eye = np.eye(sizes[0], dtype=bool)
        if not worth.value[:, ~eye].any():
            return worth._replace(value=worth.value[:, eye], blur=worth.blur[:, eye]), "jacobian"
    if diagonal and len(have) == 1 and sizes == (have[0], have[0]):
        unit = np.eye(have[0])
        laid = [each[:, :, None] * unit for each in (worth.value, np.where(np.isinf(worth.blur), 1e300, worth.blur))]
        return worth._replace(value=laid[0], blur=laid[1]), "diagonal"
    raise FormulaError(f"{show_shape(sizes)} is wanted, and this is {show_shape(have)}", 0, 1)


# --- what is asked for several values of a variable ------------------------------------------------------------------


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
