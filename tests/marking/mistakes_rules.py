"""Mistakes of updates, optimizers, normalisation and convolution, in counting and deciding, and in the digits."""

from __future__ import annotations

import numpy as np

from tests.marking.mistakes import Case, changed, edited
from tests.marking.mistakes_nets import ALL, BINARY, NET, NEURON, TRAIN, UNIT, UNITFIND

STEP = UNITFIND + ", dJ/db, w_new, b_new"
BOTH = "loss: J, parameters: [w, b]"
#: No gradient comes: the input is 0 and the error too.
STILL = {"x": 0, "b": 0, "y": 0.5}
DECAY = {"w": 0.73, "g": 0.2184, "lam": 0.15, "r": 0.4}
ADAM = {"g": 0.8, "m0": 0.1, "v0": 0.02, "b1": 0.9, "b2": 0.98, "a": 0.1, "eps": 1e-8, "w": 0.5, "t": 3}
RULE = (
    "m = b1 m0 + (1 - b1) g; v = b2 v0 + (1 - b2) g^2; mhat = m / (1 - b1^t); vhat = v / (1 - b2^t); "
    "w_1 = w - a mhat / (sqrt(vhat) + eps)"
)
LITERAL = (
    "m = 0.9 m0 + 0.1 g; v = 0.999 v0 + 0.001 g^2; mhat = m / (1 - 0.9^3); vhat = v / (1 - 0.999^3); "
    "w_1 = w - 0.1 mhat / (sqrt(vhat) + 1e-8)"
)
MOMENTUM = {"v0": 0.3, "g": 0.5, "b": 0.9, "r": 0.1, "w": 1.2}

UPDATE_CASES = [
    Case(
        "UPD_SIGN_ONE", BINARY, NET, ALL,
        {"W1_new": lambda v: changed(v["W1_new"], (0, 2), v["W1"][0, 2] + 0.3 * v["dJ/dW1"][0, 2])},
        {"x": [1.5, -0.8, 0]}, TRAIN,
    ),
    Case(
        "UPD_SIGN_ONE", {**BINARY, "b1": [0, 0]}, NET, ALL,
        {"b1_new": lambda v: changed(v["b1_new"], 0, -v["b1_new"][0])}, None, TRAIN,
    ),
    Case(
        "UPD_PLUS", BINARY, NET, ALL,
        {
            name: lambda v, name=name: v[name.removesuffix("_new")] + 0.3 * v["dJ/d" + name.removesuffix("_new")]
            for name in ("W2_new", "b2_new", "W1_new", "b1_new")
        },
        None, TRAIN,
    ),
    Case(
        "UPD_PLUS", NEURON, UNIT, STEP,
        {"w_new": lambda v: v["w"] + 0.3 * v["dJ/dw"], "b_new": lambda v: v["b"] + 0.3 * v["dJ/db"]}, STILL, BOTH,
    ),
    Case("BIAS_NOT_UPD", {**NEURON, "b": -0.347}, UNIT, STEP, {"b_new": lambda v: v["b"]}, STILL, BOTH),
    Case("BIAS_NOT_UPD", {**NEURON, "b": 0}, UNIT, STEP, {"b_new": lambda v: v["b"]}, None, BOTH),
    Case("BIAS_NOT_UPD", BINARY, NET, ALL, {"b2_new": lambda v: v["b2"], "b1_new": lambda v: v["b1"]}, None, TRAIN),
    Case(
        "L2_FACTOR", DECAY, "w_1 = w - r (g + lam w)", "w_1",
        {"w_1": lambda v: v["w"] - v["r"] * (v["g"] + 2 * v["lam"] * v["w"])}, {"lam": 0},
    ),
    Case(
        "L2_FACTOR", DECAY, "d = g + lam w; w_1 = w - r d", "d, w_1", {"d": lambda v: v["g"]}, {"lam": 0},
    ),
    Case(
        "L2_FACTOR", DECAY, "w_1 = w - r (g + lam w)", "w_1",
        {"w_1": lambda v: v["w"] - v["r"] * v["g"] - v["lam"] * v["w"]}, {"lam": 0},
    ),
    Case(
        "L2_FACTOR", {"x": 0.9, "w": 0.73, "y": 1.4, "lam": 0.15}, "p = w x; J = 1/2 (p - y)^2 + 1/2 lam w^2",
        "p, J, dJ/dp, dJ/dw, w_new",
        {"dJ/dw": lambda v: v["dJ/dp"] * v["x"] + 2 * v["lam"] * v["w"]}, {"lam": 0}, "loss: J, parameters: [w]",
    ),
    Case(
        "NO_LR", BINARY, NET, ALL,
        {
            name: lambda v, name=name: v[name.removesuffix("_new")] - v["dJ/d" + name.removesuffix("_new")]
            for name in ("W2_new", "b2_new", "W1_new", "b1_new")
        },
        {"rate": 1}, TRAIN,
    ),
    Case(
        "NO_LR", {"w": 0.5, "g": 0.8, "r": 0.2}, "w_1 = w - r g", "w_1", {"w_1": lambda v: v["w"] - v["g"]}, {"r": 1},
    ),
    Case(
        "LR_TWICE", NEURON, UNIT, STEP,
        {"w_new": lambda v: v["w"] - 0.09 * v["dJ/dw"], "b_new": lambda v: v["b"] - 0.09 * v["dJ/db"]}, None, BOTH,
    ),
    Case(
        "LR_TWICE", {"w": 0.5, "g": 0.8, "r": 0.2}, "w_1 = w - r g", "w_1",
        {"w_1": lambda v: v["w"] - v["r"] ** 2 * v["g"]}, {"r": 1},
    ),
    Case(
        "STEP_ONLY", NEURON, UNIT, UNITFIND + ", w_new", {"w_new": lambda v: -0.3 * v["dJ/dw"]}, {"w": 0},
        "loss: J, parameters: [w]",
    ),
    Case("STEP_ONLY", BINARY, NET, ALL, {"W2_new": lambda v: 0.3 * v["dJ/dW2"]}, None, TRAIN),
    Case(
        "GRAD_W_UPDATE_OLD", {"x": 0.9, "w": 0.5, "y": 1.4}, "p = w x; J = (p - y)^2",
        "p, J, dJ/dw, w@2, p@2, dJ/dw@2, w_new",
        {"w_new": lambda v: v["w@2"] - 0.3 * v["dJ/dw@1"]}, {"x": 0},
        "loss: J, parameters: [w], steps: 2",
    ),
    Case(
        "GRAD_W_UPDATE_OLD", {"w0": 1, "g0": 0.5, "g1": 0.3, "r": 0.1}, "w1 = w0 - r g0; w2 = w1 - r g1", "w1, w2",
        {"w2": lambda v: v["w1"] - v["r"] * v["g0"]}, {"g1": 0.5},
    ),
]  # fmt: skip

