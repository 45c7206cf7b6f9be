"""What a formula is held against: the key, what else counts as right, given values put in, and points of every kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hwcheck import load_sheet
from hwcheck.marking import inputs
from hwcheck.marking.formulas import judging, points
from hwcheck.marking.formulas.likeness import Likeness, loops_of
from hwcheck.marking.formulas.reading import Notes, Words, read
from hwcheck.marking.report import Finding
from hwcheck.sheet import Sheet
from tests.marking.students import marked, sheet_of

PLAIN = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: scalar, w: 2, b: scalar, v: vector d1, W: matrix d2 x d1}
    network: |
      z = w x + b
      u = W v
      s = sum(z u)
    questions:
      also: {derive: z, also: [w (x + b), w x + 1]}
      given: {derive: dz/dx}
      product: {derive: u}
""")
SOFTMAX = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {z: vector 3, y: one-hot 3, t: probability, q: vector 3}
    network: |
      p = softmax(z)
      L = cross_entropy(p, y)
      M = cross_entropy(p, q)
    questions:
      L: {derive: dL/dz}
      M: {derive: dM/dz}
""")


def one(sheet: Sheet, question: str, typed: str) -> Finding:
    (found,) = [each for each in marked(sheet, {question: {"": f"'{typed}'"}}).findings if each.answer]
    return found


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [("w x + b", "correct"), ("w (x + b)", "correct"), ("1 + w x", "correct"), ("w x - b", "wrong")],
)
def test_a_formula_that_also_counts_is_as_right_as_the_key(typed: str, verdict: str) -> None:
    assert one(PLAIN, "also", typed).verdict == verdict


@pytest.mark.parametrize(("typed", "verdict"), [("w", "correct"), ("2", "correct"), ("3", "wrong"), ("2 w", "wrong")])
def test_given_values_may_be_put_in_and_are_remarked(typed: str, verdict: str) -> None:
    found = one(PLAIN, "given", typed)
    assert found.verdict == verdict
    assert found.remarks == (("given",) if typed == "2" else ())


def test_shapes_that_do_not_fit_inside_a_loop_are_explained_without_its_variable() -> None:
    for typed in ("sum(i = 1..d1, W[i,:] W)", "sum(i = 1..d1, W i + v)", "W", "v W"):
        found = one(PLAIN, "product", typed)
        assert found.verdict == "wrong", typed
        assert found.about, typed


@pytest.mark.parametrize("typed", ["p - y", "p - y + 0 z", "-(y - p)", "p sum(y) - y"])
def test_targets_are_drawn_as_what_they_are(typed: str) -> None:
    assert one(SOFTMAX, "L", typed).verdict == "correct"
    right = "correct" if "sum" in typed else "wrong"  # numbers that need not sum to 1 are no distribution
    assert one(SOFTMAX, "M", typed.replace("y", "q")).verdict in (right, "correct")


ENTRIES = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: vector 3, W: matrix 2 x 3, y: vector 2}
    network: |
      z = W x
      L = sum((z - y)^2)
    questions:
      a: {derive: "dL/dW[i,j] for i = 1..2, j = 1..3"}
""")


@pytest.mark.parametrize(
    ("typed", "about"),
    [
        ("2 (z_i - y) x_j", "a number is wanted, and this is a vector of 2"),
        ("2 (z_i - y_i) x", "a number is wanted, and this is a vector of 3"),
        ("z_i W", "a number is wanted, and this is a 2 x 3 matrix"),
        ("(z - y) x", "the shapes do not fit a product: `z − y` is a vector of 2 and `x` is a vector of 3"),
    ],
)
def test_of_one_entry_it_is_said_which_shape_is_wanted_and_not_that_its_index_is_unknown(
    typed: str, about: str
) -> None:
    assert one(ENTRIES, "a", "2 (z_i - y_i) x_j").verdict == "correct"
    found = one(ENTRIES, "a", typed)
    assert (found.verdict, found.about) == ("wrong", about)


VALUES = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: vector 3, t: [0.2, 0.5, 0.3], s: scalar, w: 2, u: [2, 3]}
    network: |
      p = softmax(x)
      C = cross_entropy(p, t)
      r = s ln(w - 1.5) + ln(2.5 - w) + sum(u)
    questions:
      target: {derive: dC/dx}
      near: {derive: r}
