"""The formulas of standard networks, as textbooks print them; and their values where units saturate."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from hwcheck.formula.show import unicode
from hwcheck.graph.evaluate import solve_table
from hwcheck.graph.grad import differentiate
from hwcheck.graph.jacobian import derivative
from hwcheck.graph.table import Table
from tests.graph.tables import complex_step, define, near, shown, table_of, value

NET: dict[str, Any] = {
    "U": [3, 0.2, -0.1],
    "W1": [[0.1, 0.2, 0.3], [-0.1, 0, -0.2]],
    "b1": [0, 0],
    "W2": [[0.2, -0.2]],
    "b2": [0],
    "y": 0,
}
WIDE: dict[str, Any] = {**NET, "W2": [[0.2, -0.2], [0.1, 0.4], [-0.3, 0.5]], "b2": [0, 0.1, 0.2], "y": [0, 1, 0]}
DENSE = {
    "dJ/dW2": "dJ/dX2 Y1ᵀ",
    "dJ/db2": "dJ/dX2",
    "dJ/dY1": "W2ᵀ dJ/dX2",
    "dJ/dX1": "dJ/dY1 ⊙ dY1/dX1",
    "dJ/dW1": "dJ/dX1 Uᵀ",
    "dJ/db1": "dJ/dX1",
}
SCALARS: dict[str, Any] = {"x": 1, "y": 4, "w0": 0.5, "w1": 0.25, "w2": 0.5, "w3": 0.75}
SKIP = ["z0 = w0 x", "h0 = relu(z0)", "z1 = w1 h0", "h1 = relu(z1)", "z2 = w2 h1 + w3 h0", "yhat = z2"]
BATCH: dict[str, Any] = {"X": [[1, 2, 3], [0, 1, -1]], "W": [[0.1, 0.2]], "b": [0.5], "Y": [[1, 0, 1]]}


def layers(first: str, second: str, loss: str) -> list[str]:
    return ["X1 = W1 U + b1", f"Y1 = {first}(X1)", "X2 = W2 Y1 + b2", f"Y2 = {second}(X2)", f"J = {loss}"]


CASES: dict[str, tuple[Mapping[str, Any], list[str], str, list[str], dict[str, str]]] = {
    "sigmoid, binary cross-entropy": (
        NET,
        layers("sigmoid", "sigmoid", "bce(Y2, y)"),
        "J",
        ["W1", "b1", "W2", "b2"],
        {
            **DENSE,
            "dJ/dY2": "−y/Y2 + (1 − y)/(1 − Y2)",
            "dY2/dX2": "Y2 ⊙ (1 − Y2)",
            "dJ/dX2": "Y2 − y",
            "dY1/dX1": "Y1 ⊙ (1 − Y1)",
        },
    ),
    "several outputs, binary cross-entropy": (
        WIDE,
        layers("relu", "sigmoid", "bce(Y2, y)"),
        "J",
        ["W1"],
        {"dJ/dX2": "(Y2 − y)/3", "dY1/dX1": "X1 > 0"},
    ),
    "softmax, cross-entropy": (
        WIDE,
        layers("tanh", "softmax", "cross_entropy(Y2, y)"),
        "J",
        ["W1", "W2", "b1", "b2"],
        {**DENSE, "dJ/dY2": "−y/Y2", "dJ/dX2": "Y2 − y", "dY1/dX1": "1 − Y1²"},
    ),
    "softmax, targets of any sum": (
        {**WIDE, "y": [1, 1, 0]},
        layers("tanh", "softmax", "ce(Y2, y)"),
        "J",
        ["W1"],
        {"dJ/dX2": "sum(y) Y2 − y"},
    ),
    "squared error": (
        WIDE,
        layers("relu", "identity", "squared_error(Y2, y)"),
        "J",
        ["W1", "W2", "b1", "b2"],
        {**DENSE, "dJ/dY2": "2 (Y2 − y)", "dY2/dX2": "ones(3)", "dJ/dX2": "dJ/dY2 ⊙ dY2/dX2"},
    ),
    "mean squared error": (
        WIDE,
        layers("relu", "sigmoid", "mse(Y2, y)"),
        "J",
        ["W2"],
        {"dJ/dY2": "2 (Y2 − y)/3", "dJ/dX2": "dJ/dY2 ⊙ dY2/dX2"},
    ),
    "half the squared error, written out": (
        NET,
        layers("tanh", "sigmoid", "1/2 (y - Y2)^2"),
        "J",
        ["W2"],
        {"dJ/dY2": "Y2 − y"},
    ),
    "half the squared error of a vector": (
        WIDE,
        layers("tanh", "sigmoid", "1/2 sum((y - Y2)^2)"),
        "J",
        ["W2"],
        {"dJ/dY2": "Y2 − y"},
    ),
    "cross-entropy, written out": (
        WIDE,
        layers("tanh", "softmax", "-sum(y .* ln(Y2))"),
        "J",
        ["W2"],
        {"dJ/dY2": "−y/Y2", "dJ/dX2": "Y2 ⊙ (dJ/dY2 − sum(dJ/dY2 ⊙ Y2))"},
    ),
    "a skip connection": (
        SCALARS,
        [*SKIP, "L = |y - yhat|"],
        "L",
        ["w0", "w1", "w2", "w3"],
        {
            "dL/dyhat": "−sign(y − yhat)",
            "dL/dz2": "dL/dyhat",
            "dL/dw2": "dL/dz2 · h1",
            "dL/dw3": "dL/dz2 · h0",
            "dL/dh1": "dL/dz2 · w2",
            "dh1/dz1": "z1 > 0",
            "dL/dz1": "dL/dh1 · dh1/dz1",
            "dL/dw1": "dL/dz1 · h0",
            "dL/dh0": "dL/dz2 · w3 + dL/dz1 · w1",
            "dL/dz0": "dL/dh0 · dh0/dz0",
            "dL/dw0": "dL/dz0 · x",
        },
    ),
    "weight decay": (
        SCALARS,
        ["p = w0 x + w1", "L = (p - y)^2 + 1/2 w2 (w0^2 + w1^2)"],
        "L",
        ["w0", "w1"],
        {"dL/dp": "2 (p − y)", "dL/dw0": "w2 · w0 + dL/dp · x", "dL/dw1": "w2 · w1 + dL/dp"},
    ),
    "a neuron": (
        {"x": [1, 2], "w": [3, -4], "b": 1, "y": 1},
        ["z = w^T x + b", "p = sigmoid(z)", "L = bce(p, y)"],
        "L",
        ["w", "b", "x"],
        {"dL/dz": "p − y", "dL/dw": "dL/dz x", "dL/db": "dL/dz", "dL/dx": "dL/dz w"},
    ),
    "a neuron, entry by entry": (
        {"x": [1, 2], "w": [3, -4], "y": 1},
        ["z = w[1] x[1] + w[2] x[2]", "L = 1/2 (z - y)^2"],
        "L",
        ["w"],
        {"dL/dz": "z − y", "dL/dw": "[dL/dz · x[1]; dL/dz · x[2]]"},
    ),
    "a batch in columns": (
        BATCH,
        ["Z = W X + b", "A = sigmoid(Z)", "J = bce(A, Y)"],
        "J",
        ["W", "b"],
        {"dJ/dZ": "(A − Y)/3", "dJ/dW": "dJ/dZ Xᵀ", "dJ/db": "sum(dJ/dZ)"},
    ),
    "a batch in rows": (
        {"X": [[1, 0], [2, 1], [3, -1]], "W": [[0.1, 0.2], [0.3, 0.4]], "b": [0.5, 1], "Y": [[1, 0], [0, 1], [1, 1]]},
        ["Z = X W + b", "A = tanh(Z)", "J = half_mse(A, Y)"],
        "J",
        ["W", "b"],
        {"dJ/dA": "(A − Y)/6", "dJ/dW": "Xᵀ dJ/dZ", "dJ/db": "(dJ/dZ)ᵀ ones(3)"},
    ),
    "two steps of a recurrent network": (
        {"x": [1, 2], "h0": [0, 0, 0], "V": np.ones((3, 2)), "R": np.eye(3), "c": [1, 2, 3], "y": 2},
        ["a1 = V x + R h0", "h1 = tanh(a1)", "a2 = V x + R h1", "h2 = tanh(a2)", "o = c^T h2", "L = (o - y)^2"],
        "L",
        ["V", "R", "c"],
        {
            "dL/dc": "dL/do h2",
            "dL/dh2": "dL/do c",
            "dL/dh1": "Rᵀ dL/da2",
            "dL/dR": "dL/da2 h1ᵀ + dL/da1 h0ᵀ",
            "dL/dV": "dL/da2 xᵀ + dL/da1 xᵀ",
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_formulas_read_as_in_a_textbook(case: str) -> None:
    givens, lines, loss, wanted, formulas = CASES[case]
    table = table_of(givens, lines)
    differentiate(table, loss, wanted)
    assert {name: shown(table, name) for name in formulas} == formulas
    for name in wanted:
        assert near(value(table, f"d{loss}/d{name}"), complex_step(table, loss, name).reshape(table.shape(name)), 1e-13)


def test_the_chain_and_the_fused_adjoint_are_forms_of_each_other() -> None:
    table = table_of(NET, layers("sigmoid", "sigmoid", "bce(Y2, y)"))
    differentiate(table, "J", ["W1"])
    assert [unicode(form) for form in table["dJ/dX2"].forms] == ["dJ/dY2 ⊙ dY2/dX2"]
    assert [unicode(form) for form in table["dY1/dX1"].forms] == ["sigmoid(X1) ⊙ (1 − sigmoid(X1))"]


def test_a_target_declared_as_a_distribution_needs_no_values() -> None:
    table = Table(table_of({}).functions)
    for name, shape in (("X2", ("K",)), ("y", ("K",))):
        table.give(name, shape, None)
    table.distributions.add("y")
    for line in ("Y2 = softmax(X2)", "J = ce(Y2, y)"):
        define(table, line)
    differentiate(table, "J", ["X2"])
    assert shown(table, "dJ/dX2") == "Y2 − y"
    assert table.shape("dJ/dX2") == ("K",)


def test_a_derivative_that_is_given_starts_the_chain() -> None:
    table = table_of({"x": [1, 2], "W": [[1, 2], [3, 4]], "dL/dy": [0.1, 0.2]}, ["y = W x"])
    assert differentiate(table, "L", ["W", "x"]) == ["dL/dW", "dL/dx"]
    assert (shown(table, "dL/dW"), shown(table, "dL/dx")) == ("dL/dy xᵀ", "Wᵀ dL/dy")


def test_a_quantity_that_no_path_leads_to_gets_zero() -> None:
    table = table_of({**NET, "free": [[1, 2]], "number": 3}, layers("tanh", "sigmoid", "bce(Y2, y)"))
    differentiate(table, "J", ["free", "number"])
    assert (shown(table, "dJ/dfree"), shown(table, "dJ/dnumber")) == ("zeros(1, 2)", "0")
    assert [row.name for row in table if row.role == "adjoint"] == ["dJ/dfree", "dJ/dnumber"]


@pytest.mark.parametrize("x", [-800.0, 800.0])
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_a_saturated_sigmoid_has_an_exact_gradient(x: float, y: float) -> None:
    table = table_of({"x": x, "y": y}, ["p = sigmoid(x)", "J = bce(p, y)"])
    differentiate(table, "J", ["x"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = solve_table(table)
    assert found["dJ/dx"] == (1.0 if x > 0 else 0.0) - y
    assert found["J"] == (0 if (x > 0) == (y == 1) else np.inf)


def test_zero_times_the_logarithm_of_zero_is_zero() -> None:
    table = table_of(
        {"p": [0.0, 1.0], "y": [0.0, 1.0]}, ["a = bce(p, y)", "b = cross_entropy(p, y)", "c = -sum(p .* ln(p))"]
    )
    assert [float(value(table, name)) for name in "abc"] == [0, 0, 0]


def test_the_square_of_a_length_has_a_slope_where_the_length_has_none() -> None:
    table = table_of({"p": [1.0, 2.0], "y": [1.0, 2.0]}, ["J = ||p - y||^2"])
    differentiate(table, "J", ["p"])
    assert shown(table, "dJ/dp") == "2 (p − y)"
    assert value(table, "dJ/dp").tolist() == [0, 0]


def test_softmax_of_large_numbers() -> None:
    table = table_of({"x": [1000.0, 1001.0], "y": [0.0, 1.0]}, ["p = softmax(x)", "J = ce(p, y)"])
    differentiate(table, "J", ["x"])
    e = np.exp(-1.0)
    assert near(value(table, "p"), [e / (1 + e), 1 / (1 + e)], 1e-15)
    assert near(value(table, "dJ/dx"), [e / (1 + e), -e / (1 + e)], 1e-15)


JACOBIANS = {
    ("X1", "U"): "W1",
    ("X2", "Y1"): "W2",
    ("X1", "b1"): "I(2)",
    ("Y1", "X1"): "1 − Y1²",
    ("Y2", "X2"): "diag(Y2) − Y2 Y2ᵀ",
    ("X2", "X1"): "dX2/dY1 diag(dY1/dX1)",
    ("Y2", "X1"): "dY2/dX2 dX2/dX1",
    ("X2", "U"): "dX2/dY1 dY1/dU",
    ("Y1", "U"): "diag(dY1/dX1) dX1/dU",
    ("U", "U"): "I(3)",
    ("U", "y"): "zeros(3, 3)",
    ("J", "Y1"): "W2ᵀ dJ/dX2",
    ("R", "Y1"): "I(2)",
    ("P", "Y1"): "diag(b1)",
    ("C", "Y1"): "I(2) − 1/2 (ones(2) ones(2)ᵀ)",
    ("K", "Y1"): "[I(2); zeros(3, 2)]",
    ("H", "X1"): "dH/dR dR/dX1",
    ("D", "X1"): "diag(dY1/dX1 + 1)",
    ("E", "X1"): "dY1/dX1",
    ("V", "s"): "U",
    ("G", "s"): "dG/dV dV/ds",
}


@pytest.mark.parametrize(("of", "by"), JACOBIANS)
def test_jacobians_read_as_in_a_textbook(of: str, by: str) -> None:
    lines = [
        *layers("tanh", "softmax", "ce(Y2, y)"),
        "R = Y1 + b1",
        "P = b1 .* Y1",
        "C = Y1 - mean(Y1)",
        "K = [Y1; U]",
        "H = W1^T R",
        "D = Y1 + X1",
        "E = Y1",
        "V = s U",
        "G = W1 V",
    ]
    table = table_of({**WIDE, "s": 2}, lines)
    name = derivative(table, of, by)
    assert shown(table, name) == JACOBIANS[of, by]


def test_matrices_have_the_axes_of_the_numerator_then_of_the_denominator() -> None:
    table = table_of(WIDE, layers("tanh", "softmax", "ce(Y2, y)"))
    name = derivative(table, "Y2", "W1")
    assert table.shape(name) == (3, 2, 3)
    assert near(value(table, name), complex_step(table, "Y2", "W1"), 1e-13)


@pytest.mark.parametrize(
    "formula",
    ["0.1 + 0.2 - 0.3", "sum(v)", "A v", "conv(v, k)", "sum(i = 1..3, v[i])", "relu(0.1 + 0.2 - 0.3)"],
)
def test_what_cancels_is_0(formula: str) -> None:
    """Terms that cancel by hand leave no last bits behind, however they are added up."""
    given = {"v": [0.1, 0.2, -0.3], "A": [[1, 1, 1], [2, 2, 2]], "k": [1, 1, 1]}
    assert not np.any(solve_table(table_of(given, [f"q = {formula}"]))["q"])


def test_what_is_small_without_cancelling_stays() -> None:
    """A number is not taken for 0 because others are large."""
    table = table_of({"v": [1e-30, 3e-30], "big": [1, 1e-20]}, ["q = sum(v)", "p = big + 1e-25", "r = sigmoid(-60)"])
    values = solve_table(table)
    assert values["q"] == pytest.approx(4e-30, rel=1e-12)
    assert values["p"][1] == pytest.approx(1.00001e-20, rel=1e-12)
    assert values["r"] > 0


def test_blocks_of_rows_are_one_stack() -> None:
    """The gradient of weights whose rows belong to several gates is the gates' gradients below each other."""
    table = table_of({"W": [[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]], "x": [1, 2]})
    for line in ("a = sigmoid(W[1..2,:] x)", "b = tanh(W[3..3,:] x)", "L = sum(a) sum(b) + sum(W[3..3,:] x)"):
        define(table, line)
    differentiate(table, "L", ["W"])
    text = shown(table, "dL/dW")
    assert text.startswith("[")
    assert "place" not in text
    assert near(value(table, "dL/dW"), complex_step(table, "L", "W"), 1e-10)


