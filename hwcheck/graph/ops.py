"""The table of operations: one row for each operator and each function with a value or a rule of its own.

A row is everything that is known of an operation, so that a new one is one row. The derivatives are those of any
calculus textbook, and those of products of matrices are in Magnus and Neudecker, Matrix Differential Calculus, chapter
9. `library` adds the activations and losses of the field, which need no more than text.
"""

from __future__ import annotations

from math import inf

import numpy as np

from . import adjoints, batches, elementary, entries, fitting, forward, instructions, kernels, windows
from .functions import Function, Value

_PAIR = ("x", "y")
MOST_AXES = 8


def _compared(name: str, compare: Value) -> Function:
    return Function(
        name, _PAIR, value=kernels.compared(compare), vjp=("0", "0"), about="a comparison", shape=fitting.each
    )


def _of_sizes(
    name: str, params: tuple[str, ...], make: Value, about: str, shape: Value | None = None, entry: Value | None = None
) -> Function:
    several = len(params) == 2
    return Function(
        name,
        params,
        "own",
        defaults=("",) if several else (),
        arity=(1, MOST_AXES) if several else None,
        about=about,
        shape=shape,
        lower=instructions.of_shape(make),
        entry=entry,
    )


OPERATORS = (
    Function("+", _PAIR, value=np.add, vjp=("g", "g"), about="an addition", shape=fitting.added),
    Function("-", _PAIR, value=np.subtract, vjp=("g", "-g"), about="a subtraction", shape=fitting.added),
    Function("neg", value=np.negative, vjp=("-g",), about="a change of sign"),
    Function(
        "⊙",
        _PAIR,
        value=np.multiply,
        vjp=("g ⊙ y", "g ⊙ x"),
        about="an entry-by-entry product",
        shape=fitting.each,
        lower=instructions.scaled,
        entry=entries.scaled,
    ),
    Function(
        "@",
        _PAIR,
        "own",
        vjp=("g @ y^T", "x^T @ g"),
        about="a product",
        shape=fitting.linear,
        lower=instructions.linear,
        entry=entries.linear,
        ahead=forward.linear,
    ),
    Function("*", _PAIR, "own", about="a product", shape=fitting.starred),
    Function(
        "/",
        _PAIR,
        value=np.true_divide,
        vjp=("g / y", "-(g ⊙ x / y^2)"),
        about="a division entry by entry",
        shape=fitting.each,
    ),
    Function(
        "^",
        _PAIR,
        value=np.power,
        vjp=("g ⊙ (y ⊙ x^(y - 1))", "g ⊙ (out ⊙ ln(x))"),
        about="a power",
        shape=fitting.each,
        lower=instructions.power,
    ),
    Function(
        "ᵀ",
        kind="own",
        vjp=("g^T",),
        about="a transpose",
        shape=fitting.transposed,
        lower=instructions.transposed,
        entry=entries.transposed,
        ahead=forward.transposed,
    ),
    Function(
        "[]",
        kind="own",
        vjp=(adjoints.indexed,),
        about="an entry or a slice",
        shape=fitting.indexed,
        lower=instructions.indexed,
        entry=entries.indexed,
        ahead=forward.indexed,
    ),
    *(
        Function(
            op,
            kind="own",
            vjp=(adjoints.joined,),
            about=about,
            shape=fitting.joined,
            lower=instructions.joined,
            entry=entries.joined,
            ahead=forward.stacked,
        )
        for op, about in (("[,]", "arrays side by side"), ("[;]", "arrays stacked"))
    ),
    _compared("<", np.less),
    _compared(">", np.greater),
    _compared("<=", np.less_equal),
    _compared(">=", np.greater_equal),
    _compared("==", np.equal),
    _compared("!=", np.not_equal),
    Function("for", kind="own", about="a formula for each value of an index", shape=fitting.like_first),
    Function(
        "[for]",
        kind="own",
        about="an array with an axis for each loop: [x[i]^2 for i = 1..3]",
        shape=fitting.arrayed,
        entry=entries.looped,
    ),
)


#: The conventions for entries that are equal, what their rows are called, and what they say.
_TIES = (
    ("first", "", "1 at the first"),
    ("share", " sharing", "an equal share at each"),
    ("all", " to all", "1 at each"),
)


