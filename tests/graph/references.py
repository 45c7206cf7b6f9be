"""Plain Python's idea of every row of the tables of functions: no array, no rule, no formula of ours."""

import math
import operator
from collections.abc import Callable
from typing import Any

#: Of one entry.
ENTRY: dict[str, Callable[..., float]] = {
    "exp": math.exp,
    "ln": math.log,
    "log10": math.log10,
    "log2": math.log2,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "arctan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "sech": lambda x: 1 / math.cosh(x),
    "abs": abs,
    "sign": lambda x: math.copysign(1, x),
    "identity": float,
    "sigmoid": lambda x: (1 + math.tanh(x / 2)) / 2,
    "relu": lambda x: x if x > 0 else 0.0,
    "leaky_relu": lambda x: x if x > 0 else x / 100,
    "elu": lambda x: x if x > 0 else math.expm1(x),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "silu": lambda x: x / (1 + math.exp(-x)),
    "floor": math.floor,
    "erf": math.erf,
    "prelu": lambda x, a: x if x > 0 else a * x,
    "selu": lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x)),
    "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    "gelu_tanh": lambda x: x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "softsign": lambda x: x / (1 + abs(x)),
    "hard_sigmoid": lambda x: min(1, max(0, x / 6 + 0.5)),
    "hard_tanh": lambda x: min(1, max(-1, x)),
    "step": lambda x: 1.0 if x >= 0 else 0.0,
    "max": lambda x, y: x if x > y else y,
    "min": lambda x, y: x if x < y else y,
    **{f"max{ties}": max for ties in (" with fixed", " sharing", " to all")},
    **{f"min{ties}": min for ties in (" with fixed", " sharing", " to all")},
    "+": operator.add,
    "-": operator.sub,
    "neg": operator.neg,
    "⊙": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "ratio": operator.truediv,
}
#: Of the list of all entries.
ALL: dict[str, Callable[..., float]] = {
    "sum": math.fsum,
    "sample_sum": math.fsum,
    "max of all": max,
    "min of all": min,
    "mean": lambda x: math.fsum(x) / len(x),
    "var": lambda x: math.fsum((a - math.fsum(x) / len(x)) ** 2 for a in x) / len(x),
    "norm": math.hypot,
    "count": len,
}
ALL["norm"] = lambda x: math.hypot(*x)

#: The losses that add up over the entries, one entry each; and their names where they average.
ENTRY_LOSS: dict[str, Callable[..., float]] = {
    "bce_sum": lambda p, y: -y * math.log(p) - (1 - y) * math.log1p(-p),
    "bce_logits_sum": lambda z, y: math.log1p(math.exp(z)) - z * y,
    "squared_error": lambda p, y: (p - y) ** 2,
    "half_squared_error": lambda p, y: (p - y) ** 2 / 2,
    "absolute_error": lambda p, y: abs(p - y),
    "huber_sum": lambda p, y: (p - y) ** 2 / 2 if abs(p - y) <= 1 else abs(p - y) - 0.5,
    "hinge_sum": lambda p, y: max(0, 1 - p * y),
    "squared_hinge_sum": lambda p, y: max(0, 1 - p * y) ** 2,
    "cross_entropy_sum": lambda p, y: -y * math.log(p),
    "kl_sum": lambda p, y: y * math.log(y / p),
    "entropy_sum": lambda p: -p * math.log(p),
}
MEANS = {"squared_error": "mse", "half_squared_error": "half_mse", "absolute_error": "mae"}
BY_SAMPLE = ("cross_entropy", "cross_entropy_logits", "kl", "entropy", "multi_hinge")


def _log_softmax(x: list[float]) -> list[float]:
    return [a - max(x) - math.log(math.fsum(math.exp(b - max(x)) for b in x)) for a in x]


def _added(entry: Callable[..., float]) -> Callable[..., float]:
    return lambda *parts: math.fsum(entry(*each) for each in zip(*parts, strict=True))


def _averaged(total: Callable[..., float]) -> Callable[..., float]:
    return lambda *parts: total(*parts) / len(parts[0])


def _multi_hinge(p: list[float], y: list[float]) -> float:
    right = math.fsum(a * b for a, b in zip(p, y, strict=True))
    return math.fsum((1 - b) * max(0, 1 + a - right) for a, b in zip(p, y, strict=True))


ALL |= {name: _added(entry) for name, entry in ENTRY_LOSS.items()}
ALL |= {
    "cross_entropy_logits_sum": lambda z, y: -math.fsum(b * a for a, b in zip(_log_softmax(z), y, strict=True)),
    "multi_hinge_sum": _multi_hinge,
    "l1": lambda w: math.fsum(map(abs, w)),
    "l2": lambda w: math.fsum(a * a for a in w),
    "elastic_net": lambda w, a, b: a[0] * ALL["l1"](w) + b[0] * ALL["l2"](w),
}
ALL |= {
    MEANS.get(name, name.removesuffix("_sum")): total if name.removesuffix("_sum") in BY_SAMPLE else _averaged(total)
    for name, total in list(ALL.items())
    if name in MEANS or (name.endswith("_sum") and name != "sample_sum")
}

#: Of the list of all entries, a list of as many.
ARRAY: dict[str, Callable[..., Any]] = {
    "softmax": lambda x: [math.exp(a) for a in _log_softmax(x)],
    "log_softmax": _log_softmax,
    "at_max": lambda x: [float(a == max(x)) for a in x],
    "at_min": lambda x: [float(a == min(x)) for a in x],
}