""")


def test_given_shares_stay_shares_at_every_point() -> None:
    assert one(VALUES, "target", "p - t").verdict == "correct"
    assert one(VALUES, "target", "t - p").verdict == "wrong"
    drawn = points.draw(VALUES.problems["1"], 0, {}).values["t"]
    assert drawn.sum(axis=1) == pytest.approx(np.ones(len(drawn)))
    assert len(np.unique(drawn)) > len(drawn)


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("sum(u) + ln(2.5 - w) + s ln(w - 1.5)", "correct"),
        ("s ln(w - 1.5) - ln(2.5 - w) + sum(u)", "wrong"),
    ],
)
def test_a_formula_that_means_something_near_the_given_values_alone_is_compared_there(typed: str, verdict: str) -> None:
    assert one(VALUES, "near", typed).verdict == verdict
    numbers = points.draw(VALUES.problems["1"], points.KINDS.index("near"), {}).values
    assert ((numbers["u"] > [1.5, 2.3]) & (numbers["u"] < [2.6, 3.8])).all()


SEVERAL = sheet_of("""\
hwcheck: 1
problems:
  "1":
    functions: {f: unknown}
    given: {x: scalar, y: scalar}
    network: |
      a = f(x)
      b = f(y)
      c = f(x y)
    questions: {all: {derive: da/dx}}
""")


def held(text: str) -> judging.Judged:
    """Hold a formula against da/dx = f'(x); a bare f' has one of three arguments."""
    problem = SEVERAL.problems["1"]
    (ask,) = problem.questions["all"].asks
    return judging.judge(text, Words(problem, Notes({}, set())), judging.Aim(problem, ask.tree))


@pytest.mark.parametrize("first", judging.ORDER)
@pytest.mark.parametrize("second", judging.ORDER)
def test_of_several_readings_the_best_is_taken_and_the_first_of_equals(
    first: str, second: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = Words(SEVERAL.problems["1"], Notes({}, set()))
    readings = read("f'", words)
    found = {reading.tree: Likeness(each) for reading, each in zip(readings, [first, second, "unread"], strict=True)}
    monkeypatch.setattr(judging, "compare", lambda problem, key, tree, *_: found[tree])
    best = held("f'")
    better = judging.ORDER.index(second) < judging.ORDER.index(first)
    assert best.reading == readings[better]
    assert best.likeness.found == (second if better else first)
    assert best.others == (() if best.likeness.found == "same" else tuple(readings))


def test_of_a_long_formula_fewer_readings_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def compare(problem: object, key: object, tree: object, *_: object) -> Likeness:
        seen.append(tree)
        return Likeness("undefined")

    monkeypatch.setattr(judging, "compare", compare)
    for most, count in ((1, 1), (5, 1), (9, 1), (10, 2), (14, 2), (15, 3), (100, 3)):
        monkeypatch.setattr(judging, "MOST_PARTS", most)
        monkeypatch.setattr(judging, "MOST_BLAMED", most)
        seen.clear()
        judged = held("-f' + 0")  # five parts: the sum, its ends, the function and what it is of
        assert len(seen) == count, most
        assert len(judged.others) == min(3, most // 5), most


def test_what_cannot_be_read_has_a_reason_and_a_fix() -> None:
    judged = held("f'(x) for i = 1..2")
    assert (judged.reading, judged.likeness.found, judged.remarks) == (None, "unread", ())
    assert judged.likeness.reason
    assert judged.fix == "leave it out"
    right = held("f'(x)")
    assert (right.likeness, right.remarks, right.fix, right.others) == (Likeness("same"), (), "", ())


NET = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: vector d1, W: matrix d2 x d1, v: vector d2, y: vector d2, q: scalar}
    network: |
      a = W x
      h = tanh(a)
      L = squared_error(h, y)
      s = v.T h
      u = s q
    questions:
      a: {derive: dL/da}
      h: {derive: dL/dh}
      x: {derive: ds/dx}
      s: {derive: s}
      u: {derive: u}
      W: {derive: dL/dW}
      k: {derive: (v.T h) y}
      entry: {derive: "h[i] for i = 1..d2"}
""")
NUMBERS = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: scalar, w: 2, b: scalar, u: [2, 3], n: 3, t: vector 3, g: 1, e: [0, 1]}
    network: |
      z = w^2 x + b
      s = sum(u) x
      m = z n
      C = mse(u, x)
      J = sum(ln(t))
      l = x + ln(e)
      K = (w x - g)^2
    train: {loss: K, parameters: [w], optimizer: {momentum: {momentum: 0.9}}, learning_rate: 0.01}
    questions:
      z: {derive: dz/dx}
      s: {derive: ds/dx}
      m: {derive: m}
      C: {derive: dC/dx}
      J: {derive: dJ/dt}
      more: {derive: dJ/dt + t}
      second: {derive: "l[2]"}
      entry: {derive: "dJ/dt[1]"}
      entries: {derive: "dJ/dt[i] for i = 1..3"}
      state: {derive: m_w}
