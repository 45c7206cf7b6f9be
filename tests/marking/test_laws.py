"""Laws of marking: honest work is never wrong, one slip costs one entry, and the order of anything changes nothing."""

from __future__ import annotations

import random
from decimal import Decimal
from math import isfinite

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hwcheck import verify
from hwcheck.marking import bands, judge
from hwcheck.marking.report import VERDICTS
from hwcheck.sheet import Sheet
from tests.marking.simulate import by_chance, faulty, honest, slips_of
from tests.marking.students import (
    HABITS,
    TRACES,
    Habit,
    Slip,
    answers_of,
    asked,
    cells,
    deep_net,
    laid,
    marked,
    marked_page,
    net_text,
    sheet_of,
    small_net,
    work,
    worked_table,
)

SEEDS = st.integers(0, 10**6)
MEMORY = next(habit for habit in HABITS if habit.name == "keeps all digits in the memory")
WRITTEN = next(habit for habit in HABITS if habit.name == "rounds what is written")


def any_net(seed: int) -> Sheet:
    """Give a net of two to four layers with any activations and any loss that goes with them."""
    dice = random.Random(seed)
    sizes = (dice.randint(1, 3), *(dice.randint(1, 3) for _ in range(dice.randint(1, 3))), dice.randint(1, 3))
    units = [dice.choice(["sigmoid", "tanh", "relu"]) for _ in sizes[2:]]
    last, loss = dice.choice(
        [("sigmoid", "bce"), ("sigmoid", "half_squared_error"), ("tanh", "mse"), ("identity", "mse")]
    )
    if sizes[-1] > 1 and dice.random() < 0.5:
        last, loss = "softmax", "cross_entropy"
    return sheet_of(net_text(dice, sizes, (*units, last), loss))


@settings(max_examples=60)
@given(SEEDS, st.sampled_from(HABITS), st.integers(2, 6), st.sampled_from(list(TRACES)), st.booleans())
def test_honest_work_is_never_wrong(seed: int, habit: Habit, digits: int, trace: str, slopes: bool) -> None:
    sheet = any_net(seed)
    page = work(sheet, habit, digits, random.Random(seed), TRACES[trace], slopes=slopes)
    report = marked_page(sheet, page)
    assert not cells(report, "wrong")
    assert not cells(report, "carried")
    assert not cells(report, "unreadable")
    few = digits < 4 or habit.name == "fixed decimals"  # 0.0006 has one digit
    assert few or not cells(report, "undecided")
    assert report.score == pytest.approx(sum(each.max_marks for each in report.findings if each.verdict != "blank"))


@settings(max_examples=40)
@given(SEEDS, SEEDS, st.sampled_from([4, 5, 6]), st.booleans(), st.booleans())
def test_one_slip_costs_one_entry(seed: int, spot: int, digits: int, slopes: bool, full: bool) -> None:
    sheet = small_net(random.Random(seed))
    trace = TRACES["full"] if full else TRACES["no deltas"]
    table = worked_table(sheet)
    right = work(sheet, WRITTEN, digits, random.Random(seed), trace)
    names = [name for name in right if table.root(name) == name and name not in ("U",)]
    name = names[spot % len(names)]
    place = spot // len(names) % len(right[name])
    change = Decimal(right[name][place]) * Decimal("0.2") + Decimal("0.1")
    assume(abs(change) > Decimal("0.05"))
    slip = Slip("any", edits={(name, place): lambda value: value + change})
    page = work(sheet, WRITTEN, digits, random.Random(seed), trace, slip, slopes)
    assume(all(isfinite(float(text)) for texts in page.values() for text in texts))  # a probability above 1 has no loss
    report = marked_page(sheet, page)
    assume(not any("trivial" in each.remarks for each in report.findings))  # a unit that the slip has switched off
    aliases = [other for other in right if table.root(other) == name]
    wrong = cells(report, "wrong")
    assert {each.split("[")[0] for each in wrong} <= set(aliases)
    assert len(wrong) == 1


