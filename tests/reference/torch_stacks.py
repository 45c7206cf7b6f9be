"""Whole networks in PyTorch, as `draw_stacks` has them."""

import torch
import torch.nn.functional as F

from .torch_layers import Settings, Tensors, ended
from .torch_sequences import attention, recurrent


def stack(settings: Settings, given: Tensors) -> Tensors:
    networks = {"image_classifier": image_classifier, "transformer_block": transformer_block, "reader": reader}
    return networks[settings["kind"]](settings, given)


def image_classifier(settings: Settings, given: Tensors) -> Tensors:
    x = given["x"] if settings["batch"] else given["x"][None]
    z = F.conv2d(x, given["K"], given["b"])
    kind = settings["activation"]
    a = F.leaky_relu(z, settings["slope"]) if kind == "leaky_relu" else {"relu": F.relu, "tanh": torch.tanh}[kind](z)
    a = (F.max_pool2d if settings["pool"] == "max_pool" else F.avg_pool2d)(a, 2)
    z = F.linear(a.flatten(1), given["W"], given["c"])
    out = F.softmax(z, dim=1)
    laid = {"": out[0], "columns": out.T, "rows": out}[settings["batch"]]
    return {"out": laid, "L": F.cross_entropy(z, torch.tensor(settings["numbers"]))}


def transformer_block(settings: Settings, given: Tensors) -> Tensors:
    own = {"heads": settings["heads"], "mask": "causal" if settings["causal"] else "", "scale": True, "loss": "mse"}
    x = given["x"]
    size = (x.shape[1],)
    a = F.layer_norm(x + attention(own, given)["out"], size, given["g1"], given["h1"])
    out = a + F.relu(F.linear(a, given["W1"], given["b1"]))
    return ended(settings, given, F.layer_norm(out, size, given["g2"], given["h2"]))


def reader(settings: Settings, given: Tensors) -> Tensors:
    kind = settings["layer"]
    own = {"kind": kind, "gates": {"rnn": "h", "lstm": "ifgo", "gru": "rzn"}[kind], "order": "", "form": "reset_after"}
    vectors = {**given, "x": F.embedding(given["x"].long(), given["E"])}
    # the inner network needs a target of its own shape, which nothing comes of
    inner = recurrent({**own, "loss": "mse"}, {**vectors, "y": torch.zeros(len(given["x"]), given["Wh"].shape[1])})
    return ended(settings, given, torch.sigmoid(F.linear(inner["out"], given["V"], given["d"])))
