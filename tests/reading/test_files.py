"""Files of any kind are read or refused in words, and results are written wholly or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck import files
from hwcheck.diagnostics import Diagnostic, Invalid
from hwcheck.files import append_result, read_source, write_result


def refusal(path: str | Path, limit: int = 1000) -> Diagnostic:
    with pytest.raises(Invalid) as caught:
        read_source(str(path), limit)
    (found,) = caught.value.diagnostics
    assert found.help
    assert found.severity == "error"
    return found


def written(folder: Path, data: bytes) -> Path:
    path = folder / "answers.yaml"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("ŷ: 1\n".encode(), "ŷ: 1\n"),
        (b"\xef\xbb\xbfa: 1\n", "a: 1\n"),
        (b"a: 1\r\nb: 2\rc: 3\n", "a: 1\nb: 2\nc: 3\n"),
        ("ŷ: 1\r\n".encode("utf-16"), "ŷ: 1\n"),
        (b"", ""),
        (b"a:\t1", "a:\t1"),
    ],
)
def test_encodings_and_line_ends(tmp_path: Path, data: bytes, text: str) -> None:
    path = written(tmp_path, data)
    source = read_source(str(path), 1000)
    assert (source.name, source.text, source.digest) == (str(path), text, hashlib.sha256(data).hexdigest())


def test_bytes_that_are_no_utf8_are_placed(tmp_path: Path) -> None:
    found = refusal(written(tmp_path, b"\xef\xbb\xbfa: 1\nb: m\xfcde\n"))
    assert found.code == "HW005"
    assert "offset 12" in found.message
    assert "line 2" in found.message
    assert "ü" in found.help


def test_control_characters_are_placed_and_not_echoed(tmp_path: Path) -> None:
    found = refusal(written(tmp_path, b"a: 1\r\nb: \x1b[31m\n"))
    assert (found.code, found.span) == ("HW006", (2, 4, 5))
    assert "U+001B" in found.message


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0", b"\x7fELF\0", "a: 1".encode("utf-16-le"), b"a\0b"])
def test_binary_files_are_refused(tmp_path: Path, data: bytes) -> None:
    assert refusal(written(tmp_path, data)).code == "HW006"


@given(data=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = written(tmp_path_factory.getbasetemp(), data)
    with contextlib.suppress(Invalid):
        text = read_source(str(path), 1000).text
        assert "\r" not in text
        assert all(char in "\n\t" or not ("\x00" <= char < " " or "\x7f" <= char < "\xa0") for char in text)


def test_size_is_limited_to_the_byte(tmp_path: Path) -> None:
    path = written(tmp_path, b"x" * 1000)
    assert len(read_source(str(path), 1000).text) == 1000
    assert refusal(path, 999).code == "HW004"


def test_a_missing_file_is_guessed(tmp_path: Path) -> None:
    written(tmp_path, b"")
    assert "answers.yaml" in refusal(tmp_path / "answer.yaml").help
    assert "answers.yaml" in refusal(tmp_path / "answers").help
    assert refusal(tmp_path / "answer.yaml").code == "HW001"
    assert "folder" in refusal(tmp_path / "none" / "a.yaml").help
    assert refusal(tmp_path / "answers.yaml" / "a.yaml").code == "HW001"
    assert refusal("").code == "HW001"
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "w.yaml").write_bytes(b"")
    assert "w.yaml" in refusal(tmp_path / "d" / "w").help  # its ending forgotten
    assert "similar" in refusal(tmp_path / "d" / "answers").help


def test_a_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfa: 1\r\n"
    assert read_source(str(written(tmp_path, data)), 1000).digest == hashlib.sha256(data).hexdigest()


def test_a_folder_names_a_file_inside(tmp_path: Path) -> None:
    written(tmp_path, b"")
    found = refusal(tmp_path)
    assert found.code == "HW002"
    assert "answers.yaml" in found.help


def test_a_folder_is_called_so_wherever_it_cannot_be_opened_or_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    assert refusal(tmp_path).help == "give the name of a file"  # none is inside
    monkeypatch.setattr(files.os, "listdir", refuse)
    assert refusal(tmp_path).help == "give the name of a file"
    monkeypatch.setattr(files.os, "open", refuse)  # as on Windows
    assert refusal(tmp_path).code == "HW002"
    assert refusal(tmp_path / "a.yaml").code == "HW003"


def test_a_disk_that_fails_is_told_from_a_file_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    path = written(tmp_path, b"a: 1")
    monkeypatch.setattr(files.os, "read", fail)
    found = refusal(path)
    assert (found.code, "Input/output error" in found.message) == ("HW003", True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_pipes_and_devices_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe").code == "HW002"
    assert refusal("/dev/zero").code == "HW002"
    os.symlink(tmp_path / "loop", tmp_path / "loop")
    assert refusal(tmp_path / "loop").code == "HW003"


def test_a_link_is_followed_only_where_nobody_else_can_put_one(tmp_path: Path) -> None:
    os.symlink(written(tmp_path, b"a: 1"), tmp_path / "link.yaml")
    assert read_source(str(tmp_path / "link.yaml"), 1000).text == "a: 1"
    assert read_source(str(tmp_path / "answers.yaml"), 1000, follow=False).text == "a: 1"
    with pytest.raises(Invalid) as caught:
        read_source(str(tmp_path / "link.yaml"), 1000, follow=False)
    assert caught.value.diagnostics[0].code == "HW002"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is unreadable for root")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, b"")
    path.chmod(0)
    assert refusal(path).code == "HW003"


@pytest.mark.parametrize("path", ["a\0b", "\ud800", "x" * 5000])
def test_impossible_names_are_refused(path: str) -> None:
    assert refusal(path).code in ("HW001", "HW003")


def test_standard_input_has_the_same_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a: 1\r\n")))
    assert read_source("-", 10)[:2] == ("<stdin>", "a: 1\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a" * 11)))
    assert refusal("-", 10).code == "HW004"
    monkeypatch.setattr(sys, "stdin", None)
    assert refusal("-", 10).code == "HW003"
    closed = io.TextIOWrapper(io.BytesIO(b"a"))
    closed.close()
    monkeypatch.setattr(sys, "stdin", closed)
    assert refusal("-", 10).code == "HW003"


def test_a_result_is_written_with_the_mode_of_the_old_file(tmp_path: Path) -> None:
    path = written(tmp_path, b"old")
    path.chmod(0o640)
    write_result(str(path), "∂J \ud800\n")
    assert path.read_bytes() == "∂J \\ud800\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == [path.name]


def test_a_new_result_follows_a_link(tmp_path: Path) -> None:
    os.symlink(tmp_path / "real", tmp_path / "link")
    write_result(str(tmp_path / "link"), "x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "x"


@pytest.mark.parametrize("step", ["write", "fsync", "replace", "chmod"])
def test_a_failure_at_any_step_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = written(tmp_path, b"old")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, step, fail)
    with pytest.raises(Invalid) as caught:
        write_result(str(path), "new")
    assert "No space left" in caught.value.diagnostics[0].message
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [path.name]


def test_an_interruption_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_result(str(tmp_path / "new"), "x")
    assert os.listdir(tmp_path) == []


def test_a_result_is_written_where_folders_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(files.os, "O_DIRECTORY", raising=False)
    write_result(str(tmp_path / "new"), b"x")
    assert (tmp_path / "new").read_bytes() == b"x"
    assert os.listdir(tmp_path) == ["new"]


def test_what_is_appended_stands_behind_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "log"
    append_result(str(path), "∂J\n")
    append_result(str(path), "\ud800\n")
    assert path.read_bytes() == "∂J\n\\ud800\n".encode()
    for name in (str(tmp_path), "a\0b"):
        with pytest.raises(Invalid) as caught:
            append_result(name, "x")
        assert caught.value.diagnostics[0].code == "HW007"


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "x", "a\0b"):
        with pytest.raises(Invalid) as caught:
            write_result(str(path), "x")
        assert caught.value.diagnostics[0].code == "HW007"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_device_is_written_to_and_not_replaced() -> None:
    with pytest.raises(Invalid):
        write_result("/dev/full", "x")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
    write_result("/dev/null", "x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
