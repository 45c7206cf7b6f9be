"""Trees to LaTeX: the style of a textbook, for `show.piece`.

Fractions, sums, cases, roots and matrices have the forms of print, names their accents, Greek letters and
subscripts. The text is for maths mode and needs amsmath. It keeps to what pages with MathJax or KaTeX accept too:
GitHub refuses `\\operatorname` and `\\phantom`, and a `|` would end the cell of a Markdown table. Names come from
files: only letters and digits reach the output, and what LaTeX has no letter for stands in `\\text`.

    >>> latex(Call("@", (Name("dJ/dX1"), Call("ᵀ", (Name("yhat_2"),)))))
    '\\\\frac{\\\\partial J}{\\\\partial X_1} \\\\, \\\\hat{y}_2^\\\\top'
"""

from __future__ import annotations

from .expr import ADD, APPLY, MULTIPLY, NEGATE, POWER, Call, Expr, Name, Num
from .names import LATIN, split
from .show import ATOM, ROWS, Piece, Style, Written, bound, entries, indexed, infix, members, operand, piece, prefix
from .symbols import Symbol, symbol

OPERATORS = ("ln", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "max", "min")
FUNCTIONS = {**{name: "\\" + name for name in OPERATORS}, "log10": r"\log_{10}", "log2": r"\log_2", "pi": r"\pi"}


def latex(tree: Expr) -> str:
    """Write a formula in LaTeX, for maths mode with amsmath."""
    return piece(tree, LATEX).text


def _bracket(text: str) -> str:
    return rf"\left({text}\right)"


#: What a value put into a formula may be, though nobody types it.
WORDS = {
    "∞": r"\infty",
    "inf": r"\infty",
    "undefined": r"\text{undefined}",
    "nan": r"\text{undefined}",
    "…": r"\cdots",
}
MOST_COLUMNS = 10  # of amsmath's matrices


def _number(tree: Num) -> Piece:
    if "/" in tree.text:
        above, below = tree.text.split("/")
        return Piece(rf"\frac{{{_digits(above)}}}{{{_digits(below)}}}")
    return Piece(_digits(tree.text), MULTIPLY if "e" in tree.text.lower() and tree.text not in WORDS else ATOM)


def _digits(text: str) -> str:
    if text in WORDS:
        return WORDS[text]
    mantissa, mark, exponent = text.lower().partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent.replace('−', '-'))}}}" if mark else mantissa


# --- names --------------------------------------------------------------------------------------------------


def _name(name: str) -> Piece:
    """Write a quantity: `W_1`, `\\frac{\\partial J}{\\partial W_1}`, `W_1^{(2)}` in step 2, `W_1^{\\mathrm{new}}`."""
    parts = split(name)
    text = _letters(symbol(parts.of))
    if parts.by:
        text = rf"\frac{{\partial {text}}}{{\partial {_letters(symbol(parts.by))}}}"
    if parts.step:
        text = _bracket(text) if parts.by else text
        text += r"^{\mathrm{new}}" if parts.step == "new" else f"^{{({parts.step})}}"
    return Piece(text, APPLY if parts.by or parts.step else ATOM)


def _letters(letters: Symbol) -> str:
    """Write one name: its letter or word, with its accent and its subscripts."""
    text = rf"\{letters.accent}{{{_word(letters.word)}}}" if letters.accent else _word(letters.word)
    subscript = ",".join(map(_letters, letters.below))
    if not subscript:
        return text
    return f"{text}_{subscript}" if len(subscript) == 1 else f"{text}_{{{subscript}}}"


def _word(word: str) -> str:
    """Write a letter, a Greek letter by its name, digits, or else a word in upright letters."""
    if word in LATIN:
        return rf"\{word}"
    if word == "…":
        return r"\dots"
    if word.isascii() and word.isalnum():
        return word if len(word) == 1 or word.isdigit() else rf"\mathrm{{{word}}}"
    return r"\text{" + "".join(r"\_" if char == "_" else char for char in word if char.isalnum() or char == "_") + "}"


# --- operations ---------------------------------------------------------------------------------------------


