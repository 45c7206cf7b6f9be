"""Update rules: the text of one, an optimizer's or a sheet's own, as formulas that a step puts its quantities into."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from typing import TypeGuard

from ..formula.expr import Call, Expr, Name, names, number, rewrite, substitute, walk
from ..formula.names import key, split
from ..formula.parse import FormulaError, Scope, readings
from ..graph.functions import Functions, arities
from ..library.optimizers import COMMON, DECOUPLED, Optimizer, lines_of
from ..record import NamedTuple
from ..text import closest

#: What a rule may read beside its own names: the parameter, its gradient, the learning rate, the number of the step,
#: that of the epoch, and the norm of the gradients of all parameters together.
WORDS = ("w", "g", "lr", "t", "epoch", "gnorm")
#: What the network's own names begin with in a rule, so that none of them is taken for one of these.
OUTER = " "
#: The operation of the gradient where all parameters have moved to a point; in a text it is written `g(...)`.
ELSEWHERE = "gradient at"
#: The letter that a text has for the g of `g(...)` while it is parsed: as a name and a function at once, g is neither.
_LETTER = "ɡ"
_APPLIED = re.compile(r"(?<![\w'])g\(")


class RuleLine(NamedTuple):
    """A line of a rule: the name that it gives, and its formula in `WORDS`, the rule's own names and quantities."""

    name: str
    formula: Expr


class Rule(NamedTuple):
    """An update rule: what it is called, its lines, and the states with their values before the first step.

    `settings` are the numbers that are put in, `chosen` the ways that were chosen among those of the `row` of an
    optimizer; a sheet's own rule has no row. A rule by the names of parameters has a line for each parameter and reads
    no gradient; any other is read for every parameter, as `w`.
    """

    name: str
    lines: tuple[RuleLine, ...]
    starts: Mapping[str, Expr]
    by_name: bool = False
    row: Optimizer | None = None
    settings: Mapping[str, Expr] = {}
    chosen: Mapping[str, str] = {}

    @property
    def helpers(self) -> tuple[str, ...]:
        """The names that the lines give beside parameters: states and helpers, in order."""
        return tuple(dict.fromkeys(line.name for line in self.lines if line.name != "w"))

    def reads(self, word: str) -> bool:
        """Tell whether a line reads a name, the gradient elsewhere left out."""
        return any(word in names(without_elsewhere(line.formula)) for line in self.lines)

    @property
    def differentiates(self) -> bool:
        """Whether gradients are needed."""
        return self.reads("g") or self.reads("gnorm") or bool(self.elsewhere)

    @property
    def derivatives(self) -> tuple[str, ...]:
        """The derivatives that the lines read by their names."""
        read = (name.removeprefix(OUTER) for line in self.lines for name in names(line.formula))
        return tuple(dict.fromkeys(name for name in read if "/d" in name))

    @property
    def elsewhere(self) -> tuple[Expr, ...]:
        """The points where gradients are taken, each once."""
        parts = (part for line in self.lines for part in walk(line.formula))
        return tuple(dict.fromkeys(part.args[0] for part in parts if is_elsewhere(part)))


def outer(tree: Expr, own: Container[str]) -> Expr:
    """Give a formula of a rule with the network's names marked as such; those in `own` are the rule's."""
    return rewrite(
        tree, lambda part: Name(OUTER + part.id, part.at) if isinstance(part, Name) and part.id not in own else None
    )


def inner(tree: Expr) -> Expr:
    """Give a formula that reads the network alone with its names as they are."""
    return rewrite(tree, lambda part: Name(part.id.removeprefix(OUTER), part.at) if isinstance(part, Name) else None)


def is_elsewhere(part: Expr) -> TypeGuard[Call]:
    """Tell whether a part of a rule is the gradient at another point."""
    return isinstance(part, Call) and part.op == ELSEWHERE


def without_elsewhere(tree: Expr) -> Expr:
    """Give a formula with 0 in the place of gradients at other points."""
    return rewrite(tree, lambda part: number(0) if is_elsewhere(part) else None)


