"""What is measured is the same work: both ways give the same parameters, and more steps need no more memory."""

import numpy as np

from tests.benchmarks.training import MADE, by_hand, by_program, most_memory


def test_the_training_by_hand_is_that_of_the_program() -> None:
    mine = by_program(MADE, 12)
    theirs = by_hand({MADE.inputs[name]: value for name, value in MADE.values.items()}, 12)
    assert mine.keys() == theirs.keys()
    for name, value in theirs.items():
        assert np.allclose(mine[name], value, rtol=1e-10, atol=1e-13), name


def test_memory_stays_the_same_over_the_steps() -> None:
    few, many = most_memory(MADE, 5), most_memory(MADE, 60)
    assert many < 1.05 * few + 20_000
