"""`hwcheck graph`: each format to its place, one problem at a time in pictures, and a word where there is nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hwcheck.cli import main

Screen = pytest.CaptureFixture[str]

SYMBOLS = """
hwcheck: 1
title: Symbols
problems:
  "1":
    functions: {f: unknown}
    given: {x: vector d1, W: matrix d2 x d1, y: vector d2}
    network: |
      z = W x
      yhat = f(z)
      l = sum((yhat - y)^2)
    questions: {a: [dl/dW, dyhat/dz]}
  "2":
    given: {x: vector 2, W: matrix 2 x 2}
    network: z = W x
    questions: {a: z}
  "3":
    given: {x: 1, y: 2}
    questions: {a: x + y}
"""


@pytest.fixture
def symbols(tmp_path: Path) -> str:
    file = tmp_path / "symbols.yaml"
    file.write_text(SYMBOLS, encoding="utf-8")
    return str(file)


def test_text_shows_every_problem_with_a_network(symbols: str, capsys: Screen) -> None:
    assert main(["graph", symbols]) == 0
    shown = capsys.readouterr().out
    assert "problem 1" in shown
    assert "problem 2" in shown
    assert "problem 3" not in shown
    assert "d1" not in "".join(line.split()[0] for line in shown.splitlines() if line.strip())  # sizes are left out


@pytest.mark.parametrize("format", ["mermaid", "dot", "svg"])
def test_pictures_show_one_problem(format: str, symbols: str, capsys: Screen) -> None:
    assert main(["graph", symbols, "--format", format]) == 2
    assert f"{format} draws one problem; choose it with --problem: 1, 2." in capsys.readouterr().err
    assert main(["graph", symbols, "--problem", "2", "--format", format]) == 0
    assert "z = W x" in capsys.readouterr().out.replace("</tspan>", "").replace('<tspan class="name">', "")


def test_formats_go_to_their_files(symbols: str, tmp_path: Path, capsys: Screen) -> None:
    svg, dot = tmp_path / "graph.svg", tmp_path / "graph.dot"
    assert (
        main(["graph", "sheet5", "--problem", "1", f"--format=svg={svg}", "--format", f"dot={dot}", "--format=text"])
        == 0
    )
    assert ElementTree.parse(svg).getroot().tag.endswith("svg")
    assert dot.read_text(encoding="utf-8").startswith("digraph")
    assert "Y1 = sigmoid(X1)" in capsys.readouterr().out


def test_of_symbols_the_gradients_are_names(symbols: str, capsys: Screen) -> None:
    assert main(["graph", symbols, "--problem", "1", "--gradients"]) == 0
    shown = capsys.readouterr().out
    for name in ("x", "W", "y", "z", "yhat"):
        assert f"\n    dl/d{name}\n" in shown
    assert "dl/dl" not in shown


def test_a_problem_without_a_loss_is_drawn_beside_one_that_has_a_loss(symbols: str, capsys: Screen) -> None:
    assert main(["graph", symbols, "--gradients"]) == 0
    first, second = capsys.readouterr().out.split("problem 2")
    assert "dl/dz" in first
    assert "z = W x" in second
    assert "dl/d" not in second


def test_values_and_gradients_have_numbers(capsys: Screen) -> None:
    assert main(["graph", "sheet5", "--problem", "1", "--values", "--gradients"]) == 0
    shown = capsys.readouterr().out
    assert "X1 = W1 U + b1" in shown
    assert "= [0.31, −0.28]" in shown
    assert "dJ/dX2 = 0.5073" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--values"], "there are no values to show: the givens have no numbers."),
        (["--problem", "2", "--gradients"], "problem 2 has no loss for --gradients, and no definition is a number."),
        (["--problem", "3"], "there is nothing to draw: problem 3 has no network."),
        (["--problem", "4"], "the sheet has no problem '4'"),
        (["--format", "png"], "no format 'png'; the formats are text, mermaid, dot, svg."),
        (["--format", "svg="], "names no file after the `=`."),
        (["--format", "svg", "--format", "dot"], "two formats go to the same place"),
    ],
)
def test_what_cannot_be_drawn_is_said(arguments: list[str], said: str, symbols: str, capsys: Screen) -> None:
    assert main(["graph", symbols, *arguments]) == 2
    caught = capsys.readouterr()
    assert said in " ".join(caught.err.split())
    assert caught.out == ""


def test_of_several_steps_the_first_pass_is_drawn(tmp_path: Path, capsys: Screen) -> None:
    file = tmp_path / "steps.yaml"
    file.write_text(
        'hwcheck: 1\ntitle: S\nproblems:\n  "1":\n    given: {w: 0.5, x: 2, t: 1}\n    network: |\n      o = w x\n'
        "      E = (t - o)^2\n    train: {loss: E, parameters: [w], optimizer: sgd, learning_rate: 0.1, steps: 300}\n"
        "    questions: {a: w_new}\n",
        encoding="utf-8",
    )
    assert main(["graph", str(file), "--gradients", "--format", "dot"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("->") == 4
    assert "@" not in shown
    assert "dE/dw = 0" in shown


def test_a_screen_without_signs_gets_ascii() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hwcheck", "graph", "sheet5", "--values"],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": "", "COLUMNS": "100"},
        cwd=Path(__file__).parents[2],
        check=True,
    )
    shown = done.stdout.decode("ascii")
    assert "\n  U --+--> X1 --> Y1 -+--> X2 --> Y2 -+--> J\n" in shown
    assert "= [0.31, -0.28]" in shown
    assert "?" not in shown
