"""Trees to MathML Core, which browsers show and screen readers speak without any script: a style for `show.piece`.

The text of a piece is a row of elements, so that operators join them as in any other style; where MathML wants one
element, a row is set around them. Names come from files: all text reaches the output through `escaped`, and what has
gone through it has the type `Html`, which is all that pages take.

    >>> mathml(Call("+", (Name("W_1"), Num(2.0, "2"))))
    '<msub><mi>W</mi><mn>1</mn></msub><mo>+</mo><mn>2</mn>'
"""

from __future__ import annotations

from typing import NewType

from ..text import safe_text
from .expr import ADD, APPLY, MULTIPLY, NEGATE, POWER, Call, Expr, Name, Num
from .names import LATIN, split
from .show import ATOM, ROWS, Piece, Style, Written, entries, indexed, infix, members, operand, piece, prefix
from .symbols import Symbol, symbol

Html = NewType("Html", str)

SPECIAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~", "dot": "˙"}
WORDS = {"inf": "∞", "nan": "undefined"}
#: Products of neighbours are spoken as such; a little room keeps them apart for the eye.
TIMES = '<mo lspace="0.1em" rspace="0.1em">\u2062</mo>'
DOT = "<mo>·</mo>"
APPLIED = "<mo>\u2061</mo>"
OPEN, CLOSE = '<mo stretchy="false">(</mo>', '<mo stretchy="false">)</mo>'
TALL = ("mfrac", "mtable", "munderover")  # what brackets grow around


def escaped(text: str) -> Html:
    """Make text mean nothing but itself in HTML and XML, in attributes too."""
    return Html(safe_text(text).translate(SPECIAL))


def mathml(tree: Expr) -> Html:
    """Write a formula as the elements of a `math` element."""
    return Html(piece(tree, MATHML).text)


def element(name: str, *contents: str) -> str:
    """Set an element around its contents."""
    return f"<{name}>{''.join(contents)}</{name}>"


def _row(text: str) -> str:
    """Make one element of a row of them; a letter or a number is one already."""
    return text if text.count("<") == 2 else element("mrow", text)


def _sign(text: str) -> str:
    return element("mo", escaped(text))


def _bracket(text: str) -> str:
    tall = any(f"<{name}" in text for name in TALL)
    return element("mrow", *(("<mo>(</mo>", text, "<mo>)</mo>") if tall else (OPEN, text, CLOSE)))


def _number(tree: Num) -> Piece:
    if "/" in tree.text:
        above, below = tree.text.split("/")
        return Piece(element("mfrac", _row(_digits(above)), _row(_digits(below))))
    return Piece(_digits(tree.text), MULTIPLY if "e" in tree.text.lower() and tree.text not in WORDS else ATOM)


def _digits(text: str) -> str:
    if not text[:1].isdigit() and text[:1] != ".":
        word = WORDS.get(text, text)
        return element("mtext" if word.isalpha() else "mn", escaped(word))
    mantissa, mark, exponent = text.lower().partition("e")
    if not mark:
        return element("mn", escaped(mantissa))
    power = escaped(exponent.lstrip("+-−").lstrip("0") or "0")
    minus = '<mo form="prefix">−</mo>' if exponent[:1] in "-−" else ""
    return f"<mn>{escaped(mantissa)}</mn>{DOT}<msup><mn>10</mn>{_row(f'{minus}<mn>{power}</mn>')}</msup>"


# --- names ----------------------------------------------------------------------------------------------------------


def _name(name: str) -> Piece:
    """Write a quantity: a letter with its subscript, ∂J/∂W as a fraction, the step as a superscript."""
    parts = split(name)
    above = _step(parts.step)
    if not parts.by:
        return Piece(_letters(symbol(parts.of), above), APPLY if above else ATOM)
    fraction = element(
        "mfrac", *(element("mrow", "<mi>∂</mi>", _letters(symbol(each))) for each in (parts.of, parts.by))
    )
    return Piece(element("msup", _bracket(fraction), above) if above else fraction, APPLY)


