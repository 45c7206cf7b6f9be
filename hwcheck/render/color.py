"""Colour through Rich: each segment is rendered in its style; no text is ever read as markup."""

from __future__ import annotations

from collections.abc import Iterable

from rich.color import ColorSystem
from rich.style import Style

from .layout import Line

STYLES = {
    "title": Style(bold=True),
    "section": Style(bold=True, color="cyan"),
    "name": Style(bold=True),
    "numbers": Style(dim=True),
    "value": Style(color="green"),
    "note": Style(dim=True),
    "right": Style(color="green"),
    "carried": Style(color="yellow"),
    "wrong": Style(color="red", bold=True),
}


def colored(rows: Iterable[Line]) -> str:
    """Join lines with the escape codes of their styles, in the sixteen colours that every terminal has."""
    return "\n".join("".join(_shown(content, style) for content, style in line) for line in rows) + "\n"


def _shown(content: str, style: str) -> str:
    return STYLES[style].render(content, color_system=ColorSystem.STANDARD) if style and content else content
