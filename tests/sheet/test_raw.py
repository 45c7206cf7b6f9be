"""Sheets and answers become records: what is merged, what is refused, and what a file cannot make the reader do."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.diagnostics import CODES, Diagnostic, show_diagnostics
from hwcheck.files import Source
from hwcheck.sheet.raw import MOST_TROUBLES, RawAnswers, RawSheet, read_answers, read_sheet
from hwcheck.sheet.records import RawLayers, RawProblem
from hwcheck.yamltree import Scalar, Seq, Tree

SHEET = """\
hwcheck: 1
title: NN Sheet 5
given: {eta: 0.05, y: 9}
problems:
  "1":
    title: One training step
    given:
      U: [3, 0.2, -0.1]
      y: 0
    network: |
      X1 = W1 U + b1
      Y1 = sigmoid(X1)
    train: {loss: J, parameters: [W1, b1], learning_rate: eta, steps: 2}
    conventions: {mse: half}
    names: {delta1: dJ/dX1}
    questions:
      d: {find: [X1, {top: max(Y1, 0)}], points: 4, digits: 4, when: {y: 1}, also: {X1: [0.31, 1/3]}}
      f: J
  2:
    like: 1
    given: {y: 1, z: 2}
    train: {loss: J}
    conventions: {samples: rows}
    questions: {a: {find: J}}
"""

BAD = """\
titel: Sheet
problems:
  "1":
    given: 3
    network:
      input: U
      layers:
        - dens: {weights: W1}
        - dense: {weight: W2}
        - {dense: {weights: W3}, activation: relu}
      loss: bce
    train: {loss: [J], optimizer: adams, lerning_rate: 0.05, steps: 0}
    conventions: {samples: row, mse: }
    questions:
      d: {find: [X1, Y1], points: many, digits: 20}
      e: {derive: dJ/dx, in: [x]}
      f:
      g: {point: 3}
      h: {find: J, derive: K, in: [x]}
      i: {graph: network, digits: 3}
      j: {table: [Input, Output]}
      k: {construct: [w1, w2]}
  2: {like: 3}
  3: {like: 2}
  4: {like: 9}
  5: {given: {a: 3}}
  6:
    network: z = 2
    questions:
      a: [X, X]
      b: {find: [Y, Z], also: 3}
      c: {find: Y, also: {Z: 3}}
      d: {table: [Input, Output], rows: {Linear 1: [x, z1], f: [z1]}}
      e: {derive: [dz/dx, dz/dx]}
"""

BAD_ANSWERS = """\
sheet: ../../etc/passwd
student: [s1, s2]
score: 100
answer: {}
answers:
  1:
    d: {X1: 010}
  2: 5
