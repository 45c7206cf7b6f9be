"""Options that are chosen, ordered and matched: read however they are written, marked by one rule, never below 0."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck import verify
from hwcheck.diagnostics import Diagnostic
from hwcheck.files import Source
from hwcheck.marking.feedback import shown
from hwcheck.marking.report import Finding, Report
from hwcheck.sheet import Sheet
from hwcheck.sheet.build import build_problem
from hwcheck.sheet.kinds import FEEDBACK
from hwcheck.sheet.raw import read_sheet
from tests.marking.students import answers_of, sheet_of

WORDS = ("sigmoid", "tanh", "relu", "softmax", "step", "sign", "linear")
QUESTIONS = """
      one: {choose: [relu, sigmoid, "tanh: -1 to 1", "softmax, at the output"], key: relu, points: 4}
      some: {choose: {p: relu, q: W x, r: w x, s: "softmax, at the output", t: f(x, y)},
             key: [q, s, f(x, y)], points: 3}
      numbers: {choose: [2, 1, 16], key: 1}
      order: {order: [alpha, beta, "gamma, delta", eps], key: [beta, [a, "gamma, delta"], eps], points: 5}
      match: {match: {left: [train, validation, test], right: {u: fits, v: chooses, w: judges, x: nothing}},
              key: {train: fits, 2: v, test: W}, points: 3}
      words: {write: Say why., rubric: [noise, bias], points: 6}
