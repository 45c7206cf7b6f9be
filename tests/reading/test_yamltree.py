"""A file becomes a tree of text as typed; what YAML would ruin is kept, and the rest of the file with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from hwcheck.diagnostics import Diagnostic, Span
from hwcheck.files import Source
from hwcheck.yamltree import ANSWERS, SHEET, Limits, Map, Scalar, Seq, Tree, folded, locate, read_tree


@pytest.fixture(params=["C", "Python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run every test with the parser in C, where there is one, and with the one in Python."""
    if request.param == "C" and not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML was built without its parser in C")
    if request.param == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    return str(request.param)


def read(text: str, limits: Limits = ANSWERS, recover: bool = True) -> tuple[Tree | None, list[Diagnostic]]:
    return read_tree(Source("a.yaml", text, b""), limits, recover)


def sheet(text: str) -> tuple[Tree | None, list[Diagnostic]]:
    return read(text, SHEET, False)


def simple(tree: Tree | None) -> object:
    """Return texts, lists and dictionaries."""
    if isinstance(tree, Seq):
        return [simple(each) for each in tree.items]
    if isinstance(tree, Map):
        return {key.text: simple(value) for key, value in tree.items}
    return tree and tree.text


def codes(found: list[Diagnostic]) -> list[str]:
    return [each.code for each in found]


def cut_out(text: str, span: Span) -> str:
    return text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]


# Values that are read without a remark: typed text, and what the tree holds

READ = [
    ("0.31", "0.31"),
    ("1e-3", "1e-3"),
    (".5", ".5"),
    ("-.5", "-.5"),
    ("1:30", "1:30"),
    ("010", "010"),
    ("no", "no"),
    ("~", "~"),
    ("null", "null"),
    (".nan", ".nan"),
    ("2001-13-45", "2001-13-45"),
    ("9" * 5000, "9" * 5000),
    ("3/8", "3/8"),
    ("1/2 + 0.00732", "1/2 + 0.00732"),
    ("f3'*x", "f3'*x"),
    ("W1[1,2] x + {y}", "W1[1,2] x + {y}"),
    ("\u22120.5 # half", "\u22120.5"),
    ("", ""),
    ("# nothing", ""),
    ("''", ""),
    ("'it''s'", "it's"),
    ("'0.5' # half", "0.5"),
    ('"a \\"b\\" \\\\ c"', 'a "b" \\ c'),
    ('"\\frac{a}{b}"', "\\frac{a}{b}"),
    ('"\\u0177 \\ud835\\udc65"', "ŷ 𝑥"),
    ('"\\u001b[0m"', "\\u001b[0m"),
    ('"\\ud800"', "\\ud800"),
    ("array([[0.1, 0.2], [0.3, 0.4]])", "array([[0.1, 0.2], [0.3, 0.4]])"),
    ("[0.31, -0.28]", ["0.31", "-0.28"]),
    ("[[0.1, 0.2], [0.3, 0.4]]", [["0.1", "0.2"], ["0.3", "0.4"]]),
    ("[1, 2,]", ["1", "2"]),
    ("[1, , 2]", ["1", "", "2"]),
    ("[]", []),
    ("{}", {}),
    ("[h[1], W1[1,2]]", ["h[1]", "W1[1,2]"]),
    ("[x -> h, h -> y]", ["x -> h", "h -> y"]),
    ("[x -> h]", ["x -> h"]),
    ("[f1'(z), g'*'a']", ["f1'(z)", "g'*'a'"]),
    ("['a, b', \"c: d\"]", ["a, b", "c: d"]),
    ("[5' 3\", 'f3'*x]", ["5' 3\"", "'f3'*x"]),
    ("{z2: max(0, z1)}", {"z2": "max(0, z1)"}),
    ("{W1[1,2]: 0.3}", {"W1[1,2]": "0.3"}),
    ("{find: [dJ/dW2, dJ/db2], points: 8}", {"find": ["dJ/dW2", "dJ/db2"], "points": "8"}),
    ("{find: {class: Y2 >= 0.6}, points: 1}", {"find": {"class": "Y2 >= 0.6"}, "points": "1"}),
    ('{"a":1,"b" : [2]}', {"a": "1", "b": ["2"]}),
    ("[a#b, 3]", ["a#b", "3"]),
    ("[1 2x]", ["1 2x"]),
    ("[class: Y2 >= 0.6, J]", [{"class": "Y2 >= 0.6"}, "J"]),
    ("{x[1,:]: 3, y: 1:30}", {"x[1,:]": "3", "y": "1:30"}),
]

