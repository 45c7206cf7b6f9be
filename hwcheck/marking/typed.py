"""Typed values: numbers and arrays as people write them, each entry with the digits that it was written with.

A value is text: a number (`.5`, `4.953e-3`, `3/8`, `0.2 - 0.05*0.29267`), or an array by brackets, with commas,
semicolons or blanks between the entries (`[0.1, 0.2; 0.3, 0.4]`, `[[0.1 0.2] [0.3 0.4]]`). Every entry is read by the
one parser of formulas, with no names but the functions.
"""

import math
import re
from functools import lru_cache

from ..formula.cursor import MAX_DEPTH
from ..formula.expr import Call, Expr, Num, walk
from ..formula.lex import MAX_TEXT, plain
from ..formula.parse import FormulaError, Scope, readings
from ..graph.evaluate import solve_table
from ..graph.functions import arities
from ..graph.table import Table
from ..library.functions import FUNCTIONS
from ..record import NamedTuple
from ..text import safe_text
from ..yamltree import Map, Scalar, Seq, Tree, folded
from .brackets import closing, depth_of, pieces_of, words_of

MAX_ENTRIES = 10_000
MAX_AXES = 6
EXACT = 99
DIGITS = "0123456789."
LITERAL = DIGITS + "eE+-"
BLANKS = ("", "~", "null", "?", "_", "-")
#: What most numbers look like: its digits in front of the point, without leading zeros, and those behind it.
DECIMAL = re.compile(r"[-+]?(?=\.?[0-9])0{0,9}([1-9][0-9]{0,19})?(?:\.([0-9]{0,20}))?")
UNITS = [10.0**-decimals for decimals in range(21)]
#: Between a working and its result.
EQUALS = re.compile(r"(?<![<>=!])=(?!=)|≈")
MOST_SIDES = 20
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
#: 4.953 * 10^-3, which says how it was rounded, as 4.953e-3 does.
TIMES_TEN = re.compile(
    r"([0-9]*\.?[0-9]*) ?[*x×·⋅] ?10(?:\^([-+]?[0-9]{1,3})|\^[({]([-+]?[0-9]{1,3})[)}]|(⁻?[⁰¹²³⁴-⁹]{1,3}))"
)


#: What people write for a score that a mask hides, and the number that sheets have there: its share is 0.
HIDDEN = ("-inf", "-∞")
MASKED = -1e9


class Entry(NamedTuple):
    """One number as it was written.

    Its value, one unit of its last place (0 where it is exact), its significant digits and its decimals. Of
    `0.5*0.25 + 0.5*0.5 = 0.275` it is the last number; `contradicted` tells whether the working in front comes to
    another one.
    """

    text: str
    value: float
    unit: float
    digits: int
    decimals: int | None
    contradicted: bool = False


class Typed(NamedTuple):
    """A value as it was read: entries in reading order, None for places left empty, and the shape of the brackets."""

    entries: tuple[Entry | None, ...]
    shape: tuple[int, ...]


def read_typed(tree: Tree) -> Typed:
    """Read what was typed for a quantity.

    Raises:
        FormulaError: it is no number and no array of numbers.
    """
    entries: list[Entry | None] = []
    shape = _decimals(tree, entries)
    if shape is not None and len(shape) <= MAX_AXES and len(entries) <= MAX_ENTRIES:
        return Typed(tuple(entries), shape)
    if isinstance(tree, Map):
        raise FormulaError(
            "a number or a list is wanted here, and this has names", 0, 1, "write the value alone: [0.31, -0.28]"
        )
    if isinstance(tree, Seq):
        parts = [None if is_blank(item) else read_typed(item) for item in tree.items]
        if _goes_on(tree):
            parts.append(None)
        return _stacked(parts, tree.raw)
    return read_text(folded(tree))


def _decimals(tree: Tree, entries: list[Entry | None]) -> tuple[int, ...] | None:
    """Read plain decimals, or an array of nothing else: add its entries, and give its shape; None for what is none."""
    if isinstance(tree, Scalar):
        entries.append(_decimal(tree.text))
        return () if entries[-1] else None
    if isinstance(tree, Map) or not tree.items or _goes_on(tree):
        return None
    items = tree.items
    if isinstance(items[0], Scalar):
        row = [_decimal(item.text) if type(item) is Scalar else None for item in items]
        entries += row
        return (len(row),) if all(row) else None
    shape = _decimals(items[0], entries)
    for item in items[1:]:
        if shape is None or _decimals(item, entries) != shape:
            return None
    return None if shape is None else (len(items), *shape)


