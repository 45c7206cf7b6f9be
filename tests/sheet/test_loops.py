"""Loops over lines of a network: what they define, how it is called, asked, answered and differentiated."""

from typing import Any

import numpy as np
import pytest

from hwcheck import solve, verify
from hwcheck.formula.show import plain
from hwcheck.sheet import Sheet
from tests.marking.students import answers_of, sheet_of

GIVEN = """
    given:
      x: [[1, 0.5], [0.2, -1], [0.3, 0.7]]
      h0: [0.1, 0]
      W: [[0.1, 0.2], [0.3, -0.4]]
      U: [[0.5, -0.2], [0.1, 0.6]]
      v: [[1, -1]]
      y: [0.3, 0.1, -0.2]
      T: 3
"""
RECURRENT = """
      h[0] = h0
      for t = 1..3:
        z[t] = W h[t-1] + U x[t]
        h[t] = tanh(z[t])
      o[t] = v h[t] for t = 1..T
      L = 1/2 sum(t = 1..3, (o[t] - y[t])^2)
"""


def problem(network: str, questions: str, more: str = "", given: str = GIVEN) -> Sheet:
    """Make a sheet of one problem."""
    text = f"hwcheck: 1\nproblems:\n  a:{given}    network: |{network}{more}    questions: {questions}\n"
    return sheet_of(text)


def values(of: Sheet) -> dict[str, Any]:
    """Give all values of a sheet's problem by name."""
    (solved,) = solve(of).problems
    return {each.name: each.value for part in solved.parts for each in part.quantities}


def by_hand(W: Any, U: Any) -> dict[str, Any]:  # noqa: ANN401 - arrays of NumPy's
    """Work the recurrent network and its gradients through time out, step by step."""
    x = np.array([[1, 0.5], [0.2, -1], [0.3, 0.7]])
    v, y, h0 = np.array([1.0, -1]), [0.3, 0.1, -0.2], np.array([0.1, 0])
    h: list[Any] = [h0]
    for t in range(3):
        h.append(np.tanh(W @ h[-1] + U @ x[t]))
    out = [v @ each for each in h[1:]]
    dW, dU, behind = np.zeros((2, 2)), np.zeros((2, 2)), np.zeros(2)
    dh = []
    for t in (2, 1, 0):
        dh.append((out[t] - y[t]) * v + behind)
        dz = dh[-1] * (1 - h[t + 1] ** 2)
        dW, dU, behind = dW + np.outer(dz, h[t]), dU + np.outer(dz, x[t]), W.T @ dz
    loss = sum((a - b) ** 2 for a, b in zip(out, y, strict=True)) / 2
    return {"h": np.array(h[1:]), "L": loss, "dL/dW": dW, "dL/dU": dU, "dL/dh": np.array(dh[::-1]), "o": np.array(out)}


def test_a_loop_that_reads_its_own_entries_is_one_definition_a_turn() -> None:
    of = problem(RECURRENT, "{a: [h, L, dL/dW, dL/dU, dL/dh, o, 'h[2,1]', 'h[2..3]', 'dh[3]/dh[1]']}")
    found = values(of)
    wanted = by_hand(np.array([[0.1, 0.2], [0.3, -0.4]]), np.array([[0.5, -0.2], [0.1, 0.6]]))
    for name, value in wanted.items():
        np.testing.assert_allclose(np.squeeze(found[name]), value, rtol=1e-13, atol=1e-15, err_msg=name)
    for t in (1, 2, 3):
        np.testing.assert_array_equal(found[f"h[{t}]"], wanted["h"][t - 1])
        np.testing.assert_allclose(found[f"dL/dh[{t}]"], wanted["dL/dh"][t - 1], rtol=1e-13)
    np.testing.assert_allclose(found["h[2,1]"], wanted["h"][1, 0])
    np.testing.assert_allclose(found["h[2..3]"], wanted["h"][1:])
    (base,) = (each.base for each in of.problems.values())
    order = [row.name for row in base if row.name[0] in "zh" and row.name.endswith("]")]
    assert order == ["h[0]", "z[1]", "h[1]", "z[2]", "h[2]", "z[3]", "h[3]"]
    assert plain(base["z[2]"].formula or base["z[1]"].formula) == "W h[1] + U x[2]"


def test_the_jacobian_between_two_turns_is_that_of_differences() -> None:
    found = values(problem(RECURRENT, "{a: 'dh[3]/dh[1]'}"))["dh[3]/dh[1]"]
    W, U = np.array([[0.1, 0.2], [0.3, -0.4]]), np.array([[0.5, -0.2], [0.1, 0.6]])
    x = np.array([[0.2, -1], [0.3, 0.7]])

    def last(h: Any) -> Any:  # noqa: ANN401 - arrays of NumPy's
        for row in x:
            h = np.tanh(W @ h + U @ row)
        return h

    start = values(problem(RECURRENT, "{a: 'h[1]'}"))["h[1]"]
    steps = np.eye(2) * 1e-6
    wanted = np.array([(last(start + step) - last(start - step)) / 2e-6 for step in steps]).T
    np.testing.assert_allclose(found, wanted, rtol=1e-8)


