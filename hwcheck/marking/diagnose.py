"""Naming slips: which mistake, made on the student's own numbers, gives what was written.

At every value that was judged wrong, and at the unwritten steps above it, the rewritten formulas of the catalogue are
worked out on the numbers that the student used. One that differs visibly from the right recomputation and lies where
the written value lies explains it. A wrong rule hits every entry of its kind and a slip of the hand one: the entries
beside the wrong ones decide between the two. What several slips explain equally well cannot be told apart, and is said
so.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from ..graph.functions import Array
from ..record import NamedTuple
from .judge import Judge
from .matching import Place, matches, nearly, reach, visible
from .slips import SLIPS, is_rule
from .trials import Candidate, trial_of, tried
from .unwritten import foreseen_by_hidden

#: What it costs an explanation that it foresees a mistake where there is none, in explained entries.
CONTRADICTED = 0.5
#: What a slip of the hand gains by each entry after the first: it seldom happens twice.
AGAIN = 0.5
#: What an explanation gains by agreeing to the last written digit.
EXACT = 0.25


class Cause(NamedTuple):
    """What explains entries: the code, how sure that is, the codes that explain them as well, and the entries.

    `shared` tells whether it is a mistake in a formula, which counts once wherever it is made; `beside` how many
    entries of the same quantities speak against it.
    """

    code: str
    certainty: str
    also: tuple[str, ...]
    places: tuple[Place, ...]
    shared: bool
    beside: int = 0


class Hit(NamedTuple):
    """A candidate that explains an entry: whether to the last digit, by how much it is off, and whether it differs
    enough from the right value to be told from it."""

    candidate: Candidate
    exact: bool
    gap: float
    clear: bool


def is_note(code: str) -> bool:
    """Tell whether a slip is a remark rather than a mistake."""
    return code in SLIPS and SLIPS[code].kind == "note" and SLIPS[code].unless is None


def weight_of(code: str) -> float:
    """Give how often a mistake is seen; those that the sheet itself names come first."""
    return SLIPS[code].weight if code in SLIPS else 5


def formula_causes(judge: Judge, failing: Iterable[Place]) -> list[Cause]:
    """Find the mistakes in formulas that explain wrong entries, the first local failures of a student.

    Args:
        judge: what was judged.
        failing: the wrong entries, by quantity and flat place.
    """
    used = judge.used
    by_name: dict[str, list[int]] = {}
    for name, at in failing:
        by_name.setdefault(name, []).append(at)
    foreseen: dict[str, list[tuple[Candidate, Array]]] = {
        name: tried(trial_of(judge.work, name), used) for name in by_name
    }
    for name, some in foreseen_by_hidden(judge, list(by_name)).items():
        foreseen[name] += some
    hits: dict[str, dict[Place, Hit]] = {}
    best: dict[tuple[str, str], Candidate] = {}
    moves: dict[int, Array | None] = {}
    for name, places in by_name.items():
        if foreseen[name]:
            _collect(judge, name, places, foreseen[name], hits, moves)
    for code, found in hits.items():
        for name in by_name:
            counts: dict[Candidate, int] = {}
            for (other, _), hit in found.items():
                if other == name:
                    counts[hit.candidate] = counts.get(hit.candidate, 0) + 1
            if counts:
                best[code, name] = max(counts, key=lambda each: counts[each])
    if not _doubtful(hits):
        return _chosen(hits, {}, {})
    beside = _beside(judge, best, foreseen)
    return _chosen(hits, beside, _elsewhere(judge, best))


def _collect(
    judge: Judge,
    name: str,
    places: list[int],
    some: list[tuple[Candidate, Array]],
    hits: dict[str, dict[Place, Hit]],
    moves: dict[int, Array | None],
) -> None:
    """Add the entries that candidates explain, by the values that they foresee; `moves` keeps how far candidates may be
    off."""
    shape = judge.spots.shapes[name]
    rows = np.empty((len(some), *shape))
    for row, (_, value) in enumerate(some):
        rows[row] = value
    values = rows.reshape(len(some), -1)[:, places]
    within = [reach(judge, name, at) for at in places]
    with np.errstate(all="ignore"):
        near = np.abs(judge.look.value[judge.spots.parts[name]][places] - values) <= within
    for row, column in np.argwhere(near).tolist():
        candidate, at, foreseen = some[row][0], places[column], float(values[row, column])
        hit = matches(judge, name, at, foreseen) or nearly(judge, name, at, candidate, foreseen, moves)
        if hit is None:
            continue
        found = hits.setdefault(candidate.code, {})
        old = found.get((name, at))
        new = Hit(candidate, hit[0], hit[1], visible(judge, name, at, foreseen))
        if old is None or (not new.clear, not new.exact, new.gap) < (not old.clear, not old.exact, old.gap):
            found[name, at] = new


# --- what explains best -----------------------------------------------------------------------------------------------


def _doubtful(hits: Mapping[str, Mapping[Place, Hit]]) -> bool:
    """Tell whether any entry has more than one explanation, or is the only one that a wrong rule explains."""
    seen: set[Place] = set()
    for code, found in hits.items():
        if not seen.isdisjoint(found) or (len(found) == 1 and is_rule(code)):
            return True
        seen.update(found)
    return False


def _beside(
    judge: Judge,
    best: Mapping[tuple[str, str], Candidate],
    foreseen: Mapping[str, list[tuple[Candidate, Array]]],
) -> dict[str, int]:
    """Count for each wrong rule the right entries, beside those it explains, at which it foresees a mistake."""
    out: dict[str, int] = {}
    for (code, name), candidate in best.items():
        value = next((value for each, value in foreseen[name] if each is candidate), None)
        if is_rule(code) and value is not None:
            out[code] = out.get(code, 0) + _unmet(judge, name, value)
    return out


def _elsewhere(judge: Judge, best: Mapping[tuple[str, str], Candidate]) -> dict[str, int]:
    """Count for each wrong rule the entries at which it foresees a mistake among the right quantities of one role."""
    rules = {code for code, _ in best if is_rule(code)}
    hit = {name for _, name in best}
    roles = {judge.table[name].role for name in hit}
    wrong = {name for (name, _), judged in judge.verdicts.items() if judged.verdict == "wrong"}
    others = [
        name
        for name in judge.written
        if name not in hit | wrong and judge.table[name].role in roles and name not in judge.work.decisions
    ]
    if not rules or not others:
        return {}
    foreseen = {name: tried(trial_of(judge.work, name), judge.used, rules) for name in others}
    hidden = {code for (code, name), candidate in best.items() if candidate.site != name and code in rules}
    for name, some in foreseen_by_hidden(judge, others, hidden).items() if hidden else ():
        foreseen[name] += some
    out: dict[str, int] = {}
    for name, some in foreseen.items():
        fewest: dict[str, int] = {}
        for candidate, value in some:
            count = _unmet(judge, name, value)
            fewest[candidate.code] = min(count, fewest.get(candidate.code, count))
        for code, count in fewest.items():
            out[code] = out.get(code, 0) + count
    return out


def _unmet(judge: Judge, name: str, value: Array) -> int:
    """Count the entries, judged right, at which a wrong rule gives visibly something else."""
    flat = np.broadcast_to(np.asarray(value, dtype=float), judge.pins[name].mask.shape).ravel()
    return sum(
        judge.verdicts[name, at].verdict in ("correct", "carried")
        and visible(judge, name, at, float(flat[at]))
        and matches(judge, name, at, float(flat[at])) is None
        for at, cell in enumerate(judge.written[name])
        if cell is not None
    )


def _chosen(hits: dict[str, dict[Place, Hit]], beside: Mapping[str, int], elsewhere: Mapping[str, int]) -> list[Cause]:
    """Take explanations one after the other, that of most entries first, until none is left."""
    out: list[Cause] = []
    left = {place for found in hits.values() for place, hit in found.items() if hit.clear}
    ranks = {code: rank for rank, code in enumerate(SLIPS)}
    while left:
        scores: dict[str, float] = {}
        for code, found in hits.items():
            some = [hit for place, hit in found.items() if place in left and hit.clear]
            if some:
                exact = EXACT * sum(hit.exact for hit in some) / len(some)
                count = len(some) if is_rule(code) else 1 + AGAIN * (len(some) - 1)
                scores[code] = count + exact - CONTRADICTED * (beside.get(code, 0) + elsewhere.get(code, 0))
        code = max(
            scores, key=lambda each: (round(scores[each], 9), not is_note(each), weight_of(each), -ranks.get(each, -1))
        )
        clear = {place for place, hit in hits[code].items() if place in left and hit.clear}
        taken = {place for cause in out for place in cause.places}
        places = tuple(place for place in hits[code] if place not in taken)
        also = tuple(
            each
            for each, score in scores.items()
            if each != code and code in SLIPS and abs(score - scores[code]) < EXACT and clear <= set(hits[each])
        )
        sure = len(clear) > 1 and not also and all(hits[code][place].exact for place in clear)
        out.append(Cause(code, "is" if sure else "looks like", also, places, True, beside.get(code, 0)))
        left -= set(places)
    return out