@lru_cache(4096)  # those of a class are mostly the same
def _decimal(text: str) -> Entry | None:
    """Read a plain decimal, None if the text is none."""
    found = DECIMAL.fullmatch(text)
    if found is None:
        return None
    whole, fraction = found.groups("")
    digits = len(whole) + len(fraction) if whole else len(fraction.lstrip("0"))
    return Entry(text, float(text), UNITS[len(fraction)], digits, len(fraction))


def _goes_on(tree: Seq) -> bool:
    """Hold for `[0.31, ]`, whose last entry is still to come; `laid_out` knows better where nothing is."""
    return tree.flow and tree.raw.rstrip("] \t\n").endswith(",")


def is_blank(tree: Tree) -> bool:
    """Tell whether nothing was answered: an empty value, or lists of nothing but empty values."""
    if isinstance(tree, Scalar):
        return tree.text.strip() in BLANKS
    items = tree.items if isinstance(tree, Seq) else [item[1] for item in tree.items]
    return all(is_blank(item) for item in items)


def read_text(text: str) -> Typed:
    """Read a number or an array from its text."""
    text = text.strip()
    if not text.strip(LITERAL):
        return Typed((read_number(text),), ())
    for prefix in ("np.array", "numpy.array", "array"):
        if text.startswith(prefix + "(") and text.endswith(")"):
            text = text[len(prefix) + 1 : -1].strip()
    if len(text) > 100 * MAX_TEXT:
        raise FormulaError("more text than a value needs", 0, 1, "write the numbers alone")
    if depth_of(text) > MAX_DEPTH:
        raise FormulaError(f"brackets are nested more than {MAX_DEPTH} deep", 0, len(text), "write the numbers alone")
    if text[:1] in "[(" and text and closing(text, 0) == len(text) - 1 and (text[0] == "[" or "," in text):
        return _array(text[1:-1])
    return Typed((read_number(text),), ())


def read_number(text: str) -> Entry:
    """Read one number, typed as a literal or as arithmetic.

    Raises:
        FormulaError: it is no finite number.
    """
    if text.strip().lower().replace("−", "-") in HIDDEN:
        return Entry(text, MASKED, 0.0, 1, None)
    literal = text.strip() if len(text) < 80 else ""
    usual = not literal.strip(LITERAL)
    if not usual:
        literal = "".join(plain(char) for char in literal)
    sign = -1.0 if literal[:1] == "-" else 1.0
    if literal[:1] in ("-", "+"):
        literal = literal[1:].lstrip()
    times_ten = None if usual else TIMES_TEN.fullmatch(literal)
    if times_ten:
        literal = f"{times_ten[1]}e{(times_ten[2] or times_ten[3] or times_ten[4]).translate(RAISED)}"
    ends = literal[:1] + literal[-1:]
    if ends and not ends.strip(DIGITS) and len(literal) <= 60 and not literal.strip(LITERAL):
        try:
            value = float(literal)
        except ValueError:
            return _worked_out(text)
        if math.isfinite(value):
            digits, decimals = _precision(literal)
            if value == 0 and digits:
                raise FormulaError("a number too small to be meant", 0, len(text), "write 0")
            unit = 10.0 ** min(-decimals, 308)  # of 0e999 it would have no double
            return Entry(text, sign * value, unit, digits, None if "e" in literal.lower() else decimals)
    return _worked_out(text)


