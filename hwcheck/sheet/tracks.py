"""Tracks: what questions are worth to students of different courses who get the same sheet.

The questions name the tracks, in `points` or in `bonus`; one that names none is worth the same in all. A track that a
question leaves out has no points in it: the question is not for that track.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from weakref import WeakKeyDictionary

from ..graph.table import Table
from .problem import Problem, Question, Worth
from .records import RawQuestion


def worth_of(raw: RawQuestion) -> dict[str, Worth]:
    """Give what a question is worth by track, or under "" in every track."""
    if raw.tracks:
        return {track.text.strip(): Worth(points, bonus) for track, points, bonus in raw.tracks}
    return {"": Worth(raw.points, raw.bonus)}


def tracks_of(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Give the tracks that the questions of some problems name, in order."""
    named = (track for problem in problems for question in problem.questions.values() for track in question.worth)
    return tuple(dict.fromkeys(track for track in named if track))


def is_for(question: Question, track: str) -> bool:
    """Tell whether a question is for a track."""
    return not track or "" in question.worth or track in question.worth


#: Problems as a track has them, by their base tables, with the questions that they are made of: a class pays once.
_KEPT: WeakKeyDictionary[Table, dict[str, tuple[Mapping[str, Question], Problem]]] = WeakKeyDictionary()


def in_track(problem: Problem, track: str) -> Problem:
    """Give a problem with the points of a track.

    It has a base table of its own: what is kept of a table is kept with what its questions are worth.
    """
    if not track or not tracks_of([problem]):
        return problem
    kept = _KEPT.setdefault(problem.base, {})
    of, made = kept.get(track, (None, problem))
    if of is not problem.questions:
        questions = {id: _worth(question, question.worth, track) for id, question in problem.questions.items()}
        made = problem._replace(base=problem.base.copy(), questions=questions, tables={})
        kept[track] = problem.questions, made
    return made


def _worth(question: Question, worth: Mapping[str, Worth], track: str) -> Question:
    found = worth.get(track) or worth.get("") or Worth(0.0)
    parts = tuple(part._replace(points=found.points / len(question.parts)) for part in question.parts)
    return question._replace(points=found.points, bonus=found.bonus, parts=parts)
