"""Drawings of graphs: every format shows the same arrows, nothing overlaps, and no name means anything but itself."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck import load_sheet
from hwcheck.render.graphcode import graph_dot, graph_mermaid
from hwcheck.render.graphlines import drawn
from hwcheck.render.graphs import in_words
from hwcheck.render.graphsvg import MARGIN, graph_svg
from hwcheck.render.graphtext import graph_text
from hwcheck.render.graphtype import spelled
from hwcheck.render.layered import Extent, crossings, homes, kept_apart, laid_out, links
from hwcheck.sheet.drawing import Drawing, drawing_of
from hwcheck.text import safe_text, width
from tests.render.graphs import drawing, drawings, followed
from tests.render.test_layout import texts
from tests.timing import at_most

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = 'end "] --> x; <b>&lt;\\N %%{init}%% \x1b[31m\u202e\n-->`#35;` </title><script>'


def names_of(graph: Drawing) -> list[str]:
    return [each.name for each in graph.quantities]


# --- the layout ---------------------------------------------------------------------------------------------


@given(drawings())
def test_arrows_lead_to_the_right_and_givens_stand_before_their_first_reader(graph: Drawing) -> None:
    home = homes(names_of(graph), graph.edges)
    assert all(home[source] < home[name] for source, name in graph.edges)
    for each in graph.quantities:
        readers = [home[name] for source, name in graph.edges if source == each.name]
        if each.kind == "given":
            assert home[each.name] == min(readers) - 1
        else:
            sources = [home[source] for source, name in graph.edges if name == each.name]
            assert home[each.name] - 1 in sources or max(sources) == 0


@given(drawings(), st.lists(st.floats(0.5, 9), min_size=18, max_size=18))
def test_nothing_in_a_layer_overlaps(graph: Drawing, sizes: list[float]) -> None:
    names = names_of(graph)
    extents = {
        name: Extent(*pair) for name, pair in zip(names, zip(sizes[::2], sizes[1::2], strict=True), strict=False)
    }
    layout = laid_out(names, graph.edges, extents, Extent(0, 0), 2)
    none = Extent(0, 0)
    for layer in layout.layers:
        room = [extents[spot[0]] if layout.is_home(spot) else none for spot in layer]
        for (upper, above), (lower, below) in pairwise(zip(layer, room, strict=True)):
            assert layout.middle[lower] - below.above - layout.middle[upper] - above.below >= 2 - 1e-6
        assert layout.middle[layer[0]] - room[0].above >= -1e-6
    assert sorted(name for name, layer in layout.middle if layout.home[name] == layer) == sorted(names)


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(0.5, 9), st.floats(0, 5)), min_size=1, max_size=8),
    st.lists(st.floats(-50, 50), min_size=8, max_size=8),
)
def test_places_are_the_nearest_that_keep_the_gaps(rows: list[tuple[float, float, float]], other: list[float]) -> None:
    wanted, weights, gaps = (list(column) for column in zip(*rows, strict=True))
    gaps = gaps[1:]
    places = kept_apart(wanted, weights, gaps)

    def cost(some: list[float]) -> float:
        return sum(heavy * (place - want) ** 2 for place, heavy, want in zip(some, weights, wanted, strict=True))

    assert all(right - left >= gap - 1e-6 for (left, right), gap in zip(pairwise(places), gaps, strict=True))
    allowed = [sorted(other)[0]]
    for number, gap in enumerate(gaps):
        allowed.append(max(allowed[-1] + gap, sorted(other)[number + 1]))
    for share in (0.001, 0.1, 1):  # on the way to any other allowed places it only gets worse
        moved = [place + share * (to - place) for place, to in zip(places, allowed, strict=True)]
        assert cost(places) <= cost(moved) + 1e-6


@given(drawings(7))
def test_crossings_are_counted_one_by_one(graph: Drawing) -> None:
    names = names_of(graph)
    layout = laid_out(names, graph.edges, dict.fromkeys(names, Extent(1, 1)), Extent(0, 0), 1)
    for left, right in pairwise(layout.layers):
        lines = [(left.index(spot), right.index(on)) for spot in left for on in layout.after.get(spot, ())]
        count = sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(lines, 2))
        assert crossings(left, right, layout.after) == count


def test_crossings_that_can_be_avoided_are() -> None:
    names = [*"abcdABCDz"]
    edges = [*zip("abcd", "DCBA", strict=True), *((name, "z") for name in "ABCD")]
    layout = laid_out(names, edges, dict.fromkeys(names, Extent(1, 1)), Extent(0, 0), 1)
    assert sum(crossings(left, right, layout.after) for left, right in pairwise(layout.layers)) == 0


def test_a_chain_is_a_straight_line_whatever_hangs_on_it() -> None:
    graph = drawing_of(load_sheet("sheet5").problems["1"])
    names = names_of(graph)
    layout = laid_out(names, graph.edges, dict.fromkeys(names, Extent(20, 20)), Extent(0, 0), 10)
    chain = [layout.middle[name, layout.home[name]] for name in ("X1", "Y1", "X2", "Y2", "J")]
    assert max(chain) - min(chain) < 0.5


# --- text ---------------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(drawings())
def test_a_reader_who_follows_the_lines_finds_the_arrows(graph: Drawing) -> None:
    for room in (300, 40):
        block = drawn(graph, room)
        if block is None:
            assert room == 40
            continue
        lines = texts(block)
        assert all(width(line) <= room for line in lines)
        assert followed(lines) == set(graph.edges)


@settings(max_examples=50)
@given(drawings(7))
def test_the_drawing_in_ascii_has_a_sign_for_each_and_keeps_forks_apart(graph: Drawing) -> None:
    block = drawn(graph, 300, ascii=True)
    assert block is not None
    for line in texts(block):
        assert not re.search("[┐┘┌└┬┴├┤┼]{2}", line)
    assert graph_text([graph], "t", 300, ascii=True).isascii()


@given(drawings(), st.integers(20, 120))
def test_the_list_says_what_is_read_and_by_what(graph: Drawing, room: int) -> None:
    text = graph_text([graph], "", room)
    assert all(width(line) <= room for line in text.splitlines())
    words = " ".join(text.split())
    for each in graph.quantities:
        assert words.count(each.name) >= 1 + sum(each.name in edge for edge in graph.edges)


def test_the_words_name_every_arrow() -> None:
    graph = drawing("xhzy", [("x", "h"), ("x", "z"), ("h", "y")])
    assert in_words(graph) == (
        "Given: x. h is computed from x. z is computed from x, a result. y is computed from h, a result."
    )


@pytest.mark.parametrize(("room", "flags"), [(100, ()), (60, ("values", "gradients")), (34, ())])
def test_golden_text(room: int, flags: tuple[str, ...], golden: Callable[[str, str], None]) -> None:
    sheet = load_sheet("sheet5")
    graphs = [drawing_of(each, **dict.fromkeys(flags, True)) for each in sheet.problems.values()]
    golden(f"graph-sheet5-{room}", graph_text(graphs, sheet.title, room))


@pytest.mark.parametrize(("name", "write"), [("mermaid", graph_mermaid), ("dot", graph_dot), ("svg", graph_svg)])
def test_golden_code(name: str, write: Callable[..., str], golden: Callable[[str, str], None]) -> None:
    sheet = load_sheet("sheet5")
    golden(f"graph-sheet5-{name}", write([drawing_of(sheet.problems["1"], values=True, gradients=True)], sheet.title))


# --- Mermaid and dot ----------------------------------------------------------------------------------------

MERMAID = re.compile(
    r"flowchart LR|    accTitle: [^\x00-\x1f\"#;<>{}%`]+"
    r'|    (?P<id>q\d+)(?:\(\[(?P<given>"[^"]*")\]\)|\[(?P<computed>"[^"]*")\]|\[\[(?P<result>"[^"]*")\]\])'
    r"|    (?P<source>q\d+) --> (?P<target>q\d+)"
)


def mermaid_arrows(text: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Read the part of Mermaid's grammar that we write: the labels by their ids, and the arrows."""
    labels: dict[str, str] = {}
    arrows: list[tuple[str, str]] = []
    for line in text.splitlines():
        found = MERMAID.fullmatch(line)
        assert found, line
        if found["id"]:
            label = found["given"] or found["computed"] or found["result"]
            rest = label[1:-1].replace("<br/>", "")
            assert not re.search(r'[<>"&`\\{}*_~^]', rest), label
            assert not re.search(r"#(?!\d+;)", rest), label
            labels[found["id"]] = label
        elif found["source"]:
            arrows.append((found["source"], found["target"]))
    return labels, arrows


