"""`hwcheck list`: the sheets that come along, by the names the other commands take."""

import os

import click

from hwcheck import bundled_folder
from hwcheck.cli import Command
from hwcheck.cli.streams import emit


@click.command("list", cls=Command)
def command() -> None:
    """List the sheets that come along.

    Every line has the name, which `solve`, `verify` and `template` take, and the title.
    """
    from hwcheck import load_sheet
    from hwcheck.text import safe_text

    ends = (".yaml", ".answers.yaml")
    files = [name for name in sorted(os.listdir(bundled_folder())) if name.endswith(ends[0])]
    names = [name.removesuffix(ends[0]) for name in files if not name.endswith(ends[1])]
    longest = max(map(len, names), default=0)
    emit("\n".join(f"{name:{longest}}  {safe_text(load_sheet(name).title)}" for name in names))