# Values in brackets that stay whole, without a remark
WHOLE = [
    "[W2^T g] x^T",
    "[1, 2] + [3, 4]",
    "[0.1, 0.2; 0.3, 0.4]",
    "[0.1 0.2]",
    "[0.1 -0.2 .3]",
    "[[0.1 0.2] [0.3 0.4]]",
    "[1. 2.]",
    "{1, 2} x",
    "[a, b]: c",
]

# Values that YAML cannot read, with the code of their remark
ODD = [
    ("|y - yhat|", "HW104"),
    ("*w1", "HW105"),
    ("*w1 x", "HW104"),
    ("`x`", "HW104"),
    ("- w1 x", "HW104"),
    ("-", "HW104"),
    ("@x", "HW104"),
    ("%x", "HW104"),
    ("&x 3", "HW105"),
    ("!x", "HW105"),
    ("!!float 3", "HW105"),
    ("'f3'*x'", "HW104"),
    ("'f3'*x", "HW104"),
    ('"a" + "b"', "HW104"),
    ('"open', "HW104"),
    ("'open", "HW104"),
    ("a: b: c", "HW104"),
    ("y: 0", "HW104"),
    ("x:", "HW104"),
    ("> 3", "HW104"),
    ("? x", "HW104"),
    (", 3", "HW104"),
    ("] 3", "HW104"),
    ("[1, 2", "HW106"),
    ("[1, 2))", "HW106"),
    ("{a: 1", "HW106"),
    ("[(1, 2]", "HW106"),
]


def around(value: str) -> str:
    return f'sheet: sheet5\nanswers:\n  "1":\n    d:\n      X1: 0.5\n      Y1: {value}\n      J: 7 # last\n    e: 1\n'


def answers(tree: Tree | None) -> dict[str, object]:
    found = simple(tree)
    assert isinstance(found, dict)
    assert found["sheet"] == "sheet5"
    assert list(found["answers"]["1"]) == ["d", "e"]
    assert found["answers"]["1"]["e"] == "1"
    assert list(found["answers"]["1"]["d"]) == ["X1", "Y1", "J"]
    assert (found["answers"]["1"]["d"]["X1"], found["answers"]["1"]["d"]["J"]) == ("0.5", "7")
    inner: dict[str, object] = found["answers"]["1"]["d"]
    return inner


@pytest.mark.parametrize(("typed", "held"), READ)
def test_values_are_read_as_typed(typed: str, held: object) -> None:
    for tree, found in (read(around(typed)), sheet(around(typed))):
        assert answers(tree)["Y1"] == held
        assert found == []


@pytest.mark.parametrize("typed", WHOLE)
def test_arrays_and_formulas_in_brackets_stay_whole(typed: str) -> None:
    for tree, found in (read(around(typed)), sheet(around(typed))):
        assert answers(tree)["Y1"] == typed
        assert found == []


@pytest.mark.parametrize(("typed", "code"), ODD)
def test_a_value_that_yaml_cannot_read_costs_one_remark_and_no_other_answer(typed: str, code: str) -> None:
    text = around(typed)
    tree, (found,) = read(text)
    assert answers(tree)["Y1"] == typed
    assert (found.code, found.severity) == (code, "warning")
    assert found.help
    assert found.span is not None
    assert cut_out(text, found.span) in typed


@pytest.mark.parametrize(("typed", "code"), [row for row in ODD if row[1] != "HW105"])
def test_in_a_sheet_the_same_is_an_error(typed: str, code: str) -> None:
    _, (found,) = sheet(around(typed))
    assert (found.code, found.severity) == (code, "error")


@pytest.mark.parametrize(
    "pasted",
    [
        "[[0.1 0.2]\n [0.3 0.4]]",
        "[[0.1 0.2]\n       [0.3 0.4]]",
        "array([[0.1, 0.2],\n          [0.3, 0.4]])",
        "[0.1, 0.2;   # first\n 0.3, 0.4]",
        "[1, 2]\n        + [3, 4]",
        "0.1 0.2\n        0.3 0.4",
        "matrix # comment\n\n         more",
        "3\n        'x'",
    ],
)
def test_values_over_several_lines_keep_their_lines(pasted: str) -> None:
    tree, found = read(around(pasted))
    lines = [line.split("#")[0].strip() for line in pasted.split("\n")]
    assert answers(tree)["Y1"] == "\n".join(lines)
    assert found == []


def test_lists_over_several_lines_with_comments() -> None:
    tree, found = read(around("[[0.1, 0.2], # first, [row\n [0.3, 0.4]] # last"))
    assert answers(tree)["Y1"] == [["0.1", "0.2"], ["0.3", "0.4"]]
    assert found == []