def test_the_adjoint_of_normalised_columns_is_one_array_by_loops() -> None:
    """What comes back through the mean, the variance and the entry itself stands in one line, entry by entry."""
    table = table_of({"X": [[1, 2], [3, 6], [5, 1]], "G": [[0.1, -0.2], [0.3, 0], [-0.1, 0.4]]})
    for line in (
        "mu = [mean(X[:,c]) for c = 1..2]",
        "v = [var(X[:,c]) for c = 1..2]",
        "H = [(X[n,c] - mu[c])/sqrt(v[c]) for n = 1..3, c = 1..2]",
        "L = sum(G ⊙ H)",
    ):
        define(table, line)
    differentiate(table, "L", ["X"])
    text = shown(table, "dL/dX")
    assert text.count("for n") == 1
    assert "place" not in text
    assert "X[n,c]" in text
    assert near(value(table, "dL/dX"), complex_step(table, "L", "X"), 1e-10)


def test_the_entry_of_an_array_of_one_entry_passes_its_derivative_on_as_it_is() -> None:
    table = table_of({"W": [[0.3, -0.2]], "x": [1, 2], "y": 0.5})
    for line in ("h = tanh(W x)", "L = (h[1] - y)^2 / 2"):
        define(table, line)
    differentiate(table, "L", ["W"])
    assert shown(table, "dL/dh") == "h[1] − y"
    assert near(value(table, "dL/dW"), complex_step(table, "L", "W"), 1e-10)
