"""A graph as one SVG: no script, nothing from elsewhere, light or dark as the reader's screen is.

It says itself in words (`title` and `desc`) for those who do not see it. What is given has round ends, what is computed
corners, a result two frames; colour only repeats that. Names are set as in a textbook, with subscripts. The width of
text is not known without its font: it is taken from that of wide fonts, so that no label leaves its box.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from ..formula.expr import Call, names, walk
from ..formula.names import split
from ..record import NamedTuple
from ..sheet.drawing import Drawing, Drawn
from ..text import safe_text
from .graphs import KINDS, Label, head_of, in_words, label_of, title_of
from .graphtype import Run, runs_of, text_line, text_width
from .layered import Extent, Layout, Spot, laid_out
from .layout import Page
from .numbers import DIGITS

BIG, SMALL = 16.0, 12.5  # pixels of the letters of a head, and of what stands below it
LEAD = 17.0  # from line to line below the head
PAD_X, PAD_Y = 12.0, 8.0  # around the text of a box
GAP = 14.0  # between boxes of a layer
CHANNEL, STEEP, WIDEST = 44.0, 0.15, 400.0  # between layers: at least, more for steep arrows, at most
MARGIN = 16.0
PORTS, CLOSEST = 11.0, 4.0  # between arrows that end at one box: as a rule, and where there are many
ARROW = 8.0
LONGEST = 44  # cells of a head, which says the whole formula on its `title`

STYLE = """
.hwg{--paper:#fff;--ink:#1c2733;--line:#56657a;--note:#566270;--value:#0a6847;--slope:#9c1a57;
--given:#e6f0fb;--given-line:#2f66a3;--computed:#fff;--computed-line:#44515e;--result:#fdf1da;--result-line:#94600f}
@media (prefers-color-scheme:dark){.hwg{--paper:#10151b;--ink:#e8eef4;--line:#9aa9b8;--note:#a9b5c1;--value:#74d6b0;
--slope:#f4a3c6;--given:#15283d;--given-line:#84b6ec;--computed:#1a212a;--computed-line:#a3b0bd;--result:#33270e;
--result-line:#e3b661}}
.hwg .paper{fill:var(--paper)}
.hwg text{fill:var(--ink);font-family:"STIX Two Text","Cambria Math",Cambria,Georgia,"DejaVu Serif",serif}
.hwg .name{font-style:italic}
.hwg .note{fill:var(--note)}.hwg .value{fill:var(--value)}.hwg .slope{fill:var(--slope)}
.hwg .edge{fill:none;stroke:var(--line);stroke-width:1.4}.hwg .head{fill:var(--line)}
.hwg .box{stroke-width:1.4}.hwg .given{fill:var(--given);stroke:var(--given-line)}
.hwg .computed{fill:var(--computed);stroke:var(--computed-line)}
.hwg .result{fill:var(--result);stroke:var(--result-line)}.hwg .inner{fill:none;stroke-width:1}
"""


class Box(NamedTuple):
    """A quantity as it is drawn: its label, and the size of its box."""

    drawn: Drawn
    label: Label
    width: float
    height: float


def graph_svg(drawings: Sequence[Drawing], sheet: str, digits: int = DIGITS, prefix: str = "hwg") -> str:
    """Draw a graph, the first one; `prefix` begins its ids, which have to differ on a page with several drawings."""
    drawing, page = drawings[0], Page(0, digits)
    arriving = Counter(name for _, name in drawing.edges)
    boxes = {each.name: _box(each, page, CLOSEST * arriving[each.name]) for each in drawing.quantities}
    extents = {name: Extent(box.height / 2, box.height / 2) for name, box in boxes.items()}
    layout = laid_out(list(boxes), drawing.edges, extents, Extent(0, 0), GAP)
    lefts, widths = _columns(layout, boxes)
    body = list(_arrows(layout, boxes, lefts, widths, prefix))
    for name, box in boxes.items():
        layer = layout.home[name]
        body.append(_boxed(box, lefts[layer] + widths[layer] / 2, MARGIN + layout.middle[name, layer]))
    bottom = max((layout.middle[name, layout.home[name]] + box.height / 2 for name, box in boxes.items()), default=0.0)
    legend, legend_width = _legend(drawing, 2.5 * MARGIN + bottom)
    wide = max(lefts[-1] + widths[-1] if lefts else 0, MARGIN + legend_width) + MARGIN
    high = 3 * MARGIN + bottom + LEAD
    title, desc = escape(title_of(sheet, drawing)), escape(in_words(drawing))
    size = f'width="{_n(wide)}" height="{_n(high)}" viewBox="0 0 {_n(wide)} {_n(high)}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="hwg" {size} role="img" '
            f'aria-labelledby="{prefix}-title {prefix}-desc">',
            f'<title id="{prefix}-title">{title}</title>',
            f'<desc id="{prefix}-desc">{desc}</desc>',
            f"<style>{STYLE}</style>",
            f'<defs><marker id="{prefix}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="{_n(ARROW)}" '
            f'markerHeight="{_n(ARROW)}" markerUnits="userSpaceOnUse" orient="auto">'
            '<path class="head" d="M0 0.6L8 4L0 7.4z"/></marker></defs>',
            f'<rect class="paper" width="{_n(wide)}" height="{_n(high)}"/>',
            *body,
            *legend,
            "</svg>",
            "",
        ]
    )


def _n(number: float) -> str:
    """Write a number of pixels."""
    return f"{number:.1f}".removesuffix(".0")


# --- boxes --------------------------------------------------------------------------------------------------


def _box(drawn: Drawn, page: Page, least: float) -> Box:
    """Size the box of a quantity, at least so high."""
    label = label_of(drawn, page)
    label = label._replace(head=safe_text(label.head, LONGEST))
    widths = [text_width(label.head, BIG), *(text_width(line, SMALL) for line in label.lines[1:])]
    height = max(_text_height(label) + 2 * PAD_Y, least)
    sides = min(height, 80) / 4 if drawn.kind == "given" else 4.0 if drawn.kind == "result" else 0.0
    return Box(drawn, label, max(max(widths) + 2 * PAD_X + sides, 36), height)


def _text_height(label: Label) -> float:
    return 1.25 * BIG + LEAD * (len(label.lines) - 1)


def _boxed(box: Box, x: float, y: float) -> str:
    """Draw a box around its middle."""
    kind, formula = box.drawn.kind, box.drawn.formula
    named = {box.drawn.name, split(box.drawn.gradient).of}
    if formula is not None:
        named.update(names(formula))
        named.update(part.op for part in walk(formula) if isinstance(part, Call) and part.op[-1].isdigit())  # f1
    left, top = x - box.width / 2, y - box.height / 2
    parts = [_frame(kind, left, top, box.width, box.height)]
    base = y - _text_height(box.label) / 2 + BIG
    parts.append(text_line(x, base, BIG, "", runs_of(box.label.head, named)))
    lines = [
        *([("note", box.label.shape)] if box.label.shape else []),
        *(("value", line) for line in box.label.value),
        *(("slope", line) for line in box.label.slope),
    ]
    base += 0.2 * BIG
    for style, line in lines:
        base += LEAD
        parts.append(text_line(x, base, SMALL, style, runs_of(line, named if style == "slope" else ())))
    said = f"{head_of(box.drawn)} ({KINDS[kind]})"
    return f"<g><title>{escape(said)}</title>{''.join(parts)}</g>"


def _frame(kind: str, left: float, top: float, width: float, height: float) -> str:
    at = f'x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}"'
    if kind == "given":
        return f'<rect class="box given" {at} rx="{_n(min(height / 2, 20))}"/>'
    if kind == "computed":
        return f'<rect class="box computed" {at} rx="2"/>'
    inner = f'x="{_n(left + 3)}" y="{_n(top + 3)}" width="{_n(max(width - 6, 0))}" height="{_n(max(height - 6, 0))}"'
    return f'<rect class="box result" {at} rx="2"/><rect class="box result inner" {inner} rx="1"/>'


# --- arrows -------------------------------------------------------------------------------------------------


def _columns(layout: Layout, boxes: dict[str, Box]) -> tuple[list[float], list[float]]:
    """Give the left edge and the width of each layer; steep arrows between two layers need more room."""
    widths = [
        max((boxes[name].width for name, layer in spots if layout.home[name] == layer), default=0.0)
        for spots in layout.layers
    ]
    lefts: list[float] = []
    at = MARGIN
    for width, spots in zip(widths, layout.layers, strict=True):
        steep = [abs(layout.middle[spot] - layout.middle[on]) for spot in spots for on in layout.after.get(spot, ())]
        lefts.append(at)
        at += width + min(CHANNEL + STEEP * max(steep, default=0.0), WIDEST)
    return lefts, widths


def _arrows(
    layout: Layout, boxes: dict[str, Box], lefts: list[float], widths: list[float], prefix: str
) -> Iterator[str]:
    """Draw the arrows: those of one quantity share their way as long as it is the same."""
    ports = _ports(layout, boxes)
    for spot, onward in layout.after.items():
        name, layer = spot
        start, end = lefts[layer], lefts[layer] + widths[layer]
        if layout.is_home(spot):
            start += (widths[layer] + boxes[name].width) / 2
        here = MARGIN + layout.middle[spot]
        along = f"M{_n(start)} {_n(here)}" + (f"H{_n(end)}" if end - start > 0.05 else "")
        for on in onward:
            left, right = lefts[on[1]], lefts[on[1]]
            there, head = MARGIN + layout.middle[on], ""
            if layout.is_home(on):
                right += (widths[on[1]] - boxes[on[0]].width) / 2
                there += ports[spot, on]
                head = f' marker-end="url(#{prefix}-arrow)"'
            bend = _n((end + left) / 2)
            curve = f"C{bend} {_n(here)} {bend} {_n(there)} {_n(left)} {_n(there)}"
            last = f"H{_n(right)}" if right - left > 0.05 else ""
            yield f'<path class="edge" d="{along}{curve}{last}"{head}/>'


def _ports(layout: Layout, boxes: dict[str, Box]) -> dict[tuple[Spot, Spot], float]:
    """Give how far from the middle of its box each arrow ends; one that can be straight is."""
    arriving: dict[Spot, list[Spot]] = {}
    for spot, onward in layout.after.items():
        for on in onward:
            if layout.is_home(on):
                arriving.setdefault(on, []).append(spot)
    ports: dict[tuple[Spot, Spot], float] = {}
    for on, spots in arriving.items():
        spots.sort(key=layout.middle.__getitem__)
        away = [abs(layout.middle[spot] - layout.middle[on]) for spot in spots]
        straight = min(range(len(spots)), key=away.__getitem__)
        middle = straight if away[straight] < 1 else (len(spots) - 1) / 2
        reach = max(middle, len(spots) - 1 - middle)
        apart = min(PORTS, (boxes[on[0]].height / 2 - PAD_Y) / reach) if reach else 0.0
        for number, spot in enumerate(spots):
            ports[spot, on] = (number - middle) * apart
    return ports


def _legend(drawing: Drawing, top: float) -> tuple[list[str], float]:
    """Draw what the frames mean, below the graph; give its width too."""
    kinds = [kind for kind in KINDS if any(each.kind == kind for each in drawing.quantities)]
    parts: list[str] = []
    at = MARGIN
    for kind in kinds:
        words = KINDS[kind]
        parts.append(_frame(kind, at, top, 24, 14))
        room = text_width(words, SMALL)
        parts.append(text_line(at + 30 + room / 2, top + 11.5, SMALL, "note", [Run(words)]))
        at += 30 + room + 18
    return parts, at - MARGIN
