"""What was found about a sheet, for its teacher: the proof, the slips that its numbers hide, and what to change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..authoring.hidden import BECAUSE
from ..text import safe_text, width
from .layout import Block, Line, Page, below, beside, filled, indented, printed, prose, text
from .numbers import DIGITS

if TYPE_CHECKING:
    from ..authoring.hidden import Check
    from ..authoring.lint import Lint, ProblemLint, Proof

LINT = "hwcheck/lint/v1"
INDENT = 2
BLANK: Line = []
RESULTS = {"unseen": "not seen", "alike": "not told apart"}


def lint_text(lint: Lint, width: int, ascii: bool = False) -> str:
    """Write what was found as plain text in lines of `width` cells."""
    page = Page(width, DIGITS, ascii)
    rows = prose(safe_text(lint.title or lint.sheet), page.width, "title").lines
    for problem in lint.problems:
        rows += [BLANK, *problem_lines(problem, page)]
    if any(hidden_checks(problem) for problem in lint.problems):
        rows += [BLANK, *prose("`hwcheck explain CODE` tells what a slip is.", page.width, "note").lines]
    return printed(rows, page)


def problem_lines(problem: ProblemLint, page: Page) -> list[Line]:
    """Lay out what was found about one problem."""
    title = " · ".join(safe_text(part) for part in (f"Problem {problem.id}", problem.title) if part)
    room = page.width - INDENT
    blocks = [prose(f"✗ {safe_text(fault)}", room) for fault in problem.faults]
    blocks += [prose(said, room) for said in proofs_said(problem)]
    hidden = hidden_checks(problem)
    if any(check.because != "shape" for check in problem.checks):
        blocks.append(prose(counted(problem), room))
    if hidden:
        blocks += [text(""), table(hidden, room)]
    if problem.open:
        blocks += [text(""), prose(open_said(problem), room)]
    if problem.advice:
        blocks += [text(""), *(advice_block(said, room) for said in problem.advice)]
    return [*prose(title, page.width, "section").lines, *indented(below(*blocks), INDENT).lines]


def hidden_checks(problem: ProblemLint) -> list[Check]:
    """Give what the numbers hide and others would show; and what comes to the same by the sizes too."""
    return [
        check
        for check in problem.checks
        if check.result == "alike" or (check.result == "unseen" and check.because != "shape")
    ]


def proofs_said(problem: ProblemLint) -> list[str]:
    """Say how the solution of a problem was marked."""
    if not problem.proofs:
        return ["There are no numbers to prove."]
    if all(proof.holds and not proof.undecided for proof in problem.proofs):
        most = problem.proofs[0].max_score
        every = "its one point" if most == 1 else f"all {most:g} points"
        points = f"earns {every}" if most else "is right throughout"
        written = ", written to the digits that are asked and to 3" if len(problem.proofs) > 1 else ""
        return [f"✓ Its own solution {points}{written}."]
    return [_said(proof, len(problem.proofs) == 1) for proof in problem.proofs]


def _said(proof: Proof, alone: bool) -> str:
    digits = "the digits that are asked" if proof.digits is None else f"{proof.digits} digits"
    written = "" if alone else f", written to {digits},"
    said = f"{'✓' if proof.holds else '✗'} Its own solution{written} earns {proof.score:g} of "
    said += f"{proof.max_score:g} points"
    if proof.wrong:
        said += f"; not right: {safe_text(', '.join(proof.wrong))}"
    if proof.undecided:
        said += f"; cannot be decided by these digits: {safe_text(', '.join(proof.undecided))}"
    return f"{said}."


def counted(problem: ProblemLint) -> str:
    """Say how many of the slips that can be made are seen."""
    places = [(code, check) for check in problem.checks if check.because != "shape" for code in check.codes]
    seen = sum(check.result != "unseen" for _, check in places)
    what = "slip" if len(places) == 1 else "slips"
    return f"Of {len(places)} {what} that can be made in it, {seen} would be seen."


def open_said(problem: ProblemLint) -> str:
    """Say which conventions the problem leaves open."""
    values: dict[str, list[str]] = {}
    for convention, value in problem.open:
        values.setdefault(convention, []).append(value)
    said = "; ".join(f"{convention} ({' or '.join(some)})" for convention, some in values.items())
    return f"Left open: {said}. Answers that fit this throughout lose nothing, unless `conventions` fixes it."


def table(checks: list[Check], room: int) -> Block:
    """Set slips, places and results in columns; below each other where the page is narrow."""
    places: dict[tuple[str, str], list[str]] = {}
    for check in checks:
        places.setdefault((", ".join(check.codes), result(check)), []).append(check.where)
    cells = [(codes, safe_text(", ".join(where)), said) for (codes, said), where in places.items()]
    first = min(max(width(codes) for codes, _, _ in cells), room * 2 // 5)
    second = min(max(width(where) for _, where, _ in cells), room // 4)
    last = room - first - second - 4
    rows = []
    for codes, where, said in cells:
        if last < 24:
            rows.append(below(prose(f"{codes} · {where}", room, "name"), indented(prose(said, room - INDENT), INDENT)))
        else:
            parts = (
                filled(prose(codes, first, "name"), first),
                filled(prose(where, second), second),
                prose(said, last),
            )
            rows.append(beside(*parts, gap=2))
    return below(*rows)


def result(check: Check) -> str:
    """Say what the numbers show, and why."""
    return f"{RESULTS[check.result]}: {safe_text(BECAUSE[check.because][0].format(check.given))}"


def advice_block(said: str, room: int) -> Block:
    """Lay out one piece of advice."""
    return beside(text("·"), prose(safe_text(said[:1].upper() + said[1:]), room - 2))


def lint_json(lint: Lint) -> str:
    """Write what was found as JSON of the schema hwcheck/lint/v1."""
    problems = [
        {
            "id": each.id,
            "title": each.title,
            "proofs": [{**proof._asdict(), "holds": proof.holds} for proof in each.proofs],
            "slips": [check._asdict() for check in each.checks],
            "open": [{"convention": convention, "value": value} for convention, value in each.open],
            "advice": each.advice,
            "faults": each.faults,
        }
        for each in lint.problems
    ]
    head = {"schema": LINT, "sheet": lint.sheet, "sheet_hash": lint.sheet_hash, "holds": lint.holds}
    return json.dumps({**head, "problems": problems}, allow_nan=False, indent=1) + "\n"
