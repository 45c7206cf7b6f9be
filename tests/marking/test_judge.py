"""What a judge keeps of a page, and the verdicts that hang on more than one entry."""

from __future__ import annotations

import math

import pytest

from hwcheck.marking.judge import Judge, judges
from hwcheck.marking.typed import EXACT, read_number
from hwcheck.marking.work import prepare
from hwcheck.sheet import Sheet
from tests.marking.students import sheet_of, worked_table


def judge_of(sheet: Sheet, page: dict[str, str]) -> Judge:
    """Judge numbers with blanks between them; `?` for one that is left out."""
    written = {
        name: [None if word == "?" else read_number(word) for word in words.split()] for name, words in page.items()
    }
    (judge,) = judges(prepare(worked_table(sheet), list(page)), [written])
    return judge


def words(judge: Judge, name: str) -> list[str]:
    return [each.verdict for (other, _), each in judge.verdicts.items() if other == name]


COPIES = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {v: [0.11, 0.22, 0.33, 0.44, 0.55, 0.66, 0.77, 0.88, 0.99, 1.21]}
    network: |
      z = 2 v
      h = relu(z)
    questions: {all: {find: [z, h]}}
""")


@pytest.mark.parametrize(
    ("numbers", "constant"),
    [
        ("", False),
        ("0.5 0.5", False),
        ("0.5 0.5 0.5", True),
        ("0.5 -0.5 0.5", True),
        ("0 0", False),
        ("0 0 0", True),
        ("0.5 0.5 0.5 0.7", False),
        ("0.5 0.5 0.5 0.5 0.7", True),
        ("0 0 0 0 0.7", False),
        ("0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.7 0.9", True),
        ("0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.6 0.7 0.9", False),
        ("0.5 0.5 0.7 0.7", False),
    ],
)
def test_one_number_nearly_everywhere_is_no_work(numbers: str, constant: bool) -> None:
    page = {"z": " ".join((numbers.split() + ["?"] * 10)[:10])} if numbers else {}
    assert judge_of(COPIES, page).constant is constant


def test_on_a_page_with_one_number_everywhere_a_right_entry_shows_nothing_of_the_others() -> None:
    alike = "? ? ? ? ? 0.5 0.5 0.5 0.5 2.42"
    judge = judge_of(COPIES, {"z": alike, "h": alike})
    assert words(judge, "z") == ["wrong"] * 4 + ["correct"]
    assert words(judge, "h") == ["undecided"] * 4 + ["correct"]
    assert judge.verdicts["h", 5].remarks == ("trivial",)
    other = judge_of(COPIES, {"z": alike, "h": alike.replace("2.42", "3.42")})
    assert words(other, "h") == ["undecided"] * 4 + ["wrong"]
    varied = "? ? ? ? ? 0.5 0.5 0.6 0.7 2.42"
    assert words(judge_of(COPIES, {"z": varied, "h": varied}), "h") == ["carried"] * 4 + ["correct"]


CHAINED = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: [1, 2], W: [[0.3, -0.4], [0.2, 0.1]], y: [1, 0]}
    network: |
      z = W x
      p = sigmoid(z)
      J = bce(p, y)
    questions: {all: {find: [z, p, J, dJ/dp, dp/dz, dJ/dz, dJ/dW]}}
""")


def test_a_value_may_follow_by_another_form_of_its_formula() -> None:
    """dJ/dz is (p - y)/2, or the product of what is above it, which is wrong by a factor."""
    page = {"z": "-0.5 0.4", "p": "0.3775 0.5987", "dJ/dp": "-2.6493 2.4919"}
    judge = judge_of(CHAINED, {**page, "dJ/dz": "-0.6226 0.5987"})
    assert words(judge, "dJ/dz") == ["carried", "carried"]
    assert judge.verdicts["dJ/dz", 0].carried == pytest.approx(-2.6493 * 0.235, abs=1e-4)
    judge = judge_of(CHAINED, {**page, "dJ/dz": "-0.3113 0.2994"})
    assert words(judge, "dJ/dz") == ["correct", "correct"]
    assert judge.verdicts["dJ/dz", 0].remarks == ()
    assert words(judge_of(CHAINED, {**page, "dJ/dz": "-0.6226 -0.5987"}), "dJ/dz") == ["carried", "wrong"]


