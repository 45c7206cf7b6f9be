"""Differentiation of the table: adjoints and Jacobians are more definitions, with formulas that read as a textbook
writes them.

Reverse mode over named definitions: the adjoint of a quantity is the sum over the definitions that read it, each pulled
back through that one formula and no further (reverse accumulation, Griewank and Walther, Evaluating Derivatives,
chapter 3). An elementwise function of one quantity gives its slope a name, so that `dJ/dX1 = dJ/dY1 ⊙ dY1/dX1`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..formula.expr import COMPARISONS, Call, Expr, Name, names, number
from ..formula.names import Parts, join, split
from .build import ONE, ZERO, count, filled, fit, full, gathered, is_zero, ones, plus, times
from .shapes import Shape, Shapes, arguments_of, body_of, is_number, product, shape_of, together, unrolled
from .shapes import times as times_meaning
from .table import Definition, Table


class Part(NamedTuple):
    """What one path adds to an adjoint, and the same by the chain rule where the formula shown is a fused one."""

    shown: Expr
    chain: Expr


def derivative_name(of: str, by: str) -> str:
    """Give the name of the derivative of one quantity by another, which may both belong to one step: dJ/dW1@2;
    d(dJ/dx)/dx."""
    above, below = split(of), split(by)
    upper, lower = (f"({join(part._replace(step=''))})" if part.by else part.of for part in (above, below))
    return join(Parts(upper, lower, below.step or above.step))


class Pull:
    """Pulls adjoints back through formulas, collecting what each quantity that matters gets."""

    def __init__(self, table: Table, matters: set[str]) -> None:
        """Pull adjoints through the formulas of a table, to the quantities that matter."""
        self.table, self.matters = table, matters
        self.shapes: Shapes = table.shapes
        self.parts: dict[str, list[Part]] = {}
        self.fused: dict[str, dict[str, list[Expr]]] = {}

    def reads(self, tree: Expr) -> bool:
        """Tell whether a formula reads anything that matters."""
        return any(name in self.matters for name in names(tree))

    def add(self, name: str, shown: Expr, chain: Expr | None = None) -> None:
        """Add what a path gives to the adjoint of a quantity; a number goes for every entry."""
        shape = self.table.shape(name)
        shown, chain = (full(part, shape, self.shapes) for part in (shown, chain or shown))
        self.parts.setdefault(name, []).append(Part(shown, chain))

    def through(self, tree: Expr, g: Expr, out: Expr) -> None:
        """Pull `g`, the adjoint of a formula's value `out`, back to the names in it.

        `g` may be a number where the value is an array: the same for every entry.
        """
        if isinstance(tree, Name):
            if tree.id in self.matters:
                self.add(tree.id, g)
            return
        if not isinstance(tree, Call) or is_zero(g) or not self.reads(tree):
            return
        row = self.table.functions.get(tree.op)
        if any(isinstance(arg, Call) and arg.op == "=" for arg in tree.args):
            self.through(unrolled(tree, self.shapes), g, out)
        elif (
            row is not None
            and row.body
            and not row.vjp
            and (not row.slope or any(self.reads(arg) for arg in tree.args[1:]))
        ):
            self.through(body_of(tree, self.table.functions), g, out)
        elif tree.op in ("max", "min") and len(tree.args) > 2:
            self.through(Call(tree.op, (Call(tree.op, tree.args[:-1]), tree.args[-1])), g, out)
        else:
            for arg, adjoint in zip(tree.args, self.rules(tree), strict=False):
                if self.reads(arg):
                    self.operand(tree, arg, adjoint, g, out)

    def operand(self, tree: Call, arg: Expr, adjoint: Rule, g: Expr, out: Expr) -> None:
        """Pull an adjoint back to one operand of an operation."""
        fused = self.fuse(tree, arg, g)
        if fused is not None and isinstance(arg, Call):
            self.through(arg.args[0], fused, arg.args[0])
            return
        if isinstance(arg, Name) and fused is not None:
            self.fused.setdefault(arg.id, {}).setdefault(self.table.functions[tree.op].fused[0], []).append(fused)
        if not isinstance(adjoint, str):
            self.through(arg, adjoint(tree, arg, full(g, shape_of(tree, self.shapes), self.shapes), self.shapes), arg)
        elif adjoint:
            given = {**arguments_of(tree, self.table.functions), "g": g, "out": out}
            if adjoint in NEEDS_ARRAY:
                given["g"] = full(g, shape_of(tree, self.shapes), self.shapes)
            found = filled(adjoint, (*self.params(tree),), given, self.shapes, self.table.functions)
            shape, wanted = shape_of(tree, self.shapes), shape_of(arg, self.shapes)
            if not is_number(shape_of(found, self.shapes)):
                found = fit(found, wanted, self.shapes)
            elif adjoint not in NEEDS_ARRAY and not is_number(shape):
                # one number for every entry: an operand that went over several entries gets it as often
                if is_number(wanted):
                    found = times(count(shape), found, self.shapes)
                elif together(shape, wanted) is None:
                    found = fit(full(found, shape, self.shapes), wanted, self.shapes)
            self.through(arg, found, arg)

    def params(self, tree: Call) -> tuple[str, ...]:
        """Give the names of an operation's operands in the texts of its adjoints."""
        row = self.table.functions.get(tree.op)
        return row.params if row is not None else ("x", "y")

    def rules(self, tree: Call) -> tuple[Rule, ...]:
        """Give the vector-Jacobian products of an operation, one for each operand."""
        if tree.op in ("*", "@"):
            left, right = (shape_of(arg, self.shapes) for arg in tree.args)
            kind = product(left, right)
            linear = (
                times_meaning(left, right) != "each" if tree.op == "*" else kind is not None and kind[0] == "matrix"
            )
            return LINEAR if linear else EACH
        if tree.op in VJP:
            return VJP[tree.op]
        if tree.op in STRUCTURE:
            return (STRUCTURE[tree.op],) * len(tree.args)
        if tree.op in COMPARISONS or tree.op in SIZED:
            return ()
        row = self.table.functions.get(tree.op)
        if row is None or (not row.slope and not row.vjp and row.kind == "each"):
            return (f"g ⊙ {tree.op}'(x)",)
        if tree.op in ("max", "min") and len(tree.args) == 1:
            return (f"g ⊙ at_{tree.op}(x)",)
        return row.vjp or (f"g ⊙ ({row.slope})",)

    def whole_fused(self, name: str, formula: Expr) -> Expr | None:
        """Give the fused adjoint of the argument of a definition's activation, where nothing but such losses reads its
        value."""
        found = self.fused.get(name, {}).get(formula.op if isinstance(formula, Call) else "", [])
        if not found or len(found) != len(self.parts[name]):
            return None
        total = ZERO
        for one in found:
            total = plus(total, one)
        return total

    def past(self, tree: Call, fused: Expr, g: Expr, out: Expr) -> None:
        """Pull a fused adjoint to the argument of an activation, and keep what the chain rule through the activation
        gives beside it."""
        chain = Pull(self.table, self.matters)
        chain.through(tree, g, out)
        shown = Pull(self.table, self.matters)
        shown.through(tree.args[0], fused, tree.args[0])
        for name, parts in shown.parts.items():
            for part, beside in zip(parts, chain.parts[name], strict=True):
                self.parts.setdefault(name, []).append(Part(part.shown, beside.chain))

    def fuse(self, tree: Call, arg: Expr, g: Expr) -> Expr | None:
        """Give the fused adjoint of an activation's argument where a loss takes the activation's value directly."""
        row = self.table.functions.get(tree.op)
        if (
            row is None
            or not row.fused
            or arg is not tree.args[0]
            or (isinstance(arg, Call) and arg.op != row.fused[0])
        ):
            return None
        given = {**arguments_of(tree, self.table.functions), "out": arg}
        text = row.fused[-1] if self.table.sums_to_one(tree.args[1]) else row.fused[1]
        return times(g, filled(text, row.params, given, self.shapes, self.table.functions), self.shapes)


