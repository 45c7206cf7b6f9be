"""Every function that a sheet may use without declaring it, a row each."""

from __future__ import annotations

from ..graph.functions import Function
from ..graph.ops import OPERATIONS
from .activations import ACTIVATIONS
from .losses import LOSSES, PENALTIES

FUNCTIONS: dict[str, Function] = {**OPERATIONS, **{row.name: row for row in (*ACTIVATIONS, *LOSSES, *PENALTIES)}}