@pytest.mark.parametrize(("slope", "verdict"), [("0.2350", "correct"), ("0.2495", "carried"), ("0.2400", "wrong")])
def test_a_slope_is_that_of_the_result_or_of_what_goes_in(slope: str, verdict: str) -> None:
    judge = judge_of(CHAINED, {"z": "-0.5 0.4", "p": "0.4775 0.5987", "dp/dz": f"{slope} 0.2403"})
    assert words(judge, "dp/dz") == [verdict, "correct"]
    assert judge.verdicts["dp/dz", 0].remarks == ()


def test_only_forms_that_a_value_may_come_from_are_tried() -> None:
    page = {"z": "-0.5 0.4", "p": "0.3775 0.5987", "dp/dz": "0.2350 0.2403", "dJ/dz": "-0.3112 0.2993"}
    judge = judge_of(CHAINED, page)
    replaced = judge.work.replaced
    assert [list(judge.choices(name)) for name in ("z", "p")] == [[0], [0]]
    for name in ("dp/dz", "dJ/dz"):
        assert list(judge.choices(name)) == [at for at, some in enumerate(replaced) if not some or name in some]


STEPS = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: 2, c: 0.123456}
    network: |
      p = 1.5 x
      q = x^2
      s = p q
      t = s / 7
      u = c x
      d = s >= 13
    questions: {all: {find: [p, q, s, t, u, d]}}
""")


@pytest.mark.parametrize(
    ("page", "name", "verdict", "remarks"),
    [
        # digits that were cut off, and last digits that others have moved
        ({"u": "0.2469"}, "u", "correct", ()),
        ({"u": "0.2470"}, "u", "correct", ()),
        ({"u": "0.2468"}, "u", "wrong", ()),
        ({"u": "0.24691"}, "u", "correct", ()),
        ({"u": "0.246"}, "u", "correct", ("truncated",)),
        ({"u": "0.24"}, "u", "correct", ("truncated",)),
        ({"t": "1.714", "u": "0.24"}, "u", "undecided", ("short",)),
        ({"t": "1.714"}, "t", "correct", ()),
        ({"t": "1.7142"}, "t", "correct", ("truncated",)),
        ({"p": "3.001", "t": "1.715"}, "t", "correct", ()),
        # a decision: on the student's own number, or by the key where nothing is wrong
        ({"s": "12", "d": "0"}, "d", "correct", ()),
        ({"s": "14", "d": "1"}, "d", "carried", ()),
        ({"s": "14", "d": "0"}, "d", "wrong", ()),
        ({"s": "11", "d": "0"}, "d", "correct", ()),
        # a mixture needs something wrong above
        ({"p": "4", "q": "5", "s": "15"}, "s", "carried", ("mixed",)),
        ({"p": "4", "q": "5", "s": "16"}, "s", "carried", ("mixed",)),
        ({"p": "4", "q": "5", "s": "12"}, "s", "correct", ("recovered",)),
        ({"p": "4", "q": "5", "s": "20"}, "s", "carried", ()),
        ({"p": "4", "q": "5", "s": "18"}, "s", "wrong", ()),
        ({"p": "4", "q": "4", "s": "4"}, "s", "wrong", ()),
        ({"p": "4", "q": "4", "s": "4", "t": "4", "u": "1"}, "s", "wrong", ()),
    ],
)
def test_verdicts_one_by_one(page: dict[str, str], name: str, verdict: str, remarks: tuple[str, ...]) -> None:
    found = judge_of(STEPS, page).verdicts[name, 0]
    assert (found.verdict, found.remarks) == (verdict, remarks)


EXACTLY = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: 2, c: 0.123456, v: [0.1, 0.2, -0.3], w: [1, 1, 1]}
    network: |
      p = 1.5 x
      t = c x
      k = t / 2
      r = k + p
      o = w.T v
      d = r >= 3
      e = t > 0.2469
    questions: {all: {find: [p, t, k, r, o, d, e]}}
""")


