"""Cases of layers with windows: convolution, its transpose, and pooling."""

from collections.abc import Callable
from typing import Any

from .draw_layers import ACTIVATIONS, layered
from .record import SGD, Case, Draw


def _padding(draw: Draw, most: int) -> tuple[Any, tuple[int, int, int, int]]:
    """Draw a padding as it is written, and as (top, bottom, left, right)."""
    kind = draw.whole(0, 3)
    if kind == 0:
        return None, (0, 0, 0, 0)
    if kind == 1:
        all_sides = draw.whole(0, most)
        return all_sides, (all_sides,) * 4
    if kind == 2:
        high, wide = draw.whole(0, most), draw.whole(0, most)
        return [high, wide], (high, high, wide, wide)
    sides = (draw.whole(0, most), draw.whole(0, most), draw.whole(0, most), draw.whole(0, most))
    return list(sides), sides


def _stride(draw: Draw) -> tuple[Any, tuple[int, int]]:
    kind = draw.whole(0, 2)
    if kind == 0:
        return None, (1, 1)
    if kind == 1:
        step = draw.whole(1, 2)
        return step, (step, step)
    steps = draw.whole(1, 3), draw.whole(1, 2)
    return list(steps), steps


def _image(axes: int, samples: int, channels: int, high: int, wide: int, layout: str) -> tuple[int, ...]:
    """Give the shape of images: a matrix, one sample, or several."""
    one = (channels, high, wide) if layout == "NCHW" else (high, wide, channels)
    return {2: (high, wide), 3: one, 4: (samples, *one)}[axes]


def _fitting(draw: Draw, window: int, stride: int, before: int, after: int) -> tuple[int, int]:
    """Draw a size of an input that a window covers in whole strides, and the size of what comes out."""
    out = draw.whole(1, 3)
    while (size := (out - 1) * stride + window - before - after) < 1:
        out += 1
    return size, out


def conv2d(draw: Draw) -> Case:
    """One convolution, or two; channels first or last, strides, padding on each side."""
    axes = draw.one((2, 3, 3, 4, 4))
    layout = draw.one(("NCHW", "NCHW", "NHWC")) if axes > 2 else "NCHW"
    channels, filters, samples = (1, 1, 1) if axes == 2 else (draw.whole(1, 3), draw.whole(1, 3), draw.whole(1, 2))
    kernel = draw.whole(1, 3), draw.whole(1, 3)
    padding, sides = _padding(draw, 1)
    stride, steps = _stride(draw)
    high, out_high = _fitting(draw, kernel[0], steps[0], *sides[:2])
    wide, out_wide = _fitting(draw, kernel[1], steps[1], *sides[2:])
    activation = draw.one(ACTIVATIONS)
    weights = (filters, channels, *kernel) if layout == "NCHW" else (*kernel, channels, filters)
    given = {
        "x": draw.array(_image(axes, samples, channels, high, wide, layout)),
        "K": draw.array(kernel if axes == 2 else weights),
    }
    layer: dict[str, Any] = {"weights": "K", "activation": activation}
    parameters = ["K"]
    if draw.chance(0.7):
        given["b"] = draw.array(() if axes == 2 else (filters,))
        layer["bias"] = "b"
        parameters.append("b")
    conventions = {"convolution": "flipped"} if draw.chance(0.15) else {}
    layer |= {key: value for key, value in (("padding", padding), ("stride", stride)) if value is not None}
    if layout == "NHWC":
        layer["layout"] = layout
    settings = {
        "axes": axes,
        "layout": layout,
        "sides": sides,
        "steps": steps,
        "activation": activation,
        "flipped": bool(conventions),
    }
    shape = _image(axes, samples, filters, out_high, out_wide, layout)
    return layered(draw, [{"conv2d": layer}], given, shape, settings, parameters, ["x"], conventions)


def conv2d_transpose(draw: Draw) -> Case:
    """One transposed convolution: what comes out has (n - 1) stride + k - padding rows."""
    axes = draw.one((2, 3, 4))
    layout = draw.one(("NCHW", "NCHW", "NHWC")) if axes > 2 else "NCHW"
    channels, filters, samples = (1, 1, 1) if axes == 2 else (draw.whole(1, 2), draw.whole(1, 2), draw.whole(1, 2))
    kernel = draw.whole(1, 3), draw.whole(1, 3)
    stride, steps = _stride(draw)
    high, wide = draw.whole(1, 3), draw.whole(1, 3)
    most = min((size - 1) * step + k - 1 for size, step, k in zip((high, wide), steps, kernel, strict=True)) // 2
    padding, sides = _padding(draw, min(1, most))
    given = {
        "x": draw.array(_image(axes, samples, channels, high, wide, layout)),
        "K": draw.array(kernel if axes == 2 else (channels, filters, *kernel)),
    }
    layer: dict[str, Any] = {"weights": "K"}
    parameters = ["K"]
    if layout == "NHWC":
        layer["layout"] = layout
        given["K"] = draw.array((*kernel, filters, channels))
    if draw.chance(0.7):
        given["b"] = draw.array(() if axes == 2 else (filters,))
        layer["bias"] = "b"
        parameters.append("b")
    layer |= {key: value for key, value in (("padding", padding), ("stride", stride)) if value is not None}
    out_high = (high - 1) * steps[0] + kernel[0] - sides[0] - sides[1]
    out_wide = (wide - 1) * steps[1] + kernel[1] - sides[2] - sides[3]
    shape = _image(axes, samples, filters, out_high, out_wide, layout)
    settings = {"axes": axes, "layout": layout, "sides": sides, "steps": steps}
    return layered(draw, [{"conv2d_transpose": layer}], given, shape, settings, parameters, ["x"])


