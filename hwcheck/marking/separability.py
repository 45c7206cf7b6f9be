"""What the numbers of a problem show of each slip: whether anything that is asked moves, and whether two slips differ.

Every slip of the catalogue that can be made at a definition is made there, and worked through to what is asked, once
with the numbers of the sheet and once more for each of its givens with other numbers: what is seen only then is hidden
by that given. Nothing here looks at an answer.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np

from ..formula.expr import Num, number
from ..formula.names import split
from ..graph.evaluate import run, sweep
from ..graph.functions import Array
from ..record import NamedTuple
from ..sheet.problem import Problem, Question
from .questions import group_of, locate, work_of
from .slips import SLIPS
from .trials import expect, trial_of, tried
from .work import Sheetwork

#: A slip is seen where it moves an entry by more units of the last place than this; two are told apart likewise.
UNITS = 3.0
#: What is smaller than this part of a unit is the last bits of a computation.
NOTHING = 1e-4
#: Of so many entries of a quantity all slips are worked out; a larger one takes too long.
MOST_ENTRIES = 4096

Key = tuple[str, str, int]  # the code, the definition, and which of the formulas of that slip it is
Pair = tuple[Key, Key]


class Asked(NamedTuple):
    """A quantity that is asked: its row of the table, its flat places, and the digits it is asked to."""

    name: str
    places: list[int]
    digits: int


class Hidden(NamedTuple):
    """What hides a slip, or the difference of two: a given, and what is special about its value.

    `what` is "zero", "zeros" (some entries), "one", "symmetric", "value" or "sign" of a given; without one "rate" (the
    learning rate), "digits" (something moves, by less than the digits asked show) or "shape" (no number would show it).
    """

    given: str
    what: str


class Shown(NamedTuple):
    """What the numbers show of a slip at one definition.

    `hidden` says by what it is hidden, None where it is seen; `alike` are the slips at the same definition that come to
    the same, each with what makes them so.
    """

    code: str
    where: str
    hidden: Hidden | None
    alike: tuple[tuple[str, Hidden], ...]


def separability(problem: Problem, questions: Iterable[Question], digits: int) -> list[Shown]:
    """Tell for every slip that can be made in a problem whether it is seen in what is asked, and apart from others.

    Args:
        problem: the problem.
        questions: its questions about one set of givens.
        digits: to how many digits values are asked where a question does not say it.
    """
    questions = list(questions)
    work, asked = _prepared(problem, questions, digits)
    expect(work, problem.slips)
    values = work.table.values
    base = measured(work, values, asked)
    near = [pair for pair in _pairs(base) if not apart(base[pair[0]], base[pair[1]])]
    unseen = [key for key, found in base.items() if not is_seen(found)]
    shown_by: dict[Key, list[Hidden]] = {key: [] for key in unseen}
    parted_by: dict[Pair, list[Hidden]] = {pair: [] for pair in near}
    made = {key[:2] for key in base}
    gone: dict[tuple[str, str], Shown] = {}
    for hidden, other in _others(problem, questions, digits, work, asked):
        for code, where, _ in other:
            if (code, where) not in made:  # a factor of 1 is not even written
                gone[code, where] = Shown(code, where, hidden, ())
        for key in unseen:
            if key in other and is_seen(other[key]):
                shown_by[key].append(hidden)
        for pair in near:
            if pair[0] in other and pair[1] in other and apart(other[pair[0]], other[pair[1]]):
                parted_by[pair].append(hidden)
    return [*_by_code(base, shown_by, parted_by), *gone.values()]


class Moved(NamedTuple):
    """What a slip makes of everything that is asked, in units of the last place that is asked; and what is right."""

    wrong: Array
    right: Array
    digits: Array


def measured(work: Sheetwork, values: Mapping[str, Array], asked: list[Asked]) -> dict[Key, Moved]:
    """Work every slip through to what is asked; those that cannot be worked out on these values are left out."""
    program = work.programs[0]
    slots = run(program, values)
    right = _gathered(work, slots, asked, 1)[0]
    digits = np.concatenate([np.full(len(each.places), each.digits) for each in asked])
    out: dict[Key, Moved] = {}
    for site in work.table.needed(each.name for each in asked):
        row = work.table[site]
        if row.formula is None or work.table.root(site) != site or np.size(work.key[site]) > MOST_ENTRIES:
            continue
        found = [
            (each, np.broadcast_to(np.asarray(value, dtype=float), np.shape(slots[program.slots[site]])))
            for each, value in tried(trial_of(work, site), lambda name: slots[program.slots[name]])
            if each.own or SLIPS[each.code].kind != "note"
        ]
        found = [(each, value) for each, value in found if np.all(np.isfinite(value))]
        if not found:
            continue
        nudge = np.stack([value for _, value in found]) - slots[program.slots[site]]
        swept, _ = sweep(program, values, {}, {program.slots[site]: nudge})
        wrong = _gathered(work, swept, asked, len(found))
        for number_of, (each, _) in enumerate(found):
            key = each.code, site, each.variant
            out[key] = Moved(wrong[number_of], right, digits)
    return out


def _prepared(problem: Problem, questions: list[Question], digits: int) -> tuple[Sheetwork, list[Asked]]:
    """Make a problem ready, and find what its questions ask that has a value."""
    group = group_of(problem, questions, ())
    asked: dict[str, Asked] = {}
    for question in questions:
        for ask in question.asks:
            target = locate(group, ask.name, ask.tree)
            if target.name in group.known:
                mine = Asked(target.name, target.places, question.digits or digits)
                old = asked.get(target.name, mine)
                places = sorted({*old.places, *mine.places})
                asked[target.name] = Asked(target.name, places, max(old.digits, mine.digits))
    return work_of(group, asked), list(asked.values())


def _gathered(work: Sheetwork, slots: list[Array], asked: list[Asked], rows: int) -> Array:
    """Put the asked entries side by side, one row for each of so many slips."""
    columns = []
    for each in asked:
        value = np.broadcast_to(slots[work.programs[0].slots[each.name]], (rows, *work.key[each.name].shape))
        columns.append(value.reshape(rows, -1)[:, each.places])
    return np.concatenate(columns, axis=1)


def _off(one: Array, other: Array, digits: Array) -> Array:
    """Give by how many units of the last place two values differ, the place being that of the larger one."""
    size = np.maximum(np.abs(one), np.abs(other))
    with np.errstate(all="ignore"):
        unit = 10.0 ** (np.floor(np.log10(size)) + 1 - digits)
        off = np.where(size == 0, 0.0, np.abs(one - other) / unit)
    off = np.where(np.isfinite(off), off, np.inf)
    return np.where(np.isfinite(one) | np.isfinite(other), off, 0.0)


def is_seen(found: Moved) -> bool:
    """Tell whether a slip moves an entry that is asked by more than the digits leave open."""
    return bool(np.any(_off(found.wrong, found.right, found.digits) > UNITS))


def is_nothing(found: Moved) -> bool:
    """Tell whether a slip moves nothing at all."""
    return bool(np.all(_off(found.wrong, found.right, found.digits) < NOTHING))


def apart(one: Moved, other: Moved) -> bool:
    """Tell whether two slips make different things of what is asked."""
    return bool(np.any(_off(one.wrong, other.wrong, one.digits) > UNITS))


def _pairs(base: Mapping[Key, Moved]) -> Iterable[Pair]:
    """Give the pairs of different slips at one definition that are both seen."""
    sites: dict[str, list[Key]] = {}
    for key, found in base.items():
        if is_seen(found):
            sites.setdefault(key[1], []).append(key)
    for keys in sites.values():
        for one, other in combinations(keys, 2):
            if one[0] != other[0] and not _is_one_rule(one[0], other[0]):
                yield one, other


def _is_one_rule(one: str, other: str) -> bool:
    """Tell whether two slips are the same formula, made once or throughout: only how often tells them apart."""
    return one in SLIPS and other in SLIPS and not set(SLIPS[one].rewrites).isdisjoint(SLIPS[other].rewrites)


# --- what hides a slip ------------------------------------------------------------------------------------------------


def _others(
    problem: Problem, questions: list[Question], digits: int, work: Sheetwork, asked: list[Asked]
) -> Iterable[tuple[Hidden, dict[Key, Moved]]]:
    """Work all slips out with other numbers: for each given in turn, then for a learning rate that is a number."""
    values = work.table.values
    draw = np.random.default_rng(1)
    for name in work.programs[0].inputs:
        if split(name).step == "0":  # a state before the first step is 0 by rule
            continue
        value = np.asarray(values[name], dtype=float)
        by = draw.uniform(0.21, 0.83, value.shape)
        yield Hidden(name, _special(value)), measured(work, {**values, name: value + by}, asked)
        yield Hidden(name, "sign"), measured(work, {**values, name: -value - by}, asked)
    training = problem.training
    if training is not None and isinstance(training.rate, Num):
        rate = number(training.rate.value * 0.61803)
        changed = problem._replace(base=problem.base.copy(), training=training._replace(rate=rate), tables={})
        other_work, other_asked = _prepared(changed, questions, digits)
        expect(other_work, changed.slips)
        yield Hidden("", "rate"), measured(other_work, other_work.table.values, other_asked)


def _special(value: Array) -> str:
    """Say what is special about a given."""
    if np.all(value == 0):
        return "zero"
    if np.all(np.abs(value) == 1):
        return "one"
    if np.any(value == 0):
        return "zeros"
    if value.ndim == 2 and value.shape[0] == value.shape[1] > 1 and np.array_equal(value, value.T):
        return "symmetric"
    return "value"


#: What is named first, where several givens hide a slip.
RANKS = ("zero", "one", "symmetric", "rate", "zeros", "value", "sign", "digits", "shape")


def _first(found: list[Hidden]) -> Hidden:
    return min(found, key=lambda each: RANKS.index(each.what), default=Hidden("", "shape"))


def _by_code(
    base: Mapping[Key, Moved], shown_by: Mapping[Key, list[Hidden]], parted_by: Mapping[Pair, list[Hidden]]
) -> list[Shown]:
    """Put the formulas of each slip at each definition together: it is seen where one of them is."""
    keys: dict[tuple[str, str], list[Key]] = {}
    for key in base:
        keys.setdefault(key[:2], []).append(key)
    alike: dict[tuple[str, str], dict[str, Hidden]] = {}
    for (one, other), parted in parted_by.items():
        for mine, theirs in ((one, other), (other, one)):
            others = alike.setdefault(mine[:2], {})
            known = [others[theirs[0]]] if theirs[0] in others else []
            others[theirs[0]] = _first([*known, *parted])
    out: list[Shown] = []
    for (code, where), found in keys.items():
        hidden = None
        if all(key in shown_by for key in found):
            small = any(not is_nothing(base[key]) for key in found)
            hidden = Hidden("", "digits") if small else _first([each for key in found for each in shown_by[key]])
        out.append(Shown(code, where, hidden, tuple(alike.get((code, where), {}).items())))
    return out
