"""Networks of layers: losses, parameters, names, what is shown, and what does not fit."""

import re
from typing import Any

import numpy as np
import pytest

from hwcheck.formula.show import plain
from hwcheck.library.layers import NAMES, PARTS, layer, rows_of
from hwcheck.sheet.problem import Problem
from tests.graph.tables import near, prove_derivatives
from tests.library.nets import Written, net, text_of, troubles, value_of
from tests.marking.students import sheet_of

DRAWN = np.random.default_rng(12)
SEQUENCE = {"x": DRAWN.normal(size=(3, 2)), "W": DRAWN.normal(size=(3, 2)), "y": [2, 0, 1]}


def lines(problem: Problem) -> list[str]:
    """Give the definitions of a problem as text."""
    return [f"{row.name} = {plain(row.formula)}" for row in problem.base if row.formula is not None]


@pytest.mark.parametrize(
    ("layers", "given", "wanted"),
    [
        (
            [{"dense": {"weights": "W1", "bias": "b1", "activation": "sigmoid"}}],
            {"x": (2,), "W1": (3, 2), "b1": (3,)},
            ["z1 = W1 x + b1", "a1 = sigmoid(z1)"],
        ),
        (
            [{"dense": {"weights": "W1", "bias_column": "first", "activation": "leaky_relu(0.2)"}}],
            {"x": (2,), "W1": (3, 3)},
            ["z1 = W1 [1; x]", "a1 = leaky_relu(z1, 0.2)"],
        ),
        (
            [{"conv2d": {"weights": "K", "bias": "b", "stride": 2}}, "relu"],
            {"x": (2, 2, 3, 3), "K": (3, 2, 1, 1), "b": (3,)},
            [
                "z1 = [sum(c = 1..2, conv(x[n,c], K[f,c], 2)) + b[f] for n = 1..2, f = 1..3]",
                "a1 = z1",
                "a2 = relu(a1)",
            ],
        ),
        (
            [{"batch_norm": {"gamma": "g", "beta": "b"}}],
            {"x": (2, 3), "g": (2,), "b": (2,)},
            [
                "mu1 = [mean(x[c,:]) for c = 1..2]",
                "var1 = [var(x[c,:]) for c = 1..2]",
                "xhat1 = [(x[c,:] - mu1[c])/sqrt(var1[c] + 1e-5) for c = 1..2]",
                "a1 = [g[c] xhat1[c,:] + b[c] for c = 1..2]",
            ],
        ),
        (
            [{"rnn": {"weights_input": "U", "weights_hidden": "W", "initial": "h"}}],
            {"x": (2, 2), "U": (1, 2), "W": (1, 1), "h": (1,)},
            [
                "a1[0] = h",
                "z1[1] = U x[1,:] + W a1[0]",
                "a1[1] = tanh(z1[1])",
                "z1[2] = U x[2,:] + W a1[1]",
                "a1[2] = tanh(z1[2])",
            ],
        ),
    ],
)
def test_a_layer_is_lines_that_a_student_can_read(layers: Written, given: Written, wanted: list[str]) -> None:
    assert lines(net(layers, {name: DRAWN.normal(size=shape) for name, shape in given.items()})) == wanted


def test_variables_of_loops_leave_the_sheets_names_alone() -> None:
    x, k = DRAWN.normal(size=(2, 2, 3, 3)), DRAWN.normal(size=(2, 2, 2, 2))
    named = net([{"conv2d": {"weights": "n", "bias": "f"}}], {"x": x, "n": k, "f": [1, 2], "c": 5})
    other = net([{"conv2d": {"weights": "K", "bias": "b"}}], {"x": x, "K": k, "b": [1, 2]})
    assert near(value_of(named, "a1"), value_of(other, "a1"), 1e-15)


def test_settings_may_be_formulas() -> None:
    given = {"x": [1, 2], "W": [[1, 2], [3, 4]], "u": [5, 6], "b": [1, 2, 3]}
    problem = net([{"dense": {"weights": "[W; u^T]", "bias": "2 b"}}], given)
    assert np.array_equal(value_of(problem, "a1"), [7, 15, 23])


