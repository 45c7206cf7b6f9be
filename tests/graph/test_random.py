"""Laws of random graphs: derivatives, shapes, batches, sweeps."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.formula.names import split
from hwcheck.graph.evaluate import Pin, compile_table, run, solve_table, sweep
from hwcheck.graph.grad import differentiate
from hwcheck.graph.jacobian import derivative
from tests.graph.graphs import Graph, graphs
from tests.graph.tables import complex_step, near, value


@settings(max_examples=150)
@given(graphs())
def test_the_gradient_is_the_derivative(graph: Graph) -> None:
    table, givens = graph
    differentiate(table, "J", givens)
    for by in givens:
        assert table.shape(f"dJ/d{by}") == table.shape(by)
        assert near(value(table, f"dJ/d{by}"), complex_step(table, "J", by), 1e-9), by


@settings(max_examples=60)
@given(graphs())
def test_shapes_inferred_are_those_of_the_values(graph: Graph) -> None:
    table, givens = graph
    differentiate(table, "J", givens)
    for name, found in solve_table(table).items():
        assert found.shape == table.shape(name), name


@settings(max_examples=60)
@given(graphs())
def test_only_what_leads_to_the_wanted_is_derived(graph: Graph) -> None:
    table, givens = graph
    wanted = givens[len(givens) // 2]
    new = differentiate(table, "J", [wanted])
    between = {name for name in table.needed(["J"]) if wanted in table.needed([name])}
    assert {split(name).by for name in new} <= between | {wanted}


@settings(max_examples=80)
@given(graphs(), st.sampled_from([(3,), (2, 2)]), st.integers(0, 99))
def test_a_batch_is_the_loop_bit_for_bit(graph: Graph, lead: tuple[int, ...], seed: int) -> None:
    table, givens = graph
    differentiate(table, "J", givens)
    single, batched = compile_table(table), compile_table(table, batched=True)
    generator = np.random.default_rng(seed)
    many = dict(table.values)
    for name in givens:
        if generator.integers(3):
            many[name] = generator.uniform(-1.5, 1.5, (*lead, *table.shape(name)))
    found = run(batched, many)
    for at in np.ndindex(*lead):
        one = {name: part if part.ndim == len(table.shape(name)) else part[at] for name, part in many.items()}
        slots = run(single, one)
        for name in table.rows:
            alone, whole = np.asarray(slots[single.slots[name]]), np.asarray(found[batched.slots[name]])
            assert np.array_equal(whole if whole.shape == alone.shape else whole[at], alone, equal_nan=True), name


@settings(max_examples=60)
@given(graphs(), st.data())
def test_a_sweep_is_a_run_but_for_what_depends_on_a_pin(graph: Graph, data: st.DataObject) -> None:
    table, givens = graph
    differentiate(table, "J", givens)
    program = compile_table(table)
    plain = run(program, table.values)
    free, computed = sweep(program, table.values, {}, {})
    assert not computed
    key = {name: plain[at] for name, at in program.slots.items()}
    roots = {table.root(name) for name in table.rows}
    all_pinned, computed = sweep(program, table.values, {name: Pin(np.True_, key[name]) for name in roots}, {})
    assert set(computed) == roots
    for name, at in program.slots.items():
        for found in (free[at], all_pinned[at], computed[table.root(name)].reshape(table.shape(name))):
            assert np.array_equal(np.asarray(found), np.asarray(key[name]), equal_nan=True), name
    pinned = data.draw(st.sampled_from(sorted(roots)))
    slots, computed = sweep(program, table.values, {pinned: Pin(np.True_, key[pinned] + 1.0)}, {})
    assert np.array_equal(computed[pinned], key[pinned], equal_nan=True)
    for name, at in program.slots.items():
        if pinned not in table.needed([name]):
            assert np.array_equal(np.asarray(slots[at]), np.asarray(key[name]), equal_nan=True), name
    assert np.array_equal(slots[program.slots[pinned]], key[pinned] + 1.0, equal_nan=True)


@settings(max_examples=100)
@given(graphs(), st.data())
def test_a_derivative_between_any_two_quantities(graph: Graph, data: st.DataObject) -> None:
    table, givens = graph
    of = data.draw(st.sampled_from([row.name for row in table if row.formula is not None]))
    by = data.draw(st.sampled_from(givens))
    title = derivative(table, of, by)
    wanted = complex_step(table, of, by)
    found = value(table, title)
    if table.shape(title) == table.shape(by) and all(size == 1 for size in table.shape(of)):
        wanted = wanted.reshape(table.shape(by))
    elif table.shape(title) != table.shape(of) + table.shape(by):
        assert table.shape(title) == table.shape(by)
        found, wanted = np.diag(found.ravel()), wanted.reshape(found.size, found.size)
    assert near(found, wanted, 1e-9), title
