"""A graph as text for other programs: Mermaid, which many pages draw by themselves, and dot, the language of Graphviz.

Mermaid's ids are numbered, as a name might be one of its words, and dot's are quoted; what comes from a file stands in
quotes only, with everything escaped that means something there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..sheet.drawing import Drawing
from ..text import safe_text
from .graphs import label_of, title_of
from .layout import Page
from .numbers import DIGITS

#: How Mermaid and dot draw the kinds of quantities: round ends, corners, two frames.
MERMAID = {"given": ('(["', '"])'), "computed": ('["', '"]'), "result": ('[["', '"]]')}
DOT = {"given": "shape=box, style=rounded", "computed": "shape=box", "result": "shape=box, peripheries=2"}
#: Signs of ASCII that mean nothing in Mermaid's quotes; those but letters and digits are written as numbers.
HARMLESS = frozenset(" =+-/(),.:[]|")


def graph_mermaid(drawings: Sequence[Drawing], sheet: str, digits: int = DIGITS) -> str:
    """Write a graph, the first one, as a flowchart of Mermaid."""
    drawing, page = drawings[0], Page(0, digits)
    ids = {each.name: f"q{number}" for number, each in enumerate(drawing.quantities, start=1)}
    lines = ["flowchart LR", f"    accTitle: {_line(title_of(sheet, drawing))}"]
    for each in drawing.quantities:
        left, right = MERMAID[each.kind]
        label = "<br/>".join(map(_quoted_mermaid, label_of(each, page).lines))
        lines.append(f"    {ids[each.name]}{left}{label}{right}")
    lines += [f"    {ids[source]} --> {ids[name]}" for source, name in drawing.edges]
    return "\n".join(lines) + "\n"


def graph_dot(drawings: Sequence[Drawing], sheet: str, digits: int = DIGITS) -> str:
    """Write a graph, the first one, for Graphviz."""
    drawing, page = drawings[0], Page(0, digits)
    lines = [
        f'digraph "{_quoted_dot([title_of(sheet, drawing)])}" {{',
        "    rankdir=LR;",
    ]
    for each in drawing.quantities:
        label = _quoted_dot(label_of(each, page).lines)
        lines.append(f'    "{_quoted_dot([each.name])}" [label="{label}", {DOT[each.kind]}];')
    lines += [f'    "{_quoted_dot([source])}" -> "{_quoted_dot([name])}";' for source, name in drawing.edges]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted_mermaid(text: str) -> str:
    """Write a text for Mermaid's quotes: a sign that might mean something as the number of its character."""
    safe = safe_text(text)
    return "".join(
        char if not char.isascii() or char.isalnum() or char in HARMLESS else f"#{ord(char)};" for char in safe
    )


def _line(text: str) -> str:
    """Write a text for the rest of a line of Mermaid, which takes no numbers for signs."""
    return "".join(char if char.isalnum() or char in " -·.,:()" else " " for char in safe_text(text)).strip()


def _quoted_dot(lines: Iterable[str]) -> str:
    """Write lines for dot's quotes; Graphviz reads both backslashes and `&lt;` there."""
    escaped = (
        safe_text(line).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;").replace("<", "&lt;")
        for line in lines
    )
    return "\\n".join(escaped)
