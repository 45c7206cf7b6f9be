"""How much of a report is shown: what a level keeps to itself is taken out of the record, so that no format can tell.

At every level there are the score, and each quantity's verdict and marks. `where` adds the verdicts of the entries and
the remarks, `hint` what slip it looks like and by which convention a problem was read, `full` the computed values.
"""

from typing import Any

from ..sheet.kinds import FEEDBACK
from .report import Finding, Report
from .slips import SLIPS

#: The one mistake whose message names what is to be found.
MISSING = "EDGE_MISSING"

#: What is shown from a level on: the field of a finding, and what stands there below that level.
FINDING: dict[str, tuple[str, Any]] = {
    "cells": ("where", None),
    "remarks": ("where", ()),
    "about": ("where", ""),
    "lines": ("where", ()),
    "slips": ("hint", ()),
    "key": ("full", None),
    "reference": ("full", None),
    "carried": ("full", None),
    "tolerance": ("full", None),
}

#: The same for the fields of a report.
REPORT: dict[str, tuple[str, Any]] = {"readings": ("hint", ())}


def shown(report: Report, level: str) -> Report:
    """Give the part of a report that is shown at a level, one of FEEDBACK; never more than there is of it."""
    level = lower(report.feedback, level)
    if level == FEEDBACK[-1]:
        return report
    findings = tuple(_hinting(finding, level)._replace(**_hidden(FINDING, level)) for finding in report.findings)
    return report._replace(findings=findings, feedback=level, **_hidden(REPORT, level))


def _hinting(finding: Finding, level: str) -> Finding:
    """Give a finding whose messages say nothing that the student is to find.

    What is missing in a graph is counted; of a condition that fails, it is said from `hint` on at how many inputs, and
    with all shown only at which.
    """
    if finding.kind == "construct":
        told = lower("hint", level) == "hint"
        lines = (line._replace(detail="", about=line.about if told else "") for line in finding.lines)
        return finding._replace(lines=tuple(lines))
    if finding.kind != "graph":
        return finding
    counted = f"Arrows are missing. {SLIPS[MISSING].hint}"
    slips = tuple(slip._replace(message=counted) if slip.code == MISSING else slip for slip in finding.slips)
    return finding._replace(slips=slips)


def lower(first: str, second: str) -> str:
    """Give the level, of two, that shows less."""
    return min(first, second, key=FEEDBACK.index)


def _hidden(fields: dict[str, tuple[str, Any]], level: str) -> dict[str, Any]:
    """Give what takes the place of the fields that a level does not show."""
    return {name: blank for name, (least, blank) in fields.items() if lower(least, level) != least}
