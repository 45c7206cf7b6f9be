"""Slips of the hand: each is told by what undoes it, and by nothing that the digits do not show."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.marking.digits import RULES, Case, belongs_to, digit_codes, exchanged, is_sum, is_value, typed
from hwcheck.marking.judge import Judge, judges
from hwcheck.marking.typed import Entry, read_number
from hwcheck.marking.work import prepare
from tests.marking.students import sheet_of

SHEET = """
hwcheck: 1
problems:
  "1":
    given: {GIVEN}
    network: |
      NETWORK
    questions: {a: {find: [NAMES]}}
"""


def judge_of(given: Mapping[str, object], network: str, written: Mapping[str, list[str]], wanted: str = "") -> Judge:
    """Judge entries of the quantities of a small network."""
    names = wanted or ", ".join(line.split(" = ")[0] for line in network.split("; "))
    text = SHEET.replace("NAMES", names).replace("NETWORK", network.replace("; ", "\n      "))
    sheet = sheet_of(text.replace("GIVEN", ", ".join(f"{name}: {value}" for name, value in given.items())))
    entries: dict[str, list[Entry | None]] = {
        name: [read_number(text) if text else None for text in texts] for name, texts in written.items()
    }
    (judge,) = judges(prepare(sheet.problems["1"].base, names.split(", ")), [entries])
    return judge


OTHERS = ("1.235", "2.346", "3.457")  # beside them a student has four digits


def codes(right: float, text: str) -> set[str]:
    """Name the slips in a number that is typed for another one, on a page of other numbers."""
    network = "; ".join(["p = u", *(f"q{at} = exp(ln({each}))" for at, each in enumerate(OTHERS))])
    written = {"p": [text], **{f"q{at}": [f"{float(each) + 0.0004:.3f}"] for at, each in enumerate(OTHERS)}}
    return set(digit_codes(judge_of({"u": repr(right)}, network.replace("p = u", "p = 1 u"), written), "p", 0))


@pytest.mark.parametrize(
    ("right", "text", "found"),
    [
        (0.4257, "0.4257", ()),
        (0.4257, "-0.4257", ("SIGN_SLIP",)),
        (-0.4257, "0.4257", ("SIGN_SLIP",)),
        (-0.4257, "0.4258", ("SIGN_SLIP",)),
        (0.4257, "4.257", ("DECIMAL_SLIP",)),
        (0.4257, "42.57", ("DECIMAL_SLIP",)),
        (0.4257, "425.7", ()),
        (0.4257, "0.04257", ("DECIMAL_SLIP", "DROP_ZERO")),
        (0.4257, "0.004257", ("DECIMAL_SLIP",)),
        (0.4257, "0.0004257", ()),
        (0.4057, "0.457", ("DROP_ZERO",)),
        (0.4257, "0.40257", ("DROP_ZERO",)),
        (0.4257, "0.42057", ("DROP_ZERO",)),
        (0.4257, "0.4527", ("DIGIT_SWAP",)),
        (0.4257, "0.2457", ("DIGIT_SWAP",)),
        (0.4257, "0.4275", ("DIGIT_SWAP",)),
        (12.57, "21.57", ("DIGIT_SWAP",)),
        (12.57, "15.27", ("DIGIT_SWAP",)),
        (0.4257, "0.4757", ("MISCOPY",)),
        (0.4257, "0.8257", ("MISCOPY",)),
        (0.4257, "1.4257", ("MISCOPY",)),
        (0.4257, "0.4357", ("MISCOPY",)),
        (0.4257, "0.4858", ()),
        (0.4257, "0.7923", ()),
        # what has few digits is explained by none of them
        (0.42, "4.2", ()),
        (0.42, "0.24", ()),
        (0.425, "0.475", ()),
        (0.0, "0.4257", ()),
        (0.0, "0.5000", ()),
    ],
)  # fmt: skip
def test_a_slip_of_the_hand_is_named_by_what_undoes_it(right: float, text: str, found: tuple[str, ...]) -> None:
    assert codes(right, text) == set(found)


def case(right: float, text: str, band: float = 0.0) -> Case:
    """Give a wrong entry by itself."""
    cell = read_number(text)
    return Case(None, "", 0, cell, cell.unit, right, max(band, 0.0))  # type: ignore[arg-type]  # no rule asked here looks at the page


def holds(code: str, right: float, text: str, band: float = 0.0) -> bool:
    return RULES[code](case(right, text, band))


@pytest.mark.parametrize(
    ("code", "right", "text", "band", "found"),
    [
        # the other sign, to within a band or a last place; what is near 0 has none
        ("SIGN_SLIP", 0.425, "-0.425", 0, True),
        ("SIGN_SLIP", 0.4255, "-0.426", 0, True),
        ("SIGN_SLIP", 0.4255, "-0.427", 0, False),
        ("SIGN_SLIP", 0.4255, "-0.427", 0.002, True),
        ("SIGN_SLIP", 0.425, "0.425", 0, False),
        ("SIGN_SLIP", 0.003, "-0.003", 0, True),
        ("SIGN_SLIP", 0.002, "-0.002", 0, False),
        ("SIGN_SLIP", 0.1, "-0.1", 0.06, False),
        # the point
        ("DECIMAL_SLIP", 0.425, "4.25", 0, True),
        ("DECIMAL_SLIP", 0.425, "4.27", 0.001, False),
        ("DECIMAL_SLIP", 0.425, "4.27", 0.003, True),  # the band is moved too
        ("DECIMAL_SLIP", 0.425, "0.0427", 0.002, True),
        ("DECIMAL_SLIP", 0.425, "0.0427", 0.001, False),
        ("DECIMAL_SLIP", 0.425, "0.0425", 0, True),
        ("DECIMAL_SLIP", 0.425, "0.00425", 0, True),
        ("DECIMAL_SLIP", 0.425, "0.000425", 0, False),
        ("DECIMAL_SLIP", 0.425, "42.5", 0, True),
        ("DECIMAL_SLIP", 0.425, "425", 0, False),
        ("DECIMAL_SLIP", 0.42, "4.2", 0, False),  # two digits
        # a zero
        ("DROP_ZERO", 0.405, "0.45", 0, False),
        ("DROP_ZERO", 0.4057, "0.457", 0, True),
        ("DROP_ZERO", 0.457, "0.4057", 0, True),
        ("DROP_ZERO", 12.05, "12.5", 0, True),
        ("DROP_ZERO", 0.4570, "0.4507", 0, True),
        ("DROP_ZERO", 0.4557, "0.457", 0, False),
        ("DROP_ZERO", -0.4057, "-0.457", 0, True),
        ("DROP_ZERO", 0.4057, "-0.457", 0, False),
        ("DROP_ZERO", 0.4057, "0.457", 0.03, False),
        # two digits beside each other
        ("DIGIT_SWAP", 0.425, "0.452", 0, True),
        ("DIGIT_SWAP", 0.425, "0.245", 0, True),
        ("DIGIT_SWAP", 42.5, "24.5", 0, True),
        ("DIGIT_SWAP", 42.5, "45.2", 0, True),
        ("DIGIT_SWAP", 425, "452", 0, True),
        ("DIGIT_SWAP", 0.425, "0.524", 0, False),
        ("DIGIT_SWAP", 0.42, "0.24", 0, False),
        ("DIGIT_SWAP", -0.425, "-0.452", 0, True),
        # one digit
        ("MISCOPY", 0.4257, "0.4757", 0, True),
        ("MISCOPY", 0.4257, "0.3257", 0, True),
        ("MISCOPY", 0.4257, "0.4287", 0, False),  # too near to its own last place
        ("MISCOPY", 0.4257, "0.4377", 0, False),  # two digits
        ("MISCOPY", 0.425, "0.475", 0, False),  # three digits
        ("MISCOPY", 0.42571, "0.42971", 0, True),
        ("MISCOPY", 0.42574, "0.4757", 0, True),
        ("MISCOPY", 0.42564, "0.4757", 0, True),
        ("MISCOPY", 0.4258, "0.4757", 0, False),
        ("MISCOPY", 0.4258, "0.4757", 0.0002, True),
        ("MISCOPY", 0.4257, "0.4757", 0.017, False),
        ("MISCOPY", 0.4257, "0.5247", 0.002, True),  # 0.099 is nearly 0.1
        ("MISCOPY", 0.4257, "0.5207", 0.002, False),
        ("MISCOPY", 0.1257, "0.9257", 0, True),
        ("MISCOPY", 1.1257, "0.1257", 0, True),
        ("MISCOPY", 0.90001, "1.0", 0, False),
    ],
)
def test_a_rule_holds_for_what_is_as_near_as_the_digits_say(
    code: str, right: float, text: str, band: float, found: bool
) -> None:
    # a right value that is as short as the typed one would be exact
    assert holds(code, right + (1e-7 if code == "MISCOPY" else 0), text, band) is found


FOUR = st.lists(st.integers(1, 9), min_size=4, max_size=4)


@given(FOUR, st.integers(0, 3), st.sampled_from([-1, 1]), st.integers(-2, 2))
def test_what_one_edit_of_the_digits_makes_is_undone_by_its_rule(
    digits: list[int], place: int, sign: int, power: int
) -> None:
    def number(digits: list[int], point: int = 0) -> str:
        text = "".join(map(str, digits))
        shift = point + max(power, 0)
        return ("-" if sign < 0 else "") + (text[:shift] or "0") + "." + "0" * max(-power, 0) + text[shift:]

    right = float(number(digits))
    swapped = [*digits[:place], *digits[place : place + 2][::-1], *digits[place + 2 :]]
    if swapped != digits and abs(swapped[place] - digits[place]) > 2:
        assert holds("DIGIT_SWAP", right, number(swapped))
    zero = [*digits[:place], 0, *digits[place:]]
    if max(power, 0) < place < 3:  # at the end it moves less than the digits tell
        assert holds("DROP_ZERO", right, number(zero))
        assert holds("DROP_ZERO", float(number(zero)), number(digits))
    assert holds("SIGN_SLIP", -right, number(digits))
    assert not holds("SIGN_SLIP", right, number(digits))
    assert not any(
        holds(code, right, number(digits)) for code in ("DECIMAL_SLIP", "DROP_ZERO", "DIGIT_SWAP", "MISCOPY")
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("0.4257", ("0", "4257")),
        ("-12.50", ("12", "50")),
        ("425", ("425", "")),
        ("4.953e-3", ("0", "004953")),
        ("1.2e3", ("1200", "")),
    ],
)
def test_the_digits_before_the_point_and_behind_it(text: str, parts: tuple[str, str]) -> None:
    assert typed(case(1.0, text)) == parts


# --- sums -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "total"),
    [
        ("p = u + v", True),
        ("p = u - v", True),
        ("p = u v", False),
        ("p = exp(u)", False),
        ("p = -u", False),
        ("p = u c", False),
        ("p = a.T c", True),
        ("p = M c", True),
        ("p = N u", False),
        ("p = a d", False),
        ("p = exp(M c)", True),
        ("p = sum(c)", False),
    ],
)
def test_what_adds_up(network: str, total: bool) -> None:
    given = {"u": 2, "v": 3, "a": [1, 2], "c": [3, 4], "d": [[5, 6]], "M": [[1, 2], [3, 4]], "N": [[1], [2]]}
    assert is_sum(judge_of(given, network, {}), "p") is total
    assert not is_sum(judge_of({"u": 2}, "p = 1 u", {}, "p"), "u")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("0.6", {"ARITH_SUM"}),  # 0.5 is exact
        ("0.4", {"ARITH_SUM"}),
        ("0.51", {"ARITH_SUM"}),
        ("1.5", {"ARITH_SUM"}),
        ("0.6123", set()),
        ("0.0", set()),
    ],
)
def test_a_sum_is_off_by_one_digit_in_one_place(typed: str, found: set[str]) -> None:
    judge = judge_of({"u": 0.2, "v": 0.3}, "p = u + v", {"p": [typed]})
    assert set(digit_codes(judge, "p", 0)) == found
    product = judge_of({"u": 0.25, "v": 2}, "p = u v", {"p": [typed]})
    assert set(digit_codes(product, "p", 0)) == set()


def test_a_sign_is_made_up_for_by_another_quantity_alone() -> None:
    written = {"u": ["1.1", "0.6"], "p": ["-3.3", "1.5"]}  # the second entry of p is right again by the key
    judge = judge_of({"c": [0.5, 0.25]}, "u = 2 c; p = 3 u", written)
    assert judge.verdicts["p", 1].remarks == ("recovered",)
    assert digit_codes(judge, "p", 0) == ("SIGN_SLIP",)


def test_a_sum_of_two_digits_that_is_not_exact_tells_nothing() -> None:
    others = {"q": ["0.1234"], "r": ["0.2345"], "s": ["0.3456"]}
    for text, found in (("0.60", ()), ("0.600", ("ARITH_SUM",)), ("0.6000", ("ARITH_SUM",))):
        network = "p = u + v; q = exp(ln(0.12341)); r = exp(ln(0.23452)); s = exp(ln(0.34563))"
        judge = judge_of({"u": 0.2, "v": 0.30004}, network, {"p": [text], **others})
        assert digit_codes(judge, "p", 0) == found


# --- whole quantities -------------------------------------------------------------------------------------------------

VECTORS = {"c": [0.12344, 0.23456, 0.34562]}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (["0.2346", "0.1234", "0.3456"], True),
        (["0.2346", "0.3456", "0.1234"], True),
        (["0.3456", "0.2346", "0.1234"], True),
        (["0.2346", "0.2346", "0.3456"], False),
        (["0.2346", "0.1534", "0.3456"], False),
        (["0.2346", "0.1235", "0.3456"], True),
        (["0.5432", "0.4321", "0.6543"], False),
    ],
)
def test_entries_in_another_order_are_exchanged(written: list[str], found: bool) -> None:
    judge = judge_of(VECTORS, "p = 1 c", {"p": written})
    wrong = [at for at in range(3) if judge.verdicts["p", at].verdict == "wrong"]
    assert exchanged(judge, "p", wrong) is found


def test_one_entry_is_not_exchanged_and_one_digit_tells_nothing() -> None:
    judge = judge_of({"c": [2, 5]}, "p = 1 c", {"p": ["5", "2"]})
    assert not exchanged(judge, "p", [0, 1])
    assert not exchanged(judge, "p", [0])
    assert exchanged(judge_of({"c": [0.25, 0.61]}, "p = 1 c", {"p": ["0.61", "0.25"]}), "p", [0, 1])
    assert not exchanged(judge_of(VECTORS, "p = 1 c", {"p": ["0.2346", "0.1234", "0.3456"]}), "p", [])


PAIR = "p = exp(ln(u)); q = exp(ln(v)); r = 1 c"
RIGHT = {"u": 0.1234, "v": 0.2345, "c": [0.5678, 0.6789]}


@pytest.mark.parametrize(
    ("written", "asked", "found"),
    [
        ({"p": ["0.2345"]}, "p q r", "q"),
        ({"p": ["0.2345"]}, "q", "q"),
        ({"p": ["0.2345"]}, "p r", ""),  # not asked
        ({"p": ["0.2345"], "q": ["0.1234"]}, "p q", "q"),  # the two are exchanged
        ({"p": ["0.2345"], "q": ["0.2345"]}, "p q", ""),  # it stands where it belongs
        ({"p": ["0.2345"], "q": ["0.9999"]}, "p q", ""),
        ({"p": ["0.2346"]}, "p q", ""),
        ({"p": ["0.234"]}, "p q", ""),  # too few digits
        ({"p": ["0.5678"]}, "p q r", ""),  # another shape
    ],
)
def test_a_value_belongs_to_the_name_that_was_left_out(written: dict[str, list[str]], asked: str, found: str) -> None:
    judge = judge_of(RIGHT, PAIR, written, "p, q, r")
    assert belongs_to(judge, "p", [0], asked.split()) == found


def test_a_value_that_fits_two_names_belongs_to_none_and_a_part_of_one_to_none() -> None:
    twice = judge_of({**RIGHT, "w": 0.2345}, PAIR + "; s = exp(ln(w))", {"p": ["0.2345"]}, "p, q, r, s")
    assert belongs_to(twice, "p", [0], ["q", "s"]) == ""
    assert belongs_to(twice, "p", [0], ["q", "q"]) == "q"
    vectors = judge_of(
        {"c": [0.1234, 0.2345], "d": [0.5678, 0.6789]}, "p = 1 c; q = 1 d", {"p": ["0.5678", "0.6789"]}, "p, q"
    )
    assert belongs_to(vectors, "p", [0, 1], ["q"]) == "q"
    assert belongs_to(vectors, "p", [0], ["q"]) == ""


def test_a_value_is_one_to_its_last_digit() -> None:
    judge = judge_of({"c": [0.12344, 0.23456]}, "p = 1 c", {}, "p")
    for texts, found in (
        (["0.1234", "0.2346"], True),
        (["0.1234", "0.2345"], True),
        (["0.1234", "0.2347"], False),
        (["0.1234", "0.235"], False),
        (["0.1234", ""], False),
    ):
        assert is_value(judge, [read_number(text) if text else None for text in texts], "p") is found
