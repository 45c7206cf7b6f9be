"""Honest and faulty students by the hundred: how many honest values are judged wrong, how many mistakes go unseen.

`python -m tests.marking.simulate [NETS]` prints the table: for each net, digits and what is written, the share of
honest sheets with a value judged wrong, and of faulty sheets without one (the second number counts only those on
which some digit differs from the honest sheet). With `slips` as a second word, the shares for each mistake.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from hwcheck.formula.show import plain
from hwcheck.sheet import Sheet
from tests.marking.students import (
    HABITS,
    TRACES,
    Slip,
    asked,
    cells,
    deep_net,
    marked_page,
    on_paper,
    small_net,
    work,
    worked_table,
)

NETS: dict[str, Callable[[random.Random], Sheet]] = {"3-2-1": small_net, "5 layers": deep_net}

#: Slopes by the function: its own, at another value.
SLOPE = {"sigmoid": "({0} .* (1 - {0}))", "tanh": "(1 - {0}^2)"}
OTHER = {"sigmoid": "tanh", "tanh": "sigmoid"}


def slips_of(sheet: Sheet, random: random.Random) -> Iterator[Slip]:
    """Give every mistake that can be made on a net: rules for all its layers or for one, and slips in one entry."""
    table = worked_table(sheet)
    training = sheet.problems["1"].training
    assert training is not None
    rate = plain(training.rate)
    depth = len(training.parameters) // 2
    layers = range(1, depth + 1)
    hidden = range(1, depth)
    before = {at: f"Y{at - 1}" if at > 1 else "U" for at in layers}
    unit = {at: plain(table[f"Y{at}"].formula).split("(")[0] for at in layers}  # type: ignore[arg-type]  # a definition
    error = f"(Y{depth} - y)"
    some = random.choice(list(layers))
    inner = random.choice(list(hidden))
    row = random.randrange(int(table.shape(f"X{some}")[0]))

    def each(some: Any, name: str, formula: Callable[[int], str]) -> dict[str, str]:
        return {name.format(at): formula(at) for at in some}

    def backward(formula: Callable[[int], str]) -> dict[str, str]:
        return each(hidden, "dJ/dX{}", lambda at: f"dJ/dY{at} .* {formula(at)}")

    bce = table.shape(f"Y{depth}") == (1,)
    fused = error if bce else f"{error} .* {SLOPE[unit[depth]].format(f'Y{depth}')}"
    yield Slip("B01 sign of the error", {f"dJ/dX{depth}": f"-({fused})"})
    if bce:
        yield Slip("B04 extra slope", {f"dJ/dX{depth}": f"{error} .* {SLOPE['sigmoid'].format(f'Y{depth}')}"})
        yield Slip("L01 log10", {"J": f"bce(Y{depth}, y) / 2.302585092994046"})
        yield Slip("L02 log2", {"J": f"bce(Y{depth}, y) / 0.6931471805599453"})
        yield Slip("L04 targets swapped", {"J": f"bce(Y{depth}, 1 - y)"})
        yield Slip("L03 sign of the loss", {"J": f"-bce(Y{depth}, y)"})
    else:
        yield Slip("B02 factor 2", {f"dJ/dX{depth}": f"2 ({fused})"})
        yield Slip("B03 output slope left out", {f"dJ/dX{depth}": error})
        yield Slip("B14 not transposed", {f"dJ/dY{depth - 1}": f"W{depth} dJ/dX{depth}"})
        yield Slip("F05 by columns", {f"X{depth}": f"W{depth}.T Y{depth - 1} + b{depth}"})
        yield Slip("B17 own output", {f"dJ/dW{depth}": f"dJ/dX{depth} Y{depth}.T"})
        yield Slip("L03 sign of the loss", {"J": f"-half_squared_error(Y{depth}, y)"})
        yield Slip("L05 half left out", {"J": f"2 half_squared_error(Y{depth}, y)"})
    yield Slip("B05 slope left out", each(hidden, "dJ/dX{}", lambda at: f"dJ/dY{at}"))
    yield Slip("B06 slope at the output", backward(lambda at: SLOPE[unit[at]].format(f"{unit[at]}(Y{at})")))
    yield Slip("B07 output for the slope", backward(lambda at: f"Y{at}"))
    yield Slip("B08 1 - output for the slope", backward(lambda at: f"(1 - Y{at})"))
    yield Slip("B09 other slope", backward(lambda at: SLOPE[OTHER[unit[at]]].format(f"Y{at}")))
    yield Slip("B10 slope of the input", backward(lambda at: SLOPE[unit[at]].format(f"X{at}")))
    yield Slip(
        "B12 updated weights",
        each(hidden, "dJ/dY{}", lambda at: f"(W{at + 1} - {rate} dJ/dW{at + 1}).T dJ/dX{at + 1}"),
    )
    yield Slip("B13 weights left out", each(hidden, "dJ/dY{}", lambda at: f"0 Y{at} + sum(dJ/dX{at + 1})"))
    yield Slip("B15 input of the unit", each(layers[1:], "dJ/dW{}", lambda at: f"dJ/dX{at} X{at - 1}.T"))
    yield Slip("B16 bias times input", each(layers, "dJ/db{}", lambda at: f"dJ/dX{at} * {before[at]}[1]"))
    yield Slip("F01 bias left out", each([some], "X{}", lambda at: f"W{at} {before[at]}"))
    yield Slip("F02 activation left out", {f"Y{inner}": f"X{inner}"})
    yield Slip("F03 other activation", {f"Y{inner}": f"{OTHER[unit[inner]]}(X{inner})"})
    yield Slip("F04 sign in the exponent", {f"Y{inner}": f"{unit[inner]}(-X{inner})"})
    yield Slip("F06 signs lost", each([some], "X{}", lambda at: f"|W{at}| {before[at]} + b{at}"))
    dropped = [f"W{some}[{row + 1},1] {before[some]}[1]" if at == row else "0" for at in range(int(table.shape(f"X{some}")[0]))]
    yield Slip("F07 product left out", {f"X{some}": f"W{some} {before[some]} + b{some} - [{'; '.join(dropped)}]"})
    if depth > 1:
        yield Slip("F08 input of the unit", {f"X{inner + 1}": f"W{inner + 1} X{inner} + b{inner + 1}"})
    new = training.parameters
    yield Slip("U01 plus", {f"{name}_new": f"{name} + {rate} dJ/d{name}" for name in new})
    yield Slip("U02 no learning rate", {f"{name}_new": f"{name} - dJ/d{name}" for name in new})
    yield Slip("U03 learning rate twice", {f"{name}_new": f"{name} - {rate}^2 dJ/d{name}" for name in new})
    yield Slip("U04 the step alone", {f"{name}_new": f"-{rate} dJ/d{name}" for name in new})
    yield Slip("U05 biases not updated", {f"{name}_new": f"1 {name}" for name in new if name[0] == "b"})
    old = on_paper(table.values[f"b{some}"].ravel()[row])
    yield Slip("U06 one sign", edits={(f"b{some}_new", row): lambda value: 2 * old - value})
    yield Slip("A01 point moved", edits={(f"dJ/dX{some}", row): lambda value: 10 * value})
    yield Slip("A02 zero left out", edits={(f"W{some}_new", row): without_zero})
    yield Slip("A03 digits swapped", edits={(f"Y{some}", row): swapped})
    yield Slip("A04 0.1 lost", edits={(f"X{some}", row): lambda value: value - Decimal("0.1")})


def without_zero(value: Decimal) -> Decimal:
    """Leave out the first 0 after the point: 0.300124 becomes 0.30124."""
    whole, _, rest = f"{value:f}".partition(".")
    return Decimal(f"{whole}.{rest.replace('0', '', 1)}")


def swapped(value: Decimal) -> Decimal:
    """Swap the first two neighbouring digits that differ."""
    digits = list(f"{value:f}")
    for at, (one, other) in enumerate(zip(digits, digits[1:], strict=False)):
        if one.isdigit() and other.isdigit() and one not in ("0", other):
            digits[at], digits[at + 1] = other, one
            break
    return Decimal("".join(digits))


class Count(NamedTuple):
    """Sheets: how many, with a value judged wrong, undecided, and with a digit that the honest sheet does not have."""

    sheets: int = 0
    wrong: int = 0
    undecided: int = 0
    visible: int = 0

    def plus(self, wrong: bool, undecided: bool, visible: bool) -> Count:
        """Count one sheet more; a visible one has no wrong value."""
        return Count(self.sheets + 1, self.wrong + wrong, self.undecided + undecided, self.visible + visible)


def honest(net: str, trace: str, digits: int, seeds: range) -> Count:
    """Judge honest sheets of every habit."""
    count = Count()
    for seed in seeds:
        dice = random.Random(f"{net} {seed}")
        sheet = NETS[net](dice)
        for habit in HABITS:
            page = work(sheet, habit, digits, dice, TRACES[trace], slopes=bool(seed % 2))
            report = marked_page(sheet, page)
            assert len(report.findings) == len(asked(sheet))
            assert not cells(report, "carried"), "nothing is wrong above"
            count = count.plus(bool(cells(report, "wrong")), bool(cells(report, "undecided")), False)
    return count


def faulty(net: str, trace: str, digits: int, seeds: range) -> dict[str, Count]:
    """Judge faulty sheets, one mistake on each, every habit in turn; `visible` counts those that pass all the same."""
    counts: dict[str, Count] = {}
    for seed in seeds:
        dice = random.Random(f"{net} {seed}")
        sheet = NETS[net](dice)
        for number, slip in enumerate(slips_of(sheet, dice)):
            if any(not TRACES[trace](name) for name, _ in slip.edits):
                continue  # the value that it is about is not written
            habit = HABITS[(seed + number) % len(HABITS)]
            right = work(sheet, habit, digits, random.Random(seed), TRACES[trace])
            page = work(sheet, habit, digits, random.Random(seed), TRACES[trace], slip)
            if all(float(a) == float(b) for name in page for a, b in zip(page[name], right[name], strict=True)) and slip.edits:
                continue  # nothing to see: no zero to leave out, no other digit to swap
            report = marked_page(sheet, page)
            wrong = bool(cells(report, "wrong"))
            undecided = not wrong and bool(cells(report, "undecided"))
            counts[slip.code] = counts.get(slip.code, Count()).plus(wrong, undecided, not wrong and page != right)
    return counts


def main(nets: int, each: bool) -> None:
    """Print the table."""
    print(f"{'what is written':18}{'net':10}{'digits':>6}{'honest wrong':>14}{'undecided':>11}{'faulty unseen / visible':>25}")
    for trace in TRACES:
        for net in NETS:
            for digits in (2, 3, 4, 5) if trace == "full" else (3, 4, 5):
                good = honest(net, trace, digits, range(nets))
                counts = faulty(net, trace, digits, range(1000, 1000 + nets))
                sheets, wrong, _, visible = (sum(column) for column in zip(*counts.values(), strict=True))
                print(
                    f"{trace:18}{net:10}{digits:6}{100 * good.wrong / good.sheets:14.2f}"
                    f"{100 * good.undecided / good.sheets:11.2f}"
                    f"{100 * (sheets - wrong) / sheets:16.1f} / {100 * visible / sheets:.1f}",
                    flush=True,
                )
                if each:
                    for code, count in counts.items():
                        if count.wrong < count.sheets:
                            print(f"    {code:32}{100 * (1 - count.wrong / count.sheets):6.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, "slips" in sys.argv)
