"""Mutation testing: `python -m tests.mutation [FILES]` changes the parser and the comparison, a place at a time, and
tells which changes no test sees.

A survivor is a missing test, or a change that nobody can see: those stand in survivors.txt, with the reason.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

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
        "digits precision bands near look judge",
        "marking/test_verdicts.py marking/test_edges.py marking/test_typed.py marking/test_blame.py "
        "marking/test_laws.py marking/test_notes.py marking/test_unanswered.py marking/test_sheets.py "
        "marking/test_precision.py marking/test_digit_slips.py marking/test_bands.py "
        "marking/test_together.py marking/test_judge.py marking/test_judging.py hostile/test_marking.py",
    ),
    Area(
        "hwcheck/marking",
        "ranges lastbits",
        "marking/test_constructions.py marking/test_ranges.py marking/test_lastbits.py",
    ),
    Area(
        "hwcheck/marking/formulas",
        "judging",
        "marking/test_judging.py marking/test_derivations.py marking/test_formulas_laws.py marking/test_spellings.py",
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
    """What was found about a file: all mutants, those of the sample that nobody can see, and of the rest how many were
    tried and which no test sees."""

    file: str
    all: list[Mutant]
    unseen: int
    tried: int
    survivors: list[Mutant]


def tried(area: Area, files: list[str], options: argparse.Namespace) -> list[Result]:
    """Try the mutants of some files of an area."""
    from tests.mutation.running import Tests, with_tests

    results: list[Result] = []
    equivalent = {each[:4] for each in known()}

    def run(items: list[pytest.Item]) -> None:
        tests = Tests(items, files)
        for file in files:
            module = import_module(file.removesuffix(".py").replace("/", "."))
            source = (ROOT / file).read_text(encoding="utf-8")
            found = mutants(source, str(ROOT / file))
            same = Mutant("", 0, "", "", frozenset(), compile(source, str(ROOT / file), "exec"))
            if tests.kill(module, same, tests.chosen(file, same.lines, options.seconds)):
                raise SystemExit(f"{file}: a test fails for the module put in its own place")
            chosen = sample(found, options.most)
            if options.again is not None:
                chosen = earlier(found, file, options.again) or chosen
            can = [mutant for mutant in chosen if (file, *mutant.key) not in equivalent]
            survivors: list[Mutant] = []
            for mutant in can:
                if not tests.kill(module, mutant, tests.chosen(file, mutant.lines, options.seconds)):
                    survivors.append(mutant)
                    print(BETWEEN.join((f"{file}:{mutant.line}", *mutant.key)), flush=True)
            results.append(Result(file, found, len(chosen) - len(can), len(can), survivors))
            print(line(results[-1]), flush=True)

    with_tests([str(ROOT / "tests" / path) for path in area.tests.split()], options.examples, run)
    return results


def earlier(found: list[Mutant], file: str, output: Path) -> list[Mutant]:
    """Give the survivors of an earlier run that are still there."""
    rows = [tuple(line.split(BETWEEN)) for line in output.read_text(encoding="utf-8").splitlines() if BETWEEN in line]
    keys = {row[1:] for row in rows if row[0].partition(":")[0] == file}
    return [mutant for mutant in found if mutant.key in keys]


def line(result: Result) -> str:
    """Give one line of the report: the share that is seen of those that can be."""
    killed = result.tried - len(result.survivors)
    score = 100 * killed / result.tried if result.tried else 100.0
    counts = f"{len(result.all):5} {result.unseen:10} {result.tried:5} {killed:6} {len(result.survivors):8}"
    return f"{result.file:44} {counts} {score:6.1f} %"


def main(arguments: list[str]) -> int:
    """Try the mutants of the files that are named, or of all, and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("files", nargs="*", help="files to mutate, as hwcheck/formula/lex.py")
    parser.add_argument("--most", type=int, default=150, help="try so many mutants of a file (default 150)")
    parser.add_argument("--seconds", type=float, default=20.0, help="tests for one mutant, as measured (default 20)")
    parser.add_argument("--examples", type=int, default=25, help="examples of a property test (default 25)")
    parser.add_argument("--again", type=Path, help="of files in this output of an earlier run, the survivors only")
    options = parser.parse_args(arguments)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    options.again = options.again and options.again.resolve()
    os.chdir(ROOT)
    results: list[Result] = []
    for area in AREAS:
        files = [f"{area.folder}/{name}.py" for name in area.names.split()]
        wanted = [file for file in files if not options.files or file in options.files]
        if wanted:
            results += tried(area, wanted, options)
    print(f"{'':44} {'all':>5} {'equivalent':>10} {'tried':>5} {'killed':>6} {'survived':>8}   score")
    for result in results:
        print(line(result))
    there = {(result.file, *mutant.key) for result in results for mutant in result.all}
    for each in known():
        if each.file in {result.file for result in results} and each[:4] not in there:
            print(f"no mutant any more: {BETWEEN.join(each[:4])}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
