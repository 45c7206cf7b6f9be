"""From a sheet as it was written to problems that can be solved, with every diagnostic on the way."""

from __future__ import annotations

from functools import cache

from ..diagnostics import Diagnostic
from ..formula.expr import Name
from ..formula.names import key, split
from ..formula.parse import FormulaError, readings
from ..formula.show import plain
from ..graph.functions import Function
from ..graph.table import Table
from ..library.conventions import functions_for
from ..library.functions import FUNCTIONS
from ..yamltree import Scalar
from .alternatives import own_slips
from .asking import questions_of
from .blocks import is_name, lines_of
from .givens import give
from .network import begun, extend
from .problem import Marking, Problem, expand, place_of, problem_scope
from .reading import Page, one_reading, scope_of
from .recording import yes_or_no
from .records import RawLayers, RawProblem, RawTrain
from .settings import Known, chosen_by_rule, training_of

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
    if broken and isinstance(raw.network, RawLayers):
        return None  # nothing can be said of what reads the layers behind
    if not raw.whole:
        return None
    training = None
    if raw.train is not None:
        known = Known(table, broken, losses, raw.conventions, page.at("train"))
        training = training_of(raw.train, known, parameters, loss)
    if broken or (raw.train and training is None):
        return None
    fixed = {name: value for name, value in raw.conventions.items() if name in raw.conventions_given}
    fixed.update(chosen_by_rule(raw.train) if raw.train else {})
    losses += [training.loss] if training is not None and training.loss and training.loss not in table else []
    above = tuple(dict.fromkeys(losses))
    problem = Problem(raw.id.text, raw.title, raw.text, table, training, {}, above, {}, {}, fixed)
    layered = isinstance(raw.network, RawLayers)
    problem = problem._replace(aliases=_aliases(raw, problem, page.at("names")), layered=layered)
    if raw.train is not None:
        stepped = _unrolled(raw.train, problem, page.at("train"))
        if stepped is None:
            return None
        problem = stepped
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
        extend(begun(table, page, broken), lines_of(raw.network, page))
        return None, None
    from .layering import define_layers  # many networks are text

    found = define_layers(begun(table, page, broken), raw.network, raw.conventions, raw.conventions_given)
    return found.parameters, found.loss


def _unrolled(raw: RawTrain, problem: Problem, page: Page) -> Problem | None:
    """Find after how many steps the training ends, and write these out; report what cannot be, and give None."""
    if raw.until is not None:
        from .ending import ended  # few trainings have a condition

        training = ended(raw.until, problem, page)
        if training is None:
            return None
        problem = problem._replace(training=training)
    try:
        expand(problem)
    except FormulaError as error:
        page.report(error.code, f"the training cannot be worked out: {error.reason}", raw.span, fix=error.fix)
        return None
    return problem


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
    strict = "strict" in raw.marking and yes_or_no(raw.marking["strict"]) == "yes"
    if strict and shares.get("carried"):
        message = "under `strict`, what is carried earns nothing"
        page.report("HW204", message, raw.marking["carried"], fix="write `strict: no`, or take this out")
    return Marking(**{**shares, **({"carried": 0.0} if strict else {})}, strict=strict)
