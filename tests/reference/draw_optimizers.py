"""Cases of optimizers: a small network, trained for five steps with settings that are drawn."""

from collections.abc import Callable
from typing import Any

from .record import SGD, STEPS, Case, Draw, Nested

OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamw", "adamax")
SCHEDULES = (
    "{rate}/t",
    "{rate} * 0.9^(t - 1)",
    "{rate}/sqrt(t)",
    "if(t <= 2, {rate}, {rate}/10)",
    "{rate} * min(1, t/3)",
)


def optimizer(name: str) -> Callable[[Draw], Case]:
    """Give the draw of an optimizer's cases: some resume from a state, some clip, decay, or follow a schedule."""

    def case(draw: Draw) -> Case:
        inputs, hidden, outputs = draw.whole(1, 3), draw.whole(1, 3), draw.whole(1, 2)
        given = {
            "x": draw.array((inputs,)),
            "W1": draw.array((hidden, inputs)),
            "b1": draw.array((hidden,)),
            "W2": draw.array((outputs, hidden)),
            "b2": draw.array((outputs,)),
            "y": draw.array((outputs,)),
        }
        network = "z1 = W1 x + b1\na1 = tanh(z1)\nz2 = W2 a1 + b2\nL = squared_error(z2, y)"
        parameters = ["W1", "b1", "W2", "b2"]
        own, states = settings_of(name, draw)
        if draw.chance(0.25):
            own["weight_decay"] = draw.number(0.01, 0.3, 3)
        if draw.chance(0.2):
            own["clip_value"] = draw.number(0.05, 0.5, 3)
        elif draw.chance(0.2):
            own["clip_norm"] = draw.number(0.1, 2, 3)
        rate = 1.0 if name == "adadelta" and draw.chance(0.5) else draw.number(0.01, 0.2, 3)
        schedule = draw.one(SCHEDULES) if draw.chance(0.3) else ""
        train: dict[str, Any] = {
            **SGD,
            "optimizer": {name: own} if own else name,
            "learning_rate": schedule.format(rate=rate) if schedule else rate,
        }
        if states and draw.chance(0.3):
            train["t"] = draw.whole(1, 20)
            train["state"] = {
                f"{state}_{each}": _like(draw, given[each], *_range(name, state))
                for each in parameters
                for state in states
            }
        settings = {"optimizer": name, **own}
        if "rate" in own:
            settings["rate_place"] = own["rate"]
        settings |= {"rate": rate, "schedule": schedule}
        return Case(settings, given, network, parameters, ["z2"], [], train, conventions_of(own, draw), states)

    return case


def _range(name: str, state: str) -> tuple[float, float]:
    """Give between which values a state may lie; the square of a centred RMSProp's u may not reach v."""
    return (-0.5, 0.5) if state == "m" else (-0.2, 0.2) if (name, state) == ("rmsprop", "u") else (0.05, 0.5)


def _like(draw: Draw, value: Nested, low: float, high: float) -> Nested:
    return [_like(draw, each, low, high) for each in value] if isinstance(value, list) else draw.number(low, high)


#: Settings that a sheet may fix for all its rules: the setting, and what the convention is called.
CONVENTIONS = {"epsilon_place": "epsilon", "bias_correction": "bias_correction", "rate": "momentum_rate"}


def conventions_of(own: dict[str, Any], draw: Draw) -> dict[str, str]:
    """Say some of the settings as conventions instead."""
    names = {**CONVENTIONS, **({"form": "momentum"} if own.get("form") in ("plain", "ema") else {})}
    moved = [setting for setting in names if setting in own and draw.chance(0.5)]
    return {names[setting]: own.pop(setting) for setting in moved}


