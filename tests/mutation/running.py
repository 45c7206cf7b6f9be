"""Mutants run in forked children of one warm process, each with the tests that reach its lines, the quickest first.

pytest collects once. A child runs every test once and tells which lines each one reaches; then each mutant has a
child, which changes the loaded module in place and stops at the first test that fails. Property tests draw the same
few examples every time and do not look for smaller ones.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from importlib import import_module
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NamedTuple, TypeVar

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from tests.mutation.mutants import Mutant

#: With a mutant a test may need so many times what it needs, and seconds more; a child so many bytes more.
PATIENCE, MORE, MEMORY = 5.0, 0.5, 2**30

Answer = TypeVar("Answer")


class Reach(NamedTuple):
    """What a test reaches: lines by file; and how many seconds it takes."""

    lines: dict[str, set[int]]
    seconds: float


def with_tests(paths: Iterable[str], examples: int, run: Callable[[list[pytest.Item]], None]) -> None:
    """Collect the tests of some files and hand them on, in a session of pytest that runs none by itself."""
    options = [
        "-qq",
        "-s",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "--tb=no",
        *paths,
    ]
    pytest.main(options, plugins=[_Collector(examples, run)])


class Tests:
    """Collected tests, and what each reaches of the files that are mutated."""

    def __init__(self, items: list[pytest.Item], files: Iterable[str]) -> None:
        """Run each test once in a child, and load what that loaded."""
        self.items, self.files = items, [os.path.realpath(file) for file in files]
        self.kills: Counter[int] = Counter()
        self.reach: list[Reach] = []
        self.reach, loaded = _in_child(self._measured, 0)
        for name in loaded:
            if name.startswith(("hwcheck.", "numpy.")) and name not in sys.modules:
                import_module(name)

    def _measured(self) -> tuple[list[Reach], list[str]]:
        """Run each test once; one that fails, as those that look at the time may while traced, reaches nothing."""
        reach: list[Reach] = []
        modules = [module for module in sys.modules.values() if getattr(module, "__file__", None) in self.files]
        for item in self.items:
            _forget(modules)  # what is kept of one test is not reached by the next one
            lines: dict[str, set[int]] = {file: set() for file in self.files}
            started = time.process_time()
            sys.settrace(_tracer(lines))
            failed = _fails(item)
            sys.settrace(None)
            reach.append(Reach({file: set() for file in lines} if failed else lines, time.process_time() - started))
        return reach, sorted(sys.modules)

    def chosen(self, file: str, lines: frozenset[int], budget: float) -> list[int]:
        """Give the tests that reach some lines (all of the file for none), first those that may soon find something,
        until they take so many seconds."""
        reached = [
            number
            for number, reach in enumerate(self.reach)
            if (some := reach.lines[os.path.realpath(file)]) and (not lines or not some.isdisjoint(lines))
        ]
        reached.sort(key=lambda number: self.reach[number].seconds / (1 + self.kills[number]))
        total = 0.0
        for at, number in enumerate(reached):
            total += self.reach[number].seconds
            if total > budget and at:
                return reached[:at]
        return reached

    def kill(self, module: ModuleType, mutant: Mutant, numbers: list[int]) -> bool:
        """Tell whether one of some tests fails for a mutant."""

        def found() -> int | None:
            _changed(module, mutant.code)
            for number in numbers:  # SIGPROF ends a child that computes for too long
                signal.setitimer(signal.ITIMER_PROF, MORE + PATIENCE * self.reach[number].seconds)
                if _fails(self.items[number]):
                    return number
            return None

        try:
            killer = _in_child(found, MEMORY)
        except ChildProcessError:  # without end, without bounds, or no module any more
            return True
        if killer is not None:
            self.kills[killer] += 1
        return killer is not None


class _Collector:
    """A plugin of pytest that hands the collected tests on."""

    def __init__(self, examples: int, run: Callable[[list[pytest.Item]], None]) -> None:
        self.examples, self.run = examples, run

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for item in session.items:
            test = getattr(item, "obj", None)
            if hasattr(test, "hypothesis"):  # a property test keeps its settings here
                old = test._hypothesis_internal_use_settings
                few, phases = min(old.max_examples, self.examples), [Phase.explicit, Phase.generate]
                test._hypothesis_internal_use_settings = settings(old, max_examples=few, phases=phases)
        self.run(session.items)
        return True


def _fails(item: pytest.Item) -> bool:
    """Run a test: where it asks for no fixtures by a plain call, which is several times faster."""
    given = item.callspec.params if hasattr(item, "callspec") else {}
    if not isinstance(item, pytest.Function) or not set(item.fixturenames) <= set(given):
        return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))
    try:
        item.obj(**given)
    except pytest.skip.Exception:
        return False
    except (Exception, pytest.fail.Exception):
        return True
    return False


def _tracer(lines: dict[str, set[int]]) -> Callable[[FrameType, str, object], Any]:
    """Give a trace function that notes the lines of some files."""
    inside = {file: some.add for file, some in lines.items()}

    def outer(frame: FrameType, event: str, argument: object) -> object:
        add = inside.get(frame.f_code.co_filename)
        if add is None:
            return None

        def inner(frame: FrameType, event: str, argument: object) -> object:
            add(frame.f_lineno)
            return inner

        return inner(frame, event, argument)

    return outer


def _in_child(work: Callable[[], Answer], memory: int) -> Answer:
    """Give what a function gives in a forked child.

    Raises:
        ChildProcessError: it was ended, or failed.
    """
    read, write = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            silent = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(silent, stream)
            if memory:
                with open("/proc/self/statm") as file:
                    size = int(file.read().split()[0]) * resource.getpagesize()
                resource.setrlimit(resource.RLIMIT_AS, (size + memory, size + memory))
            with os.fdopen(write, "wb") as out:
                pickle.dump(work(), out)
            os._exit(0)
        except BaseException:
            os._exit(1)
    os.close(write)
    with os.fdopen(read, "rb") as told:
        text = told.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise ChildProcessError
    answer: Answer = pickle.loads(text)
    return answer


# --- changing a loaded module in place --------------------------------------------------------------------------------


def _changed(module: ModuleType, code: CodeType) -> None:
    """Run the mutated text in its module; what others hold of the module changes with it."""
    before = dict(vars(module))
    exec(code, vars(module))
    others = [other for name, other in sys.modules.items() if name.startswith(("hwcheck", "tests"))]
    for name, old in before.items():
        new = vars(module)[name]
        if new is old or name.startswith("__"):
            continue
        if getattr(old, "__module__", None) == module.__name__ and _becomes(old, new):
            setattr(module, name, old)
            continue
        for other in others:
            if vars(other).get(name) is old:
                setattr(other, name, new)
    _forget(others)


def _forget(modules: Iterable[ModuleType]) -> None:
    """Empty what the functions of some modules keep."""
    for module in modules:
        for value in list(vars(module).values()):
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _becomes(old: object, new: object) -> bool:
    """Let a function or class become another one; False for what has to be replaced."""
    old, new = getattr(old, "__wrapped__", old), getattr(new, "__wrapped__", new)
    if isinstance(old, FunctionType) and isinstance(new, FunctionType):
        old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
        return True
    if not isinstance(old, type) or not isinstance(new, type):
        return False
    for name, part in list(vars(new).items()):
        mine = vars(old).get(name)
        if isinstance(part, property) and isinstance(mine, property):
            _becomes(mine.fget, part.fget)
        elif not _becomes(mine, part) and name.isidentifier() and not name.startswith("__"):
            setattr(old, name, part)
    return True