"""
SHEET = sheet_of(f"hwcheck: 1\nproblems:\n  p:\n    questions:{QUESTIONS}")


def report_of(question: str, typed: str, sheet: Sheet = SHEET) -> Report:
    """Mark what was typed behind the id of a question, itself only."""
    return verify(sheet, answers_of(f"answers:\n  p:\n    {question}: {typed}\n"), question=question)


def judged(question: str, typed: str, sheet: Sheet = SHEET) -> Finding:
    (finding,) = report_of(question, typed, sheet).findings
    return finding


def asking(question: str) -> Sheet:
    """Make a sheet with one question."""
    return sheet_of(f"hwcheck: 1\nproblems: {{p: {{questions: {{q: {question}}}}}}}")


def troubles(text: str) -> list[Diagnostic]:
    """Read a sheet with one question, and give what is wrong with it."""
    whole = f"hwcheck: 1\nproblems:\n  p:\n    questions:\n      q: {text}\n"
    raw, found = read_sheet(Source("sheet.yaml", whole, whole.encode()))
    for each in raw.problems if raw else ():
        build_problem(each, "sheet.yaml", found)
    return found


def flow(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


# --- reading ---


@pytest.mark.parametrize(
    "typed",
    ["relu", "RELU", " Relu. ", '"relu"', "a", "A", "(a)", "a)", "a.", "1", "a) relu", "(1) relu", "[relu]", "[a]",
     "\n      - relu", "{a: yes, b: no}", "{relu: x}", "relu, relu", "|\n      relu\n"],
)  # fmt: skip
def test_an_option_is_named_by_its_text_its_letter_or_its_number(typed: str) -> None:
    finding = judged("one", typed)
    assert (finding.verdict, finding.marks, finding.read_as) == ("correct", 4, "a) relu"), finding


@pytest.mark.parametrize(
    "typed",
    ["q, s, t", "q s t", "[q, s, t]", "q; s; t", "q and s & t", "W x, softmax, at the output, f(x, y)",
     "[W x, softmax, at the output, 'f(x, y)']", "\n      - q\n      - Softmax, at the output.\n      - t",
     "|\n      W x\n      softmax,\n      at the output\n      f(x, y)\n", "{q: x, s: x, t: x, p: }", "[2, 4, 5]",
     "t, t, s, q) W x"],
)  # fmt: skip
def test_several_options_are_told_apart_by_the_longest_text_that_is_one(typed: str) -> None:
    finding = judged("some", typed)
    assert finding.verdict == "correct", (finding.read_as, finding.about, finding.lines)


def test_capitals_matter_where_nothing_else_tells_options_apart() -> None:
    assert judged("some", "w x").read_as == "r) w x"
    assert judged("some", "W x").read_as == "q) W x"


def test_a_text_goes_before_a_letter_and_a_letter_before_a_number() -> None:
    assert judged("numbers", "1").verdict == "correct"
    assert judged("numbers", "2").read_as == "a) 2"
    assert judged("numbers", "3").read_as == "c) 16"


@pytest.mark.parametrize(
    "typed",
    ["beta < alpha = gamma, delta < eps", "b < c = a < d", "[b, [a, c], d]", "b; a, c; d", "b -> a, c -> d",
     "b, a = c, d", "b, (c, a), d", "b < {a, c} < d", "[b, a, c, d]", "b, c, a, d", "[beta, gamma, delta, alpha, eps]",
     "\n      - beta\n      - alpha, gamma, delta\n      - eps", "{1: b, 2: [a, c], 3: d}", "{b: 1, a: 2, c: 2, d: 5}",
     "|\n      1. beta\n      2. alpha and gamma, delta\n      3. eps", "b then a then c then d", "2, 1, 3, 4"],
)  # fmt: skip
def test_an_order_is_read_however_it_is_written(typed: str) -> None:
    finding = judged("order", typed)
    assert (finding.verdict, finding.marks) == ("correct", 5), (finding.read_as, finding.about)


@pytest.mark.parametrize(
    "typed",
    ["{train: fits, validation: chooses, test: judges}", "{1: u, 2: v, 3: w}", "1u, 2v, 3w", "1-u; 2-v; 3-w",
     "[1u, 2v, 3w]", "train -> fits, validation -> chooses, test -> judges", "[train: u, validation: v, test: w]",
     "|\n      train = Fits.\n      validation: chooses\n      3) w\n", "[{train: fits}, {2: v}, 3 w]"],
)  # fmt: skip
def test_pairs_are_read_however_they_are_written(typed: str) -> None:
    finding = judged("match", typed)
    assert (finding.verdict, finding.marks) == ("correct", 3), (finding.read_as, finding.lines)


# --- marks ---


@given(st.sets(st.sampled_from(range(7)), min_size=1), st.sets(st.sampled_from(range(7)), min_size=1), st.randoms())
def test_of_options_right_less_wrong_counts_however_they_are_set_out(
    key: set[int], chosen: set[int], chance: random.Random
) -> None:
    marks = []
    for _ in range(2):
        order = chance.sample(WORDS, len(WORDS))
        right, own = [WORDS[at] for at in key], chance.sample([WORDS[at] for at in chosen], len(chosen))
        sheet = asking(f"{{choose: {flow(order)}, key: {flow(right)}, points: 7}}")
        finding = judged("q", flow(own), sheet)
        marks.append(finding.marks)
        assert (finding.verdict == "correct") == (key == chosen)
        assert [line.verdict == "correct" for line in finding.lines] == [WORDS.index(word) in key for word in own]
    assert marks == [pytest.approx(7 * max(0, len(key & chosen) - len(chosen - key)) / len(key))] * 2


@given(st.lists(st.integers(0, 3), min_size=7, max_size=7).filter(lambda ranks: len(set(ranks)) > 1), st.randoms())
def test_any_order_inside_of_a_tie_is_right_and_pairs_count(ranks: list[int], chance: random.Random) -> None:
    groups = [[word for word, rank in zip(WORDS, ranks, strict=True) if rank == each] for each in sorted(set(ranks))]
    options = chance.sample(WORDS, len(WORDS))
    key = flow(flow(group) for group in groups)
    sheet = asking(f"{{order: {flow(options)}, key: {key}}}")
    right = [word for group in groups for word in chance.sample(group, len(group))]
    assert judged("q", flow(right), sheet).verdict == "correct"
    assert judged("q", " < ".join(" = ".join(group) for group in groups), sheet).marks == 1
    own = chance.sample(WORDS, len(WORDS))
    finding = judged("q", flow(own), sheet)
    signs = [
        1 if ranks[WORDS.index(before)] < ranks[WORDS.index(after)] else -1
        for before, after in combinations(own, 2)
        if ranks[WORDS.index(before)] != ranks[WORDS.index(after)]
    ]
    assert finding.marks == pytest.approx(max(0, sum(signs)) / len(signs))
    assert (finding.verdict == "correct") == (min(signs) > 0)
    # what is marked right stands in the right order
    kept = [ranks[WORDS.index(line.text.split()[1])] for line in finding.lines if line.verdict == "correct"]
    assert kept == sorted(kept)
    assert len(kept) < 7 or finding.verdict == "correct"


@given(st.permutations("uvwx"), st.integers(0, 3))
def test_of_pairs_right_less_wrong_counts(partners: list[str], written: int) -> None:
    own = dict(zip(["train", "validation", "test"][:written], partners, strict=False))
    finding = judged("match", json.dumps(own).replace('"', ""))
    right = sum(own.get(left) == partner for left, partner in (("train", "u"), ("validation", "v"), ("test", "w")))
    assert finding.marks == max(0, right - (len(own) - right))
    assert finding.verdict == ("correct" if right == 3 else "wrong" if own else "blank")


def test_what_is_left_out_of_an_order_or_left_open_is_no_wrong_pair() -> None:
    assert judged("order", "beta < eps").marks == 1  # of the five pairs that the key orders
    assert judged("order", "beta = alpha < eps").marks == 2
    assert "left open" in judged("order", "beta = alpha < eps").about
    assert judged("order", "eps < beta").marks == 0


@pytest.mark.parametrize("question", ["one", "some", "order", "match", "words"])
@pytest.mark.parametrize("typed", ["", "[]", "{}", '""', "~"])
def test_blank_is_blank(question: str, typed: str) -> None:
    assert judged(question, typed).verdict == "blank"
    assert judged("some", "{p: no, q: no}").verdict == "blank"


# --- what cannot be read ---


@pytest.mark.parametrize(
    ("question", "typed", "said", "fix"),
    [
        ("one", "sigmid", "`sigmid`: there is no such option", "did you mean `sigmoid`?"),
        ("one", "a or b", "`a or b`: there is no such option", "there are a) relu"),
        ("one", "b) relu", "`b) relu`: there is no such option", ""),
        ("some", "{p: maybe}", "`p: maybe`: neither yes nor no", ""),
        ("some", "2 4 5", "`2 4 5`: several options stand in a row", "write commas between: `2, 4, 5`"),
        ("order", "b > a > c > d", "`>` does not say which comes first", "a < b = c"),
        ("order", "b < foo < a", "`foo`: there is no such option", ""),
        ("order", "b < b", "`b`: it is written more than once", ""),
        ("match", "{train: guesses}", "`guesses`: there is no such option on the right side", "there are u) fits"),
        ("match", "{training: u}", "`training`: there is no such option on the left side", "did you mean `train`?"),
        ("match", "hello", "`hello`: no option with its partner", "write `1: u`"),
        ("match", "1u, 1v", "`1v`: it is written more than once", ""),
    ],
)
def test_what_names_no_option_is_reported_with_a_fix(question: str, typed: str, said: str, fix: str) -> None:
    report = report_of(question, typed)
    (warning,) = report.diagnostics
    assert (warning.code, warning.severity) == ("HW415", "warning")
    assert said in warning.message
    assert fix in warning.help
    assert warning.span is not None
    assert (warning.span.line, warning.place) == (3, f"problem p, question {question}")
    assert report.findings[0].verdict in ("unreadable", "wrong")


def test_what_names_no_option_counts_as_a_wrong_one() -> None:
    assert judged("some", "q, s, sigmoid").marks == 1
    assert [line.verdict for line in judged("some", "q, s, sigmoid").lines] == ["correct", "correct", "unreadable"]


@given(st.text(max_size=80), st.sampled_from(["one", "some", "order", "match", "words"]))
def test_no_text_is_too_odd(text: str, question: str) -> None:
    finding = judged(question, json.dumps(text))
    assert 0 <= finding.marks <= finding.max_marks


@pytest.mark.parametrize(
    "typed", ["a, " * 6000, "1 u " * 5000, "(" * 5000, "a < " * 5000, "-> " * 5000, "[" * 30 + "]" * 30]
)
@pytest.mark.parametrize("question", ["some", "order", "match"])
def test_long_answers_are_no_hard_work(question: str, typed: str) -> None:
    finding = judged(question, json.dumps(typed))
    assert 0 <= finding.marks <= finding.max_marks


@pytest.mark.parametrize("typed", ["l1 - - - " * 25_000, "(a,b)" * 40_000, "s1, t " * 35_000, "train: fits, " * 15_000])
@pytest.mark.parametrize("question", ["one", "some", "order", "match"])
def test_what_is_longer_than_any_answer_is_not_read(question: str, typed: str) -> None:
    report = report_of(question, json.dumps(typed))
    assert report.findings[0].verdict == "unreadable"
    assert ["characters, and not read" in each.message for each in report.diagnostics] == [True]


def test_as_many_options_as_a_sheet_may_have_are_read() -> None:
    options = [f"option {at}, which is = {at}" for at in range(100)]
    quoted = [json.dumps(option) for option in options]
    order = asking(f"{{order: {flow(reversed(quoted))}, key: {flow(quoted)}}}")
    assert judged("q", json.dumps(" < ".join(options)), order).verdict == "correct"
    assert judged("q", flow(options), order).verdict == "correct"
    choose = asking(f"{{choose: {flow(quoted)}, key: {flow(quoted)}}}")
    assert judged("q", json.dumps("; ".join(options)), choose).verdict == "correct"
    pairs = ", ".join(f"{one}: {one}" for one in quoted)
    match = asking(f"{{match: {{left: {flow(quoted)}, right: {flow(quoted)}}}, key: {{{pairs}}}}}")
    assert judged("q", json.dumps("; ".join(f"{one} -> {one}" for one in options)), match).verdict == "correct"


# --- words, feedback, keys ---


def test_words_are_put_aside_and_count_for_nothing() -> None:
    for typed in ("", "because it is noisy", "{a: b}", "|\n      several: lines\n      # of text"):
        report = report_of("words", typed)
        assert (report.score, report.max_score) == (0, 0)
        assert report.findings[0].verdict == ("manual" if typed else "blank")
        assert report.findings[0].reference == "noise; bias"


@pytest.mark.parametrize(
    ("question", "typed"), [("some", "p, q"), ("order", "d, a, b"), ("match", "1v"), ("words", "x")]
)
def test_only_full_feedback_shows_the_key(question: str, typed: str) -> None:
    report = report_of(question, typed)
    hidden = {"some": "softmax", "order": "gamma, delta <", "match": "judges", "words": "noise"}[question]
    for level in FEEDBACK:
        assert (hidden in repr(shown(report, level).findings)) == (level == "full"), level
        assert bool(shown(report, level).findings[0].lines) == (level != "mark" and question != "words")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{choose: [a1, b1], key: c1}", "no option `c1`"),
        ("{choose: [a1, b1], key: [a1, a]}", "has `a1` twice"),
        ("{choose: [a1, b1], key: {a1: b1}}", "an option or a list of options"),
        ("{choose: [a1, b1], key: [[a1]]}", "one option is wanted here"),
        ("{choose: [a1, b1, a1], key: b1}", "`a1` is an option twice"),
        ("{choose: [a1], key: a1}", "at least two options"),
        ("{choose: [a1, b1]}", "`key` is missing"),
        ("{order: [a1, b1], key: a1}", "the key of `order` is a list"),
        ("{order: [a1, b1, c1], key: [a1, b1]}", "leaves out `c1`"),
        ("{order: [a1, b1, c1], key: [a1, [b1, a1], c1]}", "has `a1` twice"),
        ("{order: [a1, b1], key: [[a1, b1]]}", "everything stand in any order"),
        ("{match: {left: [a1, b1], right: [c1, d1]}, key: [a1, b1]}", "a mapping"),
        ("{match: {left: [a1, b1], right: [c1, d1]}, key: {a1: c1}}", "leaves out `b1`"),
        ("{match: {left: [a1, b1], right: [c1, d1]}, key: {a1: c1, b1: e1}}", "no option `e1` on the right side"),
        ("{match: {left: [a1, b1]}, key: {a1: c1, b1: e1}}", "`right` is missing"),
        ("{choose: [a1, b1], key: a1, rubric: x}", "`rubric` means nothing beside `choose`"),
    ],
)
def test_a_key_that_does_not_fit_is_reported_at_its_place(text: str, said: str) -> None:
    (found,) = troubles(text)
    assert said in found.message
    assert found.span is not None
    assert found.span.line == 5
    assert found.place.startswith("problem p, question q")
