"""What students write around a value, and other names for a quantity, is understood or answered with what to write."""

import pytest

from hwcheck import load_sheet
from tests.marking.students import marked, verdicts

SHEET = load_sheet("sheet5")


@pytest.mark.parametrize(
    ("question", "name", "value"),
    [
        ("f", "", "J = 0.7079"), ("f", "", "J=.7079"), ("d", "X1", "X_1 = [0.31, -0.28]"), ("e", "", "class = no"),
        ("e", "", "no"), ("e", "", "False"), ("e", "", "0"), ("g", "∂J/∂b_2", "dJ/db2 = 0.5073"),
        ("h", "b2new", "-0.02537"), ("h", "b_2_new", "-0.02537"), ("h", "b2_new", "0 - 0.05 * 0.5073"),
    ],
)  # fmt: skip
def test_a_value_is_read_with_its_own_name_before_it_and_a_decision_in_words(
    question: str, name: str, value: str
) -> None:
    assert list(verdicts(marked(SHEET, {question: {name: value}})).values()) == ["correct"]


@pytest.mark.parametrize(
    ("question", "name", "value"),
    [("f", "", "L = 0.7079"), ("f", "", "no"), ("d", "X2", "yes"), ("d", "X1", "Y1 = [0.31, -0.28]")],
)
def test_another_name_or_a_word_for_a_number_is_not_read(question: str, name: str, value: str) -> None:
    assert list(verdicts(marked(SHEET, {question: {name: value}})).values()) == ["unreadable"]


@pytest.mark.parametrize(
    ("question", "name", "fix"),
    [("h", "b2'", "write b2_new for the value"), ("h", "b2neu", "`b2_new`"), ("g", "dJ/dWW2", "`dJ/dW2`")],
)
def test_a_name_that_stands_for_nothing_is_answered_with_the_one_to_write(question: str, name: str, fix: str) -> None:
    (found,) = marked(SHEET, {question: {name: "0.1"}}).diagnostics
    assert found.code == "HW411"
    assert fix in found.help
