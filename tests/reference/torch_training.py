"""Five steps of training in PyTorch, by `torch.optim` where it has the rule, else written out.

Where hwcheck's convention is not PyTorch's, a comment says which and the line converts.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from .record import STEPS, Case
from .torch_rules import RULES, Rule

Tensors = dict[str, Tensor]
Settings = Mapping[str, Any]


def train(case: Case, given: Tensors, loss: Callable[[int], Tensor]) -> Tensors:
    """Give the parameters and the optimizer's state after five steps.

    `loss` works out the loss of a step, counted from 1, with the parameters as they are then.
    """
    settings = {"optimizer": "sgd", "rate": case.train["learning_rate"], "schedule": "", **case.settings}
    done = case.train.get("t", 0)
    parameters = [given[name] for name in case.parameters]
    started = {name: torch.tensor(value) for name, value in case.train.get("state", {}).items()}
    state = {
        name: [started.get(f"{name}_{each}", torch.zeros_like(given[each])) for each in case.parameters]
        for name in case.states
    }
    if settings["optimizer"] == "adagrad" and not started:
        state["v"] = [torch.full_like(each, settings.get("accumulator", 0)) for each in parameters]
    taken = by_torch(settings, parameters, state, done)
    rule = RULES[settings["optimizer"]] if taken is None else None
    for t in range(done + 1, done + STEPS + 1):
        rate = rate_at(settings["schedule"], settings["rate"], t)
        if settings.get("in_order"):
            given.update({f"old {name}": given[name].detach().clone() for name in case.parameters})
        for changed in [[each] for each in parameters] if settings.get("in_order") else [parameters]:
            gradients = gradients_at(settings, parameters, state, rate, partial(loss, t - done))
            if rule is not None:
                by_hand(rule, settings, parameters, changed, gradients, state, t, rate)
            elif taken is not None:
                for each, gradient in zip(parameters, gradients, strict=True):  # without one nothing is changed
                    each.grad = gradient if any(each is one for one in changed) else None
                for group in taken.param_groups:
                    group["lr"] = rate
                taken.step()
    if taken is not None:
        names = dict(zip(case.states, names_of(settings), strict=False))
        state = {name: [taken.state[each][names[name]] for each in parameters] for name in case.states}
    kept = {
        f"{name}_{each}@{STEPS}": found
        for name in state
        for each, found in zip(case.parameters, state[name], strict=True)
    }
    return {**{f"{name}_new": given[name] for name in case.parameters}, **kept}


def rate_at(schedule: str, rate: float, t: int) -> float:
    """Give the learning rate of a step; PyTorch's schedulers count from 0."""
    factor: dict[str, Callable[[], float]] = {
        "": lambda: 1,
        "{rate}/t": lambda: 1 / t,
        "{rate} * 0.9^(t - 1)": lambda: 0.9 ** (t - 1),
        "{rate}/sqrt(t)": lambda: t**-0.5,
        "if(t <= 2, {rate}, {rate}/10)": lambda: 1 if t <= 2 else 0.1,
        "{rate} * min(1, t/3)": lambda: min(1, t / 3),
    }
    return rate * factor[schedule]()


def gradients_at(
    settings: Settings,
    parameters: Sequence[Tensor],
    state: Mapping[str, list[Tensor]],
    rate: float,
    loss: Callable[[], Tensor],
) -> list[Tensor]:
    """Give the gradients of a step, clipped: at the parameters, or where the velocity leads (PyTorch's Nesterov has the
    shifted form alone)."""
    ahead = looks_ahead(settings)
    inside = settings.get("rate_place") == "inside"
    factor = settings.get("momentum", 0.9) * (1 if inside else -rate) if ahead else 0
    here = [each.detach().clone() for each in parameters]
    with torch.no_grad():
        for at, each in enumerate(parameters):
            if ahead:
                each += factor * state["m"][at]
    points = [each.detach().clone() for each in parameters]
    gradients = list(torch.autograd.grad(loss(), parameters, materialize_grads=True))
    with torch.no_grad():
        for each, old in zip(parameters, here, strict=True):
            each.copy_(old)
    if "clip_value" in settings:  # as torch.nn.utils.clip_grad_value_
        gradients = [each.clamp(-settings["clip_value"], settings["clip_value"]) for each in gradients]
    if "clip_norm" in settings:  # torch.nn.utils.clip_grad_norm_ divides by the norm + 1e-6
        norm = torch.sqrt(sum(each.square().sum() for each in gradients))
        gradients = [each * min(1.0, settings["clip_norm"] / norm.item()) for each in gradients]
    if ahead:  # the penalty's gradient is taken at the point ahead too
        decay = settings.get("weight_decay", 0)
        gradients = [each + decay * point for each, point in zip(gradients, points, strict=True)]
    return gradients


