"""`hwcheck list`: the sheets that come along, by the names the other commands take."""

import os

import click

from hwcheck import bundled_folder
from hwcheck.cli import Command
from hwcheck.cli.streams import emit


@click.command("list", cls=Command)
def command() -> None:
    """List the sheets that come along.

    They stand below their folders, one line each: the name, which `solve`, `verify` and `template` take, and the title.
    """
    from itertools import groupby

    from hwcheck import load_sheet
    from hwcheck.sheet.load import bundled
    from hwcheck.text import safe_text

    files = bundled()
    longest = max(map(len, files), default=0)
    lines = []
    for folder, names in groupby(files, key=lambda name: os.path.dirname(files[name])):
        lines.append(os.path.relpath(folder, bundled_folder()) + os.sep)
        lines += [f"  {name:{longest}}  {safe_text(load_sheet(files[name]).title)}" for name in names]
    emit("\n".join(lines))
