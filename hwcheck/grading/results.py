"""The results of a class, made from the journal: a table, lines of JSON, and statistics."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from io import StringIO
from typing import Any

from ..files import write_result, writing
from ..marking.slips import SLIPS
from ..text import csv_field
from .journal import Header, Journal, lines, row_in
from .rows import Row
from .statistics import Tally, counted, statistics_of, tally

TABLE, LINES, STATISTICS = "results.csv", "results.jsonl", "statistics.json"


def write_results(folder: str, header: Header, journal: Journal) -> dict[str, Any]:
    """Write what the journal holds, in the order of the files' names; give the statistics.

    Raises:
        Invalid: a result cannot be written.
    """
    counts = tally()
    with writing(os.path.join(folder, TABLE)) as table, writing(os.path.join(folder, LINES)) as rows:
        table(_line(_head(header)))
        for file, line in lines(journal.path, journal.entries):
            kept = row_in(line)
            row: Row = json.loads(kept)
            rows(kept + b"\n")
            table(_line(_cells(header, row)))
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


def _cells(header: Header, row: Row) -> Iterator[str]:
    yield csv_field(row["file"])
    yield csv_field(row["student"])
    if header.tracks:
        yield csv_field(row["track"] or "")
    yield row["status"]
    yield number(row["score"])
    yield number(row["max_score"])
    for each in header.columns:
        yield number(row["questions"].get(f"{each.problem}.{each.question}"))
    yield number(row["to_read"])
    yield number(row["without_follow_through"])
    yield " ".join(dict.fromkeys(code for answer in row["answers"] for code in answer.get("slips", ())))
    yield csv_field(row["reason"])


def number(value: float | None) -> str:
    """Write a number for a table; nothing where there is none."""
    return "" if value is None else f"{value:.12g}"


def _line(cells: Iterator[str] | list[str]) -> bytes:
    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode("utf-8", "backslashreplace")
