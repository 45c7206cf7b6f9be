"""Reading options as students write them: chosen, put in order, or matched.

    b          a, c         [a, c]        relu and tanh         {a: yes, b: no}
    a < b = c  a, b, c      [a, [b, c]]   a; b, c; d            {1: a, 2: b}    {a: 1, b: 2, c: 2}
    1a, 2c     relu: a      relu -> never negative

An option is named by its text, its letter or its number. Signs that separate options may also stand in one: the longest
text that names an option is taken for it. In an order a comma separates what stands in a row, and inside of stronger
signs what stands in any order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ..record import NamedTuple
from ..sheet.options import Choices, Option, finder, longest_name, named, one_line
from ..text import closest, safe_text
from ..yamltree import Map, Scalar, Seq, Tree, as_typed
from .arrows import Trouble
from .arrowtext import BULLET

#: So many signs are looked at beside those that the options themselves have; more cannot be meant.
MORE_PIECES = 200
#: An answer may be so many times as long as all options together, and this longer.
TIMES, MORE = 4, 4000
SHOWN = 60

AND = r"&|\band\b"
#: What separates options that are chosen; in an order also what says which comes first, and what makes a tie.
CHOSEN = re.compile(rf"[,;\n/+]|{AND}")
FIRST = ("<", "->", "=>", "→", ";", "\n", "then")
TIED = ("=", "~", "≈")
ORDERED = re.compile(rf"->|=>|→|[<>;\n,=~≈]|\bthen\b|{AND}")
#: Brackets around what stands in any order; what stands between two sides, and between two pairs.
GROUPED = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
PAIRED = re.compile(r"->|=>|→|[:=–—-]|\s+")
PAIRS = re.compile(r"[,;\n]")
SHORT = re.compile(r"^\W*(\d{1,3})\W*([^\W\d_])\W*$")  # 1a

YES = frozenset(["yes", "y", "x", "true", "✓", "✔", "1", "right"])
NO = frozenset(["", "no", "n", "false", "-", "✗", "0", "wrong", "null", "~"])


#: Finds the option that a text names.
Find = Callable[[str], int | None]


class Read(NamedTuple):
    """What was read: groups of options (the chosen ones, an order's, the pairs of a match), and what could not be."""

    groups: tuple[tuple[int, ...], ...]
    trouble: tuple[Trouble, ...]


class Piece(NamedTuple):
    """A part of a text: the sign in front of it, the part itself, and what it names (None: nothing)."""

    sign: str
    text: str
    found: object


def read_options(kind: str, choices: Choices, tree: Tree) -> Read:
    """Read what was chosen, put in order or matched; what is longer than any answer can be is not read at all."""
    most = MORE + TIMES * sum(len(option.said) for option in (*choices.options, *choices.others))
    if len(as_typed(tree)) > most:
        fix = "write the letters of the options alone"
        return Read((), (Trouble("", f"this is longer than {most} characters, and not read", fix),))
    return READ[kind](choices, tree)


def read_chosen(choices: Choices, tree: Tree) -> Read:
    """Read the options that were chosen, each once."""
    options = choices.options
    if isinstance(tree, Map) and named(options, _flat(tree)) is None:
        return _ticked(options, tree)
    chosen: list[int] = []
    trouble: list[Trouble] = []
    find, labels = finder(options), {option.label for option in options}
    for _, text, found in pieces_of(_flat(tree), CHOSEN, lambda text: _several(find, labels, text), options):
        if isinstance(found, tuple):
            chosen += found
        else:
            trouble.append(_unknown(options, text))
    return Read((tuple(dict.fromkeys(chosen)),), tuple(trouble))


def _several(find: Find, labels: set[str], text: str) -> tuple[int, ...] | None:
    """Find the option that a text names, or several by their letters alone: `a c`."""
    found = find(BULLET.sub("", text.strip()))
    if found is not None:
        return (found,)
    words = text.split()
    if len(words) > len(labels) or not labels.issuperset(words):
        return None
    return tuple(at for at in map(find, words) if at is not None) or None


def _ticked(options: tuple[Option, ...], tree: Map) -> Read:
    """Read options with a tick or none behind each: `{a: yes, b: no}`."""
    chosen: list[int] = []
    trouble: list[Trouble] = []
    for name, value in tree.items:
        at, mark = named(options, name.text), as_typed(value).strip().casefold()
        if at is None:
            trouble.append(_unknown(options, name.text))
        elif mark not in YES | NO:
            trouble.append(Trouble(f"{name.text}: {as_typed(value)}", "neither yes nor no", "write the options alone"))
        elif mark in YES:
            chosen.append(at)
    return Read((tuple(dict.fromkeys(chosen)),), tuple(trouble))


def read_order(choices: Choices, tree: Tree) -> Read:
    """Read an order as groups of what stands in any order; an option that is written again counts the first time."""
    options = choices.options
    if isinstance(tree, Map):
        return _ranked(options, tree)

    find = finder(options)

    def lookup(text: str) -> int | None:
        found = find(BULLET.sub("", text.strip()))
        return find(text) if found is None else found

    def tied(match: re.Match[str]) -> str:
        inner = [piece for piece in pieces_of(match[1], ORDERED, lookup, options) if piece.text.strip()]
        alone = len(inner) < 2 or any(piece.found is None for piece in inner)
        return match[0] if alone else " = ".join(piece.text.strip() for piece in inner)

    pieces = pieces_of(GROUPED.sub(tied, _flat(tree)), ORDERED, lookup, options)
    signs = {piece.sign for piece in pieces[1:]}
    if ">" in signs:
        fix = "write `a < b = c`, from the first to the last"
        return Read((), (Trouble("", "`>` does not say which comes first", fix),))
    strong = not signs.isdisjoint(FIRST)
    groups: list[list[int]] = []
    trouble: list[Trouble] = []
    seen: set[int] = set()
    for sign, text, found in pieces:
        if not isinstance(found, int):
            trouble.append(_unknown(options, text))
        elif found in seen:
            trouble.append(Trouble(text, "it is written more than once", "write each option once"))
        else:
            seen.add(found)
            open_group = groups and (sign in TIED or (strong and sign not in FIRST))
            groups[-1].append(found) if open_group else groups.append([found])
    return Read(tuple(map(tuple, groups)), tuple(trouble))


def _ranked(options: tuple[Option, ...], tree: Map) -> Read:
    """Read an order with its places: `{1: a, 2: [b, c]}`, or `{a: 1, b: 2, c: 2}`."""
    entries = [(name.text.strip(), as_typed(value).strip()) for name, value in tree.items]
    if all(name.isdecimal() and len(name) <= 3 for name, _ in entries) and not all(
        named(options, name) is not None and place.isdecimal() and named(options, place) is None
        for name, place in entries
    ):
        rows = sorted(tree.items, key=lambda item: int(item[0].text))
        text = " < ".join(f"({_flat(value)})" if isinstance(value, Seq) else as_typed(value) for _, value in rows)
        return read_order(Choices(options, ()), Scalar(text, "plain", tree.span, text, ()))
    places: dict[int, list[int]] = {}
    trouble: list[Trouble] = []
    for name, place in entries:
        at = named(options, name)
        if at is None:
            trouble.append(_unknown(options, name))
        elif not place.isdecimal() or len(place) > 3:
            trouble.append(Trouble(f"{name}: {place}", "this is no place in an order", "write 1 for the first"))
        else:
            places.setdefault(int(place), []).append(at)
    return Read(tuple(tuple(dict.fromkeys(places[place])) for place in sorted(places)), tuple(trouble))


def read_pairs(choices: Choices, tree: Tree) -> Read:
    """Read pairs of an option and its partner on the other side, each option once."""
    pairs: dict[int, int] = {}
    trouble: list[Trouble] = []
    for text, pair in _pairs(choices, tree):
        if isinstance(pair, Trouble):
            trouble.append(pair)
        elif pair[0] in pairs:
            trouble.append(Trouble(text, "it is written more than once", "write each option of the left side once"))
        else:
            pairs[pair[0]] = pair[1]
    return Read(tuple(pairs.items()), tuple(trouble))


def _pairs(choices: Choices, tree: Tree) -> Iterator[tuple[str, tuple[int, int] | Trouble]]:
    """Give the pairs of a mapping, a list or a text, with what was typed for each."""
    if isinstance(tree, Seq) and not all(isinstance(item, Scalar) for item in tree.items):
        for item in tree.items:
            yield from _pairs(choices, item)
    elif isinstance(tree, Map):
        for name, value in tree.items:
            typed = f"{name.text}: {as_typed(value)}"
            left, right = named(choices.options, name.text), named(choices.others, as_typed(value))
            if left is None:
                yield typed, _unknown(choices.options, name.text, " on the left side")
            elif right is not None:
                yield typed, (left, right)
            elif as_typed(value).strip():  # a line that is left blank says nothing
                yield typed, _unknown(choices.others, as_typed(value), " on the right side")
    else:
        sides = choices.options + choices.others
        for _, text, found in pieces_of(_flat(tree), PAIRS, _pairing(choices), sides):
            fix = f"write `{choices.options[0].label}: {choices.others[0].label}`, one pair on a line"
            yield text, found if isinstance(found, tuple) else Trouble(text, "no option with its partner", fix)


def _pairing(choices: Choices) -> Callable[[str], tuple[int, int] | None]:
    """Give what reads one pair, with any sign between its sides."""
    first, second = finder(choices.options), finder(choices.others)
    longest = longest_name(choices.options) + longest_name(choices.others)

    def pair(text: str) -> tuple[int, int] | None:
        for line in dict.fromkeys((text.strip(), BULLET.sub("", text.strip()))):
            if len(line) > longest:
                continue
            short = SHORT.match(line)
            sides = [(line[: match.start()], line[match.end() :]) for match in PAIRED.finditer(line)]
            for left, right in [*sides, *([(short[1], short[2])] if short else [])]:
                at = first(left)
                to = second(right) if at is not None else None
                if at is not None and to is not None:
                    return at, to
        return None

    return pair


def pieces_of(
    text: str, signs: re.Pattern[str], lookup: Callable[[str], object | None], options: Iterable[Option]
) -> list[Piece]:
    """Split a text at some signs, but not inside of what names something; what names nothing is kept in one piece.

    `options` tell how many signs may stand inside of a name.
    """
    inside = sorted(len(signs.findall(option.text)) + 1 for option in options)
    reach = 2 + sum(inside[-2:])
    cuts = [(0, 0, ""), *((match.start(), match.end(), match[0]) for match in signs.finditer(text))]
    cuts = cuts[: MORE_PIECES + 2 * sum(inside)]
    ends = [start for start, _, _ in cuts[1:]] + [len(text)]
    found: list[Piece] = []
    at = 0
    before = ""
    while at < len(cuts):
        start = cuts[at][1]
        sign = before or cuts[at][2]
        stop, what = at + 1, None
        for end in range(min(len(ends), at + reach), at, -1):
            what = lookup(text[start : ends[end - 1]])
            if what is not None:
                stop = end
                break
        piece = text[start : ends[stop - 1]]
        before = "" if piece.strip() else sign.strip()  # of `a ->` and a new line, the arrow counts
        if what is None and piece.strip() and found and found[-1].found is None:
            found[-1] = found[-1]._replace(text=f"{found[-1].text}{sign}{piece}")
        elif piece.strip():
            found.append(Piece(sign, piece, what))
        at = stop
    return found


def _flat(tree: Tree) -> str:
    """Give what was typed as one text: items of a list in brackets with commas, else on lines of their own."""
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, Map):
        return ", ".join(f"{name.text}: {_flat(value)}" for name, value in tree.items)
    inner = (f"({_flat(item)})" if isinstance(item, Seq) else _flat(item) for item in tree.items)
    return (", " if tree.flow else "\n").join(inner)


def _unknown(options: tuple[Option, ...], text: str, side: str = "") -> Trouble:
    """Say that a text names no option, and which may be meant."""
    words = text.split()
    if 1 < len(words) <= len(options) and all(word.isalnum() and named(options, word) is not None for word in words):
        return Trouble(one_line(text), "several options stand in a row", f"write commas between: `{', '.join(words)}`")
    near = closest(one_line(text), [option.text for option in options])
    some = ", ".join(safe_text(option.said, SHOWN) for option in options[:4])
    fix = f"did you mean `{safe_text(near[0], SHOWN)}`?" if near else f"there are {some}{', ...' * (len(options) > 4)}"
    return Trouble(one_line(text), f"there is no such option{side}", fix)


#: How the answers to each kind of question are read.
READ = {"choose": read_chosen, "order": read_order, "match": read_pairs}
