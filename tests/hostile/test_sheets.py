"""A hostile sheet is solved, or refused in words, and quickly; never a crash."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from hwcheck.cli import run


def sheet(given: str = "x: 2", network: str = "z = x^2", asks: str = "z", train: str = "", title: str = "T") -> str:
    lines = "".join(f"      {line}\n" for line in network.split("\n"))
    return (
        f'hwcheck: 1\ntitle: {title}\nproblems:\n  "1":\n    given: {{{given}}}\n    network: |\n{lines}'
        f"{train}    questions:\n      a: {asks}\n"
    )


def chain(count: int, step: str) -> str:
    return "\n".join(["z0 = x", *(f"z{at} = " + step.replace("Z", f"z{at - 1}") for at in range(1, count))])


TRAIN = "    train: {loss: J, parameters: [x], learning_rate: RATE, steps: STEPS}\n"
SOLVED = {
    "squares": sheet("x: 1.0001", chain(100, "Z^2"), "dz99/dx"),
    "symbolic squares": sheet("x: scalar", chain(100, "Z Z + Z"), "dz99/dx"),
    "fan": sheet("x: 2", "\n".join(f"z{n} = x" + "".join(f" + z{k}" for k in range(n)) for n in range(40)), "dz39/dx"),
    "softmaxes": sheet("x: [1, 2, 3]", chain(20, "softmax(Z)"), "dz19/dx"),
    "overflow": sheet("x: 2", "J = x^4", "[J_new, x_new]", TRAIN.replace("RATE", "10").replace("STEPS", "20")),
    "training": sheet("x: 2", "J = x^2", "J_new", TRAIN.replace("RATE", "0.1").replace("STEPS", "100")),
    "infinite": sheet("x: 0", "z = ln(x)\nw = 1/x\nu = z - z", "[z, w, u, dz/dx]"),
    "long sum": sheet("x: 2", "z = sum(i = 1..250, i*x)", "dz/dx"),
    "long formula": sheet("x: 2", "z = " + "x + " * 240 + "x", "dz/dx"),
    "title": sheet(title='"[bold]x[/y] | <b> `c` ![a](b) \\e[31m\\u202e\\x9b"'),
    "names": sheet("d: 2, e: 3, i: 4, __class__: 1", "z = d e + i __class__"),
}
REFUSED = {
    "long loop": sheet("x: 2", "z = sum(i = 1..1000000, i*x)"),
    "loops": sheet("x: 2", "z = sum(i = 1..1000, sum(j = 1..1000, i*j*x))"),
    "loops of large arrays": sheet("x: ones(1000, 1000)", "z = sum(i = 1..1000, sum(i x))"),
    "many definitions": sheet("x: 2", "h[0] = x\n      h[t] = h[t-1] for t = 1..100000\n      z = x"),
    "ones": sheet("x: 2", "z = sum(ones(30000, 30000)) x"),
    "identity": sheet("x: I(30000)"),
    "diagonal": sheet("x: diag(ones(30000))"),
    "outer": sheet("x: ones(30000)", "z = x xᵀ", "sum(z)"),
    "sizes": sheet("x: ones(1000000000000)"),
    "placed": sheet("x: [1, 2]", "z = place(1, 2, 3)"),
    "brackets": sheet("x: " + "[" * 70 + "1" + "]" * 70),
    "no number": sheet("x: .nan"),
    "rate": sheet("x: 2", "J = x^2", "J_new", TRAIN.replace("RATE", "nan").replace("STEPS", "2")),
    "steps": sheet("x: 2", "J = x^2", "J_new", TRAIN.replace("RATE", "1").replace("STEPS", "1" * 5000)),
    "points": sheet(asks="{find: z, points: .inf}"),
    "itself": "hwcheck: 1\nproblems:\n  a: {like: b}\n  b: {like: a}\n",
    "hidden": sheet(network="z = \u202ex"),
    "tag": sheet('x: !!python/object/apply:os.system ["id"]'),
    "laughs": "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20)),
}
CASES = [(text, 0) for text in SOLVED.values()] + [(text, 2) for text in REFUSED.values()]


@pytest.mark.parametrize(("text", "code"), CASES, ids=[*SOLVED, *REFUSED])
@pytest.mark.parametrize("form", ["json", "plain", "markdown"])
def test_a_hostile_sheet_is_solved_or_refused(
    text: str, code: int, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(text, encoding="utf-8")
    assert run(["solve", str(path), "--format", form]) == code
    out, err = capsys.readouterr()
    assert bool(err) == bool(code)
    assert bool(out) != bool(code)
    assert all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp") for char in out + err)


@pytest.mark.parametrize("text", SOLVED.values(), ids=SOLVED.keys())
def test_the_template_of_a_solved_sheet_is_read_back(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, answers = tmp_path / "s.yaml", tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    assert run(["template", str(path), "-o", str(answers)]) == 0
    assert run(["verify", str(answers), "--sheet", str(path), "--format", "plain"]) in (0, 1), capsys.readouterr().err
