"""Labels of classes that are given: whether there is a class of that number."""

from __future__ import annotations

from ..formula.expr import Call, Expr, Name, number, walk
from ..formula.lex import FormulaError
from ..graph.arrays import is_finite, nested
from ..graph.evaluate import solve_table
from ..graph.shapes import whole_number
from ..graph.table import Table


def check_labels(table: Table, formula: Expr) -> None:
    """Refuse a formula that takes a given label for a class that there is not.

    Raises:
        FormulaError: there is one.
    """
    for part in walk(formula):
        if not isinstance(part, Call) or part.op != "one_hot":
            continue
        label, count = part.args
        base = label.args[0] if isinstance(label, Call) and label.op == "[]" else label
        name = table.root(base.id) if isinstance(base, Name) and base.id in table else ""
        classes = whole_number(count, table.shapes)
        if name not in table.values or not isinstance(classes, int):
            continue
        first = _first_class(table)
        for each in _numbers(nested(table.values[name])):
            if each != int(each) or not first <= each < first + classes:
                shown = f"`{name}` has the label {each:g}, and the classes are {first} to {first + classes - 1}"
                fix = "the convention `first_class` says whether they count from 0 or 1"
                raise FormulaError(shown, part.at.start, part.at.end, fix, "HW311")


def _first_class(table: Table) -> int:
    """Give the number of the first class: 0 is one, or none."""
    work = Table(table.functions, table.samples)
    work.define("zeroth", Call("one_hot", (number(0), number(1))))
    return 0 if is_finite(solve_table(work)["zeroth"]) else 1


def _numbers(value: object) -> list[float]:
    if isinstance(value, list):
        return [each for part in value for each in _numbers(part)]
    return [value] if isinstance(value, float) else []
