"""No file, however hostile, stops the reader, exhausts it, or takes other answers with it."""

from __future__ import annotations

import re
import unicodedata
from unittest import mock

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.diagnostics import Diagnostic, show_diagnostics
from hwcheck.files import Source
from hwcheck.yamltree import ANSWERS, SHEET, Limits, Map, Scalar, Seq, Tree, read_tree

PARSERS = [each for each in ("CSafeLoader", "SafeLoader") if hasattr(yaml, each)]


def read(text: str, limits: Limits = ANSWERS, loader: str = PARSERS[0]) -> tuple[Tree | None, list[Diagnostic]]:
    with mock.patch.object(yaml, "CSafeLoader", getattr(yaml, loader), create=True):
        return read_tree(Source("a.yaml", text, b""), limits, limits is ANSWERS)


def size(tree: Tree) -> int:
    if isinstance(tree, Scalar):
        return 1
    if isinstance(tree, Seq):
        return 1 + sum(map(size, tree.items))
    return 1 + sum(1 + size(value) for _, value in tree.items)


def levels(tree: Tree) -> int:
    below = tree.items if isinstance(tree, Seq) else [each for _, each in tree.items] if isinstance(tree, Map) else []
    return 1 + max(map(levels, below), default=0)


MANY = 100_000
REFUSED = {
    "open brackets": "a: " + "[" * MANY,
    "closed brackets": "a: " + "[" * MANY + "]" * MANY,
    "braces": "a: " + "{" * MANY,
    "braces with keys": "a: " + "{a: " * 30_000,
    "brackets on lines": "[\n" * MANY,
    "dashes": "- " * MANY,
    "blocks": "".join(" " * depth + "a:\n" for depth in range(600)),
    "commas": "a: [" + "," * 200_000 + "]",
    "items": "- [\n" * 40_000,
    "lines": "a: 1\n" * 40_000,
    "documents": "a: 1\n---\nb: 2\n",
    "size": "a: " + "x" * 256_000,
    "nothing": "",
    "a comment": "# nothing\n",
    "a marker": "---\n",
}


@pytest.mark.parametrize("loader", PARSERS)
@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_a_file_past_the_limits_gives_one_error(text: str, loader: str) -> None:
    tree, (found,) = read(text, loader=loader)
    assert tree is None
    assert found.severity == "error"
    assert found.help


LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
LAUGHS_IN_BLOCKS = "a0: &a0\n  - x\n" + "".join(f"a{n}: &a{n}\n" + f"  - *a{n - 1}\n" * 9 for n in range(1, 30))
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 30))
MERGES_IN_BLOCKS = "a0: &a0\n  x: 1\n" + "".join(
    f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
)
BOMBS = [LAUGHS, LAUGHS_IN_BLOCKS, MERGES, MERGES_IN_BLOCKS]


@pytest.mark.parametrize("loader", PARSERS)
@pytest.mark.parametrize("text", BOMBS)
def test_bombs_of_references_stay_as_small_as_typed(text: str, loader: str) -> None:
    tree, (found,) = read(text, loader=loader)
    assert found.code == "HW105"
    assert tree is None if "<<" in text else tree is not None and size(tree) < 2000
    tree, (found,) = read(text, SHEET, loader)
    assert tree is None
    assert found.code == "HW109"


def test_many_anchors_on_one_value() -> None:
    tree, (found,) = read("a: " + "&x " * 100_000 + "\nb: 1\n", SHEET)
    assert tree is not None
    assert found.code == "HW105"


def test_sheets_may_use_references_within_the_limit() -> None:
    tree, found = read("\n".join(LAUGHS.split("\n")[:4]), SHEET)
    assert found == []
    assert tree is not None
    assert size(tree) <= SHEET.events


SLOW = {
    "quotes": "".join(f"a{n}: [''x\n" for n in range(9000)),
    "pairs of quotes": "".join(f"a{n}: ['x''\n" for n in range(9000)),
    "open quotes": "".join(f"a{n}: 'x\n" for n in range(9000)),
    "escaped quotes": "".join(f'a{n}: ["\\"x\n' for n in range(9000)),
    "blank lines": "a: [" + "\n" * 250_000,
    "comments": "a: [" + " #\n" * 80_000,
    "open brackets": "".join(f"a{n}: [1\n" for n in range(9000)),
    "crooked lines": "".join(" " * (n % 7) + f"a{n}: 1\n" for n in range(9000)),
    "tabs": "".join("\t" * (n % 7) + f"a{n}: 1\n" for n in range(9000)),
    "backticks": "".join(f"a{n}: `x`\n" for n in range(9000)),
    "duplicates": "a: 1\n" * 9000,
    "no pairs": "a: 1\n" + "foo\n" * 60_000,
    "round brackets": "a: [" + "(" * 250_000,
    "colons": 'a: ["x"' + " :" * 9000 + "]",
    "blanks": "a: [" + " " * 250_000 + "'",
    "a long key": "k" * 250_000 + ": 1",
    "a long line": "a: " + "x " * 120_000,
    "wrong keys": "? a\n: b\n" * 9000,
    "directives": "%\n" * 9000,
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW.keys())
def test_a_large_file_is_read_or_refused(text: str) -> None:
    # a reader whose time grows faster than the length would be at it for many minutes
    tree, found = read(text)
    assert tree is not None or found[-1].severity == "error"
    assert len(found) < 120
    assert len(show_diagnostics(found, {"a.yaml": text})) < 20_000