@pytest.mark.parametrize(
    ("page", "exact"),
    [
        ({"p": "3", "t": "0.246912", "k": "0.123456", "r": "3.123456"}, "1111"),
        ({"p": "3", "t": "0.2469", "k": "0.12345", "r": "3.12345"}, "1000"),
        ({"p": "3", "t": "0.2469", "k": "0.123456", "r": "3.123456"}, "1000"),  # what was copied from it is no better
        ({"t": "0.2469", "r": "3.12345"}, "00"),
        ({"t": "0.246912", "r": "3.123456"}, "11"),
        ({"p": "3.1", "t": "0.246912", "r": "3.223456"}, "010"),
        ({"o": "0", "d": "1"}, "11"),
        ({"o": "5.6e-17", "d": "0"}, "10"),
        ({"o": "-5.6e-17"}, "1"),
        ({"o": "1e-9"}, "0"),
    ],
)
def test_exact_is_what_equals_what_follows_from_exact_numbers(page: dict[str, str], exact: str) -> None:
    judge = judge_of(EXACTLY, page)
    assert "".join(str(int(each)) for each in judge.look.exact) == exact
    for name, units in judge.units.items():
        (at,) = judge.spots.parts[name].indices(99)[:1]
        assert float(units.ravel()[0]) == (0 if exact[at] == "1" else judge.look.unit[at])


@pytest.mark.parametrize(
    ("page", "units", "digits"),
    [
        # a zero is nothing but zero, a number that lost zeros at its end has as many digits as the others, and one
        # that is wrong says nothing of those below it
        ({"p": "0.0", "t": "0.2469", "k": "0.1235", "r": "3"}, [0, 1e-4, 1e-4, 1e-3], [EXACT, 4, 4, EXACT]),
        ({"t": "0.2469", "k": "0.1", "r": "3.123"}, [1e-4, 1e-4, 1e-3], [4, EXACT, 4]),
        ({"t": "0.247", "k": "0.2", "r": "3.12"}, [1e-3, 1e-3, 1e-2], [3, EXACT, 3]),
        # exact numbers, fractions and decisions say nothing of how precisely somebody works
        ({"p": "3.000000", "t": "0.25", "k": "1/8"}, [1e-6, 0.01, 0], [EXACT, 2, EXACT]),
        (
            {"p": "3", "t": "0.25", "k": "1/8", "r": "3.1", "d": "1"},
            [0.1, 0.01, 0, 0.1, 0.1],
            [EXACT, 2, EXACT, 2, EXACT],
        ),
    ],
)
def test_numbers_are_read_as_precisely_as_the_page_is_written(
    page: dict[str, str], units: list[float], digits: list[int]
) -> None:
    judge = judge_of(EXACTLY, page)
    assert judge.look.unit.tolist() == pytest.approx(units)
    assert judge.digits.tolist() == digits


def test_what_is_right_to_its_own_last_place_is_measured_by_that_and_what_is_not_by_what_it_was_made_from() -> None:
    judge = judge_of(EXACTLY, {"t": "0.247", "k": "0.123456"})
    assert judge.verdicts["k", 0] == ("correct", pytest.approx(0.123456), 0.1235, pytest.approx(1e-6), (), True)
    judge = judge_of(EXACTLY, {"t": "0.247", "k": "0.123510"})
    assert judge.verdicts["k", 0].verdict == "correct"
    assert judge.verdicts["k", 0].tolerance == pytest.approx(0.0005, rel=0.01)
    assert judge_of(EXACTLY, {"t": "0.247", "k": "0.124010"}).verdicts["k", 0].verdict == "wrong"


