"""How a number is shown: to so many significant digits, exact where it is short, and in a form that can be typed back.

>>> [decimal(value, 4) for value in (0.5073210509967371, -0.28, 3.0, 2.0300001, 1.2384e-06, 123456.0)]
['0.5073', '-0.28', '3', '2.030', '1.238e-6', '123456']
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite, isnan

from ..formula.expr import Call, Expr, Num

DIGITS = 4  # significant digits, unless asked otherwise
EXACT = 12  # digits that tell what a number is; what comes behind them is the machine's rounding
TYPED = 8  # digits that people type: givens and short numbers are shown with so many before they are rounded
LARGEST = 7  # digits of a whole number before it is written with a power of ten


def decimal(value: float, digits: int, typed: bool = False) -> str:
    """Write a number in ASCII: `0.5073`, `-0.28`, `3`, `1.238e-6`; what is not finite as `inf`, `-inf`, `nan`.

    It is rounded to `digits` unless it has no more, or is whole; a number that was `typed`, only where it is long.
    """
    if value == 0:
        return "0"
    if not isfinite(value):
        return str(value)
    sign = "-" if value < 0 else ""
    figures, power = _rounded(abs(value), digits, TYPED if typed else digits)
    with_power = _with_power(figures, power)
    if power >= LARGEST:
        return sign + with_power
    if power >= 0:
        figures = figures.ljust(power + 1, "0")
        return sign + figures[: power + 1] + "." * (len(figures) > power + 1) + figures[power + 1 :]
    fixed = "0." + "0" * (-power - 1) + figures
    return sign + (fixed if len(fixed) <= len(with_power) + 1 else with_power)


def scientific(value: float, digits: int) -> str:
    """Write a number with a power of ten: `4.953e-3`."""
    if value == 0 or not isfinite(value):
        return decimal(value, digits)
    return "-" * (value < 0) + _with_power(*_rounded(abs(value), digits, digits))


def _with_power(figures: str, power: int) -> str:
    return f"{figures[0]}{'.' * (len(figures) > 1)}{figures[1:]}e{power}"


def _rounded(value: float, digits: int, most: int) -> tuple[str, int]:
    """Give the figures that are shown: all where there are at most `most`, or of a whole number; else `digits`."""
    figures, power = _figures(value, max(EXACT, digits))
    figures = figures.rstrip("0")
    if len(figures) <= max(digits, most) or len(figures) <= power + 1 <= LARGEST:
        return figures, power
    if digits <= power < LARGEST:
        figures, power = _figures(value, power + 1)
    return (figures, power) if digits <= power < LARGEST else _figures(value, digits)


def _figures(value: float, digits: int) -> tuple[str, int]:
    """Give the significant digits of a positive number and the power of ten of the first one."""
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    return mantissa.replace(".", ""), int(power)


def people(text: str, ascii_only: bool = False) -> str:
    """Give a number's text as people read it: with the minus sign U+2212 and ∞."""
    if ascii_only:
        return "undefined" if text == "nan" else text
    return {"inf": "∞", "-inf": "−∞", "nan": "undefined"}.get(text) or text.replace("-", "−")


def shown(value: float, digits: int, ascii_only: bool = False, typed: bool = False) -> str:
    """Write a number for people."""
    return people(decimal(value, digits, typed), ascii_only)


def in_words(value: float) -> str:
    """Say what a value is that is no finite number."""
    return f"{'undefined' if isnan(value) else 'infinite' if value > 0 else 'minus infinity'} in double precision"


def literal(value: float, digits: int, ascii_only: bool = False, typed: bool = False) -> Expr:
    """Give the tree of a number as it is shown, to be put into a formula; a negative one is a negation."""
    text = decimal(value, digits, typed)
    number = Num(abs(value), people(text.lstrip("-"), ascii_only))
    return Call("neg", (number,)) if text[0] == "-" else number


def aligned(texts: Iterable[str]) -> list[str]:
    """Pad the texts of numbers so that their decimal points stand under each other and all are equally wide."""
    split = [text.partition(".") for text in texts]
    before = max((len(head) for head, _, _ in split), default=0)
    behind = max((len(point + tail) for _, point, tail in split), default=0)
    return [head.rjust(before) + (point + tail).ljust(behind) for head, point, tail in split]
