"""Laws of a printed solution: it keeps the width, breaks no number, hides nothing asked, and its JSON is exact."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from hwcheck import load_sheet, solve
from hwcheck.formula.expr import Call, Expr
from hwcheck.formula.names import join, key, split
from hwcheck.formula.parse import Scope, readings
from hwcheck.formula.show import plain, unicode
from hwcheck.graph.functions import arities
from hwcheck.graph.shapes import show_shape
from hwcheck.render import solution_json, solution_markdown, solution_table, solution_text
from hwcheck.render.numbers import shown
from hwcheck.render.values import SIDE
from hwcheck.sheet.solution import Part, Quantity, SolvedProblem
from hwcheck.text import width
from tests.marking.students import sheet_of
from tests.render.sheets import NAMES, solution

WIDTHS = [20, 25, 31, 40, 48, 59, 60, 61, 72, 80, 100, 132, 200]
BRACKETS = re.compile(r"[⎡⎢⎣\[]\s*(\S+)\s*[⎤⎥⎦\]]")


def broken(line: str, cells: int) -> bool:
    """Tell whether a line is too wide though it could be broken: it has more than one word; brackets and = are none."""
    return width(line) > cells and len(BRACKETS.sub(r"\1", line).lstrip(" =").split()) > 1


@pytest.mark.parametrize("cells", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_wider_than_the_page(name: str, cells: int) -> None:
    text = solution_text(solution(name), cells)
    assert not [line for line in text.split("\n") if broken(line, cells)]
    assert not [line for line in text.split("\n") if line != line.rstrip()]


def entries(value: np.ndarray | None) -> Iterator[float]:
    """Give the entries of a value that is shown whole and finite."""
    if value is not None and max(value.shape, default=1) <= SIDE:
        yield from (float(entry) for entry in value.ravel() if np.isfinite(entry))


@pytest.mark.parametrize(("cells", "digits"), [(20, 4), (31, 7), (48, 2), (80, 4), (100, 7), (200, 2)])
@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_there_unbroken(name: str, cells: int, digits: int) -> None:
    words = set(re.split(r"[\s\[\]⎡⎢⎣⎤⎥⎦]+", solution_text(solution(name), cells, digits)))
    for problem in solution(name).problems:
        for part in problem.parts:
            for quantity in part.quantities:
                if quantity.shown:
                    typed = quantity.role == "given"
                    missing = {shown(entry, digits, typed=typed) for entry in entries(quantity.value)} - words
                    assert not missing, quantity.name


@pytest.mark.parametrize("name", NAMES)
def test_every_shown_quantity_and_every_asked_one_is_named(name: str) -> None:
    for text in (solution_text(solution(name), 100), solution_markdown(solution(name))):
        for problem in solution(name).problems:
            for question in problem.questions:
                for asked in question.asks:
                    assert asked.replace("ŷ", "yhat") in text.replace("ŷ", "yhat")


@pytest.mark.parametrize("name", NAMES)
def test_plain_text_has_no_escape_codes_and_colour_changes_nothing_else(name: str) -> None:
    text = solution_text(solution(name), 90)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert solution_table(solution(name), 90, False) == text
    coloured = solution_table(solution(name), 90, True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text


@pytest.mark.parametrize("cells", [30, 100])
@pytest.mark.parametrize("name", [name for name in NAMES if name != "odd"])
def test_a_console_without_the_signs_of_mathematics_gets_ascii(name: str, cells: int) -> None:
    text = solution_text(solution(name), cells, ascii=True)
    assert text.isascii()
    assert not [line for line in text.split("\n") if broken(line, cells)]


def refuse(constant: str) -> float:
    raise AssertionError(f"{constant} is no JSON")


def listed(problem: SolvedProblem) -> list[tuple[Part, Quantity]]:
    """What is in the JSON: every quantity, those asked under a name of their own as asked and only so."""
    found = []
    for part in problem.parts:
        asked = {each.name for each in part.quantities if each.role == "asked"}
        found += [(part, each) for each in part.quantities if each.role == "asked" or each.name not in asked]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_json_is_strict_and_has_the_same_floats(name: str) -> None:
    read = json.loads(solution_json(solution(name)), parse_constant=refuse)
    assert (read["schema"], read["sheet"]) == ("hwcheck/solution/v1", solution(name).sheet)
    for problem, found in zip(solution(name).problems, read["problems"], strict=True):
        for (_, quantity), record in zip(listed(problem), found["quantities"], strict=True):
            assert record["name"] == quantity.name
            assert record["shape"] == list(quantity.shape)
            if quantity.value is None:
                assert record["value"] is None
                assert "note" not in record
            elif np.isfinite(quantity.value).all():
                assert np.array_equal(np.array(record["value"]), quantity.value)
                assert np.shape(record["value"]) == quantity.shape
            else:
                assert record["note"].endswith("in double precision")
        for question in found["questions"]:
            when = question["when"]
            asked = [each["name"] for each in found["quantities"] if each["role"] == "asked" and each["when"] == when]
            assert set(question["asks"]) <= set(asked)


def fractions(tree: Expr) -> Expr:
    """Give the formula as it is written: a ratio, where 0/0 is 0, looks like any other fraction."""
    if not isinstance(tree, Call):
        return tree
    return Call("/" if tree.op == "ratio" else tree.op, tuple(map(fractions, tree.args)))


@pytest.mark.parametrize("name", NAMES)
def test_formulas_in_json_are_read_back(name: str) -> None:
    read = json.loads(solution_json(solution(name)))
    for problem, found in zip(solution(name).problems, read["problems"], strict=True):
        for (part, quantity), record in zip(listed(problem), found["quantities"], strict=True):
            if record["formula"] is not None:
                table = part.table
                names = [name for row in table for name in (row.name, join(split(row.name)._replace(step="")))]
                names += [split(row.name).of for row in table if row.formula is None]  # a loss that is not defined
                arrays = frozenset(row.name for row in table if row.shape)
                scope = Scope({key(name): name for name in names}, arities(table.functions), arrays)
                assert readings(record["formula"], scope) == [fractions(quantity.formula)]


@pytest.mark.parametrize("name", NAMES)
def test_markdown_tables_have_equal_columns_and_nothing_leaks(name: str) -> None:
    text = solution_markdown(solution(name))
    check_tables(text)
    assert text.count("```math\n") * 2 == text.count("```")
    outside = re.sub(r"```math\n.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    assert "<b>" not in outside
    assert "*marks*" not in outside


def check_tables(text: str) -> None:
    """Every row of a Markdown table has as many cells as its head."""
    columns = 0
    for line in text.split("\n"):
        if line.startswith("|"):
            count = len(re.findall(r"(?<!\\)\|", line))
            columns = columns or count
            assert count == columns, line
        else:
            columns = 0


def test_text_of_a_sheet_is_no_markup() -> None:
    text = solution_markdown(solution("odd"))
    for wrong in ("\n1. not", "\n- neither", "@this", "\u202e", "\ufeff"):
        assert wrong not in text


def test_training_steps_have_headings_in_order() -> None:
    text = solution_text(solution("steps"), 100)
    at = [text.index(title) for title in ("\nStep 1\n", "\nStep 2\n", "\nStep 3\n", "\nAfter step 3\n", "  Answers\n")]
    assert at == sorted(at)
    assert text.index("w@2 = w") < at[1] < text.index("o@2 = w@2 x")
    assert "Step 1" not in solution_text(solution("sheet5"), 100)


def test_a_value_that_is_not_finite_is_said_in_words() -> None:
    assert "infinite in double precision" in solution_text(solution("odd"), 100)
    assert "undefined in double precision" in solution_text(solution("odd"), 100)


def test_an_asked_formula_is_not_said_twice(tmp_path: Path) -> None:
    (tmp_path / "asked.yaml").write_text(
        "hwcheck: 1\nproblems:\n  a:\n    given: {x: [1, 4]}\n    network: y = x^2\n"
        "    questions:\n      q: {find: ['y[2]', y[1] - x[2], {d: y[2] - y[1]}]}\n",
        encoding="utf-8",
    )
    text = solution_text(solve(load_sheet(str(tmp_path / "asked.yaml"))), 100)
    assert "y[2] = y[2]" not in text
    assert "y[1] - x[2] = y[1]" not in text
    assert re.search(r"d = y\[2\] − y\[1\] +16 − 1 += 15", text)


def test_a_symbolic_solution_shows_formulas_and_shapes() -> None:
    text = solution_text(solution("symbolic"), 100)
    assert "W: a m x n matrix" in text
    assert "dL/dW = dL/dz xᵀ" in text


@pytest.mark.parametrize("cells", [48, 100])
def test_a_derivation_looks_like_this(golden: Callable[[str, str], None], cells: int) -> None:
    golden(f"solution-derived-{cells}", solution_text(solution("derived"), cells))


def test_a_symbolic_answer_is_given_as_a_chain_and_expanded() -> None:
    text = " ".join(solution_text(solution("derived"), 200).split())
    for problem in solution("derived").problems:
        for quantity in problem.parts[0].quantities:
            if quantity.role == "asked":
                forms = [tree for tree in (quantity.chain, quantity.expanded) if tree is not None]
                assert " = ".join(["", *map(unicode, forms)]).strip() in text.replace(
                    f"({show_shape(quantity.shape)}) ", ""
                )
                assert quantity.reason in text
    chain = next(
        q for q in solution("derived").problems[0].parts[0].quantities if q.name == "dL/dx" and q.role == "asked"
    )
    assert (plain(chain.chain), chain.value) == ("dL/dyhat * f3' * (w3 * f1' * w1 + w4 * f2' * w2)", None)


def test_json_has_the_chain_where_there_is_one() -> None:
    read = json.loads(solution_json(solution("derived")))
    for problem, found in zip(solution("derived").problems, read["problems"], strict=True):
        for (_, quantity), record in zip(listed(problem), found["quantities"], strict=True):
            for key_, tree in (("chain", quantity.chain), ("expanded", quantity.expanded)):
                assert record.get(key_) == (None if tree is None else plain(tree))
                assert (key_ in record) == (tree is not None)
            assert record.get("reason", "") == quantity.reason
    numeric = json.loads(solution_json(solution("sheet5")))
    for found in numeric["problems"]:
        assert not any({"chain", "expanded", "reason"} & set(record) for record in found["quantities"])


def test_a_large_array_is_cut_to_its_corners_with_its_shape_said() -> None:
    text = solution_text(solution("large"), 100)
    assert "9 × 10" in text
    assert "…" in text


def test_rounding_the_steps_changes_what_is_put_in_and_the_value() -> None:
    rounded = solution_text(solution("sheet5", round_to=2), 100, 2)
    assert "sigmoid(0.31)" in rounded
    assert "0.2·0.58 − 0.2·0.43 + 0" in rounded


@pytest.mark.parametrize("cells", [100, 48])
def test_a_solution_looks_like_this(golden: Callable[[str, str], None], cells: int) -> None:
    whole = solution("sheet5")
    golden(f"solution-sheet5-{cells}", solution_text(whole._replace(problems=whole.problems[:1]), cells))


def test_a_solution_in_markdown_looks_like_this(golden: Callable[[str, str], None]) -> None:
    golden("solution-exercise3-markdown", solution_markdown(solution("exercise3")))


def test_a_slice_is_put_in_as_what_it_takes(tmp_path: Path) -> None:
    """Where a formula is shown with matrices, `x[2]` is the second row and not the whole of x behind an index."""
    path = tmp_path / "sheet.yaml"
    entries = ", ".join(f"[{row}1, {row}2, {row}3, {row}4]" for row in range(1, 4))
    path.write_text(
        "hwcheck: 1\nproblems:\n  a:\n"
        f"    given: {{x: [{entries}], u: [1, 2, 3, 4]}}\n"
        "    network: M = 3 u x[2]ᵀ\n    questions: {q: M}\n",
        encoding="utf-8",
    )
    text = solution_text(solve(load_sheet(str(path))), 100)
    assert "[2]" not in text.partition("M = 3 u x[2]ᵀ")[2]
    assert "⎡ 21 ⎤" in text, text


CHANNELS = """
hwcheck: 1
problems:
  a:
    given:
      x: [[[0, 1, 2], [2, 1, 0], [1, 1, 2]], [[1, 0, 1], [0, 2, 1], [2, 1, 0]]]
      K: [[[[1, 0], [0, 1]], [[0, 1], [-1, 0]]], [[[0, 3], [1, 0]], [[1, 1], [0, 0]]]]
      b: [1, -2]
      y: 1
    network:
      input: x
      layers: [{conv2d: {weights: K, bias: b}}]
      loss: sum(a1^2)/2
    questions: {q: [a1, dL/dK, dL/dx]}