def _indexed(tree: Call, arg: Expr, g: Expr, shapes: Shapes) -> Expr:
    return Call("place", (g, arg, *tree.args[1:])) if arg is tree.args[0] else ZERO


def _joined(tree: Call, arg: Expr, g: Expr, shapes: Shapes) -> Expr:
    """Give the slice of an adjoint that belongs to one part of `[a; b]` or `[a, b]`."""
    axis = 1 if tree.op == "[,]" else 0
    low = 1
    for part in tree.args:
        shape = (*shape_of(part, shapes), 1, 1)[:2]
        size = int(shape[axis])
        if part is arg:
            break
        low += size
    rank = len(shape_of(tree, shapes))
    whole: Expr = Call(":", ())
    item = number(low) if not shape_of(arg, shapes) else Call("..", (number(low), number(low + size - 1)))
    items = [item] if rank == 1 else [whole, item] if axis == 1 else [item, whole]
    if axis == 1 and len(shape_of(arg, shapes)) == 1:
        items[1] = number(low)
    if axis == 1 and not shape_of(arg, shapes):
        items[0] = number(1)
    return Call("[]", (g, *items))


def _reshaped(tree: Call, arg: Expr, g: Expr, shapes: Shapes) -> Expr:
    return Call("reshape", (g, *ones(shape_of(arg, shapes)).args)) if arg is tree.args[0] else ZERO


