"""Reading `construct`: what is asked, its conditions, and the model answer held against the shapes that are wanted."""

from __future__ import annotations

import re

from ..formula.expr import COMPARISONS, Call, Expr, Name, names, walk
from ..formula.names import key
from ..formula.parse import FormulaError, readings
from ..graph.functions import Function, is_unknown
from ..graph.shapes import is_number, shape_of
from ..text import closest, cut
from ..yamltree import Map, Scalar, Seq, Tree, as_typed
from .alternatives import Parse, asked_formula
from .blocks import is_name
from .check import suggestion
from .constructs import RANGE, TABLE, Condition, Construct, answered
from .givens import as_given, literal, other_givens
from .problem import Problem, Question, expand, problem_scope
from .reading import Page
from .records import RawQuestion
from .tables import bits_of

#: A function with its arguments.
APPLIED = re.compile(r"\s*([^\W\d]\w*)\s*\(([^()]*)\)\s*")
#: So many bits are tried in all their values.
MOST_BITS = 12
#: The range of a function has no end on this side.
ENDLESS = ("inf", "+inf", "-inf", "∞", "+∞", "-∞", "−∞", "−inf")


def construct_of(raw: RawQuestion, made: Question, problem: Problem, page: Page) -> Question:
    """Read what a question asks to construct; report what is wrong with it."""
    before = len(page.found)
    asked = _asked(raw, made, problem, page)
    if asked is None:
        return made
    open_one = asked.problem
    scope = problem_scope(open_one)

    def parse(text: str) -> list[Expr]:
        return readings(text, scope)

    conditions = [_condition(scalar, tree, asked, made, parse, page) for scalar, tree in raw.conditions]
    asked = asked._replace(conditions=tuple(each for each in conditions if each is not None))
    if len(page.found) == before:
        _lacking(raw, asked, made, page)
    if len(page.found) == before and raw.key is not None:
        asked = _with_key(raw.key, asked, made, parse, page)
    return made._replace(construct=asked)


def _asked(raw: RawQuestion, made: Question, problem: Problem, page: Page) -> Construct | None:
    """Read what is to be constructed: the names of givens, or a function with its arguments."""
    found = APPLIED.fullmatch(raw.construct[0].text) if len(raw.construct) == 1 else None
    if found is not None:
        return _function(raw.construct[0], found[1], [each.strip() for each in found[2].split(",")], problem, page)
    names: list[str] = []
    for scalar in raw.construct:
        row = next((row for row in problem.base if key(row.name) == key(scalar.text)), None)
        if row is None or row.formula is not None:
            shapes = [each.name for each in problem.base if each.formula is None]
            near = suggestion(scalar.text, shapes, "there are") if closest(scalar.text, shapes) else ""
            fix = near or f"declare it in `given`: `{cut(scalar.text, 40)}: scalar`"
            page.report("HW246", f"`{cut(scalar.text, 40)}` is not a given, and cannot be constructed", scalar, fix=fix)
        elif row.name in problem.base.values:
            fix = f"give its shape alone: `{row.name}: {as_given(row.shape)}`"
            page.report("HW246", f"`{row.name}` has a value, and cannot be constructed", scalar, fix=fix)
        elif row.name in made.values or row.name in names:
            what = "has a value in `when`" if row.name in made.values else "stands twice"
            page.report("HW246", f"`{row.name}` {what}", scalar, fix="remove one")
        else:
            names.append(row.name)
    return Construct(tuple(names), "", (), (), problem) if len(names) == len(raw.construct) else None


def _function(at: Scalar, name: str, params: list[str], problem: Problem, page: Page) -> Construct | None:
    """Declare the function that is asked, and its arguments where the problem does not give them."""
    known = problem.functions.get(name)
    if (known is not None and not is_unknown(known)) or key(name) in {key(row.name) for row in problem.base}:
        page.report("HW246", f"`{name}` is known already, and cannot be constructed", at, fix="choose another name")
        return None
    if known is not None and len(params) != 1:
        page.report("HW246", f"`{name}` is declared as a function of one argument", at, fix=f"write `{name}(z)`")
        return None
    functions = problem.functions
    if known is None:
        functions = {**functions, name: Function(name, tuple(params), kind="each")}
    base = problem.base.copy(functions)
    for param in params:
        row = next((row for row in base if key(row.name) == key(param)), None)
        if not is_name(param) or params.count(param) > 1 or (row is not None and row.formula is not None):
            page.report("HW246", f"`{cut(param, 40)}` cannot be an argument", at, fix="write `f(z)`")
            return None
        if row is None:
            base.give(param, (), None)
    return Construct((), name, tuple(params), (), problem._replace(base=base, tables={}, questions={}))


