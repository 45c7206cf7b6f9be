"""What a definition is by its form: a count, a normalised value, an update, whoever wrote it down."""

from __future__ import annotations

from ...formula.expr import Call, Expr, Name, names, walk
from ...graph.table import Definition
from ...record import NamedTuple
from .scene import Scene, is_scalar
from .trees import PRODUCTS


def is_forward(row: Definition) -> bool:
    """Tell whether a definition is worked out on the way forward, or asked as a formula."""
    return row.role in ("forward", "asked")


def is_known(scene: Scene, name: str) -> bool:
    """Tell whether a name is a number that is given."""
    return name in scene.table.sizes or (name in scene.table and scene.table[name].formula is None)


def ops_of(tree: Expr) -> set[str]:
    """Give the operations in a formula."""
    return {part.op for part in walk(tree) if isinstance(part, Call)}


def is_count(scene: Scene, row: Definition) -> bool:
    """Tell whether a formula works a number out of numbers alone, as a count of parameters or a size does."""
    return (
        row.formula is not None
        and is_forward(row)
        and is_scalar(scene, row.formula)
        and all(name in scene.table.sizes or is_scalar(scene, Name(name)) for name in names(row.formula))
        and all(name in scene.table.sizes or is_whole(scene, name) for name in names(row.formula))
        and bool(ops_of(row.formula) & {"+", "-", "*", "@"})
        and ops_of(row.formula) <= {"+", "-", "*", "@", "/", "neg", "⊙"}
    )


def is_whole(scene: Scene, name: str) -> bool:
    """Tell whether a name is a whole number that is given."""
    value = scene.table.values.get(name)
    return value is not None and not value.shape and float(value).is_integer()


def is_normalising(scene: Scene, tree: Expr | None) -> bool:
    """Tell whether a formula takes a variance, or reads what does."""
    if tree is None:
        return False
    read = [scene.table[name].formula for name in names(tree) if name in scene.table]
    return any("var" in ops_of(each) or _is_spread(each) for each in (tree, *read) if each is not None)


def _is_spread(tree: Expr) -> bool:
    return any(
        isinstance(part, Call) and part.op == "mean" and isinstance(part.args[0], Call) and part.args[0].op == "^"
        for part in walk(tree)
    )


class Step(NamedTuple):
    """An update: the old value, and what is taken off it."""

    old: Name
    change: Expr


def step_in(scene: Scene, row: Definition) -> Step | None:
    """Find the update in a definition: by its role, or by its form w - r g where it is written as text."""
    tree = row.formula
    if not isinstance(tree, Call) or tree.op not in ("-", "+") or not isinstance(tree.args[0], Name):
        return None
    old, change = tree.args
    assert isinstance(old, Name)
    if tree.op == "+":
        if row.role != "update":
            return None
        change = Call("neg", (change,))
    if row.role == "update":
        return Step(old, change)
    if row.role != "forward" or old.id not in scene.table or scene.table.shape(old.id) != row.shape:
        return None
    product = isinstance(change, Call) and change.op in (*PRODUCTS, "/")
    return Step(old, change) if product else None
