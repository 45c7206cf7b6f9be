"""`verify`: what one student wrote, judged question by question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..diagnostics import Diagnostic
from ..formula.expr import Expr, Name, names
from ..graph.arrays import nested
from ..graph.shapes import Shape, entries, shape_of
from ..graph.table import Table
from ..sheet import Sheet
from ..sheet.problem import Ask, Problem, Question
from ..sheet.solving import asked_table, known
from ..text import closest, safe_text
from ..yamltree import Tree
from .answers import Answers
from .judge import Judge, Judged, prepare
from .report import EARNS, Finding, Report, worst
from .store import Wanted, Written, answers_to, places_of, quantity_of, written_of
from .typed import Entry


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
    score = sum(finding.marks for finding in findings)
    most = sum(finding.max_marks for finding in findings if finding.verdict != "manual")
    return Report(sheet.name, sheet.title, sheet.digest, answers.student, score, most, tuple(findings), tuple(found))


def _by_question(sheet: Sheet, answers: Answers, found: list[Diagnostic]) -> dict[str, dict[str, Tree]]:
    """Sort the answers by problem and question; report ids that the sheet does not have."""
    out: dict[str, dict[str, Tree]] = {}
    file = answers.source.name

    def unknown(what: str, text: str, known: Iterable[str], span: Any) -> None:
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
    place: dict[tuple[str, str], tuple[str, Shape, list[int]]] = {}

    def locate(title: str, tree: Expr) -> tuple[str, Shape, list[int]]:
        """Give the row of the table that a name is about, the shape that is wanted, and the places in the row."""
        if (title, repr(tree)) not in place:
            quantity = quantity_of(tree)
            name = table.root(quantity if quantity is not None else rows[title])
            tree = tree if quantity is not None else Name(name)
            place[title, repr(tree)] = (
                name,
                shape_of(tree, table.shapes),
                places_of(tree, table.shapes, table.shape(name)),
            )
            return place[title, repr(tree)]
        return place[title, repr(tree)]

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
    work = prepare(table, dict.fromkeys(wanted_names))
    judge = Judge(work, used)
    verdicts = judge.judge()
    out: dict[str, list[Finding]] = {}
    for question in questions:
        findings = []
        share = question.points / len(question.asks) if question.asks else 0.0
        for ask in question.asks:
            mine = [each for each in written[question.id] if each.asked and each.title == ask.name]
            findings.append(
                _finding(
                    problem,
                    question,
                    ask,
                    mine,
                    locate(ask.name, ask.tree),
                    table,
                    work.key,
                    judge,
                    verdicts,
                    share,
                    file,
                    doubled,
                )
            )
        for each in written[question.id]:
            if not each.asked and not each.blank:
                ask = Ask(each.title, Name(each.name), question.asks[0].at)
                where = (each.name, table.shape(each.name), _places(each))
                findings.append(
                    _finding(
                        problem, question, ask, [each], where, table, work.key, judge, verdicts, 0.0, file, doubled
                    )
                )
        out[question.id] = findings
    return out


def _unreadable(written: Written, problem: Problem, found: list[Diagnostic], file: str) -> Diagnostic | None:
    """Give the diagnostic of a value that is no number, unless YAML has complained of it already."""
    span = written.span
    if not written.trouble or any(each.span and span and each.span.line == span.line for each in found):
        return None
    place = f"problem {problem.id}, question {written.question}"
    message = f"the value of `{written.title}` is not read: {written.trouble}"
    return Diagnostic("HW413", message, file, span, place, written.fix, "warning")


def _places(written: Written) -> list[int]:
    return [at for at, entry in enumerate(written.typed or ()) if entry is not None]


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


def _finding(
    problem: Problem,
    question: Question,
    ask: Ask,
    mine: list[Written],
    where: tuple[str, Shape, list[int]],
    table: Table,
    key: Mapping[str, Any],
    judge: Judge,
    verdicts: Mapping[tuple[str, int], Judged],
    most: float,
    file: str,
    doubled: set[tuple[str, int]],
) -> Finding:
    """Make the finding of one quantity in one question."""
    name, shape, places = where
    written = mine[-1] if mine else None
    count = len(places)
    remarks: dict[str, None] = dict.fromkeys(written.remarks if written else ())
    judged: list[Judged | None] = [None] * count
    if name not in key:
        words = ["manual"] * count
    elif written is None or written.blank:
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
            if (name, spot) in doubled:
                remarks["again"] = None
        words = [each.verdict if each else "blank" for each in judged]
    digits = (
        [entry.digits for entry in (written.typed or ()) if entry is not None and entry.unit > 0] if written else []
    )
    if question.digits is not None and digits and min(digits) < question.digits:
        remarks["precision"] = None
    reference = key[name].ravel()[places].reshape(tuple(int(size) for size in shape)) if name in key else None
    carried = _array([each.carried if each else None for each in judged], reference)
    tolerance = _array([each.tolerance if each else None for each in judged], reference)
    return Finding(
        problem.id,
        question.id,
        ask.name,
        worst(words),
        written.answer if written else "",
        _read_as(written, places, shape),
        _values(written, places, shape),
        None if reference is None else nested(reference),
        carried if carried is not None and "carried" in words else None,
        tolerance,
        np.array(words, dtype=object).reshape(tuple(int(size) for size in shape)).tolist(),
        tuple(remarks),
        most * sum(EARNS[word] for word in words) / count if count else 0.0,
        most,
        question.when,
        file,
        written.span.line if written and written.span else None,
        written.span.column if written and written.span else None,
        written.trouble if written else "",
    )


def _array(values: list[float | None], reference: Any) -> Any | None:
    """Give values in the shape of the reference, as nested lists; None where there are none."""
    if reference is None or all(value is None for value in values):
        return None
    flat = reference.ravel().tolist()
    return nested(
        np.array([flat[at] if value is None else value for at, value in enumerate(values)]).reshape(reference.shape)
    )


def _values(written: Written | None, places: list[int], shape: Shape) -> Any | None:
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

    def line(value: Any) -> str:
        if isinstance(value, list):
            return "[" + ", ".join(line(item) for item in value) + "]"
        return "?" if value is None else f"{value!r}"

    numbers = np.empty(entries(shape), dtype=object)
    for at, spot in enumerate(places):
        entry = written.typed[spot]
        numbers[at] = entry.value if entry else None
    return line(numbers.reshape(tuple(int(size) for size in shape)).tolist())
