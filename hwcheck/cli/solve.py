"""`hwcheck solve`: the solution of a sheet."""

import click

from hwcheck.cli import Command
from hwcheck.cli.options import Target, color_option, format_option, named, problem_option, write

DIGITS = 4  # what a computation by hand is rounded to, unless --digits says otherwise


@click.command("solve", cls=Command)
@click.argument("sheet")
@problem_option
@click.option("--digits", type=click.IntRange(1, 17), help="Significant digits to show.")
@click.option("--round-steps", is_flag=True, help="Round every value as it is shown, as a computation by hand does.")
@format_option("solution")
@color_option
def command(
    sheet: str, problem: str | None, digits: int | None, round_steps: bool, targets: tuple[Target, ...], color: str
) -> None:
    """Print the solution of a sheet, step by step.

    SHEET is a file, `-` for the standard input, or the name of a sheet that comes along.
    """
    from hwcheck import load_sheet, solve
    from hwcheck.render.progress import training_bar

    with training_bar():
        loaded = load_sheet(sheet)
        named("problem", problem, loaded.problems)
        solution = solve(loaded, problem, round_to=(digits or DIGITS) if round_steps else None)
    write("solution", solution, targets, color, digits)
