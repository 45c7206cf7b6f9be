"""`verify`: what students wrote, judged question by question."""

from collections.abc import Iterable

from ..diagnostics import Diagnostic, Span
from ..record import NamedTuple
from ..sheet import Sheet
from ..sheet.tracks import in_track
from ..text import closest, safe_text
from ..yamltree import Tree
from .answers import Answers
from .pages import blank, found_on, judged_together, written_on
from .report import Finding, Reading, Report, is_regular, total
from .tracks import counted, track_of
from .unanswered import unanswered
from .wanted import Page


class Paper(NamedTuple):
    """All that one student wrote, by problem and question; the rest is filled in as it is marked."""

    answers: Answers
    typed: dict[str, dict[str, Tree]]
    track: str
    found: list[Diagnostic]
    findings: list[Finding]
    readings: list[Reading]


def verify(sheet: Sheet, answers: Answers, problem: str | None = None, question: str | None = None) -> Report:
    """Judge one student's answers; only those to one problem or to one question, if that is asked.

    Working on other questions of a problem is used all the same: it is what the student had on the page.
    """
    return verify_all(sheet, [answers], problem, question)[0]


def verify_all(
    sheet: Sheet, many: Iterable[Answers], problem: str | None = None, question: str | None = None
) -> list[Report]:
    """Judge the answers of several students as `verify` does, to the last bit; what they have in common is done once.

    Numbers are worked out for all of them together, problem by problem.
    """
    papers = [paper_of(sheet, answers) for answers in many]
    for each in sheet.problems.values():
        if problem is not None and each.id != problem:
            continue
        pages = [Page(paper.answers.source.name, in_track(each, paper.track), paper.found) for paper in papers]
        written = {
            at: written_on(page, typed)
            for at, (page, paper) in enumerate(zip(pages, papers, strict=True))
            if (typed := paper.typed.get(each.id))
        }
        judged = dict(zip(written, judged_together(list(written.values())), strict=True))
        for at, (page, paper) in enumerate(zip(pages, papers, strict=True)):
            if at in judged:
                some, read = found_on(page, paper.typed[each.id], judged[at])
            else:
                some, read = unanswered(page, blank)
            paper.readings.extend(read)
            paper.findings.extend(
                finding
                for finding in counted(page.problem, paper.track, some)
                if question is None or finding.question == question
            )
    return [_report(sheet, paper) for paper in papers]


def paper_of(sheet: Sheet, answers: Answers) -> Paper:
    """Sort what a student wrote by problem and question."""
    found = list(answers.diagnostics)
    typed = _by_question(sheet, answers, found)
    return Paper(answers, typed, track_of(sheet, answers, found), found, [], [])


def _report(sheet: Sheet, paper: Paper) -> Report:
    findings = paper.findings
    return Report(
        sheet.name,
        sheet.title,
        sheet.digest,
        paper.answers.student,
        total([finding.marks for finding in findings]),
        total([finding.max_marks for finding in findings if is_regular(finding)]),
        tuple(findings),
        tuple(paper.found),
        total([finding.without for finding in findings]),
        tuple(paper.readings),
        track=paper.track,
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
