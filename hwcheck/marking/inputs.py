"""The inputs at which conditions are tried: all values of the bits, and numbers of both signs, near and far out.

They are the same in every run. What is easily worked out by hand comes first, so that the input that a report names is
a plain one. Each group has its own reach, because rounding grows with the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..graph.functions import Array
from ..graph.shapes import Shape
from ..graph.table import Domain, Table
from ..record import NamedTuple

#: How far out each group reaches; nothing that grows is worked out to its end in the last ones.
REACH = (4.0, 40.0, 1e3, 1e6, 1e300)
#: Numbers that come first.
PLAIN = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0, 4.0, -4.0, 0.1, -0.1, 0.25, -0.25)
FINE = 801
RANDOM = 200
TINY = 12
FAR = 60
SEVERAL = 600
#: Of several numbers and bits together, so many inputs are tried at most.
MOST = 40_000


class Inputs(NamedTuple):
    """Some inputs: the values of the open givens, which have the inputs on their first axis, how many there are, and
    how far out they reach."""

    values: dict[str, Array]
    many: int
    reach: float


def inputs_of(table: Table, open_ones: Sequence[str]) -> list[Inputs]:
    """Give the inputs for givens that are open, group by group from near to far."""
    domains = {name: table.domains.get(name, Domain()) for name in open_ones}
    shapes = {name: tuple(int(size) for size in table.shape(name)) for name in open_ones}
    bits = [name for name in open_ones if domains[name].kind == "bit"]
    others = [name for name in open_ones if name not in bits]
    corners = np.indices((2,) * len(bits)).reshape(len(bits), -1).astype(float) if bits else np.zeros((0, 1))
    if not others:
        return [Inputs(dict(zip(bits, corners, strict=True)), corners.shape[1], 1.0)]
    bounded = all(domains[name].kind != "real" or np.isfinite(domains[name].high) for name in others)
    out: list[Inputs] = []
    for at, reach in enumerate(REACH[:1] if bounded else REACH):
        random = np.random.default_rng([5, at])
        alone = len(others) == 1 and not shapes[others[0]]
        drawn = {name: _values(domains[name], shapes[name], at, alone, random) for name in others}
        count = len(drawn[others[0]])
        times = corners.shape[1] if count * corners.shape[1] <= MOST else max(1, MOST // count)
        chosen = corners if times == corners.shape[1] else corners[:, random.permutation(corners.shape[1])[:times]]
        values = {name: np.repeat(value, times, axis=0) for name, value in drawn.items()}
        values.update({name: np.tile(row, count) for name, row in zip(bits, chosen, strict=True)})
        out.append(Inputs(values, count * times, reach))
    return out


def _values(domain: Domain, shape: Shape, at: int, alone: bool, random: np.random.Generator) -> Array:
    """Give the values of one given in a group; of one number alone, a fine grid, else drawn ones."""
    sizes = tuple(int(size) for size in shape)
    count = _line(0).size if alone else SEVERAL
    if domain.kind == "one-hot":
        return np.eye(int(shape[-1]))[np.arange(count) % int(shape[-1])]
    if np.isfinite(domain.low) and np.isfinite(domain.high):
        width = domain.high - domain.low
        inside = domain.low + width * np.concatenate([[0.0, 1.0, 0.5], random.uniform(size=count)])
        return np.asarray(inside[:count] if alone else random.choice(inside, (count, *sizes)), dtype=float)
    if alone:
        return _line(at)
    if at == 0:
        near = random.uniform(-REACH[0], REACH[0], (count, *sizes))
        plain = random.choice(PLAIN, (count, *sizes))
        mixed = np.where(random.uniform(size=(count, *sizes)) < 0.5, near, plain)
        mixed[0] = 0.0
        return np.asarray(mixed)
    low, high = np.log10(REACH[at - 1]), np.log10(REACH[at])
    far = 10.0 ** random.uniform(low, high, (count, *sizes))
    return np.asarray(far * random.choice((-1.0, 1.0), (count, *sizes)))


def _line(at: int) -> Array:
    """Give the values of one number in a group."""
    if at == 0:
        random = np.random.default_rng(5)
        small = 10.0 ** -np.arange(1.0, TINY + 1)
        grid = np.linspace(-REACH[0], REACH[0], FINE)
        return np.concatenate([PLAIN, grid, random.uniform(-REACH[0], REACH[0], RANDOM), small, -small])
    sizes = np.geomspace(REACH[at - 1], REACH[at], FAR)
    whole = np.round(sizes)
    out = np.stack([whole, -whole, sizes, -sizes]).T.ravel()
    return np.asarray(out, dtype=float)
