"""Nothing malformed counts, nothing else is lost, and no text of a student reaches the output as more than text."""

from __future__ import annotations

import json
import time
import unicodedata
from pathlib import Path

import pytest

from hwcheck.cli import run

VALUES = [
    *("nan", ".nan", "inf", "-.inf", "true", "null", "[]", "[[]]", "[nan, nan]", "{a: 1}", "!!float 0.5", "&a 1", "*a"),
    *("__import__('os').system('id')", "eval(1)", "$(id)", "`id`", "{0.__class__}", "answer", "J", "Y2", "reference"),
    *("9^9^9^9", "1e999999999", "1e-999999999", "9" * 5000, "170!", "1/0", "0/0", "ln(-1)", "e^800"),
    *("sum(i = 1..1000, sum(j = 1..1000, i*j))", "sum(i = 1..1000000, i)", "max(i = 1..100000, i)"),
    *("sum(ones(30000, 30000))", "sum(I(30000))", "sum(diag(ones(30000)))", "ones(1000000000)"),
    *("(" * 5000, "[" * 40 + "1" + "]" * 40, "-" * 5000 + "1", "1 + " * 900 + "1", "array(" * 100 + "1" + ")" * 100),
    *('"' + "[" * 2000 + "1" + "]" * 2000 + '"', '"' + "[1;" * 900 + "1" + "]" * 900 + '"', "[" + "1 " * 90_000 + "]"),
    *("'" + "a = " * 20_000 + "1'", "x" * 200_000, "," * 200_000, "|\n        (\n" + "        a\n" * 20_000),
    *('"\\e[31m\\a\\x9b\\u202e"', "0.5\u202e", "0.5\u200b1", "<b>x</b>", '"[/x] | ![a](b) @u `c`"', "0.5 or 0.6", ">0"),
    *("\\input{/etc/passwd}", "'%s%n'", "0x1p-1", "٣", "∞", "2001-13-45 x", "[1, [2]]", "0,70789", "70.789%"),
]
PLACES = {"X1": "d", "Y2": "d", "J": "f", "W1": "d", "dJ/dX1": "d", "dJ/dX1[1]": "f", "dJ/dW1[1,2]": "d", "W1_new": "h"}


def harmless(text: str) -> bool:
    return all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in text)


def verified(path: Path, text: str, capsys: pytest.CaptureFixture[str], form: str = "json") -> tuple[int, str, str]:
    path.write_text(text, encoding="utf-8")
    start = time.process_time()
    code = run(["verify", str(path), "--format", form, "--color", "never"])
    out, err = capsys.readouterr()
    assert time.process_time() - start < 5  # a tenth of it is usual; what grows without limit takes minutes
    assert code in (0, 1, 2), err
    assert "Traceback" not in err
    assert "Warning" not in err
    assert harmless(out)
    assert harmless(err)
    return code, out, err


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_no_hostile_value_counts_anywhere_or_takes_others_with_it(
    value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by_question: dict[str, str] = {}
    for name, question in PLACES.items():
        by_question[question] = by_question.get(question, "") + f"      {name}: {value}\n"
    by_question["d"] += "      X2: 0.02929\n"
    text = 'sheet: sheet5\nanswers:\n  "1":\n' + "".join(f"    {id}:\n{some}" for id, some in by_question.items())
    code, out, _ = verified(tmp_path / "a.yaml", text, capsys)
    if code == 2:  # the file as a whole is past a limit
        assert out == ""
        return

    def constant(name: str) -> float:
        raise ValueError(name)

    found = [each for each in json.loads(out, parse_constant=constant)["findings"] if each["problem"] == "1"]
    assert not [each for each in found if each["quantity"] in PLACES and each["verdict"] == "correct"]
    assert [each["answer"] for each in found if each["quantity"] == "X2"] == ["0.02929"]


@pytest.mark.parametrize("form", ["plain", "table", "markdown"])
def test_every_format_shows_hostile_texts_as_text(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for value in VALUES:
        text = f'sheet: sheet5\nstudent: {value[:80]}\nanswers:\n  "1":\n    f: {value}\n    "{form}": 1\n'
        verified(tmp_path / "a.yaml", text, capsys, form)


@pytest.mark.parametrize(
    "name",
    ["../sheet5", "/etc/passwd", "http://x/y", "/dev/zero", "..", ".hidden", "-", '"a\\0b"', "a" * 5000, "[a]", ""],
)
def test_answers_cannot_name_a_file(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = verified(tmp_path / "a.yaml", f'sheet: {name}\nanswers:\n  "1":\n    f: 1\n', capsys)
    assert (code, out) == (2, "")
    assert "HW230" in err


def test_settings_in_the_answers_have_no_effect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = 'sheet: sheet5\nanswers:\n  "1":\n    f: 0.7078954\n'
    more = "score: 100\nmax_score: 1\ntolerance: 9\nmarking: {wrong: 1}\nquestions: {}\nresults: [1]\n"
    first, second = (json.loads(verified(tmp_path / "a.yaml", text, capsys)[1]) for text in (plain, plain + more))
    assert (first["score"], first["findings"]) == (second["score"], second["findings"])
    assert len(second["diagnostics"]) == 6
