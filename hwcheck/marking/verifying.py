"""`verify`: what one student wrote, judged question by question."""

from collections.abc import Iterable, Mapping
from math import fsum
from typing import NamedTuple

from ..diagnostics import Diagnostic, Span
from ..formula.expr import names
from ..sheet import Sheet
from ..sheet.problem import Problem, Question, place_of
from ..sheet.stepping import LONG
from ..sheet.tracks import in_track
from ..text import closest, safe_text
from ..yamltree import Tree
from .answering import answering, filled
from .answers import Answers
from .apart import Apart, judged_apart, used_of
from .blame import blamed
from .findings import Sweep, charges, finding_of, turned_of
from .judge import Judge, Judged
from .questions import FORMAL, Group, Sought, group_of, is_about_numbers, locate, work_of
from .readings import by_reading, hopeful
from .report import Finding, Reading, Report, is_regular
from .store import Written, written_of
from .tracks import counted, track_of
from .typed import Entry
from .unanswered import unanswered
from .wanted import Page, Wanted, answers_to
from .work import Sheetwork


def verify(sheet: Sheet, answers: Answers, problem: str | None = None, question: str | None = None) -> Report:
    """Judge one student's answers; only those to one problem or to one question, if that is asked.

    Working on other questions of a problem is used all the same: it is what the student had on the page.
    """
    found = list(answers.diagnostics)
    typed = _by_question(sheet, answers, found)
    track = track_of(sheet, answers, found)
    findings: list[Finding] = []
    readings: list[Reading] = []
    for each in sheet.problems.values():
        if problem is None or each.id == problem:
            own = in_track(each, track)
            page = Page(answers.source.name, own, found)
            some, read = _problem(page, typed[each.id]) if typed.get(each.id) else unanswered(page, _blank)
            readings += read
            findings += [
                finding for finding in counted(own, track, some) if question is None or finding.question == question
            ]
    # thirds of points add up to whole ones
    score = round(fsum(finding.marks for finding in findings), 9)
    most = round(fsum(finding.max_marks for finding in findings if is_regular(finding)), 9)
    without = round(fsum(finding.without for finding in findings), 9)
    return Report(
        sheet.name,
        sheet.title,
        sheet.digest,
        answers.student,
        score,
        most,
        tuple(findings),
        tuple(found),
        without,
        tuple(readings),
        track=track,
    )


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


#: So many steps of a long run that are not asked may be answered.
MOST_STEPS = 12
#: Names that are left out for it and are reported one by one.
MOST_WARNED = 3


class Marked(NamedTuple):
    """The answers about one set of givens, judged: what was written and used, and the verdicts."""

    page: Page
    questions: list[Question]
    written: list[Written]
    named: list[str]
    group: Group
    work: Sheetwork
    used: dict[str, list[Entry | None]]
    doubled: set[tuple[str, int]]
    judge: Judge


def _problem(page: Page, typed: Mapping[str, Tree]) -> tuple[list[Finding], tuple[Reading, ...]]:
    """Judge the answers to one problem by the reading that they fit."""

    def judged(problem: Problem) -> list[Marked]:
        return _judged(page._replace(problem=problem, found=[]), typed)

    marked, readings = by_reading(page.problem, _judged(page, typed), judged, _verdicts, _may_fit)
    findings = _others(page, typed)
    for each in marked:
        for id, some in _findings(each).items():
            findings.setdefault(id, []).extend(some)
    for question in page.problem.questions.values():
        if question.parts:
            findings[question.id] = _by_row(question, findings[question.id])
    return [finding for question in page.problem.questions for finding in findings[question]], readings


def _blank(page: Page) -> tuple[list[Finding], tuple[Reading, ...]]:
    return _problem(page, {})


def _by_row(question: Question, findings: list[Finding]) -> list[Finding]:
    """Give the findings about a table row by row, then those about working that it does not ask."""
    order = {part.head: at for at, part in enumerate(question.parts)}
    return sorted(findings, key=lambda finding: order.get(finding.row, len(order)))


def _others(page: Page, typed: Mapping[str, Tree]) -> dict[str, list[Finding]]:
    """Judge what is no number: formulas, graphs, options. What they need is loaded where a problem asks for them."""
    others = [question for question in page.problem.questions.values() if not is_about_numbers(page.problem, question)]
    findings: dict[str, list[Finding]] = {}
    formal = [question for question in others if question.kind in FORMAL]
    if formal:
        from .formulas.findings import formula_findings

        findings.update(formula_findings(page, formal, typed))
    for question in others:
        tree = typed.get(question.id)
        if question.kind == "graph":
            from .edges import graph_finding

            findings[question.id] = [graph_finding(page, question, tree)]
        elif question.kind == "construct":
            from .constructing import construct_finding

            findings[question.id] = [construct_finding(page, question, tree)]
        elif question.kind not in FORMAL:
            from .choices import choice_finding

            findings[question.id] = [choice_finding(page, question, tree)]
    return findings


def _judged(page: Page, typed: Mapping[str, Tree]) -> list[Marked]:
    """Judge the numbers in the answers to one problem, all questions about the same givens together."""
    alike: dict[str, list[tuple[Question, list[tuple[Wanted, Tree]]]]] = {}
    for question in page.problem.questions.values():
        if is_about_numbers(page.problem, question):
            for part, pairs in _written(page, question, typed.get(question.id)):
                alike.setdefault(repr(part.when), []).append((part, pairs))
    return [_alike(page, questions) for questions in alike.values()]


