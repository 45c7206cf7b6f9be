"""Sheets that show every way in which a solution is laid out, and reports on answers to them."""

from functools import cache

from hwcheck import load_sheet, solve, verify
from hwcheck.files import Source
from hwcheck.marking.answers import answers_of
from hwcheck.marking.report import Report
from hwcheck.sheet.load import Sheet, sheet_of
from hwcheck.sheet.solution import Solution
from tests.bundled import SHEETS, answers_file

TEXTS = {
    "steps": """
        hwcheck: 1
        title: Three steps
        problems:
          a:
            given: {w: 0.5, x: 2, t: -0.00001234}
            network: |
              o = w x
              E = 1/2 (t - o)^2
            train: {loss: E, parameters: [w], optimizer: sgd, learning_rate: 0.01, steps: 3}
            questions:
              first: {find: [o, w@2, o@2, w_new, E_new], points: 5, text: Work three steps out.}
        """,
    "rule": """
        hwcheck: 1
        title: A rule with states, on samples in pairs
        problems:
          a:
            given: {X: [[1, 2], [3, 4], [5, 6]], y: [1, 0, 1], w: [0.1, 0.2], b: 0}
            network: |
              p = X w + b
              J = mse(p, y)
            train:
              loss: J
              parameters: [w, b]
              optimizer: {adam: {clip_norm: 1}}
              learning_rate: 0.1/epoch
              epochs: 1
              samples: {axis: rows, of: [X, y]}
              batch_size: 2
            questions: {a: {find: [m_w, vhat_w@2, w_new, lr@2], points: 4}}
        """,
    "long": """
        hwcheck: 1
        title: Many steps
        problems:
          a:
            given: {x: [1, 2], y: [0.5, -1], W: [[0.1, 0.2], [0.3, -0.4]]}
            network: |
              p = tanh(W x)
              J = 1/2 sum((p - y)^2)
            train: {loss: J, parameters: [W], optimizer: momentum, learning_rate: 0.01, steps: 300}
            questions: {a: {find: [m_W, 'W@100[1,2]', J@100, W_new, J_new], points: 4}}
        """,
    "symbolic": """
        hwcheck: 1
        title: Symbols only
        problems:
          "1":
            text: |
              No numbers here.

              Only formulas.
            given: {x: vector n, W: matrix m x n, b: vector m, y: vector m}
            network: |
              z = W x + b
              a = tanh(z)
              L = squared_error(a, y)
            questions:
              a: {find: [L, dL/dW, dL/db]}
        """,
    "derived": """
        hwcheck: 1
        title: Derivations
        problems:
          chain:
            functions: {f1: unknown, f2: unknown, f3: unknown}
            given: {x: scalar, w1: scalar, w2: scalar, w3: scalar, w4: scalar, b1: scalar, dL/dyhat: scalar}
            network: |
              h1 = f1(w1 x + b1)
              h2 = f2(w2 x)
              yhat = f3(w3 h1 + w4 h2)
            questions:
              a: {find: [dL/dw1, dL/dw4, dL/dx, dyhat/dx]}
          graph:
            given: {x: scalar}
            network: |
              h = 2 x + 1
              z = x^2
              y = 1/(1 + exp(-h))
            questions:
              a: {find: [dy/dz, dy/dh, dy/dx]}
          layers:
            given: {x: vector d1, W1: matrix d2 x d1, b1: vector d2, W2: matrix d3 x d2, b2: vector d3, y: vector d3}
            network: |
              z1 = W1 x + b1
              z2 = relu(z1)
              z3 = W2 z2 + b2
              yhat = identity(z3)
              l = ||yhat - y||^2
            questions:
              a:
                find:
                  - dl/dW2
                  - dl/dW1
                  - dl/dyhat
                  - dyhat/dz3
                  - dz2/dz1
                  - dz2/dz1[1,1]
                  - dl/dW1[1,2]
                  - dyhat/dx
                  - dz1/dW2
        """,
    "large": """
        hwcheck: 1
        title: A larger layer
        problems:
          "1":
            given:
              x: linspace(-1, 1, 10)
              W: reshape(linspace(-1000000, 2, 90), 9, 10)
              V: reshape(linspace(-0.001, 0.002, 42), 6, 7)
            network: |
              z = W x
              s = softmax(1/1000000 z)
              q = V x[1..7]
              p = sum(j = 1..7, V[1,j] x[j])
              r = 1/0.5 q
              J = sum(s) + mean(q) + p
            questions:
              1: {find: [z, s, q, p, r, V, dJ/dV]}
        """,
    "odd": """
        hwcheck: 1
        title: "an odd \u061c\ufeff title | with *marks* and <b>tags</b>"
        problems:
          "x|y":
            title: "wide 漢字 and \u202e reversed"
            text: |
              1. not a list

              - neither is `this` | or @this
            given: {y: 0, p: 0, q: 1}
            network: |
              ŷ = 1/(1 + e^(-p))
              L = -(q ln(p))
              D = ln(y) - ln(p)
            questions:
              "a|b": {find: [ŷ, L, D], points: 2.5}
              other: {find: {decision: ŷ > 0.5, change: ŷ - p}, when: {p: 1}, points: 1}
        """,
}
NAMES = [*TEXTS, "sheet5", "exercise3", "two-two-two"]
#: The sheets that come along, with answers to each.
BUNDLED = [name for name in SHEETS if answers_file(name).exists()]

ANSWERS = {
    "rule": "answers: {a: {a: {m_w: [0.1, 0.2], w_new: '[0, 0.1]', lr@2: 0.1}}}",
    "long": "answers: {a: {a: {m_W: '[0.1, 0.2; 0.3, 0.4]', J_new: 0.01}}}",
    "steps": "answers: {a: {first: {o: 1, w@2: 0.48, o@2: 0.96, w_new: .4, E_new: '1/2'}}}",
    "large": "answers: {'1': {1: {q: [1, 2, 3, 4, 5, 6], p: '|x', z: [1, 2]}}}",
    "odd": "answers: {'x|y': {'a|b': {ŷ: '0.5 \\x1b[31m', L: '``|', D: [1, 2]}}}",
}


def text_of(name: str) -> str:
    """Give the YAML of a sheet without its indentation."""
    lines = TEXTS[name].strip("\n").split("\n")
    return "\n".join(line[8:] for line in lines)


@cache
def sheet(name: str) -> Sheet:
    """Load a sheet of this file, or one that comes along."""
    return sheet_of(source_of(f"{name}.yaml", text_of(name))) if name in TEXTS else load_sheet(name)


@cache
def solution(name: str, round_to: int | None = None) -> Solution:
    """Solve a sheet of this file, or one that comes along."""
    return solve(sheet(name), round_to=round_to)


def answers_text(name: str) -> str:
    """Give answers: those of this file, or those that come along with a sheet."""
    own = ANSWERS.get(name)
    return f"sheet: {name}\n{own}\n" if own is not None else answers_file(name).read_text(encoding="utf-8")


@cache
def report(name: str) -> Report:
    """Verify answers: those of this file, or those that come along with a sheet."""
    return verify(sheet(name), answers_of(source_of(f"{name}.answers.yaml", answers_text(name))))


def source_of(name: str, text: str) -> Source:
    """Give a file that is nowhere."""
    return Source(name, text, text.encode())
