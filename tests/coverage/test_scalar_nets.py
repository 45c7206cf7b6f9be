"""Rows 1 to 14: networks of numbers with unknown activations, their derivatives along all paths, and graphs."""

from __future__ import annotations

import pytest

from hwcheck import solve
from hwcheck.cli import main
from tests.coverage.judging import STUDENT, Case, Screen, Shown, Values, agree, answered, check, sheet, shows

ANSWERS = (
    # a scalar network with abstract activations
    Case(1, "homework4", "1", "loss", STUDENT, "", "correct"),
    *(Case(1, "homework4", "1", "weights", STUDENT, f"dL/dw{at}", "correct") for at in (1, 2, 3, 4)),
    *(Case(1, "homework4", "1", "biases", STUDENT, f"dL/db{at}", "correct") for at in (1, 2, 3)),
    Case(1, "homework3", "1", "weights", {"dL/dw1": "dL/dyhat*f3'*w3*f1'*x"}, "dL/dw1", "correct"),
    Case(1, "homework3", "1", "weights", {"dL/dw4": "dL/dyhat*f3'*h2"}, "dL/dw4", "correct"),
    Case(1, "homework3", "1", "weights", {"dL/dw4": "dL/dyhat*f3'*h1"}, "dL/dw4", "wrong", ("OTHER_NAME",)),
    # the loss is left undefined
    Case(2, "homework3", "1", "biases", {"dL/db3": "dL/dyhat*f3'"}, "dL/db3", "correct"),
    Case(2, "homework3", "1", "biases", {"dL/db3": "2 dL/dyhat*f3'"}, "dL/db3", "wrong", ("CONSTANT_FACTOR",)),
    # the sum over all paths
    Case(3, "homework3", "1", "input", "dL/dyhat*f3'*(w3*f1'*w1+w4*f2'*w2)", "", "correct"),
    Case(3, "homework4", "1", "input", "dL/dyhat f3' w3 f1' w1 + dL/dyhat f3' w4 f2' w2", "", "correct"),
    # one path alone
    Case(4, "homework4", "1", "input", "dL/dh3 f3' w3 f1' w1", "", "wrong", ("SUM_ONE_PATH",)),
    Case(4, "homework4", "1", "input", "dL/dh3 f3' w4 f2' w2", "", "wrong", ("SUM_ONE_PATH",)),
    Case(4, "homework4", "1", "input", "dL/dh3 f3' w4 f2' w2 + dL/dh3 f3' w3 f1' w1", "", "correct"),
    # two paths joined by `or`
    Case(5, "homework4", "1", "input", STUDENT, "", "wrong", ("PATHS_OR",)),
    # spellings of a prime
    Case(6, "homework3", "1", "weights", {"dL/dw1": "dL/dyhat f'_3 w3 f'_1 x"}, "dL/dw1", "correct"),
    Case(6, "homework3", "1", "weights", {"dL/dw1": "dL/dyhat f_3'(w3 h1 + w4 h2 + b3) w3 f1'(w1 x + b1) x"}, "dL/dw1",
     "correct", ()),
    Case(6, "homework3", "1", "weights", {"dL/dw1": "dL/dyhat fp3 w3 fp1 x"}, "dL/dw1", "correct"),
    # aliases
    Case(7, "homework3", "1", "biases", {"dL/db3": "dL/dh3 f3'"}, "dL/db3", "correct"),
    # the computational graph, arrow by arrow
    Case(9, "homework3", "2", "1", "x -> h, h -> y, x -> z", "", "correct"),
    Case(9, "homework3", "2", "1", "x -> h -> y\nx -> z", "", "correct"),
    Case(10, "homework3", "2", "1", "h -> z, z -> y", "", "wrong",
     ("EDGE_EXTRA", "EDGE_MISSING", "h -> z", "z -> y", "x -> h", "x -> z", "h -> y")),
    Case(10, "homework3", "2", "1", "h -> x, h -> y, x -> z", "", "wrong", ("EDGE_REVERSED",)),
    # no path leads from z to y
    Case(11, "homework3", "2", "2", "0", "", "correct", ("nopath",)),
    Case(11, "homework4", "2", "b", "0", "", "correct", ("nopath",)),
    Case(12, "homework4", "2", "b", "(dy/dx)/(dz/dx)", "", "wrong", ("NO_PATH",)),
    Case(12, "homework3", "2", "2", "dy/dx / (dz/dx)", "", "wrong", ("NO_PATH",)),
    Case(12, "homework3", "2 with numbers", "slopes", {"dy/dz": "0.0451767"}, "dy/dz", "wrong", ("NO_PATH",)),
    Case(13, "homework4", "2", "b", STUDENT, "", "correct", ("reason",)),
    # an elementary derivative
    Case(14, "homework4", "2", "c", STUDENT, "", "correct"),
    Case(14, "homework4", "2", "c", "e^-h/(1 + e^-h)^2", "", "correct"),
    Case(14, "homework4", "2", "c", "-e^-h/(1 + e^-h)^2", "", "wrong", ("FORMULA_SIGN",)),
)  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_an_answer_gets_the_verdict_that_its_row_names(case: Case) -> None:
    check(case)


