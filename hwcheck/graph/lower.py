"""Formulas to instructions: each operation becomes one NumPy call on numbered slots.

A slot's value is an array whose last axes are those of the static shape; leading axes, for students, points and nudges,
and for the turns of loops, may stand before them. One instruction is (function, slots it reads, slot it writes).
"""

from __future__ import annotations

import numpy as np

from ..formula.expr import Call, Expr, Name, Num, walk
from ..record import NamedTuple
from .functions import Array, Value, body_of, row_of
from .meaning import binds, is_even, meant
from .shapes import Shape, Shapes, entries, is_number, over_batch, shape_of

Kernel = Value
Code = list[tuple[Kernel, tuple[int, ...], int]]


class Loop(NamedTuple):
    """A loop around what is lowered: its variable, and its values along the last axis."""

    variable: str
    values: Array


class Lowering:
    """Turns formulas into instructions; `slots` maps what names stand for, `constants` holds the values that are
    fixed."""

    def __init__(self, shapes: Shapes, batched: bool) -> None:
        """Start with no instructions."""
        self.shapes, self.batched = shapes, batched
        self.slots: dict[str, int] = {}
        self.constants: dict[int, Array] = {}
        self.code: Code = []
        self.adding: set[Kernel] = set()
        self.size = 0
        self.loops: list[Loop] = []  # those around what is lowered: their turns are axes before those of the shape
        #: by the tree itself, as a body shares the arguments that it repeats; one more for each loop around
        self.done: list[dict[int, tuple[Expr, int]]] = [{}]

    def slot(self) -> int:
        """Give the number of a new slot."""
        self.size += 1
        return self.size - 1

    def constant(self, value: Array) -> int:
        """Give the slot of a fixed value."""
        at = self.slot()
        self.constants[at] = np.asarray(value, dtype=float)
        return at

    def emit(self, kernel: Kernel, *reads: int, adds: bool = False) -> int:
        """Add an instruction, which perhaps adds terms up; give the slot of its value.

        In a loop, what only constants go into is one too: it has no axis for the loop, nor any for students and points.
        """
        if self.loops and reads and all(at in self.constants for at in reads):
            with np.errstate(all="ignore"):
                return self.constant(kernel(*(self.constants[at] for at in reads)))
        if adds:
            self.adding.add(kernel)
        at = self.slot()
        self.code.append((kernel, reads, at))
        return at

    def lower(self, tree: Expr) -> int:
        """Add the instructions of a formula; give the slot of its value."""
        if isinstance(tree, Num):
            return self.constant(tree.value)
        depth = self.turning(tree) if self.loops else 0
        if depth < len(self.loops):  # the same in all turns of the loops inside: worked out once
            around, self.loops = self.loops, self.loops[:depth]
            at = self.lower(tree)
            self.loops = around
            return self.led(at, len(shape_of(tree, self.shapes)), len(around) - depth)
        if isinstance(tree, Name):
            if depth and tree.id == self.loops[-1].variable:
                return self.constant(self.loops[-1].values)
            if tree.id in self.shapes.numbers:
                return self.constant(self.shapes.numbers[tree.id])
            return self.slots[tree.id]
        known = self.done[depth].get(id(tree))
        if known is not None:
            return known[1]
        at = self._lowered(tree)
        self.done[depth][id(tree)] = (tree, at)
        return at

    def turning(self, tree: Expr) -> int:
        """Give how many of the loops around a formula stays the same in no turn of: up to the innermost it reads."""
        read = {part.id for part in walk(tree) if isinstance(part, Name)}
        return max((at for at, loop in enumerate(self.loops, start=1) if loop.variable in read), default=0)

    def led(self, at: int, rank: int, many: int) -> int:
        """Give a value with so many axes of one place before those of its shape, for loops that it does not read."""
        if at in self.constants and self.constants[at].ndim <= rank:
            return at  # it goes with every turn as it is
        where = (..., *[None] * many, *[slice(None)] * rank)
        if at in self.constants:
            return self.constant(self.constants[at][where])
        return self.emit(lambda x: np.asarray(x)[where], at)

    def define(self, formula: Expr, shape: Shape) -> int:
        """Add the instructions of a definition; what other definitions hold in common with it is worked out anew."""
        self.done = [{}]
        return self.reshaped(self.lower(formula), shape_of(formula, self.shapes), shape)

    def _lowered(self, tree: Call) -> int:
        """Add the instructions of an operation by its row."""
        if binds(tree) and tree.op != "mean" and is_even(tree):
            from .turns import lowered  # few formulas have loops

            return lowered(self, tree)
        plain = meant(tree, self.shapes)
        if plain is not tree or not isinstance(plain, Call):
            return self.lower(plain)
        row = row_of(tree.op, self.shapes.functions)
        if row.lower is not None:
            return row.lower(self, tree)
        if row.value is None:
            return self.lower(body_of(tree, self.shapes.functions))
        adds = tree.op in ("+", "-", "sum")
        if row.kind == "all":
            return self.emit(row.value, self.flat(tree.args[0]), adds=adds)
        parts = self.operands(tree)
        if len(parts) <= len(row.params):
            return self.emit(row.value, *parts, adds=adds)
        out = parts[0]
        for part in parts[1:]:
            out = self.emit(row.value, out, part, adds=adds)
        return out

    def operands(self, tree: Call) -> list[int]:
        """Lower the operands of an entry-by-entry operation, each brought to the axes of its value."""
        whole = shape_of(tree, self.shapes)
        return [self.laid_out(self.lower(arg), shape_of(arg, self.shapes), whole) for arg in tree.args]

    def flat(self, tree: Expr) -> int:
        """Lower a formula; give the slot of all its entries on one axis."""
        shape = shape_of(tree, self.shapes)
        return self.reshaped(self.lower(tree), shape, (entries(shape),))

    def laid_out(self, at: int, shape: Shape, wanted: Shape) -> int:
        """Bring a value of one entry, a column or a bias to the axes of the result, so that leading axes stay in
        front."""
        if shape == wanted:
            return at
        if is_number(shape):
            missing = len(wanted) - len(shape)
            if missing >= 0:
                bare = at in self.constants and not self.constants[at].ndim
                if not missing or bare or not (self.batched or self.loops or shape):
                    return at
                longer = (..., *([None] * missing))
                return self.emit(lambda x: np.asarray(x)[longer], at)
            shorter = (..., *([0] * -missing))
            return self.emit(lambda x: x[shorter], at)
        if shape == (*wanted, 1):
            return self.emit(lambda x: x[..., 0], at)
        if wanted == (*shape, 1):
            return self.emit(lambda x: x[..., None], at)
        if len(shape) == 2:
            return at
        if over_batch(wanted, shape, self.shapes.samples) == 1:
            return self.emit(lambda x: x[..., None], at)
        return self.emit(lambda x: x[..., None, :], at)

    def reshaped(self, at: int, shape: Shape, wanted: Shape) -> int:
        """Give the same entries in another layout."""
        if shape == wanted:
            return at
        if is_number(shape) and not is_number(wanted):
            sizes = tuple(int(size) for size in wanted)
            at = self.reshaped(at, shape, (1,) * len(wanted))
            return self.emit(lambda x: np.broadcast_to(x, (*x.shape[: x.ndim - len(sizes)], *sizes)), at)
        old, new = len(shape), tuple(int(size) for size in wanted)

        def change(x: Array) -> Array:
            x = np.asarray(x)
            return x.reshape(x.shape[: x.ndim - old] + new)

        return self.emit(change, at)
