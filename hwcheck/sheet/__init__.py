"""Sheets: from YAML to problems that are solved."""

from __future__ import annotations

from .load import Sheet, load_sheet
from .solving import solve

__all__ = ["Sheet", "load_sheet", "solve"]
