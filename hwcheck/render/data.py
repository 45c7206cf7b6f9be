"""Solutions and reports as JSON, for programs: numbers in full, formulas as text that can be read back.

The JSON is strict and ASCII, so that it is harmless on a terminal as well. A number that is not finite is null there,
and a `note` beside it says what it was ("infinite in double precision"); a symbolic quantity has the value null and no
note.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import TYPE_CHECKING, Any

from ..formula.show import plain

if TYPE_CHECKING:
    from ..diagnostics import Diagnostic
    from ..marking.report import Finding, Recognised, Report
    from ..sheet.options import Choices
    from ..sheet.solution import Quantity, Solution, SolvedProblem, SolvedQuestion, SolvedTable

Array = Any  # one of NumPy's, which are not imported here, or nested lists
Numbers = float | list[Any]

SOLUTION = "hwcheck/solution/v1"
REPORT = "hwcheck/report/v1"


def solution_json(solution: Solution) -> str:
    """Write a solution as JSON of the schema hwcheck/solution/v1, one line for each quantity."""
    problems = ",\n".join(_problem(problem) for problem in solution.problems)
    return f'{{"schema": "{SOLUTION}", "sheet": {json.dumps(solution.sheet)}, "problems": [\n{problems}\n]}}\n'


def _problem(problem: SolvedProblem) -> str:
    quantities = _listed(_quantity(quantity) for quantity in _once(problem))
    questions = _listed(_question(question) for question in problem.questions)
    head = f'{{"id": {json.dumps(problem.id)}, "title": {json.dumps(problem.title)},'
    return f'{head} "quantities": {quantities}, "questions": {questions}}}'


def _once(problem: SolvedProblem) -> list[Quantity]:
    """Give all quantities; what is asked under its own name is listed as asked only: once for the same givens."""
    every = [quantity for part in problem.parts for quantity in part.quantities]
    tables = [each.table for each in problem.questions if each.table is not None and each.kind == "table"]
    every += [quantity for table in tables for _, quantities in table.rows for quantity in quantities]
    found = {(each.name, repr(each.when)): each for each in every if each.role == "asked"}
    asked = {id(each) for each in found.values()}
    return [each for each in every if id(each) in asked or (each.name, repr(each.when)) not in found]


def _listed(records: Iterable[dict[str, Any]]) -> str:
    """Give a list with a line for each record."""
    lines = ",\n  ".join(map(strict, records))
    return f"[\n  {lines}\n ]" if lines else "[]"


def strict(record: dict[str, Any], indent: int | None = None) -> str:
    """Write a record as strict JSON in ASCII; a runner of CI finds none of its commands (`##[error]`) in it."""
    return json.dumps(record, allow_nan=False, indent=indent).replace("##", "#\\u0023")


def _quantity(quantity: Quantity) -> dict[str, Any]:
    record: dict[str, Any] = {
        "name": quantity.name,
        "role": quantity.role,
        "step": quantity.step,
        "when": None if quantity.when is None else dict(quantity.when),
        "formula": None if quantity.formula is None else plain(quantity.formula),
        "shape": list(quantity.shape),
    }
    record.update(valued("value", quantity.value))
    for key, tree in (("chain", quantity.chain), ("expanded", quantity.expanded)):
        if tree is not None:
            record[key] = plain(tree)
    if quantity.reason:
        record["reason"] = quantity.reason
    return record


def _question(question: SolvedQuestion) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind,
        "points": question.points,
        "asks": list(question.asks),
        "when": None if question.when is None else dict(question.when),
        **({"edges": [list(edge) for edge in question.edges]} if question.edges else {}),
        **_worth(question),
        **(_choices(question.kind, question.choices) if question.choices is not None else {}),
        **({"rubric": list(question.rubric)} if question.rubric else {}),
        **({"rows": _rows(question.table)} if question.kind == "table" and question.table is not None else {}),
        **({"notes": [list(note) for note in question.notes]} if question.notes else {}),
        **({"check": _check(question.table)} if question.notes and question.table is not None else {}),
    }


def _check(table: SolvedTable) -> list[dict[str, Any]]:
    """Give what a model answer makes of its inputs, row by row."""
    return [
        dict(zip(table.heads, head, strict=True)) | {each.name: valued("value", each.value)["value"] for each in row}
        for head, row in table.rows
    ]


def _rows(table: SolvedTable) -> list[dict[str, str]]:
    """Give what heads each row of a table of values."""
    return [dict(zip(table.heads, head, strict=True)) for head, _ in table.rows]


def _worth(question: SolvedQuestion) -> dict[str, Any]:
    """Give the points by track where there are any, and whether they are a bonus."""
    if "" in question.worth:
        return {"bonus": True} if question.worth[""].bonus else {}
    tracks = {track: {"points": each.points, "bonus": each.bonus} for track, each in question.worth.items()}
    return {"tracks": tracks} if tracks else {}


def _choices(kind: str, choices: Choices) -> dict[str, Any]:
    """Give the options and the key: a list of options, a list of such lists, or a mapping of left to right."""
    options, others = ([dict(each._asdict()) for each in side] for side in (choices.options, choices.others))
    if kind == "match":
        pairs = {choices.options[at].text: choices.others[to].text for at, to in choices.key}
        return {"options": options, "others": others, "key": pairs}
    groups = [[choices.options[at].text for at in group] for group in choices.key]
    return {"options": options, "key": groups if kind == "order" else groups[0]}


def valued(key: str, value: Array | None) -> dict[str, Any]:
    """Give an array under a key as nested lists; where numbers are not finite they are null, and `note` says why."""
    if value is None:
        return {key: None}
    numbers = value.tolist() if hasattr(value, "tolist") else value
    odd = [number for number in _flat(numbers) if not isfinite(number)]
    if not odd:
        return {key: numbers}
    from .numbers import in_words  # seldom needed

    return {key: _finite(numbers), "note": "; ".join(dict.fromkeys(map(in_words, odd)))}


def _flat(numbers: Numbers) -> Iterator[float]:
    if isinstance(numbers, list):
        for part in numbers:
            yield from _flat(part)
    else:
        yield numbers


def _finite(numbers: Numbers) -> Numbers | None:
    if isinstance(numbers, list):
        return [_finite(part) for part in numbers]
    return numbers if isfinite(numbers) else None


def report_json(report: Report) -> str:
    """Write a report as JSON of the schema hwcheck/report/v1, one line for each finding."""
    findings = _listed(_finding(finding) for finding in report.findings)
    diagnostics = _listed(_diagnostic(diagnostic) for diagnostic in report.diagnostics)
    return f'{strict(_head(report))[:-1]}, "findings": {findings}, "diagnostics": {diagnostics}}}\n'


def report_jsonl(report: Report) -> str:
    """Write the same JSON on one line, so that the lines of many reports make a file of JSON lines."""
    record = _head(report)
    record["findings"] = [_finding(finding) for finding in report.findings]
    record["diagnostics"] = [_diagnostic(diagnostic) for diagnostic in report.diagnostics]
    return strict(record) + "\n"


def _head(report: Report) -> dict[str, Any]:
    return {
        "schema": REPORT,
        "sheet": report.sheet,
        "sheet_hash": report.sheet_hash,
        "student": report.student,
        "track": report.track or None,
        "score": report.score,
        "max_score": report.max_score,
        "without_follow_through": report.without,
        "feedback": report.feedback,
        "readings": [reading._asdict() for reading in report.readings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "problem": finding.problem,
        "question": finding.question,
        "quantity": finding.quantity,
        "verdict": finding.verdict,
        "answer": finding.answer,
        "read_as": finding.read_as,
        **(
            {"reference": finding.reference}
            if isinstance(finding.reference, str)
            else valued("reference", finding.reference)
        ),
        "carried": valued("carried", finding.carried)["carried"],
        "tolerance": valued("tolerance", finding.tolerance)["tolerance"],
        "cells": finding.cells,
        "remarks": list(finding.remarks),
        "marks": finding.marks,
        "max_marks": finding.max_marks,
        **({"bonus": True} if finding.bonus else {}),
        "slips": [_slip(slip) for slip in finding.slips],
        **_derived(finding),
        "when": None if finding.when is None else dict(finding.when),
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
    }


def _derived(finding: Finding) -> dict[str, Any]:
    """Give what only some findings have: the row and the column of a cell, the lines of a derivation, what is said."""
    if finding.kind == "find":
        return {}
    if finding.kind == "cell":
        return {"kind": finding.kind, "row": dict(finding.row), "title": finding.title, "about": finding.about}
    lines = [
        {
            "text": line.text,
            "read_as": None if line.tree is None else plain(line.tree),
            "verdict": line.verdict,
            "about": line.about,
            **({"detail": line.detail} if line.detail else {}),
        }
        for line in finding.lines
    ]
    return {"kind": finding.kind, "about": finding.about, "lines": lines}


def _slip(slip: Recognised) -> dict[str, Any]:
    return {
        "code": slip.code,
        "certainty": slip.certainty,
        "message": slip.message,
        "cells": [list(place) for place in slip.cells],
        "also": list(slip.also),
    }


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "place": diagnostic.place,
        "file": diagnostic.file,
        "line": None if span is None else span.line,
        "column": None if span is None else span.column,
        "end_column": None if span is None else span.end_column,
    }
