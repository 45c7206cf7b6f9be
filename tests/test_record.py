"""A record is what Python's own named tuple is, whatever it costs to define."""

from __future__ import annotations

import copy
import pickle
import typing
from collections.abc import Callable

import pytest

from hwcheck.record import NamedTuple


class Ours(NamedTuple):
    """A record."""

    a: int
    b: str = "x"
    c: tuple[int, ...] = ()

    @property
    def twice(self) -> int:
        """Twice a."""
        return 2 * self.a


class Theirs(typing.NamedTuple):
    """A record."""

    a: int
    b: str = "x"
    c: tuple[int, ...] = ()

    @property
    def twice(self) -> int:
        """Twice a."""
        return 2 * self.a


def said(kind: type, how: Callable[[type], object]) -> object:
    """Give what something does with a record, or what it raises, in words that do not name the class."""
    try:
        return str(how(kind)).replace(kind.__name__, "R")
    except (TypeError, AttributeError) as error:
        return type(error), str(error).replace(kind.__name__, "R")


@pytest.mark.parametrize(
    "how",
    [
        lambda kind: kind(1),
        lambda kind: kind(1, c=(2,)),
        lambda kind: kind(b="y", a=1),
        lambda kind: kind(),
        lambda kind: kind(1, "y", (), 4),
        lambda kind: kind(1, d=2),
        lambda kind: kind(1, a=2),
        lambda kind: kind(1)._replace(b="y", c=(3,)),
        lambda kind: kind._make([1, 2, 3]),
        lambda kind: kind._make([1, 2]),
        lambda kind: kind(1)._asdict(),
        lambda kind: kind(3).twice,
        lambda kind: (kind._fields, kind._field_defaults, kind.__match_args__, kind.__doc__, kind.__slots__),
        lambda kind: (kind(1) == (1, "x", ()), kind(1) < kind(2), hash(kind(1)) == hash(kind(1)), len(kind(1))),
        lambda kind: [*kind(1), kind(1)[1:]],
        lambda kind: (type(pickle.loads(pickle.dumps(kind(1, "y")))) is kind, pickle.loads(pickle.dumps(kind(1, "y")))),
        lambda kind: (copy.copy(kind(1)), copy.deepcopy(kind(1))),
        lambda kind: setattr(kind(1), "z", 2),
        lambda kind: kind(1).d,
    ],
)
def test_a_record_does_what_pythons_own_does(how: Callable[[type], object]) -> None:
    assert said(Ours, how) == said(Theirs, how)


def test_a_field_cannot_be_set_and_an_unknown_one_not_be_replaced() -> None:
    with pytest.raises(AttributeError):
        Ours(1).a = 2  # type: ignore[misc]  # that is what is tested
    with pytest.raises(TypeError, match="unexpected field names"):
        Ours(1)._replace(d=2)  # type: ignore[call-arg]  # that is what is tested


def test_records_with_as_many_fields_have_their_own_names() -> None:
    class One(NamedTuple):
        x: int
        y: int = 2

    class Two(NamedTuple):
        left: int
        right: int = 3

    assert One(x=1) == (1, 2)
    assert Two(left=1) == (1, 3)
    assert repr(Two(1, right=4)) == "Two(left=1, right=4)"
    with pytest.raises(TypeError, match=r"Two\.__new__\(\) got an unexpected keyword argument 'x'"):
        Two(x=1)  # type: ignore[call-arg]  # that is what is tested


def test_a_record_is_matched_by_its_fields() -> None:
    match Ours(1, "y"):
        case Ours(a, b, c=c):
            assert (a, b, c) == (1, "y", ())


def test_a_field_without_a_default_may_not_follow_one_that_has_one() -> None:
    with pytest.raises(TypeError, match="Odd: a field without a default follows"):

        class Odd(NamedTuple):
            a: int = 1
            b: int  # type: ignore[misc]  # that is what is tested
