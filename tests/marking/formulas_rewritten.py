"""True rewrites of formulas, by laws of algebra: each is a function of one part of a formula, which gives None where it
does not apply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from hwcheck.formula.expr import COMPARISONS, Call, Expr, Name, Num, number
from hwcheck.graph.shapes import Shape, is_number, shape_of
from hwcheck.graph.table import Domain
from hwcheck.sheet.problem import expand
from tests.marking.formulas import HALF, PI, Field, call, formula, size

Change = Callable[[Expr, Field, Random], "Expr | None"]

ONE, TWO, ZERO = number(1), number(2), number(0)


def shape(tree: Expr, field: Field) -> Shape:
    """Give the shape of a formula about a problem.

    Raises:
        FormulaError: shapes that do not fit.
    """
    names = [part.id for part in parts_of(tree) if isinstance(part, Name) and part.id not in field.problem.base]
    return shape_of(tree, (expand(field.problem, names) if names else field.problem.base).shapes)


def inner(tree: Expr) -> tuple[Expr, ...]:
    """Give the operands of a formula that may be changed: no index, exponent or size, and nothing in a condition."""
    if not isinstance(tree, Call) or tree.op in ("ones", "I", *COMPARISONS):
        return ()
    return tree.args[:1] if tree.op in ("[]", "^") else tree.args


def parts_of(tree: Expr) -> Iterator[Expr]:
    """Give every part of a formula that may be changed."""
    yield tree
    for arg in inner(tree):
        yield from parts_of(arg)


def count_of(tree: Expr) -> int:
    """Count these parts."""
    return 1 + sum(map(count_of, inner(tree)))


def put(tree: Expr, at: int, new: Callable[[Expr], Expr | None]) -> tuple[Expr | None, int]:
    """Change the part of a formula with a number; give the whole, None where nothing changed, and the parts passed."""
    if at == 0:
        return new(tree), 1
    passed = 1
    if isinstance(tree, Call):
        for place, arg in enumerate(inner(tree)):  # what is left out stands last
            found, more = put(arg, at - passed, new)
            if found is not None:
                return tree._replace(args=(*tree.args[:place], found, *tree.args[place + 1 :])), 0
            passed += more
            if passed > at:
                return None, 0
    return None, passed


def times(tree: Expr, field: Field) -> str:
    """Give the sign of the product of a formula and another of its shape, entry by entry."""
    return "@" if is_number(shape(tree, field)) else "⊙"


def positive(tree: Expr, field: Field) -> bool:
    """Tell whether a formula is above 0 wherever it is defined, as far as its look says."""
    if isinstance(tree, Num):
        return tree.value > 0
    if isinstance(tree, Name):
        domain = field.problem.base.domains.get(tree.id, Domain())
        return domain.low >= 0 and domain.kind == "real"
    if tree.op in ("exp", "sigmoid"):
        return True
    if tree.op == "^":
        return positive(tree.args[0], field)
    return tree.op in ("+", "⊙", "/") and all(
        positive(arg, field) or (tree.op == "+" and at and is_square(arg)) for at, arg in enumerate(tree.args)
    )


def is_condition(tree: Expr) -> bool:
    """Tell whether a formula is a comparison."""
    return isinstance(tree, Call) and tree.op in COMPARISONS


def is_square(tree: Expr) -> bool:
    """Tell whether a formula is a square."""
    return isinstance(tree, Call) and tree.op == "^" and tree.args[1] == TWO


def _plain(*trees: Expr, field: Field) -> bool:
    """Tell whether some formulas are of one shape, so that nothing is spread over an array."""
    return len({shape(tree, field) for tree in trees}) == 1


# --- true rewrites ----------------------------------------------------------------------------------------------------


def distributed(tree: Expr, field: Field, random: Random) -> Expr | None:
    match tree:
        case Call("@" | "⊙" as op, (a, Call("+" | "-" as sign, (b, c)))) if _plain(b, c, field=field):
            return call(sign, call(op, a, b), call(op, a, c))
        case Call("@" | "⊙" as op, (Call("+" | "-" as sign, (a, b)), c)) if _plain(a, b, field=field):
            return call(sign, call(op, a, c), call(op, b, c))
        case Call("/", (Call("+" | "-" as sign, (a, b)), c)) if _plain(a, b, field=field):
            return call(sign, call("/", a, c), call("/", b, c))
        case Call("^", (Call("+" | "-" as sign, (a, b)), exponent)) if exponent == TWO and _plain(a, b, field=field):
            middle = call(times(a, field), call("@", TWO, a), b)
            return call("+", call(sign, call("^", a, TWO), middle), call("^", b, TWO))
    return None


def factored(tree: Expr, field: Field, random: Random) -> Expr | None:
    match tree:
        case Call("+" | "-" as sign, (Call("@" | "⊙" as op, (a, b)), Call(other, (c, d)))) if op == other:
            if a == c and _plain(b, d, field=field):
                return call(op, a, call(sign, b, d))
            if b == d and _plain(a, c, field=field):
                return call(op, call(sign, a, c), b)
    return None


def commuted(tree: Expr, field: Field, random: Random) -> Expr | None:
    match tree:
        case Call("+" | "⊙" | "max" | "min" as op, (a, b)):
            return call(op, b, a)
        case Call("-", (a, b)):
            return random.choice((call("+", call("neg", b), a), call("neg", call("-", b, a))))
        case Call("@", (a, b)) if any(is_number(shape(each, field)) for each in (a, b)):
            return call("@", b, a)
    return None


def associated(tree: Expr, field: Field, random: Random) -> Expr | None:
    match tree:
        case Call("+", (Call("+" | "-" as op, (a, b)), c)) if _plain(a, b, c, field=field):
            return call(op, a, call(op, b, c))
        case Call("⊙", (Call("⊙", (a, b)), c)):
            return call("⊙", a, call("⊙", b, c))
        case Call("@", (Call("@", (a, b)), c)):
            inner = is_number(shape(Call("@", (a, b)), field))
            if not inner or any(is_number(shape(each, field)) for each in (a, b, c)):
                return call("@", a, call("@", b, c))
        case Call("@", (a, Call("@", (b, c)))):
            inner = is_number(shape(Call("@", (b, c)), field))
            if not inner or any(is_number(shape(each, field)) for each in (a, b, c)):
                return call("@", call("@", a, b), c)
    return None


def transposed(tree: Expr, field: Field, random: Random) -> Expr | None:
    """Move a transpose in or out, or add two."""
    match tree:
        case Call("ᵀ", (Call("@", (a, b)),)) if not any(is_number(shape(each, field)) for each in (a, b)):
            return call("@", call("ᵀ", b), call("ᵀ", a))
        case Call("ᵀ", (Call("+" | "-" | "⊙" as op, (a, b)),)) if _plain(a, b, field=field):
            return call(op, call("ᵀ", a), call("ᵀ", b))
        case Call("@", (Call("ᵀ", (a,)), b)) if len(shape(a, field)) == 1 and shape(b, field) == shape(a, field):
            return random.choice((call("@", call("ᵀ", b), a), call("sum", call("⊙", a, b))))
        case Call("@", (a, Call("ᵀ", (b,)))) if not any(is_number(shape(each, field)) for each in (a, b)):
            return call("ᵀ", call("@", b, call("ᵀ", a)))
        case Call("ᵀ", (a,)) if len(shape(a, field)) == 2:
            return call("ᵀ", call("+", a, call("@", ZERO, a)))
    return call("ᵀ", call("ᵀ", tree)) if len(shape(tree, field)) == 2 and not is_condition(tree) else None


def of_all(tree: Expr, field: Field, random: Random) -> Expr | None:
    """Write a sum, a mean or a norm as a product."""
    if not (isinstance(tree, Call) and tree.op in ("sum", "mean", "norm") and len(tree.args) == 1):
        return None
    inside = tree.args[0]
    sizes = shape(inside, field)
    if tree.op == "norm":
        return call("sqrt", call("sum", call("^", inside, TWO)))
    if len(sizes) != 1:
        return None
    total = call("@", call("ᵀ", call("ones", size(sizes[0]))), inside)
    return total if tree.op == "sum" else call("/", random.choice((call("sum", inside), total)), size(sizes[0]))


def unit(tree: Expr, field: Field, random: Random) -> Expr | None:
    """Write an activation, an absolute value or a maximum in another way."""
    match tree:
        case Call("sigmoid", (x,)):
            e = call("exp", x)
            return random.choice((
                call("/", ONE, call("+", ONE, call("exp", call("neg", x)))),
                call("/", e, call("+", ONE, e)),
                call("-", ONE, call("sigmoid", call("neg", x))),
                call("@", HALF, call("+", ONE, call("tanh", call("/", x, TWO)))),
            ))  # fmt: skip
        case Call("tanh", (x,)):
            e, other = call("exp", x), call("exp", call("neg", x))
            return random.choice((
                call("-", call("@", TWO, call("sigmoid", call("@", TWO, x))), ONE),
                call("/", call("-", e, other), call("+", e, other)),
                call("neg", call("tanh", call("neg", x))),
            ))  # fmt: skip
        case Call("relu", (x,)):
            return random.choice((
                call("max", ZERO, x),
                call("/", call("+", x, call("abs", x)), TWO),
                call("if", call(">", x, ZERO), x, ZERO),
                call(times(x, field), x, call(">", x, ZERO)),
                call("neg", call("min", ZERO, call("neg", x))),
            ))  # fmt: skip
        case Call("abs", (x,)):
            return random.choice((
                call("max", x, call("neg", x)),
                call("sqrt", call("^", x, TWO)),
                call("+", call("relu", x), call("relu", call("neg", x))),
            ))  # fmt: skip
        case Call("max", (a, b)) if _plain(a, b, field=field):
            return random.choice((
                call("/", call("+", call("+", a, b), call("abs", call("-", a, b))), TWO),
                call("+", a, call("relu", call("-", b, a))),
                call("if", call(">=", a, b), a, b),
            ))  # fmt: skip
        case Call("if", (Call("<" | ">" as sign, (a, b)), x, y)):
            return random.choice((
                call("if", call({"<": ">", ">": "<"}[sign], b, a), x, y),
                call("if", call({"<": ">=", ">": "<="}[sign], a, b), y, x),
            ))  # fmt: skip
        case Call("sin", (x,)):
            return random.choice(
                (call("cos", call("-", x, call("/", PI, TWO))), call("neg", call("sin", call("neg", x))))
            )
    return None


def power(tree: Expr, field: Field, random: Random) -> Expr | None:
    """Write powers, quotients, exponentials and logarithms in another way."""
    match tree:
        case Call("^", (x, exponent)) if exponent == TWO:
            return call(times(x, field), x, x)
        case Call("^", (x, exponent)) if exponent == number(3):
            return call(times(x, field), x, call("^", x, TWO))
        case Call("/", (a, b)):
            sign = "@" if any(is_number(shape(each, field)) for each in (a, b)) else "⊙"
            return call(sign, a, random.choice((call("^", b, call("neg", ONE)), call("/", ONE, b))))
        case Call("exp", (Call("+" | "-" as sign, (a, b)),)) if _plain(a, b, field=field):
            return call(times(a, field) if sign == "+" else "/", call("exp", a), call("exp", b))
        case Call("exp", (x,)):
            return random.choice((
                call("/", ONE, call("exp", call("neg", x))),
                call("^", call("exp", call("/", x, TWO)), TWO),
                call("^", call("e"), x) if "e" not in field.problem.base else call("exp", call("@", ONE, x)),
            ))  # fmt: skip
        case Call("ln", (Call("@" | "⊙" | "/" as sign, (a, b)),)) if positive(a, field) and positive(b, field):
            return call("-" if sign == "/" else "+", call("ln", a), call("ln", b))
        case Call("ln", (x,)):
            return random.choice((
                call("neg", call("ln", call("/", ONE, x))),
                call("/", call("ln", call("^", x, TWO)), TWO) if positive(x, field) else call("ln", call("@", ONE, x)),
            ))  # fmt: skip
        case Call("sqrt", (x,)):
            return call("^", x, random.choice((HALF, Num(0.5, "0.5"))))
    return None


def defined(tree: Expr, field: Field, random: Random) -> Expr | None:
    """Put a definition in for its name."""
    return field.problem.base[tree.id].formula if isinstance(tree, Name) and tree.id in field.problem.base else None


def known(tree: Expr, field: Field, random: Random) -> Expr | None:
    """Use what is known of where a given lies."""
    if not isinstance(tree, Name):
        return None
    domain = field.problem.base.domains.get(tree.id, Domain())
    if domain.kind in ("bit", "one-hot"):
        return random.choice((call("^", tree, TWO), call("abs", tree), call("relu", tree)))
    if positive(tree, field):
        return random.choice((call("sqrt", call("^", tree, TWO)), call("exp", call("ln", call("abs", tree))),
                              call("relu", tree), call("^", call("sqrt", tree), TWO)))  # fmt: skip
    return None


def added(tree: Expr, field: Field, random: Random) -> Expr | None:
    """Add something and take it off again, or multiply by it and divide; a condition would be none after that."""
    if is_condition(tree):
        return None
    sizes = () if is_number(shape(tree, field)) else shape(tree, field)
    one = ONE if sizes else call("-", call("/", call("^", PI, TWO), PI), call("-", PI, ONE))
    ways = [
        call("neg", call("neg", tree)),
        call("@", TWO, call("/", tree, TWO)),
        call("@", ONE, tree),
        call("-", call("@", TWO, tree), tree),
        call("^", tree, ONE),
        call("@", one, tree),
    ]
    if sizes in field.pool:
        other = formula(random, field.pool, sizes, 1)
        safe = call("+", ONE, call("^", other, TWO))
        turned = call("+", call("^", call("sin", other), TWO), call("^", call("cos", other), TWO))
        ways += [call("-", call("+", tree, other), other), call("+", call("-", tree, other), other)]
        ways += [call("/", call(times(tree, field), tree, safe), safe), call(times(tree, field), tree, turned)]
    return random.choice(ways)


def diagonal(tree: Expr, field: Field, random: Random) -> Expr | None:
    """Write a product of vectors entry by entry as one with a diagonal matrix, and the identity before a vector."""
    match tree:
        case Call("⊙", (a, b)) if len(shape(a, field)) == 1 and _plain(a, b, field=field):
            return call("@", call("diag", a), b)
        case Name() if len(shape(tree, field)) in (1, 2) and not is_number(shape(tree, field)):
            return call("@", call("I", size(shape(tree, field)[0])), tree)
    return None


REWRITES: tuple[Change, ...] = (
    distributed, factored, commuted, associated, transposed, of_all, unit, power, defined, known, added, diagonal
)  # fmt: skip


def rewritten(random: Random, field: Field, tree: Expr, most: int = 5) -> tuple[Expr, list[str]]:
    """Rewrite a formula a few times; give it and what was done."""
    done: list[str] = []
    wanted = random.randint(1, most)
    parts = count_of(tree)
    for _ in range(60):
        if len(done) == wanted or parts > 90:
            break
        change = random.choice(REWRITES)
        new, _ = put(tree, random.randrange(parts), lambda part, change=change: change(part, field, random))  # type: ignore[misc]
        if new is not None:
            tree, parts = new, count_of(new)
            done.append(change.__name__)
    return tree, done


def right_pair(random: Random, field: Field) -> tuple[Expr, Expr, str]:
    """Make a key, a formula that is the same, and what was done to it."""
    key, other = random.choice(field.keys)
    other, done = rewritten(random, field, other)
    return key, other, ", ".join(done)
