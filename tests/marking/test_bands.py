"""How far an honest value may lie from its recomputation: by what was rounded on the way, and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from hwcheck.sheet import Sheet
from tests.marking.students import marked, sheet_of, verdicts

SHEET = """
hwcheck: 1
problems:
  "1":
    given: {GIVEN}
    network: |
      NETWORK
    questions: {a: {find: [NAMES]}}
"""


def sheet(given: str, network: str) -> Sheet:
    names = ", ".join(line.split(" = ")[0] for line in network.split("; "))
    text = SHEET.replace("NAMES", names).replace("NETWORK", network.replace("; ", "\n      "))
    return sheet_of(text.replace("GIVEN", given))


def found(page: Sheet, written: Mapping[str, str]) -> dict[str, str]:
    return verdicts(marked(page, {"a": written}))


#: Twenty products of 0.960351, which is 0.9603 cut off to four digits.
TWENTY = sheet(f"w: [{', '.join(['0.973'] * 20)}], x: [{', '.join(['0.987'] * 20)}]", "z = w.T x")


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("19.207", "correct"),
        ("19.206", "correct"),  # each product cut off
        ("19.208", "correct"),  # each product rounded up
        ("19.2055", "correct"),
        ("19.2045", "wrong"),
        ("19.203", "wrong"),
        ("19.211", "wrong"),
        ("19.10", "wrong"),
    ],
)
def test_each_product_of_a_sum_may_be_rounded(typed: str, verdict: str) -> None:
    assert found(TWENTY, {"z": typed}) == {"z": verdict}


@pytest.mark.parametrize(
    ("typed", "verdict"), [("0.9604", "correct"), ("0.9603", "correct"), ("0.9605", "wrong"), ("0.9602", "wrong")]
)
def test_one_product_is_no_sum(typed: str, verdict: str) -> None:
    assert found(sheet("w: [0.973], x: [0.987]", "z = w.T x"), {"z": typed}) == {"z": verdict}


@pytest.mark.parametrize(
    ("network", "typed", "verdict"),
    [
        # nothing between: the last places of both, 3 * 0.0001 + 0.0001
        ("u = x/7; z = 3 u", {"u": "0.1404", "z": "0.4212"}, "correct"),
        ("u = x/7; z = 3 u", {"u": "0.1404", "z": "0.4215"}, "correct"),
        ("u = x/7; z = 3 u", {"u": "0.1404", "z": "0.4217"}, "wrong"),
        ("u = x/7; z = 3 u", {"u": "0.1404", "z": "0.4209"}, "correct"),
        ("u = x/7; z = 3 u", {"u": "0.1404", "z": "0.4207"}, "wrong"),
        ("u = x/7; z = -3 u", {"u": "0.1404", "z": "-0.4215"}, "correct"),
        ("u = x/7; z = -3 u", {"u": "0.1404", "z": "-0.4217"}, "wrong"),
        ("u = x/7; z = 300 u", {"u": "0.1404", "z": "42.15"}, "correct"),
        ("u = x/7; z = 300 u", {"u": "0.1404", "z": "42.17"}, "wrong"),
        # what is not written may have been rounded to four digits
        ("u = x/7; z = 3000 u", {"z": "421.29"}, "correct"),
        ("u = x/7; z = 3000 u", {"z": "421.20"}, "correct"),
        ("u = x/7; z = 3000 u", {"z": "420.90"}, "wrong"),
        ("u = x/7; z = 3000 u", {"u": "0.1404286", "z": "421.20"}, "wrong"),  # it is written, and more precisely
    ],
)
def test_a_band_is_as_wide_as_the_last_places_above_make_it(network: str, typed: dict[str, str], verdict: str) -> None:
    others = "; v = x/3; p = x/6; q = x/9; r = x/11"  # further numbers, of five digits
    more = {"v": "0.32767", "p": "0.16383", "q": "0.10922", "r": "0.089364"}
    page = sheet("x: 0.983", network + others)
    assert found(page, {**typed, **more})["z"] == verdict


def test_an_exact_value_above_moves_nothing_and_one_below_is_exact() -> None:
    page = sheet("x: 0.5", "u = x/2; z = 3 u")
    assert found(page, {"u": "0.25", "z": "0.75"}) == {"u": "correct", "z": "correct"}
    assert found(page, {"u": "0.25", "z": "0.7501"}) == {"u": "correct", "z": "wrong"}
    assert found(page, {"u": "0.25", "z": "0.76"})["z"] == "wrong"


def test_short_numbers_beside_an_entry_blur_it_only_where_something_is_not_written() -> None:
    given = "W: [[0.973, 0.971], [0.111, 0.112]], x: [0.987, 0.983]"
    page = sheet(given, "u = x/3; z = W u")
    right = {"u": "[0.329000, 0.327667]", "z": "[0.63828, 0.073217]"}
    assert found(page, right) == {"u": "correct", "z": "correct"}
    for short in ("0.073217", "0.0732", "0.073"):
        typed = {"u": right["u"], "z": f"[0.6390, {short}]"}
        assert found(page, typed)["z"] == "wrong", short


@pytest.mark.parametrize(
    ("network", "z", "verdict"),
    [
        ("z = exp(2000 (u - 0.14))", "2.700", "correct"),  # up, 2.718 - 2.226 and a last place
        ("z = exp(2000 (u - 0.14))", "3.200", "wrong"),
        ("z = exp(-2000 (u - 0.14))", "0.5450", "correct"),  # down, 0.5488 - 0.4493
        ("z = exp(-2000 (u - 0.14))", "0.6000", "wrong"),
    ],
)
def test_a_number_is_moved_both_ways_and_the_larger_effect_counts(network: str, z: str, verdict: str) -> None:
    page = sheet("x: 0.983", f"u = x/7; {network}; v = x/3; p = x/6; q = x/9")
    assert found(page, {"u": "0.1404", "z": z, "v": "0.3277", "p": "0.1638", "q": "0.1092"})["z"] == verdict


@pytest.mark.parametrize(
    ("z", "verdict"),
    [("1.40", "correct"), ("1.00", "correct"), ("1.88", "correct"), ("0.88", "wrong"), ("1.94", "wrong")],
)
def test_on_a_page_of_fixed_decimals_what_is_not_written_is_rounded_there_too(z: str, verdict: str) -> None:
    page = sheet("x: 0.983", "u = x/70; z = 100 u; v = x/3; p = 13 x; q = 7.1 x; r = 5.3 x")  # u is 0.014, or 0.01
    more = {"v": "0.33", "p": "12.78", "q": "6.98", "r": "5.21"}
    assert found(page, {"z": z, **more})["z"] == verdict


@pytest.mark.parametrize(("second", "verdict"), [("3.11", "correct"), ("3.113", "wrong")])
def test_digits_beside_an_entry_say_how_what_is_not_written_was_rounded(second: str, verdict: str) -> None:
    page = sheet(
        "W: [[58.6], [9.5]], c: [0.983]", "h = c/3; z = W h"
    )  # with 0.328 in the place of 0.3277 the first is 19.22
    found = marked(page, {"a": {"z": f"[19.25, {second}]"}}).findings
    assert [each.cells for each in found if each.quantity == "z"] == [[verdict, "correct"]]


@pytest.mark.parametrize(("typed", "verdict"), [("5.00", "correct"), ("4.97", "correct"), ("7.50", "wrong")])
def test_terms_that_cancel_may_have_been_rounded_one_by_one(typed: str, verdict: str) -> None:
    page = sheet("W: [[2, -1]], c: [0.98313, 1.96626]", "h = W c; z = 100 h + 5")  # 1.9663 - 1.966 is not 0
    assert found(page, {"z": typed})["z"] == verdict


def test_below_what_has_no_value_only_the_key_counts() -> None:
    page = sheet("x: 0.983", "u = x/7; z = ln(u)")
    assert found(page, {"u": "-0.1404", "z": "5.000"})["z"] == "wrong"
    assert found(page, {"u": "-0.1404", "z": "-1.963"})["z"] == "correct"


def test_the_larger_effect_counts_where_the_key_lies_on_the_other_side() -> None:
    page = sheet("x: 0.9826", "u = x/7; z = exp(2000 (u - 0.14)); v = x/3; p = x/6; q = x/9")
    for z, verdict in (("2.900", "correct"), ("3.000", "wrong")):  # from 2.226: 0.716 up, and 0.627 down
        assert found(page, {"u": "0.1404", "z": z, "v": "0.3275", "p": "0.1638", "q": "0.1092"})["z"] == verdict


def test_what_overflows_when_it_is_moved_moves_nothing() -> None:
    assert found(sheet("x: 709.7", "u = x + 0.05; z = exp(u)/1e308"), {"z": "2.500"}) == {"z": "wrong"}
    page = sheet("x: 709.7", "u = x + 0.05; z = exp(u)/1e300")
    assert found(page, {"z": "5.555e8"}) == {"z": "wrong"}


@pytest.mark.parametrize("z", ["[40, 39]", "[700, 699]", "[0.4, -0.6]", "[-700, -701]"])
@pytest.mark.parametrize(
    ("p", "verdict"), [("[0.7311, 0.2689]", "correct"), ("[0.5, 0.5]", "wrong"), ("[7, -3]", "wrong")]
)
def test_large_numbers_on_the_way_hide_nothing_where_they_are_divided_out(z: str, p: str, verdict: str) -> None:
    page = sheet(f"z: {z}", "e = exp(z); p = e/sum(e); q = exp(z)/sum(exp(z)); s = softmax(z)")
    assert found(page, {"p": p, "q": p, "s": p}) == dict.fromkeys("pqs", verdict)


@pytest.mark.parametrize(
    ("network", "typed", "verdict"),
    [
        ("z = (x + 0.2) - 0.3", "0", "correct"),
        ("z = ((x + 0.2) - 0.3)/2", "0", "correct"),
        ("z = (x + 0.2) - 0.3", "1e-14", "wrong"),
        ("z = (x + 1e6) - 1e6", "0.1000000001", "correct"),  # 1e-16 of a million
        ("z = floor(3 x + 0.7)", "1", "correct"),
        ("z = floor(3 x + 0.7)", "0", "wrong"),
        ("z = step(x + 0.2 - 0.3)", "1", "correct"),
        ("z = relu(x + 0.2 - 0.3) + 0.3", "0.3", "correct"),
    ],
)
def test_what_rounding_leaves_of_numbers_that_cancel_counts_as_nothing(network: str, typed: str, verdict: str) -> None:
    assert found(sheet("x: 0.1", network), {"z": typed}) == {"z": verdict}


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("[[19.206, 9.603], [19.207, 9.604]]", "correct"),
        ("[[19.203, 9.603], [19.207, 9.604]]", "wrong"),
        ("[[19.206, 9.600], [19.207, 9.604]]", "wrong"),
    ],
)
def test_the_products_in_each_entry_of_a_product_of_matrices_may_be_rounded(typed: str, verdict: str) -> None:
    row, column = f"[{', '.join(['0.973'] * 20)}]", ", ".join(["[0.987, 0.4935]"] * 20)
    assert found(sheet(f"A: [{row}, {row}], B: [{column}]", "Z = A B"), {"Z": typed}) == {"Z": verdict}
