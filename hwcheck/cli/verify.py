"""`hwcheck verify`: the answers of one student beside the solution, and the score as an exit code."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

import click

from hwcheck.cli import Command
from hwcheck.cli.options import FORMATS, Target, color_option, format_option, named, problem_option, write
from hwcheck.cli.streams import UNUSABLE, complain
from hwcheck.record import NamedTuple

if TYPE_CHECKING:
    from hwcheck.marking import Report
    from hwcheck.sheet import Sheet

LEVELS = ["mark", "where", "hint", "full"]  # FEEDBACK of hwcheck.sheet.kinds, which `--help` does without
SUMMARY = 1024 * 1024  # bytes that GitHub takes of a step's summary
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
@click.option("--watch", is_flag=True, help="Check again whenever the answers or the sheet change, until Ctrl-C.")
@format_option("report")
@color_option
def command(
    answers: str,
    sheet: str | None,
    problem: str | None,
    question: str | None,
    fail_under: tuple[float, bool],
    feedback: str | None,
    exit_zero: bool,
    watch: bool,
    targets: tuple[Target, ...],
    color: str,
) -> int:
    """Check the answers of a student, step by step.

    ANSWERS is a file, or `-` for the standard input. Exits with 0 if the score is the most that can be had
    automatically, with 1 if it isn't, with 2 if a file can't be used. The formats gradescope and classroom50 have the
    score in them, and say what is wrong with answers that can't be read: with one of them it exits with 0.
    """
    if answers == sheet == "-":
        raise click.UsageError("only one of the answers and the sheet can come from the standard input.")
    read: set[str] = set()

    def once() -> int:
        found = checked(answers, sheet, problem, question, any(FORMATS[target.format].always for target in targets))
        read.update(found.files)
        return conclude(found, targets, fail_under, feedback, exit_zero, color)

    if not watch:
        return once()
    if "-" in (answers, sheet):
        raise click.UsageError("--watch needs files: the standard input doesn't change.")
    from hwcheck.cli.watch import repeat

    read.add(answers)
    repeat(read, once)


class Checked(NamedTuple):
    """What came of reading and judging: the text and the names of the files, and whether the answers could be read."""

    report: Report
    allowed: str
    text: str
    files: tuple[str, ...]
    readable: bool


def checked(answers: str, sheet: str | None, problem: str | None, question: str | None, always: bool) -> Checked:
    """Read and judge; with `always`, answers that can't be read come to a report as well."""
    from hwcheck import load_answers, load_sheet, verify
    from hwcheck.diagnostics import Invalid, show_diagnostics
    from hwcheck.render.progress import training_bar

    loaded = load_sheet(sheet) if sheet else None
    try:
        written = load_answers(answers)
        # What a student wrote is a plain name, never a path; what the caller gives may be either.
        loaded = loaded or load_sheet(written.sheet, beside=answers)
        exists(loaded, problem, question)
        with training_bar():
            report = verify(loaded, written, problem, question)
    except (Invalid, RecursionError, MemoryError) as error:
        if not always:
            raise
        from hwcheck.marking.unread import too_deep, unread

        wrong = error if isinstance(error, Invalid) else Invalid([too_deep(answers)])
    else:
        return Checked(report, loaded.feedback, written.source.text, (loaded.source.name,), readable=True)
    complain(show_diagnostics(wrong.diagnostics, wrong.sources))
    if loaded is not None:
        exists(loaded, problem, question)
    report = unread(loaded, wrong.diagnostics, answers, problem, question)
    return Checked(report, "full" if loaded is None else loaded.feedback, "", (), readable=False)


def exists(sheet: Sheet, problem: str | None, question: str | None) -> None:
    """Refuse the id of a problem or of a question that the sheet doesn't have."""
    named("problem", problem, sheet.problems)
    asked = [sheet.problems[problem]] if problem is not None else sheet.problems.values()
    named("question", question, dict.fromkeys(name for each in asked for name in each.questions))


def conclude(
    found: Checked,
    targets: tuple[Target, ...],
    fail_under: tuple[float, bool],
    feedback: str | None,
    exit_zero: bool,
    color: str,
) -> int:
    """Write a report in every format asked; return the exit code."""
    from hwcheck.diagnostics import show_diagnostics
    from hwcheck.marking.feedback import lower, shown

    report = shown(found.report, lower(found.allowed, feedback or found.allowed))
    annotated = any(target.format == "github" for target in targets)
    # Annotations say the same. In the same log a line that quotes a student might be taken for a command of the runner.
    if found.readable and report.diagnostics and not annotated:
        complain(show_diagnostics(report.diagnostics, {report.diagnostics[0].file: found.text}))
    if not found.readable:
        targets = tuple(target for target in targets if FORMATS[target.format].always)
    write("report", report, targets, color, source=found.text)
    if annotated:
        summarize(report)
    if any(FORMATS[target.format].scored for target in targets):
        return 0
    if not found.readable:
        return UNUSABLE
    number, share = fail_under
    least = number * report.max_score if share else number
    most = report.max_score + math.fsum(each.max_marks for each in report.findings if each.bonus)
    if least > most + ROUNDING:
        complain(f"warning: --fail-under: {least:g} points are more than the {most:g} that can be had")
    return 0 if exit_zero or report.score >= least - ROUNDING else 1


def summarize(report: Report) -> None:
    """Add a report to the summary of the step, where GitHub says in which file that is."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    from hwcheck.files import append_result
    from hwcheck.render.github import step_summary

    before = os.path.getsize(path) if os.path.exists(path) else 0
    append_result(path, step_summary(report, SUMMARY - before))