def rule_of(row: Optimizer, settings: Mapping[str, Expr], chosen: Mapping[str, str], functions: Functions) -> Rule:
    """Make the rule of an optimizer.

    Args:
        row: the optimizer.
        settings: its numbers, those that are left out too, and `COMMON` ones that are set.
        chosen: its choices by their settings, and `decoupled`.
        functions: what formulas may use.
    """
    texts = lines_of(row, chosen)
    apart = chosen.get("decoupled") == "yes" and "weight_decay" in settings
    front = [text for name, (text, _) in COMMON.items() if name in settings and not (name == "weight_decay" and apart)]
    given = [_name_of(text) for text in texts]
    scope = rule_scope([*given, *settings], functions)
    lines = [_parsed(text, scope) for text in texts]
    gradient = next((part for line in lines for part in walk(line.formula) if is_elsewhere(part)), Name("g"))
    point = gradient.args[0] if isinstance(gradient, Call) else Name("w")
    before: list[RuleLine] = []
    old: Expr = gradient
    for text in front:
        line = _parsed(text, scope)
        put = {"g": old, "w": point}
        before.append(line._replace(formula=substitute(line.formula, put)))
        old = Name(line.name)
    if before:
        lines = [
            line._replace(formula=rewrite(line.formula, lambda part: old if part == gradient else None))
            for line in lines
        ]
    if apart:
        line = _parsed(DECOUPLED, scope)
        before.insert(0, line)
        shrunk: dict[str, Expr] = {"w": Name(line.name)}
        lines = [each._replace(formula=substitute(each.formula, shrunk)) for each in lines]
    every = tuple(each._replace(formula=substitute(each.formula, settings)) for each in (*before, *lines))
    starts = {name: settings.get(row.starts.get(name, ""), number(0)) for name in states_of(every)}
    return Rule(row.name, every, starts, False, row, settings, chosen)


def states_of(lines: Iterable[RuleLine]) -> list[str]:
    """Give the names that a rule gives and reads before: they keep their values from one step to the next."""
    lines = list(lines)
    given: set[str] = set()
    found: dict[str, None] = {}
    own = {line.name for line in lines}
    for line in lines:
        read = names(line.formula)
        found.update(dict.fromkeys(name for name in read if name in own and name not in given and name != "w"))
        given.add(line.name)
    return list(found)


def rule_scope(own: Iterable[str], functions: Functions, declared: Mapping[str, str] | None = None) -> Scope:
    """Give the scope of a rule's lines: its own names, `WORDS`, and what the network declares, which wins."""
    known = {**{key(name): name for name in (*WORDS, *own)}, **(declared or {})}
    return Scope(known, {**arities(functions), _LETTER: (ELSEWHERE, 1, 1)})


def _name_of(text: str) -> str:
    return text.partition("=")[0].strip()


def _parsed(text: str, scope: Scope) -> RuleLine:
    name, _, formula = text.partition("=")
    found = readings(lettered(formula), scope)
    assert len(found) == 1, f"a rule's line must have one reading: {text}"
    return RuleLine(name.strip(), found[0])


def lettered(text: str) -> str:
    """Give a text with another letter for the g of `g(...)`, as `rule_scope` reads it; places in it stay."""
    return _APPLIED.sub(f"{_LETTER}(", text)


