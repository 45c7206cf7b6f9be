"""How mistakes about slopes are made: of activations, of relu at and below 0, of what is the largest."""

from collections.abc import Iterator

from ...formula.expr import COMPARISONS, Call, Expr, Name, names, number
from ...graph.algebra import ONE
from ...graph.build import ones
from ...graph.shapes import entries, shape_of
from ...graph.table import Definition
from .scene import Scene, is_root, is_scalar, slope_text
from .trees import bare, omissions, parts, renamed

OTHER_SLOPES = ("sigmoid", "tanh", "relu")


def slope_at_output(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Work the slope out at the value after the activation."""
    unit = scene.units.get(scene.slopes.get(row.name, ""))
    if unit is not None:
        out = Name(scene.slopes[row.name])
        yield from slope_text(scene, unit.function, out, Call(unit.function, (out,)))


def slope_of_input(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Put the value before the activation into the formula that wants the one after it."""
    unit = scene.units.get(scene.slopes.get(row.name, ""))
    if unit is not None:
        yield from slope_text(scene, unit.function, Name(unit.input), Name(unit.input))


def slope_of_error(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Put the error of the output into the formula of the slope."""
    activation = scene.slopes.get(row.name, "")
    unit = scene.units.get(activation)
    if unit is None or unit.function not in ("sigmoid", "tanh"):
        return
    for other in scene.table:
        if is_root(scene, other) and other.formula is not None and activation in names(other.formula):
            for part, _ in parts(other.formula, "-"):
                if all(isinstance(arg, Name) for arg in part.args):
                    for error in (part, Call("-", part.args[::-1])):
                        yield next(iter(slope_text(scene, unit.function, error, error)))


def slope_in_part(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take one factor of the slope for the whole."""
    activation = scene.slopes.get(row.name, "")
    if activation and scene.units[activation].function in ("sigmoid", "tanh"):
        yield Call("⊙", (ONE, Name(activation)))
        yield Call("-", (ONE, Name(activation)))


def other_slope(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the slope of another activation."""
    activation = scene.slopes.get(row.name, "")
    unit = scene.units.get(activation)
    if unit is not None:
        for other in OTHER_SLOPES:
            if other != unit.function:
                yield from slope_text(scene, other, Name(unit.input), Name(activation))


def slope_below_zero(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Give relu a slope below 0, or its input for the slope."""
    activation = scene.slopes.get(row.name, "")
    unit = scene.units.get(activation)
    if unit is not None and unit.function in ("relu", "max"):
        yield ones(row.shape) if row.shape else ONE
        yield Call("⊙", (ONE, Name(unit.input)))
        yield Call("⊙", (ONE, Name(activation)))


def wrong_mask(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the mask of relu from the gradient, or from another layer."""
    if row.role != "adjoint" or row.formula is None:
        return
    for factor, rest in omissions(row.formula):
        activation = scene.slopes.get(bare(factor), "")
        if activation and scene.units[activation].function in ("relu", "leaky_relu"):
            yield Call("⊙", (rest, Call(">", (rest, number(0.0)))))
            for other, of in scene.slopes.items():
                same = scene.table.shape(other) == scene.table.shape(bare(factor))
                if other != bare(factor) and same and scene.units[of].function == scene.units[activation].function:
                    yield renamed(row.formula, bare(factor), Name(other))


def slope_at_zero(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Give relu or the absolute value another slope at exactly 0."""
    if row.role != "adjoint" or row.formula is None:
        return
    for part, put in parts(row.formula, ">"):
        yield put(Call(">=", part.args))
        yield put(Call("/", (Call("+", (part, Call(">=", part.args))), number(2.0))))
    for part, put in parts(row.formula, "sign"):
        for low in (">", ">="):
            yield put(Call("if", (Call(low, (part.args[0], number(0.0))), ONE, number(-1.0))))


def mask_dropped(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Give the gradient of a largest value to every cell, or share it out."""
    if row.role != "adjoint" or row.formula is None:
        return
    for part, put in parts(row.formula, "at_max", "at_min"):
        shape = shape_of(part, scene.table.shapes)
        yield put(ones(shape))
        yield put(Call("/", (ones(shape), number(float(entries(shape))))))
    if row.name not in scene.slopes:
        masks = list(parts(row.formula, *COMPARISONS))
        for part, put in masks:
            yield put(ONE if is_scalar(scene, part) else ones(shape_of(part, scene.table.shapes)))
        if masks:
            yield _unmasked(row.formula)


def _unmasked(tree: Expr) -> Expr:
    if not isinstance(tree, Call):
        return tree
    return ONE if tree.op in COMPARISONS else Call(tree.op, tuple(_unmasked(arg) for arg in tree.args))
