"""Authoring: what teachers make from a sheet."""

from __future__ import annotations

from .template import template

__all__ = ["template"]
