"""How mistakes of the forward pass are made: what a student works out in the place of a definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...formula.expr import COMPARISONS, Call, Expr, Name, names, number, walk
from ...graph.algebra import ONE, negative, transpose
from ...graph.build import filled, literal_array
from ...graph.functions import body_of
from ...graph.shapes import entries, shape_of
from ...graph.table import Definition
from .forms import is_count, is_forward, is_normalising, step_in
from .scene import Scene, is_scalar
from .trees import PRODUCTS, Put, bare, parts, renamed, terms, total

if TYPE_CHECKING:
    from ...graph.arrays import Nested

#: What is taken for another activation.
ACTIVATIONS = ("sigmoid", "tanh", "relu", "softmax", "identity", "step")
#: A sum of more products is not taken apart.
MOST_PRODUCTS = 12
FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def inner_products(scene: Scene, tree: Expr) -> Iterator[tuple[Call, int, Put]]:
    """Give the products of matrices in a formula with the number of products that each entry adds up."""
    for part, put in parts(tree, "@"):
        left, right = (shape_of(arg, scene.table.shapes) for arg in part.args)
        if len(left) == 2 and right and isinstance(right[0], int) and 1 < right[0] <= MOST_PRODUCTS:
            yield part, right[0], put


def weighed(scene: Scene, part: Call, weights: list[Nested]) -> Expr:
    """Give a product of matrices with each of the products that an entry adds up taken so many times."""
    left, right = part.args
    scale = literal_array(weights)
    if len(shape_of(right, scene.table.shapes)) == 1:
        return Call("@", (left, Call("⊙", (scale, right))))
    return Call("@", (left, Call("@", (Call("diag", (scale,)), right))))


# --- sums and products ------------------------------------------------------------------------------------------------


def product_dropped(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave out one product of a sum of products."""
    if not is_forward(row) or row.formula is None or is_count(scene, row):
        return
    for part, size, put in inner_products(scene, row.formula):
        for one in range(size):
            yield put(weighed(scene, part, [float(at != one) for at in range(size)]))
    every = terms(row.formula)
    products = [at for at, term in enumerate(every) if isinstance(term.tree, Call) and term.tree.op in PRODUCTS]
    if len(products) > 1:
        for one in products:
            yield total([term for at, term in enumerate(every) if at != one])


