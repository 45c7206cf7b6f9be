"""What a sheet says about marks: shares, levels of feedback, and the mistakes that its teacher expects."""

from pathlib import Path
from textwrap import dedent

import pytest

from hwcheck import load_sheet
from hwcheck.diagnostics import Diagnostic, Invalid
from hwcheck.formula.show import plain
from hwcheck.sheet import Sheet
from hwcheck.sheet.problem import Marking, OwnSlip

NET = """
    given: {x: [1, 2], W: [[0.5, -1]], y: 1}
    network: |
      z = W x
      o = sigmoid(z)
      J = 1/2 (y - o)^2
    questions: {a: {find: [J, {class: o >= 0.5}]}}
"""
STEPS = "    train: {loss: J, parameters: [W], learning_rate: 0.5, steps: 2}\n"
HALF = "NO_HALF: {in: J, formula: (y - o)^2, message: Look at the factor., credit: 0.5}"


def sheet(folder: Path, top: str = "", problem: str = "", second: str = "") -> Sheet:
    """Load a sheet of one problem or two, with further lines at the top and in the problems."""
    lines = ["hwcheck: 1", top, "problems:", "  a:", NET.strip("\n"), problem.rstrip("\n")]
    lines += ["  b:", "    like: a", second.rstrip("\n")] if second else []
    file = folder / "sheet.yaml"
    file.write_text("\n".join(line for line in lines if line) + "\n", encoding="utf-8")
    return load_sheet(str(file))


def errors(folder: Path, top: str = "", problem: str = "") -> list[Diagnostic]:
    with pytest.raises(Invalid) as caught:
        sheet(folder, top, problem)
    return caught.value.diagnostics


def said(slips: tuple[OwnSlip, ...]) -> list[tuple[str, str, str]]:
    return [(each.code, each.name, plain(each.formula)) for each in slips]


@pytest.mark.parametrize(
    ("top", "problem", "marking"),
    [
        ("", "", Marking(1, 0, 1, False)),
        ("marking: strict", "", Marking(0, 0, 1, True)),
        ("", "marking: strict", Marking(0, 0, 1, True)),
        ("", "marking: {strict: yes}", Marking(0, 0, 1, True)),
        ("marking: strict", "marking: {slip: 0.5}", Marking(0, 0.5, 1, True)),
        ("marking: strict", "marking: {strict: no}", Marking(1, 0, 1, False)),
        ("marking: {strict: no, slip: .25}", "marking: strict", Marking(0, 0.25, 1, True)),
        ("marking: {carried: 0.5, undecided: 0}", "marking: {carried: 0.75}", Marking(0.75, 0, 0, False)),
        ("marking: {strict: true, carried: 0}", "", Marking(0, 0, 1, True)),
    ],
)
def test_a_problems_own_marking_wins_key_by_key(tmp_path: Path, top: str, problem: str, marking: Marking) -> None:
    assert sheet(tmp_path, top, "    " + problem).problems["a"].marking == marking


def test_a_copy_takes_marking_and_slips_over_one_by_one(tmp_path: Path) -> None:
    other = "    marking: strict\n    slips: {TWICE: {in: z, formula: 2 W x, message: Count.}}"
    copy = sheet(tmp_path, "", f"    marking: {{slip: 0.5}}\n    slips: {{{HALF}}}", other).problems["b"]
    assert copy.marking == Marking(0, 0.5, 1, True)
    assert [slip.code for slip in copy.slips] == ["NO_HALF", "TWICE"]


def test_a_share_that_strict_marking_takes_away_is_an_error(tmp_path: Path) -> None:
    (found,) = errors(tmp_path, "marking: {carried: 0.5}", "    marking: strict")
    assert (found.code, found.place) == ("HW204", "problem a, marking")
    assert "strict: no" in found.help


def test_feedback_is_full_unless_the_sheet_says_less(tmp_path: Path) -> None:
    assert sheet(tmp_path).feedback == "full"
    assert sheet(tmp_path, "feedback: where").feedback == "where"
    (found,) = errors(tmp_path, "feedback: none")
    assert "`mark`, `where`, `hint` or `full`" in found.message
    assert {each.code for each in errors(tmp_path, "feedback: [mark]")} == {"HW203"}


