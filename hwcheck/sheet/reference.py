"""The reference page: every field, and every function, layer and optimizer, made from the tables themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..graph import batches, elementary, windows
from ..graph.functions import Function, arities
from ..library.activations import ACTIVATIONS
from ..library.conventions import CHANGES, SHOWN_BY
from ..library.functions import FUNCTIONS
from ..library.layers import NAMES, layer
from ..library.losses import LOSSES, PENALTIES
from ..library.optimizers import OPTIMIZERS, rule_text
from .fields import BESIDE, EITHER
from .kinds import KINDS, either, wanted
from .owners import CHOICES, choice_words, fields, owner_words, owners

#: The functions by what they are for; those of no group come last.
GROUPS: dict[str, Sequence[Function]] = {
    "Activations": ACTIVATIONS,
    "Losses": LOSSES,
    "Penalties": PENALTIES,
    "Convolution and pooling": windows.ROWS,
    "Batches and classes": batches.ROWS,
    "Elementary functions": elementary.ROWS,
}


def reference() -> str:
    """Give the reference page as Markdown."""
    lines = ["# Sheets and answers: all fields", "", "Values are written in block style, or in brackets on one line."]
    lines += _fields()
    lines += _layers()
    for choice in CHOICES:
        if choice != "layer":
            lines += ["", f"## Each {choice}", "", *_choices(choice)]
    lines += _functions()
    return "\n".join(lines) + "\n"


def _table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Give a table of Markdown."""
    titles = list(head)
    lines = [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
    return [*lines, *("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)]


def _fields() -> list[str]:
    lines: list[str] = []
    for owner in (owner for owner in owners() if fields(owner)):
        title, about = owner_words(owner)
        lines += ["", f"## {title[0].upper()}{title[1:]}", "", about, ""]
        if owner in EITHER:
            lines += [f"Exactly one of these stands: {either(EITHER[owner])}.", ""]
        rows = []
        for row in fields(owner).values():
            rest = "; required" if row.required else f"; default `{row.default}`" if row.default else ""
            if owner in EITHER and row.key in BESIDE:
                rest += f"; beside {either(BESIDE[row.key])} only"
            rows.append((f"`{row.key}`", wanted(KINDS[row.kind]), row.about + rest, f"`{row.key}: {row.example}`"))
        lines += _table(("key", "value", "meaning", "example"), rows)
    return lines


def _choices(choice: str) -> list[str]:
    """List what a name may be, its other names beside it."""
    alike: dict[str, list[str]] = {}
    for name in CHOICES[choice]:
        about = choice_words(choice, name)
        rule = f": {rule_text(OPTIMIZERS[name])}" if choice == "optimizer" else ""
        alike.setdefault(about + rule, []).append(f"`{name}`")
    return [f"* {', '.join(same)}: {about}" for about, same in alike.items()]


def _layers() -> list[str]:
    """List the layers: what each does, as lines of a network, with what textbooks leave open in it."""
    lines = ["", "## Each layer", ""]
    lines += [
        "A layer is expanded into lines such as these: `x` is its input, `z` what goes into its activation, `a` its "
        "output. What textbooks leave open is a convention; the default is shown."
    ]
    rows = []
    for row in map(layer, NAMES):
        settings = ", ".join(f"`{setting.key}`" for setting in row.settings)
        rows.append((f"`{row.name}`", f"`{row.formula}`", row.about + _defaults(row.conventions), settings or "none"))
    return [*lines, "", *_table(("layer", "lines", "meaning", "settings"), rows)]


def _functions() -> list[str]:
    """List the functions that a formula may use."""
    typed = {name for name, _, _ in arities(FUNCTIONS).values()}
    grouped = {row.name for rows in GROUPS.values() for row in rows}
    others = [row for row in FUNCTIONS.values() if row.name not in grouped]
    lines = ["", "## Functions in formulas", "", "`out` is the function's value."]
    for title, rows in (*GROUPS.items(), ("Arrays", others)):
        shown = [row for row in rows if row.name in typed]
        lines += ["", f"### {title}", ""]
        lines += _table(
            ("function", "formula", "slope, or adjoints where `g` is that of the value", "meaning"),
            [(_call(row), _code(row.body), _derivative(row), _meaning(row) + _defaults(_open(row))) for row in shown],
        )
    return lines


def _call(row: Function) -> str:
    """Give how a function is called; what may be left out has its default beside it."""
    params = list(row.params) if (row.arity or (1, 1))[1] > 0 and row.name not in ("pi", "e") else []
    for at, default in zip(range(len(params) - len(row.defaults), len(params)), row.defaults, strict=False):
        params[at] += f" = {default}" if default else " (may be left out)"
    return f"`{row.name}({', '.join(params)})`" if params else f"`{row.name}`"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _derivative(row: Function) -> str:
    if row.slope:
        return _code(row.slope)
    return ", ".join(_code(text) for text in row.vjp if isinstance(text, str) and text != "0")


def _meaning(row: Function) -> str:
    also = f"; also {', '.join(f'`{name}`' for name in row.aliases)}" if row.aliases else ""
    return row.about + also


def _open(row: Function) -> list[str]:
    """Give the conventions that change a function."""
    return [
        convention
        for convention, values in CHANGES.items()
        if any(SHOWN_BY.get(name, name) == row.name for changed in values.values() for name in changed)
    ]


def _defaults(conventions: Iterable[str]) -> str:
    found = ", ".join(f"`{convention}: {next(iter(CHANGES[convention]))}`" for convention in conventions)
    return f"; {found}" if found else ""
