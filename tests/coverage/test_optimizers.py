"""Rows 63 to 67: the update rules of optimizers, as formulas and three steps with numbers."""

from __future__ import annotations

import numpy as np
import pytest

from hwcheck import solve
from tests.coverage.judging import STUDENT, Case, Values, agree, check
from tests.marking.students import sheet_of

ANSWERS = (
    # optimizers
    Case(63, "sheet5-derivations", "12 gradient descent", "rule", STUDENT, "", "correct"),
    Case(64, "sheet5-derivations", "12 momentum", "rule", STUDENT, "m_new", "correct"),
    Case(64, "sheet5-derivations", "12 momentum", "rule", STUDENT, "w_new", "correct"),
    Case(65, "sheet5-derivations", "12 rmsprop", "rule", STUDENT, "v_new", "correct"),
    Case(65, "sheet5-derivations", "12 rmsprop", "rule", STUDENT, "w_new", "correct"),
    Case(65, "sheet5-derivations", "12 rmsprop", "rule", {"w_new": "w - gamma g/(sqrt(v_new) + eps)"}, "w_new",
         "wrong"),
    Case(66, "sheet5-derivations", "12 adam", "rule", STUDENT, "m_new", "correct"),
    Case(66, "sheet5-derivations", "12 adam", "rule", STUDENT, "v_new", "correct"),
    Case(66, "sheet5-derivations", "12 adam", "rule", STUDENT, "w_new", "correct"),
    Case(67, "sheet5-derivations", "12 momentum", "rule", {"m_new": "beta*m + g"}, "m_new", "wrong", ("MOM_FORM",)),
    Case(67, "sheet5-derivations", "12 momentum", "rule", {"m_new": "beta*m + g", "w_new": "w - gamma*m_new"}, "w_new",
     "correct", ()),
)  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_an_answer_gets_the_verdict_that_its_row_names(case: Case) -> None:
    check(case)


VALUES = (
    Values(63, "sheet5-derivations", "12 with numbers", {"w@2": 0.995, "w@3": 1.005, "w_new": 0.99}),
    Values(64, "sheet5-derivations", "12 momentum with numbers",
           {"w@2": 0.9995, "w@3": 1.00005, "w_new": 0.999045, "m_w@1": 0.01, "m_w@2": -0.011, "m_w@3": 0.0201}),
    Values(65, "sheet5-derivations", "12 rmsprop with numbers",
     {"w@2": 0.8418869075550668, "w@3": 0.9847439046398381, "w_new": 0.8552120128988722}),
    Values(66, "sheet5-derivations", "12 adam with numbers",
     {"w@2": 0.84188661699, "w@3": 0.9196760322401851, "w_new": 0.8347198976388783}),
)  # fmt: skip


@pytest.mark.parametrize("values", VALUES, ids=str)
def test_the_numbers_of_a_row_are_those_worked_out_elsewhere(values: Values) -> None:
    agree(values)


#: Three steps with the gradients 0.1, -0.2 and 0.3: they are samples of a loss that is linear in w.
TRACE = """hwcheck: 1
problems:
  a:
    given: {g: [0.1, -0.2, 0.3], w: 1}
    network: J = sum(g) w
    train: {loss: J, parameters: [w], learning_rate: 0.05, epochs: 1, samples: {axis: rows, of: [g]}, batch_size: 1,
            optimizer: OPTIMIZER}
    conventions: CONVENTIONS
    questions: {a: {find: [w@2, w@3, w_new]}}
"""


@pytest.mark.parametrize(
    ("optimizer", "conventions", "expected"),
    [
        ("sgd", "{}", (0.995, 1.005, 0.99)),
        ("momentum: {momentum: 0.9}", "{momentum: ema}", (0.9995, 1.00005, 0.999045)),
        (
            "rmsprop: {decay: 0.9, epsilon: 1e-8}",
            "{epsilon: inside}",
            (0.8418869075550668, 0.9847439046398381, 0.8552120128988722),
        ),
        ("rmsprop: {decay: 0.9, epsilon: 1e-8}", "{}", (0.8418861669915652, 0.9847432894405477, 0.8552113605885191)),
        (
            "adam: {beta1: 0.9, beta2: 0.999, epsilon: 1e-8}",
            "{bias_correction: no}",
            (0.84188661699, 0.9196760322401851, 0.8347198976388783),
        ),
        (
            "adam: {beta1: 0.9, beta2: 0.999, epsilon: 1e-8}",
            "{}",
            (0.9500000049999995, 0.9683051801942444, 0.9511431269738714),
        ),
    ],
)
def test_rows_63_and_64_and_65_and_66_three_steps_of_each_optimizer(
    optimizer: str, conventions: str, expected: tuple[float, ...]
) -> None:
    """The last of each pair are the rules of PyTorch, which are not those of the document."""
    chosen = f"{{{optimizer}}}" if ":" in optimizer else optimizer
    of = sheet_of(TRACE.replace("OPTIMIZER", chosen).replace("CONVENTIONS", conventions))
    found = {each.name: each.value for each in solve(of).problems[0].parts[0].quantities}
    np.testing.assert_allclose([np.squeeze(found[name]) for name in ("w@2", "w@3", "w_new")], expected, rtol=1e-12)
