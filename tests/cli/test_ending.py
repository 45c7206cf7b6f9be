"""How a run ends: the exit code, and one message on stderr without a traceback."""

import os
import signal
import subprocess
import sys

import pytest

from tests.cli.odd import ROOT, START, start

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and closed descriptors are POSIX")


@pytest.mark.parametrize(
    ("ending", "code", "says"),
    [
        ("right", 0, ""),
        ("wrong", 1, ""),
        ("usage", 2, "odd usage"),
        ("invalid", 2, "HW101"),
        ("refused", 2, "Permission denied"),
        ("bug", 3, "bug of hwcheck: KeyError"),
        ("deep", 2, "nested too deeply"),
        ("interrupt", 130, ""),
    ],
)
def test_exit_codes(ending: str, code: int, says: str) -> None:
    out, err = (process := start("odd", ending)).communicate()
    assert process.returncode == code, err
    assert says in err.decode()
    assert bool(says) == bool(err)
    assert out == b""
    assert b"Traceback" not in err
    assert b"\x1b" not in err


def test_the_traceback_of_a_bug_is_shown_on_demand_only() -> None:
    _, err = (process := start("odd", "bug", environment={"HWCHECK_DEBUG": "1"})).communicate()
    assert process.returncode == 3
    assert b"Traceback" in err
    assert b"\x1b" not in err


@pytest.mark.parametrize(
    "arguments",
    [[], ["solvd", "x"], ["solve"], ["solve", "x", "--nope"], ["solve", "x", "--digits", "0"], ["schema", "pupils"]],
)
def test_a_usage_error_is_2_and_says_what_to_do(arguments: list[str]) -> None:
    out, err = (process := start(*arguments)).communicate()
    assert process.returncode == 2
    assert b"Usage: hwcheck" in err
    assert out == b""


def test_an_unknown_command_is_answered_with_the_closest() -> None:
    _, err = start("verfy", "x").communicate()
    assert b"did you mean 'verify'" in err


@posix_only
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_the_run_after_cleaning_up(number: signal.Signals, code: int) -> None:
    process = start("odd", "wait")
    assert process.stdout is not None
    assert process.stdout.readline() == b"waiting\n"
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert err == b"cleaned up\n"


@posix_only
def test_a_second_interrupt_ends_the_run_at_once() -> None:
    process = start("odd", "stubborn")
    assert process.stdout is not None
    for said in (b"waiting\n", b"cleaning up\n"):
        assert process.stdout.readline() == said
        process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"")


@posix_only
def test_a_closed_pipe_ends_the_run_quietly() -> None:
    process = start("odd", "many")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) == 141


@posix_only
@pytest.mark.parametrize("arguments", ["odd unicode", "--help"])
@pytest.mark.parametrize("place", [">/dev/full", "| sleep 0", ">&-", "2>&-", "2>/dev/full", "</dev/null"])
def test_a_stream_that_cannot_be_written_gives_no_traceback(arguments: str, place: str) -> None:
    line = f'set -o pipefail; "$0" -c "$1" {arguments} {place}'
    done = subprocess.run(["bash", "-c", line, sys.executable, START], cwd=ROOT, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    if place == "| sleep 0":
        assert done.returncode in (0, 141)  # small enough to fit in the pipe before it is closed, or not
        assert done.stderr == ""
    elif place == ">/dev/full":
        assert done.returncode == 2
        assert "No space left" in done.stderr
    elif place == ">&-" and arguments != "--help":
        assert done.returncode == 2
        assert "can't be written" in done.stderr
    else:
        assert done.returncode == 0


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({"LC_ALL": "C"}, "⎡ ∂J/∂X1 ⎤ ?\n".encode()),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "⎡ ∂J/∂X1 ⎤ ?\n".encode()),
        ({"PYTHONIOENCODING": "ascii"}, b"? ?J/?X1 ? ?\n"),
        ({"PYTHONIOENCODING": "cp1252"}, b"? ?J/?X1 ? ?\n"),
    ],
)
def test_no_character_is_an_error(environment: dict[str, str], shown: bytes) -> None:
    out, err = (process := start("odd", "unicode", environment=environment)).communicate()
    assert (process.returncode, out.replace(b"\r\n", b"\n"), err) == (0, shown, b"")


@pytest.mark.parametrize(("environment", "threads"), [({}, b"1"), ({"OPENBLAS_NUM_THREADS": "2"}, b"2")])
def test_one_thread_unless_asked_otherwise(environment: dict[str, str], threads: bytes) -> None:
    assert start("odd", "threads", environment=environment).communicate()[0].strip() == threads


@posix_only
def test_completion_offers_the_commands() -> None:
    asked = {"_HWCHECK_COMPLETE": "bash_complete", "COMP_WORDS": "hwcheck ver", "COMP_CWORD": "1"}
    assert b"verify" in start(environment=asked).communicate()[0]


def test_python_m_runs_the_same_command_line() -> None:
    done = subprocess.run([sys.executable, "-m", "hwcheck", "--version"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "hwcheck 0.1.0\n")
