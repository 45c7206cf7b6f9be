"""The results of a class, made from the journal: a table, lines of JSON, and statistics."""

from __future__ import annotations

import csv
import json
import os
from io import StringIO
from itertools import islice
from typing import Any

from ..files import write_result, writing
from ..marking.slips import SLIPS
from ..text import csv_field
from .journal import Header, Journal, lines, row_in
from .rows import Row
from .statistics import Tally, counted, statistics_of, tally

TABLE, LINES, STATISTICS = "results.csv", "results.jsonl", "statistics.json"
TOGETHER = 200  # rows that are written at once


def write_results(folder: str, header: Header, journal: Journal) -> dict[str, Any]:
    """Write what the journal holds, in the order of the files' names; give the statistics.

    Raises:
        Invalid: a result cannot be written.
    """
    counts = tally()
    with writing(os.path.join(folder, TABLE)) as table, writing(os.path.join(folder, LINES)) as rows:
        table(_table([_head(header)]))
        todo = lines(journal.path, journal.entries)
        while some := [(file, row_in(line)) for file, line in islice(todo, TOGETHER)]:
            found: list[Row] = [json.loads(kept) for _, kept in some]
            rows(b"".join([kept + b"\n" for _, kept in some]))
            table(_table([_cells(header, row) for row in found]))
            for (file, _), row in zip(some, found, strict=True):
                counted(counts, file, row)
    return _statistics(folder, header, counts, complete=True)


def write_partial(folder: str, header: Header, journal: Journal) -> None:
    """Write the statistics of what a journal holds by now, marked as those of a part.

    Raises:
        Invalid: they cannot be written.
    """
    counts = tally()
    for file, line in lines(journal.path, journal.entries):
        counted(counts, file, json.loads(row_in(line)))
    _statistics(folder, header, counts, complete=False)


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
