"""Layers without units: activations by themselves, dropout, embedding, flatten, residual connections."""

from __future__ import annotations

from ...graph.shapes import is_number
from ..activations import BARE
from ..ranges import SHARE
from .dense import applied
from .row import Layer, Misfit, Out, Setting, Spot, Writing, at, bound, each, factor


def dropout(spot: Spot) -> Writing:
    """Write dropout with a given mask; without one, as it is in use after training."""
    inverted = spot.is_set("inverted", "yes")
    if not spot.has("rate") and (inverted == spot.has("mask")):
        raise Misfit("mask", "`rate` is missing: what is kept is divided by the share that is kept", "write rate: 0.5")
    rate = spot.text("rate") if spot.has("rate") else ""
    kept = rate if spot.conventions["dropout_rate"] == "keep" else f"(1 - {rate})"
    if not spot.has("mask"):
        text = spot.data.text if inverted else f"{kept} {spot.data.text}"
        yield f"{spot.out} = {text}"
        return Out(spot.out, spot.data.lies)
    mask = spot.shape_of("mask")
    if mask != spot.data.shape and not (is_number(mask) and is_number(spot.data.shape)):
        reason = f"the mask does not fit the input: {spot.shown('mask')}"
        raise Misfit("mask", reason, "give it one entry for each of the input's")
    if inverted and spot.value(kept) == 0:
        reason = f"with `rate: {spot.settings['rate'].strip()}` nothing is kept, and that is divided by"
        raise Misfit("rate", reason, "write a rate at which something is kept, or `inverted: no`", "HW204")
    divided = f" / {kept}" if inverted else ""
    yield f"{spot.out} = {spot.text('mask')} ⊙ {spot.data.text}{divided}"
    return Out(spot.out, spot.data.lies)


def embedding(spot: Spot) -> Writing:
    """Write an embedding: the row of the weights that belongs to each id."""
    weights, ids = spot.shape_of("weights"), spot.data
    if len(weights) != 2 or len(ids.shape) > 1:
        fix = "write a matrix, one row for each id" if len(weights) != 2 else "its input is an id, or a vector of ids"
        raise Misfit("weights", f"the weights do not fit the ids: {spot.shown('weights')}", fix)
    w, count = spot.text("weights"), bound(weights[0])
    if not ids.shape:
        yield f"{spot.out} = {w}ᵀ one_hot({ids.text}, {count})"
        return Out(spot.out)
    t = spot.variable("t")
    part = at(ids.text, ids.shape, {0: t})
    yield f"{spot.out}[{t}] = {w}ᵀ one_hot({part}, {count})" + each([(t, ids.shape[0])])
    return Out(spot.out, "rows", steps=True)


def flatten(spot: Spot) -> Writing:
    """Write all entries of a sample one after the other."""
    data, batched = spot.data, len(spot.data.shape) == 4
    if (data.lies in ("rows", "columns") and not data.steps) or len(data.shape) < 2:
        yield f"{spot.out} = {data.text}"
        return Out(spot.out, data.lies)
    size = 1
    for length in data.shape[batched:]:
        if not isinstance(length, int):
            raise Misfit("", f"{spot.shown()}, and its entries cannot be counted", "give the sizes as numbers")
        size *= length
    if not batched:
        yield f"{spot.out} = reshape({data.text}, {size})"
        return Out(spot.out)
    columns = spot.conventions["samples"] == "columns"
    turned = "ᵀ" if columns else ""
    yield f"{spot.out} = reshape({data.text}, {bound(data.shape[0])}, {size}){turned}"
    return Out(spot.out, "columns" if columns else "rows")


def residual(spot: Spot) -> Writing:
    """Write a connection that leads an earlier quantity round the layers between."""
    start = spot.shape_of("from")
    if start != spot.data.shape:
        reason = f"only what has the same shape is added: {spot.shown('from')}"
        raise Misfit("from", reason, "lead it round layers that keep the shape")
    yield f"{spot.out} = {spot.data.text} + {factor(spot.settings['from'])}"
    return Out(spot.out, spot.data.lies)


def _own_settings(row_params: tuple[str, ...], defaults: tuple[str, ...]) -> tuple[Setting, ...]:
    """Give the settings of an activation as a layer: its further arguments."""
    found = []
    for place, name in enumerate(row_params[1:], start=1 - len(row_params)):
        default = defaults[place] if -place <= len(defaults) else ""
        about = "a number, or what is learned"
        found.append(Setting(name, about, default or "a1", required=not default, default=default, parameter=True))
    return tuple(found)


def _as_layer(name: str, params: tuple[str, ...], defaults: tuple[str, ...], about: str) -> Layer:
    def write(spot: Spot) -> Writing:
        given = [spot.settings[key] for key in params[1:] if spot.has(key)]
        call = f"{name}({', '.join(given)})" if given else name
        yield applied(spot, spot.data, call)
        return Out(spot.out, spot.data.lies)

    formula = f"a = {name}(x{''.join(f', {param}' for param in params[1:])})"
    return Layer(name, write, _own_settings(params, defaults), about, formula)


ROWS = (
    Layer(
        "dropout",
        dropout,
        (
            Setting("mask", "1 where an entry is kept, 0 where it is dropped; left out, as after training", "M1"),
            Setting("rate", "the share that is dropped, or kept by the convention `dropout_rate`", "0.5",
                    within=SHARE),
            Setting("inverted", "whether what is kept is divided by the share that is kept", "no", "yes or no",
                    default="yes"),
        ),
        "dropout with a given mask",
        "a = mask ⊙ x / (1 - rate)",
        ("mask",),
        ("dropout_rate",),
    ),
    Layer(
        "embedding",
        embedding,
        (Setting("weights", "the matrix, one row for each id", "E", required=True, parameter=True),),
        "the row of the weights that belongs to each id; ids count as `first_class` says",
        "a[t] = Eᵀ one_hot(x[t], V)",
        ("weights",),
        ("first_class",),
    ),
    Layer("flatten", flatten, (), "all entries of a sample one after the other, row by row", "a = reshape(x, n)",
          conventions=("samples",)),
    Layer(
        "residual",
        residual,
        (Setting("from", "the earlier quantity that is added: the input or a layer's output", "a1", required=True),),
        "a connection round the layers between",
        "a = x + a1",
        ("from",),
    ),
    *(_as_layer(row.name, row.params, row.defaults, row.about) for row in BARE),
)  # fmt: skip