@given(drawings(), st.text(max_size=20) | st.just(HOSTILE))
def test_mermaid_has_the_arrows_and_no_sign_that_means_anything(graph: Drawing, title: str) -> None:
    graph = graph._replace(title=title)
    labels, arrows = mermaid_arrows(graph_mermaid([graph], title))
    names = {id: re.match(r'"(\w+)', label)[1] for id, label in labels.items()}  # type: ignore[index]  # all match
    assert list(names.values()) == names_of(graph)
    assert [(names[source], names[target]) for source, target in arrows] == list(graph.edges)


@pytest.mark.parametrize("name", ["end", "graph", "subgraph", "class", "click", "default", "style", "o", "x"])
def test_words_of_the_languages_are_names_like_others(name: str) -> None:
    graph = drawing([name, "y"], [(name, "y")])
    labels, arrows = mermaid_arrows(graph_mermaid([graph], ""))
    assert arrows == [("q1", "q2")]
    assert labels["q1"] == f'"{name}"'
    assert f'"{name}" -> "y";' in graph_dot([graph], "")


@pytest.mark.skipif(shutil.which("mmdc") is None, reason="Mermaid's command line `mmdc` is not installed")
def test_mermaid_accepts_it(tmp_path: Path) -> None:
    for number, graph in enumerate(odd_graphs()):
        file = tmp_path / f"{number}.mmd"
        file.write_text(graph_mermaid([graph], HOSTILE), encoding="utf-8")
        subprocess.run(["mmdc", "-i", file, "-o", tmp_path / f"{number}.svg"], check=True, capture_output=True)


