"""Dense layers, activations as layers of their own, and what only passes on: dropout, embedding, flatten, residual."""

from __future__ import annotations

from ...graph import elementary
from ...graph.shapes import Shape, is_number
from ...graph.sizes import Size, plus
from ..activations import ACTIVATIONS
from .row import Data, Layer, Misfit, Out, Setting, Spot, Writing, at, bound, each, factor

ACTIVATION = Setting(
    "activation", "the function of each unit, such as sigmoid or leaky_relu(0.1)", "sigmoid", default="identity"
)
#: Activations that look at all entries of a sample.
BY_SAMPLE = ("softmax", "log_softmax")


def applied(spot: Spot, pre: Data, activation: str) -> str:
    """Give the line of an activation; `leaky_relu(0.1)` has its further arguments with it."""
    name, bracket, further = activation.strip().partition("(")
    name = name.strip()
    rest = f", {further.rstrip().removesuffix(')')}" if bracket else ""
    if name in ("identity", "linear"):
        return f"{spot.out} = {pre.text}"
    astray = pre.lies in ("rows", "columns") and pre.lies != spot.conventions["samples"]
    if name in BY_SAMPLE and len(pre.shape) == 2 and astray:
        return _each_sample(spot, pre, name)
    return f"{spot.out} = {name}({pre.text}{rest})"


def activated(spot: Spot, lies: str) -> Writing:
    """Write the activation of a layer whose lines before it are written."""
    yield applied(spot, Data(spot.pre, spot.shape(spot.pre), lies), spot.settings.get("activation", "identity"))
    return Out(spot.out, lies)


def _each_sample(spot: Spot, pre: Data, name: str) -> str:
    """Give a function of each sample by a loop, where the samples lie otherwise than the convention says."""
    if pre.lies == "rows":
        t = spot.variable("t")
        return f"{spot.out}[{t}] = {name}({at(pre.text, pre.shape, {0: t})})" + each([(t, pre.shape[0])])
    k, n = spot.variables("kn")
    part = at(pre.text, pre.shape, {1: n})
    return f"{spot.out}[{k},{n}] = {name}({part})[{k}]" + each([(k, pre.shape[0]), (n, pre.shape[1])])


# --- dense ------------------------------------------------------------------------------------------------------------


def dense(spot: Spot) -> Writing:
    """Write a dense layer: weights times input, plus the bias, through the activation."""
    weights, data = spot.shape_of("weights"), spot.data
    image = len(data.shape) > 2 or data.lies in ("NCHW", "NHWC")
    if len(weights) > 2 or image:
        fix = "write `- flatten` above it" if image else "write a matrix, one row for each unit"
        raise Misfit("weights", f"the weights do not fit the input: {spot.shown('weights')}", fix)
    extended = spot.settings.get("bias_column", "").strip()
    side = _side(spot, weights, bool(extended))
    w, x = spot.text("weights"), data.text
    if extended:
        one = {"vector": "1", "columns": f"ones(1, {_last(data)})", "rows": f"ones({_first(data)}, 1)"}[side]
        sign = ", " if side == "rows" else "; "
        x = f"[{sign.join((one, x) if extended == 'first' else (x, one))}]"
    elif len(weights) == 2 and len(data.shape) == 1 and weights[1] == 1 != data.shape[0]:
        w, weights = f"{w}ᵀ", weights[::-1]
    if side == "rows":
        return (yield from _in_rows(spot, weights, w, x, bool(extended)))
    units = weights[0] if len(weights) > 1 else 1
    first = f"{w}ᵀ" if len(weights) == 1 and data.shape else w
    pre = f"{first} {x}" if not x.startswith("[") else f"{first} @ {x}"
    yield f"{spot.pre} = {pre}{_bias(spot, side, units)}"
    return (yield from activated(spot, data.lies or ("" if side == "vector" else side)))


def _in_rows(spot: Spot, weights: Shape, w: str, x: str, extended: bool) -> Writing:
    """Write a dense layer whose input has a row for each sample or time step."""
    rows, inputs = spot.data.shape
    by_units = len(weights) == 2 and weights[1] == (inputs if not extended else _more(inputs))
    units = 1 if len(weights) == 1 else weights[0] if by_units else weights[1]
    if spot.conventions["samples"] == "rows":
        pre = f"{x} {w}ᵀ" if by_units else f"{x} {w}"
        yield f"{spot.pre} = {pre}{_bias(spot, 'rows', units)}"
    else:  # each row is a vector by itself
        t = spot.variable("t")
        row = at(spot.data.text, spot.data.shape, {0: t})
        if extended:
            row = f"[1; {row}]" if spot.settings["bias_column"].strip() == "first" else f"[{row}; 1]"
        pre = f"{w} @ {row}" if by_units else f"{w}ᵀ @ {row}"
        yield f"{spot.pre}[{t}] = {pre}{_bias(spot, 'vector', units)}" + each([(t, rows)])
    return (yield from activated(spot, "rows"))


