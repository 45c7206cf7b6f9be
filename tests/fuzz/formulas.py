"""Answers files in which one value is a number, a matrix or a formula, sound or spoiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random

from tests.fuzz import arithmetic, writing
from tests.fuzz.answers import Parts, nothing, one, put, quoted, right
from tests.fuzz.arithmetic import Refused, Unsure
from tests.fuzz.laws import Outcome
from tests.fuzz.writing import Tree

DERIVED = {
    "z0": "w0 x", "h0": "relu(z0)", "z1": "w1 h0", "h1": "relu(z1)", "z2": "w2 h1 + w3 h0", "yhat": "z2",
}  # fmt: skip
GIVEN = ("x", "w0", "w1", "w2", "w3")


def formula(random: Random) -> Parts:
    kind = random.random()
    if kind < 0.3:
        return number(random)
    if kind < 0.5:
        return matrix(random)
    return derivation(random) if kind < 0.85 else anywhere(random)


def number(random: Random) -> Parts:
    """A number as arithmetic that comes to the key, or to another one; or a text that is nearly one."""
    name, question = random.choice([("J", "f"), ("Y2", "Y2"), ("dJ/db2", "dJ/db2"), ("b2_new", "b2_new")])
    key = {"J": 0.7078954, "Y2": 0.50732, "dJ/db2": 0.50732, "b2_new": -0.025366}[name]
    made = writing.tree(random, (), random.randint(1, 6))
    off = random.choice([0.0, 0.0, 0.1, -0.3, 2.0])
    try:
        rest = key + off - writing.worth(made, {})
        near = abs(rest) < 1e3
    except (ValueError, ZeroDivisionError, OverflowError):
        near = False
    if not near:
        made, rest = Tree("number", "1"), key + off - 1
    text = f"{writing.written(made, random, writing.SUM)} {'-' if rest < 0 else '+'} {abs(rest):.12f}"
    sound = random.random() < 0.5
    if not sound:
        text = writing.spoiled(text, random, random.randint(1, 3))

    def known(found: Outcome, path: Path) -> None:
        verdict = one(found, name).verdict if found.used else "unreadable"
        if sound:
            assert verdict == ("wrong" if off else "correct"), (text, verdict)
            assert one(found, "X1").verdict == "correct"
            return
        try:
            worth = arithmetic.value(text, {})
        except Unsure:
            return
        except Refused:
            assert verdict != "correct", text
        else:
            gap = abs(worth - key)
            assert verdict == "correct" or gap > 1e-9, (text, verdict, worth)
            assert verdict != "correct" or gap < 1e-2 * abs(key), (text, verdict, worth)

    return "sheet5", put(question, quoted(text), right("sheet5")), text, known


ROWS = [["0.0743", "4.953e-3", "-2.4767e-3"], ["-0.0746", "-4.974e-3", "2.48749e-3"]]


def matrix(random: Random) -> Parts:
    """A matrix in one of its layouts, some entries wrong; or a text that is nearly one."""
    rows = [[*row] for row in ROWS]
    wrong = {(at, to) for at in range(2) for to in range(3) if random.random() < 0.15}
    for at, to in wrong:
        rows[at][to] = random.choice(["0.5", "-7e2", "0.0099", "1/3"])
    comma, gap = random.choice([", ", " ", ",", "  "]), random.choice(["; ", "], [", "] [", "]\n            ["])
    text = (
        f"[[{comma.join(rows[0])}{gap}{comma.join(rows[1])}]]" if "[" in gap else f"[{gap.join(map(comma.join, rows))}]"
    )
    sound = random.random() < 0.5
    if not sound:
        text = writing.spoiled(text, random, random.randint(1, 3))
    value = text if random.random() < 0.5 else quoted(text)

    def known(found: Outcome, path: Path) -> None:
        cells = one(found, "dJ/dW1").cells
        for at in range(2):
            for to in range(3):
                assert (cells[at][to] == "correct") == ((at, to) not in wrong), (text, cells)

    return "sheet5", put("dJ/dW1", value, right("sheet5")), text, known if sound else nothing


def derivation(random: Random) -> Parts:
    """A formula that is worth the same as the key, or another; or a text that is nearly one."""
    name = random.choice([*DERIVED])
    above = (*GIVEN, *[other for other in DERIVED if [*DERIVED].index(other) < [*DERIVED].index(name)])
    made = writing.equal(keyed(name), random, random.randint(0, 3))
    if random.random() < 0.5:
        made = writing.other(made, random, above)
    if random.random() < 0.1:
        made = writing.tree(random, above, random.randint(1, 8))
    text = writing.written(made, random)
    sound = random.random() < 0.6
    if not sound:
        text = writing.spoiled(text, random, random.randint(1, 2))

    def known(found: Outcome, path: Path) -> None:
        verdict = one(found, name).verdict if found.used else "unreadable"
        try:
            agree = agreement(partial(writing.worth, made) if sound else partial(arithmetic.value, text), name)
        except Refused:
            agree = False
        assert agree is not False or verdict != "correct", (name, text, verdict)
        assert agree is not True or verdict == "correct", (name, text, verdict)

    return "exercise3-questions", put(name, quoted(text), right("exercise3-questions")), text, known


def keyed(name: str) -> Tree:
    """Give the key of a quantity as a tree of ours."""

    def row(a: str, b: str) -> Tree:
        return Tree("row", "row", (Tree("name", a), Tree("name", b)))

    if name in ("h0", "h1"):
        return Tree("function", "relu", (Tree("name", f"z{name[1]}"),))
    if name == "z2":
        return Tree("+", "+", (row("w2", "h1"), row("w3", "h0")))
    return {"z0": row("w0", "x"), "z1": row("w1", "h0"), "yhat": Tree("name", "z2")}[name]


def agreement(worth: Callable[[Mapping[str, float]], float], name: str) -> bool | None:
    """Tell whether a formula has the values of the key wherever both have one; None where that is not clear."""
    random = Random(7)
    gaps, defined = [], 0
    for _ in range(40):
        names = {each: random.uniform(-2, 2) for each in GIVEN}
        for each in DERIVED:
            names[each] = writing.worth(keyed(each), names)
        right = names.pop(name)  # nothing is told by itself
        try:
            ours = worth(names)
        except (ValueError, ZeroDivisionError, OverflowError, Unsure):
            continue
        defined += 1
        gaps.append(abs(ours - right) / max(1.0, abs(ours)))
    if defined < 40:
        return None if not gaps or max(gaps) < 1e-3 else False
    return True if max(gaps) < 1e-12 else False if sorted(gaps)[20] > 1e-3 else None


PLACES = [
    *[("sheet5-logic", name) for name in ("bias", "name", "b")],
    *[("sheet5-questions", name) for name in ("which", "error", "split")],
    *[("two-two-two", "E"), ("exercise3", "h0")],
]


def anywhere(random: Random) -> Parts:
    """A text that is no answer at all, in a place where one is wanted."""
    text = writing.spoiled(writing.written(writing.tree(random, ("x1", "x2", "z1"), 3), random), random, 2)
    sheet, name = random.choice(PLACES)
    value = random.choice([quoted(text), text.replace("\n", " "), f"\n      {text}: {text}", f"[{text}]"])
    return sheet, put(name, value, right(sheet)), text, nothing
