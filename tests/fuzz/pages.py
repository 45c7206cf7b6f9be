"""YAML pages: sound ones in every style, whose tree is known, and what people and their editors break in them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple, TypeAlias

#: A tree that was meant: a text, a list, or pairs.
Meant: TypeAlias = "str | list[Meant] | dict[str, Meant]"

WORDS = [
    *["0.31", "-0.28", ".5", "4.953e-3", "x", "w0 x", "max(0, z1)", "h[1]", "no", "~", "2001-13-45", "0:0.5", "1_000"],
    *[
        "it's",
        "a b",
        "dJ/dW1",
        "W1 U + b1",
        "-",
        "é",
        "∂J",
        "0x1f",
        "=",
        "a,b",
        "x: y",
        "# no comment",
        "a #b",
        "a # b",
    ],
]
NAMES = ["X1", "dJ/dW2", "W1_new", "f", "1", "a b", "d", "W1[1,2]", "ŷ", "x:y", "e", "no", "it's", "y-1"]
#: Texts that a plain scalar of a block, and of a list in brackets, can hold.
PLAIN = [word for word in WORDS if word not in ("-", "x: y", "# no comment", "a # b", "a #b")]
BARE = ["0.31", "-0.28", ".5", "4.953e-3", "x", "no", "dJ/dW1", "é", "0:0.5", "w0 x"]


def page(random: Random) -> tuple[str, Meant]:
    """Write a sound page of random structure; give what it means as well."""
    meant = pairs(random, 3)
    lines = block(meant, random, 0)
    if random.random() < 0.1:
        lines.insert(0, "---")
    if random.random() < 0.1:
        lines.append("...")
    return "\n".join(commented(lines, random)) + random.choice(["\n", "", "\n\n"]), meant


def pairs(random: Random, depth: int) -> dict[str, Meant]:
    return {name: meant(random, depth - 1) for name in random.sample(NAMES, random.randint(1, 5))}


def meant(random: Random, depth: int) -> Meant:
    kind = random.random()
    if depth <= 0 or kind < 0.4:
        return random.choice(WORDS) if random.random() < 0.9 else ""
    if kind < 0.6:
        return [meant(random, depth - 1) for _ in range(random.randint(1, 4))]
    return pairs(random, depth)


def block(tree: Meant, random: Random, column: int) -> list[str]:
    """Write a tree in block style, from a column on; of a text the lines begin with what follows a key."""
    pad = " " * column
    lines: list[str] = []
    if isinstance(tree, str):
        return text(tree, random, column)
    for item in tree if isinstance(tree, list) else tree.items():
        head = "-"
        if isinstance(item, tuple):
            head, item = key(item[0], random) + ":", item[1]
        flow = flowed(item, random) if random.random() < 0.4 else None
        deeper = column + random.choice([1, 2, 2, 4])
        if isinstance(item, str) or flow is not None:
            first, *more = text(item, random, column) if isinstance(item, str) else [flow]
            lines += [f"{pad}{head} {first}".rstrip() if not first else f"{pad}{head} {first}", *more]
        elif head == "-" and random.random() < 0.5:
            inner = block(item, random, column + 2)
            lines += [f"{pad}- {inner[0][column + 2 :]}", *inner[1:]]
        else:
            same = isinstance(item, list) and head != "-" and column > 0 and random.random() < 0.3
            lines += [pad + head, *block(item, random, column if same else deeper)]
    return lines


def key(name: str, random: Random) -> str:
    return random.choice([name, name, f'"{name}"', "'" + name.replace("'", "''") + "'"])


def text(word: str, random: Random, column: int) -> list[str]:
    """Write a text in one of the styles: what follows the key, and the lines below it."""
    single = "'" + word.replace("'", "''") + "'"
    below = " " * (column + random.choice([1, 2, 3]))
    styles = [[single], [f'"{word}"']]
    if word in PLAIN:
        styles += [[word]] * 3
    if not word:
        return random.choice([[""], ["''"], ['""']])
    if " " in word and word in PLAIN and "#" not in word:
        styles.append([part if not at else below + part for at, part in enumerate(word.split(" ", 1))])
    styles += [[random.choice(["|", "|-", ">", ">+", "| # which"]), below + word]]
    return random.choice(styles)


def flowed(tree: Meant, random: Random) -> str | None:
    """Write a tree in brackets, where YAML and this program agree about the commas."""
    if isinstance(tree, str):
        if tree in BARE and (" " not in tree or random.random() < 0.5):
            return tree
        return "'" + tree.replace("'", "''") + "'" if tree else "''"
    parts = [flowed(item, random) for item in (tree if isinstance(tree, list) else tree.values())]
    if any(part is None for part in parts):
        return None
    gap = random.choice([" ", "", "  "])
    if isinstance(tree, list):
        return f"[{gap}{f',{gap}'.join(map(str, parts))}{gap}]"
    names = ["'" + name.replace("'", "''") + "'" if name not in BARE else name for name in tree]
    return "{" + ", ".join(f"{name}: {part}" for name, part in zip(names, parts, strict=True)) + "}"


def commented(lines: Sequence[str], random: Random) -> list[str]:
    """Put comments and empty lines between the lines, but not into texts that go on."""
    if any(line.rstrip().endswith(("|", "|-", ">", ">+", "which")) for line in lines):
        return [*lines]
    return [
        each
        for line in lines
        for each in ([random.choice(["", "# a: b", "   # 'x"])] if random.random() < 0.1 else []) + [line]
    ]


class Defect(NamedTuple):
    """Something that breaks a page: lines, in the place of one, and the codes of which one must be said about them.

    In the lines PAD is for the blanks of the line, and NAME for its name; `whole` tells that the file is refused.
    """

    forms: tuple[str, ...]
    codes: frozenset[str]
    whole: bool = False

    def lines(self, random: Random, pad: str, name: str) -> list[str]:
        """Write it."""
        return random.choice(self.forms).replace("PAD", pad).replace("NAME", name).split("\n")


def defect(codes: str, *forms: str, whole: bool = False) -> Defect:
    return Defect(forms, frozenset(codes.split()), whole)


#: What may take the place of the line `PADNAME: value`.
DEFECTS: dict[str, Defect] = {
    "tab": defect("HW107", "\tNAME: 0.5", "\t\tNAME: 0.5", " \t NAME: [0.5, 1]"),
    "twice": defect("HW102", "PADNAME: 0.5\nPADNAME: 0.25", "PADNAME: 0.5\nPAD'NAME': [1, 2]"),
    "anchor": defect("HW105", "PADNAME: &a 0.5", "PADNAME: &a [1, 2]", "PADNAME: &a\nPAD  b: 1"),
    "alias": defect("HW105", "PADNAME: *w1", "PADNAME: *a # b"),
    "tag": defect("HW105", "PADNAME: !!float 0.5", "PADNAME: !x [1]", "PADNAME: !!binary MC41"),
    "merge": defect("HW105", "PADNAME: {<<: 1, a: 2}", "PADNAME:\nPAD  <<: {a: 1}"),
    "bracket": defect("HW106", "PADNAME: [0.5, 0.25", "PADNAME: [[1, 2]", "PADNAME: [1, 2)", "PADNAME: {a: [1}"),
    "quote": defect("HW104", "PADNAME: '0.5", 'PADNAME: "0.5', "PADNAME: '0.5' x", 'PADNAME: "a" "b"'),
    "sign": defect("HW104", "PADNAME: `y`", "PADNAME: @y", "PADNAME: %y", "PADNAME: |y - yhat|", "PADNAME: > 0.5"),
    "colon": defect("HW104", "PADNAME: a: b", "PADNAME: y = 0: 1", "PADNAME: 0.5:"),
    "bare": defect("HW108", "PADNAME = 0.5", "PADsome words", "PAD0.5, 0.25"),
    "touching": defect("HW108", "PADX1:0.5", "PADX1:[1, 2]", "PADX1:'a'"),
    "crooked": defect("HW107", "PAD NAME: 0.5", "PAD  NAME: [1]"),
    "comment": defect("HW414", "PADNAME: # 0.5", "PADNAME:   # a vector of 2: [0.31, -0.28]"),
    "second": defect("HW110", "PADNAME: 0.5\n---\na: 1", whole=True),
    "deep": defect("HW109", f"PADNAME: {'[' * 33}", f"PADNAME: {'[' * 900}", f"PADNAME:\nPAD {'- ' * 40}1", whole=True),
    "bomb": defect("HW105", "PADNAME: &a {<<: [*a, *a]}", whole=True),
    "control": defect("HW006", "PADNAME: 0.5\x07", "PADNAME: \x1b[31m", "PADNAME: \x9b", "PAD\x00NAME: 1", whole=True),
}  # fmt: skip
