"""Cases of networks as text with loops: over time, features, positions, samples, channels and filters."""

from .record import SGD, Case, Draw, Nested


def looped(draw: Draw) -> Case:
    """A recurrent net, a normalisation, attention, or a convolution of several channels, each written out."""
    kind = draw.one(("recurrent", "norm", "attention", "conv"))
    lines, given, parameters, shape = {
        "recurrent": _recurrent,
        "norm": _norm,
        "attention": _attention,
        "conv": _conv,
    }[kind](draw)
    given = {**given, "y": draw.array(shape)}
    train = {**SGD, "learning_rate": 0.02}
    return Case({"kind": kind}, given, "\n".join([*lines, "L = mse(o, y)"]), [*parameters, "x"], ["o"], [], train)


Drawn = tuple[list[str], dict[str, Nested], list[str], tuple[int, ...]]


def _recurrent(draw: Draw) -> Drawn:
    steps, inputs, units = draw.whole(1, 4), draw.whole(1, 3), draw.whole(1, 3)
    given = {
        "x": draw.array((steps, inputs)),
        "A": draw.array((units, inputs)),
        "B": draw.array((units, units)),
        "b": draw.array((units,)),
        "h0": draw.array((units,)),
    }
    lines = ["h[0] = h0", f"for t = 1..{steps}:", "  z[t] = A x[t,:] + B h[t-1] + b", "  h[t] = tanh(z[t])", "o = h"]
    return lines, given, ["A", "B", "b", "h0"], (steps, units)


def _norm(draw: Draw) -> Drawn:
    samples, features = draw.whole(2, 4), draw.whole(1, 3)
    given = {
        "x": draw.array((samples, features)),
        "b": draw.array((features,)),
        "c": draw.array((features,)),
    }
    lines = [
        f"for j = 1..{features}:",
        "  m[j] = mean(x[:,j])",
        "  v[j] = mean((x[:,j] - m[j])^2)",
        f"o[i,j] = b[j] (x[i,j] - m[j])/sqrt(v[j] + 0.01) + c[j] for i = 1..{samples}, j = 1..{features}",
    ]
    return lines, given, ["b", "c"], (samples, features)


def _attention(draw: Draw) -> Drawn:
    places, size, inputs = draw.whole(1, 3), draw.whole(1, 3), draw.whole(1, 3)
    given = {"x": draw.array((places, inputs)), **{name: draw.array((inputs, size)) for name in "QKV"}}
    lines = [
        *("q = x Q", "k = x K", "v = x V"),
        f"for i = 1..{places}, j = 1..{places}:",
        f"  s[i,j] = sum(l = 1..{size}, q[i,l] k[j,l]) / sqrt({size})",
        f"p[i] = softmax(s[i,:]) for i = 1..{places}",
        "o = p v",
    ]
    return lines, given, ["Q", "K", "V"], (places, size)


def _conv(draw: Draw) -> Drawn:
    samples, channels, filters = draw.whole(1, 2), draw.whole(1, 3), draw.whole(1, 3)
    kernel = draw.whole(1, 3), draw.whole(1, 3)
    out = draw.whole(1, 2), draw.whole(1, 2)
    high, wide = (size + more - 1 for size, more in zip(kernel, out, strict=True))
    given = {
        "x": draw.array((samples, channels, high, wide)),
        "K": draw.array((filters, channels, *kernel)),
        "b": draw.array((filters,)),
    }
    loops = f"for n = 1..{samples}, f = 1..{filters}"
    lines = [f"z[n,f] = sum(c = 1..{channels}, conv(x[n,c], K[f,c])) + b[f] {loops}", "o = relu(z)"]
    return lines, given, ["K", "b"], (samples, filters, *out)
