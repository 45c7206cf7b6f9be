"""Derivations: a derivative of the table as the chain along the paths, and with everything put in.

The table works a derivative out from others (`dL/dw1 = dL/dh1 · f1' · x`). Put in for their names, these give the chain
as it is written on one line, `dL/dyhat · f3' · w3 · f1' · x`: the derivative of the loss by the prediction keeps its
name there, and is put in where the formula is expanded.
"""

from __future__ import annotations

from collections.abc import Callable

from ..formula.expr import Call, Expr, Name, Num, names
from ..record import NamedTuple
from .algebra import is_zero
from .chain import Chain, diagonal, length
from .grad import elementwise_argument
from .paths import ends_of, no_path, why_zero
from .places import place_of
from .primes import Applications, applications, applied, bare
from .shapes import is_number, is_slice
from .table import Table

MOST_PARTS = 160  # of a chain: longer ones keep the names of their parts
MOST_EXPANDED = 240  # of an expanded formula


class Link(NamedTuple):
    """One step of a derivation: a derivative, what it is of and by, and its formula, None where it is given."""

    name: str
    of: str
    by: str
    formula: Expr | None


class Derivation(NamedTuple):
    """A derivative, derived: the links from the loss on, the chain along the paths, and the formula with all put in.

    `chain` and `expanded` are None where they say nothing new; `reason` tells why a derivative is 0. `matrix` is the
    Jacobian of an elementwise definition, whose slopes are listed as a vector.
    """

    links: tuple[Link, ...] = ()
    chain: Expr | None = None
    expanded: Expr | None = None
    reason: str = ""
    matrix: Expr | None = None


def derivation(table: Table, name: str) -> Derivation:
    """Derive a derivative of the table, or an entry of one that a question asks; anything else has no links."""
    found = derivations(table)(name)
    entry = _entry_of(table, table[name].formula) if table[name].role == "asked" else None
    source = names(entry.args[0])[0] if entry is not None else name
    ends = ends_of(table, source)
    if ends is None or no_path(table, *ends):
        return found
    return found._replace(links=tuple(_links(table, source)))