def test_quoted_text_over_several_lines() -> None:
    tree, found = read(around('"a: b\n         c" # d'))
    assert answers(tree)["Y1"] == "a: b\nc"
    assert found == []
    tree, found = read(around('"a: b\n\n         c\n"'))  # an empty line, and a quote that closes anywhere
    assert answers(tree)["Y1"] == "a: b\n\nc\n"
    assert found == []


def test_quoted_text_that_goes_on_is_one_value_with_a_remark() -> None:
    text = around("'a'\n         b")
    tree, (found,) = read(text)
    assert answers(tree)["Y1"] == "'a'\nb"
    assert (found.code, found.severity) == ("HW104", "warning")


def test_a_json_file_is_read() -> None:
    text = '{"sheet": "sheet5",\n"answers": {"1": {"d": [1,\n2], "e": "\\u0177"}}}\n'
    assert simple(read(text)[0]) == {"sheet": "sheet5", "answers": {"1": {"d": ["1", "2"], "e": "ŷ"}}}


# Lines


def test_block_scalars() -> None:
    tree, found = sheet(
        "a: |\n  x: [1\n    'y # z\n\n  `w`\n\nb: >-\n  one\n  two\n\n  three\nc: |2\n    x\n   y\nd: |\ne: 1\n"
    )
    assert simple(tree) == {"a": "x: [1\n  'y # z\n\n`w`", "b": "one two\n\nthree", "c": "  x\n y", "d": "", "e": "1"}
    assert found == []


def test_items_of_blocks() -> None:
    tree, found = sheet("a:\n- 1\n- b: 2\n  c: 3\n-\n  - 4\n  - - 5\n    - 6\n-\nd: 7\n")
    assert simple(tree) == {"a": ["1", {"b": "2", "c": "3"}, ["4", ["5", "6"]], ""], "d": "7"}
    assert found == []


def test_a_tab_before_a_line() -> None:
    for beginning in ("\t", "    \t", "\t\t"):
        text = around("2").replace("      Y1", beginning + "Y1")
        tree, found = read(text)
        assert answers(tree)["Y1"] == "2"
        assert codes(found) == ["HW107"]


def test_a_file_indented_by_tabs() -> None:
    tree, found = read(around("2").replace("  ", "\t"))
    assert answers(tree)["Y1"] == "2"
    assert codes(found) == ["HW107"]


@pytest.mark.parametrize("blanks", [5, 7, 9])
def test_a_line_that_stands_crooked(blanks: int) -> None:
    tree, found = read(around("2").replace("      Y1", " " * blanks + "Y1"))
    assert answers(tree)["Y1"] == "2"
    assert codes(found) == ["HW107"]
    assert found[0].span == Span(6, blanks + 1, blanks + 6)


def test_a_missing_blank_after_the_colon() -> None:
    for value, held in (("0.5", "0.5"), ("[1,2]", ["1", "2"]), ("'x'", "x"), ("`x", "`x")):
        text = around("2").replace("Y1: 2", f"Y1:{value}")
        tree, found = read(text)
        assert answers(tree)["Y1"] == held
        assert "HW108" in codes(found)


@pytest.mark.parametrize("line", ["Y1 = 2", "Y1 2", "- 2", "[1, 2]", '"Y1', "hello"])
def test_a_line_that_is_no_pair_is_left_out(line: str) -> None:
    text = around("2").replace("J: 7", f"Y2: 2\n      {line}\n      J: 7")
    tree, found = read(text.replace("      Y2: 2\n", ""))
    assert answers(tree)["Y1"] == "2"
    assert codes(found) == ["HW108"]
    assert found[0].span is not None
    assert found[0].span.line == 7


def test_an_equals_sign_is_explained() -> None:
    _, found = read("a: 1\nX1 = 0.5\n")
    assert "`X1: 0.5`" in found[0].help


def test_a_line_before_the_first_pair_is_left_out() -> None:
    tree, found = read("hello\na: 1\nb:\n  `x`\n  c: 2\n")
    assert simple(tree) == {"a": "1", "b": {"c": "2"}}
    assert codes(found) == ["HW108", "HW108"]


def test_odd_keys() -> None:
    tree, found = read('||v||: 5\n*x: 6\n"\\alpha": 7\n"a b": 8\n' + "k" * 2000 + ": 9\nlast: 10\n")
    assert simple(tree) == {"||v||": "5", "*x": "6", "\\alpha": "7", "a b": "8", "k" * 2000: "9", "last": "10"}
    assert found == []


