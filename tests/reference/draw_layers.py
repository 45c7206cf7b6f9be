"""Cases of layers: dense, normalisation, dropout, embedding, residual connections."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from .record import OUT, SGD, Case, Draw, Nested

ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "softplus", "silu", "elu")


def layered(
    draw: Draw,
    layers: list[dict[str, Any]],
    given: dict[str, Nested],
    shape: tuple[int, ...],
    settings: dict[str, Any],
    parameters: list[str],
    by: list[str],
    conventions: dict[str, str] | None = None,
    rate: float = 0.02,
) -> Case:
    """Give the case of layers whose last output, of a known shape, has its squared error with a target drawn."""
    given = {**given, "y": draw.array(shape)}
    loss = "mse" if draw.chance(0.5) else "squared_error"
    network = {"input": "x", "layers": layers, "loss": {loss: {"target": "y"}}}
    settings = {**settings, "loss": loss}
    if draw.chance(0.8):  # what is not trained elsewhere is trained here too, which costs less than further derivatives
        parameters, by = [*parameters, *by], []
    return Case(settings, given, network, parameters, [OUT], by, {**SGD, "learning_rate": rate}, conventions or {})


def dense(draw: Draw) -> Case:
    """Two or three layers on a vector or a batch, with each way of having biases."""
    sizes = [draw.whole(1, 4) for _ in range(draw.whole(2, 4))]
    batch = draw.one(("", "", "columns", "rows"))
    many = draw.whole(2, 3)
    given: dict[str, Nested] = {"x": draw.array(_batched(sizes[0], batch, many))}
    layers, parts, parameters = [], [], []
    for number, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
        bias = draw.one(("bias", "bias", "none", "scalar", "first", "last", "threshold", "frozen"))
        activation = draw.one(ACTIVATIONS)
        layer: dict[str, Any] = {"weights": f"W{number}", "activation": activation}
        extended = inputs + (bias in ("first", "last"))
        given[f"W{number}"] = draw.array((outputs, extended))
        parameters.append(f"W{number}")
        if bias in ("first", "last"):
            layer["bias_column"] = bias
        elif bias != "none":
            given[f"b{number}"] = draw.array(() if bias == "scalar" else (outputs,))
            layer["threshold" if bias == "threshold" else "bias"] = f"b{number}"
            if bias == "frozen":
                layer["frozen"] = [f"b{number}"]
            parameters.append(f"b{number}")
        layers.append({"dense": layer})
        parts.append({"bias": bias, "activation": activation})
    shape = _batched(sizes[-1], batch, many)
    frozen = [f"b{number}" for number, part in enumerate(parts, start=1) if part["bias"] == "frozen"]
    trained = [name for name in parameters if name not in frozen]
    conventions = {"samples": batch} if batch else {}
    settings = {"layers": parts, "batch": batch}
    case = layered(draw, layers, given, shape, settings, trained, ["x", *frozen], conventions)
    if draw.chance(0.5) or frozen:
        return case._replace(parameters=trained, by=["x", *frozen], listed=False)
    return case


PENALTIES = ("", "lambda/2 l2(W1)", "lambda l1(W2)", "lambda/(2 m) (l2(W1) + l2(W2))", "elastic_net(W1, lambda, mu)")


def classifier(draw: Draw) -> Case:
    """Two layers with the cross-entropy of classes, given by their numbers or as one-hot vectors, and a penalty."""
    inputs, hidden, classes = draw.whole(1, 3), draw.whole(1, 3), draw.whole(2, 4)
    batch, many = draw.one(("", "columns", "rows")), draw.whole(2, 3)
    logits, index, first, penalty = draw.chance(0.5), draw.chance(0.6), draw.one((0, 1)), draw.one(PENALTIES)
    numbers = [draw.whole(0, classes - 1) for _ in range(many if batch else 1)]
    rows = [[int(at == number) for at in range(classes)] for number in numbers]
    if index:
        target: Nested = [number + first for number in numbers] if batch else numbers[0] + first
    else:
        target = [list(each) for each in zip(*rows, strict=True)] if batch == "columns" else rows if batch else rows[0]
    given: dict[str, Nested] = {"x": draw.array(_batched(inputs, batch, many)), "y": target}
    for number, shape in ((1, (hidden, inputs)), (2, (classes, hidden))):
        given |= {f"W{number}": draw.array(shape), f"b{number}": draw.array(shape[:1])}
    given |= {"lambda": draw.number(0.01, 0.3, 3), "m": many, "mu": draw.number(0.01, 0.3, 3)}
    layers = [
        {"dense": {"weights": "W1", "bias": "b1", "activation": "tanh"}},
        {"dense": {"weights": "W2", "bias": "b2", "activation": "identity" if logits else "softmax"}},
    ]
    own = {"target": "y", "target_is": "index" if index else "one-hot", **({"penalty": penalty} if penalty else {})}
    network = {"input": "x", "layers": layers, "loss": {"cross_entropy_logits" if logits else "cross_entropy": own}}
    conventions = {**({"samples": batch} if batch else {}), **({"first_class": str(first)} if index else {})}
    settings = {"batch": batch, "logits": logits, "numbers": numbers, "penalty": penalty}
    return Case(settings, given, network, ["W1", "b1", "W2", "b2"], [OUT], ["x"], SGD, conventions)


def _batched(size: int, batch: str, many: int) -> tuple[int, ...]:
    return {"": (size,), "columns": (size, many), "rows": (many, size)}[batch]


# --- normalisation ------------------------------------------------------------------------------------------------


def norm(kind: str) -> Callable[[Draw], Case]:
    """Give the draw of a normalisation's cases, in training and (batch norm) in test."""

    def case(draw: Draw) -> Case:
        matrix = kind in ("batch_norm", "layer_norm") and draw.chance(0.5)
        channels = draw.whole(2, 4)
        groups = 1
        if kind == "group_norm":
            groups = draw.one([each for each in (1, 2, 3, 4) if channels % each == 0])
        settings: dict[str, Any] = {"kind": kind, "groups": groups}
        layer: dict[str, Any] = {}
        conventions: dict[str, str] = {}
        if matrix:
            batch = draw.one(("columns", "rows"))
            conventions["samples"] = batch
            shape = _batched(channels, batch, draw.whole(2, 5))
            settings["layout"] = batch
        elif kind == "layer_norm":
            shape = (draw.whole(2, 6),)
            channels = shape[0]
            settings["layout"] = ""
        else:
            layout = draw.one(("NCHW", "NHWC"))
            high, wide = draw.whole(1, 3), draw.whole(2, 3)
            shape = (draw.whole(1, 3), *((channels, high, wide) if layout == "NCHW" else (high, wide, channels)))
            settings["layout"] = layout
            if layout != "NCHW":
                layer["layout"] = layout
        given = {"x": draw.array(shape, lambda: draw.number(-3, 3))}
        if draw.chance(0.8):
            given |= {"gamma": draw.array((channels,)), "beta": draw.array((channels,))}
            layer |= {"gamma": "gamma", "beta": "beta"}
        if kind == "group_norm":
            layer["groups"] = groups
        if draw.chance(0.6):
            layer["epsilon"] = settings["epsilon"] = draw.one((1e-8, 1e-3, 0.1))
        if kind == "batch_norm" and draw.chance(0.3):
            given["mu"] = draw.array((channels,))
            given["s2"] = draw.array((channels,), lambda: draw.number(0.2, 3))
            layer |= {"mean": "mu", "variance": "s2"}
        elif draw.chance(0.25):
            conventions["variance"] = settings["variance"] = draw.one(("population", "sample"))
        if draw.chance(0.3):
            conventions["epsilon"] = settings["place"] = draw.one(("inside", "outside"))
        parameters = ["gamma", "beta"] if "gamma" in given else ["x"]
        by = ["x"] if "gamma" in given else []
        return layered(draw, [{kind: layer}], given, shape, settings, parameters, by, conventions)

    return case


