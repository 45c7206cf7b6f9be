"""The sheets that come along, with what real students wrote on them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from hwcheck import load_answers, load_sheet, verify
from hwcheck.marking import Report
from tests.bundled import answers_file
from tests.marking.students import cells, marked, verdicts

SHEET = load_sheet("sheet5")


def written(name: str) -> Report:
    report: Report = verify(load_sheet(name), load_answers(str(answers_file(name))))
    return report


def test_on_sheet_5_three_entries_are_wrong() -> None:
    report = written("sheet5")
    assert cells(report, "wrong") == ["W1_new[1,3]", "W1_new[2,3]", "b1_new[2]"]
    assert not any(cells(report, kind) for kind in ("carried", "undecided", "unreadable"))
    assert report.score == pytest.approx(18.75)
    assert report.max_score == 20
    remarks = {each.quantity: each.remarks for each in report.findings if each.problem == "1"}
    assert "truncated" in remarks["dJ/dW1"]
    assert "digits" in remarks["J"]
    assert "digits" in remarks["dJ/dX1"]


def test_on_exercise_3_one_slip_costs_one_entry_and_nothing_below_it() -> None:
    report = written("exercise3")
    assert cells(report, "wrong") == ["z2"]
    assert set(verdicts(report).values()) == {"correct", "wrong"}
    second = [each for each in report.findings if each.question == "second"]
    assert {each.verdict for each in second} == {"correct"}


def test_the_published_2_2_2_example_is_all_right() -> None:
    report = written("two-two-two")
    assert report.score == report.max_score == 12
    assert set(verdicts(report).values()) == {"correct"}


# --- a wrong Y2, and everything below made from it --------------------------------------------------------------------

Round = Callable[[float], str]


def worked(slope: str, adjoint: str, wrong: float, write: Round) -> dict[str, dict[str, str]]:
    """Work sheet 5 by hand with a wrong Y2; the slopes from inputs or outputs, the adjoint of X2 fused or chained."""
    from math import exp, log

    def sigmoid(x: float) -> float:
        return 1 / (1 + exp(-x))

    u, w2, rate = (3, 0.2, -0.1), (0.2, -0.2), 0.05
    w1 = ((0.1, 0.2, 0.3), (-0.1, 0, -0.2))
    x1 = (0.31, -0.28)
    y1 = [sigmoid(x) for x in x1]
    x2 = 0.2 * y1[0] - 0.2 * y1[1]
    y2 = wrong
    dx2 = y2 if adjoint == "fused" else 1 / (1 - y2) * (y2 * (1 - y2) if slope == "out" else sigmoid(x2) * sigmoid(-x2))
    slopes = [y * (1 - y) if slope == "out" else sigmoid(x) * sigmoid(-x) for x, y in zip(x1, y1, strict=True)]
    dx1 = [weight * dx2 * each for weight, each in zip(w2, slopes, strict=True)]
    dw1 = [[delta * each for each in u] for delta in dx1]

    def row(values: list[float]) -> str:
        return "[" + ", ".join(map(write, values)) + "]"

    new = [[w - rate * g for w, g in zip(ws, gs, strict=True)] for ws, gs in zip(w1, dw1, strict=True)]
    return {
        "d": {"X1": row(list(x1)), "Y1": row(y1), "X2": write(x2), "Y2": write(y2)},
        "e": {"": "0"},
        "f": {"": write(-log(1 - y2))},
        "g": {
            "dJ/dY2": write(1 / (1 - y2)),
            "dY1/dX1": row(slopes),
            "dJ/dX1": row(dx1),
            "dJ/dW2": row([dx2 * y for y in y1]),
            "dJ/db2": write(dx2),
            "dJ/dW1": f"[{row(dw1[0])}, {row(dw1[1])}]",
            "dJ/db1": row(dx1),
        },
        "h": {
            "W2_new": row([w - rate * dx2 * y for w, y in zip(w2, y1, strict=True)]),
            "b2_new": write(-rate * dx2),
            "W1_new": f"[{row(new[0])}, {row(new[1])}]",
            "b1_new": row([-rate * each for each in dx1]),
        },
    }


WORKING = ("dJ/dY2", "dY1/dX1", "dJ/dX1")


@pytest.mark.parametrize(("slope", "adjoint"), list(product(["out", "in"], ["fused", "chained"])))
@pytest.mark.parametrize("digits", [4, 5, 6, 9])
@pytest.mark.parametrize("working", [True, False], ids=["full working", "only what is asked"])
def test_a_wrong_output_costs_one_entry(slope: str, adjoint: str, digits: int, working: bool) -> None:
    page = worked(slope, adjoint, 0.5173, lambda value: f"{value:.{digits}g}")
    if not working:
        page["g"] = {name: text for name, text in page["g"].items() if name not in WORKING}
    report = marked(SHEET, page)
    assert cells(report, "wrong") == ["Y2[1]"]
    assert not cells(report, "unreadable")
    assert not cells(report, "undecided")
    asked = {each.quantity: each.verdict for each in report.findings if each.problem == "1"}
    for name in ("J", "dJ/dW2", "dJ/db2", "dJ/dW1", "dJ/db1", "W2_new", "b2_new", "b1_new"):
        assert asked[name] == "carried"
    assert asked["W1_new"] in (("carried",) if digits > 4 else ("carried", "correct"))  # to four digits nearly the same
    assert [asked[name] for name in ("X1", "Y1", "X2")] == ["correct"] * 3
    assert report.score == pytest.approx(19)


@pytest.mark.parametrize(("slope", "adjoint"), list(product(["out", "in"], ["fused", "chained"])))
@pytest.mark.parametrize("digits", [4, 6])
def test_what_does_not_follow_from_the_wrong_output_is_wrong(slope: str, adjoint: str, digits: int) -> None:
    page = worked(slope, adjoint, 0.5173, lambda value: f"{value:.{digits}g}")
    other = worked(slope, adjoint, 0.5273, lambda value: f"{value:.{digits}g}")
    page["f"] = other["f"]
    page["h"]["b2_new"] = other["h"]["b2_new"]
    assert cells(marked(SHEET, page), "wrong") == ["Y2[1]", "J", "b2_new[1]"]


def test_what_is_right_below_a_wrong_output_is_correct_and_said_to_be_recovered() -> None:
    page = worked("out", "fused", 0.5173, "{:.5g}".format)
    right = worked("out", "fused", 0.507321, "{:.5g}".format)
    page["f"], page["h"] = right["f"], right["h"]
    report = marked(SHEET, page)
    assert cells(report, "wrong") == ["Y2[1]"]
    found = {each.quantity: each for each in report.findings if each.problem == "1"}
    for name in ("J", "W2_new", "b2_new", "W1_new", "b1_new"):
        assert found[name].verdict == "correct"
        assert "recovered" in found[name].remarks
