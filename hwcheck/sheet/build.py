"""From a sheet as it was written to problems that can be solved, with every diagnostic on the way."""

from __future__ import annotations

from typing import Any

from ..diagnostics import Diagnostic
from ..formula.expr import Expr, Name, names
from ..formula.names import key, split
from ..formula.parse import FormulaError, readings
from ..formula.show import plain
from ..graph.shapes import is_number, shape_of, show_shape
from ..graph.table import Table
from ..library.conventions import functions_for
from ..library.functions import FUNCTIONS, Function
from ..library.optimizers import OPTIMIZERS
from ..text import closest
from ..yamltree import Scalar
from .givens import give, value_of
from .network import define, expanded, is_name, lines_of
from .problem import Ask, Problem, Question, Training, expand, place_of, problem_scope, settled
from .raw import RawProblem, RawQuestion, RawTrain
from .reading import Page, one_reading, scope_of

RESERVED = ("for", "in")


def build_problem(raw: RawProblem, file: str, found: list[Diagnostic]) -> Problem | None:
    """Build one problem; report everything that is wrong with it, and give None where something is."""
    before = len(found)
    page = Page(file, f"problem {raw.id.text}", found)
    functions = functions_for(raw.conventions)
    functions = _declared_functions(raw, functions, page.at("functions"))
    table = Table(functions, raw.conventions.get("samples", "columns"))
    losses = _givens(raw, table, page.at("given"))
    parameters, loss = _network(raw, table, page)
    training = _training(raw.train, table, parameters, loss, page.at("train")) if raw.train else None
    if len(found) > before:
        return None
    problem = Problem(raw.id.text, raw.title, raw.text, table, training, {}, tuple(losses), {}, {})
    problem = problem._replace(aliases=_aliases(raw, problem, page.at("names")))
    questions = _questions(raw, problem, page)
    return None if len(found) > before else problem._replace(questions=questions)


def _declared_functions(raw: RawProblem, functions: dict[str, Function], page: Page) -> dict[str, Function]:
    """Add the functions that the problem declares: `f1: unknown`, `g(v): v^2 + 1`."""
    for head, body in raw.functions:
        name, bracket, rest = head.text.partition("(")
        name, argument = name.strip(), rest.rstrip(") ").strip()
        if not is_name(name) or (bracket and not is_name(argument)):
            page.report("HW213", f"`{head.text}` cannot be a function", head, fix="write `f1: unknown` or `g(v): v^2 + 1`")
            continue
        if body.text.strip() == "unknown":
            functions = {**functions, name: Function(name, kind="each")}
            continue
        if not bracket:
            page.report("HW213", f"`{name}` needs its argument", head, fix=f"write `{name}(v): ...`, or `{name}: unknown`")
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


def _givens(raw: RawProblem, table: Table, page: Page) -> list[str]:
    """Add the givens; give the losses that are known by a given derivative alone."""
    losses: dict[str, None] = {}
    derivatives = []
    for name, tree in raw.given:
        if name.text.startswith("d") and "/d" in name.text:
            derivatives.append((name, tree))
        elif not is_name(name.text) or name.text in RESERVED:
            page.report("HW211", f"`{name.text}` cannot be a name", name, fix="names are letters, digits and _")
        elif key(name.text) in {key(row.name) for row in table}:
            page.report("HW212", f"`{name.text}` is given twice", name, fix="give each name once; w_1 and w1 are one name")
        else:
            give(table, name.text, tree, page)
    for name, tree in derivatives:
        parts = split(name.text)
        losses[parts.of] = None
        give(table, name.text, tree, page)
    return list(losses)


def _network(raw: RawProblem, table: Table, page: Page) -> tuple[list[str] | None, str | None]:
    """Add the lines of the network; with layers give their parameters and the loss."""
    if raw.network is None:
        return None, None
    if isinstance(raw.network, Scalar):
        for line in lines_of(raw.network, page.at("network")):
            define(table, line, page)
        return None, None
    lines, parameters, loss = expanded(raw.network, page)
    for line in lines:
        define(table, line, page)
    return parameters, loss


