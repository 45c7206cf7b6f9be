"""Optimizers, a row each: the rule as text in the formula language, its settings, and what textbooks leave open.

A rule is read for each parameter: `w` is the parameter, `g` its gradient, `g(...)` the gradient where all parameters
have moved to the point in brackets, `lr` the learning rate, `t` the number of the step. The last line that gives `w`
is the parameter after the step; a name that a rule reads before it gives it is state, and keeps its value from one
step to the next; any other is a helper of one step.
"""

from collections.abc import Mapping

from ..record import NamedTuple
from .ranges import KEPT, NOT_NEGATIVE, POSITIVE, Range

Replacements = tuple[tuple[str, str], ...]


class Setting(NamedTuple):
    """A number of a rule: its value unless it is set ("" where it has none), what it is, and where it lies."""

    default: str
    about: str
    example: str = ""
    within: Range | None = None


class Choice(NamedTuple):
    """One thing that a rule can do in several ways: what is changed in its text under each value, the default first.

    `convention` is what a sheet calls it for all its rules, "" where only `setting` chooses.
    """

    convention: str
    setting: str
    values: Mapping[str, Replacements]
    about: str


class Optimizer(NamedTuple):
    """An update rule.

    `starts` are the values before the first step of states that do not start at 0. `choices` are made in order.
    `error` is what a rule for single units makes small, which then needs no loss: the name of a definition that is
    added to the network, and its formula in the settings, where `net` is what the activation of `output` is taken of.
    `rate` is the learning rate unless it is set; `decoupled` tells whether weight decay is apart from the gradient.
    """

    name: str
    lines: tuple[str, ...]
    about: str
    settings: Mapping[str, Setting] = {}
    choices: tuple[Choice, ...] = ()
    starts: Mapping[str, str] = {}
    aliases: tuple[str, ...] = ()
    error: tuple[str, str] | None = None
    rate: str = ""
    decoupled: bool = False


_MOMENTUM = Setting("0.9", "the share of the velocity that is kept", within=KEPT)
_DECAY = Setting("0.9", "the share of a running average that is kept", within=KEPT)
_BETA1 = Setting("0.9", "the share of the average of the gradients that is kept", within=KEPT)
_BETA2 = Setting("0.999", "the share of the average of their squares that is kept", within=KEPT)
_ACCUMULATOR = Setting("0", "the sum of squares before the first step", within=NOT_NEGATIVE)
_DECAYED = Setting("0.01", "the share of the parameter that is taken off, times lr", within=NOT_NEGATIVE)
#: The settings of rules for single units.
UNIT = {
    "output": Setting("", "the output of the units", "o"),
    "target": Setting("", "what the output should be", "y"),
}


def _epsilon(default: str) -> Setting:
    return Setting(default, "a small number that keeps the divisor from being 0", within=NOT_NEGATIVE)


def _place(*names: str) -> Choice:
    inside = tuple((f"(sqrt({name}) + epsilon)", f"sqrt({name} + epsilon)") for name in names)
    return Choice("epsilon", "epsilon_place", {"outside": (), "inside": inside}, "on which side of the root epsilon is")


_FORM = Choice(
    "momentum",
    "form",
    {"plain": (), "ema": (("+ g", "+ (1 - momentum) g"),)},
    "whether the velocity is a sum of the gradients or their running average",
)
_ADAM = (
    _place("vhat"),
    Choice(
        "bias_correction",
        "bias_correction",
        {
            "yes": (),
            "no": (
                ("mhat = m / (1 - beta1^t)\n", ""),
                ("vhat = v / (1 - beta2^t)\n", ""),
                ("mhat", "m"),
                ("vhat", "v"),
            ),
        },
        "whether the averages are corrected for having started at 0",
    ),
)
_ADAM_LINES = (
    "m = beta1 m + (1 - beta1) g",
    "v = beta2 v + (1 - beta2) g^2",
    "mhat = m / (1 - beta1^t)",
    "vhat = v / (1 - beta2^t)",
    "w = w - lr mhat / (sqrt(vhat) + epsilon)",
)
_ADAM_SETTINGS = {"beta1": _BETA1, "beta2": _BETA2, "epsilon": _epsilon("1e-8")}

