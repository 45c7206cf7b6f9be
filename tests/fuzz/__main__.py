"""Many more seeds than the tests have: `python -m tests.fuzz 100000 [FIRST]`.

It prints what failed, with its seed and the smallest input that fails in the same way, and what took long. The seeds of
the tests are the first ones.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.cases import case_of, play
from tests.fuzz.shrinking import shrunk, signature

SLOW = 2.0  # seconds of the processor for one input; a hundredth of it is usual
EVERY = 2000
SHOWN = 3  # inputs that fail in the same way


def main(arguments: list[str]) -> int:
    """Play seeds; the exit code is 1 if one of them failed."""
    many = int(arguments[0]) if arguments else 10_000
    first = int(arguments[1]) if len(arguments) > 1 else 0
    failed: Counter[object] = Counter()
    played: Counter[str] = Counter()
    slow = 0
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.yaml"
        for seed in range(first, first + many):
            case = case_of(seed)
            start = time.process_time()
            played[case.kind] += 1
            try:
                play(case, path)
            except KeyboardInterrupt:
                break
            except BaseException as error:
                failed[signature(error)] += 1
                if failed[signature(error)] <= SHOWN:
                    small = shrunk(case, error, path)
                    print(f"seed {seed} ({case.kind}, {case.sheet}): {type(error).__name__}: {str(error)[:600]}")
                    print(f"    at {signature(error)[1]}:{signature(error)[2]}")
                    print(
                        f"    smallest: {small!r}"
                        if small is not None
                        else f"    formula: {case.formula!r}\n    file: {case.data!r}"
                    )
            if (spent := time.process_time() - start) > SLOW:
                slow += 1
                print(f"seed {seed} ({case.kind}, {case.sheet}): {spent:.1f} s")
            if (seed - first + 1) % EVERY == 0:
                print(f"... {seed - first + 1} inputs, {sum(failed.values())} failed", flush=True)
    kinds = ", ".join(f"{many} {kind}" for kind, many in sorted(played.items()))
    print(f"{sum(played.values())} inputs ({kinds}) in {time.process_time() - begun:.0f} s of the processor")
    print(f"{sum(failed.values())} failed in {len(failed)} ways; {slow} took more than {SLOW:g} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