def _placed(tree: Call, arg: Expr, g: Expr, shapes: Shapes) -> Expr:
    return Call("[]", (g, *tree.args[2:])) if arg is tree.args[0] else ZERO


#: Functions whose value depends on sizes alone.
SIZED = ("count", "I", "ones", "zeros", "linspace", "pi", "e")
Rule = str | Callable[[Call, Expr, Expr, Shapes], Expr]
EACH: tuple[Rule, ...] = ("g ⊙ y", "g ⊙ x")
LINEAR: tuple[Rule, ...] = ("g @ y^T", "x^T @ g")
VJP: dict[str, tuple[Rule, ...]] = {
    "+": ("g", "g"),
    "-": ("g", "-g"),
    "neg": ("-g",),
    "⊙": EACH,
    "/": ("g / y", "-(g ⊙ x / y^2)"),
    "^": ("g ⊙ (y ⊙ x^(y - 1))", "g ⊙ (out ⊙ ln(x))"),
    "ᵀ": ("g^T",),
    "diag": ("diag(g)",),
}
STRUCTURE: dict[str, Rule] = {"[]": _indexed, "[,]": _joined, "[;]": _joined, "reshape": _reshaped, "place": _placed}
#: Products of linear algebra, transposition and diagonals need the adjoint as an array.
NEEDS_ARRAY = frozenset(("g @ y^T", "x^T @ g", "g^T", "diag(g)"))


