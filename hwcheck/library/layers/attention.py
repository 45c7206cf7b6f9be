"""Scaled dot-product attention of a sequence on itself (Vaswani and others, Attention is all you need, 2017)."""

from __future__ import annotations

from ...graph.shapes import show_shape
from ...graph.sizes import Size
from .row import Layer, Misfit, Out, Setting, Spot, Writing, bound, each


def _columns(spot: Spot, key: str, inputs: Size) -> Size:
    shape = spot.shape_of(key)
    if len(shape) != 2 or shape[0] != inputs:
        raise Misfit(key, f"`{key}` does not fit: {spot.shown(key)}", f"give it {inputs} rows")
    return shape[1]


def _sizes(spot: Spot) -> tuple[Size, Size, int]:
    """Give the columns of queries and of values, and the number of heads.

    Raises:
        Misfit: the weights fit neither the input nor each other, or not the heads.
    """
    shape = spot.data.shape
    if len(shape) != 2:
        fix = "its input has a row for each place of the sequence"
        raise Misfit("", f"{spot.shown()}, and no sequence", fix)
    queries, keys, values = (_columns(spot, key, shape[1]) for key in ("queries", "keys", "values"))
    if queries != keys:
        raise Misfit("keys", f"there are {queries} columns of queries and {keys} of keys", "give both the same number")
    text = spot.settings.get("heads", "1").strip()
    heads = int(text) if text.isdecimal() else 0
    if heads < 1 or any(not isinstance(size, int) or size % heads for size in (keys, values) if heads != 1):
        reason = f"{keys} columns of keys and {values} of values cannot be shared by {text} heads"
        raise Misfit("heads", reason, "take a number that divides both")
    if spot.has("output"):
        _columns(spot, "output", values)
    if spot.has("mask") and spot.shape_of("mask") != (shape[0], shape[0]):
        shown = f"`{spot.settings['mask'].strip()}` is {show_shape(spot.shape_of('mask'))}"
        fix = f"give it a row and a column for each place, as in a {shape[0]} x {shape[0]} matrix"
        raise Misfit(
            "mask", f"the mask does not fit the sequence: {shown}, `{spot.data.text}` is {show_shape(shape)}", fix
        )
    return keys, values, heads


def attention(spot: Spot) -> Writing:
    """Write attention: queries, keys and values, the scores, their softmax, and the weighted values."""
    keys, values, heads = _sizes(spot)
    x, steps = spot.data.text, spot.data.shape[0]
    q, k, v, scores, shares, context = (spot.own(name) for name in ("Q", "K", "V", "S", "P", "C"))
    for name, key in ((q, "queries"), (k, "keys"), (v, "values")):
        yield f"{name} = {x} {spot.text(key)}"
    h, i, j = spot.variables("hij")
    size = keys if heads == 1 else int(keys) // heads
    scaled = f" / sqrt({size})" if spot.is_set("scale", "yes") else ""
    if heads == 1:
        yield f"{scores} = {q} {k}ᵀ{scaled}"
        row, loops = f"{scores}[{i},:]", [(i, steps)]
    else:
        parts = {}
        for name, columns in ((q, keys), (k, keys), (v, values)):
            parts[name] = f"{name}h"
            yield f"{parts[name]} = reshape({name}, {bound(steps)}, {heads}, {int(columns) // heads})"
        over = each([(h, heads)])
        yield f"{scores}[{h}] = {parts[q]}[:,{h},:] {parts[k]}[:,{h},:]ᵀ{scaled}{over}"
        row, loops = f"{scores}[{h},{i}]", [(h, heads), (i, steps)]
    seen = _seen(spot, i, j)
    if seen:
        masked = spot.own("B")
        whole = [(h, heads), (i, steps), (j, steps)][heads == 1 :]
        index = ",".join(variable for variable, _ in whole)
        yield f"{masked}[{index}] = if({seen}, {scores}[{index}], -1000000000){each(whole)}"
        row = row.replace(scores, masked, 1)
    index = ",".join(variable for variable, _ in loops)
    yield f"{shares}[{index}] = softmax({row}){each(loops)}"
    out = context if spot.has("output") else spot.out
    if heads == 1:
        yield f"{out} = {shares} {v}"
    else:
        yield f"{spot.own('H')}[{h}] = {shares}[{h}] {v}h[:,{h},:]{each([(h, heads)])}"
        side = f"{spot.own('T')}[{i},{h}] = {spot.own('H')}[{h},{i}]{each([(i, steps), (h, heads)])}"
        yield f"{side}\n{out} = reshape({spot.own('T')}, {bound(steps)}, {values})"
    if spot.has("output"):
        yield f"{spot.out} = {context} {spot.text('output')}"
    return Out(spot.out, "rows", steps=True)


def _seen(spot: Spot, i: str, j: str) -> str:
    """Give the condition that place i sees place j; "" where all see all."""
    parts = [f"{spot.text('mask')}[{i},{j}]"] if spot.has("mask") else []
    parts += [f"({j} <= {i})"] if spot.is_set("causal") else []
    return " * ".join(parts)


ROWS = (
    Layer(
        "attention",
        attention,
        (
            Setting("queries", "the weights of the queries, which stand on the right of x", "WQ", required=True,
                    parameter=True),
            Setting("keys", "the weights of the keys", "WK", required=True, parameter=True),
            Setting("values", "the weights of the values", "WV", required=True, parameter=True),
            Setting("output", "the weights behind the heads", "WO", parameter=True),
            Setting("heads", "the number of heads, which share the columns of queries, keys and values", "2", "size",
                    default="1"),
            Setting("mask", "1 where the place of the row sees that of the column, else 0", "M"),
            Setting("causal", "whether each place sees only itself and those before it", "yes", "yes or no",
                    default="no"),
            Setting("scale", "whether the scores are divided by the root of the keys' length", "no", "yes or no",
                    default="yes"),
        ),
        "attention of a sequence on itself: each place takes the values of those whose keys fit its query",
        "Q = x WQ, K = x WK, V = x WV, P[i] = softmax(Q[i] Kᵀ / sqrt(d)), a = P V",
        ("queries",),
    ),
)  # fmt: skip
