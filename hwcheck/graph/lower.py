"""Formulas to instructions: each operation becomes one NumPy call on numbered slots.

A slot's value is an array whose last axes are those of the static shape; leading axes, for students, points and nudges,
may stand before them. One instruction is (function, slots it reads, slot it writes). Products of linear algebra are
`matmul` and `matvec`, never `einsum`: so the row of a batch is the same, bit for bit, as a single run.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..formula.expr import Call, Expr, Name, Num
from .functions import PRIMITIVES, Array, xlogy
from .shapes import (
    Shape,
    Shapes,
    axis_range,
    body_of,
    entries,
    fixed_number,
    is_number,
    over_batch,
    product,
    shape_of,
    times,
    unrolled,
    whole_number,
)

Kernel = Callable[..., Array]
Code = list[tuple[Kernel, tuple[int, ...], int]]

BINARY: dict[str, Kernel] = {
    "+": np.add,
    "-": np.subtract,
    "⊙": np.multiply,
    "*": np.multiply,
    "/": np.true_divide,
    "^": np.power,
    "max": np.maximum,
    "min": np.minimum,
}


def _compared(kernel: Kernel) -> Kernel:
    return lambda x, y: np.asarray(kernel(x.real, y.real), dtype=float)[()]


#: Comparisons give 0 or 1, and look at the real part where a value carries a derivative in its imaginary part.
COMPARE: dict[str, Kernel] = {
    op: _compared(kernel)
    for op, kernel in (
        (">=", np.greater_equal),
        ("<=", np.less_equal),
        (">", np.greater),
        ("<", np.less),
        ("==", np.equal),
        ("!=", np.not_equal),
    )
}
BINARY.update(COMPARE)


class Lowering:
    """Turns formulas into instructions; `slots` maps what names stand for, `constants` holds the values that are
    fixed."""

    def __init__(self, shapes: Shapes, batched: bool) -> None:
        """Start with no instructions."""
        self.shapes, self.batched = shapes, batched
        self.slots: dict[str, int] = {}
        self.constants: dict[int, Array] = {}
        self.code: Code = []
        self.size = 0

    def slot(self) -> int:
        """Give the number of a new slot."""
        self.size += 1
        return self.size - 1

    def constant(self, value: Array) -> int:
        """Give the slot of a fixed value."""
        at = self.slot()
        self.constants[at] = np.asarray(value, dtype=float)[()]
        return at

    def emit(self, kernel: Kernel, *reads: int) -> int:
        """Add an instruction; give the slot of its value."""
        at = self.slot()
        self.code.append((kernel, reads, at))
        return at

    def lower(self, tree: Expr) -> int:
        """Add the instructions of a formula; give the slot of its value."""
        if isinstance(tree, Num):
            return self.constant(tree.value)
        if isinstance(tree, Name):
            if tree.id in self.shapes.numbers:
                return self.constant(self.shapes.numbers[tree.id])
            return self.slots[tree.id]
        rule = RULES.get(tree.op)
        if rule is not None:
            return rule(self, tree)
        if tree.op in BINARY:
            return self.each(tree)
        return self.function(tree)

    def laid_out(self, at: int, shape: Shape, wanted: Shape) -> int:
        """Bring a value of one entry, a column or a bias to the axes of the result, so that leading axes stay in
        front."""
        if shape == wanted:
            return at
        if is_number(shape):
            missing = len(wanted) - len(shape)
            if missing >= 0:
                if not missing or (not self.batched and (not shape or at in self.constants)) or (at in self.constants):
                    return at
                longer = (..., *([None] * missing))
                return self.emit(lambda x: np.asarray(x)[longer], at)
            shorter = (..., *([0] * -missing))
            return self.emit(lambda x: x[shorter], at)
        if shape == (*wanted, 1):
            return self.emit(lambda x: x[..., 0], at)
        if wanted == (*shape, 1):
            return self.emit(lambda x: x[..., None], at)
        axis = over_batch(wanted, shape, self.shapes.samples)
        return (
            self.emit(lambda x: x[..., None], at)
            if axis == 1 and len(shape) == 1
            else self.emit(lambda x: x[..., None, :], at)
            if len(shape) == 1
            else at
        )

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

    # --- rules --------------------------------------------------------------------------------------------------------
    # -----------------

    def each(self, tree: Call) -> int:
        """Lower an operation entry by entry; several arguments are taken two at a time."""
        whole = shape_of(tree, self.shapes)
        kernel = BINARY[tree.op]
        parts = [self.laid_out(self.lower(arg), shape_of(arg, self.shapes), whole) for arg in tree.args]
        out = parts[0]
        for part in parts[1:]:
            out = self.emit(kernel, out, part)
        return out

    def product(self, tree: Call) -> int:
        """Lower a product: of linear algebra, or with a number."""
        left, right = (shape_of(arg, self.shapes) for arg in tree.args)
        if tree.op in ("*", "⊙") and (tree.op == "⊙" or times(left, right) == "each"):
            return self.scaled(tree)
        found = product(left, right)
        if found is None or found[0] == "scale":
            return self.scaled(tree)
        first, second = tree.args
        if (
            len(left) == 1
            and isinstance(second, Call)
            and second.op == "ᵀ"
            and len(shape_of(second.args[0], self.shapes)) == 1
        ):
            return self.emit(_outer, self.lower(first), self.lower(second.args[0]))
        a, b = self.lower(first), self.lower(second)
        if len(left) == 1:
            a = self.emit(lambda x: x[..., None], a)
        return self.emit(np.matvec if len(right) == 1 else np.matmul, a, b)

    def scaled(self, tree: Call) -> int:
        """Lower a product entry by entry, or with a number; in x ln y, 0 ln 0 is 0."""
        left, right = tree.args
        for factor, logarithm in ((left, right), (right, left)):
            if isinstance(logarithm, Call) and logarithm.op == "ln" and not isinstance(factor, Num):
                whole = shape_of(tree, self.shapes)
                inner = logarithm.args[0]
                a = self.laid_out(self.lower(factor), shape_of(factor, self.shapes), whole)
                b = self.laid_out(self.lower(inner), shape_of(inner, self.shapes), whole)
                return self.emit(xlogy, a, b)
        return self.each(Call("⊙", tree.args))

    def power(self, tree: Call) -> int:
        """Lower a power; a square is a product, and e to a power is exp."""
        base, exponent = tree.args
        if isinstance(base, Call) and base.op == "e" and not base.args:
            return self.emit(np.exp, self.lower(exponent))
        if isinstance(exponent, Num) and exponent.value == 2:
            at = self.lower(base)
            return self.emit(np.multiply, at, at)
        return self.each(tree)

    def transposed(self, tree: Call) -> int:
        """Lower a transpose; a vector becomes a row."""
        at = self.lower(tree.args[0])
        rank = len(shape_of(tree.args[0], self.shapes))
        if rank == 0:
            return at
        return self.emit(_row if rank == 1 else _transpose, at)

    def index(self, tree: Call) -> int:
        """Lower an entry or a slice."""
        shape = shape_of(tree.args[0], self.shapes)
        at = self.lower(tree.args[0])
        items = tree.args[1:]
        if len(items) == 1 and len(shape) == 2:
            flat = (entries(shape),)
            at, shape = self.reshaped(at, shape, flat), flat
        where = (..., *self.places(items, shape))
        return self.emit(lambda x: x[where], at)

    def places(self, items: tuple[Expr, ...], shape: Shape) -> list[Array]:
        """Give NumPy's index of `[1, 2..3, :]`."""
        out: list[Array] = []
        for item, size in zip(items, shape, strict=True):
            ends = axis_range(item, size, self.shapes)
            out.append(
                int(whole_number(item, self.shapes)) - 1 if ends is None else slice(int(ends[0]) - 1, int(ends[1]))
            )
        return out

    def placed(self, tree: Call) -> int:
        """Lower an array of zeros with the first argument at an index."""
        part, like, *items = tree.args
        shape = shape_of(like, self.shapes)
        if len(items) == 1 and len(shape) == 2:
            flat: Shape = (entries(shape),)
        else:
            flat = shape
        where = (..., *self.places(tuple(items), flat))
        sizes = tuple(int(size) for size in flat)
        taken = shape_of(Call("[]", (like, *items)), self.shapes)
        rank = len(taken)

        def place(x: Array) -> Array:
            x = np.asarray(x)
            out = np.zeros((*x.shape[: x.ndim - rank], *sizes), dtype=x.dtype)
            out[where] = x
            return out

        at = self.reshaped(self.lower(part), shape_of(part, self.shapes), taken)
        return self.reshaped(self.emit(place, at), flat, shape)

    def joined(self, tree: Call) -> int:
        """Lower arrays stacked or set side by side."""
        whole = shape_of(tree, self.shapes)
        axis = 1 if tree.op == "[,]" else 0
        parts: list[int] = []
        for arg in tree.args:
            shape = shape_of(arg, self.shapes)
            full = (
                shape
                if len(whole) == 1 and shape
                else (1,)
                if len(whole) == 1
                else (*shape, 1, 1)[:2]
                if shape
                else (1, 1)
            )
            parts.append(self.reshaped(self.lower(arg), shape, full))
        rank = len(whole)

        def join(*arrays: Array) -> Array:
            arrays = tuple(np.asarray(array) for array in arrays)
            lead = np.broadcast_shapes(*(array.shape[: array.ndim - rank] for array in arrays))
            return np.concatenate(
                [np.broadcast_to(array, lead + array.shape[array.ndim - rank :]) for array in arrays], axis=axis - rank
            )

        return self.emit(join, *parts)

    def chosen(self, tree: Call) -> int:
        """Lower `if`: both sides are worked out, and one is taken entry by entry."""
        whole = shape_of(tree, self.shapes)
        return self.emit(
            np.where, *(self.laid_out(self.lower(arg), shape_of(arg, self.shapes), whole) for arg in tree.args)
        )

    def reduced(self, tree: Call) -> int:
        """Lower a sum, maximum or minimum: over loop variables, of all entries, or of several arguments."""
        if any(isinstance(arg, Call) and arg.op == "=" for arg in tree.args):
            return self.lower(unrolled(tree, self.shapes))
        if len(tree.args) > 1:
            return self.each(tree)
        at = self.flat(tree.args[0])
        if at is None:
            return self.lower(tree.args[0])
        kernel = {"sum": np.add, "max": np.maximum, "min": np.minimum}[tree.op].reduce
        return self.emit(lambda x: kernel(x, axis=-1), at)

    def flat(self, tree: Expr) -> int | None:
        """Give the slot of all entries on one axis; None for a number."""
        shape = shape_of(tree, self.shapes)
        at = self.lower(tree)
        if not shape:
            return None
        return self.reshaped(at, shape, (entries(shape),))

    def marked(self, tree: Call) -> int:
        """Lower at_max and at_min, which look at all entries together."""
        shape = shape_of(tree, self.shapes)
        at = self.flat(tree.args[0])
        if at is None:
            return self.constant(1.0)
        value = PRIMITIVES[tree.op].value
        assert value is not None
        return self.reshaped(self.emit(value, at), (entries(shape),), shape)

    def diagonal(self, tree: Call) -> int:
        """Lower the diagonal matrix of a vector, or the diagonal of a matrix."""
        shape = shape_of(tree.args[0], self.shapes)
        at = self.lower(tree.args[0])
        if len(shape) == 2 and shape[1] != 1:
            return self.emit(lambda x: np.diagonal(x, axis1=-2, axis2=-1), at)
        at = self.reshaped(at, shape, (entries(shape),))
        identity = np.eye(entries(shape))
        return self.emit(lambda x: x[..., None] * identity, at)

    def fixed(self, tree: Call) -> int:
        """Lower arrays that the sizes alone determine."""
        shape = tuple(int(size) for size in shape_of(tree, self.shapes))
        if tree.op == "linspace":
            ends = [fixed_number(arg, self.shapes) for arg in tree.args[:2]]
            return self.constant(np.linspace(ends[0] or 0.0, ends[1] or 0.0, shape[0]))
        values: dict[str, Callable[[], Array]] = {
            "I": lambda: np.eye(shape[0]),
            "ones": lambda: np.ones(shape),
            "zeros": lambda: np.zeros(shape),
            "pi": lambda: np.pi,
            "e": lambda: np.e,
            "count": lambda: entries(shape_of(tree.args[0], self.shapes)),
        }
        return self.constant(values[tree.op]())

    def function(self, tree: Call) -> int:
        """Lower a function by its NumPy value, or else by its body."""
        row = self.shapes.functions[tree.op]
        if row.value is not None:
            return self.emit(row.value, self.lower(tree.args[0]))
        return self.lower(body_of(tree, self.shapes.functions))


