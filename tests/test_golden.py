from collections.abc import Callable
from pathlib import Path

import pytest

from tests import golden as golden_texts

Compare = Callable[[str, str], None]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(golden_texts, "FOLDER", tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def compare_only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request.config.option, "update_golden", False)


def test_an_equal_text_passes(golden: Compare, folder: Path) -> None:
    (folder / "step.txt").write_text("X1 = 0.31\n", encoding="utf-8")
    golden("step", "X1 = 0.31\n")


def test_a_different_text_fails(golden: Compare, folder: Path) -> None:
    (folder / "step.txt").write_text("X1 = 0.31\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"step\.txt differs"):
        golden("step", "X1 = 0.32\n")


def test_a_text_nobody_has_looked_at_fails_and_is_not_written(golden: Compare, folder: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"no step\.txt yet"):
        golden("step", "X1 = 0.31\n")
    assert not (folder / "step.txt").exists()


def test_updating_writes_the_text(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(request.config.option, "update_golden", True)
    request.getfixturevalue("golden")("step", "∂J/∂X1\n")
    assert (folder / "step.txt").read_bytes() == "∂J/∂X1\n".encode()
