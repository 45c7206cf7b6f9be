"""Mistakes about the loss, in its value and in its first derivative."""

from __future__ import annotations

import numpy as np

from tests.marking.mistakes import Case
from tests.marking.mistakes_nets import (
    ALL,
    BINARY,
    LINE,
    LINEFIND,
    LOGISTIC,
    NET,
    NEURON,
    SAMPLEFIND,
    SAMPLENET,
    SAMPLES,
    SOFT,
    SOFTFIND,
    SOFTNET,
    SQFIND,
    SQNET,
    SQUARES,
    TRAIN,
    UNIT,
)

CASES = [
    Case(
        "MEAN_SUM", LINE, "p = w x; J = mean((p - y)^2)", LINEFIND, {"J": lambda v: ((v["p"] - v["y"]) ** 2).sum()},
        {"x": [0.5], "y": [1.4]},
    ),
    Case(
        "MEAN_SUM", LINE, "p = w x; J = 1/3 sum((p - y)^2)", LINEFIND, {"dJ/dp": lambda v: 2 * (v["p"] - v["y"])},
    ),
    Case(
        "MEAN_SUM", SAMPLES, SAMPLENET, SAMPLEFIND, {"dJ/dZ": lambda v: v["P"] - v["y"]},
        {"X": [[0.5], [1.1]], "y": [[1]]},
    ),
    Case("LOG_BASE", BINARY, NET, ALL, {"J": lambda v: -np.log10(v["p"])}, None, TRAIN),
    Case("LOG_BASE", {**NEURON, "y": 1}, LOGISTIC, "z, a, J", {"J": lambda v: -np.log2(v["a"])}, {"x": 60}),
    Case(
        "LOG_BASE", {**NEURON, "y": 1}, LOGISTIC.replace("bce(a, y)", "-(y ln(a) + (1 - y) ln(1 - a))"), "z, a, J",
        {"J": lambda v: -np.log10(v["a"])},
    ),
    Case("LOSS_SIGN", BINARY, NET, ALL, {"J": lambda v: -v["J"]}, None, TRAIN),
    Case("LOSS_SIGN", SOFT, SOFTNET, SOFTFIND, {"J": lambda v: -v["J"]}),
    Case("LOSS_SIGN", {**NEURON, "y": 1}, LOGISTIC, "z, a, J", {"J": lambda v: np.log(v["a"])}, {"x": 60}),
    Case(
        "LOSS_HALF", LINE, "p = w x; J = 1/2 sum((p - y)^2)", LINEFIND, {"J": lambda v: 2 * v["J"]},
        {"y": [0.4, -0.96, 1.68]},
    ),
    Case("LOSS_HALF", LINE, "p = w x; J = squared_error(p, y)", LINEFIND, {"J": lambda v: v["J"] / 2}),
    Case(
        "CE_ALL_CLASSES", SOFT, SOFTNET, SOFTFIND, {"J": lambda v: -np.log(v["p"]).sum()},
        {"W": [[1, 2]], "b": [1], "y": [1]},
    ),
    Case(
        "CE_ALL_CLASSES", SOFT, SOFTNET.replace("cross_entropy(p, y)", "-sum(y ⊙ ln(p))"), SOFTFIND,
        {"J": lambda v: -(v["y"] * np.log(v["p"]) + (1 - v["y"]) * np.log(1 - v["p"])).sum()},
    ),
    Case(
        "BRACKETS", {**NEURON, "y": 0.3}, LOGISTIC.replace("bce(a, y)", "-(y ln(a) + (1 - y) ln(1 - a))"), "z, a, J",
        {"J": lambda v: -v["y"] * np.log(v["a"]) + (1 - v["y"]) * np.log(1 - v["a"])}, {"y": 1},
        tied="WEIGHT_SIGN_LOST",
    ),
    Case(
        "BRACKETS", {"x": 0.7, "w": [0.9, -1.3, 0.4], "y": [1, 0, 0]},
        "z = w x; p = sigmoid(z); J = -1/3 sum(y ⊙ ln(p) + (1 - y) ⊙ ln(1 - p))", "z, p, J",
        {"J": lambda v: -(v["y"] * np.log(v["p"])).sum() / 3 + ((1 - v["y"]) * np.log(1 - v["p"])).sum()},
        {"y": [1, 1, 1]},
    ),
    Case("LABEL_SWAP", BINARY, NET, ALL, {"J": lambda v: -np.log(1 - v["p"])}, None, TRAIN),
    Case(
        "LABEL_SWAP", {**NEURON, "y": 0.2}, LOGISTIC.replace("bce(a, y)", "-(y ln(a) + (1 - y) ln(1 - a))"), "z, a, J",
        {"J": lambda v: -((1 - v["y"]) * np.log(v["a"]) + v["y"] * np.log(1 - v["a"]))}, {"y": 0.5},
    ),
    Case("LOSS_HALF", NEURON, UNIT, "z, a, J", {"J": lambda v: 2 * v["J"]}),
    Case("LABEL_SWAP", {**NEURON, "y": 0}, LOGISTIC, "z, a, J", {"J": lambda v: -np.log(v["a"])}, {"x": 0, "b": 0}),
    Case(
        "SQUARE_MISSING", {"x": 0.5173, "w": 0.8, "y": 1.7}, "p = w x; J = (p - y)^2", "p, J, dJ/dp",
        {"J": lambda v: abs(v["p"] - v["y"])}, {"x": 0.5, "y": 1.4},
    ),
    Case(
        "SQUARE_MISSING", {"v": [0.5, -1.2]}, "n = sqrt(sum(v^2)); u = v / n", "n, u",
        {"n": lambda v: (v["v"] ** 2).sum()}, {"v": [0.6, 0.8]},
    ),
    Case("SIGN_ERR", SQUARES, SQNET, SQFIND, {"dJ/da2": lambda v: v["y"] - v["a2"]}),
    Case("SIGN_ERR", BINARY, NET, ALL, {"dJ/dz2": lambda v: v["y"] - v["p"]}, None, TRAIN),
    Case(
        "SIGN_ERR", LINE, "p = w x; J = 1/2 sum((p - y)^2)", LINEFIND, {"dJ/dp": lambda v: v["y"] - v["p"]},
        {"y": [0.4, -0.96, 1.68]},
    ),
    Case(
        "FACTOR_2", LINE, "p = w x; J = sum((p - y)^2)", LINEFIND, {"dJ/dp": lambda v: v["p"] - v["y"]},
        {"y": [0.4, -0.96, 1.68]},
    ),
    Case(
        "FACTOR_2", LINE, "p = w x; J = 1/2 sum((p - y)^2)", LINEFIND + ", dJ/dw",
        {"dJ/dp": lambda v: 2 * (v["p"] - v["y"])},
    ),
    Case(
        "INNER_SIGN_BCE",
        {"x": 0.7, "w": [0.9, -1.3], "y": [0, 1]},
        "z = w x; p = sigmoid(z); J = -sum(y ⊙ ln(p) + (1 - y) ⊙ ln(1 - p))",
        "z, p, J, dJ/dp",
        {"dJ/dp": lambda v: -v["y"] / v["p"] - (1 - v["y"]) / (1 - v["p"])},
        {"y": [1, 1]},
    ),
    Case(
        "INNER_SIGN_BCE", {**NEURON, "y": 0.3}, LOGISTIC, "z, a, J, dJ/da",
        {"dJ/da": lambda v: -v["y"] / v["a"] - (1 - v["y"]) / (1 - v["a"])}, {"y": 1},
    ),
    Case("COND_EXTRA_DERIV", BINARY, NET, ALL, {"dJ/dz2": lambda v: (v["p"] - 1) * v["p"] * (1 - v["p"])}, None, TRAIN),
    Case(
        "COND_EXTRA_DERIV", {**NEURON, "y": 0.5}, LOGISTIC, "z, a, J, dJ/dz, dJ/dw",
        {"dJ/dz": lambda v: (v["a"] - v["y"]) * v["a"] * (1 - v["a"])}, {"x": 0, "b": 0},
    ),
    Case("COND_EXTRA_DERIV", SOFT, SOFTNET, SOFTFIND, {"dJ/dz": lambda v: (v["p"] - v["y"]) * v["p"] * (1 - v["p"])}),
    Case(
        "SOFTMAX_DIAG", SOFT, SOFTNET, SOFTFIND, {"dJ/dz": lambda v: v["y"] * (v["p"] - 1)},
        {"W": [[1, 2]], "b": [1], "y": [1]},
    ),
    Case(
        "SOFTMAX_DIAG", SOFT, SOFTNET.replace("cross_entropy(p, y)", "-sum(y ⊙ ln(p))"), SOFTFIND + ", dJ/dp",
        {"dJ/dz": lambda v: v["dJ/dp"] * v["p"] * (1 - v["p"])},
    ),
    Case(
        "MAE_SIGN", {"x": 0.5, "w": 0.8, "y": -3}, "p = w x; J = |y - p|", "p, J, dJ/dp, dJ/dw",
        {"dJ/dp": lambda v: v["p"] - v["y"]}, {"y": -0.6},
    ),
    Case(
        "MAE_SIGN", LINE, "p = w x; J = absolute_error(p, y)", LINEFIND,
        {"dJ/dp": lambda v: v["p"] - v["y"]},
    ),
]  # fmt: skip