ROWS = (
    Optimizer(
        "sgd",
        ("w = w - lr g",),
        "gradient descent: one step against the gradient (Cauchy, 1847)",
        aliases=("gradient_descent", "gd"),
    ),
    Optimizer(
        "momentum",
        ("m = momentum m + g", "w = w - lr m"),
        "gradient descent with momentum (Polyak, 1964)",
        {"momentum": _MOMENTUM},
        (
            _FORM,
            Choice(
                "momentum_rate",
                "rate",
                {
                    "outside": (),
                    "inside": (("+ g", "- lr g"), ("+ (1 - momentum) g", "- lr (1 - momentum) g"), ("- lr m", "+ m")),
                },
                "whether the learning rate scales the velocity in the update, or the gradient in the velocity",
            ),
        ),
        aliases=("heavy_ball",),
    ),
    Optimizer(
        "nesterov",
        ("m = momentum m + g(w - lr (momentum m))", "w = w - lr m"),
        "momentum with the gradient where the velocity leads (Nesterov, 1983)",
        {"momentum": _MOMENTUM},
        (
            Choice(
                "",
                "form",
                {
                    "lookahead": (),
                    "shifted": (("g(w - lr (momentum m))", "g"), ("w = w - lr m", "w = w - lr (g + momentum m)")),
                },
                "the gradient at the point ahead, or the same rule for parameters that are shifted there",
            ),
            Choice(
                "momentum_rate",
                "rate",
                {
                    "outside": (),
                    "inside": (
                        ("+ g(w - lr (momentum m))", "- lr g(w + momentum m)"),
                        ("+ g\n", "- lr g\n"),
                        ("- lr (g + momentum m)", "+ momentum m - lr g"),
                        ("- lr m", "+ m"),
                    ),
                },
                "whether the learning rate scales the velocity in the update, or the gradient in the velocity",
            ),
        ),
        aliases=("nag",),
    ),
    Optimizer(
        "adagrad",
        ("v = v + g^2", "w = w - lr g / (sqrt(v) + epsilon)"),
        "steps divided by the root of all squared gradients so far (Duchi, Hazan and Singer, 2011)",
        {
            "epsilon": _epsilon("1e-10"),
            "accumulator": _ACCUMULATOR,
        },
        (_place("v"),),
        {"v": "accumulator"},
    ),
    Optimizer(
        "rmsprop",
        (
            "v = decay v + (1 - decay) g^2",
            "u = decay u + (1 - decay) g",
            "m = momentum m + g / (sqrt(v) + epsilon)",
            "w = w - lr m",
        ),
        "steps divided by the root of a running average of squared gradients (Tieleman and Hinton, 2012)",
        {"decay": _DECAY, "epsilon": _epsilon("1e-8"), "momentum": _MOMENTUM._replace(default="", example="0.9")},
        (
            _place("v"),
            Choice(
                "",
                "centered",
                {"no": (("u = decay u + (1 - decay) g\n", ""),), "yes": (("sqrt(v", "sqrt(v - u^2"),)},
                "whether the square of the average gradient is taken off",
            ),
            Choice(
                "",
                "momentum",
                {"": (("m = momentum m + g", "w = w - lr g"), ("\nw = w - lr m\n", "\n")), "given": ()},
                "with momentum, what is divided so is the velocity's",
            ),
        ),
    ),
    Optimizer(
        "adadelta",
        (
            "v = decay v + (1 - decay) g^2",
            "delta = sqrt(u + epsilon) / sqrt(v + epsilon) ⊙ g",
            "u = decay u + (1 - decay) delta^2",
            "w = w - lr delta",
        ),
        "steps in the units of the parameter, by averages of squared gradients and steps (Zeiler, 2012)",
        {"decay": _DECAY, "epsilon": _epsilon("1e-6")},
        rate="1",
    ),
    Optimizer(
        "adam",
        _ADAM_LINES,
        "steps by running averages of the gradient and of its square (Kingma and Ba, 2014)",
        _ADAM_SETTINGS,
        _ADAM,
    ),
    Optimizer(
        "adamw",
        _ADAM_LINES,
        "Adam with the weight decay apart from the gradient (Loshchilov and Hutter, 2017)",
        {**_ADAM_SETTINGS, "weight_decay": _DECAYED},
        _ADAM,
        decoupled=True,
    ),
    Optimizer(
        "adamax",
        (
            "m = beta1 m + (1 - beta1) g",
            "u = max(beta2 u, abs(g) + epsilon)",
            "w = w - lr m / ((1 - beta1^t) u)",
        ),
        "Adam with the largest gradient in the place of the average square (Kingma and Ba, 2014)",
        _ADAM_SETTINGS,
        (
            Choice(
                "bias_correction",
                "bias_correction",
                {"yes": (), "no": (("((1 - beta1^t) u)", "u"),)},
                "whether the average is corrected for having started at 0",
            ),
        ),
    ),
    Optimizer(
        "perceptron",
        ("w = w - lr g",),
        "the perceptron's rule, w + lr (target - output) x for a unit of input x (Rosenblatt, 1958)",
        UNIT,
        error=("dE/dnet", "output - target"),
    ),
    Optimizer(
        "delta",
        ("w = w - lr g",),
        "the delta rule, w + lr (target - output) f'(net) x: gradient descent on half the squared error",
        UNIT,
        error=("E", "half_squared_error(output, target)"),
    ),
    Optimizer(
        "adaline",
        ("w = w - lr g",),
        "the rule of Widrow and Hoff (1960), w + lr (target - net) x: half the squared error before the threshold",
        UNIT,
        error=("E", "half_squared_error(net, target)"),
        aliases=("widrow_hoff", "lms"),
    ),
)

