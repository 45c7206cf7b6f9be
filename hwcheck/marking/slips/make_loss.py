"""How mistakes about the loss are made, in its value and in its first derivative."""

from collections.abc import Iterator

from ...formula.expr import Call, Expr, Name, names, number
from ...graph.algebra import ONE, minus, negative, times
from ...graph.build import filled
from ...graph.shapes import shape_of
from ...graph.table import Definition
from ...library.losses import LOSSES
from .forms import is_normalising, ops_of
from .make_forward import sizes_of, written_out
from .scene import Scene, by_of, is_loss, is_output, is_root, owner_of, slope_text, unit_of
from .trees import Put, bare, omissions, parts, renamed, terms, total

#: The losses of a prediction and a target that are taken for one another.
COMPARING = tuple(row for row in LOSSES if row.params == ("p", "y") and row.vjp)
LOGARITHMS = ("log10", "log2")


def mean_or_sum(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the sum for the mean, or the mean for the sum."""
    loss = row.name if is_loss(scene, row) else owner_of(scene.table, row.name) if is_output(scene, row) else ""
    formula = scene.table[loss].formula if loss else None
    if formula is None or row.formula is None:
        return
    averaged = {part.op for part, _ in parts(written_out(scene, formula), "mean", "/")}
    for size in sizes_of(scene, row):
        if averaged:
            yield times(number(size), row.formula, scene.table.shapes)
        if "mean" not in averaged:
            yield Call("/", (row.formula, number(size)))
    for part, put in parts(row.formula, "/"):
        if not names(part.args[1]):
            yield put(part.args[0])


def loss_negated(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Forget the minus sign of a loss."""
    if is_loss(scene, row) and row.formula is not None:
        yield Call("neg", (row.formula,))


def loss_halved(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Add a half to a squared error, or leave it out."""
    if is_loss(scene, row) and row.formula is not None and is_squared(scene, row):
        yield Call("@", (number(2.0), row.formula))
        yield Call("/", (row.formula, number(2.0)))


def is_squared(scene: Scene, row: Definition) -> bool:
    """Tell whether a loss has a square in it."""
    return row.formula is not None and any(True for _ in squares(written_out(scene, row.formula)))


def squares(tree: Expr) -> Iterator[tuple[Call, Put]]:
    """Give the squares in a formula."""
    for part, put in parts(tree, "^"):
        if part.args[1] == number(2.0):
            yield part, put


def other_logarithm(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the logarithm to another base."""
    if row.formula is None or row.role != "forward":
        return
    plain = written_out(scene, row.formula)
    if not any(True for _ in parts(plain, "ln")):
        return
    for other in LOGARITHMS:
        yield replaced_calls(plain, "ln", other)


def replaced_calls(tree: Expr, old: str, new: str) -> Expr:
    """Give a formula with one function in the place of another, everywhere."""
    if not isinstance(tree, Call):
        return tree
    return Call(new if tree.op == old else tree.op, tuple(replaced_calls(arg, old, new) for arg in tree.args))


def targets_of(scene: Scene, row: Definition) -> list[str]:
    """Give the givens that a loss compares with."""
    assert row.formula is not None
    table = scene.table
    read = [name for name in names(row.formula) if name in table]
    return [name for name in read if table[name].formula is None and name not in scene.parameters]


def target_turned(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Exchange y and 1 - y."""
    if not is_loss(scene, row) or row.formula is None:
        return
    for target in targets_of(scene, row):
        yield renamed(row.formula, target, minus(ONE, Name(target)))


def all_classes(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Add the logarithms of all classes up, or count the wrong ones as a binary loss does."""
    if not is_loss(scene, row) or row.formula is None:
        return
    plain = written_out(scene, row.formula)
    targets = targets_of(scene, row)
    for part, put in parts(plain, "⊙", "@", "*"):
        for factor, rest in omissions(part):
            if bare(factor) in targets and isinstance(rest, Call) and rest.op == "ln":
                yield put(rest)
                y, p = factor, rest.args[0]
                others = Call("⊙", (minus(ONE, y), Call("ln", (minus(ONE, p),))))
                yield put(Call("+", (part, others)))


def other_loss(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take another loss of the library, in its value or in its first derivative."""
    name = row.name if is_loss(scene, row) else owner_of(scene.table, row.name) if is_root(scene, row) else ""
    pair, formula = (_compared(scene, scene.table[name]), scene.table[name].formula) if name else (None, None)
    if pair is None or formula is None:
        return
    unit = unit_of(scene, by_of(scene.table, row.name))
    for other in COMPARING:
        if _kind(scene, formula) == _kind(scene, Call(other.name, pair)):
            continue  # those of one kind differ by a factor alone, which has rows of its own
        if row.name == name:
            yield Call(other.name, pair)
            continue
        given = {"p": pair[0], "y": pair[1], "g": ONE}
        slope = filled(str(other.vjp[0]), other.params, given, scene.table.shapes, scene.table.functions)
        if not unit or bare(pair[0]) != unit:
            yield slope
            continue
        for factor in slope_text(scene, scene.units[unit].function, Name(scene.units[unit].input), Name(unit)):
            yield Call("⊙", (slope, factor))


def _kind(scene: Scene, loss: Expr) -> str:
    """Give what a loss is made of: the logarithm, the size or the square of what it compares."""
    ops = ops_of(written_out(scene, loss))
    return next((kind for kind in ("ln", "abs") if kind in ops), "^")


def _compared(scene: Scene, row: Definition) -> tuple[Expr, Expr] | None:
    """Give what a loss compares: the prediction and the target; None where it has other parts."""
    targets, made = targets_of(scene, row), scene.table.reads(row.name)
    found = [name for name in made if scene.table[name].formula is not None]
    return (Name(found[0]), Name(targets[0])) if len(targets) == len(found) == 1 else None


def square_missing(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Forget a square, or a root."""
    if row.formula is None or row.role not in ("forward", "asked") or is_normalising(scene, row.formula):
        return
    if not (is_loss(scene, row) or not_stepped(row)):
        return
    yield from powers_dropped(written_out(scene, row.formula))


def not_stepped(row: Definition) -> bool:
    """Tell whether a formula is a norm, a root or a distance and no rule of an optimizer."""
    return isinstance(row.formula, Call) and row.formula.op in ("sqrt", "norm", "^", "sum", "mean")


def powers_dropped(tree: Expr) -> Iterator[Expr]:
    """Give a formula without one of its squares, or without one of its roots."""
    for part, put in squares(tree):
        yield put(Call("abs", (part.args[0],)))
    for part, put in parts(tree, "sqrt"):
        yield put(part.args[0])


def brackets_lost(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Let what stands before or under a sum reach its first term alone."""
    if row.formula is None or row.role != "forward":
        return
    shapes = scene.table.shapes
    for part, put in parts(written_out(scene, row.formula), "neg", "/", "@", "⊙", "*"):
        place = len(part.args) - 1 if part.op != "/" else 0
        inner = part.args[place]
        around = inner
        if isinstance(inner, Call) and inner.op in ("sum", "mean") and len(inner.args) == 1:
            around = inner.args[0]
        every = terms(around)
        if len(every) < 2:
            continue
        head, *rest = [term.tree if not term.off else negative(term.tree) for term in every]
        if around is not inner and isinstance(inner, Call):
            each_apart: list[Expr] = [Call(inner.op, (each,)) for each in (head, *rest)]
            head, *rest = each_apart
        if any(shape_of(each, shapes) != shape_of(head, shapes) for each in rest):
            continue
        first = Call(part.op, (*part.args[:place], head, *part.args[place + 1 :]))
        out: Expr = first
        for each in rest:
            out = Call("+", (out, each))
        yield put(out)


# --- the first derivative ---------------------------------------------------------------------------------------------


def error_negated(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the target minus the prediction."""
    if is_output(scene, row) and row.formula is not None:
        yield negative(row.formula)


def factor_two(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Forget the 2 that the square brings down, or count it where a half took it away."""
    if is_output(scene, row) and row.formula is not None:
        yield Call("@", (number(2.0), row.formula))
        yield Call("/", (row.formula, number(2.0)))


def inner_sign(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Forget the minus in front of the prediction in ln(1 - p)."""
    if not is_root(scene, row) or row.formula is None:
        return
    every = terms(row.formula)
    for one, term in enumerate(every):
        if isinstance(term.tree, Call) and term.tree.op in ("/", "ratio") and len(every) > 1:
            yield total([*every[:one], term._replace(off=not term.off), *every[one + 1 :]])


def extra_slope(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Multiply by the slope of the output once more, where the loss has cancelled it."""
    unit = unit_of(scene, by_of(scene.table, row.name))
    if is_root(scene, row) and unit and row.formula is not None:
        out = Name(unit)
        yield Call("⊙", (row.formula, Call("⊙", (out, minus(ONE, out)))))


def diagonal_alone(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the diagonal of the softmax's Jacobian alone."""
    unit = unit_of(scene, by_of(scene.table, row.name))
    if not unit or scene.units[unit].function != "softmax" or row.formula is None or row.role != "adjoint":
        return
    for form in (row.formula, *row.forms):
        for part, put in parts(form, "⊙"):
            left, right = part.args
            if bare(left) == unit and isinstance(right, Call) and right.op == "-":
                yield put(Call("⊙", (Call("⊙", (left, minus(ONE, left))), right.args[0])))


def size_for_slope(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the error for the slope of its absolute value, or the other sign."""
    if not is_root(scene, row) or row.formula is None:
        return
    for part, put in parts(row.formula, "sign"):
        yield put(part.args[0])
        yield put(Call("neg", (part,)))