@settings(max_examples=15)
@given(SEEDS, st.sampled_from(HABITS), st.integers(3, 5))
def test_the_order_of_answers_changes_nothing(seed: int, habit: Habit, digits: int) -> None:
    sheet = small_net(random.Random(seed))
    page = work(sheet, habit, digits, random.Random(seed))
    names = list(page)
    random.Random(seed).shuffle(names)
    first, second = marked_page(sheet, page), marked_page(sheet, {name: page[name] for name in names})
    assert [(each.quantity, each.cells, each.marks) for each in first.findings] == [
        (each.quantity, each.cells, each.marks) for each in second.findings
    ]


@settings(max_examples=25)
@given(SEEDS, st.sampled_from(HABITS), st.integers(3, 5), st.data())
def test_leaving_answers_out_makes_none_wrong(seed: int, habit: Habit, digits: int, data: st.DataObject) -> None:
    sheet = any_net(seed)
    page = work(sheet, habit, digits, random.Random(seed))
    kept = data.draw(st.lists(st.sampled_from(list(page)), unique=True))
    assume(habit.name != "leaves zeros at the end out" or len(kept) > 2)  # 0.8 alone is not 0.800
    report = marked_page(sheet, {name: page[name] for name in kept})
    assert not cells(report, "wrong")


@settings(max_examples=25)
@given(SEEDS, SEEDS, st.integers(4, 6))
def test_correct_working_changes_no_verdict_for_the_worse(seed: int, other: int, digits: int) -> None:
    sheet = small_net(random.Random(seed))
    dice = random.Random(other)
    right = work(sheet, MEMORY, digits, dice)
    page = {name: list(texts) for name, texts in right.items() if dice.random() < 0.5}
    assume(page)
    for name in page:
        if dice.random() < 0.2:
            page[name][0] = f"{float(page[name][0]) + 0.3:.4f}"
    before = {each.quantity: each.verdict for each in marked_page(sheet, page).findings}
    added = {name: page.get(name, right[name]) for name in right}
    after = {each.quantity: each.verdict for each in marked_page(sheet, added).findings}
    for name in page:
        if before[name] in ("correct", "undecided"):
            assert VERDICTS.index(after[name]) <= VERDICTS.index(before[name])


def test_marking_twice_and_after_others_gives_the_same_report() -> None:
    dice = random.Random(5)
    sheet = small_net(dice)
    pages = [work(sheet, habit, 4, dice) for habit in HABITS]
    first = [marked_page(sheet, page) for page in pages]
    assert [marked_page(sheet, page) for page in reversed(pages)] == first[::-1]


def test_one_short_number_changes_no_verdict_of_what_does_not_depend_on_it() -> None:
    dice = random.Random(11)
    for number in range(40):
        sheet = (deep_net if number % 4 == 0 else small_net)(dice)
        table = worked_table(sheet)
        slip = dice.choice([slip for slip in slips_of(sheet, dice) if slip.edits]) if number % 2 else None
        page = work(sheet, (MEMORY, WRITTEN)[number % 3 == 0], dice.choice([4, 5]), dice, slip=slip)
        name = dice.choice([name for name in page if table.root(name) == name])
        at = dice.randrange(len(page[name]))
        short = [f"{float(text):.1g}" if place == at else text for place, text in enumerate(page[name])]
        before = {each.quantity: each.cells for each in marked_page(sheet, page).findings}
        changed = page | {alias: short for alias in page if table.root(alias) == name}
        after = {each.quantity: each.cells for each in marked_page(sheet, changed).findings}
        apart = [other for other in page if name not in table.needed([other])]
        assert {other: after[other] for other in apart} == {other: before[other] for other in apart}


def test_the_order_of_questions_changes_nothing() -> None:
    sheet = small_net(random.Random(3))
    names = asked(sheet)
    table = worked_table(sheet)
    page = work(
        sheet, MEMORY, 4, random.Random(3), slip=Slip("", edits={("Y1", 0): lambda value: value + Decimal("0.1")})
    )
    texts = {name: laid(page[name], tuple(int(size) for size in table.shape(name))) for name in names}
    head, _, _ = sheet.source.text.partition("    questions:")
    found = []
    for order in (names, names[::-1]):
        questions = "".join(f"      q{names.index(name)}: {name}\n" for name in order)
        report = marked(
            sheet_of(head + "    questions:\n" + questions),
            {f"q{names.index(name)}": {"": texts[name]} for name in order},
        )
        found.append({each.quantity: (each.cells, each.marks) for each in report.findings})
    assert found[0] == found[1]
    assert [cell for cell, _ in found[0].values() if "wrong" in str(cell)] == [["wrong", "correct"]]


