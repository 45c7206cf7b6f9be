"""A schedule that keeps the values of definitions alone gives the same values, bit for bit, in less memory."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.graph.evaluate import compile_table, frugal, run
from tests.graph.graphs import Graph, graphs


@settings(max_examples=60, deadline=None)
@given(graphs(), st.booleans())
def test_the_values_of_definitions_are_the_same(graph: Graph, batched: bool) -> None:
    program = compile_table(graph.table, batched=batched)
    small = frugal(program)
    whole, kept = run(program, graph.table.values), run(small, graph.table.values)
    assert small.slots.keys() == program.slots.keys()
    for name, at in program.slots.items():
        assert np.array_equal(np.asarray(whole[at]), np.asarray(kept[small.slots[name]]), equal_nan=True), name
    assert small.size <= program.size
