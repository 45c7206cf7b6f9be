"""`hwcheck explain`: every code has a page, whatever way it is typed, on every width."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from hwcheck.cli import main
from hwcheck.diagnostics import CODES
from hwcheck.marking.slips import SLIPS
from hwcheck.render.codes import CATEGORIES, KINDS, SEEN, codes_text
from hwcheck.text import width

Screen = pytest.CaptureFixture[str]


@pytest.mark.parametrize("typed", ["UPD_SIGN_ONE", "upd_sign_one", "Upd-Sign-One", " upd sign one "])
def test_case_and_dashes_do_not_matter(typed: str, capsys: Screen, golden: Callable[[str, str], None]) -> None:
    assert main(["explain", typed]) == 0
    golden("explain-slip", capsys.readouterr().out)


def test_without_a_code_all_are_listed(
    capsys: Screen, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["explain"]) == 0
    shown = capsys.readouterr().out
    listed = [line.split()[0] for line in shown.splitlines() if line.startswith("  ") and line[2] != " "]
    assert sorted(listed) == sorted([*SLIPS, *CODES])
    golden("explain-list", shown)


@pytest.mark.parametrize("code", ["HW103", "hw103", "Hw412"])
def test_remarks_on_files_are_explained(code: str, capsys: Screen) -> None:
    assert main(["explain", code]) == 0
    shown = capsys.readouterr().out
    name, meaning = CODES[code.upper()]
    assert shown.startswith(f"{code.upper()} · {name}\n")
    assert " ".join(shown.split()).endswith(meaning)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("UPD_SIGN", "UPD_SIGN_ONE"), ("dropzero", "DROP_ZERO"), ("HW1033", "HW103"), ("soft-max-diag", "SOFTMAX_DIAG")],
)
def test_an_unknown_code_is_answered_with_the_one_most_like_it(typed: str, meant: str, capsys: Screen) -> None:
    assert main(["explain", typed]) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert f"there is no code {typed!r}: did you mean {meant!r}?" in caught.err


def test_a_word_that_is_like_no_code_is_told_where_they_are(capsys: Screen) -> None:
    assert main(["explain", "\x1b[31mxyzzy"]) == 2
    shown = capsys.readouterr().err
    assert "`hwcheck explain` lists all codes." in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("room", [20, 40, 60, 100])
@pytest.mark.parametrize("asked", [*SLIPS, *CODES, None])
def test_no_line_is_wider_than_the_page(asked: str | None, room: int) -> None:
    shown = codes_text([asked] if asked else [], room)
    for line in shown.splitlines():
        assert width(line) <= room or len(line.split()) == 1, line


def test_a_page_says_all_that_a_row_knows(capsys: Screen) -> None:
    for code, row in SLIPS.items():
        shown = " ".join(codes_text([code], 100).split())
        for sentence in (row.name, row.what, row.hint, row.see, row.alike, *row.example):
            assert " ".join(sentence.split()) in shown, (code, sentence)
        assert {row.category} <= set(CATEGORIES)
        assert {row.kind} <= set(KINDS)
        assert {row.weight} <= set(SEEN)


def test_json_has_every_field_of_every_code(capsys: Screen) -> None:
    assert main(["explain", "--format", "json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert whole["schema"] == "hwcheck/codes/v1"
    assert {each["code"] for each in whole["codes"]} == {*SLIPS, *CODES}
    assert main(["explain", "drop-zero", "--format", "json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["codes"]
    assert one in whole["codes"]
    row = SLIPS["DROP_ZERO"]
    assert one["example"] == row.example._asdict()
    assert (one["name"], one["hint"], one["weight"]) == (row.name, row.hint, row.weight)


# --- quantities of a sheet ----------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["plain", "json", "markdown"])
def test_a_quantity_of_a_sheet_is_derived(format: str, capsys: Screen) -> None:
    assert main(["explain", "sheet5", "dJ/dW1", "--problem", "1", "--format", format]) == 0
    caught = capsys.readouterr()
    assert caught.err == ""
    if format == "json":
        read = json.loads(caught.out)
        assert (read["sheet"], read["problem"], read["quantity"]) == ("sheet5", "1", "dJ/dW1")
        assert read["paths"] == [["W1", "X1", "Y1", "X2", "Y2", "J"]]
        assert read["expanded"] == "((W2.T (Y2 - y)) .* Y1 .* (1 - Y1)) U.T"
        assert np.shape(read["value"]) == (2, 3)
    else:
        assert "W1 → X1 → Y1 → X2 → Y2 → J" in caught.out


def test_digits_are_those_asked(capsys: Screen) -> None:
    assert main(["explain", "sheet5", "J", "--problem", "1", "--digits", "7"]) == 0
    assert "0.7078975" in capsys.readouterr().out


def test_of_several_problems_the_first_is_taken_and_the_others_are_named(capsys: Screen) -> None:
    assert main(["explain", "sheet5", "dJ/dW1"]) == 0
    caught = capsys.readouterr()
    assert caught.out.startswith("NN Sheet 5 · problem 1 · dJ/dW1")
    assert caught.err == "note: dJ/dW1 stands in other problems too, see --problem: 2, 3\n"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["sheet5", "dJ/dW7", "--problem", "1"], "`W7` is not defined: did you mean `W2`?"),
        (["sheet5", "J", "--problem", "9"], "the sheet has no problem '9'"),
        (["sheet5"], "'sheet5' is a sheet: name the quantity too, hwcheck explain sheet5 dJ/dW1"),
        (["nosheet.yaml"], "'nosheet.yaml' is a sheet: name the quantity too"),
        (["DROP_ZERO", "--problem", "1"], "--problem belongs to a quantity of a sheet"),
        (["HW103", "--digits", "4"], "--digits belongs to a quantity of a sheet"),
        (["HW103", "--format", "markdown"], "markdown is for a quantity of a sheet"),
        (["nosheet", "J"], "nosheet"),
        (["sheet5", "\x1b[31mJ", "--problem", "1"], ""),
    ],
)
def test_what_cannot_be_explained_is_a_usage_error(typed: list[str], said: str, capsys: Screen) -> None:
    assert main(["explain", *typed]) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert said in " ".join(caught.err.split())
    assert "\x1b" not in caught.err