"""


SINGLE = """
hwcheck: 1
problems:
  a:
    given: {x: [[1, 2, 0, 1], [0, 1, 3, 1], [2, 1, 0, 2], [1, 0, 1, 1]], K: [[1, 0], [-1, 2]], b: 0.5}
    network: z = conv(x, K) + b
    questions: {q: z}
"""


def read_matrices(text: str) -> list[np.ndarray]:
    """Read the matrices of two rows that stand side by side on two lines."""
    first, second = text.split("\n")[:2]
    rows = zip(re.findall(r"⎡(.*?)⎤", first), re.findall(r"⎣(.*?)⎦", second), strict=True)
    return [np.array([[float(n.replace("−", "-")) for n in row.split()] for row in both]) for both in rows]


def test_channels_are_worked_out_matrix_by_matrix(tmp_path: Path) -> None:
    """The working of a filter shows what each channel gives, and these add up, with the bias, to the value."""
    path = tmp_path / "channels.yaml"
    path.write_text(CHANNELS, encoding="utf-8")
    single = tmp_path / "single.yaml"
    single.write_text(SINGLE, encoding="utf-8")
    solved = solve(load_sheet(str(path)))
    text = solution_text(solved, 100)
    working = text.partition("z1 = ")[2].partition("\n")[2]
    bias = [1, -2]
    (z1,) = (each.value for each in solved.problems[0].parts[0].quantities if each.name == "z1")
    assert z1 is not None
    lines = working.split("\n")
    for at in range(2):
        parts = read_matrices("\n".join(lines[2 * at :]))
        assert len(parts) == 2
        assert np.array_equal(parts[0] + parts[1] + bias[at], z1[at])
    assert len(re.findall(r"\n +(?:= )?\[1,1\] = 1·", solution_text(solve(load_sheet(str(single))), 60))) == 1
    assert text.partition("dL/dK = ")[2].partition("dL/db")[0].count("conv(") == 5
    assert all(len(line) <= 60 for line in solution_text(solved, 60).split("\n"))


WORKED = """
hwcheck: 1
problems:
  a:
    given: {p: [1, 4, -2], y: [1.5, 1, 0], s: [3.2, 5.1, -1.7], k: 1, x: [1, 2], W: [[0.1, 0.2], [0.3, 0.4]]}
    network: |
      H = huber(p, y, 1)
      C = cross_entropy_logits(s, one_hot(k, 3))
      h[0] = zeros(2)
      h[t] = tanh(W h[t-1] + x[t]) for t = 1..2
      G = 1/2 sum(if(p > 0, p, 2 p))
      R = ||x||^2
      D = 0.5/x[2]
    train: {loss: R, parameters: [x], learning_rate: 0.1 * 0.5^(t - 1), steps: 2}
    questions: {q: [H, C, h, G, x_new]}
