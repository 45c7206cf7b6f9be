"""The brackets of a text that was typed, and the pieces that separators outside of them cut it into."""

from ..formula.lex import plain


def depth_of(text: str) -> int:
    """Give how deep the brackets of a text are nested."""
    deepest = depth = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        deepest = max(deepest, depth)
    return deepest


def closing(text: str, start: int) -> int:
    """Give the place of the bracket that closes the one at `start`; -1 where there is none."""
    depth = 0
    for at in range(start, len(text)):
        if text[at] in "([{":
            depth += 1
        elif text[at] in ")]}":
            depth -= 1
            if depth == 0:
                return at
    return -1


def pieces_of(text: str, separator: str) -> list[str]:
    """Cut a text at a separator outside of brackets."""
    pieces: list[str] = []
    depth = start = 0
    for at, char in enumerate(text):
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == separator and depth == 0:
            pieces.append(text[start:at])
            start = at + 1
    pieces.append(text[start:])
    return pieces


def words_of(text: str) -> list[str]:
    """Cut entries at blanks outside of brackets: `a -b` is two, `a - b` and `a * b` are one, and `][` are two."""
    words: list[str] = []
    depth = start = 0
    for at, char in enumerate(text + " "):
        ends = char.isspace() or (char == "[" and text[at - 1 : at] == "]")
        if ends and depth == 0:
            if at > start:
                words.append(text[start:at])
            start = at + char.isspace()
        depth += (char in "([{") - (char in ")]}")
    if start < len(text):
        words.append(text[start:])  # a bracket stays open
    merged: list[list[str]] = []
    joins = False
    for word in words:
        alone = word in ("+", "-", "*", "/", "^", "·", "\u2212", "\u00d7")
        if merged and (joins or alone or plain(word[0]) in ("*", "/", "^")):
            merged[-1].append(word)
        else:
            merged.append([word])
        joins = alone or plain(word[-1]) in ("*", "/", "^")
    return [" ".join(parts) for parts in merged]
