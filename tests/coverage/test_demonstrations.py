"""Rows 62 and 77 to 84: what the questions in words are about, shown in numbers by a problem beside each of them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from hwcheck import load_sheet
from hwcheck.graph.evaluate import compile_table, run
from tests.coverage.judging import Case, Values, agree, check, solved

VALUES = (
    Values(77, "homework4", "3 with numbers",
           {"L": 250025, "share": [0.99990000999900, 9.999000099990002e-05], "dL/dyhat": [1000, 10],
            "share_of_slope": [0.9900990099009901, 0.009900990099009901], "L_n": 0.005, "dL_n/dyhat_n": [0.1, 0.1],
            "share_n": [0.5, 0.5]}),
    Values(77, "homework3", "4 with numbers",
           {"share": [0.99990000999900, 9.999000099990002e-05], "share_n": [0.5, 0.5]}),
    Values(78, "homework3", "3 with numbers",
           {"p": [0.3100255188723875, 0.6899744811276125], "q": 0.6899744811276125, "L1": 0.3711006659477777,
            "L2": 0.3711006659477777, "dL2/dz": [0.3100255188723875, -0.3100255188723875],
            "dL1/ds": -0.3100255188723875}),
    Values(79, "homework4", "5a with numbers",
           {"one_n": 0, "first_n": [-1, 1], "second_n": [1, -1], "spread": 6.5**0.5, "spread_of_means": 3.25**0.5,
            "factor": 0.5**0.5}),
    Values(79, "homework4", "5a spread",
           {"spread_of_mean": 1.414213562373095, "spread_of_mean when m = 8": 0.7071067811865475,
            "spread_of_mean when m = 32": 0.35355339059327373, "spread_of_mean when m = 128": 0.17677669529663687}),
    Values(80, "homework4", "5b with numbers",
           {"layer_n": [-1.3416407864998738, -0.4472135954999579, 0.4472135954999579, 1.3416407864998738],
            "layer_n when X = [[1, 2, 3, 4], [9, 9, -9, 0], [7, 0, 1, 5]]":
            [-1.3416407864998738, -0.4472135954999579, 0.4472135954999579, 1.3416407864998738]}),
    Values(81, "layers", "1.3c with numbers",
           {"ds[10]/ds[9]": 0.25, "ds[10]/ds[8]": 0.0625, "ds[10]/dx": 9.5367431640625e-07, "dr[10]/dx": 1,
            "ds[10]/dx when w = 4": 1, "ds[10]/dx when w = 8": 1024}),
    Values(81, "homework4", "6 with numbers", {"dp[10]/dx": 9.5367431640625e-07, "dr[10]/dx": 9.313225746154785}),
    Values(81, "exercise3-questions", "2.2 with numbers",
           {"dL/dh0": 0.75, "share": 2 / 3, "dL/dh0 when w3 = 0": 0.25}),
    Values(82, "exercise3-questions", "4.4 with numbers",
           {"w@2": 0.8, "w@3": 0.64, "w@4": 0.512, "w@5": 0.4096, "w_new": 0.32768, "w_new when lr = 0.5": 0,
            "w@2 when lr = 0.9": -0.8, "w_new when lr = 0.9": -0.32768, "w@2 when lr = 1": -1, "w@3 when lr = 1": 1,
            "w_new when lr = 1": -1, "w@2 when lr = 1.1": -1.2, "w_new when lr = 1.1": -2.48832}),
    Values(82, "sheet5-questions", "4 with numbers",
           {"w_new": 1.92, "w_new when gamma = 0.9": 1.92, "w_new when gamma = 1": 3, "w_new when gamma = 1.1": 4.32}),
    Values(83, "sheet5-questions", "5 with batches of one", {"w@2": 0.1, "w@3": 0.48, "w@4": 1.014, "w_new": 1.8028}),
    Values(83, "sheet5-questions", "5 with batches of two", {"w@2": 0.25, "w_new": 1.26875}),
    Values(83, "sheet5-questions", "5 with the full batch", {"dJ/dw": -14.25, "g": -14.25, "w_new": 0.7125}),
    Values(84, "sheet5-questions", "9 with numbers",
           {"at_5": 8.1, "at_6": 18.9, "train_4": 0, "test_4": 88.01, "slope": 1, "offset": 0.02, "train_1": 0.0096,
            "test_1": 0.0004}),
    Values(84, "sheet5-questions", "9 too simple", {"slope": 0, "offset": 2, "error": 2.8}),
    Values(62, "sheet5-questions", "15.10 with numbers",
           {"Z": np.eye(8), "y": [0, 1, 1, 0, 1, 0, 0, 1]}),
)  # fmt: skip


@pytest.mark.parametrize("values", VALUES, ids=str)
def test_the_numbers_of_a_row_are_those_worked_out_elsewhere(values: Values) -> None:
    agree(values)


ANSWERS = (
    Case(79, "homework4", "5a with numbers", "one", "0", "", "correct"),
    Case(84, "sheet5-questions", "9 with numbers", "its errors", {"train_4": "0"}, "train_4", "correct"),
)


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_an_answer_gets_the_verdict_that_its_row_names(case: Case) -> None:
    check(case)


def test_row_80_batch_normalization_depends_on_the_other_samples() -> None:
    found = solved("homework4")["5b with numbers"]
    alone, beside = (value for name, value in found.items() if name.startswith("batch_n"))
    assert not np.allclose(alone, beside)
    X = np.array([[1, 2, 3, 4], [5, -1, 0, 2], [0, 2, 6, -3]], float)
    np.testing.assert_allclose(alone, ((X - X.mean(0)) / X.std(0))[0])


def test_row_62_one_hidden_layer_does_every_function_of_three_bits() -> None:
    """All 256 functions on the leading axis of the evaluator, with the weights of the sheet."""
    problem = load_sheet("sheet5-questions").problems["15.10 with numbers"]
    program = compile_table(problem.base, ["y"], batched=True)
    functions = np.array(list(product((0.0, 1.0), repeat=8)))
    values = {**problem.base.values, "f": functions}
    outputs = run(program, values)[program.slots["y"]]
    assert len(functions) == 256
    np.testing.assert_array_equal(np.reshape(outputs, functions.shape), functions)


def test_row_62_no_single_unit_does_xor() -> None:
    """On a grid of weights, whatever the step is at 0; and by the sums that the sheet's question is about."""
    grid = np.linspace(-5, 5, 21)
    w1, w2, b = np.meshgrid(grid, grid, grid)
    sums = np.stack([b, w2 + b, w1 + b, w1 + w2 + b])
    for unit in (sums > 0, sums >= 0):
        assert not np.any(np.all(unit == np.array([0, 1, 1, 0]).reshape(4, 1, 1, 1), axis=0))
    np.testing.assert_allclose(sums[0] + sums[3], sums[1] + sums[2])
