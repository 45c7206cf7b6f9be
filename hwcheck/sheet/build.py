"""From a sheet as it was written to problems that can be solved, with every diagnostic on the way."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ..diagnostics import Diagnostic
from ..formula.expr import Expr, Name
from ..formula.names import key, split
from ..formula.parse import FormulaError, readings
from ..formula.show import plain
from ..graph.functions import Function
from ..graph.shapes import is_number, shape_of, show_shape
from ..graph.table import Table
from ..library.conventions import functions_for
from ..library.functions import FUNCTIONS
from ..library.optimizers import OPTIMIZERS
from ..yamltree import Scalar
from .alternatives import own_slips
from .asking import questions_of
from .blocks import is_name, lines_of
from .check import suggestion
from .givens import give
from .network import define, expanded
from .problem import Marking, Problem, Training, expand, place_of, problem_scope
from .reading import Page, one_reading, scope_of
from .records import RawProblem, RawTrain

if TYPE_CHECKING:
    pass

RESERVED = ("for", "in")


def build_problem(raw: RawProblem, file: str, found: list[Diagnostic]) -> Problem | None:
    """Build one problem; report everything that is wrong with it, and give None where something is."""
    before = len(found)
    page = Page(file, f"problem {raw.id.text}", found)
    functions = functions_for(raw.conventions)
    functions = _declared_functions(raw, functions, page.at("functions"))
    table = Table(functions, raw.conventions.get("samples", "columns"))
    broken: set[str] = set()
    losses = _givens(raw, table, page.at("given"), broken)
    parameters, loss = _network(raw, table, page.at("network"), broken)
    if not raw.whole:
        return None
    training = _training(raw.train, table, parameters, loss, page.at("train"), broken) if raw.train else None
    if broken or (raw.train and training is None):
        return None
    fixed = {name: value for name, value in raw.conventions.items() if name in raw.conventions_given}
    problem = Problem(raw.id.text, raw.title, raw.text, table, training, {}, tuple(losses), {}, {}, fixed)
    problem = problem._replace(aliases=_aliases(raw, problem, page.at("names")))
    if raw.train is not None:
        try:
            expand(problem)
        except FormulaError as error:
            message = f"the training cannot be worked out: {error.reason}"
            page.at("train").report(error.code, message, raw.train.span, fix=error.fix)
            return None
    scope = problem_scope(problem)
    parse = cache(lambda text: readings(text, scope))
    questions = questions_of(raw, problem, parse, page)
    slips = own_slips(raw, problem, questions, parse, page)
    problem = problem._replace(questions=questions, marking=_marking(raw, page.at("marking")), slips=slips)
    return None if len(found) > before else problem


def _declared_functions(raw: RawProblem, functions: dict[str, Function], page: Page) -> dict[str, Function]:
    """Add the functions that the problem declares: `f1: unknown`, `g(v): v^2 + 1`."""
    for head, body in raw.functions:
        name, bracket, rest = head.text.partition("(")
        name, argument = name.strip(), rest.rstrip(") ").strip()
        if not is_name(name) or (bracket and not is_name(argument)):
            page.report(
                "HW213", f"`{head.text}` cannot be a function", head, fix="write `f1: unknown` or `g(v): v^2 + 1`"
            )
            continue
        if body.text.strip() == "unknown":
            functions = {**functions, name: Function(name, kind="each")}
            continue
        if not bracket:
            page.report(
                "HW213", f"`{name}` needs its argument", head, fix=f"write `{name}(v): ...`, or `{name}: unknown`"
            )
            continue
        work = Table(functions)
        work.give(argument, (), None)
        try:
            tree = one_reading(body.text, scope_of([argument], functions, []), None, work)
        except FormulaError as error:
            page.refuse(error, body)
            continue
        functions = {**functions, name: Function(name, (argument,), body=plain(tree))}
    return functions


def _givens(raw: RawProblem, table: Table, page: Page, broken: set[str]) -> list[str]:
    """Add the givens; give the losses that are known by a given derivative alone. What is wrong goes to the broken."""
    losses: dict[str, None] = {}
    derivatives = []
    for name, tree in raw.given:
        if name.text.startswith("d") and "/d" in name.text:
            derivatives.append((name, tree))
        elif not is_name(name.text) or name.text in RESERVED:
            page.report("HW211", f"`{name.text}` cannot be a name", name, fix="names are letters, digits and _")
        elif key(name.text) in {key(row.name) for row in table}:
            page.report(
                "HW212", f"`{name.text}` is given twice", name, fix="give each name once; w_1 and w1 are one name"
            )
        elif not give(table, name.text, tree, page):
            broken.add(name.text)
    for name, tree in derivatives:
        losses[split(name.text).of] = None
        if not give(table, name.text, tree, page):
            broken.add(name.text)
    return list(losses)


def _network(raw: RawProblem, table: Table, page: Page, broken: set[str]) -> tuple[list[str] | None, str | None]:
    """Add the lines of the network; with layers give their parameters and the loss."""
    if raw.network is None:
        return None, None
    if isinstance(raw.network, Scalar):
        define(table, lines_of(raw.network, page), page, broken)
        return None, None
    lines, parameters, loss = expanded(raw.network, page)
    define(table, lines, page, broken)
    return parameters, loss


def _training(
    raw: RawTrain, table: Table, parameters: list[str] | None, loss: str | None, page: Page, broken: set[str]
) -> Training | None:
    """Read the training: the loss, the parameters and the learning rate, each checked against the table."""
    before = len(page.found)
    known = {key(row.name): row for row in table}

    def quantity(scalar: Scalar, given: bool) -> str | None:
        row = known.get(key(scalar.text))
        if row is not None and (row.formula is None) == given:
            return row.name
        if scalar.text not in broken:
            what = "a given" if given else "a line of the network"
            fix = suggestion(scalar.text, [each.name for each in table if (each.formula is None) == given], "there are")
            page.report("HW103", f"`{scalar.text}` is not {what}", scalar, fix=fix)
        return None

    if raw.loss is not None:
        loss = quantity(raw.loss, False)
    elif loss is None:
        page.report("HW220", "the training needs its loss", raw.span, fix="write loss: J")
    if loss is not None and loss in table and not is_number(table.shape(loss)):
        message = f"the loss `{loss}` is {show_shape(table.shape(loss))}, not a number"
        page.report("HW221", message, raw.loss or raw.span, fix="a loss is one number: sum or average it")
    if raw.parameters is not None:
        parameters = [name for scalar in raw.parameters if (name := quantity(scalar, True)) is not None]
    if not parameters and (raw.parameters is None or not raw.parameters):
        page.report("HW222", "the training needs its parameters", raw.span, fix="write parameters: [W1, b1]")
    rate: Expr | None = None
    if raw.learning_rate is None:
        page.report("HW223", "the training needs its learning rate", raw.span, fix="write learning_rate: 0.05")
    else:
        text = raw.learning_rate.text
        try:
            rate = one_reading(text, scope_of([row.name for row in table], table.functions, []), None, table)
            if not is_number(shape_of(rate, table.shapes)):
                raise FormulaError("a learning rate is one number", 0, len(text))
        except FormulaError as error:
            page.refuse(error, raw.learning_rate)
    if len(page.found) > before or loss is None or loss not in table or rate is None:
        return None
    optimizer = OPTIMIZERS[raw.optimizer.text]
    return Training(loss, tuple(dict.fromkeys(parameters or ())), optimizer, rate, raw.steps)


def _aliases(raw: RawProblem, problem: Problem, page: Page) -> dict[str, str]:
    """Read the further names of quantities."""
    aliases: dict[str, str] = {}
    for new, old in raw.names:
        if not is_name(new.text) or new.text in FUNCTIONS:
            page.report("HW211", f"`{new.text}` cannot be a name", new, fix="names are letters, digits and _")
        elif key(new.text) in {key(row.name) for row in problem.base}:
            page.report(
                "HW212", f"`{new.text}` is a quantity already", new, fix="the new name stands first: {new: old}"
            )
        else:
            try:
                trees = readings(old.text, problem_scope(problem._replace(aliases=aliases)))
                if len(trees) != 1 or not isinstance(trees[0], Name):
                    raise FormulaError(
                        "a further name stands for one quantity", 0, len(old.text), "write {delta1: dJ/dX1}"
                    )
                place_of(problem, trees[0].id)
                aliases[key(new.text)] = trees[0].id
            except FormulaError as error:
                page.refuse(error, old)
    return aliases


def _marking(raw: RawProblem, page: Page) -> Marking:
    """Read how marks are given; report a share that counts for nothing."""
    texts = {name: value.text.strip() for name, value in raw.marking.items()}
    shares = {name: float(text) for name, text in texts.items() if name != "strict"}
    strict = texts.get("strict") in ("yes", "true")
    if strict and shares.get("carried"):
        message = "under `strict`, what is carried earns nothing"
        page.report("HW204", message, raw.marking["carried"], fix="write `strict: no`, or take this out")
    return Marking(**{**shares, **({"carried": 0.0} if strict else {})}, strict=strict)
