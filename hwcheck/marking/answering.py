"""Which of the values that were written answers a question, and what a value that nobody asked for is about."""

from __future__ import annotations

from ..graph.shapes import Shape, entries
from .findings import Sweep
from .questions import Sought
from .report import EARNS
from .store import Target, Written, is_symbolic


def answering(sweep: Sweep, sought: Sought, written: list[Written]) -> tuple[Written | None, list[Written]]:
    """Find what answers a question: the value under its name, else its entries, else the quantity that it is.

    What was written under another name or to another question fills a gap only if it is right. Give the answer, and
    what it was put together from.
    """
    name, question = sought.target.name, sought.question.id
    own = [each for each in written if each.question == question and each.asked and each.title == sought.title]
    answer = own[-1] if own else None
    if answer is not None and answer.trouble:
        return answer, []
    cells = list(answer.typed) if answer is not None and answer.typed is not None else []
    parts: list[Written] = []
    others = [each for each in written if each.name == name and each.typed is not None]
    others = [each for each in others if each not in own] if len(others) > len(own) else []
    for other in sorted(others, key=lambda each: each.question != question):
        direct = other.question == question and other.quantity == sought.quantity
        typed = other.typed or ()
        cells = cells or [None] * len(typed)
        new = [
            at
            for at in sought.target.places
            if cells[at] is None and typed[at] is not None and (direct or _is_right(sweep, name, at))
        ]
        for at in new:
            cells[at] = typed[at]
        if new:
            parts.append(other)
    if not parts:
        return answer, []
    sources = [answer, *parts] if answer is not None and not answer.blank else parts
    texts = "; ".join(each.answer for each in sources)
    remarks = dict.fromkeys(remark for each in sources for remark in each.remarks)
    return sources[0]._replace(answer=texts, typed=tuple(cells), remarks=tuple(remarks)), parts


def _is_right(sweep: Sweep, name: str, at: int) -> bool:
    """Tell whether what was written as an entry earns its points; what cannot be judged is not held against it."""
    judged = sweep.judge.verdicts.get((name, at))
    return judged is None or (judged.earns and EARNS[judged.verdict] > 0)


def filled(written: Written, shape: Shape) -> Target:
    """Give what a value that nobody asked for is about: the places that it fills, all where it could not be read."""
    if is_symbolic(shape):
        return Target(written.name, shape, [])
    count = entries(shape)
    places = [at for at in range(count) if written.typed is None or written.typed[at] is not None]
    return Target(written.name, shape if len(places) == count else (len(places),), places)