OPTIMIZER_CASES = [
    Case("ADAM_NO_BC", ADAM, RULE, "m, v, mhat, vhat, w_1", {"mhat": lambda v: v["m"]}, {"t": 4000}),
    Case(
        "ADAM_NO_BC", ADAM, RULE, "m, v, w_1",
        {"w_1": lambda v: v["w"] - v["a"] * v["m"] / (np.sqrt(v["v"]) + v["eps"])}, {"t": 4000},
    ),
    Case("ADAM_NO_BC", ADAM, LITERAL, "m, v, mhat, vhat, w_1", {"mhat": lambda v: v["m"], "vhat": lambda v: v["v"]}),
    Case(
        "MOM_FORM", MOMENTUM, "v = b v0 + g; w_1 = w - r v", "v, w_1",
        {"v": lambda v: v["b"] * v["v0"] + (1 - v["b"]) * v["g"]}, {"g": 0},
    ),
    Case(
        "MOM_FORM", MOMENTUM, "v = b v0 + (1 - b) g; w_1 = w - r v", "v, w_1",
        {"v": lambda v: v["b"] * v["v0"] + v["g"]}, {"g": 0},
    ),
    Case("ADAM_T", ADAM, RULE, "m, v, mhat, vhat, w_1", {"mhat": lambda v: v["m"] / (1 - v["b1"])}, {"t": 1}),
    Case("ADAM_T", ADAM, LITERAL, "m, v, mhat, vhat, w_1", {"vhat": lambda v: v["v"] / (1 - 0.999**2)}),
    Case(
        "ADAM_SWAP", ADAM, RULE, "m, v, mhat, vhat, w_1",
        {"m": lambda v: v["b2"] * v["m0"] + (1 - v["b2"]) * v["g"]}, {"b2": 0.9},
    ),
    Case(
        "ADAM_SWAP", ADAM, RULE, "m, v, mhat, vhat, w_1",
        {
            "m": lambda v: v["b2"] * v["m0"] + (1 - v["b2"]) * v["g"],
            "v": lambda v: v["b1"] * v["v0"] + (1 - v["b1"]) * v["g"] ** 2,
        },
        {"b2": 0.9},
    ),
    Case(
        "MOM_OLD_V", MOMENTUM, "v = b v0 + g; w_1 = w - r v", "v, w_1",
        {"w_1": lambda v: v["w"] - v["r"] * v["v0"]}, {"v0": 1, "g": 0.1},
    ),
    Case(
        "MOM_OLD_V", {**MOMENTUM, "g": 0.5173, "w": 1.2345}, "v = b v0 - r g; w_1 = w + v", "v, w_1",
        {"w_1": lambda v: v["w"] + v["v0"]}, {"v0": -1, "g": 1},
    ),
    Case(
        "RMS_NO_SQ", ADAM, "v = b2 v0 + (1 - b2) g^2; w_1 = w - a g / (sqrt(v) + eps)", "v, w_1",
        {"v": lambda v: v["b2"] * v["v0"] + (1 - v["b2"]) * v["g"]}, {"g": 1},
    ),
    Case(
        "RMS_NO_SQ", ADAM, "v = b2 v0 + (1 - b2) g^2; w_1 = w - a g / (sqrt(v) + eps)", "v, w_1",
        {"w_1": lambda v: v["w"] - v["a"] * v["g"] / (v["v"] + v["eps"])}, {"g": 1, "v0": 1},
    ),
]  # fmt: skip

