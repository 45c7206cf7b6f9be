"""Activations, losses and penalties in PyTorch.

Where hwcheck's convention is not PyTorch's, a comment says which and the line converts.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

Settings = Mapping[str, Any]
Tensors = dict[str, Tensor]

ACTIVATIONS: dict[str, Callable[..., Tensor]] = {
    "identity": lambda x: x,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": lambda x, a=0.01: F.leaky_relu(x, a) if isinstance(a, float) else torch.where(x > 0, x, a * x),
    "prelu": lambda x, a: F.prelu(x, a),
    # F.elu takes a number alone; where alpha is learned, it is written out
    "elu": lambda x, a=1.0: F.elu(x, a) if isinstance(a, float) else torch.where(x > 0, x, a * torch.expm1(x)),
    "selu": F.selu,
    "gelu": F.gelu,  # PyTorch's default, with erf
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    # PyTorch goes over to x where x > 20, which is wrong by up to 2e-9 there
    "softplus": lambda x: F.softplus(x, threshold=700),
    "softsign": F.softsign,
    # F.hardsigmoid, whose slope has 1/6 in single precision
    "hard_sigmoid": lambda x: F.relu6(x + 3) / 6,
    "hard_tanh": F.hardtanh,
    "softmax": lambda x, dim=0: F.softmax(x, dim),
    "log_softmax": lambda x, dim=0: F.log_softmax(x, dim),
    # torch.heaviside has no derivative; that of hwcheck's step is 0
    "step": lambda x: torch.heaviside(x.detach(), torch.ones(())) + 0 * x,
    "sign": torch.sign,
}
#: The other convention at 0: PyTorch's slopes there are those from the left, and its step is 1 where it is told so.
AT_ZERO: dict[str, Callable[..., Tensor]] = {
    "relu": lambda x: torch.where(x >= 0, x, 0),
    "leaky_relu": lambda x, a=0.01: torch.where(x >= 0, x, a * x),
    "step": lambda x: torch.heaviside(x.detach(), torch.zeros(())) + 0 * x,
}


def activation(settings: Settings, given: Tensors) -> Tensors:
    function = ACTIVATIONS[settings["name"]]
    extra: list[Any] = [given["s"]] if "s" in given else [settings["alpha"]] if "alpha" in settings else []
    if settings["batch"] == "rows":
        extra = [1]  # the axis along which the classes lie
    if settings.get("at_zero") == ("0" if settings["name"] == "step" else "1"):
        function = AT_ZERO[settings["name"]]
    a = function(given["x"], *extra)
    return {"a": a, "L": F.mse_loss(a, given["y"], reduction="sum")}


def by_class(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Make a loss of rows of classes, as PyTorch has them, one of a vector or a batch in hwcheck's layouts.

    It averages over the samples (PyTorch's "batchmean", and the default of F.cross_entropy), or adds up.
    """

    def loss(*compared: Tensor, batch: str, mean: bool) -> Tensor:
        rows = [each.T if batch == "columns" else each if batch == "rows" else each[None] for each in compared]
        return function(*rows) / (len(rows[0]) if mean else 1)

    return loss


def multi_hinge(p: Tensor, y: Tensor) -> Tensor:
    # PyTorch divides the sum over the wrong classes by the number of classes
    return F.multi_margin_loss(p, y.argmax(dim=1), reduction="sum") * p.shape[1]


def bce(function: Callable[..., Tensor], logits: bool) -> Callable[..., Tensor]:
    """Give the binary cross-entropy by PyTorch, plus 0 with the derivative by the target, which F lacks."""

    def loss(p: Tensor, y: Tensor, reduction: str) -> Tensor:
        value = function(p, y.detach(), reduction=reduction)
        slopes = p if logits else torch.log(p) - torch.log1p(-p)
        zero = (slopes.detach() * (y - y.detach())).sum()
        return value - (zero / y.numel() if reduction == "mean" else zero)

    return loss


def hinge(p: Tensor, y: Tensor, power: int, reduction: str) -> Tensor:
    """PyTorch has no loss of this form: its HingeEmbeddingLoss is of a distance."""
    found = torch.clamp(1 - y * p, min=0) ** power
    return found.mean() if reduction == "mean" else found.sum()


