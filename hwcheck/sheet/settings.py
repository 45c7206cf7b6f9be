"""The training as a sheet sets it: from what was typed under `train` to a `Training`, with every diagnostic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..formula.expr import Call, Expr, Name, Num, names, number
from ..formula.names import Parts, join, key
from ..formula.parse import FormulaError
from ..graph.build import filled
from ..graph.grad import elementwise_argument
from ..graph.shapes import is_number, shape_of, show_shape
from ..graph.table import Table
from ..library.optimizers import COMMON, OPTIMIZERS, Optimizer
from ..record import NamedTuple
from ..yamltree import Scalar
from .check import suggestion
from .givens import value_of
from .reading import Page, one_reading, scope_of
from .recording import yes_or_no
from .records import RawTrain
from .rules import Rule, inner, outer, own_rule, rule_of
from .training import Training

if TYPE_CHECKING:
    from ..graph.arrays import Array


#: The most steps of a training that a condition ends, unless the sheet says how many.
MOST_UNTIL = 1000


class Known(NamedTuple):
    """What the training is read against: the network's table, what is broken in it, what else it knows, the page."""

    table: Table
    broken: set[str]
    losses: list[str]
    conventions: Mapping[str, str]
    page: Page

    def quantity(self, scalar: Scalar, given: bool) -> str | None:
        """Find a given, or a line of the network; report a name that is none."""
        known = {key(row.name): row for row in self.table}
        row = known.get(key(scalar.text))
        if row is not None and (row.formula is None) == given:
            return row.name
        if scalar.text not in self.broken:
            what = "a given" if given else "a line of the network"
            others = [each.name for each in self.table if (each.formula is None) == given]
            fix = suggestion(scalar.text, others, "there are")
            self.page.report("HW103", f"`{scalar.text}` is not {what}", scalar, fix=fix)
        return None

    def formula(self, scalar: Scalar, what: str, words: Iterable[str] = ()) -> Expr | None:
        """Read the formula of one number, in which some words may stand for numbers of a step."""
        declared = [row.name for row in self.table]
        free = [word for word in words if key(word) not in {key(name) for name in declared}]
        work = self.table.copy()
        for word in free:
            work.give(word, (), None)
        try:
            tree = one_reading(scalar.text, scope_of([*declared, *free], work.functions, []), None, work)
            if not is_number(shape_of(tree, work.shapes)):
                raise FormulaError(f"{what} is one number", 0, len(scalar.text))
        except FormulaError as error:
            self.page.refuse(error, scalar)
            return None
        return outer(tree, free)


def training_of(raw: RawTrain, known: Known, parameters: list[str] | None, loss: str | None) -> Training | None:
    """Read the training: each part is checked against the table; None where something is wrong.

    Args:
        raw: what stands under `train`.
        known: what it is read against; the error of a rule for single units is added to its table.
        parameters: those of layers.
        loss: that of layers.
    """
    page, table = known.page, known.table
    before = len(page.found)
    if raw.epochs is not None and "steps" in raw.keys:
        page.report("HW225", "`steps` and `epochs` both say how long to train", raw.span, fix="write one")
    row = None if raw.update is not None else OPTIMIZERS[raw.optimizer.text.strip()]
    if raw.parameters is not None:
        parameters = [name for scalar in raw.parameters if (name := known.quantity(scalar, True)) is not None]
    loss = _loss(raw, known, row, loss)
    if raw.loss is not None and loss is None:
        return None  # its own line is wrong, and says so
    own = _own(raw, known, parameters) if raw.update is not None else None
    if own is not None and own.by_name and not parameters and raw.parameters is None:
        parameters = [line.name for line in own.lines if line.name in table]
    if not parameters and (raw.parameters is None or not raw.parameters):
        page.report("HW222", "the training needs its parameters", raw.span, fix="write parameters: [W1, b1]")
    rule = own if row is None else _rule(raw, known, row)
    rate = _rate(raw, known, rule)
    batches, samples = _batches(raw, known)
    if len(page.found) > before or rule is None or rate is None or not parameters:
        return None
    _matched(raw, known, rule, loss)
    most = MOST_UNTIL if raw.until is not None and "steps" not in raw.keys else raw.steps
    steps = most if raw.epochs is None else raw.epochs * max(len(batches), 1)
    changing = any(word in names(rate) for word in ("t", "epoch"))
    free = [name for name in ("lr", "rate") if key(name) not in {key(each.name) for each in table}]
    made = Training(
        loss or "",
        tuple(dict.fromkeys(parameters)),
        rule,
        rate,
        free[0] if changing and free else "",
        steps,
        raw.taken,
        samples,
        batches,
        {},
        raw.in_order,
    )
    made = made._replace(state=_state(raw, known, made))
    for title in made.tracked:
        if key(title) in {key(each.name) for each in table}:
            message = f"the network has a quantity `{title}`, as the rule has one"
            page.report("HW212", message, raw.update or raw.span, fix="call that of the network otherwise")
    return None if len(page.found) > before else made


