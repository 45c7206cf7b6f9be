"""One quantity, explained: what it is, the way from it to the loss, and each step of its derivation with its rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..diagnostics import Span
from ..formula.expr import Call, Expr, Name, names
from ..formula.lex import FormulaError
from ..formula.names import key, split
from ..formula.parse import readings
from ..formula.show import unicode
from ..graph.derivation import Derivation, Link, derivation, ends_of, no_path, paths, quantities_read, starts
from ..graph.grad import derivative_name, elementwise
from ..graph.rules import rules
from ..graph.shapes import Shape, is_number, product, shape_of, show_shape
from ..graph.table import Table
from ..yamltree import Scalar
from .problem import Ask, Problem, Question, problem_scope, settled
from .solution import Part, Quantity
from .solving import solve_problem

MOST_PATHS = 6
MOST_LINKS = 40


class Step(NamedTuple):
    """A step of a derivation: the quantity, and the rules that give it."""

    quantity: Quantity
    rules: tuple[str, ...]


class Explanation(NamedTuple):
    """A quantity, explained.

    `about` says what it is. `paths` lead from what it is taken by to what it is of, `more` is the number of those left
    out. `steps` are its derivation in order, itself last; `uses` the quantities of the forward pass that they read.
    `check` says how the shapes fit.
    """

    problem: str
    quantity: Quantity
    part: Part
    about: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]
    more: int
    uses: tuple[Quantity, ...]
    steps: tuple[Step, ...]
    left_out: int
    derivation: Derivation
    check: str


def explain(problem: Problem, text: str) -> Explanation:
    """Explain a quantity of a problem, under any of its names.

    Raises:
        FormulaError: no quantity of the problem.
    """
    ask = asked(problem, text)
    when: Mapping[str, str] | None = None
    question = Question("", "find", "", 0.0, (ask,), when, {}, None)
    part = solve_problem(problem._replace(questions={"": question})).parts[0]
    quantity = next(each for each in part.quantities if each.role == "asked")
    table = part.table
    found = derivation(table, quantity.source)
    base = names(ask.tree)[0]
    ends = ends_of(table, base)
    ways: tuple[tuple[str, ...], ...] = ()
    more = 0
    rows = {each.source: each for each in part.quantities if each.role != "asked"}
    rows[quantity.source] = quantity
    if ends is not None and not no_path(table, *ends):
        listed, count = paths(table, ends[0], ends[1], MOST_PATHS)
        ways, more = tuple(map(tuple, listed)), count - len(listed)
    links = found.links if ends is not None else _definitions(table, base)
    if isinstance(ask.tree, Call) and ends is not None and links:
        rows.setdefault(base, quantity)
    left_out = max(len(links) - MOST_LINKS, 0)
    links = links[left_out:]
    steps = tuple(
        Step(rows[link.name], tuple(_rules(table, link, problem, ends is not None))) for link in links if link.name in rows
    )
    if isinstance(ask.tree, Call) and quantity.source != base:
        steps += (Step(quantity, ("the entry that is asked",)),)
    read = dict.fromkeys(
        name for step in steps if step.quantity.formula is not None for name in names(step.quantity.formula)
    )
    inside = {step.quantity.source for step in steps}
    uses = tuple(
        rows[name] for name in table.rows if name in read and name in rows and name not in inside and not _is_size(table, name)
    )
    return Explanation(
        problem.id,
        quantity,
        part,
        tuple(_about(problem, table, quantity, ask, ends)),
        ways,
        more,
        uses,
        steps,
        left_out,
        found,
        _check(table, base, found),
    )


def asked(problem: Problem, text: str) -> Ask:
    """Read the quantity that is to be explained: a name of the table, an entry, or a name of a question's own.

    Raises:
        FormulaError: it is anything else.
    """
    for question in problem.questions.values():
        for ask in question.asks:
            if key(ask.name) == key(text.strip()):
                return ask
    failure: FormulaError | None = None
    for tree in readings(text.strip(), problem_scope(problem, student=True)):
        try:
            settled_tree = settled(problem, tree)
        except FormulaError as error:
            failure = failure or error
            continue
        base = settled_tree.args[0] if isinstance(settled_tree, Call) and settled_tree.op == "[]" else settled_tree
        if isinstance(base, Name):
            return Ask(text.strip(), settled_tree, Scalar(text, "plain", Span(1, 1, 1), text, ()))
    raise failure or FormulaError(
        f"`{text.strip()}` is a formula", 0, len(text), "name one quantity, such as dJ/dW1 or W1_new"
    )


# --- what a quantity is -------------------------------------------------------------------------------------


def _is_size(table: Table, name: str) -> bool:
    return name in table.symbols or name in table.sizes


def _about(problem: Problem, table: Table, quantity: Quantity, ask: Ask, ends: tuple[str, str] | None) -> Iterable[str]:
    """Say what a quantity is."""
    name, row = quantity.name, table[names(ask.tree)[0]]
    if isinstance(ask.tree, Call) and ask.tree.op == "[]":
        yield f"{name} is an entry of {row.name}."
        name = row.name
    elif not isinstance(ask.tree, Name):
        yield f"{name} stands for {unicode(ask.tree)}."
        return
    if ends is None:
        yield from _about_value(problem, table, name, row.role, quantity)
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


def _about_value(problem: Problem, table: Table, name: str, role: str, quantity: Quantity) -> Iterable[str]:
    """Say what a quantity is that is no derivative."""
    said = show_shape(table.shape(name))
    if role == "given":
        yield f"{name} is given: {said}."
    elif role == "update" and problem.training is not None:
        parts = split(name)
        rule = problem.training.optimizer
        yield f"{name} is the parameter {parts.of} after a step of {rule.name}, {rule.about}."
        yield f"The rule is {rule.lines[-1]}: w stands for {parts.of}, g for its gradient, lr for the learning rate."
    elif quantity.section == "Loss" or (problem.training and split(name).of == problem.training.loss):
        yield f"{name} is the loss: {said} that training makes smaller."
    else:
        yield f"{name} is a quantity of the forward pass: {said}."


# --- the steps ----------------------------------------------------------------------------------------------


def _definitions(table: Table, name: str) -> tuple[Link, ...]:
    """Give the definitions that a quantity stands on, those of the forward pass before it; itself last."""
    needed = [each for each in table.needed([name]) if table[each].formula is not None]
    own = table[name].role
    kept = [each for each in needed if each == name or own in ("forward", "asked") or table[each].role == "adjoint"]
    if own == "update":
        direct = set(table.reads(name))
        kept = [each for each in needed if each == name or each in direct]
    return tuple(Link(each, each, "", table[each].formula, ()) for each in kept)


def _rules(table: Table, link: Link, problem: Problem, derived: bool) -> Iterable[str]:
    """Say by which rules a step of a derivation follows."""
    if not derived:
        yield from _defined(table, link, problem)
        return
    if link.formula is None:
        yield f"{link.name} is given."
        return
    of, by = link.of, link.by
    if of == by:
        yield "By itself, each entry changes as much as itself."
        return
    read = set(names(link.formula))
    readers = [each for each in table.rows if each in set(_on_way(table, of)) and by in table.reads(each)]
    direct = of in table and by in table.reads(of)
    if len(readers) > 1:
        yield f"{by} is read by {' and '.join(readers)}: what comes from each is added up."
    if direct and of not in readers:
        readers = [of]
    for reader in readers:
        formula = table[reader].formula
        title = derivative_name(of, reader)
        shown = f"{reader} = {unicode(formula)}" if formula is not None else reader
        if reader != of and title not in read and not is_number(table.shape(of) if of in table else ()):
            continue
        fused = reader != of and title not in read and isinstance(formula, Call) and _fused(table, of, reader)
        if fused and isinstance(formula, Call):
            after = next(each for each in _on_way(table, of) if reader in table.reads(each))
            loss = table[after].formula
            name = loss.op if isinstance(loss, Call) else after
            yield f"{shown} goes straight into {name}: the derivatives of both together are short, and stay finite."
            continue
        slope = derivative_name(reader, by)
        told = rules(table, reader, by)
        named = f" (here {slope})" if slope in read and slope != link.name else ""
        for text in told:
            yield f"In {shown}: {text}{named}."
    if not direct and not is_number(table.shape(of) if of in table else ()):
        through = [each for each in quantities_read(table, of) if by in table.needed([each])]
        yield f"{of} reads {' and '.join(through)}, which depends on {by}: the Jacobians along the way are multiplied."


def _on_way(table: Table, of: str) -> list[str]:
    """Give the quantities that a loss stands on."""
    return table.needed(starts(table, of))


def _fused(table: Table, of: str, reader: str) -> bool:
    """Tell whether the derivative by an activation's value is passed over, as the loss takes it directly."""
    after = [each for each in _on_way(table, of) if reader in table.reads(each)]
    return len(after) == 1 and isinstance(table[after[0]].formula, Call)


def _defined(table: Table, link: Link, problem: Problem) -> Iterable[str]:
    row = table[link.name]
    if row.role == "update":
        yield "The update: against the gradient, as far as the learning rate says."
    elif row.role == "adjoint":
        yield f"`explain {link.name}` derives it."
    elif isinstance(row.formula, Call):
        function = table.functions.get(row.formula.op)
        if function is not None and function.name.isidentifier() and function.about:
            yield f"{function.name} is {function.about}."


# --- shapes -------------------------------------------------------------------------------------------------


def _check(table: Table, name: str, found: Derivation) -> str:
    """Give the shapes of a derivative's factors, and that they make the shape that is wanted."""
    row, ends = table[name], ends_of(table, name)
    if row.formula is None or ends is None or not row.shape or found.reason:
        return ""
    tree = found.chain or row.formula
    text, single = _shapes(tree, table)
    if single or len(text) > 120:
        text, single = _shapes(row.formula, table)
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
