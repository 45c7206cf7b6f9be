"""Layers: each is expanded into lines of text, and shown as such.

>>> dense_lines("U", {"weights": "W1", "bias": "b1", "activation": "sigmoid"}, "X1", "Y1")
['X1 = W1 U + b1', 'Y1 = sigmoid(X1)']
"""

from __future__ import annotations

from collections.abc import Mapping


def dense_lines(source: str, settings: Mapping[str, str], pre: str, out: str) -> list[str]:
    """Give the lines of a dense layer.

    Weights times input, plus the bias if there is one, through the activation if there is one.
    """
    bias = settings.get("bias")
    activation = settings.get("activation", "identity")
    return [
        f"{pre} = {settings['weights']} {source}" + (f" + {bias}" if bias else ""),
        f"{out} = {activation}({pre})" if activation not in ("identity", "linear") else f"{out} = {pre}",
    ]


# : The settings of each kind of layer, the required ones first with their meaning; and the function that writes its
# lines.
LAYERS = {
    "dense": (
        dense_lines,
        {"weights": "the matrix, one row for each unit"},
        {"bias": "the vector of biases", "activation": "the function of each unit, by default the identity"},
    ),
}
