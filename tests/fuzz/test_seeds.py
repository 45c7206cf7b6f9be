"""1,001 inputs that nobody would write, the same in every run: formulas, pages of YAML, and spoiled bytes.

`python -m tests.fuzz` plays further ones, and shrinks what fails.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.cases import KINDS, case_of, play
from tests.fuzz.laws import check_class

SEEDS = 1001
#: Parts of about a second, which the processes of a test run share among them.
PARTS = [range(first, min(first + 48, SEEDS)) for first in range(0, SEEDS, 48)]


@pytest.mark.parametrize("seeds", PARTS, ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}")
def test_every_law_holds_for_every_input(seeds: range, tmp_path: Path) -> None:
    for seed in seeds:
        case = case_of(seed)
        try:
            play(case, tmp_path / "answers.yaml")
        except Exception as error:
            raise AssertionError(f"seed {seed}; `python -m tests.fuzz 1 {seed}` shrinks it") from error


def test_spoiled_files_are_marked_together_as_each_alone(tmp_path: Path) -> None:
    by_sheet: dict[str, list[Path]] = {}
    for case in map(case_of, range(0, SEEDS, 7)):
        path = tmp_path / f"{case.seed}.yaml"
        path.write_bytes(case.data)
        by_sheet.setdefault(case.sheet, []).append(path)
    for sheet, paths in by_sheet.items():
        check_class(paths, sheet)


def test_a_seed_gives_the_same_input_every_time_and_another_seed_another() -> None:
    inputs = [[(case.data, case.formula) for case in map(case_of, range(120))] for _ in range(2)]
    assert inputs[0] == inputs[1]
    assert len(set(inputs[0])) == 120
    assert {case_of(seed).kind for seed in range(3)} == {*KINDS}
