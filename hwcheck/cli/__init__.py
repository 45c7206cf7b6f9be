"""The command line: a table of commands, each a module that is loaded when called, and the exit codes.

`hwcheck --help` is written from the table alone. Whatever a command raises ends here as one of the exit codes, because
Click's own ending gives 1 to an interrupt, to a closed pipe and to a bug alike, and 1 means "something is wrong in the
answers".
"""

import gc
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import click

from hwcheck import __version__
from hwcheck.cli.streams import BUG, CLOSED_PIPE, INTERRUPTED, UNUSABLE, complain, flush, prepare
from hwcheck.record import NamedTuple


class Row(NamedTuple):
    """A command: the module that holds it as `command`, and its line in the list of commands."""

    module: str
    help: str


COMMANDS = {
    "solve": Row("hwcheck.cli.solve", "Print the solution of a sheet, step by step."),
    "verify": Row("hwcheck.cli.verify", "Check the answers of a student, step by step."),
    "grade": Row("hwcheck.cli.grade", "Mark the submissions of a whole class."),
    "merge": Row("hwcheck.cli.merge", "Join the results of several runs of grade about one sheet."),
    "template": Row("hwcheck.cli.template", "Write a blank answers file for a sheet."),
    "graph": Row("hwcheck.cli.graph", "Draw the computational graph of a sheet's problems."),
    "lint": Row("hwcheck.cli.lint", "Prove a sheet, and say which slips its numbers hide."),
    "explain": Row("hwcheck.cli.explaining", "Explain a code, or derive one quantity of a sheet."),
    "init": Row("hwcheck.cli.init", "Write the starting files of a course."),
    "list": Row("hwcheck.cli.listing", "List the sheets that come along."),
    "schema": Row("hwcheck.cli.schema", "Print the JSON Schema of sheets or of answers."),
}

DEEPEST = 5000  # frames: the tree of a sum is as deep as it has terms
SIGNALS = {"SIGTERM": 143, "SIGHUP": 129}
# One thread: a homework's matrices are small, and starting a pool of threads costs more than the sheet.
SWEEP = 500_000  # objects made before the garbage collector looks for what nobody uses; Python's own number is 700
THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def ending(*names: str, help: str, text: Callable[[click.Context], str]) -> click.Option:
    """Make an option that prints a text and ends the run.

    Click's own first look for translations of their help, which takes longer than reading a sheet.
    """

    def show(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            click.echo(text(ctx), color=ctx.color)
            ctx.exit()

    return click.Option(names, is_flag=True, is_eager=True, expose_value=False, help=help, callback=show)


HELP = ending("-h", "--help", help="Show this message and exit.", text=click.Context.get_help)
VERSION = ending("--version", help="Show the version and exit.", text=lambda ctx: f"hwcheck {__version__}")


class Command(click.Command):
    """A command with our option for help."""

    def get_help_option(self, ctx: click.Context) -> click.Option:
        """Return the option that prints the help."""
        return HELP


class Commands(click.Group):
    """The commands of the table, each loaded when it is called."""

    def get_help_option(self, ctx: click.Context) -> click.Option:
        """Return the option that prints the help."""
        return HELP

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        from importlib import import_module

        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name].module).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name; an unknown one is answered with the closest that exists."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from hwcheck.text import closest, safe_text

            known = closest(name, COMMANDS)
            ctx.fail(f"no command {safe_text(name, 60)!r}" + (f": did you mean {known[0]!r}?" if known else "."))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, without loading one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, row.help) for name, row in COMMANDS.items()])


@click.group(cls=Commands, params=[VERSION], context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Solve and check neural-network homework: forward pass, backpropagation and update, step by step."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, `sys.argv` without arguments, and return the exit code."""
    for name in THREADS:
        os.environ.setdefault(name, "1")
    prepare()
    if arguments is not None:
        with stoppable():
            return ended(list(arguments))
    gc.set_threshold(SWEEP)
    try:
        with stoppable():
            code = ended(sys.argv[1:])
    except KeyboardInterrupt:  # another one, when all is done
        code = INTERRUPTED
    # Everything is written and closed; taking NumPy's thousands of objects down one by one would change nothing.
    os._exit(code)


def ended(arguments: list[str]) -> int:
    """Run one command and write out what is held back; a second Ctrl-C, while the first is dealt with, ends both."""
    try:
        return flush(run(arguments))
    except KeyboardInterrupt:
        return INTERRUPTED


def run(arguments: list[str]) -> int:
    """Run one command; return the exit code that its result, or what it raised, stands for."""
    sys.setrecursionlimit(max(DEEPEST, sys.getrecursionlimit()))
    try:
        complete()
        with commands.make_context("hwcheck", arguments) as ctx:
            code = commands.invoke(ctx)
            return code if isinstance(code, int) else 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(file=shown)
        complain(shown.getvalue())
        return UNUSABLE
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else UNUSABLE
    except BrokenPipeError:
        return CLOSED_PIPE
    except Exception as error:  # the last resort that keeps a bug from looking like a wrong answer
        return explain(error)


def explain(error: Exception) -> int:
    """Say what went wrong: a file that can't be used, an output that can't be written, or a bug of ours."""
    from hwcheck.diagnostics import Invalid, show_diagnostics
    from hwcheck.text import safe_text

    if os.environ.get("HWCHECK_DEBUG"):
        import traceback

        complain(safe_text("".join(traceback.format_exception(error)), keep_newlines=True))
    if isinstance(error, Invalid):
        complain(show_diagnostics(error.diagnostics, error.sources))
        return UNUSABLE
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        complain(safe_text(f"error: {where}{error.strerror or error}"))
        return UNUSABLE
    if isinstance(error, (RecursionError, MemoryError)):
        complain(
            "error: this is nested too deeply, or too large, to be worked out here"
            "\n  = help: write long formulas in several lines, and use smaller arrays and shorter sums"
        )
        return UNUSABLE
    python = ".".join(map(str, sys.version_info[:3]))
    complain(
        safe_text(f"error: this is a bug of hwcheck: {type(error).__name__}: {error}", 500)
        + f"\n  = help: please report it with the file and the output of the same command under HWCHECK_DEBUG=1"
        f"\n          (hwcheck {__version__}, Python {python}, {sys.platform})"
    )
    return BUG


@contextmanager
def stoppable() -> Iterator[None]:
    """Let a signal to stop end the run as an exception, so that half-written files are removed on the way out."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        sys.exit(codes[number])

    codes = {getattr(signal, name): code for name, code in SIGNALS.items() if hasattr(signal, name)}
    ours = [number for number in codes if signal.getsignal(number) is signal.SIG_DFL]  # under nohup one is ignored
    for number in ours:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def complete() -> None:
    """Answer the shell's question for completions, where `_HWCHECK_COMPLETE` asks one."""
    if asked := os.environ.get("_HWCHECK_COMPLETE"):
        from click.shell_completion import shell_complete

        sys.exit(shell_complete(commands, {}, "hwcheck", "_HWCHECK_COMPLETE", asked))
