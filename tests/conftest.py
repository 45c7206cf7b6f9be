"""What all tests share: the golden texts, and one profile for the property tests."""

import gc
import os
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.golden import golden, pytest_addoption

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

__all__ = ["golden", "pytest_addoption"]

# The same examples every time, so that a gate is red for a reason; HWCHECK_FUZZ=1 draws new ones and keeps what failed.
# A loaded machine must not fail a law; a failure prints what repeats it.
settings.register_profile("hwcheck", deadline=None, print_blob=True, derandomize="HWCHECK_FUZZ" not in os.environ)
settings.load_profile("hwcheck")

# A shell that runs the tests in the background ignores SIGINT, and so would every program that a test interrupts.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Let Python look for garbage among what tests make alone, and more seldom: thousands of tests stay as they are."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(optionalhook=True)  # where the tests are run by several processes
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "LoadFileScheduling":
    """Give each file to one process as a whole, in the order of the files: what its tests share is made once."""
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)
