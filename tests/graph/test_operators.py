"""Every operator's adjoint, in every combination of shapes that fits, to second order; and what each operator gives."""

import numpy as np
import pytest

from hwcheck.graph.evaluate import compile_table, run
from hwcheck.graph.grad import differentiate
from hwcheck.graph.table import Table
from tests.graph.tables import Array, define, near, prove_derivatives, table_of, value

SHAPES: dict[str, tuple[int, ...]] = {
    "s": (),
    "r": (),
    "o": (1,),
    "q": (1, 1),
    "v": (3,),
    "u": (3,),
    "c": (2,),
    "C": (3, 1),
    "R": (1, 2),
    "M": (3, 2),
    "N": (3, 2),
    "K": (2, 3),
    "A": (2, 3, 2),
    "B": (2, 3, 2),
    "Q": (3, 3),
}


def numbers(name: str) -> Array:
    """Give fixed numbers between 0.6 and 2.4, none of them equal."""
    size = int(np.prod(SHAPES[name]))
    return (1.5 + 0.9 * np.sin(1.7 * np.arange(size) + 2.3 * list(SHAPES).index(name) + 1.3)).reshape(SHAPES[name])


PAIRS = [
    "s r",
    "s v",
    "v s",
    "o v",
    "v o",
    "s o",
    "o s",
    "v u",
    "v C",
    "C v",
    "C C",
    "M N",
    "M s",
    "s M",
    "o M",
    "M q",
    "q v",
    "A s",
    "s A",
    "A B",
    "q s",
    "q o",
]
BIAS = ["M v", "v M", "M c", "c M", "M C", "M R", "R M", "K c", "Q v"]
PRODUCTS = [
    "s r",
    "s v",
    "v s",
    "s M",
    "M s",
    "o v",
    "v o",
    "M c",
    "K v",
    "M K",
    "K M",
    "Q v",
    "Q Q",
    "v R",
    "C R",
    "C o",
    "R c",
    "R K",
    "A s",
    "s A",
    "o o",
    "q o",
    "q R",
    "o R",
]
TEXTS = """\
v^T u ¦ v^T M ¦ v v^T ¦ u v^T ¦ M^T v ¦ M^T M ¦ M M^T ¦ (M c)^T u ¦ v^T Q u ¦ M^T^T ¦ v[2] ¦ v[2..3] ¦ v[:]
M[2,1] ¦ M[2,:] ¦ M[:,2] ¦ M[1..2,2] ¦ M[2..3,:] ¦ C[2] ¦ R[2] ¦ C[2..3] ¦ A[2,1,2] ¦ A[1,:,:] ¦ A[:,2..3,1]
o[1] ¦ (M N^T)[2,3] ¦ [s; r] ¦ [v; s] ¦ [v; u; c] ¦ [s, r] ¦ [v, u] ¦ [M, N] ¦ [M; N] ¦ [M, v] ¦ [v, M]
[M; R] ¦ [s, r; r, s] ¦ [C; s] ¦ [o; v] ¦ [R; R] ¦ [C, v] ¦ [s; R[1]] ¦ [v]
max(s, v, u) ¦ min(v, s, u) ¦ sum(j = 1..3, j v[j]^2) ¦ sum(i = 1..3, j = 1..2, M[i,j] K[j,i])
sum(i = 1..3, j = i..3, v[i] u[j]) ¦ sum(j = 1..2, c[j] M[:,j]) ¦ max(j = 1..3, v[j] u[j])
min(j = 1..3, v[j] u[j]) ¦ sum(j = 1..3, (j <= 2) v[j]) ¦ sum(j = 1..3, sum(i = 1..j, v[i]) u[j]) ¦ diag(v) u
diag(v) Q diag(u) ¦ reshape(v, 3, 1) ¦ reshape(M, 6) ¦ reshape(M, 2, 3) ¦ reshape(A, 4, 3) ¦ reshape(s, 1)
reshape(o, 1, 1) ¦ place(s, v, 2) ¦ place(c, v, 2..3) ¦ place(v, M, :, 2) ¦ place(s, M, 3, 1) ¦ I(3) v
ones(3) - v ¦ zeros(3) + v ¦ linspace(0, 1, 3) .* v ¦ count(v) v ¦ s pi + e ¦ v - mean(v)
(v - mean(v))/sqrt(var(v) + 0.01) ¦ v/norm(v) ¦ ||v||^2 ¦ |v - u| ¦ softmax(v) ¦ softmax(M) ¦ softmax(s v)
sigmoid(s) ¦ relu(M - 1.5) ¦ relu(A - 1.5) ¦ leaky_relu(v - 1.5, s) ¦ leaky_relu(M - 1.5, s)
squared_error(v, u) ¦ mse(M, N) ¦ mse(v, s) ¦ squared_error(o, s) ¦ half_mse(A, B) ¦ absolute_error(v, 0)
bce(o/4, 1) ¦ bce(v/4, u/4) ¦ bce(v/4, s/4) ¦ cross_entropy(v/4, u) ¦ sum(M + v) ¦ sum(c + M)
sum(if(s > 1, r, v)) ¦ mean(s - M) ¦ sum(max(s, v)) ¦ sum(M + C) + sum(R - M) ¦ s > r ¦ v >= u ¦ M == N"""
FORMULAS = [
    *(pair.replace(" ", f" {sign} ") for sign in (".*", "/", "^") for pair in PAIRS),
    *(pair.replace(" ", f" {sign} ") for sign in "+-" for pair in (*PAIRS, *BIAS)),
    *(pair.replace(" ", " @ ") for pair in PRODUCTS),
    *(f"{a} * {b}" for a, b in ("sr", "sv", "Ms", "oM", "MK", "Kv", "vo")),
    *(f"-{a}" for a in "sovMA"),
    *(f"-({a} - s)" for a in "svMA"),
    *(f"{a}^2" for a in "svMA"),
    *(f"{a}^3" for a in "sv"),
    "2^v",
    "e^v",
    "s^(-1)",
    "v^1.5",
    "(2 v)^s",
    *(f"{a}^T" for a in "sovCRM"),
    *(
        f"if({a} > 1.5, {b}, {c})"
        for a, b, c in ("vvu", "svu", "ssr", "vss", "vsu", "MMN", "AAB", "svs", "rsv", "vvo", "orv")
    ),
    *(f"{f}({pair.replace(' ', ', ')})" for f in ("max", "min") for pair in PAIRS),
    *(f"{f}({a})" for f in ("max", "min", "sum", "mean", "var", "norm") for a in "vCRMAso"),
    *(f"diag({a})" for a in "vCQso"),
    *(part for line in TEXTS.splitlines() for part in line.split(" ¦ ")),
]


