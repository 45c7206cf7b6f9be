"""What all tests share: the golden texts, and one profile for the property tests."""

import os
import signal

from hypothesis import settings

from tests.golden import golden, pytest_addoption

__all__ = ["golden", "pytest_addoption"]

# The same examples every time, so that a gate is red for a reason; HWCHECK_FUZZ=1 draws new ones and keeps what failed.
# A loaded machine must not fail a law; a failure prints what repeats it.
settings.register_profile("hwcheck", deadline=None, print_blob=True, derandomize="HWCHECK_FUZZ" not in os.environ)
settings.load_profile("hwcheck")

# A shell that runs the tests in the background ignores SIGINT, and so would every program that a test interrupts.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
