"""One quantity, explained: what it is, the way from it to the loss, and each step of its derivation with its rule."""

from __future__ import annotations

from ..diagnostics import Span
from ..formula.expr import Call, Name, names
from ..formula.lex import FormulaError
from ..formula.names import key
from ..formula.parse import readings
from ..formula.show import unicode
from ..graph.derivation import Derivation, Link, derivation
from ..graph.paths import ends_of, no_path, paths
from ..graph.rules import Write
from ..graph.table import Table
from ..record import NamedTuple
from ..yamltree import Scalar
from .problem import Ask, Problem, Question, problem_scope, settled
from .sentences import about, check, is_size, reasons, why
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
    `why` says why it is 0, and `check` how the shapes fit.
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
    why: tuple[str, ...]
    check: str


def explain(problem: Problem, text: str, write: Write = unicode) -> Explanation:
    """Explain a quantity of a problem, under any of its names; `write` writes the formulas in sentences.

    Raises:
        FormulaError: no quantity of the problem.
    """
    question = asked(problem, text)
    ask = question.asks[0]
    solved = solve_problem(problem._replace(questions={"": question}))
    part = next(part for part in solved.parts if part.when == question.when)
    quantity = next(each for each in part.quantities if each.role == "asked")
    table = part.table
    found = derivation(table, quantity.source)
    base = _base(ask, quantity.source)
    ends = ends_of(table, base) if table[base].role != "asked" else None
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
        Step(rows[link.name], tuple(reasons(table, link, ends is not None, write)))
        for link in links
        if link.name in rows
    )
    if quantity.source != base:
        steps += (Step(quantity, (f"What is asked of {base}.",)),)
    read = dict.fromkeys(
        name for step in steps if step.quantity.formula is not None for name in names(step.quantity.formula)
    )
    inside = {step.quantity.source for step in steps}
    uses = tuple(
        rows[name]
        for name in table.rows
        if name in read and name in rows and name not in inside and not is_size(table, name)
    )
    return Explanation(
        problem.id,
        quantity,
        part,
        tuple(about(problem, table, quantity, base, ask, ends, write)),
        ways,
        more,
        uses,
        steps,
        left_out,
        found,
        tuple(why(table, found, ends)),
        check(table, base, found, write) if quantity.source == base and ends is not None else "",
    )


def _base(ask: Ask, source: str) -> str:
    """Give the quantity that is explained: the one of which an entry is asked; a formula of a question is its own."""
    tree = ask.tree.args[0] if isinstance(ask.tree, Call) and ask.tree.op == "[]" else ask.tree
    return tree.id if isinstance(tree, Name) else source


def asked(problem: Problem, text: str) -> Question:
    """Give the question for the quantity to be explained: a name of the table, an entry, or a name of a question's own.

    Raises:
        FormulaError: it is anything else.
    """
    for question in problem.questions.values():
        for ask in question.asks:
            if key(ask.name) == key(text.strip()):
                return question._replace(kind="find", asks=(ask,))
    failure: FormulaError | None = None
    for tree in readings(text.strip(), problem_scope(problem, student=True)):
        try:
            settled_tree = settled(problem, tree)
        except FormulaError as error:
            failure = failure or error
            continue
        base = settled_tree.args[0] if isinstance(settled_tree, Call) and settled_tree.op == "[]" else settled_tree
        if isinstance(base, Name):
            ask = Ask(text.strip(), settled_tree, Scalar(text, "plain", Span(1, 1, 1), text, ()))
            return Question("", "find", "", 0.0, (ask,), None, {}, None)
    raise failure or FormulaError(
        f"`{text.strip()}` is a formula", 0, len(text), "name one quantity, such as dJ/dW1 or W1_new"
    )


def _definitions(table: Table, name: str) -> tuple[Link, ...]:
    """Give the definitions that a quantity stands on, those of the forward pass before it; itself last."""
    needed = [each for each in table.needed([name]) if table[each].formula is not None]
    own = table[name].role
    kept = [each for each in needed if each == name or own in ("forward", "asked") or table[each].role == "adjoint"]
    if own == "update":
        direct = set(table.reads(name))
        kept = [each for each in needed if each == name or each in direct]
    return tuple(Link(each, each, "", table[each].formula) for each in kept)
