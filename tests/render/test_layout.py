"""Blocks: nothing is lost, nothing overlaps, and lines are as wide as they say."""

from hypothesis import given
from hypothesis import strategies as st

from hwcheck.render.layout import Block, Page, below, beside, cells, finished, flow, folded, indented, lines_of, prose
from hwcheck.text import width

WORDS = st.lists(st.sampled_from(["0.31", "−0.28", "+", "−", "·", "ln(0.5", "0.5)", "(1", "漢字", "sigmoid(0.31)"]))
BLOCKS = st.builds(
    lambda rows, base: lines_of(rows)._replace(base=min(base, len(rows) - 1)),
    st.lists(st.text("ab漢⎡ ", max_size=6), min_size=1, max_size=4),
    st.integers(0, 3),
)


def texts(block: Block) -> list[str]:
    return ["".join(content for content, _ in line) for line in block.lines]


@given(WORDS, st.integers(1, 40), st.integers(1, 40))
def test_folding_keeps_every_word_and_the_width(words: list[str], first: int, rest: int) -> None:
    lines = folded(" ".join(words), first, rest)
    assert " ".join(lines).split() == words
    for at, line in enumerate(lines):
        assert width(line) <= (rest if at else first) or len(line.split()) == 1


def test_a_line_is_folded_before_the_sign_in_the_fewest_brackets() -> None:
    assert folded("0.25 · (0.1 + 0.2) + 0.3 · (1 − 0.5)", 32) == ["0.25 · (0.1 + 0.2)", "+ 0.3 · (1 − 0.5)"]


@given(st.text("ab \n漢", max_size=60), st.integers(2, 30))
def test_prose_keeps_every_word_and_the_width(content: str, room: int) -> None:
    lines = texts(prose(content, room))
    assert " ".join(lines).split() == content.split()
    assert all(width(line) <= room or " " not in line for line in lines)


@given(st.lists(BLOCKS, max_size=4), st.integers(0, 3))
def test_blocks_side_by_side_stand_on_one_baseline(blocks: list[Block], gap: int) -> None:
    whole = beside(*blocks, gap=gap)
    assert max(map(cells, whole.lines), default=0) <= whole.width
    at = 0
    for block in blocks:
        for offset, line in enumerate(texts(block)):
            row = texts(whole)[whole.base - block.base + offset]
            assert cut(row, at, width(line)) == line
        at += block.width + gap


def cut(row: str, start: int, size: int) -> str:
    """Give the text that covers so many cells of a line."""
    out, at = "", 0
    for char in row:
        if start <= at < start + size:
            out += char
        at += width(char)
    return out


@given(st.lists(BLOCKS, max_size=6), st.integers(12, 40))
def test_flowing_blocks_keep_their_order_and_the_width(blocks: list[Block], room: int) -> None:
    whole = flow(blocks, room, gap=2)
    assert whole.width <= room
    shown = "".join(texts(whole)).replace(" ", "")
    assert sorted(shown) == sorted("".join("".join(texts(block)) for block in blocks).replace(" ", ""))


@given(st.lists(BLOCKS, max_size=4), st.integers(0, 4))
def test_blocks_below_each_other_are_their_lines(blocks: list[Block], by: int) -> None:
    whole = indented(below(*blocks), by)
    assert [line[by:] for line in texts(whole)] == [line for block in blocks for line in texts(block)]


@given(st.lists(BLOCKS, min_size=1, max_size=3))
def test_a_finished_line_has_no_blanks_at_its_end(blocks: list[Block]) -> None:
    for row, line in zip(finished(beside(*blocks).lines, Page(80, 4)), beside(*blocks).lines, strict=True):
        whole = "".join(content for content, _ in line)
        assert "".join(content for content, _ in row) == whole.rstrip()