DOT = re.compile(
    r'digraph "(?:[^"\\]|\\.)*" \{|    rankdir=LR;|\}'
    r'|    "(?P<name>\w+)" \[label="(?:[^"\\&<]|\\[\\"n]|&(?:amp|lt);)*", shape=box'
    r"(?:, style=rounded|, peripheries=2)?\];"
    r'|    "(?P<source>\w+)" -> "(?P<target>\w+)";'
)


@given(drawings(), st.text(max_size=20) | st.just(HOSTILE))
def test_dot_has_the_arrows(graph: Drawing, title: str) -> None:
    names: list[str] = []
    arrows: list[tuple[str, str]] = []
    for line in graph_dot([graph._replace(title=title)], title).splitlines():
        found = DOT.fullmatch(line)
        assert found, line
        names += [found["name"]] if found["name"] else []
        arrows += [(found["source"], found["target"])] if found["source"] else []
    assert names == names_of(graph)
    assert arrows == list(graph.edges)


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_reads_the_same_arrows() -> None:
    for graph in odd_graphs():
        text = graph_dot([graph], HOSTILE)
        done = subprocess.run(
            ["dot", "-Tplain"], input=text, capture_output=True, text=True, encoding="utf-8", check=True
        )
        assert not done.stderr
        edges = [line.split()[1:3] for line in done.stdout.splitlines() if line.startswith("edge ")]
        assert sorted((source.strip('"'), name.strip('"')) for source, name in edges) == sorted(graph.edges)


def odd_graphs() -> list[Drawing]:
    """Give graphs with every kind of label, and with names that mean something in some language."""
    sheet = load_sheet("sheet5")
    return [
        *(drawing_of(each, values=True, gradients=True) for each in sheet.problems.values()),
        drawing(["end", "node", "ŷ", "λ_1"], [("end", "node"), ("end", "ŷ"), ("ŷ", "λ_1")], HOSTILE),
    ]


