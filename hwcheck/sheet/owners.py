"""Who holds fields, those of the library included, which are made of its rows when a sheet has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from ..library.layers import NAMES, layer
from ..library.losses import LOSSES
from ..library.optimizers import COMMON, OPTIMIZERS, UNIT, Choice
from .fields import FIELDS, OWNERS, Field

if TYPE_CHECKING:
    from ..library.layers.row import Setting as OfLayer
    from ..library.optimizers import Setting as OfOptimizer

#: The losses that have settings of their own.
SET = {row.name: row for row in LOSSES if len(row.params) > 2}

#: What a layer, a loss or an optimizer may be called; each name with the owner of its settings.
CHOICES = {
    "layer": {name: f"layer {name}" for name in NAMES},
    "loss": {
        name: f"loss {row.name}" if row.name in SET else "loss"
        for row in LOSSES
        if len(row.params) > 1
        for name in (row.name, *row.aliases)
    },
    "optimizer": {name: f"optimizer {row.name}" for name, row in OPTIMIZERS.items()},
}
#: Behind which owners those of the library come.
_BEFORE = {"layer names": "layer", "loss": "loss", "samples": "optimizer"}


@cache
def fields(owner: str) -> dict[str, Field]:
    """Give the fields of an owner by their keys; those of a part of the library are made of its row."""
    kind, _, name = owner.partition(" ")
    rows = _FROM[kind](name) if owner not in OWNERS else (row for row in FIELDS if row.owner == owner)
    return {row.key: row for row in rows}


def owner_words(owner: str) -> tuple[str, str]:
    """Give what an owner is called in messages, and what it is."""
    if owner in OWNERS:
        return OWNERS[owner]
    kind, _, name = owner.partition(" ")
    if kind == "loss":
        return f"the loss `{name}`", "What it has beside the settings of every loss."
    title = f"a `{name}` layer" if kind == "layer" else f"the optimizer `{name}`"
    about = choice_words(kind, name)
    return title, f"{about[0].upper()}{about[1:]}."


def owners() -> Iterator[str]:
    """Give all owners, in the order of the reference page."""
    for owner in OWNERS:
        yield owner
        yield from dict.fromkeys(each for each in CHOICES.get(_BEFORE.get(owner, ""), {}).values() if each != owner)


def choice_words(choice: str, name: str) -> str:
    """Say what a layer, a loss or an optimizer is."""
    if choice == "layer":
        row = layer(name)
        return f"{row.about}: `{row.formula}`"
    if choice == "loss":
        return next(row.about for row in LOSSES if name in (row.name, *row.aliases))
    return OPTIMIZERS[name].about


def _about(row: OfLayer | OfOptimizer) -> str:
    """Say what a setting is, and where its values lie."""
    return row.about + (f"; {row.within.words}" if row.within is not None else "")


def _of_layer(name: str) -> Iterator[Field]:
    for part in layer(name).settings:
        yield Field(f"layer {name}", part.key, part.kind, _about(part), part.example, part.required, part.default)


def _of_loss(name: str) -> Iterator[Field]:
    """Give the settings of every loss, and the numbers of this one."""
    owner, row = f"loss {name}", SET[name]
    for each in fields("loss").values():
        yield each._replace(owner=owner)
    for param, default in zip(row.params[2:], row.defaults, strict=True):
        yield Field(owner, param, "formula", "a number of the loss's own", default, default=default)


def _of_optimizer(name: str) -> Iterator[Field]:
    """Give the settings of an optimizer: its numbers, its choices, and what every rule can do to the gradient."""
    owner, row = f"optimizer {name}", OPTIMIZERS[name]
    shared = {name: setting for name, (_, setting) in COMMON.items()}
    for key, setting in {**shared, **row.settings}.items():
        example = setting.example or setting.default or "0.9"
        yield Field(owner, key, "formula", _about(setting), example, key in UNIT, setting.default)
    for choice in row.choices:
        if choice.setting not in row.settings:
            yield _choice_field(owner, choice)
    apart = "yes" if row.decoupled else "no"
    about = "whether the weight decay is taken off the parameter itself and not added to the gradient"
    yield Field(owner, "decoupled", "yes or no", about, "yes", default=apart)


def _choice_field(owner: str, choice: Choice) -> Field:
    values = list(choice.values)
    kind = "yes or no" if "yes" in values else choice.convention or "nesterov form"
    about = choice.about + (f"; left out, the convention `{choice.convention}`" if choice.convention else "")
    return Field(owner, choice.setting, kind, about, values[-1], default="" if choice.convention else values[0])


#: The settings of a part of the library by its name, for the first word of their owner.
_FROM: dict[str, Callable[[str], Iterator[Field]]] = {
    "layer": _of_layer,
    "loss": _of_loss,
    "optimizer": _of_optimizer,
}
