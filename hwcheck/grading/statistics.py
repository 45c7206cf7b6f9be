"""What a class made of a sheet: marks by question, the commonest slips, and wrong values that many have in common.

Rows are only counted, some by each of several processes, so that a class of any size fits; files are named for the
first few only. All that is kept of each row is a short hash of whose it is and of what it says, to see which are the
same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from itertools import accumulate
from math import fsum
from typing import Any

from ..marking.report import VERDICTS
from ..record import NamedTuple
from .journal import Header
from .rows import MARKED, Row

SCHEMA = "hwcheck/statistics/v1"
LEAST = 3  # students who have a wrong value in common, before it is worth a look
MOST_CLUSTERS = 20
MOST_FILES = 5  # of a cluster that are named

Place = tuple[str, str, str]  # the problem, the question, the quantity or an entry of it


class Tally(NamedTuple):
    """What has been counted so far."""

    status: Counter[str]
    scores: Counter[float]
    most: set[float]
    marks: dict[str, Counter[float]]
    verdicts: Counter[tuple[str, str, str, str]]  # a place with a verdict
    slips: dict[str, Counter[Place]]
    having: Counter[str]
    values: dict[tuple[Place, str], list[Any]]
    students: dict[bytes, str | list[str]]
    contents: dict[bytes, str | list[str]]


def tally() -> Tally:
    """Begin to count."""
    return Tally(Counter(), Counter(), set(), {}, Counter(), {}, Counter(), {}, {}, {})


def counted(counts: Tally, file: str, row: Row) -> None:
    """Count the submission in a file; of those that could not be marked, that they are there."""
    counts.status[row["status"]] += 1
    if row["student"]:
        _noted(counts.students, _mark(row["student"]), file)
    if row["status"] != MARKED:
        return
    if any(answer["verdict"] != "blank" for answer in row["answers"]):
        _noted(counts.contents, _mark(row["file_hash"]), file)
    counts.scores[row["score"]] += 1
    counts.most.add(row["max_score"])
    for name, marks in row["questions"].items():
        counts.marks.setdefault(name, Counter())[marks] += 1
    codes: set[str] = set()
    for answer in row["answers"]:
        seen = answer["problem"], answer["question"], answer["quantity"], answer["verdict"]
        counts.verdicts[seen] += 1
        place = seen[:3]
        for code in set(answer["slips"]) if "slips" in answer else ():
            codes.add(code)
            counts.slips.setdefault(code, Counter())[place] += 1
        for entry, value in answer.get("unexplained", ()):
            files = counts.values.setdefault(((*place[:2], place[2] + entry), value), [0])
            files[0] += 1
            if len(files) <= MOST_FILES:
                files.append(file)
    counts.having.update(codes)


def add(counts: Tally, more: Tally) -> None:
    """Count what was counted of other submissions, all of which come after those that are counted already."""
    counts.status.update(more.status)
    counts.scores.update(more.scores)
    counts.most.update(more.most)
    counts.verdicts.update(more.verdicts)
    counts.having.update(more.having)
    for name, marks in more.marks.items():
        counts.marks.setdefault(name, Counter()).update(marks)
    for code, places in more.slips.items():
        counts.slips.setdefault(code, Counter()).update(places)
    for where, (many, *files) in more.values.items():
        before = counts.values.setdefault(where, [0])
        before[0] += many
        before.extend(files[: MOST_FILES + 1 - len(before)])
    for noted, others in ((counts.students, more.students), (counts.contents, more.contents)):
        for mark, some in others.items():
            for file in [some] if isinstance(some, str) else some:
                _noted(noted, mark, file)


def statistics_of(counts: Tally, header: Header, names: Callable[[str], str], complete: bool = True) -> dict[str, Any]:
    """Give the statistics as JSON has them; `names` says what a slip is. A part of a class is not `complete`."""
    return {
        "schema": SCHEMA,
        "sheet": header.sheet,
        "title": header.title,
        "sheet_hash": header.sheet_hash,
        "complete": complete,
        "submissions": counts.status.total(),
        **{status: counts.status[status] for status in sorted({MARKED, *counts.status})},
        "score": _summary(counts.scores),
        "max_scores": sorted(counts.most),
        "questions": [_question(counts, *column) for column in header.columns],
        "slips": [
            {
                "code": code,
                "name": names(code),
                "submissions": many,
                "places": [[*place, times] for place, times in _ranked(counts.slips[code])],
            }
            for code, many in _ranked(counts.having)
        ],
        "clusters": [
            {"problem": problem, "question": question, "quantity": quantity, "value": value, "submissions": many}
            | {"files": files}
            for ((problem, question, quantity), value), (many, *files) in _clusters(counts)
        ],
        "same_student": _shared(counts.students),
        "same_content": _shared(counts.contents),
    }


def _question(counts: Tally, problem: str, question: str, points: float) -> dict[str, Any]:
    marks = counts.marks.get(f"{problem}.{question}", Counter())
    return {
        "problem": problem,
        "question": question,
        "max_marks": points,
        "marks": _summary(marks),
        "full": sum(many for each, many in marks.items() if each >= points - 1e-9),
        "none": sum(many for each, many in marks.items() if each <= 0),
        "quantities": [
            {"quantity": quantity}
            | {
                verdict: many
                for verdict in VERDICTS
                if (many := counts.verdicts.get((problem, question, quantity, verdict)))
            }
            for quantity in dict.fromkeys(seen[2] for seen in counts.verdicts if seen[:2] == (problem, question))
        ],
    }


def _summary(numbers: Counter[float]) -> dict[str, Any] | None:
    """Give the mean, and the numbers a quarter, a half and three quarters of the way from the least to the most."""
    if not numbers:
        return None
    ordered = sorted(numbers)
    ends = [*accumulate(numbers[each] for each in ordered)]
    quarters = [ordered[bisect_right(ends, at * (ends[-1] - 1) // 4)] for at in range(5)]
    names = ("least", "quarter", "median", "three_quarters", "most")
    mean = fsum(each * many for each, many in numbers.items()) / ends[-1]
    return {"mean": round(mean, 6), **dict(zip(names, quarters, strict=True))}


def _ranked(counts: Mapping[Any, int]) -> list[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _clusters(counts: Tally) -> Iterable[tuple[tuple[Place, str], list[Any]]]:
    found = [(where, files) for where, files in counts.values.items() if files[0] >= LEAST]
    return sorted(found, key=lambda pair: (-pair[1][0], pair[0]))[:MOST_CLUSTERS]


def _mark(what: str) -> bytes:
    return sha256(what.encode("utf-8", "surrogatepass")).digest()[:16]


def _noted(files: dict[bytes, str | list[str]], mark: bytes, file: str) -> None:
    """Note which file something is in; most things are in one file alone, and of these no list is made."""
    before = files.setdefault(mark, file)
    if isinstance(before, list):
        before.append(file)
    elif before is not file:
        files[mark] = [before, file]


def _shared(files: Mapping[bytes, str | list[str]]) -> list[list[str]]:
    """Give the files that have something in common with others, such as the same student."""
    return sorted(some for some in files.values() if isinstance(some, list))
