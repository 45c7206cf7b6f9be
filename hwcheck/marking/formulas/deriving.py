"""A student's derivation judged line by line: each line against what is asked, and the last one is the answer.

A line may say that several formulas are equal; it may be about another quantity, which it names first; and it may give
a name of the student's own to a formula. A right answer below a wrong line is right, and the line is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...formula.expr import Expr, Name, names
from ...formula.names import key, split
from ...graph.table import Table
from ...record import NamedTuple
from ...sheet.expanding import not_allowed
from ...sheet.problem import Ask, Problem, Question
from ...text import safe_text
from ..report import DerivedLine, Recognised
from ..slips import SLIPS
from .indexed import entry_of
from .judging import Aim, Judged, fits, judge
from .likeness import body_of, loops_of
from .lines import Line, lines_of
from .reading import Notes, Reading, Words, new_name
from .wrong import Cause, added, recognised

if TYPE_CHECKING:
    from ...graph.functions import Array

#: What is said about a formula that compares so with the right one, where shapes do not say it.
SAYS = {
    "few": "too few points were found at which both can be worked out, so a person has to look",
    "undefined": "this cannot be worked out where the right formula can, or the other way round",
}


#: What stands before the first `=` and is no formula: a name of the derivative, such as P'(x).
LABEL = re.compile(r"[^\W\d][\w\\{}^'′,/∂ ]{0,30}(?:\([^()=+]{0,20}\))?")


#: Mistakes that are what they look like: another may give the same formula as any other of the catalogue.
SURE = frozenset(["PATHS_OR", "PRODUCT_ORDER", "SHAPE_MISFIT", "CASE_WRONG", "SUM_ONE_PATH", "NO_PATH", "FORMULA_SIGN"])


class Derived(NamedTuple):
    """What was found about a derivation, or one formula: the verdict, what is remarked, the lines, and the slips.

    `about` says why nothing could be read, or what is left to do; `answer` is the last formula as it was read. `share`
    is the part of an answer by cases that is right.
    """

    verdict: str
    about: str = ""
    remarks: tuple[str, ...] = ()
    lines: tuple[DerivedLine, ...] = ()
    slips: tuple[Recognised, ...] = ()
    answer: Reading | None = None
    causes: tuple[Cause, ...] = ()
    text: str = ""
    share: float = 0.0


class Said(NamedTuple):
    """One formula of a line: what it is held against, how it was judged, and whether `or` joins it to the one above."""

    line: Line
    aim: Aim
    judged: Judged
    own: bool
    other: bool


def derive(
    text: str,
    problem: Problem,
    question: Question,
    ask: Ask,
    notes: Notes,
    pinned: Mapping[str, Array] | None = None,
    where: Expr | None = None,
) -> Derived:
    """Judge what was written for one quantity.

    Args:
        text: the lines as they were typed.
        problem: the problem.
        question: the question, with the names that it allows.
        ask: what is asked.
        notes: what the student has written before; what this text adds is added.
        pinned: givens that have one value.
        where: a condition outside of which nothing is compared.
    """
    made = _derived(text, problem, question, ask, notes, pinned, where)
    entry = entry_of(text, problem, ask) if made.verdict == "unreadable" else None
    if entry is None:
        return made
    other = _derived(text, problem, question, entry, notes, pinned, where)
    return made if other.verdict == "unreadable" else other._replace(remarks=(*other.remarks, "entry"))


def _derived(
    text: str,
    problem: Problem,
    question: Question,
    ask: Ask,
    notes: Notes,
    pinned: Mapping[str, Array] | None,
    where: Expr | None,
) -> Derived:
    aim = Aim(problem, ask.tree, ask.also, {**question.values, **(pinned or {})}, where)
    said: list[Said] = []
    named: list[DerivedLine] = []
    lines = lines_of(text)
    left = _defined(lines, problem, aim, ask, notes, named)
    for line in left:
        said += _line(line, problem, question, aim, ask, notes)
    mine = [each for each in said if each.own]
    if not mine and lines and left != lines:  # a name of the student's own for what is asked
        mine = _line(lines[-1]._replace(parts=lines[-1].parts[1:]), problem, question, aim, ask, notes)
        said += mine
    if not mine:
        about = f"this is about something else: write `{ask.name} = ...`, or no left side"
        return Derived("unreadable", about) if text.strip() else Derived("blank")
    return _verdict(mine, said, named, problem, question, ask, notes)


def _defined(
    lines: list[Line], problem: Problem, aim: Aim, ask: Ask, notes: Notes, named: list[DerivedLine]
) -> list[Line]:
    """Take the lines out that give a name of the student's own to a formula, wherever they stand; give the others."""
    loops = frozenset(loops_of(ask.tree))
    left: list[Line] = []
    for line in lines:
        first = new_name(line.parts[0], problem) if len(line.parts) == 2 else None
        if first is None or key(first) in notes.own:
            left.append(line)
            continue
        made = judge(line.parts[1], Words(problem, notes, loops), aim)
        if made.reading is None:
            left.append(line)
            continue
        notes.own[key(first)] = first, made.reading.tree
        named.append(DerivedLine(safe_text(line.text, 200), made.reading.typed, "named"))
    return left