def test_below_what_is_undecided_a_value_may_be_right_by_the_key() -> None:
    page = {"t": "0.25", "k": "0.1235", "r": "3.123"}
    judge = judge_of(EXACTLY, page)
    assert [each.verdict for each in judge.verdicts.values()] == ["undecided", "correct", "correct"]
    assert (judge.unsure.tolist(), judge.bad.tolist()) == ([True, False, False], [False] * 3)
    assert judge.digits.tolist() == [EXACT, 4, 4]
    assert words(judge_of(EXACTLY, {**page, "t": "0.2510"}), "k") == ["correct"]
    assert words(judge_of(EXACTLY, {**page, "t": "0.2469", "k": "0.1250"}), "k") == ["wrong"]


@pytest.mark.parametrize(
    ("page", "name", "found"),
    [
        ({"z": "-0.5 0.44 0.66", "h": "0 0.44 0.66"}, "h", ["carried", "correct", "correct"]),
        ({"z": "-0.5 0.44 ?", "h": "0 ? 0.66"}, "h", ["carried", "correct"]),
        ({"z": "-0.5 0.44 0.66", "h": "0 0.94 ?"}, "h", ["undecided", "wrong"]),
        ({"z": "-0.5 -0.6 -0.7", "h": "0 0 0"}, "h", ["undecided"] * 3),
        ({"z": "-0.5 -0.6 -0.7", "h": "0 0.44 ?"}, "h", ["carried", "correct"]),  # by the right number
    ],
)
def test_a_zero_behind_a_wrong_number_counts_where_another_entry_shows_the_step(
    page: dict[str, str], name: str, found: list[str]
) -> None:
    judge = judge_of(COPIES, {name: words + " ?" * 7 for name, words in page.items()})
    assert words(judge, name) == found
    for at, cell in enumerate(judge.written[name]):
        if cell is not None:
            each = judge.verdicts[name, at]
            assert (each.earns, "trivial" in each.remarks) == (
                (False, True) if each.verdict == "undecided" else (True, False)
            )
            assert judge.entry(name, at, cell) == each


@pytest.mark.parametrize(
    ("k", "verdict", "remarks"),
    [("0.17", "undecided", ("short",)), ("0.12", "undecided", ("short",)), ("0.15", "wrong", ())],
)
def test_a_short_number_may_be_the_right_one_or_what_follows_from_a_wrong_one(
    k: str, verdict: str, remarks: tuple[str, ...]
) -> None:
    found = judge_of(EXACTLY, {"t": "0.3469", "k": k, "r": "3.123"}).verdicts["k", 0]
    assert (found.verdict, found.remarks) == (verdict, remarks)


FLAT = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: 3.4, c: 1.53}
    network: |
      p = c x
      o = tanh(x)
      d = 1 - o^2
      q = p d
    questions: {all: {find: [p, o, d, q]}}
""")


@pytest.mark.parametrize(
    ("page", "d", "q"),
    [
        ({"p": "5.2", "o": "1.0", "d": "0", "q": "0"}, "correct", "correct"),  # two digits leave nothing of 0.0044
        ({"p": "5.202", "o": "1.1", "d": "-0.21", "q": "-1.092"}, "carried", "carried"),
        ({"p": "5.202", "o": "2", "d": "0", "q": "0"}, "wrong", "undecided"),
    ],
)
def test_a_zero_that_honest_rounding_leaves_is_no_trivial_one(page: dict[str, str], d: str, q: str) -> None:
    judge = judge_of(FLAT, page)
    assert (words(judge, "d"), words(judge, "q")) == ([d], [q])
    for name in judge.written:
        (cell,) = judge.written[name]
        assert cell is not None
        assert judge.entry(name, 0, cell).verdict == judge.verdicts[name, 0].verdict


WEIGHTS = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: [1, 0], w: [0.5, 0.25], v: [0.33, 0.4]}
    network: |
      z = w.T x + v.T x
      L = 1/2 z^2
    train: {loss: L, parameters: [w, v], optimizer: sgd, learning_rate: 0.001}
    questions: {all: {find: [z, L, dL/dw, w_new, v_new]}}
""")


