"""Losses and penalties, a row each, as text in the formula language.

The formulas are those of Goodfellow, Bengio and Courville, Deep Learning (2016), chapters 5 to 7; the hinge losses are
of Cortes and Vapnik (1995) and of Weston and Watkins (1999), huber of Huber (1964), the elastic net of Zou and Hastie
(2005). A loss takes the prediction first, then the target. The fused adjoints are those of section 6.2.2: they stay
finite where the activation saturates.

Most losses come as a pair: one that averages, over all entries or over the samples, and one that adds up. The texts of
a pair are the same but for `{sum}` and `{n}`, the division by the number.
"""

from __future__ import annotations

import re
from math import inf

from ..graph.functions import Function

#: Brackets around brackets, where nothing is divided.
TWICE = re.compile(r"\(\(([^()]*(?:\([^()]*\)[^()]*)*)\)\)")
_ERROR = ("p", "y")
_SCORES = ("z", "y")


def _pair(
    name: str,
    summed: str,
    params: tuple[str, ...],
    body: str,
    vjp: tuple[str, ...] = (),
    fused: tuple[str, ...] = (),
    over: str = "outputs",
    about: str = "",
    aliases: tuple[str, ...] = (),
    defaults: tuple[str, ...] = (),
    range: tuple[float, float] = (0, inf),
) -> tuple[Function, Function]:
    """Give the loss that averages, over all outputs or over the samples alone, and the one that adds up."""
    divided = {"outputs": " / count({})", "samples": " / samples({})"}[over]

    def row(name: str, averages: bool, how: str, aliases: tuple[str, ...]) -> Function:
        def text(written: str, of: str) -> str:
            mean = "mean" if over == "outputs" and averages else "sum"
            by = divided.replace("{}", of) if averages else ""
            found = written.replace("{sum}", mean).replace("{n}", by)
            return found if by else TWICE.sub(r"(\1)", found)

        return Function(
            name,
            params,
            "all",
            body=text(body, params[0]),
            vjp=tuple(text(one, params[0]) for one in vjp),
            fused=tuple(text(one, "out") for one in fused),
            aliases=aliases,
            defaults=defaults,
            about=f"{about}, {how}",
            range=range,
        )

    average = "averaged over the outputs" if over == "outputs" else "added up over the classes, averaged over a batch"
    return row(name, True, average, aliases), row(summed, False, "added up", ())


