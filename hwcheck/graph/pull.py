"""Adjoints pulled back through one formula, down to the names in it and no further.

Each operation's row says what its operands get (reverse accumulation, Griewank and Walther, Evaluating Derivatives,
chapter 3). Where a loss takes an activation's value directly, the fused adjoint passes both at once, and what the chain
rule gives is kept beside it.
"""

from ..formula.expr import Call, Expr, Name, bound_names, names, rewrite, substitute
from ..record import NamedTuple
from .algebra import ONE, ZERO, is_zero, plus, times
from .build import count, fit, full, simplest
from .functions import Function, Pullback, arguments_of, body_of, is_unknown, row_of, template
from .meaning import binds, smooth, within
from .shapes import Shapes, is_number, shape_of, together
from .table import Table


class Part(NamedTuple):
    """What one path adds to an adjoint, and the same by the chain rule where the formula shown is a fused one."""

    shown: Expr
    chain: Expr


class Pull:
    """Pulls adjoints back through formulas, collecting what each quantity that matters gets."""

    def __init__(self, table: Table, matters: set[str]) -> None:
        """Pull adjoints through the formulas of a table, to the quantities that matter."""
        self.table, self.matters = table, matters
        self.shapes: Shapes = table.shapes
        self.parts: dict[str, list[Part]] = {}
        self.fused: dict[str, dict[str, list[Expr]]] = {}
        self.looping = False  # inside of a loop that is kept as one

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
        inside = within(tree, self.shapes, self.looping) if tree.op in ("sum", "[for]") else None
        if inside is not None:
            self.looped(tree, inside, g)
            return
        plain = smooth(tree, self.shapes)
        if plain is not tree or not isinstance(plain, Call):
            self.through(plain, g, out)
            return
        row = row_of(tree.op, self.table.functions)
        if is_unknown(row):
            slope = Call(f"{tree.op}'", tree.args)
            self.through(tree.args[0], times(g, slope, self.shapes), tree.args[0])
            return
        if row.body and not row.vjp and (not row.slope or any(self.reads(arg) for arg in tree.args[1:])):
            self.through(body_of(tree, self.table.functions), g, out)
            return
        for arg, adjoint in zip(tree.args, self.rules(tree), strict=False):
            if self.reads(arg):
                self.operand(tree, arg, adjoint, g, out)

    def looped(self, tree: Call, inside: Shapes, g: Expr) -> None:
        """Pull an adjoint back through a sum over loop variables that is kept as one: the same sum of what each term
        gives. Each turn of an array by loops has its own part of the adjoint."""
        from .loops import apart, collected, refuse_ranges, turn_of  # few formulas have loops

        refuse_ranges(tree)
        renamed = apart(tree, bound_names(g) | set(names(g)), self.table)
        if renamed is not tree:
            tree, inside = renamed, within(renamed, self.shapes, self.looping) or inside
        term = Pull(self.table, self.matters)
        term.shapes, term.looping = inside, True
        body = tree.args[0] if tree.op == "[for]" else tree.args[-1]
        loops = tuple(binds(tree))
        term.through(body, turn_of(g, loops, shape_of(tree, self.shapes)) if body is tree.args[0] else g, body)
        for name, parts in term.parts.items():
            for part in parts:
                shown = collected(loops, part.shown, self.shapes)
                self.add(name, shown, collected(loops, part.chain, self.shapes))

    def operand(self, tree: Call, arg: Expr, adjoint: str | Pullback, g: Expr, out: Expr) -> None:
        """Pull an adjoint back to one operand of an operation."""
        fused = self.fuse(tree, arg, g)
        if fused is not None and isinstance(arg, Call):
            self.through(arg.args[0], fused, arg.args[0])
            return
        if isinstance(arg, Name) and fused is not None:
            self.fused.setdefault(arg.id, {}).setdefault(self.table.functions[tree.op].fused[0], []).append(fused)
        row, shape, wanted = (
            row_of(tree.op, self.table.functions),
            shape_of(tree, self.shapes),
            shape_of(arg, self.shapes),
        )
        whole = full(g, shape, self.shapes)
        if not isinstance(adjoint, str):
            self.through(arg, adjoint(tree, arg, whole, self.shapes), arg)
            return
        # what is not worked out entry by entry needs the adjoint as an array, also where it is one number
        given = {**arguments_of(tree, self.table.functions), "g": whole if row.kind == "own" else g, "out": out}
        found = self.filled(adjoint, row, given)
        if not is_number(shape_of(found, self.shapes)):
            found = fit(found, wanted, self.shapes)
        elif row.kind != "own" and not is_number(shape):
            # one number for every entry: an operand that went over several entries gets it as often
            if is_number(wanted):
                found = times(count(shape), found, self.shapes)
            elif together(shape, wanted) is None:
                found = fit(full(found, shape, self.shapes), wanted, self.shapes)
        self.through(arg, found, arg)

    def rules(self, tree: Call) -> tuple[str | Pullback, ...]:
        """Give the vector-Jacobian products of an operation, one for each operand that has any."""
        found = row_of(tree.op, self.table.functions).adjoints
        return found * len(tree.args) if len(found) == 1 and not isinstance(found[0], str) else found

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
        return times(g, self.filled(row.fused[1], row, given), self.shapes)

    def filled(self, text: str, row: Function, given: dict[str, Expr]) -> Expr:
        """Give a row's text with trees in the places of its parameters; the sum of a distribution is 1."""

        def of_distribution(part: Expr) -> Expr | None:
            if not isinstance(part, Call) or part.op not in ("sum", "sample_sum") or not isinstance(part.args[0], Name):
                return None
            return ONE if self.table.sums_to_one(given[part.args[0].id]) else None

        tree = rewrite(template(text, row.params, self.table.functions), of_distribution)
        return simplest(substitute(tree, given), self.shapes)
