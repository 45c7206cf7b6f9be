"""`hwcheck verify`: the answers of one student beside the solution, and the score as an exit code."""

import math

import click

from hwcheck.cli import Command
from hwcheck.cli.options import Target, color_option, format_option, named, problem_option, write
from hwcheck.cli.streams import complain

LEVELS = ["mark", "where", "hint", "full"]  # FEEDBACK of hwcheck.sheet.kinds, which `--help` does without
ROUNDING = 1e-9  # points are sums of fractions such as 8/12: a full score may miss the most by the last bits


def threshold(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[float, bool]:
    """Return points (`12.5`), or a share of the most that can be had (`60%`, by default all of it) and True."""
    if value is None:
        return 1.0, True
    share = value.endswith("%")
    try:
        number = float(value.removesuffix("%")) / (100 if share else 1)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf or (share and number > 1):  # NaN is refused too
        raise click.BadParameter(f"{value!r} is neither points (12.5) nor a percentage (60%).", ctx, param)
    return number, share


@click.command("verify", cls=Command)
@click.argument("answers")
@click.option("--sheet", metavar="SHEET", help="The sheet, a file or a name; wins over the one the answers name.")
@problem_option
@click.option("--question", metavar="ID", help="Only this question.")
@click.option(
    "--fail-under", metavar="POINTS|PERCENT%", callback=threshold, help="Exit with 1 only if the score is below this."
)
@click.option(
    "--feedback",
    type=click.Choice(LEVELS),
    help="Show no more than this: the marks; also where to look; also what the slip is; also the computed values. "
    "It never shows more than the sheet allows.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever the score is.")
@format_option
@color_option
def command(
    answers: str,
    sheet: str | None,
    problem: str | None,
    question: str | None,
    fail_under: tuple[float, bool],
    feedback: str | None,
    exit_zero: bool,
    targets: tuple[Target, ...],
    color: str,
) -> int:
    """Check the answers of a student, step by step.

    ANSWERS is a file, or `-` for the standard input. Exits with 0 if the score is the most that can be had
    automatically, with 1 if it isn't, with 2 if a file can't be used.
    """
    from hwcheck import load_answers, load_sheet, verify
    from hwcheck.diagnostics import show_diagnostics
    from hwcheck.marking.feedback import lower, shown
    from hwcheck.render.progress import training_bar

    if answers == sheet == "-":
        raise click.UsageError("only one of the answers and the sheet can come from the standard input.")
    written = load_answers(answers)
    # What a student wrote is a plain name, never a path; what the caller gives may be either.
    loaded = load_sheet(sheet) if sheet else load_sheet(written.sheet, beside=answers)
    named("problem", problem, loaded.problems)
    asked = [loaded.problems[problem]] if problem is not None else loaded.problems.values()
    named("question", question, dict.fromkeys(name for each in asked for name in each.questions))
    with training_bar():
        report = verify(loaded, written, problem, question)
    if report.diagnostics:
        complain(show_diagnostics(report.diagnostics, {written.source.name: written.source.text}))
    allowed = loaded.feedback
    write("report", shown(report, lower(allowed, feedback or allowed)), targets, color)
    number, share = fail_under
    least = number * report.max_score if share else number
    return 0 if exit_zero or report.score >= least - ROUNDING else 1
