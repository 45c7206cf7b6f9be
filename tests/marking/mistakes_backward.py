"""Mistakes of the backward pass: slopes, paths, and the order of entries."""

from __future__ import annotations

import numpy as np

from tests.marking.mistakes import Case, sigmoid
from tests.marking.mistakes_nets import (
    ALL,
    BACKWARD,
    BINARY,
    LEAKY,
    NET,
    NEURON,
    ONES,
    RELU,
    SHORT,
    SOFT,
    SOFTFIND,
    SOFTNET,
    SQFIND,
    SQNET,
    SQUARES,
    TANH,
    TRAIN,
    UNIT,
    UNITFIND,
)

SLOPE_CASES = [
    Case("OUT_DERIV_MISSING", SQUARES, SQNET, SQFIND, {"dJ/dz2": lambda v: v["dJ/da2"]}),
    Case(
        "OUT_DERIV_MISSING", {**SQUARES, "b2": [-0.9, -2]}, LEAKY, "z1, a1, z2, a2, J, dJ/dz2, dJ/dW2",
        {"dJ/dz2": lambda v: v["a2"] - v["y"]}, {"b2": [2, 3]},
    ),
    Case("HID_DERIV_MISSING", BINARY, NET, ALL, {"dJ/dz1": lambda v: v["dJ/da1"]}, None, TRAIN),
    Case(
        "HID_DERIV_MISSING", SQUARES, SQNET.replace("sigmoid(z1)", "leaky_relu(z1)"), SQFIND,
        {"dJ/dz1": lambda v: v["W2"].T @ v["dJ/dz2"]}, {"b1": [2, 3]},
    ),
    Case(
        "DERIV_AT_A", BINARY, NET, BACKWARD + ", da1/dz1",
        {"da1/dz1": lambda v: sigmoid(v["a1"]) * (1 - sigmoid(v["a1"]))},
    ),
    Case(
        "DERIV_AT_A", NEURON, TANH, UNITFIND,
        {"dJ/dz": lambda v: v["dJ/da"] * (1 - np.tanh(v["a"]) ** 2)}, {"x": 0, "b": 0},
    ),
    Case("DERIV_FORM_Z", BINARY, NET, BACKWARD + ", da1/dz1", {"da1/dz1": lambda v: v["z1"] * (1 - v["z1"])}),
    Case(
        "DERIV_FORM_Z", NEURON, TANH, UNITFIND, {"dJ/dz": lambda v: v["dJ/da"] * (1 - v["z"] ** 2)}, {"x": 0, "b": 0},
    ),
    Case(
        "DERIV_ON_ERROR", NEURON, UNIT, UNITFIND + ", da/dz",
        {"da/dz": lambda v: (v["a"] - v["y"]) * (1 - v["a"] + v["y"])}, {"y": 0},
    ),
    Case("DERIV_ON_ERROR", NEURON, UNIT, UNITFIND, {"dJ/dz": lambda v: v["dJ/da"] * (1 - v["dJ/da"])}),
    Case("DERIV_A_ONLY", BINARY, NET, BACKWARD, {"dJ/dz1": lambda v: v["dJ/da1"] * v["a1"]}),
    Case("DERIV_A_ONLY", NEURON, UNIT, UNITFIND + ", da/dz", {"da/dz": lambda v: v["a"]}, {"x": -26}),
    Case("DERIV_A_ONLY", BINARY, NET, BACKWARD, {"dJ/dz1": lambda v: v["dJ/da1"] * (1 - v["a1"])}),
    Case("WRONG_ACT_DERIV", BINARY, NET, BACKWARD, {"dJ/dz1": lambda v: v["dJ/da1"] * (1 - v["a1"] ** 2)}),
    Case(
        "WRONG_ACT_DERIV", {**NEURON, "x": 1.9}, TANH, UNITFIND + ", da/dz", {"da/dz": lambda v: 1},
        {"x": 1e-7, "b": 0},
    ),
    Case("RELU_NEG", {**NEURON, "x": -0.9}, RELU, UNITFIND + ", da/dz", {"da/dz": lambda v: 1}, {"x": 0.9}),
    Case(
        "RELU_NEG", {**NEURON, "x": -0.9}, RELU, UNITFIND, {"dJ/dz": lambda v: v["dJ/da"]}, {"x": 0.9},
        tied="OUT_DERIV_MISSING",
    ),
    Case("RELU_NEG", NEURON, RELU, UNITFIND + ", da/dz", {"da/dz": lambda v: v["z"]}, {"b": 0.28}),
    Case(
        "RELU_MASK_WRONG", {**SQUARES, "b1": [0.5, 2]}, SQNET.replace("sigmoid(z1)", "relu(z1)"), SQFIND,
        {"dJ/dz1": lambda v: np.maximum(0, v["dJ/da1"])}, {"W2": [[0.5, 0.6], [-0.9, -0.35]]},
    ),
    Case(
        "RELU_MASK_WRONG", {**SQUARES, "b1": [0.5, -2], "b2": [-0.9, 2]}, SQNET.replace("sigmoid", "relu"),
        "z1, a1, z2, a2, J, dJ/dz2, dJ/da1, dJ/dz1, dJ/dW1",
        {"dJ/dz1": lambda v: v["dJ/da1"] * (v["z2"] > 0)}, {"b1": [-2, 1]},
    ),
]  # fmt: skip

