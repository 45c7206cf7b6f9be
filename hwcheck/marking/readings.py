"""Conventions as readings: which of the ways to read a problem a student's answers fit.

Answers are judged by the sheet's own reading first. Only where that leaves something wrong are they judged by the
variants of the problem; one that makes the whole page consistent is taken, no marks are lost, and the report says so
once.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from ..graph.evaluate import sweep
from ..record import NamedTuple
from ..sheet.problem import Problem
from .judge import Judge, Judged
from .matching import MOST_EXPLAINED
from .precision import place_of
from .report import Reading
from .variants import Variant, is_same, variants
from .work import Sheetwork

#: Of so many entries that a convention sets right, one that it has to do with may stay wrong: a slip beside it.
FOR_ONE_SLIP = 4
#: By another reading the band may be wider, but hardly by so much.
NEAR = 10.0

Judging = TypeVar("Judging")
Mark = tuple[str, str, int]  # the givens of the questions, the quantity, the flat place
Verdicts = Mapping[Mark, Judged]


def by_reading(
    problem: Problem,
    own: Judging,
    judge: Callable[[Problem], Judging],
    verdicts: Callable[[Judging], Verdicts],
    may_fit: Callable[[Judging, Problem], bool] = lambda own, problem: True,
) -> tuple[Judging, tuple[Reading, ...]]:
    """Judge by the reading that the answers fit: the sheet's own where nothing is wrong, or where no other fits.

    Args:
        problem: the problem as the sheet reads it.
        own: the answers, judged by that.
        judge: judges the answers by another problem with the same questions, names and shapes.
        verdicts: what was found about each entry, by the givens of the questions, the quantity and the flat place.
        may_fit: tells at little cost that answers which were judged cannot be better by another problem; see `hopeful`.

    Returns:
        the answers as they are judged, and what the report says about it, nothing of the sheet's own reading: several
        conventions may be others, each of which mends what those before it left.
    """
    before = verdicts(own)
    if not 0 < sum(is_lost(each) for each in before.values()) <= MOST_EXPLAINED:
        return own, ()
    tried: list[tuple[Variant, Judging, Outcome]] = []
    for variant in variants(problem):
        if may_fit(own, variant.problem):
            judged = judge(variant.problem)
            tried.append((variant, judged, compare(before, verdicts(judged))))
    fitting = [each for each in tried if fits(each[2], each[0])]
    if not fitting:
        return own, ()
    variant, judged, _ = max(fitting, key=lambda each: len(each[2].mended))
    further = by_reading(variant.problem, judged, judge, verdicts, may_fit)
    return further[0], (Reading(problem.id, variant.convention, variant.value, variant.sentence), *further[1])


class Outcome(NamedTuple):
    """What another reading makes of a student's entries.

    Those that it sets right, those right ones that it makes wrong, and those that stay wrong though what follows from
    the student's own numbers is another by it.
    """

    mended: list[Mark]
    spoilt: list[Mark]
    left: list[Mark]


def compare(before: Verdicts, after: Verdicts) -> Outcome:
    """Compare the verdicts by two readings; where they are not about the same entries everything is spoilt."""
    if before.keys() != after.keys():
        return Outcome([], list(before), [])
    wrong = [mark for mark, each in before.items() if is_lost(each)]
    return Outcome(
        [mark for mark in wrong if not is_lost(after[mark])],
        [mark for mark, each in before.items() if not is_lost(each) and is_lost(after[mark])],
        [mark for mark in wrong if is_lost(after[mark]) and not is_same(before[mark].carried, after[mark].carried)],
    )


def fits(found: Outcome, variant: Variant) -> bool:
    """Tell whether a student's page is consistent by a reading.

    It makes nothing wrong, sets right whatever it has to do with but for a slip among many, and something is set right
    that shows that it was meant.
    """
    if not found.mended or found.spoilt or len(found.left) * FOR_ONE_SLIP > len(found.mended):
        return False
    return any(variant.shown_by(name) for _, name, _ in found.mended)


def is_lost(judged: Judged) -> bool:
    """Tell whether an entry earns nothing: it is wrong, or leaves nothing to show."""
    return judged.verdict == "wrong" or not judged.earns


def hopeful(judge: Judge, work: Sheetwork) -> bool:
    """Tell whether any wrong entry lies somewhere near what it is by another reading; judging costs ten times as much.

    Args:
        judge: the answers, judged.
        work: the other reading, made ready for the same quantities.
    """
    _, computed = sweep(work.programs[0], work.table.values, judge.pins, {})
    for (name, at), judged in judge.verdicts.items():
        cell = judge.written[name][at]
        if is_lost(judged) and cell is not None:
            band = NEAR * max(judged.tolerance, place_of(cell, judge.precision).unit, judge.work.noise.get(name, 0.0))
            for value in (computed[name], work.key[name]):
                if not abs(float(np.ravel(value)[at]) - cell.value) > band:
                    return True
    return False
