"""What may not take long, whatever it is given: measured by the processor, and without what the tests before left."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_most(seconds: float, what: str = "") -> Iterator[None]:
    """Hold that a block takes no more seconds of the processor.

    Python looks for garbage when it likes, among all objects of all tests, which alone may take a second: not in here.
    """
    gc.disable()
    start = time.process_time()
    try:
        yield
        assert time.process_time() - start < seconds, what
    finally:
        gc.enable()
