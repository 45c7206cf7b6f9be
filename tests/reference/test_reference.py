"""hwcheck against PyTorch: the values of 2,000 small problems, worked out there once (see `make.py`).

Each case is a sheet with a network and five steps of training; its numbers, shapes and settings are drawn. Where
hwcheck's default convention is not PyTorch's, the line in `torch_*.py` that converts says so.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from hwcheck.formula.expr import OPERATORS, Call, Expr, Name, names
from hwcheck.graph.evaluate import compile_table, run
from hwcheck.library.activations import ACTIVATIONS
from hwcheck.library.layers import NAMES
from hwcheck.library.losses import LOSSES, PENALTIES
from hwcheck.library.optimizers import OPTIMIZERS
from hwcheck.sheet.problem import expand, settled
from tests.marking.students import sheet_of

from .cases import FAMILIES, Family
from .record import OUT, Case, digest, magnitude, projection, unpacked

EXPECTED: dict[tuple[str, str], tuple[str, str]] = {}
for row in Path(__file__).with_name("expected.txt").read_text(encoding="utf-8").splitlines():
    of, number, mark, values = row.split(" ")
    EXPECTED[of, number] = mark, values

#: So many sheets of each family are in the quick part of the tests.
QUICK = 2


def solved(cases: Sequence[Case]) -> list[dict[str, list[float]]]:
    """Give the entries of all compared quantities, by name, of cases that are one sheet with other numbers.

    The output of layers is what the loss takes first.
    """
    case = cases[0]
    problem = sheet_of(case.sheet()).problems["1"]
    trees: dict[str, Expr] = {name: Name(name) for name in case.wanted()}
    if OUT in trees:
        loss = problem.base[case.loss].formula
        while isinstance(loss, Call) and loss.op in OPERATORS:  # with penalties
            loss = loss.args[0]
        assert isinstance(loss, Call)
        trees[OUT] = loss.args[0]
    trees = {name: settled(problem, tree) for name, tree in trees.items()}
    table = expand(problem, [name for tree in trees.values() for name in names(tree)]).copy()
    own = {name: tree.id if isinstance(tree, Name) else table.define(OUT, tree).name for name, tree in trees.items()}
    program = compile_table(table, own.values())
    found = []
    for each in cases:
        assert each.rest() == case.rest(), "one sheet, but for its numbers"
        assert each.given.keys() <= table.values.keys()
        slots = run(program, {**table.values, **{name: np.array(value, float) for name, value in each.given.items()}})
        found.append({name: slots[program.slots[title]].ravel().tolist() for name, title in own.items()})
    return found


def agree(family: Family, first: int, end: int | None) -> None:
    """Compare the cases of some of a family's sheets with PyTorch: to 1e-10 of each quantity's size."""
    wrong = []
    cases = list(enumerate(family.cases()))
    sheets = [cases[at : at + family.each] for at in range(0, len(cases), family.each)]
    for sheet in sheets[first:end]:
        for (number, case), found in zip(sheet, solved([case for _, case in sheet]), strict=True):
            mark, values = EXPECTED[family.name, str(number)]
            assert mark == digest(case), f"{family.name} {number} is drawn otherwise now: run make.py again"
            for (name, entries), wanted in zip(found.items(), unpacked(values), strict=True):
                error = abs(projection(name, entries) - wanted)
                if not error <= 1e-10 * magnitude(entries):  # nan is no agreement
                    wrong.append(f"{family.name} {number}: {name} = {entries} is off by {error:.1e}\n{case.sheet()}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_some_values_are_those_of_pytorch(family: Family) -> None:
    agree(family, 0, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_all_values_are_those_of_pytorch(family: Family) -> None:
    agree(family, QUICK, None)


def test_there_are_two_thousand_cases_and_each_has_its_expected_values() -> None:
    drawn = [(family.name, str(number)) for family in FAMILIES for number in range(family.count)]
    assert len(drawn) >= 2000
    assert set(drawn) == set(EXPECTED)


def test_every_layer_function_and_optimizer_has_cases() -> None:
    families = {family.name for family in FAMILIES}
    assert {row.name for row in (*ACTIVATIONS, *LOSSES, *PENALTIES)} <= families
    assert {row.name for row in OPTIMIZERS.values()} <= families
    assert set(NAMES) - families <= {"flatten"}


def test_a_wrong_entry_shows() -> None:
    family = FAMILIES[0]
    case = next(family.cases())
    entries = solved([case])[0]["dL/dx"]
    right = projection("dL/dx", entries)
    for at in range(len(entries)):
        changed = [*entries]
        changed[at] += 1e-9
        assert abs(projection("dL/dx", changed) - right) > 1e-10 * magnitude(entries)
    assert len(entries) < 2 or projection("dL/dx", entries[::-1]) != right
