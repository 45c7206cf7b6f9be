"""What is said of problems that were left out is kept, and is what would be worked out anew."""

from __future__ import annotations

import pytest

from hwcheck import load_sheet, verify
from hwcheck.files import Source
from hwcheck.marking.answers import answers_of
from hwcheck.marking.pages import blank
from hwcheck.marking.wanted import Page
from hwcheck.sheet.tracks import in_track
from tests.bundled import SHEETS


@pytest.mark.parametrize("name", SHEETS)
def test_what_is_kept_is_what_is_worked_out(name: str) -> None:
    sheet = load_sheet(name)
    for track in sheet.tracks or ("",):
        for file in ("a.yaml", "b.yaml"):  # the second time from what was kept
            text = f"track: {track}\nanswers: {{}}\n"
            report = verify(sheet, answers_of(Source(file, text, text.encode())))
            found = []
            for problem in sheet.problems.values():
                page = Page(file, in_track(problem, track), [])
                found += blank(page)[0]
                assert page.found == []
            # those of other tracks are left out, and a bonus is noted, after this
            for each in report.findings:
                assert each._replace(bonus=False) in found, each.quantity
            assert track or len(report.findings) == len(found)
