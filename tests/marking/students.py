"""Sheets in code, and students who work them by hand: with one habit of rounding, and with one mistake or none.

A student works the table of a sheet from top to bottom with the evaluator's own instructions, and rounds on the way
as the habit says. Nothing here knows how answers are judged.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from hwcheck.files import Source
from hwcheck.formula.expr import Expr
from hwcheck.formula.parse import readings
from hwcheck.graph.evaluate import compile_table, solve_table
from hwcheck.graph.shapes import shape_of
from hwcheck.graph.table import Table
from hwcheck.marking import Answers, Report, verify
from hwcheck.sheet import Sheet
from hwcheck.sheet.build import build_problem
from hwcheck.sheet.problem import Problem, expand, problem_scope, settled
from hwcheck.sheet.raw import read_answers, read_sheet

Array = NDArray[np.float64]


def sheet_of(text: str) -> Sheet:
    """Read a sheet from its text."""
    source = Source("sheet.yaml", text, text.encode())
    raw, found = read_sheet(source)
    assert raw is not None, found
    problems = {}
    for each in raw.problems:
        problem = build_problem(each, source.name, found)
        assert problem is not None, found
        problems[problem.id] = problem
    assert not [each for each in found if each.severity == "error"], found
    return Sheet("sheet", raw.title, problems, source)


def answers_of(text: str) -> Answers:
    """Read answers from their text."""
    source = Source("answers.yaml", text, text.encode())
    raw, found = read_answers(source)
    assert raw is not None, found
    return Answers(raw.sheet.text if raw.sheet else "", raw.student, raw, source, tuple(found))


def marked(sheet: Sheet, answers: Mapping[str, Mapping[str, str]], problem: str = "1") -> Report:
    """Judge texts by question and name: a name "" is the bare value of the question."""
    lines = ["answers:", f"  {problem!r}:"]
    for question, values in answers.items():
        if "" in values:
            lines.append(f"    {question!r}: {values['']}")
        else:
            lines.append(f"    {question!r}:")
            lines += [f"      {name!r}: {value}" for name, value in values.items()]
    return verify(sheet, answers_of("\n".join(lines)))


def verdicts(report: Report) -> dict[str, str]:
    """Give the verdict of each quantity that was written."""
    return {each.quantity: each.verdict for each in report.findings if each.verdict != "blank"}


def cells(report: Report, kind: str) -> list[str]:
    """Give the entries that have one verdict, as `W1[1,2]`."""
    found: list[str] = []
    for each in report.findings:
        for place, verdict in np.ndenumerate(np.array(each.cells, dtype=object)):
            if verdict == kind:
                at = ",".join(str(index + 1) for index in place)
                found.append(f"{each.quantity}[{at}]" if at else each.quantity)
    return found


# --- nets -------------------------------------------------------------------------------------------------------------


def one_decimal(random: random.Random, *shape: int) -> Array:
    """Draw weights as homework has them: one decimal, from -0.9 to 0.9, none of them 0."""
    return np.array([random.choice([-1, 1]) * random.randint(1, 9) / 10 for _ in range(int(np.prod(shape)))]).reshape(
        shape
    )


def net_text(random: random.Random, sizes: tuple[int, ...], units: tuple[str, ...], loss: str) -> str:
    """Write a sheet with one net and one training step that asks every quantity of it."""
    given: dict[str, Any] = {"U": one_decimal(random, sizes[0]) * random.choice([1, 2, 5])}
    parameters: list[str] = []
    lines: list[str] = []
    before = "U"
    for at, (rows, columns, unit) in enumerate(zip(sizes[1:], sizes, units, strict=False), 1):
        given[f"W{at}"], given[f"b{at}"] = one_decimal(random, rows, columns), one_decimal(random, rows)
        parameters += [f"W{at}", f"b{at}"]
        lines += [f"X{at} = W{at} {before} + b{at}", f"Y{at} = {unit}(X{at})"]
        before = f"Y{at}"
    last = len(units)
    if loss == "cross_entropy":
        target = [0] * sizes[-1]
        target[random.randrange(sizes[-1])] = 1
    else:
        target = [random.randint(0, 1) for _ in range(sizes[-1])]
    given["y"] = np.array(target)
    lines.append(f"J = {loss}(Y{last}, y)")
    asked = [line.split(" = ")[0] for line in lines]
    asked += [f"dJ/d{name}{at}" for at in range(last, 0, -1) for name in "YXWb"]
    asked += [f"{name}_new" for name in parameters]
    rate = random.choice(["0.05", "0.1", "0.2", "0.5", "1"])
    return "\n".join(
        [
            "hwcheck: 1",
            "problems:",
            '  "1":',
            "    given:",
            *(f"      {name}: {value.tolist()}" for name, value in given.items()),
            "    network: |",
            *(f"      {line}" for line in lines),
            f"    train: {{loss: J, parameters: [{', '.join(parameters)}], learning_rate: {rate}}}",
            "    questions:",
            f"      all: {{find: [{', '.join(asked)}], points: {len(asked)}}}",
        ]
    )


def small_net(random: random.Random) -> Sheet:
    """Give a 3-2-1 net with a sigmoid at its end and the binary cross-entropy."""
    return sheet_of(net_text(random, (3, 2, 1), (random.choice(["sigmoid", "tanh"]), "sigmoid"), "bce"))


def deep_net(random: random.Random) -> Sheet:
    """Give a net of five layers with half the squared error."""
    units = tuple(random.choice(["sigmoid", "tanh"]) for _ in range(5))
    return sheet_of(net_text(random, (2, 3, 2, 3, 2, 2), units, "half_squared_error"))


def asked(sheet: Sheet) -> list[str]:
    """Give the names that a sheet of one question asks."""
    return [ask.name for ask in sheet.problems["1"].questions["all"].asks]


#: What students write down, by the first letters and the ends of names.
TRACES: dict[str, Callable[[str], bool]] = {
    "full": lambda name: True,
    "no deltas": lambda name: not name.startswith(("dJ/dX", "dJ/dY")),
    "no gradients": lambda name: not name.startswith("dJ/"),
    "results only": lambda name: not name.startswith(("dJ/", "X")) and (not name.startswith("Y") or name == "Y2"),
    "new weights only": lambda name: name.endswith("_new"),
}


# --- students ---------------------------------------------------------------------------------------------------------


def on_paper(value: float) -> Decimal:
    """Give a value without the last bits of floating-point arithmetic: by hand, 0.1 + 0.2 is 0.3."""
    return Decimal(f"{value:.13g}") if not abs(value) <= 1e-14 else Decimal(0)


def to_digits(value: float, digits: int, mode: str = ROUND_HALF_UP) -> Decimal:
    """Round to so many significant digits."""
    exact = on_paper(value)
    if exact == 0:
        return Decimal(0)
    return exact.quantize(Decimal(1).scaleb(exact.adjusted() + 1 - digits), mode)


def to_decimals(value: float, decimals: int, mode: str = ROUND_HALF_UP) -> Decimal:
    """Round to so many decimals."""
    return on_paper(value).quantize(Decimal(1).scaleb(-decimals), mode)


def is_exact(value: float, digits: int) -> bool:
    """Tell whether a value is so short that nobody rounds it: 0.31, -0.28, 0.375."""
    return len(on_paper(value).normalize().as_tuple().digits) <= digits


class Habit(NamedTuple):
    """How a student rounds.

    `write` gives what stands on the page, `keep` what the student goes on with, and `inside` rounds products and the
    values that are not written; None where they are not rounded.
    """

    name: str
    write: Callable[[float, int, random.Random], Decimal]
    keep: Callable[[float, Decimal, random.Random], float]
    inside: Callable[[float, int], float] | None = None


def _rounded(mode: str) -> Callable[[float, int, random.Random], Decimal]:
    return lambda value, digits, random: to_digits(value, digits, mode)


HABITS = (
    Habit("rounds what is written", _rounded(ROUND_HALF_UP), lambda value, shown, random: float(shown)),
    Habit(
        "rounds every step",
        _rounded(ROUND_HALF_UP),
        lambda value, shown, random: float(shown),
        lambda value, digits: float(to_digits(value, digits)),
    ),
    Habit("keeps all digits in the memory", _rounded(ROUND_HALF_EVEN), lambda value, shown, random: value),
    Habit("cuts off", _rounded(ROUND_DOWN), lambda value, shown, random: float(shown)),
    Habit("cuts off, keeps all digits", _rounded(ROUND_DOWN), lambda value, shown, random: value),
    Habit(
        "cuts every step off",
        _rounded(ROUND_DOWN),
        lambda value, shown, random: float(shown),
        lambda value, digits: float(to_digits(value, digits, ROUND_DOWN)),
    ),
    Habit(
        "fixed decimals",
        lambda value, digits, random: to_decimals(value, digits),
        lambda value, shown, random: float(shown),
    ),
    Habit(
        "leaves zeros at the end out",
        lambda value, digits, random: to_digits(value, digits).normalize(),
        lambda value, shown, random: float(shown),
    ),
    Habit(
        "mixed digits",
        lambda value, digits, random: to_digits(value, digits + random.randint(0, 2)),
        lambda value, shown, random: float(shown),
    ),
    Habit(
        "from the page or from the memory",
        _rounded(ROUND_HALF_UP),
        lambda value, shown, random: float(shown) if random.random() < 0.5 else value,
    ),
)


class Slip(NamedTuple):
    """A mistake: other formulas for some quantities, or another number on the page for one entry."""

    code: str
    formulas: Mapping[str, str] = {}
    edits: Mapping[tuple[str, int], Callable[[Decimal], Decimal]] = {}


def formula_of(problem: Problem, text: str) -> Expr:
    """Read a formula in the names of a problem."""
    return settled(problem, readings(text, problem_scope(problem))[0])


_TABLES: WeakKeyDictionary[Table, Table] = WeakKeyDictionary()


def worked_table(sheet: Sheet) -> Table:
    """Give the table of a sheet with everything that it asks; made once."""
    base = sheet.problems["1"].base
    if base not in _TABLES:
        _TABLES[base] = expand(sheet.problems["1"], asked(sheet))
    return _TABLES[base]


def on_a_kink(sheet: Sheet) -> bool:
    """Tell whether a pre-activation is 0 by hand and 1e-16 in floating point, where the slope of relu jumps."""
    found = solve_table(worked_table(sheet))
    return any(bool((np.abs(value) < 1e-9).any()) for name, value in found.items() if name.startswith("X"))


def work(
    sheet: Sheet,
    habit: Habit,
    digits: int,
    random: random.Random,
    trace: Callable[[str], bool] = TRACES["full"],
    slip: Slip | None = None,
    slopes: bool = False,
) -> dict[str, list[str]]:
    """Work a sheet by hand; give what stands on the page, the entries of each quantity.

    Args:
        sheet: a sheet of one question.
        habit: how the student rounds.
        digits: to how many digits, or decimals.
        random: for habits that vary.
        trace: which quantities are written; of the others nothing is rounded but what the habit rounds inside.
        slip: a mistake.
        slopes: take the slopes from the inputs of the activations, not from their outputs.
    """
    problem = sheet.problems["1"]
    table = worked_table(sheet)
    forms: dict[str, Expr] = {}
    if slopes:
        forms = {row.name: row.forms[0] for row in table if row.forms and row.name.startswith("dY")}
    shapes = table.shapes
    if slip is not None:
        for name, formula in slip.formulas.items():
            forms[name] = formula_of(problem, formula)
            assert shape_of(forms[name], shapes) == table.shape(name), (name, formula)
    edits = slip.edits if slip is not None else {}
    names = asked(sheet)
    program = compile_table(table, names, forms=forms)
    page: dict[str, list[str]] = {}
    slots: list[Any] = [None] * program.size
    for at, value in program.constants.items():
        slots[at] = value
    for name, at in program.inputs.items():
        slots[at] = table.values[name]
    with np.errstate(all="ignore"):
        for kernel, reads, out in program.code:
            value = np.asarray(_stepped(kernel, [slots[at] for at in reads], habit, digits), dtype=float)
            ended = program.ends.get(out)
            if ended is None or ended not in names or not trace(ended):
                slots[out] = _inside(value, habit, digits)
                continue
            shown, kept = [], []
            for place, one in enumerate(value.ravel().tolist()):
                text = on_paper(one) if is_exact(one, digits) else habit.write(one, digits, random)
                if (ended, place) in edits:
                    text = edits[ended, place](text)
                    one = float(text)
                shown.append(f"{text:f}" if abs(text.adjusted()) < 8 else f"{text:e}")
                kept.append(float(text) if is_exact(one, digits) else habit.keep(one, text, random))
            page[ended] = shown
            slots[out] = np.array(kept).reshape(value.shape)
    for name in names:  # a definition that is a bare name is the same quantity
        root = table.root(name)
        if name not in page and root in page and trace(name):
            page[name] = page[root]
    return page


def _inside(value: Array, habit: Habit, digits: int) -> Array:
    if habit.inside is None:
        return np.where(np.abs(value) <= 1e-14, 0.0, value)  # by hand, terms that cancel leave 0
    return np.array(
        [one if is_exact(one, digits) else habit.inside(one, digits) for one in np.ravel(value).tolist()]
    ).reshape(np.shape(value))


def _stepped(kernel: Callable[..., Array], reads: list[Array], habit: Habit, digits: int) -> Array:
    """Apply one operation; sums of products are added up product by product where these are rounded."""
    if habit.inside is not None and kernel is np.matvec:
        products = _inside(np.asarray(reads[0]) * np.asarray(reads[1])[None, :], habit, digits)
        return np.asarray(products.sum(axis=-1))
    return kernel(*reads)


def laid(entries: list[str], shape: tuple[int, ...]) -> str:
    """Write entries in the brackets of a shape."""
    if not shape:
        return entries[0]
    size = len(entries) // shape[0]
    return "[" + ", ".join(laid(entries[at * size : (at + 1) * size], shape[1:]) for at in range(shape[0])) + "]"


def marked_page(sheet: Sheet, page: Mapping[str, list[str]]) -> Report:
    """Judge what stands on a page."""
    table = worked_table(sheet)
    shapes = {name: tuple(int(size) for size in table.shape(name)) for name in page}
    return marked(sheet, {"all": {name: laid(entries, shapes[name]) for name, entries in page.items()}})
