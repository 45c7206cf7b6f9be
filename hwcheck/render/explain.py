"""One quantity explained, as text, JSON or Markdown: what it is, the way to it, its steps with their rules."""

from __future__ import annotations

import json
from typing import Any

from ..formula.expr import Expr, Name
from ..formula.show import plain
from ..formula.showlatex import latex
from ..sheet.explanation import Explanation, Step
from ..text import Safe, safe_text
from .data import valued
from .layout import Block, Line, Page, flow, indented, printed, prose
from .numbers import DIGITS
from .putting import Put, formula_text, numbers_put_in
from .rows import Row, laid_out
from .solution import named_value, row_of, spaced

SCHEMA = "hwcheck/explanation/v1"
INDENT = 2


def explanation_text(
    found: Explanation, title: str, width: int, digits: int | None = None, ascii: bool = False
) -> Safe:
    """Write an explanation as plain text in lines of `width` cells."""
    page = Page(width, digits or DIGITS, ascii)
    return Safe(printed(_lines(found, title, page), page))


def _lines(found: Explanation, title: str, page: Page) -> list[Line]:
    """Lay out an explanation: a heading for each part that has anything to say."""
    quantity = found.quantity
    name = " · ".join(safe_text(part) for part in (title, f"problem {found.problem}", quantity.name) if part)
    rows: list[Line] = [*prose(name, page.width, "title").lines, []]
    rows += _prose(" ".join(found.about), page)
    for section, blocks in (
        (f"The way from {_ends(found)}", _ways(found, page)),
        ("Why it is 0", [prose(safe_text(" ".join(found.why)), page.width - INDENT)]),
        ("What is used", _used(found, page)),
        ("Step by step", _steps(found, page)),
        ("Put together", _together(found, page)),
        ("The shapes", [prose(safe_text(found.check), page.width - INDENT)]),
    ):
        blocks = [block for block in blocks if block.lines]
        if blocks:
            rows += [[], *indented(prose(section, page.width - INDENT, "section"), INDENT).lines]
            rows += [*spaced([indented(block, INDENT) for block in blocks])]
    return rows


def _prose(content: str, page: Page) -> list[Line]:
    return indented(prose(safe_text(content), page.width - INDENT), INDENT).lines


def _ends(found: Explanation) -> str:
    """Name where the paths begin and end."""
    return f"{safe_text(found.paths[0][0])} to {safe_text(found.paths[0][-1])}" if found.paths else ""


def _ways(found: Explanation, page: Page) -> list[Block]:
    """Give the paths, a line each."""
    arrow = " -> " if page.ascii else " → "
    out = [prose(arrow.join(map(safe_text, way)), page.width - INDENT) for way in found.paths]
    if found.more:
        out.append(prose(f"and {found.more} more", page.width - INDENT, "note"))
    return out


def _used(found: Explanation, page: Page) -> list[Block]:
    """Give the values that the steps read."""
    room = page.width - INDENT
    known = [quantity for quantity in found.uses if quantity.value is not None]
    return [flow([named_value(each, page, room, typed=each.role == "given") for each in known], room)] if known else []


def _steps(found: Explanation, page: Page) -> list[Block]:
    """Give the steps, each with its rules below; a derivative that is 0 has none."""
    if found.derivation.reason and not found.derivation.links:
        return []
    out: list[Block] = []
    if found.left_out:
        out.append(prose(f"{found.left_out} steps before these are left out", page.width - INDENT, "note"))
    rows = [_row(step, found, page) for step in found.steps]
    return out + laid_out(rows, page._replace(width=page.width - INDENT), 0)


def _row(step: Step, found: Explanation, page: Page) -> Row:
    """Give the row of a step: as the solution has it, with the rules that it follows by."""
    quantity = step.quantity._replace(role="adjoint") if step.quantity.role == "asked" else step.quantity
    row = row_of(quantity, found.part, page)
    return row._replace(notes=(*row.notes, *map(safe_text, step.rules)))


