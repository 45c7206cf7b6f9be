"""A YAML file as a tree of typed-in text, each piece with its place.

YAML decides neither what a number is nor whether a student's file can be read. Every scalar is the text that was
typed; values that begin with a bracket are split by our own rule. Most files are simple enough to be read a line at a
time (`quick`). Of any other, a value that YAML cannot read is set aside as raw text before YAML sees the file
(`lines`), and PyYAML's event stream gives the structure of the rest (`events`). Limits on depth and length hold before
anything recurses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwcheck.yamltree.quick import quick_tree
from hwcheck.yamltree.values import ANSWERS, SHEET, Limits, Map, Scalar, Seq, Tree, as_typed, folded, locate

if TYPE_CHECKING:
    from hwcheck.diagnostics import Diagnostic
    from hwcheck.files import Source

__all__ = [
    "ANSWERS",
    "SHEET",
    "Limits",
    "Map",
    "Scalar",
    "Seq",
    "Tree",
    "as_typed",
    "folded",
    "locate",
    "quick_tree",
    "read_tree",
]


def read_tree(source: Source, limits: Limits, recover: bool) -> tuple[Tree | None, list[Diagnostic]]:
    """Read a file into a tree and all its diagnostics, in the order of the file; None if nothing can be read.

    With `recover`, what YAML cannot read is kept as raw text under a warning; without, it is kept under an error.
    """
    simple = quick_tree(source.text, limits)
    if simple is not None:
        return simple, []
    from hwcheck.yamltree.events import tree_of

    return tree_of(source, limits, recover)