def settings_of(name: str, draw: Draw) -> tuple[dict[str, Any], list[str]]:
    """Draw the settings of an optimizer, each perhaps left at its default; give them with the states it keeps then."""
    own: dict[str, Any] = {}

    def maybe(key: str, low: float, high: float, share: float = 0.7) -> None:
        if draw.chance(share):
            own[key] = draw.number(low, high, 3)

    states = {"sgd": "", "momentum": "m", "nesterov": "m", "adagrad": "v", "adadelta": "vu", "adamax": "mu"}
    kept = list(states.get(name, "mv"))
    if name in ("momentum", "nesterov"):
        maybe("momentum", 0.5, 0.95)
        if draw.chance(0.6):
            own["form"] = draw.one(("plain", "ema") if name == "momentum" else ("lookahead", "shifted", "shifted"))
        if draw.chance(0.4):
            own["rate"] = draw.one(("outside", "inside"))
    elif name == "adagrad":
        maybe("accumulator", 0.0, 0.5, 0.5)
    elif name == "rmsprop":
        maybe("decay", 0.8, 0.99)
        if draw.chance(0.4):
            own["centered"] = "yes"
        maybe("momentum", 0.5, 0.95, 0.4)
        kept = ["v", *(["u"] if "centered" in own else []), *(["m"] if "momentum" in own else [])]
    elif name == "adadelta":
        maybe("decay", 0.8, 0.99)
    elif name in ("adam", "adamw", "adamax"):
        maybe("beta1", 0.5, 0.95)
        maybe("beta2", 0.9, 0.999)
        if draw.chance(0.25):
            own["bias_correction"] = draw.one(("yes", "no", "no"))
    if name in ("adagrad", "rmsprop", "adadelta", "adam", "adamw", "adamax"):
        if draw.chance(0.5):
            own["epsilon"] = draw.one((1e-8, 1e-6, 1e-3, 0.1))
        if name not in ("adadelta", "adamax") and draw.chance(0.4):
            own["epsilon_place"] = draw.one(("outside", "inside"))
    return own, kept


def batches(draw: Draw) -> Case:
    """A layer on samples in rows, of which each step sees a batch; some batches are listed, others cut off in order."""
    samples, inputs, units = draw.whole(2, 6), draw.whole(1, 3), draw.whole(1, 2)
    given = {
        "X": draw.array((samples, inputs)),
        "Y": draw.array((samples, units)),
        "W1": draw.array((units, inputs)),
        "b1": draw.array((units,)),
    }
    network = "Z = X W1^T + b1\nA = tanh(Z)\nL = mse(A, Y)"
    train: dict[str, Any] = {**SGD, "learning_rate": 0.1, "samples": {"axis": "rows", "of": ["X", "Y"]}}
    everyone = list(range(1, samples + 1))
    if draw.chance(0.5):
        size = draw.whole(1, samples)
        train["batch_size"] = size
        cut = [everyone[at : at + size] for at in range(0, samples, size)]
        if STEPS % len(cut) == 0 and draw.chance(0.7):
            del train["steps"]
            train["epochs"] = STEPS // len(cut)
    else:
        cut = [sorted(draw.order(everyone)[: draw.whole(1, samples)]) for _ in range(draw.whole(1, 3))]
        train["batches"] = cut
    name = draw.one(("sgd", "momentum", "adam"))
    train["optimizer"] = name
    settings = {"optimizer": name, "rate": 0.1, "schedule": "", "batches": cut, "samples": ["X", "Y"]}
    states = {"sgd": [], "momentum": ["m"], "adam": ["m", "v"]}[name]
    return Case(settings, given, network, ["W1", "b1"], ["Z"], [], train, {"samples": "rows"}, states)


def in_order(draw: Draw) -> Case:
    """Parameters changed one after the other: the backward pass of each sees those before it changed already.

    hwcheck works an adjoint out once, when a parameter first needs it; the parameters of a layer stand side by side.
    """
    while True:
        case = optimizer(draw.one(("sgd", "momentum", "adam")))(draw)
        if "clip_norm" not in case.settings:  # there is no norm of all gradients then
            train = {**case.train, "updates": "in_order"}
            layers = draw.order([draw.order(("W1", "b1")), draw.order(("W2", "b2"))])
            order = [name for layer in layers for name in layer]
            settings = {**case.settings, "in_order": True}
            return case._replace(parameters=order, by=(), train=train, settings=settings, loss="")


