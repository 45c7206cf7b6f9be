"""Rows 63 to 67: the update rules of optimizers, as formulas and three steps with numbers."""

from __future__ import annotations

import pytest

from tests.coverage.judging import STUDENT, Case, Values, agree, check

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
    Values(63, "sheet5-derivations", "12 with numbers", {"w1": 0.995, "w2": 1.005, "w3": 0.99}),
    Values(64, "sheet5-derivations", "12 with numbers", {"p1": 0.9995, "p2": 1.00005, "p3": 0.999045}),
    Values(65, "sheet5-derivations", "12 with numbers",
     {"r1": 0.8418869075550668, "r2": 0.9847439046398381, "r3": 0.8552120128988722}),
    Values(66, "sheet5-derivations", "12 with numbers",
     {"a1": 0.84188661699, "a2": 0.9196760322401851, "a3": 0.8347198976388783}),
)  # fmt: skip


@pytest.mark.parametrize("values", VALUES, ids=str)
def test_the_numbers_of_a_row_are_those_worked_out_elsewhere(values: Values) -> None:
    agree(values)