def _step(step: str) -> str:
    return "" if not step else "<mtext>new</mtext>" if step == "new" else _bracket(element("mn", escaped(step)))


def _letters(letters: Symbol, above: str = "") -> str:
    """Write one name with its accent and subscripts, and what stands above them."""
    text = _word(letters.word)
    if letters.accent:
        accent = f'<mo stretchy="false">{ACCENTS[letters.accent]}</mo>'
        text = f'<mover accent="true">{text}{accent}</mover>'
    below = "<mo>,</mo>".join(map(_letters, letters.below))
    if below and above:
        return element("msubsup", text, _row(below), above)
    return element("msub", text, _row(below)) if below else element("msup", text, above) if above else text


def _word(word: str) -> str:
    """Write a letter, which is set in italics, a word, which is not, or digits."""
    return element("mn" if word.isdigit() else "mi", escaped(LATIN.get(word, word)))


# --- operations -----------------------------------------------------------------------------------------------------


def _product(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Set factors side by side, with a dot before a number and behind a bare derivative."""
    apart = operand(style, call, parts, 1).startswith("<mn>") or parts[0].text.endswith("′</mo></msup>")
    return infix(style, call, parts, DOT if apart or parts[0].text.endswith("′</mo></msubsup>") else "")


def _quotient(style: Style, call: Call, parts: list[Piece]) -> Piece:
    return Piece(element("mfrac", _row(parts[0].text), _row(parts[1].text)))


def _power(style: Style, call: Call, parts: list[Piece]) -> Piece:
    return Piece(_raised(style, call, parts, _row(parts[1].text)), POWER)


def _transpose(style: Style, call: Call, parts: list[Piece]) -> Piece:
    return Piece(_raised(style, call, parts, style.signs["ᵀ"]), POWER)


def _raised(style: Style, call: Call, parts: list[Piece], above: str) -> str:
    """Set something above the end of an operand: above the subscript of a name, behind a fraction's brackets."""
    base = call.args[0]
    if isinstance(base, Name) and parts[0].binds == ATOM:
        return _letters(symbol(split(base.id).of), above)
    text = operand(style, call, parts, 0)
    if text.startswith(("<mfrac", "<munderover")):
        text = style.bracket(text)
    return element("msup", _row(text), above)


def _index(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write an index as a subscript; a name that has one already is bracketed first."""
    found = indexed(style, call, parts)
    named = isinstance(call.args[0], Name) or found is not parts[0]
    bare = named and found.binds == ATOM and "<msub" not in found.text
    base = found.text if bare else style.bracket(found.text)
    return Piece(element("msub", _row(base), _row("<mo>,</mo>".join(part.text for part in parts[1:]))))


def _function(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write a function's name, with its primes, and its arguments."""
    bare = call.op.rstrip("'")
    primes = "′" * (len(call.op) - len(bare))
    name = _letters(symbol(bare), _sign(primes) if primes else "")
    if not parts:
        return Piece(name, APPLY if primes else ATOM)
    return Piece(name + APPLIED + style.bracket("<mo>,</mo>".join(part.text for part in parts)))


def _sum(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write Σ with its bounds for each loop variable, or a sum of all entries."""
    loops = [arg for arg in call.args if isinstance(arg, Call) and arg.op == "="]
    if not loops:
        return _function(style, call, parts)
    signs = []
    for loop in loops:
        variable, ends = loop.args
        assert isinstance(ends, Call)
        low, high = (piece(end, style).text for end in ends.args)
        below = element("mrow", piece(variable, style).text, "<mo>=</mo>", low)
        signs.append(element("munderover", "<mo>∑</mo>", below, _row(high)))
    body = parts[-1]
    return Piece("".join([*signs, style.bracket(body.text) if body.binds <= ADD else body.text]), NEGATE)


def _table(rows: list[list[str]], *, numbers: bool = False) -> str:
    lines = [element("mtr", *(element("mtd", entry) for entry in row)) for row in rows]
    return ('<mtable class="numbers">' if numbers else "<mtable>") + "".join(lines) + "</mtable>"


def _cases(style: Style, call: Call, parts: list[Piece]) -> Piece:
    condition, then, other = (part.text for part in parts)
    rows = [[then, f"<mtext>if </mtext>{condition}"], [other, "<mtext>otherwise</mtext>"]]
    return Piece(element("mrow", "<mo>{</mo>", _table(rows)))


def _matrix(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write the rows of `[a, b; c, d]`; the decimal points of numbers stand under each other."""
    rows = entries(style, call, parts)
    texts = [_decimals(column) for column in zip(*rows, strict=True)] if len(set(map(len, rows))) == 1 else []
    numbers = bool(texts) and all(column is not None for column in texts)
    if numbers:
        rows = [list(row) for row in zip(*(column or [] for column in texts), strict=True)]
    return Piece(element("mrow", "<mo>[</mo>", _table(rows, numbers=numbers), "<mo>]</mo>"))


def _decimals(column: tuple[str, ...]) -> list[str] | None:
    """Pad the numbers of a column on the right with what is not seen; None where something else stands in it."""
    behind: list[str] = []
    for text in column:
        mantissa = text.removeprefix(MINUS).removeprefix("<mn>").removesuffix("</mn>")
        if text.removeprefix(MINUS) != f"<mn>{mantissa}</mn>" or "<" in mantissa:
            return None
        behind.append("".join(mantissa.partition(".")[1:]))
    most = max(behind, key=len)
    missing = [most[len(each) :] for each in behind]
    return [
        text + (f"<mphantom><mn>{pad}</mn></mphantom>" if pad else "")
        for text, pad in zip(column, missing, strict=True)
    ]


def _range(style: Style, call: Call, parts: list[Piece]) -> Piece:
    return Piece(f"{parts[0].text}<mo>…</mo>{parts[1].text}")


def _loop(style: Style, call: Call, parts: list[Piece]) -> Piece:
    return Piece(f"{parts[0].text}<mo>=</mo>{parts[1].text}")


def _for(style: Style, call: Call, parts: list[Piece]) -> Piece:
    loops = "<mo>,</mo>".join(part.text for part in parts[1:])
    return Piece(f'{parts[0].text}<mo>,</mo><mspace width="1em"/>{loops}')


def _each(style: Style, call: Call, parts: list[Piece]) -> Piece:
    loops = "<mo>,</mo>".join(part.text for part in parts[1:])
    inside = f"<mrow><mo>[</mo>{parts[0].text}<mo>]</mo></mrow>"
    return Piece(f"<msub>{inside}<mrow>{loops}</mrow></msub>")


def _around(left: str, right: str) -> Written:
    return lambda style, call, parts: Piece(left + parts[0].text + right)


MINUS = '<mo form="prefix">−</mo>'
SIGNS = {op: _sign(row.unicode.strip()) for op, row in ROWS.items()}
FORMS: dict[str, Written] = {
    "neg": prefix,
    "ᵀ": _transpose,
    "@": _product,
    "/": _quotient,
    "ratio": _quotient,
    "^": _power,
    "[]": _index,
    ":": lambda style, call, parts: Piece("<mo>:</mo>"),
    "..": _range,
    "=": _loop,
    "for": _for,
    "[for]": _each,
    "stack": members,
    "[,]": _matrix,
    "[;]": _matrix,
    "if": _cases,
    "sum": _sum,
    "sqrt": _around("<msqrt>", "</msqrt>"),
    "abs": _around("<mrow><mo>|</mo>", "<mo>|</mo></mrow>"),
    "norm": _around("<mrow><mo>‖</mo>", "<mo>‖</mo></mrow>"),
}
MATHML = Style(
    {**SIGNS, "neg": MINUS, "@": TIMES, "==": "<mo>=</mo>", "ᵀ": "<mi>⊤</mi>"},
    _bracket,
    _number,
    _name,
    _function,
    FORMS,
)
