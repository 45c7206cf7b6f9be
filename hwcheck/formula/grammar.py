"""Tokens to a tree: a Pratt parser.

Where a text can be read in more than one way it asks for a choice, so the grammar is written once, as if every text
had one reading. What a name means, numbers, arrays and the forms of print are in files of their own.
"""

from __future__ import annotations

from .cursor import MAX_DEPTH, Cursor, shown
from .expr import ADD, COMPARE, COMPARISONS, JUXTAPOSE, MULTIPLY, NEGATE, POWER, Call, Expr, Name, Num, Where
from .lex import FormulaError, Token
from .names import key
from .parsearrays import array, index
from .parsederivatives import gradient
from .parseforms import below, cases, indicator, later, norm, positive, sees_positive
from .parsemeanings import known
from .parsenames import named
from .parsenumbers import digits, fraction, literal

BEHIND = frozenset(["ᵀ", "^", "[", "_", "'"])
OPENS = frozenset(["(", "[", "frac", "{", "l|", "l||", "∇", "𝟙", "cases"])
CLOSES = {"(": ")", "{": "}", "|": "|", "||": "||", "l|": "r|", "l||": "r||"}
INFIX = {"+": ADD, "-": ADD, **dict.fromkeys("*×⊙/", MULTIPLY), **dict.fromkeys(COMPARISONS, COMPARE)}
MEANT = {"=": "==", "×": "*"}