def _more(size: Size) -> Size:
    return plus(size, 1)


def _side(spot: Spot, weights: Shape, extended: bool) -> str:
    """Tell whether the input is a vector, or a batch and how it lies: as the weights fit it, else as the sheet says.

    Raises:
        Misfit: the weights fit it neither way.
    """
    shape = spot.data.shape
    inputs = weights[1] if len(weights) == 2 else weights[0] if weights else 1
    wanted = [_more(size) if extended else size for size in shape]
    if len(shape) < 2:
        turned = len(weights) == 2 and not extended and weights[1] == 1 and weights[0] == (shape or (1,))[0]
        if not shape or is_number(weights) or wanted[0] == inputs or turned:
            return "vector"
        raise _misfit(spot, weights, shape[0], extended)
    fits = {"columns": wanted[0] == inputs, "rows": inputs == wanted[1] or (weights[0] == wanted[1] and bool(weights))}
    sides = [spot.data.lies] if spot.data.lies else sorted(fits, key=lambda side: side != spot.conventions["samples"])
    for side in sides:
        if fits.get(side):
            return side
    raise _misfit(spot, weights, shape[sides[0] == "rows"], extended)


def _misfit(spot: Spot, weights: Shape, inputs: Size, extended: bool) -> Misfit:
    wanted = _more(inputs) if extended else inputs
    one = " (one more for the bias)" if extended else ""
    units = weights[0] if len(weights) == 2 else 1
    fix = f"give it {wanted} columns{one}, as in a {units} x {wanted} matrix"
    return Misfit("weights", f"the weights do not fit the input: {spot.shown('weights')}", fix)


def _first(data: Data) -> str:
    return bound(data.shape[0])


def _last(data: Data) -> str:
    return bound(data.shape[-1])


def _bias(spot: Spot, side: str, units: Size) -> str:
    """Give what is added to the product: a bias, or a threshold that is taken off.

    Raises:
        Misfit: it has not one number for each unit, nor one for all.
    """
    found = ""
    for key, sign in (("bias", "+"), ("threshold", "-")):
        if not spot.has(key):
            continue
        shape, text = spot.shape_of(key), spot.text(key)
        if not is_number(shape) and [size for size in shape if size != 1] != [units]:
            reason = f"`{key}` does not fit the weights: {spot.shown(key, 'weights')}"
            raise Misfit(key, reason, f"give it {units} entries, one for each unit, or one number for all")
        if side == "columns" and spot.conventions["samples"] == "rows" and len(shape) == 1:
            text = f"{text} @ ones(1, {_last(spot.data)})"
        found += f" {sign} {text}"
    return found


# --- what passes on ---------------------------------------------------------------------------------------------------


def dropout(spot: Spot) -> Writing:
    """Write dropout with a given mask; without one, as it is in use after training."""
    inverted = spot.settings.get("inverted", "yes").strip() in ("yes", "true")
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
    return Out(spot.out, "rows")


def flatten(spot: Spot) -> Writing:
    """Write all entries of a sample one after the other."""
    data, batched = spot.data, len(spot.data.shape) == 4
    if data.lies in ("rows", "columns") or len(data.shape) < 2:
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


#: The functions that are layers by themselves.
_FUNCTIONS = (*ACTIVATIONS, *(row for row in elementary.ROWS if row.name in ("tanh", "sign")))

WEIGHTS = Setting("weights", "the matrix, one row for each unit", "W1", required=True, parameter=True)
BIAS = Setting("bias", "the vector of biases, or one number for all units", "b1", parameter=True)

ROWS = (
    Layer(
        "dense",
        dense,
        (
            WEIGHTS._replace(
                about="the matrix, one row for each unit; where samples are rows, perhaps one column for each instead"
            ),
            BIAS,
            ACTIVATION,
            Setting("bias_column", "the column of the weights that holds the biases", "first", "bias column"),
            Setting("threshold", "what is taken off in the place of a bias", "theta", parameter=True),
            Setting("frozen", "those of its parameters that training leaves alone", "[b1]", "names"),
        ),
        "a dense layer: each unit adds up its inputs with its weights",
        "z = W x + b, a = activation(z)",
        ("weights",),
        ("samples",),
    ),
    Layer(
        "dropout",
        dropout,
        (
            Setting("mask", "1 where an entry is kept, 0 where it is dropped; left out, as after training", "M1"),
            Setting("rate", "the share that is dropped, or kept by the convention `dropout_rate`", "0.5"),
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
    *(_as_layer(row.name, row.params, row.defaults, row.about) for row in _FUNCTIONS),
)  # fmt: skip
