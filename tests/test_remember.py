"""What is kept is the same again, and never too much of it."""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from hwcheck.remember import remembered


@given(st.lists(st.integers(0, 9)), st.integers(1, 5))
def test_a_value_is_made_once_as_long_as_there_is_room(marks: list[int], most: int) -> None:
    known: dict[int, list[int]] = {}
    for mark in marks:
        before = known.get(mark)
        found = remembered(known, mark, most, partial(list, (mark,)))
        assert found == [mark]
        assert before is None or found is before
        assert known[mark] is found
        assert len(known) <= most
