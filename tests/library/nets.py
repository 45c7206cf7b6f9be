"""What the tests of layers share: a problem of one network of layers, from arrays."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hwcheck.diagnostics import Diagnostic
from hwcheck.files import Source
from hwcheck.sheet.build import build_problem
from hwcheck.sheet.problem import Problem, expand, settled
from hwcheck.sheet.raw import read_sheet
from tests.marking.students import sheet_of

Array = Any  # one of NumPy's
Written = Any  # what a sheet has under a key, as JSON
Layers = Sequence[Any]


def text_of(
    layers: Layers, given: Mapping[str, Array], conventions: Mapping[str, str] | None = None, loss: Written = None
) -> str:
    """Give the sheet of a network of layers on the input `x`."""
    network = {"input": "x", "layers": list(layers), **({"loss": loss} if loss else {})}
    values = {name: np.asarray(value).tolist() for name, value in given.items()}
    return (
        'hwcheck: 1\nproblems:\n  "1":\n'
        f"    given: {json.dumps(values)}\n    network: {json.dumps(network)}\n"
        f"    conventions: {json.dumps(dict(conventions or {}))}\n"
    )


def net(
    layers: Layers, given: Mapping[str, Array], conventions: Mapping[str, str] | None = None, loss: Written = None
) -> Problem:
    """Build the problem of a network of layers."""
    return sheet_of(text_of(layers, given, conventions, loss)).problems["1"]


def value_of(problem: Problem, name: str) -> Array:
    """Give the value of a quantity; what a loop defines as a whole."""
    from hwcheck.formula.expr import Name, names
    from hwcheck.graph.evaluate import compile_table, run

    tree = settled(problem, Name(name))
    table = expand(problem, names(tree)).copy()
    table.families.update(problem.base.families)
    table.define("asked value", tree)
    program = compile_table(table, ["asked value"])
    return np.asarray(run(program, table.values)[program.slots["asked value"]])


def output(
    layers: Layers, given: Mapping[str, Array], conventions: Mapping[str, str] | None = None, name: str = ""
) -> Array:
    """Give the output of the last layer."""
    return value_of(net(layers, given, conventions), name or f"a{len(layers)}")


def troubles(text: str) -> list[Diagnostic]:
    """Give all that is wrong with a sheet of one problem."""
    source = Source("sheet.yaml", text, text.encode())
    raw, found = read_sheet(source)
    for each in raw.problems if raw is not None else ():
        build_problem(each, source.name, found)
    return found
