"""`hwcheck merge`: one set of results from those of several runs of `hwcheck grade`."""

import click

from hwcheck.cli import Command
from hwcheck.cli.grade import (
    cores,
    exit_zero_option,
    feedback_format_option,
    feedback_option,
    finish,
    output_option,
    workers_option,
)
from hwcheck.cli.streams import complain


@click.command("merge", cls=Command)
@click.argument("folders", nargs=-1, required=True)
@output_option
@feedback_format_option
@feedback_option
@workers_option
@exit_zero_option
def command(
    folders: tuple[str, ...],
    output: str,
    formats: tuple[str, ...],
    feedback: str | None,
    workers: int | None,
    exit_zero: bool,
) -> int:
    """Join the results of several runs of grade about one sheet.

    FOLDERS are those that `hwcheck grade --shard` has written. What is written is, byte for byte, what one run over all
    files writes. Exits as grade does.
    """
    from hwcheck.grading.folder import held
    from hwcheck.grading.merging import joined

    with held(output), joined(output, folders) as (header, journal, missing):
        if missing:
            complain(f"warning: not all parts are here; missing: {', '.join(missing)}")
        whole = finish(output, header, journal, formats, feedback, workers or cores())
    return 0 if whole or exit_zero else 1
