"""The results of a class, made from the journal: a table, lines of JSON, and statistics."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from io import StringIO
from itertools import islice
from typing import Any

from ..files import refuse_writing, write_result, writing
from ..marking.slips import SLIPS
from ..record import NamedTuple
from ..text import csv_field
from .journal import Entry, Header, Journal, lines, row_in
from .pool import Died, Work, worked
from .rows import Row
from .statistics import Tally, add, counted, statistics_of, tally

TABLE, LINES, STATISTICS = "results.csv", "results.jsonl", "statistics.json"
TOGETHER = 200  # submissions whose rows are made at once


class Part(NamedTuple):
    """What the results have of some submissions: their rows for the table and as JSON, and what was counted."""

    table: bytes
    lines: bytes
    counts: Tally


def write_results(folder: str, header: Header, journal: Journal, workers: int) -> dict[str, Any]:
    """Write what the journal holds, in the order of the files' names; give the statistics.

    Raises:
        Invalid: a result cannot be written.
    """
    counts = tally()
    path = os.path.join(folder, TABLE)
    with writing(path) as table, writing(os.path.join(folder, LINES)) as rows:
        table(_table([_head(header)]))
        tasks = enumerate(_some(journal))
        waiting: dict[int, Part] = {}
        done = 0
        with closing(worked(partial(parter, header, journal.path), tasks, workers)) as answers:
            for (at, _), answer in answers:
                if isinstance(answer, Died):
                    refuse_writing(path, ValueError(answer.reason))
                waiting[at] = answer
                while part := waiting.pop(done, None):
                    done += 1
                    table(part.table)
                    rows(part.lines)
                    add(counts, part.counts)
    return _statistics(folder, header, counts, complete=True)


def write_partial(folder: str, header: Header, journal: Journal) -> None:
    """Write the statistics of what a journal holds by now, marked as those of a part.

    Raises:
        Invalid: they cannot be written.
    """
    counts = tally()
    for some in _some(journal):
        add(counts, _part(header, journal.path, some).counts)
    _statistics(folder, header, counts, complete=False)


def parter(header: Header, journal: str) -> Work:
    """Give what makes parts of the results, told of each its number and where the lines of its submissions stand."""
    return lambda tasks: [_part(header, journal, some) for _, some in tasks]


def _some(journal: Journal) -> Iterator[dict[str, Entry]]:
    """Give what a journal holds, in the order of the files' names, some at a time."""
    files = iter(sorted(journal.entries))
    while some := [*islice(files, TOGETHER)]:
        yield {file: journal.entries[file] for file in some}


def _part(header: Header, journal: str, some: Mapping[str, Entry]) -> Part:
    counts = tally()
    kept = [(file, row_in(line)) for file, line in lines(journal, some)]
    found: list[Row] = [json.loads(row) for _, row in kept]
    for (file, _), row in zip(kept, found, strict=True):
        counted(counts, file, row)
    table = _table([_cells(header, row) for row in found])
    return Part(table, b"".join([row + b"\n" for _, row in kept]), counts)


def _statistics(folder: str, header: Header, counts: Tally, complete: bool) -> dict[str, Any]:
    found = statistics_of(counts, header, lambda code: SLIPS[code].name if code in SLIPS else "", complete)
    write_result(os.path.join(folder, STATISTICS), json.dumps(found, indent=1, allow_nan=False) + "\n")
    return found


def _head(header: Header) -> list[str]:
    questions = [csv_field(f"{each.problem}.{each.question}") for each in header.columns]
    track = ["track"] if header.tracks else []
    more = ["to_read", "without_follow_through", "slips", "reason"]
    return ["file", "student", *track, "status", "score", "max_score", *questions, *more]


def _cells(header: Header, row: Row) -> list[str]:
    codes = [code for answer in row["answers"] if "slips" in answer for code in answer["slips"]]
    return [
        csv_field(row["file"]),
        csv_field(row["student"]),
        *([csv_field(row["track"] or "")] if header.tracks else []),
        row["status"],
        number(row["score"]),
        number(row["max_score"]),
        *[number(row["questions"].get(f"{each.problem}.{each.question}")) for each in header.columns],
        number(row["to_read"]),
        number(row["without_follow_through"]),
        " ".join(dict.fromkeys(codes)),
        csv_field(row["reason"]),
    ]


def number(value: float | None) -> str:
    """Write a number for a table; nothing where there is none."""
    return "" if value is None else f"{value:.12g}"


def _table(rows: list[list[str]]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "backslashreplace")
