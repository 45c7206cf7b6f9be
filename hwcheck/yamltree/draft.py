"""The copy of a file that YAML gets, while it is made: what stands for what, which lines moved, what was remarked."""

from bisect import bisect_right

from hwcheck.record import NamedTuple
from hwcheck.text import cut
from hwcheck.yamltree.blocks import Blocks, TooMuch
from hwcheck.yamltree.flow import Trouble, not_followed
from hwcheck.yamltree.looks import (
    beginning,
    colon_of,
    content,
    following,
    is_dash,
    is_marker,
)
from hwcheck.yamltree.values import Limits, Page, page_of

LONGEST_KEY = 1000  # YAML stops looking for the colon of a key soon after


class Value(NamedTuple):
    """A value or key that YAML does not see: text[start:end]; kind is flow, block, plain, quoted or raw."""

    kind: str
    start: int
    end: int
    indent: int  # of a block scalar's header, or the number of blanks it tells to drop, 0 for none


class Draft:
    """A file's lines, their copy, and the blocks that are open at the line being read."""

    def __init__(self, text: str, limits: Limits) -> None:
        """Begin before the first line."""
        self.text = text
        self.limits = limits
        self.starts = page_of(text).starts
        self.lines = text.split("\n")
        self.following = following(self.lines)
        self.copied = [line if self.following[number] == number else "" for number, line in enumerate(self.lines)]
        self.comments: list[tuple[int, int]] = []
        self.values: dict[tuple[int, int], Value] = {}
        self.moved: dict[int, int] = {}
        self.troubles: list[Trouble] = []
        self.entries = 0
        self.blocks = Blocks(limits.depth)

    def trouble(self, code: str, number: int, at: int, end: int, message: str, fix: str) -> None:
        """Remark something about a part of a line."""
        self.troubles.append(Trouble(code, self.starts[number] + at, self.starts[number] + end, message, fix))

    def reference(self, number: int, at: int, end: int) -> None:
        """Remark that an anchor, alias or tag is not followed."""
        start = self.starts[number]
        self.troubles.append(not_followed(Page(self.text, self.starts), start + at, start + end))

    def count(self, number: int, at: int) -> None:
        """Count one more entry; raise `TooMuch` past the limit."""
        self.entries += 1
        if self.entries > self.limits.events:
            raise TooMuch(self.starts[number] + at, f"the file has more than {self.limits.events} entries")

    def line_of(self, offset: int) -> int:
        """Return the line on which an offset lies."""
        return bisect_right(self.starts, offset) - 1

    def follower(self, number: int) -> int | None:
        """Return the first line from `number` on that is neither blank nor a comment."""
        found = self.following[number] if number < len(self.lines) else number
        return found if found < len(self.lines) else None

    def indent(self, number: int) -> int:
        """Return how far a line is indented."""
        line = self.lines[number]
        return self.blocks.indent(line[: beginning(line)])

    def stops(self, number: int, column: int) -> bool:
        """Hold for a line that ends whatever is open under a key or dash in `column`."""
        line = self.lines[number]
        if self.following[number] != number:
            return False
        at = beginning(line)
        return is_marker(line) or (self.indent(number) <= column and (is_dash(line, at) or colon_of(line, at) >= 0))

    def goes_on(self, number: int, column: int) -> bool:
        """Hold for a line that belongs to the text above it: deeper than its key or dash in `column`, and no key."""
        line = self.lines[number]
        at = beginning(line)
        if is_marker(line) or self.indent(number) <= column:
            return False
        colon = colon_of(line, at)
        return colon < 0 or (line[at] not in "\"'" and " " in line[at:colon].rstrip())

    def column(self, number: int, at: int) -> int:
        """Return how far a line is indented; one that begins with tabs is put where it fits."""
        lead = self.lines[number][:at]
        if "\t" not in lead:
            return at
        if not self.blocks.tabs:
            fix = "indent by blanks, as the other lines are"
            self.trouble("HW107", number, 0, at, "a tab indents this line, perhaps others as well", fix)
        return self.blocks.tabbed(lead)

    def place(self, number: int, at: int, column: int, dash: bool) -> int | None:
        """Return the column in the copy for a key or a dash; None if it fits nowhere."""
        copied, crooked = self.blocks.place(column, dash, self.starts[number] + at)
        if crooked:
            line = self.lines[number]
            message = f"`{cut(line[at : content(line, at)], 60)}` does not stand under its neighbours"
            fix = "indent it as far as the lines of its group; a text over several lines goes in quotes or below `|`"
            self.trouble("HW107", number, at, content(line, at), message, fix)
        return copied

    def move(self, number: int, at: int, copied: int) -> None:
        """Put a line's text, which begins at `at`, in the column `copied` of the copy."""
        if at != copied or "\t" in self.lines[number][:at]:
            self.moved[number] = at - copied
            self.copied[number] = " " * copied + self.lines[number][at:]

    def hide(self, number: int, at: int, end: int, kind: str, colon: int = 0, drop: int = 0) -> None:
        """Put one letter in the place of the text from `at` to the offset `end`; up to a colon, if it is a key."""
        place = at - self.moved.get(number, 0)
        start = self.starts[number] + at
        self.values[number, place] = Value(kind, start, start + len(self.text[start:end].rstrip(" \t\n")), drop)
        rest = ""
        if colon:
            rest = self.copied[number][place + colon - at :]
            rest = rest if colon - at > LONGEST_KEY else " " * (colon - at - 1) + rest
            if colon - at > LONGEST_KEY:
                self.moved[number] = self.moved.get(number, 0) + colon - at - 1
        self.copied[number] = f"{self.copied[number][:place]}x{rest}"
        for each in range(number + 1, self.line_of(end) + 1):
            self.copied[each] = ""
