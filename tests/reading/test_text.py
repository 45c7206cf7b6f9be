"""Whatever people typed is harmless, and as wide as a terminal shows it."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.text import closest, cut, inert, safe_text, width

ANYTHING = st.text(st.characters(codec=None), max_size=80)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\x7fb", "a\\x7fb"),
        ("\x9b2J", "\\x9b2J"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\u202etxt", "<U+202E>txt"),
        ("x\u200by", "x<U+200B>y"),
        ("\ud800", "<U+D800>"),
        ("\ufffe", "<U+FFFE>"),
        ("\U000e0041", "<U+E0041>"),
        ("∂J/∂ŷ ≥ 0.5 ᵀ", "∂J/∂ŷ ≥ 0.5 ᵀ"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_controls_and_invisible_characters_are_named(typed: str, shown: str) -> None:
    assert safe_text(typed) == shown


def test_newlines_are_kept_on_request() -> None:
    assert safe_text("a\nb\x1b", keep_newlines=True) == "a\nb\\x1b"


def test_no_character_at_all_reaches_a_terminal_that_acts_on_it() -> None:
    for code in range(sys.maxunicode + 1):
        for char in safe_text(chr(code)):
            assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"), hex(code)


def test_a_tower_of_combining_marks_is_cut_down() -> None:
    shown = safe_text("a" + "\u0301" * 500)
    assert sum(unicodedata.combining(char) > 0 for char in shown) < 10


@given(ANYTHING, st.integers(0, 100))
def test_a_limit_holds_in_cells(text: str, most: int) -> None:
    shown = safe_text(text, most)
    assert width(shown) <= most
    whole = safe_text(text)
    assert shown == whole if width(whole) <= most else whole.startswith(shown[:-1])


@given(ANYTHING)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    assert safe_text(safe_text(text)) == safe_text(text)


def test_width_counts_cells() -> None:
    assert [width(each) for each in ("", "abc", "日本", "e\u0301", "ŷ", "⎡0⎤")] == [0, 3, 4, 1, 1, 3]


def test_cut_leaves_room_for_the_ellipsis() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("日本語", 4) == "日…"
    assert cut("日本", 4) == "日本"
    assert cut("abc", 0) == ""


@given(st.lists(st.sampled_from(["::", ":", "#", "##", "[", "error", "vso", " ", "\n", "x"]), max_size=12).map("".join))
def test_no_line_of_a_log_is_a_command(text: str) -> None:
    shown = inert(text)
    for line in shown.split("\n"):
        assert not line.strip().startswith("::")
        assert "##[" not in line
        assert "##vso[" not in line
    assert shown.replace("\\x3a", ":").replace("\\x23", "#") == text
    assert inert(shown) == shown
    assert safe_text(text, keep_newlines=True) == shown


def test_closest_words() -> None:
    assert closest("a3", ["x", "a1", "w3"]) == ["a1"]
    assert closest("w1", ["W11", "W1", "w2"])[0] == "W1"
    assert closest("learning_rat", ["loss", "learning_rate"]) == ["learning_rate"]
    assert closest("zzz", ["loss", "steps"]) == []
    assert closest("alpha_1", ["alpha_2", "beta", "Alpha_1"], 2) == ["Alpha_1", "alpha_2"]
    assert closest("x" * 100_000, ["x" * 99_999]) == []