# --- others -------------------------------------------------------------------------------------------------------


def dropout(draw: Draw) -> Case:
    """A dense layer whose outputs are dropped by a mask, scaled in training or not."""
    inputs, units = draw.whole(1, 4), draw.whole(2, 5)
    rate = draw.number(0.1, 0.8, 2)
    settings: dict[str, Any] = {"drop": rate, "inverted": draw.chance(0.7), "keep": draw.chance(0.3)}
    given = {
        "x": draw.array((inputs,)),
        "W1": draw.array((units, inputs)),
        "b1": draw.array((units,)),
        "M": draw.array((units,), lambda: draw.whole(0, 1)),
    }
    drop = {"mask": "M", "rate": rate, "inverted": "yes" if settings["inverted"] else "no"}
    layers = [{"dense": {"weights": "W1", "bias": "b1", "activation": "tanh"}}, {"dropout": drop}]
    conventions = {"dropout_rate": "keep"} if settings["keep"] else {}
    return layered(draw, layers, given, (units,), settings, ["W1", "b1"], ["x"], conventions)


def embedding(draw: Draw) -> Case:
    """Some rows of a table of vectors, one of them perhaps twice."""
    words, size, length = draw.whole(2, 5), draw.whole(1, 4), draw.whole(1, 5)
    first = draw.one((0, 1))
    given = {
        "x": draw.array((length,), lambda: draw.whole(first, words - 1 + first)),
        "E": draw.array((words, size)),
    }
    settings = {"first": first}
    conventions = {"first_class": str(first)}
    layers = [{"embedding": {"weights": "E"}}]
    return layered(draw, layers, given, (length, size), settings, ["E"], [], conventions, 0.1)


def residual(draw: Draw) -> Case:
    """Two dense layers around which the input is led, or the output of the first around the others."""
    size = draw.whole(1, 4)
    start = draw.one(("x", "a1"))
    activations = [draw.one(ACTIVATIONS) for _ in range(3)]
    given: dict[str, Nested] = {"x": draw.array((size,))}
    layers: list[dict[str, Any]] = []
    parameters = []
    for number, activation in enumerate(activations, start=1):
        given |= {f"W{number}": draw.array((size, size)), f"b{number}": draw.array((size,))}
        layers.append({"dense": {"weights": f"W{number}", "bias": f"b{number}", "activation": activation}})
        parameters += [f"W{number}", f"b{number}"]
    layers.append({"residual": {"from": start}})
    settings = {"start": start, "activations": activations}
    return layered(draw, layers, given, (size,), settings, parameters, ["x"])
