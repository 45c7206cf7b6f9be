"""Batches: what is worked out of all samples at once is what each sample gives by itself."""

import numpy as np
import pytest

from hwcheck.formula.lex import FormulaError
from hwcheck.graph.functions import Function
from hwcheck.graph.grad import differentiate
from hwcheck.library.conventions import functions_for
from hwcheck.library.losses import LOSSES, SUMMED
from tests.graph.references import BY_SAMPLE
from tests.graph.tables import Array, define, near, prove_derivatives, shown, table_of, value

DRAWN = np.random.default_rng(5)
SCORES = DRAWN.normal(size=(3, 4))
SHARES = np.exp(SCORES) / np.exp(SCORES).sum(axis=0)
TARGETS = DRAWN.dirichlet(np.ones(3), size=4).T
ONE_HOT = np.eye(3)[:, [2, 0, 2, 1]]


def turned(array: Array, samples: str) -> Array:
    """Give a batch whose samples are columns as the sheet's convention has it."""
    return array if samples == "columns" else array.T


@pytest.mark.parametrize("samples", ["columns", "rows"])
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_a_function_of_each_sample_is_that_of_the_sample(name: str, samples: str) -> None:
    table = table_of({"Z": turned(SCORES, samples)}, [f"A = {name}(Z)", "J = sum(A^2 ⊙ (Z + 1))"], samples)
    for sample in range(4):
        alone = value(table_of({"z": SCORES[:, sample]}, [f"a = {name}(z)"]), "a")
        assert near(turned(value(table, "A"), samples)[:, sample], alone, 1e-15)
    prove_derivatives(table, "J", ["Z"])


def mean_of_samples(row: Function, p: Array, y: Array) -> float:
    """Give the mean of a loss over the samples, each worked out by itself."""
    names = [name for name in ("p", "y")][: len(row.params)]
    call = f"J = {row.name}({', '.join(names)})"
    return float(np.mean([value(table_of({"p": p[:, at], "y": y[:, at]}, [call]), "J") for at in range(p.shape[1])]))


@pytest.mark.parametrize("samples", ["columns", "rows"])
@pytest.mark.parametrize("row", LOSSES, ids=lambda row: row.name)
def test_a_loss_over_a_batch(row: Function, samples: str) -> None:
    p = SCORES if row.params[0] == "z" else SHARES
    adds = row.name in SUMMED.values() or row.name in ("squared_error", "half_squared_error")
    names = ", ".join(("P", "Y")[: len(row.params)])
    table = table_of({"P": turned(p, samples), "Y": turned(TARGETS, samples)}, [f"J = {row.name}({names})"], samples)
    mean = mean_of_samples(row, p, TARGETS)
    assert near(value(table, "J"), mean * 4 if adds else mean, 1e-14)
    prove_derivatives(table, "J", ["P", "Y"][: len(row.params)])


@pytest.mark.parametrize(("convention", "factor"), [("mean", 1), ("sum", 4)])
@pytest.mark.parametrize("name", [name for name in BY_SAMPLE if name != "entropy"])
def test_the_convention_says_whether_a_batch_is_averaged(name: str, convention: str, factor: int) -> None:
    functions = functions_for({"batch": convention})
    table = table_of({"P": SHARES, "Y": TARGETS}, [f"J = {name}(P, Y)"], functions=functions)
    row = next(row for row in LOSSES if row.name == name)
    assert near(value(table, "J"), factor * mean_of_samples(row, SHARES, TARGETS), 1e-14)


@pytest.mark.parametrize("samples", ["columns", "rows"])
@pytest.mark.parametrize(
    ("loss", "wanted"), [("cross_entropy", "(P − Y)/4"), ("cross_entropy_sum", "P − Y"), ("kl", "(P − Y)/4")]
)
def test_a_softmax_over_a_batch_and_its_loss_have_one_short_adjoint(loss: str, wanted: str, samples: str) -> None:
    given = {"Z": turned(SCORES, samples), "Y": turned(ONE_HOT, samples)}
    table = table_of(given, ["P = softmax(Z)", f"J = {loss}(P, Y)"], samples)
    prove_derivatives(table, "J", ["Z"])
    assert shown(table, "dJ/dZ") == wanted
    assert near(value(table, "dJ/dZ"), (value(table, "P") - given["Y"]) / (1 if loss.endswith("sum") else 4), 1e-15)
    form = table["dJ/dZ"].forms[0]
    table.define("chain", form)
    assert near(value(table, "chain"), value(table, "dJ/dZ"), 1e-13)


