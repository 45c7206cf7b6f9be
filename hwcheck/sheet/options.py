"""Options to choose, to order or to match, and the ways to name one: its text, its letter, its number.

A teacher names them so in `key:`, a student in an answer. Blanks, capitals and a dot at the end do not matter, unless
two options differ in nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from unicodedata import normalize

from ..record import NamedTuple

LETTERS = "abcdefghijklmnopqrstuvwxyz"
#: What may stand around an option or its letter and is no part of it.
AROUND = " .;,\"'`“”‘’„"
BRACKETS = " .:()[]"
SLACK = 40  # characters that a name may be longer than twice the longest option
LABELLED = re.compile(r"^[(\[]?\s*(?P<label>[^\s()\[\].:]{1,64})\s*[)\].:]+\s*(?P<text>[^\s,;].*)$", re.DOTALL)


class Option(NamedTuple):
    """An option: the letter or number that it is called by, and its text on one line."""

    label: str
    text: str

    @property
    def said(self) -> str:
        """The option as it is shown, `a) relu`."""
        return f"{self.label}) {self.text}"


class Choices(NamedTuple):
    """What a question offers and what is right, by the places of the options.

    `key` has one group with the options to choose, or the groups of an order, each of options that may stand in any
    order, or the pairs of a match: an option and its partner among the `others`. `several` tells whether more than one
    option may be chosen.
    """

    options: tuple[Option, ...]
    key: tuple[tuple[int, ...], ...]
    others: tuple[Option, ...] = ()
    several: bool = False


def one_line(text: str) -> str:
    """Give a text on one line, with single blanks."""
    return " ".join(text.split())


def named(options: tuple[Option, ...], text: str) -> int | None:
    """Find the option that a text names; None where it names none, or none for sure."""
    return finder(options)(text)


@lru_cache(maxsize=512)
def finder(options: tuple[Option, ...]) -> Callable[[str], int | None]:
    """Give what finds the option that a text names, as `named` does; for texts that are tried by the thousand."""
    exact, loose = _spellings(options)
    longest = longest_name(options)

    def find(text: str) -> int | None:
        text = one_line(text)
        if len(text) > longest:
            return None
        found = exact.get(text)
        if found is None:
            plain = loosened(text)
            found = loose.get(plain, loose.get(plain.strip(BRACKETS)))
        if found is None and (parts := LABELLED.match(text)):
            label, rest = (exact.get(parts[name], loose.get(loosened(parts[name]))) for name in ("label", "text"))
            return label if label == rest else None
        return found

    return find


def loosened(text: str) -> str:
    """Give a text without what does not tell options apart: capitals, forms of letters, quotes, a dot at the end."""
    return one_line(normalize("NFKC", text).casefold().replace("−", "-")).strip(AROUND)


def longest_name(options: tuple[Option, ...]) -> int:
    """Give how many characters what names an option has at most."""
    return SLACK + 2 * max((len(option.label) + len(option.text) for option in options), default=0)


def _spellings(options: tuple[Option, ...]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Give the options by their texts as they are, and by all their names, the surer ones first."""
    exact = {option.label: at for at, option in enumerate(options)}
    exact.update({option.text: at for at, option in enumerate(options)})
    loose: dict[str, int] = {}
    ways: tuple[Callable[[int], str], ...] = (
        lambda at: loosened(options[at].text),
        lambda at: loosened(options[at].label),
        lambda at: str(at + 1),
    )
    for way in ways:
        found: dict[str, list[int]] = {}
        for at in range(len(options)):
            found.setdefault(way(at), []).append(at)
        for spelling, places in found.items():
            if spelling not in loose:
                loose[spelling] = places[0] if len(places) == 1 else -1  # two differ by capitals alone
    return exact, {spelling: at for spelling, at in loose.items() if at >= 0}


def key_lines(kind: str, choices: Choices) -> list[str]:
    """Give what is right in lines: each option to choose, each place of an order, each pair of a match."""
    if kind == "match":
        return [f"{choices.options[at].text} -> {choices.others[to].said}" for at, to in choices.key]
    if kind == "order":
        return [" = ".join(choices.options[at].text for at in group) for group in choices.key]
    return [choices.options[at].said for group in choices.key for at in group]


def key_text(kind: str, choices: Choices) -> str:
    """Give what is right on one line."""
    return (" < " if kind == "order" else "; ").join(key_lines(kind, choices))
