"""Mutation testing: `python -m tests.mutation [FILES]` changes the parser and the comparison, a place at a time, and
tells which changes no test sees.

A survivor is a missing test, or a change that nobody can see: those stand in survivors.txt, with the reason.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from tests.mutation.mutants import Mutant, mutants, sample

ROOT = Path(__file__).parents[2]
KNOWN = Path(__file__).with_name("survivors.txt")
BETWEEN = "  ::  "


class Area(NamedTuple):
    """Files, and the tests that bear on them."""

    folder: str
    names: str
    tests: str


AREAS = (
    Area(
        "hwcheck/formula",
        "lex lexnames lexlatex parse parsenumbers parsenames parseforms parsefunctions parsearrays parsederivatives "
        "parsemeanings cursor",
        "formula hostile/test_formulas.py",
    ),
    Area(
        "hwcheck/marking",
        "digits precision bands near judge",
        "marking/test_verdicts.py marking/test_edges.py marking/test_typed.py marking/test_blame.py "
        "marking/test_laws.py marking/test_notes.py marking/test_unanswered.py marking/test_sheets.py "
        "marking/test_precision.py marking/test_digit_slips.py hostile/test_marking.py",
    ),
    Area(
        "hwcheck/marking",
        "ranges lastbits",
        "marking/test_constructions.py marking/test_ranges.py marking/test_lastbits.py",
    ),
    Area(
        "hwcheck/marking/formulas",
        "judging",
        "marking/test_derivations.py marking/test_formulas_laws.py marking/test_spellings.py",
    ),
)


class Known(NamedTuple):
    """A change that nobody can see: where it is, and why nobody can."""

    file: str
    function: str
    text: str
    change: str
    reason: str


def known() -> list[Known]:
    """Read the table of changes that nobody can see."""
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    return [Known(*line.split(BETWEEN)) for line in lines if line and not line.startswith("#")]


class Result(NamedTuple):
    """What was found about a file: all mutants, how many were tried, and those that no test sees."""

    file: str
    all: list[Mutant]
    tried: int
    survivors: list[Mutant]


def tried(area: Area, files: list[str], most: int, budget: float, examples: int, only: str) -> list[Result]:
    """Try the mutants of some files of an area."""
    from tests.mutation.running import Tests, with_tests

    results: list[Result] = []

    def run(items: list[object]) -> None:
        tests = Tests(items, files)
        for file in files:
            module = import_module(file.removesuffix(".py").replace("/", "."))
            source = (ROOT / file).read_text(encoding="utf-8")
            found = mutants(source, str(ROOT / file))
            same = Mutant("", 0, "", "", range(0), compile(source, str(ROOT / file), "exec"))
            if tests.kill(module, same, tests.chosen(file, same.lines, budget)):
                raise SystemExit(f"{file}: a test fails for the module put in its own place")
            chosen = [mutant for mutant in sample(found, most) if only in mutant.function]
            survivors: list[Mutant] = []
            for mutant in chosen:
                if not tests.kill(module, mutant, tests.chosen(file, mutant.lines, budget)):
                    survivors.append(mutant)
                    print(f"{file}:{mutant.line}: {mutant.change}    [{mutant.function}] {mutant.text}", flush=True)
            results.append(Result(file, found, len(chosen), survivors))

    with_tests([str(ROOT / "tests" / path) for path in area.tests.split()], examples, run)
    return results


def line(result: Result, equivalent: Iterable[Known]) -> str:
    """Give one line of the report: the share that is seen of those that can be."""
    keys = {(each.function, each.text, each.change) for each in equivalent if each.file == result.file}
    unseen = [mutant for mutant in result.survivors if mutant.key in keys]
    can, missed = result.tried - len(unseen), len(result.survivors) - len(unseen)
    score = 100 * (can - missed) / can if can else 100.0
    return (
        f"{result.file:42} {result.all:5} {result.tried:6} {can - missed:7} {len(unseen):11} {missed:9} {score:6.1f} %"
    )


def main(arguments: list[str]) -> int:
    """Try the mutants of the files that are named, or of all, and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("files", nargs="*", help="files to mutate, as hwcheck/formula/lex.py")
    parser.add_argument("--most", type=int, default=150, help="try so many mutants of a file (default 150)")
    parser.add_argument("--seconds", type=float, default=20.0, help="tests for one mutant, as measured (default 20)")
    parser.add_argument("--examples", type=int, default=25, help="examples of a property test (default 25)")
    parser.add_argument("--function", default="", help="only functions whose name has this in it")
    options = parser.parse_args(arguments)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.chdir(ROOT)
    results: list[Result] = []
    for area in AREAS:
        files = [f"{area.folder}/{name}.py" for name in area.names.split()]
        wanted = [file for file in files if not options.files or file in options.files]
        if wanted:
            results += tried(area, wanted, options.most, options.seconds, options.examples, options.function)
    print(f"{'':42} {'all':>5} {'tried':>6} {'killed':>7} {'equivalent':>11} {'survived':>9}  score")
    equivalent = known()
    for result in results:
        print(line(result, equivalent))
    there = {(result.file, *mutant.key) for result in results for mutant in result.all}
    for each in equivalent:
        if each.file in {result.file for result in results} and each[:4] not in there:
            print(f"no mutant any more: {BETWEEN.join(each[:4])}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