@pytest.mark.parametrize(
    ("v", "earns"),
    [("? ?", False), ("0.3300 0.4000", False), ("0.3292 0.4000", True), ("0.3292 ?", True), ("? 0.4000", False)],
)
def test_a_step_is_shown_where_one_weight_has_moved(v: str, earns: bool) -> None:
    page = {"L": "0.3445", "dL/dw": "0.8300 0.0000", "w_new": "0.5 0.2500"} | ({"v_new": v} if v != "? ?" else {})
    judge = judge_of(WEIGHTS, page)
    assert words(judge, "w_new") == ["undecided", "correct"]
    assert judge.verdicts["w_new", 0].earns is earns
    assert judge.moves_weights is earns


@pytest.mark.parametrize(
    ("page", "verdict"),
    [
        # t is 0.246912: unrounded it is above 0.2469, rounded it is not
        ({"t": "0.2469", "e": "0"}, "correct"),
        ({"t": "0.2469", "e": "1"}, "correct"),
        ({"p": "4", "t": "0.2469", "e": "1"}, "correct"),
        ({"t": "0.2469", "e": "2"}, "wrong"),
        ({"t": "0.2269", "e": "1"}, "wrong"),
        ({"t": "0.2269", "e": "0"}, "carried"),
        ({"t": "0.2569", "e": "1"}, "correct"),
        ({"t": "0.2569", "e": "0"}, "wrong"),
    ],
)
def test_a_decision_is_that_of_the_own_number_or_where_nothing_is_wrong_of_the_unrounded_one(
    page: dict[str, str], verdict: str
) -> None:
    judge = judge_of(EXACTLY, page)
    assert words(judge, "e") == [verdict]
    assert judge.verdicts["e", 0].tolerance == 0
    assert judge.wrong_above("e") == (judge.verdicts["t", 0].verdict == "wrong")


ENDLESS = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {y: [0, 1]}
    network: |
      l = ln(y)
      m = 2 l
    questions: {all: {find: [l, m]}}
""")


def test_there_is_no_band_around_what_has_no_value() -> None:
    judge = judge_of(ENDLESS, {"l": "-5 0", "m": "-10 0"})
    assert judge.verdicts["l", 0] == ("wrong", -math.inf, -math.inf, 0.0, (), True)
    assert judge.verdicts["m", 0][:3] == ("carried", -math.inf, -10.0)
    judge = judge_of(ENDLESS, {"l": "-5 0", "m": "-11 0"})
    assert judge.verdicts["m", 0][:3] == ("wrong", -math.inf, -10.0)


def test_what_follows_from_a_wrong_number_to_its_last_place_has_a_band_of_that() -> None:
    judge = judge_of(EXACTLY, {"t": "0.3470", "k": "0.1735", "r": "3.1737"})
    assert judge.verdicts["k", 0] == ("carried", pytest.approx(0.123456), 0.1735, pytest.approx(1e-4), (), True)
    assert judge.verdicts["r", 0].verdict == "wrong"
    judge = judge_of(EXACTLY, {"t": "0.3470", "k": "0.17354"})
    assert judge.verdicts["k", 0].verdict == "carried"
    assert judge.verdicts["k", 0].tolerance == pytest.approx(6e-5, rel=0.01)


@pytest.mark.parametrize(
    ("t", "k", "verdict", "remarks"),
    [
        ("0.3470", "0.12350", "correct", ("recovered", "digits")),  # from 0.2470, which is not written
        ("0.246912", "0.12350", "wrong", ()),  # what is written was used
        ("0.3470", "0.12340", "correct", ("recovered", "digits")),
        ("0.3470", "0.12361", "wrong", ()),
        ("0.24", "0.12350", "correct", ("digits",)),  # which may be 0.2470 cut off, or not
        ("0.2470", "0.12350", "correct", ("digits",)),
        ("0.2470", "0.12361", "wrong", ()),
        ("0.247", "0.1236", "correct", ()),
        ("0.247", "0.1237", "correct", ("rounded",)),  # more than a unit and a half from the key
    ],
)
def test_the_key_has_a_band_only_below_what_is_not_right(
    t: str, k: str, verdict: str, remarks: tuple[str, ...]
) -> None:
    found = judge_of(EXACTLY, {"t": t, "k": k}).verdicts["k", 0]
    assert (found.verdict, found.remarks) == (verdict, remarks)


def test_a_wrong_value_has_the_band_of_the_first_form_of_its_formula() -> None:
    page = {"z": "-0.5 0.4", "p": "0.3775 0.5987", "dJ/dp": "-1.32 1.25"}
    wrong = judge_of(CHAINED, {**page, "dJ/dz": "0.9226 -0.9987"}).verdicts["dJ/dz", 0]
    assert (wrong.verdict, wrong.carried) == ("wrong", pytest.approx(-0.31125))
    assert wrong.tolerance == pytest.approx(1.5e-4, rel=0.05)  # of (p - y)/2, and not of dJ/dp times a slope


PAIRS = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: 2, c: [0.123456, 6.54321]}
    network: |
      t = c x
      k = t / 2
    questions: {all: {find: [t, k]}}
""")


