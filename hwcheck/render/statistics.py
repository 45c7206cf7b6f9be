"""What a class made of a sheet, for its teacher: the marks, the commonest slips, and wrong values in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..text import safe_text, width
from .layout import Block, Line, Page, below, beside, filled, indented, printed, prose, text
from .numbers import DIGITS

INDENT = 2
BLANK: Line = []
MOST_SLIPS = 12
MOST_LISTED = 8
MOST_PLACES = 3
LONGEST = 40  # cells of a name of a file or a quantity

Statistics = Mapping[str, Any]
Cells = Sequence[str]


def statistics_text(found: Statistics, width: int, ascii: bool = False) -> str:
    """Write the statistics of a class (hwcheck/statistics/v1) as plain text in lines of `width` cells."""
    page = Page(width, DIGITS, ascii)
    rows = [*prose(safe_text(found["title"] or found["sheet"]), width, "title").lines]
    rows += prose(head_said(found), width).lines
    for title, block in (
        ("Questions", questions_block(found, width - INDENT)),
        ("Commonest slips", slips_block(found, width - INDENT)),
        ("The same wrong value, not explained by any slip", clusters_block(found, width - INDENT)),
        ("More than one file of a student", shared_block(found["same_student"], width - INDENT)),
        ("The same content, byte for byte", shared_block(found["same_content"], width - INDENT)),
    ):
        if block.lines:
            rows += [BLANK, *prose(title, width, "section").lines, *indented(block, INDENT).lines]
    return printed(rows, page)


def head_said(found: Statistics) -> str:
    """Say how many there are and what they have."""
    many = found["submissions"]
    said = f"{many} {'submission' if many == 1 else 'submissions'}"
    others = [(found.get(status, 0), status) for status in ("unreadable", "failed")]
    said += "".join(f", {number} {status}" for number, status in others if number)
    score = found["score"]
    if score:
        said += f" · mean {_short(score['mean'])}, median {_short(score['median'])}"
        said += f", from {_short(score['least'])} to {_short(score['most'])}"
        most = " or ".join(map(_short, found["max_scores"]))  # by track
        said += f" of {most} points"
    return said


def questions_block(found: Statistics, room: int) -> Block:
    """Set the marks of each question in columns, and which of its quantities is wrong most often."""
    rows: list[Cells] = []
    for each in found["questions"]:
        marks = each["marks"]
        if marks is None:
            continue
        worst: Statistics = max(each["quantities"], key=lambda quantity: quantity.get("wrong", 0), default={})
        wrong = worst.get("wrong", 0)
        rows.append(
            (
                safe_text(f"{each['problem']}.{each['question']}", LONGEST),
                f"{_short(marks['mean'])} of {_short(each['max_marks'])}",
                f"{each['full']} full",
                f"{each['none']} none",
                f"wrong most often: {safe_text(worst['quantity'], LONGEST)} ({wrong})" if wrong else "",
            )
        )
    return columns(rows, room)


def slips_block(found: Statistics, room: int) -> Block:
    """Set the slips that most submissions have in columns, with where they are."""
    rows: list[Cells] = []
    for each in found["slips"][:MOST_SLIPS]:
        places = [f"{problem}.{question} {quantity}" for problem, question, quantity, _ in each["places"]]
        more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
        where = safe_text(", ".join(places[:MOST_PLACES])) + more
        rows.append((str(each["submissions"]), each["code"], f"{each['name']}: {where}"))
    return columns(rows, room)


def clusters_block(found: Statistics, room: int) -> Block:
    """Set wrong values in columns that several submissions have, with the first of these."""
    rows: list[Cells] = []
    for each in found["clusters"][:MOST_LISTED]:
        quantity = safe_text(f"{each['problem']}.{each['question']} {each['quantity']}", LONGEST)
        files = ", ".join(safe_text(file, LONGEST) for file in each["files"][:MOST_PLACES])
        rows.append((str(each["submissions"]), f"{quantity} = {safe_text(each['value'], LONGEST)}", f"as in {files}"))
    return columns(rows, room)


def shared_block(groups: Sequence[Sequence[str]], room: int) -> Block:
    """List files that have something in common, a line for each group."""
    said = [", ".join(safe_text(file, LONGEST) for file in files[:MOST_LISTED]) for files in groups[:MOST_LISTED]]
    if len(groups) > MOST_LISTED:
        said.append(f"and {len(groups) - MOST_LISTED} more")
    return below(*(prose(line, room) for line in said))


def columns(rows: Sequence[Cells], room: int) -> Block:
    """Set rows in columns as wide as they need; the last is folded, below the others where the page is narrow."""
    if not rows:
        return below()
    wide = [max(map(width, column)) for column in zip(*rows, strict=True)]
    before = sum(wide[:-1]) + 2 * (len(wide) - 1)
    blocks = []
    for row in rows:
        head = [filled(text(cell), size) for cell, size in zip(row[:-1], wide, strict=False)]
        if room - before >= 24:
            blocks.append(beside(*head, prose(row[-1], room - before), gap=2))
        else:
            blocks.append(below(prose("  ".join(row[:-1]), room), indented(prose(row[-1], room - INDENT), INDENT)))
    return below(*blocks)


def _short(number: float) -> str:
    return f"{round(number, 2):g}"