def _matched(raw: RawTrain, known: Known, rule: Rule, loss: str | None) -> None:
    """Report where the rule does not go with the loss, the parameters, or the order of updates."""
    page, table = known.page, known.table
    if loss is None and rule.differentiates:
        page.report("HW220", "the training needs its loss", raw.span, fix="write loss: J")
    if len(rule.elsewhere) > 1:
        fix = "take the gradient at one point other than w"
        page.report("HW224", "the rule takes gradients at two other points", raw.update or raw.span, fix=fix)
    if rule.elsewhere and raw.in_order:
        fix = "leave `updates` out"
        page.report("HW224", "with `updates: in_order` there is no gradient at another point", raw.span, fix=fix)
    if loss is not None and loss in table and not is_number(table.shape(loss)):
        message = f"the loss `{loss}` is {show_shape(table.shape(loss))}, not a number"
        page.report("HW221", message, raw.loss or raw.span, fix="a loss is one number: sum or average it")
    changed = {key(line.name) for line in rule.lines}
    for scalar in raw.parameters or () if rule.by_name else ():
        if key(scalar.text) not in changed:
            fix = f"write a line `{scalar.text} = ...`, or take it out of `parameters`"
            page.report("HW224", f"no line of the rule gives `{scalar.text}`", scalar, fix=fix)


def _loss(raw: RawTrain, known: Known, row: Optimizer | None, loss: str | None) -> str | None:
    """Find what gradients are of: a line of the network, what a given derivative is of, or a rule's own error."""
    if raw.loss is not None and row is not None and row.error is not None:
        message = f"the rule `{row.name}` has an error of its own, which it makes small"
        known.page.report("HW224", message, raw.loss, fix="leave `loss` out")
        return None
    if raw.loss is not None:
        given = {key(name): name for name in known.losses}
        if key(raw.loss.text) in given:
            return given[key(raw.loss.text)]
        return known.quantity(raw.loss, False)
    if row is not None and row.error is not None:
        return _error(raw, known, row)
    return loss or (known.losses[0] if len(known.losses) == 1 else None)


def _error(raw: RawTrain, known: Known, row: Optimizer) -> str | None:
    """Add what a rule for single units makes small to the table; give its name."""
    assert row.error is not None
    title, text = row.error
    parts = {name: known.quantity(raw.settings[name], name == "target") for name in ("output", "target")}
    output, target = parts["output"], parts["target"]
    if output is None or target is None:
        return None
    table, page = known.table, known.page
    net = elementwise_argument(output, table) or output
    formula = table[output].formula
    if net == output and isinstance(formula, Call) and len(formula.args) == 1 and isinstance(formula.args[0], Name):
        net = formula.args[0].id  # of a function that has no slope of its own
    error = Parts("E") if "/d" not in title else Parts("E", net)
    if join(error) in table or "E" in table:
        fix = "call that one otherwise"
        page.report("HW212", "the rule calls its error `E`, and so does the network", raw.span, fix=fix)
        return None
    try:
        given: dict[str, Expr] = {"output": Name(output), "target": Name(target), "net": Name(net)}
        tree = filled(text, tuple(given), given, table.shapes, table.functions)
        role = "adjoint" if error.by else "forward"
        shape = table.shape(net) if error.by else None
        table.define(join(error), tree, role, None, (), shape)
    except FormulaError as wrong:
        page.report(wrong.code, wrong.reason, raw.settings["target"], fix=wrong.fix)
        return None
    return "E"


def _own(raw: RawTrain, known: Known, parameters: list[str] | None) -> Rule | None:
    """Read a rule that is written as text."""
    text = raw.update
    assert text is not None
    if "optimizer" in raw.keys:
        message = "`update` is a rule of its own, and `optimizer` names another"
        known.page.report("HW224", message, text, fix="write one of the two")
        return None
    table = known.table
    declared = {key(row.name): row.name for row in table}
    given = parameters or [row.name for row in table if row.formula is None]

    def refuse(error: FormulaError, offset: int) -> None:
        known.page.refuse(error, text, offset)

    return own_rule(text.text, table.functions, declared, given, refuse)


def chosen_by_rule(raw: RawTrain) -> dict[str, str]:
    """Give the conventions that the settings of an optimizer fix."""
    row = OPTIMIZERS.get(raw.optimizer.text.strip()) if raw.update is None else None
    choices = row.choices if row is not None else ()
    return {
        each.convention: yes_or_no(raw.settings[each.setting])
        for each in choices
        if each.convention and each.setting in raw.settings
    }


