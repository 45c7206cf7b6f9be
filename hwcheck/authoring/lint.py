"""What a teacher wants to know of a sheet before students see it.

A sheet is proved by marking its own solution: written to the digits that are asked, and to three, it has to earn every
point. And its numbers are looked at as a marker sees them: a slip that moves nothing that is asked cannot be found, and
two slips that come to the same cannot be told apart; mostly another number for one given mends that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..files import Source
from ..marking import Answers, verify
from ..marking.report import is_put_aside
from ..marking.slips import SLIPS
from ..marking.variants import is_another, variants
from ..record import NamedTuple
from ..sheet import Sheet, solve
from ..sheet.problem import Problem
from ..sheet.raw import read_answers
from ..sheet.solution import SolvedProblem
from .hidden import Check, advice_on, checks_of
from .overlooked import overlooked
from .worked import Values, asked_values, solution_of

FEW = 3  # to which a student may round all the same


class Proof(NamedTuple):
    """How the sheet's own solution is marked, written to so many digits (None: to those that each question asks).

    `wrong` and `undecided` are the quantities that are not judged right, with their questions.
    """

    digits: int | None
    score: float
    max_score: float
    wrong: tuple[str, ...]
    undecided: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Tell whether the solution earns every point and nothing in it is judged wrong."""
        return not self.wrong and self.score >= self.max_score


class ProblemLint(NamedTuple):
    """What was found about one problem; `open` are the conventions that answers may read another way."""

    id: str
    title: str
    proofs: tuple[Proof, ...]
    checks: tuple[Check, ...]
    open: tuple[tuple[str, str], ...]
    advice: tuple[str, ...]
    faults: tuple[str, ...]


class Lint(NamedTuple):
    """What was found about a sheet."""

    sheet: str
    title: str
    sheet_hash: str
    problems: tuple[ProblemLint, ...]

    @property
    def holds(self) -> bool:
        """Tell whether every proof holds and nothing is at fault."""
        return all(proof.holds for each in self.problems for proof in each.proofs) and not any(
            each.faults for each in self.problems
        )


def lint(sheet: Sheet) -> Lint:
    """Prove a sheet, and look at what its numbers show."""
    solved = {each.id: each for each in solve(sheet).problems}
    return Lint(
        sheet.name,
        sheet.title,
        sheet.digest,
        tuple(_problem(sheet, problem, solved[problem.id]) for problem in sheet.problems.values()),
    )


def _problem(sheet: Sheet, problem: Problem, solved: SolvedProblem) -> ProblemLint:
    values = asked_values(problem, solved)
    formulas = any(question.kind != "find" for question in problem.questions.values())
    written = (None, FEW) if values else (None,) if formulas else ()
    proofs = tuple(_proof(sheet, problem, values, digits) for digits in written)
    checks = tuple(checks_of(problem)) if values else ()
    return ProblemLint(
        problem.id,
        problem.title,
        proofs,
        checks,
        tuple(
            (each.convention, each.value) for each in variants(problem) if is_another(problem, each.problem, kink=False)
        ),
        tuple(advice_on(checks)) + tuple(overlooked(problem)),
        tuple(_faults(problem, values)),
    )


def _proof(sheet: Sheet, problem: Problem, values: Values, digits: int | None) -> Proof:
    """Mark the solution of a problem, written to so many digits."""
    text = solution_of(problem, values, digits)
    source = Source("solution", text, text.encode())
    raw, found = read_answers(source)
    assert raw is not None, found
    report = verify(sheet, Answers(sheet.name, "", raw, source, tuple(found)), problem.id)
    wrong: list[str] = []
    undecided: list[str] = []
    most = report.max_score
    for each in report.findings:
        asked = problem.questions[each.question].construct
        if asked is not None and not asked.key:  # nothing is known that could be proved
            most -= each.max_marks
            continue
        number = each.kind in ("find", "cell")
        if each.verdict == "undecided" and number:
            undecided.append(f"{each.quantity} in {each.question}")
        elif each.verdict != "correct" and not (is_put_aside(each) and (number or each.kind == "write")):
            wrong.append(f"{each.quantity} in {each.question}")
    return Proof(digits, report.score, round(most, 9), tuple(wrong), tuple(undecided))


def _faults(problem: Problem, values: Values) -> Iterable[str]:
    """Say what must not stay so."""
    for code in dict.fromkeys(slip.code for slip in problem.slips):
        if code in SLIPS:
            yield f"`{code}` is a slip of the catalogue: give your own another code."
    for (question, name), value in values.items():
        if not _is_finite(value):
            yield f"`{name}` in question {question} is no finite number: nobody can write it down."


def _is_finite(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_finite(each) for each in value)
    return isinstance(value, float) and math.isfinite(value)
