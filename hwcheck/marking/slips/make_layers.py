"""How mistakes about the parts of larger networks are made: normalising, convolution, attention, dropout, counting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...formula.expr import Call, Expr, Name, names, number
from ...graph.algebra import ONE, minus, value_of
from ...graph.build import literal_array
from ...graph.shapes import entries, shape_of
from ...graph.table import Definition
from .forms import is_count, is_known, is_normalising, ops_of
from .scene import Scene, is_scalar
from .trees import Put, bare, omissions, parts, sites, terms, total

if TYPE_CHECKING:
    from ...graph.arrays import Nested

#: A kernel has no more entries; the matrices that turn it round grow with their square.
MOST_TURNED = 49
#: A score that is no larger gets no share of a softmax.
HIDDEN = -100.0


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
    for part, put in parts(row.formula, "conv", "correlate"):
        array, kernel, *window = part.args
        yield put(Call(part.op, (array, Call("flip", (kernel,)), *window)))
    for part, put in parts(row.formula, "⊙", "*"):
        for place, arg in enumerate(part.args):
            name = bare(arg)
            shape = shape_of(arg, scene.table.shapes)
            if name in scene.table and scene.table[name].formula is None and 1 < entries(shape) <= MOST_TURNED:
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


def scale_forgotten(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Forget the division by the root of the length of the keys, or forget the root."""
    for part, put in root_divisors(scene, row):
        over, root = part.args
        yield put(over)
        assert isinstance(root, Call)
        yield put(Call("/", (over, root.args[0])))


def mask_forgotten(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Keep the scores that a mask hides behind a very negative number, or hide the others."""
    if row.role != "forward":
        return
    for part, put in parts(row.formula, "if"):
        seen, score, hidden = part.args
        if (value_of(hidden) or 0.0) <= HIDDEN:
            yield put(score)
            yield put(Call("if", (seen, hidden, score)))


def root_divisors(scene: Scene, row: Definition) -> Iterator[tuple[Call, Put]]:
    """Give the divisions by the root of a number that is known beforehand."""
    if row.role == "forward":
        for part, put in parts(row.formula, "/"):
            root = part.args[1]
            known = all(is_known(scene, name) and is_scalar(scene, Name(name)) for name in names(root))
            if isinstance(root, Call) and root.op == "sqrt" and known:
                yield part, put


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
    if isinstance(row.formula, Call) and row.formula.op == "[for]":
        body, *loops = row.formula.args
        yield from (Call("[for]", (shorter, *loops)) for shorter in _without_givens(scene, body))
    else:
        yield from _without_givens(scene, row.formula)


def _without_givens(scene: Scene, tree: Expr) -> Iterator[Expr]:
    """Leave out a term that is given, or a factor that is: whole, or an entry of it."""

    def is_given(part: Expr) -> bool:
        name = bare(part.args[0] if isinstance(part, Call) and part.op == "[]" else part)
        return name in scene.table and scene.table[name].formula is None

    every = terms(tree)
    for one, term in enumerate(every):
        if len(every) > 1 and is_given(term.tree):
            yield total([*every[:one], *every[one + 1 :]])
        for factor, rest in omissions(term.tree):
            if is_given(factor):
                yield total([*every[:one], term._replace(tree=rest), *every[one + 1 :]])
