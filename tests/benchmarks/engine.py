"""What the engine costs beside NumPy written by hand, and what it gains by having all students on one axis.

A step is the forward pass, the loss, all gradients and the update, and the value of every definition is kept. By hand
it is written as somebody writes it who knows NumPy; that both ways give the same values is tested.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from hwcheck.graph.evaluate import compile_table, frugal, run
from hwcheck.graph.grad import differentiate
from hwcheck.graph.table import Table
from tests.benchmarks.measure import Row
from tests.graph.tables import define, table_of

Array = Any  # one of NumPy's
Values = dict[str, Array]

RATE = 0.05
WIDTH, BATCH = 128, 32
STUDENTS = 10_000
PARAMETERS = ("W1", "b1", "W2", "b2")
ASKED = ("X1", "Y1", "X2", "Y2", "J", *(f"dJ/d{name}" for name in PARAMETERS), *(f"{name}_new" for name in PARAMETERS))


class Network(NamedTuple):
    """A network with two layers: its training step as definitions, and the same by hand in the order of `ASKED`."""

    table: Table
    by_hand: Callable[[Values], list[Array]]


def network(givens: Values, last: str, loss: str, by_hand: Callable[[Values], list[Array]]) -> Network:
    """Make a network of its values, the activation of its last layer, and its loss."""
    lines = ["X1 = W1 U + b1", "Y1 = sigmoid(X1)", "X2 = W2 Y1 + b2", f"Y2 = {last}(X2)", f"J = {loss}(Y2, y)"]
    table = table_of(givens, lines)
    differentiate(table, "J", PARAMETERS)
    for name in PARAMETERS:
        define(table, f"{name}_new = {name} - {RATE} dJ/d{name}")
    return Network(table, by_hand)


def small_by_hand(v: Values) -> list[Array]:
    """Work out a step of the network of sheet 5: a sample of three numbers, two units, one output, cross-entropy."""
    X1 = v["W1"] @ v["U"] + v["b1"]
    Y1 = 1 / (1 + np.exp(-X1))
    X2 = v["W2"] @ Y1 + v["b2"]
    Y2 = 1 / (1 + np.exp(-X2))
    J = -(v["y"] * np.log(Y2) + (1 - v["y"]) * np.log(1 - Y2)).sum()
    dX2 = Y2 - v["y"]
    dW2 = dX2[:, None] * Y1
    dY1 = v["W2"].T @ dX2
    slope = Y1 * (1 - Y1)
    dX1 = dY1 * slope
    dW1 = dX1[:, None] * v["U"]
    new = [v["W1"] - RATE * dW1, v["b1"] - RATE * dX1, v["W2"] - RATE * dW2, v["b2"] - RATE * dX2]
    return [X1, Y1, X2, Y2, J, dW1, dX1, dW2, dX2, *new, dY1, slope]


def wide_by_hand(v: Values) -> list[Array]:
    """Work out a step of a wide network on a batch, a sample in each column, with the mean of the squared errors."""
    X1 = v["W1"] @ v["U"] + v["b1"][:, None]
    Y1 = 1 / (1 + np.exp(-X1))
    X2 = v["W2"] @ Y1 + v["b2"][:, None]
    Y2 = np.tanh(X2)
    error = Y2 - v["y"]
    J = (error * error).mean()
    dY2 = error * (2 / error.size)
    slope2 = 1 - Y2 * Y2
    dX2 = dY2 * slope2
    dW2 = dX2 @ Y1.T
    db2 = dX2.sum(axis=1)
    dY1 = v["W2"].T @ dX2
    slope1 = Y1 * (1 - Y1)
    dX1 = dY1 * slope1
    dW1 = dX1 @ v["U"].T
    db1 = dX1.sum(axis=1)
    new = [v["W1"] - RATE * dW1, v["b1"] - RATE * db1, v["W2"] - RATE * dW2, v["b2"] - RATE * db2]
    return [X1, Y1, X2, Y2, J, dW1, db1, dW2, db2, *new, error, dY2, slope2, dX2, dY1, slope1, dX1]


def drawn(*shape: int) -> Array:
    """Draw an array, the same in every run."""
    return np.random.default_rng(shape).normal(size=shape) / 10


SMALL = network(
    {"U": drawn(3), "y": 1.0, "W1": drawn(2, 3), "b1": drawn(2), "W2": drawn(1, 2), "b2": drawn(1)},
    "sigmoid",
    "bce",
    small_by_hand,
)
WIDE = network(
    {
        **{"U": drawn(WIDTH, BATCH), "y": drawn(WIDTH, BATCH)},
        **{"W1": drawn(WIDTH, WIDTH), "b1": drawn(WIDTH), "W2": drawn(WIDTH, WIDTH), "b2": drawn(WIDTH)},
    },
    "tanh",
    "mse",
    wide_by_hand,
)


def engine(network: Network, values: Values | None = None, batched: bool = False) -> Callable[[], list[Array]]:
    """Return the call that works a step out with the engine, on the network's own values or on others."""
    program = frugal(compile_table(network.table, ASKED, batched))
    given = network.table.values if values is None else values
    return lambda: run(program, given)


def by_hand(network: Network) -> Callable[[], list[Array]]:
    """Return the call that works a step out by hand."""
    return lambda: network.by_hand(network.table.values)


def repeated(step: Callable[[], list[Array]]) -> Callable[[], None]:
    """Return the call of a step whose values live until those of the next are there, as in training."""
    last: list[Array] = []

    def once() -> None:
        last[:] = step()

    return once


def cohort(network: Network, students: int) -> Values:
    """Give every student other weights, on a leading axis; the sample is the same for all."""
    generator = np.random.default_rng(students)
    return {
        name: generator.normal(size=(students, *value.shape)) if name in PARAMETERS else value
        for name, value in network.table.values.items()
    }


def one_by_one(network: Network, values: Values, students: int) -> Callable[[], list[list[Array]]]:
    """Return the call that works a step out for one student after the other."""
    program = frugal(compile_table(network.table, ASKED))
    each = [
        {name: value[student] if name in PARAMETERS else value for name, value in values.items()}
        for student in range(students)
    ]
    return lambda: [run(program, own) for own in each]


EVERYBODY = cohort(SMALL, STUDENTS)

ROWS = [
    Row(
        "a step of the 3-2-1 net",
        "NumPy by hand",
        repeated(engine(SMALL)),
        repeated(by_hand(SMALL)),
        1.5,
        subject_repeats=1000,
        floor_repeats=1000,
    ),
    Row(
        f"a step of {WIDTH}-{WIDTH}-{WIDTH}, batch {BATCH}",
        "NumPy by hand",
        repeated(engine(WIDE)),
        repeated(by_hand(WIDE)),
        1.2,
        subject_repeats=50,
        floor_repeats=50,
    ),
    Row(
        f"{STUDENTS} students on the leading axis",
        "one after the other",
        engine(SMALL, EVERYBODY, batched=True),
        one_by_one(SMALL, EVERYBODY, STUDENTS),
        200,
        at_least=True,
        rounds=7,
        subject_repeats=5,
    ),
]
