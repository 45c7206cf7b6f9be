"""The answers to one problem: read, judged by the reading that they fit, and what is found about each of them."""

from collections.abc import Iterable, Mapping, Sequence

from ..formula.expr import names
from ..record import NamedTuple
from ..sheet.problem import Problem, Question, place_of
from ..sheet.stepping import LONG
from ..text import safe_text
from ..yamltree import Tree
from .answering import answering, filled
from .apart import Apart, judged_apart, used_of
from .blame import blamed
from .findings import Sweep, charges, finding_of, turned_of
from .judge import Judge, Judged, judges
from .matching import MOST_EXPLAINED
from .questions import FORMAL, Group, Sought, group_of, is_about_numbers, locate, work_of
from .readings import by_reading, hopeful, is_lost
from .report import Finding, Reading
from .store import Written, written_of
from .typed import Entry
from .variants import variants
from .wanted import Page, Wanted, answers_to
from .work import Sheetwork

#: So many steps of a long run that are not asked may be answered.
MOST_STEPS = 12
#: Names that are left out for it and are reported one by one.
MOST_WARNED = 3


class Laid(NamedTuple):
    """The answers about one set of givens, laid out to be judged: what was written, and what of it is gone on with."""

    page: Page
    questions: list[Question]
    written: list[Written]
    named: list[str]
    group: Group
    work: Sheetwork
    used: dict[str, list[Entry | None]]
    doubled: set[tuple[str, int]]


class Marked(NamedTuple):
    """The answers about one set of givens, with the verdicts."""

    laid: Laid
    judge: Judge


def judged_together(pages: Sequence[list[Laid]]) -> list[list[Marked]]:
    """Judge the numbers on some pages; what is about the same quantities is worked out together."""
    alike: dict[int, list[Laid]] = {}
    for page in pages:
        for laid in page:
            alike.setdefault(id(laid.work), []).append(laid)
    found: dict[int, Judge] = {}
    for some in alike.values():
        for laid, judge in zip(some, judges(some[0].work, [each.used for each in some]), strict=True):
            found[id(laid)] = judge
    return [[Marked(laid, found[id(laid)]) for laid in page] for page in pages]


def found_on(page: Page, typed: Mapping[str, Tree], judged: list[Marked]) -> tuple[list[Finding], tuple[Reading, ...]]:
    """Give what is found on a page, by the reading that the answers fit; `judged` are they by the sheet's own."""

    def by_another(problem: Problem) -> list[Marked]:
        return judged_together([written_on(page._replace(problem=problem, found=[]), typed)])[0]

    marked, readings = by_reading(page.problem, judged, by_another, _verdicts, _may_fit)
    findings = _others(page, typed)
    for each in marked:
        for id, some in _findings(each).items():
            findings.setdefault(id, []).extend(some)
    for question in page.problem.questions.values():
        if question.parts:
            findings[question.id] = _by_row(question, findings[question.id])
    return [finding for question in page.problem.questions for finding in findings[question]], readings


def may_read_otherwise(problem: Problem, marked: Sequence[Marked]) -> bool:
    """Tell whether the answers to a problem may fit another reading of it; at little cost, and too often."""
    lost = sum(is_lost(judged) for _, judge in marked for judged in judge.verdicts.values())
    return 0 < lost <= MOST_EXPLAINED and any(_may_fit(marked, variant.problem) for variant in variants(problem))


def blank(page: Page) -> tuple[list[Finding], tuple[Reading, ...]]:
    """Give what is found on a page on which nothing is written."""
    return found_on(page, {}, judged_together([written_on(page, {})])[0])


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


def written_on(page: Page, typed: Mapping[str, Tree]) -> list[Laid]:
    """Read the numbers in the answers to one problem, all questions about the same givens together."""
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
        hopeful(judge, work_of(group_of(problem, laid.questions, laid.named), laid.work.wanted))
        for laid, judge in marked
    )


def _verdicts(marked: Iterable[Marked]) -> dict[tuple[str, str, int], Judged]:
    """Give the verdicts about the answers to a problem, by the givens, the quantity and the flat place."""
    return {
        (when, name, at): judged
        for laid, judge in marked
        for when in [repr(laid.questions[0].when)]
        for (name, at), judged in judge.verdicts.items()
    }


def _alike(page: Page, answers: list[tuple[Question, list[tuple[Wanted, Tree]]]]) -> Laid:
    """Read what was written about one set of givens."""
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
    return Laid(page, questions, written, named, group, work, used, doubled)


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
    laid, judge = marked
    page, written, used, doubled = laid.page, laid.written, laid.used, laid.doubled
    order = [sought.target.name for sought in laid.group.asked]
    others = judged_apart(judge, used, doubled, written) if doubled else {}
    sweep = Sweep(
        page,
        judge,
        doubled,
        blamed(judge, page.problem, order),
        laid.group.blanks,
        {},
        turned_of(written, laid.group.table.shape),
    )
    answers = [(sought, *answering(sweep, sought, written)) for sought in laid.group.asked]
    answered = [sought for sought, answer, _ in answers if answer is not None and answer.typed is not None]
    sweep = sweep._replace(charged=charges(answered))
    apart = _apart(sweep, others, order)
    findings: dict[str, list[Finding]] = {question.id: [] for question in laid.questions}
    taken = {id(part) for _, _, parts in answers for part in parts}
    for sought, answer, _ in answers:
        findings[sought.question.id].append(finding_of(apart.get(id(answer), sweep), sought, answer))
    for each in written:
        if not each.asked and not each.blank and id(each) not in taken:
            target = filled(each, laid.group.table.shape(each.name))
            question = next(question for question in laid.questions if question.id == each.question)
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
