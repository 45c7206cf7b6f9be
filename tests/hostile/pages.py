"""A sheet with every kind of question, and pages with one text in place of each answer, of the name and of a key."""

from __future__ import annotations

import unicodedata

from tests.hostile.values import Value, quoted

#: Not asked as they are, so that their digits stand on no page: they show where a key would leak.
SECRETS = ("2.333", "1.166")
SHEET = """hwcheck: 1
title: Probe
problems:
  "1":
    functions: {f: unknown}
    given: {x: scalar, w: scalar}
    network: |
      L = (w x)^2
      u = 3 x w
    questions:
      formula: {derive: dL/dx}
      good formula: {derive: u}
  "2":
    given: {t: 0.02928, s: [1, 0.5], z1: 0.25}
    network: |
      p = sigmoid(t)
      v = 7/3 s
      q = 3 z1
    questions:
      number: p
      vector: v
      entry: v
      decision: {find: {class: p >= 0.5}}
      good: q
  "3":
    given: {x1: bit, x2: bit, a: scalar, b: scalar}
    network: |
      y = step(x1 + x2 - 3/2)
      z = step(a x1 + b)
    questions:
      edges: {graph: y}
      table: {table: [y], rows: bits}
      made: {construct: [a, b], such that: z == x1, key: {a: 2, b: -1}}
      choose: {choose: [first, second, third], key: third}
      order: {order: [one, two], key: [one, two]}
      match: {match: {left: [one, two], right: [here, there]}, key: {one: here, two: there}}
      words: {write: Why?, rubric: [because]}
"""
#: A sheet that would have code executed and files read.
MEAN = """hwcheck: 1
title: "{0.__class__} $(id)"
problems:
  "1":
    given: {x: 2, __class__: 3}
    network: |
      z = x __class__
      J = exec(z)
      K = open(z)
  "2":
    like: ../../etc/passwd
"""
GOOD = ("good", "good formula")
#: Questions that 0, 1 or true may be right for, whatever was meant.
GUESSED = ("decision", "table")


def page(value: Value, brief: bool = False) -> str:
    """Write a page of answers with a text in all places; in few if the page is to be brief, or the text is long."""
    text, said = value.text, quoted(value.said)
    head = f'sheet: probe\nstudent: {said}\nanswers:\n  "1":\n    good formula: 3 x w\n    formula: '
    two = f'  "2":\n    number: {text}\n    good: 0.75\n    {said}: 1\n'
    if value.long:
        return f"{head}\n{two}"
    if brief:
        return f"{head}{text}\n{two}"
    inner = "[1]" if text.endswith("\n") else f"[{text}, 0.5]"
    more = f"    decision: {text}\n    entry: {inner}\n    vector:\n      v: {text}\n"
    kinds = "".join(f"    {kind}: {text}\n" for kind in ("edges", "table", "choose", "order", "match", "words"))
    return f'{head}{text}\n{two}{more}  "3":\n{kinds}    made:\n      a: {text}\n      b: {text}\n'


def harmless(text: str) -> bool:
    """Tell whether a text holds nothing that a terminal acts upon, or that nobody sees."""
    return all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in text)
