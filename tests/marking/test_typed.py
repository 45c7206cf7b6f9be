"""What a student types, and what it is read as: nothing malformed counts, nothing well-meant is lost silently."""

from __future__ import annotations

import math
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.formula.parse import FormulaError
from hwcheck.marking import typed as reading
from hwcheck.marking import typed as typed_values
from hwcheck.marking.typed import EXACT, MASKED, Typed, is_blank, read_text, read_typed
from hwcheck.yamltree import Tree
from tests.marking.students import answers_of, marked, sheet_of

#: text, value, significant digits, one unit of the last place
NUMBERS = [
    (".5", 0.5, 1, 0.1),
    ("-.5", -0.5, 1, 0.1),
    ("+.5", 0.5, 1, 0.1),
    ("5.", 5, 1, 1),
    ("0.5000", 0.5, 4, 1e-4),
    ("0.0743", 0.0743, 3, 1e-4),
    ("1e-3", 1e-3, 1, 1e-3),
    ("1.5E-3", 1.5e-3, 2, 1e-4),
    ("1e+3", 1e3, 1, 1e3),
    ("4.953e-3", 4.953e-3, 4, 1e-6),
    ("50732e-5", 0.50732, 5, 1e-5),
    ("4.9*10^-3", 4.9e-3, 2, 1e-4),
    ("-4.9 · 10^{-3}", -4.9e-3, 2, 1e-4),
    ("4.9×10⁻³", 4.9e-3, 2, 1e-4),
    ("2.5 x 10^(3)", 2500, 2, 100),
    ("2.5*10³", 2500, 2, 100),
    ("− 0.5", -0.5, 1, 0.1),
    ("–0.5", -0.5, 1, 0.1),
    ("０.５", 0.5, 1, 0.1),
    ("0.50732\u00a0", 0.50732, 5, 1e-5),
    ("'0.5'", 0.5, 1, 0.1),
    ('"0.5"', 0.5, 1, 0.1),
    ("0.5   # a comment", 0.5, 1, 0.1),
    ("010", 10, 2, 1),
    ("0", 0, 0, 1),
    ("0.00", 0, 0, 0.01),
    ("0e856", 0, 0, 1e308),
    ("0 × 10^999", 0, 0, 1e308),
    ("3/8", 0.375, EXACT, 0),
    ("-3/8", -0.375, EXACT, 0),
    ("\\frac{3}{8}", 0.375, EXACT, 0),
    ("-(-5)", 5, EXACT, 0),
    ("1/2 + 0.00732", 0.50732, 4, 1e-4),
    ("0.2 - 0.05*0.29267", 0.1853665, 5, 1e-5),
    ("5E0/1", 5, 4, 1e-3),
    ("0.29267/2", 0.146335, 5, 1e-5),
    ("1e-3/0.2 + 1", 1.005, 4, 1e-3),
    ("sqrt(2)", math.sqrt(2), 4, 1e-3),
    ("pi/4", math.pi / 4, 4, 1e-4),
]

#: text, entries, shape
ARRAYS = [
    ("[0.1, 0.2; 0.3, 0.4]", [0.1, 0.2, 0.3, 0.4], (2, 2)),
    ("[[0.1, 0.2], [0.3, 0.4]]", [0.1, 0.2, 0.3, 0.4], (2, 2)),
    ("[[0.1 0.2]\n       [0.3 0.4]]", [0.1, 0.2, 0.3, 0.4], (2, 2)),
    ("[[ 3.1e-01 -2.8e-01]\n       [ 1.0e+00  0.0e+00]]", [0.31, -0.28, 1, 0], (2, 2)),
    ("array([[0.1, 0.2],\n             [0.3, 0.4]])", [0.1, 0.2, 0.3, 0.4], (2, 2)),
    ("np.array([1., 2.])", [1, 2], (2,)),
    ("\n      - 0.31\n      - -0.28", [0.31, -0.28], (2,)),
    ("\n      - [1, 2]\n      - [3, 4]", [1, 2, 3, 4], (2, 2)),
    ("[0.1 -0.2]", [0.1, -0.2], (2,)),
    ("[0.1 −0.2]", [0.1, -0.2], (2,)),
    ("[0.1 - 0.2]", [-0.1], (1,)),
    ("[0.1 * 2, 3]", [0.2, 3], (2,)),
    ("[1/3 2/3]", [1 / 3, 2 / 3], (2,)),
    ("[0.31; -0.28]", [0.31, -0.28], (2, 1)),
    ("(0.1, 0.2)", [0.1, 0.2], (2,)),
    ("[0.5]", [0.5], (1,)),
    ("[max(0, 1), 2]", [1, 2], (2,)),
    ("[0.31, ]", [0.31, None], (2,)),
    ("[ , 0.31]", [None, 0.31], (2,)),
    ("[1,,2]", [1, None, 2], (3,)),
    ("[null, 1]", [None, 1], (2,)),
    ("[[0.1, ], [ , 0.4]]", [0.1, None, None, 0.4], (2, 2)),
    ("[0.1, ; 0.3, 0.4]", [0.1, None, 0.3, 0.4], (2, 2)),
]