def _training(raw: RawTrain, table: Table, parameters: list[str] | None, loss: str | None, page: Page) -> Training | None:
    """Read the training: the loss, the parameters and the learning rate, each checked against the table."""
    known = {key(row.name): row for row in table}

    def quantity(scalar: Scalar, given: bool) -> str | None:
        row = known.get(key(scalar.text))
        if row is None or (row.formula is None) != given:
            near = closest(scalar.text, [each.name for each in table if (each.formula is None) == given])
            what = "a given" if given else "a line of the network"
            page.report("HW103", f"`{scalar.text}` is not {what}", scalar, fix=f"did you mean `{near[0]}`?" if near else "")
            return None
        return row.name

    loss = quantity(raw.loss, False) if raw.loss is not None else loss
    if loss is None:
        if raw.loss is None:
            page.found.append(Diagnostic("HW220", "the training needs its loss", page.file, raw.span, page.place, "write loss: J"))
        return None
    if not is_number(table.shape(loss)):
        page.report("HW221", f"the loss `{loss}` is {show_shape(table.shape(loss))}, not a number", raw.loss or Scalar("", "plain", raw.span, ""), fix="a loss is one number: sum or average it")
        return None
    if raw.parameters is not None:
        parameters = [name for scalar in raw.parameters if (name := quantity(scalar, True)) is not None]
    if not parameters:
        page.found.append(Diagnostic("HW222", "the training needs its parameters", page.file, raw.span, page.place, "write parameters: [W1, b1]"))
        return None
    if raw.learning_rate is None:
        page.found.append(Diagnostic("HW223", "the training needs its learning rate", page.file, raw.span, page.place, "write learning_rate: 0.05"))
        return None
    try:
        rate = one_reading(raw.learning_rate.text, scope_of([row.name for row in table], table.functions, []), None, table)
        if not is_number(shape_of(rate, table.shapes)):
            raise FormulaError("a learning rate is one number", 0, len(raw.learning_rate.text))
    except FormulaError as error:
        page.refuse(error, raw.learning_rate)
        return None
    return Training(loss, tuple(dict.fromkeys(parameters)), OPTIMIZERS[raw.optimizer.text], rate, raw.steps)


def _aliases(raw: RawProblem, problem: Problem, page: Page) -> dict[str, str]:
    """Read the further names of quantities."""
    aliases: dict[str, str] = {}
    for new, old in raw.names:
        if not is_name(new.text) or new.text in FUNCTIONS:
            page.report("HW211", f"`{new.text}` cannot be a name", new, fix="names are letters, digits and _")
        elif key(new.text) in {key(row.name) for row in problem.base}:
            page.report("HW212", f"`{new.text}` is a quantity already", new, fix="the new name stands first: {new: old}")
        else:
            try:
                trees = readings(old.text, problem_scope(problem._replace(aliases=aliases)))
                if len(trees) != 1 or not isinstance(trees[0], Name):
                    raise FormulaError("a further name stands for one quantity", 0, len(old.text), "write {delta1: dJ/dX1}")
                place_of(problem, trees[0].id)
                aliases[key(new.text)] = trees[0].id
            except FormulaError as error:
                page.refuse(error, old)
    return aliases


def _questions(raw: RawProblem, problem: Problem, page: Page) -> dict[str, Question]:
    """Read the questions: what each asks, in the names of the table."""
    asked: dict[str, Question] = {}
    for question in raw.questions:
        here = page.at(f"question {question.id.text}")
        values = _other_givens(question, problem, here)
        asks: list[Ask] = []
        for new, scalar in question.find:
            if new is not None and not is_name(new.text):
                here.report("HW211", f"`{new.text}` cannot be a name", new, fix="names are letters, digits and _")
                continue
            tree = asked_formula(problem, scalar, values, here)
            if tree is not None:
                asks.append(Ask(new.text if new is not None else scalar.text.strip(), tree, scalar))
        when = {name.text: tree.text if isinstance(tree, Scalar) else tree.raw for name, tree in question.when} or None
        asked[question.id.text] = Question(question.id.text, "find", question.text, question.points, tuple(asks), when, values, question.digits)
    return asked


def _other_givens(question: RawQuestion, problem: Problem, page: Page) -> dict[str, Any]:
    """Read `when: {y: 1}`: other values for givens, of the same shapes."""
    values: dict[str, Any] = {}
    for name, tree in question.when:
        row = next((row for row in problem.base if key(row.name) == key(name.text)), None)
        if row is None or row.formula is not None:
            near = closest(name.text, [each.name for each in problem.base if each.formula is None])
            page.report("HW103", f"`{name.text}` is no given", name, fix=f"did you mean `{near[0]}`?" if near else "")
            continue
        value = value_of(problem.base, tree, page)
        if value is not None and tuple(value.shape) != row.shape:
            page.report("HW207", f"`{row.name}` is {show_shape(row.shape)}, and this is {show_shape(tuple(value.shape))}", name, fix="give it the same shape")
        elif value is not None:
            values[row.name] = value
    return values


def asked_formula(problem: Problem, scalar: Scalar, values: dict[str, Any], page: Page) -> Expr | None:
    """Read a quantity or formula that a question asks, in the names of the table; report what is wrong."""
    text = scalar.text.strip()
    offset = len(scalar.text) - len(scalar.text.lstrip())
    fitting: list[Expr] = []
    failure: FormulaError | None = None
    try:
        for reading in readings(text, problem_scope(problem)):
            try:
                tree = settled(problem, reading)
                shape_of(tree, expand(problem, names(tree), values).shapes)
            except FormulaError as error:
                failure = failure or error
            else:
                fitting.append(tree)
        if not fitting and failure is not None:
            raise failure
        if len(fitting) > 1:
            raise FormulaError("this can be read in two ways", 0, len(text), f"write `{plain(fitting[0])}` or `{plain(fitting[1])}`", "HW302")
    except FormulaError as error:
        page.refuse(error, scalar, offset)
        return None
    return fitting[0]

