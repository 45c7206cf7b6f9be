"""The fuzzer finds what is put into the program for it to find, and its second reader knows arithmetic."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from hwcheck.formula.expr import Call
from hwcheck.marking import typed, verifying
from hwcheck.marking.answers import Answers
from hwcheck.marking.report import Report
from hwcheck.sheet import Sheet
from tests.fuzz import arithmetic, laws, writing
from tests.fuzz.__main__ import main
from tests.fuzz.arithmetic import Refused, Unsure, numbers, value
from tests.fuzz.cases import case_of, play
from tests.fuzz.shrinking import shrunk, smallest


@pytest.mark.parametrize("seed", range(60))
def test_both_readers_and_the_generator_agree_about_a_formula(seed: int) -> None:
    random = Random(seed)
    made = writing.tree(random, ("x", "w0"), random.randint(1, 9))
    names = {"x": 0.7, "w0": -1.3}
    try:
        worth = writing.worth(made, names)
    except (ValueError, ZeroDivisionError, OverflowError):
        return
    for form in (made, writing.equal(made, random, 2)):
        try:
            assert value(writing.written(form, random), names) == pytest.approx(worth, rel=1e-6, abs=1e-9)
        except Unsure:
            assert not abs(worth) < arithmetic.LARGEST or form is not made


def test_the_second_reader_refuses_what_is_no_formula_and_is_not_sure_about_the_rest() -> None:
    for text in ("", "1 +", "(1", "1)", "1.2.3", "2 3", "*2", "x 2", "1,", ".", "1..2"):
        with pytest.raises(Refused):
            value(text, {"x": 1.0})
    for text in ("x/x x", "1/2 x", "q", "½", "1e400", "1/0", "ln(0)", "(1, 2)", "x = 1", "(-1)^0.5"):
        with pytest.raises(Unsure):
            value(text, {"x": 1.0})
    assert value("-2^2 + 3*(1 - .5)", {}) == -2.5
    assert numbers("[1, 2;\n 3e-1 -4]") == ["1", "2", "3e-1", "-4"]
    assert numbers("- [1, 2]\n- [3, -4]") == ["1", "2", "3", "-4"]
    for text, error in (("[1, 2", Refused), ("1.2.3", Refused), ("[1 - 2]", Unsure), ("[x]", Unsure)):
        with pytest.raises(error):
            numbers(text)


def test_a_number_that_is_read_wrongly_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    read = typed.read_number
    path, page = tmp_path / "a.yaml", b'sheet: sheet5\nanswers:\n  "1":\n    f: 0.70789 +\n'
    laws.check(path, page, "sheet5", 0)
    monkeypatch.setattr(typed, "read_number", lambda text: read(text.rstrip("+ ")))
    with pytest.raises(AssertionError, match="no number, and correct"):
        laws.check(path, page, "sheet5", 0)


def test_a_crash_is_found_and_shrunk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verify = verifying.verify

    def fragile(sheet: Sheet, answers: Answers) -> Report:
        if "0.5" in answers.source.text:
            raise ZeroDivisionError
        return verify(sheet, answers)

    seed = next(
        seed
        for seed in range(2, 200, 3)
        if b"0.5" in (case := case_of(seed)).data and laws.outcome(tmp_path / "a.yaml", case.data, case.sheet, 0).used
    )
    monkeypatch.setattr(verifying, "verify", fragile)
    with pytest.raises(ZeroDivisionError) as caught:
        play(case_of(seed), tmp_path / "a.yaml")
    small = shrunk(case_of(seed), caught.value, tmp_path / "a.yaml")
    assert small is not None
    assert b"0.5" in small
    assert len(small) < 20
    assert main(["1", str(seed)]) == 1
    shown = capsys.readouterr().out
    assert f"seed {seed}" in shown
    assert "ZeroDivisionError" in shown
    assert repr(small) in shown


def test_shrinking_takes_out_whatever_it_can() -> None:
    def fails(some: bytes) -> bool:
        return b"x" in some and some.count(b"y") >= 2

    assert smallest(b"aaa\nbxb\nccc\nyyy\n" * 3, fails) in (b"xyy", b"yxy", b"yyx")


def test_a_formula_that_is_printed_as_another_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    laws.check_formula("x - (y - w0)")
    monkeypatch.setattr(laws, "plain", lambda tree: "x - y - w0" if isinstance(tree, Call) else "x")
    with pytest.raises(AssertionError, match="another formula"):
        laws.check_formula("x - (y - w0)")
