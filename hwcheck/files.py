"""Reading files that nobody vouches for, and writing results that survive a crash.

`read_source` opens without waiting on pipes, reads regular files only and no more than a limit, and gives text with
``\\n`` line ends and without control characters. `write_result` writes beside the target and renames, so that a
result is absent, old or new at any instant, never half.
"""

import contextlib
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import NoReturn

from hwcheck.diagnostics import Diagnostic, Invalid, Span
from hwcheck.record import NamedTuple
from hwcheck.text import closest

ANSWERS_LIMIT = 256_000
SHEET_LIMIT = 1_000_000
STDIN = "<stdin>"
TEMPORARY = ".tmp"  # what the name of a half-written result ends in, after a dot in front and the process

_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_SAVE = "save it again as plain text with the encoding UTF-8"
#: What files of other programs begin with.
_OTHER = {
    b"PK\x03\x04": "an archive, or a document of an office program",
    b"\x1f\x8b": "a compressed file",
    b"%PDF-": "a PDF",
    b"{\\rtf": "a document of a word processor",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}


class Source(NamedTuple):
    """The text of a file: its name as shown to people, the text, and the bytes that it was read from."""

    name: str
    text: str
    data: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        from hashlib import sha256  # slow to load, and seldom asked for

        return sha256(self.data).hexdigest()


def read_source(path: str, limit: int, follow: bool = True) -> Source:
    """Read a file of at most `limit` bytes, `-` being standard input; raise `Invalid` if that fails.

    Without `follow`, a link is refused: in a folder that others can write to, it may lead to any file.
    """
    if not follow and os.path.islink(path):
        _refuse(
            "HW002", "this is a link, which may lead anywhere: it is not followed", path, "put the file itself here"
        )
    name = STDIN if path == "-" else path
    data = _read_stdin(limit) if path == "-" else _read_file(path, limit, 0 if follow else _NO_LINK)
    if len(data) > limit:
        _refuse("HW004", f"the file is larger than {limit // 1000} kB", name, "check that this is the right file")
    return source_of(name, data)


def source_of(name: str, data: bytes) -> Source:
    """Read a text from its bytes; raise `Invalid` if it is none."""
    return Source(name, _decode(data, name), data)


