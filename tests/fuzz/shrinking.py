"""The smallest input that still fails in the same way."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.fuzz.cases import Case
from tests.fuzz.laws import check, check_formula

TRIES = 600


def signature(error: BaseException) -> tuple[str, str, int]:
    """Tell which law or which line of the program it is that failed."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return type(error).__name__, last.filename, last.lineno or 0


def smallest(data: bytes, fails: Callable[[bytes], bool], tries: int = TRIES) -> bytes:
    """Take out lines, then stretches of bytes, then single ones, as long as it fails."""
    left = [tries]

    def still(some: bytes) -> bool:
        left[0] -= 1
        return left[0] >= 0 and fails(some)

    data = b"".join(_fewest(data.splitlines(keepends=True), lambda lines: still(b"".join(lines))))
    return b"".join(_fewest([data[at : at + 1] for at in range(len(data))], lambda some: still(b"".join(some))))


def _fewest(parts: Sequence[bytes], fails: Callable[[Sequence[bytes]], bool]) -> Sequence[bytes]:
    size = max(1, len(parts) // 2)
    while parts:
        at = 0
        while at < len(parts):
            fewer = [*parts[:at], *parts[at + size :]]
            if fails(fewer):
                parts = fewer
            else:
                at += size
        if size == 1:
            break
        size //= 2
    return parts


def shrunk(case: Case, error: BaseException, path: Path) -> bytes | None:
    """Shrink what broke a law that holds for every input; None where the law was about this input alone."""
    wanted = signature(error)

    def fails(by: Callable[[bytes], object]) -> Callable[[bytes], bool]:
        def tried(some: bytes) -> bool:
            try:
                by(some)
            except BaseException as found:
                if isinstance(found, KeyboardInterrupt):
                    raise
                return signature(found) == wanted
            return False

        return tried

    as_file = fails(lambda some: check(path, some, case.sheet, case.seed))
    as_formula = fails(lambda some: check_formula(some.decode("utf-8", "surrogatepass")))
    if case.formula is not None and as_formula(formula := case.formula.encode("utf-8", "surrogatepass")):
        return smallest(formula, as_formula)
    return smallest(case.data, as_file) if as_file(case.data) else None
