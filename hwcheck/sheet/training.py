"""Training: what a sheet says of it, and what its quantities are called from step to step.

`X1@2` is X1 in step 2: of a parameter the value used there, of a state or a helper of the rule the value after it;
`X1@0` is a state before the first step, or the samples as they are given; `X1_new` is the value after the last step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..formula.expr import Expr, names
from ..formula.names import Parts, join, split
from ..formula.parse import FormulaError
from ..graph.arrays import chosen
from ..graph.table import Table
from ..record import NamedTuple
from .rules import Rule

if TYPE_CHECKING:
    from ..graph.arrays import Array

#: What the name of a quantity ends with in the pass where all parameters have moved to another point.
AHEAD = "_ahead"


class Training(NamedTuple):
    """How a network is trained.

    Args:
        loss: what gradients are of, "" where the rule reads none.
        parameters: the givens that are changed, in order.
        rule: how they are changed.
        rate: the learning rate; it may read `t` and `epoch`.
        rate_name: what the learning rate of a step is called where it changes, else "".
        steps: how many steps are done.
        taken: how many were done before.
        samples: the givens that hold the samples, each with their axis, 0 for rows and 1 for columns.
        batches: the numbers of the samples of each batch, in turn; none where all samples are used in every step.
        state: values of states before the first step, by their names.
        in_order: whether the backward pass of a parameter reads the ones before it as they are after the step.
        until: what ends the training when it is true after a step.
    """

    loss: str
    parameters: tuple[str, ...]
    rule: Rule
    rate: Expr
    rate_name: str = ""
    steps: int = 1
    taken: int = 0
    samples: Mapping[str, int] = {}
    batches: tuple[tuple[int, ...], ...] = ()
    state: Mapping[str, Array] = {}
    in_order: bool = False
    until: Expr | None = None

    @property
    def derivatives(self) -> tuple[str, ...]:
        """The derivatives that the rule and the end read by their names."""
        ending = names(self.until) if self.until is not None else []
        return (*self.rule.derivatives, *(name for name in ending if "/d" in name))

    @property
    def shared(self) -> tuple[str, ...]:
        """What a step works out once for all parameters, or by names of its own."""
        words = ((self.rate_name,) if self.rate_name else ()) + (("gnorm",) if self.rule.reads("gnorm") else ())
        return words + (tuple(self.own_names) if self.rule.by_name else ())

    @property
    def own_names(self) -> list[str]:
        """The names that a rule by the names of parameters gives beside these."""
        return [name for name in self.rule.helpers if name not in self.parameters]

    @property
    def tracked(self) -> dict[str, str]:
        """The states and helpers by their names in the table, each with its name in the rule."""
        found = {name: name for name in self.shared}
        if not self.rule.by_name:
            found.update({f"{name}_{of}": name for of in self.parameters for name in self.rule.helpers})
        return found

    @property
    def states(self) -> dict[str, str]:
        """The states by their names in the table, each with its name in the rule."""
        return {title: name for title, name in self.tracked.items() if name in self.rule.starts}


def batch_of(training: Training, step: int) -> tuple[int, ...]:
    """Give the numbers of the samples that a step uses; none where it uses all."""
    return training.batches[(step - 1) % len(training.batches)] if training.batches else ()


def epoch_of(training: Training, step: int) -> int:
    """Give the number of the epoch that a step belongs to, the steps before the first counted too."""
    return (training.taken + step - 1) // max(len(training.batches), 1) + 1


def is_stepped(training: Training | None, base: Table, name: str) -> bool:
    """Tell whether a quantity has a value in each step: all but givens that are neither changed nor samples."""
    if training is None:
        return False
    if name in base and base[name].formula is None:
        return name in training.parameters or (name in training.samples and bool(training.batches))
    return True


def name_at(training: Training, base: Table, name: str, step: int) -> str:
    """Give the name of a quantity in a step: plain with one step, X1@2 with several, X1_new after the last."""
    if not is_stepped(training, base, name):
        return name
    parts = split(name) if name not in base else Parts(name)
    if name in training.samples and name in base:
        return name if step == 0 else join(parts._replace(step=str(step)))
    if step == 0:
        return join(parts._replace(step="0"))
    if step == training.steps + 1:
        return join(parts._replace(step="new"))
    if training.steps == 1 or (step == 1 and name in training.parameters):
        return name
    return join(parts._replace(step=str(step)))


def step_named(training: Training, name: str, step: str) -> int:
    """Give the number of the step that a quantity's name ends with: "", "new" or digits.

    Raises:
        FormulaError: there is no such step.
    """
    after = name in training.tracked
    if step == "new":
        return training.steps if after else training.steps + 1
    if not step:
        return 0 if name in training.samples and training.batches else 1
    first = 0 if name in training.states else 1
    last = training.steps if after else training.steps + 1
    if not first <= int(step) <= last:
        shown = f"{join(Parts(name, '', step))}"
        reason = f"there is no step {step}: the steps are 1 to {training.steps}, then _new"
        raise FormulaError(reason, 0, len(shown), f"write @{training.steps} or _new", "HW313")
    return int(step)


def without_ahead(training: Training, base: Table, name: str) -> str:
    """Give the quantity that a name stands for in the pass at another point; the name itself for any other."""
    plain = name.removesuffix(AHEAD).replace(f"{AHEAD}[", "[")
    return plain if plain != name and name not in base and training.rule.elsewhere and plain in base else name


def resized(base: Table, training: Training, samples: int) -> Table:
    """Give one pass of the network for a number of samples: its formulas with other shapes.

    Raises:
        FormulaError: a line of the network holds for the number of all samples alone.
    """
    first = next(batch for batch in training.batches if len(batch) == samples)
    work = base.without_rows()
    for row in base:
        if row.formula is not None:
            work.define(row.name, row.formula, row.role, row.step, row.forms)
            continue
        shape, value = row.shape, base.values.get(row.name)
        if row.name in training.samples:
            axis = training.samples[row.name]
            shape = (*shape[:axis], samples, *shape[axis + 1 :])
            value = None if value is None else chosen(value, first, axis)
        work.give(row.name, shape, value, row.step)
    return work
