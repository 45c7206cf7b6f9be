"""Networks of the sizes that homework has: a batch on leading axes is the loop, and a pin changes what stands on it."""

from typing import Any

import numpy as np
import pytest

from hwcheck.graph.evaluate import Pin, compile_table, run, sweep
from hwcheck.graph.grad import differentiate
from hwcheck.graph.table import Table
from tests.graph.tables import Array, table_of

PARAMETERS = ["W1", "b1", "W2", "b2", "W3", "b3"]


def network(sizes: tuple[int, ...], last: str, loss: str, samples: int | None = None) -> Table:
    """Give a dense network, its gradients and one step of gradient descent; with `samples` the columns are a batch."""
    generator = np.random.default_rng(sum(sizes))

    def drawn(*shape: int) -> Array:
        return generator.normal(size=shape)

    columns = () if samples is None else (samples,)
    givens: dict[str, Any] = {
        "Y0": drawn(sizes[0], *columns),
        "y": np.eye(sizes[-1])[0] if samples is None else drawn(sizes[-1], samples),
    }
    lines: list[str] = []
    for at in range(1, len(sizes)):
        givens[f"W{at}"], givens[f"b{at}"] = drawn(sizes[at], sizes[at - 1]), drawn(sizes[at])
        lines += [f"X{at} = W{at} Y{at - 1} + b{at}", f"Y{at} = {'sigmoid' if at < len(sizes) - 1 else last}(X{at})"]
    table = table_of(givens, [*lines, f"J = {loss}(Y{len(sizes) - 1}, y)"])
    differentiate(table, "J", [name for name in PARAMETERS if name in givens])
    return table


NETWORKS = {
    "3-2-1": ((3, 2, 1), "sigmoid", "bce", None),
    "4-8-8-3": ((4, 8, 8, 3), "softmax", "cross_entropy", None),
    "20-33-17": ((20, 33, 17), "softmax", "cross_entropy", None),
    "3-5-2 on a batch of 19": ((3, 5, 2), "tanh", "mse", 19),
    "4-8-8-3 on a batch of 7": ((4, 8, 8, 3), "tanh", "half_squared_error", 7),
}


@pytest.mark.parametrize("lead", [(5,), (2, 3)])
@pytest.mark.parametrize("case", NETWORKS)
def test_a_batch_is_the_loop_bit_for_bit(case: str, lead: tuple[int, ...]) -> None:
    table = network(*NETWORKS[case])
    single, batched = compile_table(table), compile_table(table, batched=True)
    generator = np.random.default_rng(1)
    givens = list(table.values)
    for moving in (givens, givens[:1], givens[1:], givens[::2]):
        many = {
            name: generator.normal(size=(*lead, *part.shape)) if name in moving else part
            for name, part in table.values.items()
        }
        found = run(batched, many)
        for at in np.ndindex(*lead):
            slots = run(single, {name: part[at] if name in moving else part for name, part in many.items()})
            for name in table.rows:
                whole, alone = np.asarray(found[batched.slots[name]]), np.asarray(slots[single.slots[name]])
                part = whole if whole.shape == alone.shape else whole[at]
                assert np.array_equal(part, alone), name


def test_students_on_the_leading_axis_with_answers_of_their_own() -> None:
    table = network(*NETWORKS["3-2-1"])
    single, batched = compile_table(table), compile_table(table, batched=True)
    generator = np.random.default_rng(2)
    students = 40
    pins: dict[str, Pin] = {}
    for name in (*(row.name for row in table if row.formula is not None), "W2"):
        if table.root(name) == name:
            shape = (students, *table.shape(name))
            pins[name] = Pin(generator.integers(2, size=shape).astype(bool), generator.normal(size=shape))
    nudged = batched.slots["X1"]
    nudges = generator.normal(size=(students, 2)) * 1e-3
    assert single.slots["X1"] == nudged
    slots, computed = sweep(batched, table.values, pins, {nudged: nudges})
    assert set(computed) == set(pins)
    for student in range(students):
        mine = {name: Pin(pin.mask[student], pin.value[student]) for name, pin in pins.items()}
        alone, worked_out = sweep(single, table.values, mine, {nudged: nudges[student]})
        for name, pin in mine.items():
            whole = np.asarray(computed[name])
            assert np.array_equal(
                whole if whole.ndim == pin.value.ndim else whole[student], worked_out[name], equal_nan=True
            ), name
            used = np.asarray(slots[batched.slots[name]])[student]
            assert np.array_equal(used, alone[single.slots[name]], equal_nan=True), name
            wanted = np.where(pin.mask, pin.value, worked_out[name])
            assert np.array_equal(used, wanted + nudges[student] if name == "X1" else wanted, equal_nan=True), name


def test_a_number_that_stands_for_a_sum_of_one_entry_can_be_pinned() -> None:
    table = table_of({"a": 2.0}, ["b = sum(a)", "c = b + 1", "d = 3", "k = d + a"])
    slots, computed = sweep(
        compile_table(table), table.values, {"b": Pin(np.True_, np.float64(10)), "d": Pin(np.True_, np.float64(7))}, {}
    )
    program = compile_table(table)
    assert (computed["b"], computed["d"]) == (2, 3)
    assert [float(slots[program.slots[name]]) for name in "abcdk"] == [2, 10, 11, 7, 9]


def test_another_form_can_be_compiled_in_the_place_of_a_formula() -> None:
    table = network(*NETWORKS["3-2-1"])
    form = table["dY1/dX1"].forms[0]
    program = compile_table(table, ["dY1/dX1"], forms={"dY1/dX1": form})
    plain, other = run(compile_table(table), table.values), run(program, table.values)
    at = compile_table(table).slots["dY1/dX1"]
    assert np.allclose(plain[at], other[program.slots["dY1/dX1"]], rtol=1e-14)
    slip = {"Y1": Pin(np.True_, np.array([0.9, 0.9]))}
    whole = compile_table(table, forms={"dY1/dX1": form})
    used, _ = sweep(whole, table.values, slip, {})
    assert np.array_equal(used[whole.slots["dY1/dX1"]], other[program.slots["dY1/dX1"]])
    used, _ = sweep(compile_table(table), table.values, slip, {})
    assert np.allclose(used[at], 0.09)


def test_a_form_brings_what_it_reads() -> None:
    table = network(*NETWORKS["3-2-1"])
    form = table["dJ/dX2"].forms[0]
    program = compile_table(table, ["dJ/dX2"], forms={"dJ/dX2": form})
    plain = compile_table(table)
    found = run(program, table.values)[program.slots["dJ/dX2"]]
    assert np.allclose(found, run(plain, table.values)[plain.slots["dJ/dX2"]], rtol=1e-13)