#: The same with the rules that come along, over two steps.
BUILT = "loss: J, parameters: [w], steps: 2, optimizer: "
BOTHSTEPS = "dJ/dw@1, m_w@1, w@2, dJ/dw@2, m_w@2, w_new"
ADAMFIND = "dJ/dw@1, m_w@1, v_w@1, mhat_w@1, vhat_w@1, w@2, dJ/dw@2, m_w@2, v_w@2, mhat_w@2, vhat_w@2, w_new"
FIXED = "conventions: {bias_correction: yes, momentum: plain, momentum_rate: outside, epsilon: outside}"

BUILT_CASES = [
    Case(
        "ADAM_NO_BC", NEURON, UNIT, ADAMFIND,
        {
            f"{name}hat_w@{step}": lambda v, name=name, step=step: v[f"{name}_w@{step}"]
            for step in (1, 2)
            for name in "mv"
        },
        None, BUILT + "adam", more=FIXED,
    ),
    Case(
        "ADAM_NO_BC", NEURON, UNIT, "dJ/dw@1, m_w@1, v_w@1, w@2",
        {"w@2": lambda v: v["w"] - 0.3 * v["m_w@1"] / (np.sqrt(v["v_w@1"]) + 1e-8)}, None, BUILT + "adam", more=FIXED,
    ),
    Case(
        "ADAM_T", NEURON, UNIT, ADAMFIND, {"mhat_w@2": lambda v: v["m_w@2"] / (1 - 0.9)}, None, BUILT + "adam",
        more=FIXED,
    ),
    Case(
        "ADAM_SWAP", NEURON, UNIT, ADAMFIND, {"m_w@1": lambda v: (1 - 0.999) * v["dJ/dw@1"]}, None, BUILT + "adam",
        more=FIXED,
    ),
    Case(
        "RMS_NO_SQ", NEURON, UNIT, ADAMFIND, {"v_w@2": lambda v: 0.999 * v["v_w@1"] + 0.001 * v["dJ/dw@2"]}, None,
        BUILT + "adam", more=FIXED,
    ),
    Case(
        "RMS_NO_SQ", NEURON, UNIT, "dJ/dw@1, v_w@1, w@2", {"w@2": lambda v: v["w"] - 0.3 * v["dJ/dw@1"] / v["v_w@1"]},
        None, BUILT + "adagrad", more=FIXED,
    ),
    Case(
        "MOM_FORM", NEURON, UNIT, BOTHSTEPS, {"m_w@2": lambda v: 0.9 * v["m_w@1"] + 0.1 * v["dJ/dw@2"]}, None,
        BUILT + "momentum", more=FIXED,
    ),
    Case(
        "MOM_FORM", NEURON, UNIT, BOTHSTEPS, {"m_w@2": lambda v: 0.9 * v["m_w@1"] + v["dJ/dw@2"]}, None,
        BUILT + "{momentum: {form: ema}}",
    ),
    Case(
        "MOM_OLD_V", NEURON, UNIT, BOTHSTEPS, {"w_new": lambda v: v["w@2"] - 0.3 * v["m_w@1"]}, None,
        BUILT + "momentum", more=FIXED,
    ),
    Case(
        "GRAD_W_UPDATE_OLD", NEURON, UNIT, BOTHSTEPS, {"m_w@2": lambda v: 0.9 * v["m_w@1"] + v["dJ/dw@1"]}, None,
        BUILT + "momentum", more=FIXED,
    ),
    Case(
        "NO_LR", NEURON, UNIT, BOTHSTEPS, {"w_new": lambda v: v["w@2"] - v["m_w@2"]}, None, BUILT + "momentum",
        more=FIXED,
    ),
    Case(
        "L2_FACTOR", NEURON, UNIT, "dJ/dw@1, decayed_w@1, w@2", {"decayed_w@1": lambda v: v["dJ/dw@1"] + 0.4 * v["w"]},
        None, BUILT + "{sgd: {weight_decay: 0.2}}",
    ),
    Case(
        "L2_FACTOR", NEURON, UNIT, "dJ/dw@1, w@2", {"w@2": lambda v: v["w"] - 0.3 * v["dJ/dw@1"]}, None,
        BUILT + "{sgd: {weight_decay: 0.2}}",
    ),
]  # fmt: skip