""")


def against(sheet: Sheet, question: str, typed: str, **more: Any) -> judging.Judged:  # noqa: ANN401  # parts of an aim
    """Hold a formula against what a question asks."""
    problem = sheet.problems["1"]
    (ask,) = problem.questions[question].asks
    words = Words(problem, Notes({}, set()), frozenset(loops_of(ask.tree)))
    more["also"] = tuple(reading.tree for text in more.get("also", ()) for reading in read(text, words))
    return judging.judge(typed, words, judging.Aim(problem, ask.tree, **more))


@pytest.mark.parametrize(
    ("question", "typed", "found", "remarks"),
    [
        ("a", "dL/dh ⊙ (1 - h^2)", "same", ()),
        ("a", "dL/dh dh/da", "same", ("order",)),
        ("a", "dh/da dL/dh", "same", ("each",)),
        ("a", "dL/dh * dh/da", "same", ("order",)),
        ("a", "2 dL/dh * dh/da", "unlike", ()),
        ("a", "2 (h - y) (1 - h^2)", "same", ("each",)),
        ("a", "(h - y) (1 - h^2)", "unlike", ("each",)),
        ("a", "(h - y) dh/da", "unlike", ("order",)),
        ("h", "2 (h - y)", "same", ()),
        ("x", "W^T (v ⊙ (1 - h^2))", "same", ()),
        ("x", "ds/dh dh/da da/dx", "same", ("chain",)),
        ("x", "ds/da da/dx", "same", ("chain",)),
        ("x", "dh/da da/dx", "shape", ()),
        ("s", "v h", "same", ("dot",)),
        ("s", "sum(v h)", "same", ("each",)),
        ("s", "2 v h", "unlike", ("dot",)),
        ("u", "q v h", "same", ("dot",)),
        ("k", "v^T h y", "same", ()),
        ("k", "v h y", "same", ("dot",)),
        ("k", "2 v h y", "unlike", ("each",)),
        ("W", "dL/dh ⊙ (1 - h^2) x^T", "same", ()),
        ("W", "dL/dh dh/da x^T", "same", ("order",)),
    ],
)
def test_products_as_students_write_them_are_remarked(
    question: str, typed: str, found: str, remarks: tuple[str, ...]
) -> None:
    judged = against(NET, question, typed)
    assert (judged.likeness.found, judged.remarks) == (found, remarks)


@pytest.mark.parametrize(
    ("question", "typed", "reason"),
    [
        ("x", "W v", "the shapes do not fit a product: `W` is a d2 x d1 matrix and `v` is a vector of d2"),
        ("s", "v", "a vector of 1 is wanted, and this is a vector of d2"),
        ("entry", "W x", "a number is wanted, and this is a vector of d2"),
        ("entry", "W", "a number is wanted, and this is a d2 x d1 matrix"),
        ("entry", "h_i + 0 h_(i + 1)", "an index or a size lies outside of its array"),
    ],
)
def test_shapes_that_do_not_fit_are_told_in_the_sizes_of_the_sheet(question: str, typed: str, reason: str) -> None:
    judged = against(NET, question, typed)
    assert judged.likeness == Likeness("shape", reason)


@pytest.mark.parametrize(
    ("question", "typed", "found", "remarks", "more"),
    [
        ("z", "w^2", "same", (), {}),
        ("z", "4", "same", ("given",), {}),
        ("z", "2 w", "unlike", (), {}),  # a number is put in everywhere or nowhere
        ("z", "9", "same", (), {"pinned": {"w": np.array(3.0)}}),
        ("z", "4", "unlike", (), {"pinned": {"w": np.array(3.0)}}),
        ("s", "u_1 + u_2", "same", (), {}),
        ("s", "5", "unlike", (), {}),  # of a vector nothing is put in
        ("m", "n (4 x + b)", "same", ("given",), {}),
        ("m", "z + n", "same", (), {"also": ("z + n",)}),
        ("m", "n z", "same", (), {"also": ("z + n", "ln(z)")}),
        ("m", "z + n + 1", "unlike", (), {"also": ("z + n", "ln(z)")}),
        ("m", "z + n", "same", (), {"also": ("ln(z)", "z + n", "ln(z)")}),
        ("C", "2 sum(x - u)", "same", ("convention",), {}),
        ("C", "sum(x - u)", "same", (), {}),
        ("C", "sum(u - x)", "unlike", (), {}),
        # where the loss has no value its derivative has none
        ("J", "1/|t|", "same", (), {}),
        ("more", "1/|t| + t", "same", (), {}),
        ("entry", "1/|t_1|", "same", (), {}),
        ("second", "x", "same", (), {"pinned": {"e": np.array([0.0, 1.0])}}),  # though the first has no value
        ("second", "x + 1", "unlike", (), {"pinned": {"e": np.array([0.0, 1.0])}}),
        ("entries", "1/|t_i|", "same", (), {}),
        ("entries", "-1/|t_i|", "unlike", (), {}),
        ("state", "0.9 m_w@0 + dK/dw", "same", (), {}),
        ("state", "dK/dw", "same", ("given",), {}),
        ("state", "2 (w x - g) x", "same", ("given",), {}),
    ],
)
def test_what_a_formula_may_be_held_against_is_remarked(
    question: str, typed: str, found: str, remarks: tuple[str, ...], more: dict[str, Any]
) -> None:
    judged = against(NUMBERS, question, typed, **more)
    assert (judged.likeness.found, judged.remarks) == (found, remarks)


@pytest.mark.parametrize(
    ("typed", "fits"), [("W x", True), ("v h", False), ("W v", False), ("x + h", False), ("s", True)]
)
def test_a_formula_may_fit_inside_whatever_the_shape_of_its_value_is(typed: str, fits: bool) -> None:
    problem = NET.problems["1"]
    (reading,) = read(typed, Words(problem, Notes({}, set())))
    assert judging.fits(reading.tree, problem) is fits


GIVEN = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {x: scalar, w: scalar, dL/dz: scalar}
    network: z = w x
    questions: {w: {derive: dL/dw}}
""")


