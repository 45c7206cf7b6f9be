"""What a drawing of a problem says: the quantities of one forward pass, their arrows, and the numbers beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..formula.expr import Expr, names
from ..formula.names import Parts, join, split
from ..formula.parse import FormulaError
from ..graph.edges import Edge, edges_in, graph_of
from ..graph.evaluate import solve_table
from ..graph.shapes import Shape, is_number
from ..graph.table import Table
from ..record import NamedTuple
from .problem import Problem, derive
from .solving import known

if TYPE_CHECKING:
    from ..graph.arrays import Array


class Drawn(NamedTuple):
    """A quantity of a drawing.

    `kind` is "given", "computed", or "result" for what is computed and nothing reads. `value` is None where it is
    symbolic or not asked, `gradient` the name of the derivative of the loss by it, "" where it is not asked or there is
    none, and `slope` that derivative's value.
    """

    name: str
    kind: str
    formula: Expr | None
    shape: Shape
    value: Array | None = None
    gradient: str = ""
    slope: Array | None = None


class Drawing(NamedTuple):
    """The computational graph of a problem, in the order of its table; `loss` is what gradients are taken of."""

    problem: str
    title: str
    quantities: tuple[Drawn, ...]
    edges: tuple[Edge, ...]
    loss: str = ""


def drawing_of(problem: Problem, values: bool = False, gradients: bool = False) -> Drawing:
    """Give what a drawing of one pass through a problem's network says.

    Args:
        problem: the problem; with several training steps the first pass is drawn.
        values: whether the values of quantities are asked, as far as there are numbers.
        gradients: whether the derivatives of the loss are asked, see `loss_of`.
    """
    base = problem.base
    graph = graph_of(base)
    edges = edges_in(graph)
    read = {source for source, _ in edges}
    loss = loss_of(problem) if gradients else ""
    work = base
    slopes: dict[str, str] = {}
    if loss:
        slopes = {name: join(Parts(loss, name)) for name in graph if name != loss}
        work = base.copy()
        _derive(work, slopes.values())
    worked = solve_table(work, known(work)) if values or loss else {}
    quantities = []
    for name in graph:
        row = base[name]
        kind = "given" if row.formula is None else "computed" if name in read else "result"
        gradient = slopes.get(name, "")
        if gradient not in work:
            gradient = ""
        value = worked.get(name) if values else None
        quantities.append(Drawn(name, kind, row.formula, row.shape, value, gradient, worked.get(gradient)))
    return Drawing(problem.id, problem.title, tuple(quantities), tuple(edges), loss)


def loss_of(problem: Problem) -> str:
    """Give what gradients are taken of; "" where there is nothing.

    The loss that is trained, the one whose derivative is given, the number whose derivatives are asked, else the last
    definition that is a number.
    """
    if problem.training is not None:
        return problem.training.loss
    if problem.losses:
        return problem.losses[0]
    numbers = [row.name for row in problem.base if row.role == "forward" and is_number(row.shape)]
    trees = [ask.tree for question in problem.questions.values() for ask in question.asks]
    differentiated = {split(name).of for tree in trees for name in names(tree) if split(name).by}
    asked = [name for name in numbers if name in differentiated]
    return (asked or numbers or [""])[-1]


def _derive(table: Table, wanted: Iterable[str]) -> None:
    """Add derivatives to a table; of those that cannot be formed together, the ones that can by themselves."""
    wanted = list(wanted)
    try:
        derive(table, wanted)
    except FormulaError:
        for name in wanted:
            if name not in table:
                try:
                    derive(table, [name])
                except FormulaError:
                    continue  # of what has no derivative none is drawn
