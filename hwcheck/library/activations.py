"""Activations, a row each, as text in the formula language.

The formulas are those of Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 6; elu is of Clevert,
Unterthiner and Hochreiter (2016), selu of Klambauer and others (2017), gelu of Hendrycks and Gimpel (2016), silu of
Ramachandran, Zoph and Le (2017).
"""

from __future__ import annotations

from math import inf

from ..graph import batches, elementary
from ..graph.functions import Function

#: The constants of selu, by which a layer keeps mean 0 and variance 1.
_SELU_SCALE, _SELU_ALPHA = "1.0507009873554805", "1.6732632423543772"

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
        vjp=("g ⊙ if(x > 0, 0, x)",),
        defaults=("0.01",),
        aliases=("leakyrelu",),
        about="x above 0, a x below; a is 0.01 unless given",
    ),
    Function(
        "prelu",
        ("x", "a"),
        body="if(x > 0, x, a ⊙ x)",
        slope="if(x > 0, 1, a)",
        vjp=("g ⊙ if(x > 0, 0, x)",),
        about="x above 0, a x below; a is learned",
    ),
    Function(
        "elu",
        ("x", "a"),
        body="if(x > 0, x, a (exp(min(0, x)) - 1))",
        slope="if(x > 0, 1, a exp(min(0, x)))",
        vjp=("g ⊙ if(x > 0, 0, exp(min(0, x)) - 1)",),
        forms=("if(x > 0, 1, out + a)",),
        defaults=("1",),
        about="x above 0, a (exp(x) - 1) below; a is 1 unless given",
    ),
    Function(
        "selu",
        body=f"{_SELU_SCALE} if(x > 0, x, {_SELU_ALPHA} (exp(min(0, x)) - 1))",
        slope=f"{_SELU_SCALE} if(x > 0, 1, {_SELU_ALPHA} exp(min(0, x)))",
        about="elu with the two constants that keep mean 0 and variance 1 from layer to layer",
    ),
    Function(
        "gelu",
        body="1/2 x ⊙ (1 + erf(x/sqrt(2)))",
        slope="1/2 (1 + erf(x/sqrt(2))) + x ⊙ exp(-x^2/2)/sqrt(2 pi)",
        about="x times the probability that a standard normal number is below x",
    ),
    Function(
        "gelu_tanh",
        body="1/2 x ⊙ (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))",
        slope="1/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) + "
        "1/2 x ⊙ (1 - tanh(sqrt(2/pi) (x + 0.044715 x^3))^2) ⊙ (sqrt(2/pi) (1 + 0.134145 x^2))",
        about="gelu with the hyperbolic tangent in the place of the error function",
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
    Function("softsign", body="x/(1 + |x|)", slope="1/(1 + |x|)^2", about="x over 1 + |x|", range=(-1, 1)),
    Function(
        "hard_sigmoid",
        body="max(0, min(1, x/6 + 1/2))",
        slope="((x > -3) ⊙ (x < 3))/6",
        about="x/6 + 1/2, but no less than 0 and no more than 1",
        range=(0, 1),
    ),
    Function(
        "hard_tanh",
        body="max(-1, min(1, x))",
        slope="(x > -1) ⊙ (x < 1)",
        about="x, but no less than -1 and no more than 1",
        range=(-1, 1),
    ),
    Function(
        "softmax",
        kind="body",
        body="exp(x) / sample_sum(exp(x))",
        vjp=("out ⊙ (g - sample_sum(g ⊙ out))",),
        jacobian="diag(out) - out out^T",
        about="exp(x) over its sum, which is worked out so that it stays finite; of each sample where x is a batch",
        range=(0, 1),
        lower=batches.softmax,
    ),
    Function(
        "log_softmax",
        kind="body",
        body="x - ln(sample_sum(exp(x)))",
        vjp=("g - exp(out) ⊙ sample_sum(g)",),
        jacobian="I(count(x)) - ones(count(x)) exp(out)^T",
        about="the logarithm of softmax, which stays finite; of each sample where x is a batch",
        range=(-inf, 0),
        lower=batches.log_softmax,
    ),
    Function(
        "step", body="x >= 0", slope="0", aliases=("heaviside",), about="1 from the threshold on, else 0", range=(0, 1)
    ),
)
#: The functions that are layers by themselves.
BARE = (*ACTIVATIONS, *(row for row in elementary.ROWS if row.name in ("tanh", "sign")))
