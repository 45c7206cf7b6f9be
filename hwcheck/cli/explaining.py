"""`hwcheck explain`: what a code means, of a slip or of a remark on a file."""

import click

from hwcheck.cli import Command
from hwcheck.cli.streams import ascii_only, emit, width


@click.command("explain", cls=Command)
@click.argument("code", required=False)
@click.option(
    "--format",
    type=click.Choice(["plain", "json"]),
    default="plain",
    show_default=True,
    help="How to write it.",
)
def command(code: str | None, format: str) -> None:
    """Explain a code of a report, or list all codes.

    A code is one such as DROP_ZERO or HW103; case and dashes do not matter. Of a slip you see what is done in the place
    of what, an example, what the student is told, how to find it oneself, and when it cannot be told from something
    else.
    """
    from hwcheck.render import codes

    asked = []
    if code is not None:
        known = codes.known_code(code)
        if known is None:
            raise unknown(code)
        asked.append(known)
    emit(codes.codes_json(asked) if format == "json" else codes.codes_text(asked, width(), ascii_only()))


def unknown(code: str) -> click.UsageError:
    """Say that there is no such code, and which one is like it."""
    from hwcheck.render.codes import like
    from hwcheck.text import safe_text

    near = like(code)
    meant = f"did you mean {near[0]!r}?" if near else "`hwcheck explain` lists all codes."
    return click.UsageError(f"there is no code {safe_text(code, 60)!r}: {meant}")