# --- conditions -------------------------------------------------------------------------------------------------------


def _condition(
    scalar: Scalar, tree: Tree | None, asked: Construct, made: Question, parse: Parse, page: Page
) -> Condition | None:
    """Read one condition; report what is wrong with it."""
    text = " ".join(scalar.text.split())
    if tree is not None and text == RANGE:
        return _range(scalar, tree, asked, parse, page)
    left = asked_formula(asked.problem, parse, scalar, made.values, page)
    if left is None:
        return None
    if tree is not None:
        return _truth(scalar, tree, left, asked, made, page)
    if not (isinstance(left, Call) and left.op in COMPARISONS):
        fix = "write a comparison: `y == (x1 != x2)`, or `f(z) >= 0`"
        page.report("HW246", "a condition compares two formulas", scalar, fix=fix)
        return None
    return Condition(text, left.args[0], left.op, left.args[1])


def _truth(scalar: Scalar, tree: Tree, left: Expr, asked: Construct, made: Question, page: Page) -> Condition | None:
    """Read a truth table: what a formula is for all bits in order, as a text of digits or a list."""
    bits = bits_of(asked.problem, made)
    texts = [as_typed(each).strip() for each in tree.items] if isinstance(tree, Seq) else list(as_typed(tree).strip())
    values = [literal(each) for each in texts if each.strip(" ,")]
    known = [value for value in values if value is not None]
    if isinstance(tree, Map) or len(known) < len(values) or len(known) != 2 ** len(bits):
        many = f"{len(bits)} bit{'' if len(bits) == 1 else 's'}"
        fix = f"write {2 ** len(bits)} of them, in the order 00, 01, 10, 11" if bits else "declare `given: {x1: bit}`"
        page.report("HW246", f"a truth table has a value for all values of the {many}", tree, fix=fix)
        return None
    if not is_number(shape_of(left, expand(asked.problem, names(left)).shapes)):
        page.report("HW207", f"`{cut(scalar.text, 40)}` is no number", scalar, fix="write a truth table for each entry")
        return None
    return Condition(f"{' '.join(scalar.text.split())}: {' '.join(texts)}", left, TABLE, truth=tuple(known))


def _range(scalar: Scalar, tree: Tree, asked: Construct, parse: Parse, page: Page) -> Condition | None:
    """Read the range that a function has to fill, up to its ends."""
    ends = tree.items if isinstance(tree, Seq) else ()
    if not asked.function or len(ends) != 2 or not all(isinstance(end, Scalar) for end in ends):
        fix = "write `range: [0, inf]` beside `construct: f(z)`"
        page.report("HW246", "the range of a function has two ends", scalar, fix=fix)
        return None
    found: list[Expr | None] = []
    for end in ends:
        assert isinstance(end, Scalar)
        if end.text.strip() in ENDLESS:
            found.append(None)
            continue
        value = asked_formula(asked.problem, parse, end, {}, page)
        if value is None:
            return None
        table = expand(asked.problem, names(value))
        if any(table[name].formula is None and name not in table.values for name in table.needed(names(value))):
            page.report("HW246", "the end of a range is a number", end, fix="write `[0, inf]`, or give it a value")
            return None
        found.append(value)
    applied = Call(asked.function, tuple(Name(param) for param in asked.params))
    return Condition(f"range: {as_typed(tree)}", applied, RANGE, ends=(found[0], found[1]))