def sign_lost(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Lose the sign of one weight or input, or of all of them."""
    if not is_forward(row) or row.formula is None:
        return
    for part, size, put in inner_products(scene, row.formula):
        for one in range(size):
            yield put(weighed(scene, part, [-1.0 if at == one else 1.0 for at in range(size)]))
        for place, arg in enumerate(part.args):
            yield put(Call("@", (*part.args[:place], Call("abs", (arg,)), *part.args[place + 1 :])))
    every = terms(row.formula)
    for one, term in enumerate(every):
        if len(every) > 1 and isinstance(term.tree, Call) and term.tree.op in PRODUCTS:
            yield total([*every[:one], term._replace(off=not term.off), *every[one + 1 :]])


def bias_dropped(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave the bias out."""
    if is_forward(row) and row.formula is not None:
        every = terms(row.formula)
        for one, term in enumerate(every):
            normalised = any(is_normalising(scene, each.tree) for each in every)
            if len(every) > 1 and bare(term.tree) in scene.biases and not normalised:
                yield total([*every[:one], *every[one + 1 :]])


def weights_by_columns(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Read a matrix of weights by columns instead of rows."""
    if not is_forward(row):
        return
    for part, put in parts(row.formula, "@"):
        name = bare(part.args[0])
        if name not in scene.parameters or not isinstance(part.args[0], Name):
            continue
        shape = scene.table.shape(name)
        if len(shape) == 2 and 1 not in shape:
            turned: Expr = transpose(part.args[0], scene.table.shapes)
            if shape[0] != shape[1]:
                turned = Call("reshape", (turned, *(number(float(size)) for size in shape)))
            yield put(Call("@", (turned, part.args[1])))


def other_layer(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the vector of another layer, of the same shape, or the value before the activation."""
    if row.formula is None or row.role not in ("forward", "adjoint") or row.name in scene.slopes:
        return
    if row.name in scene.losses or row.name in scene.units or step_in(scene, row) is not None:
        return
    for name in names(row.formula):
        if name not in scene.signals:
            continue
        shape = scene.table.shape(name)
        for other in scene.signals:
            early = scene.order[other] < scene.order[row.name]
            if other != name and early and scene.table.shape(other) == shape and step_of(other) == step_of(name):
                yield renamed(row.formula, name, Name(other))


def step_of(name: str) -> str:
    """Give the step that a name ends with, "" for none."""
    return "new" if name.endswith("_new") else name.partition("@")[2]


def products_mixed(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Multiply entry by entry where matrices are multiplied."""
    for part, put in parts(row.formula, "@"):
        left, right = part.args
        first, second = (shape_of(arg, scene.table.shapes) for arg in part.args)
        if is_scalar(scene, left) or is_scalar(scene, right):
            continue
        yield put(Call("⊙", (left, right)))
        if len(first) == 1 and isinstance(right, Call) and right.op == "ᵀ" and second[1] == first[0]:
            both = Call("⊙", (left, right.args[0]))  # δ aᵀ worked out as δ ⊙ a, in every row or in every column
            one = Call("ones", (number(float(first[0])),))
            yield put(Call("@", (one, transpose(both, scene.table.shapes))))
            yield put(Call("@", (both, transpose(one, scene.table.shapes))))


def product_added(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Add the links of a chain instead of multiplying them."""
    if row.role == "adjoint" and row.name not in scene.slopes and isinstance(row.formula, Call):
        if row.formula.op not in PRODUCTS or len(set(row.formula.args)) == 1:
            return
        left, right = (shape_of(arg, scene.table.shapes) for arg in row.formula.args)
        if left == right:
            yield Call("+", row.formula.args)


# --- functions --------------------------------------------------------------------------------------------------------


def other_activation(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take another activation."""
    unit = scene.units.get(row.name)
    if unit is None:
        return
    for other in ACTIVATIONS:
        if other not in (unit.function, "identity"):
            yield Call(other, (Name(unit.input),))


def activation_forgotten(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Go on with the value before the activation."""
    unit = scene.units.get(row.name)
    if unit is not None:
        yield Call("⊙", (ONE, Name(unit.input)))


def exponent_sign(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the exponent with the other sign."""
    unit = scene.units.get(row.name)
    if unit is not None and unit.function in ("sigmoid", "tanh", "softmax"):
        yield Call(unit.function, (negative(Name(unit.input)),))
    elif row.role == "forward" and unit is None:
        for part, put in parts(row.formula, "exp"):
            yield put(Call("exp", (negative(part.args[0]),)))


def not_normalised(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave out the division that makes probabilities add up to 1, or the exponentials in it."""
    if row.role != "forward":
        return
    for part, put in parts(row.formula, "softmax"):
        yield put(Call("exp", part.args))
        yield put(Call("/", (part.args[0], Call("sum", part.args))))
    for part, put in parts(row.formula, "/"):
        if any(isinstance(inner, Call) and inner.op == "exp" for inner in walk(part.args[0])):
            yield put(part.args[0])


def shift_mixed(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the largest entry off above the line of a softmax, or below it, but not in both places."""
    if row.role != "forward":
        return
    for part, put in parts(row.formula, "softmax"):
        for text in ("exp(x - max(x)) / sum(exp(x))", "exp(x) / sum(exp(x - max(x)))"):
            yield put(filled(text, ("x",), {"x": part.args[0]}, scene.table.shapes, scene.table.functions))
    for part, put in parts(row.formula, "exp"):
        if isinstance(part.args[0], Call) and part.args[0].op == "-":
            yield put(Call("exp", (part.args[0].args[0],)))


def other_axis(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Go along the other axis of a matrix."""
    if row.role != "forward":
        return
    for part, put in parts(row.formula, "[]"):
        if len(part.args) == 3 and part.args[1] != part.args[2]:
            yield put(Call("[]", (part.args[0], part.args[2], part.args[1])))
    for part, put in parts(row.formula, "@"):
        for one, other in (part.args, part.args[::-1]):
            if isinstance(one, Call) and one.op == "ones":
                yield put(Call("@", (transpose(other, scene.table.shapes), one)))


def comparison_turned(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Compare in the other direction, or decide a tie the other way."""
    if row.formula is None or not is_forward(row):
        return
    for part, put in parts(row.formula, *COMPARISONS):
        if part.op in FLIPPED:
            yield put(Call(FLIPPED[part.op], part.args))


def written_out(scene: Scene, tree: Expr) -> Expr:
    """Give a formula with the bodies of the functions that have one in their places, once."""
    if isinstance(tree, Call):
        row = scene.table.functions.get(tree.op)
        if row is not None and row.body and row.kind in ("all", "body"):
            return body_of(tree, scene.table.functions)
        return Call(tree.op, tuple(written_out(scene, arg) for arg in tree.args))
    return tree


def sizes_of(scene: Scene, row: Definition) -> list[float]:
    """Give the numbers by which a student may divide: of outputs, of samples, of all entries that a loss looks at."""
    found: dict[float, None] = {}
    assert row.formula is not None
    for name in names(row.formula):
        shape = scene.table.shape(name) if name in scene.table else ()
        known = [float(size) for size in shape if isinstance(size, int)]
        for size in (*known, float(entries(shape)) if len(known) == len(shape) else 1.0):
            if size > 1:
                found[size] = None
    return list(found)
