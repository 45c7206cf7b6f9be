"""Near misses of formulas, as slips are made; each is one only if its shapes do not fit, or the values of
`formulas_worth` say so.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hwcheck.formula.expr import Call, Expr, Name, Num, number
from hwcheck.formula.lex import FormulaError
from hwcheck.graph.shapes import is_number
from hwcheck.graph.table import Domain
from tests.marking.formulas import PI, Field, call
from tests.marking.formulas_rewritten import TWO, ZERO, Change, count_of, put, rewritten, shape
from tests.marking.formulas_worth import tells_apart


def _spread(tree: Expr, field: Field, random: Random, make: Callable[[Expr], Expr]) -> Expr | None:
    """Add to a formula what is made of a given number, or of a given of its shape."""
    sizes = () if is_number(shape(tree, field)) else shape(tree, field)
    base = field.problem.base
    names = [name for name in field.pool.get(sizes, ()) if base.domains.get(name, Domain()) == Domain()]
    return call("+", tree, make(Name(random.choice(names)))) if names else None


def add_sine(tree: Expr, field: Field, random: Random) -> Expr | None:
    return _spread(tree, field, random, lambda x: call("sin", call("@", PI, x)))


def add_below_zero(tree: Expr, field: Field, random: Random) -> Expr | None:
    return _spread(tree, field, random, lambda x: call("max", ZERO, call("neg", x)))


def absolute(tree: Expr, field: Field, random: Random) -> Expr | None:
    return random.choice((call("abs", tree), call("sqrt", call("^", tree, TWO))))


def a_millionth(tree: Expr, field: Field, random: Random) -> Expr | None:
    return call("@", tree, Num(1 + 1e-6, "1.000001"))


def sign(tree: Expr, field: Field, random: Random) -> Expr | None:
    match tree:
        case Call("+" | "-" as op, (a, b)):
            return call({"+": "-", "-": "+"}[op], a, b)
        case Call("neg", (a,)):
            return a
    return call("neg", tree)


def other_name(tree: Expr, field: Field, random: Random) -> Expr | None:
    if isinstance(tree, Name):
        for names in field.pool.values():
            if tree.id in names and len(names) > 1:
                return Name(random.choice([name for name in names if name != tree.id]))
    return None


def turned(tree: Expr, field: Field, random: Random) -> Expr | None:
    """Transpose a matrix, or forget to; change the order of a product."""
    match tree:
        case Call("ᵀ", (a,)):
            return a
        case Call("@", (a, b)) if not any(is_number(shape(each, field)) for each in (a, b)):
            return call("@", b, a)
    return call("ᵀ", tree) if len(shape(tree, field)) == 2 else None


def entry_by_entry(tree: Expr, field: Field, random: Random) -> Expr | None:
    match tree:
        case Call("@", (a, b)) if not any(is_number(shape(each, field)) for each in (a, b)):
            return call("⊙", a, b)
        case Call("⊙", (a, b)) if len(shape(a, field)) == 2:
            return call("@", a, b)
    return None


def dropped(tree: Expr, field: Field, random: Random) -> Expr | None:
    """Leave a factor or a term out."""
    match tree:
        case Call("+" | "-" | "@" | "⊙", (a, b)):
            return random.choice((a, b))
        case Call("/", (a, _)):
            return a
    return None


def other_number(tree: Expr, field: Field, random: Random) -> Expr | None:
    match tree:
        case Num(value):
            return number(value + 1)
        case Call("^", (a, Num(value))):
            return call("^", a, number(value + 1))
    return None


OTHERS = {
    "sum": ("mean",), "mean": ("sum",), "norm": ("sum",), "tanh": ("sigmoid",), "sigmoid": ("tanh", "relu"),
    "max": ("min",),
    "relu": ("abs", "neg"), "exp": ("cos",), "ln": ("sqrt",), "sin": ("cos",), "f1": ("f2", "f1'"), "f2": ("f1", "f2'"),
    "f1'": ("f1", "f2'"), "f2'": ("f2",), "<": (">",), ">": ("<",), "abs": ("neg",), "sqrt": ("exp",),
}  # fmt: skip


def other_function(tree: Expr, field: Field, random: Random) -> Expr | None:
    if isinstance(tree, Call) and tree.op in OTHERS and (tree.op != "max" or len(tree.args) == 2):
        return call(random.choice(OTHERS[tree.op]), *tree.args)
    return None


def argument(tree: Expr, field: Field, random: Random) -> Expr | None:
    """Use a function at the argument with the other sign, or leave the function out."""
    if isinstance(tree, Call) and len(tree.args) == 1 and tree.op in OTHERS and tree.op not in ("sum", "mean", "norm"):
        return random.choice((call(tree.op, call("neg", tree.args[0])), tree.args[0]))
    return None


def other_size(tree: Expr, field: Field, random: Random) -> Expr | None:
    """Divide a sum by a size that is another one."""
    sizes = sorted(field.problem.base.symbols)
    match tree:
        case Call("mean", (a,)) if len(sizes) > 1:
            return call("/", call("sum", a), Name(random.choice(sizes)))
    return None


MISSES: tuple[Change, ...] = (
    add_sine, add_below_zero, absolute, a_millionth, sign, other_name, turned, entry_by_entry, dropped, other_number,
    other_function, argument, other_size,
)  # fmt: skip
#: Those that are made of the whole formula only.
WHOLE = (add_sine, add_below_zero, a_millionth)


def wrong_pair(random: Random, field: Field) -> tuple[Expr, Expr, str]:
    """Make a key, a formula that is another one, and what was done to it; some are rewritten on the way."""
    while True:
        key, start = random.choice(field.keys)
        done: list[str] = []
        if random.random() < 0.5:
            start, done = rewritten(random, field, start, 3)
        miss = random.choice(MISSES)
        at = 0 if miss in WHOLE else random.randrange(count_of(start))
        other, _ = put(start, at, lambda part, miss=miss: miss(part, field, random))  # type: ignore[misc]
        if other is not None and is_miss(key, other, field):
            return key, other, ", ".join([*done, miss.__name__])


def is_miss(key: Expr, other: Expr, field: Field) -> bool:
    """Tell whether a formula is another one than the key: its shapes do not fit, or its values differ."""
    try:
        shape(other, field)
    except FormulaError:
        return True
    try:
        return tells_apart(key, other, field.points)
    except ValueError:  # a row and a column that are taken for one another
        return False