@pytest.mark.parametrize(("typed", "found"), [("dL/dz x", "same"), ("-dL/dz x", "unlike"), ("x", "unlike")])
def test_of_a_loss_that_is_known_by_a_derivative_alone_nothing_else_is_asked(typed: str, found: str) -> None:
    assert against(GIVEN, "w", typed).likeness.found == found


INFINITE = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {y: [0, 1], a: 2}
    network: |
      l = ln(y)
      m = a l
    questions: {b: {find: [l, m]}}
""")


def test_no_number_is_near_one_without_end() -> None:
    report = marked(INFINITE, {"b": {"l": "[-5, 0]", "m": "[-20, 0]"}})
    assert [each.cells for each in report.findings] == [["wrong", "correct"], ["wrong", "correct"]]


def test_a_given_that_was_copied_wrongly_is_no_sum_that_went_wrong() -> None:
    report = marked(load_sheet("sheet5"), {"d": {"U": "[3, 0.3, -0.1]", "X1": "[0.33, -0.28]"}})
    (given,) = [each for each in report.findings if each.quantity == "U"]
    assert given.cells == ["correct", "wrong", "correct"]
    assert not [slip for slip in given.slips if "SUM" in slip.code]


STEP = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {w: 0.5, v: 0.25, x: 1}
    network: |
      z = w x + v
      L = 1/2 z^2
    train: {loss: L, parameters: [w, v], optimizer: sgd, learning_rate: 0.001}
    questions:
      a: {find: [z, L, dL/dw, w_new, v_new]}
""")


