"""Recurrent layers and attention in PyTorch, and what is written with loops.

Where hwcheck's convention is not PyTorch's, a comment says which and the line converts.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from .draw_sequences import GATES
from .torch_functions import ACTIVATIONS
from .torch_layers import Settings, Tensors, ended

MODULES = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def weights_of(settings: Settings, given: Tensors) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Give the weights on x and on h and both biases, with the gates in PyTorch's order."""
    inputs = given["x"].shape[1]
    if settings["order"] == "xh":  # PyTorch keeps the weights on x and on h apart
        on_x, on_h = given["W"][:, :inputs], given["W"][:, inputs:]
    elif settings["order"] == "hx":
        on_h, on_x = given["W"][:, :-inputs], given["W"][:, -inputs:]
    else:
        on_x, on_h = given["Wx"], given["Wh"]
    zero = torch.zeros(len(on_x))
    parts = (on_x, on_h, given.get("b", zero), given.get("c", zero))
    if settings["kind"] == "rnn":
        return parts
    units = len(on_x) // len(settings["gates"])
    rows = [settings["gates"].index(gate) * units + unit for gate in GATES[settings["kind"]] for unit in range(units)]
    on_x, on_h, bias, second = (part[rows] for part in parts)
    return on_x, on_h, bias, second


def recurrent(settings: Settings, given: Tensors) -> Tensors:
    """Through time by PyTorch's modules, or written out where they have no such form."""
    kind, x = settings["kind"], given["x"]
    weights = weights_of(settings, given)
    units = weights[1].shape[1]
    h = given.get("h0", torch.zeros(units))
    if settings["form"] == "reset_before" or settings.get("activation") == "sigmoid":
        return ended(settings, given, written_out(settings, x, h, *weights))
    extra = {"nonlinearity": settings["activation"]} if settings.get("activation") else {}
    module = MODULES[kind](x.shape[1], units, **extra)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    start = (h[None], given.get("c0", torch.zeros(units))[None]) if kind == "lstm" else h[None]
    out, _ = functional_call(module, dict(zip(names, weights, strict=True)), (x, start))
    return ended(settings, given, out)


def written_out(settings: Settings, x: Tensor, h: Tensor, on_x: Tensor, on_h: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """Give the hidden states of what nn.RNN and nn.GRU lack: other activations, and the GRU as Cho et al. (2014) have
    it, whose reset gate acts on h before the weights (PyTorch's acts on the product)."""
    found = []
    for each in x:
        if settings["kind"] == "rnn":
            h = ACTIVATIONS[settings["activation"]](on_x @ each + on_h @ h + b + c)
        else:
            gates = zip(*(part.chunk(3) for part in (on_x, on_h, b + c)), strict=True)
            of_r, of_z, (new_x, new_h, new_b) = gates
            r, z = (torch.sigmoid(on[0] @ each + on[1] @ h + on[2]) for on in (of_r, of_z))
            h = (1 - z) * torch.tanh(new_x @ each + new_h @ (r * h) + new_b) + z * h
        found.append(h)
    return torch.stack(found)


def attention(settings: Settings, given: Tensors) -> Tensors:
    """By F.scaled_dot_product_attention, heads on a leading axis."""
    x, heads = given["x"], settings["heads"]
    # hwcheck's weights stand on the right of x, those of nn.MultiheadAttention on the left of a column
    q, k, v = (torch.stack((x @ given[name]).chunk(heads, dim=1)) for name in ("WQ", "WK", "WV"))
    mask = given["M"].bool() if settings["mask"] == "mask" else None
    scale = None if settings["scale"] else 1.0
    out = F.scaled_dot_product_attention(q, k, v, mask, is_causal=settings["mask"] == "causal", scale=scale)
    out = torch.cat(list(out), dim=1)
    return ended(settings, given, out @ given["WO"] if "WO" in given else out)


def looped(settings: Settings, given: Tensors) -> Tensors:
    """What the text of a network says with loops, by PyTorch's layers."""
    x, kind = given["x"], settings["kind"]
    if kind == "recurrent":
        zero = torch.zeros_like(given["b"])
        names = {"weight_ih_l0": "A", "weight_hh_l0": "B", "bias_ih_l0": "b"}
        weights = {theirs: given[ours] for theirs, ours in names.items()} | {"bias_hh_l0": zero}
        module = nn.RNN(x.shape[1], len(zero))
        out, _ = functional_call(module, weights, (x, given["h0"][None]))
    elif kind == "norm":
        out = F.batch_norm(x, None, None, given["b"], given["c"], training=True, eps=0.01)
    elif kind == "attention":
        out = F.scaled_dot_product_attention(*(x @ given[name] for name in "QKV"))
    else:
        out = F.relu(F.conv2d(x, given["K"], given["b"]))
    return {"o": out, "L": F.mse_loss(out, given["y"])}
