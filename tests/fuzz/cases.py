"""One seed, one input: a file of answers with what is known about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.fuzz.answers import Known, Parts
from tests.fuzz.broken import mutated, page
from tests.fuzz.formulas import formula
from tests.fuzz.laws import check, check_formula

MAKERS: Mapping[str, Callable[[Random], Parts]] = {"formula": formula, "page": page, "bytes": mutated}
KINDS = (*MAKERS,)


class Case(NamedTuple):
    """A file, the sheet that it answers, a text in it that is a formula, and what must come of it."""

    kind: str
    seed: int
    sheet: str
    data: bytes
    formula: str | None
    known: Known


def case_of(seed: int) -> Case:
    """Make the input of a seed: the same in every run, on every machine."""
    kind = KINDS[seed % len(KINDS)]
    random = Random(f"{kind} {seed}")
    sheet, data, formula, known = MAKERS[kind](random)
    return Case(
        kind, seed, sheet, data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data, formula, known
    )


def play(case: Case, path: Path) -> None:
    """Hold all laws on a case.

    Raises:
        AssertionError: one is broken; anything else is a bug as well.
    """
    if case.formula is not None:
        check_formula(case.formula)
    case.known(check(path, case.data, case.sheet, case.seed), path)