# --- the loss ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("samples", ["columns", "rows"])
def test_a_class_may_be_a_number(samples: str) -> None:
    x, y = DRAWN.normal(size=(3, 4)), np.array([2, 0, 1, 1])
    given = {
        "x": x if samples == "columns" else x.T,
        "y": y,
        "Y": np.eye(3)[y].T if samples == "columns" else np.eye(3)[y],
    }
    found = [
        value_of(net(["softmax"], given, {"samples": samples}, {"cross_entropy": loss}), "L")
        for loss in ({"target": "y", "target_is": "index"}, {"target": "Y"}, {"target": "Y", "target_is": "one-hot"})
    ]
    assert near(found[0], found[1], 1e-15)
    assert near(found[0], found[2], 1e-15)
    shares = np.exp(x) / np.exp(x).sum(axis=0)
    assert near(found[0], -np.log(shares[y, range(4)]).mean(), 1e-14)


@pytest.mark.parametrize(("batch", "factor"), [("mean", 1), ("sum", 3)])
@pytest.mark.parametrize("target", ["y", "Y"])
def test_a_loss_over_the_steps_of_a_sequence(batch: str, factor: int, target: str) -> None:
    given = {**SEQUENCE, "Y": np.eye(3)[SEQUENCE["y"]]}
    loss = {"cross_entropy": {"target": target, "target_is": "index" if target == "y" else "one-hot"}}
    problem = net([{"dense": {"weights": "W", "activation": "softmax"}}], given, {"batch": batch}, loss)
    scores = SEQUENCE["x"] @ SEQUENCE["W"].T
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert near(value_of(problem, "L"), -np.log(shares[range(3), SEQUENCE["y"]]).mean() * factor, 1e-14)
    prove_derivatives(problem.base.copy(), "L", ["W", "x"])


def test_the_name_of_a_target_says_nothing_of_its_form_and_loops_leave_names_alone() -> None:
    names = {"index": np.eye(3)[SEQUENCE["y"]], "t": 1, "tt": 2, "ttt": 3}
    dense = {"dense": {"weights": "W", "activation": "softmax"}}
    named = net([dense], {**SEQUENCE, **names}, {}, {"cross_entropy": {"target": "index"}})
    other = net([dense], SEQUENCE, {}, {"cross_entropy": {"target": "y", "target_is": "index"}})
    assert near(value_of(named, "L"), value_of(other, "L"), 1e-15)


def test_a_loss_has_its_own_settings_and_a_penalty() -> None:
    given = {"x": [1, 2], "W": [[1, 2]], "y": [1], "lambda": 0.1}
    loss = {"huber": {"target": "y", "delta": 0.5, "penalty": "lambda/2 l2(W)"}}
    problem = net([{"dense": {"weights": "W"}}], given, {}, loss)
    assert near(value_of(problem, "L"), 0.5 * (4 - 0.25) + 0.05 * 5)
    assert lines(problem)[-1] == "L = huber(a1, y, 0.5) + (lambda/2) l2(W)"


@pytest.mark.parametrize(
    ("loss", "name", "last"),
    [
        ("sum(t = 1..3, (a1[t,1] - y[t])^2)/2", "L", "L = sum(t = 1..3, (a1[t,1] - y[t])^2)/2"),
        ("E = sum(a1[3]^2)", "E", "E = sum(a1[3]^2)"),
        ("|\n        p = a1[3,1] - 1  # the last step alone\n        J = p^2\n", "J", "J = p^2"),
    ],
)
def test_a_loss_may_be_a_formula_or_lines(loss: str, name: str, last: str) -> None:
    given = {"x": SEQUENCE["x"], "W": SEQUENCE["W"], "y": [1, 0, 2]}
    text = text_of([{"dense": {"weights": "W"}}], given)
    network = "network:\n      input: x\n      layers: [{dense: {weights: W}}]\n      loss: "
    text = re.sub("network: .*", lambda _: network + loss, text)
    problem = sheet_of(text).problems["1"]
    assert lines(problem)[-1] == last
    prove_derivatives(problem.base.copy(), name, ["W"])


