"""`hwcheck graph`: the computational graph of a sheet's problems, as text, for Mermaid or Graphviz, or as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hwcheck.cli import Command
from hwcheck.cli.options import Target, among, deliver, named, problem_option, told
from hwcheck.record import NamedTuple

if TYPE_CHECKING:
    from hwcheck.sheet import Sheet
    from hwcheck.sheet.problem import Problem


MOST_NAMED = 300  # cells of a list of ids


class Format(NamedTuple):
    """A format of graphs: the function of `hwcheck.render` that writes it, and which of the page's facts it is told."""

    write: str
    page: tuple[str, ...] = ()


FORMATS = {
    "text": Format("graph_text", ("width", "ascii")),
    "mermaid": Format("graph_mermaid"),
    "dot": Format("graph_dot"),
    "svg": Format("graph_svg"),
}


@click.command("graph", cls=Command)
@click.argument("sheet")
@problem_option
@click.option("--values", is_flag=True, help="Show the value of every quantity.")
@click.option("--gradients", is_flag=True, help="Show the derivative of the loss by every quantity.")
@click.option(
    "--format",
    "targets",
    multiple=True,
    metavar=f"[{'|'.join(FORMATS)}][=FILE]",
    callback=among(FORMATS, lambda: "text"),
    help="How to draw it, and to which file; may be given again. [default: text]",
)
def command(sheet: str, problem: str | None, values: bool, gradients: bool, targets: tuple[Target, ...]) -> None:
    """Draw the computational graph of a sheet's problems.

    SHEET is a file, `-` for the standard input, or the name of a sheet that comes along. An arrow goes from each
    quantity to what is computed from it; of several training steps the first forward pass is drawn. Text shows all
    problems, the other formats one.
    """
    from hwcheck import load_sheet, render
    from hwcheck.sheet.drawing import drawing_of, loss_of
    from hwcheck.text import safe_text

    loaded = load_sheet(sheet)
    chosen = chosen_of(loaded, problem)
    pictures = [target.format for target in targets if target.format != "text"]
    if len(chosen) > 1 and pictures:
        ids = safe_text(", ".join(each.id for each in chosen), MOST_NAMED)
        raise click.UsageError(f"{pictures[0]} draws one problem; choose it with --problem: {ids}.")
    if gradients and not any(map(loss_of, chosen)):
        which = f"problem {safe_text(chosen[0].id)} has" if len(chosen) == 1 else "the problems have"
        raise click.UsageError(f"{which} no loss for --gradients, and no definition is a number.")
    drawings = [drawing_of(each, values, gradients) for each in chosen]
    if values and all(each.value is None for drawing in drawings for each in drawing.quantities):
        raise click.UsageError("there are no values to show: the givens have no numbers.")

    def text_of(target: Target) -> str:
        row = FORMATS[target.format]
        text: str = getattr(render, row.write)(drawings, loaded.title, **told(row.page, target.file, "never", None))
        return text

    deliver(targets, text_of)


def chosen_of(sheet: Sheet, problem: str | None) -> list[Problem]:
    """Give the problems to draw: the one that is asked, or all that have a network."""
    from hwcheck.graph.edges import graph_of
    from hwcheck.text import safe_text

    named("problem", problem, sheet.problems)
    asked = [sheet.problems[problem]] if problem is not None else list(sheet.problems.values())
    chosen = [each for each in asked if graph_of(each.base)]
    if not chosen:
        what = "no problem here has a network" if problem is None else f"problem {problem} has no network"
        raise click.UsageError(safe_text(f"there is nothing to draw: {what}."))
    return chosen
