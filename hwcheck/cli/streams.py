"""What goes to the screen: results to stdout, everything else to stderr, and never an error for a character.

A terminal keeps its encoding and shows `?` for what it lacks; a pipe or a file gets UTF-8 wherever it is, unless
`PYTHONIOENCODING` says otherwise. Either stream may be closed, full, or a pipe that nobody reads.
"""

import io
import os
import sys

UNUSABLE, BUG, INTERRUPTED, CLOSED_PIPE = 2, 3, 130, 141  # exit codes beside 0 and 1, which are the answers' own
NARROWEST = 20


def prepare() -> None:
    """Make stdout and stderr take any text."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            terminal = stream.isatty() or os.environ.get("PYTHONIOENCODING")
            stream.reconfigure(encoding=None if terminal else "utf-8", errors="replace")


def emit(text: str) -> None:
    """Write a result to stdout; raise OSError where it can't be written."""
    if sys.stdout is None:  # closed by the shell
        raise OSError("the result can't be written: the standard output is closed")
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, f"the result can't be written: {error.strerror}") from error


def complain(text: str) -> None:
    """Write a message to stderr, if anybody reads it."""
    from hwcheck.text import inert

    text = inert(text)
    try:
        if sys.stderr is not None:
            sys.stderr.write(text if text.endswith("\n") else text + "\n")
            sys.stderr.flush()
    except OSError:
        silence(sys.stderr)


def flush(code: int) -> int:
    """Write out what is still held back; return the exit code, changed if that fails."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError as error:
            silence(stream)
            if code < UNUSABLE:
                code = CLOSED_PIPE if isinstance(error, BrokenPipeError) else UNUSABLE
    return code


def silence(stream: object) -> None:
    """Send what a broken stream still holds nowhere; Python would try once more on its way out, and exit 120."""
    if isinstance(stream, io.TextIOWrapper):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def on_terminal() -> bool:
    """Tell whether results go to a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def ascii_only() -> bool:
    """Tell whether stdout can't show the signs of mathematics."""
    try:
        "⎡∂·−✓".encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return True
    return False


def colored(choice: str, terminal: bool) -> bool:
    """Decide whether to colour: the flag, then NO_COLOR, then FORCE_COLOR, then whether it goes to a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (terminal and os.environ.get("TERM") != "dumb")


def width() -> int:
    """Return the cells of a line: COLUMNS, or the terminal's, or 80; at least 20."""
    from shutil import get_terminal_size

    return max(NARROWEST, get_terminal_size().columns)
