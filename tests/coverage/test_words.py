"""Rows 74 to 76: options chosen, put in order and matched, words for a person to read, and points by track."""

from __future__ import annotations

import json

import pytest

from hwcheck import verify
from tests.coverage.judging import STUDENT, Case, check, report, sheet
from tests.marking.students import answers_of, sheet_of

ANSWERS = (
    # options on a par may stand in any order
    Case(74, "sheet5-questions", "15", "1", STUDENT, "", "correct"),
    Case(74, "sheet5-questions", "15", "1", "learning rate; size of the mini-batches, units of the hidden layers, "
         "momentum; decay of the learning rate, number of layers; parameters of Adam", "", "correct"),
    Case(74, "sheet5-questions", "15", "1", "momentum -> learning rate -> units of the hidden layers -> size of the "
         "mini-batches -> number of layers -> decay of the learning rate -> parameters of Adam", "", "wrong"),
    # what the student chose; feedback connections are meant, not those that skip
    *(Case(74, "sheet5-questions", "15", question, STUDENT, "", "wrong" if question == "6" else "correct")
      for question in ("2", "3", "4", "5", "6", "7", "8", "9", "10")),
    Case(74, "sheet5-questions", "15", "8", "dropout", "", "wrong"),
    *(Case(74, "sheet5-questions", problem, question, STUDENT, "", "correct")
      for problem, question in (("4", "meaning"), ("4", "large"), ("5", "size"), ("6 uses", "output"), ("8", "roles"),
                                ("8", "split"), ("9", "signs"), ("9", "error"), ("13", "what"), ("13", "why"))),
    *(Case(74, "homework4", problem, question, STUDENT, "", "correct")
      for problem, question in (("3", "needed"), ("3", "which"), ("5b", "which"), ("5b", "over"), ("7", "report"))),
    *(Case(74, "exercise3-questions", "4.4", question, STUDENT, "", "correct")
      for question in ("meaning", "large", "small")),
    *(Case(74, "exercise3-questions", "4.3", question, STUDENT, "", "correct") for question in ("every run", "says")),
    # words are never marked wrong, and never right either
    *(Case(74, name, problem, question, STUDENT, "", "manual")
      for name, problem, question in (
          ("sheet5-questions", "5", "why"), ("sheet5-questions", "7", "which"), ("sheet5-questions", "7", "how"),
          ("sheet5-questions", "9", "examples"), ("homework4", "3", "why"), ("homework4", "5a", "why"),
          ("homework4", "6", "why"), ("homework4", "7", "causes"), ("exercise3-questions", "2.2", "why"),
          ("exercise3-questions", "4.1", "observed"), ("exercise3-questions", "4.2", "observed"),
          ("exercise3-questions", "4.3", "why"), ("layers", "1.3c", "why"), ("homework3", "3", "why"))),
    Case(74, "sheet5-questions", "7", "how", "no random search from coarse to fine", "", "manual"),
)  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_an_answer_gets_the_verdict_that_its_row_names(case: Case) -> None:
    """The list grades words by keywords; the design puts all words aside for a person."""
    check(case)


def test_row_74_a_wrong_option_takes_off_a_right_one() -> None:
    (found,) = (each for each in report("homework4").findings if (each.problem, each.question) == ("6", "reasons"))
    assert (found.verdict, found.marks, found.max_marks) == ("wrong", 2, 3)


def test_row_74_what_the_student_did_not_write_is_blank() -> None:
    found = {(each.problem, each.question): each.verdict for each in report("sheet5-questions").findings}
    assert found["14", "which"] == "blank"


#: The points that the questions of the document have, by track: the regular ones and the bonus.
POINTS = {
    "undergraduate": ({"1": 10, "2": 10, "3": 10, "4": 10, "Part 2": 60}, {"5": 5, "Part 2": 5}),
    "graduate": ({"1": 10, "2": 10, "3": 10, "4": 10, "5": 10, "Part 2": 50}, {"Part 2": 5}),
}


@pytest.mark.parametrize("track", POINTS)
def test_rows_75_and_76_points_and_bonus_of_each_track(track: str) -> None:
    """Question 5 is not for undergraduates: it gives them a bonus, which is no part of the 100 points."""
    found = verify(sheet("homework3"), answers_of(f"track: {track}\nanswers: {{}}\n"))
    regular: dict[str, float] = {}
    bonus: dict[str, float] = {}
    for each in found.findings:
        points = bonus if each.bonus else regular
        points[each.problem] = points.get(each.problem, 0) + each.max_marks
    wanted = POINTS[track]
    assert {name: points for name, points in regular.items() if points} == wanted[0]
    assert {name: points for name, points in bonus.items() if points} == wanted[1]
    assert sum(regular.values()) == 100
    assert found.track == track


#: The same table with questions that a program can mark.
TABLE = """
hwcheck: 1
problems:
  a:
    questions:
      "1": {choose: [p, q], key: p, points: 10}
      "2": {choose: [p, q], key: p, points: 10}
      "3": {choose: [p1, p2, p3, p4, p5], key: [p1, p2, p3, p4, p5], points: 10}
      "4": {choose: [p, q], key: p, points: 10}
      "5": {choose: [p, q, r], key: [p, q], points: {graduate: 10}, bonus: {undergraduate: 5}}
      T1: {choose: [p, q], key: p, points: {undergraduate: 30, graduate: 25}}
      T2: {choose: [p, q], key: p, points: {undergraduate: 30, graduate: 25}}
      both: {choose: [p, q], key: p, points: 5, bonus: yes}
"""


@pytest.mark.parametrize(("track", "fifth", "score"), [("undergraduate", "p, q", 108), ("graduate", "p", 98)])
def test_row_75_a_score_with_bonus_may_be_above_100(track: str, fifth: str, score: float) -> None:
    answers = {**dict.fromkeys(("1", "2", "4", "T1", "T2", "both"), "p"), "3": "p1, p2, p3, p4", "5": fifth}
    lines = "".join(f"    {json.dumps(name)}: {answer}\n" for name, answer in answers.items())
    found = verify(sheet_of(TABLE), answers_of(f"track: {track}\nanswers:\n  a:\n{lines}"))
    assert (found.score, found.max_score) == (score, 100)
