"""Training over many steps: names, states, batches, long runs, rules of a sheet's own, and what can be wrong."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck import solve
from hwcheck.diagnostics import Diagnostic
from hwcheck.files import Source
from hwcheck.graph.repeat import PROGRESS
from hwcheck.sheet import stepping
from hwcheck.sheet.build import build_problem
from hwcheck.sheet.raw import read_sheet
from hwcheck.sheet.solution import SECTIONS
from tests.marking.students import marked, sheet_of, verdicts
from tests.sheet.test_optimizers import CASES, GIVEN, asked, numbers, sheet

TRAIN = "loss: J, parameters: [W, b], learning_rate: 0.3"
LINE = "{x: [1, 2, 3, 4], y: [2, 4, 5, 8], w: 0}"
LINENET = ["J = 1/2 mean((w x - y)^2)"]


def short(text: str, steps: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[float]]:
    """Give what a sheet asks where runs of more than so many steps count as long."""
    with monkeypatch.context() as patch:
        patch.setattr(stepping, "LONG", steps)
        found = asked(text)
    return {name: numbers(found, name) for name in found}


# --- names and states -------------------------------------------------------------------------------------------------


def test_states_have_the_values_after_their_steps_and_are_asked_by_all_their_names() -> None:
    train = "{loss: J, parameters: [w], optimizer: momentum, learning_rate: 0.05, steps: 3}"
    found = asked(sheet(train, "m_w@0, m_w, m_w@1, m_w@2, m_w@3, m_w_new, dJ/dw@2, w@3, w_new", LINE, LINENET))
    value = {name: numbers(found, name)[0] for name in found}
    assert value["m_w@0"] == 0
    assert value["m_w"] == value["m_w@1"] == pytest.approx(-14.25)
    assert value["m_w@2"] == pytest.approx(0.9 * value["m_w"] + value["dJ/dw@2"])
    assert value["m_w_new"] == value["m_w@3"]
    assert value["w_new"] == pytest.approx(value["w@3"] - 0.05 * value["m_w_new"])
    assert [found[name].step for name in ("m_w@2", "w_new", "m_w@0")] == [2, 4, 0]


def test_one_step_has_plain_names() -> None:
    train = "{loss: J, parameters: [w], optimizer: adam, learning_rate: 0.05}"
    (problem,) = solve(sheet_of(sheet(train, "w_new", LINE, LINENET))).problems
    names = [each.name for each in problem.parts[0].quantities if each.role == "update"]
    assert names == ["m_w", "v_w", "mhat_w", "vhat_w", "w_new"]


@pytest.mark.parametrize("optimizer", [case[0] for case in CASES])
def test_a_run_that_is_taken_up_again_goes_on_as_if_nothing_had_been(optimizer: str) -> None:
    """The state before the first step and the count of steps are all that a rule keeps."""
    row = sheet_of(sheet(f"{{{TRAIN}, optimizer: {optimizer}, steps: 5}}", "W_new")).problems["1"].training
    assert row is not None
    states = list(row.states)
    wanted = ", ".join(["W@3", "b@3", *(f"{name}@2" for name in states), "W_new", "b_new", "W@6"][:-1])
    whole = asked(sheet(f"{{{TRAIN}, optimizer: {optimizer}, steps: 5}}", wanted))
    written = {name: np.asarray(whole[name].value).tolist() for name in whole}
    state = ", ".join(f"{name}: {written[f'{name}@2']}" for name in states)
    more = f", state: {{{state}}}" if state else ""
    given_ = GIVEN.replace("[[0.4, -0.2], [0.3, 0.9]]", str(written["W@3"])).replace("[0.1, -0.3]", str(written["b@3"]))
    train = f"{{{TRAIN}, optimizer: {optimizer}, steps: 3, t: 2{more}}}"
    rest = asked(sheet(train, "W_new, b_new", given_))
    assert numbers(rest, "W_new", "b_new") == pytest.approx(numbers(whole, "W_new", "b_new"), rel=1e-13, abs=1e-15)


def test_schedules_read_the_step_and_the_epoch() -> None:
    train = "{loss: J, parameters: [w], learning_rate: 0.1*0.5^floor(t/2), steps: 4, t: 1}"
    found = asked(sheet(train, "lr, lr@2, lr@3, lr_new", LINE, LINENET))
    assert numbers(found, *found) == [0.05, 0.05, 0.025, 0.025]
    train = "{loss: J, parameters: [w], learning_rate: 0.1/epoch, epochs: 2, samples: {of: [x, y]}, batch_size: 3}"
    found = asked(sheet(train, "lr, lr@2, lr@3, lr@4", LINE, LINENET))
    assert numbers(found, *found) == [0.1, 0.1, 0.05, 0.05]


# --- rules of a sheet's own -------------------------------------------------------------------------------------------


def test_a_rule_as_text_is_that_of_the_optimizer() -> None:
    text = sheet(
        f"\n      {TRAIN.replace(', ', chr(10) + '      ', 1).replace('], ', ']' + chr(10) + '      ')}\n"
        "      steps: 4\n      update: |\n        m = 0.8 m + (1 - 0.8) g\n        v = 0.95 v + 0.05 g^2\n"
        "        hat = m / (1 - 0.8^t)  # corrected\n        w = w - lr hat / (sqrt(v / (1 - 0.95^t)) + 1e-8)",
        "W_new, b_new, hat_W@2",
    )
    own = asked(text)
    built = asked(
        sheet(f"{{{TRAIN}, steps: 4, optimizer: {{adam: {{beta1: 0.8, beta2: 0.95}}}}}}", "W_new, b_new, mhat_W@2")
    )
    assert numbers(own, *own) == pytest.approx(numbers(built, *built), rel=1e-13)


def test_a_rule_may_look_ahead() -> None:
    rule = "\n      update: |\n        m = 0.9 m + g(w - 0.9 lr m)\n        w = w - lr m"
    text = sheet(
        f"\n      loss: J\n      parameters: [W, b]\n      learning_rate: 0.3\n      steps: 3{rule}",
        "W_new, b_new, dJ_ahead/dW_ahead@2, W_ahead@2, J_ahead@3",
    )
    own = asked(text)
    built = asked(sheet(f"{{{TRAIN}, steps: 3, optimizer: nesterov}}", "W_new, b_new, W@2, m_W"))
    assert numbers(own, "W_new", "b_new") == pytest.approx(numbers(built, "W_new", "b_new"), rel=1e-13)
    ahead = np.subtract(built["W@2"].value, 0.3 * 0.9 * np.asarray(built["m_W"].value))
    assert np.allclose(own["W_ahead@2"].value, ahead)


def test_what_lies_ahead_is_shown_before_it_is_used() -> None:
    (solved,) = solve(sheet_of(sheet(f"{{{TRAIN}, optimizer: nesterov}}", "W_new"))).problems
    order = [each.name for each in solved.parts[0].quantities if each.section == "Look ahead"]
    assert order.index("W_ahead") < order.index("J_ahead") < order.index("dJ_ahead/dW_ahead")
    (after,) = (each.section for each in solved.parts[0].quantities if each.name == "m_W")
    assert SECTIONS.index("Loss") < SECTIONS.index("Look ahead") < SECTIONS.index(after)


def test_lines_for_parameters_by_their_names_need_no_loss() -> None:
    text = sheet(
        "\n      steps: 2\n      update: |\n        w = w + eta (t - o) x\n        b = b + eta (t - o)",
        "w_new, b_new, o, o@2",
        "{x: [1, -2], w: [0.5, 0.1], b: -0.9, t: 1, eta: 0.5}",
        ["o = step(w^T x + b)"],
    )
    found = asked(text)
    assert numbers(found, "o", "o@2") == [0, 1]
    assert numbers(found, "w_new", "b_new") == pytest.approx([1.0, -0.9, -0.4])


def test_given_gradients_need_no_network_that_leads_to_a_loss() -> None:
    """Q12 of a homework: three optimizers on one gradient, momentum as a running average, epsilon inside the root."""
    given_ = "{w: 1, dL/dw: 0.05, dL/dw@2: -0.1}"
    train = "{parameters: [w], learning_rate: 0.1, steps: 2, optimizer: {momentum: {form: ema}}}"
    found = asked(sheet(train, "m_w, m_w_new, w@2, w_new", given_, ["u = 2 w"]))
    assert numbers(found, *found) == pytest.approx([0.005, -0.0055, 0.9995, 1.00005])


def test_in_order_the_backward_pass_reads_what_has_changed() -> None:
    """Sheet 5 with the output layer first: delta1 is 0.0230 with the new weights, and not 0.0248."""
    given_ = "{U: [3, 0.2, -0.1], W1: [[0.1, 0.2, 0.3], [-0.1, 0, -0.2]], b1: [0, 0], W2: [[0.2, -0.2]], b2: [0], y: 0}"
    network = ["X1 = W1 U + b1", "Y1 = sigmoid(X1)", "X2 = W2 Y1 + b2", "Y2 = sigmoid(X2)", "J = bce(Y2, y)"]
    train = "{loss: J, parameters: [W2, b2, W1, b1], learning_rate: 0.05, updates: %s}"
    ordered, together = (
        asked(sheet(train % how, "dJ/dX1, W2_new, b1_new", given_, network)) for how in ("in_order", "together")
    )
    assert numbers(ordered, "dJ/dX1")[0] == pytest.approx(0.0230, abs=5e-5)
    assert numbers(together, "dJ/dX1")[0] == pytest.approx(0.02476626, abs=5e-8)
    assert numbers(ordered, "W2_new") == numbers(together, "W2_new")
    assert numbers(ordered, "b1_new")[0] == pytest.approx(-0.05 * numbers(ordered, "dJ/dX1")[0])


# --- samples and batches ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "after"), [(1, [0.1, 0.48, 1.014, 1.8028]), (2, [0.25, 1.26875]), (3, None), (4, [0.7125])]
)
def test_one_epoch_in_batches_of_each_size(size: int, after: list[float] | None) -> None:
    w, wanted = 0.0, []
    x, y = [1, 2, 3, 4], [2, 4, 5, 8]
    for first in range(0, 4, size):
        some = range(first, min(first + size, 4))  # the last one is smaller where the size does not divide
        w -= 0.05 * sum((w * x[i] - y[i]) * x[i] for i in some) / len(some)
        wanted.append(w)
    assert after is None or wanted == pytest.approx(after)
    train = f"{{loss: J, parameters: [w], learning_rate: 0.05, epochs: 1, samples: {{of: [x, y]}}, batch_size: {size}}}"
    names = [f"w@{at}" for at in range(2, len(wanted) + 1)] + ["w_new"]
    found = asked(sheet(train, ", ".join(names), LINE, LINENET))
    assert numbers(found, *names) == pytest.approx(wanted)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_batches_are_the_samples_of_their_numbers(seed: int) -> None:
    """Rows or columns, in any order and several times, as NumPy takes them by hand."""
    draw = random.Random(seed)
    rows = draw.choice([True, False])
    count, wide, steps = draw.randint(2, 5), draw.randint(1, 3), draw.randint(1, 4)
    X = np.array([[draw.randint(-9, 9) / 4 for _ in range(wide)] for _ in range(count)])
    y = np.array([draw.randint(-9, 9) / 4 for _ in range(count)])
    batches = [[draw.randint(1, count) for _ in range(draw.randint(1, 3))] for _ in range(draw.randint(1, 3))]
    w = np.array([draw.randint(-9, 9) / 4 for _ in range(wide)])
    given_ = f"{{X: {(X if rows else X.T).tolist()}, y: {y.tolist()}, w: {w.tolist()}}}"
    train = (
        f"{{loss: J, parameters: [w], learning_rate: 0.1, steps: {steps}, batches: {batches}, "
        f"samples: {{axis: {'rows' if rows else 'columns'}, of: [X, y]}}}}"
    )
    network = ["p = X w" if rows else "p = X^T w", "J = mean((p - y)^2)"]
    found = asked(sheet(train, f"w_new, X@1, y@{steps}", given_, network))
    for step in range(steps):
        at = [number - 1 for number in batches[step % len(batches)]]
        w = w - 0.1 * 2 * X[at].T @ (X[at] @ w - y[at]) / len(at)
    assert numbers(found, "w_new") == pytest.approx(w.tolist(), rel=1e-12, abs=1e-12)
    first = X[[number - 1 for number in batches[0]]]
    assert np.array_equal(found["X@1"].value, first if rows else first.T)
    assert numbers(found, f"y@{steps}") == [y[number - 1] for number in batches[(steps - 1) % len(batches)]]


def test_samples_of_several_axes() -> None:
    images = np.arange(1.0, 25).reshape(4, 2, 3)
    train = "{loss: J, parameters: [w], learning_rate: 0.001, samples: {axis: rows, of: [X]}, batches: [[4, 1, 2]]}"
    found = asked(sheet(train, "X@1, w_new", f"{{X: {images.tolist()}, w: 0.5}}", ["J = mean((w X)^2)"]))
    some = images[[3, 0, 1]]
    assert np.array_equal(found["X@1"].value, some)
    assert numbers(found, "w_new") == pytest.approx([0.5 - 0.001 * np.mean(some**2)])


# --- long runs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", [case[0] for case in CASES])
def test_steps_that_are_not_written_out_are_the_same_steps(optimizer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    train = f"{{{TRAIN}, optimizer: {optimizer}, steps: 9}}"
    names = "W_new, b_new, W@5, J@5, J_new, dJ/db@5"
    written, run = short(sheet(train, names), 50, monkeypatch), short(sheet(train, names), 3, monkeypatch)
    for name, value in written.items():
        assert run[name] == pytest.approx(value, rel=1e-13, abs=1e-16), name


@pytest.mark.parametrize(
    "more",
    [
        "batch_size: 2", "batch_size: 3", "batches: [[4], [1, 2, 1], [2, 3]]", "batch_size: 1, t: 5",
        "batch_size: 3, optimizer: adam",
    ],
)  # fmt: skip
def test_batches_of_long_runs(more: str, monkeypatch: pytest.MonkeyPatch) -> None:
    train = f"{{loss: J, parameters: [w], learning_rate: 0.02/epoch, steps: 14, samples: {{of: [x, y]}}, {more}}}"
    text = sheet(train, "w_new, J_new, w@9, x@9, lr@9", LINE, LINENET)
    written, run = short(text, 50, monkeypatch), short(text, 2, monkeypatch)
    for name, value in written.items():
        assert run[name] == pytest.approx(value, rel=1e-13), name


def test_in_order_and_with_a_loss_of_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    given_ = "{x: [1, 2], y: 1, V: [[0.1, 0.2], [0.3, -0.1]], w: [[1, 2]]}"
    train = (
        "{loss: J, parameters: [w, V], learning_rate: 0.1/t, updates: in_order, steps: 12, "
        "optimizer: {adam: {clip_value: 1}}}"
    )
    text = sheet(train, "w_new, V_new, clipped_V@6, J_new", given_, ["a = sigmoid(V x)", "J = (w a - y)^2"])
    written, run = short(text, 50, monkeypatch), short(text, 2, monkeypatch)
    for name, value in written.items():
        assert run[name] == pytest.approx(value, rel=1e-13), name


def test_buffers_are_kept_while_anything_looks_into_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is turned and then laid out anew is a copy or a view, by how it lies in memory."""
    given_ = "{x: [[1, 2, 3], [0.5, -1, 2]], V: [[0.1, 0.2], [0.3, -0.1], [0.2, 0.4]], y: [1, 0, 0.5, 0.2, 0.1, 0.3]}"
    network = [
        "z = tanh(V^T + x) ⊙ sigmoid(V^T)", "f = reshape(z^T + V, 6)", "g = reshape(exp(V)^T ⊙ z, 6)",
        "J = sum((f ⊙ g - y)^2)",
    ]  # fmt: skip
    train = "{loss: J, parameters: [V], learning_rate: 0.05, steps: 12, optimizer: adam}"
    text = sheet(train, "V_new, J_new, f@7, m_V@7", given_, network)
    written, run = short(text, 50, monkeypatch), short(text, 2, monkeypatch)
    for name, value in written.items():
        assert run[name] == pytest.approx(value, rel=1e-12), name


