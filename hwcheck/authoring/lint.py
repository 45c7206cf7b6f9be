"""What a teacher wants to know of a sheet before students see it.

A sheet is proved by marking its own solution: written to the digits that are asked, and to three, it has to earn every
point. And its numbers are looked at as a marker sees them: a slip that moves nothing that is asked cannot be found, and
two slips that come to the same cannot be told apart; mostly another number for one given mends that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..files import Source
from ..formula.expr import COMPARISONS, Call, Expr
from ..formula.show import plain
from ..graph.evaluate import solve_table
from ..marking import Answers, verify
from ..marking.report import is_put_aside
from ..marking.separability import UNITS
from ..marking.slips import SLIPS
from ..marking.variants import is_another, variants
from ..sheet import Sheet, solve
from ..sheet.constructs import Construct
from ..sheet.options import Choices, one_line
from ..sheet.problem import Ask, Problem, Question
from ..sheet.raw import read_answers
from ..sheet.solution import SolvedProblem
from ..sheet.solving import asked_table, known
from .hidden import DIGITS, Check, advice_on, checks_of
from .template import as_key, bars, quoted

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
    values = _asked_values(problem, solved)
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
        tuple(advice_on(checks)) + tuple(_further(problem)),
        tuple(_faults(problem, values)),
    )


# --- the proof --------------------------------------------------------------------------------------------------------

Values = Mapping[tuple[str, str], object]  # by question and quantity: a number or nested lists


def _asked_values(problem: Problem, solved: SolvedProblem) -> dict[tuple[str, str], object]:
    """Give the values of everything that a problem asks for as such; what is symbolic has none."""
    found: dict[tuple[str, str], object] = {}
    for question in solved.questions:
        rows = question.table.rows if question.table is not None and question.kind == "table" else ()
        for head, quantities in rows:
            for title, each in zip(question.asks, quantities, strict=True):
                found[question.id, ", ".join((*head, title))] = [] if each.value is None else each.value.tolist()
        if problem.questions[question.id].kind != "find":
            continue
        for part in solved.parts:
            if part.when == question.when:
                for each in part.quantities:
                    if each.role == "asked" and each.name in question.asks and each.value is not None:
                        found[question.id, each.name] = each.value.tolist()
    return found


def _proof(sheet: Sheet, problem: Problem, values: Values, digits: int | None) -> Proof:
    """Mark the solution of a problem, written to so many digits."""
    lines = ["answers:", f"  {as_key(problem.id)}:"]
    for question in problem.questions.values():
        if question.kind == "find" or question.parts:
            some = {name: value for (id, name), value in values.items() if id == question.id}
            answers = {name: _typed(value, digits or question.digits or DIGITS) for name, value in some.items()}
        else:
            answers = _formulas(problem, question)
        lines += _lines(problem, question, answers)
    text = "\n".join(lines) + "\n"
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


def _typed(value: object, digits: int) -> str:
    """Write a value as a student does, to so many significant digits."""
    if isinstance(value, list):
        return "[" + ", ".join(_typed(each, digits) for each in value) + "]"
    assert isinstance(value, float)
    return f"{value:#.{digits}g}".rstrip(".")


def _lines(problem: Problem, question: Question, answers: Mapping[str, str]) -> Iterable[str]:
    """Write the solution of one question as a template has it, each answer on a line of its own."""
    head = f"    {as_key(question.id)}:"
    if question.kind == "graph":
        return [head, *(f"      - {source} -> {name}" for source, name in _edges(problem, question))]
    if question.parts:
        left, width = list(answers.values()), len(question.columns)
        titles = [*(name for name, _ in question.parts[0].head), *question.columns]
        rows = [[value for _, value in part.head] for part in question.parts]
        filled = [[*row, *left[at * width : (at + 1) * width]] for at, row in enumerate(rows)]
        return [f"{head} |", *(f"      {line}" for line in bars([titles, *filled]))]
    if question.kind == "write":
        return [f"{head} in words"]
    if question.construct is not None:
        return _model(question.construct, head)
    if question.choices is not None:
        return [f"{head} {_chosen(question.kind, question.choices)}"]
    if question.kind == "table":
        cells = iter(answers.values())
        lines = [head]
        for row in question.rows:
            lines.append(f"      {as_key(row)}:")
            lines += [f"        {as_key(column)}: {next(cells)}" for column in question.columns]
        return lines
    if len(question.asks) == 1:
        return [f"{head} {answer}" for answer in answers.values()]
    return [head, *(f"      {as_key(one_line(name))}: {answer}" for name, answer in answers.items())] if answers else []


def _model(asked: Construct, head: str) -> list[str]:
    """Write the model answer of a construction; without one nothing is written, and nothing is proved."""
    if asked.function or len(asked.names) == 1:
        return [f"{head} {quoted(value)}" for _, value in asked.key]
    return [head, *(f"      {as_key(name)}: {quoted(value)}" for name, value in asked.key)]


def _chosen(kind: str, choices: Choices) -> str:
    """Write the key of a question with options, in brackets."""
    if kind == "match":
        pairs = (f"{quoted(choices.options[at].text)}: {quoted(choices.others[to].text)}" for at, to in choices.key)
        return f"{{{', '.join(pairs)}}}"
    groups = [f"[{', '.join(quoted(choices.options[at].text) for at in group)}]" for group in choices.key]
    return f"[{', '.join(groups)}]" if kind == "order" else groups[0]


def _formulas(problem: Problem, question: Question) -> dict[str, str]:
    """Write the formulas that a question asks for, in quotes; of entries one by one, that of each."""
    from ..sheet.expanding import right_formula  # where a sheet asks for formulas

    found: dict[str, str] = {}
    for ask in question.asks:
        tree = right_formula(problem, question, ask)
        each = tree.args[0] if isinstance(tree, Call) and tree.op == "for" else tree
        found[ask.name] = f'"{plain(each)}"'
    return found


def _edges(problem: Problem, question: Question) -> Iterable[tuple[str, str]]:
    """Give the edges of the graph that is asked."""
    from ..graph.edges import edges_of

    return edges_of(problem.base) if question.edges is None else question.edges


# --- what else a teacher may have overlooked --------------------------------------------------------------------------


def _further(problem: Problem) -> Iterable[str]:
    """Say what is allowed, and seldom meant."""
    if not any(worth.points for question in problem.questions.values() for worth in question.worth.values()):
        yield "No question of this problem gives points: it is for practice."
    for question in problem.questions.values():
        if question.construct is not None and not question.construct.key:
            yield f"Question {question.id} has no `key`: nothing shows that its conditions can be fulfilled."
    seen: dict[tuple[str, str], str] = {}
    for question in problem.questions.values():
        yield from (f"Question {question.id}: {said}" for said in _on_options(question))
        for ask in question.asks if question.kind != "table" else ():  # a table may say one thing in several cells
            mark = repr((question.when, question.kind, sorted(question.allowed or ()))), ask.name
            if mark in seen and question.points:
                yield f"`{ask.name}` is asked in {seen[mark]} and again in {question.id}: it earns points twice."
            seen.setdefault(mark, question.id)
            if question.kind != "find":
                continue
            if _is_close(problem, question, ask):
                yield f"`{ask.name}` is decided by less than rounding leaves open: choose another threshold."
            value = _value(problem, question, ask.tree, ask)
            for other in ask.also:
                also = _value(problem, question, other, ask)
                if also is not None and value is not None and _is_same(also, value):
                    yield f"What `also` says of `{ask.name}` has the value that is right anyway."
                if also is not None and not all(map(math.isfinite, also)):
                    yield f"What `also` says of `{ask.name}` is no finite number: no student can write it."


def _on_options(question: Question) -> Iterable[str]:
    """Say what a teacher may not have meant of options, and of words without a rubric."""
    choices = question.choices
    if choices is None:
        if question.kind == "write" and not question.rubric:
            yield "there is no `rubric` that tells the person who reads it what to look for."
        return
    for options in (choices.options, choices.others):
        names = {name for at, option in enumerate(options, 1) for name in (option.label, str(at))}
        for option in options:
            if option.text in names - {option.label}:
                yield f"`{option.text}` is an option, and the letter or number of another: it is taken for the option."
    flat = [at for group in choices.key for at in group]
    if question.kind == "choose" and len(flat) == len(choices.options):
        yield "every option is right."
    if question.kind == "order" and flat == sorted(flat):
        yield "the options stand in the right order already: students see them so."
    if question.kind == "match" and all(at == to for at, to in choices.key):
        yield "the right side stands in the order of the left side: students see them so."


def _is_close(problem: Problem, question: Question, ask: Ask) -> bool:
    """Tell whether a decision compares numbers so close that honest rounding may turn it."""
    if not (isinstance(ask.tree, Call) and ask.tree.op in COMPARISONS):
        return False
    one, other = (_value(problem, question, side, ask) for side in ask.tree.args)
    if one is None or other is None:
        return False
    pairs = [(a, b) for a in one for b in other] if 1 in (len(one), len(other)) else list(zip(one, other, strict=True))
    digits = question.digits or DIGITS
    size = [max(abs(a), abs(b)) for a, b in pairs]
    units = [10.0 ** (math.floor(math.log10(each)) + 1 - digits) if each > 0 else 1.0 for each in size]
    return any(0 < abs(a - b) < UNITS * unit for (a, b), unit in zip(pairs, units, strict=True))


def _value(problem: Problem, question: Question, tree: Expr, ask: Ask) -> list[float] | None:
    """Give the entries of a formula about a question's givens; None where it is symbolic."""
    table, rows = asked_table(problem, [Ask(" ", tree, ask.at)], question.values)
    (name,) = rows.values()
    if name not in known(table):
        return None
    found: list[float] = solve_table(table, [name])[name].ravel().tolist()
    return found


def _is_same(one: list[float], other: list[float]) -> bool:
    return len(one) == len(other) and all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(one, other, strict=True))


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