def _is_label(tree: Expr, ask: Ask, part: str) -> bool:
    """Tell whether the left side of a line is the name of what is asked: itself, its new name, or the old value in
    the rule that changes it."""
    if tree == body_of(ask.tree) or key("".join(part.split())) == key("".join(ask.name.split())):
        return True
    return isinstance(tree, Name) and ask.name in (f"{tree.id}_new", f"{tree.id}_next")


def _line(line: Line, problem: Problem, question: Question, aim: Aim, ask: Ask, notes: Notes) -> list[Said]:
    """Judge the formulas of one line; its own names are added to those that are known."""
    loops = frozenset(loops_of(ask.tree))
    out: list[Said] = []
    aims, parts, mine = aim, list(line.parts), True
    first = new_name(parts[0], problem) if len(parts) > 2 else None
    if first is not None and key(first) not in notes.own:
        made = judge(parts[1], Words(problem, notes, loops), aim)
        if made.reading is not None:
            notes.own[key(first)] = first, made.reading.tree
            parts = parts[1:]
    before: Reading | None = None
    for at, part in enumerate(parts):
        fresh = new_name(part, problem) if at else None
        if fresh is not None and before is not None and key(fresh) not in notes.own:
            notes.own[key(fresh)] = fresh, before.tree
            continue
        made = judge(part, Words(problem, notes, loops), aims)
        if at == 0 and len(parts) > 1 and made.reading is None and LABEL.fullmatch(part):
            continue
        if at == 0 and len(parts) > 1 and made.reading is not None:
            tree = made.reading.tree
            if _is_label(tree, ask, part):
                continue
            if isinstance(tree, Name) and made.likeness.found != "same":
                aims, mine = aim._replace(key=tree, also=()), False
                before = made.reading
                continue
        before = made.reading or before
        out.append(Said(line, aims, made, mine, line.other and at == 0))
        if not mine and isinstance(aims.key, Name) and made.reading is not None and made.likeness.found == "same":
            about = ask._replace(name=aims.key.id, tree=aims.key)
            if not not_allowed(made.reading.tree, problem, question, about, notes.shown):
                notes.shown.add(aims.key.id)
    return out


def _verdict(
    mine: list[Said],
    said: list[Said],
    named: list[DerivedLine],
    problem: Problem,
    question: Question,
    ask: Ask,
    notes: Notes,
) -> Derived:
    """Put together what was found about the lines; `mine` are those about what is asked."""
    last = mine[-1]
    broken = next((each for each in said if _is_wrong(each)), None)
    causes: dict[Line, Cause | None] = {}
    for each in [] if broken is None else [broken] if broken is last or _is_same(last) else [broken, last]:
        found_in, causes[each.line] = _blamed(each)
        said, mine = ([found_in if one is each else one for one in some] for some in (said, mine))
    last = mine[-1]
    lines = (*named, *(_shown(each) for each in said))
    ends = [each for at, each in enumerate(mine) if at + 1 == len(mine) or mine[at + 1].other]
    if len(ends) == len(mine) == 1 or not any(each.other for each in mine):
        ends = [last]
    remarks = tuple(dict.fromkeys(remark for each in ends for remark in each.judged.remarks))
    found = {each.judged.likeness.found for each in ends}
    made = Derived("wrong", "", remarks, lines, (), last.judged.reading, (), safe_text(last.judged.text, 400))
    slips = tuple(said_of(cause, _number(line, said)) for line, cause in causes.items() if cause is not None)
    if found <= {"same"}:
        right = [each for each in mine if _is_same(each)]
        made = made._replace(slips=slips)
        return _right(made, right, broken is not None, problem, question, ask, notes)
    if last.judged.reading is None:
        return made._replace(verdict="unreadable", about=last.judged.likeness.reason)
    if found <= {"same", "few"}:
        return made._replace(verdict="manual", about=SAYS["few"])
    about = last.judged.likeness.reason or SAYS.get(last.judged.likeness.found, "")
    trees = [each.judged.reading.tree for each in ends if each.judged.reading is not None]
    if len(ends) > 1 and added(trees, last.aim):
        return made._replace(about=about, slips=(said_of(Cause("PATHS_OR"), 0),), causes=(Cause("PATHS_OR"),))
    return made._replace(about=about, slips=slips, causes=tuple(each for each in causes.values() if each is not None))


