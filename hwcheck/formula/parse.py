"""Tokens to trees: a Pratt parser that keeps every reading of a text that has several.

Where a text can be read in more than one way the parser asks for a choice; `readings` parses again for each further
choice, so the grammar itself is written once, as if every text had one reading. Which readings survive is for the
shapes to say; a student's text may keep several, a sheet's must not.

    >>> [tree.op for tree in readings("a/b c", Scope({"a": "a", "b": "b", "c": "c"}, {}))]
    ['/', '@']
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import NamedTuple, NoReturn

from ..text import closest, safe_text
from .expr import COMPARISONS, Call, Expr, Name, Num, Where
from .lex import LOOKALIKES, FormulaError, Token, is_step, tokens
from .names import Parts, indexed, join, key, split

MAX_DEPTH = 50
MAX_READINGS = 16
MAX_TRIES = 64
MAX_PRIMES = 3
LONG_NAME = 40

# Binding powers, weakest first. Juxtaposition binds tighter than the signs of multiplication and division.
COMPARE, ADD, NEGATE, MULTIPLY, JUXTAPOSE, APPLY, POWER = 10, 20, 25, 30, 40, 50, 60
INFIX = {"+": ADD, "-": ADD, "*": MULTIPLY, "⊙": MULTIPLY, "/": MULTIPLY, **dict.fromkeys(COMPARISONS, COMPARE)}

FIXES = {
    ",": "write a decimal number with a point: 0.5; entries go into brackets: [0.1, 0.2]",
    ";": "rows go into brackets: [0.1, 0.2; 0.3, 0.4]",
    ":": "write a slice as x[1..3], a whole axis as x[1,:]",
    ")": "there is one closing bracket too many",
    "]": "there is one closing bracket too many",
    "=": "leave the left side out, or write == to compare",
}


class Scope(NamedTuple):
    """What the names of a formula may mean.

    `names` and `functions` are looked up by `names.key`: the declared spelling of a quantity; a function's own name
    with the least and the most number of its arguments. `arrays` are the quantities that have entries. `student`
    keeps readings that a sheet may not leave open.
    """

    names: Mapping[str, str]
    functions: Mapping[str, tuple[str, int, int]]
    arrays: frozenset[str] = frozenset()
    student: bool = False
    steps: bool = True


def readings(text: str, scope: Scope) -> list[Expr]:
    """Give every reading of a formula, the one that the grammar prefers first.

    Raises:
        FormulaError: no reading; the error is that of the reading which came furthest.
    """
    pieces = tokens(text)
    found: dict[Expr, None] = {}
    failure: FormulaError | None = None
    todo: list[list[int]] = [[]]
    tries = 0
    while todo and tries < MAX_TRIES and len(found) < MAX_READINGS:
        prefix = todo.pop()
        tries += 1
        parser = _Parser(pieces, scope, prefix)
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


class _Parser:
    """One walk over the tokens, with the choices to take where a text has several readings."""

    def __init__(self, pieces: list[Token], scope: Scope, taken: list[int]) -> None:
        self.pieces, self.scope, self.taken = pieces, scope, taken
        self.at = 0
        self.depth = 0
        self.bars: list[str] = []
        self.bound: list[str] = []
        self.options: list[int] = []

    # --- moving over the tokens -----------------------------------------------------------------------------

    @property
    def next(self) -> Token:
        return self.pieces[self.at]

    def look(self, ahead: int) -> Token:
        return self.pieces[min(self.at + ahead, len(self.pieces) - 1)]

    def take(self) -> Token:
        token = self.pieces[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def sees(self, *texts: str) -> bool:
        return self.next.kind == "op" and self.next.text in texts

    def expect(self, text: str, opened: Token) -> Token:
        if not self.sees(text):
            if self.next.kind == "end":
                raise FormulaError(f"`{opened.text}` is never closed", opened.start, opened.end, f"add `{text}`")
            self.refuse(f"`{text}` is missing before this", FIXES.get(self.next.text, ""))
        return self.take()

    def refuse(self, reason: str, fix: str = "") -> NoReturn:
        token = self.next
        raise FormulaError(reason, token.start, max(token.end, token.start + 1), fix)

    def too_deep(self) -> NoReturn:
        self.refuse(f"more than {MAX_DEPTH} levels of brackets and powers", "write it in several lines")

    def choose(self, options: int) -> int:
        at = len(self.options)
        self.options.append(options)
        return self.taken[at] if at < len(self.taken) else 0

    def where(self, start: int) -> Where:
        return Where(start, self.pieces[max(self.at - 1, 0)].end)

    # --- the grammar ----------------------------------------------------------------------------------------

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

    def unexpected(self) -> NoReturn:
        token = self.next
        if token.kind == "num":
            self.refuse(f"the number `{token.text}` follows without a sign between", "write * between two factors")
        self.refuse(f"`{safe_text(token.text)}` is not expected here", FIXES.get(token.text, ""))

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
                self.refuse("a prime means a derivative, and this is no function", "write ᵀ, ^T or .T to transpose")
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
                declared = self.known(token.text) is not None
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
            return self.named()
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
        derivative = self.derivative_of_groups()
        if derivative is not None:
            return self.behind_name(derivative, start)
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

    # --- names ----------------------------------------------------------------------------------------------

    def known(self, text: str) -> str | None:
        """Give the declared spelling of a quantity's name, with its step; None where it is not declared."""
        if text in self.bound:
            return text
        found = self.scope.names.get(key(text))
        if found is None and text.endswith("_new"):
            base = self.scope.names.get(key(text[:-4]))
            found = base and f"{base}_new"
        return found

    def named(self) -> Expr:
        """Read a name: a quantity, a derivative, a function with its argument, or a constant."""
        token = self.take()
        start = token.start
        found = None if token.partial else self.known(token.text)
        if found is None:
            derivative = self.derivative(token)
            if derivative is not None:
                return self.behind_name(derivative, start)
        entry = self.entry(token.text)
        if found is not None and entry is not None:
            # `Y_1` may be the quantity Y1 or the first entry of Y; a declared `Y1` is open in a student's text only.
            if ("_" in token.text or self.scope.student) and token.text not in self.bound and self.choose(2) == 1:
                return self.behind_name(entry, start)
        elif found is None and entry is not None and self.scope.student and not self.is_function(token.text):
            return self.behind_name(entry, start)
        if found is None:
            layer = self.layer(token.text)
            if layer is not None:
                return self.behind_name(Name(layer, self.where(start)), start)
            if self.is_function(token.text):
                return self.application(token)
            self.undefined(token.text, start, token.end)
        return self.behind_name(Name(found or "", self.where(start)), start)

    def entry(self, text: str) -> Expr | None:
        """Read `Y_1` as `Y[1]` where Y is declared and has entries."""
        parts = indexed(text)
        if parts is None:
            return None
        base = self.scope.names.get(parts[0].rstrip("_"))
        if base is None or base not in self.scope.arrays:
            return None
        return Call("[]", (Name(base), Num(float(parts[1]), str(parts[1]))))

    def layer(self, text: str) -> str | None:
        """Take the layer of `W^(1)` where `W1` is declared and `W` is not."""
        if self.sees("^") and self.look(1).text in ("(", "{"):
            inner = 2 if self.look(2).text != "(" else 3
            digits = self.look(inner)
            found = self.scope.names.get(key(text + digits.text)) if digits.kind == "num" else None
            if found is not None and self.look(inner + 1).text in (")", "}"):
                self.at += inner + 2
                if inner == 3:
                    self.take()
                return found
        return None

    def behind_name(self, tree: Expr, start: int) -> Expr:
        """Read what belongs to a name: the step of `X1@2`, a touching index."""
        while is_step(self.next):
            token = self.take()
            base = tree.args[0] if isinstance(tree, Call) else tree
            if not isinstance(base, Name) or split(base.id).step:
                raise FormulaError("two steps on one name", token.start, token.end, "write one @k")
            name = Name(base.id + "@" + str(int(token.text[1:])), self.where(start))
            tree = Call(tree.op, (name, *tree.args[1:]), self.where(start)) if isinstance(tree, Call) else name
        if self.sees("[") and self.next.touching:
            tree = self.index(tree, start)
        if isinstance(tree, Call):
            return Call(tree.op, tree.args, self.where(start))
        return tree

    def undefined(self, text: str, start: int, end: int) -> NoReturn:
        """Refuse a name that means nothing here, with what may have been meant."""
        declared = sorted(set(self.scope.names.values()))
        entry = indexed(text)
        base = self.scope.names.get(entry[0].rstrip("_")) if entry else None
        fix = ""
        if base is not None and base in self.scope.arrays and entry is not None:
            fix = f"for entry {entry[1]} write `{base}[{entry[1]}]`"
        else:
            pieces = self.pieces_of(text) if len(text) < LONG_NAME else ""
            near = closest(text, [*declared, *(name for name, _, _ in self.scope.functions.values())])
            if pieces:
                fix = f"write a blank between factors: `{pieces}`"
            elif near:
                fix = f"did you mean `{near[0]}`?"
            if declared:
                listed = ", ".join(declared[:20])
                fix = f"{fix} Defined here: {listed}".strip()
        raise FormulaError(f"`{safe_text(text, LONG_NAME)}` is not defined", start, end, fix, "HW103")

    def pieces_of(self, text: str) -> str:
        """Cut `w1x` into the declared names `w1 x`, if it is made of two or three."""
        for cut in range(1, len(text)):
            head, tail = text[:cut], text[cut:]
            if key(head) in self.scope.names:
                if key(tail) in self.scope.names:
                    return f"{head} {tail}"
                rest = self.pieces_of(tail) if len(tail) < len(text) and len(text) < 12 else ""
                if rest:
                    return f"{head} {rest}"
        return ""

    # --- derivatives ----------------------------------------------------------------------------------------

    def derivative(self, token: Token) -> Expr | None:
        """Read the rest of `dJ/dW1` once its first name is taken; None where it is no derivative."""
        if not token.text.startswith("d") or len(token.text) < 2:
            return None
        mark = self.at
        above = self.part_of_derivative(token)
        if above is not None and self.sees("/"):
            self.take()
            below = self.next
            if below.kind == "name" and below.text.startswith("d") and len(below.text) > 1:
                self.take()
                under = self.part_of_derivative(below)
                if under is not None:
                    return self.joined(above, under)
                if below.partial or token.partial or self.known(below.text) is None:
                    self.undefined(below.text[1:], below.start + len(below.text) - len(below.text[1:]), below.end)
        self.at = mark
        if token.partial:
            if above is None:
                self.undefined(token.text[1:], token.start, token.end)
            raise FormulaError("∂ outside of a derivative", token.start, token.end, "write ∂J/∂W1")
        return None

    def derivative_of_groups(self) -> Expr | None:
        """Read `{\\partial J}{\\partial W_1}` or `{dJ}{dW_1}` behind \\frac."""
        mark = self.at
        found: list[Expr] = []
        for _ in range(2):
            if not self.sees("{") or self.look(1).kind != "name" or not self.look(1).text.startswith("d"):
                break
            self.take()
            token = self.take()
            part = self.part_of_derivative(token) if len(token.text) > 1 else None
            if part is None or not self.sees("}"):
                if token.partial and part is None:
                    self.undefined(token.text[1:], token.start, token.end)
                break
            self.take()
            found.append(part)
        if len(found) == 2:
            return self.joined(found[0], found[1])
        self.at = mark
        return None

    def part_of_derivative(self, token: Token) -> Expr | None:
        """Give the quantity behind the d of one side of a derivative, with an index where it has one."""
        start = token.start
        text = token.text[1:]
        name = self.known(text)
        tree: Expr | None = Name(name, self.where(start)) if name is not None else None
        if tree is None:
            layer = self.layer(text)
            tree = Name(layer, self.where(start)) if layer is not None else self.entry(text)
        if tree is None:
            return None
        if is_step(self.next) or (self.sees("[") and self.next.touching and isinstance(tree, Name)):
            tree = self.behind_name(tree, start)
        return tree

    def joined(self, above: Expr, below: Expr) -> Expr:
        """Make one derivative of its two sides; indices and steps belong to the whole."""
        indices: list[Expr] = []
        parts: list[Parts] = []
        for side in (above, below):
            if isinstance(side, Call):
                indices.extend(side.args[1:])
                side = side.args[0]
            assert isinstance(side, Name)
            parts.append(split(side.id) if side.id not in self.scope.names.values() else Parts(side.id))
        steps = {part.step for part in parts if part.step}
        if len(steps) > 1:
            raise FormulaError(
                "the two sides of a derivative belong to different steps",
                above.at.start,
                below.at.end,
                "write one step, at the end: dJ/dW1@2",
            )
        name = Name(
            join(Parts(parts[0].of, parts[1].of, steps.pop() if steps else "")), Where(above.at.start, below.at.end)
        )
        return Call("[]", (name, *indices), name.at) if indices else name

    # --- functions ------------------------------------------------------------------------------------------

    def is_function(self, text: str) -> bool:
        return key(text) in self.scope.functions

    def application(self, token: Token) -> Expr:
        """Read a function with its argument; a bare derivative f' is that at f's argument in the network."""
        name, least, most = self.scope.functions[key(token.text)]
        start = token.start
        if most == 0:
            return Call(name, (), self.where(start))
        primes = 0
        while self.sees("'"):
            self.take()
            primes += 1
        if (
            primes
            and self.next.kind == "name"
            and self.next.touching
            and self.next.text[0] == "_"
            and key(token.text + self.next.text) in self.scope.functions
        ):
            name, least, most = self.scope.functions[key(token.text + self.take().text)]
        op = name + "'" * primes
        if primes > MAX_PRIMES:
            raise FormulaError(
                f"a derivative higher than the {MAX_PRIMES}rd", start, self.look(-1).end, f"write {name}'"
            )
        if primes and most != 1:
            raise FormulaError(
                f"`{name}` has more than one argument, so {op} says not by which",
                start,
                self.look(-1).end,
                "write a derivative as dJ/dW1",
            )
        power = self.power_of_function()
        if self.sees("("):
            touching = self.next.touching
            if primes and not touching and self.choose(2) == 1:
                return Call(op, (), self.where(start))
            args = self.arguments(slices=name == "place")
            if not least <= len(args) <= most:
                wanted = str(least) if least == most else f"{least} to {most}"
                raise FormulaError(
                    f"`{name}` takes {wanted} argument{'s' * (most > 1)}, not {len(args)}", start, self.look(-1).end
                )
            tree: Expr = Call(op, args, self.where(start))
        elif primes and power is None:
            return Call(op, (), self.where(start))
        elif least <= 1 <= most and self.starts_factor():
            tree = Call(op, (self.factor(),), self.where(start))
        else:
            raise FormulaError(f"the argument of `{op}` is missing", token.start, token.end, f"write {op}(...)")
        return Call("^", (tree, power), self.where(start)) if power is not None else tree

    def power_of_function(self) -> Expr | None:
        """Take the power of `tanh^2(x)`, `sin² x`."""
        if self.sees("^") and self.look(1).kind == "num" and (self.look(2).text == "(" or self.look(2).kind == "name"):
            self.take()
            return self.digits(self.take())
        return None

    def starts_factor(self) -> bool:
        return self.next.kind == "num" or self.starts_operand()

    def factor(self) -> Expr:
        """Read the factor that `ln p` takes; in `sin 2x` the touching name may belong to it."""
        number_first = self.next.kind == "num"
        factor = self.formula(APPLY)
        if number_first and self.next.kind == "name" and self.next.touching and self.choose(2) == 0:
            factor = Call("@", (factor, self.formula(JUXTAPOSE)), self.where(factor.at.start))
        return factor

    def arguments(self, slices: bool = False) -> tuple[Expr, ...]:
        """Read `(a, b)`; loop variables are known inside; with `slices`, arguments may be like items of an index."""
        opened = self.take()
        bars, self.bars = self.bars, []
        known = len(self.bound)
        args: list[Expr] = []
        while True:
            if self.next.kind == "name" and self.look(1).kind == "op" and self.look(1).text == "=":
                args.append(self.bind())
            else:
                args.append(self.item() if slices and args else self.formula(0))
            if not self.sees(","):
                break
            self.take()
        self.expect(")", opened)
        del self.bound[known:]
        self.bars = bars
        return tuple(args)


__all__ = ["LOOKALIKES", "FormulaError", "Scope", "readings"]