def table_for(formula: str, samples: str = "columns") -> Table:
    """Give a table with `out` as the formula and `J` as a number made of all its entries, each with its weight."""
    table = table_of({name: numbers(name) for name in SHAPES}, samples=samples)
    define(table, f"out = {formula}")
    shape = table.shape("out")
    weights = np.cos(1 + np.arange(int(np.prod(shape)))).reshape(shape)
    table.give("w", shape, weights)
    define(table, "J = sum(w .* out + out .* out .* w / 7)" if shape else "J = w out + out^2 / 7")
    return table


@pytest.mark.parametrize(
    ("formula", "samples"),
    [
        (formula, samples)
        for formula in FORMULAS
        for samples in ("columns", "rows")
        if samples == "columns" or "Q" in formula
    ],
)
def test_adjoints_to_second_order(formula: str, samples: str) -> None:
    table = table_for(formula, samples)
    assert np.shape(value(table, "out")) == table.shape("out")
    names = [name for name in table.reads("out") if name in SHAPES]
    prove_derivatives(table, "J", names)


def test_a_bias_goes_over_the_batch_on_the_side_of_the_samples() -> None:
    matrix, bias = numbers("Q"), numbers("v")
    for samples, wanted in (("columns", matrix + bias[:, None]), ("rows", matrix + bias)):
        assert near(value(table_for("Q + v", samples), "out"), wanted)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_batch_is_the_loop_bit_for_bit(formula: str) -> None:
    table = table_for(formula)
    names = [name for name in table.reads("out") if name in SHAPES]
    differentiate(table, "J", names)
    wanted = [row.name for row in table if row.formula is not None]
    single, batched = compile_table(table), compile_table(table, batched=True)
    generator = np.random.default_rng(5)
    for kept in (set(), set(names[:1]), set(names[1:])):
        for lead in ((3,), (2, 2)):
            many = {name: table.values[name] for name in table.values}
            for name in names:
                if name not in kept:
                    many[name] = table.values[name] * generator.uniform(0.8, 1.2, (*lead, *[1] * len(SHAPES[name])))
            found = run(batched, many)
            for at in np.ndindex(*lead):
                one = {
                    name: part if np.ndim(part) == table.values[name].ndim else part[at] for name, part in many.items()
                }
                slots = run(single, one)
                for name in wanted:
                    whole, alone = np.asarray(found[batched.slots[name]]), np.asarray(slots[single.slots[name]])
                    assert alone.shape == table.shape(name), name
                    assert whole.shape in (alone.shape, lead + alone.shape), name
                    part = whole if whole.shape == alone.shape else whole[at]
                    assert np.array_equal(part, alone, equal_nan=True), name
