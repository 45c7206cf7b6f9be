"""What the numbers of a sheet hide, for its teacher: slips that cannot be seen, and slips that come to the same."""

from __future__ import annotations

from collections.abc import Iterable

from ..marking.separability import Hidden, Shown, separability
from ..marking.slips import SLIPS
from ..record import NamedTuple
from ..sheet.problem import Problem, Question

DIGITS = 4  # that are asked where a question does not say it

#: What hides a slip: in a word, in words, and what to do about it; `{}` stands for a given.
BECAUSE = {
    "zero": ("`{}` is zero", "`{}` is zero", "give it other numbers"),
    "zeros": ("zeros in `{}`", "`{}` has zeros", "give it other numbers"),
    "one": ("`{}` is 1", "`{}` is 1", "give it another number"),
    "symmetric": ("`{}` is symmetric", "`{}` is symmetric", "change one of its entries"),
    "value": ("numbers in `{}`", "the numbers in `{}` are the reason", "change one of them"),
    "sign": ("signs in `{}`", "the signs in `{}` are the reason", "change one of them"),
    "rate": ("the learning rate", "the learning rate hides it", "choose another one"),
    "digits": (
        "too few digits",
        "the digits that are asked are the reason",
        "ask for more, or choose numbers that make larger steps",
    ),
    "shape": ("whatever the numbers are", "it would be so with any numbers of these sizes", ""),
}
MOST_NAMED = 2  # of the slips that one given hides


class Check(NamedTuple):
    """What the numbers show of a slip, or of several that come to the same, at a quantity.

    `result` is "seen", "unseen" or "alike"; `because` is the code of what hides it in BECAUSE, `given` the given.
    """

    codes: tuple[str, ...]
    where: str
    result: str
    because: str = ""
    given: str = ""


def checks_of(problem: Problem) -> Iterable[Check]:
    """Tell what the numbers show of every slip, in what is asked about any set of givens."""
    alike: dict[str, list[Question]] = {}
    for question in problem.questions.values():
        for part in question.parts or ((question,) if question.kind == "find" else ()):
            alike.setdefault(repr(part.when), []).append(part)
    found: dict[tuple[str, str], list[Shown]] = {}
    for questions in alike.values():
        for each in separability(problem, questions, DIGITS):
            found.setdefault((each.code, each.where), []).append(each)
    grouped: dict[str, list[tuple[set[str], Hidden]]] = {}
    for (code, where), some in found.items():
        hidden = [each.hidden for each in some if each.hidden is not None]
        if len(hidden) == len(some):
            yield Check((code,), where, "unseen", hidden[0].what, hidden[0].given)
            continue
        shared = [dict(each.alike) for each in some if each.hidden is None]
        same = {other: by for other, by in shared[0].items() if all(other in each for each in shared)}
        if not same:
            yield Check((code,), where, "seen")
        for other, by in same.items():
            _join(grouped.setdefault(where, []), {code, other}, by)
    order = list(SLIPS)
    for where, groups in grouped.items():
        for codes, by in groups:
            ranked = sorted(codes, key=lambda code: order.index(code) if code in SLIPS else -1)
            yield Check(tuple(ranked), where, "alike", by.what, by.given)


def _join(groups: list[tuple[set[str], Hidden]], codes: set[str], by: Hidden) -> None:
    """Add slips that come to the same to the group that has one of them."""
    for group, _ in groups:
        if group & codes:
            group |= codes
            return
    groups.append((codes, by))


def advice_on(checks: Iterable[Check]) -> Iterable[str]:
    """Say what to change so that more is seen, once for each given."""
    grouped: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        if check.result != "seen" and check.because != "shape":
            grouped.setdefault((check.because, check.given), []).append(check)
    for (because, given), some in grouped.items():
        unseen = [check for check in some if check.result == "unseen"]
        alike = [check for check in some if check.result == "alike"]
        _, why, what = (text.format(given) for text in BECAUSE[because])
        says = [f"{_named(unseen)} cannot be seen"] if unseen else []
        if alike:
            places = ", ".join(dict.fromkeys(check.where for check in alike))
            says.append(f"some slips in {places} cannot be told apart")
        yield f"{', and '.join(says)}: {why}; {what}."


def _named(checks: list[Check]) -> str:
    """Name slips with their places; of many only the places."""
    if len(checks) > MOST_NAMED:
        return f"{len(checks)} slips in {', '.join(dict.fromkeys(check.where for check in checks))}"
    names = [(SLIPS[code].name if code in SLIPS else code, check.where) for check in checks for code in check.codes]
    return " and ".join(f"{name} in {where}" for name, where in names)
