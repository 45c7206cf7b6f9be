"""A second, small reader of formulas, written apart from the first: what it is sure of, the program must agree to.

It knows numbers, names, `+ - * / ^`, brackets, functions with brackets, and products without a sign. Of a text with
anything else, or with two readings, it says that it is not sure; of one in these signs alone that is no formula, that
it is none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

TOKEN = re.compile(r"\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z][A-Za-z0-9_]*)|([-+*/^(),]))")
SAME = str.maketrans("−–·×⋅∗÷∕⁄", "--****///")
KNOWN = re.compile(r"[A-Za-z0-9_+\-*/^()., ]*")
FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt, "exp": math.exp, "ln": math.log, "abs": abs, "tanh": math.tanh, "sin": math.sin, "cos": math.cos,
    "relu": lambda x: max(x, 0.0), "sigmoid": lambda x: 1 / (1 + math.exp(-x)) if x > -700 else 0.0,
}  # fmt: skip
LARGEST = 1e150
LONGEST = 50  # signs of a number


class Unsure(Exception):
    """The text is beyond what is read here."""


class Refused(Exception):
    """The text is no formula."""


def value(text: str, names: Mapping[str, float]) -> float:
    """Work a formula out.

    Raises:
        Unsure: it has signs that are not known here, or two readings, or no finite value.
        Refused: it is no formula.
    """
    text = text.translate(SAME).replace("**", "^").replace("²", "^(2)").replace("³", "^(3)").strip()
    if not KNOWN.fullmatch(text) or re.search(r"[A-Za-z_)]\w*\.$", text):  # a full stop may end a sentence
        raise Unsure(text)
    reader = Reader(text, names)
    try:
        found = reader.sum()
    except (ZeroDivisionError, OverflowError, ValueError) as error:
        raise Unsure(str(error)) from None
    if reader.kind != "end":
        raise Refused(text)
    if isinstance(found, complex) or not abs(found) < LARGEST:
        raise Unsure("no finite value")
    return found


class Reader:
    """One walk over the text, which works out as it reads."""

    def __init__(self, text: str, names: Mapping[str, float]) -> None:
        self.names = names
        self.pieces: list[tuple[str, str, int]] = []
        at = 0
        while at < len(text):
            found = TOKEN.match(text, at)
            if found is None:
                raise Refused(text)
            at = found.end()
            kind = ("number", "name", "sign")[(found.lastindex or 1) - 1]
            self.pieces.append((kind, found.group(found.lastindex or 1), found.start(found.lastindex or 1)))
            if kind == "number" and TOKEN.match(text, at) and text[at] in ".0123456789":
                raise Refused(text)  # 1.2.3
        self.pieces += [("end", "", len(text))] * 3
        self.at = 0
        self.depth = 0

    @property
    def kind(self) -> str:
        return self.pieces[self.at][0]

    @property
    def text(self) -> str:
        return self.pieces[self.at][1]

    def take(self) -> str:
        self.at += 1
        return self.pieces[self.at - 1][1]

    def expect(self, sign: str) -> None:
        if self.text != sign:
            raise Refused(sign)
        self.at += 1

    def sum(self) -> float:
        self.depth += 1
        if self.depth > 30:
            raise Unsure("nested deeply")
        found = self.product()
        while self.text in ("+", "-"):
            found = found + self.product() if self.take() == "+" else found - self.product()
        self.depth -= 1
        return found

    def product(self) -> float:
        found = self.row(False)
        while self.text in ("*", "/"):
            times = self.take() == "*"
            factor = self.row(not times)
            found = checked(found * factor if times else found / factor)
        return found

    def row(self, below: bool) -> float:
        """Read factors side by side; `below` a fraction bar it is open how much stands there."""
        if self.text in ("+", "-"):
            sign = self.take()
            found = self.row(below)
            return -found if sign == "-" else found
        fraction = [piece[0] if piece[0] == "number" else piece[1] for piece in self.pieces[self.at : self.at + 3]]
        found = self.power()
        if fraction == ["number", "/", "number"] and not below:
            after = self.pieces[self.at + 2]
            if after[0] == "name" or after[1] in ("(", "^"):
                raise Unsure("a fraction before a factor")
        while self.kind == "name" or self.text == "(":
            if below:
                raise Unsure("a/b c")
            found = checked(found * self.power())
        if self.kind == "number":
            raise Refused("a number behind a factor")
        return found

    def power(self) -> float:
        found = self.atom()
        if self.text == "^":
            self.at += 1
            sign = -1.0 if self.text == "-" else 1.0
            self.at += self.text in ("+", "-")
            if self.text in ("+", "-"):
                raise Unsure("several signs")
            if self.kind == "name" and self.text in ("T", "t", "new"):
                raise Unsure("transposed")
            exponent = sign * self.power()
            if self.kind == "sign" and self.text == "/":
                raise Unsure("a fraction in a power")
            found = checked(math.pow(found, exponent))
        return found

    def atom(self) -> float:
        if self.kind == "number":
            if len(self.text) > LONGEST:
                raise Unsure("more digits than anybody means")
            return checked(float(self.take()))
        if self.kind == "name":
            name = self.take()
            touching = self.text == "(" and self.pieces[self.at][2] == self.pieces[self.at - 1][2] + len(name)
            if name in FUNCTIONS and self.text == "(":
                self.at += 1
                argument = self.sum()
                self.expect(")")
                return checked(FUNCTIONS[name](argument))
            if name in self.names and not touching:
                return self.names[name]
            raise Unsure(name)
        if self.text == "(":
            self.at += 1
            found = self.sum()
            if self.text == ",":
                raise Unsure("a list")
            self.expect(")")
            return found
        raise Refused(self.text or "the end")


def checked(number: float) -> float:
    """Refuse to be sure about numbers past all use."""
    if not abs(number) < LARGEST:
        raise Unsure("too large")
    return number


LITERAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def numbers(text: str) -> list[str]:
    """Give the literals of an array of nothing else, in reading order.

    Raises:
        Unsure: there is arithmetic in it, or a word.
        Refused: what stands between the brackets and commas is no number.
    """
    text = re.sub(r"(?m)^(?:\s*-(?=\s))+", " ", text.translate(SAME))
    if not re.fullmatch(r"[-+0-9.eE\s,;\[\]]*", text) or re.search(
        r"[-+](?![\d.])|[\d.][-+]", re.sub("[eE][-+]", "", text)
    ):
        raise Unsure(text)
    if re.search(r"\][\s]*;", text) and not text.startswith("[["):
        raise Unsure(text)  # written more than once
    words = [word for word in re.split(r"[\s,;\[\]]+", text) if word]
    if text.count("[") != text.count("]") or not all(map(LITERAL.fullmatch, words)):
        raise Refused(text)
    return words


def unit_of(literal: str) -> float:
    """Give one unit of the last place of a literal."""
    mantissa, _, exponent = literal.lower().partition("e")
    return float(10.0 ** min(int(exponent or 0) - len(mantissa.partition(".")[2]), 300))
