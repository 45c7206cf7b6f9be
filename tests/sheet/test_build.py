"""What a sheet says that cannot be worked out: each error names the part and what to write instead."""

import math
from textwrap import indent

import pytest

from hwcheck import load_sheet
from hwcheck.diagnostics import Diagnostic, Invalid
from hwcheck.formula.show import plain
from hwcheck.sheet.problem import Problem

GIVEN = "given: {x: [1, -1], W: [[1, 2], [3, 4]], y: [0, 1]}\n"
TEXT = GIVEN + "network: |\n  z = W x\n  L = mse(z, y)\n"
TRAIN = TEXT + "train: {loss: L, parameters: [W], learning_rate: 0.1}\n"
LAYERS = GIVEN + "network:\n  input: x\n  layers: [{dense: {weights: W}}, "


def errors(problem: str, tmp_path: object) -> list[Diagnostic]:
    """Give what is wrong with a sheet of one problem."""
    file = f"{tmp_path}/sheet.yaml"
    with open(file, "w", encoding="utf-8") as out:
        out.write("hwcheck: 1\nproblems:\n  a:\n" + indent(problem, "    "))
    with pytest.raises(Invalid) as caught:
        load_sheet(file)
    return caught.value.diagnostics


@pytest.mark.parametrize(
    ("problem", "message", "fix"),
    [
        (TEXT + "train: {loss: l, parameters: [W], learning_rate: 1}\nquestions: {a: z}", "`l` is not a line", "`L`"),
        (TEXT + "train: {loss: Q, parameters: [W], learning_rate: 1}\nquestions: {a: z}", "`Q` is not a", "`z`, `L`"),
        (TEXT + "train: {loss: L, parameters: [z], learning_rate: 1}\nquestions: {a: z}", "not a given", "`x`, `W`"),
        (TEXT + "train: {loss: L, parameters: [W], optimizer: adams, learning_rate: 1}\nquestions: {a: z}",
         "this version of hwcheck has no optimizer `adams`", "did you mean `adam`"),
        (TEXT + "questions: {a: W_new}", "no training steps", "`train:`"),
        (TRAIN + "questions: {a: {find: z, when: {q: 2}}}", "`q` is not a given", "`x`, `W`, `y`"),
        (GIVEN + "network: |\n  z == W x\n  L = mse(z, y)\nquestions: {a: L}", "is `name = formula`", "write z = W x"),
        (GIVEN + "network: |\n  z := W x\n  L = mse(z, y)\nquestions: {a: L}", "is `name = formula`", "write z = W x"),
        (GIVEN + "network: |\n  z: W x\n  L = mse(z, y)\nquestions: {a: L}", "is `name = formula`", "write z = W x"),
        (GIVEN + "network: |\n  z\n  L = mse(x, y)\nquestions: {a: L}", "is `name = formula`", "write z1 = W1 x + b1"),
        (LAYERS + "Relu]\nquestions: {a: z1}", "no layer `Relu`", "did you mean `relu`?"),
        (LAYERS + "conv]\nquestions: {a: z1}", "no layer `conv`", "did you mean `conv2d`?"),
    ],
)  # fmt: skip
def test_an_error_says_what_there_is_instead(problem: str, message: str, fix: str, tmp_path: object) -> None:
    found = errors(problem, tmp_path)
    assert len(found) == 1
    assert message in found[0].message
    assert fix in found[0].help
    assert found[0].span is not None


NAMED = "functions: {f: unknown}\ngiven: {x: scalar, w: scalar}\nnetwork: |\n  h = f(w x)\n  y = h^2\n"


