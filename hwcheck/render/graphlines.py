"""A graph drawn with the lines of a terminal.

Quantities that are read by the same ones share a line, and one that is read by several has a line that forks:

    W1 ─┐          y ──┐
    U ──┼─▶ z ──▶ Y ───┴─▶ J
    b ──┘

A line that passes another one breaks it (`─│─`); only where lines touch do they belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, zip_longest

from ..record import NamedTuple
from ..sheet.drawing import Drawing
from ..text import Safe, safe_text, width
from .layered import Extent, Layout, Spot, homes, laid_out, links
from .layout import Block, lines_of

HIGHEST = 60  # lines of a drawing, beyond which the list alone is clearer
MOST_SPOTS = 500  # beyond which no drawing can fit a terminal
LEFT, RIGHT, UP, DOWN = 1, 2, 4, 8
LINES = {
    LEFT | RIGHT: "─", UP | DOWN: "│", LEFT | DOWN: "┐", LEFT | UP: "┘", RIGHT | DOWN: "┌", RIGHT | UP: "└",
    LEFT | RIGHT | DOWN: "┬", LEFT | RIGHT | UP: "┴", UP | DOWN | RIGHT: "├", UP | DOWN | LEFT: "┤",
    LEFT | RIGHT | UP | DOWN: "┼",
}  # fmt: skip
ARROW = "▶"
ASCII = str.maketrans("─│┐┘┌└┬┴├┤┼▶", "-|.'.'+++++>")

#: Quantities of a layer that are read by the same ones of the next: one line with as many ends.
Bundle = tuple[tuple[Spot, ...], tuple[Spot, ...]]


class Channel(NamedTuple):
    """What lies between two layers: each bundle's track, how many tracks wide it is, and the row of each end."""

    tracks: dict[Bundle, int]
    wide: int
    ends: dict[tuple[Bundle, Spot], int]