def differentiate(table: Table, of: str, wanted: Iterable[str]) -> list[str]:
    """Add the derivatives of a quantity of one entry by the wanted quantities, and by all between; give the new names
    in order.

    Where `of` is no definition, the derivatives `d of/d q` that are given start the chain. A quantity that no path
    leads to gets 0.
    """
    wanted = [name for name in wanted if name in table]
    starts = (
        [of]
        if of in table
        else [row.name[len(of) + 3 :] for row in table if row.role == "given" and row.name.startswith(f"d{of}/d")]
    )
    reached = set(table.needed(starts))
    matters: set[str] = set()
    for row in list(table):
        if row.name in reached and (row.name in wanted or any(name in matters for name in table.reads(row.name))):
            matters.add(row.name)
    readers = {name: 0 for name in matters}
    for name in matters:
        for other in table.reads(name):
            if other in matters:
                readers[other] += 1
    pull = Pull(table, matters)
    new: list[str] = []

    def settle(name: str) -> Expr:
        """Define the derivative by one quantity from what its readers gave."""
        title = derivative_name(of, name)
        if name == of:
            return ONE
        if title not in table:
            parts = pull.parts.get(name, [])
            shown, chain = (_total([part[at] for part in parts], table.shape(name)) for at in (0, 1))
            forms = (chain,) if chain != shown else ()
            table.define(title, shown, "adjoint", table[name].step, forms, table.shape(name))
            new.append(title)
        return Name(title)

    for name in [name for name in reversed(list(table.rows)) if name in matters and table[name].formula is not None]:
        row = table[name]
        assert row.formula is not None
        g = settle(name)
        inner = elementwise_argument(row, table)
        fused = pull.whole_fused(name, row.formula)
        if inner is not None and inner in matters:
            slope = Name(define_slope(table, name, inner, new))
            chain = times(g, slope, table.shapes)
            pull.add(inner, chain if fused is None else fused, chain)
        elif fused is not None and isinstance(row.formula, Call):
            pull.past(row.formula, fused, g, Name(name))
        else:
            pull.through(row.formula, g, Name(name))
        for other in table.reads(name):
            if other in matters:
                readers[other] -= 1
                if readers[other] == 0 and table[other].formula is None:
                    settle(other)
    for name in wanted:
        if name not in matters and derivative_name(of, name) not in table:
            table.define(
                derivative_name(of, name),
                zero_like(table.shape(name)),
                "adjoint",
                table[name].step,
                (),
                table.shape(name),
            )
            new.append(derivative_name(of, name))
        elif derivative_name(of, name) not in table and name != of:
            settle(name)
    return new


def _total(parts: list[Expr], shape: Shape) -> Expr:
    """Add up what the paths give."""
    total = gathered(parts, shape)
    if total is None:
        total = ZERO
        for part in parts:
            total = plus(total, part)
    return total


def zero_like(shape: Shape) -> Expr:
    """Give the formula 0, in the shape of an array where one is needed."""
    return ZERO if is_number(shape) else Call("zeros", ones(shape).args)


def elementwise_argument(row: Definition, table: Table) -> str | None:
    """Give the quantity that a definition applies an elementwise function to; None where its formula is anything
    else."""
    formula = row.formula
    if (
        not isinstance(formula, Call)
        or not formula.args
        or not isinstance(formula.args[0], Name)
        or formula.args[0].id not in table
    ):
        return None
    function = table.functions.get(formula.op)
    if function is None or function.kind != "each" or any(names(arg) for arg in formula.args[1:]):
        return None
    return formula.args[0].id


def define_slope(table: Table, name: str, inner: str, new: list[str]) -> str:
    """Add the slope of an elementwise definition, dY1/dX1, with its equivalent forms; give its name."""
    title = derivative_name(name, inner)
    if title not in table:
        formula = table[name].formula
        assert isinstance(formula, Call)
        row = table.functions[formula.op]
        given = {**arguments_of(formula, table.functions), "out": Name(name)}
        texts = [row.slope, *row.forms] if row.slope else [f"{row.name}'(x)"]
        if row.body and not row.slope:
            texts = []
        trees = [filled(text, row.params, given, table.shapes, table.functions) for text in texts]
        if not trees:
            inside = Pull(table, {inner})
            inside.through(body_of(formula, table.functions), ONE, Name(name))
            trees = [ZERO]
            for part in inside.parts.get(inner, []):
                trees = [plus(trees[0], part.shown)]
        shape = table.shape(inner)
        shaped = [full(tree, shape, table.shapes) for tree in trees]
        table.define(title, shaped[0], "adjoint", table[name].step, tuple(shaped[1:]), shape)
        new.append(title)
    return title
