"""The arguments and options that several commands share, and where a result goes: `--format FORMAT[=FILE]`.

The formats are a table: for each the function of `hwcheck.render` that writes a solution or a report, and which of the
page's facts (its width, whether it has colour, how many digits) that function is told.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from hwcheck.cli.streams import ascii_only, colored, emit, on_terminal, width
from hwcheck.record import NamedTuple

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Decorator = Callable[[Decorated], Decorated]


class Format(NamedTuple):
    """A format of results: the functions of `hwcheck.render` that write it ("" for none), and what they are told.

    A platform's own format is written for answers that can't be read as well (`always`); where the platform takes the
    score from it, the exit code says only that grading ran (`scored`).
    """

    solution: str
    report: str
    page: tuple[str, ...] = ()
    always: bool = False
    scored: bool = False


FORMATS = {
    "table": Format("solution_table", "report_table", ("width", "color", "digits", "ascii")),
    "plain": Format("solution_text", "report_text", ("width", "digits", "ascii")),
    "json": Format("solution_json", "report_json"),
    "markdown": Format("solution_markdown", "report_markdown", ("digits",)),
    "latex": Format("solution_latex", "report_latex", ("digits",)),
    "html": Format("solution_html", "report_html", ("digits",)),
    "csv": Format("", "report_csv"),
    "jsonl": Format("", "report_jsonl"),
    "junit": Format("", "report_junit", always=True),
    "github": Format("", "report_github", ("source",), always=True),
    "gradescope": Format("", "report_gradescope", always=True, scored=True),
    "classroom50": Format("", "report_classroom50", ("submission", "now"), always=True, scored=True),
}


class Target(NamedTuple):
    """One asked output: a format, and the file it goes to, empty for stdout."""

    format: str
    file: str = ""


Callback = Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[Target, ...]]


def among(formats: Iterable[str], default: Callable[[], str]) -> Callback:
    """Make what reads `FORMAT[=FILE]`, each output to a place of its own; without any it is the default to stdout."""

    def read(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[Target, ...]:
        asked = []
        for text in value:
            name, equals, file = text.partition("=")
            if name not in formats:
                raise click.BadParameter(f"no format {name!r}; the formats are {', '.join(formats)}.", ctx, param)
            if equals and not file:
                raise click.BadParameter(f"{text!r} names no file after the `=`.", ctx, param)
            asked.append(Target(name, "" if file == "-" else file))
        if len({target.file for target in asked}) < len(asked):
            message = "two formats go to the same place; give all but one a file: json=FILE."
            raise click.BadParameter(message, ctx, param)
        return tuple(asked) or (Target(default()),)

    return read


def formats_of(kind: str) -> list[str]:
    """Give the formats that a solution or a report (`kind`) is written in."""
    return [name for name, row in FORMATS.items() if getattr(row, kind)]


def targets(kind: str) -> Callback:
    """Make what reads the formats of a solution or a report (`kind`)."""
    return among(formats_of(kind), lambda: "table" if on_terminal() else "plain")


def format_option(kind: str) -> Decorator[Any]:
    """Make the option for the formats of a solution or a report (`kind`)."""
    return click.option(
        "--format",
        "targets",
        multiple=True,
        metavar=f"[{'|'.join(formats_of(kind))}][=FILE]",
        callback=targets(kind),
        help="How to write the result, and to which file; may be given again. "
        "[default: table on a terminal, else plain]",
    )


color_option: Decorator[Any] = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Whether to colour tables; auto heeds NO_COLOR, FORCE_COLOR and TERM.",
)
problem_option: Decorator[Any] = click.option("--problem", metavar="ID", help="Only this problem.")


def write(
    kind: str, result: object, targets: Iterable[Target], color: str, digits: int | None = None, source: str = ""
) -> None:
    """Write a solution or a report (`kind`) in every format asked; `source` is the text of the answers file."""
    from hwcheck import render

    def text_of(target: Target) -> str:
        row = FORMATS[target.format]
        text: str = getattr(render, getattr(row, kind))(result, **told(row.page, target.file, color, digits, source))
        return text

    deliver(targets, text_of)


def deliver(targets: Iterable[Target], text_of: Callable[[Target], str]) -> None:
    """Write every output that is asked; files come first, as stdout may be closed early."""
    from hwcheck.files import write_result

    for target in sorted(targets, key=lambda target: target.file == ""):
        text = text_of(target)
        if target.file:
            write_result(target.file, text)
        else:
            emit(text)


def told(facts: Iterable[str], file: str, color: str, digits: int | None, source: str = "") -> dict[str, object]:
    """Find out the facts that a format asks, and no others: a terminal's width takes a while to find."""
    known: dict[str, Callable[[], object]] = {
        "width": width,
        "color": lambda: colored(color, terminal=not file and on_terminal()),
        "digits": lambda: digits,
        "ascii": lambda: not file and ascii_only(),
        "source": lambda: source,
        "submission": submission,
        "now": now,
    }
    return {fact: known[fact]() for fact in facts}


def submission() -> dict[str, str]:
    """Read from the environment what Classroom 50 says of a submission."""
    from hwcheck.render.classroom50 import TYPE, VARIABLES

    found: dict[str, str] = {}
    for field, names in VARIABLES.items():
        values = [os.environ[name] for name in names if os.environ.get(name)]
        if not values:
            raise click.UsageError(
                f"the environment variable {names[0]} is not set; the format classroom50 is for its runner, which says "
                "there whose submission it is."
            )
        found[field] = values[0]
    name, usual = TYPE
    return {**found, "assignment_type": os.environ.get(name) or usual}


def now() -> str:
    """Give the time in UTC, such as 2026-06-01T14:32:01Z."""
    from time import gmtime, strftime

    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime())


def named(kind: str, name: str | None, known: Iterable[str]) -> None:
    """Refuse a name, of a problem or a question (`kind`), that the sheet doesn't have."""
    known = list(known)
    if name is not None and name not in known:
        from hwcheck.text import closest, safe_text

        near = closest(name, known)
        meant = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known)}."
        raise click.UsageError(safe_text(f"the sheet has no {kind} {name!r}: {meant}", 300))