PATH_CASES = [
    Case(
        "SUM_ONE_PATH",
        {"x": 0.8, "w1": 0.5, "w2": 0.7, "w3": -0.9, "y": 0.3},
        "h = tanh(w1 x); u = w2 h; v = w3 h; s = u + v^2; J = (s - y)^2",
        "h, u, v, s, J, dJ/ds, dJ/dh, dJ/dw1",
        {"dJ/dh": lambda v: v["dJ/ds"] * v["w2"]},
        {"w3": 0},
    ),
    Case(
        "SUM_ONE_PATH",
        {"x": 0.8, "w1": 0.5, "w2": 0.7, "w3": -0.9, "y": 0.3, "w0": 1.2},
        "h0 = relu(w0 x); h1 = relu(w1 h0); z2 = w2 h1 + w3 h0; J = |y - z2|",
        "h0, h1, z2, J, dJ/dz2, dJ/dh1, dJ/dh0, dJ/dw0",
        {"dJ/dh0": lambda v: v["dJ/dz2"] * v["w3"]},
        {"w1": -0.5},
    ),
    Case(
        "SUM_ONE_PATH", SQUARES, SQNET, SQFIND, {"dJ/da1": lambda v: v["W2"][0] * v["dJ/dz2"][0]},
        {"W2": [[0.5, -0.6], [0, 0]]},
    ),
    Case(
        "NO_PATH", {"x": 0.5, "k": 2}, "h = k x + 1; z = x^2; y = sigmoid(h)", "h, z, y, dy/dx, dy/dz",
        {"dy/dz": lambda v: v["dy/dx"] / (2 * v["x"])}, {"k": 0},
    ),
    Case(
        "NO_PATH", {"x": 0.8, "w": 0.5}, "a = w x; c = exp(x); y = tanh(a)", "a, c, y, dy/da, dy/dc",
        {"dy/dc": lambda v: v["dy/da"] * v["w"] / v["c"]}, {"w": 0},
    ),
    Case(
        "UPDATED_W", BINARY, NET, ALL, {"dJ/da1": lambda v: v["W2_new"].T @ v["dJ/dz2"]}, {"rate": 1e-9}, TRAIN,
    ),
    Case(
        "UPDATED_W", SQUARES, SQNET, SQFIND + ", W2_new, W1_new", {"dJ/da1": lambda v: v["W2_new"].T @ v["dJ/dz2"]},
        None, "loss: J, parameters: [W1, W2]",
    ),
    Case(
        "BIAS_GRAD_INPUT", BINARY, NET, ALL,
        {"dJ/db2": lambda v: v["dJ/dz2"] * v["a1"][0], "b2_new": lambda v: v["b2"] - 0.3 * v["dJ/dz2"] * v["a1"][0]},
        None, TRAIN,
    ),
    Case(
        "BIAS_GRAD_INPUT", NEURON, UNIT, UNITFIND + ", dJ/db", {"dJ/db": lambda v: v["dJ/dz"] * v["x"]}, {"x": 1},
    ),
    Case(
        "BIAS_SUM_LAYER", SQUARES, SQNET, SQFIND, {"dJ/db2": lambda v: v["dJ/dz2"].sum()},
        {"W2": [[0.5, -0.6]], "b2": [0.1], "y": [0.2]},
    ),
    Case(
        "TRANSPOSE", SQUARES, SQNET, SQFIND, {"dJ/da1": lambda v: v["W2"] @ v["dJ/dz2"]},
        {"W2": [[0.5, -0.6], [-0.6, 0.35]]},
    ),
    Case(
        "TRANSPOSE", SQUARES, SQNET, "z1, a1, z2, a2, J, dJ/dz2, dJ/dz1",
        {"dJ/dz1": lambda v: (v["W2"] @ v["dJ/dz2"]) * v["a1"] * (1 - v["a1"])},
        {"W2": [[0.5, -0.6], [-0.6, 0.35]]},
    ),
    Case(
        "BIAS_SUM_LAYER", SQUARES, SQNET, "z1, a1, z2, a2, J, dJ/db2, dJ/dW2",
        {"dJ/db2": lambda v: v["dJ/dz2"].sum()},
    ),
    Case(
        "WEIGHT_MISSING", BINARY, NET, ALL, {"dJ/da1": lambda v: v["dJ/dz2"]}, {"W2": [[1, 1]]}, TRAIN,
    ),
    Case(
        "WEIGHT_MISSING", BINARY, NET, SHORT, {"dJ/dz1": lambda v: v["dJ/dz2"] * v["a1"] * (1 - v["a1"])},
        {"W2": [[1, 1]]},
    ),
    Case(
        "BPTT_SUM",
        {"x1": 0.7, "x2": -0.4, "w": 0.8, "u": 0.5, "y": 0.9},
        "z1 = w x1 + u; h1 = tanh(z1); z2 = w h1 + x2; h2 = tanh(z2); J = 1/2 (h2 - y)^2",
        "z1, h1, z2, h2, J, dJ/dz2, dJ/dz1, dJ/dw",
        {"dJ/dw": lambda v: v["dJ/dz2"] * v["h1"]},
        {"x1": 0},
    ),
    Case(
        "BPTT_SUM", {"x1": 0.7, "x2": -0.4, "w": 0.8, "y": 0.9},
        "z1 = w x1; z2 = w x2; h1 = tanh(z1); h2 = tanh(z2); s = h1 h2; J = 1/2 (s - y)^2",
        "z1, z2, h1, h2, s, J, dJ/ds, dJ/dz1, dJ/dz2, dJ/dw",
        {"dJ/dw": lambda v: v["dJ/dz1"] * v["x1"]}, {"x2": 0},
    ),
    Case(
        "BN_GRAD",
        {"x": [1, 2, 3.5, 6], "c": [0.5, -0.2, 0.3, 0.9], "eps": 0.01},
        "m = mean(x); s = var(x); n = (x - m) / sqrt(s + eps); J = sum(c ⊙ n)",
        "m, s, n, J, dJ/dn, dJ/dx",
        {"dJ/dx": lambda v: v["dJ/dn"] / np.sqrt(v["s"] + 0.01)},
        {"x": [-3, -1, 1, 3], "c": [1, -1, -1, 1]},
    ),
    Case(
        "BN_GRAD",
        {"x": [1, 2, 3.5, 6], "c": [0.5, -0.2, 0.3, 0.9]},
        "xhat = (x - mean(x)) / sqrt(var(x) + 0.01); J = sum(c ⊙ xhat)",
        "xhat, J, dJ/dxhat, dJ/dx",
        {"dJ/dx": lambda v: v["dJ/dxhat"] / np.sqrt(v["x"].var() + 0.01)},
        {"x": [-3, -1, 1, 3], "c": [1, -1, -1, 1]},
    ),
    Case(
        "POOL_GRAD", {"v": [1, 5, 2, 3], "y": 4.6}, "m = max(v); J = 1/2 (m - y)^2", "m, J, dJ/dm, dJ/dv",
        {"dJ/dv": lambda v: v["dJ/dm"] * np.ones(4)}, {"y": 5},
    ),
    Case(
        "POOL_GRAD", {"v": [[1, 5], [2, 3]], "y": 4.6}, "m = max(v); J = 1/2 (m - y)^2", "m, J, dJ/dm, dJ/dv",
        {"dJ/dv": lambda v: v["dJ/dm"] / 4 * np.ones((2, 2))}, {"y": 5},
    ),
    Case("DW_INPUT_MISSING", BINARY, NET, ALL, {"dJ/dW2": lambda v: v["dJ/dz2"]}, None, TRAIN),
    Case("DW_INPUT_MISSING", NEURON, UNIT, UNITFIND, {"dJ/dw": lambda v: v["dJ/dz"]}, {"x": 1}),
    Case("PROD_CONST", BINARY, NET, BACKWARD + ", da1/dz1", {"dJ/dz1": lambda v: v["dJ/da1"] + v["da1/dz1"]}),
    Case(
        "PROD_CONST", NEURON, UNIT, UNITFIND + ", da/dz", {"dJ/dz": lambda v: v["dJ/da"] + v["da/dz"]},
        {"x": 0, "b": 0, "y": 0.8333333333333333},
    ),
]  # fmt: skip

