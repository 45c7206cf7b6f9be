"""Layers: every one differentiated, and against what it is by NumPy, by its parts, or by another layer."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from hwcheck.library.activations import ACTIVATIONS
from hwcheck.library.layers import NAMES
from tests.graph.tables import near, prove_derivatives
from tests.library.nets import Array, Written, net, output, value_of

DRAWN = np.random.default_rng(11)
Shapes = dict[str, tuple[int, ...]]


def drawn(shapes: Shapes) -> dict[str, Array]:
    return {name: DRAWN.normal(size=shape) for name, shape in shapes.items()}


DENSE: Shapes = {"x": (3,), "W": (2, 3), "b": (2,)}
CELL = {"weights_input": "W", "weights_hidden": "U", "bias": "b", "initial": "h"}
#: Layers with the shapes of what they read, and conventions.
CASES: list[tuple[Any, Shapes, dict[str, str]]] = [
    ({"dense": {"weights": "W", "bias": "b", "activation": "tanh"}}, DENSE, {}),
    ({"dense": {"weights": "W", "threshold": "b"}}, DENSE, {}),
    ({"dense": {"weights": "W", "bias_column": "first"}}, {"x": (2, 4), "W": (2, 3)}, {}),
    ({"dense": {"weights": "W", "bias_column": "last", "activation": "softmax"}}, {"x": (4, 2), "W": (2, 3)},
     {"samples": "rows"}),
    ({"dense": {"weights": "W", "bias": "b", "activation": "softmax"}}, {**DENSE, "x": (4, 3)}, {}),  # rows by shape
    ({"dense": {"weights": "W", "bias": "b", "activation": "log_softmax"}}, {**DENSE, "x": (3, 4)},
     {"samples": "rows"}),  # columns by shape
    ({"conv2d": {"weights": "W", "stride": 2, "padding": [1, 0, 0, 1]}}, {"x": (4, 5), "W": (3, 2)}, {}),
    ({"conv2d": {"weights": "W", "bias": "b"}}, {"x": (2, 4, 4), "W": (2, 3, 3), "b": ()}, {}),
    ({"conv2d": {"weights": "W", "bias": "b"}}, {"x": (4, 4), "W": (2, 3, 3), "b": (2,)}, {}),
    ({"conv2d": {"weights": "W", "bias": "b", "dilation": 2, "activation": "softplus"}},
     {"x": (2, 2, 4, 4), "W": (3, 2, 2, 2), "b": (3,)}, {"convolution": "flipped"}),
    ({"conv2d": {"weights": "W", "layout": "NHWC"}}, {"x": (2, 3, 4, 2), "W": (2, 2, 2, 3)}, {}),
    ({"conv2d_transpose": {"weights": "W", "bias": "b", "stride": 2}}, {"x": (2, 2, 3), "W": (2, 3, 2, 2), "b": (3,)},
     {}),
    ({"max_pool": {"size": 2, "stride": 1}}, {"x": (2, 2, 3, 3)}, {}),
    ({"avg_pool": {"size": [2, 1], "padding": [1, 1, 0, 0], "stride": 1}}, {"x": (2, 3, 3)}, {}),
    ("flatten", {"x": (2, 2, 3, 2)}, {}),
    ("flatten", {"x": (2, 2, 3, 2)}, {"samples": "rows"}),
    ({"batch_norm": {"gamma": "g", "beta": "b"}}, {"x": (2, 5), "g": (2,), "b": (2,)}, {}),
    ({"batch_norm": {"gamma": "g", "beta": "b"}}, {"x": (5, 2), "g": (2,), "b": (2,)}, {"samples": "rows"}),
    ({"batch_norm": {"gamma": "g", "beta": "b"}}, {"x": (3, 2, 2, 2), "g": (2,), "b": (2,)}, {"variance": "sample"}),
    ({"batch_norm": {"gamma": "g", "beta": "b"}}, {"x": (5,), "g": (), "b": ()}, {}),
    ({"batch_norm": {"mean": "m", "variance": "s2", "layout": "NHWC"}}, {"x": (2, 2, 2, 3), "m": (3,), "s2": (3,)},
     {"epsilon": "outside"}),
    ({"layer_norm": {"gamma": "g", "beta": "b", "epsilon": 0.1}}, {"x": (4,), "g": (4,), "b": (4,)}, {}),
    ({"layer_norm": {"gamma": "g", "beta": "b"}}, {"x": (4, 3), "g": (4,), "b": (4,)}, {}),
    ({"layer_norm": {"gamma": "g", "beta": "b"}}, {"x": (2, 3, 2, 2), "g": (3, 2, 2), "b": (3, 2, 2)}, {}),
    ({"group_norm": {"groups": 2, "gamma": "g", "beta": "b"}}, {"x": (2, 4, 2, 2), "g": (4,), "b": (4,)}, {}),
    ({"group_norm": {"groups": 2, "layout": "NHWC"}}, {"x": (2, 2, 2, 4)}, {}),
    ({"group_norm": {"groups": 3}}, {"x": (6, 2)}, {}),
    ({"instance_norm": {"gamma": "g", "beta": "b"}}, {"x": (2, 2, 2, 3), "g": (2,), "b": (2,)}, {}),
    ({"dropout": {"mask": "M", "rate": 0.25}}, {"x": (3,), "M": (3,)}, {}),
    ({"residual": {"from": "x"}}, {"x": (3, 2)}, {}),
    ({"rnn": CELL}, {"x": (3, 2), "W": (2, 2), "U": (2, 2), "b": (2,), "h": (2,)}, {}),
    ({"lstm": {**CELL, "initial_cell": "c"}},
     {"x": (3, 2), "W": (8, 2), "U": (8, 2), "b": (8,), "h": (2,), "c": (2,)}, {}),
    ({"lstm": {"weights": "W", "order": "hx", "gates": "ofig", "returns": "last"}}, {"x": (2, 3), "W": (8, 5)}, {}),
    ({"gru": {**CELL, "bias_hidden": "c"}}, {"x": (3, 2), "W": (6, 2), "U": (6, 2), "b": (6,), "h": (2,), "c": (6,)},
     {}),
    ({"gru": {**CELL, "form": "reset_before"}}, {"x": (2, 2), "W": (6, 2), "U": (6, 2), "b": (6,), "h": (2,)}, {}),
    ({"gru": {"weights": "W"}}, {"x": (2, 2), "W": (6, 4)}, {}),
    ({"attention": {"queries": "Q", "keys": "K", "values": "V", "output": "O", "causal": "yes"}},
     {"x": (3, 2), "Q": (2, 2), "K": (2, 2), "V": (2, 3), "O": (3, 2)}, {}),
    ({"attention": {"queries": "Q", "keys": "K", "values": "V", "heads": 2}},
     {"x": (3, 2), "Q": (2, 4), "K": (2, 4), "V": (2, 2)}, {}),
    *(({row.name: {param: "p" for param in row.params[1:]}}, {"x": (4,), "p": ()}, {}) for row in ACTIVATIONS),
    ("tanh", {"x": (4,)}, {}),
    ("sign", {"x": (4,)}, {}),
]  # fmt: skip


def kind_of(layer: Written) -> str:
    return layer if isinstance(layer, str) else next(iter(layer))


@pytest.mark.parametrize(
    ("layer", "shapes", "conventions"), CASES, ids=[f"{at} {kind_of(case[0])}" for at, case in enumerate(CASES)]
)
def test_derivatives_by_everything_a_layer_reads(layer: Written, shapes: Shapes, conventions: dict[str, str]) -> None:
    given = drawn(shapes)
    if "s2" in given:
        given["s2"] = given["s2"] ** 2 + 0.5
    target = output([layer], given, conventions, "a1" if "returns" not in str(layer) else "last1") + 1
    problem = net([layer], {**given, "target": target}, conventions, {"squared_error": {"target": "target"}})
    table = problem.base.copy()
    names = [name for name in shapes if any(name in table.reads(row.name) for row in table)]
    assert kind_of(layer) in ("step", "identity") or "x" in names
    prove_derivatives(table, "L", names)


def test_every_layer_is_differentiated() -> None:
    assert set(NAMES) - {"embedding"} <= {kind_of(case[0]) for case in CASES}


# --- what a layer gives -----------------------------------------------------------------------------------------------


def test_biases_in_every_manner_are_one() -> None:
    x, w, b = DRAWN.normal(size=3), DRAWN.normal(size=(2, 3)), DRAWN.normal(size=2)
    given = {"x": x, "W": w, "b": b, "m": -b, "F": np.c_[b, w], "L": np.c_[w, b], "s": 0.7}
    plain = output([{"dense": {"weights": "W", "bias": "b"}}], given)
    assert near(plain, w @ x + b, 1e-15)
    assert near(output([{"dense": {"weights": "W", "threshold": "m"}}], given), plain, 1e-15)
    assert near(output([{"dense": {"weights": "F", "bias_column": "first"}}], given), plain, 1e-15)
    assert near(output([{"dense": {"weights": "L", "bias_column": "last"}}], given), plain, 1e-15)
    assert near(output([{"dense": {"weights": "W", "bias": "s"}}], given), w @ x + 0.7, 1e-15)
    assert near(
        output([{"dense": {"weights": "w", "bias": "s"}}], {"x": x, "w": w[0], "s": 0.7}), [w[0] @ x + 0.7], 1e-15
    )


@pytest.mark.parametrize("samples", ["columns", "rows"])
def test_the_shape_of_the_weights_says_how_a_batch_lies(samples: str) -> None:
    x, w, b = DRAWN.normal(size=(3, 4)), DRAWN.normal(size=(2, 3)), DRAWN.normal(size=2)
    wanted = w @ x + b[:, None]
    layer = [{"dense": {"weights": "W", "bias": "b", "activation": "softmax"}}]
    shares = np.exp(wanted) / np.exp(wanted).sum(axis=0)
    for given, turned in (({"x": x, "W": w}, False), ({"x": x.T, "W": w}, True), ({"x": x.T, "W": w.T}, True)):
        found = output(layer, {**given, "b": b}, {"samples": samples})
        assert near(found.T if turned else found, shares, 1e-14)


#: Layers that work each sample out by itself, with the shape of one sample.
ALONE: list[tuple[Any, tuple[int, ...]]] = [
    ({"conv2d": {"weights": "K", "bias": "b", "padding": 1}}, (2, 3, 4)),
    ({"conv2d_transpose": {"weights": "K", "bias": "b", "stride": 2}}, (2, 3, 4)),
    ({"max_pool": {"size": 2, "stride": 1}}, (2, 3, 4)),
    ({"avg_pool": {"size": 2, "padding": 1, "stride": 1}}, (2, 3, 4)),
    ({"layer_norm": {"gamma": "b", "beta": "b"}}, (2, 3, 4)),
    ({"group_norm": {"groups": 2, "gamma": "b"}}, (2, 3, 4)),
    ({"instance_norm": {"beta": "b"}}, (2, 3, 4)),
    ({"batch_norm": {"mean": "b", "variance": "v"}}, (2, 3, 4)),
]
IMAGES = {"K": DRAWN.normal(size=(2, 2, 2, 2)), "b": DRAWN.normal(size=2), "v": np.array([0.5, 2])}
IMAGES_ODD = {**IMAGES, "K": DRAWN.normal(size=(2, 2, 3, 3))}


@pytest.mark.parametrize(("layer", "shape"), ALONE, ids=[kind_of(case[0]) for case in ALONE])
def test_a_batch_is_its_samples(layer: Written, shape: tuple[int, ...]) -> None:
    xs = DRAWN.normal(size=(3, *shape))
    together = output([layer], {**IMAGES_ODD, "x": xs})
    for sample, x in enumerate(xs):
        assert near(together[sample], output([layer], {**IMAGES_ODD, "x": x}), 1e-13)


@pytest.mark.parametrize(("layer", "shape"), [*ALONE, ({"batch_norm": {"gamma": "b"}}, (2, 3, 4))])
@pytest.mark.parametrize("batched", [True, False])
def test_channels_behind_are_channels_in_front(layer: Written, shape: tuple[int, ...], batched: bool) -> None:
    x = DRAWN.normal(size=(3, *shape) if batched else shape)
    ((kind, settings),) = layer.items()
    in_front = output([layer], {**IMAGES_ODD, "x": x})
    kernels = IMAGES_ODD["K"].transpose(2, 3, 1, 0)
    given = {**IMAGES_ODD, "K": kernels, "x": np.moveaxis(x, -3, -1)}
    behind = output([{kind: {**settings, "layout": "NHWC"}}], given)
    assert near(np.moveaxis(behind, -1, -3), in_front, 1e-14)


def test_a_convolution_adds_up_the_channels() -> None:
    x, k, b = DRAWN.normal(size=(2, 2, 4, 3)), DRAWN.normal(size=(3, 2, 2, 2)), DRAWN.normal(size=3)
    found = output([{"conv2d": {"weights": "K", "bias": "b"}}], {"x": x, "K": k, "b": b})
    for n, f, i, j in np.ndindex(2, 3, 3, 2):
        wanted = sum((x[n, c, i : i + 2, j : j + 2] * k[f, c]).sum() for c in range(2)) + b[f]
        assert near(found[n, f, i, j], wanted, 1e-14)


@pytest.mark.parametrize("shape", [(1, 4, 3), (2, 1, 4, 3), (2, 4, 3, 1)])
@pytest.mark.parametrize("kind", ["conv2d", "conv2d_transpose"])
def test_weights_that_are_a_matrix_are_one_filter_of_one_channel(kind: str, shape: tuple[int, ...]) -> None:
    layout = "NHWC" if shape[-1] == 1 else "NCHW"
    given = {"x": DRAWN.normal(size=shape), "W": DRAWN.normal(size=(2, 2))}
    filters = given["W"].reshape((2, 2, 1, 1) if layout == "NHWC" else (1, 1, 2, 2))
    layer = [{kind: {"weights": "W", "layout": layout}}]
    alone, whole = output(layer, given), output(layer, {**given, "W": filters})
    assert near(alone, np.squeeze(whole, axis=whole.shape.index(1)), 1e-13)


def test_a_transposed_convolution_is_the_adjoint() -> None:
    x, y, k = DRAWN.normal(size=(2, 5, 5)), DRAWN.normal(size=(3, 2, 2)), DRAWN.normal(size=(3, 2, 3, 3))
    down = output([{"conv2d": {"weights": "K", "stride": 2}}], {"x": x, "K": k})
    up = output([{"conv2d_transpose": {"weights": "K", "stride": 2}}], {"x": y, "K": k})
    assert near((down * y).sum(), (x * up).sum(), 1e-13)


@pytest.mark.parametrize(
    ("kind", "axes", "shape"),
    [
        ("batch_norm", (1,), (2, 5)),
        ("layer_norm", (0,), (2, 5)),
        ("batch_norm", (0, 2, 3), (3, 2, 2, 2)),
        ("layer_norm", (1, 2, 3), (3, 2, 2, 2)),
        ("instance_norm", (2, 3), (3, 2, 2, 2)),
    ],
)
@pytest.mark.parametrize(("place", "variance"), list(product([None, "inside", "outside"], ["population", "sample"])))
def test_a_normalisation_is_what_its_axes_say(
    kind: str, axes: tuple[int, ...], shape: tuple[int, ...], place: str | None, variance: str
) -> None:
    x = DRAWN.normal(size=shape)
    spread = x.var(axis=axes, keepdims=True, ddof=int(variance == "sample"))
    root = np.sqrt(spread) + 0.01 if place == "outside" else np.sqrt(spread + 0.01)
    conventions = {"variance": variance, **({"epsilon": place} if place else {})}
    found = output([{kind: {"epsilon": 0.01}}], {"x": x}, conventions)
    assert near(found, (x - x.mean(axis=axes, keepdims=True)) / root, 1e-13)


def test_group_norm_lies_between_its_neighbours() -> None:
    x = DRAWN.normal(size=(2, 4, 2, 3))
    assert near(output([{"group_norm": {"groups": 1}}], {"x": x}), output([{"layer_norm": {}}], {"x": x}), 1e-13)
    assert near(output([{"group_norm": {"groups": 4}}], {"x": x}), output([{"instance_norm": {}}], {"x": x}), 1e-13)


@pytest.mark.parametrize(
    ("settings", "convention", "factor"),
    [
        ({"mask": "M", "rate": 0.2}, "drop", 1 / 0.8),
        ({"mask": "M", "rate": 0.2}, "keep", 1 / 0.2),
        ({"mask": "M", "rate": 0.2, "inverted": "no"}, "drop", 1),
        ({"mask": "M", "inverted": "no"}, "drop", 1),
        ({"rate": 0.2}, "drop", None),
        ({"rate": 0.2, "inverted": "no"}, "drop", 0.8),
        ({"rate": 0.2, "inverted": "no"}, "keep", 0.2),
    ],
)
def test_dropout_in_training_and_after(settings: Written, convention: str, factor: float | None) -> None:
    x, mask = DRAWN.normal(size=4), np.array([1, 0, 0, 1])
    found = output([{"dropout": settings}], {"x": x, "M": mask}, {"dropout_rate": convention})
    wanted = x * mask if "mask" in settings else x
    assert near(found, wanted * (1 if factor is None else factor), 1e-15)


@pytest.mark.parametrize("first", [0, 1])
def test_an_embedding_looks_rows_up(first: int) -> None:
    weights, ids = DRAWN.normal(size=(4, 3)), np.array([2, 0, 2])
    layer, conventions = [{"embedding": {"weights": "E"}}], {"first_class": str(first)}
    assert near(output(layer, {"x": ids + first, "E": weights}, conventions), weights[ids], 1e-15)
    assert near(output(layer, {"x": 1 + first, "E": weights}, conventions), weights[1], 1e-15)
    target = {"squared_error": {"target": "y"}}
    problem = net(layer, {"x": ids + first, "E": weights, "y": np.ones((3, 3))}, conventions, target)
    table = problem.base.copy()
    prove_derivatives(table, "L", ["E"])
    assert near(value_of(problem, "dL/dE")[[1, 3]], np.zeros((2, 3)))


def test_the_steps_of_a_sequence_are_flattened_and_the_samples_of_a_batch_are_not() -> None:
    """The vectors of all words stand one after the other, as a network on some words reads them."""
    words = {"x": np.array([2, 0, 1]), "E": DRAWN.normal(size=(3, 2))}
    assert near(output([{"embedding": {"weights": "E"}}, "flatten"], words), words["E"][[2, 0, 1]].reshape(-1))
    through = [{"embedding": {"weights": "E"}}, {"layer_norm": {}}, "flatten"]
    assert output(through, words).shape == (6,)
    batch = {"x": DRAWN.normal(size=(3, 2)), "W": DRAWN.normal(size=(4, 2))}
    samples = output([{"dense": {"weights": "W"}}, "flatten"], batch, {"samples": "rows"})
    assert near(samples, batch["x"] @ batch["W"].T)


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def recurrent(kind: str, x: Array, w: Array, u: Array, b: Array, c: Array, before: bool) -> Array:
    """Give the hidden states by NumPy; the gates in the order of the module's documentation."""
    units = u.shape[1]
    h, cell, found = np.zeros(units), np.zeros(units), []
    for row in x:
        p, q = w @ row + b, u @ h + c
        if kind == "rnn":
            h = np.tanh(p + q)
        elif kind == "lstm":
            i, f, g, o = np.split(p + q, 4)
            cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(cell)
        else:
            (pr, pz, pn), (qr, qz, qn) = np.split(p, 3), np.split(q, 3)
            r, z = sigmoid(pr + qr), sigmoid(pz + qz)
            last = u[2 * units :] @ (r * h) + c[2 * units :] if before else r * qn
            h = (1 - z) * np.tanh(pn + last) + z * h
        found.append(h)
    return np.array(found)


