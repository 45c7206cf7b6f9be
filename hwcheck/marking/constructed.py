"""What a student wrote as the answer to a construction: numbers by their names, or the formula of a function."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np

from ..formula.expr import Expr, Name, names
from ..formula.lex import FormulaError
from ..formula.names import key
from ..formula.show import plain
from ..graph.fitting import turns_of
from ..graph.functions import Array
from ..graph.shapes import is_number, shape_of, show_shape
from ..record import NamedTuple
from ..sheet.constructing import not_of
from ..sheet.constructs import Construct, answered
from ..sheet.problem import expand
from ..text import safe_text
from ..yamltree import Map, Scalar, Seq, Tree
from .brackets import pieces_of
from .formulas.lines import lines_of, text_of
from .formulas.reading import Notes, Words, read
from .store import laid_out
from .typed import is_blank, read_typed
from .wanted import Wanted

#: So many readings of a formula are tried.
MOST_READINGS = 6
#: A sum is worked out at all inputs at once, and so has at most so many terms.
MOST_TERMS = 400
#: `w1 = 1` in a text of several.
ASSIGNED = re.compile(r"\s*([^\W\d]\w*)\s*[=:](?!=)\s*(.+)", re.DOTALL)


class Answer(NamedTuple):
    """An answer as it was read: the values of givens, or the formula of a function; in which words."""

    values: Mapping[str, Array]
    formula: Expr | None
    read_as: str
    remarks: tuple[str, ...] = ()


def numbers_in(tree: Tree, asked: Construct) -> Answer:
    """Read the values of what is to be found: by names, in order, or in a text.

    Raises:
        FormulaError: something is left out, or is no number.
    """
    found: dict[str, Tree] = {}
    known = {key(name): name for name in asked.names}
    for title, value in _pairs(tree, asked):
        if key(title) not in known:
            reason = f"`{safe_text(title, 40)}` is not asked"
            raise FormulaError(
                reason, 0, 1, f"asked {'is' if len(asked.names) == 1 else 'are'} {', '.join(asked.names)}"
            )
        found[known[key(title)]] = value
    missing = [name for name in asked.names if name not in found or is_blank(found[name])]
    if missing:
        raise FormulaError(f"nothing is written for {', '.join(missing)}", 0, 1, "write a number for each")
    base = asked.problem.base
    values: dict[str, Array] = {}
    remarks: dict[str, None] = {}
    for name in asked.names:
        shape = tuple(int(size) for size in base.shape(name))
        entries, said = laid_out(read_typed(found[name]), shape, Wanted(name, Name(name), True))
        if any(entry is None for entry in entries):
            raise FormulaError(f"an entry of {name} is left out", 0, 1, "write a number for each")
        remarks.update(dict.fromkeys(said))
        numbers = [entry.value for entry in entries if entry is not None]
        values[name] = np.array(numbers, dtype=float).reshape(shape)
    read_as = ", ".join(f"{name} = {value_text(values[name])}" for name in asked.names)
    return Answer(values, None, read_as, tuple(remarks))


def _pairs(tree: Tree, asked: Construct) -> Iterator[tuple[str, Tree]]:
    """Give what was written, by names."""
    if isinstance(tree, Map):
        yield from ((title.text, value) for title, value in tree.items)
    elif len(asked.names) == 1 and not (isinstance(tree, Scalar) and ASSIGNED.fullmatch(tree.text)):
        yield asked.names[0], tree
    elif isinstance(tree, Seq):
        if len(tree.items) != len(asked.names):
            many = f"{len(asked.names)} values are wanted, and these are {len(tree.items)}"
            raise FormulaError(many, 0, 1, f"write {', '.join(asked.names)}, each with its name")
        yield from zip(asked.names, tree.items, strict=True)
    else:
        lines = tree.text.replace(";", "\n").split("\n")
        pieces = [piece for line in lines for piece in pieces_of(line, ",") if piece.strip()]
        named = [ASSIGNED.fullmatch(piece) for piece in pieces]
        if not all(named) and len(pieces) != len(asked.names):
            raise FormulaError("several values are wanted", 0, 1, f"write {asked.names[0]} = 1, each with its name")
        for place, (piece, match) in enumerate(zip(pieces, named, strict=True)):
            title, text = (asked.names[place], piece) if match is None else (match[1], match[2])
            yield title, tree._replace(text=text.strip(), style="raw")


def formulas_in(tree: Tree, asked: Construct) -> Iterator[Answer]:
    """Read the formula of a function in all its readings.

    Raises:
        FormulaError: it is none, or reads what it may not.
    """
    if isinstance(tree, Map):
        (title, value), *more = tree.items
        if more or key("".join(title.text.split())) not in (key(asked.title), key(asked.function)):
            raise FormulaError("one formula is wanted here", 0, 1, f"write the formula of {asked.title} alone")
        tree = value
    lines = lines_of(text_of(tree))
    if not lines:
        raise FormulaError("no formula", 0, 1)
    failure: FormulaError | None = None
    found = 0
    for reading in read(lines[-1].parts[-1], Words(asked.problem, Notes({}, set())))[:MOST_READINGS]:
        trouble = not_of(reading.tree, asked)
        try:
            if trouble:
                raise FormulaError(trouble, 0, 1, f"write it in {', '.join(asked.params)} and what is given")
            shapes = expand(asked.problem, names(reading.tree)).copy().shapes
            shape = shape_of(reading.tree, shapes)
            if not is_number(shape):
                raise FormulaError(f"a number is wanted, and this is {show_shape(shape)}", 0, 1)
            if turns_of(reading.tree, shapes) > MOST_TERMS:
                reason = "this is too long to be worked out at all inputs"
                raise FormulaError(reason, 0, 1, f"write sums of at most {MOST_TERMS} terms", "HW315")
            answered(asked, reading.tree)
        except FormulaError as error:
            failure = failure or error
            continue
        found += 1
        yield Answer({}, reading.tree, plain(reading.typed))
    if not found:
        raise failure or FormulaError("no formula", 0, 1)


def value_text(value: Array, digits: int = 6) -> str:
    """Write a value as it can be typed."""
    array = np.asarray(value, dtype=float)
    if array.size == 1:
        return number_text(float(array.item()), digits)
    return "[" + ", ".join(value_text(each, digits) for each in array) + "]"


def number_text(value: float, digits: int = 6) -> str:
    """Write a number as it can be typed."""
    return f"{value:.{digits}g}".replace("e+0", "e").replace("e+", "e")
