"""Mistakes in what layers write: recognised as in the same lines written as text."""

import numpy as np
import pytest

from hwcheck.sheet.problem import Problem
from tests.library.nets import Array, Written, net, text_of, value_of
from tests.marking.students import marked_page, sheet_of

DRAWN = np.random.default_rng(14)
FLIP = np.round(DRAWN.normal(size=(2, 2, 2, 2)), 2)
NORM = {"x": np.round(DRAWN.normal(size=(2, 4)), 2), "g": [1.5, 0.5], "b": [0.3, -0.2], "y": np.ones((2, 4))}
WEIGHTS = {name: np.round(DRAWN.normal(size=(2, 2)), 2) for name in ("Q", "K", "V")}
SEQUENCE = {"x": np.round(DRAWN.normal(size=(3, 2)), 2), **WEIGHTS}
ATTENTION = {"attention": {"queries": "Q", "keys": "K", "values": "V"}}
IMAGE = {"x": np.round(DRAWN.normal(size=(2, 3, 3)), 2), "K": FLIP}
DROPPED = {"x": [0.5, -0.25, 2, 1], "M": [1, 0, 1, 1]}
BATCH_NORM = {"batch_norm": {"gamma": "g", "beta": "b"}}

Page = dict[str, Array]


def values(problem: Problem, *names: str) -> Page:
    return {name: value_of(problem, name) for name in names}


def wrong_norm(**changed: Array) -> Page:
    """Give a page of a batch norm with some of its values worked out otherwise."""
    x, g, b = (np.asarray(NORM[name]) for name in "xgb")
    mu, var = x.mean(axis=1), changed.get("var1", x.var(axis=1))
    xhat = changed.get("xhat1", (x - mu[:, None]) / np.sqrt(var + 1e-5)[:, None])
    return {"mu1": mu, "var1": var, "xhat1": xhat, "a1": changed.get("a1", g[:, None] * xhat + b[:, None])}


X = np.asarray(NORM["x"])
CENTRED = X - X.mean(axis=1, keepdims=True)
SCORES = (SEQUENCE["x"] @ WEIGHTS["Q"]) @ (SEQUENCE["x"] @ WEIGHTS["K"]).T
CASES: list[tuple[str, Written, dict[str, Array], Written, Page]] = [
    ("CONV_FLIP", {"conv2d": {"weights": "K"}}, IMAGE, {"convolution": "cross_correlation"},
     values(net([{"conv2d": {"weights": "K"}}], {**IMAGE, "K": FLIP[:, :, ::-1, ::-1]}), "z1")),
    ("BN_VAR", BATCH_NORM, NORM, {"variance": "population"}, wrong_norm(var1=X.var(axis=1, ddof=1))),
    ("BN_STD", BATCH_NORM, NORM, {}, wrong_norm(xhat1=CENTRED / (X.var(axis=1) + 1e-5)[:, None])),
    ("BN_STD", BATCH_NORM, NORM, {},
     wrong_norm(a1=np.asarray(NORM["g"])[:, None] * CENTRED / np.sqrt(X.var(axis=1) + 1e-5)[:, None])),
    ("ATTN_SCALE", ATTENTION, SEQUENCE, {}, {"S1": SCORES}),
    ("ATTN_MASK", {"attention": {**ATTENTION["attention"], "causal": "yes"}}, SEQUENCE, {},
     values(net([ATTENTION], SEQUENCE), "S1", "P1")),
    ("DROPOUT_SCALE", {"dropout": {"mask": "M", "rate": 0.2}}, DROPPED, {"dropout_rate": "drop"},
     {"a1": np.array(DROPPED["M"]) * DROPPED["x"]}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "layer", "given", "conventions", "page"), CASES)
def test_a_mistake_in_a_layer_is_named(
    code: str, layer: Written, given: dict[str, Array], conventions: Written, page: Page
) -> None:
    text = text_of([layer], given, conventions) + f"    questions: {{all: {{find: [{', '.join(page)}]}}}}\n"
    shown = {name: [f"{entry:.5g}" for entry in np.ravel(value)] for name, value in page.items()}
    report = marked_page(sheet_of(text), shown)
    assert code in {slip.code for finding in report.findings for slip in finding.slips}


def test_a_norm_with_the_sample_variance_is_marked() -> None:
    """What only constants go into, one less than the number of values, has no axis for students within a loop."""
    text = text_of([BATCH_NORM], NORM, {"variance": "sample"}, {"mse": {"target": "y"}})
    text += "    questions: {all: {find: [a1, L]}}\n"
    of = sheet_of(text)
    (problem,) = of.problems.values()
    page = values(problem, "a1", "L")
    shown = {name: [f"{entry:.3g}" for entry in np.ravel(value)] for name, value in page.items()}
    assert [finding.verdict for finding in marked_page(of, shown).findings] == ["correct", "correct"]
    shown["a1"][0] = "7"
    assert marked_page(of, shown).findings[0].verdict == "wrong"


@pytest.mark.parametrize("hidden", ["-inf", "−∞", "-1e9"])
def test_a_masked_score_may_be_minus_infinity(hidden: str) -> None:
    layer = {"attention": {**ATTENTION["attention"], "causal": "yes"}}
    text = text_of([layer], SEQUENCE) + "    questions: {all: {find: [B1, P1]}}\n"
    page = values(net([layer], SEQUENCE), "B1", "P1")
    shown = {name: [hidden if entry < -1e6 else f"{entry:.5g}" for entry in np.ravel(page[name])] for name in page}
    assert [each.verdict for each in marked_page(sheet_of(text), shown).findings] == ["correct", "correct"]
