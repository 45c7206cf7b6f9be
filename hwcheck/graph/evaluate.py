"""The evaluator: a table compiled once into a schedule over slots, run on numbers.

One schedule serves everything that is worked out: a single solution, many students or points on leading axes, and the
sweep of marking, where what a student wrote takes the place of what was computed: `used = where(answered, answer,
computed)`.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from ..formula.expr import Expr, Name, names
from ..formula.lex import FormulaError
from ..record import NamedTuple
from .functions import Array
from .lower import Code, Kernel, Lowering
from .shapes import shape_of
from .table import Table

LAST_BITS = 16 * float(np.finfo(float).eps)  # of the terms of a sum: what its rounding may leave


class Program(NamedTuple):
    """A schedule: how many slots, the fixed values, where each quantity's value lies, the givens to fill in, and the
    instructions.

    `ends` tells for each slot that closes a definition which quantity it is (a bare name shares the slot of the
    quantity that it is); `owner` to which definition an inner slot belongs. `adding` are the kernels that add terms up,
    in which these can cancel.
    """

    size: int
    constants: dict[int, Array]
    slots: dict[str, int]
    inputs: dict[str, int]
    code: Code
    ends: dict[int, str]
    owner: dict[int, str]
    adding: frozenset[Kernel]


def compile_table(
    table: Table,
    wanted: Iterable[str] | None = None,
    batched: bool = False,
    forms: Mapping[str, Expr] | None = None,
) -> Program:
    """Compile what the wanted quantities need (default: everything), in the order of the table.

    Args:
        table: the definitions.
        wanted: names of quantities.
        batched: whether values may have leading axes.
        forms: formulas to use in the place of those of the table; they may read what stands further down in it.

    Raises:
        FormulaError: the formulas lead in a circle.
    """
    low = Lowering(table.shapes, batched)
    inputs: dict[str, int] = {}
    ends: dict[int, str] = {}
    owner: dict[int, str] = {}
    read = [other for form in (forms or {}).values() for other in names(form)]
    rows = list(table.rows) if wanted is None else table.needed([*wanted, *read])
    if forms:
        rows = _by_reads(table, rows, forms)
    for name in rows:
        row = table[name]
        formula = (forms or {}).get(name, row.formula)
        if formula is None:
            inputs[name] = low.slots[name] = low.slot()
            continue
        start = low.size
        at = low.define(formula, row.shape)
        if at in low.constants or (at < start and not isinstance(formula, Name)):
            at = low.emit(np.positive, at)
        low.slots[name] = at
        if at >= start:
            ends[at] = name
        for inner in range(start, low.size):
            owner[inner] = name
    return Program(low.size, low.constants, low.slots, inputs, low.code, ends, owner, frozenset(low.adding))


def _by_reads(table: Table, rows: Iterable[str], forms: Mapping[str, Expr]) -> list[str]:
    """Give rows in an order in which each stands behind what it reads; that of the table where this is one."""
    done: dict[str, bool] = {}  # False while what a row reads is looked for

    def visit(name: str) -> None:
        if name in done:
            if not done[name]:
                raise FormulaError(f"`{name}` is worked out from itself", 0, len(name))
            return
        done[name] = False
        formula = forms.get(name, table[name].formula)
        for other in names(formula) if formula is not None else ():
            if other in table:
                visit(other)
        done[name] = True
        found.append(name)

    found: list[str] = []
    for name in rows:
        visit(name)
    return found


def frugal(program: Program) -> Program:
    """Give the schedule that keeps the values of definitions alone: what is worked out inside a formula gives its slot,
    and so its memory, to what comes next. Its `owner` knows only what `ends` knows."""
    kept = [*program.constants, *dict.fromkeys(program.slots.values())]
    place = {at: number for number, at in enumerate(kept)}
    last = {at: number for number, (_, reads, _) in enumerate(program.code) for at in reads if at not in place}
    size = len(kept)
    free: list[int] = []
    code: Code = []
    for number, (kernel, reads, out) in enumerate(program.code):
        used = tuple(place[at] for at in reads)
        free += [place[at] for at in dict.fromkeys(reads) if last.get(at) == number]
        if out not in place:
            place[out] = free.pop() if free else size
            size = max(size, place[out] + 1)
        code.append((kernel, used, place[out]))
    ends = {place[at]: name for at, name in program.ends.items()}
    return Program(
        size,
        {place[at]: value for at, value in program.constants.items()},
        {name: place[at] for name, at in program.slots.items()},
        {name: place[at] for name, at in program.inputs.items()},
        code,
        ends,
        ends,
        program.adding,
    )


def run(program: Program, values: Mapping[str, Array]) -> list[Array]:
    """Run a schedule on the givens; every intermediate value is kept. Give the slots.

    Overflow and division by zero give inf and nan, as IEEE arithmetic does; who reads the values says so.
    """
    slots: list[Array] = [None] * program.size
    for at, value in program.constants.items():
        slots[at] = value
    for name, at in program.inputs.items():
        slots[at] = values[name]
    with np.errstate(all="ignore"):
        for kernel, reads, out in program.code:
            if len(reads) == 2:
                first, second = reads
                slots[out] = kernel(slots[first], slots[second])
            elif len(reads) == 1:
                slots[out] = kernel(slots[reads[0]])
            else:
                slots[out] = kernel(*[slots[at] for at in reads])
    return slots


def rounded(value: Array, digits: int) -> Array:
    """Round every entry to so many significant digits."""
    array = np.asarray(value, dtype=float)
    return np.array([float(f"{each:.{digits - 1}e}") for each in array.ravel().tolist()]).reshape(array.shape)


def cancelled(kernel: Kernel, parts: Sequence[Array], value: Array) -> Array:
    """Give a sum with 0 in the place of the last bits that are left where its terms cancel: 0.1 + 0.2 - 0.3 is 0.

    What the terms add up to without their signs says how large these bits are.
    """
    sizes = (np.add if kernel is np.subtract else kernel)(*map(np.abs, parts))
    return np.where((np.abs(value) <= LAST_BITS * sizes) & np.isfinite(sizes), 0.0, value)


def run_by_hand(program: Program, values: Mapping[str, Array], digits: int | None = None) -> list[Array]:
    """Run a schedule as a computation by hand does: what cancels is 0, and with `digits` each quantity is rounded to so
    many significant digits when it is worked out. Give the slots."""
    slots: list[Array] = [None] * program.size
    for at, value in program.constants.items():
        slots[at] = value
    for name, at in program.inputs.items():
        slots[at] = values[name]
    with np.errstate(all="ignore"):
        for kernel, reads, out in program.code:
            parts = [slots[at] for at in reads]
            value = kernel(*parts)
            if kernel in program.adding:
                value = cancelled(kernel, parts, value)
            slots[out] = rounded(value, digits) if digits is not None and out in program.ends else value
    return slots


class Pin(NamedTuple):
    """What stands in the place of a computed value: answers where `mask` holds; shapes as the quantity's, perhaps with
    leading axes."""

    mask: Array
    value: Array


def sweep(
    program: Program, values: Mapping[str, Array], pins: Mapping[str, Pin], nudges: Mapping[int, Array]
) -> tuple[list[Array], dict[str, Array]]:
    """Run a schedule with answers in the place of what is computed, and small changes added to slots.

    A pinned quantity is `computed` from what was used above it, and `used` further on as `where(mask, value,
    computed)`. Nudges are added last: to the value used. Give the slots and what was computed of each pinned quantity.
    """
    slots: list[Array] = [None] * program.size
    computed: dict[str, Array] = {}
    for at, value in program.constants.items():
        slots[at] = value
    for name, at in program.inputs.items():
        value = values[name]
        if name in pins:
            computed[name] = value
            value = np.where(pins[name].mask, pins[name].value, value)
        slots[at] = value + nudges[at] if at in nudges else value
    with np.errstate(all="ignore"):
        for kernel, reads, out in program.code:
            value = kernel(*[slots[at] for at in reads])
            if out in program.ends:
                name = program.ends[out]
                if name in pins:
                    computed[name] = value
                    value = np.where(pins[name].mask, pins[name].value, value)
            if out in nudges:
                value = value + nudges[out]
            slots[out] = value
    return slots, computed


def solve_table(table: Table, wanted: Iterable[str] | None = None, round_to: int | None = None) -> dict[str, Array]:
    """Give the value of every quantity (default) or of those needed for the wanted ones, as float64 arrays of their
    shapes. What cancels is 0.

    With `round_to`, each quantity is rounded to so many significant digits before it is used further.
    """
    program = frugal(compile_table(table, wanted))
    slots = run_by_hand(program, table.values, round_to)
    return {name: np.asarray(slots[at], dtype=float) for name, at in program.slots.items()}


def value_of(tree: Expr, table: Table, values: Mapping[str, Array]) -> Array:
    """Give the value of a formula of quantities whose values are known."""
    low = Lowering(table.shapes, False)
    inputs: dict[str, int] = {}
    for name in names(tree):
        if name in table:
            inputs[name] = low.slots[name] = low.slot()
    at = low.define(tree, shape_of(tree, table.shapes))
    program = Program(low.size, low.constants, {}, inputs, low.code, {}, {}, frozenset(low.adding))
    return np.asarray(run_by_hand(program, values)[at], dtype=float)
