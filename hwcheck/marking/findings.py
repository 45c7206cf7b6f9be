"""Findings: the verdicts about one quantity put together, with the points they earn."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ..graph.arrays import nested
from ..graph.shapes import Shape
from ..sheet.problem import Question
from .blame import Blamed
from .judge import Judge, Judged
from .report import EARNS, Finding, Recognised, worst
from .store import Page, Target, Written
from .typed import Entry


class Sweep(NamedTuple):
    """What was found about the answers to one set of givens.

    `doubled` are the entries, by quantity and flat place, that were written more than once and do not agree; `blamed`
    the mistakes that explain wrong ones.
    """

    page: Page
    judge: Judge
    doubled: set[tuple[str, int]]
    blamed: Mapping[tuple[str, int], Blamed]


class Sought(NamedTuple):
    """What a finding is about: a quantity by its title in a question, what that is in the table, and its points.

    `quantity` is the name that it is asked by, None for a formula.
    """

    question: Question
    title: str
    target: Target
    points: float = 0.0
    quantity: str | None = None


def finding_of(sweep: Sweep, sought: Sought, written: Written | None) -> Finding:
    """Make the finding of one quantity; one without a value is left to a person, with no points."""
    name, shape, places = sought.target
    span = written.span if written else None
    made = Finding(
        problem=sweep.page.problem.id,
        question=sought.question.id,
        quantity=sought.title,
        verdict="manual",
        answer=written.answer if written else "",
        read_as="",
        values=None,
        reference=None,
        carried=None,
        tolerance=None,
        cells="manual",
        remarks=(),
        marks=0.0,
        max_marks=sought.points,
        when=sought.question.when,
        file=sweep.page.file,
        line=span.line if span else None,
        column=span.column if span else None,
    )
    if name not in sweep.judge.work.key:
        return made
    key = sweep.judge.work.key[name].ravel()[places].tolist()
    typed = [written.typed[place] for place in places] if written and written.typed is not None else None
    judged = _judged(sweep, name, places, typed or [None] * len(places))
    if written is None or written.blank:
        words = ["blank"] * len(places)
    elif typed is None:
        words = ["unreadable"] * len(places)
    else:
        words = [each.verdict if each else "blank" for each in judged]
    earned = [_earned(sweep, name, place, word, each) for place, word, each in zip(places, words, judged, strict=True)]
    tolerance = [each.tolerance if each else right for each, right in zip(judged, key, strict=True)]
    carried = [each.carried if each else right for each, right in zip(judged, key, strict=True)]
    return made._replace(
        verdict=worst(words),
        read_as=_line(_laid([entry and entry.value for entry in typed], shape)) if typed is not None else "",
        values=_laid([entry and entry.text.strip() for entry in typed], shape) if typed is not None else None,
        reference=nested(np.array(key).reshape(_sizes(shape))),
        carried=_laid(carried, shape) if "carried" in words else None,
        tolerance=_laid(tolerance, shape) if any(judged) else None,
        cells=_laid(words, shape),
        remarks=_remarks(sweep, sought, written, judged),
        marks=sought.points * sum(share for share, _ in earned) / len(words) if words else 0.0,
        without=sought.points * sum(share for _, share in earned) / len(words) if words else 0.0,
        about=written.trouble if written else "",
        slips=_slips(sweep, name, places, shape, judged),
    )


def _earned(sweep: Sweep, name: str, place: int, word: str, judged: Judged | None) -> tuple[float, float]:
    """Give the share of its points that an entry earns, and the share that it would without follow-through."""
    marking = sweep.page.problem.marking
    if judged is not None and not getattr(judged, "earns", True):
        return 0.0, 0.0
    if word == "carried":
        return 0.0 if marking.strict else marking.carried, 0.0
    if word == "undecided":
        return marking.undecided, marking.undecided
    if word == "wrong" and judged is not None and (found := sweep.blamed.get((name, place))):
        return found.credit, found.credit
    return EARNS[word], EARNS[word]


def _slips(
    sweep: Sweep, name: str, places: list[int], shape: Shape, judged: list[Judged | None]
) -> tuple[Recognised, ...]:
    """Give the mistakes that explain entries of a quantity, each with its entries by their indices from 1."""
    found: dict[str, Recognised] = {}
    for number, (place, each) in enumerate(zip(places, judged, strict=True)):
        made = sweep.blamed.get((name, place))
        if made is None or each is not sweep.judge.verdicts.get((name, place)):
            continue
        index = tuple(int(at) + 1 for at in np.unravel_index(number, _sizes(shape))) if shape else ()
        cause = made.cause
        old = found.get(cause.code)
        cells = (*old.cells, index) if old is not None else (index,)
        found[cause.code] = Recognised(cause.code, cause.certainty, made.message, cells, cause.also)
    return tuple(found.values())


def _judged(sweep: Sweep, name: str, places: list[int], typed: list[Entry | None]) -> list[Judged | None]:
    """Give what was found about each entry; one that another value of the same quantity was used for is judged here."""
    judge = sweep.judge
    found: list[Judged | None] = []
    for place, entry in zip(places, typed, strict=True):
        used = judge.written[name][place] if entry is not None else None
        if entry is None:
            found.append(None)
        elif used is not None and used.value == entry.value:
            found.append(judge.verdicts[name, place])
        else:
            found.append(judge.entry(name, place, entry))
    return found


def _remarks(sweep: Sweep, sought: Sought, written: Written | None, judged: list[Judged | None]) -> tuple[str, ...]:
    """Give the remarks on how a value is written, on its entries, and on the digits that the question asks for."""
    if written is None:
        return ()
    remarks = dict.fromkeys(written.remarks)
    for place, each in zip(sought.target.places, judged, strict=True):
        if each is not None:
            remarks.update(dict.fromkeys(each.remarks))
            if (sought.target.name, place) in sweep.doubled:
                remarks["again"] = None
    digits = [entry.digits for entry in (written.typed or ()) if entry is not None and entry.unit > 0]
    if sought.question.digits is not None and digits and min(digits) < sought.question.digits:
        remarks["precision"] = None
    return tuple(remarks)


def _sizes(shape: Shape) -> tuple[int, ...]:
    """Give a shape whose sizes are all known."""
    return tuple(int(size) for size in shape)


def _laid(values: list[Any], shape: Shape) -> Any:  # noqa: ANN401  # as deep as the shape is long
    """Give values as lists nested like the shape; the value alone for a number."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array.reshape(_sizes(shape)).tolist()


def _line(value: object) -> str:
    """Give nested numbers in one line, `?` for those left out: what the text was taken for."""
    if isinstance(value, list):
        return "[" + ", ".join(_line(item) for item in value) + "]"
    return "?" if value is None else repr(value)
