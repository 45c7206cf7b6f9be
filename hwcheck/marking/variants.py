"""The same problem as other textbooks read it.

What a sheet leaves open (the half in front of a squared error, the slope of relu at 0, whether the rows or the columns
of a weight matrix belong to units) a student may have learned another way. Each such convention with one of its values
is a row that makes of a problem the same problem under that value: the same names and shapes, other functions or other
formulas. What the sheet writes under `conventions`, or out as a formula, is binding and has no variants.
"""

from collections.abc import Callable
from contextlib import suppress
from weakref import WeakKeyDictionary

import numpy as np

from ..formula.expr import Call, Expr, Name, rewrite, walk
from ..formula.parse import FormulaError
from ..graph.evaluate import solve_table
from ..graph.functions import Array, template
from ..graph.table import Definition, Table
from ..library.conventions import SHOWN_BY, functions_for
from ..record import NamedTuple
from ..sheet.problem import Problem, Question
from ..sheet.remaking import remade
from ..sheet.rules import rule_of
from ..sheet.solving import asked_table, known
from .questions import is_about_numbers
from .relayered import Change, outside_the_root, share_kept


class Row(NamedTuple):
    """A convention with one of its values, and what the report calls it.

    `make` gives a problem under that value, None where it means nothing there. `kink` tells a convention that matters
    only where a number is exactly at a kink, which a student's own may be where the sheet's are not. `shown_by` tells
    by its name whether a quantity that is set right shows that the convention was meant.
    """

    convention: str
    value: str
    words: str
    make: Callable[[Problem], Problem | None]
    kink: bool = False
    shown_by: Callable[[str], bool] = bool


class Variant(NamedTuple):
    """A problem under another value of a convention; `sentence` tells the student so."""

    convention: str
    value: str
    sentence: str
    problem: Problem
    shown_by: Callable[[str], bool]


# --- what makes a problem another -------------------------------------------------------------------------------------


def _by_functions(convention: str, value: str) -> Callable[[Problem], Problem | None]:
    """Make a problem another by what its functions mean; those that the sheet declares itself stay."""

    def make(problem: Problem) -> Problem | None:
        own, other = functions_for(problem.conventions), functions_for({**problem.conventions, convention: value})
        changed = {
            name: row for name, row in other.items() if row != own[name] and problem.functions[name] == own[name]
        }
        if _operations(problem.base).isdisjoint(SHOWN_BY.get(name, name) for name in changed):
            return None
        return remade(problem, {**problem.functions, **changed}, lambda formula: formula)

    return make


def _operations(base: Table) -> set[str]:
    """Give the operations of a network's formulas, those in the bodies of functions that have no slope too."""
    found: set[str] = set()
    todo = [row.formula for row in base if row.formula is not None]
    while todo:
        for part in walk(todo.pop()):
            if isinstance(part, Call) and part.op not in found:
                found.update((part.op, part.op.rstrip("'")))
                row = base.functions.get(part.op)
                if row is not None and row.body and not (row.slope or row.vjp):
                    todo.append(template(row.body, row.params, base.functions))
    return found


def _by_weights(by_rows: bool) -> Callable[[Problem], Problem | None]:
    """Make a problem another by whether the rows of square weight matrices belong to units, or their columns.

    Args:
        by_rows: what the sheet takes to belong to units. A matrix that is not square shows by its shape which it is,
            and then all are read so.
    """

    def make(problem: Problem) -> Problem | None:
        weights = _weights(problem)
        sizes = {name: problem.base.shape(name) for name in weights}
        square = {name for name, (rows, columns) in sizes.items() if rows == columns != 1}
        if not square or any(rows != columns and 1 not in (rows, columns) for rows, columns in sizes.values()):
            return None
        if any(weights[name] != {by_rows} for name in square):
            return None

        def turned(part: Expr) -> Expr | None:
            is_turned, name = _factor(part)
            if name not in square:
                return None
            return Name(name) if is_turned else Call("ᵀ", (part,))

        return remade(problem, problem.functions, lambda formula: rewrite(formula, turned))

    return make


