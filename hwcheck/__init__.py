"""Solve and check neural-network homework.

The four verbs (`load_sheet`, `load_answers`, `solve`, `verify`) are loaded when first used, so that `import hwcheck`
costs nothing.
"""

import os

TYPE_CHECKING = False  # what type checkers take as true, without loading `typing`
if TYPE_CHECKING:
    from hwcheck.marking import load_answers, verify
    from hwcheck.sheet import load_sheet, solve

__all__ = ["__version__", "bundled_folder", "load_answers", "load_sheet", "solve", "verify"]

__version__ = "0.1.0"

VERBS = {
    "load_sheet": "hwcheck.sheet",
    "solve": "hwcheck.sheet",
    "load_answers": "hwcheck.marking",
    "verify": "hwcheck.marking",
}


def bundled_folder() -> str:
    """Return the folder of the sheets that come along: inside an installed package, beside it in a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    installed = os.path.join(package, "problems")
    return installed if os.path.isdir(installed) else os.path.join(os.path.dirname(package), "problems")


def __getattr__(name: str) -> object:
    if name not in VERBS:
        raise AttributeError(f"module 'hwcheck' has no attribute {name!r}")
    from importlib import import_module

    verb: object = getattr(import_module(VERBS[name]), name)
    globals()[name] = verb  # from now on found without coming here
    return verb


def __dir__() -> list[str]:
    return __all__