@pytest.mark.parametrize(
    ("t", "k", "verdict", "remarks"),
    [
        ("0.2480", "0.1240", "carried", ()),
        ("0.2480", "0.1239", "carried", ()),  # as near to the key as rounding may come, and nearer to what was used
        ("0.2480", "0.1238", "correct", ("recovered", "rounded")),
        ("0.2480", "0.1235", "correct", ("recovered",)),
        ("0.2480", "0.1241", "carried", ()),
        ("0.2480", "0.1242", "wrong", ()),
        ("0.2480", "0.124", "correct", ()),  # which is both
        ("0.248", "0.1235", "correct", ()),  # what was used may be 0.247
        ("0.248", "0.1236", "correct", ()),
        ("0.248", "0.1238", "carried", ()),
    ],
)
def test_between_the_key_and_a_wrong_number_the_nearer_one_explains_a_value(
    t: str, k: str, verdict: str, remarks: tuple[str, ...]
) -> None:
    judge = judge_of(PAIRS, {"t": f"{t} 13.09", "k": f"{k} 6.54"})
    assert words(judge, "t") == ["wrong", "correct"]
    found = judge.verdicts["k", 0]
    assert (found.verdict, found.remarks) == (verdict, remarks)
    assert judge.verdicts["k", 1].verdict == "correct"
    cell = judge.written["k"][0]
    assert cell is not None
    assert judge.entry("k", 0, cell).verdict == verdict


def test_what_is_right_below_something_wrong_has_the_band_of_what_it_was_made_from() -> None:
    judge = judge_of(EXACTLY, {"p": "3", "t": "0.3470", "k": "0.1235", "r": "3.12346"})
    assert [each.verdict for each in judge.verdicts.values()] == ["correct", "wrong", "correct", "correct"]
    assert judge.verdicts["r", 0].tolerance == pytest.approx(1.1e-4, rel=0.01)


CANCELS = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: [0.1, 0.2, -0.3], w: [1, 1, 1]}
    network: |
      a = 2 x
      z = w.T a
    questions: {all: {find: [a, z]}}
