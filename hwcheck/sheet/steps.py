"""The steps of a training as definitions, one step after the other: forward, backward, update.

A step is the base table's formulas with the step's names, and the rule's lines with the step's quantities put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from ..formula.expr import Call, Expr, Name, names, number, rewrite, substitute, walk
from ..formula.lex import FormulaError
from ..formula.names import Parts, join, split
from ..graph.arrays import spread
from ..graph.build import simplest, tidied, zero_like
from ..graph.functions import Functions
from ..graph.shapes import Shape, show_shape
from ..graph.table import Table
from ..record import NamedTuple
from .rules import OUTER, inner, is_elsewhere
from .training import AHEAD, Training, batch_of, epoch_of, is_stepped, name_at

#: Gives the one pass of the network, with the derivatives that are wanted, for a number of samples (0: all of them).
Passes = Callable[[int], Table]


class Writer(NamedTuple):
    """What a step is written with: the table, the training, the pass of the network that it does, and its names.

    `name` gives what a quantity is called in a step. `number` and `epoch` stand for the numbers of the step.
    """

    table: Table
    training: Training
    work: Table
    name: Callable[[str, int], str]
    step: int
    number: Expr
    epoch: Expr

    def named(self, base: str, step: int | None = None) -> Name:
        """Give a quantity of this step, or of another, as a formula."""
        return Name(self.name(base, self.step if step is None else step))


def begun(training: Training, base: Table, passes: Passes, functions: Functions) -> Table:
    """Give the table with what there is before the first step: the givens and the states."""
    first = passes(0)
    table = Table(functions, base.samples)
    table.sizes.update(base.sizes)
    if not training.batches:
        table.shapes.found.update(first.shapes.found)  # of formulas that are the same in the one step
    for row in base:
        if row.formula is None:
            step = 1 if row.name in training.parameters else None
            table.give(row.name, row.shape, first.values.get(row.name), step)
    for title, name in training.states.items():
        shape = state_shape(training, base, title, name)
        start = name_at(training, base, title, 0)
        value = training.state.get(title)
        if value is None and training.rule.starts[name] == number(0) and any(isinstance(size, str) for size in shape):
            table.define(start, zero_like(shape), "update", 0, (), shape)
        else:
            known = constant(training.rule.starts[name], base) if value is None else 0.0
            table.give(start, shape, spread(known, shape) if value is None else value, 0)
    return table


def state_shape(training: Training, base: Table, title: str, name: str) -> Shape:
    """Give the shape of a state: that of its parameter, or a number where a rule names it for itself."""
    return () if training.rule.by_name else base.shape(title[len(name) + 1 :])


def constant(tree: Expr, base: Table) -> float:
    """Give the number that a formula of givens stands for."""
    from ..graph.evaluate import solve_table

    work = base.copy()
    work.define(" value", inner(tree))
    return float(solve_table(work, [" value"])[" value"])


def writer(training: Training, base: Table, passes: Passes, table: Table, step: int) -> Writer:
    """Give what a step is written with."""
    return Writer(
        table,
        training,
        passes(len(batch_of(training, step))),
        lambda name, at: name_at(training, base, name, at),
        step,
        number(training.taken + step),
        number(epoch_of(training, step)),
    )


def write_step(to: Writer, late: bool) -> None:
    """Write one step; the last one is the forward pass alone, unless derivatives go on."""
    last = to.step > to.training.steps
    for name, axis in to.training.samples.items() if to.training.batches else ():
        some = picked(Name(to.name(name, 0)), batch_of(to.training, to.step), axis, len(to.work.shape(name)))
        to.table.define(to.name(name, to.step), some, "forward", to.step, (), to.work.shape(name))
    worked(to, late, last)


def worked(to: Writer, late: bool, last: bool = False) -> None:
    """Write the passes of one step, and its update unless it is the last."""
    training = to.training
    waiting = [row.name for row in to.work if row.role == "adjoint"] if training.in_order and not last else []
    copied(to, [row.name for row in to.work if row.name not in waiting and (row.role != "adjoint" or not last or late)])
    if not last:
        update(to, waiting)


def copied(to: Writer, wanted: Iterable[str], put: Mapping[str, Expr] | None = None, mark: str = "") -> None:
    """Write definitions of the pass with the names of the step.

    Args:
        to: the step.
        wanted: the definitions; givens among them are left out.
        put: what stands for some quantities.
        mark: what the names of all definitions end with.
    """
    given: dict[str, Expr] = {}
    for row in to.work:
        if is_stepped(to.training, to.work, row.name):
            own = marked(row.name, mark) if mark and row.formula is not None else row.name
            given[row.name] = to.named(own)
    given = {name: new for name, new in {**given, **(put or {})}.items() if new != Name(name)}
    for name in wanted:
        row = to.work[name]
        if row.formula is None:
            continue
        title = to.name(marked(name, mark) if mark else name, to.step)
        forms = tuple(substitute(form, given) for form in row.forms)
        formula = substitute(row.formula, given)
        to.table.rows[title] = row._replace(name=title, formula=formula, step=to.step, forms=forms)


def marked(name: str, mark: str) -> str:
    """Give a name with a mark behind each quantity in it: J_ahead, dJ_ahead/dW1_ahead."""
    parts = split(name)
    of, by = (each.partition("[") for each in (parts.of, parts.by))
    return join(
        parts._replace(of=of[0] + mark + "".join(of[1:]), by=by[0] + mark + "".join(by[1:]) if parts.by else "")
    )


def picked(data: Expr, numbers: tuple[int, ...], axis: int, rank: int) -> Expr:
    """Give some samples of all: a range where their numbers follow each other, else one beside the other."""
    everything = Call(":", ())

    def part(first: int, last: int) -> Expr:
        ends = Call("..", (number(first), number(last)))
        return Call("[]", (data, *(ends if at == axis % max(rank, 1) else everything for at in range(rank))))

    runs = [[numbers[0]]]
    for before, each in pairwise(numbers):
        if each == before + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    if len(runs) == 1:
        return part(runs[0][0], runs[0][-1])
    if rank > 2 and axis == 0:
        return Call("stack", tuple(Call("[]", (data, number(each), *[everything] * (rank - 1))) for each in numbers))
    pieces = (
        Call("[]", (data, number(run[0]))) if rank == 1 and len(run) == 1 else part(run[0], run[-1]) for run in runs
    )
    return Call("[,]" if axis == 1 and rank > 1 else "[;]", tuple(pieces))


# --- the update ---------------------------------------------------------------------------------------------


def update(to: Writer, waiting: list[str]) -> None:
    """Write the update of a step.

    Args:
        to: the step.
        waiting: derivatives that are written where a parameter needs them, by the parameters as they are by then.
    """
    training, rule = to.training, to.training.rule
    put: dict[str, Expr] = {"t": to.number, "epoch": to.epoch}
    rate = settled_in(to, training.rate, put)
    put["lr"] = defined(to, training.rate_name, rate) if training.rate_name else simplest(rate, to.table.shapes)
    if rule.by_name:
        _by_name(to, put)
        return
    looks = [any(map(is_elsewhere, walk(line.formula))) for line in rule.lines]
    cut = looks.index(True) if True in looks else len(looks)
    local: dict[str, dict[str, Expr]] = {of: {**put, "w": to.named(of)} for of in training.parameters}
    if not training.in_order:
        _gradients(to, local)
        for of in training.parameters:
            _lines(to, of, local[of], 0, cut)
        if cut < len(looks):
            _ahead(to, local)
            for of in training.parameters:
                _lines(to, of, local[of], cut, len(rule.lines))
        return
    changed: dict[str, Expr] = {}
    for of in training.parameters:
        gradient = join(Parts(training.loss, of))
        needed = set(to.work.needed([gradient]))
        copied(to, [name for name in waiting if name in needed], changed)
        waiting = [name for name in waiting if name not in needed]
        local[of]["g"] = to.named(gradient)
        _lines(to, of, local[of], 0, len(rule.lines))
        changed[of] = to.named(of, to.step + 1)
    copied(to, waiting)


def defined(to: Writer, base: str, formula: Expr, shape: Shape | None = None, after: bool = False) -> Name:
    """Define a quantity of the update, a parameter `after` the step; give its name.

    Raises:
        FormulaError: the formula does not fit, or is of another shape than the one that is kept from step to step.
    """
    title = to.named(base, to.step + 1 if after else to.step)
    step = to.step + (1 if after else 0)
    found = to.table.define(title.id, tidied(formula, to.table.shapes), "update", step, (), shape).shape
    if shape is not None and [size for size in found if size != 1] != [size for size in shape if size != 1]:
        reason = f"the rule gives `{base}` another shape: {show_shape(found)}, and it was {show_shape(shape)}"
        raise FormulaError(reason, 0, 1, "keep its shape from step to step", "HW310")
    return title


def _gradients(to: Writer, local: dict[str, dict[str, Expr]]) -> None:
    """Put the gradient of each parameter in, and the norm of all together where the rule reads it."""
    for of in local if to.training.rule.reads("g") else ():
        local[of]["g"] = gradient(to, of)
    if to.training.rule.reads("gnorm") and not to.training.rule.elsewhere:
        _norm(to, local, [put["g"] for put in local.values()] if to.training.rule.reads("g") else [])


def gradient(to: Writer, of: str) -> Name:
    """Give the gradient of a parameter in the step; one that is given for this step wins."""
    name = join(Parts(to.training.loss, of))
    own = join(Parts(to.training.loss, of, str(to.step)))
    return Name(own) if own in to.work else to.named(name)


def _norm(to: Writer, local: dict[str, dict[str, Expr]], gradients: list[Expr]) -> None:
    gradients = gradients or [gradient(to, of) for of in local]
    total: Expr = Call("sum", (Call("^", (gradients[0], number(2))),))
    for each in gradients[1:]:
        total = Call("+", (total, Call("sum", (Call("^", (each, number(2))),))))
    name = defined(to, "gnorm", Call("sqrt", (total,)))
    for put in local.values():
        put["gnorm"] = name


def _lines(to: Writer, of: str, put: dict[str, Expr], first: int, last: int) -> None:
    """Write some lines of a rule for one parameter; `put` has what its names stand for, and grows."""
    rule = to.training.rule
    for name in rule.starts if first == 0 else ():
        put[name] = to.named(f"{name}_{of}", to.step - 1)
    for line in rule.lines[first:last]:
        formula = settled_in(to, rewrite(line.formula, lambda part: put["g at"] if is_elsewhere(part) else None), put)
        if line.name == "w":
            put["w"] = defined(to, of, formula, to.work.shape(of), after=True)
        else:
            kept = to.work.shape(of) if line.name in rule.starts else None
            put[line.name] = defined(to, f"{line.name}_{of}", formula, kept)


def settled_in(to: Writer, tree: Expr, put: Mapping[str, Expr]) -> Expr:
    """Give a formula of a rule with what its names stand for, and the network's quantities as the step calls them."""
    outer = {name: to.named(name.removeprefix(OUTER)) for name in names(tree) if name.startswith(OUTER)}
    return substitute(tree, {**outer, **put})