VALUES = (
    Values(8, "homework3", "1 with numbers",
     {"dL/dw1": 32, "dL/dw2": 16, "dL/dw3": 16, "dL/dw4": 48, "dL/db1": 32, "dL/db2": 16, "dL/db3": 16, "dL/dx": 80}),
    Values(8, "homework4", "1 with numbers",
     {"dL/dyhat": 2, "dL/dw1": 32, "dL/dw2": 16, "dL/dw3": 16, "dL/dw4": 48, "dL/db1": 32, "dL/db2": 16, "dL/db3": 16,
      "dL/dx": 80, "L": 1}),
    Values(8, "homework4", "1 with common activations",
     {"h1": 0.6910694698329306, "h2": 0.3429895373265012, "yhat": 1.3238408426929635, "L": 0.38917739701186693,
      "dL/dyhat": 1.2476816853859272, "dL/dw1": 0.5740339229077325, "dL/dw2": 0.37141521996906535,
      "dL/dw3": 0.6327843656460655, "dL/dw4": 0.3140616483214888, "dL/db1": 0.38268928193848833,
      "dL/db2": 0.24761014664604358, "dL/db3": 0.9156595585087042, "dL/dx": 0.1170615969754311}),
    Values(11, "homework3", "2 with numbers",
     {"y": 0.9525741268224334, "dy/dh": 0.045176659730912144, "dy/dx": 0.09035331946182429, "dy/dz": 0}),
    Values(14, "homework4", "2 with numbers", {"dy/dh": 0.045176659730912144, "dy/dz": 0, "dz/dx": 4}),
)  # fmt: skip


@pytest.mark.parametrize("values", VALUES, ids=str)
def test_the_numbers_of_a_row_are_those_worked_out_elsewhere(values: Values) -> None:
    agree(values)


SHOWN = (
    Shown(1, "homework3", "1", "dL/dw1 = dL/dyhat · f3' · w3 · f1' · x"),
    Shown(3, "homework3", "1", "dL/dx = dL/dyhat · f3' · (w3 · f1' · w1 + w4 · f2' · w2)"),
    Shown(11, "homework3", "2", "no path leads from z to y"),
    Shown(11, "homework4", "2", "no path leads from z to y"),
)


@pytest.mark.parametrize("shown", SHOWN, ids=str)
def test_a_solution_shows_the_formula_of_its_row(shown: Shown, capsys: Screen) -> None:
    shows(shown, capsys)


def test_row_2_a_loss_that_is_not_defined_stays_a_symbol() -> None:
    problem = next(each for each in solve(sheet("homework3")).problems if each.id == "1")
    (found,) = (each for each in problem.parts[0].quantities if each.name == "dL/db3" and each.role != "asked")
    assert found.value is None
    assert "dL/dyhat" in problem.parts[0].table.reads("dL/db3")


def test_rows_4_and_8_a_path_alone_is_named_in_the_integer_probe_too() -> None:
    for one in ("32", "48"):
        (found,) = answered(sheet("homework4"), "1 with numbers", "input", one)
        assert found.verdict == "wrong"
        assert [slip.code for slip in found.slips] == ["SUM_ONE_PATH"]
    (found,) = answered(sheet("homework4"), "1 with numbers", "input", "80")
    assert found.verdict == "correct"


@pytest.mark.parametrize(
    ("format", "arrows"),
    [("dot", ['"x" -> "h"', '"h" -> "y"', '"x" -> "z"']), ("mermaid", [" --> "]), ("text", ["x"]), ("svg", ["<svg"])],
)
def test_row_9_the_graph_is_drawn(format: str, arrows: list[str], capsys: Screen) -> None:
    assert main(["graph", "homework3", "--problem", "2", "--format", format]) == 0
    out = capsys.readouterr().out
    assert all(arrow in out for arrow in arrows)
    assert out.count(" -> ") == (3 if format == "dot" else 0)
    assert out.count(" --> ") == (3 if format == "mermaid" else 0)


def test_row_13_a_right_value_and_a_wrong_reason_are_kept_apart() -> None:
    of = sheet("homework4")
    (bare,) = answered(of, "2", "b", "0")
    (reasoned,) = answered(of, "2", "b", "dy/dh dh/dx dx/dz = 0")
    assert bare.verdict == reasoned.verdict == "correct"
    assert "reason" not in bare.remarks
    assert "reason" in reasoned.remarks