def test_a_wrong_formula_of_a_loss_is_shown_in_its_place() -> None:
    (one,) = troubles(text_of([{"dense": {"weights": "W"}}], {"x": [1, 2], "W": [[1, 2]]}, {}, "sum(q^2)"))
    assert "`q` is not defined" in one.message
    assert one.span is not None
    assert one.span.end_column - one.span.column == 1
    (one,) = troubles(text_of([{"dense": {"weights": "W"}}], {"x": [1, 2], "W": [[1, 2]]}, {}, "mze"))
    assert "did you mean `mse`?" in one.help


# --- parameters -------------------------------------------------------------------------------------------------------


def test_training_changes_what_is_not_frozen() -> None:
    given = {"x": [1, 2], "W": [[1, 2]], "b": [1], "g": [2], "a": 0.1, "y": [1], "V": [[3]], "c": [0]}
    layers = [
        {"dense": {"weights": "W", "bias": "b", "frozen": ["b"]}},
        {"prelu": {"a": "a"}},
        {"layer_norm": {"gamma": "g"}},
        {"dense": {"weights": "V", "threshold": "c"}},
    ]
    text = (
        text_of(layers, given, {}, {"mse": {"target": "y"}})
        + "    train: {learning_rate: 0.1}\n    questions: {q: L}\n"
    )
    from tests.marking.students import sheet_of

    training = sheet_of(text).problems["1"].training
    assert training is not None
    assert training.parameters == ("W", "a", "g", "V", "c")


# --- what does not fit ------------------------------------------------------------------------------------------------

GIVEN = {
    "x": [1, 2], "X": [[1, 2, 3], [4, 5, 6]], "T": np.ones((1, 3, 3)), "W": np.ones((3, 2)), "S": np.ones((2, 2)),
    "K": np.ones((1, 2, 2, 2)), "b": [1, 2, 3, 4],
}  # fmt: skip
WRONG: list[tuple[str, Any, str, str]] = [
    ("x", {"dens": {"weights": "W"}}, "no layer `dens`", "did you mean `dense`?"),
    ("x", {"dense": {"weights": "W", "biass": "b"}}, "`biass` is no key of a `dense` layer", "did you mean `bias`?"),
    ("x", {"dense": {"weight": "W"}}, "and `weight` is no key of it", "did you mean `weights`?"),
    ("x", {"dense": {"bias": "b"}}, "`weights` is missing in a `dense` layer", "weights: W1"),
    ("x", "dense", "`dense` needs settings", "weights: W1"),
    ("x", {"dense": {"weights": "X"}}, "`X` is a 2 x 3 matrix, `x` is a vector of 2", "as in a 2 x 2 matrix"),
    ("x", {"dense": {"weights": "X", "bias_column": "last"}}, "", ""),
    ("x", {"dense": {"weights": "W", "bias_column": "last"}}, "`W` is a 3 x 2 matrix", "one more for the bias"),
    ("x", {"dense": {"weights": "Q"}}, "`Q` is not defined", "W"),
    ("x", {"dense": {"weights": "W", "bias": "b"}}, "`b` is a vector of 4, `W` is a 3 x 2 matrix", "give it 3 entries"),
    ("x", {"dense": {"weights": "W", "activation": "sigmod"}}, "`sigmod` is not defined", "did you mean `sigmoid`?"),
    ("x", {"dense": {"weights": "W", "frozen": "b"}}, "`b` is no parameter of this layer", "`W`"),
    ("T", {"dense": {"weights": "W"}}, "`T` is a 1 x 3 x 3 array", "flatten"),
    ("T", {"conv2d": {"weights": "K"}}, "`K` is a 1 x 2 x 2 x 2 array, `T` is a 1 x 3 x 3 array", "F x C x kh x kw"),
    ("X", {"conv2d": {"weights": "S", "stride": 2}}, "a window of 2 on 3 columns leaves 1 over", "[0, 0, 0, 1]"),
    ("X", {"max_pool": {"size": 3}}, "a window of 3 does not fit on 2 rows", "take a smaller one"),
    ("x", {"conv2d": {"weights": "S"}}, "`x` is a vector of 2, and no image", "N x C x H x W"),
    ("T", {"conv2d": {"weights": "K", "layout": "NWHC"}}, "`NCHW` or `NHWC` is wanted", "did you mean `NHWC`?"),
    ("T", {"group_norm": {"groups": 2}}, "1 cannot be put into 2 groups", "take 1"),
    ("X", {"batch_norm": {"gamma": "b"}}, "`b` is a vector of 4, `X` is a 2 x 3 matrix", "a vector of 2"),
    ("x", {"batch_norm": {"mean": "x"}}, "`variance` is missing", "variance: s2"),
    ("X", {"rnn": {"weights_input": "W"}}, "`weights_hidden` is missing", "order: xh"),
    ("X", {"lstm": {"weights_input": "W", "weights_hidden": "S"}}, "`S` is a 2 x 2 matrix", "a multiple of 4 rows"),
    ("X", {"gru": {"weights": "W", "gates": "rrn"}}, "`rrn` is no order of the gates", "rzn"),
    ("X", {"attention": {"queries": "W", "keys": "S", "values": "W"}}, "`S` is a 2 x 2 matrix", "give it 3 rows"),
    ("X", {"attention": {"queries": "W", "keys": "W", "values": "W", "heads": 3}}, "shared by 3 heads", "divides"),
    ("x", {"residual": {"from": "W"}}, "`W` is a 3 x 2 matrix, `x` is a vector of 2", "keep the shape"),
    ("x", {"dropout": {"mask": "b", "rate": 0.5}}, "`b` is a vector of 4, `x` is a vector of 2", "one entry for each"),
    ("x", {"dropout": {"mask": "x"}}, "`rate` is missing", "rate: 0.5"),
    ("x", {"embedding": {"weights": "b"}}, "`b` is a vector of 4", "one row for each id"),
    ("x", "prelu", "`prelu` needs settings", "prelu: {a: a1}"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "written", "message", "fix"), WRONG)
