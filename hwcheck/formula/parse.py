"""Tokens to trees: a Pratt parser that keeps every reading of a text that has several.

Where a text can be read in more than one way the parser asks for a choice; `readings` parses again for each further
choice, so the grammar itself is written once, as if every text had one reading. Which readings survive is for the
shapes to say; a student's text may keep several, a sheet's must not.

    >>> [tree.op for tree in readings("a/b c", Scope({"a": "a", "b": "b", "c": "c"}, {}))]
    ['/', '@']
"""

from __future__ import annotations

from math import inf

from ..text import safe_text
from .cursor import MAX_DEPTH, Cursor, Scope
from .expr import ADD, COMPARE, COMPARISONS, JUXTAPOSE, MULTIPLY, NEGATE, POWER, Call, Expr, Name, Num, Where
from .lex import FormulaError, Token, tokens
from .names import key
from .parsenames import behind_name, derivative_of_groups, known, named

MAX_READINGS = 16
MAX_TRIES = 64

INFIX = {"+": ADD, "-": ADD, "*": MULTIPLY, "⊙": MULTIPLY, "/": MULTIPLY, **dict.fromkeys(COMPARISONS, COMPARE)}


def readings(text: str, scope: Scope) -> list[Expr]:
    """Give every reading of a formula, the one that the grammar prefers first.

    Raises:
        FormulaError: no reading; the error is that of the reading which came furthest.
    """
    if text.isascii() and text.isalnum() and not scope.student and text in scope.names:
        return [Name(scope.names[text], Where(0, len(text)))]  # a declared name alone has no other reading
    pieces = tokens(text)
    found: dict[Expr, None] = {}
    failure: FormulaError | None = None
    todo: list[list[int]] = [[]]
    tries = 0
    while todo and tries < MAX_TRIES and len(found) < MAX_READINGS:
        prefix = todo.pop()
        tries += 1
        parser = Parser(pieces, scope, prefix)
        try:
            found[parser.whole()] = None
        except FormulaError as error:
            if failure is None or error.start > failure.start:
                failure = error
        for at in reversed(range(len(prefix), len(parser.options))):
            taken = [*prefix, *([0] * (at - len(prefix)))]
            todo.extend([*taken, other] for other in reversed(range(1, parser.options[at])))
    if not found:
        raise failure or FormulaError("no formula", 0, len(text))
    return list(found)


