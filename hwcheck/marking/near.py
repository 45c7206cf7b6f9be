"""Near: whether a value lies in the band around its own recomputation, or around the key, and how wide that band is.

Nothing here is a tolerance that somebody chose: a band is what the last places of the value and of those it was made
from may do, and what rounding on the way may, as wide as the digits on the page say.
"""

from typing import TYPE_CHECKING

import numpy as np

from ..graph.functions import Array
from .bands import hidden
from .precision import HIDDEN_DIGITS, SAME, Place, fewest, inside
from .work import key_bands

if TYPE_CHECKING:
    from .judge import Judge


def near_each(value: Array, right: Array, unit: Array, noise: Array) -> Array:
    """Tell which values lie inside one unit of their last place; `inside` for many at once."""
    with np.errstate(invalid="ignore"):
        gap = np.abs(value - right) - noise
        return np.isfinite(right) & ((gap < unit * (1 - 1e-9)) | (gap <= SAME * np.abs(right)))


def near_own(judge: "Judge", name: str, at: int, value: float, place: Place, choice: int) -> tuple[bool, float]:
    """Tell whether an entry lies in the band around its own recomputation, and how wide that band is."""
    own = judge.own(name, at, choice)
    if not np.isfinite(own):
        return False, 0.0
    gap = abs(value - own) - float(judge.spots.noise[judge.spots.starts[name] + at])
    if inside(gap, place.unit, own):
        return True, place.unit
    bands = judge.band(choice, name)
    row = bands.rows[name] + at
    # K, the digits to which what was not written counts as rounded: the fewest of the values that the entry
    # depends on and, across unwritten ones, of its siblings
    known = [place.digits, *judge.digits[bands.spots[bands.reach[row]]].tolist()]
    if bands.any_hidden[row]:
        known += [HIDDEN_DIGITS, *_digits(judge, name)]
    tolerance = place.unit + float(bands.last[row]) + hidden(bands, name, at, fewest(known))
    return inside(gap, tolerance, own), tolerance


def near_key(judge: "Judge", name: str, at: int, value: float, place: Place) -> float | None:
    """Give the band around the key in which an entry lies, with everything on the way unwritten; None outside of it."""
    spot = judge.spots.starts[name] + at
    reference = float(judge.spots.key[spot])
    if not np.isfinite(reference):
        return None
    if inside(abs(value - reference) - float(judge.spots.noise[spot]), place.unit, reference):
        return place.unit
    # where what was used is right only its recomputation counts
    return in_key_band(judge, name, at, value, place) if above(judge, name, at, 0, unsure=True) else None


def in_key_band(judge: "Judge", name: str, at: int, value: float, place: Place) -> float | None:
    """Give the band around the key in which an entry lies, whatever was used for it; None outside of it."""
    spot = judge.spots.starts[name] + at
    reference = float(judge.spots.key[spot])
    digits = fewest([place.digits, HIDDEN_DIGITS, *_digits(judge, name)])
    band = place.unit + hidden(key_bands(judge.work, judge.precision.decimals), name, at, digits)
    return band if inside(abs(value - reference) - float(judge.spots.noise[spot]), band, reference) else None


def above(judge: "Judge", name: str, at: int, choice: int, unsure: bool = False) -> bool:
    """Tell whether something was used that is not right, or (`unsure`) may not be."""
    bad = judge.bad | judge.unsure if unsure else judge.bad
    if not bad.any():
        return False
    bands = judge.band(choice, name)
    return bool((bands.reach[bands.rows[name] + at] & bad[bands.spots]).any())


def _digits(judge: "Judge", name: str) -> list[int]:
    """Give the digits of all entries of a quantity."""
    digits: list[int] = judge.digits[judge.spots.parts[name]].tolist()
    return digits
