"""The catalogue of slips: its rows are fit to be shown, and each mistake is recognised by its numbers."""

from __future__ import annotations

import re

import pytest

from hwcheck.marking.slips import FILES, SLIPS
from hwcheck.marking.slips.row import Slip
from tests.marking import mistakes_backward, mistakes_forward, mistakes_loss, mistakes_rules
from tests.marking.mistakes import DIGITS, Case, judged, page_of, sheet_for, worked
from tests.marking.students import marked

ROWS = [row for file in FILES for row in file.ROWS]
CASES = mistakes_forward.CASES + mistakes_loss.CASES + mistakes_backward.CASES + mistakes_rules.CASES
IDS = [f"{case.code}-{sum(each.code == case.code for each in CASES[:at]) + 1}" for at, case in enumerate(CASES)]
#: Slips that have tests of their own, as they take no marks or are found in how values stand to each other.
ELSEWHERE = {
    "COMPENSATING", "EARLY_ROUND", "EPS_PLACE", "LABEL_WRONG", "MOM_LR", "OTHER_LOSS", "RELU_ZERO", "SPURIOUS_DIGITS",
    "TRUNCATE", "WEIGHT_NOT_UPD",
}  # fmt: skip


def test_no_code_is_there_twice_and_the_order_is_that_of_weight() -> None:
    codes = [row.code for row in ROWS]
    assert len(codes) == len(set(codes)) == len(SLIPS)
    weights = [row.weight for row in SLIPS.values()]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_a_row_is_fit_to_be_shown(row: Slip) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9_]*", row.code)
    assert row.kind in ("bug", "slip", "note")
    assert 1 <= row.weight <= 4
    assert not row.name.endswith(".")
    assert row.name.split()[0] in ("a", "an", "the", "another", "Adam")  # "This is ...", "This looks like ..."
    for sentence in (row.what, row.hint, row.see, row.alike):
        assert sentence[-1] in ".?", sentence
    assert row.example.right != row.example.wrong


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_a_hint_gives_no_number_and_no_formula_and_blames_nobody(row: Slip) -> None:
    assert not re.search(r"\d|[=*^+/⊙()]|\byou (did|forgot|made)\b", f"{row.name} {row.hint}")
    assert len(row.hint) <= 160
    assert 1 <= len(re.findall(r"[.?](?:\s|$)", row.hint)) <= 2


def test_every_slip_that_concerns_numbers_has_a_case() -> None:
    numbers = {code for code, row in SLIPS.items() if row.category not in ("formula", "graph")}
    assert numbers - {case.code for case in CASES} == ELSEWHERE


def test_every_slip_has_numbers_that_hide_it() -> None:
    shown = {case.code for case in CASES} - {case.code for case in CASES if case.same is not None}
    assert shown == {"ARITH_SUM", "DROP_ZERO"}  # another digit is another number


@pytest.mark.parametrize(
    ("digits", "case"),
    [
        pytest.param(digits, case, id=f"{digits}-{name}")
        for digits in (4, DIGITS)
        for name, case in zip(IDS, CASES, strict=True)
        if digits == DIGITS or SLIPS[case.code].category != "arithmetic"  # which are made in the digits written
    ],
)
def test_a_mistake_is_recognised_and_costs_once(case: Case, digits: int) -> None:
    report = judged(sheet_for(case), case.wrong, digits)
    found = {each.quantity: each for each in report.findings}
    first = found[next(iter(case.wrong))]
    assert first.verdict == "wrong"
    assert [each.code for each in first.slips][:1] in ([case.code], [case.tied])
    assert case.code in (first.slips[0].code, *first.slips[0].also)
    if not first.slips[0].also:
        row = SLIPS[case.code]
        assert first.slips[0].message == f"This {first.slips[0].certainty} {row.name}. {row.hint}"
    assert first.slips[0].certainty in ("is", "looks like")
    for name, each in found.items():
        assert each.verdict in ("correct", "carried", "undecided") or name in case.wrong, name
    if SLIPS[case.code].kind == "bug":
        assert report.score >= report.max_score - first.max_marks - 1e-9


@pytest.mark.parametrize("case", [case for case in CASES if case.same is not None], ids=lambda case: f"{case.code}")
def test_nothing_is_said_where_a_mistake_leads_to_the_right_value(case: Case) -> None:
    report = judged(sheet_for(case, case.same), case.wrong)
    for each in report.findings:
        assert each.verdict == "correct", (each.quantity, each.answer, each.reference)
        assert not each.slips
    assert report.score == pytest.approx(report.max_score)


def test_a_mistake_in_a_line_that_is_not_written_is_recognised_in_what_follows() -> None:
    found = 0
    for case in CASES:
        if SLIPS[case.code].category == "arithmetic" or case.code == "UNIT_SWAP":
            continue  # what was written is all that tells of them
        sheet = sheet_for(case)
        page = page_of(sheet, worked(sheet, case.wrong))
        rest = {name: text for name, text in page.items() if name not in case.wrong}
        wrong = [each for each in marked(sheet, {"all": rest}).findings if each.verdict == "wrong"] if rest else []
        for each in wrong[:1]:
            assert each.slips, (case.code, each.quantity)
            assert case.code in (each.slips[0].code, *each.slips[0].also), (case.code, each.quantity)
            found += 1
    assert found > 60
