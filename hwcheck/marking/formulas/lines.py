"""A student's derivation cut into its lines, and a line into the formulas that it says are equal.

Nothing is read here: a text is cut at its line ends, at `=` and arrows outside of brackets, and at `or`. What stands in
brackets belongs together, and a line that begins with an operator goes on with the one above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...record import NamedTuple
from ...yamltree import Scalar, Seq, Tree, folded

#: Signs between two formulas that are said to be equal.
EQUAL = ("⟹", "⇒", "⇔", "→", "⟶", "←", "≈", "≡", "=>", "->", ":=", "=")
SIGN = re.compile("|".join(map(re.escape, EQUAL)))
COMPARED = ("==", "<=", ">=", "!=")
FOR = re.compile(r"(?<=\s)for\b")
#: The same in LaTeX, which are taken for the signs; what only lays lines out is taken away.
LATEX = {r"\Rightarrow": "⇒", r"\implies": "⇒", r"\rightarrow": "→", r"\to": "→", r"\approx": "≈", r"\equiv": "≡"}
LAYOUT = re.compile(
    r"\\(?:begin|end)\{(?:aligned|align|equation|gather|split|eqnarray)\*?\}|\$\$?|\\\[|\\\]|\\[()]|&(?==)"
)
MATRIX = re.compile(r"\\begin\{([pbvBV]?matrix|cases|array)\}.*?\\end\{\1\}", re.DOTALL)
#: Words that lead a definition in, and what is said behind a formula.
LEADS = re.compile(r"^\s*(?:where|with|let|using|so|thus|hence|then|and|therefore)\b[\s,:]*", re.IGNORECASE)
SAID = re.compile(
    r"\\(?:text|mathrm|textit)\{\s*\([^{}]*\)\s*\}|\\quad|\\qquad|[,;]\s*(?:because|since|as|due)\b.*$"
    r"|\s\((?:chain|product|quotient) rule\)|[.,;]\s*$",
    re.IGNORECASE,
)
#: Behind a comma or a semicolon, the next definition: `X^T r, r = X w - y`.
NEXT = re.compile(r"[,;]\s*(?:where\s+|with\s+)?(?=[^\W\d]\w*\s*=[^=])")
OR = re.compile(r"(?:(?<=\s)|^)(?:or|\\text\{\s*or\s*\}|\\mathrm\{\s*or\s*\})(?=\s|$)", re.IGNORECASE)
GOES_ON = ("+", "*", "·", "⊙", "×", "/", "^", "⋅", "∘", r"\cdot", r"\odot", r"\times")
OPEN, CLOSE = "([{", ")]}"
MOST_LINES = 40
MOST_PARTS = 20


class Line(NamedTuple):
    """One line: as typed, the formulas that it says are equal, and whether `or` joins it to the line above."""

    text: str
    parts: tuple[str, ...]
    other: bool = False


def text_of(tree: Tree) -> str:
    """Give what was typed as text with its line ends: a block, the items of a list below each other, or one line."""
    if isinstance(tree, Scalar):
        return tree.text if tree.style in ("literal", "raw") else folded(tree)
    if isinstance(tree, Seq) and not tree.flow:
        return "\n".join(text_of(item) for item in tree.items)
    return tree.raw


def lines_of(text: str) -> list[Line]:
    """Cut a text into its lines; of more than `MOST_LINES`, those before the last are left out.

    >>> [line.parts for line in lines_of("a = b + c\\n = 2 b or x(j = 1)")]
    [('a', 'b + c'), ('2 b',), ('x(j = 1)',)]
    """
    out: list[Line] = []
    for row in _rows(text):
        for at, piece in enumerate(OR.split(row)):
            for said in _sayings(piece):
                parts = tuple(_parts(said))
                if parts:
                    out.append(Line(said.strip(), parts, at > 0))
    return out if len(out) <= MOST_LINES else [*out[: MOST_LINES - 1], out[-1]]  # the last one is the answer


def _sayings(piece: str) -> Iterator[str]:
    """Give what a line says: a formula, then perhaps definitions behind commas; words around them are left out."""
    start = seen = depth = 0
    for found in NEXT.finditer(piece):
        depth, seen = depth + _depth(piece[seen : found.start()]), found.start()
        if depth == 0:
            yield _bare(piece[start : found.start()])
            start = found.end()
    yield _bare(piece[start:])


def _bare(said: str) -> str:
    """Take the words around a formula away."""
    return SAID.sub(" ", LEADS.sub("", said)).strip()


def _rows(text: str) -> list[str]:
    """Give the lines of a text, with those put together that belong together."""
    for command, sign in LATEX.items():
        text = re.sub(re.escape(command) + r"(?![A-Za-z])", sign, text)
    rows: list[list[str]] = []
    depth = 0  # of the brackets that the row above leaves open
    for row in LAYOUT.sub(" ", _broken(text)).split("\n"):
        if not row.strip():
            continue
        above = rows[-1][-1].rstrip() if rows else ""
        goes_on = row.lstrip().startswith(GOES_ON) or above.endswith((*GOES_ON, "-", "(", "[", "{", ","))
        if rows and (goes_on or depth > 0):
            rows[-1].append(row.strip())
            depth += _depth(row)
        else:
            rows.append([row])
            depth = _depth(row)
    return [" ".join(parts) for parts in rows]


def _broken(text: str) -> str:
    """Put a line end for each double backslash outside of matrices."""
    pieces: list[str] = []
    at = 0
    for found in MATRIX.finditer(text):
        pieces += [text[at : found.start()].replace("\\\\", "\n"), found[0]]
        at = found.end()
    return "".join([*pieces, text[at:].replace("\\\\", "\n")])


def _depth(text: str) -> int:
    return sum((char in OPEN) - (char in CLOSE) for char in text)


def _parts(row: str) -> Iterator[str]:
    """Cut a line at the signs of equality outside of brackets; what stands behind `for` is left whole."""
    depth = start = at = count = 0
    while at < len(row):
        char = row[at]
        depth += (char in OPEN) - (char in CLOSE)
        if depth == 0 and row.startswith(COMPARED, at):
            at += 2
            continue
        if depth == 0 and FOR.match(row, at):
            break
        sign = SIGN.match(row, at) if depth <= 0 and count < MOST_PARTS else None
        if sign:
            if row[start:at].strip():
                count += 1
                yield row[start:at].strip()
            at = start = sign.end()
            continue
        at += 1
    if row[start:].strip():
        yield row[start:].strip()


#: Words for the case that is left.
ELSE = ("else", "otherwise")
CONDITION = re.compile(r"<|>|=|≤|≥|\\le|\\ge")


def cases_of(tree: Tree) -> list[tuple[str, Tree]]:
    """Give the cases that an answer is written by, each with its formula: `y = 0: ...`; none where it is not."""
    if isinstance(tree, Scalar):
        return _cases_in(tree)
    if isinstance(tree, Seq):
        each = [case for item in tree.items for case in cases_of(item)]
        return each if len(each) >= len(tree.items) > 0 and not tree.flow else []
    titles = [title.text.strip() for title, _ in tree.items]
    if not all(_is_case(title) for title in titles):
        return []
    return [(_condition(title), value) for title, (_, value) in zip(titles, tree.items, strict=True)]


def _cases_in(tree: Scalar) -> list[tuple[str, Tree]]:
    """Give the cases that stand in a text, one a line or with semicolons between."""
    rows = [row for line in text_of(tree).split("\n") for row in line.split(";") if row.strip()]
    found: list[tuple[str, Tree]] = []
    for row in rows:
        title, colon, formula = row.partition(":")
        if not colon or formula.startswith("=") or not formula.strip() or not _is_case(title):
            return []
        found.append((_condition(title), tree._replace(text=formula.strip(), style="raw")))
    return found


def _is_case(title: str) -> bool:
    plain = _condition(title)
    return plain.lower() in ELSE or (_depth(plain) == 0 and CONDITION.search(plain) is not None)


def _condition(title: str) -> str:
    """Give the condition of a case without the word before it."""
    return re.sub(r"^\s*(?:if|for|when|where|case)\s+", "", title.strip(), flags=re.IGNORECASE)
