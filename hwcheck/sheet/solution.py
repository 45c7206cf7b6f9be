"""The solution of a sheet: its tables, worked out from top to bottom."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..formula.expr import Expr
from ..graph.shapes import Shape
from ..graph.table import Table
from ..record import NamedTuple
from .problem import Worth

if TYPE_CHECKING:
    from ..graph.arrays import Array
    from .options import Choices

When = Mapping[str, str]


class Quantity(NamedTuple):
    """One line of a solution.

    `name` is what the solution calls it, `source` the row of the table it stands for; `value` an array of the shape,
    None where it is symbolic; `shown` tells whether a printed solution needs the line. `step` is k, n + 1 after the
    last step, None where nothing is stepped. Of a symbolic derivative, `chain` is the chain along the paths, `expanded`
    the same with everything put in, and `reason` says why it is 0. `kind` says what the entries of a given without a
    value are, "" where they are any numbers.
    """

    name: str
    source: str
    role: str
    section: str
    step: int | None
    when: When | None
    formula: Expr | None
    shape: Shape
    value: "Array | None"
    shown: bool
    chain: Expr | None = None
    expanded: Expr | None = None
    reason: str = ""
    kind: str = ""


class SolvedTable(NamedTuple):
    """A table of values: what heads its rows, its columns, and each row with its head and what it asks."""

    heads: tuple[str, ...]
    columns: tuple[str, ...]
    rows: "tuple[tuple[tuple[str, ...], tuple[Quantity, ...]], ...]"


class SolvedQuestion(NamedTuple):
    """A question with the names that it asks, as it wrote them.

    `edges` are the arrows of a graph that it asks for, `table` the table of values; `choices` are its options with what
    is right, `rubric` what words should say; `worth` its points, by track where these differ, else under "". Of a
    construction, `notes` are its conditions and a model answer, each with what it is called, and `table` what that
    makes of its inputs.
    """

    id: str
    kind: str
    text: str
    points: float
    asks: tuple[str, ...]
    when: When | None
    edges: tuple[tuple[str, str], ...] = ()
    table: SolvedTable | None = None
    choices: "Choices | None" = None
    rubric: tuple[str, ...] = ()
    worth: Mapping[str, Worth] = {}
    notes: tuple[tuple[str, str], ...] = ()


class Part(NamedTuple):
    """A table with its values.

    One for the givens of the problem, and one more for each other set of givens that a question names.
    """

    when: When | None
    table: Table
    values: "Mapping[str, Array]"
    quantities: tuple[Quantity, ...]


class SolvedProblem(NamedTuple):
    """A problem, solved."""

    id: str
    title: str
    text: str
    parts: tuple[Part, ...]
    questions: tuple[SolvedQuestion, ...]


class Solution(NamedTuple):
    """A sheet, solved."""

    sheet: str
    title: str
    problems: tuple[SolvedProblem, ...]


#: The parameters and states that a long run has come to where its next step is worked, and its loss here and there.
BETWEEN, CURVE = "Steps in between", "Loss over steps"
#: The pass at the point to which an update rule looks ahead.
LOOK_AHEAD = "Look ahead"
#: The headings of a printed solution, in order.
SECTIONS = ("Given", BETWEEN, "Forward pass", "Loss", "Backward pass", LOOK_AHEAD, "Update", CURVE, "Asked")
