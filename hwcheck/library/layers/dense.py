"""Dense layers, and the activation behind a layer."""

from __future__ import annotations

from ...graph.shapes import Shape, is_number
from ...graph.sizes import Size, plus
from .row import Data, Layer, Misfit, Out, Setting, Spot, Writing, at, bound, each

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
)