BLANK = ["", "null", "~", "''", '""', "[]", "[[]]", "[ , ]", "[[ , ], [ , ]]", "?", "-", "_", "[null, null]"]

#: What is no number: the text, and a word of the reason or the fix
REFUSED = [
    ("NaN", "finite"), (".nan", "finite"), ("nan", "finite"), ("inf", "finite"), ("-.inf", "finite"), ("∞", "∞"),
    ("1e999", "long"), ("1e-999", "small"), ("10^400", "finite"), ("9^9^9", "finite"), ("1" * 400, "long"),
    ("1/0", "zero"), ("true", "true"), ("false", "false"), ("no", "no"), ("yes", "yes"), ("None", "None"),
    ("0,5", "point"), ("0,50732", "point"), ("1.234,5", "point"), ("50%", "0.5"), ("50.732 %", "0.5"), ("3‰", "0.003"),
    ("≈0.507", "leave"), ("~0.507", "leave"), ("= 0.507", "leave"), ("$0.5", "leave"), ("⅐", "1/7"),
    ("0.5 or 0.6", "or"), ("0.5 0.6", "sign between"), ("0.5, 0.6", "brackets"), ("0.5; 0.6", "brackets"),
    ("1..2", ".."), ("0.5 ± 0.1", "±"), ("0.5 m", "0.5 m"), ("1 000", "sign"), ("1'000", "1000"), ("1_000", "1_000"),
    ("0x10", "0x10"), ("1:30", ":"), ("0:0.50732", ":"), ("\u200b0.5", "U+200B"), ("0.\u043e5", ""), ("x", "x"),
    ("W1", "W1"), ("answer", "answer"), ("__import__('os')", ""), ("f''{1}", ""), ("{a: 1}", "names"),
    ("[true, 1]", "true"), ("[a, 1]", "a"), ("[NaN, 1]", "finite"), ("[[1, 2], [3]]", "unlike"),
    ("[0.31, -0.28]^T", "brackets"), ("!!float 0.5", "!"), ("&a 0.5", "&"), ("*a", "*"), ("0.5|", "|"), ("`0.5`", "`"),
]  # fmt: skip


def tree_of(text: str) -> Tree:
    """Read a text as the answer to a question, before a second one."""
    raw = answers_of(f"answers:\n  '1':\n    d: {text}\n    e: 7\n").raw
    found = {question.text: tree for question, tree in raw.answers[0][1]}
    assert read_typed(found["e"]).entries == read_text("7").entries, "the next answer is not touched"
    return found["d"]


def values(typed: Typed) -> list[float | None]:
    return [entry.value if entry is not None else None for entry in typed.entries]


@pytest.mark.parametrize(("text", "value", "digits", "unit"), NUMBERS)
def test_a_number_is_read_with_its_digits(text: str, value: float, digits: int, unit: float) -> None:
    typed = read_typed(tree_of(text))
    assert typed.shape == ()
    (entry,) = typed.entries
    assert entry is not None
    assert entry.value == pytest.approx(value, rel=1e-15, abs=0)
    assert entry.digits == digits
    assert entry.unit == pytest.approx(unit, rel=1e-12, abs=0)


@pytest.mark.parametrize(("text", "entries", "shape"), ARRAYS)
def test_an_array_is_read_by_its_brackets(text: str, entries: list[float | None], shape: tuple[int, ...]) -> None:
    typed = read_typed(tree_of(text))
    assert typed.shape == shape
    assert values(typed) == pytest.approx(entries)


@pytest.mark.parametrize(
    ("text", "entries"),
    [("[1 + 2 3]", [3, 3]), ("[1 * 2 3 -4]", [2, 3, -4]), ("[2 / 4 -1]", [0.5, -1]), ("[1 *2, 3]", [2, 3])],
)
def test_signs_between_blanks_join_what_stands_beside_them(text: str, entries: list[float]) -> None:
    assert values(read_text(text)) == pytest.approx(entries)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("x" * 200_001, "more text"),
        ("2/sqrt(4) sqrt(9)", "two ways"),
        ("[,]", "without entries"),
        ("[;]", "without entries"),
        ("[1, [2]", "never closed"),
        ("[1 2", "missing"),
        ("[" * 12 + "1" + "]" * 12, "more entries"),
        ("[" + ", ".join(["[" + "1, " * 999 + "1]"] * 11) + "]", "more entries"),
    ],
    ids=range(8),
)
def test_a_text_that_is_no_value_says_why(text: str, word: str) -> None:
    with pytest.raises(FormulaError) as caught:
        read_text(text)
    assert word in caught.value.reason


def test_a_score_that_a_mask_hides_may_be_written_as_minus_infinity() -> None:
    assert values(read_text("-inf")) == values(read_text("−∞")) == [MASKED]