BATCH = {"x": [1, 2, 3, 6], "eps": 0.01, "gamma": 1.5, "beta": -0.4}
IMAGE = {"I": [[1, 2, 0], [3, 1, -1], [0.5, 2, 4]], "K": [[1, -2], [0.5, 3]]}
ENTRY = "o{n} = sum(u = 1..2, v = 1..2, K[u,v] I[u+{r},v+{c}])"
SLICE = "o{n} = sum(K ⊙ I[{a}..{b},{c}..{d}])"

LAYER_CASES = [
    Case(
        "BN_VAR", BATCH, "m = mean(x); s = var(x); xhat = (x - m) / sqrt(s + eps)", "m, s, xhat",
        {"s": lambda v: v["x"].var(ddof=1)}, {"x": [2, 2, 2, 2]}, more="conventions: {variance: population}",
    ),
    Case(
        "BN_VAR", BATCH, "m = mean(x); s = mean((x - m)^2); xhat = (x - m) / sqrt(s + eps)", "m, s, xhat",
        {"s": lambda v: v["x"].var(ddof=1)},
    ),
    Case(
        "BN_STD", BATCH, "xhat = (x - mean(x)) / sqrt(var(x) + eps); n = gamma xhat + beta", "xhat, n",
        {"xhat": lambda v: (v["x"] - v["x"].mean()) / (v["x"].var() + v["eps"])},
        {"x": [-1, 1, -1, 1], "eps": 0},
    ),
    Case(
        "BN_STD", BATCH, "xhat = (x - mean(x)) / sqrt(var(x) + eps); n = gamma xhat + beta", "xhat, n",
        {"n": lambda v: v["gamma"] * v["xhat"]}, {"beta": 0}, tied="BIAS_FWD",
    ),
    Case(
        "BN_STD", BATCH, "m = mean(x); s = var(x); xhat = (x - m) / sqrt(s + eps)", "m, s, xhat",
        {"xhat": lambda v: (v["x"] - v["m"]) / (v["s"] + v["eps"])},
    ),
    Case(
        "CONV_FLIP", IMAGE,
        "; ".join(ENTRY.format(n=2 * r + c + 1, r=r, c=c) for r in (0, 1) for c in (0, 1)), "o1, o2, o3, o4",
        {
            f"o{2 * r + c + 1}": lambda v, r=r, c=c: (v["K"][::-1, ::-1] * v["I"][r : r + 2, c : c + 2]).sum()
            for r in (0, 1)
            for c in (0, 1)
        },
        {"K": [[1, -2], [-2, 1]]},
    ),
    Case(
        "CONV_FLIP", IMAGE,
        "; ".join(SLICE.format(n=2 * r + c + 1, a=r + 1, b=r + 2, c=c + 1, d=c + 2) for r in (0, 1) for c in (0, 1)),
        "o1, o2, o3, o4",
        {
            f"o{2 * r + c + 1}": lambda v, r=r, c=c: (v["K"][::-1, ::-1] * v["I"][r : r + 2, c : c + 2]).sum()
            for r in (0, 1)
            for c in (0, 1)
        },
        {"K": [[1, -2], [-2, 1]]},
    ),
    Case(
        "CONV_SIZE", {"n": 9, "k": 3, "s": 2, "p": 1}, "cells = n n", "cells",
        {"size": lambda v: (v["n"] - v["k"]) / v["s"] + 1}, {"p": 0}, named="size: (n + 2 p - k)/s + 1",
    ),
    Case(
        "CONV_SIZE", {"n": 9, "k": 3, "s": 2}, "cells = n n", "cells",
        {"size": lambda v: (v["n"] - v["k"]) / v["s"]}, named="size: (n - k)/s + 1",
    ),
    Case("PARAM_COUNT", {"n": 3}, "m = 2 n", "m", {"params": lambda v: 3 * 4 + 4}, named="params: (3+1)*4 + (4+1)*1"),
    Case("PARAM_COUNT", {"n": 3}, "m = 2 n", "m", {"params": lambda v: 3 * 4 + 5}, named="params: (3+1)*4 + (4+1)*1"),
    Case(
        "PARAM_COUNT", {"n": 3, "m": 5}, "k = 2 n", "k", {"params": lambda v: v["n"] * v["m"]}, {"n": 0, "m": 0},
        named="params: n m + m",
    ),
    Case(
        "THRESH_DIR", {"w": 0.5, "x": 1.4, "c": 0.6}, "p = w x", "p", {"class": lambda v: v["p"] <= v["c"]},
        {"x": 1.2}, named="class: p >= c",
    ),
    Case(
        "THRESH_DIR", {"w": 0.5, "x": 1.4, "c": 0.6}, "p = w x", "p", {"fires": lambda v: 0}, named="fires: p > c",
    ),
]  # fmt: skip

