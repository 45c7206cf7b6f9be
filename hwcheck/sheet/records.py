"""A problem of a sheet as records of typed-in text: every part in its slot, with its place in the file."""

from ..diagnostics import Span
from ..record import NamedTuple
from ..yamltree import Scalar, Seq, Tree
from .check import Entry

RawOption = tuple[Scalar | None, Scalar]


class RawQuestion(NamedTuple):
    """A question.

    `asked` has each quantity or formula, with its new name if it has one; `also` has further values that count as
    right, with the quantity they are for, which is None where one quantity is asked and `also` does not name it.
    `allowed` are the names in which a formula is to be written, None where the sheet says nothing of it; `options` are
    those to choose or to order, or the left side of a match, each with its letter if it has one; `others` the right
    side; `rubric` says what the words of an answer should say; `graph` are the edges or quantities of a graph, and
    `rows` a table's rows of formulas by their titles under its `columns`. Of a table of values, `asked` are the columns
    and `over` says what the rows are; `named` columns have a title beside their formula. `tracks` are points by track,
    each a bonus or not; then `points` has no meaning. With `bonus` all points are one. What is to `construct` are
    numbers or a function; of its `conditions` some have a truth table or the ends of a range.
    """

    id: Scalar
    kind: str
    asked: tuple[tuple[Scalar | None, Scalar], ...]
    text: str
    points: float
    points_given: bool
    when: tuple[Entry, ...]
    digits: int | None
    also: tuple[tuple[Scalar | None, tuple[Tree, ...]], ...]
    span: Span
    allowed: tuple[Scalar, ...] | None = None
    graph: tuple[Scalar, ...] = ()
    columns: tuple[Scalar, ...] = ()
    named: tuple[Scalar, ...] = ()
    rows: tuple[tuple[Scalar, tuple[Scalar, ...]], ...] = ()
    options: tuple[RawOption, ...] = ()
    others: tuple[RawOption, ...] = ()
    key: Tree | None = None
    rubric: tuple[str, ...] = ()
    over: Scalar | Seq | None = None
    tracks: tuple[tuple[Scalar, float, bool], ...] = ()
    bonus: bool = False
    construct: tuple[Scalar, ...] = ()
    conditions: tuple[tuple[Scalar, Tree | None], ...] = ()


class RawTrain(NamedTuple):
    """The training; what the sheet leaves out is None, or the default; `keys` are those that it writes.

    `samples` has the axis ("" for that of the conventions) and the givens that hold them.
    """

    loss: Scalar | None
    parameters: tuple[Scalar, ...] | None
    optimizer: Scalar
    settings: dict[str, Scalar]
    update: Scalar | None
    learning_rate: Scalar | None
    steps: int
    epochs: int | None
    until: Scalar | None
    samples: tuple[str, tuple[Scalar, ...]] | None
    batch_size: Scalar | None
    batches: tuple[tuple[Scalar, ...], ...] | None
    in_order: bool
    state: tuple[Entry, ...]
    taken: int
    keys: frozenset[str]
    span: Span


class RawLayers(NamedTuple):
    """A network as layers: the kind of each with its settings; `names` is complete."""

    input: Scalar
    layers: tuple[tuple[Scalar, dict[str, Scalar]], ...]
    loss: tuple[Scalar, dict[str, Scalar]] | None
    names: dict[str, str]
    span: Span


class RawSlip(NamedTuple):
    """A mistake that the teacher expects; `shared` if the sheet has it for all problems."""

    code: Scalar
    quantity: Scalar
    formula: Scalar
    message: str
    credit: float
    shared: bool


class RawProblem(NamedTuple):
    """A problem, with what the sheet gives to all problems and what it is `like` put in.

    `conventions` has a value for every convention, `conventions_given` says which of them the sheet sets; `marking` has
    what is set of it. Where keys are unknown it is not the `whole` problem: one may be a misspelt `train`.
    """

    id: Scalar
    title: str
    text: str
    given: tuple[Entry, ...]
    functions: tuple[tuple[Scalar, Scalar], ...]
    network: Scalar | RawLayers | None
    train: RawTrain | None
    conventions: dict[str, str]
    conventions_given: frozenset[str]
    names: tuple[tuple[Scalar, Scalar], ...]
    marking: dict[str, Scalar]
    slips: tuple[RawSlip, ...]
    questions: tuple[RawQuestion, ...]
    span: Span
    whole: bool = True