@pytest.mark.parametrize(
    ("question", "code", "message", "fix"),
    [
        ("{derive: dy/dx, in: [x, q]}", "HW103", "`q` is not defined", "x, w, h, y"),
        ("{derive: dy/dx, in: [x + w]}", "HW301", "name of a quantity is wanted", "one name"),
        ("{derive: dy/dq}", "HW103", "`q` is not defined", ""),
        ('{derive: {slope: "f\'(v)"}}', "HW103", "`v` is not defined", "x, w, h, y"),
        ("{derive: {1: h}}", "HW211", "`1` cannot be a name", "letters"),
        ("{graph: [x -> h, w]}", "HW204", "edges and quantities stand side by side", "`x -> h`"),
        ("{graph: [w, x -> h]}", "HW204", "edges and quantities stand side by side", "`x -> h`"),
        ("{graph: [x -> q]}", "HW103", "`q` is not defined", "x, w, h, y"),
        ("{graph: [x -> ]}", "HW301", "nothing is written here", "a formula"),
        ("{graph: x h}", "HW301", "name of a quantity is wanted", "one name"),
        ("{graph: [f -> h]}", "HW301", "", ""),
        ("{table: [In, Out], rows: {one: [x, h], two: [h, q]}}", "HW103", "`q` is not defined", "x, w, h, y"),
        ("{table: [In, Out], rows: {one: [x, h], two: [h]}}", "HW243", "the row `two` has 1 cell,", "each column"),
        ("{table: [In], rows: {one: [x, h]}}", "HW243", "the number of columns is 1", "each column"),
        ("{table: [In, In], rows: {one: [x, h]}}", "HW243", "two columns `In`", "rename"),
        ("{table: [In, Out], rows: {one: [x, h]}, digits: 4}", "HW243", "`digits` means nothing in", "take it out"),
        ("{table: [In: x, Out], rows: {one: [x, h]}}", "HW243", "the column `In` has a formula", "title alone"),
        ("{table: [In\u200b, Out], rows: {one: [x, h]}}", "HW243", "`In<U+200B>` has a character", "type it again"),
        ("{table: [In], rows: {one: [h]}, in: [v]}", "HW103", "`v` is not defined", ""),
    ],
)
def test_what_a_question_cannot_ask_is_said_once(
    question: str, code: str, message: str, fix: str, tmp_path: object
) -> None:
    (found,) = errors(f"{NAMED}questions:\n  q: {question}\n", tmp_path)
    assert found.code == code
    assert message in found.message
    assert fix in found.help
    assert found.place.startswith("problem a, question q")


@pytest.mark.parametrize(
    ("given", "code", "message", "fix"),
    [
        ("{shape: vector 3, in: [3, 1]}", "HW204", "the smaller one first", "in: [-1, 1]"),
        ("{shape: vector 3, in: [1, 1]}", "HW204", "the smaller one first", "in: [-1, 1]"),
        ("{shape: one-hot 3, in: [0, 1]}", "HW204", "a one-hot says itself where it lies", "leave `in` out"),
        ("{shape: bit, in: [0, 1]}", "HW204", "a bit says itself where it lies", "leave `in` out"),
        ("{shape: probability, in: [0, 1]}", "HW204", "a probability says itself", "leave `in` out"),
        ("{shape: vektor 3, in: [0, 1]}", "HW207", "no shape", "shape: vector 3"),
        ("{shape: vector, in: [0, 1]}", "HW207", "`vector` takes one size, not 0", "vector 3"),
        ("{shape: vector 3, in: [0, 1, 2]}", "HW208", "at most 2", ""),
        ("{shape: vector 3, in: 3}", "HW203", "the least and the largest value", "[-1, 1]"),
        ("{in: [0, 1]}", "HW202", "`shape` is missing", "shape: vector 3"),
        ("one-hot", "HW207", "`one-hot` takes one size, not 0", "vector 3"),
        ("one-hot 3 x 4", "HW207", "`one-hot` takes one size, not 2", "vector 3"),
        ("bit 3", "HW207", "`bit` takes no size, not 1", "scalar"),
        ("probability 2", "HW207", "`probability` takes no size, not 1", "scalar"),
        ("vector 0", "HW207", "`0` is no size", "whole numbers"),
    ],
)
def test_where_a_given_lies_must_make_sense(given: str, code: str, message: str, fix: str, tmp_path: object) -> None:
    (found,) = errors(f"given: {{v: {given}}}\nnetwork: y = sum(v)\nquestions: {{q: y}}\n", tmp_path)
    assert found.code == code
    assert message in found.message
    assert fix in found.help
    assert found.place.startswith("problem a, given")


def made(problem: str, tmp_path: object) -> Problem:
    """Give the problem of a sheet that has one."""
    file = f"{tmp_path}/sheet.yaml"
    with open(file, "w", encoding="utf-8") as out:
        out.write("hwcheck: 1\nproblems:\n  a:\n" + indent(problem, "    "))
    return load_sheet(file).problems["a"]