def _ahead(to: Writer, local: dict[str, dict[str, Expr]]) -> None:
    """Write the pass at another point of all parameters, and put the gradients there in."""
    training = to.training
    point = training.rule.elsewhere[0]
    moved: dict[str, Expr] = {}
    for of in training.parameters:
        formula = settled_in(to, point, local[of])
        moved[of] = defined(to, of + AHEAD, formula, to.work.shape(of))
    gradients = {of: join(Parts(training.loss, of)) for of in training.parameters}
    needed = set(to.work.needed(gradients.values()))
    moving = _depending(to.work, training.parameters)
    still = {row.name: to.named(row.name) for row in to.work if row.name not in moving and row.formula is not None}
    again = [row.name for row in to.work if row.name in moving and (row.role == "forward" or row.name in needed)]
    copied(to, again, {**still, **moved}, AHEAD)
    for of in training.parameters:
        name = gradients[of]
        local[of]["g at"] = to.named(marked(name, AHEAD) if name in moving else name)
    if training.rule.reads("gnorm"):
        _norm(to, local, [put["g at"] for put in local.values()])


def _depending(work: Table, on: Iterable[str]) -> set[str]:
    """Give the definitions that stand on some givens."""
    found = set(on)
    for row in work:
        if row.formula is not None and any(name in found for name in work.reads(row.name)):
            found.add(row.name)
    return found - set(on)


def _by_name(to: Writer, put: dict[str, Expr]) -> None:
    """Write a rule that has a line for each parameter by its name."""
    training, rule = to.training, to.training.rule
    for name in rule.starts:
        put[name] = to.named(name, to.step - 1)
    for line in rule.lines:
        formula = settled_in(to, line.formula, put)
        if line.name not in training.parameters:
            before = to.table.shape(to.named(line.name, to.step - 1).id) if line.name in rule.starts else ()
            put[line.name] = defined(to, line.name, formula, before or None)  # the number 0 may start any shape
            continue
        new = defined(to, line.name, formula, to.work.shape(line.name), after=True)
        if training.in_order:
            put[OUTER + line.name] = new
    for of in training.parameters:
        if of not in [line.name for line in rule.lines]:
            defined(to, of, to.named(of), after=True)