def _together(found: Explanation, page: Page) -> list[Block]:
    """Give the chain on one line, with everything put in below it, and the value."""
    forms = [tree for tree in (found.derivation.chain, found.derivation.expanded) if tree is not None]
    quantity = found.quantity
    last = _row(found.steps[-1], found, page).formula if found.steps else ""
    if not forms or (len(forms) == 1 and formula_text(forms[0], page) == last):
        return []
    numbers: list[Block | str] = []
    if quantity.value is not None:
        numbers = list(numbers_put_in(forms[0], quantity.shape, Put(found.part.table, found.part.values, page)))
    first, *more = (formula_text(tree, page) for tree in forms)
    row = Row(safe_text(quantity.name), first, numbers, quantity.value, quantity.shape, tuple(more))
    matrix = found.derivation.matrix
    if matrix is not None:
        row = row._replace(notes=(f"as a matrix: {formula_text(matrix, page)}",))
    return laid_out([row], page._replace(width=page.width - INDENT), 0)


# --- JSON and Markdown --------------------------------------------------------------------------------------


def explanation_json(found: Explanation, sheet: str) -> Safe:
    """Write an explanation as JSON of the schema hwcheck/explanation/v1."""
    quantity, derived = found.quantity, found.derivation
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "sheet": sheet,
        "problem": found.problem,
        "quantity": quantity.name,
        "about": " ".join(found.about),
        "formula": _text(quantity.formula),
        "shape": list(quantity.shape),
        **valued("value", quantity.value),
        "paths": [list(way) for way in found.paths],
        "more_paths": found.more,
        "steps": [
            {
                "name": step.quantity.name,
                "formula": _text(step.quantity.formula),
                "shape": list(step.quantity.shape),
                **valued("value", step.quantity.value),
                "rules": list(step.rules),
            }
            for step in found.steps
        ],
        "chain": _text(derived.chain),
        "expanded": _text(derived.expanded),
        "matrix": _text(derived.matrix),
        "reason": derived.reason,
        "shapes": found.check,
    }
    return Safe(json.dumps(record, indent=2, allow_nan=False) + "\n")


def _text(tree: Expr | None) -> str | None:
    return None if tree is None else plain(tree)


def explanation_markdown(found: Explanation, title: str, digits: int | None = None) -> Safe:
    """Write an explanation as Markdown with maths."""
    from .markdown import code, escaped
    from .steps import WIDE, sides_of, value_tree

    page = Page(WIDE, digits or DIGITS, ascii=True)
    quantity, derived = found.quantity, found.derivation
    heads = (title, f"problem {found.problem}", quantity.name)
    blocks = [f"# {' · '.join(escaped(part) for part in heads if part)}", escaped(" ".join(found.about))]
    if found.paths:
        ways = [f"- {code(' → '.join(way))}" for way in found.paths]
        more = [f"- and {found.more} more"] if found.more else []
        blocks += [f"## The way from {escaped(_ends(found))}", "\n".join([*ways, *more])]
    if found.why:
        blocks += ["## Why it is 0", escaped(" ".join(found.why))]
    if found.steps and (derived.links or not found.why):
        blocks.append("## Step by step")
        for step in found.steps:
            one = step.quantity._replace(role="adjoint") if step.quantity.role == "asked" else step.quantity
            blocks.append(_maths(one.name, sides_of(one, found.part, page)))
            blocks += ["\n".join(f"- {_sentence(rule)}" for rule in step.rules)] if step.rules else []
    forms = [tree for tree in (derived.chain, derived.expanded) if tree is not None]
    if forms:
        value = quantity.value
        last = None if value is None else value_tree(value, quantity.shape, page.digits)
        blocks += ["## Put together", _maths(quantity.name, [*forms, *([] if last is None else [last])])]
    if found.check:
        blocks += ["## The shapes", code(found.check)]
    return Safe("\n\n".join(blocks) + "\n")


def _sentence(rule: str) -> str:
    """Write a rule in Markdown, what stands between backticks as code."""
    from .markdown import code, escaped

    parts = []
    for at, part in enumerate(rule.split("`")):
        start, end = (" " if part[place : place + 1] == " " else "" for place in (0, len(part) - 1))
        parts.append(code(part) if at % 2 else start + escaped(part) + end)
    return "".join(parts)


def _maths(name: str, sides: list[Expr]) -> str:
    """Give an equation, a line for each side."""
    lines = r" \\".join(f" &= {latex(side)}" for side in sides)
    return "```math\n\\begin{aligned}\n" + latex(Name(name)) + lines + "\n\\end{aligned}\n```"
