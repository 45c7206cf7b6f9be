"""Answers files of odd structure, with one defect, or with bytes changed at random places."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random

from hwcheck.files import Source
from hwcheck.yamltree import ANSWERS, Map, Scalar, Tree, read_tree
from tests.fuzz import pages, writing
from tests.fuzz.answers import SHEETS, Parts, nothing, right
from tests.fuzz.laws import Outcome
from tests.fuzz.pages import DEFECTS, Meant


def page(random: Random) -> Parts:
    kind = random.random()
    if kind < 0.35:
        return structure(random)
    return broken(random) if kind < 0.9 else rough(random)


def structure(random: Random) -> Parts:
    """A sound page of random structure."""
    text, meant = pages.page(random)

    def known(found: Outcome, path: Path) -> None:
        tree, said = read_tree(Source("a.yaml", text, b""), ANSWERS, recover=True)
        assert tree is not None
        assert (bare(tree), said) == (spaced(meant), []), text

    return "sheet5", text, None, known


def bare(tree: Tree) -> object:
    """Give a tree without its places."""
    if isinstance(tree, Scalar):
        return " ".join(tree.text.split())
    if isinstance(tree, Map):
        return {key.text: bare(value) for key, value in tree.items}
    return [bare(item) for item in tree.items]


def spaced(meant: Meant) -> object:
    if isinstance(meant, str):
        return " ".join(meant.split())
    if isinstance(meant, dict):
        return {key: spaced(value) for key, value in meant.items()}
    return [spaced(item) for item in meant]


VALUES = {
    "d": {"X1": "[0.31, -0.28]", "Y1": "[0.5769, 0.43045]", "X2": "0.02929", "Y2": "0.50732"},
    "g": {"dJ/dW2": "[[0.29267, 0.218376]]", "dJ/db2": "0.50732", "dJ/db1": "[0.024767, -0.0248749]"},
    "h": {"b2_new": "-0.025366", "W2_new": "[[0.1853665, -0.2109188]]", "b1_new": "[-1.23835e-3, 1.243745e-3]"},
}


def broken(random: Random) -> Parts:
    """Right answers in random style, and something broken in the place of one of them."""
    kind = random.choice([*DEFECTS])
    step = random.choice([1, 2, 2, 4])
    rows = [(question, name) for question in VALUES for name in VALUES[question]]
    at = random.randrange(1, len(rows))
    while rows[at][0] != rows[at - 1][0] and kind in ("tab", "crooked", "bare", "touching"):
        at = random.randrange(1, len(rows))  # the first line of a group says where the others stand
    lines = ["sheet: sheet5", "student: s1", "answers:", " " * step + '"1":']
    for question, names in VALUES.items():
        lines.append(" " * 2 * step + f"{question}:")
        for name, value in names.items():
            pad = " " * 3 * step
            if (question, name) == rows[at]:
                lines += DEFECTS[kind].lines(random, pad, name)
            else:
                styled = random.random() < 0.4 and row_after(rows, question, name) != rows[at]
                first, *more = pages.text(value, random, 3 * step) if styled else [value]
                lines += [f"{pad}{name}: {first}", *more]
        if random.random() < 0.2:
            lines.append("# a comment")

    def known(found: Outcome, path: Path) -> None:
        text = "\n".join(lines)
        assert found.codes() & DEFECTS[kind].codes, (kind, text, found.codes())
        assert found.used != DEFECTS[kind].whole, (kind, text)
        verdicts = {each.quantity: each.verdict for each in found.report.findings if each.max_marks}
        for row in rows if found.used else ():
            assert row == rows[at] or verdicts[row[1]] == "correct", (kind, row, verdicts[row[1]], text)

    return "sheet5", "\n".join(lines) + "\n", None, known


def row_after(rows: list[tuple[str, str]], question: str, name: str) -> tuple[str, str] | None:
    """Give the row below one: what stands crooked below a text over several lines belongs to the text."""
    return next((after for row, after in pairwise(rows) if row == (question, name)), None)


def rough(random: Random) -> Parts:
    """Lines of pages and of answers in any order, at any depth, with anything put in between."""
    sheet = random.choice(SHEETS)
    lines = right(sheet).split("\n")
    for _ in range(random.randint(1, 4)):
        more = pages.page(random)[0].split("\n")
        at = random.randrange(len(lines))
        lines[at:at] = [" " * random.choice([0, 2, 4, 6]) + line for line in more[: random.randint(1, 6)]]
    text = "\n".join(lines)
    return (
        sheet,
        writing.spoiled(text, random, 1) if len(text) < 2500 and random.random() < 0.3 else text,
        None,
        nothing,
    )


CODINGS = ("utf-16", "utf-16-le", "utf-8-sig", "latin-1", "cp1252", "utf-32", "cp037")
TOKENS = [
    *[each.encode("utf-8", "surrogatepass") for each in writing.ODD],
    *[b"\xff", b"\xfe\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x00", b"\xc2\x85", b"\xe2\x80\xae"],
    *[b"\r", b"\r\n", b"\n  ", b"\n---\n", b"&a ", b"*a", b"!!x ", b"<<: ", b"? ", b"- ", b": ", b" #", b"\t"],
    *[b"'", b'"', b"|", b"[[", b"}"],
]


def mutated(random: Random) -> Parts:
    """The bytes of real answers, changed at random places."""
    sheet = random.choice(SHEETS)
    data = bytearray(right(sheet).encode())
    if random.random() < 0.12:
        text = right(sheet)
        coding = random.choice(CODINGS)
        data = bytearray(text.encode(coding, "replace"))
    for _ in range(random.choice([1, 1, 2, 3, 8, 30])):
        at = random.randrange(len(data) + 1)
        to = min(len(data), at + random.choice([1, 1, 2, 8, 60]))
        kind = random.randrange(8)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << random.randrange(8)
        elif kind == 1 and at < len(data):
            data[at] = random.randrange(256)
        elif kind == 2:
            del data[at:to]
        elif kind == 3:
            data[at:at] = random.choice(TOKENS)
        elif kind == 4:
            other = right(random.choice(SHEETS)).encode()
            begin = random.randrange(len(other))
            data[at:to] = other[begin : begin + random.choice([3, 20, 200])]
        elif kind == 5:
            data[at:at] = data[at:to] * random.choice([1, 2, 40])
        elif kind == 6:
            data[at:to] = random.choice(TOKENS)
        else:
            lines = data.split(b"\n")
            one, two = random.randrange(len(lines)), random.randrange(len(lines))
            lines[one], lines[two] = lines[two], lines[one]
            data = bytearray(b"\n".join(lines))
    return sheet, bytes(data), None, nothing