def test_conventions_are_kept_where_the_sheet_fixes_them(tmp_path: Path) -> None:
    assert sheet(tmp_path).problems["a"].conventions == {}
    fixed = sheet(tmp_path, "", "    conventions: {mse: mean, samples: rows}").problems["a"].conventions
    assert fixed == {"mse": "mean", "samples": "rows"}


# --- slips ---


def test_a_slip_stands_for_its_quantity_in_the_names_of_the_table(tmp_path: Path) -> None:
    slips = sheet(tmp_path, "", f"    slips: {{{HALF}}}").problems["a"].slips
    assert said(slips) == [("NO_HALF", "J", "(y - o)^2")]
    assert (slips[0].message, slips[0].credit) == ("Look at the factor.", 0.5)


def test_a_slip_is_looked_for_in_every_step_unless_it_names_one(tmp_path: Path) -> None:
    text = """
        slips:
          NO_HALF: {in: J, formula: (y - o)^2, message: Look.}
          SIGN: {in: dJ/dz, formula: (y - o) do/dz, message: Look.}
          PLUS: {in: W_new, formula: W@2 + dJ/dW@2, message: Look.}
          LATE: {in: z@2, formula: 2 W@2 x, message: Look.}
    """
    slips = (
        sheet(tmp_path, "", STEPS + "\n".join("    " + line for line in dedent(text).split("\n"))).problems["a"].slips
    )
    assert said(slips) == [
        ("NO_HALF", "J@1", "(y - o@1)^2"),
        ("NO_HALF", "J@2", "(y - o@2)^2"),
        ("NO_HALF", "J_new", "(y - o_new)^2"),
        ("SIGN", "dJ/dz@1", "(y - o@1) do/dz@1"),
        ("SIGN", "dJ/dz@2", "(y - o@2) do/dz@2"),
        ("PLUS", "W_new", "W@2 + dJ/dW@2"),
        ("LATE", "z@2", "2 W@2 x"),
    ]


def test_a_slip_may_be_made_in_what_is_asked_under_a_new_name(tmp_path: Path) -> None:
    slip = "OTHER_WAY: {in: class, formula: o < 0.5, message: Which side?}"
    assert said(sheet(tmp_path, "", f"    slips:\n      {slip}").problems["a"].slips) == [
        ("OTHER_WAY", "class", "o < 0.5")
    ]


def test_a_slip_of_the_sheet_belongs_to_the_problems_that_have_its_quantity(tmp_path: Path) -> None:
    other = "    network: q = x[1]\n    questions: {a: q}"
    found = sheet(tmp_path, f"slips: {{{HALF}}}", "", other)
    assert [len(problem.slips) for problem in found.problems.values()] == [1, 0]
    own = "    slips: {NO_HALF: {in: J, formula: o, message: Own.}}"
    (slip,) = sheet(tmp_path, f"slips: {{{HALF}}}", own).problems["a"].slips
    assert slip.message == "Own."


@pytest.mark.parametrize(
    ("slip", "code", "message"),
    [
        ("A: {in: q, formula: o, message: m}", "HW103", "`q` is not defined"),
        ("A: {in: J, formula: q, message: m}", "HW103", "`q` is not defined"),
        ("A: {in: x, formula: '1', message: m}", "HW103", "`x` is given"),
        ("A: {in: J, formula: x, message: m}", "HW207", "and this is a vector of 2"),
        ("A: {in: z, formula: W x + o, message: m}", "HW314", "worked out from `z`"),
        ("A: {in: 2 J, formula: o, message: m}", "HW301", "one quantity"),
        ("A: {in: W x, formula: o, message: m}", "HW301", "one quantity"),
        ("A: {in: J, formula: o, message: m, credit: 2}", "HW204", "from 0 to 1"),
        ("lower: {in: J, formula: o, message: m}", "HW204", "a code of capitals"),
        ("A: {in: J, formula: o}", "HW202", "`message` is missing"),
    ],
)  # fmt: skip
def test_a_slip_that_cannot_be_made_is_refused_with_its_place(
    tmp_path: Path, slip: str, code: str, message: str
) -> None:
    (found,) = errors(tmp_path, "", f"    slips: {{{slip}}}")
    assert (found.code, message in found.message) == (code, True), found
    assert found.span is not None


def test_a_slip_of_the_sheet_that_fits_no_problem_is_reported_once(tmp_path: Path) -> None:
    (found,) = errors(tmp_path, "slips: {A: {in: q, formula: o, message: m}}")
    assert (found.code, found.place) == ("HW244", "slip A")
