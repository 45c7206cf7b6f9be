"""The cursor of the parser: the tokens, the place among them, and the choices where a text has several readings."""

from collections.abc import Container, Mapping
from typing import Any, NoReturn

from ..record import NamedTuple
from ..text import safe_text
from .expr import Where
from .lex import FormulaError, Token

MAX_DEPTH = 50

#: What opens or goes on, and cannot stand before a bracket that closes.
GOES_ON = ("(", "[", "{", ",", ";", "..", "…", "+", "-", "*", "×", "/", "^", "@", "⊙", "=", "==", "<", ">", "<=", ">=")
FIXES = {
    ",": "write a decimal number with a point: 0.5; entries go into brackets: [0.1, 0.2]",
    ";": "rows go into brackets: [0.1, 0.2; 0.3, 0.4]",
    ":": "write a slice as x[1..3], a whole axis as x[1,:]",
    ")": "there is one closing bracket too many",
    "]": "there is one closing bracket too many",
    "..": "a range stands in an index or in a loop: x[1..3], sum(i = 1..3, x[i])",
    "=": "leave the left side out, or write == to compare",
}

#: Tokens whose text is not what was typed, as errors show them.
SIGNS = {
    "×": "*", "…": "...", "l|": "|", "r|": "|", "l||": "||", "r||": "||", "frac": "\\frac", "cases": "\\begin{cases}",
    "𝟙": "1",
}  # fmt: skip


def shown(token: Token) -> str:
    """Give a token as people type it."""
    return safe_text(SIGNS.get(token.text, token.text))


class Scope(NamedTuple):
    """What the names of a formula may mean.

    `names` and `functions` are looked up by `names.key`: the declared spelling of a quantity; a function's own name
    with the least and the most number of its arguments. `arrays` are the quantities that have entries. `student`
    keeps readings that a sheet may not leave open. `indices` are names that stand for places, as loop variables do.
    """

    names: Mapping[str, str]
    functions: Mapping[str, tuple[str, int, int]]
    arrays: Container[str] = frozenset()
    student: bool = False
    indices: frozenset[str] = frozenset()


class Cursor:
    """One walk over the tokens; `taken` are the choices to take, `options` counts those that there were."""

    def __init__(self, pieces: list[Token], scope: Scope, taken: Mapping[int, int], seen: dict[object, Any]) -> None:
        """Stand before the first token; `seen` keeps what was found about names for the next walk."""
        self.pieces, self.scope, self.taken, self.seen = pieces, scope, taken, seen
        self.at = 0
        self.depth = 0
        self.bars: list[str] = []
        self.inside = 0
        self.bound: list[str] = list(scope.indices)
        self.options: list[int] = []

    # --- moving over the tokens -----------------------------------------------------------------------------

    @property
    def next(self) -> Token:
        """The token that comes next."""
        return self.pieces[self.at]

    def look(self, ahead: int) -> Token:
        """Give a token further ahead; the last one where the text ends before."""
        return self.pieces[min(self.at + ahead, len(self.pieces) - 1)]

    def take(self) -> Token:
        """Give the next token and go past it."""
        token = self.pieces[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def sees(self, *texts: str) -> bool:
        """Tell whether the next token is one of these signs."""
        return self.pieces[self.at].text in texts

    def expect(self, text: str, opened: Token) -> Token:
        """Take the sign that closes what `opened` began."""
        if not self.sees(text):
            if self.next.kind == "end":
                raise FormulaError(
                    f"`{shown(opened)}` is never closed", opened.start, opened.end, f"add `{SIGNS.get(text, text)}`"
                )
            self.refuse(f"`{SIGNS.get(text, text)}` is missing before this", FIXES.get(self.next.text, ""))
        return self.take()

    def refuse(self, reason: str, fix: str) -> NoReturn:
        """Refuse the text at the next token."""
        token = self.next
        raise FormulaError(reason, token.start, max(token.end, token.start + 1), fix)

    def too_deep(self) -> NoReturn:
        """Refuse more nesting than can be meant."""
        self.refuse(f"more than {MAX_DEPTH} levels of brackets and powers", "write it in several lines")

    def choose(self, options: int) -> int:
        """Give the choice to take where there are so many."""
        at = len(self.options)
        self.options.append(options)
        return self.taken.get(at, 0)

    def other(self) -> bool:
        """Tell whether to take the second of two ways to read what comes; the first comes first."""
        return self.choose(2) == 1

    def where(self, start: int) -> Where:
        """Give the place from a character to the end of the last token taken."""
        return Where(start, self.pieces[max(self.at - 1, 0)].end)

    def unexpected(self) -> NoReturn:
        """Refuse a token that cannot stand here."""
        token = self.next
        if token.kind == "num":
            self.refuse(f"the number `{token.text}` follows without a sign between", "write * between two factors")
        before = self.look(-1) if self.at else token
        if token.text in (")", "]", "}") and before.text in GOES_ON:
            self.refuse(
                f"something is missing between `{shown(before)}` and `{shown(token)}`", "write what belongs there"
            )
        last = token.text == ";" and self.look(1).kind == "end"
        fix = "leave it out" if last else FIXES.get(token.text, "")
        self.refuse(f"`{shown(token)}` is not expected here", fix)
