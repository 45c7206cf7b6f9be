"""`verify`: what one student wrote, judged question by question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import fsum
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from ..diagnostics import Diagnostic, Span
from ..formula.expr import Expr, Name, names
from ..graph.arrays import nested
from ..graph.functions import Array
from ..graph.shapes import Shape, entries, shape_of
from ..graph.table import Table
from ..sheet import Sheet
from ..sheet.problem import Ask, Problem, Question
from ..sheet.solving import asked_table, known
from ..text import closest, safe_text
from ..yamltree import Tree
from .answers import Answers
from .judge import Judge, Judged, Sheetwork, prepare
from .report import EARNS, Finding, Report, worst
from .store import Wanted, Written, answers_to, is_symbolic, places_of, quantity_of, written_of
from .typed import Entry


class Where(NamedTuple):
    """What a name is about: a row of the table, the shape that is wanted, and the flat places in the row."""

    name: str
    shape: Shape
    places: list[int]


class Sweep(NamedTuple):
    """What was found about one set of givens, by quantity and flat place."""

    problem: Problem
    table: Table
    key: Mapping[str, Array]
    judge: Judge
    verdicts: Mapping[tuple[str, int], Judged]
    doubled: set[tuple[str, int]]
    file: str


def verify(sheet: Sheet, answers: Answers, problem: str | None = None, question: str | None = None) -> Report:
    """Judge one student's answers; only those to one problem or to one question, if that is asked.

    Working on other questions of a problem is used all the same: it is what the student had on the page.
    """
    found = list(answers.diagnostics)
    typed = _by_question(sheet, answers, found)
    findings: list[Finding] = []
    for each in sheet.problems.values():
        if problem is None or each.id == problem:
            findings += _problem(each, typed.get(each.id, {}), found, answers.source.name, question)
    # thirds of points add up to whole ones
    score = round(fsum(finding.marks for finding in findings), 9)
    most = round(fsum(finding.max_marks for finding in findings if finding.verdict != "manual"), 9)
    return Report(sheet.name, sheet.title, sheet.digest, answers.student, score, most, tuple(findings), tuple(found))


def _by_question(sheet: Sheet, answers: Answers, found: list[Diagnostic]) -> dict[str, dict[str, Tree]]:
    """Sort the answers by problem and question; report ids that the sheet does not have."""
    out: dict[str, dict[str, Tree]] = {}
    file = answers.source.name

    def unknown(what: str, text: str, known: Iterable[str], span: Span) -> None:
        known = list(known)
        near = closest(text, known)
        fix = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(known)}"
        found.append(
            Diagnostic("HW410", f"the sheet has no {what} `{safe_text(text, 60)}`", file, span, "", fix, "warning")
        )

    for problem_id, questions in answers.raw.answers:
        problem = sheet.problems.get(problem_id.text)
        if problem is None:
            unknown("problem", problem_id.text, sheet.problems, problem_id.span)
            continue
        for question_id, tree in questions:
            if question_id.text in problem.questions:
                out.setdefault(problem.id, {})[question_id.text] = tree
            else:
                unknown(f"question in problem {problem.id}:", question_id.text, problem.questions, question_id.span)
    return out


def _problem(
    problem: Problem, typed: Mapping[str, Tree], found: list[Diagnostic], file: str, only: str | None
) -> list[Finding]:
    """Judge the answers to one problem, all questions about the same givens together."""
    groups: dict[str, list[Question]] = {}
    for question in problem.questions.values():
        groups.setdefault(repr(question.when), []).append(question)
    findings: dict[str, list[Finding]] = {}
    for group in groups.values():
        pairs = {
            question.id: answers_to(problem, question, typed[question.id], found, file)
            for question in group
            if question.id in typed
        }
        for question_id, some in _group(problem, group, pairs, found, file).items():
            findings[question_id] = some
    return [
        finding
        for question in problem.questions
        for finding in findings.get(question, [])
        if only is None or question == only
    ]


def _group(
    problem: Problem,
    questions: list[Question],
    pairs: Mapping[str, list[tuple[Wanted, Tree]]],
    found: list[Diagnostic],
    file: str,
) -> dict[str, list[Finding]]:
    """Judge what was written about one set of givens."""
    asks = [ask for question in questions for ask in question.asks]
    values = questions[0].values
    also = [name for some in pairs.values() for wanted, _ in some for name in names(wanted.tree)]
    table, rows = asked_table(problem, asks, values, also)
    located: dict[tuple[str, str], Where] = {}

    def locate(title: str, tree: Expr) -> Where:
        """Give the row of the table that a name is about, the shape that is wanted, and the places in the row."""
        mark = title, repr(tree)
        if mark not in located:
            quantity = quantity_of(tree)
            name = table.root(quantity if quantity is not None else rows[title])
            about = tree if quantity is not None else Name(name)
            places = [] if is_symbolic(table.shape(name)) else places_of(about, table.shapes, table.shape(name))
            located[mark] = Where(name, shape_of(about, table.shapes), places)
        return located[mark]

    written: dict[str, list[Written]] = {question.id: [] for question in questions}
    for question_id, some in pairs.items():
        for wanted, tree in some:
            name, shape, places = locate(wanted.title, wanted.tree)
            written[question_id].append(written_of(wanted, tree, question_id, table.shape(name), shape, places, name))
    workable = set(known(table))
    everything = [each for some in written.values() for each in some]
    found += [one for each in everything if (one := _unreadable(each, problem, found, file)) is not None]
    used, doubled = _merged([each for each in everything if each.name in workable])
    wanted_names = [*used, *(name for ask in asks if (name := locate(ask.name, ask.tree)[0]) in workable)]
    work = _prepared(problem, table, (repr(questions[0].when), *sorted(set(also))), tuple(dict.fromkeys(wanted_names)))
    judge = Judge(work, used)
    verdicts = judge.judge()
    sweep = Sweep(problem, table, work.key, judge, verdicts, doubled, file)
    out: dict[str, list[Finding]] = {}
    taken: set[int] = set()
    for question in questions:
        share = question.points / len(question.asks) if question.asks else 0.0
        out[question.id] = []
        for ask in question.asks:
            where = locate(ask.name, ask.tree)
            answer, parts = _answering(ask, question, where, everything, verdicts)
            taken.update(id(part) for part in parts)
            out[question.id].append(_finding(sweep, question, ask, answer, where, share))
    for question in questions:
        for each in written[question.id]:
            if not each.asked and not each.blank and id(each) not in taken:
                ask = Ask(each.title, Name(each.name), question.asks[0].at)
                where = Where(each.name, table.shape(each.name), _places(each, table.shape(each.name)))
                if not is_symbolic(where.shape) and len(where.places) < entries(where.shape):
                    where = where._replace(shape=(len(where.places),))
                out[question.id].append(_finding(sweep, question, ask, each, where, 0.0))
    return out


#: What was compiled for the problems that are in use, by their base tables.
_WORK: WeakKeyDictionary[Table, dict[tuple[tuple[str, ...], ...], Sheetwork]] = WeakKeyDictionary()
MOST_KEPT = 32


def _prepared(problem: Problem, table: Table, about: tuple[str, ...], wanted: tuple[str, ...]) -> Sheetwork:
    """Compile a table for marking, or take what was compiled for another student who wrote the same names."""
    kept = _WORK.setdefault(problem.base, {})
    if (about, wanted) not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[about, wanted] = prepare(table, wanted)
    return kept[about, wanted]


def _answering(
    ask: Ask,
    question: Question,
    where: Where,
    everything: list[Written],
    verdicts: Mapping[tuple[str, int], Judged],
) -> tuple[Written | None, list[Written]]:
    """Find what answers a question: the value under its name, else its entries, else the quantity that it is.

    What was written under another name or to another question fills a gap only if it is right. Give the answer, and
    what it was put together from.
    """
    own = [each for each in everything if each.question == question.id and each.asked and each.title == ask.name]
    answer = own[-1] if own else None
    if answer is not None and answer.trouble:
        return answer, []
    cells = list(answer.typed) if answer is not None and answer.typed is not None else []
    quantity = quantity_of(ask.tree)
    parts: list[Written] = []
    others = [each for each in everything if each.name == where.name and each.typed is not None and each not in own]
    for other in sorted(others, key=lambda each: each.question != question.id):
        direct = other.question == question.id and other.quantity == quantity
        typed = other.typed or ()
        cells = cells or [None] * len(typed)
        new = [
            at
            for at in where.places
            if cells[at] is None
            and typed[at] is not None
            and (direct or (judged := verdicts.get((where.name, at))) is None or EARNS[judged.verdict])
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


def _unreadable(written: Written, problem: Problem, found: list[Diagnostic], file: str) -> Diagnostic | None:
    """Give the diagnostic of a value that is no number, unless YAML has complained of it already."""
    span = written.span
    if not written.trouble or any(each.span and span and each.span.line == span.line for each in found):
        return None
    place = f"problem {problem.id}, question {written.question}"
    message = f"the value of `{written.title}` is not read: {written.trouble}"
    return Diagnostic("HW413", message, file, span, place, written.fix, "warning")


def _places(written: Written, shape: Shape) -> list[int]:
    """Give the places that a value fills; all of them where it could not be read."""
    if written.typed is None:
        return [] if is_symbolic(shape) else list(range(entries(shape)))
    return [at for at, entry in enumerate(written.typed) if entry is not None]


def _merged(everything: list[Written]) -> tuple[dict[str, list[Entry | None]], set[tuple[str, int]]]:
    """Give for each quantity the entries to go on with: of several ways of writing one value the one with most
    digits, as uncertain as the coarsest.

    Also give the entries that were written more than once with values that do not agree.
    """
    used: dict[str, list[Entry | None]] = {}
    doubled: set[tuple[str, int]] = set()
    for each in everything:
        if each.typed is None:
            continue
        cells = used.setdefault(each.name, [None] * len(each.typed))
        for at, entry in enumerate(each.typed):
            old = cells[at]
            if entry is None or old is None:
                cells[at] = entry or old
                continue
            if abs(entry.value - old.value) > entry.unit + old.unit:
                doubled.add((each.name, at))
            finer = entry if entry.digits > old.digits else old
            cells[at] = finer._replace(unit=max(entry.unit, old.unit) if (each.name, at) not in doubled else finer.unit)
    return used, doubled


def _finding(sweep: Sweep, question: Question, ask: Ask, written: Written | None, where: Where, most: float) -> Finding:
    """Make the finding of one quantity in one question."""
    name, shape, places = where
    key, judge, verdicts = sweep.key, sweep.judge, sweep.verdicts
    count = len(places)
    remarks: dict[str, None] = dict.fromkeys(written.remarks if written else ())
    judged: list[Judged | None] = [None] * count
    if name not in key:
        return _by_hand(sweep, question, ask, written, most)
    if written is None or written.blank:
        words = ["blank"] * count
    elif written.typed is None:
        words = ["unreadable"] * count
    else:
        for at, spot in enumerate(places):
            entry = written.typed[spot]
            if entry is None:
                continue
            again = judge.written[name][spot]
            judged[at] = (
                verdicts[name, spot]
                if again is not None and again.value == entry.value
                else judge.entry(name, spot, entry)
            )
            remarks.update(dict.fromkeys(judged[at].remarks))  # type: ignore[union-attr]  # just set
            if (name, spot) in sweep.doubled:
                remarks["again"] = None
        words = [each.verdict if each else "blank" for each in judged]
    digits = (
        [entry.digits for entry in (written.typed or ()) if entry is not None and entry.unit > 0] if written else []
    )
    if question.digits is not None and digits and min(digits) < question.digits:
        remarks["precision"] = None
    reference = key[name].ravel()[places].reshape(tuple(int(size) for size in shape))
    carried = _array([each.carried if each else None for each in judged], reference)
    tolerance = _array([each.tolerance if each else None for each in judged], reference)
    return Finding(
        sweep.problem.id,
        question.id,
        ask.name,
        worst(words),
        written.answer if written else "",
        _read_as(written, places, shape),
        _values(written, places, shape),
        nested(reference),
        carried if carried is not None and "carried" in words else None,
        tolerance,
        np.array(words, dtype=object).reshape(tuple(int(size) for size in shape)).tolist(),
        tuple(remarks),
        most * sum(EARNS[word] for word in words) / count if count else 0.0,
        most,
        question.when,
        sweep.file,
        written.span.line if written and written.span else None,
        written.span.column if written and written.span else None,
        written.trouble if written else "",
    )


def _by_hand(sweep: Sweep, question: Question, ask: Ask, written: Written | None, most: float) -> Finding:
    """Make the finding of a quantity without a value, which a person has to look at."""
    return Finding(
        problem=sweep.problem.id,
        question=question.id,
        quantity=ask.name,
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
        max_marks=most,
        when=question.when,
        file=sweep.file,
        line=written.span.line if written and written.span else None,
        column=written.span.column if written and written.span else None,
    )


def _array(values: list[float | None], reference: Array) -> object:
    """Give values in the shape of the reference, as nested lists; None where there are none."""
    if all(value is None for value in values):
        return None
    flat = reference.ravel().tolist()
    return nested(
        np.array([flat[at] if value is None else value for at, value in enumerate(values)]).reshape(reference.shape)
    )


def _values(written: Written | None, places: list[int], shape: Shape) -> object:
    """Give what was read as nested lists of texts, None for places left out."""
    if written is None or written.typed is None:
        return None
    texts = np.empty(entries(shape), dtype=object)
    for at, spot in enumerate(places):
        entry = written.typed[spot]
        texts[at] = entry.text.strip() if entry else None
    return texts.reshape(tuple(int(size) for size in shape)).tolist()


def _read_as(written: Written | None, places: list[int], shape: Shape) -> str:
    """Give the values as they were read, in one line: what the machine took the text for."""
    if written is None or written.typed is None:
        return ""

    def line(value: object) -> str:
        if isinstance(value, list):
            return "[" + ", ".join(line(item) for item in value) + "]"
        return "?" if value is None else f"{value!r}"

    numbers = np.empty(entries(shape), dtype=object)
    for at, spot in enumerate(places):
        entry = written.typed[spot]
        numbers[at] = entry.value if entry else None
    return line(numbers.reshape(tuple(int(size) for size in shape)).tolist())