@pytest.mark.parametrize(
    ("given", "shape", "domain"),
    [
        ("bit", (), ("bit", 0, 1)),
        ("probability", (), ("real", 0, 1)),
        ("one-hot K", ("K",), ("one-hot", 0, 1)),
        ("one-hot 3", (3,), ("one-hot", 0, 1)),
        ("{shape: vector 3, in: [-1, 1/2]}", (3,), ("real", -1, 0.5)),
        ("{shape: scalar, in: [0, 2 pi]}", (), ("real", 0, 2 * math.pi)),
        ("{shape: matrix 2 x m}", (2, "m"), None),
        ("{shape: bit}", (), ("bit", 0, 1)),
        ("vector 3", (3,), None),
    ],
)
def test_a_shape_says_where_its_values_lie(
    given: str, shape: tuple[object, ...], domain: tuple[str, float, float] | None, tmp_path: object
) -> None:
    table = made(f"given: {{v: {given}}}\nnetwork: y = sum(v)\nquestions: {{q: y}}\n", tmp_path).base
    assert table.shape("v") == shape
    assert table.domains.get("v") == domain
    assert ("v" in table.distributions) == (domain is not None and domain[0] == "one-hot")
    assert all(size in table for size in shape if isinstance(size, str))


@pytest.mark.parametrize(
    ("graph", "edges"),
    [
        ("network", None),
        ("[x, h, y]", {("x", "h"), ("h", "y")}),
        ("[x, y]", set()),
        ("[x -> h, w -> h, h -> y]", {("x", "h"), ("w", "h"), ("h", "y")}),
        ("x -> h -> y", {("x", "h"), ("h", "y")}),
        ("[x→h, h => y, x --> h]", {("x", "h"), ("h", "y")}),
    ],
)
def test_the_edges_of_a_graph(graph: str, edges: set[tuple[str, str]] | None, tmp_path: object) -> None:
    question = made(f"{NAMED}questions:\n  q: {{graph: {graph}}}\n", tmp_path).questions["q"]
    assert (question.kind, question.asks) == ("graph", ())
    assert (None if question.edges is None else set(question.edges)) == edges
    assert len(question.edges or ()) == len(edges or ())


def test_the_cells_of_a_table_are_asked_row_by_row(tmp_path: object) -> None:
    table = "{table: [Input, Output], rows: {square: [h, y], f: [w x, h]}}"
    question = made(f"{NAMED}questions:\n  q: {table}\n", tmp_path).questions["q"]
    assert (question.columns, question.rows) == (("Input", "Output"), ("square", "f"))
    assert [ask.name for ask in question.asks] == ["square, Input", "square, Output", "f, Input", "f, Output"]
    assert [plain(ask.tree) for ask in question.asks] == ["h", "y", "w x", "h"]


@pytest.mark.parametrize(
    ("allowed", "names"),
    [("", None), (", in: [x, w, f']", {"x", "w"}), (", in: h", {"h"}), (", in: [dy/dh, x]", {"dy/dh", "x"})],
)
def test_the_names_in_which_a_formula_is_to_be_written(allowed: str, names: set[str] | None, tmp_path: object) -> None:
    question = made(f"{NAMED}questions:\n  q: {{derive: dy/dx{allowed}}}\n", tmp_path).questions["q"]
    assert question.allowed == names


DOUBLING = "\n".join(f"  g{at}(v): g{at - 1}(v) + g{at - 1}(v)^2" for at in range(1, 24))


@pytest.mark.parametrize(("depth", "place"), [(23, "network"), (8, "train")])
def test_functions_that_grow_beyond_reason_are_refused_where_they_are_used(
    tmp_path: object, depth: int, place: str
) -> None:
    (found,) = errors(
        f"given: {{w: 0.5}}\nfunctions:\n  g0(v): v^2\n{DOUBLING}\nnetwork: L = g{depth}(w)\n"
        "train: {loss: L, parameters: [w], learning_rate: 0.1}\n",
        tmp_path,
    )
    assert (found.code, found.place) == ("HW315", f"problem a, {place}")