def _product(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Set factors side by side, with a dot before a number, and between a bare derivative and a bracket."""
    right = operand(style, call, parts, 1)
    dotted = right[0] in "0123456789." or (parts[0].text[-1] == "'" and right.startswith(r"\left("))
    product = infix(style, call, parts, r" \cdot " if dotted else "")
    return product._replace(binds=MULTIPLY) if dotted else product


def _quotient(style: Style, call: Call, parts: list[Piece]) -> Piece:
    return Piece(rf"\frac{{{parts[0].text}}}{{{parts[1].text}}}")


def _power(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write a power; TeX refuses a second superscript, and a fraction's would seem to belong to its numerator."""
    return Piece(f"{_raisable(style, call, parts)}^{{{parts[1].text}}}", POWER)


def _transpose(style: Style, call: Call, parts: list[Piece]) -> Piece:
    return Piece(_raisable(style, call, parts) + style.signs["ᵀ"], POWER)


def _raisable(style: Style, call: Call, parts: list[Piece]) -> str:
    text = operand(style, call, parts, 0)
    return style.bracket(text) if text.startswith((r"\frac", r"\sum")) else text


def _index(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write an index as a subscript; a name that has one already is bracketed first."""
    base = indexed(style, call, parts)
    bare = (isinstance(call.args[0], Name) or base is not parts[0]) and base.binds == ATOM and "_" not in base.text
    return Piece(
        (base.text if bare else style.bracket(base.text)) + "_{" + ",".join(part.text for part in parts[1:]) + "}"
    )


def _function(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write a function's name, with its primes, and its arguments."""
    bare = call.op.rstrip("'")
    name = (style.signs.get(bare) or _letters(symbol(bare))) + call.op[len(bare) :]
    if not parts:
        return Piece(name, ATOM if bare == call.op else APPLY)
    return Piece(name + style.bracket(", ".join(part.text for part in parts)))


def _sum(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write `\\sum_{u=1}^{2}` for each loop variable, or a sum of all entries."""
    loops = [arg for arg in call.args if isinstance(arg, Call) and arg.op == "="]
    if not loops:
        return _function(style, call, parts)
    signs = []
    for loop in loops:
        variable, ends = loop.args
        assert isinstance(ends, Call)
        low, high = (piece(end, style).text for end in ends.args)
        signs.append(rf"\sum_{{{piece(variable, style).text}={low}}}^{{{high}}}")
    body = parts[-1]
    return Piece(" ".join([*signs, style.bracket(body.text) if body.binds <= ADD else body.text]), NEGATE)


def _cases(style: Style, call: Call, parts: list[Piece]) -> Piece:
    condition, then, other = (part.text for part in parts)
    return Piece(rf"\begin{{cases}} {then} & \text{{if }} {condition} \\ {other} & \text{{otherwise}} \end{{cases}}")


def _matrix(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write the rows of `[a, b; c, d]`; parts that are arrays themselves keep their own brackets."""
    rows = entries(style, call, parts)
    text = r" \\ ".join(" & ".join(row) for row in rows)
    columns = max(map(len, rows))
    if columns <= MOST_COLUMNS:
        return Piece(rf"\begin{{bmatrix}} {text} \end{{bmatrix}}")
    return Piece(rf"\left[\begin{{array}}{{{'c' * columns}}} {text} \end{{array}}\right]")


def _range(style: Style, call: Call, parts: list[Piece]) -> Piece:
    low, high = (bound(style, part) for part in parts)
    return Piece(rf"{low} \dots {high}")


def _loop(style: Style, call: Call, parts: list[Piece]) -> Piece:
    return Piece(f"{parts[0].text} = {parts[1].text}")


def _for(style: Style, call: Call, parts: list[Piece]) -> Piece:
    return Piece(r" \quad ".join([parts[0].text + ",", ", ".join(part.text for part in parts[1:])]))


def _each(style: Style, call: Call, parts: list[Piece]) -> Piece:
    below = ",\\, ".join(part.text for part in parts[1:])
    return Piece(r"\left[ " + parts[0].text + r" \right]_{" + below + "}")


def _around(left: str, right: str) -> Written:
    return lambda style, call, parts: Piece(left + parts[0].text + right)


FORMS: dict[str, Written] = {
    "neg": prefix,
    "ᵀ": _transpose,
    "@": _product,
    "/": _quotient,
    "ratio": _quotient,
    "^": _power,
    "[]": _index,
    ":": lambda style, call, parts: Piece(":"),
    "..": _range,
    "=": _loop,
    "for": _for,
    "[for]": _each,
    "stack": members,
    "[,]": _matrix,
    "[;]": _matrix,
    "if": _cases,
    "sum": _sum,
    "sqrt": _around(r"\sqrt{", "}"),
    "abs": _around(r"\left\lvert ", r"\right\rvert"),
    "norm": _around(r"\left\lVert ", r"\right\rVert"),
}
LATEX = Style({**{op: row.latex for op, row in ROWS.items()}, **FUNCTIONS}, _bracket, _number, _name, _function, FORMS)
