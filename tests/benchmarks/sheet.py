"""What reading, solving and marking a sheet costs within a process that has everything loaded."""

from collections.abc import Callable

import yaml

from hwcheck import load_answers, load_sheet, solve, verify
from hwcheck.render.data import solution_json
from tests.benchmarks.measure import Row
from tests.bundled import answers_file, sheet_file

SHEET = str(sheet_file("sheet5"))
ANSWERS = str(answers_file("sheet5"))


def parsed(path: str) -> Callable[[], object]:
    """Return the call that reads a file with PyYAML's fast parser and no more."""

    def once() -> object:
        with open(path, encoding="utf-8") as file:
            return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    return once


LOADED = load_sheet(SHEET)
WRITTEN = load_answers(ANSWERS)
SOLVED = solve(LOADED)

ROWS = [
    Row("load sheet5", "PyYAML alone", lambda: load_sheet(SHEET), parsed(SHEET), None),
    Row("load sheet5's answers", "PyYAML alone", lambda: load_answers(ANSWERS), parsed(ANSWERS), None),
    Row("solve sheet5, loaded", "PyYAML alone", lambda: solve(LOADED), parsed(SHEET), None),
    Row("its solution as JSON", "PyYAML alone", lambda: solution_json(SOLVED), parsed(SHEET), None),
    Row("verify sheet5's answers, loaded", "PyYAML alone", lambda: verify(LOADED, WRITTEN), parsed(ANSWERS), None),
]
