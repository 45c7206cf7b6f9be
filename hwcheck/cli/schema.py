"""`hwcheck schema`: the fields of sheets and answers, as JSON Schema for editors and as a page for people."""

import click

from hwcheck.cli import Command
from hwcheck.cli.streams import emit


@click.command("schema", cls=Command)
@click.argument("which", type=click.Choice(["sheet", "answers", "reference"]), default="sheet")
def command(which: str) -> None:
    """Print the JSON Schema of sheets or of answers.

    Save it beside a sheet as `hwcheck.schema.json` and editors complete and check what you write. `schema reference`
    prints the page of all fields instead, as Markdown.
    """
    import json

    from hwcheck.sheet.reference import reference
    from hwcheck.sheet.schema import schema

    emit(reference() if which == "reference" else json.dumps(schema(which), indent=2, ensure_ascii=False))
