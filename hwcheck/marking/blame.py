"""Blame: the first local failures, each with the mistake that explains it; one root cause costs marks once.

A value that is right by its own recomputation is never blamed for what stands above it, so the wrong entries are the
whole of the blame. Where one mistake in a formula, or one misread value of the task, explains several of them, the
first quantity that it hits loses its marks and the others count as carried. What a convention allows is correct.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from ..record import NamedTuple
from ..sheet.problem import OwnSlip, Problem
from .diagnose import Cause, formula_causes, weight_of
from .digits import belongs_to, digit_codes, exchanged
from .judge import ENOUGH, Judge
from .matching import MOST_EXPLAINED, Place
from .misread import misread, misread_rate
from .slips import SLIPS
from .trials import expect, scene_for

#: What is said where several slips of one kind explain a value equally well; and where they are of several kinds.
COMMON = {
    "forward": "Something in this step of the forward pass does not fit: go through its parts one by one.",
    "backward": "Something in this step of the backward pass does not fit: go through the factors along the path, and "
    "their signs.",
    "loss": "Look at the loss again: its sign, the number in front of it, and what is added up.",
    "update": "Look at the update again: the size of the step, its sign, and what it is taken from.",
    "optimizer": "Look at the rule of the optimizer again, line by line.",
    "arithmetic": "This looks like a slip of the hand: compare digits, point and sign with your own working.",
    "shape": "Look at the order of rows, columns and entries here.",
    "normalisation": "Look at the normalising again: what is taken off, and what it is divided by.",
}
UNCLEAR = "More than one slip leads to this number: look at this step again, part by part."


class Blamed(NamedTuple):
    """A mistake with what the student is told about it, and the share of the points that it leaves."""

    cause: Cause
    message: str
    credit: float


def blamed(judge: Judge, problem: Problem, order: Iterable[str], only: str = "") -> dict[Place, Blamed]:
    """Explain the wrong entries, and change the verdicts of those that repeat a mistake or follow a convention.

    Args:
        judge: what was judged; its verdicts are changed.
        problem: the problem, for its conventions, its marking and its own slips.
        order: the quantities that are asked, in the order of the sheet: the first that a mistake hits is charged.
        only: the one quantity whose entries are to be explained; default: all.
    """
    failing = [
        place
        for place, judged in judge.verdicts.items()
        if judged.verdict == "wrong" and not judged.remarks and only in ("", place[0])
    ]
    if not 0 < len(failing) <= MOST_EXPLAINED or judge.constant:
        return {}
    expect(judge.work, problem.slips)
    own_slips = {slip.code: slip for slip in problem.slips}
    out: dict[Place, Blamed] = {}
    ranks = {name: rank for rank, name in enumerate(order)}
    for cause in _causes(judge, failing, ranks):
        unless = SLIPS[cause.code].unless if cause.code in SLIPS else None
        accepted = unless is not None and problem.conventions.keys().isdisjoint(unless.split())
        accepted = accepted and (cause.code != "LABEL_WRONG" or _is_fair(judge, problem, cause, ranks))
        shared = cause.shared and _shows_work(judge, cause)
        first = min((name for name, _ in cause.places), key=lambda name: ranks.get(name, len(ranks)))
        made = Blamed(cause, message_of(cause, own_slips), _credit(cause.code, problem, own_slips))
        again = made._replace(message=f"The same mistake as in {first}, where it is counted.")
        for place in cause.places:
            out[place] = again if shared and place[0] != first and not accepted else made
            if accepted:
                judge.verdicts[place] = judge.verdicts[place]._replace(verdict="correct")
            elif shared and place[0] != first:
                remark = "misread" if cause.code == "MISCOPY" else "same"
                judge.verdicts[place] = judge.verdicts[place]._replace(verdict="carried", remarks=(remark,))
    return out


def _is_fair(judge: Judge, problem: Problem, cause: Cause, asked: Iterable[str]) -> bool:
    """Tell whether a value under another name earns no more there than under its own, where that was left out."""
    name = cause.places[0][0]
    other = belongs_to(judge, name, [at for _, at in cause.places], asked)
    worth: dict[str, float] = {}
    for question in problem.questions.values():
        for ask in question.asks:
            root = judge.table.root(ask.name) if ask.name in judge.table else ask.name
            worth[root] = max(worth.get(root, 0.0), question.points / len(question.asks))
    return other in judge.written or worth.get(other, 0.0) >= worth.get(name, 0.0)


def _shows_work(judge: Judge, cause: Cause) -> bool:
    """Tell whether what one mistake explains was worked out: it is not one number over and over, nor nothing but zeros
    and values before the step, unless not changing these is the mistake."""
    if cause.code == "BIAS_NOT_UPD":
        return True
    used, scene = judge.used, scene_for(judge.work)
    olds = {new: old for old, new in scene.updated.items()}
    sizes: list[float] = []
    bare: list[bool] = []
    for name, at in cause.places:
        cell = judge.written[name][at]
        assert cell is not None
        sizes.append(abs(cell.value))
        bare.append(cell.value == 0 or (name in olds and float(np.ravel(used(olds[name]))[at]) == cell.value))
    return not all(bare) and (len(sizes) < ENOUGH or len(set(sizes)) > 1)


def _causes(judge: Judge, failing: list[Place], asked: Iterable[str]) -> list[Cause]:
    """Find what explains each wrong entry: formulas, then a misread given, then digits."""
    decisions = judge.work.decisions
    causes = [_or_digits(judge, cause) for cause in formula_causes(judge, failing)]
    others = [place for place in failing if place[0] not in decisions]
    for wrong in (misread(judge, others), misread_rate(judge, others)):
        if wrong is None:
            continue
        covered = set(wrong.places)
        rivals = [cause for cause in causes if covered & set(cause.places)]
        if all(len(covered & set(cause.places)) < len(covered) for cause in rivals):
            causes = [cause for cause in causes if not covered & set(cause.places)]
            causes.append(Cause("MISCOPY", "looks like", (), wrong.places, True))
    done = {place for cause in causes for place in cause.places}
    left: dict[str, list[int]] = {}
    for name, at in failing:
        if (name, at) not in done and name not in decisions:
            left.setdefault(name, []).append(at)
    for name, places in left.items():
        every = tuple((name, at) for at in places)
        if exchanged(judge, name, places):
            causes.append(Cause("UNIT_SWAP", "looks like", (), every, False))
        elif belongs_to(judge, name, places, asked):
            causes.append(Cause("LABEL_WRONG", "looks like", (), every, False))
        else:
            codes = {place: found for place in every if (found := digit_codes(judge, *place))}
            for found in dict.fromkeys(codes.values()):
                some = tuple(place for place, each in codes.items() if each == found)
                causes.append(Cause(found[0], "looks like", found[1:], some, False))
    return causes


def _or_digits(judge: Judge, cause: Cause) -> Cause:
    """Prefer a slip in the digits to a wrong rule that hits one entry and should have hit those beside it."""
    if len(cause.places) > 1 or not cause.beside or cause.places[0][0] in judge.work.decisions:
        return cause
    codes = digit_codes(judge, *cause.places[0])
    return Cause(codes[0], "looks like", codes[1:], cause.places, False) if codes else cause


def message_of(cause: Cause, own: Mapping[str, OwnSlip]) -> str:
    """Say what a mistake is, as sure as it is; where several explain the same, what they have in common."""
    if cause.code in own:
        return own[cause.code].message
    row = SLIPS[cause.code]
    alike = [code for code in cause.also if weight_of(code) >= row.weight]
    if alike:
        kinds = {SLIPS[code].category for code in (cause.code, *cause.also) if code in SLIPS}
        return COMMON.get(row.category, UNCLEAR) if len(kinds) == 1 else UNCLEAR
    return f"This {cause.certainty} {row.name}. {row.hint}"


def _credit(code: str, problem: Problem, own: Mapping[str, OwnSlip]) -> float:
    """Give the share of the points that a mistake leaves: what the sheet says of it, or of slips of the hand."""
    if code in own:
        return own[code].credit
    return problem.marking.slip if code in SLIPS and SLIPS[code].kind == "slip" else 0.0