def test_a_step_of_which_nothing_is_shown_earns_nothing() -> None:
    """Of 0.49925 the digits 0.5 may be rounded, and as well be the weight before the step."""

    def new(**answers: str) -> Finding:
        page = {"z": "0.7500", "L": "0.2813", "dL/dw": "0.7500", "w_new": "0.5", **answers}
        (found,) = [each for each in marked(STEP, {"a": page}).findings if each.quantity == "w_new"]
        return found

    hidden, seen = new(), new(v_new="0.2493")
    assert (hidden.verdict, hidden.remarks, hidden.marks) == ("undecided", ("short",), 0.0)
    assert (seen.verdict, seen.remarks, seen.marks) == ("undecided", ("short",), pytest.approx(0.2))


def test_a_fraction_that_follows_from_a_wrong_number_is_exact_and_has_no_remark() -> None:
    found = {each.quantity: each for each in marked(STEP, {"a": {"z": "0.5", "L": "1/8"}}).findings}
    assert found["z"].verdict == "wrong"
    assert (found["L"].verdict, found["L"].remarks) == ("carried", ())


def test_the_same_points_are_drawn_again_after_many_others() -> None:
    problem = PLAIN.problems["1"]
    first = points.draw(problem, 1, {}).values
    for number in range(points.MOST_KEPT + 5):
        points.draw(problem, 0, {"x": np.asarray(float(number))})
    again = points.draw(problem, 1, {})
    assert points.draw(problem, 1, {}) is again
    assert {name: value.tolist() for name, value in again.values.items()} == {
        name: value.tolist() for name, value in first.items()
    }


@pytest.mark.parametrize("error", [RecursionError, MemoryError])
def test_a_formula_that_needs_more_room_than_there_is_is_a_finding(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(judging, "compare", fail)
    found = one(PLAIN, "also", "x + b")
    assert (found.verdict, found.marks) == ("manual", 0.0)  # somebody looks at it
    monkeypatch.setattr(judging, "read", fail)
    assert held("f'").likeness.found == "unread"
    found = one(PLAIN, "also", "x + b")
    assert (found.verdict, found.marks) == ("unreadable", 0.0)


def test_inputs_are_of_the_kind_and_shape_of_what_is_open() -> None:
    sheet = sheet_of("""\
hwcheck: 1
problems:
  "1":
    given: {a: bit, x: scalar, v: vector 2, o: one-hot 3, p: probability, r: {shape: vector 2, in: [-1, 2]}}
    network: y = a + x + sum(v) + sum(o) + p + sum(r)
    questions: {q: {find: a + x}}
""")
    table = sheet.problems["1"].base
    groups = inputs.inputs_of(table, ["a", "x", "v", "o", "p", "r"])
    assert [group.reach for group in groups] == list(inputs.REACH)
    for group in groups:
        assert {len(value) for value in group.values.values()} == {group.many}
        assert group.many <= inputs.MOST
        assert set(np.unique(group.values["a"])) == {0.0, 1.0}
        assert group.values["o"].shape == (group.many, 3)
        assert (group.values["o"].sum(axis=1) == 1).all()
        assert ((group.values["p"] >= 0) & (group.values["p"] <= 1)).all()
        assert ((group.values["r"] >= -1) & (group.values["r"] <= 2)).all()
        assert (np.abs(group.values["v"]) <= group.reach).all()
        assert (group.values["v"] > 0).any()
        assert (group.values["v"] < 0).any()
    near, far = groups[0].values, groups[-1].values
    assert (near["v"] == 0).all(axis=1).any()  # what is easily worked out comes first
    assert np.abs(far["x"]).max() > 1e200
    for name in ("o", "p", "r"):
        (only,) = inputs.inputs_of(table, [name])
        assert {len(value) for value in only.values.values()} == {only.many}
    again = inputs.inputs_of(table, ["a", "x", "v", "o", "p", "r"])
    assert all(
        (one.values[name] == two.values[name]).all()
        for one, two in zip(groups, again, strict=True)
        for name in one.values
    )
