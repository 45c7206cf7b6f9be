"""Mistakes of the forward pass, of the loss and of the backward pass."""

from __future__ import annotations

import numpy as np

from tests.marking.mistakes import Case, changed, sigmoid

#: Two inputs, or three, through two sigmoid units to one: binary classification.
BINARY = {
    "x": [1.5, -0.8, 0.6],
    "W1": [[0.4, -0.7, 0.3], [-0.5, 0.2, 0.9]],
    "b1": [0.3, -0.4],
    "W2": [[0.8, -0.6]],
    "b2": [0.25],
    "y": 1,
}
NET = "z1 = W1 x + b1; a1 = sigmoid(z1); z2 = W2 a1 + b2; p = sigmoid(z2); J = bce(p, y)"
FORWARD = "z1, a1, z2, p, J"
BACKWARD = FORWARD + ", dJ/dz2, dJ/dW2, dJ/db2, dJ/da1, dJ/dz1, dJ/dW1, dJ/db1"
SHORT = FORWARD + ", dJ/dz2, dJ/dW2, dJ/dz1, dJ/dW1"
ALL = BACKWARD + ", W2_new, b2_new, W1_new, b1_new"
TRAIN = "loss: J, parameters: [W1, b1, W2, b2]"
#: Two sigmoid units and two sigmoid outputs, with half the squared error.
SQUARES = {
    "x": [0.6, -0.9],
    "W1": [[0.4, -0.7], [0.3, 0.8]],
    "b1": [0.2, -0.3],
    "W2": [[0.5, -0.6], [0.9, 0.35]],
    "b2": [0.1, 0.4],
    "y": [0.2, 0.9],
}
SQNET = "z1 = W1 x + b1; a1 = sigmoid(z1); z2 = W2 a1 + b2; a2 = sigmoid(z2); J = 1/2 sum((a2 - y)^2)"
SQFIND = "z1, a1, z2, a2, J, dJ/da2, dJ/dz2, dJ/dW2, dJ/db2, dJ/da1, dJ/dz1, dJ/dW1"
LEAKY = SQNET.replace("sigmoid", "leaky_relu")
ONES = {"W1": [[0.7]], "b1": [0.1], "x": [0.6], "W2": [[0.5]], "b2": [0.1], "y": [0.2]}
#: One unit.
NEURON = {"x": 0.9, "w": 0.8, "b": -0.3, "y": 0.4}
UNIT = "z = w x + b; a = sigmoid(z); J = 1/2 (a - y)^2"
UNITFIND = "z, a, J, dJ/da, dJ/dz, dJ/dw"
TANH, RELU = UNIT.replace("sigmoid", "tanh"), UNIT.replace("sigmoid", "relu")
LOGISTIC = UNIT.replace("1/2 (a - y)^2", "bce(a, y)")
#: Three scores and their probabilities.
SOFT = {"x": [0.7, -0.4], "W": [[0.5, 1.2], [-0.3, 0.8], [0.9, -0.6]], "b": [0.2, -0.1, 0.1], "y": [0, 1, 0]}
SOFTNET = "z = W x + b; p = softmax(z); J = cross_entropy(p, y)"
SOFTFIND = "z, p, J, dJ/dz, dJ/dW"
#: Three outputs of a line, so that no factor is both 2 and their number.
LINE = {"x": [0.5, -1.2, 2.1], "w": 0.8, "y": [1.4, -0.3, 0.9]}
LINEFIND = "p, J, dJ/dp"

#: Three samples, as the columns of X, or as its rows.
SAMPLES = {"X": [[0.5, -1.2, 0.8], [1.1, 0.4, -0.7]], "W": [[0.9, -0.6]], "b": [0.3], "y": [[1, 0, 1]]}
SAMPLENET = "Z = W X + b; P = sigmoid(Z); J = bce(P, y)"
SAMPLEFIND = "Z, P, J, dJ/dZ, dJ/dW"
ROWS = {"X": [[0.5, 1.1], [-1.2, 0.4], [0.8, -0.7]], "W": [[0.9], [-0.6]], "b": [0.3], "y": [[1], [0], [1]]}