# --- SVG ----------------------------------------------------------------------------------------------------


class Picture:
    """What is seen in an SVG: frames by the title of their group, and the arrows with their first and last points."""

    def __init__(self, text: str) -> None:
        """Read the SVG."""
        self.root = ElementTree.fromstring(text)
        self.frames: dict[str, tuple[float, float, float, float]] = {}
        for group in self.root.iter(f"{SVG}g"):
            title, frame = group.find(f"{SVG}title"), group.find(f"{SVG}rect")
            assert title is not None
            assert title.text
            assert frame is not None
            left, top, wide, high = (float(frame.get(name, "")) for name in ("x", "y", "width", "height"))
            self.frames[title.text.split()[0]] = (left, top, left + wide, top + high)
        self.lines = [path for path in self.root.iter(f"{SVG}path") if path.get("class") == "edge"]
        self.width, self.height = (float(self.root.get(name, "")) for name in ("width", "height"))


def points(path: ElementTree.Element) -> list[tuple[float, float]]:
    """Give points along a path, close to each other."""
    out: list[tuple[float, float]] = []
    at = (0.0, 0.0)
    for sign, rest in re.findall(r"([MHC])([^MHC]*)", path.get("d", "")):
        numbers = [float(number) for number in rest.split()]
        if sign == "M":
            out.append(at := (numbers[0], numbers[1]))
        elif sign == "H":
            out += [(at[0] + (numbers[0] - at[0]) * step / 9, at[1]) for step in range(10)]
            at = (numbers[0], at[1])
        else:
            ends = [at, *zip(numbers[::2], numbers[1::2], strict=True)]
            for step in range(41):
                t = step / 40
                weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                x, y = (sum(w * end[axis] for w, end in zip(weights, ends, strict=True)) for axis in (0, 1))
                out.append((x, y))
            at = ends[-1]
    return out


@settings(max_examples=60, deadline=None)
@given(drawings())
def test_no_box_and_no_arrow_covers_a_box(graph: Drawing) -> None:
    picture = Picture(graph_svg([graph], "title"))
    assert set(picture.frames) == set(names_of(graph))
    for one, other in combinations(picture.frames.values(), 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for left, top, right, bottom in picture.frames.values():
        assert MARGIN <= left <= right <= picture.width - MARGIN + 0.2
        assert MARGIN <= top <= bottom <= picture.height
    arrows = [path for path in picture.lines if path.get("marker-end")]
    assert len(arrows) == len(graph.edges)
    for path in picture.lines:
        for x, y in points(path):
            inside = [
                name
                for name, (left, top, right, bottom) in picture.frames.items()
                if left + 0.2 < x < right - 0.2 and top + 0.2 < y < bottom - 0.2
            ]
            assert not inside


@settings(max_examples=60, deadline=None)
@given(drawings())
def test_the_arrows_of_a_picture_are_those_of_the_graph(graph: Drawing) -> None:
    picture = Picture(graph_svg([graph], "title"))
    begins: dict[tuple[float, float], str] = {
        (round(right, 0), round((top + bottom) / 2, 0)): name
        for name, (_, top, right, bottom) in picture.frames.items()
    }
    found: list[tuple[str, str]] = []
    lines = [points(path) for path in picture.lines]
    came = {}  # where a line ends that goes on through a layer, the quantity that it comes from
    for path, line in zip(picture.lines, lines, strict=True):
        x, y = line[0]
        source = came.get((round(x, 1), round(y, 1))) or next(
            name for (right, middle), name in begins.items() if abs(right - x) <= 1 and abs(middle - y) <= 1
        )
        x, y = line[-1]
        if path.get("marker-end"):
            ends = [
                name
                for name, (left, top, _, bottom) in picture.frames.items()
                if abs(left - x) < 0.2 and top < y < bottom
            ]
            assert len(ends) == 1
            found.append((source, ends[0]))
        else:
            came[round(x, 1), round(y, 1)] = source
    assert sorted(found) == sorted(graph.edges)


@given(st.text(max_size=30) | st.just(HOSTILE))
def test_a_picture_is_one_file_that_says_itself_in_words(title: str) -> None:
    graph = drawing("xy", [("x", "y")], title)
    text = graph_svg([graph], title)
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    ids = {each.get("id"): each for each in root}
    said = [ids[id].text or "" for id in root.get("aria-labelledby", "").split()]
    assert safe_text(title) in said[0] if title else said[0]
    assert "y is computed from x" in said[1]
    allowed = {"svg", "title", "desc", "style", "defs", "marker", "path", "rect", "g", "text", "tspan"}
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= allowed
    assert not re.search(
        r"url\((?!#)|@import|href|on\w+=|https?://(?!www\.w3\.org/2000/svg\")", text.replace(escaped(title), "")
    )
    assert "prefers-color-scheme:dark" in text


def escaped(text: str) -> str:
    from html import escape

    return escape(safe_text(text))


def test_kinds_are_told_apart_without_colour() -> None:
    graph = drawing("xhy", [("x", "h"), ("h", "y")])
    root = ElementTree.fromstring(graph_svg([graph], ""))
    shapes = [
        (len(frames), frames[0].get("rx")) for group in root.iter(f"{SVG}g") if (frames := group.findall(f"{SVG}rect"))
    ]
    assert len(set(shapes)) == 3


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("W1", ("W", "1")), ("w_1", ("w", "1")), ("yhat", ("ŷ", "")), ("ŷ", ("ŷ", "")), ("net_h", ("net", "h")),
        ("sigma2", ("σ", "2")), ("delta_k1", ("δ", "k1")), ("chat", ("ĉ", "")), ("what", ("ŵ", "")),
        ("cos_a_b", ("cos", "ab")), ("_", ("_", "")), ("x_", ("x", "")),
    ],
)  # fmt: skip
def test_names_are_set_with_subscripts(name: str, shown: tuple[str, str]) -> None:
    from unicodedata import normalize

    letters, below = spelled(name)
    assert (normalize("NFC", letters), below) == shown


