"""Golden texts: what people see is compared with `tests/golden/NAME.txt`; `pytest --update-golden` writes it anew.

A golden text shows a change of layout to whoever reviews it. What must hold of a text is said by a test of its own.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden texts instead of comparing them")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden one of a name: `golden("sheet5-plain", text)`."""
    update = request.config.getoption("--update-golden")

    def compare(name: str, text: str) -> None:
        file = FOLDER / f"{name}.txt"
        if update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        elif not file.exists():
            pytest.fail(f"there is no {file.name} yet: look at the text, then run pytest --update-golden\n{text}")
        else:
            assert text == file.read_text(encoding="utf-8"), f"{file.name} differs: see what --update-golden changes"

    return compare