@pytest.mark.parametrize("most", [1, 5_000])
def test_several_sweeps_measure_what_one_does(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = []
    for seed in range(2):
        sheet = deep_net(random.Random(seed))
        text = sheet.source.text
        for habit in HABITS:
            pages.append((text, work(sheet, habit, 3, random.Random(seed), TRACES["no deltas"])))
    whole = [marked_page(sheet_of(text), page) for text, page in pages]
    monkeypatch.setattr(bands, "MOST_NUMBERS", most)
    parts = [marked_page(sheet_of(text), page) for text, page in pages]
    for one, other in zip(whole, parts, strict=True):
        assert [(each.cells, each.remarks, each.marks) for each in one.findings] == [
            (each.cells, each.remarks, each.marks) for each in other.findings
        ]
        for left, right in zip(one.findings, other.findings, strict=True):
            assert (left.tolerance is None) == (right.tolerance is None)
            if left.tolerance is not None:
                np.testing.assert_allclose(left.tolerance, right.tolerance, rtol=1e-9)


def test_what_the_last_place_decides_the_bands_decide_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(21)
    pages = []
    for number in range(24):
        sheet = (small_net, deep_net)[number % 6 == 0](dice)
        slip = dice.choice(list(slips_of(sheet, dice))) if number % 3 else None
        pages.append((sheet, work(sheet, dice.choice(HABITS), dice.choice([3, 4, 5]), dice, slip=slip)))
    found = [marked_page(sheet, page) for sheet, page in pages]
    monkeypatch.setattr(judge, "near_each", lambda value, right, unit, noise: np.zeros(np.shape(value), dtype=bool))
    for (sheet, page), report in zip(pages, found, strict=True):
        assert [each.cells for each in marked_page(sheet, page).findings] == [each.cells for each in report.findings]


def test_an_empty_file_is_blank_and_not_wrong() -> None:
    sheet = deep_net(random.Random(0))
    for text in (
        "student: x",
        "answers:",
        "answers:\n  '1':",
        "answers: {'1': {all: }}",
        "answers: {'1': {all: {X1: }}}",
    ):
        report = verify(sheet, answers_of(text))
        assert {each.verdict for each in report.findings} == {"blank"}
        assert report.score == 0


@pytest.mark.parametrize("net", ["3-2-1", "5 layers"])
@pytest.mark.parametrize("trace", list(TRACES))
def test_simulated_honest_students_have_nothing_wrong(net: str, trace: str) -> None:
    for digits in (3, 4, 5):
        count = honest(net, trace, digits, range(500, 502))
        assert count.sheets == 2 * len(HABITS)
        assert count.wrong == 0
        assert count.undecided <= 1 or digits == 3  # 0.0006, on a sheet of four decimals


@pytest.mark.parametrize(
    ("net", "digits", "most", "least"), [("3-2-1", 3, 0.04, 0.9), ("3-2-1", 4, 0.01, 0.95), ("5 layers", 4, 0.01, 0.95)]
)
def test_simulated_mistakes_are_seen_and_named(net: str, digits: int, most: float, least: float) -> None:
    counts = faulty(net, "full", digits, range(2000, 2002 if net == "5 layers" else 2004)).values()
    found = sum(count.wrong for count in counts)
    assert sum(count.sheets for count in counts) > 60
    assert sum(count.visible for count in counts) <= most * sum(count.sheets for count in counts)
    assert sum(count.named for count in counts) >= least * found


@pytest.mark.parametrize("law", ["times a factor", "of the same size"])
def test_a_wrong_number_that_no_mistake_made_is_seldom_explained_by_a_formula(law: str) -> None:
    chance = by_chance("3-2-1", 4, law, range(60))
    assert chance.wrong >= 0.98 * chance.sheets > 40
    assert chance.formula <= 0.03 * chance.sheets
    assert chance.certain == 0
