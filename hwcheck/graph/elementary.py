"""The elementary functions of calculus, a row each; the derivatives are those of any textbook."""

from __future__ import annotations

from math import inf

import numpy as np

from . import kernels
from .functions import Function

ROWS = (
    Function("exp", value=np.exp, slope="out", forms=("exp(x)",), about="the exponential function", range=(0, inf)),
    Function("ln", value=np.log, slope="1/x", vjp=("ratio(g, x)",), aliases=("log",), about="the natural logarithm"),
    Function("log10", value=np.log10, slope="1/(x ln(10))", about="the logarithm to base 10"),
    Function("log2", value=np.log2, slope="1/(x ln(2))", about="the logarithm to base 2"),
    Function(
        "sqrt", value=np.sqrt, slope="1/(2 out)", forms=("1/(2 sqrt(x))",), about="the square root", range=(0, inf)
    ),
    Function("sin", value=np.sin, slope="cos(x)", about="the sine, in radians"),
    Function("cos", value=np.cos, slope="-sin(x)", about="the cosine, in radians"),
    Function("tan", value=np.tan, slope="1 + out^2", forms=("1/cos(x)^2",), about="the tangent, in radians"),
    Function("arctan", value=np.arctan, slope="1/(1 + x^2)", aliases=("atan",), about="the inverse of the tangent"),
    Function("sinh", value=np.sinh, slope="cosh(x)", about="the hyperbolic sine"),
    Function("cosh", value=np.cosh, slope="sinh(x)", about="the hyperbolic cosine"),
    Function(
        "tanh",
        value=np.tanh,
        slope="1 - out^2",
        forms=("1 - tanh(x)^2", "1/cosh(x)^2"),
        about="the hyperbolic tangent",
        range=(-1, 1),
    ),
    Function(
        "sech",
        body="1/cosh(x)",
        slope="-(out ⊙ tanh(x))",
        forms=("-(sech(x) ⊙ tanh(x))",),
        about="the hyperbolic secant, 1/cosh(x)",
        range=(0, 1),
    ),
    Function("abs", value=kernels.absolute, slope="sign(x)", about="the absolute value, also |x|", range=(0, inf)),
    Function("floor", value=kernels.floor, slope="0", about="the largest whole number that is not above x"),
    Function(
        "erf",
        value=kernels.erf,
        slope="2 exp(-x^2)/sqrt(pi)",
        about="the error function, 2/sqrt(pi) times the area under exp(-t^2) from 0 to x",
        range=(-1, 1),
    ),
    Function("sign", value=kernels.sign, slope="0", about="-1, 0 or 1", range=(-1, 1)),
    Function(
        "ratio",
        ("x", "y"),
        value=kernels.ratio,
        vjp=("g / y", "-(g ⊙ ratio(x, y^2))"),
        about="x/y, and 0 where x is 0, as in the derivative of x ln y",
    ),
    Function(
        "if", ("c", "x", "y"), value=np.where, vjp=("0", "if(c, g, 0)", "if(c, 0, g)"), about="x where c holds, else y"
    ),
)