def pool(kind: str) -> Callable[[Draw], Case]:
    """Give the draw of a pooling layer's cases; the input is what is trained. Some windows have ties."""

    def case(draw: Draw) -> Case:
        axes = draw.one((2, 3, 4))
        layout = draw.one(("NCHW", "NHWC")) if axes > 2 else "NCHW"
        channels, samples = draw.whole(1, 2), draw.whole(1, 2)
        window = draw.whole(1, 3), draw.whole(1, 3)
        stride, steps = (None, window) if draw.chance(0.4) else _stride(draw)
        if stride is None:
            steps = window
        padding, sides = (0, 0, 0, 0), (0, 0, 0, 0)
        if min(window) > 1 and draw.chance(0.5):
            padding, sides = _padding(draw, 1)  # PyTorch pads by half a window at most
        else:
            padding = None
        high, out_high = _fitting(draw, window[0], steps[0], *sides[:2])
        wide, out_wide = _fitting(draw, window[1], steps[1], *sides[2:])
        digits = 0 if kind == "max_pool" and draw.chance(0.3) else 4
        shape = _image(axes, samples, channels, high, wide, layout)
        given = {"x": draw.array(shape, lambda: draw.number(-3, 3, digits))}
        layer: dict[str, Any] = {"size": window[0] if window[0] == window[1] else list(window)}
        layer |= {key: value for key, value in (("padding", padding), ("stride", stride)) if value is not None}
        if layout == "NHWC":
            layer["layout"] = layout
        ties = draw.one(("first", "share", "all")) if digits == 0 else "first"
        conventions = {} if ties == "first" else {"max_ties": ties}
        settings = {
            "ties": ties,
            "kind": kind,
            "axes": axes,
            "layout": layout,
            "sides": sides,
            "steps": steps,
            "window": window,
        }
        out = _image(axes, samples, channels, out_high, out_wide, layout)
        return layered(draw, [{kind: layer}], given, out, settings, ["x"], [], conventions)

    return case


def primitive(name: str) -> Callable[[Draw], Case]:
    """Give the draw of cases of a function on windows in text: on a vector or a matrix, with gaps in the kernel too."""

    def case(draw: Draw) -> Case:
        axes = draw.whole(1, 2)
        kernel, steps, gaps = ([draw.whole(1, most) for _ in range(axes)] for most in (3, 2, 2))
        convolves = name.startswith("conv")
        if not convolves:
            gaps = [1] * axes
        padding = [draw.whole(0, int(min(kernel) > 1)) for _ in range(2 * axes)]
        spans = [(size - 1) * gap + 1 for size, gap in zip(kernel, gaps, strict=True)]
        sizes = [
            _fitting(draw, span, step, *padding[2 * axis : 2 * axis + 2])
            for axis, (span, step) in enumerate(zip(spans, steps, strict=True))
        ]
        if name == "conv_transpose":
            sizes = [
                (out + 1, out * step + span - before - after)
                for (_, out), step, span, before, after in zip(
                    sizes, steps, spans, padding[::2], padding[1::2], strict=True
                )
            ]
        given = {
            "x": draw.array([size for size, _ in sizes]),
            "y": draw.array([size for _, size in sizes]),
        }
        window: list[Any] = [steps, padding, gaps] if convolves else [kernel, steps, padding]
        if convolves:
            given["k"] = draw.array(kernel)
        arguments = ", ".join(["x", *(["k"] if convolves else []), *(_argument(each) for each in window)])
        settings = {"name": name, "kernel": kernel, "steps": steps, "padding": padding, "gaps": gaps}
        parameters = ["x", "k"] if convolves else ["x"]
        train = {**SGD, "learning_rate": 0.02}
        return Case(settings, given, f"a = {name}({arguments})\nL = mse(a, y)", parameters, ["a"], [], train)

    return case


def _argument(values: list[int]) -> str:
    return str(values[0] if len(set(values)) == 1 else values)
