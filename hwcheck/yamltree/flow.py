"""Values in brackets, split by brackets and quotes rather than by YAML's rules.

``{z2: max(0, z1)}`` is one pair, ``[h[1], W1[1,2]]`` two items. What is no list of such items (``[W2^T g] x^T``,
``[1, 2; 3, 4]``, a printed NumPy array) stays one raw scalar, for the reader of formulas to understand.
"""

import re
from collections.abc import Callable, Iterator

from hwcheck.record import NamedTuple
from hwcheck.text import cut
from hwcheck.yamltree.values import Map, Page, Scalar, Seq, Tree, offset_of, plain, quoted, span_of

CLOSES = {"]": "[", ")": "(", "}": "{"}

_SPECIAL = re.compile(r"[\[\](){}\"'#\n,;:]")
# compiled where a value has quotes or columns
_QUOTED = {'"': r'"(?:[^"\\]|(?s:\\.))*"', "'": r"'(?:[^']|'')*'"}
_AFTER_QUOTED = r"[ \t\n]*(?:[,;\]}:]|[ \t\n]#|$)"
_NUMBER = r"[-+\u2212]?[\d.][\d.eE+\-\u2212/*]*|[-+\u2212]?(?i:nan|inf)"


class Mark(NamedTuple):
    """A character that matters outside quotes: a bracket, a separator, the newline before a line, a `#` up to `end`."""

    at: int
    char: str
    end: int


class Trouble(NamedTuple):
    """Something that cannot be read as meant: text[start:end], with its code, message and fix."""

    code: str
    start: int
    end: int
    message: str
    help: str


def marks(text: str, start: int, end: int, stops: Callable[[int], bool] | None = None) -> Iterator[Mark]:
    """Give the marks of text[start:end]; a quoted item may not run over a newline at which `stops` holds."""
    at = start
    key = -1  # where a quoted item ended: a colon may touch it
    while found := _SPECIAL.search(text, at, end):
        at = found.start()
        char = found.group()
        after = at + 1
        if char in "\"'":
            after = end_of_quoted(text, at, end, start, stops)
            key = after if after > at + 1 else -1
            at = after
            continue
        elif char == "#":
            if at == start or text[at - 1] in " \t\n":
                after = text.find("\n", at, end)
                after = end if after < 0 else after
                yield Mark(at, char, after)
        elif char != ":" or after == end or text[after] in " \t\n" or (key >= 0 and not text[key:at].strip()):
            yield Mark(at, char, after)
        key = -1
        at = after


def end_of_quoted(text: str, at: int, end: int, start: int, stops: Callable[[int], bool] | None = None) -> int:
    """Return where a quoted item that begins at `at` ends, or at + 1 if the quote is a prime or an inch."""
    before = at - 1
    while before >= start and text[before] in " \t\n":
        before -= 1
    if before >= start and not (text[before] in "[{,;" or (text[before] == ":" and before < at - 1)):
        return at + 1
    after = closing(text, at, end, stops)
    return after if re.compile(_AFTER_QUOTED).match(text, after, end) else at + 1


def closing(text: str, at: int, end: int, stops: Callable[[int], bool] | None = None) -> int:
    """Return where the text ends that the quote at `at` opens, or at + 1 if nothing closes it."""
    whole = re.compile(_QUOTED[text[at]]).match(text, at, end)
    if not whole:
        return at + 1
    newline = text.find("\n", at, whole.end()) if stops else -1
    while newline >= 0 and stops:
        if stops(newline):
            return at + 1
        newline = text.find("\n", newline + 1, whole.end())
    return whole.end()


