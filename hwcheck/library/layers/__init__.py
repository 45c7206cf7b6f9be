"""Layers, a row each: every one is expanded into lines of text, and shown as such.

A writer sees the shapes of its input and of its parameters, so that it writes lines with real sizes, such as `for n =
1..2`. What a line means (value, gradient, working) is read from the line, like any other that a teacher writes.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from ..activations import BARE

if TYPE_CHECKING:
    from .row import Layer

#: The parts of the table, each a module here, and the rows that it holds: a sheet loads those parts that it uses.
PARTS = {
    "dense": ("dense",),
    "passing": ("dropout", "embedding", "flatten", "residual", *(row.name for row in BARE)),
    "images": ("conv2d", "conv2d_transpose", "max_pool", "avg_pool"),
    "norms": ("batch_norm", "layer_norm", "group_norm", "instance_norm"),
    "recurrent": ("rnn", "lstm", "gru"),
    "attention": ("attention",),
}
NAMES = tuple(name for names in PARTS.values() for name in names)


def layer(name: str) -> Layer:
    """Give the row of a layer."""
    return rows_of(next(part for part, names in PARTS.items() if name in names))[name]


@cache
def rows_of(part: str) -> dict[str, Layer]:
    """Load a part of the table; give its rows by their names."""
    rows: tuple[Layer, ...] = import_module(f".{part}", __name__).ROWS
    return {row.name: row for row in rows}
