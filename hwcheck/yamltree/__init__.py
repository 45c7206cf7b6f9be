"""A YAML file as a tree of typed-in text, each piece with its place.

YAML decides neither what a number is nor whether a student's file can be read. Every scalar is the text that was
typed; values that begin with a bracket are split by our own rule; a value that YAML cannot read is set aside as raw
text before YAML sees the file (`lines`), and PyYAML's event stream gives the structure of the rest (`events`). Limits
on depth and length hold before anything recurses.
"""

from __future__ import annotations

from hwcheck.yamltree.events import read_tree
from hwcheck.yamltree.values import ANSWERS, SHEET, Limits, Map, Scalar, Seq, Tree, as_typed, folded, locate

__all__ = ["ANSWERS", "SHEET", "Limits", "Map", "Scalar", "Seq", "Tree", "as_typed", "folded", "locate", "read_tree"]
