"""A problem of a sheet: from what a teacher wrote to a table of definitions.

The base table holds the givens and one pass of the network. `expand` makes of it the table that is worked out: the
derivatives that are wanted, and for a trained network every step: forward, backward, update, and the forward pass
once more. Derivation happens once, on the base table; a step is the same formulas with the step's names.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from ..formula.expr import Expr, Name, bound_names, rewrite
from ..formula.names import Parts, join, key, split
from ..formula.parse import FormulaError, Scope
from ..graph.families import members_in
from ..graph.functions import Functions, arities
from ..graph.grad import differentiate
from ..graph.jacobian import derivative
from ..graph.shapes import is_number
from ..graph.table import Table
from ..record import NamedTuple
from ..text import closest
from ..yamltree import Scalar
from .stepping import unrolled
from .training import AHEAD, Training, is_stepped, name_at, resized, step_named, without_ahead

if TYPE_CHECKING:
    from ..graph.arrays import Array
    from .constructs import Construct
    from .options import Choices
    from .steps import Passes


#: So many steps of a long run are kept written out, whoever asked for them: the students of a class differ.
MOST_STEPS = 200


class Ask(NamedTuple):
    """One quantity that a question asks: its name as written, and its formula in the names of the table.

    `also` are further formulas that count as right.
    """

    name: str
    tree: Expr
    at: Scalar
    also: tuple[Expr, ...] = ()


class Worth(NamedTuple):
    """What a question is worth: its points, and whether they are a bonus, which adds to the score and not to its
    most."""

    points: float
    bonus: bool = False


class Question(NamedTuple):
    """A question; `when` gives other values to some givens, as typed and as arrays.

    A formula is to be written in the `allowed` names (those of the table and of functions), None for all but the asked
    one. `edges` are those of the graph that is asked, None for all of the network. A table's cells are `asks`, row by
    row: one for each of its `columns`, under the titles of its `rows`. A table of values has a part for each row: a
    question about the givens or the step of that row, which its `head` names with their values.
    """

    id: str
    kind: str
    text: str
    points: float
    asks: tuple[Ask, ...]
    when: Mapping[str, str] | None
    values: "Mapping[str, Array]"
    digits: int | None
    allowed: frozenset[str] | None = None
    edges: tuple[tuple[str, str], ...] | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    choices: "Choices | None" = None
    rubric: tuple[str, ...] = ()
    parts: "tuple[Question, ...]" = ()
    head: tuple[tuple[str, str], ...] = ()
    worth: Mapping[str, Worth] = {}
    bonus: bool = False
    construct: "Construct | None" = None


class Marking(NamedTuple):
    """The share of an entry's points, from 0 to 1, that a carried value, a slip of the hand, an undecided one earn.

    `strict` takes follow-through away: a carried value earns nothing, nor does one that repeats a mistake.
    """

    carried: float = 1.0
    slip: float = 0.0
    undecided: float = 1.0
    strict: bool = False


class OwnSlip(NamedTuple):
    """A mistake that the teacher expects: in `name`, a quantity of the table, `formula` is worked out instead.

    `message` is what the student is told, `credit` the share of the points that is left, from 0 to 1.
    """

    code: str
    name: str
    formula: Expr
    message: str
    credit: float


class Made(NamedTuple):
    """A table that was worked out, with the derivatives in it, and whether they go on after the last step.

    Of a long run, `steps` are those that something was wanted of.
    """

    table: Table
    derivatives: tuple[str, ...]
    late: bool
    steps: frozenset[int] = frozenset()


class Problem(NamedTuple):
    """A problem that can be solved.

    `base` is one pass of the network; `aliases` are further names by their key; `losses` names that stand only above
    a derivative that is given; `conventions` those that the sheet fixes, by their keys. A `layered` problem has its
    network as layers, whose lines conventions may change.
    """

    id: str
    title: str
    text: str
    base: Table
    training: Training | None
    aliases: Mapping[str, str]
    losses: tuple[str, ...]
    questions: Mapping[str, Question]
    tables: dict[str, Made]
    conventions: Mapping[str, str] = {}
    marking: Marking = Marking()
    slips: tuple[OwnSlip, ...] = ()
    layered: bool = False

    @property
    def functions(self) -> Functions:
        """The functions that formulas about the problem may use."""
        return self.base.functions

    @property
    def steps(self) -> int | None:
        """How many training steps; None where nothing is stepped."""
        return self.training.steps if self.training else None


def problem_scope(problem: Problem, student: bool = False) -> Scope:
    """Give the scope of formulas about a problem: its quantities under all their names, and its functions."""
    names = {key(row.name): row.name for row in problem.base}
    names.update({key(base): base for base in problem.base.families})
    names.update({key(loss): loss for loss in problem.losses})
    if problem.training is not None:
        names.update({key(name): name for name in problem.training.tracked})
        if problem.training.rule.elsewhere:
            names.update({key(row.name + AHEAD): row.name + AHEAD for row in problem.base if "[" not in row.name})
    names.update({alias: alias for alias in problem.aliases})
    arrays = frozenset([*(row.name for row in problem.base if row.shape), *problem.base.families])
    if problem.training is not None:
        arrays |= {title for title, name in problem.training.tracked.items() if title[len(name) + 1 :] in arrays}
    return Scope(names, arities(problem.functions), arrays, student)


# --- names and steps ----------------------------------------------------------------------------------------


def stepped(problem: Problem, base: str) -> bool:
    """Tell whether a quantity has a value in each step: all but givens that are neither changed nor samples."""
    return is_stepped(problem.training, problem.base, base)


def at_step(problem: Problem, base: str, step: int) -> str:
    """Give the name of a base quantity in a step: plain with one step, X1@2 with several, X1_new after the last."""
    return base if problem.training is None else name_at(problem.training, problem.base, base, step)


class Place(NamedTuple):
    """A quantity of the table: its name without a step, and the step (1 where nothing is stepped)."""

    base: str
    step: int


def place_of(problem: Problem, name: str) -> Place:
    """Find what a name stands for, under any of its spellings.

    Raises:
        FormulaError: a step that there is not, or a derivative of something that is no quantity.
    """
    training = problem.training
    if name in problem.base:
        return Place(name, 1 if training is None else step_named(training, name, ""))
    parts = split(name)
    of = problem.aliases.get(key(parts.of), parts.of)
    by = problem.aliases.get(key(parts.by), parts.by) if parts.by else ""
    base = of if not by else join(Parts(of, by))
    if training is None and parts.step:
        reason = f"`{name}` names a step, and this problem has no training steps"
        raise FormulaError(reason, 0, len(name), "leave the step out, or give the problem `train:`", "HW313")
    step = 1 if training is None else step_named(training, base, parts.step)
    if training is not None and base in training.tracked:
        return Place(base, step)
    if by and "/" in by:
        raise FormulaError(f"`{name}` is a derivative by a derivative", 0, len(name), "", "HW313")
    for written in (of, by):
        part = written if training is None else without_ahead(training, problem.base, written)
        if part and part not in problem.base and part not in problem.losses and not ("/d" in part and not by):
            near = closest(part, [row.name for row in problem.base])
            raise FormulaError(
                f"`{part}` is not defined", 0, len(name), f"did you mean `{near[0]}`?" if near else "", "HW103"
            )
    if base in problem.base:
        return Place(base, step if stepped(problem, base) else 1)
    return Place(base, step)


def settled(problem: Problem, tree: Expr) -> Expr:
    """Give a formula with every name as the table has it.

    Raises:
        FormulaError: a name that stands for nothing.
    """

    def change(part: Expr) -> Expr | None:
        if not isinstance(part, Name):
            return None
        if part.id in problem.base.sizes or part.id in bound:
            return part
        try:
            place = place_of(problem, part.id)
        except FormulaError as error:
            raise FormulaError(error.reason, part.at.start, part.at.end, error.fix, error.code) from None
        return Name(at_step(problem, place.base, place.step), part.at)

    tree = members_in(tree, problem.base.families, problem.base.shapes, problem.base.__contains__)
    bound = bound_names(tree)
    return rewrite(tree, change)


# --- the table that is worked out ---------------------------------------------------------------------------


def derivatives_in(names: Iterable[str], problem: Problem) -> list[str]:
    """Give the base names of the derivatives among some names of the table, in order."""
    found: dict[str, None] = {}
    for name in names:
        base = place_of(problem, name).base
        if base not in problem.base and (problem.training is None or base not in problem.training.tracked):
            found[base] = None
    return list(found)


def expand(problem: Problem, wanted: Iterable[str] = (), values: "Mapping[str, Array] | None" = None) -> Table:
    """Give the table of a problem with what is wanted in it.

    A table that has been made is kept and grows with what is wanted further: asking again costs nothing.

    Args:
        problem: the problem.
        wanted: names of the table, which may be derivatives that nothing has needed yet.
        values: givens with other values.

    Raises:
        FormulaError: a derivative that cannot be formed.
    """
    mark = repr(sorted((name, value.tolist()) for name, value in (values or {}).items()))
    made = problem.tables.get(mark)
    wanted = list(wanted)
    if made is not None and all(name in made.table for name in wanted):
        return made.table
    derivatives = dict.fromkeys([*(made.derivatives if made else ()), *derivatives_in(wanted, problem)])
    last = (problem.steps or 0) + 1
    places = [place_of(problem, name) for name in wanted]
    late = (made is not None and made.late) or any(place.step == last and place.base in derivatives for place in places)
    training = problem.training
    passes = passes_of(problem, derivatives, values or {})
    if training is not None and training.until is not None and values:  # with other givens it may end elsewhere
        from .longruns import steps_until  # few trainings have a condition

        training = training._replace(steps=steps_until(training, problem.base, passes, values))
    asked = frozenset(place.step for place in places)
    steps = asked | made.steps if made is not None and len(made.steps) < MOST_STEPS else asked
    table = passes(0) if training is None else unrolled(training, problem.base, passes, late, steps)
    problem.tables[mark] = Made(table, tuple(derivatives), late, steps)
    settled_names = (at_step(problem, place.base, place.step) for place in places)
    missing = next((name for name in settled_names if name not in table), None)
    if missing is not None and training is not None:
        ends = f"with these givens the training ends after {training.steps} steps, before `{missing}`"
        reason = ends if training.until is not None else f"`{missing}` is not worked out in training"
        raise FormulaError(reason, 0, len(missing), "ask for an earlier step, or for _new", "HW313")
    return table


def passes_of(problem: Problem, derivatives: Iterable[str], values: "Mapping[str, Array]") -> "Passes":
    """Give what makes one pass of the network on so many samples, with derivatives in it.

    Args:
        problem: the problem.
        derivatives: those that are wanted, beside what training needs.
        values: givens with other values.
    """
    training = problem.training

    @cache
    def passes(samples: int) -> Table:
        work = problem.base.copy() if training is None or not samples else resized(problem.base, training, samples)
        work.values.update({name: value for name, value in values.items() if work.shape(name) == value.shape})
        if training is not None and training.rule.differentiates:
            differentiate(work, training.loss, training.parameters)
        derive(work, [*derivatives, *(training.derivatives if training else ())])
        return work

    return passes


def derive(table: Table, wanted: Iterable[str]) -> None:
    """Add derivatives by their names; gradients of one quantity are derived together, so that they stand in order."""
    gradients: dict[str, list[str]] = {}
    for name in wanted:
        parts = split(name)
        if parts.of not in table or (is_number(table.shape(parts.of)) and parts.of != parts.by):
            gradients.setdefault(parts.of, []).append(parts.by)
        else:
            derivative(table, parts.of, parts.by)
    for of, by in gradients.items():
        differentiate(table, of, by)