def drawn(drawing: Drawing, room: int, ascii: bool = False) -> Block | None:
    """Draw a graph with lines; None where it does not fit into `room` cells or HIGHEST lines.

    In ASCII, where forks and corners look alike, no two of them stand side by side.
    """
    names = [each.name for each in drawing.quantities]
    home = homes(names, drawing.edges)
    before, after = links(drawing.edges, home)
    if not drawing.edges or len(after) > MOST_SPOTS:
        return None
    arriving = {name: _arriving(before.get((name, home[name]), ()), after) for name in names}
    extents = {name: Extent(count // 2, max(count - 1 - count // 2, 0)) for name, count in arriving.items()}
    layout = laid_out(names, drawing.edges, extents, Extent(0, 0), 1)
    rows, channels = _channels(layout, _rows(layout, extents))
    if max(rows.values()) >= HIGHEST:
        return None
    for pitch in (2,) if ascii else (2, 1):  # between upright lines
        picture = _picture(layout, rows, channels, pitch)
        if picture.width <= room:
            return picture
    return None


def _picture(layout: Layout, row: Mapping[Spot, int], channels: Sequence[Channel], pitch: int) -> Block:
    """Draw the names and the lines of a layout."""
    canvas = Canvas({}, {})
    at = wide = 0
    for layer, channel in zip_longest(layout.layers, channels):
        named = [spot for spot in layer if layout.is_home(spot)]
        wide = max(map(_wide, named), default=0)
        for spot in named:
            canvas.write(row[spot], at, safe_text(spot[0]))
        if channel is not None:
            at = _joined(canvas, channel, layout, row, at, wide, pitch)
    return canvas.block(at + wide)


def _wide(spot: Spot) -> int:
    return width(safe_text(spot[0]))


def _rows(layout: Layout, extents: Mapping[str, Extent]) -> dict[Spot, int]:
    """Give the row of each spot; what lies half a row down, up to rounding errors, may not fall on its neighbour."""
    row: dict[Spot, int] = {}
    for layer in layout.layers:
        free = 0
        for spot in layer:
            above, below = extents[spot[0]] if layout.is_home(spot) else Extent(0, 0)
            row[spot] = max(int(layout.middle[spot] + 0.5), free + int(above))
            free = row[spot] + int(below) + 1
    return row


def _channels(layout: Layout, row: dict[Spot, int]) -> tuple[dict[Spot, int], list[Channel]]:
    """Give the row of each spot, and what lies between layers.

    Where lines would run over each other, all that follows moves down by half a row, which makes room for both.
    """
    found = [_channel(layer, layout, row, 1) for layer in layout.layers[:-1]]
    channels = [channel for channel in found if channel is not None]
    if len(channels) < len(found):
        moved = [0, *accumulate(channel is None for channel in found)]
        row = {spot: 2 * at + moved[spot[1]] for spot, at in row.items()}
        found = [_channel(layer, layout, row, 2) for layer in layout.layers[:-1]]
        channels = [channel for channel in found if channel is not None]
    return row, channels


def _arriving(sources: Iterable[Spot], after: Mapping[Spot, list[Spot]]) -> int:
    """Count the bundles that end at a spot."""
    return len({frozenset(after[source]) for source in sources})


def _channel(layer: Sequence[Spot], layout: Layout, row: Mapping[Spot, int], apart: int) -> Channel | None:
    """Give each bundle that leaves a layer a track for its upright line; None where the lines would overlap.

    Of two bundles of which one begins in the row where the other ends, the first stands on the left. The ends at one
    quantity are `apart` rows from each other.
    """
    groups: dict[frozenset[Spot], list[Spot]] = {}
    for spot in layer:
        if spot in layout.after:
            groups.setdefault(frozenset(layout.after[spot]), []).append(spot)
    bundles: list[Bundle] = [(tuple(spots), tuple(sorted(on, key=row.__getitem__))) for on, spots in groups.items()]
    ends: dict[tuple[Bundle, Spot], int] = {}
    for target in {on for _, onward in bundles for on in onward}:
        own = [bundle for bundle in bundles if target in bundle[1]]
        own.sort(key=lambda bundle: sum(row[spot] for spot in bundle[0]) / len(bundle[0]))
        for number, bundle in enumerate(own):
            ends[bundle, target] = row[target] + apart * (number - len(own) // 2)
    spans = {
        bundle: [*(row[spot] for spot in bundle[0]), *(ends[bundle, on] for on in bundle[1])] for bundle in bundles
    }
    begins = {row[spot]: bundle for bundle in bundles for spot in bundle[0]}
    earlier: dict[Bundle, set[Bundle]] = {bundle: set() for bundle in bundles}
    for (bundle, _), end in ends.items():
        if end in begins and begins[end] != bundle:
            earlier[bundle].add(begins[end])
    tracks: dict[Bundle, int] = {}
    taken: list[list[tuple[int, int]]] = []
    waiting = sorted(bundles, key=lambda bundle: (min(spans[bundle]), max(spans[bundle])))
    while waiting:
        ready = next((bundle for bundle in waiting if earlier[bundle] <= tracks.keys()), None)
        if ready is None:
            return None
        waiting.remove(ready)
        low, high = min(spans[ready]), max(spans[ready])
        track = max((tracks[other] + 1 for other in earlier[ready]), default=0)
        while track < len(taken) and low != high and any(low <= end and start <= high for start, end in taken[track]):
            track += 1
        if low == high and not earlier[ready]:
            tracks[ready] = -1
            continue
        taken += [[] for _ in range(track + 1 - len(taken))]
        taken[track].append((low, high))
        tracks[ready] = track
    return Channel(tracks, len(taken), ends)


def _joined(
    canvas: Canvas, channel: Channel, layout: Layout, row: Mapping[Spot, int], at: int, wide: int, pitch: int
) -> int:
    """Draw the lines from a layer, which begins in the column `at`, to the next; give the column of that."""
    start = at + wide + 1
    join = start + 1 + channel.wide * pitch
    for bundle, track in channel.tracks.items():
        spots, onward = bundle
        column = start + 1 + track * pitch if track >= 0 else start
        for spot in spots:
            left = at + _wide(spot) + 1 if layout.is_home(spot) else at
            canvas.along(bundle, row[spot], left, column, LEFT)
        ends = [channel.ends[bundle, on] for on in onward]
        for end in ends:
            canvas.along(bundle, end, column + 1, join, RIGHT, column)
        rows = [*(row[spot] for spot in spots), *ends]
        canvas.upright(bundle, column, min(rows), max(rows))
    for on in {on for _, onward in channel.tracks for on in onward}:
        ends = [end for (_, target), end in channel.ends.items() if target == on]
        for end in ends:
            canvas.mark(on, end, join, LEFT)
        canvas.upright(on, join, min(ends), max(ends))
        canvas.mark(on, row[on], join, RIGHT)
        if layout.is_home(on):
            canvas.write(row[on], join + 1, Safe(ARROW))
        else:
            canvas.along(on, row[on], join + 1, join + 3, 0)
    return join + 3


class Canvas(NamedTuple):
    """Cells of a drawing by row and column: lines, each cell with whose they are and where to they go, and words."""

    lines: dict[tuple[int, int], dict[object, int]]
    words: dict[tuple[int, int], Safe]

    def mark(self, owner: object, row: int, column: int, ways: int) -> None:
        """Let a line go on from a cell."""
        cell = self.lines.setdefault((row, column), {})
        cell[owner] = cell.get(owner, 0) | ways

    def along(self, owner: object, row: int, start: int, stop: int, ways: int, end: int | None = None) -> None:
        """Draw a line along a row from `start` to before `stop`; the cell at `end` (default `stop`) goes `ways`."""
        for column in range(start, stop):
            self.mark(owner, row, column, LEFT | RIGHT)
        if ways:
            self.mark(owner, row, stop if end is None else end, ways)

    def upright(self, owner: object, column: int, top: int, bottom: int) -> None:
        """Draw a line down a column."""
        for row in range(top, bottom):
            self.mark(owner, row, column, DOWN)
            self.mark(owner, row + 1, column, UP)

    def write(self, row: int, column: int, word: Safe) -> None:
        """Write a word that begins in a cell."""
        self.words[row, column] = word

    def block(self, wide: int) -> Block:
        """Give the drawing as lines."""
        rows: list[str] = []
        used = [row for row, _ in [*self.lines, *self.words]]
        for row in range(min(used), max(used) + 1):
            out: list[str] = []
            column = 0
            while column < wide:
                word = self.words.get((row, column))
                if word is None:
                    out.append(self._sign(row, column))
                    column += 1
                else:
                    out.append(word)
                    column += max(width(word), 1)
            rows.append("".join(out))
        return lines_of(rows)

    def _sign(self, row: int, column: int) -> str:
        """Give the sign of a cell: where two lines cross, the upright one is seen."""
        ways = list(self.lines.get((row, column), {}).values())
        if not ways:
            return " "
        return LINES[ways[0]] if len(ways) == 1 else LINES[UP | DOWN]