def test_steps_of_training_name_the_turns_of_each_step() -> None:
    train = "    train: {loss: L, parameters: [W, U], learning_rate: 0.1, steps: 2}\n"
    found = values(problem(RECURRENT, "{a: [W_new, 'h@2[3]', 'h_new[1]', 'dL/dh@2[2]', 'h[1]']}", train))
    W, U = np.array([[0.1, 0.2], [0.3, -0.4]]), np.array([[0.5, -0.2], [0.1, 0.6]])
    np.testing.assert_allclose(found["h[1]"], by_hand(W, U)["h"][0])
    for _ in range(2):
        step = by_hand(W, U)
        last = step
        W, U = W - 0.1 * step["dL/dW"], U - 0.1 * step["dL/dU"]
    np.testing.assert_allclose(found["h@2[3]"], last["h"][2], rtol=1e-13)
    np.testing.assert_allclose(found["dL/dh@2[2]"], last["dL/dh"][1], rtol=1e-12)
    np.testing.assert_allclose(found["W_new"], W, rtol=1e-13)
    np.testing.assert_allclose(found["h_new[1]"], by_hand(W, U)["h"][0], rtol=1e-13)


def test_any_other_loop_is_one_definition_with_leading_axes() -> None:
    of = problem("\n      z[t] = U x[t] for t = 1..3\n      a[t] = tanh(z[t]) for t = 1..3\n      L = sum(a)\n",
                 "{a: [z, a, dL/dU, da/dz]}")  # fmt: skip
    (base,) = (each.base for each in of.problems.values())
    assert [row.name for row in base if row.formula is not None] == ["z", "a", "L"]
    assert plain(base["z"].formula or base["a"].formula) == "[U x[t] for t = 1..3]"
    assert base["a"].formula is not None
    assert plain(base["a"].formula) == "tanh(z)"  # what is said entry by entry is said of the whole
    found = values(of)
    np.testing.assert_allclose(found["z"], np.array([[1, 0.5], [0.2, -1], [0.3, 0.7]]) @ [[0.5, 0.1], [-0.2, 0.6]])


def test_loops_inside_loops_go_turn_by_turn() -> None:
    network = """
      for t = 0..1:
        g[t,0] = t + 1
      for s = 1..2:
        g[0,s] = 1
      for t = 1..1:
        for s = 1..2:
          g[t,s] = g[t-1,s] + g[t,s-1]
"""
    found = values(problem(network, "{a: g}"))
    np.testing.assert_array_equal(found["g"], [[1, 1, 1], [2, 3, 4]])


def test_a_loop_may_count_down() -> None:
    network = "\n      b[4] = h0\n      b[t] = tanh(U x[t] + W b[t+1]) for t = 3..1\n      L = sum(b)\n"
    found = values(problem(network, "{a: [b, dL/dW]}"))
    W, U = np.array([[0.1, 0.2], [0.3, -0.4]]), np.array([[0.5, -0.2], [0.1, 0.6]])
    state, rows = np.array([0.1, 0]), []
    for row in ([0.3, 0.7], [0.2, -1], [1, 0.5]):
        state = np.tanh(U @ row + W @ state)
        rows.append(state)
    np.testing.assert_allclose(found["b"], rows[::-1])


@pytest.mark.parametrize(
    "written",
    [
        "h: [{0}, {1}, {2}]",
        "h: '[{0}, {1}, {2}]'",
        "h: |\n          [{0}\n           {1}\n           {2}]",
        "h[1]: {0}\n        h[2]: {1}\n        h[3]: {2}",
        "h[1..2]: [{0}, {1}]\n        h[3]: {2}",
    ],
)
def test_what_a_loop_defines_is_answered_as_a_whole_or_turn_by_turn(written: str) -> None:
    of = problem(RECURRENT, "{a: {find: h, points: 3}}")
    rows = [f"[{row[0]:.4f}, {row[1]:.4f}]" for row in values(of)["h"]]
    text = f"answers:\n  a:\n    a:\n        {written.format(*rows)}\n"
    report = verify(of, answers_of(text))
    assert report.diagnostics == ()
    assert [(each.quantity, each.verdict) for each in report.findings if each.max_marks] == [
        (f"h[{t}]", "correct") for t in (1, 2, 3)
    ]
    assert report.score == 3


def test_a_wrong_turn_costs_once_and_is_carried_on() -> None:
    of = problem(RECURRENT, "{a: {find: [h, L], points: 4}}")
    W, U, state = np.array([[0.1, 0.2], [0.3, -0.4]]), np.array([[0.5, -0.2], [0.1, 0.6]]), np.array([0.35, 0.45])
    rows = [state]
    for row in ([0.2, -1], [0.3, 0.7]):
        rows.append(np.tanh(W @ rows[-1] + U @ row))
    text = "answers:\n  a:\n    a:\n      h:\n"
    text += "".join(f"        - [{row[0]:.4f}, {row[1]:.4f}]\n" for row in rows)
    found = [each.verdict for each in verify(of, answers_of(text)).findings if each.quantity != "L"]
    assert found == ["wrong", "carried", "carried"]