def _lacking(raw: RawQuestion, asked: Construct, made: Question, page: Page) -> None:
    """Report what conditions read and nobody can know: sizes, unknown functions; and what they do not read at all."""
    sides = [side for each in asked.conditions for side in each.sides]
    table = expand(asked.problem, [name for side in sides for name in names(side)])
    rows = table.needed([name for side in sides for name in names(side)])
    at = raw.conditions[0][0]
    sized = next((name for name in rows for size in table.shape(name) if not isinstance(size, int)), None)
    if sized is not None:
        page.report(
            "HW246", f"the size of `{sized}` is no number, and nothing can be tried", at, fix="give it a number"
        )
    formulas = [*sides, *(formula for name in rows if (formula := table[name].formula) is not None)]
    called = {part.op.rstrip("'") for formula in formulas for part in walk(formula) if isinstance(part, Call)}
    open_ones = {name for name in called if name in table.functions and is_unknown(table.functions[name])}
    for name in sorted(open_ones - {asked.function}):
        page.report("HW246", f"`{name}` is an unknown function, and nothing can be tried", at, fix="give its formula")
    if asked.function and any(
        isinstance(part, Call) and part.op == f"{asked.function}'" for tree in formulas for part in walk(tree)
    ):
        fix = f"compare its values: `{asked.function}(z + 1) >= {asked.function}(z)`"
        page.report("HW246", f"the derivative of `{asked.function}` is in no condition", at, fix=fix)
    unread = [name for name in asked.names if name not in rows]
    if unread or (asked.function and asked.function not in called):
        name = unread[0] if unread else asked.title
        page.report("HW246", f"no condition has to do with `{name}`", at, fix="add one")
    if len(bits_of(asked.problem, made)) > MOST_BITS:
        page.report("HW208", f"at most {MOST_BITS} bits are tried in all their values", at, fix="fix some with `when`")


# --- the model answer -------------------------------------------------------------------------------------------------


def _with_key(tree: Tree, asked: Construct, made: Question, parse: Parse, page: Page) -> Construct:
    """Read the model answer."""
    if asked.function:
        if not isinstance(tree, Scalar):
            page.report("HW246", "the key is a formula", tree, fix=f"write the formula of `{asked.title}` alone")
            return asked
        formula = asked_formula(asked.problem, parse, tree, made.values, page)
        trouble = "" if formula is None else not_of(formula, asked)
        if formula is None or trouble:
            if trouble:
                page.report("HW246", trouble, tree, fix=f"write it in {', '.join(asked.params)}")
            return asked
        try:
            answered(asked, formula)
        except FormulaError as error:
            page.refuse(error, tree)
            return asked
        return asked._replace(key=((asked.title, as_typed(tree).strip()),), model=formula)
    entries = _entries(tree, asked)
    if entries is None:
        fix = f"write `key: {{{asked.names[0]}: 1{', ...' * (len(asked.names) > 1)}}}`"
        page.report("HW246", f"the key has a value for each of {asked.title}", tree, fix=fix)
        return asked
    values = other_givens(entries, asked.problem.base, page)
    if set(values) != set(asked.names):
        return asked
    typed = {row: as_typed(value).strip() for (_, value), row in zip(entries, values, strict=True)}
    return asked._replace(key=tuple((name, typed[name]) for name in asked.names), values=values)


def _entries(tree: Tree, asked: Construct) -> list[tuple[Scalar, Tree]] | None:
    """Give the values of a key by names; None where it has not one for each."""
    if isinstance(tree, Map):
        given = {key(name.text) for name, _ in tree.items}
        return list(tree.items) if given == {key(name) for name in asked.names} else None
    items = tree.items if isinstance(tree, Seq) and len(asked.names) > 1 else (tree,)
    if len(items) != len(asked.names):
        return None
    return [
        (Scalar(name, "plain", item.span, name, ((0, item.span.line, item.span.column),)), item)
        for name, item in zip(asked.names, items, strict=True)
    ]


def not_of(formula: Expr, asked: Construct) -> str:
    """Say what a function's formula may not read: quantities that are worked out, and itself; "" where all is well."""
    base = asked.problem.base
    for name in names(formula):
        if name not in asked.params and (name not in base or base[name].formula is not None):
            return f"`{name}` is worked out, and no argument of `{asked.title}`"
    called = [part.op for part in walk(formula) if isinstance(part, Call)]
    if asked.function in called or f"{asked.function}'" in called:
        return f"`{asked.function}` cannot stand in its own formula"
    open_ones = [op for op in called if op in base.functions and is_unknown(base.functions[op])]
    return f"`{open_ones[0]}` is an unknown function" if open_ones else ""
