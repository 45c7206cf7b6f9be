"""The steps of a training, written out as definitions: all of a short run, and of a long one those that are needed."""

from __future__ import annotations

from collections.abc import Iterable

from ..formula.names import split
from ..graph.table import Table
from .steps import Passes, begun, write_step, writer
from .training import Training

#: Runs of more steps than this are not written out.
LONG = 50
#: So many of their first steps are.
WORKED = 2


def stops(training: Training, base: Table, wanted: Iterable[int]) -> list[int]:
    """Give the steps that are written out: all of a short run; the first of a long one, those wanted, and the end."""
    end = training.steps + 1
    if training.steps <= LONG:
        return list(range(1, end + 1))
    own = {int(step) for row in base if (step := split(row.name).step).isdecimal()}  # gradients given for one step
    return sorted({*range(1, WORKED + 1), end, *(step for step in (*wanted, *own) if 1 <= step <= end)})


def unrolled(training: Training, base: Table, passes: Passes, late: bool, wanted: Iterable[int] = ()) -> Table:
    """Write the steps of a training out.

    Args:
        training: the training.
        base: one pass of the network on all samples.
        passes: the pass for a number of samples.
        late: whether derivatives go on after the last step.
        wanted: the steps of a long run that are written out too.
    """
    steps = stops(training, base, wanted)
    bridge = None
    if len(steps) <= training.steps:
        from .longruns import bridge_of, bridged  # few trainings are long

        bridge = bridge_of(training, base, passes)
    table = begun(training, base, passes, {**base.functions, **bridge.functions} if bridge else base.functions)
    before = 0
    for step in steps:
        if bridge is not None and step > before + 1:
            bridged(bridge, table, training, base, before + 1, step - 1)
        write_step(writer(training, base, passes, table, step), late)
        before = step
    return table
