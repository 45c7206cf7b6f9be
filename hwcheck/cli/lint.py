"""`hwcheck lint`: the proof of a sheet, and which slips its numbers hide."""

import click

from hwcheck.cli import Command
from hwcheck.cli.streams import ascii_only, emit, width


@click.command("lint", cls=Command)
@click.argument("sheet")
@click.option(
    "--format", type=click.Choice(["plain", "json"]), default="plain", show_default=True, help="How to write."
)
def command(sheet: str, format: str) -> int:
    """Prove a sheet, and say which slips its numbers hide.

    SHEET is a file, `-` for the standard input, or the name of a sheet that comes along. Its own solution is marked:
    exits with 0 if that earns every point, with 1 if it doesn't, with 2 if the file can't be used.
    """
    from hwcheck import load_sheet
    from hwcheck.authoring.lint import lint
    from hwcheck.render.lint import lint_json, lint_text

    found = lint(load_sheet(sheet))
    emit(lint_json(found) if format == "json" else lint_text(found, width(), ascii_only()))
    return 0 if found.holds else 1
