"""Sentences about a quantity: what it is, the rules that a step of its derivation follows, why it is 0, its shapes."""

from __future__ import annotations

from collections.abc import Iterable

from ..formula.expr import Call, Expr, Name, names, walk
from ..formula.names import split
from ..formula.show import plain
from ..graph.derivation import Derivation, Link
from ..graph.functions import is_trained
from ..graph.grad import derivative_name, elementwise
from ..graph.paths import ends_of, no_path, quantities_read, starts
from ..graph.rules import Write, rules
from ..graph.shapes import Shape, is_number, product, shape_of, show_shape
from ..graph.table import Definition, Table
from .problem import Ask, Problem
from .solution import Quantity
from .training import Training

WIDEST = 60  # letters of a definition in a sentence


def squeezed(text: str) -> str:
    """Give a text without blanks."""
    return "".join(text.split())


def is_size(table: Table, name: str) -> bool:
    """Tell whether a name is that of a size of arrays."""
    return name in table.symbols or name in table.sizes


def about(
    problem: Problem, table: Table, quantity: Quantity, base: str, ask: Ask, ends: tuple[str, str] | None, write: Write
) -> Iterable[str]:
    """Say what a quantity is: `base` itself, an entry or a slice of it, or a formula that a question asks."""
    name, row = quantity.name, table[base]
    if row.role == "asked":
        same = squeezed(plain(ask.tree)) == squeezed(name)
        yield f"{name} is a formula that a question asks." if same else f"{name} stands for {write(ask.tree)}."
        return
    if quantity.source != base:
        yield f"{name} is {'a part' if quantity.shape else 'an entry'} of {base}."
        name = base
    if ends is None:
        yield from _about_value(problem, name, row, quantity)
        return
    of, by = ends
    loss = "the loss " if of in problem.losses or (problem.training and split(of).of == problem.training.loss) else ""
    own = table.shape(by)
    number = of not in table or is_number(table.shape(of))
    if row.formula is None:
        yield f"{name} is given: the derivative of {loss}{of} by {by}."
    elif number and is_number(own):
        yield (
            f"{name} is the derivative of {loss}{of} by {by}: how much {of} changes for each unit that {by} grows,"
            " while the other givens stay as they are."
        )
    elif number:
        yield (
            f"{name} is the gradient of {loss}{of} by {by}: each entry tells how much {of} changes for each unit that"
            f" this entry of {by} grows. It has the shape of {by}, {show_shape(own)}."
        )
    elif len(row.shape) == 1 and of != by and elementwise(of, table) is not None:
        yield (
            f"{name} are the slopes of {of}, which is worked out entry by entry: entry i is the derivative of {of}[i]"
            f" by {by}[i]. As a matrix they stand on the diagonal, with 0 elsewhere."
        )
    else:
        yield (
            f"{name} is the Jacobian of {of} by {by}: the entry [i,j] is the derivative of {of}[i] by {by}[j]."
            if len(row.shape) == 2
            else f"{name} is the derivative of {of} by {by}: its axes are those of {of}, then those of {by}."
        )


def _about_value(problem: Problem, name: str, row: Definition, quantity: Quantity) -> Iterable[str]:
    """Say what a quantity is that is no derivative."""
    said, role = show_shape(row.shape), row.role
    if role == "given":
        yield f"{name} is given: {said}."
    elif role == "update" and problem.training is not None:
        yield from _about_update(problem.training, name, said)
    elif quantity.section == "Loss" or (problem.training and split(name).of == problem.training.loss):
        yield f"{name} is the loss: {said} that training makes smaller."
    else:
        yield f"{name} is a quantity of the forward pass: {said}."


def _about_update(training: Training, name: str, said: str) -> Iterable[str]:
    """Say what a quantity of the update is: a parameter after a step, a state, a helper or the learning rate."""
    parts, rule = split(name), training.rule
    own = training.tracked.get(parts.of)
    called = f"{rule.name} ({rule.row.about})" if rule.row is not None else "the sheet's own rule"
    if parts.of == training.rate_name:
        yield f"{name} is the learning rate: {said}."
    elif parts.of == "gnorm" and own:
        yield f"{name} is the norm of the gradients of all parameters together: {said}."
    elif own:
        what = "a state, which goes on to the next step" if own in rule.starts else "worked out in each step"
        yield f"{name} is {own} of {called}: {said}, {what}."
    else:
        yield f"{name} is the parameter {parts.of} after a step of {called}."
    if not rule.by_name and parts.of != training.rate_name:
        of = parts.of.removeprefix(f"{own}_") if own else parts.of
        lines = "; ".join(f"{line.name} = {plain(line.formula)}" for line in rule.lines)
        yield f"The rule is {lines}: w stands for {of}, g for its gradient, lr for the learning rate."


def reasons(table: Table, link: Link, derived: bool, write: Write) -> Iterable[str]:
    """Say by which rules a step of a derivation follows."""
    if not derived:
        yield from _defined(table, link)
        return
    if link.formula is None:
        yield f"{link.name} is given."
        return
    of, by = link.of, link.by
    if of == by:
        yield "By itself, each entry changes as much as itself."
        return
    if of in table and not is_number(table.shape(of)):
        yield from _forwards(table, of, by, write)
        return
    read = set(names(link.formula))
    readers = [each for each in on_way(table, of) if by in table.reads(each)]
    if len(readers) > 1:
        yield f"{by} is read by {' and '.join(readers)}: what comes from each is added up."
    for reader in readers:
        formula = table[reader].formula
        shown = f"{reader} = {_short(formula, write)}"
        loss = _loss_of(table, of, reader)
        if loss and reader != of and derivative_name(of, reader) not in read:
            yield f"{shown} goes straight into {loss}: both derivatives together are short, and stay finite."
            forms, inner = table[link.name].forms, table.rows.get(derivative_name(of, reader))
            if forms and inner is not None and inner.formula is not None:
                yield (
                    f"The chain rule comes to the same: {write(forms[0])},"
                    f" where {inner.name} = {_short(inner.formula, write)}."
                )
            continue
        slope = derivative_name(reader, by)
        if slope in read and slope != link.name:
            yield f"{shown} is worked out entry by entry: the chain rule multiplies with its slopes, {slope}."
            continue
        for text in rules(table, reader, by, False, write):
            yield f"In {shown}: {text}."