def _weights(problem: Problem) -> dict[str, set[bool]]:
    """Give the weight matrices, each with whether its rows belong to units: so they do in `W x` and `x W^T`.

    These are the parameters; without training they are the given matrices that no other given matrix is multiplied by.
    """
    base = problem.base
    chosen = problem.training.parameters if problem.training else [row.name for row in base if row.formula is None]
    matrices = {name for name in chosen if len(base.shape(name)) == 2}
    found: dict[str, set[bool]] = {}
    doubtful: set[str] = set()
    products = (
        part
        for row in base
        if row.formula is not None
        for part in walk(row.formula)
        if isinstance(part, Call) and part.op in ("@", "*")
    )
    for product in products:
        left, right = (_factor(arg) for arg in product.args)
        for (is_turned, name), other, on_left in ((left, right[1], True), (right, left[1], False)):
            if name in matrices:
                found.setdefault(name, set()).add(on_left != is_turned)
                doubtful.update({name} if other in matrices else ())
    return {name: ways for name, ways in found.items() if name not in doubtful}


def _factor(tree: Expr) -> tuple[bool, str]:
    """Give whether a factor is a transposed quantity, and its name; "" for anything else."""
    is_turned = isinstance(tree, Call) and tree.op == "ᵀ"
    inner = tree.args[0] if isinstance(tree, Call) and is_turned else tree
    return is_turned, inner.id if isinstance(inner, Name) else ""


def _by_rule(convention: str, value: str) -> Callable[[Problem], Problem | None]:
    """Make a problem another by what the optimizer's rule leaves open."""

    def make(problem: Problem) -> Problem | None:
        training = problem.training
        row = None if training is None else training.rule.row
        if training is None or row is None:
            return None
        choice = next((each for each in row.choices if each.convention == convention), None)
        if choice is None or training.rule.chosen.get(choice.setting) == value:
            return None
        chosen = {**training.rule.chosen, choice.setting: value}
        rule = rule_of(row, training.rule.settings, chosen, problem.functions)
        other = remade(problem, problem.functions, lambda formula: formula)
        return other._replace(training=training._replace(rule=rule))

    return make


def _by_lines(change: Callable[[Table], Change]) -> Callable[[Problem], Problem | None]:
    """Make a problem another by the lines of its layers."""

    def make(problem: Problem) -> Problem | None:
        if not problem.layered:
            return None
        other = change(problem.base)
        return remade(problem, problem.functions, lambda formula: rewrite(formula, other))

    return make


def _is_backward(name: str) -> bool:
    """Tell whether a name is that of a derivative or of a value in a later step.

    Who reads a matrix the other way only going forward has made a mistake; who goes back by it too has learned it so.
    """
    return "/d" in name or name.endswith("_new") or "@" in name


def _row(convention: str, value: str, words: str, kink: bool = False) -> Row:
    return Row(convention, value, words, _by_functions(convention, value), kink)


#: Every reading, the more usual ones first: of those that fit equally well the first is taken.
READINGS = (
    _row("mse", "half", "`mse` as half the sum of the squared errors"),
    _row("mse", "sum", "`mse` as the sum of the squared errors"),
    _row("mse", "half_mean", "`mse` as half the mean of the squared errors"),
    _row("batch", "sum", "a loss that is added up over the outputs and samples, not averaged"),
    _row("convolution", "flipped", "a convolution that turns the kernel round"),
    _row("variance", "sample", "a variance that divides by one less than the number of values"),
    _row("first_class", "1", "1 as the number of the first class"),
    _row("relu_slope_at_zero", "1", "1 as the slope of relu at 0", kink=True),
    _row("relu_slope_at_zero", "1/2", "1/2 as the slope of relu at 0", kink=True),
    _row("step_at_zero", "0", "0 as the value of the step function at 0", kink=True),
    _row("abs_slope_at_zero", "1", "1 as the slope of the absolute value at 0", kink=True),
    _row("abs_slope_at_zero", "-1", "-1 as the slope of the absolute value at 0", kink=True),
    _row("max_ties", "share", "equal shares of a derivative for several largest entries", kink=True),
    _row("max_ties", "all", "the whole derivative for each of several largest entries", kink=True),
    Row("momentum", "ema", "momentum as a running average of the gradients", _by_rule("momentum", "ema")),
    Row("momentum_rate", "inside", "the learning rate inside the velocity", _by_rule("momentum_rate", "inside")),
    Row("epsilon", "inside", "epsilon inside the root", _by_rule("epsilon", "inside")),
    Row("bias_correction", "no", "Adam without its bias correction", _by_rule("bias_correction", "no")),
    Row("epsilon", "outside", "epsilon outside of the root", _by_lines(outside_the_root)),
    Row("dropout_rate", "keep", "the rate of dropout as the share that is kept", _by_lines(share_kept)),
    Row("samples", "rows", "x W in the place of W x: each column of a weight matrix belongs to one unit",
        _by_weights(by_rows=True), shown_by=_is_backward),
    Row("samples", "columns", "W x in the place of x W: each row of a weight matrix belongs to one unit",
        _by_weights(by_rows=False), shown_by=_is_backward),
)  # fmt: skip


