"""The runner itself: which changes it makes, that they are the same every time, and that they reach all who look."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tests.mutation.__main__ import AREAS, ROOT, known
from tests.mutation.mutants import mutants, sample
from tests.mutation.running import _changed


def changes(line: str) -> set[str]:
    """Give the changes of a line in a function."""
    source = f"def f(a, b, c):\n    for d in a:\n        {line}\n"
    return {mutant.change for mutant in mutants(source, "f.py") if mutant.line == 3}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a = b < c", {"b < c -> b <= c", "b < c -> b >= c"}),
        ("a = b == c", {"b == c -> b != c"}),
        ("a = b is c", {"b is c -> b is not c"}),
        ("a = b not in c", {"b not in c -> b in c"}),
        ("a = b + c", {"b + c -> b - c"}),
        ("a = b and c", {"and -> or: b and c", "without b", "without c"}),
        ("a = not b", {"not b -> b"}),
        ("a = -b", {"-b -> b"}),
        ("a = b if c else d", {"always b", "always d"}),
        ("a = 3", {"3 -> 4", "3 -> 2"}),
        ("a = 1e-9", {"1e-09 -> 1e-07", "1e-09 -> 1e-11"}),
        ("a = 0.5", {"0.5 -> 1.0", "0.5 -> 0.25"}),
        ("a = True", {"True -> False"}),
        ("a = ','", {"',' -> ',?'"}),
        ("a = 'words for people'", set()),
        ("a = f'{b + c}'", set()),
        ("a = min(b, c)", {"min -> max"}),
        ("a = b.find(c)", {"b.find -> b.rfind"}),
        ("a += b", {"a += b -> a -= b", "without a += b"}),
        ("a[b] = c", {"without a[b] = c"}),
        ("f(b)", {"without f(b)"}),
        ("raise b", {"without raise b"}),
        ("continue", set()),  # at the end of a loop it does nothing
        ("break", {"without break"}),
        ("return b", {"return b -> return None"}),
        ("return None", set()),
        ("if b: f()", {"b -> True", "b -> False", "without f()"}),
        ("while b: f()", {"b -> False", "without f()"}),
        ("a = [d for d in b if c]", {"c -> True", "c -> False"}),
        ("import b", set()),
        ("assert b, c", set()),
        ("'a docstring'", set()),
        ("a: int = b", set()),
    ],
)
def test_a_line_has_the_changes_that_people_make_and_overlook(line: str, found: set[str]) -> None:
    assert changes(line) == found


def test_equal_changes_of_a_line_are_numbered_and_a_sample_keeps_to_its_lines() -> None:
    source = "def f(a):\n    b = a + 1 + 1\n    return b\n"
    assert [mutant.change for mutant in mutants(source, "f.py") if "1" in mutant.change[:1]] == [
        "1 -> 2", "1 -> 0", "1 -> 2 #2", "1 -> 0 #2",
    ]  # fmt: skip
    found = mutants(source, "f.py")
    moved = mutants(f"X = 5\n\n\n{source}", "f.py")
    some = {mutant.key for mutant in sample(found, 3)}
    assert len(some) == 3
    assert some == {mutant.key for mutant in sample([each for each in moved if each.function == "f"], 3)}


def test_what_runs_when_a_module_is_loaded_is_looked_for_where_it_is_read() -> None:
    source = "X = 5\nY = 6\n\n\ndef f(a=7):\n    b = (\n        X + 8\n    )\n    if X:\n        return b\n"
    lines = {mutant.change: set(mutant.lines) for mutant in mutants(source, "f.py")}
    assert (lines["5 -> 6"], lines["6 -> 7"], lines["7 -> 8"]) == ({7, 9}, set(), set())
    assert (lines["8 -> 9"], lines["X -> True"], lines["return b -> return None"]) == ({6, 7, 8}, {9}, {10})


TEXT = """
from functools import cache
LIMIT = 3
class Thing:
    size = 1
    @property
    def twice(self): return 2 * self.size
    def more(self, by=1): return self.size + by
@cache
def kept(): return LIMIT
def plain(): return LIMIT
"""


def test_a_change_reaches_what_was_imported_before(monkeypatch: pytest.MonkeyPatch) -> None:
    module, other = ModuleType("tests.mutated"), ModuleType("tests.reading")
    for each in (module, other):
        monkeypatch.setitem(sys.modules, each.__name__, each)
    exec(compile(TEXT, "mutated.py", "exec"), vars(module))
    vars(other).update({name: vars(module)[name] for name in ("LIMIT", "Thing", "kept", "plain")})
    thing = other.Thing()
    assert (thing.twice, thing.more(), other.kept(), other.plain(), other.LIMIT) == (2, 2, 3, 3, 3)
    changed = TEXT.replace("LIMIT = 3", "LIMIT = 4").replace("size = 1", "size = 5").replace("2 *", "3 *")
    _changed(module, compile(changed.replace("by=1", "by=2"), "mutated.py", "exec"))
    assert (thing.twice, thing.more(), other.kept(), other.plain(), other.LIMIT) == (15, 7, 4, 4, 4)
    assert isinstance(thing, module.Thing)


def test_the_table_of_survivors_and_that_of_areas_name_files_and_reasons() -> None:
    files = [f"{area.folder}/{name}.py" for area in AREAS for name in area.names.split()]
    tests = [f"tests/{path}" for area in AREAS for path in area.tests.split()]
    assert all((ROOT / path).exists() for path in files + tests)
    rows = known()
    assert len({row[:4] for row in rows}) == len(rows)
    assert all(row.file in files and row.reason for row in rows)
