"""Whatever stands on a page, marking ends with a report: no number, shape or contradiction is too odd, and none earns
what was not worked out."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hwcheck.graph.functions import Array
from hwcheck.marking import blame, diagnose, matching, trials
from hwcheck.marking.diagnose import Cause
from hwcheck.marking.judge import Judge
from hwcheck.marking.matching import Place
from hwcheck.marking.trials import Candidate, Trial
from hwcheck.render.data import report_json
from hwcheck.sheet import Sheet
from tests.marking.students import cells, laid, marked, sheet_of

HEAD = 'hwcheck: 1\nproblems:\n  "1":\n'
NET = """
    given: {U: [3, 0.2, -0.1], W1: [[0.1, 0.2, 0.3], [-0.1, 0, -0.2]], b1: [0, 0], W2: [[0.2, -0.2]], b2: [0], y: 0}
    network: |
      X1 = W1 U + b1
      Y1 = UNIT(X1)
      X2 = W2 Y1 + b2
      Y2 = sigmoid(X2)
      J  = bce(Y2, y)
    train: {loss: J, parameters: [W1, b1, W2, b2], learning_rate: 0.05OPTIONS}
    names: {delta1: dJ/dX1}
    questions:
      d: {find: [X1, Y1, X2, Y2, J], points: 4}
      e: {find: {class: Y2 >= 0.6, moved: W1_new - W1, part: "X1[1] + W1[1,2]"}, points: 3}
      f: {find: [dJ/dX2, dJ/dW2, dJ/db2, dJ/dY1, dY1/dX1, dJ/dX1, dJ/dW1, dJ/db1], points: 8}
      g: {find: [W2_new, b2_new, W1_new, b1_new, "W1_new[1,2]"], points: 6}
      h: {find: [Y1, J, dJ/dW1], when: {y: 1}, points: 2}
"""
LAYERS = """
    given: {U: [1, 2], W1: [[0.5, -0.5], [1, -1]], b1: [0, 1],
            W2: [[1, -1], [0.5, 2], [0, 1]], b2: [0, 0, 0], y: [0, 1, 0]}
    network:
      input: U
      layers:
        - dense: {weights: W1, bias: b1, activation: relu}
        - dense: {weights: W2, bias: b2, activation: softmax}
      loss: {cross_entropy: {target: y}}
    questions:
      a: {find: [z1, a1, z2, a2, L, dL/dz2, dL/dW2, dL/dz1, dL/dW1, dL/db1, da2/dz2], points: 5}
"""
INFINITE = """
    given: {w: 0, x: 1, y: 1}
    network: |
      p = step(w x - 1)
      L = bce(p, y)
      q = 1 / w
      r = 0 q
      s = ln(w - 1) + sqrt(x)
    questions: {a: {find: [p, L, dL/dp, q, r, s, dq/dw], points: 5}}
"""
OPEN = """
    functions: {f1: unknown, "g(v)": v^2 + 1}
    given: {a: scalar, v: vector d1, dL/dyhat: 0.5, w: [0.5, -1], x: [[1, 2], [3, 4]], t: 0.3}
    network: |
      n = f1(a)
      m = sum(v)
      yhat = g(w[1] t) + w[2]
      h = x w
      k = max(h)
      c = mse(h, x[1,:])
    questions:
      a: {find: [n, m, yhat, dL/dw, h, k, c, dc/dw, dk/dw, "h[2]", "x[1,2] + h[1]"], points: 5}
"""
SLIPS = """    slips:
      TWICE: {in: X2, formula: 2 W2 Y1 + b2, message: "One weight too often? \\e[31m <b>x</b>", credit: 0.25}
      NONE: {in: J, formula: ln(y - 2), message: Look again., credit: 1}
