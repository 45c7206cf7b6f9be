"""Graphs that students write: read however they are written, compared arrow by arrow, and told without giving away."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck import load_sheet
from hwcheck.files import Source
from hwcheck.marking.answers import answers_of
from hwcheck.marking.edges import compared, graph_finding
from hwcheck.marking.feedback import shown
from hwcheck.marking.report import Finding, Report
from hwcheck.marking.wanted import Page
from hwcheck.sheet.problem import Problem, Question
from hwcheck.text import safe_text
from tests.timing import at_most

SHEET = """
hwcheck: 1
title: HW 4
problems:
  "2":
    given: {x: 1}
    network: |
      h = 2 x + 1
      z = x^2
      y = 1/(1 + e^(-h))
    questions: {a: y}
  "1":
    functions: {f1: unknown, f2: unknown, f3: unknown}
    given: {x: scalar, w1: scalar, w2: scalar, w3: scalar, w4: scalar, b1: scalar, b2: scalar, b3: scalar, y: scalar}
    network: |
      h1 = f1(w1 x + b1)
      h2 = f2(w2 x + b2)
      yhat = f3(w3 h1 + w4 h2 + b3)
      L = (yhat - y)^2
    names: {h3: yhat}
    questions: {a: L}
  sizes:
    given: {x: vector d1, W1: matrix d2 x d1, b1: vector d2, unused: 3}
    network: |
      z = W1 x + b1
      m = sum(z)/d2
    questions: {a: m}
