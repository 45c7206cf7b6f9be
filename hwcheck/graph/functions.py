"""The rows that say what a function of the formula language means.

A function is a row: its value where NumPy gives it, else its body as text in the formula language; its slope or its
vector-Jacobian products as text too; and further slopes that are equal to it as functions but not on a student's own
numbers. Everything else (shapes, derivatives, values, printing, the reference page) reads these rows. The names in the
texts: the parameters, `out` for the function's value, `g` for the adjoint of `out`.

The names and derivatives of this table are those of any calculus textbook; `library` adds the activations and losses of
the field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ..formula.expr import Expr
from ..formula.names import key
from ..formula.parse import Scope, readings

Array = Any  # one of NumPy's, or a single number of NumPy's
Value = Callable[..., Array]


class Function(NamedTuple):
    """One function.

    `kind` gives the shape of the value: "each" acts on every entry (several arguments are brought to one shape), "all"
    makes one number of all entries, "body" takes the shape of the body, "own" has a shape rule of its own. `optional`
    counts the trailing parameters that may be left out, `defaults` are their texts. `fused` is (inner function, text,
    text for a target that sums to 1): the adjoint of the inner function's argument where this function takes that
    function's value directly. `jacobian` is the matrix of a function that makes a vector of a vector, where a textbook
    has one.
    """

    name: str
    params: tuple[str, ...] = ("x",)
    kind: str = "each"
    body: str = ""
    value: Value | None = None
    slope: str = ""
    forms: tuple[str, ...] = ()
    vjp: tuple[str, ...] = ()
    defaults: tuple[str, ...] = ()
    fused: tuple[str, ...] = ()
    jacobian: str = ""
    aliases: tuple[str, ...] = ()
    about: str = ""


Functions = Mapping[str, Function]


def _xlogy(x: Array, y: Array) -> Array:
    """Give x ln y, which is 0 where x is 0."""
    with np.errstate(all="ignore"):
        return np.where(x == 0, 0.0, x * np.log(np.where(x == 0, 1.0, y)))


def _abs(x: Array) -> Array:
    """Give |x|; a complex number, which carries a derivative in its imaginary part, goes by the sign of its real
    part."""
    return np.abs(x) if x.dtype.kind != "c" else np.where(x.real < 0, -x, x)


def _sign(x: Array) -> Array:
    return np.sign(x.real)


def _at(find: Value) -> Value:
    """Give the function that marks the entry which `find` finds among all of an array's entries."""

    def mark(x: Array) -> Array:
        return (np.arange(x.shape[-1]) == find(x.real, axis=-1, keepdims=True)).astype(float)

    return mark


