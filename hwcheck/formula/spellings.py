"""The tables of the lexer: spellings that mean the same, what LaTeX commands stand for, look-alike letters, and what
other languages write otherwise."""

from __future__ import annotations

SAME = {
    "\u2212": "-", "\u2013": "-", "\u2012": "-", "\uff0d": "-", "\ufe63": "-",
    "·": "*", "\u22c5": "*", "\u00d7": "*", "\u2217": "*", "\u2219": "*", "\u2022": "*",
    "∘": "⊙", "÷": "/", "\u2215": "/", "\u2044": "/",
    "\u2019": "'", "\u2032": "'", "\u00b4": "'", "≤": "<=", "≥": ">=", "≠": "!=", "⩽": "<=", "⩾": ">=",
    "\u2225": "||", "\u2016": "||", "√": "sqrt", "∑": "sum", "…": "…", "⋯": "…", "⋮": "…",
}  # fmt: skip
LONG = ("<=", ">=", "==", "!=", "**", "||", "..", ".*")
SINGLE = "+-*/^@()[],;:=<>|'⊙{}∇𝟙…"
MEANS = {"**": "^", ".*": "⊙"}
SUPERSCRIPT = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵀⁿⁱˣʰʸᶻᵏᵗ", "0123456789+-()Tnixhyzkt", strict=True))
#: Fractions that are one character.
FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8", "⅒": "1/10"}
COMMANDS = {
    "cdot": "×", "times": "×", "ast": "*", "bullet": "*", "odot": "⊙", "circ": "⊙", "partial": "∂", "nabla": "∇",
    "div": "/", "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=", "ne": "!=",
    "neq": "!=", "lt": "<", "gt": ">",
    "top": "T", "intercal": "T", "prime": "'", "lvert": "l|", "rvert": "r|", "vert": "|", "mid": "|", "lVert": "l||",
    "rVert": "r||", "Vert": "||", "|": "||",
    "{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "frac": "frac", "dfrac": "frac",
    "tfrac": "frac", "cfrac": "frac", "sqrt": "sqrt", "sum": "sum", "max": "max", "min": "min", "dots": "…",
    "ldots": "…", "cdots": "…", "vdots": "…", "\\": "\\",
    "quad": "apart", "qquad": "apart", ",": "", ";": "", "!": "", ":": "", " ": "", ">": "", "thinspace": "",
    "displaystyle": "", "textstyle": "", "limits": "", "nolimits": "", "boxed": "", "nonumber": "", "notag": "",
    "hline": "",
    "ln": "ln", "log": "log", "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "sinh": "sinh",
    "cosh": "cosh", "arctan": "arctan",
    "ell": "l", "varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta",
}  # fmt: skip
#: Commands that give what follows a size.
SIZES = frozenset([
    "left", "right", "middle", *(size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m"))
])  # fmt: skip
#: What an environment begins with: a matrix, cases, or nothing where it only sets lines under each other.
ENVIRONMENTS = {
    "matrix": "[", "pmatrix": "[", "bmatrix": "[", "Bmatrix": "[", "smallmatrix": "[", "array": "[", "cases": "cases",
    "dcases": "cases", "aligned": "", "align": "", "alignat": "", "split": "", "gather": "", "gathered": "",
    "equation": "", "eqnarray": "",
}  # fmt: skip
#: Commands that are not read, and what to write for them.
NOT_READ = {
    **dict.fromkeys(("to", "rightarrow", "Rightarrow", "implies", "longrightarrow", "leftarrow", "iff"),
                    "write each step on a line of its own"),
    "prod": "write the factors with * between them",
    "int": "write the formula without an integral",
    "lim": "write the formula without a limit",
    "infty": "write a number",
    "approx": "leave it out: every number is taken as rounded",
    "sim": "leave it out",
    "pm": "write + or -",
    "in": "write the formula alone, and sums as sum(i = 1..n, ...)",
    "ddots": "write a diagonal matrix as diag(v)",
    "underbrace": "leave the brace out",
    "overbrace": "leave the brace out",
    "tag": "leave it out",
    "textcircled": "leave it out",
    "label": "leave it out",
    "argmax": "write a comparison, such as yhat[1] >= yhat[2]",
    "otimes": "write an outer product as a b^T",
    "langle": "write an inner product as a^T b",
    "mathrel": "leave it out",
}  # fmt: skip
ACCENTS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "dot": "dot"}
FONTS = {
    "mathbf",
    "mathrm",
    "mathit",
    "mathsf",
    "mathbb",
    "mathbbm",
    "mathds",
    "text",
    "textrm",
    "textit",
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
