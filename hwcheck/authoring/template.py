"""The blank answers file of a sheet: every name that is asked on a line of its own, with the shape that is wanted.

What is wanted stands in comments only, so that the file as it is says nothing, and every answer is a text between a
colon and a comment. It is in block style throughout: an answer that YAML cannot read then spoils no other one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..formula.expr import COMPARISONS, Call, Expr, Name, names
from ..graph.functions import is_unknown
from ..graph.shapes import Shape, is_number, shape_of, show_shape
from ..sheet import Sheet
from ..sheet.constructs import Construct
from ..sheet.kinds import KINDS, accepts
from ..sheet.options import one_line
from ..sheet.problem import Ask, Problem, Question, expand
from ..sheet.tracks import is_for
from ..text import safe_text, width

WIDTH = 100
EDGES = "arrows such as u -> v, with commas between them or one on each line"
SEVERAL = "one or several of these, by letter or text, with commas between them"
#: What is wanted of a question with options, and of one for words.
OPTIONED = {
    "choose": "one of these, by its letter or text",
    "order": "all of these from first to last: a < b = c, where b and c may stand in any order",
    "match": "one of these for each, by its letter or text",
    "write": "in your own words",
}
LONGEST_KEY = 60  # letters of an option that stands as a key; a longer one is called by its number
UNNAMED = "plain name of the sheet; or give --sheet"


def template(sheet: Sheet) -> str:
    """Write the blank answers file of a sheet."""
    named = accepts(sheet.name, KINDS["sheet name"])
    lines = [
        *_comments(sheet.title, ""),
        f"sheet: {sheet.name}" if named else f"sheet:  # {UNNAMED}",
        "student:",
        *([f"track:  # {safe_text(' or '.join(sheet.tracks))}"] if sheet.tracks else []),
        "answers:",
    ]
    for problem in sheet.problems.values():
        lines += _about(f"  {as_key(problem.id)}:", problem.title)
        for question in problem.questions.values():
            lines += _question(problem, question, _about_tracks(question, sheet.tracks))
    return "\n".join(lines) + "\n"


def as_key(text: str) -> str:
    """Write a name as a key of YAML, in quotes where YAML would read something else.

    What begins with a digit is quoted as well: YAML takes `1` for a number.
    """
    plain = re.match(r"[^\W\d]", text) and not re.search(r":\s|\s#|:$|\s$", text)
    return text if plain else quoted(text) if '"' in text or "\\" in text else f'"{text}"'


def quoted(text: str) -> str:
    """Write a text as a value of YAML, in quotes in which nothing has another meaning."""
    return "'" + text.replace("'", "''") + "'"


def bars(rows: Sequence[Sequence[str]]) -> list[str]:
    """Write a table between bars, the titles first, its columns of one width."""
    cells = [[one_line(cell).replace("|", "¦") for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    filled = [[cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)] for row in cells]
    head, *body = [f"| {' | '.join(row)} |" for row in filled]
    return [head, f"|{'|'.join('-' * (size + 2) for size in widths)}|", *body]


def _about_tracks(question: Question, tracks: Iterable[str]) -> str:
    """Say for which tracks a question is, where it is not for all."""
    some = [track for track in tracks if is_for(question, track)]
    return f"for {' and '.join(some)} only" if len(some) < len(list(tracks)) else ""


def _question(problem: Problem, question: Question, whom: str) -> list[str]:
    """Write the lines of one question; one that asks a single quantity takes a bare value."""
    head = f"    {as_key(question.id)}:"
    about = f"{whom}: {question.text}" if whom and question.text else whom or question.text
    if question.when:
        given = ", ".join(f"{name} = {value}" for name, value in question.when.items())
        about = f"with {given}" + (f": {about}" if about else "")
    if question.kind in OPTIONED:
        return _options(question, head, about)
    if question.kind == "graph":
        return [*_comments(about, "    "), f"{head}  # {EDGES}"]
    if question.construct is not None:
        return _construct(question.construct, head, about)
    if question.parts:
        titles = (*(name for name, _ in question.parts[0].head), *question.columns)
        blank = [[*(value for _, value in part.head), *([""] * len(question.columns))] for part in question.parts]
        return [*_about(f"{head} |", about), *(f"      {line}" for line in bars([titles, *blank]))]
    if question.kind == "table":
        lines = _about(head, f"{about} ({_formulas(problem, question)})" if about else _formulas(problem, question))
        for row in question.rows:
            lines += [f"      {as_key(row)}:", *(f"        {as_key(column)}:" for column in question.columns)]
        return lines
    wanted = _wanted(problem, question)
    if len(question.asks) == 1:
        return [*_comments(about, "    "), *_about(head, f"{_called(question.asks[0], question.kind)}, {wanted[0]}")]
    if question.kind == "derive":
        about = f"{about} ({_formulas(problem, question)})" if about else _formulas(problem, question)
    keys = [f"      {as_key(one_line(ask.name))}:" for ask in question.asks]
    column = max(width(key) for key, layout in zip(keys, wanted, strict=True) if layout) if any(wanted) else 0
    lines = _about(head, about)
    for key, layout in zip(keys, wanted, strict=True):
        lines.append(f"{key}{' ' * (column - width(key))}  # {layout}" if layout else key)
    return lines


def _construct(asked: Construct, head: str, about: str) -> list[str]:
    """Write a question that asks to construct something, its conditions as comments above it."""
    conditions = "; ".join(each.text for each in asked.conditions)
    above = [*_comments(about, "    "), *_comments(f"such that {conditions}", "    ")]
    if asked.function:
        read = [name for each in asked.conditions for side in each.sides for name in names(side)]
        what = ", ".join(dict.fromkeys([*asked.params, *(name for name in read if name in asked.problem.base.values)]))
        return [*above, *_about(head, f"{asked.title}, a formula of {what}")]
    if len(asked.names) == 1:
        shape = asked.problem.base.shape(asked.title)
        return [*above, *_about(head, f"{asked.title}, {_layout(Name(asked.title), shape) or 'a number'}")]
    keys = [f"      {as_key(name)}:" for name in asked.names]
    notes = [_layout(Name(name), asked.problem.base.shape(name)) for name in asked.names]
    return [*above, head, *(line for pair in zip(keys, notes, strict=True) for line in _about(*pair))]


def _options(question: Question, head: str, about: str) -> list[str]:
    """Write a question with options, these as comments above it; and one for words."""
    choices = question.choices
    above = _comments(about, "    ")
    if choices is None:
        return [*above, f"{head}  # {OPTIONED[question.kind]}"]
    offered = choices.others if question.kind == "match" else choices.options
    above += [line for option in offered for line in _comments(option.said, "    ")]
    said = SEVERAL if choices.several else OPTIONED[question.kind]
    if question.kind != "match":
        return [*above, f"{head}  # {said}"]
    keys, notes = [], []
    for at, option in enumerate(choices.options, 1):
        short = len(option.text) <= LONGEST_KEY and safe_text(option.text) == option.text
        keys.append(f"      {as_key(option.text if short else str(at))}:")
        notes.append("" if short else option.text)
    return [*above, f"{head}  # {said}", *(line for pair in zip(keys, notes, strict=True) for line in _about(*pair))]


def _wanted(problem: Problem, question: Question) -> list[str]:
    """Say of everything that is asked what is wanted; nothing for what needs no word beside others."""
    alone = len(question.asks) == 1
    table = expand(problem, [name for ask in question.asks for name in names(ask.tree)], question.values)
    if question.kind == "derive":
        shapes = [table.shape(ask.tree.id) if isinstance(ask.tree, Name) else () for ask in question.asks]
        found = ["" if is_number(shape) else show_shape(shape) for shape in shapes]
        return [", ".join(filter(None, (found[0], _formulas(problem, question))))] if alone else found
    found = [_layout(ask.tree, shape_of(ask.tree, table.shapes)) for ask in question.asks]
    return [layout or "a number" for layout in found] if alone else found


def _formulas(problem: Problem, question: Question) -> str:
    """Say that formulas are wanted, and the names that they may be made of where the sheet says so."""
    what = "a formula" if len(question.asks) == 1 else "formulas"
    if question.allowed is None:
        return what
    order = [row.name for row in problem.base if row.name in question.allowed]
    further = sorted(question.allowed - set(order))
    slopes = [f"{name}'" for name, row in problem.functions.items() if is_unknown(row) and "'" not in name]
    return f"{what} in {', '.join([*order, *further, *slopes])}"


def _called(ask: Ask, kind: str) -> str:
    """Name what is asked; with its formula where it has a new name, unless the formula is the answer."""
    name, formula = one_line(ask.name), one_line(ask.at.text)
    return safe_text(name if name == formula or kind == "derive" else f"{name} = {formula}")


def _layout(tree: Expr, shape: Shape) -> str:
    """Say which shape is wanted, and show its brackets while they are few; nothing for a plain number."""
    if is_number(shape):
        return "0 or 1" if isinstance(tree, Call) and tree.op in COMPARISONS else ""
    brackets = ""
    for size in reversed(shape):
        if not isinstance(size, int) or size * (len(brackets) + 2) > WIDTH // 2:
            return show_shape(shape)
        brackets = f"[{', '.join([brackets] * size)}]" if brackets else f"[ {', ' * (size - 1)}]"
    return f"{show_shape(shape)}: {brackets}"


def _about(line: str, text: str) -> list[str]:
    """Put a text behind a line as a comment, or above it where it is longer than that."""
    text = safe_text(one_line(text))
    if not text:
        return [line]
    beside = f"{line}  # {text}"
    return [beside] if width(beside) <= WIDTH else [*_comments(text, line[: len(line) - len(line.lstrip())]), line]


def _comments(text: str, indent: str) -> list[str]:
    """Write a text as comments, broken between words."""
    lines: list[str] = []
    for word in safe_text(one_line(text)).split():
        if lines and width(lines[-1]) + 1 + width(word) <= WIDTH:
            lines[-1] += " " + word
        else:
            lines.append(f"{indent}# {word}")
    return lines
