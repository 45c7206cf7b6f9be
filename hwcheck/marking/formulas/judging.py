"""One formula of a student judged: by the reading that is right, if any is; else by the first whose shapes fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...formula.expr import Call, Expr, Name, names, walk
from ...formula.lex import FormulaError
from ...formula.names import split
from ...graph.shapes import is_number, shape_of, show_shape
from ...graph.table import Table
from ...sheet.problem import Problem, expand
from ..variants import conventions
from .likeness import Likeness, compare
from .points import Points, draw
from .reading import Reading, Words, read
from .values import worth

if TYPE_CHECKING:
    from ...graph.functions import Array

#: The readings of one text that are compared have so many parts together at most.
MOST_PARTS = 2500
#: From best to worst, how a reading may compare with the right formula.
ORDER = ("same", "few", "unlike", "undefined", "shape", "unread")


class Aim(NamedTuple):
    """What a formula is held against.

    `key` is the right formula and `also` are others that count as right; `pinned` are givens that have one value,
    `where` a condition outside of which nothing is compared.
    """

    problem: Problem
    key: Expr
    also: tuple[Expr, ...] = ()
    pinned: Mapping[str, Array] = {}
    where: Expr | None = None


class Judged(NamedTuple):
    """What was found about one formula: the reading that was taken, None where there is none, and how it compares.

    `remarks` are codes of what is said beside it.
    """

    text: str
    reading: Reading | None
    likeness: Likeness
    remarks: tuple[str, ...] = ()
    fix: str = ""


def judge(text: str, words: Words, aim: Aim) -> Judged:
    """Judge the text of a formula."""
    try:
        found = read(text, words)
    except FormulaError as error:
        return Judged(text, None, Likeness("unread", error.reason), (), error.fix)
    except (RecursionError, MemoryError):
        return Judged(text, None, Likeness("unread", "this is nested too deeply"), (), "write it in several lines")
    best: Judged | None = None
    most = max(1, MOST_PARTS // sum(1 for _ in walk(found[0].tree)))
    for reading in found[:most]:
        each = judge_reading(text, reading, aim)
        if best is None or ORDER.index(each.likeness.found) < ORDER.index(best.likeness.found):
            best = each
        if best.likeness.found == "same":
            break
    assert best is not None, "a text that is read has a reading"
    return best


def judge_reading(text: str, reading: Reading, aim: Aim) -> Judged:
    """Judge one reading of a formula; a product that fits entry by entry alone, or as a chain, is remarked."""
    remarks: tuple[str, ...] = ()
    likeness = _alike(reading.tree, aim)
    if likeness.found == "shape":
        for remark, matrices in (("order", True), ("each", False)):
            other = entrywise(reading.tree, aim.problem, matrices)
            relaid = _alike(other, aim) if other != reading.tree else likeness
            if relaid.found != "shape":
                return Judged(text, reading._replace(tree=other), relaid, (remark, *_remarks(relaid)))
        if is_chain(reading.tree, aim):
            return Judged(text, reading, Likeness("same"), ("chain",))
        likeness = Likeness("shape", _in_names(reading.tree, aim) or likeness.reason)
    elif likeness.found == "same" and any(_behind_columns(reading.tree, draw(aim.problem, 0, {}))):
        remarks = ("order",)
    elif likeness.found == "unlike":
        for remark, other_aim in _further(reading.tree, aim):
            if _alike(reading.tree, other_aim).found == "same":
                return Judged(text, reading, Likeness("same"), (remark,))
    return Judged(text, reading, likeness, (*remarks, *_remarks(likeness)))


def _further(tree: Expr, aim: Aim) -> Iterator[tuple[str, Aim]]:
    """Give what else a formula may be held against: the given values put in, and conventions that the sheet leaves
    open."""
    base = aim.problem.base
    read = set(names(tree))
    needed = base.needed([name for name in _quantities(aim.key) if name in base])
    values = {
        name: base.values[name]
        for name in needed
        if name in base.values and is_number(base.shape(name)) and name not in read and name not in aim.pinned
    }
    if values:
        yield "given", aim._replace(pinned={**aim.pinned, **values})
    for other in conventions(aim.problem):
        yield "convention", aim._replace(problem=other)


def _quantities(tree: Expr) -> list[str]:
    """Give the quantities that a formula is about: of a derivative, what it is of and by."""
    return [part for name in names(tree) for part in (split(name).of, split(name).by, name) if part]


def _remarks(likeness: Likeness) -> tuple[str, ...]:
    return (likeness.remark,) if likeness.remark else ()


def _alike(tree: Expr, aim: Aim) -> Likeness:
    """Compare with the right formula, and with the others that count as right."""
    try:
        found = compare(aim.problem, aim.key, tree, aim.pinned, aim.where, above(aim))
        for other in aim.also:
            if found.found == "same":
                break
            again = compare(aim.problem, other, tree, aim.pinned, aim.where)
            found = again if again.found == "same" else found
    except (RecursionError, MemoryError):
        return Likeness("few", "this is too much to be worked out")
    return found


def above(aim: Aim) -> list[Expr]:
    """Give what the right formula is a derivative of: where that cannot be worked out, it has none."""
    base = aim.key.args[0] if isinstance(aim.key, Call) and aim.key.op == "for" else aim.key
    base = base.args[0] if isinstance(base, Call) and base.op == "[]" else base
    of = split(base.id)._replace(by="") if isinstance(base, Name) else None
    return [Name(of.of)] if of is not None and of.of in aim.problem.base and isinstance(base, Name) else []


def _in_names(tree: Expr, aim: Aim) -> str:
    """Say why shapes do not fit in the sizes that the sheet names; "" where they do."""
    try:
        shapes = expand(aim.problem, [*names(tree), *names(aim.key)]).shapes
        found, wanted = shape_of(tree, shapes), shape_of(aim.key, shapes)
    except FormulaError as error:
        return error.reason if error.code == "HW310" else ""
    return "" if found == wanted else f"{show_shape(wanted)} is wanted, and this is {show_shape(found)}"


def fits(tree: Expr, problem: Problem) -> bool:
    """Tell whether the shapes inside a formula fit, whatever the shape of its value is."""
    points = draw(problem, 0, {})
    try:
        shape_of(tree, expand(points.problem, names(tree)).shapes)
    except FormulaError:
        return False
    return True


# --- products of derivatives ------------------------------------------------------------------------------------------


def _is_jacobian(tree: Expr, points: Points, table: Table) -> bool:
    """Tell whether a formula is the derivative of an elementwise definition: slopes, or a diagonal matrix."""
    if not isinstance(tree, Name) or not split(tree.id).by or tree.id not in table:
        return False
    parts, shape = split(tree.id), table.shape(tree.id)
    if parts.of not in table or len(table.shape(parts.of)) != 1:
        return False
    if len(shape) == 2 and shape[0] == shape[1] and shape[0] != 1:
        return not worth(points, tree)[:, ~np.eye(int(shape[0]), dtype=bool)].any()
    return shape == table.shape(parts.of)


def _behind_columns(tree: Expr, points: Points) -> Iterator[Call]:
    """Give the products of a column with such a derivative on its right: with a matrix there, they do not fit."""
    table = _table(tree, points)
    if table is None:
        return
    for part in walk(tree):
        if isinstance(part, Call) and part.op in ("*", "@") and _is_jacobian(part.args[1], points, table):
            with suppress(FormulaError, KeyError):
                left, right = (shape_of(arg, table.shapes) for arg in part.args)
                if len(left) == 1 and not is_number(left) and left == right[:1]:
                    yield part


def entrywise(tree: Expr, problem: Problem, slopes: bool) -> Expr:
    """Give a formula with products that do not fit as products of matrices taken entry by entry: those by `slopes`,
    or else those of two columns."""
    points = draw(problem, 0, {})
    table = _table(tree, points)
    if table is None:
        return tree

    def change(part: Expr) -> Expr:
        if not isinstance(part, Call):
            return part
        part = Call(part.op, tuple(change(arg) for arg in part.args), part.at)
        if part.op not in ("*", "@"):
            return part
        left, right = part.args
        if slopes and _is_jacobian(right, points, table):
            matrix = len(table.shape(names(right)[0])) == 2
            return Call("@", (right, left), part.at) if matrix else Call("⊙", part.args, part.at)
        return Call("⊙", part.args, part.at) if not slopes and _are_columns(part, table) else part

    return change(tree)


def _are_columns(part: Call, table: Table) -> bool:
    with suppress(FormulaError, KeyError):  # a loop variable is known inside its loop alone
        left, right = (shape_of(arg, table.shapes) for arg in part.args)
        return len(left) == 1 and left == right and not is_number(left)
    return False


def _table(tree: Expr, points: Points) -> Table | None:
    """Give the table of one draw with what a formula reads; None where that cannot be."""
    try:
        return expand(points.problem, names(tree))
    except FormulaError:
        return None


def is_chain(tree: Expr, aim: Aim) -> bool:
    """Tell whether a product of derivatives is the chain rule: each is by what the next one is of, from the one end
    to the other, and no path goes round a link.

    As matrices such a product fits in no fixed order; as links of a chain it is what textbooks write.
    """
    if not isinstance(aim.key, Name):
        return False
    links = list(_factors(tree))
    ends = split(aim.key.id)
    parts = [split(link.id) for link in links if isinstance(link, Name)]
    if len(parts) < len(links) or not ends.by or any(not part.by for part in parts):
        return False
    by_of = {part.of: part for part in parts}
    at, taken = ends.of, 0
    while at != ends.by and at in by_of and taken < len(parts):
        at, taken = by_of[at].by, taken + 1
        if at != ends.by and not _all_through(aim.problem.base, ends.of, at, ends.by):
            return False
    return at == ends.by and taken == len(parts)


def _factors(tree: Expr) -> Iterator[Expr]:
    if isinstance(tree, Call) and tree.op in ("*", "@", "⊙"):
        for arg in tree.args:
            yield from _factors(arg)
    else:
        yield tree


def _all_through(base: Table, top: str, middle: str, bottom: str) -> bool:
    """Tell whether every path from a quantity down to another goes through a third."""
    seen = {middle}
    # of a loss that is known by given derivatives alone, the paths begin with what these are by
    todo = [top] if top in base else [split(row.name).by for row in base if split(row.name).of == top]
    while todo:
        name = todo.pop()
        if name == bottom:
            return False
        if name not in seen and name in base:
            seen.add(name)
            todo += base.reads(name)
    return True
