"""The letters of a name, as print shows them: a letter or a word, an accent on it, and what stands below.

>>> symbol("what_12")
Symbol(word='w', accent='hat', below=(Symbol(word='12', accent='', below=()),))
"""

from ..record import NamedTuple
from .names import LATIN, key

ACCENTS = ("hat", "bar", "tilde", "dot")


class Symbol(NamedTuple):
    """A letter, the name of a Greek one, a word or digits; an accent ("" for none); and the subscripts."""

    word: str
    accent: str = ""
    below: "tuple[Symbol, ...]" = ()


def symbol(name: str) -> Symbol:
    """Take one name apart: its letter or word, with the digits at its end and what follows a `_` as subscripts; the
    places of `h[2]` and `h[1..3]` too."""
    if name.endswith("]") and "[" in name:
        base, _, places = name[:-1].partition("[")
        letters = symbol(base)
        words = places.replace("..", ",…,").split(",")
        return letters._replace(below=(*letters.below, *map(Symbol, words)))
    word, _, below = key(name).partition("_")
    base = word.rstrip("0123456789")
    digits = word[len(base) :]
    if not base:
        return Symbol("".join(char for char in name if char.isalnum() or char == "_"))
    subscripts = (*([Symbol(digits)] if digits else []), *([symbol(below)] if below.strip("_") else []))
    for accent in ACCENTS:
        rest = base.removesuffix(accent)
        if rest != base and (len(rest) == 1 or rest in LATIN):
            return Symbol(rest, accent, subscripts)
    return Symbol(base, "", subscripts)