# Any text at all

MARKS = [
    "- ",
    ": ",
    ", ",
    " #",
    "&a ",
    "*a",
    "<<: ",
    "!x ",
    "!!int ",
    "? ",
    ">-",
    "0.5",
    "b: ",
    *"a[]{},:\"'|#%@`\\; ŷ日()=-",
]
LINES = ["|\n", "\n", "\n  ", "\n    ", "\n\t", "---\n", "...\n", "%YAML 1.1\n---\n"]
PIECES = st.sampled_from(MARKS + LINES + [chr(code) for code in (9, 0x2028, 0xFEFF, 0x85, 0xD800, 0, 0x1B)])
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=40)


@given(TEXTS, st.sampled_from([ANSWERS, SHEET]), st.sampled_from(PARSERS))
def test_any_text_is_read_or_refused_in_words(text: str, limits: Limits, loader: str) -> None:
    tree, found = read(text, limits, loader)
    assert tree is not None or any(each.severity == "error" for each in found)
    assert limits is SHEET or tree is None or all(each.severity == "warning" for each in found)
    lines = text.split("\n")
    for each in found:
        assert each.help
        assert re.fullmatch(r"HW1\d\d", each.code)
        if each.span:
            assert 1 <= each.span.column <= each.span.end_column <= len(lines[each.span.line - 1]) + 2
    shown = show_diagnostics(found, {"a.yaml": text}).replace("\n", "")
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in shown)


@given(TEXTS, st.sampled_from([ANSWERS, SHEET]))
def test_both_parsers_give_the_same(text: str, limits: Limits) -> None:
    first, *others = (read(text, limits, loader) for loader in PARSERS)
    for other in others:
        assert (first[0] is None) == (other[0] is None)
        if first[0] is not None and not any(each.code == "HW101" for each in first[1] + other[1]):
            assert first == other


@given(TEXTS)
def test_depth_and_length_stay_within_the_limits(text: str) -> None:
    limits = Limits(10_000, 3, 12, False)
    tree, _ = read_tree(Source("a", text, b""), limits, True)
    if tree is not None:
        assert levels(tree) <= 3 + 1 + 2  # a scalar within three levels; an item `a: b` of a list is one of its own
        assert size(tree) <= 3 * 12


VALUES = st.lists(PIECES.filter(lambda each: "\n" not in each), max_size=8).map("".join)


@given(VALUES, st.sampled_from(PARSERS))
def test_the_other_answers_survive_any_value(value: str, loader: str) -> None:
    text = f"answers:\n  before: 1\n  victim: {value}\n  after: [2, 3]\nlast: 4\n"
    tree, found = read(text, loader=loader)
    assert isinstance(tree, Map), found
    top = {key.text: each for key, each in tree.items}
    assert isinstance(top["last"], Scalar)
    assert top["last"].text == "4"
    assert isinstance(top["answers"], Map)
    inner = {key.text: each for key, each in top["answers"].items}
    assert list(inner) == ["before", "victim", "after"]
    assert isinstance(inner["before"], Scalar)
    assert inner["before"].text == "1"
    assert inner["after"].raw == "[2, 3]"


DEEPER = st.lists(PIECES.map(lambda each: each.replace("\n", "\n        ")), max_size=12).map("".join)


@given(DEEPER.filter(lambda value: "\t" not in value), st.sampled_from(PARSERS))
def test_the_other_answers_survive_values_over_several_lines(value: str, loader: str) -> None:
    text = f"answers:\n  before: 1\n  victim: {value}\n  after: [2, 3]\nlast: 4\n"
    tree, found = read(text, loader=loader)
    assert isinstance(tree, Map), found
    assert [key.text for key, _ in tree.items] == ["answers", "last"]
    inner = tree.items[0][1]
    assert isinstance(inner, Map)
    held = {key.text: each.raw for key, each in inner.items}
    assert (held["before"], held["after"]) == ("1", "[2, 3]")


@given(st.lists(st.lists(st.sampled_from(["0.5", "h[1]", "max(0, z1)", "{a: 1}", "'x, y'", "f'(z)"]), max_size=4)))
def test_lists_are_split_at_their_own_commas(rows: list[list[str]]) -> None:
    text = "a: [" + ", ".join("[" + ", ".join(row) + "]" for row in rows) + "]\n"
    tree, found = read(text)
    assert found == []
    assert isinstance(tree, Map)
    held = tree.items[0][1]
    assert isinstance(held, Seq)
    assert [[each.raw for each in row.items] for row in held.items if isinstance(row, Seq)] == rows


@given(
    st.recursive(
        st.sampled_from(["1", "x y", "", "it's", "a,b"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=12,
    )
)
def test_what_yaml_writes_is_read_back(value: object) -> None:
    def simple(tree: Tree | None) -> object:
        if isinstance(tree, Seq):
            return [simple(each) for each in tree.items]
        if isinstance(tree, Map):
            return {key.text: simple(each) for key, each in tree.items}
        return tree.text if tree else None

    for flow in (False, True):
        tree, found = read(yaml.safe_dump({"top": value}, default_flow_style=flow, sort_keys=False, width=10**6))
        assert found == []
        assert simple(tree) == {"top": value}
