"""Networks of layers: each layer is expanded into lines of text, which are defined one after the other.

What writes a layer's lines sees the shapes of what is defined above it, so that the lines have real sizes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..formula.expr import Name, walk
from ..formula.names import key
from ..formula.parse import FormulaError
from ..graph.shapes import Shape, shape_of
from ..library.functions import FUNCTIONS
from ..library.layers import layer
from ..library.layers.row import Data, Layer, Misfit, Out, Spot, at, each, factor, variable
from ..record import NamedTuple
from ..yamltree import Scalar
from .blocks import Block, Line, lines_of
from .check import suggestion
from .limits import is_beyond, known_value
from .network import Draft, extend
from .reading import Broken, one_reading
from .recording import typed_as
from .records import RawLayers

if TYPE_CHECKING:
    from ..graph.arrays import Array

DEFINES = r"\s*\w+(\[[^]\n]*\])?\s*=(?!=)|[^\n]*\n\s*\S"


class Layered(NamedTuple):
    """What training reads of layers: their parameters, those that it changes by default, and the name of the loss."""

    parameters: list[str]
    loss: str | None


class Unread(Exception):
    """A setting is no formula that fits: its text, and why."""

    def __init__(self, text: str, error: FormulaError) -> None:
        """Keep what is wrong with which text."""
        super().__init__(error.reason)
        self.text, self.error = text, error


def define_layers(draft: Draft, layers: RawLayers, conventions: dict[str, str], fixed: frozenset[str]) -> Layered:
    """Add the definitions of layers and of their loss to a table; report what does not fit, and stop there.

    Args:
        draft: the table, with the givens.
        layers: the network as it was written.
        conventions: those of the sheet, defaults included.
        fixed: those that the sheet writes itself.
    """

    def shape(text: str) -> Shape:
        try:
            return shape_of(one_reading(text, draft.scope(), draft.settle, draft.table), draft.table.shapes)
        except FormulaError as error:
            raise Unread(text, error) from None

    def value(text: str) -> Array | None:
        return known_value(one_reading(text, draft.scope(), draft.settle, draft.table), draft.table)

    def is_taken(name: str) -> bool:
        return key(name) in draft.known

    parameters: list[str] = []
    called = layers.names
    try:
        data = Data(factor(layers.input.text), shape(layers.input.text))
    except (Unread, Broken) as error:
        _unread(draft, error, [layers.input])
        return Layered([], None)
    for number, (kind, settings) in enumerate(layers.layers, start=1):
        row = layer(kind.text)
        texts = {name: scalar.text for name, scalar in settings.items()}
        spot = Spot(number, data, texts, called, shape, value, conventions, fixed, is_taken)
        out = _expanded(draft, row, spot, kind, settings)
        if out is None:
            draft.broken.update({spot.out, called["loss"]})
            return Layered(parameters, None)
        parameters += _parameters(draft, row, settings)
        steps = out.steps or (data.steps and out.lies == data.lies)
        data = Data(out.name, shape(out.name), out.lies, steps)
    return Layered(list(dict.fromkeys(parameters)), _loss(draft, layers, data, conventions))


def _expanded(draft: Draft, row: Layer, spot: Spot, kind: Scalar, settings: dict[str, Scalar]) -> Out | None:
    """Define the lines of one layer; report what is wrong, and give None then."""
    blamed = next((settings[name] for name in row.blame if name in settings), kind)
    before = len(draft.page.found)
    writing = row.write(spot)
    try:
        for setting in (each for each in row.settings if each.within is not None and each.key in settings):
            at = settings[setting.key]
            spot.shape(at.text)
            is_beyond(spot.value(at.text), setting.within, setting.key, setting.example, at, draft.page)
        while len(draft.page.found) == before and not draft.broken:
            text = next(writing)
            place = settings.get("activation", blamed) if text.startswith(spot.out) else blamed
            extend(draft, _written(text, place, draft))
    except StopIteration as end:
        found: Out = end.value
        return found
    except Misfit as error:
        draft.page.report(error.code, error.reason, settings.get(error.setting, kind), fix=error.fix)
    except (Unread, Broken) as error:
        _unread(draft, error, [*settings.values(), kind])
    return None


def _unread(draft: Draft, error: Unread | Broken, places: list[Scalar]) -> None:
    """Report a setting that cannot be read; one that reads what is broken is reported there."""
    if isinstance(error, Unread):
        draft.page.refuse(error.error, next((each for each in places if each.text == error.text), places[-1]))
    draft.broken.update(each.text for each in places)


def _written(text: str, place: Scalar, draft: Draft) -> list[Line | Block]:
    """Give the lines of a layer; an error in one of them is shown at the setting that it came from."""

    def moved(item: Line | Block) -> Line | Block:
        if isinstance(item, Line):
            return item._replace(formula=item.formula.strip(), at=place, name_at=0, formula_at=0)
        return item._replace(at=place, loops_at=0, items=tuple(moved(inner) for inner in item.items))

    return [moved(item) for item in lines_of(typed_as(text, place.span), draft.page)]


def _parameters(draft: Draft, row: Layer, settings: dict[str, Scalar]) -> list[str]:
    """Give the givens that training changes by default: those in the settings, without the frozen ones."""
    found: dict[str, str] = {}
    for setting in row.settings:
        if setting.parameter and setting.key in settings:
            tree = one_reading(settings[setting.key].text, draft.scope(), draft.settle, draft.table)
            names = [part.id for part in walk(tree) if isinstance(part, Name) and part.id in draft.table]
            found.update({key(name): name for name in names if draft.table[name].formula is None})
    frozen = settings.get("frozen")
    for text in [part.strip() for part in frozen.text.strip(" []").split(",")] if frozen is not None else []:
        if key(text) in found:
            del found[key(text)]
        elif frozen is not None:
            message = f"`{text}` is no parameter of this layer"
            draft.page.report("HW103", message, frozen, fix=suggestion(text, found.values(), "they are"))
            draft.broken.add(text)
    return list(found.values())


# --- the loss ---------------------------------------------------------------------------------------------------------


def _loss(draft: Draft, layers: RawLayers, data: Data, conventions: dict[str, str]) -> str | None:
    """Define the loss of the last layer's output; give its name."""
    if layers.loss is None:
        return None
    name, settings = layers.loss
    target = settings.get("target", name)
    row = next((row for row in FUNCTIONS.values() if name.text in (row.name, *row.aliases)), None)
    if row is None:
        return _own_loss(draft, name, layers.names["loss"])
    by_sample = "sample" in row.body + "".join(text for text in row.vjp if isinstance(text, str))
    astray = data.lies in ("rows", "columns") and data.lies != conventions["samples"] and len(data.shape) == 2
    place = {}
    loop, loops = "", ""
    if by_sample and astray:  # the samples lie otherwise than the convention says
        axis = 0 if data.lies == "rows" else 1
        loop = variable("t", lambda name: key(name) in draft.known)
        place, loops = {axis: loop}, each([(loop, data.shape[axis])]).removeprefix(" for ")
    wanted = factor(target.text)
    if "target_is" in settings and settings["target_is"].text.strip() == "index":
        axis = 0 if len(data.shape) < 2 or (data.lies or conventions["samples"]) == "columns" else 1
        classes = (*data.shape, 1)[axis]
        wanted = f"one_hot({wanted}{f'[{loop}]' if loop else ''}, {classes})"
    elif loop:
        wanted = at(wanted, data.shape, place)
    further = "".join(f", {factor(settings[param].text)}" for param in row.params[2:] if param in settings)
    formula = f"{name.text}({at(data.text, data.shape, place)}, {wanted}{further})"
    if loop:
        formula = f"{'sum' if conventions['batch'] == 'sum' else 'mean'}({loops}, {formula})"
    if "penalty" in settings:
        formula += f" + {settings['penalty'].text}"
    extend(draft, _written(f"{layers.names['loss']} = {formula}", settings.get("penalty", target), draft))
    return layers.names["loss"]


def _own_loss(draft: Draft, text: Scalar, name: str) -> str | None:
    """Define a loss that is written as a formula, or as lines of which the last defines it; give its name."""
    if not re.match(DEFINES, text.text):
        start = len(text.text) - len(text.text.lstrip())
        lines: list[Line | Block] = [Line(name, text.text.strip(), text, -1, start)]
    else:
        lines = lines_of(text, draft.page)
    extend(draft, lines)
    last = lines[-1] if lines else None
    return last.name if isinstance(last, Line) else None
