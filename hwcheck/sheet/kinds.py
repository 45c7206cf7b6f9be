"""Kinds of values: which of a text, a list and a mapping may stand somewhere, and what these hold in turn.

Here is nothing about places in files: `fields` says where a value of each kind stands, and `check` holds typed-in text
against it.
"""

import re

from ..library.conventions import CHANGES
from ..record import NamedTuple

VERSION = "1"
MOST_PROBLEMS = 500
MOST_QUESTIONS = 2000
MOST_ASKED = 500  # quantities in one question
MOST_SLIPS = 500
MOST_OPTIONS = 100  # in one question
MOST_ROWS = 100  # of a table
MOST_TRACKS = 20
MOST_ANSWERS = 20_000  # of a file's text and lists; its reader allows no more entries


#: How much of a report students are shown: the marks; also where to look; also what the slip is; also computed values.
FEEDBACK = ("mark", "where", "hint", "full")


class Kind(NamedTuple):
    """What a value may be; each part that is given is one accepted form.

    `scalar` names a row of `SCALARS`, and `bounds` hold for numbers; `options` are the only texts allowed; with
    `empty`, nothing may stand there. `items` is the kind of a list's items; `values` that of what stands under free
    names, which are `keys` of `SCALARS`; `record` the owner whose fields are the keys; `choice` the table in which a
    name is chosen, bare or with settings. `noun` is what messages call one value of the kind, with its id or number;
    `size` is the least and the most number of entries.
    """

    want: str
    scalar: str = ""
    options: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None
    empty: bool = False
    items: str = ""
    values: str = ""
    keys: str = "filled"
    record: str = ""
    choice: str = ""
    noun: str = ""
    size: tuple[int, int] = (1, 10_000)


#: Patterns that a text must contain; JSON Schema reads them in the same way. Numbers in quotes may have blanks around.
SCALARS = {
    "filled": r"\S",
    "line": r"^\s*\S[^\n]*$",
    "track": r"^\S([^\n]{0,62}\S)?$",
    "id": r"^\S([^\n]{0,62}\S)?$",
    "number": r"^\s*\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,2})?\s*$",
    "own loss": r"[-+*/^=(\[]",
    "whole": r"^\s*[0-9]{1,9}\s*$",
    "rows": r"^\s*(bits|steps\s+[0-9]{1,4}\s*\.\.\s*[0-9]{1,4})\s*$",
    "code": r"^[A-Z][A-Z0-9_]{0,63}$",
    "sheet name": r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$",
}

#: What messages call a key of these.
KEYS = {
    "filled": "a name",
    "id": "an id of at most 64 characters",
    "track": "a track, of at most 64 characters,",
    "code": "a code of capitals, digits and _, such as `NO_HALF`,",
}

