"""`hwcheck schema`: the JSON Schema that editors complete and check sheets and answers with."""

import click

from hwcheck.cli.streams import emit


@click.command("schema")
@click.argument("which", type=click.Choice(["sheet", "answers"]), default="sheet")
def command(which: str) -> None:
    """Print the JSON Schema of sheets or of answers.

    Save it beside a sheet as `hwcheck.schema.json` and editors complete and check what you write.
    """
    import json

    from hwcheck.sheet.fields import schema

    emit(json.dumps(schema(which), indent=2, ensure_ascii=False))