def _right(
    made: Derived,
    right: list[Said],
    broken: bool,
    problem: Problem,
    question: Question,
    ask: Ask,
    notes: Notes,
) -> Derived:
    """Give what is made of a right answer: is it in the names that are allowed, and what stands above it?"""
    trees = [each.judged.reading.tree for each in right if each.judged.reading is not None]
    remarks = dict.fromkeys(made.remarks)
    if any(against_an_arrow(tree, problem.base) for tree in trees):
        remarks["reason"] = None
    left = [not_allowed(tree, problem, question, ask, notes.shown) for tree in trees]
    if not all(left):  # what has been written out once may stand for it from here on
        notes.shown.update(tree.id for tree in (*trees, ask.tree) if isinstance(tree, Name))
    if left and all(left):
        names = ", ".join(f"`{safe_text(name, 40)}`" for name in left[-1])
        itself = isinstance(ask.tree, Name) and left[-1] == [ask.tree.id]
        about = f"not expanded yet: {names}{', the asked quantity itself' if itself else ''}"
        return made._replace(verdict="undecided", about=about, remarks=(*remarks, "unexpanded"))
    if broken:
        return made._replace(verdict="correct", remarks=(*remarks, "recovered"))
    slips = (said_of(Cause("PRODUCT_ORDER"), 0),) if "order" in remarks else ()
    return made._replace(verdict="correct", remarks=tuple(remarks), slips=slips)


def _is_same(said: Said) -> bool:
    return said.judged.likeness.found == "same"


def _is_wrong(said: Said) -> bool:
    return said.judged.likeness.found in ("unlike", "undefined", "shape")


def _shown(said: Said) -> DerivedLine:
    """Give the record of one formula of a derivation."""
    judged = said.judged
    verdict = {"same": "correct", "few": "manual", "unread": "unreadable"}.get(judged.likeness.found, "wrong")
    about = judged.likeness.reason or SAYS.get(judged.likeness.found, "")
    return DerivedLine(
        safe_text(judged.text, 400), None if judged.reading is None else judged.reading.typed, verdict, about
    )


def _number(line: Line, said: list[Said]) -> int:
    """Give the number of a line among those judged, from 1; 0 where there is only one."""
    lines = list(dict.fromkeys(each.line for each in said))
    return lines.index(line) + 1 if len(lines) > 1 else 0


def _blamed(said: Said) -> tuple[Said, Cause | None]:
    """Find what is wrong with a formula; of several readings, the one in which something is recognised is taken."""
    judged = said.judged
    if judged.reading is None:
        return said, None
    for reading in dict.fromkeys([judged.reading, *judged.others]):
        cause = recognised(reading.tree, said.aim)
        if cause is not None:
            return said._replace(judged=judged._replace(reading=reading)), cause
    if judged.likeness.found != "shape" or fits(judged.reading.tree, said.aim.problem):
        return said, None
    return said, Cause("PRODUCT_ORDER" if "product" in judged.likeness.reason else "SHAPE_MISFIT")


def said_of(cause: Cause, line: int) -> Recognised:
    """Say what a mistake is, and in which line it was made."""
    if cause.own is not None:
        return Recognised(cause.code, "is", cause.own.message, ((),))
    row = SLIPS[cause.code]
    place = f"Line {line} is the first that does not hold. " if line else ""
    certainty = "is" if cause.code in SURE else "looks like"
    return Recognised(row.code, certainty, f"{place}This {certainty} {row.name}. {row.hint}", ((),))


def against_an_arrow(tree: Expr, base: Table) -> bool:
    """Tell whether a formula reads a derivative that goes against an arrow: dx/dz, where z is worked out from x."""
    return any(
        parts.by
        and parts.of in base
        and parts.by in base
        and parts.of != parts.by
        and parts.of in base.needed([parts.by])
        for parts in (split(name) for name in names(tree))
    )
