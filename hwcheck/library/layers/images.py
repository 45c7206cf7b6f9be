"""Layers on images: convolution, its transpose and pooling; samples, channels and filters are loop variables.

An image is a matrix, or has its channels in front (NCHW, as in PyTorch) or behind (NHWC, as in Keras).
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from ...graph.shapes import is_number
from ...graph.sizes import Size
from ...record import NamedTuple
from .dense import ACTIVATION, BIAS, activated
from .row import Data, Layer, Misfit, Out, Setting, Spot, Writing, at, each

LAYOUT = Setting(
    "layout", "whether the channels are in front of the rows, or behind the columns", "NHWC", "layout", default="NCHW"
)


class Image(NamedTuple):
    """An input with its axes told apart: how many samples it has, if it has an axis of them, and that of the channels.

    A window moves on the other two.
    """

    data: Data
    layout: str
    samples: Size | None
    channel: int | None

    @property
    def channels(self) -> Size:
        """Give the number of channels."""
        return 1 if self.channel is None else self.data.shape[self.channel]

    def plane(self, n: str, c: str) -> str:
        """Give one channel of one sample: a matrix."""
        places = {0: n} if self.samples is not None else {}
        return at(self.data.text, self.data.shape, {**places, **({} if self.channel is None else {self.channel: c})})


def _image_of(spot: Spot) -> Image:
    """Read the shape of a layer's input.

    Raises:
        Misfit: it is no image.
    """
    data, rank = spot.data, len(spot.data.shape)
    if not 2 <= rank <= 4:
        raise Misfit("", f"{spot.shown()}, and no image", "an image is a matrix, C x H x W, or N x C x H x W")
    layout = spot.settings.get("layout", data.lies if data.lies == "NHWC" else "NCHW").strip()
    channel = None if rank == 2 else rank - 1 if layout == "NHWC" else rank - 3
    return Image(data, layout, data.shape[0] if rank == 4 else None, channel)


def _laid(
    spot: Spot, image: Image, out: str, formula: str, planes: list[tuple[str, Size]]
) -> Generator[str, None, None]:
    """Write an array of matrices, one for each turn of the loops: with the channels at their place."""
    if not planes:
        yield f"{out} = {formula}"
        return
    index = ",".join(variable for variable, _ in planes)
    if image.layout != "NHWC" or len(planes) == (image.samples is not None):
        yield f"{out}[{index}] = {formula}{each(planes)}"
        return
    inside = spot.own("planes")
    yield f"{inside}[{index}] = {formula}{each(planes)}"
    i, j = spot.variables("ij")
    rows, columns = spot.shape(inside)[-2:]
    order = [*planes[:-1], (i, rows), (j, columns), planes[-1]]
    places = ",".join(variable for variable, _ in order)
    yield f"{out}[{places}] = {inside}[{index},{i},{j}]{each(order)}"


def _window(spot: Spot, *keys: str) -> str:
    """Give the last arguments of a window, as far as they are written: the stride, the padding."""
    texts = [spot.settings.get(key, "").strip() for key in keys]
    while texts and not texts[-1]:
        texts.pop()
    fillers = {"stride": "1", "padding": "0", "dilation": "1"}
    return "".join(f", {text or fillers[key]}" for key, text in zip(keys, texts, strict=False))


# --- convolution ------------------------------------------------------------------------------------------------------


def _convolution(op: str, turned: bool) -> Callable[[Spot], Writing]:
    """Give the writer of a convolution; the weights of the `turned` one have the input's channels in front."""

    def write(spot: Spot) -> Writing:
        image, kernel = _image_of(spot), spot.shape_of("weights")
        behind = image.layout == "NHWC"
        inputs, filters = _axes(len(kernel), behind, turned, image.channel is not None)
        if not 2 <= len(kernel) <= 4 or (1 if inputs is None else kernel[inputs]) != image.channels:
            raise _misfit(spot, image, turned)
        n, c, f = spot.variables("ncf")
        c = "1" if image.channels == 1 else c  # of one channel there is no sum
        places = {axis: name for axis, name in ((inputs, c), (filters, f)) if axis is not None}
        weights = at(spot.text("weights"), kernel, places)
        plane = image.plane(n, "1" if inputs is None else c)
        formula = f"{op}({plane}, {weights}{_window(spot, 'stride', 'padding', 'dilation')})"
        if c != "1" and inputs is not None and image.channel is not None:
            formula = f"sum({c} = 1..{image.channels}, {formula})"
        planes = [(n, image.samples)] if image.samples is not None else []
        planes += [(f, kernel[filters])] if filters is not None else []
        formula += _filter_bias(spot, f, None if filters is None else kernel[filters])
        yield from _laid(spot, image, spot.pre, formula, planes)
        return (yield from activated(spot, image.layout))

    return write


