"""What codes mean, as text and as JSON: those of slips, and those of remarks on files."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ..diagnostics import CODES
from ..marking.slips import SLIPS
from ..marking.slips.row import Slip
from ..text import Safe, closest
from .layout import EMPTY, Block, Page, below, beside, filled, indented, printed, prose, text

SCHEMA = "hwcheck/codes/v1"
#: The categories of slips in the order of a lecture, with their headings.
CATEGORIES = {
    "forward": "Forward pass",
    "loss": "Loss",
    "backward": "Backward pass",
    "update": "Update",
    "optimizer": "Optimizers",
    "shape": "Shapes and order",
    "formula": "Formulas",
    "normalisation": "Normalisation",
    "conv": "Convolution",
    "counting": "Counting",
    "decision": "Decisions",
    "arithmetic": "Arithmetic",
    "rounding": "Rounding",
    "notation": "Notation",
    "graph": "Graphs",
}
FILES = "Remarks on files"
KINDS = {"bug": "a wrong rule", "slip": "a slip of the hand", "note": "a remark"}
SEEN = {4: "seen very often", 3: "seen often", 2: "seen now and then", 1: "seen seldom"}
GAP = 2


def known_code(asked: str) -> str | None:
    """Find the code that is meant, whatever its case and with dashes or blanks in it; None where there is none."""
    code = "_".join(asked.upper().replace("-", " ").replace("_", " ").split())
    return code if code in SLIPS or code in CODES else None


def like(asked: str) -> list[str]:
    """Give the code most like an unknown one."""
    return closest(asked.upper().replace("-", "_"), [*SLIPS, *CODES])


def codes_text(codes: Iterable[str], width: int, ascii: bool = False) -> Safe:
    """Explain codes, or list all of them with their names where none is asked."""
    page = Page(width, 0, ascii)
    blocks = [_explained(code, width) for code in codes] or [_listed(width)]
    return Safe(printed([line for block in blocks for line in block.lines], page))


def codes_json(codes: Iterable[str]) -> Safe:
    """Give codes, or all of them where none is asked, as JSON."""
    found = [_fields(code) for code in list(codes) or [*SLIPS, *sorted(CODES)]]
    return Safe(json.dumps({"schema": SCHEMA, "codes": found}, indent=2, ensure_ascii=False) + "\n")


def _fields(code: str) -> dict[str, object]:
    if code not in SLIPS:
        name, meaning = CODES[code]
        return {"code": code, "name": name, "kind": "remark", "category": "files", "what": meaning}
    row = SLIPS[code]
    return {
        "code": code,
        "name": row.name,
        "kind": row.kind,
        "category": row.category,
        "weight": row.weight,
        "what": row.what,
        "hint": row.hint,
        "see": row.see,
        "example": row.example._asdict(),
        "alike": row.alike,
    }


def _explained(code: str, width: int) -> Block:
    if code not in SLIPS:
        name, meaning = CODES[code]
        return below(prose(f"{code} · {name}", width), text(""), indented(prose(meaning, width - GAP), GAP))
    row = SLIPS[code]
    inner = width - GAP
    heading = f"{CATEGORIES[row.category]} · {KINDS[row.kind]} · {SEEN[row.weight]}"
    told = f"This is {row.name}. {row.hint}"
    return below(
        prose(f"{code} · {row.name}", width),
        prose(heading, width),
        *_section("What is done", prose(row.what, inner), width),
        *_section("For example", _example(row, inner), width),
        *_section("What the student is told", prose(told, inner), width),
        *_section("How to see it yourself", prose(row.see, inner), width),
        *_section("When it cannot be told", prose(row.alike, inner), width),
    )


def _section(heading: str, block: Block, width: int) -> tuple[Block, ...]:
    return (text(""), prose(heading, width), indented(block, GAP)) if block.lines else ()


def _example(row: Slip, room: int) -> Block:
    given, right, wrong = row.example
    rows = [
        beside(filled(text(word), 5), prose(value, room - 7), gap=GAP)
        for word, value in (("right", right), ("wrong", wrong))
    ]
    return below(prose(given, room), *rows)


def _listed(width: int) -> Block:
    """List all codes by category, with what they are called."""
    wide = max(map(len, SLIPS))
    groups = {CATEGORIES[key]: [row for row in SLIPS.values() if row.category == key] for key in CATEGORIES}
    lists = {heading: [(row.code, row.name) for row in rows] for heading, rows in groups.items()}
    lists[FILES] = [(code, CODES[code][0]) for code in sorted(CODES)]
    out = EMPTY
    for heading, rows in lists.items():
        entries = [_entry(code, name, wide, width - GAP) for code, name in rows]
        out = below(out, *([text("")] if out.lines else []), text(heading), indented(below(*entries), GAP))
    return out


def _entry(code: str, name: str, wide: int, room: int) -> Block:
    if room < 2 * wide + GAP:  # too narrow for two columns
        return below(text(code), indented(prose(name, room - GAP), GAP))
    return beside(filled(text(code), wide), prose(name, room - wide - GAP), gap=GAP)