def test_duplicate_keys_name_both_lines_and_keep_the_first() -> None:
    for text in ("a: 1\nb: 2\n'a': 3\n", "x: {a: 1, b: 2,\n\n a: 3}\n"):
        tree, (found,) = read(text)
        assert found.code == "HW102"
        assert "line 1" in found.message
        assert "line 3" in found.message
        held = simple(tree)
        assert held in ({"a": "1", "b": "2"}, {"x": {"a": "1", "b": "2"}})
        assert sheet(text)[1][0].severity == "error"


def test_a_comma_that_splits_a_value_is_refused_with_the_fix() -> None:
    tree, (found,) = read("a: {z: 0, 5, y: 1}\n")
    assert simple(tree) == {"a": {"z": "0", "y": "1"}}
    assert found.code == "HW108"
    assert "quotes" in found.help
    assert found.span == Span(1, 11, 12)


def test_remarks_come_in_the_order_of_the_file() -> None:
    _, found = read("a: `1`\nb: [1\na: 2\nc: *x\n")
    assert [each.span and each.span.line for each in found] == [1, 2, 3, 4]


def test_a_flood_of_remarks_is_cut_off() -> None:
    _, found = read("".join(f"a{number}: `x`\n" for number in range(500)))
    assert len(found) < 120
    assert "400 more" in found[-1].message


def test_markers_and_directives_of_one_document() -> None:
    tree, found = read("%YAML 1.2\n---\n# c\na: `x`\n...\n")
    assert simple(tree) == {"a": "`x`"}
    assert codes(found) == ["HW104"]


# Anchors


@pytest.mark.parametrize("marker", ["--- 'a", "--- [a", '--- "a: 1', "--- {a: [b", "--- @", "--- a: 1"])
def test_what_stays_open_behind_a_marker_costs_that_line_alone(marker: str) -> None:
    tree, found = read(f"{marker}\nsheet: s\nb: 1\n\n")
    assert simple(tree) == {"sheet": "s", "b": "1"}
    assert [(each.code, each.span and each.span.line) for each in found] == [("HW101", 1)]
    tree, found = read(f"{marker}\n\n\n")
    assert tree is None
    assert codes(found)[0] == "HW101"


@pytest.mark.parametrize("marker", ["--- [", "--- {", "--- {a:"])
def test_what_never_ends_is_blamed_on_the_line_where_it_begins(marker: str) -> None:
    tree, found = read(f"{marker}\n\n\n")
    assert tree is None
    assert [(each.code, each.span and each.span.line) for each in found] == [("HW101", 1), ("HW100", None)]


def test_sheets_follow_anchors() -> None:
    tree, found = sheet(
        "base: &b\n  U: 1\n  v: &v [1, 2]\nw: *v\nc: {<<: *b, U: 3, x: [*v]}\nd:\n  <<: *b\n  v: 2\ns: &s 5\nt: *s\n"
        "k: &k |\n  text\nl: *k\n"
    )
    base = {"U": "1", "v": ["1", "2"]}
    assert simple(tree) == {
        "base": base,
        "w": ["1", "2"],
        "c": {"U": "3", "x": [["1", "2"]], "v": ["1", "2"]},
        "d": {"v": "2", "U": "1"},
        "s": "5",
        "t": "5",
        "k": "text",
        "l": "text",
    }
    assert found == []


@pytest.mark.parametrize(
    "text", ["a: *b\n", "a: [*b]\n", "a: &a\n  b: *a\n", "a: [&b 2]\n", "a: !!float 3\n", "a: !x\n  b: 3\n"]
)
def test_sheets_refuse_references_that_lead_nowhere(text: str) -> None:
    _, (found,) = sheet(text)
    assert (found.code, found.severity) == ("HW105", "error")


def test_answers_follow_no_anchor() -> None:
    tree, (found,) = read("a: &a\n  b: 1\nc: *a\ne: !!map\n  f: 2\n")
    assert simple(tree) == {"a": {"b": "1"}, "c": "*a", "e": {"f": "2"}}
    assert found.code == "HW105"


@pytest.mark.parametrize(
    "typed", ["{<<: 1}", "{a: 1, a: 2, <<: 3}", "{'<<': 1}", '{"\\u003c<": 1, x: <<}', "{a: <<, <<: 1}"]
)
def test_a_merge_that_is_not_followed_is_shown_where_it_stands(typed: str) -> None:
    for text in (around(typed), around("\n        " + typed[1:-1].replace(", ", "\n        "))):
        tree, found = read(text)
        answers(tree)
        (merge,) = (each for each in found if each.code == "HW105")
        assert merge.span is not None
        shown = cut_out(text, merge.span)
        assert shown.strip("\"'").replace("\\u003c", "<") == "<<"
        assert text.split("\n")[merge.span.line - 1][merge.span.end_column - 1] == ":"