@pytest.mark.parametrize(
    ("network", "message", "fix"),
    [
        ("for t = 1..3:\n        h[t] = tanh(W h[t-1])\n", "no `h[0]` here: no line above defines it", "h[0] = ..."),
        ("h[0] = h0\n      for t = 1..3:\n        h[t] = tanh(U h[t-1] + x)\n", "one shape", "3 x 2"),
        ("z[t] = U x[t] for t = 1..4\n", "no place 4", ""),
        ("q = sum(t = 1..3, x[t, y[t]])\n", "no whole number", "one_hot"),
        ("z = U x[t] for t = 1..3\n", "defined anew in each turn", "z[t]"),
        ("for t = 1..3:\n      L = 2\n", "no lines", "indent"),
        ("z[t] = U x[t] for t in 1..3\n", "`=` is missing", "for j = 1..3"),
        ("z[t] = U x[t] for t = 1..n\n", "`n` is not defined", ""),
        ("h[0] = h0\n      for t = 1..3:\n        h[t] = h[t-1]\n      h[2] = h0\n", "defined twice", ""),
        ("h[0] = h0\n      h[t] = h[t-1] for t = 1..3\n      q = h[5]\n", "no `h[5]`", ""),
        ("h[0] = 1\n      for t = 1..2:\n        h[t] = x\n        g[t] = h[t-1]\n", "one shape", ""),
        ("h[0] = 0\n      h[t] = U x[t] + h[t-1] for t = 1..3\n", "one shape", "h[0] = zeros(2)"),
        ("z[1..2] = x for t = 1..3\n", "one entry in each turn", "z[t]"),
        ("z[2t] = U x[t] for t = 1..3\n      q = sum(z)\n", "`z` has gaps: there is no `z[3]`", "one by one"),
        ("z[t,t] = t for t = 1..3\n      q = sum(z)\n", "`z` has gaps: there is no `z[1,2]`", "one by one"),
        ("z[1000000000 t] = t for t = 1..3\n      q = sum(z)\n", "no `z[1000000001]`", "one by one"),
        ("h[0] = h0\n      h[t] = h[t-1] for t = 1..2.5\n", "`2.5` is no whole number", "needs numbers"),
        ("h[0] = h0\n      h[t] = h[t-1] for t = 1..x\n", "`x` is no whole number", "needs numbers"),
        ("h[0] = h0\n      for t = 1..2:\n        for s = 1..W:\n          h[t] = h[t-1]\n", "no whole number", ""),
        (
            "h[0] = h0\n      h[t] = h[t-1] for t = 1..1000000000000000\n      q = h[1]\n",
            "too many definitions",
            "2000",
        ),
        ("for t = 1..1000000000:\n        for s = 2..1:\n          h[t,s] = h[t-1,s]\n", "no `h[0,2]`", ""),
        (
            "for t = 1..1000000000:\n        for s = t..0:\n          h[t,s] = h[t-1,s]\n",
            "more than 20000 turns",
            "fewer",
        ),
    ],
)
def test_loops_that_mean_nothing_are_refused_with_the_place_and_a_fix(network: str, message: str, fix: str) -> None:
    with pytest.raises(AssertionError) as caught:
        problem("\n      " + network, "{a: x}")
    said = str(caught.value)
    assert message in said, said
    assert fix in said, said
    assert said.count("Diagnostic(") == 1, said


def test_a_number_may_start_what_is_an_array_of_one_entry() -> None:
    network = "\n      h[0] = 0\n      h[t] = tanh(V x[t] + 0.5 h[t-1]) for t = 1..2\n      L = sum(h[2])\n"
    given = "\n    given: {x: [[1, 2], [0.5, 3]], V: [[0.1, -0.2]]}\n"
    found = values(problem(network, "{a: [L, dL/dV]}", given=given))
    first = np.tanh(0.1 - 0.4)
    second = np.tanh(0.05 - 0.6 + 0.5 * first)
    assert found["L"] == pytest.approx(second)
    slopes = (1 - second**2) * (np.array([0.5, 3]) + 0.5 * (1 - first**2) * np.array([1, 2]))
    assert np.allclose(found["dL/dV"], slopes)


@pytest.mark.parametrize("typed", ["[[[1, 3], [1, 2]]]", "[[1, 3], [1, 2]]", "[[[[1, 3], [1, 2]]]]", "[1 3; 1 2]"])
def test_an_axis_of_one_place_may_be_left_out(typed: str) -> None:
    of = problem("\n      z = [[x[i,j] for j = 1..2] for k = 1..1, i = 1..2]\n", "{a: z}",
                 given="\n    given: {x: [[1, 3], [1, 2]]}\n")  # fmt: skip
    (found,) = verify(of, answers_of(f"answers:\n  a:\n    a: {typed}\n")).findings
    assert (found.verdict, found.marks) == ("correct", 1)
