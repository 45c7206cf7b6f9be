"""Questions with options, and those for words: what was written, compared with the key.

The share of the points is the number right less the number wrong, over the number that is to be right, and never below
0. Of options to choose, those are counted that were chosen; of a match its pairs; of an order the pairs of options that
the key puts one before the other, so that what may stand in any order costs nothing however it stands. What names no
option is a wrong one. Words are put aside for a person.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import combinations

from ..record import NamedTuple
from ..sheet.options import Choices, key_text
from ..sheet.problem import Question
from ..text import safe_text
from ..yamltree import Tree, as_typed
from .arrows import Trouble
from .optiontext import read_options
from .report import DerivedLine, Finding, blank_finding
from .typed import is_blank
from .wanted import Page

#: What is asked, in a word.
TITLES = {"choose": "choice", "order": "order", "match": "match", "write": "words"}
MOST_WARNED = 3  # pieces that could not be read and are reported one by one
SHOWN = 60


class Judged(NamedTuple):
    """How many are right and wrong, how many are to be right, the lines of the answer, and what is said of it."""

    right: int
    wrong: int
    total: int
    lines: list[DerivedLine]
    about: str = ""


def choice_finding(page: Page, question: Question, tree: Tree | None) -> Finding:
    """Judge what was chosen, ordered or matched; put words aside. `tree` is None where nothing was written."""
    choices = question.choices
    right = "; ".join(question.rubric) if choices is None else key_text(question.kind, choices)
    made = blank_finding(page.problem.id, question, TITLES[question.kind], question.points, right or None, page.file)
    if tree is None:
        return made
    made = made._replace(answer=as_typed(tree), line=tree.span.line, column=tree.span.column)
    if is_blank(tree):
        return made
    if choices is None:
        return made._replace(verdict="manual", cells="manual")
    read = read_options(question.kind, choices, tree)
    _warn(page, question, tree, read.trouble)
    if not any(read.groups):
        verdict, about = ("unreadable", read.trouble[0].reason) if read.trouble else ("blank", "")
        return made._replace(verdict=verdict, cells=verdict, about=about)
    judged = JUDGED[question.kind](choices, read.groups)
    lines = [*judged.lines, *(_unread(each) for each in read.trouble)]
    wrong = judged.wrong + len(read.trouble)
    share = max(0, judged.right - wrong) / judged.total if judged.total else 0.0
    verdict = "correct" if share == 1 else "wrong"
    return made._replace(
        verdict=verdict,
        cells=verdict,
        read_as=safe_text(key_text(question.kind, choices._replace(key=read.groups))),
        lines=tuple(line._replace(text=safe_text(line.text)) for line in lines),
        about="" if verdict == "correct" else judged.about,
        marks=question.points * share,
        without=question.points * share,
    )


def _chosen(choices: Choices, groups: tuple[tuple[int, ...], ...]) -> Judged:
    """Judge options by whether they are to be chosen; that one is missing is said where several may be chosen."""
    key, chosen = set(choices.key[0]), groups[0]
    lines = [DerivedLine(choices.options[at].said, None, "correct" if at in key else "wrong") for at in chosen]
    right = len(key.intersection(chosen))
    missing = choices.several and right < len(key)
    return Judged(right, len(chosen) - right, len(key), lines, "not all that is right is chosen" if missing else "")


def _matched(choices: Choices, groups: tuple[tuple[int, ...], ...]) -> Judged:
    """Judge pairs one by one."""
    key = set(choices.key)
    lines = [
        DerivedLine(key_text("match", choices._replace(key=(pair,))), None, "correct" if pair in key else "wrong")
        for pair in groups
    ]
    right = len(key.intersection(groups))
    alone = [choices.options[at].text for at in range(len(choices.options)) if at not in {at for at, _ in groups}]
    return Judged(right, len(groups) - right, len(key), lines, _without("without a partner", alone))


def _ordered(choices: Choices, groups: tuple[tuple[int, ...], ...]) -> Judged:
    """Judge an order by the pairs that the key puts one before the other; what would have to move is marked."""
    rank = {at: place for place, group in enumerate(choices.key) for at in group}
    place = {at: number for number, group in enumerate(groups) for at in group}
    right = wrong = 0
    left_open: set[int] = set()
    pairs = [(a, b) if rank[a] < rank[b] else (b, a) for a, b in combinations(rank, 2) if rank[a] != rank[b]]
    for before, after in pairs:
        if before in place and after in place:
            right += place[before] < place[after]
            wrong += place[before] > place[after]
            if place[before] == place[after]:
                left_open |= {before, after}
    written = [at for group in groups for at in sorted(group, key=rank.__getitem__)]
    stay = _rising([rank[at] for at in written])
    lines = [
        DerivedLine(
            f"{place[at] + 1}. {choices.options[at].text}",
            None,
            "wrong" if number not in stay else "undecided" if at in left_open else "correct",
        )
        for number, at in enumerate(written)
    ]
    said = [f"{right} of {len(pairs)} pairs stand in the right order"]
    said += ["which of those marked ? comes first is left open"] if left_open else []
    absent = _without("not placed", [choices.options[at].text for at in rank if at not in place])
    return Judged(right, wrong, len(pairs), lines, "; ".join([*said, *([absent] if absent else [])]))


JUDGED = {"choose": _chosen, "order": _ordered, "match": _matched}


def _rising(ranks: list[int]) -> set[int]:
    """Give the places of a longest part of a list that does not fall: these need not move."""
    ends: list[int] = []  # the last rank of the best part of each length, and where it stands
    at_end: list[int] = []
    before: list[int] = []
    for at, rank in enumerate(ranks):
        length = bisect_right(ends, rank)
        ends[length : length + 1], at_end[length : length + 1] = [rank], [at]
        before.append(at_end[length - 1] if length else -1)
    stay: set[int] = set()
    at = at_end[-1] if at_end else -1
    while at >= 0:
        stay.add(at)
        at = before[at]
    return stay


def _without(words: str, options: Iterable[str]) -> str:
    """Name the options that something was not done with; "" where there is none."""
    named = ", ".join(safe_text(option, SHOWN) for option in options)
    return f"{words}: {named}" if named else ""


def _unread(trouble: Trouble) -> DerivedLine:
    return DerivedLine(trouble.text, None, "unreadable", trouble.reason)


def _warn(page: Page, question: Question, tree: Tree, trouble: tuple[Trouble, ...]) -> None:
    """Report what names no option."""
    for each in trouble[:MOST_WARNED]:
        page.warn("HW415", each.said, tree.span, question.id, each.fix)
    if len(trouble) > MOST_WARNED:
        more = len(trouble) - MOST_WARNED
        page.warn("HW415", f"{more} more of what stands here is not read", tree.span, question.id, "")
