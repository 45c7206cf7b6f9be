"""What a sheet says that cannot be worked out: each error names the part and what to write instead."""

from textwrap import indent

import pytest

from hwcheck import load_sheet
from hwcheck.diagnostics import Diagnostic, Invalid

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
        (TEXT + "train: {loss: L, parameters: [W], optimizer: adam, learning_rate: 1}\nquestions: {a: z}",
         "this version of hwcheck has no optimizer `adam`", "it has `sgd`"),
        (TEXT + "questions: {a: W_new}", "no training steps", "`train:`"),
        (TRAIN + "questions: {a: {find: z, when: {q: 2}}}", "`q` is not a given", "`x`, `W`, `y`"),
        (GIVEN + "network: |\n  z == W x\n  L = mse(z, y)\nquestions: {a: L}", "is `name = formula`", "write z = W x"),
        (GIVEN + "network: |\n  z := W x\n  L = mse(z, y)\nquestions: {a: L}", "is `name = formula`", "write z = W x"),
        (GIVEN + "network: |\n  z: W x\n  L = mse(z, y)\nquestions: {a: L}", "is `name = formula`", "write z = W x"),
        (GIVEN + "network: |\n  z\n  L = mse(x, y)\nquestions: {a: L}", "is `name = formula`", "write z1 = W1 x + b1"),
        (LAYERS + "relu]\nquestions: {a: z1}", "no layer `relu`", "activation: relu"),
        (LAYERS + "conv]\nquestions: {a: z1}", "no layer `conv`", "`dense`"),
    ],
)  # fmt: skip
def test_an_error_says_what_there_is_instead(problem: str, message: str, fix: str, tmp_path: object) -> None:
    found = errors(problem, tmp_path)
    assert len(found) == 1
    assert message in found[0].message
    assert fix in found[0].help
    assert found[0].span is not None


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