def _extreme(name: str, pair: np.ufunc, find: Value, beats: str, words: tuple[str, str, str]) -> tuple[Function, ...]:
    """Give the rows of a maximum or minimum: of several arguments, of all entries, with a fixed number (which has the
    slopes of relu), and where it is taken."""
    beaten = {">": "<", "<": ">"}[beats]
    return (
        several := Function(
            name,
            _PAIR,
            value=pair,
            vjp=(f"g ⊙ (x {beats}= y)", f"g ⊙ (x {beaten} y)"),
            arity=(1, 99),
            about=f"the {words[0]} one, or the {words[1]} of all entries",
            shape=fitting.reduced,
        ),
        several._replace(name=f"{name} sharing", vjp=(adjoints.shared,), ahead=forward.shared),
        several._replace(name=f"{name} to all", vjp=(f"g ⊙ (x {beats}= y)", f"g ⊙ (x {beaten}= y)")),
        Function(
            f"{name} of all",
            kind="all",
            value=kernels.over_all(pair),
            vjp=(f"g ⊙ at_{name}(x)",),
            about=f"the {words[1]} of all entries",
            entry=entries.reduced,
        ),
        Function(f"{name} with fixed", _PAIR, value=pair, slope=f"x {beats} y", about=f"x, {words[2]}"),
        *(
            Function(
                f"at_{name}{suffix}",
                value=kernels.at(find, ties),
                slope="0",
                about=f"{word} {words[1]} entry, 0 elsewhere",
                lower=instructions.marked,
                entry=entries.marked,
            )
            for ties, suffix, word in _TIES
        ),
    )


OF_ALL = (
    *_extreme("max", np.maximum, np.argmax, ">", ("larger", "largest", "but no less than y")),
    *_extreme("min", np.minimum, np.argmin, "<", ("smaller", "smallest", "but no more than y")),
    Function(
        "sum",
        kind="all",
        value=kernels.over_all(np.add),
        vjp=("g",),
        arity=(1, 99),
        about="the sum of all entries, or over loop variables: sum(j = 1..3, x[j])",
        shape=fitting.reduced,
        entry=entries.summed,
    ),
    Function(
        "mean",
        kind="all",
        body="sum(x)/count(x)",
        vjp=("g / count(x)",),
        arity=(1, 99),
        about="the mean of all entries, or over loop variables: mean(j = 1..3, x[j])",
        shape=fitting.reduced,
    ),
    Function(
        "var",
        kind="all",
        body="mean((x - mean(x))^2)",
        vjp=("g ⊙ (2 ⊙ (x - mean(x)) / count(x))",),
        about="the variance of all entries, divided by their number",
        range=(0, inf),
    ),
    Function(
        "norm",
        kind="all",
        body="sqrt(sum(x^2))",
        vjp=("g ⊙ (x / out)",),
        about="the root of the sum of squares, also ||x||",
        range=(0, inf),
    ),
    Function(
        "count",
        kind="all",
        vjp=("0",),
        about="the number of entries",
        lower=instructions.counted,
        entry=entries.counted,
    ),
)

LAYOUT = (
    Function(
        "stack",
        kind="own",
        vjp=(adjoints.stacked,),
        arity=(1, 250),
        about="arrays of one shape along a new leading axis",
        shape=fitting.stacked,
        lower=instructions.stacked,
        entry=entries.stacked,
    ),
    Function(
        "diag",
        kind="own",
        vjp=("diag(g)",),
        about="the diagonal matrix of a vector",
        shape=fitting.diagonal,
        lower=instructions.diagonal,
        entry=entries.diagonal,
    ),
    Function(
        "reshape",
        ("x", "n", "m"),
        "own",
        vjp=(adjoints.reshaped,),
        defaults=("",),
        arity=(2, MOST_AXES + 1),
        about="the same entries, row by row, in another shape",
        shape=fitting.reshaped,
        lower=instructions.relaid,
        entry=entries.laid_out,
    ),
    Function(
        "place",
        ("x", "like"),
        "own",
        vjp=(adjoints.placed,),
        arity=(2, 99),
        about="an array of zeros with x at an index",
        shape=fitting.placed,
        lower=instructions.placed,
        entry=entries.placed,
    ),
    _of_sizes("I", ("n",), lambda shape: np.eye(*shape), "the identity matrix of n rows", fitting.square, entries.unit),
    _of_sizes("ones", ("n", "m"), np.ones, "an array of ones", fitting.sized, entries.one),
    _of_sizes("zeros", ("n", "m"), np.zeros, "an array of zeros", fitting.sized, entries.zero),
    Function(
        "linspace",
        ("a", "b", "n"),
        "own",
        about="n numbers from a to b at equal distances",
        shape=fitting.spaced,
        lower=instructions.spaced,
        entry=entries.spaced,
    ),
    _of_sizes("pi", (), lambda shape: np.pi, "3.14159..."),
    _of_sizes("e", (), lambda shape: np.e, "2.71828..., where no quantity has that name"),
)

OPERATIONS: dict[str, Function] = {
    row.name: row for row in (*OPERATORS, *elementary.ROWS, *OF_ALL, *LAYOUT, *batches.ROWS, *windows.ROWS)
}