def write_result(path: str, text: str | bytes) -> None:
    """Write text to a file as UTF-8, or bytes, wholly or not at all; raise `Invalid` if that fails."""
    with writing(path) as write:
        write(text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace"))


@contextlib.contextmanager
def writing(path: str) -> Iterator[Callable[[bytes], None]]:
    """Give what writes a result part by part; it takes its name when all is written and on the disk, or never.

    Raises:
        Invalid: it cannot be written.
    """
    if "\0" in path:
        refuse_writing(path, ValueError("its name holds a NUL character"))
    try:
        target = os.path.realpath(path)
        try:
            mode = os.stat(target).st_mode
        except FileNotFoundError:
            mode = None
        replaces = mode is None or stat.S_ISREG(mode)  # a pipe or a device is written to, not replaced by a file
        with _beside(target, mode) if replaces else _opened(target, os.O_WRONLY) as handle:
            yield partial(append, handle)
    except OSError as error:
        refuse_writing(path, error)


def append_result(path: str, text: str) -> None:
    """Write text at the end of a file, made if there is none; raise `Invalid` if that fails."""
    try:
        with _opened(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as handle:
            append(handle, text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        refuse_writing(path, error)


def refuse_writing(path: str, error: Exception) -> NoReturn:
    """Say that a result cannot be written."""
    message = f"cannot write this file: {_reason(error)}"
    _refuse("HW007", message, path, "check the folder, its permissions and the space left")


@contextlib.contextmanager
def _beside(target: str, mode: int | None) -> Iterator[int]:
    folder, base = os.path.split(target)
    temporary = os.path.join(folder, f".{base[:60]}.{os.getpid()}{TEMPORARY}")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(temporary)  # left by a process of the same number that was killed
    try:
        with _opened(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as handle:
            yield handle
            if mode is not None:
                os.chmod(temporary, stat.S_IMODE(mode))
            os.fsync(handle)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    if hasattr(os, "O_DIRECTORY"):  # the new name itself is on the disk only after this
        with contextlib.suppress(OSError), _opened(folder, os.O_RDONLY | os.O_DIRECTORY) as handle:
            os.fsync(handle)


@contextlib.contextmanager
def _opened(path: str, flags: int) -> Iterator[int]:
    handle = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0), 0o666)
    try:
        yield handle
    finally:
        os.close(handle)


def append(handle: int, data: bytes) -> None:
    """Write all of some bytes to an open file."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _read_stdin(limit: int) -> bytes:
    if sys.stdin is None:
        _refuse("HW003", "there is no standard input", STDIN, "give the name of a file")
    try:
        return sys.stdin.buffer.read(limit + 1)
    except (OSError, ValueError) as error:
        _refuse("HW003", f"cannot read standard input: {_reason(error)}", STDIN, "give the name of a file")


def _read_file(path: str, limit: int, more: int) -> bytes:
    if not path:
        _refuse("HW001", "the name of the file is empty", path, "give the name of a file")
    try:
        handle = os.open(path, _OPEN | more)
    except (FileNotFoundError, NotADirectoryError):
        _refuse("HW001", "there is no such file", path, _near(path))
    except (OSError, ValueError) as error:
        if os.path.isdir(path):
            _refuse_kind(stat.S_IFDIR, path)
        _refuse("HW003", f"cannot read this file: {_reason(error)}", path, "check its name and its permissions")
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            _refuse_kind(about.st_mode, path)
        parts = []
        left = limit + 1
        while left > 0 and (part := os.read(handle, left)):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)
    except OSError as error:
        _refuse("HW003", f"cannot read this file: {_reason(error)}", path, "check its permissions and its disk")
    finally:
        os.close(handle)


def _refuse_kind(mode: int, path: str) -> NoReturn:
    if stat.S_ISDIR(mode):
        _refuse("HW002", "this is a folder, not a file", path, _inside(path))
    kind = (
        "a pipe"
        if stat.S_ISFIFO(mode)
        else "a device"
        if stat.S_ISCHR(mode) or stat.S_ISBLK(mode)
        else "no regular file"
    )
    _refuse("HW002", f"this is {kind}, not a file", path, "give a file, or `-` to read standard input")


def _decode(data: bytes, name: str) -> str:
    """Turn bytes into text with one kind of line end, or refuse them."""
    for start, what in _OTHER.items():
        if data.startswith(start):
            _refuse("HW006", f"this is no text file but {what}", name, "give a text file, such as `answers.yaml`")
    coding = "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        coding = "utf-16"
    elif b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        _refuse(
            "HW006", f"this is no text file: it holds a NUL byte at offset {data.index(0)}, line {line}", name, _SAVE
        )
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode(coding)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        offset = error.start + len(data) - len(error.object)  # after the mark of the encoding, if there is one
        byte = error.object[error.start]
        guess = bytes([byte]).decode("latin-1") if byte >= 0xA0 and coding != "utf-16" else ""
        message = f"this is no {coding.upper()} text: byte 0x{byte:02x} at offset {offset}, line {line}"
        _refuse("HW005", message, name, f"if it should be `{guess}`, {_SAVE}" if guess else _SAVE)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = text.replace("\n", "").replace("\t", "").isprintable()  # most texts; letters of some scripts are not
    control = None if plain else re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    if control:
        at = control.start()
        line = text.count("\n", 0, at) + 1
        column = at - text.rfind("\n", 0, at)
        message = f"the file holds the control character U+{ord(text[at]):04X}"
        raise Invalid(
            [Diagnostic("HW006", message, name, Span(line, column, column + 1), help=f"remove it, or {_SAVE}")],
            {name: text},
        )
    return text


def _near(path: str) -> str:
    """Say which files of the folder have a name like this one."""
    folder, base = os.path.split(path)
    try:
        names = sorted(os.listdir(folder or "."))[:10_000]
    except (OSError, ValueError):
        return f"there is no folder `{folder}` either" if folder else "check the name"
    found = [os.path.join(folder, each) for each in closest(base, names, 3)]
    if not found:  # the ending forgotten
        found = [os.path.join(folder, each) for each in names if os.path.splitext(each)[0] == base][:3]
    if found:
        return "did you mean " + " or ".join(f"`{each}`" for each in found) + "?"
    return f"no file of `{folder or 'this folder'}` has a similar name"


def _inside(folder: str) -> str:
    try:
        found = sorted(each for each in os.listdir(folder) if each.endswith((".yaml", ".yml")))[:3]
    except OSError:
        found = []
    if not found:
        return "give the name of a file"
    return "give a file, such as " + " or ".join(f"`{os.path.join(folder, each)}`" for each in found)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def _refuse(code: str, message: str, name: str, fix: str) -> NoReturn:
    raise Invalid([Diagnostic(code, message, name, help=fix)])
