"""Formulas in a report: each line of a derivation as it was typed and as it was read, and the right formula below."""

from __future__ import annotations

from ..formula.show import plain
from ..marking.report import DerivedLine, Finding
from ..text import safe_text
from .layout import Block, Page, below, beside, prose, text
from .putting import formula_text
from .words import MARKS, RIGHT, STYLES

LABELS = ("yours", "read as", "computed")
LABEL = max(map(len, LABELS)) + 2


def formula_block(finding: Finding, page: Page, room: int) -> Block:
    """Set an answer that is no number: its lines with their marks, how they were read, and the right formula."""
    rows: list[Block] = []
    if finding.lines and finding.kind != "construct":  # whose lines are conditions, and not what was typed
        alone = len(finding.lines) == 1
        for at, line in enumerate(finding.lines):
            rows.append(line_block(line._replace(about="") if alone else line, at == 0, alone, page, room))
    else:
        rows.append(labelled("yours", safe_text(finding.answer.strip() or "–", keep_newlines=True), room))
        if finding.read_as and squeezed(finding.read_as) != squeezed(finding.answer):
            rows.append(labelled("read as", finding.read_as, room))
    if finding.key is not None:
        rows.append(labelled("computed", formula_text(finding.key, page), room))
    elif isinstance(finding.reference, str):
        rows.append(labelled(RIGHT.get(finding.kind, "computed"), safe_text(finding.reference), room))
    return below(*rows)._replace(base=0)


def line_block(line: DerivedLine, first: bool, alone: bool, page: Page, room: int) -> Block:
    """Set one line of a derivation: what was typed with its mark, how it was read, and what is said about it."""
    mark = "" if alone else MARKS.get(line.verdict, "")
    rows = [labelled("yours" if first else "", f"{line.text}  {mark}", room, STYLES.get(line.verdict, ""))]
    if line.tree is not None and squeezed(plain(line.tree)) != squeezed(line.text):
        rows.append(labelled("read as" if line.verdict != "named" else "", formula_text(line.tree, page), room))
    if line.about:
        rows.append(labelled("", safe_text(line.about), room))
    return below(*rows)


def labelled(label: str, content: str, room: int, style: str = "") -> Block:
    """Set a text behind its label."""
    return beside(text(f"{label:{LABEL}}", "note"), prose(content, max(room - LABEL, 16), style), gap=0)


def squeezed(content: str) -> str:
    """Give a formula without blanks and signs of multiplication, to see whether two texts say the same."""
    return "".join(char for char in content if not char.isspace() and char not in "*·")