def _loss_of(table: Table, of: str, reader: str) -> str:
    """Give the loss that takes an activation's value directly, so that both are differentiated together."""
    formula = table[reader].formula
    inner = formula.op if isinstance(formula, Call) else ""
    for name in on_way(table, of):
        after = table[name].formula
        for part in walk(after) if after is not None and reader in table.reads(name) else ():
            if isinstance(part, Call) and part.args and part.args[0] == Name(reader):
                row = table.functions.get(part.op)
                if row is not None and row.fused and row.fused[0] == inner:
                    return row.name
    return ""


def _short(formula: Expr | None, write: Write) -> str:
    """Write a formula that is not too long."""
    shown = "" if formula is None else write(formula)
    return shown if len(shown) <= WIDEST else shown[:WIDEST] + "..."


def _forwards(table: Table, of: str, by: str, write: Write) -> Iterable[str]:
    """Say how the Jacobian of a definition comes about."""
    if by in table.reads(of):
        for text in rules(table, of, by, True, write):
            yield f"In {of} = {_short(table[of].formula, write)}: {text}."
    through = [each for each in quantities_read(table, of) if each != by and by in table.needed([each])]
    if through:
        which = "which depends" if len(through) == 1 else "which depend"
        yield f"{of} reads {' and '.join(through)}, {which} on {by}: Jacobians along a path are multiplied."


def why(table: Table, found: Derivation, ends: tuple[str, str] | None) -> Iterable[str]:
    """Say why a derivative is 0, and what is no path though it may look like one."""
    if not found.reason:
        return
    yield found.reason[0].upper() + found.reason[1:] + "."
    if ends is None or not no_path(table, *ends):
        return
    of, by = ends
    above = set(on_way(table, of))
    both = [each for each in table.needed([by]) if each in above and each not in (of, by) and not is_size(table, each)]
    if both:
        listed = both[0] if len(both) == 1 else f"{', '.join(both[:-1])} and {both[-1]}"
        yield (
            f"Both {by} and {of} are made from {listed}, but that is no path from one to the other: when {by} alone"
            f" changes, nothing that {of} reads does."
        )


def on_way(table: Table, of: str) -> list[str]:
    """Give the quantities that a loss stands on."""
    return table.needed(starts(table, of))


def _defined(table: Table, link: Link) -> Iterable[str]:
    row = table[link.name]
    if is_trained(row.formula):
        yield "Many steps of the same rule."
    elif row.role == "update" and split(link.name).of in table:
        yield "The update: against the gradient, as far as the learning rate says."
    elif row.role == "update":
        yield "A line of the update rule."
    elif row.role == "adjoint":
        yield f"`hwcheck explain` tells how {link.name} comes about."
    elif isinstance(row.formula, Call):
        function = table.functions.get(row.formula.op)
        if function is not None and function.name.isidentifier() and function.about:
            yield f"{function.name} is {function.about}."


# --- shapes -------------------------------------------------------------------------------------------------


def check(table: Table, name: str, found: Derivation, write: Write) -> str:
    """Give the shapes of a derivative's factors, and that they make the shape that is wanted."""
    row, ends = table[name], ends_of(table, name)
    if row.formula is None or ends is None or not row.shape or found.reason:
        return ""
    tree = found.chain or row.formula
    text, single = _shapes(tree, table)
    if single or len(text) > 120:
        text, single = _shapes(row.formula, table)
    text = text.replace("⊙", write(Call("⊙", (Name("a"), Name("b")))).split()[1])
    like = f", like {ends[1]}" if table.shape(ends[1]) == row.shape else ""
    return f"{_size(row.shape)}{like}" if single else f"{text} = {_size(row.shape)}{like}"


def _size(shape: Shape) -> str:
    """Give a shape as a matrix has it: a vector is a column."""
    return " x ".join(map(str, shape if len(shape) != 1 else (*shape, 1)))


def _shapes(tree: Expr, table: Table) -> tuple[str, bool]:
    """Give a formula with shapes in the places of its factors, and whether it is one factor."""
    shape = shape_of(tree, table.shapes)
    if isinstance(tree, Call) and tree.op in ("@", "*", "⊙", "neg"):
        inner = [shape_of(arg, table.shapes) for arg in tree.args]
        parts = [arg for arg, each in zip(tree.args, inner, strict=True) if each]
        if len(parts) == 1:
            return _shapes(parts[0], table)
        kind = product(*inner) if tree.op != "⊙" else None
        texts = [_shapes(part, table) for part in parts]
        if tree.op == "⊙" or kind is None or kind[0] != "matrix":
            return " ⊙ ".join(text for text, _ in texts), False
        left, right = (text if single or " ⊙ " not in text else f"[{text}]" for text, single in texts)
        return f"{left}{right}", False
    return f"({_size(shape)})", True