def test_an_answers_file_that_merges_is_refused() -> None:
    tree, (found,) = read("a: &a\n  b: 1\nd:\n  <<: *a\n")
    assert tree is None
    assert (found.code, found.severity, found.span) == ("HW105", "error", Span(4, 3, 5))
    tree, _ = read("a: 1\nb:\n  <<: *w1\n")
    assert tree is not None


# Places


def scalars(tree: Tree) -> Iterator[Scalar]:
    if isinstance(tree, Scalar):
        yield tree
    elif isinstance(tree, Seq):
        for each in tree.items:
            yield from scalars(each)
    else:
        for key, value in tree.items:
            yield key
            yield from scalars(value)


PLACES = """ŷ日😀: 0.5   # c
"quoted key": 'it''s' # c
𝑥: [h[1], {W1[1,2]: "max(0, z1)"}]
  \t
a: |
  X1 = W1 U
    Y1 = ŷ X1

  J = 3
b: >
  one
  two
c: [[0.1 0.2]
 [0.3 0.4]]
d: one
   two # c
   three
e: "a \\"b\\"
    c"
f: `x`
g: &x y
tight: 1
tight2:[4, 5]
\tcrooked: 7
 crooked2: 8
h:
  - 1
  - - 2
"""


def test_every_character_of_a_text_is_found_in_the_file() -> None:
    tree, _ = read(PLACES)
    assert tree is not None
    seen = 0
    for scalar in scalars(tree):
        for at, char in enumerate(scalar.text):
            shown = cut_out(PLACES, locate(scalar, at, at + 1))
            if char == "\n" or (char == " " and scalar.style == "folded"):
                continue  # stands for the end of a line
            assert shown == char or shown in "'\\", (scalar, at)
            seen += 1
        line = cut_out(PLACES, scalar.span)
        assert line == scalar.raw.split("\n")[0], scalar
    assert seen > 150


def test_spans_of_collections() -> None:
    tree, _ = read(PLACES)
    assert isinstance(tree, Map)
    held = {key.text: value for key, value in tree.items}
    assert cut_out(PLACES, held["𝑥"].span) == held["𝑥"].raw == '[h[1], {W1[1,2]: "max(0, z1)"}]'
    assert held["h"].raw == "- 1\n  - - 2"
    assert held["h"].span.line == PLACES[: PLACES.index("- 1")].count("\n") + 1


def test_a_stretch_over_lines_ends_with_its_first_line() -> None:
    tree, _ = read("a: |\n  X1 = W1\n  X2 = W2\n")
    (scalar,) = (each for each in scalars(tree or Scalar("", "", Span(1, 1, 1), "", ())) if each.style == "literal")
    assert locate(scalar, 5, 12) == Span(2, 8, 10)
    assert locate(scalar, 8, 10) == Span(3, 3, 5)
    assert locate(scalar, 15, 15) == Span(3, 10, 10)
    tree, _ = sheet("a: >\n  X1 = W1\n  + b1\n")
    (scalar,) = (each for each in scalars(tree or Scalar("", "", Span(1, 1, 1), "", ())) if each.style == "folded")
    assert scalar.text == "X1 = W1 + b1"  # on two lines, without a newline in the text
    assert locate(scalar, 5, 12) == Span(2, 8, 11)


def test_escapes_do_not_shift_places() -> None:
    text = "a: 'f'' (z'' + w)'\n"
    tree, _ = read(text)
    scalar = list(scalars(tree or Scalar("", "", Span(1, 1, 1), "", ())))[1]
    at = scalar.text.index("w")
    assert cut_out(text, locate(scalar, at, at + 1)) == "w"


def test_literal_blocks_keep_their_lines_where_prose_is_wanted() -> None:
    tree, _ = sheet("a: |\n  one\n  two\n")
    assert [folded(each) for each in scalars(tree or Scalar("", "", Span(1, 1, 1), "", ()))] == ["a", "one\ntwo"]


def test_prose_is_folded() -> None:
    tree, _ = sheet("a: Use the notation\n   of the lecture.\n\n   Then stop.\n")
    assert [folded(each) for each in scalars(tree or Scalar("", "", Span(1, 1, 1), "", ()))] == [
        "a",
        "Use the notation of the lecture.\nThen stop.",
    ]
