"""The tables of the lexer: spellings that mean the same, what LaTeX commands stand for, look-alike letters, and what
other languages write otherwise."""

from __future__ import annotations

SAME = {
    "\u2212": "-", "\u2013": "-", "\u2012": "-", "\uff0d": "-", "\ufe63": "-",
    "·": "*", "\u22c5": "*", "\u00d7": "*", "\u2217": "*", "\u2219": "*", "\u2022": "*",
    "∘": "⊙", "÷": "/", "\u2215": "/", "\u2044": "/",
    "\u2019": "'", "\u2032": "'", "\u00b4": "'", "≤": "<=", "≥": ">=", "≠": "!=", "⩽": "<=", "⩾": ">=",
    "\u2225": "||", "\u2016": "||", "√": "sqrt",
}  # fmt: skip
LONG = ("<=", ">=", "==", "!=", "**", "||", "..", ".*")
SINGLE = "+-*/^@()[],;:=<>|'⊙{}"
MEANS = {"**": "^", ".*": "⊙"}
SUPERSCRIPT = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵀ", "0123456789+-()T", strict=True))
COMMANDS = {
    "cdot": "*", "times": "*", "odot": "⊙", "circ": "⊙", "partial": "∂", "le": "<=", "leq": "<=", "ge": ">=",
    "geq": ">=", "ne": "!=", "neq": "!=",
    "top": "T", "intercal": "T", "prime": "'", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|", "lVert": "||",
    "rVert": "||", "Vert": "||", "|": "||",
    "{": "{", "}": "}", "lbrack": "[", "rbrack": "]", "frac": "frac", "dfrac": "frac", "tfrac": "frac",
    "sqrt": "sqrt", "max": "max", "min": "min",
    "left": "", "right": "", "big": "", "Big": "", "bigl": "", "bigr": "", "quad": "", "qquad": "", ",": "", ";": "",
    "!": "", ":": "", " ": "",
    "displaystyle": "", "limits": "",
    "ln": "ln", "log": "log", "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "sinh": "sinh",
    "cosh": "cosh",
    "ell": "l", "varepsilon": "epsilon", "varphi": "phi",
}  # fmt: skip
ACCENTS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "dot": "dot"}
FONTS = {
    "mathbf",
    "mathrm",
    "mathit",
    "mathsf",
    "text",
    "boldsymbol",
    "operatorname",
    "bm",
    "vec",
    "underline",
    "textbf",
    "mathcal",
}
LOOKALIKES = dict(zip("асеорхуіѕјԁһАВСЕНІКМОРТХ", "aceopxyisjdhABCEHIKMOPTX", strict=True))
#: What other languages call what formulas write otherwise.
ELSEWHERE = {
    "dot": "`W1 x` or `W1 @ x`",
    "matmul": "`W1 x` or `W1 @ x`",
    "multiply": "`a ⊙ b`",
    "transpose": "`W1ᵀ`, `W1^T` or `W1.T`",
    "square": "`x^2`",
    "pow": "`x^2`",
    "power": "`x^2`",
    "where": "`if(z > 0, z, 0)`",
    "maximum": "`max(0, z)`",
    "minimum": "`min(0, z)`",
    "argmax": "a comparison, such as `yhat[1] >= yhat[2]`",
}
