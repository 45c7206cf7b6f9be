"""How mistakes of the backward pass are made: in slopes, along paths, and in the gradients of weights and biases."""

from collections.abc import Iterator
from itertools import combinations

from ...formula.expr import Call, Expr, Name, names, number
from ...graph.algebra import is_zero, transpose
from ...graph.shapes import entries
from ...graph.table import Definition, Table
from .forms import ops_of
from .make_forward import inner_products, weighed
from .scene import (
    Scene,
    by_of,
    is_gradient,
    is_leaf,
    is_root,
    is_scalar,
    is_slope,
    owner_of,
)
from .trees import PRODUCTS, bare, omissions, parts, renamed, terms, total

#: So many paths are taken apart into all their combinations; of more, one alone and all but one.
MOST_PATHS = 6


# --- paths ------------------------------------------------------------------------------------------------------------


def some_paths(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Count only some of the paths on which a quantity reaches the loss."""
    if not _is_weight(scene, row) and not through_statistics(scene, row):
        yield from _fewer(scene, row)


def some_uses(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Count only some of the uses of a weight."""
    if _is_weight(scene, row) and not through_statistics(scene, row):
        yield from _fewer(scene, row)


def _is_weight(scene: Scene, row: Definition) -> bool:
    """Tell whether a derivative is by a weight: an input that several units read is one quantity on several paths."""
    return by_of(scene.table, row.name) in scene.parameters


def statistics_kept(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the mean and the variance for constants."""
    if through_statistics(scene, row):
        yield from _fewer(scene, row)


def through_statistics(scene: Scene, row: Definition) -> bool:
    """Tell whether a derivative is by what a mean or a variance is taken of, on the way to a loss."""
    by = by_of(scene.table, row.name)
    forward = [each for each in scene.table if each.role == "forward" and each.name not in scene.losses]
    formulas = [each.formula for each in forward if each.formula is not None]
    return any(by in names(tree) and bool({"mean", "var"} & ops_of(tree)) for tree in formulas)


def _fewer(scene: Scene, row: Definition) -> Iterator[Expr]:
    if row.role != "adjoint" or row.formula is None or row.name in scene.slopes or is_root(scene, row):
        return
    every = terms(row.formula)
    count = len(every)
    sizes = range(1, count) if count <= MOST_PATHS else (1, count - 1)
    for size in sizes:
        for some in combinations(every, size):
            yield total(list(some))
    for part, size, put in inner_products(scene, row.formula):
        for one in range(size):
            yield put(weighed(scene, part, [float(at == one) for at in range(size)]))
            if size > 2:
                yield put(weighed(scene, part, [float(at != one) for at in range(size)]))


def undirected(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Go against an arrow: dy/dx divided by dz/dx through a common ancestor, where no path leads from z to y."""
    if row.role != "adjoint" or row.formula is None or not is_zero(row.formula):
        return
    from ...sheet.problem import derive  # below this package, and needed by few sheets

    of, by = owner_of(scene.table, row.name), by_of(scene.table, row.name)
    for other in scene.table.needed([of]):
        if other not in scene.table.needed([by]) or other in (of, by):
            continue
        work = scene.table.copy()
        pair = [f"d{of}/d{other}", f"d{by}/d{other}"]
        derive(work, pair)
        over, under = (_in_names_of(scene, Name(name), work) for name in pair)
        if not is_zero(over) and not is_zero(under):
            yield Call("/", (over, under))


def _in_names_of(scene: Scene, tree: Expr, work: Table) -> Expr:
    """Write a formula with everything that the table does not have in its place."""
    while missing := [name for name in names(tree) if name not in scene.table and name in work]:
        formula = work[missing[0]].formula
        assert formula is not None
        tree = renamed(tree, missing[0], formula)
    return tree


# --- factors ----------------------------------------------------------------------------------------------------------


def output_slope_dropped(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave the slope of the output's activation out."""
    yield from _slope_dropped(scene, row, True)


def hidden_slope_dropped(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave the slope of a hidden activation out."""
    yield from _slope_dropped(scene, row, False)


def _slope_dropped(scene: Scene, row: Definition, output: bool) -> Iterator[Expr]:
    if row.role == "adjoint" and row.formula is not None:
        for factor, rest in omissions(row.formula):
            if is_slope(scene, factor):
                others = [scene.table[name] for name in names(rest) if is_gradient(scene, Name(name))]
                if output == any(is_root(scene, other) for other in others):
                    yield rest


def weight_dropped(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave the weight out that a path goes through."""
    if row.role != "adjoint" or row.formula is None or is_leaf(scene, row) or is_root(scene, row):
        return
    every = terms(row.formula)
    for one, term in enumerate(every):
        for factor, rest in omissions(term.tree):
            if bare(factor) in scene.parameters or (bare(factor) and _plain(scene, factor)):
                kept = [rest] if is_scalar(scene, rest) else [rest, Call("sum", (rest,))]
                for each in kept:
                    yield total([*every[:one], term._replace(tree=each), *every[one + 1 :]])


def _plain(scene: Scene, tree: Expr) -> bool:
    name = bare(tree)
    return not is_gradient(scene, tree) and name in scene.table and scene.table[name].formula is None


def input_dropped(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave out what a weight multiplies."""
    if row.role != "adjoint" or row.formula is None or not is_leaf(scene, row):
        return
    every = terms(row.formula)
    for one, term in enumerate(every):
        for factor, rest in omissions(term.tree):
            if bare(factor) and not is_gradient(scene, factor) and not is_slope(scene, factor):
                yield total([*every[:one], term._replace(tree=rest), *every[one + 1 :]])


def not_transposed(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take a matrix of weights as it is where its transpose is needed."""
    if row.role == "adjoint":
        for part, put in parts(row.formula, "@"):
            left, right = part.args
            if isinstance(left, Call) and left.op == "ᵀ":
                yield put(Call("@", (left.args[0], right)))


def result_transposed(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Exchange rows and columns of a gradient."""
    if row.role == "adjoint" and row.formula is not None and len(row.shape) == 2 and row.shape[0] == row.shape[1]:
        yield transpose(row.formula, scene.table.shapes)


def updated_weights(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take weights that the step has changed already."""
    if row.role == "adjoint" and row.formula is not None:
        every, changed = row.formula, [name for name in names(row.formula) if name in scene.updated]
        for name in changed:
            every = renamed(every, name, Name(scene.updated[name]))
            yield renamed(row.formula, name, Name(scene.updated[name]))
        if len(changed) > 1:
            yield every


# --- gradients of biases ----------------------------------------------------------------------------------------------


def bias_times_input(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Multiply the gradient of a bias by an input of the layer."""
    formula = row.formula
    if row.role != "adjoint" or formula is None or by_of(scene.table, row.name) not in scene.biases:
        return
    inputs = _inputs_beside(scene, by_of(scene.table, row.name))
    for name in inputs:
        shape = scene.table.shape(name)
        if len(shape) == 1:
            for at in range(min(entries(shape), 6)):
                yield Call("⊙", (formula, Call("[]", (Name(name), number(float(at + 1))))))
        elif not shape:
            yield Call("⊙", (formula, Name(name)))


def _inputs_beside(scene: Scene, bias: str) -> list[str]:
    """Give what the weights multiply to whose sums a bias is added."""
    found: list[str] = []
    for row in scene.table:
        every = terms(row.formula) if row.formula is not None and row.role == "forward" else []
        if any(bare(term.tree) == bias for term in every):
            found += [
                name
                for term in every
                if isinstance(term.tree, Call) and term.tree.op in PRODUCTS
                for arg in term.tree.args
                if (name := bare(arg)) and name not in scene.parameters
            ]
    return found


def bias_over_layer(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Add the gradients of all biases of a layer up."""
    several = entries(row.shape) > 1
    if row.role == "adjoint" and row.formula is not None and by_of(scene.table, row.name) in scene.biases and several:
        yield Call("sum", (row.formula,))