#: Functions whose values NumPy gives, with the shapes and derivatives that every textbook gives.
PRIMITIVES: dict[str, Function] = {
    row.name: row
    for row in (
        Function("exp", value=np.exp, slope="out", forms=("exp(x)",), about="the exponential function"),
        Function("ln", value=np.log, slope="1/x", aliases=("log",), about="the natural logarithm"),
        Function("log10", value=np.log10, slope="1/(x ln(10))", about="the logarithm to base 10"),
        Function("log2", value=np.log2, slope="1/(x ln(2))", about="the logarithm to base 2"),
        Function("sqrt", value=np.sqrt, slope="1/(2 out)", forms=("1/(2 sqrt(x))",), about="the square root"),
        Function("sin", value=np.sin, slope="cos(x)", about="the sine, in radians"),
        Function("cos", value=np.cos, slope="-sin(x)", about="the cosine, in radians"),
        Function("tan", value=np.tan, slope="1 + out^2", forms=("1/cos(x)^2",), about="the tangent, in radians"),
        Function("arctan", value=np.arctan, slope="1/(1 + x^2)", aliases=("atan",), about="the inverse of the tangent"),
        Function("sinh", value=np.sinh, slope="cosh(x)", about="the hyperbolic sine"),
        Function("cosh", value=np.cosh, slope="sinh(x)", about="the hyperbolic cosine"),
        Function(
            "tanh",
            value=np.tanh,
            slope="1 - out^2",
            forms=("1 - tanh(x)^2", "1/cosh(x)^2"),
            about="the hyperbolic tangent",
        ),
        Function("abs", value=_abs, slope="sign(x)", about="the absolute value, also |x|"),
        Function("sign", value=_sign, slope="0", about="-1, 0 or 1"),
        Function(
            "max",
            ("x", "y"),
            "own",
            value=np.maximum,
            vjp=("g ⊙ (x >= y)", "g ⊙ (y > x)"),
            about="the larger one, or the largest of all entries",
        ),
        Function(
            "min",
            ("x", "y"),
            "own",
            value=np.minimum,
            vjp=("g ⊙ (x <= y)", "g ⊙ (y < x)"),
            about="the smaller one, or the smallest of all entries",
        ),
        Function("at_max", value=_at(np.argmax), slope="0", about="1 at the first largest entry, 0 elsewhere"),
        Function("at_min", value=_at(np.argmin), slope="0", about="1 at the first smallest entry, 0 elsewhere"),
        Function("if", ("c", "x", "y"), "own", vjp=("", "if(c, g, 0)", "if(c, 0, g)"), about="x where c holds, else y"),
        Function(
            "sum", kind="all", vjp=("g",), about="the sum of all entries, or over loop variables: sum(j = 1..3, x[j])"
        ),
        Function("mean", kind="all", body="sum(x)/count(x)", vjp=("g / count(x)",), about="the mean of all entries"),
        Function(
            "var",
            kind="all",
            body="mean((x - mean(x))^2)",
            vjp=("g ⊙ (2 ⊙ (x - mean(x)) / count(x))",),
            about="the variance of all entries, divided by their number",
        ),
        Function(
            "norm",
            kind="all",
            body="sqrt(sum(x^2))",
            vjp=("g ⊙ (x / out)",),
            about="the root of the sum of squares, also ||x||",
        ),
        Function("count", kind="own", about="the number of entries"),
        Function("diag", kind="own", about="the diagonal matrix of a vector"),
        Function("I", ("n",), "own", about="the identity matrix of n rows"),
        Function("ones", ("n", "m"), "own", defaults=("",), about="an array of ones"),
        Function("zeros", ("n", "m"), "own", defaults=("",), about="an array of zeros"),
        Function("linspace", ("a", "b", "n"), "own", about="n numbers from a to b at equal distances"),
        Function(
            "reshape", ("x", "n", "m"), "own", defaults=("",), about="the same entries, row by row, in another shape"
        ),
        Function("place", ("x", "like"), "own", about="an array of zeros with x at an index"),
        Function("pi", (), "own", about="3.14159..."),
        Function("e", (), "own", about="2.71828..., where no quantity has that name"),
    )
}


@lru_cache(maxsize=4)
def _lookup(rows: tuple[Function, ...]) -> dict[str, tuple[str, int, int]]:
    found: dict[str, tuple[str, int, int]] = {}
    for row in rows:
        most = 99 if row.name in ("sum", "max", "min", "place") else len(row.params)
        least = 1 if row.name in ("sum", "max", "min") else len(row.params) - len(row.defaults)
        for name in (row.name, *row.aliases):
            found[key(name)] = (row.name, least, most)
    return found


def arities(functions: Functions) -> dict[str, tuple[str, int, int]]:
    """Give the lookup of function names that a parser's scope needs."""
    return _lookup(tuple(functions.values()))


_TEXTS: dict[tuple[str, tuple[str, ...]], Expr] = {}


def template(text: str, params: tuple[str, ...], functions: Functions) -> Expr:
    """Give the tree of a row's text in its parameters, `out` and `g`; parsed once."""
    known = _TEXTS.get((text, params))
    if known is None:
        names = {name: name for name in (*params, "out", "g")}
        found = readings(text, Scope(names, arities(functions)))
        assert len(found) == 1, f"a row's text must have one reading: {text}"
        known = _TEXTS[text, params] = found[0]
    return known


xlogy = _xlogy