GATES = {"rnn": "h", "lstm": "ifgo", "gru": "rzn"}


@pytest.mark.parametrize(("kind", "before"), [("rnn", False), ("lstm", False), ("gru", False), ("gru", True)])
def test_recurrence_in_every_way_of_writing_the_weights(kind: str, before: bool) -> None:
    gates, units = GATES[kind], 2
    rows = units * len(gates)
    x, w, u = DRAWN.normal(size=(3, 3)), DRAWN.normal(size=(rows, 3)), DRAWN.normal(size=(rows, units))
    b, c = DRAWN.normal(size=(2, rows))
    wanted = recurrent(kind, x, w, u, b, c, before)
    form = {"form": "reset_before"} if before else {}
    apart = {"weights_input": "W", "weights_hidden": "U", "bias": "b", "bias_hidden": "c", **form}
    given = {"x": x, "W": w, "U": u, "b": b, "c": c, "xh": np.c_[w, u], "hx": np.c_[u, w]}
    assert near(output([{kind: apart}], given), wanted, 1e-13)
    assert near(output([{kind: {**apart, "returns": "last"}}], given, name="last1"), wanted[-1], 1e-13)
    for order in ("xh", "hx"):
        joint = {"weights": order, "order": order, "bias": "b", "bias_hidden": "c", **form}
        assert near(output([{kind: joint}], given), wanted, 1e-13)
    if len(gates) > 1:
        order = gates[::-1]
        blocks = [gates.index(gate) * units + unit for gate in order for unit in range(units)]
        turned = {name: value[blocks] if name != "x" else value for name, value in given.items()}
        assert near(output([{kind: {**apart, "gates": order}}], turned), wanted, 1e-13)


