"""What the options mean, without a sheet."""

from pathlib import Path

import click
import pytest

import hwcheck
from hwcheck import cli
from hwcheck.cli import options, streams
from hwcheck.cli.options import FORMATS, Target
from hwcheck.cli.verify import threshold

PARAMETER = click.Option(["--option"])
CALL = click.Context(click.Command("verify"))
targets = options.targets("report")


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_table_of_commands_says_what_their_help_says(name: str) -> None:
    command = cli.commands.get_command(CALL, name)
    assert command is not None
    assert command.name == name
    assert command.help is not None
    assert command.help.splitlines()[0] == cli.COMMANDS[name].help


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    command = cli.commands.get_command(CALL, name)
    assert command is not None
    for parameter in command.params:
        assert isinstance(parameter, click.Argument) or getattr(parameter, "help", ""), parameter.name


@pytest.mark.parametrize("terminal", [True, False])
def test_without_a_format_a_terminal_gets_a_table(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hwcheck.cli.options.on_terminal", lambda: terminal)
    assert targets(CALL, PARAMETER, ()) == (Target("table" if terminal else "plain"),)


@pytest.mark.parametrize("format", FORMATS)
def test_a_format_goes_to_a_file_or_to_stdout(format: str) -> None:
    assert targets(CALL, PARAMETER, (format,)) == (Target(format, ""),)
    assert targets(CALL, PARAMETER, (f"{format}=-",)) == (Target(format, ""),)
    assert targets(CALL, PARAMETER, (f"{format}=a=b.txt", "json")) == (Target(format, "a=b.txt"), Target("json", ""))


@pytest.mark.parametrize("asked", [("jsn",), ("",), ("json=",), ("json", "plain"), ("json=a", "plain=a"), ("a=json",)])
def test_formats_that_make_no_sense_are_refused(asked: tuple[str, ...]) -> None:
    with pytest.raises(click.BadParameter):
        targets(CALL, PARAMETER, asked)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [(None, (1.0, True)), ("60%", (0.6, True)), ("0%", (0.0, True)), ("12.5", (12.5, False)), ("0", (0.0, False))],
)
def test_a_threshold_is_points_or_a_share(text: str | None, meaning: tuple[float, bool]) -> None:
    assert threshold(CALL, PARAMETER, text) == meaning


@pytest.mark.parametrize("text", ["", "%", "x", "-1", "nan", "inf", "101%", "nan%", "1 point"])
def test_a_threshold_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        threshold(CALL, PARAMETER, text)


@pytest.mark.parametrize(
    ("choice", "environment", "on_terminal", "in_pipe"),
    [
        ("auto", {}, True, False),
        ("auto", {"TERM": "dumb"}, False, False),
        ("auto", {"NO_COLOR": "1"}, False, False),
        ("auto", {"NO_COLOR": ""}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, True, True),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ("always", {"NO_COLOR": "1"}, True, True),
        ("never", {"FORCE_COLOR": "1"}, False, False),
    ],
)
def test_who_decides_on_colour(
    choice: str, environment: dict[str, str], on_terminal: bool, in_pipe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert streams.colored(choice, terminal=True) is on_terminal
    assert streams.colored(choice, terminal=False) is in_pipe


@pytest.mark.parametrize(("columns", "cells"), [("1", 20), ("20", 20), ("57", 57), ("3000", 3000), ("wide", 80)])
def test_the_width_heeds_columns(columns: str, cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_terminal(descriptor: int) -> None:
        raise OSError

    monkeypatch.setattr("os.get_terminal_size", no_terminal)
    monkeypatch.setenv("COLUMNS", columns)
    assert streams.width() == cells


def test_the_bundled_sheets_are_in_the_package_or_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "hwcheck"
    package.mkdir()
    monkeypatch.setattr(hwcheck, "__file__", str(package / "__init__.py"))
    assert hwcheck.bundled_folder() == str(tmp_path / "problems")
    (package / "problems").mkdir()
    assert hwcheck.bundled_folder() == str(package / "problems")


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="slove"):
        hwcheck.__getattr__("slove")