def test_targets_of_any_sum_keep_their_sum_in_the_adjoint() -> None:
    table = table_of({"Z": SCORES, "Y": 2 * TARGETS}, ["P = softmax(Z)", "J = cross_entropy_sum(P, Y)"])
    prove_derivatives(table, "J", ["Z"])
    assert shown(table, "dJ/dZ") == "P ⊙ sample_sum(Y) − Y"


def test_losses_of_logits_stay_finite() -> None:
    lines = ["J = bce_logits(z, y)", "K = cross_entropy_logits(z, y)"]
    table = table_of({"z": [1000.0, -1000.0], "y": [0.0, 1.0]}, lines)
    assert value(table, "J") == 1000
    assert value(table, "K") == 2000
    for loss, wanted in (("J", [0.5, -0.5]), ("K", [1, -1])):
        differentiate(table, loss, ["z"])
        assert near(value(table, f"d{loss}/dz"), wanted)
    assert shown(table, "dK/dz") == "softmax(z) − y"


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("samples", ["columns", "rows"])
def test_labels_become_one_hot_vectors(samples: str, first: int) -> None:
    functions = functions_for({"first_class": str(first)})
    given = {"y": np.array([2, 0, 2, 1]) + first, "one": 1 + first, "Z": turned(SCORES, samples)}
    lines = ["Y = one_hot(y, 3)", "v = one_hot(one, 3)", "J = cross_entropy(softmax(Z), Y)"]
    table = table_of(given, lines, samples, functions)
    assert np.array_equal(value(table, "Y"), turned(ONE_HOT, samples))
    assert np.array_equal(value(table, "v"), [0, 1, 0])
    differentiate(table, "J", ["Z"])
    assert "sample_sum" not in shown(table, "dJ/dZ")
    batched = value(table, "Y", {"y": np.stack([given["y"], given["y"][::-1]])}, batched=True)
    assert np.array_equal(batched[1], turned(ONE_HOT[:, ::-1], samples))


def test_a_label_of_no_class_has_no_value() -> None:
    table = table_of({"y": [0.0, 3.0, 0.5]}, ["Y = one_hot(y, 3)"])
    assert np.array_equal(np.isnan(value(table, "Y")).any(axis=0), [False, True, True])


def test_what_is_worked_out_of_each_sample_refuses_more_axes() -> None:
    table = table_of({"Z": np.zeros((2, 3, 4))})
    with pytest.raises(FormulaError, match="a 2 x 3 x 4 array"):
        define(table, "A = softmax(Z)")


def test_the_sample_variance_divides_by_one_less() -> None:
    table = table_of({"x": [1.0, 2, 3, 6]}, ["v = var(x)"], functions=functions_for({"variance": "sample"}))
    assert near(value(table, "v"), 14 / 3)
    prove_derivatives(table, "v", ["x"])


@pytest.mark.parametrize(
    ("penalty", "gradient"),
    [
        ("c/2 l2(W)", "c W"),
        ("c/(2 m) l2(W)", "(c/m) W"),
        ("c l2(W)", "2 c W"),
        ("c l1(W)", "c sign(W)"),
        ("elastic_net(W, c, m)", "c sign(W) + 2 (m W)"),
    ],
)
def test_the_gradient_of_a_penalty_is_the_textbooks(penalty: str, gradient: str) -> None:
    table = table_of({"W": SCORES, "c": 0.3, "m": 7.0}, [f"J = {penalty}"])
    prove_derivatives(table, "J", ["W", "c", "m"] if "m" in penalty else ["W", "c"])
    assert shown(table, "dJ/dW") == gradient
