"""The mutants of a source file: one small change each, of the kind that people make and overlook.

Comparisons, arithmetic and logic are turned into their neighbours, numbers moved by one (small fractions by a factor,
as a tolerance of 1e-12 and 2e-12 is the same), words and signs made unknown, results and conditions fixed, statements
left out. Texts for people, annotations and what f-strings print are left alone.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import copy
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import NamedTuple, TypeVar

Node = TypeVar("Node", bound=ast.AST)

#: Longer strings, and those with a blank inside, are texts for people.
LONGEST_WORD = 12
#: Below this a number is a tolerance, which is moved by factors.
SMALL, FACTOR = 0.01, 100.0

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
WORKED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
#: Functions and methods that are taken for each other.
NAMES = {
    "min": "max", "any": "all", "startswith": "endswith", "find": "rfind", "index": "rindex", "ceil": "floor",
    "minimum": "maximum", "fmin": "fmax", "argmin": "argmax", "isnan": "isfinite", "flatnonzero": "ravel",
}  # fmt: skip
NEIGHBOURS = NAMES | {other: name for name, other in NAMES.items() if other != "ravel"}
#: Results that mean no more than None.
NOTHING = ("return", "None", "False", "0", "0.0", "''", "[]", "()")
#: Parts of a node that are no part of what it does.
IDLE = frozenset(["annotation", "returns", "decorator_list", "ctx", "op", "ops"])


class Mutant(NamedTuple):
    """One change: the function and the line it stands in, that line's text, the change, the lines to be reached.

    What runs when the module is loaded has the lines that read the name it gives a value to, if any. `code` is the
    mutated module.
    """

    function: str
    line: int
    text: str
    change: str
    lines: frozenset[int]
    code: CodeType

    @property
    def key(self) -> tuple[str, str, str]:
        """Name the mutant wherever its line stands."""
        return self.function, self.text, self.change


class Site(NamedTuple):
    """A place in a tree: what holds the node, under which name and number, and what it is in."""

    holder: ast.AST
    field: str
    number: int | None
    node: ast.AST
    function: str
    lines: frozenset[int]


def mutants(source: str, path: str) -> list[Mutant]:
    """Give all mutants of a module that are another program."""
    tree, texts = ast.parse(source), source.splitlines()
    original = compile(tree, path, "exec")
    found: list[Mutant] = []
    count: Counter[tuple[str, str, str]] = Counter()
    for site in _sites(tree, "", frozenset(), _reads(tree)):
        for other in _others(site):
            line = getattr(site.node, "lineno", min(site.lines, default=1))
            change = _change(site.node, other)
            _put(site, ast.fix_missing_locations(ast.copy_location(other, site.node)))
            code = compile(tree, path, "exec")
            _put(site, site.node)
            if code == original:
                continue
            text = texts[line - 1].strip()
            count[site.function, text, change] += 1
            nth = count[site.function, text, change]
            change = change if nth == 1 else f"{change} #{nth}"
            found.append(Mutant(site.function, line, text, change, site.lines, code))
    return found


def sample(found: list[Mutant], most: int) -> list[Mutant]:
    """Give so many of the mutants at most: always the same, whatever changes elsewhere in the file."""

    def place(mutant: Mutant) -> bytes:
        return sha256("\n".join(mutant.key).encode()).digest()

    chosen = {mutant.key for mutant in sorted(found, key=place)[:most]}
    return [mutant for mutant in found if mutant.key in chosen]


def read(path: Path) -> list[Mutant]:
    """Give all mutants of a file."""
    return mutants(path.read_text(encoding="utf-8"), str(path))


def _change(node: ast.AST, other: ast.AST) -> str:
    """Say in one line what is changed."""
    short, becomes = (ast.unparse(each).splitlines()[0] for each in (node, other))
    if isinstance(node, ast.BoolOp) and not isinstance(other, ast.Constant):
        left = other.values if isinstance(other, ast.BoolOp) else [other]
        gone = [value for value in node.values if value not in left]
        if gone:
            return f"without {ast.unparse(gone[0])}"
        return f"and -> or: {short}" if isinstance(node.op, ast.And) else f"or -> and: {short}"
    if isinstance(node, ast.IfExp):
        return f"always {becomes}"
    return f"without {short}" if isinstance(other, ast.Pass) else f"{short} -> {becomes}"


def _put(site: Site, node: ast.AST) -> None:
    if site.number is None:
        setattr(site.holder, site.field, node)
    else:
        getattr(site.holder, site.field)[site.number] = node


def _sites(
    holder: ast.AST, function: str, lines: frozenset[int], reads: Mapping[str, frozenset[int]]
) -> Iterator[Site]:
    """Give every place below a node that may be changed, with the lines of the statement that it belongs to."""
    for field, value in ast.iter_fields(holder):
        if field in IDLE or (field in ("bases", "keywords") and isinstance(holder, ast.ClassDef)):
            continue
        for number, node in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(node, ast.AST) or _is_idle(holder, node):
                continue
            within, reach = function, lines
            if isinstance(node, ast.FunctionDef | ast.ClassDef):  # what stands in its head runs when it is loaded
                within, reach = ".".join(filter(None, [function, node.name])), frozenset[int]()
            elif isinstance(node, ast.stmt) and _in_function(holder, lines):
                body = getattr(node, "body", None)
                last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
                reach = frozenset(range(node.lineno, max(last, node.lineno) + 1))
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                named = (part.id for part in ast.walk(node) if isinstance(part, ast.Name))
                reach = reads.get(next(named, ""), frozenset())
            yield Site(holder, field, number if isinstance(value, list) else None, node, within, reach)
            yield from _sites(node, within, reach, reads)


def _reads(tree: ast.Module) -> dict[str, frozenset[int]]:
    """Give the lines in which each name is read."""
    found: dict[str, set[int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.setdefault(node.id, set()).add(node.lineno)
    return {name: frozenset(lines) for name, lines in found.items()}


def _in_function(holder: ast.AST, lines: frozenset[int]) -> bool:
    """Tell whether a statement of a holder, which reaches some lines, runs when a function is called."""
    return isinstance(holder, ast.FunctionDef) or bool(lines)


def _is_idle(holder: ast.AST, node: ast.AST) -> bool:
    """Tell whether a node does nothing that a test should see: a docstring, an import, a printed text."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr | ast.Assert):
        return True
    if isinstance(node, ast.keyword) and node.arg == "strict":  # of zip: what is a mistake in the code is no answer
        return True
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
        return True
    return isinstance(holder, ast.Expr) and isinstance(node, ast.Constant)