_BATCHED = (
    _pair(
        "bce",
        "bce_sum",
        _ERROR,
        "-{sum}(y ⊙ ln(p) + (1 - y) ⊙ ln(1 - p))",
        ("g ⊙ ((-ratio(y, p) + ratio(1 - y, 1 - p)){n})", "g ⊙ ((ln(1 - p) - ln(p)){n})"),
        ("sigmoid", "(out - y){n}"),
        about="the binary cross-entropy with the natural logarithm",
        aliases=("binary_cross_entropy", "binary_crossentropy", "log_loss"),
    ),
    _pair(
        "bce_logits",
        "bce_logits_sum",
        _SCORES,
        "{sum}(softplus(z) - z ⊙ y)",
        ("g ⊙ ((sigmoid(z) - y){n})", "-(g ⊙ (z{n}))"),
        about="the binary cross-entropy of the sigmoid of z, in a form that stays finite",
        aliases=("bce_with_logits",),
    ),
    _pair(
        "cross_entropy",
        "cross_entropy_sum",
        _ERROR,
        "-sum(y ⊙ ln(p)){n}",
        ("-(ratio(g ⊙ y, p){n})", "-(g ⊙ (ln(p){n}))"),
        ("softmax", "(out ⊙ sample_sum(y) - y){n}"),
        "samples",
        about="the cross-entropy of a distribution with its target",
        aliases=("ce", "crossentropy", "categorical_cross_entropy", "categorical_crossentropy"),
    ),
    _pair(
        "cross_entropy_logits",
        "cross_entropy_logits_sum",
        _SCORES,
        "-sum(y ⊙ log_softmax(z)){n}",
        ("g ⊙ ((softmax(z) ⊙ sample_sum(y) - y){n})", "-(g ⊙ (log_softmax(z){n}))"),
        over="samples",
        about="the cross-entropy of the softmax of z, in a form that stays finite",
        aliases=("ce_logits", "softmax_cross_entropy"),
    ),
    _pair(
        "kl",
        "kl_sum",
        _ERROR,
        "sum(y ⊙ ln(y) - y ⊙ ln(p)){n}",
        ("-(ratio(g ⊙ y, p){n})", "g ⊙ ((ln(y) + 1 - ln(p)){n})"),
        ("softmax", "(out ⊙ sample_sum(y) - y){n}"),
        "samples",
        about="the Kullback-Leibler divergence of the target y from the distribution p, sum(y ln(y/p))",
        aliases=("kl_divergence",),
        range=(-inf, inf),
    ),
    _pair(
        "entropy",
        "entropy_sum",
        ("p",),
        "-sum(p ⊙ ln(p)){n}",
        ("-(g ⊙ ((ln(p) + 1){n}))",),
        over="samples",
        about="the entropy of a distribution with the natural logarithm",
    ),
    _pair(
        "mae",
        "absolute_error",
        _ERROR,
        "{sum}(|p - y|)",
        ("g ⊙ sign(p - y){n}", "g ⊙ sign(y - p){n}"),
        about="the absolute errors",
        aliases=("mean_absolute_error", "l1_loss"),
    ),
    _pair(
        "huber",
        "huber_sum",
        ("p", "y", "delta"),
        "{sum}(if(|p - y| <= delta, 1/2 (p - y)^2, delta ⊙ (|p - y| - 1/2 delta)))",
        (
            "g ⊙ (max(-delta, min(delta, p - y)){n})",
            "-(g ⊙ (max(-delta, min(delta, p - y)){n}))",
            "g ⊙ {sum}(max(0, |p - y| - delta))",
        ),
        about="half the squares of the errors up to delta, beyond it delta times the errors less delta/2; delta is 1 "
        "unless given",
        aliases=("smooth_l1",),
        defaults=("1",),
    ),
    _pair(
        "hinge",
        "hinge_sum",
        _ERROR,
        "{sum}(max(0, 1 - p ⊙ y))",
        about="the hinge loss for targets -1 and 1, max(0, 1 - p y)",
    ),
    _pair(
        "squared_hinge",
        "squared_hinge_sum",
        _ERROR,
        "{sum}(max(0, 1 - p ⊙ y)^2)",
        about="the squared hinge loss for targets -1 and 1, max(0, 1 - p y)^2",
    ),
    _pair(
        "multi_hinge",
        "multi_hinge_sum",
        _ERROR,
        "sum((1 - y) ⊙ max(0, 1 + p - sample_sum(y ⊙ p))){n}",
        over="samples",
        about="the hinge loss of several classes: max(0, 1 + p[j] - p of the right class) over the wrong classes j, "
        "for a one-hot y",
    ),
)

#: The losses that average, each with the one that adds up, which is what it means under the convention `batch: sum`.
SUMMED = {mean.name: summed.name for mean, summed in _BATCHED}

LOSSES = (
    *(row for pair in _BATCHED for row in pair),
    *_pair(
        "mse",
        "squared_error",
        _ERROR,
        "{sum}((p - y)^2)",
        ("g ⊙ (2 ⊙ (p - y){n})", "g ⊙ (2 ⊙ (y - p){n})"),
        about="the squared errors",
        aliases=("mean_squared_error",),
    ),
    *_pair(
        "half_mse",
        "half_squared_error",
        _ERROR,
        "1/2 {sum}((p - y)^2)",
        ("g ⊙ ((p - y){n})", "g ⊙ ((y - p){n})"),
        about="half the squared errors",
    ),
)

PENALTIES = (
    Function("l1", ("w",), "all", body="sum(|w|)", about="the sum of the absolute values", range=(0, inf)),
    Function(
        "l2",
        ("w",),
        "all",
        body="sum(w^2)",
        vjp=("(2 ⊙ g) ⊙ w",),
        about="the sum of the squares; the factor in front is yours to write, such as `lambda/2 l2(W)`",
        range=(0, inf),
    ),
    Function(
        "elastic_net",
        ("w", "a", "b"),
        "all",
        body="a ⊙ sum(|w|) + b ⊙ sum(w^2)",
        about="a times the sum of the absolute values plus b times the sum of the squares",
    ),
)