def looks_ahead(settings: Settings) -> bool:
    """Tell whether a rule takes the gradient at another point."""
    return settings["optimizer"] == "nesterov" and settings.get("form") != "shifted"


def names_of(settings: Settings) -> Sequence[str]:
    """Give what PyTorch calls the states, in the order of the case's."""
    return {
        "momentum": ("momentum_buffer",),
        "nesterov": ("momentum_buffer",),
        "adagrad": ("sum",),
        "rmsprop": ("square_avg", *(["grad_avg"] if settings.get("centered") else []), "momentum_buffer"),
        "adadelta": ("square_avg", "acc_delta"),
        "adam": ("exp_avg", "exp_avg_sq"),
        "adamw": ("exp_avg", "exp_avg_sq"),
        "adamax": ("exp_avg", "exp_inf"),
    }.get(settings["optimizer"], ())


def by_torch(
    settings: Settings, parameters: list[Tensor], state: Mapping[str, list[Tensor]], done: int
) -> torch.optim.Optimizer | None:
    """Give PyTorch's optimizer with a state put in; None where it has no such rule."""
    name, get = settings["optimizer"], settings.get
    decay = {"weight_decay": get("weight_decay", 0.01 if name == "adamw" else 0)}
    if get("epsilon_place") == "inside" or get("rate_place") == "inside" or get("bias_correction") == "no":
        return None  # PyTorch: epsilon is added to the root, the rate multiplies the velocity, averages are corrected
    momentum = get("momentum", 0.9)
    betas = {"betas": (get("beta1", 0.9), get("beta2", 0.999)), "eps": get("epsilon", 1e-8)}
    rule: torch.optim.Optimizer
    if name == "sgd":
        return torch.optim.SGD(parameters, **decay)
    if name == "momentum":  # an average of gradients is PyTorch's with dampening, from a velocity of 0 on
        rule = torch.optim.SGD(parameters, momentum=momentum, dampening=momentum * (get("form") == "ema"), **decay)
    elif name == "nesterov":
        if get("form") != "shifted":
            return None
        rule = torch.optim.SGD(parameters, momentum=momentum, nesterov=True, **decay)
    elif name == "adagrad":  # PyTorch's own decay of the learning rate is 0 by default
        rule = torch.optim.Adagrad(parameters, eps=get("epsilon", 1e-10), **decay)
    elif name == "rmsprop":  # PyTorch's share that is kept is 0.99 by default, here 0.9
        own = {"alpha": get("decay", 0.9), "eps": get("epsilon", 1e-8), "momentum": get("momentum", 0)}
        rule = torch.optim.RMSprop(parameters, centered=get("centered") == "yes", **own, **decay)
    elif name == "adadelta":
        rule = torch.optim.Adadelta(parameters, rho=get("decay", 0.9), eps=get("epsilon", 1e-6), **decay)
    else:
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "adamax": torch.optim.Adamax}[name]
        rule = kind(parameters, **betas, **decay)
    for at, each in enumerate(parameters):
        pairs = zip(state, names_of(settings), strict=False)
        own_state: dict[str, Any] = {theirs: state[ours][at].clone() for ours, theirs in pairs}
        rule.state[each] = own_state | ({} if name in ("momentum", "nesterov") else {"step": torch.tensor(float(done))})
    return rule


def by_hand(
    rule: Rule,
    settings: Settings,
    parameters: Sequence[Tensor],
    changed: Sequence[Tensor],
    gradients: Sequence[Tensor],
    state: Mapping[str, list[Tensor]],
    t: int,
    rate: float,
) -> None:
    """Take a step by a rule written out; the weight decay is added to the gradient, as PyTorch does, but for AdamW."""
    with torch.no_grad():
        for at, (each, gradient) in enumerate(zip(parameters, gradients, strict=True)):
            if not any(each is one for one in changed):
                continue
            decay = settings.get("weight_decay", 0.01 if settings["optimizer"] == "adamw" else 0)
            if settings["optimizer"] == "adamw":
                each -= rate * decay * each
            elif not looks_ahead(settings):
                gradient = gradient + decay * each
            step, new = rule(settings, gradient, {name: values[at] for name, values in state.items()}, t, rate)
            each -= step
            for name, value in new.items():
                state[name][at] = value
