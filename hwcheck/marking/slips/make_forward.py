"""How mistakes of the forward pass are made: what a student works out in the place of a definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...formula.expr import COMPARISONS, Call, Expr, Name, names, number, walk
from ...graph.algebra import ONE, minus, negative, transpose
from ...graph.build import filled, literal_array
from ...graph.functions import body_of
from ...graph.shapes import entries, shape_of
from ...graph.table import Definition
from .scene import Scene, is_scalar, step_in
from .trees import PRODUCTS, Put, bare, omissions, parts, renamed, sites, terms, total

if TYPE_CHECKING:
    from ...graph.arrays import Nested

#: What is taken for another activation.
ACTIVATIONS = ("sigmoid", "tanh", "relu", "softmax", "identity", "step")
#: A sum of more products is not taken apart.
MOST_PRODUCTS = 12
FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def is_forward(row: Definition) -> bool:
    """Tell whether a definition is worked out on the way forward, or asked as a formula."""
    return row.role in ("forward", "asked")


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
    if not is_forward(row) or row.formula is None:
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
        left, right = (shape_of(arg, scene.table.shapes) for arg in (*row.formula.args, *row.formula.args)[:2])
        if row.formula.op in PRODUCTS and left == right and len(set(row.formula.args)) > 1:
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


def scale_forgotten(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Forget the division by the root of the length of the keys, or forget the root."""
    for part, put in root_divisors(scene, row):
        over, root = part.args
        yield put(over)
        assert isinstance(root, Call)
        yield put(Call("/", (over, root.args[0])))


def root_divisors(scene: Scene, row: Definition) -> Iterator[tuple[Call, Put]]:
    """Give the divisions by the root of a number that is known beforehand."""
    if row.role == "forward":
        for part, put in parts(row.formula, "/"):
            root = part.args[1]
            known = all(is_known(scene, name) and is_scalar(scene, Name(name)) for name in names(root))
            if isinstance(root, Call) and root.op == "sqrt" and known:
                yield part, put


def is_known(scene: Scene, name: str) -> bool:
    """Tell whether a name is a number that is given."""
    return name in scene.table.sizes or (name in scene.table and scene.table[name].formula is None)


def mask_scale(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Forget to divide by the share that is kept, or multiply by it."""
    if row.role != "forward":
        return
    for part, put in parts(row.formula, "/"):
        kept = part.args[1]
        known = all(is_known(scene, name) for name in names(kept)) and is_scalar(scene, kept)
        if known and isinstance(kept, Call) and kept.op == "-" and kept.args[0] == ONE and "^" not in ops_of(kept):
            yield put(part.args[0])
            yield put(Call("⊙", part.args))


def ops_of(tree: Expr) -> set[str]:
    """Give the operations in a formula."""
    return {part.op for part in walk(tree) if isinstance(part, Call)}


def kernel_flipped(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Turn the kernel by 180 degrees."""
    if row.role != "forward" or row.formula is None:
        return
    for part, put in parts(row.formula, "sum"):
        ends = {
            bind.args[0].id: bind.args[1].args  # type: ignore[union-attr]  # a bind is `name = first..last`
            for bind in part.args
            if isinstance(bind, Call) and bind.op == "="
        }
        for inner, back in parts(part, "[]"):
            items = inner.args[1:]
            if ends and all(isinstance(item, Name) and item.id in ends for item in items):
                turned = (minus(Call("+", ends[item.id]), item) for item in items if isinstance(item, Name))
                yield put(back(Call("[]", (inner.args[0], *turned))))
    for part, put in parts(row.formula, "⊙", "*"):
        for place, arg in enumerate(part.args):
            name = bare(arg)
            shape = shape_of(arg, scene.table.shapes)
            if name in scene.table and scene.table[name].formula is None and shape and entries(shape) > 1:
                others = (*part.args[:place], turned_round(arg, shape), *part.args[place + 1 :])
                yield put(Call(part.op, others))


def turned_round(tree: Expr, shape: tuple[int | str, ...]) -> Expr:
    """Give a vector or a matrix with its entries in the opposite order."""
    back: list[Nested] = [
        [float(i + j == int(size) - 1) for j in range(int(size))] for size in shape for i in range(int(size))
    ]
    rows = int(shape[0])
    out: Expr = Call("@", (literal_array(back[:rows]), tree))
    return out if len(shape) == 1 else Call("@", (out, literal_array(back[rows:])))


# --- counting and normalising -----------------------------------------------------------------------------------------


def parameters_miscounted(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave out a term in a count of parameters: a formula of sums and products of whole numbers."""
    if not ops_of(row.formula or ONE) & {"-", "/"}:
        yield from _counted_wrong(scene, row)


def size_miscounted(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave out a term in the size of an output: a formula of whole numbers that takes off or divides."""
    if ops_of(row.formula or ONE) & {"-", "/"}:
        yield from _counted_wrong(scene, row)


def _counted_wrong(scene: Scene, row: Definition) -> Iterator[Expr]:
    if not is_count(scene, row):
        return
    assert row.formula is not None
    shorter: list[Expr] = []
    for part, put in parts(row.formula, "+", "-"):
        every = terms(part)
        shorter += [put(total([*every[:one], *every[one + 1 :]])) for one in range(len(every))]
    yield from shorter
    units = [put for part, put in sites(row.formula) if part == ONE]
    if len(units) > 1:
        yield without_ones(row.formula)


def without_ones(tree: Expr) -> Expr:
    """Leave every 1 out of the sums of a formula."""
    if not isinstance(tree, Call):
        return tree
    new = Call(tree.op, tuple(without_ones(arg) for arg in tree.args))
    return total([term for term in terms(new) if term.tree != ONE]) if new.op in ("+", "-") else new


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


def sample_variance(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Divide by n - 1 in a variance."""
    for part, put in parts(row.formula, "var"):
        yield put(sampled(scene, part, part.args[0]))
    for part, put in parts(row.formula, "mean"):
        inner = part.args[0]
        if isinstance(inner, Call) and inner.op == "^" and row.name not in scene.losses and row.role == "forward":
            yield put(sampled(scene, part, inner))


def sampled(scene: Scene, part: Expr, over: Expr) -> Expr:
    """Give a mean with one less in its divisor."""
    size = entries(shape_of(over, scene.table.shapes))
    return Call("⊙", (number(size / (size - 1)), part)) if size > 1 else part


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


def spread_wrong(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Divide by the variance instead of its root, or leave out what is added or multiplied when normalising."""
    if row.role != "forward" or not is_normalising(scene, row.formula) or row.formula is None:
        if row.role == "forward" and row.formula is not None:
            yield from _affine_dropped(scene, row)
        return
    for part, put in parts(row.formula, "sqrt"):
        yield put(part.args[0])
        every = terms(part.args[0])
        if len(every) > 1:
            yield put(Call("sqrt", (every[0].tree,)))
    yield from _affine_dropped(scene, row)


def _affine_dropped(scene: Scene, row: Definition) -> Iterator[Expr]:
    assert row.formula is not None
    read = names(row.formula)
    if not any(name in scene.table and is_normalising(scene, scene.table[name].formula) for name in read):
        return
    every = terms(row.formula)
    for one, term in enumerate(every):
        if len(every) > 1 and (name := bare(term.tree)) in scene.table and scene.table[name].formula is None:
            yield total([*every[:one], *every[one + 1 :]])
        for factor, rest in omissions(term.tree):
            if (name := bare(factor)) in scene.table and scene.table[name].formula is None:
                yield total([*every[:one], term._replace(tree=rest), *every[one + 1 :]])


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
