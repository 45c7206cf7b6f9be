"""Cases of activations, losses and penalties: the inputs are trained, so that their gradients steer five steps."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .record import SGD, Case, Draw, Nested

#: The parameter that an activation has, and between which values it is drawn.
PARAMETERS = {"leaky_relu": (0.01, 0.4), "prelu": (0.05, 0.5), "elu": (0.5, 2.0)}
ACTIVATIONS = (
    *("identity", "sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "selu", "gelu", "gelu_tanh", "silu"),
    *("softplus", "softsign", "hard_sigmoid", "hard_tanh", "softmax", "log_softmax", "step", "sign"),
)
#: Functions whose value or slope jumps at 0, where an input may lie exactly.
KINKS = ("relu", "leaky_relu", "prelu", "elu", "selu", "softsign", "step", "sign")
#: The convention for what a function is at 0, or its slope there.
AT_ZERO = {"relu": "relu_slope_at_zero", "leaky_relu": "relu_slope_at_zero", "step": "step_at_zero"}


def shape_of(draw: Draw, most_axes: int = 2) -> tuple[int, ...]:
    return tuple(draw.whole(2, 4) for _ in range(draw.whole(0, most_axes)))


def activation(name: str) -> Callable[[Draw], Case]:
    """Give the draw of an activation's cases: a number, a vector, a matrix; far out in some, at a kink in others."""

    def case(draw: Draw) -> Case:
        whole = name in ("softmax", "log_softmax")
        batch = draw.one(("", "columns", "rows")) if whole else ""
        shape = (draw.whole(2, 5),) if whole else shape_of(draw)
        if batch:
            shape = (*shape, draw.whole(1, 3)) if batch == "columns" else (draw.whole(1, 3), *shape)
        size = draw.one((2, 2, 2, 30))

        def entry() -> float:
            return 0 if name in KINKS and draw.chance(0.1) else draw.number(-size, size)

        x = draw.array(shape, entry)
        given = {"x": x, "y": draw.array(shape)}
        parameters, argument, settings = ["x"], "", {"name": name, "batch": batch}
        if name in PARAMETERS and (name == "prelu" or draw.chance(0.7)):
            alpha = draw.number(*PARAMETERS[name])
            settings["alpha"] = alpha
            if name == "prelu" or draw.chance(0.3):  # a parameter that is learned too
                given["s"] = alpha
                parameters.append("s")
                argument = ", s"
            else:
                argument = f", {alpha}"
        network = f"a = {name}(x{argument})\nL = squared_error(a, y)"
        conventions = {"samples": batch} if batch else {}
        if name in AT_ZERO and draw.chance(0.4):
            settings["at_zero"] = value = draw.one(("0", "1"))
            conventions[AT_ZERO[name]] = value
        return Case(settings, given, network, parameters, ["a"], ["y"], conventions=conventions)

    return case


#: The losses; those that come as a pair, averaging and adding up (`bce_sum`), once.
PAIRS = (
    *("bce", "bce_logits", "cross_entropy", "cross_entropy_logits", "kl", "entropy"),
    *("huber", "hinge", "squared_hinge", "multi_hinge"),
)
LOSSES = (
    *("squared_error", "half_squared_error", "mse", "half_mse", "absolute_error", "mae"),
    *(name for pair in PAIRS for name in (pair, f"{pair}_sum")),
)
#: What a convention makes of a loss: the loss, the convention and its value, and what is written then.
MEANINGS = {
    "half_squared_error": ("mse", "half", "mse"),
    "squared_error": ("mse", "sum", "mse"),
    "half_mse": ("mse", "half_mean", "mse"),
    "absolute_error": ("batch", "sum", "mae"),
    **{f"{name}_sum": ("batch", "sum", name) for name in PAIRS},
}


def loss(name: str) -> Callable[[Draw], Case]:
    """Give the draw of a loss's cases: of predictions directly, or of what a sigmoid or a softmax makes them of."""
    kind = name.removesuffix("_sum")

    def case(draw: Draw) -> Case:
        if kind in ("cross_entropy", "cross_entropy_logits", "kl", "entropy", "multi_hinge"):
            made = _of_classes(draw, kind)
        else:
            made = _of_entries(draw, kind)
        settings = {"name": name, **made.settings}
        written = name
        conventions = dict(made.conventions)
        if name in MEANINGS and draw.chance(0.2):
            convention, value, written = MEANINGS[name]
            conventions[convention] = value
        lines = [f"p = {settings['inner']}(u)"] if settings["inner"] else []
        lines.append(f"L = {written}({', '.join(made.arguments)})")
        parameters, outputs = (["u"], ["p"]) if settings["inner"] else (["p"], [])
        given = {parameters[0]: made.p, **made.targets}
        train = {**SGD, "learning_rate": 0.002 if kind == "entropy" else 0.02}
        return Case(settings, given, "\n".join(lines), parameters, outputs, made.by, train, conventions)

    return case


