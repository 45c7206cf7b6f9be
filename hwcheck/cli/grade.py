"""`hwcheck grade`: the submissions of a whole class, with results, statistics, and feedback for each student."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from hwcheck.cli import Command
from hwcheck.cli.options import FORMATS, Decorator
from hwcheck.cli.streams import ascii_only, complain, emit, width
from hwcheck.cli.verify import LEVELS

if TYPE_CHECKING:
    from hwcheck.grading.journal import Header, Journal
    from hwcheck.marking import Report

#: What feedback is written in, and how the names of its files end.
ENDINGS = {
    "plain": "txt",
    "markdown": "md",
    "html": "html",
    "latex": "tex",
    "json": "json",
    "jsonl": "jsonl",
    "csv": "csv",
    "junit": "xml",
    "gradescope": "gradescope.json",
}
#: What is told of the page: that of a file, the same wherever it is made.
PAGE = {"width": 100, "digits": None, "ascii": False}


def endings(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what feedback cannot be written in, and say what can."""
    for name in value:
        if name not in ENDINGS:
            alone = name in FORMATS and name != "table"
            more = (
                f"it is for one submission: hwcheck verify ANSWERS --format {name}" if alone else "choose one of them"
            )
            raise click.BadParameter(
                f"no format {name!r} for a class, whose are {', '.join(ENDINGS)}; {more}.", ctx, param
            )
    return value


def shard(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, int]:
    """Read `2/3`, the second of three parts; all of it is `1/1`."""
    part, slash, parts = (value or "1/1").partition("/")
    if not (slash and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise click.BadParameter(f"{value!r} is no part such as 2/3, the second of three.", ctx, param)
    return int(part), int(parts)


output_option: Decorator[Any] = click.option(
    "-o", "--output", metavar="FOLDER", required=True, help="The folder for the results; it is made."
)
feedback_format_option: Decorator[Any] = click.option(
    "--format",
    "formats",
    multiple=True,
    metavar=f"[{'|'.join(ENDINGS)}]",
    callback=endings,
    help="Write feedback for each student in this format, into the folder `feedback`; may be given again.",
)
feedback_option: Decorator[Any] = click.option(
    "--feedback", type=click.Choice(LEVELS), help="Show students no more than this; never more than the sheet allows."
)
workers_option: Decorator[Any] = click.option(
    "--workers", type=click.IntRange(1, 256), help="How many processes. [default: one for each core]"
)
exit_zero_option: Decorator[Any] = click.option(
    "--exit-zero", is_flag=True, help="Exit with 0 even if some files could not be marked."
)


@click.command("grade", cls=Command)
@click.argument("sheet")
@click.argument("files", nargs=-1, required=True)
@output_option
@feedback_format_option
@feedback_option
@workers_option
@click.option("--shard", metavar="I/N", callback=shard, help="Only the I-th of N parts; `hwcheck merge` joins them.")
@click.option("--restart", is_flag=True, help="Mark everything again, whatever the folder holds.")
@exit_zero_option
def command(
    sheet: str,
    files: tuple[str, ...],
    output: str,
    formats: tuple[str, ...],
    feedback: str | None,
    workers: int | None,
    shard: tuple[int, int],
    restart: bool,
    exit_zero: bool,
) -> int:
    """Mark the submissions of a whole class.

    SHEET is a file, or the name of a sheet that comes along; whatever sheet the answers name, this one counts. FILES
    are answers files, folders that hold some, and patterns such as 'class/**/*.yaml'.

    Written are results.csv and results.jsonl, a row for each file; statistics.json; the journal; and with --format a
    file of feedback for each student. A file that cannot be read is a row with the reason. A run that was interrupted
    leaves statistics marked as not complete, and goes on where it was when it is started again. Files that have changed
    are marked again, and feedback from before that no longer holds is removed.

    Exits with 0 if all files are marked, with 1 if some could not be, with 2 if nothing could be done.
    """
    from hwcheck import load_sheet
    from hwcheck.diagnostics import Invalid
    from hwcheck.grading.folder import held
    from hwcheck.grading.journal import opened
    from hwcheck.grading.marking import header_of, mark
    from hwcheck.grading.results import write_partial
    from hwcheck.grading.submissions import in_shard, submissions
    from hwcheck.render.progress import class_progress

    if "-" in (sheet, *files):
        raise click.UsageError("a class is marked from files: the sheet and the answers must have names.")
    loaded = load_sheet(sheet)
    header = header_of(loaded, shard)
    asked = in_shard(submissions(files, loaded.source.name), *shard)
    count = workers or cores()
    with held(output), opened(output, header, asked, restart) as journal:
        kept = len(journal.entries)
        if kept:
            complain(f"going on: {kept} of {len(asked)} are in the journal already")
        try:
            with class_progress("marking", len(asked), complain) as tell:
                mark(sheet, asked, journal, count, tell)
        except (KeyboardInterrupt, SystemExit):
            complain(f"stopped: {len(journal.entries)} of {len(asked)} are in the journal; the same command goes on")
            with suppress(Invalid):  # the journal is what counts
                write_partial(output, header, journal)
            raise
        whole = finish(output, header, journal, formats, feedback, count)
    return 0 if whole or exit_zero else 1


def finish(
    output: str, header: Header, journal: Journal, formats: Sequence[str], feedback: str | None, workers: int
) -> bool:
    """Write all that is made from a journal, and say what a class made of the sheet; tell whether all were marked."""
    from hwcheck.grading.feedback import write_feedback
    from hwcheck.grading.results import write_results
    from hwcheck.grading.rows import MARKED
    from hwcheck.render.progress import class_progress
    from hwcheck.render.statistics import statistics_text

    found = write_results(output, header, journal, workers)
    writers = {ENDINGS[each]: partial(written, each) for each in formats}
    with class_progress("feedback", len(journal.entries), complain) as tell:
        stale = write_feedback(output, header, journal.path, journal.entries, writers, feedback, workers, tell)
    if stale:
        complain(f"removed: {stale} {'file' if stale == 1 else 'files'} of feedback from before that no longer hold")
    complain(f"written: results.csv and more in {output}")
    emit(statistics_text(found, width(), ascii_only()))
    return bool(found[MARKED] == found["submissions"])


def written(format: str, report: Report) -> str:
    """Write a report for a student; in plain text with what is to be said of the file, as other formats have it."""
    from hwcheck import render
    from hwcheck.diagnostics import show_diagnostics

    row = FORMATS[format]
    write: Callable[..., str] = getattr(render, row.report)
    text = write(report, **{fact: PAGE[fact] for fact in row.page})
    if format == "plain" and report.diagnostics:
        text += f"\n{show_diagnostics(report.diagnostics, {})}\n"
    return text


def cores() -> int:
    """Give how many processes can run at once here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