"""


def test_numbers_put_in_are_those_that_a_person_writes(tmp_path: Path) -> None:
    """Of cases the one that holds, of a one-hot vector its numbers, and nothing where a formula only lays out."""
    path = tmp_path / "worked.yaml"
    path.write_text(WORKED, encoding="utf-8")
    text = re.sub(r"\s+", " ", solution_text(solve(load_sheet(str(path))), 100))
    assert "1/2 · (1 − 1.5)² + 1 · (|4 − 1| − (1/2)·1) + 1 · (|−2 − 0| − (1/2)·1)" in text
    assert "(1 + 4 + 2·(−2))" in text
    assert "==" not in text
    assert "h = ⎡ 0.7616" in text
    assert "= zeros(2) = ⎡ 0 ⎤" in text
    assert "0.5/2" in text
    assert "R@1 = ‖x‖² 1² + 2² = 5" in text
    assert "lr@2 = 0.1 · 0.5^(2 − 1) = 0.05" in text


def test_a_given_without_a_value_says_what_it_is() -> None:
    given = "{a: bit, p: probability, y: one-hot 3, v: vector 2, s: {shape: scalar, in: [-1, 1]}}"
    questions = "questions: {q: {derive: z}}"
    sheet = sheet_of(f"hwcheck: 1\nproblems:\n  a:\n    given: {given}\n    network: z = a + p + s\n    {questions}\n")
    out = " ".join(solution_text(solve(sheet), 100).split())
    for words in (
        "a: a bit",
        "p: a number from 0 to 1",
        "y: a one-hot vector of 3",
        "v: a vector of 2",
        "from -1 to 1",
    ):
        assert words in out, out