def test_what_does_not_fit_is_one_diagnostic(source: str, written: Written, message: str, fix: str) -> None:
    text = text_of([written], GIVEN).replace('"input": "x"', f'"input": "{source}"')
    found = troubles(text)
    if not message:
        assert found == []
        return
    (one,) = found
    assert message in one.message
    assert fix in one.help
    assert one.span is not None
    assert one.span.line == 5  # the network


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("L = cross_entropy(softmax(x), one_hot(y, 3))", "`y` has the label 5, and the classes are 0 to 2"),
        ("a[t] = one_hot(v[t], 2) for t = 1..2", "`v` has the label 2, and the classes are 0 to 1"),
        ("a = one_hot(h, 2)", "`h` has the label 0.5, and the classes are 0 to 1"),
    ],
)
def test_a_label_of_no_class_is_refused(line: str, message: str) -> None:
    wrong, right = "{x: [1, 2, 3], y: 5, v: [1, 2], h: 0.5}", "{x: [1, 2, 3], y: 2, v: [1, 0], h: 1}"
    sheet = 'hwcheck: 1\nproblems:\n  "1":\n    given: %s\n    network: "%s"\n    questions: {q: x}\n'
    (one,) = troubles(sheet % (wrong, line))
    assert message in one.message
    assert troubles(sheet % (right, line)) == []


def test_nothing_follows_from_a_layer_that_does_not_fit() -> None:
    layers = [{"dense": {"weights": "X"}}, {"dense": {"weights": "W"}}]
    text = text_of(layers, GIVEN, {}, {"mse": {"target": "y"}})
    assert len(troubles(text + "    train: {learning_rate: 0.1}\n    questions: {q: [L, a2]}\n")) == 1


def test_every_row_is_listed_where_it_stands() -> None:
    for part, names in PARTS.items():
        assert tuple(rows_of(part)) == names
    assert [layer(name).name for name in NAMES] == list(dict.fromkeys(NAMES))


def test_every_setting_is_read() -> None:
    """A setting that a writer never asks for would be an option that does nothing."""
    import inspect

    from hwcheck.library.layers import attention, dense, images, norms, passing, recurrent

    sources = "".join(inspect.getsource(part) for part in (dense, passing, images, norms, recurrent, attention))
    own = {setting.key for name in NAMES for setting in layer(name).settings} - {"frozen", "a"}
    assert all(sources.count(f'"{key}"') > 1 for key in own)
