"""What is made once and used again, in a table that is emptied before it grows too large."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def remembered(known: dict[Key, Value], mark: Key, most: int, make: Callable[[], Value]) -> Value:
    """Give what a table has under a mark, made now if it has not; of a table of `most` entries nothing is kept then."""
    found = known.get(mark)
    if found is None:
        if len(known) >= most:
            known.clear()
        found = known[mark] = make()
    return found