BY_CLASS = {
    "cross_entropy": by_class(lambda p, y: -(y * torch.log(p)).sum()),  # PyTorch's takes logits
    "cross_entropy_logits": by_class(lambda z, y: F.cross_entropy(z, y, reduction="sum")),
    # PyTorch takes the logarithm of the prediction first, then the target
    "kl": by_class(lambda p, y: F.kl_div(torch.log(p), y, reduction="sum")),
    "entropy": by_class(lambda p: torch.special.entr(p).sum()),
    "multi_hinge": by_class(multi_hinge),
}
BY_ENTRY: dict[str, Callable[..., Tensor]] = {
    "bce": bce(F.binary_cross_entropy, logits=False),
    "bce_logits": bce(F.binary_cross_entropy_with_logits, logits=True),
    "huber": F.huber_loss,
    "hinge": lambda p, y, reduction: hinge(p, y, 1, reduction),
    "squared_hinge": lambda p, y, reduction: hinge(p, y, 2, reduction),
}
#: The losses that do not come as a pair of names.
SIMPLE = {
    "squared_error": lambda p, y: F.mse_loss(p, y, reduction="sum"),
    "half_squared_error": lambda p, y: F.mse_loss(p, y, reduction="sum") / 2,
    "mse": F.mse_loss,
    "half_mse": lambda p, y: F.mse_loss(p, y) / 2,
    "absolute_error": lambda p, y: F.l1_loss(p, y, reduction="sum"),
    "mae": F.l1_loss,
}


def loss(settings: Settings, given: Tensors) -> Tensors:
    inner, name, batch = settings["inner"], settings["name"], settings["batch"]
    kind, mean = name.removesuffix("_sum"), not name.endswith("_sum")
    p = given["p"] if not inner else torch.sigmoid(given["u"]) if inner == "sigmoid" else None
    if p is None:
        p = F.softmax(given["u"], dim=1 if batch == "rows" else 0)
    compared = [p] if kind == "entropy" else [p, given["y"]]
    if "classes" in settings:  # PyTorch's classes are counted from 0
        compared[1] = F.one_hot(given["y"].long() - settings["first"], settings["classes"]).double()
    if kind in BY_CLASS:
        return {"p": p, "L": BY_CLASS[kind](*compared, batch=batch, mean=mean)}
    if kind in BY_ENTRY:
        extra = {"delta": settings["delta"]} if "delta" in settings else {}
        return {"p": p, "L": BY_ENTRY[kind](*compared, reduction="mean" if mean else "sum", **extra)}
    return {"p": p, "L": SIMPLE[name](*compared)}


def penalty(settings: Settings, given: Tensors) -> Tensors:
    z, rate = given["W"] @ given["x"], given["lambda"]
    factor = {"lambda": rate, "lambda/2": rate / 2, "lambda/(2 m)": rate / (2 * given["m"])}.get(settings["factor"])
    l1, l2 = given["W"].abs().sum(), given["W"].square().sum()
    added = {"l1": lambda: factor * l1, "l2": lambda: factor * l2, "elastic_net": lambda: rate * l1 + given["b"] * l2}
    return {"z": z, "L": F.mse_loss(z, given["y"], reduction="sum") + added[settings["name"]]()}


def small_network(settings: Settings, given: Tensors) -> Tensors:
    """Two layers, on which optimizers are tried.

    Where parameters change one after the other, the values stay those of the forward pass, with the `old` parameters;
    only the way back goes through the parameters as they are by then.
    """

    def linear(x: Tensor, number: int) -> Tensor:
        names = (f"W{number}", f"b{number}")
        now = F.linear(x, *(given[name] for name in names))
        before = F.linear(x, *(given.get(f"old {name}", given[name]) for name in names))
        return now + (before - now).detach()

    z2 = linear(torch.tanh(linear(given["x"], 1)), 2)
    return {"z2": z2, "L": F.mse_loss(z2, given["y"], reduction="sum")}


def batches(settings: Settings, given: Tensors) -> Tensors:
    """A layer on samples in rows."""
    z = F.linear(given["X"], given["W1"], given["b1"])
    return {"Z": z, "L": F.mse_loss(torch.tanh(z), given["Y"])}


def unit(settings: Settings, given: Tensors) -> Tensors:
    """One layer of units with the error that its rule makes small, which is a loss in two of the three."""
    net = F.linear(given["x"], given["W"], given["b"])
    o = ACTIVATIONS[settings["activation"]](net)
    error = {
        "perceptron": lambda: (net * (o - given["y"]).detach()).sum(),  # its gradient is the rule's (o - y) x
        "delta": lambda: F.mse_loss(o, given["y"], reduction="sum") / 2,
        "adaline": lambda: F.mse_loss(net, given["y"], reduction="sum") / 2,
    }[settings["name"]]()
    return {"net": net, "o": o, "E": error}


def given_gradients(settings: Settings, given: Tensors) -> Tensors:
    """A loss whose gradient is the given one everywhere."""
    return {"L": (given["W"] * given["dJ/dW"]).sum()}
