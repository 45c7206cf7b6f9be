"""The score of a sheet is the sum of its points, however they are split."""

import pytest

from tests.marking.students import marked, sheet_of


@pytest.mark.parametrize("sizes", [(3, 5, 5), (3,) * 7, (7, 7, 3), (6, 9, 11)])
def test_parts_of_points_add_up_to_whole_ones(sizes: tuple[int, ...]) -> None:
    names = [[f"q{question}_{at}x" for at in range(size)] for question, size in enumerate(sizes)]
    lines = "".join(f"        {name} = 2 x\n" for some in names for name in some)
    questions = ", ".join(f"{at}: {{find: [{', '.join(some)}], points: 1}}" for at, some in enumerate(names))
    sheet = sheet_of(
        f"hwcheck: 1\nproblems:\n  '1':\n    given: {{x: 0.3}}\n    network: |\n{lines}    questions: {{{questions}}}\n"
    )
    report = marked(sheet, {str(at): dict.fromkeys(some, "0.6") for at, some in enumerate(names)})
    assert (report.score, report.max_score) == (len(sizes), len(sizes))