def own_rule(
    text: str,
    functions: Functions,
    declared: Mapping[str, str],
    parameters: Container[str],
    refuse: Callable[[FormulaError, int], None],
) -> Rule | None:
    """Read a rule that a sheet writes as text, a definition in each line; report every line that is none.

    Args:
        text: the lines.
        functions: what formulas may use.
        declared: the quantities of the network by the keys of all their names.
        parameters: the givens that may be changed.
        refuse: takes an error and where in the text its line's formula begins.
    """
    cut = list(_cut(text, refuse))
    if len(cut) < len([line for line in text.split("\n") if line.partition("#")[0].strip()]):
        return None
    own = {key(name): name for name, _, _ in cut}
    reads_gradient = "g" not in declared and any(re.search(r"(?<![\w/'])g(?![\w'])", code) for _, code, _ in cut)
    by_name = not reads_gradient and any(name in declared and declared[name] in parameters for name in own)
    hidden = set() if by_name else {"w"}
    scope = rule_scope(own.values(), functions, {name: to for name, to in declared.items() if name not in hidden})
    taken_names = {to for name, to in declared.items() if name not in hidden}
    own_names = {*WORDS, *own.values()} - taken_names
    lines: list[RuleLine] = []
    for name, code, at in cut:
        taken = declared.get(key(name)) if key(name) not in hidden else None
        if taken is not None and not (by_name and taken in parameters):
            fix = "call it otherwise" if not by_name else "a line gives a parameter, or a name of its own"
            refuse(FormulaError(f"`{name}` is a quantity of the network already", -len(name) - 1, 0, fix, "HW224"), at)
            continue
        if name in WORDS and name != "w":
            refuse(FormulaError(f"`{name}` means something else in a rule", -len(name) - 1, 0, "", "HW224"), at)
            continue
        try:
            found = readings(lettered(code), scope)
            if len(found) > 1:
                raise FormulaError("this can be read in two ways", 0, len(code), "add the brackets you mean", "HW302")
            if isinstance(found[0], Call) and found[0].op == "for":
                fix = "write the parameter as a whole: w = w - lr g"
                raise FormulaError("a line of a rule is no loop", 0, len(code), fix, "HW224")
            tree = outer(found[0], own_names)
            _checked(tree, set(declared.values()))
            lines.append(RuleLine(taken or name, tree))
        except FormulaError as error:
            refuse(error, at)
    if len(lines) < len(cut):
        return None
    if not by_name and not any(line.name == "w" for line in lines):
        near = closest("w", own.values())
        fix = "the last line gives it: `w = w - lr g`" if not near else f"call `{near[0]}` w"
        refuse(FormulaError("no line gives the parameter `w`", 0, len(text), fix, "HW224"), 0)
        return None
    twice = [line.name for at, line in enumerate(lines) if line.name in [each.name for each in lines[:at]]]
    if twice:
        at = [at for name, _, at in cut if key(name) == key(twice[0])][1]
        refuse(FormulaError(f"`{twice[0]}` is given twice", 0, 1, "give each name in one line", "HW224"), at)
        return None
    states = [name for name in states_of(lines) if not (by_name and name in parameters)]
    return Rule("", tuple(lines), {name: number(0) for name in states}, by_name)


def _checked(tree: Expr, declared: Container[str]) -> None:
    """Refuse what a rule cannot read of the network: other steps, and derivatives of what it does not have."""
    for part in walk(tree):
        if not isinstance(part, Name) or not part.id.startswith(OUTER):
            continue
        name = part.id.removeprefix(OUTER)
        parts = split(name)
        if name in declared or not parts.step:
            for each in (parts.of, parts.by) if parts.by and name not in declared else ():
                if each not in declared:
                    raise FormulaError(f"`{each}` is not defined", part.at.start, part.at.end, "", "HW103")
            continue
        fix = "leave the step out: a rule is about every step"
        raise FormulaError(f"`{name}` names a step", part.at.start, part.at.end, fix, "HW313")


def _cut(text: str, refuse: Callable[[FormulaError, int], None]) -> Iterable[tuple[str, str, int]]:
    """Give the name, the formula, and where that begins, of every line of a text; report lines that are none."""
    start = 0
    for line in text.split("\n"):
        begin, start = start, start + len(line) + 1
        code = line.partition("#")[0]
        if not code.strip():
            continue
        name, equals, formula = code.partition("=")
        if not equals or formula.startswith("=") or not name.strip().replace("_", "a").isalnum():
            error = FormulaError("a line of a rule is `name = formula`", 0, len(code), "write w = w - lr g", "HW224")
            refuse(error, begin)
            continue
        yield name.strip(), formula, begin + len(name) + 1
