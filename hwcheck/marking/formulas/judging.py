"""One formula of a student judged: by the reading that is right, if any is; else by the first whose shapes fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ...formula.expr import Expr, Name, names, number, substitute, walk
from ...formula.lex import FormulaError
from ...formula.names import join, split
from ...graph.shapes import is_number, shape_of, show_shape
from ...record import NamedTuple
from ...sheet.problem import Problem, expand
from ..variants import conventions
from .likeness import Likeness, body_of, compare, loops_of
from .points import at_rest, draw
from .products import behind_columns, is_chain, other_products
from .reading import Reading, Words, read

if TYPE_CHECKING:
    from ...graph.functions import Array

#: The readings of one text that are compared have so many parts together at most.
MOST_PARTS = 1500
#: The readings of a wrong formula that are looked at for what is wrong have so many parts together at most.
MOST_BLAMED = 70
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

    `remarks` are codes of what is said beside it; `others` are further readings that are not right either.
    """

    text: str
    reading: Reading | None
    likeness: Likeness
    remarks: tuple[str, ...] = ()
    fix: str = ""
    others: tuple[Reading, ...] = ()


def judge(text: str, words: Words, aim: Aim) -> Judged:
    """Judge the text of a formula."""
    try:
        found = read(text, words)
    except FormulaError as error:
        return Judged(text, None, Likeness("unread", error.reason), (), error.fix)
    except (RecursionError, MemoryError):
        return Judged(text, None, Likeness("unread", "this is nested too deeply"), (), "write it in several lines")
    best: Judged | None = None
    parts = sum(1 for _ in walk(found[0].tree))
    most = max(1, MOST_PARTS // parts)
    for reading in found[:most]:
        each = judge_reading(text, reading, aim)
        if best is None or ORDER.index(each.likeness.found) < ORDER.index(best.likeness.found):
            best = each
        if best.likeness.found == "same":
            break
    assert best is not None, "a text that is read has a reading"
    return best if best.likeness.found == "same" else best._replace(others=tuple(found[: MOST_BLAMED // parts]))


def judge_reading(text: str, reading: Reading, aim: Aim) -> Judged:
    """Judge one reading of a formula; a product that fits entry by entry alone, or as a chain, is remarked."""
    remarks: tuple[str, ...] = ()
    likeness = _alike(reading.tree, aim)
    if likeness.found == "shape":
        other = _other_product(text, reading, aim)
        if other is not None:
            return other
        if is_chain(reading.tree, aim.key, aim.problem.base):
            return Judged(text, reading, Likeness("same"), ("chain",))
        likeness = Likeness("shape", _in_names(reading.tree, aim) or likeness.reason)
    elif likeness.found == "same" and any(behind_columns(reading.tree, draw(aim.problem, 0, {}))):
        remarks = ("order",)
    elif likeness.found == "unlike":
        for remark, other_aim in _further(reading.tree, aim):
            if _alike(reading.tree, other_aim).found == "same":
                return Judged(text, reading, Likeness("same"), (remark,))
    return Judged(text, reading, likeness, (*remarks, *_remarks(likeness)))


def _other_product(text: str, reading: Reading, aim: Aim) -> Judged | None:
    """Judge a formula that does not fit with its products read in other ways: by the right one, or the first to fit."""
    first: Judged | None = None
    for remark, tree in other_products(reading.tree, aim.problem):
        found = _alike(tree, aim)
        if found.found != "shape":
            remarks = tuple(code for code in (remark, *_remarks(found)) if code)
            made = Judged(text, reading._replace(tree=tree), found, remarks)
            if found.found == "same":
                return made
            first = first or made
    return first


def _further(tree: Expr, aim: Aim) -> Iterator[tuple[str, Aim]]:
    """Give what else a formula may be held against: the given values put in, and conventions that the sheet leaves
    open."""
    base = aim.problem.base
    read = set(names(tree))
    about = [part for name in names(aim.key) for part in (split(name).of, split(name).by, name)]
    values = {
        name: base.values[name]
        for name in base.needed(about)
        if name in base.values and is_number(base.shape(name)) and name not in read and name not in aim.pinned
    }
    if values:
        yield "given", aim._replace(pinned={**aim.pinned, **values})
    rest = at_rest(aim.problem, names(tree))
    if rest:
        yield "given", aim._replace(pinned={**aim.pinned, **rest})
    for other in conventions(aim.problem):
        yield "convention", aim._replace(problem=other)


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
    """Give what is derived in the right formula: where that cannot be worked out, it has no derivative."""
    derived = [parts for parts in map(split, names(aim.key)) if parts.by and parts.of in aim.problem.base]
    return [Name(join(parts._replace(by=""))) for parts in derived]


def _in_names(tree: Expr, aim: Aim) -> str:
    """Say why shapes do not fit in the sizes that the sheet names; "" where they do."""
    first = dict.fromkeys(loops_of(aim.key), number(1.0))  # of several entries one is as good as any
    tree, key = substitute(tree, first), substitute(body_of(aim.key), first)
    try:
        shapes = expand(aim.problem, [*names(tree), *names(key)]).copy().shapes
        found, wanted = shape_of(tree, shapes), shape_of(key, shapes)
    except FormulaError as error:
        return error.reason
    return "" if found == wanted else f"{show_shape(wanted)} is wanted, and this is {show_shape(found)}"


def fits(tree: Expr, problem: Problem) -> bool:
    """Tell whether the shapes inside a formula fit, whatever the shape of its value is."""
    points = draw(problem, 0, {})
    try:
        shape_of(tree, expand(points.problem, names(tree)).copy().shapes)
    except FormulaError:
        return False
    return True
