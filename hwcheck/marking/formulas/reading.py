"""What a student's formula means: every reading of it, in the names of the problem's table.

Names are looked up under all their spellings, aliases and the abbreviations that the student made; `f1'` alone is the
derivative at the argument that f1 has in this network; a loop variable of the question is itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice, product

from ...formula.expr import Call, Expr, Name, bound_names, number, rewrite, substitute, walk
from ...formula.lex import FormulaError
from ...formula.names import key
from ...formula.parse import Scope, readings
from ...formula.show import plain
from ...graph.functions import is_unknown
from ...graph.table import Table
from ...record import NamedTuple
from ...sheet.blocks import is_name
from ...sheet.problem import Problem, problem_scope, settled
from .indexed import with_ranges

#: The identity matrix, whose size a student may leave out; so many sizes are tried.
UNIT = "I"
BARE_UNIT = re.compile(r"(?<![\w.])I(?![\w({])")
MOST_SIZES = 8
#: With the student's own names written out, a formula has so many parts at most.
MOST_PARTS = 1000
#: So many readings of one formula are tried.
MOST_READINGS = 24


class Reading(NamedTuple):
    """One reading of a formula: the tree as it was typed, and the same in the names of the table."""

    typed: Expr
    tree: Expr


class Notes(NamedTuple):
    """What goes on from one formula of a student to the next.

    `own` has the student's abbreviations by their keys, each with its name and what it stands for; `shown` are the
    quantities whose formulas the student has given in names that are allowed.
    """

    own: dict[str, tuple[str, Expr]]
    shown: set[str]


class Words(NamedTuple):
    """What a formula may be made of: the problem, the student's notes, and the loop variables of the question."""

    problem: Problem
    notes: Notes
    loops: frozenset[str] = frozenset()


def read(text: str, words: Words) -> list[Reading]:
    """Give the readings of a formula, the one that the grammar prefers first.

    Raises:
        FormulaError: none; the error is that of the first reading.
    """
    scope = problem_scope(words.problem, student=True)
    text = with_ranges(_with_values(text, words.problem, scope), words.problem, scope)
    own = {spelled: name for spelled, (name, _) in words.notes.own.items()}
    unit = {UNIT: UNIT} if UNIT not in scope.names and UNIT not in own and BARE_UNIT.search(text) else {}
    scope = scope._replace(names={**scope.names, **own, **unit}, indices=words.loops)
    found: list[Reading] = []
    failure: FormulaError | None = None
    for typed in readings(text, scope):
        try:
            each = _each(typed, words)
            found += [Reading(each, tree) for tree in _meant(each, words)]
        except FormulaError as error:
            failure = failure or error
    if not found:
        raise failure or FormulaError("no formula", 0, len(text))
    return found[:MOST_READINGS]


def _with_values(text: str, problem: Problem, scope: Scope) -> str:
    """Write an unknown function that stands alone, as in `f g' + f' g`, with the argument that the network gives it."""
    for name, row in problem.functions.items():
        if name in text and is_unknown(row) and "'" not in name and key(name) not in scope.names:
            found = arguments(name, problem.base)
            if len(found) == 1:
                alone = rf"(?<![\w\\'′]){re.escape(name)}(?![\w'′({{])(?!\s*\()"
                text = f"{name}({plain(found[0])})".join(re.split(alone, text))
    return text


def _each(typed: Expr, words: Words) -> Expr:
    """Give the formula of one entry where a student says `for i = 1..n` behind it, as the question does."""
    if not (isinstance(typed, Call) and typed.op == "for"):
        return typed
    body, *binds = typed.args
    for bind in binds:
        variable = bind.args[0] if isinstance(bind, Call) else bind
        if not (isinstance(variable, Name) and variable.id in words.loops):
            raise FormulaError("this `for` is not that of the question", 0, 1, "leave it out")
    return body


def new_name(text: str, problem: Problem) -> str | None:
    """Give the name that a text makes an abbreviation of, None where it is none or names a quantity."""
    name = re.sub(r"[\\{}]", "", text.strip())
    scope = problem_scope(problem)
    if not is_name(name) or len(name) > 40:
        return None
    named = scope.names.get(key(name))
    if named is not None and named not in problem.base.symbols:  # a size is seldom known to a student by its name
        return None
    function = scope.functions.get(key(name))
    return None if function is not None and function[2] > 0 and name != UNIT else name


def _meant(typed: Expr, words: Words) -> Iterator[Expr]:
    """Give what a tree means in the names of the table: once for each argument that a bare f' may have."""
    own = {name: tree for name, tree in words.notes.own.values()}
    bound = bound_names(typed) | words.loops

    def change(part: Expr) -> Expr | None:
        if isinstance(part, Name) and part.id in own:
            return own[part.id]
        if isinstance(part, Name):
            kept = part.id in bound or (part.id == UNIT and UNIT not in words.problem.base)
            return part if kept else settled(words.problem, part)
        return None

    meant = rewrite(typed, change)
    if sum(1 for _ in islice(walk(meant), MOST_PARTS + 1)) > MOST_PARTS:
        reason = "with what your own names stand for this is longer than can be worked out"
        raise FormulaError(reason, 0, 1, "use fewer names that stand for others", "HW315")
    for tree in _with_units(meant, words.problem.base):
        yield from with_arguments(tree, words.problem.base)


def _with_units(tree: Expr, base: Table) -> Iterator[Expr]:
    """Give a formula with the identity matrix of every size of the problem for an `I` alone."""
    if not any(isinstance(part, Name) and part.id == UNIT and UNIT not in base for part in walk(tree)):
        yield tree
        return
    for size in list(dict.fromkeys(size for row in base for size in row.shape))[:MOST_SIZES]:
        unit = Call(UNIT, (Name(size) if isinstance(size, str) else number(size),))
        yield substitute(tree, {UNIT: unit})


def with_arguments(tree: Expr, base: Table) -> Iterator[Expr]:
    """Give a formula with the argument that each bare f' has, once for each choice of them."""
    bare = list(dict.fromkeys(part.op for part in walk(tree) if isinstance(part, Call) and _is_bare(part)))
    options = [arguments(op.rstrip("'"), base) for op in bare]
    for op, found in zip(bare, options, strict=True):
        if not found:
            function = op.rstrip("'")
            raise FormulaError(
                f"`{op}` alone has no argument: nothing in the network is {function} of anything",
                0,
                1,
                f"write {op}(...)",
            )
    for chosen in product(*options):
        at = dict(zip(bare, chosen, strict=True))
        yield rewrite(tree, partial(_applied, at))


def _is_bare(part: Call) -> bool:
    return part.op.endswith("'") and not part.args


def _applied(at: Mapping[str, Expr], part: Expr) -> Expr | None:
    return Call(part.op, (at[part.op],), part.at) if isinstance(part, Call) and _is_bare(part) else None


def arguments(function: str, base: Table) -> list[Expr]:
    """Give the arguments that a function is applied to in a network, each once."""
    return list(
        dict.fromkeys(
            part.args[0]
            for row in base
            if row.formula is not None
            for part in walk(row.formula)
            if isinstance(part, Call) and part.op == function and part.args
        )
    )