"""
KEY = [("x", "h"), ("x", "z"), ("h", "y")]
ALL = [(a, b) for a in "xhzy" for b in "xhzy" if a != b]


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Problem]:
    file: Path = tmp_path_factory.mktemp("sheets") / "sheet.yaml"
    file.write_text(SHEET, encoding="utf-8")
    return dict(load_sheet(str(file)).problems)


def judged(
    problem: Problem, typed: str, points: float = 3, edges: tuple[tuple[str, str], ...] | None = None
) -> Finding:
    """Judge what was typed behind `g:` in an answers file."""
    return page_of(problem, typed, points, edges)[0]


def page_of(
    problem: Problem, typed: str, points: float = 3, edges: tuple[tuple[str, str], ...] | None = None
) -> tuple[Finding, Page]:
    text = f'sheet: x\nanswers:\n  "1":\n    g: {typed}\n'
    answers = answers_of(Source("answers.yaml", text, text.encode()))
    tree = answers.raw.answers[0][1][0][1]
    question = Question("g", "graph", "", points, (), None, {}, None, edges=edges)
    page = Page("answers.yaml", problem, [])
    return graph_finding(page, question, tree), page


def codes(finding: Finding) -> dict[str, str]:
    return {slip.code: slip.message for slip in finding.slips}


# --- reading ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "[x -> h, h -> y, x -> z]",
        "{x -> h, h -> y, x -> z}",
        "x -> h -> y; x -> z",
        "x→h→y, x⟶z",
        "x --> h ==> y, x => z",
        "x - > h – > y, x —> z",
        "x -> h, z\n      h -> y",
        "x -> {h, z}, h -> y",
        "x -> h and z; h -> y",
        '"x -> h & z; h -> y"',
        "z <- x -> h -> y",
        "y <- h <- x, x -> z",
        r"$x \to h$, $h \rightarrow y$, $x \longrightarrow z$",
        '"y ← h ← x; z ⇐ x"',
        "|\n      x -> h\n      -> y\n      x ->\n      z",
        "|\n      1. x -> h -> y\n      2. x -> z",
        "|\n      - x -> h -> y\n      - x -> z",
        "\n      - x -> h\n      - h -> y\n      - x -> z",
        "\n      - [x, h]\n      - (h, y)\n      - x -> z",
        "[(x, h), (h, y), (x, z)]",
        "[[x, h], [h, y], [x, z]]",
        "\n      x: [h, z]\n      h: [y]",
        "\n      x: h, z\n      h: y",
        "\n      x:\n        - h\n        - z\n      h: y\n      y:",
        "\n      x:\n        h: y\n        z:",
        "{x: [h, z], h: y}",
        "x -> h = 2x + 1 -> y = 1/(1+e^-h), x -> z = x^2",
        '"x -> h=2x+1; 2x+1 = h -> y; x -> z = max(0, x^2)"',
        "[x -> h, x -> h, x -> h -> y, x -> z]",
        "[x, h, z, y]; x -> h -> y, x -> z",
        "x -> h, x -> z, h -> y, z",  # at the end z is named once more, though h -> z is no arrow of the graph
    ],
)
def test_however_it_is_written_the_graph_is_right(typed: str, problems: dict[str, Problem]) -> None:
    finding, page = page_of(problems["2"], typed)
    if typed.endswith(", z"):
        assert codes(finding).keys() == {"EDGE_EXTRA"}  # it is read as h -> z
        return
    assert (finding.verdict, finding.marks, finding.slips, page.found) == ("correct", 3, (), [])
    assert sorted(finding.read_as.split(", ")) == ["h -> y", "x -> h", "x -> z"]


def test_names_have_all_their_spellings(problems: dict[str, Problem]) -> None:
    typed = r"w_1, x, b_{1} -> h_1; {x, w₂, b2} -> h2; (w3, h1, w4, h2, b3) -> h3; \hat{y} -> L; y -> L"
    finding = judged(problems["1"], f"'{typed}'", 12)
    assert (finding.verdict, finding.marks) == ("correct", 12)
    assert (
        judged(problems["1"], "[h1 -> ŷ, ŷ -> h3, h3 -> L]", edges=(("h1", "yhat"), ("yhat", "L"))).verdict == "correct"
    )


def test_a_name_between_two_arrows_is_taken_for_the_arrow_that_there_is(problems: dict[str, Problem]) -> None:
    first = judged(problems["1"], "x -> h1, w2, x -> h2", edges=(("x", "h1"), ("x", "h2"), ("w2", "h2")))
    other = judged(problems["1"], "x -> h1, h2, w2 -> h2", edges=(("x", "h1"), ("x", "h2"), ("w2", "h2")))
    assert first.verdict == other.verdict == "correct"


@pytest.mark.parametrize("typed", ["", "[]", "~", "'-'", "\n      - \n      -"])
def test_nothing_is_blank(typed: str, problems: dict[str, Problem]) -> None:
    finding, page = page_of(problems["2"], typed)
    assert (finding.verdict, finding.cells, finding.marks, page.found) == ("blank", "blank", 0, [])
    question = Question("g", "graph", "", 3, (), None, {}, None)
    assert graph_finding(page, question, None).verdict == "blank"


@pytest.mark.parametrize(
    ("typed", "said", "fix"),
    [
        ("Z -> y", "`Z` is no quantity", "did you mean `z`?"),
        ("x - h, h - y", "an arrow needs a direction", "write x -> ..."),
        ("x <-> h", "an arrow has one direction", "write it once: x -> h"),
        ("a graph with x and h", "no arrow is written here", None),
        ("x ->", "an end of the arrow is missing", ""),
        ("'\u200b\u202e -> h'", "`<U+200B><U+202E>` is no quantity", ""),
    ],
)
def test_what_cannot_be_read_is_said(typed: str, said: str, fix: str | None, problems: dict[str, Problem]) -> None:
    finding, page = page_of(problems["2"], typed)
    assert (finding.verdict, finding.cells, finding.marks) == ("unreadable", "unreadable", 0)
    assert said in finding.about
    assert safe_text(finding.about) == finding.about
    assert [each.help for each in page.found][:1] == ([] if fix is None else [fix])


def test_an_arrow_to_nothing_counts_as_a_wrong_one(problems: dict[str, Problem]) -> None:
    finding, page = page_of(problems["2"], "x -> h -> y, x -> z, x -> foo", 3)
    assert (finding.verdict, finding.marks, finding.slips) == ("wrong", pytest.approx(2), ())
    assert "`foo`" in finding.about
    assert [each.code for each in page.found] == ["HW413"]


# --- comparing ----------------------------------------------------------------------------------------------


def test_a_chain_of_lines_is_no_graph(problems: dict[str, Problem]) -> None:
    finding = judged(problems["2"], "h = 2x+1 -> z = x^2 -> y = 1/(1+e^-h)")
    assert (finding.verdict, finding.marks) == ("wrong", 0)
    assert finding.read_as == "h -> z, z -> y"
    told = codes(finding)
    assert told["EDGE_EXTRA"].startswith("Not in the graph: h -> z, z -> y. ")
    assert told["EDGE_MISSING"].startswith("Missing: x -> h, x -> z, h -> y. ")


def test_the_graph_has_no_sizes_and_nothing_that_is_not_read(problems: dict[str, Problem]) -> None:
    finding = judged(problems["sizes"], "{W1, x, b1} -> z -> m")
    assert finding.verdict == "correct"
    assert judged(problems["sizes"], "{W1, x, b1} -> z -> m; d2 -> m").verdict == "wrong"


def test_a_reversed_arrow_is_told_apart(problems: dict[str, Problem]) -> None:
    finding = judged(problems["2"], "h -> x, x -> z, h -> y")
    assert list(codes(finding)) == ["EDGE_REVERSED"]
    assert "h -> x" in codes(finding)["EDGE_REVERSED"]
    assert finding.marks == pytest.approx(1)
    both = judged(problems["2"], "h -> x -> h, x -> z, h -> y")
    assert list(codes(both)) == ["EDGE_EXTRA"]


@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=12), st.floats(0.5, 20))
def test_the_points_are_right_less_wrong_over_all(
    problems: dict[str, Problem], own: list[tuple[str, str]], points: float
) -> None:
    finding = judged(problems["2"], "[" + ", ".join(f"{a} -> {b}" for a, b in own) + "]", points)
    right = len(set(own) & set(KEY))
    wrong = len(set(own) - set(KEY))
    assert finding.marks == finding.without == pytest.approx(points * max(0, right - wrong) / 3)
    assert (finding.verdict == "correct") == (set(own) == set(KEY))
    found = compared(own, KEY)
    named = [*found.right, *found.extra, *found.reversed]
    assert sorted(named) == sorted(set(own))
    assert sorted([*found.right, *found.missing, *((b, a) for a, b in found.reversed)]) == sorted(KEY)
    assert not set(found.reversed) & set(KEY)


@given(st.permutations(KEY), st.booleans())
def test_the_order_does_not_matter(problems: dict[str, Problem], edges: list[tuple[str, str]], twice: bool) -> None:
    own = [*edges, *edges] if twice else edges
    assert judged(problems["2"], "; ".join(f"{a} -> {b}" for a, b in own)).verdict == "correct"


def test_what_is_missing_is_named_only_where_everything_is_shown(problems: dict[str, Problem]) -> None:
    finding = judged(problems["2"], "h -> z -> y -> x")
    report = Report("s", "", "", "", 0, 3, (finding,), ())
    for level in ("mark", "where", "hint", "full"):
        told = repr(shown(report, level).findings[0]._replace(answer="", read_as=""))
        assert ("x -> z" in told) == (level == "full"), level
        assert ("h -> z" in told) == (level != "mark"), level
        assert (shown(report, level).findings[0].reference is not None) == (level == "full")


# --- hostile answers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        ", ".join(f"a{i} -> b{i}" for i in range(10_000)),
        ", ".join(f"a{i} -> b{i}" for i in range(900)),
        ", ".join(rf"\hat{{a{i}}} -> h" for i in range(900)),
        " -> ".join("xhzy"[i % 4] for i in range(1000)),
        "x -> h, " + ", ".join(f"n{i}" for i in range(2500)),
        "x -> {" + ",".join(f"n{i}" for i in range(2500)) + "}",
        "{" + ",".join(["x"] * 900) + "} -> {" + ",".join(["h"] * 900) + "}",
        "'" + "(" * 9_000 + " -> " + ")" * 9_000 + "'",
        "'" + "[{" * 4000 + "x -> h" + "}]" * 4000 + "'",
        "'x" + "-" * 19_000 + "'", "'" + "- " * 9_000 + "'", "'" + "-." * 9_000 + "'", "'" + "<-" * 9_000 + "'",
        "'" + "=" * 19_000 + "'", "'" + "=>" * 9_000 + "'", "'" + "\\" * 19_000 + "'", "'" + "<" * 19_000 + "'",
        "'" + "x = " * 4000 + " -> h'", "'x -> " + "\u0301" * 15_000 + "'",
        "|\n" + "\n".join(f"      a{i} ->" for i in range(900)),
    ],
    ids=range(20),
)  # fmt: skip
def test_hostile_answers_are_done_with_at_once(typed: str, problems: dict[str, Problem]) -> None:
    text = f'sheet: x\nanswers:\n  "1":\n    g: {typed}\n'
    answers = answers_of(Source("answers.yaml", text, text.encode()))
    tree = answers.raw.answers[0][1][0][1]
    page = Page("answers.yaml", problems["2"], [])
    with at_most(0.5):
        finding = graph_finding(page, Question("g", "graph", "", 3, (), None, {}, None), tree)
    assert finding.verdict in ("unreadable", "wrong")
    assert len(finding.about) + sum(len(slip.message) for slip in finding.slips) < 1500
    assert len(finding.read_as) <= 1000
    assert len(page.found) <= 4
    for said in (finding.about, finding.read_as, *(each.message for each in page.found)):
        assert safe_text(said) == said


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(problems: dict[str, Problem], text: str) -> None:
    quoted = "".join(char for char in text if char.isprintable()).replace("'", "''")
    finding = judged(problems["2"], f"'{quoted}'")
    assert finding.verdict in ("blank", "unreadable", "wrong", "correct")
    assert 0 <= finding.marks <= 3
