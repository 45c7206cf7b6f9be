"""What is measured is the same work: the engine, the step by hand and the students one by one give the same values."""

import numpy as np
import pytest

from hwcheck.graph.evaluate import compile_table, frugal, run
from tests.benchmarks.engine import ASKED, SMALL, WIDE, Network, by_hand, cohort, one_by_one


@pytest.mark.parametrize("network", [SMALL, WIDE], ids=["3-2-1", "wide"])
def test_the_step_by_hand_is_the_step_of_the_engine(network: Network) -> None:
    program = frugal(compile_table(network.table, ASKED))
    slots = run(program, network.table.values)
    for name, value in zip(ASKED, by_hand(network)(), strict=False):
        assert np.allclose(slots[program.slots[name]], value, rtol=1e-12, atol=1e-15), name


def test_students_on_the_leading_axis_have_the_values_of_the_loop() -> None:
    students = 9
    values = cohort(SMALL, students)
    batched, single = (frugal(compile_table(SMALL.table, ASKED, several)) for several in (True, False))
    together = run(batched, values)
    for student, slots in enumerate(one_by_one(SMALL, values, students)()):
        for name in ASKED:
            mine = together[batched.slots[name]][student]
            assert np.array_equal(mine, slots[single.slots[name]]), name
