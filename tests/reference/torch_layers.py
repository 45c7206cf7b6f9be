"""Layers in PyTorch.

Where hwcheck's convention is not PyTorch's, a comment says which and the line converts.
"""

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from .torch_functions import ACTIVATIONS, SIMPLE

Settings = Mapping[str, Any]
Tensors = dict[str, Tensor]


def ended(settings: Settings, given: Tensors, out: Tensor) -> Tensors:
    """Give the output of a network with its loss."""
    return {"out": out, "L": SIMPLE[settings["loss"]](out, given["y"])}


def dense(settings: Settings, given: Tensors) -> Tensors:
    """PyTorch's batches lie in rows, and its F.linear adds a bias for each unit; other biases are brought there."""
    columns = settings["batch"] == "columns"
    out = given["x"].T if columns else given["x"]
    for number, part in enumerate(settings["layers"], start=1):
        weights, bias, kind = given[f"W{number}"], given.get(f"b{number}"), part["bias"]
        if kind == "first":  # the bias as the first column of the weights, the input extended by 1
            weights, bias = weights[:, 1:], weights[:, 0]
        elif kind == "last":
            weights, bias = weights[:, :-1], weights[:, -1]
        elif kind == "scalar":  # one bias for all units of the layer
            bias = bias.expand(len(weights))
        elif kind == "threshold":  # subtracted
            bias = -bias
        out = ACTIVATIONS[part["activation"]](F.linear(out, weights, bias))
    return ended(settings, given, out.T if columns else out)


def classifier(settings: Settings, given: Tensors) -> Tensors:
    """PyTorch's F.cross_entropy takes logits, samples in rows and class numbers from 0, as they are drawn."""
    batch, numbers = settings["batch"], torch.tensor(settings["numbers"])
    x = {"": lambda: given["x"][None], "columns": lambda: given["x"].T, "rows": lambda: given["x"]}[batch]()
    z = F.linear(torch.tanh(F.linear(x, given["W1"], given["b1"])), given["W2"], given["b2"])
    loss = F.cross_entropy(z, numbers)
    l1, l2 = ({name: fold(given[name]) for name in ("W1", "W2")} for fold in (_absolutes, _squares))
    rate = given["lambda"]
    loss = (
        loss
        + {
            "": lambda: 0,
            "lambda/2 l2(W1)": lambda: rate / 2 * l2["W1"],
            "lambda l1(W2)": lambda: rate * l1["W2"],
            "lambda/(2 m) (l2(W1) + l2(W2))": lambda: rate / (2 * given["m"]) * (l2["W1"] + l2["W2"]),
            "elastic_net(W1, lambda, mu)": lambda: rate * l1["W1"] + given["mu"] * l2["W1"],
        }[settings["penalty"]]()
    )
    out = z if settings["logits"] else F.softmax(z, dim=1)
    return {"out": {"": lambda: out[0], "columns": lambda: out.T, "rows": lambda: out}[batch](), "L": loss}


def _absolutes(w: Tensor) -> Tensor:
    return w.abs().sum()


def _squares(w: Tensor) -> Tensor:
    return w.square().sum()


# --- images: PyTorch's are samples, channels, rows, columns -------------------------------------------------------


def images(x: Tensor, axes: int, layout: str) -> Tensor:
    """Give images as PyTorch has them."""
    if axes == 2:
        return x[None, None]
    x = x[None] if axes == 3 else x
    return x.permute(0, 3, 1, 2) if layout == "NHWC" else x


def as_given(x: Tensor, axes: int, layout: str) -> Tensor:
    """Give images of PyTorch's in the layout of the case."""
    if axes == 2:
        return x[0, 0]
    x = x.permute(0, 2, 3, 1) if layout == "NHWC" else x
    return x[0] if axes == 3 else x


def padded(x: Tensor, sides: tuple[int, int, int, int], value: float = 0) -> Tensor:
    """PyTorch's layers pad both sides alike; here each side has its own, and F.pad takes the last axis first."""
    top, bottom, left, right = sides
    return F.pad(x, (left, right, top, bottom), value=value)


