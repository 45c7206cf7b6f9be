"""Honest and faulty students by the hundred: how many honest values are judged wrong, how many mistakes go unseen.

`python -m tests.marking.simulate [NETS]` prints the table: for each net, digits and what is written, the share of
honest sheets with a value judged wrong, with one left undecided, and of faulty sheets without either (`visible` counts
only those on which some number differs from the honest sheet); `named` is the share of those found on which the first
wrong value is explained by the mistake that was made. Below it, what a wrong number that no mistake of the catalogue
made is taken for. With `slips` as a second word, the shares for each mistake.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from hwcheck.formula.show import plain
from hwcheck.marking import Report
from hwcheck.marking.slips import SLIPS
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
    to_digits,
    work,
    worked_table,
)

SHARP = next(habit for habit in HABITS if habit.name == "keeps all digits in the memory")
NETS: dict[str, Callable[[random.Random], Sheet]] = {"3-2-1": small_net, "5 layers": deep_net}

#: Slopes by the function: its own, at another value.
SLOPE = {"sigmoid": "({0} .* (1 - {0}))", "tanh": "(1 - {0}^2)"}
OTHER = {"sigmoid": "tanh", "tanh": "sigmoid"}
#: The code in the catalogue of each mistake.
CODES = {
    "A01": "DECIMAL_SLIP", "A02": "DROP_ZERO", "A03": "DIGIT_SWAP", "A04": "ARITH_SUM", "B01": "SIGN_ERR",
    "B02": "FACTOR_2", "B03": "OUT_DERIV_MISSING", "B04": "COND_EXTRA_DERIV", "B05": "HID_DERIV_MISSING",
    "B06": "DERIV_AT_A", "B07": "DERIV_A_ONLY", "B08": "DERIV_A_ONLY", "B09": "WRONG_ACT_DERIV", "B10": "DERIV_FORM_Z",
    "B12": "UPDATED_W", "B13": "WEIGHT_MISSING", "B14": "TRANSPOSE", "B15": "LAYER_OFF", "B16": "BIAS_GRAD_INPUT",
    "B17": "LAYER_OFF", "F01": "BIAS_FWD", "F02": "ACT_FORGOTTEN", "F03": "WRONG_ACT", "F04": "EXP_SIGN",
    "F05": "ROWCOL_FWD", "F06": "WEIGHT_SIGN_LOST", "F07": "TERM_DROPPED", "F08": "LAYER_OFF", "L01": "LOG_BASE",
    "L02": "LOG_BASE", "L03": "LOSS_SIGN", "L04": "LABEL_SWAP", "L05": "LOSS_HALF", "U01": "UPD_PLUS", "U02": "NO_LR",
    "U03": "LR_TWICE", "U04": "STEP_ONLY", "U05": "BIAS_NOT_UPD", "U06": "UPD_SIGN_ONE",
}  # fmt: skip


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
    width = int(table.shape(f"X{some}")[0])
    row = random.randrange(width)

    def each(some: Iterable[int], name: str, formula: Callable[[int], str]) -> dict[str, str]:
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
    yield Slip("B05 slope left out", each(hidden, "dJ/dX{}", lambda at: f"1 dJ/dY{at}"))
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
    term = f"W{some}[{row + 1},1] {before[some]}[1]"
    dropped = "; ".join(term if at == row else "0" for at in range(width))
    yield Slip("F07 product left out", {f"X{some}": f"W{some} {before[some]} + b{some} - [{dropped}]"})
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
    for at, (one, other) in enumerate(pairwise(digits)):
        if one.isdigit() and other.isdigit() and one not in ("0", other):
            digits[at], digits[at + 1] = other, one
            break
    return Decimal("".join(digits))


def numbers(page: Mapping[str, list[str]]) -> dict[str, list[float]]:
    """Give the numbers on a page."""
    return {name: [float(text) for text in texts] for name, texts in page.items()}


class Count(NamedTuple):
    """Sheets: how many, with a value judged wrong, undecided, and with a digit that the honest sheet does not have.

    `named` counts those on which the mistake is named first.
    """

    sheets: int = 0
    wrong: int = 0
    undecided: int = 0
    visible: int = 0
    named: int = 0

    def plus(self, wrong: bool, undecided: bool, visible: bool = False, named: bool = False) -> Count:
        """Count one sheet more; a visible one has no wrong value."""
        more = (1, wrong, undecided, visible, named)
        return Count(*(old + new for old, new in zip(self, more, strict=True)))


def named_first(report: Report) -> tuple[str, ...]:
    """Give the mistakes that the first wrong value is explained by: one, or several that cannot be told apart."""
    slips = next((each.slips for each in report.findings if each.verdict == "wrong"), ())
    return (slips[0].code, *slips[0].also) if slips else ()


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
            assert cells(report, "wrong") or not cells(report, "carried"), "nothing is wrong above"
            count = count.plus(bool(cells(report, "wrong")), bool(cells(report, "undecided")))
    return count


def faulty(net: str, trace: str, digits: int, seeds: range) -> dict[str, Count]:
    """Judge faulty sheets, one mistake on each, every habit in turn; `visible` counts those that pass all the same."""
    counts: dict[str, Count] = {}
    for seed in seeds:
        dice = random.Random(f"{net} {seed}")
        sheet = NETS[net](dice)
        for number, slip in enumerate(slips_of(sheet, dice)):
            ends = [name for name, _ in slip.edits] + [name for name in slip.formulas if name == "J"]
            if not all(TRACES[trace](name) for name in ends):
                continue  # the value that it is about is not written, and nothing is made from it
            if numbers(work(sheet, SHARP, 12, dice, slip=slip)) == numbers(work(sheet, SHARP, 12, dice)):
                continue  # on this net it is no mistake: no sign to lose, no zero to leave out
            habit = HABITS[(seed + number) % len(HABITS)]
            right = work(sheet, habit, digits, random.Random(seed), TRACES[trace])
            page = work(sheet, habit, digits, random.Random(seed), TRACES[trace], slip)
            seen = numbers(page) != numbers(right)
            if slip.edits and not seen:
                continue  # the zero that is left out is the last digit
            report = marked_page(sheet, page)
            wrong = bool(cells(report, "wrong"))
            undecided = not wrong and bool(cells(report, "undecided"))
            counts[slip.code] = counts.get(slip.code, Count()).plus(
                wrong,
                undecided,
                seen and not wrong and not undecided,
                wrong and CODES[slip.code[:3]] in named_first(report),
            )
    return counts


#: Wrong numbers that no mistake made: how they come from the right one.
LAWS: dict[str, Callable[[float, random.Random], float]] = {
    "times a factor": lambda value, dice: value * dice.choice([-1, 1]) * 10 ** dice.uniform(-0.7, 0.7),
    "plus an amount": lambda value, dice: value + dice.choice([-1, 1]) * dice.uniform(0.05, 1),
    "of the same size": lambda value, dice: dice.choice([-1, 1]) * abs(value) * dice.uniform(0.3, 3),
}


class Chance(NamedTuple):
    """Sheets with a wrong number: how many, and on how many it is judged wrong, explained, by a formula, surely so."""

    sheets: int = 0
    wrong: int = 0
    explained: int = 0
    formula: int = 0
    certain: int = 0


def by_chance(net: str, digits: int, law: str, seeds: range) -> Chance:
    """Put a wrong number into one entry of otherwise right sheets, and see what it is taken for."""
    count = Chance()
    for seed in seeds:
        dice = random.Random(f"{net} {law} {seed}")
        sheet = NETS[net](dice)
        page = work(sheet, HABITS[seed % len(HABITS)], digits, dice)
        table = worked_table(sheet)
        name = dice.choice([name for name in page if table.root(name) == name])
        at = dice.randrange(len(page[name]))
        right = float(page[name][at])
        wrong = f"{to_digits(LAWS[law](right, dice), digits):f}"
        if right == 0 or abs(float(wrong) - right) < 0.02 * abs(right):
            continue
        edited = [wrong if place == at else text for place, text in enumerate(page[name])]
        report = marked_page(sheet, page | {alias: edited for alias in page if table.root(alias) == name})
        slips = [slip for each in report.findings for slip in each.slips]
        formulas = [slip for slip in slips if SLIPS[slip.code].kind == "bug"]
        more = (
            1,
            cells(report, "wrong") != [],
            slips != [],
            formulas != [],
            any(x.certainty == "is" for x in formulas),
        )
        count = Chance(*(old + new for old, new in zip(count, more, strict=True)))
    return count


def main(nets: int, slips: bool) -> None:
    """Print the tables."""
    heads = ("honest wrong", "undecided", "unseen", "visible", "undecided", "named")
    print(f"{'what is written':18}{'net':10}{'digits':>6}" + "".join(f"{head:>14}" for head in heads))
    for trace in TRACES:
        for net in NETS:
            for digits in (2, 3, 4, 5) if trace == "full" else (3, 4, 5):
                good = honest(net, trace, digits, range(nets))
                counts = faulty(net, trace, digits, range(1000, 1000 + nets))
                bad = Count(*(sum(column) for column in zip(*counts.values(), strict=True)))
                unseen = bad.sheets - bad.wrong - bad.undecided
                shares = [each / good.sheets for each in (good.wrong, good.undecided)]
                shares += [each / bad.sheets for each in (unseen, bad.visible, bad.undecided)]
                shares.append(bad.named / bad.wrong)
                print(f"{trace:18}{net:10}{digits:6}" + "".join(f"{100 * each:14.2f}" for each in shares), flush=True)
                if slips:
                    for code, count in counts.items():
                        if unseen := count.sheets - count.wrong - count.undecided:
                            print(f"    {code:32}{100 * unseen / count.sheets:6.1f} unseen")
                        if missed := count.wrong - count.named:
                            print(f"    {code:32}{100 * missed / count.wrong:6.1f} not named")
    heads = ("judged wrong", "explained", "by a formula", "surely so")
    print(f"\n{'a number':18}{'net':10}{'digits':>6}" + "".join(f"{head:>14}" for head in heads))
    for law in LAWS:
        for net in NETS:
            for digits in (3, 4, 5):
                chance = by_chance(net, digits, law, range(10 * nets))
                shares = [each / chance.sheets for each in chance[1:]]
                print(f"{law:18}{net:10}{digits:6}" + "".join(f"{100 * each:14.2f}" for each in shares), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, "slips" in sys.argv)
