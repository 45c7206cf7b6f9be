"""Measure: `python -m tests.benchmarks [AREA...]` prints one table of ratios, each against a floor of the same run.

The machine should have nothing else to do; where the two ratios of a line differ much, it had.
"""

import os
import sys
from importlib import import_module

from tests.benchmarks.measure import HEAD, Row, line, measure

AREAS = {  # each module has ROWS, a list of Row
    "startup": "tests.benchmarks.startup",
    "engine": "tests.benchmarks.engine",
    "sheet": "tests.benchmarks.sheet",
    "marking": "tests.benchmarks.marking",
    "training": "tests.benchmarks.training",
    "grading": "tests.benchmarks.grading",
}


def main(names: list[str]) -> int:
    """Measure the rows of the named areas, or of all."""
    unknown = set(names) - AREAS.keys()
    if unknown:
        print(f"no area {', '.join(sorted(unknown))}; there are {', '.join(AREAS)}", file=sys.stderr)
        return 2
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as hwcheck sets it; read when an area loads NumPy
    print(HEAD)
    for name in names or AREAS:
        rows: list[Row] = import_module(AREAS[name]).ROWS
        for row in rows:
            print(line(row, measure(row)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
