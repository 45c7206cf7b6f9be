"""Which blocks of a file are open at a line, and which one the line belongs to by its indentation.

Lines that stand crooked are given a column beside their neighbours, so every block has two: the one in the file and
the one in the copy for YAML.
"""

from ..record import NamedTuple


class TooMuch(Exception):
    """A limit is passed at an offset of the text."""

    def __init__(self, at: int, message: str) -> None:
        """Say where and what."""
        super().__init__(message)
        self.at = at


class Level(NamedTuple):
    """An open block: its column in the file and in the copy, and whether its lines are `-` items."""

    column: int
    copied: int
    dashes: bool


class Blocks:
    """The open blocks, outermost first, and the column of the key or dash whose value may come next, if any."""

    def __init__(self, depth: int) -> None:
        """Begin before the first line, with room for `depth` blocks."""
        self.depth = depth
        self.levels: list[Level] = []
        self.opener: int | None = -1
        self.tabs: dict[str, int] = {}  # how far a beginning with tabs indents

    def indent(self, lead: str) -> int:
        """Return how far the blanks and tabs before a line indent it."""
        return self.tabs.get(lead, len(lead.expandtabs())) if "\t" in lead else len(lead)

    def tabbed(self, lead: str) -> int:
        """Choose how far a beginning with tabs indents: as before if that fits, else where the line fits."""
        known = self.tabs.get(lead, -1)
        below = self.opener is not None and known > self.opener
        if not below and all(level.column != known for level in self.levels):
            known = self.levels[-1].column if self.levels else 0
            if self.opener is not None:
                known = max(self.opener, 0) + 2
            self.tabs[lead] = known
        return known

    def inside(self, column: int) -> int:
        """Return the column in the copy for text under the opener."""
        if self.opener is None or not self.levels:
            return column
        return self.levels[-1].copied + column - self.opener

    def open(self, column: int, copied: int, dashes: bool, at: int) -> None:
        """Open a block; raise `TooMuch` at the offset `at` if it is nested too deep."""
        if len(self.levels) >= self.depth:
            raise TooMuch(at, f"blocks are nested more than {self.depth} deep")
        self.levels.append(Level(column, copied, dashes))

    def place(self, column: int, dash: bool, at: int) -> tuple[int | None, bool]:
        """Find the block for a key or a dash in `column`, opening and closing others.

        Return its column in the copy, None if the line fits nowhere, and whether the line stands crooked.
        """
        if self.opener is not None and column > self.opener:
            copied = self.inside(column)
            self.open(column, copied, dash, at)
            return copied, False
        if dash and self.opener == column and self.levels and not self.levels[-1].dashes:
            self.open(column, self.levels[-1].copied, True, at)
            return self.levels[-1].copied, False
        kept = len(self.levels)
        while kept and self.levels[kept - 1].column > column:
            kept -= 1
        crooked = not kept or self.levels[kept - 1].column < column
        if crooked and kept < len(self.levels):
            kept += 1  # rather beside the deeper neighbours than below none
        if (
            kept > 1
            and not dash
            and self.levels[kept - 1].dashes
            and self.levels[kept - 2].column == self.levels[kept - 1].column
        ):
            kept -= 1  # items under a key may stand in its own column
        if not kept or self.levels[kept - 1].dashes != dash:
            return None, False
        del self.levels[kept:]
        return self.levels[-1].copied, crooked