"""
TEXTS = {
    "net": NET.replace("UNIT", "sigmoid").replace("OPTIONS", ""),
    "own slips": NET.replace("UNIT", "tanh").replace("OPTIONS", "")
    + SLIPS
    + "    marking: {carried: 0.5, slip: 0.5}\n",
    "strict, three steps": NET.replace("UNIT", "relu").replace("OPTIONS", ", steps: 3") + "    marking: strict\n",
    "no rate": NET.replace("UNIT", "relu").replace("0.05OPTIONS", "0"),
    "layers": LAYERS,
    "infinite": INFINITE,
    "open": OPEN,
}
NUMBERS = [
    *("0", "-0", "0.0", "1", "-1", "0.5", "2", "1e300", "-1e308", "5e-324", "1e-300", "1/3", "-7/2", "0.2 - 0.05*0.3"),
    *("1" * 99, "0." + "3" * 98, "0." + "0" * 60 + "1", "1e-12", "0.31", "-0.28", "0.5769", "", "?", "~", "nan", "x"),
]
SHAPES = [(), (1,), (2,), (3,), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (4,), (2, 2, 2)]
FURTHER = ["delta1", "dJ/db1", "W1@2", "dY1/dX1[1,1]", "X1[1]", "W1_new[1,:]", "W1", "y", "J_new", "m_W1", "dJ/dU", "q"]


SHEETS = {name: sheet_of(HEAD + text.lstrip("\n")) for name, text in TEXTS.items()}


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, dict[str, dict[str, str]]]:
    """Draw a sheet, and for its names values: numbers of one or of many kinds, in right or in wrong shapes."""
    name = draw(st.sampled_from(sorted(SHEETS)))
    problem = SHEETS[name].problems["1"]
    pick = random.Random(draw(st.integers(0, 10**6)))
    few = pick.sample(NUMBERS, pick.randint(1, 4))
    pool = pick.choice([few, NUMBERS, [f"{pick.gauss(0, 1):.4f}" for _ in range(9)], ["0", "1", "0.5"]])
    further = draw(st.booleans())
    page: dict[str, dict[str, str]] = {}
    for question in problem.questions.values():
        titles = [ask.name for ask in question.asks] + (FURTHER if further else [])
        for title in titles:
            if pick.random() < 0.85:
                shape = pick.choice(SHAPES)
                target = next((ask for ask in question.asks if ask.name == title), None)
                if target is not None and pick.random() < 0.8:
                    shape = shape_of_name(SHEETS[name], title, shape)
                count = int(np.prod(shape))
                page.setdefault(question.id, {})[title] = laid([pick.choice(pool) for _ in range(count)], shape)
    return name, page


def shape_of_name(sheet: Sheet, title: str, other: tuple[int, ...]) -> tuple[int, ...]:
    base = sheet.problems["1"].base
    by = title.partition("/d")[2] or title.removesuffix("_new")
    try:
        return tuple(int(size) for size in base.shape(by))
    except (KeyError, ValueError):
        return other


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(pages())
def test_marking_never_fails_and_gives_no_more_than_there_is(drawn: tuple[str, dict[str, dict[str, str]]]) -> None:
    name, page = drawn
    with np.errstate(over="ignore"):  # two numbers of 1e308 have no product: what matters is the report
        report, again = marked(SHEETS[name], page), marked(SHEETS[name], page)
    assert 0 <= report.score <= report.max_score + 1e-9
    assert report.without is not None
    assert report.without <= report.score + 1e-9
    for finding in report.findings:
        assert 0 <= finding.marks <= finding.max_marks + 1e-9
    assert (again.score, again.findings, again.readings) == (report.score, report.findings, report.readings)
    report_json(report)


# --- nothing for nothing ----------------------------------------------------------------------------------------------

PLAIN = SHEETS["net"]


def everywhere(value: Callable[[str, int], str]) -> dict[str, dict[str, str]]:
    """Write a page of values by quantity and number, in the shapes that are asked."""
    page: dict[str, dict[str, str]] = {}
    for question in PLAIN.problems["1"].questions.values():
        for ask in question.asks:
            shape = shape_of_name(PLAIN, ask.name, ())
            entries = [value(ask.name, at) for at in range(int(np.prod(shape)))]
            page.setdefault(question.id, {})[ask.name] = laid(entries, shape)
    return page


@pytest.mark.parametrize("number", ["0", "0.5", "1", "-2", "0.1"])
@pytest.mark.parametrize("other", [False, True])
def test_one_number_everywhere_is_no_work(number: str, other: bool) -> None:
    page = everywhere(lambda name, at: "0.25" if other and name == "J" else number)
    report = marked(PLAIN, page)
    carried = [each for each in report.findings if each.verdict == "carried" and "same" in each.remarks]
    assert not carried
    assert report.score < report.max_score * (0.4 if other else 0.15)


def test_copied_givens_are_no_new_weights() -> None:
    page = {"W2_new": "[[0.2, -0.2]]", "W1_new": "[[0.1, 0.2, 0.3], [-0.1, 0, -0.2]]"}
    report = marked(PLAIN, {"g": page})
    # 0.19975 does round to the old 0.2, and nothing finer stands on the page
    assert sum(each.marks for each in report.findings if each.quantity in page) == pytest.approx(0.2)


def test_an_easy_value_under_a_dear_name_earns_nothing() -> None:
    text = NET.replace("UNIT", "sigmoid").replace("OPTIONS", "")
    cheap, dear = sheet_of(HEAD + text), sheet_of(HEAD + text.replace("points: 6", "points: 60"))
    right = {"Y1": "[0.576885, 0.430454]"}
    assert marked(cheap, {"d": right}).score == pytest.approx(0.8)
    assert marked(dear, {"g": {"b1_new": right["Y1"]}}).score == 0


@pytest.mark.parametrize(("width", "explained"), [(60, True), (150, False)])
def test_what_a_page_with_everything_wrong_costs_is_bounded(
    width: int, explained: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(5)
    x, w = ([draw.randint(1, 9) / 10 for _ in range(width)] for _ in range(2))
    sheet = sheet_of(
        f"{HEAD}    given: {{x: {x}, w: {w}}}\n    network: |\n      z = w ⊙ x\n"
        "      a = sigmoid(z)\n      J = sum(a ⊙ a)\n"
        "    train: {loss: J, parameters: [w], learning_rate: 0.1}\n"
        "    questions: {a: {find: [z, a, J, dJ/da, dJ/dz, dJ/dw, w_new], points: 4}}\n"
    )
    names = ("z", "a", "dJ/da", "dJ/dz", "dJ/dw", "w_new")
    page = {name: laid([f"{draw.gauss(0, 1):.4f}" for _ in range(width)], (width,)) for name in names}
    shaken: list[str] = []
    looked: list[int] = []

    def counted(trial: Trial, candidate: Candidate, *lookups: Callable[[str], Array]) -> Array | None:
        shaken.append(candidate.code)
        return trials.shaken(trial, candidate, *lookups)

    def causes(judge: Judge, failing: list[Place]) -> list[Cause]:
        looked.append(len(failing))
        return diagnose.formula_causes(judge, failing)

    monkeypatch.setattr(matching, "shaken", counted)
    monkeypatch.setattr(blame, "formula_causes", causes)
    report = marked(sheet, {"a": page})
    assert len(cells(report, "wrong")) > 5 * width
    assert len(shaken) <= matching.MOST_SHAKEN  # what costs most is asked of so many candidates, not of every entry
    assert bool(looked) is explained
    assert all(number <= matching.MOST_EXPLAINED for number in looked)