OPTIMIZERS = {name: row for row in ROWS for name in (row.name, *row.aliases)}

#: What every rule can do to the gradient before it is used: the setting, the line in front, and what it is.
COMMON: Mapping[str, tuple[str, Setting]] = {
    "clip_value": (
        "clipped = max(-clip_value, min(clip_value, g))",
        Setting("", "no entry of a gradient may be larger: it is cut to this", "1", POSITIVE),
    ),
    "clip_norm": (
        "clipped = min(1, clip_norm / gnorm) g",
        Setting(
            "",
            "the gradients of all parameters together are scaled down to this norm where it is larger",
            "1",
            POSITIVE,
        ),
    ),
    "weight_decay": (
        "decayed = g + weight_decay w",
        Setting("", "the weight of a penalty 1/2 w^2, whose gradient is added", "0.01", NOT_NEGATIVE),
    ),
}
#: The weight decay apart from the gradient.
DECOUPLED = "shrunk = w - lr weight_decay w"


def rule_text(row: Optimizer) -> str:
    """Give the lines of a rule as they are by default."""
    lines = lines_of(row, {})
    if row.decoupled:
        lines = [DECOUPLED, *(line.replace("w = w -", "w = shrunk -") for line in lines)]
    return "; ".join(f"`{line}`" for line in lines)


def lines_of(row: Optimizer, chosen: Mapping[str, str]) -> list[str]:
    """Give the lines of a rule under some choices, by their settings; what is not chosen is the default."""
    text = "\n".join(row.lines) + "\n"
    for choice in row.choices:
        for old, new in choice.values[chosen.get(choice.setting, next(iter(choice.values)))]:
            text = text.replace(old, new)
    return [line for line in text.split("\n") if line]
