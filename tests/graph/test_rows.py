"""Every row of the tables of functions: its value, its slope, its forms, its adjoints, to second order. A new row is
tested by existing."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hwcheck.formula.expr import COMPARISONS, OPERATORS, Call, Name, number, walk
from hwcheck.graph import windows
from hwcheck.graph.build import filled
from hwcheck.graph.functions import Function, arities
from hwcheck.graph.grad import differentiate
from hwcheck.graph.jacobian import derivative
from hwcheck.graph.table import Table
from hwcheck.library.conventions import CHANGES, functions_for
from hwcheck.library.functions import FUNCTIONS
from tests.graph.references import ALL, ARRAY, ENTRY
from tests.graph.tables import central, complex_step, near, prove_derivatives, table_of, value

POSITIVE = ("ln", "log10", "log2", "sqrt", "^")
POINTS = np.array([-1.7, -0.9, -0.25, 0.3, 1.1, 1.9])
PROBABILITIES = np.array([0.05, 0.2, 0.33, 0.61, 0.8, 0.93])
TARGETS = np.array([0.7, 0.1, 0.95, 0.4, 0.3, 0.85])
OTHERS = np.array([0.4, -1.2, 0.9, 1.6, -0.6, 0.5])

#: Arrays of given layout and constants: proved in the tests of operators.
LAYOUT = {"diag", "I", "ones", "zeros", "linspace", "reshape", "place", "pi", "e", "if"}
LAYOUT |= {row.name for row in windows.ROWS} | {f"at_max{ties}" for ties in (" sharing", " to all")}
LAYOUT |= {f"at_min{ties}" for ties in (" sharing", " to all")}
LAYOUT |= {"samples", "one_hot", "one_hot from 1", "@", "*", "ᵀ", "[]", "[,]", "[;]", "for", "[for]", "stack"}

ROWS = [row for row in FUNCTIONS.values() if row.name not in LAYOUT]
SMOOTH = [row for row in ROWS if row.name != "count"]


def points(row: Function) -> dict[str, Any]:
    """Give arguments of both signs where the function takes them, away from kinks."""
    if row.params[0] == "w":
        return {"x": POINTS, **{name: 0.3 + at for at, name in enumerate(row.params[1:])}}
    if row.params == ("x", "a"):
        return {"x": POINTS} if row.defaults else {"x": POINTS, "a": 0.3}
    if row.name in POSITIVE and len(row.params) == 1:
        return {"x": np.abs(POINTS)}
    if row.name in POSITIVE:
        return {"x": np.abs(POINTS), "y": OTHERS}
    if row.params[:2] in (("p", "y"), ("z", "y")):
        return {"x": PROBABILITIES if row.params[0] == "p" else POINTS, "y": TARGETS}
    if row.params == ("p",):
        return {"x": PROBABILITIES}
    return {"x": POINTS, "y": OTHERS} if len(row.params) == 2 else {"x": POINTS}


def applied(row: Function) -> Table:
    """Give a table that applies a row to its points, with a weighted sum of the value as `J`."""
    given = points(row)
    table = table_of({**given, "w": np.linspace(0.5, 1.5, len(POINTS))})
    table.define("out", Call(row.name, tuple(Name(name) for name in given)))
    weighted = Call("⊙", (Name("w"), Name("out"))) if table["out"].shape else Call("^", (Name("out"), number(2)))
    table.define("J", Call("sum", (weighted,)) if table["out"].shape else weighted)
    return table


def test_every_row_has_a_reference() -> None:
    assert {row.name for row in ROWS} == {*ENTRY, *ALL, *ARRAY}
    assert {*FUNCTIONS} == {row.name for row in ROWS} | LAYOUT


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_value_is_that_of_plain_arithmetic(row: Function) -> None:
    given = [np.broadcast_to(part, POINTS.shape).tolist() for part in points(row).values()]
    found = value(applied(row), "out")
    if row.name in ENTRY:
        assert near(found, [ENTRY[row.name](*entry) for entry in zip(*given, strict=True)], 1e-14)
    elif row.name in ARRAY:
        assert near(found, ARRAY[row.name](*given), 1e-14)
    else:
        assert near(found, ALL[row.name](*given), 1e-14)


@pytest.mark.parametrize("row", [row for row in ROWS if row.range != (-math.inf, math.inf)], ids=lambda row: row.name)
def test_no_value_lies_outside_the_range(row: Function) -> None:
    found = value(applied(row), "out")
    least, most = row.range
    assert np.all((found >= least) & (found <= most))


@pytest.mark.parametrize(
    ("row", "text"),
    [(row, text) for row in SMOOTH for text in (row.slope, *row.forms) if text],
    ids=lambda part: part if isinstance(part, str) else part.name,
)
def test_a_slope_is_the_derivative_of_each_entry(row: Function, text: str) -> None:
    table = applied(row)
    given = {"x": Name("x"), "out": Name("out"), "a": number(float(row.defaults[0])) if row.defaults else Name("a")}
    table.define("slope", filled(text, row.params, given, table.shapes, FUNCTIONS))
    slope = np.broadcast_to(value(table, "slope"), POINTS.shape)
    assert near(np.diag(slope), complex_step(table, "out", "x"), 1e-13)
    assert near(np.diag(slope), central(table, "out", "x"), 1e-9)


@pytest.mark.parametrize("row", SMOOTH, ids=lambda row: row.name)
def test_adjoints_to_second_order(row: Function) -> None:
    table = applied(row)
    # a fixed number has no derivative
    names = [name for name in points(row) if name == "x" or not row.name.endswith(" with fixed")]
    prove_derivatives(table, "J", names)


@pytest.mark.parametrize(
    "row", [row for row in SMOOTH if row.body and (row.slope or row.vjp)], ids=lambda row: row.name
)
def test_the_adjoint_written_down_is_that_of_the_body(row: Function) -> None:
    bare = {**FUNCTIONS, row.name: row._replace(slope="", forms=(), vjp=(), fused=(), jacobian="")}
    table, plain = applied(row), applied(row)
    plain = table_of(table.values, functions=bare)
    for name in ("out", "J"):
        formula = table[name].formula
        assert formula is not None
        plain.define(name, formula)
    for by in points(row):
        differentiate(table, "J", [by])
        differentiate(plain, "J", [by])
        assert near(value(table, f"dJ/d{by}"), value(plain, f"dJ/d{by}"), 1e-12)


@pytest.mark.parametrize("row", [row for row in ROWS if row.fused], ids=lambda row: row.name)
@pytest.mark.parametrize(
    "target", [[0.2, 0.5, 0.3], [0.0, 1.0, 0.0], [0.4, 0.9, 0.1]], ids=["spread", "one-hot", "any"]
)
def test_a_fused_adjoint_is_the_chain(row: Function, target: list[float]) -> None:
    table = table_of({"z": [0.3, -1.2, 0.8], "y": target}, [f"a = {row.fused[0]}(z)", f"J = {row.name}(a, y)"])
    differentiate(table, "J", ["z"])
    fused = table["dJ/dz"]
    assert fused.formula is not None
    assert Name("dJ/da") not in walk(fused.formula)
    assert len(fused.forms) == 1
    table.define("chain", fused.forms[0])
    assert near(value(table, "chain"), value(table, "dJ/dz"), 1e-14)
    assert near(value(table, "dJ/dz"), complex_step(table, "J", "z"), 1e-14)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.slope and row.name in arities(FUNCTIONS)], ids=lambda row: row.name
)
def test_the_derivative_of_a_function_is_a_function(row: Function) -> None:
    table = applied(row)
    table.define("slope", Call(f"{row.name}'", tuple(map(Name, points(row)))))
    assert near(np.diag(value(table, "slope") * np.ones(len(POINTS))), complex_step(table, "out", "x"), 1e-13)


def test_a_row_that_nobody_types_is_no_name_for_a_parser() -> None:
    typed = {name for name, _, _ in arities(FUNCTIONS).values()}
    assert {row.name for row in FUNCTIONS.values()} - typed == {
        *OPERATORS - {":", "..", "="},
        *COMPARISONS,
        *(f"{name} {rest}" for name in ("max", "min") for rest in ("of all", "with fixed", "sharing", "to all")),
        "one_hot from 1",
        *(f"{name} {rest}" for name in ("at_max", "at_min", "unpool", "pick") for rest in ("sharing", "to all")),
        *(f"{name} flipped" for name in ("conv", "conv_transpose")),
    }


@pytest.mark.parametrize(("setting", "at_zero"), [("0", 0.0), ("1", 1.0), ("1/2", 0.5), ("undefined", math.nan)])
@pytest.mark.parametrize(
    ("formula", "kink"),
    [
        ("relu(z)", 0.0),
        ("max(0, z)", 0.0),
        ("max(z, 0)", 0.0),
        ("max(-1, z, -2)", -1.0),
        ("-min(-z, 0)", 0.0),
        ("-min(0, -z)", 0.0),
        ("max(c z, 2)", 2.0),
    ],
)
def test_a_kink_at_a_fixed_number_has_the_slope_agreed_on(
    setting: str, at_zero: float, formula: str, kink: float
) -> None:
    functions = functions_for({"relu_slope_at_zero": setting})
    for step, wanted in ((0.0, at_zero), (0.5, 1.0), (-0.5, 0.0)):
        table = table_of({"z": [kink + step], "c": [[1.0]]}, [f"a = {formula}", "J = sum(a)"], functions=functions)
        differentiate(table, "J", ["z"])
        assert np.array_equal(value(table, "dJ/dz"), [wanted], equal_nan=True), formula
        derivative(table, "a", "z")
        assert np.array_equal(value(table, "da/dz").ravel(), [wanted], equal_nan=True), formula


@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize(
    ("ties", "shares"),
    [
        ("first", lambda hits: hits & (np.cumsum(hits, axis=0) == 1)),
        ("share", lambda hits: hits / hits.sum(axis=0)),
        ("all", lambda hits: hits),
    ],
)
def test_the_arguments_that_are_largest_get_what_the_convention_says(
    name: str, ties: str, shares: Callable[[Any], Any]
) -> None:
    functions = functions_for({"max_ties": ties})
    for count in (2, 3, 4):
        drawn = np.random.default_rng(count).integers(0, 3, (count, 20)).astype(float)
        letters = "abcd"[:count]
        given = {**dict(zip(letters, drawn, strict=True)), "w": np.linspace(1, 2, 20)}
        call = f"{name}({', '.join(letters)})"
        table = table_of(given, [f"m = {call}", "J = sum(w .* m)"], functions=functions)
        differentiate(table, "J", list(letters))
        wanted = shares(drawn == getattr(drawn, name)(axis=0))
        for at, letter in enumerate(letters):
            assert near(value(table, f"dJ/d{letter}"), wanted[at] * given["w"], 1e-15)
            derivative(table, "m", letter)
            found = value(table, f"dm/d{letter}")
            assert near(np.diag(found) if found.ndim > 1 else found, wanted[at], 1e-15)
        one = {**given, "a": 1.0}  # a number goes with every entry, and gets what all give it
        table = table_of(one, [f"m = {call}", "J = sum(w .* m)"], functions=functions)
        differentiate(table, "J", ["a"])
        wanted = shares((hit := np.vstack([np.ones(20), drawn[1:]])) == getattr(hit, name)(axis=0))
        assert near(value(table, "dJ/da"), (wanted[0] * given["w"]).sum(), 1e-14)


@pytest.mark.parametrize(
    "loss",
    ["2 bce(p, y)", "cross_entropy(p, y) + cross_entropy(1 - p, 1 - y)", "-sum(y .* ln(p) + (1 - y) .* ln(1 - p))"],
)
def test_the_gradient_of_a_loss_at_a_saturated_prediction_is_the_limit(loss: str) -> None:
    table = table_of({"p": [0.0, 1.0], "y": [0.0, 1.0]}, [f"J = {loss}"])
    differentiate(table, "J", ["p"])
    assert near(value(table, "dJ/dp"), [1, -1])


@pytest.mark.parametrize("setting", ["0", "1", "1/2"])
@pytest.mark.parametrize("name", ["leaky_relu", "prelu", "elu"])
def test_a_slope_at_a_kink_is_the_same_where_the_parameter_is_learned_too(name: str, setting: str) -> None:
    functions = functions_for({"relu_slope_at_zero": setting})
    lines = [f"a = {name}(x, s)", "L = sum(a)"]
    alone, both = (table_of({"x": [0.0, -1, 2], "s": 0.3}, lines, functions=functions) for _ in range(2))
    differentiate(alone, "L", ["x"])
    differentiate(both, "L", ["x", "s"])
    assert value(both, "dL/dx").tolist() == value(alone, "dL/dx").tolist()
    derivative(both, "a", "s")
    assert value(both, "da/ds").sum() == pytest.approx(float(value(both, "dL/ds")))


def test_the_first_value_of_a_convention_is_what_the_rows_say() -> None:
    for convention, values in CHANGES.items():
        first, *others = values
        assert functions_for({convention: first}) is FUNCTIONS
        for name, fields in values[first].items():
            changed = {key: text for key, text in fields.items() if key in ("slope", "body")}
            assert FUNCTIONS[name]._replace(**changed) == FUNCTIONS[name]
            assert fields.get("is", name) == name
        assert all(functions_for({convention: other}) != FUNCTIONS for other in others if values[other])
