"""Where the numbers lie that a setting of a layer or of an optimizer may be."""

from __future__ import annotations

from math import inf, nextafter

from ..record import NamedTuple


class Range(NamedTuple):
    """The numbers from `low` to `high`, both of them in it; `words` say so."""

    low: float
    high: float
    words: str

    def has(self, number: float) -> bool:
        """Tell whether a number lies in it; one that is none lies nowhere."""
        return self.low <= number <= self.high


#: The share that a running average keeps: with 1 it would never see a new value.
KEPT = Range(0, nextafter(1, 0), "from 0 on and below 1")
SHARE = Range(0, 1, "from 0 to 1")
NOT_NEGATIVE = Range(0, inf, "0 or more")
POSITIVE = Range(nextafter(0, 1), inf, "more than 0")
