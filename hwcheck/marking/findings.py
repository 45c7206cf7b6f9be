"""Findings: the verdicts about one quantity put together, with the points they earn."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from ..graph.shapes import Shape
from ..record import NamedTuple
from .blame import Blamed
from .judge import Judge, Judged
from .questions import Sought
from .remarks import remarks_of
from .report import EARNS, Finding, Recognised, blank_finding, worst
from .slips import SLIPS
from .store import TRANSPOSED, Written
from .typed import Entry
from .wanted import Page

#: The shares of its points that an entry earns.
RIGHT, NOTHING = (EARNS["correct"], EARNS["correct"]), (0.0, 0.0)


class Turned(NamedTuple):
    """What is made of matrices with rows and columns exchanged: a convention where all of them are, else a slip.

    `counted` holds the slip once it has been counted.
    """

    accepted: bool
    counted: list[str]


class Sweep(NamedTuple):
    """What was found about the answers to one set of givens.

    `doubled` are the entries, by quantity and flat place, that were written more than once and do not agree; `blamed`
    the mistakes that explain wrong ones; `blanks` keeps the findings of what was not written, `charged`
    the question and the title under which a wrong entry counts: under others the same number is carried.
    """

    page: Page
    judge: Judge
    doubled: set[tuple[str, int]]
    blamed: Mapping[tuple[str, int], Blamed]
    blanks: dict[tuple[str, str], Finding]
    charged: Mapping[tuple[str, int], tuple[str, str]]
    turned: Turned


def finding_of(sweep: Sweep, sought: Sought, written: Written | None) -> Finding:
    """Make the finding of one quantity; one without a value is left to a person, with no points."""
    made, file = _blank(sweep, sought), sweep.page.file
    if written is None:
        return made._replace(file=file)
    _, shape, places = sought.target
    span = written.span
    facts: dict[str, Any] = {
        "file": file,
        "answer": written.answer,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "about": written.trouble,
        "remarks": written.remarks,
    }
    if made.reference is None or written.blank:
        return made._replace(**facts)
    if written.typed is None:
        return made._replace(**facts, verdict="unreadable", cells=laid(["unreadable"] * len(places), shape))
    typed = [written.typed[place] for place in places]
    found = outcome_of(sweep, sought, written, typed)
    words, judged = found.words, found.judged
    facts["remarks"] = found.remarks
    return made._replace(
        **facts,
        verdict=worst(words),
        read_as=_line(laid([entry and entry.value for entry in typed], shape)),
        values=laid([entry and entry.text.strip() for entry in typed], shape),
        carried=_carried(sweep, sought, judged) if "carried" in words else None,
        tolerance=laid([each.tolerance if each else 0.0 for each in judged], shape) if any(judged) else None,
        cells=laid(words, shape),
        marks=found.marks,
        without=found.without,
        slips=found.slips,
    )


class Outcome(NamedTuple):
    """What a value comes to: the verdict on each entry and what was found about it, the slips, the marks, the remarks.

    `without` are the marks that it would have without follow-through.
    """

    words: list[str]
    judged: list[Judged | None]
    slips: tuple[Recognised, ...]
    marks: float
    without: float
    remarks: tuple[str, ...]


def outcome_of(sweep: Sweep, sought: Sought, written: Written, typed: list[Entry | None]) -> Outcome:
    """Tell what a value comes to, of which these entries were `typed`."""
    name, shape, places = sought.target
    judged = _judged(sweep, name, places, typed)
    slips: tuple[Recognised, ...] = ()
    if sweep.blamed or sweep.judge.bad_names:
        judged = _once(sweep, sought, judged)
        slips = _slips(sweep, name, places, shape, judged)
    if TRANSPOSED in written.remarks and not sweep.turned.accepted:
        judged, turned = _exchanged(sweep, judged, shape)
        slips = (*slips, *turned)
    words = [each.verdict if each else "blank" for each in judged]
    earned = [_earned(sweep, name, place, word, each) for place, word, each in zip(places, words, judged, strict=True)]
    share = sought.points / len(words)
    marks, without = share * sum([marks for marks, _ in earned]), share * sum([marks for _, marks in earned])
    return Outcome(
        words, judged, slips, marks, without, remarks_of(sweep.judge, sweep.doubled, sought, written, judged)
    )


def _carried(sweep: Sweep, sought: Sought, judged: list[Judged | None]) -> Any:  # noqa: ANN401  # nested as the shape
    """Give what follows from what the student used; the key where nothing is written."""
    name, shape, places = sought.target
    key = sweep.judge.work.key[name].ravel()
    return laid([each.carried if each else float(key[at]) for each, at in zip(judged, places, strict=True)], shape)


def _blank(sweep: Sweep, sought: Sought) -> Finding:
    """Give the finding of a quantity that nothing was written about, but for the file; it is the same for everybody."""
    key = sought.question.id, sought.title
    known = sweep.blanks.get(key)
    if known is None or known.max_marks != sought.points:
        name, shape, places = sought.target
        value = sweep.judge.work.key.get(name)
        known = blank_finding(sweep.page.problem.id, sought.question, sought.title, sought.points)._replace(kind="find")
        if value is None:
            known = known._replace(verdict="manual", cells="manual")
        else:
            shown, words = value.ravel()[places].tolist(), ["blank"] * len(places)
            known = known._replace(reference=laid(shown, shape), cells=laid(words, shape))
        if sought.question.head:
            titles = [ask.name for ask in sought.question.asks]
            title = sought.question.columns[titles.index(sought.title)]
            known = known._replace(kind="cell", row=sought.question.head, title=title)
        sweep.blanks[key] = known
    return known


def _earned(sweep: Sweep, name: str, place: int, word: str, judged: Judged | None) -> tuple[float, float]:
    """Give the share of its points that an entry earns, and the share that it would without follow-through."""
    if word == "correct":
        return RIGHT if judged is None or judged.earns else NOTHING
    marking = sweep.page.problem.marking
    if judged is not None and not judged.earns:
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
        index = _index(number, shape)
        cause = made.cause
        old = found.get(cause.code)
        cells = (*old.cells, index) if old is not None else (index,)
        found[cause.code] = Recognised(cause.code, cause.certainty, made.message, cells, cause.also)
    return tuple(found.values())


def turned_of(written: Iterable[Written], shape_of: Callable[[str], Shape]) -> Turned:
    """Tell whether all matrices, at least two, have rows and columns exchanged: then that is how they are written."""
    turned = [TRANSPOSED in each.remarks for each in written if each.typed and _is_oblong(shape_of(each.name))]
    return Turned(all(turned) and len(turned) > 1, [])


def _is_oblong(shape: Shape) -> bool:
    return len(shape) == 2 and 1 not in shape and shape[0] != shape[1]


def _exchanged(
    sweep: Sweep, judged: list[Judged | None], shape: Shape
) -> tuple[list[Judged | None], tuple[Recognised, ...]]:
    """Take marks for a matrix whose rows and columns are exchanged, the first time; later ones repeat the mistake."""
    row = SLIPS["DW_TRANSPOSED"]
    right = [
        number for number, each in enumerate(judged) if each is not None and each.verdict in ("correct", "carried")
    ]
    if not right:
        return judged, ()
    again = row.code in sweep.turned.counted
    sweep.turned.counted.append(row.code)
    verdict, remarks = ("carried", ("same",)) if again else ("wrong", ())
    out = [
        each._replace(verdict=verdict, remarks=(*each.remarks, *remarks)) if each and number in right else each
        for number, each in enumerate(judged)
    ]
    certainty = "is" if len(right) > 1 else "looks like"
    cells = tuple(_index(number, shape) for number in right)
    return out, (Recognised(row.code, certainty, f"This {certainty} {row.name}. {row.hint}", cells),)


def _index(number: int, shape: Shape) -> tuple[int, ...]:
    """Give the indices, from 1, of an entry of an array."""
    return tuple(int(at) + 1 for at in np.unravel_index(number, _sizes(shape))) if shape else ()


def charges(answered: Iterable[Sought]) -> dict[tuple[str, int], tuple[str, str]]:
    """Give for each entry the question and the title under which it counts if it is wrong: where it is worth most."""
    worth: dict[tuple[str, int], float] = {}
    out: dict[tuple[str, int], tuple[str, str]] = {}
    for sought in answered:
        for place in sought.target.places:
            spot = sought.target.name, place
            share = sought.points / len(sought.target.places)
            if spot not in out or share > worth[spot]:
                worth[spot], out[spot] = share, (sought.question.id, sought.title)
    return out


def _once(sweep: Sweep, sought: Sought, judged: list[Judged | None]) -> list[Judged | None]:
    """Count a wrong entry under one of the names that it stands for; under the others the same number is carried."""
    out: list[Judged | None] = []
    name, here = sought.target.name, (sought.question.id, sought.title)
    for place, each in zip(sought.target.places, judged, strict=True):
        own = each is not None and each is sweep.judge.verdicts.get((name, place)) and each.verdict == "wrong"
        again = own and sweep.charged.get((name, place), here) != here
        out.append(each._replace(verdict="carried", carried=_used(sweep, name, place)) if each and again else each)
    return out


def _used(sweep: Sweep, name: str, place: int) -> float:
    cell = sweep.judge.written[name][place]
    return cell.value if cell is not None else 0.0


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


def _sizes(shape: Shape) -> tuple[int, ...]:
    """Give a shape whose sizes are all known."""
    return tuple(int(size) for size in shape)


def laid(values: list[Any], shape: Shape) -> Any:  # noqa: ANN401  # as deep as the shape is long
    """Give values as lists nested like the shape; the value alone for a number."""
    for size in reversed(shape[1:]):
        step = int(size)
        values = [values[at : at + step] for at in range(0, len(values), step)]
    return values if shape else values[0]


def _line(value: object) -> str:
    """Give nested numbers in one line, `?` for those left out: what the text was taken for."""
    return repr(value).replace("None", "?")