class Compared(NamedTuple):
    """What a loss compares: p, or the u that `inner` makes it of, the targets, and the loss's arguments."""

    p: Nested
    targets: dict[str, Nested]
    settings: dict[str, Any]
    arguments: Sequence[str]
    by: Sequence[str]
    conventions: Mapping[str, str] = {}


def _of_classes(draw: Draw, kind: str) -> Compared:
    """Draw distributions or scores over classes, of one sample or of a batch."""
    classes, batch = draw.whole(2, 5), draw.one(("", "", "columns", "rows"))
    settings: dict[str, Any] = {"inner": "", "batch": batch}
    conventions = {"samples": batch} if batch else {}

    many = draw.whole(1, 3)

    def samples(one: Callable[[], list[float]]) -> Nested:
        """Draw a list for each sample."""
        if not batch:
            return one()
        rows = [one() for _ in range(many)]
        return rows if batch == "rows" else [list(column) for column in zip(*rows, strict=True)]

    def scores(size: float) -> Nested:
        return samples(lambda: [draw.number(-size, size) for _ in range(classes)])

    if kind in ("cross_entropy", "kl", "entropy") and draw.chance(0.5):
        settings["inner"] = "softmax"
    logits = settings["inner"] or kind in ("cross_entropy_logits", "multi_hinge")
    p = (
        scores(5 if kind == "cross_entropy_logits" else 2)
        if logits
        else samples(lambda: draw.distribution(classes, 0.3))
    )
    if kind == "entropy":
        return Compared(p, {}, settings, ("p",), (), conventions)
    if kind == "multi_hinge":
        return Compared(p, {"y": samples(lambda: draw.one_hot(classes))}, settings, ("p", "y"), (), conventions)
    if kind == "cross_entropy_logits" and not batch and draw.chance(0.4):
        first = draw.one((0, 1))
        settings |= {"classes": classes, "first": first}
        conventions["first_class"] = str(first)
        target = draw.whole(first, classes - 1 + first)
        return Compared(p, {"y": target}, settings, ("p", f"one_hot(y, {classes})"), (), conventions)
    y = samples(lambda: draw.distribution(classes))
    if kind != "kl" and draw.chance(0.4):
        y = samples(lambda: draw.one_hot(classes))
    elif kind == "cross_entropy" and draw.chance(0.3):  # no distribution: the sum is not 1
        y = samples(lambda: [draw.number(0, 1) for _ in range(classes)])
    return Compared(p, {"y": y}, settings, ("p", "y"), ("y",), conventions)


def _of_entries(draw: Draw, kind: str) -> Compared:
    """Draw predictions and targets entry by entry: a number, a vector, a matrix."""
    shape = shape_of(draw)
    settings: dict[str, Any] = {"inner": "", "batch": ""}
    arguments = ["p", "y"]
    if kind in ("bce", "bce_logits"):
        if kind == "bce" and draw.chance(0.5):
            settings["inner"] = "sigmoid"
        logits = kind == "bce_logits" or settings["inner"]
        p = draw.array(shape, lambda: draw.number(-6, 6) if logits else draw.number(0.3, 0.7))
        y = draw.array(shape, lambda: draw.whole(0, 1) if draw.chance(0.7) else draw.number(0, 1))
    elif kind in ("hinge", "squared_hinge"):
        p = draw.array(shape, lambda: draw.number(-2, 2))
        y = draw.array(shape, lambda: draw.one((-1, 1)))
    else:
        p, y = (draw.array(shape, lambda: draw.number(-3, 3)) for _ in range(2))
        if kind == "huber" and draw.chance(0.8):
            settings["delta"] = draw.number(0.3, 2, 2)
            arguments.append(str(settings["delta"]))
    return Compared(p, {"y": y}, settings, arguments, ("y",))


PENALTIES = ("l1", "l2", "elastic_net")
FACTORS = ("lambda", "lambda/2", "lambda/(2 m)")


def penalty(name: str) -> Callable[[Draw], Case]:
    """Give the draw of a penalty's cases: beside the squared error of a linear unit, with the usual factors."""

    def case(draw: Draw) -> Case:
        rows, columns = draw.whole(1, 3), draw.whole(2, 4)
        factor = draw.one(FACTORS)
        settings = {"name": name, "factor": factor}
        given = {
            "x": draw.array((columns,)),
            "y": draw.array((rows,)),
            "W": draw.array((rows, columns)),
            "lambda": draw.number(0.01, 0.5, 3),
            "m": draw.whole(1, 9),
        }
        if name == "elastic_net":
            settings["factor"] = ""
            given["b"] = draw.number(0.01, 0.5, 3)
            text = "elastic_net(W, lambda, b)"
        else:
            text = f"{factor} {name}(W)"
        return Case(settings, given, f"z = W x\nL = squared_error(z, y) + {text}", ["W"], ["z"], ["x"])

    return case
