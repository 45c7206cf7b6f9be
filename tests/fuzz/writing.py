"""Formulas and numbers made from a grammar, with their value, and texts that are nearly such."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from tests.fuzz.arithmetic import FUNCTIONS

#: How tightly things bind, weakest first.
SUM, NEGATIVE, PRODUCT, ROW, POWER, ATOM = range(6)
SIGNS = {"-": "-−–", "*": "*·×", "+": "+"}
#: What is put into texts: signs of the language, of other languages, and what no screen should get.
ODD = [
    *"()[]{}|,;:=<>'\"^*/@+-.!%_#&$~`\\?²ᵀ₁∂∇σ√⊙½…•",
    *["..", "||", "@2", "e", "e9", "1e", "0x1", "1_0", "0,5", "\\frac{", "}{", "f'", " = ", " ≈ ", "if(", "\n", "\t"],
    *["\u202e", "\u2066", "\u200b", "\ufeff", "\x1b[31m", "\x9b", "\x00", "\x07", "\u2028", "\ud800", "\u0302"],
    *["х", "٣", "９", "∞", "nan", "inf", "true", "null", "sum(i = 1..9, ", " for j = 1..2", "J", "W1", "answer"],
    *["::error::", "##[x]", "<b>", "]]>", "{{", "\\input{x}", "=1+1", "__class__", "1/0", "^9^9^9"],
]


class Tree(NamedTuple):
    """A number, a name, or an operation: what is written there, and the parts."""

    op: str
    text: str
    parts: tuple[Tree, ...] = ()


def literal(random: Random) -> Tree:
    """Make a number as people write them."""
    whole, digits = random.choice([0, 0, 1, 2, 3, 7, 12]), random.randrange(10**4)
    forms = [f"{whole}.{digits:04}", f"{whole}.{digits % 100}", f"{whole}.5", f".{digits + 1}", f"{whole + 1}."]
    text = random.choice([*forms, str(whole + 1), f"{digits + 1}e-3", f"{whole}.25E+0"])
    return Tree("number", text)


def tree(random: Random, names: tuple[str, ...], size: int) -> Tree:
    """Make a formula of about that many parts."""
    if size <= 1:
        return Tree("name", random.choice(names)) if names and random.random() < 0.7 else literal(random)
    op = random.choice(["+", "-", "*", "row", "/", "^", "negative", "function"])
    if op == "function":
        return Tree(op, random.choice([*FUNCTIONS]), (tree(random, names, size - 1),))
    if op == "negative":
        return Tree(op, "-", (tree(random, names, size - 1),))
    if op == "^":
        return Tree(op, "^", (tree(random, names, size - 1), Tree("number", random.choice("223"))))
    left = random.randint(1, size - 1)
    return Tree(op, op, (tree(random, names, left), tree(random, names, size - left)))


def worth(made: Tree, names: Mapping[str, float]) -> float:
    """Work out a formula, not from its text.

    Raises:
        ValueError, ZeroDivisionError, OverflowError: it has no value.
    """
    if made.op == "number":
        return float(made.text)
    if made.op == "name":
        return names[made.text]
    first, *others = (worth(part, names) for part in made.parts)
    if made.op == "function":
        return FUNCTIONS[made.text](first)
    if made.op == "negative":
        return -first
    if made.op == "^":
        return math.pow(first, others[0])
    if made.op == "/":
        return first / others[0]
    return first + others[0] if made.op == "+" else first - others[0] if made.op == "-" else first * others[0]


def written(made: Tree, random: Random, least: int = SUM) -> str:
    """Write a formula in one of its spellings, in brackets where it binds less than the `least`."""
    if made.op in ("number", "name"):
        return made.text
    gap = random.choice(["", " "])
    if made.op == "function":
        return f"{made.text}({written(made.parts[0], random)})"
    if made.op == "negative":
        strength, text = NEGATIVE, f"{random.choice(SIGNS['-'])}{gap}{written(made.parts[0], random, PRODUCT)}"
    elif made.op == "^":
        power = made.parts[1].text
        base = written(made.parts[0], random, ATOM)
        strength, text = (
            POWER,
            base + random.choice([f"^{power}", f" ^ {power}", f"^({power})", f"**{power}", "²³"[power == "3"]]),
        )
    elif made.op == "row":
        left, right = (written(part, random, ROW + at) for at, part in enumerate(made.parts))
        right = right if right[0].isalpha() or right[0] == "(" else f"({right})"
        left = left if made.parts[0].op != "number" or left[-1] != "." else left + "0"
        strength, text = ROW, f"{left} {right}"
    elif made.op == "/":
        left, right = (written(part, random, ATOM) for part in made.parts)
        strength, text = PRODUCT, f"({left}{gap}/{gap}{right})"  # before a factor it would have two readings
    else:
        low = SUM if made.op in "+-" else PRODUCT
        left, right = (
            written(made.parts[0], random, low),
            written(made.parts[1], random, low + (2 if low == SUM else 1)),
        )
        strength, text = low, f"{left}{gap}{random.choice(SIGNS[made.op])}{gap}{right}"
    return f"({text})" if strength < least or random.random() < 0.1 else text


def equal(made: Tree, random: Random, times: int) -> Tree:
    """Rewrite a formula some times so that it means the same."""
    for _ in range(times):
        made = anywhere(made, random, same)
    return made


def other(made: Tree, random: Random, names: tuple[str, ...]) -> Tree:
    """Change one part of a formula, which then most often means something else."""
    return anywhere(made, random, lambda part, random: tree(random, names, random.randint(1, 3)))


def anywhere(made: Tree, random: Random, change: Callable[[Tree, Random], Tree]) -> Tree:
    if not made.parts or random.random() < 0.3:
        return change(made, random)
    at = random.randrange(len(made.parts))
    if made.op == "^" and at == 1:
        return made
    parts = [anywhere(part, random, change) if at == index else part for index, part in enumerate(made.parts)]
    return made._replace(parts=tuple(parts))


def same(part: Tree, random: Random) -> Tree:
    one, more = Tree("number", "1"), literal(random)
    forms = [
        Tree("+", "+", (part, Tree("number", "0"))), Tree("*", "*", (one, part)), Tree("/", "/", (part, one)),
        Tree("-", "-", (Tree("+", "+", (part, more)), more)), Tree("negative", "-", (Tree("negative", "-", (part,)),)),
    ]  # fmt: skip
    if part.op in ("+", "*", "row"):
        forms += [part._replace(parts=part.parts[::-1])] * 4
    return random.choice(forms)


def spoiled(text: str, random: Random, times: int) -> str:
    """Change a text a few times at random places."""
    for _ in range(times):
        at = random.randint(0, len(text))
        to = min(len(text), at + random.choice([1, 1, 1, 2, 5]))
        kind = random.randrange(8)
        if kind < 3:
            text = text[:at] + random.choice(ODD) + text[at:]
        elif kind == 3:
            text = text[:at] + random.choice(ODD) + text[to:]
        elif kind == 4:
            text = text[:at] + text[to:]
        elif kind == 5:
            text = text[:at] + text[at:to] * random.choice([2, 3, 30]) + text[to:]
        elif kind == 6:
            text = text[to:] + text[at:to] + text[:at]
        else:
            text = random.choice(["({})", "[{}]", "'{}'", "{} = {}", "{} or {}", "-{}", "{}%", "array({})"]).replace(
                "{}", text[:400]
            )
    return text[:3000]