def derivations(table: Table) -> Callable[[str], Derivation]:
    """Give what derives the derivatives of a table, without their links; what they have in common is worked out once.

    The table may not change meanwhile.
    """
    chains: dict[tuple[str, bool], Chain] = {}
    known: dict[int | None, Applications] = {}

    def chain_of(of: str, keep: bool) -> Chain:
        if (of, keep) not in chains:
            chains[of, keep] = Chain(table, of, keep, MOST_PARTS if keep else MOST_EXPANDED)
        return chains[of, keep]

    def derive(name: str) -> Derivation:
        row = table[name]
        if row.role == "asked":
            return of_asked(row.formula)
        ends = ends_of(table, name)
        if row.formula is None or ends is None:
            return Derivation()
        of, by = ends
        if by not in chain_of(of, True).stands_on:
            return Derivation(reason=why_zero(table, of, by))
        if is_zero(row.formula) or (isinstance(row.formula, Call) and row.formula.op == "zeros"):
            return Derivation(reason=f"every path from {by} to {of} passes something flat, whose slope is 0")
        if row.step not in known:
            known[row.step] = applications(table, row.step)
        arguments = known[row.step]
        chain = bare(chain_of(of, True).of(name), table, arguments)
        expanded = applied(bare(chain_of(of, False).of(name), table, arguments), arguments)
        shown = bare(row.formula, table, arguments)
        if any(other in table and table[other].role == "adjoint" for other in names(expanded)):
            expanded = chain  # it would be too long a line
        return Derivation(
            (),
            None if _same(chain, row.formula) else chain,
            None if expanded in (row.formula, chain) or _same(expanded, shown) else expanded,
            "",
            _as_matrix(table, shown, of, by),
        )

    def of_asked(tree: Expr | None) -> Derivation:
        """Derive what a question asks by a formula: an entry, or derivatives with more around them."""
        entry = _entry_of(table, tree)
        if entry is not None:
            return of_entry(entry)
        base = tree.args[0] if isinstance(tree, Call) and tree.op == "[]" else None
        if isinstance(tree, Call) and isinstance(base, Name):
            formula = None if base.id not in table or any(map(is_slice, tree.args[1:])) else table[base.id].formula
            if formula is None:
                return Derivation()
            found = place_of(formula, tree.args[1:], table.shapes, frozenset(table.rows))
            return Derivation((), None, found if names(found) != [base.id] else None)
        if tree is None:
            return Derivation()
        values: dict[str, Expr] = {}
        for other in names(tree):
            if other in table and table[other].role == "adjoint":
                part, formula = derive(other), table[other].formula
                values[other] = part.expanded or part.chain or formula or Name(other)
        found = Chain(table, "", False, MOST_EXPANDED).put(tree, values) if values else tree
        return Derivation() if _same(found, tree) or length(found) > MOST_EXPANDED else Derivation((), None, found)

    def of_entry(tree: Call) -> Derivation:
        base, *places = tree.args
        assert isinstance(base, Name)
        row, whole = table[base.id], derive(base.id)
        if row.formula is None or whole.reason:
            return whole
        taken = frozenset(table.rows)
        if len(places) != len(row.shape):  # an entry of the Jacobian of an elementwise definition
            same = place_of(row.formula, tuple(places[:1]), table.shapes, taken)
            if places[0] == places[1]:
                return Derivation((), None, same)
            if not all(isinstance(at, Num) for at in places):
                return Derivation()
            of, by = ends_of(table, base.id) or ("", "")
            return Derivation(
                reason=f"each entry of {of} reads the same entry of {by} alone, so that off the diagonal is 0"
            )
        of, _ = ends_of(table, base.id) or ("", "")
        arguments = known[row.step]
        forms: list[Expr] = []
        for keep in (True, False):
            part = place_of(chain_of(of, keep).of(base.id), tuple(places), table.shapes, taken)
            forms.append(bare(part, table, arguments) if keep else applied(bare(part, table, arguments), arguments))
        chain, expanded = forms
        return Derivation((), chain, None if whole.expanded is None or _same(chain, expanded) else expanded)

    return derive


def _entry_of(table: Table, tree: Expr | None) -> Call | None:
    """Give the formula of a question that asks one entry of a derivative of the table; None for any other."""
    if not isinstance(tree, Call) or tree.op != "[]" or any(is_slice(item) for item in tree.args[1:]):
        return None
    base = tree.args[0]
    return tree if isinstance(base, Name) and base.id in table and ends_of(table, base.id) is not None else None


def _same(left: Expr, right: Expr) -> bool:
    """Tell whether two formulas differ in nothing but the signs of their products."""
    return _signless(left) == _signless(right)


def _signless(tree: Expr) -> Expr:
    if not isinstance(tree, Call):
        return tree
    return Call("@" if tree.op == "*" else tree.op, tuple(map(_signless, tree.args)))


def _as_matrix(table: Table, shown: Expr, of: str, by: str) -> Expr | None:
    """Give the Jacobian of an elementwise definition of a vector, whose slopes are `shown`."""
    if of not in table or len(table.shape(of)) != 1 or is_number(table.shape(of)):
        return None
    return diagonal(shown) if elementwise_argument(of, table) == by else None


def _links(table: Table, name: str) -> list[Link]:
    """Give the derivatives that a derivative stands on, each before what reads it, itself last."""
    done: dict[str, None] = {}
    todo = [(name, False)]
    while todo:
        each, entered = todo.pop()
        if entered:
            done[each] = None
            continue
        if each in done:
            continue
        todo.append((each, True))
        formula = table[each].formula
        read = (
            [] if formula is None else [other for other in names(formula) if other in table and ends_of(table, other)]
        )
        todo.extend((other, False) for other in reversed(read) if other not in done)
    ends = [(each, ends_of(table, each)) for each in done]
    return [Link(each, found[0], found[1], table[each].formula) for each, found in ends if found is not None]
