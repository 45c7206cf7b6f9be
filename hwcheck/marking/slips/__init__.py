"""The catalogue of slips: one row for each mistake, with what it is, what the student is told, and how it is made."""

from . import digits, drawing, forward, layers, loss, optimizer, paths, slopes, update, written
from .row import Slip

FILES = (paths, slopes, loss, forward, update, optimizer, layers, digits, written, drawing)

#: Every slip by its code, those that are seen most often first.
SLIPS: dict[str, Slip] = {
    row.code: row for row in sorted((row for file in FILES for row in file.ROWS), key=lambda row: -row.weight)
}


def is_rule(code: str) -> bool:
    """Tell whether a mistake is a wrong rule, which hits every entry of its kind."""
    return code in SLIPS and SLIPS[code].kind != "slip"
