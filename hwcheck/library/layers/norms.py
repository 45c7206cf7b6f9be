"""Normalisation: of batches, layers, groups and instances.

Each takes the mean away, divides by the root of the variance, then scales and shifts (Ioffe and Szegedy, 2015; Ba,
Kiros and Hinton, 2016; Wu and He, 2018). They differ in what one mean is taken over.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from ...graph.shapes import Shape, is_number, show_shape
from ...graph.sizes import Size
from ..ranges import NOT_NEGATIVE
from .images import LAYOUT
from .row import Data, Layer, Misfit, Out, Setting, Spot, Writing, at, bound, each

#: What each axis of an array is: n a sample, c a channel or feature, h and w rows and columns, g a group of channels.
Roles = str
#: The axes that keep statistics of their own; all others are taken together.
KEPT = {"batch_norm": "c", "layer_norm": "n", "group_norm": "ng", "instance_norm": "nc"}


def _roles(spot: Spot, kind: str) -> Roles:
    """Tell what the axes of a layer's input are.

    Raises:
        Misfit: it has too many.
    """
    data, rank = spot.data, len(spot.data.shape)
    if rank > 4:
        raise Misfit("", spot.shown(), "an input has at most four axes")
    if rank < 2:
        trained = kind == "batch_norm" and not spot.has("mean")
        return "n"[:rank] if trained else "c"[:rank]  # a batch of numbers, or one sample
    if rank > 2 or data.lies in ("NCHW", "NHWC"):
        layout = spot.settings.get("layout", data.lies or "NCHW").strip()
        return "hw" if rank == 2 else ("nhwc" if layout == "NHWC" else "nchw")[4 - rank :]
    side = data.lies or spot.conventions["samples"]
    features = [spot.shape_of(key) for key in ("gamma", "beta", "mean") if spot.has(key)]
    if not data.lies and features and len(features[0]) == 1:  # the shape decides
        fits = {"columns": features[0][0] == data.shape[0], "rows": features[0][0] == data.shape[1]}
        side = side if fits[side] else next((each for each in fits if fits[each]), side)
    return "cn" if side == "columns" else "nc"


def _norm(kind: str) -> Callable[[Spot], Writing]:
    def write(spot: Spot) -> Writing:
        roles = _roles(spot, kind)
        data = spot.data
        channels = data.shape[roles.index("c")] if "c" in roles else 1
        if kind == "group_norm":
            data, roles = yield from _grouped(spot, roles, channels)
        letters = dict(zip("nchwg", spot.variables("ncijg"), strict=True))
        sizes = dict(zip(roles, data.shape, strict=True))
        kept = [role for role in roles if role in KEPT[kind]]
        loops = [(letters[role], sizes[role]) for role in kept]
        places = {roles.index(role): letters[role] for role in kept}
        own: Shape = tuple(sizes[role] for role in kept)
        index = {axis: letters[role] for axis, role in enumerate(kept)}
        if spot.has("mean") != spot.has("variance"):
            missing = "mean" if spot.has("variance") else "variance"
            raise Misfit(missing, f"`{missing}` is missing: in test mode both are given", f"write {missing}: s2")
        if spot.has("mean"):
            mean, variance = (_statistic(spot, key, own, index) for key in ("mean", "variance"))
        else:
            mean, variance = (at(spot.own(name), own, index) for name in ("mu", "var"))
            part = at(data.text, data.shape, places)
            end = each(loops) if loops else ""
            yield f"{mean} = mean({part}){end}\n{variance} = var({part}){end}"
        epsilon = spot.settings.get("epsilon", "1e-5").strip()
        outside = "epsilon" in spot.fixed and spot.conventions["epsilon"] == "outside"
        root = f"sqrt({variance}) + {epsilon}" if outside else f"sqrt({variance} + {epsilon})"
        ready = spot.own("xhat") if kind != "group_norm" else spot.own("norm")
        below = f"({root})" if outside else root
        yield _over(ready, data, roles, kept, letters, f"({{}} - {mean})/{below}")
        if kind == "group_norm":
            yield f"{spot.own('xhat')} = reshape({ready}, {', '.join(bound(size) for size in spot.data.shape)})"
            roles = _roles(spot, kind)
        yield _scaled(spot, roles, letters, channels)
        return Out(spot.out, spot.data.lies or _lies(roles))

    return write


def _lies(roles: Roles) -> str:
    """Say how the samples lie, from what the axes are."""
    if len(roles) == 2:
        return {"cn": "columns", "nc": "rows"}.get(roles, "")
    return "" if len(roles) < 2 else "NHWC" if roles.endswith("c") else "NCHW"


def _over(out: str, data: Data, roles: Roles, needed: list[str], letters: dict[str, str], formula: str) -> str:
    """Give the line of an array that is worked out part by part; `{}` in the formula stands for the part.

    The loops go over the first axes, up to the last one that is needed.
    """
    last = max((roles.index(role) for role in needed), default=-1)
    loops = [(letters[role], size) for role, size in zip(roles[: last + 1], data.shape, strict=False)]
    places = {axis: variable for axis, (variable, _) in enumerate(loops)}
    name = f"{out}[{','.join(places.values())}]" if loops else out
    return f"{name} = {formula.replace('{}', at(data.text, data.shape, places))}{each(loops) if loops else ''}"


def _statistic(spot: Spot, key: str, own: Shape, index: dict[int, str]) -> str:
    shape = spot.shape_of(key)
    if is_number(shape) and is_number(own):
        return spot.text(key)
    if shape != own:
        raise Misfit(key, f"`{key}` does not fit the input: {spot.shown(key)}", f"give it {show_shape(own)}")
    return at(spot.text(key), shape, index)


def _grouped(spot: Spot, roles: Roles, channels: Size) -> Generator[str, None, tuple[Data, Roles]]:
    """Write the input with its channels in groups: an axis for the groups, and one for the channels in a group."""
    text = spot.settings["groups"].strip()
    groups = int(text) if text.isdecimal() else 0
    if groups < 1 or not isinstance(channels, int) or channels % groups:
        many = channels if isinstance(channels, int) else 1
        fix = f"take {' or '.join(str(size) for size in range(1, many + 1) if many % size == 0)}"
        raise Misfit(
            "groups", f"channels: {channels} cannot be put into {text} groups of one size: {spot.shown()}", fix
        )
    place = roles.index("c") if "c" in roles else 0
    shape: Shape = (*spot.data.shape[:place], groups, channels // groups, *spot.data.shape[place + 1 :])
    name = spot.own("groups")
    yield f"{name} = reshape({spot.data.text}, {', '.join(bound(size) for size in shape)})"
    return Data(name, shape), roles[:place] + "gc" + roles[place + 1 :]


def _scaled(spot: Spot, roles: Roles, letters: dict[str, str], channels: Size) -> str:
    """Give the line that scales by gamma and shifts by beta, each for its channel, or for its entry of a sample."""
    ready = Data(spot.own("xhat"), spot.data.shape)
    sample = tuple(size for role, size in zip(roles, spot.data.shape, strict=True) if role != "n")
    needed: list[str] = []
    texts: dict[str, str] = {}
    sign = ""
    for key in ("gamma", "beta"):
        if not spot.has(key):
            continue
        shape, text = spot.shape_of(key), spot.text(key)
        if not shape or (is_number(shape) and channels != 1):
            texts[key] = text
        elif shape == sample and roles.find("n") <= 0:
            needed += ["n"] if "n" in roles else []
            texts[key], sign = text, "⊙ "
        elif shape == (channels,) and "c" in roles:
            needed.append("c")
            texts[key] = f"{text}[{letters['c']}]"
        else:
            fix = f"write one number for each channel, a vector of {channels}"
            raise Misfit(key, f"`{key}` does not fit the input: {spot.shown(key)}", fix)
    formula = f"{texts['gamma']} {sign}{{}}" if "gamma" in texts else "{}"
    formula += f" + {texts['beta']}" if "beta" in texts else ""
    return _over(spot.out, ready, roles, needed, letters, formula)


_SCALE = (
    Setting("gamma", "the scale: a number for each channel or feature", "gamma", parameter=True),
    Setting("beta", "the shift: a number for each channel or feature", "beta", parameter=True),
    Setting("epsilon", "what keeps the root from 0; under the root unless the convention `epsilon` says outside",
            "0.001", default="1e-5", within=NOT_NEGATIVE),
)  # fmt: skip


def _row(kind: str, further: tuple[Setting, ...], about: str, over: str) -> Layer:
    formula = f"xhat = (x - mu)/sqrt(var + epsilon), a = gamma xhat + beta; mu and var over {over}"
    return Layer(kind, _norm(kind), (*_SCALE, *further), about, formula, ("gamma", "beta"), ("variance", "samples"))


ROWS = (
    _row(
        "batch_norm",
        (
            Setting("mean", "the mean of each channel, in test mode", "mu"),
            Setting("variance", "the variance of each channel, in test mode", "s2", within=NOT_NEGATIVE),
            LAYOUT,
        ),
        "batch normalisation, in training by the batch's own mean and variance, in test by given ones",
        "all samples and places of a channel",
    ),
    _row("layer_norm", (LAYOUT,), "layer normalisation", "all entries of a sample"),
    _row(
        "group_norm",
        (Setting("groups", "the number of groups of channels", "2", "size", required=True), LAYOUT),
        "group normalisation",
        "the channels of a group, for each sample",
    ),
    _row("instance_norm", (LAYOUT,), "instance normalisation", "each channel of each sample"),
)