def _axes(rank: int, behind: bool, turned: bool, channels: bool) -> tuple[int | None, int | None]:
    """Give the axes of the weights that belong to the input's channels and to the filters."""
    if rank == 2:
        return None, None
    if rank == 3:  # one filter for several channels, or several filters for one matrix
        axis = 2 if behind else 0
        return (axis, None) if channels else (None, axis)
    inputs, filters = (2, 3) if behind else (1, 0)
    return (filters, inputs) if turned else (inputs, filters)


#: The axes of weights by layout, for a convolution and for its transpose.
ORDERS = {
    "NCHW": ("F x C x kh x kw", "C x F x kh x kw"),
    "NHWC": ("kh x kw x C x F", "kh x kw x F x C"),
}


def _misfit(spot: Spot, image: Image, turned: bool) -> Misfit:
    reason = f"the weights do not fit the input's channels: {spot.shown('weights')}"
    order = ORDERS[image.layout][turned]
    return Misfit(
        "weights", reason, f"in the layout {image.layout} weights are {order}, here with C = {image.channels}"
    )


def _filter_bias(spot: Spot, f: str, filters: Size | None) -> str:
    if not spot.has("bias"):
        return ""
    shape = spot.shape_of("bias")
    if filters is None or is_number(shape):
        return f" + {spot.text('bias')}"
    if shape != (filters,):
        reason = f"there are {filters} filters: {spot.shown('weights', 'bias')}"
        raise Misfit("bias", reason, f"write a vector of {filters}, or one number")
    return f" + {spot.text('bias')}[{f}]"


# --- pooling ----------------------------------------------------------------------------------------------------------


def _pooling(op: str) -> Callable[[Spot], Writing]:
    def write(spot: Spot) -> Writing:
        image = _image_of(spot)
        n, c = spot.variables("nc")
        size = spot.settings["size"].strip()
        stride = spot.settings.get("stride", size if spot.has("padding") else "").strip()
        further = "".join(f", {text}" for text in (stride, spot.settings.get("padding", "").strip()) if text)
        planes = [(n, image.samples)] if image.samples is not None else []
        planes += [(c, image.channels)] if image.channel is not None else []
        yield from _laid(spot, image, spot.out, f"{op}({image.plane(n, c)}, {size}{further})", planes)
        return Out(spot.out, image.layout)

    return write


_STRIDE = Setting("stride", "the step: one number, or [rows, columns]", "[2, 1]", "sizes", default="1")
_PADDING = Setting(
    "padding", "what is added at the ends: one number, [rows, columns] or [top, bottom, left, right]", "1", "sizes",
    default="0",
)  # fmt: skip


def _conv_settings(order: str) -> tuple[Setting, ...]:
    return (
        Setting("weights", f"the kernels: a matrix, or {order}", "K1", required=True, parameter=True),
        BIAS._replace(about="one number for each filter, or one for all"),
        _STRIDE,
        _PADDING,
        Setting("dilation", "the distance of the entries that meet the kernel", "2", "sizes", default="1"),
        LAYOUT,
        ACTIVATION,
    )


def _pool(name: str, op: str, about: str, *conventions: str) -> Layer:
    settings = (
        Setting("size", "the size of the window: one number, or [rows, columns]", "2", "sizes", required=True),
        _STRIDE._replace(about="the step; left out, the size", default=""),
        _PADDING,
        LAYOUT,
    )
    return Layer(
        name, _pooling(op), settings, about, f"a[n,c] = {op}(x[n,c], size)", ("stride", "padding", "size"), conventions
    )


_BLAME = ("stride", "padding", "weights")
ROWS = (
    Layer(
        "conv2d",
        _convolution("conv", turned=False),
        _conv_settings("F x C x kh x kw (NCHW), kh x kw x C x F (NHWC)"),
        "a convolution: the cross-correlation with each filter, unless the convention `convolution` says otherwise",
        "z[n,f] = sum(c = 1..C, conv(x[n,c], K[f,c])) + b[f], a = activation(z)",
        _BLAME,
        ("convolution",),
    ),
    Layer(
        "conv2d_transpose",
        _convolution("conv_transpose", turned=True),
        _conv_settings("C x F x kh x kw (NCHW), kh x kw x F x C (NHWC)"),
        "a transposed convolution: each entry lays the kernel down, times itself",
        "z[n,f] = sum(c = 1..C, conv_transpose(x[n,c], K[c,f])) + b[f], a = activation(z)",
        _BLAME,
        ("convolution",),
    ),
    _pool("max_pool", "maxpool", "the largest entry of each window", "max_ties"),
    _pool("avg_pool", "avgpool", "the mean of each window; zeros of the padding count, as in PyTorch"),
)
