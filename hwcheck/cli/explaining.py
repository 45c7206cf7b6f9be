"""`hwcheck explain`: what a code means, or how one quantity of a sheet comes about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hwcheck.cli import Command
from hwcheck.cli.options import named, problem_option
from hwcheck.cli.streams import ascii_only, complain, emit, width

if TYPE_CHECKING:
    from hwcheck.sheet import Sheet
    from hwcheck.sheet.explanation import Explanation


@click.command("explain", cls=Command)
@click.argument("what", metavar="[CODE | SHEET]", required=False)
@click.argument("quantity", required=False)
@problem_option
@click.option("--digits", type=click.IntRange(1, 17), help="Significant digits to show.")
@click.option(
    "--format",
    type=click.Choice(["plain", "json", "markdown"]),
    default="plain",
    show_default=True,
    help="How to write it.",
)
def command(what: str | None, quantity: str | None, problem: str | None, digits: int | None, format: str) -> None:
    """Explain a code, or derive one quantity of a sheet.

    Without arguments, all codes are listed.

    A code is one such as DROP_ZERO or HW103; case and dashes do not matter. Of a slip you see what is done in the place
    of what, an example, what the student is told, how to find it oneself, and when it cannot be told from something
    else.

    A quantity is one such as dJ/dW1, dy/dz, W1_new or J: you see what it is, the paths that lead to it, each step of
    its derivation with its rule, the chain put together, and the numbers where there are any.
    """
    if what is not None and quantity is not None:
        emit(_derived(what, quantity, problem, digits, format))
        return
    from hwcheck.render import codes

    for option, value in (("--problem", problem), ("--digits", digits)):
        if value is not None:
            raise click.UsageError(f"{option} belongs to a quantity of a sheet: hwcheck explain SHEET QUANTITY")
    if format == "markdown":
        raise click.UsageError("codes are written as plain or json; markdown is for a quantity of a sheet")
    asked = []
    if what is not None:
        known = codes.known_code(what)
        if known is None:
            raise unknown(what)
        asked.append(known)
    emit(codes.codes_json(asked) if format == "json" else codes.codes_text(asked, width(), ascii_only()))


def _derived(name: str, quantity: str, problem: str | None, digits: int | None, format: str) -> str:
    """Explain a quantity of a sheet in a format."""
    from hwcheck import load_sheet
    from hwcheck.render import explain

    sheet = load_sheet(name)
    named("problem", problem, sheet.problems)
    found = explained(sheet, quantity, problem, ascii=format == "json" or (format == "plain" and ascii_only()))
    if format == "json":
        return explain.explanation_json(found, sheet.name)
    if format == "markdown":
        return explain.explanation_markdown(found, sheet.title, digits)
    return explain.explanation_text(found, sheet.title, width(), digits, ascii_only())


def explained(sheet: Sheet, quantity: str, problem: str | None, ascii: bool) -> Explanation:
    """Explain a quantity in the problem that has it; with `ascii`, formulas in sentences can be typed.

    Where several do, it is the first, and the others are named.

    Raises:
        UsageError: no problem has it.
    """
    from hwcheck.formula.lex import FormulaError
    from hwcheck.formula.show import plain, unicode
    from hwcheck.sheet.explanation import asked, explain
    from hwcheck.text import safe_text

    failures: list[FormulaError] = []
    having: list[str] = []
    for id in [problem] if problem is not None else list(sheet.problems):
        try:
            asked(sheet.problems[id], quantity)
            having.append(id)
        except FormulaError as error:
            failures.append(error)
    if len(having) > 1:
        others = ", ".join(having[1:])
        complain(safe_text(f"note: {quantity} stands in other problems too, see --problem: {others}", 300))
    try:
        if having:
            return explain(sheet.problems[having[0]], quantity, plain if ascii else unicode)
    except FormulaError as error:
        failures.insert(0, error)
    first = failures[0]
    raise click.UsageError(safe_text(f"{first.reason}{': ' + first.fix if first.fix else ''}", 400))


def unknown(code: str) -> click.UsageError:
    """Say that there is no such code, and which one is like it; a sheet wants a quantity of it named."""
    import os

    from hwcheck.render.codes import like
    from hwcheck.sheet.load import ENDS, bundled
    from hwcheck.text import safe_text

    if code in bundled() or code.endswith(ENDS) or os.path.isfile(code):
        shown = safe_text(code, 60)
        return click.UsageError(f"{shown!r} is a sheet: name the quantity too, hwcheck explain {shown} dJ/dW1")
    near = like(code)
    meant = f"did you mean {near[0]!r}?" if near else "`hwcheck explain` lists all codes."
    return click.UsageError(f"there is no code {safe_text(code, 60)!r}: {meant}")
