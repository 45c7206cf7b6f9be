"""The track of a student: which points count, and which questions are not asked of whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..diagnostics import Diagnostic
from ..sheet import Sheet
from ..sheet.problem import Problem
from ..sheet.tracks import is_for
from ..text import closest, safe_text
from .answers import Answers
from .report import Finding


def track_of(sheet: Sheet, answers: Answers, found: list[Diagnostic]) -> str:
    """Find the student's track; report one that is missing or unknown, for which the first one of the sheet is taken.

    "" where the sheet has no tracks.
    """
    tracks = sheet.tracks
    track = answers.raw.track.strip()
    if not tracks or track in tracks:
        return track if tracks else ""
    same = [each for each in tracks if each.casefold() == track.casefold()]
    if len(same) == 1:
        return same[0]
    what = f"the sheet has no track `{safe_text(track, 40)}`" if track else "the answers do not say which track it is"
    message = f"{what}; the points are those of `{safe_text(tracks[0], 40)}`"
    near = closest(track, tracks) if track else []
    fix = f"did you mean `track: {near[0]}`? " if near else "write "
    fix += ("There are " if near else "") + " or ".join(f"`track: {each}`" for each in tracks)
    found.append(Diagnostic("HW416", message, answers.source.name, answers.raw.track_at, help=fix, severity="warning"))
    return tracks[0]


def counted(problem: Problem, track: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Give the findings that count for a track: those of other tracks where something is written, without points."""
    for finding in findings:
        question = problem.questions.get(finding.question)
        if question is None or is_for(question, track):
            yield finding if question is None or not question.bonus else finding._replace(bonus=True)
        elif finding.verdict != "blank":
            yield finding._replace(remarks=(*finding.remarks, "track"))
