"""What every record is made from: `NamedTuple`, which costs a fifth of what `typing.NamedTuple` does to define.

A short run defines a hundred records before it reads its sheet, and with Python's own that was the largest single part
of its start. Type checkers see Python's own, and so does whoever uses a record: fields, defaults, `_replace`, `_make`,
`_asdict`, comparing, hashing, pickling and matching are the same.

Two things make the difference. Of the annotations only the names are looked at. And `__new__` is not compiled for each
record: that of any other with as many fields does the same under other names of its arguments.
"""

from __future__ import annotations

__all__ = ["NamedTuple"]

TYPE_CHECKING = False  # what type checkers take as true
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType
    from typing import NamedTuple
else:
    from _collections import _tuplegetter
    from types import FunctionType

    _CODES = {}

    def _code(count: int) -> CodeType:
        """Give the code of a `__new__` with so many fields, whose arguments have no names of their own yet."""
        if count not in _CODES:
            fields = "".join(f"_{number}, " for number in range(count))
            _CODES[count] = eval(f"lambda _cls, {fields}: _new(_cls, ({fields}))", {}).__code__
        return _CODES[count]

    class Record(tuple):
        """What all records can do."""

        __slots__ = ()

        @classmethod
        def _make(cls, values: Iterable[object]) -> Record:
            """Make a record of some values; TypeError where their number is another."""
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **values: object) -> Record:
            """Make the record with other values in some fields; TypeError for what is no field."""
            made = tuple.__new__(type(self), map(values.pop, self._fields, self))
            if values:
                raise TypeError(f"Got unexpected field names: {list(values)!r}")
            return made

        __replace__ = _replace

        def _asdict(self) -> dict[str, object]:
            """Give the values by the names of their fields."""
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self) -> tuple[object, ...]:
            return tuple(self)

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

    class Definition(type):
        """Makes a record of a class statement: what is annotated is a field, and what that is assigned its default."""

        def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, object]) -> type:
            annotations = space.get("__annotations__", {})
            if "__annotate_func__" in space:  # since Python 3.14
                annotations = space["__annotate_func__"](1)
            fields = tuple(annotations)
            defaults = {field: space.pop(field) for field in fields if field in space}
            if tuple(defaults) != fields[len(fields) - len(defaults) :]:
                raise TypeError(f"{name}: a field without a default follows one that has one")
            for number, field in enumerate(fields):
                space[field] = _tuplegetter(number, None)
            code = _code(len(fields)).replace(co_varnames=("_cls", *fields))
            new = FunctionType(code, {"_new": tuple.__new__}, "__new__", tuple(defaults.values()))
            new.__qualname__ = f"{name}.__new__"
            space.update(__slots__=(), __new__=new, _fields=fields, _field_defaults=defaults, __match_args__=fields)
            return type(name, (Record,), space)

    NamedTuple = type.__new__(Definition, "NamedTuple", (), {})