def _written(page: Page, question: Question, tree: Tree | None) -> Iterable[tuple[Question, list[tuple[Wanted, Tree]]]]:
    """Give a question with what was written to it; of a table each row, which is about its own givens."""
    if not question.parts:
        return [(question, [] if tree is None else answers_to(page, question, tree))]
    if tree is None:
        return [(part, []) for part in question.parts]
    from .tables import values_in

    return zip(question.parts, values_in(page, question, tree), strict=True)


def _may_fit(marked: Iterable[Marked], problem: Problem) -> bool:
    """Tell whether another reading of the problem comes near anything that is wrong."""
    return any(
        hopeful(each.judge, work_of(group_of(problem, each.questions, each.named), each.work.wanted)) for each in marked
    )


def _verdicts(marked: Iterable[Marked]) -> dict[tuple[str, str, int], Judged]:
    """Give the verdicts about the answers to a problem, by the givens, the quantity and the flat place."""
    return {
        (repr(each.questions[0].when), name, at): judged
        for each in marked
        for (name, at), judged in each.judge.verdicts.items()
    }


def _alike(page: Page, answers: list[tuple[Question, list[tuple[Wanted, Tree]]]]) -> Marked:
    """Judge what was written about one set of givens."""
    questions = [question for question, _ in answers]
    answers = _of_few_steps(page, answers)
    named = [name for _, some in answers for wanted, _ in some for name in names(wanted.tree)]
    group = group_of(page.problem, questions, named)
    written = [
        written_of(wanted, tree, question.id, group.table, locate(group, wanted.title, wanted.tree))
        for question, some in answers
        for wanted, tree in some
    ]
    for each in written:
        _warn_of_trouble(page, each)
    used, doubled = used_of(each for each in written if each.name in group.known)
    work = work_of(group, [*used, *(sought.target.name for sought in group.asked)])
    return Marked(page, questions, written, named, group, work, used, doubled, Judge(work, used))


def _of_few_steps(
    page: Page, answers: list[tuple[Question, list[tuple[Wanted, Tree]]]]
) -> list[tuple[Question, list[tuple[Wanted, Tree]]]]:
    """Leave out what was written about more steps of a long run than anybody looks at, unless it is asked."""
    training = page.problem.training
    if training is None or training.steps <= LONG:
        return answers
    seen: set[int] = set()
    left: list[tuple[str, Tree, str]] = []
    out: list[tuple[Question, list[tuple[Wanted, Tree]]]] = []
    for question, some in answers:
        kept: list[tuple[Wanted, Tree]] = []
        for wanted, tree in some:
            steps = {place_of(page.problem, name).step for name in names(wanted.tree)}
            if wanted.asked or len(seen | steps) <= MOST_STEPS:
                seen |= set() if wanted.asked else steps
                kept.append((wanted, tree))
                continue
            left.append((f"the answer to `{safe_text(wanted.title, 60)}` is", tree, question.id))
        out.append((question, kept))
    if len(left) > MOST_WARNED + 1:
        left[MOST_WARNED:] = [(f"{len(left) - MOST_WARNED} more answers are", *left[MOST_WARNED][1:])]
    for which, tree, id in left:
        page.warn("HW411", f"{which} left out: no more steps can be looked at", tree.span, id, "answer what is asked")
    return out


def _findings(marked: Marked) -> dict[str, list[Finding]]:
    """Put blame where it belongs, and give the findings by question."""
    page, written, used = marked.page, marked.written, marked.used
    order = [sought.target.name for sought in marked.group.asked]
    others = judged_apart(marked.judge, used, marked.doubled, written) if marked.doubled else {}
    sweep = Sweep(
        page,
        marked.judge,
        marked.doubled,
        blamed(marked.judge, page.problem, order),
        marked.group.blanks,
        {},
        turned_of(written, marked.group.table.shape),
    )
    answers = [(sought, *answering(sweep, sought, written)) for sought in marked.group.asked]
    answered = [sought for sought, answer, _ in answers if answer is not None and answer.typed is not None]
    sweep = sweep._replace(charged=charges(answered))
    apart = _apart(sweep, others, order)
    findings: dict[str, list[Finding]] = {question.id: [] for question in marked.questions}
    taken = {id(part) for _, _, parts in answers for part in parts}
    for sought, answer, _ in answers:
        findings[sought.question.id].append(finding_of(apart.get(id(answer), sweep), sought, answer))
    for each in written:
        if not each.asked and not each.blank and id(each) not in taken:
            target = filled(each, marked.group.table.shape(each.name))
            question = next(question for question in marked.questions if question.id == each.question)
            sought = Sought(question._replace(head=()), each.title, target)
            findings[each.question].append(finding_of(apart.get(id(each), sweep), sought, each))
    return findings


def _apart(sweep: Sweep, others: Mapping[int, Apart], order: list[str]) -> dict[int, Sweep]:
    """Put blame on values that contradict others; a mistake that has been counted already is not counted again."""
    out: dict[int, Sweep] = {}
    counted = {made.cause.code for made in sweep.blamed.values() if made.cause.shared}
    for each, (name, judge) in others.items():
        found = blamed(judge, sweep.page.problem, order, name)
        for place, made in found.items():
            if made.cause.shared and made.cause.code in counted and judge.verdicts[place].verdict == "wrong":
                judge.verdicts[place] = judge.verdicts[place]._replace(verdict="carried", remarks=("same",))
        counted.update(made.cause.code for made in found.values())
        out[each] = sweep._replace(judge=judge, blamed=found, charged={})
    return out


def _warn_of_trouble(page: Page, written: Written) -> None:
    """Report a value that could not be read, unless something has been reported of its line already."""
    span = written.span
    if written.trouble and not any(each.span and span and each.span.line == span.line for each in page.found):
        message = f"the value of `{written.title}` is not read: {written.trouble}"
        page.warn("HW413", message, span, written.question, written.fix)