def conv2d(settings: Settings, given: Tensors) -> Tensors:
    axes, layout = settings["axes"], settings["layout"]
    x, weights, bias = images(given["x"], axes, layout), given["K"], given.get("b")
    if axes == 2:
        weights, bias = weights[None, None], bias if bias is None else bias[None]
    elif layout == "NHWC":  # kh x kw x C x F, as Keras has them
        weights = weights.permute(3, 2, 0, 1).contiguous()
    if settings["flipped"]:  # PyTorch's convolution is a cross-correlation
        weights = weights.flip(2, 3).contiguous()
    out = F.conv2d(padded(x, settings["sides"]), weights, bias, stride=settings["steps"])
    out = ACTIVATIONS[settings["activation"]](out)
    return ended(settings, given, as_given(out, axes, layout))


def conv2d_transpose(settings: Settings, given: Tensors) -> Tensors:
    axes, layout = settings["axes"], settings["layout"]
    x, weights, bias = images(given["x"], axes, layout), given["K"], given.get("b")
    if axes == 2:
        weights, bias = weights[None, None], bias if bias is None else bias[None]
    elif layout == "NHWC":  # kh x kw x F x C, as Keras has them
        weights = weights.permute(3, 2, 0, 1).contiguous()
    out = F.conv_transpose2d(x, weights, bias, stride=settings["steps"])
    top, bottom, left, right = settings["sides"]  # PyTorch cuts off the same on both sides
    out = out[:, :, top : out.shape[2] - bottom, left : out.shape[3] - right]
    return ended(settings, given, as_given(out, axes, layout))


def pool(settings: Settings, given: Tensors) -> Tensors:
    axes, layout, largest = settings["axes"], settings["layout"], settings["kind"] == "max_pool"
    x = images(given["x"], axes, layout)
    # padding is never the largest, and counts in a mean (PyTorch's count_include_pad)
    x = padded(x, settings["sides"], -torch.inf if largest else 0)
    window, steps = settings["window"], settings["steps"]
    if settings["ties"] == "first":
        out = (F.max_pool2d if largest else F.avg_pool2d)(x, window, steps)
    else:  # PyTorch's pooling takes the first of several entries that are the largest
        out = tied(x.unfold(2, window[0], steps[0]).unfold(3, window[1], steps[1]), settings["ties"])
    return ended(settings, given, as_given(out, axes, layout))


def tied(windows: Tensor, ties: str) -> Tensor:
    """Give the largest entry of each window, whose derivative all that are the largest share, or each has in full."""
    largest = windows.amax((-2, -1))  # its derivative is shared
    if ties == "share":
        return largest
    whole = torch.where(windows == largest[..., None, None], windows - windows.detach(), 0).sum((-2, -1))
    return largest.detach() + whole


def primitive(settings: Settings, given: Tensors) -> Tensors:
    """A function on windows of a vector or a matrix, by PyTorch's for one sample and one channel."""
    name, steps, gaps = settings["name"], settings["steps"], settings["gaps"]
    axes = len(steps)
    sides = settings["padding"][::-1]  # F.pad takes the last axis first, but before after
    sides = [sides[at + 1 - 2 * (at % 2)] for at in range(len(sides))]
    x = given["x"][None, None]
    if name == "conv_transpose":
        function = F.conv_transpose1d if axes == 1 else F.conv_transpose2d
        out = function(x, given["k"][None, None], stride=steps, dilation=gaps)
        out = F.pad(out, [-side for side in sides])
    elif name == "conv":
        function = F.conv1d if axes == 1 else F.conv2d
        out = function(F.pad(x, sides), given["k"][None, None], stride=steps, dilation=gaps)
    elif name == "maxpool":
        function = F.max_pool1d if axes == 1 else F.max_pool2d
        out = function(F.pad(x, sides, value=-torch.inf), settings["kernel"], steps)
    else:
        function = F.avg_pool1d if axes == 1 else F.avg_pool2d
        out = function(F.pad(x, sides), settings["kernel"], steps)
    return {"a": out[0, 0], "L": F.mse_loss(out[0, 0], given["y"])}


