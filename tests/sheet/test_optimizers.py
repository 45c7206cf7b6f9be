"""Every optimizer against the same rule written in plain Python, over five steps of a small net."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, sqrt
from typing import NamedTuple

import pytest

from hwcheck import solve
from hwcheck.library.optimizers import ROWS, lines_of
from hwcheck.sheet.solution import Quantity
from tests.marking.students import sheet_of

GIVEN = "{x: [1.5, -0.7], y: [1, 0], W: [[0.4, -0.2], [0.3, 0.9]], b: [0.1, -0.3]}"
NETWORK = ["z = W x + b", "a = sigmoid(z)", "J = 1/2 sum((a - y)^2)"]
STEPS = 5
RATE = 0.3

Params = list[float]  # W row by row, then b
Gradient = Callable[[Params], Params]


def gradient(p: Params) -> Params:
    """Work the gradient out by hand."""
    x, y = (1.5, -0.7), (1.0, 0.0)
    z = [p[0] * x[0] + p[1] * x[1] + p[4], p[2] * x[0] + p[3] * x[1] + p[5]]
    a = [1 / (1 + exp(-each)) for each in z]
    d = [(a[i] - y[i]) * a[i] * (1 - a[i]) for i in (0, 1)]
    return [d[0] * x[0], d[0] * x[1], d[1] * x[0], d[1] * x[1], d[0], d[1]]


def sheet(train: str, find: str, given: str = GIVEN, network: list[str] = NETWORK, more: str = "") -> str:
    """Write a sheet with one trained net."""
    lines = "\n".join(f"        {line}" for line in network)
    return f"""\
