"""Random problems that leave everything open, random formulas about them, and textbook derivatives of small networks.

Formulas are made by shape: numbers, vectors, matrices. Nothing is made that is defined almost nowhere or grows without
bounds, so that every one of them can be a key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from random import Random
from typing import NamedTuple

from hwcheck.formula.expr import Call, Expr, Name, Num, number
from hwcheck.formula.parse import readings
from hwcheck.formula.show import plain
from hwcheck.graph.shapes import Shape
from hwcheck.sheet.problem import Problem, problem_scope, settled
from tests.marking.formulas_worth import World, is_key, worlds
from tests.marking.students import sheet_of

#: Names by shape.
Pool = Mapping[Shape, Sequence[str]]

#: Keys of one problem.
KEYS = 10
HALF = Num(0.5, "1/2")
PI = Call("pi", ())

NUMBERS = """
    functions: {f1: unknown, f2: unknown}
    given:
      x: scalar
      w: scalar
      b: scalar
      u: scalar
      p: probability
      q: {shape: scalar, in: [0.2, 3]}
      v: {shape: scalar, in: [-1, 1]}
      t: bit
"""
ARRAYS = """
    functions: {f1: unknown, f2: unknown}
    given:
      x: vector D1
      y: vector D1
      g: vector D2
      h: vector D2
      W: matrix D2 x D1
      V: matrix D2 x D1
      A: matrix D1 x D1
      B: matrix D1 x D1
      c: scalar
      s: scalar
      q: {shape: vector D1, in: [0.2, 3]}
      t: one-hot D1
      e: {shape: vector D2, in: [-1, 1]}