""")


def test_a_zero_that_terms_leave_is_right_by_the_last_bits_alone_below_a_wrong_number() -> None:
    judge = judge_of(CANCELS, {"a": "0.2 0.4 -0.5", "z": "0"})
    assert judge.verdicts["z", 0] == ("correct", pytest.approx(0), pytest.approx(0.1), 0.0, ("recovered",), True)


STEPWISE = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: 2, c: [1.23456, 6.54321]}
    network: |
      a = c x
      b = a + 1
      d = b^2
      e = sum(d)
      f = a > 3
    questions: {all: {find: [a, b, d, e, f]}}
""")


@pytest.mark.parametrize(
    ("page", "name", "found"),
    [
        # b[1] is not written: d[1] follows from a[1]
        ({"a": "5.469 13.09", "b": "? 14.09", "d": "41.85 198.5"}, "d", ["carried", "correct"]),
        ({"a": "5.469 13.09", "b": "? 15.09", "d": "12.03 198.4"}, "d", ["correct", "correct"]),
        # some of it from what is wrong and some from what is right
        ({"a": "5.469 13.09", "b": "? 15.09", "e": "269.6"}, "e", ["carried"]),
        ({"a": "5.469 13.09", "b": "? 15.09", "e": "239.7"}, "e", ["carried"]),
        ({"a": "5.469 13.09", "b": "? 15.09", "e": "240.3"}, "e", ["carried"]),
        ({"a": "5.469 13.09", "b": "? 15.09", "e": "210.5"}, "e", ["correct"]),
        ({"a": "5.469 13.09", "b": "? 15.09", "e": "250.0"}, "e", ["wrong"]),
    ],
)
def test_of_a_quantity_that_is_written_in_part_the_rest_follows_from_what_is_above(
    page: dict[str, str], name: str, found: list[str]
) -> None:
    judge = judge_of(STEPWISE, page)
    assert words(judge, name) == found


def test_whole_numbers_are_cut_off_too_and_fractions_have_no_digits_to_remark() -> None:
    judge = judge_of(STEPWISE, {"a": "2.469 13.09", "b": "? 14.09", "d": "12.03 198", "f": "0 1"})
    assert judge.verdicts["d", 1].remarks == ("truncated",)
    assert words(judge, "f") == ["correct", "correct"]
    assert words(judge_of(STEPWISE, {"a": "2.469 13.09", "f": "1 0"}), "f") == ["wrong", "wrong"]
    judge = judge_of(EXACTLY, {"t": "0.25", "k": "1/8"})
    (cell,) = judge.written["k"]
    assert cell is not None
    assert (judge.entry("k", 0, cell).verdict, judge.entry("k", 0, cell).remarks) == ("correct", ())


def test_below_any_rounded_number_nothing_is_exact_on_each_page_for_itself() -> None:
    pages = [{"p": "3", "k": "0.1235", "r": "3.1235"}, {"p": "3.1", "k": "0.123456", "r": "3.223456"}]
    written = [{name: [read_number(word)] for name, word in page.items()} for page in pages]
    found = judges(prepare(worked_table(EXACTLY), ["p", "k", "r"]), written)
    assert [judge.look.exact.tolist() for judge in found] == [[True, False, False], [False, True, False]]
    judge = judge_of(PAIRS, {"t": "0.246912 13.09", "k": "0.123456 6.545"})
    assert judge.look.exact.tolist() == [True, False, False, False]


SHORT = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: [1, 2], W: [[0.3, -0.4]], y: 0}
    network: |
      z = W x
      a = sigmoid(z)
      J = bce(a, y)
    train: {loss: J, parameters: [W], learning_rate: 0.1}
    questions: {all: {find: [a, dJ/dz]}}
""")


def test_below_a_right_number_the_short_form_is_not_excused_by_a_mistake_on_the_long_way() -> None:
    page = {"a": "0.3775", "dJ/da": "5", "dJ/dz": "0.3780"}  # dJ/dz = a - y, and also dJ/da da/dz
    assert words(judge_of(SHORT, page), "dJ/dz") == ["wrong"]
    assert words(judge_of(SHORT, page | {"dJ/dz": "0.3775"}), "dJ/dz") == ["correct"]