#: Rules as a sheet writes them itself, each with what `torch_training.py` calls it.
RULES = {
    "momentum": ("m = {momentum} m + g", "w = w - lr m"),
    "nesterov": ("ahead = w - {momentum} lr m", "m = {momentum} m + g(w - {momentum} lr m)", "w = w - lr m"),
    "adagrad": ("v = v + g ⊙ g", "w = w - lr g / (sqrt(v) + {epsilon})"),
    "rmsprop": ("v = {decay} v + (1 - {decay}) g^2", "w = w - lr / sqrt(v + {epsilon}) ⊙ g"),
    "adam": (
        "m = {beta1} m + (1 - {beta1}) g",
        "v = {beta2} v + (1 - {beta2}) g^2",
        "c = m / (1 - {beta1}^t)  # corrected",
        "w = w - lr c / (sqrt(v / (1 - {beta2}^t)) + {epsilon})",
    ),
}


def own_rule(draw: Draw) -> Case:
    """A rule written out in the sheet."""
    case = optimizer("sgd")(draw)
    name = draw.one(tuple(RULES))
    numbers = {
        "momentum": draw.number(0.5, 0.95, 3),
        "epsilon": draw.one((1e-8, 1e-3)),
        "decay": draw.number(0.8, 0.99, 3),
        "beta1": draw.number(0.5, 0.95, 3),
        "beta2": draw.number(0.9, 0.999, 3),
    }
    lines = [line.format(**numbers) for line in RULES[name]]
    own = {key: value for key, value in numbers.items() if any(f"{{{key}}}" in line for line in RULES[name])}
    if name == "rmsprop":
        own["epsilon_place"] = "inside"
    train = {key: value for key, value in case.train.items() if key != "optimizer"}
    settings = {"optimizer": name, "rate": case.settings["rate"], "schedule": case.settings["schedule"], **own}
    states = [state for state in ("m", "v") if any(line.startswith(f"{state} =") for line in lines)]
    return case._replace(train={**train, "update": "\n".join(lines)}, settings=settings, states=states)


def given_gradients(draw: Draw) -> Case:
    """Gradients that are given, and no network: each step takes the same."""
    name = draw.one(("sgd", "momentum", "adagrad", "rmsprop", "adam"))
    shape = [draw.whole(1, 3) for _ in range(draw.whole(1, 2))]
    own, states = settings_of(name, draw)
    own.pop("centered", None)  # its divisor is near 0 where gradients stay the same
    states = [state for state in states if state != "u"]
    rate = draw.number(0.01, 0.2, 3)
    given = {"W": draw.array(shape), "dJ/dW": draw.array(shape)}
    settings = {"optimizer": name, **own, **({"rate_place": own["rate"]} if "rate" in own else {})}
    settings |= {"rate": rate, "schedule": ""}
    train = {**SGD, "loss": "J", "optimizer": {name: own} if own else name, "learning_rate": rate}
    return Case(settings, given, None, ["W"], [], [], train, conventions_of(own, draw), states, loss="")


def unit(name: str) -> Callable[[Draw], Case]:
    """Give the draw of cases of a rule for single units, which needs no loss."""

    def case(draw: Draw) -> Case:
        inputs, units = draw.whole(1, 4), draw.whole(1, 3)
        activation = draw.one(("step", "sign") if name != "delta" else ("sigmoid", "tanh", "identity"))
        values = (0, 1) if activation in ("step", "sigmoid") else (-1, 1)
        given = {
            "x": draw.array((inputs,)),
            "W": draw.array((units, inputs)),
            "b": draw.array((units,)),
            "y": draw.array((units,), lambda: draw.one(values)),
        }
        network = f"net = W x + b\no = {activation}(net)"
        rate = draw.number(0.05, 0.5, 2)
        train = {"optimizer": {name: {"output": "o", "target": "y"}}, "learning_rate": rate, "steps": STEPS}
        settings = {"name": name, "activation": activation}
        loss = "" if name == "perceptron" else "E"
        return Case(settings, given, network, ["W", "b"], ["net", "o"], [], train, loss=loss)

    return case