DIGIT_CASES = [
    Case("ARITH_SUM", BINARY, NET, ALL, {"z1": lambda v: v["z1"] - [0.1, 0]}, None, TRAIN),
    Case("ARITH_SUM", NEURON, UNIT, UNITFIND, {"z": lambda v: v["z"] + 0.1}),
    Case("DROP_ZERO", BINARY, NET, ALL, edited("W1_new", 4, lambda text: f"{text[:3]}0{text[3:-1]}"), None, TRAIN),
    Case(
        "DROP_ZERO", {"w": 0.3, "g": -0.0024767, "r": 0.05}, "w_1 = w - r g", "w_1",
        {"w_1": lambda v: 0.30124},
    ),
    Case("DECIMAL_SLIP", BINARY, NET, ALL, {"dJ/dz1": lambda v: v["dJ/dz1"] * [10, 1]}, None, TRAIN),
    Case("DECIMAL_SLIP", BINARY, NET, ALL, {"J": lambda v: v["J"] / 100}, None, TRAIN),
    Case(
        "DIGIT_SWAP", BINARY, NET, ALL, edited("a1", 1, lambda text: text[:4] + text[5] + text[4] + text[6:]), None,
        TRAIN,
    ),
    Case(
        "DIGIT_SWAP", {**NEURON, "w": 1, "b": 0, "x": 0.4257}, UNIT, UNITFIND,
        edited("z", 0, lambda text: text[:4] + text[5] + text[4]), {"x": 0.4255},
    ),
    Case("DECIMAL_SLIP", {**NEURON, "b": -0.3471}, UNIT, UNITFIND, {"z": lambda v: v["z"] * 10}, {"x": 0, "b": 0}),
    Case("SIGN_SLIP", BINARY, NET, ALL, {"z2": lambda v: -v["z2"]}, None, TRAIN),
    Case("SIGN_SLIP", NEURON, UNIT, UNITFIND, {"z": lambda v: -v["z"]}, {"x": 0, "b": 0}),
    Case(
        "MISCOPY", BINARY, NET, ALL,
        {
            "z1": lambda v: v["W1"] @ [1.2, -0.8, 0.6] + v["b1"],
            "dJ/dW1": lambda v: np.outer(v["dJ/dz1"], [1.2, -0.8, 0.6]),
        },
        None, TRAIN,
    ),
    Case(
        "MISCOPY", BINARY, NET, "z1, a1, z2, p, J", {"z1": lambda v: v["W1"] @ [1.2, -0.8, 0.6] + v["b1"]},
        {"W1": [[0, -0.7, 0.3], [0, 0.2, 0.9]]},
    ),
    Case(
        "MISCOPY", BINARY, NET, ALL,
        {
            "z1": lambda v: v["z1"] + [0.5 * v["x"][0], 0],
            "W1_new": lambda v: v["W1_new"] + [[0.5, 0, 0], [0, 0, 0]],
        },
        None, TRAIN,
    ),
]  # fmt: skip

CASES = UPDATE_CASES + OPTIMIZER_CASES + BUILT_CASES + LAYER_CASES + DIGIT_CASES
