"""A submission gets the same row to the last byte, whoever else is in the class and whatever they wrote."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from hwcheck import load_sheet
from hwcheck.grading.forms import Forms
from hwcheck.grading.marking import Submission, alone, marked
from tests.benchmarks.grading import handed_in
from tests.bundled import PROBLEMS

NUMBER = re.compile(r"-?\d+\.\d+")
ANSWERS = sorted(PROBLEMS.rglob("*.answers.yaml"))


def edited(text: str, draw: random.Random) -> str:
    """Change what somebody else might have written differently: digits, values, lines, brackets, comments."""
    lines = text.splitlines()
    for _ in range(draw.randint(0, 3)):
        at = draw.randrange(len(lines))
        numbers = list(NUMBER.finditer(lines[at]))
        kind = draw.choice(["digits", "digits", "value", "sign", "left out", "blank", "comment", "spaces", "twice"])
        if kind in ("digits", "value", "sign") and numbers:
            one = draw.choice(numbers)
            new = {
                "digits": one.group()[: -draw.randint(1, 3)] or "0",
                "value": f"{float(one.group()) * draw.choice([0.1, 1.3, -1, 2]):.4g}",
                "sign": one.group().removeprefix("-") if one.group()[0] == "-" else f"-{one.group()}",
            }[kind]
            lines[at] = lines[at][: one.start()] + new + lines[at][one.end() :]
        elif kind == "left out" and numbers:
            del lines[at]
        elif kind == "blank" and numbers:
            lines[at] = lines[at].partition(":")[0] + draw.choice([":", ": ?", ": ''"])
        elif kind == "comment":
            lines[at] += "  # so"
        elif kind == "spaces":
            lines[at] = lines[at].replace(", ", draw.choice([",", " , ", "  "]))
        elif kind == "twice" and numbers:
            lines[at] = lines[at].replace("[", "[[", 1).replace("]", "]]", 1)
    return "\n".join(lines) + "\n"


def alike(sheet: str, files: list[str], draw: random.Random) -> None:
    """Mark a class in several companies, and each file by itself."""
    forms = Forms(load_sheet(sheet))
    by_itself = {file: alone(forms.sheet, file) for file in files}
    for _ in range(2):
        draw.shuffle(files)
        size = draw.choice([1, 7, len(files)])
        for first in range(0, len(files), size):
            some = files[first : first + size]
            found = marked(forms, [Submission(file, "") for file in some])
            for file, each in zip(some, found, strict=True):
                assert each == by_itself[file], file


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.name)
def test_edited_answers_to_every_sheet(path: Path, tmp_path: Path) -> None:
    draw = random.Random(path.name)
    text = path.read_text(encoding="utf-8")
    files = [tmp_path / f"{at}.yaml" for at in range(6)]
    for file in files:
        file.write_text(edited(text, draw), encoding="utf-8")
    alike(str(path).replace(".answers.yaml", ".yaml"), [*map(str, files)], draw)


def test_a_class_of_which_most_are_right(tmp_path: Path) -> None:
    draw = random.Random(3)
    folder = handed_in(tmp_path / "in", 60, seed=4)
    for file in folder.iterdir():
        if draw.random() < 0.3:
            file.write_text(edited(file.read_text(encoding="utf-8"), draw), encoding="utf-8")
    alike("sheet5", [*map(str, folder.iterdir())], draw)


def test_most_pages_of_a_class_have_a_form(tmp_path: Path) -> None:
    from hwcheck.files import ANSWERS_LIMIT, read_source
    from hwcheck.marking.answers import answers_of

    forms = Forms(load_sheet("sheet5"))
    pages = [answers_of(read_source(str(file), ANSWERS_LIMIT)) for file in handed_in(tmp_path / "in", 40).iterdir()]
    forms.briefs(pages[:10])
    found = forms.briefs(pages)
    assert None not in found  # those with a slip have it too
    assert len(forms.known) == len(forms.sheet.problems)  # one for the page, and those of the problems left out
