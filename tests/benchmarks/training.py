"""What training over many steps costs beside NumPy written by hand with buffers that are used again.

By hand it is written as somebody writes it who counts allocations: each array is made once, products are written into
it. That both ways give the same parameters is tested, and that memory stays the same over the steps.
"""

from __future__ import annotations

import tracemalloc
from typing import Any, NamedTuple

import numpy as np

from hwcheck.graph.runs import Run, done
from hwcheck.sheet.longruns import run_of
from hwcheck.sheet.problem import passes_of
from tests.benchmarks.measure import Row
from tests.marking.students import sheet_of

Array = Any  # one of NumPy's
Values = dict[str, Array]

SIZES = (784, 128, 64, 10)
BATCH, SAMPLES, STEPS = 32, 320, 100
RATE = 0.05

SHEET = f"""\
hwcheck: 1
problems:
  a:
    conventions: {{samples: rows}}
    given:
      X: abs(sin(linspace(1, 90, {SAMPLES}) linspace(1, 7, {SIZES[0]})^T))
      Y: one_hot(floor(10 abs(sin(linspace(1, 777, {SAMPLES})))), {SIZES[3]})
      W1: 0.1 sin(linspace(1, 50, {SIZES[0]}) linspace(1, 9, {SIZES[1]})^T)
      W2: 0.2 sin(linspace(1, 40, {SIZES[1]}) linspace(1, 8, {SIZES[2]})^T)
      W3: 0.2 sin(linspace(1, 30, {SIZES[2]}) linspace(1, 7, {SIZES[3]})^T)
      b1: zeros({SIZES[1]})
      b2: zeros({SIZES[2]})
      b3: zeros({SIZES[3]})
    network: |
      z1 = X W1 + b1
      a1 = relu(z1)
      z2 = a1 W2 + b2
      a2 = relu(z2)
      z3 = a2 W3 + b3
      p = softmax(z3)
      J = cross_entropy(p, Y)
    train:
      loss: J
      parameters: [W1, b1, W2, b2, W3, b3]
      learning_rate: {RATE}
      steps: {STEPS}
      samples: {{axis: rows, of: [X, Y]}}
      batch_size: {BATCH}
    questions: {{a: [W1_new, J_new]}}
"""


class Subject(NamedTuple):
    """The training of the sheet as the program does it: the steps, their inputs, and what each of these is."""

    run: Run
    values: Values
    inputs: dict[str, str]


def subject() -> Subject:
    """Read the sheet and make its steps ready, as solving it does."""
    problem = sheet_of(SHEET).problems["a"]
    assert problem.training is not None
    run, inputs = run_of(problem.training, problem.base, passes_of(problem, (), {}))
    values = {name: problem.base.values[of] for name, (of, _) in inputs.items()}
    return Subject(run, values, {name: of for name, (of, _) in inputs.items()})


def by_program(made: Subject, steps: int = STEPS) -> Values:
    """Train with the program; give the parameters."""
    found = done(made.run, made.values, 1, steps).values
    return {made.inputs[name]: value for name, value in found.items()}


def by_hand(values: Values, steps: int = STEPS) -> Values:
    """Train by hand, every array in a buffer of its own; give the parameters."""
    X, Y = values["X"], values["Y"]
    W = [values[f"W{at}"].copy() for at in (1, 2, 3)]
    b = [values[f"b{at}"].copy() for at in (1, 2, 3)]
    z = [np.empty((BATCH, size)) for size in SIZES[1:]]
    a = [np.empty((BATCH, size)) for size in SIZES[1:]]
    d = [np.empty((BATCH, size)) for size in SIZES[1:]]
    on = [np.empty((BATCH, size), dtype=bool) for size in SIZES[1:]]
    dW = [np.empty_like(each) for each in W]
    db = [np.empty_like(each) for each in b]
    column, logs = np.empty((BATCH, 1)), np.empty((BATCH, SIZES[-1]))
    for step in range(steps):
        first = step * BATCH % len(X)
        x, y = X[first : first + BATCH], Y[first : first + BATCH]
        before = x
        for at in (0, 1, 2):
            np.matmul(before, W[at], out=z[at])
            np.add(z[at], b[at], out=z[at])
            if at < 2:
                before = np.maximum(z[at], 0, out=a[at])
        z[2].max(axis=1, keepdims=True, out=column)
        np.subtract(z[2], column, out=a[2])
        np.exp(a[2], out=a[2])
        a[2].sum(axis=1, keepdims=True, out=column)
        np.divide(a[2], column, out=a[2])
        np.log(a[2], out=logs)
        np.multiply(logs, y, out=logs)
        logs.sum()
        np.subtract(a[2], y, out=d[2])
        np.divide(d[2], BATCH, out=d[2])
        for at in (2, 1, 0):
            np.matmul((a[at - 1] if at else x).T, d[at], out=dW[at])
            d[at].sum(axis=0, out=db[at])
            if at:
                np.matmul(d[at], W[at].T, out=d[at - 1])
                np.greater(z[at - 1], 0, out=on[at - 1])
                np.multiply(d[at - 1], on[at - 1], out=d[at - 1])
        for at in (0, 1, 2):
            np.multiply(dW[at], RATE, out=dW[at])
            np.subtract(W[at], dW[at], out=W[at])
            np.multiply(db[at], RATE, out=db[at])
            np.subtract(b[at], db[at], out=b[at])
    return {**{f"W{at + 1}": each for at, each in enumerate(W)}, **{f"b{at + 1}": each for at, each in enumerate(b)}}


def most_memory(made: Subject, steps: int) -> int:
    """Give how many bytes a run holds at most, beside what it is given."""
    by_program(made, 2)
    tracemalloc.start()
    by_program(made, steps)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


MADE = subject()

ROWS = [
    Row(
        f"{STEPS} steps of {'-'.join(map(str, SIZES))}, batch {BATCH}",
        "NumPy by hand, buffers used again",
        lambda: by_program(MADE),
        lambda: by_hand({MADE.inputs[name]: value for name, value in MADE.values.items()}),
        1.3,
        rounds=11,
    )
]
