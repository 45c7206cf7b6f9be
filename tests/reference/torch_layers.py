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
    function = F.max_pool2d if largest else F.avg_pool2d
    out = function(x, settings["window"], settings["steps"])
    return ended(settings, given, as_given(out, axes, layout))


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
    back = {"columns": lambda: out.T, "NHWC": lambda: out.permute(0, 2, 3, 1)}.get(layout, lambda: out)()
    return ended(settings, given, back)


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
    keep = settings["rate"] if settings["keep"] else 1 - settings["rate"]
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
