"""The chain of a derivative: what the table works it out from, put in for the names on one line.

The sum over the paths keeps the table's own sharing. What all terms begin with is written once, and a part that would
make the line too long keeps its name, so that no network has a chain as long as it has paths.
"""

from __future__ import annotations

from ..formula.expr import Call, Expr, Name, Num, bound_names, names
from .algebra import ONE, minus, plus, times
from .build import PLAIN, SHAPED
from .loops import apart
from .meaning import binds
from .paths import ends_of, starts
from .shapes import shape_of
from .table import Table

SHORT = 12  # parts that are put in even where the line is too long, such as the slope of an activation


def length(tree: Expr) -> int:
    """Give the number of parts that a reader sees; the argument of f' is left out."""
    if not isinstance(tree, Call):
        return 1
    return 1 if tree.op.endswith("'") else 1 + sum(map(length, tree.args))


def diagonal(tree: Expr) -> Call:
    """Give the diagonal matrix of a vector."""
    return Call("I", tree.args) if isinstance(tree, Call) and tree.op == "ones" else Call("diag", (tree,))


class Chain:
    """Puts derivatives in for their names, each worked out once."""

    def __init__(self, table: Table, of: str, keep: bool, most: int) -> None:
        """Put in what a derivative of `of` stands on; `keep` leaves the derivative of the loss by the prediction."""
        self.table, self.top, self.keep, self.most = table, of, keep, most
        self.order = {name: at for at, name in enumerate(table.rows)}
        self.known: dict[str, Expr] = {}
        self.stands_on = frozenset(table.needed(starts(table, of)))
        self.made_from: dict[str, frozenset[str]] = {}

    def of(self, name: str) -> Expr:
        """Give the chain of one derivative."""
        if name not in self.known:
            formula = self.table[name].formula
            assert formula is not None
            chains = {other: self.of(other) for other in names(formula) if self.is_put_in(other)}
            ordered = self.ordered(formula)
            found = self.put(ordered, chains)
            if length(found) > self.most:  # too long a line: the parts keep their names, and what is short is put in
                found = self.put(ordered, {other: tree for other, tree in chains.items() if length(tree) <= SHORT})
            self.known[name] = found
        return self.known[name]

    def is_put_in(self, name: str) -> bool:
        """Tell whether a name is that of a derivative that the chain does not keep."""
        row = self.table.rows.get(name)
        return row is not None and row.role == "adjoint" and row.formula is not None and not self.is_start(name)

    def is_start(self, name: str) -> bool:
        """Tell whether a derivative is where the chain begins: the loss by what it reads, where that is no constant."""
        ends = ends_of(self.table, name)
        formula = self.table[name].formula
        if not self.keep or ends is None or ends[0] != self.top or formula is None or ends[1] == self.top:
            return False
        read = [other for other in names(formula) if other in self.table]
        if any(self.table[other].role == "adjoint" or ends_of(self.table, other) for other in read):
            return False
        by = ends[1]
        return isinstance(formula, Call) and any(self.changes(other, by) for other in _outside_primes(formula))

    def changes(self, name: str, by: str) -> bool:
        """Tell whether a quantity is another one, or is made from it."""
        if name not in self.made_from:
            self.made_from[name] = frozenset(self.table.needed([name]))
        return by in self.made_from[name]

    def ordered(self, tree: Expr) -> Expr:
        """Put the terms of a sum over paths in the order of the network: the table gathers them backwards."""
        terms: list[Expr] = []
        while isinstance(tree, Call) and tree.op == "+":
            terms.append(tree.args[1])
            tree = tree.args[0]
        terms.append(tree)
        places: list[int] = []
        for term in terms:
            read = [self.order[other] for other in names(term) if other in self.table and self.is_adjoint(other)]
            if not read:
                break
            places.append(max(read))
        if len(terms) == 1 or len(places) < len(terms):
            terms.reverse()
        else:  # derivatives stand in the table from the loss backwards
            terms = [terms[at] for at in sorted(range(len(terms)), key=lambda at: (-places[at], -at))]
        total = terms[0]
        for term in terms[1:]:
            total = Call("+", (total, term))
        return total

    def is_adjoint(self, name: str) -> bool:
        """Tell whether a name is that of a derivative."""
        return self.table[name].role == "adjoint" or ends_of(self.table, name) is not None

    def put(self, tree: Expr, values: dict[str, Expr]) -> Expr:
        """Put formulas in for names, with the constructors that keep the whole as a textbook writes it."""
        if isinstance(tree, Name):
            return values.get(tree.id, tree)
        if isinstance(tree, Num) or tree.op.endswith("'") or not set(names(tree)) & set(values):
            return tree
        if binds(tree):  # the loops of what is put in have variables of their own
            inside = [bound_names(values[name]) for name in names(tree) if name in values]
            tree = apart(tree, set().union(*inside), self.table)
        args = tuple(self.put(arg, values) for arg in tree.args)
        if tree.op in ("+", "-"):
            return self.total(tree.op, args[0], args[1])
        if tree.op in PLAIN:
            return PLAIN[tree.op](*args)
        if tree.op in SHAPED:
            return self.flat(SHAPED[tree.op](*args, self.table.shapes))
        return diagonal(args[0]) if tree.op == "diag" else Call(tree.op, args)

    def flat(self, tree: Expr) -> Expr:
        """Write a product of Jacobians from left to right, without brackets."""
        if not isinstance(tree, Call) or tree.op != "@":
            return tree
        left, right = tree.args
        if not isinstance(right, Call) or right.op != "@" or right.args[1:] == ():
            return tree
        shapes = [shape_of(part, self.table.shapes) for part in (left, *right.args)]
        last = right.args[1]
        outer = isinstance(last, Call) and last.op == "ᵀ" and len(shape_of(last.args[0], self.table.shapes)) == 1
        if outer or any(len(shape) != 2 for shape in shapes):
            return tree
        return Call("@", (self.flat(Call("@", (left, right.args[0]))), last))

    def total(self, op: str, left: Expr, right: Expr) -> Expr:
        """Add or subtract, with the factors that both begin with written once."""
        add = plus if op == "+" else minus
        if shape_of(left, self.table.shapes) or shape_of(right, self.table.shapes):
            return add(left, right)
        first, second = self.factors(left), self.factors(right)
        common = 0
        while common < min(len(first), len(second)) and first[common] == second[common]:
            common += 1
        if common and isinstance(first[common - 1], Num):  # a number in front alone is no path in common
            common -= common == 1
        if not common:
            return add(left, right)
        rest = add(self.product(first[common:]), self.product(second[common:]))
        return self.product([*first[:common], rest])

    def factors(self, tree: Expr) -> list[Expr]:
        """Give the factors of a product of numbers, from left to right."""
        if isinstance(tree, Call) and tree.op in ("*", "@"):
            return [*self.factors(tree.args[0]), *self.factors(tree.args[1])]
        return [tree]

    def product(self, factors: list[Expr]) -> Expr:
        """Give the product of numbers."""
        found: Expr = ONE
        for factor in factors:
            found = times(found, factor, self.table.shapes)
        return found


def _outside_primes(tree: Expr) -> list[str]:
    """Give the names that a formula reads outside of the arguments of unknown functions' derivatives."""
    if isinstance(tree, Name):
        return [tree.id]
    if isinstance(tree, Num) or tree.op.endswith("'"):
        return []
    return [name for arg in tree.args for name in _outside_primes(arg)]
