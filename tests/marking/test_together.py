"""Pages judged together are judged as each is alone, whatever is left out on them and however they are written."""

from __future__ import annotations

import random

import numpy as np
import pytest

from hwcheck.marking.judge import Judge, judges
from hwcheck.marking.precision import place_of
from hwcheck.marking.typed import EXACT, Entry, read_number
from hwcheck.marking.work import prepare
from hwcheck.sheet import Sheet
from tests.marking.students import HABITS, small_net, work, worked_table

Page = dict[str, list[Entry | None]]


def pages_of(dice: random.Random, many: int) -> tuple[list[Page], Sheet]:
    """Give pages of students with several habits: some entries left out, some wrong, some quantities not written."""
    sheet = small_net(dice)
    out: list[Page] = []
    for number in range(many):
        page = work(sheet, HABITS[number % len(HABITS)], dice.choice([3, 4, 5]), dice)
        written: Page = {}
        for name, texts in page.items():
            if dice.random() < 0.2:
                continue
            entries: list[Entry | None] = [read_number(text) if dice.random() < 0.95 else None for text in texts]
            if dice.random() < 0.1 and entries[0] is not None:
                entries[0] = read_number(f"{entries[0].value + 0.3:.4f}")
            if any(entries):
                written[name] = entries
        out.append(written)
    return [*out, *out[:2], {}], sheet


@pytest.mark.parametrize("seed", range(4))
def test_pages_judged_together_are_judged_as_each_is_alone(seed: int) -> None:
    dice = random.Random(seed)
    pages, sheet = pages_of(dice, 12)
    table = worked_table(sheet)
    names = [
        name
        for name in {name: None for page in pages for name in page}
        if name in table.rows and table.root(name) == name
    ]
    pages = [{name: page[name] for name in page if name in names} for page in pages]
    together = judges(prepare(table, names), pages)
    for page, judge in zip(pages, together, strict=True):
        (alone,) = judges(prepare(table, names), [page])
        assert judge.verdicts == alone.verdicts
        assert judge.precision == alone.precision
        assert judge.digits.tolist() == alone.digits.tolist()
        assert (judge.bad_names, judge.bad.tolist()) == (alone.bad_names, alone.bad.tolist())
        assert judge.verdicts.keys() == {(name, at) for name in page for at, cell in enumerate(page[name]) if cell}
        what_is_kept_goes_with_the_verdicts(judge)


def what_is_kept_goes_with_the_verdicts(judge: Judge) -> None:
    look = judge.look
    said, bad = set(), set()
    for (name, at), each in judge.verdicts.items():
        spot, cell = judge.spots.starts[name] + at, judge.written[name][at]
        assert cell is not None
        if each.verdict in ("wrong", "carried") or not each.earns:
            bad.add(spot)
        if each.verdict != "correct" or each.remarks:
            said.add(name)
        assert judge.unsure[spot] == (each.verdict == "undecided")
        by_itself = each.verdict in ("wrong", "undecided") or look.exact[spot] or look.spots.decided[spot]
        assert judge.digits[spot] == (EXACT if by_itself else place_of(cell, judge.precision).digits)
        assert judge.units[name].ravel()[at] == (0 if look.exact[spot] else look.unit[spot])
        # what lies by the key to its last place is measured by nothing else; step by step the same is found
        if each.verdict == "correct" and abs(cell.value - each.reference) < 0.99 * look.unit[spot]:
            assert each.tolerance == look.unit[spot] or judge.bad_names
        again = judge.entry(name, at, cell)
        assert (each.verdict, each.remarks, each.reference) == (again.verdict, again.remarks, again.reference)
    assert np.flatnonzero(judge.bad).tolist() == sorted(bad)
    assert judge.bad_names == {name for name, part in judge.spots.parts.items() if judge.bad[part].any()}
    assert judge.notable == said
