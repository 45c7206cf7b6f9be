"""How a number is shown: to so many significant digits, exact where it is short, and in a form that can be typed back.

    >>> [decimal(value, 4) for value in (0.5073210509967371, -0.28, 3.0, 2.0300001, 1.2384e-06, 123456.0)]
    ['0.5073', '-0.28', '3', '2.030', '1.238e-6', '123456']
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite, isnan

from ..formula.expr import Call, Expr, Num

DIGITS = 4  # significant digits, unless asked otherwise
TYPED = 12  # digits to which a given is shown as typed; what differs from a short number behind them is the machine's rounding
LARGEST = 7  # digits of a whole number before it is written with a power of ten


def decimal(value: float, digits: int) -> str:
    """Write a number in ASCII: `0.5073`, `-0.28`, `3`, `1.238e-6`; what is not finite as `inf`, `-inf`, `nan`."""
    if value == 0:
        return "0"
    if not isfinite(value):
        return str(value)
    sign = "-" if value < 0 else ""
    figures, power = _figures(abs(value), TYPED)
    figures = figures.rstrip("0")
    whole = len(figures) <= power + 1
    if len(figures) > digits and not (whole and power < LARGEST):
        figures, power = _figures(abs(value), digits if power < digits or power >= LARGEST else power + 1)
    scientific = f"{figures[0]}{'.' * (len(figures) > 1)}{figures[1:]}e{power}"
    if power >= LARGEST:
        return sign + scientific
    if power >= 0:
        figures = figures.ljust(power + 1, "0")
        return sign + figures[: power + 1] + "." * (len(figures) > power + 1) + figures[power + 1 :]
    fixed = "0." + "0" * (-power - 1) + figures
    return sign + (fixed if len(fixed) <= len(scientific) + 1 else scientific)


def _figures(value: float, digits: int) -> tuple[str, int]:
    """Give the significant digits of a positive number and the power of ten of the first one."""
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    return mantissa.replace(".", ""), int(power)


def people(text: str, ascii_only: bool = False) -> str:
    """Give a number's text as people read it: with the minus sign U+2212 and ∞."""
    if ascii_only:
        return "undefined" if text == "nan" else text
    return {"inf": "∞", "-inf": "−∞", "nan": "undefined"}.get(text) or text.replace("-", "−")


def shown(value: float, digits: int, ascii_only: bool = False) -> str:
    """Write a number for people."""
    return people(decimal(value, digits), ascii_only)


def in_words(value: float) -> str:
    """Say what a value is that is no finite number."""
    return f"{'undefined' if isnan(value) else 'infinite' if value > 0 else 'minus infinity'} in double precision"


def literal(value: float, digits: int, ascii_only: bool = False) -> Expr:
    """Give the tree of a number as it is shown, to be put into a formula; a negative one is a negation."""
    text = decimal(value, digits)
    number = Num(abs(value), people(text.lstrip("-"), ascii_only))
    return Call("neg", (number,)) if text[0] == "-" else number


def aligned(texts: Iterable[str]) -> list[str]:
    """Pad the texts of numbers so that their decimal points stand under each other and all are equally wide."""
    split = [text.partition(".") for text in texts]
    before = max((len(head) for head, _, _ in split), default=0)
    behind = max((len(point + tail) for _, point, tail in split), default=0)
    return [head.rjust(before) + (point + tail).ljust(behind) for head, point, tail in split]