def test_values_and_gradients_stand_beside_the_quantity() -> None:
    graph = drawing_of(load_sheet("sheet5").problems["1"], values=True, gradients=True)
    root = ElementTree.fromstring(graph_svg([graph], ""))
    said = {"".join(group.itertext()) for group in root.iter(f"{SVG}g")}
    assert any("X2 = W2 Y1 + b2" in text and "= 0.02929" in text and "dJ/dX2 = 0.5073" in text for text in said)


@pytest.mark.parametrize("values", [False, True])
def test_deep_and_wide_graphs_take_no_second(values: bool) -> None:
    deep, wide = deep_network(50), wide_network(100)
    for graph in (deep, wide):
        with at_most(1):
            picture = Picture(graph_svg([graph], ""))
            graph_text([graph], "", 80)
            graph_mermaid([graph], "")
        boxes = sorted(picture.frames.values())
        for number, one in enumerate(boxes):
            for other in boxes[number + 1 :]:
                if other[0] >= one[2]:
                    break
                assert one[3] <= other[1] or other[3] <= one[1]


def deep_network(layers: int) -> Drawing:
    """Give a chain of dense layers."""
    names, edges = ["a0"], []
    for k in range(1, layers + 1):
        names += [f"W{k}", f"b{k}", f"z{k}", f"a{k}"]
        edges += [(f"W{k}", f"z{k}"), (f"a{k - 1}", f"z{k}"), (f"b{k}", f"z{k}"), (f"z{k}", f"a{k}")]
    return drawing(names, edges)


def wide_network(inputs: int) -> Drawing:
    """Give a unit with many inputs."""
    names = [f"x{k}" for k in range(inputs)]
    return drawing([*names, "z", "y"], [*((name, "z") for name in names), ("z", "y")])


def test_links_share_the_way_of_one_quantity() -> None:
    edges = [("w", "a"), ("a", "b"), ("w", "b"), ("b", "c"), ("w", "c")]
    home = homes(["w", "a", "b", "c"], edges)
    before, after = links(edges, home)
    assert sum(map(len, after.values())) == sum(map(len, before.values())) == 7  # w goes on once from layer to layer
