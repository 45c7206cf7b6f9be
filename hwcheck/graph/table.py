"""The table: named definitions in order, and the values that are given."""

from collections.abc import Iterable, Iterator
from math import inf

import numpy as np

from ..formula.expr import Call, Expr, Name, names
from ..formula.lex import FormulaError
from ..record import NamedTuple
from .families import Family
from .functions import Array, Functions, written_out
from .shapes import Shape, Shapes, is_number, sample_axis, shape_of, together

MOST_PARTS = 20_000


class Definition(NamedTuple):
    """A quantity: its name, its formula (None where it is given), the formulas that are equal to it, and its shape.

    `role` is "given", "forward", "adjoint", "update" or "asked"; `step` the training step it belongs to, None where
    nothing is stepped.
    """

    name: str
    formula: Expr | None
    role: str
    shape: Shape
    step: int | None = None
    forms: tuple[Expr, ...] = ()


class Domain(NamedTuple):
    """Where the values of a given lie whose shape alone is known: its entries between `low` and `high`.

    `kind` is "real", "bit" (0 or 1), or "one-hot" (one entry 1, the others 0).
    """

    kind: str = "real"
    low: float = -inf
    high: float = inf


class Table:
    """Definitions by name, in the order in which they are worked out."""

    def __init__(self, functions: Functions, samples: str = "columns") -> None:
        """Start with no quantities."""
        self.functions = functions
        self.samples = samples
        self.rows: dict[str, Definition] = {}
        self.values: dict[str, Array] = {}
        self.sizes: dict[str, float] = {}
        self.written: dict[str, int] = {}
        self.distributions: set[str] = set()
        self.domains: dict[str, Domain] = {}
        self.symbols: set[str] = set()
        self.families: dict[str, Family] = {}
        self.shapes = Shapes(self.shape, functions, self.sizes, samples, {}, self.symbols)

    def __contains__(self, name: str) -> bool:
        """Tell whether a quantity is in the table."""
        return name in self.rows

    def __getitem__(self, name: str) -> Definition:
        """Give a quantity's row."""
        return self.rows[name]

    def __iter__(self) -> Iterator[Definition]:
        """Give the rows in order."""
        return iter(self.rows.values())

    def shape(self, name: str) -> Shape:
        """Give the shape of a quantity."""
        return self.rows[name].shape

    def give(self, name: str, shape: Shape, value: Array | None, step: int | None = None) -> None:
        """Add a quantity that is given: an array of that shape, or None where only its shape is known."""
        self.rows[name] = Definition(name, None, "given", shape, step)
        self.symbols.update(size for size in shape if isinstance(size, str))
        if value is not None:
            self.values[name] = value

    def define(
        self,
        name: str,
        formula: Expr,
        role: str = "forward",
        step: int | None = None,
        forms: tuple[Expr, ...] = (),
        shape: Shape | None = None,
    ) -> Definition:
        """Add a definition; its shape is inferred, or given where the same entries are wanted in another layout.

        Raises:
            FormulaError: the shapes inside the formula do not fit, or it grows beyond what can be worked out.
        """
        if written_out(formula, self.functions, self.written) > MOST_PARTS:
            reason = f"with its functions written out this has more than {MOST_PARTS} parts"
            fix = "give inner values names of their own"
            raise FormulaError(reason, formula.at.start, formula.at.end, fix, "HW315")
        inferred = shape_of(formula, self.shapes)
        if shape is None or (is_number(shape) and not is_number(inferred)) or together(inferred, shape) is None:
            shape = inferred
        row = Definition(name, formula, role, shape, step, forms)
        self.rows[name] = row
        return row

    def sums_to_one(self, tree: Expr) -> bool:
        """Tell whether a formula is a distribution, or a batch of them: by the values of a given, as declared in
        `distributions`, or as one-hot vectors."""
        if isinstance(tree, Name):
            name = self.root(tree.id)
            if name in self.distributions:
                return True
            if name in self.values:
                axis = sample_axis(self.shape(name), self.samples)
                sums = np.sum(self.values[name], axis=None if axis is None else 1 - axis)
                return bool(np.all(np.abs(sums - 1) < 1e-9))
            tree = self.rows[name].formula or tree if name in self.rows else tree
        return isinstance(tree, Call) and tree.op == "one_hot"

    def root(self, name: str) -> str:
        """Give the quantity that a name stands for: a definition that is a bare name is the same quantity."""
        while True:
            row = self.rows.get(name)
            if row is None or not isinstance(row.formula, Name) or row.formula.id not in self.rows:
                return name
            name = row.formula.id

    def reads(self, name: str) -> list[str]:
        """Give the quantities that a definition's formula reads."""
        formula = self.rows[name].formula
        return [] if formula is None else [other for other in names(formula) if other in self.rows]

    def needed(self, wanted: Iterable[str]) -> list[str]:
        """Give everything that the wanted quantities stand on, themselves included, in the order of the table."""
        keep: set[str] = set()
        todo = [name for name in wanted if name in self.rows]
        while todo:
            name = todo.pop()
            if name not in keep:
                keep.add(name)
                todo.extend(self.reads(name))
        return [name for name in self.rows if name in keep]

    def copy(self, functions: Functions | None = None) -> "Table":
        """Give a table of its own with the same rows, for questions that add to it; perhaps with other functions."""
        other = self.without_rows(functions)
        other.rows.update(self.rows)
        other.values.update(self.values)
        other.symbols.update(self.symbols)
        other.shapes.found.update(self.shapes.found)
        return other

    def without_rows(self, functions: Functions | None = None) -> "Table":
        """Give a table without rows that knows the same of sizes, givens and loops, for the same rows made anew."""
        other = Table(self.functions if functions is None else functions, self.samples)
        other.sizes.update(self.sizes)
        other.distributions.update(self.distributions)
        other.domains.update(self.domains)
        other.families.update(self.families)
        return other