def _outer(x: Array, y: Array) -> Array:
    return x[..., :, None] * y[..., None, :]


def _row(x: Array) -> Array:
    return x[..., None, :]


def _transpose(x: Array) -> Array:
    return x.swapaxes(-1, -2)


RULES: dict[str, Callable[[Lowering, Call], int]] = {
    "neg": lambda low, tree: low.emit(np.negative, low.lower(tree.args[0])),
    "*": Lowering.product,
    "⊙": Lowering.product,
    "@": Lowering.product,
    "^": Lowering.power,
    "ᵀ": Lowering.transposed,
    "[]": Lowering.index,
    "[,]": Lowering.joined,
    "[;]": Lowering.joined,
    "if": Lowering.chosen,
    "sum": Lowering.reduced,
    "max": Lowering.reduced,
    "min": Lowering.reduced,
    "at_max": Lowering.marked,
    "at_min": Lowering.marked,
    "diag": Lowering.diagonal,
    "place": Lowering.placed,
    "reshape": lambda low, tree: low.reshaped(
        low.lower(tree.args[0]), shape_of(tree.args[0], low.shapes), shape_of(tree, low.shapes)
    ),
    **dict.fromkeys(("I", "ones", "zeros", "linspace", "pi", "e", "count"), Lowering.fixed),
}
