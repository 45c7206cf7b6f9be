"""Cases of whole networks of layers of several kinds: an image's classifier, a transformer's block, a reader of ids."""

from typing import Any

from .draw_layers import layered
from .record import OUT, SGD, Case, Draw, Nested


def stack(draw: Draw) -> Case:
    return draw.one((image_classifier, transformer_block, reader))(draw)


def image_classifier(draw: Draw) -> Case:
    """A convolution, its activation as a layer, pooling, dense, cross-entropy; for one image or several."""
    batch = draw.one(("", "columns", "rows"))
    many, channels, filters, classes = draw.whole(1, 3), draw.whole(1, 2), draw.whole(1, 2), draw.whole(2, 3)
    pool, activation = draw.one(("max_pool", "avg_pool")), draw.one(("relu", "leaky_relu", "tanh"))
    shape = (channels, 5, 5)
    numbers = [draw.whole(0, classes - 1) for _ in range(many if batch else 1)]
    given: dict[str, Nested] = {
        "x": draw.array((many, *shape) if batch else shape),
        "K": draw.array((filters, channels, 2, 2)),
        "b": draw.array((filters,)),
        "W": draw.array((classes, 4 * filters)),
        "c": draw.array((classes,)),
        "y": numbers if batch else numbers[0],
    }
    slope = draw.number(0.05, 0.3, 2)
    layers: list[Any] = [
        {"conv2d": {"weights": "K", "bias": "b"}},
        {"leaky_relu": {"a": slope}} if activation == "leaky_relu" else activation,
        {pool: {"size": 2}},
        "flatten",
        {"dense": {"weights": "W", "bias": "c", "activation": "softmax"}},
    ]
    network = {"input": "x", "layers": layers, "loss": {"cross_entropy": {"target": "y", "target_is": "index"}}}
    settings = {"kind": "image_classifier", "batch": batch, "numbers": numbers, "pool": pool, "activation": activation}
    settings |= {"slope": slope}
    conventions = {"first_class": "0", **({"samples": batch} if batch else {})}
    parameters = ["K", "b", "W", "c"]
    return Case(settings, given, network, parameters, [OUT], [], SGD, conventions, listed=draw.chance(0.5))


def transformer_block(draw: Draw) -> Case:
    """Attention and a dense layer on each place, each with a residual connection and a layer norm behind it."""
    places, size = draw.whole(1, 3), draw.whole(1, 2) * 2
    heads, causal = draw.one((1, 2)), draw.chance(0.5)
    given: dict[str, Nested] = {"x": draw.array((places, size))}
    for name in ("WQ", "WK", "WV", "WO", "W1"):
        given[name] = draw.array((size, size))
    for name in ("g1", "h1", "b1", "g2", "h2"):
        given[name] = draw.array((size,))
    own = {"queries": "WQ", "keys": "WK", "values": "WV", "output": "WO", "heads": heads}
    layers: list[dict[str, Any]] = [
        {"attention": {**own, "causal": "yes" if causal else "no"}},
        {"residual": {"from": "x"}},
        {"layer_norm": {"gamma": "g1", "beta": "h1"}},
        {"dense": {"weights": "W1", "bias": "b1", "activation": "relu"}},
        {"residual": {"from": "a3"}},
        {"layer_norm": {"gamma": "g2", "beta": "h2"}},
    ]
    settings = {"kind": "transformer_block", "heads": heads, "causal": causal}
    parameters = [name for name in given if name != "x"]
    case = layered(draw, layers, given, (places, size), settings, parameters, [], {"samples": "rows"})
    return case._replace(listed=draw.chance(0.5))


def reader(draw: Draw) -> Case:
    """An embedding, a recurrent layer, and a dense layer on each of its states."""
    words, size, units, length = draw.whole(2, 4), draw.whole(1, 2), draw.whole(1, 2), draw.whole(1, 3)
    kind = draw.one(("rnn", "lstm", "gru"))
    rows = units * {"rnn": 1, "lstm": 4, "gru": 3}[kind]
    given: dict[str, Nested] = {
        "x": draw.array((length,), lambda: draw.whole(0, words - 1)),
        "E": draw.array((words, size)),
        "Wx": draw.array((rows, size)),
        "Wh": draw.array((rows, units)),
        "b": draw.array((rows,)),
        "V": draw.array((2, units)),
        "d": draw.array((2,)),
    }
    layers: list[dict[str, Any]] = [
        {"embedding": {"weights": "E"}},
        {kind: {"weights_input": "Wx", "weights_hidden": "Wh", "bias": "b"}},
        {"dense": {"weights": "V", "bias": "d", "activation": "sigmoid"}},
    ]
    settings = {"kind": "reader", "layer": kind}
    parameters = ["E", "Wx", "Wh", "b", "V", "d"]
    return layered(draw, layers, given, (length, 2), settings, parameters, [], {"first_class": "0", "samples": "rows"})
