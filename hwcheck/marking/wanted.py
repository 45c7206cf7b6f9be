"""What the names in answers stand for: quantities of a problem, and the turns of what a loop defines."""

from weakref import WeakKeyDictionary

from ..diagnostics import Diagnostic, Span
from ..formula.expr import Call, Expr, Name, names
from ..formula.names import key
from ..formula.parse import FormulaError, readings
from ..formula.show import unicode
from ..graph.shapes import Shapes, of_jacobian, shape_of
from ..graph.table import Table
from ..record import NamedTuple
from ..sheet.problem import Ask, Problem, Question, expand, problem_scope, settled
from ..sheet.remaking import worked
from ..text import closest, safe_text
from ..yamltree import Map, Scalar, Seq, Tree
from .typed import is_blank


class Page(NamedTuple):
    """The page on which a student answers one problem: the file, the problem, and what there is to report of it."""

    file: str
    problem: Problem
    found: list[Diagnostic]

    def warn(self, code: str, message: str, span: Span | None, question: str, fix: str) -> None:
        """Report something that was written about a question and cannot be used."""
        place = f"problem {self.problem.id}, question {question}"
        self.found.append(Diagnostic(code, message, self.file, span, place, fix, "warning"))


class Wanted(NamedTuple):
    """Something that an answer may be about.

    Its title, its formula in the names of the table, and whether it is asked. `part` says which part of a value that
    was written as one it is: the place and their number, from the outside in.
    """

    title: str
    tree: Expr
    asked: bool
    part: tuple[tuple[int, int], ...] = ()


def quantity_of(tree: Expr, shapes: Shapes) -> str | None:
    """Give the quantity that a name, or entries of one, is about; None for any other formula.

    An entry of a Jacobian whose diagonal alone is listed, as a vector of slopes, is a formula of that.
    """
    if isinstance(tree, Call) and tree.op == "[]" and of_jacobian(tree, shapes) is not None:
        return None
    base = tree.args[0] if isinstance(tree, Call) and tree.op == "[]" else tree
    return base.id if isinstance(base, Name) else None


#: What names in answers stand for, by the base tables of problems: students use few of them, over and over.
_KNOWN: WeakKeyDictionary[Table, dict[tuple[str, str], Wanted]] = WeakKeyDictionary()
MOST_KNOWN = 10_000


def asks_of(question: Question) -> list[Ask]:
    """Give what a question asks one by one: of what a loop defines, one ask for each turn."""
    return [part for ask in question.asks for part in turns_of(ask)]


def turns_of(ask: Ask) -> list[Ask]:
    """Give an ask for each turn of what a loop defines; the ask itself for anything else."""
    if not isinstance(ask.tree, Call) or ask.tree.op != "stack":
        return [ask]
    found = [part for arg in ask.tree.args for part in turns_of(ask._replace(tree=arg, also=()))]
    if not all(isinstance(part.tree, Name) for part in found):
        return [ask]
    return [part._replace(name=_turn_of(ask.name, part.tree)) for part in found]


def _turn_of(title: str, tree: Expr) -> str:
    """Give the title of one turn: `h[2]` where `h` or `h[1..3]` is asked."""
    assert isinstance(tree, Name)
    return f"{title.partition('[')[0].strip()}[{tree.id.rpartition('[')[2]}"


def _parted(wanted: Wanted, tree: Tree) -> list[tuple[Wanted, Tree]]:
    """Take the value of what a loop defines apart, turn by turn."""
    if not isinstance(wanted.tree, Call) or wanted.tree.op != "stack":
        return [(wanted, tree)]
    args = wanted.tree.args
    found: list[tuple[Wanted, Tree]] = []
    for at, arg in enumerate(args):
        part = wanted._replace(tree=arg, title=_turn_of(wanted.title, arg) if isinstance(arg, Name) else wanted.title)
        if isinstance(tree, Seq) and not wanted.part and len(tree.items) == len(args):
            found += _parted(part, tree.items[at])
        else:
            found += _parted(part._replace(part=(*wanted.part, (at, len(args)))), tree)
    return found


def wanted_of(page: Page, question: Question, title: Scalar) -> Wanted | None:
    """Find the quantity that a name in the answers stands for; report a name that stands for none."""
    known = _KNOWN.setdefault(page.problem.base, {})
    wanted = known.get((question.id, title.text))
    if wanted is None:
        wanted = _looked_up(page, question, title)
        if wanted is not None and len(known) < MOST_KNOWN:
            known[question.id, title.text] = wanted
    return wanted


def _looked_up(page: Page, question: Question, title: Scalar) -> Wanted | None:
    for ask in [*question.asks, *asks_of(question)]:
        if key("".join(ask.name.split())) == key("".join(title.text.split())):
            return Wanted(ask.name, ask.tree, True)
    problem = page.problem
    failure: FormulaError | None = None
    try:
        for reading in readings(title.text, problem_scope(problem, student=True)):
            try:
                tree = settled(problem, reading)
                early = worked(problem, tree)  # a page may name a thousand steps of a long run
                shapes = expand(problem, names(early), question.values).shapes
                shape_of(early, shapes)
            except FormulaError as error:
                failure = failure or error
                continue
            asked = [ask for ask in [*question.asks, *asks_of(question)] if ask.tree == tree]
            if asked or quantity_of(early, shapes) is not None or _is_by_turns(tree):
                return Wanted(asked[0].name if asked else unicode(tree), tree, bool(asked))
            failure = FormulaError(
                "this is a formula, not the name of a quantity", 0, len(title.text), "write `name: value`"
            )
    except FormulaError as error:
        failure = error
    near = closest(title.text, [ask.name for ask in question.asks] + [row.name for row in problem.base])
    fix = f"did you mean `{near[0]}`?" if near else ""
    if failure and failure.fix and (failure.code != "HW103" or not near):  # what is no name at all has a better one
        fix = failure.fix
    reason = failure.reason if failure else "this is no quantity of the problem"
    message = f"the answer to `{safe_text(title.text, 60)}` is left out: {reason}"
    page.warn("HW411", message, title.span, question.id, fix)
    return None


def _is_by_turns(tree: Expr) -> bool:
    """Tell whether a formula is what a loop defines, or a part of it."""
    return isinstance(tree, Call) and tree.op == "stack" and all(isinstance(arg, Name) for arg in tree.args)


def answers_to(page: Page, question: Question, tree: Tree) -> list[tuple[Wanted, Tree]]:
    """Take the answer to one question apart: names with values, or the bare value of the one quantity that is asked."""
    if isinstance(tree, Map):
        pairs = ((wanted_of(page, question, title), value) for title, value in tree.items)
        return [part for wanted, value in pairs if wanted is not None for part in _parted(wanted, value)]
    if is_blank(tree):
        return []
    if len(question.asks) == 1:
        ask = question.asks[0]
        return _parted(Wanted(ask.name, ask.tree, True), tree)
    message = "this question asks for several quantities, and one value stands here"
    asked = ", ".join(ask.name for ask in question.asks)
    page.warn("HW412", message, tree.span, question.id, f"write each on its own line: {asked}")
    return []