def _rule(raw: RawTrain, known: Known, row: Optimizer) -> Rule | None:
    """Make the rule of an optimizer with the settings that are written."""
    page = known.page
    chosen: dict[str, str] = {}
    settings: dict[str, Expr] = {}
    broken = False
    for choice in row.choices:
        written = raw.settings.get(choice.setting)
        if written is not None:
            value = yes_or_no(written)
            chosen[choice.setting] = value if value in choice.values else "given"
        elif choice.convention:
            chosen[choice.setting] = known.conventions[choice.convention]
    chosen["decoupled"] = "yes" if row.decoupled else "no"
    if "decoupled" in raw.settings:
        chosen["decoupled"] = yes_or_no(raw.settings["decoupled"])
    limits = [name for name in ("clip_value", "clip_norm") if name in raw.settings]
    if len(limits) > 1:
        page.report("HW224", "gradients are clipped by value or by norm", raw.settings[limits[1]], fix="choose one")
        broken = True
    for name, setting in {**{name: common for name, (_, common) in COMMON.items()}, **row.settings}.items():
        scalar = raw.settings.get(name)
        if row.error is not None and name in ("output", "target"):
            continue
        if scalar is None and setting.default:
            settings[name] = Num(float(setting.default), setting.default)
        elif scalar is not None:
            tree = known.formula(scalar, f"`{name}`")
            broken = broken or tree is None
            if tree is not None and setting.within is not None:
                from .limits import is_beyond, known_value  # few settings are written

                worth, example = known_value(inner(tree), known.table), setting.example or setting.default
                broken = is_beyond(worth, setting.within, name, example, scalar, page) or broken
            if tree is not None:
                settings[name] = tree
    return None if broken else rule_of(row, settings, chosen, known.table.functions)


def _rate(raw: RawTrain, known: Known, rule: Rule | None) -> Expr | None:
    """Read the learning rate; a rule that reads none needs none."""
    if raw.learning_rate is not None:
        return known.formula(raw.learning_rate, "a learning rate", ("t", "epoch"))
    if rule is None or (rule.row is None and not rule.reads("lr")):
        return number(0)
    if rule.row is not None and rule.row.rate:
        return number(float(rule.row.rate))
    known.page.report("HW223", "the training needs its learning rate", raw.span, fix="write learning_rate: 0.05")
    return None


def _batches(raw: RawTrain, known: Known) -> tuple[tuple[tuple[int, ...], ...], dict[str, int]]:
    """Read which samples each step uses, and the givens that hold them with their axis."""
    page = known.page
    if raw.samples is None:
        for wanting in [part for part in ("batch_size", "batches") if part in raw.keys]:
            fix = "add samples: {axis: rows, of: [X, y]}"
            page.report("HW225", f"`{wanting}` needs to know which givens hold the samples", raw.span, fix=fix)
        return (), {}
    axis_text, of = raw.samples
    sizes: dict[str, int] = {}
    axes: dict[str, int] = {}
    for scalar in of:
        name = known.quantity(scalar, True)
        if name is None:
            continue
        shape = known.table.shape(name)
        axis = 1 if (axis_text or known.conventions["samples"]) == "columns" and len(shape) > 1 else 0
        if not shape or not isinstance(shape[axis], int):
            message = f"`{name}` is {show_shape(shape)}, which holds no samples"
            page.report("HW225", message, scalar, fix="name matrices with a sample in each row or column, or vectors")
            continue
        axes[name], sizes[name] = axis, int(shape[axis])
        first = next(iter(sizes))
        if sizes[name] != sizes[first]:
            message = f"`{first}` has {sizes[first]} samples, and `{name}` has {sizes[name]}"
            page.report("HW225", message, scalar, fix="give both as many, or choose the other `axis`")
    if not sizes:
        return (), {}
    count = next(iter(sizes.values()))
    if raw.batch_size is not None and raw.batches is not None:
        page.report("HW225", "`batch_size` and `batches` both say which samples a step uses", raw.span, fix="write one")
    if raw.batches is None:
        size = int(raw.batch_size.text) if raw.batch_size is not None else count
        if raw.batch_size is not None and size > count:
            message = f"a batch of {size} samples is more than the {count} that there are"
            page.report("HW225", message, raw.batch_size, fix=f"write at most {count}")
        everything = tuple(range(1, count + 1))
        cut = tuple(everything[at : at + size] for at in range(0, count, size))
        return (cut, axes) if size < count else ((), axes)
    for batch in raw.batches:
        for scalar in batch:
            if not 1 <= int(scalar.text) <= count:
                message = f"there is no sample {scalar.text.strip()}: the samples are 1 to {count}"
                page.report("HW225", message, scalar, fix="count samples from 1")
    return tuple(tuple(int(scalar.text) for scalar in batch) for batch in raw.batches), axes


def _state(raw: RawTrain, known: Known, made: Training) -> dict[str, Array]:
    """Read the values of states before the first step."""
    found: dict[str, Array] = {}
    states = made.states
    for name, tree in raw.state:
        title = next((each for each in states if key(each) == key(name.text)), None)
        if title is None:
            helper = next((each for each in made.tracked if key(each) == key(name.text)), None)
            fix = suggestion(name.text, states, "the states are") or "the rule has no states: leave `state` out"
            reason = "is worked out anew in each step" if helper else "is no state of the rule"
            known.page.report("HW226", f"`{name.text}` {reason}", name, fix=fix)
            continue
        value = value_of(known.table, tree, known.page)
        shape = () if made.rule.by_name else known.table.shape(title[len(states[title]) + 1 :])
        if value is not None and not made.rule.by_name and tuple(value.shape) != shape:
            message = f"`{title}` is {show_shape(shape)}, and this is {show_shape(tuple(value.shape))}"
            known.page.report("HW207", message, tree, fix="give it the shape of its parameter")
        elif value is not None:
            found[title] = value
    return found