def _worked_out(text: str) -> Entry:
    """Read arithmetic: exact where it has whole numbers alone, else as precise as its most precise number."""
    if text.strip().lower().lstrip("+-.") in ("nan", "inf", "infinity"):
        raise FormulaError(f"`{text.strip()}` is no number", 0, len(text), "write a finite number")
    sides = EQUALS.split(text, MOST_SIDES)
    if len(sides) > MOST_SIDES:
        raise FormulaError("more signs of equality than a working has", 0, len(text), "write the result alone")
    if len(sides) > 1 and all(side.strip() for side in sides):
        return _result(sides)
    try:
        trees = readings(text, Scope({}, arities(FUNCTIONS)))
    except FormulaError as error:
        if error.code == "HW103":
            reason = f"a number is wanted here, and `{safe_text(text.strip(), 40)}` is none"
            raise FormulaError(reason, 0, len(text), "write the value, such as 0.31") from None
        raise
    if len(trees) > 1:
        raise FormulaError("this can be read in two ways", 0, len(text), "add brackets")
    value = _value(trees[0], text)
    literals = [each for part in walk(trees[0]) if isinstance(part, Num) for each in part.text.split("/")]
    rounded = [_precision(literal)[0] for literal in literals if "." in literal or "e" in literal.lower()]
    functions = any(isinstance(part, Call) and part.op[0].isalpha() and part.op != "neg" for part in walk(trees[0]))
    if value == 0 or (not rounded and not functions):
        return Entry(text, value, 0.0, EXACT, None)
    digits = max([*rounded, 4])
    return Entry(text, value, 10.0 ** (math.floor(math.log10(abs(value))) + 1 - digits), digits, None)


def _result(sides: list[str]) -> Entry:
    """Read the number behind its working; working in names says nothing about the number.

    Raises:
        FormulaError: it is no number, or the value of something with another name.
    """
    named = next((side.strip() for side in sides[:-1] if side.strip().isidentifier()), None)
    if named is not None:
        reason = f"this is the value of `{safe_text(named, 40)}`"
        raise FormulaError(reason, 0, len(named), "write the value alone, or the name that is asked")
    last = read_number(sides[-1])
    contradicted = False
    for side in sides[:-1]:
        try:
            worked = read_number(side)
        except FormulaError:
            continue
        slack = 1e-9 * abs(last.value) + worked.unit + last.unit
        contradicted = contradicted or abs(worked.value - last.value) > slack
    return last._replace(text=sides[-1].strip(), contradicted=contradicted)


def _value(tree: Expr, text: str) -> float:
    try:
        return _worth(Table(FUNCTIONS), tree, text)
    except (RecursionError, MemoryError):
        raise FormulaError("too much to be worked out", 0, len(text), "write the number itself") from None


def _worth(table: Table, tree: Expr, text: str) -> float:
    row = table.define("value", tree)
    if row.shape:
        raise FormulaError(
            "one number is wanted here", 0, len(text), "write its entries in brackets, with commas between"
        )
    value = float(solve_table(table)["value"])
    if not math.isfinite(value):
        raise FormulaError("this is no finite number", 0, len(text), "write the number itself")
    return value


def _precision(literal: str) -> tuple[int, int]:
    """Give the significant digits and the decimals (negative left of the point) of a literal such as 4.953e-3."""
    mantissa, _, exponent = literal.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = len((whole + fraction).lstrip("0"))
    return digits, len(fraction) - int(exponent or 0)


# --- arrays ---------------------------------------------------------------------------------------------------------


def _array(inside: str) -> Typed:
    """Read what stands between the brackets of an array."""
    rows = pieces_of(inside, ";")
    if len(rows) > 1:
        return _stacked([_array(row) for row in rows if row.strip()], inside)
    pieces = pieces_of(inside, ",")
    if len(pieces) == 1:
        pieces = words_of(inside)
    return _stacked([None if piece.strip() in BLANKS else read_text(piece) for piece in pieces], inside)


def _stacked(parts: list[Typed | None], text: str) -> Typed:
    """Put the parts of an array together, all of one shape; parts left empty have the shape of the others."""
    shapes = {part.shape for part in parts if part is not None}
    if not shapes:
        raise FormulaError("an array without entries", 0, max(len(text), 1), "write [0.31, -0.28]")
    if len(shapes) > 1:
        raise FormulaError("the rows have unlike numbers of entries", 0, len(text), "give every row as many entries")
    empty = (None,) * math.prod(next(iter(shapes)))
    entries = tuple(entry for part in parts for entry in (part.entries if part is not None else empty))
    shape = (len(parts), *shapes.pop())
    if len(entries) > MAX_ENTRIES or len(shape) > MAX_AXES:
        raise FormulaError("more entries than a value needs", 0, len(text), "write the numbers that are asked")
    return Typed(entries, shape)
