"""The quick reader gives the tree that YAML's events give, or none; and it reads what students usually write."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Callable
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck import load_sheet
from hwcheck.authoring import template
from hwcheck.files import Source
from hwcheck.sheet import raw
from hwcheck.sheet.check import Where, is_sound, record
from hwcheck.sheet.load import bundled
from hwcheck.sheet.raw import read_answers
from hwcheck.yamltree import ANSWERS, SHEET, Map, quick_tree
from hwcheck.yamltree.events import tree_of
from tests.bundled import SHEETS, answers_file, sheet_file

USUAL = """\
# the answers of one student
sheet: sheet5
student: "000"  # not shown
answers:
  "1":
    d:
      X1: [0.31, -0.28]      # rounded
      Y1: [.5,1/2 , 3e-2]

      X2:
        - 0.0293
        -   0.5
      W1:
      - [1, 2, 3]   # the first row
      - [-0.1, 0, -0.2]
    e:  # nothing yet
    'f': 0.7079
    g: [[0.2927, 0.21838]]
    h: [[[1, 2], [3, 4]], [[ , ], [0.31, ]]]  # of two channels
    y = 0: 1/(1 - Y2) · ŷ  # in words
    f1': it's f'(x)
  2:
    table: |  # four rows
      | z | a |
      # no comment
      |---|---|

        1   0
    why: >
      Because it is so,
      and not otherwise.
    rows: [1, 2; 3, 4]
    braces: {b: [1 2], "c, d": {}, f1': w^2, e: 'it is: so'} # as {said}
    both: [a: 1, {b: c}]
    items:
    - b: 1  # the first
      c: [x]
    -   {d: 1}
    -   e: |-
          a text
        f:
        - g:
    W[1,:]:
      -
        - 1
        -
      - [2]
"""
MARKED = "# first\n---\nstudent: s1\nanswers:\n  a: {}\n".replace(" {}", "\n    b: 1")


def holds(text: str) -> bool:
    """Hold the quick reader against the other one; tell whether it read the text."""
    read = quick_tree(text, ANSWERS)
    if read is None:
        return False
    for limits in (ANSWERS, SHEET):
        tree, found = tree_of(Source("a.yaml", text, b""), limits, recover=limits is ANSWERS)
        assert not found
        assert repr(read) == repr(tree)  # the types and every field, at any depth
    if is_sound(read, "answers file"):
        assert not list(record(read, "answers file", Where("a.yaml")))
    return True


# --- usual files ----------------------------------------------------------------------------------------------------

Draw = random.Random


def number(draw: Draw) -> str:
    return draw.choice(
        [f"{draw.gauss(0, 1):.{draw.randint(1, 6)}g}", "0", "-.5", "1e-3", "3/8", "+2", "-0.0", "4.953e-3", "NaN"]
    )


def nested(draw: Draw, depth: int) -> str:
    comma = draw.choice([", ", ", ", ",", " , "])
    edge = draw.choice(["", "", " "])
    parts = [nested(draw, depth - 1) if depth > 1 else number(draw) for _ in range(draw.randint(1, 3))]
    return f"[{edge}{comma.join(parts)}{edge}]"


def scalar(draw: Draw) -> str:
    words = [
        "~",
        "null",
        "_",
        "w x + b",
        "2 · x",
        "(a + b)/2",
        "x[1,2]",
        "'a: b'",
        '"# 1"',
        "yes",
        "a -> b, b -> c",
        "''",
        "{}",
        "{a: 1, b: [x, y]}",
        "[{f': w^2}, 'c, d']",
        "[1 2; 3 4]",
        "{find: [dJ/dW2, 'y: 1'], points: 4, text: It is so.}",
    ]
    return draw.choice([number(draw), number(draw), nested(draw, draw.randint(1, 4)), draw.choice(words)])


def key(draw: Draw, at: int) -> str:
    name = draw.choice(["X1", "dJ/dW2", "W1_new", "dL/dh[3]", "y = 0", "f1'", "ŷ", "1", "W[1,:]", "a#b"]) + f"@{at}"
    return draw.choice([name, name, name, f'"{name}"', f"'{name}'" if "'" not in name else name])


def usual(draw: Draw, column: int = 0, depth: int = 0) -> list[str]:
    """Write lines as students do: keys with values, blocks of further keys, lists of items, comments, blank lines."""
    lines = []
    for at in range(draw.randint(1, 4)):
        head = " " * column + key(draw, at) + draw.choice([":", ":", ":", " :"])
        if head.endswith(" :") and head[-3] in "\"'":
            head = head[:-2] + ":"
        comment = draw.choice(["", "", "", "  # as said", " #", "   "])
        kind = draw.randrange(6) if depth < 4 else draw.randrange(2)
        if kind == 0:
            lines.append(head + comment)
        elif kind < 3:
            lines.append(f"{head}{' ' * draw.randint(1, 3)}{scalar(draw)}{comment}")
        elif kind == 3:
            inner = column + draw.choice([0, 2, 2, 4])
            inside = [draw.choice(["", "", "k: ", "'k': "]) + scalar(draw) for _ in range(draw.randint(1, 3))]
            items = [f"{' ' * inner}-{draw.choice([' ', '  '])}{each}" for each in inside]
            lines += [head + comment, *items]
        elif kind == 4:
            text = [" " * (column + 2) + draw.choice(["| a | b |", "x: [1", "# c", "   deep"]) for _ in range(2)]
            lines += [f"{head} {draw.choice('|>')}{comment}", " " * (column + 2) + "first", *text]
        else:
            lines += [head + comment, *usual(draw, column + draw.choice([1, 2, 2, 4]), depth + 1)]
        lines += draw.choice([[], [], [""], [" " * draw.randint(0, 9) + "# a comment: 1"]]) if kind != 4 else []
    return lines


@settings(max_examples=150)
@given(st.randoms(use_true_random=False))
def test_usual_files_are_read_as_by_yaml(draw: random.Random) -> None:
    assert holds("\n".join(usual(draw)) + draw.choice(["", "\n", "\n\n"]))


@pytest.mark.parametrize("text", [USUAL, MARKED, USUAL.rstrip("\n"), "a: 1", "a:\n- 1", "a:"])
def test_these_files_are_read_as_by_yaml(text: str) -> None:
    assert holds(text)


def indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def answered(text: str, draw: Draw) -> str:
    """Fill a template in: a number, a list or rows below, behind each key that waits for an answer."""
    lines = text.split("\n")
    out = []
    for at, line in enumerate(lines):
        found = re.fullmatch(r"( +[^#\n]+:)( *#.*)?", line)
        below = next((each for each in lines[at + 1 :] if each.strip() and each.lstrip()[0] != "#"), "")
        if found is None or indent(below) > indent(line):
            out.append(line)
            continue
        head, comment = found[1], found[2] or ""
        rows = [f"{' ' * (indent(line) + 2)}- {nested(draw, 1)}" for _ in range(3)]
        value = f"{head} {draw.choice([number(draw), nested(draw, 1), nested(draw, 2)])}{comment}"
        out += draw.choice([[value], [value], [line], [head + comment, *rows]])
    return "\n".join(out)


@pytest.mark.parametrize("name", list(bundled()))
def test_a_template_is_read_by_lines_blank_and_filled_in(name: str) -> None:
    text = template(load_sheet(name))
    assert holds(text)
    for seed in range(3):
        assert holds(answered(text, random.Random(seed)))


# --- everything else ------------------------------------------------------------------------------------------------

REFUSED = {
    "a tab": "a:\t1",
    "an anchor": "a: &b 1",
    "an alias": "a: *b",
    "a tag": "a: !b 1",
    "a merge": "a:\n  <<: 1",
    "a key twice": "a: 1\nb: 2\na: 3",
    "a key twice, in quotes": "a: 1\n'a': 3",
    "a crooked line": "a:\n    b: 1\n  c: 2",
    "an indented beginning": "  a: 1",
    "a deeper line below a value": "a: 1\n  b: 2",
    "a text over two lines": "a: one\n  two",
    "no key": "a: 1\nb",
    "a colon in a value": "a: b: c",
    "a colon without a blank": "a:1",
    "a colon without a key": "a: 1\n: 2",
    "a quote that is not closed": "a: 'b",
    "an escape": 'a: "\\u0041"',
    "a doubled quote": "a: 'it''s'",
    "something behind a quote": "a: 'b' c",
    "a dash alone": "a: -",
    "a question mark alone": "a: ?",
    "a dash in a dash": "a:\n- - 1",
    "an item beside keys": "a: 1\n- 2",
    "a list at the top": "- 1\n- 2",
    "a bracket without a partner": "a: [1, [2]",
    "something behind a bracket": "a: [1] 2",
    "a list in a dash in a dash": "a:\n- - b: 1",
    "an alias in brackets": "a: [*b, 1]",
    "an anchor in braces": "a: {b: &c 1}",
    "a quote in braces that is not closed": "a: {b: 'c}\nd: 1'",
    "a quote behind a prime": "a: {f': 1, b: 'c}",
    "an escape in braces": 'a: {b: "\\u0041"}',
    "a key twice in braces": "a: {b: 1, b: 2}",
    "an empty key in braces": "a: {'': 1}",
    "a merge in brackets": "a: [{'<<': 1}]",
    "no pair in braces": "a: {b: 1, c}",
    "a bracket of another kind": "a: [1, 2)",
    "braces over two lines": "a: {b: 1,\n  c: 2}",
    "a list over two lines": "a: [1,\n  2]",
    "two documents": "a: 1\n---\nb: 2",
    "an empty key": '"": 1',
    "a blank key": '" ": 1',
    "a tilted block": "a: |\n    b\n   c",
    "an empty block": "a: |\nb: 1",
    "nothing": "",
    "a comment": "# a: 1",
    "deep blocks": "".join(" " * depth + "a:\n" for depth in range(40)),
    "deep brackets": "a: " + "[" * 40 + "]" * 40,
    "a long file": "a: 1\n" + "# c\n" * 5000,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_what_may_mean_something_else_is_left_to_yaml(text: str) -> None:
    assert quick_tree(text, ANSWERS) is None


CHARS = "\n\n\n  :::###--[]],,{}\"'|>&*!?%@`\\=~.0123abX_/^()+;<\t\r\x0b\x00\x7f\x85\xa0\u2028\ufeff"
CHARS += "\u2212·ŷ\U0001d6fc\ud800\u3000²"
TOKENS = [": ", " #", "# ", "- ", "---", "...", "<<", ": |", ": >", "[1, 2]", "[[1, 2], [3, 4]]", "], [", "''", '"a": ']
TOKENS += ["{a: 1}", "{", "}", ", b: 2}", "- a: ", "[a: 1]", "'", ": '", ", *a", "&a ", "|-", "{'a': 1}", ", ,", "; "]
LINES = [
    "# c",
    "",
    "x",
    "- 1",
    "k:",
    "k: v",
    "- k: v",
    "-",
    "...",
    "---",
    "| a",
    "'': 1",
    '" ": 1',
    "a:b",
    "- - 1",
    "[1]",
    "- a: 1",
    "- {a: 1}",
    "- a:",
    "{a: 1}",
    "k: {a: 1, b}",
    "- a: |",
]
ENDS = [" # x", "  ", "# x", " #", " |", ":", " :", "\t", "  # [1, 2]"]
SWAPS = [
    (": ", ":"),
    (":", ": "),
    (", ", ","),
    (",", " , "),
    ("[", "[ "),
    ("- ", "-  "),
    (" ", "  "),
    ("]", ", ]"),
    ("[", "[["),
]


def by_characters(text: str, draw: Draw) -> str:
    at = draw.randint(0, len(text))
    return (
        text[:at] + draw.choice([draw.choice(CHARS), draw.choice(TOKENS), ""]) + text[at + draw.choice([0, 1, 1, 3]) :]
    )


def by_lines(text: str, draw: Draw) -> str:
    lines = text.split("\n")
    at, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    line = lines[at]
    changes: list[Callable[[], list[str]]] = [
        lambda: [line, lines[other]],
        lambda: [],
        lambda: [" " * draw.randint(0, 6) + line.lstrip(" ")],
        lambda: [line.rstrip() + draw.choice(ENDS)],
        lambda: [line, " " * draw.randint(0, 8) + draw.choice(LINES)],
        lambda: [line.replace(*draw.choice(SWAPS))],
    ]
    return "\n".join([*lines[:at], *draw.choice(changes)(), *lines[at + 1 :]])


def mutated(text: str, draw: Draw) -> str:
    for _ in range(draw.choice([1, 1, 2, 3])):
        text = draw.choice([by_characters, by_lines, by_lines])(text, draw)
    return text


FILES = [path.read_text("utf-8") for name in SHEETS for path in (answers_file(name), sheet_file(name))]
WRITTEN = [USUAL, MARKED, *(text for text in FILES if len(text) < 3000)]


@settings(max_examples=150)
@given(st.sampled_from(WRITTEN), st.randoms(use_true_random=False))
def test_a_changed_file_is_read_as_by_yaml_or_not_at_all(text: str, draw: random.Random) -> None:
    holds(mutated(text, draw))


def test_so_it_is_for_fixed_seeds() -> None:
    read = sum(holds(mutated(draw.choice(WRITTEN), draw)) for draw in map(random.Random, range(1001)))
    assert read > 100


@settings(max_examples=60)
@given(st.sampled_from(WRITTEN), st.randoms(use_true_random=False))
def test_answers_are_the_same_without_the_quick_reader(text: str, draw: random.Random) -> None:
    source = Source("a.yaml", mutated(text, draw), b"")
    read = repr(read_answers(source))
    with mock.patch.object(raw, "quick_tree", return_value=None), mock.patch.object(raw, "read_tree", tree_of):
        assert repr(read_answers(source)) == read


def test_usual_files_are_read_without_yaml() -> None:
    code = f"""
import sys
from hwcheck import load_sheet
from hwcheck.files import Source
from hwcheck.marking.answers import answers_of
assert answers_of(Source("a.yaml", {USUAL!r}, b"")).student == "000"
assert load_sheet("sheet5").title
assert "yaml" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_read_as_by_yaml(name: str) -> None:
    assert holds(sheet_file(name).read_text("utf-8"))


def test_the_tree_is_a_mapping_with_filled_keys() -> None:
    tree = quick_tree(USUAL, ANSWERS)
    assert isinstance(tree, Map)
    assert [each.text for each, _ in tree.items] == ["sheet", "student", "answers"]
