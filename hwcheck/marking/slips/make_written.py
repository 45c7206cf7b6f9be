"""How mistakes are made in formulas that a sheet writes out, where another calls a function or an optimizer.

`p = exp(z) / sum(exp(z))`, a mean as `1/3 sum(...)`, a penalty inside the loss: the same mistakes as in the named form,
found in the text of the formula.
"""

from collections.abc import Iterator

from ...formula.expr import Call, Expr, Name, Num, names, number, walk
from ...graph.algebra import ONE
from ...graph.table import Definition
from .make_forward import sizes_of, written_out
from .scene import Scene, is_gradient, is_loss, is_output, is_slope, slope_text
from .trees import PRODUCTS, Put, bare, omissions, parts, sites, terms, total

#: Slopes whose short form is written in the output, where something else can be put in.
SHORT = ("sigmoid", "tanh")


def exponentials_dropped(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Divide the scores by their sum, without exponentials."""
    if row.role == "forward":
        for part, put in parts(row.formula, "/"):
            if all(any(isinstance(inner, Call) and inner.op == "exp" for inner in walk(arg)) for arg in part.args):
                yield put(_without_exp(part))


def _without_exp(tree: Expr) -> Expr:
    if not isinstance(tree, Call):
        return tree
    return _without_exp(tree.args[0]) if tree.op == "exp" else Call(tree.op, tuple(map(_without_exp, tree.args)))


def share_dropped(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave out the number that makes a mean of a sum: 1/3 before the sum of three."""
    if row.formula is None or not (is_loss(scene, row) or is_output(scene, row)):
        return
    for part, put in sites(row.formula):
        if isinstance(part, Num) and any(abs(part.value * size - 1) < 1e-9 for size in sizes_of(scene, row)):
            yield put(number(1.0))


def reach_lost(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Let a sign and a factor in front of a sum, both of them, reach its first term alone."""
    if row.formula is None or row.role != "forward":
        return
    around: list[Put] = []
    tree = written_out(scene, row.formula)
    while isinstance(tree, Call):
        if tree.op == "neg":
            around.append(lambda inner: Call("neg", (inner,)))
            tree = tree.args[0]
        elif tree.op in PRODUCTS and isinstance(tree.args[0], Num):
            around.append(_before(tree))
            tree = tree.args[1]
        else:
            break
    if len(around) < 2 or not isinstance(tree, Call):
        return
    adding = tree.op if tree.op in ("sum", "mean") and len(tree.args) == 1 else ""
    every = terms(tree.args[0] if adding else tree)
    if len(every) > 1:
        head, *rest = [term._replace(tree=Call(adding, (term.tree,))) if adding else term for term in every]
        first = total([head])
        for put in reversed(around):
            first = put(first)
        yield total([head._replace(tree=first, off=False), *rest])


def _before(product: Call) -> Put:
    return lambda inner: Call(product.op, (product.args[0], inner))


def error_for_slope(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Work the slope's short form out on the error, for the error times the slope."""
    if row.role != "adjoint" or not is_output(scene, row):
        return
    for slope, error in omissions(row.formula or ONE):
        if is_slope(scene, slope) and is_gradient(scene, error):
            unit = scene.units[scene.slopes[bare(slope)]]
            if unit.function in SHORT:
                yield from slope_text(scene, unit.function, error, error)


def old_velocity_added(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the velocity of the step before, in an update that adds the velocity: w + v."""
    tree = row.formula
    if row.role != "forward" or not isinstance(tree, Call) or tree.op != "+" or not bare(tree.args[1]):
        return
    velocity = scene.table[bare(tree.args[1])]
    if isinstance(velocity.formula, Call) and velocity.formula.op == "-":
        for older in names(velocity.formula.args[0]):
            if older in scene.table and scene.table.shape(older) == velocity.shape:
                yield Call("+", (tree.args[0], Name(older)))
