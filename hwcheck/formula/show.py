"""Trees to text: one walk from the leaves up, one table of operators, and a small table of rows for each style of
writing.

The walk gives a `Piece` for each part of a tree: its text, and how loosely that text holds together, from which the
operator above decides whether it needs brackets. Plain and Unicode text can be typed back: within the limits of the
parser, `readings(plain(tree))` is `[tree]` and nothing else, so brackets and `@` stand wherever a text would be
read otherwise or in two ways, and also where only a person would stumble (`(a/b) · c`).

    >>> tree = Call("⊙", (Call("@", (Call("ᵀ", (Name("W2"),)), Name("dJ/dX2"))), Name("dY1/dX1")))
    >>> plain(tree), unicode(tree)
    ('(W2.T dJ/dX2) .* dY1/dX1', '(W2ᵀ dJ/dX2) ⊙ dY1/dX1')
"""

from collections.abc import Callable, Mapping

from ..record import NamedTuple
from .expr import ADD, APPLY, COMPARE, JUXTAPOSE, MULTIPLY, NEGATE, POWER, Call, Expr, Name, Num

ATOM = 70


class Piece(NamedTuple):
    """A part of the text.

    `binds` is the binding power of its loosest operator. `leads` is the strongest operator that may stand on its
    left: a fraction of two literals is one number at the beginning of a term only.
    """

    text: str
    binds: int = ATOM
    leads: int = ATOM


class Row(NamedTuple):
    """An operator: how tightly it binds, and its sign in each style; all but powers are read from the left."""

    binds: int
    plain: str
    unicode: str
    latex: str


ROWS = {
    "<=": Row(COMPARE, " <= ", " ≤ ", r" \le "),
    ">=": Row(COMPARE, " >= ", " ≥ ", r" \ge "),
    "==": Row(COMPARE, " == ", " == ", " = "),
    "!=": Row(COMPARE, " != ", " ≠ ", r" \ne "),
    "<": Row(COMPARE, " < ", " < ", " < "),
    ">": Row(COMPARE, " > ", " > ", " > "),
    "+": Row(ADD, " + ", " + ", " + "),
    "-": Row(ADD, " - ", " − ", " - "),
    "neg": Row(NEGATE, "-", "−", "-"),
    "*": Row(MULTIPLY, " * ", " · ", r" \cdot "),
    "⊙": Row(MULTIPLY, " .* ", " ⊙ ", r" \odot "),
    "/": Row(MULTIPLY, "/", "/", "/"),
    "@": Row(JUXTAPOSE, " ", " ", r" \, "),
    "^": Row(POWER, "^", "^", "^"),
    "ᵀ": Row(POWER, ".T", "ᵀ", r"^\top"),
}
INFIX = frozenset(op for op in ROWS if op not in ("neg", "^", "ᵀ"))

#: What the parser reads without brackets and a person does not: an operator, and the operator of its operand.
UNCLEAR = frozenset(
    [("⊙", "@"), ("⊙", "*"), ("⊙", "/"), ("*", "⊙"), ("*", "/"), ("/", "*"), ("/", "⊙"), ("neg", "neg")]
)


class Style(NamedTuple):
    """A way of writing: signs, brackets, numbers, names, functions, and the operations with a form of their own."""

    signs: Mapping[str, str]
    bracket: Callable[[str], str]
    number: Callable[[Num], Piece]
    name: Callable[[str], Piece]
    function: "Written"
    forms: "Mapping[str, Written]"


Written = Callable[[Style, Call, list[Piece]], Piece]


def plain(tree: Expr) -> str:
    """Write a formula in ASCII, but for the letters of its names."""
    return piece(tree, PLAIN).text


def unicode(tree: Expr) -> str:
    """Write a formula as people see it in a terminal."""
    return piece(tree, UNICODE).text


def piece(tree: Expr, style: Style) -> Piece:
    """Write a tree in a style; a long sum or product is walked, not entered, so that it may have thousands of terms."""
    spine: list[Call] = []
    while isinstance(tree, Call) and tree.op in INFIX:
        spine.append(tree)
        tree = tree.args[0]
    if isinstance(tree, Num):
        left = style.number(tree)
    elif isinstance(tree, Name):
        left = style.name(tree.id)
    else:
        parts = [piece(arg, style) for arg in tree.args]
        left = style.forms.get(tree.op, style.function)(style, tree, parts)
    while spine:
        call = spine.pop()
        left = style.forms.get(call.op, infix)(style, call, [left, piece(call.args[1], style)])
    return left


