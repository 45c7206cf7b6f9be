"""The layout of a graph in layers: every arrow goes to the right, and as few as may be cross.

What is computed stands one layer behind the last thing it reads (the longest path), what is given one before the first
that reads it. An arrow over several layers passes a spot in each layer between, which all arrows from one quantity
share. Layers are ordered by the mean place of the neighbours, sweeping to and fro; then each spot is moved as near to
its neighbours as the order and the room between allow, which for one layer is a regression that keeps the order.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from ..record import NamedTuple

#: A quantity in a layer: at home, or where an arrow of its passes.
Spot = tuple[str, int]
Neighbours = dict[Spot, list[Spot]]

ORDER_SWEEPS, PLACE_SWEEPS, LAST_SWEEPS = 12, 24, 8
LARGE = 3000  # lines from layer to layer, beyond which less is tried
STRAIGHT, CHAIN, BRANCH = 2000.0, 1000.0, 1.0  # how strongly long arrows, computed quantities and givens pull


class Layout(NamedTuple):
    """Where quantities stand.

    The layer of each quantity, every layer's spots from the top, the spots of the next layer to which arrows go on from
    a spot, and the middle line of each spot.
    """

    home: dict[str, int]
    layers: list[list[Spot]]
    after: Neighbours
    middle: dict[Spot, float]

    def is_home(self, spot: Spot) -> bool:
        """Tell whether a quantity stands here, and does not only pass."""
        return self.home[spot[0]] == spot[1]


class Extent(NamedTuple):
    """The room that a spot takes above and below its middle line."""

    above: float
    below: float


def laid_out(
    names: Sequence[str], edges: Sequence[tuple[str, str]], extents: Mapping[str, Extent], passing: Extent, gap: float
) -> Layout:
    """Lay a graph without cycles out.

    Args:
        names: the quantities, what is read before what reads it.
        edges: the arrows.
        extents: the room of each quantity; `passing` is that of an arrow.
        passing: the room of an arrow that passes a layer.
        gap: the least room between neighbours of a layer.
    """
    home = homes(names, edges)
    before, after = links(edges, home)
    layers: list[list[Spot]] = [[] for _ in range(max(home.values(), default=-1) + 1)]
    rank = _ranks(names, edges)
    spots = {(name, home[name]) for name in names}.union(before, after)
    for spot in sorted(spots, key=lambda spot: rank[spot[0]]):
        layers[spot[1]].append(spot)
    _order(layers, before, after)
    room = {spot: extents[spot[0]] if home[spot[0]] == spot[1] else passing for spot in spots}
    return Layout(home, layers, after, _placed(layers, before, after, home, room, gap))


def homes(names: Sequence[str], edges: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Give the layer of each quantity, from 0."""
    reads: dict[str, list[str]] = {name: [] for name in names}
    read_by: dict[str, list[str]] = {name: [] for name in names}
    for source, name in edges:
        reads[name].append(source)
        read_by[source].append(name)
    home: dict[str, int] = {}
    for name in names:
        if reads[name]:
            home[name] = 1 + max(home.get(source, 0) for source in reads[name])
    for name in names:
        if not reads[name]:
            home[name] = min((home[reader] for reader in read_by[name]), default=1) - 1
    return home


