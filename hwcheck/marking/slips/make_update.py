"""How mistakes of the update are made, in gradient descent and in rules of optimizers that a sheet writes as text."""

from collections.abc import Iterator

from ...formula.expr import Call, Expr, Name, Num, names, number, walk
from ...formula.names import join, split
from ...graph.algebra import ONE, minus
from ...graph.table import Definition
from .forms import Step, is_normalising, step_in
from .make_layers import root_divisors
from .make_loss import powers_dropped, squares
from .scene import Scene, is_gradient, is_leaf, is_scalar
from .trees import Put, bare, omissions, parts, renamed, sites, terms, total

#: So many numbers of a sheet are tried in each other's places.
MOST_NUMBERS = 6


def step_added(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Add the step instead of taking it off."""
    step = step_in(scene, row)
    if step is not None:
        yield Call("+", step)


def rate_forgotten(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the gradient itself for the step."""
    for step, _, rest in rates(scene, row):
        yield Call("-", (step.old, rest))


def rate_twice(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Multiply by the learning rate twice."""
    for step, rate, _ in rates(scene, row):
        yield Call("-", (step.old, Call("@", (rate, step.change))))


def rates(scene: Scene, row: Definition) -> Iterator[tuple[Step, Expr, Expr]]:
    """Give the step with each number in it that scales, and what is left without it."""
    step = step_in(scene, row)
    if step is None:
        return
    for factor, rest in omissions(step.change):
        known = isinstance(factor, Num) or (bare(factor) in scene.table and scene.table[bare(factor)].formula is None)
        if known and is_scalar(scene, factor) and names(rest):
            yield step, factor, rest


def step_alone(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Give the step for the new value."""
    step = step_in(scene, row)
    if step is not None:
        yield Call("neg", (step.change,))
        yield Call("⊙", (ONE, step.change))


def bias_kept(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave a bias as it was."""
    step = step_in(scene, row)
    if step is not None and step.old.id in scene.biases:
        yield Call("⊙", (ONE, step.old))


def weight_kept(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave a weight as it was."""
    step = step_in(scene, row)
    if step is not None and row.role == "update" and step.old.id not in scene.biases:
        yield Call("⊙", (ONE, step.old))


def old_weights(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Do the forward pass after a step with the weights from before it."""
    before = {new: old for old, new in scene.updated.items()}
    every, changed = row.formula, [name for name in names(row.formula or ONE) if name in before]
    if row.role != "forward" or every is None:
        return
    for name in changed:
        every = renamed(every, name, Name(before[name]))
        if row.formula is not None and len(changed) > 1:
            yield renamed(row.formula, name, Name(before[name]))
    if changed:
        yield every


def old_gradient(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the gradient of the step before."""
    step = step_in(scene, row)
    if row.formula is None or (step is None and row.role != "update"):
        return
    for name in names(row.formula if step is None else step.change):
        before = split(name)
        if is_gradient(scene, Name(name)) and before.step.isdecimal() and before.step != "1":
            earlier = join(before._replace(step=str(int(before.step) - 1)))
            if earlier in scene.table:  # of a long run not every step is there
                yield renamed(row.formula, name, Name(earlier))
    for name in names(step.change) if step is not None else ():  # written as text: the gradient of an earlier line
        shape = scene.table.shape(name) if name in scene.table else None
        for other in scene.table:
            early = scene.order[other.name] < scene.order.get(name, 0)
            given = other.formula is None and name in scene.table and scene.table[name].formula is None
            if row.role == "forward" and early and given and shape == other.shape and other.name[:1] == name[:1]:
                yield renamed(row.formula, name, Name(other.name))


def decay_wrong(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take twice or half of a penalty's gradient, leave it out, or take it without the learning rate."""
    if row.formula is None or (row.role == "adjoint" and not is_leaf(scene, row)):
        return
    for part, put in sites(row.formula):
        every = terms(part)
        if len(every) < 2 or (isinstance(part, Call) and part.op not in ("+", "-")):
            continue
        for one, term in enumerate(every):
            if is_decay(scene, term.tree):
                for times in (2.0, 0.5):
                    scaled = term._replace(tree=Call("@", (number(times), term.tree)))
                    yield put(total([*every[:one], scaled, *every[one + 1 :]]))
                yield put(total([*every[:one], *every[one + 1 :]]))
    step = step_in(scene, row)
    for name in names(step.change) if step is not None else ():  # the penalty is in a line of its own
        inner = scene.table[name].formula if name in scene.table else None
        every = terms(inner) if inner is not None and row.role == "update" else []
        left = [term for term in every if not is_decay(scene, term.tree)]
        if 0 < len(left) < len(every):
            yield renamed(row.formula, name, total(left))
    if step is not None:
        for factor, rest in omissions(step.change):
            every = terms(factor)
            for term in every:
                if len(every) > 1 and is_decay(scene, term.tree):
                    kept = total([each for each in every if each is not term])
                    again = [each for each, left in omissions(step.change) if left == factor] or [rest]
                    yield minus(Call("-", (step.old, Call("@", (again[0], kept)))), term.tree)


def is_decay(scene: Scene, tree: Expr) -> bool:
    """Tell whether a term is a number times a weight."""
    return any(
        is_scalar(scene, factor) and not is_gradient(scene, rest) and _is_weight(scene, bare(rest))
        for factor, rest in omissions(tree)
        if bare(rest)
        and (isinstance(factor, Num) or (bare(factor) in scene.table and bare(factor) not in scene.signals))
    )


def _is_weight(scene: Scene, name: str) -> bool:
    return name in scene.parameters or (name in scene.table and scene.table[name].formula is None and name[:1] in "wWθ")


# --- rules of optimizers ----------------------------------------------------------------------------------------------


def correction_dropped(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Leave out the division by 1 - beta^t."""
    if row.role not in ("forward", "update"):
        return
    found = False
    for part, put in parts(row.formula, "/"):
        if is_correction(scene, part):
            found = True
            yield put(part.args[0])
    if found and row.formula is not None:
        yield uncorrected(scene, row.formula)


def is_correction(scene: Scene, tree: Call) -> bool:
    """Tell whether a running average is divided by 1 - beta^t, or by 1 - beta in the first step."""
    over, under = tree.args
    if not isinstance(under, Call) or under.op != "-" or under.args[0] != ONE or len(names(under)) > 2:
        return False
    behind = scene.table.rows.get(bare(over))
    average = behind is not None and any(True for _ in velocities(scene, behind))
    return average or any(isinstance(part, Call) and part.op == "^" for part in walk(under))


def uncorrected(scene: Scene, tree: Expr) -> Expr:
    """Leave every division by 1 - beta^t out."""
    if not isinstance(tree, Call):
        return tree
    new = Call(tree.op, tuple(uncorrected(scene, arg) for arg in tree.args))
    return new.args[0] if new.op == "/" and is_correction(scene, new) else new


def count_wrong(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take beta for beta^t, or count the steps from 0."""
    if row.role not in ("forward", "update"):
        return
    for part, put in parts(row.formula, "-"):
        power = part.args[1]
        if part.args[0] == ONE and isinstance(power, Call) and power.op == "^":
            base, exponent = power.args
            yield put(Call("-", (ONE, base)))
            yield put(Call("-", (ONE, Call("^", (base, minus(exponent, ONE))))))


def rates_exchanged(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Exchange two decay rates."""
    if row.role not in ("forward", "update") or row.formula is None:
        return
    pool = rates_of(scene)
    for part in dict.fromkeys(part for part in walk(row.formula) if part in pool):
        for other in pool:
            if other != part:
                yield _exchanged(row.formula, part, other)


def rates_of(scene: Scene) -> list[Expr]:
    """Give the numbers of a sheet that are decay rates: between a half and one, given or typed in formulas."""
    table = scene.table
    named: list[Expr] = [
        Name(name) for name, value in table.values.items() if not table.shape(name) and 0.5 < float(value) < 1
    ]
    typed = [
        part
        for row in table
        if row.formula is not None and row.role != "adjoint"
        for part in walk(row.formula)
        if isinstance(part, Num) and 0.5 < part.value < 1
    ]
    return list(dict.fromkeys([*named, *typed]))[:MOST_NUMBERS]


def _exchanged(tree: Expr, one: Expr, other: Expr) -> Expr:
    if tree == one:
        return other
    if tree == other:
        return one
    if isinstance(tree, Call):
        return Call(tree.op, tuple(_exchanged(arg, one, other) for arg in tree.args), tree.at)
    return tree


def velocities(scene: Scene, row: Definition) -> Iterator[tuple[Expr, Expr, Expr, Put]]:
    """Give the running averages in a definition: the rate, the average times it, and what is added."""
    if row.role not in ("forward", "update"):
        return
    for part, put in parts(row.formula, "+"):
        old, new = part.args
        for rate, rest in omissions(old):
            number = is_scalar(scene, rate) and (isinstance(rate, Num) or bool(bare(rate)))
            if number and bare(rest) and (is_gradient_like(new) or without_share(rate, new) is not None):
                yield rate, old, new, put


def is_gradient_like(tree: Expr) -> bool:
    """Tell whether a term is what is averaged as it is: a name, or a power of one."""
    return isinstance(tree, Name) or (isinstance(tree, Call) and tree.op == "^")


def average_or_sum(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take v = b v + (1 - b) g for v = b v + g, or the other way round."""
    for rate, old, new, put in velocities(scene, row):
        rest = without_share(rate, new)
        yield put(Call("+", (old, rest if rest is not None else Call("@", (minus(ONE, rate), new)))))


def without_share(rate: Expr, tree: Expr) -> Expr | None:
    """Leave the factor 1 - rate out of a product; None where it has none."""
    share = 1 - rate.value if isinstance(rate, Num) else None
    for factor, rest in omissions(tree):
        literal = isinstance(factor, Num) and share is not None and abs(factor.value - share) < 1e-9
        if literal or factor == Call("-", (ONE, rate)):
            return rest
    return None


def rate_inside(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the learning rate, with its sign, into the velocity."""
    for rate, old, new, put in velocities(scene, row):
        for name, value in scene.table.values.items():
            if name != bare(rate) and not scene.table.shape(name) and 0 < float(value) < 1:
                yield put(Call("-", (old, Call("@", (Name(name), new)))))
        for other in scene.table:
            step = step_in(scene, other)
            if step is not None and row.name in names(step.change):
                for factor, rest in omissions(step.change):
                    if isinstance(factor, Num) and bare(rest) == row.name:
                        yield put(Call("-", (old, Call("@", (factor, new)))))


def old_average(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Take the velocity of the step before."""
    step = step_in(scene, row)
    if step is None or row.formula is None:
        return
    for name in names(step.change):
        formula = scene.table[name].formula if name in scene.table else None
        if isinstance(formula, Call) and formula.op == "+":
            for older in names(formula.args[0]):
                known = older in scene.table and not is_gradient(scene, Name(older))
                if known and scene.table.shape(older) == scene.table.shape(name):
                    yield renamed(row.formula, name, Name(older))


def square_or_root_missing(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Forget the square of the gradient that is averaged, or the root that is divided by."""
    rule = row.role == "update" or any(True for _ in velocities(scene, row)) or step_in(scene, row) is not None
    other = row.role == "forward" and any(_has_root(part) for part, _ in parts(row.formula, "/"))
    summed = row.role == "forward" and any(len(terms(part)) > 1 for part, _ in parts(row.formula, "+"))
    rule = rule or other or (summed and any(True for _ in squares(row.formula or ONE)))
    known = any(True for _ in root_divisors(scene, row))
    if rule and row.formula and not known and not is_normalising(scene, row.formula) and row.name not in scene.losses:
        yield from powers_dropped(row.formula)


def _has_root(tree: Call) -> bool:
    return any(isinstance(part, Call) and part.op == "sqrt" for part in walk(tree.args[1]))


def epsilon_moved(scene: Scene, row: Definition) -> Iterator[Expr]:
    """Add epsilon inside the root instead of outside, or the other way round."""
    for part, put in parts(row.formula, "+"):
        root, epsilon = part.args
        if isinstance(root, Call) and root.op == "sqrt" and is_scalar(scene, epsilon):
            yield put(Call("sqrt", (Call("+", (root.args[0], epsilon)),)))
    for part, put in parts(row.formula, "sqrt"):
        inner = part.args[0]
        if isinstance(inner, Call) and inner.op == "+" and is_scalar(scene, inner.args[1]):
            known = not names(inner.args[1]) or all(
                name in scene.table and scene.table[name].formula is None for name in names(inner.args[1])
            )
            if known and not is_normalising(scene, inner):
                yield put(Call("+", (Call("sqrt", (inner.args[0],)), inner.args[1])))
