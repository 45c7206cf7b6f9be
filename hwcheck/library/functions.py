"""Activations and losses, a row each, as text in the formula language.

The formulas are those of Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 6. A loss takes the
prediction first, then the target. The fused adjoints are those of section 6.2.2: they stay finite where the
activation saturates.
"""

from __future__ import annotations

from math import inf

from ..graph.functions import Function
from ..graph.ops import OPERATIONS

_ERROR = ("p", "y")

ACTIVATIONS = (
    Function("identity", body="x", slope="1", aliases=("linear",), about="the value itself"),
    Function(
        "sigmoid",
        body="1/(1 + exp(-x))",
        slope="out ⊙ (1 - out)",
        forms=("sigmoid(x) ⊙ (1 - sigmoid(x))",),
        aliases=("sigma", "logistic", "expit"),
        about="the logistic function",
        range=(0, 1),
    ),
    Function(
        "relu",
        body="max(0, x)",
        slope="x > 0",
        aliases=("rectifier",),
        about="the rectifier, max(0, x)",
        range=(0, inf),
    ),
    Function(
        "leaky_relu",
        ("x", "a"),
        body="if(x > 0, x, a x)",
        slope="if(x > 0, 1, a)",
        defaults=("0.01",),
        aliases=("leakyrelu",),
        about="x above 0, a x below; a is 0.01 unless given",
    ),
    Function(
        "elu",
        ("x", "a"),
        body="if(x > 0, x, a (exp(min(0, x)) - 1))",
        slope="if(x > 0, 1, a exp(min(0, x)))",
        defaults=("1",),
        about="x above 0, a (exp(x) - 1) below; a is 1 unless given",
    ),
    Function(
        "softplus",
        body="max(0, x) + ln(1 + exp(-|x|))",
        slope="sigmoid(x)",
        forms=("1 - exp(-out)",),
        about="ln(1 + exp(x)), in a form that stays finite",
        range=(0, inf),
    ),
    Function(
        "silu",
        body="x ⊙ sigmoid(x)",
        slope="sigmoid(x) ⊙ (1 + x ⊙ (1 - sigmoid(x)))",
        forms=("out + sigmoid(x) ⊙ (1 - out)",),
        aliases=("swish",),
        about="x times its sigmoid",
    ),
    Function(
        "softmax",
        kind="body",
        body="exp(x - max(x)) / sum(exp(x - max(x)))",
        vjp=("out ⊙ (g - sum(g ⊙ out))",),
        jacobian="diag(out) - out out^T",
        about="exp(x) over its sum; the largest entry is taken off first, which changes the range of the numbers alone",
        range=(0, 1),
    ),
    Function(
        "step", body="x >= 0", slope="0", aliases=("heaviside",), about="1 from the threshold on, else 0", range=(0, 1)
    ),
)

LOSSES = (
    Function(
        "bce",
        _ERROR,
        "all",
        body="-mean(y ⊙ ln(p) + (1 - y) ⊙ ln(1 - p))",
        vjp=("g ⊙ ((-ratio(y, p) + ratio(1 - y, 1 - p)) / count(p))", "g ⊙ ((ln(1 - p) - ln(p)) / count(p))"),
        fused=("sigmoid", "(out - y) / count(out)"),
        aliases=("binary_cross_entropy", "binary_crossentropy", "log_loss"),
        about="the binary cross-entropy with the natural logarithm, averaged over the outputs",
        range=(0, inf),
    ),
    Function(
        "bce_sum",
        _ERROR,
        "all",
        body="-sum(y ⊙ ln(p) + (1 - y) ⊙ ln(1 - p))",
        vjp=("g ⊙ (-ratio(y, p) + ratio(1 - y, 1 - p))", "g ⊙ (ln(1 - p) - ln(p))"),
        fused=("sigmoid", "out - y"),
        about="the binary cross-entropy with the natural logarithm, summed over the outputs",
        range=(0, inf),
    ),
    Function(
        "cross_entropy",
        _ERROR,
        "all",
        body="-sum(y ⊙ ln(p))",
        vjp=("-ratio(g ⊙ y, p)", "-(g ⊙ ln(p))"),
        fused=("softmax", "out ⊙ sum(y) - y", "out - y"),
        aliases=("ce", "crossentropy", "categorical_cross_entropy", "categorical_crossentropy"),
        about="the cross-entropy of a distribution with its target, summed over the classes",
        range=(0, inf),
    ),
    Function(
        "squared_error",
        _ERROR,
        "all",
        body="sum((p - y)^2)",
        vjp=("g ⊙ (2 ⊙ (p - y))", "g ⊙ (2 ⊙ (y - p))"),
        aliases=("sse",),
        about="the sum of the squared errors",
        range=(0, inf),
    ),
    Function(
        "half_squared_error",
        _ERROR,
        "all",
        body="1/2 sum((p - y)^2)",
        vjp=("g ⊙ (p - y)", "g ⊙ (y - p)"),
        about="half the sum of the squared errors",
        range=(0, inf),
    ),
    Function(
        "mse",
        _ERROR,
        "all",
        body="mean((p - y)^2)",
        vjp=("g ⊙ (2 ⊙ (p - y) / count(p))", "g ⊙ (2 ⊙ (y - p) / count(p))"),
        aliases=("mean_squared_error",),
        about="the mean of the squared errors",
        range=(0, inf),
    ),
    Function(
        "half_mse",
        _ERROR,
        "all",
        body="1/2 mean((p - y)^2)",
        vjp=("g ⊙ ((p - y) / count(p))", "g ⊙ ((y - p) / count(p))"),
        about="half the mean of the squared errors",
        range=(0, inf),
    ),
    Function(
        "absolute_error",
        _ERROR,
        "all",
        body="sum(|p - y|)",
        vjp=("g ⊙ sign(p - y)", "g ⊙ sign(y - p)"),
        about="the sum of the absolute errors",
        range=(0, inf),
    ),
    Function(
        "mae",
        _ERROR,
        "all",
        body="mean(|p - y|)",
        vjp=("g ⊙ sign(p - y) / count(p)", "g ⊙ sign(y - p) / count(p)"),
        aliases=("mean_absolute_error", "l1_loss"),
        about="the mean of the absolute errors",
        range=(0, inf),
    ),
)

#: Every operation that a sheet may use without declaring it.
FUNCTIONS: dict[str, Function] = {**OPERATIONS, **{row.name: row for row in (*ACTIVATIONS, *LOSSES)}}
