"""A diagnostic shows the line as typed, with carets below what it speaks of, and nothing harmful."""

from __future__ import annotations

import pickle
import re

from hypothesis import given
from hypothesis import strategies as st

from hwcheck.diagnostics import CODES, Diagnostic, Invalid, Span, show_diagnostic, show_diagnostics
from hwcheck.text import width

SHEET = "\n" * 13 + "      z2 = w3 a3 + b2\n"


def carets(shown: str) -> tuple[str, str]:
    """Return the text that stands above the carets, and the line of carets."""
    lines = shown.split("\n")
    below = next(number for number, line in enumerate(lines) if re.fullmatch(r" *\| +\^+", line))
    return lines[below - 1], lines[below]


def test_an_error_of_another_process_says_what_it_said_there() -> None:
    error = Invalid([Diagnostic("HW007", "cannot write", "a.yaml", help="do")], {"a.yaml": "text"})
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.diagnostics, copy.sources, str(copy)) == (error.diagnostics, error.sources, str(error))


def test_the_form_of_the_design() -> None:
    found = Diagnostic(
        "HW103",
        "`a3` is not defined",
        "xor.yaml",
        Span(14, 15, 17),
        "problem 2, network",
        "did you mean `a1`? Defined above: x, w3, b1, b2, z1, a1",
    )
    assert show_diagnostic(found, SHEET) == (
        "error[HW103]: `a3` is not defined\n"
        " --> xor.yaml:14:15  (problem 2, network)\n"
        "   |\n"
        "14 |       z2 = w3 a3 + b2\n"
        "   |               ^^\n"
        "   = help: did you mean `a1`? Defined above: x, w3, b1, b2, z1, a1"
    )


def test_without_a_span_or_a_source_only_the_rest_is_shown() -> None:
    bare = Diagnostic("HW001", "there is no such file", "a.yaml", help="check the name")
    assert show_diagnostic(bare, None) == ("error[HW001]: there is no such file\n --> a.yaml\n  = help: check the name")
    placed = bare._replace(span=Span(3, 1, 2), severity="warning")
    assert show_diagnostic(placed, None).startswith("warning[HW001]")
    assert "^" not in show_diagnostic(placed, None)
    assert "^" not in show_diagnostic(placed, "one line")


@given(
    st.text(st.sampled_from("aZ0 \t日e\u0301\x1b\u202eŷ"), max_size=400),
    st.text(st.sampled_from("xyz日"), min_size=1, max_size=8),
    st.text(st.sampled_from("aZ0 \t日\x1b"), max_size=400),
)
def test_carets_stand_below_the_marked_text(before: str, marked: str, after: str) -> None:
    before = before.rstrip("\u0301") + "|"
    span = Span(1, len(before) + 1, len(before) + len(marked) + 1)
    line, below = carets(show_diagnostic(Diagnostic("HW101", "m", "f", span), before + marked + "|" + after))
    start = width(below[: below.index("^")])
    at = next(index for index in range(len(line)) if width(line[:index]) == start and line[index:].startswith(marked))
    assert width(line[at : at + len(marked)]) == below.count("^")
    assert width(line) <= 110
    assert "\x1b" not in line
    assert "\u202e" not in line


def test_hostile_text_cannot_forge_lines() -> None:
    found = Diagnostic("HW101", "a\n::error::b\x1b", "f\n::x", Span(1, 1, 2), "p\n::y", "h\n::z\x1b")
    for line in show_diagnostic(found, "::w\r\x1b").split("\n"):
        assert not line.startswith("::")
        assert line.isprintable()


def test_a_line_that_is_shown_is_no_command_of_a_runner_and_the_carets_stand_below_it() -> None:
    line = "  X1: ##[error]mine ##vso[task.complete] here #[1] ###[x]"
    found = Diagnostic("HW101", "m", "f", Span(1, line.index("here") + 1, line.index("here") + 5))
    shown, below = carets(show_diagnostic(found, line))
    assert not re.search(r"##\w*\[", shown)
    assert "X1: #\\x23[error]mine" in shown
    assert "here #[1]" in shown
    assert shown[below.index("^") : below.rindex("^") + 1] == "here"


def test_many_diagnostics_are_counted() -> None:
    every = [Diagnostic("HW101", f"number {index}.", "f") for index in range(25)]
    shown = show_diagnostics(every, {})
    assert "number 19." in shown
    assert "number 20." not in shown
    assert shown.endswith("and 5 more")
    assert "more" not in show_diagnostics(every[:20], {})


def test_each_file_is_shown_with_its_own_text() -> None:
    shown = show_diagnostics(
        [Diagnostic("HW101", "m", "a", Span(1, 1, 2)), Diagnostic("HW101", "m", "b", Span(1, 1, 2))],
        {"a": "first", "b": "second"},
    )
    assert "1 | first" in shown
    assert "1 | second" in shown


def test_invalid_says_what_happened() -> None:
    assert "HW001: gone" in str(Invalid([Diagnostic("HW001", "gone", "f")]))


def test_every_code_has_a_name_and_a_sentence() -> None:
    for code, (name, meaning) in CODES.items():
        assert re.fullmatch(r"HW\d{3}", code)
        assert name
        assert meaning.endswith(".")
