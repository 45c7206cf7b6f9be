"""Formulas in indices: `2 (yhat_i - y_i)` for the whole of dl/dyhat, and sums that leave their range to the reader."""

from __future__ import annotations

import re

from ...formula.expr import Call, Expr, Name, number
from ...formula.lex import FormulaError
from ...formula.names import key
from ...formula.parse import Scope
from ...sheet.problem import Ask, Problem, expand, problem_scope

#: Letters below a name or in brackets behind it, as in `y_i`, `W_{ij}`, `W_{i,j}` and `W[i,j]`.
BELOW = re.compile(r"_\{?([a-z]),?([a-z])?\}?(?![A-Za-z0-9])|\[([a-z])(?:,\s*([a-z]))?\]")
RAISED = str.maketrans({"ᵢ": "_i", "ⱼ": "_j", "ₖ": "_k", "ₗ": "_l", "ₘ": "_m", "ₙ": "_n"})
#: A sum over a letter without its range, and one with it.
OPEN_SUM = re.compile(r"(?:\\sum|\bsum|[Σ∑])_\{?([a-z])\}?(?![A-Za-z0-9=])(?!\s*=)")
DELTA = re.compile(r"(?:\\delta|δ|\bdelta)_\{?([a-z]),?([a-z])\}?(?![A-Za-z0-9])")
BOUND = re.compile(r"(?:\\sum|\bsum|[Σ∑])[_({\s]*([a-z])\s*=")


def entry_of(text: str, problem: Problem, ask: Ask) -> Ask | None:
    """Give what is asked as the formula of one entry, where a text is written in indices; None where it is not.

    The indices are taken in the order in which they stand in the text: on its left side first.
    """
    if not isinstance(ask.tree, Name):
        return None
    try:
        shape = expand(problem, [ask.tree.id]).shape(ask.tree.id)
    except FormulaError:
        return None
    scope = problem_scope(problem, student=True)
    plain = text.translate(RAISED)
    bound = set(BOUND.findall(plain)) | set(OPEN_SUM.findall(plain))
    letters = [
        letter for found in BELOW.findall(plain) for letter in found if letter and key(letter) not in scope.names
    ]
    free = [letter for letter in dict.fromkeys(letters) if letter not in bound]
    if not shape or len(shape) > 2 or len(free) < len(shape):
        return None
    places = [Name(letter) for letter in free[: len(shape)]]
    binds: list[Expr] = []
    for place, size in zip(places, shape, strict=True):
        end: Expr = Name(size) if isinstance(size, str) else number(size)
        binds.append(Call("=", (place, Call("..", (number(1), end)))))
    return ask._replace(tree=Call("for", (Call("[]", (ask.tree, *places)), *binds)), also=())


def with_ranges(text: str, problem: Problem, scope: Scope) -> str:
    """Write the range of a sum that has none, over all entries of the array that its letter stands below, and the
    delta of Kronecker as the comparison that it is."""
    if key("delta") not in scope.names:
        text = DELTA.sub(r"(\1 == \2)", text)
    for letter in dict.fromkeys(OPEN_SUM.findall(text)):
        size = _size_below(text, letter, problem, scope)
        if size:
            pieces = re.split(rf"(?:\\sum|\bsum|[Σ∑])_\{{?{letter}\}}?(?![A-Za-z0-9=])(?!\s*=)", text)
            text = rf"\sum_{{{letter}=1}}^{{{size}}}".join(pieces)
    return text


def _size_below(text: str, letter: str, problem: Problem, scope: Scope) -> str:
    """Give the size of the axis that a letter runs over, by the first array that it stands below; "" for none."""
    base = problem.base
    for found in re.finditer(rf"([^\W\d_][^\W_]*)(?:_\{{?|\[)([a-z]?),?\s*{letter}", text):
        name = scope.names.get(key(found[1]))
        if name is not None and name in base:
            shape, place = base.shape(name), 1 if found[2] else 0
            if place < len(shape):
                return str(shape[place])
    return ""