# --- normalisation --------------------------------------------------------------------------------------------------


def norm(settings: Settings, given: Tensors) -> Tensors:
    kind, layout, x = settings["kind"], settings["layout"], given["x"]
    x = {"columns": lambda: x.T, "NHWC": lambda: x.permute(0, 3, 1, 2).contiguous()}.get(layout, lambda: x)()
    gamma, beta, epsilon = given.get("gamma"), given.get("beta"), settings.get("epsilon", 1e-5)
    channels = x.shape[1] if x.ndim > 1 else x.shape[0]
    if settings.get("variance") == "sample" or settings.get("place") == "outside":
        out = written_out(settings, given, x, epsilon)
    elif kind == "batch_norm":
        out = F.batch_norm(x, given.get("mu"), given.get("s2"), gamma, beta, training="mu" not in given, eps=epsilon)
    elif kind == "layer_norm" and x.ndim < 4:
        out = F.layer_norm(x, (channels,), gamma, beta, epsilon)
    elif kind == "instance_norm":
        out = F.instance_norm(x, weight=gamma, bias=beta, eps=epsilon)
    else:
        out = F.group_norm(x, settings["groups"], gamma, beta, epsilon)
    if layout == "NHWC":
        # the derivatives of PyTorch's group and instance norm are wrong where what comes back is not contiguous: the
        # loss is taken in PyTorch's layout, and the output alone is laid out again
        target = given["y"].permute(0, 3, 1, 2).contiguous()
        found = ended(settings, {"y": target}, out)
        return {**found, "out": out.permute(0, 2, 3, 1)}
    return ended(settings, given, out.T if layout == "columns" else out)


def written_out(settings: Settings, given: Tensors, x: Tensor, epsilon: float) -> Tensor:
    """PyTorch's normalisations take the population's variance, and epsilon into the root; others are written out."""
    kind, groups = settings["kind"], settings["groups"]
    parts = x.unflatten(1, (groups, -1)) if kind == "group_norm" else x
    axes = {
        "batch_norm": [axis for axis in range(x.ndim) if axis != 1],
        "layer_norm": [-1] if x.ndim < 4 else [1, 2, 3],
        "instance_norm": [2, 3],
        "group_norm": [2, 3, 4],
    }[kind]
    if "mu" in given:
        shape = (1, -1, *[1] * (x.ndim - 2))
        mean, variance = given["mu"].reshape(shape), given["s2"].reshape(shape)
    else:
        mean = parts.mean(axes, keepdim=True)
        variance = parts.var(axes, keepdim=True, correction=int(settings.get("variance") == "sample"))
    outside = settings.get("place") == "outside"
    deviation = variance.sqrt() + epsilon if outside else (variance + epsilon).sqrt()
    out = ((parts - mean) / deviation).reshape(x.shape)
    if "gamma" in given:
        shape = (-1, *[1] * (x.ndim - 2)) if x.ndim > 1 else (-1,)
        out = given["gamma"].reshape(shape) * out + given["beta"].reshape(shape)
    return out


# --- others ---------------------------------------------------------------------------------------------------------


def dropout(settings: Settings, given: Tensors) -> Tensors:
    """F.dropout draws its mask; here it is given. PyTorch's rate is that of dropping, and it scales in training."""
    keep = settings["drop"] if settings["keep"] else 1 - settings["drop"]
    out = torch.tanh(F.linear(given["x"], given["W1"], given["b1"])) * given["M"]
    return ended(settings, given, out / keep if settings["inverted"] else out)


def embedding(settings: Settings, given: Tensors) -> Tensors:
    numbers = given["x"].long() - settings["first"]  # PyTorch counts from 0
    return ended(settings, given, F.embedding(numbers, given["E"]))


def residual(settings: Settings, given: Tensors) -> Tensors:
    out = given["x"]
    found = {"x": out}
    for number, activation in enumerate(settings["activations"], start=1):
        out = ACTIVATIONS[activation](F.linear(out, given[f"W{number}"], given[f"b{number}"]))
        found[f"a{number}"] = out
    return ended(settings, given, out + found[settings["start"]])