def test_a_recurrent_layer_reads_another_and_a_dense_layer_reads_each_step() -> None:
    x, w, v = DRAWN.normal(size=(3, 2)), DRAWN.normal(size=(2, 4)), DRAWN.normal(size=(3, 2))
    first = {"rnn": {"weights": "W"}}
    layers = [first, {"rnn": {"weights": "W"}}, {"dense": {"weights": "V", "activation": "softmax"}}]
    given = {"x": x, "W": w, "V": v}
    hidden = recurrent("rnn", x, w[:, :2], w[:, 2:], np.zeros(2), np.zeros(2), False)
    hidden = recurrent("rnn", hidden, w[:, :2], w[:, 2:], np.zeros(2), np.zeros(2), False)
    shares = np.exp(hidden @ v.T)
    assert near(output(layers, given), shares / shares.sum(axis=1, keepdims=True), 1e-13)


def attended(x: Array, q: Array, k: Array, v: Array, seen: Array, scale: bool = True) -> Array:
    scores = (x @ q) @ (x @ k).T / (np.sqrt(k.shape[1]) if scale else 1)
    shares = np.exp(scores) * seen
    return shares / shares.sum(axis=1, keepdims=True) @ (x @ v)


def test_attention_with_masks_and_heads() -> None:
    x = DRAWN.normal(size=(4, 3))
    q, k, v, o = (DRAWN.normal(size=shape) for shape in ((3, 4), (3, 4), (3, 6), (6, 2)))
    lower, full = np.tril(np.ones((4, 4))), np.ones((4, 4))
    mask = np.maximum(DRAWN.integers(0, 2, size=(4, 4)), np.eye(4))
    given = {"x": x, "Q": q, "K": k, "V": v, "O": o, "M": mask, "T": lower}
    base = {"queries": "Q", "keys": "K", "values": "V"}
    for settings, wanted in (
        ({}, attended(x, q, k, v, full)),
        ({"scale": "no"}, attended(x, q, k, v, full, False)),
        ({"causal": "yes"}, attended(x, q, k, v, lower)),
        ({"mask": "T"}, attended(x, q, k, v, lower)),
        ({"mask": "M", "causal": "yes"}, attended(x, q, k, v, mask * lower)),
        ({"output": "O"}, attended(x, q, k, v, full) @ o),
    ):
        assert near(output([{"attention": {**base, **settings}}], given), wanted, 1e-13), settings
    heads = [attended(x, q[:, at : at + 2], k[:, at : at + 2], v[:, 3 * at // 2 :][:, :3], lower) for at in (0, 2)]
    settings = {**base, "heads": 2, "causal": "yes", "output": "O"}
    assert near(output([{"attention": settings}], given), np.hstack(heads) @ o, 1e-13)