tolerance: 1
"""


def sheet(text: str) -> tuple[RawSheet | None, list[Diagnostic]]:
    return read_sheet(Source("sheet.yaml", text, b""))


def answers(text: str) -> tuple[RawAnswers | None, list[Diagnostic]]:
    return read_answers(Source("answers.yaml", text, b""))


def problems(text: str) -> dict[str, RawProblem]:
    raw, found = sheet(text)
    assert found == []
    assert raw is not None
    return {each.id.text: each for each in raw.problems}


def typed(tree: Tree) -> object:
    """Give the texts of a tree without their places."""
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, Seq):
        return [typed(each) for each in tree.items]
    return {key.text: typed(value) for key, value in tree.items}


def texts(entries: tuple[tuple[Scalar, Tree], ...]) -> dict[str, object]:
    return {key.text: typed(value) for key, value in entries}


# --- records ---


def test_every_part_of_a_problem_has_its_slot() -> None:
    raw, found = sheet(SHEET)
    assert found == []
    assert raw is not None
    assert raw.title == "NN Sheet 5"
    one = raw.problems[0]
    assert (one.id.text, one.title, one.text) == ("1", "One training step", "")
    assert texts(one.given) == {"eta": "0.05", "y": "0", "U": ["3", "0.2", "-0.1"]}
    assert isinstance(one.network, Scalar)
    assert one.network.text == "X1 = W1 U + b1\nY1 = sigmoid(X1)"
    assert one.train is not None
    assert one.train.parameters is not None
    assert [each.text for each in one.train.parameters] == ["W1", "b1"]
    assert one.train.loss is not None
    assert one.train.learning_rate is not None
    assert (one.train.loss.text, one.train.learning_rate.text, one.train.steps) == ("J", "eta", 2)
    assert one.train.optimizer.text == "sgd"
    assert one.conventions == {
        "relu_slope_at_zero": "0",
        "step_at_zero": "1",
        "abs_slope_at_zero": "0",
        "mse": "half",
        "batch": "mean",
        "samples": "columns",
        "max_ties": "first",
        "convolution": "cross_correlation",
        "variance": "population",
        "dropout_rate": "drop",
        "first_class": "0",
        "momentum": "plain",
        "momentum_rate": "outside",
        "epsilon": "outside",
        "bias_correction": "yes",
    }
    assert one.conventions_given == {"mse"}
    assert [(new.text, old.text) for new, old in one.names] == [("delta1", "dJ/dX1")]
    d, f = one.questions
    assert [(new and new.text, old.text) for new, old in d.asked] == [(None, "X1"), ("top", "max(Y1, 0)")]
    assert (d.points, d.points_given, d.digits, texts(d.when)) == (4, True, 4, {"y": "1"})
    assert [(each and each.text, [typed(value) for value in values]) for each, values in d.also] == [
        ("X1", ["0.31", "1/3"])
    ]
    assert (f.points, f.points_given, f.digits, f.when, f.also) == (1, False, None, (), ())


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("J", [(None, "J")]),
        ("{find: J}", [(None, "J")]),
        ("[J, K]", [(None, "J"), (None, "K")]),
        ("{find: [h[1], W1[1,2]]}", [(None, "h[1]"), (None, "W1[1,2]")]),
        ("{find: {a: J, b: K}}", [("a", "J"), ("b", "K")]),
        ("{find: [J, {a: K, b: L}, {c: M}]}", [(None, "J"), ("a", "K"), ("b", "L"), ("c", "M")]),
        ("{find: [J, a: K]}", [(None, "J"), ("a", "K")]),
        ("\n        find:\n          - J\n          - a: K", [(None, "J"), ("a", "K")]),
    ],
)
def test_what_a_question_asks(written: str, asked: list[tuple[str | None, str]]) -> None:
    only = problems(f"hwcheck: 1\nproblems:\n  a:\n    questions:\n      q: {written}\n")["a"]
    assert [(new and new.text, old.text) for new, old in only.questions[0].asked] == asked


@pytest.mark.parametrize(
    ("written", "values"),
    [("0.31", ["0.31"]), ("[0.31, 1/3]", ["0.31", "1/3"]), ("[[1, 2]]", [["1", "2"]]), ("{J: 0.31}", ["0.31"])],
)
def test_what_else_is_right(written: str, values: list[object]) -> None:
    only = problems(f"hwcheck: 1\nproblems: {{a: {{questions: {{q: {{find: J, also: {written}}}}}}}}}\n")["a"]
    ((quantity, found),) = only.questions[0].also
    assert [typed(each) for each in found] == values
    assert (quantity is not None) == written.startswith("{")


QUESTION = "hwcheck: 1\nproblems: {a: {questions: {q: %s}}}\n"


@pytest.mark.parametrize(
    ("written", "asked", "allowed"),
    [
        ("{derive: dL/dw1}", [(None, "dL/dw1")], None),
        ("{derive: [dL/dw1, dL/dw2], in: [x, w1]}", [(None, "dL/dw1"), (None, "dL/dw2")], ["x", "w1"]),
        ("{derive: {slope: f'(x)}, in: x}", [("slope", "f'(x)")], ["x"]),
        ('{derive: "dJ/dW2[1,j] for j = 1..2"}', [(None, "dJ/dW2[1,j] for j = 1..2")], None),
    ],
)
def test_a_formula_is_asked_in_some_names(
    written: str, asked: list[tuple[str | None, str]], allowed: list[str] | None
) -> None:
    (question,) = problems(QUESTION % written)["a"].questions
    assert question.kind == "derive"
    assert [(new and new.text, old.text) for new, old in question.asked] == asked
    assert (question.allowed and [each.text for each in question.allowed]) == allowed


@pytest.mark.parametrize(
    ("written", "graph"),
    [
        ("network", ["network"]),
        ("[x, h]", ["x", "h"]),
        ("[x -> h, h -> y]", ["x -> h", "h -> y"]),
        ("x -> h", ["x -> h"]),
    ],
)
def test_a_graph_is_that_of_the_network_of_quantities_or_of_edges(written: str, graph: list[str]) -> None:
    (question,) = problems(QUESTION % f"{{graph: {written}}}")["a"].questions
    assert (question.kind, question.asked) == ("graph", ())
    assert [each.text for each in question.graph] == graph


def test_a_table_has_its_columns_and_its_rows_by_their_titles() -> None:
    (question,) = problems(QUESTION % "{table: [Input, Output], rows: {Linear 1: [x, W1 x + b1], f: [z1, a1]}}")[
        "a"
    ].questions
    assert (question.kind, question.asked) == ("table", ())
    assert [each.text for each in question.columns] == ["Input", "Output"]
    rows = {title.text: [cell.text for cell in cells] for title, cells in question.rows}
    assert rows == {"Linear 1": ["x", "W1 x + b1"], "f": ["z1", "a1"]}


def test_layers_are_kept_with_their_settings_and_their_names() -> None:
    text = """
        hwcheck: 1
        problems:
          a:
            network:
              input: U
              layers:
                - dense: {weights: W1, bias: b1, activation: sigmoid}
                - dense:
                    weights: W2
              loss: {ce: {target: y}}
              names: {activation: Y}
    """
    network = problems(dedent(text))["a"].network
    assert isinstance(network, RawLayers)
    assert network.input.text == "U"
    settings = [(kind.text, {key: each.text for key, each in rows.items()}) for kind, rows in network.layers]
    assert settings == [
        ("dense", {"weights": "W1", "bias": "b1", "activation": "sigmoid"}),
        ("dense", {"weights": "W2"}),
    ]
    assert network.loss is not None
    assert (network.loss[0].text, network.loss[1]["target"].text) == ("ce", "y")
    assert network.names == {"pre_activation": "z", "activation": "Y", "loss": "L"}


@pytest.mark.parametrize("written", ["sgd", "{sgd: {}}", "{sgd: }"])
def test_an_optimizer_without_settings_is_a_name_or_a_mapping(written: str) -> None:
    train = problems(f"hwcheck: 1\nproblems: {{a: {{network: z = 2, train: {{optimizer: {written}}}}}}}\n")["a"].train
    assert train is not None
    assert train.optimizer.text == "sgd"


def test_every_scalar_says_where_it_stands() -> None:
    raw, _ = sheet(SHEET)
    assert raw is not None
    seen = 0
    waiting: list[object] = [raw.problems]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Scalar) and each.style == "plain":
            line = SHEET.split("\n")[each.span.line - 1]
            seen += 1
            if each.raw:
                assert line[each.span.column - 1 : each.span.end_column - 1] == each.raw
        elif isinstance(each, (tuple, dict)):
            waiting += each.values() if isinstance(each, dict) else each
    assert seen > 30


# --- like, and shared givens ---


def test_like_takes_over_names_one_by_one_and_other_keys_as_a_whole() -> None:
    two = problems(SHEET)["2"]
    assert two.title == "One training step"
    assert list(texts(two.given).items()) == [("eta", "0.05"), ("y", "1"), ("U", ["3", "0.2", "-0.1"]), ("z", "2")]
    assert isinstance(two.network, Scalar)
    assert two.train is not None
    assert (two.train.parameters, two.train.learning_rate, two.train.steps) == (None, None, 1)
    assert (two.conventions["mse"], two.conventions["samples"]) == ("half", "rows")
    assert two.conventions_given == {"mse", "samples"}
    assert [new.text for new, _ in two.names] == ["delta1"]
    assert [each.id.text for each in two.questions] == ["a"]


@given(st.permutations(range(5)))
def test_a_chain_of_copies_is_the_same_in_any_order(order: list[int]) -> None:
    rows = {}
    for each in order:
        start = f"like: p{each - 1}" if each else "network: z = 2"
        rows[each] = f"  p{each}:\n    {start}\n    given: {{a{each}: {each}, x: {each}}}\n"
    found = problems("hwcheck: 1\nproblems:\n" + "".join(rows.values()))
    for each in order:
        assert texts(found[f"p{each}"].given) == {
            "x": str(each),
            **{f"a{number}": str(number) for number in range(each + 1)},
        }


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdefg"), min_size=1))
def test_copies_that_end_nowhere_are_refused_and_the_others_are_read(likes: dict[str, str]) -> None:
    names = "abcdef"
    text = "hwcheck: 1\nproblems:\n" + "".join(
        f"  {each}: {{like: {likes[each]}}}\n" if each in likes else f"  {each}: {{network: z = 2}}\n" for each in names
    )

    def ends(name: str) -> bool:
        seen = set()
        while name in likes and name not in seen:
            seen.add(name)
            name = likes[name]
        return name in names and name not in likes

    raw, found = sheet(text)
    good = [each for each in names if ends(each)]
    assert [each.id.text for each in (raw.problems if raw else ())] == good
    assert {each.code for each in found} <= {"HW242"}
    assert bool(found) == (len(good) < len(names))
    rings = {
        frozenset(re.findall(r"\b[a-f]\b", each.message.split("problems ")[1].split(" are")[0]))
        for each in found
        if "->" in each.message
    }
    assert len(rings) == len([each for each in found if "->" in each.message])


def test_a_copy_of_a_problem_with_an_error_adds_no_second_error() -> None:
    rows = ("a: {network: z = 2, questions: {q: [X, X]}}", "b: {like: a}", "c: {network: z = 3}")
    raw, found = sheet("hwcheck: 1\nproblems:\n" + "".join(f"  {row}\n" for row in rows))
    assert [each.code for each in found] == ["HW243"]
    assert raw is not None
    assert [each.id.text for each in raw.problems] == ["c"]


# --- what is wrong with a file ---


def test_all_that_is_wrong_with_a_sheet_is_said_at_once(golden: Callable[[str, str], None]) -> None:
    raw, found = sheet(BAD)
    assert raw is None
    golden("sheet-diagnostics", show_diagnostics(found, {"sheet.yaml": BAD}, 99) + "\n")


def test_all_that_is_odd_about_answers_is_said_at_once(golden: Callable[[str, str], None]) -> None:
    raw, found = answers(BAD_ANSWERS)
    assert raw is not None
    assert {each.severity for each in found} == {"warning"}
    golden("answers-diagnostics", show_diagnostics(found, {"answers.yaml": BAD_ANSWERS}, 99) + "\n")


def test_every_diagnostic_has_a_known_code_a_span_and_comes_in_the_order_of_the_file() -> None:
    for found in (sheet(BAD)[1], answers(BAD_ANSWERS)[1]):
        spans = [each.span for each in found if each.span]
        assert len(spans) == len(found)
        assert spans == sorted(spans)
        assert {each.code for each in found} <= set(CODES)


@pytest.mark.parametrize(
    "text", ["titel: x\nproblems: {1: {network: z = 2}}\n", "problems:\n  a:\n    network: z = 2\n"]
)
def test_a_sheet_without_its_version_says_what_to_add(text: str) -> None:
    found = [each for each in sheet(text)[1] if each.code == "HW240"]
    assert [each.help for each in found] == ["write `hwcheck: 1` at the top"]


@pytest.mark.parametrize("version", ["2", "1.0", "01", "one", "[1]", "{a: 1}", ""])
def test_of_another_version_nothing_else_is_judged(version: str) -> None:
    raw, found = sheet(f"hwcheck: {version}\nnews: 1\nproblems: 3\n")
    assert raw is None
    assert len(found) == 1
    assert found[0].span is not None
    assert found[0].span.line == 1


@pytest.mark.parametrize(
    "text",
    ["problems:\n  1: {network: z = 2}\n  '1': {network: z = 3}\n", "problems: {a: {questions: {1: J, '1': K}}}\n"],
)
def test_ids_are_texts_and_stand_once(text: str) -> None:
    (found,) = sheet(f"hwcheck: 1\n{text}")[1]
    assert found.code == "HW102"
    assert "`1`" in found.message


@pytest.mark.parametrize(
    ("items", "many"),
    [("[1]", ""), ("[1, 2]", " (and 1 more of the kind)"), ("[[1], 2, {a: 1}, 3]", " (and 2 more of the kind)")],
)
def test_items_of_another_form_are_one_mistake(items: str, many: str) -> None:
    train = f"{{loss: J, parameters: [w], learning_rate: 1, samples: {{of: [x]}}, batches: {items}}}"
    _, found = sheet(f"hwcheck: 1\nproblems:\n  a:\n    network: J = w\n    train: {train}\n    questions: {{q: J}}\n")
    ((code, message, fix),) = [(each.code, each.message, each.help) for each in found]
    assert code == "HW203"
    assert message.startswith("a list of sample numbers is wanted here, this is")
    assert message.endswith(f"`{many}" if many else "`")
    assert fix == "for example `batches: [[1, 3], [2, 4]]`"


@pytest.mark.parametrize("text", ["just words", "- 1\n- 2", "[1, 2]", "3"])
def test_a_file_that_is_no_mapping_says_how_one_begins(text: str) -> None:
    for read in (sheet, answers):
        raw, found = read(text)
        assert raw is None
        assert [each.code[3:] for each in found] == ["03"]
        assert ":" in found[0].help


def test_a_sheet_has_at_most_so_many_problems() -> None:
    rows = "".join(f"  p{number}: {{network: z = 2}}\n" for number in range(501))
    assert sheet("hwcheck: 1\nproblems:\n" + rows.replace("  p500: {network: z = 2}\n", ""))[1] == []
    assert [each.code for each in sheet("hwcheck: 1\nproblems:\n" + rows)[1]] == ["HW208"]


@pytest.mark.parametrize("read", [sheet, answers])
def test_a_file_of_nothing_but_mistakes_is_given_up_on_in_time(
    read: Callable[[str], tuple[object, list[Diagnostic]]],
) -> None:
    _, found = read("".join(f"problms{number}: 3\n" for number in range(9_000)))
    assert len(found) == MOST_TROUBLES
    assert any(each.code in ("HW202", "HW402") for each in found)


# --- answers ---


def test_answers_are_texts_as_typed() -> None:
    text = """
        sheet: sheet5
        student: 007
        track: no
        answers:
          1:
            d:
              X1: [0.31, -.28]
              Y: 010
            e: no
            f: 1e-3
          '2': {a: 2001-13-45}
    """
    raw, found = answers(dedent(text))
    assert found == []
    assert raw is not None
    assert raw.sheet is not None
    assert (raw.sheet.text, raw.student, raw.track) == ("sheet5", "007", "no")
    assert {problem.text: texts(entries) for problem, entries in raw.answers} == {
        "1": {"d": {"X1": ["0.31", "-.28"], "Y": "010"}, "e": "no", "f": "1e-3"},
        "2": {"a": "2001-13-45"},
    }


@pytest.mark.parametrize("comment", ["a vector of 2: [0.31, -0.28]", "0.31", " [.31, 2e-3]", "a matrix: [[-1, 2]]"])
def test_an_answer_behind_a_hash_is_remarked(comment: str) -> None:
    for line in (f"1: {{}}\n  2:\n    d:\n      X1:  #{comment}", f"2:\n    d:  # {comment}"):
        (only,) = answers(f"answers:\n  {line}\n")[1]
        assert (only.code, only.severity) == ("HW414", "warning")
        assert only.span is not None
        assert only.span.line == line.count("\n") + 2
    assert answers(f"answers:\n  2:\n    d:\n      X1: 1  # {comment}\n")[1] == []


@pytest.mark.parametrize(
    "comment", ["a vector of 2: [ , ]", "class = Y2 >= 0.6, 0 or 1", "W1[1,2], a number", "a 2 x 3 matrix: [[ , ]]"]
)
def test_the_comments_of_a_template_are_no_answers(comment: str) -> None:
    assert answers(f"answers:\n  2:\n    d:\n      X1:  # {comment}\n")[1] == []


def test_a_blank_file_has_nothing_wrong() -> None:
    raw, found = answers("sheet: sheet5\nstudent:\ntrack:\nanswers:\n  1:\n    d:\n      X1:\n    e:\n  2:\n")
    assert found == []
    assert raw is not None
    assert (raw.student, raw.track) == ("", "")
    assert [(problem.text, texts(entries)) for problem, entries in raw.answers] == [("1", {"d": {"X1": ""}, "e": ""})]
    assert answers("answers:\n")[1] == []


@given(st.sampled_from(["score", "tolerance", "max_score", "verdict", "marks", "like", "hwcheck"]), st.integers(0, 3))
def test_a_key_that_answers_do_not_have_changes_nothing(key: str, line: int) -> None:
    lines = ["student: s1", "answers: {1: {d: 0.31}}", "sheet: sheet5"]
    before, _ = answers("\n".join(lines))
    after, found = answers("\n".join([*lines[:line], f"{key}: 100", *lines[line:]]))
    assert [(each.code, each.severity) for each in found] == [("HW401", "warning")]
    assert before is not None
    assert after is not None
    assert (before.student, before.track) == (after.student, after.track)
    assert [(problem.text, texts(entries)) for problem, entries in before.answers] == [
        (problem.text, texts(entries)) for problem, entries in after.answers
    ]
    assert before.sheet is not None
    assert after.sheet is not None
    assert before.sheet.text == after.sheet.text


@pytest.mark.parametrize("name", ["sheet5", "NN_sheet-5.v2", "5", "a" * 64])
def test_a_sheet_is_named_plainly(name: str) -> None:
    raw, found = answers(f"sheet: {name}\nanswers:\n")
    assert found == []
    assert raw is not None
    assert raw.sheet is not None
    assert raw.sheet.text == name


@pytest.mark.parametrize(
    "name",
    [
        "../sheet5",
        "/etc/passwd",
        "a/b",
        "..",
        ".",
        "'-'",
        ".hidden",
        "-x",
        "a b",
        "a" * 65,
        "[a]",
        "{a: b}",
        "ŝ",
        "a\\b",
        "C:x",
    ],
)
def test_a_sheet_is_never_a_path(name: str) -> None:
    raw, found = answers(f"sheet: {name}\nstudent: s1\nanswers:\n")
    assert [each.severity for each in found] == ["warning"]
    assert raw is not None
    assert raw.sheet is None
    assert raw.student == "s1"


def test_answers_without_answers_are_refused_with_the_key_that_was_meant() -> None:
    raw, found = answers("student: s1\nanswer: {1: {d: 2}}\n")
    assert {(each.code, each.severity) for each in found} == {("HW402", "error"), ("HW401", "warning")}
    assert any("did you mean `answers`?" in each.help for each in found)
    assert raw is not None
    assert raw.answers == ()


# --- any file at all ---

LINES = (SHEET + BAD + BAD_ANSWERS).split("\n")


@given(st.lists(st.sampled_from(LINES) | st.text("ab: []{}#&*!|>'\"-\n1", max_size=12), max_size=25))
def test_no_file_ends_in_anything_but_records_and_diagnostics(lines: list[str]) -> None:
    text = "\n".join(lines)
    for read in (sheet, answers):
        raw, found = read(text)
        assert raw is not None or found
        assert all(each.code in CODES for each in found)
        assert show_diagnostics(found, {found[0].file: text} if found else {}, 999) or not found
