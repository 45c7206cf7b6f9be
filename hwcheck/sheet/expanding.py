"""In which names a formula is to be written: what a question allows, and the right formula in these names."""

from __future__ import annotations

from collections.abc import Container
from typing import TypeGuard

from ..formula.expr import Call, Expr, Name, bound_names, names, rewrite, substitute
from ..formula.lex import FormulaError
from ..graph.derivation import derivations
from ..graph.functions import written_out
from ..graph.primes import applications, bare
from ..graph.table import MOST_PARTS, Table
from .problem import Ask, Problem, Question, expand

#: So many times a name is replaced by what it stands for.
MOST_STEPS = 200


def not_allowed(
    tree: Expr, problem: Problem, question: Question, ask: Ask, shown: Container[str] = frozenset()
) -> list[str]:
    """Give the names that a formula reads and that it may not: it is not expanded yet.

    Without a list of names, those are what is asked and everything that is worked out from it. What was `shown` to
    stand for something that is allowed is allowed too.
    """
    never = None if question.kind == "table" else base_of(ask.tree)
    loops = bound_names(ask.tree)
    read = [name for name in written(tree) if name not in loops and (name not in shown or name == never)]
    return [name for name in read if not _is_allowed(name, _table_of(problem, name, ask), question, ask)]


def _table_of(problem: Problem, name: str, ask: Ask) -> Table:
    """Give a table with a name in it; without it where it is a derivative that no product of matrices gives."""
    try:
        return expand(problem, [name, *names(ask.tree)])
    except FormulaError:
        return expand(problem, names(ask.tree))


def written(tree: Expr) -> list[str]:
    """Give the names that a formula reads, but for those that only the argument of a derivative f'(...) reads."""
    return names(rewrite(tree, lambda part: Call(part.op, (), part.at) if _is_slope(part) else None))


def _is_slope(part: Expr) -> TypeGuard[Call]:
    return isinstance(part, Call) and part.op.endswith("'")


def _is_allowed(name: str, table: Table, question: Question, ask: Ask) -> bool:
    if name in table.sizes or _is_size(name, table):
        return True
    if question.allowed is not None:
        return name in question.allowed
    if question.kind == "table" or name not in table:
        return True
    asked = base_of(ask.tree)
    return asked is None or asked not in table.needed([name])


def _is_size(name: str, table: Table) -> bool:
    return any(name in row.shape for row in table)


def base_of(tree: Expr) -> str | None:
    """Give the quantity that a name is, or an entry of one, or entries one by one; None for any other formula."""
    if isinstance(tree, Call) and tree.op in ("for", "[]"):
        return base_of(tree.args[0])
    return tree.id if isinstance(tree, Name) else None


def right_formula(problem: Problem, question: Question, ask: Ask) -> Expr:
    """Give the right formula in the names that the question allows, as far as the table's definitions lead there."""
    table = expand(problem, names(ask.tree))
    tree = ask.tree
    row = table[tree.id] if isinstance(tree, Name) and tree.id in table else None
    if row is not None and row.role == "adjoint" and question.allowed is None:
        chain = derivations(table)(row.name).chain
        if chain is not None:
            return chain
    if row is not None and row.formula is not None:
        tree = row.formula
    for _ in range(MOST_STEPS):
        found = next((name for name in written(tree) if _goes_on(name, table, question, ask)), None)
        if found is None:
            break
        formula = table[found].formula
        assert formula is not None
        wider = substitute(tree, {found: formula})
        if written_out(wider, table.functions, table.written) > MOST_PARTS:
            break
        tree = wider
    return bare(tree, problem.base, applications(problem.base))


def _goes_on(name: str, table: Table, question: Question, ask: Ask) -> bool:
    """Tell whether a name has to be replaced by what it stands for."""
    return name in table and table[name].formula is not None and not _is_allowed(name, table, question, ask)
