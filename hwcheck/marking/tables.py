"""What was written into a table of values: rows by what heads them or in order, as mappings, lists, or lines of text.

A row is named by the givens or the step that it is about. A text may have a line of titles above; its further columns
are working that was not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ..diagnostics import Span
from ..sheet.problem import Question
from ..sheet.tables import STEP
from ..yamltree import Map, Scalar, Seq, Tree, locate
from .brackets import pieces_of, words_of
from .formulas.tables import cells_in, plain_title, warn_of_row, warn_of_second
from .typed import is_blank
from .wanted import Page, Wanted, wanted_of

Cells = list[tuple[Wanted, Tree]]

#: A line between the titles and the rows.
RULE = re.compile(r"(?=.*(?:--|──|==))[-=:|+─┼│\s]*")
#: `x1 = ` before the value of a given, `step` before a number, brackets around several.
LABEL = re.compile(r"(?<![\w.])[^\W\d]\w*\s*[=:]?|[()\[\]@]")
NEW = "new"
#: Rows that do not belong to a table and are reported one by one.
MOST_WARNED = 3
#: So many lines of a text are read, and so many cells of a line; no table has more.
MOST_LINES, MOST_CELLS = 10_000, 200


def values_in(page: Page, question: Question, tree: Tree) -> list[Cells]:
    """Give for each row of a table of values what was written in it; report what belongs to no row or column."""
    out: list[Cells] = [[] for _ in question.parts]
    if is_blank(tree):
        return out
    if isinstance(tree, Map) and all(_column(question, title.text) is not None for title, _ in tree.items):
        tree = _turned(tree)
    titles: list[Tree] = []
    left: list[Scalar] = []
    before: dict[int, Span] = {}  # where the rows stand that were read
    rows = page._replace(found=[])  # what is said of a column would be said in every row
    name: Scalar | None
    for at, (name, row) in enumerate(_lines_of(tree)):
        if isinstance(row, list) and not titles and at == 0 and _is_head(question, row):
            titles = row
            continue
        if isinstance(row, list):
            row, name = _headed(question, row, titles, name)
        number = at - bool(titles) if name is None else _found(page, question, name.text)
        blank = all(is_blank(each) for each in cells_in(row))
        if number is not None and number < len(out):
            if blank and number in before:
                continue
            here = (_scalar(row, tree) if name is None else name).span
            if number in before:
                warn_of_second(page, question, question.rows[number], before[number], here)
            out[number] = _cells(rows, question, number, row, titles)
            before.update({} if blank else {number: here})
        elif name is not None or not blank:
            left.append(_scalar(row, tree) if name is None else name)
    page.found.extend(list({each.message: each for each in reversed(rows.found)}.values())[: -MOST_WARNED - 1 : -1])
    for title in left[:MOST_WARNED]:
        warn_of_row(page, question, title)
    if len(left) > MOST_WARNED:
        more = f"{len(left) - MOST_WARNED} more rows do not belong to the table"
        page.warn("HW411", more, left[MOST_WARNED].span, question.id, "")
    return out


def _column(question: Question, title: str) -> int | None:
    """Give the number of the column that a title names."""
    wanted = plain_title(title.replace("¦", "|"))  # a template writes no bars but those between the cells
    return next((at for at, column in enumerate(question.columns) if plain_title(column) == wanted), None)


def _found(page: Page, question: Question, title: str) -> int | None:
    """Give the number of the row that a title names: `0 1`, `01`, `x1 = 0, x2 = 1`, `step 2`."""
    if plain_title(title) == NEW and page.problem.steps is not None and question.parts[0].head[0][0] == STEP:
        title = str(page.problem.steps + 1)
    wanted = _numbers(title)
    heads = [_numbers(", ".join(value for _, value in part.head)) for part in question.parts]
    if len(wanted) == 1 and len(heads[0]) > 1 and not title.strip("01 "):
        wanted = [float(digit) for digit in title.strip()]
    return heads.index(wanted) if wanted in heads else None


def _numbers(title: str) -> list[float | str]:
    """Give the numbers in the title of a row; what is none is kept as it was typed."""
    found: list[float | str] = []
    for piece in re.split(r"[\s,;|]+", LABEL.sub(" ", title.replace("−", "-"))):
        try:
            found += [float(piece)] if piece else []
        except ValueError:
            found.append(piece)
    return found


def _turned(tree: Map) -> Tree:
    """Give a mapping of columns as lines with the titles above."""
    titles = [title for title, _ in tree.items]
    columns = [_split(value) if isinstance(value, Scalar) else list(cells_in(value)) for _, value in tree.items]
    blank = titles[0]._replace(text="", style="raw")
    rows = [
        Seq(tuple(column[at] if at < len(column) else blank for column in columns), tree.span, "", True)
        for at in range(max(map(len, columns)))
    ]
    return Seq((Seq(tuple(titles), tree.span, "", True), *rows), tree.span, tree.raw, False)


def _lines_of(tree: Tree) -> Iterator[tuple[Scalar | None, Tree | list[Tree]]]:
    """Give the rows as they were written: under a title, or as cells in order."""
    if isinstance(tree, Map):
        for name, row in tree.items:
            yield name, row if isinstance(row, Map) else _split(row) if isinstance(row, Scalar) else list(row.items)
    elif isinstance(tree, Seq):
        for row in tree.items:
            yield None, row if isinstance(row, Map) else _split(row) if isinstance(row, Scalar) else list(row.items)
    else:
        start = 0
        lines = tree.text.split("\n") if "\n" in tree.text.strip() else pieces_of(tree.text, ";")
        for line in islice(lines, MOST_LINES):
            if line.strip() and not RULE.fullmatch(line):
                head, colon, rest = line.partition(":")
                named = colon and "|" not in head
                at = start + len(head) + 1 if named else start
                title = _piece(tree, start, head) if named else None
                yield title, _split(_piece(tree, at, rest if named else line), tree, at)
            start += len(line) + 1


def _piece(tree: Scalar, start: int, text: str) -> Scalar:
    """Give a stretch of a text with its place in the file."""
    lead = len(text) - len(text.lstrip())
    end = start + max(len(text.rstrip()), lead)
    return tree._replace(text=text.strip(), style="raw", span=locate(tree, start + lead, end))


def _split(line: Scalar, whole: Scalar | None = None, start: int = 0) -> list[Tree]:
    """Cut a line into its cells: at bars, else at commas, else at blanks."""
    text = line.text.strip()
    if "|" in text:
        pieces = pieces_of(text, "|")
        if len(pieces) > 1:
            pieces = pieces[bool(not pieces[0].strip()) : -1 if not pieces[-1].strip() else None]
    else:
        pieces = pieces_of(text, ",")
        if len(pieces) == 1:  # a minus at the end stands in a blank cell
            pieces = text.split() if text.endswith(" -") else words_of(text)
    cells: list[Tree] = []
    at = start
    for piece in pieces[:MOST_CELLS]:
        cell = piece.strip()
        place = whole.text.find(cell, at) if whole is not None and cell else -1
        span = line.span if whole is None or place < 0 else locate(whole, place, place + len(cell))
        at = place + len(cell) if place >= 0 else at
        cells.append(line._replace(text=cell, style="raw", span=span))
    return cells


def _is_head(question: Question, row: Sequence[Tree]) -> bool:
    """Tell whether a line has the titles of the columns."""
    texts = [each.text for each in row if isinstance(each, Scalar)]
    return any(_column(question, text) is not None for text in texts) and len(texts) == len(row)


def _headed(
    question: Question, row: list[Tree], titles: list[Tree], name: Scalar | None
) -> tuple[list[Tree], Scalar | None]:
    """Take what heads a row off it: the givens of the row, in order or under their titles; give what names the row."""
    heads = [plain_title(head) for head, _ in question.parts[0].head]
    if titles:
        named = [plain_title(each.text) if isinstance(each, Scalar) else "" for each in titles]
        places = [named.index(head) for head in heads if head in named]
        if len(places) < len(heads):
            return row, name
    elif name is None and len(row) == len(question.columns) + len(heads):
        places = list(range(len(heads)))
    elif name is None and len(heads) > 1 and len(row) == len(question.columns) + 1:
        places = [0]
    else:
        return row, name
    cells = [row[at] for at in places if at < len(row)]
    scalars = [each for each in cells if isinstance(each, Scalar) and not is_blank(each)]
    if scalars and len(scalars) == len(cells):
        name = scalars[0]._replace(text=", ".join(each.text for each in scalars))
    return (row if titles else row[len(places) :]), name


def _cells(page: Page, question: Question, number: int, row: Tree | list[Tree], titles: list[Tree]) -> Cells:
    """Give the cells of a row with the quantities that they are about."""
    part = question.parts[number]
    if isinstance(row, Map):
        pairs: list[tuple[Tree | None, Tree]] = [(title, value) for title, value in row.items]
    else:
        cells = cells_in(row)
        if titles:
            pairs = list(zip(titles, cells, strict=False))
        else:
            pairs = [(None, cell) for cell in cells[: len(part.asks)]]
            if any(not is_blank(cell) for cell in cells[len(part.asks) :]):
                wanted = f"{len(part.asks)} of `{'`, `'.join(question.columns)}`"
                message = f"the row {question.rows[number]} has {len(cells)} cells"
                page.warn("HW412", message, cells[0].span, question.id, f"write {wanted}, or the titles above them")
    out: Cells = []
    heads = [plain_title(head) for head, _ in part.head]
    for at, (title, cell) in enumerate(pairs):
        column = at if title is None else _column(question, title.text) if isinstance(title, Scalar) else None
        if column is not None:
            ask = part.asks[column]
            out.append((Wanted(ask.name, ask.tree, True), cell))
        elif isinstance(title, Scalar) and plain_title(title.text) not in heads and not is_blank(cell):
            if page.problem.steps is not None and part.head[0][0] == STEP:
                title = title._replace(text=f"{title.text.strip()}@{part.head[0][1]}")
            further = wanted_of(page, part, title)
            out += [(further, cell)] if further is not None else []
    return out


def _scalar(row: Tree | Sequence[Tree], tree: Tree) -> Scalar:
    """Give something of a row that can be named in a message."""
    texts = [each.text if isinstance(each, Scalar) else each.raw for each in cells_in(row)]
    first = next((each for each in cells_in(row) if isinstance(each, Scalar)), None)
    span = first.span if first is not None else tree.span
    return Scalar(" ".join(texts), "raw", span, " ".join(texts), ())