@pytest.mark.parametrize("error", [RecursionError, MemoryError])
def test_arithmetic_that_needs_more_room_than_there_is_is_refused(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(typed_values, "_worth", fail)
    with pytest.raises(FormulaError) as caught:
        read_text("1 + 2")
    assert "too much" in caught.value.reason


@pytest.mark.parametrize("text", BLANK)
def test_nothing_is_blank_and_not_zero(text: str) -> None:
    assert is_blank(tree_of(text))


@pytest.mark.parametrize(("text", "word"), REFUSED)
def test_what_is_no_number_is_refused_with_a_reason(text: str, word: str) -> None:
    tree = tree_of(text)
    assert not is_blank(tree)
    with pytest.raises(FormulaError) as caught:
        read_typed(tree)
    assert caught.value.reason
    assert word in caught.value.reason + caught.value.fix


ONE = sheet_of("hwcheck: 1\nproblems: {'1': {given: {x: 0.50732}, network: 'z = 1 x', questions: {q: z}}}")
TWO = sheet_of("hwcheck: 1\nproblems: {'1': {given: {x: [0.31, -0.28]}, network: 'z = 1 x', questions: {q: z}}}")


@pytest.mark.parametrize("text", [text for text, _ in REFUSED if text[0] != "{"])
def test_what_is_refused_is_never_right_and_says_why(text: str) -> None:
    for sheet in (ONE, TWO):
        report = marked(sheet, {"q": {"": text}})
        (finding,) = report.findings
        assert finding.verdict == "unreadable"
        assert finding.marks == 0
        assert finding.about


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("0.507", "correct"), (".50732", "correct"), ("50732e-5", "correct"), ("1/2 + 0.00732", "correct"),
        ("'0.50732'", "correct"), ("[0.50732]", "correct"), ("[[0.5073]]", "correct"), ("5.0732·10^-1", "correct"),
        ("0.5", "wrong"), ("0.52", "wrong"), ("50.732", "wrong"), ("-0.50732", "wrong"), ("0", "wrong"), ("1", "wrong"),
        ("1/2", "wrong"), ("5.0732", "wrong"), ("0.50", "correct"), ("2001-13-45", "wrong"),
        ("[0.50732, 0.50732]", "unreadable"), ("[[0.5, 0.5], [0.5, 0.5]]", "unreadable"), ("", "blank"),
    ],
)  # fmt: skip
def test_a_fair_teacher_says_the_same(text: str, verdict: str) -> None:
    assert [each.verdict for each in marked(ONE, {"q": {"": text}}).findings] == [verdict]


@given(st.floats(1e-99, 1e6) | st.floats(-1e6, -1e-99), st.integers(1, 12), st.sampled_from(["g", "e", "f"]))
def test_a_printed_number_is_read_as_what_it_says(value: float, digits: int, form: str) -> None:
    text = f"{value:.{digits}{form}}"
    (entry,) = read_text(text).entries
    assert entry is not None
    assert entry.value == float(text)
    assert entry.unit > 0
    assert abs(entry.value - value) <= entry.unit  # what was rounded lies within one unit of the last place


DECIMALS = st.from_regex(r"[-+]?[0-9]{0,12}\.?[0-9]{0,12}", fullmatch=True)
OTHERS = st.sampled_from(
    [
        "",
        "0." + "1" * 70,
        "0" * 30,
        "0" * 12 + "1.5",
        "0" * 9 + "1.5",
        "1e-3",
        "1/2",
        "x",
        "0.5 m",
        "'.5'",
        '" 1"',
        "-",
        "٣",
        "0.5\u00b2",
    ]
)
LISTS = st.recursive(
    st.lists(DECIMALS, min_size=1, max_size=3).map(", ".join) | st.lists(DECIMALS | OTHERS, max_size=3).map(", ".join),
    lambda inner: st.lists(inner.map("[{}]".format), min_size=1, max_size=3).map(", ".join),
    max_leaves=4,
).map("[{}]".format)


def outcome(tree: Tree) -> str:
    """Give what is read, every field of it, or what is said."""
    try:
        return repr(read_typed(tree))
    except FormulaError as error:
        return repr((str(error), error.start, error.end, error.fix))


@given(DECIMALS | OTHERS | LISTS)
def test_plain_decimals_are_read_as_any_number_is(text: str) -> None:
    tree = tree_of(text)
    read = outcome(tree)
    with mock.patch.object(reading, "_decimals", return_value=None):
        assert outcome(tree) == read


@given(
    st.lists(st.lists(st.integers(-999, 999).map(lambda n: n / 100), min_size=2, max_size=4), min_size=2, max_size=3)
)
def test_all_ways_to_write_a_matrix_are_one(rows: list[list[float]]) -> None:
    rows = [row[: len(min(rows, key=len))] for row in rows]
    commas = "[" + "; ".join(", ".join(map(str, row)) for row in rows) + "]"
    blanks = "[" + "\n ".join("[" + "  ".join(map(str, row)) + "]" for row in rows) + "]"
    assert values(read_text(commas)) == values(read_text(blanks)) == values(read_text(str(rows)))
    assert read_text(commas).shape == read_text(blanks).shape == read_text(str(rows)).shape


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        typed = read_text(text)
    except FormulaError:
        return
    assert all(entry is None or math.isfinite(entry.value) for entry in typed.entries)
