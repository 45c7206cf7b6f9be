"""What all tests share: the golden texts, and one profile for the property tests."""

from hypothesis import settings

from tests.golden import golden, pytest_addoption

__all__ = ["golden", "pytest_addoption"]

# A loaded machine must not fail a law; a failure prints what repeats it.
settings.register_profile("hwcheck", deadline=None, print_blob=True)
settings.load_profile("hwcheck")
