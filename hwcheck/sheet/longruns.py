"""Long runs of training: the one step that stands for all those that are not written out, and what leads over these."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from ..formula.expr import Expr, Name, names, substitute
from ..formula.parse import FormulaError
from ..graph.evaluate import Program, compile_table
from ..graph.functions import TRAINED, Function
from ..graph.runs import COUNT, EPOCH, Run, lasting, operations, trained
from ..graph.shapes import is_number
from ..graph.table import Table
from ..record import NamedTuple
from .steps import Passes, Writer, begun, state_shape, worked
from .training import Training, batch_of, epoch_of, name_at

if TYPE_CHECKING:
    from ..graph.arrays import Array
    from ..graph.shapes import Shape

#: The number of the one step: no given gradient is for it.
ANY = 10**9
UNTIL = "until "


class Bridge(NamedTuple):
    """What leads over steps that are not written out: its operations, where its inputs come from, and the loss."""

    functions: Mapping[str, Function]
    inputs: Mapping[str, tuple[str, int | None]]
    loss: str


def bridge_of(training: Training, base: Table, passes: Passes) -> Bridge:
    """Make what leads over steps that are not written out."""
    run, inputs = run_of(training, base, passes)
    targets = {of: name for name, (of, _) in inputs.items() if name in run.carry}
    loss = {"": run.loss} if run.loss else {}
    return Bridge(operations(run, tuple(inputs), {**targets, **loss}), inputs, training.loss if run.loss else "")


def bridged(to: Bridge, table: Table, training: Training, base: Table, first: int, last: int) -> None:
    """Define what the steps from the first to the last make of the parameters, of the states and of the loss."""
    read = [of if by is None else name_at(training, base, of, first - by) for of, by in to.inputs.values()]
    for of, by in to.inputs.values():
        if by is not None and TRAINED + of in to.functions:
            title = name_at(training, base, of, last + 1 - by)
            table.define(title, trained(of, first, last, read), "update", last + 1 - by)
    if to.loss:
        table.define(f"{to.loss} {first}..{last}", trained("", first, last, read), "curve", last)


def run_of(training: Training, base: Table, passes: Passes) -> tuple[Run, dict[str, tuple[str, int | None]]]:
    """Make the one step that stands for all: its schedules, and where its inputs come from.

    An input is the quantity of its step (0 steps before), that of the step before (1), or the same in all (None).
    """
    pseudo = training._replace(steps=ANY + 1)

    def name(of: str, step: int = ANY) -> str:
        return name_at(pseudo, base, of, step)

    @cache
    def table_of(samples: int) -> Table:
        return one_step(pseudo, base, passes(samples))

    @cache
    def program(samples: int, batched: bool) -> Program:
        return compile_table(table_of(samples), wanted, batched)

    carry = {name(of): name(of, ANY + 1) for of in training.parameters}
    carry.update({name(title, ANY - 1): name(title) for title in training.states})
    watched = training.loss in base and is_number(base.shape(training.loss))
    loss = name(training.loss) if watched else ""
    wanted = [*carry.values(), *([loss] if loss else []), *([UNTIL] if training.until is not None else [])]
    sizes = dict.fromkeys(len(batch) for batch in training.batches or ((),))
    read = dict.fromkeys(each for size in sizes for each in program(size, False).inputs)
    samples = {name(of): (of, axis - len(base.shape(of))) for of, axis in training.samples.items()}
    samples = {of: found for of, found in samples.items() if training.batches and of in read}
    inputs: dict[str, tuple[str, int | None]] = {name(of): (of, 0) for of in training.parameters}
    inputs.update({name(title, ANY - 1): (title, 1) for title in training.states})
    fixed = [each for each in (*read, *(data for data, _ in samples.values())) if each not in (*inputs, *samples)]
    inputs.update({each: (each, None) for each in fixed if each not in (COUNT, EPOCH)})
    first = table_of(next(iter(sizes)))
    shapes = {each: first.shape(carry.get(each, each)) for each in inputs}
    run = Run(
        program,
        shapes,
        carry,
        lambda step: (training.taken + step, epoch_of(training, step)),
        lambda step: batch_of(training, step),
        samples,
        loss,
        UNTIL if training.until is not None else "",
        base.shape(training.loss) if watched else (),
    )
    return run, inputs


def one_step(training: Training, base: Table, work: Table, wide: Mapping[str, Shape] | None = None) -> Table:
    """Write the step `ANY` alone: what it reads is given, and nothing has a value.

    Args:
        training: the training, with more steps than that.
        base: one pass of the network on all samples.
        work: one pass on those of the step.
        wide: the shapes of states that are not those they start with.
    """
    table = Table(base.functions, base.samples)
    table.sizes.update(base.sizes)

    def called(of: str, step: int) -> str:
        return name_at(training, base, of, step)

    to = Writer(table, training, work, called, ANY, Name(COUNT), Name(EPOCH))
    for row in work:
        if row.formula is None:
            table.give(to.name(row.name, ANY), row.shape, None)
            if row.name in training.samples and training.batches:
                table.give(row.name, base.shape(row.name), None)
    for title, name in training.states.items():
        shape = (wide or {}).get(title, state_shape(training, base, title, name))
        table.give(to.name(title, ANY - 1), shape, None)
    for number_name in (COUNT, EPOCH):
        table.give(number_name, (), None)
    worked(to, late=False)
    if training.until is not None:
        batched = training.samples if training.batches else {}
        stepped: dict[str, Expr] = {of: to.named(of) for of in names(training.until) if of not in batched}
        table.define(UNTIL, substitute(training.until, stepped), "forward")
    grown = {title: table.shape(to.name(title, ANY)) for title in training.states}
    if wide is None and any(shape != table.shape(to.name(title, ANY - 1)) for title, shape in grown.items()):
        return one_step(training, base, work, grown)
    return table


def steps_until(training: Training, base: Table, passes: Passes, values: Mapping[str, Array]) -> int:
    """Give after how many steps the training ends.

    Args:
        training: the training, whose steps are the most.
        base: one pass of the network on all samples.
        passes: the pass for a number of samples.
        values: the givens.

    Raises:
        FormulaError: something that the training stands on has no value.
    """
    run, inputs = run_of(training, base, passes)
    start = begun(training, base, passes, base.functions)
    found = {**start.values, **values}
    before = {name: name_at(training, base, of, 1 - by) if by is not None else of for name, (of, by) in inputs.items()}
    missing = [of for of in before.values() if of not in found]
    if missing:
        reason = f"`until` needs numbers, and `{missing[0]}` has none"
        raise FormulaError(reason, 0, 1, "give it a value, or leave `until` out", "HW227")
    return lasting(run, {name: found[of] for name, of in before.items()}, training.steps)
