"""Layers, a row each: every one is expanded into lines of text, and shown as such.

A writer sees the shapes of its input and of its parameters, so that it writes lines with real sizes, such as `for n =
1..2`. What a line means (value, gradient, working) is read from the line, like any other that a teacher writes.
"""

from __future__ import annotations

from . import attention, dense, images, norms, passing, recurrent

LAYERS = {row.name: row for part in (dense, passing, images, norms, recurrent, attention) for row in part.ROWS}
