"""Cases of layers on sequences: recurrent ones through time, and attention."""

from collections.abc import Callable
from typing import Any

from .draw_layers import layered
from .record import Case, Draw, Nested

#: The blocks of weights that each kind stacks, in PyTorch's order.
GATES = {"rnn": "h", "lstm": "ifgo", "gru": "rzn"}


def recurrent(kind: str) -> Callable[[Draw], Case]:
    """Give the draw of a recurrent layer's cases: gates in any order, weights apart or on [x; h] or [h; x]."""

    def case(draw: Draw) -> Case:
        gates = GATES[kind]
        steps, inputs, units = draw.whole(1, 3), draw.whole(1, 3), draw.whole(1, 2)
        layer: dict[str, Any] = {}
        settings: dict[str, Any] = {"kind": kind, "gates": gates, "order": "", "form": "reset_after"}
        given: dict[str, Nested] = {"x": draw.array((steps, inputs))}
        rows = units * len(gates)
        if len(gates) > 1 and draw.chance(0.4):
            settings["gates"] = layer["gates"] = "".join(draw.order(gates))
        if kind == "gru" and draw.chance(0.4):
            settings["form"] = layer["form"] = "reset_before"
        if draw.chance(0.4) and not (kind == "gru" and settings["form"] == "reset_after"):
            settings["order"] = layer["order"] = draw.one(("xh", "hx"))
            given["W"] = draw.array((rows, inputs + units))
            layer["weights"] = "W"
            parameters = ["W"]
        else:
            given |= {"Wx": draw.array((rows, inputs)), "Wh": draw.array((rows, units))}
            layer |= {"weights_input": "Wx", "weights_hidden": "Wh"}
            parameters = ["Wx", "Wh"]
        if draw.chance(0.8):
            given["b"] = draw.array((rows,))
            layer["bias"] = "b"
            parameters.append("b")
            if not settings["order"] and draw.chance(0.5):
                given["c"] = draw.array((rows,))
                layer["bias_hidden"] = "c"
                parameters.append("c")
        by = ["x"]
        if draw.chance(0.5):
            given["h0"] = draw.array((units,))
            layer["initial"] = "h0"
            by.append("h0")
        if kind == "lstm" and draw.chance(0.5):
            given["c0"] = draw.array((units,))
            layer["initial_cell"] = "c0"
            by.append("c0")
        if kind == "rnn" and draw.chance(0.4):
            settings["activation"] = layer["activation"] = draw.one(("tanh", "relu", "sigmoid"))
        return layered(draw, [{kind: layer}], given, (steps, units), settings, parameters, by)

    return case


def attention(draw: Draw) -> Case:
    """Scaled dot-product attention of a short sequence on itself, with a mask, causal, with heads, or none of these."""
    heads = draw.one((1, 1, 2))
    steps, inputs, size = draw.whole(1, 4), draw.whole(1, 4), draw.whole(1, 2) * heads
    values = draw.whole(1, 2) * heads
    given: dict[str, Nested] = {
        "x": draw.array((steps, inputs)),
        "WQ": draw.array((inputs, size)),
        "WK": draw.array((inputs, size)),
        "WV": draw.array((inputs, values)),
    }
    layer: dict[str, Any] = {"queries": "WQ", "keys": "WK", "values": "WV"}
    settings: dict[str, Any] = {"heads": heads, "mask": "", "scale": True}
    parameters = ["WQ", "WK", "WV"]
    out = values
    if draw.chance(0.5):
        out = draw.whole(1, 3)
        given["WO"] = draw.array((values, out))
        layer["output"] = "WO"
        parameters.append("WO")
    if heads > 1:
        layer["heads"] = heads
    kind = draw.one(("", "", "mask", "causal"))
    settings["mask"] = kind
    if kind == "mask":  # each query sees itself at least
        mask = [[int(row == column or draw.chance(0.6)) for column in range(steps)] for row in range(steps)]
        given["M"] = mask
        layer["mask"] = "M"
    elif kind == "causal":
        layer["causal"] = "yes"
    if draw.chance(0.2):
        settings["scale"] = False
        layer["scale"] = "no"
    return layered(draw, [{"attention": layer}], given, (steps, out), settings, parameters, ["x"])