class Parser(Cursor):
    """The grammar: one walk over the tokens, each rule a method that gives the tree of what it read."""

    def whole(self) -> Expr:
        """Read the whole text: a formula, then perhaps `for j = 1..2`."""
        if self.next.kind == "end":
            raise FormulaError("nothing is written here", 0, 1, "write a number or a formula")
        loop = self.loop()
        tree = self.formula() if loop is None else self.looped(loop, "for")
        if self.next.kind != "end":
            self.unexpected()
        return tree

    def looped(self, loop: int, op: str) -> Expr:
        """Read a formula and, behind the token `loop`, the loop variables, which the formula may read."""
        start, bound = self.at, len(self.bound)
        self.at = loop + 1
        binds = [self.bind(bound)]
        while self.sees(","):
            self.take()
            binds.append(self.bind(bound))
        end = self.at
        self.at = start
        body = self.formula()
        if self.at != loop:
            self.unexpected()
        self.at = end
        del self.bound[bound:]
        return Call(op, (body, *binds), self.where(self.pieces[start].start))

    def loop(self) -> int | None:
        """Give the token before the loop variables, up to the bracket that closes: the `for` of a formula, or a
        student's comma, as in print."""
        depth = 0
        for at in range(self.at, len(self.pieces)):
            token = self.pieces[at]
            if token.kind == "name":
                if token.text == "for" and depth == 0 and at and "for" not in self.scope.names:
                    return at
            elif token.text in ("(", "[", "{", "cases"):
                depth += 1
            elif token.text in (")", "]", "}"):
                depth -= 1
                if depth < 0:
                    return None
            elif token.text == "," and depth == 0 and at and self.scope.student and not self.at:
                variable, sign = self.pieces[at + 1 : at + 3] if at + 2 < len(self.pieces) else (token, token)
                if variable.kind == "name" and sign.text == "=":
                    return at
        return None

    def bind(self, since: int) -> Call:
        """Read `u = 1..3`; the variable is known from here on. Those bound `since` belong to loops side by side."""
        start = self.next.start
        if self.next.kind != "name":
            self.refuse("a loop variable is missing", "write for j = 1..3")
        if key(self.next.text) in self.bound[since:]:
            self.refuse(f"two loops have the variable `{self.next.text}`", "give each loop a variable of its own")
        variable = self.take()
        if not self.sees("="):
            self.refuse("`=` is missing behind the loop variable", "write for j = 1..3")
        self.take()
        low = self.formula(COMPARE)
        if not self.sees("..", "…"):
            self.refuse("a loop needs its first and its last number", "write for j = 1..3")
        self.take()
        high = self.formula(COMPARE)
        self.bound.append(key(variable.text))
        name = Name(key(variable.text), Where(variable.start, variable.end))
        return Call("=", (name, Call("..", (low, high), self.where(start))), self.where(start))

    def formula(self, power: int = 0, below: bool = False) -> Expr:
        """Read as much as binds tighter than `power`; `below` a fraction bar, how much stands there is open."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.too_deep()
        first = self.next
        left = self.operand(power, below)
        start = self.pieces[self.at - 1].start if isinstance(left, Num | Name) else left.at.start
        start = min(start, left.at.start)
        compared = False
        while True:
            token = self.next
            if token.kind == "op" and (token.text in INFIX or self.equals(token)):
                strength = INFIX.get(token.text, COMPARE)
                if strength <= power:
                    break
                self.take()
                right = self.formula(strength, token.text == "/")
                if compared and strength == COMPARE:
                    raise FormulaError(
                        "two comparisons in a row", token.start, token.end, "compare two things at a time"
                    )
                compared = strength == COMPARE
                left = Call(MEANT.get(token.text, token.text), (left, right), self.where(start))
            elif self.sees("@") or self.starts_operand():
                if power >= JUXTAPOSE:
                    break
                if below and (self.is_fraction(first, left) or self.other()):
                    break
                below = False
                if self.sees("@"):
                    self.take()
                left = Call("@", (left, self.formula(JUXTAPOSE)), self.where(start))
            else:
                break
        self.depth -= 1
        return left

    def is_fraction(self, first: Token, below: Expr) -> bool:
        """Tell whether a sheet's fraction ends here: `lambda/2 l2(W)`, `lambda/(2 m) l2(W)`, with blanks where it
        does."""
        number = below.args[0] if first.text == "(" and isinstance(below, Call) and below.op in ("@", "*") else below
        return not self.scope.student and isinstance(number, Num) and first.touching and not self.next.touching

    def equals(self, token: Token) -> bool:
        """Tell whether a `=` compares: within brackets a student writes `(y = 1)`."""
        return token.text == "=" and self.inside > 0 and self.scope.student

    def starts_operand(self) -> bool:
        """Tell whether the next token can begin a factor of a product without a sign."""
        token = self.next
        if token.kind == "name":
            return token.text != "for" and not (token.text == "if" and self.look(1).text != "(")
        if token.kind == "op":
            if token.text in ("|", "||"):
                return not (self.bars and self.bars[-1] == token.text)
            return token.text in OPENS
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
            if self.pieces[self.at].text not in BEHIND:
                return tree
            if self.sees("ᵀ"):
                self.take()
                tree = Call("ᵀ", (tree,), self.where(start))
            elif self.sees("^"):
                if self.transpose_power():
                    tree = Call("ᵀ", (tree,), self.where(start))
                    continue
                positive_part = sees_positive(self)
                stepped = None if positive_part else later(self, tree)
                if positive_part or stepped is not None:
                    self.at += positive_part
                    tree = stepped or positive(self, tree, start)
                    continue
                self.take()
                if self.next.kind == "num" and self.look(1).text == "_":  # `x^2_i` is the square of x_i
                    power = digits(self.take())
                    if isinstance(tree, Call) and tree.op == "norm":
                        tree = norm(self, tree.args[0], start)
                    else:
                        tree = below(self, tree, start)
                    tree = Call("^", (tree, power), self.where(start))
                    continue
                tree = Call("^", (tree, self.exponent()), self.where(start))
            elif self.sees("[") and self.next.touching and self.pieces[self.at - 1].text in (")", "]"):
                tree = index(self, tree, start)
            elif self.sees("_"):
                number, more = self.pieces[self.at - 1], self.look(1)
                if number.kind == "num" and more.kind == "num":
                    text = f"{number.text}_{more.text}"
                    self.refuse(f"a mark within the number `{text}`", "write the digits without marks between: 1000")
                if number.kind == "num":
                    self.refuse("a number has no entries", "write an entry as x[1]")
                tree = below(self, tree, start)
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
                if declared and (token.text == "t" or self.other()):
                    return False
                self.at += ahead + 1 + (1 if close else 0)
                return True
        return False

    def exponent(self) -> Expr:
        """Read a power: a group, or what binds as tightly."""
        return self.group() if self.sees("{") else self.formula(POWER - 1)

    def group(self) -> Expr:
        """Read what stands between a bracket and the one that closes it."""
        opened = self.take()
        bars = self.enter()
        if opened.text in ("|", "||"):
            self.bars.append(opened.text)
        tree = self.formula()
        self.expect(CLOSES[opened.text], opened)
        self.leave(bars)
        return tree

    def enter(self) -> list[str]:
        """Begin what stands within brackets; give the bars that are open outside."""
        bars, self.bars = self.bars, []
        self.inside += 1
        return bars

    def leave(self, bars: list[str]) -> None:
        """End what stands within brackets."""
        self.bars = bars
        self.inside -= 1

    def atom(self, power: int) -> Expr:
        """Read a number, a name, or what stands in brackets."""
        token = self.next
        if token.kind == "num":
            return literal(self, power)
        if token.kind == "name":
            return named(self)
        if token.kind == "op":
            if token.text in ("(", "{"):
                return self.group()
            if token.text in CLOSES:
                tree = self.group()
                if "||" in token.text:
                    return norm(self, tree, token.start)
                return Call("abs", (tree,), self.where(token.start))
            if token.text == "[":
                return array(self)
            if token.text == "frac":
                return fraction(self)
            if token.text == "cases":
                return cases(self)
            if token.text == "∇":
                return gradient(self)
            if token.text == "𝟙":
                self.take()
                return indicator(self, token.start)
        if token.kind == "end":
            last = self.pieces[self.at - 1]
            raise FormulaError(f"something is missing behind `{shown(last)}`", last.start, last.end)
        self.unexpected()
