"""What the quantities of a table are to a student: weights, signals, slopes, the loss, and what stands before what.

Nothing here is declared by the sheet; it is read from the table of definitions, so that it holds for networks written
as text as well as for layers, with training or without.
"""

from collections.abc import Container, Iterable

from ...formula.expr import Call, Expr, Name, names, walk
from ...formula.names import join, split
from ...graph.build import filled
from ...graph.functions import arguments_of, row_of
from ...graph.shapes import is_number, shape_of
from ...graph.table import Definition, Table
from ...library.losses import LOSSES
from ...record import NamedTuple
from .trees import PRODUCTS, bare, terms

LOSS_NAMES = frozenset(row.name for row in LOSSES)


class Unit(NamedTuple):
    """An activation: the function, and the name of what goes into it."""

    function: str
    input: str


class Scene(NamedTuple):
    """What the quantities of a table are.

    `units` are the activations by their names; `slopes` the derivatives of activations, each with the activation;
    `updated` leads from a parameter to its value after the step; `parameters` are the weights and biases, `biases`
    those that are added; `signals` the vectors that go forward through the network; `losses` the scalars that
    gradients are of; `order` is the place of each quantity in the table.
    """

    table: Table
    units: dict[str, Unit]
    slopes: dict[str, str]
    updated: dict[str, str]
    parameters: frozenset[str]
    biases: frozenset[str]
    signals: tuple[str, ...]
    losses: frozenset[str]
    order: dict[str, int]


def scene_of(table: Table) -> Scene:
    """Look at a table."""
    losses = _losses(table)
    forward = [row for row in table if row.role == "forward" and isinstance(row.formula, Call)]
    units = {row.name: unit for row in forward if (unit := _unit(table, row.formula)) is not None}
    updated = _updated(table)
    inner = [row.formula for row in forward if row.formula is not None and row.name not in losses]
    products = [part for tree in inner for part in walk(tree) if isinstance(part, Call) and part.op in PRODUCTS]
    left, right = ({bare(part.args[side]) for part in products} for side in (0, 1))
    added = {name for tree in inner for term in terms(tree) if (name := bare(term.tree))}
    parameters = set(updated) | set(updated.values())
    if not updated:
        parameters = {row.name for row in table if row.formula is None and row.name in left | added}
    signals = [row.name for row in table if row.name in right or row.name in units]
    signals += [unit.input for unit in units.values()]
    return Scene(
        table,
        units,
        {row.name: of for row in table if row.role == "adjoint" and (of := _activation(table, units, row.name))},
        updated,
        frozenset(parameters),
        frozenset((parameters & added) | {updated[name] for name in parameters & added if name in updated}),
        tuple(dict.fromkeys(name for name in signals if name in table and name not in parameters)),
        losses,
        {row.name: place for place, row in enumerate(table)},
    )


def _updated(table: Table) -> dict[str, str]:
    """Lead from each parameter, in every step, to its value after the step; states of a rule are none."""
    before: dict[str, str] = {}
    found: dict[str, str] = {}
    for row in table:
        base = split(row.name).of
        if row.role == "update" and row.formula and base in table and table[base].formula is None:
            found[before.get(base, base)] = row.name
            before[base] = row.name
    return found


def _losses(table: Table) -> frozenset[str]:
    """Give the scalars that nothing reads further on and that a gradient is of, or that look like a loss."""
    read = {name for row in table if row.formula is not None and row.role == "forward" for name in names(row.formula)}
    found: set[str] = set()
    for row in table:
        of = owner_of(table, row.name) if row.role == "adjoint" else ""
        if of and of not in read and is_number(table.shape(of)):
            found.add(of)
        formula = row.formula if row.role == "forward" and is_number(row.shape) else None
        if isinstance(formula, Call) and (formula.op in LOSS_NAMES or _is_end(row, formula, read)):
            found.add(row.name)
    return frozenset(found)


def _is_end(row: Definition, formula: Call, read: Container[str]) -> bool:
    """Tell whether nothing reads a value further on, and a logarithm, a square or a size is in its formula."""
    if row.name in read:
        return False
    ops = {part.op for part in walk(formula) if isinstance(part, Call)}
    return bool(ops & {"ln", "^", "abs"}) and "sqrt" not in ops and len(names(formula)) > 1


