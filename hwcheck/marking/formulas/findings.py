"""Findings about formulas: each asked quantity of a `derive` question and each cell of a table, with its points."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from ...formula.expr import Expr, Name, names
from ...formula.lex import FormulaError
from ...formula.show import plain
from ...graph.algebra import is_zero
from ...graph.shapes import shape_of
from ...record import NamedTuple
from ...sheet.expanding import right_formula
from ...sheet.problem import Ask, Problem, Question, expand
from ...text import safe_text
from ...yamltree import Map, Tree, as_typed
from ..report import EARNS, Finding, blank_finding
from ..store import TRANSPOSED
from ..typed import is_blank
from ..wanted import Page, wanted_of
from .cases import by_cases
from .deriving import Derived, derive
from .lines import cases_of, text_of
from .reading import Notes
from .tables import cells_of, plain_title
from .wrong import Cause

#: Frames of Python's stack for the formulas of a student.
DEEPEST = 8000


class Work(NamedTuple):
    """What goes on from one formula of a student to the next: notes, and what has been counted.

    `counted` has each mistake with the quantities that it was made in; `matrices` are the asked quantities, by their
    questions, that have rows and columns.
    """

    notes: Notes
    counted: dict[Cause, set[str]]
    matrices: set[tuple[str, str]]


def formula_findings(page: Page, questions: Iterable[Question], typed: Mapping[str, Tree]) -> dict[str, list[Finding]]:
    """Judge the answers to those questions of a problem that ask for formulas, in the order of the sheet."""
    work = Work(Notes({}, set()), {}, set())
    with deep_stack():
        found = _found(page, questions, typed, work)
    return {id: [_turned(each) for each in some] for id, some in found.items()} if _all_turned(found, work) else found


@contextmanager
def deep_stack() -> Iterator[None]:
    """Allow what a formula needs of Python's stack, however much of it the caller has used: trees are as deep as sums
    are long."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _found(
    page: Page, questions: Iterable[Question], typed: Mapping[str, Tree], work: Work
) -> dict[str, list[Finding]]:
    return {
        question.id: [
            _finding(page, question, ask, tree, work) for ask, tree in _answers(page, question, typed.get(question.id))
        ]
        for question in questions
    }


def _all_turned(found: Mapping[str, list[Finding]], work: Work) -> bool:
    """Tell whether all matrices, at least two, have rows and columns exchanged: then that is how they are laid out."""
    matrices = [each for some in found.values() for each in some if (each.question, each.quantity) in work.matrices]
    written = [each for each in matrices if each.verdict != "blank"]
    return len(written) > 1 and all(_is_turned(each) for each in written)


def _is_turned(finding: Finding) -> bool:
    return [slip.code for slip in finding.slips] == ["DW_TRANSPOSED"]


def _turned(finding: Finding) -> Finding:
    """Accept a matrix whose rows and columns are exchanged."""
    if not _is_turned(finding):
        return finding
    remarks = (*finding.remarks, TRANSPOSED)
    most = finding.max_marks
    return finding._replace(verdict="correct", cells="correct", remarks=remarks, marks=most, without=most, slips=())


def _answers(page: Page, question: Question, tree: Tree | None) -> Iterator[tuple[Ask, Tree | None]]:
    """Give what is asked, each with what was written for it."""
    if question.kind == "table":
        yield from cells_of(page, question, tree)
        return
    alone = len(question.asks) == 1
    found: dict[str, Tree] = {}
    if tree is not None and alone and (not isinstance(tree, Map) or (cases_of(tree) and not _names(tree, question))):
        found[question.asks[0].name] = tree
    elif isinstance(tree, Map):
        for title, value in tree.items:
            wanted = wanted_of(page, question, title)
            if wanted is not None and wanted.asked:
                found[wanted.title] = value
            elif wanted is not None:
                message = f"`{safe_text(title.text, 40)}` is not asked here, and is left out"
                asked = ", ".join(ask.name for ask in question.asks)
                page.warn("HW411", message, title.span, question.id, f"asked are {asked}")
    elif tree is not None and not is_blank(tree):
        asked = ", ".join(ask.name for ask in question.asks)
        message = "this question asks for several formulas, and one stands here"
        page.warn("HW412", message, tree.span, question.id, f"write each on its own line: {asked}")
    for ask in question.asks:
        yield ask, found.get(ask.name)


def _names(tree: Map, question: Question) -> bool:
    """Tell whether a mapping gives what is asked under its name, which may hold a `=`: `dL/dy[i] for i = 1..n`."""
    return any(plain_title(title.text) == plain_title(ask.name) for title, _ in tree.items for ask in question.asks)


def _finding(page: Page, question: Question, ask: Ask, tree: Tree | None, work: Work) -> Finding:
    """Make the finding of one formula."""
    problem = page.problem
    try:
        right: Expr | None = right_formula(problem, question, ask)
    except FormulaError:
        right = None
    if right is not None and len(shape_of(right, expand(problem, names(right)).shapes)) == 2:
        work.matrices.add((question.id, ask.name))
    points = question.points / len(question.asks)
    shown = None if right is None else plain(right)
    made = blank_finding(problem.id, question, ask.name, points, shown, page.file)
    made = made._replace(key=right, kind="table" if question.kind == "table" else "derive")
    if tree is None or is_blank(tree):
        return made
    cases = cases_of(tree)
    if cases:
        found = by_cases(cases, problem, question, ask, work.notes)
    else:
        found = derive(text_of(tree), problem, question, ask, work.notes)
    return _with(made, found, tree, problem, ask, work)


def _with(made: Finding, found: Derived, tree: Tree, problem: Problem, ask: Ask, work: Work) -> Finding:
    """Put what was found about a formula into its finding; a mistake that was counted is not counted again."""
    verdict, remarks = found.verdict, found.remarks
    # in two quantities it is one mistake that is made in one and goes on to the other; of one, two are made
    target = ask.tree.id if isinstance(ask.tree, Name) else ""
    again = [cause for cause in found.causes if cause.site and not work.counted.get(cause, {target}) <= {target}]
    if verdict == "wrong" and again and len(again) == len(found.causes):
        verdict, remarks = "carried", (*remarks, "same")
    for cause in found.causes:
        work.counted.setdefault(cause, set()).add(target)
    if verdict == "correct" and made.key is not None and is_zero(made.key) and isinstance(ask.tree, Name):
        remarks = (*remarks, "nopath")
    earned = EARNS[verdict]
    if verdict == "undecided" or (verdict == "carried" and problem.marking.strict):
        earned = 0.0  # what is not expanded yet is no answer
    elif verdict == "carried":
        earned = problem.marking.carried
    elif verdict == "wrong":
        credit = min((cause.own.credit if cause.own else 0.0 for cause in found.causes), default=0.0)
        earned = max(credit, found.share)
    points = made.max_marks
    return made._replace(
        verdict=verdict,
        answer=as_typed(tree),
        read_as="" if found.answer is None else plain(found.answer.typed),
        cells=verdict,
        remarks=remarks,
        marks=points * earned,
        without=points * (earned if verdict != "carried" else 0.0),
        line=tree.span.line,
        column=tree.span.column,
        about=found.about,
        slips=found.slips,
        lines=found.lines,
    )