SHAPE_CASES = [
    Case("DW_TRANSPOSED", SQUARES, SQNET, SQFIND, {"dJ/dW1": lambda v: v["dJ/dW1"].T}, ONES),
    Case("DW_TRANSPOSED", SQUARES, SQNET, SQFIND, {"dJ/dW2": lambda v: np.outer(v["a1"], v["dJ/dz2"])}),
    Case("ELEMENTWISE", SQUARES, SQNET, SQFIND, {"dJ/dW2": lambda v: [v["dJ/dz2"] * v["a1"]] * len(v["dJ/dz2"])}, ONES),
    Case(
        "ELEMENTWISE", SQUARES, SQNET, SQFIND,
        {"dJ/dW1": lambda v: np.outer(v["dJ/dz1"] * v["x"], np.ones(len(v["x"])))}, ONES,
    ),
    Case(
        "AXIS", {"X": [[1, 3], [2, 8]]}, "m1 = mean(X[:,1]); s1 = var(X[:,1]); n1 = (X[1,1] - m1) / sqrt(s1)",
        "m1, s1, n1",
        {"m1": lambda v: v["X"][0].mean(), "s1": lambda v: v["X"][0].var()}, {"X": [[1, 3], [3, 8]]},
    ),
    Case(
        "AXIS",
        {"M": [[1, 3, 4], [2, 8, -1], [0.5, 2, 7]]},
        "m1 = mean(M[1,:]); m2 = mean(M[2,:]); m3 = mean(M[3,:]); c = m1 m2 m3",
        "m1, m2, m3, c",
        {
            "m1": lambda v: v["M"][:, 0].mean(),
            "m2": lambda v: v["M"][:, 1].mean(),
            "m3": lambda v: v["M"][:, 2].mean(),
        },
        {"M": [[1, 3, 4], [3, 8, -1], [4, -1, 7]]},
    ),
    Case(
        "UNIT_SWAP", BINARY, NET, ALL, {"a1": lambda v: v["a1"][::-1]},
        {"W1": [[0.4, -0.7, 0.3]] * 2, "b1": [0.3] * 2}, TRAIN,
    ),
    Case("UNIT_SWAP", SOFT, SOFTNET, SOFTFIND, {"p": lambda v: v["p"][[1, 2, 0]]}),
]  # fmt: skip

CASES = SLOPE_CASES + PATH_CASES + SHAPE_CASES
