"""The sheets on which mistakes are made: their givens, the text of their networks, and what they ask."""

from __future__ import annotations

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
