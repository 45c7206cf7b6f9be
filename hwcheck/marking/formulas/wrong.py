"""What is wrong with a formula: the mistake whose formula it is, at every point.

First what the catalogue of slips makes of the definitions that the right formula stands on: a path left out, a slope
forgotten, a matrix not turned round. Then the whole: the other sign, a constant factor, rows for columns. Then the
student's own formula with one change: a term, a factor or a name. What gives the same values at all points is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from itertools import islice

import numpy as np

from ...formula.expr import Call, Expr, Name, names, substitute
from ...formula.lex import FormulaError
from ...graph.derivation import derivations
from ...graph.functions import Array, written_out
from ...graph.shapes import Shape
from ...graph.table import Table
from ...record import NamedTuple
from ...sheet.problem import OwnSlip, expand
from ..slips.scene import scene_of
from ..slips.trees import PRODUCTS, omissions, sites, terms, total
from ..trials import UNFIT, candidates
from .judging import Aim
from .likeness import CLOSE, body_of, compare, pairs_of
from .points import POINTS, Points, draw
from .reading import with_arguments
from .values import table_with, worth, worths

#: So many formulas are tried to explain a wrong one.
MOST_TRIED = 200
#: Formulas with one change have so many parts together at most.
MOST_PARTS = 4000
#: The constant factors that are looked for.
FACTORS = (2.0, 0.5, -2.0, -0.5, 4.0, 0.25)


#: Nobody's slip is looked for in a formula of more parts.
MOST_LOOKED_AT = 300


class Cause(NamedTuple):
    """What explains a wrong formula: the code of the slip, and the definition that it is made in ("" for the whole).

    `own` is the mistake that the sheet itself names, if it is one.
    """

    code: str
    site: str = ""
    own: OwnSlip | None = None


def recognised(tree: Expr, aim: Aim) -> Cause | None:
    """Find the mistake that gives a formula its values."""
    if written_out(tree, aim.problem.functions, {}) > MOST_LOOKED_AT:
        return None
    points = draw(aim.problem, 0, aim.pinned)
    pair = pairs_of(points, aim.key)[-1]
    aim, tree = aim._replace(key=substitute(body_of(aim.key), pair)), substitute(tree, pair)
    try:
        right, written = worth(points, aim.key), worth(points, tree)
    except FormulaError:
        return _by_other_name(aim, tree)
    if np.isfinite(written).reshape(POINTS, -1).all(axis=1).sum() < POINTS // 3:
        return None  # nothing can be told to be the same
    whole, found = _whole(written, right), _by_catalogue(points, tree, aim, written)
    # what is made in a definition further up counts once for everything that follows from it
    if found is not None and (found.own or whole is None or Name(found.site) != aim.key):
        return found
    found = whole or _by_changes(points, tree, aim, written, right)
    return found or (_by_other_name(aim, tree) if written.shape != right.shape else None)


def _by_other_name(aim: Aim, tree: Expr) -> Cause | None:
    """Try another quantity for each name of a formula whose shapes do not fit."""
    points = draw(aim.problem, 0, aim.pinned)
    try:
        table = table_with(points, [aim.key, tree])
        right = worth(points, aim.key)
    except FormulaError:
        return None
    others = [row.name for row in table if row.role in ("given", "forward")]
    most = min(MOST_TRIED, MOST_PARTS // written_out(tree, table.functions, table.written))
    changed = [
        put(Name(other)) for part, put in sites(tree) if isinstance(part, Name) and part.id in table for other in others
    ][:most]
    found = any(value is not None and same(value, right) for value in worths(points, changed))
    return Cause("OTHER_NAME") if found else None


def same(one: Array, other: Array) -> bool:
    """Tell whether values agree at every point where both are finite, and there are some."""
    if one.shape != other.shape:
        return False
    flat, flat_other = one.reshape(POINTS, -1), other.reshape(POINTS, -1)
    both = np.isfinite(flat).all(axis=1) & np.isfinite(flat_other).all(axis=1)
    if both.sum() < POINTS // 3:
        return False
    return bool(np.allclose(flat[both], flat_other[both], rtol=1e3 * CLOSE, atol=CLOSE))


def _whole(written: Array, right: Array) -> Cause | None:
    """Compare with what is made of the right value as a whole."""
    if written.ndim == 3 and written.shape != right.shape:
        return Cause("DW_TRANSPOSED") if same(written.transpose(0, 2, 1), right) else None
    if same(written, -right):
        return Cause("FORMULA_SIGN")
    if any(same(written, factor * right) for factor in FACTORS):
        return Cause("CONSTANT_FACTOR")
    if right.ndim == 3 and same(written, right.transpose(0, 2, 1)):
        return Cause("DW_TRANSPOSED")
    return None


def _sites(table: Table, key: Expr, read: frozenset[str]) -> list[str]:
    """Give the definitions in which a mistake may have been made: what the student reads by name was not worked out."""
    found: set[str] = set()
    todo = names(key)
    while todo:
        name = todo.pop()
        if name not in found and name in table:
            found.add(name)
            todo += [other for other in table.reads(name) if other not in read]
    return [name for name in table.rows if name in found]


def _by_catalogue(points: Points, tree: Expr, aim: Aim, written: Array) -> Cause | None:
    """Try what students work out in the place of each definition that the right formula stands on."""
    table = table_with(points, [aim.key]).copy()
    table.values = {}  # those at the points have an axis more than the rewrites look for
    scene = scene_of(table)
    tried = 0
    sites = _sites(table, aim.key, frozenset(names(tree)))
    for name in sorted(sites, key=lambda name: (table[name].role != "adjoint", -sites.index(name))):
        made = [(Cause(slip.code, name, slip), slip.formula) for slip in aim.problem.slips if slip.name == name]
        made += [(Cause(candidate.code, name), candidate.formula) for candidate in candidates(scene, name)]
        for cause, formula in made:
            tried += 1
            if tried > MOST_TRIED:
                return None
            with suppress(*UNFIT):
                if same(written, worth(points, aim.key, {name: formula})):
                    return cause
    return None


class Change(NamedTuple):
    """A formula with one change: the formula, and the slip that it is where the change is made, or is undone."""

    tree: Expr
    made: str
    undone: str


def _by_changes(points: Points, tree: Expr, aim: Aim, written: Array, right: Array) -> Cause | None:
    """Try the right formula with one change, then the student's own."""
    table = table_with(points, [tree, aim.key])
    own = table[aim.key.id].formula if isinstance(aim.key, Name) else aim.key
    chain = _chain(aim)
    for source, wanted, undone in ((own, written, False), (chain, written, False), (tree, right, True)):
        if source is None:
            continue
        most = min(MOST_TRIED, MOST_PARTS // written_out(source, table.functions, table.written))
        changed = sorted(islice(changes(source, table), most), key=lambda change: change.made != "FORMULA_SIGN")
        for change, value in zip(changed, worths(points, [each.tree for each in changed]), strict=True):
            if value is not None and same(value, wanted):
                return Cause(change.undone if undone else change.made)
    return None


def _chain(aim: Aim) -> Expr | None:
    """Give the right formula as the chain along the paths, where it is a derivative that has one."""
    if not isinstance(aim.key, Name) or "/d" not in aim.key.id:
        return None
    with suppress(FormulaError):
        chain = derivations(expand(aim.problem, [aim.key.id]))(aim.key.id).chain
        if chain is not None:
            return next(with_arguments(chain, aim.problem.base), None)
    return None


def changes(tree: Expr, table: Table) -> Iterator[Change]:
    """Give a formula with one change in each of its parts: a term, a factor, a power, a transpose, or a name."""
    for part, put in sites(tree):
        if isinstance(part, Call) and part.op in ("+", "-"):
            every = terms(part)
            for at, term in enumerate(every):
                yield Change(put(total([*every[:at], *every[at + 1 :]])), "TERM_MISSING", "TERM_EXTRA")
                turned = [*every[:at], term._replace(off=not term.off), *every[at + 1 :]]
                yield Change(put(total(turned)), "FORMULA_SIGN", "FORMULA_SIGN")
        if isinstance(part, Call) and part.op in (*PRODUCTS, "/", "neg"):
            for _, rest in omissions(part):
                yield Change(put(rest), "FACTOR_MISSING", "FACTOR_EXTRA")
        if isinstance(part, Call) and part.op in ("^", "ᵀ", "/"):
            yield Change(put(part.args[0]), "FACTOR_MISSING" if part.op == "/" else "POWER_MISSING", "FACTOR_EXTRA")
        if isinstance(part, Call) and part.op == "neg":
            yield Change(put(part.args[0]), "FORMULA_SIGN", "FORMULA_SIGN")
        if isinstance(part, Name) and part.id in table:
            for row in table:
                if row.shape == part_shape(part, table) and row.name != part.id and row.role in ("given", "forward"):
                    yield Change(put(Name(row.name)), "OTHER_NAME", "OTHER_NAME")
            if len(part_shape(part, table)) == 2:
                yield Change(put(Call("ᵀ", (part,))), "TRANSPOSE", "TRANSPOSE")


def part_shape(name: Name, table: Table) -> Shape:
    """Give the shape of a quantity."""
    return table.shape(name.id)


def added(trees: list[Expr], aim: Aim) -> bool:
    """Tell whether formulas joined by `or` make the right one together: they are paths, and each is a part of it."""
    whole = reduce(lambda one, other: Call("+", (one, other)), trees)
    return compare(aim.problem, aim.key, whole, aim.pinned, aim.where).found == "same"