KINDS = {
    "prose": Kind("text", "filled", empty=True),
    "line": Kind("text on one line", "line"),
    "person": Kind("text on one line", "line", empty=True),
    "id": Kind("the id of a problem", "id"),
    "formula": Kind("a name or a formula", "filled"),
    "points": Kind("a number from 0 to 10000, or a mapping of tracks to such",
                   "number", bounds=(0, 10_000), values="points of a track", keys="track", size=(1, MOST_TRACKS)),
    "points of a track": Kind("a number from 0 to 10000", "number", bounds=(0, 10_000)),
    "bonus": Kind("yes or no, or a mapping of tracks to points", options=("yes", "no", "true", "false"),
                  values="points of a track", keys="track", size=(1, MOST_TRACKS)),
    "share": Kind("a number from 0 to 1", "number", bounds=(0, 1)),
    "yes or no": Kind("yes or no", options=("yes", "no", "true", "false")),
    "digits": Kind("a whole number from 1 to 15", "whole", bounds=(1, 15)),
    "steps": Kind("a whole number from 1 to 100000", "whole", bounds=(1, 100_000)),
    "count": Kind("a whole number", "whole", bounds=(0, 1_000_000)),
    "samples of": Kind("a mapping with `of`, the givens that hold the samples", record="samples"),
    "axis": Kind("rows or columns", options=("rows", "columns")),
    "batches": Kind("a list of batches, each a list of sample numbers", items="batch of samples"),
    "batch of samples": Kind("a list of sample numbers", items="sample", noun="batch"),
    "sample": Kind("the number of a sample", "whole"),
    "rule": Kind("an update rule, one definition a line", "filled"),
    "updates": Kind("when parameters change", options=("together", "in_order")),
    "nesterov form": Kind("a form of the rule", options=("lookahead", "shifted")),
    "version": Kind("the format version", options=(VERSION,)),
    "value": Kind("a number, a list, a formula or a shape", "filled", items="value", record="given shape"),
    "shape": Kind("a shape such as `vector 3`", "line"),
    "ends": Kind("the least and the largest value", items="formula", size=(2, 2)),
    "values": Kind("a mapping of names to values", values="value"),
    "formulas": Kind("a mapping of names to formulas", values="formula"),
    "names": Kind("a list of names", "filled", items="formula"),
    "problems": Kind("a mapping of ids to problems", values="problem", keys="id", size=(1, MOST_PROBLEMS)),
    "problem": Kind("a mapping with the parts of a problem", record="problem", noun="problem"),
    "network": Kind("definitions as text, or a mapping with `input` and `layers`", "filled", record="network"),
    "layers": Kind("a list of layers", items="layer", size=(1, 500)),
    "layer": Kind("a layer with its settings", choice="layer", noun="layer"),
    "sizes": Kind("a whole number, or a list of them", "filled", items="formula", size=(1, 4)),
    "size": Kind("a whole number from 1 on", "whole", bounds=(1, 100_000)),
    "layout": Kind("a layout", options=("NCHW", "NHWC")),
    "bias column": Kind("a column", options=("first", "last")),
    "stack order": Kind("an order", options=("xh", "hx")),
    "gates": Kind("the letters of the gates in their order", "line"),
    "gru form": Kind("a form", options=("reset_after", "reset_before")),
    "returns": Kind("which hidden states", options=("all", "last")),
    "target form": Kind("what a target is", options=("index", "one-hot")),
    "loss": Kind("a loss with its settings, or a formula", scalar="own loss", choice="loss"),
    "layer names": Kind("a mapping with names for the parts of a layer", record="layer names"),
    "train": Kind("a mapping with the settings of training", record="train"),
    "optimizer": Kind("an optimizer", choice="optimizer"),
    "conventions": Kind("a mapping of conventions", record="conventions"),
    **{name: Kind("a convention", options=(*values, *(("true", "false") if "yes" in values else ())))
       for name, values in CHANGES.items()},
    "marking": Kind("`strict`, or a mapping of shares", options=("strict",), record="marking"),
    "feedback": Kind("how much students are shown", options=FEEDBACK),
    "own slips": Kind("a mapping of codes to slips", values="own slip", keys="code", size=(1, MOST_SLIPS)),
    "own slip": Kind("a mapping with `in`, `formula` and `message`", record="own slip", noun="slip"),
    "message": Kind("text for the student", "filled"),
    "questions": Kind("a mapping of ids to questions", values="question", keys="id", size=(1, MOST_QUESTIONS)),
    "question": Kind("a quantity, a list of quantities, or a mapping with `find` or another kind of question",
                     "filled", items="quantity", record="question", noun="question", size=(1, MOST_ASKED)),
    "find": Kind("a quantity, a list of quantities, or a mapping of new names to formulas",
                 "filled", items="quantity", values="formula", size=(1, MOST_ASKED)),
    "graph": Kind("`network`, a list of quantities, or a list of edges such as `x -> h`",
                  "filled", items="formula", size=(1, MOST_ASKED)),
    "columns": Kind("a list of quantities, of formulas under titles, or of titles", items="column", size=(1, 20)),
    "column": Kind("a title, a quantity, or a mapping of a title to a formula", "line", values="formula", size=(1, 1)),
    "rows": Kind("`bits`, `steps 1..4`, a list of givens, or a mapping of each row's title to its formulas",
                 "rows", items="row", values="cells", size=(1, MOST_ROWS)),
    "row": Kind("a mapping of givens to values", values="value", noun="row", size=(1, 20)),
    "cells": Kind("a list of quantities or formulas, one for each column", items="formula", size=(1, 20)),
    "options": Kind("a list of at least two options, or a mapping of letters to them",
                    items="option", values="option", keys="id", size=(2, MOST_OPTIONS)),
    "option": Kind("the text of an option", "filled"),
    "sides": Kind("a mapping with the options of the `left` and of the `right` side", record="sides"),
    "key": Kind("an option, a list of options, or a mapping of the left side to the right side",
                "filled", items="key part", values="key part", size=(1, MOST_OPTIONS)),
    "key part": Kind("an option, or a list of options in any order", "filled", items="option", size=(1, MOST_OPTIONS)),
    "construct": Kind("a list of givens, or a function such as `f(z)`", "line", items="formula", size=(1, 100)),
    "conditions": Kind("a condition, a list of conditions, or a mapping of formulas to their truth tables",
                       "filled", items="condition", values="truth", size=(1, 100)),
    "condition": Kind("a formula that compares, or a mapping of a formula to its truth table",
                      "filled", values="truth", size=(1, 100)),
    "truth": Kind("the values for all bits in order, such as `0110`; of a range, its two ends",
                  "filled", items="formula", size=(1, 4096)),
    "rubric": Kind("text, or a list of texts", "filled", items="option", size=(1, MOST_OPTIONS)),
    "quantity": Kind("a quantity, or a mapping of a new name to its formula", "filled", values="formula"),
    "also": Kind("a formula, a list of values, or a mapping of quantities to such",
                 "filled", items="value", values="alternatives", size=(1, MOST_ASKED)),
    "alternatives": Kind("a formula, or a list of values", "filled", items="value"),
    "sheet name": Kind("the plain name of a sheet (letters, digits, `.`, `_`, `-`, no path)", "sheet name", empty=True),
    "answers": Kind("a mapping of problems to answers",
                    values="answers of a problem", empty=True, size=(0, MOST_ANSWERS)),
    "answers of a problem": Kind("a mapping of questions to answers",
                                 values="answer", noun="problem", empty=True, size=(0, MOST_ANSWERS)),
    "answer": Kind("an answer",
                   "filled", items="written", values="written", noun="question", empty=True, size=(0, MOST_ANSWERS)),
    "written": Kind("an answer", "filled", items="written", values="written", empty=True, size=(0, MOST_ANSWERS)),
}  # fmt: skip

