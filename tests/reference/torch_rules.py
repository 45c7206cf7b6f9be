"""Rules of optimizers that `torch.optim` lacks: other places of epsilon and of the learning rate, no bias correction,
Nesterov's gradient at the point ahead. Each gives what a step takes off, and the new state."""

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

Tensors = Mapping[str, Tensor]
#: (settings, gradient, state, number of the step, learning rate) -> what is taken off, and the new state
Rule = Callable[[Mapping[str, Any], Tensor, Tensors, int, float], tuple[Tensor, Tensors]]


def root(settings: Mapping[str, Any], squares: Tensor, epsilon: float) -> Tensor:
    """Give the divisor, with epsilon inside or outside the root."""
    epsilon = settings.get("epsilon", epsilon)
    inside = settings.get("epsilon_place") == "inside"
    return (squares + epsilon).sqrt() if inside else squares.sqrt() + epsilon


def momentum(settings: Mapping[str, Any], g: Tensor, state: Tensors, t: int, rate: float) -> tuple[Tensor, Tensors]:
    kept = settings.get("momentum", 0.9)
    share = 1 - kept if settings.get("form") == "ema" else 1
    if settings.get("rate_place") == "inside":
        m = kept * state["m"] - rate * share * g
        return -m, {"m": m}
    m = kept * state["m"] + share * g
    return rate * m, {"m": m}


def nesterov(settings: Mapping[str, Any], g: Tensor, state: Tensors, t: int, rate: float) -> tuple[Tensor, Tensors]:
    """Give the step; the gradient was taken at the point ahead unless the form is the shifted one."""
    kept = settings.get("momentum", 0.9)
    shifted = settings.get("form") == "shifted"
    if settings.get("rate_place") == "inside":
        m = kept * state["m"] - rate * g
        return (rate * g - kept * m if shifted else -m), {"m": m}
    m = kept * state["m"] + g
    return rate * (g + kept * m if shifted else m), {"m": m}


def adagrad(settings: Mapping[str, Any], g: Tensor, state: Tensors, t: int, rate: float) -> tuple[Tensor, Tensors]:
    v = state["v"] + g**2
    return rate * g / root(settings, v, 1e-10), {"v": v}


def rmsprop(settings: Mapping[str, Any], g: Tensor, state: Tensors, t: int, rate: float) -> tuple[Tensor, Tensors]:
    decay = settings.get("decay", 0.9)
    new = {"v": decay * state["v"] + (1 - decay) * g**2}
    squares = new["v"]
    if settings.get("centered") == "yes":
        new["u"] = decay * state["u"] + (1 - decay) * g
        squares = squares - new["u"] ** 2
    step = g / root(settings, squares, 1e-8)
    if "momentum" in settings:
        step = new["m"] = settings["momentum"] * state["m"] + step
    return rate * step, new


def adam(settings: Mapping[str, Any], g: Tensor, state: Tensors, t: int, rate: float) -> tuple[Tensor, Tensors]:
    beta1, beta2 = settings.get("beta1", 0.9), settings.get("beta2", 0.999)
    m = beta1 * state["m"] + (1 - beta1) * g
    v = beta2 * state["v"] + (1 - beta2) * g**2
    corrected = settings.get("bias_correction") != "no"
    mean, squares = (m / (1 - beta1**t), v / (1 - beta2**t)) if corrected else (m, v)
    return rate * mean / root(settings, squares, 1e-8), {"m": m, "v": v}


def adamax(settings: Mapping[str, Any], g: Tensor, state: Tensors, t: int, rate: float) -> tuple[Tensor, Tensors]:
    """Give the step without the correction of the average, which PyTorch always makes."""
    beta1, beta2 = settings.get("beta1", 0.9), settings.get("beta2", 0.999)
    m = beta1 * state["m"] + (1 - beta1) * g
    u = (beta2 * state["u"]).maximum(g.abs() + settings.get("epsilon", 1e-8))
    return rate * m / u, {"m": m, "u": u}


RULES: dict[str, Rule] = {
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adam,
    "adamax": adamax,
}