"""
UNITS = {  # an activation, and its slope where the argument is Z and the value is H
    "sigmoid": "H ⊙ (1 - H)",
    "tanh": "(1 - H^2)",
    "relu": "(Z > 0)",
    "f1": "f1'(Z)",
    "exp": "H",
}
#: Networks as text, and derivatives as textbooks give them; ACT is an activation, SLOPE[Z, H] its slope.
NETWORKS = (
    (
        "{x: scalar, w1: scalar, w2: scalar, w3: scalar, w4: scalar, b1: scalar, b2: scalar, b3: scalar, y: scalar}",
        ("z1 = w1 x + b1", "z2 = w2 x + b2", "h1 = ACT(z1)", "h2 = f2(z2)", "yhat = w3 h1 + w4 h2 + b3",
         "L = (yhat - y)^2"),
        {
            "dL/dyhat": "2 (yhat - y)",
            "dL/dw1": "2 (yhat - y) w3 (SLOPE[z1,h1]) x",
            "dL/dx": "2 (yhat - y) (w3 (SLOPE[z1,h1]) w1 + w4 f2'(z2) w2)",
            "dL/db2": "2 (yhat - y) w4 f2'(w2 x + b2)",
            "dL/dw4": "dL/dyhat h2",
        },
    ),
    (
        "{x: vector d1, W1: matrix d2 x d1, b1: vector d2, W2: matrix d3 x d2, b2: vector d3, y: vector d3}",
        ("z1 = W1 x + b1", "a1 = ACT(z1)", "yhat = W2 a1 + b2", "L = sum((yhat - y)^2)"),
        {
            "dL/dyhat": "2 (yhat - y)",
            "dL/dW2": "2 (yhat - y) a1ᵀ",
            "dL/db1": "(W2ᵀ (2 (yhat - y))) ⊙ (SLOPE[z1,a1])",
            "dL/dW1": "((W2ᵀ dL/dyhat) ⊙ (SLOPE[z1,a1])) xᵀ",
            "dL/dx": "2 W1ᵀ ((W2ᵀ (yhat - y)) ⊙ (SLOPE[z1,a1]))",
        },
    ),
    (
        "{x: vector d, W: matrix K x d, b: vector K, y: one-hot K}",
        ("z = W x + b", "p = softmax(z)", "L = cross_entropy(p, y)"),
        {"dL/dz": "p - y", "dL/dW": "(p - y) xᵀ", "dL/db": "exp(z) / sum(exp(z)) - y", "dL/dx": "Wᵀ (p - y)"},
    ),
    (
        "{x: vector n, w: vector n, b: scalar, y: bit}",
        ("z = wᵀ x + b", "p = sigmoid(z)", "L = -(y ln(p) + (1 - y) ln(1 - p))"),
        {"dL/dz": "p - y", "dL/dw": "(p - y) x", "dL/db": "p - y", "dL/dp": "(p - y) / (p (1 - p))",
         "dL/dx": "(p - y) w"},
    ),
    (
        "{X: matrix n x d, w: vector d, y: vector n, c: scalar}",
        ("r = X w - y", "L = 1/2 norm(r)^2 + 1/2 c (wᵀ w)"),
        {"dL/dw": "Xᵀ (X w - y) + c w", "dL/dr": "r", "dL/dX": "r wᵀ", "dL/dy": "y - X w", "dL/dc": "1/2 sum(w^2)"},
    ),
    (
        "{A: matrix n x n, x: vector n, u: vector m, X: matrix m x n}",
        ("L = xᵀ A x + uᵀ X x",),
        {"dL/dx": "(A + Aᵀ) x + Xᵀ u", "dL/dA": "x xᵀ", "dL/dX": "u xᵀ", "dL/du": "X x"},
    ),
    (
        "{u: scalar, w: scalar, x1: scalar, x2: scalar, h0: scalar, y: scalar}",
        ("h1 = ACT(u x1 + w h0)", "h2 = tanh(u x2 + w h1)", "L = (h2 - y)^2"),
        {
            "dL/dw": "2 (h2 - y) (1 - h2^2) (h1 + w (SLOPE[(u x1 + w h0),h1]) h0)",
            "dL/dx1": "2 (h2 - y) (1 - h2^2) w (SLOPE[(u x1 + w h0),h1]) u",
            "dL/dh1": "2 (h2 - y) (1 - h2^2) w",
        },
    ),
)  # fmt: skip


class Field(NamedTuple):
    """A problem with what formulas about it are made of: its names by shape, and points to tell formulas apart.

    `keys` are formulas to be held against, each with one to begin with that is the same.
    """

    problem: Problem
    pool: Pool
    points: list[World]
    keys: list[tuple[Expr, Expr]]


@lru_cache(maxsize=2)
def fields(seed: int, count: int) -> list[Field]:
    """Make random problems of every kind in turn."""
    random = Random(seed)
    return [(_numbers, _arrays, _network)[at % 3](random) for at in range(count)]


def read(problem: Problem, text: str) -> Expr:
    """Read a formula about a problem, which must have one reading."""
    (tree,) = readings(text, problem_scope(problem))
    return settled(problem, tree)


def _problem(text: str, lines: Sequence[str]) -> Problem:
    network = "".join(f"      {line}\n" for line in lines)
    sheet = sheet_of(
        f'hwcheck: 1\nproblems:\n  "1":{text.rstrip()}\n    network: |\n{network}    questions: {{a: L}}\n'
    )
    return sheet.problems["1"]


def _field(problem: Problem, random: Random, rights: Mapping[str, str] | None = None) -> Field:
    pool: dict[Shape, list[str]] = {}
    for row in problem.base:
        if row.name not in problem.base.symbols:
            shape = () if set(row.shape) == {1} else row.shape  # a number, however it was made
            pool.setdefault(shape, []).append(row.name)
    points = worlds(problem, random)
    keys: list[tuple[Expr, Expr]] = [(Name(key), read(problem, text)) for key, text in (rights or {}).items()]
    while len(keys) < KEYS:
        key = _random_key(random, pool, points)
        keys.append((key, key))
    return Field(problem, pool, points, keys)


def _numbers(random: Random) -> Field:
    """Make a problem of numbers, with a random network."""
    pool: dict[Shape, list[str]] = {(): ["x", "w", "b", "u", "p", "q", "v", "t"]}
    lines = []
    for name in ("m", "n", "L"):
        lines.append(f"{name} = {plain(formula(random, pool, (), random.randint(1, 3)))}")
        pool[()].append(name)
    return _field(_problem(NUMBERS, lines), random)


def _arrays(random: Random) -> Field:
    """Make a problem of vectors and matrices whose sizes are names or numbers, with a random network."""
    one, two = random.choice((("d1", "d2"), ("d1", "d2"), (3, 2), (2, 4), ("k", 3)))
    pool: dict[Shape, list[str]] = {
        (): ["c", "s"], (one,): ["x", "y", "q", "t"], (two,): ["g", "h", "e"], (two, one): ["W", "V"],
        (one, one): ["A", "B"],
    }  # fmt: skip
    lines = []
    for name, shape in (("z", (two,)), ("r", (one,)), ("L", ())):
        lines.append(f"{name} = {plain(formula(random, pool, shape, random.randint(1, 2)))}")
        pool[shape].append(name)
    text = ARRAYS.replace("D1", str(one)).replace("D2", str(two))
    return _field(_problem(text, lines), random)


def _network(random: Random) -> Field:
    """Make a small network, with its derivatives."""
    given, lines, rights = random.choice(NETWORKS)
    unit = random.choice(list(UNITS))
    text = f"\n    functions: {{f1: unknown, f2: unknown}}\n    given: {given}"
    problem = _problem(text, [line.replace("ACT", unit) for line in lines])
    return _field(problem, random, {key: _sloped(right, unit) for key, right in rights.items()})


def _sloped(text: str, unit: str) -> str:
    """Put the slope of an activation in its places."""
    before, found, rest = text.partition("SLOPE[")
    if not found:
        return text
    inside, _, rest = rest.partition("]")
    argument, value = inside.split(",")
    return before + UNITS[unit].replace("Z", argument).replace("H", value) + _sloped(rest, unit)


# --- formulas ---------------------------------------------------------------------------------------------------------


def call(op: str, *args: Expr) -> Call:
    """Give an operation."""
    return Call(op, args)


def size(of: int | str) -> Expr:
    """Give a size as a number in a formula."""
    return Name(of) if isinstance(of, str) else number(of)


def _random_key(random: Random, pool: Pool, points: list[World]) -> Expr:
    """Make a formula of one of the shapes of a problem that has values which say something."""
    while True:
        shape = random.choice(list(pool))
        found = formula(random, pool, shape, random.randint(1, 4 - len(shape)))
        if is_key(found, points):
            return found


def formula(random: Random, pool: Pool, shape: Shape, depth: int) -> Expr:
    """Make a formula of a shape."""
    if depth == 0 or random.random() < 0.1:
        return _leaf(random, pool, shape)
    return (_number, _vector, _matrix)[len(shape)](random, pool, shape, depth - 1)


def _leaf(random: Random, pool: Pool, shape: Shape) -> Expr:
    if not shape and random.random() < 0.15:
        return random.choice((number(2), number(3), HALF, Num(0.7, "0.7")))
    if shape in pool:
        return Name(random.choice(pool[shape]))
    if shape[::-1] in pool:
        return call("ᵀ", _leaf(random, pool, shape[::-1]))
    return call("@", _leaf(random, pool, shape[:1]), call("ᵀ", _leaf(random, pool, shape[1:])))


def _entrywise(random: Random, a: Expr, b: Expr, times: str) -> list[Expr]:
    """Give what arrays of any shape can make, entry by entry."""
    one = number(1)
    square = call("^", b, number(2))
    unit = random.choice(("tanh", "sigmoid", "relu", "f1", "f2", "f1'", "sin"))
    return [
        call("+", a, b),
        call("-", a, b),
        call(times, a, b),
        call("/", a, call("+", one, square)),
        call("^", a, random.choice((number(2), number(3)))),
        call(unit, a),
        call(unit, b),
        call("exp", random.choice((call("neg", square), call("tanh", a)))),
        call("ln", call("+", one, square)),
        call("max", a, b),
        call("if", call(random.choice("<>"), a, number(0)), b, a),
        call("abs", a),
        call("neg", a),
    ]


def _number(random: Random, pool: Pool, shape: Shape, depth: int) -> Expr:
    a, b = (formula(random, pool, (), depth) for _ in range(2))
    arrays = [each for each in pool if each]
    if not arrays:
        q, p = Name("q"), Name("p")
        more = (
            [call("ln", q), call("/", a, q), call("sqrt", q), call("ln", p), call("exp", q)] if "q" in pool[()] else []
        )
        return random.choice([*_entrywise(random, a, b, "@"), *more])
    array = random.choice(arrays)
    one, two = (formula(random, pool, array, depth) for _ in range(2))
    found = [call(op, one) for op in ("sum", "mean", "norm", "sum")] + [call("sum", call("⊙", one, two))]
    if len(array) == 1:
        found += [call("@", call("ᵀ", one), two), call("max", one), call("[]", one, number(1))]
        found += [call("sum", call("ln", Name(name))) for name in pool[array] if name == "q"]
    return random.choice([*_entrywise(random, a, b, "@"), *found, *found])


def _vector(random: Random, pool: Pool, shape: Shape, depth: int) -> Expr:
    a, b = (formula(random, pool, shape, depth) for _ in range(2))
    found = [call("@", formula(random, pool, (), depth), a)]
    for matrix in pool:
        if len(matrix) == 2:
            whole = _leaf(random, pool, matrix)
            if matrix[0] == shape[0]:
                found.append(call("@", whole, formula(random, pool, matrix[1:], depth)))
            if matrix[1] == shape[0]:
                found.append(call("@", call("ᵀ", whole), formula(random, pool, matrix[:1], depth)))
    return random.choice([*_entrywise(random, a, b, "⊙"), *found, *found])


def _matrix(random: Random, pool: Pool, shape: Shape, depth: int) -> Expr:
    a, b = (formula(random, pool, shape, depth) for _ in range(2))
    found = [call("@", formula(random, pool, (), depth), a)]
    if all(shape[at : at + 1] in pool for at in (0, 1)):
        one, two = (formula(random, pool, shape[at : at + 1], depth) for at in (0, 1))
        found.append(call("@", one, call("ᵀ", two)))
    for matrix in pool:
        if len(matrix) == 2 and matrix[0] == shape[0] and (matrix[1], shape[1]) in pool:
            found.append(call("@", _leaf(random, pool, matrix), formula(random, pool, (matrix[1], shape[1]), depth)))
    return random.choice([*_entrywise(random, a, b, "⊙"), *found, *found])