class Parser(Cursor):
    """The grammar: one walk over the tokens, each rule a method that gives the tree of what it read."""

    def whole(self) -> Expr:
        """Read the whole text: a formula, then perhaps `for j = 1..2`."""
        if self.next.kind == "end":
            raise FormulaError("nothing is written here", 0, 1, "write a number or a formula")
        loop = next((i for i, t in enumerate(self.pieces) if t.kind == "name" and t.text == "for" and i > 0), None)
        if loop is None or key("for") in self.scope.names:
            tree = self.formula(0)
        else:
            start = self.at
            self.at = loop + 1
            binds = [self.bind()]
            while self.sees(","):
                self.take()
                binds.append(self.bind())
            end = self.at
            self.at = start
            body = self.formula(0)
            if self.at != loop:
                self.unexpected()
            self.at = end
            tree = Call("for", (body, *binds), self.where(self.pieces[start].start))
        if self.next.kind != "end":
            self.unexpected()
        return tree

    def bind(self) -> Call:
        """Read `u = 1..3`; the variable is known from here on."""
        start = self.next.start
        if self.next.kind != "name":
            self.refuse("a loop variable is missing", "write for j = 1..3")
        variable = self.take()
        if not self.sees("="):
            self.refuse("`=` is missing behind the loop variable", "write for j = 1..3")
        self.take()
        low = self.formula(COMPARE)
        if not self.sees(".."):
            self.refuse("a loop needs its first and its last number", "write for j = 1..3")
        self.take()
        high = self.formula(COMPARE)
        self.bound.append(variable.text)
        name = Name(variable.text, Where(variable.start, variable.end))
        return Call("=", (name, Call("..", (low, high), self.where(start))), self.where(start))

    def formula(self, power: int, below: bool = False) -> Expr:
        """Read as much as binds tighter than `power`; `below` a fraction bar, how much stands there is open."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.too_deep()
        left = self.operand(power, below)
        start = self.pieces[self.at - 1].start if isinstance(left, Num | Name) else left.at.start
        start = min(start, left.at.start)
        compared = False
        while True:
            token = self.next
            if token.kind == "op" and token.text in INFIX:
                strength = INFIX[token.text]
                if strength <= power:
                    break
                self.take()
                right = self.formula(strength, token.text == "/")
                if compared and strength == COMPARE:
                    raise FormulaError(
                        "two comparisons in a row", token.start, token.end, "compare two things at a time"
                    )
                compared = strength == COMPARE
                left = Call(token.text, (left, right), self.where(start))
            elif self.sees("@") or self.starts_operand():
                if power >= JUXTAPOSE:
                    break
                if below and self.choose(2) == 1:
                    break
                below = False
                if self.sees("@"):
                    self.take()
                left = Call("@", (left, self.formula(JUXTAPOSE)), self.where(start))
            else:
                break
        self.depth -= 1
        return left

    def starts_operand(self) -> bool:
        """Tell whether the next token can begin a factor of a product without a sign."""
        token = self.next
        if token.kind == "name":
            return token.text != "for"
        if token.kind == "op":
            if token.text in ("|", "||"):
                return not (self.bars and self.bars[-1] == token.text)
            return token.text in ("(", "[", "frac", "{")
        return False

    def operand(self, power: int, below: bool = False) -> Expr:
        """Read one operand with what stands behind it: powers, transposes, indices."""
        token = self.next
        if self.sees("-", "+"):
            self.take()
            inner = self.formula(JUXTAPOSE if below else max(NEGATE, power))
            return inner if token.text == "+" else Call("neg", (inner,), self.where(token.start))
        tree = self.atom(power)
        return self.behind(tree, token.start)

    def behind(self, tree: Expr, start: int) -> Expr:
        """Read the transposes, powers and indices behind an operand."""
        for _ in range(MAX_DEPTH - self.depth):
            if self.sees("ᵀ"):
                self.take()
                tree = Call("ᵀ", (tree,), self.where(start))
            elif self.sees("^"):
                if self.transpose_power():
                    tree = Call("ᵀ", (tree,), self.where(start))
                    continue
                self.take()
                tree = Call("^", (tree, self.exponent()), self.where(start))
            elif self.sees("[") and self.next.touching and self.pieces[self.at - 1].text in (")", "]"):
                tree = self.index(tree, start)
            elif self.sees("'"):
                if isinstance(tree, Num):
                    self.refuse("a mark within a number", "write the digits without marks between: 1000")
                name = tree.id if isinstance(tree, Name) and "/" not in tree.id else "W1"
                self.refuse(
                    "a prime means a derivative, and this is no function",
                    f"write {name}_new for the value after the update, or {name}ᵀ to transpose",
                )
            else:
                return tree
        self.too_deep()

    def transpose_power(self) -> bool:
        """Take `^T`, `^{T}`, `^\\top`, `^(T)`, unless T is declared and the power is the reading to try."""
        for ahead, close in ((1, ""), (2, "}"), (2, ")")):
            token = self.look(ahead)
            opens = ahead == 1 or self.look(1).text in ("{", "(")
            if (
                opens
                and token.kind == "name"
                and token.text in ("T", "t")
                and (not close or self.look(3).text == close)
            ):
                declared = known(self, token.text) is not None
                if declared and (token.text == "t" or self.choose(2) == 1):
                    return False
                self.at += ahead + 1 + (1 if close else 0)
                return True
        return False

    def exponent(self) -> Expr:
        if self.sees("{"):
            opened = self.take()
            tree = self.formula(0)
            self.expect("}", opened)
            return tree
        return self.formula(POWER - 1)

    def atom(self, power: int) -> Expr:
        token = self.next
        if token.kind == "num":
            return self.literal(power)
        if token.kind == "name":
            return named(self)
        if token.kind == "op":
            if token.text in ("(", "{"):
                self.take()
                bars, self.bars = self.bars, []
                tree = self.formula(0)
                self.bars = bars
                self.expect(")" if token.text == "(" else "}", token)
                return tree
            if token.text in ("|", "||"):
                self.take()
                self.bars.append(token.text)
                tree = self.formula(0)
                self.expect(token.text, token)
                self.bars.pop()
                return Call("abs" if token.text == "|" else "norm", (tree,), self.where(token.start))
            if token.text == "[":
                return self.array()
            if token.text == "frac":
                return self.fraction()
        if token.kind == "end":
            last = self.pieces[self.at - 1]
            raise FormulaError(f"something is missing behind `{safe_text(last.text)}`", last.start, last.end)
        self.unexpected()

    def literal(self, power: int) -> Expr:
        """Read a number; a fraction of two literals at the start of a term is one number, unless a power follows."""
        token = self.take()
        found = self.digits(token)
        if power <= NEGATE and self.sees("/") and self.look(1).kind == "num" and self.look(2).text not in ("^", "'"):
            self.take()
            found = self.ratio(found, self.digits(self.take()), token.start)
        if found.value == inf or (found.value == 0 and token.text.lower().partition("e")[0].strip("0.")):
            raise FormulaError("a number too large or too small to be meant", token.start, token.end)
        return found

    def digits(self, token: Token) -> Num:
        return Num(float(token.text), token.text, Where(token.start, token.end))

    def array(self) -> Expr:
        """Read `[a, b; c, d]`: commas set side by side, semicolons stack."""
        opened = self.take()
        bars, self.bars = self.bars, []
        rows: list[Expr] = []
        while True:
            start = self.next.start
            row = [self.formula(0)]
            while self.sees(","):
                self.take()
                row.append(self.formula(0))
            rows.append(row[0] if len(row) == 1 else Call("[,]", tuple(row), self.where(start)))
            if not self.sees(";"):
                break
            self.take()
        self.bars = bars
        self.expect("]", opened)
        return rows[0] if len(rows) == 1 else Call("[;]", tuple(rows), self.where(opened.start))

    def index(self, tree: Expr, start: int) -> Expr:
        """Read `[1,2]`, `[1,:]`, `[1..2]` behind a name."""
        opened = self.take()
        bars, self.bars = self.bars, []
        items = [self.item()]
        while self.sees(","):
            self.take()
            items.append(self.item())
        self.bars = bars
        self.expect("]", opened)
        return Call("[]", (tree, *items), self.where(start))

    def item(self) -> Expr:
        """Read one item of an index: a formula, `1..2` or `:`."""
        start = self.next.start
        if self.sees(":"):
            self.take()
            return Call(":", (), self.where(start))
        low = self.formula(0)
        if not self.sees(".."):
            return low
        self.take()
        return Call("..", (low, self.formula(0)), self.where(start))

    def fraction(self) -> Expr:
        """Read `\\frac{a}{b}`, which may be a derivative: `\\frac{\\partial J}{\\partial W_1}`."""
        start = self.take().start
        derivative = derivative_of_groups(self)
        if derivative is not None:
            return behind_name(self, derivative, start)
        parts: list[Expr] = []
        for _ in range(2):
            opened = self.next
            if not self.sees("{"):
                self.refuse("\\frac needs two groups in braces", "write \\frac{a}{b}")
            self.take()
            parts.append(self.formula(0))
            self.expect("}", opened)
        above, below = parts
        if isinstance(above, Num) and isinstance(below, Num) and "/" not in above.text + below.text:
            return self.ratio(above, below, start)
        return Call("/", (above, below), self.where(start))

    def ratio(self, above: Num, below: Num, start: int) -> Num:
        """Give the one number that a fraction of two literals is."""
        if below.value == 0:
            raise FormulaError("a division by zero", start, self.look(-1).end)
        return Num(above.value / below.value, f"{above.text}/{below.text}", self.where(start))


__all__ = ["FormulaError", "Scope", "readings"]