def _ranks(names: Sequence[str], edges: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Give the order to begin with: by the first reader; of what it reads, the givens stand around the rest."""
    reads: dict[str, list[str]] = {name: [] for name in names}
    for source, name in edges:
        reads[name].append(source)
    rank: dict[str, tuple[int, int]] = {}
    for number, name in enumerate(names):
        given = [source for source in reads[name] if not reads[source]]
        rest = [source for source in reads[name] if reads[source]]
        half = (len(given) + 1) // 2
        for place, source in enumerate([*given[:half], *rest, *given[half:]]):
            rank.setdefault(source, (number, place))
    return {name: rank.get(name, (len(names), number)) for number, name in enumerate(names)}


def links(edges: Iterable[tuple[str, str]], home: Mapping[str, int]) -> tuple[Neighbours, Neighbours]:
    """Give the neighbours of each spot in the layer before, and in the layer after."""
    pairs: dict[tuple[Spot, Spot], None] = {}
    for source, name in edges:
        for layer in range(home[source], home[name] - 1):
            pairs[(source, layer), (source, layer + 1)] = None
        pairs[(source, home[name] - 1), (name, home[name])] = None
    before: Neighbours = {}
    after: Neighbours = {}
    for left, right in pairs:
        before.setdefault(right, []).append(left)
        after.setdefault(left, []).append(right)
    return before, after


# --- the order in a layer -----------------------------------------------------------------------------------


def _order(layers: list[list[Spot]], before: Neighbours, after: Neighbours) -> None:
    """Order the layers so that few arrows cross."""
    best, least = [list(layer) for layer in layers], _all_crossings(layers, after)
    small = not _is_large(after)
    for sweep in range(ORDER_SWEEPS if small else ORDER_SWEEPS // 4):
        if not least:
            break
        forward = sweep % 2 == 0
        for layer in layers[1:] if forward else layers[-2::-1]:
            _by_neighbours(layer, layers, before if forward else after)
        if small:
            _switch(layers, before, after)
        count = _all_crossings(layers, after)
        if count < least:
            best, least = [list(layer) for layer in layers], count
    layers[:] = best


def _is_large(after: Neighbours) -> bool:
    return sum(map(len, after.values())) > LARGE


def _by_neighbours(layer: list[Spot], layers: list[list[Spot]], neighbours: Neighbours) -> None:
    """Sort a layer by the mean place of the neighbours; what has none keeps its place among the others."""
    linked = [spot for spot in layer if spot in neighbours]
    if not linked:
        return
    other = layers[neighbours[linked[0]][0][1]]
    place = {spot: number for number, spot in enumerate(other)}
    mean = {spot: sum(place[each] for each in neighbours[spot]) / len(neighbours[spot]) for spot in linked}
    rest = iter(sorted(linked, key=mean.__getitem__))
    layer[:] = [next(rest) if spot in mean else spot for spot in layer]


def _switch(layers: list[list[Spot]], before: Neighbours, after: Neighbours) -> None:
    """Exchange neighbours in a layer wherever fewer arrows cross then."""
    for number, layer in enumerate(layers):
        sides = [
            (neighbours, {spot: place for place, spot in enumerate(layers[other])})
            for neighbours, other in ((before, number - 1), (after, number + 1))
            if 0 <= other < len(layers)
        ]
        places = {
            spot: [sorted(place[each] for each in neighbours.get(spot, ())) for neighbours, place in sides]
            for spot in layer
        }
        for at in range(len(layer) - 1):
            upper, lower = places[layer[at]], places[layer[at + 1]]
            now = sum(_inversions(one, other) for one, other in zip(upper, lower, strict=True))
            then = sum(_inversions(other, one) for one, other in zip(upper, lower, strict=True))
            if then < now:
                layer[at], layer[at + 1] = layer[at + 1], layer[at]


def _inversions(upper: list[int], lower: list[int]) -> int:
    """Count the crossings of two spots' arrows, by the sorted places of their neighbours."""
    return sum(len(upper) - bisect_right(upper, place) for place in lower)


def _all_crossings(layers: Sequence[Sequence[Spot]], after: Neighbours) -> int:
    return sum(crossings(left, right, after) for left, right in pairwise(layers))


def crossings(left: Iterable[Spot], right: Iterable[Spot], after: Neighbours) -> int:
    """Count the crossings between two layers."""
    place = {spot: number for number, spot in enumerate(right)}
    seen: list[int] = []
    count = 0
    for spot in left:
        own = sorted(place[each] for each in after.get(spot, ()))
        count += sum(len(seen) - bisect_right(seen, number) for number in own)
        for number in own:
            insort(seen, number)
    return count


# --- places -------------------------------------------------------------------------------------------------


def _placed(
    layers: list[list[Spot]],
    before: Neighbours,
    after: Neighbours,
    home: Mapping[str, int],
    room: Mapping[Spot, Extent],
    gap: float,
) -> dict[Spot, float]:
    """Give the middle line of each spot, the topmost room beginning at 0."""
    gaps = [[room[upper].below + gap + room[lower].above for upper, lower in pairwise(layer)] for layer in layers]
    middle: dict[Spot, float] = {}
    for layer, apart in zip(layers, gaps, strict=True):
        middle.update(zip(layer, kept_apart([0.0] * len(layer), [1.0] * len(layer), apart), strict=True))

    def pull(one: Spot, other: Spot) -> float:
        passing = (home[one[0]] < one[1]) + (home[other[0]] < other[1])
        if passing == 2:
            return STRAIGHT
        return CHAIN if one in before and other in before else BRANCH

    links: dict[Spot, list[list[tuple[Spot, float]]]] = {}
    for spot in room:
        sides = [[(other, pull(spot, other)) for other in side.get(spot, ())] for side in (before, after)]
        strong = [[each for each in side if each[1] > BRANCH] for side in sides]
        links[spot] = strong if any(strong) else sides  # chains are straight, and what branches off follows
    sweeps = LAST_SWEEPS + 2 if _is_large(after) else PLACE_SWEEPS
    for sweep in range(sweeps):
        last = sweep >= sweeps - LAST_SWEEPS
        order = range(len(layers)) if sweep % 2 == 0 else range(len(layers) - 1, -1, -1)
        for number in order:
            wanted: list[float] = []
            weights: list[float] = []
            for spot in layers[number]:
                back, ahead = links[spot]
                some = [*back, *ahead] if last else (back or ahead) if sweep % 2 == 0 else (ahead or back)
                weight = sum(each for _, each in some)
                wanted.append(sum(middle[other] * each for other, each in some) / weight if some else middle[spot])
                weights.append(weight or BRANCH)
            middle.update(zip(layers[number], kept_apart(wanted, weights, gaps[number]), strict=True))
    top = min((middle[spot] - room[spot].above for spot in middle), default=0.0)
    return {spot: at - top for spot, at in middle.items()}


def kept_apart(wanted: Sequence[float], weights: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Give the places nearest to the wanted ones (least squares) that keep the order and the gaps between them.

    Without gaps this is isotonic regression: neighbours in the wrong order are pooled at their mean.
    """
    shift = 0.0
    shifts = [0.0]
    for each in gaps:
        shift += each
        shifts.append(shift)
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for place, weight, moved in zip(wanted, weights, shifts, strict=False):
        mean, heavy, count = place - moved, weight, 1
        while pools and pools[-1][0] >= mean:
            other, more, further = pools.pop()
            mean = (mean * heavy + other * more) / (heavy + more)
            heavy, count = heavy + more, count + further
        pools.append((mean, heavy, count))
    means = [mean for mean, _, count in pools for _ in range(count)]
    return [mean + moved for mean, moved in zip(means, shifts, strict=False)]