# --- the variants of a problem ----------------------------------------------------------------------------------------

#: The variants of the problems that are in use, by their base tables: a class pays for them once.
_KEPT: WeakKeyDictionary[Table, tuple[Variant, ...]] = WeakKeyDictionary()


def variants(problem: Problem) -> tuple[Variant, ...]:
    """Give a problem under every other value of the conventions that it leaves open, where that changes something."""
    if problem.base not in _KEPT:
        found = (_variant(problem, row) for row in READINGS if row.convention not in problem.conventions)
        _KEPT[problem.base] = tuple(variant for variant in found if variant is not None)
    return _KEPT[problem.base]


#: The same without looking whether it changes numbers, for formulas.
_CONVENTIONS: WeakKeyDictionary[Table, tuple[Problem, ...]] = WeakKeyDictionary()


def conventions(problem: Problem) -> tuple[Problem, ...]:
    """Give a problem under every other value of the conventions that it leaves open and that its formulas show."""
    if problem.base not in _CONVENTIONS:
        rows = [row for row in READINGS if row.convention not in problem.conventions and not row.kink]
        found: list[Problem] = []
        for row in rows:
            with suppress(FormulaError):
                other = row.make(problem)
                found += [] if other is None else [other]
        _CONVENTIONS[problem.base] = tuple(found)
    return _CONVENTIONS[problem.base]


def _variant(problem: Problem, row: Row) -> Variant | None:
    """Give a problem under one row; None where nothing in it is another."""
    try:
        other = row.make(problem)
        if other is None or not is_another(problem, other, row.kink):
            return None
    except FormulaError:
        return None
    other = other._replace(conventions={**problem.conventions, row.convention: row.value})
    sentence = f"Read with {row.words}. Your numbers fit this, and the sheet leaves it open."
    return Variant(row.convention, row.value, sentence, other, row.shown_by)


def is_another(problem: Problem, other: Problem, kink: bool) -> bool:
    """Tell whether what is asked is another in another problem: in its formulas at a kink, else in its values."""
    alike: dict[str, list[Question]] = {}
    for question in problem.questions.values():
        if not is_about_numbers(problem, question):
            continue
        alike.setdefault(repr(question.when), []).append(question)
    for questions in alike.values():
        asks = [ask for question in questions for ask in question.asks]
        first, rows = asked_table(problem, asks, questions[0].values)
        second, _ = asked_table(other, asks, questions[0].values)
        needed = set(first.needed(rows.values()))
        both = [name for name in known(first) if name in needed and name in second]
        if kink and any(_means_another(first[name], second[name], first, second) for name in both):
            return True
        values = [] if kink else [solve_table(table, both) for table in (first, second)]
        if values and not all(is_same(values[0][name], values[1][name]) for name in both):
            return True
    return False


def _means_another(row: Definition, other: Definition, table: Table, second: Table) -> bool:
    """Tell whether a definition has another formula, or uses a function that means something else."""
    if row.formula is None or (row.formula, row.forms) != (other.formula, other.forms):
        return row.formula is not None
    ops = {part.op for part in walk(row.formula) if isinstance(part, Call)}
    pairs = [(table.functions[op], second.functions[op]) for op in ops if op in table.functions]
    return any((one.body, one.value, one.lower) != (two.body, two.value, two.lower) for one, two in pairs)


def is_same(one: Array, other: Array) -> bool:
    """Tell whether values are the same but for the last bits."""
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-14, equal_nan=True))
