"""Reports as JSON and back, whole: whatever a report says about a student can be made from what is kept of it.

Records are tuples, so the JSON encoder writes them as arrays in the order of their fields. What JSON has no word for is
kept as an object with one key: a number that is not finite, a tree of a formula.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from ..diagnostics import Diagnostic, Span
from ..formula.expr import Call, Expr, Name, Num
from ..marking.report import DerivedLine, Finding, Reading, Recognised, Report

Plain = Any  # what JSON can say

_ODD = "number"  # the key of a number that is not finite
_COMPACT = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


def dumped(value: Plain) -> str:
    """Write strict JSON in ASCII, on one line and without blanks."""
    return _COMPACT.encode(value)


def report_kept(report: Report) -> str:
    """Write a report as one line of JSON, from which `report_of` makes it again."""
    findings = tuple(_with_trees(each) if each.key is not None or each.lines else each for each in report.findings)
    plain: Plain = report._replace(findings=findings)
    try:
        return dumped(plain)
    except ValueError:  # something is not finite, which JSON cannot say
        return dumped(_finite(plain))


def report_of(kept: Plain) -> Report:
    """Make a report again of what `report_kept` wrote, read as JSON."""
    report = Report(*kept)
    return report._replace(
        findings=tuple(map(_finding_of, report.findings)),
        diagnostics=tuple(map(_diagnostic_of, report.diagnostics)),
        readings=tuple(Reading(*each) for each in report.readings),
    )


def _with_trees(finding: Finding) -> Plain:
    key: Plain = None if finding.key is None else _tree(finding.key)
    lines: Plain = [(line.text, line.tree and _tree(line.tree), *line[2:]) for line in finding.lines]
    return finding._replace(key=key, lines=lines)


def _tree(tree: Expr) -> Plain:
    """Write a tree without the places that it was read from, which are no part of it."""
    if isinstance(tree, Num):
        return {"num": [tree.value, tree.text]}
    if isinstance(tree, Name):
        return {"name": tree.id}
    return {"call": [tree.op, *map(_tree, tree.args)]}


def _tree_of(kept: Plain) -> Expr:
    if "num" in kept:
        return Num(*kept["num"])
    if "name" in kept:
        return Name(kept["name"])
    op, *args = kept["call"]
    return Call(op, tuple(map(_tree_of, args)))


def _finding_of(kept: Plain) -> Finding:
    finding = Finding(*kept)
    return finding._replace(
        values=_numbers_of(finding.values),
        reference=_numbers_of(finding.reference),
        carried=_numbers_of(finding.carried),
        tolerance=_numbers_of(finding.tolerance),
        remarks=tuple(finding.remarks),
        slips=tuple(map(_slip_of, finding.slips)),
        lines=tuple(map(_line_of, finding.lines)),
        key=finding.key and _tree_of(finding.key),
        row=tuple((name, value) for name, value in finding.row),
    )


def _slip_of(kept: Plain) -> Recognised:
    slip = Recognised(*kept)
    return slip._replace(cells=tuple(map(tuple, slip.cells)), also=tuple(slip.also))


def _line_of(kept: Plain) -> DerivedLine:
    line = DerivedLine(*kept)
    return line._replace(tree=line.tree and _tree_of(line.tree))


def _diagnostic_of(kept: Plain) -> Diagnostic:
    diagnostic = Diagnostic(*kept)
    return diagnostic._replace(span=diagnostic.span and Span(*diagnostic.span))


def _finite(value: Plain) -> Plain:
    """Write the numbers that are not finite as text under a key of their own."""
    if isinstance(value, float) and not isfinite(value):
        return {_ODD: repr(float(value))}
    if isinstance(value, (list, tuple)):
        return [_finite(part) for part in value]
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    return value


def _numbers_of(value: Plain) -> Plain:
    if isinstance(value, dict):
        return float(value[_ODD])
    if isinstance(value, list):
        return [_numbers_of(part) for part in value]
    return value
