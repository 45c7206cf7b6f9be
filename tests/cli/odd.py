"""A command that ends in every way a command can, and a way to run the command line with it in a process."""

import os
import subprocess
import sys
import time
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent.parent
START = (
    "import sys; from hwcheck import cli; cli.COMMANDS['odd'] = cli.Row('tests.cli.odd', 'End oddly.');"
    "sys.exit(cli.main(sys.argv[1:]))"
)


class Stubborn(click.ClickException):
    """An error that takes its time to be shown."""

    def __init__(self) -> None:
        super().__init__("stubborn")

    def show(self, file: object = None) -> None:
        from hwcheck.cli.streams import emit

        emit("cleaning up")
        time.sleep(60)


@click.command("odd")
@click.argument("ending")
def command(ending: str) -> int:
    """End oddly."""
    from hwcheck.cli.streams import emit
    from hwcheck.diagnostics import Diagnostic, Invalid

    if ending == "bug":
        raise KeyError("the \x1b[31mkey")
    if ending == "deep":
        raise RecursionError("maximum recursion depth exceeded")
    if ending == "invalid":
        raise Invalid([Diagnostic("HW101", "this is no sheet", "odd.yaml")])
    if ending == "refused":
        raise PermissionError(13, "Permission denied", "odd\x1b.yaml")
    if ending == "usage":
        raise click.UsageError("odd usage")
    if ending == "interrupt":
        raise KeyboardInterrupt
    if ending == "wait":
        try:
            emit("waiting")
            time.sleep(60)
        finally:
            print("cleaned up", file=sys.stderr)
    if ending == "stubborn":  # it goes on cleaning up where exceptions are dealt with
        try:
            emit("waiting")
            time.sleep(60)
        except KeyboardInterrupt:
            raise Stubborn from None
    if ending == "many":
        for _ in range(100_000):
            emit("0.31  −0.28")
    if ending == "unicode":
        emit("⎡ ∂J/∂X1 ⎤ \udcff")
    if ending == "threads":
        emit(os.environ["OPENBLAS_NUM_THREADS"])
    return 1 if ending == "wrong" else 0


def start(
    *arguments: str, stdout: int = subprocess.PIPE, environment: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start the command line in a process of its own, in an environment with nothing set but this."""
    return subprocess.Popen(
        [sys.executable, "-c", START, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ} | (environment or {}),
    )