def test_networks_with_loops_are_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    given_ = (
        "{x: [[1, 0.5], [0.2, -1], [0.3, 0.7]], V: [[0.1, 0.2], [0.3, -0.1]], R: [[0.2, 0], [0.1, 0.3]], s: [0, 0]}"
    )
    network = ["h[0] = s", "for t = 1..3:", "  h[t] = tanh(V x[t,:] + R h[t-1])", "J = sum((h[3] - 0.5)^2)"]
    train = "{loss: J, parameters: [V, R], optimizer: nesterov, learning_rate: 0.1, steps: 9}"
    text = sheet(train, "h@2, 'h@5[3]', h_new, R_new, dJ/dh@5[2]", given_, network)
    written, run = short(text, 50, monkeypatch), short(text, 2, monkeypatch)
    assert run.keys() == written.keys()
    for name, value in written.items():
        assert run[name] == pytest.approx(value, rel=1e-13), name
    assert len(written["h_new"]) == 6


def test_own_rules_of_long_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A state of a rule by names starts as a number and becomes an array."""
    text = sheet(
        "\n      steps: 8\n      update: |\n        d = 0.5 d + (y - w ⊙ x) / 9\n        w = w + d",
        "w_new, d_new, d@6",
        "{x: [1, 2], y: [3, 5], w: [0, 1]}",
        ["p = w ⊙ x"],
    )
    written, run = short(text, 50, monkeypatch), short(text, 2, monkeypatch)
    for name, value in written.items():
        assert run[name] == pytest.approx(value, rel=1e-13), name


def test_a_thousand_steps_are_summed_up() -> None:
    (problem,) = solve(sheet_of(sheet(f"{{{TRAIN}, optimizer: adam, steps: 1000}}", "W_new, J@500"))).problems
    quantities = problem.parts[0].quantities
    worked = {each.step for each in quantities if each.section == "Backward pass"}
    assert worked == {1, 2, 500}
    curve = {each.name: float(np.asarray(each.value)) for each in quantities if each.section == "Loss over steps"}
    assert {"J@10", "J@100", "J@200", "J@1000"} <= curve.keys()
    assert list(curve.values()) == sorted(curve.values(), reverse=True)
    assert len(quantities) < 120


def test_who_shows_progress_is_told_of_it_and_the_result_is_the_same() -> None:
    told: list[tuple[int, int]] = []
    text = sheet(f"{{{TRAIN}, steps: 200}}", "W_new")
    token = PROGRESS.set(lambda done, steps: told.append((done, steps)))
    try:
        shown = numbers(asked(text), "W_new")
    finally:
        PROGRESS.reset(token)
    assert shown == numbers(asked(text), "W_new")
    assert told[-1] == (200, 200)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_training_ends_where_its_condition_holds_for_the_first_time() -> None:
    train = "{loss: J, parameters: [w], learning_rate: 0.01, until: J < 0.5}"
    found = asked(sheet(train, "J_new, w_new", LINE, LINENET))
    w, steps = 0.0, 0
    x, y = [1, 2, 3, 4], [2, 4, 5, 8]

    def loss() -> float:
        return sum((w * x[i] - y[i]) ** 2 for i in range(4)) / 8

    while steps == 0 or loss() >= 0.5:
        w -= 0.01 * sum((w * x[i] - y[i]) * x[i] for i in range(4)) / 4
        steps += 1
    assert found["w_new"].step == steps + 1
    assert numbers(found, "w_new", "J_new") == pytest.approx([w, loss()])


def test_a_condition_over_all_samples_ends_training_on_single_ones() -> None:
    """The perceptron learns AND: the samples are used one by one, and all of them have to be right."""
    train = (
        "{optimizer: {perceptron: {output: o, target: y}}, parameters: [w, b], learning_rate: 1, epochs: 20, "
        "samples: {axis: rows, of: [X, y]}, batch_size: 1, until: sum(|step(X w + b) - y|) == 0}"
    )
    given_ = "{X: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 0, 0, 1], w: [0, 0], b: 0}"
    found = asked(sheet(train, "w_new, b_new", given_, ["z = X w + b", "o = step(z)"]))
    *w, b = numbers(found, "w_new", "b_new")
    assert [w[0] * i + w[1] * j + b >= 0 for i in (0, 1) for j in (0, 1)] == [False, False, False, True]


def test_with_other_givens_training_may_end_elsewhere() -> None:
    train = "{loss: J, parameters: [w], learning_rate: 0.01, steps: 900, until: J < 0.5}"
    text = sheet(train, "w_new", LINE, LINENET).replace(
        "questions: {a: {find: [w_new]}}",
        "questions: {a: {find: [w_new]}, b: {find: [J_new], when: {w: 1.8}}}",
    )
    (problem,) = solve(sheet_of(text)).problems
    one, other = (
        {each.step for each in part.quantities if each.name == "w_new" or each.name == "J_new"}
        for part in problem.parts
    )
    assert max(step or 0 for step in other) < max(step or 0 for step in one)


# --- marking ----------------------------------------------------------------------------------------------------------


def typed(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(typed, value)) + "]"
    return f"{value:.6g}"


def answered(text: str) -> dict[str, str]:
    """Write what a sheet asks to six digits."""
    return {name: typed(np.asarray(each.value).tolist()) for name, each in asked(text).items()}


LONG = sheet(f"{{{TRAIN}, steps: 400}}", "dJ/dW, W@2, J@300, W_new, J_new")


def test_answers_to_a_long_run_are_marked() -> None:
    of = sheet_of(LONG)
    right = answered(LONG)
    assert set(verdicts(marked(of, {"a": right})).values()) == {"correct"}
    last = {name: right[name] for name in ("W_new", "J_new")}
    assert verdicts(marked(of, {"a": last})) == {"W_new": "correct", "J_new": "correct"}
    assert verdicts(marked(of, {"a": {"W_new": "[[0.9, 0.4], [0.1, 0.2]]"}})) == {"W_new": "wrong"}


def test_a_slip_before_many_steps_is_followed_through_them() -> None:
    of = sheet_of(LONG)
    slipped = LONG.replace("W: [[0.4,", "W: [[0.5,")
    wrong = {**answered(LONG), "W@2": answered(slipped)["W@2"]}
    program = sheet_of(LONG.replace("find: [dJ/dW, ", "find: ["))
    assert verdicts(marked(of, {"a": wrong}))["W@2"] == "wrong"
    table_w = np.array(asked(slipped)["W@2"].value)
    b2 = asked(LONG.replace("J_new]", "b@2]"))["b@2"].value
    rest = (
        LONG.replace("[[0.4, -0.2], [0.3, 0.9]]", str(table_w.tolist()))
        .replace("b: [0.1, -0.3]", f"b: {np.array(b2).tolist()}")
        .replace("steps: 400", "steps: 399, t: 1")
        .replace("J@300", "J@299")
        .replace("dJ/dW, W@2, ", "")
    )
    followed = answered(rest)
    page = {"W@2": wrong["W@2"], "J@300": followed["J@299"], "W_new": followed["W_new"], "J_new": followed["J_new"]}
    found = verdicts(marked(program, {"a": page}))
    assert found == {"W@2": "wrong", "J@300": "carried", "W_new": "carried", "J_new": "carried"}


def test_a_page_that_names_every_step_of_a_long_run_is_read_in_part() -> None:
    page = {f"J@{step}": "0.1" for step in range(1, 301)}
    report = marked(sheet_of(LONG), {"a": page})
    assert sum(each.quantity in page for each in report.findings) == 12 + 1  # and J@300, which is asked
    assert [each.code for each in report.diagnostics] == ["HW411"] * 4
    assert "284 more answers are left out" in report.diagnostics[-1].message


@pytest.mark.parametrize(
    ("own", "other", "convention", "code"),
    [
        ("momentum", "{momentum: {form: ema}}", "momentum: plain", "MOM_FORM"),
        ("momentum", "{momentum: {rate: inside}}", "momentum_rate: outside", "MOM_LR"),
        ("adam", "{adam: {bias_correction: no}}", "bias_correction: yes", "ADAM_NO_BC"),
        ("{adam: {epsilon: 0.1}}", "{adam: {epsilon: 0.1, epsilon_place: inside}}", "epsilon: outside", "EPS_PLACE"),
    ],
)
def test_what_a_rule_leaves_open_is_a_reading_unless_the_sheet_fixes_it(
    own: str, other: str, convention: str, code: str
) -> None:
    train, find = f"{{{TRAIN}, steps: 2, optimizer: %s}}", "m_W, W@2, W_new"
    page = {"a": answered(sheet(train % other, find))}
    report = marked(sheet_of(sheet(train % own, find)), page)
    assert set(verdicts(report).values()) == {"correct"}
    (reading,) = report.readings
    assert reading.convention == convention.split(":")[0]
    fixed = marked(sheet_of(sheet(train % own, find, more=f"    conventions: {{{convention}}}\n")), page)
    assert "wrong" in verdicts(fixed).values()
    assert code in {slip.code for finding in fixed.findings for slip in finding.slips}
    assert fixed.readings == ()


# --- what can be wrong ------------------------------------------------------------------------------------------------


def errors(text: str) -> list[Diagnostic]:
    source = Source("sheet.yaml", text, text.encode())
    raw, found = read_sheet(source)
    for each in raw.problems if raw is not None else ():
        build_problem(each, source.name, found)
    return [each for each in found if each.severity == "error"]


BATCHED = "{X: [[1, 2], [3, 4], [5, 6]], y: [1, 0, 1], w: [0.1, 0.2]}"
BATCHNET = ["p = X w", "J = mse(p, y)"]
RULE = "loss: J, parameters: [w], learning_rate: 0.1"
LINES = """
      parameters: [w]
      loss: J
      learning_rate: 0.1
      steps: 99
      update: |
        {}
        {}"""
SAMPLES = "samples: {axis: rows, of: [X, y]}"


@pytest.mark.parametrize(
    ("train", "code", "said", "fix"),
    [
        (f"{{{RULE}, optimizer: admm}}", "HW204", "no optimizer `admm`", "did you mean `adam"),
        (
            f"{{{RULE}, optimizer: {{adam: {{beta: 0.9}}}}}}",
            "HW201",
            "`beta` is no key of the optimizer `adam`",
            "beta1",
        ),
        (f"{{{RULE}, optimizer: {{adam: {{beta1: x}}}}}}", "HW103", "`x` is not defined", ""),
        (
            f"{{{RULE}, optimizer: {{sgd: {{clip_norm: 1, clip_value: 1}}}}}}",
            "HW224",
            "by value or by norm",
            "choose one",
        ),
        (f"{{{RULE}, optimizer: perceptron}}", "HW202", "`perceptron` needs settings", "{output: o, target: y}"),
        (f"{{{RULE}, optimizer: {{delta: {{output: p, target: y}}}}}}", "HW224", "an error of its own", "leave `loss`"),
        (
            "{optimizer: {delta: {output: q, target: y}}, parameters: [w], learning_rate: 1}",
            "HW103",
            "`q` is not",
            "`p`",
        ),
        (f"{{{RULE}, {SAMPLES}, batches: [[1, 2], [4]]}}", "HW225", "there is no sample 4", "from 1"),
        (f"{{{RULE}, {SAMPLES}, batch_size: 4}}", "HW225", "more than the 3 that there are", "at most 3"),
        (f"{{{RULE}, batch_size: 2}}", "HW225", "which givens hold the samples", "samples:"),
        (f"{{{RULE}, {SAMPLES}, batch_size: 2, batches: [[1]]}}", "HW225", "both say", "write one"),
        (
            f"{{{RULE}, samples: {{axis: columns, of: [X, y]}}, batch_size: 1}}",
            "HW225",
            "`X` has 2 samples, and `y` has 3",
            "other `axis`",
        ),
        (f"{{{RULE}, steps: 2, epochs: 3}}", "HW225", "`steps` and `epochs`", "write one"),
        (f"{{{RULE}, steps: 9, until: J}}", "HW227", "a condition", "`J < 0.01`"),
        (f"{{{RULE}, steps: 9, until: p < 1}}", "HW227", "vector of 3", "largest"),
        (f"{{{RULE}, steps: 9, until: J@2 < 1}}", "HW313", "names a step", "leave the step out"),
        (f"{{{RULE}, steps: 9, until: Q < 1}}", "HW103", "`Q` is not defined", ""),
        (f"{{{RULE}, optimizer: momentum, state: {{v_w: 1}}}}", "HW226", "`v_w` is no state of the rule", "m_w"),
        (f"{{{RULE}, state: {{m_w: 1}}}}", "HW226", "no state", "leave `state` out"),
        (f"{{{RULE}, optimizer: adam, state: {{mhat_w: [1, 2]}}}}", "HW226", "worked out anew", "m_w"),
        (f"{{{RULE}, optimizer: momentum, state: {{m_w: 1}}}}", "HW207", "`m_w` is a vector of 2", "shape"),
        (f"{{{RULE}, optimizer: adam, update: w = w - g}}", "HW224", "a rule of its own", "one of the two"),
        ("{parameters: [w, y], update: w = 0.9 w}", "HW224", "no line of the rule gives `y`", "y = ..."),
        (f"{{{RULE}, update: w - lr g}}", "HW224", "`name = formula`", "w = w - lr g"),
        (f"{{{RULE}, update: m = 0.9 m + g}}", "HW224", "no line gives the parameter `w`", "w = w - lr g"),
        (f"{{{RULE}, update: w = w - lr gg}}", "HW103", "`gg` is not defined", ""),
        (f"{{{RULE}, update: w = w - lr g + p@2}}", "HW313", "names a step", "leave the step out"),
        (f"{{{RULE}, update: w = w - lr g X}}", "HW310", "", ""),
        (
            f"{{{RULE}, update: 'w = [w; w]'}}",
            "HW310",
            "`w` another shape: a vector of 4, and it was a vector of 2",
            "shape",
        ),
        (LINES.format("m = [m; g]", "w = w - lr g"), "HW310", "`m_w` another shape", "step to step"),
        (LINES.format("m = [m; w]", "w = w/2"), "HW310", "`m` another shape", "step to step"),
        (f"{{{RULE}, update: w = w - lr g for i = 1..3}}", "HW224", "a line of a rule is no loop", "as a whole"),
        ("{loss: J, parameters: [w], learning_rate: y}", "HW301", "one number", ""),
        ("{loss: J, parameters: [w], optimizer: adam}", "HW223", "learning rate", "learning_rate:"),
        ("{parameters: [w], learning_rate: 1}", "HW220", "needs its loss", "loss: J"),
    ],
)
def test_what_is_wrong_is_said_once_with_a_fix(train: str, code: str, said: str, fix: str) -> None:
    found = errors(sheet(train, "w_new", BATCHED, BATCHNET))
    assert [each.code for each in found] == [code], [each.message for each in found]
    assert said in found[0].message
    assert fix in found[0].help
    assert found[0].span is not None


def test_names_that_a_rule_gives_may_not_be_taken() -> None:
    found = errors(sheet(f"{{{RULE}, optimizer: momentum}}", "w_new", BATCHED.replace("}", ", m_w: 1}"), BATCHNET))
    assert [each.code for each in found] == ["HW212"]
    found = errors(sheet(f"{{{RULE}, update: p = g}}", "w_new", BATCHED, BATCHNET))
    assert "`p` is a quantity of the network already" in found[0].message


@pytest.mark.parametrize(
    ("name", "said"), [("m_w@4", "there is no step 4"), ("w@5", "no step 5"), ("m_w@9", "no step 9")]
)
def test_steps_that_there_are_not(name: str, said: str) -> None:
    found = errors(sheet(f"{{{RULE}, optimizer: momentum, steps: 3}}", name, BATCHED, BATCHNET))
    assert [each.code for each in found] == ["HW313"]
    assert said in found[0].message


def test_demonstration_of_learning_rates() -> None:
    """J = w^2: 0.1 converges, 0.9 goes to and fro, at 1 it stays there, and 1.1 diverges."""
    ends = {}
    for rate in (0.1, 0.9, 1.0, 1.1):
        found = asked(
            sheet(
                f"{{loss: J, parameters: [w], learning_rate: {rate}, steps: 20}}", "w@2, w_new", "{w: 1}", ["J = w^2"]
            )
        )
        ends[rate] = numbers(found, "w@2", "w_new")
    assert ends[0.1] == pytest.approx([0.8, 0.8**20])
    assert ends[0.9] == pytest.approx([-0.8, 0.8**20])
    assert ends[1.0] == [-1, 1]
    assert ends[1.1] == pytest.approx([-1.2, 1.2**20])
