"""What textbooks leave open, a row each.

The key, its values with the default first, and the rows of functions that a value changes.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..graph.functions import Function
from .functions import FUNCTIONS
from .losses import SUMMED

#: The slope of max(x, y) by x, where y is a fixed number and x reaches it: relu is max(0, x).
_MAX = {
    "0": "x > y",
    "1": "x >= y",
    "1/2": "((x > y) + (x >= y))/2",
    "undefined": "if(x == y, (x - y)/(x - y), x > y)",
}
_LEAKY = {
    "0": "if(x > 0, 1, a)",
    "1": "if(x >= 0, 1, a)",
    "1/2": "(if(x > 0, 1, a) + if(x >= 0, 1, a))/2",
    "undefined": "if(x == 0, x/x, if(x > 0, 1, a))",
}


#: Rows that stand in no formula which a teacher writes: what shows there that they matter.
SHOWN_BY = {
    "max with fixed": "max",
    "min with fixed": "min",
    "at_max": "max",
    "at_min": "min",
    "unpool": "maxpool",
    "pick": "maxpool",
}
#: What says which of several entries that are the largest, or the smallest, passes its adjoint on.
_TIED = ("max", "min", "at_max", "at_min", "unpool", "pick")


def _relu_slope(value: str) -> dict[str, dict[str, str]]:
    return {
        "relu": {"slope": _MAX[value].replace("y", "0")},
        "leaky_relu": {"slope": _LEAKY[value]},
        "max with fixed": {"slope": _MAX[value]},
        "min with fixed": {"slope": _MAX[value].replace(">", "<")},
    }


#: key -> value -> the functions that it changes, with the fields that differ.
CHANGES: dict[str, dict[str, dict[str, dict[str, str]]]] = {
    "relu_slope_at_zero": {value: _relu_slope(value) for value in _MAX},
    "step_at_zero": {"1": {"step": {"body": "x >= 0"}}, "0": {"step": {"body": "x > 0"}}},
    "abs_slope_at_zero": {
        "0": {"abs": {"slope": "sign(x)"}},
        "1": {"abs": {"slope": "if(x >= 0, 1, -1)"}},
        "-1": {"abs": {"slope": "if(x > 0, 1, -1)"}},
    },
    "mse": {
        "mean": {},
        "half": {"mse": {"is": "half_squared_error"}},
        "sum": {"mse": {"is": "squared_error"}},
        "half_mean": {"mse": {"is": "half_mse"}},
    },
    "batch": {"mean": {}, "sum": {mean: {"is": summed} for mean, summed in SUMMED.items()}},
    "samples": {"columns": {}, "rows": {}},
    "max_ties": {
        "first": {},
        "share": {name: {"is": f"{name} sharing"} for name in _TIED},
        "all": {name: {"is": f"{name} to all"} for name in _TIED},
    },
    "convolution": {
        "cross_correlation": {},
        "flipped": {name: {"is": f"{name} flipped"} for name in ("conv", "conv_transpose")},
    },
    "variance": {
        "population": {},
        "sample": {
            "var": {"body": "sum((x - mean(x))^2)/(count(x) - 1)", "vjp": "g ⊙ (2 ⊙ (x - mean(x)) / (count(x) - 1))"}
        },
    },
    "dropout_rate": {"drop": {}, "keep": {}},  # changes a layer's lines
    "first_class": {"0": {}, "1": {"one_hot": {"is": "one_hot from 1"}}},
    # what these change is in the rows of optimizers, and of layers
    "momentum": {"plain": {}, "ema": {}},
    "momentum_rate": {"outside": {}, "inside": {}},
    "epsilon": {"outside": {}, "inside": {}},
    "bias_correction": {"yes": {}, "no": {}},
}


def functions_for(settings: Mapping[str, str]) -> dict[str, Function]:
    """Give the rows of functions under a sheet's conventions; `FUNCTIONS` itself, where all are the first."""
    functions = FUNCTIONS
    for convention, value in settings.items():
        if value == next(iter(CHANGES[convention])):
            continue
        for name, fields in CHANGES[convention][value].items():
            row = functions[name]
            if "is" in fields:
                row = FUNCTIONS[fields["is"]]._replace(name=name, aliases=row.aliases)
            slope, body = fields.get("slope", row.slope), fields.get("body", row.body)
            vjp = (fields["vjp"],) if "vjp" in fields else row.vjp
            functions = {**functions, name: row._replace(slope=slope, body=body, vjp=vjp)}
    return functions
