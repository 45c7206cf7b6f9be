"""The journal: a line of JSON for each submission that has been marked, and all results are made from it.

Its first line says which sheet it is about. A line is on the disk at most a second after it was written; one that a
killed run left half-written is left out when the journal is opened again. Of two lines about a submission the later
counts. A line has three parts with a tab between them, which JSON takes as a blank: which file it is about, the row for
the results, and what the report is made of again; so that each can be had without reading the others. The first line
has the sheet itself, so that feedback can be written wherever the journal is.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic

from .. import __version__
from ..diagnostics import Diagnostic, Invalid
from ..files import append, refuse_writing, writing
from ..record import NamedTuple
from .records import Plain, dumped

NAME = "journal.jsonl"
SCHEMA = "hwcheck/journal/v1"
SYNC = 1.0  # seconds between two times that the disk is waited for


class Column(NamedTuple):
    """A question that has points: its problem, its id, and the most points that a student can have for it."""

    problem: str
    question: str
    points: float


class Header(NamedTuple):
    """What a journal is about: the sheet, the most that students are shown, the questions that have points.

    `data` is its file (in base64), `shard` which part of how many it is, `version` that of the program that marked.
    """

    sheet: str
    title: str
    sheet_hash: str
    data: str
    feedback: str
    tracks: tuple[str, ...]
    columns: tuple[Column, ...]
    shard: tuple[int, int] = (1, 1)
    version: str = __version__


class Entry(NamedTuple):
    """Where the line about a submission stands in a journal, and the hash of the file that was marked."""

    start: int
    size: int
    digest: str


class Journal(NamedTuple):
    """An open journal: its path, where it is written, what it holds, and when it was on the disk last."""

    path: str
    handle: int
    entries: dict[str, Entry]
    end: list[int]
    synced: list[float]


def line_of(file: str, digest: str, row: str, kept: str) -> bytes:
    """Give the line about a submission; `digest` is empty for one that is to be marked again another time."""
    head = dumped({"file": file, "digest": digest})
    return f'{head[:-1]},\t"row":{row},\t"kept":{kept}}}\n'.encode("ascii")


def file_in(line: bytes) -> str:
    """Give the file that a line is about."""
    file: str = json.loads(line.split(b",\t")[0] + b"}")["file"]
    return file


def row_in(line: bytes) -> bytes:
    """Give the row for the results in a line, as JSON."""
    return line.split(b"\t")[1][len(b'"row":') : -1]


def kept_in(line: bytes) -> Plain:
    """Give what is kept in a line for the report, read as JSON."""
    return json.loads(line.split(b"\t")[2][len(b'"kept":') : -2])


@contextmanager
def opened(folder: str, header: Header, files: Collection[str], anew: bool = False) -> Iterator[Journal]:
    """Open the journal of a folder, go on with what it holds about `files`, and have all on the disk at the end.

    Raises:
        Invalid: it is about another sheet (and not to be begun `anew`), or it cannot be written.
    """
    path = os.path.join(folder, NAME)
    entries, end = ({}, 0) if anew else _gone_on(path, header, files)
    if not entries:
        with writing(path) as write:
            write(_first(header))
        end = len(_first(header))
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        refuse_writing(path, error)
    journal = Journal(path, handle, entries, [end], [monotonic()])
    try:
        yield journal
    finally:
        try:
            os.fsync(handle)
        except OSError as error:
            refuse_writing(path, error)
        finally:
            os.close(handle)


def kept(journal: Journal, file: str, digest: str, line: bytes) -> None:
    """Write the line about a submission.

    Raises:
        Invalid: the disk is full, or the like.
    """
    try:
        append(journal.handle, line)
        journal.entries[file] = Entry(journal.end[0], len(line), digest)
        journal.end[0] += len(line)
        if monotonic() - journal.synced[0] >= SYNC:
            os.fsync(journal.handle)
            journal.synced[0] = monotonic()
    except OSError as error:
        refuse_writing(journal.path, error)


def lines(path: str, entries: Mapping[str, Entry]) -> Iterator[tuple[str, bytes]]:
    """Give each submission with its line, in the order of their names."""
    with open(path, "rb") as stream:
        for file in sorted(entries):
            yield file, _line_at(stream.fileno(), entries[file])


def line_in(path: str, entry: Entry) -> bytes:
    """Give one line of a journal."""
    with open(path, "rb") as stream:
        return _line_at(stream.fileno(), entry)


def _line_at(handle: int, entry: Entry) -> bytes:
    os.lseek(handle, entry.start, os.SEEK_SET)
    return os.read(handle, entry.size)


def read(path: str) -> tuple[Header | None, dict[str, Entry], bool]:
    """Read which submissions a journal holds, and whether all of its lines are whole.

    Without a header, None, it is no journal.

    Raises:
        Invalid: it cannot be read.
    """
    header: Header | None = None
    entries: dict[str, Entry] = {}
    whole = True
    start = 0
    for line in _lines(path):
        found = _json(line)
        if header is None:
            header = _header_of(found)
            if header is None:
                return None, {}, False
        elif isinstance(found, dict) and found.keys() == {"file", "digest", "row", "kept"} and line.count(b"\t") == 2:
            whole = whole and found["file"] not in entries
            entries[found["file"]] = Entry(start, len(line), found["digest"])
        else:
            whole = False
        start += len(line)
    return header, entries, whole


def _lines(path: str) -> Iterator[bytes]:
    fix = "give the folder of results that `hwcheck grade` has written"
    try:
        with open(path, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise Invalid([Diagnostic("HW002", "this is no regular file", path, help=fix)])
            yield from stream
    except FileNotFoundError:
        raise Invalid([Diagnostic("HW001", "there is no journal of this name", path, help=fix)]) from None
    except OSError as error:
        raise Invalid([Diagnostic("HW003", f"cannot read this file: {error.strerror}", path, help=fix)]) from error


def _json(line: bytes) -> Plain:
    try:
        return json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None


def _first(header: Header) -> bytes:
    return (dumped({"schema": SCHEMA, **header._asdict()}) + "\n").encode("ascii")


def _header_of(found: Plain) -> Header | None:
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        return None
    try:
        header = Header(**{name: found[name] for name in Header._fields})
        columns = tuple(Column(*each) for each in header.columns)
        part, parts = header.shard
    except (KeyError, TypeError, ValueError):
        return None
    return header._replace(columns=columns, tracks=tuple(header.tracks), shard=(part, parts))


def _gone_on(path: str, header: Header, files: Collection[str]) -> tuple[dict[str, Entry], int]:
    """Give what a journal holds about some files, and its length; leave out what is no longer asked, or half-written.

    What another version of the program marked is marked again.
    """
    if not os.path.lexists(path):
        return {}, 0
    before, entries, whole = read(path)
    if before is None:
        fix = "give another folder, or take this file away"
        raise Invalid([Diagnostic("HW007", "this file is no journal of `hwcheck grade`", path, help=fix)])
    if (before.sheet, before.sheet_hash) != (header.sheet, header.sheet_hash):
        other = f"another sheet, `{before.sheet}`" if before.sheet != header.sheet else "another edition of the sheet"
        fix = "give another folder; or --restart, and what is here is marked again by this sheet"
        raise Invalid([Diagnostic("HW007", f"this folder holds results of {other}", path, help=fix)])
    if before.version != header.version:
        return {}, 0
    wanted = set(files)
    asked = {file: entry for file, entry in entries.items() if file in wanted}
    if whole and before == header and len(asked) == len(entries):
        return asked, os.path.getsize(path)
    return merged(path, header, [(path, asked)])


def merged(path: str, header: Header, parts: Iterable[tuple[str, Mapping[str, Entry]]]) -> tuple[dict[str, Entry], int]:
    """Write a journal of lines of others; give what it holds, and its length."""
    out: dict[str, Entry] = {}
    with writing(path) as write:
        write(_first(header))
        end = len(_first(header))
        for source, entries in parts:
            for file, line in lines(source, entries):
                write(line)
                out[file] = Entry(end, len(line), entries[file].digest)
                end += len(line)
    return out, end
