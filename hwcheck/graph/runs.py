"""Many steps of training as one operation of the formula language: `train_W1(3, 500, ...)` is W1 after them.

The steps between two that are written out are no definitions of their own. What they make of a parameter, of a state or
of the loss is a definition all the same, by an operation that does them: so whatever reads a table needs to know
nothing of it, and a student's own numbers go through it as through any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from ..formula.expr import Call, Expr, Name, number
from ..record import NamedTuple
from .evaluate import Program
from .functions import TRAINED, Array, Function
from .lower import Lowering
from .repeat import PROGRESS, Turn, ready, turn
from .shapes import Shape, Shapes, fixed_number

#: The inputs of a step's schedule that are its numbers.
COUNT, EPOCH = "t ", "epoch "
TOLD_EVERY = 50  # steps
MOST_KNOWN = 8  # runs whose results are kept: one sweep of marking goes through each once
ABOUT = "what the steps from the first number to the second make of it"


class Run(NamedTuple):
    """Steps that can be done one after the other.

    `program` gives the schedule of a step on so many samples (0: all of them), whose inputs have the `shapes` and
    perhaps leading axes; `carry`
    leads from those that change to what they become. `numbers` are the count and the epoch of a step, `batch` the
    numbers of its samples. `samples` are the inputs that hold these, each with the input that all are taken from and
    their axis, counted from the last. `loss` and `until` are the quantities that are watched, or ""; the loss has one
    entry, in an array of `loss_shape`.
    """

    program: Callable[[int, bool], Program]
    shapes: Mapping[str, Shape]
    carry: Mapping[str, str]
    numbers: Callable[[int], tuple[float, float]]
    batch: Callable[[int], tuple[int, ...]]
    samples: Mapping[str, tuple[str, int]]
    loss: str
    until: str
    loss_shape: Shape = ()


class Done(NamedTuple):
    """What some steps made of what is carried over, and the loss in each of them."""

    values: Mapping[str, Array]
    losses: list[Array]


def done(run: Run, values: Mapping[str, Array], first: int, last: int) -> Done:
    """Do the steps from the first to the last.

    Args:
        run: the steps.
        values: the inputs before the first step; they may have leading axes.
        first: the first step.
        last: the last one.
    """
    losses: list[Array] = []
    made: Turn | None = None
    for made in turns(run, values, first, last):
        if run.loss:
            losses.append(np.array(made.value(run.loss)))
    assert made is not None
    return Done({name: np.array(made.feeds[name]) for name in run.carry}, losses)


def lasting(run: Run, values: Mapping[str, Array], most: int) -> int:
    """Give after how many steps the condition of a run holds for the first time; at least one is done, at most so many.

    It is looked at in the forward pass after each step.
    """
    for step, made in enumerate(turns(run, values, 1, most), start=1):
        if step > 1 and np.all(made.value(run.until) != 0):
            return step - 1
    return most


def turns(run: Run, values: Mapping[str, Array], first: int, last: int) -> Iterator[Turn]:
    """Do the steps from the first to the last; give after each the turn that did it."""
    every = [(value, len(run.shapes[name])) for name, value in values.items() if name in run.shapes]
    lead = np.broadcast_shapes(*(value.shape[: max(0, value.ndim - rank)] for value, rank in every))
    state = {name: np.broadcast_to(values[name], (*lead, *map(int, run.shapes[name]))) for name in run.carry}
    tell = PROGRESS.get()
    made: dict[int, Turn] = {}
    before: Turn | None = None
    for step in range(first, last + 1):
        batch = run.batch(step)
        feeds = {name: np.asarray(value) for name, value in zip((COUNT, EPOCH), run.numbers(step), strict=True)}
        for name, (data, axis) in run.samples.items():
            feeds[name] = _picked(values[data], batch, axis)
        own = made.get(len(batch))
        if own is None:
            carried = state if before is None else before.feeds
            kept = frozenset(name for name in (run.loss, run.until) if name)
            inputs = {**values, **{name: carried[name] for name in run.carry}, **feeds}
            own = made[len(batch)] = ready(run.program(len(batch), bool(lead)), inputs, run.carry, kept, run.samples)
        elif before is not own and before is not None:
            for name in run.carry:
                own.feeds[name][...] = before.feeds[name]
        for name, feed in feeds.items():
            if name in run.samples:
                own.slots[own.places[name]] = feed
            elif name in own.feeds:
                own.feeds[name][...] = feed
        with np.errstate(all="ignore"):
            turn(own)
        if tell is not None and (step % TOLD_EVERY == 0 or step == last):
            tell(step, last)
        yield own
        before = own


def _picked(data: Array, batch: tuple[int, ...], axis: int) -> Array:
    """Give the samples of a batch: a view where their numbers follow each other."""
    if batch != tuple(range(batch[0], batch[0] + len(batch))):
        return np.take(data, np.subtract(batch, 1), axis=axis)
    where = (..., slice(batch[0] - 1, batch[-1]), *[slice(None)] * (-axis - 1))
    return data[where]


def operations(run: Run, inputs: tuple[str, ...], targets: Mapping[str, str]) -> dict[str, Function]:
    """Give the operations that do the steps of a run.

    Args:
        run: the steps.
        inputs: the inputs in the order in which they are the arguments, behind the first and the last step.
        targets: the quantities that are worked out, each with the input that it becomes; "" with that of the loss,
            whose values in all the steps are one vector.
    """
    known: list[tuple[tuple[int, int], tuple[Array, ...], Done]] = []

    def worked_out(first: int, last: int, arrays: tuple[Array, ...]) -> Done:
        """Do the steps, once for all targets and for all that begins with the same values."""
        for span, others, found in known:
            if span == (first, last) and all(map(_same, arrays, others)):
                return found
        values = {name: np.asarray(value, dtype=float) for name, value in zip(inputs, arrays, strict=True)}
        found = done(run, values, first, last)
        known[:] = [*known[-MOST_KNOWN:], ((first, last), arrays, found)]
        return found

    def operation(target: str, becomes: str) -> Function:
        def shape(tree: Call, shapes: Shapes) -> Shape:
            if target:
                return run.shapes[becomes]
            first, last = (fixed_number(arg, shapes) or 0 for arg in tree.args[:2])
            return (int(last - first) + 1,)

        def lower(low: Lowering, tree: Call) -> int:
            first, last = (int(fixed_number(arg, low.shapes) or 0) for arg in tree.args[:2])

            def kernel(*arrays: Array) -> Array:
                found = worked_out(first, last, arrays)
                if target:
                    return found.values[becomes]
                rank = len(run.loss_shape)
                return np.stack([each.reshape(each.shape[: each.ndim - rank]) for each in found.losses], axis=-1)

            return low.emit(kernel, *(low.lower(arg) for arg in tree.args[2:]))

        def entry(tree: Call, index: tuple[int, ...], shapes: Shapes) -> Expr:
            return Call("[]", (tree, *map(number, index))) if index else tree

        name = TRAINED + target
        return Function(name, kind="own", about=ABOUT, arity=(2, 999), shape=shape, lower=lower, entry=entry)

    return {TRAINED + target: operation(target, becomes) for target, becomes in targets.items()}


def _same(one: Array, other: Array) -> bool:
    """Tell whether two arrays have the same entries; mostly they are the same object."""
    return one is other or np.array_equal(one, other, equal_nan=True)


def trained(target: str, first: int, last: int, inputs: Iterable[str]) -> Expr:
    """Give the formula of what the steps from the first to the last make of a target, or with "" of the loss."""
    return Call(TRAINED + target, (number(first), number(last), *map(Name, inputs)))