FORWARD_CASES = [
    Case(
        "LAYER_OFF",
        {**SQUARES, "b1": [0.2, -0.8]},
        SQNET.replace("sigmoid(z1)", "relu(z1)"),
        "z1, a1, z2, a2, J",
        {"z2": lambda v: v["W2"] @ v["z1"] + v["b2"]},
        {"b1": [0.2, 0.8]},
    ),
    Case("LAYER_OFF", BINARY, NET, ALL, {"dJ/dW2": lambda v: v["dJ/dz2"] * v["z1"]}, None, TRAIN),
    Case(
        "ROWCOL_FWD",
        SQUARES,
        SQNET,
        SQFIND,
        {"z1": lambda v: v["W1"].T @ v["x"] + v["b1"]},
        {"W1": [[0.4, 0.3], [0.3, 0.8]]},
    ),
    Case("ROWCOL_FWD", BINARY, NET, ALL, {"z1": lambda v: v["W1"].T.reshape(2, 3) @ v["x"] + v["b1"]}, None, TRAIN),
    Case("BIAS_FWD", BINARY, NET, ALL, {"z1": lambda v: v["W1"] @ v["x"]}, {"b1": [0, 0]}, TRAIN),
    Case("BIAS_FWD", NEURON, UNIT, UNITFIND, {"z": lambda v: v["w"] * v["x"]}, {"b": 0}),
    Case("BIAS_FWD", SAMPLES, SAMPLENET, SAMPLEFIND, {"Z": lambda v: v["W"] @ v["X"]}, {"b": [0]}),
    Case(
        "BIAS_FWD",
        ROWS,
        "Z = X W + b; P = sigmoid(Z); J = bce(P, y)",
        SAMPLEFIND,
        {"Z": lambda v: v["X"] @ v["W"]},
        {"b": [0]},
        more="conventions: {samples: rows}",
    ),
    Case(
        "SOFTMAX_SHIFT",
        {"z": [2, 1, 0.1], "y": [0, 1, 0]},
        "p = softmax(z); J = cross_entropy(p, y)",
        "p, J",
        {"p": lambda v: np.exp(v["z"] - v["z"].max()) / np.exp(v["z"]).sum()},
        {"z": [0, -1, -0.4]},
    ),
    Case(
        "SOFTMAX_SHIFT",
        {"z": [2, 1, 0.1]},
        "m = max(z); e = exp(z - m); p = exp(z - m) / sum(exp(z - m))",
        "m, e, p",
        {"p": lambda v: np.exp(v["z"] - v["m"]) / np.exp(v["z"]).sum()},
        {"z": [0, -1, -0.4]},
    ),
    Case(
        "ATTN_SCALE",
        {"d": 3, "Q": [[1, 0.5, -0.2], [0.3, 0.8, 1.1]], "K": [[0.4, -1.2, 0.7], [0.9, 0.2, -0.5]]},
        "S = Q K^T / sqrt(d); A = exp(S)",
        "S, A",
        {"S": lambda v: v["Q"] @ v["K"].T},
        {"d": 1},
    ),
    Case(
        "ATTN_SCALE",
        {"Q": [[1, 0.5, -0.2], [0.3, 0.8, 1.1]], "K": [[0.4, -1.2, 0.7], [0.9, 0.2, -0.5]]},
        "S = Q K^T / sqrt(3); A = exp(S)",
        "S, A",
        {"S": lambda v: v["Q"] @ v["K"].T / 3},
    ),
    Case("WRONG_ACT", BINARY, NET, ALL, {"a1": lambda v: np.tanh(v["z1"])}, None, TRAIN),
    Case("WRONG_ACT", NEURON, RELU, UNITFIND, {"a": lambda v: np.tanh(v["z"])}, {"x": 0, "b": 0}),
    Case("ACT_FORGOTTEN", BINARY, NET, ALL, {"a1": lambda v: v["z1"]}, None, TRAIN),
    Case("ACT_FORGOTTEN", {**NEURON, "x": -0.9}, RELU, UNITFIND, {"a": lambda v: v["z"]}, {"x": 0.9}),
    Case("EXP_SIGN", BINARY, NET, ALL, {"a1": lambda v: 1 / (1 + np.exp(v["z1"]))}, None, TRAIN),
    Case("EXP_SIGN", NEURON, LOGISTIC, UNITFIND, {"a": lambda v: sigmoid(-v["z"])}, {"x": 0, "b": 0}),
    Case(
        "EXP_SIGN",
        NEURON,
        UNIT.replace("sigmoid(z)", "1 / (1 + exp(-z))"),
        "z, a, J",
        {"a": lambda v: sigmoid(-v["z"])},
        {"x": 0, "b": 0},
    ),
    Case(
        "TERM_DROPPED",
        BINARY,
        NET,
        ALL,
        {"z1": lambda v: changed(v["z1"], 0, 0.4 * 1.5 + 0.3 * v["x"][2] + 0.3)},
        {"x": [1.5, 0, 0.6]},
        TRAIN,
    ),
    Case(
        "TERM_DROPPED",
        {"w1": 0.4, "w2": -0.7, "w3": 0.9, "x1": 1.3, "x2": 0.6, "x3": -0.5, "b": 0.2},
        "z = w1 x1 + w2 x2 + w3 x3 + b; a = tanh(z)",
        "z, a",
        {"z": lambda v: v["w1"] * v["x1"] + v["w2"] * v["x2"] + v["b"]},
        {"x3": 0},
    ),
    Case(
        "WEIGHT_SIGN_LOST",
        BINARY,
        NET,
        ALL,
        {"z1": lambda v: v["z1"] + [0, 2 * 0.5 * v["x"][0]]},
        {"x": [0, -0.8, 0.6]},
        TRAIN,
    ),
    Case(
        "WEIGHT_SIGN_LOST",
        {"w1": 0.4, "w2": -0.7, "w3": 0.9, "x1": 1.3, "x2": 0.6, "x3": 0.5},
        "z = w1 x1 + w2 x2 + w3 x3; a = tanh(z)",
        "z, a",
        {"z": lambda v: v["w1"] * v["x1"] - v["w2"] * v["x2"] + v["w3"] * v["x3"]},
        {"x2": 0},
    ),
    Case("SOFTMAX_NONORM", SOFT, SOFTNET, SOFTFIND, {"p": lambda v: np.exp(v["z"])}),
    Case(
        "SOFTMAX_NONORM",
        {"z": [0.4, 1.1], "y": [1, 0]},
        "p = softmax(z); J = cross_entropy(p, y)",
        "p, J",
        {"p": lambda v: np.exp(v["z"])},
        {"z": [-0.6931471805599453, -0.6931471805599453]},
    ),
    Case(
        "SOFTMAX_NONORM",
        {"z": [0.4, 1.1, -0.3]},
        "e = exp(z); p = exp(z) / sum(exp(z))",
        "e, p",
        {"p": lambda v: v["z"] / v["z"].sum()},
    ),
    Case(
        "DROPOUT_SCALE",
        {"a": [0.6, 0.3, 0.9], "m": [1, 0, 1], "q": 0.2, "w": [[0.5, -0.4, 0.7]]},
        "d = a ⊙ m / (1 - q); s = w d",
        "d, s",
        {"d": lambda v: v["a"] * v["m"]},
        {"q": 0},
    ),
    Case(
        "DROPOUT_SCALE",
        {"a": [0.6, 0.3, 0.9], "m": [1, 0, 1], "w": [[0.5, -0.4, 0.7]]},
        "d = (a ⊙ m) / (1 - 0.2); s = w d",
        "d, s",
        {"d": lambda v: v["a"] * v["m"] * 0.8},
    ),
]

LOSS_CASES = [
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

CASES = FORWARD_CASES + LOSS_CASES + SLOPE_CASES + PATH_CASES + SHAPE_CASES