#: Kinds of which every value is, however deep it may be, as long as its keys are filled.
WHATEVER = {name for name, kind in KINDS.items() if kind.empty and {kind.items, kind.values} == {"written"}}


def accepts(text: str, kind: Kind) -> bool:
    """Tell whether a text is a value of a kind."""
    if not text.strip():
        return kind.empty
    if kind.options:
        return text.strip() in kind.options
    pattern = pattern_of(kind)
    if not pattern or not re.search(pattern, text):
        return False
    return kind.bounds is None or kind.bounds[0] <= float(text) <= kind.bounds[1]


def pattern_of(kind: Kind) -> str:
    """Give the pattern of the texts of a kind, "" if it takes none."""
    return one_of(kind.options) if kind.options else SCALARS[kind.scalar] if kind.scalar else ""


def one_of(options: tuple[str, ...]) -> str:
    """Give the pattern of some texts, with blanks around them or without."""
    return rf"^\s*({'|'.join(map(re.escape, options))})\s*$"


def wanted(kind: Kind) -> str:
    """Say what a value of a kind is: one of its options where there is nothing else."""
    return either(kind.options) if kind.options and not (kind.record or kind.values) else kind.want


def either(options: tuple[str, ...]) -> str:
    """Name some texts, at least one, with `or` before the last."""
    *first, last = (f"`{option}`" for option in options)
    return f"{', '.join(first)} or {last}" if first else last