def split(
    page: Page, start: int, end: int, follow: Callable[[str], Tree | None] | None
) -> tuple[Tree, list[Trouble], int]:
    """Read the value text[start:end], which begins with a bracket and is nested no deeper than Python's stack allows.

    The last of the three is the number of entries written in it.

    `follow` gives the value marked by a YAML anchor, or None; it is None itself where anchors are not followed.
    """
    partner: dict[int, int] = {}
    inside: dict[int, list[Mark]] = {start - 1: []}  # the separators directly inside each bracket
    opened: list[int] = []
    for mark in marks(page.text, start, end):
        if mark.char in "[({":
            opened.append(mark.at)
            inside[mark.at] = []
        elif mark.char in CLOSES:
            if not opened or page.text[opened[-1]] != CLOSES[mark.char]:
                return plain(page, start, end, "raw"), [_unpaired(page, mark.at)], 1
            partner[opened.pop()] = mark.at
        elif mark.char in ",;:":
            inside[opened[-1] if opened else start - 1].append(mark)
    if opened:
        return plain(page, start, end, "raw"), [_unpaired(page, opened[-1])], 1
    troubles: list[Trouble] = []

    def value(start: int, end: int) -> Tree:
        start, end = _trimmed(page.text, start, end)
        first = page.text[start] if start < end else ""
        if first in ("[", "{"):
            if partner[start] != end - 1 or any(mark.char == ";" for mark in inside[start]):
                return plain(page, start, end, "raw")
            return sequence(start, end) if first == "[" else mapping(start, end)
        if first == "*" and follow is not None:
            known = follow(page.text[start + 1 : end])
            if known is not None:
                return known
            troubles.append(unknown(page, start, end))
        if first == "&" and follow is not None:
            troubles.append(not_followed(page, start, end))
        return scalar(start, end)

    def scalar(start: int, end: int) -> Scalar:
        start, end = _trimmed(page.text, start, end)
        if start < end and page.text[start] in "\"'" and end_of_quoted(page.text, start, end, start) == end:
            return quoted(page, start, end)
        return plain(page, start, end)

    def items(opening: int) -> list[tuple[int, int, int]]:
        """Give start, end and the first colon (or -1) of each item in a bracket."""
        rows = []
        at = opening + 1
        colon = -1
        for mark in [*inside[opening], Mark(partner[opening], ",", 0)]:
            if mark.char == ",":
                rows.append((at, mark.at, colon))
                at, colon = mark.at + 1, -1
            elif mark.char == ":" and colon < 0:
                colon = mark.at
        if not page.text[slice(*rows[-1][:2])].strip():
            rows.pop()  # `[]`, or a comma after the last item
        return rows

    def sequence(start: int, end: int) -> Tree:
        rows = items(start)
        if len(rows) == 1 and rows[0][2] < 0 and _in_columns(page.text, *rows[0][:2], partner):
            return plain(page, start, end, "raw")
        return Seq(
            tuple(value(at, stop) if colon < 0 else pairs([(at, stop, colon)], at, stop) for at, stop, colon in rows),
            span_of(page, start, end),
            page.text[start:end],
            True,
        )

    def mapping(start: int, end: int) -> Tree:
        return pairs(items(start), start, end)

    def pairs(rows: list[tuple[int, int, int]], start: int, end: int) -> Map:
        found: dict[str, tuple[Scalar, Tree]] = {}
        for at, stop, colon in rows:
            key = scalar(at, stop if colon < 0 else colon)
            if colon < 0 and any(row[2] >= 0 for row in rows):
                troubles.append(_no_pair(page, *_trimmed(page.text, at, stop)))
            elif key.text in found:
                troubles.append(
                    duplicate(page, *_trimmed(page.text, at, colon if colon >= 0 else stop), found[key.text][0])
                )
            else:
                found[key.text] = (key, value(stop if colon < 0 else colon + 1, stop))
        if "<<" in found and follow is None:
            key = found["<<"][0]
            at = offset_of(page, key)
            troubles.append(not_followed(page, at, at + len(key.raw)))
        elif "<<" in found:
            found = merged(found)
        start, end = _trimmed(page.text, start, end)
        return Map(tuple(found.values()), span_of(page, start, end), page.text[start:end], True)

    return value(start, end), troubles, len(partner) + sum(map(len, inside.values()))


def duplicate(page: Page, start: int, end: int, first: Scalar) -> Trouble:
    """Say that a key stands twice."""
    line = span_of(page, start, end).line
    message = f"`{first.text}` stands twice, in line {first.span.line} and in line {line}"
    return Trouble(
        "HW102", start, end, message, f"the value of line {first.span.line} is used; remove or rename one of them"
    )


def merged(items: dict[str, tuple[Scalar, Tree]]) -> dict[str, tuple[Scalar, Tree]]:
    """Put the entries of the mappings under `<<` in its place, as far as their keys are new."""
    found = {key: item for key, item in items.items() if key != "<<"}
    _, source = items["<<"]
    for each in source.items if isinstance(source, Seq) else (source,):
        for key, item in each.items if isinstance(each, Map) else ():
            found.setdefault(key.text, (key, item))
    return found


def not_followed(page: Page, start: int, end: int) -> Trouble:
    """Say that YAML's own references mean nothing here."""
    shown = cut(page.text[start:end].split("\n")[0], 40)
    message = f"`{shown}` is not followed: anchors, aliases, tags and `<<` have no meaning here"
    return Trouble("HW105", start, end, message, "write the value itself; if it is the answer, put it in single quotes")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t\n":
        start += 1
    while start < end and text[end - 1] in " \t\n":
        end -= 1
    return start, end


def _in_columns(text: str, start: int, end: int, partner: dict[int, int]) -> bool:
    """Hold for two or more numbers or brackets with only blanks between them."""
    count = 0
    start, end = _trimmed(text, start, end)
    if len(text[start:end].split(maxsplit=1)) < 2:
        return False
    while start < end:
        if text[start] == "[":
            stop = partner[start] + 1
        else:
            number = re.compile(_NUMBER).match(text, start, end)
            if not number:
                return False
            stop = number.end()
        if stop < end and text[stop] not in " \t\n":
            return False
        count += 1
        start, _ = _trimmed(text, stop, end)
    return count > 1


def _unpaired(page: Page, at: int) -> Trouble:
    char = page.text[at]
    return Trouble(
        "HW106", at, at + 1, f"the bracket `{char}` has no partner", "close every bracket with one of its own kind"
    )


def unknown(page: Page, start: int, end: int) -> Trouble:
    """Say that an alias refers to nothing."""
    message = f"nothing above is marked `&{page.text[start + 1 : end]}`"
    return Trouble("HW105", start, end, message, "write the value itself, or put it in quotes")


def _no_pair(page: Page, start: int, end: int) -> Trouble:
    message = f"`{page.text[start:end]}` has no `name: value` form, as its neighbours have"
    help = "if the comma before it belongs to a value, put that value in quotes; otherwise add a name and a colon"
    return Trouble("HW108", start, end, message, help)