def operand(style: Style, call: Call, parts: list[Piece], side: int) -> str:
    """Give the text of an operator's operand, in brackets where it needs them."""
    part, arg, binds = parts[side], call.args[side], ROWS[call.op].binds
    loose = part.binds < binds or (part.binds == binds and (side > 0 or binds in (COMPARE, POWER)))
    if (side > 0 or call.op in ("^", "ᵀ")) and part.leads < binds:
        loose = True
    if (
        isinstance(arg, Call)
        and part.binds < POWER
        and ((call.op, arg.op) in UNCLEAR or (side > 0 and arg.op == "neg"))
    ):
        loose = True
    return style.bracket(part.text) if loose else part.text


def infix(style: Style, call: Call, parts: list[Piece], sign: str = "") -> Piece:
    """Write an operator between its operands."""
    left, right = operand(style, call, parts, 0), operand(style, call, parts, 1)
    leads = parts[0].leads if left == parts[0].text else ATOM
    return Piece(left + (sign or style.signs[call.op]) + right, ROWS[call.op].binds, leads)


def prefix(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write an operator before its operand."""
    return Piece(style.signs[call.op] + operand(style, call, parts, 0), ROWS[call.op].binds)


def entries(style: Style, call: Call, parts: list[Piece]) -> list[list[str]]:
    """Give the texts of an array's entries, row by row, where its rows are written out in it."""
    if call.op == "[,]":
        return [[part.text for part in parts]]
    return [
        [piece(entry, style).text for entry in arg.args] if isinstance(arg, Call) and arg.op == "[,]" else [part.text]
        for arg, part in zip(call.args, parts, strict=True)
    ]


def literal(tree: Expr) -> bool:
    """Tell whether a tree is a number, or a number with a minus sign."""
    return isinstance(tree, Num) or (isinstance(tree, Call) and tree.op == "neg" and isinstance(tree.args[0], Num))


# --- plain and Unicode text ---------------------------------------------------------------------------------


def _bracket(text: str) -> str:
    return f"({text})"


def _number(tree: Num) -> Piece:
    return Piece(tree.text, ATOM, NEGATE) if "/" in tree.text else Piece(tree.text)


def _name(name: str) -> Piece:
    return Piece(name, APPLY if "/" in name or "@" in name else ATOM)


def _product(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Set factors side by side; `@` stands before a number, and before a bracket that f' would take as its argument."""
    right = operand(style, call, parts, 1)
    apart = right[0].isdigit() or right[0] == "." or (right[0] == "(" and parts[0].text.endswith("'"))
    return infix(style, call, parts, " @ " if apart else "")


def _times(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write `0.1·3` for two numbers, and other products with blanks; `1.*3` would hold the sign `.*`."""
    if not (literal(call.args[0]) and literal(call.args[1])) or parts[0].text.endswith("."):
        return infix(style, call, parts)
    if parts[0].leads < ATOM:
        parts[0] = Piece(style.bracket(parts[0].text))
    return infix(style, call, parts, style.signs["*"].strip())


def _quotient(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write a fraction on one line; below stands a single factor, and two bare numbers would be one number."""
    above, below = parts
    if above.binds == APPLY or above.leads < ATOM:
        above = Piece(style.bracket(above.text))
    if below.binds < POWER or (isinstance(call.args[0], Num) and below.text[0] in "0123456789."):
        below = Piece(style.bracket(below.text))
    return infix(style, call, [above, below])


def _transpose(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write `Wᵀ`; a number stands in brackets, because the point of `.T` would be its decimal point."""
    part = style.bracket(parts[0].text) if isinstance(call.args[0], Num) else operand(style, call, parts, 0)
    return Piece(part + style.signs["ᵀ"], POWER)


def _power(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write a power; `x^T` and `x^(T)` would be transposes."""
    power, text = call.args[1], parts[1].text
    simple = parts[1].binds == ATOM and parts[1].leads == ATOM and isinstance(power, Num | Name) and text != "T"
    if text == "T":
        text = style.bracket(text)
    return Piece(operand(style, call, parts, 0) + "^" + (text if simple else style.bracket(text)), POWER)


def _raised(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write `x²`, `x⁻¹` where the power is a whole number."""
    text = parts[1].text
    if literal(call.args[1]) and text.lstrip("−").isdigit():
        return Piece(operand(style, call, parts, 0) + text.translate(SUPERSCRIPTS), POWER)
    return _power(style, call, parts)


def _index(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write `W1[1,:]`; only names, calls and arrays take an index without brackets around them."""
    base = indexed(style, call, parts)
    while base is not parts[0] and len(parts) > 2 and parts[-1].text == ":":  # one turn of a loop is `h[t]`
        parts = parts[:-1]
    bare = isinstance(call.args[0], Name) or base is not parts[0] or (base.binds == ATOM and base.text[-1] in ")]")
    return Piece(
        (base.text if bare else style.bracket(base.text))
        + "["
        + ",".join(bound(style, part) for part in parts[1:])
        + "]"
    )


def bound(style: Style, part: Piece) -> str:
    """Give the text of an index or of an end of a loop, a comparison in brackets."""
    return style.bracket(part.text) if part.binds == COMPARE else part.text


def _range(style: Style, call: Call, parts: list[Piece]) -> Piece:
    low, high = (bound(style, part) for part in parts)
    low = style.bracket(low) if low.endswith(".") else low
    return Piece(low + ".." + (style.bracket(high) if high.startswith(".") else high))


def _row(style: Style, call: Call, parts: list[Piece]) -> Piece:
    return Piece("[" + ", ".join(part.text for part in parts) + "]")


def _stack(style: Style, call: Call, parts: list[Piece]) -> Piece:
    rows = [
        part.text[1:-1] if isinstance(arg, Call) and arg.op == "[,]" else part.text
        for arg, part in zip(call.args, parts, strict=True)
    ]
    return Piece("[" + "; ".join(rows) + "]")


def _each(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write `[x[i]^2 for i = 1..3]`."""
    return Piece(f"[{parts[0].text} for {', '.join(part.text for part in parts[1:])}]")


def members(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write what a loop defines, stacked, as `h[1..3]`."""
    found = family(call)
    return style.name(found) if found else style.function(style, call, parts)


def indexed(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write what an index is taken of; of stacked quantities `h[1..3]` the h alone."""
    found = family(call.args[0])
    return style.name(found[: found.rindex("[")]) if found else parts[0]


def family(tree: Expr) -> str:
    """Give the name `h[1..3]` of what a loop over one variable defines where a stack is just that, in order; else
    empty."""
    if not isinstance(tree, Call) or tree.op != "stack":
        return ""
    ends = [arg.id.rpartition("[") for arg in tree.args if isinstance(arg, Name) and arg.id.endswith("]")]
    places = [end[2][:-1] for end in ends]
    if len(ends) < len(tree.args) or len({end[0] for end in ends}) > 1 or not all(map(str.isdecimal, places)):
        return ""
    first = int(places[0])
    if places != [str(first + at) for at in range(len(places))]:
        return ""
    return f"{ends[0][0]}[{first}..{places[-1]}]"


def _function(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write `f(a, b)`; a bare derivative f' is set apart where a bracket or an index follows."""
    name = style.signs.get(call.op, call.op)
    if not parts:
        return Piece(name, APPLY if name.endswith("'") else ATOM)
    return Piece(name + "(" + ", ".join(part.text for part in parts) + ")")


def _bars(style: Style, call: Call, parts: list[Piece]) -> Piece:
    """Write `|x|`, but no bars within bars."""
    bar = style.signs[call.op]
    inner = parts[0].text
    return (
        _function(style._replace(signs={}), call, parts) if "|" in inner or "‖" in inner else Piece(bar + inner + bar)
    )


SUPERSCRIPTS = str.maketrans("−0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
TEXT: dict[str, Written] = {
    "neg": prefix,
    "ᵀ": _transpose,
    "@": _product,
    "*": _times,
    "/": _quotient,
    "^": _power,
    "[]": _index,
    ":": lambda style, call, parts: Piece(":"),
    "..": _range,
    "=": lambda style, call, parts: Piece(f"{parts[0].text} = {parts[1].text}"),
    "for": lambda style, call, parts: Piece(f"{parts[0].text} for {', '.join(part.text for part in parts[1:])}"),
    "[for]": _each,
    "stack": members,
    "[,]": _row,
    "[;]": _stack,
    "abs": _bars,
    "norm": _bars,
    # a fraction that is 0 where 0 stands above: people write no other sign for it, and it reads back as `/`
    "ratio": lambda style, call, parts: style.forms["/"](style, call._replace(op="/"), parts),
}
PLAIN = Style(
    {**{op: row.plain for op, row in ROWS.items()}, "abs": "|", "norm": "||"}, _bracket, _number, _name, _function, TEXT
)
UNICODE = PLAIN._replace(
    signs={**{op: row.unicode for op, row in ROWS.items()}, "abs": "|", "norm": "‖", "sqrt": "√", "pi": "π"},
    forms={**TEXT, "^": _raised},
)
