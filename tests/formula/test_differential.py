"""Arithmetic means what it means in Python: two parsers, one generated text each, the same numbers."""

from __future__ import annotations

import math
import operator
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.formula.expr import Expr, Name, Num
from hwcheck.formula.parse import Scope, readings

SHEET = Scope({}, {})
OPERATIONS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "⊙": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
}


def evaluate(tree: Expr) -> float:
    if isinstance(tree, Num):
        return tree.value
    assert not isinstance(tree, Name)
    if tree.op == "neg":
        return -evaluate(tree.args[0])
    return float(OPERATIONS[tree.op](*map(evaluate, tree.args)))


class Pair(NamedTuple):
    """A calculation for the parser and for Python, there with floats: powers of whole numbers would never end."""

    ours: str
    python: str


def joined(left: Pair, sign: str, right: Pair) -> Pair:
    return Pair(left.ours + sign + right.ours, left.python + sign.replace("^", "**") + right.python)


literals = st.sampled_from(["0", "1", "2", "3.5", ".5", "7", "1e-3", "2.25", "12"])
pairs = st.recursive(
    literals.map(lambda text: Pair(text, repr(float(text)))),
    lambda inner: st.one_of(
        st.builds(joined, inner, st.sampled_from([" + ", "-", "*", " / ", "/", " ^ "]), inner),
        inner.map(lambda pair: Pair(f"-{pair.ours}", f"-{pair.python}")),
        inner.map(lambda pair: Pair(f"({pair.ours})", f"({pair.python})")),
    ),
    max_leaves=12,
)


@settings(max_examples=1500, deadline=None)
@given(pairs)
def test_arithmetic_has_the_value_that_python_gives_it(pair: Pair) -> None:
    try:
        expected = eval(pair.python)  # the text is made above
    except (ZeroDivisionError, OverflowError):
        return
    if isinstance(expected, complex) or not math.isfinite(expected) or abs(expected) > 1e100:
        return
    found = readings(pair.ours, SHEET)
    assert len(found) == 1
    assert math.isclose(evaluate(found[0]), expected, rel_tol=1e-9, abs_tol=1e-300)