def _unit(table: Table, formula: Expr | None) -> Unit | None:
    """Find the activation that a formula is: a function with a slope, of one name."""
    if not isinstance(formula, Call) or not formula.args:
        return None
    row, inside = table.functions.get(formula.op), formula.args[0]
    if row is None or not isinstance(inside, Name) or not row.name.isidentifier():
        return None
    known = (row.kind == "each" and bool(row.slope) and len(formula.args) == 1) or bool(row.jacobian)
    return Unit(formula.op, inside.id) if known else None


def at_step(table: Table, base: str, step: str) -> str:
    """Give the name of a quantity in a step; that of the quantity itself where it is not stepped; "" for none."""
    stepped = join(split(base)._replace(step=step))
    return stepped if stepped in table else base if base in table else ""


def owner_of(table: Table, name: str) -> str:
    """Give the quantity that a derivative is of; "" for what is no derivative."""
    parts = split(name)
    return at_step(table, parts.of, parts.step) if parts.by else ""


def by_of(table: Table, name: str) -> str:
    """Give the quantity that a derivative is taken by; "" for what is no derivative."""
    parts = split(name)
    return at_step(table, parts.by, parts.step) if parts.by else ""


def _activation(table: Table, units: dict[str, Unit], name: str) -> str:
    of = owner_of(table, name)
    unit = units.get(of)
    return of if unit is not None and by_of(table, name) == unit.input else ""


def is_loss(scene: Scene, row: Definition) -> bool:
    """Tell whether a definition is a loss."""
    return row.name in scene.losses and row.role == "forward"


def is_root(scene: Scene, row: Definition) -> bool:
    """Tell whether a definition is the first derivative of a loss: it reads no other derivative of it."""
    if row.role != "adjoint" or row.formula is None or row.name in scene.slopes:
        return False
    of = owner_of(scene.table, row.name)
    return of in scene.losses and not any(owner_of(scene.table, name) == of for name in names(row.formula))


def is_output(scene: Scene, row: Definition) -> bool:
    """Tell whether a definition is the error at the output: the first derivative of a loss, or that through the
    output's activation."""
    if is_root(scene, row):
        return True
    read = names(row.formula) if row.formula is not None and row.role == "adjoint" else []
    behind = [scene.table[name] for name in read if is_gradient(scene, Name(name))]
    return any(name in scene.slopes for name in read) and bool(behind) and all(is_root(scene, one) for one in behind)


def is_leaf(scene: Scene, row: Definition) -> bool:
    """Tell whether a derivative is taken by a weight, a bias or another given."""
    by = by_of(scene.table, row.name)
    return bool(by) and (scene.table[by].formula is None or by in scene.parameters)


def is_slope(scene: Scene, tree: Expr) -> bool:
    """Tell whether a factor is the slope of an activation."""
    return bare(tree) in scene.slopes


def is_gradient(scene: Scene, tree: Expr) -> bool:
    """Tell whether a factor is a derivative of a loss."""
    return owner_of(scene.table, bare(tree)) in scene.losses if bare(tree) else False


def is_scalar(scene: Scene, tree: Expr) -> bool:
    """Tell whether a formula is one number."""
    return is_number(shape_of(tree, scene.table.shapes))


def slope_text(scene: Scene, function: str, x: Expr, out: Expr) -> Iterable[Expr]:
    """Give the slope of a function: as it is printed, and by its other forms, in its input and its output."""
    row = row_of(function, scene.table.functions)
    texts = [row.slope, *row.forms] if row.slope else ["out ⊙ (1 - out)"]
    given = {**arguments_of(Call(function, (x,)), scene.table.functions), "out": out}
    for text in texts:
        yield filled(text, row.params, given, scene.table.shapes, scene.table.functions)


def unit_of(scene: Scene, input: str) -> str:
    """Give the activation that a quantity goes into; "" for none."""
    return next((name for name, unit in scene.units.items() if unit.input == input), "")
