"""The sheets that come along, and what was written on them: found by name, as the program finds them."""

from pathlib import Path

from hwcheck import bundled_folder
from hwcheck.sheet.load import bundled

PROBLEMS = Path(bundled_folder())
SHEETS = list(bundled())


def sheet_file(name: str) -> Path:
    """Give the file of a sheet."""
    return Path(bundled()[name])


def answers_file(name: str) -> Path:
    """Give the answers that come along with a sheet, beside it."""
    return sheet_file(name).with_suffix(".answers.yaml")