# --- what a node may become -----------------------------------------------------------------------------------------


def _others(site: Site) -> Iterator[ast.AST]:
    node = site.node
    if isinstance(node, ast.stmt):
        if site.function or not isinstance(node, ast.Assign):  # a loaded module keeps the names that it has
            yield from _statements(node)
    elif isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            for kind in COMPARED[type(op)]:
                yield _with(node, ops=[*node.ops[:at], kind(), *node.ops[at + 1 :]])
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for at in range(len(node.values)):
            rest = node.values[:at] + node.values[at + 1 :]
            yield rest[0] if len(rest) == 1 else _with(node, values=rest)
    elif isinstance(node, ast.BinOp) and type(node.op) in WORKED:
        yield _with(node, op=WORKED[type(node.op)]())
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.Constant):
        yield from map(ast.Constant, _constants(node.value))
    elif isinstance(node, ast.Name) and node.id in NEIGHBOURS:
        yield _with(node, id=NEIGHBOURS[node.id])
    elif isinstance(node, ast.Attribute) and node.attr in NEIGHBOURS:
        yield _with(node, attr=NEIGHBOURS[node.attr])
    if site.field == "ifs" or (site.field == "test" and isinstance(site.holder, ast.If)):
        yield from (ast.Constant(True), ast.Constant(False))
    elif site.field == "test" and isinstance(site.holder, ast.While):
        yield ast.Constant(False)


def _statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """Leave a statement out, or let it give nothing."""
    if isinstance(node, ast.Return) and ast.unparse(node.value or node) not in NOTHING:
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.AugAssign):
        if type(node.op) in WORKED:
            yield _with(node, op=WORKED[type(node.op)]())
        yield ast.Pass()
    elif (
        isinstance(node, ast.Raise | ast.Continue | ast.Break | ast.Delete)
        or (isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name))
    ):
        yield ast.Pass()


def _constants(value: object) -> list[object]:
    """Give the constants that stand beside one."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        if 0 < abs(value) < SMALL or abs(value) > 1 / SMALL:
            return [float(f"{value * FACTOR:.10g}"), float(f"{value / FACTOR:.10g}")]
        return [value + 1, value - 1] if value == int(value) else [2 * value, value / 2]
    if isinstance(value, str) and len(value) <= LONGEST_WORD and " " not in value:
        return [value + "?" if value else "?"]
    return []


def _with(node: Node, **parts: object) -> Node:
    other = copy(node)
    for name, part in parts.items():
        setattr(other, name, part)
    return other