hwcheck: 1
problems:
  "1":
    given: {given}
    network: |
{lines}
    train: {train}
{more}    questions: {{a: {{find: [{find}]}}}}
"""


def asked(text: str) -> dict[str, Quantity]:
    """Solve a sheet of one problem; give what it asks."""
    (problem,) = solve(sheet_of(text)).problems
    return {each.name: each for each in problem.parts[0].quantities if each.role == "asked"}


def numbers(found: dict[str, Quantity], *names: str) -> Params:
    """Give the entries of quantities, one after the other."""
    out: Params = []
    for name in names:
        value = found[name].value
        assert value is not None
        out += [float(each) for each in value.ravel()]
    return out


def trained(optimizer: str, steps: int = STEPS, rate: float = RATE, more: str = "") -> Params:
    """Train by the program; give the parameters after the last step."""
    train = f"{{loss: J, parameters: [W, b], optimizer: {optimizer}, learning_rate: {rate}, steps: {steps}}}"
    return numbers(asked(sheet(train, "W_new, b_new", more=more)), "W_new", "b_new")


# --- the rules by hand ------------------------------------------------------------------------------------------------

START = [0.4, -0.2, 0.3, 0.9, 0.1, -0.3]


class State(NamedTuple):
    """What a rule keeps for each parameter."""

    m: Params
    v: Params
    u: Params


Step = Callable[[Params, Params, State, int], Params]


def by_hand(step: Step, v: float = 0.0, prepare: Callable[[Params, Params], Params] = lambda p, g: g) -> Params:
    """Do the steps by hand; `step` changes the state."""
    p = list(START)
    state = State([0.0] * 6, [v] * 6, [0.0] * 6)
    for t in range(1, STEPS + 1):
        p = step(p, prepare(p, gradient(p)), state, t)
    return p


def sgd(p: Params, g: Params, s: State, t: int) -> Params:
    return [w - RATE * d for w, d in zip(p, g, strict=True)]


def momentum(plain: bool, inside: bool) -> Step:
    def step(p: Params, g: Params, s: State, t: int) -> Params:
        for i in range(6):
            new = g[i] if plain else (1 - 0.8) * g[i]
            s.m[i] = 0.8 * s.m[i] + (-RATE * new if inside else new)
        return [w + m if inside else w - RATE * m for w, m in zip(p, s.m, strict=True)]

    return step


def lookahead(p: Params, g: Params, s: State, t: int) -> Params:
    there = gradient([w - RATE * 0.8 * m for w, m in zip(p, s.m, strict=True)])
    for i in range(6):
        s.m[i] = 0.8 * s.m[i] + there[i]
    return [w - RATE * m for w, m in zip(p, s.m, strict=True)]


def shifted(p: Params, g: Params, s: State, t: int) -> Params:
    for i in range(6):
        s.m[i] = 0.8 * s.m[i] + g[i]
    return [w - RATE * (d + 0.8 * m) for w, d, m in zip(p, g, s.m, strict=True)]


def adagrad(eps: float, inside: bool) -> Step:
    def step(p: Params, g: Params, s: State, t: int) -> Params:
        out = []
        for i in range(6):
            s.v[i] += g[i] ** 2
            out.append(p[i] - RATE * g[i] / (sqrt(s.v[i] + eps) if inside else sqrt(s.v[i]) + eps))
        return out

    return step


def rmsprop(centered: bool, mom: float | None, inside: bool, eps: float) -> Step:
    def step(p: Params, g: Params, s: State, t: int) -> Params:
        out = []
        for i in range(6):
            s.v[i] = 0.95 * s.v[i] + 0.05 * g[i] ** 2
            s.u[i] = 0.95 * s.u[i] + 0.05 * g[i]
            size = s.v[i] - s.u[i] ** 2 if centered else s.v[i]
            change = g[i] / (sqrt(size + eps) if inside else sqrt(size) + eps)
            if mom is not None:
                change = s.m[i] = mom * s.m[i] + change
            out.append(p[i] - RATE * change)
        return out

    return step


def adadelta(p: Params, g: Params, s: State, t: int) -> Params:
    out = []
    for i in range(6):
        s.v[i] = 0.9 * s.v[i] + 0.1 * g[i] ** 2
        change = sqrt(s.u[i] + 1e-6) / sqrt(s.v[i] + 1e-6) * g[i]
        s.u[i] = 0.9 * s.u[i] + 0.1 * change**2
        out.append(p[i] - RATE * change)
    return out


def adam(correct: bool, inside: bool, eps: float, decay: float = 0.0) -> Step:
    def step(p: Params, g: Params, s: State, t: int) -> Params:
        out = []
        for i in range(6):
            s.m[i] = 0.8 * s.m[i] + (1 - 0.8) * g[i]
            s.v[i] = 0.95 * s.v[i] + (1 - 0.95) * g[i] ** 2
            m, v = (s.m[i] / (1 - 0.8**t), s.v[i] / (1 - 0.95**t)) if correct else (s.m[i], s.v[i])
            change = m / (sqrt(v + eps) if inside else sqrt(v) + eps)
            out.append(p[i] - RATE * (change + decay * p[i]))
        return out

    return step


def adamax(p: Params, g: Params, s: State, t: int) -> Params:
    out = []
    for i in range(6):
        s.m[i] = 0.9 * s.m[i] + 0.1 * g[i]
        s.u[i] = max(0.999 * s.u[i], abs(g[i]) + 1e-8)
        out.append(p[i] - RATE / (1 - 0.9**t) * s.m[i] / s.u[i])
    return out


def clipped(most: float) -> Callable[[Params, Params], Params]:
    return lambda p, g: [max(-most, min(most, each)) for each in g]


def of_norm(most: float) -> Callable[[Params, Params], Params]:
    def scale(p: Params, g: Params) -> Params:
        norm = sqrt(sum(each**2 for each in g))
        return [each * min(1.0, most / norm) for each in g]

    return scale


def with_penalty(p: Params, g: Params) -> Params:
    return [d + 0.1 * w for w, d in zip(p, g, strict=True)]


BETAS = "beta1: 0.8, beta2: 0.95"
CASES = [
    ("sgd", by_hand(sgd)),
    ("{momentum: {momentum: 0.8}}", by_hand(momentum(True, False))),
    ("{momentum: {momentum: 0.8, form: ema}}", by_hand(momentum(False, False))),
    ("{momentum: {momentum: 0.8, rate: inside}}", by_hand(momentum(True, True))),
    ("{momentum: {momentum: 0.8, form: ema, rate: inside}}", by_hand(momentum(False, True))),
    ("{nesterov: {momentum: 0.8}}", by_hand(lookahead)),
    ("{nesterov: {momentum: 0.8, rate: inside}}", by_hand(lookahead)),
    ("{nesterov: {momentum: 0.8, form: shifted}}", by_hand(shifted)),
    ("{nesterov: {momentum: 0.8, form: shifted, rate: inside}}", by_hand(shifted)),
    ("adagrad", by_hand(adagrad(1e-10, False))),
    ("{adagrad: {accumulator: 0.1, epsilon: 0.01}}", by_hand(adagrad(0.01, False), 0.1)),
    ("{adagrad: {epsilon: 0.01, epsilon_place: inside}}", by_hand(adagrad(0.01, True))),
    ("{rmsprop: {decay: 0.95}}", by_hand(rmsprop(False, None, False, 1e-8))),
    ("{rmsprop: {decay: 0.95, centered: yes, epsilon: 0.01}}", by_hand(rmsprop(True, None, False, 0.01))),
    ("{rmsprop: {decay: 0.95, epsilon: 0.01, epsilon_place: inside}}", by_hand(rmsprop(False, None, True, 0.01))),
    ("{rmsprop: {decay: 0.95, centered: true, momentum: 0.7, epsilon: 0.01, epsilon_place: inside}}",
     by_hand(rmsprop(True, 0.7, True, 0.01))),
    ("{rmsprop: {decay: 0.95, momentum: 0.7}}", by_hand(rmsprop(False, 0.7, False, 1e-8))),
    ("adadelta", by_hand(adadelta)),
    (f"{{adam: {{{BETAS}}}}}", by_hand(adam(True, False, 1e-8))),
    (f"{{adam: {{{BETAS}, bias_correction: false, epsilon: 0.01}}}}", by_hand(adam(False, False, 0.01))),
    (f"{{adam: {{{BETAS}, epsilon: 0.01, epsilon_place: inside}}}}", by_hand(adam(True, True, 0.01))),
    (f"{{adam: {{{BETAS}, bias_correction: no, epsilon: 0.01, epsilon_place: inside}}}}",
     by_hand(adam(False, True, 0.01))),
    (f"{{adamw: {{{BETAS}, weight_decay: 0.1}}}}", by_hand(adam(True, False, 1e-8, 0.1))),
    (f"{{adam: {{{BETAS}, weight_decay: 0.1}}}}", by_hand(adam(True, False, 1e-8), 0.0, with_penalty)),
    (f"{{adam: {{{BETAS}, weight_decay: 0.1, decoupled: yes}}}}", by_hand(adam(True, False, 1e-8, 0.1))),
    (f"{{adamw: {{{BETAS}, weight_decay: 0.1, decoupled: no}}}}", by_hand(adam(True, False, 1e-8), 0.0, with_penalty)),
    ("adamax", by_hand(adamax)),
    ("{sgd: {clip_value: 0.05}}", by_hand(sgd, 0.0, clipped(0.05))),
    ("{sgd: {clip_norm: 0.1}}", by_hand(sgd, 0.0, of_norm(0.1))),
    ("{sgd: {clip_norm: 100}}", by_hand(sgd)),
    ("{momentum: {momentum: 0.8, weight_decay: 0.1}}", by_hand(momentum(True, False), 0.0, with_penalty)),
]  # fmt: skip


@pytest.mark.parametrize(("optimizer", "wanted"), CASES, ids=[case[0] for case in CASES])
def test_five_steps_are_those_of_the_rule_by_hand(optimizer: str, wanted: Params) -> None:
    assert trained(optimizer) == pytest.approx(wanted, rel=1e-12, abs=1e-14)


def test_every_optimizer_with_a_loss_is_tested_by_hand() -> None:
    assert {row.name for row in ROWS if row.error is None} <= {name.strip("{}").split(":")[0] for name, _ in CASES}


def test_every_choice_changes_the_text_of_its_rule() -> None:
    for row in ROWS:
        for choice in row.choices:
            texts = {tuple(lines_of(row, {choice.setting: value})) for value in choice.values}
            assert len(texts) == len(choice.values), (row.name, choice.setting)


@pytest.mark.parametrize("optimizer", [case[0] for case in CASES])
def test_conventions_are_the_settings_of_all_optimizers(optimizer: str) -> None:
    """What a convention says counts where the optimizer does not say it."""
    more = "    conventions: {epsilon: inside, bias_correction: no, momentum: ema, momentum_rate: inside}\n"
    other = trained(optimizer, more=more)
    named = {"epsilon_place": "inside", "bias_correction": "no", "form": "ema", "rate": "inside"}
    name = optimizer.strip("{}").split(":")[0]
    row = next(each for each in ROWS if each.name == name)
    texts = [text.strip() for text in optimizer.strip("{}").partition(":")[2].strip(" {}").split(",")]
    own = dict(text.split(": ") for text in texts if text)
    named = {each.setting: named[each.setting] for each in row.choices if each.convention}
    settings = ", ".join(f"{key}: {value}" for key, value in {**named, **own}.items())
    assert trained(f"{{{name}: {{{settings}}}}}" if settings else name) == other


# --- rules for single units -------------------------------------------------------------------------------------------

UNIT = "{x: [1, -2], w: [0.5, 0.1], b: 0.2, y: 1}"


@pytest.mark.parametrize(
    ("rule", "unit", "slope"),
    [
        ("perceptron", "step", None),
        ("delta", "sigmoid", lambda z: (1 / (1 + exp(-z))) * (1 - 1 / (1 + exp(-z)))),
        ("adaline", "step", None),
    ],
)
def test_rules_for_single_units_need_no_loss(rule: str, unit: str, slope: Callable[[float], float] | None) -> None:
    """w + lr (target - output) x, for the delta rule times the slope, for Adaline with the output before the step."""
    w, b, x, y = [0.5, 0.1], 0.2 - 0.9, [1, -2], 1
    given = UNIT.replace("b: 0.2", f"b: {b}")
    for _ in range(3):
        z = w[0] * x[0] + w[1] * x[1] + b
        out = float(z >= 0) if unit == "step" else 1 / (1 + exp(-z))
        error = y - (z if rule == "adaline" else out)
        change = 0.4 * error * (slope(z) if slope else 1)
        w, b = [w[i] + change * x[i] for i in (0, 1)], b + change
    train = f"{{optimizer: {{{rule}: {{output: o, target: y}}}}, parameters: [w, b], learning_rate: 0.4, steps: 3}}"
    found = asked(sheet(train, "w_new, b_new", given, ["z = w^T x + b", f"o = {unit}(z)"]))
    assert numbers(found, "w_new", "b_new") == pytest.approx([*w, b], rel=1e-12)
