"""A case: a small problem whose numbers are drawn, to be worked out by hwcheck and by PyTorch.

Nothing here needs either of them. Draws use `random.Random.random` alone, whose stream Python promises to keep.
"""

import base64
import json
import math
import random
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

Item = TypeVar("Item")
Nested = Any  # a number, or lists of them to any depth

STEPS = 5
#: Errors of quantities that are smaller than this are measured against it.
FLOOR = 0.01
#: The name of the output of layers, whatever they call it.
OUT = "out"
#: What a draw gives unless the family says otherwise: the loss, gradient descent, and so many steps.
SGD = {"loss": "L", "optimizer": "sgd", "learning_rate": 0.05, "steps": STEPS}


class Case(NamedTuple):
    """A problem: `network` and `train` are what the sheet says; PyTorch reads `settings`, `given` and `train`.

    Compared are the `outputs` and the loss ("" for none) of the first step, its derivatives by the parameters and by
    the further `by`, and the parameters and the optimizer's state (`states`: m, v, ...) after the last step. Where
    parameters are not `listed` in the sheet, they are all that the layers have.
    """

    settings: Mapping[str, Any]
    given: Mapping[str, Nested]
    network: Any
    parameters: Sequence[str]
    outputs: Sequence[str]
    by: Sequence[str] = ()
    train: Mapping[str, Any] = SGD
    conventions: Mapping[str, str] = {}
    states: Sequence[str] = ()
    loss: str = "L"
    listed: bool = True

    def wanted(self) -> list[str]:
        """Give the names of what is compared, in order."""
        first = [*self.outputs]
        if self.loss:
            first += [self.loss, *(f"d{self.loss}/d{name}" for name in (*self.parameters, *self.by))]
        states = [f"{state}_{name}" for name in self.parameters for state in self.states]
        return first + [f"{name}_new" for name in self.parameters] + [f"{name}@{STEPS}" for name in states]

    def sheet(self) -> str:
        """Give the sheet's text."""
        given = [f"      {name}: {json.dumps(value)}" for name, value in self.given.items()]
        return "\n".join(["hwcheck: 1", "problems:", '  "1":', "    given:", *given, *self.rest()]) + "\n"

    def rest(self) -> list[str]:
        """Give the lines of the sheet behind the givens."""
        lines = []
        if isinstance(self.network, str):
            lines += ["    network: |", *(f"      {line}" for line in self.network.split("\n"))]
        elif self.network is not None:
            lines.append(f"    network: {json.dumps(self.network)}")
        else:  # a problem without one has questions at least
            lines.append(f"    questions: {{a: {self.parameters[0]}_new}}")
        train = {**self.train, **({"parameters": list(self.parameters)} if self.listed else {})}
        rule = train.pop("update", None)
        lines += ["    train:", *(f"      {name}: {json.dumps(value)}" for name, value in train.items())]
        if rule is not None:
            lines += ["      update: |", *(f"        {line}" for line in rule.split("\n"))]
        if self.conventions:
            lines.append(f"    conventions: {json.dumps(self.conventions)}")
        return lines


class Draw:
    """Settings by chance, the same for the same name at all times, and arrays whose entries have a name of their own:
    several cases may be one sheet with other numbers."""

    def __init__(self, name: str, entries: str) -> None:
        self.random = random.Random(name).random
        self.entry = random.Random(entries).random

    def whole(self, low: int, high: int) -> int:
        return low + int(self.random() * (high - low + 1))

    def number(self, low: float = -1, high: float = 1, digits: int = 4) -> float:
        return round(low + self.random() * (high - low), digits)

    def one(self, items: Sequence[Item]) -> Item:
        return items[self.whole(0, len(items) - 1)]

    def chance(self, share: float) -> bool:
        return self.random() < share

    def order(self, items: Iterable[Item]) -> list[Item]:
        """Give the items in any order."""
        places = [(self.random(), item) for item in items]
        return [item for _, item in sorted(places, key=lambda place: place[0])]

    def array(self, shape: Sequence[int], entry: Callable[[], Any] | None = None) -> Nested:
        """Give nested lists of a shape, by default of numbers in [-1, 1]."""
        settings, self.random = self.random, self.entry
        found = self._filled(shape, entry or self.number)
        self.random = settings
        return found

    def _filled(self, shape: Sequence[int], entry: Callable[[], Any]) -> Nested:
        return [self._filled(shape[1:], entry) for _ in range(shape[0])] if shape else entry()

    def one_hot(self, classes: int) -> list[int]:
        at = self.whole(0, classes - 1)
        return [int(each == at) for each in range(classes)]

    def distribution(self, size: int, least: float = 0.05) -> list[float]:
        """Give positive numbers that add up to 1 as well as four decimals can."""
        parts = [least + self.random() for _ in range(size)]
        rounded = [round(part / sum(parts), 4) for part in parts]
        return [*rounded[:-1], round(1 - sum(rounded[:-1]), 4)]


# --- what is kept of a result ---------------------------------------------------------------------------------


def projection(name: str, values: Sequence[float]) -> float:
    """Give one number that any wrong entry changes: the sum of all entries with weights that the name draws.

    The weights' sizes are between 1/2 and 1, so that an entry's error is not lost, and all differ, so that entries
    that changed places show.
    """
    weigh = random.Random(f"{name} {len(values)}").random
    return math.fsum(math.copysign((1 + weigh()) / 2, weigh() - 0.5) * value for value in values)


def magnitude(values: Sequence[float]) -> float:
    """Give the size that errors are relative to: that of the largest entry, with a floor below it."""
    return max(FLOOR, *map(abs, values))


def digest(case: Case) -> str:
    """Give a mark of all that PyTorch reads of a case: expected values belong to one mark."""
    read = [case.settings, case.given, case.train, case.parameters, case.outputs, case.by, case.states]
    return f"{zlib.crc32(json.dumps(read).encode()):08x}"


def packed(values: Sequence[float]) -> str:
    """Give numbers as text, every bit of them."""
    return base64.b64encode(struct.pack(f"<{len(values)}d", *values)).decode()


def unpacked(text: str) -> tuple[float, ...]:
    """Give the numbers that `packed` has written."""
    data = base64.b64decode(text)
    return struct.unpack(f"<{len(data) // 8}d", data)
