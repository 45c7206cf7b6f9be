"""`hwcheck template`: a blank answers file."""

import os

import click

from hwcheck.cli import Command
from hwcheck.cli.streams import emit


@click.command("template", cls=Command)
@click.argument("sheet")
@click.option("-o", "--output", metavar="FILE", help="Write to this file instead of the standard output.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def command(sheet: str, output: str | None, force: bool) -> None:
    """Write a blank answers file for a sheet.

    SHEET is a file, `-` for the standard input, or the name of a sheet that comes along.
    """
    from hwcheck import load_sheet
    from hwcheck.authoring import template
    from hwcheck.files import write_result

    if output and not force and os.path.lexists(output):  # it may hold a student's answers
        raise click.UsageError(f"{output} exists; --force replaces it.")
    blank = template(load_sheet(sheet))
    if output:
        write_result(output, blank)
    else:
        emit(blank)
